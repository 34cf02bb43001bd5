"""What is said of losses that hold the penalty of regularisers beside the error of the predictions."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.observations.measured import penalties
from reportgen.records import Record
from reportgen.results import Result


def penalised(record: Record) -> bool:
    """Whether the losses of a run hold a penalty: by its layers, or by what was evaluated."""
    return bool(penalties(record)) or any(record.penalty.values())


def rows(results: Sequence[Result]) -> list[Result]:
    """Return the rows whose losses hold a penalty."""
    return [result for result in results if any(map(penalised, result.records))]


def of_rows(results: Sequence[Result]) -> str:
    """Return what is said where losses of several rows stand side by side; empty where none has a penalty."""
    found = rows(results)
    if not found:
        return ""
    every = len([result for result in results if result.records])
    return language.text(
        "In {n} of {all} rows the loss that was trained and drawn holds a penalty of regularisers: {titles}."
        " Their curves cannot be set against the others; losses in tables and ranks are without it.",
        n=numbers.thousands(len(found)),
        all=numbers.thousands(every),
        titles=_titles(found),
    )


def _titles(results: Sequence[Result]) -> str:
    titles = [language.quoted(result.row.title) for result in results]
    if len(titles) > 4:
        titles = [*titles[:3], language.text("{n} others", n=len(titles) - 3)]
    return language.listed(titles)


def published_note(results: Sequence[Result]) -> str:
    """Return what is said below published losses, which hold the penalty, as ours do there; or nothing."""
    found = rows(results)
    if not found:
        return ""
    return language.text(
        "The losses of {titles}, published and ours, hold a penalty of regularisers: they are not to be"
        " compared with the others.",
        titles=_titles(found),
    )
