"""The cover; nothing on it is chosen by a test score."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportgen import language
from reportgen.analysis import lists, numbers, words
from reportgen.analysis.metrics import by_data_set, results_of
from reportgen.experiments.resolved import Experiments
from reportgen.experiments.schema import Report
from reportgen.provenance import Provenance
from reportgen.report import notices, space
from reportgen.report.appendix import origin, revision
from reportgen.report.glance import NOTICE
from reportgen.report.parts import Draw, Notice, NumberedFigure, Numbering, shortened
from reportgen.results import Result

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Cover:
    """What stands on the cover.

    Parameters
    ----------
    kicker : str
        The course, or empty.
    title, subtitle : str
    size : str
        CSS class of the title's letters: empty, ``long`` or ``longer``.
    flowing : bool
        True where the facts need so much room that they must follow the rest and not stand at the foot.
    figure : NumberedFigure or None
    facts : tuple of (str, str)
    notices : tuple of Notice
    """

    kicker: str
    title: str
    subtitle: str
    size: str
    flowing: bool
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
    facts = _facts(experiments, results, provenance)
    said = tuple(
        replace(notice, text=shortened(notice.text, NOTICE))
        for notice in notices.of_cover(results, provenance)
    )
    return Cover(
        kicker=report.course or "",
        title=report.title,
        subtitle=report.subtitle or "",
        size=_size(report.title),
        flowing=_full(report, figure, facts, said),
        figure=figure,
        facts=facts,
        notices=said,
    )


def _size(title: str) -> str:
    """Letters of the title: 34 pt, 26 pt, or 20 pt."""
    return "" if len(title) <= 75 else "long" if len(title) <= 130 else "longer"


_BLOCK = {"a4": 236 * space.MM, "letter": 222 * space.MM}
"""Height of the cover's block, by paper."""
_HEADS = {"": (34.0, 38.0), "long": (26.0, 31.0), "longer": (20.0, 25.0)}
"""By the title's letters: their size, and from line to line."""
_BOLD, _SERIF = "source-sans-3-latin-700-normal", "source-serif-4-latin-400-normal"


def _full(
    report: Report,
    figure: NumberedFigure | None,
    facts: Sequence[tuple[str, str]],
    said: Sequence[Notice],
) -> bool:
    """Whether what stands from the top would reach what stands at the foot."""
    size, line = _HEADS[_size(report.title)]
    height = 21 + line * space.lines(report.title, size, 150 * space.MM, _BOLD) + 10
    height += 20 * space.lines(report.subtitle or "", 14, 132 * space.MM, _SERIF) + 14
    height += space.drawing_height(figure.drawing.svg) + 24 if figure else 0
    height += sum(12.5 * space.lines(f"{each.title} {each.text}", 9, space.WIDTH - 24) + 25 for each in said)
    height += sum(14.2 * space.lines(value, 9, 133 * space.MM) for _, value in facts)
    return height + 20 > _BLOCK[report.paper]


def _facts(
    experiments: Experiments, results: Sequence[Result], provenance: Provenance
) -> tuple[tuple[str, str], ...]:
    authors = experiments.file.report.authors
    facts = []
    if authors:
        people = [
            language.text("{name} ({id})", name=author.name, id=author.id) if author.id else author.name
            for author in authors
        ]
        facts.append((language.plural("Author", "Authors", len(people)), ", ".join(people)))
    if provenance.date is not None:
        facts.append((language.text("Date"), written_date(provenance.date)))
    facts.append((language.text("Experiments"), _counts(results)))
    if provenance.data:
        sources = [origin(found.requested, found.name, found.source) for found in provenance.data]
        facts.append((language.text("Data"), lists.clauses(sources)))
    made_by = (revision(provenance), f"reportgen {provenance.version}")
    facts.append((language.text("Revision"), lists.clauses(made_by)))
    return tuple(facts)


def written_date(date: datetime.date) -> str:
    """Return a date in the report's language: ``20 November 2026``, ``20 novembre 2026``."""
    if language.current() == language.SOURCE:
        return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"
    from babel.dates import format_date

    written = str(format_date(date, format="long", locale=language.current()))
    # The first of a month is an ordinal in French, which Babel's patterns do not know.
    return f"1er{written[1:]}" if language.current() == "fr" and date.day == 1 else written


def _counts(results: Sequence[Result]) -> str:
    parts = [
        language.text(
            "{n} on {data}", n=numbers.thousands(len(group)), data=words.used_data(group[0][1].data)
        )
        for group in by_data_set(results).values()
    ]
    waiting = sum(result.row.waits_for is not None for result in results)
    failed = sum(result.record is None for result in results) - waiting
    if failed:
        parts.append(language.text("{n} without a result", n=numbers.thousands(failed)))
    if waiting:
        parts.append(
            language.plural(
                "{n} waits for a stage", "{n} wait for a stage", waiting, n=numbers.thousands(waiting)
            )
        )
    text = numbers.thousands(len(results))
    if len(parts) > 1 or failed or waiting:
        text += f" ({', '.join(parts)})"
    elif parts:
        text = parts[0]
    runs = sum(len(result.runs) for result in results)
    if runs > len(results):
        text += ", " + language.plural("{n} run", "{n} runs", runs, n=numbers.thousands(runs))
    seeds = _seeds(sorted({run.seed for result in results for run in result.runs}))
    return f"{text}, {seeds}" if seeds else text


def _seeds(seeds: Sequence[int]) -> str:
    if len(seeds) > 3 and seeds[-1] - seeds[0] == len(seeds) - 1:
        return language.text("seeds {first} to {last}", first=seeds[0], last=seeds[-1])
    if not seeds:
        return ""
    listed = ", ".join(map(str, seeds))
    return language.plural("seed {seeds}", "seeds {seeds}", len(seeds), seeds=listed)
