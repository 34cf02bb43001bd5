"""Key figures of a row: one headline accuracy with its uncertainty, and what it cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reportgen.analysis import numbers, words
from reportgen.analysis.complexity import feature_multiply_adds, model_multiply_adds
from reportgen.analysis.differences import RankRange
from reportgen.analysis.metrics import correct_items
from reportgen.analysis.scores import Score, score
from reportgen.records import Record
from reportgen.results import Result

_SINGLE = ("Test loss", "Validation accuracy", "Held out: the test set", "Macro F1")
_MEANS = ("Mean test loss", "Mean val. accuracy", "Mean on the test set", "Mean macro F1")
"""Of several runs; as wide as the columns of the page allow."""


@dataclass(frozen=True)
class Key:
    """A key figure: label, value, unit beside it, a line below."""

    label: str
    value: str
    unit: str = ""
    more: str = ""
    headline: bool = False


def key_figures(result: Result, record: Record, place: RankRange | None) -> tuple[Key, ...]:
    """Return the key figures of a row; those of a row with several runs are means over its seeds.

    Parameters
    ----------
    result : Result
    record : Record
        The first of the row.
    place : RankRange or None
    """
    held = score(result, "validation_accuracy")
    loss = score(result, "test_loss")
    f1 = score(result, "macro_f1")
    held_loss = f"loss {numbers.loss(score(result, 'validation_loss').mean)}"
    loss_label, validation, on_test, f1_label = _MEANS if result.repeated else _SINGLE
    label = on_test if record.data.validated_on_test else validation
    classes = numbers.counted(len(record.data.class_names), "class", "classes")
    kind = "cross-entropy" if "crossentropy" in str(record.loss["name"]) else "of the test set"
    return (
        _headline(result, record, score(result, "test_accuracy")),
        Key(loss_label, numbers.loss(loss.mean), more=_spread(loss, kind, numbers.loss)),
        Key(label, numbers.percent(held.mean), "%", _spread(held, held_loss, numbers.percent)),
        Key(f1_label, numbers.score(f1.mean), more=_spread(f1, f"mean of {classes}", numbers.score)),
        Key("Parameters", numbers.thousands(record.total_params), more=_operations(record)),
        _rank(place, words.held_out(record)),
    )


def _headline(result: Result, record: Record, accuracy: Score) -> Key:
    interval = f"95 %: {numbers.interval(accuracy.low, accuracy.high)}"
    if accuracy.sd is None:
        wrong = numbers.counted(record.data.n_test - correct_items(record.test), "error")
        return Key(
            "Test accuracy", numbers.percent(accuracy.mean), "%", f"{wrong}; {interval}", headline=True
        )
    label, spread = f"Test accuracy, mean of {accuracy.n}", f"s.d. {numbers.percent(accuracy.sd)}"
    return Key(label, numbers.percent(accuracy.mean), "%", f"{spread}; {interval}", headline=True)


def _spread(found: Score, otherwise: str, printed: Callable[[float], str]) -> str:
    """The s.d. over seeds, where there are several; that of losses never as 0.000 where it is not zero."""
    if found.sd is None:
        return otherwise
    return f"s.d. {numbers.spread(found.sd, 3) if found.measure.endswith('_loss') else printed(found.sd)}"


def _rank(place: RankRange | None, held_out: str) -> Key:
    if place is None:
        return Key("Rank", numbers.MISSING)
    return Key("Rank", place.text, f"of {place.of}", f"by {held_out}")


def _operations(record: Record) -> str:
    """The multiply-adds of one prediction, from the pixels on."""
    model, features = model_multiply_adds(record), feature_multiply_adds(record)
    if model is None:
        return "multiply-adds not counted"
    own = f"{numbers.thousands(model + (features or 0))} multiply-adds"
    if record.features.kind == "pixels":
        return own
    name = record.features.kind.upper() if record.features.kind == "hog" else "features"
    return f"{own} {'without' if features is None else 'with'} {name}"
