"""Descriptions of figures: what their numbers must be."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from tests.independent import costs, judging, sizes
from tests.independent.phrases import PERCENT, Found, Fragment, N, flexible, mean_of, section_of
from tests.independent.row_remarks import f1_scores
from tests.independent.runs import Row, Run
from tests.independent.tally import Expected, Num, Tally, Text
from tests.independent.world import DATA_SETS, LOSS, World, percent

PLACE = "figures"
_RATE = "\\d+(?:\\.\\d+)?(?:e[+\u2212-]?\\d+)?"
"""A number that may be very small."""
_CURVE = {"validation": "val_", "training": ""}


def data_set(world: World, words: str) -> list[Row]:
    """The rows on a data set that is named in words."""
    return [row for row in world.done if DATA_SETS.get(row.data_set, row.data_set) == words]


def _f1(world: World, row: Row, match: re.Match[str]) -> Found:
    names = [str(name) for name in row.runs[0].data["class_names"]]
    pooled, each = f1_scores(row.matrix()), np.array([f1_scores(run.matrix()) for run in row.runs])
    found: list[Expected] = []
    for name, end in ((match["low"], pooled.min()), (match["high"], pooled.max())):
        place = names.index(name)
        right = abs(pooled[place] - end) < 1e-9
        found.append(percent(float(pooled[place]) if right else None, 1))
        if "by seed" in match[0]:
            found += [percent(float(each[:, place].min()), 1), percent(float(each[:, place].max()), 1)]
    return [*found, Num(len(names)), percent(float(pooled.mean()), 1)]


def _curve_end(world: World, row: Row, match: re.Match[str]) -> Found:
    """Where a curve ends; of several runs the mean, the lowest and the highest."""
    accuracy = match["kind"] == "accuracy"
    ends = [float(run.history(_CURVE[match["of"]] + match["kind"])[-1]) for run in row.runs]
    values = [mean_of(ends), min(ends), max(ends)] if match["between"] else [mean_of(ends)]
    return [percent(value) if accuracy else Num(value, 3) for value in values]


def _to(counts: list[int], printed: str) -> list[Expected]:
    """A count, or the smallest and the largest as "2 to 5"; a dash where the other form is printed."""
    low, high = min(counts, default=0), max(counts, default=0)
    if " to " in printed:
        return [Num(low if low < high else None), Num(high)]
    return [Num(low if low == high else None)]


def _of_wanted(row: Row, printed: str) -> list[Expected]:
    """Runs, or "2 of 3" where one left no record."""
    done = [Num(len(row.runs) if (len(row.runs) < row.wanted) == (" of " in printed) else None)]
    return [*done, Num(row.wanted)] if " of " in printed else [*done]


def best_of_mean(row: Row, kind: str) -> tuple[int, float, int]:
    """The best epoch of a row's mean validation curve, its value there, and the length."""
    shortest = min(run.epochs for run in row.runs)
    curve = np.mean([run.history(f"val_{kind}")[:shortest] for run in row.runs], axis=0)
    place = int(np.argmax(curve) if kind == "accuracy" else np.argmin(curve))
    if kind == "accuracy":
        # Means of shares that are the same number of items may differ by their rounding.
        place = int(np.flatnonzero(np.isclose(curve, curve[place], rtol=2e-7, atol=0))[0])
    return place + 1, float(curve[place]), shortest


def _curve_best(world: World, row: Row, match: re.Match[str]) -> Found:
    epoch, value, shortest = best_of_mean(row, match["kind"])
    tied = [Num(shortest)] if match["last"] else []
    return [Num(epoch), *tied, percent(value) if match["kind"] == "accuracy" else Num(value, 3)]


def _curve_length(world: World, row: Row, match: re.Match[str]) -> Found:
    epochs = {run.epochs for run in row.runs}
    seeds = _of_wanted(row, match["seeds"].replace("\u00a0", " ")) if match["seeds"] else []
    return [*seeds, Num(epochs.pop() if len(epochs) == 1 else None)]


def _losses(world: World, row: Row, match: re.Match[str]) -> Found:
    """The lowest points of a chapter's mean loss curves."""
    rows = section_of(world, row)
    lows = sorted((best_of_mean(each, "loss")[1], best_of_mean(each, "loss")[0], each.title) for each in rows)
    right = lows[0][2] == match["name"]
    value, epoch = (lows[0][0], lows[0][1]) if right else (None, None)
    return [Num(len(rows)), Num(value, 3), Num(epoch), Num(lows[1][0], 3), Num(lows[-1][0], 3)]


def _seeds(world: World, row: Row, match: re.Match[str]) -> Found:
    several = [each for each in section_of(world, row) if len(each.runs) > 1]
    some = [Num(len(several))] if "of them" in match[0] else []
    return [*some, *_to([len(each.runs) for each in several], match[0].partition("range of")[2])]


def _front(world: World, row: Row, match: re.Match[str]) -> Found:
    """How many rows are on a front, and each of them with its accuracy and cost, cheapest first."""
    rows = data_set(world, match["set"])
    measure = next(name for name in costs.MEASURES if match["by"].startswith(name.partition(" ")[0]))
    front = costs.front(rows, measure)
    found: list[Expected] = [Num(len(front)), Num(len(rows))]
    named = re.findall("\u201c([^\u201d]+)\u201d \\(", match["rows"])
    if named != [each.title for each in front]:
        return [*found, *[Num(None)] * (2 * len(named))]
    for each in front:
        found += [percent(each.mean("validation_accuracy")), Num(costs.cost(each, measure), None if
                  measure == "seconds" else 0)]  # fmt: skip
    return found


def _unlike(world: World, row: Row, match: re.Match[str]) -> Found:
    ends = costs.spread(data_set(world, match["set"]))
    return [Num(end, None) for end in ends] if ends else [Num(None)] * 2


def _cover(world: World, row: Row, match: re.Match[str]) -> Found:
    """Validation errors of all rows on a data set, and how far runs lie apart within a row."""
    rows = data_set(world, match["set"])
    errors = [1 - (each.mean("validation_accuracy") or 0.0) for each in rows]
    lowest = rows[int(np.argmin(errors))].title
    several = [each for each in rows if len(each.runs) > 1]
    found: list[Expected] = [Num(len(rows)), percent(min(errors) if lowest == match["low"] else None),
                             percent(max(errors))]  # fmt: skip
    if "of them" in match[0]:
        apart = [np.ptp(each.values("validation_accuracy") or [0.0]) for each in several]
        printed = match[0].replace("\u00a0", " ").rpartition("means of")[2].partition(" seeds")[0]
        found += [Num(len(several)), *_to([len(each.runs) for each in several], printed),
                  percent(float(max(apart, default=0.0)))]  # fmt: skip
    return found


def _published(world: World, row: Row, match: re.Match[str]) -> Found:
    gaps = {}
    for each in world.done:
        theirs = world.published(each.id).get("test_accuracy")
        if theirs is not None:
            gaps[each.title] = (each.mean("test_accuracy") or 0.0) - theirs
    if not gaps:
        return []
    low, high = (gaps.get(match[name]) for name in ("low", "high"))
    right = low == min(gaps.values()), high == max(gaps.values())
    seeds = {len(each.runs) for each in world.done if each.title in gaps and len(each.runs) > 1}
    several = [Num(max(seeds))] if "means of" in match[0] else []
    return [Num(len(gaps)), *several, percent(low if right[0] else None, signed=True),
            percent(high if right[1] else None, signed=True)]  # fmt: skip


def _bins(run: Run) -> list[tuple[int, float, float]]:
    """Items, mean probability and share of right answers in ten bins of the answers' probability."""
    given, right = run.probabilities("test").max(axis=1), run.right("test")
    place = np.minimum((given * 10).astype(int), 9)
    return [(int(own.sum()), float(given[own].mean()), float(right[own].mean())) if own.any() else (0, 0.0, 0.0)
            for own in (place == number for number in range(10))]  # fmt: skip


def _reliability(world: World, row: Row, match: re.Match[str]) -> Found:
    """Mean confidence and accuracy; their distance bin by bin; the bin of enough items that is furthest off."""
    runs = row.runs
    each = [_bins(run) for run in runs]
    items = runs[0].items("test")
    off = mean_of([sum(n * abs(p - r) for n, p, r in one) / items for one in each])
    pooled = []
    for number in range(10):
        own = [one[number] for one in each]
        n = sum(one[0] for one in own)
        if n / len(runs) >= 20:
            p, r = (sum(one[0] * one[i] for one in own) / n for i in (1, 2))
            pooled.append((abs(p - r), number, n / len(runs), p, r))
    gap, worst, count, p, r = max(pooled)
    errors = mean_of([int((~run.right("test")).sum()) for run in runs])
    several = [Num(len(runs))] if len(runs) > 1 else []
    return [Num(errors), Num(items), *several, percent(mean_of([run.confidence() for run in runs]), 1),
            percent(row.mean("test_accuracy"), 1), percent(off, 1), percent(gap, 1), Num(20),
            Num(10 * worst), Num(10 * worst + 10), percent(p, 1), percent(r, 1), Num(count, slack=1.0)]  # fmt: skip


def _network(world: World, row: Row, match: re.Match[str]) -> Found:
    """A drawn network: its shape, its layers, its parameters, and those of its largest layer."""
    run = row.runs[0]
    layers, heads = sizes.parts(run), [part for part in sizes.parts(run) if part.learns]
    total = sum(part.total for part in layers)
    shape = run.facts["layers"][0]["input_shape"]
    most = percent(max(part.total for part in layers) / total, 1)
    return [*map(Num, shape), Num(layers[-1].output[-1]), Num(len(layers)), Num(len(heads)), Num(total), most]


def _left_alone(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(sum(part.non_trainable for part in sizes.parts(row.runs[0])))]


def _within(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(max(part.layers for part in sizes.parts(row.runs[0])))]


def _at_random(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(int(row.runs[0].facts["augmentation"]))]


def _first_run(world: World, row: Row, match: re.Match[str]) -> Found:
    """The first and the last learning rate of the first run."""
    rates = row.runs[0].history("learning_rate")
    return [_rate(float(rates[0])), _rate(float(rates[-1]))]


def _rate(value: float) -> Expected:
    """A rate of float32, which was given with three digits at most."""
    short = f"{value:.3g}"
    return Num(float(short), None, slack=1e-9 * abs(value))


def _lowered(world: World, row: Row, match: re.Match[str]) -> Found:
    """The epochs that start with a lower rate than the one before them."""
    rates = row.runs[0].history("learning_rate")
    found = [epoch for epoch in range(2, len(rates) + 1) if rates[epoch - 1] < rates[epoch - 2] * (1 - 1e-6)]
    return [Text(", ".join(map(str, found)))]


def _dead(world: World, row: Row, match: re.Match[str]) -> Found:
    """Half the distance of float32 numbers at 0.01, and the epoch from which no run's rate is above it."""
    limit = float(np.spacing(np.float32(0.01))) / 2
    lasts = [max((e for e, rate in enumerate(run.history("learning_rate"), 1) if rate >= limit), default=0)
             for run in row.runs]  # fmt: skip
    return [Num(max(lasts) + 1)]


def _limit(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(float(f"{float(np.spacing(np.float32(0.01))) / 2:.3g}"), None, slack=1e-18)]


def _tested(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(int(row.runs[0].facts["tested_epoch"]))]


def _ended(world: World, row: Row, match: re.Match[str]) -> Found:
    """How long a training was, and how long it was to be."""
    stopped = [run.facts["stopped"] for run in row.runs]
    planned = max(int(each["planned"]) for each in stopped)
    if "trainings" in match[0]:
        early = sum(bool(each["by"]) for each in stopped)
        return [Num(early), Num(len(row.runs)), Num(planned)]
    return [Num(row.runs[0].epochs), Num(planned)]


def _without_penalty(world: World, row: Row, match: re.Match[str]) -> Found:
    """The cross-entropy of the answers: what is left of the loss without its penalty."""
    if any(run.facts["loss"]["name"] != "categorical_crossentropy" for run in row.runs):
        return []
    return [Num(mean_of([run.loss("validation") or math.nan for run in row.runs]), 3, slack=LOSS)]


def _goes_on(world: World, row: Row, match: re.Match[str]) -> Found:
    """The epoch of another row's run whose weights were the first ones."""
    wanted = {run.facts["initial"].get("key") for run in row.runs}
    found = [int(run.facts["tested_epoch"]) for each in world.done for run in each.runs
             if run.key in wanted and each.title == match["title"]]  # fmt: skip
    return [Num(found[0] if found else None)]


_VALUE = f"{N}(?: %)?"
FIGURES: tuple[Fragment, ...] = (
    Fragment("network", f"A network from {N}(?: \u00d7 {N} \u00d7 {N})? inputs to {N} outputs: {N} layers?, {N} of them with "
             f"weights to learn, {N} parameters\\. Most of them, {PERCENT}, are", _network),
    Fragment("network", f"Training leaves {N} of them alone", _left_alone),
    Fragment("network", f"A network of {N} layers stands in it", _within),
    Fragment("network", f"The first {N} layers alter the images", _at_random),
    Fragment(".*", f"The learning rate (?:of the first seed )?starts at ({_RATE}) and ends at ({_RATE})\\.(?= |$)", _first_run),
    Fragment(".*", "A callback lowered it before epochs? (\\d+(?:, \\d+)*)\\.", _lowered),
    Fragment(".*", f"It is dead from epoch {N} on", _dead),
    Fragment(".*", f"with rates below ({_RATE}) a step is lost", _limit),
    Fragment(".*", f"Triangles: epoch {N}, whose", _tested),
    Fragment(".*", f"\\w+ ended it after {N} of {N} epochs", _ended),
    Fragment(".*", f"\\w+ ended {N} of {N} trainings before epoch {N}", _ended),
    Fragment(".*", f"loss(?:es)? of the tested weights without it, {N}", _without_penalty),
    Fragment(".*", f"Epoch (?P<one>1) goes on from epoch {N} of \u201c(?P<title>[^\u201d]+)\u201d", _goes_on),
    Fragment(".*", f"Learning curves (?P<seeds>of (?:{N} of )?{N} seeds )?over {N} epochs", _curve_length),
    Fragment(".*", f"validation (?P<kind>loss|accuracy) is (?:low|high)est (?:first )?at epoch {N}"
             f"(?P<last>, (?:still|again) at {N})? \\({_VALUE}\\)", _curve_best),
    Fragment(".*", f"(?P<of>validation) (?P<kind>loss|accuracy) is \\w+ (?:first )?at epoch [^;]*? and ends at "
             f"{_VALUE}(?P<between> \\({_VALUE} to {_VALUE}\\))?;", _curve_end),
    Fragment(".*", f"(?P<of>training) (?P<kind>loss|accuracy) ends at {_VALUE}"
             f"(?P<between> \\({_VALUE} to {_VALUE}\\))?", _curve_end),
    Fragment(".*", f"lowest for (?P<low>.+?) \\({PERCENT}(?:, by seed {N} to {PERCENT})?\\), highest for "
             f"(?P<high>.+?) \\({PERCENT}(?:, by seed {N} to {PERCENT})?\\); mean of {N} classes {PERCENT}", _f1),
    Fragment("F1 per class", f"test set of (?:{N} of )?{N} seeds",
             lambda world, row, match: _of_wanted(row, match[0][11:].replace("\u00a0", " "))),
    Fragment("Loss of every.*", f"Loss curves of {N} (?:rows|runs) .*?The lowest validation loss is {N} at epoch {N} "
             f"\\((?P<name>.+?)\\); the others' minima lie between {N} and {N}", _losses),
    Fragment("Loss of every.*", f"(?:{N} of them show|Each row shows) mean and range of {N}(?: to {N})? seeds", _seeds),
    Fragment("Validation accuracy.*", f"Validation accuracy on (?P<set>\\w[^.,:]*?) against (?P<by>[\\w -]+): {N} of {N} "
             "rows (?:are|is) on the Pareto front: (?P<rows>[^.]*(?:\\.\\d[^.]*)*)\\.(?= |$)", _front),
    Fragment("Validation accuracy.*", "(?P<set>\\w[^.,:]*?): Seconds are not compared: one and the same training took "
             f"{N} to {N}[ \u00a0]s", _unlike),
    Fragment("cover", f"(?P<set>\\w[^.,:]*?), {N} (?:rows|runs): validation errors from {N} to {PERCENT}; the lowest is that "
             f"of \u201c(?P<low>[^\u201d]+)\u201d\\.(?: {N} of them are means of {N}(?: to {N})? seeds, which differ by up to {N} "
             "points within a row)?", _cover),
    Fragment("Published.*", f"Test accuracy of {N} rows, ours (?:\\(means of {N} seeds[^)]*\\) )?minus published: from "
             f"{N} points \\(\u201c(?P<low>[^\u201d]+)\u201d\\) to {N} points \\(\u201c(?P<high>[^\u201d]+)\u201d\\)",
             _published),
    Fragment(".*", f"\\({N} errors in {N} items(?:, mean of {N} seeds)?\\)\\. On average the model gives its answer a "
             f"probability of {PERCENT} and is right in {PERCENT}; bin by bin the two are {N} points apart on average, "
             f"and at most {N} in a bin of at least {N} items\\. They are furthest apart where it says {N} to {PERCENT}: "
             f"{PERCENT} on average, right in {PERCENT} of {N} items", _reliability),
)  # fmt: skip
"""Pieces of descriptions with numbers, by the beginning of the caption."""


NAMED = 4


def check_differences(
    tally: Tally, world: World, figure: dict[str, str], pairs: Sequence[tuple[Row, Row]], measure: str
) -> None:
    """Compare the description of a family's differences: how many, which can be told, and where the rest lie."""
    text, column = figure["says"], "differences of a family"
    lines = judging.family(pairs, measure, world.luck)
    told = [line for line in lines if line.different]
    rest = [line.single.difference for line in lines if not line.different]
    titles = {row.id: row.title for row in world.done}

    def see(pattern: str, wanted: Sequence[Num]) -> None:
        match = re.search(flexible(pattern), text)
        found = match.groups() if match else ("",) * len(wanted)
        for part, number in zip(found, wanted, strict=True):
            tally.see(PLACE, column, str(figure["number"]), part, number)

    see(f"^{N} differences? in ", [Num(len(lines))])
    see(f": {N} can be told from zero", [Num(len(told))])
    tests = sum(line.single.relation == "other" for line in lines)
    if tests > 1:
        see(f"the correction for {N} comparisons", [Num(tests)])
    more = re.search(f"and {N} more", text)
    if more:  # of many only the first few are named
        tally.see(PLACE, column, str(figure["number"]), more[1], Num(len(told) - NAMED))
        told = told[:NAMED]
    for line in told:
        name = re.escape(f"\u201c{titles[line.single.first]}\u201d").replace("\\ ", " ")
        see(f"{name}(?: minus \u201c[^\u201d]+\u201d)? {N} \\({N} to {N}\\)",
            [percent(each, signed=True) for each in (line.single.difference, line.single.low,
                                                     line.single.high)])  # fmt: skip
    if len(rest) == 1:
        see(f"at {N}, (?:is|are) not distinguishable", [percent(rest[0], signed=True)])
    elif rest:
        see(f"between {N} and {N}, are not", [percent(each, signed=True) for each in (min(rest), max(rest))])
