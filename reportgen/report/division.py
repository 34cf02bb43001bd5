"""How the images of a data set were divided for its runs, and how even its classes are, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen import language
from reportgen.analysis import numbers
from reportgen.records import DataFacts, Record
from reportgen.results import Result
from reportgen.tables.protocols import share_held_out
from reportgen.tables.settings import stratified

SHOWN = 12
"""Digits of a digest in a sentence; the whole one stands in the file of results."""

Run = tuple[Result, Record]


def split_sentences(runs: Sequence[Run]) -> Iterator[str]:
    """How the images were divided, once for each way but the seed."""
    ways: dict[tuple[object, ...], list[Record]] = {}
    for _, record in runs:
        facts = record.data
        way = (facts.validation, facts.n_train, facts.n_validation, facts.n_test)
        ways.setdefault(way, []).append(record)
    yield " ".join(_way_to_split(records) for records in ways.values())


def _way_to_split(records: Sequence[Record]) -> str:
    facts = records[0].data
    sizes = {
        "train": numbers.thousands(facts.n_train),
        "held": numbers.thousands(facts.n_validation),
        "test": numbers.thousands(facts.n_test),
    }
    if facts.validated_on_test:
        return language.text(
            "Trained on {train} images and validated on the {test} of the test set itself: what was chosen by"
            " these validation scores was chosen on the test set.",
            **sizes,
        )
    said = (
        language.text(
            "{held} images, {share} of the training set, were held out for validation, the same share of each"
            " class (stratified); {train} were left to train on. Each run was tested once on the {test}"
            " test images, after its training.",
            share=share_held_out(facts),
            **sizes,
        )
        if all(map(stratified, records))
        else language.text(
            "{held} images, {share} of the training set, were held out for validation; {train} were left to"
            " train on. Each run was tested once on the {test} test images, after its training.",
            share=share_held_out(facts),
            **sizes,
        )
    )
    return f"{said} {_drawn(records)}"


def _drawn(records: Sequence[Record]) -> str:
    """The seeds of the splits, and the digests that tell whether two are the same."""
    splits = dict.fromkeys((record.data.split_seed, record.data.split_digest) for record in records)
    seeds = sorted({seed for seed, _ in splits})
    if len(splits) == 1:
        return language.text(
            "The split was drawn with seed {seed}; its SHA-256 begins with {digest}.",
            seed=seeds[0],
            digest=next(iter(splits))[1][:SHOWN],
        )
    return language.text(
        "There are {n} such splits, drawn with the seeds {seeds}; their SHA-256 begin with {digests}.",
        n=len(splits),
        seeds=language.listed([str(seed) for seed in seeds])
        if len(seeds) <= 5
        else f"{seeds[0]}–{seeds[-1]}",
        digests=language.listed([digest[:SHOWN] for _, digest in list(splits)[:3]])
        + ("…" if len(splits) > 3 else ""),
    )


def balance_sentences(facts: DataFacts) -> Iterator[str]:
    """The largest and the smallest class of the training images."""
    counts = facts.class_counts.get("train", ())
    low, high = min(counts, default=0), max(counts, default=0)
    if not low:
        absent = [language.quoted(facts.class_names[n]) for n, count in enumerate(counts) if not count]
        if absent:
            yield language.text("Classes without a training image: {classes}.", classes=", ".join(absent))
        return
    if low == high:
        yield language.text(
            "The classes are balanced: each has {n} training images.", n=numbers.thousands(low)
        )
        return
    yield language.text(
        "The largest class, {largest}, has {most} training images, the smallest, {smallest}, has {least}:"
        " {ratio} times as many.",
        largest=language.quoted(facts.class_names[counts.index(high)]),
        most=numbers.thousands(high),
        smallest=language.quoted(facts.class_names[counts.index(low)]),
        least=numbers.thousands(low),
        ratio=numbers.decimal(high / low, 2),
    )
