"""Histograms of oriented gradients, computed once per data set and settings and kept."""

from __future__ import annotations

import hashlib
import json
import os
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.lab.data import Data, with_inputs
from reportgen.lab.session import current
from reportgen.records import Features


def hog_features(
    data: Data, *, orientations: int = 8, pixels_per_cell: int = 4, cells_per_block: int = 1
) -> Data:
    """Replace the images of `data` by their histograms of oriented gradients.

    Uses ``skimage.feature.hog`` with its own block norm (L2-Hys). An image of 28 x 28
    pixels with cells of 4 x 4 and one cell per block gives 7 x 7 x `orientations` values.
    The features of a data set are kept on disk and shared by all runs with these settings.

    Parameters
    ----------
    data : Data
        With images as inputs, one channel.
    orientations : int
        Bins of each histogram.
    pixels_per_cell, cells_per_block : int
        Sides of the square cells, in pixels, and of the square blocks, in cells.

    Returns
    -------
    Data
        Inputs float32 of shape (n, length).

    Raises
    ------
    ValueError
        The images have more than one channel, or are smaller than one block.
    """
    side = pixels_per_cell * cells_per_block
    height, width, channels = data.facts.image_shape
    if channels != 1 or min(height, width) < side:
        raise ValueError(
            f"no {side} x {side} block of one channel fits in images of {data.facts.image_shape}"
        )
    settings = {
        "orientations": orientations,
        "pixels_per_cell": pixels_per_cell,
        "cells_per_block": cells_per_block,
        "block_norm": "L2-Hys",
    }
    folder = current().features.absolute()
    train_set, test_set, seconds = _kept(folder, _name(data, settings), data, settings)
    features = Features("hog", train_set.shape[1], settings, seconds)
    return with_inputs(data, train_set, test_set, features)


def _name(data: Data, settings: dict[str, Any]) -> str:
    what = {"data": data.facts.digest, "settings": settings, "scikit-image": version("scikit-image")}
    used = current().quick
    if used is not None:
        what["quick"] = dict(used)
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:32]


def _kept(
    folder: Path, name: str, data: Data, settings: dict[str, Any]
) -> tuple[NDArray[np.float32], NDArray[np.float32], float]:
    """The features from disk; the first run that needs them computes them, the others wait."""
    from filelock import FileLock

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.npz"
    with FileLock(folder / f"{name}.lock"):
        if not path.exists():
            _extract(path, data, settings)
        with np.load(path, allow_pickle=False) as kept:
            return kept["train"], kept["test"], float(kept["seconds"])


def _extract(path: Path, data: Data, settings: dict[str, Any]) -> None:
    from reportgen.lab.data import _open

    _, _, dataset = _open(data.facts.requested)
    started = time.perf_counter()
    arrays: dict[str, Any] = {}
    for part, images in (("train", dataset.x_train), ("test", dataset.x_test)):
        arrays[part] = _histograms(images, _needed(data, part, len(images)), settings)
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        arrays["seconds"] = np.float64(time.perf_counter() - started)
        np.savez(file, **arrays)
    temporary.replace(path)


def _needed(data: Data, part: str, size: int) -> NDArray[np.int64]:
    """Every item; with --quick only those in use, since the rest would cost a minute for nothing."""
    if not data.facts.quick:
        return np.arange(size)
    if part == "test":
        return data.test.index
    return (
        data.train.index
        if data.facts.validated_on_test
        else np.union1d(data.train.index, data.validation.index)
    )


def _histograms(
    images: NDArray[np.uint8], index: NDArray[np.int64], settings: dict[str, Any]
) -> NDArray[np.float32]:
    from skimage.feature import hog

    cell, block = settings["pixels_per_cell"], settings["cells_per_block"]
    rows = None
    for place in index:
        row = hog(
            images[place, :, :, 0] / 255.0,
            orientations=settings["orientations"],
            pixels_per_cell=(cell, cell),
            cells_per_block=(block, block),
            block_norm=settings["block_norm"],
        )
        if rows is None:
            rows = np.zeros((len(images), row.size), dtype=np.float32)
        rows[place] = row
    assert rows is not None
    return rows
