"""A place inside a text is traced to its line of the file, whatever TOML does in between."""

from __future__ import annotations

import tomllib

import pytest

from reportgen.experiments.lines import locate
from reportgen.experiments.places import line_within

SOURCES = {
    "plain": 'a = 1\ntext = "one MARK two"\n',
    "literal": "text = 'one MARK two'\n",
    "long": '\n\ntext = """\nfirst\nsecond MARK\nthird\n"""\n',
    "long without a break": 'text = """first\nsecond MARK"""\n',
    "long literal": "text = '''\nC:\\path\n\nMARK\n'''\n",
    "escapes": 'text = """\nnot a line: \\n\\n\\t \\u00e9 \\U0001F600 \\"\n\nMARK"""\n',
    "joined lines": 'text = """\\\n   first \\\n\n\n   second \\\n   MARK"""\n',
    "in a table": '[[row]]\nid = "a"\n[[row]]\nid = "b"\n\ntext = """\n\nMARK\n"""\n',
    "carriage returns": 'text = """\r\none\r\nMARK\r\n"""\r\n',
    "quotes at the end": 'text = """\na\nMARK"""""\n',
}


@pytest.mark.parametrize("name", SOURCES)
def test_the_line_of_a_word_is_the_one_it_stands_on(name: str) -> None:
    source = SOURCES[name]
    tables = tomllib.loads(source)
    path: tuple[str | int, ...] = ("row", 1, "text") if "row" in tables else ("text",)
    value = tables["row"][1]["text"] if "row" in tables else tables["text"]
    expected = source[: source.index("MARK")].count("\n") + 1
    assert line_within(locate(source), path, value.index("MARK")) == expected


def test_beyond_the_end_is_the_end() -> None:
    lines = locate('text = """\na\nb"""\n')
    assert line_within(lines, ("text",), 10_000) == 3


def test_what_is_no_text_has_the_line_of_its_key() -> None:
    assert line_within(locate("a = 1\nb = 2\n"), ("b",), 5) == 2
