"""The key over accuracy against cost: sections by their marks, and what else needs a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportgen.figures.style import INK, MUTED, SMALL, mark_size, panel, text_width, write

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, KEY, MARK = 468.0, 12.0, 5.2
"""Width of the figure, height of a line of its key, size of a mark."""


@dataclass(frozen=True)
class Entry:
    """A line of the key: a section's colour and shape, "line" or a number, and what it stands for."""

    text: str
    sign: tuple[str, str] | str

    @property
    def sign_width(self) -> float:
        """Points from the middle of a mark to the text, and so much for the others."""
        if self.sign == "line":
            return 16.0
        if self.sign == "":
            return 0.0
        return text_width(self.sign, SMALL) + 4 if isinstance(self.sign, str) else 10.0


def key_lines(entries: Sequence[Entry]) -> list[list[tuple[Entry, float]]]:
    """Entries and where they stand, broken into lines."""
    lines: list[list[tuple[Entry, float]]] = [[]]
    x = 4.0
    for entry in entries:
        wide = entry.sign_width + text_width(entry.text) + 14
        if x + wide - 14 > WIDTH and lines[-1]:
            lines.append([])
            x = 4.0
        lines[-1].append((entry, x))
        x += wide
    return lines


def write_key(figure: Figure, lines: Sequence[Sequence[tuple[Entry, float]]]) -> None:
    """Draw the key at the top of the figure."""
    axes = panel(figure, 0, 0, WIDTH, KEY * len(lines))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(KEY * len(lines), 0)
    for row, line in enumerate(lines):
        middle = row * KEY + 5
        for entry, x in line:
            if entry.sign == "line":
                axes.plot([x - 3, x + 9], [middle, middle], color=MUTED, alpha=0.6, linewidth=0.6)
            elif isinstance(entry.sign, str) and entry.sign:
                write(figure, x - 3, middle + 2.5, entry.sign, size=SMALL, color=INK)
            elif entry.sign:
                color, shape = entry.sign
                size = mark_size(shape, MARK)
                axes.plot([x], [middle], shape, color=color, markersize=size, markeredgewidth=0)
            write(figure, x + entry.sign_width - 3, middle + 2.5, entry.text, color=INK)
