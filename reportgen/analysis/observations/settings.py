"""Which settings differ between two rows, in the words of the hyper-parameters' table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen import language
from reportgen.analysis import call_words, numbers, words
from reportgen.analysis.observations import call_changes
from reportgen.analysis.observations.call_changes import WARM, CallChange
from reportgen.results import Result

LENGTH = "epochs"
"""The parameter that two trainings can differ in and still be compared: at the end of the shorter one."""
NOTEBOOK = "notebook"
"""What is no parameter: which kind of experiment a row is."""
MOST_VALUES = 2
"""Settings of which the values are printed too; of more, the names alone."""
MOST_NAMES = 6
"""Settings that are named; of more, the first `FIRST` and the number of the others."""
FIRST = 4


@dataclass(frozen=True)
class Change:
    """A parameter and its values in two rows, the latter two in print.

    `with_it` are the parameters of the same kind that change in the same way: together they are one change.
    `throughout` says that the rows have no other parameter of that kind. `call` is one difference of
    settings that are calls, which have no values of their own here.
    """

    parameter: str
    new: str
    old: str
    with_it: tuple[str, ...] = ()
    throughout: bool = False
    call: CallChange | None = None

    @property
    def name(self) -> str:
        """In words: ``activation throughout``, ``+ BatchNormalization``."""
        if self.call is not None:
            return self.call.short
        if self.with_it and self.throughout and _kind(self.parameter) == "activation":
            return language.text("activation throughout")
        readable = display_names()
        names = (self.parameter, *self.with_it)
        return language.listed([readable.get(name, name) for name in names])

    @property
    def valued(self) -> str:
        """Its name with both values; the kind of experiment has none."""
        if self.call is not None:
            return self.call.long
        if self.parameter == NOTEBOOK:
            return self.name
        return language.text("{name} ({new}, not {old})", name=self.name, new=self.new, old=self.old)


def changes(subject: Result, other: Result) -> tuple[Change, ...]:
    """Return what differs in the file: the notebook, parameters of both, the first weights, the seed.

    The notebook counts only where it stands for more than the parameters say: not where the layers of both
    are given as calls, and their inputs are alike. Epochs are those that the runs were given, which in a
    quick run are the same ones for every row.

    Parameters of one kind that change from the same value to the same value are one change. Of parameters
    that are calls each layer, each callback and each argument that differs is a change of its own.
    """
    own, theirs = subject.row.parameters, other.row.parameters
    given: list[tuple[str, object, object]] = []
    if not _told_by_calls(subject, other):
        given.append((NOTEBOOK, subject.row.notebook, other.row.notebook))
    both = [name for name in own if name in theirs]
    called = {name for name in both if call_changes.applies(name, own[name], theirs[name])}
    # The rate of an optimiser that is a bare name is compared with that of one that is called.
    told = called | {"learning_rate"} if "optimizer" in called else called
    given += [(name, *_values(name, subject, other)) for name in both if name not in told]
    given += [("seed", subject.row.seed, other.row.seed)]
    found = [Change(name, _value(name, new), _value(name, old)) for name, new, old in given if new != old]
    merged = _together(found, both)
    return (*_of_calls(called, subject, other), *_first_weights(subject, other), *merged)


def _told_by_calls(subject: Result, other: Result) -> bool:
    """Whether both networks are given layer by layer for the same inputs: their notebooks add nothing."""
    if not all(call_words.calls("layers", each.row.parameters.get("layers")) for each in (subject, other)):
        return False
    first, second = subject.record, other.record
    return first is not None and second is not None and first.features.kind == second.features.kind


def _values(name: str, subject: Result, other: Result) -> tuple[object, object]:
    """A parameter's values in two rows; of epochs the number that the runs were given, where it is known."""
    values = subject.row.parameters[name], other.row.parameters[name]
    if name != LENGTH:
        return values
    planned = _planned(subject), _planned(other)
    return planned if None not in planned else values


def _planned(result: Result) -> int | None:
    """The epochs that every run of a row was given; None where that is not known."""
    given = {None if record.stopped is None else record.stopped.planned for record in result.records}
    return given.pop() if len(given) == 1 else None


def _of_calls(called: set[str], subject: Result, other: Result) -> Iterator[Change]:
    """Layers first, then what trains them."""
    own, theirs = subject.row.parameters, other.row.parameters
    order = ("layers", "augmentation", "optimizer", "schedule", "callbacks", "loss")
    for name in sorted(called, key=lambda each: (order.index(each) if each in order else len(order), each)):
        for change in call_changes.changed(name, own, theirs):
            yield Change(name, "", "", call=change)


def _first_weights(subject: Result, other: Result) -> Iterator[Change]:
    """A training that begins with the weights of another row, beside one that begins with other ones."""
    new, old = subject.row.warm_start, other.row.warm_start
    if new != old:
        known = (subject, other)
        yield Change(WARM, _weights_of(new, known), _weights_of(old, known))


def _weights_of(source: str | None, known: Sequence[Result]) -> str:
    if source is None:
        return language.text("random ones")
    title = next((result.row.title for result in known if result.row.id == source), source)
    return language.text("those of {title}", title=language.quoted(title))


def _together(found: Sequence[Change], parameters: Sequence[str]) -> tuple[Change, ...]:
    """The changes, those of one kind with the same values as one."""
    groups: dict[tuple[str, str, str], list[Change]] = {}
    for change in found:
        groups.setdefault((_kind(change.parameter), change.new, change.old), []).append(change)
    merged = []
    for (kind, new, old), group in groups.items():
        first, *others = (change.parameter for change in group)
        all_of_kind = len(group) == sum(_kind(name) == kind for name in parameters)
        merged.append(Change(first, new, old, tuple(others), all_of_kind))
    return tuple(merged)


def _kind(parameter: str) -> str:
    """What a parameter sets: the last word of its name."""
    return parameter.rpartition("_")[2]


def listed(found: Sequence[Change]) -> str:
    """Return the changes in a row: with their values, where they are few."""
    if len(found) > MOST_VALUES:
        return named(found)
    return language.listed([change.valued for change in found])


def named(found: Sequence[Change]) -> str:
    """Return the names of the changed settings in a row; of many, the first few."""
    names = [change.name for change in found]
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


def display_names() -> dict[str, str]:
    """The parameters of the notebooks in words; another one keeps its name."""
    return {
        NOTEBOOK: language.text("kind of experiment"),
        WARM: language.text("first weights"),
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
        "layers": language.text("layers"),
        "augmentation": language.text("augmentation"),
        "callbacks": language.text("callbacks"),
        "schedule": language.text("schedule"),
        "loss": language.text("loss"),
    }
