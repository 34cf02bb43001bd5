"""Which settings differ between two rows, in the words of the hyper-parameters' table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen import language
from reportgen.analysis import numbers, words
from reportgen.results import Result

LENGTH = "epochs"
"""The parameter that two trainings can differ in and still be compared: at the end of the shorter one."""
MOST_VALUES = 2
"""Settings of which the values are printed too; of more, the names alone."""
MOST_NAMES = 4
"""Settings that are named; of more, the first `FIRST` and the number of the others."""
FIRST = 2


@dataclass(frozen=True)
class Change:
    """A parameter and its values in two rows, the latter two in print."""

    parameter: str
    new: str
    old: str


def changes(subject: Result, other: Result) -> tuple[Change, ...]:
    """Return what differs in the file: the notebook, parameters of both notebooks, the seed."""
    own, theirs = subject.row.parameters, other.row.parameters
    given: list[tuple[str, object, object]] = [("notebook", subject.row.notebook, other.row.notebook)]
    given += [(name, own[name], theirs[name]) for name in own if name in theirs]
    given += [("seed", subject.row.seed, other.row.seed)]
    return tuple(Change(name, _value(name, new), _value(name, old)) for name, new, old in given if new != old)


def listed(found: Sequence[Change]) -> str:
    """Return the changes in a row: with their values, where they are few."""
    if len(found) > MOST_VALUES:
        return named(found)
    names = _names()
    return language.listed(
        [
            language.text(
                "{name} ({new}, not {old})",
                name=names.get(change.parameter, change.parameter),
                new=change.new,
                old=change.old,
            )
            for change in found
        ]
    )


def named(found: Sequence[Change]) -> str:
    """Return the names of the changed settings in a row; of many, the first few."""
    readable = _names()
    names = [readable.get(change.parameter, change.parameter) for change in found]
    if len(names) > MOST_NAMES:
        rest = len(names) - FIRST
        names = [*names[:FIRST], language.text("{n} others", n=rest)]
    return language.listed(names)


def _value(name: str, value: object) -> str:
    if name in ("pixels_per_cell", "cells_per_block") and isinstance(value, int):
        return numbers.shape((value, value))
    if "activation" in name:
        return words.activation(str(value))
    if name == "dataset":
        return words.data_set(str(value))
    return str(value) if name == "seed" else numbers.plain(value)


def _names() -> dict[str, str]:
    """The parameters of the notebooks in words; another one keeps its name."""
    return {
        "notebook": language.text("notebook"),
        "dataset": language.text("data set"),
        "orientations": language.text("HOG orientations"),
        "pixels_per_cell": language.text("HOG cells"),
        "cells_per_block": language.text("HOG blocks"),
        "hidden_units": language.text("hidden units"),
        "activation": language.text("activation"),
        "filters": language.text("filters"),
        "kernel_sizes": language.text("kernel sizes"),
        "conv_activation": language.text("activation of the convolutions"),
        "dense_units": language.text("hidden units"),
        "dense_activation": language.text("activation of the hidden layers"),
        "dropout": language.text("dropout"),
        "optimizer": language.text("optimiser"),
        "learning_rate": language.text("learning rate"),
        "batch_size": language.text("batch size"),
        "epochs": language.text("epochs"),
        "validation": language.text("validation"),
        "seed": language.text("seed"),
    }
