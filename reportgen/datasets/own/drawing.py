"""Drawing images for testing and training: each class by its share, the same for every run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def draw(labels: NDArray[np.uint8], sizes: Sequence[int], seed: int) -> list[NDArray[np.int64]]:
    """Draw items without putting any back, every class by its share (largest remainders).

    Parameters
    ----------
    labels : (n,) uint8
    sizes : sequence of int
        Items of each drawing; together at most n.
    seed : int

    Returns
    -------
    drawn : list of (size,) int64
        Places in `labels`, in rising order.

    Raises
    ------
    ValueError
        More are asked for than there are.
    """
    if sum(sizes) > len(labels):
        raise ValueError(f"{sum(sizes)} items cannot be drawn from {len(labels)}")
    # RandomState's stream is frozen; that of default_rng may change between releases
    random = np.random.RandomState(seed)
    waiting = [random.permutation(np.flatnonzero(labels == each)) for each in range(int(labels.max()) + 1)]
    drawn = []
    for size in sizes:
        quotas = shares(np.array([len(places) for places in waiting]), size)
        taken = [places[:quota] for places, quota in zip(waiting, quotas, strict=True)]
        waiting = [places[quota:] for places, quota in zip(waiting, quotas, strict=True)]
        drawn.append(np.sort(np.concatenate(taken)).astype(np.int64))
    return drawn


def shares(counts: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """How many of `size` items each class gets: in proportion, the largest remainders rounded up."""
    if not size:
        return np.zeros_like(counts)
    whole, rest = np.divmod(counts * size, counts.sum())
    missing = size - whole.sum()
    whole[np.argsort(-rest, kind="stable")[:missing]] += 1
    return np.asarray(whole, np.int64)
