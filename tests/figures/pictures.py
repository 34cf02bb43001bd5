"""Invented images for the figures that show some."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportgen.analysis.mistakes import Mistake
from reportgen.datasets.dataset import Picture


def picture(
    place: int = 0,
    label: int = 0,
    shape: tuple[int, int, int] = (28, 28, 1),
    dark: bool = True,
    part: str = "test",
) -> Picture:
    """Noise within a frame of one grey: black, as in the digits, or light."""
    rng = np.random.default_rng(place)
    pixels = np.full(shape, 0 if dark else 200, dtype=np.uint8)
    inside = (slice(2, -2), slice(2, -2))
    pixels[inside] = rng.integers(0, 256, pixels[inside].shape, dtype=np.uint8)
    assert part in ("train", "test")
    return Picture("d", "test" if part == "test" else "train", place, label, pixels)


def with_pictures(
    mistakes: Sequence[Mistake], shape: tuple[int, int, int] = (28, 28, 1)
) -> tuple[tuple[Mistake, Picture], ...]:
    """Each mistake with an image of its place."""
    return tuple((mistake, picture(mistake.place, mistake.true, shape)) for mistake in mistakes)
