"""Published accuracies that are not compared with ours, and rows that nobody published, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen import language
from reportgen.analysis import numbers, words
from reportgen.analysis.published import comparable
from reportgen.results import Result


def left_out(given: Sequence[Result]) -> list[str]:
    """Why some published accuracies have nothing of ours beside them."""
    sentences = []
    failed = sum(not result.records for result in given)
    if failed:
        sentences.append(
            language.plural(
                "One published accuracy has no result of ours beside it.",
                "{n} published accuracies have no result of ours beside them.",
                failed,
                n=failed,
            )
        )
    other = [result for result in given if result.records and not comparable(result)]
    if other:
        sentences.append(_not_compared(other))
    return sentences


def _not_compared(other: Sequence[Result]) -> str:
    """Why some of ours are on other data than what was published, or on fewer."""
    stand_ins = {words.used_data(one.data) for result in other for one in result.records if one.data.stand_in}
    if stand_ins:
        return language.plural(
            "One is not compared: ours was measured on {data}.",
            "{n} are not compared: ours were measured on {data}.",
            len(other),
            n=len(other),
            data=language.listed(sorted(stand_ins)),
        )
    return language.plural(
        "One is not compared: ours was shortened.",
        "{n} are not compared: ours were shortened.",
        len(other),
        n=len(other),
    )


def without(missing: int, of: int) -> list[str]:
    """How many rows nobody published an accuracy of."""
    if not missing:
        return []
    return [
        language.plural(
            "For {n} of the {of} experiments no published accuracy is given.",
            "For {n} of the {of} experiments no published accuracy is given.",
            missing,
            n=numbers.thousands(missing),
            of=numbers.thousands(of),
        )
    ]
