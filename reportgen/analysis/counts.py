"""Numbers with what they count, in the language in use: ``1 row``, ``24 rows``.

Each noun has a function of its own, since a language bends the noun its own way. No line breaks
between the number and its noun.
"""

from __future__ import annotations

from reportgen import language
from reportgen.analysis import numbers


def _kept(text: str) -> str:
    return text.replace(" ", numbers.NO_BREAK_SPACE)


def biases(n: int) -> str:
    """``1 bias``, ``300 biases``."""
    return _kept(language.plural("{n} bias", "{n} biases", n, n=numbers.thousands(n)))


def classes(n: int) -> str:
    """``1 class``, ``10 classes``."""
    return _kept(language.plural("{n} class", "{n} classes", n, n=numbers.thousands(n)))


def comparisons(n: int) -> str:
    """``1 comparison``, ``3 comparisons``: without an unbreakable space, as it stands in notes."""
    return language.plural("{n} comparison", "{n} comparisons", n, n=numbers.thousands(n))


def cores(n: int) -> str:
    """``1 core``, ``2 cores``."""
    return _kept(language.plural("{n} core", "{n} cores", n, n=numbers.thousands(n)))


def epochs(n: int) -> str:
    """``1 epoch``, ``20 epochs``."""
    return _kept(language.plural("{n} epoch", "{n} epochs", n, n=numbers.thousands(n)))


def errors(n: int) -> str:
    """``1 error``, ``194 errors``."""
    return _kept(language.plural("{n} error", "{n} errors", n, n=numbers.thousands(n)))


def filters(n: int) -> str:
    """``1 filter``, ``9 filters``."""
    return _kept(language.plural("{n} filter", "{n} filters", n, n=numbers.thousands(n)))


def hidden_units(n: int) -> str:
    """``1 hidden unit``, ``6 hidden units``."""
    return _kept(language.plural("{n} hidden unit", "{n} hidden units", n, n=numbers.thousands(n)))


def hog_values(n: int) -> str:
    """``1 HOG value``, ``392 HOG values``."""
    return _kept(language.plural("{n} HOG value", "{n} HOG values", n, n=numbers.thousands(n)))


def items(n: int) -> str:
    """``1 item``, ``10 000 items``."""
    return _kept(language.plural("{n} item", "{n} items", n, n=numbers.thousands(n)))


def orientations(n: int) -> str:
    """``1 orientation``, ``8 orientations``."""
    return _kept(language.plural("{n} orientation", "{n} orientations", n, n=numbers.thousands(n)))


def outputs(n: int) -> str:
    """``1 output``, ``10 outputs``."""
    return _kept(language.plural("{n} output", "{n} outputs", n, n=numbers.thousands(n)))


def pairs(n: int) -> str:
    """``1 pair``, ``9 pairs``."""
    return _kept(language.plural("{n} pair", "{n} pairs", n, n=numbers.thousands(n)))


def predictions(n: int) -> str:
    """``1 prediction``, ``30 000 predictions``."""
    return _kept(language.plural("{n} prediction", "{n} predictions", n, n=numbers.thousands(n)))


def rows(n: int) -> str:
    """``1 row``, ``24 rows``."""
    return _kept(language.plural("{n} row", "{n} rows", n, n=numbers.thousands(n)))


def runs(n: int) -> str:
    """``1 run``, ``24 runs``."""
    return _kept(language.plural("{n} run", "{n} runs", n, n=numbers.thousands(n)))


def seeds(n: int) -> str:
    """``1 seed``, ``3 seeds``."""
    return _kept(language.plural("{n} seed", "{n} seeds", n, n=numbers.thousands(n)))


def times(n: int) -> str:
    """``1 time``, ``19 times``."""
    return _kept(language.plural("{n} time", "{n} times", n, n=numbers.thousands(n)))


def units(n: int) -> str:
    """``1 unit``, ``300 units``."""
    return _kept(language.plural("{n} unit", "{n} units", n, n=numbers.thousands(n)))


def values(n: int) -> str:
    """``1 value``, ``784 values``."""
    return _kept(language.plural("{n} value", "{n} values", n, n=numbers.thousands(n)))


def weights(n: int) -> str:
    """``1 weight``, ``235 200 weights``."""
    return _kept(language.plural("{n} weight", "{n} weights", n, n=numbers.thousands(n)))
