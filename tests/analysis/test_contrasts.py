"""Declared families: Holm's correction within them, the reference by validation, and the notes."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from reportgen.analysis import statistics
from reportgen.analysis.contrasts import Family, family
from reportgen.analysis.differences import difference
from reportgen.experiments.schema import Contrast
from reportgen.results import Failure, Result
from tests import samples
from tests.analysis.invented_runs import record, row

ROWS = [row("a", [range(10)]), row("b", [range(5, 24)]), row("c", [range(60)]), row("d", [range(8, 30)])]


def judged(rows: list[Result], names: str = "abcd", **options: Any) -> Family:
    return family(Contrast(id="x", title="X", rows=list(names), **options), rows)


def test_all_pairs_where_there_is_no_reference() -> None:
    found = judged(ROWS)
    pairs = [(line.difference.first, line.difference.second) for line in found.lines]
    assert pairs == [("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d")]
    assert found.tests == 6 and found.reference is None and found.missing == ()


def test_p_values_are_adjusted_within_the_family_only() -> None:
    found = judged(ROWS, reference="a")
    alone = [difference(row, ROWS[0]) for row in ROWS[1:]]
    assert [line.difference for line in found.lines] == alone
    expected = statistics.holm([each.p or 0.0 for each in alone])
    assert [line.adjusted_p for line in found.lines] == pytest.approx(expected)
    two = judged(ROWS, "ab", reference="a")
    assert two.lines[0].adjusted_p == alone[0].p  # a family of one comparison needs no correction


def test_what_differs_alone_may_not_differ_in_a_family() -> None:
    near = [row("a", [range(30)]), row("b", [range(13, 31)])]
    others = [row(f"o{k}", [range(30)]) for k in range(6)]
    assert difference(near[0], near[1]).different
    names = ["a", "b", *(other.row.id for other in others)]
    found = family(Contrast(id="x", title="X", rows=names, reference="a"), near + others)
    line = found.lines[0]
    assert line.difference.different and not line.different and line.verdict == "not distinguishable"
    assert line.adjusted_p == pytest.approx(7 * (line.difference.p or 0))


def test_the_smallest_difference_is_that_of_the_strictest_step() -> None:
    found = judged(ROWS, reference="a")
    line = found.lines[0]
    strict = difference(ROWS[1], ROWS[0], level=1 - 0.05 / 3)
    assert line.smallest == strict.smallest > line.difference.smallest


def test_the_best_is_the_best_by_validation_not_by_test() -> None:
    by_test = dataclasses.replace(record(range(50)), test=record(range(2)).test)
    rows = [
        row("a", [range(10)]),
        samples.result(samples.row("b", parameters={"who": "b"}), "b-42", 42, by_test),
    ]
    found = judged(rows, "ab", reference="best")
    assert found.reference == "a"
    assert any("best of 2 rows by validation" in note for note in found.notes)


def test_a_reference_is_never_chosen_by_the_test_set() -> None:
    on_test = row("t", [range(2)], validation="test")
    found = judged([*ROWS, on_test], "abt", reference="best")
    assert found.reference == "a"
    assert any(
        "Validated on the test set itself" in note and note.endswith("“250 tanh units”.")
        for note in found.notes
    )
    alone = judged([on_test, row("u", [range(9)], validation="test")], "tu", reference="best")
    assert alone.reference is None and alone.lines == ()
    assert any("nothing to choose a reference by" in note for note in alone.notes)


def test_a_reference_chosen_by_the_compared_figures_is_flagged() -> None:
    found = judged(ROWS, reference="best", measure="validation_accuracy")
    assert any("very figures that are compared" in note for note in found.notes)
    assert {line.difference.measure for line in found.lines} == {"validation_accuracy"}


def test_rows_that_failed_or_saw_other_data_are_left_out_and_named() -> None:
    failed = samples.result(samples.row("f"), "0", 42, failure=Failure("error", "it broke"))
    clothes = samples.result(
        samples.row("g", title="Clothes"), "1", 42, samples.record(dataset="fashion_mnist")
    )
    found = judged([*ROWS, failed, clothes], "afgbz", reference="b")
    assert found.missing == ("f", "g", "z") and [line.difference.first for line in found.lines] == ["a"]
    assert any("different data sets" in note and note.endswith("“Clothes”.") for note in found.notes)


def test_a_reference_without_a_result_leaves_nothing_to_compare() -> None:
    failed = samples.result(samples.row("f", title="Failed"), "0", 42, failure=Failure("error", "it broke"))
    found = judged([*ROWS, failed], "ab", reference="f")
    assert found.lines == () and found.missing == ("f",)
    assert found.notes == ("Without a result: “Failed”.", "There is nothing to compare the others with.")


def test_one_row_that_is_left_has_nothing_to_be_compared_with_and_this_is_said() -> None:
    failed = samples.result(samples.row("f", title="Failed"), "0", 42, failure=Failure("error", "it broke"))
    assert judged([*ROWS, failed], "af").notes == (
        "Without a result: “Failed”.", "There is nothing to compare: of these rows, only “250 tanh units” is left, and it takes two.",
    )  # fmt: skip
    assert judged([failed], "fz").notes[-1] == "There is nothing to compare: none of these rows has a result."
    assert not any("nothing to compare" in note for note in judged(ROWS, "ab").notes)


def test_the_same_run_is_no_comparison() -> None:
    same = row("s", [range(10)], like="a")
    found = judged([*ROWS, same], "asb", reference="a")
    assert found.tests == 1 and found.lines[0].verdict == "the same run"
    assert found.lines[0].adjusted_p is None and not found.lines[0].different
    assert found.lines[1].adjusted_p == found.lines[1].difference.p


def test_a_few_seeds_have_no_p_value_but_count() -> None:
    few = [row("a", [range(60)] * 2), row("b", [range(14)] * 2), row("c", [range(57)] * 2)]
    found = judged(few, "abc", reference="a")
    assert [line.adjusted_p for line in found.lines] == [None, None] and found.tests == 2
    assert [line.different for line in found.lines] == [True, False]
    many = [row(f"m{k}", [range(60)] * 2) for k in range(30)]
    # One seed shows 8 items of 400 at the usual level, but not at the thirtieth part of it.
    edge = row("e", [range(8, 60)] * 2)
    assert difference(few[0], edge).different
    names = ["a", "e", *(each.row.id for each in many)]
    wide = family(Contrast(id="x", title="X", rows=names, reference="a"), [few[0], edge, *many])
    assert not wide.lines[0].different


def test_every_family_says_what_its_comparisons_mean() -> None:
    assert judged(ROWS).meanings == (difference(ROWS[0], ROWS[1]).meaning,)
    assert len({difference(a, b).meaning for a in ROWS for b in ROWS if a is not b}) == 1
