"""Invented records, rows and results that are valid and look like real ones."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.datasets.dataset import Found
from reportgen.experiments.resolved import Experiments, Row
from reportgen.experiments.schema import Execution, Experiment, ExperimentsFile, Report, Section
from reportgen.provenance import Provenance
from reportgen.records import DataFacts, Features, Layer, Predictions, Record, Stopped, Times, Variable
from reportgen.results import Failure, Result, Run

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip


def dense(name: str, inputs: int, units: int, activation: str) -> Layer:
    """A Dense layer as Keras would report it."""
    return Layer(
        name, "Dense", {"units": units, "activation": activation, "use_bias": True}, (inputs,), (units,),
        (Variable("kernel", (inputs, units), True), Variable("bias", (units,), True)),
    )  # fmt: skip


def conv(name: str, side: int, channels: int, filters: int, kernel: int) -> Layer:
    """A Conv2D layer with `same` padding."""
    settings = {
        "filters": filters, "kernel_size": [kernel, kernel], "strides": [1, 1], "padding": "same",
        "activation": "relu", "use_bias": True,
    }  # fmt: skip
    return Layer(
        name, "Conv2D", settings, (side, side, channels), (side, side, filters),
        (Variable("kernel", (kernel, kernel, channels, filters), True), Variable("bias", (filters,), True)),
    )  # fmt: skip


def plain(
    name: str, class_name: str, before: tuple[int, ...], after: tuple[int, ...], **settings: Any
) -> Layer:
    """A layer without variables."""
    return Layer(name, class_name, settings, before, after)


def mlp_layers(
    inputs: int = 784, hidden: Sequence[int] = (250,), activation: str = "tanh", classes: int = 10
) -> tuple[Layer, ...]:
    """Layers of a multi-layer perceptron with dropout after each hidden layer."""
    layers: list[Layer] = []
    for number, units in enumerate(hidden):
        layers.append(dense(f"hidden_{number + 1}", inputs, units, activation))
        layers.append(plain(f"dropout_{number + 1}", "Dropout", (units,), (units,), rate=0.5))
        inputs = units
    return (*layers, dense("output", inputs, classes, "softmax"))


def cnn_layers(units: int = 25) -> tuple[Layer, ...]:
    """Layers of Labo04's convolutional network: 7,465 parameters with 25 units."""
    return (
        conv("conv_1", 28, 1, 9, 5),
        plain("pool_1", "MaxPooling2D", (28, 28, 9), (14, 14, 9), pool_size=[2, 2], strides=[2, 2]),
        conv("conv_2", 14, 9, 9, 5),
        plain("pool_2", "MaxPooling2D", (14, 14, 9), (7, 7, 9), pool_size=[2, 2], strides=[2, 2]),
        conv("conv_3", 7, 9, 16, 3),
        plain("pool_3", "MaxPooling2D", (7, 7, 16), (3, 3, 16), pool_size=[2, 2], strides=[2, 2]),
        plain("flatten", "Flatten", (3, 3, 16), (144,)),
        dense("dense", 144, units, "relu"),
        dense("output", units, 10, "softmax"),
    )


def lstm_layers(units: int = 32, dropout: float = 0.0) -> tuple[Layer, ...]:
    """Layers of a recurrent network that reads an image line by line, as Keras would report them."""
    shapes = {"kernel": (28, 4 * units), "recurrent_kernel": (units, 4 * units), "bias": (4 * units,)}
    return (
        plain("lines", "Reshape", (28, 28, 1), (28, 28), target_shape=[28, 28]),
        Layer(
            "lstm", "LSTM", {"units": units, "activation": "tanh", "dropout": dropout}, (28, 28), (units,),
            tuple(Variable(name, shape, True) for name, shape in shapes.items()),
        ),
        dense("output", units, 10, "softmax"),
    )  # fmt: skip


def _parameters(layers: Sequence[Layer]) -> dict[str, Any]:
    """The parameters that the notebooks that come along make such layers from."""
    hidden = [layer for layer in layers[:-1] if layer.class_name == "Dense"]
    convolutions = [layer for layer in layers if layer.class_name == "Conv2D"]
    found: dict[str, Any] = {}
    if convolutions:
        found["filters"] = [layer.settings["filters"] for layer in convolutions]
        found["kernel_sizes"] = [layer.settings["kernel_size"][0] for layer in convolutions]
    found["hidden_units"] = [layer.output_shape[-1] for layer in hidden]
    if hidden:
        found["activation"] = hidden[0].settings.get("activation", "linear")
    found["dropout"] = 0.5 if any(layer.class_name == "Dropout" for layer in layers) else 0.0
    return found


def predictions(n: int, classes: int, accuracy: float, seed: int) -> Predictions:
    """Labels and probabilities of a model that is right in about `accuracy` of n items."""
    rng = np.random.default_rng(seed)
    y_true = np.arange(n, dtype=np.int64) % classes
    wrong = rng.random(n) > accuracy
    guess = np.where(rng.random(n) < 0.6, (y_true * 7 + 2) % classes, rng.integers(0, classes, n))
    top = np.where(wrong, guess, y_true)
    probabilities = rng.dirichlet(np.full(classes, 0.05), n).astype(np.float32)
    probabilities[np.arange(n), top] += 1.5
    probabilities = (probabilities / probabilities.sum(axis=1, keepdims=True)).astype(np.float32)
    return Predictions(np.arange(n, dtype=np.int64), y_true, probabilities.argmax(axis=1), probabilities)


def record(
    *,
    layers: tuple[Layer, ...] | None = None,
    parameters: Mapping[str, Any] | None = None,
    dataset: str = "mnist",
    name: str | None = None,
    class_names: Sequence[str] | None = None,
    accuracy: float = 0.975,
    epochs: int = 20,
    n_test: int = 2000,
    n_validation: int = 1200,
    seed: int = 42,
    validation: float | int | str = 0.1,
    features: Features | None = None,
    quick: bool = False,
    augmentation: int = 0,
    stopped: Stopped | None = None,
    penalty: float = 0.0,
    rates: Sequence[float] | None = None,
    weights: str = "",
) -> Record:
    """A whole valid record; a training that ended sooner has a `stopped` of its own, and fewer `epochs`."""
    layers = mlp_layers() if layers is None else layers
    classes = tuple(class_names or (CLOTHES if dataset == "fashion_mnist" else DIGITS))
    test = predictions(n_test, len(classes), accuracy, seed)
    held_out = predictions(n_validation, len(classes), accuracy + 0.002, seed + 1)
    step = np.arange(1, epochs + 1, dtype=np.float64)
    noise = np.random.default_rng(seed).normal(0, 0.002, epochs)
    val_loss = 0.08 + 0.6 / step + 0.0012 * step + np.abs(noise)
    val_accuracy = accuracy - 0.25 / step**1.5 + noise
    history = {
        "loss": 0.02 + 0.9 / step,
        "accuracy": np.minimum(0.999, accuracy + 0.01 - 0.3 / step**1.4),
        "val_loss": val_loss,
        "val_accuracy": val_accuracy,
        "learning_rate": np.full(epochs, 0.001) if rates is None else np.asarray(rates, dtype=np.float64),
        "seconds": np.full(epochs, 0.4),
    }
    facts = DataFacts(
        requested=dataset,
        name=name or dataset,
        source="embedded" if name else "folder",
        digest=hashlib.sha256((name or dataset).encode()).hexdigest(),
        class_names=classes,
        image_shape=(28, 28, 1),
        pixel_range=(0.0, 255.0),
        n_train=n_validation * 9,
        n_validation=n_validation,
        n_test=n_test,
        class_counts={
            part: tuple(int(n) for n in np.bincount(labels, minlength=len(classes)))
            for part, labels in (("train", np.tile(held_out.y_true, 9)), ("validation", held_out.y_true), ("test", test.y_true))
        },
        validation=validation,
        split_seed=seed,
        split_digest=hashlib.sha256(b"split").hexdigest(),
        quick=quick,
    )  # fmt: skip
    return Record(
        parameters=parameters
        or {
            "dataset": dataset, **_parameters(layers), "batch_size": 4096,
            "epochs": epochs, "learning_rate": 0.001, "validation": validation,
        },
        seed=seed,
        data=facts,
        features=features or Features("pixels", 784, {}),
        layers=layers,
        total_params=sum(layer.parameters for layer in layers),
        trainable_params=sum(layer.weights + layer.biases for layer in layers),
        optimizer={
            "name": "RMSprop",
            "settings": {"learning_rate": 0.001, "rho": 0.9, "momentum": 0.0, "epsilon": 1e-07, "centered": False},
        },
        loss={"name": "categorical_crossentropy", "settings": {}},
        history=history,
        evaluation={
            "test": {"loss": float(val_loss[-1]), "accuracy": float((test.y_true == test.y_pred).mean())},
            "validation": {
                "loss": float(val_loss[-1]), "accuracy": float((held_out.y_true == held_out.y_pred).mean()),
            },
        },
        tested_epoch=(stopped and stopped.restored) or epochs,
        test=test,
        validation=held_out,
        environment={
            "python": "3.11.7", "tensorflow": "2.21.0", "keras": "3.15.1", "numpy": "2.4.6", "scikit-image": "0.26.0",
            "machine": "x86_64", "system": "Linux", "cpu": "Example CPU at 3 GHz", "threads": 1, "deterministic": True,
            "onednn": True, "kernel": "forked",
        },
        times=Times("2026-11-20T10:00:00+00:00", 12.5, 0.6, 0.0, 14.0),
        peak_memory=900 << 20,
        stopped=stopped or Stopped(epochs),
        penalty={"test": penalty, "validation": penalty},
        augmentation=augmentation,
        weights=weights,
    )  # fmt: skip


def row(id: str = "raw-250", section: str = "raw", title: str = "250 tanh units", **changes: Any) -> Row:
    """A resolved row."""
    facts: dict[str, Any] = {
        "notebook": "raw_mlp",
        "parameters": {"dataset": "mnist", "hidden_units": [250], "activation": "tanh"},
        "given": {"hidden_units": [250]},
        "seed": 42,
        "line": 10,
    }
    return Row(id=id, section=section, title=title, **(facts | changes))


def result(
    row: Row,
    key: str,
    seed: int,
    record: Record | None = None,
    failure: Failure | None = None,
    stored: bool = False,
    same_as: tuple[str, ...] = (),
) -> Result:
    """The result of a row with one run."""
    return Result(row, (Run(key, seed, record, failure, stored),), same_as)


def with_record(found: Result, record: Record) -> Result:
    """A result of one run, with another record."""
    return dataclasses.replace(found, runs=(dataclasses.replace(found.runs[0], record=record),))


def repeated(row: Row, records: Sequence[Record | Failure]) -> Result:
    """The result of a row with one run for each record or failure, with seeds from the row's on."""
    runs = []
    for seed, made in enumerate(records, row.seed):
        key = hashlib.sha256(f"{row.id} {seed}".encode()).hexdigest()
        runs.append(
            Run(key, seed, failure=made) if isinstance(made, Failure) else Run(key, seed, record=made)
        )
    return Result(dataclasses.replace(row, repeats=len(runs)), tuple(runs))


def coursework(failed: bool = False) -> tuple[Experiments, tuple[Result, ...], Provenance]:
    """Two chapters, six rows, one of them failed where asked for."""
    sections = [
        Section(
            id="algorithm", kind="algorithm", question="Which *learning algorithm* optimises the weights?"
        ),
        Section(id="complexity", kind="complexity", title="Model complexity"),
        Section(
            id="raw",
            title="Raw pixels",
            notebook="raw_mlp",
            introduction="One hidden layer.",
            conclusion="Done.",
        ),
        Section(id="clothes", title="Clothing", notebook="fashion_cnn"),
        Section(id="comparison", kind="comparison", title="Comparison"),
        Section(id="end", kind="prose", title="Conclusions", text="What **holds**, holds."),
    ]
    rows, results = [], []
    for number, hidden in enumerate((150, 250, 300)):
        rows.append(
            row(
                f"raw-{hidden}",
                "raw",
                f"{hidden} tanh units, no dropout",
                comment="A *comment*.",
                line=20 + number,
            )
        )
        results.append(
            result(rows[-1], f"{number:064x}", 42, record(layers=mlp_layers(hidden=(hidden,)), accuracy=0.96 + number / 100, seed=number))
        )  # fmt: skip
    for number, units in enumerate((10, 25, 35)):
        rows.append(
            row(
                f"fashion-{units}",
                "clothes",
                f"{units} units after three convolutions",
                notebook="fashion_cnn",
                line=40 + number,
            )
        )
        results.append(
            result(rows[-1], f"{number + 10:064x}", 42, record(layers=cnn_layers(units), dataset="fashion_mnist", accuracy=0.86 + number / 100, seed=number))
        )  # fmt: skip
    if failed:
        failure = Failure(
            "kernel-died", "the kernel was killed (SIGKILL)", 4, "Killed", 12.0, "try fewer --jobs"
        )
        results[1] = result(rows[1], results[1].runs[0].key, 42, failure=failure)
    file = ExperimentsFile(
        report=Report(title="Digits and clothing: six classifiers", course="Machine learning", date=datetime.date(2026, 11, 20)),
        execution=Execution(),
        section=sections,
        experiment=[Experiment(id=r.id, section=r.section, title=r.title) for r in rows],
    )  # fmt: skip
    found = tuple(
        Found(name, name, "folder", hashlib.sha256(name.encode()).hexdigest(), Path("/nowhere"), ((f"{name}.gz", 1234, "ab" * 32),))
        for name in ("mnist", "fashion_mnist")
    )  # fmt: skip
    provenance = Provenance(
        "0.1.0", "reportgen build experiments.toml", datetime.date(2026, 11, 20), "3f9c2ab", True, found
    )
    return Experiments("experiments.toml", file, tuple(rows), "cd" * 32), tuple(results), provenance
