"""The doctor on machines that are broken on purpose: every fault is found, none stops the others."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reportgen.cli.machine import told
from reportgen.doctor import coursework, guarded, machine, remedies, software, trial
from reportgen.doctor.finding import Finding
from reportgen.doctor.machine import Place
from reportgen.workspace import find_workspace
from tests.projects import environment, project

GB = 1 << 30
WITH_PANGO = pytest.mark.skipif(sys.platform == "win32", reason="Pango is no part of Windows")
FAMILIES = ("debian", "fedora", "darwin", "windows", "arch")


def doctor(
    folder: Path, *words: str, env: dict[str, str] | None = None
) -> tuple[int, dict[str, dict[str, Any]]]:
    """Exit code, and what is not as it should be: the last finding of each check that is no ``ok``."""
    command = [sys.executable, "-m", "reportgen", "doctor", "--json", *words]
    done = subprocess.run(
        command, cwd=folder, env=environment(folder) | (env or {}), capture_output=True, encoding="utf-8",
        timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    findings = json.loads(done.stdout)["findings"]
    return done.returncode, {each["check"]: each for each in findings if each["state"] != "ok"}


def broken(folder: Path, code: str) -> dict[str, str]:
    """An environment whose Python runs some code before anything else."""
    (folder / "broken").mkdir()
    (folder / "broken" / "sitecustomize.py").write_text(code, encoding="utf-8")
    return {"PYTHONPATH": os.pathsep.join([str(folder / "broken"), environment(folder)["PYTHONPATH"]])}


def without(*packages: str) -> str:
    """Code that makes packages impossible to import."""
    return f"""
import sys
class Gone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {packages!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Gone())
"""


@WITH_PANGO
def test_a_machine_that_has_everything(tmp_path: Path) -> None:
    project(tmp_path, {"a": "fine"})
    code, found = doctor(tmp_path, "--no-trial")
    assert (code, {name for name in found if not found[name]["fine"]}) == (0, set())


@WITH_PANGO
def test_a_library_of_the_pdf_that_cannot_be_loaded(tmp_path: Path) -> None:
    env = broken(
        tmp_path,
        """
import cffi
load = cffi.FFI.dlopen
def refuse(self, name, flags=0):
    if name and "pango-1" in str(name):
        raise OSError(f"cannot load library '{name}'")
    return load(self, name, flags)
cffi.FFI.dlopen = refuse
""",
    )
    code, found = doctor(tmp_path, "--no-trial", env=env)
    assert code == 5
    assert (
        found["pdf"]["text"].startswith("libpango-1.0-0 is missing")
        and "HTML report works" in found["pdf"]["text"]
    )
    assert found["pdf"]["remedy"] == remedies.pango(remedies.this_family())
    assert [name for name in found if not found[name]["fine"]] == ["pdf"]


def test_packages_that_are_gone_stop_no_other_check(tmp_path: Path) -> None:
    project(tmp_path, {"a": "fine"})
    gone = ("psutil", "weasyprint", "jupyter_client", "packaging", "numpy", "matplotlib")
    code, found = doctor(tmp_path, env=broken(tmp_path, without(*gone)))
    assert code == 5
    missed = {
        ("packages", "packaging"),
        ("pdf", "weasyprint"),
        ("memory", "psutil"),
        ("kernel", "jupyter_client"),
    }
    for check, package in missed:
        assert found[check]["text"] == f"{package} cannot be imported: No module named {package!r}"
        assert found[check]["remedy"].endswith(f"reinstall {package}") and not found[check]["fine"]
    assert "run" not in found, "no run without a kernel"


@pytest.mark.parametrize("package", ["typer", "pydantic"])
def test_where_even_the_command_line_is_gone_the_doctor_speaks(package: str, tmp_path: Path) -> None:
    env = environment(tmp_path) | broken(tmp_path, without(package, "numpy"))

    def run(module: str, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", module, *words]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, encoding="utf-8", timeout=60, check=False)  # fmt: skip

    done = run("reportgen", "check")
    assert (
        done.returncode == 5
        and "python -m reportgen.doctor" in done.stderr
        and "Traceback" not in done.stderr
    )
    done = run("reportgen.doctor")
    assert done.returncode == 5 and f"{remedies.install('--force-reinstall', 'numpy')}\n" in done.stdout
    assert done.stdout.count("numpy cannot be imported") == 1, "what stops several checks is said once"
    assert "Traceback" not in done.stderr and "of disk free" in done.stdout


def test_a_package_in_a_version_that_does_not_serve(tmp_path: Path) -> None:
    env = broken(tmp_path, "")
    info = tmp_path / "broken" / "seaborn-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: seaborn\nVersion: 0.1\n", encoding="utf-8")
    code, found = doctor(tmp_path, "--no-trial", env=env)
    assert code == 5 and "seaborn 0.1 is installed, seaborn>=0.13 is needed" in found["packages"]["text"]
    assert '"seaborn>=0.13"' in found["packages"]["remedy"]


@pytest.mark.kernel
def test_a_kernel_that_cannot_start(tmp_path: Path) -> None:
    env = broken(tmp_path, "")
    (tmp_path / "broken" / "ipykernel_launcher.py").write_text("raise ImportError('libzmq is gone')\n")
    code, found = doctor(tmp_path, env=env)
    assert (
        code == 5 and "libzmq is gone" in found["kernel"]["text"] and "ipykernel" in found["kernel"]["remedy"]
    )
    assert "run" not in found


def test_folders_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    code, found = doctor(tmp_path, "--no-trial", "--store", "file/store")
    assert (
        code == 5
        and "is a file, not a folder" in found["disk"]["text"]
        and "--store" in found["disk"]["remedy"]
    )
    (sound,) = machine.look_at({"--out": tmp_path / "new" / "output"})
    assert (sound.folder, sound.fault) == (tmp_path, "") and sound.free > 0


@WITH_PANGO
def test_data_that_are_not_whole(tmp_path: Path) -> None:
    project(tmp_path, {"a": "fine dataset='mnist'"})
    folder = tmp_path / "data" / "mnist"
    folder.mkdir(parents=True)
    (folder / "train-images-idx3-ubyte.gz").write_bytes(b"x")
    code, found = doctor(tmp_path, "--no-trial", "--data-dir", "data")
    assert code == 5 and "train-labels" in found["data"]["text"] and str(folder) in found["data"]["remedy"]
    code, found = doctor(tmp_path, "--no-trial", env={"REPORTGEN_DATA_DIR": "nowhere"})
    assert code == 5 and "nowhere" in found["data"]["text"]
    code, found = doctor(tmp_path, "--no-trial")
    assert code == 0 and found["data"]["state"] == "note" and "digits" in found["data"]["text"]


def test_a_coursework_with_faults(tmp_path: Path) -> None:
    file = project(tmp_path, {"a": "fine"}, extra="[reprot]\n")
    (found,) = coursework.file(find_workspace(file, {}))
    assert not found.fine and "1 fault" in found.text and found.remedy == f"reportgen check {file}"
    (found,) = coursework.file(find_workspace(tmp_path / "other.toml", {}))
    assert found.fine and "reportgen init" in found.remedy


def test_versions_that_the_requirements_do_not_name() -> None:
    here = software.installed("numpy")
    (found,) = coursework.pins(
        f"# numpy==0.1\nnumpy==1.0  # old\nKeras == {software.installed('keras')}\nother==3\n"
    )
    assert found.state == "note" and f"numpy {here} instead of 1.0" in found.text and "eras" not in found.text
    assert list(coursework.pins(f"numpy=={here}\n")) == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_of_systems_has_its_line(family: str) -> None:
    lines = [remedies.python(family), remedies.subset(family), remedies.pango(family, ())]
    assert all(line and "\n" not in line for line in lines) and len(set(lines)) == 3
    old = software.python((3, 9, 1), family)
    assert not old.fine and old.remedy == lines[0] and software.python((3, 12, 1), family).remedy == ""
    assert not software.python((3, 14, 0), family).fine
    (gone,) = software.printing(software.Pango(missing="libpango-1.0-0"), family)
    slow = list(software.printing(software.Pango("1.50.0", subset=False), family))
    assert not gone.fine and [each.state for each in slow] == ["ok", "note"] and slow[1].remedy == lines[1]


def test_a_mac_whose_homebrew_has_pango_is_led_to_it(tmp_path: Path) -> None:
    (tmp_path / "libpango-1.0.dylib").touch()
    brew = (tmp_path / "none" / "libpango-1.0.dylib", tmp_path / "libpango-1.0.dylib")
    assert remedies.pango("darwin", brew) == f"export DYLD_FALLBACK_LIBRARY_PATH={tmp_path}"
    assert remedies.pango("darwin", ()) == "brew install pango"
    assert "DYLD" not in remedies.pango("debian", brew)


def test_packages_are_held_against_what_is_declared() -> None:
    here = {"numpy": "2.4.1", "keras": "3.15.1", "old": "1.0"}
    declared = [
        "numpy>=2.1",
        "keras",
        "old>=2,<3",
        "gone>=1",
        "other; sys_platform == 'nowhere'",
        "dev; extra == 'dev'",
    ]
    found = list(software.packages(declared, here.get))
    assert [each.text for each in found[:-1]] == [
        "gone is not installed",
        "old 1.0 is installed, old<3,>=2 is needed",
    ]
    assert [each.fine for each in found] == [False, False, True]
    assert found[0].remedy.endswith('install "gone>=1"') and "2 packages are as declared" in found[-1].text


def test_a_long_line_keeps_to_the_terminal_and_a_remedy_is_left_whole() -> None:
    finding = Finding(True, " ".join(["scikit-image 0.26.0,"] * 9), " ".join(["install"] * 20))
    *lines, remedy = told(finding, 60)
    assert len(lines) > 3 and all(len(line) <= 60 for line in lines)
    assert lines[0].startswith("note  scikit") and all(re.match(r" {6}\S", line) for line in lines[1:])
    assert " ".join(line[6:] for line in lines) == finding.text and remedy == f"      {finding.remedy}"
    assert [line[6:] for line in told(finding, 0)] == [finding.text, finding.remedy], "a log is not wrapped"


def test_own_files_that_are_cut_short(tmp_path: Path) -> None:
    (tmp_path / "a.woff2").write_bytes(b"1234")
    listed = [(tmp_path / "a.woff2", 4)]
    assert (
        software.own_files(listed).fine
        and "1 files are whole, 1 of them fonts" in software.own_files(listed).text
    )
    short = software.own_files([*listed, (tmp_path / "a.woff2", 5), (tmp_path / "b.css", 1)])
    assert (
        not short.fine
        and short.text.startswith("2 files of reportgen")
        and "b.css" in short.text
        and short.remedy
    )
    assert software.own_files(None).fine


@pytest.mark.parametrize(
    ("free", "jobs", "state", "remedy"),
    [(8 * GB, 4, "ok", ""), (3 * GB, 4, "note", "--jobs 3"), (GB // 2, 1, "FAIL", "close")],
)
def test_memory(free: int, jobs: int, state: str, remedy: str) -> None:
    found = machine.memory(free, jobs)
    assert found.state == state and remedy in found.remedy and f"{free / 1e9:.1f} GB" in found.text


def test_memory_of_a_container(tmp_path: Path) -> None:
    whole = machine.free_memory(tmp_path)
    (tmp_path / "memory.max").write_text(f"{GB}\n")
    (tmp_path / "memory.current").write_text(f"{GB // 4}\n")
    assert machine.free_memory(tmp_path) == GB - GB // 4 < whole
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.free_memory(tmp_path) > GB


def test_disk() -> None:
    full = Place(("--store",), Path("s"), GB // 2, 2 * GB)
    shut = dataclasses.replace(full, fault="cannot be written", options=("--store", "--out"))
    (found,) = machine.places([full])
    assert not found.fine and "2.1 GB are needed" in found.text and "free some space" in found.remedy
    (found,) = machine.places([shut])
    assert found.text == "s cannot be written" and "--store and --out" in found.remedy
    (found,) = machine.places([dataclasses.replace(full, free=3 * GB)])
    assert found.state == "ok"


def test_processors() -> None:
    assert machine.processors(4, 1, False) == Finding(True, "4 cores: 4 runs at once, 1 thread each")
    assert machine.processors(1, 1, False).text == "1 core: 1 run at once, 1 thread each"
    assert machine.processors(4, 2, False).remedy == "build with --jobs 2"
    assert machine.processors(8, 2, True) == Finding(True, "8 cores and a GPU: 1 run at once, 2 threads each")


def test_a_check_that_breaks_is_a_finding() -> None:
    def breaks() -> list[Finding]:
        raise ValueError("out of order\nand more")

    (found,) = guarded("test", breaks)
    assert not found.fine and found.check == "test" and found.remedy
    assert found.text == "this could not be looked at: ValueError: out of order"


def test_a_trial_that_fails_says_why_and_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "_TRIAL", trial._TRIAL.replace("epochs", "epoch"))
    found = trial.one_run(environment(tmp_path))
    assert not found.fine and "unknown-parameter" in found.text and "epochs" in found.remedy
