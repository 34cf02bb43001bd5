"""The authors' Markdown can be read and do nothing else."""

from __future__ import annotations

import re

import pytest

from reportgen import language
from reportgen.report.markdown import plain, prose

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<iframe src='https://example.org'></iframe>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](file:///etc/passwd)",
    "[x](../../secret)",
    "[x](//example.org/x)",
    "[x](#nowhere)",
    "![x](http://10.0.0.1/x.png)",
    "![x](file:///etc/passwd)",
    '<http://example.org/" onmouseover="alert(1)>',
    "[x][y]\n\n[y]: javascript:alert(1)",
    "[x](https://example.org 'a\" onclick=\"alert(1)')",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>@import url(http://example.org/x.css)</style>",
    "<base href='http://example.org/'>",
    "<meta http-equiv=refresh content='0;url=http://example.org'>",
    "| a | <b onclick=alert(1)> |\n|---|---|\n| `<script>` | ![x](http://example.org/x) |",
    "```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "# <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x00<script\x00>alert(1)</script>",
    "<!-- --><script>alert(1)</script>",
    "<form action=http://example.org><input name=a></form>",
    "<link rel=attachment href=file:///etc/passwd>",
]
_TAG = re.compile(r"<\s*/?\s*([a-zA-Z][a-zA-Z0-9]*)([^>]*)>")
ALLOWED = {
    "p", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "br", "hr", "div",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_are_inert(payload: str) -> None:
    html = str(prose(payload))
    for tag, attributes in _TAG.findall(html):
        assert tag in ALLOWED, html
        assert not re.search(r"\son[a-z]+\s*=", attributes), html
        for address in re.findall(r'(?:href|src)="([^"]*)"', attributes):
            assert address.startswith(("https://", "http://", "mailto:")), html
    assert "<img" not in html


def test_links_lead_to_the_web_or_into_the_report() -> None:
    html = str(prose("[a](#row-x) [b](#row-y) [c](https://example.org)", anchors={"row-x"}))
    assert 'href="#row-x"' in html
    assert "row-y" not in html
    assert 'href="https://example.org"' in html
    assert ">c</a>" in html
    assert " b " in html


def test_headings_start_where_the_report_has_room_and_skip_no_level() -> None:
    html = str(prose("## A\n\n##### B\n\n# C\n\n## D", heading=3))
    assert re.findall(r"<h(\d)>(\w)", html) == [("3", "A"), ("4", "B"), ("3", "C"), ("4", "D")]


def test_no_heading_is_deeper_than_six() -> None:
    text = "\n\n".join(f"{'#' * level} x" for level in range(1, 7))
    assert re.findall(r"<h(\d)>", str(prose(text, heading=4))) == ["4", "5", "6", "6", "6", "6"]


def test_tables_have_scopes_and_alignment_and_a_box_to_scroll_in() -> None:
    html = str(prose("| a | b |\n|---|--:|\n| 1 | 2 |"))
    assert html.startswith('<div class="wrap">')
    assert html.count('scope="col"') == 2
    assert re.search(r'<td class="right">2</td>', html)


def test_mathematics_is_drawn_with_words_for_those_who_cannot_see_it() -> None:
    html = str(prose("with $\\eta = 0.1$ and\n\n$$\\frac{a}{b}$$\n\nbut `$x$` and 5$ or \\$6"))
    assert re.findall(r"<title>([^<]*)</title>", html) == ["eta equals 0.1", "a over b"]
    assert html.count("<svg") == html.count("</svg>") == 2
    assert 'id="' not in html  # two equal formulas may stand in one report
    assert "<code>$x$</code>" in html
    assert "5$ or $6" in html


def test_a_formula_that_nobody_checked_stays_text() -> None:
    assert "$\\foo$" in str(prose("$\\foo$"))


def test_plain_is_the_text_alone() -> None:
    assert (
        plain("Which *learning*\nalgorithm, `x`?\n\n- one\n- two") == "Which learning algorithm, x? one two"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('the "first" of ("two"), "three"', "the “first” of (“two”), “three”"),
        ('"*first*" and *"second"*.', "“<em>first</em>” and <em>“second”</em>."),
        ('a\n"b"', "a\n“b”"),
        ('`"a"` "b"', "<code>&quot;a&quot;</code> “b”"),
        ("the layer's “own”", "the layer's “own”"),
    ],
)
def test_quotation_marks_are_those_of_the_language(text: str, html: str) -> None:
    assert str(prose(text)).replace('"', "&quot;") == f"<p>{html}</p>"


def test_quotation_marks_are_french_in_french() -> None:
    with language.use("fr"):
        said = str(prose('le réseau "300 unités" et `"code"`'))
    assert "« 300 unités »" in said.replace("&nbsp;", " ") and '"code"' in said
