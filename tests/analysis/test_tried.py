"""What a stage came to: by validation alone, with the tests and the words that go with it."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from scipy import stats

from reportgen import language
from reportgen.analysis import path_words, stage_words
from reportgen.analysis.dimensions import called, dimensions
from reportgen.analysis.metrics import ranks
from reportgen.analysis.tried import Tried, paths, tried
from reportgen.experiments.resolved import Row
from reportgen.experiments.stages import Axis, Origin, Stage
from reportgen.records import Record
from reportgen.results import Failure
from tests import samples
from tests.staged import Make, made, staged

Wrong = Mapping[int, Collection[int]]
HEAD = '[report]\ntitle = "x"\n[[section]]\nid = "rows"\nnotebook = "mlp"\n'
WIDTHS = '[[sweep]]\nid = "width"\nsection = "rows"\ngrid = { hidden_units = [[50], [100], [200]] }\n'
BATCHES = (
    '[[sweep]]\nid = "batch"\nsection = "rows"\nfrom = "best:width"\ngrid = { batch_size = [16, 64, 32] }\n'
)


def of(text: str, make: Make, folder: Path) -> dict[str, Tried]:
    experiments, results, _ = staged(text, make, folder)
    return {stage.id: tried(stage, results) for stage in experiments.stages}


def by_width(wrong: Wrong, test: Wrong | None = None, loss: float = 0.1) -> Make:
    """Wrong validation and test answers by the units of the first hidden layer."""

    def make(row: Row, seed: int) -> Record:
        units = row.parameters["hidden_units"][0]
        return made(row, wrong[units], (test or wrong)[units], seed, loss)

    return make


def stage(*axes: Axis) -> Stage:
    return Stage("s", "rows", "sweep", "", axes, None, None, (), 0)


def rows(name: str, *values: object) -> list[Row]:
    return [samples.row(f"r{place}", origin=Origin("s", {name: value})) for place, value in enumerate(values)]


def test_lists_of_equal_entries_are_a_depth_and_a_width() -> None:
    own = rows("hidden_units", [100, 100], [50, 50], [50, 50, 50])
    depth, width = dimensions(stage(Axis("hidden_units")), own)
    assert (depth.part, depth.values, depth.label) == ("depth", (2, 3), "Hidden layers")
    assert (width.part, width.values, width.label) == ("width", (50, 100), "Units per layer")
    assert [(depth.of[row.id], width.of[row.id]) for row in own] == [(2, 100), (2, 50), (3, 50)]


def test_other_lists_and_words_stay_one_thing_in_the_order_of_the_file() -> None:
    (nodes,) = dimensions(stage(Axis("hidden_units")), rows("hidden_units", [600, 200], [400], [200, 600]))
    assert nodes.values == ([600, 200], [400], [200, 600]) and nodes.part == ""
    (words,) = dimensions(stage(Axis("optimizer")), rows("optimizer", "sgd", "adam", "sgd"))
    assert words.values == ("sgd", "adam") and not words.numeric


def test_pairs_that_are_mostly_crossed_are_two_things() -> None:
    own = rows("activation", ["relu", "tanh"], ["tanh", "tanh"], ["tanh", "relu"])
    first, second = dimensions(stage(Axis("activation")), own)
    assert (first.label, second.label) == ("Activation, first layer", "Activation, second layer")
    assert [first.of["r2"], second.of["r2"]] == ["tanh", "relu"]


def test_numbers_stand_by_size_and_a_point_without_a_value_has_what_it_begins_with() -> None:
    own = [*rows("batch_size", 64, 16), samples.row("plain", parameters={"batch_size": 32})]
    (size,) = dimensions(stage(Axis("batch_size")), own)
    assert size.values == (16, 32, 64) and size.of["plain"] == 32


def test_a_stage_without_a_title_is_called_by_what_it_varies() -> None:
    assert called(stage(Axis("batch_size"), Axis("learning_rate"), Axis("my_own"))) == (
        "Batch size, learning rate and my own"
    )


def test_everything_follows_validation_where_the_test_says_the_reverse(tmp_path: Path) -> None:
    held_out = {50: range(10), 100: range(100, 220), 200: range(150, 390)}
    test = {50: range(150, 390), 100: range(100, 220), 200: range(10)}
    found = of(HEAD + WIDTHS + BATCHES, by_width(held_out, test), tmp_path)
    width, batch = found["width"], found["batch"]
    assert width.stage.kept == "width-50"
    assert [row.row.id for row in width.order] == ["width-50", "width-100", "width-200"]
    assert width.next is not None and width.next.row.id == "width-100"
    assert batch.stage.begins_with == "width-50"
    assert {tuple(row.row.parameters["hidden_units"]) for row in batch.rows} == {(50,)}
    places = ranks(width.rows)
    assert [places[f"width-{units}"].rank for units in (50, 100, 200)] == [1, 2, 3]
    (rule, runner, *_) = stage_words.why(width)
    assert rule == (
        "“hidden units 50” is kept for its validation accuracy, the highest of 3 rows with a result:"
        " 97.50\u00a0%."
    )
    assert runner.startswith("“hidden units 100” comes next, 27.50\u00a0points lower.")


def test_the_runner_up_is_compared_by_mcnemar_and_corrected_within_the_stage(tmp_path: Path) -> None:
    # Of 50 and 100, only the first is right on 31 images, and only the second on 11; of 50 and 200 on 42 and 20.
    wrong = {50: range(20), 100: [*range(9), *range(20, 51)], 200: range(100, 142)}
    found = of(HEAD + WIDTHS, by_width(wrong), tmp_path)["width"]
    assert found.next is not None
    line = found.against_kept(found.next)
    assert line is not None and line.adjusted_p is not None
    p, other = stats.binomtest(11, 42, 0.5).pvalue, stats.binomtest(20, 62, 0.5).pvalue
    assert p < 0.005 < other, (
        "alone, the runner-up would be told apart; the other is further away, with a larger p"
    )
    assert (line.difference.only_first, line.difference.only_second) == (11, 31)
    assert line.difference.p == pytest.approx(p) and line.difference.difference == pytest.approx(-0.05)
    assert line.adjusted_p == pytest.approx(2 * p) and 2 * p > 0.005 and not line.different
    said = stage_words.why(found)[1].replace("\u00a0", " ")
    assert f"McNemar’s exact test on the 400 validation images: p = {p:.4f}, {2 * p:.4f} after Holm’s" in said
    assert "correction for the 2 comparisons of the stage (told apart below 0.005)." in said
    assert "do not tell the two apart. They tell none of the 2 others from the row kept." in said


def test_who_wins_a_tie_is_said(tmp_path: Path) -> None:
    alike = {50: range(20), 100: range(20), 200: range(40)}
    by_size = of(HEAD + WIDTHS, by_width(alike), tmp_path)["width"]
    assert by_size.stage.kept == "width-50"
    assert "shares the highest validation accuracy of 3 rows, 95.00\u00a0%, with “hidden units 100”" in (
        said := stage_words.why(by_size)[0]
    )
    assert said.endswith("alike in validation loss too, the fewest parameters decided.")

    def by_loss(row: Row, seed: int) -> Record:
        units = row.parameters["hidden_units"][0]
        return made(row, alike[units], alike[units], seed, loss=1 / units)

    other = of(HEAD + WIDTHS, by_loss, tmp_path)["width"]
    assert other.stage.kept == "width-100"
    assert stage_words.why(other)[0].endswith("the lowest validation loss, without penalties, decided.")


def test_one_standard_error_keeps_the_smallest_network_above_the_bound(tmp_path: Path) -> None:
    wrong = {50: range(24), 100: range(22), 200: range(20)}
    text = HEAD + WIDTHS + 'choose = "one-standard-error"\n'
    found = of(text, by_width(wrong), tmp_path)["width"]
    error = math.sqrt(0.95 * 0.05 / 400)
    assert found.choice is not None
    assert found.choice.standard_error == pytest.approx(error)
    assert found.choice.least == pytest.approx(0.95 - error)
    assert found.stage.kept == "width-50" and len(found.within) == 3
    rule, runner = stage_words.why(found)[:2]
    assert "the highest validation accuracy is 95.00\u00a0%, of “hidden units 200”" in rule
    assert f"the bound of {100 * (0.95 - error):.2f}\u00a0%" in rule
    assert "of the 3 rows of 3" in rule and "has the fewest parameters, 39\u00a0760" in rule
    assert runner.startswith("“hidden units 200” lies 1.00\u00a0points higher.")


def test_a_failed_row_is_told_and_left_out(tmp_path: Path) -> None:
    def make(row: Row, seed: int) -> Record | Failure:
        if row.parameters["hidden_units"] == [100]:
            return Failure("timeout", "too long")
        return made(row, range(20), range(20), seed)

    found = of(HEAD + WIDTHS, make, tmp_path)["width"]
    assert [row.row.id for row in found.failed] == ["width-100"] and found.stage.kept == "width-50"
    assert stage_words.why(found)[-1] == (
        "Without a result, and left out of the choice: “hidden units 100”: timeout."
    )


def test_what_waits_and_what_is_not_decided_is_said(tmp_path: Path) -> None:
    def make(row: Row, seed: int) -> Record | Failure:
        if row.parameters["hidden_units"] == [100]:
            return Failure("not-run", "this run has not been made")
        return made(row, range(20), range(20), seed)

    found = of(HEAD + WIDTHS + BATCHES, make, tmp_path)
    assert found["width"].kept is None and not found["width"].waits
    assert stage_words.why(found["width"]) == ("It is not decided: 2 of 3 rows have a result so far.",)
    assert found["batch"].waits and len(found["batch"].to_come) == 3
    assert path_words.steps(list(found.values())) == ()


def test_a_step_is_told_from_the_one_before_or_not(tmp_path: Path) -> None:
    def make(better: range) -> Make:
        def one(row: Row, seed: int) -> Record:
            start = row.parameters["batch_size"] == 64
            return made(row, range(60) if start else better, range(60), seed)

        return one

    near = list(of(HEAD + WIDTHS + BATCHES, make(range(58)), tmp_path).values())
    assert near[1].step is not None and near[1].step.difference == pytest.approx(2 / 400)
    (said,) = path_words.steps(near)
    assert said.startswith("No step of the path can be told from the one before it")
    far = list(of(HEAD + WIDTHS + BATCHES, make(range(10)), tmp_path).values())
    (said,) = path_words.steps(far)
    assert said.startswith("Of 1 step, validation tells 1 from the row before it: “Batch size”.")
    same = list(of(HEAD + WIDTHS + BATCHES, make(range(200)), tmp_path).values())
    assert same[1].step is not None and same[1].step.relation == "same run"
    assert "1 stage keeps the very row that it began with." in path_words.steps(same)[0]


def test_other_validation_images_are_no_step(tmp_path: Path) -> None:
    """What such a distance would be made of, nobody could tell."""

    def make(row: Row, seed: int) -> Record:
        record = made(row, range(60) if row.parameters["batch_size"] == 64 else range(10), range(60), seed)
        if row.parameters["batch_size"] == 64:
            return record
        return dataclasses.replace(record, data=dataclasses.replace(record.data, split_digest="f" * 64))

    found = list(of(HEAD + WIDTHS + BATCHES, make, tmp_path).values())
    assert found[1].other_images and found[1].step is None and not found[0].other_images
    (said,) = path_words.steps(found)
    assert said.startswith("No step is given for “Batch size”: what it keeps was validated on other images")


def test_a_run_that_stands_twice_in_a_stage_is_compared_once(tmp_path: Path) -> None:
    """As a search does that proposes settings again."""
    make = by_width({50: range(10), 100: range(90), 200: range(120)})
    experiments, results, _ = staged(HEAD + WIDTHS, make, tmp_path)
    results = (*results[:2], dataclasses.replace(results[2], runs=results[1].runs))
    found = tried(experiments.stages[0], results)
    assert found.family is not None and found.family.tests == 1
    second, third = (found.against_kept(row) for row in found.rows[1:3])
    assert second is not None and second is third


def test_one_row_is_no_choice(tmp_path: Path) -> None:
    alone = HEAD + WIDTHS.replace("[[50], [100], [200]]", "[[50]]")
    found = of(alone, by_width({50: range(10)}), tmp_path)["width"]
    assert "is the only row of this stage: nothing was chosen." in stage_words.why(found)[0]


def test_stages_that_begin_with_one_another_are_one_path() -> None:
    def one(name: str, section: str, source: str | None = None) -> Stage:
        return Stage(name, section, "sweep", "", (), source, None, (), 0)

    a, b, c, d, e = one("a", "x"), one("b", "x"), one("d", "y", "c"), one("c", "y", "b"), one("e", "z", "b")
    assert paths([a, b, c, d, e]) == [(a,), (b, c, d, e)]


def test_the_words_are_french_in_a_french_report(tmp_path: Path) -> None:
    found = of(HEAD + WIDTHS, by_width({50: range(10), 100: range(20), 200: range(30)}), tmp_path)["width"]
    with language.use("fr"):
        rule, runner, *_ = stage_words.why(found)
        assert called(found.stage) == "Unités cachées"
    assert rule == (
        "«\u00a0hidden units 50\u00a0» est retenue pour son exactitude de validation, la plus haute de 3"
        " expériences avec un résultat\u00a0: 97,50\u00a0%."
    )
    assert "Test exact de McNemar sur les 400 images de validation" in runner
