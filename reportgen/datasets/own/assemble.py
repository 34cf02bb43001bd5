"""From the parts that were read to a data set: classes, division, checks of the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.dataset import Dataset, Duplicates, OwnFacts
from reportgen.datasets.decoded import Arrays
from reportgen.datasets.own.classes import Classes, find_classes, numbered
from reportgen.datasets.own.drawing import draw
from reportgen.datasets.own.duplicates import find_duplicates
from reportgen.datasets.own.faults import Faults
from reportgen.datasets.own.items import InArray, Items
from reportgen.datasets.own.parts import Parts
from reportgen.experiments.own_data import OwnDataset

LEAST_TRAIN = 2
"""Images of a class that a validation set can be split off from."""


@dataclass(frozen=True)
class Assembled:
    """A data set of the user's own, ready to be kept.

    Parameters
    ----------
    arrays : mapping of str to uint8
        ``x_train``, ``y_train``, ``x_test``, ``y_test``.
    class_names : tuple of str
    unlabelled : (n, height, width, channels) uint8 or None
    identity : mapping
        What its digest holds besides the arrays.
    facts : OwnFacts
    """

    arrays: Arrays
    class_names: tuple[str, ...]
    unlabelled: NDArray[np.uint8] | None
    identity: dict[str, Any]
    facts: OwnFacts


@dataclass(frozen=True)
class Place:
    """The table of a data set in the experiments file, for what is wrong with the set as a whole."""

    name: str
    file: str
    line: int

    def tell(self, faults: Faults, code: str, message: str, remedy: str = "") -> None:
        """Note a fault of the data set."""
        faults.add(self.file, self.line, code, f"[dataset.{self.name}]: {message}", remedy)


def assemble(place: Place, table: OwnDataset, parts: Parts, faults: Faults) -> Assembled | None:
    """Make a data set of the parts that were read; None where anything has a fault.

    Parameters
    ----------
    place : Place
    table : OwnDataset
    parts : Parts
    faults : Faults
        Gets every fault.
    """
    _check_shapes(parts, faults)
    train, test = parts.train, parts.test
    if train is None or not len(train.images):
        if train is not None and not faults.problems:
            faults.add(_file(train, table), 0, "no-images", "it holds no images")
        return None
    if table.pixels == "0..255" and table.kind in ("csv", "npz") and train.images.max() == 1:
        message, remedy = "no pixel is above 1, expected 0 to 255", 'write pixels = "0..1" if 1 is white'
        faults.add(_file(train, table), 0, "pixel-out-of-range", message, remedy)
    classes = find_classes(train, table, faults)
    if classes is None:
        return None
    labels = numbered(train, classes, faults)
    test_labels = None if test is None else numbered(test, classes, faults)
    if faults.problems or (test is None and table.test is not None):
        return None
    pool = Pool(train, labels, test, test_labels, parts.unlabelled)
    return _divide(place, table, pool, classes, faults)


def _file(items: Items, table: OwnDataset) -> str:
    return items.places.at(0)[0] if len(items.images) and table.kind != "images" else str(table.train)


def _check_shapes(parts: Parts, faults: Faults) -> None:
    """All parts must have images of one shape."""
    if parts.train is None or not len(parts.train.images):
        return
    expected = parts.train.images.shape[1:]
    told = {problem.file for problem in faults.problems if problem.code == "columns-differ"}
    for part in (parts.test, parts.unlabelled):
        if part is not None and len(part.images) and part.images.shape[1:] != expected:
            if part.places.at(0)[0] in told:
                continue
            shown, found = (" x ".join(map(str, each)) for each in (expected, part.images.shape[1:]))
            message = f"expected images of {shown} as in the training set, found {found}"
            faults.add(part.places.at(0)[0], 0, "shapes-differ", message, "bring both to one size and colour")


@dataclass(frozen=True)
class Pool:
    """Labelled images to divide, and test images where they are files of their own.

    Parameters
    ----------
    train : Items
    labels : (n,) uint8
    test : Items or None
    test_labels : (n,) uint8 or None
    unlabelled : Items or None
    """

    train: Items
    labels: NDArray[np.uint8]
    test: Items | None = None
    test_labels: NDArray[np.uint8] | None = None
    unlabelled: Items | None = None


def from_known(place: Place, table: OwnDataset, known: Dataset, faults: Faults) -> Assembled | None:
    """Divide the labelled images of a known data set anew, those of its two parts put together."""
    images = np.concatenate([known.x_train, known.x_test])
    labels = np.concatenate([known.y_train, known.y_test])
    pool = Pool(Items(images, None, InArray(known.name)), labels)
    classes = Classes(known.class_names, False, {n: n for n in range(len(known.class_names))}, "known")
    return _divide(place, table, pool, classes, faults)


def _divide(
    place: Place, table: OwnDataset, pool: Pool, classes: Classes, faults: Faults
) -> Assembled | None:
    """Draw what is to be drawn, check every part, and count the duplicates."""
    sizes = _sizes(table, pool)
    if (
        min(sizes) < 0
        or sizes[1] < 1
        or (pool.test is None and sizes[0] < 1)
        or sum(sizes) > len(pool.labels)
    ):
        message = f"{_wanted(sizes)} of {len(pool.labels):,} labelled images"
        place.tell(faults, "too-few-images", message, "ask for fewer")
        return None
    drawn = table.train_items is not None or pool.test is None
    everything = [np.empty(0, np.int64), np.arange(len(pool.labels)), np.empty(0, np.int64)]
    test, train, aside = draw(pool.labels, sizes, table.split_seed) if drawn else everything
    images, own = pool.train.images, pool.test
    arrays = {
        "x_train": images[train] if drawn else images,
        "y_train": pool.labels[train],
        "x_test": images[test] if own is None else own.images,
        "y_test": pool.labels[test] if pool.test_labels is None else pool.test_labels,
    }
    _check_classes(place, arrays, classes.names, faults)
    if faults.problems:
        return None
    unlabelled = images[aside] if len(aside) else pool.unlabelled.images if pool.unlabelled else None

    root = Path(place.file).parent

    def named(part: str, item: int) -> str:
        if part == "test" and own is not None:
            return own.places.named(item, root)
        return pool.train.places.named(int((train if part == "train" else test)[item]), root)

    same = find_duplicates(arrays, unlabelled, named)
    split = {"seed": table.split_seed, "sizes": list(sizes)} if drawn else None
    identity = {"name": place.name, "class_names": list(classes.names), "split": split}
    facts = _facts(place.name, table, pool, classes, drawn, same)
    facts = replace(facts, n_train=len(arrays["y_train"]), n_test=len(arrays["y_test"]))
    return Assembled(arrays, classes.names, unlabelled, identity, facts)


def _facts(
    name: str, table: OwnDataset, pool: Pool, classes: Classes, drawn: bool, same: Duplicates
) -> OwnFacts:
    each = [items for items in (pool.train, pool.test, pool.unlabelled) if items is not None]
    return OwnFacts(
        title=table.title or name,
        note=table.note or "",
        kind=table.kind or "from",
        known=table.from_ or "",
        order=classes.order,
        n_labelled=len(pool.labels) + (0 if pool.test is None else len(pool.test.images)),
        n_train=0,
        n_test=0,
        split_seed=table.split_seed if drawn else None,
        test_drawn=pool.test is None,
        duplicates=same,
        resized=sum(items.resized for items in each),
        recoloured=sum(items.recoloured for items in each),
        labels=classes.labels,
    )


def _sizes(table: OwnDataset, pool: Pool) -> tuple[int, int, int]:
    """Images for testing, for training, and to put aside."""
    available, test = len(pool.labels), 0
    if pool.test is None:
        test = table.test_items or max(1, round((table.test_share or 0) * available))
    aside = table.unlabelled_items or 0
    return test, table.train_items or available - test - aside, aside


def _wanted(sizes: tuple[int, int, int]) -> str:
    test, train, aside = sizes
    parts = [(train, "to train on"), (test, "to test on"), (aside, "to submit")]
    said = ", ".join(f"{count:,} {what}" for count, what in parts if count > 0)
    return f"it asks for {said}, which leaves none to train on," if train < 1 else f"it asks for {said}"


def _check_classes(place: Place, arrays: Arrays, names: tuple[str, ...], faults: Faults) -> None:
    """Every class needs images of its own to be trained, validated and tested."""
    for part, least, word in (("train", LEAST_TRAIN, "training"), ("test", 1, "test")):
        counts = np.bincount(arrays[f"y_{part}"], minlength=len(names))
        for each in [each for each, count in zip(names, counts, strict=True) if count < least]:
            found = int(counts[names.index(each)])
            images = "image" if found == 1 else "images"
            message = f'the class "{each}" has {found} {word} {images}, expected {least} or more'
            remedy = (
                "add images, or take the class out" if word == "training" else "add images, or test on more"
            )
            place.tell(faults, "class-without-images", message, remedy)
