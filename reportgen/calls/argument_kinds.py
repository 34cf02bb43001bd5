"""Which kind of value each argument of Keras's calls takes: by its name, and by class where one differs."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.calls.grammar import names
from reportgen.calls.keras_names import ACTIVATIONS
from reportgen.calls.kinds import (
    Edges,
    Flag,
    Kind,
    Made,
    Number,
    OneOf,
    Refused,
    Row,
    Sides,
    Table,
    Text,
    Whole,
)

_SHARE = Number(0, 1, high_open=True)
_UNIT = Number(0, 1)
_POSITIVE = Number(0, low_open=True)
_FROM_ZERO = Number(0)
_ANY = Number()
_AXIS = Whole(-4, 4, but=0)
_AXES = Row(_AXIS, "an axis, or several; 0 is the batch's", alone=True, most=4)
_FACTOR = Row(Number(-1, 1), "a number from -1 to 1, or two (from, to)", least=2, most=2, alone=True)
_SHARE_FACTOR = Row(_UNIT, "a number from 0 to 1, or two (from, to)", least=2, most=2, alone=True)
_NUMBERS = Row(_ANY, "a number, or one per channel", alone=True)
_RATE = Number(0, 1_000, low_open=True)
_LAYER_NAME = Text(
    r"[A-Za-z][A-Za-z0-9_.-]{0,63}", "a text of letters, digits, '_', '.' and '-', a letter first"
)
_METRICS = ("loss", "accuracy", "val_loss", "val_accuracy")
_INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5")
_FILLS = ("reflect", "wrap", "constant", "nearest")
_SEED = Refused("the run's own seed governs every layer", "leave seed out; [execution] or the row has it")
_FIXED = Refused("reportgen has it the same in every run")
_FORMAT = Refused("images are (height, width, channels) in every run")
_WEIGHTS = Text(r"imagenet|.*\.(h5|keras)", "None, 'imagenet' or the path of a file .h5 or .keras", none=True)

BY_NAME: Mapping[str, Kind] = {
    "units": Whole(),
    "filters": Whole(),
    "kernel_size": Sides(1, 1_000),
    "strides": Sides(1, 1_000),
    "dilation_rate": Sides(1, 1_000),
    "pool_size": Sides(1, 1_000),
    "size": Sides(1, 100),
    "output_padding": Sides(0, 1_000),
    "padding": OneOf(("valid", "same")),
    "groups": Whole(),
    "depth_multiplier": Whole(1, 10_000),
    "activation": OneOf(ACTIVATIONS, "an activation that Keras knows"),
    "rate": _SHARE,
    "stddev": _FROM_ZERO,
    "momentum": _SHARE,
    "epsilon": Number(0, 1, low_open=True),
    "axis": _AXIS,
    "renorm_momentum": _UNIT,
    "max_value": _FROM_ZERO,
    "min_value": _FROM_ZERO,
    "negative_slope": _FROM_ZERO,
    "threshold": _FROM_ZERO,
    "shared_axes": _AXES,
    "target_shape": Row(Whole(-1, 10**9, but=0), "a shape, such as (28, 28, 1); one side may be -1", most=6),
    "offset": _NUMBERS,
    "mean": _NUMBERS,
    "variance": _NUMBERS,
    "cropping": Edges(),
    "height": Whole(1, 10_000),
    "width": Whole(1, 10_000),
    "interpolation": OneOf(("nearest", "bilinear")),
    "fill_mode": OneOf(_FILLS),
    "fill_value": _ANY,
    "factor": _FACTOR,
    "height_factor": _FACTOR,
    "width_factor": _FACTOR,
    "x_factor": _SHARE_FACTOR,
    "y_factor": _SHARE_FACTOR,
    "value_range": Row(_ANY, "two numbers (smallest, largest)", least=2, most=2),
    "sigma": Row(_FROM_ZERO, "a number from 0, or two (from, to)", least=2, most=2, alone=True),
    "scale": Flag(),
    "l1": _FROM_ZERO,
    "l2": _FROM_ZERO,
    "value": _ANY,
    "gain": _ANY,
    "minval": _ANY,
    "maxval": _ANY,
    "name": _LAYER_NAME,
    # optimisers
    "learning_rate": Made("schedules", "a number, more than 0, or a schedule of Keras", _RATE),
    "rho": _SHARE,
    "beta_1": _SHARE,
    "beta_2": _SHARE,
    "adam_beta_1": _SHARE,
    "adam_beta_2": _SHARE,
    "ema_momentum": _UNIT,
    "weight_decay": _FROM_ZERO,
    "adam_weight_decay": _FROM_ZERO,
    "clipnorm": _POSITIVE,
    "clipvalue": _POSITIVE,
    "global_clipnorm": _POSITIVE,
    "ema_overwrite_frequency": Whole(),
    "loss_scale_factor": _POSITIVE,
    "gradient_accumulation_steps": Whole(2),
    "beta_2_decay": Number(-1, 0),
    "epsilon_1": _POSITIVE,
    "epsilon_2": _POSITIVE,
    "clip_threshold": _POSITIVE,
    "learning_rate_power": Number(high=0),
    "initial_accumulator_value": _FROM_ZERO,
    "l1_regularization_strength": _FROM_ZERO,
    "l2_regularization_strength": _FROM_ZERO,
    "l2_shrinkage_regularization_strength": _FROM_ZERO,
    "beta": _FROM_ZERO,
    "muon_a": _ANY,
    "muon_b": _ANY,
    "muon_c": _ANY,
    "adam_lr_ratio": _POSITIVE,
    "ns_steps": Whole(1, 100),
    "rms_rate": _FROM_ZERO,
    "warmup_steps": Whole(0),
    # losses
    "label_smoothing": _UNIT,
    "alpha": _UNIT,
    "gamma": _FROM_ZERO,
    "delta": _POSITIVE,
    "reduction": OneOf(("sum_over_batch_size", "sum", "mean")),
    # callbacks
    "monitor": OneOf(_METRICS),
    "mode": OneOf(("auto", "min", "max")),
    "min_delta": _FROM_ZERO,
    "patience": Whole(0, 100_000),
    "cooldown": Whole(0, 100_000),
    "start_from_epoch": Whole(0, 100_000),
    "verbose": Whole(0, 2),
    "baseline": _ANY,
    "min_lr": _FROM_ZERO,
    # schedules
    "initial_learning_rate": _RATE,
    "end_learning_rate": _FROM_ZERO,
    "decay_steps": Whole(),
    "first_decay_steps": Whole(),
    "decay_rate": _POSITIVE,
    "warmup_target": _RATE,
    "t_mul": Number(1),
    "m_mul": _POSITIVE,
    "power": _POSITIVE,
    "boundaries": Row(Whole(), "a list of steps"),
    "values": Row(_RATE, "a list of rates", least=2),
    "decay_epochs": Whole(1, 100_000),
    # what reportgen settles itself
    "seed": _SEED,
    "data_format": _FORMAT,
    "dtype": Refused("every run computes in float32"),
    "noise_shape": Refused(
        "reportgen draws every value by itself", "use SpatialDropout2D to drop whole channels"
    ),
    "lora_rank": _FIXED,
    "lora_alpha": _FIXED,
    "quantization_config": _FIXED,
    "renorm_clipping": _FIXED,
    "synchronized": Refused("a run has one device"),
    "input_shape": Refused("the data set gives the shape"),
    "input_tensor": Refused("the layer before gives the input"),
    "classes": Refused("the layers after it give the classes"),
    "classifier_activation": Refused("the layers after it give the classes"),
    "exclude_layers": _FIXED,
    "ignore_class": Refused("every class counts"),
    "input_axes": _FIXED,
    "output_axes": _FIXED,
}
"""By the name of the argument."""

_FLAGS = names(
    """use_bias center renorm keepdims trainable invert crop_to_aspect_ratio pad_to_aspect_ratio antialias
    amsgrad nesterov centered use_ema relative_step exclude_embeddings from_logits apply_class_balancing
    restore_best_weights raise_error staircase cycle"""
)
_BY_ENDING: Mapping[str, Kind] = {
    "initializer": Made("initializers", "an initialiser, such as 'he_normal'"),
    "regularizer": Made("regularizers", "a regulariser, such as L2(1e-4)"),
    "constraint": Made("constraints", "a constraint, such as MaxNorm(2)"),
}
_IN_LOSS: Mapping[str, Kind] = {"name": _FIXED, "axis": Refused("the classes stand on the last axis")}

BY_CLASS: Mapping[tuple[str, str], Kind] = {
    ("ZeroPadding2D", "padding"): Edges(),
    ("GroupNormalization", "groups"): Whole(-1, 10**6, but=0),
    ("LayerNormalization", "axis"): _AXES,
    ("Rescaling", "scale"): _NUMBERS,
    ("RandomErasing", "scale"): _SHARE_FACTOR,
    ("RandomElasticTransform", "scale"): _SHARE_FACTOR,
    ("RandomPerspective", "scale"): _SHARE_FACTOR,
    ("VarianceScaling", "scale"): _POSITIVE,
    ("Resizing", "interpolation"): OneOf(_INTERPOLATIONS),
    ("UpSampling2D", "interpolation"): OneOf(_INTERPOLATIONS),
    ("Resizing", "fill_mode"): OneOf(("constant",)),
    ("RandomElasticTransform", "fill_mode"): OneOf((*_FILLS, "mirror")),
    ("RandomFlip", "mode"): OneOf(("horizontal", "vertical", "horizontal_and_vertical")),
    ("VarianceScaling", "mode"): OneOf(("fan_in", "fan_out", "fan_avg")),
    ("VarianceScaling", "distribution"): OneOf(("truncated_normal", "untruncated_normal", "uniform")),
    ("OrthogonalRegularizer", "mode"): OneOf(("rows", "columns")),
    ("OrthogonalRegularizer", "factor"): _FROM_ZERO,
    ("MinMaxNorm", "rate"): _UNIT,
    ("MaxNorm", "max_value"): _POSITIVE,
    ("GaussianNoise", "stddev"): _UNIT,
    ("RandomNormal", "mean"): _ANY,
    ("TruncatedNormal", "mean"): _ANY,
    ("ELU", "alpha"): _ANY,
    ("CosineDecay", "alpha"): _UNIT,
    ("MobileNetV2", "alpha"): Number(0, 10, low_open=True),
    ("MobileNetV2", "include_top"): Flag(only=False),
    ("MobileNetV2", "weights"): _WEIGHTS,
    ("MobileNetV2", "pooling"): OneOf(("avg", "max")),
    ("ReduceLROnPlateau", "factor"): Number(0, 1, low_open=True, high_open=True),
    ("StepwisePerEpoch", "after"): Table(_RATE, "the rate after an epoch, such as {10: 1e-4, 20: 1e-5}"),
    ("MultiplyEachEpoch", "after"): Table(
        Number(0, 1_000, low_open=True), "the factor after an epoch, such as {10: 0.1, 20: 0.01}"
    ),
    ("ExponentialPerEpoch", "after"): Whole(1, 100_000),
    ("ExponentialPerEpoch", "factor"): Number(0, 1_000, low_open=True),
} | {
    (name, "axis"): Row(Whole(-4, 4), "an axis, or several", alone=True, most=4)
    for name in ("MaxNorm", "MinMaxNorm", "UnitNorm")
} | {
    (name, "factor"): _SHARE_FACTOR
    for name in (
        "RandomContrast", "RandomErasing", "RandomElasticTransform", "RandomGaussianBlur",
        "RandomPerspective", "RandomSharpness", "RandomInvert",
    )
}  # fmt: skip
"""By the class and the name, where a class means something else by it."""


def kind_of(family: str, name: str, argument: str) -> Kind | None:
    """Return what an argument of a class may be; None for one that nobody described."""
    if family == "losses" and argument in _IN_LOSS:
        return _IN_LOSS[argument]
    if family in ("optimizers", "schedules", "applications") and argument == "name":
        return _FIXED
    if argument in _FLAGS:
        return Flag()
    ending = _BY_ENDING.get(argument.rpartition("_")[2])
    return BY_CLASS.get((name, argument)) or BY_NAME.get(argument) or ending
