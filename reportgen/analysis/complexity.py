"""What a model holds and what it costs: weights, biases, multiply-adds, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.records import Layer, Record
from reportgen.results import Result

UNCHANGED = frozenset(
    {
        "InputLayer", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "AlphaDropout",
        "GaussianDropout", "GaussianNoise", "ActivityRegularization", "Activation", "ReLU", "LeakyReLU", "ELU",
        "Softmax",
    }
)  # fmt: skip
"""Layers without variables that pass on as many values as they get: no part of an architecture's size."""


@dataclass(frozen=True)
class LayerCost:
    """A line of a complexity table.

    Parameters
    ----------
    name : str
        In words: ``Convolution 1``, ``Dense 2``, ``Output``.
    formula : str
        How the weights come about, with the numbers put in: ``3 × 3 × 9 × 16``; empty without weights.
    output_shape : tuple of int
    weights, biases, non_trainable, total : int
    share : float
        Part of the model's parameters, between 0 and 1.
    multiply_adds : int or None
        For one item; None where we have no formula.
    layer : Layer
    """

    name: str
    formula: str
    output_shape: tuple[int, ...]
    weights: int
    biases: int
    non_trainable: int
    total: int
    share: float
    multiply_adds: int | None
    layer: Layer


@dataclass(frozen=True)
class Architecture:
    """A distinct stack of layers, and the rows that use it.

    Parameters
    ----------
    label : str
        Short, such as ``784–250–10``.
    rows : tuple of (str, str)
        Id and title of each row.
    record : Record
        Of the first of them.
    layers : tuple of LayerCost
        Without the layers that hold nothing and pass on as many values as they get.
    total_params : int
    multiply_adds : int or None
        For one item, the extraction of features aside; None where a layer's are unknown.
    feature_multiply_adds : int or None
        Of the extraction of features for one item; 0 for pixels.
    explanation : str
    """

    label: str
    rows: tuple[tuple[str, str], ...]
    record: Record
    layers: tuple[LayerCost, ...]
    total_params: int
    multiply_adds: int | None
    feature_multiply_adds: int | None
    explanation: str


def weights_formula(layer: Layer) -> str:
    """Return how the weights of a layer come about, such as ``3 × 3 × 9 × 16``; empty without weights."""
    return ""


def multiply_adds(layer: Layer) -> int | None:
    """Return the multiply-adds of a layer for one item."""
    return None


def hog_multiply_adds(image_shape: Sequence[int], settings: dict[str, Any]) -> int:
    """Return the multiply-adds of skimage.feature.hog for one image."""
    return 0


def architecture(record: Record) -> str:
    """Return the model's short label, such as ``784–250–10``."""
    return ""


def layer_costs(record: Record) -> tuple[LayerCost, ...]:
    """Return the lines of a complexity table."""
    return ()


def distinct_architectures(results: Sequence[Result]) -> tuple[Architecture, ...]:
    """Return every distinct stack of layers once, with the rows that use it."""
    return ()


def explanation(record: Record) -> str:
    """Return the sentences that explain the model's total, computed from the record alone."""
    return ""
