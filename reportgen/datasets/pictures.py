"""Single images of the data sets, for the figures that show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.dataset import Dataset, Duplicates, Found, Part, Picture
from reportgen.datasets.decoded import open_dataset
from reportgen.datasets.own.duplicates import find_duplicates
from reportgen.errors import StorageError


class Images:
    """The images at hand: those of the data sets that this build found.

    Parameters
    ----------
    found : iterable of Found
    """

    def __init__(self, found: Iterable[Found] = ()) -> None:
        self._folders: dict[str, Path] = {each.digest: each.folder for each in found}
        self._open: dict[str, Dataset | None] = {}

    def pictures(self, data: str, part: Part, places: Sequence[int]) -> tuple[Picture, ...]:
        """Return images by their places; none where the data set is not at hand.

        Parameters
        ----------
        data : str
            Digest of the data set, as a record names it: another version of it is another data set.
        part : str
            ``train`` or ``test``.
        places : sequence of int
            As `Predictions.index` holds them.
        """
        dataset = self._dataset(data)
        if dataset is None:
            return ()
        images, labels = (
            (dataset.x_train, dataset.y_train) if part == "train" else (dataset.x_test, dataset.y_test)
        )
        return tuple(
            Picture(data, part, int(place), int(labels[place]), np.array(images[place])) for place in places
        )

    def labels(self, data: str, part: Part) -> NDArray[np.uint8] | None:
        """Return the classes of all items of a part, or None where the data set is not at hand."""
        dataset = self._dataset(data)
        if dataset is None:
            return None
        return dataset.y_train if part == "train" else dataset.y_test

    def duplicates(self, data: str) -> Duplicates | None:
        """Return how many images of a data set occur twice; None where it is not at hand."""
        dataset = self._dataset(data)
        if dataset is None:
            return None
        arrays = {name: getattr(dataset, name) for name in ("x_train", "y_train", "x_test", "y_test")}
        found = find_duplicates(arrays, None, lambda part, item: "")
        return replace(found, examples=())

    def _dataset(self, data: str) -> Dataset | None:
        if data not in self._open:
            self._open[data] = _opened(self._folders.get(data), data)
        return self._open[data]


def _opened(folder: Path | None, digest: str) -> Dataset | None:
    """The data set of a folder; a report can do without, so that a damaged one is none."""
    if folder is None:
        return None
    try:
        dataset = open_dataset(folder)
    except StorageError:
        return None
    return dataset if dataset.digest == digest else None
