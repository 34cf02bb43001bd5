"""Every rule speaks where it must and is silent where it must not."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from reportgen.analysis.observations import (
    MOST_SHOWN,
    RULES,
    SECTION_RULES,
    Observation,
    observe,
    observe_section,
)
from reportgen.records import Layer
from reportgen.results import Failure, Result
from tests import samples
from tests.analysis.observations import cases
from tests.analysis.observations.cases import Case, Results
from tests.analysis.observations.invented import answers, record, row, settling, turning


def told(results: Results, section: bool = False) -> tuple[Observation, ...]:
    """What is said of the first row, or of its chapter."""
    if section:
        chapter = results[0].row.section
        return observe_section([each for each in results if each.row.section == chapter], results)
    return observe(results[0], results, most=None)


def one(results: Results, rule: str) -> Observation:
    """The one observation of a rule."""
    found = [each for each in told(results, rule in cases.SECTION_RULES) if each.rule == rule]
    assert len(found) == 1
    return found[0]


def pairs(must: bool) -> list[object]:
    """Each rule with each case of one kind."""
    table = cases.RULES | cases.SECTION_RULES
    return [
        pytest.param(rule, case, id=f"{rule}-{number}")
        for rule, kinds in table.items()
        for number, case in enumerate(kinds[0 if must else 1])
    ]


def test_every_rule_has_cases_and_an_id_of_its_own() -> None:
    ids = [rule.id for rule in RULES] + [rule.id for rule in SECTION_RULES]
    assert sorted(ids) == sorted([*cases.RULES, *cases.SECTION_RULES])
    assert all(yes and no for yes, no in (cases.RULES | cases.SECTION_RULES).values())


@pytest.mark.parametrize(("rule", "case"), pairs(True))
def test_it_must_speak(rule: str, case: Case) -> None:
    said = one(case(), rule)
    assert said.row == (None if rule in cases.SECTION_RULES else "a")
    assert said.evidence
    assert all(isinstance(value, (int, float, str)) for value in said.evidence.values())


@pytest.mark.parametrize(("rule", "case"), pairs(False))
def test_it_must_be_silent(rule: str, case: Case) -> None:
    assert rule not in {each.rule for each in told(case(), rule in cases.SECTION_RULES)}


def test_of_a_quiet_run_there_is_nothing_to_say() -> None:
    assert told(cases.QUIET()) == ()
    assert told(cases.QUIET(), section=True) == ()


def test_of_a_row_without_a_record_there_is_nothing_to_say() -> None:
    failed = samples.result(samples.row("a"), "0" * 64, 42, failure=Failure("error", "it broke"))
    assert observe(failed, [failed]) == ()
    assert observe_section([failed], [failed]) == ()
    beside = row("b", record(), compared_with="a", parameters={"hidden_units": [1]})
    assert observe(beside, [failed, beside]) == ()


def test_the_most_important_stand_first_and_no_more_than_are_read() -> None:
    (loud,) = cases.alone(
        history=cases.TURNED | cases.GAPED | {"val_accuracy": cases.RISING},
        validation=answers(120, sure=0.995),
        test=answers(240, pairs={(3, 5): 60}),
    )()
    everything = observe(loud, [loud], most=None)
    order = [rule.id for rule in RULES]
    said = [each.rule for each in everything]
    # A gap is more important than usual where the loss has turned, as it has here.
    assert said.index("gap") == said.index("over-confidence") + 1
    said.remove("gap")
    assert said == sorted(said, key=order.index)
    assert len(everything) > MOST_SHOWN or len(everything) == len(observe(loud, [loud]))
    assert observe(loud, [loud]) == everything[:MOST_SHOWN]


def test_the_same_results_give_the_same_sentences() -> None:
    results = cases.RULES["underfitting"][0][0]()
    assert told(results) == told(results)


class TestSeeds:
    """A row with several runs is spoken of as such."""

    @staticmethod
    def rows(turned: int, of: int) -> Results:
        """A row with so many runs, of which so many have a validation loss that turned."""
        histories = [cases.TURNED] * turned + [{}] * (of - turned)
        return (row("a", *(record(history=history) for history in histories)),)

    @pytest.mark.parametrize(("turned", "of"), [(3, 3), (2, 3)])
    def test_what_most_of_them_show_is_said_with_their_number(self, turned: int, of: int) -> None:
        said = one(self.rows(turned, of), "loss-turns")
        shown = "in all 3 seeds" if turned == of else f"in {turned} of {of} seeds (42, 43)"
        assert said.text.startswith(f"Seen {shown}; figures are means")
        assert said.evidence["seeds_seen"] == turned
        assert said.evidence["seeds"] == of

    @pytest.mark.parametrize(("turned", "of"), [(1, 3), (1, 2)])
    def test_what_few_of_them_show_is_not_said(self, turned: int, of: int) -> None:
        assert told(self.rows(turned, of)) == ()

    def test_figures_are_means_and_epochs_a_range(self) -> None:
        later = cases.TURNED | {"val_loss": turning(1.0, 0.100, 0.130, 20)}
        said = one((row("a", record(history=cases.TURNED), record(history=later)),), "loss-turns")
        assert "epoch 15–20 of 40 (0.090)" in said.text
        assert "ends at 0.120, " in said.text

    def test_figures_are_means_over_all_seeds_not_over_those_that_show_it(self) -> None:
        said = one(self.rows(2, 3), "loss-turns")
        quiet = record()
        lowest = (0.080 + 0.080 + quiet.history["val_loss"].min()) / 3
        assert said.evidence["lowest_loss"] == pytest.approx(lowest)
        assert said.evidence["last_loss"] == pytest.approx(
            (0.110 + 0.110 + quiet.history["val_loss"][-1]) / 3
        )
        assert f"({lowest:.3f})" in said.text

    def test_one_run_names_no_seeds(self) -> None:
        for rule, (must, _) in cases.RULES.items():
            for case in must:
                assert "seeds" not in one(case(), rule).text

    def test_errors_are_those_of_all_seeds(self) -> None:
        runs = [record(test=answers(90, pairs={(3, 5): 30})), record(test=answers(90, pairs={(3, 5): 50}))]
        said = one((row("a", *runs),), "confused-pairs")
        assert said.evidence["count"] == 30 + 50 + sum(_even(each) for each in runs)
        assert said.text.startswith("Errors of 2 seeds together.")

    def test_a_difference_of_means_is_said_as_one(self) -> None:
        results = (
            row("a", record(), record(), parameters={"n": 1}, compared_with="b"),
            row("b", record(validation=answers(300)), record(validation=answers(310)), parameters={"n": 2}),
        )
        assert "mean over 2 seeds" in one(results, "one-setting").text


def _even(made: object) -> int:
    """Mistakes between 3 and 5 among ninety evenly spread ones: one each way."""
    del made
    return 2


class TestFigures:
    """Sentences print what tables and figures print."""

    def test_a_gap_is_the_difference_of_the_printed_accuracies(self) -> None:
        (result,) = cases.alone(history=cases.GAPED)()
        text = one((result,), "gap").text
        high, low, apart = (float(n) for n in re.findall(r"(\d+\.\d\d)(?:\u00a0%| points)", text)[:3])
        assert round(high - low, 2) == apart

    @pytest.mark.parametrize("number", range(40))
    def test_a_difference_printed_beside_its_two_figures_agrees_with_them(self, number: int) -> None:
        draw = np.random.default_rng(number)
        (result,) = thrice_drawn(draw)
        checked = 0
        for each in told((result,)):
            found = re.search(
                r"\((\d+\.\d\d)\u00a0%.*?lies (\d+\.\d\d) points (above|below).*?\((\d+\.\d\d)", each.text
            )
            for first, apart, side, second in [found.groups()] if found else []:
                sign = 1 if side == "above" else -1
                assert round(sign * (float(first) - float(second)), 2) == float(apart), each.text
                checked += 1
            assert not re.search(r"\d (higher|lower|more|less)\b", each.text)
        assert checked

    def test_a_turn_is_at_the_recorded_epoch(self) -> None:
        evidence = one(cases.alone(history=cases.TURNED)(), "loss-turns").evidence
        assert evidence["epoch"] == 15
        assert evidence["lowest_loss"] == pytest.approx(0.080)
        assert evidence["last_loss"] == pytest.approx(0.110)


def thrice_drawn(draw: np.random.Generator) -> Results:
    """A row of three runs as real ones are: no figure of theirs is round."""
    runs = []
    for _ in range(3):
        wrong, tested = int(draw.integers(100, 140)), int(draw.integers(300, 400))
        history = {"accuracy": 1.0 - settling(0.4, float(draw.uniform(0.001, 0.005)))}
        runs.append(record(history=history, validation=answers(wrong), test=answers(tested, 10_000)))
    return (row("a", *runs),)


class TestHowTrainingIsMeasured:
    """The note on training figures says what the layers do."""

    @staticmethod
    def text(*layers: Layer) -> str:
        return one(cases.alone(history=cases.GAPED, layers=cases.with_layers(*layers))(), "gap").text

    def test_without_such_layers_only_the_mean_over_the_epoch_remains(self) -> None:
        text = self.text()
        assert "while the weights still move" in text
        assert "dropout" not in text

    @pytest.mark.parametrize(
        ("layer", "word"),
        [
            (samples.plain("d", "SpatialDropout2D", (9,), (9,), rate=0.2), "With dropout, the true gap"),
            (samples.plain("n", "GaussianNoise", (9,), (9,), stddev=0.1), "With added noise, the true gap"),
            (samples.plain("f", "RandomFlip", (9,), (9,)), "With random changes of the images, the"),
            (samples.plain("b", "BatchNormalization", (9,), (9,)), "with the batch's own averages"),
        ],
    )
    def test_a_layer_that_acts_in_training_alone_is_named(self, layer: Layer, word: str) -> None:
        assert word in self.text(layer)

    def test_dropout_of_nothing_is_none(self) -> None:
        assert "dropout" not in self.text(samples.plain("d", "Dropout", (9,), (9,), rate=0.0))

    def test_penalties_are_named_as_keras_names_them(self) -> None:
        l2 = {"class_name": "L2", "config": {"l2": 0.01}}
        text = self.text(
            samples.plain("k", "Dense", (9,), (9,), kernel_regularizer=l2, bias_regularizer=None)
        )
        assert "Both losses contain the penalties of kernel_regularizer." in text

    def test_a_penalty_of_nothing_is_none(self) -> None:
        l2 = {"class_name": "L2", "config": {"l2": 0.0}}
        text = self.text(
            samples.plain("k", "Dense", (9,), (9,), kernel_regularizer=l2),
            samples.plain("a", "ActivityRegularization", (9,), (9,), l1=0.0, l2=0.0),
        )
        assert "penalties" not in text


def test_a_difference_that_cannot_be_told_from_none_is_said_so() -> None:
    near = cases.two(record(), record(validation=answers(125)), {"n": 1}, {"n": 2})
    text = one(near, "one-setting").text
    assert "No difference can be made out; one of 0.25 points would have been found at least four" in text
    far = cases.two(record(), record(validation=answers(400)), {"n": 1}, {"n": 2})
    text = one(far, "one-setting").text
    assert "made out" not in text
    assert "+4.67 points (95\u00a0% interval" in text


def test_another_seed_is_a_change_too() -> None:
    results = cases.two(record(), record(), {"n": 1}, {"n": 2})
    first = dataclasses.replace(results[0], row=dataclasses.replace(results[0].row, seed=7))
    text = one((first, results[1]), "several-settings").text
    assert "n (1, not 2) and seed (7, not 42)" in text


def test_a_row_of_another_chapter_is_named_with_its_id() -> None:
    results = cases.two(record(), record(), {"n": 1}, {"n": 2}, section="two")
    assert "“B” (b)" in one(results, "one-setting").text


def test_broken_curves_stop_no_other_rule() -> None:
    results: tuple[Result, ...] = cases.alone(history=cases.BROKEN, test=answers(90, pairs={(3, 5): 60}))()
    assert {each.rule for each in told(results)} == {"learned-nothing", "weak-classes", "confused-pairs"}


def test_few_epochs_are_no_curve() -> None:
    short = record(epochs=2, history={"val_loss": settling(1.0, 0.5, 2)})
    assert told((row("a", short),)) == ()


def test_settings_of_one_kind_that_change_alike_are_one_change() -> None:
    def both(conv: str, dense: str, **more: object) -> str:
        own = {"conv_activation": conv, "dense_activation": dense, **more}
        theirs = {"conv_activation": "relu", "dense_activation": "relu", **dict.fromkeys(more, 0)}
        results = cases.two(record(), record(), own, theirs)
        said = {each.rule: each.text for each in told(results)}
        return said.get("one-setting", "") + said.get("several-settings", "")

    assert "one setting changes: activation throughout (tanh, not ReLU)." in both("tanh", "tanh")
    assert "2 settings change at once: activation of the convolutions (tanh, not ReLU)" in both(
        "tanh", "sigmoid"
    )
    assert "and n (1, not 0)" in both("tanh", "tanh", n=1)
    # Another activation that stays is named by what it leaves.
    stays = both("tanh", "tanh", activation=0)
    assert "activation of the convolutions and activation of the hidden layers (tanh, not ReLU)" in stays
