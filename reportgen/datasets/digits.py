"""The embedded digits: scikit-learn's 1,797 scanned digits, brought from 8 x 8 to 28 x 28.

Like MNIST's, a digit is 20 x 20 pixels with a margin of 4. Everything is whole-number
arithmetic and a frozen random stream, so the arrays are the same on every machine.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SMALL, _LARGE, _MARGIN, _LEVELS = 8, 20, 4, 16
_TEST_ITEMS = 360
_SEED = 28


def make() -> dict[str, NDArray[np.uint8]]:
    """Make the arrays ``x_train``, ``y_train``, ``x_test``, ``y_test``.

    Returns
    -------
    arrays : mapping of str to uint8
        Images (n, 28, 28), labels (n,); 1,437 items for training, 360 for testing,
        each class in the same proportion.
    """
    from sklearn.datasets import load_digits  # reads a file inside the package

    scans = load_digits()
    labels = scans.target.astype(np.uint8)
    images = enlarge(scans.images.astype(np.int64))
    test = _choose_test(labels)
    return {
        "x_train": images[~test],
        "y_train": labels[~test],
        "x_test": images[test],
        "y_test": labels[test],
    }


def enlarge(images: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Enlarge (n, 8, 8) images of 0 to 16 to (n, 28, 28) of 0 to 255.

    Cubic interpolation with the kernel of Keys (1981), a = -1/2, in integers: a large
    pixel lies at (4 i - 3) / 10 of the small ones, so every weight is a multiple of 1/2000.
    """
    weights = np.zeros((_LARGE, _SMALL), np.int64)
    for i in range(_LARGE):
        left, tenths = divmod(4 * i - 3, 10)
        for offset, weight in zip((-1, 0, 1, 2), _cubic(tenths), strict=True):
            if 0 <= left + offset < _SMALL:
                weights[i, left + offset] += weight
    scale = _LEVELS * 2000 * 2000
    large = (weights @ images @ weights.T * 255 * 2 + scale) // (2 * scale)
    margin = (_MARGIN, _MARGIN)
    return np.pad(np.clip(large, 0, 255), ((0, 0), margin, margin)).astype(np.uint8)


def _cubic(t: int) -> tuple[int, int, int, int]:
    """Keys's four weights times 2000, at t tenths between the middle two points."""
    return (
        -(t**3) + 20 * t**2 - 100 * t,
        3 * t**3 - 50 * t**2 + 2000,
        -3 * t**3 + 40 * t**2 + 100 * t,
        t**3 - 10 * t**2,
    )


def _choose_test(labels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Mark `_TEST_ITEMS` items as test items, every class by its share (largest remainders)."""
    counts = np.bincount(labels)
    whole, rest = np.divmod(counts * _TEST_ITEMS, labels.size)
    missing = _TEST_ITEMS - whole.sum()
    whole[np.argsort(-rest, kind="stable")[:missing]] += 1
    # RandomState's stream is frozen; that of default_rng may change between releases
    random = np.random.RandomState(_SEED)
    test = np.zeros(labels.size, bool)
    for label, quota in enumerate(whole):
        test[random.permutation(np.flatnonzero(labels == label))[:quota]] = True
    return test
