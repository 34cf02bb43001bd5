"""Changes of the settings that are calls: layers, augmentation, callbacks, optimiser, schedule, loss.

Each difference that Keras would see is one change: two layers added and a rate changed are three.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen import language
from reportgen.analysis import call_words, lists, numbers
from reportgen.analysis.stack_changes import Piece, differences
from reportgen.calls import named
from reportgen.calls.bound import Bound, text
from reportgen.calls.grammar import Value

LISTS = {"augmentation": False, "layers": True, "callbacks": False}
"""Parameters that hold several calls, and whether their order means something."""
WARM = "warm_start"
"""What is no parameter: the row whose weights a training begins with."""

_WORDS = {
    "learning_rate": language.message("learning rate"),
    "rate": language.message("rate"),
    "weight_decay": language.message("weight decay"),
    "beta_1": language.message("beta 1"),
    "beta_2": language.message("beta 2"),
}


@dataclass(frozen=True)
class CallChange:
    """A difference in words.

    Parameters
    ----------
    parameter : str
        In which it is.
    short : str
        What changed: ``rate of Dropout``, ``+ BatchNormalization``.
    long : str
        The same with values and places: ``+ BatchNormalization after Conv2D 1 and Conv2D 2``.
    """

    parameter: str
    short: str
    long: str


def applies(name: str, one: Any, other: Any) -> bool:
    """Whether the values of a parameter in two rows are calls that can be read, or none."""
    if name not in named.PARAMETERS or named.PARAMETERS[name].families == ("initializers",):
        return False
    known = [bool(call_words.calls(name, value)) or _empty(value) for value in (one, other)]
    return all(known) and not (_empty(one) and _empty(other))


def _empty(value: Any) -> bool:
    return value is None or value == "none" or (isinstance(value, (list, tuple)) and not value)


def changed(name: str, own: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[CallChange]:
    """Yield what differs in one parameter, `applies` says that it can be read.

    Parameters
    ----------
    name : str
    own, theirs : mapping of str to value
        All parameters of the two rows.
    """
    if name == "optimizer":
        yield from _of_optimizer(own, theirs)
    elif name in LISTS:
        new, old = call_words.calls(name, own[name]), call_words.calls(name, theirs[name])
        if name == "layers" and not (new and old):
            yield _whole(new, old)
        else:
            yield from pieces(name, new, old)
    elif own[name] != theirs[name]:
        kinds = [next((call.name for call in call_words.calls(name, of[name])), "") for of in (own, theirs)]
        if kinds[0] == kinds[1]:
            kinds = [call_words.parameter(name, of[name]) for of in (own, theirs)]
        none = numbers.plain(None)
        yield _valued(name, _names().get(name, name), kinds[0] or none, kinds[1] or none)


def _names() -> dict[str, str]:
    return {
        "schedule": language.text("schedule"),
        "loss": language.text("loss"),
        "optimizer": language.text("optimiser"),
        "learning_rate": language.text("learning rate"),
        "layers": language.text("layers"),
    }


def _valued(parameter: str, name: str, new: str, old: str) -> CallChange:
    said = language.text("{name} ({new}, not {old})", name=name, new=new, old=old)
    return CallChange(parameter, name, said)


def _whole(new: Sequence[Bound], old: Sequence[Bound]) -> CallChange:
    """A network of calls beside one that the notebook builds by its other parameters."""
    own = language.text("the notebook’s own")
    each = [call_words.kinds([call.name for call in calls]) if calls else own for calls in (new, old)]
    return _valued("layers", _names()["layers"], *each)


def _of_optimizer(own: Mapping[str, Any], theirs: Mapping[str, Any]) -> Iterator[CallChange]:
    """Its class, its rate, and the other arguments: of two classes only those that somebody gave."""
    new, old = call_words.optimizer_of(own), call_words.optimizer_of(theirs)
    if new is None or old is None:
        return
    (name, arguments), (other, before) = new, old
    if name != other:
        yield _valued("optimizer", _names()["optimizer"], name, other)
    for argument in dict.fromkeys([*arguments, *before]):
        pair = arguments.get(argument), before.get(argument)
        if text(pair[0]) == text(pair[1]):
            continue
        if name != other and argument != "learning_rate" and not _given(new, old, argument):
            continue
        after, former = _shown(argument, arguments), _shown(argument, before)
        yield _valued("optimizer", _word(argument), after, former)


def _given(new: tuple[str, Mapping[str, Any]], old: tuple[str, Mapping[str, Any]], argument: str) -> bool:
    """Whether one of two different optimisers has an argument that is not Keras's default."""
    return any(
        argument in arguments and text(arguments[argument]) != text(call_words.default_of(name, argument))
        for name, arguments in (new, old)
    )


def _shown(argument: str, arguments: Mapping[str, Value]) -> str:
    """The value of an argument in print; one that the optimiser does not have is none."""
    if argument not in arguments:
        return numbers.plain(None)
    value = arguments[argument]
    # A schedule in place of a rate stands in parentheses already.
    return call_words.label(value) if isinstance(value, Bound) else call_words.value(argument, value)


def _word(argument: str) -> str:
    return language.text(_WORDS[argument]) if argument in _WORDS else argument


def pieces(name: str, new: Sequence[Bound], old: Sequence[Bound]) -> Iterator[CallChange]:
    """Yield the differences of two lists of calls in words."""
    for piece in differences(new, old, LISTS[name]):
        yield CallChange(name, _short(piece), _long(piece))


def _short(piece: Piece) -> str:
    """What changed, without values."""
    match piece.kind:
        case "added":
            return f"+ {piece.name}"
        case "removed":
            return f"− {piece.name}"
        case "replaced":
            return language.text("{new} for {old}", new=piece.said.partition(" ")[0], old=piece.name)
        case "argument":
            return _argument_of(piece)
    return language.text("the order of the layers")


def _argument_of(piece: Piece) -> str:
    """``rate of Dropout``; a class once, not each of its layers."""
    classes = list(dict.fromkeys(place.partition("\u00a0")[0] for place in piece.places))
    of = language.listed(list(piece.places) if len(piece.places) == 1 else classes)
    return language.text("{argument} of {layers}", argument=_word(piece.said), layers=of)


def _together(places: Sequence[str]) -> list[str]:
    """Places with the number of those of one class in a row: ``Conv2D 1–3``."""
    found: list[str] = []
    runs: list[tuple[str, int, int]] = []
    for place in places:
        name, mark, number = place.partition("\u00a0")
        if not mark:
            runs.append((place, 0, 0))
        elif runs and runs[-1][0] == name and runs[-1][2] + 1 == int(number):
            runs[-1] = (name, runs[-1][1], int(number))
        else:
            runs.append((name, int(number), int(number)))
    for name, first, last in runs:
        numbered = f"{first}" if first == last else f"{first}–{last}"
        if last == first + 1:
            numbered = language.listed([str(first), str(last)])
        found.append(f"{name}\u00a0{numbered}" if first else name)
    return list(dict.fromkeys(found))


def _long(piece: Piece) -> str:
    """What changed, with values and places."""
    places = language.listed(_together(piece.places))
    match piece.kind:
        case "added" | "removed":
            sign = "+" if piece.kind == "added" else "−"
            called = f"{sign} {piece.said}"
            if not piece.places:
                return called
            if not all(piece.places):
                return language.text("{layer} at the beginning", layer=called)
            return language.text("{layer} after {places}", layer=called, places=places)
        case "replaced":
            new = language.text("{new} for {old}", new=piece.said, old=piece.name)
            return new if len(piece.places) == 1 else f"{new} ({numbers.plain(len(piece.places))} ×)"
        case "argument":
            if piece.said == "rate" and len(piece.new) == 1 and len(piece.places) == 1:
                return f"{piece.places[0]} {piece.old[0]} → {piece.new[0]}"
            values = f"{lists.series(piece.old)} → {lists.series(piece.new)}"
            return language.text(
                "{argument} of {layers}: {values}",
                argument=_word(piece.said),
                layers=places,
                values=values,
            )
    return _short(piece)
