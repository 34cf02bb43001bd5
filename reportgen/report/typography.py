"""French spaces in a whole page: no line begins with a colon or breaks within an abbreviation.

The program's own messages have their no-break spaces already; the authors type ordinary ones, in titles
as in texts.
"""

from __future__ import annotations

import re

from reportgen import language

_PART = re.compile(r"(<(script|style|pre|code|svg|math)\b.*?</\2>|<[^>]*>)", re.DOTALL)
_BEFORE = re.compile(r"(?:^|(?<=\S)) (?=[;:?!%»](?!\w))")
_AFTER = re.compile(r"(?<=«) ")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_HYPHEN = re.compile(r"\b(?:L2-Hys|[Mm]ult\.-add\.)")
_BARE = ("<title", "<option")


def unbroken(html: str) -> str:
    """Return a page in which French sentences keep their spaces together; any other as it is.

    Parameters
    ----------
    html : str
        Tags, scripts, styles, code and drawings are left alone.
    """
    if language.current() != "fr":
        return html
    # Three parts for each tag: the text before it, the tag, and the name that the pattern remembers.
    parts = _PART.split(html)
    opened = ["", *parts[1::3]]
    parts[0::3] = [_text(part, tag) for part, tag in zip(parts[0::3], opened, strict=True)]
    parts[2::3] = [""] * len(parts[2::3])
    return "".join(parts)


def _text(text: str, tag: str) -> str:
    """The text behind a tag; where no other tag may stand in it, hyphens are left alone."""
    space = language.NO_BREAK_SPACE
    for pattern in (_BEFORE, _AFTER, _THOUSANDS):
        text = pattern.sub(space, text)
    if tag.startswith(_BARE):
        return text
    # The fonts have no hyphen that keeps a line together, U+2011.
    return _HYPHEN.sub(r'<span class="nowrap">\g<0></span>', text)
