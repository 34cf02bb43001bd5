"""The table of a stage: its cells, which row it marks, and what no choice may use."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen import language
from reportgen.analysis.statistics import wilson
from reportgen.analysis.tried import Tried, tried
from reportgen.experiments.resolved import Row
from reportgen.records import Record
from reportgen.results import Failure
from reportgen.tables.stages import stage_table
from reportgen.tables.table import Table, to_csv
from tests.staged import Make, made, staged

GRID = """\
[report]
title = "x"
[[section]]
id = "rows"
notebook = "mlp"
[[sweep]]
id = "size"
section = "rows"
title = "Size"
grid = { hidden_units = [[50, 50], [100, 100], [50, 50, 50]] }
[[sweep.case]]
parameters = { hidden_units = [100, 100] }
title = "two of a hundred"
published = { test_accuracy = 0.97, validation_accuracy = 0.98 }
"""


def size(make: Make, folder: Path, text: str = GRID) -> Tried:
    experiments, results, _ = staged(text, make, folder)
    return tried(experiments.stages[0], results)


def reversed_orders(row: Row, seed: int) -> Record:
    """[50, 50] first by validation and last by test, and so on."""
    wrong = {(50, 50): 10, (100, 100): 120, (50, 50, 50): 240}[tuple(row.parameters["hidden_units"])]
    return made(row, range(wrong), range(250 - wrong), seed)


def texts(table: Table) -> list[dict[str, str]]:
    heads = [column.full_head for column in table.columns]
    return [dict(zip(heads, (cell.text for cell in line.cells), strict=True)) for line in table.rows]


def test_the_cells_are_those_that_the_records_give(tmp_path: Path) -> None:
    table = stage_table(size(reversed_orders, tmp_path))
    first, second, third = texts(table)
    low, high = (f"{100 * end:.2f}" for end in wilson(390, 400))
    assert first["Hidden layers"] == "2" and first["Units per layer"] == "50"
    assert first["Validation accuracy, %: measured"] == "97.50"
    assert first["Validation accuracy, %: 95 % interval"] == f"{low}–{high}"
    weights = 784 * 50 + 50 + 50 * 50 + 50 + 50 * 10 + 10
    assert first["Parameters"] == f"{weights:,}".replace(",", "\u00a0")
    assert [line["Less the row kept: points"] for line in (first, second, third)] == [
        "–", "\u221227.50", "\u221257.50",
    ]  # fmt: skip
    assert second["Less the row kept: p, corrected"] == "<\u00a00.0001"
    assert (
        second["Validation accuracy, %: published"] == "98.00"
        and first["Validation accuracy, %: published"] == "–"
    )


def test_the_mark_follows_validation_and_test_scores_are_muted(tmp_path: Path) -> None:
    table = stage_table(size(reversed_orders, tmp_path))
    lines = texts(table)
    assert [line["Choice"] for line in lines] == ["row kept", "lower", "lower"]
    assert [line["Not used for the choice: test, %"] for line in lines] == ["40.00", "67.50", "97.50"]
    assert [column.full_head for column in table.columns if column.muted] == [
        "Not used for the choice: test, %",
        "Not used for the choice: published test, %",
    ]
    assert table.columns[-1].muted, "they stand last"
    bold = [cell.text for line in table.rows for cell in line.cells if cell.bold]
    assert bold == ["row kept"]
    assert [line.link for line in table.rows] == ["size-50-50", "size-100-100", "size-50-50-50"]


def test_a_failed_row_stands_in_it_with_the_reason(tmp_path: Path) -> None:
    def make(row: Row, seed: int) -> Record | Failure:
        if row.parameters["hidden_units"] == [100, 100]:
            return Failure("out-of-memory", "too large")
        return reversed_orders(row, seed)

    table = stage_table(size(make, tmp_path))
    assert [line.style for line in table.rows] == ["normal", "failed", "normal"]
    failed = texts(table)[1]
    assert failed["Choice"] == "no result: out of memory" and failed["Units per layer"] == "100"
    assert failed["Validation accuracy, %: measured"] == failed["Not used for the choice: test, %"] == "–"


def test_a_title_that_few_rows_have_is_told_below(tmp_path: Path) -> None:
    table = stage_table(size(reversed_orders, tmp_path))
    assert "Experiment" not in [column.title for column in table.columns]
    assert "“two of a hundred”: the line with hidden layers: 2, units per layer: 100." in table.note
    named = stage_table(
        size(reversed_orders, tmp_path, GRID.replace('title = "Size"', 'row_title = "{hidden_units}!"'))
    )
    assert [line.cells[0].text for line in named.rows] == ["50, 50!", "two of a hundred", "50, 50, 50!"]


def test_several_runs_have_a_mean_and_students_interval(tmp_path: Path) -> None:
    def make(row: Row, seed: int) -> Record:
        return made(row, range(10 + 2 * (seed % 2)), range(20), seed)

    table = stage_table(size(make, tmp_path, GRID.replace('title = "Size"', "repeats = 2")))
    line = texts(table)[0]
    assert line["Runs"] == "2" and line["Validation accuracy, %: mean"] == "97.25"
    low, high = (float(end) for end in line["Validation accuracy, %: 95 % interval"].split("–"))
    half = 12.706 * 0.25
    assert low == pytest.approx(97.25 - half, abs=0.006)
    assert high == pytest.approx(min(100, 97.25 + half), abs=0.006)


def test_before_it_is_decided_no_row_is_marked(tmp_path: Path) -> None:
    def make(row: Row, seed: int) -> Record | Failure:
        if row.parameters["hidden_units"] == [100, 100]:
            return Failure("not-run", "later")
        return reversed_orders(row, seed)

    lines = texts(stage_table(size(make, tmp_path)))
    assert [line["Choice"] for line in lines] == ["–", "not run yet", "–"]
    assert not any(head.startswith("Less the row kept") for head in lines[0])


def test_french_heads_and_exports_that_no_language_changes(tmp_path: Path) -> None:
    found = size(reversed_orders, tmp_path)
    with language.use("fr"):
        table = stage_table(found)
        heads = [column.full_head for column in table.columns]
    assert "Sans part au choix\u00a0: test, %" in heads and "Choix" in heads
    assert [line.cells[heads.index("Choix")].text for line in table.rows] == [
        "retenue",
        "inférieure",
        "inférieure",
    ]
    assert [line.cells[heads.index("Choix")].value for line in table.rows] == ["row kept", "lower", "lower"]
    csv = to_csv(stage_table(found)).splitlines()
    assert csv[1].split(",")[:2] == ["2", "50"] and "97.5" in csv[1].split(",")
