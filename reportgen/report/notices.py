"""What a reader must be told before believing a number: stand-ins, quick runs, validation on the test set."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import words
from reportgen.provenance import Provenance
from reportgen.records import Record
from reportgen.report.parts import Notice
from reportgen.results import Result


def quick_run() -> Notice:
    """Return the notice for runs with a small part of the data."""
    return Notice(
        language.text("Quick run."),
        language.text("Few images, few epochs: these numbers show that everything works, and nothing more."),
    )


def on_test_set(more: str = "") -> Notice:
    """Return the notice for runs that were validated on the test set; `more` says which."""
    text = language.text("What these curves choose, the test score chooses: new data will fare worse.")
    return Notice(language.text("Validated on the test set."), f"{text} {more}".strip())


def stand_in(requested: str, name: str) -> Notice:
    """Return the notice for results on an embedded data set."""
    return Notice(
        language.text("Stand-in data."),
        language.text(
            "{used} takes the place of {wanted}: the numbers say nothing about {wanted}.",
            used=words.data_set(name),
            wanted=words.data_set(requested),
        ),
    )


def of_record(record: Record) -> tuple[Notice, ...]:
    """Return the notices that belong beside a run's scores."""
    notices = []
    if record.data.quick:
        notices.append(quick_run())
    if record.data.stand_in:
        notices.append(stand_in(record.data.requested, record.data.name))
    if record.data.validated_on_test:
        notices.append(on_test_set())
    return tuple(notices)


def of_results(results: Sequence[Result], quick: bool = False) -> tuple[Notice, ...]:
    """Return the notices that belong beside a table or figure of several runs, each once."""
    records = [result.record for result in results if result.record is not None]
    notices = [quick_run()] if quick or any(record.data.quick for record in records) else []
    pairs = dict.fromkeys((r.data.requested, r.data.name) for r in records if r.data.stand_in)
    notices += [stand_in(*pair) for pair in pairs]
    on_test = [r for r in results if r.record is not None and r.record.data.validated_on_test]
    if on_test and len(on_test) == len(records):
        notices.append(on_test_set())
    elif on_test:
        titles = language.listed([language.quoted(result.row.title) for result in on_test])
        concerns = language.plural(
            "This concerns {n} of {all} rows: {titles}.",
            "This concerns {n} of {all} rows: {titles}.",
            len(on_test),
            n=len(on_test),
            all=len(records),
            titles=titles,
        )
        notices.append(on_test_set(concerns))
    return tuple(notices)


def of_cover(results: Sequence[Result], provenance: Provenance) -> tuple[Notice, ...]:
    """Return the notices of the cover: data, quick runs, failed runs."""
    notices = list(of_results(results, provenance.quick))
    known = {notice.text for notice in notices}
    for found in provenance.data:
        if found.stand_in:
            notice = stand_in(found.requested, found.name)
            if notice.text not in known:
                notices.append(notice)
                known.add(notice.text)
    failed = [result for result in results if result.record is None]
    partly = [result for result in results if result.record is not None and result.failure is not None]
    if partly:
        titles = language.listed([language.quoted(result.row.title) for result in partly])
        notices.append(
            Notice(
                language.text("Not every seed has a result."),
                language.text("Numbers are those of the other runs in: {titles}.", titles=titles),
            )
        )
    if failed:
        title = language.plural(
            "{n} of {all} experiment without a result.",
            "{n} of {all} experiments without a result.",
            len(results),
            n=len(failed),
            all=len(results),
        )
        titles = language.listed([language.quoted(result.row.title) for result in failed])
        notices.append(
            Notice(title, language.text("Each has its page with the cause: {titles}.", titles=titles))
        )
    return tuple(notices)


def footer(results: Sequence[Result], quick: bool = False) -> str:
    """Return the few words for the foot of every page that shows these runs."""
    records = [result.record for result in results if result.record is not None]
    quick = quick or any(record.data.quick for record in records)
    if any(record.data.stand_in for record in records):
        return language.text("Quick run, stand-in data") if quick else language.text("Stand-in data")
    return language.text("Quick run") if quick else ""
