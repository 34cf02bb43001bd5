"""What differs between two lists of layers, or of callbacks, piece by piece."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen.analysis import call_words
from reportgen.calls.bound import Bound, text

_INDEL, _RELATED, _ARGUMENT = 1.0, 1.4, 0.05
"""What it costs to add or leave out a layer, to put a related one in its place, to change an argument.

A replaced layer costs less than one left out and one added, and more than any change of its arguments.
"""
_MOST_ARGUMENTS = 0.8
_KINS = ("Conv", "Pooling", "Normalization", "Dropout", "LU", "Random", "RNN")
"""What the names of related classes have in common: one of them can stand in place of another."""


@dataclass(frozen=True)
class Piece:
    """One difference between two lists of calls.

    Parameters
    ----------
    kind : {"added", "removed", "replaced", "argument", "moved"}
    name : str
        Keras's class; of a replaced call the new one.
    places : tuple of str
        Where: names with their numbers, ``Conv2D 2``. Of what was added or removed, the calls after which;
        an empty text stands for the beginning. Of an argument, the calls that have it.
    said : str
        What was added or removed in words; of an argument its name; of a replaced call the class it replaces.
    new, old : tuple of str
        Values of an argument, one for each of the places, or one for all.
    """

    kind: str
    name: str
    places: tuple[str, ...]
    said: str
    new: tuple[str, ...] = ()
    old: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Step:
    """A place in the two lists: a call of each, or of one."""

    new: int | None
    old: int | None


def differences(new: Sequence[Bound], old: Sequence[Bound], ordered: bool = True) -> tuple[Piece, ...]:
    """Return what differs, the same change in several places as one.

    Parameters
    ----------
    new, old : sequence of Bound
    ordered : bool
        Whether their order means something, as that of layers does. Of callbacks the first of a class is
        set beside the first of that class.

    Returns
    -------
    tuple of Piece
        In the order of the new list; what was left out last.
    """
    steps = _aligned(tuple(new), tuple(old)) if ordered else _by_name(new, old)
    numbered_new, numbered_old = _numbered(new), _numbered(old)
    found = [
        *_arguments(steps, new, old, numbered_new),
        *_replaced(steps, new, old, numbered_new),
        *_alone("added", [step.new for step in steps if step.old is None], new, numbered_new, ordered),
        *_alone("removed", [step.old for step in steps if step.new is None], old, numbered_old, ordered),
    ]
    if not found and [str(each) for each in new] != [str(each) for each in old]:
        return (Piece("moved", "", (), ""),)
    return tuple(found)


def _numbered(calls: Sequence[Bound]) -> list[str]:
    """Names that tell the calls apart: ``Conv2D 2`` where there are several of a class."""
    every, seen, found = Counter(call.name for call in calls), Counter[str](), []
    for call in calls:
        seen[call.name] += 1
        found.append(f"{call.name}\u00a0{seen[call.name]}" if every[call.name] > 1 else call.name)
    return found


def _by_name(new: Sequence[Bound], old: Sequence[Bound]) -> list[_Step]:
    """The first of a class beside the first of that class."""
    waiting = {place: call.name for place, call in enumerate(old)}
    steps = []
    for place, call in enumerate(new):
        beside = next((other for other, name in waiting.items() if name == call.name), None)
        if beside is not None:
            del waiting[beside]
        steps.append(_Step(place, beside))
    return steps + [_Step(None, place) for place in waiting]


def _aligned(new: tuple[Bound, ...], old: tuple[Bound, ...]) -> list[_Step]:
    """The cheapest way from one list to the other (Needleman and Wunsch, J. Mol. Biol. 48, 1970)."""
    costs = [[float(i + j) * _INDEL for j in range(len(old) + 1)] for i in range(len(new) + 1)]
    for i, one in enumerate(new, 1):
        for j, other in enumerate(old, 1):
            costs[i][j] = min(
                costs[i - 1][j - 1] + _distance(one, other),
                costs[i - 1][j] + _INDEL,
                costs[i][j - 1] + _INDEL,
            )
    steps, i, j = [], len(new), len(old)
    while i or j:
        # Of layers that are alike the last one is the one that was added, or left out.
        if i and costs[i][j] == costs[i - 1][j] + _INDEL:
            i -= 1
            steps.append(_Step(i, None))
        elif j and costs[i][j] == costs[i][j - 1] + _INDEL:
            j -= 1
            steps.append(_Step(None, j))
        else:
            i, j = i - 1, j - 1
            steps.append(_Step(i, j))
    return steps[::-1]


def _distance(one: Bound, other: Bound) -> float:
    if one.name != other.name:
        related = any(kin in one.name and kin in other.name for kin in _KINS)
        return _RELATED if related else 3 * _INDEL
    if call_words.written(one) == call_words.written(other):
        return 0.0
    return min(_MOST_ARGUMENTS, 0.2 + _ARGUMENT * len(_differing(one, other)))


def _differing(one: Bound, other: Bound) -> list[str]:
    """Arguments with different values in two calls of one class."""
    names = dict.fromkeys([*one.signature.defaults, *other.given])
    return [
        name for name in names
        if name != "name" and text(one.get(name)) != text(other.get(name))
    ]  # fmt: skip


def _arguments(
    steps: Sequence[_Step], new: Sequence[Bound], old: Sequence[Bound], names: Sequence[str]
) -> Iterator[Piece]:
    """Changed arguments: those of one name in one class as one; in several classes where the values agree."""
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    for step in steps:
        if step.new is None or step.old is None or new[step.new].name != old[step.old].name:
            continue
        one, other = new[step.new], old[step.old]
        for name in _differing(one, other):
            values = call_words.value(name, one.get(name)), call_words.value(name, other.get(name))
            found.setdefault((one.name, name), []).append((names[step.new], *values))
    merged: dict[object, tuple[str, str, list[tuple[str, str, str]]]] = {}
    for (kind, name), each in found.items():
        pairs = {pair[1:] for pair in each}
        key = (name, *pairs) if len(pairs) == 1 else (kind, name)
        merged.setdefault(key, (kind, name, []))[2].extend(each)
    for kind, name, each in merged.values():
        shown = each[:1] if len({pair[1:] for pair in each}) == 1 else each
        yield Piece(
            "argument", kind, tuple(pair[0] for pair in each), name,
            tuple(pair[1] for pair in shown), tuple(pair[2] for pair in shown),
        )  # fmt: skip


def _replaced(
    steps: Sequence[_Step], new: Sequence[Bound], old: Sequence[Bound], names: Sequence[str]
) -> Iterator[Piece]:
    found: dict[tuple[str, str], list[str]] = {}
    for step in steps:
        if step.new is None or step.old is None or new[step.new].name == old[step.old].name:
            continue
        key = call_words.label(new[step.new]), old[step.old].name
        found.setdefault(key, []).append(names[step.new])
    for (said, former), places in found.items():
        yield Piece("replaced", former, tuple(places), said)


def _alone(
    kind: str, places: Sequence[int | None], calls: Sequence[Bound], names: Sequence[str], ordered: bool
) -> Iterator[Piece]:
    """What only one list has, the same call in several places as one."""
    found: dict[tuple[str, str], list[str]] = {}
    for place in places:
        assert place is not None
        call = calls[place]
        after = names[place - 1] if place and ordered else ""
        found.setdefault((call.name, call_words.label(call)), []).append(after)
    for (name, said), before in found.items():
        yield Piece(kind, name, tuple(before) if ordered else (), said)
