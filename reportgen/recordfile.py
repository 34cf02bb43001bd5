"""A record as two files: ``record.json`` and ``arrays.npz``; neither is ever unpickled.

``record.json`` holds settings, layers, environment and times; ``arrays.npz`` the
history, the labels and the probabilities.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.records import DataFacts, Features, Layer, Predictions, Record, Stopped, Times, Variable

SCHEMA_VERSION = 2
"""Version of the files of a record; part of the key of every run."""

MODEL_FILE = "model.keras"
"""The trained model beside the record, where a row keeps it."""

MAX_ARRAY_BYTES = 2 << 30
_VOLATILE = ("times", "environment", "peak_memory", "model_file")
_VOLATILE_HISTORY = ("seconds",)


class RecordError(ValueError):
    """The bytes do not hold a valid record; the message names the field."""


class OtherSchema(RecordError):
    """A record of another version of reportgen: whole perhaps, and not ours to read."""


def digest(record: Record) -> str:
    """SHA-256 of what a repetition must give again: all but times and machine."""
    facts, arrays = _split(record)
    facts = {key: value for key, value in facts.items() if key not in _VOLATILE}
    facts["features"] = {k: v for k, v in facts["features"].items() if k != "seconds"}
    facts["data"] = {k: v for k, v in facts["data"].items() if k != "source"}
    total = hashlib.sha256(_canonical(facts))
    for name in sorted(arrays):
        if name.removeprefix("history.") not in _VOLATILE_HISTORY:
            array = np.ascontiguousarray(arrays[name])
            total.update(f"{name}{array.dtype.str}{array.shape}".encode())
            total.update(array.tobytes())
    return total.hexdigest()


def to_files(record: Record) -> dict[str, bytes]:
    """Return the two files of a record by name; equal records give equal bytes."""
    facts, arrays = _split(record)
    return {"record.json": _canonical(facts), "arrays.npz": _npz(arrays)}


def from_files(files: Mapping[str, bytes]) -> Record:
    """Read a record from its two files.

    Raises
    ------
    OtherSchema
        Another version of reportgen wrote it.
    RecordError
        A file or a field is missing, of the wrong type, or not finite.
    """
    try:
        facts = json.loads(files["record.json"])
        arrays = _read_npz(files["arrays.npz"])
        record = _join(facts, arrays)
    except RecordError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, OSError, zipfile.BadZipFile) as error:
        raise RecordError(f"{type(error).__name__}: {error}") from error
    _validate(record)
    return record


def _canonical(facts: Mapping[str, Any]) -> bytes:
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _split(record: Record) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    arrays: dict[str, NDArray[Any]] = {
        f"history.{name}": np.asarray(values, dtype=np.float64) for name, values in record.history.items()
    }
    for part in ("test", "validation"):
        predictions: Predictions = getattr(record, part)
        for name in ("index", "y_true", "y_pred"):
            arrays[f"{part}.{name}"] = np.asarray(getattr(predictions, name), dtype=np.int64)
        arrays[f"{part}.probabilities"] = np.asarray(predictions.probabilities, dtype=np.float32)
    shallow = {
        name: getattr(record, name)
        for name in record.__dataclass_fields__
        if name not in ("history", "test", "validation")
    }
    facts: dict[str, Any] = json.loads(json.dumps(shallow, default=_plain))
    facts["schema"] = SCHEMA_VERSION
    return facts, arrays


def _plain(value: Any) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no place in a record")


def _npz(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Write arrays as NPZ with fixed dates and order, so that equal arrays give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.ascontiguousarray(arrays[name]), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, member.getvalue())
    return buffer.getvalue()


def _read_npz(content: bytes) -> dict[str, NDArray[Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(info.file_size for info in archive.infolist()) > MAX_ARRAY_BYTES:
            raise RecordError("arrays.npz: too large once unpacked")
        return {
            info.filename.removesuffix(".npy"): np.lib.format.read_array(
                io.BytesIO(archive.read(info)), allow_pickle=False
            )
            for info in archive.infolist()
        }


def _join(facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Record:
    version = facts.pop("schema")
    if version != SCHEMA_VERSION:
        raise OtherSchema(
            f"schema: expected {SCHEMA_VERSION}, found {version!r}: another version of reportgen wrote it;"
            " build its row again"
        )
    data = dict(facts.pop("data"))
    data["class_names"] = tuple(data["class_names"])
    data["image_shape"] = tuple(data["image_shape"])
    data["pixel_range"] = tuple(data["pixel_range"])
    data["class_counts"] = {part: tuple(counts) for part, counts in data["class_counts"].items()}
    return Record(
        data=DataFacts(**data),
        features=Features(**facts.pop("features")),
        times=Times(**facts.pop("times")),
        layers=tuple(_layer(layer) for layer in facts.pop("layers")),
        stopped=_stopped(facts.pop("stopped")),
        history={
            name.removeprefix("history."): values
            for name, values in arrays.items()
            if name.startswith("history.")
        },
        test=_predictions(arrays, "test"),
        validation=_predictions(arrays, "validation"),
        **facts,
    )


def _layer(facts: dict[str, Any]) -> Layer:
    return Layer(
        name=facts["name"],
        class_name=facts["class_name"],
        settings=facts["settings"],
        input_shape=tuple(facts["input_shape"]),
        output_shape=tuple(facts["output_shape"]),
        variables=tuple(Variable(v["name"], tuple(v["shape"]), v["trainable"]) for v in facts["variables"]),
        inner=tuple(_layer(layer) for layer in facts["inner"]),
    )


def _stopped(facts: Mapping[str, Any] | None) -> Stopped | None:
    return None if facts is None else Stopped(**facts)


def _predictions(arrays: Mapping[str, NDArray[Any]], part: str) -> Predictions:
    return Predictions(*(arrays[f"{part}.{name}"] for name in ("index", "y_true", "y_pred", "probabilities")))


def _validate(record: Record) -> None:
    epochs = record.epochs
    if epochs < 1:
        raise RecordError("history.loss: expected at least one epoch")
    for name, values in record.history.items():
        if values.shape != (epochs,) or values.dtype != np.float64:
            raise RecordError(
                f"history.{name}: expected {epochs} float64 numbers, found {values.dtype} {values.shape}"
            )
    classes = len(record.data.class_names)
    for part, size in (("test", record.data.n_test), ("validation", record.data.n_validation)):
        _validate_predictions(getattr(record, part), part, size, classes)
    for part, scores in record.evaluation.items():
        _validate_numbers(scores, f"evaluation.{part}")
    _validate_numbers(record.penalty, "penalty")
    _validate_end(record)
    if not 1 <= record.tested_epoch <= epochs:
        raise RecordError(f"tested_epoch: expected 1 to {epochs}, found {record.tested_epoch}")
    if sum(layer.parameters for layer in record.layers) != record.total_params:
        raise RecordError("total_params: differs from the sum over the layers")
    if not 0 <= record.augmentation <= len(record.layers):
        raise RecordError(f"augmentation: expected 0 to {len(record.layers)}, found {record.augmentation}")


def _validate_numbers(numbers: Mapping[str, Any], place: str) -> None:
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise RecordError(f"{place}.{name}: expected a finite number, found {value!r}")


def _validate_end(record: Record) -> None:
    """How a training ended must agree with how long it was and whose weights were tested."""
    stopped, epochs = record.stopped, record.epochs
    if stopped is None:
        return
    if stopped.planned < epochs or bool(stopped.by) != (epochs < stopped.planned):
        raise RecordError(
            f"stopped: {epochs} of {stopped.planned} epochs, ended by {stopped.by or 'nothing'!r}"
        )
    tested = epochs if stopped.restored is None else stopped.restored
    if record.tested_epoch != tested:
        raise RecordError(f"tested_epoch: expected {tested}, found {record.tested_epoch}")


def _validate_predictions(predictions: Predictions, part: str, size: int, classes: int) -> None:
    for name in ("index", "y_true", "y_pred"):
        values = getattr(predictions, name)
        if values.shape != (size,) or values.dtype != np.int64:
            raise RecordError(
                f"{part}.{name}: expected {size} int64 numbers, found {values.dtype} {values.shape}"
            )
        if name != "index" and size and not (values.min() >= 0 and values.max() < classes):
            raise RecordError(f"{part}.{name}: a class is outside 0 to {classes - 1}")
    probabilities = predictions.probabilities
    if probabilities.shape != (size, classes) or probabilities.dtype != np.float32:
        raise RecordError(
            f"{part}.probabilities: expected float32 {(size, classes)},"
            f" found {probabilities.dtype} {probabilities.shape}"
        )
    if not np.isfinite(probabilities).all():
        raise RecordError(f"{part}.probabilities: not all finite")
