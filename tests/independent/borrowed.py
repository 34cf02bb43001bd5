"""What is said of a borrowed network, reckoned again from the texts of the row with Python's own grammar."""

from __future__ import annotations

import ast
import re
from typing import Any

from tests.independent.calls import Made, listed
from tests.independent.phrases import Found, Fragment, N
from tests.independent.runs import Row
from tests.independent.tally import Num
from tests.independent.world import World

_NETWORKS = ("MobileNetV2",)


def _walk(row: Row) -> tuple[list[int], tuple[float, float], int | None]:
    """Shape and range of what the network gets, and the parameters that are trained."""
    facts = row.runs[0].facts
    shape, low, high = [int(side) for side in facts["data"]["image_shape"]], 0.0, 1.0
    for made in listed(facts["parameters"]["layers"]):
        name, given = made[0], _values(made)
        if name in _NETWORKS:
            break
        if name == "ZeroPadding2D":
            around = int(given.get("0", given.get("padding", 1)))
            shape = [shape[0] + 2 * around, shape[1] + 2 * around, shape[2]]
            low, high = min(low, 0.0), max(high, 0.0)
        elif name == "Resizing":
            shape = [int(given["0"]), int(given["1"]), shape[2]]
        elif name == "GrayscaleToRGB":
            shape = [*shape[:2], 3]
        elif name == "Rescaling":
            scale = float(given.get("0", given.get("scale", 1)))
            offset = float(given.get("1", given.get("offset", 0)))
            low, high = sorted((scale * low + offset, scale * high + offset))
    trained = sum(_size(each["shape"]) for layer in facts["layers"] for each in layer["variables"]
                  if each["trainable"])  # fmt: skip
    return shape, (low, high), trained


def _values(made: Made) -> dict[str, Any]:
    return {name: eval(compile(ast.parse(text, mode="eval"), "row", "eval"), {}) for name, text in made[1]
            if re.fullmatch(r"[-+*/ .\deE()]+", text)}  # fmt: skip


def _size(shape: list[int]) -> int:
    size = 1
    for side in shape:
        size *= side
    return size


def _given(world: World, row: Row, match: re.Match[str]) -> Found:
    shape, (low, high), _ = _walk(row)
    return [*(Num(side) for side in shape), Num(round(low, 6), None), Num(round(high, 6), None)]


def _trained(world: World, row: Row, match: re.Match[str]) -> Found:
    total = sum(_size(each["shape"]) for layer in row.runs[0].facts["layers"] for each in layer["variables"])
    return [Num(total), Num(_walk(row)[2])]


def _both(world: World, row: Row, match: re.Match[str]) -> Found:
    return list(reversed(_trained(world, row, match)))


def _map(world: World, row: Row, match: re.Match[str]) -> Found:
    shape, _, _ = _walk(row)
    return [Num(-(-side // 32)) for side in shape[:2]]  # each side is halved five times


REMARKS: tuple[Fragment, ...] = (
    Fragment("borrowed-network", f"gets images of {N} × {N} × {N} with values from {N} to {N}", _given),
    Fragment("borrowed-network", f"[Oo]f {N} parameters {N} were trained", _trained),
    Fragment("borrowed-network", f"{N} of {N} parameters in all", _both),
    Fragment("borrowed-network", f"last feature map is {N} × {N}", _map),
)
"""Pieces of remarks with numbers, by rule."""
