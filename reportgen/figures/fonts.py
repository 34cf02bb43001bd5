"""The report's web fonts for matplotlib, which cannot read WOFF2."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

from reportgen.figures.style import FAMILY

_STEM = "source-sans-3"
_SUBSETS = ("latin", "latin-ext", "greek", "cyrillic")
_WEIGHTS = (400, 600)
_FORM = 1
"""Goes up when the conversion changes, so that older files are not taken for ours."""


def sources(folder: Path | None) -> list[Path]:
    """The font files of the figures that are in `folder`."""
    if folder is None:
        return []
    wanted = [f"{_STEM}-{subset}-{weight}-normal.woff2" for subset in _SUBSETS for weight in _WEIGHTS]
    return [folder / name for name in wanted if (folder / name).is_file()]


def digest(folder: Path | None) -> str:
    """SHA-256 of the font files of the figures; it decides with the code what a figure looks like."""
    total = hashlib.sha256()
    for path in sources(folder):
        total.update(path.read_bytes())
    return total.hexdigest()


def install(folder: Path | None, cache: Path, say: Callable[[str], None] = lambda text: None) -> bool:
    """Make the report's letters known to matplotlib, for this process.

    Parameters
    ----------
    folder : Path or None
        Holds the WOFF2 files as published.
    cache : Path
        Folder for the converted files; made where absent, may be deleted at any time.
    say : callable
        Takes a warning, where the figures must make do with other letters.

    Returns
    -------
    bool
        True where the letters are there.
    """
    from matplotlib import font_manager

    known = {Path(entry.fname) for entry in font_manager.fontManager.ttflist}
    found = sources(folder)
    if not found:
        say(f"figures: no {FAMILY} fonts in {folder}; another sans serif is used")
        return False
    try:
        for path in found:
            converted = _converted(path, cache)
            if converted not in known:
                font_manager.fontManager.addfont(converted)
    except (ImportError, OSError, ValueError, RuntimeError, KeyError, AssertionError) as error:
        say(f"figures: {FAMILY} cannot be read ({error}); another sans serif is used")
        return False
    return True


def _converted(path: Path, cache: Path) -> Path:
    content = path.read_bytes()
    name = f"{path.stem}-{_FORM}-{hashlib.sha256(content).hexdigest()[:16]}.ttf"
    target = (cache / name).absolute()
    if not target.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_suffix(f".{os.getpid()}.tmp")
        temporary.write_bytes(_truetype(content, path.name))
        temporary.replace(target)
    return target


def _truetype(content: bytes, name: str) -> bytes:
    """The same font unpacked, named by what it is: the published files all call themselves ExtraLight."""
    from fontTools.ttLib import TTFont, TTLibError

    subset = next(s for s in sorted(_SUBSETS, key=len, reverse=True) if name.startswith(f"{_STEM}-{s}-"))
    # Each alphabet is a family of its own: matplotlib looks for a missing letter in the next family.
    family = FAMILY if subset == "latin" else f"{FAMILY} subset {_SUBSETS.index(subset)}"
    try:
        font = TTFont(io.BytesIO(content))
        font.flavor = None
        for record in font["name"].names:
            if record.nameID in (1, 16):
                record.string = family
            elif record.nameID == 4:
                record.string = f"{family} Regular"
        buffer = io.BytesIO()
        font.save(buffer)
    except TTLibError as error:
        raise ValueError(f"{name}: {error}") from error
    return buffer.getvalue()
