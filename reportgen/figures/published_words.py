"""Published accuracies beside ours in words: below the figure, and as alternative text."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import counts, numbers
from reportgen.analysis.published import VALIDATION, family_of
from reportgen.experiments.schema import Protocol
from reportgen.figures.published_pairs import Groups, Pair, comparable, groups_of, otherwise, published
from reportgen.figures.seeds import how_many
from reportgen.results import Result


def measured(results: Sequence[Result]) -> str:
    """What the axis shows."""
    if family_of(results) is VALIDATION:
        return language.text("Highest validation accuracy of any epoch, %")
    return language.text("Test accuracy, %")


def note(results: Sequence[Result], protocol: Protocol | None, groups: Groups, beyond: bool) -> str:
    """What the marks and lines are, and which rows are left out.

    Parameters
    ----------
    results : sequence of Result
    protocol : Protocol or None
    groups : Groups
        What is drawn.
    beyond : bool
        An interval goes on outside of its axes.
    """
    if not published(results):
        return language.text("No row has a published accuracy.")
    shown, left_out = comparable(results), [r for r in published(results) if otherwise(r)]
    parts = _legend(shown, protocol, beyond) if shown else []
    if shown and family_of(results) is VALIDATION:
        parts.append(
            language.text("Each accuracy is of the epoch where it was highest: optimistic on both sides.")
        )
    drawn = sum(len(pairs) for _, pairs in groups)
    if drawn < len(shown):
        parts.insert(
            0,
            language.text(
                "{n} of {rows} are shown: those furthest from the published figure.",
                n=numbers.thousands(drawn),
                rows=counts.rows(len(shown)),
            ),
        )
    if left_out:
        parts.append(
            language.plural(
                "{n} row with a published accuracy is not shown: no result, or on other or less data.",
                "{n} rows with a published accuracy are not shown: no result, or on other or less data.",
                len(left_out),
                n=numbers.thousands(len(left_out)),
            )
        )
    return " ".join(parts)


def _legend(shown: Sequence[Result], protocol: Protocol | None, beyond: bool) -> list[str]:
    """What dots, squares and lines are."""
    several = [len(result.records) for result in shown if result.repeated]
    level = numbers.percentage(0.95, 0)
    if several:
        parts = [
            language.text(
                "Filled dots: ours, mean of {seeds} where there are several.", seeds=how_many(several)
            )
        ]
    else:
        parts = [language.text("Filled dots: ours.")]
    if protocol and protocol.source:
        parts.append(language.text("Hollow squares: published ({source}).", source=protocol.source))
    else:
        parts.append(language.text("Hollow squares: published."))
    family = family_of(shown)
    parts.append(
        _of_validation(level, bool(several)) if family is VALIDATION else _of_tests(level, bool(several))
    )
    if protocol is None or family.items(protocol) is None:
        parts.append(
            language.text("How many items the published ones were validated on is not known: they have none.")
            if family is VALIDATION
            else language.text(
                "How many items the published ones were tested on is not known: they have none."
            )
        )
    if beyond:
        parts.append(language.text("An arrow: the interval goes on."))
    return parts


def _of_tests(level: str, several: bool) -> str:
    """What the lines are."""
    if several:
        return language.text(
            "Lines: {level} intervals, from the number of test items; over seeds that of their mean, in"
            " which a single run need not lie.",
            level=level,
        )
    return language.text("Lines: {level} intervals, from the number of test items.", level=level)


def _of_validation(level: str, several: bool) -> str:
    if several:
        return language.text(
            "Lines: {level} intervals, from the number of validation items; over seeds that of their mean, in"
            " which a single run need not lie.",
            level=level,
        )
    return language.text("Lines: {level} intervals, from the number of validation items.", level=level)


def describe_published(results: Sequence[Result], protocol: Protocol | None) -> str:
    """Alternative text of `published_scores`: how far ours lie from the published ones.

    How many can be told apart is said once, in the text (`tables.agreement`).
    """
    pairs = [pair for _, group in groups_of(results, protocol) for pair in group]
    if not pairs:
        count = len(published(results))
        return language.plural(
            "No accuracy of ours beside {n} published one.",
            "No accuracy of ours beside {n} published ones.",
            count,
            n=numbers.thousands(count),
        )
    held = family_of(results) is VALIDATION
    if len(pairs) == 1:
        return _described(pairs[0], held)
    ordered = sorted(pairs, key=lambda pair: pair.difference)
    several = [pair.seeds for pair in pairs if pair.seeds > 1]
    values = {
        "rows": counts.rows(len(pairs)),
        "low": numbers.points(ordered[0].difference), "first": language.quoted(ordered[0].title),
        "high": numbers.points(ordered[-1].difference), "last": language.quoted(ordered[-1].title),
    }  # fmt: skip
    if several:
        values["seeds"] = how_many(several)
        means = _MEANS_OF_VALIDATION if held else _MEANS_OF_TESTS
        return language.text(means, **values)
    told = _OF_VALIDATION if held else _OF_TESTS
    return language.text(told, **values)


_MEANS_OF_TESTS = language.message(
    "Test accuracy of {rows}, ours (means of {seeds} where there are several) minus published: from {low}"
    " points ({first}) to {high} points ({last})."
)
_MEANS_OF_VALIDATION = language.message(
    "Highest validation accuracy of {rows}, ours (means of {seeds} where there are several) minus published:"
    " from {low} points ({first}) to {high} points ({last})."
)
_OF_TESTS = language.message(
    "Test accuracy of {rows}, ours minus published: from {low} points ({first}) to {high} points ({last})."
)
_OF_VALIDATION = language.message(
    "Highest validation accuracy of {rows}, ours minus published: from {low} points ({first}) to {high}"
    " points ({last})."
)
_MEAN_OF_TEST = language.message(
    "Test accuracy of {title}: {ours} (mean of {seeds}), {level} interval {low} to {high}; published"
    " {theirs}."
)
_MEAN_OF_VALIDATION = language.message(
    "Highest validation accuracy of {title}: {ours} (mean of {seeds}), {level} interval {low} to {high};"
    " published {theirs}."
)
_OF_TEST = language.message(
    "Test accuracy of {title}: {ours}, {level} interval {low} to {high}; published {theirs}."
)
_OF_ONE_VALIDATION = language.message(
    "Highest validation accuracy of {title}: {ours}, {level} interval {low} to {high}; published {theirs}."
)


def _described(pair: Pair, held: bool) -> str:
    """The one row there is."""
    values = {
        "title": language.quoted(pair.title), "ours": _per_cent(pair.ours.value),
        "low": _per_cent(pair.ours.low), "high": _per_cent(pair.ours.high),
        "theirs": _per_cent(pair.theirs.value), "level": numbers.percentage(0.95, 0),
    }  # fmt: skip
    if pair.seeds > 1:
        values["seeds"] = how_many([pair.seeds])
        mean = _MEAN_OF_VALIDATION if held else _MEAN_OF_TEST
        return language.text(mean, **values)
    alone = _OF_ONE_VALIDATION if held else _OF_TEST
    return language.text(alone, **values)


def _per_cent(value: float) -> str:
    return numbers.percentage(value / 100)
