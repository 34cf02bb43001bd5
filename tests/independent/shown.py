"""Which runs of a row show what a remark says: the remarks' own definitions, worked out from the arrays.

The thresholds are the program's (a definition, not a result); the arithmetic is our own. The end of a
curve is a stretch: a tenth of the epochs, three at least.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tests.independent import formulas
from tests.independent.runs import Row, Run
from tests.independent.tally import Expected, Num, Text

Curve = NDArray[np.float64]
POINT_FIVE, THREE_PERCENT, TWO_PERCENT, LAST_DIGIT = 0.005, 0.03, 0.02, 0.002


def stretch(run: Run) -> int:
    """Epochs that count as the end."""
    return max(3, round(0.1 * run.epochs))


def ends(run: Run, name: str = "val_loss") -> tuple[float, float]:
    """Means of the stretch before the last one, and of the last."""
    width, curve = stretch(run), run.history(name)
    return float(curve[-2 * width : -width].mean()), float(curve[-width:].mean())


def scatter(values: Curve) -> float:
    """Standard deviation of single values about a curve, from neighbours: the trend drops out."""
    return float(np.std(values[1:] - values[:-1], ddof=1) / np.sqrt(2))


def _near(curve: Curve, place: int) -> float:
    return float(np.median(curve[max(place - 1, 0) : place + 2]))


def turned(run: Run) -> bool:
    """The loss is lowest a stretch before the end or more, and rises by 3 % and three standard errors."""
    low, width, losses = run.best_by_loss - 1, stretch(run), run.history("val_loss")
    if run.epochs - 1 - low < width:
        return False
    rise, least = ends(run)[1] - _near(losses, low), THREE_PERCENT * losses[low]
    error = scatter(losses[low:]) * (1 / width + 1 / 3) ** 0.5
    return bool(rise >= max(least, 3 * error) and losses[-1] - losses[low] >= least)


def falls(run: Run, least: float = TWO_PERCENT) -> bool:
    """Both losses still fall from one stretch to the next, the validation loss by so much of itself."""
    before, after = ends(run)
    width = stretch(run)
    error = scatter(run.history("val_loss")[-2 * width :]) * (2 / width) ** 0.5
    training = ends(run, "loss")
    return before - after >= max(least * before, error) and training[1] < training[0]


def improves(run: Run) -> bool:
    """As `falls`, by the last digit that is printed."""
    return falls(run, LAST_DIGIT)


def _last_epoch(run: Run) -> bool:
    before, after = ends(run)
    return improves(run) and run.best_by_loss == run.epochs and f"{before:.3f}" != f"{after:.3f}"


def _sure(run: Run) -> bool:
    accuracy, low = run.history("val_accuracy"), run.best_by_loss - 1
    rises = ends(run, "val_accuracy")[1] > _near(accuracy, low) and accuracy[-1] > accuracy[low]
    high = formulas.wilson(int(run.right("validation").sum()), run.items("validation"))[1]
    return bool(turned(run) and rises and run.confidence("validation") > high)


def _open(run: Run) -> bool:
    training, held = run.history("accuracy")[-1], run.history("val_accuracy")[-1]
    error = formulas.standard_error(float(held), run.items("validation"))
    apart = min(training - held, ends(run, "accuracy")[1] - ends(run, "val_accuracy")[1])
    return bool(apart >= max(POINT_FIVE, 2 * error))


def _below(run: Run) -> bool:
    lower = 1 - run.history("val_loss")[-1] / run.history("loss")[-1]
    lower = min(lower, 1 - ends(run)[1] / ends(run, "loss")[1])
    return bool(lower >= THREE_PERCENT and run.history("val_accuracy")[-1] >= run.history("accuracy")[-1])


def _apart(run: Run) -> bool:
    return abs(run.best_by_loss - run.best_by_accuracy) > max(3, 0.1 * run.epochs)


def jump(run: Run) -> tuple[int, float, float]:
    """The largest fall of the validation accuracy near the end: the epoch before it, and both values."""
    curve, first = run.history("val_accuracy"), run.epochs - stretch(run) - 1
    place = min(range(first, run.epochs - 1), key=lambda i: curve[i + 1] - curve[i])
    return place + 1, float(curve[place]), float(curve[place + 1])


def _unsteady(run: Run) -> bool:
    _, before, after = jump(run)
    return before - after >= 1.96 * formulas.standard_error(after, run.items("validation"))


def _sides(run: Run) -> bool:
    test, held = (int(run.right(part).sum()) for part in ("test", "validation"))
    low, high = formulas.newcombe(test, run.items("test"), held, run.items("validation"), 0.99)
    return low > 0 or high < 0


SHOWS: dict[str, Callable[[Run], bool]] = {
    "loss-turns": turned, "over-confidence": _sure, "gap": _open, "validation-above": _below,
    "epochs-apart": _apart, "not-converged": falls, "last-epoch": _last_epoch, "unsteady-end": _unsteady,
    "validation-test": _sides,
}  # fmt: skip
"""By the rule of a remark: whether a run shows it."""


def seen(row: Row, rule: str) -> list[Run]:
    """The runs of a row that show what a rule looks for."""
    return [run for run in row.runs if SHOWS[rule](run)]


def in_all(row: Row, rule: str) -> Sequence[Expected]:
    """Of "Seen in all 3 seeds"."""
    runs = seen(row, rule)
    return [Num(len(row.runs) if len(runs) == len(row.runs) else float("nan"))]


def in_some(row: Row, rule: str) -> Sequence[Expected]:
    """Of "Seen in 2 of 3 seeds (43, 44)"."""
    runs = seen(row, rule)
    return [Num(len(runs)), Num(len(row.runs)), Text(", ".join(str(run.seed) for run in runs))]


def standstill(row: Row) -> tuple[int, float, float] | None:
    """Since when a row's mean validation loss has stood still, and the training loss then and at the end.

    The mean curve, smoothed over a stretch, stays within 1 % of its end for one and a half stretches; the
    epoch is rounded up to tens, below a hundred epochs to fives.
    """
    losses = np.mean([run.history("val_loss") for run in row.runs], axis=0)
    width, n = stretch(row.runs[0]), len(losses)
    smooth = [float(np.mean(losses[i : i + width])) for i in range(n - width + 1)]
    first = 0
    for place, value in enumerate(smooth):
        if abs(value - smooth[-1]) > 0.01 * smooth[-1]:
            first = place + 1
    step = 10 if n >= 100 else 5
    since = max(1, step * -(-(first + width // 2 + 1) // step))
    training = np.mean([run.history("loss") for run in row.runs], axis=0)
    return (since, float(training[since - 1]), float(training[-1])) if n - since >= 1.5 * width else None
