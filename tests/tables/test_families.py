"""Tables of contrasts and claims."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

import pytest
from statsmodels.stats.contingency_tables import mcnemar

from reportgen import tables
from reportgen.analysis.contrasts import family
from reportgen.analysis.differences import difference
from reportgen.experiments.schema import Claim, Contrast
from reportgen.results import Failure, Result
from reportgen.tables import widths
from tests import samples
from tests.tables.reading import column, heads, repeated, result, spaced

TITLES = {name: f"Title of {name}" for name in "abcd"}


def contrast(rows: str, reference: str | None = None) -> Contrast:
    return Contrast(id="units", title="Number of units", rows=list(rows), reference=reference)


def distinct(row: Result, units: int) -> Result:
    """The row with other parameters: else two rows are reruns of one configuration."""
    parameters = {**row.row.parameters, "hidden_units": [units]}
    return dataclasses.replace(row, row=dataclasses.replace(row.row, parameters=parameters))


def single() -> list[Result]:
    rows = [
        result("a", accuracy=0.95),
        result("b", accuracy=0.945, seed=7),
        result("c", accuracy=0.6, seed=9),
    ]
    return [distinct(row, 100 + place) for place, row in enumerate(rows)]


def test_single_runs_are_compared_by_mcnemar() -> None:
    rows = single()
    table = tables.contrast_table(family(contrast("abc"), rows), TITLES)
    assert table.id == "contrast-units"
    assert [cell.text for cell in column(table, "Pair, first less second")] == [
        "Title of a − Title of b", "Title of a − Title of c", "Title of b − Title of c",
    ]  # fmt: skip
    first, second = (row.records[0].test for row in rows[:2])
    right, other = first.y_true == first.y_pred, second.y_true == second.y_pred
    b, c = int((right & ~other).sum()), int((~right & other).sum())
    assert column(table, "Only one right")[0].text == f"{b} : {c}"
    p = float(mcnemar([[0, b], [c, 0]], exact=True).pvalue)
    assert column(table, "p")[0].value == pytest.approx(p)
    assert column(table, "Difference, points")[0].value == pytest.approx((b - c) / 5)
    assert [cell.text for cell in column(table, "p")][1:] == ["<\u00a00.0001"] * 2
    assert [cell.text for cell in column(table, "Verdict")] == ["not distinguishable", "higher", "higher"]
    assert "By seed, points" not in heads(table)
    assert "Holm's correction counts the 3 comparisons of this family." in table.note
    assert widths.width(table) <= widths.PAGE


def test_few_seeds_show_their_points_and_no_p() -> None:
    rows = [distinct(repeated("a", accuracy=0.95), 100), distinct(repeated("b", accuracy=0.7), 50)]
    rows.append(distinct(repeated("c", accuracy=0.949), 70))
    table = tables.contrast_table(family(contrast("abc", "a"), rows), TITLES)
    assert "p" not in heads(table) and "Holm's correction counts" not in table.note
    found = difference(rows[1], rows[0])
    assert found.basis == "points"  # the premise
    points = ", ".join(f"{100 * point:+.2f}".replace("-", "−") for point in found.points)
    assert column(table, "By seed, points")[0].text == points
    assert column(table, "Compared with the reference")[0].text == "Title of b"
    assert spaced(column(table, "Basis")[0].text) == "3 seeds"
    assert [cell.text[-1] for cell in column(table, "Interval")] == ["§", "§"]
    assert (
        "§ No 95 % interval: from the lowest to the highest end of the 95 % intervals of the single seeds."
        in table.note
    )
    assert "less that of “Title of a”" in table.caption


def test_pairs_of_runs_are_marked_and_shown() -> None:
    rows = [distinct(repeated("a", accuracy=0.95), 100), distinct(result("b", accuracy=0.7), 50)]
    rows.append(distinct(repeated("c", accuracy=0.9), 70))
    table = tables.contrast_table(family(contrast("abc", "a"), rows), TITLES)
    found = difference(rows[1], rows[0])
    assert found.pairs == 3  # the premise
    points = ", ".join(f"{100 * point:+.2f}".replace("-", "−") for point in found.points)
    assert column(table, "By seed or pair, points")[0].text == points
    assert [spaced(cell.text) for cell in column(table, "Basis")] == ["3 pairs", "3 seeds"]
    assert [cell.text.lstrip("+−.0123456789 to") for cell in column(table, "Interval")] == ["¶", "§"]
    assert "99.5 % intervals of the pairs of runs" in table.note
    alone = tables.contrast_table(family(contrast("ab"), rows), TITLES)
    assert "By pair, points" in heads(alone)


def test_very_many_pairs_show_their_ends() -> None:
    rows = [
        distinct(repeated("a", runs=4, accuracy=0.95), 9),
        distinct(repeated("b", runs=3, accuracy=0.8), 5),
    ]
    table = tables.contrast_table(family(contrast("ab"), rows), TITLES)
    points = difference(rows[0], rows[1]).points
    assert len(points) == 12
    assert column(table, "By pair, points")[0].text == f"{100 * min(points):+.2f} to {100 * max(points):+.2f}"


def test_a_family_of_one_comparison_speaks_of_no_correction() -> None:
    table = tables.contrast_table(family(contrast("ab"), single()), TITLES)
    assert "p" in heads(table) and "p, Holm" not in heads(table)
    assert "Holm" not in table.note + table.caption and "correct" not in table.note + table.caption
    assert [cell.text for cell in column(table, "Basis")] == ["items"]
    assert not any(cell.text.endswith(("§", "¶", "#")) for cell in column(table, "95 % interval"))


def test_an_interval_at_a_stricter_level_is_marked() -> None:
    one = distinct(repeated("a", runs=2, accuracy=0.95), 9)
    held = contrast("ab").model_copy(update={"measure": "validation_accuracy"})
    table = tables.contrast_table(family(held, [one, distinct(elsewhere(), 5)]), TITLES)
    assert column(table, "Interval")[0].text.endswith("#") and "# 99.5 % interval" in table.note


def elsewhere() -> Result:
    """One run of row b with a seed and validation items that no other row has."""
    made = result("b", accuracy=0.8)
    return dataclasses.replace(made, runs=(dataclasses.replace(made.runs[0], seed=99),))


def test_notes_name_rows_by_their_titles() -> None:
    lost = samples.result(samples.row("d"), "d", 42, failure=Failure("timeout", ""))
    table = tables.contrast_table(family(contrast("abcd", "best"), [*single(), lost]), TITLES)
    assert "The reference “Title of" in table.note
    assert "Left out, without a result to compare: Title of d." in table.note
    plain = tables.contrast_table(family(contrast("abcd", "best"), [*single(), lost]))
    assert "to compare: d." in plain.note


def test_a_family_without_comparisons_is_an_empty_table() -> None:
    rows = [samples.row(name, title=TITLES[name]) for name in "ab"]
    lost = [samples.result(row, row.id, 42, failure=Failure("timeout", "")) for row in rows]
    table = tables.contrast_table(family(contrast("ab"), lost), TITLES)
    assert not table.rows and "Without a result: “Title of a”, “Title of b”." in table.note


def test_a_contrast_never_says_better_or_equal_of_its_rows() -> None:
    table = tables.contrast_table(family(contrast("abc"), single()), TITLES)
    cells = " ".join(cell.text for line in table.rows for cell in line.cells)
    assert not re.search(r"(?i)\b(better|best|equal|same as|nan)\b", cells)


@dataclass(frozen=True)
class Verdict:
    """A judged claim."""

    status: str
    sentence: str


def test_claims_stand_with_status_and_numbers() -> None:
    one = Claim(id="x", text="Dropout\nhelps.", expression="True")
    table = tables.claims_table([(one, Verdict("not supported", "97.66 % < 98.08 %"))])
    assert table.id == "claims" and table.note == ""
    assert [cell.text for cell in table.rows[0].cells] == [
        "Dropout helps.",
        "not supported",
        "97.66 % < 98.08 %",
    ]
    other = tables.claims_table([(one, Verdict("undecided", "both"))], "raw")
    assert other.id == "claims-raw" and "Undecided" in other.note


def test_trained_networks_may_differ_where_their_settings_are_not_told_apart() -> None:
    judged = family(contrast("ab"), single()[:2])
    (line,) = judged.lines
    between = dataclasses.replace(line.difference, p=0.02)
    for different in (False, True):
        told = dataclasses.replace(line, difference=between, different=different)
        note = tables.contrast_table(dataclasses.replace(judged, lines=(told,))).note
        assert ("these two trained networks differ" in note) is not different
