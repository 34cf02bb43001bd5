"""What experiments.toml may hold.

The pydantic models are the one description of the file: unknown keys and other
types are errors, nothing is coerced. `Row` and `Experiments` are what the rest of
the program sees: sections, defaults and the notebook's own parameters resolved.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from reportgen.experiments.own_data import OwnDataset
from reportgen.language import LANGUAGES

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9_-])?$")]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
_PRINTED = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Markdown = Annotated[str, StringConstraints(max_length=20_000, pattern=_PRINTED)]
Comment = Annotated[str, StringConstraints(max_length=4_000, pattern=_PRINTED)]
Duration = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*(s|min|h)$")]
Kind = Literal["algorithm", "data", "complexity", "capacity", "comparison", "prose", "experiments"]
if TYPE_CHECKING:
    Language = str
else:
    Language = Literal[LANGUAGES]  # a language is a file: a new one needs no line here
RowAppendix = Literal["epochs", "code"]
Measure = Literal["test_accuracy", "validation_accuracy"]
Repeats = Annotated[int, Field(ge=1, le=100)]
KINDS: tuple[str, ...] = get_args(Kind)
MOST_SECTIONS = 500
MOST_ROWS = 10_000
MOST_CONTRASTS = 100
MOST_CLAIMS = 200
Fraction = Annotated[float, Field(ge=0, le=1)]


class Table(BaseModel):
    """Base of every table of the file: strict types, no unknown keys, immutable."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Author(Table):
    """One author of the report."""

    name: ShortText
    id: ShortText | None = Field(default=None, description="student number, e-mail or ORCID")


class Reference(Table):
    """A work that prose cites as ``[@key]``."""

    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")]
    text: Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=_PRINTED)]


class Report(Table):
    """`[report]`: what stands on the cover, and how the report is made."""

    title: ShortText
    subtitle: ShortText | None = None
    course: ShortText | None = None
    authors: list[Author] = []
    date: datetime.date | None = Field(default=None, description="the newest run's where absent")
    language: Language = "en"
    paper: Literal["a4", "letter"] = "a4"
    observations: Literal["full", "questions", "off"] = "full"
    experiment_pages: Literal["inline", "appendix"] = Field(
        default="inline", description="where the pages of the rows stand: in their chapters, or at the end"
    )
    appendices: list[RowAppendix] = Field(default=[], description="what else is printed of every row")
    references: list[Reference] = []


class Data(Table):
    """`[data]`: what happens when a data set can be neither found nor downloaded."""

    when_unavailable: Literal["embedded", "error"] = "embedded"


class Execution(Table):
    """`[execution]`: how runs are made; all of it but the time limit is part of the key."""

    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 42
    repeats: Repeats = Field(default=1, description="runs of every row, with seeds seed, seed + 1, ...")
    threads_per_run: Annotated[int, Field(ge=1, le=256)] = 1
    time_limit: Duration = "2h"


Architecture = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,6}(-[1-9][0-9]{0,6}){1,31}$")]
"""Sizes of a fully connected network from the inputs to the outputs, such as ``2-6-2``."""


class Section(Table):
    """`[[section]]`: one chapter of the report."""

    id: Id
    kind: Kind = "experiments"
    title: ShortText | None = None
    question: Markdown | None = None
    text: Markdown | None = None
    notebook: Id | None = None
    parameters: dict[str, Any] = Field(default={}, description="for every row of the section")
    repeats: Repeats | None = None
    architectures: list[Architecture] = Field(default=[], description="networks that are only counted")
    pages: Literal["full", "compact", "none"] = "full"
    introduction: Markdown | None = None
    conclusion: Markdown | None = None


class Published(Table):
    """Figures that somebody published for the same experiment, shown beside ours."""

    test_accuracy: Fraction | None = None
    test_loss: Annotated[float, Field(ge=0)] | None = None
    total_params: Annotated[int, Field(ge=0)] | None = None
    f1: Fraction | None = None


class Protocol(Table):
    """`[published]`: how the published figures of the rows came about, as far as it is known."""

    source: ShortText | None = Field(default=None, description="who published them")
    validation: Literal["test"] | Fraction | None = Field(
        default=None, description="the share held out, or the test set itself"
    )
    test_items: Annotated[int, Field(ge=1)] | None = None
    note: Markdown | None = Field(default=None, description="what else differs, or is not known")


class Experiment(Table):
    """`[[experiment]]`: one row."""

    id: Id
    section: Id
    title: ShortText
    notebook: Id | None = Field(default=None, description="the section's where absent")
    parameters: dict[str, Any] = {}
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = None
    repeats: Repeats | None = None
    compared_with: Id | None = Field(default=None, description="another row; the row before where absent")
    comment: Comment | None = None
    published: Published | None = None


class Contrast(Table):
    """`[[contrast]]`: a family of comparisons that the authors declare before they look."""

    id: Id
    title: ShortText
    rows: Annotated[list[Id], Field(min_length=2, max_length=100)]
    reference: Id | None = Field(
        default=None,
        description='a row, or "best": every other one is compared with it; all pairs where absent',
    )
    measure: Measure = "test_accuracy"
    text: Markdown | None = None


class Claim(Table):
    """`[[claim]]`: a sentence of the authors, and what must hold for it to be supported."""

    id: Id
    text: Markdown
    expression: Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=_PRINTED)]
    section: Id | None = Field(
        default=None, description="the chapter it stands in; the comparison where absent"
    )


class ExperimentsFile(Table):
    """The whole file."""

    report: Report
    data: Data = Data()
    dataset: dict[str, OwnDataset] = Field(default={}, description="Data of one's own, by name.")
    execution: Execution = Execution()
    section: Annotated[list[Section], Field(max_length=MOST_SECTIONS)] = []
    experiment: Annotated[list[Experiment], Field(max_length=MOST_ROWS)] = []
    published: Protocol = Protocol()
    contrast: Annotated[list[Contrast], Field(max_length=MOST_CONTRASTS)] = []
    claim: Annotated[list[Claim], Field(max_length=MOST_CLAIMS)] = []


@dataclass(frozen=True)
class Row:
    """An experiment with everything resolved.

    Parameters
    ----------
    id, title, section, notebook : str
    parameters : mapping
        Every parameter of the notebook but ``seed``: its defaults, the section's, the row's.
    given : mapping
        Only what the section and the row set: what papermill injects.
    seed : int
        Of the first run.
    repeats : int
        Runs of the row, each with a seed of its own.
    compared_with : str or None
        Id of the row that this one is set against; None for the first of a section.
    comment : str or None
    published : Published or None
    line : int
        Line of the row in the file.
    """

    id: str
    title: str
    section: str
    notebook: str
    parameters: Mapping[str, Any]
    given: Mapping[str, Any]
    seed: int
    comment: str | None = None
    published: Published | None = None
    line: int = 0
    repeats: int = 1
    compared_with: str | None = None

    @property
    def seeds(self) -> tuple[int, ...]:
        """One seed for each run: the row's, and the ones that follow it."""
        return tuple(range(self.seed, self.seed + self.repeats))


def _nowhere(path: tuple[str | int, ...], offset: int) -> int:
    """The line of a text whose file is not known."""
    return 0


@dataclass(frozen=True)
class Experiments:
    """A valid file: the tables as written, and the rows resolved.

    Parameters
    ----------
    name : str
        The file as the user named it.
    file : ExperimentsFile
    rows : tuple of Row
        In the file's order.
    digest : str
        SHA-256 of the file's bytes.
    line : callable
        Given the path of a text, tables counted from 0, and the place of a character in it, returns the
        line of the file: ``line(("experiment", 2, "comment"), 17)``.
    """

    name: str
    file: ExperimentsFile
    rows: tuple[Row, ...]
    digest: str
    line: Callable[[tuple[str | int, ...], int], int] = field(default=_nowhere, compare=False, repr=False)

    def rows_of(self, section: str) -> tuple[Row, ...]:
        """The rows of one section, in the file's order."""
        return tuple(row for row in self.rows if row.section == section)


def seconds(duration: str) -> float:
    """Seconds of a duration such as ``"90s"``, ``"30min"`` or ``"2h"``."""
    for unit, factor in (("min", 60.0), ("s", 1.0), ("h", 3600.0)):
        if duration.endswith(unit):
            return int(duration.removesuffix(unit)) * factor
    raise ValueError(f"no duration: {duration!r}")
