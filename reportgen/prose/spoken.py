"""A formula in words, for those who hear the report."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

_WORDS = {
    "=": "equals", "+": "plus", "-": "minus", "−": "minus", "×": "times", "·": "times", "⋅": "times",
    "∗": "times", "/": "over", "<": "is less than", ">": "is greater than", "≤": "is at most",
    "≥": "is at least", "≠": "is not", "≈": "is about", "∈": "in", "∞": "infinity", "∑": "the sum",
    "∏": "the product", "∫": "the integral", "→": "to", "←": "from", "∂": "partial", "∇": "the gradient of",
    "√": "the root of", "±": "plus or minus", "|": "bar", "‖": "norm bar", "′": "prime", "…": "and so on",
    "⋯": "and so on", "!": "factorial", "∼": "is distributed as", "∝": "is proportional to", "%": "per cent",
}  # fmt: skip
_ACCENTS = {
    "^": "hat", "ˆ": "hat", "\u0302": "hat", "~": "tilde", "¯": "bar", "‾": "bar", "―": "bar", "_": "bar",
    "→": "vector", "˙": "dot", ".": "dot",
}  # fmt: skip
_POWERS = {"2": "squared", "3": "cubed", "prime": "prime", "T": "transposed", "⊤": "transposed"}
_LARGE = frozenset(("the sum", "the product", "the integral"))


def spoken(formula: Element) -> str:
    """Return a formula in words.

    Parameters
    ----------
    formula : Element
        MathML, without name spaces.
    """
    return " ".join(_said(formula).split()) or "formula"


def _said(node: Element) -> str:
    rule = _RULES.get(node.tag)
    return rule(node) if rule else _row(node)


def _row(node: Element) -> str:
    return " ".join(_said(child) for child in node)


def _sign(node: Element) -> str:
    text = (node.text or "").strip()
    if text in _WORDS:
        return _WORDS[text]
    return " ".join(map(_letter, text)) if len(text) == 1 else text


def _letter(letter: str) -> str:
    """A Greek letter by its name, a letter of a fancy alphabet by the plain one."""
    name = unicodedata.name(letter, "")
    if name.startswith("GREEK LUNATE"):
        return "epsilon"
    if "GREEK" in name and "LETTER " in name:
        word = name.rpartition("LETTER ")[2].split(" WITH")[0].lower()
        return f"capital {word}" if "CAPITAL" in name else word
    return unicodedata.normalize("NFKC", letter)


def _below(node: Element) -> str:
    first, lower = (_said(child) for child in node)
    return f"{first} over {lower}" if first in _LARGE else f"{first} sub {lower}"


def _above(node: Element) -> str:
    first, upper = (_said(child) for child in node)
    raised = upper.strip()
    return f"{first} {_POWERS[raised]}" if raised in _POWERS else f"{first} to the power of {upper}"


def _both(node: Element) -> str:
    first, lower, upper = (_said(child) for child in node)
    if first in _LARGE:
        return f"{first} from {lower} to {upper} of"
    raised = upper.strip()
    return f"{first} sub {lower} {_POWERS.get(raised, f'to the power of {upper}')}"


def _over(node: Element) -> str:
    first, upper = (_said(child) for child in node)
    return f"{first} {_ACCENTS.get(upper.strip(), f'with {upper} above')}"


def _fraction(node: Element) -> str:
    upper, lower = (_said(child) for child in node)
    long = " " in f"{upper.strip()}{lower.strip()}"
    return f"the fraction {upper} over {lower} end of fraction" if long else f"{upper} over {lower}"


def _table(node: Element) -> str:
    rows = [", ".join(" ".join(_said(cell).split()) for cell in row) for row in node]
    return "; ".join(rows)


_RULES: Mapping[str, Callable[[Element], str]] = {
    "mi": _sign,
    "mn": _sign,
    "mo": _sign,
    "mtext": _sign,
    "mspace": lambda _: " ",
    "msub": _below,
    "munder": _below,
    "msup": _above,
    "msubsup": _both,
    "munderover": _both,
    "mover": _over,
    "mfrac": _fraction,
    "msqrt": lambda node: f"the root of {_row(node)} end of root",
    "mroot": lambda node: f"the root of {_said(node[0])} of order {_said(node[1])}",
    "mtable": _table,
}
