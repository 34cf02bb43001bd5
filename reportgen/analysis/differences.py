"""The difference of two rows, and what may be said of it.

A difference is measured the way the runs allow: on the same items, over shared seeds, by every pair of
runs, or, where nothing is shared, between two independent figures. Each way answers another question; see
docs/explanation/statistics.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from reportgen import language
from reportgen.analysis import numbers, pairs, statistics, twins
from reportgen.analysis.difference_words import ITEMS, KINSHIP, MEANING, PAIRS, UNUSED, WELCH, Basis
from reportgen.analysis.luck import Luck, luck_of, training_luck
from reportgen.analysis.metrics import by_data_set
from reportgen.analysis.pairs import ENOUGH_SEEDS, Facts, Relation, done, relation, shared
from reportgen.analysis.scores import MEASURES
from reportgen.results import Result

NOT_DISTINGUISHABLE = language.message("not distinguishable")
HIGHER, LOWER = language.message("higher"), language.message("lower")
SAME_RUN, RERUN = language.message("the same run"), language.message("a rerun with another seed")
SAME_WEIGHTS = language.message("the same weights")


@dataclass(frozen=True)
class Difference:
    """First minus second, and what it is worth.

    Parameters
    ----------
    first, second : str
        Ids of the rows.
    measure : str
        One of `reportgen.analysis.scores.MEASURES`.
    difference : float
        Of fractions, or of losses; the mean over the runs that were compared.
    low, high : float
        Interval of the difference. On the basis ``points`` none, but from the lowest to the highest end of
        the intervals of the single seeds or pairs of runs.
    level : float
        Of the interval, or of each of those that `low` and `high` are the ends of.
    p : float or None
        None where there are too few seeds, or nothing to test.
    basis : {"items", "seeds", "points", "unpaired"}
        ``items``: one run each on the same items (McNemar; for a loss the mean of the items' differences,
        for F1 the bootstrap); ``seeds``: paired t test over at least five
        shared seeds; ``points``: two to four shared seeds, or every pair of runs where the seeds of the
        two rows are not the same (test measures); ``unpaired``: neither items nor seeds shared.
    items : int
        Items that a run of the first row was scored on.
    seeds : tuple of int
        Shared by both rows; empty where every pair of runs was compared.
    points : tuple of float
        The difference at each shared seed, or of each pair of runs.
    only_first, only_second : int
        Items that only one of the two got right, where the items are the same; summed over the pairs of runs.
    smallest : float
        The smallest true difference that this comparison had an 80 % chance to see.
    relation : {"other", "rerun", "same run", "same weights"}
        ``same run``: both rows are one and the same training, so the difference is 0 by construction;
        ``same weights``: what differs did not act, so it is 0 as well;
        ``rerun``: the same configuration with other seeds, so any difference is training luck.
    judged_at : float
        Level at which the rows are told apart: stricter than `level` where each has one run.
    allowance : float
        How far two runs of one configuration lie apart by luck, or the means of so many, where the report
        has repeats that show it; single runs and pairs of runs are told apart only beyond it.
    pairs : int
        Pairs of runs, where every run of one row was set against every run of the other; else 0.
    unused : int
        Runs of either row that were left out, since the other has none with their seed.
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
    allowance: float = 0.0
    pairs: int = 0
    unused: int = 0

    @property
    def different(self) -> bool:
        """Whether the two rows can be told apart: by the interval, and by the test where there is one."""
        if self.relation != "other":
            return False
        outside = self.low > 0 or self.high < 0
        beyond = abs(self.difference) > self.allowance
        return outside and beyond and (self.p is None or self.p < 1 - self.judged_at)

    @property
    def nothing(self) -> bool:
        """Whether the difference is 0 by construction: one run, or runs that end with the same weights."""
        return self.relation in ("same run", "same weights")

    @property
    def trained_models_differ(self) -> bool:
        """Whether the test on the items tells these two trained models apart, whatever made them so."""
        return self.basis == "items" and self.p is not None and self.p < 1 - self.level

    @property
    def meaning(self) -> str:
        """What a difference made this way says, and what it does not: the sentence for under the table."""
        if self.relation != "other":
            return language.text(KINSHIP[self.relation])
        held_out = self.measure.startswith("validation_")
        said = language.text(
            self._meaning(held_out),
            set=language.text("validation set") if held_out else language.text("test set"),
            sets=language.text("validation sets") if held_out else language.text("test sets"),
            limit=numbers.plain(round(1 - self.judged_at, 9)),
            level=numbers.plain(round(100 * self.level, 6)),
        )
        return f"{said} {language.text(UNUSED)}" if self.unused else said

    def _meaning(self, held_out: bool) -> str:
        """The sentences of the way in which the two rows were compared."""
        if self.pairs:
            return PAIRS
        if self.basis == "items" and not self.measure.endswith("_accuracy"):
            return ITEMS
        if self.basis == "unpaired" and self.p is not None and self.judged_at == self.level and not held_out:
            return WELCH
        return MEANING[self.basis]

    @property
    def verdict(self) -> str:
        """English words for the table, translated where they are printed: never "equal", never "better"."""
        if self.relation != "other":
            return {"same run": SAME_RUN, "same weights": SAME_WEIGHTS}.get(self.relation, RERUN)
        if not self.different:
            return NOT_DISTINGUISHABLE
        return HIGHER if self.difference > 0 else LOWER


@dataclass(frozen=True)
class RankRange:
    """The places a row may have among the `of` rows on its data set, from 1."""

    first: int
    last: int
    of: int

    @property
    def text(self) -> str:
        """``3``, or ``2–5`` for a range."""
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def difference(
    a: Result,
    b: Result,
    measure: str = "test_accuracy",
    level: float = statistics.LEVEL,
    luck: Luck | None = None,
) -> Difference:
    """Return the difference of two rows in one measure, first minus second.

    Parameters
    ----------
    a, b : Result
        Rows on the same data set, each with a record.
    measure : str
        One of `reportgen.analysis.scores.MEASURES`.
    level : float
        Of the interval; the test's level is 1 - level.
    luck : Luck or None
        Training luck on this data set (see `reportgen.analysis.luck`), where it is known.

    Raises
    ------
    ValueError
        A row has no record, the data sets differ, or there is no such measure.
    """
    _check(a, b, measure)
    kinship = relation(a, b)
    same = kinship in ("same run", "same weights")
    facts = pairs.same_run(a, measure) if same else _compared(a, b, measure, level, luck)
    common: Facts = {"first": a.row.id, "second": b.row.id, "measure": measure, "relation": kinship}
    return Difference(**common | {"level": level, "judged_at": level} | facts)


def _compared(a: Result, b: Result, measure: str, level: float, luck: Luck | None) -> Facts:
    """Compare two rows the way that their runs allow."""
    known = luck if measure.endswith("_accuracy") else None
    both = pairs.crossed(a, b, measure)
    if len(both) > 1:
        facts = pairs.every_pair(a, b, both, measure, level)
        return _allowing(facts, known, level, len(a.records), len(b.records))
    runs = both or shared(a, b)
    if not runs and len(a.records) == len(b.records) == 1:
        runs = ((done(a)[0], done(b)[0]),)
    if not runs:
        return pairs.unpaired(a, b, measure, level)
    unused: Facts = {"unused": len(a.records) + len(b.records) - 2 * len(runs)}
    if len(runs) == 1:
        return _allowing(pairs.single(runs[0], measure, level), known, level) | unused
    compare = pairs.few_seeds if len(runs) < ENOUGH_SEEDS else pairs.over_seeds
    return compare(runs, measure, level) | unused


def _allowing(facts: Facts, luck: Luck | None, level: float, first: int = 1, second: int = 1) -> Facts:
    """What was found, with the luck that so many runs of each row leave."""
    if luck is None:
        return facts
    allowance = luck.allowance(level, first, second)
    seen = statistics.smallest_from_interval((-allowance, allowance), level, level)
    return facts | {"allowance": allowance, "smallest": max(facts["smallest"], seen)}


def _check(a: Result, b: Result, measure: str) -> None:
    if measure not in MEASURES:
        raise ValueError(f"no measure: {measure!r}")
    names = set()
    for result in (a, b):
        if result.record is None:
            raise ValueError(f"row {result.row.id} has no record")
        names.add(result.record.data.name)
    if len(names) > 1:
        raise ValueError(f"rows {a.row.id} and {b.row.id} are on different data sets")


def rank_ranges(results: Sequence[Result], level: float = statistics.LEVEL) -> dict[str, RankRange]:
    """Return the places each row may have within its data set, by validation accuracy.

    Returns
    -------
    dict of str to RankRange
        By row id: from 1 + the rows that are surely above it, to all rows less the ones surely below it.
        Rows without a record have none; rows that share their runs count as one.
    """
    found: dict[str, RankRange] = {}
    luck = training_luck(results)
    for group in by_data_set(results).values():
        every = twins.groups([result for result, _ in group])
        rows = [same[0] for same in every]
        above = {row.row.id: 0 for row in rows}
        below = dict(above)
        for one, other in combinations(rows, 2):
            judged = difference(one, other, "validation_accuracy", level, luck_of(one, luck))
            if judged.different:
                high, low = (one, other) if judged.difference > 0 else (other, one)
                below[high.row.id] += 1
                above[low.row.id] += 1
        for same in every:
            name = same[0].row.id
            place = RankRange(1 + above[name], len(rows) - below[name], len(rows))
            found |= {one.row.id: place for one in same}
    return found
