"""The record of a run: what the trained model is, and what it says of every item."""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.lab.data import Data, Part
from reportgen.lab.initial import weights_digest
from reportgen.lab.refusal import CannotRun
from reportgen.lab.session import Session, current
from reportgen.lab.training import targets
from reportgen.recordfile import MODEL_FILE, to_files
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
    if session.keep_model:
        result = replace(result, model_file=_keep(model, session.folder / MODEL_FILE))
    for name, content in to_files(result).items():
        _write(session.folder / name, content)
    scores = result.evaluation["test"]
    print(f"test accuracy {scores['accuracy']:.4f}, test loss {scores['loss']:.4f}")


def observe(model: Any, data: Data, history: Mapping[str, Sequence[float]], session: Session) -> Record:
    """Return the record of a trained model (see `record`)."""
    started = time.perf_counter()
    evaluated = {"test": _evaluated(model, data.test)}
    evaluated["validation"] = (
        evaluated["test"] if data.facts.validated_on_test else _evaluated(model, data.validation)
    )
    stopped = getattr(history, "stopped", None)
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
        evaluation={part: each.scores for part, each in evaluated.items()},
        tested_epoch=getattr(stopped, "restored", None) or len(history["loss"]),
        test=evaluated["test"].predictions,
        validation=evaluated["validation"].predictions,
        environment=_environment(session),
        times=Times(
            started=session.started,
            train=float(sum(history["seconds"])),
            evaluate=now - started,
            features=data.features.seconds,
            total=now - session.clock,
        ),
        peak_memory=_peak_memory(),
        stopped=stopped,
        penalty={part: each.penalty for part, each in evaluated.items()},
        augmentation=_augmentation(model),
        initial=getattr(history, "initial", {}),
        weights=weights_digest(model),
    )


@dataclass(frozen=True)
class _Evaluated:
    """What a model says of one part of the data, and how its loss is made up."""

    predictions: Predictions
    scores: dict[str, float]
    penalty: float


def _evaluated(model: Any, part: Part) -> _Evaluated:
    y = targets(model, part)
    scores = model.evaluate(part.x, y, batch_size=BATCH, verbose=0, return_dict=True)
    outputs = np.asarray(model.predict(part.x, batch_size=BATCH, verbose=0), dtype=np.float32)
    if not (math.isfinite(scores["loss"]) and np.isfinite(outputs).all()):
        raise CannotRun("what the network says of an image is no number", "use a smaller learning rate")
    probabilities = _probabilities(model, outputs)
    predictions = Predictions(part.index, part.labels, probabilities.argmax(axis=1), probabilities)
    kept = {name: float(scores[name]) for name in ("loss", "accuracy")}
    return _Evaluated(predictions, kept, _penalty(model, y, outputs, kept["loss"]))


def _probabilities(model: Any, outputs: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities of the classes, from what may be the logits of them."""
    import keras

    if not getattr(model.loss, "from_logits", False):
        return outputs
    binary = type(model.loss).__name__.startswith("Binary")
    squashed = keras.ops.sigmoid(outputs) if binary else keras.ops.softmax(outputs)
    return np.asarray(squashed, dtype=np.float32)


def _penalty(model: Any, y: NDArray[Any], outputs: NDArray[np.float32], loss: float) -> float:
    """The part of a loss that regularisers add to the error of the predictions; 0 without any."""
    if not model.losses:
        return 0.0
    return loss - float(np.asarray(_errors(model.loss, y, outputs), dtype=np.float64).mean())


def _errors(loss: Any, y: NDArray[Any], outputs: NDArray[np.float32]) -> Any:
    """What a loss says of outputs, penalties left out: a mean, or one number per item.

    While it evaluates, Keras takes the crossentropy of a softmax from what went into that, without its bound
    of 1e-7 for a probability; logarithms of probabilities are such inputs.
    """
    from keras import losses

    function = losses.get(loss)
    plain = {losses.categorical_crossentropy, losses.sparse_categorical_crossentropy}
    classes = losses.CategoricalCrossentropy | losses.SparseCategoricalCrossentropy
    logits = np.log(np.maximum(outputs, np.finfo(np.float32).tiny))
    if not isinstance(function, losses.Loss) and function in plain:
        return function(y, logits, from_logits=True)
    if isinstance(function, classes) and not function.from_logits:
        return type(function).from_config({**function.get_config(), "from_logits": True})(y, logits)
    return function(y, outputs)


def _augmentation(model: Any) -> int:
    """How many of the first layers alter images at random; Keras's all have such names."""
    first = takewhile(lambda layer: type(layer).__name__.startswith("Random"), model.layers)
    return sum(1 for _ in first)


def _keep(model: Any, path: Path) -> str:
    """Write the model to a file and return the SHA-256 of it."""
    model.save(path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _layer(layer: Any) -> Layer:
    trainable = {id(variable) for variable in layer.trainable_variables}  # `weights` leaves out random states
    inner = [one for one in getattr(layer, "layers", ()) if type(one).__name__ != "InputLayer"]
    config = layer.get_config()
    if inner:  # whose settings stand with each of them
        config = {"trainable": layer.trainable}
    return Layer(
        name=layer.name,
        class_name=type(layer).__name__,
        settings=_plain(config),
        input_shape=_shape(layer.input),
        output_shape=_shape(layer.output),
        variables=tuple(
            Variable(v.name, tuple(int(n) for n in v.shape), id(v) in trainable) for v in layer.weights
        ),
        inner=tuple(map(_layer, inner)),
    )


def _shape(tensors: Any) -> tuple[int, ...]:
    """Of one item; of several inputs, the first."""
    tensor = tensors[0] if isinstance(tensors, (list, tuple)) else tensors
    return tuple(int(side) for side in tensor.shape[1:] if side is not None)


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
