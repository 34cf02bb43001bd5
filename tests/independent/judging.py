"""Two rows set against each other, families of comparisons and ranges of ranks, from docs/explanation/statistics.md."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from tests.independent import formulas
from tests.independent.runs import Row, Run

SEEDS_FOR_P = 5
FREEDOM_FOR_LUCK = 4


@dataclass(frozen=True)
class Luck:
    """Standard deviation of runs of one configuration, pooled, and its degrees of freedom."""

    sd: float
    freedom: int

    def allowance(self, level: float) -> float:
        """How far two runs of one configuration lie apart in 95 of 100 cases."""
        return self.between(level, 1, 1)

    def between(self, level: float, first: int, second: int) -> float:
        """How far the means of so many runs lie apart in 95 of 100 cases."""
        width = float(stats.t.ppf((1 + level) / 2, self.freedom)) * self.sd
        return math.hypot(width / math.sqrt(first), width / math.sqrt(second))


@dataclass(frozen=True)
class Compared:
    """First minus second."""

    first: str
    second: str
    difference: float
    low: float
    high: float
    p: float | None
    basis: str
    relation: str
    smallest: float
    judged: float
    level: float = 0.95
    allowance: float = 0.0
    points: tuple[float, ...] = ()
    pairs: int = 0
    seeds: int = 0
    only_first: int = 0
    only_second: int = 0

    @property
    def different(self) -> bool:
        """Whether the two can be told apart."""
        outside = self.low > 0 or self.high < 0
        clear = self.p is None or self.p < 1 - self.judged
        return self.relation == "other" and outside and clear and abs(self.difference) > self.allowance


def luck(rows: Sequence[Row]) -> Luck | None:
    """Pooled scatter of test accuracies of one configuration among these rows; None where too few repeat."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        name = json.dumps([row.facts["notebook"], row.facts["parameters"]], sort_keys=True)
        groups.setdefault(name, []).append(row)
    parts: list[dict[str, float]] = []
    for group in groups.values():
        named = {(each["seed"], each["key"]) for row in group for each in row.facts["runs"]}
        one = len({seed for seed, _ in named}) == len(named)
        for part in [group] if one else [[row] for row in group]:
            parts.append({run.key: run.accuracy("test") for row in part for run in row.runs})
    several = [list(part.values()) for part in parts if len(part) > 1]
    freedom = sum(len(values) - 1 for values in several)
    if freedom < FREEDOM_FOR_LUCK:
        return None
    squares = sum(float(np.var(values)) * len(values) for values in several)
    return Luck(math.sqrt(squares / freedom), freedom)


def _alike(a: Row, b: Row) -> bool:
    """Whether other settings led to the same weights and the same answers, at every seed."""
    one, other = ({run.seed: run for run in row.runs} for row in (a, b))
    return one.keys() == other.keys() and all(
        one[seed].facts.get("weights")
        and one[seed].facts["weights"] == other[seed].facts.get("weights")
        and all(
            np.array_equal(one[seed].arrays[f"{part}.{name}"], other[seed].arrays[f"{part}.{name}"])
            for part in ("test", "validation")
            for name in ("index", "probabilities")
        )
        for seed in one
    )


def _relation(a: Row, b: Row) -> str:
    one, other = ({run.seed: run.key for run in row.runs} for row in (a, b))
    if set(one.values()) == set(other.values()):
        return "same run"
    if _alike(a, b):
        return "same weights"
    alike = all(a.facts[name] == b.facts[name] for name in ("notebook", "parameters"))
    return "rerun" if alike and all(one[s] == other[s] for s in one.keys() & other.keys()) else "other"


@dataclass(frozen=True)
class _Pair:
    difference: float
    low: float
    high: float
    p: float
    paired: bool
    smallest: float
    b: int = 0
    c: int = 0
    items: int = field(default=0)


def _pair(one: Run, other: Run, part: str, level: float, judged: float, power: float = 0.8) -> _Pair:
    right, also, n = one.right(part), other.right(part), one.items(part)
    same = all(
        np.array_equal(one.arrays[f"{part}.{name}"], other.arrays[f"{part}.{name}"])
        for name in ("index", "y_true")
    )
    if same:
        b, c = int((right & ~also).sum()), int((~right & also).sum())
        low, high = formulas.bonett_price(b, c, n, level)
        smallest = formulas.smallest_paired(b, c, n, judged, power)
        return _Pair((b - c) / n, low, high, formulas.mcnemar(b, c), True, smallest, b, c, n)
    counts = int(right.sum()), n, int(also.sum()), len(also)
    low, high = formulas.newcombe(*counts, level)
    smallest = formulas.from_width((low, high), level, judged, power)
    gap = counts[0] / n - counts[2] / counts[3]
    return _Pair(gap, low, high, formulas.two_proportions(*counts), False, smallest, 0, 0, n)


def compare(a: Row, b: Row, measure: str, known: Luck | None, level: float = 0.95) -> Compared:
    """Return the difference of two rows in an accuracy, made the way that their runs allow."""
    part = measure.removesuffix("_accuracy")
    related = _relation(a, b)
    if related in ("same run", "same weights"):
        n = len(a.runs)
        return Compared(a.id, b.id, 0.0, 0.0, 0.0, None, "items", related, 0.0, level, level,
                        points=(0.0,) * n, seeds=n)  # fmt: skip
    others = {run.seed: run for run in b.runs}
    shared = [(run, others[run.seed]) for run in a.runs
              if run.seed in others and others[run.seed].key != run.key]  # fmt: skip
    common = len(shared)
    if part == "test" and {run.seed for run in a.runs} != set(others) and common < SEEDS_FOR_P:
        enough = min(len(a.runs), len(b.runs)) >= SEEDS_FOR_P and not shared
        if not enough and len(a.runs) * len(b.runs) > 1:
            return _crossed(a, b, related, known, level)
    if not shared and len(a.runs) == len(b.runs) == 1:
        shared = [(a.runs[0], b.runs[0])]
    if not shared:
        return _unpaired(a, b, measure, related, level)
    single = len(shared) == 1
    judged = 1 - (1 - level) / formulas.STRICTER if single else level
    power = 0.8 ** (1 / len(shared)) if len(shared) < SEEDS_FOR_P else 0.8
    pairs = [_pair(*each, part, level, judged, power) for each in shared]
    points = tuple(pair.difference for pair in pairs)
    low, high = min(pair.low for pair in pairs), max(pair.high for pair in pairs)
    smallest, p, basis = max(pair.smallest for pair in pairs), None, "points"
    allowance = 0.0
    if single:
        p, basis = pairs[0].p, "items" if pairs[0].paired else "unpaired"
        if known is not None:
            allowance = known.allowance(level)
            smallest = max(smallest, formulas.from_width((-allowance, allowance), level, level))
    elif len(shared) >= SEEDS_FOR_P:
        low, high, p, smallest = _over_seeds(points, pairs[0].items, level)
        basis = "seeds"
    b12, b21 = sum(pair.b for pair in pairs), sum(pair.c for pair in pairs)
    return Compared(a.id, b.id, float(np.mean(points)), low, high, p, basis, related, smallest, judged, level,
                    allowance, points, 0, common, b12, b21)  # fmt: skip


def _crossed(a: Row, b: Row, related: str, known: Luck | None, level: float) -> Compared:
    """Each run of one row with each of the other, at the level of single runs; the row with fewer leads."""
    short = min((a, b), key=lambda row: (len(row.runs), [run.seed for run in row.runs]))
    long = b if short is a else a
    chosen = [(one, other) for one in short.runs for other in long.runs if one.key != other.key]
    strict = 1 - (1 - level) / formulas.STRICTER
    found = [
        _pair(*(two if short is a else two[::-1]), "test", strict, strict, 0.8 ** (1 / len(chosen)))
        for two in chosen
    ]
    allowance = known.between(level, len(a.runs), len(b.runs)) if known is not None else 0.0
    smallest = max(pair.smallest for pair in found)
    if known is not None:
        smallest = max(smallest, formulas.from_width((-allowance, allowance), level, level))
    means = [float(np.mean([run.accuracy("test") for run in row.runs])) for row in (a, b)]
    return Compared(a.id, b.id, means[0] - means[1], min(pair.low for pair in found),
                    max(pair.high for pair in found), None, "points", related, smallest, strict, strict,
                    allowance, tuple(pair.difference for pair in found), len(found), 0,
                    sum(pair.b for pair in found), sum(pair.c for pair in found))  # fmt: skip


def _over_seeds(points: Sequence[float], items: int, level: float) -> tuple[float, float, float, float]:
    """Student's interval and p; an s.d. below that of rounding to whole items is not believed."""
    floor = 1 / (items * math.sqrt(12))
    n, middle = len(points), float(np.mean(points))
    error = max(float(np.std(points, ddof=1)), floor) / math.sqrt(n)
    half = float(stats.t.ppf((1 + level) / 2, n - 1)) * error
    p = 2 * float(stats.t.sf(abs(middle) / error, n - 1))
    return middle - half, middle + half, p, formulas.smallest_seeds(points, level, floor)


def _unpaired(a: Row, b: Row, measure: str, related: str, level: float) -> Compared:
    if min(len(a.runs), len(b.runs)) == 1:
        level = 1 - (1 - level) / formulas.STRICTER
    one, other, p = formulas.score(a, measure, level), formulas.score(b, measure, level), None
    assert one is not None and other is not None
    middle = one.mean - other.mean
    if min(len(a.runs), len(b.runs)) >= SEEDS_FOR_P:
        found = stats.ttest_ind(a.values(measure), b.values(measure), equal_var=False)
        ends = found.confidence_interval(level)
        low, high, p = float(ends.low), float(ends.high), float(found.pvalue)
    else:
        low = middle - math.hypot(one.mean - one.low, other.high - other.mean)
        high = middle + math.hypot(one.high - one.mean, other.mean - other.low)
    smallest = formulas.from_width((low, high), level, level)
    return Compared(a.id, b.id, middle, low, high, p, "unpaired", related, smallest, level, level)


def by_data_set(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The rows that have a run, by the data they saw."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if row.runs:
            groups.setdefault(row.data_set, []).append(row)
    return groups


def rank_ranges(rows: Sequence[Row]) -> dict[str, tuple[int, int, int]]:
    """By row: one more than the rows surely above, all less those surely below, and how many there are."""
    found = {}
    for group in by_data_set(rows).values():
        known = luck(group)
        once = {tuple(run.key for run in row.runs): row for row in reversed(group)}
        above, below = dict.fromkeys((row.id for row in group), 0), dict.fromkeys((r.id for r in group), 0)
        for a, b in itertools.combinations([row for row in group if row in once.values()], 2):
            judged = compare(a, b, "validation_accuracy", known)
            if judged.different:
                winner, loser = (a, b) if judged.difference > 0 else (b, a)
                below[winner.id] += 1
                above[loser.id] += 1
        for row in group:
            first = once[tuple(run.key for run in row.runs)].id
            found[row.id] = (1 + above[first], len(once) - below[first], len(once))
    return found


def best(rows: Sequence[Row]) -> list[Row]:
    """The rows with the highest validation accuracy, by validation loss among equals."""

    def order(row: Row) -> tuple[float, float]:
        loss = row.mean("validation_loss")
        return -round(row.mean("validation_accuracy") or 0.0, 7), math.inf if loss is None else loss

    first = min(map(order, rows))
    return [row for row in rows if order(row) == first]


@dataclass(frozen=True)
class Line:
    """One comparison of a family: by itself, after Holm, and at the family's strictest step."""

    single: Compared
    adjusted: float | None
    smallest: float
    different: bool
    verdict: str


def family(pairs: Sequence[tuple[Row, Row]], measure: str, known: Mapping[str, Luck | None]) -> list[Line]:
    """Judge a family of comparisons together."""
    singles = [compare(a, b, measure, known.get(a.data_set)) for a, b in pairs]
    tested = [place for place, each in enumerate(singles) if each.relation == "other"]
    given = [singles[place].p for place in tested]
    adjusted = dict(zip(tested, formulas.holm([1.0 if p is None else p for p in given]), strict=True))
    level = 1 - 0.05 / max(1, len(tested))
    lines = []
    for place, ((a, b), single) in enumerate(zip(pairs, singles, strict=True)):
        strict = compare(a, b, measure, known.get(a.data_set), level)
        p = adjusted.get(place) if single.p is not None else None
        different = strict.different if single.p is None else False
        if single.p is not None and place in adjusted:
            beyond = abs(single.difference) > strict.allowance
            different = single.different and beyond and adjusted[place] < 1 - single.judged
        way = "higher" if single.difference > 0 else "lower"
        words = {
            "same run": "the same run", "same weights": "the same weights", "rerun": "a rerun with another seed"
        }  # fmt: skip
        verdict = words.get(single.relation, way if different else "not distinguishable")
        lines.append(Line(single, p, strict.smallest, different, verdict))
    return lines
