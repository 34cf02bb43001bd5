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
    accuracy_interval,
    class_scores,
    confused_pairs,
    pooled_matrix,
)
from reportgen.analysis.observations.rule import Everything, Said, rule
from reportgen.results import Result

PROMINENT = 3.0
"""Times the share that each pair would have if all had the same: less is no pattern."""
FEWEST_ERRORS = 10
"""Errors of a pair in one run; of fewer, the next training may show another pair."""
MOST_PAIRS = 3
ONE_SIDED = 3.0
"""Times one direction outnumbers the other where it is worth saying."""
WEAK = 2.0
"""Times the median shortfall of the F1 scores from 1."""
WEAK_LEAST = 0.01
"""A shortfall below the median by less than one point of F1 is no weakness, however the others do."""
MOST_WEAK = 3


@rule("confused-pairs", importance=40)
def confused(subject: Result, everything: Everything) -> Iterator[Said]:
    """A few pairs of classes, in either direction, hold far more errors than the others."""
    names, matrix = subject.records[0].data.class_names, pooled_matrix(subject)
    pairs = _prominent(matrix, len(subject.records))
    if not pairs:
        return
    share, errors = sum(pair.share for pair in pairs), int(matrix.sum() - np.trace(matrix))
    sentence = language.plural(
        "The classes most often taken for each other are {pairs}: {share} of all {errors} errors.",
        "The classes most often taken for each other are {pairs}, together {share} of all {errors} errors.",
        len(pairs),
        pairs=language.listed([_pair(pair, names) for pair in pairs]),
        share=numbers.share(share),
        errors=numbers.thousands(errors),
    )
    question = language.text(
        "Which pairs of classes are taken for each other most, in both directions together? What do their"
        " items have in common, and is one direction the more frequent?"
    )
    evidence: dict[str, float | int | str] = {"errors": errors, "share": share}
    for place, pair in enumerate(pairs, 1):
        evidence[f"pair_{place}"] = f"{names[pair.first]} / {names[pair.second]}"
        evidence[f"count_{place}"] = pair.count
    yield Said(_pooled(subject, sentence + _one_way(pairs[0], names)), question, evidence)


def _prominent(matrix: NDArray[np.int64], runs: int) -> list[ConfusedPair]:
    """The first few pairs with several times the errors they would have if all pairs had the same."""
    classes = len(matrix)
    even = 2 / (classes * (classes - 1)) if classes > 1 else 1.0
    return [
        pair
        for pair in confused_pairs(matrix, MOST_PAIRS)
        if pair.share >= PROMINENT * even and pair.count >= FEWEST_ERRORS * runs
    ]


def _one_way(pair: ConfusedPair, names: tuple[str, ...]) -> str:
    """A sentence more where one direction outnumbers the other."""
    if pair.first_as_second < ONE_SIDED * max(1, pair.second_as_first):
        return ""
    return " " + language.text(
        "The first of these goes mostly one way: {true} is read as {read} in {forth} of {count} cases.",
        true=language.quoted(names[pair.first]),
        read=language.quoted(names[pair.second]),
        forth=numbers.thousands(pair.first_as_second),
        count=numbers.thousands(pair.count),
    )


def _pooled(subject: Result, sentence: str) -> str:
    """A sentence that says so where it counts the errors of several runs."""
    if not subject.repeated:
        return sentence
    return language.text(
        "Errors of {runs} seeds together. {sentence}", runs=len(subject.records), sentence=sentence
    )


def _pair(pair: ConfusedPair, names: tuple[str, ...]) -> str:
    return language.text(
        "{first} with {second} ({count})",
        first=names[pair.first],
        second=names[pair.second],
        count=numbers.thousands(pair.count),
    )


@rule("weak-classes", importance=45)
def weak_classes(subject: Result, everything: Everything) -> Iterator[Said]:
    """Classes whose F1 falls short of 1 by far more than the median class does."""
    names, scores = subject.records[0].data.class_names, class_scores(pooled_matrix(subject))
    weak = _weak(scores)
    if not weak:
        return
    worst, median = weak[0], float(np.median(scores.f1))
    recall, items = float(scores.recall[worst]), round(int(scores.support[worst]) / len(subject.records))
    # The same test items come back with every seed: the interval is that of one test set.
    low, high = accuracy_interval(round(recall * items), items)
    sentence = language.text(
        "The lowest F1 is that of {name}: {f1}, where the median of the classes is {median}; recall"
        " {recall} (95 % interval {interval}, {items} items), precision {precision}.",
        name=language.quoted(names[worst]),
        f1=numbers.score(f1 := float(scores.f1[worst])),
        median=numbers.score(median),
        recall=numbers.share(recall),
        interval=numbers.interval(low, high, 1),
        items=numbers.thousands(items),
        precision=numbers.share(precision := float(scores.precision[worst])),
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
