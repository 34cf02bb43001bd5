"""Rows of one data set side by side: what the sentences and the descriptions of their figures must say."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from tests.independent import judging
from tests.independent.figure_sentences import best_of_mean
from tests.independent.phrases import PERCENT, Found, Fragment, N, mean_of
from tests.independent.runs import Row
from tests.independent.tally import Expected, Num
from tests.independent.world import World, known, percent


def _rows(world: World, title: str) -> list[Row]:
    """The rows on the data set of the row with a title that is first there."""
    groups = judging.by_data_set(world.done).values()
    found = [rows for rows in groups if title in [each.title for each in judging.best(rows)]]
    return list(found[0]) if found else []


def _ordered(rows: list[Row]) -> list[Row]:
    """By validation accuracy, then by validation loss, then as they stand."""
    left, found = list(rows), []
    while left:
        first = judging.best(left)
        found += first
        left = [row for row in left if row not in first]
    return found


def _range(world: World, row: Row, match: re.Match[str]) -> Found:
    """How many rows, the lowest, the highest, and the first by validation."""
    rows = _rows(world, match["title"])
    if not rows:
        return [Num(None)] * 4
    accuracies = [each.mean("test_accuracy") or 0.0 for each in rows]
    first = next(each for each in judging.best(rows) if each.title == match["title"])
    return [
        Num(len(rows)),
        percent(min(accuracies)),
        percent(max(accuracies)),
        percent(first.mean("test_accuracy")),
    ]


def _bars(world: World, row: Row, match: re.Match[str]) -> Found:
    rows = _rows(world, match["title"])
    if not rows or len(rows) > 60:
        return [Num(None)] * 8
    first = next(each for each in judging.best(rows) if each.title == match["title"])
    accuracies = [each.mean("test_accuracy") or 0.0 for each in rows]
    own = known(first, "test_accuracy")
    return [Num(len(rows)), Num(len(rows)), percent(min(accuracies)), percent(max(accuracies)),
            percent(own.mean), Num(95), percent(own.low), percent(own.high)]  # fmt: skip


def _errors(row: Row) -> float:
    return mean_of([float((~run.right("test")).sum()) for run in row.runs])


def _two(world: World, match: re.Match[str]) -> tuple[Row, Row] | None:
    """The two rows of a difference: they share a data set, and the first is first there by validation."""
    for first in world.titled(match["a"]):
        for second in world.titled(match["b"]):
            rows = [each for each in world.done if each.data_set == first.data_set]
            if second is not first and second.data_set == first.data_set and first in judging.best(rows):
                return first, second
    return None


def _errors_of_two(world: World, row: Row, match: re.Match[str]) -> Found:
    pair = _two(world, match)
    if pair is None:
        return [Num(None)] * 3
    several = [len(each.runs) > 1 for each in pair]
    items, errors = Num(pair[0].runs[0].items("test")), [_errors(each) for each in pair]
    if match["says"] == "Confusion":
        return [*(Num(each, 1 if any(several) else 0) for each in errors), items]
    return [items, *(Num(each, 1 if more else 0) for each, more in zip(errors, several, strict=True))]


def _most(world: World, row: Row, match: re.Match[str]) -> Found:
    """The cell off the diagonal where the two rows differ most."""
    pair = _two(world, match)
    if pair is None:
        return [Num(None)]
    apart: NDArray[np.float64] = pair[0].matrix() / len(pair[0].runs) - pair[1].matrix() / len(pair[1].runs)
    np.fill_diagonal(apart, 0)
    apart = apart if match["who"] == "first" else -apart
    names = [str(name) for name in pair[0].runs[0].data["class_names"]]
    cell = apart[names.index(match["true"]), names.index(match["read"])]
    places = 1 if any(len(each.runs) > 1 for each in pair) else 0
    return [Num(float(cell) if abs(cell - apart.max()) < 1e-9 else None, places)]


def _of_curves(world: World, row: Row, match: re.Match[str]) -> Found:
    """A row among the highest by validation: its accuracy, its lowest mean loss and where."""
    rows = [each for each in world.titled(match["name"]) if each.data_set == row.data_set] or world.titled(
        match["name"]
    )
    if len(rows) != 1:
        return [Num(None)] * 3
    own = [each for each in world.done if each.data_set == rows[0].data_set]
    right = rows[0] in _ordered(own)[: _curves_shown(own)]
    epoch, value, _ = best_of_mean(rows[0], "loss")
    return [percent(rows[0].mean("validation_accuracy") if right else None), Num(value, 3), Num(epoch)]


def _count_of_curves(world: World, row: Row, match: re.Match[str]) -> Found:
    rows = world.titled(match["name"])
    sets = {one.data_set for one in rows}
    own = [each for each in world.done if each.data_set in sets]
    shown = _curves_shown(own) if len(sets) == 1 else None
    said_all = "of all" in match[0]
    return [Num(shown if said_all == (shown == len(own)) else None)]


def _curves_shown(own: list[Row]) -> int:
    """Five rows; a tie at the cut whole, up to seven, or else not at all."""
    reached = [round(each.mean("validation_accuracy") or 0.0, 6) for each in _ordered(own)]
    if len(reached) <= 5 or reached[4] != reached[5]:
        return min(5, len(reached))
    ends = [place for place, value in enumerate(reached, 1) if value == reached[4]]
    return ends[-1] if ends[-1] <= 7 else (ends[0] - 1 or 5)


def misread_by_all(rows: list[Row]) -> int:
    """How many test items no run of any row gives its class."""
    right = np.stack([run.right("test") for row in rows for run in row.runs])
    return int((~right.any(axis=0)).sum())


def _once(rows: list[Row]) -> list[Row]:
    """Rows with one and the same runs count once."""
    return list({tuple(run.key for run in row.runs): row for row in reversed(rows)}.values())


def _shared(world: World, row: Row, match: re.Match[str]) -> Found:
    """How many items every row misreads, of how many, by how many rows; perhaps of how many errors."""
    groups = [_once(rows) for rows in judging.by_data_set(world.done).values() if len(rows) > 1]
    title = match.groupdict().get("title")
    if title:
        groups = [rows for rows in groups if title in [each.title for each in judging.best(rows)]]
    printed = re.sub("\\D", "", match[1])
    right = [rows for rows in groups if str(misread_by_all(rows)) == printed] or groups
    if not right:
        return []
    rows = right[0]
    count, items = misread_by_all(rows), rows[0].runs[0].items("test")
    found: list[Expected] = [Num(count), Num(items)]
    if "%" in match[0]:
        found.append(percent(count / items))
    found.append(Num(len(rows)))
    if title:
        errors = _errors(next(each for each in rows if each.title == title))
        found += [percent(count / errors, 1), Num(errors)]
    return found


def _none(world: World, row: Row, match: re.Match[str]) -> Found:
    """How many rows a data set has of which no item is misread by all."""
    counts = [len(rows) for rows in map(_once, judging.by_data_set(world.done).values())
              if len(rows) > 1 and misread_by_all(rows) == 0]  # fmt: skip
    printed = re.sub("\\D", "", match[1])
    return [Num(int(printed) if printed in map(str, counts) else None)]


_TITLE = "\u201c(?P<title>[^\u201d]+)\u201d"
_A, _B = "\u201c(?P<a>[^\u201d]+)\u201d", "\u201c(?P<b>[^\u201d]+)\u201d"

SAID: tuple[Fragment, ...] = (
    Fragment("section-comparison", f"The test accuracies of the {N} rows lie between {PERCENT} and {PERCENT}; {_TITLE}, "
             f"first by validation, has {PERCENT}", _range),
    Fragment("section-comparison", f"(?P<says>Of) {N} test images, {_A} misreads {N}(?: in a run)? and {_B} {N}\\.",
             _errors_of_two),
    Fragment("section-comparison", f"^{N} of {N} test images \\({PERCENT}\\) (?:is|are) misread by every one of {N} "
             f"rows\\.(?: They are {PERCENT} of the {N} errors of {_TITLE}\\.)?", _shared),
    Fragment("section-comparison", f"^No test image is misread by all {N} rows", _none),
)  # fmt: skip
"""Pieces of sentences with numbers."""

FIGURES: tuple[Fragment, ...] = (
    Fragment("Test accuracy on .*", f"Test accuracy of {N} of {N} rows, in the order of their validation accuracy: from "
             f"{PERCENT} to {PERCENT}\\. The first, {_TITLE}: {PERCENT}, interval of {PERCENT} from {PERCENT} to "
             f"{PERCENT}\\.", _bars),
    Fragment("(?:Validation|Test) curves .*", f"Validation curves of (?:the|all) {N} rows(?: with|, from) the highest "
             "validation accuracy(?: down)?\\. "
             "\u201c(?P<name>[^\u201d]+)\u201d", _count_of_curves),
    Fragment("(?:Validation|Test) curves .*", f"\u201c(?P<name>[^\u201d]+)\u201d: accuracy {PERCENT}, lowest loss {N} at "
             f"epoch {N}", _of_curves),
    Fragment("What .* read differently.*", f"(?P<says>Confusion) matrix of {_A} minus that of {_B}, per run: {N} and {N} "
             f"errors in {N} test items\\.", _errors_of_two),
    Fragment("What .* read differently.*", f"matrix of {_A} minus that of {_B}, per run: .*?The (?P<who>first) reads "
             f"(?P<true>.+?) as (?P<read>.+?) most over the second: by {N}\\.", _most),
    Fragment("What .* read differently.*", f"matrix of {_A} minus that of {_B}, per run: .*?The (?P<who>second) reads "
             f"(?P<true>.+?) as (?P<read>.+?) most over the first: by {N}\\.", _most),
    Fragment(".*every row misreads.*", f"^{N} of {N} test images (?:is|are) misread by every one of the {N} rows", _shared),
)  # fmt: skip
"""Pieces of descriptions with numbers, by the beginning of the caption."""
