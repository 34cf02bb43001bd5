"""What a sentence speaks of: the words that decide which measured values a typed number may stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping

# English and French. A star stands for any ending, an underscore for blanks between words.
_TOPICS: Mapping[str, str] = {
    "test": "test tests",
    "validation": "val valid*",
    "training": "train* entrain* entraîn* apprentissage",
    "classes": "precision précision recall rappel f1 f-1 f-score f-scores f-mesure class classes",
    "interval": "interv* confiden* confian* standard_error* erreur-type erreurs-types erreur_type ±",
    "spread": "deviation* écart-type écarts-types écart_type sd s.d. seed seeds graine graines spread"
    " dispersion ±",
    "errors": "error errors erreur erreurs confus* confond* mist* taken_for pair pairs paire paires wrong*"
    " faux fausse*",
    "difference": "point points differ* différ* gain* more less fewer higher lower drop* gap gaps improv*"
    " worse better fall falls rise rises above below reduc* increas* decreas* cost* écart écarts de_plus"
    " de_moins mieux moins plus baiss* hauss* augment* diminu* gagn* perd*",
    "ratio": "times fois factor* facteur* ratio* rapport* half moitié double* twice ×",
    "share": "share* proportion*",
    "updates": "update* step steps batch* mise_à_jour mises_à_jour itération* iteration* lot lots",
    "published": "published publi* printed paper papers their theirs original* article* author* auteur*",
    "mean": "mean means average* moyen*",
    "optimiser": "rho ρ moment* beta* β epsilon ε rate rates taux decay* optimi* rmsprop adam sgd",
    "before": "before previous* preceding précédent* avant above ci-dessus",
    "epoch": "epoch epochs époque époques",
    "calibration": "brier calibr* likelihood vraisemblance nll",
}
_BOUNDS: Mapping[str, str] = {
    "about": "about around roughly nearly almost approx approx. approximately close_to some ~ ≈ environ"
    " presque près_de quasi quasiment",
    "least": "above over more_than at_least exceed exceeds exceeding greater_than beyond > ≥ plus_de au_moins"
    " dépasse dépassent supérieur_à supérieure_à supérieurs_à supérieures_à au-dessus_de",
    "most": "below under less_than fewer_than at_most up_to < ≤ moins_de au_plus inférieur_à inférieure_à"
    " inférieurs_à inférieures_à sous au-dessous_de jusqu'à jusqu’à",
}


def _pattern(words: str, end: str) -> re.Pattern[str]:
    """Any of some words, whole."""
    each = (re.escape(word).replace(r"\*", r"\w*").replace("_", r"\s+") for word in words.split())
    return re.compile(rf"(?<!\w)(?:{'|'.join(each)}){end}", re.IGNORECASE)


_ABOUT_WHAT = {name: _pattern(words, r"(?!\w)") for name, words in _TOPICS.items()}
_LIMITED = {name: _pattern(words, "$") for name, words in _BOUNDS.items()}
_P_VALUE = re.compile(
    r"(?<!\w)(?:p(?:[- ]?valu\w+|[- ]?valeurs?)?|valeurs? p)\s*(?:of|de|is|est|[=<>≤≥])?\s*$", re.IGNORECASE
)
_CLASS = re.compile(r"(?<!\w)(?:digits?|chiffres?)\s+(?:and\s+|et\s+)?\d(?!\w)", re.IGNORECASE)
_OF_WEIGHTS = re.compile(
    r"\W*(?:of|des|du|de)\s[^.,;]{0,40}?(?:weight|param|poids|bias|biais|multipl)", re.IGNORECASE
)
_EPOCH = re.compile(r"(?:epochs?|époques?)\s+(\d+)|(\d+)(?:st|nd|rd|th|e)?\s+(?:epoch|époque)", re.IGNORECASE)


def topics(sentence: str, after: str = "") -> frozenset[str]:
    """Return what a sentence speaks of; `after` is what follows the number in it."""
    found = {name for name, words in _ABOUT_WHAT.items() if words.search(sentence)}
    if _CLASS.search(sentence):
        found.add("classes")
    if _OF_WEIGHTS.match(after):
        found.add("share")
    return frozenset(found)


def epochs_named(sentence: str) -> tuple[int, ...]:
    """Return the epochs that a sentence names by their number."""
    return tuple(int(found[1] or found[2]) for found in _EPOCH.finditer(sentence))


def bound(before: str) -> str:
    """Return how the words right before a number limit it: ``about``, ``least``, ``most``, ``p``, or not."""
    if _P_VALUE.search(before):
        return "p"
    return next((name for name, words in _LIMITED.items() if words.search(before)), "")
