"""What a stage came to: what was tried, what is kept, and what the validation images tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from reportgen.analysis.choice import Choice, choose
from reportgen.analysis.contrasts import Family, FamilyLine, family
from reportgen.analysis.differences import Difference, difference
from reportgen.analysis.dimensions import Dimension, dimensions
from reportgen.analysis.luck import luck_of, training_luck
from reportgen.analysis.metrics import mean_validation_accuracy
from reportgen.analysis.twins import keys
from reportgen.experiments.schema import Contrast
from reportgen.experiments.stages import Stage
from reportgen.results import Result


@dataclass(frozen=True)
class Tried:
    """A stage and its rows.

    Parameters
    ----------
    stage : Stage
    rows : tuple of Result
        All its rows in the order of the file: failed ones too, and those that wait.
    begun : Result or None
        The kept row of the earlier stage that it begins with, once it is known.
    everything : tuple of Result
        The rows of the report: training luck is measured on all of them.
    """

    stage: Stage
    rows: tuple[Result, ...]
    begun: Result | None
    everything: tuple[Result, ...]

    @property
    def done(self) -> tuple[Result, ...]:
        """The rows with a record."""
        return tuple(row for row in self.rows if row.records)

    @property
    def failed(self) -> tuple[Result, ...]:
        """The rows that ran and left no record."""
        return tuple(row for row in self.rows if not row.records and not self._to_come(row))

    @property
    def to_come(self) -> tuple[Result, ...]:
        """The rows that have not run yet: they wait for an earlier stage, or for the next build."""
        return tuple(row for row in self.rows if not row.records and self._to_come(row))

    @staticmethod
    def _to_come(row: Result) -> bool:
        return row.failure is None or row.failure.kind == "not-run"

    @property
    def waits(self) -> bool:
        """Whether an earlier stage has yet to decide what it begins with."""
        return self.stage.source is not None and self.stage.begins_with is None

    @cached_property
    def dimensions(self) -> tuple[Dimension, ...]:
        """What its rows differ in."""
        return dimensions(self.stage, [row.row for row in self.rows])

    @property
    def varied(self) -> tuple[Dimension, ...]:
        """What its rows differ in, without what is the same in all of them."""
        return tuple(each for each in self.dimensions if len(each.values) > 1) or self.dimensions[:1]

    @cached_property
    def choice(self) -> Choice | None:
        """Its rows by validation; None before it is decided, and where all of them failed."""
        if self.kept is None:
            return None
        return choose(self.stage, {row.row.id: row.records for row in self.done})

    @cached_property
    def kept(self) -> Result | None:
        """The row that it keeps."""
        return next((row for row in self.done if row.row.id == self.stage.kept), None)

    @property
    def order(self) -> tuple[Result, ...]:
        """The rows with a record, the best by the stage's measure first; empty before it is decided."""
        by_id = {row.row.id: row for row in self.done}
        return tuple(by_id[name] for name in self.choice.order) if self.choice is not None else ()

    @property
    def next(self) -> Result | None:
        """The best row but for the one that is kept, and for any that is the same run as that."""
        return next((row for row in self.order if self.kept and keys(row) != keys(self.kept)), None)

    @property
    def tied(self) -> tuple[Result, ...]:
        """The other rows with the validation accuracy of the one that is kept."""
        if self.kept is None:
            return ()
        own = mean_validation_accuracy(self.kept.records)
        rivals = (row for row in self.order if mean_validation_accuracy(row.records) == own)
        return tuple(row for row in rivals if keys(row) != keys(self.kept))

    @property
    def within(self) -> tuple[Result, ...]:
        """The rows at or above the bound of one standard error."""
        if self.choice is None:
            return ()
        return tuple(row for row in self.order if mean_validation_accuracy(row.records) >= self.choice.least)

    @cached_property
    def family(self) -> Family | None:
        """Every other row less the one that is kept, in validation accuracy, corrected for their number."""
        if self.kept is None or len(self.done) < 2:
            return None
        contrast = Contrast.model_construct(
            id=self.stage.id,
            title=self.stage.id,
            rows=[row.row.id for row in self._compared],
            reference=self.kept.row.id,
            measure="validation_accuracy",
            text=None,
        )
        return family(contrast, self.everything)

    @property
    def _compared(self) -> list[Result]:
        """The rows with a record: of those that are one run the first, and all that are the kept one's."""
        assert self.kept is not None
        own = keys(self.kept)
        return [row for row in self.done if keys(row) == own or row is self._first(row)]

    def _first(self, row: Result) -> Result:
        """The first row that is the same run."""
        return next(one for one in self.done if keys(one) == keys(row))

    def against_kept(self, row: Result) -> FamilyLine | None:
        """A row less the one that is kept; None for that itself, and for a row on other data."""
        lines = self.family.lines if self.family is not None else ()
        by_row = {line.difference.first: line for line in lines}
        own = by_row.get(row.row.id)
        return by_row.get(self._first(row).row.id) if own is None and row.records else own

    @property
    def other_images(self) -> bool:
        """Whether what is kept was validated on other images than what the stage began with."""
        if self.kept is None or self.begun is None:
            return False
        own, before = (
            {record.data.split_digest for record in row.records} for row in (self.kept, self.begun)
        )
        return bool(before) and own.isdisjoint(before)

    @cached_property
    def step(self) -> Difference | None:
        """The row that is kept less the one that the stage began with; None where one of them is missing.

        Nor is there one where the two were validated on other images, whose distance it would be as well.
        """
        if self.kept is None or self.begun is None or not self.begun.records:
            return None
        if self.kept.records[0].data.name != self.begun.records[0].data.name or self.other_images:
            return None
        luck = luck_of(self.kept, training_luck(self.everything))
        return difference(self.kept, self.begun, "validation_accuracy", luck=luck)


def alone(stage: Stage, rows: Sequence[Result]) -> Tried:
    """Return a stage with its rows and no other of the report: enough to draw it."""
    return Tried(stage, tuple(rows), None, tuple(rows))


def tried(stage: Stage, results: Sequence[Result]) -> Tried:
    """Return what a stage came to.

    Parameters
    ----------
    stage : Stage
    results : sequence of Result
        Of the whole report.
    """
    rows = tuple(row for row in results if row.row.origin is not None and row.row.origin.stage == stage.id)
    begun = next((row for row in results if row.row.id == stage.begins_with), None)
    return Tried(stage, rows, begun, tuple(results))


def paths(stages: Sequence[Stage]) -> list[tuple[Stage, ...]]:
    """Return the stages that belong together, since they begin with one another or with the same one.

    Parameters
    ----------
    stages : sequence of Stage
        In the order of the file.
    """
    sources = {stage.id: stage.source for stage in stages}
    found: dict[str, list[Stage]] = {}
    for stage in stages:
        first = stage.id
        while (source := sources[first]) in sources and source is not None:
            first = source
        found.setdefault(first, []).append(stage)
    return [tuple(own) for own in found.values()]
