"""The sandbox that fills a template: what stands in it, and nothing of Python besides."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from reportgen.prose.faults import Unknown
from reportgen.prose.names import CALLS, NAMES, Scope, Target
from reportgen.prose.printing import PRINTERS, Shown, printed
from reportgen.prose.template import environment
from reportgen.prose.values import NoResult, Number, Value, Values


class Printer:
    """Keeps what is printed, and prints a mark in its place."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, Value]] = []

    def __call__(self, value: Any) -> str:
        shown = value if isinstance(value, Shown) else printed(_live_value(value))
        self.kept.append((shown.text, shown.value))
        return f"\ue002{len(self.kept) - 1}\ue003"


def _live_value(value: Any) -> Value:
    """What a condition may print besides numbers: a text, or whether something holds."""
    if isinstance(value, (_Number, _Nothing)):
        return value.value
    return Number(value, "text", "text")


class _Thing:
    """What a name leads to, for the sandbox: it has no attribute that Python would find."""

    __slots__ = ("target",)

    def __init__(self, target: Target) -> None:
        self.target = target


class _Best(_Thing):
    """``best``, which is a row by itself, and which a template can call with a stage."""

    __slots__ = ("find",)

    def __init__(self, target: Target, find: _Finder) -> None:
        super().__init__(target)
        self.find = find

    def __call__(self, *given: str) -> _Thing:
        return self.find(*given)


class _Number:
    """A number in an expression; it compares as its value does, and nothing else."""

    __slots__ = ("value",)

    def __init__(self, value: Number) -> None:
        self.value = value

    def __bool__(self) -> bool:
        return bool(self.value.value)

    def __eq__(self, other: object) -> bool:
        return self._compared(other, operator.eq)

    def __ne__(self, other: object) -> bool:
        return self._compared(other, operator.ne)

    def __lt__(self, other: object) -> bool:
        return self._compared(other, operator.lt)

    def __le__(self, other: object) -> bool:
        return self._compared(other, operator.le)

    def __gt__(self, other: object) -> bool:
        return self._compared(other, operator.gt)

    def __ge__(self, other: object) -> bool:
        return self._compared(other, operator.ge)

    __hash__ = None  # type: ignore[assignment]

    def _compared(self, other: object, how: Callable[[Any, Any], Any]) -> bool:
        own = self.value.value
        value = other.value.value if isinstance(other, _Number) else other
        if isinstance(own, str) != isinstance(value, str) or isinstance(other, _Nothing):
            return False
        return bool(how(own, value))


class _Nothing:
    """A number that is not there: no comparison with it holds, and nothing can be computed from it."""

    __slots__ = ("value",)

    def __init__(self, value: NoResult) -> None:
        self.value = value

    def __bool__(self) -> bool:
        return False

    def _never(self, _: object) -> bool:
        return False

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _never
    __hash__ = None  # type: ignore[assignment]


_ARITHMETIC = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def _computed(sign: str, left: Any, right: Any) -> _Number | _Nothing:
    for side in (left, right):
        if isinstance(side, _Nothing):
            return side
    one, other = (
        side.value if isinstance(side, _Number) else Number(side, "plain", "") for side in (left, right)
    )
    source = " ".join(dict.fromkeys(part for part in (one.source, other.source) if part))
    runs = tuple(dict.fromkeys((*one.runs, *other.runs)))
    alike = one.kind == other.kind and sign in "+-"
    apart = alike and sign == "-" and one.kind in ("accuracy", "spread")
    kind = "points" if apart else one.kind if alike else "plain"
    try:
        value = _ARITHMETIC[sign](one.value, other.value)
    except (ZeroDivisionError, OverflowError):
        return _Nothing(NoResult(source))
    return _Number(Number(value, kind, source, runs, one.note or other.note))


def sandbox(values: Values, scope: Scope, printer: Printer) -> Any:
    """The environment that fills one text: every access goes through `values`."""
    base = environment()

    class Sandbox(type(base)):  # type: ignore[misc]
        intercepted_binops = frozenset(_ARITHMETIC)
        intercepted_unops = frozenset("-")

        def getattr(self, obj: Any, attribute: str) -> Any:
            if not isinstance(obj, _Thing):
                return self.undefined(obj=obj, name=attribute)
            found = values.names.of(obj.target, attribute)
            return (
                _Thing(found) if isinstance(found, Target) else _wrapped(values.value(obj.target, attribute))
            )

        def getitem(self, obj: Any, argument: Any) -> Any:
            return self.undefined(obj=obj, name=str(argument))

        def is_safe_callable(self, obj: Any) -> bool:
            return isinstance(obj, (_Finder, _Best))

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            return _computed(operator, left, right)

        def call_unop(self, context: Any, operator: str, arg: Any) -> Any:
            return _computed("-", 0, arg)

    made = Sandbox(
        undefined=base.undefined, autoescape=False, keep_trailing_newline=True, trim_blocks=True,
        lstrip_blocks=True, optimized=False, cache_size=0, finalize=printer,
    )  # fmt: skip
    made.tests.clear()
    made.filters.clear()
    made.filters.update({name: _filter(name) for name in PRINTERS if name not in ("p", "spread")})
    made.globals.clear()
    made.globals.update(_globals(values, scope))
    return made


def _wrapped(value: Value) -> _Number | _Nothing:
    return _Nothing(value) if isinstance(value, NoResult) else _Number(value)


def _filter(name: str) -> Callable[..., Shown]:
    return lambda value, decimals=None: printed(_live_value(value), name, decimals)


class _Finder:
    """``row``, ``contrast`` and the like: the only things that a template can call."""

    def __init__(self, values: Values, name: str) -> None:
        self.values, self.name = values, name

    def __call__(self, *given: str) -> _Thing:
        return _Thing(self.values.names.call(self.name, given))


def _globals(values: Values, scope: Scope) -> dict[str, Any]:
    """Everything that a text can name, by its name."""
    found: dict[str, Any] = {name: _Finder(values, name) for name in CALLS}
    for name in NAMES:
        try:
            target = values.names.name(name, scope)
            found[name] = _Best(target, found[name]) if name in CALLS else _Thing(target)
        except Unknown:
            continue  # the static check has refused texts that use it
    return found
