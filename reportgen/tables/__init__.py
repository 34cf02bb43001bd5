"""Tables of the report: one function per table, and how a table is written down."""

from reportgen.tables.comparisons import comparison_table, section_table
from reportgen.tables.published import published_tables
from reportgen.tables.runs import (
    class_table,
    complexity_table,
    confused_pairs_table,
    history_table,
)
from reportgen.tables.settings import hyper_parameters
from reportgen.tables.table import Cell, Column, Line, Table, to_csv, to_markdown
from reportgen.tables.times import times_note

__all__ = [
    "Cell",
    "Column",
    "Line",
    "Table",
    "class_table",
    "comparison_table",
    "complexity_table",
    "confused_pairs_table",
    "history_table",
    "hyper_parameters",
    "published_tables",
    "section_table",
    "times_note",
    "to_csv",
    "to_markdown",
]
