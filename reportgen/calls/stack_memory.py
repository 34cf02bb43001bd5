"""What training a stack takes up at the least, from its shapes."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from reportgen.calls.bound import Bound
from reportgen.calls.stack import Stack

FLOAT32 = 4


@dataclass(frozen=True)
class Memory:
    """Bytes of one training, in float32.

    Parameters
    ----------
    weights : int
        All parameters.
    training : int
        Gradients of the trainable ones, and what the optimiser keeps for each.
    outputs : int
        Outputs of the layers for one batch, kept for the gradient.
    """

    weights: int
    training: int
    outputs: int

    @property
    def total(self) -> int:
        """All of it: a lower bound, since libraries, data and working space come on top."""
        return self.weights + self.training + self.outputs


def memory(stack: Stack, batch_size: int, optimizer: Bound | None = None) -> Memory:
    """Return what training takes up.

    Parameters
    ----------
    stack : Stack
    batch_size : int
    optimizer : Bound or None
        One that is not known is taken to keep nothing, and None too: it stays a lower bound.

    Notes
    -----
    A frozen network in front keeps its outputs all the same while it is evaluated, but only one layer's
    at a time: the layers before the first trainable variable count with the largest of them.
    """
    from reportgen.analysis.memory import slots  # numpy comes with it

    kept = None
    if optimizer is not None:
        kept = slots(optimizer.name, {name: optimizer.get(name) for name in optimizer.signature.defaults})
    sizes = [prod(each.output_shape) for each in stack.layers]
    first = next((number for number, each in enumerate(stack.layers) if each.trainable), len(sizes))
    values = sum(sizes[first:]) + max([prod(stack.input_shape), *sizes[:first]])
    return Memory(
        weights=FLOAT32 * stack.parameters,
        training=FLOAT32 * stack.trainable * (1 + (kept or 0)),
        outputs=FLOAT32 * batch_size * values,
    )
