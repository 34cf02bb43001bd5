"""Claims: what can be judged is judged three-valued, what cannot is refused."""

from __future__ import annotations

import dataclasses
import time

import pytest
from scipy.stats import binomtest

from reportgen.experiments.schema import Claim, Contrast
from reportgen.prose.claims import claim_faults
from reportgen.prose.deciding import against_zero, size
from reportgen.prose.judging import Judged, judge, judge_all
from reportgen.prose.names import Scope
from reportgen.prose.values import values_of
from reportgen.results import Result
from tests import samples
from tests.prose.courseworks import coursework, values


def judged(expression: str, **changes: object) -> Judged:
    numbers = values(**changes)
    assert claim_faults(expression, numbers.names, Scope()) == []
    return judge(Claim(id="c", text="It holds.", expression=expression), numbers)


def hits(row: str) -> tuple[int, int]:
    _, results = coursework()
    record = next(result.record for result in results if result.row.id == row)
    assert record is not None
    return int((record.test.y_true == record.test.y_pred).sum()), len(record.test.y_true)


def test_one_score_against_a_number_is_judged_by_its_interval() -> None:
    # scipy's own Wilson interval decides what must come out.
    interval = binomtest(*hits("raw-300")).proportion_ci(method="wilson")
    row = "row('raw-300').test_accuracy"
    assert judged(f"{row} > {interval.low - 0.001:.6f}").status == "supported"
    assert judged(f"{row} < {interval.low - 0.001:.6f}").status == "not supported"
    assert judged(f"{row} > {interval.low + 0.001:.6f}").status == "undecided"
    assert judged(f"{row} > {interval.high - 0.001:.6f}").status == "undecided"
    assert judged(f"{row} > {interval.high + 0.001:.6f}").status == "not supported"
    assert judged(f"not {row} > {interval.high + 0.001:.6f}").status == "supported"
    assert judged(f"2 * {row} > {2 * interval.high + 0.002:.6f}").status == "not supported"


def test_the_sentence_has_the_numbers_and_the_basis() -> None:
    found = judged("row('raw-300').test_accuracy > 0.5")
    correct, n = hits("raw-300")
    assert f"{100 * correct / n:.2f}" in found.sentence
    assert "Wilson" in found.sentence and "1 run" in found.sentence.replace("\u00a0", " ")
    assert found.evidence["raw-300.test_accuracy"] == pytest.approx(correct / n)


def with_predictions(result: Result, wrong: range) -> Result:
    """The result of a model that is wrong on exactly these test items."""
    record = result.record
    assert record is not None
    predicted = record.test.y_true.copy()
    predicted[list(wrong)] = (predicted[list(wrong)] + 1) % 10
    return samples.with_record(
        result, dataclasses.replace(record, test=dataclasses.replace(record.test, y_pred=predicted))
    )


def against(first: range, second: range, expression: str) -> Judged:
    experiments, results = coursework()
    moved = (with_predictions(results[0], first), with_predictions(results[1], second), *results[2:])
    return judge(Claim(id="c", text="x", expression=expression), values_of(experiments, moved))


FIRST_HIGHER = "row('raw-150').test_accuracy > row('raw-250').test_accuracy"


def test_two_rows_are_judged_by_their_discordant_items() -> None:
    # 40 items that only the first gets right, none the other way round: p is 2 ** -39.
    assert against(range(10), range(50), FIRST_HIGHER).status == "supported"
    assert against(range(50), range(10), FIRST_HIGHER).status == "not supported"
    # 3 against 1: McNemar's exact p is 0.625.
    undecided = against(range(11), range(10, 13), FIRST_HIGHER)
    assert undecided.status == "undecided"
    assert "McNemar" in undecided.sentence and "nothing about another seed" in undecided.sentence
    assert against(range(10), range(10), FIRST_HIGHER).status == "undecided"


def test_a_difference_that_would_not_matter() -> None:
    near = "abs(row('raw-150').test_accuracy - row('raw-250').test_accuracy) < 0.02"
    assert against(range(10), range(12), near).status == "supported"
    assert against(range(10), range(300), near).status == "not supported"
    assert against(range(10), range(50), near).status == "undecided"


def test_a_margin_is_part_of_the_claim() -> None:
    by = "row('raw-150').test_accuracy > row('raw-250').test_accuracy + {}"
    assert against(range(0), range(100), by.format(0.02)).status == "supported"
    assert against(range(0), range(100), by.format(0.05)).status == "undecided"
    assert against(range(0), range(100), by.format(0.2)).status == "not supported"


def test_counts_are_exact() -> None:
    assert judged("row('raw-250').total_params == 198760").status == "supported"
    assert judged("row('raw-250').total_params != 198760").status == "not supported"
    assert judged("row('raw-300').total_params > 2 * row('raw-150').total_params").status == "not supported"
    assert (
        judged("row('raw-300').weights + row('raw-300').biases == row('raw-300').total_params").status
        == "supported"
    )


def test_joined_claims_keep_what_is_undecided() -> None:
    yes, no = "row('raw-250').total_params > 1", "row('raw-250').total_params < 1"
    interval = binomtest(*hits("raw-300")).proportion_ci(method="wilson")
    open_ = f"row('raw-300').test_accuracy > {(interval.low + interval.high) / 2:.6f}"
    assert judged(f"{yes} and {open_}").status == "undecided"
    assert judged(f"{no} and {open_}").status == "not supported"
    assert judged(f"{yes} or {open_}").status == "supported"
    assert judged(f"not {open_}").status == "undecided"
    assert judged(f"1 < row('raw-250').epochs <= 20 and not ({no})").status == "supported"


def test_not_distinguishable_never_supports_an_equality() -> None:
    experiments, results = coursework(contrasts=[Contrast(id="s", title="Size", rows=["raw-150", "raw-250"])])
    moved = (with_predictions(results[0], range(10)), with_predictions(results[1], range(11)), *results[2:])
    numbers = values_of(experiments, moved)
    claim = Claim(id="c", text="x", expression="not contrast('s').different")
    assert judge(claim, numbers).status == "undecided"
    different = (results[0], with_predictions(results[1], range(900)), *results[2:])
    assert judge(claim, values_of(experiments, different)).status == "not supported"


def test_a_contrast_is_judged_in_the_direction_it_is_asked() -> None:
    experiments, results = coursework(contrasts=[Contrast(id="s", title="Size", rows=["raw-150", "raw-250"])])
    moved = (with_predictions(results[0], range(10)), with_predictions(results[1], range(90)), *results[2:])
    numbers = values_of(experiments, moved)
    for rows, status in (("'raw-150', 'raw-250'", "supported"), ("'raw-250', 'raw-150'", "not supported")):
        claim = Claim(id="c", text="x", expression=f"contrast('s', {rows}).difference > 0")
        assert judge(claim, numbers).status == status


def test_a_row_without_a_result_cannot_be_judged() -> None:
    found = judged("row('raw-250').test_accuracy > 0", failed=True)
    assert found.status == "no result"
    assert "250 tanh units" in found.sentence


def test_the_best_row_compared_with_itself() -> None:
    best = "best_of('mnist').test_accuracy"
    rows = " and ".join(f"{best} >= row('raw-{n}').test_accuracy" for n in (150, 250, 300))
    assert claim_faults(rows, values().names, Scope()) == []


def test_every_claim_of_a_file_in_its_order() -> None:
    claims = [Claim(id=f"c{n}", text="x", expression=f"row('raw-250').epochs == {n}") for n in (20, 21)]
    found = judge_all(*coursework(claims=claims))
    assert [(each.claim.id, each.status) for each in found] == [
        ("c20", "supported"),
        ("c21", "not supported"),
    ]


def test_the_text_of_a_claim_has_its_live_numbers() -> None:
    text = "It has {{ row('raw-250').total_params }} parameters, {{ best.epochs }} epochs."
    claim = Claim(id="c", text=text, expression="row('raw-250').epochs > 1", section="raw")
    (found,) = judge_all(*coursework(claims=[claim]))
    assert found.claim.text == "It has 198\u00a0760 parameters, 20 epochs."


REFUSED = {
    "row('raw-300').test_accuracy": "no comparison",
    "row('raw-300').test_accuracy == row('raw-250').test_accuracy": "equal cannot be shown",
    "row('raw-300').test_loss < row('raw-250').test_accuracy": "no honest interval",
    "row('raw-300').test_accuracy > row('raw-300').validation_accuracy": "no honest interval",
    "row('raw-300').test_accuracy / row('raw-250').test_accuracy > 1": "product or ratio",
    "row('raw-300').test_accuracy + row('raw-250').test_accuracy > 1": "no honest interval",
    "row('raw-300').test_accuracy > 2 * row('raw-250').test_accuracy": "no honest interval",
    "row('raw-300').test_accuracy > row('fashion-10').test_accuracy": "different data sets",
    "row('raw-300').sd_test_accuracy < 0.1": "no interval to judge it by",
    "row('nowhere').test_accuracy > 0.5": 'no row "nowhere"',
    "row('raw-300').nothing > 0.5": 'no "nothing"',
    "highest_on_test_of('mnist').test_accuracy > 0.5": "proves nothing",
    "row('raw-300').title == 'x'": "no number",
    "row('raw-300').quick": "no comparison",
    "row('raw-300').quick == 1": "no number",
    "1 < 2": "nothing measured",
    "True": "no comparison",
    "row('raw-300').epochs > 1 / 0": "divides by zero",
    "row('raw-300').epochs ** 9 > 1": "only + - * /",
    "row('raw-300').epochs in [1]": "compares with something else",
    "__import__('os').system('true') == 0": "names no row",
    "(lambda: 1)() > 0": "names no row",
    "[x for x in (1,)] > 0": "has no place in a claim",
    "row('raw-300').epochs >": "cannot be read",
    "(" * 400 + "1" + ")" * 400: "",
    "x" * 999: "no comparison",
    "row('raw-300').test_accuracy > row('raw-300').test_accuracy": "nothing measured",
}


@pytest.mark.parametrize("expression", REFUSED, ids=lambda text: text[:50])
def test_what_cannot_be_judged_honestly_is_refused(expression: str) -> None:
    began = time.monotonic()
    (fault,) = claim_faults(expression, values().names, Scope())
    assert REFUSED[expression] in fault.message
    assert 0 <= fault.offset <= len(expression)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("low", "high", "sign", "expected"),
    [
        (1, 2, ">", True), (1, 2, "<", False), (-1, 2, ">", None), (-2, -1, "<=", True), (0, 2, ">=", True),
        (0, 2, ">", None), (-1, 0, ">", False), (0, 0, "==", True), (-1, 1, "==", None), (1, 2, "==", False),
        (1, 2, "!=", True), (0, 0, ">", False),
    ],
)  # fmt: skip
def test_an_interval_against_zero(low: float, high: float, sign: str, expected: bool | None) -> None:
    assert against_zero(low, high, sign) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high", "sign", "limit", "expected"),
    [
        (-1, 1, "<", 2, True), (-1, 3, "<", 2, None), (3, 4, "<", 2, False), (-4, -3, ">", 2, True),
        (-1, 1, ">", 2, False), (1, 3, ">", 2, None),
    ],
)  # fmt: skip
def test_the_size_of_a_quantity(
    low: float, high: float, sign: str, limit: float, expected: bool | None
) -> None:
    assert size(low, high, sign, limit, None) is expected  # type: ignore[arg-type]
