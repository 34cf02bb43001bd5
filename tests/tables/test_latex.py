"""Tables as LaTeX: what a reader of TeX finds in them is what the table holds."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen import language
from reportgen.tables import Cell, Column, Line, Table, comparison_table
from reportgen.tables.confusion import confusion_table
from reportgen.tables.latex import LONG, escaped, to_latex
from tests import samples

BACK = {
    r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^", r"\textless{}": "<",
    r"\textgreater{}": ">", r"\textbar{}": "|", r"\textasciigrave{}": "`", r"\textquotedbl{}": '"',
    r"\ldots{}": "…", r"\guillemotleft{}": "«", r"\guillemotright{}": "»", r"\{": "{", r"\}": "}", r"\&": "&",
    r"\%": "%", r"\$": "$", r"\#": "#", r"\_": "_", "---": "—", "--": "–", "``": "“", "''": "”", "`": "‘",
    "{}": "", "$-$": "−",
}  # fmt: skip
READ = re.compile("|".join(re.escape(mark) for mark in sorted(BACK, key=len, reverse=True)))


def read(text: str) -> str:
    """What TeX would print of an escaped text."""
    return READ.sub(lambda found: BACK[found[0]], text)


def cells(line: str) -> list[str]:
    """The cells of a line of a tabular, the plain text of each."""
    assert line.endswith(r" \\")
    texts = re.split(r"(?<!\\) ?& ?", line.removesuffix(r" \\"))
    return [read(re.sub(r"\\(?:textbf|emph)\{(.*)\}$", r"\1", text.removeprefix("{}"))) for text in texts]


TABLE = Table(
    id="odd",
    caption="50 % of A & B, #1_x {y} ~z ^w \\n $",
    columns=(
        Column("Name", kind="name"),
        Column("Loss", "nats", "right", "number", "Ours"),
        Column("Runs", align="right", kind="integer", group="Ours"),
        Column("Time", "s", "right", "number"),
    ),
    rows=(
        Line((Cell("Μικρά", "Μικρά γράμματα"),), "group"),
        Line((Cell("[x]", "[x] & <y>"), Cell(0.5, "0.500", bold=True), Cell(3, "3"), Cell(1, "−1"))),
        Line((Cell("Ёлка", "Ёлка été"), Cell(None, "–"), Cell(2, "2"), Cell(1, "1"))),
        Line((Cell("all", "all"), Cell(0.5, "0.500"), Cell(5, "5"), Cell(2, "2")), "total"),
    ),
    note="Twenty-two -- or 100 %.",
)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=40))
def test_nothing_that_is_escaped_is_lost_or_is_a_command(text: str) -> None:
    plain = "".join(c for c in text if c.isascii() or c in "éßЖ日«»“”…–—")
    made = escaped(plain)
    assert read(made).replace("”", "''").replace("’", "'") == plain.replace("”", "''")
    left = re.sub(r"\\(?:[&%$#_{}]|[a-z]+\{\})", "", made).replace("{}", "")
    assert not set(left) & set("\\&%$#_{}~^")


def test_marks_of_mathematics_and_lone_greek_letters_are_set_as_such() -> None:
    assert escaped("η = 0.001, λ ≤ 1 × 2 ± 3²") == (
        r"$\eta$ = 0.001, $\lambda$ $\leq$ 1 $\times$ 2 $\pm$ 3$^2$"
    )
    assert escaped("Δ") == r"$\Delta$"
    assert escaped("άλφα") == "άλφα"
    assert escaped("12\u00a0345 s, 1\u202f000") == r"12~345 s, 1\,000"
    assert escaped("e\u0301t\u00e9\nnext") == "été next"


def test_a_table_has_its_rules_its_groups_and_its_cells() -> None:
    text = to_latex(TABLE)
    assert r"\begin{tabular}{lrrr}" in text
    assert r"\caption{50 \% of A \& B, \#1\_x \{y\} \textasciitilde{}z \textasciicircum{}w" in text
    assert r"\label{tab:odd}" in text
    assert r"Twenty-two -{}- or 100 \%." in text
    lines = text[text.index(r"\toprule") : text.index(r"\bottomrule")].splitlines()
    assert lines[1] == r" & \multicolumn{2}{c}{Ours} &  \\"
    assert lines[2] == r"\cmidrule(lr){2-3}"
    assert cells(lines[3]) == ["Name", "Loss, nats", "Runs", "Time, s"]
    assert lines[4] == r"\midrule"
    assert lines[5] == r"\multicolumn{4}{l}{\textbf{Μικρά γράμματα}} \\"
    assert lines[6].startswith("{}[x]")  # after the end of a line a bracket is an option of TeX's
    assert cells(lines[6]) == ["[x] & <y>", "0.500", "3", "−1"]
    assert r"\textbf{0.500}" in lines[6]
    assert cells(lines[7]) == ["Ёлка été", "–", "2", "1"]
    assert lines[8] == r"\midrule"
    assert lines[9].count(r"\textbf{") == 4


def test_a_long_table_goes_on_over_pages_with_its_head() -> None:
    short, long = (Table("t", "Many.", TABLE.columns, TABLE.rows[1:2] * count) for count in (LONG, LONG + 1))
    assert "longtable" not in to_latex(short)
    text = to_latex(long)
    assert text.count(r"\begin{longtable}") == text.count(r"\end{longtable}") == 1
    assert text.count(r"\midrule") == 2  # the head of the first page, and of the others
    assert r"\usepackage{booktabs,longtable}" in text


@pytest.mark.parametrize("code", ["en", "fr"])
def test_every_line_of_a_real_table_has_all_its_columns(code: str) -> None:
    _, results, _ = samples.coursework(failed=True)
    with language.use(code):
        table = comparison_table(results)
        text = to_latex(table)
    body = text[text.rindex(r"\midrule") : text.index(r"\bottomrule")].splitlines()[1:]
    lines = [line for line in body if r"\multicolumn" not in line and line != r"\addlinespace"]
    own = [line for line in table.rows if line.style != "group"]
    assert len(lines) == len(own) == 6
    for line, held in zip(lines, own, strict=True):
        assert len(cells(line)) == len(table.columns)
        assert cells(line)[0] == held.cells[0].text
    assert text.count("{") == text.count("}")


def test_the_confusion_table_holds_every_item_once() -> None:
    names = [f"κλάση {number}" for number in range(100)]
    record = samples.record(layers=samples.mlp_layers(classes=100), class_names=names, n_test=4000)
    result = samples.repeated(samples.row(), [record, samples.record(
        layers=samples.mlp_layers(classes=100), class_names=names, n_test=4000, seed=43)])  # fmt: skip
    table = confusion_table(result)
    counts = np.array([[cell.value for cell in line.cells[1:]] for line in table.rows], dtype=int)
    assert counts.shape == (100, 100)
    assert counts.sum() == 8000
    assert np.trace(counts) == sum(int((r.test.y_true == r.test.y_pred).sum()) for r in result.records)
    assert counts.sum(axis=1).tolist() == [80] * 100  # true classes in rows
    assert [line.cells[0].text for line in table.rows] == names
    assert "2 runs" in table.note


@pytest.mark.skipif(not shutil.which("lualatex"), reason="no TeX here")
def test_tex_sets_it(tmp_path: Path) -> None:
    body = "\\documentclass{article}\\usepackage{booktabs,array,graphicx,longtable}\\begin{document}\n"
    (tmp_path / "t.tex").write_text(body + to_latex(TABLE) + "\\end{document}", encoding="utf-8")
    subprocess.run(["lualatex", "-halt-on-error", "t.tex"], cwd=tmp_path, check=True, capture_output=True)
