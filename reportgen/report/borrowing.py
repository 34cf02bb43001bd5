"""Warnings beside the scores of rows that borrow a network of `keras.applications`."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.borrowed import Borrowed, borrowed
from reportgen.records import Record
from reportgen.report.parts import Notice


def of_borrowed(record: Record) -> Iterator[Notice]:
    """Yield the notices on a network within a run's: untrained weights, values it is not made for."""
    for each in borrowed(record):
        if each.weights == "random":
            yield Notice(
                language.text("Untrained weights."),
                language.text(
                    "{network} began with weights drawn at random: nothing was learnt from other images.",
                    network=each.name,
                ),
            )
        if each.misfed and each.values is not None and each.expected is not None:
            yield Notice(language.text("Values it is not made for."), _misfed(each))


def _misfed(each: Borrowed) -> str:
    ends = (*(each.expected or ()), *(each.values or ()))
    low, high, given_low, given_high = (numbers.plain(round(value, 6)) for value in ends)
    facts = {
        "network": each.name,
        "low": low,
        "high": high,
        "given_low": given_low,
        "given_high": given_high,
    }
    if each.weights == "imagenet":
        return language.text(
            "{network} was trained on values from {low} to {high} and is given values from {given_low} to"
            " {given_high}: what it has learnt does not hold for them.",
            **facts,
        )
    return language.text(
        "{network} is made for values from {low} to {high} and is given values from {given_low} to"
        " {given_high}.",
        **facts,
    )
