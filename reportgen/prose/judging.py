"""Whether the results support a claim: yes, no, or undecided within the uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reportgen import language
from reportgen.analysis import numbers
from reportgen.experiments.resolved import Experiments
from reportgen.experiments.schema import Claim
from reportgen.prose.claims import Comparison, Joined, Judgement, Sign, Told, parse
from reportgen.prose.deciding import against_zero, size
from reportgen.prose.evidence import Evidence, Missing
from reportgen.prose.live import fill
from reportgen.prose.names import Scope
from reportgen.prose.printing import printed
from reportgen.prose.telling import condition
from reportgen.prose.values import Values, values_of
from reportgen.results import Result

Status = Literal["supported", "not supported", "undecided", "no result", "not judged"]
STATUSES: tuple[str, ...] = (
    language.message("supported"),
    language.message("not supported"),
    language.message("undecided"),
    language.message("no result"),
    language.message("not judged"),
)


@dataclass(frozen=True)
class Judged:
    """What the results say of a claim.

    Parameters
    ----------
    claim : Claim
        With the live numbers of its text filled in.
    status : {"supported", "not supported", "undecided", "no result", "not judged"}
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


def judge_all(experiments: Experiments, results: Sequence[Result]) -> tuple[Judged, ...]:
    """Judge every claim of a file, in its order."""
    values = values_of(experiments, results)
    return tuple(judge(claim, values) for claim in experiments.file.claim)


def judge(claim: Claim, values: Values) -> Judged:
    """Judge one claim; see docs/reference/prose.md for the rules.

    Parameters
    ----------
    claim : Claim
        With an expression that `reportgen.prose.claims.claim_faults` lets through.
    values : Values
        From `values_of`; where they hold quick runs, no claim is judged.
    """
    scope = Scope(section=claim.section)
    tree = parse(claim.expression, values.names, scope)
    claim = claim.model_copy(update={"text": fill(claim.text, values, scope).plain})
    if any(record.data.quick for result in values.results for record in result.records):
        return Judged(claim, "not judged", language.text("A quick run is no result."))
    judge = _Judge(values)
    try:
        holds = judge.holds(tree)
    except Missing as error:
        return Judged(claim, "no result", str(error), judge.evidence.by_name)
    status: Status = "undecided" if holds is None else "supported" if holds else "not supported"
    return Judged(
        claim,
        status,
        " ".join(dict.fromkeys((*judge.sentences, *judge.evidence.notes))),
        judge.evidence.by_name,
    )


class _Judge:
    def __init__(self, values: Values) -> None:
        self.values = values
        self.evidence = Evidence(values)
        self.sentences: list[str] = []

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
        found = self.evidence.asked(told.leaf)
        value = self.values.value(told.leaf.target, "verdict")
        _, line, _ = self.values.comparison(told.leaf.target)
        more = self.evidence.more(line.difference, "") if line else ()
        why = self.evidence.undecidable(line.difference) if line else ""
        said = language.text(
            "{contrast}: {verdict}.", contrast=told.leaf.target.key, verdict=printed(value).text
        )
        self.sentences += [said, *more, *([why] if why else [])]
        if why:
            return None
        # That two rows cannot be told apart does not show that they are equal.
        return True if found.value else None

    def compared(self, comparison: Comparison) -> bool | None:
        quantity, limit = comparison.quantity, comparison.limit
        shift = quantity.exact(self.evidence.exact)
        bound = limit.exact(self.evidence.exact) if limit else 0.0
        if not quantity.terms:
            return self.counted(comparison, shift)
        found = self.evidence.measured(quantity, shift, shift == 0 and limit is None)
        needed = self.needed(comparison, shift, bound)
        self.sentences += [
            language.text("{found}; {condition}.", found=found.words, condition=needed),
            *found.more,
        ]
        if found.open:
            self.sentences.append(found.open)
            return None
        low, high = found.low + shift, found.high + shift
        if limit is not None:
            return size(low, high, comparison.sign, bound, found.zero)
        if shift == 0 and found.zero is False:
            return None
        return against_zero(low, high, comparison.sign)

    def counted(self, comparison: Comparison, value: float) -> bool | None:
        for leaf in comparison.quantity.leaves:
            self.evidence.exact(leaf)
        leaves = tuple(dict.fromkeys(comparison.quantity.leaves))
        shown = numbers.separator().join(
            language.text("{name} {value}", name=self.evidence.name(leaf), value=self.evidence.shown(leaf))
            for leaf in leaves
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
