"""The expressions of claims: read as a tree, refused where no honest judgement is possible.

An expression is made of comparisons over rows and contrasts, joined by ``and``, ``or`` and ``not``. Every
comparison comes down to one quantity against zero: a count, one score, or the difference of two rows in one
score. For these there is a count or an interval; for any other mixture there is none.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reportgen.experiments.words import quoted
from reportgen.prose.faults import Fault, Unknown
from reportgen.prose.names import Names, Scope, Target
from reportgen.prose.sums import Leaf, Sum, constant, plus, product, times

Sign = Literal["<", "<=", ">", ">=", "==", "!="]
_SIGNS: Mapping[type[ast.cmpop], Sign] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip
_EXAMPLE = "such as row('a').test_accuracy > row('b').test_accuracy"


@dataclass(frozen=True)
class Comparison:
    """A quantity against zero, or its size against a limit.

    Parameters
    ----------
    quantity : Sum
    sign : str
    limit : Sum or None
        Where given, the size of `quantity` is compared with it: ``abs(quantity) < limit``.
    """

    quantity: Sum
    sign: Sign
    limit: Sum | None = None


@dataclass(frozen=True)
class Told:
    """Whether the two rows of a contrast can be told apart."""

    leaf: Leaf


@dataclass(frozen=True)
class Joined:
    """Judgements joined: all of them, any of them, or the opposite of one."""

    how: Literal["and", "or", "not"]
    parts: tuple[Judgement, ...]


Judgement = Comparison | Told | Joined


def claim_faults(expression: str, names: Names, scope: Scope) -> list[Fault]:
    """Check that an expression can be judged."""
    try:
        parse(expression, names, scope)
    except Refused as error:
        return [error.fault]
    return []


class Refused(ValueError):
    """An expression that cannot be judged."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def parse(expression: str, names: Names, scope: Scope) -> Judgement:
    """Read an expression; nothing of it is ever run as Python.

    Raises
    ------
    Refused
        The expression cannot be read, or not be judged.
    """
    try:
        tree = ast.parse(f"({expression}\n)", mode="eval")
        return _Reader(expression, names, scope).judgement(tree.body)
    except Refused:
        raise
    except SyntaxError as error:
        place = max(0, (error.offset or 1) - 2)
        raise Refused(Fault(place, "bad-claim", "its expression cannot be read", _EXAMPLE)) from None
    except (RecursionError, MemoryError, OverflowError, ValueError):
        raise Refused(Fault(0, "bad-claim", "its expression is nested too deeply", _EXAMPLE)) from None


class _Reader:
    def __init__(self, expression: str, names: Names, scope: Scope) -> None:
        self.lines = f"({expression}\n)".split("\n")
        self.names, self.scope = names, scope

    def refuse(self, node: ast.AST, message: str, remedy: str = "", code: str = "bad-claim") -> Refused:
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        before = len(self.lines[line - 1].encode()[:column].decode(errors="ignore"))
        offset = sum(len(each) + 1 for each in self.lines[: line - 1]) + before - 1
        return Refused(Fault(max(0, offset), code, message, remedy))

    def judgement(self, node: ast.expr) -> Judgement:
        if isinstance(node, ast.BoolOp):
            how: Literal["and", "or"] = "and" if isinstance(node.op, ast.And) else "or"
            return Joined(how, tuple(self.judgement(part) for part in node.values))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return Joined("not", (self.judgement(node.operand),))
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            parts = tuple(self.comparison(*each) for each in zip(sides, node.ops, sides[1:], strict=False))
            return parts[0] if len(parts) == 1 else Joined("and", parts)
        if isinstance(node, ast.Attribute):
            leaf = self.leaf(node)
            if leaf.what.kind == "truth" and leaf.what.nature == "measured":
                return Told(leaf)
        raise self.refuse(node, "its expression is no comparison", _EXAMPLE)

    def comparison(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> Comparison:
        sign = _SIGNS.get(type(operator))
        if sign is None:
            raise self.refuse(left, "it compares with something else than < <= > >= == !=", _EXAMPLE)
        if _is_abs(right) and not _is_abs(left):
            turned: Mapping[Sign, Sign] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
            left, right, sign = right, left, turned.get(sign, sign)
        if _is_abs(left):
            assert isinstance(left, ast.Call)
            inner, limit = self.sum(left.args[0]), self.sum(right)
            if inner.terms:
                self.judged(left, inner, sign)
                if limit.terms:
                    raise self.refuse(right, "a size is compared with a number", "abs(a - b) < 0.005")
                return Comparison(inner, sign, limit)
        quantity = plus(self.sum(left), times(self.sum(right), -1))
        self.judged(left, quantity, sign)
        return Comparison(quantity, sign)

    def judged(self, node: ast.AST, quantity: Sum, sign: Sign) -> None:
        """Refuse a quantity that has no honest interval."""
        leaves = list(quantity.terms)
        if not leaves:
            if not quantity.leaves:
                raise self.refuse(node, "it compares numbers with each other, and nothing measured")
            return
        if sign in ("==", "!=") and leaves[0].attribute != "rank":
            remedy = "write abs(a - b) < 0.005 for a difference that would not matter"
            raise self.refuse(node, "that two measured values are equal cannot be shown", remedy)
        if len(leaves) == 1:
            return
        names = sorted({leaf.attribute for leaf in leaves})
        if len(leaves) > 2 or len(names) > 1 or sum(quantity.terms.values()) != 0:
            remedy = "compare one score with a number, or two rows in the same score"
            raise self.refuse(
                node, f"there is no honest interval for this mixture of {_listed(names)}", remedy
            )
        self.same_data(node, leaves)

    def same_data(self, node: ast.AST, leaves: list[Leaf]) -> None:
        rows = {self.names.data_set(leaf.target) for leaf in leaves} - {""}
        if len(rows) > 1:
            raise self.refuse(node, f"its rows are of different data sets: {_listed(sorted(rows))}")

    def sum(self, node: ast.expr) -> Sum:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
                raise self.refuse(node, "only numbers are compared", _EXAMPLE)
            return constant(float(node.value) if abs(node.value) < 1e300 else float("inf"))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            inner = self.sum(node.operand)
            return times(inner, -1) if isinstance(node.op, ast.USub) else inner
        if isinstance(node, ast.BinOp):
            return self.computed(node)
        if _is_abs(node):
            assert isinstance(node, ast.Call)
            inner = self.sum(node.args[0])
            if inner.terms:
                raise self.refuse(
                    node, "abs(...) of a measured value stands alone on its side of a comparison"
                )
            return Sum({}, lambda ask: abs(inner.exact(ask)), inner.leaves)
        if isinstance(node, ast.Attribute):
            return self.value(node)
        if isinstance(node, ast.Call):
            self.target(node)
            raise self.refuse(node, "it names a row, but no measure", "ask for one: row('a').test_accuracy")
        raise self.refuse(node, f"{type(node).__name__} has no place in a claim", _EXAMPLE)

    def computed(self, node: ast.BinOp) -> Sum:
        left, right = self.sum(node.left), self.sum(node.right)
        if isinstance(node.op, ast.Add):
            return plus(left, right)
        if isinstance(node.op, ast.Sub):
            return plus(left, times(right, -1))
        if isinstance(node.op, ast.Mult | ast.Div):
            divides = isinstance(node.op, ast.Div)
            if divides and right.number == 0:
                raise self.refuse(node, "it divides by zero")
            if not left.terms and not right.terms:
                return product(left, right, "/" if divides else "*")
            if right.number is not None:
                return times(left, 1 / right.number if divides else right.number)
            if left.number is not None and not divides:
                return times(right, left.number)
            remedy = "a measured value may be multiplied or divided by a number only"
            raise self.refuse(node, "there is no honest interval for this product or ratio", remedy)
        raise self.refuse(node, "only + - * / are computed")

    def value(self, node: ast.Attribute) -> Sum:
        leaf = self.leaf(node)
        if leaf.what.kind in ("text", "verdict", "truth"):
            raise self.refuse(node, f"{quoted(leaf.attribute)} is no number", _EXAMPLE)
        if leaf.target.kind == "highest_on_test":
            remedy = "name the row, or use best: the best by validation"
            raise self.refuse(node, "a row chosen by its test score proves nothing on the test set", remedy)
        if leaf.what.nature == "exact":
            return Sum({}, lambda ask: ask(leaf), (leaf,))
        if leaf.what.nature == "measured" or leaf.attribute == "rank":
            return Sum({leaf: 1.0}, lambda _: 0.0)
        told = leaf.target.kind in ("contrast", "pair")
        remedy = "write contrast('...').different" if told else "use a score, such as test_accuracy"
        raise self.refuse(node, f"{quoted(leaf.attribute)} has no interval to judge it by", remedy)

    def leaf(self, node: ast.Attribute) -> Leaf:
        target = self.target(node.value)
        try:
            found = self.names.of(target, node.attr)
        except Unknown as error:
            raise self.refuse(node, error.message, error.remedy, error.code) from None
        if isinstance(found, Target):
            raise self.refuse(node, "it names a row, but no measure", "add one: .test_accuracy")
        return Leaf(target, node.attr, found)

    def target(self, node: ast.expr) -> Target:
        try:
            if isinstance(node, ast.Name):
                return self.names.name(node.id, self.scope)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
                given = [each.value if isinstance(each, ast.Constant) else None for each in node.args]
                return self.names.call(node.func.id, given)
            if isinstance(node, ast.Attribute):
                found = self.names.of(self.target(node.value), node.attr)
                if isinstance(found, Target):
                    return found
        except Unknown as error:
            raise self.refuse(node, error.message, error.remedy, error.code) from None
        raise self.refuse(node, "its expression names no row", _EXAMPLE)


def _is_abs(node: ast.expr) -> bool:
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "abs"
    return named and isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords


def _listed(names: list[Any]) -> str:
    return ", ".join(str(name) for name in names)
