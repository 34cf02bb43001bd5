"""Tables about one run or one architecture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis import numbers, words
from reportgen.analysis.complexity import Architecture, LayerCost
from reportgen.analysis.metrics import class_scores, confused_pairs, confusion_matrix
from reportgen.records import Record
from reportgen.tables.cells import NOTHING, fraction_cell, loss_cell, score_cell, text_cell, whole
from reportgen.tables.table import Cell, Column, Line, Table


def complexity_table(architecture: Architecture) -> Table:
    """Layer by layer: output shape, how the weights come about, weights, biases, share, multiply-adds.

    The columns are the same for every architecture, but for "Non-trainable", which stands only
    where a layer has such parameters.
    """
    frozen = any(cost.non_trainable for cost in architecture.layers)
    columns = (
        Column("Layer", kind="name"),
        Column("Output shape", kind="name"),
        Column("Weights, computed as", kind="formula"),
        Column("Weights", align="right", kind="integer"),
        Column("Biases", align="right", kind="integer"),
        *((Column("Non-trainable", align="right", kind="integer"),) if frozen else ()),
        Column("Total", align="right", kind="integer"),
        Column("Share", "%", "right", "percent"),
        Column("Multiply-adds", align="right", kind="integer"),
    )
    rows = [_layer_line(cost, frozen) for cost in architecture.layers]
    return Table(
        id=f"complexity-{architecture.rows[0][0]}",
        caption=f"Parameters of {architecture.label}, layer by layer.",
        columns=columns,
        rows=(*rows, _total_line(architecture, frozen)),
        note="Multiply-adds are those of one prediction; biases, pooling and activations count as none.",
    )


def _layer_line(cost: LayerCost, frozen: bool) -> Line:
    operations = cost.multiply_adds
    return Line(
        (
            text_cell(cost.name),
            text_cell(numbers.shape(cost.output_shape)),
            text_cell(cost.formula) if cost.formula else NOTHING,
            whole(cost.weights),
            whole(cost.biases),
            *((whole(cost.non_trainable),) if frozen else ()),
            whole(cost.total),
            fraction_cell(cost.share, 1),
            whole(operations) if operations is not None else NOTHING,
        )
    )


def _total_line(architecture: Architecture, frozen: bool) -> Line:
    costs, operations = architecture.layers, architecture.multiply_adds
    return Line(
        (
            text_cell("Total"),
            Cell(None, ""),
            Cell(None, ""),
            whole(sum(cost.weights for cost in costs)),
            whole(sum(cost.biases for cost in costs)),
            *((whole(sum(cost.non_trainable for cost in costs)),) if frozen else ()),
            whole(sum(cost.total for cost in costs)),
            fraction_cell(sum(cost.share for cost in costs), 1),
            whole(operations) if operations is not None else NOTHING,
        ),
        "total",
    )


def confused_pairs_table(record: Record, row_id: str = "", most: int = 5) -> Table:
    """The unordered pairs of classes that hold most of the test errors, and their sum."""
    names = record.data.class_names
    matrix = confusion_matrix(record.test, len(names))
    pairs = confused_pairs(matrix, most)
    rows = [
        Line(
            (
                text_cell(" and ".join(names[place] for place in sorted((pair.first, pair.second)))),
                whole(pair.count),
                fraction_cell(pair.share, 1),
            )
        )
        for pair in pairs
    ]
    if len(pairs) > 1:
        count, part = sum(pair.count for pair in pairs), sum(pair.share for pair in pairs)
        cells = (text_cell("Together"), whole(count), fraction_cell(part, 1))
        rows.append(Line(cells, "total"))
    return Table(
        id=f"confused-{row_id}" if row_id else "confused",
        caption="Classes most often taken for each other on the test set, in either direction.",
        columns=(
            Column("Classes, both ways"),
            Column("Errors", align="right", kind="integer"),
            Column("Share of errors", "%", "right", "percent"),
        ),
        rows=tuple(rows),
        note="" if pairs else "No item of the test set was misread.",
    )


def class_table(record: Record, row_id: str = "") -> Table:
    """Precision, recall and F1 of every class on the test set, and their unweighted means."""
    names = record.data.class_names
    found = class_scores(confusion_matrix(record.test, len(names)))
    rows = [
        Line(
            (
                text_cell(name),
                score_cell(float(precision)),
                score_cell(float(recall)),
                score_cell(float(f1)),
                whole(int(support)),
            )
        )
        for name, precision, recall, f1, support in zip(
            names, found.precision, found.recall, found.f1, found.support, strict=True
        )
    ]
    # As in macro F1: a class that occurs neither as truth nor as prediction is left out of the mean.
    occurs = (found.support > 0) | (np.bincount(record.test.y_pred, minlength=len(names)) > 0)
    means = [_mean(values[occurs]) for values in (found.precision, found.recall, found.f1)]
    total = (text_cell("Mean"), *(score_cell(mean) for mean in means), whole(int(found.support.sum())))
    return Table(
        id=f"classes-{row_id}" if row_id else "classes",
        caption="Scores per class on the test set.",
        columns=(
            Column("Class"),
            Column("Precision", align="right", kind="number"),
            Column("Recall", align="right", kind="number"),
            Column("F1", align="right", kind="number"),
            Column("Items", align="right", kind="integer"),
        ),
        rows=(*rows, Line(total, "total")),
    )


def _mean(values: NDArray[np.float64]) -> float:
    return float(np.mean(values)) if len(values) else 0.0


def history_table(record: Record, row_id: str = "") -> Table:
    """The learning curves as numbers, an epoch a line."""
    held = words.held_out(record).capitalize()
    series = (("loss", False), ("val_loss", False), ("accuracy", True), ("val_accuracy", True))
    rows = []
    for epoch in range(record.epochs):
        values = [(float(record.history[name][epoch]), part) for name, part in series]
        rows.append(
            Line(
                (
                    whole(epoch + 1),
                    *(fraction_cell(value) if part else loss_cell(value) for value, part in values),
                )
            )
        )
    return Table(
        id=f"history-{row_id}" if row_id else "history",
        caption="Loss and accuracy after each epoch.",
        columns=(
            Column("Epoch", align="right", kind="integer"),
            Column("Training loss", align="right", kind="number"),
            Column(f"{held} loss", align="right", kind="number"),
            Column("Training accuracy", "%", "right", "percent"),
            Column(f"{held} accuracy", "%", "right", "percent"),
        ),
        rows=tuple(rows),
    )
