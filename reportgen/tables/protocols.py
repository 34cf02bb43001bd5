"""What is known to differ in how published figures and ours came about, and what is not stated."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis.published import TEST, VALIDATION, Family
from reportgen.experiments.schema import Protocol
from reportgen.records import DataFacts, Record
from reportgen.results import Result


def protocol_differences(
    done: Sequence[Result], protocol: Protocol, families: Sequence[Family] = (TEST,)
) -> list[str]:
    """What is known to differ in how the figures came about, and what is not known of the published ones."""
    records = [record for result in done for record in result.records]
    if not records:
        return []
    known = [
        *_data_differ(records, protocol),
        *_sizes_differ(records, protocol, families),
        *_runs_differ(done),
    ]
    unknown = []
    if protocol.validation is None:
        unknown.append(language.text("what they were validated on"))
    if TEST in families and protocol.test_items is None:
        unknown.append(language.text("how many items they were tested on"))
    if VALIDATION in families and protocol.validation_items is None:
        unknown.append(language.text("on how many items they were validated"))
    if protocol.validation == "test":
        unknown.append(language.text("their seeds"))
    else:
        unknown.append(language.text("their seeds and split"))
    sentences = []
    if known:
        sentences.append(
            language.text("Known differences of protocol: {differences}.", differences=lists.clauses(known))
        )
    seeds = sorted({record.seed for record in records})
    sentences.append(
        language.plural(
            "Not stated of the published runs: {unknown} (ours: seed {seeds}).",
            "Not stated of the published runs: {unknown} (ours: seeds {seeds}).",
            len(seeds),
            unknown=language.listed(unknown),
            seeds=str(seeds[0]) if len(seeds) == 1 else lists.between(str(seeds[0]), str(seeds[-1])),
        )
    )
    return sentences


def _data_differ(records: Sequence[Record], protocol: Protocol) -> list[str]:
    """On what the two sides were validated, trained and tested, where that is not the same."""
    known = []
    if protocol.validation is not None and any(r.data.validation != protocol.validation for r in records):
        known.append(
            language.text(
                "the published runs were validated on {theirs}, ours on {ours}",
                theirs=validated_on(protocol.validation),
                ours=lists.either(sorted({validated_on(record.data.validation) for record in records})),
            )
        )
    held_out = {(r.data.n_train, r.data.n_train + r.data.n_validation)
                for r in records if not r.data.validated_on_test}  # fmt: skip
    if protocol.validation == "test" and held_out:
        known.append(
            language.text(
                "ours were trained on {counts} training images, where the published runs had to hold none"
                " out",
                counts=lists.either([_part(*counts) for counts in sorted(held_out)]),
            )
        )
    return known


def _sizes_differ(records: Sequence[Record], protocol: Protocol, families: Sequence[Family]) -> list[str]:
    """On how many items the two sides were tested and validated, where that is not the same."""
    known = []
    sizes = {record.data.n_test for record in records}
    if TEST in families and protocol.test_items is not None and sizes != {protocol.test_items}:
        known.append(
            language.text(
                "they were tested on {theirs} items, ours on {ours}",
                theirs=numbers.thousands(protocol.test_items),
                ours=lists.either([numbers.thousands(n) for n in sorted(sizes)]),
            )
        )
    sizes = {record.data.n_validation for record in records}
    if protocol.validation_items is not None and sizes != {protocol.validation_items}:
        known.append(
            language.text(
                "they were validated on {theirs} items, ours on {ours}",
                theirs=numbers.thousands(protocol.validation_items),
                ours=lists.either([numbers.thousands(n) for n in sorted(sizes)]),
            )
        )
    return known


def _part(own: int, every: int) -> str:
    """So many of all: ``54 000 of 60 000``."""
    return language.text("{own} of {every}", own=numbers.thousands(own), every=numbers.thousands(every))


def _runs_differ(done: Sequence[Result]) -> list[str]:
    """Which of ours are means, of how many runs."""
    counts = [len(result.records) for result in done if result.repeated]
    if not counts:
        return []
    low, high = min(counts), max(counts)
    runs = str(low) if low == high else lists.between(str(low), str(high))
    if len(counts) == len(done):
        return [
            language.text(
                "ours are means of {runs} runs, the published figures those of single runs as far as is"
                " known",
                runs=runs,
            )
        ]
    return [
        language.plural(
            "{n} of ours is a mean of {runs} runs, the published figures those of single runs as far as is"
            " known",
            "{n} of ours are means of {runs} runs, the published figures those of single runs as far as is"
            " known",
            len(counts),
            n=len(counts),
            runs=runs,
        )
    ]


def validated_on(validation: float | int | str) -> str:
    """What a run was validated on, after "on": ``the test set itself``, ``a 10 % split``."""
    if validation == "test":
        return language.text("the test set itself")
    if isinstance(validation, str):
        return validation
    if is_count(validation):
        return language.text("{n} images held out", n=numbers.thousands(int(validation)))
    return language.text("a {share} split", share=part_of(validation))


def is_count(validation: float | int) -> bool:
    """Whether a validation set was given by its size, not by its share."""
    return validation >= 1


def part_of(fraction: float) -> str:
    """A share with two decimals at most: ``10 %``, ``22.65 %``."""
    return f"{numbers.plain(round(100 * fraction, 2))}{language.NO_BREAK_SPACE}%"


def share_held_out(facts: DataFacts) -> str:
    """The share of the training set that a run held out, as it was given or as its size makes it."""
    if isinstance(facts.validation, str):
        return facts.validation
    if is_count(facts.validation):
        return part_of(round(facts.n_validation / (facts.n_train + facts.n_validation), 4))
    return part_of(round(facts.validation, 4))
