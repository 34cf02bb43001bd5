"""What a row costs, in three measures, and when two times may be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis.complexity import prediction_multiply_adds
from reportgen.analysis.metrics import by_data_set, validation_accuracy
from reportgen.analysis.pareto import Point
from reportgen.records import Record
from reportgen.results import Result

Measure = Literal["parameters", "multiply-adds", "seconds"]
MEASURES: tuple[Measure, ...] = ("parameters", "multiply-adds", "seconds")

FARTHEST = 1.5
"""Times the shortest that a training may take when it is run again, and its times still be compared."""

_CONDITIONS = ("owner", "jobs", "threads", "cpu", "cores")
_IN_WORDS = {
    "owner": language.message("the machine"),
    "jobs": language.message("the number of runs at once"),
    "threads": language.message("the threads of a run"),
    "cpu": language.message("the processor"),
    "cores": language.message("the number of cores"),
}


@dataclass(frozen=True)
class Unlike:
    """Why the times of some runs may not be compared.

    Parameters
    ----------
    differ, missing : tuple of str
        Conditions, in English words, that differ between the runs, and that a record does not hold.
    spread : tuple of float or None
        Seconds of the shortest and the longest run of one training, where they are too far apart.
    """

    differ: tuple[str, ...]
    missing: tuple[str, ...]
    spread: tuple[float, float] | None = None

    @property
    def sentence(self) -> str:
        """The reason, in words."""
        if self.differ:
            return language.text(
                "Seconds are not compared: {conditions} differed between the runs.",
                conditions=_listed(self.differ),
            )
        if self.spread is not None:
            return language.text(
                "Seconds are not compared: one and the same training took {span}.", span=span(self.spread)
            )
        return language.plural(
            "Seconds are not compared: {conditions} was not recorded for every run.",
            "Seconds are not compared: {conditions} were not recorded for every run.",
            len(self.missing),
            conditions=_listed(self.missing),
        )


def _listed(conditions: Sequence[str]) -> str:
    return language.listed([language.text(condition) for condition in conditions])


def cost(result: Result, measure: Measure) -> float | None:
    """Return what a row with a record costs.

    Parameters
    ----------
    result : Result
    measure : str
        ``parameters``: of the model. ``multiply-adds``: from one image to its prediction, features
        included. ``seconds``: of training, the mean over the row's runs; extracting features aside,
        since rows share what one of them extracted.

    Returns
    -------
    float or None
        None where the measure is not known for the row.

    Raises
    ------
    ValueError
        The row has no record.
    """
    if result.record is None:
        raise ValueError(f"row {result.row.id} has no record")
    if measure == "parameters":
        return float(result.record.total_params)
    if measure == "multiply-adds":
        count = prediction_multiply_adds(result.record)
        return None if count is None else float(count)
    return fmean(record.times.train for record in result.records)


def unlike(results: Sequence[Result]) -> Unlike | None:
    """Return why the seconds of these rows may not be compared; None where they may.

    Two times are comparable when they are of one owner's runs, as many runs at once shared the machine,
    with as many threads each, on the same processor with as many cores, the records say so, and no
    training that was run again took much longer or shorter (see `spread`): what else kept the machine
    busy is not recorded.
    """
    facts = [
        {**run.record.environment, "owner": run.owner}
        for result in results
        for run in result.runs
        if run.record is not None
    ]
    found = {name: [each.get(name) for each in facts] for name in _CONDITIONS}
    missing = [name for name, values in found.items() if any(value is None for value in values)]
    differ = [
        name for name, values in found.items() if name not in missing and any(v != values[0] for v in values)
    ]
    apart = None if differ or missing else spread(results)
    if not missing and not differ and apart is None:
        return None
    return Unlike(tuple(_IN_WORDS[n] for n in differ), tuple(_IN_WORDS[n] for n in missing), apart)


def spread(results: Sequence[Result]) -> tuple[float, float] | None:
    """Return how long one and the same training took, at least and at most, where that is far apart.

    Runs are one training where they have the same notebook, parameters, data and number of epochs:
    the repeats of a row, and rows that differ in nothing but the seed. Of several trainings the one
    whose times are farthest apart is given.

    Returns
    -------
    (float, float) or None
        Seconds; None where no training took more than `FARTHEST` times its shortest.
    """
    found = [(min(times), max(times)) for times in _times(results)]
    apart = [(low, high) for low, high in found if low > 0 and high / low > FARTHEST]
    return max(apart, key=lambda ends: ends[1] / ends[0], default=None)


def span(ends: tuple[float, float]) -> str:
    """Return how long one and the same training took: ``0.4 to 1.3 s``."""
    low, high = (numbers.seconds(value, int(ends[0] < 10)) for value in ends)
    return f"{lists.between(low, high)}{numbers.NO_BREAK_SPACE}s"


def _times(results: Sequence[Result]) -> list[list[float]]:
    """Seconds of the runs of each training, a run that several rows share once."""
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[repr((result.row.notebook, sorted(result.row.parameters.items())))].append(result)
    times: dict[str, dict[str, float]] = defaultdict(dict)
    for name, group in groups.items():
        runs = {(run.seed, run.key) for result in group for run in result.runs}
        # Two runs with one seed and one configuration that are not the same differ in something else.
        together = len({seed for seed, _ in runs}) == len(runs)
        for result in group:
            for run in result.runs:
                if run.record is not None:
                    own = _training(name if together else f"{name} {result.row.id}", run.record)
                    times[own][run.key] = run.record.times.train
    return [list(runs.values()) for runs in times.values()]


def _training(configuration: str, record: Record) -> str:
    """What must be the same of two runs that have to take as long; one may have stopped early."""
    return repr((configuration, record.data.digest, record.data.n_train, record.epochs))


def shown(results: Sequence[Result]) -> tuple[Measure, ...]:
    """Return the measures that the rows of one data set may be compared in."""
    done = [result for result in results if result.record is not None]
    return tuple(
        measure
        for measure in MEASURES
        if any(cost(result, measure) is not None for result in done)
        and (measure != "seconds" or unlike(done) is None)
    )


def order_words(table: int = 0) -> str:
    """Say what the numbers beside the points are: single places, where a table prints ranges.

    Parameters
    ----------
    table : int
        Number of the table of all rows, which has a column of these numbers; 0 where there is none.
    """
    if table:
        return language.text(
            "Numbers are those of Table {table}: the order by validation accuracy; where ranks overlap the"
            " order is no result.",
            table=table,
        )
    return language.text(
        "Numbers give the order by validation accuracy; where ranks overlap the order is no result."
    )


def points(results: Sequence[Result], measure: Measure) -> tuple[Point, ...]:
    """Return the rows that have a record and a known cost as points, by validation accuracy."""
    found = []
    for result in results:
        amount = None if result.record is None else cost(result, measure)
        if amount is not None:
            found.append(Point(result.row.id, amount, validation_accuracy(result)))
    return tuple(found)


def unlike_notes(results: Sequence[Result]) -> dict[str, str]:
    """Return, by data set, why its seconds are not compared; nothing for those whose are."""
    groups = {name: [result for result, _ in group] for name, group in by_data_set(results).items()}
    reasons = {name: unlike(group) for name, group in groups.items()}
    return {name: reason.sentence for name, reason in reasons.items() if reason is not None}
