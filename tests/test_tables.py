"""Tables: what they say, and how they are written down."""

from __future__ import annotations

import csv
import dataclasses
import io
from typing import Any

import numpy as np
import pytest

from reportgen import tables
from reportgen.analysis import metrics
from reportgen.analysis.complexity import distinct_architectures
from reportgen.experiments.schema import Published
from reportgen.records import Features, Record
from reportgen.results import Failure, Result
from reportgen.tables import Cell, Column, Line, Table
from tests import samples


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


def texts(table: Table) -> list[list[str]]:
    return [[spaced(cell.text) for cell in line.cells] for line in table.rows]


def column(table: Table, head: str) -> list[Cell]:
    place = [item.head for item in table.columns].index(head)
    return [line.cells[place] for line in table.rows if line.style in ("normal", "failed")]


def result(name: str, /, **facts: Any) -> Result:
    published = facts.pop("published", None)
    section = facts.pop("section", "raw")
    row = samples.row(name, section, title=f"Title of {name}", published=published)
    return samples.result(row, name, 42, samples.record(**({"n_test": 500, "n_validation": 300} | facts)))


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


def test_complexity_table_of_a_perceptron() -> None:
    (architecture,) = distinct_architectures([result("one")])
    table = tables.complexity_table(architecture)
    assert [item.head for item in table.columns] == [
        "Layer", "Output shape", "Weights, computed as", "Weights", "Biases", "Total", "Share, %", "Multiply-adds",
    ]  # fmt: skip
    assert texts(table) == [
        ["Dense", "250", "784 × 250", "196 000", "250", "196 250", "98.7", "196 000"],
        ["Output", "10", "250 × 10", "2 500", "10", "2 510", "1.3", "2 500"],
        ["Total", "", "", "198 500", "260", "198 760", "100.0", "198 500"],
    ]
    assert table.rows[-1].style == "total" and table.rows[-1].cells[5].value == 198_760


def test_complexity_table_names_what_training_leaves_alone() -> None:
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
    norm = dataclasses.replace(norm, variables=variables)
    layers = (samples.conv("c", 7, 1, 4, 3), norm, samples.dense("o", 196, 10, "softmax"))
    table = tables.complexity_table(distinct_architectures([result("one", layers=layers)])[0])
    assert [spaced(cell.text) for cell in column(table, "Non-trainable")] == ["0", "8", "0"]
    assert spaced(table.rows[-1].cells[6].text) == "2 026"


def settings_of(record_facts: dict[str, Any]) -> dict[str, str]:
    table = tables.hyper_parameters(result("one", **record_facts))
    return {spaced(name): spaced(value) for name, value in texts(table)}


def test_hyper_parameters_of_a_perceptron() -> None:
    found = settings_of({})
    assert found["Input"] == "28 × 28 × 1 pixels"
    assert found["Activation, hidden layers"] == "tanh"
    assert found["Dropout"] == "0.5"
    assert found["Output"] == "softmax, 10 classes"
    assert (found["Optimiser"], found["Learning rate"]) == ("RMSprop", "0.001")
    assert found["Rho, momentum, epsilon"] == "0.9, 0, 1e−7"
    assert found["Hidden units"] == "250"
    assert found["Validation"] == "10 % stratified, 300 items"
    assert found["Weights tested"] == "after epoch 20"
    best = metrics.best_epochs(samples.record(n_test=500, n_validation=300))
    assert found["Best epoch by loss"] == str(best.by_loss)
    assert found["Best epoch by accuracy"] == str(best.by_accuracy)
    assert found["Training time"] == "12 s" and found["Seed, split seed, threads"] == "42, 42, 1"
    assert not {"Kernel sizes", "Filters", "Padding", "Pooling"} & set(found)


def test_hyper_parameters_of_other_runs() -> None:
    found = settings_of({"layers": samples.cnn_layers(), "validation": "test"})
    assert found["Filters"] == "9, 9, 16" and found["Kernel sizes"] == "5 × 5, 5 × 5, 3 × 3"
    assert found["Padding"] == "same" and found["Pooling"] == "max 2 × 2" and found["Hidden units"] == "25"
    assert found["Activation, convolutions"] == "ReLU" and found["Dropout"] == "none"
    assert found["Validation"] == "on the test set itself, 300 items"
    settings = {"orientations": 8, "pixels_per_cell": 4, "cells_per_block": 1, "block_norm": "L2-Hys"}
    features = Features("hog", 392, settings)
    found = settings_of({"layers": samples.mlp_layers(392), "features": features})
    assert found["Input"] == "HOG, 8 orientations"
    assert found["HOG cells, blocks"] == "4 × 4 pixels, 1 × 1 cells"
    assert found["HOG values, block norm"] == "392, L2-Hys"
    scaled = settings_of({"features": Features("pixels", 784, {"scale": "1/255"})})
    assert scaled["Input"] == "28 × 28 × 1, scaled by 1/255"


def test_a_split_is_called_stratified_only_where_its_counts_are() -> None:
    record = samples.record(n_test=20, n_validation=300)
    train, held = record.data.class_counts["train"], list(record.data.class_counts["validation"])
    held[0], held[1] = held[0] + 5, held[1] - 5
    counts = {**record.data.class_counts, "train": train, "validation": tuple(held)}
    data = dataclasses.replace(record.data, class_counts=counts)
    table = tables.hyper_parameters(
        samples.result(samples.row(), "k", 42, dataclasses.replace(record, data=data))
    )
    found = dict(texts(table))
    assert found["Validation"] == "10 % split, 300 items"


def loaded(name: str, **load: int) -> Result:
    """A result whose record says what else ran."""
    one = result(name)
    assert one.record is not None
    environment = {**one.record.environment, **load}
    return samples.with_record(one, dataclasses.replace(one.record, environment=environment))


def test_times_say_under_which_load_they_were_taken() -> None:
    two = [loaded("a", jobs=2, cores=4), loaded("b", jobs=2, cores=4)]
    for table in (tables.comparison_table(two), tables.section_table(two)):
        assert spaced(table.note) == "Times were taken with 2 runs at once on 4 cores."
    alone = spaced(tables.times_note([loaded("a", jobs=1, cores=1)]))
    assert alone == "Times were taken with one run at a time on 1 core."
    mixed = tables.times_note([*two, loaded("c", jobs=1, cores=4)])
    assert mixed == "Times were taken under different loads; do not compare them."
    assert "not recorded" in tables.times_note([result("a")])
    assert tables.times_note([]) == ""
    (time,) = (text for name, text in texts(tables.hyper_parameters(two[0])) if name == "Training time")
    assert time == "12 s, 2 runs at once"


def test_hyper_parameters_show_a_rate_as_it_was_given_and_switches_that_are_on() -> None:
    record = samples.record(n_test=20, n_validation=20)
    optimizer = {
        "name": "SGD",
        "settings": {
            "name": "SGD", "learning_rate": 0.0010000000474974513, "momentum": 0.0, "nesterov": True,
            "weight_decay": None, "clipnorm": None, "use_ema": False, "ema_momentum": 0.99,
        },
    }  # fmt: skip
    table = tables.hyper_parameters(
        samples.result(samples.row(), "k", 42, dataclasses.replace(record, optimizer=optimizer))
    )
    found = dict(texts(table))
    assert (found["Learning rate"], found["Momentum"], found["Nesterov"]) == ("0.001", "0", "yes")
    assert not {"Weight decay", "Clip norm", "Average of weights", "Name"} & set(found)


def test_hyper_parameters_show_a_schedule_by_its_ends() -> None:
    record = samples.record(n_test=20, n_validation=20, epochs=3)
    history = dict(record.history) | {"learning_rate": np.array([0.01, 0.005, 0.0025])}
    optimizer = {
        "name": "Adam",
        "settings": {"learning_rate": {"class_name": "ExponentialDecay"}, "beta_1": 0.9},
    }
    changed = dataclasses.replace(record, history=history, optimizer=optimizer)
    found = dict(texts(tables.hyper_parameters(samples.result(samples.row(), "k", 42, changed))))
    assert found["Learning rate"] == "0.01 to 0.0025" and found["Beta 1"] == "0.9"


def test_hyper_parameters_of_a_failed_run_are_empty() -> None:
    assert not tables.hyper_parameters(
        samples.result(samples.row(), "k", 42, failure=Failure("timeout", ""))
    ).rows


def test_confused_pairs_are_unordered_with_their_sum() -> None:
    record = samples.record(dataset="fashion_mnist", accuracy=0.8)
    table = tables.confused_pairs_table(record, "one")
    wrong = int((record.test.y_true != record.test.y_pred).sum())
    assert table.id == "confused-one" and len(table.rows) == 6
    counts = [line.cells[1].value for line in table.rows]
    assert isinstance(counts[-1], int) and counts[-1] == sum(counts[:-1]) <= wrong  # type: ignore[arg-type]
    assert table.rows[-1].cells[2].value == pytest.approx(100 * counts[-1] / wrong)
    names = [frozenset(str(line.cells[0].value).split(" and ")) for line in table.rows[:-1]]
    assert len(set(names)) == 5
    places = [
        [samples.CLOTHES.index(name) for name in str(line.cells[0].value).split(" and ")]
        for line in table.rows[:-1]
    ]
    assert all(first < second for first, second in places)
    assert table.columns[2].head == "Share of errors, %"


def test_confused_pairs_of_a_perfect_run() -> None:
    record = samples.record(n_test=20, n_validation=20, accuracy=1.0)
    table = tables.confused_pairs_table(record)
    assert not table.rows and table.note


def test_class_table_agrees_with_scikit_learn() -> None:
    from sklearn.metrics import f1_score

    record = samples.record(dataset="fashion_mnist", accuracy=0.8)
    table = tables.class_table(record, "one")
    assert [line.cells[0].value for line in table.rows] == [*samples.CLOTHES, "Mean"]
    expected = f1_score(record.test.y_true, record.test.y_pred, average="macro")
    assert table.rows[-1].cells[3].value == pytest.approx(expected)


def test_history_table_has_a_line_per_epoch() -> None:
    record = samples.record(n_test=20, n_validation=20, epochs=7, validation="test")
    table = tables.history_table(record)
    assert len(table.rows) == 7 and table.columns[2].head == "Test loss"
    assert table.rows[6].cells[2].value == record.history["val_loss"][6]


def test_section_table_keeps_the_order_and_ranks_among_all() -> None:
    everything = [
        result("a", accuracy=0.9, seed=1),
        result("b", accuracy=0.97, seed=2),
        result("c", accuracy=0.8, seed=3),
    ]
    table = tables.section_table(everything[:1] + everything[2:], everything)
    assert [line.link for line in table.rows] == ["a", "c"]
    assert [cell.value for cell in column(table, "Rank")] == [2, 3]


def test_comparison_is_ranked_by_validation_and_marks_what_failed() -> None:
    experiments, results, _ = samples.coursework(failed=True)
    assert len(experiments.rows) == len(results)
    table = tables.comparison_table(results)
    assert [line.style for line in table.rows] == [
        "group",
        "normal",
        "normal",
        "failed",
        "group",
        *["normal"] * 3,
    ]
    assert [line.cells[0].text for line in table.rows if line.style == "group"] == ["MNIST", "Fashion-MNIST"]
    for start, end in ((1, 3), (5, 8)):
        block = table.rows[start:end]
        shown = [float(line.cells[4].value or 0) for line in block]
        assert shown == sorted(shown, reverse=True)
        assert [line.cells[0].value for line in block] == list(range(1, len(block) + 1))
    lost = table.rows[3]
    assert (lost.link, lost.cells[2].text) == ("raw-250", "no result: kernel died")
    assert all(cell.value is None for cell in lost.cells[3:])


def test_bold_is_the_best_of_a_column_in_its_own_sense() -> None:
    slow = samples.record(n_test=500, n_validation=300, accuracy=0.95, seed=5)
    slow = dataclasses.replace(slow, times=dataclasses.replace(slow.times, train=99.0))
    results = [
        result("a", accuracy=0.8, seed=1, layers=samples.mlp_layers(hidden=(10,))),
        samples.result(samples.row("b"), "b", 42, slow),
    ]
    first, second = (line.cells for line in tables.comparison_table(results).rows)
    assert first[1].text == "250 tanh units"
    assert [cell.bold for cell in first][3:10] == [False, True, True, False, first[7].bold, True, False]
    assert second[3].bold and not second[4].bold
    assert not first[9].bold and not second[9].bold  # the time: runs share the machine


def test_nothing_is_bold_where_all_are_alike_or_alone() -> None:
    for results in ([result("a")], [result("a"), result("b")]):
        assert not any(cell.bold for line in tables.comparison_table(results).rows for cell in line.cells)


def test_printed_interval_is_wilsons() -> None:
    from statsmodels.stats.proportion import proportion_confint

    one = result("a", accuracy=0.93)
    assert one.record is not None
    right = int((one.record.test.y_true == one.record.test.y_pred).sum())
    low, high = proportion_confint(right, 500, method="wilson")
    assert tables.comparison_table([one]).rows[0].cells[6].text == f"{100 * low:.2f}–{100 * high:.2f}"


def test_decimals_are_even_down_every_column() -> None:
    _, results, _ = samples.coursework(failed=True)
    quick = dataclasses.replace(
        samples.record(seed=9), times=dataclasses.replace(samples.record().times, train=3.21)
    )
    results = (*results, samples.result(samples.row("quick"), "q", 42, quick))
    table = tables.comparison_table(results)
    for head in ("Validation, %", "Test, %", "Test loss", "Macro F1"):
        found = {len(cell.text.partition(".")[2]) for cell in column(table, head) if cell.value is not None}
        assert len(found) == 1, head
    times = {line.cells[9].text for line in table.rows if line.style == "normal"}
    assert {"3.2", "12.5"} <= times


def test_notes_say_what_a_reader_must_know() -> None:
    table = tables.comparison_table(
        [result("a", layers=samples.cnn_layers(), validation="test"), result("b")]
    )
    assert "nine filters" in table.note and "1 of 2 rows" in table.note


def test_published_beside_ours() -> None:
    published = Published(test_accuracy=0.9819, test_loss=0.1175)
    one, two = (
        result("a", published=published),
        result("b", published=Published(test_accuracy=0.5), validation="test"),
    )
    (table,) = tables.published_tables([one, result("none"), two])
    assert [line.link for line in table.rows] == ["a", "b"]
    assert [item.head for item in table.columns] == [
        "Experiment", "published", "ours", "difference, points", "published", "ours", "difference", "Our validation",
    ]  # fmt: skip
    assert table.head_groups == (("", 1), ("Accuracy, %", 3), ("Loss", 3), ("", 1))
    assert tables.to_csv(table).startswith('Experiment,"Accuracy, %: published","Accuracy, %: ours"')
    assert table.note == ""
    record = one.record
    assert record is not None
    first = table.rows[0].cells
    difference = 100 * (record.evaluation["test"]["accuracy"] - 0.9819)
    assert first[3].value == pytest.approx(difference) and first[3].text == f"{difference:+.2f}".replace(
        "-", "−"
    )
    assert (spaced(first[-1].text), table.rows[1].cells[-1].text) == ("10 % split", "test set")
    assert table.rows[1].cells[4].value is None and table.rows[1].cells[6].value is None


def test_published_figures_keep_the_digits_they_were_given_with() -> None:
    given = {
        "test_accuracy": (0.9819, 0.5, 0.9829999804496765),
        "test_loss": (0.1175, 0.2, 0.4200000166893005),
    }
    for name, values in given.items():
        results = [
            result(str(place), published=Published.model_validate({name: value}))
            for place, value in enumerate(values)
        ]
        (table,) = tables.published_tables(results)
        printed = [line.cells[1].text for line in table.rows]
        assert printed == (["98.19", "50", "98.30"] if name == "test_accuracy" else ["0.117", "0.2", "0.420"])


def test_one_validation_for_all_is_said_once() -> None:
    (table,) = tables.published_tables(
        [result(name, published=Published(test_accuracy=0.9)) for name in "ab"]
    )
    assert "Our validation" not in [item.title for item in table.columns]
    assert spaced(table.note) == "All of ours were validated on a 10 % split."


def test_published_figures_of_a_failed_row_stay() -> None:
    row = samples.row("a", published=Published(f1=0.97, total_params=198_760))
    (table,) = tables.published_tables([samples.result(row, "a", 42, failure=Failure("timeout", "too long"))])
    assert table.rows[0].style == "failed"
    assert [cell.text for cell in table.rows[0].cells][1:4] == ["0.97", "–", "–"]
    assert tables.published_tables([result("b")]) == ()


def test_published_figures_on_a_stand_in_say_nothing() -> None:
    one = result("a", published=Published(test_accuracy=0.9, total_params=198_760), name="digits")
    scores, others = tables.published_tables([one])
    assert "cannot be compared" in scores.note
    assert scores.rows[0].cells[3].text == "–"
    assert others.rows[0].cells[3].text == "0"


def test_every_table_of_a_hostile_record_is_written() -> None:
    names = ("=cmd()", "a|b", "$\\frac{$", "_baseline", "é" * 200, "\u202etxt", "x\ny", "文", "-1", "@")
    record: Record = samples.record(class_names=names, accuracy=0.5)
    for table in (
        tables.confused_pairs_table(record),
        tables.class_table(record),
        tables.history_table(record),
    ):
        read = list(csv.reader(io.StringIO(tables.to_csv(table), newline="")))
        assert len(read) == len(table.rows) + 1
        assert not any(cell.startswith(("=", "+", "@")) for line in read for cell in line)
        assert tables.to_markdown(table).count("\n") == len(table.rows) + 2
