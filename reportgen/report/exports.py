"""The tables and figures of a report as files of their own, named by what they show.

Every file's name says its kind and its row, data set or chapter, and no number: it stays the same
when rows are added before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal, get_args

from reportgen import language
from reportgen.analysis.complexity import Architecture
from reportgen.figures.cache import Drawing
from reportgen.figures.style import FAMILY
from reportgen.report.drawer import Drawer, Sketch, heat_map
from reportgen.report.parts import NumberedFigure, NumberedTable, row_anchor
from reportgen.report.walk import parts
from reportgen.results import Result
from reportgen.tables import Table, complexity_table, to_csv, to_markdown
from reportgen.tables.confusion import confusion_table
from reportgen.tables.latex import to_latex
from reportgen.tables.table import escaped_markdown

if TYPE_CHECKING:
    from reportgen.report.view import Report

Format = Literal["csv", "md", "tex", "svg", "png", "json"]
"""json is results.json, which stands beside the two folders."""

FORMATS: tuple[Format, ...] = get_args(Format)

TABLES, FIGURES = "tables", "figures"
OURS = re.compile(rf"(?:{TABLES}|{FIGURES})/[a-z0-9_][a-z0-9._-]*\.(?:csv|md|tex|svg|png)")
"""Paths that an export can have below the output folder."""

FALLBACK = f"'{FAMILY}', 'Source Sans Pro', 'Noto Sans', 'Open Sans', 'DejaVu Sans', Arial, sans-serif"
"""Letters of a figure that is on its own: the report's where they are installed, else much like them."""

_LONGEST = 180


@dataclass(frozen=True)
class Export:
    """A file beside the report.

    Parameters
    ----------
    path : str
        Below the output folder, with ``/`` between.
    rows : tuple of str
        Ids of the rows it is about, where it is about one or a few alone; empty for the others.
    content : callable
        Makes it, in the language in use.
    drawn : bool
        True where making it means drawing a figure that the report does not draw.
    made_of : str
        Digest of what a drawn file shows: one that shows something else is out of date.
    """

    path: str
    rows: tuple[str, ...]
    content: Callable[[], bytes]
    drawn: bool = False
    made_of: str = ""

    @property
    def format(self) -> str:
        """The end of its name."""
        return self.path.rpartition(".")[2]


def exports(report: Report, results: Sequence[Result], drawer: Drawer, dpi: int = 200) -> tuple[Export, ...]:
    """Return every file that can stand beside a report; nothing is drawn before its content is asked for.

    Parameters
    ----------
    report : Report
    results : sequence of Result
        One for each row.
    drawer : Drawer
        That drew the figures of `report`.
    dpi : int
        Of the PNG files.
    """
    done = [result for result in results if result.record is not None]
    ids = sorted((result.row.id for result in results), key=len, reverse=True)
    numbered = _distinct(report, {row_anchor(result.row.id): result.row.title for result in results})
    layers = [complexity_table(item) for item in _without_a_table(report)]
    tables = [*(item.table for item in numbered), *layers, *(confusion_table(result) for result in done)]
    found = [
        *_of_tables(tables, ids),
        *_of_figures(drawer, done, dpi),
    ]
    figures = {id(item.drawing): item for item, _ in parts(report) if isinstance(item, NumberedFigure)}
    return (
        *found,
        Export(f"{TABLES}/index.md", (), partial(_index_of_tables, numbered)),
        Export(f"{FIGURES}/index.md", (), partial(_index_of_figures, drawer, figures)),
    )


def _distinct(report: Report, titles: Mapping[str, str]) -> list[NumberedTable]:
    """The tables of a report by number, each once; one of a row's page names the row in its caption."""
    found = {}
    for item, place in parts(report):
        if isinstance(item, NumberedTable):
            title = titles.get(place, "")
            table = item.whole or item.table
            caption = f"{title}: {table.caption}" if title else table.caption
            found[item.number] = replace(item, table=replace(table, caption=caption))
    return [found[number] for number in sorted(found)]


def _without_a_table(report: Report) -> list[Architecture]:
    """The networks that the report counts in one line, and not layer by layer."""
    found = [chapter.others for chapter in report.chapters if chapter.others is not None]
    return [architecture for others in found for architecture in others.architectures]


class _Names:
    """Gives every file a name of its own; of two of one name the later gets a number."""

    def __init__(self) -> None:
        self.taken: set[str] = {"index"}

    def of(self, name: str) -> str:
        """Return a name that is safe in every file system and not yet taken."""
        safe, number = file_name(name), 1
        unique = safe
        while unique in self.taken:
            number += 1
            unique = f"{safe}-{number}"
        self.taken.add(unique)
        return unique


def file_name(name: str) -> str:
    """Return a name as it may stand in every file system: lower case, without spaces or accents.

    A name that had to be changed ends in some letters of its digest, so that two names stay two.
    """
    safe = re.sub(r"[^a-z0-9._-]+", "-", name).strip("-.")[:_LONGEST]
    return safe if safe == name else f"{safe}-{hashlib.sha256(name.encode()).hexdigest()[:6]}".lstrip("-")


def _of_tables(tables: Sequence[Table], ids: Sequence[str]) -> Iterator[Export]:
    names = _Names()
    for table in tables:
        name = names.of(table.id)
        row = next((id for id in ids if table.id.endswith(f"-{id}")), "")
        for end, write in (("csv", to_csv), ("md", _markdown), ("tex", to_latex)):
            yield Export(f"{TABLES}/{name}.{end}", (row,) if row else (), partial(_encoded, write, table))


def _encoded(write: Callable[[Table], str], table: Table) -> bytes:
    return write(table).encode()


def _markdown(table: Table) -> str:
    """A table with its caption before it and its note after it."""
    pieces = (f"**{escaped_markdown(table.caption)}**", to_markdown(table), escaped_markdown(table.note))
    return "\n\n".join(piece.strip() for piece in pieces if piece) + "\n"


def _of_figures(drawer: Drawer, done: Sequence[Result], dpi: int) -> Iterator[Export]:
    """The figures of the report, then the heat maps of the confusion matrices, which are not in it."""
    names, seen = _Names(), set[str]()
    for sketch, drawing in drawer.made:
        svg = standalone(drawing.svg)
        made_of = hashlib.sha256(svg).hexdigest()
        if made_of in seen:
            continue
        seen.add(made_of)
        stem = f"{FIGURES}/{names.of(figure_name(sketch))}"
        rows = _rows(sketch)
        yield Export(f"{stem}.svg", rows, partial(_same, svg))
        yield Export(f"{stem}.png", rows, partial(drawer.png, sketch, dpi), True, made_of)
    for result in done:
        sketch = heat_map(result)
        stem = f"{FIGURES}/{names.of(f'confusion-{result.row.id}')}"
        made_of = hashlib.sha256(to_csv(confusion_table(result)).encode()).hexdigest()
        rows = (result.row.id,)
        yield Export(f"{stem}.svg", rows, partial(_heat_map, drawer, sketch), True, made_of)
        yield Export(f"{stem}.png", rows, partial(drawer.png, sketch, dpi), True, made_of)


def _same(content: bytes) -> bytes:
    return content


def _heat_map(drawer: Drawer, sketch: Sketch) -> bytes:
    return standalone(drawer.svg(sketch).svg)


def _rows(sketch: Sketch) -> tuple[str, ...]:
    """The rows a figure is about: its one row, or the two it compares; of more it is about none."""
    ids = tuple(result.row.id for result in sketch.results)
    return ids if sketch.kind.scope == "run" or sketch.kind.name == "matrix_difference" else ()


def figure_name(sketch: Sketch) -> str:
    """Return a figure's name: its kind, and the row, chapter, contrast, stage or data set it is about."""
    kind, results = sketch.kind, sketch.results
    rows = _rows(sketch)
    if rows:
        return "-".join((kind.name, *rows))
    contrast = getattr(sketch.about, "contrast", None)
    if kind.scope == "contrast" and contrast is not None:
        return f"{kind.name}-{contrast.id}"
    if kind.scope == "stage":
        return f"{kind.name}-{getattr(sketch.about, 'id', '')}"
    if kind.name == "stage_path" and isinstance(sketch.about, tuple):
        return "-".join((kind.name, *dict.fromkeys(stage.section for stage in sketch.about)))
    if kind.scope == "section":
        return "-".join((kind.name, *dict.fromkeys(result.row.section for result in results)))
    data = {result.record.data.requested for result in results if result.record is not None}
    return f"{kind.name}-{data.pop()}" if len(data) == 1 else kind.name


def standalone(svg: str) -> bytes:
    """Return a figure's SVG as a file of its own, which finds letters on any machine."""
    body = svg.replace(f"'{FAMILY}', sans-serif", FALLBACK)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body.strip()}\n'.encode()


def _index_of_tables(items: Sequence[NumberedTable]) -> bytes:
    names = _Names()
    lines = [(item.number, names.of(item.table.id), item.table.caption) for item in items]
    head = f"| | {language.text('Table')} | {language.text('Files')} |"
    text = "".join(
        f"| {number} | {escaped_markdown(caption)} | [csv]({name}.csv) [md]({name}.md) [tex]({name}.tex) |\n"
        for number, name, caption in lines
    )
    return f"{head}\n|--:|---|---|\n{text}".encode()


def _index_of_figures(drawer: Drawer, figures: dict[int, NumberedFigure]) -> bytes:
    names, seen, lines = _Names(), set[str](), []
    for sketch, drawing in drawer.made:
        if drawing.svg in seen:
            continue
        seen.add(drawing.svg)
        lines.append(_figure_line(names.of(figure_name(sketch)), drawing, figures.get(id(drawing))))
    head = f"| | {language.text('Figure')} | {language.text('Files')} |"
    return f"{head}\n|--:|---|---|\n{''.join(lines)}".encode()


def _figure_line(name: str, drawing: Drawing, item: NumberedFigure | None) -> str:
    number = str(item.number) if item is not None and item.number else ""
    return f"| {number} | {escaped_markdown(drawing.alt)} | [svg]({name}.svg) |\n"
