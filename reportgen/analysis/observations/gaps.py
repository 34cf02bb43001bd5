"""Rules that set training against validation, and validation against test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from statistics import fmean

from reportgen import language
from reportgen.analysis import numbers, statistics
from reportgen.analysis.metrics import correct_items
from reportgen.analysis.observations import curves
from reportgen.analysis.observations.measured import above_measured, gap_measured
from reportgen.analysis.observations.rule import Everything, Said, rule
from reportgen.analysis.observations.seeds import as_means, gap, in_points, mean, seen, seen_in_curves, span
from reportgen.analysis.scores import Score, score
from reportgen.records import Record
from reportgen.results import Result

GAP = 0.005
"""Half a point of accuracy: a smaller gap is seen in every run that trains at all."""
TEST_LEVEL = 0.99
"""Level of the interval of test minus validation: at 0.95 one row in twenty would show one by chance."""
TURNED = 82
"""Importance of a gap where the validation loss has turned."""
GAP_CERTAIN = 2.0
"""Standard errors of the validation accuracy."""
ABOVE = 0.03
"""Part of the training loss by which the validation loss must lie below it: less is drawn as one line."""


@dataclass(frozen=True)
class _End:
    """Loss and accuracy at the last epoch, in training and in validation."""

    epoch: int
    training_loss: float
    validation_loss: float
    training: float
    validation: float


def _end(record: Record) -> _End:
    names = ("loss", "val_loss", "accuracy", "val_accuracy")
    return _End(record.epochs, *(float(record.history[name][-1]) for name in names))


def _open(record: Record) -> _End | None:
    """The end of a run with a training accuracy clearly above, over the last stretch as at the last epoch."""
    if not curves.readable(record):
        return None
    end, width = _end(record), curves.stretch(record)
    means = {name: float(record.history[name][-width:].mean()) for name in ("accuracy", "val_accuracy")}
    error = sqrt(end.validation * (1 - end.validation) / record.data.n_validation)
    least = max(GAP, GAP_CERTAIN * error)
    over_stretch = means["accuracy"] - means["val_accuracy"]
    return end if min(end.training - end.validation, over_stretch) >= least else None


def _facts(subject: Result) -> dict[str, float]:
    """Means over all seeds of what the runs end at, as the tables print them too."""
    ends = [_end(record) for record in subject.records]
    return {
        "training_loss": fmean(end.training_loss for end in ends),
        "validation_loss": fmean(end.validation_loss for end in ends),
        "training_accuracy": fmean(end.training for end in ends),
        "validation_accuracy": fmean(end.validation for end in ends),
    }


@rule("gap", importance=62)
def training_gap(subject: Result, everything: Everything) -> Iterator[Said]:
    """At the end, training accuracy lies clearly above validation accuracy."""
    ends = seen_in_curves(subject, _open)
    if ends is None or subject.record is None:
        return
    facts = _facts(subject)
    printed = {
        "epoch": ends.epochs(lambda record: record.epochs),
        "training": numbers.percentage(facts["training_accuracy"]),
        "validation": numbers.percentage(facts["validation_accuracy"]),
        "points": in_points(gap(facts["training_accuracy"], facts["validation_accuracy"]), signed=False),
    }
    turned = seen_in_curves(subject, curves.turn) is not None
    if turned:
        sentence = language.text(
            "Overfitting: at epoch {epoch} training accuracy ({training}) lies {points} above validation"
            " accuracy ({validation}), and the validation loss is past its lowest value.",
            **printed,
        )
    else:
        sentence = language.text(
            "At epoch {epoch} training accuracy ({training}) lies {points} above validation accuracy"
            " ({validation}).",
            **printed,
        )
        sentence += _state(subject)
    question = language.text(
        "How far apart are training and validation at the end, in loss and in accuracy? Is each of the two"
        " measured in the same way, and is the gap a fault?"
    )
    yield Said(
        ends.said(f"{sentence} {gap_measured(subject.record)}"),
        question,
        {**facts, **ends.evidence},
        TURNED if turned else None,
    )


def _state(subject: Result) -> str:
    """What the validation loss does in the end, where it has not turned."""
    if seen_in_curves(subject, lambda record: curves.falling(record, least=curves.IMPROVING)) is not None:
        return " " + language.text("The validation loss is still falling.")
    still = curves.standstill(subject.records)
    if still is None:
        endings = [curves.ending(record) for record in subject.records]
        return " " + language.text(
            "The mean validation loss is {after} in the last {stretch} epochs, {before} in the"
            " {stretch} before.",
            before=numbers.loss(fmean(each.before for each in endings)),
            after=numbers.loss(fmean(each.after for each in endings)),
            stretch=span([each.stretch for each in endings]),
        )
    then, now = numbers.loss(still.training_then), numbers.loss(still.training_last)
    if still.training_last < still.training_then and then != now:
        return " " + language.text(
            "The validation loss has stood still since about epoch {since}; the training loss fell on,"
            " from {then} to {now}.",
            since=numbers.thousands(still.since),
            then=then,
            now=now,
        )
    return " " + language.text(
        "The validation loss has stood still since about epoch {since}.",
        since=numbers.thousands(still.since),
    )


def _above(record: Record) -> _End | None:
    """The end of a run with a validation loss clearly below the training loss, over the last stretch too."""
    if not curves.readable(record):
        return None
    end, width = _end(record), curves.stretch(record)
    training, held = (float(record.history[name][-width:].mean()) for name in ("loss", "val_loss"))
    below = min(1 - end.validation_loss / end.training_loss, 1 - held / training)
    return end if below >= ABOVE and end.validation >= end.training else None


@rule("validation-above", importance=50)
def validation_above(subject: Result, everything: Everything) -> Iterator[Said]:
    """At the end, the validation figures look more favourable than the training figures."""
    ends = seen_in_curves(subject, _above)
    if ends is None or subject.record is None:
        return
    facts = _facts(subject)
    sentence = language.text(
        "Validation ends with the lower loss ({validation_loss} against {training_loss} in training) and no"
        " lower accuracy ({validation} against {training}).",
        validation_loss=numbers.loss(facts["validation_loss"]),
        training_loss=numbers.loss(facts["training_loss"]),
        validation=numbers.percentage(facts["validation_accuracy"]),
        training=numbers.percentage(facts["training_accuracy"]),
    )
    question = language.text(
        "On which side of the training curve does the validation curve end? Name what differs in how the"
        " two are measured."
    )
    yield Said(
        ends.said(f"{sentence} {above_measured(subject.record)}"), question, {**facts, **ends.evidence}
    )


@rule("validated-on-test", importance=100)
def validated_on_test(subject: Result, everything: Everything) -> Iterator[Said]:
    """The test set was the validation set."""
    record = subject.record
    if record is None or not record.data.validated_on_test:
        return
    accuracy = mean(subject, lambda one: one.evaluation["test"]["accuracy"])
    sentence = language.text(
        "This row was validated on the test set itself: what is chosen by its curves is chosen by the test"
        " items, so its test accuracy of {accuracy} is to be taken as optimistic, by an amount that cannot be"
        " told.",
        accuracy=numbers.percentage(accuracy),
    )
    question = language.text(
        "Which items were these curves measured on, and what does that leave for the final test?"
    )
    yield Said(as_means(subject, sentence), question, {"test_accuracy": accuracy})


def _sides(record: Record) -> tuple[float, float] | None:
    """The interval of test minus validation accuracy, where it leaves out zero."""
    low, high = statistics.unpaired_interval(
        correct_items(record.test),
        len(record.test.y_true),
        correct_items(record.validation),
        len(record.validation.y_true),
        TEST_LEVEL,
    )
    return (low, high) if low > 0 or high < 0 else None


@rule("validation-test", importance=81)
def validation_test(subject: Result, everything: Everything) -> Iterator[Said]:
    """Test and validation accuracy differ by more than the items explain."""
    sides = seen(subject, _sides)
    if sides is None or subject.record is None or subject.record.data.validated_on_test:
        return
    below = all(high < 0 for _, high in sides.found)
    if not below and not all(low > 0 for low, _ in sides.found):
        return
    held, test = score(subject, "validation_accuracy"), score(subject, "test_accuracy")
    facts = {
        "validation": numbers.percentage(held.mean),
        "validation_interval": numbers.interval(held.low, held.high),
        "test": numbers.percentage(test.mean),
        "test_interval": numbers.interval(test.low, test.high),
        "points": in_points(abs(gap(test.mean, held.mean)), signed=False),
    }
    if below:
        sentence = language.text(
            "Test accuracy ({test}, 95 % interval {test_interval}) lies {points} below validation accuracy"
            " ({validation}, {validation_interval}), more than their numbers of items explain: the items held"
            " out are easier, or choices made on them show.",
            **facts,
        )
    else:
        sentence = language.text(
            "Test accuracy ({test}, 95 % interval {test_interval}) lies {points} above validation accuracy"
            " ({validation}, {validation_interval}), more than their numbers of items explain: the test items"
            " are easier, which says nothing of the network.",
            **facts,
        )
    question = language.text(
        "Do validation and test accuracy agree within what their numbers of items allow? If not, which"
        " items are easier?"
    )
    evidence = _scores(held, "validation") | _scores(test, "test") | {"difference": test.mean - held.mean}
    yield Said(sides.said(sentence), question, evidence)


def _scores(found: Score, part: str) -> dict[str, float]:
    return {f"{part}_accuracy": found.mean, f"{part}_low": found.low, f"{part}_high": found.high}
