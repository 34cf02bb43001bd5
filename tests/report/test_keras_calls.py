"""The code of rows whose settings are calls makes the networks, the rates and the callbacks that Keras made."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import Any

import pytest

from reportgen.calls.named import canonical
from reportgen.calls.row import Seen, check_row
from reportgen.records import Record, Stopped
from reportgen.report.keras_code import keras_code
from tests import samples

EPOCHS = 12
DENSE = ["Flatten()", "Dense(10, activation='softmax')"]
LAYERS: dict[str, list[str]] = {
    "plain": ["Conv2D(8, 3, padding='same', activation='relu')", "MaxPooling2D()", "Dropout(0.25)", *DENSE],
    "rich": [
        "Rescaling(1/255)", "SeparableConv2D(6, 3, depthwise_initializer='he_normal')", "BatchNormalization(momentum=0.9)",
        "LeakyReLU(0.2)", "AveragePooling2D((2, 3), strides=2)", "GlobalAveragePooling2D()",
        "Dense(12, kernel_initializer=RandomNormal(stddev=0.1), kernel_regularizer=L1L2(l1=1e-5, l2=1e-4), "
        "activity_regularizer=L1(1e-4), kernel_constraint=MaxNorm(3))", "PReLU()", DENSE[1],
    ],
    "borrowed": [
        "ZeroPadding2D(2)", "GrayscaleToRGB()", "Rescaling(2.0, offset=-1)",
        "MobileNetV2(include_top=False, weights=None, trainable=False)", "GlobalAveragePooling2D()", DENSE[1],
    ],
}  # fmt: skip
SCHEDULES = {
    "stepwise": "StepwisePerEpoch({3: 1e-3, 7: 1e-4})",
    "compounding": "MultiplyEachEpoch({3: 0.1, 6: 0.5})",
    "exponential": "ExponentialPerEpoch(0.8, after=4)",
    "cosine": "CosinePerEpoch(8, alpha=0.1)",
}


def made(layers: str = "plain", schedule: str | None = None, **parameters: Any) -> tuple[Record, int]:
    """A record of a row with these calls in their one form, and the parameters that the plan foresees."""
    given: dict[str, Any] = {
        "layers": LAYERS[layers], "optimizer": "Adam(0.01, beta_1=0.8, clipnorm=1.0)", "schedule": schedule,
        "loss": "CategoricalCrossentropy(label_smoothing=0.1)", "augmentation": [], "callbacks": [],
    } | parameters  # fmt: skip
    settled = {name: canonical(name, value) for name, value in given.items()}
    settled |= {"batch_size": 32, "epochs": EPOCHS}
    checked = check_row(settled, Seen((28, 28, 1), 10, 1000))
    assert checked.stack is not None and not [each for each in checked.faults if not each.fault.warning]
    rates = checked.rates
    base = samples.record(epochs=EPOCHS, n_test=20, n_validation=20, rates=rates, stopped=Stopped(EPOCHS))
    front = len(settled["augmentation"])
    reported = [samples.plain("r", "Any", one.input_shape, one.output_shape) for one in checked.stack.layers]
    first = samples.plain("a", "RandomFlip", (28, 28, 1), (28, 28, 1))
    return (
        dataclasses.replace(
            base, parameters=settled, layers=(*[first] * front, *reported), augmentation=front
        ),
        checked.stack.parameters,
    )


RECORDS = {
    **{name: made(name) for name in LAYERS},
    **{name: made(schedule=text) for name, text in SCHEDULES.items()},
    "augmented": made(
        augmentation=["RandomRotation(10/360)", "RandomZoom(0.1)", "RandomTranslation(0.1, 0.1)"],
        callbacks=["EarlyStopping(patience=3, restore_best_weights=True)", "TerminateOnNaN()"],
        optimizer="SGD(CosineDecay(0.1, 1000, alpha=0.01), momentum=0.9, nesterov=True)",
        loss="sparse_categorical_crossentropy",
    ),
}
ASK = """
print({name!r}, "parameters", model.count_params(), flush=True)
x = numpy.zeros((4,) + model.input_shape[1:], "float32")
y = numpy.arange(4) if "sparse" in str(model.loss) else numpy.eye(10)[:4]
given = model.fit(x, y, epochs={epochs}, validation_data=(x, y), verbose=0, batch_size=4,
                  callbacks=[each for each in globals().get("callbacks", []) if "Stopping" not in str(each)])
print({name!r}, "rates", *given.history.get("learning_rate", [0.0]), flush=True)
globals().pop("callbacks", None)
"""


@pytest.mark.kernel
def test_the_code_makes_the_network_and_the_rates_of_the_row() -> None:
    script = ["import numpy"]
    for name, (record, _) in RECORDS.items():
        script.append(keras_code(record))
        epochs = EPOCHS if name in SCHEDULES else 1
        script.append(ASK.format(name=name, epochs=epochs))
    run = subprocess.run(
        [sys.executable, "-c", "\n".join(script)], capture_output=True, text=True, timeout=600, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    said = [
        line.split() for line in run.stdout.splitlines() if line.split()[:1] and line.split()[0] in RECORDS
    ]
    counted = {name: int(rest[0]) for name, what, *rest in said if what == "parameters"}
    assert counted == {name: parameters for name, (_, parameters) in RECORDS.items()}
    rates = {name: [float(each) for each in rest] for name, what, *rest in said if what == "rates"}
    for name in SCHEDULES:
        assert rates[name] == pytest.approx(list(RECORDS[name][0].history["learning_rate"]), rel=1e-6), name


def test_callbacks_stand_in_a_list_and_the_fit_takes_them() -> None:
    code = keras_code(RECORDS["augmented"][0])
    stop = 'keras.callbacks.EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True),'
    assert stop in code and "callbacks=callbacks" in code
    assert "callbacks" not in keras_code(RECORDS["plain"][0])
    assert keras_code(RECORDS["augmented"][0]).index("RandomRotation") < code.index("Conv2D")


def test_the_rate_is_the_one_that_the_training_began_with() -> None:
    """The optimiser's own settings hold the one it ended with."""
    record = samples.record(epochs=3, n_test=20, n_validation=20, rates=[1e-3, 1e-4, 1e-5])
    ended = {"name": "RMSprop", "settings": {**record.optimizer["settings"], "learning_rate": 1e-5}}
    assert "learning_rate=0.001" in keras_code(dataclasses.replace(record, optimizer=ended))


def test_a_training_of_fewer_epochs_is_asked_for_all_of_them() -> None:
    early = samples.record(epochs=5, n_test=20, n_validation=20, stopped=Stopped(30, "EarlyStopping"))
    assert "epochs=30," in keras_code(early)


def test_first_weights_of_another_row_are_named() -> None:
    warm = dataclasses.replace(RECORDS["plain"][0], initial={"key": "k", "weights": "w"})
    code = keras_code(warm, "before")
    assert "model.set_weights(source.get_weights())" in code and "row before" in code
    assert "set_weights" not in keras_code(RECORDS["plain"][0])


def test_a_file_of_weights_is_named_without_its_folder() -> None:
    record, _ = RECORDS["borrowed"]
    layers = [
        text.replace("weights=None", "weights='somewhere/own.h5'") for text in record.parameters["layers"]
    ]
    code = keras_code(dataclasses.replace(record, parameters={**record.parameters, "layers": layers}))
    assert 'weights="own.h5"' in code and "somewhere" not in code
