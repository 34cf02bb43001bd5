"""Which runs of two rows belong together, and two single runs compared item by item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from reportgen.analysis import statistics
from reportgen.analysis.scores import predictions
from reportgen.records import Record
from reportgen.results import Result, Run

Relation = Literal["other", "rerun", "same run"]


@dataclass(frozen=True)
class Pair:
    """Two runs, first minus second.

    Parameters
    ----------
    seed : int or None
        That both have; None where their seeds differ.
    difference : float
        Of their accuracies.
    low, high, p : float
        Interval and test.
    smallest : float
        The smallest difference that was likely to be seen.
    only_first, only_second : int
        Items that only one of them got right; 0 where the items are not the same.
    items : int
        That the first was scored on.
    paired : bool
        Whether both were scored on the same items.
    """

    seed: int | None
    difference: float
    low: float
    high: float
    p: float
    smallest: float
    only_first: int
    only_second: int
    items: int
    paired: bool


def relation(a: Result, b: Result) -> Relation:
    """Return what two rows are to each other.

    ``same run``: the records of both have the same keys. ``rerun``: the same notebook and parameters,
    and only the seeds tell the runs apart. Rows that share a seed but not the run differ in something else.
    """
    keys = [{run.seed: run.key for run in done(row)} for row in (a, b)]
    if set(keys[0].values()) == set(keys[1].values()):
        return "same run"
    alike = a.row.notebook == b.row.notebook and a.row.parameters == b.row.parameters
    common = keys[0].keys() & keys[1].keys()
    return "rerun" if alike and all(keys[0][seed] == keys[1][seed] for seed in common) else "other"


def done(result: Result) -> tuple[Run, ...]:
    """Return the runs that left a record."""
    return tuple(run for run in result.runs if run.record is not None)


def shared(a: Result, b: Result) -> tuple[tuple[Run, Run], ...]:
    """Return the runs of both rows at the seeds they share, but for those that are one and the same run."""
    others = {run.seed: run for run in done(b)}
    found = ((run, others.get(run.seed)) for run in done(a))
    return tuple((run, other) for run, other in found if other is not None and other.key != run.key)


def compare_runs(
    first: Run,
    second: Run,
    measure: str,
    level: float,
    judged_at: float,
    power: float = statistics.POWER,
) -> Pair:
    """Compare two runs that have records: paired where they were scored on the same items.

    Parameters
    ----------
    first, second : Run
    measure : {"test_accuracy", "validation_accuracy"}
    level : float
        Of the interval.
    judged_at, power : float
        Level and power of the smallest difference to be seen.
    """
    one, other = (predictions(_record(run), measure) for run in (first, second))
    right, also = one.y_true == one.y_pred, other.y_true == other.y_pred
    seed = first.seed if first.seed == second.seed else None
    if np.array_equal(one.index, other.index) and np.array_equal(one.y_true, other.y_true):
        b, c, n = int((right & ~also).sum()), int((also & ~right).sum()), len(right)
        low, high = statistics.paired_interval(b, c, n, level)
        p, smallest = statistics.mcnemar(b, c), statistics.smallest_paired(b, c, n, judged_at, power)
        return Pair(seed, (b - c) / n, low, high, p, smallest, b, c, n, True)
    k1, n1, k2, n2 = int(right.sum()), len(right), int(also.sum()), len(also)
    low, high = statistics.unpaired_interval(k1, n1, k2, n2, level)
    p = statistics.unpaired_p(k1, n1, k2, n2)
    smallest = statistics.smallest_from_interval((low, high), level, judged_at, power)
    return Pair(seed, k1 / n1 - k2 / n2, low, high, p, smallest, 0, 0, n1, False)


def _record(run: Run) -> Record:
    assert run.record is not None
    return run.record
