"""Key figures of a row: one headline accuracy with its uncertainty, and what it cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.complexity import feature_multiply_adds, model_multiply_adds
from reportgen.analysis.differences import RankRange
from reportgen.analysis.metrics import correct_items
from reportgen.analysis.penalty_words import penalised
from reportgen.analysis.scores import Score, score
from reportgen.records import Record
from reportgen.report import space
from reportgen.results import Result


@dataclass(frozen=True)
class Key:
    """A key figure: label, value, unit beside it, a line below; on paper, its width in points."""

    label: str
    value: str
    unit: str = ""
    more: str = ""
    headline: bool = False
    width: float = 0.0


def key_figures(result: Result, record: Record, place: RankRange | None) -> tuple[Key, ...]:
    """Return the key figures of a row; those of a row with several runs are means over its seeds.

    Parameters
    ----------
    result : Result
    record : Record
        The first of the row.
    place : RankRange or None
    """
    held, loss, f1 = (score(result, name) for name in ("validation_accuracy", "test_loss", "macro_f1"))
    held_loss = language.text("loss {value}", value=numbers.loss(score(result, "validation_loss").mean))
    names = _names(result.repeated)
    classes = len(record.data.class_names)
    over = language.plural("mean of {n} class", "mean of {n} classes", classes, n=numbers.thousands(classes))
    entropy = "crossentropy" in str(record.loss["name"])
    kind = language.text("cross-entropy") if entropy else language.text("of the test set")
    if penalised(record):
        kind = language.text("without penalty")
    keys = (
        _headline(record, score(result, "test_accuracy")),
        Key(names.loss, numbers.loss(loss.mean), more=_spread(loss, kind, numbers.loss)),
        Key(
            names.on_test if record.data.validated_on_test else names.validation,
            numbers.percent(held.mean),
            "%",
            _spread(held, held_loss, numbers.percent),
        ),
        Key(names.f1, numbers.score(f1.mean), more=_spread(f1, over, numbers.score)),
        Key(language.text("Parameters"), numbers.thousands(record.total_params), more=_operations(record)),
        _rank(place, record),
    )
    widths = space.key_widths([space.Figure(key.label, key.value, key.unit, key.more) for key in keys])
    return tuple(replace(key, width=round(width, 2)) for key, width in zip(keys, widths, strict=True))


@dataclass(frozen=True)
class _Names:
    """Labels as short as the width of the page asks for."""

    loss: str
    validation: str
    on_test: str
    f1: str


def _names(repeated: bool) -> _Names:
    if repeated:
        return _Names(
            language.text("Mean test loss"),
            language.text("Mean val. accuracy"),
            language.text("Mean on the test set"),
            language.text("Mean macro F1"),
        )
    return _Names(
        language.text("Test loss"),
        language.text("Validation accuracy"),
        language.text("Held out: test set"),
        language.text("Macro F1"),
    )


def _headline(record: Record, accuracy: Score) -> Key:
    interval = language.text("95 %: {interval}", interval=numbers.interval(accuracy.low, accuracy.high))
    if accuracy.sd is None:
        errors = record.data.n_test - correct_items(record.test)
        wrong = language.plural(
            "{n}\u00a0error; {interval}",
            "{n}\u00a0errors; {interval}",
            errors,
            n=numbers.thousands(errors),
            interval=interval,
        )
        return Key(language.text("Test accuracy"), numbers.percent(accuracy.mean), "%", wrong, headline=True)
    label = language.text("Test accuracy, mean of {n}", n=accuracy.n)
    more = language.text("s.d. {sd}; {interval}", sd=numbers.percent(accuracy.sd), interval=interval)
    return Key(label, numbers.percent(accuracy.mean), "%", more, headline=True)


def _spread(found: Score, otherwise: str, printed: Callable[[float], str]) -> str:
    """The s.d. over seeds, where there are several; that of losses never as 0.000 where it is not zero."""
    if found.sd is None:
        return otherwise
    sd = numbers.spread(found.sd, 3) if found.measure.endswith("_loss") else printed(found.sd)
    return language.text("s.d. {sd}", sd=sd)


def _rank(place: RankRange | None, record: Record) -> Key:
    label = language.text("Rank")
    if place is None:
        return Key(label, numbers.MISSING)
    held = (
        language.text("by the test set") if record.data.validated_on_test else language.text("by validation")
    )
    return Key(label, place.text, language.text("of {n}", n=place.of), held)


def _operations(record: Record) -> str:
    """The multiply-adds of one prediction, from the pixels on."""
    model, features = model_multiply_adds(record), feature_multiply_adds(record)
    if model is None:
        return language.text("multiply-adds not counted")
    own = numbers.thousands(model + (features or 0))
    if record.features.kind == "pixels":
        return language.text("{n} multiply-adds", n=own)
    if record.features.kind == "hog":
        return (
            language.text("{n} multiply-adds without HOG", n=own)
            if features is None
            else language.text("{n} multiply-adds with HOG", n=own)
        )
    return (
        language.text("{n} multiply-adds without features", n=own)
        if features is None
        else language.text("{n} multiply-adds with features", n=own)
    )
