"""Remarks that set rows beside each other, or are about classes: what their numbers must be."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from tests.independent import calls, formulas, judging, shown, sizes
from tests.independent.phrases import (
    PERCENT,
    ROW,
    SPAN,
    TO,
    Found,
    Fragment,
    N,
    mean_of,
    named,
    section_of,
    span,
    titled,
)
from tests.independent.runs import Row, Run
from tests.independent.tally import Expected, Num, Text
from tests.independent.world import World, percent

AGAINST = "against"
"""Group with the row that a remark sets its own against."""


def _signed(value: float) -> Num:
    return percent(value, signed=True)


def _compared(world: World, one: Row, other: Row) -> judging.Compared:
    return judging.compare(one, other, "validation_accuracy", world.luck.get(one.data_set))


def _against(world: World, row: Row, match: re.Match[str]) -> Row | None:
    found = re.search(f"Against {ROW}", match.string)
    return titled(world, row, found["title"], found["id"]) if found else None


def _worth(world: World, row: Row, match: re.Match[str]) -> Found:
    """A difference on validation, its interval, and the words that follow from them."""
    other = _against(world, row, match)
    if other is None:
        return []
    made = _compared(world, row, other)
    several, outside = made.seeds > 1, made.low > 0 or made.high < 0
    agreed = made.basis == "points" and outside
    tail = "Another training of the same settings may bring as much." if outside else ""
    if made.different:
        tail = ""
    elif not outside:
        tail = "No difference can be made out"
    found: list[Expected] = [_signed(made.difference), *([Num(made.seeds)] if several else []),
                             Num(round(100 * made.level, 4), None), _signed(made.low), _signed(made.high),
                             Text(": each seed by itself shows it" if agreed else ""), Text(tail)]  # fmt: skip
    if "; one of" in match[0]:
        found.append(percent(made.smallest if made.smallest > abs(made.difference) else None))
    elif tail.startswith("No ") and made.smallest > abs(made.difference):
        found[-1] = Text(f"{tail}; one of {100 * made.smallest:.2f} points ...")
    return found


def _changes(row: Row, other: Row) -> dict[str, tuple[object, object]]:
    """Settings of both rows that differ, with the values of both."""
    own, theirs = row.facts["parameters"], other.facts["parameters"]
    found = {name: (own[name], theirs[name]) for name in own if name in theirs and own[name] != theirs[name]}
    if "epochs" in found:
        given = _given(row), _given(other)
        found["epochs"] = given if None not in given else found["epochs"]
        if found["epochs"][0] == found["epochs"][1]:
            del found["epochs"]
    if row.facts["notebook"] != other.facts["notebook"] and not _by_layers(row, other):
        found["notebook"] = (row.facts["notebook"], other.facts["notebook"])
    return found


def _given(row: Row) -> int | None:
    """The epochs that the runs of a row were to last, where it is one number."""
    planned = {(run.facts.get("stopped") or {}).get("planned") for run in row.runs}
    return planned.pop() if len(planned) == 1 else None


def _by_layers(row: Row, other: Row) -> bool:
    """Whether both networks are layers of the file on the same inputs, so that no notebook makes them."""
    listed = all(calls.listed(each.facts["parameters"].get("layers")) for each in (row, other))
    return listed and row.runs[0].facts["features"]["kind"] == other.runs[0].facts["features"]["kind"]


def _count(world: World, row: Row, match: re.Match[str]) -> Found:
    """How many settings changed, those of one kind between the same values as one; the epochs may be none."""
    other = _against(world, row, match)
    if other is None:
        return []
    apart = "besides the epochs" in match.string
    own, theirs = row.facts["parameters"], other.facts["parameters"]
    called = _called(own, theirs)
    changed = {
        (name.split("_")[-1], str(values)): name
        for name, values in _changes(row, other).items()
        if not (apart and name == "epochs") and name not in called
    }
    in_calls = sum(calls.changes(name, *map(calls.listed, (own[name], theirs[name]))) for name in called
                   if name in calls.LISTS)  # fmt: skip
    in_calls += calls.of_optimizers(own, theirs) if "optimizer" in called else 0
    return [Num(len(changed) + in_calls + (row.facts.get("warm_start") != other.facts.get("warm_start")))]


def _called(own: dict[str, Any], theirs: dict[str, Any]) -> set[str]:
    """Parameters of both rows that are calls, each difference of which counts."""
    lists = {name for name in calls.LISTS if name in own and name in theirs}
    lists -= {"layers"} if "layers" in lists and not (own["layers"] and theirs["layers"]) else set()
    return lists | ({"optimizer", "learning_rate"} if "optimizer" in own and "optimizer" in theirs else set())


def _others(world: World, row: Row, match: re.Match[str]) -> Found:
    """Of more than six settings four are named, and the others counted."""
    counted = _count(world, row, match)
    return [Num(each.value - 4 if each.value and each.value > 6 else None) for each in counted
            if isinstance(each, Num)]  # fmt: skip


def _shown(value: object) -> str:
    """A setting as text: numbers without a decimal that says nothing."""
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _value(text: str) -> str:
    return text.replace("\u00a0", "")


def _setting(world: World, row: Row, match: re.Match[str]) -> Found:
    """A setting's values with a digit: those of one setting that differs."""
    other = _against(world, row, match)
    if other is None:
        return []
    printed = _value(match[1]), _value(match[2])
    for pair in _changes(row, other).values():
        both = [_shown(each) for each in pair]
        if printed in (tuple(both), tuple(f"{each}\u00d7{each}" for each in both)):
            return [Text(match[1]), Text(match[2])]
    right = all(set(map(_printed, re.findall(_ANY, text))) <= calls.numbers(each.facts["parameters"])
                for text, each in ((match[1], row), (match[2], other)))  # fmt: skip
    if right:
        return [Text(match[1]), Text(match[2])]
    return [Text("the values of a setting that differs")] * 2


_ANY = "(?<![\\w.])\\d[\\d\u00a0]*(?:\\.\\d+)?(?:e[\u2212-]?\\d+)?"


def _printed(text: str) -> float:
    return float(text.replace("\u00a0", "").replace("\u2212", "-"))


def _lengths(world: World, row: Row, match: re.Match[str]) -> Found:
    other = _against(world, row, match)
    both = _changes(row, other).get("epochs") if other else None
    if both is None or other is None:
        return []
    return [span([run.epochs for run in each.runs]) for each in (row, other)]


def _paired(row: Row, other: Row) -> list[tuple[Run, Run]]:
    others = {run.seed: run for run in other.runs}
    return [(run, others[run.seed]) for run in row.runs if run.seed in others]


def _at(epoch: int, pairs: list[tuple[Run, Run]]) -> list[float]:
    """Differences of the validation accuracy after an epoch, as printed."""
    curves = [[run.history("val_accuracy")[epoch - 1] for run in pair] for pair in pairs]
    return [round(float(first - second), 4) for first, second in curves]


def _same_epoch(world: World, row: Row, match: re.Match[str]) -> Found:
    """At the last epoch of the shorter training; the mean is that of the printed differences."""
    other = _against(world, row, match)
    if other is None:
        return []
    epoch = min(row.runs[0].epochs, other.runs[0].epochs)
    pairs = _paired(row, other)
    points, ends = _at(epoch, pairs), _signed(_compared(world, row, other).difference)
    found: list[Expected] = [Num(epoch), _signed(round(mean_of(points), 4))]
    if len(points) > 1:
        return [*found, Text(", ".join(f"{100 * p:+.2f}".replace("-", "\u2212") for p in points)), ends]
    one, two = pairs[0]
    n = one.items("validation")
    right = [round(float(run.history("val_accuracy")[epoch - 1]) * n) for run in (one, two)]
    low, high = formulas.newcombe(right[0], n, right[1], n)
    return [*found, Num(95), _signed(low), _signed(high), ends]


def _uneven(world: World, row: Row, match: re.Match[str]) -> Found:
    """A short training beside a long one, in the order of the sentence."""
    short, long = (titled(world, row, match[name]) for name in ("short", "long"))
    if short is None or long is None:
        return []
    before, after = (mean_of([shown.ends(run)[i] for run in short.runs]) for i in (0, 1))
    slightly = " slightly" if before - after < shown.TWO_PERCENT * before else ""
    epoch, width = short.runs[0].epochs, span([shown.stretch(run) for run in short.runs])
    points = round(mean_of(_at(epoch, _paired(long, short))), 4)
    return [span([run.epochs for run in short.runs]), Text(slightly), Num(after, 3), width, Num(before, 3), width,
            span([run.epochs for run in long.runs]), Num(epoch), _signed(points),
            _signed(_compared(world, long, short).difference)]  # fmt: skip


def _smaller(world: World, row: Row, match: re.Match[str]) -> Found:
    other = _against(world, row, match)
    if other is None:
        return []
    own, theirs = sizes.total(row.runs[0]), sizes.total(other.runs[0])
    made = _compared(world, row, other)
    right = theirs <= own * 2 / 3 and not (made.different and made.difference > 0)
    return [Num(own if right else None), Num(theirs)]


def _elsewhere(world: World, row: Row, match: re.Match[str]) -> Found:
    """A small network of another chapter: its size, the chapter's sizes, its score, and how many lie below."""
    other = named(world, row, match)
    if other is None:
        return []
    rows = section_of(world, row)
    totals, work = ([how(each.runs[0]) or 0 for each in rows] for how in (sizes.total, sizes.work))
    own = sizes.total(other.runs[0]), sizes.work(other.runs[0])
    against = [_compared(world, each, other) for each in rows]
    above = any(each.different and each.difference > 0 for each in against)
    right = 2 * own[0] <= min(totals) and not above
    several = [Num(len(other.runs))] if "on average" in match[0] else []
    return [Num(own[0] if right else None), span(totals), Text("but " if (own[1] or 0) > max(work) else ""),
            Num(own[1]), span(work), percent(other.mean("validation_accuracy")), *several]  # fmt: skip


def _below(world: World, row: Row, match: re.Match[str]) -> Found:
    found = re.search(f"accurate as (?:any|the one) here: {ROW}", match.string)
    other = titled(world, row, found["title"], found["id"]) if found else None
    if other is None:
        return []
    rows = section_of(world, row)
    below = sum(_compared(world, each, other).different for each in rows)
    shared = {run.seed for each in rows for run in each.runs} & {run.seed for run in other.runs}
    seed = [Num(shared.pop() if len(shared) == 1 else None)] if "(seed" in match[0] else []
    return [Num(below), Num(len(rows)), *seed]


def _above(world: World, row: Row, match: re.Match[str]) -> Found:
    """A small network of another chapter that every row here is surely less accurate than."""
    made, other = _elsewhere(world, row, match), named(world, row, match)
    rows = section_of(world, row)
    if other is None or not all(_compared(world, each, other).different for each in rows):
        return [Num(None)] * 6
    shared = {run.seed for each in rows for run in each.runs} & {run.seed for run in other.runs}
    return [*made, *([Num(shared.pop() if len(shared) == 1 else None)] if "(seed" in match[0] else [])]


def f1_scores(matrix: Any) -> Any:
    """F1 by class: twice the hits, over truths and answers."""
    return 2 * np.diag(matrix) / np.maximum(matrix.sum(axis=0) + matrix.sum(axis=1), 1)


def _weak(world: World, row: Row, match: re.Match[str]) -> Found:
    """The class with the lowest F1 of all runs together; its recall on one test set."""
    matrix, names = row.matrix(), [str(name) for name in row.runs[0].data["class_names"]]
    scores, place = f1_scores(matrix), int(np.argmin(f1_scores(matrix)))
    items = round(int(matrix[place].sum()) / len(row.runs))
    given = int(matrix[:, place].sum())
    recall = matrix[place, place] / matrix[place].sum()
    precision = [percent(float(matrix[place, place] / given), 1)] if given else []
    low, high = formulas.wilson(round(float(recall) * items), items)
    right = names[place] == match["class"]
    return [Num(float(scores[place]) if right else None, 4), Num(float(np.median(scores)), 4),
            percent(float(recall), 1), Num(95), percent(low, 1), percent(high, 1), Num(items),
            *precision]  # fmt: skip


def _next(world: World, row: Row, match: re.Match[str]) -> Found:
    """The next weak classes: the second and third lowest F1, where they are weak themselves."""
    names, scores = [str(name) for name in row.runs[0].data["class_names"]], f1_scores(row.matrix())
    short = 1 - scores
    least = max(2 * float(np.median(short)), float(np.median(short)) + 0.01)
    order = [int(place) for place in np.argsort(scores, kind="stable")[1:3] if short[place] >= least]
    place = names.index(match["class"])
    return [Num(float(scores[place]) if place in order else None, 4)]


def _pair(world: World, row: Row, match: re.Match[str]) -> Found:
    matrix, names = row.matrix(), [str(name) for name in row.runs[0].data["class_names"]]
    one, two = names.index(match["one"]), names.index(match["two"])
    both = matrix + matrix.T
    errors = int(matrix.sum() - np.trace(matrix))
    largest = int(np.max(both[~np.eye(len(both), dtype=bool)]))
    share = both[one, two] / errors if both[one, two] == largest else None
    return [Num(len(names) * (len(names) - 1) // 2), percent(share, 1), Num(errors)]


def _one_way(world: World, row: Row, match: re.Match[str]) -> Found:
    matrix, names = row.matrix(), [str(name) for name in row.runs[0].data["class_names"]]
    one, two = names.index(match["one"]), names.index(match["two"])
    return [Num(int(matrix[one, two])), Num(int(matrix[one, two] + matrix[two, one]))]


def _reruns(world: World, row: Row, match: re.Match[str]) -> Found:
    """Rows that differ in the seed alone; of many only the first few are named."""
    titles = re.findall("\u201c([^\u201d]+)\u201d", match["titles"])
    rows = [titled(world, row, title) for title in titles]
    found = [each.mean("validation_accuracy") or 0.0 for each in rows if each is not None]
    if len(found) != len(titles) or "others" in match["titles"]:
        return []
    return [percent(min(found)), percent(max(found))]


def _runs(world: World, row: Row, match: re.Match[str]) -> Found:
    rows = [row]
    if "\u201d trained for " in match.string:
        rows = [each for title in re.findall("\u201c([^\u201d]+)\u201d", match.string)
                if (each := titled(world, row, title)) is not None]  # fmt: skip
    return [Num(len(each.runs)) for each in rows[:1]]


_CLASS = "\u201c(?P<class>[^\u201d]+)\u201d"
_BOTH = "\u201c(?P<one>[^\u201d]+)\u201d{}\u201c(?P<two>[^\u201d]+)\u201d"
REMARKS: tuple[Fragment, ...] = (
    Fragment(".*", f"(?:Means over|Errors of) {N} seeds", _runs),
    Fragment("one-setting|several-settings|smaller-model",
             f"Validation accuracy: {N} points \\((?:mean over {N} seeds; (?:single-seed )?)?{N}[ \u00a0]% "
             f"intervals? (?:from )?{N} to {N}\\)((?:: each seed by itself shows it)?)\\.? ?"
             "((?:No difference can be made out|Another training of the same settings may bring as much\\.)?)"
             f"(?:; one of {N} points would have been found)?", _worth),
    Fragment("several-settings", f", {N} settings change at once", _count),
    Fragment("several-settings", f" and {N} others", _others),
    Fragment("one-setting|several-settings", "\\(([^()]*\\d[^()]*?), not ([^()]*\\d[^()]*?)\\)", _setting),
    Fragment("one-setting|several-settings", f"besides the epochs, {SPAN} instead of {SPAN}\\.", _lengths),
    Fragment("one-setting|several-settings",
             f"At epoch {N}, where both have trained equally long, validation accuracy differs by {N} points "
             f"\\(([^()%]+)\\); at their ends by {N}\\.", _same_epoch),
    Fragment("one-setting|several-settings",
             f"At epoch {N}, where both have trained equally long, validation accuracy differs by {N} points "
             f"\\({N}[ \u00a0]% interval {N} to {N}\\); at their ends by {N}\\.", _same_epoch),
    Fragment("uneven-stop",
             f"\u201c(?P<short>[^\u201d]+)\u201d trained for {SPAN} epochs, its validation loss still falling"
             f"((?: slightly)?) \\(mean {N} in the last {SPAN} epochs, {N} in the {SPAN} before\\); \u201c(?P<long>[^\u201d]+)\u201d for {SPAN}\\. At epoch {N} the "
             f"latter's validation accuracy differs by {N} points, at their ends by {N}\\.", _uneven),
    Fragment("smaller-model", f"this row has {N} parameters instead of {N}\\.", _smaller),
    Fragment("smaller-elsewhere",
             f"far fewer parameters may be as accurate as (?:any|the one) here: {ROW}, {N} parameters \\(here {SPAN}\\), ((?:but )?){N} multiply-adds "
             f"\\(here {SPAN}\\), {PERCENT} (?:in one training|on average over {N} trainings)", _elsewhere),
    Fragment("smaller-elsewhere",
             f"far fewer parameters is surely more accurate than (?:every row|the one) here: {ROW}, {N} parameters \\(here {SPAN}\\), ((?:but )?){N} "
             f"multiply-adds \\(here {SPAN}\\), {PERCENT} (?:in one training|on average over {N} trainings)(?: \\(seed {N} of each)?", _above),
    Fragment("smaller-elsewhere", f"{N} of {N} here (?:is|are) shown to be less accurate than that(?: \\(seed {N} of each)?", _below),
    Fragment("weak-classes",
             f"The lowest F1 is that of {_CLASS}: {N}, the median of the classes {N}; recall {PERCENT} \\({N} % "
             f"interval {TO}, {N} items\\), (?:precision {PERCENT}|for no item at all was read)", _weak),
    Fragment("weak-classes", f"(?<=[:d,] ){_CLASS} \\({N}\\)", _next),
    Fragment("confused-pairs", f"One pair of {N}, {_BOTH.format(' and ')}, holds {PERCENT} of all {N} errors", _pair),
    Fragment("confused-pairs", f"{_BOTH.format(' is read as ')} in {N} of the {N} errors between", _one_way),
    Fragment("rerun", f"(?P<titles>\u201c.+\u201d.*) differ in nothing but the seed: their validation accuracies, "
             f"{PERCENT} to {PERCENT}", _reruns),
)  # fmt: skip
"""Pieces of remarks with numbers, by rule."""
