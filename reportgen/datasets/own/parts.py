"""The parts that a table names - to train on, to test on, to submit - read from its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reportgen.datasets.own.arrays import NpzFile, read_idx_files
from reportgen.datasets.own.faults import Faults
from reportgen.datasets.own.folders import listed, read_folder
from reportgen.datasets.own.image import SUFFIXES
from reportgen.datasets.own.items import Files, Items
from reportgen.datasets.own.table import read_table
from reportgen.datasets.readers import ReadFault
from reportgen.experiments.own_data import OwnDataset

_PATHS = ("train", "train_labels", "test", "test_labels", "unlabelled")


@dataclass(frozen=True)
class Parts:
    """What the files of a data set hold; None for a part that has no file, or that could not be read.

    Parameters
    ----------
    train, test : Items or None
        Labelled.
    unlabelled : Items or None
    """

    train: Items | None = None
    test: Items | None = None
    unlabelled: Items | None = None


def paths_of(table: OwnDataset, root: Path) -> tuple[Path, ...]:
    """Every file that a table's data are read from, in a fixed order.

    Raises
    ------
    OSError
        A folder cannot be listed.
    """
    named = [root / value for key in _PATHS if (value := getattr(table, key)) is not None]
    if table.kind != "images":
        return tuple(dict.fromkeys(named))
    return tuple(path for folder in named for path in listed(folder) if path.suffix.lower() in SUFFIXES)


def read_parts(table: OwnDataset, root: Path, files: Files, faults: Faults) -> Parts:
    """Read every file that a table names.

    Parameters
    ----------
    table : OwnDataset
        With a kind.
    root : Path
        What its paths are relative to; faults name files below it as it is given.
    files : Files
        Gets what identifies the files.
    faults : Faults
        Gets every fault of every file.
    """
    if table.kind == "npz":
        return _from_npz(table, root, files, faults)
    if table.kind == "csv":
        return _from_csv(table, root, files, faults)
    parts = {}
    for key in ("train", "test", "unlabelled"):
        value, labels = getattr(table, key), getattr(table, f"{key}_labels", None)
        if value is None:
            continue
        path = root / value
        if table.kind == "images":
            parts[key] = read_folder(path, str(path), table, key != "unlabelled", files, faults)
        else:
            marks = None if labels is None else (root / labels, str(root / labels))
            parts[key] = read_idx_files((path, str(path)), marks, files, faults)
    return Parts(**parts)


def _from_csv(table: OwnDataset, root: Path, files: Files, faults: Faults) -> Parts:
    parts, columns = {}, None
    for key in ("train", "test", "unlabelled"):
        value = getattr(table, key)
        if value is None:
            continue
        read = read_table(root / value, str(root / value), table, key != "unlabelled", files, faults)
        if read is None:
            continue
        parts[key], header = read
        if columns is None:
            columns = header.pixel_names
        elif table.header and columns != header.pixel_names:
            which = next(
                (n for n, (a, b) in enumerate(zip(columns, header.pixel_names, strict=False)) if a != b), None
            )
            found = (
                f"{len(header.pixel_names):,} columns of pixels, expected {len(columns):,}"
                if which is None
                else f'pixel column {which + 1} is "{header.pixel_names[which]}", expected "{columns[which]}"'
            )
            message = f"its columns are not those of the training set: {found}"
            faults.add(str(root / value), 1, "columns-differ", message, "give both files the same columns")
    return Parts(**parts)


def _from_npz(table: OwnDataset, root: Path, files: Files, faults: Faults) -> Parts:
    names = table.arrays
    opened: dict[Path, NpzFile] = {}
    for value in dict.fromkeys(each for each in (table.train, table.test, table.unlabelled) if each):
        try:
            opened[root / value] = NpzFile(root / value, str(root / value), files)
        except ReadFault as fault:
            faults.add_read(str(root / value), fault)
    train = opened.get(root / str(table.train))
    if train is None:
        return Parts()
    divided = table.test_items is not None or table.test_share is not None
    test = opened.get(root / table.test) if table.test else None if divided else train
    if test is train and not divided and not {names.x_test, names.y_test} & set(train.members):
        remedy = "name them in arrays, or split some off: test_share = 0.2"
        faults.add(train.name, 0, "no-test-set", "it holds no images to test on", remedy)
        test = None
    aside = opened.get(root / table.unlabelled) if table.unlabelled else None
    if table.unlabelled is None and names.x_unlabelled in train.members:
        aside = train
    return Parts(
        train.labelled(names.x_train, names.y_train, table, faults),
        test.labelled(names.x_test, names.y_test, table, faults) if test else None,
        aside.images(names.x_unlabelled, table, faults) if aside else None,
    )
