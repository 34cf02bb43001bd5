"""Formulas and pictures on their way to paper: each becomes a file that the PDF may ask for."""

from __future__ import annotations

import base64
import binascii
import re
from html import unescape

_FORMULA = re.compile(
    r'<svg class="formula[^"]*"[^>]*? aria-label="(?P<alt>[^"]*)"[^>]*? style="(?P<style>[^"]*)">.*?</svg>',
    re.DOTALL,
)
_PICTURE = re.compile(r'src="data:(?P<type>image/(?:png|jpeg|svg\+xml));base64,(?P<data>[A-Za-z0-9+/=]+)"')
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/svg+xml": "svg"}
INK = "#1a1a1a"


def for_paper(html: str, scheme: str) -> tuple[str, dict[str, tuple[bytes, str]]]:
    """Move what stands inside the authors' texts into files of their own.

    Parameters
    ----------
    html : str
        A document with the formulas of `reportgen.prose.mathematics.draw` and pictures as ``data:``.
    scheme : str
        What the address of a file begins with, such as ``mem:``.

    Returns
    -------
    html : str
        The formulas are now pictures with alternative text, size and baseline.
    files : dict of str to (bytes, str)
        Content and type by name.
    """
    files: dict[str, tuple[bytes, str]] = {}

    def formula(found: re.Match[str]) -> str:
        name = f"formula-{len(files) + 1}.svg"
        files[name] = (found.group().replace("currentColor", INK).encode(), "image/svg+xml")
        return f'<img class="formula" src="{scheme}{name}" alt="{found["alt"]}" style="{found["style"]}">'

    def picture(found: re.Match[str]) -> str:
        try:
            content = base64.b64decode(unescape(found["data"]), validate=True)
        except binascii.Error:
            return found.group()
        name = f"picture-{len(files) + 1}.{_ENDINGS[found['type']]}"
        files[name] = (content, found["type"])
        return f'src="{scheme}{name}"'

    return _PICTURE.sub(picture, _FORMULA.sub(formula, html)), files
