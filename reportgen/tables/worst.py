"""The classes that a network reads worst: what stands for a confusion matrix too large to print."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis.metrics import class_scores, pooled_matrix
from reportgen.results import Result
from reportgen.tables.cells import fraction_cell, text_cell, whole
from reportgen.tables.table import Column, Line, Table

MOST = 12
"""Classes in the table."""
_READ_AS = 4
"""Classes that one is read as, by name; of more, how many errors they hold together."""


def worst_classes_table(result: Result, most: int = MOST) -> Table:
    """The classes with the lowest recall on the test set, and which they are taken for.

    Of several runs the confusion matrices are summed. Classes without a test item are left out; of equal
    recall, the class with more errors stands first, then the one that comes first in the data set.

    Parameters
    ----------
    result : Result
        With a record.
    most : int
        Classes at most.
    """
    matrix = pooled_matrix(result)
    names = result.records[0].data.class_names
    found = class_scores(matrix)
    errors = found.support - np.diag(matrix)
    places = [place for place in range(len(names)) if found.support[place]]
    places.sort(key=lambda place: (float(found.recall[place]), -int(errors[place]), place))
    rows = tuple(
        Line(
            (
                text_cell(names[place]),
                whole(int(found.support[place])),
                whole(int(errors[place])),
                fraction_cell(float(found.recall[place]), 1),
                text_cell(_read_as(matrix[place], place, names)),
            )
        )
        for place in places[:most]
    )
    runs = len(result.records)
    return Table(
        id=f"worst-classes-{result.row.id}",
        caption=language.text(
            "The {n} classes of {all} with the lowest recall.", n=len(rows), all=len(names)
        ),
        columns=(
            Column(language.text("Class")),
            Column(language.text("Items"), align="right", kind="integer"),
            Column(language.text("Errors"), align="right", kind="integer"),
            Column(language.text("Recall"), "%", "right", "percent"),
            Column(language.text("Read as")),
        ),
        rows=rows,
        note=language.text("Test set, summed over {n} runs.", n=runs) if runs > 1 else "",
    )


def _read_as(line: NDArray[np.int64], own: int, names: tuple[str, ...]) -> str:
    """The classes that a class is read as, the most frequent first, each with its count."""
    others = [place for place in range(len(names)) if place != own and line[place]]
    others.sort(key=lambda place: (-int(line[place]), place))
    parts = [f"{names[place]} {numbers.thousands(int(line[place]))}" for place in others[:_READ_AS]]
    rest = others[_READ_AS:]
    if rest:
        count = numbers.thousands(sum(int(line[place]) for place in rest))
        parts.append(
            language.plural(
                "{n} other class {count}", "{n} other classes {count}", len(rest), n=len(rest), count=count
            )
        )
    return lists.clauses(parts) or numbers.MISSING
