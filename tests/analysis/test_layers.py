"""Layers of every kind, counted by hand and against published totals."""

from __future__ import annotations

import pytest

from reportgen.analysis import complexity, layers, memory
from reportgen.analysis.activations import activation
from reportgen.records import Layer
from tests import networks, samples


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_separable_convolution_by_hand() -> None:
    # 14 x 14 places: 5 x 5 windows give 2 values for each of 8 channels, of which each of 12 filters reads 16.
    made = networks.separable(28, 8, 12, 5, times=2, stride=2)
    assert made.parameters == 5 * 5 * 8 * 2 + 8 * 2 * 12 + 12 == 604
    assert complexity.multiply_adds(made) == 14 * 14 * (400 + 192) == 116_032
    assert spaced(layers.weights_formula(made)) == "5 × 5 × 8 × 2 + 1 × 1 × 16 × 12"


def test_a_depthwise_convolution_by_hand() -> None:
    made = networks.depthwise(7, 32, 3)
    assert (made.parameters, complexity.multiply_adds(made)) == (3 * 3 * 32 + 32, 7 * 7 * 9 * 32)
    assert (made.parameters, complexity.multiply_adds(made)) == (320, 14_112)


def test_a_batch_normalisation_trains_half_of_what_it_holds() -> None:
    made = networks.batch_norm((7, 7, 64))
    assert (made.weights, made.biases, made.non_trainable, made.parameters) == (64, 64, 128, 256)
    assert complexity.multiply_adds(made) == 7 * 7 * 64


@pytest.mark.parametrize(
    "name", ["MaxPooling2D", "AveragePooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D", "Flatten"]
)
def test_pooling_holds_nothing_and_multiplies_nothing(name: str) -> None:
    made = samples.plain("p", name, (4, 4, 8), (8,))
    assert (made.parameters, complexity.multiply_adds(made), layers.weights_formula(made)) == (0, 0, "")


@pytest.mark.parametrize(("name", "each"), [("PReLU", 1), ("LayerNormalization", 2), ("Rescaling", 1)])
def test_what_scales_each_value_takes_work_for_each(name: str, each: int) -> None:
    made = networks.layer(name, (6, 6, 4), (6, 6, 4), ("gamma", (4,)))
    assert complexity.multiply_adds(made) == each * 6 * 6 * 4


def test_mobilenet_has_the_published_parameters_and_work() -> None:
    published = networks.mobilenet(224)
    # Keras's summary without the top; the paper's 300 M are of convolutions and the top's 1280 x 1000 weights.
    assert published.parameters == 2_257_984
    assert published.non_trainable == 34_112
    convolutions = [each for each in layers.within(published) if each.class_name in layers.CONVOLUTIONS]
    work = sum(complexity.multiply_adds(each) or 0 for each in convolutions) + 1280 * 1000
    assert work == 300_774_272
    scaled = [each for each in layers.within(published) if each.class_name == "BatchNormalization"]
    values = sum(side * side * channels for side, _, channels in (each.output_shape for each in scaled))
    assert complexity.multiply_adds(published) == work - 1280 * 1000 + values


def test_a_network_within_a_network_is_one_line_that_counts_all_of_it() -> None:
    record = samples.record(layers=networks.borrowed())
    costs = {cost.name: cost for cost in complexity.layer_costs(record)}
    own = costs["MobileNetV2"]
    assert spaced(own.formula) == f"{len(layers.within(own.layer))} layers (frozen)"
    assert (own.weights, own.non_trainable, own.total) == (0, 2_257_984, 2_257_984)
    assert own.output_bytes == sum(memory.output_bytes(each) for each in layers.within(own.layer)) > 10**6
    assert record.total_params == 2_924_106  # as a published summary of this network says
    assert sum(cost.non_trainable for cost in costs.values()) == 2_924_106 - 663_562
    assert complexity.architecture(record) == "28×28×1–MobileNetV2 (frozen)–512–10"
    assert complexity.architecture(samples.record(layers=networks.borrowed(trainable=True))) == (
        "28×28×1–MobileNetV2–512–10"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [("mobilenetv2_1.00_32", "MobileNetV2"), ("mobilenetv2_0.35_224", "MobileNetV2 × 0.35"), ("own", "own")],
)
def test_networks_within_are_called_by_kind_and_width(name: str, said: str) -> None:
    inner = (samples.dense("d", 3, 2, "relu"),)
    made = Layer(name, "Functional", {}, (3,), (2,), inner[0].variables, inner)
    assert spaced(layers.kind(made)) == said


def test_only_what_is_told_not_to_learn_is_frozen() -> None:
    norm = networks.batch_norm((4,))
    assert not layers.frozen(norm) and layers.frozen(networks.batch_norm((4,), trainable=False))
    assert not layers.frozen(samples.plain("f", "Flatten", (2, 2), (4,), trainable=False))


def test_augmentation_is_no_part_of_a_models_size() -> None:
    shape = (28, 28, 1)
    altering = tuple(samples.plain(n, n, shape, shape) for n in ("RandomRotation", "RandomZoom"))
    record = samples.record(layers=(*altering, *samples.cnn_layers()), augmentation=2)
    plain = samples.record(layers=samples.cnn_layers())
    assert [c.name for c in complexity.layer_costs(record)] == [c.name for c in complexity.layer_costs(plain)]
    assert complexity.architecture(record) == complexity.architecture(plain)
    assert memory.memory([record]).outputs == memory.memory([plain]).outputs
    crop = samples.plain("c", "RandomCrop", shape, (24, 24, 1))
    assert not layers.passes_through(crop)


def test_networks_with_one_label_are_told_apart_by_their_size() -> None:
    with_norm = (samples.cnn_layers()[0], networks.batch_norm((28, 28, 9)), *samples.cnn_layers()[1:])
    results = [
        samples.result(samples.row(name), name, 42, samples.record(layers=own))
        for name, own in (("a", samples.cnn_layers()), ("b", with_norm))
    ]
    found = [spaced(item.label) for item in complexity.distinct_architectures(results)]
    label = "28×28×1–9@5×5–9@5×5–16@3×3–25–10"
    assert found == [f"{label}, 7 465 parameters", f"{label}, 7 501 parameters"]


def test_rows_that_differ_in_what_holds_nothing_are_named() -> None:
    def of(name: str, own: tuple[Layer, ...]) -> object:
        return samples.result(samples.row(name, title=name.upper()), name, 42, samples.record(layers=own))

    rows = [
        of("a", samples.mlp_layers()),
        of("b", samples.mlp_layers()),
        of("c", samples.mlp_layers(activation="relu")),
    ]
    (found,) = complexity.distinct_architectures(rows)  # type: ignore[arg-type]
    assert found.rows == (("a", "A"), ("b", "B"), ("c", "C"))
    assert found.otherwise == (("c", "C"),)


def test_an_activation_may_be_a_layer_of_its_own() -> None:
    record = samples.record(layers=networks.deep())
    first, *_, last = record.layers
    assert activation(record, first) == "relu"  # the sample's own
    bare = Layer(first.name, "Conv2D", {**first.settings, "activation": "linear"}, first.input_shape,
                 first.output_shape, first.variables)  # fmt: skip
    changed = samples.record(layers=(bare, *record.layers[1:]))
    assert activation(changed, changed.layers[0]) == "relu"
    assert activation(record, last) == "softmax"
    alone = samples.record(layers=(samples.dense("d", 784, 10, "linear"),))
    assert activation(alone, alone.layers[0]) == "linear"
