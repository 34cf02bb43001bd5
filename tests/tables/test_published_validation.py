"""Published validation figures beside ours: in tables of their own, with their epochs."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from reportgen import tables
from reportgen.experiments.schema import Protocol, Published
from reportgen.results import Failure, Result
from reportgen.tables import widths
from reportgen.tables.table import Table
from tests import samples
from tests.tables.reading import heads, repeated, result, spaced, texts

KNOWN = Protocol(
    source="a notebook", validation=0.1, test_items=500, validation_items=400, tested_epoch="last"
)
ALL = Published(
    test_accuracy=0.9612, test_loss=0.2, best_validation_accuracy=0.955, best_validation_accuracy_epoch=12,
    best_validation_loss=0.1517, best_validation_loss_epoch=7,
)  # fmt: skip
ACCURACY = "Highest validation accuracy, %: "
LOSS = "Lowest validation loss: "


def by_id(results: list[Result], protocol: Protocol | None = KNOWN) -> dict[str, Table]:
    return {table.id: table for table in tables.published_tables(results, protocol)}


def best(found: Result) -> tuple[float, int, float, int]:
    """Of one run: highest accuracy and lowest loss, each with its epoch."""
    (record,) = found.records
    accuracies, losses = record.history["val_accuracy"], record.history["val_loss"]
    return (
        float(max(accuracies)),
        int(np.argmax(accuracies)) + 1,
        float(min(losses)),
        int(np.argmin(losses)) + 1,
    )


def test_each_kind_has_its_table_and_each_best_figure_its_epoch() -> None:
    one = result("a", published=ALL)
    accuracy, accuracy_epoch, loss, loss_epoch = best(one)
    found = by_id([one, result("none")])
    assert list(found) == ["published", "published-validation", "published-validation-loss"]
    table = found["published-validation"]
    assert heads(table) == [
        "Experiment", f"{ACCURACY}published", f"{ACCURACY}epoch", f"{ACCURACY}ours", f"{ACCURACY}our epoch",
        f"{ACCURACY}95 % interval", "Difference, points: ours − published", "Difference, points: 95 % interval",
    ]  # fmt: skip
    own = proportion_confint(300 * accuracy, 300, method="wilson")
    gap = confint_proportions_2indep(300 * accuracy, 300, 0.955 * 400, 400, method="newcomb")
    assert texts(table) == [
        [
            "Title of a", "95.5", "12", f"{100 * accuracy:.2f}", str(accuracy_epoch),
            f"{100 * own[0]:.2f}–{100 * own[1]:.2f}", f"{100 * (accuracy - 0.955):+.2f}".replace("-", "−"),
            f"{100 * gap[0]:+.2f} to {100 * gap[1]:+.2f}".replace("-", "−"),
        ]
    ]  # fmt: skip
    table = found["published-validation-loss"]
    assert heads(table)[1:] == [
        f"{LOSS}{each}" for each in ("published", "epoch", "ours", "our epoch", "difference")
    ]
    gap_of_loss = f"{loss - 0.1517:+.3f}".replace("-", "−")
    assert texts(table)[0][1:] == ["0.152", "7", f"{loss:.3f}", str(loss_epoch), gap_of_loss]
    assert "of any epoch (a notebook)" in found["published-validation"].caption
    for name in ("published-validation", "published-validation-loss"):
        assert "is of the epoch where it was best, and so is optimistic" in found[name].note
        assert widths.width(found[name]) <= widths.PAGE


def test_the_test_scores_say_which_weights_they_are_of() -> None:
    """The mistake of a table that sets the best epoch's validation beside the last epoch's test."""
    one = result("a", published=ALL)
    note = by_id([one])["published"].note
    assert note.startswith(
        "The published test scores are of the weights of the last epoch. Ours are of the weights"
    )
    assert "optimistic" not in note
    assert by_id([one], Protocol())["published"].note.startswith(
        "Which epoch’s weights the published test scores"
    )
    alone = result("a", published=Published(test_accuracy=0.9))
    assert "weights" not in by_id([alone], Protocol())["published"].note


def test_without_published_epochs_ours_stand_alone() -> None:
    one = result("a", published=Published(best_validation_accuracy=0.95, best_validation_loss=0.2))
    found = by_id([one], Protocol())
    assert heads(found["published-validation"])[1:] == [
        f"{ACCURACY}{each}"
        for each in ("published", "ours", "our epoch", "95 % interval", "difference, points")
    ]
    assert "The number of published validation images is not given" in found["published-validation"].note
    some = [one, result("b", published=ALL)]
    assert [line[2] for line in texts(by_id(some)["published-validation"])] == ["–", "12"]


def test_ours_of_several_seeds_is_the_mean_of_their_best() -> None:
    row = repeated("a", published=ALL)
    table = by_id([row])["published-validation"]
    cells = dict(zip(heads(table), table.rows[0].cells, strict=True))
    values = [max(record.history["val_accuracy"]) for record in row.records]
    epochs = [int(np.argmax(record.history["val_accuracy"])) + 1 for record in row.records]
    assert cells[f"{ACCURACY}ours"].value == pytest.approx(100 * np.mean(values))
    shown = str(epochs[0]) if len(set(epochs)) == 1 else f"{min(epochs)} to {max(epochs)}"
    assert cells[f"{ACCURACY}our epoch"].text == shown
    losses = by_id([row])["published-validation-loss"]
    cells = dict(zip(heads(losses), losses.rows[0].cells, strict=True))
    assert cells[f"{LOSS}ours"].value == pytest.approx(
        np.mean([min(r.history["val_loss"]) for r in row.records])
    )


def test_losses_hold_the_penalty_on_both_sides_and_it_is_said() -> None:
    one = result("a", published=ALL, penalty=0.05)
    lowest = float(min(one.records[0].history["val_loss"]))
    table = by_id([one])["published-validation-loss"]
    assert texts(table)[0][3] == f"{lowest:.3f}"
    assert "The losses of “Title of a”, published and ours, hold a penalty" in spaced(table.note)
    assert "penalty" not in by_id([one])["published-validation"].note


def test_a_failed_row_and_a_stand_in_keep_what_was_published() -> None:
    lost = samples.result(samples.row("a", published=ALL), "a", 42, failure=Failure("timeout", "too long"))
    table = by_id([lost])["published-validation"]
    assert table.rows[0].style == "failed" and texts(table)[0][1:] == ["95.5", "12", "–", "–"]
    odd = by_id([result("a", published=ALL, name="digits")])["published-validation"]
    assert "difference" not in heads(odd)[-1] and "cannot be compared" in odd.note


HELD = Published(best_validation_accuracy=0.5)


def said(results: list[Result], protocol: Protocol = KNOWN) -> list[str]:
    return [spaced(sentence) for sentence in tables.agreement(results, protocol)]


def test_agreement_is_on_validation_only_where_no_test_was_published() -> None:
    both = result("both", published=ALL)
    told = said([both])
    assert not any("validation accurac" in sentence for sentence in told)
    alone = said([result("v", published=HELD), result("n")])
    assert alone[0].startswith("No test accuracy was published: what follows compares the highest validation")
    assert alone[1].startswith("The one published accuracy can be told from ours: p")
    highest = max(result("v").records[0].history["val_accuracy"])
    assert alone[2].startswith(
        f"One differs: “Title of v”, ours higher by {100 * (highest - 0.5):.2f} points (95 %"
    )
    assert alone[3].endswith("that the epoch was chosen by these very images is in the intervals.")
    assert alone[4] == "For 1 of the 2 experiments no published accuracy is given."
    assert "they were validated on 400 items, ours on 300" in alone[5] and "tested on" not in " ".join(alone)


def test_agreement_never_corrects_the_two_kinds_as_one_family() -> None:
    rows = [
        result("t", published=Published(test_accuracy=0.9)),
        result("u", published=Published(test_accuracy=0.5)),
    ]
    held = [result("v", published=HELD)]
    told = said([*rows, *held])
    of_tests = said(rows)
    assert told[: len(of_tests) - 2] == of_tests[:-2]
    place = next(
        n for n, sentence in enumerate(told) if sentence.startswith("For 1 row no test accuracy was pub")
    )
    assert told[place + 1].startswith("The one published accuracy can be told from ours")
    assert not any("no published accuracy is given" in sentence for sentence in told)


def test_agreement_without_the_number_of_images_uses_ours_alone() -> None:
    told = said([result("v", published=HELD), result("w", published=HELD)], Protocol())
    assert told[1].startswith("The number of published validation images is not given, so only ours have")
    assert told[1].endswith("0 of 2 published accuracies lie within it.")
    assert "on how many items they were validated" in told[-1] and "tested on" not in told[-1]


def test_each_table_tells_of_the_noise_of_its_own_figures() -> None:
    """One configuration that was published twice, with other figures."""
    figures = ({"test_accuracy": 0.9612, "best_validation_accuracy": 0.97, "best_validation_loss": 0.11},
               {"test_accuracy": 0.9512, "best_validation_accuracy": 0.9655, "best_validation_loss": 0.1234})  # fmt: skip
    first = result("a", published=Published.model_validate(figures[0]))
    row = samples.row("b", title="Title of b", published=Published.model_validate(figures[1]))
    found = by_id([first, dataclasses.replace(first, row=row)])
    notes = {name: spaced(table.note) for name, table in found.items()}
    assert "test accuracy 96.12 % and 95.12 % (1.00 points)" in notes["published"]
    assert "highest validation accuracy 97.00 % and 96.55 % (0.45 points)" in notes["published-validation"]
    assert "lowest validation loss 0.1100 and 0.1234 (0.0134 apart)" in notes["published-validation-loss"]
    for name, other in (("published", "validation accuracy 97"), ("published-validation", "test accuracy")):
        assert other not in notes[name]


def test_a_validation_accuracy_of_the_tested_weights_has_a_table_of_its_own() -> None:
    """Set beside ours of the tested weights, not beside the best of any epoch."""
    given = Published(test_accuracy=0.95, validation_accuracy=0.9325)
    one = result("a", published=given)
    found = by_id([one])
    assert list(found) == ["published", "published-same-weights"]
    table = found["published-same-weights"]
    ours = one.records[0].evaluation["validation"]["accuracy"]
    assert heads(table)[1:] == [
        f"Validation accuracy, %: {each}" for each in ("published", "ours", "difference, points")
    ]
    apart = f"{100 * (ours - 0.9325):+.2f}".replace("-", "−")
    assert texts(table)[0][1:] == ["93.25", f"{100 * ours:.2f}", apart]
    assert "of the weights that were tested (a notebook)" in table.caption
    assert "best" not in table.note and "interval" not in table.note


def test_published_validation_accuracies_of_one_configuration_tell_of_noise() -> None:
    first = result("a", published=Published(validation_accuracy=0.97))
    row = samples.row("b", title="Title of b", published=Published(validation_accuracy=0.9655))
    found = by_id([first, dataclasses.replace(first, row=row)])
    note = spaced(found["published-same-weights"].note)
    assert "validation accuracy 97.00 % and 96.55 % (0.45 points)" in note
