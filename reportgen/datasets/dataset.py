"""A data set as everything else sees it: four arrays, its classes, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Part = Literal["train", "test"]


@dataclass(frozen=True)
class Found:
    """A data set that was found (or stood in for) and decoded.

    Parameters
    ----------
    requested, name : str
        What was asked for and what there is; they differ for a stand-in.
    source : str
        ``folder``, ``keras cache``, ``download`` or ``embedded``.
    digest : str
        SHA-256 of the decoded arrays.
    folder : Path
        Absolute; holds ``x_train.npy``, ``y_train.npy``, ``x_test.npy``, ``y_test.npy``
        and ``facts.json``.
    files : tuple of (str, int, str)
        Name, bytes and SHA-256 of each file it was read from (empty for embedded ones).
    """

    requested: str
    name: str
    source: str
    digest: str
    folder: Path
    files: tuple[tuple[str, int, str], ...] = ()

    @property
    def stand_in(self) -> bool:
        """True where an embedded data set takes the place of the requested one."""
        return self.requested != self.name


@dataclass(frozen=True)
class Dataset:
    """The decoded arrays of a data set, memory-mapped where they lie in a file.

    Parameters
    ----------
    name : str
    class_names : tuple of str
    x_train : (n, height, width, channels) uint8
    y_train : (n,) uint8
        Classes from 0.
    x_test, y_test : as above, for the test items
    digest : str
        SHA-256 of the decoded arrays.
    """

    name: str
    class_names: tuple[str, ...]
    x_train: NDArray[np.uint8]
    y_train: NDArray[np.uint8]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.uint8]
    digest: str


@dataclass(frozen=True)
class Picture:
    """One image of a data set; it prints as what identifies it, not as its pixels.

    Parameters
    ----------
    data : str
        Digest of the decoded data set.
    part : str
        ``train`` or ``test``.
    place : int
        In the arrays of that part.
    label : int
        Its class, from 0.
    pixels : (height, width, channels) uint8
    """

    data: str
    part: Part
    place: int
    label: int
    pixels: NDArray[np.uint8] = field(repr=False, compare=False)
