"""A matplotlib figure as SVG text or PNG bytes, the same bytes each time."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from reportgen.figures.style import FAMILY, style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HEAD = re.compile(r"^.*?<svg ", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_GLOBAL_STYLE = re.compile(r"\s*<defs>\s*<style type=\"text/css\">.*?</style>\s*</defs>", re.DOTALL)
_COMMENT = re.compile(r"\s*<!--.*?-->", re.DOTALL)
_ID = re.compile(r' id="([^"]*)"')
_USED = re.compile(r'(?:url\(#|href="#)([^")]+)')
_FAMILIES = re.compile(r"font-family: [^;\"]*")
_GEOMETRY = re.compile(r'( (?:d|x|y|cx|cy|r|width|height|transform|points)=")([^"]*)"')
_FRACTION = re.compile(r"-?\d+\.\d{3,}")
_NO_TURN = re.compile(r' transform="rotate\(-?0(?:\.0+)? [^)]*\)"')
_SPACE = re.compile(r">\s+<")


def draw(figure: Figure, *, alt: str = "", prefix: str = "figure") -> str:
    """Return a figure as SVG text, fit for an ``<img>`` and for standing in an HTML page.

    Text stays text. Nothing of matplotlib's that could reach other parts of a page is left: no
    style for all elements, no ids but those that are used, and these start with `prefix`.

    Parameters
    ----------
    figure : Figure
        Made by one of the functions of this package.
    alt : str
        Alternative text: becomes the ``<title>``.
    prefix : str
        Different for every figure of a page.
    """
    import matplotlib

    buffer = io.StringIO()
    with style(), matplotlib.rc_context({"svg.hashsalt": prefix}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return _tidied(buffer.getvalue(), alt, prefix)


def png(figure: Figure, *, dpi: int = 200) -> bytes:
    """Return a figure as PNG on white."""
    buffer = io.BytesIO()
    with style():
        figure.patch.set_visible(True)
        figure.savefig(buffer, format="png", dpi=dpi, facecolor="white", metadata={"Software": None})
        figure.patch.set_visible(False)
    return buffer.getvalue()


def _tidied(svg: str, alt: str, prefix: str) -> str:
    svg = _HEAD.sub("<svg ", svg, count=1)
    for unwanted in (_METADATA, _GLOBAL_STYLE, _COMMENT):
        svg = unwanted.sub("", svg)
    used = set(_USED.findall(svg))
    names = {name: f"{prefix}-{number}" for number, name in enumerate(sorted(used), 1)}
    svg = _ID.sub(lambda found: f' id="{names[found[1]]}"' if found[1] in used else "", svg)
    svg = _USED.sub(lambda found: found[0].replace(found[1], names[found[1]]), svg)
    # The browser and the PDF find missing letters by the fonts' unicode ranges.
    svg = _FAMILIES.sub(f"font-family: '{FAMILY}', sans-serif", svg)
    svg = _NO_TURN.sub("", svg)
    svg = _GEOMETRY.sub(lambda found: f'{found[1]}{_FRACTION.sub(_rounded, found[2])}"', svg)
    svg = _SPACE.sub(">\n<", svg)
    # Matplotlib sets these two for every element of the page; as attributes they are inherited.
    start = '<svg role="img" stroke-linejoin="round" stroke-linecap="butt" '
    svg = svg.replace("<svg ", start, 1)
    return svg.replace(">\n", f">\n<title>{escape(alt)}</title>\n", 1) if alt else svg


def _rounded(found: re.Match[str]) -> str:
    text = f"{float(found[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
