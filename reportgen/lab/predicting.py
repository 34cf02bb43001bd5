"""Predicting images by a kept model: a process of its own, started by `reportgen submit` after the run.

``python -m reportgen.lab.predicting FOLDER`` reads ``job.json`` in a folder and writes ``answer.npz`` beside
it. No run executes this module, so it is no part of a run's key.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.lab.features import _histograms
from reportgen.lab.recording import BATCH
from reportgen.lab.session import prepare

# Loading a model wants our own layers to be known; they are in `building`, which the package imports.


def main(folder: Path) -> None:
    """Do the job that lies in a folder.

    Parameters
    ----------
    folder : Path
        Its ``job.json`` names the files of the ``model``, of the ``images`` to predict and of the ``checked``
        images, the ``places`` of these, and says how pixels become inputs (``features``), what the ``loss``
        is, and the run's ``seed``.

    Notes
    -----
    ``answer.npz`` has ``predicted`` (n,) int64, the classes of the images; ``checked`` (m, C) float32, the
    probabilities of the images that the run was tested on; or ``fault``, why there is nothing of it.
    """
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    prepare(int(job["seed"]))
    try:
        answer = _answer(job)
    except Exception as error:  # Keras raises whatever its readers of archives and HDF5 do
        answer = {"fault": np.array(f"{type(error).__name__}: {error}".splitlines()[0][:300])}
    with (folder / "answer.npz").open("wb") as file:
        np.savez(file, **answer)


def _answer(job: Mapping[str, Any]) -> dict[str, Any]:
    import keras

    model = keras.saving.load_model(Path(job["model"]), compile=False, safe_mode=True)
    tested = np.load(job["checked"], mmap_mode="r", allow_pickle=False)
    checked = _probabilities(model, tested, np.asarray(job["places"], dtype=np.int64), job)
    images = np.load(job["images"], mmap_mode="r", allow_pickle=False)
    predicted = np.empty(len(images), dtype=np.int64)
    for first in range(0, len(images), BATCH):  # a large set need not fit into memory
        places = np.arange(first, min(first + BATCH, len(images)))
        predicted[places] = _probabilities(model, images, places, job).argmax(axis=1)
    return {"predicted": predicted, "checked": checked}


def _probabilities(
    model: Any, images: NDArray[np.uint8], places: NDArray[np.int64], job: Mapping[str, Any]
) -> NDArray[np.float32]:
    """What a model says of some images, at most `BATCH`, just as `reportgen.lab.record` has it."""
    inputs = _inputs(images[places], job["features"])
    outputs = np.asarray(model.predict(inputs, batch_size=BATCH, verbose=0), dtype=np.float32)
    return _squashed(outputs, job["loss"])


def _inputs(images: NDArray[np.uint8], features: Mapping[str, Any]) -> NDArray[np.float32]:
    """Inputs of a network from images, just as `load_dataset` and `hog_features` make them."""
    if features["kind"] == "hog":
        return _histograms(images, np.arange(len(images)), dict(features["settings"]))
    inputs = images.astype(np.float32)
    inputs /= 255.0
    return inputs


def _squashed(outputs: NDArray[np.float32], loss: Mapping[str, Any]) -> NDArray[np.float32]:
    """Probabilities from what may be the logits of them; the model comes without its loss."""
    import keras

    if not loss["settings"].get("from_logits"):
        return outputs
    binary = str(loss["name"]).startswith("binary")
    squashed = keras.ops.sigmoid(outputs) if binary else keras.ops.softmax(outputs)
    return np.asarray(squashed, dtype=np.float32)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
