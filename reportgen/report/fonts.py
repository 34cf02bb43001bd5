"""The fonts of the report: which files a text needs, and their `@font-face` rules.

The files are cut by script, as published; a report names only those whose characters
it really holds, so that the HTML stays small.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FAMILIES = {
    "source-serif-4": "Source Serif 4",
    "source-sans-3": "Source Sans 3",
    "source-code-pro": "Source Code Pro",
}

RANGES = {
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,"
    "U+2000-201F,U+2021-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
    "latin-ext": "U+0100-0130,U+0132-0151,U+0154-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,"
    "U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,"
    "U+A720-A7FF",
    "greek": "U+0370-0377,U+037A-037F,U+0384-038A,U+038C,U+038E-03A1,U+03A3-03FF",
    "cyrillic": "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
}
"""Unicode ranges of the subsets, without overlaps: a browser takes the last face that fits."""

_FILE = re.compile(r"(source-[a-z0-9-]+?)-(latin-ext|latin|greek|cyrillic)-(\d{3})-(normal|italic)\.woff2")
_IGNORED = frozenset("\n\r\t\u200b\ufeff")


@dataclass(frozen=True, order=True)
class Face:
    """One font file: family, subset, weight and style."""

    family: str
    subset: str
    weight: int
    style: str
    path: Path


@cache
def _spans(subset: str) -> tuple[tuple[int, int], ...]:
    spans = []
    for part in RANGES[subset].split(","):
        first, _, last = part.removeprefix("U+").partition("-")
        spans.append((int(first, 16), int(last or first, 16)))
    return tuple(spans)


def _subset_of(character: str) -> str | None:
    point = ord(character)
    for subset in RANGES:
        if any(first <= point <= last for first, last in _spans(subset)):
            return subset
    return None


def faces(folder: Path, text: str) -> tuple[Face, ...]:
    """Return the faces in `folder` that `text` needs, in a fixed order.

    Parameters
    ----------
    folder : Path
        Holds ``<family>-<subset>-<weight>-<style>.woff2``.
    text : str
        Everything that will be set.
    """
    needed = {_subset_of(character) for character in set(text)} | {"latin"}
    found = []
    for path in sorted(folder.glob("*.woff2")):
        parts = _FILE.fullmatch(path.name)
        if parts and parts[1] in FAMILIES and parts[2] in needed:
            found.append(Face(FAMILIES[parts[1]], parts[2], int(parts[3]), parts[4], path))
    return tuple(sorted(found))


def family_of_subset(face: Face) -> str:
    """Return a name for a face's subset alone: the family's own for Latin.

    WeasyPrint names a font in the PDF by family, weight and style. Two files that share all
    three become one there, and the letters of one are drawn with glyphs of the other.
    """
    return face.family if face.subset == "latin" else f"{face.family} {face.subset}"


def with_subsets(style: str, faces: Iterable[Face]) -> str:
    """Return CSS or SVG with every quoted family followed by those of its subsets."""
    names: dict[str, dict[str, None]] = {}
    for face in faces:
        names.setdefault(face.family, {face.family: None})[family_of_subset(face)] = None
    for family, stack in names.items():
        style = style.replace(f"'{family}'", ",".join(f"'{name}'" for name in stack))
    return style


def font_face_rules(
    faces: Iterable[Face],
    url: Callable[[Face], str],
    family: Callable[[Face], str] = lambda face: face.family,
) -> str:
    """Return the CSS that declares `faces`, each at the address and by the name it is given."""
    return "\n".join(
        f"@font-face{{font-family:'{family(face)}';font-style:{face.style};font-weight:{face.weight};"
        f"font-display:swap;src:url({url(face)}) format('woff2');unicode-range:{RANGES[face.subset]}}}"
        for face in faces
    )


def uncovered(folder: Path, text: str) -> str:
    """Return the characters of `text` for which the sans family has no glyph, sorted."""
    from fontTools.ttLib import TTFont

    wanted = {character for character in set(text) if ord(character) > 0x7E} - _IGNORED
    known: set[int] = set()
    for subset in {_subset_of(character) for character in wanted} - {None}:
        path = folder / f"source-sans-3-{subset}-400-normal.woff2"
        if path.is_file():
            known |= set(TTFont(path, lazy=True).getBestCmap())
    return "".join(sorted(character for character in wanted if ord(character) not in known))
