"""For each rule results that must trigger it and results that must not; the first row is the one looked at."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np

from reportgen.records import Layer, Record, Stopped
from reportgen.results import Result
from tests import samples
from tests.analysis.observations.invented import (
    EPOCHS,
    Curve,
    answers,
    record,
    row,
    settling,
    steps,
    straight,
    turning,
)

Results = tuple[Result, ...]
Case = Callable[[], Results]


def alone(**changes: object) -> Case:
    """One row with one run."""
    return lambda: (row("a", record(**changes)),)  # type: ignore[arg-type]


def with_layers(*extra: Layer) -> tuple[Layer, ...]:
    """A network without dropout, and these layers."""
    return (samples.dense("hidden", 784, 250, "tanh"), *extra, samples.dense("output", 250, 10, "softmax"))


def small(units: int) -> tuple[Layer, ...]:
    """A smaller network of the same kind."""
    return samples.mlp_layers(hidden=(units,))


def borrowing(*before: str) -> Case:
    """A row with a network within its own, as Keras's applications give it."""
    inner = (samples.plain("out_relu", "ReLU", (1, 1, 8), (1, 1, 8)),)
    network = Layer("mobilenetv2_1.00_224", "Functional", {}, (32, 32, 3), (1, 1, 8), (), inner)
    texts = [*before, "MobileNetV2(include_top=False, weights=None)", "Dense(10, activation='softmax')"]
    return lambda: (row("a", record(layers=with_layers(network), parameters={"layers": texts})),)


QUIET = alone()
TURNED = {"val_loss": turning(1.0, 0.080, 0.110, 15), "loss": straight(1.0, 0.010)}
RISING = 1.0 - settling(0.4, 0.02) + 0.002 * steps() / EPOCHS
"""A validation accuracy that still creeps upwards at the end."""
SINKING = 1.0 - settling(0.4, 0.02) - 0.02 * steps() / EPOCHS
FALLING = {"val_loss": straight(1.0, 0.3), "loss": straight(1.0, 0.28)}
LAST_UP = np.where(steps() == EPOCHS, 0.33, straight(1.0, 0.3))
DIPPED = np.where(steps() == EPOCHS - 4, 0.2, straight(1.0, 0.3))
SLOWLY = {"val_loss": straight(0.21, 0.2), "loss": straight(0.21, 0.19)}
DIED = {"learning_rate": np.where(steps() < 20, 1e-3, 1e-11)}
IDLED = {"learning_rate": np.where(steps() < 20, 1e-3, 1e-7)}
SLOWED = {"learning_rate": np.where(steps() < 20, 1e-3, 1e-5)}
BATCHES: dict[str, object] = {"epochs": EPOCHS, "batch_size": 4096}
WATCHED = ["EarlyStopping(patience=3)"]
PLATEAU = ["ReduceLROnPlateau(patience=5)"]
BROKEN = {"loss": np.where(steps() < 12, 1.0, np.nan), "val_loss": np.where(steps() < 12, 1.0, np.nan)}
GAPED = {"accuracy": 1.0 - settling(0.4, 0.002)}
UNDER = {
    "loss": settling(1.0, 0.120),
    "val_loss": settling(1.0, 0.100),
    "accuracy": 1.0 - settling(0.4, 0.03),
}
JUMPED = {"val_accuracy": np.where(steps() == EPOCHS - 1, 0.93, 1.0 - settling(0.4, 0.02))}


def peaked(by_loss: int, by_accuracy: int) -> Case:
    """A run with its lowest loss and its highest accuracy where they are wanted."""
    losses, accuracies = settling(1.0, 0.1), 1.0 - settling(0.4, 0.02)
    losses[by_loss - 1] -= 0.001
    accuracies[by_accuracy - 1] += 0.001
    return alone(history={"val_loss": losses, "val_accuracy": accuracies})


def two(
    first: Record,
    second: Record,
    own: dict[str, object],
    theirs: dict[str, object],
    section: str = "one",
) -> Results:
    """A row that is compared with another one."""
    return (
        row("a", first, parameters=own, compared_with="b"),
        row("b", second, parameters=theirs, section=section),
    )


BASE: dict[str, object] = {"units": 250, "rate": 0.5, "activation": "tanh"}


def against(**changes: object) -> Case:
    """Two rows whose settings differ by these."""
    return lambda: two(record(), record(validation=answers(200)), BASE | changes, BASE)


def with_smaller(wrong: int, units: int, section: str = "one") -> Case:
    """A row, and one with so many units and so many wrong validation items."""
    return lambda: two(
        record(), record(layers=small(units), validation=answers(wrong)), {"n": 1}, {"n": 2}, section
    )


def underfitted(wrong: int, training: float) -> Case:
    """A row with so many wrong validation items and such a training accuracy, beside a quiet one."""
    history = {"accuracy": 1.0 - settling(0.4, 1 - training)}
    return lambda: (row("a", record(history=history, validation=answers(wrong))), row("b", record()))


def seeds(*numbers: int, parameters: dict[str, object] | None = None) -> Results:
    """Rows that differ in their seed, and in their parameters unless these are given."""
    return tuple(
        row(f"r{n}", record(seed=n, validation=answers(100 + n)), seed=n, parameters=parameters or {"n": n})
        for n in numbers
    )


def lengths(short: Mapping[str, Curve], epochs: int) -> Case:
    """A row of 40 epochs set against one of so many."""
    return lambda: (
        row("a", record(history=short)),
        row("b", record(epochs=epochs), compared_with="a"),
    )


def stopped(at: int) -> Case:
    """Two rows of 40 planned epochs, one of which ended at this one."""
    return lambda: (row("a", record(epochs=at, parameters={"epochs": EPOCHS})), row("b", record()))


COMPOUNDED = np.where(steps() <= 30, 1e-3, 1e-3 * 0.5 ** (steps() - 30))


def calls(history: Mapping[str, Curve], stopped: Stopped | None = None, **parameters: object) -> Case:
    """One row whose notebook takes calls."""
    made = record(history=history, parameters={"epochs": EPOCHS, **parameters})
    return lambda: (row("a", dataclasses.replace(made, stopped=stopped or made.stopped)),)


def warm(other_split: bool = False) -> Case:
    """A row that begins with the weights of another one, the first of which is not known without it."""

    def rows() -> Results:
        source = row("b", record(validation=answers(140)))
        split = "0" * 64 if other_split else record().data.split_digest
        data = dataclasses.replace(record().data, split_digest=split)
        made = dataclasses.replace(record(), initial={"key": source.runs[0].key, "weights": "w"}, data=data)
        first = row("a", made)
        return (dataclasses.replace(first, row=dataclasses.replace(first.row, warm_start="b")), source)

    return rows


def chain() -> Results:
    """The source of `warm`, which began with the weights of a third row itself."""
    source, first = row("b", record(validation=answers(140))), row("c", record(validation=answers(150)))
    made = dataclasses.replace(
        source.runs[0].record or record(), initial={"key": first.runs[0].key, "weights": "v"}
    )
    return (dataclasses.replace(source, runs=(dataclasses.replace(source.runs[0], record=made),)), first)


def budget(*budgets: tuple[int, int]) -> Results:
    """Rows with so many epochs and batches of such a size."""
    return tuple(
        row(f"r{place}", record(epochs=epochs, parameters={"epochs": epochs, "batch_size": size}))
        for place, (epochs, size) in enumerate(budgets)
    )


RULES: dict[str, tuple[list[Case], list[Case]]] = {
    "borrowed-network": ([borrowing(), borrowing("Flatten()")], [QUIET, alone(layers=samples.cnn_layers())]),
    "validated-on-test": ([alone(on_test=True)], [QUIET]),
    "learned-nothing": (
        [alone(history=BROKEN), alone(validation=answers(5400))],
        [QUIET, alone(validation=answers(4800))],
    ),
    "rate-died": (
        [
            alone(history=DIED),
            alone(history=DIED, parameters=BATCHES),
            alone(history=IDLED, parameters=BATCHES),
        ],
        [QUIET, alone(history=IDLED), alone(history=SLOWED, parameters=BATCHES)],
    ),
    "rate-compounds": (
        [calls({"learning_rate": COMPOUNDED}, schedule="MultiplyEachEpoch({30: 0.5})")],
        [
            QUIET,
            calls({"learning_rate": COMPOUNDED}, schedule="StepwisePerEpoch({30: 0.0005})"),
            calls({}, schedule="MultiplyEachEpoch({39: 0.5})"),
        ],
    ),
    "best-not-tested": (
        [calls(TURNED, callbacks=WATCHED, stopped=Stopped(60, "EarlyStopping"))],
        [
            QUIET,
            calls(TURNED, stopped=Stopped(EPOCHS)),
            calls(TURNED, callbacks=WATCHED, stopped=Stopped(60, "EarlyStopping", 15)),
            calls(FALLING, callbacks=WATCHED, stopped=Stopped(EPOCHS)),
        ],
    ),
    "plateau-never": (
        [calls({}, callbacks=PLATEAU), calls({}, callbacks=[*PLATEAU, *WATCHED])],
        [
            QUIET,
            calls({}, callbacks=WATCHED),
            calls({"learning_rate": np.where(steps() < 20, 1e-3, 1e-4)}, callbacks=PLATEAU),
        ],
    ),
    "warm-start": (
        [warm(), warm(other_split=True), lambda: warm()()[:1] + chain()],
        [QUIET, lambda: warm()()[:1]],
    ),
    "loss-turns": (
        [alone(history=TURNED), alone(history=TURNED | {"loss": settling(1.0, 0.1)})],
        [
            QUIET,
            alone(history={"val_loss": turning(1.0, 0.080, 0.0815, 15)}),  # flattened rather than turned
            alone(history={"val_loss": turning(1.0, 0.080, 0.110, 39)}),  # one jump at the end
            alone(history={"val_loss": np.where(steps() % 2 == 0, 0.08, 0.12)}),  # jumps all along
        ],
    ),
    "over-confidence": (
        [alone(history=TURNED | {"val_accuracy": RISING}, validation=answers(120, sure=0.995))],
        [
            alone(history={"val_accuracy": RISING}, validation=answers(120, sure=0.995)),
            alone(history=TURNED | {"val_accuracy": SINKING}, validation=answers(120, sure=0.995)),
            alone(history=TURNED | {"val_accuracy": RISING}, validation=answers(120, sure=0.9)),
        ],
    ),
    "gap": (
        [alone(history=GAPED), alone(history=GAPED | TURNED)],
        [QUIET, alone(history=GAPED, validation=answers(3, 200))],  # so few items tell no gap
    ),
    "validation-above": (
        [alone(history=UNDER), alone(history=UNDER, layers=with_layers())],
        [QUIET, alone(history=UNDER | {"accuracy": 1.0 - settling(0.4, 0.01)})],
    ),
    "not-converged": (
        [alone(history=FALLING), alone(history=FALLING | {"val_loss": LAST_UP})],
        [
            QUIET,
            alone(history=FALLING | {"val_loss": settling(1.0, 0.1)}),
            alone(history=FALLING | DIED),
            calls(FALLING, stopped=Stopped(60, "EarlyStopping")),  # its word on what more epochs would bring
            alone(history=FALLING | {"val_loss": DIPPED}),  # two means fall, and the curve has turned
        ],
    ),
    "last-epoch": (
        [alone(history=SLOWLY)],
        [QUIET, alone(history=FALLING), alone(history=SLOWLY | {"val_loss": straight(0.2, 0.21)})],
    ),
    "several-settings": (
        [against(units=300, rate=0.0), against(units=300, rate=0.0, activation="relu")],
        [against(units=300), against()],
    ),
    "one-setting": ([against(units=300)], [against(units=300, rate=0.0), against()]),
    "underfitting": (
        [underfitted(300, 0.955), lambda: _no_dropout(underfitted(300, 0.955)())],
        [QUIET, underfitted(130, 0.975), underfitted(300, 0.999)],
    ),
    "smaller-model": (
        [with_smaller(125, 100), with_smaller(30, 100)],
        [with_smaller(500, 100), with_smaller(125, 200), with_smaller(125, 100, "two"), QUIET],
    ),
    "unsteady-end": ([alone(history=JUMPED)], [QUIET]),
    "validation-test": (
        [alone(test=answers(240)), alone(test=answers(50))],
        [QUIET, alone(test=answers(130)), alone(on_test=True, test=answers(240))],
    ),
    "epochs-apart": ([peaked(24, 34), peaked(30, 20)], [peaked(30, 33)]),
    "weak-classes": (
        [
            alone(test=answers(90, pairs={(3, 5): 60})),
            alone(test=answers(90, pairs={(3, 5): 60, (8, 1): 40})),
        ],
        [QUIET, alone(test=answers(20, pairs={(3, 5): 4}))],
    ),
    "confused-pairs": (
        [
            alone(test=answers(90, pairs={(3, 5): 15, (5, 3): 14})),
            alone(test=answers(90, pairs={(3, 5): 30, (9, 4): 20})),
            alone(test=answers(400, pairs={(9, 4): 30})),
        ],
        [
            QUIET,
            alone(test=answers(0, pairs={(3, 5): 9})),
            alone(test=answers(400, pairs={(3, 5): 15, (5, 3): 14})),  # the table beside says as much
        ],
    ),
}

SECTION_RULES: dict[str, tuple[list[Case], list[Case]]] = {
    "same-configuration": (
        [lambda: (row("a", record(), same_as=("b",)), row("b", record(), same_as=("a",)))],
        [QUIET],
    ),
    "rerun": (
        [lambda: seeds(1, 2, parameters={"n": 0}), lambda: seeds(1, 2, 3, 4, 5, 6, 7, parameters={"n": 0})],
        [lambda: seeds(1, 2), lambda: seeds(1, 1, parameters={"n": 0})],
    ),
    "uneven-stop": (
        [lengths(FALLING, 100), lengths(SLOWLY, 100)],
        [lengths({}, 100), lengths(FALLING, EPOCHS)],
    ),
    "uneven-rule": ([stopped(30)], [stopped(EPOCHS)]),
    "different-budgets": (
        [
            lambda: budget((40, 32), (40, 64)),
            lambda: budget((40, 32), (20, 32), (30, 64), (50, 128)),
        ],
        [lambda: budget((40, 32), (40, 32)), QUIET],
    ),
    "learned-nothing-all": (
        [
            lambda: (row("a", record(validation=answers(5400))), row("b", record())),
            lambda: (row("a", record(validation=answers(5400))), row("b", record(history=BROKEN))),
        ],
        [QUIET, lambda: (row("a", record()), row("b", record())), alone(validation=answers(5400))],
    ),
    "smaller-elsewhere": (
        [
            with_smaller(125, 100, "two"),
            lambda: (*with_smaller(30, 100, "two")(), row("c", record())),
        ],
        [with_smaller(500, 100, "two"), with_smaller(125, 200, "two"), with_smaller(125, 100)],
    ),
}


def _no_dropout(results: Results) -> Results:
    """The same rows, the first without dropout."""
    first = results[0]
    run = first.runs[0]
    assert run.record is not None
    plain = dataclasses.replace(run.record, layers=with_layers())
    return (dataclasses.replace(first, runs=(dataclasses.replace(run, record=plain),)), *results[1:])


def thrice(results: Results) -> Results:
    """The same rows with three runs each, which differ in nothing but their seed."""
    return tuple(
        dataclasses.replace(
            result,
            row=dataclasses.replace(result.row, repeats=3),
            runs=tuple(
                dataclasses.replace(
                    result.runs[0], key=f"{result.runs[0].key[:-1]}{number}", seed=42 + number
                )
                for number in range(3)
            ),
        )
        for result in results
    )
