"""The real MNIST and Fashion-MNIST, where REPORTGEN_DATA_DIR says they are."""

from __future__ import annotations

import gzip
import io
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.datasets.dataset import Found
from reportgen.datasets.decoded import open_dataset
from reportgen.datasets.find import available, find
from reportgen.datasets.registry import DATASETS, PARTS
from reportgen.errors import InputError

DATA = os.environ.get("REPORTGEN_DATA_DIR")

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA, reason="REPORTGEN_DATA_DIR is not set"),
]


def search(name: str, root: Path, data_dir: Path | None) -> Found:
    return find(
        name, data_dir=data_dir, keras_home=root / "keras", cache=root / "cache",
        when_unavailable="error", download=False, clock=lambda: time.time_ns() + 10**10,
    )  # fmt: skip


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("real")


def data_dir() -> Path:
    assert DATA is not None
    return Path(DATA)


@pytest.mark.parametrize(("name", "mean"), [("mnist", 0.1306604), ("fashion_mnist", 0.2860406)])
def test_the_real_data_are_found_with_the_digest_of_the_registry(name: str, mean: float, root: Path) -> None:
    found = search(name, root, data_dir())
    assert (found.source, found.digest) == ("folder", DATASETS[name].digest)
    data = open_dataset(found.folder)
    assert data.x_train.shape == (60_000, 28, 28, 1)
    assert data.x_test.shape == (10_000, 28, 28, 1)
    assert float(data.x_train.mean() / 255) == pytest.approx(mean, abs=1e-6)
    assert np.bincount(data.y_test).sum() == 10_000


def test_a_second_search_takes_next_to_no_time(root: Path) -> None:
    search("mnist", root, data_dir())
    search("mnist", root, data_dir())  # vouches for the decoded copy, which was new before
    began = time.perf_counter()
    search("mnist", root, data_dir())
    assert time.perf_counter() - began < 0.05


def test_the_real_npz_of_keras_gives_the_same_data(root: Path) -> None:
    found = search("mnist", root, data_dir())
    data = open_dataset(found.folder)
    npz = root / "keras" / "datasets" / "mnist.npz"
    npz.parent.mkdir(parents=True)
    arrays: dict[str, Any] = {part: np.squeeze(getattr(data, part)) for part in PARTS}
    np.savez(npz, **arrays)
    again = search("mnist", root, None)
    assert (again.source, again.digest, again.folder) == ("keras cache", found.digest, found.folder)
    status = available("mnist", data_dir=None, keras_home=root / "keras", cache=root / "cache")
    assert (status.source, status.digest) == ("keras cache", found.digest)


def test_one_pixel_of_60000_images_is_missed_by_nobody(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mnist"
    folder.mkdir()
    for path in (data_dir() / "mnist").glob("*.gz"):
        (folder / path.name).symlink_to(path.resolve())
    images = folder / "train-images-idx3-ubyte.gz"
    content = io.BytesIO(gzip.decompress(images.read_bytes())).getbuffer()
    content[-1] ^= 1
    images.unlink()
    images.write_bytes(gzip.compress(content, 1))
    with pytest.raises(InputError) as caught:
        search("mnist", root, tmp_path)
    (problem,) = caught.value.problems
    assert (problem.file, problem.code) == (str(images), "wrong-digest")
