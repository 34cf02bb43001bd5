"""What is not wrong in a file, but probably not meant."""

from __future__ import annotations

from reportgen.errors import Problem
from reportgen.experiments.schema import Experiments
from reportgen.experiments.words import quoted
from reportgen.prose.citations import uncited
from reportgen.prose.passages import passages


def unused_references(experiments: Experiments) -> tuple[Problem, ...]:
    """Return a warning for each reference that no text cites."""
    references = experiments.file.report.references
    texts = (passage.text for passage in passages(experiments.file.model_dump(exclude_none=True)))
    return tuple(
        Problem(
            experiments.name,
            experiments.line(("report", "references", place, "key"), 0),
            "unused-reference",
            f"[report]: nothing cites the reference {quoted(key)}",
            f"write [@{key}] where it belongs, or remove it",
        )
        for place, key in uncited(references, texts)
    )
