"""Penalties that regularisers add to the loss: of what, how much, and by which equation.

Keras adds the penalty of weights as it stands, and divides that of activations by the items of the batch
(`keras/src/layers/layer.py`, `regularizers.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from reportgen import language
from reportgen.analysis import numbers
from reportgen.records import Layer, Record
from reportgen.report.parts import Definition

Of = Literal["weights", "activations"]

_ACTIVITY = "activity_regularizer"
_PARTS = {
    "kernel_regularizer": language.message("kernel"),
    "bias_regularizer": language.message("bias"),
    "depthwise_regularizer": language.message("depthwise kernel"),
    "pointwise_regularizer": language.message("pointwise kernel"),
    "gamma_regularizer": language.message("scale"),
    "beta_regularizer": language.message("shift"),
    _ACTIVITY: language.message("activations"),
}
"""By the argument of a layer, what is penalised."""

TITLES: Mapping[Of, str] = {
    "weights": language.message("Penalties on weights"),
    "activations": language.message("Penalties on activations"),
}
IDEAS: Mapping[Of, str] = {
    "weights": language.message(
        "A penalty on weights is added to the loss in every step, so that large weights must earn their keep."
        " An L1 penalty pushes weights that matter little to zero, an L2 penalty makes large ones smaller."
    ),
    "activations": language.message(
        "A penalty on activations is added to the loss: on what a layer gives on for each item, its weights"
        " are not penalised. An L1 penalty makes few units answer to an item; it does not make weights zero"
        " as the lasso does."
    ),
}
LEAD = language.message("The penalty, which is added to the loss, is")


@dataclass(frozen=True)
class Penalty:
    """A regulariser of a layer.

    Parameters
    ----------
    of : {"weights", "activations"}
    part : str
        What of the layer, in the language in use.
    layer : Layer
    l1, l2 : float
    other : str
        Class of a regulariser that is neither, else empty.
    """

    of: Of
    part: str
    layer: Layer
    l1: float
    l2: float
    other: str = ""

    @property
    def form(self) -> str:
        """``l1``, ``l2`` or ``l1-l2``; empty for another one."""
        return "" if self.other else "-".join(name for name in ("l1", "l2") if getattr(self, name))

    @property
    def equation(self) -> str:
        """Name of the equation file; empty where there is none."""
        return f"{'activity' if self.of == 'activations' else 'penalty'}-{self.form}" if self.form else ""

    @property
    def words(self) -> str:
        """The regulariser with its values: ``L1 0.0001``."""
        if self.other:
            return self.other
        values = (("L1", self.l1), ("L2", self.l2))
        return ", ".join(f"{name} {numbers.plain(float(f'{value:.7g}'))}" for name, value in values if value)


def penalties_of(record: Record) -> Iterator[Penalty]:
    """Yield the regularisers of a network's layers, those of a network within it too."""
    yield from _of_layers(record.layers)


def _of_layers(layers: tuple[Layer, ...]) -> Iterator[Penalty]:
    for layer in layers:
        if layer.class_name == "ActivityRegularization":
            yield from _made(layer, _ACTIVITY, "L1L2", layer.settings)
        for argument in _PARTS:
            given = layer.settings.get(argument)
            if isinstance(given, Mapping):
                yield from _made(layer, argument, str(given.get("class_name", "")), given.get("config", {}))
        yield from _of_layers(layer.inner)


def _made(layer: Layer, argument: str, name: str, config: Mapping[str, Any]) -> Iterator[Penalty]:
    l1, l2 = float(config.get("l1") or 0.0), float(config.get("l2") or 0.0)
    known = name in ("L1", "L2", "L1L2")
    if known and not l1 and not l2:
        return
    of: Of = "activations" if argument == _ACTIVITY else "weights"
    yield Penalty(of, language.text(_PARTS[argument]), layer, l1, l2, "" if known else name)


def symbols_of(found: Iterator[Penalty] | list[Penalty]) -> tuple[Definition, ...]:
    """Return the symbols of the equations of penalties."""
    listed = list(found)
    made = [Definition("symbol-capital-p", language.text("the penalty"))]
    if any(each.l1 for each in listed):
        made.append(Definition("symbol-lambda-1", language.text("the strength of L1")))
    if any(each.l2 for each in listed):
        made.append(Definition("symbol-lambda-2", language.text("the strength of L2")))
    if listed and listed[0].of == "weights":
        return (*made, Definition("symbol-w-j", language.text("a weight of the layer")))
    return (
        *made,
        Definition("symbol-a-i-k", language.text("what unit or place k of the layer gives on for item i")),
        Definition("symbol-capital-n", language.text("the number of items in the batch")),
    )
