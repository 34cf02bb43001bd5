"""Pictures, formulas and citations: what may stand in a report, and how it reaches paper."""

from __future__ import annotations

import base64
import re
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reportgen import language
from reportgen.experiments.schema import Reference
from reportgen.prose.citations import bibliography, cited, numbered, uncited
from reportgen.prose.equations import SPOKEN
from reportgen.prose.images import MOST_BYTES, BadPicture, image_faults, read, targets
from reportgen.prose.mathematics import draw, formula_fault, formula_faults
from reportgen.prose.paper import for_paper
from reportgen.prose.safe_svg import unsafe
from reportgen.report.markdown import prose
from reportgen.report.svg import equation_title
from tests.prose.test_static import png

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><path d="M0 0h4v4z"/></svg>'


def svg(inside: str, attributes: str = "") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


UNSAFE = {
    "script": svg("<script>alert(1)</script>"),
    "handler": svg("", 'onload="alert(1)"'),
    "foreign": svg("<foreignObject><p>x</p></foreignObject>"),
    "image": svg('<image href="https://example.org/a.png"/>'),
    "link": svg('<a href="https://example.org"><path d="M0 0"/></a>'),
    "use": svg('<use href="https://example.org/a.svg#b"/>'),
    "style import": svg("<style>@import 'https://example.org/a.css'</style>"),
    "style url": svg("<style>path { fill: url(https://example.org/a) }</style>"),
    "attribute url": svg('<path d="M0 0" fill="url(https://example.org/a)"/>'),
    "animation": svg('<set attributeName="href" to="javascript:alert(1)"/>'),
    "entities": b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
    "external entity": b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="x">&a;</svg>',
    "style sheet": b'<?xml-stylesheet href="a.css"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "broken": b"<svg><path></svg>",
    "html": b"<html><svg/></html>",
    "deep": svg("<g>" * 200 + "</g>" * 200),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_svg_that_acts_or_leads_elsewhere_is_refused(name: str) -> None:
    assert unsafe(UNSAFE[name])


def test_plain_svg_may_stand() -> None:
    inside = '<style>*{stroke-linejoin:round}</style><defs><path id="a" d="M0 0"/></defs><use href="#a"/><path fill="url(#g)" d="M0 0"/>'
    assert unsafe(svg(inside)) == ""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "images").mkdir(parents=True)
    (root / "images" / "a.png").write_bytes(png())
    (root / "images" / "a b.svg").write_bytes(SVG)
    (tmp_path / "secret.png").write_bytes(png())
    (root / "link.png").symlink_to(tmp_path / "secret.png")
    (root / "large.png").write_bytes(png() + b"\0" * MOST_BYTES)
    (root / "wide.png").write_bytes(png(9_000, 2))
    (root / "cut.png").write_bytes(png()[:40])
    (root / "text.png").write_text("no picture")
    (root / "bad.svg").write_bytes(UNSAFE["script"])
    return root


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("../secret.png", "outside"), ("link.png", "outside"), ("images/../../secret.png", "outside"),
        ("%2e%2e/secret.png", "outside"), ("https://example.org/a.png", "nothing is fetched"),
        ("//example.org/a.png", "nothing is fetched"), ("data:image/png;base64,AAAA", "nothing is fetched"),
        ("file:///etc/passwd", "nothing is fetched"), ("none.png", "not there"), ("images", "not there"),
        ("large.png", "more than 5 MB"), ("wide.png", "9000 by 2"), ("cut.png", "damaged"),
        ("text.png", "neither PNG"), ("bad.svg", "<script>"),
    ],
)  # fmt: skip
def test_a_picture_that_may_not_stand_is_named_with_the_reason(target: str, why: str, folder: Path) -> None:
    (fault,) = image_faults(f"Look:\n![what it shows]({target})", folder)
    assert why in fault.message
    assert fault.offset == 6


def test_a_picture_of_a_path_from_the_root_is_outside(folder: Path) -> None:
    (fault,) = image_faults(f"![x]({folder / 'images' / 'a.png'})", folder)
    assert "outside" in fault.message


def test_pictures_are_found_as_markdown_writes_them(folder: Path) -> None:
    text = '![a](images/a.png) ![b](<images/a b.svg>) ![c](images/a%20b.svg "title") `![d](x)` \\![e](y)'
    assert targets(text) == ["images/a.png", "images/a b.svg", "images/a b.svg"]
    assert image_faults(text, folder) == []


def test_a_picture_is_embedded_and_goes_to_paper_as_a_file(folder: Path) -> None:
    html = str(prose("![what *it* shows](images/a.png)", picture=lambda name: read(name, folder).address))
    found = re.search(r'<img class="picture" src="data:image/png;base64,([^"]+)" alt="what it shows">', html)
    assert found and base64.b64decode(found[1]) == png()
    paper, files = for_paper(html, "mem:")
    assert files == {"picture-1.png": (png(), "image/png")}
    assert 'src="mem:picture-1.png"' in paper and "data:" not in paper


def test_without_the_file_the_alternative_stands() -> None:
    assert str(prose("![what it shows](images/a.png)")) == "<p>what it shows</p>"
    assert "<img" not in str(prose("![x](a)", picture=lambda _: "https://example.org/a.png"))


def test_reading_a_picture_says_why_not(folder: Path) -> None:
    with pytest.raises(BadPicture, match="not there"):
        read("none.png", folder)


# ---------------------------------------------------------------------------------------- mathematics


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\eta", "eta"), (r"x^2", "x squared"), (r"\frac{a}{b}", "a over b"), (r"\hat{y}_i", "y hat sub i"),
        (r"\sum_{i=1}^N x_i", "the sum from i equals 1 to N of x sub i"), (r"\Theta \le 3", "capital theta is at most 3"),
        (r"\sqrt{v}", "the root of v end of root"), (r"98\,\%", "98 per cent"),
    ],
)  # fmt: skip
def test_a_formula_has_words(tex: str, words: str) -> None:
    drawing = ElementTree.fromstring(draw(tex))
    assert drawing.attrib["aria-label"] == words
    assert drawing[0].tag.endswith("title") and drawing[0].text == words


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\eta", "êta"), (r"x^2", "x au carré"), (r"\frac{a}{b}", "a sur b"), (r"\hat{y}_i", "y chapeau indice i"),
        (r"\sum_{i=1}^N x_i", "la somme de i égale 1 à N de x indice i"), (r"\Theta \le 3", "thêta majuscule est au plus 3"),
        (r"\sqrt{v}", "la racine de v fin de racine"), (r"f'", "f prime"), (r"A^T", "A transposée"), (r"\vec{x}", "vecteur x"),
        (r"a^{n+1}", "a puissance n plus 1"), (r"\lambda", "lambda"),
    ],
)  # fmt: skip
def test_a_formula_has_french_words(tex: str, words: str) -> None:
    with language.use("fr"):
        assert ElementTree.fromstring(draw(tex)).attrib["aria-label"] == words


def test_prepared_equations_are_spoken_in_the_language_of_the_report() -> None:
    folder = Path(__file__).resolve().parents[2] / "templates" / "equations"
    drawings = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.svg")}
    assert {equation_title(each) for each in drawings.values()} == set(SPOKEN)
    with language.use("fr"):
        assert (
            equation_title(drawings["sgd"])
            == "thêta au pas t plus un égale thêta au pas t moins êta fois g au pas t"
        )
        for drawing in drawings.values():
            assert not {"the", "of", "times", "equals", "at"} & set(equation_title(drawing).split())


def test_a_formula_has_the_colour_of_the_text_its_baseline_and_no_ids() -> None:
    text = draw(r"\frac{x_1}{y}")
    assert "currentColor" in text and ' id="' not in text
    drawing = ElementTree.fromstring(text)
    _, top, _, height = (float(part) for part in drawing.attrib["viewBox"].split())
    depth = re.search(r"vertical-align:(-[\d.]+)em", drawing.attrib["style"])
    # A fraction reaches below the line by about a third of its height; 16 units are one em.
    assert depth and float(depth[1]) == pytest.approx(-(top + height) / 16, abs=0.001)
    assert 0.2 < -float(depth[1]) * 16 / height < 0.5
    assert unsafe(text.encode()) == ""


def test_a_display_formula_is_larger() -> None:
    def height(display: bool) -> float:
        found = re.search(r"height:([\d.]+)em", draw(r"\frac{a}{b}", display))
        assert found
        return float(found[1])

    assert height(True) > 1.2 * height(False)


@pytest.mark.parametrize(
    "tex",
    [
        r"\foo", r"\frac{1}", r"\sqrt", "{", "}", "a_b_c", "a^", r"\left( x", r"\left(x\right", "98 %", "",
        r"\begin{foo}x\end{foo}", r"\begin{matrix}x", r"\href{javascript:alert(1)}{x}", r"\def\a{\a\a}\a",
        r"\newcommand{\a}{b}", r"\text{<script>}", r"\text{a <b>x</b>}", r"\color{red}x", "{" * 30 + "}" * 30,
        r"\sqrt{" * 20 + "x" + "}" * 20, r"\left(" * 20 + "x" + r"\right)" * 20, "x" * 2000, r"\hat" * 300,
    ],
)  # fmt: skip
def test_a_formula_that_cannot_be_set_is_refused_without_drawing(tex: str) -> None:
    began = time.monotonic()
    assert formula_fault(tex)
    assert time.monotonic() - began < 1
    with pytest.raises(ValueError, match="cannot be set"):
        draw(tex)


def test_the_deepest_formula_that_is_let_through_is_drawn_soon() -> None:
    tex = r"\left(" * 6 + "x" + r"\right)" * 6
    assert formula_fault(tex) == ""
    began = time.monotonic()
    draw(tex)
    assert time.monotonic() - began < 10


def test_a_fault_stands_where_its_formula_does() -> None:
    text = "one $x$\ntwo $\\foo$ `$\\bar$`"
    (fault,) = formula_faults(text)
    assert text[fault.offset :].startswith("$\\foo$")


def test_a_formula_goes_to_paper_as_a_picture_with_its_words() -> None:
    html = str(prose(r"with $\eta$ and $\eta$"))
    paper, files = for_paper(html, "mem:")
    assert paper.count('<img class="formula" src="mem:formula-') == 2
    assert paper.count('alt="eta"') == 2 and "<svg" not in paper
    assert len(files) == 2
    for content, kind in files.values():
        assert kind == "image/svg+xml" and b"currentColor" not in content and unsafe(content) == ""


# ------------------------------------------------------------------------------------------ citations

REFERENCES = [Reference(key="a", text="A."), Reference(key="b.c", text="B."), Reference(key="d", text="D.")]


def test_a_citation_is_a_numbered_link() -> None:
    html = str(prose("see [@b.c] and [@a; @b.c]", references=numbered(REFERENCES)))
    assert re.findall(r'href="#([^"]+)">(\d)', html) == [
        ("reference-b.c", "2"),
        ("reference-a", "1"),
        ("reference-b.c", "2"),
    ]
    assert [(e.number, e.anchor) for e in bibliography(REFERENCES)][1] == (2, "reference-b.c")


def test_references_are_numbered_as_they_are_first_cited() -> None:
    order = [entry.key for entry in bibliography(REFERENCES, ["no `[@a]`", "x [@d; @b.c]", "[@b.c] [@d]"])]
    assert order == ["d", "b.c", "a"], "what nobody cites stands last"
    assert numbered(REFERENCES, ["[@d]"]) == {"d": 1, "a": 2, "b.c": 3}, "and keeps the file's order"
    assert [entry.key for entry in bibliography(REFERENCES)] == ["a", "b.c", "d"]


def test_what_is_no_citation_stays() -> None:
    html = str(prose("`[@a]` [@x] a@b.c [@a](https://example.org)", references=numbered(REFERENCES)))
    assert "<code>[@a]</code>" in html and "[@x]" in html and "reference-" not in html


def test_which_references_nobody_cites() -> None:
    assert cited("a [@a] `[@d]`") == [(2, "a")]
    assert uncited(REFERENCES, ["[@a]", "x `[@d]` [@b.c]"]) == [(2, "d")]
