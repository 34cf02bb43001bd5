"""What ran in a kernel of its own: which cells count, which runs are none, and what is said of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportgen.execution.alone import NotARun, as_notebook, that_ran, what_ran, with_the_cells_of
from reportgen.notebooks import read_notebook
from tests.projects import ROOT

CELL = 'dataset: str = "digits"  # which\nrate: float = 1  # step\nsizes: list[int] = [9, 9]\nepochs: int = 50\nseed: int = 42'
SETUP, DATA, TRAIN, RECORD = (
    "prepare(seed)",
    "data = load()",
    "history = train(model, epochs)",
    "record(model, data, history)",
)
REST = (SETUP, DATA, TRAIN, RECORD)
WHOLE = (CELL, *REST)


def test_a_notebook_from_top_to_bottom_is_a_run_with_the_parameters_of_its_cell() -> None:
    ran = what_ran(WHOLE)
    assert ran.code == REST
    assert ran.parameters == {"dataset": "digits", "rate": 1.0, "sizes": [9, 9], "epochs": 50, "seed": 42}
    assert type(ran.parameters["rate"]) is float  # as a row's is: 1 and 1.0 are two keys
    assert ran.cells == WHOLE


@pytest.mark.parametrize(
    "history",
    [
        ("", *WHOLE),
        ("%pip install reportgen", *WHOLE),
        ("# for Colab\n!pip install -q \\\n  reportgen.whl\n", *WHOLE),
        ("%matplotlib inline", *WHOLE),
        (CELL, CELL, *REST),
        (CELL.replace("50", "3"), CELL, *REST),
        (*WHOLE, RECORD, RECORD),
    ],
)
def test_what_changes_no_number_does_not_count(history: tuple[str, ...]) -> None:
    assert what_ran(history) == what_ran(WHOLE)


@pytest.mark.parametrize(
    ("cell", "changed"),
    [
        ("# Parameters\nepochs = 2\nrate = 2", {"epochs": 2, "rate": 2.0}),
        ("sizes = [5]", {"sizes": [5]}),
    ],
)
def test_values_right_after_the_parameters_are_parameters(cell: str, changed: dict[str, object]) -> None:
    ran = what_ran((CELL, cell, *REST))
    assert ran.code == REST
    assert ran.parameters == {**what_ran(WHOLE).parameters, **changed}


@pytest.mark.parametrize(
    "cell", ["epochs = 2.5", "epochs = -1", "epochs = 1 + 1", "other = 3", "print(epochs)"]
)
def test_any_other_cell_is_code_and_changes_the_key(cell: str) -> None:
    ran = what_ran((CELL, cell, *REST))
    assert ran.code == (cell, *REST)
    assert ran.parameters["epochs"] == 50


@pytest.mark.parametrize(
    ("history", "words"),
    [
        (REST, "no cell holds the parameters"),
        (("epochs = 3", *REST), "no cell holds the parameters"),
        ((*WHOLE, TRAIN, RECORD), "more than once"),
        ((*WHOLE, *REST), "more than once"),
        ((*WHOLE, "plot(history)", RECORD), "more than once"),
        ((*WHOLE, *WHOLE), "set again"),
        ((CELL, *REST[:3], CELL.replace("50", "3"), RECORD), "set again"),
        ((CELL.replace("epochs", "passes"), *WHOLE), "other names"),
    ],
)
def test_what_no_notebook_does_from_top_to_bottom_is_no_run(history: tuple[str, ...], words: str) -> None:
    with pytest.raises(NotARun, match=words):
        what_ran(history)


def test_another_order_is_another_run() -> None:
    assert what_ran((CELL, DATA, SETUP, TRAIN, RECORD)).code == (DATA, SETUP, TRAIN, RECORD)
    assert what_ran((SETUP, CELL, DATA, TRAIN, RECORD)).code == REST  # the parameters may stand anywhere


def test_a_cell_with_a_slip_of_the_pen_did_nothing() -> None:
    raw = ["", CELL, "prepare(seed", SETUP, "!ls", RECORD]
    transformed = ["", CELL, "prepare(seed", SETUP, "get_ipython().system('ls')", RECORD]
    assert that_ran(raw, transformed) == [CELL, SETUP, "!ls", RECORD]


def test_the_notebook_of_a_run_can_be_read_and_is_that_run(tmp_path: Path) -> None:
    ran = what_ran((CELL.replace("50", "7"), CELL, "epochs = 3", *REST, RECORD))
    path = tmp_path / "again.ipynb"
    path.write_bytes(as_notebook(ran))
    notebook = read_notebook(path)
    assert notebook.code == ("epochs = 3", *REST)
    assert list(notebook.parameters) == list(ran.parameters)


def test_a_notebook_with_the_same_cells_is_found(tmp_path: Path) -> None:
    starter = read_notebook(ROOT / "notebooks" / "cnn.ipynb")
    history = ("\n".join(str(each) for each in starter.parameters.values()), *starter.code)
    assert with_the_cells_of(what_ran(history), ROOT / "notebooks") == (
        "cnn.ipynb",
        "fashion_cnn.ipynb",
    )  # fashion_cnn has the same cells
    assert with_the_cells_of(what_ran((*history[:2], "print(data)", *history[2:])), ROOT / "notebooks") == ()
    document = json.loads((ROOT / "notebooks" / "cnn.ipynb").read_text(encoding="utf-8"))
    empty: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "id": "x",
        "metadata": {},
        "outputs": [],
        "source": [],
    }
    document["cells"].append(empty)  # as Jupyter leaves one after Shift-Enter in the last cell
    (tmp_path / "mine.ipynb").write_text(json.dumps(document), encoding="utf-8")
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    assert with_the_cells_of(what_ran(history), tmp_path) == ("mine.ipynb",)
