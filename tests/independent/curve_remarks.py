"""Remarks on a row's curves: what their numbers must be. Figures are means over all runs of the row."""

from __future__ import annotations

import re

from tests.independent import shown
from tests.independent.phrases import (
    PERCENT,
    ROW,
    SPAN,
    TO,
    Found,
    Fragment,
    N,
    Said,
    last,
    mean_of,
    named,
    span,
)
from tests.independent.runs import Row
from tests.independent.tally import Num, Text
from tests.independent.world import World, known, percent


def _points(first: float, second: float) -> Num:
    """The difference of two percentages as a reader of both finds it."""
    return Num(round(100 * first, 2) - round(100 * second, 2), 2)


def _turn(world: World, row: Row, match: re.Match[str]) -> Found:
    lows = [run.best_by_loss - 1 for run in row.runs]
    pairs = list(zip(row.runs, lows, strict=True))
    lowest = mean_of([run.history("val_loss")[low] for run, low in pairs])
    then = mean_of([run.history("loss")[low] for run, low in pairs])
    found = [span([low + 1 for low in lows]), span([run.epochs for run in row.runs]), Num(lowest, 3),
             Num(last(row, "val_loss"), 3)]  # fmt: skip
    return [*found, Num(then, 3), Num(last(row, "loss"), 3)] if "goes on" in match[0] else found


def _sure(world: World, row: Row, match: re.Match[str]) -> Found:
    then = mean_of([run.history("val_accuracy")[run.best_by_loss - 1] for run in row.runs])
    claimed = mean_of([run.confidence("validation") for run in row.runs])
    right = mean_of([run.accuracy("validation") for run in row.runs])
    return [span([run.best_by_loss for run in row.runs]), percent(then), percent(last(row, "val_accuracy")),
            percent(claimed), percent(right)]  # fmt: skip


def _gap(world: World, row: Row, match: re.Match[str]) -> Found:
    training, held = last(row, "accuracy"), last(row, "val_accuracy")
    epochs = span([run.epochs for run in row.runs])
    return [epochs, percent(training), _points(training, held), percent(held), Text(_state(row, match[0]))]


def _state(row: Row, sentence: str) -> str:
    """What is said of the validation loss beside a gap: which words belong there."""
    if 2 * len([run for run in row.runs if shown.turned(run)]) > len(row.runs):
        return ", and the validation loss is past its lowest value."
    if 2 * len([run for run in row.runs if shown.improves(run)]) > len(row.runs):
        return ". The validation loss is still falling."
    still = shown.standstill(row)
    return ". The validation loss has stood still since" if still else ". The mean validation loss is"


def _stretches(world: World, row: Row, match: re.Match[str]) -> Found:
    """The loss of the last stretch, and of the one before."""
    before, after = (mean_of([shown.ends(run)[i] for run in row.runs]) for i in (0, 1))
    width = span([shown.stretch(run) for run in row.runs])
    return [Num(after, 3), width, Num(before, 3), width]


def _still(world: World, row: Row, match: re.Match[str]) -> Found:
    found = shown.standstill(row)
    if found is None:
        return [Num(None)] * (3 if "fell on" in match[0] else 1)
    since, then, now = found
    return [Num(since), Num(then, 3), Num(now, 3)] if "fell on" in match[0] else [Num(since)]


def _above(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(last(row, "val_loss"), 3), Num(last(row, "loss"), 3),
            percent(last(row, "val_accuracy")), percent(last(row, "accuracy"))]  # fmt: skip


def _apart(world: World, row: Row, match: re.Match[str]) -> Found:
    there = mean_of([run.history("val_accuracy")[run.best_by_loss - 1] for run in row.runs])
    highest = mean_of([run.history("val_accuracy").max() for run in row.runs])
    return [span([run.best_by_loss for run in row.runs]), percent(there),
            span([run.best_by_accuracy for run in row.runs]), percent(highest),
            span([int(run.facts["tested_epoch"]) for run in row.runs])]  # fmt: skip


def _jump(world: World, row: Row, match: re.Match[str]) -> Found:
    falls = [shown.jump(run) for run in row.runs]
    return [span([epoch for epoch, _, _ in falls]), percent(mean_of([before for _, before, _ in falls])),
            percent(mean_of([after for *_, after in falls]))]  # fmt: skip


def _under(world: World, row: Row, match: re.Match[str]) -> Found:
    """Underfitted: the two accuracies, and the first row of the same inputs."""
    other = named(world, row, match)
    if other is None:
        return []
    held, training = percent(row.mean("validation_accuracy")), percent(last(row, "accuracy"))
    inputs = repr(row.runs[0].facts["features"].get("settings"))
    alike = [each for each in world.done if each.data_set == row.data_set
             and repr(each.runs[0].facts["features"].get("settings")) == inputs]  # fmt: skip
    first = max(each.mean("validation_accuracy") or 0.0 for each in alike)
    both = [held, training] if match[0].startswith("validation") else [training, held]
    right = abs((other.mean("validation_accuracy") or 0.0) - first) < 1e-7
    return [*both, percent(first if right else None)]


def _test(world: World, row: Row, match: re.Match[str]) -> Found:
    test, held = known(row, "test_accuracy"), known(row, "validation_accuracy")
    way = "below" if test.mean < held.mean else "above"
    apart = abs(round(100 * test.mean, 2) - round(100 * held.mean, 2))
    return [percent(test.mean), Num(95), percent(test.low), percent(test.high), Num(apart, 2), Text(way),
            percent(held.mean), percent(held.low), percent(held.high)]  # fmt: skip


REMARKS: tuple[Fragment, ...] = (
    Fragment("loss-turns", f"lowest at epoch {SPAN} of {SPAN} \\({N}\\) and ends at {N}"
             f"(?:, while the training loss goes on falling, from {N} to {N})?\\.", _turn),
    Fragment("over-confidence", f"from epoch {SPAN} on the validation loss rises, yet validation accuracy goes from "
             f"{PERCENT} to {PERCENT}\\. On the \\w+ images, (?:on which this row was validated, )?answers are "
             f"given a probability of {PERCENT} on average; {PERCENT} are right", _sure),
    Fragment("gap", f"[Aa]t epoch {SPAN} training accuracy \\({PERCENT}\\) lies {N} points above validation accuracy "
             f"\\({PERCENT}\\)(, and the validation loss is past its lowest value\\.|\\. The validation loss is still "
             "falling\\.|\\. The validation loss has stood still since|\\. The mean validation loss is)", _gap),
    Fragment("gap", f"validation loss is {N} in the last {SPAN} epochs, {N} in the {SPAN} before", _stretches),
    Fragment("gap", f"stood still since about epoch {N}(?:; the training loss fell on, from {N} to {N})?", _still),
    Fragment("not-converged", f"loss {N} in the last {SPAN} epochs, {N} in the {SPAN} before", _stretches),
    Fragment("last-epoch", f"mean {N} in the last {SPAN} epochs, {N} in the {SPAN} before", _stretches),
    Fragment("validation-above", f"\\({N} against {N} in training\\) and no lower accuracy "
             f"\\({PERCENT} against {PERCENT}\\)", _above),
    Fragment("epochs-apart", f"lowest at epoch {SPAN} \\(validation accuracy there {PERCENT}\\), the validation "
             f"accuracy highest at epoch {SPAN} \\({PERCENT}\\)\\. Tested were the weights of epoch {SPAN}", _apart),
    Fragment("unsteady-end", f"from epoch {SPAN} to the next the validation accuracy falls from {PERCENT} to "
             f"{PERCENT}", _jump),
    Fragment("underfitting", f"validation accuracy {PERCENT}, training accuracy {PERCENT} \\([^)]*\\); on the same "
             f"inputs {ROW} reaches {PERCENT}", _under),
    Fragment("underfitting", f"training accuracy {PERCENT} and validation accuracy {PERCENT} end close together; on "
             f"the same inputs {ROW} reaches {PERCENT}", _under),
    Fragment("validation-test", f"Test accuracy \\({PERCENT}, {N} % interval {TO}\\) lies {N} points (\\w+) "
             f"validation accuracy \\({PERCENT}, {TO}\\)", _test),
    Fragment("validated-on-test", f"its test accuracy of {PERCENT}",
             lambda world, row, match: [percent(row.mean("test_accuracy"))]),
)  # fmt: skip
"""Pieces of remarks with numbers, by rule."""


def _in_all(rule: str) -> Said:
    return lambda world, row, match: shown.in_all(row, rule)


def _in_some(rule: str) -> Said:
    return lambda world, row, match: shown.in_some(row, rule)


SEEN: tuple[Fragment, ...] = tuple(
    fragment
    for rule in shown.SHOWS
    for fragment in (
        Fragment(rule, f"Seen in all {N} seeds", _in_all(rule)),
        Fragment(rule, f"Seen in {N} of {N} seeds \\(([\\d, ]+)\\)", _in_some(rule)),
    )
)
"""How many runs show it."""
