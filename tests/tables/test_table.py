"""How a table is written down."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from reportgen import tables
from reportgen.tables import Cell, Column, Line, Table


def test_a_table_knows_how_many_cells_a_line_has() -> None:
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        Table("t", "", (Column("a"), Column("b")), (Line((Cell(1, "1"),)),))


def test_csv_guards_against_formulas_and_never_alters_numbers() -> None:
    values: list[Any] = [
        "=1+1",
        "+a",
        "-b",
        "@c",
        "\td",
        "\re",
        "plain",
        -0.5,
        3,
        None,
        float("nan"),
        'say "x", y',
    ]
    table = Table("t", "", (Column("=head"),), tuple(Line((Cell(value, "printed"),)) for value in values))
    read = list(csv.reader(io.StringIO(tables.to_csv(table), newline="")))
    assert [line[0] if line else "" for line in read] == [
        "'=head", "'=1+1", "'+a", "'-b", "'@c", "'\td", "'\re", "plain", "-0.5", "3", "", "", 'say "x", y',
    ]  # fmt: skip


def test_csv_puts_the_group_into_a_column() -> None:
    heads = (Column("a"), Column("b"))
    table = Table(
        "t", "", heads,
        (
            Line((Cell("=G", "G"),), "group"), Line((Cell("x", "x"), Cell(1.25, "1.3"))),
            Line((Cell("H", "H"),), "group"), Line((Cell("y", "y"), Cell(2, "2"))),
        ),
    )  # fmt: skip
    assert tables.to_csv(table) == ",a,b\r\n'=G,x,1.25\r\nH,y,2\r\n"


def test_markdown_escapes_and_marks() -> None:
    cells = (Cell("a|b*c", "a|b*c"), Cell(1, "1", bold=True))
    heads = (Column("N_ame"), Column("Value", "%", "right"))
    table = Table(
        "t",
        "",
        heads,
        (Line((Cell("G", "G"),), "group"), Line(cells), Line((Cell("S", "S"), Cell(2, "2")), "total")),
    )
    assert tables.to_markdown(table) == (
        "| N\\_ame | Value, % |\n| --- | ---: |\n| **G** |  |\n| a\\|b\\*c | **1** |\n| **S** | **2** |\n"
    )
