"""What is said of two rows: where they have trained equally long, and how sure it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from reportgen.analysis.observations import RULES
from reportgen.records import Features
from reportgen.results import Result
from tests.analysis.observations import cases
from tests.analysis.observations.cases import Results
from tests.analysis.observations.invented import Curve, answers, record, row, settling, straight
from tests.analysis.observations.test_rules import one, told

LONG = 100
SHORT = 40


def curve(at_short: float, at_end: float) -> Curve:
    """A validation accuracy that is known at the end of the shorter training and at its own."""
    return np.concatenate([straight(0.5, at_short, SHORT), straight(at_short, at_end, LONG - SHORT + 1)[1:]])


def longer(
    at_short: Sequence[float],
    shorts: Sequence[float],
    history: Mapping[str, Curve] | None = None,
    settings: Mapping[str, object] | None = None,
) -> Results:
    """A row of 100 epochs set against one of 40, with these accuracies at epoch 40."""
    own = [
        record(epochs=LONG, history={"val_accuracy": curve(each, 0.98), **(history or {})})
        for each in at_short
    ]
    theirs = [record(history={"val_accuracy": straight(0.5, each)}) for each in shorts]
    return (
        row("a", *own, parameters={"epochs": LONG, **(settings or {"n": 1})}, compared_with="b"),
        row("b", *theirs, parameters={"epochs": SHORT, "n": 2, "m": 2}),
    )


class TestSameEpoch:
    """The longer training, at the last epoch of the shorter one, is the shorter training of its settings."""

    def test_the_length_is_no_changed_setting(self) -> None:
        results = longer([0.970, 0.972, 0.971], [0.960, 0.961, 0.960])
        said = one(results, "one-setting")
        assert "several-settings" not in {each.rule for each in told(results)}
        assert "n (1, not 2), besides the epochs, 100 instead of 40." in said.text
        assert "At epoch 40, where both have trained equally long" in said.text
        assert "by +1.07 points (+1.00, +1.10, +1.10); at their ends by 0.00." in said.text
        assert said.evidence["same_epoch_difference"] == pytest.approx(0.0107)

    def test_one_seed_has_an_interval(self) -> None:
        text = one(longer([0.970], [0.960]), "one-setting").text
        assert "by +1.00 points (95\u00a0% interval +0.3" in text

    def test_two_settings_besides_the_length_are_two(self) -> None:
        text = one(longer([0.97], [0.96], settings={"n": 1, "m": 1}), "several-settings").text
        assert "2 settings change at once (n and m), besides the epochs" in text
        assert "accounts" not in text

    def test_a_rate_that_changes_knows_how_long_training_will_be(self) -> None:
        history = {"learning_rate": straight(0.001, 0.0001, LONG)}
        said = one(longer([0.97], [0.96], history), "several-settings")
        assert "n (1, not 2)" in said.text
        assert "epochs (100, not 40)" in said.text
        assert "same_epoch" not in said.evidence

    def test_a_training_that_stopped_early_is_no_shorter_training(self) -> None:
        long, short = longer([0.97], [0.96])
        stopped = dataclasses.replace(
            short, row=dataclasses.replace(short.row, parameters={"epochs": 60, "n": 2})
        )
        assert "same_epoch" not in one((long, stopped), "several-settings").evidence

    def test_other_seeds_and_other_splits_are_not_compared_there(self) -> None:
        long, short = longer([0.97], [0.96])
        (run,) = short.runs
        elsewhere = dataclasses.replace(short, runs=(dataclasses.replace(run, seed=43),))
        assert "same_epoch" not in one((long, elsewhere), "several-settings").evidence

    def test_where_the_length_alone_differs_it_is_what_is_compared(self) -> None:
        results = longer([0.97], [0.96], settings={"n": 2})
        assert "one setting changes: epochs (100, not 40)." in one(results, "one-setting").text


class TestUnevenStop:
    """A chapter's rows of different lengths, the shorter one still improving."""

    @staticmethod
    def rows(loss: Curve, rate: Curve | None = None) -> Results:
        history = {"val_loss": loss, "loss": straight(1.0, 0.05)}
        long = record(epochs=LONG, history={} if rate is None else {"learning_rate": rate})
        return (
            row("a", record(history=history), parameters={"epochs": SHORT, "n": 1}),
            row("b", long, parameters={"epochs": LONG, "n": 2}, compared_with="a"),
        )

    def test_the_figures_say_how_it_was_still_improving(self) -> None:
        text = one(self.rows(straight(0.21, 0.2)), "uneven-stop").text
        assert "still falling slightly (mean 0.200 in the last 4 epochs, 0.201 in the 4 before)" in text
        assert "At epoch 40 the latter" in text
        assert "told apart" not in text

    def test_a_fast_fall_is_not_slight(self) -> None:
        assert "still falling (mean 0." in one(self.rows(straight(1.0, 0.3)), "uneven-stop").text

    def test_with_a_rate_that_changes_the_two_cannot_be_told_apart(self) -> None:
        text = one(self.rows(straight(0.21, 0.2), straight(0.001, 0.0001, LONG)), "uneven-stop").text
        assert "cannot be told apart" in text
        assert "At epoch" not in text

    def test_a_fall_below_the_last_digit_is_none(self) -> None:
        results = self.rows(straight(0.0211, 0.0201))
        assert "uneven-stop" not in {each.rule for each in told(results, section=True)}


class TestGap:
    """What the validation loss does while the training accuracy lies above."""

    @staticmethod
    def text(**history: Curve) -> str:
        return one(cases.alone(history=cases.GAPED | history)(), "gap").text

    def test_it_turned(self) -> None:
        assert "past its lowest value" in self.text(**cases.TURNED)

    def test_it_is_still_falling(self) -> None:
        assert "The validation loss is still falling." in self.text(**cases.FALLING)

    def test_it_has_stood_still_while_training_went_on(self) -> None:
        level = np.maximum(straight(1.0, -0.9), 0.1) + np.where(np.arange(40) % 2 == 0, 0.0002, 0.0)
        text = self.text(val_loss=level, loss=straight(0.5, 0.1))
        assert "has stood still since about epoch 25; the training loss fell on, from 0.254 to 0.100." in text

    def test_nothing_is_claimed_of_a_curve_that_only_jumps(self) -> None:
        text = self.text(val_loss=np.where(np.arange(40) % 3 == 0, 0.1, 0.2) * np.linspace(1, 0.99, 40))
        assert "in the last 4 epochs" in text
        assert "still" not in text.split("Training figures")[0]

    @pytest.mark.parametrize("history", [cases.TURNED, cases.FALLING, {}])
    def test_it_is_called_no_fault_and_none(self, history: Mapping[str, Curve]) -> None:
        assert "fault" not in self.text(**history)


class TestHowSure:
    """Intervals say what they are intervals of."""

    @staticmethod
    def rows(wrong: int, runs: int) -> Results:
        own = [record(seed=42 + n) for n in range(runs)]
        theirs = [record(seed=42 + n, validation=answers(wrong + n)) for n in range(runs)]
        return (
            row("a", *own, parameters={"n": 1}, compared_with="b"),
            row("b", *theirs, parameters={"n": 2}),
        )

    def test_few_seeds_show_the_ends_of_their_intervals(self) -> None:
        text = one(self.rows(300, 3), "one-setting").text
        assert "(mean over 3 seeds; single-seed 95\u00a0% intervals from" in text
        assert text.endswith("each seed by itself shows it.")

    def test_few_seeds_that_do_not_show_it(self) -> None:
        text = one(self.rows(121, 3), "one-setting").text
        assert "by itself" not in text
        assert "found at least four times in five" in text

    def test_many_seeds_have_an_interval_of_the_mean(self) -> None:
        assert "(mean over 5 seeds; 95\u00a0% interval" in one(self.rows(300, 5), "one-setting").text

    def test_a_smaller_network_elsewhere_is_smaller_in_parameters_alone(self) -> None:
        text = one(cases.with_smaller(30, 100, "two")(), "smaller-elsewhere").text
        assert "parameters (here 198 760)" in text.replace("\u00a0", " ")
        assert "multiply-adds (here 198 500)" in text.replace("\u00a0", " ")
        assert text.startswith(
            "A network of another chapter with far fewer parameters is surely more accurate than the one here"
        )
        assert text.endswith("in one training (seed 42 of each, same validation images).")

    def test_that_some_rows_are_surely_less_accurate_is_counted(self) -> None:
        results = (*cases.with_smaller(30, 100, "two")(), row("c", record(validation=answers(33))))
        text = one(results, "smaller-elsewhere").text
        assert "Validation does not tell all rows here" in text
        assert text.endswith(
            "1 of 2 here is shown to be less accurate than that (seed 42 of each, same validation images)."
        )


class TestUnderfitting:
    """Rows are measured by the first row of the same inputs."""

    @staticmethod
    def rows(features: Features, **history: Curve) -> Results:
        accuracy = {"accuracy": 1.0 - settling(0.4, 0.045)}
        first = dataclasses.replace(record(), features=features)
        poor = record(history={**accuracy, **history}, validation=answers(300))
        return (row("a", poor), row("b", first))

    def test_other_inputs_are_no_measure(self) -> None:
        hog = Features("hog", 392, {"orientations": 8})
        assert "underfitting" not in {each.rule for each in told(self.rows(hog))}
        assert "underfitting" in {each.rule for each in told(self.rows(record().features))}

    def test_dropout_hides_the_true_training_accuracy(self) -> None:
        text = one(self.rows(record().features), "underfitting").text
        assert text.startswith("May be underfitted: ")
        assert "with dropout on; the true one is higher" in text
        assert "close" not in text

    def test_a_training_that_was_too_short_may_be_all(self) -> None:
        text = one(self.rows(record().features, **cases.FALLING), "underfitting").text
        assert text.startswith("May be underfitted, or not trained for long enough: ")


def test_what_few_remarks_leave_room_for_comes_first() -> None:
    order = [rule.id for rule in RULES]
    late = min(
        order.index(each) for each in ("one-setting", "smaller-model", "validation-above", "confused-pairs")
    )
    early = (
        "loss-turns", "over-confidence", "several-settings", "validation-test", "weak-classes",
        "unsteady-end", "not-converged", "last-epoch",
    )  # fmt: skip
    assert max(order.index(each) for each in early) < late


def test_pairs_are_named_in_the_order_of_the_classes() -> None:
    results: tuple[Result, ...] = cases.alone(test=answers(90, pairs={(9, 4): 80, (4, 9): 40}))()
    said = one(results, "confused-pairs")
    assert "One pair of 45, “4” and “9”, holds" in said.text
    assert "direction" not in said.text


class TestWithoutEffect:
    """Settings that did nothing in the epochs that were trained are no comparison."""

    @staticmethod
    def rows(change: Mapping[str, object], other: Mapping[str, object], weights: str = "w") -> Results:
        ends = [dataclasses.replace(record(), weights=each) for each in ("w", weights)]
        return (
            row("a", ends[0], parameters=change, compared_with="b"),
            row("b", ends[1], parameters=other),
        )

    def test_one_setting_that_did_not_act_shows_nothing(self) -> None:
        said = one(self.rows({"n": 1}, {"n": 2}), "one-setting")
        assert said.text == (
            "Against “B”, one setting changes: n (1, not 2). It did not act in the epochs that were trained: both"
            " rows end with the same weights, so nothing can be said of it."
        )
        assert "No difference can be made out" in one(self.rows({"n": 1}, {"n": 2}, "v"), "one-setting").text

    def test_nor_do_several(self) -> None:
        text = one(self.rows({"n": 1, "m": 1}, {"n": 2, "m": 2}), "several-settings").text
        assert "None of them acted" in text and "points" not in text

    @pytest.mark.parametrize(
        ("named", "rate", "said"),
        [
            ({"schedule": "StepwisePerEpoch({30: 0.1})"}, None, "trained: schedule."),
            ({"callbacks": ["ReduceLROnPlateau(patience=5)"]}, None, "trained: callbacks."),
            ({"callbacks": ["ReduceLROnPlateau(patience=5)"]}, straight(0.001, 0.0001), ""),
        ],
    )
    def test_a_schedule_that_changed_no_rate_is_told_of(
        self, named: Mapping[str, object], rate: Curve | None, said: str
    ) -> None:
        history = {} if rate is None else {"learning_rate": rate}
        nothing = {name: [] if name == "callbacks" else "none" for name in named}
        own = row("a", record(history=history), parameters={"n": 1, **named}, compared_with="b")
        other = row("b", record(validation=answers(160)), parameters={"n": 2, **nothing})
        text = one((own, other), "several-settings").text
        assert ("Without effect in the epochs that were" in text) == bool(said) and said in text


class TestWhatCounts:
    """Settings are what the runs were given, and no names of notebooks."""

    DENSE = ("Dense(10, activation='softmax')",)

    def rows(self, **own: object) -> Results:
        layers = {"layers": ["Flatten()", *self.DENSE], "n": 1, "epochs": 30}
        first = row("a", record(), parameters=layers | own, compared_with="b")
        second = row(
            "b",
            record(validation=answers(160)),
            parameters={"layers": list(self.DENSE), "n": 2, "epochs": 60},
        )
        return (dataclasses.replace(first, row=dataclasses.replace(first.row, notebook="cnn")), second)

    def test_epochs_are_those_that_the_runs_were_given(self) -> None:
        # As in a quick run: the file has 30 and 60 epochs, both rows were given 40.
        text = one(self.rows(), "several-settings").text
        assert text.startswith("Against “B”, 2 settings change at once: + Flatten") and "epochs (" not in text

    def test_the_notebook_counts_where_it_makes_the_network(self) -> None:
        first, second = self.rows()
        bare = [
            dataclasses.replace(each, row=dataclasses.replace(each.row, parameters={"n": place}))
            for place, each in enumerate((first, second))
        ]
        assert (
            "2 settings change at once: kind of experiment and n" in one(tuple(bare), "several-settings").text
        )
