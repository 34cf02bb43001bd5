"""Published figures beside ours, and what may be said of their agreement."""

from __future__ import annotations

import re

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from reportgen import tables
from reportgen.experiments.schema import Protocol, Published
from reportgen.results import Failure, Result
from tests import samples
from tests.tables.reading import heads, repeated, result, spaced

KNOWN = Protocol(source="a lab report", validation="test", test_items=500)


def accuracy(row: Result) -> float:
    return float(np.mean([(one.test.y_true == one.test.y_pred).mean() for one in row.records]))


def test_published_beside_ours() -> None:
    published = Published(test_accuracy=0.9819, test_loss=0.1175)
    one, two = (
        result("a", published=published),
        result("b", published=Published(test_accuracy=0.5), validation="test"),
    )
    (table,) = tables.published_tables([one, result("none"), two])
    assert [line.link for line in table.rows] == ["a", "b"]
    assert [item.head for item in table.columns] == [
        "Experiment", "published", "ours", "95 % interval", "difference, points", "published", "ours", "difference",
        "Our validation",
    ]  # fmt: skip
    assert table.head_groups == (("", 1), ("Accuracy, %", 4), ("Loss", 3), ("", 1))
    assert tables.to_csv(table).startswith('Experiment,"Accuracy, %: published","Accuracy, %: ours"')
    assert "after Wilson" in table.note and "so the difference has no interval" in table.note
    first = table.rows[0].cells
    difference = 100 * (accuracy(one) - 0.9819)
    assert first[4].value == pytest.approx(difference)
    assert first[4].text == f"{difference:+.2f}".replace("-", "−")
    assert (spaced(first[-1].text), table.rows[1].cells[-1].text) == ("10 % split", "test set")
    assert table.rows[1].cells[5].value is None and table.rows[1].cells[7].value is None


def test_the_interval_of_the_difference_is_newcombes() -> None:
    one = result("a", published=Published(test_accuracy=0.95))
    (table,) = tables.published_tables([one], KNOWN)
    assert heads(table)[-2:] == ["Difference, points: ours − published", "Difference, points: 95 % interval"]
    low, high = confint_proportions_2indep(round(500 * accuracy(one)), 500, 475, 500, method="newcomb")
    expected = f"{100 * low:+.2f} to {100 * high:+.2f}".replace("-", "−")
    assert table.rows[0].cells[-1].text == expected
    assert "Newcombe" in table.note and "a lab report" in table.caption


def test_ours_of_several_seeds_is_the_mean() -> None:
    row = repeated("a", lost=(0,), published=Published(test_accuracy=0.95, test_loss=0.2))
    (table,) = tables.published_tables([row, result("b", published=Published(test_accuracy=0.9))], KNOWN)
    cells = dict(zip(heads(table), table.rows[0].cells, strict=True))
    assert cells["Seeds"].text == "2 of 3"
    assert cells["Accuracy, %: ours"].value == pytest.approx(100 * accuracy(row))
    losses = [record.evaluation["test"]["loss"] for record in row.records]
    assert cells["Loss: ours"].value == pytest.approx(np.mean(losses))
    assert "Title of a: 2 of 3 seeds" in table.note and "is the mean" in table.note


def test_published_figures_keep_the_digits_they_were_given_with() -> None:
    given = {
        "test_accuracy": (0.9819, 0.5, 0.9829999804496765),
        "test_loss": (0.1175, 0.2, 0.4200000166893005),
    }
    for name, values in given.items():
        results = [
            result(str(place), published=Published.model_validate({name: value}))
            for place, value in enumerate(values)
        ]
        (table,) = tables.published_tables(results)
        printed = [line.cells[1].text for line in table.rows]
        assert printed == (["98.19", "50", "98.30"] if name == "test_accuracy" else ["0.117", "0.2", "0.420"])


def test_one_validation_for_all_is_said_once() -> None:
    (table,) = tables.published_tables(
        [result(name, published=Published(test_accuracy=0.9)) for name in "ab"]
    )
    assert "Our validation" not in [item.title for item in table.columns]
    assert spaced(table.note).startswith("All of ours were validated on a 10 % split.")


def test_published_figures_of_a_failed_row_stay() -> None:
    row = samples.row("a", published=Published(f1=0.97, total_params=198_760, test_accuracy=0.9))
    lost = samples.result(row, "a", 42, failure=Failure("timeout", "too long"))
    for protocol in (None, KNOWN):
        scores, others = tables.published_tables([lost], protocol)
        assert scores.rows[0].style == others.rows[0].style == "failed"
        assert [cell.text for cell in others.rows[0].cells][1:4] == ["0.97", "–", "–"]
        assert [cell.text for cell in scores.rows[0].cells][1:] == ["90", "–", "–"]
    assert tables.published_tables([result("b")]) == ()


def test_published_figures_on_a_stand_in_say_nothing() -> None:
    one = result("a", published=Published(test_accuracy=0.9, total_params=198_760), name="digits")
    scores, others = tables.published_tables([one], KNOWN)
    assert "cannot be compared" in scores.note
    assert scores.rows[0].cells[-1].text == "–" and "difference" in heads(scores)[-1]
    assert others.rows[0].cells[3].text == "0"
    said = " ".join(tables.agreement([one], KNOWN))
    assert "One is not compared: ours were measured on Digits, 8 × 8, in place of MNIST." in said
    assert "interval" not in said


def rows_near_and_far() -> list[Result]:
    near = result("near")
    given = round(accuracy(near), 3)
    return [
        result("near", published=Published(test_accuracy=given)),
        result("far", published=Published(test_accuracy=0.5)),
        result("none"),
    ]


def test_agreement_counts_and_names_what_differs() -> None:
    far = rows_near_and_far()[1]
    sentences = tables.agreement(rows_near_and_far(), KNOWN)
    assert sentences[0].startswith("For 1 of 2 published accuracies the 95 % interval of the difference")
    difference = 100 * (accuracy(far) - 0.5)
    assert sentences[1].startswith(f"One differs: “Title of far”, ours higher by {difference:.2f} points (+")
    said = spaced(" ".join(sentences))
    assert "the published runs were validated on the test set itself, ours on a 10 % split" in said
    assert "Not stated of the published runs: their seeds (ours: seed 42)." in said
    assert "tested on 500" not in said  # no difference there
    other = " ".join(tables.agreement(rows_near_and_far(), Protocol(validation="test", test_items=10_000)))
    assert "they were tested on 10 000 items, ours on 500" in spaced(other)


def test_agreement_without_the_published_size_uses_ours_alone() -> None:
    sentences = tables.agreement(rows_near_and_far(), Protocol())
    assert "1 of 2 published accuracies lies within it." in sentences[0]
    assert sentences[1].startswith("One lies outside it: “Title of far”, ours higher by")
    assert (
        "what they were validated on, how many items they were tested on and their seeds and split"
        in sentences[-1]
    )


def test_agreement_says_what_has_no_result_and_never_that_something_was_reproduced() -> None:
    row = samples.row("a", published=Published(test_accuracy=0.9))
    lost = samples.result(row, "a", 42, failure=Failure("timeout", "too long"))
    assert tables.agreement([lost], KNOWN) == ("One published accuracy has no result of ours beside it.",)
    assert tables.agreement([result("a")], KNOWN) == ()
    many = [result(str(place), published=Published(test_accuracy=0.97)) for place in range(20)]
    for protocol in (KNOWN, Protocol()):
        said = " ".join(tables.agreement([*many, lost], protocol))
        assert not re.search(r"(?i)reproduc|replicat|confirm|better|nan\b", said)
    assert "about 1 would leave zero out by chance alone" in " ".join(tables.agreement(many, KNOWN))
