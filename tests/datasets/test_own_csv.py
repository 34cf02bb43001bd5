"""CSV files of one's own: read to the last digit, every fault with its line and what mends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.datasets.decoded import open_unlabelled
from tests.datasets.files import zeros_gz
from tests.datasets.own import Desk, csv_text, labels, pictures


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


CSV: dict[str, Any] = {"kind": "csv", "train": "train.csv", "test_items": 3}


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gzipped"])
def test_kaggles_layout(desk: Desk, zipped: bool) -> None:
    images, marks = pictures(12), labels(12)
    desk.put("train.csv", csv_text(images, marks), zipped)
    desk.put("test.csv", csv_text(pictures(5, seed=2), None), zipped)
    found = desk.find(**CSV, unlabelled="test.csv")
    data = desk.open(**CSV, unlabelled="test.csv")
    assert (found.requested, found.name, found.source, found.stand_in) == ("mine", "mine", "own", False)
    assert [name for name, _, _ in found.files] == ["train.csv", "test.csv"]
    assert data.class_names == ("0", "1", "2")
    assert (len(data.y_train), len(data.y_test)) == (9, 3)
    assert sorted(data.y_test.tolist()) == [0, 1, 2]  # each class by its share
    for part, marked in ((data.x_train, data.y_train), (data.x_test, data.y_test)):
        for image, label in zip(part, marked, strict=True):
            (place,) = np.flatnonzero((images == image).all(axis=(1, 2, 3)))
            assert marks[place] == label
    assert found.unlabelled is not None
    assert (found.unlabelled.items, found.unlabelled.first_id, found.unlabelled.file) == (5, 1, "test.csv")
    assert np.array_equal(open_unlabelled(found.unlabelled.folder), pictures(5, seed=2))


def test_a_labelled_test_set_is_kept_as_it_is(desk: Desk) -> None:
    desk.put("train.csv", csv_text(pictures(12), labels(12)))
    desk.put("test.csv", csv_text(pictures(6, seed=2), labels(6)))
    data = desk.open(kind="csv", train="train.csv", test="test.csv")
    assert np.array_equal(data.x_train, pictures(12)) and np.array_equal(data.y_train, labels(12))
    assert np.array_equal(data.x_test, pictures(6, seed=2)) and np.array_equal(data.y_test, labels(6))


def test_what_tables_of_other_makers_look_like(desk: Desk) -> None:
    """Byte order mark, CRLF, quotes, blanks, a label column at the end with names in it, an id column."""
    rows = pictures(8).reshape(8, -1)
    names = ["cat", "dog"] * 4
    head = ",".join(['"id"', *(f'"p{n}"' for n in range(16)), '"kind, of pet"'])
    lines = [",".join([str(n), *(f" {v}" for v in rows[n]), f'"{names[n]}"']) for n in range(8)]
    desk.put("pets.csv", "\ufeff" + "\r\n".join([head, *lines, "", ""]))
    data = desk.open(kind="csv", train="pets.csv", test_share=0.25, label="kind, of pet", ignore=["id"])
    assert data.class_names == ("cat", "dog")
    assert len(data.y_test) == 2
    both = np.concatenate([data.x_train, data.x_test]).reshape(8, -1)
    assert sorted(map(tuple, both.tolist())) == sorted(map(tuple, rows.tolist()))


def test_no_header_shares_for_pixels_and_a_given_shape(desk: Desk) -> None:
    shares = np.array([[0, 0.5, 1, 0.25, 0.75, 0.1]] * 6) + 0.001 * np.arange(6)[:, None]
    shares = np.minimum(shares, 1)
    desk.put("a.csv", csv_text(shares, labels(6, 2), header=False))
    data = desk.open(
        kind="csv",
        train="a.csv",
        test_items=2,
        header=False,
        pixels="0..1",
        size=[2, 3],
        classes=["no", "yes"],
    )
    assert data.x_train.shape == (4, 2, 3, 1)
    assert data.class_names == ("no", "yes")
    assert data.x_train.max() == 255
    assert set(np.concatenate([data.x_train, data.x_test])[:, 0, 1, 0].tolist()) == {128, 129}


def test_colour_comes_pixel_by_pixel(desk: Desk) -> None:
    images = pictures(6, channels=3)
    desk.put("a.csv", csv_text(images, labels(6, 2)))
    data = desk.open(kind="csv", train="a.csv", test_items=2, colour="rgb")
    assert data.x_train.shape == (4, 4, 4, 3)
    assert any(np.array_equal(data.x_train[0], image) for image in images)


def test_labels_with_gaps_are_given(desk: Desk) -> None:
    marks = np.array([0, 2, 7] * 4)
    desk.put("a.csv", csv_text(pictures(12), marks))
    data = desk.open(kind="csv", train="a.csv", test_items=3, labels=[7, 0, 2], classes=["C", "A", "B"])
    assert data.class_names == ("C", "A", "B")
    assert sorted(data.y_test.tolist()) == [0, 1, 2]
    assert desk.open(kind="csv", train="a.csv", test_items=3, labels=[7, 0, 2]).class_names == ("7", "0", "2")


PIXELS = ",".join(["1"] * 16)
MESSAGES: dict[str, tuple[dict[str, str], str]] = {
    "missing pixel": (
        {"line_5": "0,1,,3" + ",4" * 13},
        "train.csv:5: error[missing-value]: pixel1: a value is missing\n  fill it in, or take the line out",
    ),
    "several missing pixels": (
        {"line_5": "0,1,,NaN" + ",4" * 13},
        "train.csv:5: error[missing-value]: pixel1: a value is missing (and 1 more in this line)\n"
        "  fill it in, or take the line out",
    ),
    "missing label": (
        {"line_5": f",{PIXELS}"},
        "train.csv:5: error[missing-value]: the label is missing\n  fill it in, or take the line out",
    ),
    "no number": (
        {"line_6": "0,1,12a" + ",4" * 14},
        'train.csv:6: error[not-a-number]: pixel1: expected a number, found "12a"\n  mend it, or take the line out',
    ),
    "digits of another script": (
        {"line_6": "0,1,٣" + ",4" * 14},
        'train.csv:6: error[not-a-number]: pixel1: expected a number, found "٣"\n  mend it, or take the line out',
    ),
    "pixel too large": (
        {"line_3": "0,1,256" + ",4" * 14},
        "train.csv:3: error[pixel-out-of-range]: pixel1: expected a pixel from 0 to 255, found 256\n  mend the value",
    ),
    "pixel too small": (
        {"line_3": "0,1,-1" + ",-2" * 14},
        "train.csv:3: error[pixel-out-of-range]: pixel1: expected a pixel from 0 to 255, found -1"
        " (and 14 more in this line)\n  mend the value",
    ),
    "infinite pixel": (
        {"line_3": "0,1,inf" + ",4" * 14},
        "train.csv:3: error[pixel-out-of-range]: pixel1: expected a pixel from 0 to 255, found inf\n  mend the value",
    ),
    "share among whole numbers": (
        {"line_3": "0,1,0.5" + ",4" * 14},
        'train.csv:3: error[pixel-out-of-range]: pixel1: expected a whole number, found 0.5\n  write pixels = "0..1"',
    ),
    "columns missing": (
        {"line_7": "0,1,2"},
        "train.csv:7: error[wrong-columns]: expected 17 columns, found 3\n  mend the line, or take it out",
    ),
    "columns too many": (
        {"line_7": f"0,{PIXELS},1"},
        "train.csv:7: error[wrong-columns]: expected 17 columns, found 18\n  mend the line, or take it out",
    ),
    "blank line": (
        {"line_7": "  "},
        "train.csv:7: error[blank-line]: expected an image, found a blank line\n  take the line out",
    ),
    "label beyond the others": (
        {"line_4": f"12,{PIXELS}"},
        "train.csv:4: error[label-out-of-range]: found the label 12, but none is 3, 4, 5, 6, 7, 8, ...\n"
        "  mend it, or say which labels there are: labels = [0, 1, 2, 12]",
    ),
    "negative label": (
        {"line_4": f"-1,{PIXELS}"},
        "train.csv:4: error[label-out-of-range]: expected labels from 0 on, found -1\n"
        "  mend it, or say which labels there are: labels = [-1, 0, 1, 2]",
    ),
    "label that is no whole number": (
        {"line_4": f"1.5,{PIXELS}"},
        'train.csv:4: error[bad-label]: expected a whole number as label, found "1.5"\n  mend it',
    ),
    "no label column": (
        {"line_1": "lable," + ",".join(f"pixel{n}" for n in range(16))},
        'train.csv:1: error[no-label-column]: there is no column "label" that holds the labels\n'
        '  did you mean label = "lable"?   a file without labels is named so: unlabelled = "train.csv"',
    ),
    "two columns of one name": (
        {"line_1": "label," + ",".join(["pixel0"] * 16)},
        'train.csv:1: error[duplicate-column]: two columns are named "pixel0"',
    ),
    "no header": (
        {"line_1": f"0,{PIXELS}"},
        "train.csv:1: error[no-header]: expected the names of the columns, found numbers\n"
        "  write header = false if the first line is an image",
    ),
    "semicolons": (
        {"line_1": "label;pixel0;pixel1"},
        "train.csv:1: error[wrong-columns]: expected columns set apart by commas, found columns set apart by ';'",
    ),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_message(desk: Desk, case: str) -> None:
    changes, message = MESSAGES[case]
    desk.put_csv(12, "train.csv", **changes)
    assert desk.faults(**CSV) == [message]


def test_all_faults_of_all_files_at_once(desk: Desk) -> None:
    desk.put_csv(
        line_3="0,1,256" + ",4" * 14,
        line_9=f"1,{PIXELS},7",
        line_4=f"x,{PIXELS}",
        line_5="0,1,,3" + ",4" * 13,
    )
    desk.put_csv(name="test.csv", line_2=f"5,{PIXELS}", line_3=f"6,{PIXELS}")
    codes = [fault.split("]")[0] for fault in desk.faults(kind="csv", train="train.csv", test="test.csv")]
    assert codes == [
        "test.csv:2: error[label-out-of-range",
        "test.csv:3: error[label-out-of-range",
        "train.csv:3: error[pixel-out-of-range",
        "train.csv:4: error[bad-label",
        "train.csv:5: error[missing-value",
        "train.csv:9: error[wrong-columns",
    ]


def test_a_file_full_of_faults_is_not_read_to_its_end(desk: Desk) -> None:
    lines = csv_text(pictures(3000), labels(3000)).splitlines()
    desk.put("train.csv", "\n".join([lines[0], *(f"{line}," for line in lines[1:])]))
    assert len(desk.faults(**CSV)) == 100


@pytest.mark.parametrize(
    ("given", "label", "expected"),
    [
        (
            {"classes": ["a", "b", "c"]},
            "3",
            "label-out-of-range]: expected a label from 0 to 2, found 3\n  mend it",
        ),
        (
            {"classes": ["a", "b", "c"]},
            "x",
            'bad-label]: expected a whole number as label, found "x"\n  mend it',
        ),
        ({"labels": [0, 1, 2]}, "7", "label-out-of-range]: expected a label from 0 to 2, found 7\n  mend it"),
        (
            {"labels": [0, 1, 2, 9]},
            "7",
            "label-out-of-range]: expected one of the labels 0, 1, 2, 9, found 7\n  mend it",
        ),
    ],
)
def test_labels_outside_the_classes_given(
    desk: Desk, given: dict[str, Any], label: str, expected: str
) -> None:
    desk.put_csv(line_6=f"{label},{PIXELS}")
    assert desk.faults(**CSV, **given) == [f"train.csv:6: error[{expected}"]


def test_a_class_by_name_that_is_misspelt(desk: Desk) -> None:
    names = np.array(["cat", "dog", "dgo"] + ["cat", "dog"] * 4)
    desk.put("train.csv", csv_text(pictures(11), names))
    assert desk.faults(**CSV, classes=["dog", "cat"]) == [
        'train.csv:4: error[unknown-class]: there is no class "dgo"\n  did you mean "dog"?'
    ]


def test_a_number_that_is_no_class_is_no_slip_of_another(desk: Desk) -> None:
    desk.put_csv(line_5="12," + ",".join("0" * 16))
    assert desk.faults(**CSV, classes=["0", "1", "2"]) == [
        'train.csv:5: error[unknown-class]: there is no class "12"\n  there are 0, 1, 2'
    ]


def test_files_that_are_no_csv(desk: Desk, tmp_path: Path) -> None:
    for content, expected in {
        b"PK\x03\x04 rest": "zip-archive]: expected CSV, found a zip archive: unpack it first",
        "label,a\n0,1\n".encode("utf-16"): "wrong-encoding]: expected UTF-8, found UTF-16",
        b"\x1f\x8b\x08\x00broken": "truncated-gzip]: the gzip stream ends too early",
        b"": "empty-file]: expected data, found 0 bytes",
    }.items():
        desk.put("train.csv", content)
        (fault,) = desk.faults(**CSV)
        assert fault.split("\n")[0] == f"train.csv: error[{expected}"


def test_a_file_that_unpacks_without_end_is_given_up(desk: Desk) -> None:
    desk.put("train.csv", zeros_gz(1 << 27))
    (fault,) = desk.faults(**CSV)
    assert fault.split("\n")[0] == "train.csv: error[line-too-long]: a line has more than 64,000,000 bytes"


def test_shapes_that_make_no_image(desk: Desk) -> None:
    desk.put("train.csv", csv_text(pictures(12).reshape(12, 16)[:, :15], labels(12)))
    assert desk.faults(**CSV) == [
        "train.csv: error[no-square]: 15 pixels make no square\n"
        "  say how they lie, size = [height, width], or which columns are none: ignore = [...]"
    ]
    assert desk.faults(**CSV, size=[4, 4]) == [
        "train.csv: error[wrong-size]: expected 16 pixels (4 x 4), found 15\n"
        "  mend size = [height, width], or say which columns are none: ignore = [...]"
    ]


def test_images_to_submit_of_another_size_are_told_once(desk: Desk) -> None:
    desk.put_csv()
    desk.put("test.csv", csv_text(pictures(4, side=5), None))
    assert desk.faults(**CSV, unlabelled="test.csv") == [
        "test.csv:1: error[columns-differ]: its columns are not those of the training set: 25 columns of pixels,"
        " expected 16\n  give both files the same columns"
    ]


@pytest.mark.parametrize(
    ("marks", "table", "expected"),
    [
        (["0", "1", "2"], {}, ("0", "1", "2")),
        (["0", "1", "2"], {"classes": ["no", "yes", "perhaps"]}, ("0", "1", "2")),
        (["7", "0", "2"], {"labels": [7, 0, 2], "classes": ["C", "A", "B"]}, ("7", "0", "2")),
        (["cat", "dog", "ape"], {}, ("ape", "cat", "dog")),
        (["cat", "dog", "ape"], {"classes": ["dog", "ape", "cat"]}, ("dog", "ape", "cat")),
    ],
)
def test_the_label_of_each_class_is_known_as_the_file_has_it(
    desk: Desk, marks: list[str], table: dict[str, Any], expected: tuple[str, ...]
) -> None:
    desk.put("train.csv", csv_text(pictures(12), np.array(marks * 4)))
    for _ in range(2):  # read, and then remembered
        own = desk.find(**CSV, **table).own
        assert own is not None and own.labels == expected


def test_columns_in_another_order_are_refused(desk: Desk) -> None:
    lines = desk.put_csv()
    names = lines[0].split(",")
    desk.put("test.csv", "\n".join([",".join([names[0], names[2], names[1], *names[3:]]), *lines[1:7]]))
    assert desk.faults(kind="csv", train="train.csv", test="test.csv") == [
        "test.csv:1: error[columns-differ]: its columns are not those of the training set: pixel column 1 is"
        ' "pixel1", expected "pixel0"\n  give both files the same columns'
    ]


def test_kaggles_test_set_named_as_labelled_and_the_other_way_round(desk: Desk) -> None:
    desk.put_csv()
    desk.put("test.csv", csv_text(pictures(4), None))
    (fault,) = desk.faults(kind="csv", train="train.csv", test="test.csv")
    assert 'a file without labels is named so: unlabelled = "test.csv"' in fault
    (fault,) = desk.faults(**CSV, unlabelled="train.csv")
    assert fault.startswith('train.csv:1: error[labelled]: it has a column "label"')


def test_pixels_of_zero_and_one_only_are_asked_about(desk: Desk) -> None:
    desk.put("train.csv", csv_text(pictures(12) % 2, labels(12)))
    assert desk.faults(**CSV) == [
        "train.csv: error[pixel-out-of-range]: no pixel is above 1, expected 0 to 255\n"
        '  write pixels = "0..1" if 1 is white'
    ]
    assert desk.open(**CSV, pixels="0..1").x_train.max() == 255


def test_too_few_images_of_a_class(desk: Desk) -> None:
    desk.put("train.csv", csv_text(pictures(13), np.array([*labels(12), 3])))
    assert desk.faults(kind="csv", train="train.csv", test_items=3) == [
        'experiments.toml:7: error[class-without-images]: [dataset.mine]: the class "3" has 0 test images,'
        " expected 1 or more\n  add images, or test on more",
        'experiments.toml:7: error[class-without-images]: [dataset.mine]: the class "3" has 1 training image,'
        " expected 2 or more\n  add images, or take the class out",
    ]
    assert desk.faults(kind="csv", train="train.csv", test_items=20) == [
        "experiments.toml:7: error[too-few-images]: [dataset.mine]: it asks for 20 to test on, which leaves none to"
        " train on, of 13 labelled images\n  ask for fewer"
    ]


def test_one_class_and_far_too_many(desk: Desk) -> None:
    desk.put("train.csv", csv_text(pictures(12), labels(12, 1)))
    assert "error[too-few-classes]: expected 2 to 100 classes, found 1" in desk.faults(**CSV)[0]
    desk.put("train.csv", csv_text(pictures(202), labels(202, 101)))
    assert "error[too-many-classes]: expected 2 to 100 classes, found 101" in desk.faults(**CSV)[0]
