"""Every figure of rows and runs, in both languages, at the ends of what a report holds."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import cache

import pytest
from matplotlib.figure import Figure

from reportgen import language
from reportgen.analysis.contrasts import family
from reportgen.experiments.schema import Contrast, Protocol, Published
from reportgen.figures.catalogue import FIGURES
from reportgen.figures.style import look
from reportgen.results import Failure, Result
from tests import samples
from tests.figures.artists import check, data, size, written

KINDS = {kind.name: kind for kind in FIGURES}
ROWS = ("cover_strip", "accuracy_against_cost", "cost_panels", "small_multiples", "published_scores")
RUNS = ("learning_curves", "f1_per_class", "confusion_heatmap", "reliability")
PAGE, COLUMN = 625.0, 250.0
"""Points of height for a figure with its caption: a page of the shorter paper, and beside a matrix."""
LONG = "A network of three convolutions with very long names, batches of 256 and a dropout of one half"
CYRILLIC = "Свёрточная сеть: три слоя, пакеты по 256, отсев 0,5"
LOAD = {"jobs": 2, "threads": 1, "cpu": "Example CPU", "cores": 2}
NAMES = {
    "two": ("no", "yes"),
    "accented": ("Écharpe à œillets", "Noël", "Žlutý kůň", "Łódź", "façade", "Ñandú", "Größe", "İstanbul"),
    "cyrillic": ("Футболка/топ", "Брюки", "Пуловер", "Платье", "Пальто", "Сандалия", "Рубашка", "Ботильон"),
    "greek": ("μπλούζα", "παντελόνι", "πουλόβερ", "φόρεμα", "παλτό", "σανδάλι", "πουκάμισο", "τσάντα"),
    "long": tuple(f"a class whose name is far too long for any figure, number {n}" for n in range(12)),
    "hundred": tuple(f"species number {n}" for n in range(100)),
}


@cache
def rows(count: int, sections: int = 6, sets: int = 2, title: str = "") -> tuple[Result, ...]:
    """Rows with accuracies, costs and lengths of all sizes; every ninth of many has failed."""
    names = ("mnist", "fashion_mnist", *(f"a data set with a long name of its own, {n}" for n in range(20)))
    found = []
    for number in range(count):
        place = number * sections // count
        row = samples.row(
            f"r{number}",
            f"s{place}",
            title=title or f"{10 + number * 37 % 890} units, batches of {2 ** (number % 8 + 4)}",
            published=Published(test_accuracy=0.9 + number % 13 / 200),
        )
        if count > 1 and number % 9 == 4:
            found.append(samples.result(row, f"{number:064x}", 42, failure=Failure("timeout", "")))
            continue
        record = samples.record(
            dataset=names[place * sets // sections],
            class_names=samples.DIGITS,
            layers=samples.mlp_layers(hidden=(10 + number * 37 % 890,)),
            accuracy=0.9 + 0.09 * (number * 7 % count) / count,
            epochs=5 + number * 11 % 55,
            n_test=200,
            n_validation=400,
            seed=number,
        )
        times = dataclasses.replace(record.times, train=5.0 + number * 23 % 400)
        environment = {**record.environment, **LOAD}
        made = dataclasses.replace(record, times=times, environment=environment)
        found.append(samples.result(row, f"{number:064x}", 42, made))
    return tuple(found)


def sections(results: Sequence[Result], title: str) -> dict[str, str]:
    return {result.row.section: title for result in results}


def of_rows(name: str, results: Sequence[Result], title: str) -> tuple[Figure, str]:
    about = Protocol(source="Somebody", test_items=10_000) if name == "published_scores" else None
    kind, titles = KINDS[name], sections(results, title)
    return kind.draw(results, titles, about), kind.describe(results, titles, about)


CASES: dict[str, tuple[Callable[[], tuple[Result, ...]], str]] = {
    "one": (lambda: rows(1, 1, 1), "One"),
    "twenty-four": (lambda: rows(24, 4), "Digits with convolutional networks"),
    "hundred and twenty": (lambda: rows(120), "Clothing"),
    "long titles": (lambda: rows(24, 14, 4, LONG), LONG),
    "many data sets": (lambda: rows(60, 20, 12), "Another data set"),
    "cyrillic": (lambda: rows(6, 2, 2, CYRILLIC), "Εικόνες ρούχων"),
}


@pytest.mark.parametrize("code", language.LANGUAGES)
@pytest.mark.parametrize("case", list(CASES))
@pytest.mark.parametrize("name", ROWS)
def test_figures_of_rows_keep_to_a_page(name: str, case: str, code: str) -> None:
    make, title = CASES[case]
    with language.use(code):
        figure, alt = of_rows(name, make(), title)
    check(figure)
    assert size(figure)[0] == 468 and size(figure)[1] <= (270 if name == "cover_strip" else PAGE)
    assert alt


@pytest.mark.parametrize("code", language.LANGUAGES)
@pytest.mark.parametrize("reference", ["r0", None])
def test_a_family_of_many_rows_keeps_to_a_page(reference: str | None, code: str) -> None:
    results = [result for result in rows(24, 1, 1, LONG) if result.record]
    names = [result.row.id for result in results]
    with language.use(code):
        found = family(Contrast(id="c", title="c", rows=names, reference=reference), results)
        figure = KINDS["differences"].draw(results, {}, found)
    check(figure)
    assert size(figure)[1] <= PAGE


@pytest.mark.parametrize("code", language.LANGUAGES)
@pytest.mark.parametrize("case", list(NAMES))
@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("seeds", [1, 3])
def test_figures_of_a_run_show_every_class(name: str, case: str, code: str, seeds: int) -> None:
    classes = NAMES[case]
    made = [
        samples.record(class_names=classes, name="pets", accuracy=0.8, n_test=20 * len(classes), seed=seed)
        for seed in range(seeds)
    ]
    result = samples.repeated(samples.row(title=LONG), made)
    with language.use(code):
        figure = KINDS[name].draw([result], {}, None)
    check(figure)
    if name != "confusion_heatmap":
        assert size(figure)[1] <= COLUMN
    if name in ("f1_per_class", "confusion_heatmap") and case in ("two", "cyrillic", "greek"):
        assert set(classes) <= set(written(figure))


def test_what_has_no_room_is_said() -> None:
    many = rows(120)
    assert any("of 120 rows are shown" in text for text in written(of_rows("small_multiples", many, "")[0]))
    key = "order by validation, of the fronts and the first 10"
    for name in ("accuracy_against_cost", "cost_panels"):
        assert key in written(of_rows(name, many, "")[0])
        assert any("more data set" in text for text in written(of_rows(name, rows(60, 20, 12), "")[0]))
    said = " ".join(written(of_rows("published_scores", many, "")[0]))
    assert "are shown: those furthest from the published figure." in said
    cover = " ".join(written(of_rows("cover_strip", rows(60, 20, 12), "")[0]))
    assert "more data sets are not shown." in cover


def test_small_multiples_of_many_rows_are_those_of_lowest_loss_in_their_order() -> None:
    many = rows(120)
    figure, _ = of_rows("small_multiples", many, "")
    best = sorted(
        (result for result in many if result.record),
        key=lambda result: float(result.records[0].history["val_loss"].min()),
    )
    cells = [axes for axes in figure.axes if axes.axison]
    titles = [result.row.title for result in many if result.row.title in written(figure)]
    shown = [text for text in written(figure) if text in set(titles)]
    assert len(cells) == len(shown) and len(cells) % 3 == 0
    assert sorted(shown, key=titles.index) == shown
    assert set(shown) == {result.row.title for result in best[: len(cells)]}


def test_the_cover_of_many_chapters_has_a_line_for_each_data_set() -> None:
    figure, _ = of_rows("cover_strip", rows(24, 14, 4, LONG), LONG)
    assert [text for text in written(figure) if text.endswith("chapters")]
    dots = [
        point
        for axes in figure.axes
        if axes.axison
        for line in axes.lines
        if line.get_linestyle() == "None"
        for point in data(line)[0]
    ]
    assert len(dots) == sum(result.record is not None for result in rows(24, 14, 4, LONG))


def test_twelve_sections_and_more_look_different() -> None:
    looks = look([f"s{n}" for n in range(48)])
    assert len(set(looks.values())) == 48
