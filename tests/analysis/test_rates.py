"""Learning rates over a run: by hand, and against float32 itself."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from reportgen.analysis import rates
from reportgen.calls.per_epoch import MultiplyEachEpoch
from reportgen.records import Record
from tests.samples import record

COMPOUNDING = MultiplyEachEpoch({11: 0.1, 21: 0.01, 31: 0.001, 41: 0.0005}).rates(1e-3, 30)
"""The factors of a published run that were meant to apply once each, and applied again in every epoch."""


def test_a_rate_that_stays_has_no_change() -> None:
    steady = record(epochs=5)
    assert (rates.varies(steady), rates.changes(steady), rates.dead_from(steady)) == (False, (), None)


def test_changes_are_named_by_the_epoch_that_starts_with_the_new_rate() -> None:
    found = record(epochs=5, rates=[1e-3, 1e-3, 5e-4, 5e-4, 1e-3])
    assert rates.changes(found) == (rates.Change(3, 1e-3, 5e-4), rates.Change(5, 5e-4, 1e-3))
    assert [change.lower for change in rates.changes(found)] == [True, False]


def test_rounding_in_the_seventh_digit_is_no_change() -> None:
    assert not rates.varies(record(epochs=3, rates=[1e-3, 0.0010000000474974513, 1e-3]))


def test_reductions_are_those_of_a_callback_alone() -> None:
    falling = record(epochs=4, rates=[1e-3, 1e-3, 5e-4, 1e-3])
    plateau = ["EarlyStopping(patience=5)", "ReduceLROnPlateau(factor=0.5, patience=2)"]

    def given(**more: object) -> Record:
        return dataclasses.replace(falling, parameters={**falling.parameters, **more})

    assert rates.lowered_by(falling) == ""
    assert rates.reductions(falling) == ()
    assert rates.reductions(given(callbacks=plateau, schedule=None)) == (rates.Change(3, 1e-3, 5e-4),)
    scheduled = given(callbacks=plateau, schedule="StepwisePerEpoch({2: 0.0005})")
    assert (rates.lowered_by(scheduled), rates.reductions(scheduled)) == ("schedule", ())
    optimizer = {"name": "Adam", "settings": {"learning_rate": {"class_name": "CosineDecay"}}}
    assert rates.lowered_by(dataclasses.replace(falling, optimizer=optimizer)) == "schedule"


def test_a_dead_step_leaves_a_small_weight_as_it_is_and_one_twice_as_long_does_not() -> None:
    weight = np.float32(rates.SMALL_WEIGHT)
    assert weight - np.float32(0.99 * rates.DEAD_RATE) == weight
    assert weight - np.float32(2 * rates.DEAD_RATE) != weight


def test_the_compounding_schedule_dies_in_epoch_18() -> None:
    found = record(epochs=30, rates=COMPOUNDING)
    assert COMPOUNDING[16] > rates.DEAD_RATE > COMPOUNDING[17]
    assert rates.dead_from(found) == 18
    # 264 steps of an epoch: 10 800 items in batches of 41.
    many = dataclasses.replace(found, parameters={"batch_size": 41})
    left = [264 * sum(COMPOUNDING[epoch:]) for epoch in range(30)]
    assert rates.idle_from(many) == next(e for e, move in enumerate(left, 1) if move < 1e-4) == 15
    assert rates.idle_from(dataclasses.replace(found, parameters={})) is None


def test_a_rate_that_recovers_has_not_died() -> None:
    assert rates.dead_from(record(epochs=4, rates=[1e-3, 1e-12, 1e-12, 1e-3])) is None


@pytest.mark.parametrize("absent", [None, ()])
def test_a_notebook_that_notes_no_rate_has_none(absent: object) -> None:
    found = record(epochs=3)
    history = {name: values for name, values in found.history.items() if name != "learning_rate"}
    if absent is not None:
        history["learning_rate"] = np.asarray(absent, dtype=np.float64)
    bare = dataclasses.replace(found, history=history)
    assert rates.rates(bare) is None
    assert not rates.varies(bare)
    assert rates.dead_from(bare) is None
    assert rates.idle_from(bare) is None
