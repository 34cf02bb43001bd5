"""Runs from elsewhere in a report: marked wherever they stand, counted, and never compared in time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from reportgen import language
from reportgen.analysis import costs, elsewhere, overlap
from reportgen.experiments.schema import Section
from reportgen.report.view import Report
from reportgen.results import Result
from reportgen.tables import comparison_table, origins_table, seeds_table, times_note
from tests import samples
from tests.report import invented
from tests.report.conftest import Written, write

PYTHON = 'versions.python "3.12" -> "3.11"'


def result(id: str, owner: str = "", *differences: str, seed: int = 42, **facts: Any) -> Result:
    """A row with one run, of an owner on a machine of their own."""
    record = samples.record(seed=seed, accuracy=0.95 + seed / 10_000, n_test=500, n_validation=300, **facts)
    environment = {**record.environment, "jobs": 2, "cores": 4}
    if owner:
        environment |= {"python": "3.12.4", "cpu": "Another CPU"}
    row = samples.row(id, title=f"Row {id}")
    made = samples.result(
        row, hashlib.sha256(id.encode()).hexdigest(), seed, replace(record, environment=environment)
    )
    return replace(made, runs=(replace(made.runs[0], owner=owner, differences=differences),))


def together() -> list[Result]:
    """One's own row, a merged one, one accepted from a mate, and one's own earlier run."""
    return [
        result("own", seed=1),
        result("merged", "Anna", seed=2),
        result("accepted", "Ben", PYTHON, seed=3),
        result("earlier", "", f"code {'a' * 8} -> {'b' * 8}", seed=4),
    ]


def triple(results: list[Result]) -> invented.Triple:
    """Their report."""
    sections = [
        Section(id="raw", title="Raw pixels"),
        Section(id="complexity", kind="complexity"),
        Section(id="comparison", kind="comparison"),
    ]
    return invented.triple(sections, [each.row for each in results], results)


def view(results: list[Result]) -> Report:
    """Their report as the templates see it."""
    from tests.report.test_view import view as seen

    return seen(triple(results))


def notices(report: Report) -> dict[str, list[str]]:
    """What each page of a row warns of."""
    return {
        page.row_id: [f"{notice.title} {notice.text}" for notice in page.notices]
        for page in report.chapters[0].experiments
    }


def test_the_page_of_a_row_says_whose_its_run_is_and_what_differs() -> None:
    said = notices(view(together()))
    made = "Made elsewhere, with Python 3.12.4 and TensorFlow 2.21.0 on Another CPU."
    assert said["own"] == []
    assert said["merged"] == [f"Merged from Anna. {made}"]
    stands = "It stands for the run that the row asks for, from which it differs in this:"
    assert said["accepted"] == [
        f"Merged from Ben and accepted. {made} {stands} Python 3.12 in place of 3.11."
    ]
    assert said["earlier"] == [f"An earlier run, accepted. {stands} the notebook’s code."]


def test_a_row_of_several_runs_says_which_are_from_elsewhere() -> None:
    mixed = samples.repeated(samples.row("mixed"), [samples.record(seed=seed) for seed in (42, 43, 44)])
    runs = (mixed.runs[0], replace(mixed.runs[1], owner="Anna"), replace(mixed.runs[2], owner="Anna"))
    mixed = replace(mixed, runs=runs)
    (said,) = notices(view([mixed]))["mixed"]
    assert said.startswith("Merged from Anna. This concerns seeds 43 and 44. Made elsewhere, with")
    table = seeds_table(mixed)
    assert [line.cells[0].text for line in table.rows][:3] == ["42", "43\u00a0†", "44\u00a0†"]
    assert "† merged from Anna." in table.note


def test_tables_mark_the_rows_and_say_what_the_marks_mean() -> None:
    table = comparison_table(together())
    titles = {line.link: line.cells[2] for line in table.rows if line.link}
    assert {row: cell.text for row, cell in titles.items()} == {
        "own": "Row own", "merged": "Row merged\u00a0†", "accepted": "Row accepted\u00a0††",
        "earlier": "Row earlier\u00a0††",
    }  # fmt: skip
    assert titles["merged"].value == "Row merged", "what is exported is the title"
    assert "† merged from Anna." in table.note
    assert (
        "†† accepted in place of a run that differs in Python and the notebook’s code;"
        " made by Ben and this project." in table.note
    )
    assert "†" not in comparison_table(together()[:1]).note


def test_the_front_counts_them_once() -> None:
    report = view(together())
    wanted = (
        "Runs from elsewhere. 2 of 4 runs were merged from Anna and Ben. 2 of 4 runs were accepted in place of"
        " ones that differ in Python and the notebook’s code."
    )
    for part in (report.cover, report.glance):
        assert [f"{each.title} {each.text}" for each in part.notices] == [wanted]
    assert view(together()[:1]).cover.notices == ()
    twins = [replace(together()[1], same_as=("twin",)), replace(together()[1], row=samples.row("twin"))]
    assert view(twins).cover.notices[0].text == "The one run was merged from Anna."


def test_the_command_that_builds_it_again_needs_the_runs_of_others() -> None:
    lead = "This report is built again by one command"
    assert view(together()).appendix.lead == f"{lead}, with the runs of Anna and Ben, merged:"
    assert view([together()[0], together()[3]]).appendix.lead == f"{lead}:"


def test_the_reproducibility_chapter_says_who_made_what_with_what() -> None:
    report = view(together())
    assert report.appendix.origins is not None
    lines = [[cell.text for cell in line.cells] for line in report.appendix.origins.table.rows]
    here = "Python 3.11.7 and TensorFlow 2.21.0 on Example CPU at 3 GHz"
    there = "Python 3.12.4 and TensorFlow 2.21.0 on Another CPU"
    assert lines == [
        ["this project", "1", "“Row own”", here, "–"],
        ["this project", "1", "“Row earlier”", here, "the notebook’s code"],
        ["Anna", "1", "“Row merged”", there, "–"],
        ["Ben", "1", "“Row accepted”", there, "Python 3.12 in place of 3.11"],
    ]
    texts = [f"{notice.title} {notice.text}" for notice in report.appendix.notices]
    assert texts == [
        "Different processors. The runs were made on Example CPU at 3 GHz in 2 runs; Another CPU in 2 runs;"
        " their last digits need not agree.",
        "Different software. The runs were made with Python 3.11.7 in 2 runs; 3.12.4 in 2 runs; their last"
        " digits need not agree.",
    ]
    assert view(together()[:1]).appendix.origins is None


def test_many_rows_of_one_maker_take_one_line() -> None:
    many = [result(f"row-{n}", "Anna", seed=n) for n in range(1, 21)]
    (line,) = origins_table(many).rows
    assert line.cells[1].value == 20 and line.cells[2].text.endswith("“Row row-5” and 15 more")


def test_times_of_two_machines_are_not_compared() -> None:
    own, merged = result("own", seed=1), result("merged", "Anna", seed=2)
    alike = replace(merged.runs[0].record, environment=own.record.environment)  # type: ignore[union-attr, type-var]
    merged = replace(merged, runs=(replace(merged.runs[0], record=alike),))
    reason = costs.unlike([own, merged])
    assert reason is not None
    assert reason.sentence == "Seconds are not compared: the machine differed between the runs."
    assert "seconds" not in costs.shown([own, merged])
    assert times_note([own, merged]) == "Times were taken on different machines; do not compare them."
    both = [own, result("second", seed=5)]
    assert costs.unlike(both) is None, "of one machine they are"


def test_runs_of_another_machine_do_not_share_ours() -> None:
    own, merged = result("own", seed=1), result("merged", "Anna", seed=2)
    assert overlap.alone(own, [own, result("second", seed=5)]) == 0
    assert overlap.alone(own, [own, merged, result("third", "Ben", seed=6)]) is None


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (PYTHON, "Python 3.12 in place of 3.11"),
        ('versions.scikit-learn null -> "1.7"', "scikit-learn none in place of 1.7"),
        ('machine "arm64" -> "x86_64"', "the kind of machine (arm64 in place of x86_64)"),
        ("threads 2 -> 1", "the number of threads (2 in place of 1)"),
        ("onednn true -> false", "the use of oneDNN"),
        ("lab abcdefgh -> 12345678", "the code of reportgen that the notebook runs"),
        ("else 1 -> 2", "else"),
    ],
)
def test_differences_are_said_in_words(difference: str, words: str) -> None:
    assert elsewhere.difference_words(difference) == words


def test_in_french_nothing_is_left_in_english() -> None:
    with language.use("fr"):
        said = notices(view(together()))
        note = comparison_table(together()).note
    assert said["accepted"][0].startswith(
        "Importée (origine\u00a0: Ben) et acceptée. Faite ailleurs, avec Python"
    )
    assert said["accepted"][0].endswith("Python 3.12 au lieu de 3.11.")
    assert "† importée, origine\u00a0: Anna." in note and "auteur\u00a0: Ben et ce projet." in note


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Their report on paper; one owner's name tries to break out."""
    results = together()
    hostile = replace(results[1], runs=(replace(results[1].runs[0], owner='<script>x</script>"&'),))
    return write(triple([results[0], hostile, *results[2:]]), tmp_path_factory.mktemp("together"))


@pytest.fixture(scope="module")
def pages(written: Written) -> Iterator[pikepdf.Pdf]:
    """Its pages."""
    with pikepdf.open(written.pdf) as pdf:
        yield pdf


def test_names_of_owners_are_text_alone(written: Written) -> None:
    assert not written.page.unclosed and len(written.page.all("script")) == 1
    assert 'Merged from <script>x</script>"&.' in written.page.text()


def test_every_sign_has_a_font(written: Written, pages: pikepdf.Pdf) -> None:
    assert written.rendered.warnings == ()
    assert len(pages.pages) > 8


def test_files_beside_the_report_carry_the_owner(written: Written) -> None:
    folder: Path = written.rendered.html.parent
    rows = json.loads((folder / "results.json").read_text(encoding="utf-8"))["rows"]
    assert [(run["owner"], run["accepted"]) for row in rows.values() for run in row["runs"]] == [
        (None, None), ('<script>x</script>"&', None), ("Ben", [PYTHON]),
        (None, ["code aaaaaaaa -> bbbbbbbb"]),
    ]  # fmt: skip
    runs = (folder / "tables" / "runs.csv").read_text(encoding="utf-8")
    assert "Made by" in runs and ",Ben," in runs
    origins = (folder / "tables" / "origins.csv").read_text(encoding="utf-8")
    assert "Python 3.12 in place of 3.11" in origins
