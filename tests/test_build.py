"""The command line on whole courseworks: real kernels, real reports, real signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.processes import marked, none_left
from tests.projects import environment, project

pytestmark = pytest.mark.kernel
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start the program in a coursework's folder, with signals as a terminal gives them."""
    return subprocess.Popen(
        [sys.executable, "-m", "reportgen", *words], cwd=folder, env=environment(folder), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


def reportgen(folder: Path, *words: str) -> tuple[int, str, str]:
    """Run the program to its end: exit code, output, errors."""
    process = start(folder, *words)
    try:
        out, err = process.communicate(timeout=240)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode, out, err


def test_build_then_add_a_row_then_nothing(tmp_path: Path) -> None:
    file = project(tmp_path, {"a": "fine units=50", "b": "fine units=60"})
    code, out, err = reportgen(tmp_path, "build", "--cold")
    assert code == 0, out + err
    assert "a: done in" in out
    assert (tmp_path / "output" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "Row a" in (tmp_path / "output" / "report.html").read_text(encoding="utf-8")
    assert sorted(p.name for p in (tmp_path / "output" / "notebooks").iterdir()) == ["a.ipynb", "b.ipynb"]
    first = (tmp_path / "output" / "report.pdf").read_bytes()

    code, out, _ = reportgen(tmp_path, "build", "--cold")
    assert code == 0
    assert "done in" not in out
    assert "up to date" in out

    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace('id = "b"', 'id = "bb"') + text.split("\n\n")[-2].replace("60", "70"), encoding="utf-8"
    )
    code, out, err = reportgen(tmp_path, "build", "--cold")
    assert code == 0, out + err
    assert out.count(": done in") == 1
    assert "b: done in" in out
    assert (tmp_path / "output" / "report.pdf").read_bytes() != first
    assert sorted(p.name for p in (tmp_path / "output" / "notebooks").iterdir()) == [
        "a.ipynb",
        "b.ipynb",
        "bb.ipynb",
    ]

    html = (tmp_path / "output" / "report.html").read_bytes()
    (tmp_path / "output" / "report.html").unlink()
    code, out, err = reportgen(tmp_path, "render")
    assert code == 0, out + err
    assert (tmp_path / "output" / "report.html").read_bytes() == html


def test_exports_stand_beside_the_report_and_are_mended(tmp_path: Path) -> None:
    file = project(tmp_path, {"a": "fine units=50", "b": "fine units=60", "lost": "raises"})
    out = tmp_path / "output"
    assert reportgen(tmp_path, "build", "--cold")[0] == 3
    table, figure = out / "tables" / "confusion-a.csv", out / "figures" / "learning_curves-a.svg"
    whole = table.read_bytes(), figure.read_bytes()
    assert not list((out / "figures").glob("*.png"))
    (out / "tables" / "mine.csv").write_text("my own", encoding="utf-8")
    table.unlink()
    figure.write_bytes(whole[1] + b" ")
    assert "up to date" not in reportgen(tmp_path, "render")[1]
    assert (table.read_bytes(), figure.read_bytes()) == whole
    assert "up to date" in reportgen(tmp_path, "render")[1]

    code, text, err = reportgen(tmp_path, "export", "--dpi", "40")
    assert code == 3
    assert "lost: no result [" in err and "a: no result" not in err
    pictures = {path.name for path in (out / "figures").glob("*.png")}
    assert {"confusion-a.png", "learning_curves-b.png", "cover_strip-digits.png"} <= pictures
    assert f"{len(pictures)} png" in text
    assert "up to date" in reportgen(tmp_path, "render")[1]
    assert reportgen(tmp_path, "export", "--row", "a", "--format", "png")[0] == 0

    lines = file.read_text(encoding="utf-8").split("[[experiment]]")
    file.write_text("[[experiment]]".join(lines[:2]), encoding="utf-8")
    assert reportgen(tmp_path, "render")[0] == 0
    left = {path.name for part in ("tables", "figures") for path in (out / part).iterdir()}
    assert {"confusion-a.csv", "confusion-a.png", "mine.csv"} <= left
    assert not {name for name in left if "-b." in name or "lost" in name}


def test_an_export_of_what_is_not_there_is_refused_at_once(tmp_path: Path) -> None:
    project(tmp_path, {"a": "fine"})
    code, out, err = reportgen(tmp_path, "export", "--format", "pgn,csv", "--dpi", "9")
    assert code == 2
    assert out == ""
    assert 'there is no format "pgn"' in err and "9 dots per inch" in err
    code, _, err = reportgen(tmp_path, "export", "--row", "aa")
    assert code == 2
    assert 'did you mean "a"?' in err
    assert not (tmp_path / "output").exists()


def test_bad_runs_do_not_stop_the_others_and_the_report_names_them(tmp_path: Path) -> None:
    rows = {"good": "fine", "raised": "raises", "exited": "exits", "killed": "killed", "endless": "loops"}
    project(tmp_path, rows, limit="5s")
    code, out, err = reportgen(tmp_path, "build", "--cold")
    assert code == 3, out + err
    for words in (
        "ValueError: no such luck",
        "SIGKILL",
        "did not end within 5 s",
        "before it wrote its record",
    ):
        assert words in err
    html = (tmp_path / "output" / "report.html").read_text(encoding="utf-8")
    for words in ("no such luck", "SIGKILL", "did not end within 5", "before it wrote its record"):
        assert words in html
    assert (tmp_path / "output" / "report.pdf").exists()
    summary = (tmp_path / "output" / "summary.md").read_text(encoding="utf-8")
    assert "5 experiments, 4 without a result" in summary
    code, out, _ = reportgen(tmp_path, "plan")
    assert code == 0
    assert "good: stored" in out


def test_a_row_with_several_seeds_keeps_the_ones_that_ended_well(tmp_path: Path) -> None:
    file = project(tmp_path, {"a": "fine", "b": "unlucky"})
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[execution]", "[execution]\nrepeats = 3"), encoding="utf-8")
    code, out, err = reportgen(tmp_path, "build", "--cold")
    assert code == 3, out + err
    assert "b seed 43: failed [error]" in err
    assert "not with this seed" in err
    assert "a seed 44: done" in out
    names = sorted(path.name for path in (tmp_path / "output" / "notebooks").iterdir())
    assert names == [
        "a-seed-43.ipynb", "a-seed-44.ipynb", "a.ipynb", "b-seed-44.ipynb", "b.ipynb",
    ]  # fmt: skip
    assert "seeds 42 to 44" in (tmp_path / "output" / "report.html").read_text(encoding="utf-8")
    assert (tmp_path / ".reportgen" / "failed" / "b seed 43").is_dir()


@linux
def test_no_process_is_left_by_a_build_with_failures(tmp_path: Path) -> None:
    project(tmp_path, {"good": "parent", "killed": "killed"})
    assert reportgen(tmp_path, "build", "--cold")[0] == 3
    assert none_left(str(tmp_path), within=3)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (("units=50", "unist=50"), "unknown-parameter", '"units"'),
        (("dataset=", "dataset="), "", ""),
        (('id = "b"', 'id = "a"'), "duplicate-id", "a"),
    ],
)
def test_a_fault_in_the_file_is_found_before_anything_runs(
    tmp_path: Path, change: tuple[str, str], code: str, words: str
) -> None:
    file = project(tmp_path, {"a": "fine units=50", "b": 'fine dataset="digit"'})
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(*change), encoding="utf-8")
    exit_code, out, err = reportgen(tmp_path, "build")
    assert exit_code == 2
    assert "digits" in err
    assert "experiments.toml:" in err
    assert code in err
    assert words in err
    assert "done in" not in out
    assert not (tmp_path / ".reportgen" / "store").exists()


def test_only_names_a_row_or_is_refused(tmp_path: Path) -> None:
    project(tmp_path, {"alpha": "fine units=50", "beta": "fine units=60"})
    code, _, err = reportgen(tmp_path, "build", "--only", "alhpa")
    assert code == 2
    assert '"alpha"' in err
    code, out, err = reportgen(tmp_path, "build", "--cold", "--only", "alpha")
    assert code == 0, out + err
    assert "beta: done in" not in out


def test_quick_writes_beside_the_report_and_says_so(tmp_path: Path) -> None:
    project(tmp_path, {"a": "fine epochs=9"})
    code, out, err = reportgen(tmp_path, "build", "--quick", "--cold")
    assert code == 0, out + err
    assert (tmp_path / "output" / "quick" / "report.pdf").exists()
    assert not (tmp_path / "output" / "report.pdf").exists()
    executed = json.loads(
        (tmp_path / "output" / "quick" / "notebooks" / "a.ipynb").read_text(encoding="utf-8")
    )
    assert "epochs = 2" in "".join(executed["cells"][1]["source"])


def test_a_damaged_run_is_made_again_with_a_warning(tmp_path: Path) -> None:
    project(tmp_path, {"a": "fine"})
    assert reportgen(tmp_path, "build", "--cold")[0] == 0
    (header,) = (tmp_path / ".reportgen" / "store" / "objects").glob("*/*/header.json")
    header.chmod(0o644)
    header.write_bytes(header.read_bytes()[:-40])
    code, out, err = reportgen(tmp_path, "build", "--cold")
    assert code == 0, out + err
    assert "is damaged" in out
    assert "a: done in" in out
    (arrays,) = (tmp_path / ".reportgen" / "store" / "objects").glob("*/*/arrays.npz")
    arrays.chmod(0o644)
    arrays.write_bytes(arrays.read_bytes()[:-1])
    code, out, err = reportgen(tmp_path, "store", "verify")
    assert (code, "0 runs are whole, 1 damaged" in out) == (6, True)
    assert arrays.parent.name[:12] in err


@linux
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_keeps_what_is_finished_and_leaves_no_process(
    tmp_path: Path, number: int, code: int
) -> None:
    project(tmp_path, {"a": "fine", "slow": "slow units=60"})
    process = start(tmp_path, "build", "--cold", "--jobs", "2")
    deadline = time.monotonic() + 60
    objects = tmp_path / ".reportgen" / "store" / "objects"
    while not list(objects.glob("*/*/header.json")) and time.monotonic() < deadline:
        time.sleep(0.1)
    os.kill(process.pid, number)
    stopped = time.monotonic()
    _, err = process.communicate(timeout=90)
    assert time.monotonic() - stopped < 30
    assert process.returncode == code
    assert "Traceback" not in err
    assert none_left(str(tmp_path), within=2)
    code, out, _ = reportgen(tmp_path, "plan")
    assert "a: stored" in out


@linux
def test_a_killed_program_takes_its_kernels_along(tmp_path: Path) -> None:
    project(tmp_path, {"slow": "slow"})
    process = start(tmp_path, "build", "--cold")
    deadline = time.monotonic() + 60
    while len(marked(str(tmp_path))) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(3)
    process.kill()
    process.communicate()
    assert none_left(str(tmp_path), within=5)


def test_a_folder_that_cannot_be_written_is_an_environment_fault(tmp_path: Path) -> None:
    project(tmp_path, {"a": "fine"})
    (tmp_path / "blocked").write_text("a file, not a folder")
    code, _, err = reportgen(tmp_path, "build", "--cold", "--store", "blocked/store")
    assert code == 5
    assert "blocked" in err


@pytest.mark.parametrize("words", [["--help"], ["store", "ls"], ["doctor"], ["data"], ["check"]])
def test_the_other_commands_answer(tmp_path: Path, words: list[str]) -> None:
    project(tmp_path, {"a": "fine"})
    code, out, err = reportgen(tmp_path, *words)
    assert code == 0, out + err
    assert out


def test_open_without_a_report_says_what_to_do(tmp_path: Path) -> None:
    project(tmp_path, {"a": "fine"})
    code, _, err = reportgen(tmp_path, "open")
    assert code == 2
    assert "reportgen build" in err
