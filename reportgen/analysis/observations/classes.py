"""Rules about the classes: which are taken for each other, which are recognised least."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.metrics import (
    ClassScores,
    ConfusedPair,
    class_scores,
    confused_pairs,
    pooled_matrix,
)
from reportgen.analysis.observations.rule import Everything, Said, rule
from reportgen.analysis.statistics import wilson
from reportgen.results import Result

LARGE = 0.15
"""Share of all errors that makes one pair of classes worth a word beside the table that lists the pairs."""
FEWEST_ERRORS = 10
"""Errors of a pair in one run; of fewer, the next training may show another pair."""
MOST_PAIRS = 3
"""Of the pairs with most errors, those whose directions are looked at."""
ONE_SIDED = 3.0
"""Times one direction outnumbers the other where it is worth saying."""
WEAK = 2.0
"""Times the median shortfall of the F1 scores from 1."""
WEAK_LEAST = 0.01
"""A shortfall below the median by less than one point of F1 is no weakness, however the others do."""
MOST_WEAK = 3


@rule("confused-pairs", importance=20)
def confused(subject: Result, everything: Everything) -> Iterator[Said]:
    """One pair of classes holds a large share of the errors, or one direction outnumbers the other."""
    names, matrix = subject.records[0].data.class_names, pooled_matrix(subject)
    pairs = _counting(matrix, len(subject.records))
    large = next((pair for pair in pairs[:1] if pair.share >= LARGE), None)
    one_way = next(
        (pair for pair in pairs if pair.first_as_second >= ONE_SIDED * max(1, pair.second_as_first)), None
    )
    if large is None and one_way is None:
        return
    errors, pairs_there_are = int(matrix.sum() - np.trace(matrix)), len(matrix) * (len(matrix) - 1) // 2
    sentences, evidence = [], dict[str, float | int | str](errors=errors)
    if large is not None:
        sentences.append(_large(large, names, errors, pairs_there_are))
        evidence |= {"pair": _pair(large, names), "count": large.count, "share": large.share}
    if one_way is not None:
        sentences.append(_one_way(one_way, names))
        evidence |= {"one_way": _pair(one_way, names), "one_way_count": one_way.count}
        evidence |= {"one_way_forth": one_way.first_as_second}
    question = language.text(
        "Which pairs of classes are taken for each other most, in both directions together? What do their"
        " items have in common, and is one direction the more frequent?"
    )
    yield Said(_pooled(subject, " ".join(sentences)), question, evidence)


def _counting(matrix: NDArray[np.int64], runs: int) -> list[ConfusedPair]:
    """The first few pairs, with more errors than chance would change much."""
    return [pair for pair in confused_pairs(matrix, MOST_PAIRS) if pair.count >= FEWEST_ERRORS * runs]


def _large(pair: ConfusedPair, names: tuple[str, ...], errors: int, pairs: int) -> str:
    return language.text(
        "One pair of {pairs}, {first} and {second}, holds {share} of all {errors} errors.",
        pairs=pairs,
        first=language.quoted(names[min(pair.first, pair.second)]),
        second=language.quoted(names[max(pair.first, pair.second)]),
        share=numbers.share(pair.share),
        errors=numbers.thousands(errors),
    )


def _one_way(pair: ConfusedPair, names: tuple[str, ...]) -> str:
    return language.text(
        "One direction dominates: {true} is read as {read} in {forth} of the {count} errors between the two.",
        true=language.quoted(names[pair.first]),
        read=language.quoted(names[pair.second]),
        forth=numbers.thousands(pair.first_as_second),
        count=numbers.thousands(pair.count),
    )


def _pair(pair: ConfusedPair, names: tuple[str, ...]) -> str:
    """The two classes in the order of the classes."""
    return " / ".join(names[place] for place in sorted((pair.first, pair.second)))


def _pooled(subject: Result, sentence: str) -> str:
    """A sentence that says so where it counts the errors of several runs."""
    if not subject.repeated:
        return sentence
    return language.text(
        "Errors of {runs} seeds together. {sentence}", runs=len(subject.records), sentence=sentence
    )


@rule("weak-classes", importance=76)
def weak_classes(subject: Result, everything: Everything) -> Iterator[Said]:
    """Classes whose F1 falls short of 1 by far more than the median class does."""
    matrix = pooled_matrix(subject)
    names, scores = subject.records[0].data.class_names, class_scores(matrix)
    weak = _weak(scores)
    if not weak:
        return
    worst, median = weak[0], float(np.median(scores.f1))
    recall, items = float(scores.recall[worst]), round(int(scores.support[worst]) / len(subject.records))
    # The same test items come back with every seed: the interval is that of one test set.
    low, high = wilson(round(recall * items), items)
    facts = {
        "name": language.quoted(names[worst]),
        "f1": numbers.score(f1 := float(scores.f1[worst])),
        "median": numbers.score(median),
        "recall": numbers.share(recall),
        "interval": numbers.interval(low, high, 1),
        "items": numbers.thousands(items),
    }
    precision = float(scores.precision[worst])
    if matrix[:, worst].any():
        sentence = language.text(
            "The lowest F1 is that of {name}: {f1}, the median of the classes {median}; recall {recall} (95 %"
            " interval {interval}, {items} items), precision {precision}.",
            precision=numbers.share(precision),
            **facts,
        )
    else:
        sentence = language.text(
            "The lowest F1 is that of {name}: {f1}, the median of the classes {median}; recall {recall} (95 %"
            " interval {interval}, {items} items), for no item at all was read as it.",
            **facts,
        )
    question = language.text(
        "Are some classes recognised clearly less than the others? Is it their recall or their precision,"
        " and how sure is it?"
    )
    evidence: dict[str, float | int | str] = {
        "class": names[worst],
        "f1": f1,
        "median_f1": median,
        "precision": precision,
    }
    sure = {"recall": recall, "recall_low": low, "recall_high": high}
    yield Said(_pooled(subject, sentence + _others(weak[1:], names, scores)), question, {**evidence, **sure})


def _weak(scores: ClassScores) -> list[int]:
    """The classes with the lowest F1, the lowest first, where they fall far behind the median."""
    short, median = 1 - scores.f1, float(np.median(1 - scores.f1))
    return [
        int(place)
        for place in np.argsort(-short, kind="stable")[:MOST_WEAK]
        if short[place] >= max(WEAK * median, median + WEAK_LEAST) and scores.support[place]
    ]


def _others(classes: list[int], names: tuple[str, ...], scores: ClassScores) -> str:
    """A sentence more where several classes are weak."""
    if not classes:
        return ""
    listed = [f"{language.quoted(names[c])} ({numbers.score(float(scores.f1[c]))})" for c in classes]
    return " " + language.text("Next: {classes}.", classes=language.listed(listed))
