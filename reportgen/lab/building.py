"""Keras objects from the calls that a row writes as texts: read by our own grammar, never run as Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import keras

from reportgen.calls.grammar import Call, CallFault, parse
from reportgen.calls.per_epoch import SCHEDULES
from reportgen.lab.refusal import CannotRun
from reportgen.lab.session import current

_MODULES = (
    keras.layers,
    keras.optimizers,
    keras.optimizers.schedules,
    keras.losses,
    keras.callbacks,
    keras.regularizers,
    keras.initializers,
    keras.constraints,
)
_BY_ARGUMENT = {
    "_initializer": keras.initializers,
    "_regularizer": keras.regularizers,
    "_constraint": keras.constraints,
}
"""Where the call behind an argument is looked up: initialisers and layers share some names."""


@keras.saving.register_keras_serializable(package="reportgen")
class GrayscaleToRGB(keras.layers.Layer):  # type: ignore[misc]
    """Gives a grey image three equal channels, as networks trained on photographs expect."""

    def call(self, images: Any) -> Any:
        """Repeat the one channel of a batch of images."""
        return keras.ops.repeat(images, 3, axis=-1)

    def compute_output_shape(self, shape: Sequence[int | None]) -> tuple[int | None, ...]:
        """The shape with three channels."""
        return (*shape[:-1], 3)


_OURS = {"GrayscaleToRGB": GrayscaleToRGB, **SCHEDULES}


def built(texts: Iterable[str], input_shape: Sequence[int]) -> Iterator[Any]:
    """Make the layers that texts such as ``"Conv2D(32, 3, activation='relu')"`` name, one after the other.

    Add each to the model before asking for the next one: what a network of `keras.applications`
    gets to see is the output of the layer before it.

    Parameters
    ----------
    texts : iterable of str
        In the order of the model.
    input_shape : sequence of int
        Of one item.

    Yields
    ------
    keras.Layer

    Raises
    ------
    CannotRun
        A text is no call, or names what is not there: a class, an argument, a file of weights.
    """
    shape = tuple(input_shape)
    for text in texts:
        layer = _from_text(text, shape)
        if not isinstance(layer, keras.Layer):
            raise CannotRun(f'"{text}" is no layer', "write a call such as Dense(64, activation='relu')")
        yield layer
        if layer.built:  # it stands in a model by now
            shape = tuple(layer.output.shape[1:])


def build(text: str | None) -> Any:
    """Make what a text names: a loss, a callback, a schedule; a name without a call stays a name.

    Raises
    ------
    CannotRun
        As `built`.
    """
    return None if text is None else _from_text(text, None)


def build_optimizer(text: str, learning_rate: float) -> Any:
    """Make the optimiser that a text names.

    Parameters
    ----------
    text : str
        A call such as ``"Adam(1e-3)"``, which has its own rate, or a name such as ``"rmsprop"``.
    learning_rate : float
        Rate of an optimiser that is a name.

    Raises
    ------
    CannotRun
        As `built`.
    """
    optimizer = _from_text(text, None)
    if isinstance(optimizer, str):
        return keras.optimizers.get({"class_name": optimizer, "config": {"learning_rate": learning_rate}})
    return optimizer


def per_layer(value: Any, layers: Sequence[Any]) -> list[Any]:
    """A setting for each of some layers: a list as it stands, a single value for all of them.

    Raises
    ------
    CannotRun
        The list is longer or shorter than the layers.
    """
    values = list(value) if isinstance(value, (list, tuple)) else [value] * len(layers)
    if len(values) != len(layers):
        raise CannotRun(
            f"{value!r} has {len(values)} entries for {len(layers)} layers",
            "give one entry per layer, or one value for all",
        )
    return values


def _from_text(text: str, shape: tuple[int, ...] | None) -> Any:
    try:
        return _made(parse(text), shape)
    except CallFault as stop:
        raise CannotRun(f'"{text}": {stop.fault.message}', stop.fault.remedy) from None


def _made(value: Any, shape: tuple[int, ...] | None = None, argument: str = "") -> Any:
    """A literal as it is, a call as the object that it makes."""
    if isinstance(value, tuple):
        return tuple(_made(each) for each in value)
    if not isinstance(value, Call):
        return value
    if not value.called:
        return value.name
    by_place = [_made(each.value) for each in value.arguments if each.name is None]
    by_name = {
        each.name: _made(each.value, argument=each.name) for each in value.arguments if each.name is not None
    }
    if shape is not None and hasattr(keras.applications, value.name):
        return _application(value.name, by_place, by_name, shape)
    return _maker(value.name, argument)(*by_place, **by_name)


def _maker(name: str, argument: str) -> Any:
    if name in _OURS:
        return _OURS[name]
    own = [module for ending, module in _BY_ARGUMENT.items() if argument.endswith(ending)]
    for module in own or _MODULES:
        found = getattr(module, name, None)
        if isinstance(found, type):
            return found
    raise CannotRun(f"Keras {keras.__version__} has no {name}", "see `reportgen check`")


def _application(name: str, by_place: list[Any], by_name: dict[str, Any], shape: tuple[int, ...]) -> Any:
    """A network of `keras.applications`, with its weights or frozen where the text says so."""
    trainable = by_name.pop("trainable", True)
    weights = by_name.get("weights", "imagenet")  # Keras's default
    if weights is not None:
        by_name["weights"] = str(_weights(name, weights, by_name.get("alpha", 1.0), shape))
    try:
        network = getattr(keras.applications, name)(*by_place, input_shape=shape, **by_name)
    except (ValueError, OSError) as error:
        if weights is None:
            raise
        message = f'{name}: the weights "{weights}" cannot be loaded: {str(error).splitlines()[0][:200]}'
        raise CannotRun(message, "they must be of this network at this width, without its top") from error
    network.trainable = trainable
    return network


def _weights(network: str, name: str, alpha: float, shape: tuple[int, ...]) -> Path:
    """The file of weights that a row names; in a build the command line has looked for it."""
    session = current()
    published = name == "imagenet"
    file = _published(alpha, shape)
    if session.folder is not None:
        path = Path(session.weights.get(name, ""))
    else:
        path = Path.home() / ".keras" / "models" / file if published else Path(name)
    if path.is_file():
        return path
    if published:
        raise CannotRun(
            f"{network}: its ImageNet weights are not on this machine",
            f"put {file}, which Keras publishes, into ~/.keras/models or the folder of --data-dir; with"
            " weights=None the network begins at random, which is no transfer",
        )
    remedy = "mend its path, or write weights=None"
    raise CannotRun(f'{network}: there is no file of weights "{name}"', remedy)


def _published(alpha: float, shape: tuple[int, ...]) -> str:
    """Name of the file of MobileNetV2's weights for images of a shape (`keras/src/applications`)."""
    height, width = shape[:2]
    side = height if height == width and height in (96, 128, 160, 192, 224) else 224
    return f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{float(alpha)}_{side}_no_top.h5"
