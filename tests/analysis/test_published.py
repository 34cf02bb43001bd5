"""The best validation figures of a row, beside those that others published."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from reportgen.analysis.published import (
    TEST,
    VALIDATION,
    accuracy_epochs,
    best_validation_accuracy,
    best_validation_loss,
    epochs_words,
    family_of,
    given,
    loss_epochs,
    weights_words,
)
from reportgen.analysis.published_words import of_row
from reportgen.experiments.schema import Protocol, Published
from reportgen.records import Record, Stopped
from reportgen.results import Failure, Result
from tests import samples

TESTED, HELD = Published(test_accuracy=0.95), Published(best_validation_accuracy=0.96)


def curves(record: Record, accuracies: list[float], losses: list[float]) -> Record:
    """A record with these validation curves."""
    history = {**record.history, "val_accuracy": np.array(accuracies), "val_loss": np.array(losses)}
    return dataclasses.replace(record, history=history)


def row(name: str, *records: Record | Failure, published: Published | None = None) -> Result:
    return samples.repeated(samples.row(name, title=f"Row {name}", published=published), list(records))


def record(**facts: object) -> Record:
    return samples.record(**({"epochs": 4, "n_validation": 300, "n_test": 500} | facts))  # type: ignore[arg-type]


RISING = curves(record(), [0.9, 0.96, 0.95, 0.96], [0.4, 0.3, 0.2, 0.5])


def test_the_best_of_any_epoch_is_not_the_last_and_its_interval_is_wilsons() -> None:
    one = row("a", RISING)
    found = best_validation_accuracy(one)
    low, high = proportion_confint(288, 300, method="wilson")
    assert (found.mean, found.n, found.items) == (0.96, 1, 300)
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.standard_error == pytest.approx(np.sqrt(0.96 * 0.04 / 300))
    assert (accuracy_epochs(one), loss_epochs(one)) == ((2,), (3,))
    assert best_validation_loss(one) == 0.2


def test_several_runs_give_the_mean_of_their_best_with_students_interval() -> None:
    other = curves(record(seed=43), [0.99, 0.9, 0.9, 0.9], [0.1, 0.3, 0.2, 0.5])
    third = curves(record(seed=44), [0.9, 0.9, 0.9, 0.93], [0.9, 0.8, 0.7, 0.6])
    found = best_validation_accuracy(several := row("a", RISING, other, third))
    values = [0.96, 0.99, 0.93]
    ends = stats.t.interval(0.95, 2, loc=np.mean(values), scale=stats.sem(values))
    assert found.values == pytest.approx(values)
    assert (found.low, found.high) == pytest.approx((ends[0], min(1.0, ends[1])))
    assert found.sd == pytest.approx(np.std(values, ddof=1))
    assert best_validation_loss(several) == pytest.approx((0.2 + 0.1 + 0.6) / 3)
    assert epochs_words(accuracy_epochs(several)) == "1 to 4"
    assert epochs_words((3, 3)) == "3"


def test_a_row_without_a_run_has_none() -> None:
    with pytest.raises(ValueError, match="has no record"):
        best_validation_accuracy(row("a", Failure("timeout", "")))


def test_a_curve_that_never_was_a_number_is_no_accuracy() -> None:
    nothing = curves(record(), [float("nan")] * 4, [float("inf")] * 4)
    assert best_validation_accuracy(row("a", nothing)).mean == 0.0


def test_test_and_validation_are_never_one_family() -> None:
    both = row("both", RISING, published=Published(test_accuracy=0.9, best_validation_accuracy=0.95))
    rows = [both, row("t", RISING, published=TESTED), row("v", RISING, published=HELD), row("n", RISING)]
    assert [one.row.id for one in given(TEST, rows)] == ["both", "t"]
    assert [one.row.id for one in given(VALIDATION, rows)] == ["v"]
    assert family_of(rows) is TEST
    assert family_of(rows[2:]) is VALIDATION
    # Where the tests cannot be compared, as of a stand-in, nothing takes the place of those rows.
    odd = row("t", curves(record(name="digits"), [0.9] * 4, [0.9] * 4), published=TESTED)
    assert family_of([odd]) is TEST
    assert family_of([odd, rows[2]]) is VALIDATION


def test_which_epoch_was_tested_is_said_of_both() -> None:
    last = row("a", RISING)
    early = row("b", record(stopped=Stopped(6, "EarlyStopping", 2)))
    said = weights_words([last], Protocol(tested_epoch="last"))
    assert (
        "published test scores are of the weights of the last epoch. Ours are of the weights of the last"
        in said
    )
    assert "is not stated" in weights_words([last], Protocol())
    assert "of an earlier epoch than the last, which were restored" in weights_words([early], Protocol())
    mixed = weights_words([last, early], Protocol(tested_epoch="best"))
    assert "of the best epoch by validation" in mixed and "but in 1 of 2 runs of an earlier one" in mixed


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_page_of_a_row_says_both_with_their_epochs() -> None:
    theirs = Published(
        best_validation_accuracy=0.9612, best_validation_accuracy_epoch=27, best_validation_loss=0.25
    )
    low, high = (100 * end for end in proportion_confint(288, 300, method="wilson"))
    assert plain(of_row(row("a", RISING, published=theirs))) == (
        "Best of any epoch, hence optimistic: validation accuracy published 96.12 % (epoch 27), ours 96.00 %"
        f" (epoch 2), 95 % interval {low:.2f}–{high:.2f}; validation loss published 0.250, ours 0.200 (epoch 3)."
    )
    other = curves(record(seed=43), [0.99, 0.9, 0.9, 0.9], [0.1, 0.3, 0.2, 0.5])
    said = plain(of_row(row("a", RISING, other, published=theirs)))
    assert "ours 97.50 % (mean of 2 runs, epoch 1 to 2)" in said
    assert "ours 0.150 (mean of 2 runs, epoch 1 to 3)" in said
    for nothing in (None, TESTED):
        assert of_row(row("a", RISING, published=nothing)) == ""
    assert of_row(row("a", Failure("timeout", ""), published=theirs)) == ""


def test_a_loss_with_a_penalty_stands_beside_one_with_a_penalty() -> None:
    theirs = Published(best_validation_loss=0.3713)
    held = curves(record(penalty=0.05), [0.9] * 4, [0.4, 0.3, 0.2, 0.5])
    said = plain(of_row(row("a", held, published=theirs)))
    assert "validation loss with the penalty published 0.371, ours 0.200 (epoch 3)." in said
