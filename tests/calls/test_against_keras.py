"""Everything that is known of Keras without it, against the Keras that is installed: one process for all."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reportgen.calls.bound import Bound, read, read_all
from reportgen.calls.schedules import step_rate
from reportgen.calls.signatures import family, known
from reportgen.calls.stack import LAYERS, place
from tests.calls.test_grammar import SAME

pytestmark = pytest.mark.kernel

GREY, COLOUR, FLAT = (12, 10, 1), (12, 10, 6), (15,)

SINGLE: dict[tuple[int, ...], str] = {
    COLOUR: """
        Conv2D(4, 3) | Conv2D(4, (2, 5), strides=(2, 3)) | Conv2D(4, 3, padding='same', strides=2, use_bias=False)
        Conv2D(4, 3, dilation_rate=(2, 1)) | Conv2D(6, 3, groups=3) | Conv2D(4, 20) | Conv2D(4, 3, groups=4)
        Conv2D(4, 3, dilation_rate=2, strides=2) | Conv2D(4, 3, trainable=False) | Conv2D(4, 20, padding='same')
        SeparableConv2D(4, 3) | SeparableConv2D(4, (3, 2), depth_multiplier=2, use_bias=False, strides=2)
        SeparableConv2D(4, 3, padding='same', dilation_rate=2) | SeparableConv2D(4, 13)
        DepthwiseConv2D(3) | DepthwiseConv2D((1, 4), depth_multiplier=3, strides=2) | DepthwiseConv2D(3, use_bias=False)
        DepthwiseConv2D(3, padding='same', dilation_rate=2)
        Conv2DTranspose(4, 3) | Conv2DTranspose(4, 3, strides=2) | Conv2DTranspose(4, 2, strides=3, padding='same')
        Conv2DTranspose(4, (1, 3), strides=(3, 1)) | Conv2DTranspose(4, 3, strides=2, output_padding=1)
        Conv2DTranspose(4, 3, strides=2, padding='same', output_padding=1) | Conv2DTranspose(4, 3, dilation_rate=2)
        Conv2DTranspose(4, 3, strides=2, output_padding=2) | Conv2DTranspose(4, 3, use_bias=False)
        MaxPooling2D() | MaxPooling2D(3, strides=1) | MaxPooling2D((2, 3), padding='same') | MaxPooling2D(2, strides=3)
        MaxPooling2D(11) | MaxPooling2D(11, padding='same')
        AveragePooling2D(2) | AveragePooling2D((3, 1), strides=2, padding='same') | AveragePooling2D((1, 11))
        GlobalMaxPooling2D() | GlobalMaxPooling2D(keepdims=True)
        GlobalAveragePooling2D() | GlobalAveragePooling2D(keepdims=True)
        BatchNormalization() | BatchNormalization(scale=False) | BatchNormalization(center=False, axis=1)
        BatchNormalization(renorm=True) | BatchNormalization(axis=4) | BatchNormalization(trainable=False)
        LayerNormalization() | LayerNormalization(axis=[1, 2]) | LayerNormalization(axis=[-1, -2], center=False)
        LayerNormalization(axis=[-1, 1], scale=False)
        GroupNormalization(3) | GroupNormalization(-1, scale=False) | GroupNormalization(4) | GroupNormalization(7)
        GroupNormalization(5, axis=2, center=False)
        PReLU() | PReLU(shared_axes=[1, 2]) | PReLU(shared_axes=3)
        Flatten() | Reshape((10, 72)) | Reshape((-1, 6)) | Reshape((7, -1)) | Reshape((720,)) | Reshape((3, 3))
        ZeroPadding2D() | ZeroPadding2D((1, 2)) | ZeroPadding2D(((1, 2), (3, 4))) | ZeroPadding2D(((0, 1), (2, 2)))
        Cropping2D(2) | Cropping2D((1, 2)) | Cropping2D(((1, 2), (3, 4))) | Cropping2D(5) | Cropping2D(6)
        Resizing(7, 9) | Resizing(32, 32, crop_to_aspect_ratio=True) | Resizing(5, 5, interpolation='nearest')
        UpSampling2D() | UpSampling2D((1, 3), interpolation='bilinear') | UpSampling2D(3, interpolation='lanczos5')
        SpatialDropout2D(0.3) | RandomFlip() | RandomFlip('horizontal') | RandomRotation(0.03, fill_mode='nearest')
        RandomZoom(0.1) | RandomZoom((-0.2, 0.1), 0.1) | RandomTranslation(0.1, (-0.1, 0.2)) | RandomShear(0.1, 0.2)
        RandomCrop(8, 9) | RandomContrast(0.2) | RandomBrightness(0.1, value_range=(0, 1)) | RandomErasing(0.5)
        RandomElasticTransform(0.5) | RandomGaussianBlur(0.5) | RandomPerspective(0.5) | RandomSharpness(0.5)
        RandomInvert(0.5) | Softmax() | Softmax(axis=1) | Dense(3, trainable=False)
        Normalization(mean=0.1, variance=0.2) | Normalization(mean=[0.1] * 1, variance=[0.2]) | Rescaling(1/255)
    """.replace("[0.1] * 1", "[0.1]"),
    GREY: "GrayscaleToRGB() | Conv2D(8, 3, activation='relu', kernel_regularizer=L2(1e-4)) | MaxPooling2D((12, 10))",
    FLAT: """
        Dense(8) | Dense(8, use_bias=False, activation='relu', kernel_initializer='he_normal')
        Dense(8, activity_regularizer=L1(1e-4), kernel_constraint=MaxNorm(2), bias_initializer=Constant(0.1))
        Dropout(0.5) | Dropout(0) | GaussianNoise(0.1) | GaussianDropout(0.2) | AlphaDropout(0.1)
        Activation('softmax') | ReLU() | ReLU(6, negative_slope=0.1) | LeakyReLU(0.2) | ELU(0.5) | PReLU() | Softmax()
        BatchNormalization() | LayerNormalization(epsilon=1e-5) | GroupNormalization(5) | GroupNormalization(4)
        Flatten() | Reshape((5, 3)) | Reshape((5, 3, 1)) | Reshape((4, 4)) | Rescaling(2, offset=-1)
        ActivityRegularization(l1=1e-4) | Normalization(mean=0, variance=1) | Conv2D(3, 3) | MaxPooling2D(2)
    """,
}  # fmt: skip

NETWORKS: list[tuple[tuple[int, ...], list[str]]] = [
    ((32, 32, 3), ["MobileNetV2(include_top=False, weights=None, trainable=False)", "GlobalAveragePooling2D()"]),
    ((28, 28, 1), ["ZeroPadding2D(2)", "GrayscaleToRGB()", "MobileNetV2(alpha=1.4, include_top=False, weights=None, pooling='avg')"]),
    ((65, 33, 1), ["MobileNetV2(alpha=0.35, include_top=False, weights=None)"]),
    ((31, 32, 3), ["MobileNetV2(alpha=0.35, include_top=False, weights=None)"]),
]  # fmt: skip

RATES = [
    "ExponentialDecay(1e-2, 100, 0.9)",
    "ExponentialDecay(1e-2, 100, 0.9, staircase=True)",
    "InverseTimeDecay(1e-2, 100, 0.5)",
    "CosineDecay(1e-2, 300)",
    "CosineDecay(1e-3, 300, alpha=0.1, warmup_target=1e-2, warmup_steps=50)",
    "CosineDecayRestarts(1e-2, 100)",
    "CosineDecayRestarts(1e-2, 100, t_mul=1.0, m_mul=0.5, alpha=0.1)",
    "PiecewiseConstantDecay([100, 250], [1e-2, 1e-3, 1e-4])",
    "PolynomialDecay(1e-2, 300)",
    "PolynomialDecay(1e-2, 120, power=2.0, cycle=True)",
]
STEPS = [0, 1, 49, 50, 99, 100, 101, 150, 199, 250, 251, 299, 300, 301, 450]

TRAINED: list[tuple[tuple[int, ...], list[str]]] = [
    ((8, 8, 1), [text, "Flatten()", "Dense(10, activation='softmax')"])
    for text in (
        "Conv2DTranspose(2, 3, strides=2, padding='same', output_padding=0)",
        "Conv2DTranspose(2, 4, strides=2, padding='same')",
        "Conv2DTranspose(2, 4, strides=2, padding='same', output_padding=0)",
        "Conv2D(2, 3, dilation_rate=2)",
        "RandomRotation(0.03, fill_mode='nearest')",
    )
]


def singles() -> list[tuple[tuple[int, ...], list[str]]]:
    """Return every layer alone, with several sets of arguments."""
    return [
        (shape, [text.strip()])
        for shape, texts in SINGLE.items()
        for line in texts.splitlines()
        for text in line.split(" | ")
        if text.strip()
    ]


def drawn() -> list[tuple[tuple[int, ...], list[str]]]:
    """Return stacks drawn by lot, some of which do not fit: the same ones every time."""
    lot = random.Random(20260729)

    def layer() -> str:
        side, padding = lot.choice([1, 2, 3, (2, 3)]), lot.choice(["same", "valid"])
        return lot.choice(
            [
                f"Conv2D({lot.randint(1, 9)}, {side}, strides={lot.choice([1, 2])}, padding='{padding}', use_bias={lot.random() < 0.5})",
                f"SeparableConv2D({lot.randint(1, 9)}, {side}, padding='{padding}', depth_multiplier={lot.randint(1, 3)})",
                f"DepthwiseConv2D({side}, padding='{padding}')",
                f"Conv2DTranspose({lot.randint(1, 5)}, {side}, strides={lot.choice([1, 2])}, padding='{padding}')",
                f"MaxPooling2D({side}, padding='{padding}')",
                f"AveragePooling2D({side}, strides={lot.choice([1, 2, None])}, padding='{padding}')",
                f"ZeroPadding2D({lot.randint(0, 2)})",
                f"Cropping2D({lot.randint(0, 3)})",
                f"GroupNormalization({lot.choice([-1, 1, 2])})",
                "BatchNormalization()",
                "PReLU(shared_axes=[1, 2])",
                "SpatialDropout2D(0.1)",
            ]
        )

    found: list[tuple[tuple[int, ...], list[str]]] = []
    for _ in range(60):
        texts = [layer() for _ in range(lot.randint(1, 6))]
        found.append(
            (
                (lot.randint(3, 20), lot.randint(3, 20), lot.choice([1, 3, 4])),
                [*texts, "Flatten()", "Dense(10)"],
            )
        )
    return found


STACKS = [*singles(), *NETWORKS, *drawn()]


def pairs() -> list[list[str]]:
    """Return texts and their one form, for families whose things can say how they are configured."""
    texts = [text for _, stack in STACKS for text in stack if "MobileNet" not in text]
    texts += [
        each
        for of, _, others in SAME
        if of in ("layers", "optimizers", "callbacks")
        for each in others
        if "(" in each
    ]
    found = []
    for text in dict.fromkeys(texts):
        bound, _ = read(text, (*LAYERS, "optimizers", "callbacks"))
        if bound is not None:
            found.append([text, str(bound)])
    return found


@pytest.fixture(scope="module")
def keras_says() -> dict[str, Any]:
    """Ask Keras everything at once."""
    asked = {
        "stacks": STACKS,
        "configurations": pairs(),
        "rates": [[each, STEPS] for each in RATES],
        "trained": TRAINED,
    }
    command = [sys.executable, str(Path(__file__).with_name("ask_keras.py"))]
    ran = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, timeout=600)
    found = ran.stdout.partition("FOUND")[2]
    assert found, ran.stderr[-3000:]
    return dict(json.loads(found))


def ours(shape: tuple[int, ...], texts: list[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return what we say of a stack in Keras's words, and the faults, without those that Keras does not have."""
    bounds, faults = read_all(texts, LAYERS)
    assert faults == [], texts
    layers = [bound for bound in bounds if bound is not None]
    stack, wrong = place(layers, shape)
    found = [
        {
            "output": list(each.output_shape),
            "variables": sorted([one.name, list(one.shape), one.trainable] for one in each.variables),
            "parameters": each.parameters,
        }
        for each in stack.layers
    ]
    return found, [fault.message for fault in wrong if fault.code != "dense-on-image"]


def test_the_signatures_are_those_of_the_installed_keras(keras_says: dict[str, Any]) -> None:
    file = Path(sys.modules["reportgen.calls.signatures"].__file__ or "").with_name("keras_signatures.json")
    stored = json.loads(file.read_text(encoding="utf-8"))
    assert stored == keras_says["signatures"], "run python scripts/keras_signatures.py"


def test_every_layer_is_compared() -> None:
    named = {text.split("(")[0] for _, texts in STACKS for text in texts}
    assert named == set(known(LAYERS))
    single = {text.split("(")[0] for _, texts in singles() for text in texts}
    assert single | {"MobileNetV2"} == set(family("layers")) | {"MobileNetV2"}


@pytest.mark.parametrize("number", range(len(STACKS)), ids=[" ".join(texts)[:60] for _, texts in STACKS])
def test_shapes_variables_and_counts_are_those_of_keras(keras_says: dict[str, Any], number: int) -> None:
    shape, texts = STACKS[number]
    theirs = keras_says["stacks"][number]
    mine, faults = ours(shape, texts)
    if "Dense" in texts[0] and len(shape) > 1:  # what we refuse and Keras allows
        assert place([b for b in read_all(texts, LAYERS)[0] if b], shape)[1][0].code == "dense-on-image"
        return
    assert bool(theirs["error"]) == bool(faults), (theirs["error"], faults)
    assert mine == theirs["layers"]


def test_stacks_drawn_by_lot_fit_and_do_not_fit(keras_says: dict[str, Any]) -> None:
    errors = [bool(answer["error"]) for answer in keras_says["stacks"][-60:]]
    assert 5 < sum(errors) < 40


def test_the_one_form_of_a_text_makes_the_same_thing(keras_says: dict[str, Any]) -> None:
    asked = pairs()
    assert len(asked) > 150
    assert sum(text != form for text, form in asked) > 50
    for (text, form), (one, other) in zip(asked, keras_says["configurations"], strict=True):
        assert one == other, f"{text} and {form}"


@pytest.mark.parametrize("number", range(len(RATES)), ids=RATES)
def test_the_rates_of_schedules_are_those_of_keras(keras_says: dict[str, Any], number: int) -> None:
    bound, faults = read(RATES[number], ("schedules",))
    assert isinstance(bound, Bound), faults
    mine = [step_rate(bound, step) for step in STEPS]
    assert mine == pytest.approx(keras_says["rates"][number], rel=2e-5, abs=1e-9)


@pytest.mark.parametrize("number", range(len(TRAINED)), ids=[texts[0] for _, texts in TRAINED])
def test_what_we_let_pass_can_be_trained_and_what_we_refuse_cannot(
    keras_says: dict[str, Any], number: int
) -> None:
    shape, texts = TRAINED[number]
    assert bool(keras_says["trained"][number]) == bool(ours(shape, texts)[1])
