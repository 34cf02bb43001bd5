"""A network as the Keras code that makes it again: from what the record says of its layers."""

from __future__ import annotations

import keyword
from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.records import Layer, Record

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


def keras_code(record: Record) -> str:
    """Return Python that builds and compiles the network of a record, its layers one after the other.

    What Keras would take without being told is left out. The data are the notebook's affair: how it is
    trained stands in comments.

    Parameters
    ----------
    record : Record
        Of a sequential model.
    """
    inputs = next((layer.input_shape for layer in record.layers), record.data.image_shape)
    lines = [
        "import keras",
        "",
        f"keras.utils.set_random_seed({record.seed})",
        "model = keras.Sequential(",
        f"{_INDENT}[",
        f"{_INDENT * 2}{_call('keras.Input', {'shape': tuple(inputs)})},",
    ]
    for layer in record.layers:
        if layer.class_name != "InputLayer":
            lines += [f"{_INDENT * 2}{line}" for line in _broken(_layer(layer) + ",", _INDENT * 2)]
    lines += [f"{_INDENT}]", ")", "model.compile("]
    lines += [f"{_INDENT}{line}" for line in _broken(f"optimizer={_optimizer(record)},", _INDENT)]
    lines += [f"{_INDENT}loss={_loss(record)},", f'{_INDENT}metrics=["accuracy"],', ")"]
    return "\n".join([*lines, *_training(record)]) + "\n"


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
    settings: Mapping[str, Any] = record.optimizer.get("settings", {})
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
    name, settings = str(record.loss["name"]), record.loss.get("settings") or {}
    if not settings:
        return _python(name)
    kind = "".join(part.capitalize() for part in name.split("_"))
    arguments = {key: value for key, value in settings.items() if key not in _NOT_SET and value is not None}
    return _call(f"keras.losses.{kind}", arguments)


def _training(record: Record) -> Iterator[str]:
    batch = record.parameters.get("batch_size")
    size = f", batch_size={batch}" if isinstance(batch, int) else ""
    yield "# x_train, y_train, x_validation, y_validation: as the notebook makes them"
    yield f"# model.fit(x_train, y_train{size}, epochs={record.epochs},"
    yield "#     validation_data=(x_validation, y_validation))"


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
