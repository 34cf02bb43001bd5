"""The tables of layers, of kinds of experiment, of shallow and deep networks, of Pareto fronts."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from reportgen import language
from reportgen.analysis.capacity import tasks
from reportgen.analysis.complexity import distinct_architectures
from reportgen.records import Features, Record
from reportgen.results import Failure, Result
from reportgen.tables import Table, complexity_table, to_csv
from reportgen.tables.capacity import capacity_table
from reportgen.tables.fronts import fronts_table
from reportgen.tables.kinds import kinds_tables
from reportgen.tables.networks import networks_table
from reportgen.tables.widths import PAGE, width
from tests import networks, samples

LOAD = {"jobs": 2, "threads": 1, "cpu": "Example CPU", "cores": 2}
HOG = Features("hog", 392, {"orientations": 8, "pixels_per_cell": 4, "cells_per_block": 1})


def made(**facts: Any) -> Record:
    record = samples.record(n_test=100, n_validation=200, **facts)
    return dataclasses.replace(record, environment={**record.environment, **LOAD})


def result(name: str, section: str = "raw", **facts: Any) -> Result:
    row = samples.row(name, section, title=f"Title of {name}")
    return samples.result(row, name, 42, made(**facts))


def texts(table: Table) -> list[list[str]]:
    return [[cell.text.replace("\u00a0", " ") for cell in line.cells] for line in table.rows]


def lines(table: Table) -> dict[str, list[str]]:
    return {first: rest for first, *rest in texts(table)}


def test_layers_of_a_perceptron() -> None:
    (architecture,) = distinct_architectures([result("one")])
    table = complexity_table(architecture)
    assert [item.full_head for item in table.columns] == [
        "Layer", "Output shape", "Weights, computed as", "Weights", "Biases", "Total", "Share, %", "Multiply-adds",
        "Memory, kB: Parameters", "Memory, kB: Outputs",
    ]  # fmt: skip
    assert texts(table) == [
        ["Dense", "250", "784 × 250", "196 000", "250", "196 250", "98.7", "196 000", "785.0", "1.0"],
        ["Output", "10", "250 × 10", "2 500", "10", "2 510", "1.3", "2 500", "10.0", "0.0"],
        ["Total", "", "", "198 500", "260", "198 760", "100.0", "198 500", "795.0", "1.0"],
    ]
    assert table.rows[-1].style == "total" and table.rows[-1].cells[5].value == 198_760


def test_hog_extraction_is_a_line_with_work_and_no_parameter() -> None:
    (architecture,) = distinct_architectures(
        [result("one", layers=samples.mlp_layers(392, (200,)), features=HOG)]
    )
    table = complexity_table(architecture)
    assert texts(table)[0] == ["HOG extraction", "392", "–", "0", "0", "0", "0.0", "5 880", "–", "–"]
    assert texts(table)[-1][3:8] == ["80 400", "210", "80 610", "100.0", "86 280"]


def test_every_column_adds_up_to_its_total() -> None:
    rows = [
        result("one", layers=samples.cnn_layers(25)),
        result("two", layers=samples.mlp_layers(392, (200,)), features=HOG),
    ]
    for architecture in distinct_architectures(rows):
        table = complexity_table(architecture)
        for place, column in enumerate(table.columns):
            if column.align == "right":
                values = [line.cells[place].value or 0 for line in table.rows]
                assert abs(sum(float(v) for v in values[:-1]) - float(values[-1])) < 1e-6, column.title


def test_layers_name_what_training_leaves_alone() -> None:
    variables = tuple(
        dataclasses.replace(samples.conv("x", 7, 1, 4, 3).variables[1], name=name, trainable=trained)
        for name, trained in (
            ("gamma", True),
            ("beta", True),
            ("moving_mean", False),
            ("moving_variance", False),
        )
    )
    norm = samples.plain("n", "BatchNormalization", (7, 7, 4), (7, 7, 4))
    layers = (
        samples.conv("c", 7, 1, 4, 3),
        dataclasses.replace(norm, variables=variables),
        samples.dense("o", 196, 10, "softmax"),
    )
    table = complexity_table(distinct_architectures([result("one", layers=layers)])[0])
    assert [line[5] for line in texts(table)] == ["0", "8", "0", "8"]
    assert texts(table)[-1][6] == "2 026"


def test_kinds_answer_what_each_reads_gives_and_consists_of() -> None:
    cloth = samples.cnn_layers(25)
    rows = [
        result("a", "raw"),
        result("b", "raw", layers=samples.mlp_layers(hidden=(300,), activation="sigmoid")),
        result("c", "hog", layers=samples.mlp_layers(392, (200,)), features=HOG),
        result("d", "cnn", layers=cloth, dataset="fashion_mnist"),
        samples.result(samples.row("lost", "raw"), "lost", 42, failure=Failure("timeout", "")),
    ]
    titles = {"raw": "Raw pixels", "hog": "HOG", "cnn": "Clothing"}
    (table,) = kinds_tables(rows, titles, {"a": "2.1", "b": "2.2", "c": "2.3", "d": "2.4"})
    assert [item.title for item in table.columns] == ["Property", "Raw pixels", "HOG", "Clothing"]
    found = lines(table)
    assert found["Rows"] == ["2", "1", "1"]
    assert found["Inputs"] == ["28 × 28 × 1 pixels", "392 HOG values", "28 × 28 × 1 pixels"]
    assert found["Outputs"][0] == "10 units, softmax, one for each of: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9"
    assert found["Outputs"][2].endswith("one for each of: " + ", ".join(samples.CLOTHES))
    assert found["Convolutions"] == ["–", "–", "9@5×5, 9@5×5, 16@3×3"]
    assert found["Hidden units"] == ["250, 300", "200", "25"]
    assert found["Activations"] == ["tanh, sigmoid", "tanh", "ReLU"]
    assert found["Dropout"] == ["0.5", "0.5", "none"]
    assert found["Optimiser"] == ["RMSprop, 0.001"] * 3
    assert found["Batch size"] == ["4 096"] * 3 and found["Epochs"] == ["20"] * 3
    assert found["Parameters"] == ["198 760 to 238 510", "80 610", "7 465"]
    assert found["Multiply-adds"] == ["198 500 to 238 200", "86 280", "640 654"]
    assert found["Counted in"] == ["2.1, 2.2", "2.3", "2.4"]


def test_many_kinds_stand_in_several_tables_and_none_in_none() -> None:
    found = kinds_tables([result(f"r{n}", f"s{n}") for n in range(5)], {}, {})
    assert [len(table.columns) for table in found] == [5, 2]
    assert len({table.id for table in found}) == 2
    assert kinds_tables([], {}, {}) == ()


def test_long_lists_of_kinds_are_cut_and_the_file_has_all_of_them() -> None:
    names = tuple(f"leaf {n}" for n in range(100))
    rows = [
        result(
            f"r{n}",
            layers=samples.mlp_layers(hidden=(10 + n,), classes=100),
            dataset="leaves",
            class_names=names,
        )
        for n in range(9)
    ]
    (table,) = kinds_tables(rows, {}, {f"r{n}": f"2.{n + 1}" for n in range(9)})
    found = lines(table)
    assert found["Outputs"] == [
        "100 units, softmax, one for each of: leaf 0, leaf 1, leaf 2 … leaf 99 (100 in all)"
    ]
    assert found["Hidden units"] == ["9 values from 10 to 18"]
    assert found["Counted in"] == ["9 places from 2.1 to 2.9"]
    assert "output/tables/kinds.csv has all of their values" in table.note
    written = to_csv(table)
    assert "10, 11, 12, 13, 14, 15, 16, 17, 18" in written and all(name in written for name in names)


def test_networks_in_one_line_each_are_counted_as_their_layers_are() -> None:
    rows = [
        result("one", layers=samples.cnn_layers(25)),
        result("two", layers=samples.mlp_layers(392, (200,)), features=HOG),
        result("three", layers=samples.cnn_layers(25)),
    ]
    found = distinct_architectures(rows)
    table = networks_table(found)
    assert [item.full_head for item in table.columns] == [
        "Network", "Used by", "Weights", "Biases", "Total", "Multiply-adds", "Memory, MB",
    ]  # fmt: skip
    small, large = sorted(found, key=lambda item: item.total_params)
    for line, item in zip(texts(table), (small, large), strict=True):
        total = texts(complexity_table(item))[-1]
        assert line == [item.label, line[1], total[3], total[4], total[5], total[7], line[6]]
    assert [line[6] for line in texts(table)] == ["0.03", "0.32"]
    assert [line[1] for line in texts(table)] == ["2 rows", "1 row"]
    assert table.rows[0].link == "one"


def test_networks_side_by_side_say_what_of_them_is_trained_and_where_they_are_counted() -> None:
    rows = [
        result("one", layers=samples.mlp_layers()),
        result("two", layers=networks.borrowed()),
        result("three", layers=networks.deep()),
    ]
    found = distinct_architectures(rows)
    table = networks_table(found, {"one": "2.1", "two": "2.2", "three": "2.3"})
    heads = [item.full_head for item in table.columns]
    assert width(table) <= PAGE
    lines = {line[heads.index("Counted in")]: dict(zip(heads, line, strict=True)) for line in texts(table)}
    assert list(lines) == ["2.3", "2.1", "2.2"]  # the smallest first
    borrowed = lines["2.2"]
    assert (borrowed["Trainable"], borrowed["Non-trainable"]) == ("663 562", "2 260 544")
    assert (borrowed["Total"], borrowed["Memory, MB"]) == ("2 924 106", "11.70")
    assert (lines["2.1"]["Trainable"], lines["2.1"]["Non-trainable"]) == ("198 760", "0")


@pytest.mark.parametrize("code", ["en", "fr"])
def test_thirty_networks_fit_the_page(code: str) -> None:
    names = ("128@3×3–" * 7) + "10"
    rows = [
        result(f"r{n}", layers=(*networks.deep()[:-2], samples.dense("d", 576, 100 + n, "relu"), samples.dense("o", 100 + n, 10, "softmax")))
        for n in range(30)
    ]  # fmt: skip
    with language.use(code):
        found = distinct_architectures(rows)
        assert len(found) == 30 and all(len(item.label) > len(names) // 2 for item in found)
        table = networks_table(found, {f"r{n}": f"2.{n + 1}" for n in range(30)})
        assert width(table) <= PAGE and len(table.rows) == 30
        assert any(column.title == language.text("Total") for column in table.columns)


def test_capacity_sets_trained_and_named_networks_side_by_side() -> None:
    rows = [result("a"), result("b"), result("c", layers=samples.cnn_layers(25))]
    table = capacity_table(tasks(rows, ["2-6-2", "2-2-2-2-2"]))
    assert texts(table) == [
        ["784 values to 10 outputs: shallow, one hidden layer"],
        ["784–250–10", "2", "250", "–", "198 500", "260", "198 760", "Dense, 784 × 250", "98.7", "2 rows"],
        ["784 values to 10 outputs: deep, more hidden layers or convolutions"],
        ["9@5×5–9@5×5–16@3×3–25–10", "5", "25", "16", "7 396", "69", "7 465", "Dense, 144 × 25", "48.6", "1 row"],
        ["2 values to 2 outputs: shallow, one hidden layer"],
        ["2–6–2", "2", "6", "–", "24", "8", "32", "Dense, 2 × 6", "56.2", "only named"],
        ["2 values to 2 outputs: deep, more hidden layers or convolutions"],
        ["2–2–2–2–2", "4", "2", "–", "16", "8", "24", "Dense, 2 × 2", "25.0", "only named"],
    ]  # fmt: skip
    assert "features" not in table.note
    hog = [result("h", layers=samples.mlp_layers(392, (200,)), features=HOG)]
    assert "Networks that read features stand with the images" in capacity_table(tasks(hog, [])).note


def test_fronts_name_the_measures_a_row_is_on() -> None:
    rows = [
        result("small", accuracy=0.90, layers=samples.mlp_layers(hidden=(10,))),
        result("large", accuracy=0.97, layers=samples.mlp_layers(hidden=(300,))),
        result("waste", accuracy=0.70, layers=samples.mlp_layers(hidden=(350,))),
    ]
    table = fronts_table(rows)
    assert table is not None
    found = lines(table)
    assert set(found) == {"Title of small", "Title of large"}
    assert found["Title of large"][1:] == ["238 510", "238 200", "12", "parameters, multiply-adds, seconds"]
    assert found["Title of small"][4] == "parameters, multiply-adds"
    assert "2 runs at once" in table.note.replace("\u00a0", " ") and "Title of small" in to_csv(table)
    assert fronts_table([]) is None


def test_fronts_give_no_seconds_that_may_not_be_compared() -> None:
    other = made(layers=samples.mlp_layers(hidden=(10,)))
    other = dataclasses.replace(other, environment={**other.environment, "jobs": 1})
    table = fronts_table([result("a"), samples.result(samples.row("b"), "b", 42, other)])
    assert table is not None
    assert not any("Training" in item.title for item in table.columns)
    assert "seconds are" not in table.note and "Times were" not in table.note
    assert "Seconds are not compared: the number of runs at once differed between the runs." in table.note
    assert not any("seconds" in line[3] for line in lines(table).values())
    cloth = [result("c", dataset="fashion_mnist"), result("d", dataset="fashion_mnist")]
    both = fronts_table([result("a"), samples.result(samples.row("b"), "b", 42, other), *cloth])
    assert both is not None
    assert lines(both)["250 tanh units"][3] == "–" and lines(both)["Title of c"][3] != "–", (
        "one set may have them"
    )


def test_fronts_say_what_the_costs_are_of() -> None:
    plain = fronts_table([result("a")])
    assert plain is not None
    assert plain.note.startswith(
        "Multiply-adds are those of one prediction; seconds are those of training alone. Times were"
    )
    hog = fronts_table([result("h", layers=samples.mlp_layers(392, (200,)), features=HOG)])
    assert hog is not None
    assert hog.note.startswith(
        "Multiply-adds are those of one prediction with HOG extraction; seconds are those of training alone:"
        " extracting the HOG values is not in them."
    )


def test_fronts_leave_out_seconds_that_one_training_did_not_repeat() -> None:
    runs = [made(seed=42), made(seed=43)]
    runs[1] = dataclasses.replace(runs[1], times=dataclasses.replace(runs[1].times, train=31.0))
    table = fronts_table([samples.repeated(samples.row("a"), runs), result("b", accuracy=0.9)])
    assert table is not None
    assert not any("Training" in item.title for item in table.columns)
    assert "one and the same training took 12 to 31 s." in table.note.replace("\u00a0", " ")
    assert "Accuracies are means over the seeds" in table.note
