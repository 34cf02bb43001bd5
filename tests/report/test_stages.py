"""Stages in the pages: what each tried, kept and waits for, which rows have pages, what paper leaves out."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from reportgen.experiments.resolved import Row
from reportgen.records import Record
from reportgen.report.paging import MOST_PRINTED
from reportgen.results import Failure
from tests.report.conftest import Page, Written, write
from tests.staged import made, staged

SIZES = ", ".join(str(8 * number) for number in range(1, 25))
TEXT = f"""\
[report]
title = "A search by stages"
appendices = ["code"]
[[section]]
id = "rows"
title = "The stages"
notebook = "mlp"
introduction = "It keeps {{{{ best('size').title }}}} with {{{{ best('size').validation_accuracy }}}}, then {{{{ best('late').title }}}}."
[[section]]
id = "own"
title = "Its own"
notebook = "mlp"
[[section]]
id = "comparison"
kind = "comparison"
[[sweep]]
id = "size"
section = "rows"
title = "Depth and width"
comment = "A grid of *two* things."
grid = {{ hidden_units = [[50, 50], [100, 100], [50, 50, 50]] }}
[[sweep.case]]
parameters = {{ hidden_units = [200, 200] }}
comment = "A point beside the grid."
[[sweep]]
id = "batch"
section = "rows"
from = "best:size"
grid = {{ batch_size = [{SIZES}] }}
[[sweep]]
id = "late"
section = "rows"
title = "Optimiser"
from = "best:lost"
grid = {{ optimizer = ["adam", "sgd"] }}
[[sweep]]
id = "lost"
section = "rows"
title = "Not made yet"
from = "best:batch"
grid = {{ epochs = [5, 6] }}
[[sweep]]
id = "paged"
section = "own"
pages = "compact"
grid = {{ dropout = [0.1, 0.2] }}
[[experiment]]
id = "mine"
section = "own"
title = "A row of its own"
parameters = {{ hidden_units = [60] }}
[[experiment]]
id = "final"
section = "own"
title = "The last"
from = "best:late"
"""
LOST = [100, 100]


def reversed_orders(row: Row, seed: int) -> Record | Failure:
    """The more units, the worse by validation and the better by test; one row fails, one stage is not made."""
    own = row.parameters
    if own["hidden_units"] == LOST:
        return Failure("timeout", "it took too long")
    if row.origin is not None and row.origin.stage == "lost":
        return Failure("not-run", "this run has not been made")
    wrong = sum(own["hidden_units"]) // 4 + abs(own["batch_size"] - 64) // 8
    return made(row, range(wrong), range(300 - wrong), seed)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("stages")
    return write(staged(TEXT, reversed_orders, folder), folder / "out")


@pytest.fixture(scope="module")
def told(written: Written) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written.rendered.html.with_name("results.json").read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def paper(written: Written) -> str:
    """The text of the PDF, a blank between words."""
    import subprocess

    made_by = subprocess.run(
        ["pdftotext", "-layout", str(written.pdf), "-"], capture_output=True, text=True, check=True
    )
    return " ".join(made_by.stdout.split())


def part(html: str, anchor: str) -> Page:
    """What stands in the section of an anchor."""
    (found,) = re.findall(rf'<section class="stage" id="{anchor}">(.*?)</section>', html, re.DOTALL)
    return Page(found)


def plain(page: Page) -> str:
    return " ".join(page.text().replace("\u00a0", " ").split())


def test_each_stage_has_its_heading_in_the_order_of_the_file(written: Written) -> None:
    heads = re.findall(
        r'<section class="stage" id="([^"]+)">\s*<h3[^>]*><span class="num">([^<]+)<', written.html
    )
    assert heads == [
        ("stage-size", "1.1"), ("stage-batch", "1.2"), ("stage-late", "1.3"), ("stage-lost", "1.4"),
        ("stage-paged", "2.1"),
    ]  # fmt: skip
    assert not written.page.unclosed


def test_it_says_what_it_begins_with_and_links_to_the_stage_that_keeps_it(written: Written) -> None:
    batch = part(written.html, "stage-batch")
    assert "It begins with hidden units 50, 50, the row that Depth and width keeps" in plain(batch)
    assert "#stage-size" in [link.attributes.get("href") for link in batch.all("a")]
    assert (
        "It begins with the settings that the chapter states, not with a row that another stage keeps."
        in plain(part(written.html, "stage-size"))
    )


def test_what_waits_says_for_which_stage_and_how_many_rows(written: Written) -> None:
    late = part(written.html, "stage-late")
    assert plain(late).endswith("It waits for Not made yet : 2 rows will begin with the row that it keeps.")
    assert [link.attributes["href"] for link in late.all("a")] == ["#stage-lost"]
    assert not late.all("table")
    assert "It is not decided: 0 of 2 rows have a result so far." in plain(part(written.html, "stage-lost"))


def test_the_table_marks_the_row_kept_and_mutes_the_test(written: Written) -> None:
    size = part(written.html, "stage-size")
    cells = [text for path, text in size.texts if {"td", "th"} & set(path)]
    assert "row kept" in cells and "no result: timeout" in cells
    muted = [each for each in size.all("td") if "quiet" in each.attributes.get("class", "")]
    assert len(muted) == 4, "the test accuracy of each row, in a muted column"
    assert "Not used for the choice" in plain(size)


def test_the_choice_is_told_in_the_programs_voice(written: Written) -> None:
    said = plain(part(written.html, "stage-size"))
    assert (
        "“hidden units 50, 50” is kept for its validation accuracy, the highest of 3 rows with a result"
        in said
    )
    assert "Without a result, and left out of the choice: “hidden units 100, 100”: timeout." in said
    assert "A grid of two things." in said and "A point beside the grid." in said


def test_validation_decides_what_every_part_marks(written: Written, told: dict[str, Any]) -> None:
    stage = told["stages"]["size"]
    assert stage["kept"] == "size-50-50" and stage["order"] == ["size-50-50", "size-50-50-50", "size-200-200"]
    tests = [told["rows"][row]["scores"]["test_accuracy"]["mean"] for row in stage["order"]]
    assert tests == sorted(tests), "the test has them the other way round"
    best = next(table for table in told["tables"] if table["id"] == "best")
    first = best["lines"][0]["row"]
    places = {
        line["row"]: line["cells"][0]["text"] for line in _table(told, "comparison")["lines"] if line["row"]
    }
    assert first == "mine" and places[first].split("–")[0] == "1"
    assert told["prose"][0]["value"] == "hidden units 50, 50"


def _table(told: dict[str, Any], name: str) -> dict[str, Any]:
    return next(table for table in told["tables"] if table["id"] == name)


def test_prose_names_the_row_kept_and_has_a_dash_while_undecided(
    told: dict[str, Any], written: Written
) -> None:
    numbers = [(each["source"], each["text"]) for each in told["prose"]]
    assert numbers == [("size-50-50.title", "hidden units 50, 50"), ("size-50-50.validation_accuracy", "93.75\u00a0%"),
                       ("late.title", "–")]  # fmt: skip
    assert told["prose"][2]["value"] is None


def test_rows_of_stages_have_pages_only_where_their_stage_says_so(
    written: Written, told: dict[str, Any]
) -> None:
    ids = {element.attributes["id"] for element in written.page.elements if "id" in element.attributes}
    assert {name for name in ids if name.startswith("row-")} == {"row-paged-0.1", "row-paged-0.2", "row-mine"}
    assert set(told["pages"]) == {"paged-0.1", "paged-0.2", "mine"}
    links = {
        each.attributes["href"][1:] for each in written.page.all("a") if each.attributes["href"][:1] == "#"
    }
    assert links <= ids


def test_the_path_stands_at_the_head_of_the_chapter(written: Written, told: dict[str, Any]) -> None:
    figures = [each for each in told["figures"] if each["says"].startswith("Path of 4 stages")]
    assert [each["in"] for each in figures] == ["section-rows"]
    assert "“Optimiser” is not decided" in figures[0]["says"]
    tables = written.html.index("table-1"), written.html.index(figures[0]["caption"])
    assert tables[1] < written.html.index('id="stage-size"')
    said = [each["text"] for each in told["said"] if each["in"] == "section-rows"]
    assert any(text.startswith("No step of the path can be told from the one before it") for text in said)


def test_results_json_has_everything_of_a_stage(told: dict[str, Any]) -> None:
    stages = told["stages"]
    assert list(stages) == ["size", "batch", "late", "lost", "paged"]
    size = stages["size"]
    assert [(each["part"], each["values"]) for each in size["varies"]] == [
        ("depth", [2, 3]),
        ("width", [50, 100, 200]),
    ]
    assert [row["row"] for row in size["rows"]] == [
        "size-50-50",
        "size-100-100",
        "size-50-50-50",
        "size-200-200",
    ]
    lost = size["rows"][1]
    assert lost["failure"] == "timeout" and lost["validation_accuracy"] is None
    assert [row["kept"] for row in size["rows"]] == [True, False, False, False]
    less = size["rows"][3]["less_the_row_kept"]
    assert (
        less["difference"] == pytest.approx(-(100 - 25) / 400)
        and less["only_second"] == 75
        and less["different"]
    )
    assert size["runner_up"] == "size-50-50-50" and size["comparisons"] == 2
    assert (
        stages["batch"]["begins_with"] == "size-50-50" and stages["batch"]["step"]["relation"] == "same run"
    )
    assert stages["late"]["waits"] and {row["waits_for"] for row in stages["late"]["rows"]} == {"lost"}
    assert told["rows"]["batch-8"]["stage"] == "batch" and told["rows"]["final"]["waits_for"] == "late"
    assert all("test" not in json.dumps(row) for row in size["rows"]), "no choice may use it"


def test_paper_leaves_rows_of_stages_to_their_tables_and_nothing_is_lost(
    written: Written, told: dict[str, Any], paper: str
) -> None:
    rows = {line["row"] for line in _table(told, "comparison")["lines"]}
    assert {f"batch-{8 * number}" for number in range(1, 25)} <= rows and len(rows) > MOST_PRINTED
    csv = (written.rendered.html.parent / "tables" / "comparison.csv").read_text("utf-8")
    assert csv.count("batch size") == 24
    assert "Not printed here: " in paper and "rows of stages that were not kept." in paper
    comparison = paper[paper.index("Ranking Table") :]
    assert (
        "batch size 64 " in comparison
        and "batch size 176 " not in comparison[: comparison.index("Not printed here")]
    )
    assert "Not printed here" not in written.page.text()


def test_an_appendix_of_rows_leaves_them_out_on_paper_too(written: Written, paper: str) -> None:
    ids = {element.attributes.get("id", "") for element in written.page.elements}
    assert {"code-batch-8", "code-mine"} <= ids, "the screen has all rows"
    appendix = paper[paper.index("They stand in report.html.") :]
    assert "A row of its own import keras" in appendix and "batch size 176" not in appendix


def test_a_path_across_chapters_stands_in_the_comparison(tmp_path: Path) -> None:
    text = TEXT.replace('id = "batch"\nsection = "rows"', 'id = "batch"\nsection = "own"')
    written = write(staged(text, reversed_orders, tmp_path), tmp_path / "out", pdf=False)
    told = json.loads(written.rendered.html.with_name("results.json").read_text("utf-8"))
    figures = {each["in"]: each["says"] for each in told["figures"] if each["says"].startswith("Path of")}
    assert {name: said.split(":")[0] for name, said in figures.items()} == {
        "section-rows": "Path of 3 stages",
        "section-own": "Path of 2 stages",
        "section-comparison": "Path of 4 stages",
    }


def test_the_cover_tells_what_failed_from_what_waits(written: Written) -> None:
    text = " ".join(written.page.text().split())
    assert "3 of 36 experiments without a result." in text
    assert "The cause stands with their stage: “hidden units 100, 100”, “epochs 5” and “epochs 6”." in text
    assert "3 of 36 experiments wait." in text


def test_the_pdf_is_tagged_and_its_stages_stand_in_the_outline(written: Written) -> None:
    with pikepdf.open(written.pdf) as pdf, pdf.open_outline() as outline:
        chapter = next(item for item in outline.root if item.title == "1 The stages")
        assert [item.title for item in chapter.children] == [
            "1.1 Depth and width", "1.2 Batch size", "1.3 Optimiser", "1.4 Not made yet",
        ]  # fmt: skip


def test_a_french_report_speaks_french(tmp_path: Path) -> None:
    text = TEXT.replace('title = "A search by stages"', 'title = "x"\nlanguage = "fr"')
    written = write(staged(text, reversed_orders, tmp_path), tmp_path / "out", pdf=False)
    said = plain(part(written.html, "stage-size"))
    assert "est retenue pour son exactitude de validation" in said and "93,75" in said
    assert "Elle attend l’étape Not made yet : 2 expériences partiront" in plain(
        part(written.html, "stage-late")
    )
    for word in ("kept", "begins with", "Choice", "Not used", "validation images"):
        for anchor in ("stage-size", "stage-batch", "stage-late", "stage-lost"):
            assert word not in plain(part(written.html, anchor))
