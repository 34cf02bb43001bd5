"""Whether the results support a claim: yes, no, or undecided within the uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reportgen.analysis import numbers
from reportgen.analysis.differences import Difference, difference, rank_ranges
from reportgen.analysis.luck import luck_of, training_luck
from reportgen.analysis.scores import score
from reportgen.experiments.schema import Claim, Experiments
from reportgen.language import NO_BREAK_SPACE
from reportgen.prose.claims import Comparison, Joined, Judgement, Sign, Told, parse
from reportgen.prose.deciding import against_zero, size
from reportgen.prose.live import fill
from reportgen.prose.names import Scope
from reportgen.prose.printing import printed
from reportgen.prose.sums import Leaf, Sum
from reportgen.prose.values import NoResult, Number, Values, values_of
from reportgen.results import Result

Status = Literal["supported", "not supported", "undecided", "no result"]
_SAID = {
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
    "==": "exactly",
    "!=": "other than",
}
_BASES = {
    "wilson": "Wilson",
    "t": "t interval of the mean over the seeds",
    "bootstrap": "bootstrap",
    "normal": "normal",
}


@dataclass(frozen=True)
class Judged:
    """What the results say of a claim.

    Parameters
    ----------
    claim : Claim
        With the live numbers of its text filled in.
    status : {"supported", "not supported", "undecided", "no result"}
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
    """A row that the claim names has no result."""


@dataclass(frozen=True)
class _Found:
    """The interval of a quantity before the exact part is added."""

    low: float
    high: float
    value: float
    words: str
    zero: bool | None = None
    """Whether zero is ruled out by a test that the interval alone does not show; None: by the interval."""


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
        return Judged(
            claim, "no result", f"{error} has no result, so the claim cannot be judged.", judge.evidence
        )
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
        self.sentences.append(f"{told.leaf.target.key}: {printed(value).text}.")
        # That two rows cannot be told apart does not show that they are equal.
        return True if found.value else None

    def compared(self, comparison: Comparison) -> bool | None:
        quantity, limit = comparison.quantity, comparison.limit
        shift = quantity.exact(self.exact)
        bound = limit.exact(self.exact) if limit else 0.0
        if not quantity.terms:
            return self.counted(comparison, shift)
        found = self.measured(quantity, shift)
        self.sentences.append(f"{found.words}; the claim needs {self.needed(comparison, shift, bound)}.")
        low, high = found.low + shift, found.high + shift
        if limit is not None:
            return size(low, high, comparison.sign, bound, found.zero)
        if shift == 0 and found.zero is False:
            return None
        return against_zero(low, high, comparison.sign)

    def counted(self, comparison: Comparison, value: float) -> bool | None:
        for leaf in comparison.quantity.leaves:
            self.exact(leaf)
        shown = ", ".join(
            f"{self.name(leaf)} {self.shown(leaf)}" for leaf in dict.fromkeys(comparison.quantity.leaves)
        )
        self.sentences.append(f"{shown[:1].upper()}{shown[1:]}: counted, not measured.")
        return None if value != value else against_zero(value, value, comparison.sign)

    def needed(self, comparison: Comparison, shift: float, bound: float) -> str:
        leaves = comparison.quantity.terms
        leaf, times = next(iter(leaves.items()))
        accuracy = leaf.what.kind in ("accuracy", "points")
        if comparison.limit is not None:
            size = f"{numbers.percent(bound)} points" if accuracy else numbers.decimal(bound, 3)
            return f"a size of {_SAID[comparison.sign]} {size}"
        turned: Mapping[Sign, Sign] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        sign = turned.get(comparison.sign, comparison.sign) if times < 0 else comparison.sign
        wanted = -shift / times
        if leaf.attribute == "rank":
            return f"{_SAID[sign]} {numbers.decimal(wanted, 0)}"
        if accuracy:
            unit = (
                f"{NO_BREAK_SPACE}points"
                if len(leaves) == 2 or leaf.what.kind == "points"
                else f"{NO_BREAK_SPACE}%"
            )
            return f"{_SAID[sign]} {numbers.percent(wanted)}{unit}"
        return f"{_SAID[sign]} {numbers.decimal(wanted, 3)}"

    def measured(self, quantity: Sum, shift: float) -> _Found:
        leaves = list(quantity.terms)
        times = quantity.terms[leaves[0]]
        if len(leaves) == 2:
            first, second = leaves if times > 0 else leaves[::-1]
            return _scaled(self.difference(first, second), abs(times))
        found = self.single(leaves[0], shift)
        return _scaled(found, times)

    def single(self, leaf: Leaf, shift: float) -> _Found:
        if leaf.target.kind in ("contrast", "pair"):
            return self.contrast(leaf, shift)
        result = self.result(leaf)
        if leaf.attribute == "rank":
            place = rank_ranges(self.values.results)[result.row.id]
            words = f"The place of “{result.row.title}” is {place.first} to {place.last} of {place.of}"
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
        words = (
            f"The {leaf.what.words} of “{result.row.title}” is {value} (95 % interval {low} to {high}, "
            f"{_BASES[made.basis]}, {numbers.counted(made.n, 'run')}, {numbers.counted(made.items, 'image')})"
        )
        return _Found(made.low, made.high, made.mean, words)

    def difference(self, first: Leaf, second: Leaf) -> _Found:
        one, other = self.result(first), self.result(second)
        if one.row.id == other.row.id:
            return _Found(0.0, 0.0, 0.0, f"Both are the row “{one.row.title}”")
        names = {record.data.name for result in (one, other) for record in result.records}
        if len(names) > 1:
            raise _Missing(f"“{one.row.title}” on the data of “{other.row.title}”")
        found = difference(one, other, first.attribute, luck=luck_of(one, self.luck))
        self.note_difference(found)
        same = found.relation == "same run"
        words = (
            f"The {first.what.words} of “{one.row.title}” minus that of “{other.row.title}” is {_told(found)}"
        )
        return _Found(found.low, found.high, found.difference, words, None if same else found.different)

    def contrast(self, leaf: Leaf, shift: float) -> _Found:
        """The difference of a declared family: corrected for the family it stands in."""
        contrast = self.values.contrasts[leaf.target.key]
        judged, line, turned = self.values.comparison(leaf.target)
        if line is None:
            raise _Missing(f"the comparison “{contrast.title}”")
        found = line.difference
        first, second = (self.values.by_id[name] for name in (found.first, found.second))
        if shift and judged.tests > 1:
            # A limit other than zero: each comparison at Bonferroni's level, which Holm's never exceeds.
            strict = 1 - (1 - judged.level) / judged.tests
            luck = luck_of(first, self.luck)
            found = difference(first, second, contrast.measure, strict, luck)
        self.note_difference(found)
        words = (
            f"{contrast.title}: “{first.row.title}” minus “{second.row.title}” is {_told(found)},"
            f" corrected for {numbers.counted(judged.tests, 'comparison')}"
        )
        own = _Found(found.low, found.high, found.difference, words, line.different)
        return _scaled(own, -1) if turned else own

    def note_difference(self, found: Difference) -> None:
        name = f"{found.first}-{found.second}.{found.measure}"
        self.evidence |= {
            name: found.difference, f"{name}.low": found.low, f"{name}.high": found.high,
            f"{name}.p": found.p, f"{name}.basis": found.basis,
        }  # fmt: skip
        if found.basis == "items" and found.relation != "same run":
            self.notes.append("One run each: it says nothing about another seed.")

    def result(self, leaf: Leaf) -> Result:
        found = self.values.result(leaf.target)
        if found is None or found.record is None:
            raise _Missing(f"“{found.row.title}”" if found else f"{leaf.target.kind} row")
        if any(record.data.validated_on_test for record in found.records):
            self.notes.append("A row was validated on the test set: its test score is optimistic.")
        if leaf.target.kind == "best" and leaf.attribute.startswith("validation"):
            self.notes.append("The row was chosen by its validation accuracy, so that score is optimistic.")
        return found

    def asked(self, leaf: Leaf) -> Number:
        found = self.values.value(leaf.target, leaf.attribute)
        if isinstance(found, NoResult):
            raise _Missing(f"“{found.source.rpartition('.')[0]}”")
        self.evidence[found.source] = found.value
        return found

    def exact(self, leaf: Leaf) -> float:
        return float(self.asked(leaf).value)

    def shown(self, leaf: Leaf) -> str:
        return printed(self.asked(leaf)).text

    def name(self, leaf: Leaf) -> str:
        result = self.values.result(leaf.target) if leaf.target.kind in ("row", "best") else None
        return f"{leaf.what.words} of “{result.row.title}”" if result else leaf.what.words


def _scaled(found: _Found, times: float) -> _Found:
    low, high = sorted((found.low * times, found.high * times))
    return _Found(low, high, found.value * times, found.words, found.zero)


def _told(found: Difference) -> str:
    """A difference with its interval and what it rests on."""
    ends = f"{numbers.points(found.low)} to {numbers.points(found.high)}"
    level = f"{numbers.decimal(100 * found.level, 0)}{NO_BREAK_SPACE}%"
    if found.relation == "same run":
        return "0 (they are one and the same run)"
    seeds = numbers.counted(len(found.seeds), "shared seed")
    how = {
        "items": f"McNemar, two trained models on {numbers.counted(found.items, 'image')}",
        "seeds": f"paired t over {seeds}",
        "points": f"{seeds}, too few for a p value",
        "unpaired": "two independent figures",
    }[found.basis]
    p = (
        ""
        if found.p is None
        else f", p {'<' if found.p < 0.001 else '='} {numbers.decimal(max(found.p, 0.001), 3)}"
    )
    return f"{numbers.points(found.difference)}{NO_BREAK_SPACE}points ({level} interval {ends}; {how}{p})"
