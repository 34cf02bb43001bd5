"""Adding a row: the file stays as it was, and the new row is what was asked for."""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from reportgen.datasets.registry import DATASETS
from reportgen.errors import InputError
from reportgen.experiments.add import settings, with_row
from reportgen.experiments.load import load
from reportgen.notebooks import discover
from tests.project.sources import ROOT

COURSEWORK = (ROOT / "experiments.toml").read_text(encoding="utf-8")
SMALL = '''\
[report]
title = "One"      # a title

[[section]]
id = "a"
notebook = "raw_mlp"

[[experiment]]  # the first
id = "one"
section = "a"
title = "One"
comment = """
[[experiment]] stands in this comment.
# so does this
"""
parameters = { epochs = 3 }   # few

# about the second
[[experiment]]
id = "two"
section = "a"
title = "Two"
seed = 7
[experiment.parameters]
epochs = 4

# the end
[[section]]
id = "b"
notebook = "raw_mlp"
'''


def added(source: str, like: str, *words: str) -> tuple[str, dict[str, Any]]:
    """The new text, and the new row in it."""
    text = with_row(source, like, settings(words, "f"), "f")
    new = [row for row in tomllib.loads(text)["experiment"] if row not in tomllib.loads(source)["experiment"]]
    assert len(new) == 1
    return text, new[0]


@pytest.mark.parametrize("source", [SMALL, COURSEWORK, SMALL.replace("\n", "\r\n"), SMALL.rstrip()])
def test_every_line_stays_and_the_new_ones_stand_together(source: str) -> None:
    like = tomllib.loads(source)["experiment"][0]["id"]
    text, _ = added(source, like, "id=new", "epochs=7")
    old, new = source.split("\n"), text.split("\n")
    changes = [o for o in difflib.SequenceMatcher(None, old, new, False).get_opcodes() if o[0] != "equal"]
    assert [kind for kind, *_ in changes] == ["insert"]
    assert ("\r\n" in text) == ("\r\n" in source) and text.count("\r\n") in (0, text.count("\n"))


def test_it_stands_behind_the_last_row_of_its_section_and_above_the_comment_that_follows() -> None:
    text, _ = added(SMALL, "one", "id=new", "epochs=7")
    assert [row["id"] for row in tomllib.loads(text)["experiment"]] == ["one", "two", "new"]
    assert text.index('id = "new"') < text.index("# the end")
    text, _ = added(SMALL.replace('title = "Two"', 'title = "Two"\n# end of two'), "one", "id=new")
    assert text.index("# end of two") < text.index('id = "new"') < text.index("# the end")


def test_the_first_row_of_a_section_stands_behind_its_header() -> None:
    text, row = added(SMALL, "one", "id=new", "section=b")
    assert row["section"] == "b" and text.index('id = "new"') > text.index('id = "b"')
    middle = SMALL.replace('id = "b"\n', 'id = "b"\n[section.parameters]\nepochs = 2\n')
    text, row = added(middle + '\n[[section]]\nid = "c"\n', "one", "id=new", "section=b")
    assert text.index("epochs = 2") < text.index('id = "new"') < text.index('id = "c"')


def test_the_new_row_takes_over_what_is_not_about_the_old_one() -> None:
    _, row = added(SMALL, "two", "id=new", "activation=relu", "hidden_units=[300, 100]", "title=Mine")
    assert row == {
        "id": "new",
        "section": "a",
        "title": "Mine",
        "seed": 7,
        "parameters": {"epochs": 4, "activation": "relu", "hidden_units": [300, 100]},
    }
    _, row = added(SMALL, "one", "id=new", "epochs=9")
    assert "comment" not in row and row["title"] == "One, but epochs 9"
    assert row["parameters"] == {"epochs": 9}


def test_a_row_added_to_the_coursework_is_valid_there(tmp_path: Path) -> None:
    text, row = added(COURSEWORK, "fashion-final-model", "id=fashion-longer", "epochs=200", "seed=1")
    (tmp_path / "experiments.toml").write_text(text, encoding="utf-8")
    loaded = load(tmp_path / "experiments.toml", discover(ROOT / "notebooks"), tuple(DATASETS))
    found = next(each for each in loaded.rows if each.id == "fashion-longer")
    like = next(each for each in loaded.rows if each.id == "fashion-final-model")
    assert found.parameters == {**like.parameters, "epochs": 200} and found.seed == 1
    assert found.published is None and row["parameters"]["epochs"] == 200


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["epochs"], "bad-setting"),
        (["=3"], "bad-setting"),
        (["epochs=1", "epochs=2"], "bad-setting"),
        (["epochs=1"], "bad-row"),
        (["id=two"], "bad-row"),
    ],
)
def test_what_cannot_be_added_is_said(words: list[str], code: str) -> None:
    with pytest.raises(InputError) as met:
        with_row(SMALL, "one", settings(words, "f"), "f")
    assert [problem.code for problem in met.value.problems] == [code]
    assert all(problem.remedy for problem in met.value.problems)


def test_an_unknown_row_is_named_with_its_neighbour() -> None:
    with pytest.raises(InputError, match='did you mean "two"'):
        with_row(SMALL, "twoo", {"id": "x"}, "f")
    with pytest.raises(InputError, match=r"known: .*one.*two"):
        with_row(SMALL, "nosuch", {"id": "x"}, "f")


@pytest.mark.parametrize(
    ("word", "value"),
    [("a=1", 1), ("a=1.5", 1.5), ("a=true", True), ("a=relu", "relu"), ('a="1"', "1"), ("a=[1, 2]", [1, 2]),
     ("a=", ""), ("a=x=y", "x=y"), ("a=1\nb=2", "1\nb=2")],
)  # fmt: skip
def test_a_value_is_toml_or_else_a_text(word: str, value: object) -> None:
    found = settings([word], "f")["a"]
    assert found == value and type(found) is type(value)


def test_lines_keep_the_endings_they_have_each() -> None:
    mixed = SMALL.replace("\n", "\r\n").replace('title = "Two"\r\n', 'title = "Two"\n')
    text, _ = added(mixed, "one", "id=new", "epochs=7")
    at = text.index('\r\n[[experiment]]\r\nid = "new"')
    new = text[at : text.index("\r\n# the end", at)]
    assert text.replace(new, "", 1) == mixed and new.count("\n") == new.count("\r\n")


def test_rows_in_a_list_are_refused_and_not_broken() -> None:
    listed = """experiment = [{ id = "one", section = "a", title = "One" }]
[report]
title = "x"
[[section]]
id = "a"
"""
    with pytest.raises(InputError, match="write \\[\\[experiment\\]\\] above each row"):
        with_row(listed, "one", {"id": "two"}, "f")


def test_tables_stand_in_one_line_and_before_the_parameters() -> None:
    _, row = added(
        SMALL, "one", "id=new", "published={ test_accuracy = 0.9 }", "epochs=3", 'title="4"', "comment=5"
    )
    assert row["published"] == {"test_accuracy": 0.9} and row["parameters"] == {"epochs": 3}
    assert row["title"] == "4" and row["comment"] == "5"
    _, row = added(SMALL, "one", "id=new", "seed=3", "shuffle=true")
    assert row["title"] == "One, but seed 3, shuffle true"


NETWORKS = """\
[report]
title = "One"

[[section]]
id = "a"
notebook = "cnn"

[[experiment]]
id = "one"
section = "a"
title = "Stages"
parameters = { filters = [8], kernel_sizes = [3], learning_rate = 0.01, epochs = 3 }
"""
STACK = [
    "Conv2D(8, 3, activation='relu')",
    "MaxPooling2D(2)",
    "Dropout(0.25)",
    "Flatten()",
    'Dense(10, activation="softmax")',
]


@pytest.mark.parametrize("quoted", [True, False])
def test_calls_may_be_typed_with_quotes_or_without(quoted: bool) -> None:
    typed = ", ".join(tomlkit.item(each).as_string() if quoted else each for each in STACK)
    text, new = added(NETWORKS, "one", "id=two", f"layers=[{typed}]", "optimizer=Adam(1e-3)")
    # What layers and an optimiser with a rate of its own replace is not taken over.
    assert new["parameters"] == {"epochs": 3, "layers": STACK, "optimizer": "Adam(1e-3)"}
    assert new["title"] == "Stages, but other layers, optimizer Adam(1e-3)"
    assert 'layers = [\n  "Conv2D(8, 3, activation=\'relu\')",\n  "MaxPooling2D(2)",\n' in text
    assert "\n]\n" in text


def test_a_short_list_of_texts_is_named_in_the_title() -> None:
    _, new = added(NETWORKS, "one", "id=two", "callbacks=[EarlyStopping(patience=5)]")
    assert new["title"] == "Stages, but callbacks EarlyStopping(patience=5)"
    assert new["parameters"]["callbacks"] == ["EarlyStopping(patience=5)"]
    assert {"filters", "learning_rate"} <= new["parameters"].keys()
    assert settings(["a=[relu, tanh]", "b=[1, x()]", "c=[", "d=[f(]", "e=[]"], "f") == {
        "a": ["relu", "tanh"], "b": "[1, x()]", "c": "[", "d": "[f(]", "e": [],
    }  # fmt: skip
