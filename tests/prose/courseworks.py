"""A coursework of invented results, with texts of a test's choice."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from reportgen.experiments.resolved import Experiments
from reportgen.experiments.schema import Claim, Contrast, Experiment, Section
from reportgen.prose.values import Values, values_of
from reportgen.results import Result
from tests import samples


def coursework(
    *,
    comments: Mapping[str, str] | None = None,
    sections: Mapping[str, Mapping[str, Any]] | None = None,
    claims: Sequence[Claim] = (),
    contrasts: Sequence[Contrast] = (),
    failed: bool = False,
) -> tuple[Experiments, tuple[Result, ...]]:
    """The sample of two chapters and six rows, with these texts and no others."""
    experiments, results, _ = samples.coursework(failed)
    data = {"raw": "mnist", "clothes": "fashion_mnist"}
    rows = tuple(
        dataclasses.replace(
            row,
            comment=(comments or {}).get(row.id),
            parameters={**row.parameters, "dataset": data[row.section], "batch_size": 2048, "dropout": 0.5},
        )
        for row in experiments.rows
    )
    made = [
        Section.model_validate(
            {
                **section.model_dump(exclude={"introduction", "conclusion", "text", "question"}),
                **(sections or {}).get(section.id, {}),
            }
        )
        for section in experiments.file.section
    ]
    entries = [
        Experiment(id=row.id, section=row.section, title=row.title, comment=row.comment) for row in rows
    ]
    file = experiments.file.model_copy(
        update={"section": made, "experiment": entries, "claim": list(claims), "contrast": list(contrasts)}
    )
    by_id = {row.id: row for row in rows}
    found = tuple(dataclasses.replace(result, row=by_id[result.row.id]) for result in results)
    return dataclasses.replace(experiments, file=file, rows=rows), found


def values(**changes: Any) -> Values:
    """The numbers of such a coursework."""
    return values_of(*coursework(**changes))
