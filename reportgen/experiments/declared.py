"""The tables of experiments.toml that say what authors declare: figures of others, comparisons, claims."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from reportgen.experiments.front_matter import (
    PRINTED,
    PROSE,
    SIGNS,
    Fraction,
    Id,
    Markdown,
    Measure,
    ShortText,
    Table,
)

Epoch = Annotated[int, Field(ge=1)]


class Published(Table):
    """Figures that were printed elsewhere for the same settings, shown beside ours."""

    test_accuracy: Fraction | None = Field(
        default=None, description="Share of the test set, 0 to 1. Without it, none is shown."
    )
    test_loss: Annotated[float, Field(ge=0)] | None = Field(
        default=None, description="Loss on the test set, from 0. Without it, none is shown."
    )
    total_params: Annotated[int, Field(ge=0)] | None = Field(
        default=None, description="Number of weights of the network. Without it, none is shown."
    )
    f1: Fraction | None = Field(
        default=None,
        description="F1 on the test set, mean over the classes, 0 to 1. Without it, none is shown.",
    )
    validation_accuracy: Fraction | None = Field(
        default=None,
        description="Share of the validation images, 0 to 1, of the weights that were tested: no best of "
        "all epochs. Without it, none is shown.",
    )
    best_validation_accuracy: Fraction | None = Field(
        default=None,
        description="Highest validation accuracy of any epoch, 0 to 1: not that of the weights tested. "
        "Without it, none is shown.",
    )
    best_validation_accuracy_epoch: Epoch | None = Field(
        default=None, description="Its epoch, from 1. Without it, none is shown."
    )
    best_validation_loss: Annotated[float, Field(ge=0)] | None = Field(
        default=None,
        description="Lowest validation loss of any epoch, from 0, with the penalties of regularisers as "
        "training prints it. Without it, none is shown.",
    )
    best_validation_loss_epoch: Epoch | None = Field(
        default=None, description="Its epoch, from 1. Without it, none is shown."
    )


class Protocol(Table):
    """How the published figures of the rows came about; the report names what is different here."""

    source: ShortText | None = Field(
        default=None, description="Who published them. Without it, the report does not say."
    )
    validation: Literal["test"] | Fraction | None = Field(
        default=None,
        description='Share of the training set that was held out, 0 to 1, or "test" where they validated on '
        "the test set itself. Without it, the report does not say.",
    )
    test_items: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Images in their test set. Without it, the report does not say."
    )
    validation_items: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="Images that they validated on. Without it, the report does not say."
    )
    tested_epoch: Literal["last", "best"] | None = Field(
        default=None,
        description='Whose weights were tested: those of the "last" epoch, or of the "best" by validation. '
        "Without it, the report does not say.",
    )
    note: Markdown | None = Field(
        default=None,
        description="What else differs, or is not known, in Markdown. Without it, nothing is printed.",
    )


class Contrast(Table):
    """Comparisons that the authors declare before they look: one family, its p values corrected together."""

    id: Id = Field(description=f"Name of the contrast: {SIGNS}.")
    title: ShortText = Field(description="The question that it asks, up to 200 characters.")
    rows: Annotated[list[Id], Field(min_length=2, max_length=100)] = Field(
        description="The `id`s of two rows or more, all on one data set."
    )
    reference: Id | None = Field(
        default=None,
        description='One of the rows, or "best", chosen on validation: every other row is compared with it. '
        "Without it, every pair of rows is compared.",
    )
    measure: Measure = Field(default="test_accuracy", description="What is compared.")
    text: Markdown | None = Field(
        default=None, description=f"{PROSE}, beside the comparisons. Without it, nothing is printed."
    )


class Claim(Table):
    """A sentence of the authors, and what must hold for it to be supported."""

    id: Id = Field(description=f"Name of the claim: {SIGNS}.")
    text: Markdown = Field(description="The sentence, in Markdown.")
    expression: Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=PRINTED)] = Field(
        description="A comparison of results, such as "
        "`row('cnn').test_accuracy > row('mlp').test_accuracy`: the report says whether it holds."
    )
    section: Id | None = Field(
        default=None, description="The `id` of the chapter that it stands in. Without it, the comparison."
    )
