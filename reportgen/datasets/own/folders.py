"""Folders of images: one folder for each class, or one folder of images without labels."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path, PurePath

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.own.faults import MOST_BYTES, Faults
from reportgen.datasets.own.image import SUFFIXES, Wanted, decode
from reportgen.datasets.own.items import Files, InFiles, Items, called
from reportgen.datasets.readers import ReadFault, read_regular
from reportgen.experiments.own_data import OwnDataset

MOST_IMAGE_BYTES = 100_000_000
_LITTER = frozenset((".ds_store", "thumbs.db", "desktop.ini"))


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key to sort names by, so that 2 comes before 10."""
    parts = re.findall(r"\d+|\D+", name)
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts)


def listed(folder: Path) -> list[Path]:
    """Everything below a folder that counts, in natural order; hidden files do not."""
    return [path for path in _walk(folder) if path.is_file()]


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir(), key=lambda path: natural(path.name)):
        if path.name.startswith(".") or path.name.lower() in _LITTER:
            continue
        yield path
        if path.is_dir():
            yield from _walk(path)


def read_folder(
    folder: Path, name: str, table: OwnDataset, labelled: bool, files: Files, faults: Faults
) -> Items | None:
    """Read a folder of images.

    Parameters
    ----------
    folder : Path
    name : str
        The folder as the user named it.
    table : OwnDataset
    labelled : bool
        Whether it has a folder for each class, or holds images itself.
    files : Files
        Gets the stamp of each image, and one line for all of them together.
    faults : Faults
        Gets every fault.

    Returns
    -------
    Items or None
        None where there is no image that can be read.
    """
    found = list(_images(folder, name, labelled, faults))
    if not found:
        expected = "folders of images, one for each class" if labelled else "images"
        faults.add(name, 0, "no-images", f"expected {expected}, found none", f"known: {', '.join(SUFFIXES)}")
        return None
    reader = _Reader(folder, name, Wanted.of(table), files, faults)
    for path in found:
        reader.read(path)
        if faults.full:
            break
    files.facts.append(reader.fact())
    if not reader.images:
        return None
    labels = [path.relative_to(folder).parts[0] for path in reader.kept]
    return Items(
        np.stack(reader.images),
        np.array(labels, np.str_) if labelled else None,
        InFiles(tuple(str(PurePath(name) / path.relative_to(folder)) for path in reader.kept)),
        reader.resized,
        reader.recoloured,
    )


def _images(folder: Path, name: str, labelled: bool, faults: Faults) -> Iterator[Path]:
    """The images that stand where they should; others are told."""
    depth = 2 if labelled else 1
    for path in _walk(folder):
        inner = path.relative_to(folder)
        shown = str(PurePath(name) / inner)
        if path.is_dir():
            if len(inner.parts) >= depth:
                where = "a class" if labelled else "the unlabelled images"
                faults.add(
                    shown, 0, "nested-folder", f"expected images, found a folder in the folder of {where}"
                )
            elif not any(path.iterdir()):
                faults.add(shown, 0, "empty-class", "the folder of the class has no images")
        elif len(inner.parts) > depth:
            continue  # the folder it is in was told
        elif path.suffix.lower() in SUFFIXES:
            if len(inner.parts) == depth:
                yield path
            else:
                remedy = "move it into the folder of its class"
                faults.add(shown, 0, "outside-class", "the image is in no folder of a class", remedy)
        elif len(inner.parts) == depth:
            message = f"expected an image ({', '.join(SUFFIXES)}), found another file"
            faults.add(shown, 0, "not-an-image", message, "take it away")


class _Reader:
    """Reads images one by one; all must come out in the same shape."""

    def __init__(self, folder: Path, name: str, wanted: Wanted, files: Files, faults: Faults) -> None:
        self.folder, self.name, self.wanted = folder, name, wanted
        self.files, self.faults = files, faults
        self.images: list[NDArray[np.uint8]] = []
        self.kept: list[Path] = []
        self.resized = self.recoloured = self.bytes = self.count = 0
        self.digest = hashlib.sha256()

    def read(self, path: Path) -> None:
        """Read one image, or tell what is wrong with it."""
        inner = path.relative_to(self.folder).as_posix()
        shown = str(PurePath(self.name) / inner)
        try:
            content, stamp = read_regular(path, MOST_IMAGE_BYTES)
            self.files.stamps[path] = stamp
            self.digest.update(f"{inner} {hashlib.sha256(content).hexdigest()}\n".encode())
            self.bytes, self.count = self.bytes + stamp.size, self.count + 1
            image, resized, recoloured = decode(content, self.wanted)
            self._check_shape(image)
        except ReadFault as fault:
            remedies = {
                "broken-image": "save it again, or take it away",
                "sizes-differ": _SIZE,
                "colours-differ": _COLOUR,
            }
            self.faults.add(shown, 0, fault.code, str(fault), remedies.get(fault.code, ""))
            return
        self.images.append(image)
        self.kept.append(path)
        self.resized, self.recoloured = self.resized + resized, self.recoloured + recoloured

    def _check_shape(self, image: NDArray[np.uint8]) -> None:
        if (len(self.images) + 1) * image.nbytes > MOST_BYTES:
            raise ReadFault("data-too-large", f"expected at most {MOST_BYTES:,} pixels in all, found more")
        if not self.images:
            return
        first = self.images[0].shape
        if image.shape[:2] != first[:2]:
            message = f"expected {_times(first)} pixels as the images before, found {_times(image.shape)}"
            raise ReadFault("sizes-differ", message)
        if image.shape[2] != first[2]:
            names = {1: "grey", 3: "colour"}
            message = f"expected {names[first[2]]} as the images before, found {names[image.shape[2]]}"
            raise ReadFault("colours-differ", message)

    def fact(self) -> tuple[str, int, str]:
        """All images together, as the report names them."""
        count = "1 image" if self.count == 1 else f"{self.count:,} images"
        return f"{called(self.name, self.files.root)} ({count})", self.bytes, self.digest.hexdigest()


_SIZE = "say what size to bring them to: size = [28, 28]"
_COLOUR = 'say what to bring them to: colour = "grey" or "rgb"'


def _times(shape: tuple[int, ...]) -> str:
    return f"{shape[0]:,} x {shape[1]:,}"
