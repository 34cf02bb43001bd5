"""The chapter on data of the user's own, and where such data stand beside published figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen import language
from reportgen.analysis import words
from reportgen.datasets.dataset import Duplicates, Found, OwnFacts, Unlabelled
from reportgen.experiments.own_data import OwnDataset
from reportgen.experiments.schema import Published, Section
from reportgen.records import Record
from reportgen.report.appendix import origin
from reportgen.report.data import DataPart
from reportgen.report.failures import failure_view
from reportgen.report.own_data import quick_part
from reportgen.report.view import Report, report_view
from reportgen.results import Failure
from reportgen.tables import calibration_table
from reportgen.tables.protocols import share_held_out, validated_on
from tests import samples
from tests.report import invented
from tests.report.pictures import images_of
from tests.report.test_view import draw

FACTS = OwnFacts(
    title="Kaggle's digits", note="", kind="csv", known="", order="values", n_labelled=12_200,
    n_train=12_000, n_test=200, split_seed=0, test_drawn=True,
)  # fmt: skip
KNOWN = replace(
    FACTS, kind="from", known="mnist", order="known", n_labelled=70_000, n_train=36_960, n_test=5_040
)


def own_record(**changes: Any) -> Record:
    made = samples.record(dataset="kaggle")
    return replace(made, data=replace(made.data, source="own", **changes))


def report(
    record: Record,
    facts: OwnFacts,
    table: dict[str, Any],
    unlabelled: Unlabelled | None = None,
    published: Published | None = None,
) -> Report:
    row = samples.row("one", "raw", "One row", published=published)
    sections = [
        Section(id="data", kind="data"), Section(id="raw", title="Raw"), Section(id="all", kind="comparison"),
    ]  # fmt: skip
    experiments, results, provenance = invented.triple(
        sections, [row], [samples.result(row, "a" * 64, 42, record)]
    )
    own = OwnDataset.model_validate(table)
    file = experiments.file.model_copy(update={"dataset": {"kaggle": own}})
    found = Found(
        "kaggle", "kaggle", "own", record.data.digest, Path("/nowhere"),
        (("train.csv", 76_800_000, "ab" * 32), ("test.csv", 51_000, "cd" * 32)), facts, unlabelled,
    )  # fmt: skip
    with words.naming({"kaggle": own.title or "kaggle"}):
        return report_view(
            replace(experiments, file=file), results, replace(provenance, data=(found,)),
            draw=draw, epoch=0,
        )  # fmt: skip


def part(made: Report) -> DataPart:
    (found,) = made.chapters[0].data
    return found


def said(made: Report) -> str:
    return " ".join(part(made).sentences).replace("\u00a0", " ")


CSV = {"kind": "csv", "title": "Kaggle's digits", "train": "train.csv", "test_items": 200}


def test_files_division_and_checks_of_a_table_of_numbers() -> None:
    made = report(own_record(), FACTS, CSV)
    text = said(made)
    assert part(made).place.title == "Kaggle's digits"
    assert "read from tables of numbers (CSV): train.csv (76.8 MB) and test.csv (51.0 kB)." in text
    assert (
        "From its 12 200 labelled images 200 were drawn to test on and 12 000 to train and validate on"
        in text
    )
    assert "of each class its share (stratified), with a seed that belongs to the data: 0." in text
    assert "not used" not in text
    assert "there are none." in text and "No image is the same as another to the last pixel." in text
    assert "Its classes are the labels that occur, in their order." in text


def test_files_of_their_own_are_not_drawn() -> None:
    text = said(report(own_record(), replace(FACTS, split_seed=None, test_drawn=False), CSV))
    assert (
        "Its 12 000 training images, which those of validation are taken from, and its 200 test images"
        in text
    )
    assert "drawn to test" not in text


def test_a_known_set_divided_anew_says_of_what_it_is_made() -> None:
    table = {"from": "mnist", "title": "Kaggle's digits", "note": "MNIST *stands in*.", "test_items": 5_040}
    made = report(own_record(), KNOWN, table)
    text = said(made)
    assert "is made of the 70 000 labelled images of MNIST, its training and test sets put together." in text
    assert "From these 70 000 images 5 040 were drawn to test on and 36 960 to train" in text
    assert "28 000 images are not used." in text
    assert "Missing values" not in text
    assert str(part(made).note) == "<p>MNIST <em>stands in</em>.</p>"


def test_duplicates_are_counted_and_nothing_is_removed() -> None:
    same = Duplicates(3, 1, 2, 1, 2, (("train.csv, line 5", "train.csv, line 9"),))
    text = said(report(own_record(), replace(FACTS, duplicates=same), CSV))
    assert (
        "Compared to the last pixel, 2 test images are in the training set too, 3 training images are copies of"
        " others, 1 test image is a copy of another and 1 image to be submitted is in the training set; nothing was"
        " removed. What a network says of a test image that it was trained on is no test. 2 of these images have"
        " copies with another label, so that no network can be right on all. An example: train.csv, line 5 and"
        " train.csv, line 9." in text
    )


@pytest.mark.parametrize(
    ("fit", "how"), [("pad", "with margins"), ("stretch", "stretched"), ("crop", "cut at the edges")]
)
def test_images_that_were_altered_are_counted(fit: str, how: str) -> None:
    facts = replace(FACTS, kind="images", order="folders", resized=36, recoloured=1)
    table = {"kind": "images", "train": "photos", "test_items": 200, "size": [28, 28], "fit": fit}
    text = said(report(own_record(), facts, table))
    assert f"36 images were brought to 28 × 28 pixels, {how} where their shape is another." in text
    assert "1 image was turned from colour to grey." in text
    assert "Its classes are the folders, in the order of their names." in text


def test_images_to_be_submitted_and_labels_that_are_no_names() -> None:
    aside = Unlabelled(Path("/nowhere"), "ef" * 32, 28_000, 1, "test.csv")
    facts = replace(FACTS, labels=tuple("9876543210"), order="given")
    text = said(report(own_record(), facts, CSV, aside))
    assert "28 000 images without labels, from test.csv, are there to be predicted and submitted" in text
    assert "Their numbers begin with 1." in text
    assert "Their labels in the files are, in this order, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0." in text


def test_published_figures_are_of_other_images() -> None:
    table = {"from": "mnist", "title": "Kaggle's digits", "note": "MNIST stands in.", "test_items": 5_040}
    made = report(own_record(), KNOWN, table, published=Published(test_accuracy=0.99))
    found = made.chapters[2].comparison
    assert found is not None
    assert found.agreement[-1].startswith(
        "Ours are of images of MNIST, divided anew: the published figures are of"
    )
    assert [str(note) for note in found.data_notes] == ["<p>MNIST stands in.</p>"]


def test_published_figures_of_one_s_own_files_may_be_of_the_same_images() -> None:
    found = report(own_record(), FACTS, CSV, published=Published(test_accuracy=0.99)).chapters[2].comparison
    assert found is not None and not any("other images" in sentence for sentence in found.agreement)
    assert found.data_notes == ()


def test_an_embedded_stand_in_goes_by_both_names_and_without_the_note() -> None:
    made = samples.record(dataset="kaggle", name="digits")
    table = {"from": "mnist", "title": "Kaggle's digits", "note": "MNIST stands in.", "test_items": 5_040}
    text = said(report(made, KNOWN, table))
    assert "It stands in for Kaggle's digits: nothing here says how the networks would fare on that." in text


def test_duplicates_of_a_known_set_are_counted_where_its_images_are_at_hand(tmp_path: Path) -> None:
    made, found = images_of(samples.record(), tmp_path)
    row = samples.row("one", "raw", "One row")
    experiments, results, provenance = invented.triple(
        [Section(id="data", kind="data")], [row], [samples.result(row, "a" * 64, 42, made)]
    )
    view = report_view(experiments, results, replace(provenance, data=(found,)), draw=draw, epoch=0)
    assert "No image is the same as another to the last pixel." in " ".join(
        view.chapters[0].data[0].sentences
    )


def test_titles_hold_within_their_block_alone() -> None:
    with words.naming({"kaggle": "Kaggle's digits"}):
        assert words.data_set("kaggle") == "Kaggle's digits" and words.data_set("mnist") == "MNIST"
        assert origin("kaggle", "kaggle", "own") == "Kaggle's digits, as the experiments file describes it"
    assert words.data_set("kaggle") == "kaggle"


def test_the_whole_of_own_data_is_known_without_their_images() -> None:
    record = own_record(quick=True, n_train=1_547, n_validation=453, n_test=1_000)
    (part,) = (
        report(record, KNOWN, {"from": "mnist", "train_items": 36_960, "test_items": 5_040}).chapters[0].data
    )
    text = " ".join(part.sentences).replace("\u00a0", " ")
    assert "2 000 of the 36 960 to train and validate on, 1 000 of the 5 040 to test on. 453 images" in text


def test_a_quick_run_of_all_there_is_sees_no_part() -> None:
    record = own_record(quick=True, n_train=11_000, n_validation=1_000, n_test=200)
    assert [*quick_part([record.data], (12_000, 200))] == []
    assert len([*quick_part([record.data, own_record().data], (12_000, 300))]) == 1


def test_a_validation_set_by_its_size_is_no_share() -> None:
    facts = samples.record(n_validation=8_400, validation=8_400).data
    assert share_held_out(facts).replace("\u00a0", " ") == "10 %"
    assert validated_on(8_400).replace("\u00a0", " ") == "8 400 images held out"
    assert share_held_out(replace(facts, validation=0.2272727)).replace("\u00a0", " ") == "22.73 %"
    assert validated_on(0.226488).replace("\u00a0", " ") == "a 22.65 % split"


def test_outputs_that_do_not_sum_to_one_are_named_beside_their_calibration() -> None:
    made = samples.record()
    doubled = replace(made.test, probabilities=np.minimum(1, made.test.probabilities * np.float32(1.5)))
    rows = [samples.row("soft", title="Softmax"), samples.row("each", title="Sigmoid")]
    results = [
        samples.result(rows[0], "a" * 64, 42, made),
        samples.result(rows[1], "b" * 64, 42, replace(made, test=doubled)),
    ]
    assert "The outputs of “Sigmoid” do not sum to one" in calibration_table(results).note
    assert "do not sum to one" not in calibration_table(results[:1]).note


def test_what_the_lab_refuses_needs_no_log() -> None:
    details = "File /somewhere/building.py:195\nCannotRun: no weights\nput them there"
    refused = Failure("error", "no weights", 4, details, 2.0, "put them there")
    assert failure_view(refused).log == "" and failure_view(refused).remedy == "put them there"
    other = replace(refused, details="ValueError: CannotRun: is what it said", remedy="")
    assert failure_view(other).log


def test_french() -> None:
    same = Duplicates(3, 1, 2, 0, 0)
    with language.use("fr"):
        text = said(report(own_record(), replace(FACTS, duplicates=same, resized=2), CSV))
    assert "2 images de test sont aussi dans le jeu d’entraînement" in text
    assert "train.csv (76,8 Mo)" in text and " the " not in text
