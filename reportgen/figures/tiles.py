"""Images of a data set in a figure: small, sharp, and readable on paper and on a dark page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.dataset import Picture
from reportgen.figures.style import HAIRLINE, panel

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DARK = 16
"""Grey images whose corners are this dark are light strokes on black: they are drawn dark on white."""
_LARGEST = 128
"""Pixels of a side that are kept: no more can be seen at this size."""
_FINE = 80
"""Pixels of a side that an image is given at least, each of its own being a block of several.

A viewer that smooths what it enlarges then smooths the edges of the blocks only.
"""


@dataclass(frozen=True)
class Tiling:
    """How the images of a figure are drawn: all in the same way.

    Parameters
    ----------
    inverted : bool
        Dark on white where the data are light on black.
    scale : float
        Points of a pixel of the enlarged image, to two decimals, as the SVG holds them.
    blocks : int
        Pixels of the enlarged image for one of the image, in either direction.
    reduced : int
        Pixels of the image in either direction whose mean is one that is drawn.
    side : float
        Points of the longer side of the largest image.
    """

    inverted: bool
    scale: float
    blocks: int
    reduced: int
    side: float


def tiling(pictures: Sequence[Picture], room: float) -> Tiling:
    """Return how to draw these images within squares of at most `room` points."""
    longest = max((max(picture.pixels.shape[:2]) for picture in pictures), default=1)
    reduced = -(-longest // _LARGEST)
    drawn = max(1, longest // reduced)
    blocks = -(-_FINE // drawn)
    scale = max(0.01, int(100 * room / (drawn * blocks)) / 100)
    return Tiling(_inverted(pictures), scale, blocks, reduced, scale * drawn * blocks)


def _inverted(pictures: Sequence[Picture]) -> bool:
    if not pictures or any(picture.pixels.shape[2] != 1 for picture in pictures):
        return False
    corners = [picture.pixels[[0, 0, -1, -1], [0, -1, 0, -1], 0] for picture in pictures]
    return float(np.median(np.concatenate(corners))) <= _DARK


def shown(picture: Picture, how: Tiling) -> NDArray[np.uint8]:
    """Return the pixels as they are drawn, (height, width, 3) uint8."""
    pixels = picture.pixels.astype(np.float64)
    if how.reduced > 1:
        pixels = _mean_of_blocks(pixels, how.reduced)
    if how.inverted:
        pixels = 255 - pixels
    colour = np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels[:, :, :3]
    large = colour.repeat(how.blocks, axis=0).repeat(how.blocks, axis=1)
    return np.asarray(np.rint(large), dtype=np.uint8)


def _mean_of_blocks(pixels: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    height, width, channels = pixels.shape
    # What is left over at the lower and the right edge is filled up with the last pixels.
    whole = np.pad(pixels, ((0, -height % size), (0, -width % size), (0, 0)), mode="edge")
    blocks = whole.reshape(whole.shape[0] // size, size, whole.shape[1] // size, size, channels)
    return np.asarray(blocks.mean(axis=(1, 3)), dtype=np.float64)


def draw_tile(figure: Figure, picture: Picture, how: Tiling, left: float, top: float) -> None:
    """Draw an image in the middle of the square whose corner is at `left`, `top`, in a fine frame."""
    pixels = shown(picture, how)
    height, width = (how.scale * length for length in pixels.shape[:2])
    x, y = left + (how.side - width) / 2, top + (how.side - height) / 2
    axes = panel(figure, x, y, width, height)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.imshow(pixels, interpolation="none", aspect="auto", extent=(0, 1, 0, 1), label=str(picture.place))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.plot([0, 1, 1, 0, 0], [0, 0, 1, 1, 0], color=HAIRLINE, linewidth=0.5, clip_on=False)
