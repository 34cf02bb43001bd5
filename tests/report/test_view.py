"""The view: order, numbers, notices, who has a page."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import pytest

from reportgen.analysis.differences import rank_ranges
from reportgen.experiments.schema import Claim, Published, Section
from reportgen.figures.cache import Drawing
from reportgen.records import Features
from reportgen.report.failures import clean_log, failure_view
from reportgen.report.glance import separation
from reportgen.report.keys import key_figures
from reportgen.report.parts import shortened
from reportgen.report.view import Report, report_view
from reportgen.results import Failure, Result
from tests import samples
from tests.report import invented


def draw(name: str, results: Sequence[Result], about: object = None) -> Drawing:
    return Drawing(name, '<svg width="10pt" height="10pt"></svg>', f"{name} of {len(results)}", True)


def view(triple: invented.Triple) -> Report:
    return report_view(*triple, draw=draw, epoch=1_790_000_000)


def titles(report: Report) -> list[str]:
    return [entry.place.title for entry in report.contents]


def everything(value: Any) -> str:
    """All text below a view, for what must or must not be said."""
    return repr(value)


def test_chapters_follow_the_file_and_only_the_file() -> None:
    report = view(samples.coursework())
    assert titles(report) == ["At a glance", "Learning algorithm", "Model complexity", "Raw pixels", "Clothing",
                              "Comparison", "Conclusions", "Reproducibility"]  # fmt: skip
    assert [chapter.place.number for chapter in report.chapters] == ["1", "2", "3", "4", "5", "6"]
    experiments, results, provenance = samples.coursework()
    file = experiments.file.model_copy(
        update={"section": [s for s in experiments.file.section if s.id != "comparison"]}
    )
    assert "Comparison" not in titles(view((replace(experiments, file=file), results, provenance)))


def test_tables_figures_and_equations_are_numbered_without_a_gap() -> None:
    report = view(invented.labo())
    text = everything(report)
    import re

    figures = {int(number) for number in re.findall(r"NumberedFigure\(number=(\d+)", text)} - {0}
    assert figures == set(range(1, max(figures) + 1))
    equations = [int(number) for number in re.findall(r"Equation\(name='[^']*', number=(\d+)", text)]
    assert equations == list(range(1, len(equations) + 1))
    tables = [
        int(n) for n in re.findall(r"(?:NumberedTable\(number|matrix_number|table)=(\d+)", text) if int(n)
    ]
    assert sorted(tables) == list(range(1, len(tables) + 1))


def test_nothing_on_the_cover_is_chosen_by_a_test_score() -> None:
    report = view(samples.coursework())
    assert not any("%" in value for _, value in report.cover.facts)


def test_the_glance_is_the_best_by_validation() -> None:
    good, better = (
        replace(
            samples.record(n_test=1000, n_validation=1000),
            test=samples.predictions(1000, 10, test, 1),
            validation=samples.predictions(1000, 10, held, 2),
            evaluation={
                part: {"loss": 0.2, "accuracy": value}
                for part, value in (("test", test), ("validation", held))
            },
        )
        for test, held in ((0.99, 0.90), (0.91, 0.95))
    )
    rows = [
        samples.row("good", title="Good on the test set"),
        samples.row("better", title="Better by validation"),
    ]
    results = [samples.result(rows[0], "a" * 64, 1, good), samples.result(rows[1], "b" * 64, 2, better)]
    report = view(invented.triple([Section(id="raw")], rows, results))
    assert report.glance.table is not None
    (line,) = report.glance.table.table.rows
    held, tested = (
        f"{100 * (part.y_true == part.y_pred).mean():.2f}" for part in (better.validation, better.test)
    )
    assert [cell.text for cell in line.cells][1:5] == ["Better by validation", "1", held, tested]


def test_a_failed_row_has_a_page_even_in_a_section_without_pages() -> None:
    experiments, results, provenance = samples.coursework(failed=True)
    sections = [
        s.model_copy(update={"pages": "none"}) if s.kind == "experiments" else s
        for s in experiments.file.section
    ]
    file = experiments.file.model_copy(update={"section": sections})
    report = view((replace(experiments, file=file), results, provenance))
    pages = [page for chapter in report.chapters for page in chapter.experiments]
    assert [page.row_id for page in pages] == [results[1].row.id]
    assert report.has_page(results[1].row.id)
    assert not report.has_page(results[0].row.id)


def test_a_compact_page_has_no_matrix() -> None:
    experiments, results, provenance = samples.coursework()
    sections = [
        s.model_copy(update={"pages": "compact"}) if s.kind == "experiments" else s
        for s in experiments.file.section
    ]
    report = view(
        (
            replace(experiments, file=experiments.file.model_copy(update={"section": sections})),
            results,
            provenance,
        )
    )
    pages = [page for chapter in report.chapters for page in chapter.experiments]
    assert len(pages) == 6
    assert all(page.matrix is None and page.pairs is None and page.curves is not None for page in pages)


def test_a_report_without_any_result_is_still_a_report() -> None:
    experiments, results, provenance = samples.coursework()
    failed = tuple(
        samples.result(r.row, r.runs[0].key, r.runs[0].seed, failure=Failure("no-data", "no MNIST"))
        for r in results
    )
    report = view((experiments, failed, provenance))
    assert report.cover.figure is None and report.glance.table is None
    assert "6 of 6 experiments without a result." in [notice.title for notice in report.cover.notices]


def test_stand_in_data_are_said_on_the_cover_and_on_every_page_they_touch() -> None:
    rows = [samples.row("real"), samples.row("stand-in", section="clothes")]
    results = [
        samples.result(rows[0], "a" * 64, 42, samples.record()),
        samples.result(rows[1], "b" * 64, 42, samples.record(dataset="fashion_mnist", name="garments")),
    ]
    sections = [Section(id="raw"), Section(id="clothes"), Section(id="comparison", kind="comparison")]
    report = view(invented.triple(sections, rows, results))
    words = "Stand-in data."
    assert words in [notice.title for notice in report.cover.notices]
    assert words in [notice.title for notice in report.glance.notices]
    raw, clothes, comparison = report.chapters
    assert words not in everything(raw)
    for chapter in (clothes, comparison):
        assert words in [notice.title for notice in chapter.notices]
        assert chapter.place.footer == "Stand-in data"
    assert words in [notice.title for notice in clothes.experiments[0].notices]
    assert clothes.experiments[0].place.footer == "Stand-in data"


@pytest.mark.parametrize("kind", sorted(get_args(Section.model_fields["kind"].annotation)))
def test_every_page_but_those_of_rows_with_better_data_carries_the_mark(kind: str) -> None:
    rows = [samples.row("real"), samples.row("stand-in", section="clothes")]
    results = [
        samples.result(rows[0], "a" * 64, 42, samples.record()),
        samples.result(rows[1], "b" * 64, 42, samples.record(dataset="fashion_mnist", name="garments")),
    ]
    live = Section.model_validate(
        {"id": "said", "kind": kind, "text": "It reaches {{ row('stand-in').test_accuracy }}."}
    )
    report = view(invented.triple([Section(id="raw"), live, Section(id="clothes")], rows, results))
    raw, said, clothes = report.chapters
    assert (raw.place.footer, clothes.place.footer) == ("", "Stand-in data")
    assert said.place.footer == ("" if kind == "experiments" else "Stand-in data")
    for place in (report.glance_place, report.references_place, report.appendix_place):
        assert place.footer == "Stand-in data"


@pytest.mark.parametrize("stand_in", [False, True])
def test_published_figures_are_drawn_only_where_ours_are_of_the_same_data(stand_in: bool) -> None:
    row = samples.row("one", published=Published(test_accuracy=0.98))
    record = samples.record(name="digits" if stand_in else None)
    sections = [Section(id="raw"), Section(id="comparison", kind="comparison")]
    report = view(invented.triple(sections, [row], [samples.result(row, "a" * 64, 42, record)]))
    comparison = report.chapters[1].comparison
    assert comparison is not None and len(comparison.published) == 1
    assert (comparison.published_figure is None) is stand_in


def test_a_quick_report_says_so_on_every_page() -> None:
    triple = invented.single(samples.record(quick=True), quick=True)
    report = view(triple)
    places = [report.glance_place, report.appendix_place, *(chapter.place for chapter in report.chapters)]
    places += [page.place for chapter in report.chapters for page in chapter.experiments]
    assert all(place.footer == "Quick run" for place in places)
    assert "Quick run." in [notice.title for notice in report.cover.notices]


def test_validation_on_the_test_set_is_flagged_wherever_scores_stand() -> None:
    report = view(invented.single(samples.record(validation="test")))
    words = "Validated on the test set."
    assert words in [notice.title for notice in report.glance.notices]
    experiments, comparison = report.chapters[2], report.chapters[3]
    assert words in [notice.title for notice in experiments.notices]
    assert words in [notice.title for notice in experiments.experiments[0].notices]
    assert words in [notice.title for notice in comparison.notices]
    other = view(invented.single(samples.record())).chapters[3].comparison
    assert comparison.comparison is not None and other is not None
    assert "No rank depends on a test score" not in comparison.comparison.lede
    assert "No rank depends on a test score" in other.lede


def test_identical_configurations_name_each_other() -> None:
    report = view(invented.labo())
    raw = report.chapters[2]
    assert raw.experiments[2].twins == (("raw-4", "300 sigmoid units, dropout 0.5"),)


def test_processors_that_differ_are_warned_of() -> None:
    other = samples.record(seed=3)
    other = replace(other, environment={**other.environment, "cpu": "Another CPU"})
    rows = [samples.row("one"), samples.row("two")]
    results = [
        samples.result(rows[0], "a" * 64, 42, samples.record()),
        samples.result(rows[1], "b" * 64, 42, other),
    ]
    report = view(invented.triple([Section(id="raw")], rows, results))
    assert [notice.title for notice in report.appendix.notices] == ["Different processors."]


def test_the_appendix_prints_an_allow_list_only() -> None:
    record = samples.record()
    secret = replace(record, environment={**record.environment, "AWS_SECRET_ACCESS_KEY": "canary"})
    assert "canary" not in everything(view(invented.single(secret)).appendix)


def test_headline_scores_are_the_records() -> None:
    record = samples.record()
    page = view(invented.single(record)).chapters[2].experiments[0]
    values = {key.label: key.value for key in page.keys}
    assert values["Test accuracy"] == f"{100 * record.evaluation['test']['accuracy']:.2f}"
    assert values["Test loss"] == f"{record.evaluation['test']['loss']:.3f}"
    assert values["Validation accuracy"] == f"{100 * record.evaluation['validation']['accuracy']:.2f}"
    assert values["Parameters"] == "198\u00a0760"
    assert [key.headline for key in page.keys] == [True] + [False] * 5
    more = {key.label: key.more.replace("\u00a0", " ") for key in page.keys}
    wrong = int((record.test.y_true != record.test.y_pred).sum())
    assert all(more.values())
    assert more["Test accuracy"].startswith(f"{wrong} errors; 95 %: ")
    assert more["Macro F1"] == "mean of 10 classes"
    assert more["Parameters"] == "198 500 multiply-adds"


def test_multiply_adds_of_hog_values_are_counted_in() -> None:
    settings = {"orientations": 8, "pixels_per_cell": 4, "cells_per_block": 1, "block_norm": "L2-Hys"}
    record = samples.record(layers=samples.mlp_layers(392, (200,)), features=Features("hog", 392, settings))
    report = view(invented.single(record))
    more = {key.label: key.more.replace("\u00a0", " ") for key in report.chapters[2].experiments[0].keys}
    assert more["Parameters"] == f"{392 * 200 + 2000 + 5880:,} multiply-adds with HOG".replace(",", " ")
    assert [chapter.hog for chapter in report.chapters if chapter.kind == "complexity"] == [True]


def test_the_glance_says_what_the_validation_set_cannot_separate() -> None:
    results = [
        samples.result(
            samples.row(name, title=name.upper()), name * 64, 1,
            samples.record(n_test=500, n_validation=1000, accuracy=accuracy),
        )
        for name, accuracy in (("a", 0.96), ("b", 0.955), ("c", 0.80))
    ]  # fmt: skip

    def said(chosen: Sequence[Result]) -> tuple[str, ...]:
        return tuple(text.replace("\u00a0", " ") for text in separation(chosen, rank_ranges(chosen)))

    assert [rank_ranges(results)[name].first for name in "abc"] == [1, 1, 3], "independent of the sentence"
    (sentence,) = said(results)
    assert "(1 000 validation images, one training of each row)" in sentence
    assert "1 other row cannot be told from first place" in sentence
    assert "every other row can be told to lie below it" in said([results[0], results[2]])[0]
    assert said(results[:1]) == ()
    data = dataclasses.replace(results[0].records[0].data, n_validation=2000)
    more = samples.with_record(results[0], dataclasses.replace(results[0].records[0], data=data))
    assert "1 000 to 2 000 validation images, other ones for other rows" in said([more, *results[1:]])[0]
    quick = [
        samples.with_record(results[place], samples.record(accuracy=accuracy, quick=True))
        for place, accuracy in ((0, 0.96), (2, 0.80))
    ]
    assert said(quick)[0].endswith("A quick run tells nothing of which network is better.")


def test_the_figure_of_the_glance_names_the_table_of_its_numbers() -> None:
    report = view(samples.coursework())
    (comparison,) = (chapter for chapter in report.chapters if chapter.kind == "comparison")
    assert report.glance.figure is not None
    assert comparison.comparison is not None and comparison.comparison.ranking is not None
    number = comparison.comparison.ranking.number
    caption = report.glance.figure.caption
    assert f" Numbers are those of Table {number}: the order by validation accuracy; where" in caption
    assert comparison.comparison.ranking.table.columns[0].title == "No."
    assert "any row with a higher accuracy costs more, any that costs less has a lower one." in caption
    assert "surpasses" not in caption


@pytest.mark.parametrize("kind", ["error", "timeout", "kernel-died", "something-new"])
def test_a_failure_keeps_cause_cell_log_and_remedy(kind: str) -> None:
    found = failure_view(Failure(kind, "it broke", 4, "first\nlast", 62.0, "mend it"))
    assert found.message == "it broke" and found.log == "first\nlast" and found.remedy == "mend it"
    assert found.facts == ("It was in code cell 4.", "It lasted 1\u00a0min 2\u00a0s.")


def test_a_log_is_its_end_without_colours_and_control_characters() -> None:
    text = "\n".join(f"line {n}" for n in range(100)) + "\n\x1b[31mred\x1b[0m ── \u202eflip\x07"
    log = clean_log(text, 3)
    assert log == "line 98\nline 99\nred -- \\x202eflip\\x07"


def test_shortened_cuts_at_words_and_marks_it() -> None:
    assert shortened("short", 10) == "short"
    assert shortened("one two three four", 12) == "one two…"
    assert len(shortened("W" * 200, 20)) < 13


def test_scores_of_several_runs_are_called_means() -> None:
    records = [samples.record(seed=seed, n_test=200) for seed in (42, 43)]
    records = [
        replace(one, evaluation={**one.evaluation, "test": {"loss": loss, "accuracy": 0.9}})
        for one, loss in zip(records, (0.1340, 0.1346), strict=True)
    ]
    keys = key_figures(samples.repeated(samples.row("a"), records), records[0], None)
    assert [key.label for key in keys[:4]] == [
        "Test accuracy, mean of 2", "Mean test loss", "Mean val. accuracy", "Mean macro F1",
    ]  # fmt: skip
    assert (keys[1].value, keys[1].more) == ("0.134", "s.d. 0.00042")
    on_test = [samples.record(seed=seed, n_test=200, validation="test") for seed in (42, 43)]
    keys = key_figures(samples.repeated(samples.row("a"), on_test), on_test[0], None)
    assert keys[2].label == "Mean on the test set"


def test_a_claim_is_printed_without_the_marks_of_markdown() -> None:
    experiments, results, provenance = samples.coursework()
    claim = Claim(
        id="low",
        text="It has *less* than `1%`.",
        expression=f"row('{experiments.rows[0].id}').test_accuracy < 0.01",
    )
    file = experiments.file.model_copy(update={"claim": [claim]})
    report = view((replace(experiments, file=file), results, provenance))
    assert [judged.claim.text for judged in report.claims] == ["It has less than 1%."]
    assert "It has less than 1%." in everything(report.chapters)
    assert "`1%`" not in everything(report)
