"""What one run leaves behind: raw observations, from which everything else is derived.

A record is two files: ``record.json`` (settings, layers, environment, times) and
``arrays.npz`` (history, labels, probabilities). Neither is ever unpickled.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

SCHEMA_VERSION = 1
"""Version of the files of a record; part of the key of every run."""

MAX_ARRAY_BYTES = 2 << 30
_VOLATILE = ("times", "environment")
_VOLATILE_HISTORY = ("seconds",)


class RecordError(ValueError):
    """The bytes do not hold a valid record; the message names the field."""


@dataclass(frozen=True)
class Variable:
    """A variable of a layer: ``kernel`` of shape (3, 3, 9, 16), say."""

    name: str
    shape: tuple[int, ...]
    trainable: bool

    @property
    def size(self) -> int:
        """Number of scalars in the variable."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Layer:
    """A layer as Keras reports it.

    Parameters
    ----------
    name, class_name : str
        Keras's own names, such as ``dense_1`` and ``Dense``.
    settings : mapping
        The JSON-able part of ``layer.get_config()``.
    input_shape, output_shape : tuple of int
        Without the batch axis.
    variables : tuple of Variable
    """

    name: str
    class_name: str
    settings: Mapping[str, Any]
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    variables: tuple[Variable, ...] = ()

    @property
    def weights(self) -> int:
        """Trainable scalars that are not biases."""
        return sum(v.size for v in self.variables if v.trainable and not _is_bias(v))

    @property
    def biases(self) -> int:
        """Trainable scalars added to an output (``bias``, and ``beta`` of a normalisation)."""
        return sum(v.size for v in self.variables if v.trainable and _is_bias(v))

    @property
    def non_trainable(self) -> int:
        """Scalars that training does not change by its gradient."""
        return sum(v.size for v in self.variables if not v.trainable)

    @property
    def parameters(self) -> int:
        """All scalars of the layer: weights + biases + non-trainable."""
        return sum(v.size for v in self.variables)


def _is_bias(variable: Variable) -> bool:
    return variable.name in ("bias", "beta")


@dataclass(frozen=True)
class Predictions:
    """What the model said of one set of n items with C classes.

    Parameters
    ----------
    index : (n,) int64
        Places of the items in the data set's training or test arrays.
    y_true, y_pred : (n,) int64
        Classes from 0; `y_pred` is the most probable one.
    probabilities : (n, C) float32
    """

    index: NDArray[np.int64]
    y_true: NDArray[np.int64]
    y_pred: NDArray[np.int64]
    probabilities: NDArray[np.float32]


@dataclass(frozen=True)
class DataFacts:
    """Which data a run saw.

    Parameters
    ----------
    requested, name : str
        The data set the row asked for, and the one that was used: they differ when
        an embedded stand-in took its place.
    source : str
        ``folder``, ``keras cache``, ``download`` or ``embedded``.
    digest : str
        SHA-256 of the decoded arrays.
    class_names : tuple of str
    image_shape : tuple of int
        (height, width, channels).
    pixel_range : tuple of float
        Smallest and largest value in the training images, before scaling.
    n_train, n_validation, n_test : int
        Items that the run trained on, validated on and tested on.
    class_counts : mapping of str to tuple of int
        Items per class in ``train``, ``validation`` and ``test``.
    validation : float or str
        Share of the training set held out, or ``"test"``: validated on the test set.
    split_seed : int
    split_digest : str
        SHA-256 of the indices of the training and validation items.
    quick : bool
        True where only a small part of the data was used.
    """

    requested: str
    name: str
    source: str
    digest: str
    class_names: tuple[str, ...]
    image_shape: tuple[int, ...]
    pixel_range: tuple[float, float]
    n_train: int
    n_validation: int
    n_test: int
    class_counts: Mapping[str, tuple[int, ...]]
    validation: float | str
    split_seed: int
    split_digest: str
    quick: bool = False

    @property
    def stand_in(self) -> bool:
        """True where an embedded data set took the place of the requested one."""
        return self.requested != self.name

    @property
    def validated_on_test(self) -> bool:
        """True where the test set was also the validation set."""
        return self.validation == "test"


@dataclass(frozen=True)
class Features:
    """How pixels became the model's inputs.

    Parameters
    ----------
    kind : str
        ``pixels`` or ``hog``.
    length : int
        Values per item.
    settings : mapping
        Arguments of the extraction (``orientations``, ``pixels_per_cell``, ...).
    seconds : float
        Time the extraction took when it was done, for all items of the data set.
    """

    kind: str
    length: int
    settings: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True)
class Times:
    """Seconds of wall time, and when the run began (UTC, ISO 8601)."""

    started: str
    train: float
    evaluate: float
    features: float = 0.0
    total: float = 0.0


@dataclass(frozen=True)
class Record:
    """The raw observations of one run.

    Parameters
    ----------
    parameters : mapping
        Every parameter of the notebook, defaults included.
    seed : int
    data : DataFacts
    features : Features
    layers : tuple of Layer
    total_params, trainable_params : int
        ``model.count_params()`` and its trainable part, as Keras counts them.
    optimizer, loss : mapping
        ``{"name": ..., "settings": {...}}`` as Keras reports them.
    history : mapping of str to (epochs,) float64
        ``loss``, ``accuracy``, ``val_loss``, ``val_accuracy``, ``learning_rate``, ``seconds``.
    evaluation : mapping
        ``{"test": {"loss": ..., "accuracy": ...}, "validation": {...}}`` from
        ``model.evaluate``; accuracies are fractions.
    tested_epoch : int
        The epoch, from 1, whose weights were evaluated.
    test, validation : Predictions
    environment : mapping
        Versions, threads, flags, machine and CPU.
    times : Times
    peak_memory : int
        Largest resident size of the kernel, in bytes.
    """

    parameters: Mapping[str, Any]
    seed: int
    data: DataFacts
    features: Features
    layers: tuple[Layer, ...]
    total_params: int
    trainable_params: int
    optimizer: Mapping[str, Any]
    loss: Mapping[str, Any]
    history: Mapping[str, NDArray[np.float64]]
    evaluation: Mapping[str, Mapping[str, float]]
    tested_epoch: int
    test: Predictions
    validation: Predictions
    environment: Mapping[str, Any]
    times: Times
    peak_memory: int = 0

    @property
    def epochs(self) -> int:
        """Epochs that were trained."""
        return len(self.history["loss"])

    def digest(self) -> str:
        """SHA-256 of what a repetition must give again: all but times and machine."""
        facts, arrays = _split(self)
        facts = {key: value for key, value in facts.items() if key not in _VOLATILE}
        facts.pop("peak_memory")
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
        raise RecordError(f"schema: expected {SCHEMA_VERSION}, found {version!r}")
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
        variables=tuple(
            Variable(v["name"], tuple(v["shape"]), v["trainable"]) for v in facts["variables"]
        ),
    )


def _predictions(arrays: Mapping[str, NDArray[Any]], part: str) -> Predictions:
    return Predictions(
        *(arrays[f"{part}.{name}"] for name in ("index", "y_true", "y_pred", "probabilities"))
    )


def _validate(record: Record) -> None:
    epochs = record.epochs
    if epochs < 1:
        raise RecordError("history.loss: expected at least one epoch")
    for name, values in record.history.items():
        if values.shape != (epochs,) or values.dtype != np.float64:
            raise RecordError(f"history.{name}: expected {epochs} float64 numbers, found {values.dtype} {values.shape}")
    classes = len(record.data.class_names)
    for part, size in (("test", record.data.n_test), ("validation", record.data.n_validation)):
        _validate_predictions(getattr(record, part), part, size, classes)
    for part, scores in record.evaluation.items():
        for name, value in scores.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
                raise RecordError(f"evaluation.{part}.{name}: expected a finite number, found {value!r}")
    if not 1 <= record.tested_epoch <= epochs:
        raise RecordError(f"tested_epoch: expected 1 to {epochs}, found {record.tested_epoch}")
    if sum(layer.parameters for layer in record.layers) != record.total_params:
        raise RecordError("total_params: differs from the sum over the layers")


def _validate_predictions(predictions: Predictions, part: str, size: int, classes: int) -> None:
    for name in ("index", "y_true", "y_pred"):
        values = getattr(predictions, name)
        if values.shape != (size,) or values.dtype != np.int64:
            raise RecordError(f"{part}.{name}: expected {size} int64 numbers, found {values.dtype} {values.shape}")
        if name != "index" and size and not (0 <= values.min() and values.max() < classes):
            raise RecordError(f"{part}.{name}: a class is outside 0 to {classes - 1}")
    probabilities = predictions.probabilities
    if probabilities.shape != (size, classes) or probabilities.dtype != np.float32:
        raise RecordError(f"{part}.probabilities: expected float32 {(size, classes)}, found {probabilities.dtype} {probabilities.shape}")
    if not np.isfinite(probabilities).all():
        raise RecordError(f"{part}.probabilities: not all finite")
