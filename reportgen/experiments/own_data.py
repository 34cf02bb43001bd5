"""What a table `[dataset.NAME]` may hold: data of the user's own, or a known data set divided anew.

The rest of the program reads these tables as they are; that their keys go together, and that the files
are there, is checked by `reportgen.experiments.own_checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_CLASSES = 100
"""Most classes of a data set: the confusion matrix of more can no longer be read."""

MOST_SIDE = 1_024
"""Most pixels in height or width."""

_Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Path = Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Note = Annotated[
    str, StringConstraints(min_length=1, max_length=4_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")
]
_Count = Annotated[int, Field(ge=1, le=10_000_000)]
_Side = Annotated[int, Field(ge=1, le=MOST_SIDE)]
_Label = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]
_Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]

Kind = Literal["csv", "npz", "idx", "images"]
Pixels = Literal["0..255", "0..1"]
Colour = Literal["grey", "rgb"]
Fit = Literal["pad", "stretch", "crop"]


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class ArrayNames(_Table):
    """Names of the arrays in an NPZ file, where they are not those that Keras uses."""

    x_train: _Name = Field(default="x_train", description="Images to train on.")
    y_train: _Name = Field(default="y_train", description="Their labels.")
    x_test: _Name = Field(default="x_test", description="Images to test on.")
    y_test: _Name = Field(default="y_test", description="Their labels.")
    x_unlabelled: _Name = Field(default="x_unlabelled", description="Images without labels.")


class OwnDataset(_Table):
    """`[dataset.NAME]`: data of one's own, which rows name as they name `mnist`."""

    kind: Kind | None = Field(
        default=None,
        description="What the files are: `csv` in Kaggle's layout, `npz` as Keras keeps data, `idx` as MNIST "
        "has them (each gzipped or not), or `images`: folders of PNG, JPEG and the like, one for each class.",
    )
    from_: _Text | None = Field(
        default=None,
        alias="from",
        description="In place of `kind`: a known data set, such as `mnist`, whose labelled images are put "
        "together and divided anew, by `train_items` and `test_items`.",
    )
    title: _Text | None = Field(default=None, description="Its name in print. Without it, NAME.")
    note: _Note | None = Field(
        default=None, description="A sentence for the report, such as what it stands in for (Markdown)."
    )
    train: _Path | None = Field(
        default=None, description="File or folder of labelled images; its place is told from this file's."
    )
    train_labels: _Path | None = Field(default=None, description="IDX: the file of their labels.")
    test: _Path | None = Field(
        default=None,
        description="File or folder of labelled images to test on. Without it, `test_items` or `test_share`.",
    )
    test_labels: _Path | None = Field(default=None, description="IDX: the file of their labels.")
    unlabelled: _Path | None = Field(
        default=None, description="File or folder of images without labels, to be predicted and submitted."
    )
    first_id: Annotated[int, Field(ge=0, le=2**31 - 1)] = Field(
        default=1, description="Number of the first of them in a submission."
    )
    test_items: _Count | None = Field(
        default=None, description="Labelled images to split off for testing, each class by its share."
    )
    test_share: Annotated[float, Field(gt=0, lt=1)] | None = Field(
        default=None, description="The same as a share of the labelled images, such as `0.2`."
    )
    train_items: _Count | None = Field(
        default=None,
        description="Labelled images to keep for training and validation. Without it, all that are left.",
    )
    unlabelled_items: _Count | None = Field(
        default=None, description="With `from`: images whose labels are put aside, as a set to submit."
    )
    split_seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = Field(
        default=0, description="Of what is drawn; it belongs to the data and is the same for every run."
    )
    classes: Annotated[list[_Text], Field(min_length=2, max_length=MOST_CLASSES)] | None = Field(
        default=None,
        description="Names of the classes, in the order of their labels; where the labels are names or "
        "folders, these in the order wanted. Without it, the labels that occur, sorted.",
    )
    labels: Annotated[list[_Label], Field(min_length=2, max_length=MOST_CLASSES)] | None = Field(
        default=None, description="The label of each class, where they are not 0, 1, 2, ..."
    )
    size: Annotated[list[_Side], Field(min_length=2, max_length=2)] | None = Field(
        default=None,
        description="`[height, width]`: images are brought to it, and rows of numbers are read so. Without "
        "it, all images must have one size, and a row is a square.",
    )
    colour: Colour | None = Field(
        default=None,
        description="One channel or three. Without it, what image files are; rows of numbers are grey.",
    )
    fit: Fit = Field(
        default="pad",
        description="How images are brought to `size`: with margins, out of proportion, or cut at the edges.",
    )
    background: Literal["black", "white"] | None = Field(
        default=None, description="Colour of margins, and of what is behind transparent pixels."
    )
    pixels: Pixels = Field(default="0..255", description="Whole numbers up to 255, or shares of 1.")
    label: _Text = Field(default="label", description="CSV: the column of the labels.")
    header: bool = Field(
        default=True,
        description="CSV: whether the first line names the columns. Without names, the label comes first.",
    )
    ignore: Annotated[list[_Text], Field(max_length=1_000)] = Field(
        default=[], description="CSV: columns that are no pixels."
    )
    arrays: ArrayNames = Field(
        default=ArrayNames(), description="NPZ: names of the arrays, where they are not Keras's."
    )

    @property
    def channels(self) -> int | None:
        """Channels that are asked for, where they are."""
        return None if self.colour is None else 3 if self.colour == "rgb" else 1


_COMMON = ("title", "note")
_FILES = (
    *_COMMON, "kind", "train", "test", "unlabelled", "first_id", "test_items", "test_share", "train_items",
    "split_seed", "classes", "labels",
)  # fmt: skip
KEYS: Mapping[str, frozenset[str]] = {
    "csv": frozenset((*_FILES, "size", "colour", "pixels", "label", "header", "ignore")),
    "npz": frozenset((*_FILES, "size", "colour", "pixels", "arrays")),
    "idx": frozenset((*_FILES, "train_labels", "test_labels")),
    "images": frozenset((*_FILES, "size", "colour", "fit", "background")) - {"labels"},
    "from": frozenset(
        (*_COMMON, "from", "train_items", "test_items", "unlabelled_items", "first_id", "split_seed")
    ),
}
"""The keys that mean something, by kind."""
