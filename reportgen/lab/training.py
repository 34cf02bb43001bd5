"""Training: ``model.fit`` with the rate and the seconds of every epoch written down."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras

from reportgen.lab.data import Data
from reportgen.lab.session import current


class Diary(keras.callbacks.Callback):  # type: ignore[misc]
    """Notes each epoch's learning rate and seconds, and tells the command line how it goes.

    Parameters
    ----------
    path : Path or None
        File to which one JSON line per epoch is added; None in plain Jupyter.
    """

    def __init__(self, path: Path | None) -> None:
        super().__init__()
        self.path = path
        self.begun = 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Start the epoch's clock."""
        self.begun = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add the rate and the seconds to the history, and the epoch to the file."""
        if logs is None:
            return
        logs["learning_rate"] = float(self.model.optimizer.learning_rate)
        logs["seconds"] = time.perf_counter() - self.begun
        if self.path is not None:
            line = {"epoch": epoch + 1, "epochs": self.params["epochs"]}
            line |= {name: float(logs[name]) for name in ("loss", "accuracy", "val_loss", "val_accuracy")}
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


def train(
    model: Any, data: Data, *, batch_size: int, epochs: int, callbacks: Sequence[Any] = ()
) -> dict[str, list[float]]:
    """Fit a compiled model to the training part, validating after every epoch.

    Parameters
    ----------
    model : keras.Model
        Compiled with ``metrics=["accuracy"]``.
    data : Data
    batch_size, epochs : int
    callbacks : sequence of keras.callbacks.Callback
        Run before the rate and the seconds of an epoch are noted.

    Returns
    -------
    dict of str to list of float
        ``loss``, ``accuracy``, ``val_loss``, ``val_accuracy``, ``learning_rate`` and
        ``seconds``, one number per epoch. Keras takes ``loss`` and ``accuracy`` as
        means over the epoch's batches, with dropout on.
    """
    session = current()
    diary = Diary(session.folder / "progress.jsonl" if session.folder else None)
    history = model.fit(
        data.train.x,
        data.train.y,
        validation_data=(data.validation.x, data.validation.y),
        batch_size=batch_size,
        epochs=epochs,
        verbose=0 if session.folder else "auto",
        callbacks=[*callbacks, diary],
    )
    return {name: [float(value) for value in values] for name, values in history.history.items()}
