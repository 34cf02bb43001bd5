"""Which networks of a report are counted layer by layer on its pages, where they are many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest

from reportgen.analysis.complexity import Architecture
from reportgen.analysis.metrics import by_data_set, ranks
from reportgen.results import Result

MOST = 20
"""Networks that have a table of their layers, at most."""


def detailed(
    found: Sequence[Architecture], results: Sequence[Result], most: int = MOST
) -> tuple[Architecture, ...]:
    """Return the networks that a report counts layer by layer, in the order of `found`.

    All of them where they are few; else that with the fewest parameters, that with the most, and those of
    the rows that stand first by validation accuracy: the first of each data set, the second of each, and so
    on until there are `most`.

    Parameters
    ----------
    found : sequence of Architecture
        All distinct ones of `results`.
    results : sequence of Result
    most : int
        At least 2.
    """
    if len(found) <= most:
        return tuple(found)
    users = {row: place for place, item in enumerate(found) for row, _ in item.rows}
    sizes = [item.total_params for item in found]
    first = [sizes.index(min(sizes)), sizes.index(max(sizes)), *(users[row] for row in _by_rank(results))]
    chosen = set(islice(dict.fromkeys(first), most))
    return tuple(item for place, item in enumerate(found) if place in chosen)


def _by_rank(results: Sequence[Result]) -> Iterator[str]:
    """Ids of rows: those that are first in their data sets, then those that are second, and so on."""
    order = ranks(results)
    groups = [
        sorted((result.row.id for result, _ in group), key=lambda row: order[row].rank)
        for group in by_data_set(results).values()
    ]
    for places in zip_longest(*groups):
        yield from (row for row in places if row is not None)
