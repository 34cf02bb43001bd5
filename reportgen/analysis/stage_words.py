"""Why a stage keeps the row it keeps, in words: the rule, the row that comes next, what is uncertain."""

from __future__ import annotations

from reportgen import language
from reportgen.analysis import numbers, p_values
from reportgen.analysis.choice import weights
from reportgen.analysis.contrasts import FamilyLine
from reportgen.analysis.differences import Difference
from reportgen.analysis.metrics import mean_validation_accuracy
from reportgen.analysis.tried import Tried
from reportgen.analysis.words import failure
from reportgen.results import Result

NAMED = 3
"""Rows, at most, that a sentence names."""


def standing(tried: Tried) -> str:
    """Return how far a stage has come: what it waits for, what is missing; empty once it is decided."""
    n = numbers.thousands(tried.stage.size)
    if tried.waits:
        return language.plural(
            "It has not begun: {n} row waits for the one that the stage before it keeps.",
            "It has not begun: {n} rows wait for the one that the stage before it keeps.",
            tried.stage.size,
            n=n,
        )
    if tried.kept is not None:
        return ""
    if tried.to_come:
        return language.text(
            "It is not decided: {done} of {n} rows have a result so far.",
            done=numbers.thousands(len(tried.done)),
            n=n,
        )
    return language.text("It keeps no row: none of its {n} rows ended with a result.", n=n)


def lost(tried: Tried) -> str:
    """Return which rows failed, and why; empty where none did."""
    if not tried.failed:
        return ""
    said = [
        language.text(
            "{title}: {cause}",
            title=language.quoted(row.row.title),
            cause=failure(row.failure.kind if row.failure else "not-run"),
        )
        for row in tried.failed[:NAMED]
    ]
    more = len(tried.failed) - len(said)
    if more:
        said.append(language.plural("{n} more", "{n} more", more, n=numbers.thousands(more)))
    return language.text("Without a result, and left out of the choice: {rows}.", rows="; ".join(said))


def why(tried: Tried) -> tuple[str, ...]:
    """Return why a row is kept, how clear that is, and what is uncertain about it: a paragraph each."""
    if tried.kept is None or tried.choice is None:
        return tuple(text for text in (standing(tried), lost(tried)) if text)
    runner = tried.next
    line = tried.against_kept(runner) if runner is not None else None
    unsure = "" if tried.stage.kind == "search" else _uncertainty(tried, line)  # a search says it by itself
    paragraphs = [_rule(tried), _next(tried, runner, line), unsure, lost(tried)]
    return tuple(text for text in paragraphs if text)


def _rule(tried: Tried) -> str:
    assert tried.kept is not None and tried.choice is not None
    title = language.quoted(tried.kept.row.title)
    if tried.stage.size == 1:
        return language.text("{title} is the only row of this stage: nothing was chosen.", title=title)
    if len(tried.done) == 1:
        return language.text("{title} is kept: no other row has a result to choose from.", title=title)
    if tried.stage.choose == "one-standard-error":
        return _smallest(tried, title)
    if tried.stage.measure == "validation_loss":
        return language.text(
            "{title} is kept for its validation loss, the lowest of {n} rows with a result.",
            title=title,
            n=numbers.thousands(len(tried.done)),
        )
    if tried.tied:
        return f"{_tie(tried, title)} {_decider(tried)}"
    return language.text(
        "{title} is kept for its validation accuracy, the highest of {n} rows with a result: {value}.",
        title=title,
        n=numbers.thousands(len(tried.done)),
        value=_accuracy(tried.kept),
    )


def _tie(tried: Tried, title: str) -> str:
    assert tried.kept is not None
    others = [language.quoted(row.row.title) for row in tried.tied[:NAMED]]
    more = len(tried.tied) - len(others)
    if more:
        others.append(language.plural("{n} more", "{n} more", more, n=numbers.thousands(more)))
    return language.text(
        "{title} is kept: it shares the highest validation accuracy of {n} rows, {value}, with {others}.",
        title=title,
        n=numbers.thousands(len(tried.done)),
        value=_accuracy(tried.kept),
        others=language.listed(others),
    )


def _decider(tried: Tried) -> str:
    """What told rows of one validation accuracy apart."""
    assert tried.kept is not None
    losses = {_loss(row) for row in (tried.kept, *tried.tied)}
    if len(losses) > 1:
        return language.text("Among these the lowest validation loss, without penalties, decided.")
    if len({weights(row.records) for row in (tried.kept, *tried.tied)}) > 1:
        return language.text("Among these, alike in validation loss too, the fewest parameters decided.")
    return language.text("Among these, alike in loss and parameters too, the first in the file is kept.")


def _loss(row: Result) -> float:
    return sum(record.error_loss("validation") for record in row.records) / len(row.records)


def _smallest(tried: Tried, title: str) -> str:
    """The rule of one standard error, with its bound."""
    assert tried.kept is not None and tried.choice is not None
    best = tried.order[0]
    facts = {
        "title": title,
        "bound": numbers.percentage(tried.choice.least),
        "error": numbers.in_points(tried.choice.standard_error, signed=False),
        "best": language.quoted(best.row.title),
        "value": _accuracy(best),
        "near": numbers.thousands(len(tried.within)),
        "n": numbers.thousands(len(tried.done)),
        "weights": numbers.thousands(weights(tried.kept.records)),
    }
    if best is tried.kept:
        return language.text(
            "{title} is kept by the rule of one standard error: it has the highest validation accuracy,"
            " {value}, and none of the {near} rows of {n} at or above the bound of {bound}, one standard"
            " error ({error}) lower, has fewer parameters ({weights}).",
            **facts,
        )
    return language.text(
        "{title} is kept by the rule of one standard error: the highest validation accuracy is {value}, of"
        " {best}; of the {near} rows of {n} at or above the bound of {bound}, one standard error ({error})"
        " lower, it has the fewest parameters, {weights}, and a validation accuracy of {own}.",
        own=_accuracy(tried.kept),
        **facts,
    )


def _next(tried: Tried, runner: Result | None, line: FamilyLine | None) -> str:
    """How far away the next row is, whether it can be told apart, and how many others can."""
    if tried.kept is None or runner is None or line is None or tried.family is None:
        return ""
    found = line.difference
    title = language.quoted(runner.row.title)
    apart = numbers.in_points(abs(found.difference), signed=False)
    if found.difference > 0:
        said = language.text("{title} lies {points} higher.", title=title, points=apart)
    elif found.difference < 0:
        said = language.text("{title} comes next, {points} lower.", title=title, points=apart)
    else:
        said = language.text("{title} comes next, with the same validation accuracy.", title=title)
    parts = [said, _test(found, line.adjusted_p, tried.family.tests), _verdict(line)]
    others = [each for each in tried.family.lines if each.difference.relation == "other"]
    if len(others) > 1:
        parts.append(_told_apart(len(others), sum(each.different for each in others)))
    return " ".join(part for part in parts if part)


def _told_apart(others: int, different: int) -> str:
    """How many of the other rows validation tells from the one kept."""
    n = numbers.thousands(others)
    if not different:
        return language.text("They tell none of the {n} others from the row kept.", n=n)
    if different == others:
        return language.text("They tell all {n} others from the row kept.", n=n)
    return language.plural(
        "Of all {n} others they tell {k} from the row kept.",
        "Of all {n} others they tell {k} from the row kept.",
        different,
        n=n,
        k=numbers.thousands(different),
    )


def _verdict(line: FamilyLine) -> str:
    if line.different:
        return language.text("The validation images tell the two apart.")
    return language.text("The validation images do not tell the two apart.")


def _test(found: Difference, adjusted: float | None, tests: int) -> str:
    """By which test two rows were compared, and what it gives."""
    facts = {"n": numbers.thousands(found.items), "p": "" if found.p is None else p_values.told(found.p)}
    if found.basis == "items" and found.p is not None:
        said = language.text("McNemar’s exact test on the {n} validation images: {p}", **facts)
    elif found.basis == "seeds" and found.p is not None:
        said = language.text(
            "Paired t test over {k} seeds: {p}", k=numbers.thousands(len(found.seeds)), p=facts["p"]
        )
    else:
        return language.text(
            "Interval of the difference: {low} to {high} points.",
            low=numbers.points(found.low),
            high=numbers.points(found.high),
        )
    if adjusted is not None and tests > 1:
        said = language.text(
            "{said}, {adjusted} after Holm’s correction for the {n} comparisons of the stage",
            said=said,
            adjusted=p_values.printed(adjusted),
            n=numbers.thousands(tests),
        )
    return language.text(
        "{said} (told apart below {limit}).", said=said, limit=numbers.plain(round(1 - found.judged_at, 9))
    )


def _uncertainty(tried: Tried, line: FamilyLine | None) -> str:
    """The standard error, what could have been seen, and that the highest of several flatters itself."""
    assert tried.kept is not None and tried.choice is not None
    record, runs = tried.kept.records[0], len(tried.kept.records)
    error = numbers.in_points(tried.choice.standard_error, signed=False)
    n = numbers.thousands(record.data.n_validation)
    if runs > 1:
        said = language.text(
            "One standard error of the highest validation accuracy is {error} ({n} validation images, {runs}"
            " runs; the larger of what drawing images and drawing seeds leave open).",
            error=error,
            n=n,
            runs=numbers.thousands(runs),
        )
    else:
        said = language.text(
            "One standard error of the highest validation accuracy is {error} ({n} validation images; luck of"
            " training is not in it).",
            error=error,
            n=n,
        )
    parts = [said]
    if line is not None and line.difference.relation == "other":
        seen = numbers.in_points(line.smallest, signed=False)
        parts.append(
            language.text("A true difference of {seen} would have been seen four times in five.", seen=seen)
        )
    if len(tried.done) > 1:
        parts.append(
            language.text(
                "Chosen as the best of {n} on these images, its own figure there is optimistic.",
                n=numbers.thousands(len(tried.done)),
            )
        )
    return " ".join(parts)


def _accuracy(row: Result) -> str:
    return numbers.percentage(mean_validation_accuracy(row.records))
