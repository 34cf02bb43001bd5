"""Published figures beside ours, and what may be said of their agreement."""

from __future__ import annotations

import re

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from reportgen import tables
from reportgen.analysis import numbers
from reportgen.analysis.scores import score
from reportgen.experiments.schema import Protocol, Published
from reportgen.results import Failure, Result
from reportgen.tables import widths
from reportgen.tables.agreement import Beside, beside, corrected
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


def test_a_mean_over_runs_is_not_rounded_to_whole_items() -> None:
    row = repeated("a", accuracy=0.94, published=Published(test_accuracy=0.95))
    share = accuracy(row)
    assert 500 * share != pytest.approx(round(500 * share)), "the premise: between two counts"
    (table,) = tables.published_tables([row], KNOWN)
    low, high = confint_proportions_2indep(500 * share, 500, 475, 500, method="newcomb")
    expected = f"{100 * low:+.2f} to {100 * high:+.2f}".replace("-", "−")
    rounded = confint_proportions_2indep(round(500 * share), 500, 475, 500, method="newcomb")
    assert table.rows[0].cells[-1].text == expected != f"{100 * rounded[0]:+.2f} to {100 * rounded[1]:+.2f}"


def test_a_difference_has_the_digits_of_the_published_figure() -> None:
    one = result("a", accuracy=0.9, published=Published(f1=0.91, test_loss=0.25, test_accuracy=0.5))
    scores, others = tables.published_tables([one])
    cells = dict(zip(heads(others), others.rows[0].cells, strict=True))
    ours = float(cells["F1: ours"].value or 0)
    assert cells["F1: difference"].text.lstrip("+") == numbers.decimal(ours - 0.91, 2)
    assert cells["F1: difference"].value == pytest.approx(ours - 0.91)
    cells = dict(zip(heads(scores), scores.rows[0].cells, strict=True))
    assert len(cells["Loss: difference"].text.partition(".")[2]) == 2
    assert cells["Accuracy, %: difference, points"].text == f"{100 * (accuracy(one) - 0.5):+.0f}"
    assert "unless" not in scores.caption
    # Beside its interval it has the digits of the interval.
    known = tables.published_tables([one], KNOWN)[0]
    cells = dict(zip(heads(known), known.rows[0].cells, strict=True))
    text = cells["Difference, points: ours − published"].text
    assert text == f"{100 * (accuracy(one) - 0.5):+.2f}" and "unless its interval is given" in known.caption


def test_the_note_is_of_the_columns_that_found_room(monkeypatch: pytest.MonkeyPatch) -> None:
    one = result("a", published=Published(test_accuracy=0.95))
    (wide,) = tables.published_tables([one], KNOWN)
    assert "95 % intervals after Wilson. That of the difference: after Newcombe" in wide.note
    monkeypatch.setattr(widths, "PAGE", 200.0)
    (narrow,) = tables.published_tables([one], KNOWN)
    assert "Accuracy, %: 95 % interval" not in heads(narrow) and "Wilson" not in narrow.note
    assert "95 % intervals of the difference after Newcombe" in narrow.note
    assert "Left out for want of room: 95 % interval" in narrow.note


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
        assert [cell.text for cell in others.rows[0].cells][1:] == ["0.97", "–", "198\u00a0760", "–"]
        assert [cell.text for cell in scores.rows[0].cells][1:] == ["90", "–"]
        assert not any("difference" in head for table in (scores, others) for head in heads(table))
        assert "difference" not in scores.caption
    assert tables.published_tables([result("b")]) == ()


def test_published_figures_on_a_stand_in_say_nothing() -> None:
    one = result("a", published=Published(test_accuracy=0.9, total_params=198_760), name="digits")
    scores, others = tables.published_tables([one], KNOWN)
    assert "cannot be compared" in scores.note
    assert not any("difference" in head for head in heads(scores)), "there is none to show"
    assert "A difference is" not in scores.caption
    assert others.rows[0].cells[3].text == "0"
    assert "A difference is" in others.caption
    said = " ".join(tables.agreement([one], KNOWN))
    assert "One is not compared: ours was measured on Digits, 8 × 8, in place of MNIST." in said
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
    assert sentences[0].startswith("1 of 2 published accuracies can be told from ours")
    difference = 100 * (accuracy(far) - 0.5)
    assert spaced(sentences[1]).startswith(
        f"One differs: “Title of far”, ours higher by {difference:.2f} points (95 % interval +"
    )
    said = spaced(" ".join(sentences))
    assert "the published runs were validated on the test set itself, ours on a 10 % split" in said
    assert "Not stated of the published runs: their seeds (ours: seed 42)." in said
    assert "tested on 500" not in said  # no difference there
    other = " ".join(tables.agreement(rows_near_and_far(), Protocol(validation="test", test_items=10_000)))
    assert "they were tested on 10 000 items, ours on 500" in spaced(other)


def test_single_trainings_are_told_apart_after_the_correction_alone() -> None:
    """An interval that leaves zero out is that of its own comparison, and counted as such."""
    found = [
        Beside("x", 0.9, score(result("a"), "test_accuracy"), 0.01, 0.05, p) for p in (0.001, 0.004, 0.9)
    ]
    assert [one.p for one in corrected(found)] == pytest.approx([0.003, 0.008, 0.9])
    assert [one.apart for one in corrected(found)] == [True, False, False]
    assert [one.apart for one in found] == [True, True, False]
    ours = accuracy(result("a"))
    rows = [result("a", published=Published(test_accuracy=round(ours + by, 4))) for by in (-0.022, 0.0, -0.3)]
    said = spaced(" ".join(tables.agreement(rows, KNOWN)))
    assert "1 of 3 published accuracies can be told from ours" in said
    assert "One differs: “Title of a”, ours higher by 30.00 points (95 % interval" in said
    assert "95 % interval of 1 more leaves out zero" in said
    first = beside(rows[0], KNOWN)
    assert first is not None and first.excluded


def test_one_decimal_of_f1_says_nothing() -> None:
    coarse = [
        result("a", published=Published(f1=0.9, total_params=10)),
        result("b", published=Published(total_params=9)),
    ]
    (table,) = tables.published_tables(coarse)
    assert not any("F1" in head for head in heads(table))
    fine = [
        result("a", published=Published(f1=0.91, total_params=10)),
        result("b", published=Published(total_params=9)),
    ]
    (table,) = tables.published_tables(fine)
    assert any("F1" in head for head in heads(table))
    rare = [*fine, result("c", published=Published(total_params=9))]
    (table,) = tables.published_tables(rare)
    assert not any("F1" in head for head in heads(table))


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
    assert "chance" not in " ".join(tables.agreement(many, KNOWN))


def test_agreement_says_what_the_intervals_suppose() -> None:
    sentence = (
        "The published predictions are not available, so the two are treated as independent samples. If both"
        " were tested on the same images, the intervals are wider than need be, and a small difference is"
        " harder to see. The luck of training is in none of them."
    )
    assert sentence in tables.agreement(rows_near_and_far(), KNOWN)
    assert sentence not in tables.agreement(rows_near_and_far(), Protocol()), "there are no such intervals"


def test_agreement_reads_differences_of_protocol_from_the_records() -> None:
    published = Published(test_accuracy=0.95)
    rows = [result("a", published=published), repeated("b", published=published), result("c")]
    said = spaced(" ".join(tables.agreement(rows, KNOWN)))
    assert "For 1 of the 3 experiments no published accuracy is given." in said
    assert (
        "ours were trained on 2 700 of 3 000 training images, where the published runs had to hold none"
        in said
    )
    assert (
        "1 of ours is a mean of 3 runs, the published figures those of single runs as far as is known."
        in said
    )
    all_means = [repeated("a", published=published), repeated("b", runs=2, published=published)]
    said = spaced(" ".join(tables.agreement(all_means, Protocol(validation=0.1))))
    assert "; ours are means of 2 to 3 runs, the" in said or ": ours are means of 2 to 3 runs, the" in said
    assert "were trained on" not in said and "experiments no published" not in said
    on_test = tables.agreement([result("a", published=published, validation="test")], KNOWN)
    assert "Known differences" not in " ".join(on_test)
