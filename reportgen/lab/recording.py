"""The record of a run: what the trained model is, and what it says of every item."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.lab.data import Data, Part
from reportgen.lab.session import Session, current
from reportgen.recordfile import to_files
from reportgen.records import Layer, Predictions, Record, Times, Variable

BATCH = 1000
"""Items evaluated at once: the mean loss depends on it in the last digits, so it is fixed."""


def record(model: Any, data: Data, history: Mapping[str, Sequence[float]]) -> None:
    """Evaluate the model on validation and test data and write the run's record.

    This is the only place where a notebook touches the test set. In plain Jupyter it
    also prints the scores and shows the curves and the confusion matrix.

    Parameters
    ----------
    model : keras.Model
        Trained; its weights at this moment are the ones that are tested.
    data : Data
    history : mapping
        What `train` returned.
    """
    session = current()
    result = observe(model, data, history, session)
    if session.folder is None:
        from reportgen.lab.showing import show

        show(result)
        return
    for name, content in to_files(result).items():
        _write(session.folder / name, content)
    scores = result.evaluation["test"]
    print(f"test accuracy {scores['accuracy']:.4f}, test loss {scores['loss']:.4f}")


def observe(model: Any, data: Data, history: Mapping[str, Sequence[float]], session: Session) -> Record:
    """Return the record of a trained model (see `record`)."""
    started = time.perf_counter()
    test, test_scores = _evaluated(model, data.test)
    held, held_scores = test, test_scores
    if not data.facts.validated_on_test:
        held, held_scores = _evaluated(model, data.validation)
    now = time.perf_counter()
    return Record(
        parameters=dict(session.parameters),
        seed=session.seed,
        data=data.facts,
        features=data.features,
        layers=tuple(_layer(layer) for layer in model.layers),
        total_params=int(model.count_params()),
        trainable_params=sum(int(np.prod(v.shape)) for v in model.trainable_variables),
        optimizer={"name": type(model.optimizer).__name__, "settings": _plain(model.optimizer.get_config())},
        loss=_loss(model.loss),
        history={name: np.asarray(values, dtype=np.float64) for name, values in history.items()},
        evaluation={"test": test_scores, "validation": held_scores},
        tested_epoch=len(history["loss"]),
        test=test,
        validation=held,
        environment=_environment(session),
        times=Times(
            started=session.started,
            train=float(sum(history["seconds"])),
            evaluate=now - started,
            features=data.features.seconds,
            total=now - session.clock,
        ),
        peak_memory=_peak_memory(),
    )


def _evaluated(model: Any, part: Part) -> tuple[Predictions, dict[str, float]]:
    scores = model.evaluate(part.x, part.y, batch_size=BATCH, verbose=0, return_dict=True)
    probabilities = np.asarray(model.predict(part.x, batch_size=BATCH, verbose=0), dtype=np.float32)
    predictions = Predictions(part.index, part.labels, probabilities.argmax(axis=1), probabilities)
    return predictions, {name: float(scores[name]) for name in ("loss", "accuracy")}


def _layer(layer: Any) -> Layer:
    trainable = {id(variable) for variable in layer.trainable_variables}  # `weights` leaves out random states
    return Layer(
        name=layer.name,
        class_name=type(layer).__name__,
        settings=_plain(layer.get_config()),
        input_shape=_shape(layer.input.shape),
        output_shape=_shape(layer.output.shape),
        variables=tuple(
            Variable(v.name, tuple(int(n) for n in v.shape), id(v) in trainable) for v in layer.weights
        ),
    )


def _shape(shape: Sequence[int | None]) -> tuple[int, ...]:
    return tuple(int(side) for side in shape[1:] if side is not None)


def _plain(config: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a Keras configuration that JSON can hold; dtypes and builders are left out."""
    kept = {}
    for name, value in config.items():
        if name in ("dtype", "build_config", "name"):
            continue
        try:
            kept[name] = json.loads(json.dumps(value))
        except (TypeError, ValueError):
            kept[name] = str(value)
    return kept


def _loss(loss: Any) -> dict[str, Any]:
    if isinstance(loss, str):
        return {"name": loss, "settings": {}}
    return {"name": getattr(loss, "name", str(loss)), "settings": _plain(loss.get_config())}


def _environment(session: Session) -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in ("tensorflow", "keras", "numpy", "scikit-image")},
        "machine": platform.machine(),
        "system": platform.system(),
        "threads": session.threads,
        "deterministic": True,
        "onednn": os.environ.get("TF_ENABLE_ONEDNN_OPTS", "1") != "0",
        **session.facts,
    }


def _peak_memory() -> int:
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_suffix(".tmp")
    temporary.write_bytes(content)
    temporary.replace(path)
