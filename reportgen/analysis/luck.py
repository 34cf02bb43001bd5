"""Training luck: how far runs of one configuration lie apart, where a report has more than one."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from reportgen.analysis import statistics
from reportgen.analysis.metrics import by_data_set, correct_items
from reportgen.records import Record
from reportgen.results import Result

ENOUGH_FREEDOM = 4
"""Fewer degrees of freedom say next to nothing of a standard deviation: two rows of three runs have four."""


@dataclass(frozen=True)
class Luck:
    """How test accuracies of one configuration scatter over seeds, pooled over configurations.

    Parameters
    ----------
    sd : float
        Of a single run; a fraction.
    freedom : int
        Degrees of freedom: runs less configurations.
    configurations, runs : int
        That it was measured on.
    """

    sd: float
    freedom: int
    configurations: int
    runs: int

    def allowance(self, level: float = statistics.LEVEL, first: int = 1, second: int = 1) -> float:
        """Return how far two runs of one configuration lie apart at most, with this probability.

        Of `first` and of `second` runs, it is the means that are that far apart.
        """
        return statistics.t_value(level, self.freedom) * math.sqrt(1 / first + 1 / second) * self.sd


def training_luck(results: Sequence[Result]) -> dict[str, Luck]:
    """Measure training luck by the repeats and reruns of a report.

    It is measured on the test items, which all runs share: over validation sets that change with the
    seed, the luck of the split would come on top.

    Returns
    -------
    dict of str to Luck
        By data set, where at least `ENOUGH_FREEDOM` degrees of freedom were found.
    """
    found = {}
    for name, group in by_data_set(results).items():
        scores = [list(runs.values()) for runs in _by_configuration([r for r, _ in group]) if len(runs) > 1]
        freedom = sum(len(values) - 1 for values in scores)
        if freedom >= ENOUGH_FREEDOM:
            squares = sum((value - fmean(values)) ** 2 for values in scores for value in values)
            found[name] = Luck(math.sqrt(squares / freedom), freedom, len(scores), sum(map(len, scores)))
    return found


def luck_of(result: Result, luck: Mapping[str, Luck]) -> Luck | None:
    """Return what is known of training luck on a row's data set."""
    return luck.get(result.records[0].data.name) if result.records else None


def _by_configuration(rows: Sequence[Result]) -> list[dict[str, float]]:
    """Test accuracies by the keys of the runs, for each configuration."""
    groups: dict[str, list[Result]] = defaultdict(list)
    for row in rows:
        groups[json.dumps([row.row.notebook, dict(row.row.parameters)], sort_keys=True, default=str)].append(
            row
        )
    found: list[dict[str, float]] = []
    for group in groups.values():
        runs = {(run.seed, run.key) for row in group for run in row.runs}
        # Two runs with one seed and one configuration that are not the same differ in something else.
        together = len({seed for seed, _ in runs}) == len(runs)
        found.extend(_accuracies(part) for part in ([group] if together else [[row] for row in group]))
    return found


def _accuracies(rows: Sequence[Result]) -> dict[str, float]:
    return {run.key: _accuracy(run.record) for row in rows for run in row.runs if run.record is not None}


def _accuracy(record: Record) -> float:
    return correct_items(record.test) / len(record.test.y_true)
