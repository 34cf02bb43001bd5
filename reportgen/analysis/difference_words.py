"""What a difference of two rows says and does not say, by the way it was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from reportgen import language
from reportgen.analysis.pairs import Relation

Basis = Literal["items", "seeds", "points", "unpaired"]
MEANING: Mapping[Basis, str] = {
    "items": language.message(
        "One training of each row, scored on the same items: the interval and McNemar's exact p value are"
        " about these two trained models on this {set}; they say nothing of training luck. The rows are"
        " therefore told apart only where p, after Holm's correction where a family has several comparisons,"
        " is below {limit}."
    ),
    "points": language.message(
        "Two to four shared seeds are too few for a p value: the difference at every seed is shown. Rows are"
        " told apart only where the interval of every single seed, a wider one in a family of several"
        " comparisons, excludes 0 on the same side. The interval that is printed goes from the lowest to the"
        " highest end of these: it is none of the mean."
    ),
    "seeds": language.message(
        "A paired t test over the shared seeds: about these two settings with other seeds, on this {set}; it"
        " says nothing of other {sets}. The rows are told apart where p, after Holm's correction where a"
        " family has several comparisons, is below {limit}."
    ),
    "unpaired": language.message(
        "Rows that were not scored on the same items are compared as independent figures, so that luck of the"
        " split and of the items counts twice: only a large difference can be seen."
    ),
}
"""What a difference on each basis says, and what it does not.

``{set}`` and ``{sets}`` are what it was measured on, ``{limit}`` is where its p values count.
"""
ITEMS = language.message(
    "One training of each row, scored on the same items: the interval and the p value are about these two"
    " trained models on this {set}; they say nothing of training luck. The rows are therefore told apart only"
    " where p, after Holm's correction where a family has several comparisons, is below {limit}."
)
"""What a difference on the same items says where the measure is no accuracy."""
PAIRS = language.message(
    "The rows do not have the same seeds, but all of their runs are scored on the same test items: every run"
    " of the one is set against every run of the other, and the difference is that of the means. Rows are"
    " told apart only where the {level} % interval of every pair of runs, a wider one in a family of several"
    " comparisons, excludes 0 on the same side; pairs that share a run are not independent, so there is no p"
    " value. The interval that is printed goes from the lowest to the highest end of the pairs' intervals:"
    " it is none of the mean."
)
"""What a difference of means says that rests on every pair of runs."""
WELCH = language.message(
    "The two rows share no seed: Welch's t test of two independent means, about these two settings with other"
    " seeds, on this {set}; it says nothing of other {sets}. The rows are told apart where p, after"
    " Holm's correction where a family has several comparisons, is below {limit}."
)
UNUSED = language.message("Runs with a seed that only one of the two rows has are left out.")
KINSHIP: Mapping[Relation, str] = {
    "same run": language.message(
        "Both rows have one configuration and one seed, hence they are the same run: the difference is 0 by"
        " construction and is no evidence of anything."
    ),
    "same weights": language.message(
        "What differs between the two rows did not act in the epochs that were trained: both end with the"
        " same weights, hence the difference is 0 by construction and is no evidence of anything."
    ),
    "rerun": language.message(
        "Both rows have one configuration and different seeds: whatever differs is training luck."
    ),
}
"""What there is to say of rows that are no two settings."""
