"""The values behind the names: what the records say of a row, a chapter or a contrast."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import fmean

from reportgen import language
from reportgen.analysis.complexity import feature_multiply_adds, model_multiply_adds
from reportgen.analysis.contrasts import Family, FamilyLine, family
from reportgen.analysis.metrics import best_epochs, correct_items, ranks
from reportgen.analysis.scores import score
from reportgen.experiments.resolved import Experiments
from reportgen.experiments.schema import Contrast
from reportgen.prose.names import Names, Scope, Target
from reportgen.prose.vocabulary import CONTRAST, PAIR, ROW, SCORES, SECTION, Kind
from reportgen.records import Record
from reportgen.results import Result


@dataclass(frozen=True)
class Number:
    """A value, and where it comes from.

    Parameters
    ----------
    value : int, float, str or bool
    kind : str
        How it is printed.
    source : str
        Where it comes from, such as ``raw-250.test_accuracy``.
    runs : tuple of str
        Keys of the runs it was computed from.
    note : str
        What must be printed beside it, or empty.
    """

    value: int | float | str | bool
    kind: Kind
    source: str
    runs: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class NoResult:
    """Stands for a value that is not there.

    The run is not, or nothing counts it for such a network, or a stage has yet to decide about the row.
    """

    source: str
    counted: bool = True
    decided: bool = True


Value = Number | NoResult


@dataclass(frozen=True)
class Values:
    """The numbers of a report.

    Parameters
    ----------
    names : Names
    results : tuple of Result
    titles : mapping of str to str
        Of the sections and contrasts, by kind and id: ``section raw``.
    contrasts : mapping of str to Contrast
    """

    names: Names
    results: tuple[Result, ...]
    titles: Mapping[str, str]
    contrasts: Mapping[str, Contrast]

    @cached_property
    def by_id(self) -> dict[str, Result]:
        """The results by the ids of their rows."""
        return {result.row.id: result for result in self.results}

    def result(self, target: Target) -> Result | None:
        """The row that a target leads to; None where no candidate has a record."""
        if target.kind in ("row", "stage"):
            return self.by_id.get(target.key) if target.kind == "row" else None
        found = [self.by_id[name] for name in target.rows if name in self.by_id]
        found = [result for result in found if result.record is not None]
        if not found:
            return None
        if target.kind == "highest_on_test":
            return max(found, key=lambda result: _mean(result, _test_accuracy))
        places = ranks(found)
        return min(found, key=lambda result: places[result.row.id].rank)

    def value(self, target: Target, attribute: str) -> Value:
        """The value of an attribute that `Names.of` knows."""
        if target.kind in ("contrast", "pair"):
            return self._contrast(target, attribute)
        if target.kind == "section":
            rows = self.names.sections[target.key]
            value = len(rows) if attribute == "rows" else self.titles[f"section {target.key}"]
            return Number(value, SECTION[attribute].kind, f"{target.key}.{attribute}")
        return self._row(target, attribute)

    def _row(self, target: Target, attribute: str) -> Value:
        if target.kind == "stage":
            return NoResult(f"{target.key}.{attribute}", decided=False)
        result = self.result(target)
        source = f"{result.row.id if result else target.kind}.{attribute}"
        value = None if result is None else row_value(result, attribute, self.results)
        if result is None or value is None:
            return NoResult(source, counted=not (attribute in COUNTED and result and result.records))
        runs = tuple(run.key for run in result.runs if run.record is not None)
        number = Number(value, ROW[attribute].kind, source, runs)
        if target.kind == "highest_on_test" and ROW[attribute].nature != "exact":
            note = language.text("chosen among {n} by its test score: optimistic", n=len(target.rows))
            return replace(number, note=note)
        return number

    def _contrast(self, target: Target, attribute: str) -> Value:
        source = f"{'/'.join((target.key, *target.rows))}.{attribute}"
        if target.kind == "contrast" and attribute == "title":
            return Number(self.titles[f"contrast {target.key}"], "text", source)
        judged, line, turned = self.comparison(target)
        runs = self._runs(*self.contrasts[target.key].rows)
        if target.kind == "contrast" and attribute in CONTRAST:
            counted = {
                "comparisons": len(judged.lines),
                "differences": sum(each.different for each in judged.lines),
            }
            return Number(counted[attribute], CONTRAST[attribute].kind, source, runs)
        value = None if line is None else pair_value(line, attribute, turned)
        return NoResult(source) if value is None else Number(value, PAIR[attribute].kind, source, runs)

    def comparison(self, target: Target) -> tuple[Family, FamilyLine | None, bool]:
        """The family of a contrast, the comparison of it that is meant, and whether it is turned round."""
        judged = family(self.contrasts[target.key], self.results)
        wanted = set(target.rows) or set(self.contrasts[target.key].rows)
        if len(wanted) == 1 and judged.reference:
            wanted.add(judged.reference)
        for line in judged.lines:
            if {line.difference.first, line.difference.second} == wanted:
                return judged, line, bool(target.rows) and line.difference.first != target.rows[0]
        return judged, None, False

    def _runs(self, *rows: str) -> tuple[str, ...]:
        return tuple(
            run.key
            for row in rows
            if row in self.by_id
            for run in self.by_id[row].runs
            if run.record is not None
        )


def values_of(experiments: Experiments, results: Sequence[Result]) -> Values:
    """Return the numbers of a report.

    Parameters
    ----------
    experiments : Experiments
    results : sequence of Result
        One for each row; rows without a result have no numbers.
    """
    file = experiments.file
    titles = {f"section {section.id}": section.title or section.id for section in file.section}
    titles |= {f"contrast {contrast.id}": contrast.title for contrast in file.contrast}
    return Values(
        names_of(experiments), tuple(results), titles, {contrast.id: contrast for contrast in file.contrast}
    )


def names_of(experiments: Experiments) -> Names:
    """Return the names of a valid file."""
    file = experiments.file
    return Names(
        rows={row.id: str(row.parameters.get("dataset", "")) for row in experiments.rows},
        sections={s.id: tuple(row.id for row in experiments.rows_of(s.id)) for s in file.section},
        contrasts={contrast.id: tuple(contrast.rows) for contrast in file.contrast},
        references={c.id: c.reference for c in file.contrast if c.reference is not None},
        stages={stage.id: stage.kept for stage in experiments.stages},
        data_of_stages={
            row.origin.stage: str(row.parameters.get("dataset", ""))
            for row in reversed(experiments.rows)
            if row.origin is not None and row.origin.stage is not None
        },
    )


def row_value(result: Result, attribute: str, everyone: Sequence[Result]) -> int | float | str | bool | None:
    """Return a row's value; None where it has none. With several runs, a measurement's mean over them."""
    if attribute in ("title", "id"):
        return str(getattr(result.row, attribute))
    if attribute.startswith("published_"):
        published = result.row.published
        found: float | int | None = getattr(published, attribute.removeprefix("published_"), None)
        return found
    record = result.record
    if record is None:
        return None
    if attribute == "quick":
        return record.data.quick
    if attribute in _EXACT:
        return _EXACT[attribute](record)
    if attribute in _MEANS:
        return _mean(result, _MEANS[attribute])
    if attribute == "runs":
        return len(result.records)
    if attribute == "rank":
        return ranks(everyone)[result.row.id].rank
    return _score(result, attribute)


def _score(result: Result, attribute: str) -> float | None:
    part, _, measure = attribute.partition("_")
    if attribute in SCORES:
        return score(result, attribute).mean
    made = score(result, measure)
    return {"sd": made.sd, "low": made.low, "high": made.high}[part]


def pair_value(line: FamilyLine, attribute: str, turned: bool) -> int | float | str | bool | None:
    """Return a value of one comparison; `turned` where it is asked for the other way round."""
    found = line.difference
    sign = -1 if turned else 1
    low, high = (-found.high, -found.low) if turned else (found.low, found.high)
    verdict = (
        {"higher": "lower", "lower": "higher"}.get(line.verdict, line.verdict) if turned else line.verdict
    )
    values: Mapping[str, int | float | str | bool | None] = {
        "verdict": verdict,
        "different": line.different,
        "difference": sign * found.difference,
        "low": low,
        "high": high,
        "p": found.p,
        "adjusted_p": line.adjusted_p,
        "smallest": line.smallest,
    }
    return values[attribute]


def scope_of(experiments: Experiments, *, row: str | None = None, section: str | None = None) -> Scope:
    """Return where a text stands: a comment by its row, any other by its chapter."""
    if row is not None:
        section = next(each.section for each in experiments.rows if each.id == row)
    return Scope(row, section)


def _mean(result: Result, one: Callable[[Record], float]) -> float:
    return fmean(one(record) for record in result.records)


def _test_accuracy(record: Record) -> float:
    return correct_items(record.test) / len(record.test.y_true)


def _rate_changes(record: Record) -> int:
    """How many epochs began with another learning rate than the one before."""
    rates = record.history.get("learning_rate")
    return 0 if rates is None else int((rates[1:] != rates[:-1]).sum())


def _biases(record: Record) -> int:
    return sum(layer.biases for layer in record.layers)


_EXACT: Mapping[str, Callable[[Record], int | None]] = {
    "total_params": lambda record: record.total_params,
    "weights": lambda record: sum(layer.weights for layer in record.layers),
    "biases": _biases,
    "non_trainable": lambda record: sum(layer.non_trainable for layer in record.layers),
    "multiply_adds": model_multiply_adds,
    "feature_multiply_adds": feature_multiply_adds,
    "test_items": lambda record: record.data.n_test,
    "validation_items": lambda record: record.data.n_validation,
    "training_items": lambda record: record.data.n_train,
    "planned_epochs": lambda record: record.stopped.planned if record.stopped else None,
}
COUNTED = ("multiply_adds", "feature_multiply_adds")
"""What a record may leave open: there is no formula for every layer."""
_MEANS: Mapping[str, Callable[[Record], float]] = {
    "training_accuracy": lambda record: float(record.history["accuracy"][-1]),
    "training_loss": lambda record: float(record.history["loss"][-1]),
    "last_validation_accuracy": lambda record: float(record.history["val_accuracy"][-1]),
    "last_validation_loss": lambda record: float(record.history["val_loss"][-1]),
    "tested_epoch": lambda record: record.tested_epoch,
    "rate_changes": _rate_changes,
    "lowest_validation_loss": lambda record: best_epochs(record).lowest_loss,
    "highest_validation_accuracy": lambda record: best_epochs(record).highest_accuracy,
    "best_epoch_by_loss": lambda record: best_epochs(record).by_loss,
    "best_epoch_by_accuracy": lambda record: best_epochs(record).by_accuracy,
    "errors": lambda record: len(record.test.y_true) - correct_items(record.test),
    "train_seconds": lambda record: record.times.train,
    "epochs": lambda record: record.epochs,
}
