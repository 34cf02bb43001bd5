"""A warm start: the weights that another run's model ended with, as this model's first ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np

from reportgen.lab.refusal import CannotRun


def load_initial(model: Any, initial: Mapping[str, str] | None) -> dict[str, str]:
    """Replace a model's weights by those of a kept model of the same architecture.

    Parameters
    ----------
    model : keras.Model
    initial : mapping or None
        As `Session.initial`; None leaves the weights of the initialisers.

    Returns
    -------
    dict of str to str
        ``key`` of the run they come from, and ``weights``, their digest; empty without a warm start.

    Raises
    ------
    CannotRun
        The kept model has other layers, or cannot be read.
    """
    if initial is None:
        return {}
    row = initial["row"]
    try:
        source = keras.saving.load_model(Path(initial["path"]), compile=False, safe_mode=True)
    except Exception as error:  # Keras raises whatever its readers of archives and HDF5 do
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise CannotRun(
            f"the model of {row} cannot be loaded: {reason}", "let `reportgen build` make that row again"
        ) from error
    theirs, ours = _with_weights(source), _with_weights(model)
    for number, (before, here) in enumerate(zip(theirs, ours, strict=False), 1):
        if before != here:
            raise _other(f"its layer {number} with weights is {before}, here it is {here}", row)
    if len(theirs) != len(ours):
        raise _other(f"it has {len(theirs)} layers with weights, here there are {len(ours)}", row)
    model.set_weights(source.get_weights())
    return {"key": initial["key"], "weights": weights_digest(model)}


def weights_digest(model: Any) -> str:
    """SHA-256 of all weights of a model in their order, with types and shapes; random states do not count."""
    total = hashlib.sha256()
    for weight in model.get_weights():
        array = np.ascontiguousarray(weight)
        total.update(f"{array.dtype.str}{array.shape}".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def _with_weights(model: Any) -> list[str]:
    """Each layer that has weights, as its class and the shapes of these."""
    return [
        f"{type(layer).__name__} {' '.join(str(tuple(v.shape)) for v in layer.weights)}"
        for layer in model.layers
        if layer.weights
    ]


def _other(difference: str, row: str) -> CannotRun:
    return CannotRun(
        f"the model of {row} has another architecture: {difference}",
        "a warm start needs the same layers with weights in both rows",
    )
