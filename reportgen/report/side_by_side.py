"""The rows of one data set side by side: scores, curves, two matrices, and what all of them misread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from reportgen import language
from reportgen.analysis import numbers, twins, words
from reportgen.analysis.matrices import by_validation, mean_matrix, two_to_compare
from reportgen.analysis.metrics import by_data_set
from reportgen.analysis.mistakes import Shared, largest_group, shared_mistakes
from reportgen.analysis.scores import score
from reportgen.figures.catalogue import FIGURES
from reportgen.report.context import Context
from reportgen.report.parts import NumberedFigure, Place
from reportgen.results import Result

MISREAD_SHOWN = 20
"""Images that every row misreads, at most, in two rows of ten."""


@dataclass(frozen=True)
class SideBySide:
    """The rows of one data set: what the program says of them, and their figures.

    Parameters
    ----------
    place : Place
    sentences : tuple of str
    figures : tuple of NumberedFigure
        Those there is something to show in.
    """

    place: Place
    sentences: tuple[str, ...]
    figures: tuple[NumberedFigure, ...]


def compared_data_sets(results: Sequence[Result]) -> list[tuple[str, tuple[Result, ...]]]:
    """Return the data sets that at least two rows with a record saw, with these rows."""
    groups = {name: tuple(row for row, _ in group) for name, group in by_data_set(results).items()}
    return [(name, rows) for name, rows in groups.items() if len(rows) > 1]


def side_by_side(name: str, rows: Sequence[Result], place: Place, context: Context) -> SideBySide:
    """Return the part of one data set.

    Parameters
    ----------
    name : str
        Of the data set, as the records have it.
    rows : sequence of Result
        At least two, each with a record of this data set.
    place : Place
    context : Context
    """
    data, numbering = words.data_set(name), context.numbering
    captions = {kind.name: kind.caption(rows) for kind in FIGURES if kind.caption is not None}
    figures = [
        numbering.figure(caption, context.draw(name, rows)) for name, caption in captions.items() if caption
    ]
    once = twins.distinct(rows)  # as the ranks and the notes count them
    sentences = [_range(once)]
    pair = two_to_compare(rows)
    if pair is not None:
        figures.append(numbering.figure(_difference_caption(*pair), context.draw("matrix_difference", pair)))
        sentences.append(_errors_of_two(*pair))
    shared = shared_mistakes(once, MISREAD_SHOWN)
    if shared is not None:
        figure = _misread(shared, once, data, context)
        figures += [figure] if figure else []
        sentences.append(" ".join(_misread_by_all(shared, once)))
        if shared.total and figure is None:
            sentences.append(
                language.text("The images of {data} are not at hand, so that none is shown here.", data=data)
            )
    return SideBySide(place, tuple(sentences), tuple(figures))


def _difference_caption(first: Result, second: Result) -> str:
    return language.text(
        "What {first} and {second} read differently: the confusion matrix of the one less that of the other."
        " Blue cells are in favour of the first, orange cells of the second.",
        first=language.quoted(first.row.title),
        second=language.quoted(second.row.title),
    )


def _range(rows: Sequence[Result]) -> str:
    """From where to where the test accuracies go, and what the first by validation has."""
    accuracies = sorted(score(row, "test_accuracy").mean for row in rows)
    first = by_validation(rows)[0]
    return language.text(
        "The test accuracies of the {n} rows lie between {lowest} and {highest}; {title}, first by"
        " validation, has {value}.",
        n=numbers.thousands(len(rows)),
        lowest=numbers.percentage(accuracies[0]),
        highest=numbers.percentage(accuracies[-1]),
        title=language.quoted(first.row.title),
        value=numbers.percentage(score(first, "test_accuracy").mean),
    )


def _errors(row: Result) -> float:
    matrix = mean_matrix(row)
    return float(matrix.sum() - np.trace(matrix))


def _printed(errors: float, row: Result) -> str:
    return numbers.decimal(errors, 1 if row.repeated else 0)


def _errors_of_two(first: Result, second: Result) -> str:
    facts = {
        "items": numbers.thousands(len(first.records[0].test.y_true)),
        "first": language.quoted(first.row.title),
        "second": language.quoted(second.row.title),
        "few": _printed(_errors(first), first),
        "many": _printed(_errors(second), second),
    }
    if first.repeated or second.repeated:
        return language.text(
            "Of {items} test images, {first} misreads {few} in a run and {second} {many}.", **facts
        )
    return language.text("Of {items} test images, {first} misreads {few} and {second} {many}.", **facts)


def _misread_by_all(shared: Shared, rows: Sequence[Result]) -> list[str]:
    """How many items every row gets wrong, and what share that is of the errors of the first."""
    facts = {"rows": numbers.thousands(shared.rows), "tested": numbers.thousands(shared.tested)}
    if not shared.total:
        return [language.text("No test image is misread by all {rows} rows.", rows=facts["rows"])]
    said = language.plural(
        "{n} of {tested} test images ({share}) is misread by every one of {rows} rows.",
        "{n} of {tested} test images ({share}) are misread by every one of {rows} rows.",
        shared.total,
        n=numbers.thousands(shared.total),
        share=numbers.percentage(shared.total / shared.tested),
        **facts,
    )
    first = by_validation(rows)[0]
    if shared.rows < len(rows) or first.repeated:
        return [said]
    errors = _errors(first)
    return [
        said,
        language.text(
            "They are {share} of the {errors} errors of {title}.",
            share=numbers.share(shared.total / errors),
            errors=_printed(errors, first),
            title=language.quoted(first.row.title),
        ),
    ]


def _misread(shared: Shared, rows: Sequence[Result], data: str, context: Context) -> NumberedFigure | None:
    """The figure of the images; None where there are none, or they are not at hand."""
    digest = largest_group(rows)[0].records[0].data.digest
    pictures = context.images.pictures(digest, "test", [item.place for item in shared.items])
    if not pictures:
        return None
    shown = tuple(zip(shared.items, pictures, strict=True))
    if len(shown) < shared.total:
        caption = language.text(
            "{shown} of the {n} test images of {data} that every row misreads, those with the highest mean"
            " probability of the wrong class first.",
            shown=numbers.thousands(len(shown)),
            n=numbers.thousands(shared.total),
            data=data,
        )
    else:
        caption = language.text(
            "The test images of {data} that every row misreads, those with the highest mean probability of"
            " the wrong class first.",
            data=data,
        )
    return context.numbering.figure(caption, context.draw("shared_mistakes", rows, shown))
