"""More printed equations are what the installed Keras computes: optimisers, losses, penalties, schedules.

Each formula below is one of ``templates/equations`` in NumPy. Large epsilons show where they stand.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reportgen.calls import per_epoch
from reportgen.calls.bound import read
from reportgen.calls.schedules import step_rate

Array = NDArray[np.float64]
START = np.array([[1.5, -0.4, 0.9], [0.2, -1.1, 0.6]])
GRADIENTS = tuple(
    scale * np.array([[0.3, -2.0, 0.7], [1.1, 0.4, -0.9]]) + shift
    for scale, shift in ((1.0, 0.0), (-0.5, 0.2), (0.8, -0.3))
)
ETA, RHO, MU, EPSILON, B1, B2 = 0.1, 0.8, 0.6, 0.5, 0.7, 0.9

KERAS = f"""
import json, keras, numpy as np
eta, o = {ETA}, keras.optimizers
both = dict(beta_1={B1}, beta_2={B2})
made = {{
    "rmsprop-centered-momentum": o.RMSprop(eta, rho={RHO}, momentum={MU}, centered=True, epsilon={EPSILON}),
    "adam-amsgrad": o.Adam(eta, amsgrad=True, epsilon={EPSILON}, **both),
    "adamw": o.AdamW(eta, weight_decay=0.3, epsilon={EPSILON}, **both),
    "adamax": o.Adamax(eta, epsilon={EPSILON}, **both),
    "nadam": o.Nadam(eta, epsilon={EPSILON}, **both),
    "adadelta": o.Adadelta(eta, rho={RHO}, epsilon={EPSILON}),
    "ftrl": o.Ftrl(eta, learning_rate_power=-0.4, initial_accumulator_value=0.2, beta=0.3,
                   l1_regularization_strength=0.15, l2_regularization_strength=0.25,
                   l2_shrinkage_regularization_strength=0.05),
    "lion": o.Lion(eta, **both),
    "lamb": o.Lamb(eta, epsilon={EPSILON}, **both),
    "adafactor": o.Adafactor(eta, beta_2_decay=-0.7, epsilon_1=0.2, epsilon_2=0.05, clip_threshold=0.8),
    "muon": o.Muon(eta, momentum={MU}, weight_decay=None, exclude_embeddings=False),
    "muon-plain": o.Muon(eta, momentum={MU}, weight_decay=None, nesterov=False, rms_rate=None, ns_steps=2,
                         exclude_embeddings=False),
    "schedule-free": o.ScheduleFreeAdamW(eta, epsilon={EPSILON}, **both),
    "warm-up": o.ScheduleFreeAdamW(eta, epsilon={EPSILON}, warmup_steps=2, **both),
}}
gradients = {[g.tolist() for g in GRADIENTS]}
found = {{"optimisers": {{}}, "losses": {{}}, "penalties": {{}}, "schedules": {{}}}}
for name, optimiser in made.items():
    theta = keras.Variable(np.array({START.tolist()}, "float32"))
    for gradient in gradients:
        optimiser.apply([keras.ops.convert_to_tensor(np.array(gradient, "float32"))], [theta])
    found["optimisers"][name] = np.asarray(theta).tolist()
vector = keras.Variable(np.array({START[0].tolist()}, "float32"))
optimiser = o.Adafactor(eta, beta_2_decay=-0.7, epsilon_1=0.2, epsilon_2=0.05, clip_threshold=0.8)
for gradient in gradients:
    optimiser.apply([keras.ops.convert_to_tensor(np.array(gradient[0], "float32"))], [vector])
found["optimisers"]["adafactor-vector"] = np.asarray(vector).tolist()

labels = np.array([[0, 1, 0], [1, 0, 0]], "float32")
outputs = np.array([[0.2, 0.7, 0.1], [0.3, 0.25, 0.45]], "float32")
l = keras.losses
for name, loss in {{
    "cross-entropy": l.CategoricalCrossentropy(), "label-smoothing": l.CategoricalCrossentropy(label_smoothing=0.3),
    "binary-cross-entropy": l.BinaryCrossentropy(),
    "binary-label-smoothing": l.BinaryCrossentropy(label_smoothing=0.3),
    "focal-cross-entropy": l.CategoricalFocalCrossentropy(alpha=0.4, gamma=1.5),
    "binary-focal": l.BinaryFocalCrossentropy(gamma=1.5), "mean-squared-error": l.MeanSquaredError(),
    "mean-absolute-error": l.MeanAbsoluteError(),
    "mean-absolute-percentage-error": l.MeanAbsolutePercentageError(),
    "mean-squared-logarithmic-error": l.MeanSquaredLogarithmicError(), "huber": l.Huber(0.5),
    "log-cosh": l.LogCosh(), "kl-divergence": l.KLDivergence(), "poisson": l.Poisson(),
    "cosine-similarity": l.CosineSimilarity(), "hinge": l.Hinge(), "squared-hinge": l.SquaredHinge(),
    "categorical-hinge": l.CategoricalHinge(), "dice": l.Dice(), "tversky": l.Tversky(0.3, 0.8),
}}.items():
    found["losses"][name] = float(loss(labels, outputs))
found["losses"]["sparse"] = float(l.SparseCategoricalCrossentropy()(labels.argmax(1), outputs))

inputs = np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 0.4]], "float32")
r = keras.regularizers
for name, arguments in {{
    "penalty-l1": dict(kernel_regularizer=r.L1(0.2)), "penalty-l2": dict(kernel_regularizer=r.L2(0.3)),
    "penalty-l1-l2": dict(kernel_regularizer=r.L1L2(0.2, 0.3)), "activity-l1": dict(activity_regularizer=r.L1(0.2)),
    "activity-l2": dict(activity_regularizer=r.L2(0.3)), "activity-l1-l2": dict(activity_regularizer=r.L1L2(0.2, 0.3)),
}}.items():
    layer = keras.layers.Dense(2, **arguments)
    layer.build((None, 2))
    layer.set_weights([np.array([[0.5, -1.0], [0.25, 2.0]]), np.array([0.1, -0.2])])
    layer(inputs)
    found["penalties"][name] = float(sum(layer.losses))
layer = keras.layers.ActivityRegularization(l1=0.2, l2=0.3)
layer(inputs)
found["penalties"]["layer"] = float(sum(layer.losses))

s = keras.optimizers.schedules
for name, schedule in {{
    "rate-exponential": s.ExponentialDecay(0.1, 7, 0.5), "staircase": s.ExponentialDecay(0.1, 7, 0.5, staircase=True),
    "rate-inverse-time": s.InverseTimeDecay(0.1, 7, 0.5),
    "rate-inverse-time-staircase": s.InverseTimeDecay(0.1, 7, 0.5, staircase=True),
    "rate-piecewise": s.PiecewiseConstantDecay([5, 10], [0.1, 0.05, 0.01]),
    "rate-polynomial": s.PolynomialDecay(0.1, 15, 0.02, power=1.5), "rate-cosine": s.CosineDecay(0.1, 15, alpha=0.2),
    "rate-cosine-warm-up": s.CosineDecay(0.01, 15, alpha=0.2, warmup_target=0.1, warmup_steps=4),
    "rate-cosine-restarts": s.CosineDecayRestarts(0.1, 5, t_mul=2.0, m_mul=0.8, alpha=0.1),
}}.items():
    found["schedules"][name] = [float(schedule(step)) for step in range(24)]
print(json.dumps(found))
"""


def moments(g: Array, m: Array, v: Array) -> tuple[Array, Array]:
    return B1 * m + (1 - B1) * g, B2 * v + (1 - B2) * g**2


def zeros() -> tuple[Array, Array]:
    return np.zeros_like(START), np.zeros_like(START)


def rmsprop_centered_momentum() -> Array:
    theta, (square, mean), u = START.copy(), zeros(), np.zeros_like(START)
    for g in GRADIENTS:
        square, mean = RHO * square + (1 - RHO) * g**2, RHO * mean + (1 - RHO) * g
        u = MU * u + ETA * g / np.sqrt(square - mean**2 + EPSILON)
        theta = theta - u
    return theta


def adam(amsgrad: bool = False, decay: float = 0.0) -> Array:
    theta, (m, v), largest = START.copy(), zeros(), np.zeros_like(START)
    for t, g in enumerate(GRADIENTS, 1):
        theta = theta - ETA * decay * theta
        m, v = moments(g, m, v)
        largest = np.maximum(largest, v)
        root = np.sqrt(largest if amsgrad else v)
        theta = theta - ETA * math.sqrt(1 - B2**t) / (1 - B1**t) * m / (root + EPSILON)
    return theta


def adamax() -> Array:
    theta, (m, u) = START.copy(), zeros()
    for t, g in enumerate(GRADIENTS, 1):
        m, u = B1 * m + (1 - B1) * g, np.maximum(B2 * u, abs(g))
        theta = theta - ETA / (1 - B1**t) * m / (u + EPSILON)
    return theta


def nadam() -> Array:
    def part(t: int) -> float:
        return B1 * (1 - 0.5 * 0.96**t)

    theta, (m, v), product = START.copy(), zeros(), 1.0
    for t, g in enumerate(GRADIENTS, 1):
        m, v = moments(g, m, v)
        product *= part(t)
        ahead = product * part(t + 1)
        estimate = part(t + 1) * m / (1 - ahead) + (1 - part(t)) * g / (1 - product)
        theta = theta - ETA * estimate / (np.sqrt(v / (1 - B2**t)) + EPSILON)
    return theta


def adadelta() -> Array:
    theta, (square, steps) = START.copy(), zeros()
    for g in GRADIENTS:
        square = RHO * square + (1 - RHO) * g**2
        step = -np.sqrt(steps + EPSILON) / np.sqrt(square + EPSILON) * g
        steps = RHO * steps + (1 - RHO) * step**2
        theta = theta + ETA * step
    return theta


def ftrl() -> Array:
    p, l1, l2, shrinkage, beta = -0.4, 0.15, 0.25, 0.05, 0.3
    theta, z, n = START.copy(), np.zeros_like(START), np.full_like(START, 0.2)
    for g in GRADIENTS:
        before, n = n, n + g**2
        z = z + g + 2 * shrinkage * theta - (n**-p - before**-p) / ETA * theta
        theta = (np.minimum(np.maximum(z, -l1), l1) - z) / ((beta + n**-p) / ETA + 2 * l2)
    return theta


def lion() -> Array:
    theta, m = START.copy(), np.zeros_like(START)
    for g in GRADIENTS:
        theta = theta - ETA * np.sign(B1 * m + (1 - B1) * g)
        m = B2 * m + (1 - B2) * g
    return theta


def lamb() -> Array:
    theta, (m, v) = START.copy(), zeros()
    for t, g in enumerate(GRADIENTS, 1):
        m, v = moments(g, m, v)
        r = m / (1 - B1**t) / (np.sqrt(v / (1 - B2**t)) + EPSILON)
        theta = theta - ETA * np.linalg.norm(theta) / np.linalg.norm(r) * r
    return theta


def rms(x: Array) -> float:
    return float(np.sqrt((x**2).mean()))


def adafactor(start: Array, gradients: tuple[Array, ...]) -> Array:
    d, first, second, clip = -0.7, 0.2, 0.05, 0.8
    theta, v = start.copy(), np.zeros_like(start)
    rows, columns = np.zeros(start.shape[:1]), np.zeros(start.shape[-1:])
    for t, g in enumerate(gradients, 1):
        b = 1 - t**d
        alpha = max(second, rms(theta)) * min(ETA, 1 / math.sqrt(t))
        if theta.ndim == 2:
            rows = b * rows + (1 - b) * (g**2 + first).mean(axis=1)
            columns = b * columns + (1 - b) * (g**2 + first).mean(axis=0)
            v = np.outer(rows, columns) / rows.mean()
        else:
            v = b * v + (1 - b) * (g**2 + first)
        u = g / np.sqrt(v)
        theta = theta - alpha * u / max(1.0, rms(u) / clip)
    return theta


def muon(nesterov: bool, scale: float | None, rounds: int) -> Array:
    a, b, c = 3.4445, -4.7750, 2.0315
    theta, m = START.copy(), np.zeros_like(START)
    for g in GRADIENTS:
        m = MU * m + g
        x = g + MU * m if nesterov else m
        x = x / np.linalg.norm(x)
        for _ in range(rounds):
            square = x @ x.T
            x = a * x + (b * square + c * square @ square) @ x
        theta = theta - ETA * (1.0 if scale is None else scale * math.sqrt(max(theta.shape))) * x
    return theta


def schedule_free(warm_up: int = 0) -> Array:
    theta, z, v = START.copy(), START.copy(), np.zeros_like(START)
    for t, g in enumerate(GRADIENTS, 1):
        rate = ETA * min(1.0, t / warm_up) if warm_up else ETA
        v = B2 * v + (1 - B2) * g**2
        z = z - rate * g / (np.sqrt(v / (1 - B2**t)) + EPSILON)
        x = (1 - 1 / t) * (theta - (1 - B1) * z) / B1 + z / t
        theta = (1 - B1) * z + B1 * x
    return theta


OPTIMISERS: dict[str, Callable[[], Array]] = {
    "rmsprop-centered-momentum": rmsprop_centered_momentum,
    "adam-amsgrad": lambda: adam(amsgrad=True),
    "adamw": lambda: adam(decay=0.3),
    "adamax": adamax,
    "nadam": nadam,
    "adadelta": adadelta,
    "ftrl": ftrl,
    "lion": lion,
    "lamb": lamb,
    "adafactor": lambda: adafactor(START, GRADIENTS),
    "adafactor-vector": lambda: adafactor(START[0], tuple(g[0] for g in GRADIENTS)),
    "muon": lambda: muon(True, 0.2, 5),
    "muon-plain": lambda: muon(False, None, 2),
    "schedule-free": schedule_free,
    "warm-up": lambda: schedule_free(2),
}

Y = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
P = np.array([[0.2, 0.7, 0.1], [0.3, 0.25, 0.45]])
_PAIR = Y * P + (1 - Y) * (1 - P)
_HINGE = np.maximum(0, 1 - (2 * Y - 1) * P)
_ERROR = abs(P - Y)


def crossed(labels: Array) -> float:
    return float(-(labels * np.log(P)).sum() / 2)


def binary(labels: Array) -> float:
    return float(-(labels * np.log(P) + (1 - labels) * np.log(1 - P)).mean())


LOSSES: dict[str, float] = {
    "cross-entropy": crossed(Y),
    "sparse": crossed(Y),
    "label-smoothing": crossed(0.7 * Y + 0.3 / 3),
    "binary-cross-entropy": binary(Y),
    "binary-label-smoothing": binary(0.7 * Y + 0.3 / 2),
    "focal-cross-entropy": float(-(0.4 * (1 - P) ** 1.5 * Y * np.log(P)).sum() / 2),
    "binary-focal": float(-((1 - _PAIR) ** 1.5 * np.log(_PAIR)).mean()),
    "mean-squared-error": float((_ERROR**2).mean()),
    "mean-absolute-error": float(_ERROR.mean()),
    "mean-absolute-percentage-error": float(100 * (_ERROR / np.maximum(Y, 1e-7)).mean()),
    "mean-squared-logarithmic-error": float(((np.log(1 + P) - np.log(1 + Y)) ** 2).mean()),
    "huber": float(np.where(_ERROR <= 0.5, 0.5 * _ERROR**2, 0.5 * _ERROR - 0.125).mean()),
    "log-cosh": float(np.log(np.cosh(P - Y)).mean()),
    "kl-divergence": float((Y * np.log(np.where(Y > 0, Y, 1) / P)).sum() / 2),
    "poisson": float((P - Y * np.log(P)).mean()),
    "cosine-similarity": float(-((Y * P).sum(1) / np.linalg.norm(P, axis=1)).mean()),
    "hinge": float(_HINGE.mean()),
    "squared-hinge": float((_HINGE**2).mean()),
    "categorical-hinge": float(np.maximum(0, 1 + ((1 - Y) * P).max(1) - (Y * P).sum(1)).mean()),
    "dice": float(1 - 2 * (Y * P).sum() / (Y + P).sum()),
    "tversky": float(
        1 - (Y * P).sum() / ((Y * P).sum() + 0.3 * (Y * (1 - P)).sum() + 0.8 * ((1 - Y) * P).sum())
    ),
}

INPUTS = np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 0.4]])
KERNEL = np.array([[0.5, -1.0], [0.25, 2.0]])
ACTIVATIONS = INPUTS @ KERNEL + np.array([0.1, -0.2])


def penalty(values: Array, l1: float, l2: float) -> float:
    return float(l1 * abs(values).sum() + l2 * (values**2).sum())


PENALTIES: dict[str, float] = {
    "penalty-l1": penalty(KERNEL, 0.2, 0),
    "penalty-l2": penalty(KERNEL, 0, 0.3),
    "penalty-l1-l2": penalty(KERNEL, 0.2, 0.3),
    "activity-l1": penalty(ACTIVATIONS, 0.2, 0) / 3,
    "activity-l2": penalty(ACTIVATIONS, 0, 0.3) / 3,
    "activity-l1-l2": penalty(ACTIVATIONS, 0.2, 0.3) / 3,
    "layer": penalty(INPUTS, 0.2, 0.3) / 3,
}


def half(progress: float, alpha: float, height: float = 1.0) -> float:
    return alpha + (1 - alpha) * height / 2 * (1 + math.cos(math.pi * progress))


def restarts(t: int) -> float:
    k, began = 0, 0
    while t >= began + 5 * 2**k:
        began += 5 * 2**k
        k += 1
    return 0.1 * half((t - began) / (5 * 2**k), 0.1, 0.8**k)


SCHEDULES: dict[str, Callable[[int], float]] = {
    "rate-exponential": lambda t: 0.1 * 0.5 ** (t / 7),
    "staircase": lambda t: 0.1 * 0.5 ** (t // 7),
    "rate-inverse-time": lambda t: 0.1 / (1 + 0.5 * t / 7),
    "rate-inverse-time-staircase": lambda t: 0.1 / (1 + 0.5 * (t // 7)),
    "rate-piecewise": lambda t: 0.1 if t <= 5 else 0.05 if t <= 10 else 0.01,
    "rate-polynomial": lambda t: (0.1 - 0.02) * (1 - min(t, 15) / 15) ** 1.5 + 0.02,
    "rate-cosine": lambda t: 0.1 * half(min(t, 15) / 15, 0.2),
    "rate-cosine-warm-up": lambda t: (
        0.01 + (0.1 - 0.01) * t / 4 if t < 4 else 0.1 * half(min(t - 4, 15) / 15, 0.2)
    ),
    "rate-cosine-restarts": restarts,
}


@pytest.fixture(scope="module")
def computed() -> Any:
    """What Keras computes, in a process of its own: TensorFlow must not enter the one that forks."""
    done = subprocess.run(
        [sys.executable, "-c", KERAS], capture_output=True, encoding="utf-8", timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.kernel
def test_optimisers_step_as_the_equations_say(computed: Any) -> None:
    assert set(computed["optimisers"]) == set(OPTIMISERS)
    for name, formula in OPTIMISERS.items():
        np.testing.assert_allclose(computed["optimisers"][name], formula(), atol=2e-5, err_msg=name)
    ends = {np.round(formula(), 4).tobytes() for formula in OPTIMISERS.values()}
    assert len(ends) == len(OPTIMISERS)  # the cases tell themselves apart


@pytest.mark.kernel
def test_losses_are_what_the_equations_say(computed: Any) -> None:
    assert computed["losses"] == {name: pytest.approx(value, rel=2e-5) for name, value in LOSSES.items()}


@pytest.mark.kernel
def test_penalties_are_what_the_equations_say(computed: Any) -> None:
    assert computed["penalties"] == {
        name: pytest.approx(value, rel=1e-5) for name, value in PENALTIES.items()
    }


@pytest.mark.kernel
def test_rates_by_step_are_what_the_equations_say(computed: Any) -> None:
    for name, formula in SCHEDULES.items():
        wanted = [formula(step) for step in range(24)]
        np.testing.assert_allclose(computed["schedules"][name], wanted, rtol=1e-4, err_msg=name)


def test_rates_by_epoch_are_what_the_equations_say() -> None:
    first, epochs = 0.1, range(1, 13)
    stepwise = per_epoch.StepwisePerEpoch({3: 0.05, 7: 0.01}).rates(first, 12)
    assert stepwise == pytest.approx([first if e <= 3 else 0.05 if e <= 7 else 0.01 for e in epochs])
    rate, compounding = first, []
    for e in epochs:
        rate *= 1.0 if e <= 3 else 0.5 if e <= 7 else 0.1
        compounding.append(rate)
    assert per_epoch.MultiplyEachEpoch({3: 0.5, 7: 0.1}).rates(first, 12) == pytest.approx(compounding)
    exponential = per_epoch.ExponentialPerEpoch(0.9, after=4).rates(first, 12)
    assert exponential == pytest.approx([first * 0.9 ** max(0, e - 4) for e in epochs])
    cosine = per_epoch.CosinePerEpoch(8, alpha=0.2).rates(first, 12)
    assert cosine == pytest.approx([first * half(min(1, (e - 1) / 8), 0.2) for e in epochs])


def test_the_program_s_own_arithmetic_of_steps_agrees() -> None:
    found, faults = read("CosineDecayRestarts(0.1, 5, t_mul=2.0, m_mul=0.8, alpha=0.1)", ("schedules",))
    assert found is not None and not faults
    assert [step_rate(found, step) for step in range(24)] == pytest.approx([restarts(t) for t in range(24)])
