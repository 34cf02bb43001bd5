"""Draws the figures of a report, and remembers what each was drawn from, so that it can be exported."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportgen.figures.cache import Drawing, drawn, exported
from reportgen.figures.catalogue import FIGURES, Kind
from reportgen.results import Result

_KINDS = {kind.name: kind for kind in FIGURES}


@dataclass(frozen=True)
class Sketch:
    """What a figure is drawn from.

    Parameters
    ----------
    kind : Kind
    results : tuple of Result
    about : object
        What else it is about (see `Kind`).
    """

    kind: Kind
    results: tuple[Result, ...]
    about: object = None


@dataclass
class Drawer:
    """The `Draw` of a report, in the language in use.

    Parameters
    ----------
    titles : mapping of str to str
        Of the sections, by id.
    folder : Path
        Of the cache of figures.
    fonts : Path
        Folder of the report's fonts.
    say : callable
        Takes a warning.
    made : list of (Sketch, Drawing)
        Every figure of the report, in the order they were asked for.
    """

    titles: Mapping[str, str]
    folder: Path
    fonts: Path
    say: Callable[[str], None] = lambda text: None
    made: list[tuple[Sketch, Drawing]] = field(default_factory=list)

    def __call__(self, name: str, results: Sequence[Result], about: object = None) -> Drawing:
        """Return a figure of the catalogue as SVG."""
        sketch = Sketch(_KINDS[name], tuple(results), about)
        drawing = self.svg(sketch)
        self.made.append((sketch, drawing))
        return drawing

    def svg(self, sketch: Sketch) -> Drawing:
        """Return a figure as SVG, without remembering it as one of the report's."""
        return drawn(
            sketch.kind, sketch.results, self.titles, sketch.about,
            folder=self.folder, fonts=self.fonts, say=self.say,
        )  # fmt: skip

    def png(self, sketch: Sketch, dpi: int) -> bytes:
        """Return a figure as PNG on white."""
        return exported(
            sketch.kind, sketch.results, self.titles, sketch.about,
            folder=self.folder, fonts=self.fonts, dpi=dpi, say=self.say,
        )  # fmt: skip


def heat_map(result: Result) -> Sketch:
    """Return what the heat map of a row's confusion matrix is drawn from."""
    return Sketch(_KINDS["confusion_heatmap"], (result,))
