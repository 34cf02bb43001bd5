"""Remarks on callbacks, schedules, first weights and budgets: what their numbers must be."""

from __future__ import annotations

import ast
import math
import re

from tests.independent import calls
from tests.independent.phrases import PERCENT, ROW, SPAN, Found, Fragment, N, Said, mean_of, span, titled
from tests.independent.runs import Row, Run
from tests.independent.tally import Expected, Num, Text
from tests.independent.world import World, percent

SMALL, MOVE = 0.01, 1e-4
"""A small weight, and what all steps to come must add up to at least."""
E = "([+\u2212-]?\\d+(?:\u00a0\\d{3})*(?:\\.\\d+)?(?:e[\u2212-]?\\d+)?)"
"""A number that may be written with a power of ten."""


def _dead(run: Run) -> int | None:
    """The first epoch after the last one whose rate still changes a float32 weight of 0.01."""
    alive = [epoch for epoch, rate in enumerate(run.history("learning_rate"), 1) if rate >= 2.0**-31]
    first = alive[-1] + 1 if alive else 1
    return first if first <= run.epochs else None


def _batches(run: Run) -> int | None:
    size = run.facts["parameters"].get("batch_size")
    return math.ceil(run.data["n_train"] / size) if isinstance(size, int) else None


def _idle(run: Run) -> int | None:
    """The first epoch from which on the steps add up to next to nothing, where the rate fell to a tenth."""
    rates, steps = run.history("learning_rate"), _batches(run)
    if steps is None:
        return None
    ends = [epoch for epoch in range(1, run.epochs + 1) if steps * float(rates[epoch - 1 :].sum()) < MOVE]
    return ends[0] if ends and rates[ends[0] - 1] < rates.max() / 10 else None


def _rate(value: float) -> Text:
    """A rate as it is printed: four digits, a minus sign in its power."""
    short = float(f"{value:.4g}")
    mantissa, mark, power = f"{short!r}".partition("e")
    return Text(
        f"{mantissa.removesuffix('.0')}e\u2212{abs(int(power))}" if mark else f"{short!r}".removesuffix(".0")
    )


def _epochs(found: list[int | None]) -> list[int]:
    return [epoch for epoch in found if epoch is not None]


def _died(world: World, row: Row, match: re.Match[str]) -> Found:
    dead, idle = [_dead(run) for run in row.runs], [_idle(run) for run in row.runs]
    kind = dead if "too small to change" in match[0] else idle
    first = [run.history("learning_rate")[(d or i or 1) - 1]
             for run, d, i in zip(row.runs, dead, idle, strict=True) if d or i]  # fmt: skip
    known = _epochs(kind)
    if not known:
        return [Num(None)] * 4
    amounts = Num(SMALL if kind is dead else MOVE, None)
    return [span(known), span([run.epochs for run in row.runs]), amounts, _rate(float(max(first)))]


def _also_idle(world: World, row: Row, match: re.Match[str]) -> Found:
    known = _epochs([_idle(run) for run in row.runs])
    return [span(known) if known else Num(None), Num(MOVE, None)]


def _compounds(world: World, row: Row, match: re.Match[str]) -> Found:
    after: dict[int, float] = ast.literal_eval(
        str(row.runs[0].facts["parameters"]["schedule"]).partition("(")[2].removesuffix(")")
    )
    epochs = max(run.epochs for run in row.runs)
    first = mean_of([float(run.history("learning_rate")[0]) for run in row.runs])
    last = min(float(run.history("learning_rate")[-1]) for run in row.runs)
    once = first * math.prod(factor for epoch, factor in after.items() if epoch < epochs)
    return [Num(min(after) + 1), _rate(first), _rate(last), Num(epochs), _rate(once)]


def _left(world: World, row: Row, match: re.Match[str]) -> Found:
    name = match["monitor"]
    high = name.endswith("accuracy")
    curves = [run.history(name) for run in row.runs]
    places = [int(curve.argmax() if high else curve.argmin()) for curve in curves]
    best = mean_of([float(curve[place]) for curve, place in zip(curves, places, strict=True)])
    end = mean_of([float(curve[-1]) for curve in curves])
    values = [percent(best), percent(end)] if high else [Num(best, 3), Num(end, 3)]
    epochs = span([run.epochs for run in row.runs])
    return [span([place + 1 for place in places]), values[0], epochs, values[1]]


def _argument(row: Row, name: str, argument: str, usual: int) -> int:
    for kind, given in calls.listed(row.runs[0].facts["parameters"].get("callbacks")):
        if kind == name:
            return int(dict(given).get(argument, usual))
    return -1


def _patience(world: World, row: Row, match: re.Match[str]) -> Found:
    plateau = Num(_argument(row, "ReduceLROnPlateau", "patience", 10))
    if "could not act" in match[0]:
        return [plateau, Num(_argument(row, "EarlyStopping", "patience", 0))]
    return [span([run.epochs for run in row.runs]), plateau]


def _source(world: World, run: Run) -> Run | None:
    key = run.facts.get("initial", {}).get("key")
    every = (each for row in world.done for each in row.runs)
    return next((each for each in every if each.key == key), None)


def _behind(world: World, run: Run) -> int:
    """Epochs behind the weights that were tested, those of the runs before it among them."""
    before = _source(world, run)
    return int(run.facts["tested_epoch"]) + (_behind(world, before) if before is not None else 0)


def _warm(world: World, row: Row, match: re.Match[str]) -> Found:
    sources = [each for each in (_source(world, run) for run in row.runs) if each is not None]
    if not sources or titled(world, row, match["title"], match["id"]) is None:
        return [Num(None)] * 4
    own = [int(run.facts["tested_epoch"]) for run in row.runs]
    every = [_behind(world, run) for run in row.runs]
    return [span([int(each.facts["tested_epoch"]) for each in sources]),
            span([whole - part for whole, part in zip(every, own, strict=True)]), span(own), span(every)]  # fmt: skip


def _distinct(world: World, row: Row) -> list[Row]:
    """The rows that a remark on several is about, each run once: those of a chapter, or of the report."""
    rows: dict[tuple[str, ...], Row] = {}
    for each in world.done:
        rows.setdefault(tuple(run.key for run in each.runs), each)
    return [each for each in rows.values() if each.data_set == row.data_set]


def _planned(run: Run) -> int:
    return int((run.facts.get("stopped") or {}).get("planned", run.epochs))


def _groups(world: World, row: Row) -> list[list[Row]]:
    every = _distinct(world, row)
    return [every, [each for each in every if each.facts["section"] == row.facts["section"]]]


def _updates(world: World, row: Row, match: re.Match[str]) -> Found:
    """Of the chapter or of the whole report, whichever the sentence is of."""
    given = [int(re.sub("\u00a0", "", match[i])) for i in (1, 2)]
    for rows in _groups(world, row):
        made = [(_batches(each.runs[0]) or 0) * each.runs[0].epochs for each in rows]
        if [min(made), max(made)] == given:
            return [Num(min(made)), Num(max(made))]
    return [Num(None), Num(None)]


def _budgets(world: World, row: Row, match: re.Match[str]) -> Found:
    found: Found = []
    for rows in _groups(world, row):
        epochs = [_planned(each.runs[0]) for each in rows]
        sizes = [int(each.runs[0].facts["parameters"].get("batch_size", 0)) for each in rows]
        found = [span(epochs), span(sizes)]
        low, high = f"{min(epochs)}", f"{max(epochs)}"
        if match[1] in (low, f"{low}\u2013{high}"):
            return found
    return found


def _budget(world: World, row: Row, match: re.Match[str]) -> Found:
    """One kind of training, by a row that has it."""
    title = match["first"]
    other = titled(world, row, title)
    if other is None:
        return []
    run = other.runs[0]
    return [Num(_planned(run)), Num(int(run.facts["parameters"]["batch_size"]))]


def _other(world: World, row: Row, match: re.Match[str]) -> Row | None:
    found = re.search(f"Against {ROW}", match.string)
    return titled(world, row, found["title"], found["id"]) if found else None


def _printed(text: str) -> float:
    return float(text.replace("\u00a0", "").replace("\u2212", "-"))


def _from_to(world: World, row: Row, match: re.Match[str]) -> Found:
    """Two values of an argument, old and new: each stands in the calls of its row."""
    other = _other(world, row, match)
    if other is None:
        return []
    own, theirs = (calls.numbers(each.facts["parameters"]) for each in (row, other))
    return [Text(match[1] if _printed(match[1]) in theirs else "a number of the other row"),
            Text(match[2] if _printed(match[2]) in own else "a number of this row")]  # fmt: skip


def _lists(world: World, row: Row, match: re.Match[str]) -> Found:
    """As many values before as behind the arrow: each stands in the calls of its row."""
    other = _other(world, row, match)
    if other is None:
        return []
    groups = [match[i] for i in range(1, match.re.groups + 1)]
    half = len(groups) // 2
    found: list[Expected] = []
    for each, values in ((other, groups[:half]), (row, groups[half:])):
        known = calls.numbers(each.facts["parameters"])
        found += [Text(value if _printed(value) in known else "a number of its row") for value in values]
    return found


def _noise_of(measure: str) -> Said:
    """The published figures of rows that the sentence names, and how far they lie apart."""

    def noise(world: World, row: Row, match: re.Match[str]) -> Found:
        titles = re.findall("\u201c([^\u201d]+)\u201d", match.string.partition(" are one configuration")[0])
        rows = [titled(world, row, title) for title in titles]
        figures = [world.published(each.id).get(measure) for each in rows if each is not None]
        known = [figure for figure in figures if figure is not None]
        if len(known) != 2:
            return []
        times = 100 if measure == "test_accuracy" else 1
        places = 2 if measure == "test_accuracy" else 4
        known = [round(figure, 4) for figure in known]
        apart = round(abs(known[0] - known[1]) * times, 10)
        return [*(Num(round(each * times, 10), places) for each in known), Num(apart, places)]

    return noise


def _of_call(world: World, row: Row, match: re.Match[str]) -> Found:
    """A number behind the name of a layer or of an argument."""
    other = _other(world, row, match)
    if other is None:
        return []
    known = calls.numbers(row.facts["parameters"]) | calls.numbers(other.facts["parameters"])
    groups = [match[i] for i in range(1, match.re.groups + 1) if match[i] is not None]
    return [Text(each if _printed(each) in known else "a number of the calls") for each in groups]


_NAME = "(?:[A-Z]\\w*[a-zA-Z]\\w*|L[12]|\\w+_\\w+|patience|factor|scale|momentum|epsilon)"
_WHERE = "one-setting|several-settings"
REMARKS: tuple[Fragment, ...] = (
    Fragment("rate-died", f"From epoch {SPAN} of {SPAN} on, the learning rate is too small to change a weight of {E}: "
             f"steps of {E} and less", _died),
    Fragment("rate-died", f"From epoch {SPAN} of {SPAN} on, all steps together move a weight by less than {E}, each as "
             f"long as the learning rate, {E} and less", _died),
    Fragment("rate-died", f"From epoch {SPAN} on, all steps together move a weight by less than {E}\\.", _also_idle),
    Fragment("rate-compounds", f"in every epoch from {N} on, so that its factors compound: from {E} to {E} in epoch {N}\\. "
             f"Each factor applied once would leave {E}\\.", _compounds),
    Fragment("best-not-tested", "EarlyStopping watched (?P<monitor>\\w+) and put no earlier weights back: it was \\w+ at "
             f"epoch {SPAN} \\({N}[ \u00a0]?%?\\); tested were the weights of the last epoch, {SPAN} \\({N}", _left),
    Fragment("plateau-never", f"could not act: it waits {N} epochs for \\w+ to improve, and EarlyStopping ends the training "
             f"after {N}\\.", _patience),
    Fragment("plateau-never", f"never lowered the learning rate: in {SPAN} epochs \\w+ never stood still for its patience "
             f"of {N}\\.", _patience),
    Fragment("warm-start", f"Training began with the weights of {ROW} after epoch {SPAN}: {SPAN} epochs before and {SPAN} "
             f"here, {SPAN} in all\\.", _warm),
    Fragment("different-budgets", f"{N} epochs in batches of {N} \\(\u201c(?P<first>[^\u201d]+)\u201d", _budget),
    Fragment("different-budgets", f"amounts of training: {SPAN} epochs, in batches of {SPAN}\\.", _budgets),
    Fragment("different-budgets", f"They took {N} to {N} updates of the weights", _updates),
    Fragment(_WHERE, f"(?<=[ (]){E} \u2192 {E}(?!\\.?\\d)(?!, \\d)", _from_to),
    Fragment(_WHERE, f"(?<=: ){E}, {E} \u2192 {E}, {E}(?!,? \\d)", _lists),
    Fragment(_WHERE, f"(?<=: ){E}, {E}, {E} \u2192 {E}, {E}, {E}(?!,? \\d)", _lists),
    Fragment("same-configuration", f"test accuracy {PERCENT} and {PERCENT} \\({N} points?\\)", _noise_of("test_accuracy")),
    Fragment("same-configuration", f"test loss {N} and {N} \\({N} apart\\)", _noise_of("test_loss")),
    Fragment("same-configuration", f"F1 {N} and {N} \\({N} apart\\)", _noise_of("f1")),
    Fragment(_WHERE, f"(?<!\\w){_NAME} {E}(?:\u2013{E})?(?:, {E})?(?: and {E})?(?: \u00d7 {E})?(?!\\.?\\d|[^\u201c]*\u201d)", _of_call),
)  # fmt: skip
"""Pieces of remarks with numbers, by rule."""


def _penalised(world: World, row: Row, match: re.Match[str]) -> Found:
    """How many rows have a loss with a penalty, in the chapter that names them or in the whole report."""
    titles = re.findall("\u201c([^\u201d]+)\u201d", match.string)
    first = next(iter(world.titled(titles[0])), row) if titles else row
    own = [each for each in world.done if each.facts["section"] == first.facts["section"]]
    for rows in (own, world.done):
        counted = sum(each.runs[0].penalised for each in rows)
        if str(len(rows)) == match[2]:
            return [Num(counted), Num(len(rows))]
    return [Num(None), Num(None)]


SAID: tuple[Fragment, ...] = (
    Fragment(
        "section-.*", f"In {N} of {N} rows the loss that was trained and drawn holds a penalty", _penalised
    ),
    *(Fragment("section-.*", one.pattern, one.said) for one in REMARKS if one.places == "different-budgets"),
)
"""Pieces of notices where rows stand side by side."""
