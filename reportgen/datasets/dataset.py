"""A data set as everything else sees it: four arrays, its classes, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Part = Literal["train", "test"]


UNFETCHED = "registry"
"""Source of a data set of which only its digest in the registry is known."""


@dataclass(frozen=True)
class Duplicates:
    """Images of a data set that are the same to the last pixel; nothing is removed.

    Parameters
    ----------
    within_train, within_test : int
        Images that stood in the same part before.
    between : int
        Test images that are in the training set too.
    unlabelled : int
        Images to be submitted that are in the training set too.
    conflicting : int
        Images of either labelled part whose copies have other labels.
    examples : tuple of (str, str)
        Where the first pairs stand, those between the parts first.
    """

    within_train: int = 0
    within_test: int = 0
    between: int = 0
    unlabelled: int = 0
    conflicting: int = 0
    examples: tuple[tuple[str, str], ...] = ()

    @property
    def any(self) -> bool:
        """True where there is a duplicate of any sort."""
        return any((self.within_train, self.within_test, self.between, self.unlabelled))


@dataclass(frozen=True)
class OwnFacts:
    """What is known of a data set of the user's own, for the report.

    Parameters
    ----------
    title, note : str
        Its name in print and the author's sentence about it, as the experiments file has them.
    kind : str
        ``csv``, ``npz``, ``idx``, ``images``, or ``from``: a known data set divided anew.
    known : str
        Name of that known data set; else empty.
    order : str
        What the classes are in the order of: ``given`` (in the file), ``values`` (of the labels),
        ``folders`` (their names), or ``known`` (as in the known data set).
    n_labelled : int
        Labelled images that training and test images were taken from.
    n_train, n_test : int
        Validation images are among the former.
    split_seed : int or None
        Of the drawing, each class by its share; None where nothing was drawn.
    test_drawn : bool
        True where the test images were split off; False where they are files of their own.
    duplicates : Duplicates
    resized, recoloured : int
        Images that were brought to the size, or to the number of channels, asked for.
    labels : tuple of str
        The label of each class as the files have it, which is not its name where the file names classes.
    """

    title: str
    note: str
    kind: str
    known: str
    order: str
    n_labelled: int
    n_train: int
    n_test: int
    split_seed: int | None
    test_drawn: bool
    duplicates: Duplicates = field(default_factory=Duplicates)
    resized: int = 0
    recoloured: int = 0
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unlabelled:
    """Images without labels, to be predicted and submitted.

    Parameters
    ----------
    folder : Path
        Absolute; holds ``x_unlabelled.npy``, to be opened by `decoded.open_unlabelled`.
    digest : str
        SHA-256 of the decoded array; the digest of the data set does not hold it, since no run is
        trained on it.
    items : int
    first_id : int
        Number of the first one in a submission; the others follow.
    file : str
        Name of the file or folder they were read from.
    """

    folder: Path
    digest: str
    items: int
    first_id: int
    file: str


@dataclass(frozen=True)
class Found:
    """A data set that was found (or stood in for) and decoded.

    Parameters
    ----------
    requested, name : str
        What was asked for and what there is; they differ for a stand-in.
    source : str
        ``folder``, ``keras cache``, ``download`` or ``embedded``; ``own`` where the experiments file
        describes it; `UNFETCHED` where it is not here.
    digest : str
        SHA-256 of the decoded arrays.
    folder : Path
        Absolute; holds ``x_train.npy``, ``y_train.npy``, ``x_test.npy``, ``y_test.npy``
        and ``facts.json``.
    files : tuple of (str, int, str)
        Name, bytes and SHA-256 of each file it was read from (empty for embedded ones).
    own : OwnFacts or None
        For data of the user's own.
    unlabelled : Unlabelled or None
        Images to be submitted, where the experiments file names some.
    """

    requested: str
    name: str
    source: str
    digest: str
    folder: Path
    files: tuple[tuple[str, int, str], ...] = ()
    own: OwnFacts | None = None
    unlabelled: Unlabelled | None = None

    @property
    def stand_in(self) -> bool:
        """True where an embedded data set takes the place of the requested one."""
        return self.requested != self.name

    @property
    def here(self) -> bool:
        """False of a data set that only the registry knows: it serves to plan, not to run."""
        return self.source != UNFETCHED


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
