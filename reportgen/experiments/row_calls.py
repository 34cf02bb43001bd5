"""The calls of every row, such as its layers and its optimiser: checked, counted, traced to their lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from reportgen.calls import named
from reportgen.calls.grammar import Fault
from reportgen.calls.row import Checked, Seen, check_row
from reportgen.calls.stack import MOST_PARAMETERS, Stack, check
from reportgen.errors import Problem
from reportgen.experiments.checks import File, row_notebook
from reportgen.experiments.lines import Path
from reportgen.experiments.problems import subject
from reportgen.experiments.words import quoted
from reportgen.notebooks import Notebook, check_value, typed_value, wrong_type

_HISTOGRAMS = ("orientations", "pixels_per_cell", "cells_per_block")
"""Parameters of a notebook that turns images into histograms of gradients."""


@dataclass(frozen=True)
class DataSeen:
    """What is known of a data set.

    Parameters
    ----------
    image_shape : tuple of int
        (height, width, channels).
    classes : int
    items : int
        Labelled images that training and validation share.
    """

    image_shape: tuple[int, int, int]
    classes: int
    items: int


@dataclass(frozen=True)
class OfRow:
    """What the calls of a row come to.

    Parameters
    ----------
    row : str
        Id of the row.
    values : mapping
        Its parameters, the notebook's defaults included, as they were typed.
    notebook : str
    checked : Checked
    problems : tuple of Problem
        The row cannot be run.
    warnings : tuple of Problem
        It can, but its author can hardly mean it.
    """

    row: str
    values: Mapping[str, Any]
    notebook: str
    checked: Checked
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True)
class RowCalls:
    """What the calls of all rows come to, and what stands against them, each thing once.

    Parameters
    ----------
    rows : tuple of OfRow
    problems, warnings : tuple of Problem
        Those between rows too.
    """

    rows: tuple[OfRow, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def of_rows(file: File, data: Mapping[str, DataSeen]) -> tuple[OfRow, ...]:
    """Check the calls of every row; parameters of other types are left to other checks.

    Parameters
    ----------
    file : File
    data : mapping of str to DataSeen
        Of the data sets of which it is known.
    """
    found = (_of_row(file, number, row, data) for number, row in file.tables("experiment"))
    return tuple(each for each in found if each is not None)


@dataclass(frozen=True)
class _Given:
    """The parameters of a row: what it and its section set, and where; the rest from the notebook."""

    values: dict[str, Any]
    places: dict[str, Path]


def _of_row(file: File, number: int, row: Mapping[str, Any], data: Mapping[str, DataSeen]) -> OfRow | None:
    notebook, section = row_notebook(file, row)
    if notebook is None or not isinstance(row.get("id"), str):
        return None
    given = _given(number, row, section, notebook)
    values = _read(notebook, given.values)
    seen = _seen(values, data.get(str(values.get("dataset"))))
    about = _About(file, ("experiment", number), given.places)
    checked = check_row(values, seen, given=given.places, allowed=_allowed(row, section))
    faults = [(each.fault.warning, about.problem(each.parameter, each.fault)) for each in checked.faults]
    if seen is not None and "layers" not in checked.bounds:
        staged, fault = _staged(values, seen, _allowed(row, section))
        checked = replace(checked, stack=staged)
        faults += [(False, about.problem(*fault))] if fault is not None else []
    found = [problem for warning, problem in faults if not warning]
    found += about.replaced(given.values)
    found += about.data(given.values, data.get(str(values.get("dataset"))))
    warnings = tuple(problem for warning, problem in faults if warning)
    return OfRow(row["id"], given.values, notebook.name, checked, tuple(found), warnings)


def _given(
    number: int, row: Mapping[str, Any], section: tuple[int, Mapping[str, Any]] | None, notebook: Notebook
) -> _Given:
    """The parameters of a row with the places of those it sets; without those that other checks refuse."""
    values = {name: each.default for name, each in notebook.parameters.items() if name != "seed"}
    places: dict[str, Path] = {}
    tables: list[tuple[Path, Mapping[str, Any]]] = [(("experiment", number), row)]
    tables += [(("section", section[0]), section[1])] if section else []
    for base, table in reversed(tables):
        parameters = table.get("parameters", {})
        for name, value in parameters.items() if isinstance(parameters, dict) else ():
            parameter = notebook.parameters.get(name) if name != "seed" else None
            if parameter is None:
                continue
            if wrong_type(parameter, value) or not (parameter.calls or check_value(parameter, value) is None):
                values.pop(name, None)
                continue
            values[name], places[name] = typed_value(parameter, value), (*base, "parameters", name)
    return _Given(values, places)


def _read(notebook: Notebook, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is read of a row: of calls only those that are, and no empty list where that is the default."""
    return {
        name: value
        for name, value in values.items()
        if name not in named.PARAMETERS
        or (notebook.parameters[name].calls and (value or notebook.parameters[name].default))
    }


def _staged(
    values: Mapping[str, Any], seen: Seen, allowed: int
) -> tuple[Stack | None, tuple[str, Fault] | None]:
    """The network that the starter notebooks build from stages, and that it is too large.

    Another notebook may do something else with parameters of these names: for it this is an estimate.
    """
    hidden, filters, sizes = (values.get(name) for name in ("hidden_units", "filters", "kernel_sizes"))
    dense = values.get("dense_units")
    if isinstance(hidden, list):
        texts, parameter, units = [], "hidden_units", hidden
    elif isinstance(filters, list) and isinstance(sizes, list) and isinstance(dense, int):
        pairs = zip(filters, sizes, strict=False)
        stages = [(f"Conv2D({count}, {side}, padding='same')", "MaxPooling2D(2)") for count, side in pairs]
        texts, parameter, units = [text for stage in stages for text in stage], "dense_units", [dense]
    else:
        return None, None
    texts += ["Flatten()"] if len(seen.input_shape) > 1 else []
    texts += [f"Dense({count})" for count in units]
    built, faults = check(
        [*texts, f"Dense({seen.classes}, activation='softmax')"],
        seen.input_shape,
        seen.classes,
        pixels=None,
        allowed=allowed,
    )
    others = [each for each in faults if each.code != "too-many-parameters"]
    large = next((each for each in faults if each not in others), None)
    if others or built is None:  # it does not fit: what happens then is for the notebook to say
        return None, None
    return built, None if large is None else (parameter, replace(large, entry=None, at=0))


def _allowed(row: Mapping[str, Any], section: tuple[int, Mapping[str, Any]] | None) -> int:
    for table in (row, section[1] if section else {}):
        allowed = table.get("allow_parameters")
        if isinstance(allowed, int) and not isinstance(allowed, bool):
            return allowed
    return MOST_PARAMETERS


def _seen(values: Mapping[str, Any], data: DataSeen | None) -> Seen | None:
    """What the network of a row is given."""
    if data is None:
        return None
    items = max(data.items - _held_out(values.get("validation"), data.items), 1)
    if not all(isinstance(values.get(name), int) for name in _HISTOGRAMS):
        return Seen(data.image_shape, data.classes, items)
    orientations, side, block = (int(values[name]) for name in _HISTOGRAMS)
    cells = [length // side - block + 1 for length in data.image_shape[:2]]
    return Seen((max(prod(cells), 1) * block**2 * orientations,), data.classes, items, None)


def _held_out(validation: Any, items: int) -> int:
    if isinstance(validation, float):
        return round(validation * items)
    return validation if isinstance(validation, int) else 0


@dataclass(frozen=True)
class _About:
    """Turns faults of a row into problems of the file."""

    file: File
    row: Path
    places: Mapping[str, Path]

    def problem(self, parameter: str, fault: Fault) -> Problem:
        """A fault of a text, with its line and its column where the file has the text."""
        place = self.places.get(parameter)
        if place is None:  # a default of the notebook
            where = f'{subject(self.row, self.file.raw)}: its notebook\'s "{parameter}"'
            return Problem(
                self.file.name,
                self.file.lines.line(self.row),
                fault.code,
                f"{where}: {fault.message}",
                fault.remedy,
            )
        where = f'{subject(place[:2], self.file.raw)}: parameter "{parameter}"'
        return named.problem(fault, self.file.name, self.file.lines, place, where)

    def replaced(self, values: Mapping[str, Any]) -> Iterator[Problem]:
        """Parameters that are given although others leave them without effect."""
        for name, by in named.replaced(values).items():
            if name in self.places and name != "learning_rate":  # that one is a fault of the optimiser's text
                message = f"{quoted(name)} has no effect beside {by}, which is the whole network"
                yield self.file.problem(
                    self.places[name], "without-effect", message, f"leave {name} out, or {by}"
                )

    def data(self, values: Mapping[str, Any], data: DataSeen | None) -> Iterator[Problem]:
        """What a row asks of its data and they do not have."""
        if data is None:
            return
        validation = values.get("validation")
        if isinstance(validation, int) and validation >= data.items:
            message = (
                f"validation takes {validation:,} images of {data.items:,}, which leaves none to train on"
            )
            yield self.file.problem(self._place("validation"), "too-few-images", message, "take fewer")
        channels = data.image_shape[2]
        if all(name in values for name in _HISTOGRAMS) and channels != 1:
            message = (
                f"histograms of gradients need grey images, and {values['dataset']} has {channels} channels"
            )
            remedy = 'write colour = "grey" in its [dataset] table, or take another notebook'
            yield self.file.problem(self._place("dataset"), "colour-images", message, remedy)

    def _place(self, parameter: str) -> Path:
        return self.places.get(parameter, self.row)
