"""Images that are the same to the last pixel, within and between the parts of a data set."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from reportgen.datasets.dataset import Duplicates
from reportgen.datasets.decoded import Arrays

MOST_EXAMPLES = 3

Named = Callable[[str, int], str]


def find_duplicates(arrays: Arrays, unlabelled: NDArray[np.uint8] | None, named: Named) -> Duplicates:
    """Count the duplicates of a data set.

    Parameters
    ----------
    arrays : mapping of str to uint8
        ``x_train``, ``y_train``, ``x_test``, ``y_test``.
    unlabelled : (n, height, width, channels) uint8 or None
    named : callable
        Given ``train`` or ``test`` and the place of an item, names where it stands.
    """
    first: dict[str, dict[bytes, int]] = {"train": {}, "test": {}}
    again: dict[str, list[tuple[int, int]]] = {"train": [], "test": []}
    labels: dict[bytes, set[int]] = {}
    copies: dict[bytes, int] = {}
    for part, seen in first.items():
        for item, digest in enumerate(_digests(arrays[f"x_{part}"])):
            labels.setdefault(digest, set()).add(int(arrays[f"y_{part}"][item]))
            copies[digest] = copies.get(digest, 0) + 1
            before = seen.setdefault(digest, item)
            if before != item:
                again[part].append((before, item))
    between = [
        (first["train"][digest], item)
        for item, digest in enumerate(_digests(arrays["x_test"]))
        if digest in first["train"]
    ]
    pairs = [("train", one, "test", other) for one, other in between[:MOST_EXAMPLES]]
    pairs += [(part, one, part, other) for part in first for one, other in again[part][:MOST_EXAMPLES]]
    to_submit = () if unlabelled is None else _digests(unlabelled)
    return Duplicates(
        within_train=len(again["train"]),
        within_test=len(again["test"]),
        between=len(between),
        unlabelled=sum(digest in first["train"] for digest in to_submit),
        conflicting=sum(copies[digest] for digest, held in labels.items() if len(held) > 1),
        examples=tuple(
            (named(part, one), named(same, other)) for part, one, same, other in pairs[:MOST_EXAMPLES]
        ),
    )


def _digests(images: NDArray[np.uint8]) -> Iterator[bytes]:
    for image in images:
        yield hashlib.blake2b(np.ascontiguousarray(image).data, digest_size=16).digest()
