"""NPZ and IDX files of one's own, of any shape."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.datasets.decoded import open_unlabelled
from tests.datasets.files import idx, npy, npy_header, npz
from tests.datasets.own import Desk, labels, pictures


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def put_npz(desk: Desk, name: str = "a.npz", **arrays: NDArray[Any] | bytes) -> None:
    """Write an NPZ file, whole arrays or members as they are."""
    members = {
        f"{key}.npy": value if isinstance(value, bytes) else npy(value) for key, value in arrays.items()
    }
    desk.put(name, npz(members))


def four(**changes: Any) -> dict[str, Any]:
    """Keras's four arrays, some of them replaced."""
    return {
        "x_train": pictures(9)[..., 0], "y_train": labels(9),
        "x_test": pictures(3, seed=2)[..., 0], "y_test": labels(3),
    } | changes  # fmt: skip


NPZ: dict[str, Any] = {"kind": "npz", "train": "a.npz"}


def test_kerass_names(desk: Desk) -> None:
    put_npz(desk, **four())
    data = desk.open(**NPZ)
    assert np.array_equal(data.x_train, pictures(9)) and np.array_equal(data.y_train, labels(9))
    assert np.array_equal(data.x_test, pictures(3, seed=2)) and np.array_equal(data.y_test, labels(3))


def test_names_given_and_other_arrays_left_alone(desk: Desk) -> None:
    put_npz(
        desk,
        images=pictures(9),
        digits=labels(9)[:, None],
        images_new=pictures(2, seed=3),
        other=np.array(["x"]),
    )
    arrays = {"x_train": "images", "y_train": "digits", "x_unlabelled": "images_new"}
    found = desk.find(**NPZ, arrays=arrays, test_share=1 / 3)
    assert found.own is not None and (found.own.n_train, found.own.n_test) == (6, 3)
    assert found.unlabelled is not None
    assert np.array_equal(open_unlabelled(found.unlabelled.folder), pictures(2, seed=3))


@pytest.mark.parametrize(
    "changes",
    [
        {"x_train": pictures(9)[..., 0].astype(np.float32)},
        {"x_train": pictures(9).reshape(9, 16).astype(">i4")},
        {"x_train": np.asfortranarray(pictures(9))},
        {"y_train": labels(9).astype(float)},
        {"y_train": labels(9).astype(np.int64)},
    ],
    ids=["floats", "flat and big-endian", "column major", "float labels", "long labels"],
)
def test_other_types_and_orders(desk: Desk, changes: dict[str, Any]) -> None:
    put_npz(desk, **four(**changes))
    data = desk.open(**NPZ)
    assert np.array_equal(data.x_train, pictures(9)) and np.array_equal(data.y_train, labels(9))


def test_shares_and_colour(desk: Desk) -> None:
    put_npz(desk, **four(x_train=pictures(9, 3) / 255, x_test=pictures(3, 3, seed=2) / 255))
    data = desk.open(**NPZ, pixels="0..1", classes=["a", "b", "c"])
    assert np.array_equal(data.x_train, pictures(9, 3)) and data.class_names == ("a", "b", "c")


MESSAGES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "missing array": (
        {"y_train": None},
        {},
        "a.npz: error[missing-array]: it has no array y_train\n"
        '  name it: arrays = { y_train = "x_train" }; it holds x_train, x_test, y_test',
    ),
    "lengths differ": (
        {"y_train": labels(8)},
        {},
        "a.npz: error[shapes-differ]: x_train and y_train differ in length: 9 and 8",
    ),
    "one-hot labels": (
        {"y_train": np.eye(3, dtype=np.uint8)[labels(9)]},
        {},
        "a.npz: error[wrong-shape]: y_train: expected one label for each image, found the shape 9 x 3\n"
        "  if they are one-hot, write np.argmax(labels, axis=1)",
    ),
    "label out of range": (
        {"y_test": np.array([0, 1, 7])},
        {},
        "a.npz: error[label-out-of-range]: item 2: expected a label from 0 to 2, found 7\n  mend it",
    ),
    "pixel out of range": (
        {"x_train": pictures(9)[..., 0].astype(int) + np.arange(9)[:, None, None] // 8 * 256},
        {},
        "a.npz: error[pixel-out-of-range]: x_train[8, 0, 0, 0]: expected a pixel from 0 to 255, found "
        f"{256 + int(pictures(9)[8, 0, 0, 0])} (16 such values in all)\n  mend the value",
    ),
    "missing value": (
        {"x_train": np.where(np.arange(9)[:, None, None] == 4, np.nan, pictures(9)[..., 0])},
        {},
        "a.npz: error[missing-value]: x_train[4, 0, 0, 0]: a value is missing (16 such values in all)\n"
        "  fill it in, or leave the image out",
    ),
    "channels first": (
        {"x_train": np.zeros((9, 3, 4, 4), np.uint8)},
        {},
        "a.npz: error[wrong-shape]: x_train: expected images, found the shape 9 x 3 x 4 x 4\n"
        "  images are (n, height, width), or with 1 or 3 channels at the end",
    ),
    "parts of other shapes": (
        {"x_test": pictures(3, side=5)[..., 0]},
        {},
        "a.npz: error[shapes-differ]: expected images of 4 x 4 x 1 as in the training set, found 5 x 5 x 1\n"
        "  bring both to one size and colour",
    ),
    "pickled": (
        {"y_train": np.array([{}] * 9)},
        {},
        "a.npz: error[pickled-array]: y_train: expected numbers, found pickled Python objects\n"
        "  write or fetch the file again, or take it away",
    ),
    "absurd size": (
        {"x_train": npy_header((9, 40_000, 40_000), "<f8")},
        {},
        "a.npz: error[data-too-large]: x_train: expected at most 2,147,483,648 bytes, found 9 x 40,000 x 40,000 values"
        " of float64\n"
        "  write or fetch the file again, or take it away",
    ),
    "no test images": (
        {"x_test": None, "y_test": None},
        {},
        "a.npz: error[no-test-set]: it holds no images to test on\n"
        "  name them in arrays, or split some off: test_share = 0.2",
    ),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_message(desk: Desk, case: str) -> None:
    changes, table, message = MESSAGES[case]
    put_npz(desk, **{name: array for name, array in four(**changes).items() if array is not None})
    assert desk.faults(**NPZ, **table) == [message]


def test_files_that_are_no_npz(desk: Desk) -> None:
    desk.put("a.npz", b"label,pixel0\n")
    assert desk.faults(**NPZ)[0].startswith("a.npz: error[bad-magic]: expected a zip archive")
    put_npz(desk, **four())
    desk.put("a.npz", (desk.root / "a.npz").read_bytes()[:-30])
    assert desk.faults(**NPZ)[0].startswith("a.npz: error[bad-zip]: not a valid zip archive")


IDX: dict[str, Any] = {
    "kind": "idx", "train": "x.gz", "train_labels": "y", "test": "xt", "test_labels": "yt.gz",
}  # fmt: skip


def put_idx(desk: Desk, **changes: bytes) -> None:
    """Four IDX files, two of them gzipped, some replaced: ``x``, ``y``, ``xt``, ``yt``."""
    made = {
        "x": gzip.compress(idx(pictures(9)[..., 0])), "y": idx(labels(9)),
        "xt": idx(pictures(3, seed=2)[..., 0]), "yt": gzip.compress(idx(labels(3))),
    } | changes  # fmt: skip
    for name, content in made.items():
        desk.put({"x": "x.gz", "yt": "yt.gz"}.get(name, name), content)


def test_idx_files_of_any_size(desk: Desk) -> None:
    put_idx(desk)
    data = desk.open(**IDX)
    assert np.array_equal(data.x_train, pictures(9)) and np.array_equal(data.y_train, labels(9))
    assert np.array_equal(data.x_test, pictures(3, seed=2)) and np.array_equal(data.y_test, labels(3))
    names = [name for name, _, _ in desk.find(**IDX).files]
    assert names == ["x.gz", "y", "xt", "yt.gz"]


def test_faults_of_idx_files(desk: Desk) -> None:
    put_idx(
        desk,
        x=gzip.compress(idx(pictures(9)[..., 0]))[:-9],
        y=idx(labels(9), magic=bytes((0, 0, 13, 1))),
        xt=idx(pictures(3)[..., 0], shape=(3, 60_000, 60_000)),
        yt=gzip.compress(idx(labels(3)) + b"more"),
    )
    assert [fault.split("\n")[0] for fault in desk.faults(**IDX)] == [
        "x.gz: error[truncated-gzip]: the gzip stream ends too early",
        "xt: error[data-too-large]: expected at most 1,073,741,824 values, found 3 x 60,000 x 60,000",
        "y: error[bad-magic]: expected the magic number 00000801, found 00000d01",
        "yt.gz: error[trailing-bytes]: expected the end after 3 items, found more",
    ]
    put_idx(desk, y=idx(labels(8)))
    assert desk.faults(**IDX) == ["y: error[shapes-differ]: expected a label for each of 9 images, found 8"]
