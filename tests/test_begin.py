"""A new coursework: right from the start, from every template, and never over what is there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest

from reportgen import begin as beginning
from reportgen import installed as installation
from reportgen.begin import Begun, Service, begin, courseworks
from reportgen.cli import run
from reportgen.datasets.registry import DATASETS
from reportgen.errors import InputError, StorageError
from reportgen.experiments.json_schema import DIRECTIVE, NAME, json_schema, written
from reportgen.experiments.load import load
from reportgen.installed import LIBRARIES, Installed, this_installation
from reportgen.notebooks import discover

HERE = Installed("9.8.7", "3.12", {"numpy": "2.0.0", "keras": "3.1.0"})
TEMPLATES = list(courseworks())


def begun(
    folder: Path, template: str = "minimal", service: Service = "github", wheel: bytes | None = None
) -> Begun:
    return begin(folder, template, Installed(HERE.version, HERE.python, HERE.libraries, wheel), service)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def command(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    """Exit code and document of a command with --json."""
    with pytest.raises(SystemExit) as end:
        run([*words, "--json"])
    return int(end.value.code or 0), json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_is_right_at_once_and_its_schema_in_step(template: str, tmp_path: Path) -> None:
    begun(tmp_path / "lab", template)
    notebooks = discover(tmp_path / "lab" / "notebooks")
    file = tmp_path / "lab" / "experiments.toml"
    loaded = load(file, notebooks, tuple(DATASETS))
    assert file.read_text(encoding="utf-8").startswith(f"{DIRECTIVE}\n")  # beside it, not above it
    assert tuple(row.id for row in loaded.rows) == courseworks()[template].rows != ()
    assert loaded.file.data.when_unavailable == "embedded"
    schema = (tmp_path / "lab" / NAME).read_text(encoding="utf-8")
    assert schema == written(json_schema(notebooks, (*DATASETS, *loaded.file.dataset)))


def test_the_templates_say_what_they_are_the_small_ones_first() -> None:
    assert TEMPLATES[0] == beginning.FIRST == "minimal"
    assert {"blank", "repeats", beginning.WHOLE} <= set(TEMPLATES)
    sizes = [len(each.rows) for each in courseworks().values()][1:]
    assert sizes == sorted(sizes)
    for each in courseworks().values():
        assert each.about.endswith((".", "?")) and len(each.about) < 100


def test_every_commented_line_of_the_bare_bones_can_be_used(tmp_path: Path) -> None:
    begun(tmp_path, "blank")
    text = (tmp_path / "experiments.toml").read_text(encoding="utf-8")
    used = re.sub(r"^# (?=[a-z_]+ = |\[)", "", text, flags=re.M)
    assert used.count("\n# ") < 5 < text.count("\n# ")  # the head of the file alone is still a comment
    second = '[[experiment]]\nid = "second"\nsection = "networks"\ntitle = "b"\n'
    (tmp_path / "experiments.toml").write_text(used + second, encoding="utf-8")
    loaded = load(tmp_path / "experiments.toml", discover(tmp_path / "notebooks"), tuple(DATASETS))
    raw = tomllib.loads(used)
    assert {"execution", "contrast", "claim"} <= raw.keys() and len(raw["section"]) == 2
    assert loaded.rows[0].comment and loaded.file.report.authors


@pytest.mark.parametrize("wheel", [None, b"a wheel"])
def test_what_is_written(wheel: bytes | None, tmp_path: Path) -> None:
    made = begun(tmp_path / "lab", wheel=wheel)
    there = files(tmp_path / "lab")
    assert set(made.written) == there.keys() and made.kept == ()
    wheels = {"wheels/reportgen-9.8.7-py3-none-any.whl"} if wheel else set()
    assert set(there) - {name for name in there if name.startswith("notebooks/")} == {
        "experiments.toml", "README.md", "requirements.txt", "wheels/README.md", NAME, ".gitignore",
        ".github/workflows/report.yml", *wheels,
    }  # fmt: skip
    assert all(there[name] == wheel for name in wheels)
    asked = [line for line in there["requirements.txt"].decode().splitlines() if line and line[0] != "#"]
    # Never by name: a package index may hold another project that has it.
    assert asked == ["./wheels/reportgen-9.8.7-py3-none-any.whl", "numpy==2.0.0", "keras==3.1.0"]
    assert ("Still to do" in there["wheels/README.md"].decode()) == (wheel is None)
    assert not any(re.search(rb"@[A-Z]+@", content) for content in there.values())
    assert "# Reading digits" in there["README.md"].decode()
    assert f"--like {courseworks()['minimal'].rows[0]} " in there["README.md"].decode()


@pytest.mark.parametrize(
    ("service", "schema", "name"),
    [("github", "vendor.github-workflows", ".github/workflows/report.yml"), ("gitlab", "vendor.gitlab-ci", ".gitlab-ci.yml")],
)  # fmt: skip
def test_the_workflow_is_what_its_service_accepts(
    service: Service, schema: str, name: str, tmp_path: Path
) -> None:
    begun(tmp_path, service=service)
    options = ["--data-transform", "gitlab-ci"] if service == "gitlab" else []
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *options]
    done = subprocess.run(
        [*check, tmp_path / name], capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert re.search(r'(python-version: "|image: python:)3\.12["-]', text) and "3.11" not in text
    assert (
        text.count("pip install -r requirements.txt") == 1 and "exec reportgen build experiments.toml" in text
    )
    assert sum(path.suffix == ".yml" for path in tmp_path.rglob("*") if path.is_file()) == 1


def test_no_workflow_where_none_is_wanted(tmp_path: Path) -> None:
    begun(tmp_path, service="none")
    assert not list(tmp_path.rglob("*.yml"))


def test_the_readme_of_a_coursework_shows_commands_that_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(tmp_path)
    monkeypatch.chdir(tmp_path)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"`reportgen (add --like [^`]+)`", text)
    code, found = command(*shown.split(), capsys=capsys)
    assert code == 0 and found["added"] and found["line"] > 1
    for name in re.findall(r"^\| `([^`]+)`", text, flags=re.M):
        assert (tmp_path / name).exists() or name in ("output/", ".reportgen/"), name


def test_a_repository_keeps_what_it_has(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_bytes(b"mine\r\n")
    (tmp_path / ".gitignore").write_bytes(b"*.pdf\n/output/")
    made = begun(tmp_path)
    assert (tmp_path / "README.md").read_bytes() == b"mine\r\n"
    ignored = (tmp_path / ".gitignore").read_bytes().decode()
    assert ignored.startswith("*.pdf\n/output/\n") and ignored.count("/output/") == 1
    assert {".reportgen/", ".ipynb_checkpoints/"} <= set(ignored.splitlines())
    assert made.kept == (".gitignore", "README.md") and "/output/" not in made.ignored
    assert not {".gitignore", "README.md"} & set(made.written)


@pytest.mark.parametrize(
    "way", ["experiments.toml", "notebooks/cnn.ipynb", "requirements.txt", "notebooks", ".github", "link"]
)
def test_nothing_is_overwritten(way: str, tmp_path: Path) -> None:
    if way == "link":
        if sys.platform == "win32":
            pytest.skip("links need a privilege on Windows")
        (tmp_path / "experiments.toml").symlink_to(tmp_path / "nowhere")
    else:
        (tmp_path / way).parent.mkdir(exist_ok=True)
        (tmp_path / way).write_bytes(b"mine")
    before = files(tmp_path)
    with pytest.raises(InputError) as met:
        begun(tmp_path)
    (problem,) = met.value.problems
    assert problem.code == "in-the-way" and problem.remedy
    assert ("experiments.toml" if way == "link" else way) in problem.message
    assert files(tmp_path) == before


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "lab").write_bytes(b"mine")
    with pytest.raises(InputError, match="in-the-way"):
        begun(tmp_path / "lab")
    with pytest.raises(InputError, match="in-the-way"):
        begun(tmp_path / "lab" / "inner")
    assert files(tmp_path) == {"lab": b"mine"}


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other").write_bytes(b"mine")
    real = Path.open

    def full(path: Path, *arguments: Any, **more: Any) -> Any:
        if path.name == NAME:
            raise OSError(28, "No space left on device", str(path))
        return real(path, *arguments, **more)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(StorageError, match="No space left"):
        begun(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_an_unknown_template_is_named_with_its_neighbour(tmp_path: Path) -> None:
    with pytest.raises(InputError, match='did you mean "minimal"'):
        begun(tmp_path / "lab", "minmal")
    assert not (tmp_path / "lab").exists()


def test_the_command_says_what_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, found = command("init", "my lab", "--template", "blank", capsys=capsys)
    assert code == 0 and found["next"] == ["cd 'my lab'", "reportgen build", "reportgen open"]
    assert set(found["written"]) == files(tmp_path / "my lab").keys()
    monkeypatch.chdir(tmp_path / "my lab")
    code, found = command("init", ".", capsys=capsys)
    assert code == 2 and [problem["code"] for problem in found["problems"]] == ["in-the-way"]
    code, found = command("init", capsys=capsys)
    assert code == 2 and "mylab" in found["problems"][0]["remedy"]
    code, found = command("init", "--list", capsys=capsys)
    assert code == 0 and [each["name"] for each in found["templates"]] == TEMPLATES


def wheel_and_its_installation(folder: Path, content: bytes = b"pass\n") -> tuple[Path, Distribution]:
    """A small wheel, and what an installer leaves of it."""
    record = "reportgen/__init__.py,sha256=abc,5\nreportgen-1.0.dist-info/RECORD,,\n"
    wheel = folder / "a b" / "reportgen-1.0-py3-none-any.whl"
    wheel.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("reportgen/__init__.py", content)
        archive.writestr("reportgen-1.0.dist-info/RECORD", record)
    info = folder / "site" / "reportgen-1.0.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: reportgen\nVersion: 1.0\n")
    (info / "RECORD").write_text(record + "../../bin/reportgen,sha256=def,9\n")
    (info / "direct_url.json").write_text(json.dumps({"url": wheel.as_uri(), "archive_info": {}}))
    return wheel, Distribution.at(info)


def test_the_wheel_is_taken_along_while_it_is_the_one_that_was_installed(tmp_path: Path) -> None:
    wheel, own = wheel_and_its_installation(tmp_path)
    assert installation.wheel_of(own) == wheel.read_bytes()
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("reportgen-1.0.dist-info/RECORD", "reportgen/__init__.py,sha256=other,5\n")
    assert installation.wheel_of(own) is None
    wheel.write_bytes(b"no archive")
    assert installation.wheel_of(own) is None
    wheel.unlink()
    assert installation.wheel_of(own) is None
    for origin in (
        '{"url": "file:///x", "dir_info": {"editable": true}}',
        '{"url": "https://example.org/a.whl"}',
        "{}",
    ):
        (tmp_path / "site" / "reportgen-1.0.dist-info" / "direct_url.json").write_text(origin)
        assert installation.wheel_of(own) is None


def test_this_installation_knows_the_libraries_that_are_part_of_a_key() -> None:
    here = this_installation()
    assert tuple(here.libraries) == LIBRARIES
    assert here.python == ".".join(map(str, sys.version_info[:2])) and here.wheel_name.startswith(
        "reportgen-0."
    )
