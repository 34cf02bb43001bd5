"""The best validation figures of any epoch, recomputed from the recorded curves, beside published ones."""

from __future__ import annotations

import re

import numpy as np

from tests.independent.formulas import newcombe, t_interval, wilson
from tests.independent.phrases import PERCENT, TO, Found, Fragment, N
from tests.independent.runs import Row
from tests.independent.tally import MISSING, Expected, Num, Several, Skip, Text
from tests.independent.world import World, percent

ACCURACY, LOSS = "best_validation_accuracy", "best_validation_loss"
MEASURES = {"Highest validation accuracy": ACCURACY, "Lowest validation loss": LOSS}
"""By the heading over the columns of a table."""


def values(row: Row, name: str) -> list[float]:
    """The best of each run."""
    if name == ACCURACY:
        return [float(np.nanmax(run.history("val_accuracy"))) for run in row.runs]
    return [float(np.nanmin(run.history("val_loss"))) for run in row.runs]


def epochs(row: Row, name: str) -> list[int]:
    """The epoch of the best of each run, from 1."""
    return [run.best_by_accuracy if name == ACCURACY else run.best_by_loss for run in row.runs]


def mean(row: Row, name: str) -> float:
    """Mean over the runs."""
    return float(np.mean(values(row, name)))


def ends(row: Row) -> tuple[float, float]:
    """The interval of the highest accuracy: Wilson's of one run, Student's of a mean."""
    best = values(row, ACCURACY)
    if len(best) > 1:
        low, high = t_interval(best)
        return max(0.0, low), min(1.0, high)
    items = row.runs[0].items("validation")
    return wilson(best[0] * items, items)


def epoch_cell(world: World, row: Row, name: str, kind: str) -> Expected:
    """The published epoch; or ours, or between which those of several runs lie."""
    if kind == "epoch":
        given = world.published(row.id).get(f"{name}_epoch")
        return Num(given) if world.source else Skip("typed by the authors, and their file was not given")
    if not row.runs:
        return Text(MISSING)
    low, high = min(epochs(row, name)), max(epochs(row, name))
    return Num(low) if low == high else Text(f"{low} to {high}")


def interval_cell(world: World, row: Row, group: str) -> Expected:
    """The interval of our highest accuracy in per cent; of the difference Newcombe's, in points."""
    if not row.runs:
        return Text(MISSING)
    if not group.startswith("Difference"):
        low, high = ends(row)
        return Several("(.+)\u2013(.+)", (percent(low), percent(high)))
    items = world.source.get("published", {}).get("validation_items")
    theirs = world.published(row.id).get(ACCURACY)
    if items is None or theirs is None:
        return Skip("the number of published validation images is not in the file")
    own = row.runs[0].items("validation")
    low, high = newcombe(mean(row, ACCURACY) * own, own, theirs * items, items)
    return Several("(.+) to (.+)", (percent(low, signed=True), percent(high, signed=True)))


def _pair(world: World, row: Row, match: re.Match[str], name: str) -> list[Expected]:
    """Published, its epoch; ours, its runs and its epochs: as many as the sentence gives."""
    given = world.published(row.id)
    shown = percent if name == ACCURACY else lambda value: Num(value, 3)
    found: list[Expected] = [shown(given.get(name))]
    if "(epoch" in match[0].replace("\u00a0", " ").partition(", ours")[0]:
        found.append(Num(given.get(f"{name}_epoch")))
    found.append(shown(mean(row, name)))
    where = epochs(row, name)
    if len(where) > 1:
        found.append(Num(len(where)))
    return [*found, *map(Num, sorted({min(where), max(where)}))]


def _accuracy(world: World, row: Row, match: re.Match[str]) -> Found:
    low, high = ends(row)
    return [*_pair(world, row, match, ACCURACY), Num(95), percent(low), percent(high)]


def _loss(world: World, row: Row, match: re.Match[str]) -> Found:
    return _pair(world, row, match, LOSS)


def _items(world: World, row: Row, match: re.Match[str]) -> Found:
    given = [each for each in world.done if world.published(each.id)]
    own = {each.runs[0].items("validation") for each in given}
    theirs = world.source.get("published", {}).get("validation_items")
    return [Num(theirs), Num(own.pop() if len(own) == 1 else None)]


_THEIRS = f"(?: \\(epoch {N}\\))?"
_OURS = f"\\((?:mean of {N} runs, )?epoch {N}(?: to {N})?\\)"
SAID: tuple[Fragment, ...] = (
    Fragment("row-.*", f"validation accuracy published {PERCENT}{_THEIRS}, ours {PERCENT} {_OURS}, {N} % interval {TO}",
             _accuracy),
    Fragment("row-.*", f"validation loss(?: with the penalty)? published {N}{_THEIRS}, ours {N} {_OURS}", _loss),
    Fragment("section-.*", f"validated on {N} items, ours on {N}", _items),
)  # fmt: skip
"""Pieces of sentences with numbers, by place."""
