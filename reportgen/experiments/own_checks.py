"""Checks of the tables `[dataset.NAME]`: names, keys that go together, files that are there.

What stands in the files is checked when they are read, by `reportgen.datasets.own`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.errors import Problem
from reportgen.experiments.own_data import KEYS
from reportgen.experiments.words import describe, nearest, quoted, suggestion

if TYPE_CHECKING:
    from reportgen.experiments.checks import File

_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9_-])?")
_PATHS = ("train", "train_labels", "test", "test_labels", "unlabelled")
_DIVIDED = ("test", "test_items", "test_share")

Tables = Mapping[str, Mapping[str, Any]]


def own_tables(raw: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The tables of a file's own data sets, by name, as TOML gave them."""
    tables = raw.get("dataset")
    found = tables.items() if isinstance(tables, dict) else ()
    return {name: table for name, table in found if isinstance(table, dict)}


def own_names(text: str) -> list[str]:
    """Names of the data sets that the text of a file describes; none where it cannot be read."""
    try:
        return sorted(own_tables(tomllib.loads(text)))
    except tomllib.TOMLDecodeError:
        return []


def own_problems(file: File, known: Collection[str]) -> list[Problem]:
    """Every fault of the tables that the schema does not see.

    Parameters
    ----------
    file : File
        Its name tells where the data files lie: paths are relative to it.
    known : collection of str
        Names of the data sets that there are without the file.
    """
    found: list[Problem] = []
    for name, table in own_tables(file.raw).items():
        found += _name(file, name, known)
        kind = "from" if "from" in table else table.get("kind")
        if "from" in table and "kind" in table:
            remedy = "keep kind for files of your own, or from for a known data set"
            found.append(_problem(file, name, "kind", "keys-disagree", "it has both kind and from", remedy))
        elif kind is None:
            message = "it has neither kind nor from"
            remedy = 'write kind = "csv", "npz", "idx" or "images", or from = "mnist"'
            found.append(_problem(file, name, None, "missing-key", message, remedy))
        elif isinstance(kind, str) and kind in KEYS:
            found += _unused(file, name, table, kind)
            found += _known(file, name, table, known) if kind == "from" else _files(file, name, table, kind)
            found += _classes(file, name, table)
    return found


def _problem(file: File, name: str, key: str | None, code: str, message: str, remedy: str = "") -> Problem:
    path = ("dataset", name) if key is None else ("dataset", name, key)
    return file.problem(path, code, message, remedy)


def _name(file: File, name: str, known: Collection[str]) -> Iterator[Problem]:
    folded = {each.casefold().replace("-", "_"): each for each in known}
    taken = folded.get(name.casefold().replace("-", "_"))
    if taken is not None:
        message = f"{quoted(taken)} is the name of a data set that reportgen knows"
        remedy = f"choose another name, such as {quoted(f'my_{taken}')}"
        yield _problem(file, name, None, "name-taken", message, remedy)
    elif not _NAME.fullmatch(name):
        message = (
            "the name of a data set has small letters, digits, '.', '_' and '-', at most 64,"
            " the first a letter or digit, the last no '.'"
        )
        yield _problem(file, name, None, "bad-value", message)


def _unused(file: File, name: str, table: Mapping[str, Any], kind: str) -> Iterator[Problem]:
    every = frozenset().union(*KEYS.values())
    about = "data taken from a known set" if kind == "from" else f"data of kind {quoted(kind)}"
    for key in table:
        if key in every and key not in KEYS[kind]:
            yield _problem(file, name, key, "unused-key", f"{key} has no meaning for {about}", "remove it")


def _known(file: File, name: str, table: Mapping[str, Any], known: Collection[str]) -> Iterator[Problem]:
    source = table["from"]
    if isinstance(source, str) and source not in known:
        message = f"there is no known data set {quoted(source)}"
        yield _problem(file, name, "from", "unknown-dataset", message, suggestion(source, known))
    for key in ("train_items", "test_items"):
        if key not in table:
            remedy = f"say how many images to take: {key} = ..."
            yield _problem(file, name, None, "missing-key", f"{key} is missing", remedy)


def _files(file: File, name: str, table: Mapping[str, Any], kind: str) -> Iterator[Problem]:
    for key in ("train", "train_labels") if kind == "idx" else ("train",):
        if key not in table:
            remedy = f'name the {_what(key, kind)}: {key} = "..."'
            yield _problem(file, name, None, "missing-key", f"{key} is missing", remedy)
    for one, other in (("test", "test_labels"), ("test_labels", "test")):
        if kind == "idx" and one in table and other not in table:
            message = f"it has {one} but no {other}"
            yield _problem(file, name, one, "missing-key", message, "name both files, or neither")
    given = [key for key in _DIVIDED if key in table]
    if len(given) > 1:
        message = f"it has both {given[0]} and {given[1]}"
        remedy = "name a labelled test set, or say how many images to split off, not both"
        yield _problem(file, name, given[1], "keys-disagree", message, remedy)
    if not given and kind != "npz":  # an NPZ file may hold test images itself
        remedy = 'name labelled images, test = "...", or split some off, test_share = 0.2'
        yield _problem(file, name, None, "no-test-set", "it has no images to test on", remedy)
    for key in _PATHS:
        if isinstance(table.get(key), str) and key in KEYS[kind]:
            yield from _there(file, name, key, table[key], kind)


def _what(key: str, kind: str) -> str:
    if key == "train_labels":
        return "file of the labels"
    return "folder that has a folder of images for each class" if kind == "images" else "file to train on"


def _there(file: File, name: str, key: str, value: str, kind: str) -> Iterator[Problem]:
    """Check that a file or a folder is where the table says."""
    path = Path(file.name).parent / value
    wanted = "folder" if kind == "images" else "file"
    if not path.exists():
        near = _beside(path, wanted)
        remedy = f"did you mean {quoted(str(Path(value).with_name(near)))}?" if near else ""
        remedy = remedy or f"its place is told from the folder of {Path(file.name).name}"
        yield _problem(file, name, key, "no-data-file", f"there is no {wanted} {quoted(value)}", remedy)
    elif path.is_dir() != (kind == "images"):
        found = "a folder" if path.is_dir() else "a file"
        other = 'kind = "images" reads folders' if path.is_dir() else 'kind = "images" is for folders'
        message = f"{key} names {found}, expected a {wanted}: {quoted(value)}"
        yield _problem(file, name, key, "wrong-kind", message, other)


def _beside(path: Path, wanted: str) -> str | None:
    """The name in the same folder that was probably meant."""
    try:
        names = sorted(each.name for each in path.parent.iterdir() if each.is_dir() == (wanted == "folder"))
    except OSError:
        return None
    return nearest(path.name, names)


def _classes(file: File, name: str, table: Mapping[str, Any]) -> Iterator[Problem]:
    for key in ("classes", "labels"):
        values = table.get(key)
        if isinstance(values, list):
            twice = next((each for n, each in enumerate(values) if each in values[:n]), None)
            if twice is not None:
                message = f"{key}: {describe(twice)} stands there twice"
                yield _problem(file, name, key, "bad-value", message, "give each class its own")
    names, labels = table.get("classes"), table.get("labels")
    if not isinstance(names, list):
        return
    if isinstance(labels, list) and len(names) != len(labels):
        message = f"classes and labels differ in length: {len(names)} and {len(labels)}"
        yield _problem(file, name, "labels", "keys-disagree", message, "name a class for each label")
    numbers = all(isinstance(each, str) and re.fullmatch(r"[+-]?\d+", each) for each in names)
    if table.get("kind") == "images" or labels is not None or not numbers:
        return
    if [int(each) for each in names] != list(range(len(names))):
        message = "the names of its classes are numbers, but not 0, 1, 2, ... in this order"
        remedy = f"say which label each has: labels = [{', '.join(map(str, map(int, names)))}]"
        yield _problem(file, name, "classes", "ambiguous-labels", message, remedy)
