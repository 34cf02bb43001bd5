"""How far published accuracies and ours agree, and what is known to differ in how they came about.

Nothing here says that a figure was reproduced: an interval that holds zero only fails to tell two
figures apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportgen import language
from reportgen.analysis import lists, numbers, p_values
from reportgen.analysis.published import TEST, VALIDATION, Family, comparable, given
from reportgen.analysis.scores import Score
from reportgen.analysis.statistics import LEVEL, holm, single_run_level, unpaired_interval, unpaired_p
from reportgen.experiments.schema import Protocol
from reportgen.results import Result
from reportgen.tables.not_compared import left_out, without
from reportgen.tables.protocols import protocol_differences

LIMIT = round(1 - single_run_level(LEVEL), 9)
"""Where p of two single trainings counts: 0.005."""
_INDEPENDENT = language.message(
    "The published predictions are not available, so the two are treated as independent samples. If both"
    " were tested on the same images, the intervals are wider than need be, and a small difference is harder"
    " to see. The luck of training is in none of them."
)
_INDEPENDENT_OF_VALIDATION = language.message(
    "The published predictions are not available, so the two are treated as independent samples. Neither the"
    " luck of training nor that the epoch was chosen by these very images is in the intervals."
)


@dataclass(frozen=True)
class Beside:
    """A published accuracy beside ours of the same kind.

    Parameters
    ----------
    title : str
        Of the row.
    published : float
    ours : Score
        A mean where the row has several runs.
    low, high : float or None
        95 % interval of the difference, ours minus published: Newcombe's for two independent samples,
        since which items they missed is not known; from the proportions themselves, since a mean over
        runs is no whole number of items. None where the number of published items is not known.
    p : float or None
        Of the score test of two independent proportions; after Holm's correction in `corrected`.
    """

    title: str
    published: float
    ours: Score
    low: float | None = None
    high: float | None = None
    p: float | None = None

    @property
    def difference(self) -> float:
        """Ours minus published."""
        return self.ours.mean - self.published

    @property
    def apart(self) -> bool:
        """Whether p is below the limit of single trainings; without p, whether our interval leaves it out.

        How far another training of the published network would have come is as unknown as with one run of
        ours, so the limit is that of single runs even where ours is a mean.
        """
        if self.p is None:
            return not self.ours.low <= self.published <= self.ours.high
        return self.p < LIMIT

    @property
    def excluded(self) -> bool:
        """Whether the interval of the difference, of this comparison alone, leaves zero out."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def beside(result: Result, protocol: Protocol, family: Family = TEST) -> Beside | None:
    """Set a row's published accuracy beside ours; None where either is missing, or was on other data."""
    theirs = family.of(result)
    if theirs is None or not comparable(result):
        return None
    ours, items = family.ours(result), family.items(protocol)
    if items is None:
        return Beside(result.row.title, theirs, ours)
    sizes = (ours.mean * ours.items, ours.items, theirs * items, items)
    low, high = unpaired_interval(*sizes)
    return Beside(result.row.title, theirs, ours, low, high, unpaired_p(*sizes))


def corrected(compared: Sequence[Beside]) -> tuple[Beside, ...]:
    """Return the comparisons with p after Holm's correction for all of them that have one."""
    tested = [one.p for one in compared if one.p is not None]
    adjusted = iter(holm(tested))
    return tuple(one if one.p is None else replace(one, p=next(adjusted)) for one in compared)


def agreement(results: Sequence[Result], protocol: Protocol) -> tuple[str, ...]:
    """Say how many published accuracies ours can be told from, from which, and what differs in protocol.

    Test accuracies are compared with test accuracies. Where a row has none, but the highest validation
    accuracy of any epoch, that is compared with ours of the same kind, by itself.

    Parameters
    ----------
    results : sequence of Result
        Of the whole report.
    protocol : Protocol
        How the published figures came about, as far as the file says.

    Returns
    -------
    tuple of str
        Sentences; none where nobody published an accuracy of a row.
    """
    tested, held = given(TEST, results), given(VALIDATION, results)
    if not tested and not held:
        return ()
    sentences = _of_family(TEST, tested, protocol)
    if held:
        sentences += [_of_validation(len(held), len(tested)), *_of_family(VALIDATION, held, protocol)]
    sentences += without(len(results) - len(tested) - len(held), len(results))
    done = [one for one in (*tested, *held) if one.records]
    sentences += protocol_differences(
        done, protocol, [family for family, rows in ((TEST, tested), (VALIDATION, held)) if rows]
    )
    return tuple(sentences)


def _of_family(family: Family, rows: Sequence[Result], protocol: Protocol) -> list[str]:
    """What is said of accuracies of one kind: they are one family of comparisons."""
    judged = (beside(result, protocol, family) for result in rows)
    compared = corrected([one for one in judged if one is not None])
    sentences = []
    if compared:
        sentences += [_counted(compared, family, protocol), *_apart(compared), *_excluded(compared)]
        if family.items(protocol) is not None:
            supposed = _INDEPENDENT if family is TEST else _INDEPENDENT_OF_VALIDATION
            sentences.append(language.text(supposed))
    return [*sentences, *left_out(rows)]


def _of_validation(count: int, tested: int) -> str:
    """What stands in for a test accuracy that nobody published, and how it flatters."""
    if not tested:
        return language.text(
            "No test accuracy was published: what follows compares the highest validation accuracies of any"
            " epoch, published and ours, both optimistic, the more so the more epochs there are."
        )
    return language.plural(
        "For {n} row no test accuracy was published, but the highest validation accuracy of any epoch: what"
        " follows compares it with ours of the same kind. Both are optimistic, the more so the more epochs"
        " there are.",
        "For {n} rows no test accuracy was published, but the highest validation accuracy of any epoch: what"
        " follows compares these with ours of the same kind. Both are optimistic, the more so the more epochs"
        " there are.",
        count,
        n=numbers.thousands(count),
    )


def _counted(compared: Sequence[Beside], family: Family, protocol: Protocol) -> str:
    alike, all_of = sum(not one.apart for one in compared), len(compared)
    if family.items(protocol) is None:
        size = (
            language.text(
                "The size of the published test set is not given, so only ours have an interval and the"
                " published figures count as exact."
            )
            if family is TEST
            else language.text(
                "The number of published validation images is not given, so only ours have an interval and"
                " the published figures count as exact."
            )
        )
        return f"{size} {_within(alike, all_of)}"
    limit = numbers.plain(LIMIT)
    if all_of == 1:
        told = p_values.told(compared[0].p or 0.0)
        if alike:
            return language.text(
                "The one published accuracy cannot be told from ours, which does not make the two the same:"
                " {p} in the score test of two independent samples, where single trainings are told apart"
                " below {limit}.",
                p=told,
                limit=limit,
            )
        return language.text(
            "The one published accuracy can be told from ours: {p} in the score test of two independent"
            " samples, where single trainings are told apart below {limit}.",
            p=told,
            limit=limit,
        )
    sentence = language.plural(
        "{n} of {of} published accuracies can be told from ours: there, p of the score test of two"
        " independent samples, after Holm's correction for the {of} comparisons, is below {limit}, the limit"
        " for single trainings.",
        "{n} of {of} published accuracies can be told from ours: there, p of the score test of two"
        " independent samples, after Holm's correction for the {of} comparisons, is below {limit}, the limit"
        " for single trainings.",
        all_of - alike,
        n=all_of - alike,
        of=all_of,
        limit=limit,
    )
    if not alike:
        return sentence
    rest = language.text("That a figure cannot be told from ours does not make the two the same.")
    return f"{sentence} {rest}"


def _excluded(compared: Sequence[Beside]) -> list[str]:
    """How many intervals leave zero out, each by itself, where the test does not tell the figures apart."""
    count = sum(one.excluded and not one.apart for one in compared)
    if not count:
        return []
    return [
        language.plural(
            "The 95 % interval of {n} more leaves out zero, but it is of that comparison alone, uncorrected:"
            " too little for single trainings.",
            "The 95 % intervals of {n} more leave out zero, but each is of its own comparison alone,"
            " uncorrected: too little for single trainings.",
            count,
            n=count,
        )
    ]


def _within(alike: int, all_of: int) -> str:
    """How many published accuracies lie within the intervals of ours."""
    if all_of > 1:
        return language.plural(
            "{n} of {of} published accuracies lies within it.",
            "{n} of {of} published accuracies lie within it.",
            alike,
            n=alike,
            of=all_of,
        )
    if alike:
        return language.text("The one published accuracy lies within it.")
    return language.text("The one published accuracy lies outside it.")


def _apart(compared: Sequence[Beside]) -> list[str]:
    found = sorted((one for one in compared if one.apart), key=lambda one: -abs(one.difference))
    if not found:
        return []
    listed, count = lists.clauses(map(_by, found)), len(found)
    if found[0].low is None:
        return [
            language.plural(
                "One lies outside it: {listed}.",
                "{n} lie outside it: {listed}.",
                count,
                n=count,
                listed=listed,
            )
        ]
    return [language.plural("One differs: {listed}.", "{n} differ: {listed}.", count, n=count, listed=listed)]


def _by(one: Beside) -> str:
    """A row, and by how much ours is higher or lower."""
    title, points = language.quoted(one.title), numbers.in_points(abs(one.difference), signed=False)
    if one.low is None or one.high is None:
        if one.difference > 0:
            return language.text("{title}, ours higher by {points}", title=title, points=points)
        return language.text("{title}, ours lower by {points}", title=title, points=points)
    span = lists.between(numbers.points(one.low), numbers.points(one.high))
    facts = {"title": title, "points": points, "span": span, "p": p_values.told(one.p or 0.0)}
    if one.difference > 0:
        return language.text("{title}, ours higher by {points} (95 % interval {span}; {p})", **facts)
    return language.text("{title}, ours lower by {points} (95 % interval {span}; {p})", **facts)


def newcombe_words(intervals: bool) -> str:
    """How the intervals of the differences were made, beside those of ours or without."""
    if intervals:
        return language.text(
            "That of the difference: after Newcombe, as of independent samples, since the published"
            " predictions are not available; each is of its own comparison, uncorrected."
        )
    return language.text(
        "95 % intervals of the difference after Newcombe, as of independent samples, since the published"
        " predictions are not available; each is of its own comparison, uncorrected."
    )
