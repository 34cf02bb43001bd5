"""The words of a claim's sentence: a difference with what it rests on, and the condition it has to meet."""

from __future__ import annotations

import math
from dataclasses import replace

from reportgen.analysis import numbers, p_values
from reportgen.analysis.differences import Difference
from reportgen.language import NO_BREAK_SPACE
from reportgen.prose.claims import Sign
from reportgen.prose.vocabulary import Kind

_SAID: dict[Sign, str] = {
    "<": "below",
    "<=": "at most",
    ">": "above",
    ">=": "at least",
    "==": "exactly",
    "!=": "other than",
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


def told(found: Difference) -> str:
    """Return a difference with its interval, and what it rests on."""
    if found.relation == "same run":
        return "0 (they are one and the same run)"
    unit = f"{NO_BREAK_SPACE}points" if found.measure.endswith("_accuracy") else ""
    p = "" if found.p is None else f", {p_values.told(found.p)}"
    left = f"; {numbers.counted(found.unused, 'run')} at other seeds left out" if found.unused else ""
    return f"{_size(found, found.difference)}{unit} ({_interval(found)}; {_basis(found)}{p}{left})"


def _interval(found: Difference) -> str:
    low, high = _size(found, found.low), _size(found, found.high)
    level = f"{numbers.plain(round(100 * found.level, 2))}{NO_BREAK_SPACE}%"
    if found.pairs:
        return f"{level} intervals of the pairs of runs from {low} to {high}"
    if found.basis == "points":
        return f"{level} intervals of the single seeds from {low} to {high}"
    return f"{level} interval {low} to {high}"


def _basis(found: Difference) -> str:
    if found.pairs:
        pairs = numbers.counted(found.pairs, "pair")
        return f"{pairs} of runs, each run of one row with each of the other, no p value"
    if found.basis == "items":
        test = "McNemar" if found.measure.endswith("_accuracy") else "differences of the items"
        test = "bootstrap" if found.measure == "macro_f1" else test
        return f"{test}, two trained models on {numbers.counted(found.items, 'image')}"
    seeds = numbers.counted(len(found.seeds), "shared seed")
    return {
        "seeds": f"paired t over {seeds}",
        "points": f"{seeds}, too few for a p value",
        "unpaired": "two independent figures",
    }[found.basis]


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
        return f"They are told apart only where p is below {numbers.plain(limit)}."
    if abs(found.difference) <= found.allowance:
        return f"Runs of one configuration lie up to {numbers.percent(found.allowance)} points apart by luck."
    return ""


def condition(quantity: str, sign: Sign, limit: float, kind: Kind, difference: bool) -> str:
    """Return what has to hold: ``it holds if the difference is above 0``.

    Parameters
    ----------
    quantity : str
        What is compared with the limit, in words.
    sign : str
    limit : float
    kind : str
        Of the measure.
    difference : bool
        Whether the limit is one of a difference: of an accuracy in points, then, not in per cent.
    """
    return f"it holds if {quantity} is {_SAID[sign]} {_limit(limit, kind, difference)}"


def _limit(limit: float, kind: Kind, difference: bool) -> str:
    if kind == "place":
        return _exact(limit, 0)
    if limit == 0:
        return "0"
    if kind not in ("accuracy", "points"):
        return _exact(limit, 3)
    unit = "points" if difference else "%"
    return f"{_exact(100 * limit, 2)}{NO_BREAK_SPACE}{unit}"


def _exact(value: float, decimals: int) -> str:
    """A limit as it was typed: no digit of it is rounded away, unless it has very many."""
    while decimals < _MOST_DECIMALS and abs(round(value, decimals) - value) > 1e-10 * max(1.0, abs(value)):
        decimals += 1
    return numbers.decimal(value, decimals)
