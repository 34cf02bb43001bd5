"""Clothes: each kind is a list of pieces laid on one another, cut a little differently every time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reportgen.datasets.leather import ankle_boot, bag, sandal, sneaker
from reportgen.datasets.tailoring import (
    Garment,
    Piece,
    Random,
    around,
    band,
    closed,
    mirror,
    symmetric,
)


@dataclass(frozen=True)
class _Cut:
    """Measures of a garment for the upper body; widths are halves."""

    neck: float
    shoulder: float
    chest: float
    waist: float
    hem: float
    length: float
    drop: float = 0.07


def _torso(cut: _Cut, tone: float = 1.0) -> Piece:
    armpit = 0.28
    return Piece(
        symmetric(
            [
                (cut.neck, 0.02),
                (cut.shoulder, 0.02 + cut.drop),
                (cut.chest, armpit),
                (cut.waist, 0.3 + 0.3 * cut.length),
                (cut.hem, cut.length),
            ]
        ),
        tone,
    )


def _sleeves(cut: _Cut, cuff: tuple[float, float], width: float, tone: float) -> list[Piece]:
    """Both sleeves; `cuff` is the middle of the right one's end."""
    top, armpit = np.array((cut.shoulder - 0.03, 0.03 + cut.drop)), np.array((cut.chest - 0.02, 0.32))
    end = np.array(cuff)
    along = end - (top + armpit) / 2
    across = np.array((along[1], -along[0])) / np.linalg.norm(along) * width / 2
    bulge = (top + end) / 2 + across * 1.25
    corners = [top, bulge, end + across, end - across, armpit]
    right = Piece(closed([(float(x), float(y)) for x, y in corners], 1), tone)
    return [right, mirror(right)]


def _neckline(random: Random, cut: _Cut, depth: float, tone: float) -> Piece:
    """The opening at the neck, round or pointed, through which the back shows."""
    pointed = random.random() < 0.3
    points = [
        (cut.neck, 0.0),
        (cut.neck * (0.3 if pointed else 0.75), 0.02 + depth * (0.8 if pointed else 1)),
    ]
    return Piece(symmetric([*points, (0.001, 0.03 + depth * (1.3 if pointed else 1.05))]), tone, False)


def t_shirt(random: Random) -> Garment:
    """Short sleeves that stand out, a neckline, at times a print."""
    chest = around(random, 0.235, 0.02)
    cut = _Cut(
        neck=around(random, 0.1, 0.015), shoulder=chest + 0.01, chest=chest,
        waist=chest + around(random, -0.005, 0.012), hem=chest + around(random, 0.0, 0.015),
        length=around(random, 0.93, 0.035),
    )  # fmt: skip
    cuff = (around(random, 0.385, 0.03), around(random, 0.3, 0.045))
    garment = _sleeves(cut, cuff, around(random, 0.17, 0.015), 0.88)
    garment += [_torso(cut), _neckline(random, cut, around(random, 0.045, 0.02), random.choice((0.0, 0.4)))]
    if random.random() < 0.35:
        x, y, w = around(random, 0, 0.02), around(random, 0.42, 0.05), around(random, 0.1, 0.025)
        tone = random.choice((0.35, 0.6, 1.5))
        garment.append(
            Piece(closed([(x - w, y - w), (x + w, y - w), (x + w, y + w), (x - w, y + w)]), tone, False)
        )
    return garment


def trouser(random: Random) -> Garment:
    """A waistband and two legs, apart by as much as they like."""
    waist = around(random, 0.16, 0.02)
    hip = waist + around(random, 0.03, 0.01)
    spread, leg = around(random, 0.05, 0.03), around(random, 0.115, 0.025)
    crotch, bottom = around(random, 0.33, 0.04), around(random, 0.98, 0.02)
    inner = max(0.012, spread)
    right = Piece(
        closed(
            [
                (-0.005, 0.02),
                (waist, 0.02),
                (hip, 0.2),
                (inner + leg, bottom),
                (inner, bottom),
                (0.0, crotch),
            ],
            1,
        )
    )
    garment = [right, mirror(right)]
    if random.random() < 0.7:
        garment.append(band([(-waist, 0.045), (waist, 0.045)], 0.04, around(random, 0.75, 0.1)))
    if random.random() < 0.5:
        crease = band([(hip * 0.55, 0.2), (inner + leg * 0.5, bottom)], 0.014, 0.8)
        garment += [crease, mirror(crease)]
    return garment


def _long_sleeved(random: Random, chest: float, length: float, flare: float) -> tuple[_Cut, Garment]:
    """What pullovers, coats and shirts share: a body and sleeves that hang down."""
    cut = _Cut(
        neck=around(random, 0.095, 0.012), shoulder=chest + around(random, 0.005, 0.01), chest=chest,
        waist=chest + flare / 2 + around(random, -0.01, 0.01), hem=chest + flare, length=length,
        drop=around(random, 0.075, 0.012),
    )  # fmt: skip
    cuff = (around(random, 0.375, 0.035), min(length, around(random, 0.83, 0.05)))
    return cut, [
        *_sleeves(cut, cuff, around(random, 0.115, 0.015), around(random, 0.84, 0.05)),
        _torso(cut),
    ]


def pullover(random: Random) -> Garment:
    """Long sleeves, a ribbed hem, a neckline; nothing down the front."""
    cut, garment = _long_sleeved(
        random, around(random, 0.225, 0.018), around(random, 0.92, 0.035), around(random, -0.005, 0.012)
    )
    if random.random() < 0.2:
        garment += _opening(random, cut, around(random, 0.16, 0.04), around(random, 0.95, 0.1))
    else:
        garment.append(_neckline(random, cut, around(random, 0.03, 0.012), random.choice((0.0, 0.45, 0.6))))
    rib = cut.length - 0.035
    garment.append(band([(-cut.hem, rib), (cut.hem, rib)], 0.05, around(random, 0.85, 0.06)))
    if random.random() < 0.2:
        y = around(random, 0.4, 0.08)
        garment.append(band([(-cut.chest, y), (cut.chest, y)], 0.1, random.choice((0.6, 1.35)), True))
    return garment


def dress(random: Random) -> Garment:
    """Narrow above, wider below, with or without sleeves."""
    chest, waist = around(random, 0.135, 0.018), around(random, 0.115, 0.015)
    hem, at = waist + around(random, 0.11, 0.045), around(random, 0.42, 0.04)
    length, neck = around(random, 0.98, 0.015), around(random, 0.07, 0.012)
    garment: Garment = []
    cut = _Cut(neck, chest, chest, waist, hem, length)
    style = random.random()
    if style < 0.25:
        garment += _sleeves(cut, (chest + around(random, 0.07, 0.02), 0.3), 0.11, 0.88)
    elif style < 0.45:
        garment += _sleeves(cut, (chest + around(random, 0.11, 0.03), around(random, 0.6, 0.1)), 0.08, 0.85)
    body = [
        (neck, 0.02),
        (chest - 0.01, 0.06),
        (chest, 0.24),
        (waist, at),
        ((waist + hem) / 2, 0.68),
        (hem, length),
    ]
    garment += [Piece(symmetric(body)), _neckline(random, cut, around(random, 0.06, 0.025), 0.0)]
    if random.random() < 0.4:
        garment.append(band([(-waist, at), (waist, at)], 0.035, random.choice((0.5, 0.7, 1.3))))
    return garment


def coat(random: Random) -> Garment:
    """Long, with lapels and an open or buttoned front."""
    cut, garment = _long_sleeved(
        random, around(random, 0.225, 0.02), around(random, 0.955, 0.025), around(random, 0.008, 0.018)
    )
    depth = max(0.1, around(random, 0.2, 0.075))
    garment += _opening(random, cut, depth, around(random, 0.9, 0.1))
    if random.random() < 0.12:
        gap = around(random, 0.022, 0.008)
        garment.append(Piece(symmetric([(0.006, depth * 0.8), (gap, cut.length + 0.01)]), 0.1, False))
    else:
        garment.append(band([(0.0, depth), (0.0, cut.length)], 0.02, around(random, 0.66, 0.1)))
    if random.random() < 0.3:
        y = around(random, 0.64, 0.04)
        pocket = band([(0.08, y), (cut.chest - 0.04, y + 0.01)], 0.025, 0.75)
        garment += [pocket, mirror(pocket)]
    return garment


def shirt(random: Random) -> Garment:
    """A collar and a row of buttons; mostly long sleeves, so that it passes for a coat."""
    cut, garment = _long_sleeved(
        random, around(random, 0.225, 0.02), around(random, 0.945, 0.03), around(random, 0.004, 0.018)
    )
    if random.random() < 0.1:
        cuff = (around(random, 0.375, 0.03), around(random, 0.33, 0.05))
        garment = [*_sleeves(cut, cuff, around(random, 0.165, 0.015), 0.87), _torso(cut)]
    depth = max(0.04, around(random, 0.12, 0.05))
    garment += _opening(random, cut, depth, around(random, 1.02, 0.1))
    if random.random() < 0.9:
        garment.append(band([(0.0, depth), (0.0, cut.length)], 0.02, around(random, 0.74, 0.1)))
    if random.random() < 0.2:
        garment.append(band([(0.07, 0.38), (0.15, 0.38)], 0.06, 0.82))
    return garment


def _opening(random: Random, cut: _Cut, depth: float, tone: float) -> Garment:
    """A front that opens to `depth`, with a collar or lapels of `tone` on both sides."""
    flap = [(cut.neck, 0.0), (cut.neck + 0.025, 0.09), (0.012, depth + 0.03), (0.0, depth - 0.02)]
    collar = Piece(closed(flap, 1), tone)
    inside = Piece(
        symmetric([(cut.neck, 0.0), (0.001, depth * 0.85)]), random.choice((0.0, 0.35, 0.5)), False
    )
    return [inside, collar, mirror(collar)]


KINDS: tuple[Callable[[Random], Garment], ...] = (
    t_shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle_boot,
)  # fmt: skip
"""By class number, in the order of Fashion-MNIST."""
