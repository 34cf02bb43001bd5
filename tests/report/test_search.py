"""What the report says of a search: its pages as a reader and a screen reader meet them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from reportgen import language
from reportgen.analysis.trials import searched
from reportgen.experiments.stages import Stage
from reportgen.figures.cache import Drawing
from reportgen.figures.catalogue import FIGURES
from reportgen.report.drawer import Sketch
from reportgen.report.exports import figure_name
from reportgen.report.parts import Numbering
from reportgen.report.search import SearchView, search_view
from reportgen.results import Result
from tests import searches
from tests.report.conftest import Written, write
from tests.searches import FAILED, NOT_YET
from tests.tables.french import decimal_points, english_words
from tests.tables.reading import spaced

OUTCOMES = tuple(0.6 + (7 * number % 31) / 100 for number in range(24))
BEST = 1 + max(range(24), key=lambda number: OUTCOMES[number])


def long() -> tuple[Stage, list[Result]]:
    """Twenty-four trials, and the best of them trained anew."""
    stage, results = searches.search(OUTCOMES, kept=BEST)
    return stage, [*results, searches.anew(results[BEST - 1], (OUTCOMES[BEST - 1], 0.8, 0.82, 0.85))]


def drawing(name: str, results: Sequence[Result], about: object = None) -> Drawing:
    return Drawing(name, "<svg/>", "", True)


def view(stage: Stage, results: list[Result]) -> SearchView:
    experiments, made, _ = searches.report(stage, results)
    return search_view(stage, made, experiments, Numbering(), drawing)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(searches.report(*long()), tmp_path_factory.mktemp("search"), pdf=False)


def test_figures_and_tables_are_numbered_in_the_order_of_the_page(written: Written) -> None:
    captions = [
        int(number)
        for path, text in written.page.texts
        if "figcaption" in path and (number := "".join(re.findall(r"^Figure (\d+)\.$", text.strip())))
    ]
    assert captions == sorted(captions) and len(set(captions)) == len(captions)
    text = spaced(written.page.text())
    for caption in (
        "The validation accuracy of every trial, and the best so far.",
        "Every trial as a line across its settings to its validation accuracy",
        "How much of the variance of the measure each axis explains by itself.",
        "The best 10 of 24 trials with different settings, by validation accuracy.",
        "The winner of the search, as selected and trained anew.",
        "All trials of the search “Rates”, in the order of the proposals.",
    ):
        assert caption in text, caption
    assert not written.page.unclosed


def test_the_appendix_has_every_trial_and_the_chapter_leads_to_it(written: Written) -> None:
    places = {element.attributes.get("id") for element in written.page.elements}
    links = [element.attributes.get("href") for element in written.page.all("a")]
    assert "trials-hp" in places and links.count("#trials-hp") >= 2  # the contents have one too
    found = re.search(r'id="trials-hp".*?</table>', written.html, re.DOTALL)
    assert found is not None
    rows = re.findall(r'<tr[^>]*data-row="(hp-\d+)"', found[0])
    assert rows == [f"hp-{number:02d}" for number in range(1, 25)]


def test_trials_have_no_pages_and_the_winner_has_one(written: Written) -> None:
    pages = {element.attributes.get("id", "") for element in written.page.elements}
    assert "row-final" in pages and not any(page.startswith("row-hp-") for page in pages)


def test_alternative_texts_tell_the_finding(written: Written) -> None:
    titles = [spaced(text) for path, text in written.page.texts if path[-1:] == ("title",)]
    assert (
        sum("The best so far goes from" in text or "is the best from the start" in text for text in titles)
        == 1
    )
    assert sum(f"The best is trial {BEST}" in text for text in titles) == 1
    assert sum("What each axis explains of the variance" in text for text in titles) == 1


def test_files_of_a_search_are_named_by_it() -> None:
    found = searched(*long())
    for name in ("search_history", "search_parallel"):
        kind = next(kind for kind in FIGURES if kind.name == name)
        assert figure_name(Sketch(kind, (), found)) == f"{name}-hp"


def test_what_was_searched_is_said() -> None:
    stage, results = long()
    (said,) = view(stage, results).searched
    assert spaced(said) == (
        "The search varies hidden units (16; 32; [64, 64]), dropout (0; 0.2; 0.4) and rate (0.0001 to 0.1,"
        " by its logarithm). 24 trials in batches of 4, each proposed by a tree-structured Parzen estimator"
        " (TPE) from what the batches before it have shown; the seed of the proposals is 11. What it makes"
        " best is the validation accuracy of the weights that are tested; test images take no part in the"
        " choice. 24 trials were runs of their own; none repeats the settings of another."
    )


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"method": "random"}, "24 trials, drawn by chance alone; the seed"),
        ({"batch": 1}, "24 trials, each proposed by"),
        ({"measure": "validation_loss"}, "What it makes best is the validation loss of"),
    ],
)
def test_the_method_is_named(facts: dict[str, object], words: str) -> None:
    stage, results = long()
    assert words in spaced(view(replace(stage, **facts), results).searched[0])  # type: ignore[arg-type]


def test_repeats_failures_and_trials_to_come_are_counted() -> None:
    values = [searches.settings(number) for number in (1, 2, 1, 3, 4, 1)]
    stage, results = searches.search((0.8, 0.9, 0.8, FAILED, NOT_YET, 0.8), values=values, size=9)
    said = spaced(view(stage, results).searched[0])
    assert "3 trials were runs of their own; 2 have the settings of an earlier one and share its run" in said
    assert "1 left no measure; 4 are still to come." in said


def test_a_choice_by_the_test_set_is_told() -> None:
    stage, results = searches.search((0.8, 0.9, 0.7), kept=2)
    for number, result in enumerate(results):
        record = result.records[0]
        data = replace(record.data, validation="test")
        results[number] = replace(result, runs=(replace(result.runs[0], record=replace(record, data=data)),))
    said = spaced(view(stage, results).searched[0])
    assert "on the test images themselves: no figure is left that the choice has not touched" in said


def test_a_short_search_stands_in_its_chapter() -> None:
    stage, results = searches.search((0.8, 0.9, 0.7), kept=2)
    found = view(stage, results)
    assert found.table is not None and len(found.table.table.rows) == 3
    assert found.whole == "" and found.importance is None and found.winner is None
    assert "would take 10 at least" in spaced(found.about_importance[0])
    assert 'from = "best:hp"' in found.anew[0]


def test_a_search_without_a_result_has_no_figures() -> None:
    found = view(*searches.search((FAILED, NOT_YET), size=4))
    assert found.history is None and found.parallel is None and found.selected == () and found.anew == ()


def test_the_optimism_of_the_best_score_is_said_in_numbers() -> None:
    stage, results = long()
    said = spaced(" ".join(view(stage, results).selected))
    assert "The best score, 90.00 %, is the best of 24 trials and was selected for being that" in said
    # 1.95 times sqrt(0.9 * 0.1 / 400) = 1.50 points.
    assert "Of 24 equal networks, each with a standard error of 1.50 points on 400 images of its own" in said
    assert "2.92 points ahead of their mean by luck alone (1.95 standard errors)" in said
    assert "more than drawing the images explains" in said
    assert re.search(
        r"the best comes to 8\d\.\d\d %: the choice by these images is worth \d\.\d\d points", said
    )
    assert re.search(r"told apart from the median trial, \d+ \(p (= 0\.\d+|< 0\.0001) after Holm", said)


def test_everything_is_french() -> None:
    stage, results = long()
    with language.use("fr"):
        found = view(stage, results)
        tables = [item.table for item in (found.table, found.winner) if item is not None]
        texts = [
            *found.searched, *found.about_importance, *found.selected, *found.anew, found.count,
            *(table.caption for table in tables), *(table.note for table in tables),
            *(column.full_head for table in tables for column in table.columns),
            *(cell.text for table in tables for line in table.rows for cell in line.cells),
        ]  # fmt: skip
    said = " ".join(texts).replace("Trained anew", "").replace("“Rates”", "")
    assert english_words(said, "Rate", "rate") == set() and decimal_points(said) == []


def test_the_view_of_a_search_is_the_same_each_time() -> None:
    assert view(*long()) == view(*long())
