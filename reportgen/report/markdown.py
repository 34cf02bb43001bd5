"""The authors' Markdown as HTML that can do nothing but be read.

CommonMark, tables and mathematics; raw HTML is off, links lead to the web, to an address, or to a place in
the report, pictures are those that were handed over. What markdown-it gives is cleaned once more by nh3;
only then what our own code drew or printed (formulas, pictures, live numbers, citations) takes the place of
the marks that stand for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import unquote

from reportgen import language
from reportgen.prose.citations import CITATION, keys_of, reference_anchor
from reportgen.prose.live import Filled, with_numbers
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
_CLASSES = {"right", "centre", "wrap", "data", "formula"}
_WORDS = ("text", "code_inline", "math_inline", "math_inline_double")
"""Tokens whose content is text."""
_OURS = re.compile("\ue004(\\d+)\ue005")
"""A mark that stands for something of our own until the rest is clean."""
_PRIVATE = re.compile("[\ue000\ue001\ue004-\ue00f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BEFORE_QUOTES = "([{\u2013\u2014\u00ab\u201c"
"""What a quotation mark opens behind, besides a space."""
_ALIGNMENT = {"text-align:right": "right", "text-align:center": "centre"}


def prose(
    text: str | Filled,
    *,
    heading: int = 4,
    anchors: Collection[str] = (),
    references: Mapping[str, int] | None = None,
    picture: Callable[[str], str | None] = lambda _: None,
) -> Markup:
    """Return Markdown as safe HTML.

    Parameters
    ----------
    text : str or Filled
        CommonMark, with tables, and its live numbers where it has any.
    heading : int
        Level of the first heading in `text`; the ones below follow without a gap.
    anchors : collection of str
        Ids of the report that a link ``#id`` may lead to.
    references : mapping of str to int
        Numbers of the references by their keys; a citation of another key stays as it is.
    picture : callable
        Given the target of a picture, returns its ``data:`` address; None where there is none, and the
        alternative text takes its place.
    """
    filled = text if isinstance(text, Filled) else Filled(_unmarked(text))
    parser = _parser()
    tokens = parser.parse(_PRIVATE.sub("\ufffd", _CONTROL.sub("\ufffd", filled.text)))
    _rebase_headings(tokens, heading)
    ours = _Ours(filled, references or {}, picture)
    for token in tokens:
        _adapt(token)
        if token.type == "math_block":
            ours.formula(token, display=True)
        if token.children:
            _curl(token.children)
            token.children = ours.inline(_keep_links(token.children, anchors))
    html = parser.renderer.render(tokens, parser.options, {})
    return trusted(ours.put(_cleaned(html)))


def _cleaned(html: str) -> str:
    """What may stand of the authors' HTML."""
    import nh3

    clean = nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_only_our_classes,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )
    return clean.strip()


def _unmarked(text: str) -> str:
    """A text that was not filled has no marks of numbers."""
    return re.sub("[\ue002\ue003]", "\ufffd", text)


class _Ours:
    """What our own code draws and prints; a mark stands for each until the authors' HTML is clean."""

    def __init__(
        self, filled: Filled, references: Mapping[str, int], picture: Callable[[str], str | None]
    ) -> None:
        self.filled, self.references, self.picture = filled, references, picture
        self.kept: list[str] = []

    def mark(self, html: str) -> str:
        self.kept.append(html)
        return f"\ue004{len(self.kept) - 1}\ue005"

    def formula(self, token: Token, display: bool) -> None:
        from reportgen.prose.mathematics import draw

        tex = token.content.strip()
        try:
            token.content = self.mark(draw(tex, display))
        except ValueError:
            # `check` has refused it; a text that nobody checked keeps its dollar signs.
            token.content = f"{'$$' if display else '$'}{tex}{'$$' if display else '$'}"

    def inline(self, children: list[Token]) -> list[Token]:
        for child in children:
            if child.type in ("math_inline", "math_inline_double"):
                self.formula(child, child.type == "math_inline_double")
                child.type, child.tag = "text", ""
            elif child.type == "image":
                child.content, child.type, child.tag = self.image(child), "text", ""
            elif child.type == "text":
                child.content = CITATION.sub(self.citation, child.content)
        return children

    def image(self, token: Token) -> str:
        words = "".join(child.content for child in token.children or () if child.type in _WORDS)
        alt = with_numbers(words, lambda place: self.filled.numbers[place].text)
        address = self.picture(unquote(str(token.attrs.get("src", ""))))
        if address is None or not address.startswith("data:image/"):
            return alt
        return self.mark(f'<img class="picture" src="{escape(address)}" alt="{escape(alt)}">')

    def citation(self, found: re.Match[str]) -> str:
        keys = keys_of(found[1])
        if any(key not in self.references for key in keys):
            return found.group()
        links = (f'<a href="#{escape(reference_anchor(k))}">{self.references[k]}</a>' for k in keys)
        return self.mark(f'<span class="citation">[{", ".join(links)}]</span>')

    def put(self, html: str) -> str:
        return with_numbers(_OURS.sub(lambda found: self.kept[int(found[1])], html), self.number)

    def number(self, place: int) -> str:
        live = self.filled.numbers[place]
        kind = "live" if live.value is not None else "live no-result"
        return f'<span class="{kind}" data-source="{escape(live.source)}">{escape(live.text)}</span>'


def _curl(children: Sequence[Token]) -> None:
    """Give straight quotation marks in words the shape of the language's own; code keeps its own."""
    opening, closing = language.quoted("\0").split("\0")
    before = ""
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            before = ""
        elif child.type != "text":
            before = "x" if child.content else before
        else:
            made = []
            for sign in child.content:
                opens = not before or before.isspace() or before in _BEFORE_QUOTES
                made.append((opening if opens else closing) if sign == '"' else sign)
                before = sign
            child.content = "".join(made)


def plain(text: str | Filled) -> str:
    """Return the text of a piece of Markdown without its marks, on one line."""
    words: list[str] = []
    for token in _parser().parse(_CONTROL.sub("\ufffd", text if isinstance(text, str) else text.plain)):
        for child in token.children or ():
            if child.type in _WORDS:
                words.append(child.content)
            elif child.type in ("softbreak", "hardbreak"):
                words.append(" ")
        if token.type in ("fence", "code_block", "math_block"):
            words.append(token.content)
        if token.type.endswith("_close"):
            words.append(" ")
    return " ".join("".join(words).split())


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    dollarmath_plugin(
        parser, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False,
        double_inline=True,
    )  # fmt: skip
    parser.add_render_rule("math_block", _math_block)
    parser.add_render_rule("table_open", lambda *_: '<div class="wrap">\n<table class="data">\n')
    parser.add_render_rule("table_close", lambda *_: "</table>\n</div>\n")
    return parser


def _math_block(_: object, tokens: Sequence[Token], place: int, *__: object) -> str:
    return f'<div class="formula">{escape(tokens[place].content)}</div>\n'


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
