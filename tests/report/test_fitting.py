"""Pages that ran over are found on the laid out document, and set more closely until they fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reportgen.report import fitting, render
from reportgen.report.assets import built_in
from reportgen.report.experiment import Experiment
from reportgen.report.html import paper_document
from reportgen.report.parts import Remark, Remarks
from reportgen.report.pdf import pdf_bytes
from reportgen.report.view import Report
from tests import samples
from tests.report import invented

TEMPLATES = built_in("templates")
LONG = "A remark that fills more than one line of the page, since it says the same thing twice: " * 2


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report of one row."""
    cache = tmp_path_factory.mktemp("figures")
    report, _ = render._seen(*invented.single(samples.record()), TEMPLATES, cache, 0, lambda text: None)
    return report


def crowded(report: Report, remarks: int) -> Report:
    """The report with more remarks than its page has room for, as a wrong estimate would leave it."""
    chapters = tuple(
        replace(chapter, experiments=tuple(_crowded(page, remarks) for page in chapter.experiments))
        for chapter in report.chapters
    )
    return replace(report, chapters=chapters)


def _crowded(page: Experiment, remarks: int) -> Experiment:
    items = tuple(Remark("a-rule", LONG) for _ in range(remarks))
    return replace(page, density="", remarks=Remarks(False, items, remarks))


def page_of(report: Report) -> Experiment:
    return next(page for chapter in report.chapters for page in chapter.experiments)


def laid_out(report: Report) -> list[frozenset[str]]:
    """Which pages of rows ran over in each round of setting a report."""
    rounds: list[frozenset[str]] = []
    again = render._closer(report, TEMPLATES, False)

    def watched(pages: Any) -> Any:
        rounds.append(frozenset(name for name in fitting.run_over(pages) if name.startswith("row-")))
        return again(pages)

    paper = paper_document(report, TEMPLATES)
    pdf_bytes(paper.html, paper.css, paper.assets, epoch=0, again=watched)
    return rounds


@pytest.mark.parametrize("remarks", [1, 12])
def test_a_page_that_runs_over_is_found_and_only_that_one(made: Report, remarks: int) -> None:
    report = crowded(made, remarks)
    first = laid_out(report)[0]
    assert first == (frozenset() if remarks == 1 else {page_of(report).place.anchor})


def test_rounds_end_even_where_nothing_helps(made: Report) -> None:
    assert len(laid_out(crowded(made, 30))) == fitting.ROUNDS + 1


def test_a_page_with_a_few_lines_too_many_fits_in_the_end(made: Report) -> None:
    rounds = laid_out(crowded(made, 8))
    assert len(rounds) > 1 and rounds[-1] == frozenset()


def test_a_closer_page_has_fewer_remarks_then_smaller_letters_and_last_a_second_page(made: Report) -> None:
    report = crowded(made, 3)
    anchor = frozenset([page_of(report).place.anchor])
    shown, densities = [], []
    for _ in range(7):
        closer = fitting.closer(report, anchor)
        if closer is None:
            break
        report = closer
        shown.append(page_of(report).remarks.on_paper)
        densities.append(page_of(report).density)
    assert shown == [2, 1, 1, 1, None] and densities == ["", "", "close", "closest", ""]
    assert len(page_of(report).remarks.items) == 3, "over two pages, and in the HTML, it has them all"


def test_nothing_is_changed_where_nothing_ran_over(made: Report) -> None:
    assert fitting.closer(crowded(made, 3), frozenset(["row-of-nobody"])) is None
