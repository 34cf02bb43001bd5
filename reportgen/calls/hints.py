"""What to say about names that are not there: older spellings, and what Keras has but a row cannot use."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.calls.signatures import REQUIRED, Signature, find
from reportgen.experiments.words import suggestion

SINGULAR: Mapping[str, str] = {
    "layers": "layer",
    "augmentation": "augmentation layer",
    "applications": "application",
    "optimizers": "optimiser",
    "losses": "loss",
    "callbacks": "callback",
    "schedules": "schedule",
    "epoch_schedules": "schedule",
    "regularizers": "regulariser",
    "initializers": "initialiser",
    "constraints": "constraint",
}

_OLD: Mapping[str, str] = {
    "lr": "write learning_rate=",
    "decay": "Keras 3 has none: make learning_rate a schedule, such as InverseTimeDecay(1e-3, 1000, 0.5)",
    "input_shape": "the data set gives the shape: leave it out",
    "batch_input_shape": "the data set gives the shape: leave it out",
    "input_dim": "the data set gives the shape: leave it out",
    "alpha": "write negative_slope=",
    "nb_filter": "write filters=",
    "border_mode": "write padding=",
    "subsample": "write strides=",
    "init": "write kernel_initializer=",
    "W_regularizer": "write kernel_regularizer=",
    "weight_regularizer": "write kernel_regularizer=",
    "p": "write rate=",
    "epsilon": "write min_delta=",
    "output_dim": "write units=",
    "batch_size": "it is a parameter of the notebook, beside this one",
    "epochs": "it is a parameter of the notebook, beside this one",
    "dtype": "every run computes in float32: leave it out",
    "autocast": "every run computes in float32: leave it out",
}
"""What earlier versions of Keras, and hasty fingers, call an argument."""

_OWN = "a notebook of your own can build it"
_INPUT = ("the data set gives the shape of the input", "leave it out: the first layer follows the data")
_FILE = ("it writes files that nothing reads", "leave it out: the record holds every epoch")
_SEVERAL = ("Keras has several", 'of classes that exclude one another, write "categorical_crossentropy"')

_REFUSED: Mapping[tuple[str, str], tuple[str, str]] = {
    ("layers", "Input"): _INPUT,
    ("layers", "InputLayer"): _INPUT,
    ("layers", "Lambda"): ("a function cannot be written down as data", _OWN),
    ("layers", "Sequential"): ("layers follow one another as they stand", "list its layers"),
    ("losses", "crossentropy"): _SEVERAL,
    ("losses", "cross_entropy"): _SEVERAL,
    ("callbacks", "LearningRateScheduler"): (
        "its function cannot be written down as data",
        'write schedule = "StepwisePerEpoch({10: 1e-4})", or MultiplyEachEpoch({10: 0.1}) ...',
    ),
    ("callbacks", "ModelCheckpoint"): (
        "reportgen keeps models itself",
        "EarlyStopping(..., restore_best_weights=True) tests the best epoch",
    ),
    ("callbacks", "TensorBoard"): _FILE,
    ("callbacks", "CSVLogger"): _FILE,
    ("callbacks", "BackupAndRestore"): ("a run that was stopped begins anew", "leave it out"),
    ("callbacks", "History"): ("it is always there", "leave it out"),
    ("callbacks", "SwapEMAWeights"): ("the weights of a run are those that were trained", "leave it out"),
}
_PER_STEP = (
    "it counts steps, not epochs",
    'make it the learning rate: optimizer = "Adam(CosineDecay(1e-3, 10000))"',
)


def refusal(family: str, name: str) -> tuple[str, str] | None:
    """Return why a row cannot use a name, and what to do; None where there is no special word on it."""
    if family == "epoch_schedules" and find(("schedules",), name):
        return _PER_STEP
    if family == "augmentation" and find(("layers", "applications"), name):
        return "it changes nothing at random", f"put it among the layers: layers = [{name}(...), ...]"
    return _REFUSED.get((family, name))


def argument_remedy(signature: Signature, name: str) -> str:
    """Return the remedy for an argument that a class does not have."""
    takes = [each for each in signature.defaults if each not in ("data_format", "dtype", "seed", "name")]
    old = _OLD.get(name)
    if old and (not old.startswith("write ") or old[6:].split("=")[0] in signature.defaults):
        return old
    return suggestion(name, takes) if takes else "it takes no arguments"


def missing_remedy(signature: Signature) -> str:
    """Return an example with every argument that has no default."""
    needed = [name for name, default in signature.defaults.items() if default is REQUIRED]
    return f"write {signature.name}({', '.join(_EXAMPLES.get(name, '...') for name in needed)})"


_EXAMPLES: Mapping[str, str] = {
    "filters": "32",
    "kernel_size": "3",
    "units": "64",
    "rate": "0.2",
    "stddev": "0.1",
    "pool_size": "2",
    "activation": "'relu'",
    "target_shape": "(28, 28, 1)",
    "scale": "1/255",
    "height": "32",
    "width": "32",
    "height_factor": "0.1",
    "width_factor": "0.1",
    "include_top": "include_top=False",
    "initial_learning_rate": "1e-3",
    "decay_steps": "1000",
    "first_decay_steps": "1000",
    "decay_rate": "0.9",
    "boundaries": "[1000, 2000]",
    "values": "[1e-3, 1e-4, 1e-5]",
    "after": "{10: 0.1}",
    "decay_epochs": "30",
    "factor": "0.1",
}
