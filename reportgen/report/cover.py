"""The cover; nothing on it is chosen by a test score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.analysis import numbers, words
from reportgen.analysis.metrics import by_data_set, results_of
from reportgen.experiments.schema import Experiments
from reportgen.provenance import Provenance
from reportgen.report import notices
from reportgen.report.appendix import revision
from reportgen.report.parts import Draw, Notice, NumberedFigure, Numbering
from reportgen.results import Result

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Cover:
    """What stands on the cover."""

    kicker: str
    title: str
    subtitle: str
    long: bool
    figure: NumberedFigure | None
    facts: tuple[tuple[str, str], ...]
    notices: tuple[Notice, ...]


def cover(
    experiments: Experiments,
    results: Sequence[Result],
    provenance: Provenance,
    numbering: Numbering,
    draw: Draw,
) -> Cover:
    """Return the cover."""
    report = experiments.file.report
    figure = None
    if results_of(results):
        figure = NumberedFigure(0, "", draw("cover_strip", results), "cover-strip")
    return Cover(
        kicker=report.course or "",
        title=report.title,
        subtitle=report.subtitle or "",
        long=len(report.title) > 75,
        figure=figure,
        facts=_facts(experiments, results, provenance),
        notices=notices.of_cover(results, provenance),
    )


def _facts(
    experiments: Experiments, results: Sequence[Result], provenance: Provenance
) -> tuple[tuple[str, str], ...]:
    report = experiments.file.report
    facts = []
    if report.authors:
        people = [author.name + (f" ({author.id})" if author.id else "") for author in report.authors]
        facts.append(("Author" if len(people) == 1 else "Authors", ", ".join(people)))
    if provenance.date is not None:
        facts.append(("Date", written_date(provenance.date)))
    facts.append(("Experiments", _counts(results)))
    if provenance.data:
        facts.append(
            (
                "Data",
                "; ".join(_source(found.requested, found.name, found.source) for found in provenance.data),
            )
        )
    facts.append(("Revision", f"{revision(provenance)}; reportgen {provenance.version}"))
    return tuple(facts)


def written_date(date: object) -> str:
    """Return a date as ``20 November 2026``, whatever the locale."""
    year, month, day = (getattr(date, name) for name in ("year", "month", "day"))
    return f"{day} {_MONTHS[month - 1]} {year}"


def _counts(results: Sequence[Result]) -> str:
    groups = by_data_set(results)
    text = numbers.thousands(len(results))
    parts = [f"{len(group)} on {words.used_data(group[0][1].data)}" for group in groups.values()]
    failed = sum(result.record is None for result in results)
    if failed:
        parts.append(f"{failed} without a result")
    if parts and (len(parts) > 1 or failed):
        text += f" ({', '.join(parts)})"
    elif parts:
        text += f" on {words.used_data(next(iter(groups.values()))[0][1].data)}"
    runs = sum(len(result.runs) for result in results)
    if runs > len(results):
        text += f", {numbers.counted(runs, 'run')}"
    return text + _seeds(sorted({run.seed for result in results for run in result.runs}))


def _seeds(seeds: Sequence[int]) -> str:
    if len(seeds) < 2:
        return f", seed {seeds[0]}" if seeds else ""
    if len(seeds) > 3 and seeds[-1] - seeds[0] == len(seeds) - 1:
        return f", seeds {seeds[0]} to {seeds[-1]}"
    return f", seeds {', '.join(map(str, seeds))}"


def _source(requested: str, name: str, source: str) -> str:
    own = words.data_set(name)
    where = {
        "folder": "from a folder",
        "keras cache": "from Keras's cache",
        "download": "downloaded",
        "embedded": "embedded",
    }.get(source, source)
    return (
        f"{own}, {where}" if requested == name else f"{own}, {where}, in place of {words.data_set(requested)}"
    )
