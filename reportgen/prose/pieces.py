"""What in a piece of Markdown is not prose: code, mathematics, and the templates of live numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["code", "display", "formula", "template", "escape"]

# A template is short; without a bound, braces that are never closed would take the square of the time.
_PIECES = re.compile(
    r"(?P<fence>^[ ]{0,3}(?P<bar>`{3,}|~{3,})[^\n]*\n(?:.*?^[ ]{0,3}(?P=bar)[`~]*[ \t]*$|.*\Z))"
    r"|(?P<template>\{\{.{0,600}?\}\}|\{%.{0,600}?%\}|\{#.{0,600}?#\})"
    r"|(?P<escape>\\[$`\\{])"
    r"|(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<display>\$\$[^$]+?\$\$)"
    # As in the plugin that reads them: no blank inside the dollars, no digit outside.
    r"|(?P<formula>(?<![\d$])\$(?![\s$])(?:[^$\\]|\\.)+?(?<![\s\\])\$(?![\d$]))",
    re.DOTALL | re.MULTILINE,
)
_KINDS: tuple[tuple[str, Kind], ...] = (
    ("fence", "code"),
    ("code", "code"),
    ("template", "template"),
    ("escape", "escape"),
    ("display", "display"),
    ("formula", "formula"),
)
_PARAGRAPH = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text from `start` up to `end`, marks included."""

    kind: Kind
    start: int
    end: int
    text: str


def pieces(text: str) -> Iterator[Piece]:
    """Find code, mathematics and templates, in their order."""
    at = 0
    while match := _PIECES.search(text, at):
        kind = next(kind for group, kind in _KINDS if match.group(group) is not None)
        if kind in ("code", "formula", "display") and _breaks(match):
            at = match.start() + 1
            continue
        at = match.end()
        yield Piece(kind, match.start(), match.end(), match.group())


def _breaks(match: re.Match[str]) -> bool:
    """Whether what looks like code or a formula inside a line reaches over a blank line."""
    return match.group("fence") is None and _PARAGRAPH.search(match.group()) is not None


def shield(text: str) -> tuple[str, Callable[[str], str]]:
    """Hide code and mathematics from a template engine.

    Returns
    -------
    shielded : str
        The text with a mark in the place of each; line breaks are kept, so lines stay where they are.
    restore : callable
        Puts them back.
    """
    hidden: list[str] = []
    parts: list[str] = []
    at = 0
    for piece in pieces(text):
        if piece.kind not in ("code", "display", "formula"):
            continue
        parts += [text[at : piece.start], f"\ue000{len(hidden)}\ue001" + "\n" * piece.text.count("\n")]
        hidden.append(piece.text)
        at = piece.end
    parts.append(text[at:])

    def restore(shielded: str) -> str:
        return re.sub(
            r"\ue000(\d+)\ue001(\n*)",
            lambda m: hidden[int(m[1])] + m[2][hidden[int(m[1])].count("\n") :],
            shielded,
        )

    return "".join(parts), restore
