"""Calls of Keras in a row's parameters, read with Python's own grammar, and how two lists of them differ."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

LISTS = ("layers", "augmentation", "callbacks")
KINS = ("Conv", "Pooling", "Normalization", "Dropout", "LU", "Random", "RNN")
Made = tuple[str, tuple[tuple[str, str], ...]]
"""A class, and its arguments by name or by place."""


@cache
def read(text: str) -> Made:
    """A call as its class and its arguments; a bare name has none."""
    found = ast.parse(text.strip(), mode="eval").body
    if not isinstance(found, ast.Call):
        return text.strip(), ()
    name = found.func.id if isinstance(found.func, ast.Name) else ast.unparse(found.func)
    given = [(str(place), ast.unparse(value)) for place, value in enumerate(found.args)]
    given += [(str(each.arg), ast.unparse(each.value)) for each in found.keywords]
    return name, tuple(given)


def listed(value: Any) -> tuple[Made, ...]:
    """The calls of a parameter."""
    return tuple(read(each) for each in value) if isinstance(value, list) else ()


def apart(one: Made, other: Made) -> list[tuple[str, str | None, str | None]]:
    """Arguments that differ between two calls of a class, with both values."""
    own, theirs = dict(one[1]), dict(other[1])
    names = dict.fromkeys([*own, *theirs])
    return [(name, own.get(name), theirs.get(name)) for name in names if own.get(name) != theirs.get(name)]


def changes(parameter: str, new: Sequence[Made], old: Sequence[Made]) -> int:
    """How many differences two lists have: each kind of layer put in or left out, each argument by class."""
    steps = _best(tuple(new), tuple(old))[1] if parameter == "layers" else _by_class(new, old)
    found: set[tuple[str, ...]] = set()
    arguments: dict[tuple[str, str], set[tuple[str | None, str | None]]] = {}
    for one, other in steps:
        if one is None or other is None:
            found.add(("in" if one else "out", repr(one or other)))
        elif one[0] != other[0]:
            found.add(("for", repr(one), other[0]))
        else:
            for name, *values in apart(one, other):
                arguments.setdefault((one[0], name), set()).add((values[0], values[1]))
    for (kind, name), pairs in arguments.items():
        same = next(iter(pairs)) if len(pairs) == 1 else None
        found.add(("argument", name, repr(same)) if same else ("argument", kind, name))
    return len(found)


Steps = tuple[tuple[Made | None, Made | None], ...]


@cache
def _best(new: tuple[Made, ...], old: tuple[Made, ...]) -> tuple[float, Steps]:
    """The cheapest way between two lists, from their ends backwards; recursion, no table."""
    if not new or not old:
        left: Steps = tuple((one, None) for one in new) + tuple((None, one) for one in old)
        return float(len(left)), left
    one, other = new[-1], old[-1]
    ways = []
    if (cost := _cost(one, other)) is not None:
        before = _best(new[:-1], old[:-1])
        ways.append((before[0] + cost, (*before[1], (one, other))))
    before = _best(new[:-1], old)
    ways.append((before[0] + 1, (*before[1], (one, None))))
    before = _best(new, old[:-1])
    ways.append((before[0] + 1, (*before[1], (None, other))))
    return min(ways, key=lambda way: way[0])


def _cost(one: Made, other: Made) -> float | None:
    if one == other:
        return 0.0
    if one[0] == other[0]:
        return min(0.8, 0.2 + 0.05 * len(apart(one, other)))
    return 1.4 if any(kin in one[0] and kin in other[0] for kin in KINS) else None


def _by_class(new: Sequence[Made], old: Sequence[Made]) -> Steps:
    waiting, steps = list(old), []
    for one in new:
        other = next((each for each in waiting if each[0] == one[0]), None)
        if other is not None:
            waiting.remove(other)
        steps.append((one, other))
    return (*steps, *((None, other) for other in waiting))


def optimizer(parameters: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """The optimiser's name in small letters, and its arguments with the rate under its name."""
    name, given = read(str(parameters["optimizer"]))
    arguments = {("learning_rate" if key == "0" else key): value for key, value in given}
    if not given and "learning_rate" in parameters:
        arguments["learning_rate"] = repr(parameters["learning_rate"])
    return name.lower(), arguments


def of_optimizers(own: Mapping[str, Any], theirs: Mapping[str, Any]) -> int:
    """How many settings of two optimisers differ: the class, and the arguments that somebody gave."""
    (name, new), (other, old) = optimizer(own), optimizer(theirs)
    return (name != other) + sum(new.get(key) != old.get(key) for key in {*new, *old})


def numbers(parameters: Mapping[str, Any]) -> set[float]:
    """Every number in the calls of a row, and how many layers there are of each class."""
    texts = [text for name in LISTS for text in parameters.get(name) or ()]
    texts += [str(parameters.get(name)) for name in ("optimizer", "schedule", "loss")]
    found: set[float] = set()
    for text in texts:
        try:
            tree = ast.parse(text, mode="eval")
        except SyntaxError:
            continue
        found |= {
            float(each.value)
            for each in ast.walk(tree)
            if isinstance(each, ast.Constant) and isinstance(each.value, (int, float))
        }
    kinds = [read(text)[0] for text in parameters.get("layers") or ()]
    return found | {float(place) for kind in kinds for place in range(1, kinds.count(kind) + 1)}
