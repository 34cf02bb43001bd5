"""Alternative texts of the figures of a search: what they show, with its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import lists, numbers
from reportgen.analysis import trial_words as words
from reportgen.analysis.dimensions import named
from reportgen.analysis.importance import Importance
from reportgen.analysis.trials import Searched, Trial
from reportgen.results import Result


def describe_history(results: Sequence[Result], found: Searched) -> str:
    """Alternative text of `search_history`: how the best came about."""
    steps = [best for best in found.best_so_far() if best is not None]
    facts = {
        "measure": words.measure_head(found).partition(",")[0],
        "trials": words.trials(len(found.done)),
        "last": words.measured(found, steps[-1].measure),
        "at": numbers.thousands(steps[-1].number),
    }
    if steps[0].number == steps[-1].number:
        text = language.text(
            "{measure} of {trials} by number. Trial {at} is the best from the start, with {last}.", **facts
        )
    else:
        text = language.text(
            "{measure} of {trials} by number. The best so far goes from {first} in trial {start} to {last} in"
            " trial {at}.",
            first=words.measured(found, steps[0].measure),
            start=numbers.thousands(steps[0].number),
            **facts,
        )
    error = steps[-1].error
    said = (
        language.text("Its standard error is {error}.", error=words.apart(found, error))
        if error is not None
        else ""
    )
    lost = sum(trial.measure is None and not trial.to_come for trial in found.trials)
    failed = language.plural("{n} trial failed.", "{n} trials failed.", lost, n=lost) if lost else ""
    return " ".join(part for part in (text, said, failed) if part)


def best_fifth(found: Searched) -> list[Trial]:
    """The best fifth of the trials with a measure, one at least."""
    return found.ordered(found.done)[: max(1, round(len(found.done) / 5))]


def describe_parallel(results: Sequence[Result], found: Searched) -> str:
    """Alternative text of `search_parallel`: what the best trial has, and the best fifth."""
    best = found.ordered(found.done)[0]
    fifth = best_fifth(found)
    text = language.text(
        "{trials} as lines across {axes} and the {measure}. The best is trial {n}, with {value}: {settings}.",
        trials=words.trials(len(found.done)),
        axes=language.listed([words.within(axis) for axis in found.axes]),
        measure=words.measure_name(found),
        n=numbers.thousands(best.number),
        value=words.measured(found, best.measure),
        settings=words.settings(found, best),
    )
    if len(fifth) < 2:
        return text
    spans = lists.clauses(words.spans(axis, fifth) for axis in found.axes)
    told = language.text("The best fifth, {trials}: {spans}.", trials=words.trials(len(fifth)), spans=spans)
    return f"{text} {told}"


def describe_importance(results: Sequence[Result], found: Importance) -> str:
    """Alternative text of `search_importance`: the share of each axis."""
    shares = lists.clauses(
        language.text("{name} {share}", name=named(name), share=numbers.share(share))
        for name, share in found.shares
    )
    return language.text(
        "What each axis explains of the variance of the measure by itself, of {trials}: {shares}; {rest} only"
        " several together.",
        trials=words.trials(found.trials),
        shares=shares,
        rest=numbers.share(found.together),
    )
