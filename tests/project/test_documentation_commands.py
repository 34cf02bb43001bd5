"""The commands that the documentation shows are run, page by page, and what they print is what the page shows.

A block of `console` holds commands, each after `$ `, and below each what it prints. A line `...` stands for any
lines, `...` in a line for any text; decimals and times may be others. Nothing is checked where nothing is shown. A
command may fail only where the page shows an error, or asks for its exit code next. What a page tells its reader to
change in a file is changed (see `documents`).
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from tests.project.documents import Block, blocks, name, pages
from tests.project.sources import ROOT

IN_A_COURSEWORK = {
    "docs/howto/add-an-experiment.md",
    "docs/howto/add-a-notebook.md",
    "docs/howto/continuous-integration.md",
    "docs/howto/layers.md",
    "docs/howto/sweeps.md",
    "docs/howto/together.md",
    "docs/howto/training-settings.md",
    "docs/howto/troubleshooting.md",
    "docs/howto/your-own-data.md",
    "docs/reference/exports.md",
    "docs/reference/json.md",
}
"""Pages for somebody who has a coursework and built it."""
IN_A_CHECKOUT = {
    "docs/howto/add-a-dataset.md",
    "docs/howto/add-a-figure.md",
    "docs/howto/add-a-section.md",
    "docs/howto/add-an-observation.md",
    "docs/howto/add-a-language.md",
    "docs/howto/courseworks.md",
    "docs/howto/engine.md",
}
"""Pages for somebody who changes reportgen itself."""
TUTORIAL = "docs/tutorial.md"
ELSEWHERE: set[str] = set()
"""Pages whose commands other tests run."""

BASH = None if sys.platform == "win32" else shutil.which("bash")
_LOOSE = re.compile(r"\d+(?:[.,]\d+)+|\d+(?= (?:s|min|h|ms|MB|GB|kB)\b)|\.\.\.")

pytestmark = [pytest.mark.kernel, pytest.mark.skipif(BASH is None, reason="no bash on this machine")]


@dataclass
class Shell:
    """Somebody's terminal: a folder, an environment, and the exit code of the last command."""

    folder: Path
    env: dict[str, str]
    code: int = 0

    def run(self, command: str) -> str:
        """Run a command and return all that it prints."""
        place = self.folder / ".where"
        script = f"(exit {self.code}); {command}\ncode=$?; pwd > {shlex.quote(str(place))}; exit $code"
        assert BASH
        done = subprocess.run(
            [BASH, "-c", script], cwd=self.folder, env=self.env, timeout=300, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        self.code = done.returncode
        self.folder = Path(place.read_text(encoding="utf-8").strip())
        place.unlink()
        return done.stdout


def commands(block: Block) -> list[tuple[str, list[str]]]:
    """The commands of a block, each with the lines that are shown below it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            assert found, f"line {block.line}: a block begins with a command"
            found[-1][1].append(line)
    return found


def as_shown(output: str, shown: list[str]) -> bool:
    """Whether an output is the one that is shown."""
    pattern = ""
    for line in shown:
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
            continue
        end = 0
        for loose in _LOOSE.finditer(line):
            pattern += re.escape(line[end : loose.start()])
            pattern += ".*?" if loose[0] == "..." else r"\d[\d.,]*"
            end = loose.end()
        pattern += re.escape(line[end:]) + r" *\n"
    lines = "".join(f"{line.rstrip()}\n" for line in output.replace("\u00a0", " ").splitlines())
    return re.fullmatch(pattern, lines) is not None


def follow(page: Path, shell: Shell) -> list[str]:
    """Do what a page says, from its top to its bottom; return what came out otherwise than it shows."""
    faults = []
    for block in blocks(page):
        if block.doing:
            change(block, shell.folder)
        elif block.language == "console":
            listed = commands(block)
            asked = {number - 1 for number, (command, _) in enumerate(listed) if command == "echo $?"}
            for number, (command, shown) in enumerate(listed):
                output = shell.run(command)
                fails = any("error[" in line for line in shown)
                right = not shown or as_shown(output, shown)
                if not right or ((shell.code != 0) != fails and number not in asked):
                    place = f"{name(page)}:{block.line}: $ {command}"
                    faults.append(
                        "\n".join([place, output, f"[exit code {shell.code}; the page shows:]", *shown])
                    )
    return faults


def change(block: Block, folder: Path) -> None:
    """Change a file as a block says."""
    path, _, cell = block.with_what.partition(" ")
    file = folder / path
    if block.doing == "file":
        assert not file.exists(), f"line {block.line}: {path} is there already"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text, encoding="utf-8")
    elif block.doing == "append":
        file.write_text(f"{file.read_text(encoding='utf-8').rstrip()}\n\n{block.text}", encoding="utf-8")
    elif block.doing == "change":
        file.write_text(patched(file.read_text(encoding="utf-8"), block), encoding="utf-8")
    else:
        notebook = nbformat.read(file, as_version=4)
        notebook.cells[place_of(cell, notebook)].source = block.text.rstrip("\n")
        nbformat.write(notebook, file)


def patched(text: str, block: Block) -> str:
    """A text with the lines of a diff exchanged; what the diff has of the old must stand there once."""
    lines = block.text.splitlines()
    old = "".join(f"{line[1:]}\n" for line in lines if line[:1] in ("-", " "))
    new = "".join(f"{line[1:]}\n" for line in lines if line[:1] in ("+", " "))
    assert text.count(old) == 1, f"line {block.line}: the file has this {text.count(old)} times:\n{old}"
    return text.replace(old, new)


def place_of(cell: str, notebook: nbformat.NotebookNode) -> int:
    """The place of the code cell with a tag, or of the first below a heading."""
    heading = -1
    for place, each in enumerate(notebook.cells):
        if each.cell_type == "markdown" and f"# {cell}" in each.source:
            heading = place
        if each.cell_type == "code" and (cell in each.metadata.get("tags", ()) or heading >= 0):
            return place
    raise AssertionError(f"there is no cell {cell}")


def environment(folder: Path, package: Path) -> dict[str, str]:
    """An environment in which `reportgen`, `python` and `uv run` are those of this test."""
    tools = folder / "bin"
    tools.mkdir(parents=True)
    (tools / "uv").write_text('#!/bin/sh\nshift\nexec "$@"\n', encoding="utf-8")
    (tools / "reportgen").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m reportgen "$@"\n')
    (tools / "python").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', encoding="utf-8")
    for tool in tools.iterdir():
        tool.chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("REPORTGEN_")}
    return kept | {
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(package),
        "HOME": str(folder),
        "KERAS_HOME": str(folder / "keras"),
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "CI": "1",
    }


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which somebody went through the tutorial."""
    folder = tmp_path_factory.mktemp("tutorial")
    home = folder / "home"
    home.mkdir()
    faults = follow(ROOT / TUTORIAL, Shell(home, environment(folder, ROOT)))
    (home / "faults").write_text("\n\n".join(faults), encoding="utf-8")
    return home


def test_every_page_with_commands_is_run() -> None:
    shown = {name(page) for page in pages() if blocks(page, "console")}
    assert shown - {TUTORIAL, *ELSEWHERE} == IN_A_COURSEWORK | IN_A_CHECKOUT


def test_the_tutorial(learned: Path) -> None:
    faults = (learned / "faults").read_text(encoding="utf-8")
    assert not faults, faults
    assert (learned / "mylab" / "output" / "report.pdf").is_file()


@pytest.mark.parametrize("page", sorted(IN_A_COURSEWORK))
def test_in_a_coursework(page: str, learned: Path, tmp_path: Path) -> None:
    env = environment(tmp_path, ROOT)
    Shell(tmp_path, env).run("reportgen init mylab")
    shutil.copytree(learned / "mylab" / ".reportgen", tmp_path / "mylab" / ".reportgen")
    faults = follow(ROOT / page, Shell(tmp_path / "mylab", env))
    assert not faults, "\n\n".join(faults)


@pytest.mark.parametrize("page", sorted(IN_A_CHECKOUT))
def test_in_a_checkout(page: str, learned: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "reportgen"
    ignored = shutil.ignore_patterns("__pycache__", ".*", "output")
    for part in ("reportgen", "templates", "notebooks", "courseworks", "scripts", "tests", "docs"):
        shutil.copytree(ROOT / part, checkout / part, ignore=ignored)
    for part in ("experiments.toml", "experiments.schema.json", "pyproject.toml", "README.md", "Makefile"):
        shutil.copy(ROOT / part, checkout / part)
    shutil.copytree(learned / "mylab" / ".reportgen", checkout / "courseworks" / ".reportgen")
    faults = follow(ROOT / page, Shell(checkout, environment(tmp_path, checkout)))
    assert not faults, "\n\n".join(faults)


class TestWhatIsShown:
    """The comparison itself: what it lets pass, and what it does not."""

    def test_decimals_times_and_dots_may_be_others(self) -> None:
        assert as_shown("a: done in 13 s\n97.25 %\nx y z\n", ["a: done in 6 s", "98.06 %", "x ... z"])
        assert as_shown("one\ntwo\nthree\n", ["one", "...", "three"])
        assert as_shown("one\nthree\n", ["one", "...", "three"])

    @pytest.mark.parametrize(
        ("output", "shown"),
        [
            ("3 to run\n", ["2 to run"]),
            ("a\nb\n", ["a"]),
            ("a\n", ["a", "b"]),
            ("ab\n", ["a.."]),
            ("", ["..x"]),
        ],
    )
    def test_nothing_else_may(self, output: str, shown: list[str]) -> None:
        assert not as_shown(output, shown)
