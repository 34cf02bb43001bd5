"""Tables about one run or one architecture."""

from __future__ import annotations

from reportgen.analysis.complexity import Architecture
from reportgen.records import Record
from reportgen.results import Result
from reportgen.tables.table import Table


def complexity_table(architecture: Architecture) -> Table:
    """Layer by layer: output shape, how the weights come about, weights, biases, total, share, multiply-adds."""
    return Table(f"complexity-{architecture.rows[0][0]}", architecture.label, (), ())


def hyper_parameters(result: Result) -> Table:
    """Settings of a run as two columns, from what Keras reported."""
    return Table(f"settings-{result.row.id}", "Hyper-parameters", (), ())


def confused_pairs_table(record: Record, row_id: str = "", most: int = 5) -> Table:
    """The pairs of classes that hold most errors, with their sum."""
    return Table(f"confused-{row_id}", "Most confused pairs", (), ())


def class_table(record: Record, row_id: str = "") -> Table:
    """Precision, recall and F1 per class."""
    return Table(f"classes-{row_id}", "Scores per class", (), ())


def history_table(record: Record, row_id: str = "") -> Table:
    """The learning curves as numbers, an epoch a line."""
    return Table(f"history-{row_id}", "Learning curves", (), ())
