"""Numbers said of calls follow from the runs by a second reckoning, and a wrong one is found."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.observations import Observation, observe, observe_section
from reportgen.recordfile import to_files
from reportgen.results import Result
from tests.analysis.observations import cases
from tests.analysis.observations.invented import answers, record, row
from tests.independent import calls
from tests.independent.runs import Row, Run
from tests.independent.sentences import REMARKS, check_sentence
from tests.independent.tally import Tally
from tests.independent.world import World

RULES = ("rate-died", "rate-compounds", "best-not-tested", "plateau-never", "warm-start", "different-budgets")
FIRST = ["Conv2D(8, 3, padding='same', activation='relu')", "MaxPooling2D(2)", "Conv2D(16, 3, padding='same')",
         "Dropout(0.25)", "Flatten()", "Dense(32, activation='relu')", "Dense(10, activation='softmax')"]  # fmt: skip
SECOND = ["Conv2D(8, 3, padding='same', activation='relu')", "BatchNormalization()", "MaxPooling2D(2)",
          "Conv2D(64, 3, padding='same')", "BatchNormalization()", "Dropout(0.4)", "Flatten()",
          "Dense(32, activation='relu')", "Dense(10, activation='softmax')"]  # fmt: skip


def world(results: Sequence[Result]) -> World:
    """The rows as results.json and the store hold them."""
    return World({result.row.id: _row(result) for result in results})


def _row(result: Result) -> Row:
    facts: dict[str, Any] = {
        "title": result.row.title, "section": result.row.section, "notebook": result.row.notebook,
        "parameters": json.loads(json.dumps(dict(result.row.parameters))), "warm_start": result.row.warm_start,
        "runs": [{"key": run.key, "seed": run.seed, "evaluation": {}} for run in result.runs],
    }  # fmt: skip
    runs = []
    for run in result.runs:
        assert run.record is not None
        files = to_files(run.record)
        with np.load(io.BytesIO(files["arrays.npz"])) as found:
            arrays = {name: found[name] for name in found.files}
        runs.append(Run(run.seed, run.key, json.loads(files["record.json"]), arrays))
    return Row(result.row.id, facts, tuple(runs))


def told(results: Sequence[Result], rule: str) -> Observation:
    said = [*observe(results[0], results, most=None), *observe_section(results, results)]
    return next(each for each in said if each.rule == rule)


def compared(results: Sequence[Result], rule: str, text: str) -> Tally:
    tally, seen = Tally(), world(results)
    check_sentence(tally, seen, seen.rows[results[0].row.id], "remarks", rule, text, REMARKS)
    return tally


def given() -> list[Any]:
    """Every case in which one of the rules speaks, also with three seeds."""
    every = cases.RULES | cases.SECTION_RULES
    return [pytest.param(rule, case, id=f"{rule}-{number}") for rule in RULES
            for number, case in enumerate(every[rule][0])]  # fmt: skip


@pytest.mark.parametrize(("rule", "case"), given())
def test_every_number_follows_from_the_runs_and_a_wrong_one_is_found(rule: str, case: cases.Case) -> None:
    results = case()
    text = told(results, rule).text
    tally = compared(results, rule, text)
    assert tally.mismatches == []
    assert sum(each["uncovered"] for each in tally.counts.values()) == 0
    for found in re.finditer("(?<![\\w\u201c])\\d+(?=[ \u00a0,.):]| \u00d7)", text):
        wrong = f"{text[: found.start()]}{int(found[0]) + 7}{text[found.end() :]}"
        made = compared(results, rule, wrong)
        left = sum(each["uncovered"] for each in made.counts.values())
        assert made.mismatches or left, wrong


def changed(**more: object) -> tuple[Result, ...]:
    """A row set against one with other calls."""
    base = {
        "layers": FIRST,
        "optimizer": "Nadam(0.0005)",
        "callbacks": ["EarlyStopping(monitor='val_loss', patience=3)"],
    }
    own = base | more
    return (
        row("a", dataclasses.replace(record(), parameters=own), parameters=own, compared_with="b"),
        row("b", dataclasses.replace(record(validation=answers(200)), parameters=base), parameters=base),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "n"),
    [
        ({"layers": SECOND}, 3),
        ({"layers": FIRST[:3] + FIRST[4:]}, 1),
        ({"optimizer": "Adam(0.001, beta_1=0.8)"}, 3),
        (
            {"callbacks": ["EarlyStopping(monitor='val_loss', patience=5)", "ReduceLROnPlateau(factor=0.5)"]},
            2,
        ),
        ({"layers": SECOND, "optimizer": "Adam(0.001)", "callbacks": []}, 6),
    ],
    ids=("three in layers", "one left out", "optimiser", "callbacks", "all"),
)
def test_differences_of_calls_are_counted_and_their_values_found(more: dict[str, object], n: int) -> None:
    results = changed(**more)
    rule = "one-setting" if n == 1 else "several-settings"
    said = told(results, rule)
    assert said.evidence["settings"] == n
    tally = compared(results, rule, said.text)
    assert tally.mismatches == []
    assert sum(each["uncovered"] for each in tally.counts.values()) == 0


def test_two_lists_of_calls_are_apart_by_their_fewest_changes() -> None:
    new, old = calls.listed(SECOND), calls.listed(FIRST)
    assert calls.changes("layers", new, old) == calls.changes("layers", old, new) == 3
    assert calls.changes("layers", new, new) == 0
