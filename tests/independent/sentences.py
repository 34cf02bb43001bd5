"""Numbers in sentences: the program's remarks and the descriptions of figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tests.independent import judging, sizes
from tests.independent.runs import Row, Run
from tests.independent.tally import Num, Tally
from tests.independent.world import World, percent

NUMBER = "[+\u2212-]?\\d[\\d\u00a0]*(?:\\.\\d+)?"
N = f"({NUMBER})"
PERCENT = f"{N}[ \u00a0]?%"
Found = list[Num]
Said = Callable[[World, Row, "re.Match[str]"], Found]


def last(row: Row, name: str) -> float:
    return float(np.mean([run.history(name)[-1] for run in row.runs]))


def _turned(row: Row) -> list[tuple[Run, int]]:
    """The runs whose validation loss turned: read from the sentence's own definition in docs and code.

    A run counts where its lowest validation loss lies at least a stretch before the end.
    """
    found = []
    for run in row.runs:
        low, width = run.best_by_loss - 1, max(3, round(0.1 * run.epochs))
        losses = run.history("val_loss")
        here = float(np.median(losses[max(0, low - 1) : low + 2]))
        rise = float(losses[-width:].mean()) - here
        scatter = float(np.diff(losses[low:]).std(ddof=1)) / 2**0.5 if run.epochs - low > 2 else 0.0
        certain = rise >= 3 * scatter * (1 / width + 1 / 3) ** 0.5
        least = 0.03 * losses[low]
        if run.epochs - 1 - low >= width and certain and min(rise, losses[-1] - losses[low]) >= least:
            found.append((run, low))
    return found


def mean_of(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def _turn(world: World, row: Row, match: re.Match[str]) -> Found:
    turned = _turned(row)
    lowest = mean_of([run.history("val_loss")[low] for run, low in turned])
    last = mean_of([run.history("val_loss")[-1] for run, _ in turned])
    more = round(last, 3) - round(lowest, 3)
    return [Num(lowest, 3), Num(last, 3), Num(more, 3)]


def _turn_training(world: World, row: Row, match: re.Match[str]) -> Found:
    turned = _turned(row)
    then = mean_of([run.history("loss")[low] for run, low in turned])
    return [Num(then, 3), Num(mean_of([run.history("loss")[-1] for run, _ in turned]), 3)]


def _turn_epochs(world: World, row: Row, match: re.Match[str]) -> Found:
    epochs = [low + 1 for _, low in _turned(row)]
    ends = [min(epochs), max(epochs)] if epochs else [float("nan")] * 2
    return [Num(end) for end in ends]


def _sure(world: World, row: Row, match: re.Match[str]) -> Found:
    runs = [run for run, _ in _turned(row)]
    claimed, right = [run.confidence("validation") for run in runs], [r.accuracy("validation") for r in runs]
    wrong = [run.probabilities("validation").max(axis=1)[~run.right("validation")].mean() for run in runs]
    return [percent(mean_of(claimed)), percent(mean_of(right)), percent(mean_of(wrong))]


def _sure_curve(world: World, row: Row, match: re.Match[str]) -> Found:
    turned = _turned(row)
    then = mean_of([run.history("val_accuracy")[low] for run, low in turned])
    return [percent(then), percent(mean_of([run.history("val_accuracy")[-1] for run, _ in turned]))]


def _gap(world: World, row: Row, match: re.Match[str]) -> Found:
    training, held = last(row, "accuracy"), last(row, "val_accuracy")
    apart = round(100 * training, 2) - round(100 * held, 2)
    return [percent(training), percent(held), Num(apart, 2), Num(last(row, "loss"), 3),
            Num(last(row, "val_loss"), 3)]  # fmt: skip


def _above(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(last(row, "val_loss"), 3), Num(last(row, "loss"), 3),
            percent(last(row, "val_accuracy")), percent(last(row, "accuracy"))]  # fmt: skip


def _stretches(world: World, row: Row, match: re.Match[str]) -> Found:
    """Both means; the runs that show it are those whose count the sentence gives: all, or else unknown."""
    width = max(3, round(0.1 * row.runs[0].epochs))
    seen = re.match("In (\\d+) of (\\d+) seeds", match.string)
    if seen and seen[1] != seen[2]:
        return []
    after = mean_of([run.history("val_loss")[-width:].mean() for run in row.runs])
    before = mean_of([run.history("val_loss")[-2 * width : -width].mean() for run in row.runs])
    return [Num(width), Num(after, 3), Num(width), Num(before, 3)]


def _lowest(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(mean_of([run.history("val_loss").min() for run in row.runs]), 3), Num(row.runs[0].epochs)]


def _underfitted(world: World, row: Row, match: re.Match[str]) -> Found:
    return [percent(last(row, "accuracy")), percent(row.mean("validation_accuracy"))]


def _other(world: World, row: Row, match: re.Match[str]) -> Row | None:
    rows = [each for each in world.titled(match["title"]) if each.data_set == row.data_set]
    own = [each for each in rows if each.facts["section"] == row.facts["section"]]
    rows = own or rows
    return rows[0] if len(rows) == 1 else None


def _reaches(world: World, row: Row, match: re.Match[str]) -> Found:
    other = _other(world, row, match)
    return [] if other is None else [percent(other.mean("validation_accuracy"))]


def _against(world: World, row: Row, match: re.Match[str]) -> Found:
    title = re.search("(?:Against|; ) ?\u201c(.+?)\u201d", match.string)
    rows = [each for each in world.titled(title[1]) if each.data_set == row.data_set] if title else []
    rows = [each for each in rows if each.facts["section"] == row.facts["section"]] or rows
    if len(rows) != 1:
        return []
    made = judging.compare(row, rows[0], "validation_accuracy", world.luck.get(row.data_set))
    plain = judging.compare(row, rows[0], "validation_accuracy", None)
    signed = [percent(value, signed=True) for value in (made.difference, made.low, made.high)]
    first, rest = signed[0], signed[1:]
    seeds = [Num(made.seeds)] if "mean over" in match[0] else []
    level = [Num(95)] if "% interval" in match[0] else []
    smallest = [percent(plain.smallest)] if "stood out" in match[0] else []
    return [first, *seeds, *level, *rest, *smallest]


def _pairs(world: World, row: Row, match: re.Match[str]) -> Found:
    matrix, names = row.matrix(), row.runs[0].data["class_names"]
    found, together = [], 0
    for a, b in re.findall("(?:\\) and |\\), |^)(.+?) with (.+?) \\([\\d\u00a0]+(?=\\))", match["pairs"]):
        one, other = names.index(a), names.index(b)
        found.append(Num(int(matrix[one, other] + matrix[other, one])))
        together += int(matrix[one, other] + matrix[other, one])
    errors = int(matrix.sum() - np.trace(matrix))
    return [*found, percent(together / errors, 1), Num(errors)]


def _f1(world: World, row: Row, match: re.Match[str]) -> Found:
    def scores(matrix: Any) -> Any:
        both = matrix.sum(axis=0) + matrix.sum(axis=1)
        return 2 * np.diag(matrix) / np.maximum(both, 1)

    names = [str(name) for name in row.runs[0].data["class_names"]]
    pooled, each = scores(row.matrix()), np.array([scores(run.matrix()) for run in row.runs])
    found = []
    for name, end in ((match["low"], pooled.min()), (match["high"], pooled.max())):
        place = names.index(name)
        right = abs(pooled[place] - end) < 1e-9
        found.append(percent(float(pooled[place]) if right else float("nan"), 1))
        if "by seed" in match[0]:
            found += [percent(float(each[:, place].min()), 1), percent(float(each[:, place].max()), 1)]
    return [*found, Num(len(names)), percent(float(pooled.mean()), 1)]


def _epochs(world: World, row: Row, match: re.Match[str]) -> Found:
    return [Num(row.runs[0].epochs)] if len({run.epochs for run in row.runs}) == 1 else []


def _trained(world: World, row: Row, match: re.Match[str]) -> Found:
    rows = [each for each in world.titled(match["title"]) if each.facts["section"] == row.facts["section"]]
    return _epochs(world, rows[0], match) if len(rows) == 1 else []


def _jump(world: World, row: Row, match: re.Match[str]) -> Found:
    """The largest fall from one epoch to the next in the last tenth of a single run."""
    run = row.runs[0]
    if len(row.runs) > 1:
        return []
    curve, width = run.history("val_accuracy"), max(3, round(0.1 * run.epochs))
    place = run.epochs - width + int(np.argmin(np.diff(curve[-width - 1 :])))
    return [Num(place), percent(float(curve[place - 1])), percent(float(curve[place]))]


def _smaller(world: World, row: Row, match: re.Match[str]) -> Found:
    rows = [each for each in world.done if each.facts["section"] == row.facts["section"]]
    counts = [sizes.total(each.runs[0]) for each in rows]
    scores = [each.mean("validation_accuracy") or 0.0 for each in rows]
    other = world.rows[match["id"]]
    below = sum(judging.compare(each, other, "validation_accuracy", None).different for each in rows)
    return [Num(len(rows)), Num(min(counts)), Num(max(counts)), percent(min(scores)), percent(max(scores)),
            Num(sizes.total(other.runs[0])), percent(other.mean("validation_accuracy")), Num(below)]  # fmt: skip


_WORTH = f"differs by {N} points \\((?:mean over {N} seeds; interval|{PERCENT} interval) {N} to {N}\\)"
_OUT = f"(?:\\. That cannot be told from none; {N} points would most likely have stood out)?"
_CURVE = {"validation": "val_", "training": ""}


def _curve_end(world: World, row: Row, match: re.Match[str]) -> Found:
    """Where a curve ends; of several runs the mean, the lowest and the highest."""
    accuracy = match["kind"] == "accuracy"
    ends = [float(run.history(_CURVE[match["of"]] + match["kind"])[-1]) for run in row.runs]
    values = [mean_of(ends), min(ends), max(ends)] if match["between"] else [mean_of(ends)]
    return [percent(value) if accuracy else Num(value, 3) for value in values]


def _curve_best(world: World, row: Row, match: re.Match[str]) -> Found:
    """The best epoch of the mean curve, and its value there."""
    accuracy, shortest = match["kind"] == "accuracy", min(run.epochs for run in row.runs)
    curve = np.mean([run.history(f"val_{match['kind']}")[:shortest] for run in row.runs], axis=0)
    place = int(np.argmax(curve) if accuracy else np.argmin(curve))
    # Means of shares that are the same number of items may differ by their rounding.
    place = int(np.flatnonzero(np.isclose(curve, curve[place], rtol=2e-7, atol=0))[0]) if accuracy else place
    value = float(curve[place])
    last = [Num(shortest)] if match["last"] else []
    return [Num(place + 1), *last, percent(value) if accuracy else Num(value, 3)]


def _curve_length(world: World, row: Row, match: re.Match[str]) -> Found:
    seeds = [Num(len(row.runs))] if match["seeds"] else []
    return [*seeds, *_epochs(world, row, match)]


_VALUE = f"{N}(?: %)?"
FRAGMENTS: tuple[tuple[str, Said], ...] = (
    ("(?:lowest at|From) epoch (\\d+)\u2013(\\d+) (?:of|to)", _turn_epochs),
    (f"(?:Means over|Errors of|In \\d+ of) {N} seeds", lambda world, row, match: [Num(len(row.runs))]),
    (f"(?:After|after) epoch {N} the|lowest at epoch [\\d\u2013]+ of {N} \\(", _epochs),
    (f"\u201c(?P<title>[^\u201d]+)\u201d \\({N}(?: epochs)?\\)", _trained),
    (f"from epoch {N} to the next the validation accuracy falls from {PERCENT} to {PERCENT}", _jump),
    (f"lowest at epoch \\d[\\d\u2013]* of \\d+ \\({N}\\) and ends at {N}, {N} higher", _turn),
    (f"goes on falling, from {N} to {N}\\.", _turn_training),
    (f"it goes from {PERCENT} to {PERCENT}", _sure_curve),
    (f"probability of {PERCENT} on average, {PERCENT} of them are right, and even the wrong ones get {PERCENT}",
     _sure),
    (f"training accuracy is {PERCENT}, the validation accuracy {PERCENT}: {N} points apart \\(losses {N} and "
     f"{N}\\)", _gap),
    (f"than training \\({N} against {N}\\) and an accuracy no lower \\({PERCENT} against {PERCENT}\\)", _above),
    (f"the last {N} epochs (?:is )?{N}, (?:that )?of the {N} before {N}", _stretches),
    (f"The lowest validation loss \\({N}\\) is that of the last epoch, {N}", _lowest),
    (f"training accuracy \\({PERCENT}[^)]*\\) and validation accuracy \\({PERCENT}\\)", _underfitted),
    (f"\u201c(?P<title>[^\u201d]+)\u201d(?: \\([^)]*\\))? reaches {PERCENT} in validation", _reaches),
    (_WORTH + _OUT, _against),
    (f"(?<=for each other are )(?P<pairs>.+?)(?:,| is|:)(?: together)? {PERCENT} of all {N} errors", _pairs),
    (f"Learning curves (?:of (?P<seeds>\\d+)\u00a0seeds )?over {N}\u00a0epochs", _curve_length),
    (f"validation (?P<kind>loss|accuracy) is (?:low|high)est (?:first )?at epoch {N}"
     f"(?P<last>, (?:still|again) at {N})? \\({_VALUE}\\)", _curve_best),
    (f"(?P<of>validation) (?P<kind>loss|accuracy) is \\w+ at epoch [^;]*? and ends at {_VALUE}"
     f"(?P<between> \\({_VALUE} to {_VALUE}\\))?;", _curve_end),
    (f"(?P<of>training) (?P<kind>loss|accuracy) ends at {_VALUE}(?P<between> \\({_VALUE} to {_VALUE}\\))?",
     _curve_end),
    (f"lowest for (?P<low>.+?) \\({PERCENT}(?:, by seed {N} to {PERCENT})?\\), highest for (?P<high>.+?) "
     f"\\({PERCENT}(?:, by seed {N} to {PERCENT})?\\); mean of {N}\u00a0classes {PERCENT}", _f1),
    (f"None of the {N} rows of this chapter \\({N}\u2013{N} parameters, validation accuracy {N}\u2013{PERCENT}\\) "
     f"lies surely above a smaller network of another chapter: \u201c[^\u201d]+\u201d \\((?P<id>[^)]+)\\) has {N} "
     f"parameters and {PERCENT}\\. Surely below it lie {N} of them", _smaller),
)  # fmt: skip
"""Pieces of sentences with numbers, and what the numbers must be."""


def check_sentence(tally: Tally, world: World, row: Row | None, place: str, column: str, text: str) -> None:
    """Compare the numbers of a sentence that are known; count the others."""
    covered: list[tuple[int, int]] = []
    for pattern, said in FRAGMENTS if row is not None else ():
        for match in re.finditer(pattern, text):
            assert row is not None
            covered += _piece(tally, said(world, row, match), match, place, column, row.id)
    bare = re.sub("\u201c[^\u201d]*\u201d|\\([a-z][\\w-]*\\)", lambda m: " " * len(m[0]), text)
    bare = re.sub("(?<= )[a-z]+_[a-z_]+(?= \\()", lambda m: " " * len(m[0]), bare)
    rest = [m for m in re.finditer(f"(?<![\\w.@\u00d7-]){NUMBER}", bare)
            if not any(low <= m.start() < high for low, high in covered)]  # fmt: skip
    if rest:
        tally.skip(place, column, "numbers of a sentence that no pattern knows", len(rest))


def _piece(
    tally: Tally, wanted: Found, match: re.Match[str], place: str, column: str, where: str
) -> list[tuple[int, int]]:
    named = {number for name, number in match.re.groupindex.items() if name != "seeds"}
    spans = [match.span(i) for i in range(1, match.re.groups + 1) if i not in named]
    spans = [span for span in spans if span != (-1, -1)]
    if "pairs" in match.groupdict():
        start = match.start("pairs")
        inside = [m.span(1) for m in re.finditer("\\((.+?)\\)", match["pairs"])]
        spans = [(start + a, start + b) for a, b in inside] + spans
    if not wanted:
        return []
    if len(wanted) != len(spans):
        tally.hold(place, column, where, f"{len(wanted)} numbers expected in {match[0]!r}")
        return spans
    for (low, high), number in zip(spans, wanted, strict=True):
        tally.see(place, column, where, match.string[low:high], number)
    whole = match.span()
    return [whole] if "pairs" in match.groupdict() or "low" in match.groupdict() else spans
