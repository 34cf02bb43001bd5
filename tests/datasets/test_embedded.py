"""The two embedded data sets: what they hold, that they repeat, and that they can be learned."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.datasets import digits, embedded, garments
from reportgen.datasets.decoded import digest_of, open_dataset, with_channels
from reportgen.datasets.find import available, find
from reportgen.datasets.registry import DATASETS, PARTS, class_names

Arrays = dict[str, NDArray[np.uint8]]


@pytest.fixture(scope="module")
def drawn() -> Arrays:
    return garments.make()


@pytest.fixture(scope="module")
def scanned() -> Arrays:
    return digits.make()


def sizes(arrays: Arrays) -> tuple[tuple[int, ...], ...]:
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.uint8)}
    return tuple(arrays[part].shape for part in PARTS)


@pytest.mark.parametrize("name", ["digits", "garments"])
def test_the_shapes_are_those_of_the_registry(name: str, drawn: Arrays, scanned: Arrays) -> None:
    arrays = drawn if name == "garments" else scanned
    assert sizes(arrays) == tuple(DATASETS[name].shape(part) for part in PARTS)


def test_the_digits_have_the_digest_of_the_registry(scanned: Arrays) -> None:
    assert digest_of(with_channels(scanned)) == DATASETS["digits"].digest


def test_the_digits_keep_every_scan_once_and_each_class_by_its_share(scanned: Arrays) -> None:
    from sklearn.datasets import load_digits

    images = np.concatenate((scanned["x_train"], scanned["x_test"]))
    expected = digits.enlarge(load_digits().images.astype(np.int64))
    assert sorted(image.tobytes() for image in images) == sorted(image.tobytes() for image in expected)
    train, test = np.bincount(scanned["y_train"]), np.bincount(scanned["y_test"])
    assert np.all(np.abs(test - (train + test) * 360 / 1797) < 1)


def test_enlarging_keeps_flat_grey_flat_and_the_margin_black() -> None:
    flat = digits.enlarge(np.full((1, 8, 8), 16, np.int64))[0]
    assert np.all(flat[8:20, 8:20] == 255)
    flat[4:24, 4:24] = 0
    assert not flat.any()


def test_enlarging_a_ramp_gives_a_finer_ramp() -> None:
    ramp = np.tile(2 * np.arange(8), (1, 8, 1))
    large = digits.enlarge(ramp)[0, 14, 4:24]
    inside = np.arange(4, 16)  # far enough from the edges
    expected = 2 * (4 * inside - 3) / 10 * 255 / 16
    assert np.abs(large[inside] - expected).max() <= 0.5


def test_enlarging_treats_left_and_right_and_rows_and_columns_alike() -> None:
    small = np.random.default_rng(0).integers(0, 17, (5, 8, 8))
    large = digits.enlarge(small)
    assert np.array_equal(digits.enlarge(small[:, ::-1]), large[:, ::-1])
    assert np.array_equal(digits.enlarge(small.transpose(0, 2, 1)), large.transpose(0, 2, 1))


def test_garments_are_balanced_mixed_and_on_black(drawn: Arrays) -> None:
    assert np.bincount(drawn["y_train"]).tolist() == [200] * 10
    assert np.bincount(drawn["y_test"]).tolist() == [50] * 10
    assert len(set(drawn["y_train"][:40])) > 5
    corners = drawn["x_train"][:, [0, 0, -1, -1], [0, -1, 0, -1]]
    assert np.mean(corners == 0) > 0.99
    covered = (drawn["x_train"] > 0).mean(axis=(1, 2))
    assert covered.min() > 0.04
    assert covered.max() < 0.85


def test_no_two_garments_are_alike(drawn: Arrays) -> None:
    pixels = np.concatenate((drawn["x_train"], drawn["x_test"])).reshape(2500, -1).astype(np.float32)
    squares = (pixels**2).sum(axis=1)
    distances = squares[:, None] + squares[None] - 2 * pixels @ pixels.T
    np.fill_diagonal(distances, np.inf)
    root_mean_square = np.sqrt(np.maximum(distances, 0).min(axis=1) / 784)
    assert root_mean_square.min() > 8  # grey levels; the noise of the same garment drawn twice gives 4


@pytest.mark.filterwarnings("ignore:lbfgs failed to converge")
def test_a_linear_model_reads_garments_but_mistakes_shirts_for_coats(drawn: Arrays) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import confusion_matrix

    train, test = (drawn[part].reshape(len(drawn[part]), -1) / 255 for part in ("x_train", "x_test"))
    model = LogisticRegression(max_iter=100).fit(train, drawn["y_train"])
    matrix = confusion_matrix(drawn["y_test"], model.predict(test))
    assert 0.7 < np.trace(matrix) / matrix.sum() < 0.9
    mistakes = matrix + matrix.T
    np.fill_diagonal(mistakes, 0)
    names = class_names("garments")
    pair = np.unravel_index(mistakes.argmax(), mistakes.shape)
    assert {names[int(place)] for place in pair} == {"Shirt", "Coat"}


REDRAW = """
import hashlib, numpy as np
from reportgen.datasets import garments
total = hashlib.sha256()
for place, label in enumerate(%s):
    total.update(garments.draw(label, np.random.default_rng([garments._SEED, 0, place, 0])).tobytes())
print(total.hexdigest())
"""


def test_another_process_draws_the_same_garments(drawn: Arrays) -> None:
    labels = drawn["y_train"][:200].tolist()
    done = subprocess.run(
        [sys.executable, "-c", REDRAW % labels], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(drawn["x_train"][:200].tobytes()).hexdigest()


def test_garments_are_drawn_once_per_version_of_what_draws_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: Arrays
) -> None:
    drawings: list[str] = []

    def counted(name: str) -> Arrays:
        drawings.append(name)
        return drawn

    monkeypatch.setattr(embedded, "make", counted)
    where: dict[str, Any] = {"data_dir": None, "keras_home": tmp_path / "keras", "cache": tmp_path / "cache"}

    def search() -> str:
        later = time.time_ns() + 10**10
        return find("garments", **where, when_unavailable="error", clock=lambda: later).digest

    digest = search()
    assert digest == digest_of(with_channels(drawn))
    assert search() == digest
    assert drawings == ["garments"]
    status = available("garments", **where)
    assert status.digest == digest
    assert status.decoded is not None
    assert open_dataset(status.decoded).class_names == class_names("fashion_mnist")
    monkeypatch.setattr(embedded, "version", lambda name: "another scikit-image")
    assert search() == digest
    assert drawings == ["garments", "garments"]


def test_the_version_names_the_packages_and_the_code_that_draw() -> None:
    assert "scikit-image==" in embedded.version("garments")
    assert "scikit-learn==" in embedded.version("digits")
    assert embedded.version("garments") != embedded.version("digits")
