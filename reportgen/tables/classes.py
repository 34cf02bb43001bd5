"""Tables about the classes of a row: which are taken for each other, and what each scores."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis.metrics import (
    ClassScores,
    ConfusedPair,
    class_scores,
    confused_pairs,
    confusion_matrix,
    pooled_matrix,
)
from reportgen.analysis.statistics import bootstrap_f1
from reportgen.records import Record
from reportgen.results import Result
from reportgen.tables.cells import (
    NOTHING,
    fraction_cell,
    said_cell,
    score_cell,
    text_cell,
    whole,
    word_cell,
)
from reportgen.tables.means import mean_f1
from reportgen.tables.table import Cell, Column, Line, Table

_FEW = 5
"""Seeds whose counts are printed one by one; of more, the lowest and the highest."""
_TOGETHER = language.message("Together")
_MEAN = language.message("Mean")
_NAMED = 2
"""Pairs left out of the table that its note names; more are counted."""


def confused_pairs_table(result: Result | Record, row_id: str = "", most: int = 5) -> Table:
    """The unordered pairs of classes that hold most of the test errors, and their sum.

    Errors of a row with several runs are summed over them, and each run's own count stands beside.
    Where more pairs have as many errors as the last one listed, the note says so.

    Raises
    ------
    ValueError
        The row has no record.
    """
    records = (result,) if isinstance(result, Record) else result.records
    row_id = row_id if isinstance(result, Record) else result.row.id
    if not records:
        raise ValueError(f"row {row_id} has no record")
    matrices = _matrices(records)
    pooled = np.asarray(np.sum(matrices, axis=0), dtype=np.int64)
    names = records[0].data.class_names
    every = confused_pairs(pooled, len(pooled) ** 2)
    pairs = every[:most]
    by_seed = [[_errors(pair, matrix) for matrix in matrices] for pair in pairs]
    rows = []
    for pair, counts in zip(pairs, by_seed, strict=True):
        rows.append(_pair_line(said_cell(partial(_name, pair, names)), pair.share, counts))
    if len(pairs) > 1:
        sums = [sum(counts) for counts in zip(*by_seed, strict=True)]
        line = _pair_line(word_cell(_TOGETHER), sum(pair.share for pair in pairs), sums)
        rows.append(Line(line.cells, "total"))
    runs = len(matrices)
    notes = (
        "" if pairs else language.text("No item of the test set was misread."),
        language.text("Summed over {n} seeds ({seeds}).", n=runs, seeds=_seeds(records)) if runs > 1 else "",
        _tied([pair for pair in every[most:] if pair.count == pairs[-1].count], names),
    )
    return Table(
        id=f"confused-{row_id}" if row_id else "confused",
        caption=language.text(
            "Classes most often taken for each other on the test set, in either direction."
        ),
        columns=(
            Column(language.text("Classes")),
            Column(language.text("Errors"), align="right", kind="integer"),
            *((Column(language.text("By seed"), align="right", kind="name"),) if runs > 1 else ()),
            Column(language.text("Share"), "%", "right", "percent"),
        ),
        rows=tuple(rows),
        note=" ".join(note for note in notes if note),
    )


def _tied(left_out: Sequence[ConfusedPair], names: Sequence[str]) -> str:
    """Which pairs have as many errors as the last one listed, or how many."""
    if not left_out:
        return ""
    if len(left_out) > _NAMED:
        return language.plural(
            "As many as the last: {n} more pair.",
            "As many as the last: {n} more pairs.",
            len(left_out),
            n=numbers.thousands(len(left_out)),
        )
    return language.text(
        "As many as the last: {pairs}.", pairs=", ".join(_name(pair, names) for pair in left_out)
    )


def _name(pair: ConfusedPair, names: Sequence[str]) -> str:
    return language.listed([names[place] for place in sorted((pair.first, pair.second))])


def _pair_line(name: Cell, part: float, counts: list[int]) -> Line:
    by_seed = (said_cell(partial(_listed, counts)),) if len(counts) > 1 else ()
    return Line((name, whole(sum(counts)), *by_seed, fraction_cell(part, 1)))


def _errors(pair: ConfusedPair, matrix: NDArray[np.int64]) -> int:
    return int(matrix[pair.first, pair.second] + matrix[pair.second, pair.first])


def _listed(counts: list[int]) -> str:
    if len(counts) > _FEW:
        return lists.between(numbers.thousands(min(counts)), numbers.thousands(max(counts)))
    return ", ".join(map(numbers.thousands, counts))


def _seeds(records: Sequence[Record]) -> str:
    return ", ".join(str(record.seed) for record in records)


def _matrices(records: Sequence[Record]) -> list[NDArray[np.int64]]:
    return [confusion_matrix(record.test, len(record.data.class_names)) for record in records]


def class_table(result: Result) -> Table:
    """Precision, recall and F1 of every class on the test set, and their unweighted means.

    Of several runs the confusion matrices are summed first. Beside F1 stands what it leaves open: a
    bootstrap interval of one run, the lowest and the highest of several.

    Raises
    ------
    ValueError
        The row has no record.
    """
    pooled, matrices = pooled_matrix(result), _matrices(result.records)
    found, runs = class_scores(pooled), len(matrices)
    names = result.records[0].data.class_names
    spreads = _spreads(pooled, matrices)
    spread_head = (
        language.text("F1, lowest to highest seed") if runs > 1 else language.text("F1, 95 % interval")
    )
    rows = [_class_line(name, found, place, spreads[place], runs) for place, name in enumerate(names)]
    # As in macro F1: a class that occurs neither as truth nor as prediction is left out of the mean.
    occurs = (pooled.sum(axis=0) + pooled.sum(axis=1)) > 0
    each = [_mean(values[occurs]) for values in (found.precision, found.recall, found.f1)]
    total = (*map(score_cell, each), NOTHING, whole(int(found.support.sum()) // runs))
    return Table(
        id=f"classes-{result.row.id}",
        caption=language.text("Scores per class on the test set."),
        columns=(
            Column(language.text("Class")),
            Column(language.text("Precision"), align="right", kind="number"),
            Column(language.text("Recall"), align="right", kind="number"),
            Column(language.text("F1"), align="right", kind="number"),
            Column(spread_head, align="right", kind="name"),
            Column(language.text("Items"), align="right", kind="integer"),
        ),
        rows=(*rows, Line((word_cell(_MEAN), *total), "total")),
        note=_class_note(result)
        if runs > 1
        else language.text("Intervals of F1 by bootstrap of the test items."),
    )


def _class_note(result: Result) -> str:
    return language.text(
        "From the sum of the confusion matrices of {n} seeds ({seeds}): each item counts once for each seed."
        " The mean over seeds of macro F1 is {f1}.",
        n=len(result.records),
        seeds=_seeds(result.records),
        f1=numbers.score(mean_f1(result)),
    )


def _spreads(pooled: NDArray[np.int64], matrices: list[NDArray[np.int64]]) -> NDArray[np.float64]:
    """Low and high F1 of every class, (C, 2)."""
    if len(matrices) == 1:
        return bootstrap_f1(pooled)[1]
    each = np.array([class_scores(matrix).f1 for matrix in matrices])
    return np.stack([each.min(axis=0), each.max(axis=0)], axis=1)


def _class_line(name: str, found: ClassScores, place: int, spread: NDArray[np.float64], runs: int) -> Line:
    low, high = map(float, spread)
    return Line(
        (
            text_cell(name),
            score_cell(float(found.precision[place])),
            score_cell(float(found.recall[place])),
            score_cell(float(found.f1[place])),
            said_cell(lambda: f"{numbers.score(low)}–{numbers.score(high)}"),
            whole(int(found.support[place]) // runs),
        )
    )


def _mean(values: NDArray[np.float64]) -> float:
    return float(np.mean(values)) if len(values) else 0.0
