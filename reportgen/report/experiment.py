"""The page of one experiment: key figures, settings, curves, matrix, pairs, F1, misread images, comment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from markupsafe import Markup

from reportgen import language
from reportgen.analysis import numbers, published_words, words
from reportgen.analysis.complexity import architecture
from reportgen.analysis.metrics import pooled_matrix
from reportgen.analysis.mistakes import confused
from reportgen.analysis.observations import observe
from reportgen.analysis.twin_words import noise_words
from reportgen.records import Record
from reportgen.report import notices
from reportgen.report.begun import begun
from reportgen.report.changes import Settings, settings
from reportgen.report.context import Context
from reportgen.report.failures import FailureView, failure_view, lost_seeds
from reportgen.report.keys import Key, key_figures
from reportgen.report.matrix import Matrix, matrix_view
from reportgen.report.parts import (
    SILENT,
    Notice,
    NumberedFigure,
    NumberedTable,
    Place,
    Remarks,
    row_anchor,
)
from reportgen.report.sheet import fits_beside, set_page, settings_are_longer
from reportgen.results import Result
from reportgen.tables import confused_pairs_table
from reportgen.tables.worst import worst_classes_table


@dataclass(frozen=True)
class Experiment:
    """A page; the parts that its size or its failure leaves out are None.

    Parameters
    ----------
    place : Place
    row_id, subtitle : str
    network : Place or None
        Where the row's network is drawn.
    size : str
        ``full`` or ``compact``.
    notices : tuple of Notice
    twins : tuple of (str, str)
        Id and title of the rows with the same configuration.
    byline : str
        Who wrote the comment.
    published : str
        Best validation figures of others beside ours, or empty.
    noise : str
        How far published figures of that configuration lie apart, or empty.
    failure : FailureView or None
    keys : tuple of Key
    settings : NumberedTable or None
    changed : Settings or None
        Which settings differ from those of the row that this one is compared with.
    curves : NumberedFigure or None
    matrix : Matrix or None
    matrix_number : int
        Of its table.
    worst : NumberedTable or None
        In place of a matrix with too many classes.
    runs, classes : int
    pairs : NumberedTable or None
    f1, strip : NumberedFigure or None
    no_images : str
        Says why there is no strip of misread images, or empty.
    remarks : Remarks
    comment : Markup or None
    comment_beside : bool
        True where it stands under the curves.
    comment_under : str
        ``early`` or ``late`` where it stands under the matrix, before or after the F1 scores; else empty.
    matrix_first : bool
        True where the matrix stands beside the settings, above the confused pairs.
    tall : bool
        True where the matrix takes the width of the page.
    density : str
        How closely paper sets the page; see `space.DENSITIES`.
    """

    place: Place
    row_id: str
    subtitle: str
    size: Literal["full", "compact"]
    notices: tuple[Notice, ...]
    twins: tuple[tuple[str, str], ...]
    byline: str = ""
    network: Place | None = None
    published: str = ""
    noise: str = ""
    failure: FailureView | None = None
    keys: tuple[Key, ...] = ()
    settings: NumberedTable | None = None
    changed: Settings | None = None
    curves: NumberedFigure | None = None
    matrix: Matrix | None = None
    matrix_number: int = 0
    worst: NumberedTable | None = None
    runs: int = 1
    classes: int = 0
    pairs: NumberedTable | None = None
    f1: NumberedFigure | None = None
    strip: NumberedFigure | None = None
    no_images: str = ""
    remarks: Remarks = SILENT
    comment: Markup | None = None
    comment_beside: bool = False
    comment_under: Literal["", "early", "late"] = ""
    matrix_first: bool = False
    tall: bool = False
    density: str = field(default="")


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
        A compact page has neither matrix nor pairs nor F1 nor images.
    context : Context
    """
    row, record, numbering = result.row, result.record, context.numbering
    place = Place(number, row.title, row_anchor(row.id), notices.footer([result], context.quick))
    twins = tuple((other, context.titles[other]) for other in result.same_as if other in context.titles)
    comment = context.prose(row.comment, 4, f"experiment:{row.id}")
    if record is None:
        return Experiment(
            place, row.id, f"{row.id} · {_seeds(result)}", "full", (), twins, context.byline,
            failure=failure_view(result.failure), comment=comment,
        )  # fmt: skip
    changed = settings(result, _compared(result, context), context.results)
    table = numbering.table(changed.table, "plain tight settings", language.text("Hyper-parameters"))
    drawing = context.draw("learning_curves", [result], begun(result, context.results))
    page = Experiment(
        place, row.id, _subtitle(result, record), size,
        _notices(result, record), twins, context.byline,
        keys=key_figures(result, record, context.places.get(row.id)), settings=table, changed=changed,
        curves=numbering.figure(language.text("Learning curves"), drawing, "block"),
        network=context.networks.get(row.id), runs=len(result.records), classes=len(record.data.class_names),
        remarks=context.remarks(observe(result, context.results)), comment=comment,
        comment_beside=size == "full" and fits_beside(comment), noise=_noise(result, context),
        published=published_words.of_row(result),
    )  # fmt: skip
    if size == "compact":
        return page
    return set_page(_with_results(page, result, record, context), context.experiments.file.report.paper)


def _noise(result: Result, context: Context) -> str:
    """What the published figures of one configuration under several titles differ by."""
    return noise_words([one for one in context.results if one.row.id in (result.row.id, *result.same_as)])


def _notices(result: Result, record: Record) -> tuple[Notice, ...]:
    return (
        notices.of_record(record)
        + notices.of_training(result)
        + notices.of_origins(result)
        + lost_seeds(result)
    )


def _compared(result: Result, context: Context) -> Result | None:
    return next((one for one in context.results if one.row.id == result.row.compared_with), None)


def _with_results(page: Experiment, result: Result, record: Record, context: Context) -> Experiment:
    numbering = context.numbering
    matrix = matrix_view(pooled_matrix(result), record.data.class_names)
    tall = matrix is None or not matrix.beside
    number, worst, pairs = 0, None, None
    first = not tall and settings_are_longer(page)
    for part in ("matrix", "pairs") if tall or first else ("pairs", "matrix"):  # as they stand on the page
        if part == "pairs":
            heading = language.text("Most confused classes")
            pairs = numbering.table(confused_pairs_table(result), "plain tight pairs below", heading)
        elif matrix is None:
            worst = numbering.table(worst_classes_table(result), "small tight worst")
        else:
            numbering.tables += 1
            number = numbering.tables
    f1 = numbering.figure(language.text("F1 per class"), context.draw("f1_per_class", [result]), "block")
    found = confused(result)
    shown = context.images.pictures(record.data.digest, "test", [mistake.place for mistake in found])
    strip = None
    if shown:
        drawing = context.draw("confused_strip", [result], tuple(zip(found, shown, strict=True)))
        strip = numbering.figure(language.text("Confused images"), drawing, "block strip")
    return replace(
        page,
        matrix=matrix, matrix_number=number, worst=worst, pairs=pairs, f1=f1, strip=strip,
        no_images="" if shown or not found else language.text(
            "The test images are not at hand here, so that none of the misread ones is shown."
        ),
        tall=tall, matrix_first=first,
    )  # fmt: skip


def _subtitle(result: Result, record: Record) -> str:
    parts = [
        result.row.id,
        architecture(record),
        language.text("on {data}", data=words.data_set(record.data.name)),
        language.plural(
            "{n}\u00a0epoch", "{n}\u00a0epochs", record.epochs, n=numbers.thousands(record.epochs)
        ),
        _seeds(result),
    ]
    return " · ".join(parts)


def _seeds(result: Result) -> str:
    seeds = [run.seed for run in result.runs]
    if len(seeds) == 1:
        return language.text("seed {seed}", seed=seeds[0])
    return language.text("seeds {first} to {last}", first=seeds[0], last=seeds[-1])
