"""Settings that differ between two rows, and did nothing in the epochs that were trained."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import rates
from reportgen.analysis.observations.settings import Change
from reportgen.records import Record
from reportgen.results import Result

_BY_PARAMETER = {"schedule": language.message("schedule"), "callbacks": language.message("callbacks")}


def idle_changes(subject: Result, other: Result, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes of schedules and callbacks that did not act; none where nothing else changes.

    A schedule did not where the learning rate of both rows is one and the same in all epochs, callbacks not
    where besides none of them ended a training or put earlier weights back.
    """
    records = (*subject.records, *other.records)
    changed = {change.parameter for change in changes}
    if not records or any(rates.rates(record) is None or rates.varies(record) for record in records):
        return ()
    idle = {name for name in _BY_PARAMETER if name in changed and _idle(name, records)}
    found = tuple(change for change in changes if change.parameter in idle)
    return () if len(found) == len(changes) else found


def idle_words(idle: Sequence[Change]) -> str:
    """Return the sentence on changes that did not act, with a blank before it; nothing without any."""
    if not idle:
        return ""
    changed = {change.parameter for change in idle}
    names = language.listed(
        [language.text(words) for name, words in _BY_PARAMETER.items() if name in changed]
    )
    return " " + language.text("Without effect in the epochs that were trained: {names}.", names=names)


def _idle(name: str, records: Sequence[Record]) -> bool:
    if name == "schedule":
        return len({float(record.history["learning_rate"][0]) for record in records}) == 1
    return all(
        record.stopped is not None and not record.stopped.by and record.tested_epoch == record.epochs
        for record in records
    )
