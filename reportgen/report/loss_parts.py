"""The output layer and the losses, as the chapter on the learning algorithm shows them."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis.which import which
from reportgen.records import Record
from reportgen.report.algorithm_parts import Own, Part, argument_table, defined, said, used_by
from reportgen.report.losses import LOSSES, definitions, loss_name, loss_rule, smoothing
from reportgen.report.parts import Definition, Equation, Numbering, Place
from reportgen.results import Result

_LAST = frozenset({"Dropout", "ActivityRegularization"})
"""Layers that are no output layer, wherever they stand."""


def output_activation(record: Record) -> str:
    """Return the activation of the last layer, as Keras calls it; empty where there is none."""
    with_outputs = [layer for layer in record.layers if layer.class_name not in _LAST]
    last = with_outputs[-1] if with_outputs else None
    if last is None:
        return ""
    if last.class_name == "Softmax":
        return "softmax"
    return str(last.settings.get("activation", ""))


def from_logits(record: Record) -> bool:
    """Whether the loss applies the last activation itself."""
    return bool(record.loss.get("settings", {}).get("from_logits"))


def probabilities_by(record: Record) -> str:
    """Return what makes probabilities of scores: ``softmax``, ``sigmoid``; else the last activation."""
    if from_logits(record):
        return "sigmoid" if loss_name(record.loss).startswith("binary") else "softmax"
    return output_activation(record)


def softmax_part(place: Place, group: Own, everything: Sequence[Result], numbering: Numbering) -> Part:
    """How scores become probabilities that sum to one."""
    lead = language.text("The output layer turns its scores into probabilities that sum to one:")
    lines = ((lead, numbering.equation("softmax")),)
    return Part(
        place, "", lines, _scores(group), used_by(group, everything), remark=_inside(group, everything)
    )


def sigmoid_part(place: Place, group: Own, everything: Sequence[Result], numbering: Numbering) -> Part:
    """How each score becomes a probability by itself."""
    lead = language.text("The output layer turns each of its scores into a probability by itself:")
    lines = ((lead, numbering.equation("sigmoid")),)
    caveat = language.text(
        "Such probabilities need not sum to one. The class with the highest one is taken for the answer; what"
        " is said of how sure a model is rests on that one number."
    )
    remark = f"{caveat} {_inside(group, everything)}".strip()
    return Part(place, "", lines, _scores(group), used_by(group, everything), remark=remark)


def _inside(group: Own, everything: Sequence[Result]) -> str:
    """Which rows have scores as outputs: the loss makes probabilities of them, and so does the record."""
    inside = [result for result, record in group if from_logits(record)]
    if not inside:
        return ""
    return language.text(
        "In {rows} the loss does this (from_logits), and the network itself gives scores; the probabilities"
        " of this report were made of them in the same way.",
        rows=which(inside, everything),
    )


def _scores(group: Own) -> tuple[Definition, ...]:
    classes = sorted({len(record.data.class_names) for _, record in group})
    return (
        Definition(
            "symbol-z-c",
            language.text("the score of class c: the weighted sum plus the bias that reaches output c"),
        ),
        Definition("symbol-y-hat-c", language.text("the probability the model gives to class c")),
        Definition(
            "symbol-capital-c",
            language.text(
                "the number of classes, here {classes}",
                classes=lists.either([numbers.thousands(count) for count in classes]),
            ),
        ),
    )


def loss_part(
    place: Place, name: str, group: Own, everything: Sequence[Result], numbering: Numbering
) -> Part:
    """A loss with its equation and its arguments."""
    settings = [record.loss.get("settings", {}) for _, record in group]
    found = next((rule for each in settings if (rule := loss_rule(name, each)) is not None), None)
    known = all(loss_rule(name, each) is not None for each in settings)
    smoothed = next((equation for each in settings if (equation := smoothing(name, each))), "")
    symbols = dict(found.symbols) if found else {}
    symbols |= {"label_smoothing": "symbol-alpha"} if smoothed else {}
    table, arguments = argument_table(
        [(result, record.loss.get("settings", {})) for result, record in group],
        everything,
        symbols,
        found.meanings if found else {},
        numbering,
    )
    unknown = any(each.get("label_smoothing") for each in settings) and not smoothed
    if found is None or not known or unknown:
        remark = language.text("No equation is prepared for this loss with these settings.")
        return Part(place, "", (), (), used_by(group, everything), table, arguments, remark)
    lines: list[tuple[str, Equation]] = [
        (language.text("It is computed as"), numbering.equation(found.equation))
    ]
    if smoothed:
        lead = (
            language.text("after a part of each label has been spread over both answers:")
            if smoothed.startswith("binary")
            else language.text("after a part of each label has been spread over all classes:")
        )
        lines.append((lead, numbering.equation(smoothed)))
    return Part(
        place,
        said(found.idea),
        tuple(lines),
        defined(definitions(name)),
        used_by(group, everything),
        table,
        arguments,
    )


def loss_title(name: str) -> str:
    """Return the heading of a loss; one that is not known goes by Keras's name."""
    return said(LOSSES[name].title) if name in LOSSES else name
