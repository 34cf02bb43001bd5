"""Whether the results support a claim: yes, no, or undecided within the uncertainty."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from reportgen import language
from reportgen.analysis import numbers, p_values
from reportgen.analysis.differences import Difference, difference, rank_ranges
from reportgen.analysis.luck import luck_of, training_luck
from reportgen.analysis.scores import score
from reportgen.experiments.schema import Claim, Experiments
from reportgen.prose.causes import causes
from reportgen.prose.claims import Comparison, Joined, Judgement, Sign, Told, parse
from reportgen.prose.deciding import against_zero, size
from reportgen.prose.live import fill
from reportgen.prose.names import Scope
from reportgen.prose.printing import printed
from reportgen.prose.sums import Leaf, Sum
from reportgen.prose.telling import condition, doubt, images_told, runs_told, told, turned_round
from reportgen.prose.values import NoResult, Number, Values, values_of
from reportgen.results import Result

Status = Literal["supported", "not supported", "undecided", "no result"]
_BASES = {
    "wilson": language.message("Wilson"),
    "t": language.message("t interval of the mean over the seeds"),
    "bootstrap": language.message("bootstrap"),
    "normal": language.message("normal"),
}


STATUSES: tuple[str, ...] = (
    language.message("supported"),
    language.message("not supported"),
    language.message("undecided"),
    language.message("no result"),
)


@dataclass(frozen=True)
class Judged:
    """What the results say of a claim.

    Parameters
    ----------
    claim : Claim
        With the live numbers of its text filled in.
    status : {"supported", "not supported", "undecided", "no result"}
        In English; `STATUSES` marks them for their translations.
    sentence : str
        The numbers, and what the judgement rests on.
    evidence : mapping
        The numbers by name.
    """

    claim: Claim
    status: Status
    sentence: str
    evidence: Mapping[str, float | int | str | None] = field(default_factory=dict)


class _Missing(Exception):
    """A claim cannot be judged; why, as a sentence."""


@dataclass(frozen=True)
class _Found:
    """The interval of a quantity before the exact part is added."""

    low: float
    high: float
    value: float
    words: str
    zero: bool | None = None
    """Whether zero is ruled out by a test that the interval alone does not show; None: by the interval."""
    more: tuple[str, ...] = ()
    """Sentences that belong behind the words."""


def judge_all(experiments: Experiments, results: Sequence[Result]) -> tuple[Judged, ...]:
    """Judge every claim of a file, in its order."""
    values = values_of(experiments, results)
    return tuple(judge(claim, values) for claim in experiments.file.claim)


def judge(claim: Claim, values: Values) -> Judged:
    """Judge one claim; see docs/prose.md for the rules.

    Parameters
    ----------
    claim : Claim
        With an expression that `reportgen.prose.claims.claim_faults` lets through.
    values : Values
        From `values_of`.
    """
    scope = Scope(section=claim.section)
    tree = parse(claim.expression, values.names, scope)
    claim = claim.model_copy(update={"text": fill(claim.text, values, scope).plain})
    judge = _Judge(values)
    try:
        holds = judge.holds(tree)
    except _Missing as error:
        return Judged(claim, "no result", str(error), judge.evidence)
    status: Status = "undecided" if holds is None else "supported" if holds else "not supported"
    return Judged(claim, status, " ".join(dict.fromkeys((*judge.sentences, *judge.notes))), judge.evidence)


class _Judge:
    def __init__(self, values: Values) -> None:
        self.values = values
        self.luck = training_luck(values.results)
        self.sentences: list[str] = []
        self.notes: list[str] = []
        self.evidence: dict[str, float | int | str | None] = {}

    def holds(self, tree: Judgement) -> bool | None:
        if isinstance(tree, Joined):
            parts = [self.holds(part) for part in tree.parts]
            if tree.how == "not":
                return None if parts[0] is None else not parts[0]
            decisive = tree.how == "or"
            if decisive in parts:
                return decisive
            return None if None in parts else not decisive
        return self.told(tree) if isinstance(tree, Told) else self.compared(tree)

    def told(self, told: Told) -> bool | None:
        found = self.asked(told.leaf)
        value = self.values.value(told.leaf.target, "verdict")
        _, line, _ = self.values.comparison(told.leaf.target)
        more = self.more(line.difference, "") if line else ()
        said = language.text(
            "{contrast}: {verdict}.", contrast=told.leaf.target.key, verdict=printed(value).text
        )
        self.sentences += [said, *more]
        # That two rows cannot be told apart does not show that they are equal.
        return True if found.value else None

    def compared(self, comparison: Comparison) -> bool | None:
        quantity, limit = comparison.quantity, comparison.limit
        shift = quantity.exact(self.exact)
        bound = limit.exact(self.exact) if limit else 0.0
        if not quantity.terms:
            return self.counted(comparison, shift)
        found = self.measured(quantity, shift, shift == 0 and limit is None)
        needed = self.needed(comparison, shift, bound)
        self.sentences += [
            language.text("{found}; {condition}.", found=found.words, condition=needed),
            *found.more,
        ]
        low, high = found.low + shift, found.high + shift
        if limit is not None:
            return size(low, high, comparison.sign, bound, found.zero)
        if shift == 0 and found.zero is False:
            return None
        return against_zero(low, high, comparison.sign)

    def counted(self, comparison: Comparison, value: float) -> bool | None:
        for leaf in comparison.quantity.leaves:
            self.exact(leaf)
        leaves = tuple(dict.fromkeys(comparison.quantity.leaves))
        shown = numbers.separator().join(
            language.text("{name} {value}", name=self.name(leaf), value=self.shown(leaf)) for leaf in leaves
        )
        shown = f"{shown[:1].upper()}{shown[1:]}"
        counted = language.plural(
            "{values}: counted, not measured.", "{values}: counted, not measured.", len(leaves), values=shown
        )
        self.sentences.append(counted)
        return None if value != value else against_zero(value, value, comparison.sign)

    def needed(self, comparison: Comparison, shift: float, bound: float) -> str:
        leaves = comparison.quantity.terms
        leaf, times = next(iter(leaves.items()))
        # Two rows are told in the order in which their difference counts as positive.
        several = len(leaves) == 2
        difference = several or leaf.what.kind == "points"
        what = language.text(leaf.what.words)
        if comparison.limit is not None:
            quantity = (
                language.text("the size of the difference") if difference
                else language.text("the size of the {measure}", measure=what)
            )  # fmt: skip
            return condition(quantity, comparison.sign, bound / abs(times), leaf.what.kind, difference)
        turned: Mapping[Sign, Sign] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        sign = turned.get(comparison.sign, comparison.sign) if times < 0 and not several else comparison.sign
        wanted = -shift / (abs(times) if several else times)
        quantity = (
            language.text("the difference") if difference else language.text("the {measure}", measure=what)
        )
        return condition(quantity, sign, wanted, leaf.what.kind, difference)

    def measured(self, quantity: Sum, shift: float, zero: bool) -> _Found:
        leaves = list(quantity.terms)
        times = quantity.terms[leaves[0]]
        if len(leaves) == 2:
            first, second = leaves if times > 0 else leaves[::-1]
            return _scaled(self.difference(first, second, zero), abs(times))
        found = self.single(leaves[0], shift)
        return _scaled(found, times)

    def single(self, leaf: Leaf, shift: float) -> _Found:
        if leaf.target.kind in ("contrast", "pair"):
            return self.contrast(leaf, shift)
        result = self.result(leaf)
        if leaf.attribute == "rank":
            place = rank_ranges(self.values.results)[result.row.id]
            words = language.text(
                "The place of “{title}” is {first} to {last} of {n}",
                title=result.row.title, first=place.first, last=place.last, n=place.of,
            )  # fmt: skip
            self.evidence[f"{result.row.id}.rank"] = f"{place.first}-{place.last}"
            return _Found(place.first, place.last, place.first, words)
        made = score(result, leaf.attribute)
        self.evidence |= {
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
        return _Found(made.low, made.high, made.mean, words)

    def difference(self, first: Leaf, second: Leaf, zero: bool) -> _Found:
        """A row less another; `zero` says whether it is compared with 0, which a p value is about."""
        one, other = self.result(first), self.result(second)
        if one.row.id == other.row.id:
            both = language.text("Both are the row “{title}”", title=one.row.title)
            return _Found(0.0, 0.0, 0.0, both)
        names = {record.data.name for result in (one, other) for record in result.records}
        if len(names) > 1:
            raise _Missing(
                language.text(
                    "“{first}” has no result on the data of “{second}”, so the claim cannot be judged.",
                    first=one.row.title, second=other.row.title,
                )
            )  # fmt: skip
        try:
            found = difference(one, other, first.attribute, luck=luck_of(one, self.luck))
        except ValueError:
            raise _Missing(
                language.text(
                    "“{first}” and “{second}” were not scored on the same images,"
                    " so the claim cannot be judged.",
                    first=one.row.title, second=other.row.title,
                )
            ) from None  # fmt: skip
        if not zero:
            found = self.against_limit(found, first.attribute)
        if not math.isfinite(found.difference):
            raise _Missing(
                language.text(
                    "The {measure} of “{first}” or “{second}” is no number, so the claim cannot be judged.",
                    measure=language.text(first.what.words), first=one.row.title, second=other.row.title,
                )
            )  # fmt: skip
        self.note_difference(found)
        words = language.text(
            "The {measure} of “{first}” minus that of “{second}” is {difference}",
            measure=language.text(first.what.words), first=one.row.title, second=other.row.title,
            difference=told(found, alone=True),
        )  # fmt: skip
        apart = None if found.relation == "same run" else found.different
        more = self.more(found, doubt(found) if zero else "")
        return _Found(found.low, found.high, found.difference, words, apart, more)

    def against_limit(self, found: Difference, measure: str) -> Difference:
        """The same difference to be set against a limit other than 0: single runs at their own, wider level.

        Its p value is about 0, and left out.
        """
        if found.relation != "same run" and found.p is not None and found.judged_at > found.level:
            one, other = (self.values.by_id[name] for name in (found.first, found.second))
            wider = difference(one, other, measure, found.judged_at, luck_of(one, self.luck))
            found = replace(found, low=wider.low, high=wider.high, level=wider.level)
        return replace(found, p=None)

    def contrast(self, leaf: Leaf, shift: float) -> _Found:
        """The difference of a declared family: corrected for the family it stands in."""
        contrast = self.values.contrasts[leaf.target.key]
        judged, line, turned = self.values.comparison(leaf.target)
        if line is None:
            raise _Missing(
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
            found = difference(one, other, contrast.measure, strict, luck_of(one, self.luck))
        if shift:
            found = self.against_limit(found, contrast.measure)
        found = turned_round(found) if turned else found
        self.note_difference(found)
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
        return _Found(found.low, found.high, found.difference, words, line.different, more)

    def more(self, found: Difference, doubt: str) -> tuple[str, ...]:
        """What belongs behind a difference: why it does not count, and what it does not show."""
        rows = (self.values.by_id[name] for name in (found.first, found.second))
        return tuple(each for each in (doubt, causes(*rows)) if each)

    def note_difference(self, found: Difference) -> None:
        name = f"{found.first}-{found.second}.{found.measure}"
        self.evidence |= {
            name: found.difference, f"{name}.low": found.low, f"{name}.high": found.high,
            f"{name}.p": found.p, f"{name}.basis": found.basis,
        }  # fmt: skip
        if found.basis == "items" and found.relation != "same run":
            self.notes.append(language.text("One run each: it says nothing about another seed."))

    def result(self, leaf: Leaf) -> Result:
        found = self.values.result(leaf.target)
        if found is None or found.record is None:
            raise _Missing(
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
        found = self.values.value(leaf.target, leaf.attribute)
        if isinstance(found, NoResult):
            name = found.source.rpartition(".")[0]
            raise _Missing(
                language.text("“{title}” has no result, so the claim cannot be judged.", title=name)
            )
        self.evidence[found.source] = found.value
        return found

    def exact(self, leaf: Leaf) -> float:
        return float(self.asked(leaf).value)

    def shown(self, leaf: Leaf) -> str:
        return printed(self.asked(leaf)).text

    def name(self, leaf: Leaf) -> str:
        result = self.values.result(leaf.target) if leaf.target.kind in ("row", "best") else None
        what = language.text(leaf.what.words)
        if result is None:
            return what
        return language.text("{measure} of “{title}”", measure=what, title=result.row.title)


def _scaled(found: _Found, times: float) -> _Found:
    low, high = sorted((found.low * times, found.high * times))
    return replace(found, low=low, high=high, value=found.value * times)
