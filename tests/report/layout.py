"""What is wrong with the pages of a report, from the boxes that WeasyPrint set.

python -m tests.report.layout render experiments.toml --out /tmp/report     looks at the pages of a whole report
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Any
from unittest.mock import patch

from reportgen.report import html, render, tags

MM = 96 / 25.4
"""CSS pixels in a millimetre."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
ALONE = 3
"""A page whose text takes fewer lines than this holds next to nothing."""


@dataclass
class Watched:
    """What a rendering went through: the document for paper, and its pages as they were set."""

    papers: list[html.Paper] = field(default_factory=list)
    documents: list[Any] = field(default_factory=list)


@contextmanager
def watched() -> Iterator[Watched]:
    """Keep what is rendered within; the work is that of the real functions."""
    seen = Watched()
    paper_document, finish = html.paper_document, tags.finish

    def keep_paper(*args: Any, **options: Any) -> html.Paper:
        seen.papers.append(paper_document(*args, **options))
        return seen.papers[-1]

    def keep_document(document: Any, file: Any) -> None:
        finish(document, file)
        seen.documents.append(document)

    with patch.object(render, "paper_document", keep_paper), patch.object(tags, "finish", keep_document):
        yield seen


@dataclass(frozen=True)
class Box:
    """A box of a page in CSS pixels from its top left corner, with the box of WeasyPrint."""

    left: float
    top: float
    right: float
    bottom: float
    source: Any

    @property
    def tag(self) -> str:
        return str(self.source.element_tag or "")

    @property
    def classes(self) -> list[str]:
        return (self.source.element.get("class") or "").split() if self.source.element is not None else []

    @property
    def text(self) -> str:
        return text_of(self.source)

    def __str__(self) -> str:
        return f"<{self.tag} {' '.join(self.classes)}> “{self.text[:50]}”"


def text_of(box: Any) -> str:
    """The words in a box."""
    if hasattr(box, "text"):
        return str(box.text)
    return " ".join(filter(None, map(text_of, getattr(box, "children", ()))))


def inside(box: Any) -> Iterator[Any]:
    """The boxes within, in order, without those of the page's margins."""
    from weasyprint.formatting_structure import boxes
    from weasyprint.layout.absolute import AbsolutePlaceholder

    for child in getattr(box, "children", ()):
        child = child._box if isinstance(child, AbsolutePlaceholder) else child
        if not isinstance(child, boxes.MarginBox):
            yield child
            yield from inside(child)


def border_box(box: Any) -> Box:
    left, top = box.border_box_x(), box.border_box_y()
    return Box(left, top, left + box.border_width(), top + box.border_height(), box)


def turned(box: Any) -> bool:
    """Whether a box is drawn elsewhere than it was set: the slanted heads of a matrix."""
    return bool(box.style["transform"]) if box.style else False


def flowing(box: Any) -> Iterator[Any]:
    """The boxes within that stand where they were set."""
    from weasyprint.formatting_structure import boxes

    for child in getattr(box, "children", ()):
        child = getattr(child, "_box", child)
        if not isinstance(child, boxes.MarginBox) and not turned(child):
            yield child
            yield from flowing(child)


def lines(page: Any) -> list[Box]:
    """Everything that shows on a page as lines of text or pictures, from the top."""
    from weasyprint.formatting_structure import boxes

    found = []
    for box in flowing(page._page_box):
        if (isinstance(box, boxes.TextBox) and box.text.strip()) or isinstance(box, boxes.ReplacedBox):
            width = box.width if isinstance(box.width, float | int) else 0
            height = box.height if isinstance(box.height, float | int) else 0
            if width and height:
                found.append(
                    Box(box.position_x, box.position_y, box.position_x + width, box.position_y + height, box)
                )
    return sorted(found, key=lambda line: (line.top, line.left))


def faults(document: Any) -> list[str]:
    """Every fault of form on the pages of a document, with its page."""
    found = []
    for number, page in enumerate(document.pages, 1):
        for fault in (*out_of_block(page), *overlaps(page), *lonely(page), *words_on_words(page)):
            found.append(f"page {number}: {fault}")
    for number, (page, after) in enumerate(pairwise(document.pages), 1):
        found += [f"page {number}: {fault}" for fault in torn(page, after)]
    return found


def block(page: Any) -> tuple[float, float, float, float]:
    """Where text may stand: the page without its margins."""
    box = page._page_box
    return (
        box.content_box_x(),
        box.content_box_y(),
        box.content_box_x() + box.width,
        box.content_box_y() + box.height,
    )


def out_of_block(page: Any) -> Iterator[str]:
    """Text or pictures that leave the block; turned heads may lean out of their cells, not of the page."""
    from weasyprint.formatting_structure import boxes

    left, top, right, bottom = block(page)
    slack = 0.6
    for line in lines(page):
        if (
            line.left < left - slack
            or line.top < top - slack
            or line.right > right + slack
            or line.bottom > bottom + 2
        ):
            beyond = {
                "left": left - line.left,
                "right": line.right - right,
                "top": top - line.top,
                "bottom": line.bottom - bottom,
            }
            side = max(beyond, key=beyond.__getitem__)
            yield f"out of the block by {beyond[side] / MM:.1f} mm at the {side}: {line}"
    for box in inside(page._page_box):
        if isinstance(box, boxes.TableCellBox) and box.element is not None:
            for child in inside(box):
                if isinstance(child, boxes.TextBox) and child.text.strip():
                    over = child.position_x + child.width - (box.border_box_x() + box.border_width())
                    if over > 1 and not any(turned(other) for other in inside(box)):
                        yield f"out of its cell by {over / MM:.1f} mm: “{child.text[:40]}”"


def overlaps(page: Any) -> Iterator[str]:
    """Blocks beside each other in the document that share room on the page."""
    from weasyprint.formatting_structure import boxes

    for parent in (page._page_box, *flowing(page._page_box)):
        if isinstance(parent, boxes.LineBox | boxes.TableBox | boxes.TableRowBox | boxes.TableRowGroupBox):
            continue
        blocks = [
            border_box(child)
            for child in getattr(parent, "children", ())
            if isinstance(child, boxes.BlockLevelBox) and not hasattr(child, "_box") and not turned(child)
            and not isinstance(child, boxes.MarginBox) and text_of(child).strip() + child.element_tag
        ]  # fmt: skip
        for one, other in combinations(blocks, 2):
            wide = min(one.right, other.right) - max(one.left, other.left)
            high = min(one.bottom, other.bottom) - max(one.top, other.top)
            if wide > 1 and high > 1 and (one.text.strip() and other.text.strip()):
                yield f"{one} lies on {other} by {high / MM:.1f} mm"


def lonely(page: Any) -> Iterator[str]:
    """A heading, a caption or a voice's name as the last line; a page with next to nothing on it."""
    shown = lines(page)
    if not shown:
        yield "nothing on the page"
        return
    rows = {round(line.top) for line in shown}
    if len(rows) < ALONE and not any(line.bottom - line.top > 20 * MM for line in shown):
        yield f"only {len(rows)} lines: {shown[0]}"
    lowest = max(shown, key=lambda line: (line.bottom, line.left))
    around = [box.element for box in owners(page, lowest.source)]
    followed = [child for element in around for child in list(element)[:-1]]
    for owner in owners(page, lowest.source):
        named = "voice" in (owner.element.get("class") or "").split() and owner.element in followed
        if owner.element_tag in (*HEADINGS, "caption") or named:
            yield f"the last line is a heading: {lowest}"


def owners(page: Any, wanted: Any) -> list[Any]:
    """The boxes around a box that belong to an element."""

    def search(box: Any, around: tuple[Any, ...]) -> tuple[Any, ...] | None:
        for child in getattr(box, "children", ()):
            child = getattr(child, "_box", child)
            if child is wanted:
                return (*around, box, child)
            if (found := search(child, (*around, box))) is not None:
                return found
        return None

    return [box for box in search(page._page_box, ()) or () if box.element is not None]


def words_on_words(page: Any) -> Iterator[str]:
    """Letters that lie on other letters; those of turned heads stand elsewhere than they were set."""
    from weasyprint.formatting_structure import boxes

    found = []
    for box in flowing(page._page_box):
        if isinstance(box, boxes.TextBox) and box.text.strip():
            base, size = box.position_y + box.baseline, box.style["font_size"]
            left = box.position_x + (len(box.text) - len(box.text.lstrip())) * size / 4
            found.append(Box(left, base - 0.6 * size, box.position_x + box.width, base, box))
    found.sort(key=lambda word: word.top)
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            if other.top >= one.bottom - 0.5:
                break
            if min(one.right, other.right) - max(one.left, other.left) > 1:
                yield f"“{one.text[:40]}” lies on “{other.text[:40]}”"


def torn(page: Any, after: Any) -> Iterator[str]:
    """A caption on one page and its table or figure on the next; a table's only row on a page of its own."""
    ends = [box for box in inside(page._page_box) if box.element_tag in ("figure", "table")]
    begins = [box for box in inside(after._page_box) if box.element_tag in ("figure", "table")]
    for one in ends:
        for other in begins:
            if (
                one.element is not other.element
                or one.element is None
                or getattr(other, "is_table_wrapper", False)
            ):
                continue
            if one.element_tag == "figure":
                yield f"a figure is torn: “{text_of(one)[:50]}”"
            elif not any(box.element_tag == "td" for box in inside(one)):
                yield f"a table begins without a row: “{text_of(one)[:50]}”"
            elif rows(other) < 2:
                yield f"one row of a table is alone on the next page: “{text_of(one)[:50]}”"


def rows(table: Any) -> int:
    """How many rows of a table's body stand here."""
    return sum(
        any(cell.element_tag == "td" for cell in row.children)
        for row in inside(table)
        if row.element_tag == "tr"
    )


def main() -> None:
    """Run reportgen with the arguments of the command line and print what is wrong with the pages."""
    from reportgen import __main__ as program

    with watched() as seen:
        try:
            program.main()
        except SystemExit as end:
            if not seen.documents:
                raise end
    for document in seen.documents:
        wrong = faults(document)
        for fault in wrong:
            sys.stdout.write(re.sub(r"\s+", " ", fault) + "\n")
        sys.stdout.write(f"{len(document.pages)} pages, {len(wrong)} faults\n")


if __name__ == "__main__":
    main()
