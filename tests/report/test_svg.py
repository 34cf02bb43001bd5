"""Drawings inside a page: own ids, colours that follow the theme, a title that speaks."""

from __future__ import annotations

import re

import pytest

from reportgen.report import svg
from reportgen.report.assets import built_in

DRAWING = (
    '<?xml version="1.0"?><!DOCTYPE svg><!-- made --><svg xmlns="http://www.w3.org/2000/svg" width="10pt"'
    ' height="5pt" viewBox="0 0 10 5"><title>old</title><defs><clipPath id="p1"><path id="m1" d="M0 0"/>'
    '</clipPath></defs><use xlink:href="#m1" clip-path="url(#p1)" style="fill: #0072b2; stroke: #123456"/></svg>'
)


def test_ids_are_unique_per_place_and_references_follow() -> None:
    one, two = str(svg.inline(DRAWING, "finding", "a")), str(svg.inline(DRAWING, "finding", "b"))
    for text in (one, two):
        ids = set(svg._ID.findall(text))
        assert ids
        for reference in re.findall(r'(?:href="#|url\(#)([^")]+)', text):
            assert reference in ids
    assert not set(svg._ID.findall(one)) & set(svg._ID.findall(two))


def test_known_colours_become_variables() -> None:
    text = str(svg.inline(DRAWING, "finding", "a"))
    assert "fill: var(--training)" in text
    assert "#123456" in text


def test_the_title_is_the_finding_escaped() -> None:
    text = str(svg.inline(DRAWING, 'loss < 1 & "more"', "a"))
    assert "old" not in text
    assert "loss &lt; 1 &amp; &quot;more&quot;</title>" in text
    assert 'role="img"' in text
    assert text.count("<title") == 1
    assert text.startswith("<svg")


def test_every_equation_has_a_title_and_a_size() -> None:
    files = sorted((built_in("templates") / "equations").glob("*.svg"))
    assert len(files) > 20
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert svg.equation_title(text)
        style = svg.equation_style(text)
        assert "width:" in style and "height:" in style and "ex" in style
        assert b"currentColor" not in svg.for_print(text)


def test_an_equation_without_a_title_is_refused() -> None:
    with pytest.raises(ValueError, match="title"):
        svg.equation_title("<svg></svg>")
