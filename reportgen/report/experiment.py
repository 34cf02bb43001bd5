"""The page of one experiment: key figures, settings, curves, matrix, pairs, F1, comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from reportgen.analysis import numbers, words
from reportgen.analysis.complexity import architecture
from reportgen.analysis.metrics import pooled_matrix
from reportgen.analysis.observations import observe
from reportgen.records import Record
from reportgen.report import notices
from reportgen.report.context import Context
from reportgen.report.failures import FailureView, failure_view, lost_seeds
from reportgen.report.keys import Key, key_figures
from reportgen.report.matrix import SIDE_BY_SIDE, Matrix, matrix_view
from reportgen.report.parts import (
    SILENT,
    Notice,
    NumberedFigure,
    NumberedTable,
    Place,
    Remarks,
    row_anchor,
)
from reportgen.results import Result
from reportgen.tables import confused_pairs_table, hyper_parameters

BESIDE = 420
"""Letters of a comment that stands under the learning curves; a longer one follows the page's tables."""


ROOM, OF_A_NOTICE, OF_SEEDS, SHORT_COMMENT = 860, 130, 130, 190
"""Letters of remarks that fit a full page on paper; how many fewer for each notice on it, and for the notes
that several seeds bring; letters of a comment beyond which it pushes the rest of the page down."""


@dataclass(frozen=True)
class Experiment:
    """A page; the parts that its size or its failure leaves out are None."""

    place: Place
    row_id: str
    subtitle: str
    size: Literal["full", "compact"]
    notices: tuple[Notice, ...]
    twins: tuple[tuple[str, str], ...]
    failure: FailureView | None = None
    keys: tuple[Key, ...] = ()
    settings: NumberedTable | None = None
    curves: NumberedFigure | None = None
    matrix: Matrix | None = None
    matrix_number: int = 0
    runs: int = 1
    classes: int = 0
    pairs: NumberedTable | None = None
    f1: NumberedFigure | None = None
    remarks: Remarks = SILENT
    comment: Markup | None = None
    comment_beside: bool = False
    columns: str = ""


def experiment_page(
    result: Result, number: str, *, size: Literal["full", "compact"], context: Context
) -> Experiment:
    """Return the page of one row.

    Parameters
    ----------
    result : Result
    number : str
        ``3.2``.
    size : str
        A compact page has neither matrix nor pairs nor F1.
    context : Context
    """
    row, record, numbering = result.row, result.record, context.numbering
    place = Place(number, row.title, row_anchor(row.id), notices.footer([result]))
    twins = tuple((other, context.titles[other]) for other in result.same_as if other in context.titles)
    comment = context.prose(row.comment, 4, f"experiment:{row.id}")
    if record is None:
        return Experiment(
            place, row.id, f"{row.id}, {_seeds(result)}", "full", (), twins,
            failure=failure_view(result.failure), comment=comment,
        )  # fmt: skip
    settings = numbering.table(hyper_parameters(result), "plain tight settings", "Hyper-parameters")
    curves = numbering.figure("Learning curves", context.draw("learning_curves", [result]), "block")
    said = notices.of_record(record) + lost_seeds(result)
    page = Experiment(
        place, row.id, _subtitle(result, record), size,
        said, twins,
        keys=key_figures(result, record, context.places.get(row.id)), settings=settings, curves=curves,
        runs=len(result.records), classes=len(record.data.class_names),
        remarks=context.remarks(observe(result, context.results), _room(result, said, size)), comment=comment,
        comment_beside=size == "full" and _short(row.comment),
    )  # fmt: skip
    return page if size == "compact" else _with_results(page, result, record, context)


def _with_results(page: Experiment, result: Result, record: Record, context: Context) -> Experiment:
    numbering = context.numbering
    matrix = matrix_view(pooled_matrix(result), record.data.class_names)
    matrix_number = 0
    if matrix is not None:
        numbering.tables += 1
        matrix_number = numbering.tables
    return replace(
        page,
        matrix=matrix,
        matrix_number=matrix_number,
        pairs=numbering.table(confused_pairs_table(result), "plain tight pairs", "Most confused classes"),
        f1=numbering.figure("F1 per class", context.draw("f1_per_class", [result]), "block"),
        columns="tall" if matrix is None or page.classes > SIDE_BY_SIDE else "",
    )


def _room(result: Result, said: Sequence[Notice], size: str) -> int | None:
    """Letters of remarks that the page has room for; a compact one flows, and takes them all."""
    if size == "compact":
        return None
    taken = OF_A_NOTICE * len(said) + (OF_SEEDS if result.repeated else 0)
    beside = len(result.row.comment or "") if _short(result.row.comment) else 0
    return ROOM - taken - 2 * max(0, beside - SHORT_COMMENT)


def _short(comment: str | None) -> bool:
    """Whether a comment is one paragraph of a few lines, as fits under the curves."""
    text = (comment or "").strip()
    return len(text) <= BESIDE and "\n\n" not in text and "|" not in text


def _subtitle(result: Result, record: Record) -> str:
    parts = [
        result.row.id,
        architecture(record),
        f"on {words.data_set(record.data.name)}",
        numbers.counted(record.epochs, "epoch"),
        _seeds(result),
    ]
    return " · ".join(parts)


def _seeds(result: Result) -> str:
    seeds = [run.seed for run in result.runs]
    return f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {seeds[0]} to {seeds[-1]}"
