"""The look of every figure: colours, letters, and drawing areas measured in points.

Importing this costs nothing: matplotlib comes in when the first figure is drawn.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

INK = "#1a1a1a"
MUTED = "#565656"
GRID = "#dcdcdc"
HAIRLINE = "#d4d4d4"
TRAINING = "#0072b2"
VALIDATION = "#b84a00"
FAMILIES = ("#0072b2", "#b84a00", "#00785a", "#8a4a78")
SHAPES = ("o", "s", "^", "D", "v", "P", "X", "p", "h", "<", ">", "*")
"""Sections differ by shape too: colours alone come too close under colour-blindness."""
DASHES = (4.0, 1.8)
MATRIX_DIAGONAL, MATRIX_EMPTY = "#dbe8f2", "#f7f7f7"
MATRIX_ERRORS = ("#feedde", "#fdd0a2", "#fdae6b", "#f5893d", "#b84a00", "#7f2704")

LAYER, DENSE, WITHIN = "#dce9f3", "#fdeee0", "#f6f7f8"
"""Grounds of layers: convolutions, dense layers, and what is frozen or a network itself."""

FAMILY = "Source Sans 3"
SMALL, NORMAL = 6.8, 7.5
LINE = 1.25
_NO_BREAK = "\u00a0\u2007\u202f"

_P = ParamSpec("_P")
_R = TypeVar("_R")
_LOCK = threading.RLock()
"""Matplotlib's settings are one per process: two threads must not draw at once."""


def settings(families: Sequence[str]) -> dict[str, Any]:
    """Matplotlib settings for all figures; `families` are those that are installed."""
    return {
        "font.family": [*families, "DejaVu Sans"],
        "font.size": NORMAL,
        "text.color": INK,
        "text.hinting": "no_hinting",  # widths in a PNG are then those of the SVG
        "text.parse_math": False,  # a class may be called $\frac{$
        "axes.unicode_minus": True,
        "axes.linewidth": 0.5,
        "axes.edgecolor": MUTED,
        "lines.linewidth": LINE,
        "lines.dashed_pattern": DASHES,
        "path.simplify": True,
        "svg.fonttype": "none",
        "svg.image_inline": True,
    }


@contextmanager
def style() -> Iterator[None]:
    """Draw with our settings on top of matplotlib's own defaults: no file of the user's counts."""
    import matplotlib

    search = logging.getLogger("matplotlib.font_manager")
    with _LOCK, matplotlib.rc_context():
        matplotlib.rcdefaults()
        ours: Any = settings(_installed())
        matplotlib.rcParams.update(ours)
        level = search.level
        # It would say that the spare family has no weight of 600.
        search.setLevel(logging.ERROR)
        try:
            yield
        finally:
            search.setLevel(level)


def styled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Run a function that makes a figure inside `style`."""

    @wraps(function)
    def inside(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with style():
            return function(*args, **kwargs)

    return inside


def _installed() -> list[str]:
    """Our family and its further alphabets, where `fonts.install` or the system brought them."""
    from matplotlib import font_manager

    names = {entry.name for entry in font_manager.fontManager.ttflist}
    return sorted(name for name in names if name == FAMILY or name.startswith(f"{FAMILY} subset"))


def canvas(width: float, height: float) -> Figure:
    """An empty figure of `width` × `height` points with no background."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    figure.patch.set_visible(False)
    return figure


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """A drawing area at `left`, `top` (points from the figure's top left corner), with no frame."""
    across, down = figure.get_size_inches() * 72
    axes = figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))
    axes.patch.set_visible(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.tick_params(length=0, pad=4, labelsize=SMALL, labelcolor=MUTED)
    return axes


def write(
    figure: Figure,
    x: float,
    y: float,
    text: str,
    *,
    size: float = NORMAL,
    color: str = INK,
    weight: int = 400,
    align: str = "left",
    vertical: str = "baseline",
) -> Text:
    """Write `text` at `x`, `y`, in points from the figure's top left corner."""
    across, down = figure.get_size_inches() * 72
    return figure.text(
        x / across, 1 - y / down, text, size=size, color=color, weight=weight, ha=align, va=vertical,
        parse_math=False,
    )  # fmt: skip


def text_width(text: str, size: float = NORMAL, weight: int = 400) -> float:
    """Width of a line of text in points, in the letters that are installed."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    properties = FontProperties(size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, properties, ismath=False)[0])


def one_line(text: str) -> str:
    """`text` on one line; what cannot be printed shows as a replacement character."""
    spaced = "".join(" " if c.isspace() and c not in _NO_BREAK else c for c in text)
    seen = "".join(c if c.isprintable() or c in _NO_BREAK else "\ufffd" for c in spaced)
    return " ".join(part for part in seen.split(" ") if part)


def fitted(text: str, width: float, size: float = NORMAL, weight: int = 400) -> str:
    """`text`, shortened with an ellipsis to at most `width` points."""
    text = one_line(text)[:300]
    if text_width(text, size, weight) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(text[:middle].rstrip() + "…", size, weight) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def told_apart(names: Sequence[str], width: float, size: float = NORMAL, weight: int = 400) -> list[str]:
    """`names`, each `fitted`; those that would then read the same are shortened in their middle."""
    short = [fitted(name, width, size, weight) for name in names]
    whole: dict[str, set[str]] = {}
    for name, cut in zip(names, short, strict=True):
        whole.setdefault(cut, set()).add(one_line(name))
    return [
        middle_cut(name, width, size, weight) if len(whole[cut]) > 1 else cut
        for name, cut in zip(names, short, strict=True)
    ]


def middle_cut(text: str, width: float, size: float = NORMAL, weight: int = 400) -> str:
    """`text` without its middle, as much of both ends as `width` has room for."""
    text = one_line(text)
    if text_width(text[:300], size, weight) <= width:
        return text[:300]
    low, high = 0, min(len(text), 300)
    while low < high:
        kept = (low + high + 1) // 2
        if text_width(_ends(text, kept), size, weight) <= width:
            low = kept
        else:
            high = kept - 1
    return _ends(text, low)


def _ends(text: str, kept: int) -> str:
    tail = kept // 2
    return f"{text[: kept - tail].rstrip()}…{text[len(text) - tail :].lstrip()}"


def wrapped(text: str, width: float, most: int = 2, size: float = NORMAL, weight: int = 400) -> list[str]:
    """`text` broken between words into at most `most` lines of `width` points; the last is `fitted`."""
    lines: list[str] = []
    # A line holds less than 300 letters: what comes later cannot be seen.
    rest = one_line(text)[: 300 * most].split(" ")
    while rest and len(lines) < most - 1:
        taken = 1
        while taken < len(rest) and text_width(" ".join(rest[: taken + 1]), size, weight) <= width:
            taken += 1
        lines.append(fitted(" ".join(rest[:taken]), width, size, weight))
        rest = rest[taken:]
    return [*lines, fitted(" ".join(rest), width, size, weight)] if rest else lines


def apart(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move `places` as little as possible so that they lie at least `gap` apart between `low` and `high`.

    Where they cannot all fit, the gap stays and they run over `high`.
    """
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = [places[number] for number in order]
    for _ in range(60):
        shifted = False
        for upper in range(1, len(moved)):
            missing = gap - (moved[upper] - moved[upper - 1])
            if missing > 1e-6:
                moved[upper] += missing / 2
                moved[upper - 1] -= missing / 2
                shifted = True
        if not shifted:
            break
    # What the relaxation leaves over is settled from both ends.
    for number in range(len(moved) - 1, -1, -1):
        roof = high if number == len(moved) - 1 else moved[number + 1] - gap
        moved[number] = min(moved[number], roof)
    for number in range(len(moved)):
        floor = low if number == 0 else moved[number - 1] + gap
        moved[number] = max(moved[number], floor)
    back = [0.0] * len(places)
    for place, number in zip(moved, order, strict=True):
        back[number] = place
    return back


def look(sections: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Colour and shape of each section, in the report's order."""
    return {
        section: (
            # After a round of shapes the colours move on by one: forty-eight looks before one comes again.
            FAMILIES[(number + number // len(SHAPES)) % len(FAMILIES)],
            SHAPES[number % len(SHAPES)],
        )
        for number, section in enumerate(dict.fromkeys(sections))
    }


def mark_size(shape: str, size: float) -> float:
    """Marker size that makes a shape look as large as a dot of `size`."""
    return size * {"D": 0.82, "s": 0.9, "^": 1.1, "v": 1.1, "*": 1.25}.get(shape, 1.0)
