"""What a claim's sentence says of a difference: its basis, its condition, and what it does not show."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from reportgen import language
from reportgen.analysis.differences import difference
from reportgen.analysis.scores import item_losses, score
from reportgen.experiments.schema import Claim, Contrast
from reportgen.prose.causes import causes, settings_apart
from reportgen.prose.claims import claim_faults
from reportgen.prose.judging import Judged, judge
from reportgen.prose.names import Scope
from reportgen.prose.telling import condition, told, turned_round
from reportgen.prose.values import values_of
from reportgen.records import Features, Record
from reportgen.results import Result, Run
from tests import samples
from tests.prose.courseworks import coursework

FIRST, SECOND = "row('raw-150').test_accuracy", "row('raw-250').test_accuracy"


def judged(
    expression: str, first: list[Record], second: list[Record], contrasts: tuple[Contrast, ...] = ()
) -> Judged:
    """A claim about two rows with these records, one for each seed."""
    experiments, results = coursework(contrasts=list(contrasts))
    moved = (repeated(results[0], first), repeated(results[1], second), *results[2:])
    numbers = values_of(experiments, moved)
    assert claim_faults(expression, numbers.names, Scope()) == []
    found = judge(Claim(id="c", text="x", expression=expression), numbers)
    return dataclasses.replace(found, sentence=found.sentence.replace("\u00a0", " "))


def repeated(result: Result, records: list[Record]) -> Result:
    runs = tuple(Run(f"{result.row.id}-{seed}", seed, record) for seed, record in enumerate(records, 42))
    return dataclasses.replace(result, runs=runs)


def made(*accuracies: float) -> list[Record]:
    return [samples.record(accuracy=each, seed=42 + place) for place, each in enumerate(accuracies)]


def test_few_seeds_have_the_intervals_of_the_single_seeds() -> None:
    found = judged(f"{FIRST} > {SECOND}", made(0.97, 0.972), made(0.9, 0.91))
    assert found.status == "supported"
    assert "95 % intervals of the single seeds from +" in found.sentence
    assert (
        "2 shared seeds, too few for a p value" in found.sentence and "95 % interval " not in found.sentence
    )


def test_other_seeds_have_every_pair_of_runs() -> None:
    found = judged(f"{FIRST} > {SECOND}", made(0.97, 0.972, 0.969), made(0.9))
    assert found.status == "supported"
    assert "99.5 % intervals of the pairs of runs from +" in found.sentence
    assert "3 pairs of runs, each run of one row with each of the other, no p value" in found.sentence
    held = judged(f"{FIRST} > {SECOND}".replace("test_", "validation_"), made(0.97, 0.972, 0.969), made(0.9))
    assert "2 runs at other seeds left out" in held.sentence


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (f"{FIRST} > {SECOND}", "it holds if the difference is above 0."),
        (f"{FIRST} < {SECOND}", "it holds if the difference is below 0."),
        (f"{FIRST} >= {SECOND} + 0.0125", "it holds if the difference is at least 1.25 points."),
        (f"{FIRST} > {SECOND} + 0.01234", "it holds if the difference is above 1.234 points."),
        (f"-{FIRST} + {SECOND} < 0", "it holds if the difference is below 0."),
        (f"abs({FIRST} - {SECOND}) < 0.005", "it holds if the size of the difference is below 0.50 points."),
        (f"abs(2 * {FIRST} - 2 * {SECOND}) < 0.02", "the size of the difference is below 1.00 points."),
        (f"{FIRST} > 0.95", "it holds if the test accuracy is above 95.00 %."),
        (f"0.95 < {FIRST}", "it holds if the test accuracy is above 95.00 %."),
        ("row('raw-150').test_loss < 0.1", "it holds if the test loss is below 0.100."),
        ("row('raw-150').rank <= 2", "it holds if the place by validation accuracy is at most 2."),
    ],
)
def test_the_condition_is_said_in_words(expression: str, words: str) -> None:
    found = judged(expression, made(0.97), made(0.9))
    assert words in found.sentence and "needs" not in found.sentence


def test_a_difference_is_told_in_the_order_in_which_it_counts_as_positive() -> None:
    found = judged(f"-{FIRST} + {SECOND} < 0", made(0.97), made(0.9))
    assert found.status == "supported"
    assert "250 tanh units, no dropout” minus that of “150" in found.sentence


def test_a_turned_contrast_is_told_the_way_it_is_asked() -> None:
    size = Contrast(id="s", title="Size", rows=["raw-150", "raw-250"])
    found = judged(
        "contrast('s', 'raw-250', 'raw-150').difference < 0", made(0.97), made(0.9), contrasts=(size,)
    )
    assert found.status == "supported" and "“250 tanh units, no dropout” minus “150" in found.sentence
    assert "is \u2212" in found.sentence and "correct" not in found.sentence


def test_a_family_of_several_names_the_p_that_counts() -> None:
    size = Contrast(id="s", title="Size", rows=["raw-150", "raw-250", "raw-300"])
    found = judged(
        "contrast('s', 'raw-150', 'raw-250').difference > 0", made(0.95), made(0.951), contrasts=(size,)
    )
    assert "corrected for 3 comparisons: p = " in found.sentence and "after Holm" in found.sentence


def test_settings_that_change_together_are_said_not_to_show_the_cause() -> None:
    experiments, results = coursework()
    rows = [repeated(results[place], made(accuracy)) for place, accuracy in ((0, 0.97), (1, 0.9))]
    assert settings_apart(*rows) == () and causes(*rows) == ""
    changed = {**rows[1].row.parameters, "dropout": 0.1, "activation": "relu", "more": 1}
    other = dataclasses.replace(rows[1].row, parameters=changed, notebook="cnn")
    rows[1] = dataclasses.replace(rows[1], row=other)
    assert settings_apart(*rows) == ("kind of experiment", "activation", "dropout")
    numbers = values_of(experiments, (*rows, *results[2:]))
    found = judge(Claim(id="c", text="x", expression=f"{FIRST} > {SECOND}"), numbers)
    assert (
        "The two experiments differ in 3\u00a0settings (kind of experiment, activation, dropout): what causes the"
        " difference is not shown." in found.sentence
    )
    counts = Claim(id="c", text="x", expression="row('raw-150').total_params > row('raw-250').total_params")
    assert "settings" not in judge(counts, numbers).sentence


def test_one_setting_is_no_reason_to_doubt_and_very_many_are_counted() -> None:
    _, results = coursework()
    base = results[0]

    def changed(**settings: object) -> Result:
        row = dataclasses.replace(base.row, parameters={**base.row.parameters, **settings})
        return dataclasses.replace(base, row=row)

    assert (
        settings_apart(base, changed(dropout=0.1)) == ("dropout",)
        and causes(base, changed(dropout=0.1)) == ""
    )
    many = causes(base, changed(**{f"s{place}": 1 for place in range(9)}))
    assert "9\u00a0settings (s0, s1, s2, s3, s4, s5 and 3 more)" in many
    features = dataclasses.replace(made(0.97)[0], features=Features("hog", 392, {}))
    assert settings_apart(base, samples.with_record(base, features)) == ("features",)


def test_two_losses_are_judged_item_by_item() -> None:
    first, second = softened(0.97), softened(0.9)
    loss = "row('raw-150').test_loss < row('raw-250').test_loss"
    found = judged(loss, [first], [second])
    gaps = item_losses(first, "test_loss") - item_losses(second, "test_loss")
    assert gaps.mean() < 0 and found.status == "supported"
    assert f"is \u2212{-gaps.mean():.4f} (95 % interval" in found.sentence
    assert "differences of the items, two trained models on 2 000 images" in found.sentence
    assert "points" not in found.sentence and "McNemar" not in found.sentence
    assert judged(loss, [second], [first]).status == "not supported"
    assert judged(loss, [first], [first]).status == "undecided"
    assert judged(f"{loss} - 9", [first], [second]).status == "not supported"


def softened(accuracy: float) -> Record:
    """A record whose test loss is that of its probabilities."""
    record = samples.record(accuracy=accuracy)
    soft = (0.97 * record.test.probabilities + 0.003).astype("float32")
    record = dataclasses.replace(record, test=dataclasses.replace(record.test, probabilities=soft))
    loss = float(item_losses(record, "test_loss").mean())
    return dataclasses.replace(
        record, evaluation={**record.evaluation, "test": {**record.evaluation["test"], "loss": loss}}
    )


def test_two_f1_scores_are_judged_by_the_bootstrap() -> None:
    claim = "row('raw-150').macro_f1 > row('raw-250').macro_f1"
    found = judged(claim, made(0.97), made(0.9))
    assert found.status == "supported" and "bootstrap, two trained models on" in found.sentence
    same = judged(claim, made(0.97), made(0.97))
    assert same.status == "undecided"
    short = [samples.record(accuracy=0.9, n_test=1000)]
    other = judged(claim, made(0.97), short)
    assert other.status == "no result" and "not scored on the same images" in other.sentence


def test_a_loss_that_is_no_number_cannot_be_judged() -> None:
    gone = made(0.9)[0]
    gone = dataclasses.replace(
        gone, evaluation={part: {"loss": float("nan"), "accuracy": 0.1} for part in gone.evaluation}
    )
    found = judged("row('raw-150').test_loss < row('raw-250').test_loss", made(0.97), [gone])
    assert found.status == "no result" and "no number" in found.sentence


def test_why_an_interval_clear_of_zero_does_not_count() -> None:
    first, second = made(0.97)[0], made(0.97)[0]
    wrong = first.test.y_true.copy()
    wrong[:20] = (wrong[:20] + 1) % 10
    near = wrong.copy()
    near[:8] = first.test.y_true[:8]
    near[20] = (near[20] + 1) % 10
    records = [
        dataclasses.replace(record, test=dataclasses.replace(record.test, y_pred=answers))
        for record, answers in ((first, near), (second, wrong))
    ]
    found = judged(f"{FIRST} > {SECOND}", records[:1], records[1:])
    # 8 against 1: p = 0.04, the interval clear of 0.
    assert (
        found.status == "undecided" and "They are told apart only where p is below 0.005." in found.sentence
    )


def test_a_difference_turned_round_is_that_of_the_rows_turned_round() -> None:
    _, results = coursework()
    a, b = repeated(results[0], made(0.97, 0.96)), repeated(results[1], made(0.9))
    for measure in ("test_accuracy", "test_loss", "validation_accuracy"):
        there, back = difference(a, b, measure), difference(b, a, measure)
        assert told(turned_round(there)) == told(back)
    assert score(a, "test_accuracy").n == 2


def test_a_limit_keeps_its_digits() -> None:
    assert condition("x", ">", 0.12345, "loss", True) == "it holds if x is above 0.12345"
    assert condition("x", "<=", 0.1, "loss", True) == "it holds if x is at most 0.100"


# ---------------------------------------------------------------------------------------- in French


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        (f"{FIRST} > {SECOND}", "l’affirmation tient si la différence est supérieure à 0."),
        (f"{FIRST} >= {SECOND} + 0.0125", "si la différence est au moins égale à 1,25 point."),
        (f"{FIRST} <= {SECOND} + 0.025", "si la différence est au plus égale à 2,50 points."),
        (
            f"abs({FIRST} - {SECOND}) < 0.005",
            "si la différence en valeur absolue est inférieure à 0,50 point.",
        ),
        (f"{FIRST} > 0.95", "si cette valeur (exactitude de test) est supérieure à 95,00 %."),
        ("row('raw-150').test_loss < 0.1", "si cette valeur (perte de test) est inférieure à 0,100."),
        ("row('raw-150').rank <= 2", "est au plus égale à 2."),
        (
            "row('raw-150').total_params < row('raw-250').total_params / 1",
            "(valeurs comptées, non mesurées).",
        ),
    ],
)
def test_a_claim_is_judged_in_french(expression: str, words: str) -> None:
    with language.use("fr"):
        found = judged(expression, made(0.97), made(0.9))
    assert words in found.sentence
    assert found.status in ("supported", "not supported", "undecided")
    assert not {"the", "is", "of", "interval", "points,"} & set(found.sentence.split())


def test_a_claim_without_results_says_so_in_french() -> None:
    with language.use("fr"):
        found = judged(f"{FIRST} > {SECOND}", [], made(0.9))
    assert found.status == "no result"
    assert found.sentence.endswith("n’a pas de résultat : l’affirmation ne peut pas être jugée.")


def test_a_claim_about_what_is_not_counted_says_so() -> None:
    lstm = [samples.record(layers=samples.lstm_layers())]
    expression = "row('raw-150').multiply_adds < row('raw-250').multiply_adds"
    found = judged(expression, lstm, made(0.9))
    assert found.status == "no result"
    assert "The multiply-adds of the network of “raw-150” are not counted, so the claim" in found.sentence
    with language.use("fr"):
        found = judged(expression, lstm, made(0.9))
    assert "« raw-150 » n’est pas compté : l’affirmation ne peut pas être jugée." in found.sentence


def test_several_settings_are_named_in_french() -> None:
    _, results = coursework()
    base = results[0]
    row = dataclasses.replace(base.row, parameters={**base.row.parameters, "dropout": 0.1}, notebook="x")
    with language.use("fr"):
        said = causes(base, dataclasses.replace(base, row=row)).replace("\u00a0", " ")
    assert said.startswith("Les deux expériences diffèrent par 2 réglages (genre d’expérience, dropout) : ")


ABOVE = f"{FIRST} > {SECOND}"


def test_a_quick_run_judges_nothing() -> None:
    found = judged(
        ABOVE, [samples.record(accuracy=0.97, quick=True)], [samples.record(accuracy=0.6, quick=True)]
    )
    assert (found.status, found.sentence, found.evidence) == ("not judged", "A quick run is no result.", {})


@pytest.mark.parametrize("expression", [ABOVE, f"abs({FIRST} - {SECOND}) < 0.01", f"{FIRST} <= {SECOND}"])
def test_what_did_not_act_cannot_be_tested(expression: str) -> None:
    ends = samples.record(accuracy=0.97, weights="w")
    found = judged(expression, [ends], [ends])
    assert found.status == "undecided"
    assert "is 0 (both end with the same weights)" in found.sentence
    assert "did not act in the epochs that were trained, so the claim cannot be tested." in found.sentence
    assert "another seed" not in found.sentence and "p = " not in found.sentence


def test_nor_can_networks_that_learnt_nothing() -> None:
    size = Contrast(id="s", title="Size", rows=["raw-150", "raw-250"])
    guesses = [[guessing(samples.record(accuracy=each))] for each in (0.1, 0.3)]
    for expression in (f"abs({FIRST} - {SECOND}) < 0.5", f"{FIRST} < {SECOND}", "contrast('s').different"):
        found = judged(expression, guesses[0], guesses[1], (size,))
        assert found.status == "undecided"
        assert "Both learnt nothing that validation shows, so the claim cannot be tested." in found.sentence
    alone = judged(f"{FIRST} > {SECOND}", made(0.9), guesses[0])
    assert alone.status == "supported"
    assert "learnt nothing that validation shows: whatever learns lies above it." in alone.sentence


def guessing(record: Record) -> Record:
    """The same record, with one and the same answer to every validation item."""
    held = record.validation
    probabilities = np.zeros_like(held.probabilities)
    probabilities[:, 0] = 1.0
    said = dataclasses.replace(held, y_pred=np.zeros_like(held.y_pred), probabilities=probabilities)
    return dataclasses.replace(record, validation=said)
