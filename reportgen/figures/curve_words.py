"""The learning curves of one row in words: over its panels, below them, and as alternative text."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from reportgen import language
from reportgen.analysis import counts, numbers, words
from reportgen.figures.curve_notes import Begun, rate_sentence, told
from reportgen.figures.seeds import Bundle, bundle, same, seeds, spread
from reportgen.results import Result


def _last_ties(curves: Bundle, best: int) -> bool:
    """Whether the epoch at which all runs end is as good as the best one, and another."""
    return best < curves.together == curves.longest and same(curves.mean[best - 1], curves.mean[-1])


def _epoch(curves: Bundle, best: int) -> str:
    epoch = numbers.thousands(best)
    if not _last_ties(curves, best):
        return language.text("epoch {epoch}", epoch=epoch)
    return language.text("epoch {epoch} (and {last})", epoch=epoch, last=numbers.thousands(curves.together))


def lowest_text(curves: Bundle, best: int, value: str) -> str:
    """What stands over the lowest point of a curve, such as ``lowest 0.080, epoch 73``."""
    if curves.several:
        return language.text("lowest mean {value}, {epoch}", value=value, epoch=_epoch(curves, best))
    return language.text("lowest {value}, {epoch}", value=value, epoch=_epoch(curves, best))


def highest_text(curves: Bundle, best: int, value: str) -> str:
    """What stands over the highest point of a curve."""
    if curves.several:
        return language.text("highest mean {value}, {epoch}", value=value, epoch=_epoch(curves, best))
    return language.text("highest {value}, {epoch}", value=value, epoch=_epoch(curves, best))


def describe_learning_curves(result: Result, begun: Begun | None = None) -> str:
    """Alternative text of `learning_curves`: the best epoch of each panel, where curves end, the rate.

    What stands below the panels is said too.
    """
    records = result.records
    loss, held_loss = bundle(records, "loss"), bundle(records, "val_loss")
    accuracy, held_accuracy = bundle(records, "accuracy"), bundle(records, "val_accuracy")
    (low_at, lowest), (high_at, highest) = held_loss.lowest(), held_accuracy.highest()
    held = words.held_out(records[0])
    of_loss = {
        "held": held, "at": _said(held_loss, low_at), "best": numbers.loss(lowest),
        "end": _end(held_loss, numbers.loss), "training": _end(loss, numbers.loss),
    }  # fmt: skip
    of_accuracy = {
        "held": held, "at": _said(held_accuracy, high_at), "best": numbers.percentage(highest),
        "end": _end(held_accuracy, numbers.percentage), "training": _end(accuracy, numbers.percentage),
    }  # fmt: skip
    if len(records) > 1:
        parts = (
            language.text(
                "The mean {held} loss is lowest {at} ({best}) and {end}; the mean training loss {training}.",
                **of_loss,
            ),
            language.text(
                "The mean {held} accuracy is highest {at} ({best}) and {end}; the mean training accuracy"
                " {training}.",
                **of_accuracy,
            ),
        )
    else:
        parts = (
            language.text(
                "The {held} loss is lowest {at} ({best}) and {end}; the training loss {training}.", **of_loss
            ),
            language.text(
                "The {held} accuracy is highest {at} ({best}) and {end}; the training accuracy {training}.",
                **of_accuracy,
            ),
        )
    more = [said for said in (rate_sentence(records), *told(result, begun)) if said]
    return " ".join([_start(result), *parts, *more])


def _said(curves: Bundle, best: int) -> str:
    """``at epoch 7``; ``first at epoch 141, still at 150``, or ``again`` where it was worse between."""
    epoch, last = numbers.thousands(best), numbers.thousands(curves.together)
    if not _last_ties(curves, best):
        return language.text("at epoch {epoch}", epoch=epoch)
    if all(same(value, curves.mean[-1]) for value in curves.mean[best:]):
        return language.text("first at epoch {epoch}, still at {last}", epoch=epoch, last=last)
    return language.text("first at epoch {epoch}, again at {last}", epoch=epoch, last=last)


def _start(result: Result) -> str:
    found = sorted(record.epochs for record in result.records)
    least, most = numbers.thousands(found[0]), counts.epochs(found[-1])
    if len(found) == 1:
        return language.text("Learning curves over {epochs}.", epochs=most)
    own, even = seeds(result), found[0] == found[-1]
    if even and len(found) > 2:
        return language.text(
            "Learning curves of {seeds} over {epochs}, mean and range.", seeds=own, epochs=most
        )
    if even:
        return language.text(
            "Learning curves of {seeds} over {epochs}, mean and both curves.", seeds=own, epochs=most
        )
    if len(found) > 2:
        start = language.text("Learning curves of {seeds}, mean and range.", seeds=own)
    else:
        start = language.text("Learning curves of {seeds}, mean and both curves.", seeds=own)
    lasted = language.text(
        "The runs lasted {least} to {most}: the means go to epoch {least}.", least=least, most=most
    )
    return f"{start} {lasted}"


def _end(curves: Bundle, written: Callable[[float], str]) -> str:
    """Where a curve ends, or from which epoch on it is no number."""
    broken = np.flatnonzero(~np.isfinite(curves.mean))
    if len(broken):
        return language.text(
            "is not finite from epoch {epoch} on", epoch=numbers.thousands(int(broken[0]) + 1)
        )
    value = written(float(curves.mean[-1]))
    if not curves.several:
        return language.text("ends at {value}", value=value)
    ends = spread([float(curves.low[-1]), float(curves.high[-1])], written)
    return language.text("ends at {value} ({range})", value=value, range=ends)
