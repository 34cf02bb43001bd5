"""The chapter on the data: counts by hand, one image of each class, and what the program says of the split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from reportgen import language
from reportgen.experiments.schema import Section
from reportgen.figures.cache import Drawing
from reportgen.records import Features, Record
from reportgen.report.data import DataPart
from reportgen.report.view import report_view
from reportgen.results import Result
from tests import samples
from tests.report import invented
from tests.report.pictures import images_of
from tests.report.test_view import draw, view

SECTIONS = [Section(id="data", kind="data"), Section(id="raw", title="Raw")]


def parts(*records: Record, quick: bool = False) -> tuple[DataPart, ...]:
    """The parts of the chapter of a report with one row for each record."""
    return view(triple(*records, quick=quick)).chapters[0].data


def triple(*records: Record, quick: bool = False) -> invented.Triple:
    rows = [samples.row(f"row-{n}", "raw", f"Row {n}") for n in range(len(records))]
    results = [
        samples.result(row, f"{n:064x}", 42, record)
        for n, (row, record) in enumerate(zip(rows, records, strict=True))
    ]
    return invented.triple(SECTIONS, rows, results, quick=quick)


def said(part: DataPart) -> str:
    return " ".join(part.sentences).replace("\u00a0", " ")


def test_counts_are_those_of_the_labels() -> None:
    record = samples.record(n_test=2003)
    (part,) = parts(record)
    table = part.table.table
    printed = [[cell.value for cell in line.cells] for line in table.rows]
    held, test = (
        np.bincount(record.validation.y_true, minlength=10),
        np.bincount(record.test.y_true, minlength=10),
    )
    wanted = [
        [name, int(9 * held[n]), int(held[n]), int(test[n])] for n, name in enumerate(record.data.class_names)
    ]
    assert printed == [*wanted, ["All", 10800, 1200, 2003]]
    assert [column.head for column in table.columns] == ["Class", "Training", "Validation", "Test"]


def test_every_data_set_that_was_used_has_a_part() -> None:
    found = parts(samples.record(), samples.record(dataset="fashion_mnist"), samples.record(seed=3))
    assert [part.place.title for part in found] == ["MNIST", "Fashion-MNIST"]
    assert [part.place.number for part in found] == ["1.1", "1.2"]


def test_other_divisions_have_columns_of_their_own() -> None:
    (part,) = parts(samples.record(), samples.record(n_validation=600), samples.record(seed=3))
    table = part.table.table
    assert [column.full_head for column in table.columns] == [
        "Class", "Division 1: Training", "Division 1: Validation", "Division 2: Training", "Division 2: Validation", "Test",
    ]  # fmt: skip
    assert [cell.value for cell in table.rows[-1].cells] == ["All", 10800, 1200, 5400, 600, 2000]
    assert table.note == "Division 1: “Row 0”, “Row 2”. Division 2: “Row 1”."


def test_many_divisions_are_ranges() -> None:
    (part,) = parts(*(samples.record(n_validation=100 * n, seed=n) for n in range(6, 11)))
    assert [cell.text for cell in part.table.table.rows[-1].cells][2] == "600–1\u00a0000"
    assert (
        part.table.table.note
        == "The runs divide the images in 5 ways: the lowest and the highest count of each."
    )


def test_the_sentences_say_what_the_records_hold() -> None:
    hog = Features(
        "hog", 392, {"orientations": 8, "pixels_per_cell": 4, "cells_per_block": 1, "block_norm": "L2-Hys"}
    )
    pixels = Features("pixels", 784, {"scale": "1/255"})
    record = samples.record(features=pixels)
    (part,) = parts(record, samples.record(features=hog, seed=42))
    text = said(part)
    assert (
        "An image has 28 × 28 pixels and one channel; the values of the training images run from 0 to 255."
        in text
    )
    assert "In 1 row the input is the image itself, each value multiplied by 1/255: 784 values." in text
    assert (
        "8 orientations, cells of 4 × 4 pixels, blocks of 1 × 1 cells, block norm L2-Hys; 392 values" in text
    )
    assert (
        "1 200 images, 10 % of the training set, were held out for validation, the same share of each class"
        in text
    )
    assert f"drawn with seed 42; its SHA-256 begins with {record.data.split_digest[:12]}." in text
    assert "The classes are balanced: each has 1 080 training images." in text


def test_the_largest_and_the_smallest_class_are_named() -> None:
    record = samples.record()
    counts = {**record.data.class_counts, "train": (500, 100, 400, 300, 300, 300, 300, 300, 300, 300)}
    (part,) = parts(replace(record, data=replace(record.data, class_counts=counts)))
    assert ("The largest class, “0”, has 500 training images, the smallest, “1”, has 100: 5.00 times as many."
            in said(part))  # fmt: skip


def test_stand_in_quick_and_validation_on_the_test_set_are_said() -> None:
    (part,) = parts(samples.record(name="digits", validation="test", quick=True), quick=True)
    assert [notice.title for notice in part.notices] == [
        "Quick run.",
        "Stand-in data.",
        "Validated on the test set.",
    ]
    assert "It stands in for MNIST" in said(part) and "comes with the program" in said(part)
    assert "validated on the 2 000 of the test set itself" in said(part)


def test_a_quick_run_says_how_much_of_the_data_it_saw() -> None:
    quick = samples.record(quick=True)
    (part,) = parts(quick, quick=True)
    assert (
        "A quick run sees a part of the images only: 12 000 to train and validate on, 2 000 to test on. 1 200 images,"
        in said(part)
    )
    on_test = samples.record(quick=True, validation="test")
    assert "10 800 to train and validate on" in said(parts(on_test, quick=True)[0])
    assert "quick" not in said(parts(samples.record())[0])


def test_of_data_at_hand_it_says_of_how_much(tmp_path: Path) -> None:
    record, found = images_of(samples.record(quick=True), tmp_path)
    record = replace(record, data=replace(record.data, n_train=90, n_validation=10, n_test=50))
    experiments, results, provenance = triple(record, quick=True)
    report = report_view(experiments, results, replace(provenance, data=(found,)), draw=draw, epoch=0)
    (part,) = report.chapters[0].data
    assert "100 of the 200 to train and validate on, 50 of the 2 000 to test on. 10 images," in said(part)


def test_of_several_data_sets_the_first_says_that_runs_were_quick() -> None:
    found = parts(samples.record(quick=True), samples.record(dataset="fashion_mnist", quick=True), quick=True)
    assert [[notice.title for notice in part.notices] for part in found] == [["Quick run."], []]


def test_several_seeds_have_several_splits() -> None:
    one, two = samples.record(seed=1), samples.record(seed=2)
    two = replace(two, data=replace(two.data, split_digest="f" * 64))
    (part,) = parts(one, two)
    assert "There are 2 such splits, drawn with the seeds 1 and 2" in said(part)
    assert one.data.split_digest[:12] in said(part) and "ffffffffffff" in said(part)


def test_without_images_one_sentence_says_so() -> None:
    (part,) = parts(samples.record())
    assert part.figure is None and "The images of MNIST are not at hand, so that none is shown here." in said(
        part
    )


def test_the_first_training_image_of_each_class_is_shown(tmp_path: Path) -> None:
    record, found = images_of(samples.record(), tmp_path)
    shown: list[object] = []

    def watched(name: str, results: Sequence[Result], about: object = None) -> Drawing:
        if name == "class_samples":
            shown.append(about)
        return draw(name, results, about)

    experiments, results, provenance = triple(record)
    report = report_view(experiments, results, replace(provenance, data=(found,)), draw=watched, epoch=1)
    labels = np.load(found.folder / "y_train.npy")
    (pictures,) = shown
    assert isinstance(pictures, tuple)
    assert [picture.place for picture in pictures] == [list(labels).index(n) for n in range(10)]
    assert [picture.label for picture in pictures] == list(range(10))
    assert report.chapters[0].data[0].figure is not None


@pytest.mark.parametrize("classes", [2, 100])
def test_two_and_a_hundred_classes(classes: int) -> None:
    (part,) = parts(samples.record(class_names=[f"class {n}" for n in range(classes)],
                                   layers=samples.mlp_layers(classes=classes)))  # fmt: skip
    assert len(part.table.table.rows) == classes + 1
    assert part.columns is (classes == 100)


def test_without_a_result_the_chapter_says_so() -> None:
    experiments, _, provenance = samples.coursework()
    file = experiments.file.model_copy(update={"section": [Section(id="data", kind="data")]})
    report = view((replace(experiments, file=file, rows=()), (), provenance))
    assert report.chapters[0].lede == "No run has a result yet that says which data it saw."


def test_french_says_the_same_numbers() -> None:
    with language.use("fr"):
        (part,) = parts(samples.record())
    text = said(part)
    assert "1 200 images, soit 10 % du jeu d’entraînement" in text and "graine 42" in text
    assert part.table.table.columns[1].head == "Entraînement"
