"""A rule about a chapter beside the networks of other chapters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.complexity import prediction_multiply_adds
from reportgen.analysis.differences import Difference
from reportgen.analysis.metrics import validation_accuracy
from reportgen.analysis.observations.comparing import named, not_above
from reportgen.analysis.observations.rule import Everything, Said, section_rule
from reportgen.analysis.observations.seeds import span
from reportgen.results import Result

FAR_FEWER = 0.5
"""Times the parameters of the chapter's smallest network."""


@section_rule("smaller-elsewhere", importance=70)
def smaller_elsewhere(rows: Sequence[Result], everything: Everything) -> Iterator[Said]:
    """A far smaller network of another chapter, above which no row of this one surely lies."""
    done = [result for result in rows if result.record is not None]
    digests = {result.records[0].data.digest for result in done}
    if len(digests) != 1 or any(result.records[0].data.validated_on_test for result in done):
        return
    fewest = min(result.records[0].total_params for result in done)
    own = {result.row.id for result in done}
    smaller = [
        other
        for other in everything.alike(done[0].records[0])
        if other.row.id not in own and other.records[0].total_params <= FAR_FEWER * fewest
    ]
    for other in sorted(smaller, key=lambda one: one.records[0].total_params):
        between = [everything.validation_difference(result, other) for result in done]
        if all(not_above(each) for each in between):
            yield _elsewhere(done, other, between)
            return


def _elsewhere(rows: Sequence[Result], other: Result, between: Sequence[Difference]) -> Said:
    below = sum(each.different for each in between)
    facts = {"title": named(other, rows[0]), "size": ", ".join(_sizes(rows, other))}
    if below == len(rows):
        sentence = language.plural(
            "A network of another chapter with far fewer parameters is surely more accurate than the one"
            " here: {title}, {size}",
            "A network of another chapter with far fewer parameters is surely more accurate than every row"
            " here: {title}, {size}",
            len(rows),
            **facts,
        ) + _how(between)
    else:
        sentence = _perhaps(rows, facts, below, between)
    question = language.text(
        "Set the rows of this chapter beside smaller networks of other chapters on the same data: which of"
        " the rows lie surely above? What might the smaller ones do differently?"
    )
    evidence: dict[str, float | int | str] = {
        "other": other.row.id,
        "rows": len(rows),
        "below": below,
        "fewest_parameters": min(result.records[0].total_params for result in rows),
        "other_parameters": other.records[0].total_params,
        "highest": max(validation_accuracy(result) for result in rows),
        "other_validation_accuracy": validation_accuracy(other),
    }
    return Said(sentence, question, evidence)


def _perhaps(
    rows: Sequence[Result], facts: Mapping[str, str], below: int, between: Sequence[Difference]
) -> str:
    """The sentence where not every row is surely less accurate than the smaller network."""
    sentence = language.plural(
        "Validation does not tell the row here from a network of another chapter with far fewer parameters:"
        " {title}, {size}.",
        "Validation does not tell all rows here from a network of another chapter with far fewer parameters:"
        " {title}, {size}.",
        len(rows),
        **facts,
    )
    if below:
        sentence += (
            " "
            + language.plural(
                "{below} of {n} here is shown to be less accurate than that",
                "{below} of {n} here are shown to be less accurate than that",
                below,
                below=below,
                n=len(rows),
            )
            + _how(between)
        )
    return sentence


def _sizes(rows: Sequence[Result], other: Result) -> Iterator[str]:
    """Parameters, multiply-adds from the image to the answer, and the score, each against the chapter's."""
    yield language.text(
        "{params} parameters (here {own})",
        params=numbers.thousands(other.records[0].total_params),
        own=span([result.records[0].total_params for result in rows]),
    )
    work = prediction_multiply_adds(other.records[0])
    own = [prediction_multiply_adds(result.records[0]) for result in rows]
    known = [count for count in own if count is not None]
    if work is not None and len(known) == len(own):
        facts = {"work": numbers.thousands(work), "own": span(known)}
        if work > max(known):
            yield language.text("but {work} multiply-adds (here {own})", **facts)
        else:
            yield language.text("{work} multiply-adds (here {own})", **facts)
    yield language.plural(
        "{score} in one training",
        "{score} on average over {n} trainings",
        len(other.records),
        score=numbers.percentage(validation_accuracy(other)),
        n=len(other.records),
    )


def _how(between: Sequence[Difference]) -> str:
    """On which runs the rows were set beside the other one; the end of the sentence."""
    seeds = {each.seeds for each in between}
    if any(each.basis == "unpaired" or not each.seeds for each in between):
        return "."
    if len(seeds) == 1 and len(between[0].seeds) == 1:
        return " " + language.text("(seed {seed} of each, same validation images).", seed=between[0].seeds[0])
    return " " + language.text("(at the seeds they share, same validation images).")
