"""A matplotlib figure as SVG text or PNG bytes, the same bytes each time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(figure: Figure, *, alt: str = "", prefix: str = "fig") -> str:
    """Return a figure as SVG text.

    Parameters
    ----------
    figure : Figure
    alt : str
        Alternative text: becomes the ``<title>``.
    prefix : str
        Starts every id, so that several figures may stand in one HTML page.
    """
    import matplotlib

    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix}):
        figure.savefig(buffer, format="svg", metadata={"Date": None})
    return buffer.getvalue()


def png(figure: Figure, *, dpi: int = 200) -> bytes:
    """Return a figure as PNG on white."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()
