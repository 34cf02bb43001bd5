"""The committed fonts and equations are whole, as published, and readable without eyes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.project.sources import ROOT

FONTS = ROOT / "templates" / "fonts"
EQUATIONS = ROOT / "templates" / "equations"
SVG = "{http://www.w3.org/2000/svg}"

SOURCES = sorted(EQUATIONS.glob("*.tex"))
each_equation = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)


def test_every_font_is_listed_with_its_size() -> None:
    listed = {
        name: int(size.replace(",", ""))
        for name, size in re.findall(
            r"\| `(\S+\.woff2)` \|.*\| ([\d,]+) \|$", (FONTS / "README.md").read_text(encoding="utf-8"), re.M
        )
    }
    assert listed == {file.name: file.stat().st_size for file in FONTS.glob("*.woff2")}


def test_every_family_has_its_licence_and_every_subset_of_latin_greek_and_cyrillic() -> None:
    subsets: dict[str, set[str]] = {}
    for file in FONTS.glob("*.woff2"):
        found = re.fullmatch(r"(source-\w+-(?:\d|pro))-([a-z-]+)-(\d+)-(normal|italic)", file.stem)
        assert found, file.name
        subsets.setdefault(f"{found[1]} {found[3]} {found[4]}", set()).add(found[2])
        assert "SIL OPEN FONT LICENSE" in (FONTS / f"{found[1]}-OFL.txt").read_text(encoding="utf-8")
    assert all(found == {"latin", "latin-ext", "greek", "cyrillic"} for found in subsets.values())
    assert len(subsets) == 9


def test_sources_and_drawings_come_in_pairs() -> None:
    assert SOURCES
    assert {file.stem for file in SOURCES} == {file.stem for file in EQUATIONS.glob("*.svg")}


def test_names_stay_apart_where_capitals_do_not_count() -> None:
    names = [file.name.lower() for file in EQUATIONS.iterdir()]
    assert len(names) == len(set(names))


@each_equation
def test_an_equation_says_what_it_shows_and_follows_text_and_theme(source: Path) -> None:
    spoken = re.match(r"% spoken: (.+)\n% style: (?:display|inline)\n.", source.read_text(encoding="utf-8"))
    text = source.with_suffix(".svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert spoken
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == spoken[1]
    assert root[0].tag == f"{SVG}title", "a title counts only as the first child"
    assert root.get("role") == "img"
    assert root.get("width", "").endswith("ex")
    assert root.get("height", "").endswith("ex")
    assert re.search(r"vertical-align: (?:-?[\d.]+ex|0)", root.get("style", ""))
    assert 'fill="currentColor"' in text
    assert "stroke-width" not in text
    assert not re.search(r"\bid=|href=|<script|<style", text), "it may stand twice on a page"
    assert root.find(f".//{SVG}path") is not None


@pytest.mark.parametrize(
    ("name", "inside"), [("rmsprop-update", True), ("adagrad-update", True), ("adam-update", False)]
)
def test_epsilon_stands_where_keras_has_it(name: str, inside: bool) -> None:
    tex = (EQUATIONS / f"{name}.tex").read_text(encoding="utf-8")
    assert bool(re.search(r"\\sqrt\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\\varepsilon\}", tex)) is inside
