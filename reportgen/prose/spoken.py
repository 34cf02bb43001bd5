"""A formula in words, for those who hear the report."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from reportgen import language

_WORDS: Mapping[str, str] = {
    "=": language.message("equals"),
    "+": language.message("plus"),
    "-": language.message("minus"),
    "−": language.message("minus"),
    "×": language.message("times"),
    "·": language.message("times"),
    "⋅": language.message("times"),
    "∗": language.message("times"),
    "/": language.message("over"),
    "<": language.message("is less than"),
    ">": language.message("is greater than"),
    "≤": language.message("is at most"),
    "≥": language.message("is at least"),
    "≠": language.message("is not"),
    "≈": language.message("is about"),
    "∈": language.message("in"),
    "∞": language.message("infinity"),
    "∑": language.message("the sum"),
    "∏": language.message("the product"),
    "∫": language.message("the integral"),
    "→": language.message("to"),
    "←": language.message("from"),
    "∂": language.message("partial"),
    "∇": language.message("the gradient of"),
    "√": language.message("the root of"),
    "±": language.message("plus or minus"),
    "|": language.message("bar"),
    "‖": language.message("norm bar"),
    "′": language.message("prime"),
    "…": language.message("and so on"),
    "⋯": language.message("and so on"),
    "!": language.message("factorial"),
    "∼": language.message("is distributed as"),
    "∝": language.message("is proportional to"),
    "%": language.message("per cent"),
}
_ACCENTS: Mapping[str, str] = {
    "^": language.message("{letter} hat"),
    "ˆ": language.message("{letter} hat"),
    "\u0302": language.message("{letter} hat"),
    "~": language.message("{letter} tilde"),
    "¯": language.message("{letter} bar"),
    "‾": language.message("{letter} bar"),
    "―": language.message("{letter} bar"),
    "_": language.message("{letter} bar"),
    "→": language.message("{letter} vector"),
    "˙": language.message("{letter} dot"),
    ".": language.message("{letter} dot"),
}
_POWERS: Mapping[str, str] = {
    "2": language.message("{base} squared"),
    "3": language.message("{base} cubed"),
    "prime": language.message("{base} prime"),
    "T": language.message("{base} transposed"),
    "⊤": language.message("{base} transposed"),
}
_GREEK: Mapping[str, str] = {
    "alpha": language.message("alpha"),
    "beta": language.message("beta"),
    "gamma": language.message("gamma"),
    "delta": language.message("delta"),
    "epsilon": language.message("epsilon"),
    "zeta": language.message("zeta"),
    "eta": language.message("eta"),
    "theta": language.message("theta"),
    "iota": language.message("iota"),
    "kappa": language.message("kappa"),
    "lamda": language.message("lambda"),
    "mu": language.message("mu"),
    "nu": language.message("nu"),
    "xi": language.message("xi"),
    "omicron": language.message("omicron"),
    "pi": language.message("pi"),
    "rho": language.message("rho"),
    "sigma": language.message("sigma"),
    "tau": language.message("tau"),
    "upsilon": language.message("upsilon"),
    "phi": language.message("phi"),
    "chi": language.message("chi"),
    "psi": language.message("psi"),
    "omega": language.message("omega"),
}
"""By the names that Unicode has."""
_LARGE = ("the sum", "the product", "the integral")


def spoken(formula: Element) -> str:
    """Return a formula in words of the language in use.

    Parameters
    ----------
    formula : Element
        MathML, without name spaces.
    """
    return " ".join(_said(formula).split()) or language.text("formula")


def _said(node: Element) -> str:
    rule = _RULES.get(node.tag)
    return rule(node) if rule else _row(node)


def _row(node: Element) -> str:
    return " ".join(_said(child) for child in node)


def _sign(node: Element) -> str:
    text = (node.text or "").strip()
    if text in _WORDS:
        return language.text(_WORDS[text])
    return " ".join(map(_letter, text)) if len(text) == 1 else text


def _letter(letter: str) -> str:
    """A Greek letter by its name, a letter of a fancy alphabet by the plain one."""
    name = unicodedata.name(letter, "")
    if name.startswith("GREEK LUNATE"):
        return language.text(_GREEK["epsilon"])
    if "GREEK" in name and "LETTER " in name:
        word = name.rpartition("LETTER ")[2].split(" WITH")[0].lower()
        said = language.text(_GREEK[word]) if word in _GREEK else word
        return language.text("capital {letter}", letter=said) if "CAPITAL" in name else said
    return unicodedata.normalize("NFKC", letter)


def _below(node: Element) -> str:
    first, lower = (_said(child) for child in node)
    if _large(first):
        return language.text("{sum} over {index}", sum=first, index=lower)
    return language.text("{base} sub {index}", base=first, index=lower)


def _large(said: str) -> bool:
    """Whether a sign is one that runs over an index, such as a sum."""
    return said in (language.text(word) for word in _LARGE)


def _above(node: Element) -> str:
    first, upper = (_said(child) for child in node)
    return _raised(first, upper)


def _raised(base: str, power: str) -> str:
    # A power is compared in the words of the language in use: the prime has become one.
    for sign, words in _POWERS.items():
        if power.strip() in (sign, language.text(_WORDS.get(sign, sign))):
            return language.text(words, base=base)
    return language.text("{base} to the power of {power}", base=base, power=power)


def _both(node: Element) -> str:
    first, lower, upper = (_said(child) for child in node)
    if _large(first):
        return language.text("{sum} from {first} to {last} of", sum=first, first=lower, last=upper)
    return _raised(language.text("{base} sub {index}", base=first, index=lower), upper)


def _over(node: Element) -> str:
    first, upper = (_said(child) for child in node)
    found = upper.strip()
    for sign, words in _ACCENTS.items():
        if found in (sign, language.text(_WORDS.get(sign, sign))):
            return language.text(words, letter=first)
    return language.text("{letter} with {mark} above", letter=first, mark=upper)


def _fraction(node: Element) -> str:
    upper, lower = (_said(child) for child in node)
    if " " in f"{upper.strip()}{lower.strip()}":
        return language.text("the fraction {upper} over {lower} end of fraction", upper=upper, lower=lower)
    return language.text("{upper} over {lower}", upper=upper, lower=lower)


def _table(node: Element) -> str:
    rows = [", ".join(" ".join(_said(cell).split()) for cell in row) for row in node]
    return "; ".join(rows)


_RULES: Mapping[str, Callable[[Element], str]] = {
    "mi": _sign,
    "mn": _sign,
    "mo": _sign,
    "mtext": _sign,
    "mspace": lambda _: " ",
    "msub": _below,
    "munder": _below,
    "msup": _above,
    "msubsup": _both,
    "munderover": _both,
    "mover": _over,
    "mfrac": _fraction,
    "msqrt": lambda node: language.text("the root of {under} end of root", under=_row(node)),
    "mroot": lambda node: language.text(
        "the root of {under} of order {order}", under=_said(node[0]), order=_said(node[1])
    ),
    "mtable": _table,
}
