"""A small data set on disk, so that a report finds the images of its records."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from reportgen.datasets import decoded
from reportgen.datasets.dataset import Found
from reportgen.records import Record


def images_of(record: Record, cache: Path, seed: int = 1) -> tuple[Record, Found]:
    """Write images with the record's own test labels; return the record that names them, and where they are."""
    rng = np.random.default_rng(seed)
    classes = len(record.data.class_names)
    y_train = rng.permutation(np.arange(20 * classes) % classes).astype(np.uint8)
    y_test = record.test.y_true.astype(np.uint8)
    arrays = {
        "x_train": rng.integers(0, 256, (len(y_train), 6, 6, 1), dtype=np.uint8),
        "y_train": y_train,
        "x_test": rng.integers(0, 256, (len(y_test), 6, 6, 1), dtype=np.uint8),
        "y_test": y_test,
    }
    digest = decoded.digest_of(arrays)
    name = record.data.name
    folder = decoded.write(
        cache,
        arrays,
        {
            "name": name,
            "class_names": list(record.data.class_names),
            "digest": digest,
            "source": "folder",
            "files": [],
        },
    )
    data = replace(record.data, digest=digest, image_shape=(6, 6, 1))
    return replace(record, data=data), Found(name, name, "folder", digest, folder)
