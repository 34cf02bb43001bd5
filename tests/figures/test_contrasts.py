"""Differences of a declared family, by their artists."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from reportgen.analysis.contrasts import Family, family
from reportgen.experiments.schema import Contrast
from reportgen.figures.contrasts import describe_differences, differences
from reportgen.figures.style import MUTED, TRAINING
from reportgen.records import Record
from reportgen.results import Failure, Result
from tests import samples
from tests.figures.artists import check, data, size, written

ACCURACIES = (0.95, 0.9, 0.948, 0.97)


def made(seed: int, accuracy: float) -> Record:
    return samples.record(seed=seed, accuracy=accuracy, n_test=3000)


def rows(seeds: int, accuracies: Sequence[float] = ACCURACIES) -> list[Result]:
    """Rows whose runs share their seeds and test items."""
    return [
        samples.repeated(
            samples.row(f"r{number}", title=f"Row {number}"),
            [made(42 + seed, accuracy) for seed in range(seeds)],
        )
        for number, accuracy in enumerate(accuracies)
    ]


def judged(results: Sequence[Result], reference: str | None = "r0") -> Family:
    contrast = Contrast(id="c", title="C", rows=[r.row.id for r in results], reference=reference)
    return family(contrast, results)


def marks(figure: Figure, shape: str) -> list[Line2D]:
    return [line for line in panel(figure).lines if line.get_marker() == shape]


def panel(figure: Figure) -> Axes:
    (axes,) = [axes for axes in figure.axes if axes.axison]
    return axes


@pytest.mark.parametrize("seeds", [1, 3, 6])
def test_dots_and_lines_are_differences_and_intervals(seeds: int) -> None:
    results = rows(seeds)
    found = judged(results)
    figure = differences(results, found)
    dots = marks(figure, "o")
    assert [data(dot)[0][0] for dot in dots] == pytest.approx(
        [100 * line.difference.difference for line in found.lines]
    )
    spans = [
        data(line)[0] for line in panel(figure).lines if len(data(line)[0]) == 2 and data(line)[1] != [0, 1]
    ]
    for span, line in zip(
        [s for s in spans if s[0] != s[1]],
        [line for line in found.lines if line.difference.low < line.difference.high],
        strict=True,
    ):
        assert span == pytest.approx([100 * line.difference.low, 100 * line.difference.high])
    check(figure)


@pytest.mark.parametrize(("seeds", "shown"), [(1, 0), (2, 2), (4, 4), (5, 0)])
def test_single_seeds_are_shown_below_five(seeds: int, shown: int) -> None:
    results = rows(seeds)
    found = judged(results)
    figure = differences(results, found)
    diamonds = marks(figure, "d")
    assert len(diamonds) == (3 if shown else 0)
    for each, line in zip(diamonds, found.lines, strict=bool(shown)):
        assert data(each)[0] == pytest.approx([100 * point for point in line.difference.points])
    assert any("single seeds, too few for a test" in text for text in written(figure)) == bool(shown)


def test_what_is_told_apart_differs_by_more_than_colour() -> None:
    results = rows(1)
    found = judged(results)
    assert [line.different for line in found.lines] == [True, False, True]
    figure = differences(results, found)
    faces = [dot.get_markerfacecolor() for dot in marks(figure, "o")]
    assert faces == [TRAINING, "#ffffff", TRAINING]
    assert [dot.get_markeredgecolor() for dot in marks(figure, "o")] == [TRAINING, MUTED, TRAINING]
    words = written(figure)
    assert words.count("not distinguishable") == 1 and {"lower", "higher"} <= set(words)
    assert "Filled dot: told apart after the correction for 3 comparisons" in " ".join(words)


def test_the_reference_is_named_and_zero_is_drawn() -> None:
    results = rows(1)
    figure = differences(results, judged(results, "r2"))
    assert "each row minus “Row 2”" in written(figure)
    best = differences(results, judged(results, "best"))
    assert "each row minus “Row 3”, the best by validation" in written(best)
    low, high = panel(figure).get_xlim()
    assert low <= 0 <= high and 0 in panel(figure).get_xticks()


def test_all_pairs_are_named_by_both() -> None:
    results = rows(1)
    figure = differences(results, judged(results, None))
    assert len(marks(figure, "o")) == 6
    assert written(figure).count("Row 0") == 3 and written(figure).count("\u2212 Row 3") == 3
    check(figure)


def test_a_line_clear_of_zero_at_a_hollow_dot_is_explained() -> None:
    results = rows(1)
    found = judged(results)
    hollow = found.lines[1]
    assert (hollow.difference.low > 0 or hollow.difference.high < 0) and not hollow.different
    said = " ".join(written(differences(results, found)))
    assert "A line clear of 0 is not enough" in said
    assert (
        "before the correction; single runs are told apart only where p after the correction is below 0.005."
        in said
    )
    clear = rows(1, (0.95, 0.97))
    assert judged(clear).lines[0].different
    assert "A line clear" not in " ".join(written(differences(clear, judged(clear))))


def test_a_family_of_one_comparison_speaks_of_no_correction() -> None:
    results = rows(1)[::2]
    found = judged(results)
    assert found.tests == 1 and not found.lines[0].different
    said = " ".join(written(differences(results, found)))
    assert "correct" not in said and "alone" not in said
    assert "single runs are told apart only where p is below 0.005." in said
    assert "correct" not in describe_differences(results, found)


def test_pairs_of_runs_are_called_so() -> None:
    results = [rows(3)[0], rows(1)[1]]
    found = judged(results)
    assert found.lines[0].difference.pairs == 3
    figure = differences(results, found)
    (diamonds,) = marks(figure, "d")
    assert data(diamonds)[0] == pytest.approx([100 * point for point in found.lines[0].difference.points])
    said = " ".join(written(figure)).replace("\u00a0", " ")
    assert "highest end of the 99.5 % intervals of the pairs of runs." in said
    assert "Diamonds: the pairs of runs, each run of one row with each of the other." in said
    check(figure)


def test_very_many_comparisons_show_the_largest() -> None:
    results = rows(1, [0.9 + number / 200 for number in range(9)])
    found = judged(results, None)
    assert len(found.lines) == 36
    figure = differences(results, found)
    shown = [abs(data(dot)[0][0]) for dot in marks(figure, "o")]
    sizes = sorted((100 * abs(line.difference.difference) for line in found.lines), reverse=True)
    assert sorted(shown, reverse=True) == pytest.approx(sizes[:25])
    assert "The 25 largest of 36 differences." in " ".join(written(figure))
    assert size(figure)[1] < 620
    check(figure)


def test_rows_without_a_result_are_counted() -> None:
    results = [*rows(1)[:2], samples.repeated(samples.row("lost"), [Failure("timeout", "")])]
    found = judged(results)
    figure = differences(results, found)
    assert "Left out: 1 row without a comparable result." in " ".join(written(figure))
    nothing = judged([results[0], results[2]])
    check(differences(results, nothing))
    assert "0 comparisons" in describe_differences(results, nothing)


def test_nothing_in_a_long_note_is_lost() -> None:
    results = rows(3, (0.95, 0.9, 0.959, 0.952, 0.97))
    said = " ".join(written(differences(results, judged(results))))
    assert said.endswith(".") and "Diamonds: the single seeds, too few for a test." in said


def test_the_alternative_text_names_what_can_be_told_apart() -> None:
    results = rows(1)
    found = judged(results)
    third = found.lines[2]
    text = describe_differences(results, found).replace("\u00a0", " ")
    assert text.startswith(
        "3 differences in test accuracy from “Row 0”, in percentage points: 2 can be told from zero after the"
        " correction for 3 comparisons: “Row 1” \u2212"
    )
    assert f"{100 * third.difference.low:+.2f} to {100 * third.difference.high:+.2f}" in text
    assert text.endswith("is not distinguishable from zero.") and "better" not in text and "equal" not in text


def test_a_row_and_its_twin_are_said_to_be_one_configuration() -> None:
    one = samples.result(samples.row("r0", title="Row 0"), "k", 42, made(42, 0.95))
    twin = samples.result(samples.row("r1", title="Row 1"), "k", 42, made(42, 0.95))
    found = judged([one, twin])
    check(differences([one, twin], found))
    text = describe_differences([one, twin], found)
    assert text.endswith("1 of the pairs is one configuration.") and "distinguishable" not in text
