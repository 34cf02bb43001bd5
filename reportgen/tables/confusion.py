"""The confusion matrix of a row as a table, whole however many classes there are."""

from __future__ import annotations

from reportgen import language
from reportgen.analysis.metrics import pooled_matrix
from reportgen.results import Result
from reportgen.tables.cells import text_cell, whole
from reportgen.tables.table import Column, Line, Table


def confusion_table(result: Result) -> Table:
    """Return the confusion matrix of the test set, summed over the runs of the row.

    Parameters
    ----------
    result : Result
        With a record.

    Returns
    -------
    Table
        A line for each true class, a column for each predicted one, C by C counts.
    """
    records = result.records
    names = records[0].data.class_names
    matrix = pooled_matrix(result)
    caption = language.text(
        "Confusion matrix of “{title}” on the test set: true classes in rows, predicted ones in columns.",
        title=result.row.title,
    )
    note = ""
    if len(records) > 1:
        note = language.text("Counts are summed over {runs} runs.", runs=len(records))
    return Table(
        id=f"confusion-{result.row.id}",
        caption=caption,
        columns=(
            Column(language.text("True class"), kind="name"),
            *(Column(name, align="right", kind="integer") for name in names),
        ),
        rows=tuple(
            Line((text_cell(name), *(whole(int(count)) for count in counts)))
            for name, counts in zip(names, matrix, strict=True)
        ),
        note=note,
    )
