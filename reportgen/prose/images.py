"""Pictures of the authors: files beside experiments.toml, embedded in the report, never fetched."""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from reportgen.experiments.words import quoted
from reportgen.prose.faults import Fault
from reportgen.prose.pieces import pieces
from reportgen.prose.safe_svg import unsafe

MOST_BYTES = 5_000_000
MOST_PIXELS = 8_000
"""On a side."""
_IMAGE = re.compile(
    r"(?<!\\)!\[(?P<alt>(?:\\.|[^\[\]\\])*)\](?:\((?P<target><[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)"
    r"(?P<rest>[^()\n]*)\)|(?P<other>\[))"
)
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG's markers that state the size."""


@dataclass(frozen=True)
class Picture:
    """A picture that may stand in a report."""

    content: bytes
    mime_type: str

    @property
    def address(self) -> str:
        """The picture as an address that holds all of it."""
        return f"data:{self.mime_type};base64,{base64.b64encode(self.content).decode()}"


class BadPicture(Exception):
    """A file that cannot stand in a report; its message says why."""


def image_faults(text: str, folder: Path) -> list[Fault]:
    """Check the pictures of a text.

    Parameters
    ----------
    text : str
    folder : Path
        That of experiments.toml; pictures lie in it or below it.
    """
    return [fault for place, alt, target in _images(text) if (fault := _fault(place, alt, target, folder))]


def targets(text: str) -> list[str]:
    """Return the files that a text shows."""
    return [target for _, _, target in _images(text) if target]


def _images(text: str) -> Iterator[tuple[int, str, str]]:
    """Place, alternative text and file of every picture."""
    hidden = list(text)
    for piece in pieces(text):
        if piece.kind == "code":
            hidden[piece.start : piece.end] = " " * (piece.end - piece.start)
    for found in _IMAGE.finditer("".join(hidden)):
        target = (found["target"] or "").removeprefix("<").removesuffix(">")
        yield found.start(), found["alt"], unquote(target)


def _fault(place: int, alt: str, target: str, folder: Path) -> Fault | None:
    name = f"the picture {quoted(target)}"
    if not target:
        return Fault(place, "bad-picture", "a picture has no file", "write ![what it shows](images/name.png)")
    if not alt.strip():
        remedy = "say what it shows for those who cannot see it: ![what it shows](...)"
        return Fault(place, "no-alternative", f"{name} has no alternative text", remedy)
    try:
        read(target, folder)
    except BadPicture as error:
        remedy = "pictures are PNG, JPEG or plain SVG files beside experiments.toml, such as images/name.png"
        return Fault(place, "bad-picture", f"{name} {error}", remedy)
    return None


def read(target: str, folder: Path) -> Picture:
    """Read a picture.

    Parameters
    ----------
    target : str
        As written: relative to `folder`.
    folder : Path

    Raises
    ------
    BadPicture
    """
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//|\\\\", target):
        raise BadPicture("is not a file of this folder: nothing is fetched")
    root = folder.resolve()
    try:
        path = (folder / target).resolve()
        if Path(target).is_absolute() or not path.is_relative_to(root):
            raise BadPicture("lies outside the folder of experiments.toml")
        if not path.is_file():
            raise BadPicture("is not there")
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise BadPicture(f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > MOST_BYTES:
        raise BadPicture(f"has more than {MOST_BYTES // 1_000_000} MB")
    return _picture(content)


def _picture(content: bytes) -> Picture:
    if content.startswith(_PNG):
        kind, size = "image/png", _png_size(content)
    elif content.startswith(_JPEG):
        kind, size = "image/jpeg", _jpeg_size(content)
    elif b"<svg" in content[:4096]:
        if reason := unsafe(content):
            raise BadPicture(f"is no plain SVG: {reason}")
        return Picture(content, "image/svg+xml")
    else:
        raise BadPicture("is neither PNG nor JPEG nor SVG")
    if size is None or not all(size):
        raise BadPicture("is damaged")
    if max(size) > MOST_PIXELS:
        raise BadPicture(f"has {size[0]} by {size[1]} pixels; at most {MOST_PIXELS} a side")
    return Picture(content, kind)


def _png_size(content: bytes) -> tuple[int, int] | None:
    if content[12:16] != b"IHDR" or len(content) < 33 or b"IEND" not in content[-16:]:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack(">H", content[at + 2 : at + 4])
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + max(length, 2)
    return None
