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
_LARGEST = 64
"""Pixels of a side that are kept: few more can be seen in half an inch, and a report holds many images."""
_FINE = 64
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
    share : float
        Pixels that are drawn, before they become blocks, for one of the image in either direction: at
        most 1.
    side : float
        Points of the longer side of the largest image.
    """

    inverted: bool
    scale: float
    blocks: int
    share: float
    side: float


def tiling(pictures: Sequence[Picture], room: float) -> Tiling:
    """Return how to draw these images within squares of at most `room` points."""
    longest = max((max(picture.pixels.shape[:2]) for picture in pictures), default=1)
    share = min(1.0, _LARGEST / longest)
    drawn = min(longest, _LARGEST)
    blocks = -(-_FINE // drawn)
    scale = max(0.01, int(100 * room / (drawn * blocks)) / 100)
    return Tiling(_inverted(pictures), scale, blocks, share, scale * drawn * blocks)


def _inverted(pictures: Sequence[Picture]) -> bool:
    if not pictures or any(picture.pixels.shape[2] != 1 for picture in pictures):
        return False
    corners = [picture.pixels[[0, 0, -1, -1], [0, -1, 0, -1], 0] for picture in pictures]
    return float(np.median(np.concatenate(corners))) <= _DARK


def shown(picture: Picture, how: Tiling) -> NDArray[np.uint8]:
    """Return the pixels as they are drawn, (height, width, 3) uint8."""
    pixels = picture.pixels if how.share == 1 else _smaller(picture.pixels, how.share)
    if how.inverted:
        pixels = 255 - pixels
    colour = np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels[:, :, :3]
    return colour.repeat(how.blocks, axis=0).repeat(how.blocks, axis=1)


def _smaller(pixels: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """The image with fewer pixels, each the mean of what it covers."""
    height, width = pixels.shape[:2]
    down, across = (_overlaps(length, max(1, round(share * length))) for length in (height, width))
    return np.asarray(np.rint(np.einsum("ah,hwc,bw->abc", down, pixels, across)), dtype=np.uint8)


def _overlaps(length: int, wanted: int) -> NDArray[np.float64]:
    """What each of `length` pixels in a line adds to each of fewer, shape (wanted, length)."""
    edges = np.linspace(0, length, wanted + 1)
    starts = np.arange(length)
    ends = np.minimum(edges[1:, None], starts + 1) - np.maximum(edges[:-1, None], starts)
    return np.asarray(np.maximum(ends, 0) * wanted / length, dtype=np.float64)


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
