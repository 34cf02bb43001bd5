"""Rules that hold for every file: what it may name, how long it is, that it says what it is for."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.project.sources import ROOT, modules, tracked, tree

LONGEST_MODULE = 320

# Written with brackets, so that the patterns do not find themselves.
FOREIGN = {
    "an address that is not ours to name": re.compile(
        r"https?://(?!(?:"
        # what a reader may follow
        r"docs[.]astral[.]sh|toml[.]io|semver[.]org|github[.]com|"
        # where the data sets are published
        r"storage[.]googleapis[.]com|ossci-datasets[.]s3[.]amazonaws[.]com|"
        r"fashion-mnist[.]s3-website[.]eu-central-1[.]amazonaws[.]com|"
        # licences of the fonts, names of formats
        r"www[.]adobe[.]com|scripts[.]sil[.]org|www[.]w3[.]org|json-schema[.]org|openfontlicense[.]org|"
        # this machine, and names that no machine has
        r"127[.]0[.]0[.]1|10[.]0[.]0[.]1|localhost|(?:\w+[.])?example(?:[.]org|[.]com)?|[\w.-]+[.]invalid)(?![\w.-]))[\w-]+[.][\w.-]+"
    ),
    "a path of one machine": re.compile(
        r"(?<![\w.:/-])/(?:root|work)[/]\w|/(?:home|Users)[/]\w|[A-Z]:\\Users[\\]"
    ),
    "unfinished work": re.compile(r"\bTO[D]O\b|\bFIX[M]E\b|\braise NotImplemente[d]"),
}


def text_of(file: Path) -> str | None:
    """Return a tracked file's text, or None where it is none."""
    data = file.read_bytes()
    return None if b"\0" in data else data.decode("utf-8")


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_names(what: str) -> None:
    if not tracked():
        pytest.skip("not a git checkout")
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for file in tracked()
        for number, line in enumerate((text_of(file) or "").splitlines(), 1)
        if FOREIGN[what].search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("an address that is not ours to name", "index = https://" + "index.some-registry.net/simple"),
        ("a path of one machine", "open('/" + "root/data')"),
        ("a path of one machine", "/" + "home/anna/reportgen"),
        ("a path of one machine", "see /" + "work/main"),
        ("unfinished work", "# TO" + "DO: later"),
    ],
)
def test_the_patterns_find_what_they_are_for(what: str, line: str) -> None:
    assert FOREIGN[what].search(line)


@pytest.mark.parametrize(
    "line", ["https://example.org/root/a", "/usr/bin/env bash", "to do: nothing", "a/work/b"]
)
def test_the_patterns_leave_the_rest_alone(line: str) -> None:
    assert not any(pattern.search(line) for pattern in FOREIGN.values())


def test_every_module_says_what_it_is_for() -> None:
    assert [name for name in modules() if not ast.get_docstring(tree(name))] == []


def test_modules_are_short_enough_to_read() -> None:
    lengths = {name: len(file.read_text(encoding="utf-8").splitlines()) for name, file in modules().items()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_no_lock_file_is_tracked() -> None:
    # A lock file names the package index of the machine that wrote it; the pins stand in pyproject.toml.
    names = {file.name for file in tracked()}
    assert names & {"uv.lock", "package-lock.json", "poetry.lock"} == set()
