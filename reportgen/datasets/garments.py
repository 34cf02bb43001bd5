"""The embedded garments: ten kinds of clothing, drawn with scikit-image.

`reportgen.datasets.wardrobe` cuts them out; here they get cloth, light and a place, and
become images of 28 x 28 pixels. Seeded: every call draws the same images.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_SIDE, _FINE = 28, 4
_SEED = 1828
_CLASSES = 10
_PATTERNED = (0, 2, 3, 4, 6, 8)  # stripes and checks look wrong on trousers and shoes
_ITEMS = {"train": 2_000, "test": 500}

Plane = NDArray[np.float64]


def make() -> dict[str, NDArray[np.uint8]]:
    """Draw the arrays ``x_train``, ``y_train``, ``x_test``, ``y_test``.

    Returns
    -------
    arrays : mapping of str to uint8
        Images (n, 28, 28) on black, labels (n,) with the classes of Fashion-MNIST; 200
        training and 50 test items of each class, in mixed order. No two images are alike.
    """
    arrays: dict[str, NDArray[np.uint8]] = {}
    seen: set[bytes] = set()
    for side, (name, items) in enumerate(_ITEMS.items()):
        labels = np.repeat(np.arange(_CLASSES, dtype=np.uint8), items // _CLASSES)
        labels = np.random.default_rng([_SEED, side]).permutation(labels)
        images = np.empty((items, _SIDE, _SIDE), np.uint8)
        for place, label in enumerate(labels):
            images[place] = _new(int(label), [_SEED, side, place], seen)
        arrays[f"x_{name}"], arrays[f"y_{name}"] = images, labels
    return arrays


def _new(label: int, seed: list[int], seen: set[bytes]) -> NDArray[np.uint8]:
    """An image that is not yet in `seen`."""
    for attempt in range(100):
        image = draw(label, np.random.default_rng([*seed, attempt]))
        if image.tobytes() not in seen:
            seen.add(image.tobytes())
            return image
    raise RuntimeError("a hundred drawings of one garment came out alike")


def draw(label: int, random: np.random.Generator) -> NDArray[np.uint8]:
    """Draw one garment of class `label` (0 to 9).

    Returns
    -------
    image : (28, 28) uint8
    """
    from skimage.draw import polygon

    from reportgen.datasets.wardrobe import KINDS

    garment = KINDS[label](random)
    place = _placement(random)
    cloth = _cloth(random, patterned=label in _PATTERNED)
    tone = random.beta(2.2, 1.6) * 0.75 + 0.25
    canvas = np.zeros((_SIDE * _FINE, _SIDE * _FINE))
    for piece in garment:
        x, y = place(piece.outline).T
        inside = polygon(y, x, canvas.shape)
        surface = cloth[inside] if piece.cloth else 1.0
        canvas[inside] = np.clip(tone * piece.tone * surface, 0, 1)
    image = canvas.reshape(_SIDE, _FINE, _SIDE, _FINE).mean(axis=(1, 3))
    grain = random.normal(0, 0.025, image.shape) * (image > 0.05)
    pixels: NDArray[np.uint8] = np.rint(np.clip(image + grain, 0, 1) * 255).astype(np.uint8)
    return pixels


def _placement(random: np.random.Generator) -> Callable[[Plane], Plane]:
    """Where the garment lies: a little turned, sheared, stretched and shifted."""
    from skimage.transform import AffineTransform

    side = _SIDE * _FINE
    stretch = np.clip(random.normal((0.92, 0.92), (0.06, 0.045)), 0.78, 1.02)
    turn, shear = np.clip(random.normal(0, 1, 2), -2, 2) * (0.035, 0.03)
    shift = np.clip(random.normal(0, 0.025, 2), -0.05, 0.05)
    about_middle = AffineTransform(scale=tuple(stretch), rotation=turn, shear=shear)

    def place(points: Plane) -> Plane:
        return (np.asarray(about_middle(points - (0, 0.5))) + 0.5 + shift) * side

    return place


def _cloth(random: np.random.Generator, *, patterned: bool) -> Plane:
    """Pattern and folds of the cloth: factors around 1 for every fine pixel."""
    from skimage.filters import gaussian

    side = _SIDE * _FINE
    y, x = np.mgrid[:side, :side] / side
    folds = gaussian(random.normal(size=(side // 4, side // 4)), sigma=(2.5, 1.4))
    surface = 1 + 0.09 * np.kron(folds / (folds.std() + 1e-9), np.ones((4, 4)))
    light = random.uniform(-0.25, 0.25) * (x - 0.5) + random.uniform(-0.2, 0.2) * (y - 0.5)
    style, depth = random.random() if patterned else 1.0, random.uniform(0.15, 0.45)
    period, phase = random.uniform(0.07, 0.22), random.uniform(0, 2 * np.pi)
    if style < 0.12:
        surface *= 1 - depth * (np.sin(2 * np.pi * y / period + phase) > 0)
    elif style < 0.2:
        surface *= 1 - depth * (np.sin(2 * np.pi * x / period + phase) > 0)
    elif style < 0.28:
        checks = np.sin(2 * np.pi * x / period + phase) * np.sin(2 * np.pi * y / period)
        surface *= 1 - depth * (checks > 0)
    shaded: Plane = surface + light
    return shaded
