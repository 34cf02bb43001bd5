"""Images as the readers hand them over, with where each one came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.readers import Stamp


class Places(Protocol):
    """Where items stand in their files."""

    def at(self, item: int) -> tuple[str, int]:
        """File, as the user named it, and line of an item; 0 where the file has no lines."""

    def named(self, item: int, root: Path) -> str:
        """An item in words, its file told from a folder: ``train.csv, line 12``."""


@dataclass(frozen=True)
class InLines:
    """Items that are lines of a file.

    Parameters
    ----------
    file : str
    lines : (n,) int64
        From 1.
    """

    file: str
    lines: NDArray[np.int64]

    def at(self, item: int) -> tuple[str, int]:
        """File and line."""
        return self.file, int(self.lines[item])

    def named(self, item: int, root: Path) -> str:
        """``train.csv, line 12``."""
        return f"{called(self.file, root)}, line {self.lines[item]}"


@dataclass(frozen=True)
class InArray:
    """Items that are entries of an array in a file."""

    file: str
    array: str = ""

    def at(self, item: int) -> tuple[str, int]:
        """The file; its items have no lines."""
        return self.file, 0

    def named(self, item: int, root: Path) -> str:
        """``train.npz, x_train[12]``."""
        file = called(self.file, root)
        return f"{file}, {self.array}[{item}]" if self.array else f"{file}, item {item}"


@dataclass(frozen=True)
class InFiles:
    """Items that are files."""

    files: Sequence[str]

    def at(self, item: int) -> tuple[str, int]:
        """The file of the image."""
        return self.files[item], 0

    def named(self, item: int, root: Path) -> str:
        """The file of the image."""
        return called(self.files[item], root)


@dataclass(frozen=True)
class Items:
    """Images that were read, and their labels as written.

    Parameters
    ----------
    images : (n, height, width, channels) uint8
    labels : (n,) str or None
        None for images without labels.
    places : Places
    resized, recoloured : int
        Images that were brought to the size or the channels asked for.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.str_] | None
    places: Places
    resized: int = 0
    recoloured: int = 0


@dataclass
class Files:
    """The files that were read: what tells them unchanged, and what the report names.

    Parameters
    ----------
    root : Path
        The folder that names are told from.
    stamps : dict of Path to Stamp
        Of the very files that were read.
    facts : list of (str, int, str)
        Name, bytes and SHA-256 of each file, or of a folder as a whole.
    """

    root: Path = Path()
    stamps: dict[Path, Stamp] = field(default_factory=dict)
    facts: list[tuple[str, int, str]] = field(default_factory=list)

    def add(self, path: Path, name: str, stamp: Stamp, digest: str) -> None:
        """Note a file that was read."""
        self.stamps[path] = stamp
        self.facts.append((called(name, self.root), stamp.size, digest))


def called(name: str, root: Path) -> str:
    """A file or folder as the experiments file names it; of one that lies elsewhere, its own name."""
    path = Path(name)
    return str(path.relative_to(root)) if path.is_relative_to(root) else path.name
