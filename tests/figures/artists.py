"""What a drawn figure holds: its texts, and whether they stand clear of each other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from reportgen.figures.style import style
from reportgen.records import Record
from reportgen.results import Failure, Result
from tests import samples


def texts(figure: Figure) -> list[Text]:
    """Every visible text with something in it."""
    found = figure.findobj(Text)
    return [
        text for text in found if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]


def written(figure: Figure) -> list[str]:
    """What stands in the figure, without no-break spaces."""
    return [text.get_text().replace("\u00a0", " ") for text in texts(figure)]


def boxes(figure: Figure) -> Iterator[tuple[Text, Bbox]]:
    """Texts with their places in points, without the empty part over and under the letters."""
    with style():
        renderer = FigureCanvasAgg(figure).get_renderer()  # type: ignore[no-untyped-call]
        for text in texts(figure):
            box = text.get_window_extent(renderer)
            trim = 0.24 * float(text.get_fontsize())
            across, down = (trim, 0.0) if text.get_rotation() % 180 else (0.0, trim)
            yield text, Bbox.from_extents(box.x0 + across, box.y0 + down, box.x1 - across, box.y1 - down)


def check(figure: Figure) -> None:
    """No text outside of the figure, none on another, none too small; every number finite."""
    width, height = figure.get_size_inches() * 72
    found = list(boxes(figure))
    for text, box in found:
        assert float(text.get_fontsize()) >= 6.8, text.get_text()
        assert not text.get_parse_math(), text.get_text()
        assert "nan" not in text.get_text(), text.get_text()
        inside = box.x0 >= -0.6 and box.y0 >= -0.6 and box.x1 <= width + 0.6 and box.y1 <= height + 0.6
        assert inside, f"{text.get_text()!r} at {box.extents} in {width} × {height}"
    for (one, first), (other, second) in combinations(found, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        down = min(first.y1, second.y1) - max(first.y0, second.y0)
        assert across <= 0.3 or down <= 0.3, f"{one.get_text()!r} on {other.get_text()!r}"


def size(figure: Figure) -> tuple[float, float]:
    """Width and height in points."""
    width, height = figure.get_size_inches() * 72
    return round(float(width), 6), round(float(height), 6)


def lines(axes: Axes, color: str) -> list[Line2D]:
    """The curves of one colour."""
    return [line for line in axes.lines if line.get_color() == color]


def data(line: Line2D) -> tuple[list[float], list[float]]:
    """Where a curve goes: epochs (or other abscissae) and values."""
    return np.asarray(line.get_xdata()).tolist(), np.asarray(line.get_ydata()).tolist()


def row_of(*records: Record | Failure) -> Result:
    """A row with one run for each record or failure."""
    return samples.repeated(samples.row(), records)
