"""The printed equations are what the installed Keras computes.

Each formula below is one of ``templates/equations`` in Python. A large epsilon shows where it stands.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable

import pytest

START = 1.5
GRADIENTS = (0.3, -2.0, 0.7)
ETA, RHO, MU, EPSILON, BETA_1, BETA_2, FIRST_SUM = 0.1, 0.8, 0.6, 0.5, 0.7, 0.9, 0.2

# Runs in a process of its own: TensorFlow must not enter the one from which other tests fork.
KERAS = f"""
import json, keras, numpy
eta, epsilon = {ETA}, {EPSILON}
optimisers = {{
    "rmsprop": keras.optimizers.RMSprop(eta, rho={RHO}, epsilon=epsilon),
    "rmsprop-momentum": keras.optimizers.RMSprop(eta, rho={RHO}, momentum={MU}, epsilon=epsilon),
    "rmsprop-centered": keras.optimizers.RMSprop(eta, rho={RHO}, centered=True, epsilon=epsilon),
    "sgd": keras.optimizers.SGD(eta),
    "sgd-momentum": keras.optimizers.SGD(eta, momentum={MU}),
    "sgd-nesterov": keras.optimizers.SGD(eta, momentum={MU}, nesterov=True),
    "adam": keras.optimizers.Adam(eta, beta_1={BETA_1}, beta_2={BETA_2}, epsilon=epsilon),
    "adagrad": keras.optimizers.Adagrad(eta, initial_accumulator_value={FIRST_SUM}, epsilon=epsilon),
}}
found = {{}}
for name, optimiser in optimisers.items():
    theta = keras.Variable({START})
    for gradient in {GRADIENTS}:
        optimiser.apply([keras.ops.convert_to_tensor(gradient)], [theta])
    found[name] = float(theta)
print(json.dumps(found))
"""


def rmsprop(theta: float) -> float:
    mean_square = 0.0
    for g in GRADIENTS:
        mean_square = RHO * mean_square + (1 - RHO) * g**2
        theta -= ETA * g / math.sqrt(mean_square + EPSILON)
    return theta


def rmsprop_momentum(theta: float) -> float:
    mean_square = u = 0.0
    for g in GRADIENTS:
        mean_square = RHO * mean_square + (1 - RHO) * g**2
        u = MU * u + ETA * g / math.sqrt(mean_square + EPSILON)
        theta -= u
    return theta


def rmsprop_centered(theta: float) -> float:
    mean_square = mean = 0.0
    for g in GRADIENTS:
        mean_square = RHO * mean_square + (1 - RHO) * g**2
        mean = RHO * mean + (1 - RHO) * g
        theta -= ETA * g / math.sqrt(mean_square - mean**2 + EPSILON)
    return theta


def sgd(theta: float) -> float:
    for g in GRADIENTS:
        theta -= ETA * g
    return theta


def sgd_momentum(theta: float) -> float:
    v = 0.0
    for g in GRADIENTS:
        v = MU * v - ETA * g
        theta += v
    return theta


def sgd_nesterov(theta: float) -> float:
    v = 0.0
    for g in GRADIENTS:
        v = MU * v - ETA * g
        theta += MU * v - ETA * g
    return theta


def adam(theta: float) -> float:
    m = v = 0.0
    for t, g in enumerate(GRADIENTS, 1):
        m = BETA_1 * m + (1 - BETA_1) * g
        v = BETA_2 * v + (1 - BETA_2) * g**2
        theta -= ETA * math.sqrt(1 - BETA_2**t) / (1 - BETA_1**t) * m / (math.sqrt(v) + EPSILON)
    return theta


def adagrad(theta: float) -> float:
    total = FIRST_SUM
    for g in GRADIENTS:
        total += g**2
        theta -= ETA * g / math.sqrt(total + EPSILON)
    return theta


PRINTED: dict[str, Callable[[float], float]] = {
    "rmsprop": rmsprop,
    "rmsprop-momentum": rmsprop_momentum,
    "rmsprop-centered": rmsprop_centered,
    "sgd": sgd,
    "sgd-momentum": sgd_momentum,
    "sgd-nesterov": sgd_nesterov,
    "adam": adam,
    "adagrad": adagrad,
}


@pytest.mark.kernel
def test_keras_computes_what_the_report_prints() -> None:
    done = subprocess.run(
        [sys.executable, "-c", KERAS], capture_output=True, encoding="utf-8", timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    computed = json.loads(done.stdout.splitlines()[-1])
    assert computed == {name: pytest.approx(formula(START), abs=1e-5) for name, formula in PRINTED.items()}
    assert len({round(value, 4) for value in computed.values()}) == len(
        PRINTED
    )  # the cases tell themselves apart
