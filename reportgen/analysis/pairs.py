"""Which runs of two rows belong together, and how they are compared: by items, seeds, pairs, or none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from statistics import fmean
from typing import Any, Literal

import numpy as np

from reportgen.analysis import statistics
from reportgen.analysis.run_pairs import Pair, compare_runs
from reportgen.analysis.scores import predictions, score, value
from reportgen.records import Record
from reportgen.results import Result, Run

Relation = Literal["other", "rerun", "same run", "same weights"]
Facts = dict[str, Any]
"""What a `Difference` is made of, by the names of its parameters."""
ENOUGH_SEEDS = 5
"""Below this many shared seeds no p value is given: the points are shown."""


def relation(a: Result, b: Result) -> Relation:
    """Return what two rows are to each other.

    ``same run``: the records of both have the same keys. ``rerun``: the same notebook and parameters,
    and only the seeds tell the runs apart. ``same weights``: other settings, but what differs did not act
    in the epochs that were trained. Rows that share a seed but not the run differ in something else.
    """
    keys = [{run.seed: run.key for run in done(row)} for row in (a, b)]
    if set(keys[0].values()) == set(keys[1].values()):
        return "same run"
    if same_weights(a, b):
        return "same weights"
    alike = a.row.notebook == b.row.notebook and a.row.parameters == b.row.parameters
    common = keys[0].keys() & keys[1].keys()
    return "rerun" if alike and all(keys[0][seed] == keys[1][seed] for seed in common) else "other"


def same_weights(a: Result, b: Result) -> bool:
    """Whether the runs of both rows end alike at every seed: equal weights, to the last bit, and answers."""
    ours, theirs = ({run.seed: run.record for run in done(row)} for row in (a, b))
    return ours.keys() == theirs.keys() and all(
        one is not None and other is not None and _ended_alike(one, other)
        for one, other in ((ours[seed], theirs[seed]) for seed in ours)
    )


def _ended_alike(one: Record, other: Record) -> bool:
    # Layers without weights are not in the digest: the answers show them.
    return (
        bool(one.weights)
        and one.weights == other.weights
        and all(
            np.array_equal(mine.index, yours.index)
            and np.array_equal(mine.probabilities, yours.probabilities)
            for mine, yours in ((one.validation, other.validation), (one.test, other.test))
        )
    )


def done(result: Result) -> tuple[Run, ...]:
    """Return the runs that left a record."""
    return tuple(run for run in result.runs if run.record is not None)


def shared(a: Result, b: Result) -> tuple[tuple[Run, Run], ...]:
    """Return the runs of both rows at the seeds they share, but for those that are one and the same run."""
    others = {run.seed: run for run in done(b)}
    found = ((run, others.get(run.seed)) for run in done(a))
    return tuple((run, other) for run, other in found if other is not None and other.key != run.key)


def crossed(a: Result, b: Result, measure: str) -> tuple[tuple[Run, Run], ...]:
    """Return every run of one row with every run of the other, but for those that are one and the same run.

    Empty where that is not the way to compare them: their seeds are the same; the measure is one of the
    validation items, which change with the seed; not all runs were scored on the same items; or both
    have runs enough for a test of their means.
    """
    ours, theirs = done(a), done(b)
    alone = {run.seed for run in ours} ^ {run.seed for run in theirs}
    both = len(shared(a, b))
    enough = both >= ENOUGH_SEEDS or (not both and min(len(ours), len(theirs)) >= ENOUGH_SEEDS)
    if not alone or enough or measure.startswith("validation_") or not _same_items(a, b, measure):
        return ()
    # The row with fewer runs leads, whichever is named first: the order of the rows changes nothing.
    turned = (len(theirs), [run.seed for run in theirs]) < (len(ours), [run.seed for run in ours])
    found = [(run, other) for other, run in product(theirs, ours)] if turned else list(product(ours, theirs))
    return tuple((run, other) for run, other in found if run.key != other.key)


def _same_items(a: Result, b: Result, measure: str) -> bool:
    made = [predictions(record, measure) for record in (*a.records, *b.records)]
    return all(
        np.array_equal(one.index, made[0].index) and np.array_equal(one.y_true, made[0].y_true)
        for one in made[1:]
    )


def same_run(a: Result, measure: str) -> Facts:
    """A row against itself: 0 by construction."""
    seeds = tuple(run.seed for run in done(a))
    zero = {"difference": 0.0, "low": 0.0, "high": 0.0, "p": None, "basis": "items"}
    items = len(predictions(a.records[0], measure).y_true)
    return zero | {"items": items, "seeds": seeds, "points": (0.0,) * len(seeds)}


def single(runs: tuple[Run, Run], measure: str, level: float) -> Facts:
    """One run of each."""
    judged_at = statistics.single_run_level(level)
    pair = compare_runs(*runs, measure, level, judged_at)
    return _of_pairs([pair]) | {
        "low": pair.low,
        "high": pair.high,
        "p": pair.p,
        "basis": "items" if pair.paired else "unpaired",
        "smallest": pair.smallest,
        "judged_at": judged_at,
    }


def few_seeds(runs: Sequence[tuple[Run, Run]], measure: str, level: float) -> Facts:
    """Two to four shared seeds: the ends of all their intervals, and no p value."""
    # All of them must see it, so each needs more power.
    power = statistics.POWER ** (1 / len(runs))
    pairs = [compare_runs(*pair, measure, level, level, power) for pair in runs]
    return _of_pairs(pairs) | _ends(pairs)


def every_pair(a: Result, b: Result, runs: Sequence[tuple[Run, Run]], measure: str, level: float) -> Facts:
    """Every pair of runs, each judged like two single runs: the ends of all their intervals, and no p value.

    A run that stands in several pairs brings its own luck into all of them, so that the pairs together
    say hardly more of luck than one does: hence the strict level.
    """
    strict = statistics.single_run_level(level)
    power = statistics.POWER ** (1 / len(runs))
    pairs = [compare_runs(*pair, measure, strict, strict, power) for pair in runs]
    means = [fmean(value(record, measure) for record in row.records) for row in (a, b)]
    return _of_pairs(pairs) | _ends(pairs) | {
        "difference": means[0] - means[1],
        "seeds": (),
        "points": tuple(pair.difference for pair in pairs),
        "level": strict,
        "judged_at": strict,
        "pairs": len(pairs),
    }  # fmt: skip


def _ends(pairs: Sequence[Pair]) -> Facts:
    """What several comparisons say that have to agree."""
    return {
        "low": min(pair.low for pair in pairs),
        "high": max(pair.high for pair in pairs),
        "p": None,
        "basis": "points",
        "smallest": max(pair.smallest for pair in pairs),
    }


def over_seeds(runs: Sequence[tuple[Run, Run]], measure: str, level: float) -> Facts:
    """Enough shared seeds for a paired t test."""
    pairs = [compare_runs(*pair, measure, level, level) for pair in runs]
    points = [pair.difference for pair in pairs]
    # Accuracies come in steps of one item: differences that are all alike are not infinitely sure.
    floor = 1 / (pairs[0].items * math.sqrt(12)) if measure.endswith("_accuracy") else 0.0
    error = max(statistics.sd(points), floor) / math.sqrt(len(points))
    half, middle = statistics.t_value(level, len(points) - 1) * error, fmean(points)
    return _of_pairs(pairs) | {
        "low": middle - half,
        "high": middle + half,
        "p": statistics.paired_t(points, floor),
        "basis": "seeds",
        "smallest": statistics.smallest_over_seeds(points, level, floor=floor),
    }


def _of_pairs(pairs: Sequence[Pair]) -> Facts:
    seeds = tuple(pair.seed for pair in pairs if pair.seed is not None)
    return {
        "difference": fmean(pair.difference for pair in pairs),
        "items": pairs[0].items,
        "seeds": seeds,
        "points": tuple(pair.difference for pair in pairs) if seeds else (),
        "only_first": sum(pair.only_first for pair in pairs),
        "only_second": sum(pair.only_second for pair in pairs),
    }


def unpaired(a: Result, b: Result, measure: str, level: float) -> Facts:
    """Several runs and no shared seed: two independent means."""
    if min(len(a.records), len(b.records)) == 1:
        level = statistics.single_run_level(level)
    one, other = score(a, measure, level), score(b, measure, level)
    p = None
    if min(one.n, other.n) >= ENOUGH_SEEDS:
        (low, high), p = statistics.welch(one.values, other.values, level)
    else:
        ends = (one.low, one.high), (other.low, other.high)
        low, high = statistics.square_and_add(one.mean, ends[0], other.mean, ends[1])
    return {
        "difference": one.mean - other.mean,
        "low": low,
        "high": high,
        "level": level,
        "judged_at": level,
        "p": p,
        "basis": "unpaired",
        "items": one.items,
        "smallest": statistics.smallest_from_interval((low, high), level, level),
    }
