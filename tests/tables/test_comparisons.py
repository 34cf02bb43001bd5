"""Rows side by side: which numbers stand where, and what their note must say."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from reportgen import tables
from reportgen.analysis.differences import RankRange, rank_ranges
from reportgen.analysis.metrics import places
from reportgen.results import Result
from reportgen.tables import widths
from reportgen.tables.means import rank_cell
from tests import samples
from tests.tables.reading import column, heads, repeated, result, spaced, texts

INTERVAL = "Test accuracy, %: 95 % interval"
DEVIATION = "Test accuracy, %: s.d. over seeds"
ERROR = "Test accuracy, %: s.e. of test set"


def accuracies(row: Result, part: str = "test") -> list[float]:
    found = []
    for record in row.records:
        made = getattr(record, part)
        found.append(100 * float((made.y_true == made.y_pred).mean()))
    return found


def test_section_table_keeps_the_order_and_ranks_among_all() -> None:
    everything = [
        result("a", accuracy=0.9, seed=1),
        result("b", accuracy=0.97, seed=2),
        result("c", accuracy=0.5, seed=3),
    ]
    table = tables.section_table(everything[:1] + everything[2:], everything)
    assert [line.link for line in table.rows] == ["a", "c"]
    assert [cell.value for cell in column(table, "Rank")] == [2, 3]
    assert "among the 3 rows on MNIST" in table.caption


def test_a_rank_is_a_range_where_validation_cannot_tell_rows_apart() -> None:
    rows = [result("a", accuracy=0.96), result("b", accuracy=0.961, seed=3), result("c", accuracy=0.5)]
    ranges = rank_ranges(rows)
    assert ranges["a"] == RankRange(1, 2, 3)  # the premise: what the statistics say
    found = {line.link: line.cells[1] for line in tables.comparison_table(rows).rows}
    assert (found["a"].text, found["b"].text, found["c"].text) == ("1–2", "1–2", "3")
    assert (found["a"].value, found["c"].value) == ("1–2", 3)
    # The screen sorts by numbers: a range of places comes before one further down.
    assert [rank_cell(RankRange(*place, 20)).order for place in ((1, 1), (2, 5), (10, 14))] == [1, 3.5, 12]


def test_comparison_is_ordered_by_validation_and_marks_what_failed() -> None:
    _, results, _ = samples.coursework(failed=True)
    table = tables.comparison_table(results)
    styles = ["group", "normal", "normal", "failed", "group", *["normal"] * 3]
    assert [line.style for line in table.rows] == styles
    assert [line.cells[0].text for line in table.rows if line.style == "group"] == ["MNIST", "Fashion-MNIST"]
    held = next(place for place, head in enumerate(heads(table)) if head.startswith("Valid"))
    for start, end in ((1, 3), (5, 8)):
        shown = [float(line.cells[held].value or 0) for line in table.rows[start:end]]
        assert shown == sorted(shown, reverse=True)
    lost = table.rows[3]
    assert lost.link == "raw-250" and "(no result: kernel died)" in lost.cells[2].text
    assert [cell.value for cell in lost.cells if cell.value is not None] == ["250 tanh units, no dropout"]


def test_every_row_has_the_number_of_the_figures_and_rows_of_one_run_share_it() -> None:
    first, second = result("a", accuracy=0.9), result("b", accuracy=0.96, seed=3)
    twin = dataclasses.replace(first, row=samples.row("c"), same_as=("a",))
    table = tables.comparison_table([first, second, twin])
    assert {line.link: line.cells[0].text for line in table.rows} == {"b": "1", "a": "2", "c": "2"}
    assert places([first, second, twin]) == {"b": 1, "a": 2, "c": 2}
    assert "every figure uses these numbers" in table.note


def test_numbers_of_several_seeds_are_scipys() -> None:
    row = repeated("a", accuracy=0.93)
    table = tables.comparison_table([row, result("b", accuracy=0.6)])
    cells = {head: column(table, head)[0] for head in heads(table)}
    shares = accuracies(row)
    assert cells["Seeds"].value == 3
    assert cells["Test accuracy, %: mean"].value == pytest.approx(np.mean(shares))
    assert cells[DEVIATION].value == pytest.approx(np.std(shares, ddof=1))
    errors = [np.sqrt(share / 100 * (1 - share / 100) / 500) for share in shares]
    assert cells[ERROR].value == pytest.approx(100 * np.mean(errors))
    low, high = stats.t.interval(0.95, 2, loc=np.mean(shares), scale=stats.sem(shares))
    assert cells[INTERVAL].text == f"{low:.2f}–{min(100, high):.2f}"
    held = next(head for head in heads(table) if head.startswith("Valid"))
    assert cells[held].value == pytest.approx(np.mean(accuracies(row, "validation")))
    losses = [record.evaluation["test"]["loss"] for record in row.records]
    assert cells["Test loss"].value == pytest.approx(np.mean(losses))
    assert cells["Time, s"].value == pytest.approx(13.0)


def test_a_single_run_has_wilsons_interval_and_no_deviation() -> None:
    one = result("b", accuracy=0.93)
    table = tables.comparison_table([repeated("a", accuracy=0.6), one])
    cells = {head: column(table, head)[0] for head in heads(table)}
    right = round(accuracies(one)[0] * 5)
    low, high = proportion_confint(right, 500, method="wilson")
    assert cells[INTERVAL].text == f"{100 * low:.2f}–{100 * high:.2f}"
    assert cells["Seeds"].value == 1
    assert (cells[DEVIATION].value, cells[DEVIATION].text) == (None, "–")
    assert "of the mean over seeds after Student's t; of a single run after Wilson" in table.caption


def test_columns_of_seeds_stand_only_where_a_row_has_several() -> None:
    single = tables.comparison_table([result("a"), result("b")])
    assert "Seeds" not in heads(single) and DEVIATION not in heads(single) and ERROR in heads(single)
    assert "after Wilson" in single.caption and "Student" not in single.caption
    many = tables.section_table([repeated("a")])
    assert {"Seeds", DEVIATION, ERROR} <= set(heads(many))
    assert "Student" in many.caption and "Wilson" not in many.caption


def test_a_row_of_which_some_seeds_failed_says_so() -> None:
    row = repeated("a", lost=(1,))
    for table in (tables.comparison_table([row]), tables.section_table([row])):
        (seeds,) = column(table, "Seeds")
        assert (seeds.value, seeds.text) == (2, "2 of 3")
        assert "Title of a: 2 of 3 seeds" in table.note
        assert column(table, "Test accuracy, %: mean")[0].value == pytest.approx(np.mean(accuracies(row)))


def test_one_seed_left_of_several_has_no_deviation() -> None:
    table = tables.comparison_table([repeated("a", lost=(0, 2))])
    assert column(table, "Seeds")[0].text == "1 of 3"
    assert column(table, DEVIATION)[0].text == "–"
    assert "after Wilson" in table.caption


def test_a_row_of_which_every_seed_failed_is_marked() -> None:
    table = tables.comparison_table([repeated("a", lost=(0, 1, 2)), result("b")])
    line = next(line for line in table.rows if line.link == "a")
    assert line.style == "failed"
    assert spaced(line.cells[2].text) == "Title of a (no result: timeout, 3 seeds)"


def test_bold_is_the_highest_validation_and_nothing_else() -> None:
    slow = samples.record(n_test=500, n_validation=300, accuracy=0.95, seed=5)
    slow = dataclasses.replace(slow, times=dataclasses.replace(slow.times, train=99.0))
    small = result("a", accuracy=0.8, seed=1, layers=samples.mlp_layers(hidden=(10,)))
    table = tables.comparison_table([small, samples.result(samples.row("b"), "b", 42, slow)])
    first, second = (line.cells for line in table.rows)
    bold = [head for head, cell in zip(heads(table), first, strict=True) if cell.bold]
    assert len(bold) == 1 and bold[0].startswith("Valid")
    assert "250 tanh units" in [cell.text for cell in first] and not any(cell.bold for cell in second)
    assert "Bold" in table.note


def test_nothing_is_bold_where_all_are_alike_or_alone() -> None:
    for results in ([result("a")], [result("a"), result("b")]):
        table = tables.comparison_table(results)
        assert not any(cell.bold for line in table.rows for cell in line.cells)
        assert "Bold" not in table.note


def test_the_highest_test_accuracy_is_flagged() -> None:
    two = tables.comparison_table([result("a"), result("b")])
    assert "Whoever chooses by the highest of the 2 test accuracies gets an optimistic figure." in two.note
    assert "optimistic" not in tables.comparison_table([result("a")]).note
    _, results, _ = samples.coursework()
    assert "3 on MNIST and 3 on Fashion-MNIST" in tables.comparison_table(results).note


def test_rows_validated_on_the_test_set_are_marked_and_counted() -> None:
    rows = [result("a", validation="test"), result("b", accuracy=0.6)]
    table = tables.comparison_table(rows)
    assert "1 of 2 rows (§) was validated on the test set itself" in table.note
    held = next(head for head in heads(table) if head.startswith("Valid"))
    assert [cell.text.endswith("§") for cell in column(table, held)] == [True, False]
    every = tables.comparison_table(rows[:1])
    assert "All rows were validated on the test set itself" in every.note
    assert "§" not in every.note + "".join(cell.text for line in every.rows for cell in line.cells)


def test_the_two_errors_are_told_apart_in_the_note() -> None:
    note = tables.comparison_table([repeated("a")]).note
    assert "over seeds is the luck of training and of the split, the" in note and "neither holds" in note
    alone = tables.comparison_table([result("a")]).note
    assert "the luck of training and of the split is not in it" in alone
    # Without a split there is no luck of one.
    fixed = tables.comparison_table([repeated("a", validation="test")]).note
    assert "over seeds is the luck of training, the" in fixed


def test_means_over_seeds_beside_single_runs_are_over_other_validation_images() -> None:
    words = "Each seed has its own validation images"
    for make in (tables.comparison_table, tables.section_table):
        assert words in make([repeated("a"), result("b")]).note
        assert words not in make([repeated("a"), repeated("b")]).note
        assert words not in make([result("a"), result("b")]).note
        assert words not in make([repeated("a", validation="test"), result("b")]).note


def with_split(found: Result, seed: int, items: int) -> Result:
    """The runs of a row with one split, whatever their seeds, of which so many images were held out."""
    runs = [
        dataclasses.replace(
            run,
            record=dataclasses.replace(
                run.record, data=dataclasses.replace(run.record.data, split_seed=seed, n_validation=items)
            ),
        )
        for run in found.runs
        if run.record is not None
    ]
    return dataclasses.replace(found, runs=tuple(runs))


def test_a_split_that_all_seeds_share_is_no_luck_of_them() -> None:
    note = tables.comparison_table(
        [with_split(repeated("a"), 7, 1200), with_split(result("b"), 7, 1200)]
    ).note
    assert "over seeds is the luck of training, the" in note and "Each seed has its own" not in note


def test_rows_with_more_or_fewer_validation_images_are_said_to_be() -> None:
    words = "have 600 to 1 200 validation images: those whose images differ are compared as independent"
    for make in (tables.comparison_table, tables.section_table):
        different = make([with_split(result("a"), 7, 600), with_split(result("b"), 7, 1200)]).note
        assert words in different.replace("\u202f", " ").replace("\u00a0", " ")
        assert "as independent" not in make([result("a"), result("b")]).note


def test_caption_and_note_are_of_the_columns_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    title = "A title of many words that takes two lines"
    made = [result("a", layers=samples.cnn_layers(), n_test=9000), repeated("b", n_test=9000)]
    rows = [dataclasses.replace(one, row=dataclasses.replace(one.row, title=title)) for one in made]
    # Wide enough for all columns but the first that gives way.
    monkeypatch.setattr(widths, "PAGE", widths.PAGE + 15)
    table = tables.section_table(rows)
    assert INTERVAL not in heads(table), "the premise: there is no room"
    assert "Left out for want of room: 95 % interval" in table.note
    assert "Wilson" not in table.caption + table.note and "Student" not in table.caption + table.note
    assert table.caption.endswith("cannot tell rows apart.")


def test_a_note_on_times_goes_with_their_column(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "How many runs shared the machine" in tables.comparison_table([result("a")]).note
    monkeypatch.setattr(widths, "PAGE", 200.0)
    narrow = tables.comparison_table([result("a")])
    assert "Time, s" not in heads(narrow) and "shared the machine" not in narrow.note
    assert "time, s" in narrow.note.lower()


def test_decimals_are_even_down_every_column() -> None:
    _, results, _ = samples.coursework(failed=True)
    record = samples.record(seed=9)
    quick = dataclasses.replace(record, times=dataclasses.replace(record.times, train=3.21))
    rows = (*results, repeated("many"), samples.result(samples.row("quick"), "q", 42, quick))
    table = tables.comparison_table(rows)
    for place, one in enumerate(table.columns):
        if one.kind not in ("number", "percent") or one.title == "Time":
            continue
        cells = [line.cells[place] for line in table.rows if line.style == "normal"]
        assert len({len(cell.text.partition(".")[2]) for cell in cells if cell.value is not None}) == 1, one
    times = {line.cells[-1].text for line in table.rows if line.style == "normal"}
    assert {"3.2", "12.5"} <= times


def test_no_cell_is_nan_and_nothing_says_better() -> None:
    record = samples.record(n_test=50, n_validation=30)
    evaluation = {part: {**record.evaluation[part], "loss": float("nan")} for part in ("test", "validation")}
    broken = samples.repeated(samples.row("a"), [dataclasses.replace(record, evaluation=evaluation)] * 2)
    rows = [broken, result("b"), repeated("c", lost=(0,))]
    for table in (tables.comparison_table(rows), tables.section_table(rows), tables.seeds_table(broken)):
        values = [cell.value for line in table.rows for cell in line.cells]
        assert not any(isinstance(value, float) and np.isnan(value) for value in values)
        words = " ".join([table.caption, table.note, *(text for line in texts(table) for text in line)])
        assert not re.search(r"(?i)\b(nan|better|equal|same)\b", words)


def test_a_table_fits_the_page_and_says_what_it_left_out() -> None:
    _, results, _ = samples.coursework()
    title = "A title of many words that takes two lines"
    rows = [
        dataclasses.replace(one, row=dataclasses.replace(one.row, title=title))
        for one in (*results, repeated("m"))
    ]
    for table in (
        tables.comparison_table(rows),
        tables.section_table(rows),
        tables.comparison_table(rows[:6]),
    ):
        assert widths.width(table) <= widths.PAGE
    wide = tables.comparison_table(rows)
    assert "Architecture" not in heads(wide) and "Left out for want of room: architecture." in wide.note
    assert any(head.startswith("Time") for head in heads(wide))
    assert "convolution with" not in wide.note
    narrow = tables.comparison_table([result("a"), result("b")])
    assert "Architecture" in heads(narrow) and "Kind" in heads(narrow) and "Left out" not in narrow.note


def test_how_architectures_are_written_is_said_where_they_stand() -> None:
    note = tables.section_table([result("a", layers=samples.cnn_layers())]).note
    assert "9@5×5 is a convolution with nine filters of 5 × 5." in spaced(note)
    assert "convolution" not in tables.section_table([result("a")]).note
