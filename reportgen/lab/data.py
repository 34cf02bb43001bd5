"""Data for a notebook: scaled images, one-hot labels, and a split that is always the same."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.dataset import Dataset
from reportgen.lab.session import current
from reportgen.records import DataFacts, Features

Validation = float | int | Literal["test"]


@dataclass(frozen=True)
class Part:
    """One part of the data: inputs, labels, and where the items stand in the data set.

    Parameters
    ----------
    x : (n, ...) float32
    y : (n, C) float32
        One-hot labels.
    index : (n,) int64
    """

    x: NDArray[np.float32]
    y: NDArray[np.float32]
    index: NDArray[np.int64]

    @property
    def labels(self) -> NDArray[np.int64]:
        """Classes from 0, shape (n,)."""
        return np.asarray(self.y.argmax(axis=1), dtype=np.int64)


@dataclass(frozen=True)
class Data:
    """What `load_dataset` gives a notebook.

    Parameters
    ----------
    train, validation, test : Part
    facts : DataFacts
        What the record says about the data.
    features : Features
        How pixels became inputs.
    """

    train: Part
    validation: Part
    test: Part
    facts: DataFacts
    features: Features

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of one input, for ``keras.Input``."""
        return self.train.x.shape[1:]

    @property
    def classes(self) -> int:
        """Number of classes C."""
        return len(self.facts.class_names)

    def __str__(self) -> str:
        facts = self.facts
        stand_in = f" (stands in for {facts.requested})" if facts.stand_in else ""
        return (
            f"{facts.name}{stand_in}: {facts.n_train:,} training, {facts.n_validation:,} validation and "
            f"{facts.n_test:,} test items of shape {self.input_shape}, {self.classes} classes"
        )


def load_dataset(name: str, *, validation: Validation = 0.1, seed: int = 42) -> Data:
    """Load a data set, pixels scaled to 0..1, with a part of the training set held out.

    Parameters
    ----------
    name : str
        ``mnist``, ``fashion_mnist``, ``digits``, ``garments``, or a data set that the experiments
        file describes in ``[dataset.NAME]``; in plain Jupyter the one beside or above the notebook.
    validation : float, int or "test"
        Share of the training set to hold out, or how many of its items, drawn per class with `seed`;
        ``"test"`` trains on all of it and validates on the test set, as some published work does:
        the report flags that everywhere.
    seed : int
        Of the split, unless the experiments file has a seed for the splits of all runs.

    Returns
    -------
    Data
        Inputs float32 of shape (n, height, width, channels), labels one-hot.

    Raises
    ------
    ValueError
        `validation` is neither a share between 0 and 1, nor a number of items that leaves some of
        each class on both sides, nor ``"test"``.
    """
    session = current()
    seed = seed if session.split_seed is None else session.split_seed
    requested, source, dataset = _open(name)
    train_index, test_index = _chosen(dataset)
    train_index, held_out = _split(dataset.y_train, train_index, validation, seed)
    classes = len(dataset.class_names)
    train = _part(dataset.x_train, dataset.y_train, train_index, classes)
    test = _part(dataset.x_test, dataset.y_test, test_index, classes)
    held = test if validation == "test" else _part(dataset.x_train, dataset.y_train, held_out, classes)
    facts = _facts(requested, source, dataset, train, held, test, validation, seed)
    length = int(np.prod(train.x.shape[1:]))
    return Data(train, held, test, facts, Features("pixels", length, {"scale": "1/255"}))


def with_inputs(
    data: Data, train_set: NDArray[np.float32], test_set: NDArray[np.float32], features: Features
) -> Data:
    """Return `data` with the inputs replaced by rows of two arrays, in the data set's own order."""
    test = replace(data.test, x=test_set[data.test.index])
    held = (
        test if data.facts.validated_on_test else replace(data.validation, x=train_set[data.validation.index])
    )
    return replace(
        data,
        train=replace(data.train, x=train_set[data.train.index]),
        validation=held,
        test=test,
        features=features,
    )


def _open(name: str) -> tuple[str, str, Dataset]:
    from reportgen.datasets.decoded import open_dataset

    session = current()
    if name in session.datasets:
        found = session.datasets[name]
        return name, found["source"], open_dataset(Path(found["folder"]))
    if session.folder is not None:
        raise ValueError(
            f"this run was not planned with the data set {name!r}: name it in the parameter 'dataset'"
        )
    return _find(name)


def _find(name: str) -> tuple[str, str, Dataset]:
    import os

    from reportgen.datasets.decoded import open_dataset
    from reportgen.datasets.find import find
    from reportgen.lab.own_sets import own_sets

    data_dir = os.environ.get("REPORTGEN_DATA_DIR")
    found = find(
        name,
        data_dir=Path(data_dir) if data_dir else None,
        keras_home=Path(os.environ.get("KERAS_HOME", Path.home() / ".keras")),
        cache=Path(".reportgen/data").absolute(),
        when_unavailable="embedded",
        say=print,
        own=own_sets(name, Path.cwd()),
    )
    return name, found.source, open_dataset(found.folder)


def _chosen(dataset: Dataset) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which items are used: all, or with --quick a few of each class, always the same."""
    from sklearn.model_selection import train_test_split

    chosen = []
    for part, labels in (("train", dataset.y_train), ("test", dataset.y_test)):
        index = np.arange(len(labels), dtype=np.int64)
        quick = current().quick
        if quick is not None and quick[part] < len(labels):
            index, _ = train_test_split(index, train_size=quick[part], stratify=labels, random_state=0)
            index = np.sort(index)
        chosen.append(index)
    return chosen[0], chosen[1]


def _split(
    labels: NDArray[Any], index: NDArray[np.int64], validation: Validation, seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    from sklearn.model_selection import train_test_split

    if validation == "test":
        return index, np.empty(0, dtype=np.int64)
    _check(validation, len(index), len(np.unique(labels[index])))
    train, held_out = train_test_split(index, test_size=validation, stratify=labels[index], random_state=seed)
    return np.sort(train), np.sort(held_out)


def _check(validation: Validation, items: int, classes: int) -> None:
    """Refuse what no validation part can be."""
    if isinstance(validation, int) and not isinstance(validation, bool):
        if not classes <= validation <= items - classes:
            raise ValueError(
                f"validation must leave some of each class on both sides: of {items:,} items from {classes}"
                f" to {items - classes:,}; found {validation:,}"
            )
    elif not (isinstance(validation, float) and 0 < validation < 1):
        raise ValueError(
            f'validation must be a share between 0 and 1, a number of items, or "test"; found {validation!r}'
        )


def _part(
    images: NDArray[np.uint8], labels: NDArray[np.uint8], index: NDArray[np.int64], classes: int
) -> Part:
    x = images[index].astype(np.float32)
    x /= 255.0
    return Part(x, np.eye(classes, dtype=np.float32)[labels[index]], index)


def _facts(
    requested: str,
    source: str,
    dataset: Dataset,
    train: Part,
    held: Part,
    test: Part,
    validation: Validation,
    seed: int,
) -> DataFacts:
    classes = len(dataset.class_names)
    digest = hashlib.sha256(train.index.tobytes() + b"|" + held.index.tobytes() + b"|" + test.index.tobytes())
    counts = {
        name: tuple(int(n) for n in np.bincount(part.labels, minlength=classes))
        for name, part in (("train", train), ("validation", held), ("test", test))
    }
    return DataFacts(
        requested=requested,
        name=dataset.name,
        source=source,
        digest=dataset.digest,
        class_names=dataset.class_names,
        image_shape=tuple(int(n) for n in dataset.x_train.shape[1:]),
        pixel_range=(float(train.x.min() * 255), float(train.x.max() * 255)),
        n_train=len(train.index),
        n_validation=len(held.index),
        n_test=len(test.index),
        class_counts=counts,
        validation=validation,
        split_seed=seed,
        split_digest=digest.hexdigest(),
        quick=current().quick is not None,
    )
