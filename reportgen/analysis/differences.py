"""The difference of two rows, and what may be said of it.

A difference is measured the way the runs allow: on the same items, over shared seeds, or, where neither
is shared, between two independent figures. Each way answers another question; see docs/statistics.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Literal

from reportgen.analysis import statistics
from reportgen.analysis.metrics import by_data_set
from reportgen.analysis.pairs import Pair, Relation, compare_runs, done, relation, shared
from reportgen.analysis.scores import predictions, score
from reportgen.results import Result, Run

Basis = Literal["items", "seeds", "points", "unpaired"]
NOT_DISTINGUISHABLE = "not distinguishable"
_Facts = dict[str, Any]
MEASURES = ("test_accuracy", "validation_accuracy")
MEANING: Mapping[Basis, str] = {
    "items": "One training of each row, scored on the same items: the interval and McNemar's exact p value"
    " are about these two trained models on this test set; they say nothing of training luck. The rows are"
    " therefore told apart only where p is below 0.005.",
    "points": "Two to four shared seeds are too few for a p value: the points are shown. Rows are told apart"
    " only where the interval of every single seed excludes 0 on the same side.",
    "seeds": "A paired t test over the shared seeds: about these two settings with other seeds, on this test"
    " set; it says nothing of other test sets.",
    "unpaired": "The two rows share neither items nor seeds, so that luck of the split and of the items"
    " counts twice: only a large difference can be seen.",
}
"""What a difference on each basis says, and what it does not."""
KINSHIP: Mapping[Relation, str] = {
    "same run": "Both rows have one configuration and one seed, hence they are the same run: the difference"
    " is 0 by construction and is no evidence of anything.",
    "rerun": "Both rows have one configuration and different seeds: whatever differs is training luck.",
}
"""What there is to say of rows that are no two settings."""
ENOUGH_SEEDS = 5
"""Below this many shared seeds no p value is given: the points are shown."""


@dataclass(frozen=True)
class Difference:
    """First minus second, and what it is worth.

    Parameters
    ----------
    first, second : str
        Ids of the rows.
    measure : str
        ``test_accuracy`` or ``validation_accuracy``.
    difference : float
        Of fractions; the mean over the shared seeds, where there are any.
    low, high : float
        Interval of the difference. With 2 to 4 shared seeds: from the lowest to the highest end of the
        intervals of the single seeds.
    level : float
        Of the interval.
    p : float or None
        None where there are too few seeds, or nothing to test.
    basis : {"items", "seeds", "points", "unpaired"}
        ``items``: McNemar, one run each on the same items; ``seeds``: paired t test over at least five
        shared seeds; ``points``: two to four shared seeds; ``unpaired``: neither items nor seeds shared.
    items : int
        Items that a run of the first row was scored on.
    seeds : tuple of int
        Shared by both rows.
    points : tuple of float
        The difference at each shared seed.
    only_first, only_second : int
        Items that only one of the two got right, where the items are the same; summed over the pairs of runs.
    smallest : float
        The smallest true difference that this comparison had an 80 % chance to see.
    relation : {"other", "rerun", "same run"}
        ``same run``: both rows are one and the same training, so the difference is 0 by construction;
        ``rerun``: the same configuration with other seeds, so any difference is training luck.
    judged_at : float
        Level at which the rows are told apart: stricter than `level` where each has one run.
    """

    first: str
    second: str
    measure: str
    difference: float
    low: float
    high: float
    level: float
    p: float | None
    basis: Basis
    items: int
    seeds: tuple[int, ...] = ()
    points: tuple[float, ...] = ()
    only_first: int = 0
    only_second: int = 0
    smallest: float = 0.0
    relation: Relation = "other"
    judged_at: float = statistics.LEVEL

    @property
    def different(self) -> bool:
        """Whether the two rows can be told apart: by the interval, and by the test where there is one."""
        if self.relation != "other":
            return False
        outside = self.low > 0 or self.high < 0
        return outside and (self.p is None or self.p < 1 - self.judged_at)

    @property
    def trained_models_differ(self) -> bool:
        """Whether McNemar's test tells these two trained models apart, whatever made them so."""
        return self.basis == "items" and self.p is not None and self.p < 1 - self.level

    @property
    def meaning(self) -> str:
        """What a difference made this way says, and what it does not: the sentence for under the table."""
        if self.relation != "other":
            return KINSHIP[self.relation]
        kind = "validation" if self.measure.startswith("validation_") else "test"
        return MEANING[self.basis].replace("test set", f"{kind} set")

    @property
    def verdict(self) -> str:
        """Words for the table: never "equal", never "better"."""
        if self.relation != "other":
            return "the same run" if self.relation == "same run" else "a rerun with another seed"
        if not self.different:
            return NOT_DISTINGUISHABLE
        return "higher" if self.difference > 0 else "lower"


@dataclass(frozen=True)
class RankRange:
    """The places a row may have among the `of` rows on its data set, from 1."""

    first: int
    last: int
    of: int


def difference(
    a: Result, b: Result, measure: str = "test_accuracy", level: float = statistics.LEVEL
) -> Difference:
    """Return the difference of two rows in an accuracy, first minus second.

    Parameters
    ----------
    a, b : Result
        Rows on the same data set, each with a record.
    measure : {"test_accuracy", "validation_accuracy"}
    level : float
        Of the interval; the test's level is 1 - level.

    Raises
    ------
    ValueError
        A row has no record, the data sets differ, or there is no such measure.
    """
    _check(a, b, measure)
    kinship, runs = relation(a, b), shared(a, b)
    if not runs and len(a.records) == len(b.records) == 1:
        runs = ((done(a)[0], done(b)[0]),)
    if kinship == "same run":
        facts = _same_run(a, measure)
    elif not runs:
        facts = _unpaired(a, b, measure, level)
    elif len(runs) == 1:
        facts = _single(runs[0], measure, level)
    elif len(runs) < ENOUGH_SEEDS:
        facts = _few_seeds(runs, measure, level)
    else:
        facts = _over_seeds(runs, measure, level)
    common: _Facts = {"first": a.row.id, "second": b.row.id, "measure": measure, "relation": kinship}
    return Difference(**common | {"level": level, "judged_at": level} | facts)


def _check(a: Result, b: Result, measure: str) -> None:
    if measure not in MEASURES:
        raise ValueError(f"differences are of {' or '.join(MEASURES)}, not of {measure!r}")
    names = set()
    for result in (a, b):
        if result.record is None:
            raise ValueError(f"row {result.row.id} has no record")
        names.add(result.record.data.name)
    if len(names) > 1:
        raise ValueError(f"rows {a.row.id} and {b.row.id} are on different data sets")


def _same_run(a: Result, measure: str) -> _Facts:
    seeds = tuple(run.seed for run in done(a))
    zero = {"difference": 0.0, "low": 0.0, "high": 0.0, "p": None, "basis": "items"}
    items = len(predictions(a.records[0], measure).y_true)
    return zero | {"items": items, "seeds": seeds, "points": (0.0,) * len(seeds)}


def _single(runs: tuple[Run, Run], measure: str, level: float) -> _Facts:
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


def _few_seeds(runs: Sequence[tuple[Run, Run]], measure: str, level: float) -> _Facts:
    # All of them must see it, so each needs more power.
    power = statistics.POWER ** (1 / len(runs))
    pairs = [compare_runs(*pair, measure, level, level, power) for pair in runs]
    return _of_pairs(pairs) | {
        "low": min(pair.low for pair in pairs),
        "high": max(pair.high for pair in pairs),
        "p": None,
        "basis": "points",
        "smallest": max(pair.smallest for pair in pairs),
    }


def _over_seeds(runs: Sequence[tuple[Run, Run]], measure: str, level: float) -> _Facts:
    pairs = [compare_runs(*pair, measure, level, level) for pair in runs]
    points = [pair.difference for pair in pairs]
    # Accuracies come in steps of one item: differences that are all alike are not infinitely sure.
    floor = 1 / (pairs[0].items * math.sqrt(12))
    error = max(statistics.sd(points), floor) / math.sqrt(len(points))
    half, middle = statistics.t_value(level, len(points) - 1) * error, fmean(points)
    return _of_pairs(pairs) | {
        "low": middle - half,
        "high": middle + half,
        "p": statistics.paired_t(points, floor),
        "basis": "seeds",
        "smallest": statistics.smallest_over_seeds(points, level, floor=floor),
    }


def _of_pairs(pairs: Sequence[Pair]) -> _Facts:
    seeds = tuple(pair.seed for pair in pairs if pair.seed is not None)
    return {
        "difference": fmean(pair.difference for pair in pairs),
        "items": pairs[0].items,
        "seeds": seeds,
        "points": tuple(pair.difference for pair in pairs) if seeds else (),
        "only_first": sum(pair.only_first for pair in pairs),
        "only_second": sum(pair.only_second for pair in pairs),
    }


def _unpaired(a: Result, b: Result, measure: str, level: float) -> _Facts:
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


def rank_ranges(results: Sequence[Result], level: float = statistics.LEVEL) -> dict[str, RankRange]:
    """Return the places each row may have within its data set, by validation accuracy.

    Returns
    -------
    dict of str to RankRange
        By row id: from 1 + the rows that are surely above it, to all rows less the ones surely below it.
        Rows without a record have none.
    """
    found: dict[str, RankRange] = {}
    for group in by_data_set(results).values():
        rows = [result for result, _ in group]
        above = dict.fromkeys((row.row.id for row in rows), 0)
        below = dict(above)
        for place, one in enumerate(rows):
            for other in rows[place + 1 :]:
                judged = difference(one, other, "validation_accuracy", level)
                if judged.different:
                    high, low = (one, other) if judged.difference > 0 else (other, one)
                    below[high.row.id] += 1
                    above[low.row.id] += 1
        for row in rows:
            name = row.row.id
            found[name] = RankRange(1 + above[name], len(rows) - below[name], len(rows))
    return found
