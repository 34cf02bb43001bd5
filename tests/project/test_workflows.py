"""The workflow files are what their services accept."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.sources import ROOT

GITHUB = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB = ROOT / ".gitlab-ci.yml"


def check(schema: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=False)


def test_github_workflows_are_valid() -> None:
    assert GITHUB
    done = check("vendor.github-workflows", *GITHUB)
    assert done.returncode == 0, done.stdout


def test_github_jobs_have_a_time_limit() -> None:
    done = check("custom.github-workflows-require-timeout", *GITHUB)
    assert done.returncode == 0, done.stdout


def test_gitlab_pipeline_is_valid() -> None:
    done = check("vendor.gitlab-ci", "--data-transform", "gitlab-ci", GITLAB)
    assert done.returncode == 0, done.stdout


def test_the_check_would_find_a_fault(tmp_path: Path) -> None:
    broken = tmp_path / "report.yml"
    broken.write_text(GITHUB[0].read_text(encoding="utf-8").replace("runs-on:", "runs_on:"), encoding="utf-8")
    assert check("vendor.github-workflows", broken).returncode == 1


def test_pre_commit_configuration_is_valid() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(ROOT / ".pre-commit-config.yaml")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "script", [*sorted((ROOT / "scripts").glob("*.sh")), ROOT / ".ci" / "run"], ids=lambda p: p.name
)
def test_scripts_are_bash(script: Path) -> None:
    bash = shutil.which("bash")
    if bash is None or sys.platform == "win32":
        pytest.skip("no bash on this machine")
    done = subprocess.run([bash, "-n", str(script)], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr


def test_notebooks_are_stored_as_the_pre_commit_hook_leaves_them() -> None:
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert notebooks
    command = [sys.executable, "-m", "nbstripout", "--keep-id", "--verify", *map(str, notebooks)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 0, done.stdout
