"""The wheel: what is in it, and that it is enough: a coursework begins and builds from it alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from email.parser import Parser
from pathlib import Path

import pytest

from reportgen.language import LANGUAGES
from tests.project.sources import PACKAGE, ROOT, tracked

ASSETS = ("templates", "notebooks", "courseworks")


def built(source: Path, folder: Path, target: str) -> Path:
    """Build a wheel or an sdist from a folder of sources."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    done = subprocess.run(
        command, cwd=source, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    (made,) = (path for path in folder.iterdir() if path.name.startswith("reportgen-") and path.is_file())
    return made


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, tmp_path_factory.mktemp("dist"), "wheel")


def test_the_wheel_holds_what_the_program_reads_and_nothing_else(wheel: Path) -> None:
    inside = contents(wheel)
    info = f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info/"
    wanted = {
        f"reportgen/{path.relative_to(PACKAGE).as_posix()}": path
        for path in PACKAGE.rglob("*")
        if path.is_file()
    }
    for folder in ASSETS:
        there = (path for path in (ROOT / folder).rglob("*") if path.is_file())
        wanted |= {f"reportgen/_assets/{path.relative_to(ROOT).as_posix()}": path for path in there}
    wanted |= {"reportgen/_assets/courseworks/labo04.toml": ROOT / "experiments.toml"}
    wanted = {name: path for name, path in wanted.items() if path in tracked() or not tracked()}
    ours = {name: content for name, content in inside.items() if not name.startswith(info)}
    assert wanted.keys() - ours.keys() == set()
    strange = [name for name in ours if name not in wanted and not (ROOT / _source(name)).is_file()]
    left = ("__pycache__", "tests", ".reportgen", "/output/")  # what a build beside a coursework leaves there
    assert strange == [] and not any(each in name for name in ours for each in left)
    assert [name for name, path in wanted.items() if ours[name] != path.read_bytes()] == []
    assert {f"reportgen/languages/{code}.po" for code in LANGUAGES[1:]} <= ours.keys()
    licences = {name.rpartition("/")[2] for name in inside if name.startswith(f"{info}licenses/")}
    fonts = {path.name for path in (ROOT / "templates" / "fonts").glob("*-OFL.txt")}
    assert licences == {"LICENSE", *fonts} and len(fonts) == 3


def _source(name: str) -> str:
    return name.replace("reportgen/_assets/", "") if "_assets" in name else name


def test_the_metadata_say_what_it_is(wheel: Path) -> None:
    (name,) = (name for name in contents(wheel) if name.endswith(".dist-info/METADATA"))
    found = Parser().parsestr(contents(wheel)[name].decode())
    assert found["Name"] == "reportgen" and found["Requires-Python"] == "<3.14,>=3.11"
    assert found["License-Expression"] == "MIT AND OFL-1.1"
    assert found["Description-Content-Type"] == "text/markdown"
    assert str(found.get_payload()).startswith("# reportgen")
    assert found.get_all("Project-URL") is None and found["Home-page"] is None
    assert not any("pytest" in each for each in found.get_all("Requires-Dist", []))
    (points,) = (text for name, text in contents(wheel).items() if name.endswith("entry_points.txt"))
    assert "reportgen = reportgen.__main__:main" in points.decode()


def test_an_sdist_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = built(ROOT, tmp_path / "sdist", "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    again = built(tmp_path / sdist.name.removesuffix(".tar.gz"), tmp_path / "dist", "wheel")
    assert contents(again) == contents(wheel)


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which reportgen comes from the installed wheel, everything else from the present one."""
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("no uv on this machine")
    folder = tmp_path_factory.mktemp("installed")
    install = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--offline",
        "--no-deps",
        "--target",
        str(folder / "site"),
        str(wheel),
    ]
    done = subprocess.run(
        [*install, "--python", sys.executable],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # An editable installation puts the checkout on the path of every Python of this environment: take it away again.
    here = f"import sys\nsys.path[:] = [place for place in sys.path if place != {str(ROOT)!r}]\n"
    (folder / "site" / "sitecustomize.py").write_text(here, encoding="utf-8")
    kept = ("PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "LANG", "VIRTUAL_ENV", "SYSTEMROOT")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    return env | {
        "HOME": str(folder),
        "USERPROFILE": str(folder),
        "PYTHONPATH": str(folder / "site"),
        "CI": "true",
    }


def run(env: Mapping[str, str], folder: Path, *words: str) -> str:
    """What a command says, which must succeed."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=env,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.kernel
def test_a_coursework_begins_and_builds_from_the_wheel_alone(
    wheel: Path, alone: Mapping[str, str], tmp_path: Path
) -> None:
    site = Path(alone["PYTHONPATH"])
    where = "import reportgen.lab as m; from reportgen.report.assets import built_in as b; print(m.__file__, b('templates'))"
    assert all(Path(place).is_relative_to(site) for place in run(alone, tmp_path, "-c", where).split())
    begun = json.loads(run(alone, tmp_path, "-m", "reportgen", "init", "mylab", "--json"))
    lab = tmp_path / "mylab"
    assert begun["next"] == ["cd mylab", "reportgen build", "reportgen open"]
    assert (lab / "wheels" / wheel.name).read_bytes() == wheel.read_bytes(), (
        "others install what is installed here"
    )
    assert f"./wheels/{wheel.name}" in (lab / "requirements.txt").read_text(encoding="utf-8").splitlines()
    doctor = json.loads(run(alone, lab, "-m", "reportgen", "doctor", "--no-trial", "--json"))
    assert any("files are whole" in finding["text"] for finding in doctor["findings"])
    run(alone, lab, "-m", "reportgen", "check")
    quick = ("--quick", "--data", "embedded")
    assert "3 to run" in run(alone, lab, "-m", "reportgen", "plan", *quick)
    run(alone, lab, "-m", "reportgen", "build", *quick)
    assert (lab / "output" / "quick" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "Reading digits" in (lab / "output" / "quick" / "report.html").read_text(encoding="utf-8")
    assert "0 to run" in run(alone, lab, "-m", "reportgen", "plan", *quick)
