"""Sentences that rules write about the results: deterministic, with their evidence, in the language in use.

To add a rule, write a function with the decorator `rule` or `section_rule` in one of the modules below:
it is found there. Its sentences are English; reportgen/languages holds the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import ModuleType

from reportgen.analysis.observations import (
    borrowing,
    budgets,
    callbacks,
    chapters,
    classes,
    comparing,
    elsewhere,
    gaps,
    learning,
    training,
)
from reportgen.analysis.observations.rule import Everything, Observation, Rule, SectionRule
from reportgen.results import Result

__all__ = [
    "MOST_SHOWN",
    "RULES",
    "SECTION_RULES",
    "Observation",
    "Rule",
    "SectionRule",
    "observe",
    "observe_section",
]

MOST_SHOWN = 6
"""Observations of one row: more are not read."""

_MODULES: tuple[ModuleType, ...] = (
    borrowing,
    gaps,
    training,
    callbacks,
    learning,
    comparing,
    classes,
    chapters,
    budgets,
    elsewhere,
)


def _found(modules: Sequence[ModuleType]) -> Iterator[object]:
    for module in modules:
        yield from vars(module).values()


RULES: tuple[Rule, ...] = tuple(
    sorted((each for each in _found(_MODULES) if isinstance(each, Rule)), key=lambda one: -one.importance)
)
"""The rules about rows, the most important first."""

SECTION_RULES: tuple[SectionRule, ...] = tuple(
    sorted(
        (each for each in _found(_MODULES) if isinstance(each, SectionRule)), key=lambda one: -one.importance
    )
)
"""The rules about chapters, the most important first."""


def observe(
    result: Result, results: Sequence[Result], most: int | None = MOST_SHOWN
) -> tuple[Observation, ...]:
    """Return what the rules say of one row, in order of importance.

    Parameters
    ----------
    result : Result
        One of `results`; without a record there is nothing to say.
    results : sequence of Result
        All of the report.
    most : int or None
        Observations at most; all where None.
    """
    if result.record is None:
        return ()
    everything = Everything(tuple(results))
    said = {rule.id: tuple(rule.look(result, everything)) for rule in RULES}
    told = [
        (
            one.importance or rule.importance,
            Observation(rule.id, result.row.id, one.text, one.question, one.evidence),
        )
        for rule in RULES
        for one in said[rule.id]
        if not any(said[other] for other in rule.unless)
    ]
    told.sort(key=lambda each: -each[0])
    return tuple(observation for _, observation in told[:most])


def observe_section(
    results_of_section: Sequence[Result], all_results: Sequence[Result]
) -> tuple[Observation, ...]:
    """Return what the rules say of a chapter's rows together, in order of importance.

    Parameters
    ----------
    results_of_section, all_results : sequence of Result
        The rows of the chapter (or of the whole report), and all of the report.
    """
    everything = Everything(tuple(all_results))
    return tuple(
        Observation(rule.id, None, said.text, said.question, said.evidence)
        for rule in SECTION_RULES
        for said in rule.look(results_of_section, everything)
    )
