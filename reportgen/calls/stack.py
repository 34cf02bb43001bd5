"""A stack of layers from its texts alone: shapes, variables, counts, and every fault, without Keras."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from reportgen.calls import output_layer, pixel_range
from reportgen.calls.bound import Bound, read_all
from reportgen.calls.grammar import Fault
from reportgen.calls.image_shapes import Shape, ShapeFault, Weights, times
from reportgen.calls.layer_shapes import outcome

LAYERS = ("layers", "applications")
"""Families that `layers` may name."""

MOST_PARAMETERS = 50_000_000
"""A stack with more is refused unless the row allows it: 200 MB of weights, 800 MB while Adam trains them."""

MOST_LAYERS = 500


@dataclass(frozen=True)
class Placed:
    """A layer in its place.

    Parameters
    ----------
    layer : Bound
    input_shape, output_shape : tuple of int
        Without the batch.
    variables : tuple of Weights
    """

    layer: Bound
    input_shape: Shape
    output_shape: Shape
    variables: tuple[Weights, ...]

    @property
    def parameters(self) -> int:
        """Scalars in its variables."""
        return sum(each.size for each in self.variables)

    @property
    def trainable(self) -> int:
        """Those that training changes by their gradient."""
        return sum(each.size for each in self.variables if each.trainable)


@dataclass(frozen=True)
class Stack:
    """Layers one after the other, as many of them as fit.

    Parameters
    ----------
    input_shape : tuple of int
        Without the batch.
    layers : tuple of Placed
    """

    input_shape: Shape
    layers: tuple[Placed, ...]

    @property
    def output_shape(self) -> Shape:
        """Shape of the last layer's output."""
        return self.layers[-1].output_shape if self.layers else self.input_shape

    @property
    def parameters(self) -> int:
        """All parameters: what Keras's summary calls total."""
        return sum(each.parameters for each in self.layers)

    @property
    def trainable(self) -> int:
        """Trainable parameters."""
        return sum(each.trainable for each in self.layers)

    @property
    def non_trainable(self) -> int:
        """Frozen parameters, and the moving averages of normalisations."""
        return self.parameters - self.trainable


def place(layers: Sequence[Bound], input_shape: Shape) -> tuple[Stack, list[Fault]]:
    """Put layers one after the other.

    Returns
    -------
    (Stack, list of Fault)
        The stack up to the first layer that does not fit. A dense layer that is given an image is a
        fault, after which the image is taken as flattened, so that one mistake is one fault.
    """
    shape, placed, faults = tuple(input_shape), [], []
    for entry, layer in enumerate(layers):
        if layer.name == "Dense" and len(shape) > 1:
            faults.append(_dense_on_image(layer, shape).of(entry))
            shape = (prod(shape),)
        try:
            output, variables = outcome(layer, shape)
        except ShapeFault as wrong:
            faults.append(Fault(wrong.code, wrong.message, wrong.remedy, layer.at, entry))
            break
        placed.append(Placed(layer, shape, output, variables))
        shape = output
    return Stack(tuple(input_shape), tuple(placed)), faults


def _dense_on_image(layer: Bound, shape: Shape) -> Fault:
    apart = " × ".join(map(str, shape[:-1]))
    message = (
        f"Dense is given {times(shape)} values: it would treat them as {apart} items of {shape[-1]} values"
    )
    remedy = (
        "put Flatten() before it, or GlobalAveragePooling2D(); to mix channels alone use Conv2D(units, 1)"
    )
    return Fault("dense-on-image", message, remedy, layer.at)


def check(
    texts: Sequence[str],
    input_shape: Shape,
    classes: int,
    *,
    loss: Bound | None = None,
    pixels: pixel_range.Range | None = (0.0, 1.0),
    allowed: int = MOST_PARAMETERS,
) -> tuple[Stack | None, list[Fault]]:
    """Read a stack and say everything that is wrong with it.

    Parameters
    ----------
    texts : sequence of str
        The value of `layers`.
    input_shape : tuple of int
        Of one item: ``(28, 28, 1)``, or ``(392,)``; after augmentation.
    classes : int
    loss : Bound or None
        None stands for categorical cross-entropy.
    pixels : (float, float) or None
        Smallest and largest input value; None where it is not known, or means no pixels.
    allowed : int
        Most parameters.

    Returns
    -------
    (Stack or None, list of Fault)
        None where a text is wrong: then shapes are not looked at. Faults know their entry; some are
        warnings.
    """
    if not texts:
        return None, [
            Fault(
                "empty-stack",
                "there are no layers",
                f"write layers = [\"Dense({classes}, activation='softmax')\"]",
            )
        ]
    if len(texts) > MOST_LAYERS:
        return None, [Fault("bad-value", f"there are {len(texts)} layers, more than {MOST_LAYERS}")]
    bounds, faults = read_all(texts, LAYERS)
    layers = [bound for bound in bounds if bound is not None]
    faults += _same_names(layers) if len(layers) == len(bounds) else []
    if len(layers) < len(bounds):
        return None, faults
    stack, wrong = place(layers, input_shape)
    faults += wrong
    faults += _too_large(stack, allowed)
    if len(stack.layers) == len(layers):
        last = len(layers) - 1
        faults += [each.of(last) for each in output_layer.faults(layers, stack.output_shape, classes, loss)]
    if pixels is not None:
        faults += [fault.of(entry) for entry, fault in pixel_range.warnings(layers, pixels)]
    return stack, sorted(faults, key=lambda fault: (-1 if fault.entry is None else fault.entry, fault.at))


def _same_names(layers: Sequence[Bound]) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for entry, layer in enumerate(layers):
        name = layer.get("name")
        if name in seen:
            message = f"two layers have the name '{name}'"
            yield Fault(
                "duplicate-name", message, "give each a name of its own", layer.places.get("name", 0), entry
            )
        elif name is not None:
            seen[name] = entry


def _too_large(stack: Stack, allowed: int) -> Iterator[Fault]:
    if stack.parameters <= allowed:
        return
    entry = max(range(len(stack.layers)), key=lambda number: stack.layers[number].parameters)
    largest = stack.layers[entry]
    count, most = _grouped(stack.parameters), _grouped(allowed)
    message = (
        f"the stack has {count} parameters ({_gigabytes(4 * stack.parameters)} of weights),"
        f" {_grouped(largest.parameters)} of them in {largest.layer}; at most {most} are allowed"
    )
    pooled = largest.layer.name == "Dense" and largest.input_shape[0] > 10_000
    smaller = "put MaxPooling2D(2) before Flatten(), use fewer units" if pooled else "make it smaller"
    remedy = f"{smaller}, or write allow_parameters = {_rounded_up(stack.parameters)}"
    yield Fault("too-many-parameters", message, remedy, largest.layer.at, entry)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def _rounded_up(number: int) -> int:
    """To two digits, so that a small change needs no new number."""
    digits = max(len(str(number)) - 2, 0)
    return int(-(-number // 10**digits) * 10**digits)
