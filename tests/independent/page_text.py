"""What an HTML report says: its tables by their ids, and all of its words."""

from __future__ import annotations

import re
from html.parser import HTMLParser


class Page(HTMLParser):
    """Tables, words and descriptions of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: dict[str, list[list[str]]] = {}
        self.words: list[str] = []
        self.said: list[str] = []
        self._table: list[list[str]] | None = None
        self._cell: list[str] | None = None
        self._skip = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        self.said += [value for value in facts.values() if value]
        self._skip += tag in ("script", "style")
        if tag == "table":
            self._table = self.tables.setdefault(facts.get("id") or f"#{len(self.tables)}", [])
        elif tag == "tr" and self._table is not None:
            self._table.append([])
        elif tag in ("td", "th") and self._table:
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        self._skip -= tag in ("script", "style")
        if tag == "table":
            self._table = None
        elif tag in ("td", "th") and self._cell is not None and self._table:
            self._table[-1].append(squeezed("".join(self._cell)))
            self._cell = None

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.words.append(data)
            if self._cell is not None:
                self._cell.append(data)

    @property
    def text(self) -> str:
        """All the words, and what describes the drawings, blanks squeezed."""
        return squeezed(" ".join(["".join(self.words), *self.said]))


def squeezed(text: str) -> str:
    """Return a text with one blank for every run of blanks; no-break spaces stay."""
    return re.sub("[ \\t\\r\\n]+", " ", text.replace("\u200b", "").replace("\u00ad", "")).strip()
