"""A row whose seeds disagree: no rule tells the numbers of one of them as those of the row."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence

import pytest

from reportgen.analysis import observations
from reportgen.analysis.observations import RULES, observe, observe_section
from reportgen.analysis.observations.rule import Everything, Rule, Said
from reportgen.records import Record
from reportgen.results import Result
from tests.analysis.observations import cases
from tests.analysis.observations.cases import Case, Results
from tests.analysis.observations.invented import record

ORDERS = ((0, 1, 2), (2, 0, 1), (1, 2, 0))
"""Which of three runs has the first seed, the second, the third."""


def quiet(loud: Record) -> Record:
    """The same network on the same items, of which no rule has anything to say."""
    other = record(epochs=len(loud.history["loss"]), on_test=loud.data.validated_on_test)
    return dataclasses.replace(
        loud, history=other.history, test=other.test, validation=other.validation, evaluation=other.evaluation
    )


def disagreeing(results: Results, order: Sequence[int]) -> Results:
    """The same rows with three runs each, two as they were and a quiet one, in this order of the seeds."""
    made = []
    for result in results:
        first = result.runs[0]
        assert first.record is not None
        records = [first.record, first.record, quiet(first.record)]
        runs = tuple(
            dataclasses.replace(
                first,
                key=f"{first.key[:-1]}{place}",
                seed=42 + place,
                record=dataclasses.replace(records[number], seed=42 + place),
            )
            for place, number in enumerate(order)
        )
        made.append(
            dataclasses.replace(result, row=dataclasses.replace(result.row, seed=42, repeats=3), runs=runs)
        )
    return tuple(made)


def told(results: Results) -> dict[str, tuple[list[str], list[Mapping[str, object]]]]:
    """What each rule says of the first row and its chapter, but for the seeds it was seen in."""
    chapter = [each for each in results if each.row.section == results[0].row.section]
    found: dict[str, tuple[list[str], list[Mapping[str, object]]]] = {}
    for each in (*observe(results[0], results, most=None), *observe_section(chapter, results)):
        texts, evidence = found.setdefault(each.rule, ([], []))
        texts.append(re.sub(r"(in \d of 3 seeds) \([\d, ]+\)", r"\1", each.text))
        evidence.append(
            {
                name: pytest.approx(value) if isinstance(value, float) else value
                for name, value in each.evidence.items()
            }
        )
    return found


CASES = [
    pytest.param(case, id=f"{rule}-{number}")
    for rule, (must, _) in (cases.RULES | cases.SECTION_RULES).items()
    for number, case in enumerate(must)
]


@pytest.mark.parametrize("case", CASES)
def test_what_is_said_does_not_hang_on_which_run_comes_first(case: Case) -> None:
    first, *others = (told(disagreeing(case(), order)) for order in ORDERS)
    for other in others:
        assert other == first


NOT_SHOWN = {"rerun", "underfitting"}
"""One is about rows that differ in their seed alone; of the other one quiet run of three takes the margin."""


@pytest.mark.parametrize("rule", sorted((cases.RULES | cases.SECTION_RULES).keys() - NOT_SHOWN))
def test_what_most_runs_show_is_said_so_that_the_test_above_sees_it(rule: str) -> None:
    must, _ = (cases.RULES | cases.SECTION_RULES)[rule]
    spoken = {said for case in must for said in told(disagreeing(case(), ORDERS[0]))}
    assert rule in spoken


def test_a_rule_that_looks_at_one_run_alone_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(result: Result, everything: Everything) -> Iterator[Said]:
        assert result.record is not None
        accuracy = result.record.evaluation["test"]["accuracy"]
        yield Said(f"Its test accuracy is {accuracy:.4f}.", "?", {"accuracy": accuracy})

    monkeypatch.setattr(observations, "RULES", (*RULES, Rule("naive", 1, look)))
    results = cases.RULES["validation-test"][0][0]()
    first, *others = (told(disagreeing(results, order)) for order in ORDERS)
    assert any(other["naive"] != first["naive"] for other in others)
