"""Every text of the authors that the report prints, and where it stands in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Path = tuple[str | int, ...]
_TEXTS = {
    "section": ("text", "introduction", "conclusion"),
    "experiment": ("comment",),
    "contrast": ("text",),
    "claim": ("text",),
    "sweep": ("comment",),
    "search": ("comment",),
}
"""A section's question is the assignment's, not the authors'."""


@dataclass(frozen=True)
class Passage:
    """A text of the authors.

    Parameters
    ----------
    path : tuple
        Of the text in experiments.toml, tables counted from 0: ``("experiment", 2, "comment")``.
    text : str
    kind : {"section", "experiment", "contrast", "claim", "sweep", "search"}
        The table it stands in.
    owner : str
        Id of that table.
    section : str or None
        Id of the chapter it is printed in, where that is known.
    """

    path: Path
    text: str
    kind: Literal["section", "experiment", "contrast", "claim", "sweep", "search"]
    owner: str
    section: str | None

    @property
    def row(self) -> str | None:
        """The row that a comment is about."""
        return self.owner if self.kind == "experiment" else None


def passages(tables: Mapping[str, Any]) -> Iterator[Passage]:
    """Find the texts in an experiments file, as `tomllib` reads it, faults or not."""
    for kind, keys in _TEXTS.items():
        entries = tables.get(kind)
        for number, table in enumerate(entries) if isinstance(entries, list) else ():
            if not isinstance(table, dict):
                continue
            owner, section = table.get("id"), table.get("id" if kind == "section" else "section")
            for key in keys:
                text = table.get(key)
                if isinstance(text, str) and isinstance(owner, str):
                    home = section if isinstance(section, str) else None
                    yield Passage((kind, number, key), text, kind, owner, home)  # type: ignore[arg-type]
