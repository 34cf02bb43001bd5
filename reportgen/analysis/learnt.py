"""Whether a training learnt anything: what came apart, or guesses, is no measure of its settings."""

from __future__ import annotations

import numpy as np

from reportgen.analysis.metrics import correct_items
from reportgen.analysis.statistics import wilson
from reportgen.records import Record
from reportgen.results import Result


def broken_from(record: Record) -> int | None:
    """Return the first epoch, from 1, with a loss that is no finite number; None where there is none."""
    finite = np.isfinite(record.history["loss"]) & np.isfinite(record.history["val_loss"])
    return None if finite.all() else int(finite.argmin()) + 1


def guessing(record: Record) -> tuple[float, float]:
    """Return the validation accuracy, and the share of the most frequent class among those items."""
    items = len(record.validation.y_true)
    return correct_items(record.validation) / items, float(
        np.bincount(record.validation.y_true).max()
    ) / items


def idle(record: Record) -> bool:
    """Whether the answers cannot be told from always naming the most frequent class: by Wilson's interval."""
    lowest = wilson(correct_items(record.validation), len(record.validation.y_true))[0]
    return lowest <= guessing(record)[1]


def learnt_nothing(result: Result) -> bool:
    """Whether more than half of a row's runs came apart or cannot be told from guessing."""
    lost = sum(broken_from(record) is not None or idle(record) for record in result.records)
    return 2 * lost > len(result.records)
