"""Which SVG may stand in a report: shapes and text, nothing that acts or that leads elsewhere."""

from __future__ import annotations

import re
from xml.etree import ElementTree

_TAGS = frozenset(
    (
        "svg", "g", "path", "rect", "line", "polyline", "polygon", "circle", "ellipse", "text", "tspan",
        "title", "desc", "defs", "symbol", "use", "clipPath", "mask", "pattern", "marker", "linearGradient",
        "radialGradient", "stop", "style", "metadata", "RDF", "Work", "type", "date", "format", "creator",
        "Agent",
    )
)  # fmt: skip
"""The last ones are what drawing programs note of themselves."""
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*(\[)?")
_LOADING = re.compile(r"url\s*\(\s*['\"]?(?!#)|@import|expression\s*\(|\\|javascript:", re.IGNORECASE)
_MOST = 50_000
_DEEPEST = 100


def unsafe(content: bytes) -> str:
    """Say what in an SVG may not stand in a report; an empty string where all may.

    Parameters
    ----------
    content : bytes
        The file. Entities of its own are refused before it is parsed: they can grow without bound.
    """
    declared = _DOCTYPE.search(content)
    if (declared and declared.group(1)) or b"<!ENTITY" in content:
        return "it declares entities"
    if content[:4096].lstrip().startswith(b"<?xml-stylesheet") or b"<?xml-stylesheet" in content:
        return "it asks for a style sheet"
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - without entities; its size is bounded
    except (ElementTree.ParseError, ValueError, LookupError):
        return "it is no SVG that can be read"
    if _name(root.tag) != "svg":
        return "it is no SVG"
    seen = 0
    waiting = [(root, 0)]
    while waiting:
        element, depth = waiting.pop()
        seen += 1
        if seen > _MOST or depth > _DEEPEST:
            return "it has too many parts"
        if fault := _fault(element):
            return fault
        waiting += [(child, depth + 1) for child in element]
    return ""


def _fault(element: ElementTree.Element) -> str:
    tag = _name(element.tag)
    if tag not in _TAGS:
        return f"it holds <{tag}>"
    if tag == "style" and _LOADING.search(element.text or ""):
        return "its style asks for something from elsewhere"
    for key, value in element.attrib.items():
        name = _name(key).lower()
        if name.startswith("on"):
            return f"it acts: {name}"
        if name in ("href", "src") and not value.startswith("#") and tag not in ("RDF", "Work", "type"):
            return "it leads elsewhere"
        if name != "d" and _LOADING.search(value):
            return "it asks for something from elsewhere"
    return ""


def _name(tag: object) -> str:
    return str(tag).rpartition("}")[2]
