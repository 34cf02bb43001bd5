"""Citations ``[@key]`` and the list of references they lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reportgen.experiments.schema import Reference
from reportgen.experiments.words import quoted, suggestion
from reportgen.prose.faults import Fault
from reportgen.prose.pieces import pieces

_KEY = r"@[A-Za-z0-9][A-Za-z0-9_.:-]*"
CITATION = re.compile(rf"(?<![\\\w])\[({_KEY}(?:\s*[;,]\s*{_KEY})*)\](?![(\[])")


@dataclass(frozen=True)
class Entry:
    """A line of the list of references; links lead to its anchor."""

    number: int
    key: str
    anchor: str
    text: str


def bibliography(references: Sequence[Reference], texts: Iterable[str] = ()) -> tuple[Entry, ...]:
    """Return the list of references, numbered as they are first cited; what is not cited stands last.

    Parameters
    ----------
    references : sequence of Reference
        In the file's order, which those keep that no text cites.
    texts : iterable of str
        Of the authors, in the order in which they are read.
    """
    first = {key: place for place, key in enumerate(dict.fromkeys(k for t in texts for _, k in cited(t)))}
    ordered = sorted(references, key=lambda each: first.get(each.key, len(first)))
    return tuple(
        Entry(number, each.key, reference_anchor(each.key), each.text)
        for number, each in enumerate(ordered, 1)
    )


def reference_anchor(key: str) -> str:
    """Return the anchor of a reference."""
    return f"reference-{key}"


def keys_of(citation: str) -> list[str]:
    """Return the keys of a citation, without its brackets: ``@a; @b``."""
    return [part.strip().removeprefix("@") for part in re.split("[;,]", citation)]


def cited(text: str) -> list[tuple[int, str]]:
    """Return the keys that a text cites, each with its place."""
    hidden = list(text)
    for piece in pieces(text):
        hidden[piece.start : piece.end] = " " * (piece.end - piece.start)
    return [(found.start(), key) for found in CITATION.finditer("".join(hidden)) for key in keys_of(found[1])]


def citation_faults(text: str, known: Iterable[str]) -> list[Fault]:
    """Check that every key of a text is that of a reference."""
    keys = list(known)
    return [
        Fault(
            place,
            "unknown-reference",
            f"there is no reference {quoted(key)}",
            suggestion(key, keys) if keys else "[report] has no references",
        )
        for place, key in cited(text)
        if key not in keys
    ]


def uncited(references: Sequence[Reference], texts: Iterable[str]) -> list[tuple[int, str]]:
    """Return the references that no text cites: their places in the list, from 0, and their keys."""
    keys = {key for text in texts for _, key in cited(text)}
    return [(place, each.key) for place, each in enumerate(references) if each.key not in keys]


def numbered(references: Sequence[Reference], texts: Iterable[str] = ()) -> Mapping[str, int]:
    """Return the number of each reference by its key."""
    return {entry.key: entry.number for entry in bibliography(references, texts)}
