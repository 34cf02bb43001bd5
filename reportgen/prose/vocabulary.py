"""What a row and a contrast can be asked for, by name: the words of live numbers and of claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reportgen import language

Kind = Literal[
    "accuracy", "loss", "score", "points", "spread", "count", "epoch", "place", "seconds", "p", "plain",
    "text", "verdict", "truth",
]  # fmt: skip
Nature = Literal["measured", "exact", "described"]


@dataclass(frozen=True)
class Attribute:
    """One thing that can be asked for.

    Parameters
    ----------
    words : str
        What it is called in a sentence: in English; those of scores, counts and places have translations.
    kind : str
        How it is printed.
    nature : {"measured", "exact", "described"}
        ``measured``: another test set or another seed would move it; ``exact``: the setting decides it;
        ``described``: computed from measurements, without an interval of its own.
    """

    words: str
    kind: Kind
    nature: Nature


SCORES: Mapping[str, Attribute] = {
    "test_accuracy": Attribute(language.message("test accuracy"), "accuracy", "measured"),
    "validation_accuracy": Attribute(language.message("validation accuracy"), "accuracy", "measured"),
    "test_loss": Attribute(language.message("test loss"), "loss", "measured"),
    "validation_loss": Attribute(language.message("validation loss"), "loss", "measured"),
    "macro_f1": Attribute(language.message("macro F1"), "score", "measured"),
}
"""The measures of `reportgen.analysis.scores`: each has an interval."""


def _around(name: str, what: Attribute) -> dict[str, Attribute]:
    """The spread over seeds and the ends of the interval of a score."""
    return {
        f"sd_{name}": Attribute(
            f"standard deviation over seeds of the {what.words}", _spread(what.kind), "described"
        ),
        f"low_{name}": Attribute(f"lower end of the interval of the {what.words}", what.kind, "described"),
        f"high_{name}": Attribute(f"upper end of the interval of the {what.words}", what.kind, "described"),
    }


def _spread(kind: Kind) -> Kind:
    return "spread" if kind == "accuracy" else kind


ROW: Mapping[str, Attribute] = {
    **SCORES,
    **{name: each for score, what in SCORES.items() for name, each in _around(score, what).items()},
    "training_accuracy": Attribute("training accuracy of the last epoch", "accuracy", "described"),
    "training_loss": Attribute("training loss of the last epoch", "loss", "described"),
    "last_validation_accuracy": Attribute("validation accuracy of the last epoch", "accuracy", "described"),
    "last_validation_loss": Attribute("validation loss of the last epoch", "loss", "described"),
    "lowest_validation_loss": Attribute("lowest validation loss", "loss", "described"),
    "highest_validation_accuracy": Attribute("highest validation accuracy", "accuracy", "described"),
    "best_epoch_by_loss": Attribute("epoch of the lowest validation loss", "epoch", "described"),
    "best_epoch_by_accuracy": Attribute("epoch of the highest validation accuracy", "epoch", "described"),
    "tested_epoch": Attribute("epoch after which the tested weights were taken", "epoch", "described"),
    "rate_changes": Attribute("epochs whose learning rate differs from the one before", "epoch", "described"),
    "errors": Attribute("test images with a wrong answer", "epoch", "described"),
    "rank": Attribute(language.message("place by validation accuracy"), "place", "described"),
    "train_seconds": Attribute("seconds of training", "seconds", "described"),
    "total_params": Attribute(language.message("parameters"), "count", "exact"),
    "weights": Attribute(language.message("weights"), "count", "exact"),
    "biases": Attribute(language.message("biases"), "count", "exact"),
    "non_trainable": Attribute(language.message("non-trainable parameters"), "count", "exact"),
    "multiply_adds": Attribute(language.message("multiply-adds of the network"), "count", "exact"),
    "feature_multiply_adds": Attribute(language.message("multiply-adds of the features"), "count", "exact"),
    "epochs": Attribute(language.message("epochs"), "epoch", "exact"),
    "planned_epochs": Attribute(language.message("epochs that were asked for"), "epoch", "exact"),
    "runs": Attribute(language.message("runs"), "count", "exact"),
    "test_items": Attribute(language.message("test images"), "count", "exact"),
    "validation_items": Attribute(language.message("validation images"), "count", "exact"),
    "training_items": Attribute(language.message("training images"), "count", "exact"),
    "published_test_accuracy": Attribute(language.message("published test accuracy"), "accuracy", "exact"),
    "published_test_loss": Attribute(language.message("published test loss"), "loss", "exact"),
    "published_total_params": Attribute(language.message("published parameters"), "count", "exact"),
    "published_f1": Attribute(language.message("published F1"), "score", "exact"),
    "published_validation_accuracy": Attribute(
        language.message("published validation accuracy"), "accuracy", "exact"
    ),
    "published_best_validation_accuracy": Attribute(
        language.message("published highest validation accuracy"), "accuracy", "exact"
    ),
    "published_best_validation_loss": Attribute(
        language.message("published lowest validation loss"), "loss", "exact"
    ),
    "published_best_validation_accuracy_epoch": Attribute(
        language.message("epoch of the published highest validation accuracy"), "epoch", "exact"
    ),
    "published_best_validation_loss_epoch": Attribute(
        language.message("epoch of the published lowest validation loss"), "epoch", "exact"
    ),
    "quick": Attribute("whether the run was a quick one", "truth", "described"),
    "title": Attribute("title", "text", "exact"),
    "id": Attribute("id", "text", "exact"),
}

CONTRAST: Mapping[str, Attribute] = {
    "title": Attribute("title", "text", "exact"),
    "comparisons": Attribute("comparisons of the family", "count", "described"),
    "differences": Attribute("comparisons that can be told apart", "count", "described"),
}
PAIR: Mapping[str, Attribute] = {
    "verdict": Attribute("verdict", "verdict", "described"),
    "different": Attribute("whether the two can be told apart", "truth", "measured"),
    "difference": Attribute(language.message("difference"), "points", "measured"),
    "low": Attribute("lower end of the interval of the difference", "points", "described"),
    "high": Attribute("upper end of the interval of the difference", "points", "described"),
    "p": Attribute("p value", "p", "described"),
    "adjusted_p": Attribute("p value after Holm", "p", "described"),
    "smallest": Attribute("smallest difference that could have been seen", "spread", "described"),
}
"""Of one comparison of a contrast."""
VERDICTS: tuple[str, ...] = (
    language.message("higher"),
    language.message("lower"),
    language.message("not distinguishable"),
    language.message("the same run"),
    language.message("the same weights"),
    language.message("a rerun with another seed"),
)
"""Conditions compare them in English; `reportgen.prose.printing` translates them."""

SECTION: Mapping[str, Attribute] = {
    "title": Attribute("title", "text", "exact"),
    "rows": Attribute("rows of the chapter", "count", "exact"),
}

FILTERS: Mapping[str, frozenset[Kind]] = {
    "percent": frozenset(("accuracy", "score", "points", "spread", "p", "plain")),
    "points": frozenset(("accuracy", "score", "points", "spread", "plain")),
    "loss": frozenset(("loss", "plain")),
    "score": frozenset(("accuracy", "score", "plain")),
    "thousands": frozenset(("count", "epoch", "place", "plain")),
    "seconds": frozenset(("seconds", "plain")),
    "duration": frozenset(("seconds",)),
    "decimal": frozenset(
        ("accuracy", "loss", "score", "points", "spread", "count", "epoch", "place", "seconds", "p", "plain")
    ),
    "times": frozenset(("plain",)),
}
"""The filters, and what each can print."""
DECIMALS = frozenset(("percent", "points", "loss", "score", "seconds", "decimal", "times"))
"""Filters that take a number of decimals."""
