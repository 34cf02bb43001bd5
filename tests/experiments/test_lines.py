"""The line locator: written texts of which every line is known, and texts that are no TOML."""

from __future__ import annotations

import string
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.experiments.lines import DEEPEST, Path, TooDeep, locate

TRAPS = """\
title = "[fake] # no comment"
'quoted key' = 'x = "1"'
text = \"\"\"
[[experiment]]
key = 1 \\\"""
ends with two quotes \"\"\"\"\"
literal = '''
[section]
''text'''''
a.b.c = 1 # a = [
a.b.d = 2
"a.b" . c = 3

[[experiment]]   # the first
id = "one"
parameters = { epochs = 3, "batch size" = 4, deep = { x = 1 } }
[experiment.published]
f1 = 0.5
[[experiment]]
id = "two"
  [experiment.parameters]
  units = [ # layers
    1, # [
    [2,
     3],
  ]
  when = 1979-05-27 07:32:00 # a date
[other."x.y"]
z = {a = [{b = 1}, {b = 2}]}
"""


class TestWrittenOut:
    @pytest.mark.parametrize(
        ("path", "line"),
        [
            (("title",), 1),
            (("quoted key",), 2),
            (("text",), 3),
            (("literal",), 7),
            (("a", "b", "c"), 10),
            (("a", "b", "d"), 11),
            (("a",), 10),
            (("a.b", "c"), 12),
            (("experiment", 0), 14),
            (("experiment", 0, "id"), 15),
            (("experiment", 0, "parameters"), 16),
            (("experiment", 0, "parameters", "batch size"), 16),
            (("experiment", 0, "parameters", "deep", "x"), 16),
            (("experiment", 0, "published", "f1"), 18),
            (("experiment", 1), 19),
            (("experiment", 1, "id"), 20),
            (("experiment", 1, "parameters"), 21),
            (("experiment", 1, "parameters", "units", 0), 23),
            (("experiment", 1, "parameters", "units", 1), 24),
            (("experiment", 1, "parameters", "units", 1, 1), 25),
            (("experiment", 1, "parameters", "when"), 27),
            (("other", "x.y", "z", "a", 1, "b"), 29),
        ],
    )
    def test_line(self, path: Path, line: int) -> None:
        assert locate(TRAPS).line(path) == line

    def test_the_text_is_toml(self) -> None:
        assert set(_paths(tomllib.loads(TRAPS))) == set(locate(TRAPS).of)

    def test_a_missing_key_has_the_line_of_its_table(self) -> None:
        lines = locate(TRAPS)
        assert lines.line(("experiment", 1, "title")) == 19
        assert lines.line(("experiment", 0, "parameters", "none")) == 16
        assert lines.line(("report", "title")) == 0

    def test_windows_line_ends(self) -> None:
        assert locate("a = 1\r\nb = '''\r\n'''\r\nc = 2\r\n").line(("c",)) == 4

    def test_repeated(self) -> None:
        assert locate("a = 1\n[b]\nc = 1\nc = 2\n[b]\n").repeated == [(("b", "c"), 3, 4), (("b",), 2, 5)]
        assert locate("x = {a = 1, a = 2}").repeated == [(("x", "a"), 1, 1)]

    def test_what_toml_allows_is_not_repeated(self) -> None:
        text = "[a.b]\n[a]\n[[c]]\nx = 1\n[c.d]\n[[c]]\nx = 1\n[c.d]\ny.a = 1\ny.b = 2\n"
        tomllib.loads(text)
        assert locate(text).repeated == []

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("a = 1\nb = [\n1,\n", ("list", 2)),
            ("a = [1, [2, 3\n", ("list", 1)),
            ('a = 1\n\nb = """x\n', ("text", 3)),
            ("b = '''x''\n", ("text", 1)),
            ("a = {b = 1", ("table", 1)),
            ('a = [\n"""\n', ("text", 2)),
            ("a = [1]\n", None),
        ],
    )
    def test_unclosed(self, text: str, found: tuple[str, int] | None) -> None:
        assert locate(text).unclosed == found

    @pytest.mark.parametrize(
        "text", ["a = " + "[" * 5000, "a = " + "{a=" * 5000, "a." * 5000 + "a = 1", "[" + "a." * 5000]
    )
    def test_too_deep(self, text: str) -> None:
        with pytest.raises(TooDeep) as error:
            locate("\n\n" + text)
        assert error.value.line == 3

    def test_deep_enough(self) -> None:
        text = "a = " + "[" * DEEPEST + "]" * DEEPEST
        assert tomllib.loads(text)
        assert locate(text).line(("a",)) == 1


class Writer:
    """Writes a TOML text and notes the line of all it writes."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.text: list[str] = []
        self.lines: dict[Path, int] = {}
        self.headers: dict[Path, list[str]] = {}

    @property
    def line(self) -> int:
        return "".join(self.text).count("\n") + 1

    def draw(self, *choices: Any) -> Any:
        return self.data.draw(st.sampled_from(choices))

    def write(self, text: str) -> None:
        self.text.append(text)

    def gap(self) -> None:
        self.write(self.draw("", "", "\n", "# [trap] = 1\n", "  # '''\n\n"))

    def key(self, used: set[str]) -> tuple[str, str]:
        """A new key: how it is written, and what it is."""
        name = self.data.draw(
            st.sampled_from(["a", "b-1", "c_2", "d e", "f.g", "h=1", "i#", "[j]", "k'", "é", "1"]).filter(
                lambda n: n not in used
            )
        )
        used.add(name)
        bare = set(name) <= set(string.ascii_letters + string.digits + "-_")
        styles = [name] if bare else []
        styles += [f'"{name}"'] + ([] if "'" in name else [f"'{name}'"])
        return self.draw(*styles), name

    def table(self, path: Path, depth: int = 0) -> None:
        """Pairs on lines of their own, then tables and lists of tables."""
        used: set[str] = set()
        for _ in range(self.draw(0, 1, 2, 3)):
            self.gap()
            self.pair(path, used, depth)
            self.write(self.draw("\n", " \n", " # x = [1\n"))
        if depth < 2:
            for _ in range(self.draw(0, 1, 2)):
                self.header(path, used, depth)

    def pair(self, path: Path, used: set[str], depth: int) -> None:
        written, name = self.key(used)
        line, whole = self.line, (*path, name)
        if self.draw(False, False, True):
            more, inner = self.key(set())
            written, whole = f"{written}{self.draw('.', ' . ')}{more}", (*whole, inner)
        self.lines[whole] = line
        self.write(written + self.draw("=", " = "))
        self.value(whole, depth)

    def header(self, path: Path, used: set[str], depth: int) -> None:
        written, name = self.key(used)
        names = [*self.headers.get(path, ()), written]
        many = self.draw(False, True)
        for number in range(self.draw(1, 2) if many else 1):
            self.gap()
            whole: Path = (*path, name, number) if many else (*path, name)
            self.headers[whole] = names
            self.lines[whole] = self.line
            inside = ".".join(names)
            self.write((f"[[{inside}]]" if many else f"[ {inside} ]") + self.draw("\n", " # [x]\n"))
            self.table(whole, depth + 1)

    def value(self, path: Path, depth: int) -> None:
        scalars = [
            "1",
            "-2.5e3",
            "true",
            "1979-05-27 07:32:00",
            "nan",
            "'#'",
            '"a = [1] \\" # x"',
            "''",
            '""',
        ]
        long = [
            "'''\n[trap]\nx = 1\n'''",
            '"""\n[[trap]]\\\n\\"""\n"quoted" ""x"""""',
            '""""a"""',
            "''''b'''''",
        ]
        kind = self.draw("scalar", "long", "array", "inline") if depth < 4 else "scalar"
        if kind == "array":
            self.array(path, depth)
        elif kind == "inline":
            self.inline(path, depth)
        else:
            self.write(self.draw(*(scalars if kind == "scalar" else long)))

    def array(self, path: Path, depth: int) -> None:
        self.write("[" + self.draw("", " ", "\n"))
        for number in range(self.draw(0, 1, 2)):
            self.gap()
            self.lines[(*path, number)] = self.line
            self.value((*path, number), depth + 1)
            self.write(self.draw(",", ",\n", " , # ]\n"))
        self.gap()
        self.write("]")

    def inline(self, path: Path, depth: int) -> None:
        self.write("{")
        used: set[str] = set()
        for number in range(self.draw(0, 1, 2)):
            self.write(", " if number else " ")
            self.pair(path, used, depth + 1)
        self.write(" }")


class TestProperties:
    @given(st.data())
    @settings(max_examples=150, deadline=None)
    def test_every_line_of_a_written_text(self, data: st.DataObject) -> None:
        writer = Writer(data)
        writer.table(())
        text = "".join(writer.text)
        tomllib.loads(text)
        found = locate(text)
        assert {path: found.of.get(path) for path in writer.lines} == writer.lines
        assert (found.repeated, found.unclosed) == ([], None)

    @given(st.data())
    @settings(max_examples=75, deadline=None)
    def test_every_path_that_tomllib_reads_has_a_line(self, data: st.DataObject) -> None:
        writer = Writer(data)
        writer.table(())
        text = "".join(writer.text)
        found = locate(text)
        assert set(_paths(tomllib.loads(text))) == set(found.of)

    @given(st.text(alphabet="ab.=[]{},\"'#\n\\ 1\t\r", max_size=80))
    @settings(max_examples=500)
    def test_no_text_makes_it_fall_over(self, text: str) -> None:
        try:
            found = locate(text)
        except TooDeep:
            return
        last = text.replace("\r\n", "\n").count("\n") + 1
        assert all(1 <= line <= last for line in found.of.values())

    @given(st.integers(0, len(TRAPS)))
    def test_a_text_cut_off(self, length: int) -> None:
        """What stands on whole lines before the cut keeps its line."""
        whole, cut = locate(TRAPS), locate(TRAPS[:length])
        assert all(
            whole.of.get(path) == line for path, line in cut.of.items() if line < TRAPS[:length].count("\n")
        )


def _paths(value: Any, path: Path = ()) -> list[Path]:
    here = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return here + [each for key, part in inner for each in _paths(part, (*path, key))]
