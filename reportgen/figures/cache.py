"""Figures that are drawn once: a cache beside the store that may be deleted at any time."""

from __future__ import annotations

import hashlib
import json
import os
import re
import warnings
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen import language as speech
from reportgen import recordfile
from reportgen.analysis import words
from reportgen.figures import draw as drawing
from reportgen.figures import fonts as lettering
from reportgen.figures.catalogue import Kind
from reportgen.figures.style import style
from reportgen.records import Record
from reportgen.results import Result

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DIGESTS: dict[int, str] = {}
_NO_LETTER = re.compile(r"Glyph (\d+) .* missing from font", re.DOTALL)


@dataclass(frozen=True)
class Drawing:
    """A drawn figure.

    Parameters
    ----------
    name : str
    svg : str
        Ids in it start with the figure's name and key: any number may stand in one page.
    alt : str
        Alternative text, also the SVG's ``<title>``.
    fresh : bool
        False where it came from the cache.
    """

    name: str
    svg: str
    alt: str
    fresh: bool


def drawn(
    kind: Kind,
    results: Sequence[Result],
    sections: Mapping[str, str] | None = None,
    about: object = None,
    *,
    folder: Path,
    fonts: Path | None = None,
    language: str | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Drawing:
    """Return a figure as SVG from the cache, or draw it and put it there.

    Parameters
    ----------
    kind : Kind
        From `reportgen.figures.catalogue.FIGURES`.
    results : sequence of Result
        What the figure is about; for a figure of a run one result, with a record.
    sections : mapping of str to str
        Titles of the sections by id.
    about : Family, Protocol or None
        What else the figure is about (see `Kind`): with values that print as themselves, since the
        key holds its ``repr``.
    folder : Path
        Of the cache; made where absent. A damaged file in it is drawn again.
    fonts : Path or None
        Folder of the report's WOFF2 fonts; another sans serif is used where they are not.
    language : str or None
        Of the words in the figure and of its alternative text; None for the one in use.
    say : callable
        Takes a warning: letters that are missing, a cache that cannot be written.
    """
    titles = dict(sections or {})
    with speech.use(language or speech.current()):
        key = _key(kind, results, titles, about, fonts, {})
        alt = kind.describe(results, titles, about)

        def make(figure: Figure) -> bytes:
            prefix = f"{kind.name.replace('_', '-')}-{key[:8]}"
            return drawing.draw(figure, alt=alt, prefix=prefix).encode()

        content, fresh = _kept(
            lambda: kind.draw(results, titles, about), kind.name, key, ".svg", make, folder, fonts, say
        )
    return Drawing(kind.name, content.decode(), alt, fresh)


def exported(
    kind: Kind,
    results: Sequence[Result],
    sections: Mapping[str, str] | None = None,
    about: object = None,
    *,
    folder: Path,
    fonts: Path | None = None,
    language: str | None = None,
    dpi: int = 200,
    say: Callable[[str], None] = lambda text: None,
) -> bytes:
    """Return a figure as PNG on white, for slides, from the cache or drawn now (see `drawn`)."""
    titles = dict(sections or {})

    def plot() -> Figure:
        return kind.draw(results, titles, about)

    def make(figure: Figure) -> bytes:
        return drawing.png(figure, dpi=dpi)

    with speech.use(language or speech.current()):
        key = _key(kind, results, titles, about, fonts, {"dpi": dpi})
        return _kept(plot, kind.name, key, ".png", make, folder, fonts, say)[0]


def _kept(
    plot: Callable[[], Figure],
    name: str,
    key: str,
    suffix: str,
    make: Callable[[Figure], bytes],
    folder: Path,
    fonts: Path | None,
    say: Callable[[str], None],
) -> tuple[bytes, bool]:
    path = folder / f"{name}-{key[:32]}{suffix}"
    found = _read(path)
    if found is not None:
        return found, False
    lettering.install(fonts, folder / "fonts", say)
    with style(), warnings.catch_warnings(record=True) as met:
        warnings.simplefilter("always")
        content = make(plot())
    missing = sorted(
        {glyph[1] for warning in met if (glyph := _NO_LETTER.match(str(warning.message)))}, key=int
    )
    if missing:
        letters = " ".join(chr(int(number)) for number in missing)
        say(f"figures: {name}: our fonts have no letter for {letters}; the reader's own are used")
    _write(path, content, say)
    return content, True


def _key(
    kind: Kind,
    results: Sequence[Result],
    titles: Mapping[str, str],
    about: object,
    fonts: Path | None,
    more: Mapping[str, Any],
) -> str:
    """SHA-256 of everything that decides what a figure looks like."""
    facts = {
        "figure": kind.name,
        "results": [_facts(kind, result) for result in results],
        "data sets": sorted({words.data_set(one.data.name) for each in results for one in each.records}),
        "sections": list(titles.items()) if kind.scope != "run" else [],  # their order gives the colours
        "about": repr(about),
        "code": _code(),
        "fonts": lettering.digest(fonts),
        "language": speech.current(),
        "translations": _translations(speech.current()),
        **_versions(),
        **more,
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _facts(kind: Kind, result: Result) -> list[str]:
    """What a figure can show of a row: all its runs, also how many of them left no record."""
    records = [_digest(record) for record in result.records]
    facts = [str(len(result.runs)), *records]
    if kind.scope == "run":
        return facts
    row, failure = result.row, result.failure.kind if result.failure else ""
    return [*facts, row.id, row.title, row.section, repr(row.published), failure]


def _digest(record: Record) -> str:
    """The record's digest, made once: a report asks for it in every figure the record is in."""
    number = id(record)
    if number not in _DIGESTS:
        _DIGESTS[number] = recordfile.digest(record)
        weakref.finalize(record, _DIGESTS.pop, number, None)
    return _DIGESTS[number]


@cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in ("matplotlib", "seaborn")}


@cache
def _code() -> str:
    """SHA-256 of the code of figures and of the numbers in them."""
    here = Path(__file__).parent
    total = hashlib.sha256()
    analysis = (here.parent / "analysis").glob("*.py")
    for path in sorted([*here.glob("*.py"), *analysis, here.parent / "language.py"]):
        total.update(f"{path.name}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


@cache
def _translations(code: str) -> str:
    """SHA-256 of what the figures say in a language; empty for that of the source."""
    if code == speech.SOURCE:
        return ""
    file = files("reportgen") / "languages" / f"{code}.po"
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _read(path: Path) -> bytes | None:
    """The content of a cache file, if it is there and whole: its checksum stands before it."""
    try:
        checksum, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if checksum == hashlib.sha256(content).hexdigest().encode() else None


def _write(path: Path, content: bytes, say: Callable[[str], None]) -> None:
    """Write complete or not at all; a cache that cannot be written costs time, not the report."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
        temporary.replace(path)
    except OSError as error:
        say(f"figures: the cache cannot be written: {error}")
