"""Tables of scores: what each cell must say, by the heading of its column."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from tests.independent import best_epochs, costs, judging, sizes
from tests.independent.runs import Row
from tests.independent.tally import MISSING, Expected, Num, Several, Skip, Text, parse
from tests.independent.world import DATA_SETS, World, known, loss, percent

Cells = Callable[[World, Row, dict[str, Any]], Expected]
RANGE = "(.+)\u2013(.+)"
TIME = "of the clock, not of the predictions"


def interval(row: Row) -> Several:
    """A row's interval of the test accuracy in per cent."""
    found = known(row, "test_accuracy")
    return Several(RANGE, (percent(found.low), percent(found.high)))


def seeds(row: Row) -> Text:
    """How many runs, of how many."""
    done = len(row.runs)
    return Text(str(done) if done == row.wanted else f"{done} of {row.wanted}")


def rank(world: World, row: Row, cell: dict[str, Any]) -> Text:
    """A range of ranks; a row whose run has its rank in an earlier one has none of its own."""
    first, last, _ = world.ranks[row.id]
    keys = [run.key for run in row.runs]
    before = list(world.rows.values())[: list(world.rows).index(row.id)]
    if cell["text"] == "=" and any([run.key for run in each.runs] == keys for each in before):
        return Text("=")
    return Text(str(first) if first == last else f"{first}\u2013{last}")


def place(world: World, row: Row, cell: dict[str, Any]) -> Num:
    """The place of a row in its data set by validation; rows with the same runs have one together."""
    group = judging.by_data_set(world.done)[row.data_set]
    once = list({tuple(run.key for run in each.runs): each for each in reversed(list(group))}.values())[::-1]
    order = sorted(
        once, key=lambda each: (-round(each.mean("validation_accuracy") or 0.0, 6), _held_loss(each))
    )
    keys = [run.key for run in row.runs]
    return Num(1 + next(n for n, each in enumerate(order) if [run.key for run in each.runs] == keys))


def _held_loss(row: Row) -> float:
    return float(np.mean([run.item_losses("validation").mean() for run in row.runs]))


def _validation(world: World, row: Row, cell: dict[str, Any]) -> Expected:
    on_test = any(run.on_test for run in row.runs)
    mark = next((m for m in ("\u2020", " (on the test set)") if on_test and cell["text"].endswith(m)), "")
    return percent(row.mean("validation_accuracy"), after=mark)


def _apart(world: World, row: Row, cell: dict[str, Any]) -> Expected:
    return percent(float(np.mean([r.confidence() - r.accuracy("test") for r in row.runs])), signed=True)


def _of(value: Callable[[Row], Expected]) -> Cells:
    return lambda world, row, cell: value(row)


def _spread(values: list[float]) -> float | None:
    return float(np.std(values, ddof=1)) if len(values) > 1 else None


def _seconds(row: Row) -> Expected:
    return Num(float(np.mean([run.seconds for run in row.runs])), None)


def _errors(row: Row) -> Expected:
    return Num(float(np.mean([(~run.right("test")).sum() for run in row.runs])), None)


def _fronts(world: World, row: Row, cell: dict[str, Any]) -> Expected:
    group = judging.by_data_set(world.done)[row.data_set]
    return Text(", ".join(name for name in costs.shown(group) if row in costs.front(group, name)))


def _front_seconds(world: World, row: Row) -> Expected:
    comparable = costs.timed(judging.by_data_set(world.done)[row.data_set])
    return _seconds(row) if comparable else Text(MISSING)


_TEST = "Test accuracy, %: "
_NLL, _BRIER = "Test loss (negative log-likelihood)", "Brier score"
_ACCURACY = _of(lambda row: percent(row.mean("test_accuracy")))
_TOTAL = _of(lambda row: Num(sizes.total(row.runs[0])))
_VALIDATION = _validation
_MEAN_NLL = _of(lambda row: Num(float(np.mean([r.item_losses("test").mean() for r in row.runs])), 4))
_MEAN_BRIER = _of(lambda row: Num(float(np.mean([r.brier() for r in row.runs])), 4))
_SD = _of(lambda row: percent(row.sd("test_accuracy")))

BY_COLUMN: dict[str, Cells] = {
    "No.": lambda world, row, cell: place(world, row, cell),
    "Rank": lambda world, row, cell: rank(world, row, cell),
    "Experiment": _of(lambda row: Text(row.marked)),
    "Row": _of(lambda row: Text(row.marked)),
    "Data set": _of(lambda row: Text(DATA_SETS.get(row.data_set, row.data_set))),
    "Architecture": _of(lambda row: Text(sizes.label(row.runs[0]))),
    "Parameters": _TOTAL,
    "Multiply-adds": _of(lambda row: Num(sizes.work(row.runs[0]))),
    "Seeds": _of(seeds),
    "Runs": _of(lambda row: Num(len(row.runs))),
    "Validation, %": _VALIDATION,
    "Validation accuracy, %": _VALIDATION,
    "Test, %": _ACCURACY,
    "Test accuracy, %": _ACCURACY,
    f"{_TEST}mean": _ACCURACY,
    f"{_TEST}measured": _ACCURACY,
    f"{_TEST}s.d. over seeds": _SD,
    f"{_TEST}s.e. of test set": _of(lambda row: percent(known(row, "test_accuracy").error)),
    f"{_TEST}95 % interval": _of(interval),
    "95 % interval, %": _of(interval),
    "S.e. of test set, %": _of(lambda row: percent(known(row, "test_accuracy").error)),
    "Test loss": _of(lambda row: loss(row.mean("test_loss"))),
    "Test items": _of(lambda row: Num(row.runs[0].items("test"))),
    "Time, s": _of(_seconds),
    "Training, s": lambda world, row, cell: _front_seconds(world, row),
    "On the front by": _fronts,
    f"{_NLL}: mean over seeds": _MEAN_NLL,
    _NLL: _MEAN_NLL,
    f"{_NLL}: s.d. over seeds": _of(
        lambda row: Num(_spread([float(r.item_losses("test").mean()) for r in row.runs]), 4)
    ),
    f"{_BRIER}: mean over seeds": _MEAN_BRIER,
    _BRIER: _MEAN_BRIER,
    f"{_BRIER}: s.d. over seeds": _of(lambda row: Num(_spread([r.brier() for r in row.runs]), 4)),
    "Confidence, %": _of(lambda row: percent(float(np.mean([run.confidence() for run in row.runs])))),
    "Accuracy, %": _ACCURACY,
    "Difference, points": _apart,
    "Errors": _of(_errors),
    "Errors per run": _of(_errors),
}
SHORT = {"Valid., %": "Validation, %", "Param.": "Parameters"}


def score_cell(world: World, column: str, line: dict[str, Any], cell: dict[str, Any]) -> Expected:
    """What a cell of a table with a row a line must say."""
    row = world.rows.get(line["row"] or "")
    if row is None or (not row.runs and column == "Experiment"):
        return Skip("a heading between lines, or a row without a result")
    if not row.runs:
        return Text(MISSING)
    make = BY_COLUMN.get(SHORT.get(column, column))
    return make(world, row, cell) if make else Skip("no formula for this column")


def published_cells(world: World, columns: list[str], line: dict[str, Any]) -> list[Expected]:
    """What a line of published figures beside ours must say."""
    row, cells = world.rows[line["row"]], dict(zip(columns, line["cells"], strict=True))
    given, found = world.published(row.id), []
    measures = {"Accuracy": "test_accuracy", "Loss": "test_loss", "F1": "f1", "Parameters": "total_params"}
    measures |= best_epochs.MEASURES
    of_validation = any(column.startswith("Highest validation accuracy") for column in columns)
    for column in columns:
        group, _, kind = column.rpartition(": ")
        name = measures.get(
            group.removesuffix(", %"), best_epochs.ACCURACY if of_validation else "test_accuracy"
        )
        scale = 100.0 if name.endswith("accuracy") else 1.0
        theirs = given.get(name)
        theirs = None if theirs is None else scale * theirs
        ours = _ours(row, name) if row.runs else None
        decimals = {"f1": 4, "total_params": 0}.get(name, 2 if name.endswith("accuracy") else 3)
        slack = LOSSES if name == "test_loss" else 1e-9
        if kind in ("Experiment", "Seeds"):
            found.append(score_cell(world, kind, line, cells[column]))
        elif kind.endswith("epoch"):
            found.append(best_epochs.epoch_cell(world, row, name, kind))
        elif kind == "published":
            printed = parse(cells[column]["text"])
            unknown = not world.source
            own: Expected = Num(theirs, printed[1] if printed else None)
            found.append(Skip("typed by the authors, and their file was not given") if unknown else own)
        elif kind == "ours":
            found.append(Num(ours, decimals, slack=slack))
        elif row.runs and row.runs[0].data["quick"] and _of_difference(group, kind):
            found.append(Text(MISSING))  # no difference of a quick run
        elif kind == "95 % interval":
            test = partial(_test_interval, theirs=theirs)
            found.append((best_epochs.interval_cell if of_validation else test)(world, row, group))
        elif not world.source:
            found.append(Skip("the published figure was not given"))
        elif kind.split(",")[0] in ("difference", "ours \u2212 published"):
            gap = None if ours is None or theirs is None else ours - theirs
            typed = parse(cells[f"{group}: published"]["text"]) if kind.startswith("difference") else None
            decimals = typed[1] if typed else decimals
            found.append(Num(gap, decimals, signed=True, slack=slack))
        else:
            found.append(Skip("how ours were validated: words"))
    return found


def _of_difference(group: str, kind: str) -> bool:
    if group == "Parameters":
        return False
    return kind.split(",")[0] in ("difference", "ours \u2212 published") or group.startswith("Difference")


LOSSES = 2e-6


def _ours(row: Row, name: str) -> float | None:
    if name == "total_params":
        return sizes.total(row.runs[0])
    if name in (best_epochs.ACCURACY, best_epochs.LOSS):
        return best_epochs.mean(row, name) * (100 if name == best_epochs.ACCURACY else 1)
    value = row.mean("macro_f1" if name == "f1" else name)
    if name == "test_loss" and value is not None:  # published ones hold the penalty too
        return value + float(np.mean([run.penalty("test") for run in row.runs]))
    return 100 * value if name == "test_accuracy" and value is not None else value


def _test_interval(world: World, row: Row, group: str, theirs: float | None) -> Expected:
    """Of our test accuracy, or of the difference."""
    if group == "Accuracy, %":
        return interval(row) if row.runs else Text(MISSING)
    return _between(world, row, theirs)


def _between(world: World, row: Row, theirs: float | None) -> Expected:
    from tests.independent.formulas import newcombe

    items = world.source.get("published", {}).get("test_items")
    if items is None or theirs is None or not row.runs:
        return Skip("the size of the published test set is not in the file")
    own = row.runs[0].items("test")
    low, high = newcombe((row.mean("test_accuracy") or 0) * own, own, theirs / 100 * items, items)
    return Several("(.+) to (.+)", (percent(low, signed=True), percent(high, signed=True)))
