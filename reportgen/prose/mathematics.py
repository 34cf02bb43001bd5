"""Mathematics between dollar signs: checked as text, drawn as SVG where it is printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Any
from xml.etree import ElementTree

from reportgen.prose.faults import Fault
from reportgen.prose.pieces import Piece, pieces
from reportgen.prose.safe_svg import unsafe
from reportgen.prose.spoken import spoken

LONGEST = 1_000
_UNITS = 16.0
"""Units of a drawing that make one em."""
_COMMAND = re.compile(r"\\[A-Za-z]+")
_FORBIDDEN = re.compile(
    r"\\(?:def|gdef|edef|let|newcommand|renewcommand|providecommand|DeclareMathOperator|href|url|class|style|id|"
    r"color|textcolor|colorbox|unicode|html\w*|require|input|include\w*|tag)(?![A-Za-z])"
)
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{([^}]*)\}")
_ENVIRONMENTS = frozenset(
    f"{name}{star}"
    for name in (
        "matrix", "pmatrix", "bmatrix", "Bmatrix", "vmatrix", "Vmatrix", "smallmatrix", "cases", "align",
        "aligned", "split", "array",
    )
    for star in ("", "*")
)  # fmt: skip
_COMMENT = re.compile(r"(?<!\\)%")
_DEPTH = 6
"""Groups inside each other; the time to set them grows as a power of it."""
_TAGS = frozenset(
    (
        "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msub", "msup", "msubsup", "munder", "mover",
        "munderover", "mfrac", "msqrt", "mroot", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom",
        "menclose",
    )
)  # fmt: skip
_PARTS = {
    "mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "mroot": 2, "msubsup": 3, "munderover": 3,
}  # fmt: skip
_STRANGE = "it holds a sign that no formula can hold"
_LACKING = "a command lacks one of its arguments"


def formulas(text: str) -> Iterator[tuple[Piece, str, bool]]:
    """Find the formulas of a text: the piece, its TeX, and whether it stands on lines of its own."""
    for piece in pieces(text):
        if piece.kind in ("formula", "display"):
            marks = 2 if piece.kind == "display" else 1
            yield piece, piece.text[marks:-marks].strip(), piece.kind == "display"


def formula_faults(text: str) -> list[Fault]:
    """Check every formula of a text; nothing is drawn."""
    return [
        Fault(piece.start, "bad-formula", f"the formula {_shown(tex)} cannot be set: {fault}", _remedy(fault))
        for piece, tex, display in formulas(text)
        if (fault := formula_fault(tex, display))
    ]


@lru_cache(maxsize=512)
def formula_fault(tex: str, display: bool = False) -> str:
    """Say why a formula cannot be set; an empty string where it can."""
    if fault := _as_text(tex):
        return fault
    try:
        return _as_tree(_tree(tex, display))
    except (ElementTree.ParseError, RecursionError):
        return _STRANGE
    except Exception as error:  # the library has a class of its own for every fault, and asserts besides
        return _said(error)


def _as_text(tex: str) -> str:
    """What is wrong with a formula before it is parsed."""
    if not tex:
        return "it is empty"
    if len(tex) > LONGEST:
        return f"it has more than {LONGEST:,} characters"
    if found := _FORBIDDEN.search(tex):
        return f"{found.group()} is not allowed"
    if _COMMENT.search(tex):
        return "% begins a comment"
    if strange := [name for name in _ENVIRONMENT.findall(tex) if name not in _ENVIRONMENTS]:
        return f"there is no environment {strange[0]}"
    return _braces(tex)


def _as_tree(root: ElementTree.Element) -> str:
    """What is wrong with a formula that was parsed: the parser lets much through that cannot be drawn."""
    for each in root.iter():
        text = (each.text or "").strip()
        if each.tag not in _TAGS:
            return _STRANGE
        if len(each) != _PARTS.get(each.tag, len(each)):
            return _LACKING
        if _COMMAND.match(text):
            return f"there is no command {text}"
    return ""


def draw(tex: str, display: bool = False) -> str:
    """Return a formula as SVG in the colour of the text around it, with a title that can be read aloud.

    Parameters
    ----------
    tex : str
    display : bool
        Set larger, as on a line of its own.

    Returns
    -------
    str
        An ``<svg>`` sized in em, lowered so that its baseline is that of the text. It has no ids.

    Raises
    ------
    ValueError
        The formula cannot be set.
    """
    if fault := formula_fault(tex, display):
        raise ValueError(f"the formula {_shown(tex)} cannot be set: {fault}")
    from ziafont.config import config
    from ziamath.zmath import Latex

    # Paths in place instead of symbols with ids: ids would have to be unique in the whole report.
    config.svg2 = False
    config.precision = 2
    made = Latex(tex, size=_UNITS, color="currentColor", inline=not display)
    root = ElementTree.fromstring(made.svg())  # noqa: S314 - drawn here
    drawing = ElementTree.tostring(root, encoding="unicode")
    if reason := unsafe(drawing.encode()):
        raise ValueError(f"the formula {_shown(tex)} cannot be set: {reason}")
    return _placed(drawing, root, spoken(_tree(tex, display)), display)


def _placed(drawing: str, root: ElementTree.Element, title: str, display: bool) -> str:
    """Give a drawing its size, its baseline and its title."""
    _, top, width, height = (float(part) for part in root.attrib["viewBox"].split())
    body = re.sub(r"^<(?:\w+:)?svg[^>]*>", "", drawing).replace("ns0:", "")
    sizes = {"width": width, "height": height, "vertical-align": -(top + height)}
    style = ";".join(f"{name}:{size / _UNITS:.3f}em" for name, size in sizes.items())
    kind = "formula display" if display else "formula"
    said = escape(title)
    return (
        f'<svg class="{kind}" xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{said}"'
        f' viewBox="{root.attrib["viewBox"]}" style="{style}"><title>{said}</title>{body}'
    )


def _tree(tex: str, display: bool) -> ElementTree.Element:
    """The formula as MathML."""
    from latex2mathml.converter import convert

    # As the library that draws it prepares it: without the blank, \mathrm loses its letters.
    text = re.sub(r"\\mathrm{(.+?)}", r"\\mathrm {\1}", tex)
    made: Any = ElementTree.fromstring(convert(text, display="block" if display else "inline"))  # noqa: S314
    for each in made.iter():
        each.tag = each.tag.rpartition("}")[2]
    return made  # type: ignore[no-any-return]


def _braces(tex: str) -> str:
    depth = around = 0
    for mark in re.findall(r"\\(?:left|right|begin|end)(?![A-Za-z])|\\.|[{}]", tex, re.DOTALL):
        depth += {"{": 1, "}": -1}.get(mark, 0)
        around += {r"\left": 1, r"\begin": 1, r"\right": -1, r"\end": -1}.get(mark, 0)
        if depth < 0:
            return "a closing brace has no opening one"
        if depth + around > _DEPTH:
            return "it is nested too deeply"
    return "a brace is not closed" if depth else ""


def _said(error: Exception) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__.removesuffix("Error")).lower()
    known = {
        "no available tokens": "something is missing after a command, or at its end",
        "denominator not found": "a fraction has no denominator",
        "numerator not found": "a fraction has no numerator",
        "double subscripts": "something has two subscripts",
        "double superscripts": "something has two superscripts",
        "missing super script or subscript": "something is missing after ^ or _",
        "extra left or missing right": r"\left has no \right, or the reverse",
        "assertion": _LACKING,
        "missing end": r"\begin has no \end",
        "stop iteration": r"\left or \right has no bracket",
    }
    return known.get(words, words or "it cannot be read")


def _remedy(fault: str) -> str:
    if fault.startswith("%"):
        return r"write \% for a percent sign; in a text in double quotes every backslash is written twice"
    if fault.startswith("there is no command"):
        return (
            "in a text in double quotes TOML reads a backslash itself: write it twice, or use single quotes"
        )
    return ""


def _shown(tex: str) -> str:
    flat = " ".join(tex.split())
    return f"${flat if len(flat) <= 60 else flat[:59] + '…'}$"
