"""Faces by the characters of a text, and a name of its own for each file in the PDF."""

from __future__ import annotations

import re

from reportgen.report.assets import built_in
from reportgen.report.fonts import (
    RANGES,
    faces,
    family_of_subset,
    font_face_rules,
    uncovered,
    with_subsets,
)

FONTS = built_in("templates") / "fonts"


def subsets(text: str) -> set[str]:
    return {face.subset for face in faces(FONTS, text)}


def test_only_what_the_text_needs() -> None:
    assert subsets("plain") == {"latin"}
    assert subsets("Łódź") == {"latin", "latin-ext"}
    assert subsets("α and Ж") == {"latin", "greek", "cyrillic"}


def test_every_weight_and_style_of_the_style_sheet_is_there() -> None:
    found = {(face.family, face.weight, face.style) for face in faces(FONTS, "a")}
    sans = {
        ("Source Sans 3", w, s)
        for w, s in ((400, "normal"), (400, "italic"), (600, "normal"), (700, "normal"))
    }
    assert sans <= found
    assert ("Source Serif 4", 400, "normal") in found
    assert ("Source Code Pro", 400, "normal") in found


def test_no_character_belongs_to_two_subsets() -> None:
    points: dict[int, str] = {}
    for subset, ranges in RANGES.items():
        for part in ranges.split(","):
            first, _, last = part.removeprefix("U+").partition("-")
            for point in range(int(first, 16), int(last or first, 16) + 1):
                assert points.setdefault(point, subset) == subset, hex(point)


def test_no_two_files_share_family_weight_and_style() -> None:
    # WeasyPrint makes one font of them, with the wrong glyphs for the second.
    chosen = faces(FONTS, "aŁαЖ")
    names = [(family_of_subset(face), face.weight, face.style) for face in chosen]
    assert len(names) == len(set(names))
    rules = font_face_rules(chosen, lambda face: face.path.name, family_of_subset)
    assert rules.count("@font-face") == len(chosen)
    style = with_subsets("font: 8pt 'Source Sans 3', sans-serif", chosen)
    families = re.findall(r"'([^']+)'", style)
    assert families[0] == "Source Sans 3"
    assert set(families) == {family_of_subset(f) for f in chosen if f.family == "Source Sans 3"}


def test_uncovered_names_what_no_font_has() -> None:
    assert uncovered(FONTS, "a – × Ł α Ж \u00a0") == ""
    assert uncovered(FONTS, "漢 → a") == "→漢"
