"""What the figure of a stage says, for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.dimensions import called
from reportgen.analysis.scores import score
from reportgen.analysis.tried import Tried, alone, tried
from reportgen.experiments.stages import Stage
from reportgen.results import Result


def describe_stage(results: Sequence[Result], stage: Stage) -> str:
    """Alternative text of `draw_stage`: what is varied, from where to where, which row is kept."""
    tried = alone(stage, results)
    ordered = sorted(tried.done, key=lambda row: score(row, "validation_accuracy").mean)
    facts = {
        "stage": language.quoted(called(stage)),
        "by": language.listed([each.within for each in tried.varied]),
        "n": numbers.thousands(len(ordered)),
        "low": _named(ordered[0]),
        "high": _named(ordered[-1]),
    }
    said = language.plural(
        "Validation accuracy of {n} row of the stage {stage}, by {by}: {high}.",
        "Validation accuracy of {n} rows of the stage {stage}, by {by}: lowest for {low}, highest for"
        " {high}.",
        len(ordered),
        **facts,
    )
    parts = [said]
    if tried.kept is not None:
        parts.append(language.text("Kept is {title}.", title=_named(tried.kept)))
    missing = len(tried.rows) - len(ordered)
    if missing:
        parts.append(
            language.plural(
                "{n} row has no result.", "{n} rows have no result.", missing, n=numbers.thousands(missing)
            )
        )
    return " ".join(parts)


def describe_path(results: Sequence[Result], stages: Sequence[Stage]) -> str:
    """Alternative text of `draw_path`: stage by stage what was kept, and what the step was worth."""
    told = [_stage(tried(stage, results)) for stage in stages]
    return language.plural(
        "Path of {n} stage: {stages}.", "Path of {n} stages: {stages}.",
        len(told), n=numbers.thousands(len(told)), stages="; ".join(told),
    )  # fmt: skip


def _stage(one: Tried) -> str:
    name = language.quoted(called(one.stage))
    if one.kept is None:
        return language.text("{stage} is not decided", stage=name)
    facts = {"stage": name, "n": numbers.thousands(len(one.rows)), "kept": _named(one.kept)}
    if one.step is None:
        return language.text("{stage} keeps {kept} of {n}", **facts)
    step = numbers.points(one.step.difference)
    return language.text("{stage} keeps {kept} of {n}, {step} points from the row before", step=step, **facts)


def _named(row: Result) -> str:
    value = numbers.percentage(score(row, "validation_accuracy").mean)
    return language.text("{title} ({value})", title=language.quoted(row.row.title), value=value)
