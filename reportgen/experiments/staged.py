"""The tables of experiments.toml whose rows come of others: grids of settings, and searches."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from reportgen.experiments.declared import Published
from reportgen.experiments.front_matter import (
    PROSE,
    SIGNS,
    Allowed,
    Comment,
    Id,
    Repeats,
    Seed,
    ShortText,
    Table,
)

MOST_STAGES = 200
MOST_TRIALS = 1_000

Best = Annotated[str, StringConstraints(pattern=r"^best:[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9_-])?$")]
"""The row that a stage keeps: ``best:`` and the stage's id."""
Pages = Literal["full", "compact", "none"]
OfSearch = Literal["validation_accuracy", "validation_loss"]
StageId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9._-]{0,38}[a-z0-9_-])?$")]
"""Shorter than a row's: rows are called by it and by what they try."""
STAGE_SIGNS = f"{SIGNS.rpartition(',')[0]}, up to 40"


class Case(Table):
    """One point of a sweep: beside the grid, or one of the grid with more to be said of it."""

    parameters: dict[str, Any] = Field(
        description="What it sets, as `grid` does with one value each. A point of the grid is not run twice."
    )
    id: Id | None = Field(
        default=None, description="Name of its row. Without it, made of the sweep's and its values."
    )
    title: ShortText | None = Field(
        default=None, description="What the report calls it. Without it, its values."
    )
    comment: Comment | None = Field(
        default=None, description=f"{PROSE}, up to 4,000 characters. Without it, nothing is printed."
    )
    published: Published | None = Field(
        default=None,
        description="Figures that were printed elsewhere for the same settings. Without it, only ours.",
    )


class _Stage(Table):
    """What sweeps and searches have in common."""

    id: StageId = Field(
        description=f"Name of the stage, and the beginning of its rows' names: {STAGE_SIGNS}."
    )
    section: Id = Field(description="The `id` of its chapter, one of rows.")
    title: ShortText | None = Field(
        default=None, description="What the report calls the stage. Without it, what it varies."
    )
    notebook: Id | None = Field(
        default=None,
        description="A file of `notebooks/`, without `.ipynb`. Without it, the one that its section names.",
    )
    from_: Best | None = Field(
        default=None,
        alias="from",
        description='`"best:OTHER"`: its rows begin with the settings of the row that stage `OTHER` keeps, '
        "and change what they vary; where that row is of another section, what their own one sets goes "
        "before what that one set. They are run once that row is known, and again only if it changes. "
        "Without it, with those of the section.",
    )
    parameters: dict[str, Any] = Field(
        default={},
        description="Parameters for all its rows. `{name}` in a text is filled with the value of `name`, "
        "where that is varied and no parameter of the notebook; a text of `{name}` alone becomes the value.",
    )
    row_title: ShortText | None = Field(
        default=None,
        description="What the report calls its rows, with `{name}` for values: "
        '`"{units} units"`. Without it, the names and the values.',
    )
    seed: Seed | None = Field(
        default=None, description="Seed of its rows. Without it, the one of [execution]."
    )
    allow_parameters: Allowed | None = Field(
        default=None,
        description="Most parameters that the layers of its rows may have. Without it, as its section says.",
    )
    pages: Pages = Field(
        default="none", description="Whether its rows have pages of their own, as in [[section]]."
    )
    comment: Comment | None = Field(
        default=None,
        description=f"{PROSE}, below the stage, up to 4,000 characters. Without it, nothing is printed.",
    )


class Sweep(_Stage):
    """Rows for all combinations of some settings, of which one is kept."""

    grid: dict[str, Annotated[list[Any], Field(min_length=1)]] = Field(
        default={},
        description="Values of what it varies, such as `{ hidden_units = [[50], [50, 50]], dropout = [0.0, "
        "0.2] }`: one row for each combination, the last name varied first.",
    )
    case: list[Case] = Field(default=[], description="Points beside the grid.")
    choose: Literal["best", "one-standard-error"] = Field(
        default="best",
        description='Which row is kept, always by validation, never by test: "best": the highest mean '
        'accuracy; "one-standard-error": the network with the fewest weights within one standard error of '
        "it.",
    )
    repeats: Repeats | None = Field(
        default=None, description="Runs of each of its rows. Without it, as many as its section says."
    )


class Range(Table):
    """Numbers of a search between two bounds, both included."""

    low: int | float = Field(description="The least.")
    high: int | float = Field(description="The greatest; integers where both bounds are.")
    log: bool = Field(default=False, description="Whether equal ratios are equally likely, as for a rate.")


class Search(_Stage):
    """Rows that a search asks for, one batch after the other."""

    space: dict[str, Annotated[list[Any], Field(min_length=1)] | Range] = Field(
        description="What it varies: a list of values, or `{ low = 1e-4, high = 1e-2, log = true }`."
    )
    trials: Annotated[int, Field(ge=1, le=MOST_TRIALS)] = Field(description="Rows, at most 1,000.")
    method: Literal["tpe", "random"] = Field(
        default="tpe",
        description='How values are proposed: "tpe": tree-structured Parzen estimator, led by the trials '
        'before; "random": by chance alone.',
    )
    batch: Annotated[int, Field(ge=1, le=100)] = Field(
        default=5,
        description="Trials that are proposed at once and made in any order: each batch learns from those "
        "before. It belongs to the search: trials do not depend on how many run at once.",
    )
    search_seed: Seed = Field(default=0, description="Seed of the proposals.")
    measure: OfSearch = Field(
        default="validation_accuracy",
        description="What it makes best: of the weights that are tested, in validation.",
    )
