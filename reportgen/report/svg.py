"""SVG drawings on their way into the two documents.

In the HTML a drawing stands inside the page: its ids must be unique there, and its
colours become CSS variables so that the dark theme reaches them. In the PDF it is a
picture of its own, with the colours of paper.
"""

from __future__ import annotations

import hashlib
import re
from html import escape, unescape

from markupsafe import Markup

from reportgen.prose.equations import said
from reportgen.report.markup import trusted

TOKENS = {
    "#ffffff": "paper",
    "#1a1a1a": "ink",
    "#565656": "muted",
    "#0b5a8a": "accent",
    "#d4d4d4": "hairline",
    "#dcdcdc": "grid",
    "#0072b2": "training",
    "#b84a00": "validation",
    "#00785a": "family-c",
    "#8a4a78": "family-d",
    "#dce9f3": "hit",
    "#fdeee0": "e1",
    "#f6f7f8": "none",
    "#d3dfe9": "s1",
    "#a8c5dc": "s2",
    "#74a5ca": "s3",
    "#3b7fb0": "s4",
    "#0b4a7a": "s5",
}
"""Colours of figures (report.md 6.3) and the CSS variable each becomes on the screen."""

_PROLOGUE = re.compile(r"<\?xml[^>]*\?>|<!DOCTYPE[^>]*>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)
_ROOT = re.compile(r"<svg\b[^>]*>")
_TITLE = re.compile(r"\s*<title>.*?</title>", re.DOTALL)
_ID = re.compile(r'\bid="([^"]+)"')
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")
_SIZE = re.compile(r'\b(width|height)="([0-9.]+)(pt|px|ex)?"')
_STYLE_ALIGN = re.compile(r"vertical-align:\s*(-?[0-9.]+)ex")


def inline(svg: str, alt: str, place: str) -> Markup:
    """Return a figure's SVG for the inside of the HTML page.

    Parameters
    ----------
    svg : str
        As drawn.
    alt : str
        What the figure says; becomes its title.
    place : str
        Unique in the page; ids are derived from it.
    """
    body = _PROLOGUE.sub("", svg).strip()
    body = _unique_ids(body, place)
    body = _COLOUR.sub(lambda m: _variable(m.group()), body)
    body = body.replace("currentColor", "var(--ink)")
    title_id = f"{_short(place)}-title"
    root = _ROOT.search(body)
    if root is None:
        raise ValueError("no SVG")
    opening = re.sub(r'\s(?:role|aria-[a-z]+|xmlns:xlink|version)="[^"]*"', "", root.group())
    opening = opening.replace("<svg", f'<svg role="img" aria-labelledby="{title_id}"', 1)
    rest = _TITLE.sub("", body[root.end() :], count=1)
    return trusted(f'{opening}<title id="{title_id}">{escape(alt)}</title>{rest}')


def inline_equation(svg: str, place: str) -> Markup:
    """Return an equation's SVG for the inside of the page, with its title in the language in use."""
    return inline(svg, equation_title(svg), place)


def for_print(svg: str) -> bytes:
    """Return an SVG as a picture of its own: black where it took the text's colour."""
    return svg.replace("currentColor", "#1a1a1a").replace("\u202f", "\u00a0").encode()


def equation_title(svg: str) -> str:
    """Return the spoken form of an equation in the language in use, from the drawing's title."""
    found = re.search(r"<title>(.*?)</title>", svg, re.DOTALL)
    if found is None or not found.group(1).strip():
        raise ValueError("an equation without a title")
    return said(unescape(found.group(1).strip()))


def equation_style(svg: str) -> str:
    """Return width, height and depth of an equation as CSS, in ex of the text around it."""
    root = _ROOT.search(svg)
    sizes = {name: (number, unit) for name, number, unit in _SIZE.findall(root.group() if root else "")}
    style = "".join(f"{name}:{sizes[name][0]}{sizes[name][1]};" for name in ("width", "height"))
    depth = _STYLE_ALIGN.search(root.group() if root else "")
    return style + (f"vertical-align:{depth[1]}ex" if depth else "")


def _variable(colour: str) -> str:
    token = TOKENS.get(colour.lower())
    return f"var(--{token})" if token else colour


def _short(place: str) -> str:
    """A short name for a place that is safe in an id."""
    return "s" + hashlib.sha256(place.encode()).hexdigest()[:10]


def _unique_ids(svg: str, place: str) -> str:
    """Give every id of the drawing a prefix, and every reference to it the same one."""
    prefix = _short(place) + "-"
    known = set(_ID.findall(svg))
    if not known:
        return svg
    svg = _ID.sub(lambda m: f'id="{prefix}{m[1]}"', svg)
    svg = re.sub(r'((?:xlink:)?href)="#([^"]+)"', lambda m: _refer(m, known, f'href="#{prefix}', '"'), svg)
    return re.sub(r"(url)\(#([^)]+)\)", lambda m: _refer(m, known, f"url(#{prefix}", ")"), svg)


def _refer(match: re.Match[str], known: set[str], before: str, after: str) -> str:
    return f"{before}{match[2]}{after}" if match[2] in known else match.group()
