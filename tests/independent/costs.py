"""What rows cost, which of them no other beats, and whether their seconds may be compared."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise

from tests.independent import judging, sizes
from tests.independent.phrases import mean_of
from tests.independent.runs import Row

MEASURES = ("parameters", "multiply-adds", "seconds")
CONDITIONS = ("jobs", "threads", "cpu", "cores")
FARTHEST = 1.5


def cost(row: Row, measure: str) -> float | None:
    """Parameters, multiply-adds of a prediction, or mean seconds of training."""
    if measure == "parameters":
        return sizes.total(row.runs[0])
    return (
        sizes.work(row.runs[0]) if measure == "multiply-adds" else mean_of([run.seconds for run in row.runs])
    )


def score(row: Row) -> float:
    """Validation accuracy; sums of counts in another order are the same."""
    return round(row.mean("validation_accuracy") or 0.0, 9)


def front(rows: Sequence[Row], measure: str) -> list[Row]:
    """The rows that no other beats: none costs no more and scores no less, one of the two strictly."""
    known = [(own, score(row), row) for row in rows if (own := cost(row, measure)) is not None]
    kept = [(own, value, row) for own, value, row in known
            if not any(c <= own and s >= value and (c < own or s > value) for c, s, _ in known)]  # fmt: skip
    return [row for *_, row in sorted(kept, key=lambda each: each[:2])]


def trainings(rows: Sequence[Row]) -> list[list[float]]:
    """Seconds of the runs of each training: of a row, or of rows that differ in the seed alone."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(
            json.dumps([row.facts["notebook"], row.facts["parameters"]], sort_keys=True), []
        ).append(row)
    found: dict[str, dict[str, float]] = {}
    for name, group in groups.items():
        runs = {(each["seed"], each["key"]) for row in group for each in row.facts["runs"]}
        one = len({seed for seed, _ in runs}) == len(runs)
        for row in group:
            for run in row.runs:
                data = (run.data["digest"], run.data.get("n_train"), run.epochs)
                own = repr((name, None if one else row.id, data))
                found.setdefault(own, {})[run.key] = run.seconds
    return [list(each.values()) for each in found.values()]


def spread(rows: Sequence[Row]) -> tuple[float, float] | None:
    """Shortest and longest of the training whose times lie farthest apart, where that is too far."""
    ends = [(min(times), max(times)) for times in trainings(rows)]
    far = [each for each in ends if each[1] > FARTHEST * each[0]]
    return max(far, key=lambda each: each[1] / each[0]) if far else None


def timed(rows: Sequence[Row]) -> bool:
    """Whether seconds may be compared: one machine under one load, and no training repeated much slower."""
    runs = [run for row in rows for run in row.runs]
    loads = [[run.facts["environment"].get(name) for name in CONDITIONS] for run in runs]
    if len({run.owner for run in runs}) > 1:
        return False  # made on another machine
    return spread(rows) is None and all(load == loads[0] and None not in load for load in loads)


def shown(rows: Sequence[Row]) -> list[str]:
    """The measures that rows of one data set are compared in."""
    return [name for name in MEASURES if any(cost(row, name) is not None for row in rows)
            and (name != "seconds" or timed(rows))]  # fmt: skip


def doubt(rows: Sequence[Row], measure: str) -> tuple[int, int, int, int, int]:
    """Of a front: rows on it, rows in all, rows off it that nothing at no higher cost surely surpasses; steps
    along it, and steps that the validation items show.
    """
    luck, leading = judging.luck(rows), front(rows, measure)

    def above(one: Row, other: Row) -> bool:
        made = judging.compare(one, other, "validation_accuracy", luck)
        return made.different and made.difference > 0

    known = [row for row in rows if cost(row, measure) is not None]
    off = [row for row in known if row not in leading]
    open_ones = [row for row in off if not any(
        (cost(each, measure) or 0) <= (cost(row, measure) or 0) and score(each) > score(row) and above(each, row)
        for each in known)]  # fmt: skip
    steps = [(a, b) for a, b in pairwise(leading) if score(a) != score(b)]
    return len(leading), len(known), len(open_ones), len(steps), sum(above(b, a) for a, b in steps)
