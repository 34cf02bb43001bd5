"""The measured values that a typed number may stand for only where its sentence speaks of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from reportgen.analysis.calibration import brier, negative_log_likelihood
from reportgen.analysis.complexity import layer_costs
from reportgen.analysis.metrics import class_scores, confused_pairs, pooled_matrix
from reportgen.analysis.published import TEST, VALIDATION
from reportgen.analysis.scores import score, value
from reportgen.prose.speech import epochs_named
from reportgen.prose.vocabulary import SCORES
from reportgen.results import Result

Sort = Literal["share", "loss", "count", "ratio", "change", "points", "seconds"]


@dataclass(frozen=True)
class Candidate:
    """A value that a typed number may stand for.

    Parameters
    ----------
    value : float
        Shares as fractions.
    sort : str
    words : str
        What it is.
    row : str
        Id of its row, or empty.
    attribute : str
        The name it has as a live number, or empty.
    """

    value: float
    sort: Sort
    words: str
    row: str = ""
    attribute: str = ""


def sort_of(measure: str) -> Sort:
    """Whether a measure is a loss or a share."""
    return "loss" if measure.endswith("loss") else "share"


def _training(result: Result, _: str) -> Iterator[Candidate]:
    row = result.row.id
    for record in result.records:
        losses, accuracies = record.history["loss"], record.history["accuracy"]
        yield Candidate(float(losses[-1]), "loss", "training loss of the last epoch", row, "training_loss")
        yield Candidate(
            float(accuracies[-1]), "share", "training accuracy of the last epoch", row, "training_accuracy"
        )
        yield Candidate(float(np.nanmin(losses)), "loss", "lowest training loss", row)
        yield Candidate(float(np.nanmax(accuracies)), "share", "highest training accuracy", row)


def _classes(result: Result, _: str) -> Iterator[Candidate]:
    scores = class_scores(pooled_matrix(result))
    for name in ("precision", "recall", "f1"):
        for label, found in zip(result.records[0].data.class_names, getattr(scores, name), strict=True):
            yield Candidate(float(found), "share", f"{name} of {label}", result.row.id)
        yield Candidate(float(np.mean(getattr(scores, name))), "share", f"mean {name}", result.row.id)


def _intervals(result: Result, _: str) -> Iterator[Candidate]:
    for name, what in SCORES.items():
        made = score(result, name)
        for end, words in ((made.low, "low"), (made.high, "high")):
            label = f"{'lower' if words == 'low' else 'upper'} end of the interval of the {what.words}"
            yield Candidate(end, sort_of(name), label, result.row.id, f"{words}_{name}")
        sort: Sort = "loss" if sort_of(name) == "loss" else "points"
        for width in (made.high - made.mean, made.mean - made.low, made.high - made.low):
            yield Candidate(width, sort, f"width of the interval of the {what.words}", result.row.id)
        if made.standard_error is not None:
            yield Candidate(made.standard_error, sort, f"standard error of the {what.words}", result.row.id)


def _spreads(result: Result, _: str) -> Iterator[Candidate]:
    for name, what in SCORES.items():
        sd = score(result, name).sd if result.repeated else None
        if sd is not None:
            sort: Sort = "loss" if sort_of(name) == "loss" else "points"
            yield Candidate(sd, sort, f"s.d. over seeds of the {what.words}", result.row.id, f"sd_{name}")


def _errors(result: Result, _: str) -> Iterator[Candidate]:
    matrix = pooled_matrix(result)
    names = result.records[0].data.class_names
    errors = int(matrix.sum() - np.trace(matrix))
    shares = [pair.share for pair in confused_pairs(matrix, most=10)]
    for pair in confused_pairs(matrix, most=10):
        words = f"{names[pair.first]} and {names[pair.second]}"
        yield Candidate(pair.share, "share", f"share of the errors between {words}", result.row.id)
        yield Candidate(pair.count, "count", f"errors between {words}", result.row.id)
    for most in range(2, len(shares) + 1):
        yield Candidate(
            sum(shares[:most]), "share", f"share of the {most} most confused pairs", result.row.id
        )
    for place, name in enumerate(names):
        wrong = int(matrix[place].sum() - matrix[place, place])
        yield Candidate(wrong / max(1, errors), "share", f"share of the errors on {name}", result.row.id)


def _shares(result: Result, _: str) -> Iterator[Candidate]:
    record, row = result.records[0], result.row.id
    for cost in layer_costs(record):
        yield Candidate(cost.share, "share", f"share of the parameters in {cost.name}", row)
    for name in ("weights", "biases"):
        share = sum(getattr(layer, name) for layer in record.layers) / max(1, record.total_params)
        yield Candidate(share, "share", f"share of the {name} in the parameters", row)


def _updates(result: Result, _: str) -> Iterator[Candidate]:
    record, row = result.records[0], result.row.id
    size = record.parameters.get("batch_size")
    if isinstance(size, int) and size > 0:
        one = -(-record.data.n_train // size)
        yield Candidate(one, "count", "updates of an epoch", row)
        yield Candidate(one * record.epochs, "count", "updates", row)


def _published(result: Result, _: str) -> Iterator[Candidate]:
    published = result.row.published
    sorts: tuple[tuple[str, Sort], ...] = (
        ("test_accuracy", "share"), ("f1", "share"), ("test_loss", "loss"), ("total_params", "count"),
        ("validation_accuracy", "share"), ("best_validation_accuracy", "share"),
        ("best_validation_loss", "loss"),
    )  # fmt: skip
    for name, sort in sorts:
        found = getattr(published, name, None)
        if found is not None:
            words = f"published {name.replace('_', ' ')}"
            yield Candidate(float(found), sort, words, result.row.id, f"published_{name}")
    for family, words in ((TEST, "test accuracy"), (VALIDATION, "highest validation accuracy")):
        theirs = family.of(result)
        if theirs is not None:
            apart = family.ours(result).mean - theirs
            yield Candidate(apart, "points", f"difference from the published {words}", result.row.id)


def _epochs(result: Result, sentence: str) -> Iterator[Candidate]:
    for record in result.records:
        for epoch in {1, *epochs_named(sentence)}:
            for name, found in record.history.items():
                if 1 <= epoch <= record.epochs and name.endswith(("loss", "accuracy")):
                    words = f"{name} at epoch {epoch}"
                    yield Candidate(float(found[epoch - 1]), sort_of(name), words, result.row.id)


def _calibration(result: Result, _: str) -> Iterator[Candidate]:

    for record in result.records:
        yield Candidate(brier(record.test), "loss", "Brier score", result.row.id)
        yield Candidate(
            negative_log_likelihood(record.test), "loss", "negative log-likelihood", result.row.id
        )


def _gaps(result: Result, _: str) -> Iterator[Candidate]:
    """Between training, validation and test of one row."""
    for record in result.records:
        for measure, sort in (("accuracy", "points"), ("loss", "loss")):
            figures = (
                float(record.history[measure][-1]),
                value(record, f"validation_{measure}"),
                value(record, f"test_{measure}"),
            )
            for one, other in combinations(figures, 2):
                words = f"gap in {measure} between training, validation and test"
                yield Candidate(one - other, "points" if sort == "points" else "loss", words, result.row.id)


BY_TOPIC: Mapping[str, Callable[[Result, str], Iterator[Candidate]]] = {
    "training": _training,
    "classes": _classes,
    "interval": _intervals,
    "spread": _spreads,
    "errors": _errors,
    "share": _shares,
    "updates": _updates,
    "published": _published,
    "epoch": _epochs,
    "calibration": _calibration,
    "difference": _gaps,
}
"""By topic of `reportgen.prose.speech.topics`: what a row's result and a sentence give."""
