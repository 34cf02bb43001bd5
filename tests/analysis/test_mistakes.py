"""Misread test items: by pair in one row, and those of every row."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from reportgen.analysis.metrics import confused_pairs, pooled_matrix
from reportgen.analysis.mistakes import Mistake, confused, largest_group, shared_mistakes
from reportgen.records import Predictions, Record
from reportgen.results import Failure, Result
from tests import samples


def told(
    true: list[int], read: list[int], given: list[float] | None = None, index: list[int] | None = None
) -> Record:
    """A record of three classes whose test predictions are these, with `given` for the class read."""
    classes = 3
    given = given or [0.8] * len(true)
    probabilities = np.array(
        [
            [p if c == r else (1 - p) / (classes - 1) for c in range(classes)]
            for r, p in zip(read, given, strict=True)
        ],
        dtype=np.float32,
    )
    record = samples.record(class_names=["a", "b", "c"], n_test=30)
    places = np.array(index if index is not None else range(len(true)), dtype=np.int64)
    test = Predictions(places, np.array(true), np.array(read), probabilities)
    return dataclasses.replace(record, test=test)


def row_of(*records: Record | Failure, name: str = "r") -> Result:
    return samples.repeated(samples.row(name), records)


def test_the_most_confident_of_each_pair_by_pair() -> None:
    #            0    1    2    3    4    5    6    7
    true = [0, 0, 1, 1, 2, 2, 0, 1]
    read = [1, 1, 0, 0, 0, 2, 2, 1]
    given = [0.6, 0.9, 0.7, 0.9, 0.5, 1.0, 0.8, 1.0]
    result = row_of(told(true, read, given, [10, 11, 12, 13, 14, 15, 16, 17]))
    found = confused(result)
    # a and b: 4 errors; a and c: 2. Ties by place.
    assert [mistake.place for mistake in found] == [11, 13, 12, 10, 16, 14]
    assert [(mistake.true, mistake.predicted) for mistake in found[:2]] == [(0, 1), (1, 0)]
    np.testing.assert_allclose([m.probability for m in found], [0.9, 0.9, 0.7, 0.6, 0.8, 0.5], rtol=1e-6)


@pytest.mark.parametrize(("most", "places"), [(0, []), (1, [11]), (2, [11, 16]), (3, [11, 13, 16])])
def test_each_pair_has_its_turn(most: int, places: list[int]) -> None:
    true, read = [0, 0, 1, 1, 2, 2, 0, 1], [1, 1, 0, 0, 0, 2, 2, 1]
    result = row_of(
        told(true, read, [0.6, 0.9, 0.7, 0.9, 0.5, 1.0, 0.8, 1.0], [10, 11, 12, 13, 14, 15, 16, 17])
    )
    assert [mistake.place for mistake in confused(result, most=most)] == places


def test_pairs_are_those_of_the_table_over_all_runs() -> None:
    records = [samples.record(dataset="fashion_mnist", accuracy=0.8, seed=seed) for seed in (1, 2, 3)]
    result = row_of(*records)
    pairs = [{pair.first, pair.second} for pair in confused_pairs(pooled_matrix(result), 4)]
    found = confused(result, pairs=4, most=9)
    seen = [{mistake.true, mistake.predicted} for mistake in found]
    assert list(dict.fromkeys(map(frozenset, seen))) == [frozenset(pair) for pair in pairs]
    assert len(found) == 9
    test = records[0].test
    for mistake in found:
        (at,) = np.flatnonzero(test.index == mistake.place)
        assert test.y_true[at] == mistake.true != mistake.predicted == test.y_pred[at]
        assert mistake.probability == pytest.approx(float(test.probabilities[at].max()))


def test_a_row_without_mistakes_has_none() -> None:
    assert confused(row_of(told([0, 1, 2], [0, 1, 2]))) == ()


def test_a_pair_that_the_first_run_did_not_confuse_gives_none() -> None:
    result = row_of(told([0, 1, 2], [0, 1, 2]), told([0, 1, 2], [1, 1, 2]))
    assert confused(result) == ()


def test_a_row_without_a_record_is_refused() -> None:
    with pytest.raises(ValueError, match="no record"):
        confused(row_of(Failure("timeout", "")))


def test_what_every_run_of_every_row_misreads() -> None:
    true = [0, 0, 1, 2]
    one = row_of(told(true, [1, 1, 2, 0], [0.9, 0.5, 0.6, 0.8]), name="one")
    two = row_of(
        told(true, [2, 1, 2, 0], [0.7, 0.9, 0.8, 0.6]),
        told(true, [2, 1, 1, 0], [0.5, 0.7, 0.9, 0.8]),
        name="two",
    )
    found = shared_mistakes([one, two])
    assert found is not None
    assert (found.total, found.rows, found.tested, found.runs) == (3, 2, 4, 3)
    # Item 0 was read as 2 by two of three runs; one gave class 2 (1 − 0.9) / 2, two 0.7 and 0.5.
    expected = {0: (2, (0.05 + 0.6) / 2), 1: (1, (0.5 + 0.8) / 2), 3: (0, (0.8 + 0.7) / 2)}
    assert [item.place for item in found.items] == [3, 1, 0]
    for item in found.items:
        read, given = expected[item.place]
        assert item.predicted == read and item.probability == pytest.approx(given, rel=1e-5)
    few = shared_mistakes([one, two], most=1)
    assert few is not None and (len(few.items), few.total) == (1, 3)


def test_items_are_named_by_their_place_in_the_data() -> None:
    rows = [row_of(told([0, 1], [1, 1], index=[70, 80]), name=name) for name in "ab"]
    found = shared_mistakes(rows)
    assert found is not None and found.items == (Mistake(70, 0, 1, pytest.approx(0.8)),)  # type: ignore[arg-type]


def test_nothing_in_common_is_none_shown() -> None:
    found = shared_mistakes([row_of(told([0, 1], [1, 1]), name="a"), row_of(told([0, 1], [0, 0]), name="b")])
    assert found is not None and (found.items, found.total) == ((), 0)


def test_two_rows_on_the_same_items_are_needed() -> None:
    one = row_of(told([0, 1], [1, 1]), name="a")
    assert shared_mistakes([]) is None and shared_mistakes([one]) is None
    assert shared_mistakes([one, row_of(Failure("timeout", ""), name="b")]) is None
    other = row_of(told([0, 1], [1, 1], index=[5, 6]), name="b")
    assert shared_mistakes([one, other]) is None
    # One training under two titles is one.
    assert shared_mistakes([one, dataclasses.replace(one, row=samples.row("again"))]) is None


def test_the_largest_group_counts() -> None:
    odd = row_of(told([0, 1], [1, 1], index=[5, 6]), name="odd")
    rows = [odd, *(row_of(told([0, 1], [1, 1]), name=name) for name in "abc")]
    assert [result.row.id for result in largest_group(rows)] == ["a", "b", "c"]
    assert largest_group(rows[:2]) == (odd,)
    found = shared_mistakes(rows)
    assert found is not None and found.rows == 3


def test_several_data_sets_are_refused() -> None:
    rows = samples.coursework()[1]
    with pytest.raises(ValueError, match="several data sets: fashion_mnist, mnist"):
        shared_mistakes(rows)
