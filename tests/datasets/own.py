"""Small data of one's own as files, right and wrong, and how a test finds them."""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest
from numpy.typing import NDArray

from reportgen.datasets.dataset import Dataset, Found
from reportgen.datasets.decoded import open_dataset
from reportgen.datasets.find import find
from reportgen.datasets.own.find import OwnSets
from reportgen.errors import InputError
from reportgen.experiments.own_data import OwnDataset

SIDE = 4


def pictures(items: int, channels: int = 1, side: int = SIDE, seed: int = 1) -> NDArray[np.uint8]:
    """Random images (items, side, side, channels), no two alike."""
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (items, side, side, channels), dtype=np.uint8)


def labels(items: int, classes: int = 3) -> NDArray[np.uint8]:
    """Classes in turn."""
    return (np.arange(items) % classes).astype(np.uint8)


def csv_text(images: NDArray[Any], marks: NDArray[Any] | None, header: bool = True) -> str:
    """Images in the layout of Kaggle's train.csv, or test.csv where there are no labels."""
    rows = images.reshape(len(images), -1)
    names = [f"pixel{n}" for n in range(rows.shape[1])]
    lines = [",".join([*(["label"] if marks is not None else []), *names])] if header else []
    for number, row in enumerate(rows):
        first = [str(marks[number])] if marks is not None else []
        lines.append(",".join([*first, *map(str, row.tolist())]))
    return "\n".join(lines) + "\n"


def png(image: NDArray[np.uint8], form: str = "PNG", **options: Any) -> bytes:
    """An image (height, width, channels) as a file."""
    buffer = io.BytesIO()
    PIL.Image.fromarray(image[..., 0] if image.shape[2] == 1 else image).save(buffer, form, **options)
    return buffer.getvalue()


class Desk:
    """A folder with an experiments file's data, and a cache."""

    def __init__(self, root: Path) -> None:
        self.root, self.cache = root / "project", root / "cache"
        self.root.mkdir()
        self.said: list[str] = []

    def put(self, name: str, content: str | bytes, zipped: bool = False) -> None:
        """Write a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = content.encode() if isinstance(content, str) else content
        path.write_bytes(gzip.compress(content) if zipped else content)

    def put_csv(self, items: int = 12, name: str = "train.csv", **changes: str) -> list[str]:
        """Write a CSV file of three classes, lines (from 1) replaced: ``line_3="..."``; return its lines."""
        lines = csv_text(pictures(items), labels(items)).splitlines()
        for key, line in changes.items():
            lines[int(key.removeprefix("line_")) - 1] = line
        self.put(name, "\n".join(lines) + "\n")
        return lines

    def put_classes(self, folder: str, classes: Mapping[str, int], **options: Any) -> None:
        """Write a folder of images for each class, with so many images."""
        images = iter(pictures(sum(classes.values()), **options))
        for name, count in classes.items():
            for number in range(count):
                self.put(f"{folder}/{name}/{number}.png", png(next(images)))

    def sets(self, **table: Any) -> OwnSets:
        """The experiments file with one table, ``[dataset.mine]`` on line 7."""
        checked = OwnDataset.model_validate({key.rstrip("_"): value for key, value in table.items()})
        return OwnSets(self.root / "experiments.toml", {"mine": checked}, {"mine": 7})

    def find(self, *, data_dir: Path | None = None, when: Any = "error", **table: Any) -> Found:
        """Find the data set of a table."""
        return find(
            "mine", data_dir=data_dir, keras_home=self.root / "keras", cache=self.cache, when_unavailable=when,
            download=False, say=self.said.append, own=self.sets(**table),
            clock=lambda: time.time_ns() + 10**10,
        )  # fmt: skip

    def open(self, **table: Any) -> Dataset:
        """Find and open the data set of a table."""
        return open_dataset(self.find(**table).folder)

    def faults(self, **table: Any) -> list[str]:
        """Every problem as it is printed, the files named from the project's folder."""
        with pytest.raises(InputError) as caught:
            self.find(**table)
        return [str(problem).replace(f"{self.root}/", "") for problem in caught.value.problems]
