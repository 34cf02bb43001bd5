"""A network as it is drawn: every layer that learns, with the small layers that follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportgen import language
from reportgen.analysis.complexity import layer_costs
from reportgen.analysis.layers import kind, learns
from reportgen.records import Layer, Record

MOST = 18
"""Stages that are drawn one by one."""


@dataclass(frozen=True)
class Stage:
    """A layer that learns and what follows it, or what stands before the first of them.

    Parameters
    ----------
    head : Layer or None
        None for the network's input, and for stages that are left out.
    name : str
        As the complexity table calls the layer; of several alike that of the first, with the last number.
    after : tuple of Layer
        Normalisations, activations, pooling, dropout and the like, in their order.
    times : int
        How many stages follow each other that are all alike.
    left_out : int
        How many stages this one stands for, where all of them would be too many to draw.
    hidden : int
        Parameters of those.
    """

    head: Layer | None
    name: str
    after: tuple[Layer, ...] = ()
    times: int = 1
    left_out: int = 0
    hidden: int = 0

    @property
    def parameters(self) -> int:
        """All parameters of the stage, those of the small layers too."""
        own = self.head.parameters if self.head else 0
        return self.hidden + self.times * (own + sum(layer.parameters for layer in self.after))


def stages(record: Record, most: int = MOST) -> tuple[Stage, ...]:
    """Return a network's stages from its input to its output.

    Parameters
    ----------
    record : Record
    most : int
        Of more stages, those that are alike and follow each other become one; where there are more still,
        those in the middle are counted and not drawn. At least 3.

    Returns
    -------
    tuple of Stage
        The first is the input, with all layers before the first that learns.
    """
    names = {id(cost.layer): cost.name for cost in layer_costs(record)}
    found: list[Stage] = [Stage(None, _input(record))]
    for layer in record.layers:
        if learns(layer):
            found.append(Stage(layer, names[id(layer)]))
        else:
            found[-1] = replace(found[-1], after=(*found[-1].after, layer))
    if len(found) > most:
        found = _together(found)
    return tuple(found if len(found) <= most else _shortened(found, most))


def _input(record: Record) -> str:
    return language.text("HOG values") if record.features.kind == "hog" else language.text("Input")


def _together(found: Sequence[Stage]) -> list[Stage]:
    """The stages, those that are alike and follow each other as one."""
    merged = [found[0]]
    for stage in found[1:]:
        before = merged[-1]
        if before.head is not None and _look(before) == _look(stage):
            last = stage.name.rpartition(" ")[2]
            merged[-1] = replace(before, times=before.times + 1, name=f"{_first(before.name)}–{last}")
        else:
            merged.append(stage)
    return merged


def _first(name: str) -> str:
    """A name without the last number of a range."""
    return name.partition("–")[0]


def _look(stage: Stage) -> object:
    """What two stages must share to be alike: all that is drawn of them."""
    layers = [stage.head, *stage.after] if stage.head else list(stage.after)
    return [
        (kind(each), repr(sorted(each.settings.items())), each.input_shape, each.output_shape, each.variables)
        for each in layers
    ]


def _shortened(found: Sequence[Stage], most: int) -> list[Stage]:
    """The first stages and the last ones, and one for all between them."""
    first = most // 2
    last = len(found) - (most - first - 1)
    between = found[first:last]
    count = sum(stage.times for stage in between)
    hidden = sum(stage.parameters for stage in between)
    return [*found[:first], Stage(None, "", left_out=count, hidden=hidden), *found[last:]]
