"""What is not wrong in a file, but probably not meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reportgen.errors import Problem
from reportgen.experiments.resolved import Experiments
from reportgen.experiments.words import quoted
from reportgen.prose.citations import uncited
from reportgen.prose.passages import Passage, passages
from reportgen.prose.pieces import shield
from reportgen.prose.template import environment, has_template


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


def lonely_deviations(experiments: Experiments) -> tuple[Problem, ...]:
    """Return a warning for each live standard deviation of a row that has one run."""
    alone = {row.id for row in experiments.rows if len(row.seeds) == 1}
    texts = passages(experiments.file.model_dump(exclude_none=True))
    return tuple(dict.fromkeys(each for passage in texts for each in _lonely(experiments, passage, alone)))


def _lonely(experiments: Experiments, passage: Passage, alone: set[str]) -> Iterator[Problem]:
    for offset, row, attribute in _live_attributes(passage.text, passage.row):
        if attribute.startswith("sd_") and row in alone:
            where = f"{passage.kind} {quoted(passage.owner)}: {passage.path[-1]}"
            line = experiments.line(passage.path, offset)
            message = f"{where}: {attribute} of row {quoted(row)}, which has one run: an s.d. needs two runs"
            yield Problem(experiments.name, line, "one-run", message, "give the row several: repeats = 5")


def _live_attributes(text: str, own: str | None) -> Iterator[tuple[int, str, str]]:
    """Each number of a row that a text without faults names: where its line begins, the row, the number.

    `own` is the row that ``this`` stands for.
    """
    shielded, _ = shield(text) if has_template(text) else ("", ())
    if not has_template(shielded):
        return
    from jinja2 import nodes

    starts = [0, *(found.end() for found in re.finditer("\n", shielded))]
    for node in environment().parse(shielded).find_all(nodes.Getattr):
        place, of = node.node, None
        if isinstance(place, nodes.Name) and place.name == "this":
            of = own
        elif (
            isinstance(place, nodes.Call) and isinstance(place.node, nodes.Name) and place.node.name == "row"
        ):
            given = place.args[0] if place.args else None
            of = str(given.value) if isinstance(given, nodes.Const) else None
        if of is not None:
            yield starts[node.lineno - 1], of, node.attr
