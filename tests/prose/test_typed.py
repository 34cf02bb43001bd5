"""Numbers typed by hand: which count, and what they are held against."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from reportgen.experiments.schema import Published
from reportgen.prose.findings import findings
from reportgen.prose.typed import typed_numbers
from reportgen.records import Record
from tests import samples
from tests.prose.courseworks import coursework

COUNTING = {
    "98,1 %": [98.1], "98.1 %": [98.1], "98,1%": [98.1], "98.1\u00a0%": [98.1], "98.1\u202f%": [98.1], "98 %": [98],
    "98,1 pour cent": [98.1], "98.1 percent": [98.1], "238 510": [238510], "238\u00a0510": [238510],
    "238\u202f510": [238510], "238'510": [238510], "238’510": [238510], "1 256 150": [1256150], "238510": [238510],
    "238,510": [238510, 238.51], "238.510": [238510, 238.51], "1,256,150": [1256150], "0.79": [0.79], "0,79": [0.79],
    "1,26 million": [1.26e6], "1.26M": [1.26e6], "0.29 / 0.89": [0.29, 0.89], "−0.31": [0.31], "(0.31)": [0.31],
    "97.6–98.2 %": [97.6, 98.2], "**98.1 %**": [98.1], "2034 weights": [2034], "1e-3": [0.001], "12.5 s": [12.5],
    "0,123": [0.123], "1,2 × 10⁻⁷": [1.2e-7], "1.2 × 10^-7": [1.2e-7], "2,5·10³": [2500], "12\u202f345,5": [12345.5],
    "de 97,1 % à 98,2 %": [97.1, 98.2], "0,98, 0,97 et 0,96": [0.98, 0.97, 0.96], "12,5 secondes": [12.5],
}  # fmt: skip


@pytest.mark.parametrize("text", COUNTING)
def test_numbers_are_read_as_people_write_them(text: str) -> None:
    found = [reading.value for typed in typed_numbers(f"It is {text}.") for reading in typed.readings]
    assert found == pytest.approx(COUNTING[text])


@pytest.mark.parametrize(
    "text",
    [
        "in 2026", "on 2026-11-20", "on 20 November 2026", "le 3 février 2026", "20.11.2026", "250 units", "3 × 3",
        "28 × 28 × 1", "2-6-2", "`98.1 %`", "```\n98.1 %\n```", "$98.1$", "$$x = 98.1$$", "{{ best.epochs | decimal(1) }}",
        "{% if best.test_accuracy > 0.981 %}{% endif %}", "[x](https://example.org/98.1)", "<https://example.org/9.81>",
        "![a](images/98.1.png)", "raw-300.5", "Table 2.1", "figure 3.2", "chapitre 4.1", "Keras 3.15", "version 2.21",
        "Python 3.11.7", "3.2 GHz", "900.5 MB", "the 95 % interval", "a 95 % confidence interval", "[@smith2019.5]",
        "1st", "px4.5", "#98.1", "a 99 % confidence level", "un intervalle de confiance à 95 %",
    ],
)  # fmt: skip
def test_what_is_no_number_of_prose_does_not_count(text: str) -> None:
    assert typed_numbers(f"Look: {text} here.") == []


def test_the_numbers_of_a_list_do_not_count() -> None:
    assert [typed.text for typed in typed_numbers("1. one\n2. 98.1 %\n1024) three")] == ["98.1 %"]


def test_the_place_is_that_of_the_number() -> None:
    text = "one `98.1 %`\ntwo 97,2 %"
    (typed,) = typed_numbers(text)
    assert text[typed.offset :].startswith("97,2 %")


# ------------------------------------------------------------------------------ against the results


def exact(accuracy: float, validation: float, loss: float, validation_loss: float, **changes: Any) -> Record:
    """A record with these scores, to the item."""
    made = samples.record(
        n_test=10_000, n_validation=6_000, layers=samples.mlp_layers(hidden=(300,)), **changes
    )

    def right(predictions: Any, share: float) -> Any:
        n = len(predictions.y_true)
        wrong = n - round(share * n)
        predicted = predictions.y_true.copy()
        predicted[:wrong] = (predicted[:wrong] + 1) % 10
        return dataclasses.replace(predictions, y_pred=predicted)

    history = {name: values.copy() for name, values in made.history.items()}
    history["val_accuracy"] = np.full(len(history["loss"]), validation)
    history["val_loss"] = np.full(len(history["loss"]), validation_loss)
    return dataclasses.replace(
        made,
        test=right(made.test, accuracy),
        validation=right(made.validation, validation),
        history=history,
        evaluation={
            "test": {"loss": loss, "accuracy": accuracy},
            "validation": {"loss": validation_loss, "accuracy": validation},
        },
    )


def said(comment: str, section: dict[str, str] | None = None, validation: float = 0.9717) -> list[str]:
    """The numbers complained of in a comment of the second row, or in texts of its section."""
    experiments, results = coursework(
        comments={"raw-250": comment} if comment else {}, sections={"raw": section} if section else {}
    )
    records = [
        exact(0.9612, 0.9583, 0.1437, 0.1512), exact(0.9806, validation, 0.0734, 0.0951), exact(0.9521, 0.9498, 0.1672, 0.1755)
    ]  # fmt: skip
    moved = [samples.with_record(r, record) for r, record in zip(results, records, strict=False)] + list(
        results[3:]
    )
    assert math.isclose(0.9806, float((records[1].test.y_true == records[1].test.y_pred).mean()))
    return [problem.message.split('"')[3] for problem in findings(experiments, moved)]


@pytest.mark.parametrize(
    "right",
    [
        "98.06 % on the test set", "98.1 %", "98,1 %", "98 %", "0.98", "0.981", "0.9806", "98.06", "a loss of 0.073",
        "0.07", "97.17 % in validation", "238 510 parameters", "238,510", "238'510", "0.24 million weights",
        "238,200 weights", "60,000 images", "10 000 test images", "batches of 2,048", "a dropout of 0.5", "50 % dropout",
        "more than 97 %", "below 99 %", "about 98.0 %", "1.94 % errors", "p < 0.05",
    ],
)  # fmt: skip
def test_what_a_measured_value_rounds_to_is_no_finding(right: str) -> None:
    assert said(f"The network: {right}.") == []


@pytest.mark.parametrize(
    "right",
    [
        "98,06 % sur le jeu de test", "98,1 %", "98\u202f%", "0,981", "une perte de 0,073", "0,07",
        "97,17 % en validation", "238 510 paramètres", "238\u202f510 paramètres", "0,24 million de poids",
        "60 000 images", "10 000 images de test", "des lots de 2 048", "un dropout de 0,5", "50 % de dropout",
        "plus de 97 %", "moins de 99 %", "environ 98,0 %", "un taux d’erreur de 1,94 %", "p < 0,05",
        "un gain de 1,94 point sur l’expérience précédente", "un intervalle à 95 %",
        "l’expérience précédente atteint 96,12 %", "avec « 300 tanh units, no dropout », 95,21 %",
    ],
)  # fmt: skip
def test_french_that_a_measured_value_rounds_to_is_no_finding(right: str) -> None:
    assert said(f"Le réseau : {right}.") == []


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ("99,9 % sur le jeu de test", "99,9 %"),
        ("99,9\u202f%", "99,9\u202f%"),
        ("98,06 % en validation", "98,06 %"),
        ("97,17 % sur le jeu de test", "97,17 %"),
        ("une perte de 0,079", "0,079"),
        ("12 345 paramètres", "12 345"),
        ("12\u202f345 paramètres", "12\u202f345"),
        ("1,2 million de poids", "1,2 million"),
        ("plus de 99 %", "99 %"),
        ("un gain de 2,94 points sur l’expérience précédente", "2,94"),
        ("98,06 % et 96,12 %", "96,12 %"),
        ("une précision de 12,3 %", "12,3 %"),
        ("0,97 sur le jeu de test", "0,97"),
    ],
)
def test_french_that_no_measured_value_rounds_to_is_found(wrong: str, number: str) -> None:
    assert said(f"Le réseau : {wrong}.") == [number]


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ("99,9 % on the test set", "99,9 %"),
        ("99.9 %", "99.9 %"),
        ("99.9 % with 238 510 parameters", "99.9 %"),
        ("98.2 %", "98.2 %"),
        ("97.17 % on the test set", "97.17 %"),
        ("98.06 % in validation", "98.06 %"),
        ("238 511 parameters", "238 511"),
        ("238,500 parameters", "238,500"),
        ("1.2 million weights", "1.2 million"),
        ("0.97 on the test set", "0.97"),
        ("a loss of 0.08", "0.08"),
        ("more than 99 %", "99 %"),
        ("98.06 % and 96.12 %", "96.12 %"),
        ("a precision of 12.3 %", "12.3 %"),
    ],
)
def test_what_no_measured_value_rounds_to_is_found(wrong: str, number: str) -> None:
    assert said(f"The network: {wrong}.") == [number]


def test_truncation_is_not_rounding() -> None:
    # Coursework 001: "0.79" for 0.7976.
    experiments, results = coursework(comments={"raw-250": "The test accuracy is 0.79, or 0.80."})
    moved = [results[0], samples.with_record(results[1], exact(0.7976, 0.7812, 0.5434, 0.6011)), *results[2:]]
    assert [p.message.split('"')[3] for p in findings(experiments, moved)] == ["0.79"]


def test_scores_of_another_model_are_found() -> None:
    # Coursework 001: "0.29 / 0.89" for a model with 0.2672 / 0.9055; they are those of the model before.
    text = "Test score and accuracy are 0.29 / 0.89."
    experiments, results = coursework(comments={"raw-250": text})
    before, own = exact(0.8932, 0.8951, 0.2910, 0.2899), exact(0.9055, 0.9077, 0.2672, 0.2601)
    moved = [samples.with_record(results[0], before), samples.with_record(results[1], own), *results[2:]]
    assert [p.message.split('"')[3] for p in findings(experiments, moved)] == ["0.29", "0.89"]


def test_another_row_counts_where_the_sentence_names_it() -> None:
    assert said("The network gets 96.12 %.") == ["96.12 %"]
    assert said("The row before gets 96.12 %.") == []
    assert said("The network raw-300 gets 95.21 %.") == []
    assert said("With “300 tanh units, no dropout” it is 95.21 %.") == []


def test_differences_in_points_count_where_the_sentence_speaks_of_them() -> None:
    assert said("It gains 1.94 points on the row before.") == []
    assert said("It gains 2.94 points on the row before.") == ["2.94"]


def test_scores_of_training_and_classes_count_only_where_they_are_spoken_of() -> None:
    record = exact(0.9806, 0.9717, 0.0734, 0.0951)
    training = f"{100 * float(record.history['accuracy'][-1]):.2f} %"
    assert said(f"It gets {training}.") == [training]
    assert said(f"It gets {training} on the training set.") == []
    assert said(f"Elle atteint {training} à l'entraînement.") == []


def test_texts_of_a_chapter_are_held_against_all_its_rows() -> None:
    assert said("", {"conclusion": "They get 96.12 %, 98.06 % and 95.21 %."}) == []
    assert said("", {"introduction": "One gets 86.12 %."}) == ["86.12 %"]


def test_the_nearest_values_and_the_live_number_are_named() -> None:
    experiments, results = coursework(comments={"raw-250": "It gets 98.2 %."})
    moved = [results[0], samples.with_record(results[1], exact(0.9806, 0.9717, 0.07, 0.09)), *results[2:]]
    (problem,) = findings(experiments, moved)
    assert problem.code == "typed-number"
    assert "98.06" in problem.remedy and "{{ this.test_accuracy }}" in problem.remedy


def test_a_row_without_results_has_nothing_to_contradict() -> None:
    assert findings(*coursework(comments={"raw-250": "It gets 12.3 %."}, failed=True)) == ()


def complaints(comment: str, published: Published) -> list[str]:
    """The numbers complained of in a comment of a row with published figures."""
    experiments, results = coursework(comments={"raw-250": comment})
    rows = [
        dataclasses.replace(one, row=dataclasses.replace(one.row, published=published))
        if one.row.id == "raw-250"
        else one
        for one in results
    ]
    return [problem.message.split('"')[3] for problem in findings(experiments, rows)]


def test_published_validation_figures_count_where_a_sentence_speaks_of_them() -> None:
    given = Published(best_validation_accuracy=0.4231, best_validation_loss=3.142)
    for right in (
        "The published validation accuracy is 42.31 %.",
        "They published a loss of 3.14 in validation.",
    ):
        assert complaints(right, given) == []
    assert complaints("The published validation accuracy is 43.31 %.", given) == ["43.31 %"]
    assert complaints("The validation accuracy is 42.31 %.", given) == ["42.31 %"]
    _, results = coursework()
    own = next(max(one.records[0].history["val_accuracy"]) for one in results if one.row.id == "raw-250")
    apart = f"{100 * (own - 0.4231):.2f}"
    assert complaints(f"The published validation accuracy is {apart} points lower.", given) == []
