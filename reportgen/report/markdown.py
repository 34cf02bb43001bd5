"""The authors' Markdown as HTML that can do nothing but be read.

CommonMark and tables; raw HTML and images are off, links lead to the web, to an
address, or to a place in the report. What markdown-it gives is cleaned once more by
nh3. Mathematics between dollar signs is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from typing import TYPE_CHECKING

from reportgen.report.markup import trusted

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from markupsafe import Markup

SCHEMES = frozenset({"http", "https", "mailto"})
_INLINE = frozenset({"em", "strong", "a", "code", "br"})
_BLOCKS = frozenset({"p", "ul", "ol", "li", "blockquote", "pre", "hr", "h3", "h4", "h5", "h6", "div"})
_TABLES = frozenset({"table", "thead", "tbody", "tr", "th", "td"})
_TAGS = _INLINE | _BLOCKS | _TABLES
_ATTRIBUTES = {
    "a": {"href"},
    "th": {"scope", "class"},
    "td": {"class"},
    "ol": {"start"},
    "div": {"class"},
    "table": {"class"},
}
_CLASSES = {"right", "centre", "wrap", "data"}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ALIGNMENT = {"text-align:right": "right", "text-align:center": "centre"}


def prose(text: str, *, heading: int = 4, anchors: Collection[str] = ()) -> Markup:
    """Return Markdown as safe HTML.

    Parameters
    ----------
    text : str
        CommonMark, with tables.
    heading : int
        Level of the first heading in `text`; the ones below follow without a gap.
    anchors : collection of str
        Ids of the report that a link ``#id`` may lead to.
    """
    import nh3

    parser = _parser()
    tokens = parser.parse(_CONTROL.sub("\ufffd", text))
    _rebase_headings(tokens, heading)
    for token in tokens:
        _adapt(token)
        if token.children:
            token.children = _keep_links(token.children, anchors)
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_only_our_classes,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )
    return trusted(clean.strip())


def plain(text: str) -> str:
    """Return the text of a piece of Markdown without its marks, on one line."""
    words: list[str] = []
    for token in _parser().parse(_CONTROL.sub("\ufffd", text)):
        for child in token.children or ():
            if child.type in ("text", "code_inline"):
                words.append(child.content)
            elif child.type in ("softbreak", "hardbreak"):
                words.append(" ")
        if token.type in ("fence", "code_block"):
            words.append(token.content)
        if token.type.endswith("_close"):
            words.append(" ")
    return " ".join("".join(words).split())


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    parser.add_render_rule("table_open", lambda *_: '<div class="wrap">\n<table class="data">\n')
    parser.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")
    return parser


def _rebase_headings(tokens: Iterable[Token], first: int) -> None:
    """Give headings the levels the report has free: from `first`, no level skipped."""
    written: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:])
            while written and written[-1] >= level:
                written.pop()
            written.append(level)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, first + len(written) - 1)}"


def _adapt(token: Token) -> None:
    """Give table heads a scope and cells their alignment as a class; code loses its language."""
    if token.type in ("th_open", "td_open"):
        alignment = _ALIGNMENT.get(str(token.attrs.pop("style", "")))
        if alignment:
            token.attrs["class"] = alignment
        if token.type == "th_open":
            token.attrs["scope"] = "col"
    elif token.type in ("fence", "code_block"):
        token.info = ""


def _keep_links(children: list[Token], anchors: Collection[str]) -> list[Token]:
    """Drop the links (not their text) that lead neither to the web nor into the report."""
    kept: list[Token] = []
    open_links: list[bool] = []
    for child in children:
        if child.type == "link_open":
            open_links.append(_allowed(str(child.attrs.get("href", "")), anchors))
            child.attrs = {"href": child.attrs["href"]} if open_links[-1] else {}
            if open_links[-1]:
                kept.append(child)
        elif child.type == "link_close":
            if open_links.pop():
                kept.append(child)
        else:
            kept.append(child)
    return kept


def _allowed(href: str, anchors: Collection[str]) -> bool:
    if href.startswith("#"):
        return href[1:] in anchors
    scheme, colon, rest = href.partition(":")
    return bool(colon and rest) and scheme.lower() in SCHEMES


def _only_our_classes(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        return value if value in _CLASSES else None
    if name == "scope":
        return value if value == "col" else None
    return value
