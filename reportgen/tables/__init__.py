"""Tables of the report: one function per table, and how a table is written down."""

from reportgen.tables.agreement import agreement
from reportgen.tables.calibration import calibration_table
from reportgen.tables.claims import claims_table
from reportgen.tables.classes import class_table, confused_pairs_table
from reportgen.tables.comparisons import comparison_table, section_table
from reportgen.tables.contrasts import contrast_table
from reportgen.tables.history import history_table
from reportgen.tables.origins import origins_table
from reportgen.tables.published import published_tables
from reportgen.tables.runs import complexity_table
from reportgen.tables.seeds import seeds_table
from reportgen.tables.settings import hyper_parameters
from reportgen.tables.table import Cell, Column, Line, Table, to_csv, to_markdown
from reportgen.tables.times import times_note

__all__ = [
    "Cell",
    "Column",
    "Line",
    "Table",
    "agreement",
    "calibration_table",
    "claims_table",
    "class_table",
    "comparison_table",
    "complexity_table",
    "confused_pairs_table",
    "contrast_table",
    "history_table",
    "hyper_parameters",
    "origins_table",
    "published_tables",
    "section_table",
    "seeds_table",
    "times_note",
    "to_csv",
    "to_markdown",
]
