"""A table as LaTeX, for a paper: rules of booktabs, numbers flush right, every character safe.

Letters stay what they are, in UTF-8: Latin ones set with any engine, Greek and Cyrillic words with
LuaLaTeX or XeLaTeX and a font that has them. Marks of mathematics, and a Greek letter that stands
alone as a symbol, are set in math mode, which every engine can.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from reportgen.tables.table import Cell, Column, Line, Table

LONG = 42
"""Lines above which a table may break over pages."""

WIDE = 92
"""Letters of a line above which a table is shrunk to the width of the text."""

_BREAKS = 44
"""Letters of a text column above which its lines break."""

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    '"': r"\textquotedbl{}",
    "\u00a0": "~",
    "\u202f": r"\,",
    "\u2009": r"\,",
    "\u2060": "",
    "\u00ad": r"\-",
    "−": "$-$",
    "±": r"$\pm$",
    "×": r"$\times$",
    "·": r"$\cdot$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "≠": r"$\neq$",
    "≈": r"$\approx$",
    "→": r"$\to$",
    "∞": r"$\infty$",
    "√": r"$\surd$",
    "²": "$^2$",
    "³": "$^3$",
    "¹": "$^1$",
    "½": r"$\frac{1}{2}$",
    "°": r"$^\circ$",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "“": "``",
    "”": "''",
    "‘": "`",
    "’": "'",
    "«": r"\guillemotleft{}",
    "»": r"\guillemotright{}",
}  # fmt: skip

_GREEK = "Ͱ-Ͽἀ-῿"
_SYMBOL = re.compile(f"(?<![{_GREEK}])([α-ωΓΔΘΛΞΠΣΦΨΩ])(?![{_GREEK}])")
_LIGATURES = re.compile(r"(?<=-)(?=-)|(?<=')(?=')|(?<=[?!])(?=`)")


def escaped(text: str) -> str:
    """Return a text as LaTeX that prints it, on one line.

    Parameters
    ----------
    text : str
        Any; control characters count as spaces.
    """
    plain = re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", unicodedata.normalize("NFC", text))
    plain = _LIGATURES.sub("\x00", plain)  # two hyphens of the text are no dash of TeX's
    pieces = _SYMBOL.split(plain)
    return "".join(
        rf"$\{_greek_name(piece)}$" if place % 2 else "".join(_SPECIAL.get(c, c) for c in piece)
        for place, piece in enumerate(pieces)
    ).replace("\x00", "{}")


def _greek_name(letter: str) -> str:
    """TeX's name of a Greek letter: that of Unicode, but for lambda, and for a final sigma."""
    if letter == "ο":
        return "mathrm{o}"
    kind, name = unicodedata.name(letter).removeprefix("GREEK ").split(" LETTER ")
    name = {"LAMDA": "LAMBDA", "FINAL SIGMA": "VARSIGMA", "EPSILON": "VAREPSILON"}.get(name, name).lower()
    return name.capitalize() if kind == "CAPITAL" else name


def to_latex(table: Table, caption: str = "") -> str:
    """Return a table as a LaTeX float, or as one that breaks over pages where it is long.

    The label is ``tab:`` and the table's id. The first line is a comment that names the packages.

    Parameters
    ----------
    table : Table
    caption : str
        The table's own where empty.
    """
    shape = _shape(table)
    title = rf"\caption{{{escaped(caption or table.caption)}}}"
    label = rf"\label{{tab:{table.id}}}"
    note = escaped(table.note)
    head, body = _head(table), _body(table)
    lines = [f"% {shape.packages}"]
    if shape.long:
        lines += [
            rf"\begingroup\{shape.size}",
            rf"\begin{{longtable}}{{{shape.columns}}}",
            title + label + r" \\",
            *head,
            r"\endfirsthead",
            *head,
            r"\endhead",
            r"\bottomrule",
            r"\endfoot",
            *body,
            r"\end{longtable}",
            *([rf"\noindent {note}\par"] if note else []),
            r"\endgroup",
        ]
    else:
        lines += [
            r"\begin{table}[htbp]",
            r"\centering",
            title,
            label,
            rf"\{shape.size}",
            *([r"\resizebox{\linewidth}{!}{%"] if shape.wide else []),
            rf"\begin{{tabular}}{{{shape.columns}}}",
            *head,
            *body,
            r"\bottomrule",
            r"\end{tabular}" + ("}" if shape.wide else ""),
            *([rf"\par\smallskip\parbox{{\linewidth}}{{\footnotesize {note}}}"] if note else []),
            r"\end{table}",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class _Shape:
    """How a table is set: which columns, over pages or not, shrunk or not."""

    columns: str
    long: bool
    wide: bool
    broken: bool

    @property
    def size(self) -> str:
        return "scriptsize" if self.long and self.wide else "footnotesize" if self.long else "small"

    @property
    def packages(self) -> str:
        """The packages that the preamble must load."""
        names = [
            "booktabs",
            *(["array"] if self.broken else []),
            *(["longtable"] if self.long else ["graphicx"] if self.wide else []),
        ]
        return rf"\usepackage{{{','.join(names)}}}  \usepackage[T1]{{fontenc}}"


def _shape(table: Table) -> _Shape:
    lengths = [_length(table, place) for place in range(len(table.columns))]
    broken = [
        column.align == "left" and column.kind == "text" and length > _BREAKS
        for column, length in zip(table.columns, lengths, strict=True)
    ]
    share = 0.34 if sum(broken) == 1 else round(0.6 / max(1, sum(broken)), 2)
    columns = "".join(
        rf">{{\raggedright\arraybackslash}}p{{{share}\linewidth}}" if breaks else column.align[0]
        for column, breaks in zip(table.columns, broken, strict=True)
    )
    width = sum(_BREAKS if breaks else length + 2 for length, breaks in zip(lengths, broken, strict=True))
    return _Shape(columns, len(table.rows) > LONG, width > WIDE, any(broken))


def _length(table: Table, place: int) -> int:
    """Letters of the longest text of a column."""
    texts = [line.cells[place].text for line in table.rows if line.style != "group"]
    return max(map(len, [table.columns[place].head, *texts]))


def _head(table: Table) -> list[str]:
    """The heads between their rules, headings of groups of columns above them."""
    lines = [r"\toprule"]
    if table.head_groups:
        cells, rules, start = [], [], 1
        for name, count in table.head_groups:
            cells.append(rf"\multicolumn{{{count}}}{{c}}{{{escaped(name)}}}" if name else " & " * (count - 1))
            rules += [rf"\cmidrule(lr){{{start}-{start + count - 1}}}"] if name else []
            start += count
        lines += [" & ".join(cells) + r" \\", " ".join(rules)]
    return [*lines, _row([_headed(column) for column in table.columns]), r"\midrule"]


def _headed(column: Column) -> str:
    text = escaped(column.head)
    return rf"\multicolumn{{1}}{{l}}{{{text}}}" if column.align == "left" and len(text) > _BREAKS else text


def _body(table: Table) -> list[str]:
    lines: list[str] = []
    for number, line in enumerate(table.rows):
        if line.style == "group":
            text = escaped(line.cells[0].text)
            lines += [r"\addlinespace"] if number else []
            lines.append(rf"\multicolumn{{{len(table.columns)}}}{{l}}{{\textbf{{{text}}}}} \\")
            continue
        if line.style == "total" and number and table.rows[number - 1].style != "total":
            lines.append(r"\midrule")
        lines.append(_row([_set(cell, line) for cell in line.cells]))
    return lines


def _set(cell: Cell, line: Line) -> str:
    text = escaped(cell.text)
    if not text:
        return ""
    if cell.bold or line.style == "total":
        return rf"\textbf{{{text}}}"
    return rf"\emph{{{text}}}" if line.style == "failed" else text


def _row(cells: list[str]) -> str:
    r"""Cells in a row; after the ``\\`` of the row before, ``[`` and ``*`` would be taken for its options."""
    first = f"{{}}{cells[0]}" if cells[0].startswith(("[", "*")) else cells[0]
    return " & ".join([first, *cells[1:]]) + r" \\"
