"""A network as the Keras code that makes it again: from what the record says of its layers."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reportgen.analysis import call_words
from reportgen.calls.bound import Bound, short_name
from reportgen.records import Layer, Record, random_seed
from reportgen.report import keras_calls

_INDENT = "    "
_WIDTH = 102
"""Letters of a line of code; a longer one is broken at its arguments."""

_SAME_EVERYWHERE: Mapping[str, Any] = {
    "trainable": True, "use_bias": True, "activation": "linear", "data_format": "channels_last",
    "dilation_rate": [1, 1], "groups": 1, "padding": "valid", "kernel_initializer": "GlorotUniform",
    "depthwise_initializer": "GlorotUniform", "pointwise_initializer": "GlorotUniform",
    "bias_initializer": "Zeros", "beta_initializer": "Zeros", "gamma_initializer": "Ones",
    "moving_mean_initializer": "Zeros", "moving_variance_initializer": "Ones",
    "depth_multiplier": 1, "center": True, "scale": True, "synchronized": False, "keepdims": False,
}  # fmt: skip
"""Arguments that Keras gives every layer in this way where nobody says otherwise."""

_OF_THE_CLASS: Mapping[str, Mapping[str, Any]] = {
    "BatchNormalization": {"axis": -1, "momentum": 0.99, "epsilon": 0.001},
    "LayerNormalization": {"axis": [-1], "epsilon": 0.001, "rms_scaling": False},
}
_NOT_SET = frozenset(
    {"name", "dtype", "jit_compile", "is_legacy_optimizer", "build_config", "registered_name"}
)
_AVERAGE = frozenset({"ema_momentum", "ema_overwrite_frequency"})
"""Arguments of an optimiser that have no meaning where it keeps no average of the weights."""


def keras_code(record: Record, source: str | None = None) -> str:
    """Return Python that builds and compiles the network of a record, its layers one after the other.

    What Keras would take without being told is left out. The data are the notebook's affair: how it is
    trained stands in comments, what steps in between epochs in a list of callbacks.

    Parameters
    ----------
    record : Record
        Of a sequential model.
    source : str or None
        Id of the row whose weights the training begins with.
    """
    inputs = next((layer.input_shape for layer in record.layers), record.data.image_shape)
    networks = list(_networks(record))
    lines = [
        "import keras",
        "",
        *_rate(record),
        f"keras.utils.set_random_seed({random_seed(record.seed, record.initial)})",
        *(line for _, of in networks for line in of),
        "model = keras.Sequential(",
        f"{_INDENT}[",
        f"{_INDENT * 2}{_call('keras.Input', {'shape': tuple(inputs)})},",
    ]
    for layer in _layers(record, [name for name, _ in networks]):
        lines += [f"{_INDENT * 2}{line}" for line in _broken(layer + ",", _INDENT * 2)]
    lines += [f"{_INDENT}]", ")", "model.compile("]
    lines += [f"{_INDENT}{line}" for line in _broken(f"optimizer={_optimizer(record)},", _INDENT)]
    lines += [f"{_INDENT}loss={_loss(record)},", f'{_INDENT}metrics=["accuracy"],', ")"]
    return "\n".join([*lines, *_callbacks(record), *_training(record, source)]) + "\n"


def _named(record: Record) -> tuple[Bound | Layer, ...]:
    """The layers in their order: as the row names them, or as Keras reports them."""
    made = [layer for layer in record.layers if layer.class_name != "InputLayer"]
    front: Sequence[Bound | Layer] = call_words.of_record(record, "augmentation")
    behind: Sequence[Bound | Layer] = call_words.of_record(record, "layers")
    return (*(front or made[: record.augmentation]), *(behind or made[record.augmentation :]))


def _layers(record: Record, networks: list[str]) -> Iterator[str]:
    waiting = iter(networks)
    for layer in _named(record):
        if isinstance(layer, Layer):
            yield _layer(layer)
        else:
            inner = layer.signature.family == "applications"
            yield keras_calls.layer(layer, _python, next(waiting) if inner else "")


def _networks(record: Record) -> Iterator[tuple[str, list[str]]]:
    """Networks of `keras.applications` among the layers: names of variables, and the lines that make them."""
    named = _named(record)
    inner = [each for each in named if isinstance(each, Bound) and each.signature.family == "applications"]
    places = [place for place, each in enumerate(named) if each in inner]
    made = [layer for layer in record.layers if layer.class_name != "InputLayer"]
    for number, (place, each) in enumerate(zip(places, inner, strict=True), 1):
        name = "network" if len(inner) == 1 else f"network_{number}"
        shape = made[place].input_shape if place < len(made) else record.data.image_shape
        yield name, list(keras_calls.network(each, name, shape, _python))


def _rate(record: Record) -> list[str]:
    named = call_words.of_record(record, "schedule")
    return ["", *keras_calls.schedule(named[0], record, _python), ""] if named else []


def _callbacks(record: Record) -> Iterator[str]:
    given = [keras_calls.call(each, _python) for each in call_words.of_record(record, "callbacks")]
    if call_words.of_record(record, "schedule"):
        given = ["keras.callbacks.LearningRateScheduler(rate)", *given]
    if given:
        yield "callbacks = ["
        for each in given:
            yield from (f"{_INDENT}{line}" for line in _broken(each + ",", _INDENT))
        yield "]"


def _layer(layer: Layer) -> str:
    usual = {**_SAME_EVERYWHERE, **_OF_THE_CLASS.get(layer.class_name, {})}
    arguments = {}
    for name, value in layer.settings.items():
        if name in _NOT_SET or value is None or _initializer(value) == usual.get(name, _NOTHING):
            continue
        if name == "strides" and value == layer.settings.get("pool_size", [1, 1]):
            continue
        arguments[name] = value
    return _call(f"keras.layers.{layer.class_name}", arguments)


_NOTHING = object()


def _initializer(value: Any) -> Any:
    """The class alone of a thing that is made without arguments; anything else as it is."""
    if not (isinstance(value, Mapping) and "class_name" in value):
        return value
    given = {name: one for name, one in value.get("config", {}).items() if one is not None}
    return value if given else value["class_name"]


def _optimizer(record: Record) -> str:
    named = call_words.of_record(record, "optimizer")
    if named and not named[0].bare:
        return keras_calls.call(named[0], _python)
    settings = dict(record.optimizer.get("settings", {}))
    used = record.history.get("learning_rate")
    if used is not None and len(used) and isinstance(settings.get("learning_rate"), float):
        settings["learning_rate"] = float(used[0])  # the optimiser's own is the one that it ended with
    averaged = settings.get("use_ema") is True
    arguments = {
        name: float(f"{value:.7g}") if name == "learning_rate" and isinstance(value, float) else value
        for name, value in settings.items()
        if name not in _NOT_SET
        and value is not None
        and value is not False
        and (averaged or name not in _AVERAGE)
    }
    return _call(f"keras.optimizers.{record.optimizer['name']}", arguments)


def _loss(record: Record) -> str:
    named = call_words.of_record(record, "loss")
    if named:
        return (
            keras_calls.python(named[0], _python)
            if named[0].given
            else _python(short_name(named[0].signature))
        )
    name, settings = str(record.loss["name"]), record.loss.get("settings") or {}
    if not settings:
        return _python(name)
    kind = "".join(part.capitalize() for part in name.split("_"))
    arguments = {key: value for key, value in settings.items() if key not in _NOT_SET and value is not None}
    return _call(f"keras.losses.{kind}", arguments)


def _training(record: Record, source: str | None) -> Iterator[str]:
    batch = record.parameters.get("batch_size")
    size = f", batch_size={batch}" if isinstance(batch, int) else ""
    beside = any(call_words.of_record(record, name) for name in ("callbacks", "schedule"))
    planned = record.epochs if record.stopped is None else record.stopped.planned
    if record.initial:
        row = f" of row {source}" if source else ""
        yield f"# source: the trained model{row}, whose weights are the first ones here"
        yield "# model.set_weights(source.get_weights())"
    yield "# x_train, y_train, x_validation, y_validation: as the notebook makes them"
    yield f"# model.fit(x_train, y_train{size}, epochs={planned},"
    yield f"#     validation_data=(x_validation, y_validation){', callbacks=callbacks' * beside})"


def _call(name: str, arguments: Mapping[str, Any]) -> str:
    ordered = sorted(arguments.items(), key=lambda item: (_ORDER.get(item[0], 99), item[0]))
    given = ", ".join(f"{key}={_python(value)}" for key, value in ordered if _is_name(key))
    return f"{name}({given})"


_ORDER = {
    name: place
    for place, name in enumerate(
        ("units", "filters", "kernel_size", "pool_size", "rate", "strides", "padding", "activation",
         "learning_rate", "rho", "momentum", "beta_1", "beta_2", "epsilon")
    )
}  # fmt: skip


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def _python(value: Any) -> str:
    """A value as Python writes it; what Keras serialised, as the call that makes it again."""
    if isinstance(value, Mapping) and isinstance(value.get("class_name"), str):
        module = str(value.get("module", "keras.initializers"))
        config = {
            key: one
            for key, one in value.get("config", {}).items()
            if key not in _NOT_SET and one is not None
        }
        if _is_name(value["class_name"]) and all(map(_is_name, module.split("."))):
            return _call(f"{module}.{value['class_name']}", config)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_python(key)}: {_python(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(map(_python, value))
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return f'"{value}"' if isinstance(value, str) and '"' not in value and "\\" not in value else repr(value)


def _broken(line: str, before: str) -> list[str]:
    """A call on one line, or with its arguments on the next ones where it is too long."""
    if len(before) + len(line) <= _WIDTH or "(" not in line:
        return [line]
    head, _, rest = line.partition("(")
    inner = rest.rpartition(")")[0]
    return [f"{head}(", *(f"{_INDENT}{one}," for one in _arguments(inner)), "),"]


def _arguments(inner: str) -> list[str]:
    """The arguments of a call, apart: commas within brackets and quotes part nothing."""
    found, depth, quoted, start = [], 0, False, 0
    for place, letter in enumerate(inner):
        quoted ^= letter == '"'
        depth += 0 if quoted else (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth and not quoted:
            found.append(inner[start:place].strip())
            start = place + 1
    return [one for one in [*found, inner[start:].strip()] if one]
