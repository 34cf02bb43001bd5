"""results.json: what it holds is what the page prints, and every number leads to its runs."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest

from reportgen.experiments.schema import Claim, Contrast, Section
from reportgen.results import Failure
from tests import samples
from tests.report import invented
from tests.report.conftest import Written, write


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A report of rows with one and several runs, a failed seed, a contrast, a claim and live numbers."""
    rows = [
        samples.row("one", title="One run", comment="It reads {{ this.test_accuracy }}."),
        samples.row("many", title="Many runs"),
        samples.row("lost", title="Lost"),
    ]
    records = [samples.record(n_test=400, n_validation=300, seed=seed, accuracy=0.9) for seed in range(4)]
    results = [
        samples.result(rows[0], "a" * 64, 42, records[0]),
        samples.repeated(rows[1], [*records[1:], Failure("timeout", "too long")]),
        samples.result(rows[2], "c" * 64, 42, failure=Failure("error", "no luck")),
    ]
    sections = [
        Section(id="raw", title="Raw", conclusion="First by validation: {{ best.title }}."),
        Section(id="complexity", kind="complexity"),
        Section(id="comparison", kind="comparison"),
    ]
    contrast = Contrast(id="pair", title="A pair", rows=["one", "many"])
    claim = Claim(id="says", text="It does.", expression="row('one').test_accuracy > 0.5")
    triple = invented.triple(sections, rows, results, contrast=[contrast], claim=[claim])
    return write(triple, tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def content(written: Written) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((written.rendered.html.parent / "results.json").read_text("utf-8"))
    return found


class Tables(HTMLParser):
    """The body cells of every numbered table of a page, line by line."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, list[list[str]]] = {}
        self.lines: list[list[str]] | None = None
        self.in_body = self.in_cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "table":
            numbered = "data" in (facts.get("class") or "").split() and facts.get("id")
            self.lines = self.found.setdefault(str(facts["id"]), []) if numbered else None
        self.in_body = tag == "tbody" or (self.in_body and tag != "table")
        if self.lines is not None and self.in_body and tag == "tr":
            self.lines.append([])
        if self.lines is not None and self.in_body and tag in ("td", "th"):
            self.lines[-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self.in_cell = self.in_cell and tag not in ("td", "th")
        self.in_body = self.in_body and tag != "tbody"

    def handle_data(self, data: str) -> None:
        if self.lines and self.in_cell:
            self.lines[-1][-1] += data


def test_every_table_of_the_page_is_there_cell_by_cell(written: Written, content: dict[str, Any]) -> None:
    tables = Tables(written.html).found
    assert len(tables) > 8
    assert {f"table-{table['number']}" for table in content["tables"]} == set(tables)
    for table in content["tables"]:
        held = [
            [cell["text"].replace("\u202f", "\u00a0") for cell in line["cells"]] for line in table["lines"]
        ]
        assert held == tables[f"table-{table['number']}"], table["id"]


def test_every_row_leads_to_its_runs(content: dict[str, Any]) -> None:
    assert [run["seed"] for run in content["rows"]["many"]["runs"]] == [42, 43, 44, 45]
    assert content["rows"]["many"]["runs"][3]["failure"] == "timeout"
    assert (
        content["rows"]["lost"]["runs"][0]["evaluation"] is None and "scores" not in content["rows"]["lost"]
    )
    named = {line["row"] for table in content["tables"] for line in table["lines"]} - {None}
    assert named <= set(content["rows"])


def test_scores_are_means_of_the_runs(content: dict[str, Any]) -> None:
    from scipy import stats

    row = content["rows"]["many"]
    seen = [run["evaluation"]["test"]["accuracy"] for run in row["runs"] if run["evaluation"]]
    found = row["scores"]["test_accuracy"]
    assert found["mean"] == pytest.approx(sum(seen) / 3)
    low, high = stats.t.interval(0.95, 2, sum(seen) / 3, stats.sem(seen))
    assert [found["interval"][end] for end in ("low", "high")] == pytest.approx([low, high])
    assert found["interval"]["basis"] == "t" and found["runs"] == 3
    assert content["rows"]["one"]["scores"]["test_accuracy"]["sd_over_seeds"] is None


def test_prose_claims_and_remarks_name_their_source(content: dict[str, Any]) -> None:
    prose = {number["in"]: number for number in content["prose"]}
    assert prose["experiment:one"]["source"] == "one.test_accuracy"
    assert prose["experiment:one"]["runs"] == ["a" * 64]
    accuracy = content["rows"]["one"]["scores"]["test_accuracy"]["mean"]
    assert prose["experiment:one"]["value"] == pytest.approx(accuracy)
    assert set(prose) == {"experiment:one", "section:raw"}
    (claim,) = content["claims"]
    assert claim["status"] == "supported" and claim["evidence"]
    assert {remark["in"] for remark in content["remarks"]} >= {"row-one", "row-many"}
    assert all(remark["rule"] and remark["text"] for remark in content["remarks"])


def test_matrices_and_key_figures_are_those_of_the_pages(content: dict[str, Any]) -> None:
    page = content["pages"]["many"]
    cells = [
        [int(text.replace("\u00a0", "") or 0) for text in line] for line in page["matrix"]["true_in_rows"]
    ]
    assert sum(map(sum, cells)) == 3 * 400
    assert (
        page["key_figures"][0]["text"]
        == f"{100 * content['rows']['many']['scores']['test_accuracy']['mean']:.2f}"
    )
    assert content["pages"]["lost"] == {"in": "row-lost", "key_figures": [], "matrix": None}
