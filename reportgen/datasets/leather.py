"""Shoes and bags: sandal, sneaker, bag and ankle boot, each cut a little differently every time."""

from __future__ import annotations

import numpy as np

from reportgen.datasets.tailoring import (
    Curve,
    Garment,
    Piece,
    Random,
    arc,
    around,
    band,
    closed,
    mirror,
    symmetric,
)


def _turned(random: Random, garment: Garment) -> Garment:
    """A shoe that points the other way now and then."""
    return [mirror(piece) for piece in garment] if random.random() < 0.12 else garment


def _strap(bed: Curve, top: Curve, at: float, width: float, tone: float) -> Piece:
    """A strap across the foot, from its bed to its upper side, leaning towards the heel."""
    corners = [(at, bed(at)), (at + width, bed(at + width)), (at + width + 0.09, top(at + width + 0.09))]
    return Piece(closed([*corners, (at + 0.09, top(at + 0.09))], 1), tone)


def _ankle_straps(random: Random, bed: Curve, top: Curve) -> Garment:
    """A strap around the ankle, held at the heel and at times from the toes."""
    ankle, wide = top(0.2) - around(random, 0.02, 0.03), random.uniform(0.045, 0.075)
    straps = [
        band([(0.1, ankle + 0.03), (0.26, ankle), (0.44, ankle - 0.01)], wide, 1.0),
        band([(0.43, bed(0.43)), (0.42, ankle)], wide + 0.01, 0.9),
    ]
    if random.random() < 0.5:
        straps.append(band([(-0.1, top(-0.1)), (0.1, ankle + 0.03)], wide, 0.95))
    return straps


def sandal(random: Random) -> Garment:
    """A sole, a heel of any height, straps that leave the foot bare; the toe is on the left."""
    heel, ground = max(0.0, around(random, 0.09, 0.1)), around(random, 0.79, 0.03)
    high = around(random, 0.24, 0.04)

    def bed(x: float) -> float:
        t = min(1.0, max(0.0, (x + 0.12) / 0.42))
        return ground - heel * t * t * (3 - 2 * t)

    def top(x: float) -> float:
        return bed(x) - 0.13 - high * min(1.0, max(0.0, (x + 0.4) / 0.55))

    line = [(float(x), bed(float(x))) for x in np.linspace(-0.47, 0.44, 14)]
    garment: Garment = []
    if heel > 0.06:
        block = random.uniform(0.05, 0.16)
        garment.append(
            Piece(
                closed(
                    [
                        (0.44 - block, bed(0.3)),
                        (0.44, bed(0.44)),
                        (0.43, ground + 0.03),
                        (0.45 - block, ground + 0.03),
                    ],
                    1,
                ),
                0.75,
            )
        )
    straps = int(random.integers(1, 5))
    wide = random.uniform(0.055, 0.09) if straps > 1 else random.uniform(0.14, 0.24)
    for at in np.linspace(around(random, -0.36, 0.03), around(random, -0.02, 0.06), straps + 1)[:straps]:
        garment.append(_strap(bed, top, float(at), wide, around(random, 1, 0.12)))
    if straps > 1 and random.random() < 0.6:
        between = np.linspace(-0.26, 0.08, 6)
        garment.append(band([(float(x), top(float(x)) + 0.02) for x in between], 0.045, 0.95))
    if random.random() < 0.7:
        garment += _ankle_straps(random, bed, top)
    garment.append(band(line, around(random, 0.06, 0.015), random.choice((0.7, 0.95, 1.25))))
    return _turned(random, garment)


def sneaker(random: Random) -> Garment:
    """Low, now and then over the ankle, with a sole and laces; the toe is on the left."""
    ground, top = around(random, 0.75, 0.025), around(random, 0.35, 0.045)
    if random.random() < 0.15:
        top -= random.uniform(0.06, 0.16)
    toe = around(random, 0.55, 0.03)
    upper = [
        (-0.47, ground - 0.05), (-0.45, toe + 0.02), (-0.28, toe - 0.03), (-0.02, top + 0.07), (0.08, top),
        (0.2, top + 0.06), (0.32, top + 0.05), (0.43, top - 0.01), (0.47, ground - 0.05),
    ]  # fmt: skip
    garment = [Piece(closed(upper, 1))]
    sole = [(-0.48, ground - 0.02), (0.0, ground), (0.47, ground - 0.02)]
    garment.append(band(sole, around(random, 0.075, 0.02), random.choice((0.55, 1.3, 1.6))))
    lace = random.choice((0.5, 1.4))
    for step in range(random.integers(2, 5)):
        x = -0.2 + 0.07 * step
        y = toe - 0.02 - (toe - top - 0.05) * (x + 0.28) / 0.3
        garment.append(band([(x - 0.02, y), (x + 0.04, y + 0.09)], 0.024, lace))
    if random.random() < 0.55:
        stripe = arc((0.0, ground - 0.08), (0.12, ground - 0.1), (0.28, toe - 0.06))
        garment.append(band(stripe, 0.045, random.choice((0.5, 1.45))))
    return _turned(random, garment)


def bag(random: Random) -> Garment:
    """A body of any proportion; most have a handle or a strap above it."""
    tall = random.random() < 0.3
    half, low = around(random, 0.31 if tall else 0.4, 0.045), around(random, 0.9, 0.04)
    high, taper = around(random, 0.34 if tall else 0.45, 0.07), around(random, 0.03, 0.035)
    garment: Garment = []
    reach, rise = half * around(random, 0.6, 0.12), max(0.03, high - abs(around(random, 0.3, 0.08)))
    if random.random() < 0.85:
        for offset in (0.0, 0.03)[: random.integers(1, 3)]:
            line = arc((-reach, high + 0.03), (offset, 2 * rise - high), (reach, high + 0.03))
            garment.append(band(line, around(random, 0.04, 0.01), 0.8))
    corners = [(half - taper, high), (half - taper / 2, (high + low) / 2), (half, low)]
    garment.append(Piece(symmetric(corners)))
    if random.random() < 0.5:
        flap = around(random, 0.2, 0.05)
        garment.append(
            Piece(
                symmetric([(half - taper, high), (half * 0.85, high + flap), (0.01, high + flap * 1.1)]),
                0.85,
            )
        )
    if random.random() < 0.5:
        x, y = around(random, 0, 0.01), high + around(random, 0.2, 0.04)
        garment.append(band([(x - 0.04, y), (x + 0.04, y)], 0.06, random.choice((0.4, 1.5))))
    return garment


def ankle_boot(random: Random) -> Garment:
    """A shaft over a foot, with or without a heel; the toe is on the left."""
    ground, top = around(random, 0.88, 0.03), around(random, 0.13, 0.07)
    front, instep = around(random, -0.03, 0.04), around(random, 0.54, 0.04)
    heel = abs(around(random, 0.06, 0.05))
    outline = [
        (-0.46, ground - 0.03), (-0.44, instep + 0.12), (-0.25, instep + 0.05), (front - 0.02, instep - 0.08),
        (front, top), (0.38, top + around(random, 0, 0.03)), (0.38, instep), (0.42, ground - heel),
        (0.05, ground - heel), (-0.1, ground - 0.02),
    ]  # fmt: skip
    garment = [Piece(closed(outline, 1))]
    garment.append(
        Piece(
            closed(
                [(0.2, ground - heel - 0.03), (0.43, ground - heel - 0.03), (0.42, ground), (0.23, ground)], 1
            ),
            0.65,
        )
    )
    garment.append(
        band([(-0.46, ground - 0.02), (-0.1, ground - 0.01), (0.1, ground - heel * 0.8)], 0.045, 0.6)
    )
    if random.random() < 0.45:
        garment.append(
            band([(front + 0.16, top + 0.02), (front + 0.2, instep)], 0.05, random.choice((0.65, 1.3)))
        )
    if random.random() < 0.35:
        y = around(random, instep - 0.05, 0.04)
        garment.append(band([(front - 0.02, y), (0.38, y + 0.02)], 0.04, random.choice((0.55, 1.35))))
    return _turned(random, garment)
