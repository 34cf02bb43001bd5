"""What a stage varies, as tables and figures set it out: a list of equal numbers is a depth and a width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reportgen import language
from reportgen.analysis import numbers
from reportgen.experiments.resolved import Row
from reportgen.experiments.stages import Stage

Part = Literal["", "depth", "width", "first", "second"]

_NAMES: Mapping[str, str] = {
    "activation": language.message("Activation"),
    "augmentation": language.message("Augmentation"),
    "batch_size": language.message("Batch size"),
    "callbacks": language.message("Callbacks"),
    "dataset": language.message("Data set"),
    "dropout": language.message("Dropout"),
    "epochs": language.message("Epochs"),
    "filters": language.message("Filters"),
    "hidden_units": language.message("Hidden units"),
    "kernel_initializer": language.message("First weights"),
    "kernel_sizes": language.message("Kernel sizes"),
    "layers": language.message("Layers"),
    "learning_rate": language.message("Learning rate"),
    "loss": language.message("Loss"),
    "optimizer": language.message("Optimiser"),
    "schedule": language.message("Schedule"),
    "validation": language.message("Held out for validation"),
}
"""Parameters of the notebooks that come along; one's own go by the name that the file gives them."""
_PARTS: Mapping[Part, str] = {
    "depth": language.message("{name}: how many"),
    "width": language.message("{name}: each"),
    "first": language.message("{name}, first layer"),
    "second": language.message("{name}, second layer"),
}
_OF_HIDDEN: Mapping[Part, str] = {
    "depth": language.message("Hidden layers"),
    "width": language.message("Units per layer"),
}


@dataclass(frozen=True)
class Dimension:
    """One thing that the rows of a stage differ in.

    Parameters
    ----------
    name : str
        Of the axis, as the file has it.
    part : str
        ``depth`` and ``width`` of lists of equal entries, ``first`` and ``second`` of pairs; else empty.
    values : tuple
        In order: numbers by size, anything else as it first appears in the file.
    of : mapping of str to object
        The value of each row, by its id.
    """

    name: str
    part: Part
    values: tuple[Any, ...]
    of: Mapping[str, Any]

    @property
    def label(self) -> str:
        """What a heading calls it."""
        if self.name == "hidden_units" and self.part in _OF_HIDDEN:
            return language.text(_OF_HIDDEN[self.part])
        if self.part:
            return language.text(_PARTS[self.part], name=named(self.name))
        return named(self.name)

    @property
    def within(self) -> str:
        """What it is called within a sentence."""
        return _lowered(self.label)

    @property
    def numeric(self) -> bool:
        """Whether all its values are numbers."""
        return all(_is_number(value) for value in self.values)


def named(axis: str) -> str:
    """Return what the report calls a parameter, or a name that stands in braces."""
    if axis in _NAMES:
        return language.text(_NAMES[axis])
    spaced = axis.replace("_", " ").strip()
    return spaced[:1].upper() + spaced[1:]


def printed(value: Any) -> str:
    """Return a value in print: ``64``, ``600, 200``, ``relu``, ``yes``, ``none``."""
    if isinstance(value, (list, tuple)) and not value:
        return language.text("none")
    return numbers.plain(value)


def called(stage: Stage) -> str:
    """Return what the report calls a stage: its title, or what it varies."""
    return stage.title or language.listed(
        [named(stage.axes[0].name), *(_lowered(named(axis.name)) for axis in stage.axes[1:])]
    )


def _lowered(name: str) -> str:
    """A name that does not begin a sentence; one in capitals stays as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def dimensions(stage: Stage, rows: Sequence[Row]) -> tuple[Dimension, ...]:
    """Return what the rows of a stage differ in.

    Parameters
    ----------
    stage : Stage
    rows : sequence of Row
        Its rows.

    Returns
    -------
    tuple of Dimension
        One for each axis of the stage, in its order. An axis whose values are lists of equal entries, such
        as ``[[50, 50], [100, 100, 100]]``, is two: how many entries, and which. So is one whose values are
        pairs, where at least half of the combinations of their halves were tried.
    """
    found: list[Dimension] = []
    for axis in stage.axes:
        own = {row.id: _value(row, axis.name) for row in rows}
        for part, values in _split(own).items():
            found.append(Dimension(axis.name, part, _in_order(list(values.values())), values))
    return tuple(found)


def _value(row: Row, name: str) -> Any:
    """What a row tries; a point that leaves an axis out has what its stage begins with."""
    own = row.origin.values if row.origin is not None else {}
    return own.get(name, row.parameters.get(name))


def _split(own: Mapping[str, Any]) -> dict[Part, dict[str, Any]]:
    lists = [value for value in own.values() if isinstance(value, (list, tuple))]
    if len(lists) < len(own) or not all(lists) or len(set(map(repr, lists))) < 2:
        return {"": dict(own)}
    if all(entry == value[0] for value in lists for entry in value):
        depth = {row: len(value) for row, value in own.items()}
        return {"depth": depth, "width": {row: value[0] for row, value in own.items()}}
    if all(len(value) == 2 for value in lists) and _crossed(lists):
        return {"first": {r: v[0] for r, v in own.items()}, "second": {r: v[1] for r, v in own.items()}}
    return {"": dict(own)}


def _crossed(pairs: Sequence[Sequence[Any]]) -> bool:
    """Whether most combinations of first and second entries are there."""
    first, second, every = ({repr(part) for part in parts} for parts in (*zip(*pairs, strict=True), pairs))
    return 2 * len(every) >= len(first) * len(second) and min(len(first), len(second)) > 1


def _in_order(values: Sequence[Any]) -> tuple[Any, ...]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return tuple(sorted(found)) if all(map(_is_number, found)) else tuple(found)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
