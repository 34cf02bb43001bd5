"""Decoded data sets on disk: .npy files that are memory-mapped, and their facts.

A data set has four files; images without labels are a folder of their own with one.

A folder is written complete under another name and then renamed, so one that is there
under its own name is whole; its sizes are checked all the same, and its bytes whenever
their stamps do not stand.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets import trust
from reportgen.datasets.dataset import Dataset
from reportgen.datasets.registry import PARTS
from reportgen.errors import StorageError
from reportgen.whole import write_whole

FORMAT = 1
"""Version of these folders; another one is written anew."""

_DAY = 86_400
_ATTEMPTS = 20

UNLABELLED = "x_unlabelled"
"""The array of a folder of images without labels."""

Arrays = Mapping[str, NDArray[np.uint8]]


def with_channels(arrays: Arrays) -> dict[str, NDArray[np.uint8]]:
    """Give images (n, height, width) their channel axis; C order, read-only where they were."""
    return {
        part: np.ascontiguousarray(arrays[part][..., None] if part.startswith("x") else arrays[part])
        for part in PARTS
    }


def digest_of(arrays: Arrays, identity: Mapping[str, Any] | None = None) -> str:
    """SHA-256 of the decoded arrays: name, dtype, shape and bytes of each.

    Parameters
    ----------
    arrays : mapping of str to uint8
        Images (n, height, width, channels) and labels (n,).
    identity : mapping, optional
        What else tells a data set of the user's own from another: its name, its classes, the drawing
        of its test images. JSON values only.
    """
    import hashlib

    total = hashlib.sha256()
    if identity:
        total.update(json.dumps(identity, sort_keys=True, ensure_ascii=False).encode())
    for part in sorted(arrays, key=(*PARTS, UNLABELLED).index):
        array = arrays[part]
        total.update(f"{part}{array.dtype.str}{array.shape}".encode())
        total.update(np.ascontiguousarray(array).data)
    return total.hexdigest()


def folder_of(cache: Path, digest: str) -> Path:
    """Folder in the cache of the data set with this digest."""
    return cache.absolute() / digest[:16]


def write(cache: Path, arrays: Arrays, facts: Mapping[str, Any]) -> Path:
    """Write decoded arrays into the cache and return their folder.

    Parameters
    ----------
    cache : Path
    arrays : mapping of str to uint8
        Images (n, height, width, channels) and labels (n,).
    facts : mapping
        Has ``name``, ``class_names``, ``digest``, ``source`` and ``files``; data of the user's own have
        ``identity`` too (see `digest_of`), and what the report says of them.

    Raises
    ------
    StorageError
        The cache cannot be written.
    """
    folder = folder_of(cache, facts["digest"])
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
        try:
            for part, array in arrays.items():
                np.save(made / f"{part}.npy", array, allow_pickle=False)
            text = json.dumps(
                {"format": FORMAT, "parts": sorted(arrays), **facts},
                indent=1,
                sort_keys=True,
                ensure_ascii=False,
            )
            (made / "facts.json").write_text(text + "\n", encoding="utf-8")
            made.chmod(0o755)
            _sweep(made)
            _move(made, folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise StorageError(Path(error.filename or folder), error.strerror or str(error)) from error
    return folder


def _move(made: Path, folder: Path) -> None:
    """Put the folder in its place; one that is there, broken or of another process, makes room."""
    for attempt in range(_ATTEMPTS):
        try:
            made.rename(folder)
        except OSError:
            if attempt + 1 == _ATTEMPTS:
                raise
        else:
            return
        aside = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
        with contextlib.suppress(FileNotFoundError):  # another process was faster
            folder.rename(aside / folder.name)
        shutil.rmtree(aside, ignore_errors=True)


def _sweep(made: Path) -> None:
    """Remove what killed processes left beside `made` a day ago or longer."""
    now = made.stat().st_mtime  # the clock of the file system, which may not be ours
    for left in made.parent.glob(".[no]*-*"):
        with contextlib.suppress(OSError):
            if now - left.stat().st_mtime > _DAY:
                shutil.rmtree(left, ignore_errors=True)


def read_facts(folder: Path) -> dict[str, Any] | None:
    """The facts of a decoded folder, or None where it is missing, of another format or incomplete.

    Its files come as tuples (name, bytes, SHA-256).
    """
    try:
        facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
        parts = facts.setdefault("parts", sorted(PARTS))
        known = sorted(PARTS) == parts or parts == [UNLABELLED]
        complete = facts["format"] == FORMAT and known and all(_is_there(folder, part) for part in parts)
        facts["files"] = tuple((str(name), int(size), str(sha)) for name, size, sha in facts["files"])
        texts = [facts["name"], facts["digest"], facts["source"], *facts["class_names"]]
        strings = all(isinstance(text, str) for text in texts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return facts if complete and strings else None


def _is_there(folder: Path, part: str) -> bool:
    return (folder / f"{part}.npy").is_file()


def name_classes(folder: Path, class_names: Sequence[str]) -> None:
    """Note other names for the classes of a decoded data set, at one stroke; its arrays stay.

    Raises
    ------
    StorageError
        The cache cannot be written.
    """
    place = folder / "facts.json"
    try:
        facts = json.loads(place.read_text(encoding="utf-8")) | {"class_names": list(class_names)}
    except OSError as error:
        raise StorageError(place, error.strerror or str(error)) from error
    write_whole(place, (json.dumps(facts, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode())


def open_dataset(folder: Path) -> Dataset:
    """Open a decoded data set; its arrays are memory-mapped and read-only.

    Parameters
    ----------
    folder : Path
        `Found.folder`.

    Returns
    -------
    data : Dataset

    Raises
    ------
    StorageError
        A file is missing or does not hold what it should.
    """
    facts = read_facts(folder)
    if facts is None or facts["parts"] != sorted(PARTS):
        raise StorageError(folder, "holds no decoded data set")
    arrays = {part: _open_array(folder / f"{part}.npy", part) for part in PARTS}
    for side in ("train", "test"):
        if len(arrays[f"x_{side}"]) != len(arrays[f"y_{side}"]):
            raise StorageError(folder, f"x_{side} and y_{side} differ in length")
    return Dataset(facts["name"], tuple(facts["class_names"]), **arrays, digest=facts["digest"])


def open_unlabelled(folder: Path) -> NDArray[np.uint8]:
    """Open images without labels, memory-mapped and read-only.

    Parameters
    ----------
    folder : Path
        `Unlabelled.folder`.

    Returns
    -------
    images : (n, height, width, channels) uint8

    Raises
    ------
    StorageError
        The file is missing or does not hold what it should.
    """
    return _open_array(folder / f"{UNLABELLED}.npy", UNLABELLED)


def verified(
    cache: Path, digest: str, name: str, say: Callable[[str], None], clock: Callable[[], int]
) -> Path | None:
    """The folder with this digest, if it is there and its bytes are right.

    The bytes are read only where their stamps do not vouch for them. A broken folder is
    removed: it is only a copy.
    """
    folder = folder_of(cache, digest)
    facts = read_facts(folder)
    if facts is None or facts["digest"] != digest:
        return None
    paths = [folder / f"{part}.npy" for part in facts["parts"]]
    known = trust.recall(cache, paths, digest)
    if known is not None:
        return folder
    began = clock()
    stamps = trust.stamps_of(paths)
    try:
        arrays = {part: _open_array(folder / f"{part}.npy", part) for part in facts["parts"]}
        whole = digest_of(arrays, facts.get("identity")) == digest
    except StorageError:
        whole = False
    if not whole or stamps is None:
        say(f"{folder}: the decoded copy of {name} is broken; it is made anew.")
        remove(folder)
        return None
    trust.note(cache, paths, digest, stamps, {"digest": digest}, began)
    return folder


def _open_array(path: Path, part: str) -> NDArray[np.uint8]:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
        size = path.stat().st_size
    except (OSError, ValueError, EOFError) as error:
        raise StorageError(path, str(error)) from error
    axes = 4 if part.startswith("x") else 1
    if array.dtype != np.uint8 or array.ndim != axes:
        raise StorageError(path, f"expected uint8 with {axes} axes, found {array.dtype} {array.shape}")
    if size != array.offset + array.nbytes:
        raise StorageError(path, "holds more than its header says")
    mapped: NDArray[np.uint8] = array
    return mapped


def remove(folder: Path) -> None:
    """Remove a folder of the cache that turned out to be broken."""
    if os.path.lexists(folder):
        shutil.rmtree(folder, ignore_errors=True)
