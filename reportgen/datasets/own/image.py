"""One image file as pixels: any usual format, eight bits a channel, brought to a size and to channels."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.own.pixels import check_side
from reportgen.datasets.readers import ReadFault
from reportgen.experiments.own_data import Colour, Fit, OwnDataset

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".pgm", ".ppm", ".pbm")

MOST_PIXELS = 80_000_000
"""Most pixels of an image file, before it is brought to size."""

_MOST = f"expected at most {MOST_PIXELS:,} pixels"
_GREY = frozenset(("1", "L", "LA"))
_DEEP = frozenset(("I", "F", "I;16", "I;16B", "I;16L", "I;16N"))


@dataclass(frozen=True)
class Wanted:
    """What images are brought to.

    Parameters
    ----------
    size : (int, int) or None
        Height and width; None where they stay as they are.
    colour : {"grey", "rgb"} or None
    fit : {"pad", "stretch", "crop"}
    background : str or None
        What shows through transparent pixels; None where there may be none.
    """

    size: tuple[int, int] | None
    colour: Colour | None
    fit: Fit
    background: str | None

    @classmethod
    def of(cls, table: OwnDataset) -> Wanted:
        """What a table of the experiments file asks for."""
        size = (table.size[0], table.size[1]) if table.size else None
        return cls(size, table.colour, table.fit, table.background)


def decode(content: bytes, wanted: Wanted) -> tuple[NDArray[np.uint8], bool, bool]:
    """Decode an image file.

    Parameters
    ----------
    content : bytes
    wanted : Wanted

    Returns
    -------
    pixels : (height, width, channels) uint8
    resized, recoloured : bool
        Whether its size, and its channels, were others.

    Raises
    ------
    ReadFault
        It is broken, no image, too large, has several frames, more than eight bits a channel, or
        transparent pixels where no background is given.
    """
    image = _opened(content)
    image, grey = _plain(image, wanted.background)
    recoloured = wanted.colour is not None and grey != (wanted.colour == "grey")
    image = image.convert("L" if (grey if wanted.colour is None else wanted.colour == "grey") else "RGB")
    resized = wanted.size is not None and wanted.size != (image.height, image.width)
    if resized:
        image = _sized(image, wanted)
    check_side(image.height, image.width)
    pixels = np.asarray(image, np.uint8)
    return pixels.reshape(*pixels.shape[:2], -1), resized, recoloured


def _opened(content: bytes) -> Image:
    """The one image of a file, unpacked, as the camera saw it."""
    import warnings

    import PIL.Image
    from PIL import ImageFile, ImageOps

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it, for all who share a process with it
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", PIL.Image.DecompressionBombWarning)
            opened = PIL.Image.open(io.BytesIO(content), formats=FORMATS)
        with opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ReadFault("image-too-large", f"{_MOST}, found {opened.height:,} x {opened.width:,}")
            frames = getattr(opened, "n_frames", 1)
            if frames > 1:
                raise ReadFault("several-frames", f"expected one image, found {frames:,} in one file")
            opened.load()
            return ImageOps.exif_transpose(opened)
    except ReadFault:
        raise
    except PIL.UnidentifiedImageError as error:
        raise ReadFault("broken-image", "it is no image, or its beginning is broken") from error
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning) as error:
        raise ReadFault("image-too-large", f"{_MOST}, found far more") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow raises for broken files
        raise ReadFault("broken-image", f"the image is broken: {error}") from error


def _plain(image: Image, background: str | None) -> tuple[Image, bool]:
    """The image without transparency, and whether it is grey."""
    import PIL.Image

    if image.mode in _DEEP:
        raise ReadFault("too-deep", "expected 8 bits a channel, found more: save it with 8")
    grey = image.mode in _GREY
    if not image.has_transparency_data:
        return image, grey
    whole = image.convert("RGBA")
    if whole.getchannel("A").getextrema() == (255, 255):
        return whole.convert("RGB"), grey
    if background is None:
        message = 'it has transparent pixels; say what is behind them: background = "white" or "black"'
        raise ReadFault("transparent", message)
    behind = PIL.Image.new("RGBA", whole.size, background)
    return PIL.Image.alpha_composite(behind, whole).convert("RGB"), grey


def _sized(image: Image, wanted: Wanted) -> Image:
    """The image in the size that is asked for; smaller pixels are means of what they cover."""
    from PIL import ImageOps
    from PIL.Image import Resampling

    assert wanted.size is not None
    size = (wanted.size[1], wanted.size[0])
    if wanted.fit == "stretch":
        return image.resize(size, Resampling.BILINEAR)
    if wanted.fit == "crop":
        return ImageOps.fit(image, size, Resampling.BILINEAR)
    margin = 255 if wanted.background == "white" else 0
    return ImageOps.pad(
        image, size, Resampling.BILINEAR, color=margin if image.mode == "L" else (margin,) * 3
    )
