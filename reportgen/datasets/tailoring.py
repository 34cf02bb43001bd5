"""What garments are cut with: pieces, outlines, bands, and a hand that is never quite the same.

Points are (x, y) with x from -0.5 (left) to 0.5 and y from 0 (top) to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Random = np.random.Generator


@dataclass(frozen=True)
class Piece:
    """One piece of a garment.

    Parameters
    ----------
    outline : (n, 2) float
    tone : float
        Grey relative to the garment's own: 0 is a hole.
    cloth : bool
        Whether the garment's pattern and folds show on it.
    """

    outline: Points
    tone: float = 1.0
    cloth: bool = True


Garment = list[Piece]
Curve = Callable[[float], float]


def around(random: Random, middle: float, spread: float) -> float:
    """A number near `middle`, at most two `spread` away."""
    return float(middle + spread * np.clip(random.normal(), -2, 2))


def closed(points: Sequence[tuple[float, float]], rounds: int = 2) -> Points:
    """A closed outline with its corners cut (Chaikin, 1974)."""
    outline = np.array(points, float)
    for _ in range(rounds):
        following = np.roll(outline, -1, axis=0)
        outline = np.stack((0.75 * outline + 0.25 * following, 0.25 * outline + 0.75 * following), 1)
        outline = outline.reshape(-1, 2)
    return outline


def symmetric(right: Sequence[tuple[float, float]], rounds: int = 1) -> Points:
    """The outline of a symmetric piece from its right half, listed from top to bottom."""
    return closed([*right, *((-x, y) for x, y in reversed(right))], rounds)


def mirror(piece: Piece) -> Piece:
    return Piece(piece.outline * (-1, 1), piece.tone, piece.cloth)


def band(points: Sequence[tuple[float, float]], width: float, tone: float, cloth: bool = False) -> Piece:
    """A strip of `width` along a line."""
    line = np.array(points, float)
    along = np.gradient(line, axis=0)
    across = np.stack((-along[:, 1], along[:, 0]), 1)
    across *= width / 2 / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    return Piece(np.concatenate((line + across, (line - across)[::-1])), tone, cloth)


def arc(
    start: tuple[float, float], peak: tuple[float, float], end: tuple[float, float]
) -> list[tuple[float, float]]:
    """Points of a parabola from `start` to `end`, pulled towards `peak`."""
    t = np.linspace(0, 1, 12)[:, None]
    curve = (1 - t) ** 2 * np.array(start) + 2 * t * (1 - t) * np.array(peak) + t**2 * np.array(end)
    return [(float(x), float(y)) for x, y in curve]
