"""The tables of names against the Keras that is installed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from reportgen.calls.keras_names import ACTIVATIONS, LOSSES, OPTIMISERS

ASK_KERAS = """
import json
from keras import activations, losses, optimizers
from keras.src import activations as a, losses as l, optimizers as o

def works(call, *arguments):
    try:
        return call(*arguments) is not None
    except Exception:
        return False

def optimizer(name):
    return optimizers.get({"class_name": name, "config": {"learning_rate": 0.001}})

classes = [cls.__name__ for cls in o.ALL_OBJECTS]
base = {"Loss", "LossFunctionWrapper", "Optimizer", "optimizer"}
print("NAMES" + json.dumps({
    "activations": sorted(name for name in a.ALL_OBJECTS_DICT if works(activations.get, name)),
    "losses": sorted(name for name in l.ALL_OBJECTS_DICT if name not in base and works(losses.get, name)),
    "optimizers": sorted(name for name in [*classes, *o.ALL_OBJECTS_DICT]
                         if name not in base and works(optimizer, name)),
}))
"""


@pytest.mark.kernel
def test_names_are_those_of_the_installed_keras() -> None:
    ran = subprocess.run([sys.executable, "-c", ASK_KERAS], capture_output=True, text=True, timeout=300)
    found = json.loads(ran.stdout.partition("NAMES")[2])
    assert sorted(ACTIVATIONS) == found["activations"]
    assert sorted(LOSSES) == found["losses"]
    assert sorted(OPTIMISERS) == found["optimizers"]
