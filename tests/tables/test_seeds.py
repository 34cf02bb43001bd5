"""Tables about the runs of one row: by seed, by class, by epoch, and their settings."""

from __future__ import annotations

import csv
import dataclasses
import io

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, f1_score

from reportgen import tables
from reportgen.analysis.metrics import best_epochs, pooled_matrix
from reportgen.records import Record
from reportgen.results import Failure, Result
from tests import samples
from tests.tables.reading import column, heads, repeated, result, spaced, texts


def test_seeds_table_has_a_line_for_each_and_their_mean() -> None:
    row = repeated("a", accuracy=0.9)
    table = tables.seeds_table(row)
    assert table.id == "seeds-a"
    assert [line.cells[0].text for line in table.rows] == ["42", "43", "44", "mean", "s.d."]
    shares = [100 * float((one.test.y_true == one.test.y_pred).mean()) for one in row.records]
    shown = [float(cell.value or 0) for cell in column(table, "Test, %")]
    assert shown == pytest.approx([*shares, np.mean(shares), np.std(shares, ddof=1)])
    epochs = [best_epochs(record).by_loss for record in row.records]
    assert [cell.value for cell in column(table, "Best epoch by loss")] == pytest.approx(
        [*epochs, np.mean(epochs), np.std(epochs, ddof=1)]
    )
    assert [cell.value for cell in column(table, "Time, s")] == pytest.approx([12, 13, 14, 13, 1])


def test_seeds_table_marks_a_run_that_failed() -> None:
    table = tables.seeds_table(repeated("a", lost=(1,)))
    assert [line.style for line in table.rows] == ["normal", "failed", "normal", "total", "total"]
    assert table.rows[1].cells[0].text == "43, no result: timeout"
    assert "2 of 3 seeds ended with a result." in table.note
    assert [cell.value for cell in column(table, "Time, s")] == [12, None, 14, 13, pytest.approx(np.sqrt(2))]
    alone = tables.seeds_table(repeated("a", lost=(0, 1)))
    assert [line.style for line in alone.rows] == ["failed", "failed", "normal"]


def test_confused_pairs_are_unordered_with_their_sum() -> None:
    row = result("one", dataset="fashion_mnist", accuracy=0.8)
    table = tables.confused_pairs_table(row)
    wrong = sum(int((record.test.y_true != record.test.y_pred).sum()) for record in row.records)
    assert table.id == "confused-one" and len(table.rows) == 6 and table.note == ""
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
    assert heads(table)[-1] == "Share, %"


def test_confused_pairs_are_summed_over_seeds_and_told_by_seed() -> None:
    row = repeated("a", accuracy=0.8, lost=(1,))
    table = tables.confused_pairs_table(row)
    assert table.note == "Summed over 2 seeds (42, 44)."
    matrix = pooled_matrix(row)
    for line in table.rows[:-1]:
        first, second = map(int, str(line.cells[0].value).split(" and "))
        assert line.cells[1].value == matrix[first, second] + matrix[second, first]
        assert sum(map(int, line.cells[2].text.split(", "))) == line.cells[1].value
    many = tables.confused_pairs_table(repeated("b", runs=7, accuracy=0.8))
    assert " to " in many.rows[0].cells[2].text


@pytest.mark.parametrize(
    ("ties", "note"),
    [
        (1, "As many as the last: 3 and 9."),
        (2, "As many as the last: 3 and 9, 4 and 9."),
        (4, "As many as the last: 4 more pairs."),
        (0, ""),
    ],
)
def test_confused_pairs_that_the_table_cuts_from_a_tie_are_told(ties: int, note: str) -> None:
    pairs = [(0, 9)] * 5 + [(1, 2)] * 4 + [(1, 3)] * 3 + [(1, 4)] * 2 + [(5, 1)] * 2
    pairs += [(2, 9)] * 2 * (ties != 0) * 0 + [(place, 9) for place in range(3, 3 + ties) for _ in range(2)]
    pairs += [(8, 7)]
    made = samples.record(n_test=len(pairs))
    test = dataclasses.replace(
        made.test,
        y_true=np.array([true for true, _ in pairs]),
        y_pred=np.array([given for _, given in pairs]),
    )
    row = samples.result(samples.row("a"), "k", 42, dataclasses.replace(made, test=test))
    table = tables.confused_pairs_table(row)
    assert len(table.rows) == 6 and spaced(table.note) == note
    assert table.rows[-1].cells[1].value == 16


def test_confused_pairs_of_a_perfect_run() -> None:
    table = tables.confused_pairs_table(result("a", accuracy=1.0))
    assert not table.rows and table.note


def test_class_table_agrees_with_scikit_learn() -> None:
    row = result("one", dataset="fashion_mnist", accuracy=0.8)
    table = tables.class_table(row)
    assert [line.cells[0].value for line in table.rows] == [*samples.CLOTHES, "Mean"]
    made = row.records[0].test
    expected = f1_score(made.y_true, made.y_pred, average="macro")
    assert table.rows[-1].cells[3].value == pytest.approx(expected)
    assert heads(table)[4] == "F1, 95 % interval" and "bootstrap" in table.note


def test_class_table_of_several_seeds_is_pooled() -> None:
    row = repeated("a", accuracy=0.85)
    table = tables.class_table(row)
    truth = np.concatenate([record.test.y_true for record in row.records])
    guess = np.concatenate([record.test.y_pred for record in row.records])
    pooled = f1_score(truth, guess, average=None)
    assert [line.cells[3].value for line in table.rows[:-1]] == pytest.approx(list(pooled))
    each = [f1_score(one.test.y_true, one.test.y_pred, average=None) for one in row.records]
    low, high = np.min(each, axis=0), np.max(each, axis=0)
    assert table.rows[3].cells[4].text == f"{low[3]:.4f}–{high[3]:.4f}"
    assert table.rows[-1].cells[-1].value == 500
    assert f"macro F1 is {np.mean([one.mean() for one in each]):.4f}" in table.note


def test_history_table_has_a_line_per_epoch() -> None:
    row = result("a", epochs=7, validation="test")
    table = tables.history_table(row)
    assert len(table.rows) == 7 and table.columns[2].head == "Test loss"
    assert table.rows[6].cells[2].value == row.records[0].history["val_loss"][6]


def test_history_of_several_seeds_is_their_mean_as_far_as_they_go() -> None:
    long, short = samples.record(n_test=20, epochs=5), samples.record(n_test=20, epochs=3, seed=43)
    table = tables.history_table(samples.repeated(samples.row("a"), [long, short]))
    assert [cell.value for cell in column(table, "Seeds")] == [2, 2, 2, 1, 1]
    losses = [cell.value for cell in column(table, "Validation loss")]
    both = (long.history["val_loss"][:3] + short.history["val_loss"]) / 2
    assert losses == pytest.approx([*both, *long.history["val_loss"][3:]])
    with pytest.raises(ValueError, match="no record"):
        tables.history_table(samples.result(samples.row(), "k", 42, failure=Failure("timeout", "")))


def settings(row: Result) -> dict[str, str]:
    return {spaced(name): spaced(value) for name, value in texts(tables.hyper_parameters(row))}


def test_settings_of_several_seeds_say_what_differs() -> None:
    row = repeated("a")
    found = settings(row)
    assert (found["Seeds, also of the split"], found["Threads"]) == ("42 to 44", "1")
    best = [best_epochs(record) for record in row.records]
    assert found["Best epoch by loss"] == ", ".join(str(one.by_loss) for one in best)
    assert found["Training time, mean"] == "13 s" and "Training time" not in found
    assert found["Weights tested"] == "after epoch 20" and found["Epochs"] == "20"
    assert settings(repeated("a", lost=(1,)))["Seeds, also of the split"] == "42 and 44"
    assert " to " in settings(repeated("a", runs=7))["Best epoch by loss"]
    stopped = [samples.record(n_test=20, epochs=epochs, seed=40 + epochs) for epochs in (5, 8)]
    found = settings(samples.repeated(samples.row("b"), stopped))
    assert (found["Epochs"], found["Weights tested"]) == ("5, 8", "after epoch 5, 8")


def told(seed: int, *accuracies: float) -> Record:
    record = samples.record(n_test=20, epochs=len(accuracies), seed=seed)
    return dataclasses.replace(record, history={**record.history, "val_accuracy": np.array(accuracies)})


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        ([(0.5, 0.9, 0.9), (0.9, 0.5, 0.9)], "2, 1 (all also 3)"),
        ([(0.5, 0.9, 0.9), (0.5, 0.9, 0.8)], "2 (also 3), 2"),
        ([(0.5, 0.9, 0.9), (0.5, 0.9, 0.9)], "2 (also 3)"),
        ([(0.5, 0.9, 0.9), (0.9, 0.5, 0.8, 0.9)], "2 (also 3), 1 (also 4)"),
        ([(0.5, 0.9, 0.8)] * 5 + [(0.9, 0.5, 0.9)], "1 to 2 (some also 3)"),
        ([(0.5, 0.9, 0.9)] * 5 + [(0.9, 0.5, 0.9)], "1 to 2 (all also 3)"),
    ],
)
def test_best_epochs_of_seeds_that_tie_with_the_last_say_so(runs: list[tuple[float, ...]], said: str) -> None:
    records = [told(40 + place, *accuracies) for place, accuracies in enumerate(runs)]
    assert settings(samples.repeated(samples.row("a"), records))["Best epoch by accuracy"] == said


def test_an_sd_of_losses_is_not_printed_as_zero() -> None:
    records = [samples.record(n_test=20, seed=seed) for seed in (42, 43)]
    records = [
        dataclasses.replace(one, evaluation={**one.evaluation, "test": {"loss": loss, "accuracy": 0.9}})
        for one, loss in zip(records, (0.1340, 0.1346), strict=True)
    ]
    table = tables.seeds_table(samples.repeated(samples.row("a"), records))
    assert [cell.text for cell in column(table, "Test loss")][-2:] == ["0.134", "0.00042"]


def test_calibration_agrees_with_scikit_learn() -> None:
    row = repeated("a", accuracy=0.9)
    table = tables.calibration_table([row, result("b")])
    cells = dict(zip(heads(table), table.rows[0].cells, strict=True))
    each = []
    briers = []
    for record in row.records:
        shares = record.test.probabilities.astype(float)
        own = shares[np.arange(500), record.test.y_true]
        each.append(-np.log(np.clip(own, np.finfo(np.float32).tiny, 1)).mean())
        shares /= shares.sum(axis=1, keepdims=True)
        briers.append(brier_score_loss(record.test.y_true, shares, labels=range(10), scale_by_half=False))
    assert cells["Test loss (negative log-likelihood): mean over seeds"].value == pytest.approx(
        np.mean(each), rel=1e-3
    )
    assert cells["Test loss (negative log-likelihood): s.d. over seeds"].value == pytest.approx(
        np.std(each, ddof=1), rel=1e-2
    )
    assert cells["Brier score: mean over seeds"].value == pytest.approx(np.mean(briers), rel=1e-4)
    sure = np.mean([record.test.probabilities.max(axis=1).mean() for record in row.records])
    assert cells["Confidence, %"].value == pytest.approx(100 * sure, rel=1e-5)
    wrong = np.mean([(one.test.y_true != one.test.y_pred).sum() for one in row.records])
    assert cells["Errors per run"].value == pytest.approx(wrong)
    single = tables.calibration_table([result("b")])
    assert "Seeds" not in heads(single) and "fewer than 100 errors" in single.note
    assert not tables.calibration_table([]).rows


def test_errors_have_a_decimal_only_where_a_row_has_several_runs() -> None:
    lost: list[Record | Failure] = [samples.record(n_test=500, accuracy=0.9), Failure("timeout", "")]
    # Columns for seeds, but one run in each row that has any: whole counts all the same.
    single = tables.calibration_table([samples.repeated(samples.row("a"), lost), result("b")])
    assert "Seeds" in heads(single)
    assert all(cell.text.isdigit() for cell in column(single, "Errors per run"))
    several = tables.calibration_table([repeated("a", accuracy=0.9), result("b")])
    assert all(cell.text[-2] == "." for cell in column(several, "Errors per run"))


def test_a_confidence_is_too_high_only_where_it_is_clearly_above_the_accuracy() -> None:
    row = result("a", accuracy=0.9)
    made = row.records[0].test
    own = made.probabilities.max(axis=1) - (made.y_true == made.y_pred)
    error = 100 * own.std(ddof=1) / np.sqrt(500)
    note = tables.calibration_table([row]).note
    assert f"more than two standard errors, which are {error:.2f} points here" in note
    assert "too high where it is clearly above the accuracy" in note


def test_every_table_of_a_hostile_record_is_written() -> None:
    names = ("=cmd()", "a|b", "$\\frac{$", "_baseline", "é" * 200, "\u202etxt", "x\ny", "文", "-1", "@")
    row = dataclasses.replace(result("a", class_names=names, accuracy=0.5))
    for table in (tables.confused_pairs_table(row), tables.class_table(row), tables.history_table(row)):
        read = list(csv.reader(io.StringIO(tables.to_csv(table), newline="")))
        assert len(read) == len(table.rows) + 1
        assert not any(cell.startswith(("=", "+", "@")) for line in read for cell in line)
        assert tables.to_markdown(table).count("\n") == len(table.rows) + 2
