"""The static check of live numbers: what a template says, without any result.

Only what is listed here may stand in a template: names of the vocabulary, filters, conditions and the four
kinds of arithmetic. There are no loops, no assignments and no macros, so a template cannot run away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from reportgen.experiments.words import quoted, suggestion
from reportgen.prose.faults import Fault, Unknown
from reportgen.prose.names import Names, Scope, Target
from reportgen.prose.pieces import pieces, shield
from reportgen.prose.vocabulary import DECIMALS, FILTERS, Kind

if TYPE_CHECKING:
    from jinja2 import nodes

MARK = re.compile(r"\{\{|\{%|\{#")
MOST_DECIMALS = 6
_IN_FORMULA = re.compile(r"\{\{\s*(?:this|best|highest_on_test|section|row|contrast|best_of)\b\s*[.('|]")
_STATEMENTS = {
    "For": "there are no loops in a text",
    "Assign": "nothing can be assigned in a text",
    "AssignBlock": "nothing can be assigned in a text",
    "Macro": "there are no macros in a text",
    "CallBlock": "there are no macros in a text",
    "FilterBlock": "a filter stands behind a number: {{ best.test_accuracy | percent }}",
    "Include": "a text cannot bring in another file",
    "Import": "a text cannot bring in another file",
    "FromImport": "a text cannot bring in another file",
    "Extends": "a text cannot bring in another file",
    "Block": "there are no blocks in a text",
}


def has_template(text: str) -> bool:
    """Whether a text has live numbers; one that has none is left as it is."""
    return MARK.search(text) is not None


def template_faults(text: str, names: Names, scope: Scope) -> list[Fault]:
    """Check the live numbers of a text.

    Parameters
    ----------
    text : str
    names : Names
        What there is.
    scope : Scope
        Where the text stands.
    """
    if not has_template(text):
        return []
    faults = [
        Fault(
            piece.start, "bad-template", "a live number cannot stand inside mathematics", "close the $ first"
        )
        for piece in pieces(text)
        if piece.kind in ("formula", "display") and _IN_FORMULA.search(piece.text)
    ]
    shielded, _ = shield(text)
    if not has_template(shielded):
        return faults
    return faults + _checked(shielded, names, scope)


def _checked(shielded: str, names: Names, scope: Scope) -> list[Fault]:
    from jinja2 import TemplateSyntaxError

    lines = _Starts(shielded)
    try:
        tree = environment().parse(shielded)
        return list(_Check(names, scope, lines).body(tree))
    except TemplateSyntaxError as error:
        said = (error.message or "it cannot be read").rstrip(".")
        remedy = "a live number is written {{ best.test_accuracy | percent }}"
        return [Fault(lines(error.lineno), "bad-template", f"template: {said}", remedy)]
    except (RecursionError, OverflowError, MemoryError, ValueError):
        return [Fault(0, "bad-template", "the template is nested too deeply, or a number in it is too large")]


def environment() -> Any:
    """Return a Jinja sandbox without any name, filter or test of its own."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,
        cache_size=0,
    )
    made.globals.clear()
    made.tests.clear()
    made.filters.clear()
    made.filters.update(dict.fromkeys(FILTERS, lambda value, *_: value))
    return made


class _Starts:
    """Where the lines of a text begin."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def __call__(self, line: int) -> int:
        return self.starts[min(max(line, 1), len(self.starts)) - 1]


class _Check:
    """Walks the tree of a template; a node that is not foreseen is a fault."""

    def __init__(self, names: Names, scope: Scope, lines: Callable[[int], int]) -> None:
        self.names, self.scope, self.lines = names, scope, lines

    def body(self, node: nodes.Node) -> Iterator[Fault]:
        yield from self.nodes(node.iter_child_nodes())

    def nodes(self, found: Iterable[Any]) -> Iterator[Fault]:
        for child in found:
            kind = type(child).__name__
            if kind == "Output":
                for shown in child.iter_child_nodes():
                    yield from self.shown(shown)
            elif kind == "If":
                yield from self.condition(child)
            else:
                message = _STATEMENTS.get(kind, f"{kind} has no place in a text")
                yield self.fault(child, message)

    def condition(self, node: Any) -> Iterator[Fault]:
        yield from self.tried(node.test)
        for part in (node.body, node.elif_, node.else_):
            yield from self.nodes(part)

    def shown(self, node: Any) -> Iterator[Fault]:
        if type(node).__name__ == "TemplateData":
            return
        faults = list(self.tried(node))
        yield from faults
        if not faults and not _has_name(node):
            message = "a number typed inside the braces is not a live one"
            yield self.fault(node, message, "name what it is: {{ best.test_accuracy | percent }}")

    def tried(self, node: Any) -> Iterator[Fault]:
        try:
            found = self.kind(node)
            if isinstance(found, Target):
                raise Unknown(
                    "bad-template", f"{self.names.said(found)} is no number", "ask for one: .test_accuracy"
                )
        except Unknown as error:
            yield error.at(self.lines(node.lineno))

    def fault(self, node: Any, message: str, remedy: str = "") -> Fault:
        return Fault(self.lines(node.lineno), "bad-template", message, remedy)

    def kind(self, node: Any) -> Kind | Target:
        """What an expression is; raises `Unknown`."""
        name = type(node).__name__
        if name in ("Add", "Sub", "Mul", "Div"):
            return self.arithmetic(node)
        kinds: Mapping[str, Callable[[Any], Kind | Target]] = {
            "Name": lambda n: self.names.name(n.name, self.scope),
            "Call": self.call,
            "Getattr": self.attribute,
            "Filter": self.filtered,
            "Const": _constant,
            "Neg": lambda n: self.number(n.node),
            "Compare": self.comparison,
            "And": self.both,
            "Or": self.both,
            "Not": lambda n: self.truth([n.node]),
            "CondExpr": self.choice,
        }
        if name not in kinds:
            raise Unknown("bad-template", f"{name} has no place in a live number")
        return kinds[name](node)

    def number(self, node: Any) -> Kind:
        found = self.kind(node)
        if isinstance(found, Target) or found in ("text", "verdict", "truth"):
            raise Unknown("bad-template", "arithmetic needs numbers")
        return found

    def arithmetic(self, node: Any) -> Kind:
        left, right = self.number(node.left), self.number(node.right)
        if type(node).__name__ == "Sub" and left == right in ("accuracy", "spread"):
            return "points"
        return left if type(node).__name__ in ("Add", "Sub") and left == right else "plain"

    def call(self, node: Any) -> Target:
        if type(node.node).__name__ != "Name" or node.kwargs or node.dyn_args or node.dyn_kwargs:
            raise Unknown(
                "bad-template",
                "only row('id'), section('id'), contrast('id'), best('stage') and best_of('data') are called",
            )
        given = [argument.value if type(argument).__name__ == "Const" else None for argument in node.args]
        return self.names.call(node.node.name, given)

    def attribute(self, node: Any) -> Kind | Target:
        target = self.kind(node.node)
        if not isinstance(target, Target):
            raise Unknown("unknown-attribute", f"a number has no {quoted(node.attr)}")
        found = self.names.of(target, node.attr)
        return found if isinstance(found, Target) else found.kind

    def filtered(self, node: Any) -> Kind:
        if node.name not in FILTERS:
            raise Unknown(
                "unknown-filter", f"there is no filter {quoted(node.name)}", suggestion(node.name, FILTERS)
            )
        kind = self.kind(node.node)
        if isinstance(kind, Target) or kind not in FILTERS[node.name]:
            fitting = [name for name, kinds in FILTERS.items() if kind in kinds]
            what = (
                self.names.said(kind) if isinstance(kind, Target) else f"a value of the kind {quoted(kind)}"
            )
            remedy = f"fitting: {', '.join(fitting)}" if fitting else "leave the filter out"
            raise Unknown("bad-filter", f"the filter {quoted(node.name)} does not fit {what}", remedy)
        if type(node.node).__name__ == "Filter":
            raise Unknown("bad-filter", "one filter is enough", "leave one of them out")
        _check_decimals(node)
        return "text"

    def comparison(self, node: Any) -> Kind:
        if any(each.op not in ("eq", "ne", "lt", "lteq", "gt", "gteq") for each in node.ops):
            raise Unknown("bad-template", '"in" has no place in a live number')
        for each in (node.expr, *(op.expr for op in node.ops)):
            if isinstance(self.kind(each), Target):
                raise Unknown("bad-template", "a comparison needs numbers or texts")
        return "truth"

    def both(self, node: Any) -> Kind:
        return self.truth([node.left, node.right])

    def truth(self, parts: list[Any]) -> Kind:
        for part in parts:
            if isinstance(self.kind(part), Target):
                raise Unknown("bad-template", "a condition needs a number or a verdict")
        return "truth"

    def choice(self, node: Any) -> Kind | Target:
        self.truth([node.test])
        if node.expr2 is None:
            raise Unknown("bad-template", '"if" inside a live number needs an "else"')
        first, second = self.kind(node.expr1), self.kind(node.expr2)
        if isinstance(first, Target) or isinstance(second, Target):
            raise Unknown("bad-template", '"if" inside a live number chooses between numbers or texts')
        return first if first == second else "plain"


def _constant(node: Any) -> Kind:
    if isinstance(node.value, bool):
        return "truth"
    if isinstance(node.value, (int, float)):
        return "plain"
    if isinstance(node.value, str):
        return "text"
    raise Unknown("bad-template", "there is no none in a live number")


def _check_decimals(node: Any) -> None:
    given = [getattr(argument, "value", None) for argument in node.args]
    fits = len(given) <= 1 and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
    if given and node.name not in DECIMALS:
        raise Unknown("bad-filter", f"the filter {quoted(node.name)} takes no number of decimals")
    if not fits or any(type(n) is not int or not 0 <= n <= MOST_DECIMALS for n in given):
        remedy = f"write {node.name}(2); without a number it has its own"
        raise Unknown("bad-filter", f"decimals are a whole number from 0 to {MOST_DECIMALS}", remedy)


def _has_name(node: Any) -> bool:
    """Whether anything live stands in an expression."""
    if type(node).__name__ == "Name":
        return True
    return any(_has_name(child) for child in node.iter_child_nodes())
