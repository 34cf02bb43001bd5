"""Tables about one architecture."""

from __future__ import annotations

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.complexity import Architecture, LayerCost
from reportgen.analysis.memory import kilobytes
from reportgen.tables.cells import NOTHING, fraction_cell, said_cell, text_cell, whole, word_cell
from reportgen.tables.table import Cell, Column, Line, Table


def complexity_table(architecture: Architecture) -> Table:
    """Layer by layer: output shape, how the weights come about, weights, biases, share, work, memory.

    The columns are the same for every architecture, but for "Non-trainable", which stands only
    where a layer has such parameters. HOG extraction is the first line where a network reads it.
    """
    frozen = any(cost.non_trainable for cost in architecture.layers)
    longest = max((len(cost.formula) for cost in architecture.layers), default=0)
    memory = language.text("Memory, kB")
    columns = (
        Column(language.text("Layer"), kind="name"),
        Column(language.text("Output shape"), kind="name"),
        Column(
            language.text("Weights, computed as"), kind="formula" if longest <= _LONGEST_FORMULA else "text"
        ),
        Column(language.text("Weights"), align="right", kind="integer"),
        Column(language.text("Biases"), align="right", kind="integer"),
        *((Column(language.text("Non-trainable"), align="right", kind="integer"),) if frozen else ()),
        Column(language.text("Total"), align="right", kind="integer"),
        Column(language.text("Share"), "%", "right", "percent"),
        Column(language.text("Multiply-adds"), align="right", kind="integer"),
        Column(language.text("Parameters"), align="right", kind="number", group=memory),
        Column(language.text("Outputs"), align="right", kind="number", group=memory),
    )
    rows = [_layer_line(cost, frozen) for cost in architecture.layers]
    if architecture.record.features.kind == "hog":
        rows.insert(0, _hog_line(architecture, frozen))
    return Table(
        id=f"complexity-{architecture.rows[0][0]}",
        caption=language.text("Parameters of {network}, layer by layer.", network=architecture.label),
        columns=columns,
        rows=(*rows, _total_line(architecture, frozen)),
        note=language.text(
            "Multiply-adds are those of one prediction; biases, pooling and activations count as none."
            " Memory is that of float32 values, 4 bytes each, in kB of 1000 bytes: of the parameters, and of"
            " the layer's output for one item. Training holds the outputs of a whole batch."
        ),
    )


_HOG = language.message("HOG extraction")
_TOTAL = language.message("Total")
_LONGEST_FORMULA = 18
"""Characters above which a formula may break over lines."""


def _layer_line(cost: LayerCost, frozen: bool) -> Line:
    return Line(
        (
            said_cell(lambda: cost.name),
            text_cell(numbers.shape(cost.output_shape)),
            said_cell(lambda: cost.formula) if cost.formula else NOTHING,
            *_counts((cost.weights, cost.biases, cost.non_trainable, cost.total), frozen),
            fraction_cell(cost.share, 1),
            _work_cell(cost.multiply_adds),
            _kilobytes(cost.parameter_bytes),
            _kilobytes(cost.output_bytes),
        )
    )


def _hog_line(architecture: Architecture, frozen: bool) -> Line:
    """The features: work before the network, without a parameter; its inputs count as no memory."""
    return Line(
        (
            word_cell(_HOG),
            text_cell(numbers.thousands(architecture.record.features.length)),
            NOTHING,
            *_counts((0, 0, 0, 0), frozen),
            fraction_cell(0.0, 1),
            _work_cell(architecture.feature_multiply_adds),
            NOTHING,
            NOTHING,
        )
    )


def _total_line(architecture: Architecture, frozen: bool) -> Line:
    costs = architecture.layers
    counts = (
        sum(cost.weights for cost in costs),
        sum(cost.biases for cost in costs),
        sum(cost.non_trainable for cost in costs),
        sum(cost.total for cost in costs),
    )
    return Line(
        (
            word_cell(_TOTAL),
            Cell(None, ""),
            Cell(None, ""),
            *_counts(counts, frozen),
            fraction_cell(sum(cost.share for cost in costs), 1),
            _work_cell(architecture.prediction_multiply_adds),
            _kilobytes(architecture.memory.parameters),
            _kilobytes(architecture.memory.outputs),
        ),
        "total",
    )


def _counts(values: tuple[int, int, int, int], frozen: bool) -> tuple[Cell, ...]:
    """Weights, biases, non-trainable where there are any in the table, total."""
    return tuple(whole(value) for place, value in enumerate(values) if frozen or place != 2)


def _work_cell(operations: int | None) -> Cell:
    return NOTHING if operations is None else whole(operations)


def _kilobytes(size: int) -> Cell:
    return Cell(size / 1000, kilobytes(size))
