"""What a report prints of every row at its end: pages, epochs, Keras code."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from reportgen.experiments.schema import Section
from reportgen.records import Features, Record
from reportgen.report.keras_code import keras_code
from reportgen.report.parts import Place
from reportgen.report.row_appendices import MOST_LINES, RowAppendix, RowPart, thinned
from reportgen.report.view import Report
from reportgen.tables import history_table
from tests import samples
from tests.report import invented
from tests.report.conftest import Written, write
from tests.report.test_view import view


def changed(**report: object) -> Report:
    experiments, results, provenance = samples.coursework(failed=True)
    settings = experiments.file.report.model_copy(update=report)
    file = experiments.file.model_copy(update={"report": settings})
    return view((replace(experiments, file=file), results, provenance))


def test_pages_move_into_an_appendix_and_keep_their_anchors() -> None:
    report = changed(experiment_pages="appendix")
    (appendix,) = report.row_appendices
    assert appendix.place.label == "B Experiments"
    assert [page.place.number for page in appendix.pages] == [f"B.{n}" for n in range(1, 7)]
    assert all(not chapter.experiments for chapter in report.chapters)
    assert all(report.has_page(page.row_id) for page in appendix.pages)
    assert [entry.place.number for entry in report.contents[-1].below] == [f"B.{n}" for n in range(1, 7)]
    chapters = [chapter for chapter in report.chapters if chapter.kind == "experiments"]
    assert all(chapter.tables and chapter.figure for chapter in chapters)


def test_numbers_of_tables_go_on_in_the_order_of_the_document() -> None:
    report = changed(experiment_pages="appendix", appendices=["epochs"])
    project = report.appendix.project.number
    pages, epochs = report.row_appendices
    assert pages.pages[0].settings is not None and project < pages.pages[0].settings.number
    numbers = [part.table.number for part in epochs.parts if part.table]
    assert numbers == list(range(numbers[0], numbers[0] + 5))


def test_appendices_follow_in_the_order_of_the_file_and_a_failed_row_is_no_hole() -> None:
    report = changed(appendices=["code", "epochs"])
    code, epochs = report.row_appendices
    assert [code.place.label, epochs.place.label] == ["B Settings as Keras code", "C Epoch by epoch"]
    assert len(code.parts) == len(epochs.parts) == 6
    for appendix in (code, epochs):
        assert [part.missing for part in appendix.parts][1] == "This experiment has no result."
        assert all(bool(part.missing) != bool(part.table or part.code) for part in appendix.parts)


def test_a_report_that_asks_for_none_has_none() -> None:
    assert changed().row_appendices == ()


@pytest.mark.parametrize("epochs", [1, 2, 59, 60, 61, 118, 119, 150, 999, 1000])
def test_a_long_log_is_thinned_and_keeps_its_ends(epochs: int) -> None:
    whole = history_table(samples.result(samples.row(), "a" * 64, 1, samples.record(epochs=epochs)))
    kept = [int(line.cells[0].value or 0) for line in thinned(whole).rows]
    assert len(kept) <= MOST_LINES and kept[0] == 1 and kept[-1] == epochs
    assert kept == sorted(set(kept))
    if epochs <= MOST_LINES:
        assert kept == list(range(1, epochs + 1))
    else:
        assert len(kept) > MOST_LINES / 3


def test_the_whole_log_is_exported() -> None:
    row = samples.row("long", "raw")
    triple = invented.triple([Section(id="raw")], [row], [samples.result(row, "a" * 64, 1, samples.record(epochs=150))],
                             appendices=["epochs"])  # fmt: skip
    (appendix,) = view(triple).row_appendices
    (part,) = appendix.parts
    assert part.table is not None and part.table.whole is not None
    assert len(part.table.whole.rows) == 150 > len(part.table.table.rows)
    assert "history-long.csv" in part.said and part.table.whole.id == "history-long"


def records() -> dict[str, Record]:
    """One record of each kind of network."""
    hog = Features("hog", 392, {"orientations": 8})
    return {
        "raw": samples.record(
            layers=(samples.plain("flatten", "Flatten", (28, 28, 1), (784,)), *samples.mlp_layers())
        ),
        "hog": samples.record(layers=samples.mlp_layers(392, (200, 100), "sigmoid"), features=hog),
        "cnn": samples.record(layers=samples.cnn_layers()),
        "fashion": samples.record(layers=samples.cnn_layers(100), dataset="fashion_mnist"),
    }


@pytest.mark.kernel
def test_the_code_runs_and_makes_the_same_network() -> None:
    script = "\n".join(
        f"{keras_code(invented.with_settings(record))}\nprint('{name}', model.count_params())"
        for name, record in records().items()
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    counted = dict(line.split() for line in run.stdout.splitlines() if line.split()[0] in records())
    assert counted == {name: str(record.total_params) for name, record in records().items()}


def test_the_code_says_what_is_not_usual_and_nothing_else() -> None:
    record = invented.with_settings(records()["cnn"], nesterov=True, momentum=0.9)
    code = keras_code(record)
    assert 'keras.layers.Conv2D(filters=9, kernel_size=(5, 5), padding="same", activation="relu"),' in code
    assert "keras.layers.MaxPooling2D(pool_size=(2, 2))," in code
    assert "learning_rate=0.001" in code and "0.00100000004" not in code
    assert "nesterov=True" in code and "ema_momentum" not in code and "None" not in code
    compile(code, "code", "exec")


def test_an_initializer_and_a_regularizer_are_calls() -> None:
    settings = {
        "units": 5, "activation": "relu", "use_bias": False,
        "kernel_initializer": {"class_name": "HeNormal", "config": {"seed": None}, "module": "keras.initializers"},
        "kernel_regularizer": {"class_name": "L2", "config": {"l2": 0.01}, "module": "keras.regularizers"},
        "bias_initializer": {"class_name": "Zeros", "config": {}, "module": "keras.initializers"},
    }  # fmt: skip
    layer = replace(samples.dense("dense", 4, 5, "relu"), settings=settings)
    code = keras_code(samples.record(layers=(layer,)))
    assert 'kernel_initializer="HeNormal"' in code or "keras.initializers.HeNormal()" in code
    assert "keras.regularizers.L2(l2=0.01)" in code and "use_bias=False" in code and "Zeros" not in code


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    experiments, results, provenance = samples.coursework(failed=True)
    settings = experiments.file.report.model_copy(
        update={"experiment_pages": "appendix", "appendices": ["epochs", "code"]}
    )
    file = experiments.file.model_copy(update={"report": settings})
    return write(
        (replace(experiments, file=file), results, provenance), tmp_path_factory.mktemp("appendices")
    )


def test_every_link_of_a_report_with_appendices_leads_somewhere(written: Written) -> None:
    ids = [element.attributes["id"] for element in written.page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids)) and not written.page.unclosed
    targets = {
        link.attributes["href"]
        for link in written.page.all("a")
        if link.attributes.get("href", "").startswith("#")
    }
    assert {target[1:] for target in targets} <= set(ids)
    assert {"appendix-pages", "appendix-epochs", "appendix-code", "epochs-raw-150", "code-raw-150"} <= set(
        ids
    )


def test_the_pdf_lists_the_appendices_in_its_outline(written: Written) -> None:
    import pikepdf

    with pikepdf.open(written.pdf) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        below = {item.title: [child.title for child in item.children] for item in outline.root}
    assert titles[-4:] == [
        "A Reproducibility",
        "B Experiments",
        "C Epoch by epoch",
        "D Settings as Keras code",
    ]
    assert len(below["B Experiments"]) == len(below["D Settings as Keras code"]) == 6


def test_that_runs_were_quick_is_said_once_before_their_pages() -> None:
    rows = [samples.row(name, "raw") for name in ("one", "two")]
    results = [samples.result(row, "a" * 64, 1, samples.record(quick=True)) for row in rows]
    for where in ("inline", "appendix"):
        report = view(invented.triple([Section(id="raw")], rows, results, quick=True, experiment_pages=where))
        (chapter,) = report.chapters
        home = chapter if where == "inline" else report.row_appendices[0]
        pages = chapter.experiments or report.row_appendices[0].pages
        assert [notice.title for notice in home.notices][:1] == ["Quick run."]
        assert len(pages) == 2
        assert all(page.notices == () and page.place.footer == "Quick run" for page in pages)


def test_networks_that_a_chapter_counts_stand_once_in_the_contents() -> None:
    place = Place("C.1", "Network 1", "network-a", subtitle="784–10")
    counted = RowPart(place, "a", counted=Place("2.1", "Network 1", "section-x:1"))
    own = Place("C", "Networks", "appendix-networks")
    assert RowAppendix("networks", own, parts=(counted,)).below == ()
    assert RowAppendix("networks", own, parts=(RowPart(place, "a"),)).below == (place,)
