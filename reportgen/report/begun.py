"""From which training, and from which epoch of it, a warm start goes on."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.figures.curve_notes import Begun
from reportgen.records import Record
from reportgen.results import Result


def begun(result: Result, results: Sequence[Result]) -> Begun | None:
    """Return where the runs of a row began that have their first weights from runs of another one.

    Parameters
    ----------
    result : Result
    results : sequence of Result
        All rows of the report.

    Returns
    -------
    Begun or None
        None where the weights came from initialisers, or the runs that they came from are not among these.
    """
    sources: dict[str, tuple[str, Record]] = {
        run.key: (other.row.title, run.record)
        for other in results
        for run in other.runs
        if run.record is not None
    }
    found = [sources[key] for record in result.records if (key := record.initial.get("key", "")) in sources]
    if not found:
        return None
    return Begun(found[0][0], tuple(record.tested_epoch for _, record in found))
