"""Drawings of networks, by their artists."""

from __future__ import annotations

import dataclasses

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from reportgen import language
from reportgen.figures.network import describe_network, network
from reportgen.figures.style import INK
from reportgen.records import Features, Layer, Record
from tests import networks, samples
from tests.figures.artists import boxes, check, row_of, size, written

THIRD_OF_A_PAGE = 297 / 25.4 * 72 / 3


def record_of(layers: tuple[Layer, ...], **more: object) -> Record:
    record = samples.record(layers=layers, n_test=20, n_validation=20)
    return dataclasses.replace(record, **more)  # type: ignore[arg-type]


def drawn(layers: tuple[Layer, ...], **more: object) -> Figure:
    return network(row_of(record_of(layers, **more)))


def described(layers: tuple[Layer, ...], **more: object) -> str:
    return describe_network(row_of(record_of(layers, **more))).replace("\u00a0", " ")


def cards(figure: Figure, dashes: str | None = None) -> list[Rectangle]:
    """Outlines of layers, all or those with one line style."""
    found = [
        patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle) and patch.get_width() > 50
    ]
    return found if dashes is None else [patch for patch in found if patch.get_linestyle() == dashes]


ALL = {
    "mlp": samples.mlp_layers(),
    "no hidden layer": samples.mlp_layers(hidden=()),
    "cnn": samples.cnn_layers(),
    "lstm": samples.lstm_layers(),
    "deep": networks.deep(),
    "borrowed": networks.borrowed(),
    "trained whole": networks.borrowed(trainable=True),
    "separable": (
        networks.separable(28, 1, 32, 3, times=2), networks.depthwise(28, 32, 3, stride=2),
        samples.plain("gap", "GlobalAveragePooling2D", (14, 14, 32), (32,)), samples.dense("o", 32, 10, "softmax"),
    ),
    "forty dense": (*(samples.dense(f"d{n}", 40 + n, 41 + n, "relu") for n in range(40)), samples.dense("o", 80, 10, "softmax")),
    "six in a row": (*(samples.dense(f"d{n}", 1000 + n, 1001 + n, "relu") for n in range(5)), samples.dense("o", 1005, 10, "softmax")),
    "nothing learns": (samples.plain("f", "Flatten", (28, 28, 1), (784,)),),
}  # fmt: skip


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("code", ["en", "fr"])
def test_any_network_fits_its_cards(name: str, code: str) -> None:
    with language.use(code):
        figure = drawn(ALL[name])
        check(figure)
        assert describe_network(row_of(record_of(ALL[name])))
    for card in cards(figure):
        width, _ = size(figure)
        assert card.get_x() >= 0 and card.get_x() + card.get_width() <= width + 4.1


@pytest.mark.parametrize("code", ["en", "fr"])
def test_twenty_five_layers_fit_on_a_third_of_a_page(code: str) -> None:
    assert len(networks.deep()) == 25
    with language.use(code):
        width, height = size(drawn(networks.deep()))
    assert width == 468 and height <= THIRD_OF_A_PAGE


def test_a_card_says_kind_settings_shape_and_parameters() -> None:
    said = written(drawn(networks.deep()))
    assert {
        "Input",
        "28 × 28 × 1",
        "Convolution 1",
        "28 × 28 × 16",
        "160",
        "batch norm",
        "64",
        "ReLU",
    } <= set(said)
    assert "16 filters, 3 × 3," in said and "max pool 2 × 2" in said and "14 × 14 × 16" in said
    assert said.count("batch norm") == 6 and said.count("dropout 0.5") == 1 and "576" in said


def test_the_bars_are_parts_of_all_parameters() -> None:
    layers = samples.mlp_layers(hidden=(250,))
    figure = drawn(layers)
    bars = [
        p
        for p in figure.axes[0].patches
        if isinstance(p, Rectangle) and p.get_facecolor()[:3] == pytest.approx(rgb(INK))
    ]
    held = [layer.parameters for layer in layers if layer.parameters]
    assert [bar.get_width() / 20 for bar in bars] == pytest.approx([each / sum(held) for each in held])


def rgb(color: str) -> tuple[float, ...]:
    return tuple(int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))


def test_what_acts_in_training_only_is_dotted_and_what_is_frozen_dashed() -> None:
    shape = (28, 28, 1)
    altering = tuple(samples.plain(n, n, shape, shape) for n in ("RandomRotation", "RandomTranslation"))
    figure = drawn((*altering, *samples.mlp_layers()), augmentation=2)
    said = written(figure)
    assert "random rotation" in said and "random shift" in said
    dashes = [patch.get_linestyle() for patch in cards(figure)]
    plain = dashes.count("-")
    assert len(dashes) - plain == 3  # two that alter the images, one dropout
    legend = " ".join(said)
    assert "Dotted: acts in training only." in legend and "frozen" not in legend
    assert "The first 2 layers alter the images at random, in training only." in described(
        (*altering, *samples.mlp_layers()), augmentation=2
    )
    bare = written(drawn(samples.mlp_layers(hidden=())))
    assert not any("Dotted" in text or "Dashed" in text for text in bare)


def test_a_network_within_the_network_is_one_card() -> None:
    frozen, trained = drawn(networks.borrowed()), drawn(networks.borrowed(trainable=True))
    for figure in (frozen, trained):
        assert "MobileNetV2" in written(figure) and "2 257 984" in written(figure)
        assert any("layers within" in text for text in written(figure))
    assert "frozen" in written(frozen) and "Dashed" in " ".join(written(frozen))
    assert {"2 223 872 trained", "34 112 not"} <= set(written(trained))
    assert "Dashed" not in " ".join(written(trained))
    said = described(networks.borrowed())
    assert "Most of them, 77.2 %, are in “MobileNetV2”." in said
    assert "Training leaves 2 260 544 of them alone." in said


def test_colours_are_decoration() -> None:
    # In grey, a convolution and a dense layer are told apart by their words.
    figure = drawn(samples.cnn_layers())
    headings = [text.get_text() for text, _ in boxes(figure) if float(text.get_fontsize()) > 7]
    assert headings == ["Input", "Convolution 1", "Convolution 2", "Convolution 3", "Dense", "Output"]


def test_what_is_too_much_to_draw_is_counted() -> None:
    figure = drawn(ALL["forty dense"])
    said = " ".join(written(figure))
    assert "…" in written(figure) and "more layers" in said
    assert size(figure)[1] <= THIRD_OF_A_PAGE


def test_features_are_what_such_a_network_reads() -> None:
    figure = drawn(samples.mlp_layers(inputs=392), features=Features("hog", 392, {"orientations": 8}))
    assert {"HOG values", "392"} <= set(written(figure))


def test_words_of_a_small_network() -> None:
    assert described(samples.mlp_layers()) == (
        "A network from 784 inputs to 10 outputs: 3 layers, 2 of them with weights to learn, 198 760 parameters."
        " Most of them, 98.7 %, are in “Dense”."
    )
