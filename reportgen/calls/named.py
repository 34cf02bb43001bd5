"""The parameters of a notebook whose values are calls: which they are, and what they may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.calls.bound import Bound, read, read_all, text
from reportgen.calls.grammar import CallFault, Fault
from reportgen.errors import Problem
from reportgen.experiments.lines import Lines, Path
from reportgen.experiments.places import place_within


@dataclass(frozen=True)
class Taken:
    """What a parameter of this name takes.

    Parameters
    ----------
    families : tuple of str
        Of `signatures`.
    annotation : str
        Type that the parameters cell gives it; another one means something else by the name.
    """

    families: tuple[str, ...]
    annotation: str


PARAMETERS: Mapping[str, Taken] = {
    "layers": Taken(("layers", "applications"), "list[str]"),
    "augmentation": Taken(("augmentation",), "list[str]"),
    "callbacks": Taken(("callbacks",), "list[str]"),
    "optimizer": Taken(("optimizers",), "str"),
    "loss": Taken(("losses",), "str"),
    "schedule": Taken(("epoch_schedules",), "str"),
}
"""By the name of the parameter."""


def applies(name: str, annotation: str) -> bool:
    """Whether a parameter of this name and type holds calls; one that may be None does too."""
    taken = PARAMETERS.get(name)
    kinds = {part.strip() for part in annotation.split("|")} - {"None"}
    return taken is not None and kinds == {taken.annotation}


def bound(name: str, value: str | list[str]) -> tuple[list[Bound | None], list[Fault]]:
    """Read and check the value of a parameter; a single text is a list of one whose faults have no entry."""
    families = PARAMETERS[name].families
    if isinstance(value, str):
        one, faults = read(value, families)
        return [one], faults
    return read_all(value, families)


def canonical(name: str, value: Any) -> Any:
    """Return a value that is right in its one form, as the key and the notebook see it.

    Raises
    ------
    CallFault
        It is wrong; holds the first fault.
    """
    if value is None:
        return None
    found, faults = bound(name, value)
    if faults:
        raise CallFault(faults[0])
    texts = [text(each) for each in found]
    return texts[0] if isinstance(value, str) else texts


def problem(fault: Fault, file: str, lines: Lines, path: Path, where: str) -> Problem:
    """Return a fault as a problem of the file, with the line and the column it stands in.

    Parameters
    ----------
    fault : Fault
    file : str
        As the user named it.
    lines : Lines
    path : Path
        Of the parameter, such as ``("experiment", 2, "parameters", "layers")``.
    where : str
        What the message begins with, such as ``experiment "cnn-2": layers``.
    """
    at: Path = path if fault.entry is None else (*path, fault.entry)
    line, column = place_within(lines, at, fault.at)
    entry = "" if fault.entry is None else f", entry {fault.entry + 1}"
    return Problem(file, line, fault.code, f"{where}{entry}: {fault.message}", fault.remedy, column)
