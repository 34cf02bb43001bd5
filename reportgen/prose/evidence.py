"""What the results hold on the quantities of a claim: their intervals and numbers, in words and by name."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from reportgen import language
from reportgen.analysis import p_values
from reportgen.analysis.differences import Difference, difference, rank_ranges
from reportgen.analysis.luck import luck_of, training_luck
from reportgen.analysis.scores import score
from reportgen.prose.causes import causes
from reportgen.prose.printing import printed
from reportgen.prose.standing import idle_row, undecidable
from reportgen.prose.sums import Leaf, Sum
from reportgen.prose.telling import doubt, images_told, runs_told, told, turned_round
from reportgen.prose.values import NoResult, Number, Values
from reportgen.results import Result

_BASES = {
    "wilson": language.message("Wilson"),
    "t": language.message("t interval of the mean over the seeds"),
    "bootstrap": language.message("bootstrap"),
    "normal": language.message("normal"),
}


class Missing(Exception):
    """A claim cannot be judged; why, as a sentence."""


@dataclass(frozen=True)
class Found:
    """The interval of a quantity before the exact part is added."""

    low: float
    high: float
    value: float
    words: str
    zero: bool | None = None
    """Whether zero is ruled out by a test that the interval alone does not show; None: by the interval."""
    more: tuple[str, ...] = ()
    """Sentences that belong behind the words."""
    open: str = ""
    """Why it decides nothing, whatever the interval, as a sentence; empty where it may."""


class Evidence:
    """What the results hold on the quantities of a claim, and what has to be said along with them.

    Parameters
    ----------
    values : Values
        From `reportgen.prose.values.values_of`.

    Attributes
    ----------
    by_name : dict
        The numbers that were asked for.
    notes : list of str
        Sentences on how far they carry.
    """

    def __init__(self, values: Values) -> None:
        self.values = values
        self.by_name: dict[str, float | int | str | None] = {}
        self.notes: list[str] = []
        self._luck = training_luck(values.results)

    def measured(self, quantity: Sum, shift: float, zero: bool) -> Found:
        """Return the interval of the terms of a sum: of one quantity, or of one less another.

        Parameters
        ----------
        quantity : Sum
            With at least one term.
        shift : float
            Its exact part, which the interval does not hold.
        zero : bool
            Whether the sum is compared with 0, which a p value is about.
        """
        leaves = list(quantity.terms)
        times = quantity.terms[leaves[0]]
        if len(leaves) == 2:
            first, second = leaves if times > 0 else leaves[::-1]
            return _scaled(self._difference(first, second, zero), abs(times))
        found = self._single(leaves[0], shift)
        return _scaled(found, times)

    def _single(self, leaf: Leaf, shift: float) -> Found:
        if leaf.target.kind in ("contrast", "pair"):
            return self._contrast(leaf, shift)
        result = self._result(leaf)
        if leaf.attribute == "rank":
            place = rank_ranges(self.values.results)[result.row.id]
            words = language.text(
                "The place of “{title}” is {first} to {last} of {n}",
                title=result.row.title, first=place.first, last=place.last, n=place.of,
            )  # fmt: skip
            self.by_name[f"{result.row.id}.rank"] = f"{place.first}-{place.last}"
            return Found(place.first, place.last, place.first, words)
        made = score(result, leaf.attribute)
        self.by_name |= {
            f"{result.row.id}.{leaf.attribute}": made.mean,
            f"{result.row.id}.{leaf.attribute}.low": made.low,
            f"{result.row.id}.{leaf.attribute}.high": made.high,
        }
        shown = (
            printed(Number(value, leaf.what.kind, "")).text for value in (made.mean, made.low, made.high)
        )
        value, low, high = shown
        words = language.text(
            "The {measure} of “{title}” is {value}"
            " (95 % interval {low} to {high}, {basis}, {runs}, {images})",
            measure=language.text(leaf.what.words), title=result.row.title, value=value, low=low, high=high,
            basis=language.text(_BASES[made.basis]), runs=runs_told(made.n), images=images_told(made.items),
        )  # fmt: skip
        return Found(made.low, made.high, made.mean, words)

    def _difference(self, first: Leaf, second: Leaf, zero: bool) -> Found:
        """A row less another; `zero` says whether it is compared with 0, which a p value is about."""
        one, other = self._result(first), self._result(second)
        if one.row.id == other.row.id:
            both = language.text("Both are the row “{title}”", title=one.row.title)
            return Found(0.0, 0.0, 0.0, both)
        names = {record.data.name for result in (one, other) for record in result.records}
        if len(names) > 1:
            raise Missing(
                language.text(
                    "“{first}” has no result on the data of “{second}”, so the claim cannot be judged.",
                    first=one.row.title, second=other.row.title,
                )
            )  # fmt: skip
        try:
            found = difference(one, other, first.attribute, luck=luck_of(one, self._luck))
        except ValueError:
            raise Missing(
                language.text(
                    "“{first}” and “{second}” were not scored on the same images,"
                    " so the claim cannot be judged.",
                    first=one.row.title, second=other.row.title,
                )
            ) from None  # fmt: skip
        if not zero:
            found = self._against_limit(found, first.attribute)
        if not math.isfinite(found.difference):
            raise Missing(
                language.text(
                    "The {measure} of “{first}” or “{second}” is no number, so the claim cannot be judged.",
                    measure=language.text(first.what.words), first=one.row.title, second=other.row.title,
                )
            )  # fmt: skip
        self._note_difference(found)
        words = language.text(
            "The {measure} of “{first}” minus that of “{second}” is {difference}",
            measure=language.text(first.what.words), first=one.row.title, second=other.row.title,
            difference=told(found, alone=True),
        )  # fmt: skip
        apart = None if found.relation == "same run" else found.different
        more = self.more(found, doubt(found) if zero else "")
        return Found(found.low, found.high, found.difference, words, apart, more, undecidable(one, other))

    def _against_limit(self, found: Difference, measure: str) -> Difference:
        """The same difference to be set against a limit other than 0: single runs at their own, wider level.

        Its p value is about 0, and left out.
        """
        if not found.nothing and found.p is not None and found.judged_at > found.level:
            one, other = (self.values.by_id[name] for name in (found.first, found.second))
            wider = difference(one, other, measure, found.judged_at, luck_of(one, self._luck))
            found = replace(found, low=wider.low, high=wider.high, level=wider.level)
        return replace(found, p=None)

    def _contrast(self, leaf: Leaf, shift: float) -> Found:
        """The difference of a declared family: corrected for the family it stands in."""
        contrast = self.values.contrasts[leaf.target.key]
        judged, line, turned = self.values.comparison(leaf.target)
        if line is None:
            raise Missing(
                language.text(
                    "The comparison “{title}” has no result, so the claim cannot be judged.",
                    title=contrast.title,
                )
            )
        found, several = line.difference, judged.tests > 1
        if shift and several:
            # A limit other than zero: each comparison at Bonferroni's level, which Holm's never exceeds.
            one, other = (self.values.by_id[name] for name in (found.first, found.second))
            strict = 1 - (1 - judged.level) / judged.tests
            found = difference(one, other, contrast.measure, strict, luck_of(one, self._luck))
        if shift:
            found = self._against_limit(found, contrast.measure)
        found = turned_round(found) if turned else found
        self._note_difference(found)
        first, second = (self.values.by_id[name].row.title for name in (found.first, found.second))
        words = language.text(
            "{contrast}: “{first}” minus “{second}” is {difference}",
            contrast=contrast.title, first=first, second=second, difference=told(found),
        )  # fmt: skip
        if several:
            n, p = judged.tests, None if shift else line.adjusted_p
            words = (
                language.text("{words}, corrected for {n} comparisons", words=words, n=n) if p is None
                else language.text(
                    "{words}, corrected for {n} comparisons: {p} after Holm", words=words, n=n,
                    p=p_values.told(p),
                )
            )  # fmt: skip
        more = self.more(found, "" if line.different or several else doubt(found))
        why = self.undecidable(found)
        return Found(found.low, found.high, found.difference, words, line.different, more, why)

    def more(self, found: Difference, doubt: str) -> tuple[str, ...]:
        """What belongs behind a difference: why it does not count, and what it does not show."""
        rows = self.values.by_id[found.first], self.values.by_id[found.second]
        return tuple(each for each in (doubt, idle_row(*rows), causes(*rows)) if each)

    def undecidable(self, found: Difference) -> str:
        """Why a difference decides nothing; empty where it may."""
        return undecidable(self.values.by_id[found.first], self.values.by_id[found.second])

    def _note_difference(self, found: Difference) -> None:
        name = f"{found.first}-{found.second}.{found.measure}"
        self.by_name |= {
            name: found.difference, f"{name}.low": found.low, f"{name}.high": found.high,
            f"{name}.p": found.p, f"{name}.basis": found.basis,
        }  # fmt: skip
        if found.basis == "items" and not found.nothing:
            self.notes.append(language.text("One run each: it says nothing about another seed."))

    def _result(self, leaf: Leaf) -> Result:
        found = self.values.result(leaf.target)
        if found is None or found.record is None:
            raise Missing(
                language.text("The best row has no result, so the claim cannot be judged.") if found is None
                else language.text(
                    "“{title}” has no result, so the claim cannot be judged.", title=found.row.title
                )
            )  # fmt: skip
        if any(record.data.validated_on_test for record in found.records):
            self.notes.append(
                language.text("A row was validated on the test set: its test score is optimistic.")
            )
        if leaf.target.kind == "best" and leaf.attribute.startswith("validation"):
            self.notes.append(
                language.text("The row was chosen by its validation accuracy, so that score is optimistic.")
            )
        return found

    def asked(self, leaf: Leaf) -> Number:
        """Return an exact value; `Missing` where there is none."""
        found = self.values.value(leaf.target, leaf.attribute)
        if isinstance(found, NoResult):
            name = found.source.rpartition(".")[0]
            if not found.counted:
                raise Missing(
                    language.text(
                        "The {measure} of “{title}” are not counted, so the claim cannot be judged.",
                        measure=language.text(leaf.what.words),
                        title=name,
                    )
                )
            raise Missing(
                language.text("“{title}” has no result, so the claim cannot be judged.", title=name)
            )
        self.by_name[found.source] = found.value
        return found

    def exact(self, leaf: Leaf) -> float:
        """Return an exact value as a number."""
        return float(self.asked(leaf).value)

    def shown(self, leaf: Leaf) -> str:
        """Return an exact value as it is printed."""
        return printed(self.asked(leaf)).text

    def name(self, leaf: Leaf) -> str:
        """Return what a value is, and of which row."""
        result = self.values.result(leaf.target) if leaf.target.kind in ("row", "best") else None
        what = language.text(leaf.what.words)
        if result is None:
            return what
        return language.text("{measure} of “{title}”", measure=what, title=result.row.title)


def _scaled(found: Found, times: float) -> Found:
    low, high = sorted((found.low * times, found.high * times))
    return replace(found, low=low, high=high, value=found.value * times)
