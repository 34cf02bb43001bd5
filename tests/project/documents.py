"""The pages of the documentation, and what stands in them: headings, links, blocks of code.

A block may have an instruction in a comment on the line above it, which a reader does not see and whose sentence the
page says in words:

    <!-- file: PATH -->      the block is the whole file
    <!-- append: PATH -->    the block goes to the end of the file
    <!-- change: PATH -->    the block is a diff: its lines with a minus become those with a plus
    <!-- cell: PATH NAME --> the block is the cell of a notebook that has the tag NAME, or stands below the heading NAME
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.project.sources import ROOT

DOCS = ROOT / "docs"
_BLOCK = re.compile(r"(?:^<!-- (file|append|change|cell): (.+?) -->\n)?^```(\w+)\n(.*?)^```$", re.M | re.S)
_FENCED = re.compile(r"^```.*?^```$", re.M | re.S)
_HEADING = re.compile(r"^#{1,6} (.+?)\s*$", re.M)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`[^`\n]+`")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the line it begins on, and what is to be done with it."""

    language: str
    text: str
    line: int
    doing: str = ""
    with_what: str = ""


def pages() -> list[Path]:
    """Every page a reader of the project finds."""
    return [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def name(page: Path) -> str:
    """A page as a test is named."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, *languages: str) -> list[Block]:
    """The blocks of a page in their order; of some languages only, where any are named."""
    text = page.read_text(encoding="utf-8")
    found = [
        Block(each[3], each[4], text.count("\n", 0, each.start(3)) + 1, each[1] or "", each[2] or "")
        for each in _BLOCK.finditer(text)
    ]
    return [each for each in found if not languages or each.language in languages]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and GitLab make them."""
    found: dict[str, int] = {}
    for heading in _HEADING.findall(_FENCED.sub("", page.read_text(encoding="utf-8"))):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        found[anchor] = found.get(anchor, -1) + 1
    return {
        f"{anchor}-{number}" if number else anchor
        for anchor, most in found.items()
        for number in range(most + 1)
    }


def links(page: Path) -> list[str]:
    """Where the links of a page lead, those of its pictures too."""
    text = _CODE.sub("", _FENCED.sub("", page.read_text(encoding="utf-8")))
    return _LINK.findall(text)
