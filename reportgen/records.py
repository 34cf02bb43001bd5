"""What one run leaves behind: raw observations, from which everything else is derived.

Figures, tables and statistics never train a model again: what they need is here.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


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
        Those of the inner layers too.
    inner : tuple of Layer
        The layers of a network that stands here as one layer, such as MobileNetV2, in its order; of a
        layer with several inputs the shape of the first.
    """

    name: str
    class_name: str
    settings: Mapping[str, Any]
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    variables: tuple[Variable, ...] = ()
    inner: tuple[Layer, ...] = ()

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
    validation : float, int or str
        Share of the training set held out, or how many of its items; or ``"test"``: the test set itself.
    split_seed : int
        Drew the validation items: the run's own seed, or one that all runs of the file share.
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
    validation: float | int | str
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
class Stopped:
    """How a training ended.

    Parameters
    ----------
    planned : int
        Epochs that it was to last.
    by : str
        Class of the callback that ended it sooner, such as ``EarlyStopping``; else empty.
    restored : int or None
        The epoch, from 1, whose weights were put back at the end; None where the last ones stayed.
    """

    planned: int
    by: str = ""
    restored: int | None = None


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
        ``loss``, ``accuracy``, ``val_loss``, ``val_accuracy``, ``learning_rate`` (at the start of the
        epoch), ``seconds``.
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
    stopped : Stopped or None
        None where it is not known: a notebook trained without `reportgen.lab.train`.
    penalty : mapping of str to float
        How much of the loss in ``evaluation`` is no error but a penalty of regularisers, per part.
    augmentation : int
        How many of the first layers alter the images at random, in training only.
    initial : mapping of str to str
        Of a warm start: ``key`` of the run whose weights were the first ones, and their digest, ``weights``.
    weights : str
        SHA-256 of the weights that were tested, with types and shapes; empty where it is not known.
    model_file : str
        SHA-256 of the model's file, where it was kept beside the record; else empty.
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
    stopped: Stopped | None = None
    penalty: Mapping[str, float] = field(default_factory=dict)
    augmentation: int = 0
    initial: Mapping[str, str] = field(default_factory=dict)
    weights: str = ""
    model_file: str = ""

    @property
    def epochs(self) -> int:
        """Epochs that were trained."""
        return len(self.history["loss"])

    def error_loss(self, part: str) -> float:
        """The loss of ``validation`` or ``test`` without the penalty: what networks can be compared by."""
        return self.evaluation[part]["loss"] - self.penalty.get(part, 0.0)


def random_seed(seed: int, initial: Mapping[str, str] | None) -> int:
    """Seed of the initial weights, the shuffling, the dropout and the augmentation of a run.

    It stands here, and not in the lab, for the report that prints it; no key of a run would tell of a change.

    Parameters
    ----------
    seed : int
        Of the run.
    initial : mapping or None
        Where its first weights come from: ``key`` of that run. Without it, the seed itself.
    """
    if not initial:
        return seed
    return int(hashlib.sha256(f"{seed} {initial['key']}".encode()).hexdigest()[:8], 16)
