"""What the report says of a search: what was searched, which axes matter, how sure its best is."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen import language
from reportgen.analysis import counts, lists, numbers, p_values
from reportgen.analysis import trial_words as words
from reportgen.analysis.importance import ENOUGH, SEED, Importance
from reportgen.analysis.selection import Selection, expected_maximum
from reportgen.analysis.trials import Searched


def searched_words(found: Searched, seed: int, on_test: bool) -> Iterator[str]:
    """Yield what was searched, how, and what became of it.

    Parameters
    ----------
    found : Searched
    seed : int
        Of the proposals.
    on_test : bool
        Whether the trials were validated on the test set itself.
    """
    axes = language.listed([words.space(axis) for axis in found.axes])
    yield language.text("The search varies {axes}.", axes=axes)
    yield _method(found, seed)
    if on_test:
        yield language.text(
            "What it makes best is the {measure}, and that on the test images themselves: no figure is left"
            " that the choice has not touched.",
            measure=words.measure_name(found),
        )
    else:
        yield language.text(
            "What it makes best is the {measure} of the weights that are tested; test images take no part in"
            " the choice.",
            measure=words.measure_name(found),
        )
    yield _outcome(found)


def _method(found: Searched, seed: int) -> str:
    facts = {"trials": words.trials(found.size), "seed": str(seed)}
    if found.method == "random":
        text = language.text("{trials}, drawn by chance alone; the seed of the proposals is {seed}.", **facts)
    elif found.batch == 1:
        text = language.text(
            "{trials}, each proposed by a tree-structured Parzen estimator (TPE) from what those before it"
            " have shown; the seed of the proposals is {seed}.",
            **facts,
        )
    else:
        text = language.text(
            "{trials} in batches of {batch}, each proposed by a tree-structured Parzen estimator (TPE) from"
            " what the batches before it have shown; the seed of the proposals is {seed}.",
            batch=numbers.thousands(found.batch),
            **facts,
        )
    return text


def _outcome(found: Searched) -> str:
    """How many trials were runs of their own, repeats, failures, and are still to come."""
    made = [trial for trial in found.trials if not trial.to_come]
    again = sum(trial.like is not None for trial in made)
    lost = sum(trial.measure is None for trial in made)
    later = found.size - len(made)
    own = len(made) - again
    parts = [
        language.plural(
            "{n} trial was a run of its own",
            "{n} trials were runs of their own",
            own,
            n=numbers.thousands(own),
        ),
        language.plural(
            "{n} has the settings of an earlier one and shares its run",
            "{n} have the settings of an earlier one and share its run",
            again,
            n=numbers.thousands(again),
        )
        if again
        else language.text("none repeats the settings of another"),
    ]
    if lost:
        parts.append(
            language.plural("{n} left no measure", "{n} left no measure", lost, n=numbers.thousands(lost))
        )
    if later:
        parts.append(
            language.plural(
                "{n} is still to come", "{n} are still to come", later, n=numbers.thousands(later)
            )
        )
    return language.text("{outcome}.", outcome=lists.clauses(parts))


def importance_words(found: Searched, made: Importance) -> Iterator[str]:
    """Yield what the importance of the axes means, or why there is none."""
    facts = {"trials": words.trials(made.trials), "least": numbers.thousands(ENOUGH)}
    if made.why == "few":
        yield language.text(
            "How much each axis matters is not reckoned from {trials} with different settings and a result:"
            " it would take {least} at least.",
            **facts,
        )
    elif made.why == "one axis":
        yield language.text("Only one thing varies, so there is no importance of axes to tell apart.")
    elif made.why == "equal":
        yield language.text("All trials measured the same, so that no axis mattered.")
    else:
        yield from _importance(found, made)


def _importance(found: Searched, made: Importance) -> Iterator[str]:
    yield language.text(
        "Importance is the share of the variance of the measure, over the whole space, that an axis explains"
        " by itself (functional analysis of variance on a random forest with the seed {seed}). It is about"
        " the space and not about its best corner: an axis whose poor values fail badly leads.",
        seed=str(SEED),
    )
    if made.hint:
        yield language.text(
            "{trials} for {axes} make it a hint and no more.",
            trials=words.trials(made.trials),
            axes=language.plural(
                "{n} axis", "{n} axes", len(made.shares), n=numbers.thousands(len(made.shares))
            ),
        )
    if found.method == "tpe":
        yield language.text(
            "The estimator tries most where it expects the best; of the rest of the space the forest knows"
            " little."
        )


def selection_words(found: Searched, made: Selection | None, items: int) -> Iterator[str]:
    """Yield by how much the best score may be too high, and whether it stands out.

    Parameters
    ----------
    found : Searched
    made : Selection or None
    items : int
        Validation images.
    """
    best = found.winner
    if made is None or best is None or best.measure is None:
        return
    yield language.text(
        "The best score, {score}, is the best of {trials} and was selected for being that: whoever picks the"
        " best of many figures picks luck as well, so it is optimistic.",
        score=words.measured(found, best.measure),
        trials=words.trials(made.trials),
    )
    if made.luck is not None and made.error is not None:
        yield _equal_networks(found, made, items)
    if made.bias is not None:
        expected = best.measure + made.bias if found.by_loss else best.measure - made.bias
        yield language.text(
            "Chosen again on images drawn anew and scored on those left out, the best comes to {expected}:"
            " the choice by these images is worth {bias}, luck of the training not counted.",
            expected=words.measured(found, expected),
            bias=words.apart(found, made.bias),
        )
    yield _told_apart(made)


def _equal_networks(found: Searched, made: Selection, items: int) -> str:
    facts = {
        "n": numbers.thousands(made.trials),
        "luck": words.apart(found, made.luck or 0.0),
        "times": numbers.decimal(expected_maximum(made.trials), 2),
        "error": words.apart(found, made.error or 0.0),
        "items": numbers.thousands(items),
        "lead": words.apart(found, made.lead),
    }
    if made.lead <= (made.luck or 0.0):
        return language.text(
            "Of {n} equal networks, each with a standard error of {error} on {items} images of its own, the"
            " best would lie {luck} ahead of their mean by luck alone ({times} standard errors). Here it"
            " lies {lead} ahead of the median trial: no more than luck gives.",
            **facts,
        )
    return language.text(
        "Of {n} equal networks, each with a standard error of {error} on {items} images of its own, the best"
        " would lie {luck} ahead of their mean by luck alone ({times} standard errors). Here it lies {lead}"
        " ahead of the median trial: more than drawing the images explains. The luck of training comes on top"
        " of that and is not in this figure.",
        **facts,
    )


def _told_apart(made: Selection) -> str:
    """Whether the best stands out from the middle of the field."""
    against = made.against
    if against is None:
        return ""
    facts = {"middle": numbers.thousands(made.middle), "comparisons": counts.comparisons(made.tests)}
    if against.adjusted_p is None:
        if against.different:
            return language.text("The best is told apart from the median trial, {middle}.", **facts)
        return language.text("The best is not told apart from the median trial, {middle}.", **facts)
    p = p_values.printed(against.adjusted_p)
    sign = "" if p.startswith("<") else f"={numbers.NO_BREAK_SPACE}"
    facts["p"] = f"p{numbers.NO_BREAK_SPACE}{sign}{p.replace(' ', numbers.NO_BREAK_SPACE)}"
    if against.different:
        return language.text(
            "The best is told apart from the median trial, {middle} ({p} after Holm’s correction for"
            " {comparisons} with the best).",
            **facts,
        )
    return language.text(
        "The best is not told apart from the median trial, {middle} ({p} after Holm’s correction for"
        " {comparisons} with the best).",
        **facts,
    )
