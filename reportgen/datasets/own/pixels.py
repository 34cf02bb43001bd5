"""Values of pixels as bytes, and which of them cannot be."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.readers import ReadFault
from reportgen.experiments.own_data import MOST_SIDE, OwnDataset, Pixels

_LARGEST = 255


def as_bytes(values: NDArray[Any], pixels: Pixels) -> tuple[NDArray[np.uint8], NDArray[np.bool_] | None]:
    """Return values as bytes, and where they are none.

    Parameters
    ----------
    values : array of numbers or bool
    pixels : {"0..255", "0..1"}
        Whole numbers that are bytes already, or shares of 255, rounded to the nearest byte.

    Returns
    -------
    bytes : uint8 of the same shape
    wrong : bool of the same shape, or None
        Where a value is out of range or not whole; None where none is.
    """
    if pixels == "0..255":
        if values.dtype == np.uint8:
            return values, None
        with np.errstate(invalid="ignore"):
            wrong = ~((values >= 0) & (values <= _LARGEST))
            if values.dtype.kind == "f":
                wrong |= values != np.rint(values)
        scaled = values
    else:
        with np.errstate(invalid="ignore"):
            wrong = ~((values >= 0) & (values <= 1))
        scaled = np.rint(np.where(wrong, 0, values) * float(_LARGEST))
    if wrong.any():
        return np.where(wrong, 0, scaled).astype(np.uint8), wrong
    return scaled.astype(np.uint8), None


def wrong_value(value: float, pixels: Pixels) -> tuple[str, str, str]:
    """Code, message and remedy for a value that is no pixel's.

    Parameters
    ----------
    value : float
    pixels : {"0..255", "0..1"}
    """
    if math.isnan(value):
        return "missing-value", "a value is missing", "fill it in, or leave the image out"
    found = f"{value:g}"
    if pixels == "0..1":
        remedy = 'leave out pixels = "0..1" if they run to 255' if value > 1 else "mend the value"
        return "pixel-out-of-range", f"expected a pixel from 0 to 1, found {found}", remedy
    if 0 <= value <= 1:
        return "pixel-out-of-range", f"expected a whole number, found {found}", 'write pixels = "0..1"'
    if 0 <= value <= _LARGEST:
        return "pixel-out-of-range", f"expected a whole number, found {found}", "round the pixels"
    return "pixel-out-of-range", f"expected a pixel from 0 to 255, found {found}", "mend the value"


def shape_of_row(columns: int, table: OwnDataset) -> tuple[int, int, int]:
    """Height, width and channels of an image that is a row of numbers.

    Raises
    ------
    ReadFault
        The numbers make no image of the size that is asked for, or no square where none is.
    """
    channels = table.channels or 1
    if table.size is not None:
        height, width = table.size
        if height * width * channels != columns:
            expected = f"{height} x {width}" + (f" x {channels}" if channels > 1 else "")
            message = f"expected {height * width * channels:,} pixels ({expected}), found {columns:,}"
            raise ReadFault("wrong-size", message)
        return height, width, channels
    side = math.isqrt(columns // channels)
    if side * side * channels != columns or columns == 0:
        raise ReadFault(
            "no-square", f"{columns:,} pixels{' of three values' * (channels == 3)} make no square"
        )
    check_side(side, side)
    return side, side, channels


def check_side(height: int, width: int) -> None:
    """Raise `ReadFault` where images are larger than anything that is trained on here."""
    if max(height, width) > MOST_SIDE:
        raise ReadFault(
            "image-too-large", f"expected at most {MOST_SIDE:,} pixels a side, found {height:,} x {width:,}"
        )
    if min(height, width) < 1:
        raise ReadFault("image-too-large", f"expected images, found {height:,} x {width:,} pixels")
