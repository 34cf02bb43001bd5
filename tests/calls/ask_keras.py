"""Run in a process of its own: build what the tests ask for with Keras, and say what it made.

Reads one JSON document from standard input and writes one, after the word FOUND, to standard output.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import keras


class GrayscaleToRGB(keras.layers.Layer):  # type: ignore[misc]
    """One channel three times."""

    def call(self, inputs: Any) -> Any:
        """Repeat the last axis."""
        return keras.ops.repeat(inputs, 3, axis=-1)


NAMES: dict[str, Any] = {"keras": keras}
for module in (
    keras.layers, keras.regularizers, keras.initializers, keras.constraints, keras.optimizers,
    keras.optimizers.schedules, keras.losses, keras.callbacks,
):  # fmt: skip
    NAMES[module.__name__.rpartition(".")[2]] = module
    for each in dir(module):
        NAMES.setdefault(each, getattr(module, each))
NAMES["GrayscaleToRGB"] = GrayscaleToRGB
NAMES["MobileNetV2"] = dict


def made(text: str, shape: tuple[int, ...] = ()) -> Any:
    """Run a text of the tests; a network of keras.applications needs to be told its input."""
    thing = eval(text, dict(NAMES))
    if not isinstance(thing, dict):
        return thing
    trainable = thing.pop("trainable", True)
    network = keras.applications.MobileNetV2(input_shape=shape, **thing)
    network.trainable = trainable
    return network


def stack(shape: list[int], texts: list[str]) -> dict[str, Any]:
    """Put layers one after the other; say where it fails, if it does."""
    value = keras.Input(tuple(shape))
    layers: list[dict[str, Any]] = []
    for text in texts:
        try:
            layer = made(text, tuple(value.shape[1:]))
            value = layer(value)
        except Exception as error:
            return {"layers": layers, "error": f"{type(error).__name__}: {error}"[:300]}
        trained = {id(variable) for variable in layer.trainable_variables}
        layers.append(
            {
                "output": list(value.shape[1:]),
                "variables": sorted([v.name, list(v.shape), id(v) in trained] for v in layer.weights),
                "parameters": layer.count_params(),
            }
        )
    return {"layers": layers, "error": ""}


def configuration(text: str) -> Any:
    """Return what Keras says of a thing, without the names that it makes up."""
    try:
        thing = eval(text, dict(NAMES))
    except ValueError as error:
        return str(error)
    found = thing.get_config() if hasattr(thing, "get_config") else dict(vars(thing))
    for name in ("name", "verbose", "seed", "_model", "best_weights"):
        found.pop(name, None)
    plain = json.loads(json.dumps(found, default=str))
    # A list of one is what stands in it: Keras keeps the author's way of writing it.
    return {name: one[0] if isinstance(one, list) and len(one) == 1 else one for name, one in plain.items()}


def rates(optimizer: str, steps: list[int]) -> list[float]:
    """Return the rates of a schedule at some steps."""
    schedule = eval(optimizer, dict(NAMES))
    return [float(schedule(step)) for step in steps]


def trained(texts: list[str], shape: list[int]) -> str:
    """Train a network for one step; return what went wrong."""
    try:
        model = keras.Sequential([keras.Input(tuple(shape)), *map(made, texts)])
        model.compile("adam", "categorical_crossentropy")
        model.train_on_batch(keras.ops.ones((2, *shape)), keras.ops.one_hot([0, 1], 10))
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    return ""


def signatures() -> dict[str, Any]:
    """Return what the script that writes the signatures finds."""
    file = Path(__file__).resolve().parents[2] / "scripts" / "keras_signatures.py"
    spec = importlib.util.spec_from_file_location("keras_signatures", file)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return dict(script.signatures())


def main() -> None:
    """Answer the questions."""
    asked = json.load(sys.stdin)
    answers = {
        "signatures": signatures(),
        "stacks": [stack(shape, texts) for shape, texts in asked["stacks"]],
        "configurations": [[configuration(text) for text in pair] for pair in asked["configurations"]],
        "rates": [rates(text, steps) for text, steps in asked["rates"]],
        "trained": [trained(texts, shape) for shape, texts in asked["trained"]],
    }
    print("FOUND" + json.dumps(answers))


if __name__ == "__main__":
    main()
