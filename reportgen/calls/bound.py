"""A call checked against the signature of what it names, and brought to its one form.

Two texts that mean the same to Keras have one canonical text: spacing, quotes, the order of
arguments, by place or by name, aliases, and defaults written out make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportgen.calls.argument_kinds import kind_of
from reportgen.calls.grammar import Argument, Call, CallFault, Fault, Value, parse, written
from reportgen.calls.hints import SINGULAR, argument_remedy, missing_remedy, refusal
from reportgen.calls.keras_names import LOSSES, OPTIMISERS
from reportgen.calls.kinds import Kind, Made, Refused
from reportgen.calls.signatures import REQUIRED, Signature, family, find, known, others
from reportgen.experiments.words import nearest, quoted, suggestion

_BARE = {"optimizers": OPTIMISERS, "losses": LOSSES}
"""Families whose things may be named without a call, and the names that Keras resolves."""

_BY_NAME = frozenset({"initializers", "regularizers"})
"""Families whose things are made by their short names, too."""

_KEPT = frozenset({"learning_rate", "pool_size", "size", "monitor", "patience", "l1", "l2"})
"""Arguments that are written out even where they have their default: what a reader asks for first."""

_FIRST = frozenset({"learning_rate", "pool_size", "size"})
"""Arguments with a default that go by place, where they come first."""

_NAME = re.compile(r"\s*(?:\w+\.)*(\w+)\(")

_SILENT = frozenset({"verbose"})
"""Arguments that change what is printed, and nothing else."""


@dataclass(frozen=True)
class Bound:
    """A call that is right.

    Parameters
    ----------
    signature : Signature
    given : mapping of str to value
        Arguments that differ from their defaults, in Keras's order and each in its one form; values
        that are made by a call are `Bound` themselves.
    at : int
        Place of the name in the text.
    places : mapping of str to int
        Places of the arguments in the text.
    bare : bool
        True for a name without a call, such as ``rmsprop``.
    """

    signature: Signature
    given: Mapping[str, Value]
    at: int = 0
    places: Mapping[str, int] = field(default_factory=dict)
    bare: bool = False

    @property
    def name(self) -> str:
        """Keras's name, such as ``MaxPooling2D``."""
        return self.signature.name

    def __getitem__(self, argument: str) -> Value:
        """An argument's value, its default where none was given."""
        if argument in self.given:
            return self.given[argument]
        return _settled(self.signature, argument, self.signature.defaults[argument])

    def get(self, argument: str, otherwise: Value = None) -> Value:
        """An argument's value, or `otherwise` where the class does not have it."""
        return self[argument] if argument in self.signature.defaults else otherwise

    def __str__(self) -> str:
        """The canonical text."""
        return text(self)


def read(source: str, families: tuple[str, ...]) -> tuple[Bound | None, list[Fault]]:
    """Read and check one text.

    Returns
    -------
    (Bound or None, list of Fault)
        Every fault that was found; None where there is one.
    """
    try:
        call = parse(source)
    except CallFault as stop:
        name = _NAME.match(source)
        hopeless = name is not None and refusal(families[0], name.group(1)) is not None
        # What a row cannot use needs no word on its arguments.
        return None, [
            _unknown(Call(name.group(1), at=name.start(1)), families) if hopeless and name else stop.fault
        ]
    return bind(call, families)


def read_all(sources: Sequence[str], families: tuple[str, ...]) -> tuple[list[Bound | None], list[Fault]]:
    """Read and check a list of texts; faults say which entry is meant."""
    bounds, faults = [], []
    for entry, source in enumerate(sources):
        bound, found = read(source, families)
        bounds.append(bound)
        faults += [fault.of(entry) for fault in found]
    return bounds, faults


def canonical(source: str, families: tuple[str, ...]) -> str:
    """Return the one text of a call that is right.

    Raises
    ------
    CallFault
        It is not; holds the first fault.
    """
    bound, faults = read(source, families)
    if bound is None:
        raise CallFault(faults[0])
    return text(bound)


def bind(call: Call, families: tuple[str, ...]) -> tuple[Bound | None, list[Fault]]:
    """Check a call against what its name takes in some families."""
    signature = find(families, call.name)
    what = SINGULAR[families[0]]
    if signature is None:
        return None, [_unknown(call, families)]
    if not call.called:
        if call.name in _BARE.get(signature.family, ()):
            return Bound(signature, {}, call.at, bare=True), []
        if signature.family in _BY_NAME and call.name in signature.aliases and not missing(signature, ()):
            return Bound(signature, _shortest(signature, {}), call.at), []
        remedy = f"write {signature.name}()" if not missing(signature, ()) else f"write {signature.name}(...)"
        return None, [Fault("bad-call", f"the {what} {call.name} is not called", remedy, call.at)]
    given, faults = _assigned(call, signature)
    faults += _missing(call, signature, given)
    values: dict[str, Value] = {}
    for name, argument in given.items():
        value, found = _checked(signature, name, argument)
        faults += found
        values[name] = value
    if faults:
        return None, sorted(faults, key=lambda fault: fault.at)
    places = {name: argument.at for name, argument in given.items()}
    return Bound(signature, _shortest(signature, values), call.at, places), []


def _unknown(call: Call, families: tuple[str, ...]) -> Fault:
    what = SINGULAR[families[0]]
    code = f"unknown-{what.replace(' ', '-')}"
    why = refusal(families[0], call.name)
    if why:
        return Fault(code, f"a row cannot use {call.name}: {why[0]}", why[1], call.at)
    names = frozenset() if call.called else _BARE.get(families[0], frozenset())
    if call.name in others(families) or call.name in names:
        message = f"a row cannot use {call.name}, though Keras has it"
        return Fault(code, message, "a notebook of your own can build it", call.at)
    bare = [name for name in names if name.islower() and find(families, name)]
    remedy = suggestion(call.name, bare or known(families))
    return Fault(code, f"there is no {what} {quoted(call.name)}", remedy, call.at)


def _assigned(call: Call, signature: Signature) -> tuple[dict[str, Argument], list[Fault]]:
    """Arguments by name."""
    names = list(signature.defaults)
    found: dict[str, Argument] = {}
    faults: list[Fault] = []
    for place, argument in enumerate(call.arguments):
        name = argument.name
        if name is None and place >= signature.positional:
            many = signature.positional
            most = f"at most {many} argument{'s' * (many != 1)}" if many else "no arguments"
            message = f"{signature.name} takes {most} by place"
            return found, [
                *faults,
                Fault("too-many-arguments", message, "give the rest by name", argument.at),
            ]
        name = names[place] if name is None else name
        if name not in signature.defaults:
            message = f"{signature.name} has no argument {quoted(name)}"
            remedy = argument_remedy(signature, name)
            faults.append(Fault("unknown-argument", message, remedy, argument.at))
        elif name in found:
            faults.append(
                Fault("bad-argument", f"{signature.name} is given {name} twice", "remove one", argument.at)
            )
        else:
            found[name] = argument
    return found, faults


def missing(signature: Signature, given: Sequence[str] | Mapping[str, Any]) -> list[str]:
    """Arguments without a default that are not given."""
    return [name for name, default in signature.defaults.items() if default is REQUIRED and name not in given]


def _missing(call: Call, signature: Signature, given: Mapping[str, Argument]) -> Iterator[Fault]:
    absent = missing(signature, given)
    if absent:
        message = f"{signature.name} needs {' and '.join(absent)}"
        yield Fault("missing-argument", message, missing_remedy(signature), call.at)


def _checked(signature: Signature, name: str, argument: Argument) -> tuple[Value, list[Fault]]:
    """The settled value of an argument, and what is wrong with it."""
    kind = kind_of(signature.family, signature.name, name)
    value = argument.value
    assert kind is not None, f"{signature.name}.{name}"
    if value is None and signature.defaults[name] is None:
        return None, []
    wrong = kind.fault(value)
    if wrong:
        remedy = kind.remedy if isinstance(kind, Refused) else ""
        return None, [Fault("bad-argument", f"{signature.name}, {name}: {wrong}", remedy, argument.at)]
    if isinstance(kind, Made) and isinstance(value, Call | str):
        return _made(signature, name, argument, kind)
    return _settled(signature, name, value), []


def _made(signature: Signature, name: str, argument: Argument, kind: Made) -> tuple[Value, list[Fault]]:
    """What a nested call, or its short name, makes."""
    value = argument.value
    if isinstance(value, Call):
        return bind(value, (kind.family,))
    made = find((kind.family,), value)
    if made is None or missing(made, ()):
        names = sorted(alias for each in family(kind.family).values() for alias in each.aliases)
        close = nearest(value, names)
        guess = f" (did you mean '{close}'?)" if close else ""
        wrong = f"expected {kind}, found the text {quoted(value)}{guess}"
        return None, [Fault("bad-argument", f"{signature.name}, {name}: {wrong}", "", argument.at)]
    return Bound(made, _shortest(made, {})), []


def _settled(signature: Signature, name: str, value: Value) -> Value:
    """A right value, or a default, in its one form."""
    kind = kind_of(signature.family, signature.name, name)
    if value is None or value is REQUIRED or isinstance(value, Bound) or isinstance(kind, Refused | None):
        return value
    if isinstance(kind, Made) and isinstance(value, str):
        made = find((kind.family,), value)
        return value if made is None else Bound(made, _shortest(made, {}))
    if name == "activation" and value == "linear" and signature.defaults[name] is None:
        return None
    assert isinstance(kind, Kind)
    return kind.settled(value)


def _shortest(signature: Signature, values: Mapping[str, Value]) -> dict[str, Value]:
    """What differs from the defaults, and what is always said, in the order of the signature."""
    found: dict[str, Value] = {}
    for name, default in signature.defaults.items():
        usual = _settled(signature, name, default)
        value = values.get(name, usual)
        if name in _SILENT or value is REQUIRED:
            continue
        if name in _KEPT or text(value) != text(usual) or default is REQUIRED:
            found[name] = value
    if signature.name.endswith("Pooling2D") and "strides" in found:
        pool = found.get("pool_size", _settled(signature, "pool_size", signature.defaults["pool_size"]))
        if found["strides"] == pool:  # what Keras takes without being told
            del found["strides"]
    return found


def text(value: Value) -> str:
    """Return the canonical text of a bound call, or of a value, as Python that Keras's names make run."""
    if not isinstance(value, Bound):
        return (
            f"({', '.join(map(text, value))}{',' * (len(value) == 1)})"
            if isinstance(value, tuple)
            else written(value)
        )
    if value.bare or (value.signature.family == "losses" and not value.given):
        return short_name(value.signature)
    if value.signature.family == "initializers" and not value.given:
        return written(short_name(value.signature))
    parts, leading = [], True
    for name, default in value.signature.defaults.items():
        leading = leading and (default is REQUIRED or name in _FIRST)
        if name in value.given:
            by_place = leading or len(value.signature.defaults) == 1
            parts.append(text(value.given[name]) if by_place else f"{name}={text(value.given[name])}")
    return f"{value.name}({', '.join(parts)})"


def short_name(signature: Signature) -> str:
    """The name that Keras resolves in a text: ``he_normal``, ``rmsprop``, ``categorical_crossentropy``."""
    small = [alias for alias in signature.aliases if alias.islower()]
    return max(small, key=len, default=signature.name)
