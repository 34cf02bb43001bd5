"""The differences of a family in words: around the figure, below it, and as alternative text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reportgen import language
from reportgen.analysis import counts, lists, numbers
from reportgen.analysis.contrasts import Family, FamilyLine
from reportgen.analysis.differences import Difference
from reportgen.results import Result

_LINES = {
    "items": language.message("{level} interval of the difference on the same items"),
    "seeds": language.message("{level} interval of the mean difference over the seeds"),
    "points": language.message("from the lowest to the highest end of the single seeds’ {level} intervals"),
    "pairs": language.message(
        "from the lowest to the highest end of the {level} intervals of the pairs of runs"
    ),
    "unpaired": language.message("{level} interval of two figures that were not measured on the same items"),
}
_ALONE = {
    "items": language.message("{level} interval of the difference on the same items, each comparison alone"),
    "seeds": language.message(
        "{level} interval of the mean difference over the seeds, each comparison alone"
    ),
}
_DIAMONDS = {
    "points": language.message("the single seeds, too few for a test"),
    "pairs": language.message("the pairs of runs, each run of one row with each of the other"),
}
_MOST_NAMED = 4


def heading(family: Family) -> str:
    """What the figure's axis is."""
    if family.contrast.measure == "test_accuracy":
        return language.text("Difference in test accuracy, percentage points")
    return language.text("Difference in validation accuracy, percentage points")


def subtrahend(family: Family, titles: Mapping[str, str]) -> str:
    """From which row all others are taken, where it is one."""
    return language.text("each row minus {reference}", reference=_reference(family, titles))


def ends(line: FamilyLine) -> str:
    """The ends of a difference's interval."""
    low, high = numbers.points(line.difference.low), numbers.points(line.difference.high)
    return language.text("{low} to {high}", low=low, high=high)


def _reference(family: Family, titles: Mapping[str, str]) -> str:
    title = language.quoted(str(titles.get(family.reference or "", family.reference)))
    if family.contrast.reference == "best":
        return language.text("{title}, the best by validation", title=title)
    return title


def note(family: Family, lines: Sequence[FamilyLine], beyond: bool) -> str:
    """What marks and lines mean in this family, and what is not there.

    Parameters
    ----------
    family : Family
    lines : sequence of FamilyLine
        Those that are shown.
    beyond : bool
        An interval goes on outside of the axes.
    """
    if not lines:
        return language.text("No comparison of this family has two results.")
    parts = []
    if len(lines) < len(family.lines):
        shown, of = numbers.thousands(len(lines)), numbers.thousands(len(family.lines))
        parts.append(language.text("The {n} largest of {of} differences.", n=shown, of=of))
    parts += [_dots(family), _line_words(family, lines), *_stricter(family, lines)]
    diamonds = [language.text(_DIAMONDS[kind]) for kind in _kinds(lines) if kind in _DIAMONDS]
    if diamonds:
        parts.append(language.text("Diamonds: {what}.", what=_or(diamonds)))
    if beyond:
        parts.append(language.text("An arrow: the interval goes on."))
    if family.missing:
        count = len(family.missing)
        parts.append(
            language.plural(
                "Left out: {n} row without a comparable result.",
                "Left out: {n} rows without a comparable result.",
                count,
                n=numbers.thousands(count),
            )
        )
    return " ".join(parts)


def _or(items: Sequence[str]) -> str:
    """Several explanations, of which each is of some of the marks."""
    whole = items[0]
    for item in items[1:]:
        whole = language.text("{one}; or {other}", one=whole, other=item)
    return whole


def _dots(family: Family) -> str:
    if family.tests <= 1:
        return language.text(
            "Filled dot: told apart; hollow: not distinguishable, which does not mean equal."
        )
    return language.text(
        "Filled dot: told apart after the correction for {comparisons}; hollow: not distinguishable, which"
        " does not mean equal.",
        comparisons=counts.comparisons(family.tests),
    )


def _kinds(lines: Sequence[FamilyLine]) -> list[str]:
    """The ways in which the differences of these lines were made."""
    return list(dict.fromkeys("pairs" if line.difference.pairs else line.difference.basis for line in lines))


def _line_words(family: Family, lines: Sequence[FamilyLine]) -> str:
    """What the lines show, each way of comparing at its own level."""
    said = []
    for kind in _kinds(lines):
        own = [line.difference.level for line in lines if _kinds([line]) == [kind]]
        level = f"{numbers.plain(round(100 * own[0], 6))}{numbers.NO_BREAK_SPACE}%"
        words = _ALONE if family.tests > 1 and kind in _ALONE else _LINES
        said.append(language.text(words[kind], level=level))
    return language.text("Line: {what}.", what=_or(said))


def _stricter(family: Family, lines: Sequence[FamilyLine]) -> list[str]:
    """Why a dot is hollow though its line does not reach zero, where that is so."""
    found = [line.difference for line in lines if _clear(line.difference) and not line.different]
    if not found:
        return []
    whole = []
    if family.tests > 1:
        whole.append(language.text("it is of one comparison, before the correction"))
    limit = numbers.plain(round(1 - max(one.judged_at for one in found), 9))
    if any(one.p is not None and one.judged_at > one.level for one in found):
        whole.append(
            language.text(
                "single runs are told apart only where p after the correction is below {limit}", limit=limit
            )
            if family.tests > 1
            else language.text("single runs are told apart only where p is below {limit}", limit=limit)
        )
    if any(0 < abs(one.difference) <= one.allowance for one in found):
        whole.append(language.text("luck of training may bring as much"))
    if not whole:
        return []
    return [language.text("A line clear of 0 is not enough: {why}.", why=lists.clauses(whole))]


def _clear(found: Difference) -> bool:
    return found.relation == "other" and (found.low > 0 or found.high < 0)


def describe_differences(results: Sequence[Result], family: Family) -> str:
    """Alternative text of `differences`: which differences can be told from zero, with their intervals."""
    titles = {result.row.id: result.row.title for result in results}
    if not family.lines:
        return _nothing(family)
    seen = [line for line in family.lines if line.different]
    rest = [
        line.difference.difference
        for line in family.lines
        if not line.different and line.difference.relation == "other"
    ]
    parts = [
        language.text(
            "{how_many}: {told}.", how_many=_how_many(family, titles), told=_told(family, seen, titles)
        )
    ]
    if rest:
        parts.append(_untold(rest, bool(seen)))
    alike = sum(line.difference.relation == "same weights" for line in family.lines)
    if alike:
        parts.append(
            language.plural(
                "{n} of the pairs ends with the same weights.",
                "{n} of the pairs end with the same weights.",
                alike,
                n=numbers.thousands(alike),
            )
        )
    same = sum(line.difference.relation in ("same run", "rerun") for line in family.lines)
    if same:
        parts.append(
            language.plural(
                "{n} of the pairs is one configuration.",
                "{n} of the pairs are one configuration.",
                same,
                n=numbers.thousands(same),
            )
        )
    return " ".join(parts)


def _nothing(family: Family) -> str:
    if family.contrast.measure == "test_accuracy":
        return language.text("No difference in test accuracy: 0 comparisons of this family have two results.")
    return language.text(
        "No difference in validation accuracy: 0 comparisons of this family have two results."
    )


def _how_many(family: Family, titles: Mapping[str, str]) -> str:
    """The number of differences, and in what."""
    count, n = len(family.lines), numbers.thousands(len(family.lines))
    on_test = family.contrast.measure == "test_accuracy"
    if family.reference is None and on_test:
        return language.plural(
            "{n} difference in test accuracy, in percentage points",
            "{n} differences in test accuracy, in percentage points",
            count,
            n=n,
        )
    if family.reference is None:
        return language.plural(
            "{n} difference in validation accuracy, in percentage points",
            "{n} differences in validation accuracy, in percentage points",
            count,
            n=n,
        )
    reference = _reference(family, titles)
    if on_test:
        return language.plural(
            "{n} difference in test accuracy from {reference}, in percentage points",
            "{n} differences in test accuracy from {reference}, in percentage points",
            count,
            n=n,
            reference=reference,
        )
    return language.plural(
        "{n} difference in validation accuracy from {reference}, in percentage points",
        "{n} differences in validation accuracy from {reference}, in percentage points",
        count,
        n=n,
        reference=reference,
    )


def _told(family: Family, seen: Sequence[FamilyLine], titles: Mapping[str, str]) -> str:
    """How many differences can be told from zero, and the first of them."""
    count, n = len(seen), numbers.thousands(len(seen))
    if family.tests > 1:
        start = language.plural(
            "{n} can be told from zero after the correction for {comparisons}",
            "{n} can be told from zero after the correction for {comparisons}",
            count,
            n=n,
            comparisons=counts.comparisons(family.tests),
        )
    else:
        start = language.plural("{n} can be told from zero", "{n} can be told from zero", count, n=n)
    if not seen:
        return start
    named = lists.clauses([_said(family, line, titles) for line in seen[:_MOST_NAMED]])
    if count <= _MOST_NAMED:
        return language.text("{how_many}: {named}", how_many=start, named=named)
    more = numbers.thousands(count - _MOST_NAMED)
    return language.text("{how_many}: {named}; and {n} more", how_many=start, named=named, n=more)


def _untold(rest: Sequence[float], others: bool) -> str:
    """The differences that could not be told from zero, in a sentence."""
    low, high = numbers.points(min(rest)), numbers.points(max(rest))
    if len(rest) == 1 and others:
        return language.text("The other, at {value}, is not distinguishable from zero.", value=low)
    if len(rest) == 1:
        return language.text("It, at {value}, is not distinguishable from zero.", value=low)
    if others:
        return language.text(
            "The others, between {low} and {high}, are not distinguishable from zero.", low=low, high=high
        )
    return language.text(
        "They, between {low} and {high}, are not distinguishable from zero.", low=low, high=high
    )


def _said(family: Family, line: FamilyLine, titles: Mapping[str, str]) -> str:
    first, second = (titles.get(name, name) for name in (line.difference.first, line.difference.second))
    values = {
        "first": language.quoted(first), "value": numbers.points(line.difference.difference),
        "ends": ends(line),
    }  # fmt: skip
    if family.reference is not None:
        return language.text("{first} {value} ({ends})", **values)
    return language.text("{first} minus {second} {value} ({ends})", second=language.quoted(second), **values)
