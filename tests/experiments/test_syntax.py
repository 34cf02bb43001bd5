"""Texts that are no TOML, with the message that each must give, to the letter."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.errors import InputError
from reportgen.experiments import syntax

BROKEN = {
    "bare word": (
        "activation = tanh",
        "lab.toml:1:14: error[toml-syntax]: invalid value\n"
        "  activation = tanh\n"
        "               ^\n"
        '  a text stands in quotes: "tanh"',
    ),
    "capital truth value": (
        "[report]\n\ndropout = True",
        "lab.toml:3:11: error[toml-syntax]: invalid value\n"
        "  dropout = True\n"
        "            ^\n"
        "  write true, with small letters",
    ),
    "None": (
        "seed = None",
        "lab.toml:1:8: error[toml-syntax]: invalid value\n"
        "  seed = None\n"
        "         ^\n"
        '  there is no null: leave the key out, or write "none" where the notebook allows it',
    ),
    "number with a leading zero": (
        "batch_size = 0128",
        "lab.toml:1:15: error[toml-syntax]: expected the end of the line\n"
        "  batch_size = 0128\n"
        "                ^\n"
        "  one key per line; a number has no leading zeros; a date is written 2026-11-20",
    ),
    "two keys on a line": (
        "epochs = 3 seed = 4",
        "lab.toml:1:12: error[toml-syntax]: expected the end of the line\n"
        "  epochs = 3 seed = 4\n"
        "             ^\n"
        "  one key per line; a number has no leading zeros; a date is written 2026-11-20",
    ),
    "a month that is none": (
        "date = 2026-13-01",
        "lab.toml:1:12: error[toml-syntax]: expected the end of the line\n"
        "  date = 2026-13-01\n"
        "             ^\n"
        "  one key per line; a number has no leading zeros; a date is written 2026-11-20",
    ),
    "a day that is none": (
        "date = 2026-02-30",
        "lab.toml:1:8: error[toml-syntax]: invalid date or datetime\n  date = 2026-02-30\n         ^",
    ),
    "no value": (
        "epochs =",
        "lab.toml:1:9: error[toml-syntax]: the value is missing\n  epochs =\n          ^",
    ),
    "no value, more below": (
        "epochs =\nseed = 3",
        "lab.toml:1:9: error[toml-syntax]: the value is missing\n  epochs =\n          ^",
    ),
    "no equals sign": (
        "epochs 3",
        "lab.toml:1:8: error[toml-syntax]: expected '=' after a key in a key/value pair\n"
        "  epochs 3\n"
        "         ^\n"
        "  a name is followed by = and its value; a name with blanks stands in quotes",
    ),
    "no equals sign at the end": (
        "epochs",
        "lab.toml:1:7: error[toml-syntax]: expected '=' after a key in a key/value pair\n"
        "  epochs\n"
        "        ^\n"
        "  a name is followed by = and its value; a name with blanks stands in quotes",
    ),
    "colon": (
        "epochs: 3",
        "lab.toml:1:7: error[toml-syntax]: expected '=' after a key in a key/value pair\n"
        "  epochs: 3\n"
        "        ^\n"
        "  a name is followed by = and its value; a name with blanks stands in quotes",
    ),
    "no name": (
        "= 3",
        "lab.toml:1:1: error[toml-syntax]: invalid statement\n"
        "  = 3\n"
        "  ^\n"
        "  a line begins with [ or with a name: letters a to z, digits, '_' and '-'",
    ),
    "accents in a name": (
        "époques = 3",
        "lab.toml:1:1: error[toml-syntax]: invalid statement\n"
        "  époques = 3\n"
        "  ^\n"
        "  a line begins with [ or with a name: letters a to z, digits, '_' and '-'",
    ),
    "accents in a table's name": (
        "[époques]",
        "lab.toml:1:2: error[toml-syntax]: expected a name\n"
        "  [époques]\n"
        "   ^\n"
        "  letters a to z, digits, '_' and '-'; { ... } stands on one line, no comma at its end",
    ),
    "open quotes": (
        'title = "Digits\nseed = 3',
        "lab.toml:1:16: error[toml-syntax]: the quotes are not closed on this line\n"
        '  title = "Digits\n'
        "                 ^\n"
        "  close them, or use three of them for a text of several lines",
    ),
    "open quotes at the end": (
        'title = "Digits',
        "lab.toml:1:16: error[toml-syntax]: the quotes are not closed on this line\n"
        '  title = "Digits\n'
        "                 ^\n"
        "  close them, or use three of them for a text of several lines",
    ),
    "open long text": (
        '[report]\ntitle = """Digits\nand more\n',
        "lab.toml:2:1: error[toml-syntax]: the text that begins here is never closed\n"
        '  title = """Digits\n'
        "  ^",
    ),
    "open list": (
        "units = [\n  250,\n",
        "lab.toml:1:1: error[toml-syntax]: the list that begins here is never closed\n  units = [\n  ^",
    ),
    "open list, more below": (
        "units = [250\nseed = 3",
        "lab.toml:1:1: error[toml-syntax]: the list that begins here is never closed\n  units = [250\n  ^",
    ),
    "open inline table": (
        "parameters = { epochs = 3\n",
        "lab.toml:1:26: error[toml-syntax]: the } is missing at the end of the line\n"
        "  parameters = { epochs = 3\n"
        "                           ^\n"
        "  { ... } stands on one line",
    ),
    "open inline table, more below": (
        "parameters = { epochs = 3  # few\nseed = 3",
        "lab.toml:1:28: error[toml-syntax]: the } is missing at the end of the line\n"
        "  parameters = { epochs = 3  # few\n"
        "                             ^\n"
        "  { ... } stands on one line",
    ),
    "no comma in an inline table": (
        "parameters = { epochs = 20 batch_size = 128 }",
        'lab.toml:1:28: error[toml-syntax]: a comma is missing before "batch_size"\n'
        "  parameters = { epochs = 20 batch_size = 128 }\n"
        "                             ^\n"
        "  commas stand between the entries: { a = 1, b = 2 }",
    ),
    "a word too many in an inline table": (
        "parameters = { epochs = 20 passes }",
        "lab.toml:1:28: error[toml-syntax]: the table is not closed\n"
        "  parameters = { epochs = 20 passes }\n"
        "                             ^\n"
        "  commas stand between its entries, and a } ends it",
    ),
    "no comma in a list": (
        "units = [250 100]",
        "lab.toml:1:14: error[toml-syntax]: a comma is missing before 100\n"
        "  units = [250 100]\n"
        "               ^\n"
        "  commas stand between the entries: [1, 2]",
    ),
    "inline table over lines": (
        "parameters = {\n  epochs = 3 }",
        "lab.toml:1:15: error[toml-syntax]: expected a name\n"
        "  parameters = {\n"
        "                ^\n"
        "  letters a to z, digits, '_' and '-'; { ... } stands on one line, no comma at its end",
    ),
    "comma at the end of an inline table": (
        "parameters = { epochs = 3, }",
        "lab.toml:1:28: error[toml-syntax]: expected a name\n"
        "  parameters = { epochs = 3, }\n"
        "                             ^\n"
        "  letters a to z, digits, '_' and '-'; { ... } stands on one line, no comma at its end",
    ),
    "open table name": (
        '[report\ntitle = "x"',
        "lab.toml:1:8: error[toml-syntax]: expected ']' at the end of a table declaration\n"
        "  [report\n"
        "         ^\n"
        "  close the brackets of the table's name on the same line",
    ),
    "open list name": (
        '[[experiment]\nid = "x"',
        "lab.toml:1:13: error[toml-syntax]: expected ']]' at the end of an array declaration\n"
        "  [[experiment]\n"
        "              ^\n"
        "  close the brackets of the table's name on the same line",
    ),
    "text behind a table name": (
        '[report] title = "x"',
        "lab.toml:1:10: error[toml-syntax]: expected the end of the line\n"
        '  [report] title = "x"\n'
        "           ^\n"
        "  one key per line; a number has no leading zeros; a date is written 2026-11-20",
    ),
    "backslash": (
        'path = "C:\\data"',
        "lab.toml:1:13: error[toml-syntax]: unescaped '\\' in a string\n"
        '  path = "C:\\data"\n'
        "              ^\n"
        "  write \\\\ for a backslash, or put the text in single quotes",
    ),
    "key twice": (
        '[report]\ntitle = "a"\nlanguage = "en"\n  title = "b"\n',
        'lab.toml:4:3: error[toml-syntax]: "report.title" is defined twice, first on line 2\n'
        '    title = "b"\n'
        "    ^\n"
        "  remove one of the two",
    ),
    "key twice at the end": (
        'title = "a"\ntitle = "b"',
        'lab.toml:2:1: error[toml-syntax]: "title" is defined twice, first on line 1\n'
        '  title = "b"\n'
        "  ^\n"
        "  remove one of the two",
    ),
    "key twice inline": (
        "[[experiment]]\nparameters = { epochs = 3, epochs = 4 }",
        'lab.toml:2:1: error[toml-syntax]: "experiment.parameters.epochs" is defined twice, first on line 2\n'
        "  parameters = { epochs = 3, epochs = 4 }\n"
        "  ^\n"
        "  remove one of the two",
    ),
    "table twice": (
        '[report]\ntitle = "a"\n\n[data]\n[report]\n',
        'lab.toml:5:1: error[toml-syntax]: "report" is defined twice, first on line 1\n'
        "  [report]\n"
        "  ^\n"
        "  remove one of the two",
    ),
    "list and table": (
        '[[section]]\nid = "a"\n[section]\nid = "b"',
        'lab.toml:3:1: error[toml-syntax]: "section" is defined twice, first on line 1\n'
        "  [section]\n"
        "  ^\n"
        "  write [[section]], with double brackets, above each one",
    ),
    **{
        f"{name} in single brackets twice": (
            f'[{name}]\nid = "a"\n[{name}]\nid = "b"',
            f'lab.toml:3:1: error[toml-syntax]: "{name}" is defined twice, first on line 1\n'
            f"  [{name}]\n"
            "  ^\n"
            f"  write [[{name}]], with double brackets, above each one",
        )
        for name in ("section", "experiment", "contrast", "claim")
    },
    "table and list": (
        '[report]\n[experiment]\nid = "a"\n[[experiment]]\nid = "b"',
        'lab.toml:2:1: error[toml-syntax]: "experiment" stands in single brackets here, in double ones below\n'
        "  [experiment]\n"
        "  ^\n"
        "  write [[experiment]], with double brackets, above each one",
    ),
    "parameters twice": (
        '[[experiment]]\nid = "a"\n[experiment.parameters]\n[experiment.parameters]\n',
        'lab.toml:4:1: error[toml-syntax]: "experiment.parameters" is defined twice, first on line 3\n'
        "  [experiment.parameters]\n"
        "  ^\n"
        "  remove one of the two",
    ),
    "value and table": (
        'report = "x"\n[report.authors]',
        "lab.toml:2:16: error[toml-syntax]: the name has a value already\n"
        "  [report.authors]\n"
        "                 ^\n"
        "  it cannot be a table as well, nor have two values",
    ),
    "value and dotted key": (
        "a = 1\na.b = 2",
        "lab.toml:2:8: error[toml-syntax]: the name has a value already\n"
        "  a.b = 2\n"
        "         ^\n"
        "  it cannot be a table as well, nor have two values",
    ),
    "control character": (
        'title = "a\x07b"',
        "lab.toml:1:11: error[toml-syntax]: illegal character '\\x07'\n"
        '  title = "a\\x07b"\n'
        "            ^\n"
        "  remove the control character",
    ),
    "NUL in a line": (
        "title\x00 = 1",
        "lab.toml:1:6: error[toml-syntax]: expected '=' after a key in a key/value pair\n"
        "  title\\x00 = 1\n"
        "       ^\n"
        "  a name is followed by = and its value; a name with blanks stands in quotes",
    ),
    "carriage return alone": (
        'title = "a"\rseed = 3',
        "lab.toml:1:12: error[toml-syntax]: expected the end of the line\n"
        '  title = "a"\\x0dseed = 3\n'
        "             ^\n"
        "  one key per line; a number has no leading zeros; a date is written 2026-11-20",
    ),
    "wide characters before the fault": (
        'title = "日本" x',
        "lab.toml:1:14: error[toml-syntax]: expected the end of the line\n"
        '  title = "日本" x\n'
        "                 ^\n"
        "  one key per line; a number has no leading zeros; a date is written 2026-11-20",
    ),
    "combining characters before the fault": (
        'title = "éà" x',
        "lab.toml:1:16: error[toml-syntax]: expected the end of the line\n"
        '  title = "éà" x\n'
        "               ^\n"
        "  one key per line; a number has no leading zeros; a date is written 2026-11-20",
    ),
    "tab before the fault": (
        '\ttitle = "a" x',
        "lab.toml:1:14: error[toml-syntax]: expected the end of the line\n"
        '   title = "a" x\n'
        "               ^\n"
        "  one key per line; a number has no leading zeros; a date is written 2026-11-20",
    ),
    "far to the right": (
        'title = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" x # a comment that goes on and on and on and on',
        "lab.toml:1:124: error[toml-syntax]: expected the end of the line\n"
        '  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" x # a comment that goes on and on and on and on\n'
        "                                                   ^\n"
        "  one key per line; a number has no leading zeros; a date is written 2026-11-20",
    ),
    "typographic quotes": (
        "title = “Digits”",
        "lab.toml:1:9: error[toml-syntax]: invalid value\n"
        "  title = “Digits”\n"
        "          ^\n"
        '  quotes are straight: "..."',
    ),
    "python list": (
        "units = (1, 2)",
        "lab.toml:1:9: error[toml-syntax]: invalid value\n"
        "  units = (1, 2)\n"
        "          ^\n"
        "  a list stands in square brackets: [1, 2]",
    ),
    "nested too deeply": (
        "a = 1\nb = [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        "lab.toml:2: error[toml-syntax]: tables or lists are nested too deeply",
    ),
}


def fault(text: str) -> str:
    with pytest.raises(InputError) as error:
        syntax.parse(text, "lab.toml")
    return str(error.value)


@pytest.mark.parametrize("name", BROKEN)
def test_message(name: str) -> None:
    text, message = BROKEN[name]
    assert fault(text) == message


@pytest.mark.parametrize("name", BROKEN)
def test_windows_line_ends_give_the_same_message(name: str) -> None:
    text, message = BROKEN[name]
    assert fault(text.replace("\n", "\r\n")) == message


def test_thousands_of_digits() -> None:
    assert (
        fault("a = 1\nb = " + "9" * 5000)
        == "lab.toml:2: error[toml-syntax]: a number has thousands of digits"
    )


def test_a_dotted_key_of_thousands_of_parts() -> None:
    assert fault("a." * 100_000 + "a = 1").startswith(
        "lab.toml:1: error[toml-syntax]: tables or lists are nested"
    )


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b'\xef\xbb\xbf[report]\ntitle = "a"', 1, "byte order mark"),
        ('[report]\ntitle = "a"'.encode("utf-16"), 1, "UTF-16"),
        (b'[report]\ntitle = "a\xe9"', 2, "byte 0xe9 is not UTF-8"),
    ],
)
def test_not_utf_8(tmp_path: Path, content: bytes, line: int, words: str) -> None:
    path = tmp_path / "lab.toml"
    path.write_bytes(content)
    with pytest.raises(InputError) as error:
        syntax.read(path)
    (problem,) = error.value.problems
    assert (problem.code, problem.line) == ("not-utf-8", line)
    assert words in problem.message


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "lab.toml"
    path.write_bytes(b"#" * 5_000_001)
    with pytest.raises(InputError, match="more than 5 MB"):
        syntax.read(path)


def test_missing_file_names_those_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "experiments.toml").touch()
    (tmp_path / "pyproject.toml").touch()
    for path in (tmp_path / "experiment.toml", tmp_path):
        with pytest.raises(InputError) as error:
            syntax.read(path)
        (problem,) = error.value.problems
        assert problem.code == "no-file"
        assert problem.remedy.endswith("there is: experiments.toml")


def test_in_a_folder_without_a_file_the_way_on_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cd mylab.*reportgen init mylab"):
        syntax.read(tmp_path / "experiments.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_paths_that_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    for name in ("pipe.toml", "loop.toml", "none/lab.toml", "a" * 300, "nul\x00"):
        with pytest.raises(InputError) as error:
            syntax.read(tmp_path / name)
        assert [problem.code for problem in error.value.problems] == ["no-file"]


@given(st.text(alphabet="abT=.[]{},\"'#\\\\\n 1-:\t\r\x00é", max_size=60))
@settings(max_examples=500)
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    try:
        syntax.parse(text, "lab.toml")
    except InputError as error:
        (problem,) = error.problems
        lines = text.replace("\r\n", "\n").split("\n")
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
