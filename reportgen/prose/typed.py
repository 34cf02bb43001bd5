"""Numbers that were typed by hand: found in prose, with every way they can be read.

Percentages, decimals and whole numbers from 1,000 count. Code, mathematics, live numbers, addresses, dates,
years, versions, numbers of tables and of list items do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reportgen.prose.pieces import pieces

_SPACES = "\u0020\u00a0\u2009\u202f"
_GROUPED = rf"\d{{1,3}}(?P<sep>[{_SPACES}.,'’])\d{{3}}(?:(?P=sep)\d{{3}})*(?![\d])(?:[.,]\d+)?"
_TEN = rf"[{_SPACES}]?[×·*][{_SPACES}]?10(?:\^?[-−+]\d+|\^\d+|[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)"
_RAISED = str.maketrans("⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹−", "-+0123456789-")
_NUMBER = re.compile(
    rf"(?<![\w#@\\.])(?<![A-Za-z_]-)(?P<number>{_GROUPED}|\d+(?:[.,]\d+)?)(?P<power>[eE][-−+]?\d+|{_TEN})?"
    rf"(?:[{_SPACES}]?(?P<scale>millions?|milliards?|billions?|thousand|mille|k|M)(?!\w))?"
    rf"(?:[{_SPACES}]?(?P<percent>%|percent\b|per[{_SPACES}]cent\b|pour[{_SPACES}]cent\b))?"
    rf"(?:[{_SPACES}]?(?P<unit>ms|secs?|seconds?|secondes?|s|minutes?|min|hours?|heures?|h|[GMk]Hz|[kMG]i?B|[kMG]o|mm|cm|px|°)(?!\w))?"
    r"(?![\w])(?!-\d)"
)
_SCALES = {"k": 1e3, "thousand": 1e3, "mille": 1e3, "M": 1e6, "million": 1e6, "milliard": 1e9, "billion": 1e9}
_SECONDS = {"ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|janv|févr|fév|avr|mai|juin|juil|août|déc)[a-zéû]*\.?"
)
_NOT_PROSE = re.compile(
    r"!?\]\([^()\n]*\)"  # where a link or a picture leads
    r"|<[^<>\s]+[:@][^<>\s]*>|\b(?:https?://|www\.)\S+"
    r"|\[@[^\]\n]*\]"
    r"|^[ \t]*\d+[.)](?=[ \t])"  # the number of a list item
    r"|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+{_MONTHS}\s+\d{{4}}\b|\b{_MONTHS}\s+\d{{1,2}},?\s+\d{{4}}\b"
    r"|\b(?:tables?|tableaux?|figures?|fig\.|chapters?|chapitres?|sections?|parties?|equations?|équations?|eq\."
    r"|éq\.|pages?|p\.|questions?|labo|lab|appendix|annexe)[ \u00a0]+[A-Z]?\d+(?:\.\d+)*"
    r"|\b(?:python|keras|tensorflow|numpy|scikit-\w+|version|release|v\.?)[ \u00a0]*\d+(?:\.\d+)*"
    r"|\b\d+\.\d+\.\d+(?:\.\d+)*\b"
    r"|\b\d+(?:[.,]\d+)?[ \u00a0]?%?[ \u00a0]*(?=(?:confidence|interval|level|intervalle)\b)"
    r"|(?<=confidence )\d+[ \u00a0]?%"
    r"|\b(?:intervalle?s?|confiance|niveau|level)\b(?: \w+){0,2} (?:à|of|at|de) 9\d[ \u00a0]?%",
    re.IGNORECASE | re.MULTILINE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)|\n(?=#)")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|cf|approx|resp|vs|env|p\. ?ex|acc|val|no))\.$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s*(?:[a-z-]+\s+){0,2}(?:param|weight|poids|bias|biais|multipl|connexion|connection|image|item|update|step)",
    re.I,
)
FIRST_WHOLE = 1_000


@dataclass(frozen=True)
class Reading:
    """One way to read a typed number: its value, and half of the unit of its last digit."""

    value: float
    half: float


@dataclass(frozen=True)
class Typed:
    """A number typed by hand.

    Parameters
    ----------
    offset : int
        Its place in the text.
    text : str
        As it was typed, with its sign of per cent.
    readings : tuple of Reading
        ``98,125`` can be a decimal or a whole number.
    kind : {"percent", "decimal", "whole", "seconds"}
    sentence : str
        Around it, without code and mathematics.
    before, after : str
        The words right before it and right after it, in the sentence.
    """

    offset: int
    text: str
    readings: tuple[Reading, ...]
    kind: str
    sentence: str
    before: str
    after: str = ""


def typed_numbers(text: str) -> list[Typed]:
    """Find the numbers of a piece of Markdown that count."""
    prose = masked(text)
    return [found for start, sentence in _sentences(prose) for found in _in_sentence(start, sentence)]


def masked(text: str) -> str:
    """The text with blanks in the place of what is not prose; every place stays where it is."""
    signs = list(text)
    for piece in pieces(text):
        if piece.kind != "escape":
            _blank(signs, piece.start, piece.end)
    for found in _NOT_PROSE.finditer("".join(signs)):
        _blank(signs, *found.span())
    return "".join(signs)


def _blank(signs: list[str], start: int, end: int) -> None:
    for place in range(start, end):
        if signs[place] != "\n":
            signs[place] = "\u2060"  # a word joiner: no blank, so that nothing around it grows together


def _sentences(prose: str) -> Iterator[tuple[int, str]]:
    start = 0
    for cut in _SENTENCE.finditer(prose):
        if _ABBREVIATION.search(prose[start : cut.start()]):
            continue
        yield start, prose[start : cut.start()]
        start = cut.end()
    yield start, prose[start:]


def _in_sentence(start: int, sentence: str) -> Iterator[Typed]:
    for match in _NUMBER.finditer(sentence):
        kind = _kind(match, sentence)
        if kind is None:
            continue
        readings = tuple(_readings(match))
        before = " ".join(sentence[max(0, match.start() - 30) : match.start()].split())
        yield Typed(
            start + match.start(),
            match.group().strip(),
            readings,
            kind,
            sentence,
            before,
            sentence[match.end() :][:60],
        )


def _kind(match: re.Match[str], sentence: str) -> str | None:
    """Which rules a number is held to; None where it does not count."""
    number, unit = match["number"], match["unit"]
    if match["percent"]:
        return "percent"
    if unit:
        decimal = re.search(r"[.,]", number) or match["sep"]
        return "seconds" if decimal and _unit_seconds(unit) else None
    if match["scale"] or match["power"]:
        return "whole" if match["scale"] else "decimal"
    if match["sep"] is None:
        if re.search(r"[.,]", number):
            return "decimal"
        value = int(number)
        year = 1900 <= value <= 2100 and not _COUNTED.match(sentence, match.end())
        return "whole" if value >= FIRST_WHOLE and not year else None
    return "decimal" if number.startswith("0") else "whole"


def _unit_seconds(unit: str) -> float:
    if unit == "ms" or unit[0] in "sh":
        return _SECONDS["ms" if unit == "ms" else unit[0]]
    return 60.0 if unit.startswith("min") else 0.0


def _readings(match: re.Match[str]) -> Iterator[Reading]:
    scale = _SCALES.get(
        (match["scale"] or "").rstrip("s") if len(match["scale"] or "") > 1 else match["scale"] or "", 1.0
    )
    if match["unit"]:
        scale *= _unit_seconds(match["unit"])
    if match["power"]:
        raised = re.sub(rf"^[eE]|^[{_SPACES}]?[×·*][{_SPACES}]?10\^?", "", match["power"])
        scale *= 10.0 ** max(-30, min(30, int(raised.translate(_RAISED))))
    separator = match["sep"]
    for plain in _plain(match["number"], separator):
        decimals = len(plain.partition(".")[2])
        yield Reading(float(plain) * scale, 0.5 * 10.0**-decimals * scale)


def _plain(number: str, separator: str | None) -> Iterator[str]:
    """The number with a point and nothing between its thousands, in every way it can be meant."""
    if separator is None:
        yield number.replace(",", ".")
        return
    if not number.startswith("0"):
        yield number.replace(separator, "").replace(",", ".")
    if separator in ".," and number.count(separator) == 1 and not re.search(r"[.,]\d{3}[.,]", number):
        yield number.replace(",", ".")
