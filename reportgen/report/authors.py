"""The authors' texts: live numbers filled in, Markdown set, works cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from reportgen.experiments.resolved import Experiments
from reportgen.prose.citations import bibliography
from reportgen.prose.images import BadPicture, read
from reportgen.prose.live import Filled, LiveNumber, fill
from reportgen.prose.values import scope_of, values_of
from reportgen.report import markdown
from reportgen.results import Result


@dataclass(frozen=True)
class Reference:
    """A work in the list of references."""

    anchor: str
    markup: Markup


@dataclass(frozen=True)
class Printed:
    """A live number, and the text it stands in: ``experiment:ID`` or ``section:ID``."""

    where: str
    number: LiveNumber


def in_reading_order(experiments: Experiments) -> Iterator[str]:
    """The texts of the authors in the order in which the report prints them."""
    file = experiments.file
    later = file.report.experiment_pages == "appendix"
    for section in file.section:
        given = [section.question, section.introduction, section.text]
        if section.kind == "data":
            given += [table.note for table in file.dataset.values()]
        given += [stage.comment for stage in experiments.stages if stage.section == section.id]
        if not later:
            given += [row.comment for row in file.experiment if row.section == section.id]
        if section.kind == "comparison":
            given += [contrast.text for contrast in file.contrast]
        given += [claim.text for claim in file.claim if claim.section == section.id]
        if section.kind == "comparison":
            given += [claim.text for claim in file.claim if claim.section is None]
            given += [file.published.note]
        yield from (text for text in (*given, section.conclusion) if text)
    if later:
        yield from (row.comment for row in file.experiment if row.comment)


class Authors:
    """Turns the texts of the authors into markup, and keeps the numbers that it filled in.

    Parameters
    ----------
    experiments : Experiments
    results : sequence of Result
    anchors : frozenset of str
        What a link of the report may lead to.
    """

    def __init__(self, experiments: Experiments, results: Sequence[Result], anchors: frozenset[str]) -> None:
        self.experiments = experiments
        self.anchors = anchors
        self.values = values_of(experiments, results)
        self.folder = Path(experiments.name).parent
        self.bibliography = bibliography(experiments.file.report.references, in_reading_order(experiments))
        self.numbers_of_references = {entry.key: entry.number for entry in self.bibliography}
        self.printed: list[Printed] = []

    def __call__(self, text: str | None, heading: int, where: str) -> Markup | None:
        """Return a text as markup whose headings start at a level; None where it is empty.

        Parameters
        ----------
        text : str or None
        heading : int
        where : str
            ``experiment:ID``, ``section:ID``, ``stage:ID``, ``contrast:ID``, ``claim:ID``; empty for a text
            without live numbers, such as the assignment's question.
        """
        if text is None or not text.strip():
            return None
        kind, _, owner = where.partition(":")
        if not kind:
            return self._set(text, heading)
        scope = scope_of(
            self.experiments,
            row=owner if kind == "experiment" else None,
            section=owner if kind == "section" else self._chapter(owner) if kind == "stage" else None,
        )
        try:
            filled = fill(text, self.values, scope)
        except ValueError:  # a text that no check of the file has seen is only ever text
            return self._set(text, heading)
        self.printed += [Printed(where, number) for number in filled.numbers]
        return self._set(filled, heading)

    def _chapter(self, stage: str) -> str | None:
        """The chapter of a stage."""
        found = self.experiments.stage(stage)
        return found.section if found is not None else None

    def _set(self, text: str | Filled, heading: int) -> Markup:
        return markdown.prose(
            text,
            heading=heading,
            anchors=self.anchors,
            references=self.numbers_of_references,
            picture=self._picture,
        )

    def _picture(self, target: str) -> str | None:
        """The address of a picture; None where it has gone since the file was checked."""
        try:
            return read(target, self.folder).address
        except BadPicture:
            return None

    def references(self) -> tuple[Reference, ...]:
        """The works that the file lists, in the order of their numbers."""
        return tuple(Reference(each.anchor, self._set(each.text, 4)) for each in self.bibliography)
