"""From labels as they are written to classes from 0: which there are, in which order, what does not fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.own.faults import MOST_FAULTS, Faults
from reportgen.datasets.own.folders import natural
from reportgen.datasets.own.items import InArray, InFiles, Items
from reportgen.experiments.own_data import MOST_CLASSES, OwnDataset
from reportgen.experiments.words import nearest, quoted

_WHOLE = re.compile(r"([+-]?\d{1,18})(\.0*)?")
_SOME = 6


@dataclass(frozen=True)
class Classes:
    """The classes of a data set.

    Parameters
    ----------
    names : tuple of str
        By class number.
    by_name : bool
        True where the labels in the files are names, False where they are numbers.
    number : mapping
        Class of each label, a text or an int.
    order : str
        As `OwnFacts.order`.
    """

    names: tuple[str, ...]
    by_name: bool
    number: Mapping[str | int, int]
    order: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The label of each class as the files have it."""
        return tuple(str(label) for label, _ in sorted(self.number.items(), key=lambda each: each[1]))

    def of(self, label: str) -> int | None:
        """The class of a label as written, or None."""
        return self.number.get(label if self.by_name else _whole(label, label))


def _whole(label: str, otherwise: str) -> str | int:
    match = _WHOLE.fullmatch(label)
    return int(match[1]) if match else otherwise


def find_classes(train: Items, table: OwnDataset, faults: Faults) -> Classes | None:
    """Return the classes that a table names, or else those that its training images have.

    Parameters
    ----------
    train : Items
        Labelled.
    table : OwnDataset
    faults : Faults
        Gets what makes it impossible to say.
    """
    assert train.labels is not None
    distinct = [str(each) for each in np.unique(train.labels)]
    numbers = sorted({each for each in (_whole(label, label) for label in distinct) if isinstance(each, int)})
    if table.labels is not None:
        names = table.classes or [str(each) for each in table.labels]
        return Classes(tuple(names), False, {n: at for at, n in enumerate(table.labels)}, "given")
    if table.classes is not None:
        by_name = table.kind == "images" or not numbers or bool(set(distinct) & set(table.classes))
        values: Sequence[str | int] = table.classes if by_name else range(len(table.classes))
        return Classes(tuple(table.classes), by_name, {n: at for at, n in enumerate(values)}, "given")
    by_name = table.kind == "images" or not numbers
    found: list[str | int] = [*(sorted(distinct, key=natural) if by_name else numbers)]
    if not by_name and not _gapless(numbers, train, faults):
        return None
    if not 2 <= len(found) <= MOST_CLASSES:
        file, _ = train.places.at(0)
        message = f"expected 2 to {MOST_CLASSES} classes, found {len(found):,}"
        remedy = (
            "images that all have one label teach nothing" if len(found) < 2 else "is it the right column?"
        )
        faults.add(file, 0, "too-few-classes" if len(found) < 2 else "too-many-classes", message, remedy)
        return None
    order = "folders" if table.kind == "images" else "values"
    return Classes(tuple(map(str, found)), by_name, {each: at for at, each in enumerate(found)}, order)


def _gapless(numbers: Sequence[int], train: Items, faults: Faults) -> bool:
    """Whether the labels are 0, 1, 2, ...; where they are not, tell the first one that should not be."""
    assert train.labels is not None
    odd = next((number for at, number in enumerate(numbers) if number != at), None)
    if odd is None:
        return True
    missing = [n for n in range(max(0, numbers[0]), min(odd, MOST_CLASSES + 1)) if n not in set(numbers)]
    if numbers[0] != 0:
        message = f"expected labels from 0 on, found {odd}"
    else:
        shown = ", ".join(map(str, missing[:_SOME])) + (", ..." if len(missing) > _SOME else "")
        message = f"found the label {odd}, but none is {shown}"
    some = ", ".join(map(str, numbers[: 2 * _SOME])) + (", ..." if len(numbers) > 2 * _SOME else "")
    item = next(n for n, label in enumerate(train.labels) if _whole(str(label), "") == odd)
    remedy = f"mend it, or say which labels there are: labels = [{some}]"
    faults.add(*train.places.at(item), "label-out-of-range", f"{_item(train, item)}{message}", remedy)
    return False


def _item(items: Items, item: int) -> str:
    """What names an item whose file and line do not."""
    return f"item {item}: " if isinstance(items.places, InArray) else ""


def numbered(items: Items, classes: Classes, faults: Faults) -> NDArray[np.uint8]:
    """Return the class of every item; a label that is none is told, and counts as class 0.

    Parameters
    ----------
    items : Items
        Labelled.
    """
    assert items.labels is not None
    distinct, inverse = np.unique(items.labels, return_inverse=True)
    found = [classes.of(str(label)) for label in distinct]
    for at in np.flatnonzero([each is None for each in found]):
        code, message, remedy = _unknown(str(distinct[at]), classes)
        wrong = np.flatnonzero(inverse == at)
        if isinstance(items.places, InFiles):  # a folder is told once
            folder = str(PurePath(items.places.files[int(wrong[0])]).parent)
            faults.add(folder, 0, code, message, remedy)
            continue
        for item in wrong[:MOST_FAULTS]:
            faults.add(*items.places.at(int(item)), code, _item(items, int(item)) + message, remedy)
    return np.array([each or 0 for each in found], np.uint8)[inverse]


def _unknown(label: str, classes: Classes) -> tuple[str, str, str]:
    """Code, message and remedy for a label that is no class."""
    if classes.by_name:
        close = None if isinstance(_whole(label, label), int) else nearest(label, classes.names)
        names = ", ".join(classes.names[:_SOME]) + (", ..." if len(classes.names) > _SOME else "")
        remedy = f"did you mean {quoted(close)}?" if close else f"there are {names}"
        return "unknown-class", f"there is no class {quoted(label)}", remedy
    if not isinstance(_whole(label, label), int):
        return "bad-label", f"expected a whole number as label, found {quoted(label)}", "mend it"
    values = [each for each in classes.number if isinstance(each, int)]
    if values == list(range(len(values))):
        return "label-out-of-range", f"expected a label from 0 to {len(values) - 1}, found {label}", "mend it"
    shown = ", ".join(map(str, values[: 2 * _SOME])) + (", ..." if len(values) > 2 * _SOME else "")
    return "label-out-of-range", f"expected one of the labels {shown}, found {label}", "mend it"
