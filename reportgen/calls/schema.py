"""What an editor may know of parameters that hold calls: texts to choose from, and names to begin with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reportgen.calls.bound import read
from reportgen.calls.grammar import MODULES
from reportgen.calls.keras_names import LOSSES, OPTIMISERS
from reportgen.calls.named import PARAMETERS
from reportgen.calls.signatures import family

_EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "layers": (
        "Conv2D(32, 3, padding='same', activation='relu')",
        "MaxPooling2D(2)",
        "BatchNormalization()",
        "ReLU()",
        "Dropout(0.2)",
        "Flatten()",
        "GlobalAveragePooling2D()",
        "Dense(64, activation='relu')",
        "Dense(64, kernel_regularizer=L2(1e-4))",
        "Dense(10, activation='softmax')",
    ),
    "augmentation": (
        "RandomRotation(0.03, fill_mode='nearest')",
        "RandomZoom(0.1, fill_mode='nearest')",
        "RandomTranslation(0.1, 0.1, fill_mode='nearest')",
        "RandomFlip('horizontal')",
    ),
    "callbacks": (
        "EarlyStopping(patience=10, restore_best_weights=True)",
        "ReduceLROnPlateau(patience=3, factor=0.5, min_lr=1e-6)",
        "TerminateOnNaN()",
    ),
    "optimizer": ("Adam(1e-3)", "Nadam(5e-4)", "RMSprop(1e-3)", "SGD(0.01, momentum=0.9)"),
    "loss": ("CategoricalCrossentropy(label_smoothing=0.1)",),
    "schedule": (
        "StepwisePerEpoch({10: 1e-4, 20: 1e-5})",
        "MultiplyEachEpoch({10: 0.9})",
        "ExponentialPerEpoch(0.9)",
        "CosinePerEpoch(30)",
    ),
    "kernel_initializer": ("glorot_uniform", "he_normal", "he_uniform", "TruncatedNormal(stddev=0.05)"),
    "kernel_regularizer": ("L2(1e-4)", "L1(1e-5)", "L1L2(1e-5, 1e-4)"),
}
_BARE = {"optimizer": OPTIMISERS, "loss": LOSSES}
_BY_NAME = ("initializers", "regularizers")


def schema(parameter: str) -> dict[str, Any]:
    """Return the JSON Schema of one text of a parameter, draft 7.

    A text is one of the examples, which an editor completes, a bare name where that will do, or begins
    with a name that there is and an opening bracket. What stands in the brackets is for `reportgen check`.
    """
    families = PARAMETERS[parameter].families
    names = sorted(
        {
            name
            for each in families
            for signature in family(each).values()
            for name in (signature.name, *signature.aliases)
        }
    )
    prefix = rf"(({'|'.join(sorted(MODULES))})\.)*"
    begun = rf"^\s*{prefix}({'|'.join(map(re.escape, names))})\s*\("
    choices = list(_EXAMPLES[parameter])
    bare = _BARE.get(parameter, names if families[0] in _BY_NAME else ())
    choices += sorted(
        (name for name in bare if name not in choices and read(name, families)[0] is not None),
        key=lambda name: (not name.islower(), name),
    )
    return {"anyOf": [{"enum": choices}, {"type": "string", "pattern": begun}]}
