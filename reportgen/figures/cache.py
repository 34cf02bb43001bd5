"""Figures that are drawn once: a cache that may be deleted at any time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen.figures import draw as drawing
from reportgen.figures.catalogue import Kind
from reportgen.results import Result


@dataclass(frozen=True)
class Drawing:
    """A drawn figure.

    Parameters
    ----------
    name : str
    svg : str
    alt : str
        Alternative text, also the SVG's ``<title>``.
    fresh : bool
        False where it came from the cache.
    """

    name: str
    svg: str
    alt: str
    fresh: bool


def drawn(
    kind: Kind,
    results: Sequence[Result],
    sections: Mapping[str, str] | None = None,
    *,
    folder: Path,
    fonts: Path | None = None,
    language: str = "en",
    say: Callable[[str], None] = lambda text: None,
) -> Drawing:
    """Return a figure from the cache, or draw it and put it there.

    Parameters
    ----------
    kind : Kind
        From `reportgen.figures.catalogue.FIGURES`.
    results : sequence of Result
        What the figure is about: one result for a figure of a run.
    sections : mapping of str to str
        Titles of the sections by id.
    folder : Path
        Of the cache; made where absent.
    fonts : Path or None
        Folder of the report's WOFF2 fonts.
    language : str
    say : callable
        Takes a warning.
    """
    titles = dict(sections or {})
    alt = kind.describe(results, titles)
    return Drawing(kind.name, drawing.draw(kind.draw(results, titles), alt=alt, prefix=kind.name), alt, True)


def exported(
    kind: Kind,
    results: Sequence[Result],
    sections: Mapping[str, str] | None = None,
    *,
    folder: Path,
    fonts: Path | None = None,
    dpi: int = 200,
    say: Callable[[str], None] = lambda text: None,
) -> bytes:
    """Return a figure as PNG, from the cache or drawn now."""
    return drawing.png(kind.draw(results, dict(sections or {})), dpi=dpi)
