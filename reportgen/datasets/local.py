"""Data files on this machine: which ones there are, and what is in them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.decoded import FORMAT
from reportgen.datasets.readers import (
    ReadFault,
    Stamp,
    check_classes,
    check_labels,
    largest_idx,
    largest_npz,
    read_idx,
    read_npz,
    read_regular,
)
from reportgen.datasets.registry import IDX_FILES, PARTS, Source
from reportgen.errors import Problem


@dataclass(frozen=True)
class Files:
    """The files of a data set in one place: one ``.npz``, or four IDX files.

    Parameters
    ----------
    npz : Path or None
    idx : mapping of str to Path
        The IDX files that are there, by part.
    folder : Path
        Where they lie.
    """

    folder: Path
    npz: Path | None = None
    idx: Mapping[str, Path] | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """All files, in the order of the parts."""
        return tuple(path for path, _ in self.contents)

    @property
    def contents(self) -> tuple[tuple[Path, tuple[str, ...]], ...]:
        """Each file with the parts it holds."""
        if self.npz:
            return ((self.npz, PARTS),)
        return tuple((path, (part,)) for part, path in (self.idx or {}).items())

    @property
    def missing(self) -> tuple[str, ...]:
        """Names of the IDX files that are not there."""
        if self.npz or self.idx is None:
            return ()
        return tuple(name for part, name in IDX_FILES.items() if part not in self.idx)


@dataclass(frozen=True)
class Content:
    """What a set of files holds.

    Parameters
    ----------
    arrays : mapping of str to uint8
        Images without channel axis, labels.
    stamps : tuple of Stamp
    files : tuple of (str, int, str)
        Name, bytes and SHA-256 of each file.
    """

    arrays: Mapping[str, NDArray[np.uint8]]
    stamps: tuple[Stamp, ...]
    files: tuple[tuple[str, int, str], ...]


def in_folder(source: Source, data_dir: Path) -> Files | None:
    """The files of `source` below a data folder: IDX files first, then an ``.npz``."""
    folder = data_dir / source.folder
    found = _idx_files(folder)
    if found or not source.npz:
        return found
    return _npz_file(folder / source.npz) or _npz_file(data_dir / source.npz)


def in_keras_cache(source: Source, keras_home: Path) -> Files | None:
    """The files of `source` in Keras's cache, where `keras.datasets` leaves them."""
    if not source.keras:
        return None
    place = keras_home / "datasets" / source.keras
    return _npz_file(place) if place.suffix == ".npz" else _idx_files(place)


def _npz_file(path: Path) -> Files | None:
    return Files(path.parent, npz=path) if _there(path) else None


def _idx_files(folder: Path) -> Files | None:
    found = {}
    for part, name in IDX_FILES.items():
        plain = name.replace("-idx", ".idx")  # some unpackers write train-images.idx3-ubyte
        for candidate in (f"{name}.gz", name, f"{plain}.gz", plain):
            if _there(folder / candidate):
                found[part] = folder / candidate
                break
    return Files(folder, idx=found) if found else None


def _there(path: Path) -> bool:
    """True where anything is there, be it a pipe or a broken link: reading says what is wrong."""
    return path.is_symlink() or path.exists()


def note_version(source: Source) -> str:
    """What a note on the files of `source` depends on, beside their stamps."""
    entry = (source.class_names, source.n_train, source.n_test, source.image_shape)
    return f"{source.name} {source.digest} {FORMAT} {entry}"


def load(source: Source, files: Files) -> tuple[Content | None, list[Problem]]:
    """Read all files and check every byte of them.

    Returns
    -------
    content : Content or None
        None where there is a problem.
    problems : list of Problem
        The first fault of every file.
    """
    problems = [
        Problem(
            str(files.folder),
            0,
            "missing-data-file",
            f"{name} is not there",
            f"Put {name}.gz beside the others.",
        )
        for name in files.missing
    ]
    arrays: dict[str, NDArray[np.uint8]] = {}
    stamps, facts = [], []
    each = (
        [(files.npz, PARTS)] if files.npz else [(path, (part,)) for part, path in (files.idx or {}).items()]
    )
    for path, parts in each:
        try:
            content, stamp = read_regular(path, most_bytes(source, parts))
            arrays |= decode(source, parts, content)
        except ReadFault as fault:
            problems.append(Problem(str(path), 0, fault.code, str(fault), _remedy(source, fault.code)))
            continue
        stamps.append(stamp)
        facts.append((path.name, stamp.size, hashlib.sha256(content).hexdigest()))
    if problems:
        return None, problems
    return Content(arrays, tuple(stamps), tuple(facts)), []


_REMEDY = "Fetch the file again from where it was published, or take it away."
_ENTRY = {
    "wrong-shape": "n_train, n_test or image_shape",
    "label-out-of-range": "class_names",
    "empty-class": "class_names",
}
"""What of an entry may be wrong where a file differs from it."""


def _remedy(source: Source, code: str) -> str:
    """What mends a file; where no digest vouches for the entry, that may be the one at fault."""
    if source.parts or code not in _ENTRY:
        return _REMEDY
    return f'{_REMEDY}\nOr mend {_ENTRY[code]} of "{source.name}" in reportgen/datasets/registry.py.'


def most_bytes(source: Source, parts: Sequence[str]) -> int:
    """Bytes that a file of these parts may have at most: one part is IDX, all four are NPZ."""
    if len(parts) == 1:
        return largest_idx(source.shape(parts[0]))
    return largest_npz({part: source.shape(part) for part in parts})


def decode(source: Source, parts: Sequence[str], content: bytes) -> dict[str, NDArray[np.uint8]]:
    """Decode one file and check its labels and its digests; `parts` as in `most_bytes`.

    Raises
    ------
    ReadFault
        The first thing that is wrong.
    """
    if len(parts) == 1:
        arrays = {parts[0]: read_idx(content, source.shape(parts[0]))}
    else:
        arrays = read_npz(content, {part: source.shape(part) for part in parts})
    for part, array in arrays.items():
        if part.startswith("y"):
            check_labels(array, len(source.class_names))
        if part == "y_train":
            check_classes(array, source.class_names)
        expected = source.parts.get(part)
        found = hashlib.sha256(np.ascontiguousarray(array).data).hexdigest()
        if expected not in (None, found):
            message = f"{part} is not that of {source.title}: expected SHA-256 {expected}, found {found}"
            raise ReadFault("wrong-digest", message)
    return arrays
