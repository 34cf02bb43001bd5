"""`reportgen check` on a coursework with results: what is planted is found, with its line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.projects import project
from tests.test_build import reportgen

COMMENT = '''comment = """
The network reaches 99,9 % at once.
Or is it 99.9 %?

It has 39 761 parameters, and {{ this.total_params }}.
"""
'''
CLAIM = """
[[section]]
id = "comparison"
kind = "comparison"

[[claim]]
id = "a-beats-c"
text = "A beats C."
expression = "row('a').test_accuracy > row('c').test_accuracy"
"""


@pytest.mark.kernel
def test_what_is_planted_is_found_with_its_line(tmp_path: Path) -> None:
    # Rows a and c are right in all but a few of 200 items: they cannot be told apart.
    file = project(tmp_path, {"a": "fine units=50", "c": "fine units=51"})
    code, out, err = reportgen(tmp_path, "check")
    assert code == 0, out + err
    assert "were not checked" in out
    code, out, err = reportgen(tmp_path, "build", "--cold")
    assert code == 0, out + err

    text = (
        file.read_text(encoding="utf-8").replace('title = "Row a"\n', f'title = "Row a"\n{COMMENT}') + CLAIM
    )
    file.write_text(text, encoding="utf-8")
    code, out, err = reportgen(tmp_path, "check")
    assert code == 0, out + err
    lines = text.splitlines()
    found = [
        (int(line), code) for line, code in re.findall(r"experiments\.toml:(\d+): warning\[([a-z-]+)\]", out)
    ]
    wanted = [
        (next(n for n, line in enumerate(lines, 1) if mark in line), kind)
        for mark, kind in (
            ("99,9 %", "typed-number"), ("99.9 %", "typed-number"), ("39 761", "typed-number"),
            ("expression =", "unsupported-claim"),
        )
    ]  # fmt: skip
    assert found == wanted, out
    assert "39\u00a0760" in out  # 784 · 50 + 50 + 50 · 10 + 10, the nearest value
    assert "McNemar" in out
    assert "results of 2 of 2 rows; nothing ran" in out

    for _ in range(2):  # the second time the report is up to date, and the findings are those of the first
        code, out, err = reportgen(tmp_path, "build", "--cold", "--strict")
        assert code == 6, out + err
        found = re.findall(r"experiments\.toml:(\d+): error\[([a-z-]+)\]", err)
        assert [(int(line), kind) for line, kind in found] == wanted
        assert (tmp_path / "output" / "report.pdf").is_file()
    code, out, err = reportgen(tmp_path, "build", "--cold")
    assert code == 0 and err.count("warning[") == 4, out + err

    shutil.rmtree(tmp_path / ".reportgen" / "store")
    code, out, _ = reportgen(tmp_path, "check")
    assert code == 0
    assert "warning[" not in out and "were not checked" in out


def test_a_fault_of_a_text_stops_check_and_plan(tmp_path: Path) -> None:
    file = project(tmp_path, {"a": "fine units=50"})
    text = file.read_text(encoding="utf-8") + 'comment = """\n\n{{ this.tset_accuracy }}\n"""\n'
    file.write_text(text, encoding="utf-8")
    line = text[: text.index("{{")].count("\n") + 1
    for command in ("check", "plan"):
        code, _, err = reportgen(tmp_path, command)
        assert code == 2
        assert f"experiments.toml:{line}: error[unknown-attribute]" in err
        assert 'did you mean "test_accuracy"?' in err


def test_a_reference_that_nobody_cites_is_a_warning(tmp_path: Path) -> None:
    file = project(tmp_path, {"a": "fine units=50"})
    text = file.read_text(encoding="utf-8")
    text = text.replace(
        "\n\n",
        '\nreferences = [\n  { key = "used", text = "A." },\n  { key = "idle", text = "B." },\n]\n\n',
        1,
    )
    file.write_text(text + 'comment = "See [@used]."\n', encoding="utf-8")
    code, out, err = reportgen(tmp_path, "check")
    assert code == 0, err
    line = text[: text.index('"idle"')].count("\n") + 1
    assert re.findall(r"toml:(\d+): warning\[unused-reference\]", out) == [str(line)]


def test_a_spread_over_one_run_is_a_warning(tmp_path: Path) -> None:
    comment = """comment = \"\"\"
It varies by
{{ this.sd_test_accuracy }} here, by {{ row('c').sd_test_loss }} there
and {{ this.test_accuracy }} is the mean.
\"\"\"
"""
    file = project(tmp_path, {"a": "fine units=50", "c": "fine units=51"})
    text = file.read_text(encoding="utf-8").replace('title = "Row a"\n', f'title = "Row a"\n{comment}')
    text = text.replace('title = "Row c"\n', 'title = "Row c"\nrepeats = 3\n')
    file.write_text(text, encoding="utf-8")
    code, out, err = reportgen(tmp_path, "check")
    assert code == 0, err
    line = text[: text.index("{{ this.sd")].count("\n") + 1
    assert re.findall(r"toml:(\d+): warning\[one-run\]: (.*)", out) == [
        (str(line), 'experiment "a": comment: sd_test_accuracy of row "a", which has one run:'
         " an s.d. needs two runs")
    ]  # fmt: skip
    assert "repeats = 5" in out
    file.write_text(text.replace("repeats = 3\n", ""), encoding="utf-8")
    _, out, _ = reportgen(tmp_path, "check")
    assert out.count("warning[one-run]") == 2
