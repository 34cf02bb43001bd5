"""The stages of a report as results.json holds them: what was tried, what is kept, and how clear that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reportgen.analysis.contrasts import FamilyLine
from reportgen.analysis.differences import Difference
from reportgen.analysis.dimensions import called
from reportgen.analysis.scores import score
from reportgen.analysis.stage_words import standing, why
from reportgen.analysis.tried import Tried, tried
from reportgen.experiments.stages import Stage
from reportgen.report.parts import stage_anchor
from reportgen.results import Result


def stages_of(stages: Sequence[Stage], results: Sequence[Result]) -> dict[str, Any]:
    """Return what results.json says of each stage, by its id, in the order of the file.

    Parameters
    ----------
    stages : sequence of Stage
    results : sequence of Result
        Of the whole report.
    """
    return {stage.id: _stage(tried(stage, results)) for stage in stages}


def _stage(one: Tried) -> dict[str, Any]:
    stage, choice = one.stage, one.choice
    said = why(one)
    return {
        "in": stage_anchor(stage.id),
        "section": stage.section,
        "kind": stage.kind,
        "title": called(stage),
        "from": stage.source,
        "begins_with": stage.begins_with,
        "varies": [
            {"name": each.name, "part": each.part or None, "label": each.label, "values": list(each.values)}
            for each in one.dimensions
        ],
        "rows": [_row(one, row) for row in one.rows],
        "size": stage.size,
        "waits": one.waits,
        "rule": {"choose": stage.choose, "measure": stage.measure},
        "kept": stage.kept,
        "order": [row.row.id for row in one.order],
        "runner_up": one.next.row.id if one.next is not None else None,
        "standard_error": choice.standard_error if choice is not None else None,
        "bound": choice.least if choice is not None else None,
        "comparisons": one.family.tests if one.family is not None else 0,
        "step": _difference(one.step) if one.step is not None else None,
        "said": list(said) or [text for text in (standing(one),) if text],
    }


def _row(one: Tried, row: Result) -> dict[str, Any]:
    line = one.against_kept(row)
    failure = row.failure if not row.records else None
    return {
        "row": row.row.id,
        "values": _by_name(row.row.origin.values) if row.row.origin is not None else {},
        "kept": row is one.kept,
        "waits_for": row.row.waits_for,
        "failure": failure.kind if failure is not None else None,
        "parameters": row.records[0].total_params if row.records else None,
        "validation_accuracy": _validation(row) if row.records else None,
        "less_the_row_kept": _line(line) if line is not None else None,
    }


def _validation(row: Result) -> dict[str, Any]:
    found = score(row, "validation_accuracy")
    interval = {"low": found.low, "high": found.high, "level": found.level, "basis": found.basis}
    return {"mean": found.mean, "runs": found.n, "items": found.items, "interval": interval}


def _line(line: FamilyLine) -> dict[str, Any]:
    return _difference(line.difference) | {
        "adjusted_p": line.adjusted_p,
        "different": line.different,
        "smallest": line.smallest,
        "verdict": line.verdict,
    }


def _difference(found: Difference) -> dict[str, Any]:
    return {
        "of": found.first,
        "less": found.second,
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
        "level": found.level,
        "basis": found.basis,
        "relation": found.relation,
        "only_first": found.only_first,
        "only_second": found.only_second,
        "p": found.p,
        "judged_at": found.judged_at,
        "different": found.different,
    }


def _by_name(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in sorted(values)}
