"""The page of one experiment: key figures, settings, curves, matrix, pairs, F1, comment."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markupsafe import Markup

from reportgen.analysis import numbers, words
from reportgen.analysis.complexity import architecture, feature_multiply_adds, model_multiply_adds
from reportgen.analysis.metrics import (
    Rank,
    accuracy_interval,
    confusion_matrix,
    correct_items,
    macro_f1,
    results_of,
)
from reportgen.errors import printable
from reportgen.records import Record
from reportgen.report import notices
from reportgen.report.matrix import SIDE_BY_SIDE, Matrix, matrix_view
from reportgen.report.parts import (
    Draw,
    Notice,
    NumberedFigure,
    NumberedTable,
    Numbering,
    Place,
    Prose,
    row_anchor,
)
from reportgen.results import Failure, Result
from reportgen.tables import confused_pairs_table, hyper_parameters

LOG_LINES = 40
"""Lines of a failed run's log that are printed: its end, where the cause stands."""

FAILURES: Mapping[str, str] = {
    "error": "A cell of the notebook raised an error",
    "no-result": "The notebook ended without recording a result",
    "bad-result": "The notebook recorded a result that is not valid",
    "timeout": "The run took longer than its time limit",
    "kernel-died": "The kernel died",
    "out-of-memory": "The run needed more memory than there is",
    "kernel-start": "The kernel did not start",
    "no-data": "The data set was not available",
    "not-run": "The run was not started",
    "interrupted": "The run was interrupted",
}

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_DRAWN = str.maketrans("─━│┃→❯█✖╭╮╰╯┌└├┤═", "--||>>#x+++++++|=")
"""Characters that notebooks draw with and no font of the report has."""


@dataclass(frozen=True)
class Key:
    """A key figure: label, value, unit beside it, a line below."""

    label: str
    value: str
    unit: str = ""
    more: str = ""
    headline: bool = False


@dataclass(frozen=True)
class FailureView:
    """Why a run failed, in words, and the end of its log."""

    cause: str
    message: str
    facts: tuple[tuple[str, str], ...]
    log: str
    remedy: str
    ran: bool = True


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
    classes: int = 0
    pairs: NumberedTable | None = None
    f1: NumberedFigure | None = None
    comment: Markup | None = None
    columns: str = ""


def experiment_page(
    result: Result,
    number: str,
    *,
    size: Literal["full", "compact"],
    rank: Rank | None,
    titles: Mapping[str, str],
    numbering: Numbering,
    draw: Draw,
    prose: Prose,
) -> Experiment:
    """Return the page of one result.

    Parameters
    ----------
    result : Result
    number : str
        ``3.2``.
    size : str
        A compact page has neither matrix nor pairs nor F1.
    rank : Rank or None
    titles : mapping of str to str
        Titles of all rows, by id.
    numbering : Numbering
    draw, prose : callable
    """
    row, record = result.row, result.record
    place = Place(number, row.title, row_anchor(row.id), notices.footer([result]))
    twins = tuple((other, titles[other]) for other in result.same_as if other in titles)
    comment = prose(row.comment, 4)
    if record is None:
        return Experiment(
            place, row.id, f"{row.id}, {_seeds(result)}", "full", (), twins,
            failure=failure_view(result.failure), comment=comment,
        )  # fmt: skip
    settings = numbering.table(hyper_parameters(result), "plain tight settings", "Hyper-parameters")
    curves = numbering.figure("Learning curves", draw("learning_curves", [result]), "block")
    page = Experiment(
        place, row.id, _subtitle(result, record), size, notices.of_record(record), twins,
        keys=key_figures(record, rank), settings=settings, curves=curves,
        classes=len(record.data.class_names), comment=comment,
    )  # fmt: skip
    return page if size == "compact" else _with_results(page, result, record, numbering, draw)


def _with_results(
    page: Experiment, result: Result, record: Record, numbering: Numbering, draw: Draw
) -> Experiment:
    matrix = matrix_view(record)
    matrix_number = 0
    if matrix is not None:
        numbering.tables += 1
        matrix_number = numbering.tables
    pairs = confused_pairs_table(record, result.row.id)
    return replace(
        page,
        matrix=matrix,
        matrix_number=matrix_number,
        pairs=numbering.table(pairs, "plain tight pairs", "Most confused classes"),
        f1=numbering.figure("F1 per class", draw("f1_per_class", [result]), "block"),
        columns="tall" if matrix is None or page.classes > SIDE_BY_SIDE else "",
    )


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


def key_figures(record: Record, rank: Rank | None) -> tuple[Key, ...]:
    """Return the key figures of a run: one headline accuracy, with its interval, and what it cost."""
    test, held = record.evaluation["test"], record.evaluation["validation"]
    low, high = accuracy_interval(correct_items(record.test), record.data.n_test)
    held_out = words.held_out(record)
    validation = "Held out: the test set" if record.data.validated_on_test else "Validation accuracy"
    f1 = numbers.score(macro_f1(confusion_matrix(record.test, len(record.data.class_names))))
    wrong = record.data.n_test - correct_items(record.test)
    errors = f"{numbers.counted(wrong, 'error')}; 95 %: {numbers.interval(low, high)}"
    classes = numbers.counted(len(record.data.class_names), "class", "classes")
    kind = "cross-entropy" if "crossentropy" in str(record.loss["name"]) else ""
    place, of = (str(rank.rank), f"of {rank.of}") if rank else (numbers.MISSING, "")
    return (
        Key("Test accuracy", numbers.percent(test["accuracy"]), "%", errors, headline=True),
        Key("Test loss", numbers.loss(test["loss"]), more=kind or "of the test set"),
        Key(validation, numbers.percent(held["accuracy"]), "%", f"loss {numbers.loss(held['loss'])}"),
        Key("Macro F1", f1, more=f"mean of {classes}"),
        Key("Parameters", numbers.thousands(record.total_params), more=_operations(record)),
        Key("Rank", place, of, f"by {held_out}"),
    )


def _operations(record: Record) -> str:
    """The multiply-adds of one prediction, from the pixels on."""
    model, features = model_multiply_adds(record), feature_multiply_adds(record)
    if model is None:
        return "multiply-adds not counted"
    own = f"{numbers.thousands(model + (features or 0))} multiply-adds"
    if record.features.kind == "pixels":
        return own
    name = record.features.kind.upper() if record.features.kind == "hog" else "features"
    return f"{own} {'without' if features is None else 'with'} {name}"


def failure_view(failure: Failure | None) -> FailureView:
    """Return a failure in words."""
    found = failure or Failure("not-run", "there is no result for this row")
    facts = []
    if found.cell is not None:
        facts.append(("Cell", f"code cell {found.cell}"))
    if found.seconds:
        facts.append(("Lasted", numbers.duration(found.seconds)))
    return FailureView(
        cause=FAILURES.get(found.kind, found.kind),
        message=clean_log(found.message, 10),
        facts=tuple(facts),
        log=clean_log(found.details, LOG_LINES),
        remedy=clean_log(found.remedy, 10),
        ran=found.kind not in ("not-run", "interrupted", "no-data"),
    )


def clean_log(text: str, lines: int) -> str:
    """Return the last lines of a log without colours, drawn lines and control characters."""
    kept = _ANSI.sub("", text).replace("\r\n", "\n").translate(_DRAWN).strip("\n").split("\n")[-lines:]
    return "\n".join(printable(line.replace("\t", "    ").replace("\r", "")[:400]).rstrip() for line in kept)


def failed(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return the results without a record."""
    done = {result.row.id for result, _ in results_of(results)}
    return tuple(result for result in results if result.row.id not in done)
