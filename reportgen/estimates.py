"""How long things should take, judged by how long they took before."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any

from reportgen.execution.spec import RunSpec
from reportgen.store.objects import Header
from reportgen.training_cost import image_seconds

LIBRARIES = 10.0
"""Seconds until the first run of a build begins: the libraries are imported once for all."""
_START = 3.0
"""Seconds of a run that do not grow with its epochs: a kernel, the data, the evaluation."""
_SECONDS_PER_IMAGE = 4e-5
"""First guess of the time to train on one image once; earlier runs replace it."""
_EPOCHS = 10
"""Epochs of a run whose notebook has no such parameter."""
_DRAWING, _DRAWING_PER_ROW = 6.0, 1.0
"""First guess of the seconds that a report takes."""
_NOTE = "drawing.json"


def run_seconds(spec: RunSpec, alike: Sequence[tuple[Sequence[str], Header]]) -> float:
    """Return the seconds that a run should take.

    Parameters
    ----------
    spec : RunSpec
    alike : sequence of (sequence of str, Header)
        Stored runs, each after what distinguishes its key from that of `spec`, the nearest first.

    Returns
    -------
    float
        The median of the nearest runs of the same notebook on the same data, by epochs and by what
        their layers cost. Where the notebook was edited since, of those with the same names of parameters;
        where there is none, a guess from the number of images.
    """
    for same in (_same_code, _same_parameters):
        near = [(len(found), other) for found, other in alike if same(other, spec) and _known(other)]
        if near:
            fewest = min(count for count, _ in near)
            return median(_scaled(other, spec) for count, other in near if count == fewest)
    images = sum(images_in(Path(place["folder"])) for place in spec.datasets.values())
    images = min(images, spec.quick["train"]) if spec.quick else images
    return _START + _epochs(spec) * images * (_image_seconds(spec.parameters, spec) or _SECONDS_PER_IMAGE)


def _epochs(spec: RunSpec) -> int:
    epochs = spec.parameters.get("epochs")
    return epochs if isinstance(epochs, int) else _EPOCHS


def _known(other: Header) -> bool:
    took, trained = other.made.get("seconds"), other.made.get("epochs")
    return isinstance(took, (int, float)) and isinstance(trained, int) and trained > 0


def _same_code(other: Header, spec: RunSpec) -> bool:
    return other.parts.get("code") == spec.code and other.parts.get("data") == spec.parts["data"]


def _same_parameters(other: Header, spec: RunSpec) -> bool:
    names, own = other.parts.get("parameters"), spec.parts["parameters"]
    same_data = other.parts.get("data") == spec.parts["data"]
    return same_data and isinstance(names, dict) and set(names) == set(own)


def _scaled(other: Header, spec: RunSpec) -> float:
    took = float(other.made["seconds"])
    start = min(took, _START)
    theirs, ours = _image_seconds(other.parts["parameters"], spec), _image_seconds(spec.parameters, spec)
    ratio = ours / theirs if theirs and ours else 1.0
    return start + (took - start) * ratio * _epochs(spec) / int(other.made["epochs"])


def _image_seconds(parameters: Mapping[str, Any], spec: RunSpec) -> float | None:
    """What an image costs in the layers of some parameters on the data of a run; None without layers."""
    layers, batch = parameters.get("layers"), parameters.get("batch_size")
    folders = [Path(place["folder"]) for place in spec.datasets.values()]
    if not layers or not isinstance(batch, int) or len(folders) != 1:
        return None
    shape = image_shape(folders[0])
    return image_seconds(tuple(layers), shape, batch) if shape else None


@lru_cache(maxsize=64)
def image_shape(folder: Path) -> tuple[int, ...] | None:
    """Height, width and channels of the images of a decoded data set; None where they are not here."""
    from numpy.lib import format as npy

    try:
        with (folder / "x_train.npy").open("rb") as stream:
            npy.read_magic(stream)
            shape: tuple[int, ...] = npy.read_array_header_1_0(stream)[0]
            return shape[1:]
    except (OSError, ValueError):
        return None


def images_in(folder: Path) -> int:
    """Training images of a decoded data set, from the size of its labels: one byte each."""
    try:
        return (folder / "y_train.npy").stat().st_size
    except OSError:
        return 0


def makespan(running: Iterable[float], waiting: Iterable[float], jobs: int) -> float:
    """Return the seconds until all is done.

    Parameters
    ----------
    running : iterable of float
        Seconds that each run on its way still takes.
    waiting : iterable of float
        Seconds of each run to come, in the order in which they start.
    jobs : int
        Runs at once.
    """
    slots = sorted(running)
    slots += [0.0] * (jobs - len(slots))
    heapq.heapify(slots)
    for seconds in waiting:
        heapq.heappush(slots, heapq.heappop(slots) + seconds)
    return max(slots, default=0.0)


def drawing_seconds(state: Path, rows: int) -> float:
    """Return the seconds that drawing and writing a report of so many rows should take."""
    try:
        note = json.loads((state / _NOTE).read_text(encoding="utf-8"))
        return float(note["seconds"]) * max(rows, 1) / max(int(note["rows"]), 1)
    except (OSError, ValueError, KeyError, TypeError):
        return _DRAWING + rows * _DRAWING_PER_ROW


def drew(state: Path, rows: int, seconds: float) -> None:
    """Note how long the report took, for the next estimate; a note that cannot be kept is no fault."""
    try:
        (state / _NOTE).write_text(json.dumps({"rows": rows, "seconds": round(seconds, 1)}), encoding="utf-8")
    except OSError:
        return
