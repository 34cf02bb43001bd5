"""Learning rates over a training: what a schedule makes of them, and when a rate has died.

Schedules of our own go by epochs, counted from 1 as Keras prints them. ``after={10: 1e-4}`` means: once
epoch 10 is over, so from epoch 11 on. Rates are float32 after each step, as the optimiser keeps them.

=====================  ================================================================================
StepwisePerEpoch       the rate itself, given for what comes after some epochs
MultiplyEachEpoch      after an epoch, the CURRENT rate is multiplied by a factor, again in every epoch:
                       the factors compound
ExponentialPerEpoch    as MultiplyEachEpoch with one factor
CosinePerEpoch         half a cosine from the first rate to `alpha` times it, over `decay_epochs` epochs
=====================  ================================================================================

Schedules of Keras go by steps (batches): they are the optimiser's `learning_rate`.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from reportgen.calls.bound import Bound, text
from reportgen.calls.grammar import Fault
from reportgen.calls.per_epoch import SCHEDULES, cosine, float32

EPOCH_SCHEDULES = ("epoch_schedules",)
"""The family that `schedule` may name."""

SMALL_WEIGHT = 0.01
"""A weight that is small, but not by chance: those of the usual initialisers are mostly larger."""

DEAD_RATE = 2.0**-31
"""Half the distance between neighbouring float32 numbers at `SMALL_WEIGHT`: 4.7e-10.

Adam and its kin move a weight by about the rate in each step, SGD mostly by less. A step below half that
distance is lost in rounding: the weight is what it was before.
"""

HIGHEST_RATE = 1_000.0
"""What a row may give as a rate at most."""

IDLE_MOVE = SMALL_WEIGHT / 100
"""Where all steps to come, each as long as the rate, add up to less than this, nothing is learnt any more."""


def initial_rate(optimizer: Bound) -> float | None:
    """Return the rate that an optimiser begins with; None for a bare name, whose rate stands elsewhere."""
    if optimizer.bare:
        return None
    rate = optimizer["learning_rate"]
    return step_rate(rate, 0) if isinstance(rate, Bound) else float(rate)


def epoch_rates(schedule: Bound | None, initial: float, epochs: int) -> tuple[float, ...]:
    """Return the rate of each epoch under a schedule of our own.

    Parameters
    ----------
    schedule : Bound or None
        None leaves the rate as it is.
    initial : float
        Rate of the optimiser.
    epochs : int

    Returns
    -------
    tuple of float
        One a epoch, as float32 holds it.
    """
    if schedule is None:
        return (float32(initial),) * epochs
    settings = {name: schedule[name] for name in schedule.signature.defaults}
    return SCHEDULES[schedule.name](**settings).rates(initial, epochs)


def step_rate(schedule: Bound, step: int) -> float:
    """Return the rate of a step, from 0, under a schedule of Keras (`keras/src/optimizers/schedules`)."""
    get = schedule.__getitem__
    match schedule.name:
        case "PiecewiseConstantDecay":
            return float(get("values")[bisect_left(get("boundaries"), step)])
        case "CosineDecay":
            return _cosine_decay(schedule, step)
        case "CosineDecayRestarts":
            return _restarts(schedule, step)
        case "PolynomialDecay":
            return _polynomial(schedule, step)
    passed = step / get("decay_steps")
    passed = math.floor(passed) if get("staircase") else passed
    initial, decay = float(get("initial_learning_rate")), float(get("decay_rate"))
    return float(
        initial * decay**passed if schedule.name == "ExponentialDecay" else initial / (1 + decay * passed)
    )


def _cosine_decay(schedule: Bound, step: int) -> float:
    initial, target, warm = (
        schedule["initial_learning_rate"],
        schedule["warmup_target"],
        schedule["warmup_steps"],
    )
    if target is None:
        return float(initial * cosine(step / schedule["decay_steps"], schedule["alpha"]))
    if step < warm:
        return float((target - initial) * step / warm + initial)
    return float(target * cosine((step - warm) / schedule["decay_steps"], schedule["alpha"]))


def _restarts(schedule: Bound, step: int) -> float:
    longer, lower = schedule["t_mul"], schedule["m_mul"]
    passed = step / schedule["first_decay_steps"]
    if longer == 1:
        number, passed = math.floor(passed), passed % 1
    else:
        number = math.floor(math.log(1 - passed * (1 - longer)) / math.log(longer) + 1e-9)
        passed = (passed - (1 - longer**number) / (1 - longer)) / longer**number
    alpha = schedule["alpha"]
    height = lower**number * 0.5 * (1 + math.cos(math.pi * passed))
    return float(schedule["initial_learning_rate"] * ((1 - alpha) * height + alpha))


def _polynomial(schedule: Bound, step: int) -> float:
    length, end = schedule["decay_steps"], schedule["end_learning_rate"]
    if schedule["cycle"]:
        length *= max(1, math.ceil(step / length))
    passed = min(step, length) / length
    return float((schedule["initial_learning_rate"] - end) * (1 - passed) ** schedule["power"] + end)


def planned_rates(
    optimizer: Bound, schedule: Bound | None, epochs: int, steps: int
) -> tuple[float, ...] | None:
    """Return the rate of each epoch's first step as the texts of a row plan it.

    Parameters
    ----------
    optimizer : Bound
    schedule : Bound or None
    epochs, steps : int
        Steps of one epoch: training items / batch size, rounded up.

    Returns
    -------
    tuple of float or None
        None for an optimiser that is a bare name. What a plateau will do nobody knows before.
    """
    initial = initial_rate(optimizer)
    if initial is None:
        return None
    rate = optimizer["learning_rate"]
    if isinstance(rate, Bound):
        return tuple(step_rate(rate, epoch * steps) for epoch in range(epochs))
    return epoch_rates(schedule, initial, epochs)


def dead_from(rates: Sequence[float]) -> int | None:
    """Return the epoch, from 1, from which on all rates are below `DEAD_RATE`; None where there is none."""
    alive = [epoch for epoch, rate in enumerate(rates, 1) if rate >= DEAD_RATE]
    first = alive[-1] + 1 if alive else 1
    return first if rates and first <= len(rates) else None


def idle_from(rates: Sequence[float], steps: int) -> int | None:
    """Return the epoch, from 1, from which on all steps together stay below `IDLE_MOVE`; None without one.

    At the end of any training few steps are left: a rate counts only where it fell to a tenth of its highest.
    """
    left, first = 0.0, None
    for epoch in range(len(rates), 0, -1):
        left += steps * rates[epoch - 1]
        if left >= IDLE_MOVE:
            break
        first = epoch
    fallen = first is not None and rates[first - 1] < max(rates) / 10
    return first if fallen else None


def warnings(schedule: Bound | None, rates: Sequence[float], steps: int) -> Iterator[Fault]:
    """Yield what a schedule does that its author can hardly mean.

    Parameters
    ----------
    schedule : Bound or None
    rates : sequence of float
        Of all epochs, as `planned_rates` gives them.
    steps : int
        Of one epoch.
    """
    if schedule is not None:
        yield from _unreached(schedule, len(rates))
        yield from _exploding(schedule, rates)
    dead, idle = dead_from(rates), idle_from(rates, steps)
    if dead is None and idle is None:
        return
    at = schedule.places.get("after", schedule.at) if schedule else 0
    parts = []
    if idle is not None and (dead is None or idle < dead):
        parts.append(f"from epoch {idle} on all steps together move a weight by less than {IDLE_MOVE:g}")
    if dead is not None:
        parts.append(
            f"from epoch {dead} on ({rates[dead - 1]:.1g}) a step is lost in the rounding of any weight above"
            f" {SMALL_WEIGHT:g}"
        )
    message = f"the learning rate dies: {'; '.join(parts)}"
    yield Fault("dead-rate", message, _instead(schedule, rates), at, warning=True)


def _unreached(schedule: Bound, epochs: int) -> Iterator[Fault]:
    after = schedule.get("after")
    late = [epoch for epoch in after if epoch >= epochs] if isinstance(after, dict) else []
    if isinstance(after, int) and after >= epochs:
        late = [after]
    if late:
        listed = " and ".join(map(str, late))
        message = f"{schedule.name}: nothing happens after epoch {listed}, for the run has {epochs} epochs"
        yield Fault(
            "never-reached",
            message,
            "remove it, or train longer",
            schedule.places.get("after", 0),
            warning=True,
        )


def _exploding(schedule: Bound, rates: Sequence[float]) -> Iterator[Fault]:
    above = [epoch for epoch, rate in enumerate(rates, 1) if rate > HIGHEST_RATE]
    if above:
        message = f"{schedule.name}: the rate grows beyond {HIGHEST_RATE:g} in epoch {above[0]}"
        yield Fault("bad-rate", message, "use factors below 1", schedule.places.get("after", schedule.at))


def _instead(schedule: Bound | None, rates: Sequence[float]) -> str:
    """The steps that whoever wrote factors probably meant: each of them once."""
    if schedule is None or schedule.name != "MultiplyEachEpoch":
        return "give it a higher end"
    rate, once = rates[0], {}
    for epoch, factor in schedule["after"].items():
        rate *= factor
        if epoch < len(rates):
            once[epoch] = float(f"{rate:.3g}")
    return (
        f"the factors apply again in every epoch; for each of them once write StepwisePerEpoch({text(once)})"
    )
