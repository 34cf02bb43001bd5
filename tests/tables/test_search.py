"""The tables of a search, by their cells."""

from __future__ import annotations

from typing import Any

import pytest

from reportgen import language
from reportgen.analysis.retrained import retrained
from reportgen.analysis.trials import Searched, searched
from reportgen.experiments.stages import Axis
from reportgen.tables import to_csv
from reportgen.tables.search import BEST, best_trials_table, retrained_table, trials_table
from reportgen.tables.widths import PAGE, width
from tests import searches
from tests.searches import FAILED, NOT_YET
from tests.tables.reading import column, heads, texts

VALUES = [
    {"hidden_units": [16], "dropout": 0.2, "rate": 0.0012},
    {"hidden_units": [64, 64], "dropout": 0.0, "rate": 0.02},
    {"hidden_units": [16], "dropout": 0.2, "rate": 0.0012},
    {"hidden_units": [32], "dropout": 0.4, "rate": 0.1},
    {"hidden_units": [32], "dropout": 0.4, "rate": 0.00015},
]
OUTCOMES = (0.8, 0.9, 0.8, FAILED, NOT_YET)


def found(**facts: Any) -> Searched:
    return searched(*searches.search(OUTCOMES, values=VALUES, **facts))


def test_every_trial_has_its_settings_its_figures_and_its_state() -> None:
    table = trials_table(found())
    assert heads(table) == [
        "Trial", "Hidden units", "Dropout", "Rate", "Validation, %", "Validation loss", "Weights", "Epochs", "State",
    ]  # fmt: skip
    weights, epochs = "198 760", "20"
    assert [line[:6] + line[8:] for line in texts(table)] == [
        ["1", "16", "0.2", "0.0012", "80.00", "0.300", "done"],
        ["2", "64, 64", "0", "0.02", "90.00", "0.200", "best so far"],
        ["3", "16", "0.2", "0.0012", "80.00", "0.300", "as trial 1"],
        ["4", "32", "0.4", "0.1", "–", "–", "failed: timeout"],
        ["5", "32", "0.4", "0.00015", "–", "–", "to come"],
    ]
    assert {line[7] for line in texts(table)[:3]} == {epochs} and weights in {
        line[6] for line in texts(table)
    }
    assert [line.style for line in table.rows] == ["normal"] * 3 + ["failed"] * 2
    assert [line.link for line in table.rows] == [f"hp-0{number}" for number in range(1, 6)]
    assert "Trials of equal settings are one run" in table.note


def test_raw_values_are_those_of_the_file() -> None:
    table = trials_table(found())
    assert [cell.value for cell in column(table, "Rate")] == [0.0012, 0.02, 0.0012, 0.1, 0.00015]
    assert [cell.value for cell in column(table, "Dropout")] == [0.2, 0.0, 0.2, 0.4, 0.4]
    assert [cell.value for cell in column(table, "Validation, %")][:2] == pytest.approx([80, 90])
    with language.use("fr"):
        assert to_csv(trials_table(found())).splitlines()[1:] == to_csv(table).splitlines()[1:]


def test_the_kept_trial_is_bold_in_what_the_search_makes_best() -> None:
    def bold(one: Searched) -> list[tuple[int, str]]:
        table = trials_table(one)
        return [(n, heads(table)[at]) for n, line in enumerate(table.rows, 1)
                for at, cell in enumerate(line.cells) if cell.bold]  # fmt: skip

    assert bold(found(kept=2)) == [(2, "Validation, %")]
    assert bold(found(kept=2, measure="validation_loss")) == [(2, "Validation loss")]
    assert texts(trials_table(found(kept=2)))[1][-1] == "kept"


def test_the_best_ten_of_a_long_search() -> None:
    outcomes = [0.5 + (7 * number % 30) / 100 for number in range(30)]
    one = searched(*searches.search(outcomes, kept=1 + max(range(30), key=lambda n: outcomes[n])))
    table = best_trials_table(one)
    assert len(table.rows) == BEST and table.rows[0].cells[-1].text == "kept"
    shown = [float(cell.value or 0) for cell in column(table, "Validation, %")]
    assert shown == pytest.approx(sorted((100 * share for share in outcomes), reverse=True)[:BEST], abs=0.13)
    assert (
        table.caption.replace("\u00a0", " ")
        == "The best 10 of 30 trials with different settings, by validation accuracy."
    )
    assert trials_table(one).id != table.id


def test_settings_that_find_no_room_stand_in_one_column() -> None:
    axes = tuple(
        Axis(f"a_parameter_with_a_long_name_{number}", ("one value", "another")) for number in range(8)
    )
    values = [{axis.name: axis.values[0] for axis in axes}, {axis.name: axis.values[1] for axis in axes}]
    table = trials_table(searched(*searches.search((0.8, 0.9), values=values, axes=axes)))
    assert heads(table)[:3] == ["Trial", "Settings", "Validation, %"]
    assert texts(table)[1][1].startswith("a parameter with a long name 0 = another; a parameter")
    assert width(table) <= PAGE


def test_the_selected_score_stands_beside_that_of_fresh_seeds() -> None:
    stage, results = searches.search((0.8, 0.9), kept=2)
    every = [*results, searches.anew(results[1], (0.9, 0.85, 0.86, 0.88))]
    one = searched(stage, every)
    record = results[1].record
    assert record is not None
    table = retrained_table(one, retrained(one, every), record)
    assert texts(table) == [
        ["Trial 2 in the search: selected", "1", "90.00", "selected", "90.00", "86.67–92.57"],
        ["Trained anew: fresh seeds", "2–4", "86.33", "82.54–90.13", "86.33", "82.54–90.13"],
        ["Selected less fresh, in points", "–", "+3.67", "–", "+3.67", "–"],
    ]
    assert [line.style for line in table.rows] == ["normal", "normal", "total"] and table.rows[
        1
    ].link == "final"
    assert heads(table)[2] == "Validation, %: mean"


def test_two_rows_that_train_it_anew_are_named() -> None:
    stage, results = searches.search((0.8, 0.9), kept=2, measure="validation_loss")
    first, second = (searches.anew(results[1], (0.9, 0.85, 0.86), **more) for more in ({}, {"epochs": 9}))
    every = [*results, first, second]
    one = searched(stage, every)
    record = results[1].record
    assert record is not None
    table = retrained_table(one, retrained(one, every), record)
    names = [line[0] for line in texts(table)]
    assert names.count("Trained anew: fresh seeds") == 2 and names.count("Selected less fresh") == 2
    assert texts(table)[1][2] == "0.245" and texts(table)[2][2].startswith("−0.045")
