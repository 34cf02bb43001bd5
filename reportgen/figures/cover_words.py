"""The errors on the cover, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean

from reportgen import language
from reportgen.analysis import counts, numbers, words
from reportgen.analysis.metrics import by_data_set, ranks
from reportgen.figures.seeds import how_many
from reportgen.records import Record
from reportgen.results import Result

CoverRun = tuple[Result, Record]
"""A row with its first record."""


def chose_on_test(group: Sequence[CoverRun]) -> bool:
    """Whether a run of a data set was validated on its test set."""
    return any(record.data.validated_on_test for _, record in group)


def errors(result: Result) -> tuple[float, float, float]:
    """Validation error in per cent: mean over the seeds, lowest, highest.

    Half an item stands for none, as a logarithm has no zero.
    """
    found = [
        (1 - record.evaluation["validation"]["accuracy"], 0.5 / max(1, record.data.n_validation))
        for record in result.records
    ]
    least = max(half for _, half in found)
    wrong = [error for error, _ in found]
    mean, low, high = (100 * max(value, least) for value in (fmean(wrong), min(wrong), max(wrong)))
    return mean, low, high


def best_of(group: Sequence[CoverRun]) -> CoverRun:
    """The row with the best validation accuracy."""
    places = ranks([result for result, _ in group])
    return min(group, key=lambda run: places[run[0].row.id].rank)


def describe_cover(results: Sequence[Result], sections: Mapping[str, str]) -> str:
    """Alternative text of `cover_strip`: range and best run of every data set, by validation."""
    texts = []
    for name, group in by_data_set(results).items():
        parts = [_described(name, group), _means(group)]
        texts += [part for part in parts if part]
    return " ".join(texts) or language.text("No run has a result.")


def _described(name: str, group: Sequence[CoverRun]) -> str:
    """The errors of a data set's rows, from the lowest to the highest."""
    wrong = sorted(
        fmean(1 - record.evaluation["validation"]["accuracy"] for record in result.records)
        for result, _ in group
    )
    best = language.quoted(best_of(group)[0].row.title)
    several = any(result.repeated for result, _ in group)
    values = {"data": words.data_set(name), "low": numbers.percentage(wrong[0])}
    if len(group) == 1 and several:
        return language.text("{data}, one row, {title}: error {low}.", title=best, **values)
    if len(group) == 1:
        return language.text("{data}, one run, {title}: error {low}.", title=best, **values)
    values["rows"] = counts.rows(len(group)) if several else counts.runs(len(group))
    values |= {"low": numbers.percent(wrong[0]), "high": numbers.percentage(wrong[-1])}
    if chose_on_test(group):
        return language.text(
            "{data}, {rows}: validation errors from {low} to {high}; measured on the test set.", **values
        )
    return language.text(
        "{data}, {rows}: validation errors from {low} to {high}; the lowest is that of {title}.",
        title=best,
        **values,
    )


def _means(group: Sequence[CoverRun]) -> str:
    """What the errors are where rows have several seeds, and how far the seeds of one row lie apart."""
    repeated = [result for result, _ in group if result.repeated]
    if not repeated:
        return ""
    widest = max(high - low for _, low, high in map(errors, repeated))
    values = {
        "seeds": how_many([len(result.records) for result in repeated]), "points": numbers.decimal(widest, 2),
    }  # fmt: skip
    if len(repeated) == len(group) == 1:
        return language.text(
            "It is the mean of {seeds}, which differ by up to {points} points within a row.", **values
        )
    if len(repeated) == len(group):
        return language.text(
            "Each is the mean of {seeds}, which differ by up to {points} points within a row.", **values
        )
    return language.plural(
        "{n} of them is the mean of {seeds}, which differ by up to {points} points within a row.",
        "{n} of them are means of {seeds}, which differ by up to {points} points within a row.",
        len(repeated),
        n=numbers.thousands(len(repeated)),
        **values,
    )
