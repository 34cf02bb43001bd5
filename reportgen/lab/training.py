"""Training: ``model.fit`` with the rate and the seconds of every epoch, and its end, written down."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import keras
from numpy.typing import NDArray

from reportgen.calls.per_epoch import EpochSchedule
from reportgen.lab.building import build
from reportgen.lab.data import Data, Part
from reportgen.lab.initial import load_initial
from reportgen.lab.refusal import CannotRun
from reportgen.lab.session import current
from reportgen.records import Stopped


class History(dict[str, list[float]]):
    """The curves of a training, one number per epoch, and how it began and ended.

    The curves are ``loss``, ``accuracy``, ``val_loss``, ``val_accuracy``, ``learning_rate`` (at the start of
    the epoch) and ``seconds``. Keras takes ``loss`` and ``accuracy`` as means over the epoch's batches,
    with dropout on.

    Parameters
    ----------
    curves : mapping of str to list of float
    stopped : Stopped
        Why the training ended.
    initial : mapping of str to str
        Where the first weights came from; empty for those of the initialisers.
    """

    def __init__(self, curves: dict[str, list[float]], stopped: Stopped, initial: dict[str, str]) -> None:
        super().__init__(curves)
        self.stopped = stopped
        self.initial = initial


class Rates(keras.callbacks.Callback):  # type: ignore[misc]
    """Sets the learning rate at the start of every epoch as a schedule by epochs says."""

    def __init__(self, schedule: EpochSchedule) -> None:
        super().__init__()
        self.schedule = schedule
        self.rates: tuple[float, ...] = ()

    def on_train_begin(self, logs: Any = None) -> None:
        """Work out the rates of all epochs."""
        self.rates = self.schedule.rates(float(self.model.optimizer.learning_rate), self.params["epochs"])

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Set the rate of this epoch."""
        self.model.optimizer.learning_rate = self.rates[epoch]


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
        self.rate = 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Note the rate that the epoch starts with, and start its clock."""
        self.rate = float(self.model.optimizer.learning_rate)
        self.begun = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Add the rate and the seconds to the history, and the epoch to the file."""
        if logs is None:
            return
        logs["learning_rate"] = self.rate
        logs["seconds"] = time.perf_counter() - self.begun
        if self.path is not None:
            line = {"epoch": epoch + 1, "epochs": self.params["epochs"]}
            line |= {name: float(logs[name]) for name in ("loss", "accuracy", "val_loss", "val_accuracy")}
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")


def train(
    model: Any,
    data: Data,
    *,
    batch_size: int,
    epochs: int,
    callbacks: Sequence[Any] = (),
    schedule: str | None = None,
) -> History:
    """Fit a compiled model to the training part, validating after every epoch.

    Parameters
    ----------
    model : keras.Model
        Compiled with ``metrics=["accuracy"]``. In a run with a warm start its weights are first
        replaced by those of the model that another run kept.
    data : Data
    batch_size, epochs : int
    callbacks : sequence of str or keras.callbacks.Callback
        Such as ``"EarlyStopping(patience=5, restore_best_weights=True)"``.
    schedule : str or None
        What the learning rate does from epoch to epoch, such as ``"StepwisePerEpoch({10: 1e-4})"``.

    Returns
    -------
    History

    Raises
    ------
    CannotRun
        A text cannot be built, the initial weights do not fit, or the loss is no number any more.
    """
    session = current()
    initial = load_initial(model, session.initial)
    made = [build(each) if isinstance(each, str) else each for each in callbacks]
    rates = [] if schedule is None else [Rates(build(schedule))]
    fitted = model.fit(
        data.train.x,
        targets(model, data.train),
        validation_data=(data.validation.x, targets(model, data.validation)),
        batch_size=batch_size,
        epochs=epochs,
        verbose=0 if session.folder else "auto",
        callbacks=[*rates, *made, Diary(session.folder / "progress.jsonl" if session.folder else None)],
    )
    curves = {name: [float(value) for value in values] for name, values in fitted.history.items()}
    _finite(curves)
    return History(curves, _stopped(made, epochs, len(curves["loss"])), initial)


def targets(model: Any, part: Part) -> NDArray[Any]:
    """The labels as the model's loss wants them: class numbers for a sparse one, else one-hot."""
    loss = model.loss
    name = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
    return part.labels if name.lower().startswith("sparse") else part.y


def _finite(curves: dict[str, list[float]]) -> None:
    """Stop where the loss is no number any more: what such a network says of an image means nothing."""
    for name in ("loss", "val_loss"):
        lost = [epoch for epoch, value in enumerate(curves[name], 1) if not math.isfinite(value)]
        if lost:
            raise CannotRun(
                f"the training diverged: {name} is {curves[name][lost[0] - 1]} from epoch {lost[0]} on",
                "use a smaller learning rate",
            )


def _stopped(callbacks: Sequence[Any], planned: int, epochs: int) -> Stopped:
    by = next(_ended_by(callbacks), "a callback") if epochs < planned else ""
    restored = [each.best_epoch + 1 for each in callbacks if _restores(each)]
    return Stopped(planned, by, restored[-1] if restored else None)


def _ended_by(callbacks: Sequence[Any]) -> Iterator[str]:
    """Names of the callbacks that may have ended a training."""
    early = [each for each in callbacks if isinstance(each, keras.callbacks.EarlyStopping)]
    for each in early:
        if each.stopped_epoch > 0:
            yield type(each).__name__
    for each in callbacks:
        if each not in early:
            yield type(each).__name__


def _restores(callback: Any) -> bool:
    """Whether a callback has put the weights of an earlier epoch back at the end."""
    return isinstance(callback, keras.callbacks.EarlyStopping) and callback.best_weights is not None
