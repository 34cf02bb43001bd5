"""What experiments.toml may hold.

The pydantic models are the one description of the file: unknown keys and other
types are errors, nothing is coerced. `Row` and `Experiments` are what the rest of
the program sees: sections, defaults and the notebook's own parameters resolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StringConstraints

from reportgen.experiments.declared import Claim, Contrast, Protocol, Published
from reportgen.experiments.front_matter import (
    KINDS,
    MOST_CLAIMS,
    MOST_CONTRASTS,
    MOST_ROWS,
    MOST_SECTIONS,
    PROSE,
    SIGNS,
    Allowed,
    Author,
    Comment,
    Data,
    Execution,
    Id,
    Kind,
    Language,
    Markdown,
    Reference,
    Repeats,
    Report,
    RowAppendix,
    Seed,
    ShortText,
    Table,
)
from reportgen.experiments.own_data import OwnDataset
from reportgen.experiments.staged import MOST_STAGES, Best, Search, Sweep

if TYPE_CHECKING:
    pass

__all__ = [
    "KINDS",
    "MOST_CLAIMS",
    "MOST_CONTRASTS",
    "MOST_ROWS",
    "MOST_SECTIONS",
    "Author",
    "Claim",
    "Contrast",
    "Data",
    "Execution",
    "Experiment",
    "ExperimentsFile",
    "Kind",
    "Language",
    "Protocol",
    "Published",
    "Reference",
    "Report",
    "RowAppendix",
    "Section",
    "Table",
    "seconds",
]

Architecture = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,6}(-[1-9][0-9]{0,6}){1,31}$")]
"""Sizes of a fully connected network from the inputs to the outputs, such as ``2-6-2``."""


class Section(Table):
    """One chapter of the report, in the order of the file."""

    id: Id = Field(description=f"Name that rows and claims call the chapter by: {SIGNS}.")
    kind: Kind = Field(
        default="experiments",
        description='"experiments": rows of a notebook, with their pages; "algorithm": the learning '
        'algorithm and its equations; "data": the data sets, their classes, how pixels became inputs, the '
        'split; "complexity": weights, work and memory counted layer by layer, and accuracy against each '
        'cost; "capacity": the weights of shallow and deep networks side by side; "comparison": all rows '
        'side by side; "prose": text only.',
    )
    title: ShortText | None = Field(
        default=None, description="Heading of the chapter. Without it, one that fits its kind."
    )
    question: Markdown | None = Field(
        default=None, description="What the assignment asks, in Markdown. Without it, nothing is printed."
    )
    text: Markdown | None = Field(
        default=None, description=f"{PROSE}, below the introduction. Without it, nothing is printed."
    )
    notebook: Id | None = Field(
        default=None,
        description="Notebook of its rows: a file of `notebooks/`, without `.ipynb`. Without it, each row "
        "names its own. Only in chapters of rows.",
    )
    parameters: dict[str, Any] = Field(
        default={},
        description="Parameters for all its rows; a row may say otherwise, and what neither names keeps the "
        "notebook's default. Only in chapters of rows.",
    )
    repeats: Repeats | None = Field(
        default=None,
        description="Runs of each of its rows, as in [execution]. Without it, as many as that says. Only "
        "in chapters of rows.",
    )
    keep_model: bool | None = Field(
        default=None,
        description="Whether its rows keep their trained models; a row may say otherwise. Without it, only "
        "those that another row starts from. Only in chapters of rows.",
    )
    allow_parameters: Allowed | None = Field(
        default=None,
        description="Most parameters that the layers of one of its rows may have; a row may say otherwise. "
        "Without it, 50 million. Only in chapters of rows.",
    )
    architectures: list[Architecture] = Field(
        default=[],
        description='Fully connected networks that are only counted, such as "2-6-2": the sizes from the '
        "inputs to the outputs. Only in a chapter of capacity.",
    )
    pages: Literal["full", "compact", "none"] = Field(
        default="full",
        description='"full": each row on a page of its own; "compact": briefly, without the confusion '
        'matrix; "none": in the tables only, unless a row failed. Only in chapters of rows.',
    )
    introduction: Markdown | None = Field(
        default=None, description=f"{PROSE}, at the start of the chapter. Without it, nothing is printed."
    )
    conclusion: Markdown | None = Field(
        default=None, description=f"{PROSE}, at its end. Without it, nothing is printed."
    )


class Experiment(Table):
    """One row: a notebook run with parameters of its own."""

    id: Id = Field(
        description=f"Name of the row: {SIGNS}. Files and links carry it, so it should stay when the title "
        "changes."
    )
    section: Id = Field(description="The `id` of its chapter.")
    title: ShortText = Field(
        description="What the report calls the row; best says what it changes. Up to 200 characters."
    )
    notebook: Id | None = Field(
        default=None,
        description="A file of `notebooks/`, without `.ipynb`. Without it, the one that its section names.",
    )
    from_: Best | None = Field(
        default=None,
        alias="from",
        description='`"best:STAGE"`: it begins with the settings of the row that a sweep or a search keeps, '
        "and is run once that is known. Without it, with those of its section.",
    )
    parameters: dict[str, Any] = Field(
        default={},
        description="Parameters of the notebook, such as `{ hidden_units = [300], epochs = 150 }`; what it "
        "does not name keeps the section's value, then the notebook's default.",
    )
    seed: Seed | None = Field(
        default=None, description="Seed of this row. Without it, the one of [execution]."
    )
    repeats: Repeats | None = Field(
        default=None, description="Runs of this row. Without it, as many as its section or [execution] says."
    )
    warm_start: Id | None = Field(
        default=None,
        description="The `id` of a row of the same architecture: this one starts from its trained weights. "
        "That row is run first and keeps its model. Without it, weights are drawn by the seed.",
    )
    keep_model: bool | None = Field(
        default=None,
        description="Whether the trained model is kept beside the record; a stored run without it is made "
        "again. Without it, as its section says.",
    )
    allow_parameters: Allowed | None = Field(
        default=None,
        description="Most parameters that `layers` may have: nobody trains a giant by a slip. Without it, as "
        "its section says, else 50 million.",
    )
    compared_with: Id | None = Field(
        default=None,
        description="The `id` of the row that it is set against. Without it, the row before in its chapter.",
    )
    comment: Comment | None = Field(
        default=None, description=f"{PROSE}, up to 4,000 characters. Without it, nothing is printed."
    )
    published: Published | None = Field(
        default=None,
        description="Figures that were printed elsewhere for the same settings. Without it, only ours.",
    )


class ExperimentsFile(Table):
    """One file of experiments: what the report says, and which rows it compares."""

    report: Report = Field(description="What stands on the cover, and how the report is made.")
    data: Data = Field(
        default=Data(), description="What happens when a data set can be neither found nor downloaded."
    )
    dataset: dict[str, OwnDataset] = Field(default={}, description="Data of one's own, by name.")
    execution: Execution = Field(default=Execution(), description="How runs are made.")
    section: Annotated[list[Section], Field(max_length=MOST_SECTIONS)] = Field(
        default=[], description="The chapters of the report, in its order."
    )
    experiment: Annotated[list[Experiment], Field(max_length=MOST_ROWS)] = Field(
        default=[], description="The rows, in the order of their chapters."
    )
    sweep: Annotated[list[Sweep], Field(max_length=MOST_STAGES)] = Field(
        default=[], description="Stages that try all combinations of some settings and keep one row."
    )
    search: Annotated[list[Search], Field(max_length=MOST_STAGES)] = Field(
        default=[], description="Stages whose rows are proposed, batch by batch."
    )
    published: Protocol = Field(
        default=Protocol(), description="How the published figures of the rows came about."
    )
    contrast: Annotated[list[Contrast], Field(max_length=MOST_CONTRASTS)] = Field(
        default=[], description="Comparisons that are declared before anybody looks at the results."
    )
    claim: Annotated[list[Claim], Field(max_length=MOST_CLAIMS)] = Field(
        default=[], description="Sentences that the report checks."
    )


def seconds(duration: str) -> float:
    """Seconds of a duration such as ``"90s"``, ``"30min"`` or ``"2h"``."""
    for unit, factor in (("min", 60.0), ("s", 1.0), ("h", 3600.0)):
        if duration.endswith(unit):
            return int(duration.removesuffix(unit)) * factor
    raise ValueError(f"no duration: {duration!r}")
