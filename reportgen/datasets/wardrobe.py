"""Ten kinds of clothing as outlines, each cut a little differently every time.

A garment is a list of pieces, laid on one another. Points are (x, y) with x from -0.5
(left) to 0.5 and y from 0 (top) to 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Random = np.random.Generator


@dataclass(frozen=True)
class Piece:
    """One piece of a garment.

    Parameters
    ----------
    outline : (n, 2) float
    tone : float
        Grey relative to the garment's own: 0 is a hole.
    cloth : bool
        Whether the garment's pattern and folds show on it.
    """

    outline: Points
    tone: float = 1.0
    cloth: bool = True


Garment = list[Piece]


def _around(random: Random, middle: float, spread: float) -> float:
    """A number near `middle`, at most two `spread` away."""
    return float(middle + spread * np.clip(random.normal(), -2, 2))


def _closed(points: Sequence[tuple[float, float]], rounds: int = 2) -> Points:
    """A closed outline with its corners cut (Chaikin, 1974)."""
    outline = np.array(points, float)
    for _ in range(rounds):
        following = np.roll(outline, -1, axis=0)
        outline = np.stack((0.75 * outline + 0.25 * following, 0.25 * outline + 0.75 * following), 1)
        outline = outline.reshape(-1, 2)
    return outline


def _symmetric(right: Sequence[tuple[float, float]], rounds: int = 1) -> Points:
    """The outline of a symmetric piece from its right half, listed from top to bottom."""
    return _closed([*right, *((-x, y) for x, y in reversed(right))], rounds)


def _mirror(piece: Piece) -> Piece:
    return Piece(piece.outline * (-1, 1), piece.tone, piece.cloth)


def _band(points: Sequence[tuple[float, float]], width: float, tone: float, cloth: bool = False) -> Piece:
    """A strip of `width` along a line."""
    line = np.array(points, float)
    along = np.gradient(line, axis=0)
    across = np.stack((-along[:, 1], along[:, 0]), 1)
    across *= width / 2 / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    return Piece(np.concatenate((line + across, (line - across)[::-1])), tone, cloth)


def _arc(
    start: tuple[float, float], peak: tuple[float, float], end: tuple[float, float]
) -> list[tuple[float, float]]:
    """Points of a parabola from `start` to `end`, pulled towards `peak`."""
    t = np.linspace(0, 1, 12)[:, None]
    curve = (1 - t) ** 2 * np.array(start) + 2 * t * (1 - t) * np.array(peak) + t**2 * np.array(end)
    return [(float(x), float(y)) for x, y in curve]


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
        _symmetric(
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
    right = Piece(_closed([(float(x), float(y)) for x, y in corners], 1), tone)
    return [right, _mirror(right)]


def _neckline(random: Random, cut: _Cut, depth: float, tone: float) -> Piece:
    """The opening at the neck, round or pointed, through which the back shows."""
    pointed = random.random() < 0.3
    points = [
        (cut.neck, 0.0),
        (cut.neck * (0.3 if pointed else 0.75), 0.02 + depth * (0.8 if pointed else 1)),
    ]
    return Piece(_symmetric([*points, (0.001, 0.03 + depth * (1.3 if pointed else 1.05))]), tone, False)


def t_shirt(random: Random) -> Garment:
    """Short sleeves that stand out, a neckline, at times a print."""
    chest = _around(random, 0.235, 0.02)
    cut = _Cut(
        neck=_around(random, 0.1, 0.015), shoulder=chest + 0.01, chest=chest,
        waist=chest + _around(random, -0.005, 0.012), hem=chest + _around(random, 0.0, 0.015),
        length=_around(random, 0.93, 0.035),
    )  # fmt: skip
    cuff = (_around(random, 0.385, 0.03), _around(random, 0.3, 0.045))
    garment = _sleeves(cut, cuff, _around(random, 0.17, 0.015), 0.88)
    garment += [_torso(cut), _neckline(random, cut, _around(random, 0.045, 0.02), random.choice((0.0, 0.4)))]
    if random.random() < 0.35:
        x, y, w = _around(random, 0, 0.02), _around(random, 0.42, 0.05), _around(random, 0.1, 0.025)
        tone = random.choice((0.35, 0.6, 1.5))
        garment.append(
            Piece(_closed([(x - w, y - w), (x + w, y - w), (x + w, y + w), (x - w, y + w)]), tone, False)
        )
    return garment


def trouser(random: Random) -> Garment:
    """A waistband and two legs, apart by as much as they like."""
    waist = _around(random, 0.16, 0.02)
    hip = waist + _around(random, 0.03, 0.01)
    spread, leg = _around(random, 0.05, 0.03), _around(random, 0.115, 0.025)
    crotch, bottom = _around(random, 0.33, 0.04), _around(random, 0.98, 0.02)
    inner = max(0.012, spread)
    right = Piece(
        _closed(
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
    garment = [right, _mirror(right)]
    if random.random() < 0.7:
        garment.append(_band([(-waist, 0.045), (waist, 0.045)], 0.04, _around(random, 0.75, 0.1)))
    if random.random() < 0.5:
        crease = _band([(hip * 0.55, 0.2), (inner + leg * 0.5, bottom)], 0.014, 0.8)
        garment += [crease, _mirror(crease)]
    return garment


def _long_sleeved(random: Random, chest: float, length: float, flare: float) -> tuple[_Cut, Garment]:
    """What pullovers, coats and shirts share: a body and sleeves that hang down."""
    cut = _Cut(
        neck=_around(random, 0.095, 0.012), shoulder=chest + _around(random, 0.005, 0.01), chest=chest,
        waist=chest + flare / 2 + _around(random, -0.01, 0.01), hem=chest + flare, length=length,
        drop=_around(random, 0.075, 0.012),
    )  # fmt: skip
    cuff = (_around(random, 0.395, 0.025), min(length, _around(random, 0.83, 0.05)))
    return cut, [
        *_sleeves(cut, cuff, _around(random, 0.115, 0.015), _around(random, 0.84, 0.05)),
        _torso(cut),
    ]


def pullover(random: Random) -> Garment:
    """Long sleeves, a ribbed hem, a neckline; nothing down the front."""
    cut, garment = _long_sleeved(
        random, _around(random, 0.225, 0.018), _around(random, 0.92, 0.035), _around(random, -0.005, 0.012)
    )
    garment.append(_neckline(random, cut, _around(random, 0.03, 0.012), random.choice((0.0, 0.45, 0.6))))
    rib = cut.length - 0.035
    garment.append(_band([(-cut.hem, rib), (cut.hem, rib)], 0.05, _around(random, 0.85, 0.06)))
    if random.random() < 0.2:
        y = _around(random, 0.4, 0.08)
        garment.append(_band([(-cut.chest, y), (cut.chest, y)], 0.1, random.choice((0.6, 1.35)), True))
    return garment


def dress(random: Random) -> Garment:
    """Narrow above, wider below, with or without sleeves."""
    chest, waist = _around(random, 0.135, 0.018), _around(random, 0.115, 0.015)
    hem, at = waist + _around(random, 0.11, 0.045), _around(random, 0.42, 0.04)
    length, neck = _around(random, 0.98, 0.015), _around(random, 0.07, 0.012)
    garment: Garment = []
    cut = _Cut(neck, chest, chest, waist, hem, length)
    style = random.random()
    if style < 0.25:
        garment += _sleeves(cut, (chest + _around(random, 0.07, 0.02), 0.3), 0.11, 0.88)
    elif style < 0.45:
        garment += _sleeves(cut, (chest + _around(random, 0.11, 0.03), _around(random, 0.6, 0.1)), 0.08, 0.85)
    body = [
        (neck, 0.02),
        (chest - 0.01, 0.06),
        (chest, 0.24),
        (waist, at),
        ((waist + hem) / 2, 0.68),
        (hem, length),
    ]
    garment += [Piece(_symmetric(body)), _neckline(random, cut, _around(random, 0.06, 0.025), 0.0)]
    if random.random() < 0.4:
        garment.append(_band([(-waist, at), (waist, at)], 0.035, random.choice((0.5, 0.7, 1.3))))
    return garment


def coat(random: Random) -> Garment:
    """Long, with lapels and an open or buttoned front."""
    cut, garment = _long_sleeved(
        random, _around(random, 0.225, 0.018), _around(random, 0.96, 0.025), _around(random, 0.015, 0.018)
    )
    depth = _around(random, 0.3, 0.09)
    lapel = Piece(
        _closed([(cut.neck, 0.01), (cut.neck + 0.035, 0.1), (0.01, depth), (0.0, depth - 0.05)], 1), 0.78
    )
    garment += [
        Piece(_symmetric([(cut.neck, 0.0), (0.001, depth * 0.8)]), random.choice((0.0, 0.3, 0.55)), False)
    ]
    garment += [lapel, _mirror(lapel)]
    if random.random() < 0.25:
        gap = _around(random, 0.025, 0.01)
        garment.append(Piece(_symmetric([(0.006, depth * 0.8), (gap, cut.length + 0.01)]), 0.1, False))
    else:
        garment.append(_band([(0.0, depth), (0.0, cut.length)], 0.022, _around(random, 0.5, 0.1)))
    if random.random() < 0.5:
        y = _around(random, 0.64, 0.04)
        pocket = _band([(0.08, y), (cut.chest - 0.04, y + 0.01)], 0.025, 0.7)
        garment += [pocket, _mirror(pocket)]
    return garment


def shirt(random: Random) -> Garment:
    """A collar and a row of buttons; mostly long sleeves, so that it passes for a coat."""
    chest, length = _around(random, 0.225, 0.02), _around(random, 0.945, 0.03)
    cut, garment = _long_sleeved(random, chest, length, _around(random, 0.005, 0.018))
    if random.random() < 0.25:
        cuff = (_around(random, 0.375, 0.03), _around(random, 0.33, 0.05))
        garment = [*_sleeves(cut, cuff, _around(random, 0.165, 0.015), 0.87), _torso(cut)]
    depth = _around(random, 0.09, 0.04)
    collar = Piece(
        _closed([(cut.neck, 0.0), (cut.neck + 0.015, 0.09), (0.015, depth + 0.03), (0.0, depth)], 1), 1.12
    )
    garment += [Piece(_symmetric([(cut.neck, 0.0), (0.001, depth)]), random.choice((0.0, 0.4)), False)]
    garment += [collar, _mirror(collar)]
    if random.random() < 0.8:
        garment.append(_band([(0.0, depth), (0.0, length)], 0.02, random.choice((0.62, 0.75, 1.2))))
    if random.random() < 0.3:
        garment.append(_band([(0.07, 0.38), (0.15, 0.38)], 0.06, 0.82))
    return garment


def _turned(random: Random, garment: Garment) -> Garment:
    """A shoe that points the other way now and then."""
    return [_mirror(piece) for piece in garment] if random.random() < 0.12 else garment


def sandal(random: Random) -> Garment:
    """A thin sole, a heel of any height, a few straps; the toe is on the left."""
    heel, thick = abs(_around(random, 0.1, 0.09)), _around(random, 0.045, 0.01)
    ground = _around(random, 0.74, 0.03)
    toe, back = (-0.46, ground - 0.01), (_around(random, 0.43, 0.02), ground - heel - 0.02)
    sole = _arc(toe, (0.02, ground + 0.03), back)
    garment = [_band(sole, thick, 0.9)]
    if heel > 0.09:
        garment.append(
            Piece(
                _closed(
                    [(0.31, ground - heel), (0.45, back[1]), (0.43, ground + 0.03), (0.37, ground + 0.03)], 1
                ),
                0.8,
            )
        )
    rise = _around(random, 0.2, 0.05)
    for x in np.sort(random.uniform(-0.38, 0.05, random.integers(1, 4))):
        foot = (float(x), ground - 0.03)
        garment.append(
            _band(
                _arc(foot, (float(x) + 0.05, ground - rise * 1.3), (float(x) + 0.2, ground - 0.05)),
                0.035,
                _around(random, 1, 0.12),
            )
        )
    if random.random() < 0.75:
        height = _around(random, 0.3, 0.07)
        garment.append(
            _band(
                _arc(
                    (0.15, ground - heel * 0.6 - 0.04),
                    (0.24, ground - height - heel),
                    (back[0] - 0.02, back[1]),
                ),
                0.04,
                1.05,
            )
        )
    if random.random() < 0.4:
        garment.append(_band([(0.12, ground - heel - 0.2), (back[0], ground - heel - 0.22)], 0.035, 0.95))
    return _turned(random, garment)


def sneaker(random: Random) -> Garment:
    """Low, with a thick sole and laces; the toe is on the left."""
    ground, top = _around(random, 0.72, 0.02), _around(random, 0.36, 0.035)
    toe = _around(random, 0.53, 0.03)
    upper = [
        (-0.47, ground - 0.05), (-0.44, toe + 0.01), (-0.28, toe - 0.03), (-0.02, top + 0.06), (0.1, top),
        (0.2, top + 0.07), (0.32, top + 0.06), (0.42, top - 0.01), (0.47, ground - 0.05),
    ]  # fmt: skip
    garment = [Piece(_closed(upper, 1))]
    sole = _around(random, 0.07, 0.02)
    garment.append(
        _band(
            [(-0.48, ground - 0.02), (0.0, ground), (0.47, ground - 0.02)],
            sole,
            random.choice((0.55, 1.3, 1.6)),
        )
    )
    for step in range(random.integers(2, 5)):
        x = -0.2 + 0.07 * step
        y = toe - 0.02 - (toe - top - 0.05) * (x + 0.28) / 0.3
        garment.append(_band([(x - 0.02, y), (x + 0.04, y + 0.09)], 0.022, random.choice((0.5, 1.4))))
    if random.random() < 0.55:
        tone = random.choice((0.5, 1.45))
        garment.append(
            _band(_arc((0.0, ground - 0.08), (0.12, ground - 0.1), (0.28, toe - 0.06)), 0.045, tone)
        )
    return _turned(random, garment)


def bag(random: Random) -> Garment:
    """A body of any proportion and a handle or a strap above it."""
    half, low = _around(random, 0.38, 0.06), _around(random, 0.9, 0.04)
    high = _around(random, 0.4, 0.07)
    taper = _around(random, 0.03, 0.035)
    garment: Garment = []
    reach, rise = half * _around(random, 0.6, 0.12), max(0.03, high - abs(_around(random, 0.3, 0.08)))
    if random.random() < 0.85:
        for offset in (0.0, 0.03)[: random.integers(1, 3)]:
            line = _arc((-reach, high + 0.03), (offset, 2 * rise - high), (reach, high + 0.03))
            garment.append(_band(line, _around(random, 0.04, 0.01), 0.8))
    corners = [(half - taper, high), (half - taper / 2, (high + low) / 2), (half, low)]
    garment.append(Piece(_symmetric(corners)))
    if random.random() < 0.5:
        flap = _around(random, 0.2, 0.05)
        garment.append(
            Piece(
                _symmetric([(half - taper, high), (half * 0.85, high + flap), (0.01, high + flap * 1.1)]),
                0.85,
            )
        )
    if random.random() < 0.5:
        x, y = _around(random, 0, 0.01), high + _around(random, 0.2, 0.04)
        garment.append(_band([(x - 0.04, y), (x + 0.04, y)], 0.06, random.choice((0.4, 1.5))))
    return garment


def ankle_boot(random: Random) -> Garment:
    """A shaft over a foot, with or without a heel; the toe is on the left."""
    ground, top = _around(random, 0.88, 0.03), _around(random, 0.1, 0.05)
    front, instep = _around(random, -0.03, 0.04), _around(random, 0.54, 0.04)
    heel = abs(_around(random, 0.06, 0.05))
    outline = [
        (-0.46, ground - 0.03), (-0.44, instep + 0.12), (-0.25, instep + 0.05), (front - 0.02, instep - 0.08),
        (front, top), (0.38, top + _around(random, 0, 0.03)), (0.38, instep), (0.42, ground - heel),
        (0.05, ground - heel), (-0.1, ground - 0.02),
    ]  # fmt: skip
    garment = [Piece(_closed(outline, 1))]
    garment.append(
        Piece(
            _closed(
                [(0.2, ground - heel - 0.03), (0.43, ground - heel - 0.03), (0.42, ground), (0.23, ground)], 1
            ),
            0.65,
        )
    )
    garment.append(
        _band([(-0.46, ground - 0.02), (-0.1, ground - 0.01), (0.1, ground - heel * 0.8)], 0.045, 0.6)
    )
    if random.random() < 0.45:
        garment.append(
            _band([(front + 0.16, top + 0.02), (front + 0.2, instep)], 0.05, random.choice((0.65, 1.3)))
        )
    if random.random() < 0.35:
        y = _around(random, instep - 0.05, 0.04)
        garment.append(_band([(front - 0.02, y), (0.38, y + 0.02)], 0.04, random.choice((0.55, 1.35))))
    return _turned(random, garment)


KINDS: tuple[Callable[[Random], Garment], ...] = (
    t_shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag, ankle_boot,
)  # fmt: skip
"""By class number, in the order of Fashion-MNIST."""
