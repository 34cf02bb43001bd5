"""The tables of experiments.toml that are about the whole report, and the types of values of all of them."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from reportgen.language import LANGUAGES
from reportgen.report.assets import chapter_kinds

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9_-])?$")]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
PRINTED = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Markdown = Annotated[str, StringConstraints(max_length=20_000, pattern=PRINTED)]
Comment = Annotated[str, StringConstraints(max_length=4_000, pattern=PRINTED)]
Duration = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]*(s|min|h)$")]
KINDS = chapter_kinds()
if TYPE_CHECKING:
    Kind = str
    Language = str
else:  # a kind of chapter is a template, a language is a file: a new one needs no line here
    Kind = Literal[KINDS]
    Language = Literal[LANGUAGES]
RowAppendix = Literal["epochs", "code", "networks"]
Measure = Literal["test_accuracy", "validation_accuracy"]
Repeats = Annotated[int, Field(ge=1, le=100)]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
Allowed = Annotated[int, Field(ge=1, le=10**11)]
MOST_SECTIONS = 500
MOST_ROWS = 10_000
MOST_CONTRASTS = 100
MOST_CLAIMS = 200
Fraction = Annotated[float, Field(ge=0, le=1)]
SIGNS = "small letters, digits, `.`, `_` and `-`, up to 64"
PROSE = "Your own words, in Markdown with live numbers"


class Table(BaseModel):
    """Base of every table of the file: strict types, no unknown keys, immutable."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


# The descriptions are what an editor shows for a key and what the reference prints; where a key may be
# left out and its default does not say what happens then, the last sentence does: "Without it, ...".


class Author(Table):
    """One author of the report."""

    name: ShortText = Field(description="Name as the cover shows it.")
    id: ShortText | None = Field(
        default=None, description="Student number, e-mail or ORCID. Without it, the name stands alone."
    )


class Reference(Table):
    """A work that prose cites as `[@key]`."""

    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$")] = Field(
        description="What prose cites it by, as `[@key]`: letters, digits, `_`, `.`, `:` and `-`, up to 64."
    )
    text: Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=PRINTED)] = Field(
        description="The entry in the list of references, in Markdown, up to 1,000 characters."
    )


class Report(Table):
    """What stands on the cover, and how the report is made."""

    title: ShortText = Field(description="Title on the cover, up to 200 characters.")
    subtitle: ShortText | None = Field(
        default=None, description="One sentence below the title. Without it, nothing stands there."
    )
    course: ShortText | None = Field(
        default=None, description="The line above the title. Without it, nothing stands there."
    )
    authors: list[Author] = Field(default=[], description="Who wrote the report, in the order of the cover.")
    date: datetime.date | None = Field(
        default=None,
        description="Date on the cover, such as 2026-11-20. Without it, the day of the newest run.",
    )
    language: Language = Field(
        default="en",
        description="Language of everything that the program writes; your own texts stay as you wrote them.",
    )
    paper: Literal["a4", "letter"] = Field(default="a4", description="Size of the pages of the PDF.")
    observations: Literal["full", "questions", "off"] = Field(
        default="full",
        description='What the program remarks: "full" says what it observes, "questions" asks about it and '
        'leaves the answer to you, "off" is silent.',
    )
    experiment_pages: Literal["inline", "appendix"] = Field(
        default="inline",
        description='Where the pages of the rows stand: "inline" in their chapters, "appendix" all at the '
        "end, while the chapters keep their tables, figures and remarks.",
    )
    appendices: list[RowAppendix] = Field(
        default=[],
        description='What else is printed of every row at the end: "epochs", loss and accuracy after each '
        'epoch; "code", its settings as Keras code; "networks", a drawing of each network, which a '
        'chapter of `kind = "complexity"` brings anyway.',
    )
    references: list[Reference] = Field(default=[], description="Works that prose cites as `[@key]`.")


class Data(Table):
    """What happens when a data set can be neither found nor downloaded."""

    when_unavailable: Literal["embedded", "error"] = Field(
        default="embedded",
        description='"embedded" takes the small stand-in that comes along and says so on every page; '
        '"error" stops with exit code 5 before anything runs.',
    )


class Execution(Table):
    """How runs are made. Seed and threads are part of a run's key; repeats and the time limit are not."""

    seed: Seed = Field(
        default=42,
        description="Seed of the split, the first weights, the shuffling and the dropout of every row that "
        "has none of its own.",
    )
    repeats: Repeats = Field(
        default=1,
        description="Runs of every row, with the seeds `seed`, `seed` + 1 and so on; the split varies with "
        "the seed unless `split_seed` is given. A section or a row may say otherwise.",
    )
    split_seed: Seed | None = Field(
        default=None,
        description="Seed of the split into training and validation images, the same for every run. Without "
        "it, the run's own seed draws the split too.",
    )
    threads_per_run: Annotated[int, Field(ge=1, le=256)] = Field(
        default=1,
        description="Processor threads of one run: a result never depends on what else was running.",
    )
    time_limit: Duration = Field(
        default="2h", description='The longest that one run may take, such as "90s", "30min" or "2h".'
    )
