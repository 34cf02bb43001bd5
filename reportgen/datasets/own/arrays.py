"""NPZ and IDX files of any shape: nothing is unpickled, no more is unpacked than their headers declare."""

from __future__ import annotations

import hashlib
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.own.faults import MOST_BYTES, Faults
from reportgen.datasets.own.items import Files, InArray, Items
from reportgen.datasets.own.pixels import as_bytes, check_side, shape_of_row, wrong_value
from reportgen.datasets.readers import (
    ReadFault,
    idx_shape,
    npy_header,
    open_zip,
    read_idx,
    read_regular,
    take,
)
from reportgen.experiments.own_data import OwnDataset
from reportgen.experiments.words import nearest

_MOST_ARRAY = 2 << 30
"""Most bytes of an array as it lies in a file, where numbers may be wider than pixels."""


class NpzFile:
    """The arrays of an NPZ file, read by name.

    Parameters
    ----------
    path : Path
    name : str
        The file as the user named it.
    files : Files
        Gets what identifies the file.

    Raises
    ------
    ReadFault
        The file cannot be read.
    """

    def __init__(self, path: Path, name: str, files: Files) -> None:
        self.content, stamp = read_regular(path, _MOST_ARRAY)
        self.name = name
        files.add(path, name, stamp, hashlib.sha256(self.content).hexdigest())
        with open_zip(self.content) as archive:
            self.members = [info.filename.removesuffix(".npy") for info in archive.infolist()]

    def labelled(self, images: str, labels: str, table: OwnDataset, faults: Faults) -> Items | None:
        """Images and their labels; None where either has a fault."""
        found, marks = self.images(images, table, faults), self._labels(labels, faults)
        if found is None or marks is None:
            return None
        if len(found.images) != len(marks):
            message = f"{images} and {labels} differ in length: {len(found.images):,} and {len(marks):,}"
            faults.add(self.name, 0, "shapes-differ", message)
            return None
        return Items(found.images, marks, found.places)

    def images(self, name: str, table: OwnDataset, faults: Faults) -> Items | None:
        """Images without labels; None where they have a fault."""
        array = self._read(name, faults)
        if array is None:
            return None
        try:
            array = _pictures(array, name, table)
        except ReadFault as fault:
            faults.add_read(
                self.name, fault, "images are (n, height, width), or with 1 or 3 channels at the end"
            )
            return None
        found, wrong = as_bytes(array, table.pixels)
        if wrong is not None:
            item = tuple(int(n) for n in np.argwhere(wrong)[0])
            code, message, remedy = wrong_value(float(array[item]), table.pixels)
            count = int(np.count_nonzero(wrong))
            more = f" ({count:,} such values in all)" if count > 1 else ""
            place = ", ".join(map(str, item))
            faults.add(self.name, 0, code, f"{name}[{place}]: {message}{more}", remedy)
            return None
        return Items(found, None, InArray(self.name, name))

    def _labels(self, name: str, faults: Faults) -> NDArray[np.str_] | None:
        array = self._read(name, faults)
        if array is None:
            return None
        if array.ndim == 2 and array.shape[1] == 1:
            array = array[:, 0]
        if array.ndim != 1:
            remedy = "if they are one-hot, write np.argmax(labels, axis=1)" if array.ndim == 2 else ""
            message = f"{name}: expected one label for each image, found the shape {_times(array.shape)}"
            faults.add(self.name, 0, "wrong-shape", message, remedy)
            return None
        if array.dtype.kind == "f":
            array = np.array([f"{value:g}" for value in array.tolist()], np.str_)
        return array.astype(np.str_)

    def _read(self, name: str, faults: Faults) -> NDArray[Any] | None:
        if name not in self.members:
            close = nearest(name, self.members)
            held = ", ".join(each[:40] for each in self.members[:8]) or "nothing"
            remedy = f'name it: arrays = {{ {name} = "{close or "..."}" }}; it holds {held}'
            faults.add(self.name, 0, "missing-array", f"it has no array {name}", remedy)
            return None
        try:
            with open_zip(self.content) as archive:
                return _array(archive, name)
        except ReadFault as fault:
            faults.add_read(self.name, fault)
            return None


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    with archive.open(f"{name}.npy") as stream:
        shape, column_major, dtype = npy_header(stream, name)
        if dtype.hasobject:
            raise ReadFault("pickled-array", f"{name}: expected numbers, found pickled Python objects")
        if dtype.kind not in "buifU":
            raise ReadFault("wrong-dtype", f"{name}: expected numbers, found {dtype}")
        size = math.prod(shape) * dtype.itemsize
        if size > _MOST_ARRAY:
            message = (
                f"{name}: expected at most {_MOST_ARRAY:,} bytes, found {_times(shape)} values of {dtype}"
            )
            raise ReadFault("data-too-large", message)
        items = take(stream, size, name)
        if stream.read(1):
            raise ReadFault("trailing-bytes", f"{name}: expected the end after {_times(shape)} values")
    return np.frombuffer(items, dtype).reshape(shape, order="F" if column_major else "C")


def _pictures(array: NDArray[Any], name: str, table: OwnDataset) -> NDArray[Any]:
    """Images (n, height, width, channels) from an array of any usual shape."""
    if array.dtype.kind == "U":
        raise ReadFault("wrong-dtype", f"{name}: expected numbers, found texts")
    if array.size > MOST_BYTES:
        raise ReadFault(
            "data-too-large", f"{name}: expected at most {MOST_BYTES:,} pixels, found {array.size:,}"
        )
    if array.ndim == 2:
        return array.reshape(len(array), *shape_of_row(array.shape[1], table))
    if array.ndim == 3:
        array = array[..., None]
    if array.ndim != 4 or array.shape[3] not in (1, 3):
        raise ReadFault("wrong-shape", f"{name}: expected images, found the shape {_times(array.shape)}")
    check_side(*array.shape[1:3])
    expected = (*(table.size or array.shape[1:3]), table.channels or array.shape[3])
    if tuple(expected) != array.shape[1:]:
        message = f"{name}: expected images of {_times(expected)}, found {_times(array.shape[1:])}"
        raise ReadFault("wrong-shape", message)
    return array


def read_idx_files(
    images: tuple[Path, str], labels: tuple[Path, str] | None, files: Files, faults: Faults
) -> Items | None:
    """Read images, and their labels where there are any, from IDX files.

    Parameters
    ----------
    images, labels : (Path, str)
        Each file, and how the user named it.

    Returns
    -------
    Items or None
        None where a file has a fault.
    """
    pictures = _idx(images, (3, 4), files, faults)
    marks = _idx(labels, (1,), files, faults) if labels else None
    if pictures is None or (labels and marks is None):
        return None
    if labels and marks is not None and len(marks) != len(pictures):
        message = f"expected a label for each of {len(pictures):,} images, found {len(marks):,}"
        faults.add(labels[1], 0, "shapes-differ", message)
        return None
    pictures = pictures[..., None] if pictures.ndim == 3 else pictures
    found = None if marks is None else marks.astype(np.str_)
    return Items(pictures, found, InArray(images[1]))


def _idx(
    file: tuple[Path, str], axes: tuple[int, ...], files: Files, faults: Faults
) -> NDArray[np.uint8] | None:
    path, name = file
    try:
        content, stamp = read_regular(path, MOST_BYTES + 4 * 5)
        shape = idx_shape(content, axes)
        if math.prod(shape) > MOST_BYTES:
            raise ReadFault(
                "data-too-large", f"expected at most {MOST_BYTES:,} values, found {_times(shape)}"
            )
        if len(shape) > 1:
            check_side(*shape[1:3])
        if len(shape) == 4 and shape[3] not in (1, 3):
            raise ReadFault("wrong-shape", f"expected 1 or 3 channels at the end, found {_times(shape)}")
        array = read_idx(content, shape)
    except ReadFault as fault:
        faults.add_read(name, fault)
        return None
    files.add(path, name, stamp, hashlib.sha256(content).hexdigest())
    return array


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(f"{length:,}" for length in shape) or "()"
