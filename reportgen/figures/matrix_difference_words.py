"""One confusion matrix less another in words: its titles and numbers, the notes on it, alternative text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reportgen import language
from reportgen.analysis import matrices, numbers
from reportgen.figures.seeds import seeds
from reportgen.results import Result


def two_rows(results: Sequence[Result]) -> tuple[Result, Result]:
    """The row and the one that is taken from it; ValueError where they are not two."""
    if len(results) != 2:
        raise ValueError(f"two rows are compared, not {len(results)}")
    return results[0], results[1]


def true_class() -> str:
    """What stands over the names of the rows."""
    return language.text("True")


def titles(a: Result, b: Result) -> tuple[str, str]:
    """Which less which."""
    minus = language.text("minus {title}", title=language.quoted(b.row.title))
    return language.quoted(a.row.title), minus


def count(value: float, a: Result, b: Result) -> str:
    """A cell's number with its sign; empty where there is no difference."""
    if not value:
        return ""
    return f"{'+' if value > 0 else ''}{_written(value, a, b)}"


def _written(value: float, a: Result, b: Result) -> str:
    """Whole where both rows have one run, else with a decimal, or two where one would print zero."""
    if not (a.repeated or b.repeated):
        return numbers.decimal(value, 0)
    return numbers.decimal(value, 1 if abs(value) >= 0.05 else 2)


def notes(a: Result, b: Result, shown: int, ends: tuple[float, float, float]) -> list[str]:
    """What numbers and colours are, of how many trainings, and which classes are shown.

    Parameters
    ----------
    a, b : Result
    shown : int
        How many classes are.
    ends : tuple of float
        Upper ends of the colour classes, as shares of the true class.
    """
    found = [
        language.text("Numbers: those of the first less those of the second."),
        language.text("Framed, on the diagonal: right answers, where more is a gain. Elsewhere: errors."),
        language.text(
            "Pale to deep: to {low}, {middle}, {high} and above in 1 000 of the true class.",
            low=_in_thousand(ends[0]),
            middle=_in_thousand(ends[1]),
            high=_in_thousand(ends[2]),
        ),
    ]
    if a.repeated or b.repeated:
        means = language.text(
            "Counts per run, means of {first} and {second}.", first=seeds(a), second=seeds(b)
        )
        found.append(means)
    else:
        found.append(language.text("Counts of one training each: another seed would change single cells."))
    classes = len(a.records[0].data.class_names)
    if classes > shown:
        left_out = language.text(
            "Shown are the {n} of {classes} classes that differ most.",
            n=numbers.thousands(shown),
            classes=numbers.thousands(classes),
        )
        found.append(left_out)
    return found


def _in_thousand(share: float) -> str:
    return numbers.thousands(int(1000 * share))


def describe_matrix_difference(results: Sequence[Result]) -> str:
    """Alternative text of `matrix_difference`: the errors of both, and what differs most each way."""
    a, b = two_rows(results)
    difference = matrices.matrix_difference(a, b)
    names = a.records[0].data.class_names
    errors = [float(matrix.sum() - np.trace(matrix)) for matrix in map(matrices.mean_matrix, (a, b))]
    text = language.text(
        "Confusion matrix of {a} minus that of {b}, per run: {first} and {second} errors in {items} test"
        " items.",
        a=language.quoted(a.row.title),
        b=language.quoted(b.row.title),
        first=_written(errors[0], a, b),
        second=_written(errors[1], a, b),
        items=numbers.thousands(len(a.records[0].test.y_true)),
    )
    off = difference.copy()
    np.fill_diagonal(off, 0)
    return " ".join([text, *_extremes(off, names, a, b)])


def _extremes(off: NDArray[np.float64], names: Sequence[str], a: Result, b: Result) -> list[str]:
    found = []
    for place, sign in ((int(off.argmax()), 1), (int(off.argmin()), -1)):
        true, read = divmod(place, len(off))
        value = float(off[true, read])
        if value * sign <= 0:
            continue
        facts = {"true": names[true], "read": names[read], "n": _written(abs(value), a, b)}
        if sign > 0:
            found.append(
                language.text("The first reads {true} as {read} most over the second: by {n}.", **facts)
            )
        else:
            found.append(
                language.text("The second reads {true} as {read} most over the first: by {n}.", **facts)
            )
    return found
