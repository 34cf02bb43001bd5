"""The tags of the PDF, read back: what a screen reader and a program find in it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pikepdf
import pytest

from reportgen.errors import RenderError
from reportgen.report.pdf import pdf_bytes
from tests.report.conftest import EPOCH, Written
from tests.report.invented import COMMENT
from tests.report.layout import Watched
from tests.report.test_pdf import attributes

SHOWS = {"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "EI"}
"""Operators that leave something on the page."""


def kids(node: Any) -> list[Any]:
    below = node.get("/K")
    found = list(below) if isinstance(below, pikepdf.Array) else [] if below is None else [below]
    return [kid for kid in found if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def in_order(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """Every structure element in reading order, with those around it."""
    waiting: list[tuple[Any, tuple[Any, ...]]] = [
        (node, ()) for node in reversed(list(pdf.Root.StructTreeRoot.K))
    ]
    while waiting:
        node, around = waiting.pop()
        yield node, around
        waiting += [(kid, (*around, node)) for kid in reversed(kids(node))]


def named(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    return [node for node, _ in in_order(pdf) if str(node.S) == kind]


def test_no_figure_is_lost_and_each_has_words(pages: Watched, whole_pdf: pikepdf.Pdf) -> None:
    images = re.findall(r'<img [^>]*alt="([^"]*)"', pages.papers[0].html)
    figures = named(whole_pdf, "/Figure")
    assert len(figures) == len(images) > 30
    assert all(str(node.get("/Alt", "")).strip() for node in figures)


def test_a_figure_is_where_its_box_says(whole_pdf: pikepdf.Pdf) -> None:
    for node in named(whole_pdf, "/Figure"):
        left, bottom, right, top = (float(value) for value in node.A.BBox)
        _, _, width, height = (float(value) for value in node.Pg.MediaBox)
        assert 0 < left < right < width and 0 < bottom < top < height
    cover = named(whole_pdf, "/Figure")[0]
    assert float(cover.A.BBox[1]) > 300, "the strip stands in the upper half of the cover"


def test_a_cell_leads_to_heads_of_its_own_table(whole_pdf: pikepdf.Pdf) -> None:
    ids: Counter[str] = Counter()
    tables = named(whole_pdf, "/Table")
    for table in tables:
        cells = [node for node, around in descendants(table) if node.S in ("/TH", "/TD") and not around]
        heads = [str(cell.ID) for cell in cells if cell.S == "/TH"]
        ids.update(heads)
        for cell in cells:
            facts = attributes(cell)[0]
            if cell.S == "/TH":
                assert facts.Scope in ("/Row", "/Column")
            else:
                assert len(facts.Headers) and {str(name) for name in facts.Headers} <= set(heads)
    assert len(tables) > 30 and max(ids.values()) == 1
    (leaf,) = whole_pdf.Root.StructTreeRoot.IDTree.Kids
    names = [str(name) for name in list(leaf.Names)[::2]]
    assert names == sorted(names) and set(names) == set(ids)
    assert all(str(node.ID) == name for name, node in zip(names, list(leaf.Names)[1::2], strict=True))


def descendants(table: Any) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """What is in a table, with the tables within it that hold it."""
    waiting: list[tuple[Any, tuple[Any, ...]]] = [(kid, ()) for kid in kids(table)]
    while waiting:
        node, around = waiting.pop()
        yield node, around
        waiting += [(kid, (*around, node) if node.S == "/Table" else around) for kid in kids(node)]


def test_headings_come_in_order(whole_pdf: pikepdf.Pdf) -> None:
    levels = [int(str(node.S)[2]) for node, _ in in_order(whole_pdf) if re.fullmatch("/H[1-6]", str(node.S))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_outline_has_every_heading_in_order(whole: Written, whole_pdf: pikepdf.Pdf) -> None:
    titles: list[str] = []
    places: list[tuple[int, float]] = []
    pages = {page.objgen: number for number, page in enumerate(whole_pdf.pages)}

    def add(items: Any) -> None:
        for item in items:
            titles.append(item.title)
            page, _, _, top, _ = item.destination
            places.append((pages[page.objgen], -float(top)))
            add(item.children)

    with whole_pdf.open_outline() as outline:
        add(outline.root)
    labels = [
        e.attributes["data-label"]
        for e in whole.page.elements
        if e.tag in ("h2", "h3") and "data-label" in e.attributes
    ]
    assert titles == labels and len(titles) > 25
    assert places == sorted(places)


def test_a_link_is_described_by_its_words(whole_pdf: pikepdf.Pdf) -> None:
    found = 0
    for page in whole_pdf.pages:
        for annotation in page.get("/Annots", ()):
            assert annotation.Subtype == "/Link" and str(annotation.Contents)
            assert not re.match(r"(row|section|reference|contrast)-", str(annotation.Contents))
            found += 1
    links = named(whole_pdf, "/Link")
    references = [
        kid for node in links for kid in list(node.K) if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid
    ]
    assert found == len(references) > 30
    assert not [
        node
        for node, around in in_order(whole_pdf)
        if node.S == "/Link" and any(a.S == "/Link" for a in around)
    ]


def test_everything_on_a_page_is_either_in_the_tree_or_decoration(whole_pdf: pikepdf.Pdf) -> None:
    tree = whole_pdf.Root.StructTreeRoot
    numbers = list(tree.ParentTree.Nums)
    owners = {int(numbers[place]): numbers[place + 1] for place in range(0, len(numbers), 2)}
    reachable = {node.objgen for node, _ in in_order(whole_pdf)}
    counts: Counter[str] = Counter()
    for page in whole_pdf.pages:
        parents = owners[int(page.StructParents)]
        around: list[str] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            name = str(operator)
            if name in ("BMC", "BDC"):
                marked = len(operands) > 1 and "/MCID" in operands[1]
                around.append("tree" if marked else str(operands[0]))
                if marked:
                    assert parents[int(operands[1].MCID)].objgen in reachable
            elif name == "EMC":
                around.pop()
            elif name in SHOWS:
                kind = next((kind for kind in around if kind in ("tree", "/Artifact")), "nothing")
                counts[kind] += 1
        assert around == []
    assert counts["nothing"] == 0 and counts["tree"] > 2000 and counts["/Artifact"] > 200


def test_each_voice_is_a_class_of_its_own(whole_pdf: pikepdf.Pdf) -> None:
    tree = whole_pdf.Root.StructTreeRoot
    assert whole_pdf.Root.MarkInfo.UserProperties
    assert set(tree.ClassMap.keys()) == {"/measured", "/reportgen", "/authors"}
    for name, attribute in tree.ClassMap.items():
        assert attribute.O == "/UserProperties"
        assert (str(attribute.P[0].N), "/" + str(attribute.P[0].V)) == ("Voice", name)
    voices = {str(node.C): str(node.T) for node, _ in in_order(whole_pdf) if "/C" in node}
    assert voices == {
        "/measured": "Measured", "/reportgen": "Written by reportgen", "/authors": "Written by the authors",
    }  # fmt: skip


def test_no_table_figure_or_sentence_is_without_a_voice(whole_pdf: pikepdf.Pdf) -> None:
    for node, around in in_order(whole_pdf):
        if node.S in ("/Table", "/Figure", "/P", "/BlockQuote"):
            assert any("/C" in place for place in (*around, node)), (node.S, node.get("/Alt"))


@pytest.fixture(scope="module")
def said(whole_pdf: pikepdf.Pdf) -> dict[str, str]:
    """The text of the structure tree without its spaces, by the voice of what it stands in."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    words = {page.objgen: text_of_parts(page) for page in whole_pdf.pages}
    for node, around in in_order(whole_pdf):
        voice = next((str(place.C)[1:] for place in (node, *reversed(around)) if "/C" in place), "")
        below = node.get("/K")
        for part in list(below) if isinstance(below, pikepdf.Array) else [below]:
            if isinstance(part, int):
                texts[voice].append(words[node.Pg.objgen].get(part, ""))
    return {voice: re.sub(r"\s", "", "".join(found)) for voice, found in texts.items()}


def text_of_parts(page: pikepdf.Page) -> dict[int, str]:
    """The letters of each marked part of a page, by its number."""
    letters = {name: code_points(font) for name, font in page.resources.Font.items()}
    found: defaultdict[int, str] = defaultdict(str)
    font, parts = "", []
    for operands, operator in pikepdf.parse_content_stream(page, "BMC BDC EMC Tf Tj TJ"):
        name = str(operator)
        if name in ("BMC", "BDC"):
            parts.append(int(operands[1].MCID) if len(operands) > 1 and "/MCID" in operands[1] else None)
        elif name == "EMC":
            parts.pop()
        elif name == "Tf":
            font = str(operands[0])
        elif name in ("Tj", "TJ") and (part := next((p for p in parts if p is not None), None)) is not None:
            for piece in operands[0] if name == "TJ" else [operands[0]]:
                if isinstance(piece, pikepdf.String):
                    codes = bytes(piece)
                    found[part] += "".join(
                        letters[font].get(codes[place : place + 2], "") for place in range(0, len(codes), 2)
                    )
    return found


def code_points(font: Any) -> dict[bytes, str]:
    """What the glyphs of a font stand for, by its table for those who copy the text."""
    table = bytes(font.ToUnicode.read_bytes()).decode("ascii", "replace")
    return {
        bytes.fromhex(code): bytes.fromhex(text).decode("utf-16-be")
        for part in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S)
        for code, text in re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", part)
    }


def test_the_words_of_each_voice_are_its_own(said: dict[str, str]) -> None:
    assert set(said) == {"measured", "reportgen", "authors", ""}
    plain = re.sub(r"[*\s]", "", COMMENT)
    assert said["authors"].count(plain) >= 5
    assert plain not in said["measured"] + said["reportgen"] + said[""]
    for words in ("Whatdoesdropoutdo?", "Everypixelisaninput.", "AdaExample"):
        assert words in said["authors"] and words not in said["reportgen"]
    for words in ("writtenbyreportgenfromtherecords", "Thisrunfailed."):
        assert words in said["reportgen"] and words not in said["authors"]
    for words in ("Testaccuracy", "categoricalcross-entropy", "Predictedclass"):
        assert words in said["measured"] and words not in said["authors"]
    # What belongs to nobody is headings, the contents and the log of a failed run.
    assert "RMSprop" in said[""] and "%" not in said[""]


def test_running_heads_and_leaders_are_not_read_out(said: dict[str, str], whole_pdf: pikepdf.Pdf) -> None:
    everything_said = "".join(said.values())
    assert f"of{len(whole_pdf.pages)}" not in everything_said
    assert "..." not in everything_said


def test_a_document_that_is_not_a_report_is_tagged_too() -> None:
    content, warnings = pdf_bytes(
        '<html lang="fr"><head><title>t</title></head><body><p>un</p><ul><li>deux<ul><li>trois</li></ul></li></ul>'
        "<table><tr><th>a</th></tr><tr><td>b<table><tr><th>c</th><td>d</td></tr></table></td></tr></table></body></html>",
        "", {}, epoch=EPOCH,
    )  # fmt: skip
    assert content.startswith(b"%PDF") and warnings == ()


def test_a_structure_that_does_not_follow_the_boxes_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen.report import tags

    monkeypatch.setitem(tags._STRUCTURE, "p", "/Div")
    with pytest.raises(RenderError, match="structure"):
        pdf_bytes(
            '<html lang="en"><head><title>t</title></head><body><p>x</p></body></html>', "", {}, epoch=EPOCH
        )
