"""Notebooks: finding them, reading the parameters cell, checking values."""

from __future__ import annotations

import datetime
import json
import socket
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import InputError, Problem
from reportgen.notebooks import Parameter, check_value, discover, read_notebook, settled_value
from tests.experiments.sources import CNN, MLP, notebook, write_notebook

ROOT = Path(__file__).resolve().parents[1]
SEED = "seed: int = 42\n"


def codes(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def faults_of(tmp_path: Path, content: Any) -> list[str]:
    path = tmp_path / "train.ipynb"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with pytest.raises(InputError) as error:
        read_notebook(path)
    assert all(problem.file == str(path) and problem.message for problem in error.value.problems)
    return codes(error)


class TestReading:
    def test_parameters_keep_order_type_default_and_help(self, tmp_path: Path) -> None:
        found = read_notebook(write_notebook(tmp_path, "mlp", notebook(MLP)))
        assert found.name == "mlp"
        assert list(found.parameters)[:3] == ["dataset", "hidden_units", "activation"]
        assert found.parameters["hidden_units"] == Parameter(
            "hidden_units", "list[int]", [250], "one hidden layer per entry"
        )
        assert found.parameters["clip"] == Parameter("clip", "float | None", None, "")

    def test_code_is_that_of_the_other_code_cells(self, tmp_path: Path) -> None:
        content = notebook(SEED, code="%matplotlib inline\nx = 1")
        content["cells"].append({"cell_type": "code", "metadata": {}, "source": ["y = 2\n", "z = 3"]})
        found = read_notebook(write_notebook(tmp_path, "train", content))
        assert found.code == ("%matplotlib inline\nx = 1", "y = 2\nz = 3")

    def test_a_literal_over_several_lines_joins_its_comments(self, tmp_path: Path) -> None:
        cell = (
            "# sizes of the layers\nunits: list[int] = [  # first\n    3,\n    -4 + 0j if False else 4,\n]\n"
        )
        assert faults_of(tmp_path, notebook(cell + SEED)) == ["not-a-literal"]
        cell = "units: list[int] = [  # first\n    3,  # second\n]\n"
        found = read_notebook(write_notebook(tmp_path, "train", notebook(cell + SEED)))
        assert found.parameters["units"] == Parameter("units", "list[int]", [3], "first second")

    def test_an_equals_sign_in_a_comment_or_text_is_no_trap(self, tmp_path: Path) -> None:
        cell = 'name: str = "a = 1  # b"  # as in x: int = 3\n'
        found = read_notebook(write_notebook(tmp_path, "train", notebook(cell + SEED)))
        assert found.parameters["name"] == Parameter("name", "str", "a = 1  # b", "as in x: int = 3")

    def test_the_line_can_be_written_again(self) -> None:
        assert str(Parameter("epochs", "int", 3, "passes")) == "epochs: int = 3  # passes"
        assert str(Parameter("epochs", "int", 3)) == "epochs: int = 3"

    def test_python_notebooks_without_kernelspec_are_accepted(self, tmp_path: Path) -> None:
        for metadata in ({}, {"language_info": {"name": "python"}}, {"kernelspec": {"name": "python3"}}):
            write_notebook(tmp_path, "train", notebook(SEED, metadata=metadata))
            assert list(read_notebook(tmp_path / "train.ipynb").parameters) == ["seed"]


class TestFaults:
    def test_structure(self, tmp_path: Path) -> None:
        assert faults_of(tmp_path, notebook()) == ["no-parameters-cell"]
        assert faults_of(tmp_path, notebook(SEED, SEED)) == ["two-parameters-cells"]
        assert faults_of(tmp_path, b"not json") == ["not-a-notebook"]
        assert faults_of(tmp_path, b"\xff\xfe\xfa") == ["not-a-notebook"]
        assert faults_of(tmp_path, b"[" * 100_000) == ["not-a-notebook"]
        assert faults_of(tmp_path, b"9" * 5000) == ["not-a-notebook"]
        assert faults_of(tmp_path, []) == ["not-a-notebook"]
        assert faults_of(tmp_path, {"nbformat": "4"}) == ["not-a-notebook"]
        assert faults_of(tmp_path, {"nbformat": 3, "worksheets": []}) == ["notebook-format"]
        assert faults_of(tmp_path, notebook(SEED, nbformat=5)) == ["notebook-format"]

    @pytest.mark.parametrize(
        "cells",
        [
            None,
            {},
            [1],
            [{}],
            [{"cell_type": "code"}],
            [{"cell_type": "code", "source": [1]}],
            [{"source": ""}],
        ],
    )
    def test_damaged_cells(self, tmp_path: Path, cells: Any) -> None:
        assert faults_of(tmp_path, notebook(SEED, cells=cells)) == ["not-a-notebook"]

    @pytest.mark.parametrize("metadata", [None, [], {"tags": None}, {"tags": "parameters"}, {"tags": {}}])
    def test_odd_tags_are_no_tags(self, tmp_path: Path, metadata: Any) -> None:
        content = notebook()
        content["cells"][-1]["metadata"] = metadata
        assert faults_of(tmp_path, content) == ["no-parameters-cell"]

    def test_a_markdown_cell_is_no_parameters_cell(self, tmp_path: Path) -> None:
        content = notebook()
        content["cells"][0]["metadata"] = {"tags": ["parameters"]}
        assert faults_of(tmp_path, content) == ["no-parameters-cell"]

    def test_an_executed_copy_is_refused(self, tmp_path: Path) -> None:
        content = notebook(SEED)
        content["cells"][-1]["metadata"] = {"tags": ["injected-parameters"]}
        assert faults_of(tmp_path, content) == ["executed-notebook"]

    @pytest.mark.parametrize("language", ["R", "julia"])
    def test_other_languages(self, tmp_path: Path, language: str) -> None:
        metadata = {"kernelspec": {"language": language}}
        assert faults_of(tmp_path, notebook(SEED, metadata=metadata)) == ["notebook-language"]
        metadata = {"language_info": {"name": language}}
        assert faults_of(tmp_path, notebook(SEED, metadata=metadata)) == ["notebook-language"]

    def test_too_large(self, tmp_path: Path) -> None:
        path = write_notebook(tmp_path, "train", notebook(SEED))
        with path.open("ab") as stream:
            stream.truncate(20_000_001)
        with pytest.raises(InputError) as error:
            read_notebook(path)
        assert codes(error) == ["notebook-too-large"]

    @pytest.mark.parametrize("name", ["http:", "a b", "É", "-x", ".x", "x.", "a" * 65])
    def test_names_that_no_row_can_write(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(InputError) as error:
            read_notebook(write_notebook(tmp_path, name, notebook(SEED)))
        assert codes(error) == ["bad-notebook-name"]

    def test_missing_files_and_folders(self, tmp_path: Path) -> None:
        (tmp_path / "folder.ipynb").mkdir()
        for name in ("none", "folder"):
            with pytest.raises(InputError) as error:
                read_notebook(tmp_path / f"{name}.ipynb")
            assert codes(error) == ["no-notebook"]

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ("epochs = 3", "parameter-without-type"),
            ("a: int = b = 3", "bad-parameters-cell"),
            ("epochs: int", "not-a-parameter"),
            ("import os", "not-a-parameter"),
            ("'text'", "not-a-parameter"),
            ("x.y: int = 3", "not-a-parameter"),
            ("x[0]: int = 3", "not-a-parameter"),
            ("def f(): pass", "not-a-parameter"),
            ("%matplotlib inline", "bad-parameters-cell"),
            ("epochs: int = (", "bad-parameters-cell"),
            ("epochs: int = 3\x00", "bad-parameters-cell"),
            ("x: list[int] = " + "[" * 500, "bad-parameters-cell"),
            ("epochs: int = 2 ** 3", "not-a-literal"),
            ("epochs: int = open('x')", "not-a-literal"),
            ("units: list[int] = list()", "not-a-literal"),
            ("units: list = [3]", "bad-parameter-type"),
            ("units: tuple[int] = (3,)", "bad-parameter-type"),
            ("units: 'list[int]' = [3]", "bad-parameter-type"),
            ("units: Optional[int] = 3", "bad-parameter-type"),
            ("units: dict[int, int] = {}", "bad-parameter-type"),
            ("units: int(3) = 3", "bad-parameter-type"),
            ("units: " + "list[" * 50 + "int" + "]" * 50 + " = []", "bad-parameter-type"),
            ("units: " + " | ".join(["int"] * 300) + " = 3", "bad-parameter-type"),
            ("epochs: int = 3.0", "bad-default"),
            ("epochs: int = True", "bad-default"),
            ("epochs: int = None", "bad-default"),
            ("epochs: int = 0", "bad-default"),
            ("rates: list[float] = [0.1, 1e999]", "bad-default"),
            ("units: list[int] = (3,)", "bad-default"),
            ("activation: str = 'rellu'", "bad-default"),
            ("__name__: str = 'x'", "bad-parameter-name"),
            ("list: list[int] = [3]", "bad-parameter-name"),
            ("match: int = 1\nmatch: int = 2", "repeated-parameter"),
        ],
    )
    def test_lines_of_the_cell(self, tmp_path: Path, line: str, code: str) -> None:
        assert faults_of(tmp_path, notebook(SEED + line)) == [code]

    def test_lines_that_are_no_faults(self, tmp_path: Path) -> None:
        cell = "# a comment\n\nmatch: int = -1\nrate: float = 1\nodd: bool | list[str] | None = ['x']\n"
        found = read_notebook(write_notebook(tmp_path, "train", notebook(cell + SEED)))
        assert [each.default for each in found.parameters.values()] == [-1, 1, ["x"], 42]

    def test_every_line_is_named(self, tmp_path: Path) -> None:
        path = write_notebook(tmp_path, "train", notebook("a = 1\nb: int = x\nc: set = 3\n"))
        with pytest.raises(InputError) as error:
            read_notebook(path)
        messages = [problem.message for problem in error.value.problems]
        assert [any(f"line {n}" in message for message in messages) for n in (1, 2, 3)] == [True] * 3

    @pytest.mark.parametrize("cell", ["epochs: int = 3", "seed: float = 3.0", ""])
    def test_a_notebook_needs_a_seed(self, tmp_path: Path, cell: str) -> None:
        assert faults_of(tmp_path, notebook(cell)) == ["no-seed"]

    @given(st.text(max_size=60))
    def test_no_text_makes_it_fall_over(self, tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
        path = tmp_path_factory.mktemp("any") / "train.ipynb"
        path.write_text(json.dumps(notebook(text)))
        with pytest.raises(InputError):
            read_notebook(path)


class TestDiscovering:
    def test_by_name_in_order(self, tmp_path: Path) -> None:
        for name, cell in (("mlp", MLP), ("cnn", CNN), (".hidden", "x")):
            write_notebook(tmp_path, name, notebook(cell))
        (tmp_path / "readme.txt").write_text("x")
        (tmp_path / ".ipynb_checkpoints").mkdir()
        assert list(discover(tmp_path)) == ["cnn", "mlp"]

    def test_faults_of_all_notebooks_at_once(self, tmp_path: Path) -> None:
        write_notebook(tmp_path, "a", notebook())
        write_notebook(tmp_path, "b", notebook("x = 1\ny: set = 1"))
        write_notebook(tmp_path, "c", notebook(SEED))
        with pytest.raises(InputError) as error:
            discover(tmp_path)
        assert codes(error) == ["no-parameters-cell", "bad-parameter-type", "parameter-without-type"]
        faults: list[Problem] = []
        assert list(discover(tmp_path, faults)) == ["c"]
        assert tuple(faults) == error.value.problems

    def test_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(InputError) as error:
            discover(tmp_path / "none")
        assert codes(error) == ["no-notebooks"]

    def test_nothing_is_asked_of_the_network(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: object) -> None:
            raise AssertionError("a socket was opened")

        monkeypatch.setattr(socket, "socket", refuse)
        with pytest.raises(InputError):
            read_notebook(Path("http://localhost/train.ipynb"))

    def test_the_projects_own_notebooks(self) -> None:
        found = discover(ROOT / "notebooks")
        assert set(found) >= {"raw_mlp", "hog_mlp", "cnn", "fashion_cnn"}
        for each in found.values():
            assert all(parameter.help for parameter in each.parameters.values()), each.name


GOOD = [
    ("int", 3), ("int", -3), ("int", 2**63 - 1), ("float", 0.5), ("float", 3), ("str", ""), ("str", "none"),
    ("bool", True), ("list[int]", []), ("list[int]", [1, 2]), ("list[float]", [1, 2.5]), ("list[str]", ["a"]),
    ("list[list[int]]", [[1], []]), ("dict[str, int]", {"a": 1}), ("dict[str, float | None]", {"a": "none"}),
    ("int | None", "none"), ("int | None", None), ("int | str", "x"), ("float | str", 1), ("None | list[int]", [1]),
]  # fmt: skip
BAD = [
    ("int", True, "expected an integer, found true"),
    ("int", 32.0, "expected an integer, found 32.0 (an integer has no decimal point: write 32)"),
    ("int", 1.5, "expected an integer, found 1.5"),
    ("int", "32", 'expected an integer, found the text "32" (a number stands without quotes: write 32)'),
    ("int", "none", 'expected an integer, found the text "none"'),
    ("int", None, "expected an integer, found none"),
    ("int", 2**63, "expected a number of at most 64 bits, found 9223372036854775808"),
    ("int", 10**4000, "expected a number of at most 64 bits, found an integer of more than 64 bits"),
    ("int", [3], "expected an integer, found a list"),
    ("int", {}, "expected an integer, found a table"),
    ("int", datetime.date(2026, 1, 2), "expected an integer, found the date 2026-01-02"),
    ("str", datetime.datetime(2026, 1, 2), "expected a text, found the date and time 2026-01-02 00:00:00"),
    ("str", datetime.time(12), "expected a text, found the time 12:00:00"),
    ("str", 3, "expected a text, found 3"),
    ("float", True, "expected a number, found true"),
    ("float", "0.5", 'expected a number, found the text "0.5" (a number stands without quotes: write 0.5)'),
    ("float", float("nan"), "expected a finite number, found nan"),
    ("float", float("inf"), "expected a finite number, found inf"),
    ("float", "inf", 'expected a number, found the text "inf"'),
    ("float", Decimal(1), "expected a number, found a Decimal"),
    ("float", np.float32(1), "expected a number, found a float32"),
    ("int", np.int64(1), "expected an integer, found a int64"),
    ("bool", 1, "expected true or false, found 1"),
    ("bool", "True", 'expected true or false, found the text "True" (without quotes: write true)'),
    ("list[int]", (1, 2), "expected a list of integers, found a tuple"),
    ("list[int]", 3, "expected a list of integers, found 3 (a list stands in brackets: write [...])"),
    ("list[int]", [1, 2.0], "entry 2: expected an integer, found 2.0 (an integer has no decimal point: write 2)"),
    ("list[int] | None", [1, "x"], 'entry 2: expected an integer, found the text "x"'),
    ("list[int] | None", "x", 'expected a list of integers or "none", found the text "x"'),
    ("float | str", float("nan"), "expected a finite number, found nan"),
    ("int | float | None", "x", 'expected an integer, a number or "none", found the text "x"'),
    ("dict[str, int]", {"a": "x"}, '"a": expected an integer, found the text "x"'),
    ("dict[str, int]", [1], "expected a table of integers, found a list"),
    ("list[list[int]]", [1], "entry 1: expected a list of integers, found 1 (a list stands in brackets: write [...])"),
]  # fmt: skip


class TestCheckingValues:
    @pytest.mark.parametrize(("annotation", "value"), GOOD)
    def test_good(self, annotation: str, value: Any) -> None:
        assert check_value(Parameter("anything", annotation, value), value) is None

    @pytest.mark.parametrize(("annotation", "value", "message"), BAD)
    def test_bad(self, annotation: str, value: Any, message: str) -> None:
        assert check_value(Parameter("anything", annotation, None), value) == message

    @given(st.sampled_from(["int", "float", "str", "bool", "list[int]", "dict[str, int]"]), st.data())
    def test_types_keep_apart(self, annotation: str, data: st.DataObject) -> None:
        """A value made for one type passes for that type alone; an integer for a float too."""
        strategies: dict[str, st.SearchStrategy[Any]] = {
            "int": st.integers(-(2**63), 2**63 - 1),
            "float": st.floats(allow_nan=False, allow_infinity=False),
            "str": st.text(),
            "bool": st.booleans(),
            "list[int]": st.lists(st.integers(0, 9), min_size=1),
            "dict[str, int]": st.dictionaries(st.text(), st.integers(0, 9), min_size=1),
        }
        value = data.draw(strategies[annotation])
        passed = {each for each in strategies if check_value(Parameter("x", each, None), value) is None}
        assert passed == {annotation} | ({"float"} if annotation == "int" else set())

    def test_range_by_name_comes_after_the_type(self) -> None:
        assert (
            check_value(Parameter("epochs", "int", 1), 0)
            == "expected at least 1 and at most 100 000, found 0"
        )
        assert check_value(Parameter("validation", "float | str", 0.1), "test") is None
        assert check_value(Parameter("dropout", "float | None", 0.5), "none") is None


class TestSettledValues:
    @pytest.mark.parametrize(
        ("annotation", "value", "settled"),
        [
            ("float", 1, 1.0), ("int | float", 1, 1), ("float | str", 1, 1.0), ("str | None", "none", None),
            ("str", "none", "none"), ("list[float]", [1, 2], [1.0, 2.0]), ("dict[str, int | None]", {"a": "none"}, {"a": None}),
            ("bool", True, True), ("float | bool", True, True),
        ],
    )  # fmt: skip
    def test_settled(self, annotation: str, value: Any, settled: Any) -> None:
        found = settled_value(Parameter("x", annotation, None), value)
        assert (found, type(found)) == (settled, type(settled))

    def test_entries_become_floats(self) -> None:
        found = settled_value(Parameter("x", "list[float]", []), [1])
        assert type(found[0]) is float
