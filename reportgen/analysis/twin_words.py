"""What is said of rows that are one configuration under several titles."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.observations.seeds import in_points
from reportgen.analysis.twins import DECIMALS, TESTED, Noise, noise, shared
from reportgen.results import Result

MARK = "="
"""Stands in place of a rank where the same run has one already."""
MOST_NAMED = 6
"""Rows that are told by their titles; of more, how many configurations there are."""


def noise_words(group: Sequence[Result], measures: Sequence[str] = TESTED) -> str:
    """Return a sentence on the published figures of one configuration; empty where they do not differ."""
    said = [_said(each) for each in noise(group, measures)]
    if not said:
        return ""
    return language.text(
        "The published figures differ all the same: {figures}. That is the published work’s own noise.",
        figures=language.listed(said),
    )


def _said(found: Noise) -> str:
    values = [_printed(found.measure, value) for value in found.values]
    if found.measure == "test_accuracy":
        return language.text(
            "test accuracy {values} ({points})",
            values=language.listed(values),
            points=in_points(found.difference, signed=False),
        )
    if found.measure == "validation_accuracy":
        return language.text(
            "validation accuracy {values} ({points})",
            values=language.listed(values),
            points=in_points(found.difference, signed=False),
        )
    if found.measure == "best_validation_accuracy":
        return language.text(
            "highest validation accuracy {values} ({points})",
            values=language.listed(values),
            points=in_points(found.difference, signed=False),
        )
    apart = _printed(found.measure, found.difference)
    names = {
        "test_loss": language.text("test loss"),
        "best_validation_loss": language.text("lowest validation loss"),
        "f1": "F1",
    }
    return language.text(
        "{name} {values} ({difference} apart)",
        name=names[found.measure],
        values=language.listed(values),
        difference=apart,
    )


def _printed(measure: str, value: float) -> str:
    if measure.endswith("_accuracy"):
        return numbers.percentage(value)
    return numbers.decimal(value, DECIMALS)


def note(results: Sequence[Result], everything: Sequence[Result] = ()) -> str:
    """Return in a sentence or more which rows are one result under several titles; empty where none are.

    Parameters
    ----------
    results : sequence of Result
        Those that are shown.
    everything : sequence of Result
        Of the report: a row of another chapter may have the same run.
    """
    shown = {result.row.id for result in results}
    groups = [
        group
        for group in shared([one for one in everything or results if one.records])
        if any(one.row.id in shown for one in group)
    ]
    rows = sum(map(len, groups))
    alike = any(len({one.row.title for one in group}) < len(group) for group in groups)
    if rows > MOST_NAMED or alike:
        return language.plural(
            "{n} configuration stands in several rows, {rows} in all: it is one run, which counts once and is"
            " marked {mark} where it comes again.",
            "{n} configurations stand in several rows, {rows} in all: each is one run, which counts once and"
            " is marked {mark} where it comes again.",
            len(groups),
            n=len(groups),
            rows=rows,
            mark=MARK,
        )
    return " ".join(
        language.text(
            "{titles} are one configuration and one run, which counts once and is marked {mark} where it"
            " comes again.",
            titles=language.listed([language.quoted(one.row.title) for one in group]),
            mark=MARK,
        )
        for group in groups
    )


def published_note(results: Sequence[Result], measures: Sequence[str] = TESTED) -> str:
    """Return what is said below published figures of one configuration under several titles; or nothing."""
    said = []
    for group in shared(results):
        if noise(group, measures):
            titles = language.listed([language.quoted(one.row.title) for one in group])
            alike = language.text("{titles} are one configuration.", titles=titles)
            said.append(f"{alike} {noise_words(group, measures)}")
    return " ".join(said)
