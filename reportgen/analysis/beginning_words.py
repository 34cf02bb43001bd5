"""What is said beside rows that go on from the weights of another row."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import beginnings, numbers
from reportgen.results import Result


def note(results: Sequence[Result], everything: Sequence[Result] = ()) -> str:
    """Return a sentence for each row that goes on from another one; empty where none does.

    Parameters
    ----------
    results : sequence of Result
        Those that are shown.
    everything : sequence of Result
        Of the report: the source may stand in another chapter.
    """
    said = []
    for result in results:
        record = result.record
        if record is None or not record.initial.get("key"):
            continue
        every = everything or results
        found = beginnings.source(record, every, result.row.warm_start)
        behind = beginnings.epochs_behind(record, every, result.row.warm_start)
        title = language.quoted(result.row.title)
        if found is None or behind is None:
            said.append(language.text("{title} goes on from weights that were trained before.", title=title))
        else:
            said.append(
                language.text(
                    "{title} goes on from {source}, so that {n} epochs lie behind it.",
                    title=title,
                    source=language.quoted(found.result.row.title),
                    n=numbers.thousands(behind),
                )
            )
    return " ".join(said)
