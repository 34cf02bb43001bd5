"""The commands that README names exist, and the scripts behind them say what a machine lacks."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from reportgen.datasets.registry import DATASETS
from reportgen.experiments.load import load
from reportgen.notebooks import discover
from tests.project.sources import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
BASH = None if sys.platform == "win32" else shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="no bash on this machine")


def code_in_readme(language: str = "") -> str:
    """Return what README sets as code: its fenced blocks (of one language, if given), else inline code too."""
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.M | re.S)
    inline = [] if language else re.findall(r"`([^`\n]+)`", README)
    return "\n".join([text for name, text in blocks if language in ("", name)] + inline)


def test_readme_names_only_make_targets_that_exist() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)", code_in_readme()))
    assert {"report", "test", "check"} <= named <= TARGETS


def test_readme_names_only_commands_that_exist() -> None:
    command = [sys.executable, "-m", "reportgen", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=True)
    named = set(re.findall(r"\breportgen ([a-z]+)\b", code_in_readme()))
    assert "build" in named
    assert {name for name in named if not re.search(rf"\b{name}\b", done.stdout)} == set()


def test_scripts_and_workflows_use_only_options_that_exist() -> None:
    texts = [
        ROOT / "scripts" / "report.sh",
        *(ROOT / ".github" / "workflows").glob("*.yml"),
        ROOT / ".gitlab-ci.yml",
    ]
    lines = [line for file in texts for line in file.read_text(encoding="utf-8").splitlines()]
    given = [line for line in lines if re.search(r'reportgen"? build', line) or "options+=" in line]
    used = set(re.findall(r"(?<![\w-])--[a-z-]+", "\n".join(given))) - {"--no-sync", "--no-dev"}
    assert "--quick" in used
    command = [sys.executable, "-m", "reportgen", "build", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert {option for option in used if not re.search(rf"{option}\b(?!-)", done.stdout)} == set()


def test_the_row_that_readme_shows_can_be_added_to_a_new_coursework(tmp_path: Path) -> None:
    file = tmp_path / "experiments.toml"
    text = (ROOT / "courseworks" / "minimal.toml").read_text(encoding="utf-8")
    file.write_text(f"{text}\n{code_in_readme('toml')}", encoding="utf-8")
    rows = load(file, discover(ROOT / "notebooks"), tuple(DATASETS)).rows
    assert rows[-1].id == "mlp-relu-500"
    assert rows[-1].parameters["hidden_units"] == [500]


def run(script: str, tmp_path: Path, *programs: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a few lines of bash in an empty folder, with these programs and no others on the PATH."""
    tools = tmp_path / "bin"
    tools.mkdir(exist_ok=True)
    for program in ("uname", "id", "grep", *programs):
        found = shutil.which(program)
        assert found, program
        (tools / program).symlink_to(found)
    (tmp_path / "elsewhere").mkdir()
    assert BASH
    return subprocess.run(
        [BASH, "-c", f"set -euo pipefail; . '{ROOT}/scripts/machine.sh'\n{script}"],
        cwd=tmp_path / "elsewhere",
        env={"PATH": str(tools), "HOME": str(tmp_path), **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def linker_that_knows(tmp_path: Path, *libraries: str) -> None:
    """Put a dynamic linker's list on the PATH that holds these libraries only."""
    tools = tmp_path / "bin"
    tools.mkdir()
    lines = "".join(f"echo '\t{name}.so.0 (libc6) => /lib/{name}.so.0'\n" for name in libraries)
    (tools / "ldconfig").write_text(f"#!{BASH}\n{lines}", encoding="utf-8")
    (tools / "ldconfig").chmod(0o755)


@needs_bash
def test_a_machine_without_uv_and_python_is_told_so(tmp_path: Path) -> None:
    done = run("bring_uv; echo on", tmp_path)
    assert done.returncode == 5
    assert "uv is missing" in done.stderr
    assert done.stdout == ""


@needs_bash
@pytest.mark.skipif(sys.platform != "linux", reason="asks the dynamic linker of Linux")
class TestLibraries:
    def test_missing_ones_are_named_where_they_cannot_be_installed(self, tmp_path: Path) -> None:
        linker_that_knows(tmp_path, "libpango-1.0")
        done = run("bring_libraries; echo on", tmp_path)
        assert done.returncode == 5
        assert "Pango" in done.stderr
        assert "report.html" in done.stderr
        assert done.stdout == ""

    def test_the_one_that_only_saves_time_stops_nobody(self, tmp_path: Path) -> None:
        linker_that_knows(tmp_path, "libpango-1.0", "libpangoft2-1.0")
        done = run("bring_libraries; echo on", tmp_path)
        assert (done.returncode, done.stdout) == (0, "on\n")

    def test_nothing_is_said_where_all_are_there(self, tmp_path: Path) -> None:
        linker_that_knows(tmp_path, "libpango-1.0", "libpangoft2-1.0", "libharfbuzz-subset")
        done = run("bring_libraries; echo on", tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "on\n", "")


@needs_bash
def test_an_unknown_kind_of_data_is_refused_before_anything_is_brought(tmp_path: Path) -> None:
    assert BASH
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "DATA": "imagenet"}
    script = str(ROOT / "scripts" / "report.sh")
    done = subprocess.run([BASH, script], env=environment, capture_output=True, encoding="utf-8", timeout=30)
    assert done.returncode == 2
    assert "DATA=imagenet" in done.stderr


def lock_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lock", ROOT / "scripts" / "lock.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestLock:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

    def test_pins_can_be_cut_out_and_leave_a_project_without_them(self) -> None:
        before, after = lock_script().split(self.text)
        without = tomllib.loads(before + after)
        assert "constraint-dependencies" not in without["tool"]["uv"]
        assert without["project"] == tomllib.loads(self.text)["project"]

    def test_a_file_without_markers_is_refused(self) -> None:
        with pytest.raises(SystemExit, match="marker"):
            lock_script().split("[project]\n")

    def test_every_declared_package_is_pinned(self) -> None:
        project = tomllib.loads(self.text)
        declared = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
        pinned = {re.split(r"[=;\s]", pin)[0] for pin in project["tool"]["uv"]["constraint-dependencies"]}
        assert {re.split(r"[<>=!~;\s\[]", one)[0].lower() for one in declared} <= pinned
