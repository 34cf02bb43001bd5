"""Rules about the classes: which are taken for each other, which are recognised least."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.metrics import (
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
    record = subject.record
    if record is None:
        return
    matrix, names = pooled_matrix(subject), record.data.class_names
    errors = int(matrix.sum() - np.trace(matrix))
    even = 2 / (len(names) * (len(names) - 1)) if len(names) > 2 else 1.0
    pairs = [
        pair
        for pair in confused_pairs(matrix, MOST_PAIRS)
        if pair.share >= PROMINENT * even and pair.count >= FEWEST_ERRORS * len(subject.records)
    ]
    if not pairs:
        return
    first, share = pairs[0], sum(pair.share for pair in pairs)
    sentence = language.plural(
        "The classes most often taken for each other are {pairs}: {share} of all {errors} errors.",
        "The classes most often taken for each other are {pairs}, together {share} of all {errors} errors.",
        len(pairs),
        pairs=language.listed([_pair(pair, names) for pair in pairs]),
        share=numbers.share(share),
        errors=numbers.thousands(errors),
    )
    if first.first_as_second >= ONE_SIDED * max(1, first.second_as_first):
        sentence += " " + language.text(
            "The first of these goes mostly one way: {true} is read as {read} in {forth} of {count} cases.",
            true=language.quoted(names[first.first]),
            read=language.quoted(names[first.second]),
            forth=numbers.thousands(first.first_as_second),
            count=numbers.thousands(first.count),
        )
    if subject.repeated:
        sentence = language.text(
            "Errors of {runs} seeds together. {sentence}", runs=len(subject.records), sentence=sentence
        )
    question = language.text(
        "Which pairs of classes are taken for each other most, in both directions together?"
        " What do their items have in common, and is one direction the more frequent?"
    )
    evidence: dict[str, float | int | str] = {"errors": errors, "share": share}
    for place, pair in enumerate(pairs, 1):
        evidence[f"pair_{place}"] = f"{names[pair.first]} / {names[pair.second]}"
        evidence[f"count_{place}"] = pair.count
    yield Said(sentence, question, evidence)


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
    record = subject.record
    if record is None:
        return
    names, scores = record.data.class_names, class_scores(pooled_matrix(subject))
    short = 1 - scores.f1
    median = float(np.median(short))
    weak = [
        int(place)
        for place in np.argsort(-short, kind="stable")[:MOST_WEAK]
        if short[place] >= WEAK * median and short[place] >= median + WEAK_LEAST and scores.support[place]
    ]
    if not weak or len(names) < 3:
        return
    worst, runs = weak[0], len(subject.records)
    recall, items = float(scores.recall[worst]), round(int(scores.support[worst]) / runs)
    # The same test items come back with every seed: the interval is that of one test set.
    low, high = accuracy_interval(round(recall * items), items)
    sentence = language.text(
        "The lowest F1 is that of {name}: {f1}, where the median of the classes is {median};"
        " recall {recall} (95 % interval {interval}, {items} items), precision {precision}.",
        name=language.quoted(names[worst]),
        f1=numbers.score(float(scores.f1[worst])),
        median=numbers.score(1 - median),
        recall=numbers.share(recall),
        interval=numbers.interval(low, high, 1),
        items=numbers.thousands(items),
        precision=numbers.share(float(scores.precision[worst])),
    )
    if weak[1:]:
        sentence += " " + language.text(
            "Next: {classes}.",
            classes=language.listed(
                [f"{language.quoted(names[c])} ({numbers.score(float(scores.f1[c]))})" for c in weak[1:]]
            ),
        )
    if subject.repeated:
        sentence = language.text("Errors of {runs} seeds together. {sentence}", runs=runs, sentence=sentence)
    question = language.text(
        "Are some classes recognised clearly less than the others? Is it their recall or their"
        " precision, and how sure is it?"
    )
    evidence: dict[str, float | int | str] = {
        "class": names[worst],
        "f1": float(scores.f1[worst]),
        "median_f1": 1 - median,
        "recall": recall,
        "recall_low": low,
        "recall_high": high,
        "precision": float(scores.precision[worst]),
    }
    yield Said(sentence, question, evidence)
