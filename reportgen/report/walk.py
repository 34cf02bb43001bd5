"""Goes through the view of a report, so that what is written beside it holds what the pages print."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.analysis.complexity import Architecture
from reportgen.prose.judging import Judged
from reportgen.report.authors import Printed
from reportgen.report.matrix import Matrix
from reportgen.report.parts import NumberedFigure, NumberedTable

LEAVES = (NumberedTable, NumberedFigure, Matrix, Architecture, Judged, Printed)
"""Parts that are taken whole: what they hold is no part of the page by itself."""


def parts(item: object, place: str = "") -> Iterator[tuple[Any, str]]:
    """Yield every dataclass that a view holds, in its order, with the anchor it stands under.

    Parameters
    ----------
    item : object
        A dataclass, or a tuple, list or mapping of them; anything else holds nothing.
    place : str
        The anchor of what holds it, or empty.
    """
    if dataclasses.is_dataclass(item) and not isinstance(item, type):
        place = anchor(item) or place
        yield item, place
        if isinstance(item, LEAVES):
            return
        for field in dataclasses.fields(item):
            yield from parts(getattr(item, field.name), place)
    elif isinstance(item, (tuple, list)):
        for each in item:
            yield from parts(each, place)
    elif isinstance(item, Mapping):
        for each in item.values():
            yield from parts(each, place)


def anchor(item: object) -> str:
    """Return the anchor of a part that has a heading or an anchor of its own, else an empty text."""
    for found in (getattr(getattr(item, "place", None), "anchor", None), getattr(item, "anchor", None)):
        if isinstance(found, str) and found:
            return found
    return ""
