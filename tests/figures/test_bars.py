"""Test accuracies of all rows, by validation."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from scipy.stats import binomtest, t

from reportgen import language
from reportgen.figures import bars
from reportgen.figures.style import FAMILIES, GRID, SHAPES
from reportgen.records import Record
from reportgen.results import Failure, Result
from tests import samples
from tests.figures.artists import check, data, size, written

LONG = "A title of ninety letters that says in so many words what was changed against the row before it"
SECTIONS = {"raw": "Raw pixels", "hog": "HOG features"}


def made(seed: int, accuracy: float = 0.9, reached: float = 0.9, n: int = 400, **more: str) -> Record:
    record = samples.record(
        seed=seed,
        accuracy=accuracy,
        n_test=n,
        n_validation=60,
        epochs=3,
        **more,  # type: ignore[arg-type]
    )
    validation = {"accuracy": reached, "loss": 0.3}
    return dataclasses.replace(record, evaluation=dict(record.evaluation) | {"validation": validation})


def row(name: str, *records: Record | Failure, section: str = "raw", title: str = "") -> Result:
    return samples.repeated(samples.row(name, section, title or f"Row {name}"), records)


def right(record: Record) -> int:
    return int((record.test.y_true == record.test.y_pred).sum())


def drawn(figure: Figure) -> list[Line2D]:
    """The dots of the rows, from the top."""
    return [line for line in figure.axes[-1].lines if line.get_marker() not in ("None", "<", ">")]


def intervals(figure: Figure) -> list[Line2D]:
    found = [line for line in figure.axes[-1].lines if line.get_marker() == "None"]
    return [line for line in found if line.get_color() != GRID]


def test_the_colour_of_a_chapter_is_that_of_its_place_in_the_file() -> None:
    alone = bars.accuracy_bars([row("a", made(1), section="hog")], SECTIONS)
    both = bars.accuracy_bars([row("a", made(1), section="hog"), row("b", made(2))], SECTIONS)
    looks = [{(dot.get_marker(), dot.get_color()) for dot in drawn(figure)} for figure in (alone, both)]
    assert looks[0] == {(SHAPES[1], FAMILIES[1])} and looks[0] < looks[1]


def test_dots_stand_at_the_accuracies_by_validation() -> None:
    reached = [0.7, 0.9, 0.8]
    rows = [
        row(str(n), made(n, 0.9 - n / 30, value), section="hog" if n == 1 else "raw")
        for n, value in enumerate(reached)
    ]
    figure = bars.accuracy_bars([*rows, row("lost", Failure("timeout", ""))], SECTIONS)
    check(figure)
    found = drawn(figure)
    order = [1, 2, 0]
    ends = [data(dot)[0][0] for dot in found]
    assert not figure.axes[-1].patches
    np.testing.assert_allclose(ends, [100 * right(rows[n].records[0]) / 400 for n in order])
    assert [data(dot)[1] for dot in found] == sorted(data(dot)[1] for dot in found)
    words = written(figure)
    assert [f"{end:.2f}" for end in ends] == [text for text in words if text in {f"{e:.2f}" for e in ends}]
    places = [words.index(f"Row {n}") for n in order]
    assert places == sorted(places) and "Row lost" not in words
    assert {"Raw pixels", "HOG features"} <= set(words)
    assert [line.get_marker() for line in found] == ["s", "o", "o"]
    assert len({line.get_color() for line in found}) == 2


def test_one_run_has_its_wilson_interval() -> None:
    record = made(1)
    figure = bars.accuracy_bars([row("a", record)], SECTIONS)
    check(figure)
    interval = binomtest(right(record), 400).proportion_ci(0.95, method="wilson")
    (line,) = intervals(figure)
    np.testing.assert_allclose(data(line)[0], [100 * interval.low, 100 * interval.high], rtol=1e-6)
    assert "Wilson intervals of 95 %" in " ".join(written(figure))


def test_several_seeds_have_the_interval_of_their_mean() -> None:
    records = [made(seed, 0.9) for seed in (1, 2, 3)]
    figure = bars.accuracy_bars([row("a", *records)], SECTIONS)
    check(figure)
    values = np.array([right(record) / 4 for record in records])
    half = t.ppf(0.975, 2) * values.std(ddof=1) / 3**0.5
    (line,) = intervals(figure)
    np.testing.assert_allclose(
        data(line)[0], [values.mean() - half, min(100, values.mean() + half)], rtol=1e-6
    )
    (dot,) = drawn(figure)
    assert data(dot)[0] == [pytest.approx(values.mean())]
    assert "t intervals of the means, 95 %" in " ".join(written(figure))
    both = bars.accuracy_bars([row("a", *records), row("b", made(4))], SECTIONS)
    assert "One run: Wilson interval; several seeds: their mean" in " ".join(written(both))


@pytest.mark.parametrize("count", [1, 2, 30, 31, 60, 61, 120])
def test_any_number_of_rows(count: int) -> None:
    rows = [row(str(n), made(n % 7, 0.9, 0.5 + n / 500, n=100), title=f"{n} {LONG}") for n in range(count)]
    figure = bars.accuracy_bars(rows, SECTIONS)
    check(figure)
    assert size(figure)[0] == 468 and size(figure)[1] < 680
    assert len(drawn(figure)) == min(60, count)
    words = written(figure)
    highest = [text for text in words if text.startswith(f"{count - 1} A title")]
    assert highest
    said = [text for text in words if "rows: those with the highest validation accuracy" in text]
    assert bool(said) == (count > 60)
    if said:
        assert said[0].startswith(f"60 of {count} rows")
        assert not any(text.startswith(f"{count - 61} A title") for text in words)


@pytest.mark.parametrize("code", language.LANGUAGES)
@pytest.mark.parametrize("accuracy", [0.0, 0.02, 1.0])
def test_the_axis_stays_within_0_and_100(accuracy: float, code: str) -> None:
    rows = [row(str(n), made(n, accuracy, n=30), section=f"chapter {n}") for n in range(14)]
    with language.use(code):
        figure = bars.accuracy_bars(rows, {f"chapter {n}": f"{n} {LONG}" for n in range(14)})
    check(figure)
    low, high = figure.axes[-1].get_xlim()
    assert low < high <= 100 and low >= 0


def test_what_was_validated_on_the_test_set_is_said() -> None:
    rows = [row("a", made(1)), row("b", made(2, validation="test"))]
    assert "placed by their test accuracy" in " ".join(written(bars.accuracy_bars(rows, SECTIONS)))
    assert "placed by" not in " ".join(written(bars.accuracy_bars(rows[:1], SECTIONS)))


def test_alternative_text_of_the_bars() -> None:
    rows = [row("a", made(1, 0.7, 0.95)), row("b", made(2, 0.9, 0.6))]
    found = [right(result.records[0]) for result in rows]
    interval = binomtest(found[0], 400).proportion_ci(0.95, method="wilson")
    low, high = sorted(found)
    text = bars.describe_bars(rows, SECTIONS).replace("\u00a0", " ")
    first = (
        f"“Row a”: {found[0] / 4:.2f} %, interval of 95 % from {100 * interval.low:.2f} % to"
        f" {100 * interval.high:.2f} %."
    )
    assert text == (
        f"Test accuracy of 2 of 2 rows, in the order of their validation accuracy: from {low / 4:.2f} % to"
        f" {high / 4:.2f} %. The first, {first}"
    )
    alone = bars.describe_bars(rows[:1], SECTIONS).replace("\u00a0", " ")
    assert alone == f"Test accuracy of one row. {first}"
