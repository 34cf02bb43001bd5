"""The page of an experiment: one page of paper, its parts, what changed, and the images it misread."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reportgen import language
from reportgen.analysis.metrics import confusion_matrix
from reportgen.experiments.schema import Section
from reportgen.records import Record
from reportgen.report import sheet, space
from reportgen.report.changes import settings
from reportgen.report.experiment import Experiment
from reportgen.report.matrix import matrix_view
from reportgen.results import Failure, Result
from reportgen.tables.worst import worst_classes_table
from tests import samples
from tests.report import invented
from tests.report.conftest import Page, Written, write
from tests.report.pictures import images_of
from tests.report.test_view import view

PAPERS: tuple[invented.Paper, ...] = ("a4", "letter")


def words_of(pdf: Path) -> list[list[tuple[str, float]]]:
    """By page, every word with where it ends, in points from the top."""
    told = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
    pages = told.split("<page ")[1:]
    return [
        [(word, float(end)) for end, word in re.findall(r'yMax="([\d.]+)">([^<]*)<', page)] for page in pages
    ]


def pages_about(pdf: Path, number: str) -> list[int]:
    """The pages whose running head names the experiment of this number."""
    heads = [" ".join(word for word, _ in words[:24]) for words in words_of(pdf)]
    return [place for place, head in enumerate(heads) if re.search(rf"(?<![\d.]){re.escape(number)} ", head)]


def two_rows(folder: Path, paper: invented.Paper = "a4", code: str = "en") -> invented.Triple:
    """A row of clothes and one that changes its dropout, with images at hand."""
    first, found = images_of(
        samples.record(layers=samples.cnn_layers(), dataset="fashion_mnist", accuracy=0.85), folder
    )
    second = replace(first, layers=samples.cnn_layers(35), seed=43)
    rows = [
        samples.row("first", "raw", "Three convolutions", comment=invented.COMMENT[:250]),
        samples.row("second", "raw", "Three convolutions, 35 units", comment=invented.COMMENT[:250], compared_with="first",
                    published=invented.PUBLISHED if paper == "a4" else None),
    ]  # fmt: skip
    results = [
        samples.result(row, row.id * 8, 42, record) for row, record in zip(rows, (first, second), strict=True)
    ]
    experiments, made, provenance = invented.triple(
        [Section(id="raw", title="Clothes")], rows, results, paper=paper, language=code
    )
    return experiments, made, replace(provenance, data=(found,))


@pytest.fixture(scope="module", params=[("a4", "en"), ("letter", "fr")], ids=str)
def written(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Written, invented.Triple]:
    paper, code = request.param
    folder = tmp_path_factory.mktemp(f"{paper}-{code}")
    triple = two_rows(folder / "data", paper, code)
    return write(triple, folder), triple


def test_an_experiment_takes_one_page_of_paper(written: tuple[Written, invented.Triple]) -> None:
    pdf = written[0].pdf
    assert len(pages_about(pdf, "1.1")) == len(pages_about(pdf, "1.2")) == 1
    assert pages_about(pdf, "1.1")[0] + 1 == pages_about(pdf, "1.2")[0]


def test_the_room_of_a_page_is_measured_right(written: tuple[Written, invented.Triple]) -> None:
    """What `space` adds up is where the last line of the page really ends, to a line or so."""
    rendered, triple = written
    report = triple[0].file.report
    top, foot = {"a4": (22, 297 - 18), "letter": (17, 279.4 - 16)}[report.paper]
    with language.use(report.language):
        for page in shown(rendered, triple):
            (place,) = pages_about(rendered.pdf, page.place.number)
            end = max(end for _, end in words_of(rendered.pdf)[place] if end < foot * space.MM)
            density = next(one for one in space.DENSITIES if one.name == page.density)
            said = page.remarks.items[: page.remarks.on_paper]
            height = sum(sheet._blocks(page, density)) + space.REMARKS
            height += sum(space.remark(one.text, one.rule, density) for one in said)
            assert end - top * space.MM == pytest.approx(height, abs=14)
            assert height <= space.PAGE[report.paper]


def shown(rendered: Written, triple: invented.Triple) -> list[Experiment]:
    """The pages as they were printed: the drawings are those of the report's own cache."""
    from reportgen.report import render
    from reportgen.report.assets import built_in

    folder = rendered.pdf.parent / "figures"
    report = render._seen(*triple, built_in("templates"), folder, 1, lambda text: None)[0]
    return [page for chapter in report.chapters for page in chapter.experiments]


def test_misread_images_stand_below_the_tables_and_above_the_remarks(
    written: tuple[Written, invented.Triple],
) -> None:
    html = written[0].html
    for number in ("first", "second"):
        section = html.split(f'id="row-{number}"')[1].split("</section>")[0]
        strip, said = section.index('class="block strip"'), section.rindex('class="said program"')
        assert section.index('class="matrix') < strip < said
        assert "<image" in section[strip:said]


def test_without_images_one_line_says_so(tmp_path: Path) -> None:
    experiments, results, provenance = two_rows(tmp_path)
    report = view((experiments, results, replace(provenance, data=())))
    pages = report.chapters[0].experiments
    assert all(page.strip is None and "not at hand" in page.no_images for page in pages)
    at_hand = view((experiments, results, provenance)).chapters[0].experiments
    assert all(page.strip is not None and not page.no_images for page in at_hand)


def test_the_strip_holds_items_that_were_really_misread(tmp_path: Path) -> None:
    asked: list[object] = []
    from reportgen.report.view import report_view
    from tests.report.test_view import draw

    def watched(name: str, results: object, about: object = None) -> object:
        if name == "confused_strip":
            asked.append(about)
        return draw(name, results, about)  # type: ignore[arg-type]

    triple = two_rows(tmp_path)
    report_view(*triple, draw=watched, epoch=1)  # type: ignore[arg-type]
    record = triple[1][0].record
    assert record is not None and len(asked) == 2
    items = asked[0]
    assert isinstance(items, tuple) and 0 < len(items) <= 10
    for mistake, picture in items:
        (place,) = np.flatnonzero(record.test.index == mistake.place)
        assert record.test.y_true[place] == mistake.true == picture.label
        assert record.test.y_pred[place] == mistake.predicted != mistake.true


def compared(own: Record, other: Record | None, title: str = "The other") -> tuple[Result, Result]:
    """A result and the one it is compared with."""
    row, before = samples.row("own"), samples.row("other", title=title)
    missing = Failure("timeout", "too long")
    second = samples.result(before, "b" * 64, 1, other, None if other else missing)
    return samples.result(row, "a" * 64, 1, own), second


def test_what_changed_is_marked_in_words() -> None:
    own = samples.record(layers=samples.mlp_layers(hidden=(100,)), epochs=30)
    found = settings(*compared(own, samples.record()))
    assert dict(found.before) == {"Hidden units": ("100", "(was 250)"), "Epochs": ("30", "(was 20)")}
    texts = {line.cells[0].text: line.cells[1] for line in found.table.rows}
    assert texts["Hidden units"].text == "100 (was 250)" and texts["Hidden units"].value == "100"
    assert found.table.note == "• differs from “The other”."
    bold = [line.cells[0].text for line in found.table.rows if line.cells[0].bold]
    assert bold == ["Hidden units", "Epochs"]


def test_outcomes_are_no_changes_and_a_failed_row_is_not_compared_with() -> None:
    own = samples.record(seed=9)
    found = settings(*compared(own, replace(samples.record(seed=9), times=replace(own.times, train=99.0))))
    assert not found.before and found.table.note == "Every setting is that of “The other”."
    alone = settings(*compared(own, None))
    assert not alone.before and not alone.table.note


def of_own_notebook(**parameters: object) -> Record:
    """A record of a notebook whose parameters reportgen does not know, the same network whatever they are."""
    return samples.record(
        layers=samples.lstm_layers(32), parameters={"epochs": 20, "batch_size": 64} | parameters
    )


def test_a_parameter_of_ones_own_notebook_is_marked_where_it_changed() -> None:
    own = samples.record(layers=samples.lstm_layers(64), parameters={"units": 64, "noise": 0.1, "seed": 1})
    other = samples.record(layers=samples.lstm_layers(32), parameters={"units": 32, "noise": 0.1, "seed": 2})
    found = settings(*compared(own, other))
    assert dict(found.before) == {"units": ("64", "(was 32)")}
    assert found.table.note == "• differs from “The other”."
    same = settings(*compared(own, replace(own, parameters={**own.parameters, "seed": 2})))
    assert not same.before and same.table.note == "Every setting is that of “The other”."


def test_every_setting_is_the_same_only_where_every_parameter_is() -> None:
    own, other = of_own_notebook(dataset="mnist", a=1), of_own_notebook(dataset="digits", a=1)
    note = settings(*compared(own, other)).table.note
    assert note == "Every setting but data set is that of “The other”."
    more = of_own_notebook(dataset="mnist", a=1, b=2)
    assert settings(*compared(own, more)).table.note == (
        "Every setting listed here is that of “The other”. Only there: b."
    )
    with language.use("fr"):
        french = settings(*compared(own, other)).table.note
    assert french == "Tous les réglages sont ceux de «\u00a0The other\u00a0», sauf jeu de données."


def test_a_parameter_that_one_of_two_runs_shows_elsewhere_is_not_new() -> None:
    stopped = replace(of_own_notebook(), parameters={"epochs": 50, "batch_size": 64})
    whole = samples.record(layers=samples.lstm_layers(32), parameters=stopped.parameters, epochs=50)
    found = settings(*compared(stopped, whole))
    assert dict(found.before) == {"Epochs": ("20", "(was 50)")}
    back = settings(*compared(whole, stopped))
    assert dict(back.before) == {"Epochs": ("50", "(was 20)")} and "Only there" not in back.table.note


def test_a_long_value_says_too_what_it_was() -> None:
    own = samples.record(layers=samples.mlp_layers(hidden=(1000, 900, 800, 700, 600, 500)))
    found = settings(
        *compared(own, samples.record(layers=samples.mlp_layers(hidden=(999, 900, 800, 700, 600, 500))))
    )
    value, was = found.before["Hidden units"]
    assert value.startswith("1\u00a0000") and was == "(was 999, 900, 800, 700, 600, 500)"
    line = next(line for line in found.lines if line.name == "Hidden units")
    density = space.DENSITIES[0]
    one, both = (space.settings([row], found.names, "", "", density) for row in (replace(line, was=""), line))
    assert both == one + density.line


def test_a_value_reaches_into_the_room_that_its_name_leaves() -> None:
    lines = [space.Line("A name that is as long as names are", "4"), space.Line("Loss", "word " * 7)]
    names = space.names_width(lines)
    assert space.reach(lines[0], names) == 0
    far = space.reach(lines[1], names)
    assert 0 < far < names - space.width("Loss", 8)
    density = space.DENSITIES[0]
    single = space.settings(lines[:1], names, "", "", density)
    assert space.settings(lines, names, "", "", density) == pytest.approx(single + density.setting)


@pytest.mark.parametrize("more", ["of 20", "of 20 000"])
def test_key_figures_are_as_wide_as_they_need(more: str) -> None:
    figures = [space.Figure("Test accuracy", "97.00", "%", "300 errors; 95 %: 96.65 to 97.32")] * 2
    figures += [space.Figure("Rank", "10", more, "")] * 3
    widths = space.key_widths(figures)
    assert space.WIDTH - 1 < sum(widths) <= space.WIDTH
    assert all(got > figure.wanted for figure, got in zip(figures, widths, strict=True))


def test_the_title_of_the_other_row_is_cut_only_where_it_is_too_long() -> None:
    own = samples.record(layers=samples.mlp_layers(hidden=(100,)))
    short = settings(*compared(own, samples.record(), "A Short One")).table.note
    assert short == "• differs from “A Short One”."
    long = settings(*compared(own, samples.record(), "word " * 18)).table.note
    assert "…" in long and space.width(long, 8) <= space.LEFT


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_a_matrix_of_few_classes_stands_beside_the_tables(classes: int) -> None:
    record = invented.letters(classes)
    found = matrix_view(confusion_matrix(record.test, classes), record.data.class_names)
    assert found is not None and found.width * space.MM <= space.RIGHT
    page = view(invented.single(record)).chapters[2].experiments[0]
    assert not page.tall and page.matrix is not None and page.remarks.on_paper is not None


def test_many_classes_have_their_worst_in_place_of_the_matrix() -> None:
    record = samples.record(class_names=[f"class {n}" for n in range(40)], layers=samples.mlp_layers(classes=40),
                            n_test=4000, accuracy=0.7)  # fmt: skip
    result = samples.result(samples.row("only"), "ab" * 32, 42, record)
    table = worst_classes_table(result)
    counts = np.zeros((40, 40), dtype=int)
    np.add.at(counts, (record.test.y_true, record.test.y_pred), 1)
    recall = counts.diagonal() / counts.sum(axis=1)
    assert len(table.rows) == 12
    for line, value in zip(table.rows, np.sort(recall), strict=False):
        name, items, errors, printed, read = line.cells
        place = int(name.text.removeprefix("class "))
        assert recall[place] == value and items.value == counts[place].sum()
        assert errors.value == counts[place].sum() - counts[place, place]
        assert printed.text == f"{100 * value:.1f}"
        others = sorted((n for n in range(40) if n != place), key=lambda n: (-counts[place, n], n))
        assert read.text.startswith(f"class {others[0]} {counts[place, others[0]]};")
    page = view(invented.single(record)).chapters[2].experiments[0]
    assert page.matrix is None and page.worst is not None and page.tall


def test_a_dense_matrix_and_its_pairs_are_numbered_as_they_stand() -> None:
    page = view(invented.single(invented.letters(26))).chapters[2].experiments[0]
    assert page.pairs is not None and page.matrix_number == page.pairs.number - 1


def test_a_failed_row_among_others_says_why(coursework: Written) -> None:
    section = coursework.html.split('id="row-raw-250"')[1].split("</section>")[0]
    text = " ".join(Page(f"<section{section}</section>").text().split())
    assert "This run failed. The kernel died: the kernel was killed (SIGKILL)" in text
    assert "What to try: try fewer --jobs" in text and "It was in code cell 4." in text
    assert "<table" not in section and "<svg" not in section


def test_rows_without_a_result_stand_on_one_page_of_paper_and_say_that_the_run_was_quick(
    tmp_path: Path,
) -> None:
    rows = [samples.row(f"lost-{n}", title=f"Lost {n}", comment="It was not run.") for n in range(4)]
    failure = Failure("not-run", "this run has not been made")
    results = [samples.result(row, str(n) * 64, 42, failure=failure) for n, row in enumerate(rows)]
    triple = invented.triple([Section(id="raw", title="Raw")], rows, results, quick=True)
    written = write(triple, tmp_path)
    heads = {
        page
        for page, words in enumerate(words_of(written.pdf))
        if "not been made" in " ".join(word for word, _ in words)
    }
    assert len(heads) == 1
    foot = " ".join(word for word, _ in words_of(written.pdf)[heads.pop()])
    assert "Quick run" in foot


def test_a_comment_too_long_for_its_place_fills_the_column_under_the_matrix() -> None:
    def page(comment: str) -> Experiment:
        row = samples.row("only", comment=comment)
        result = samples.result(row, "a" * 64, 42, samples.record(layers=samples.cnn_layers()))
        return view(invented.triple([Section(id="raw")], [row], [result])).chapters[0].experiments[0]

    short, longer = page(invented.COMMENT[:150]), page(invented.COMMENT * 2)
    assert short.comment_beside and not short.comment_under
    assert longer.comment_under and not longer.comment_beside
    assert not page(invented.COMMENT * 2 + "\n\n* a list\n").comment_under
    heights = [space.floats(sheet._columns(one, space.DENSITIES[0])) for one in (longer, short)]
    assert sheet._head(longer, space.DENSITIES[0]) + heights[0] <= space.PAGE["letter"]
