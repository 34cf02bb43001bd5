"""What a reader must be told before believing a number: stand-ins, quick runs, validation on the test set."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analysis import numbers, words
from reportgen.provenance import Provenance
from reportgen.records import Record
from reportgen.report.parts import Notice
from reportgen.results import Result

QUICK = Notice(
    "Quick run.",
    "Few images, few epochs: these numbers show that everything works, and nothing more.",
)
ON_TEST = Notice(
    "Validated on the test set.",
    "What these curves choose, the test score chooses: new data will fare worse.",
)


def stand_in(requested: str, name: str) -> Notice:
    """Return the notice for results on an embedded data set."""
    wanted, used = words.data_set(requested), words.data_set(name)
    return Notice(
        "Stand-in data.",
        f"{used} take the place of {wanted}: the numbers say nothing about {wanted}.",
    )


def of_record(record: Record) -> tuple[Notice, ...]:
    """Return the notices that belong beside a run's scores."""
    notices = []
    if record.data.quick:
        notices.append(QUICK)
    if record.data.stand_in:
        notices.append(stand_in(record.data.requested, record.data.name))
    if record.data.validated_on_test:
        notices.append(ON_TEST)
    return tuple(notices)


def of_results(results: Sequence[Result], quick: bool = False) -> tuple[Notice, ...]:
    """Return the notices that belong beside a table or figure of several runs, each once."""
    records = [result.record for result in results if result.record is not None]
    notices = [QUICK] if quick or any(record.data.quick for record in records) else []
    pairs = dict.fromkeys((r.data.requested, r.data.name) for r in records if r.data.stand_in)
    notices += [stand_in(*pair) for pair in pairs]
    on_test = [r for r in results if r.record is not None and r.record.data.validated_on_test]
    if on_test and len(on_test) == len(records):
        notices.append(ON_TEST)
    elif on_test:
        titles = ", ".join(result.row.title for result in on_test)
        notices.append(
            Notice(
                ON_TEST.title,
                f"{ON_TEST.text} This concerns {len(on_test)} of {len(records)} runs: {titles}.",
            )
        )
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
        notices.append(
            Notice(
                "Not every seed has a result.",
                "Numbers are those of the other runs in: "
                + ", ".join(f"“{result.row.title}”" for result in partly)
                + ".",
            )
        )
    if failed:
        notices.append(
            Notice(
                f"{len(failed)} of {numbers.counted(len(results), 'experiment')} without a result.",
                "Each has its page with the cause: " + ", ".join(result.row.title for result in failed) + ".",
            )
        )
    return tuple(notices)


def footer(results: Sequence[Result], quick: bool = False) -> str:
    """Return the few words for the foot of every page that shows these runs."""
    records = [result.record for result in results if result.record is not None]
    words = []
    if quick or any(record.data.quick for record in records):
        words.append("quick run")
    if any(record.data.stand_in for record in records):
        words.append("stand-in data")
    text = ", ".join(words)
    return text[:1].upper() + text[1:]
