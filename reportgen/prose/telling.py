"""The words of a claim's sentence: a difference with what it rests on, and the condition it has to meet."""

from __future__ import annotations

import math
from dataclasses import replace

from reportgen import language
from reportgen.analysis import numbers, p_values
from reportgen.analysis.differences import Difference
from reportgen.prose.claims import Sign
from reportgen.prose.vocabulary import Kind

_SAID: dict[Sign, str] = {
    "<": language.message("below {limit}"),
    "<=": language.message("at most {limit}"),
    ">": language.message("above {limit}"),
    ">=": language.message("at least {limit}"),
    "==": language.message("exactly {limit}"),
    "!=": language.message("other than {limit}"),
}
_MOST_DECIMALS = 8


def turned_round(found: Difference) -> Difference:
    """Return the same difference with the rows the other way round."""
    return replace(
        found,
        first=found.second,
        second=found.first,
        difference=-found.difference,
        low=-found.high,
        high=-found.low,
        points=tuple(-point for point in found.points),
        only_first=found.only_second,
        only_second=found.only_first,
    )


def told(found: Difference, alone: bool = False) -> str:
    """Return a difference with its interval, and what it rests on; `alone` where no family corrects it."""
    if found.relation == "same run":
        return language.text("0 (they are one and the same run)")
    if found.relation == "same weights":
        return language.text("0 (both end with the same weights)")
    accuracy = found.measure.endswith("_accuracy")
    size = numbers.in_points(found.difference) if accuracy else _size(found, found.difference)
    basis = _basis(found)
    if found.p is not None and alone:
        p = p_values.told(found.p)
        basis = language.text("{basis}, {p} for this comparison alone", basis=basis, p=p)
    elif found.p is not None:
        basis = f"{basis}, {p_values.told(found.p)}"
    if found.unused:
        basis = language.plural(
            "{basis}; {n} run at other seeds left out", "{basis}; {n} runs at other seeds left out",
            found.unused, basis=basis, n=found.unused,
        )  # fmt: skip
    return language.text(
        "{difference} ({interval}; {basis})", difference=size, interval=_interval(found), basis=basis
    )


def runs_told(n: int) -> str:
    """Return how many runs: ``3 runs``."""
    return numbers.together(language.plural("{n} run", "{n} runs", n, n=numbers.thousands(n)))


def images_told(n: int) -> str:
    """Return how many images: ``10 000 images``."""
    return numbers.together(language.plural("{n} image", "{n} images", n, n=numbers.thousands(n)))


def _interval(found: Difference) -> str:
    low, high = _size(found, found.low), _size(found, found.high)
    said = {"level": f"{numbers.plain(round(100 * found.level, 2))}{numbers.NO_BREAK_SPACE}%"}
    said |= {"low": low, "high": high}
    if found.pairs:
        return language.text("{level} intervals of the pairs of runs from {low} to {high}", **said)
    if found.basis == "points":
        return language.text("{level} intervals of the single seeds from {low} to {high}", **said)
    return language.text("{level} interval {low} to {high}", **said)


def _basis(found: Difference) -> str:
    if found.pairs:
        return language.plural(
            "{n} pair of runs, each run of one row with each of the other, no p value",
            "{n} pairs of runs, each run of one row with each of the other, no p value",
            found.pairs, n=numbers.thousands(found.pairs),
        )  # fmt: skip
    if found.basis == "items" and found.p is None:
        return language.text("two trained models on {images}", images=images_told(found.items))
    if found.basis == "items":
        return language.text(
            "{test}, two trained models on {images}", test=_test(found), images=images_told(found.items)
        )
    n = len(found.seeds)
    if found.basis == "seeds":
        return language.plural("paired t over {n} shared seed", "paired t over {n} shared seeds", n, n=n)
    if found.basis == "points":
        return language.plural(
            "{n} shared seed, too few for a p value", "{n} shared seeds, too few for a p value", n, n=n
        )
    return language.text("two independent figures")


def _test(found: Difference) -> str:
    if found.measure.endswith("_accuracy"):
        return "McNemar"
    if found.measure == "macro_f1":
        return language.text("bootstrap")
    return language.text("differences of the items")


def _size(found: Difference, value: float) -> str:
    """A difference in points, or with four decimals and its sign."""
    if found.measure.endswith("_accuracy"):
        return numbers.points(value)
    text = numbers.decimal(value, 4)
    return f"+{text}" if math.isfinite(value) and float(f"{value:.4f}") > 0 else text


def doubt(found: Difference) -> str:
    """Return why rows are not told apart though the interval does not reach 0; empty where it does."""
    if found.relation != "other" or found.different or found.low <= 0 <= found.high:
        return ""
    limit = round(1 - found.judged_at, 9)
    if found.p is not None and found.p >= limit:
        return language.text("They are told apart only where p is below {limit}.", limit=numbers.plain(limit))
    if abs(found.difference) <= found.allowance:
        apart = numbers.in_points(found.allowance, signed=False)
        return language.text("Runs of one configuration lie up to {points} apart by luck.", points=apart)
    return ""


def condition(quantity: str, sign: Sign, limit: float, kind: Kind, difference: bool) -> str:
    """Return what has to hold: ``it holds if the difference is above 0``.

    Parameters
    ----------
    quantity : str
        What is compared with the limit, in words of the language in use.
    sign : str
    limit : float
    kind : str
        Of the measure.
    difference : bool
        Whether the limit is one of a difference: of an accuracy in points, then, not in per cent.
    """
    bound = language.text(_SAID[sign], limit=_limit(limit, kind, difference))
    return language.text("it holds if {quantity} is {bound}", quantity=quantity, bound=bound)


def _limit(limit: float, kind: Kind, difference: bool) -> str:
    if kind == "place":
        return _exact(limit, 0)
    if limit == 0:
        return "0"
    if kind not in ("accuracy", "points"):
        return _exact(limit, 3)
    text = _exact(100 * limit, 2)
    if not difference:
        return f"{text}{numbers.NO_BREAK_SPACE}%"
    whole = int(abs(round(100 * limit, _MOST_DECIMALS)))
    return numbers.together(language.plural("{points} points", "{points} points", whole, points=text))


def _exact(value: float, decimals: int) -> str:
    """A limit as it was typed: no digit of it is rounded away, unless it has very many."""
    while decimals < _MOST_DECIMALS and abs(round(value, decimals) - value) > 1e-10 * max(1.0, abs(value)):
        decimals += 1
    return numbers.decimal(value, decimals)
