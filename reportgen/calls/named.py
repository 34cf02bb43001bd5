"""The parameters of a notebook whose values are calls: which they are, and what they may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.calls.bound import Bound, read, read_all, text
from reportgen.calls.grammar import CallFault, Fault, names
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
    "kernel_initializer": Taken(("initializers",), "str"),
    "kernel_regularizer": Taken(("regularizers",), "str"),
}
"""By the name of the parameter."""

_SHAPING = names(
    """units neurons filters kernel_size kernel_sizes pool_size strides padding activation activations dropout
    dropout_rate initializer regularizer batch_normalization"""
)
"""Ends of the names of parameters that describe a network stage by stage."""


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
    if PARAMETERS[name].families == ("initializers",):
        texts = [each.strip("'") for each in texts]  # a name of Keras stands in quotes inside a call only
    return texts[0] if isinstance(value, str) else texts


def replaced(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the parameters that others leave without effect, each with the one that does.

    A whole network in `layers` takes the place of what describes it stage by stage; an optimiser that is
    called has its own learning rate.

    Parameters
    ----------
    values : mapping of str to value
        Parameters of a notebook, defaults included.
    """
    found: dict[str, str] = {}
    layers, optimizer = values.get("layers"), values.get("optimizer")
    if isinstance(layers, list) and layers and all(isinstance(each, str) for each in layers):
        found |= {name: "layers" for name in values if _shapes(name)}
    if isinstance(optimizer, str) and "(" in optimizer and "learning_rate" in values:
        found["learning_rate"] = "optimizer"
    return found


def in_force(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters without those that `replaced` finds: what a key and a record hold."""
    without = replaced(values)
    return {name: value for name, value in values.items() if name not in without}


def _shapes(name: str) -> bool:
    words = name.split("_")
    return any("_".join(words[start:]) in _SHAPING for start in range(len(words)))


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
