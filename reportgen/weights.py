"""Files of weights that layers name: where they are on this machine, and what they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reportgen.calls.stack import Placed
from reportgen.experiments.row_calls import OfRow

PUBLISHED = "imagenet"
"""Weights that Keras publishes."""

_SIZES = (96, 128, 160, 192, 224)
"""Sides of images that MobileNetV2's weights were published for; others take those of the last."""


@dataclass(frozen=True)
class WeightsFile:
    """A file of weights.

    Parameters
    ----------
    path : Path
        Absolute.
    digest : str
        SHA-256 of its bytes.
    """

    path: Path
    digest: str


Weights = Mapping[str, Mapping[str, WeightsFile | None]]
"""For each row with layers that name some, by the name in its texts, the file; None where it is not there."""


def find_weights(rows: Iterable[OfRow], root: Path, keras_home: Path, data_dir: Path | None) -> Weights:
    """Look for the files of weights that the layers of rows name; nothing is downloaded.

    Parameters
    ----------
    rows : iterable of OfRow
    root : Path
        Folder of the experiments file, from which names of files are told.
    keras_home : Path
        Keras's own folder: published weights lie in its ``models``.
    data_dir : Path or None
        The user's folder of data sets; published weights may lie there or in its ``models`` too.

    Returns
    -------
    Weights
    """
    published = [keras_home / "models", *([data_dir / "models", data_dir] if data_dir else [])]
    found: dict[str, dict[str, WeightsFile | None]] = {}
    for row in rows:
        for name, layer in _named(row):
            places = [each / _published(layer) for each in published] if name == PUBLISHED else [root / name]
            path = next((each for each in places if each.is_file()), None)
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if path else ""
            known = WeightsFile(path.absolute(), digest) if path else None
            found.setdefault(row.row, {})[name] = known
    return found


def wanted_files(rows: Iterable[OfRow]) -> Mapping[tuple[str, str], str]:
    """The file that stands for each name of weights, by row and name: Keras's for those that it publishes."""
    return {
        (row.row, name): _published(layer) if name == PUBLISHED else name
        for row in rows
        for name, layer in _named(row)
    }


def missing(found: Weights) -> Iterator[tuple[str, str]]:
    """Yield the rows whose weights are not there, each with the name of these."""
    for row, files in found.items():
        yield from ((row, name) for name, file in files.items() if file is None)


def _named(row: OfRow) -> Iterator[tuple[str, Placed]]:
    for placed in row.checked.stack.layers if row.checked.stack is not None else ():
        name = placed.layer.get("weights")
        if isinstance(name, str):
            yield name, placed


def _published(placed: Placed) -> str:
    """Name that Keras gives the file of MobileNetV2's published weights without the last layer."""
    height, width = placed.input_shape[:2]
    side = height if height == width and height in _SIZES else _SIZES[-1]
    width_factor = float(placed.layer["alpha"])
    return f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{width_factor}_{side}_no_top.h5"
