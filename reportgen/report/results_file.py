"""results.json: every number the report prints, and where it came from.

Tables, key figures, matrices, remarks and live numbers are gathered from the view that the
templates print, so the file cannot say anything else than the page. A row's id leads to the
runs whose records its numbers were computed from. Three voices stay three: what was measured
(tables, figures, pages), what the program says by its rules (remarks, said, claims), and what the
authors wrote (written, prose).
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from reportgen.analysis.published import (
    accuracy_epochs,
    best_validation_accuracy,
    best_validation_loss,
    loss_epochs,
)
from reportgen.analysis.scores import MEASURES, Score, score
from reportgen.prose.judging import Judged
from reportgen.provenance import Provenance
from reportgen.report.authors import Reference
from reportgen.report.experiment import Experiment
from reportgen.report.failures import FailureView
from reportgen.report.matrix import Matrix
from reportgen.report.parts import Notice, NumberedFigure, NumberedTable, Place, Remark, Remarks
from reportgen.report.walk import LEAVES, parts
from reportgen.results import Result

if TYPE_CHECKING:
    from reportgen.report.view import Report

NAME = "results.json"
VERSION = 1
"""Raised whenever a reader of the file would have to change."""


def results_file(report: Report, results: Sequence[Result], provenance: Provenance) -> bytes:
    """Return the content of results.json.

    Parameters
    ----------
    report : Report
        What is printed.
    results : sequence of Result
    provenance : Provenance

    Returns
    -------
    bytes
        JSON in UTF-8; numbers are raw, each beside the text that is printed for it. What is not
        finite is null.
    """
    view = list(parts(report))
    content = {
        "version": VERSION,
        "title": report.title,
        "generator": report.generator,
        "created": report.created,
        "command": provenance.command,
        "quick": provenance.quick,
        "data": {found.requested: {"used": found.name, "digest": found.digest} for found in provenance.data},
        "rows": {result.row.id: _row(result) for result in results},
        "stages": dict(report.stages),
        "tables": [_table(item, place) for item, place in view if isinstance(item, NumberedTable)],
        "figures": [
            {"number": item.number, "in": place, "caption": item.caption, "says": item.drawing.alt}
            for item, place in view
            if isinstance(item, NumberedFigure)
        ],
        "pages": {item.row_id: _page(item, place) for item, place in view if isinstance(item, Experiment)},
        "remarks": [
            {"in": place, "rule": remark.rule, "question": item.questions, "text": remark.text}
            for item, place in view
            if isinstance(item, Remarks)
            for remark in item.items
        ],
        "said": [{"in": place, "text": text} for item, place in view for text in _sentences(item)],
        "written": [
            {"in": place, "as": kind, "text": text} for item, place in view for kind, text in _written(item)
        ],
        "prose": [
            {
                "in": printed.where,
                "line": printed.number.line,
                "source": printed.number.source,
                "runs": list(printed.number.runs),
                **_value(printed.number.value, printed.number.text),
            }
            for printed in report.live_numbers
        ],
        "claims": [_claim(judged) for judged in report.claims],
    }
    text = json.dumps(_finite(content), ensure_ascii=False, indent=1, allow_nan=False)
    return (text + "\n").encode()


_NO_SENTENCES = (*LEAVES, Remark, Place, Reference, FailureView)
"""Parts of the view whose words are told elsewhere in the file, or are no sentences of the program's."""

_SENTENCE = re.compile(r"\w.*\s.*[.?!…]$", re.DOTALL)


def _sentences(item: object) -> Iterator[str]:
    """The sentences of a part of the view in the program's voice: those of the authors are `Markup`."""
    if isinstance(item, Notice):
        yield f"{item.title} {item.text}"
    elif not isinstance(item, _NO_SENTENCES):
        for field in dataclasses.fields(item):  # type: ignore[arg-type]
            yield from (
                text
                for text in _texts(getattr(item, field.name))
                if not isinstance(text, Markup) and _SENTENCE.search(text)
            )


def _texts(value: object) -> Iterator[str]:
    """The texts of a field, also those in tuples; parts of their own are visited by themselves."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for each in value:
            yield from _texts(each)


def _written(item: object) -> Iterator[tuple[str, str]]:
    """What the authors wrote, by the field that holds it, as plain text."""
    for field in dataclasses.fields(item):  # type: ignore[arg-type]
        for text in _texts(getattr(item, field.name)):
            if isinstance(text, Markup) and text.striptags():
                yield field.name, str(text.striptags())


def _row(result: Result) -> dict[str, Any]:
    runs = [
        {
            "seed": run.seed,
            "key": run.key,
            "owner": run.owner or None,
            "accepted": list(run.differences) if run.differences else None,
            "failure": run.failure.kind if run.failure else None,
            "evaluation": _by_name(run.record.evaluation) if run.record else None,
        }
        for run in result.runs
    ]
    row: dict[str, Any] = {
        "title": result.row.title,
        "section": result.row.section,
        "notebook": result.row.notebook,
        "parameters": _by_name(result.row.parameters),
        "same_as": list(result.same_as),
        "warm_start": result.row.warm_start,
        **_origin(result),
        "runs": runs,
    }
    if result.row.published is not None:
        row["published"] = result.row.published.model_dump(exclude_none=True)
    if result.record is not None:
        row["total_params"] = result.record.total_params
        row["scores"] = {measure: _score(score(result, measure)) for measure in MEASURES}
        row["best_of_epochs"] = {
            "validation_accuracy": {
                **_score(best_validation_accuracy(result)),
                "epochs": list(accuracy_epochs(result)),
            },
            "validation_loss": {
                "mean": best_validation_loss(result),
                "runs": len(result.records),
                "epochs": list(loss_epochs(result)),
            },
        }
    return row


def _origin(result: Result) -> dict[str, Any]:
    """The stage that a row comes of, the kept row that it begins with, and what it waits for."""
    origin = result.row.origin
    if origin is None:
        return {}
    return {
        "stage": origin.stage,
        "begins_with": origin.begins_with,
        "from": origin.source,
        "waits_for": result.row.waits_for,
    }


def _score(found: Score) -> dict[str, Any]:
    return {
        "mean": found.mean,
        "sd_over_seeds": found.sd,
        "standard_error_of_the_set": found.standard_error,
        "interval": {"low": found.low, "high": found.high, "level": found.level, "basis": found.basis},
        "runs": found.n,
        "items": found.items,
    }


def _table(item: NumberedTable, place: str) -> dict[str, Any]:
    table = item.table
    return {
        "number": item.number,
        "in": place,
        "id": table.id,
        "caption": item.caption,
        "note": table.note,
        "columns": [
            {"title": column.title, "unit": column.unit, "group": column.group} for column in table.columns
        ],
        "lines": [
            {
                "row": line.link or None,
                "style": line.style,
                "cells": [_value(cell.value, cell.text) for cell in line.cells],
            }
            for line in table.rows
        ],
    }


def _page(page: Experiment, place: str) -> dict[str, Any]:
    return {
        "in": place,
        "key_figures": [
            {"label": key.label, "text": key.value, "unit": key.unit, "more": key.more} for key in page.keys
        ],
        "matrix": _matrix(page.matrix) if page.matrix is not None else None,
    }


def _matrix(matrix: Matrix) -> dict[str, Any]:
    return {
        "classes": [name for _, name in matrix.heads],
        "true_in_rows": [[cell.text for cell in row.cells] for row in matrix.rows],
        "recall": [row.recall for row in matrix.rows],
        "precision": list(matrix.precision),
    }


def _claim(judged: Judged) -> dict[str, Any]:
    return {
        "id": judged.claim.id,
        "section": judged.claim.section,
        "expression": judged.claim.expression,
        "status": judged.status,
        "sentence": judged.sentence,
        "evidence": dict(judged.evidence),
    }


def _value(value: object, text: str) -> dict[str, Any]:
    return {"value": value if isinstance(value, (int, float, str)) else None, "text": text}


def _by_name(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in the order of their names: a record's own order says nothing."""
    return {
        name: _by_name(value) if isinstance(value, Mapping) else value
        for name, value in sorted(values.items())
    }


def _finite(item: Any) -> Any:
    """JSON has no infinity and no NaN: they become null."""
    if isinstance(item, float) and not math.isfinite(item):
        return None
    if isinstance(item, Mapping):
        return {str(name): _finite(value) for name, value in item.items()}
    if isinstance(item, (list, tuple)):
        return [_finite(value) for value in item]
    if hasattr(item, "item") and not isinstance(item, (str, bytes)):
        return _finite(item.item())  # a number of NumPy's
    return item
