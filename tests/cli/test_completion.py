"""What shells offer after TAB: quickly, silently, and nothing that a shell could be made to run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.terminals import PROGRAM, environment
from tests.projects import project

ROWS = {"alpha": "fine units=50", "alto": "fine units=60", "beta": "fine units=70"}
BASH = shutil.which("bash")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("completing")
    project(where, ROWS)
    other = where / "other"
    project(other, {"gamma": "fine"})
    (where / "broken.toml").write_text("[[experiment]\nid = 3", encoding="utf-8")
    (where / "odd.toml").write_text(
        'experiment = [3, {id = 4}, {id = "a b"}, {id = "ok", title = 5}]', encoding="utf-8"
    )
    (where / "not-text.toml").write_bytes(b"\xff\xfe\x00[[")
    return where


def offered(
    folder: Path, line: str, shell: str = "bash", python: tuple[str, ...] = ()
) -> tuple[list[str], str]:
    """What a shell is offered for a line with the cursor at its end, and what else was said."""
    words = line.split(" ")
    more = {
        "_REPORTGEN_COMPLETE": f"complete_{shell}", "COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": words[-1],
    }  # fmt: skip
    done = subprocess.run(
        [PROGRAM[0], *python, *PROGRAM[1:]], cwd=folder, env=environment(folder, more),
        capture_output=True, encoding="utf-8", timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split(), done.stderr


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("reportgen bui", ["build"]),
        ("reportgen store ver", ["verify"]),
        ("reportgen build --on", ["--only"]),
        ("reportgen build --data ", ["auto", "embedded"]),
        ("reportgen build --only ", ["alpha", "alto", "beta"]),
        ("reportgen build --only al", ["alpha", "alto"]),
        ("reportgen build --only alpha --only b", ["beta"]),
        ("reportgen build --only zz", []),
        ("reportgen export --row al", ["alpha", "alto"]),
        ("reportgen add --like be", ["beta"]),
        ("reportgen accept al", ["alpha", "alto"]),
        ("reportgen build other/experiments.toml --only ", ["gamma"]),
        ("reportgen accept --file other/experiments.toml ", ["gamma"]),
        ("reportgen init mylab --template lab", ["labo04"]),
        ("reportgen build broken.toml --only ", []),
        ("reportgen build odd.toml --only ", ["ok"]),
        ("reportgen build not-text.toml --only ", []),
        ("reportgen build nothere.toml --only ", []),
    ],
)
def test_bash_is_offered_what_fits(folder: Path, line: str, wanted: list[str]) -> None:
    assert offered(folder, line) == (wanted, "")


@pytest.mark.parametrize("shell", ["zsh", "fish", "powershell"])
def test_other_shells_are_offered_titles_too(folder: Path, shell: str) -> None:
    words, said = offered(folder, "reportgen build --only al", shell)
    text = " ".join(words)
    assert "alpha" in text and "Row alpha" in text and "alto" in text and "beta" not in text
    assert said == ""


def test_a_title_is_nothing_that_a_shell_would_run(tmp_path: Path) -> None:
    title = "nice \\\\$(touch ran) `touch ran` '; touch ran; ' \\\" [bold]"
    text = f'[[experiment]]\nid = "a"\ntitle = "{title}"\n[[experiment]]\nid = "$(touch ran)"\ntitle = "x"\n'
    (tmp_path / "experiments.toml").write_text(text, encoding="utf-8")
    for shell in ("bash", "zsh", "fish", "powershell"):
        said = " ".join(offered(tmp_path, "reportgen build --only ", shell)[0])
        assert "a" in said and not set("$`\\[") & set(said.removeprefix("_arguments '*: :"))
        assert "touch ran)" not in said or "$" not in said


def test_completion_imports_nothing_heavy(folder: Path) -> None:
    _, said = offered(folder, "reportgen build --only al", python=("-X", "importtime"))
    modules = {
        line.rsplit("|", 1)[1].strip() for line in said.splitlines() if line.startswith("import time:")
    }
    assert "reportgen.cli.completing" in modules  # else the list would be empty for another reason
    assert modules & {"numpy", "rich", "jinja2", "reportgen.build", "reportgen.experiments.load"} == set()


@pytest.mark.skipif(BASH is None, reason="there is no bash here")
def test_a_real_bash_completes_once_it_is_installed(folder: Path, tmp_path: Path) -> None:
    """The line that --install-completion writes is read by bash, whose own machinery is asked then."""
    programs = tmp_path / "bin"
    programs.mkdir()
    script = programs / "reportgen"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reportgen "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    home = tmp_path / "home"
    home.mkdir()
    env = environment(home, {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"})
    asking = """
        reportgen --install-completion </dev/null; source ~/.bashrc
        COMP_WORDS=(reportgen build --only al); COMP_CWORD=3; COMP_LINE="reportgen build --only al"; COMP_POINT=25
        complete -p reportgen; _reportgen_completion reportgen; echo "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        [str(BASH), "--norc", "-c", asking], cwd=folder, env=env, capture_output=True, encoding="utf-8",
        timeout=30, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "alpha alto", done.stdout + done.stderr
    assert "bash completion installed" in done.stdout
    assert (home / ".bashrc").is_file()
