"""Which measured values a typed number may stand for, given what its sentence speaks of.

A two-digit decimal matches something in any long enough list, so a value is in the list only where the
sentence asks for it: the scores and counts of the row always, everything else by its own words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import fmean

import numpy as np

from reportgen.analysis import elsewhere
from reportgen.analysis.complexity import feature_multiply_adds, layer_costs, model_multiply_adds
from reportgen.analysis.metrics import best_epochs
from reportgen.analysis.scores import score, value
from reportgen.prose.topics import BY_TOPIC, Candidate, Sort, sort_of
from reportgen.prose.vocabulary import SCORES
from reportgen.records import Record
from reportgen.results import Result


def candidates(
    rows: Sequence[Result], pairs: Sequence[tuple[Result, Result]], spoken_of: frozenset[str], sentence: str
) -> list[Candidate]:
    """Return the values that a number of a sentence may stand for.

    Parameters
    ----------
    rows : sequence of Result
        The rows that the sentence may be about, each with a record.
    pairs : sequence of (Result, Result)
        The rows that it may set against each other.
    spoken_of : frozenset of str
        From `reportgen.prose.speech.topics`.
    sentence : str
    """
    found: list[Candidate] = []
    for result in rows:
        found += [*_scores(result, spoken_of), *_counts(result), *_by_topic(result, spoken_of, sentence)]
    if spoken_of & {"difference", "ratio", "published"}:
        for one, other in pairs:
            found += _between(one, other, "ratio" in spoken_of)
    if "mean" in spoken_of and len(rows) > 1:
        found += [
            Candidate(fmean(score(row, name).mean for row in rows), sort_of(name), f"mean {what.words}")
            for name, what in SCORES.items()
        ]
    return found


def _wanted(measure: str, spoken_of: frozenset[str]) -> bool:
    """A sentence about the test set is not about the validation set, nor the other way round."""
    test, validation = "test" in spoken_of, "validation" in spoken_of
    if test == validation:
        return True
    return test if measure.startswith(("test", "macro")) else validation


def _scores(result: Result, spoken_of: frozenset[str]) -> Iterator[Candidate]:
    row = result.row.id
    for name, what in SCORES.items():
        if not _wanted(name, spoken_of):
            continue
        mean = fmean(value(record, name) for record in result.records)
        yield Candidate(mean, sort_of(name), what.words, row, name)
        for record in result.records if result.repeated else ():
            yield Candidate(value(record, name), sort_of(name), f"{what.words} with seed {record.seed}", row)
        if name.endswith("accuracy"):
            yield Candidate(1 - mean, "share", f"error rate of the {name.partition('_')[0]} set", row)
    if _wanted("validation", spoken_of):
        for record in result.records:
            best = best_epochs(record)
            yield Candidate(best.lowest_loss, "loss", "lowest validation loss", row, "lowest_validation_loss")
            yield Candidate(
                best.highest_accuracy,
                "share",
                "highest validation accuracy",
                row,
                "highest_validation_accuracy",
            )


def _counts(result: Result) -> Iterator[Candidate]:
    record, row = result.records[0], result.row.id
    data, layers = record.data, record.layers
    yield Candidate(record.total_params, "count", "parameters", row, "total_params")
    yield Candidate(sum(layer.weights for layer in layers), "count", "weights", row, "weights")
    yield Candidate(sum(layer.biases for layer in layers), "count", "biases", row, "biases")
    yield Candidate(record.trainable_params, "count", "trainable parameters", row)
    yield from (Candidate(n, "count", words, row) for n, words in _multiply_adds(record))
    for cost in layer_costs(record):
        for number in (cost.weights, cost.biases, cost.total, cost.multiply_adds or 0):
            yield Candidate(number, "count", cost.name, row)
        for name in ("input", "output"):
            shape = cost.layer.input_shape if name == "input" else cost.layer.output_shape
            yield Candidate(float(np.prod(shape)), "count", f"values at the {name} of {cost.name}", row)
    sizes = (data.n_train, data.n_validation, data.n_test)
    names = ("training images", "validation images", "test images")
    yield from (Candidate(n, "count", words, row) for n, words in zip(sizes, names, strict=True))
    for size in (data.n_train + data.n_validation, sum(sizes)):
        yield Candidate(size, "count", "images", row)
    yield from (
        Candidate(n, "count", "images of a class", row) for part in data.class_counts.values() for n in part
    )
    for each in result.records:
        yield Candidate(
            int((each.test.y_true != each.test.y_pred).sum()), "count", "test errors", row, "errors"
        )


def _multiply_adds(record: Record) -> Iterator[tuple[int, str]]:
    network, features = model_multiply_adds(record), feature_multiply_adds(record)
    if network is not None:
        yield network, "multiply-adds"
        if features:
            yield features, "multiply-adds of the features"
            yield network + features, "multiply-adds with the features"


def _by_topic(result: Result, spoken_of: frozenset[str], sentence: str) -> Iterator[Candidate]:
    record = result.records[0]
    named = any(len(name) > 2 and name.casefold() in sentence.casefold() for name in record.data.class_names)
    for topic, made in BY_TOPIC.items():
        if topic in spoken_of or (topic == "classes" and named):
            yield from made(result, sentence)
    for each in result.records:
        for seconds in (each.times.train, each.times.evaluate, each.times.features, each.times.total):
            yield Candidate(seconds, "seconds", "seconds", result.row.id)
        yield Candidate(
            each.times.train / max(1, each.epochs), "seconds", "seconds of an epoch", result.row.id
        )


def _between(one: Result, other: Result, as_ratio: bool) -> Iterator[Candidate]:
    words = f"between {one.row.id} and {other.row.id}"
    for name, what in SCORES.items():
        first, second = score(one, name).mean, score(other, name).mean
        sort: Sort = "loss" if sort_of(name) == "loss" else "points"
        yield Candidate(first - second, sort, f"difference in {what.words} {words}")
        errors = (first, second) if sort == "loss" else (1 - first, 1 - second)
        yield from _ratios(errors, f"{'loss' if sort == 'loss' else 'errors'} {words}", as_ratio)
    a, b = one.records[0], other.records[0]
    yield Candidate(a.total_params - b.total_params, "count", f"difference in parameters {words}")
    yield from _ratios((a.total_params, b.total_params), f"parameters {words}", as_ratio)
    if len(elsewhere.owners((one, other))) == 1:  # seconds of two machines do not compare
        yield from _ratios((a.times.train, b.times.train), f"seconds {words}", as_ratio)
    costs = model_multiply_adds(a), model_multiply_adds(b)
    if costs[0] and costs[1]:
        yield from _ratios((costs[0], costs[1]), f"multiply-adds {words}", as_ratio)


def _ratios(figures: tuple[float, float], words: str, as_ratio: bool) -> Iterator[Candidate]:
    """Two figures as "2.5 times" and as "60 % fewer"; as a bare ratio only where the sentence says so."""
    one, other = figures
    if one <= 0 or other <= 0:
        return
    for ratio in (one / other, other / one):
        yield Candidate(ratio - 1, "change", f"relative change of {words}")
        if as_ratio:
            yield Candidate(ratio, "ratio", f"ratio of {words}")
            yield Candidate(ratio, "change", f"ratio of {words}")
