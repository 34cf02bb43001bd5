"""The tables [dataset.NAME]: what they may hold, each fault with its line, the nearest name and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.experiments.own_data import KEYS, OwnDataset
from reportgen.experiments.problems import known_keys
from tests.experiments.sources import load_text

HEAD = '[report]\ntitle = "T"\n\n'
ROW = (
    '\n[[section]]\nid = "s"\nnotebook = "mlp"\n\n[[experiment]]\nid = "a"\nsection = "s"\ntitle = "A"\n'
    'parameters = { dataset = "mine" }\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("train.csv", "test.csv", "labels.idx"):
        (tmp_path / name).write_text("label,a\n")
    (tmp_path / "photos").mkdir()
    return tmp_path


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_text(folder, HEAD + text)
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def test_a_row_may_name_it(folder: Path) -> None:
    table = '[dataset.mine]\nkind = "csv"\ntrain = "train.csv"\ntest_share = 0.2\nunlabelled = "test.csv"\n'
    loaded = load_text(folder, HEAD + table + ROW)
    assert loaded.rows[0].parameters["dataset"] == "mine"
    mine = loaded.file.dataset["mine"]
    assert (mine.kind, mine.train, mine.test_share, mine.first_id, mine.label) == (
        "csv",
        "train.csv",
        0.2,
        1,
        "label",
    )
    assert loaded.line(("dataset", "mine"), 0) == 4


def test_every_key_is_described_and_has_a_kind() -> None:
    every = {field.alias or name for name, field in OwnDataset.model_fields.items()}
    assert set().union(*KEYS.values()) == every
    assert all(field.description for field in OwnDataset.model_fields.values())
    assert known_keys(("dataset", "mine")) == [f.alias or name for name, f in OwnDataset.model_fields.items()]


GOOD = 'kind = "csv"\ntrain = "train.csv"\n'
MESSAGES = {
    "unknown key": (
        f"[dataset.mine]\n{GOOD}test_shar = 0.2\ntest_items = 3\n",
        'experiments.toml:7: error[unknown-key]: [dataset.mine]: there is no key "test_shar"\n'
        '  did you mean "test_share"?   known: arrays, background, classes, colour, first_id, fit, from, header, ignore,'
        " kind, label, labels, note, pixels, size, split_seed, test, test_items, test_labels, test_share, title,"
        " train, train_items, train_labels and 2 more",
    ),
    "unknown kind": (
        '[dataset.mine]\nkind = "cvs"\ntrain = "train.csv"\ntest_share = 0.2\n',
        'experiments.toml:5: error[bad-value]: [dataset.mine]: kind must be "csv" or "npz" or "idx" or "images", found'
        ' the text "cvs"\n  did you mean "csv"?',
    ),
    "name of a known set": (
        f"[dataset.MNIST]\n{GOOD}test_share = 0.2\n",
        'experiments.toml:4: error[name-taken]: [dataset.MNIST]: "mnist" is the name of a data set that reportgen'
        ' knows\n  choose another name, such as "my_mnist"',
    ),
    "bad name": (
        f'[dataset."my digits"]\n{GOOD}test_share = 0.2\n',
        "experiments.toml:4: error[bad-value]: [dataset.my digits]: the name of a data set has small letters, digits,"
        " '.', '_' and '-', at most 64, the first a letter or digit, the last no '.'",
    ),
    "neither kind nor from": (
        '[dataset.mine]\ntrain = "train.csv"\n',
        "experiments.toml:4: error[missing-key]: [dataset.mine]: it has neither kind nor from\n"
        '  write kind = "csv", "npz", "idx" or "images", or from = "mnist"',
    ),
    "both": (
        f'[dataset.mine]\n{GOOD}from = "mnist"\n',
        "experiments.toml:5: error[keys-disagree]: [dataset.mine]: it has both kind and from\n"
        "  keep kind for files of your own, or from for a known data set",
    ),
    "no file to train on": (
        '[dataset.mine]\nkind = "csv"\ntest_share = 0.2\n',
        "experiments.toml:4: error[missing-key]: [dataset.mine]: train is missing\n"
        '  name the file to train on: train = "..."',
    ),
    "file that is not there": (
        '[dataset.mine]\nkind = "csv"\ntrain = "trian.csv"\ntest_share = 0.2\n',
        'experiments.toml:6: error[no-data-file]: [dataset.mine]: there is no file "trian.csv"\n'
        '  did you mean "train.csv"?',
    ),
    "file in a folder that is not there": (
        '[dataset.mine]\nkind = "csv"\ntrain = "data/kaggle.csv"\ntest_share = 0.2\n',
        'experiments.toml:6: error[no-data-file]: [dataset.mine]: there is no file "data/kaggle.csv"\n'
        "  its place is told from the folder of experiments.toml",
    ),
    "folder for a file": (
        '[dataset.mine]\nkind = "csv"\ntrain = "photos"\ntest_share = 0.2\n',
        'experiments.toml:6: error[wrong-kind]: [dataset.mine]: train names a folder, expected a file: "photos"\n'
        '  kind = "images" reads folders',
    ),
    "file for a folder": (
        '[dataset.mine]\nkind = "images"\ntrain = "train.csv"\ntest_share = 0.2\n',
        'experiments.toml:6: error[wrong-kind]: [dataset.mine]: train names a file, expected a folder: "train.csv"\n'
        '  kind = "images" is for folders',
    ),
    "no test set": (
        f"[dataset.mine]\n{GOOD}",
        "experiments.toml:4: error[no-test-set]: [dataset.mine]: it has no images to test on\n"
        '  name labelled images, test = "...", or split some off, test_share = 0.2',
    ),
    "two ways to test": (
        f'[dataset.mine]\n{GOOD}test = "test.csv"\ntest_items = 20\n',
        "experiments.toml:8: error[keys-disagree]: [dataset.mine]: it has both test and test_items\n"
        "  name a labelled test set, or say how many images to split off, not both",
    ),
    "share out of range": (
        f"[dataset.mine]\n{GOOD}test_share = 1.5\n",
        "experiments.toml:7: error[bad-value]: [dataset.mine]: test_share must be less than 1, found 1.5",
    ),
    "key of another kind": (
        f"[dataset.mine]\n{GOOD}test_share = 0.2\nbackground = 'white'\n",
        'experiments.toml:8: error[unused-key]: [dataset.mine]: background has no meaning for data of kind "csv"\n'
        "  remove it",
    ),
    "labels missing": (
        '[dataset.mine]\nkind = "idx"\ntrain = "labels.idx"\ntest_share = 0.2\n',
        "experiments.toml:4: error[missing-key]: [dataset.mine]: train_labels is missing\n"
        '  name the file of the labels: train_labels = "..."',
    ),
    "test labels missing": (
        '[dataset.mine]\nkind = "idx"\ntrain = "labels.idx"\ntrain_labels = "labels.idx"\ntest = "labels.idx"\n',
        "experiments.toml:8: error[missing-key]: [dataset.mine]: it has test but no test_labels\n"
        "  name both files, or neither",
    ),
    "unknown set to take from": (
        '[dataset.mine]\nfrom = "mnits"\ntrain_items = 10\ntest_items = 5\n',
        'experiments.toml:5: error[unknown-dataset]: [dataset.mine]: there is no known data set "mnits"\n'
        '  did you mean "mnist"?   known: digits, fashion_mnist, garments, mnist',
    ),
    "how many of a known set": (
        '[dataset.mine]\nfrom = "mnist"\ntrain_items = 10\n',
        "experiments.toml:4: error[missing-key]: [dataset.mine]: test_items is missing\n"
        "  say how many images to take: test_items = ...",
    ),
    "class twice": (
        f'[dataset.mine]\n{GOOD}test_share = 0.2\nclasses = ["a", "b", "a"]\n',
        'experiments.toml:8: error[bad-value]: [dataset.mine]: classes: the text "a" stands there twice\n'
        "  give each class its own",
    ),
    "classes and labels": (
        f'[dataset.mine]\n{GOOD}test_share = 0.2\nclasses = ["a", "b"]\nlabels = [0, 1, 2]\n',
        "experiments.toml:9: error[keys-disagree]: [dataset.mine]: classes and labels differ in length: 2 and 3\n"
        "  name a class for each label",
    ),
    "classes that are numbers": (
        f'[dataset.mine]\n{GOOD}test_share = 0.2\nclasses = ["1", "0"]\n',
        "experiments.toml:8: error[ambiguous-labels]: [dataset.mine]: the names of its classes are numbers, but not 0, 1,"
        " 2, ... in this order\n  say which label each has: labels = [1, 0]",
    ),
    "wrong type": (
        f"[dataset.mine]\n{GOOD}test_items = '20'\n",
        'experiments.toml:7: error[wrong-type]: [dataset.mine]: test_items must be an integer, found the text "20"',
    ),
    "size of one number": (
        f"[dataset.mine]\n{GOOD}test_items = 20\nsize = [28]\n",
        "experiments.toml:8: error[bad-value]: [dataset.mine]: size must have at least 2 entries, found 1",
    ),
    "absurd size": (
        f"[dataset.mine]\n{GOOD}test_items = 20\nsize = [28, 100_000]\n",
        "experiments.toml:8: error[bad-value]: [dataset.mine.size]: entry 2 of size must be at most 1024, found 100000",
    ),
    "key of an inner table": (
        '[dataset.mine]\nkind = "npz"\ntrain = "train.csv"\narrays = { xtrain = "x" }\n',
        'experiments.toml:7: error[unknown-key]: [dataset.mine.arrays]: there is no key "xtrain"\n'
        '  did you mean "x_train"?   known: x_test, x_train, x_unlabelled, y_test, y_train',
    ),
    "two brackets": (
        f"[[dataset]]\n{GOOD}test_share = 0.2\n",
        "experiments.toml:4: error[wrong-type]: the file: dataset must be a table, found a list\n"
        "  write [dataset.NAME], with single brackets and a name, above the keys of each one",
    ),
    "no name": (
        '[dataset]\nkind = "csv"\n',
        'experiments.toml:5: error[wrong-type]: [dataset]: kind must be a table, found the text "csv"\n'
        "  write [dataset.NAME], with single brackets and a name, above the keys of each one",
    ),
}


@pytest.mark.parametrize("case", MESSAGES)
def test_message(folder: Path, case: str) -> None:
    text, message = MESSAGES[case]
    assert faults(folder, text) == [message]


def test_a_row_that_names_no_data_set_is_offered_the_files_own(folder: Path) -> None:
    table = f"[dataset.mine]\n{GOOD}test_share = 0.2\n"
    assert faults(folder, table + ROW.replace('"mine"', '"mien"')) == [
        'experiments.toml:17: error[unknown-dataset]: experiment "a": there is no data set "mien"\n'
        '  did you mean "mine"?   known: digits, fashion_mnist, garments, mine, mnist'
    ]
