"""Write down what Keras's layers, optimisers, losses ... take, so that it can be checked without Keras.

python scripts/keras_signatures.py     after another Keras was installed

Names come from here, defaults from Keras itself. What an argument may be is not in Keras's
signatures: reportgen/calls/kinds.py says it.
"""

from __future__ import annotations

import importlib
import inspect
import json
from pathlib import Path
from types import ModuleType
from typing import Any

FILE = Path(__file__).resolve().parents[1] / "reportgen" / "calls" / "keras_signatures.json"

FAMILIES = {
    "layers": (
        "layers",
        """Conv2D SeparableConv2D DepthwiseConv2D Conv2DTranspose MaxPooling2D AveragePooling2D
        GlobalMaxPooling2D GlobalAveragePooling2D Dense Dropout SpatialDropout2D GaussianNoise GaussianDropout
        AlphaDropout BatchNormalization LayerNormalization GroupNormalization Activation ReLU LeakyReLU PReLU
        ELU Softmax Flatten Reshape Rescaling Normalization ZeroPadding2D Cropping2D Resizing UpSampling2D
        ActivityRegularization RandomFlip RandomRotation RandomZoom RandomTranslation RandomShear RandomCrop
        RandomContrast RandomBrightness RandomErasing RandomElasticTransform RandomGaussianBlur
        RandomPerspective RandomSharpness RandomInvert""",
    ),
    "applications": ("applications", "MobileNetV2"),
    "optimizers": (
        "optimizers",
        """SGD RMSprop Adam AdamW Adamax Nadam Adagrad Adadelta Adafactor Ftrl Lion Lamb Muon
        ScheduleFreeAdamW""",
    ),
    "losses": (
        "losses",
        """BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy CategoricalFocalCrossentropy
        SparseCategoricalCrossentropy CategoricalHinge CosineSimilarity Dice Hinge Huber KLDivergence LogCosh
        MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson
        SquaredHinge Tversky""",
    ),
    "callbacks": ("callbacks", "EarlyStopping ReduceLROnPlateau TerminateOnNaN"),
    "schedules": (
        "optimizers.schedules",
        """ExponentialDecay CosineDecay CosineDecayRestarts PiecewiseConstantDecay PolynomialDecay
        InverseTimeDecay""",
    ),
    "regularizers": ("regularizers", "L1 L2 L1L2 OrthogonalRegularizer"),
    "initializers": (
        "initializers",
        """Constant GlorotNormal GlorotUniform HeNormal HeUniform LecunNormal LecunUniform Ones Orthogonal
        RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros""",
    ),
    "constraints": ("constraints", "MaxNorm MinMaxNorm NonNeg UnitNorm"),
}
"""Module below ``keras``, and the names in it that a row may use."""

COMMON = {"layers": [["name", None], ["trainable", True]]}
"""What every layer takes through ``**kwargs``."""


def signatures() -> dict[str, Any]:
    """Return the signatures of the Keras that is installed."""
    keras = importlib.import_module("keras")
    found: dict[str, Any] = {"keras": keras.__version__}
    for family, (path, names) in FAMILIES.items():
        module = importlib.import_module(f"keras.{path}")
        found[family] = {name: _entry(module, family, name) for name in names.split()}
    found["others"] = {
        family: _others(importlib.import_module(f"keras.{path}"), found[family])
        for family, (path, _) in FAMILIES.items()
    }
    return found


def _entry(module: ModuleType, family: str, name: str) -> dict[str, Any]:
    made = getattr(module, name)
    parameters = inspect.signature(made).parameters.values()
    named = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    arguments = [[p.name] if p.default is p.empty else [p.name, p.default] for p in named]
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        known = {argument[0] for argument in arguments}
        arguments += [argument for argument in COMMON.get(family, []) if argument[0] not in known]
    return {"arguments": arguments, "aliases": sorted(_aliases(module, made, family) - {name})}


def _aliases(module: ModuleType, made: Any, family: str) -> set[str]:
    """Other names of the same thing: in its module, and those that Keras resolves in texts."""
    found = {name for name in dir(module) if getattr(module, name) is made}
    things = [made]
    if family == "losses":  # a class and the function it wraps are one loss
        named = inspect.signature(made).parameters["name"].default.removesuffix("_loss")
        things.append(getattr(module, named))
    table = importlib.import_module(f"keras.src.{module.__name__.removeprefix('keras.')}").__dict__
    resolved = table.get("ALL_OBJECTS_DICT", {}).items()
    return found | {name for name, thing in resolved if any(thing is each for each in things)}


def _others(module: ModuleType, known: dict[str, Any]) -> list[str]:
    """Classes of the module that a row may not use."""
    aliases = {alias for entry in known.values() for alias in entry["aliases"]}
    return [
        name
        for name in dir(module)
        if inspect.isclass(getattr(module, name))
        and name[0].isupper()
        and name not in known
        and name not in aliases
    ]


def written(found: dict[str, Any]) -> str:
    """The signatures as the file holds them: one name a line."""
    lines = [f'"keras": {json.dumps(found["keras"])}']
    for family, entries in found.items():
        if family != "keras":
            inner = ",\n".join(
                f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in entries.items()
            )
            lines.append(f"{json.dumps(family)}: {{\n{inner}\n}}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(written(signatures()), encoding="utf-8")
    print(f"{FILE.name} is that of Keras {json.loads(FILE.read_text(encoding='utf-8'))['keras']}")
