"""Recompute every number of a report from the runs in the store, and compare it with what is printed.

Nothing of reportgen is imported. Read are results.json, of each run that it names record.json and
arrays.npz, the page, whose tables and sentences must say what results.json says, and the authors' file, for
the figures that somebody else published. Agreed upon rather than recomputed are definitions: the generator
of the bootstrap and its seed, the thresholds of the remarks (`shown`), and that a difference at one epoch is
the mean of the differences as printed. A remark that is missing altogether is not looked for.

    python -m tests.independent.recompute output/results.json --store .reportgen/store \
        --html output/report.html --experiments experiments.toml
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.independent import elsewhere, row_tables, side_by_side
from tests.independent.figure_sentences import check_differences
from tests.independent.live import check_claim, check_live
from tests.independent.page_sentences import check_page_sentences
from tests.independent.page_text import Page, squeezed
from tests.independent.pages import check_page, check_record, check_scores
from tests.independent.runs import read_rows
from tests.independent.said import check_said
from tests.independent.score_tables import published_cells, score_cell
from tests.independent.sentences import FIGURES, REMARKS, check_sentence
from tests.independent.tally import Expected, Num, Skip, Tally
from tests.independent.world import World

Lines = Callable[[World, dict[str, Any], list[str]], list[list[Expected]]]
BY_LINE = ("comparison", "section", "best", "fronts", "calibration")
BY_TABLE: dict[str, Lines] = {
    "confused": row_tables.confused_cells,
    "complexity": row_tables.complexity_cells,
    "seeds": row_tables.seeds_cells,
    "contrast": row_tables.contrast_cells,
    "capacity": row_tables.capacity_cells,
    "settings": row_tables.settings_cells,
    "kinds": row_tables.kinds_cells,
    "networks": row_tables.networks_cells,
    "runs": row_tables.runs_cells,
    "environment": elsewhere.environment_cells,
    "origins": elsewhere.origins_cells,
}


def recompute(results: Path, store: Path, html: Path | None = None, experiments: Path | None = None) -> Tally:
    """Compare everything that results.json holds; see the module."""
    content = json.loads(results.read_text(encoding="utf-8"))
    source = tomllib.loads(experiments.read_text(encoding="utf-8")) if experiments else {}
    world, tally = World(read_rows(content, store), source), Tally()
    for row in world.done:
        check_record(tally, row)
        check_scores(tally, row)
    for table in content["tables"]:
        check_table(tally, world, table)
    for name, page in content["pages"].items():
        if not world.rows[name].runs:  # it failed: its page has no numbers
            continue
        check_page(tally, world, name, page)
    for remark in content["remarks"]:
        row = _row_of(world, remark["in"])
        check_sentence(tally, world, row, "remarks", remark["rule"], remark["text"], REMARKS)
    check_figures(tally, world, content)
    check_said(tally, world, content)
    for printed in content["prose"]:
        check_live(tally, world, printed)
    for claim in content["claims"]:
        check_claim(tally, world, claim, _comparisons(content, claim["expression"]))
    if html is not None:
        page_found = Page(html.read_text(encoding="utf-8"))
        check_html(tally, content, page_found)
        check_page_sentences(tally, world, content, page_found.text)
    return tally


def _comparisons(content: dict[str, Any], expression: str) -> int:
    """How many comparisons the family has that an expression asks about; 1 without one."""
    asked = re.search("contrast\\(['\"]([\\w-]+)", expression)
    sizes = {table["id"]: len(table["lines"]) for table in content["tables"]}
    return sizes.get(f"contrast-{asked[1]}", 1) if asked else 1


def _row_of(world: World, place: str) -> Any:
    """The row of a place; of a chapter its first."""
    name = place.removeprefix("row-")
    section = [r for r in world.done if f"section-{r.facts['section']}" == place]
    row = world.rows.get(name)
    return row if row is not None and row.runs else (section[0] if section else None)


def check_figures(tally: Tally, world: World, content: dict[str, Any]) -> None:
    """Compare the descriptions of figures; those of families follow the order of their tables."""
    # A family of one comparison has no figure.
    families = [
        table
        for table in content["tables"]
        if table["id"].startswith("contrast-") and len(table["lines"]) > 1
    ]
    for figure in content["figures"]:
        kind = figure["caption"].partition(".")[0] or "cover"
        if kind.startswith("Differences"):
            table = families.pop(0)
            pairs, measure = row_tables.family_pairs(world, table), row_tables.measure_of(table)
            if pairs is None:
                tally.skip("figures", "differences of a family", "two rows share a title")
            else:
                check_differences(tally, world, figure, pairs, measure)
            continue
        # A title may hold a full stop.
        about = re.search(": how often \u201c(.+)\u201d is right, by how sure", figure["caption"])
        row = _row_of(world, figure["in"]) or world.done[0]
        drawn = re.fullmatch("From input to output: (.+?)\\.(?: Drawn as in .+)?", figure["caption"])
        if drawn is not None:
            kind, row = "network", next(iter(row_tables.weighted(world, drawn[1])[0]), None)
        if about is not None:
            rows, kind = world.titled(about[1]), "how sure and how right"
            row = rows[0] if len(rows) == 1 else None
        check_sentence(tally, world, row, "figures", kind, figure["says"], (*FIGURES, *side_by_side.FIGURES))


def head(column: dict[str, str]) -> str:
    """A column's heading with its group and its unit."""
    own = f"{column['title']}, {column['unit']}" if column["unit"] else column["title"]
    return f"{column['group']}: {own}" if column["group"] else own


def check_table(tally: Tally, world: World, table: dict[str, Any]) -> None:
    """Compare every cell of a table, or count it as uncovered with the reason."""
    kind, columns = table["id"].partition("-")[0], [head(column) for column in table["columns"]]
    lines = table["lines"]
    if kind in BY_LINE:
        made = [[score_cell(world, column, line, cell) for column, cell in zip(columns, line["cells"],
                strict=False)] for line in lines]  # fmt: skip
    elif kind == "published":
        made = [published_cells(world, columns, line) for line in lines]
    elif kind in BY_TABLE:
        made = BY_TABLE[kind](world, table, columns)
    else:
        made = [[Skip("nothing that is computed from a run")] * len(line["cells"]) for line in lines]
    if len(made) != len(lines):
        tally.hold(kind, "lines", table["id"], f"expected {len(made)} lines, printed {len(lines)}")
    for line, wanted in zip(lines, made, strict=False):
        for place, cell in enumerate(line["cells"]):
            column = "heading" if len(line["cells"]) == 1 else columns[place]
            where = f"{table['id']} {line['row'] or line['cells'][0]['text']}"
            expected = wanted[place] if place < len(wanted) else Skip("beyond the line that was expected")
            tally.see(kind, column, where, cell["text"], expected)
            _raw(tally, kind, column, where, cell, expected)


def _raw(tally: Tally, kind: str, column: str, where: str, cell: dict[str, Any], wanted: Expected) -> None:
    """Compare the raw value beside a printed number."""
    if isinstance(wanted, Num) and isinstance(cell["value"], (int, float)):
        tally.near(kind, f"{column} (value)", where, cell["value"], wanted.value, wanted.slack + 1e-7)


def check_html(tally: Tally, content: dict[str, Any], page: Page) -> None:
    """Compare the texts of results.json with what the page says."""
    for table in content["tables"]:
        found = page.tables.get(f"table-{table['number']}", [])
        wanted = [[squeezed(cell["text"]) for cell in line["cells"]] for line in table["lines"]]
        body = found[len(found) - len(wanted) :]
        for there, line in zip(body, wanted, strict=False):
            for text, own in zip(there, line, strict=False):
                tally.hold("page", "cells", table["id"], "" if text == own else f"{text!r}, not {own!r}")
        same = [len(line) for line in body] == [len(line) for line in wanted]
        tally.hold("page", "tables", table["id"], "" if same else "another table on the page")
    matrices = [lines for lines in page.tables.values() if lines and "Predicted class" in lines[0]]
    for made, lines in zip([p["matrix"] for p in content["pages"].values() if p["matrix"]], matrices,
                           strict=False):  # fmt: skip
        for cells, recall, line in zip(made["true_in_rows"], made["recall"], lines[2:], strict=False):
            right = line[1:] == [*cells, recall]
            tally.hold(
                "page", "matrix lines", line[0], "" if right else f"{line}, not {cells}", len(cells) + 1
            )
        right = lines[2 + len(made["recall"])][1 : 1 + len(made["precision"])] == made["precision"]
        tally.hold("page", "precision", "", "" if right else str(lines[-1]), len(made["precision"]))
    text = page.text
    keys = [key for each in content["pages"].values() for key in each["key_figures"]]
    for column, said in (
        ("remarks", [remark["text"] for remark in content["remarks"]]),
        ("figures", [figure["says"] for figure in content["figures"]]),
        ("live numbers", [printed["text"] for printed in content["prose"]]),
        ("claims", [claim["sentence"] for claim in content["claims"]]),
        (
            "key figures",
            [" ".join(filter(None, (k["label"], k["text"], k["unit"], k["more"]))) for k in keys],
        ),
    ):
        for one in said:
            right = squeezed(one) in text
            tally.hold("page", column, "", "" if right else f"not on the page: {one!r}")


KINDS = ("printed", "raw values of results.json", "records against themselves", "results.json on the page")


def kind_of(place: str, column: str) -> str:
    """Which of the four kinds of comparison a count belongs to."""
    if place in ("page", "records"):
        return KINDS[3] if place == "page" else KINDS[2]
    raw = place.startswith("scores of") or column.endswith(("(value)", ": value"))
    return KINDS[1] if raw or (place == "claims" and column != "sentence") else KINDS[0]


def summary(tally: Tally) -> str:
    """Return the counts by place and column, then the mismatches."""
    lines = [f"{'place | column':60} compared mismatched uncovered words"]
    for (place, column), counts in sorted(tally.counts.items()):
        why = "; ".join(sorted(tally.reasons.get((place, column), Counter())))
        numbers = (
            f"{counts['compared']:8} {counts['mismatched']:10} {counts['uncovered']:9} {counts['words']:5}"
        )
        lines.append(f"{f'{place} | {column}':60} {numbers}  {why}".rstrip())
    lines += [f"MISMATCH {each}" for each in tally.mismatches]
    for kind in KINDS:
        counted = [counts for name, counts in tally.counts.items() if kind_of(*name) == kind]
        sums = {
            what: sum(each[what] for each in counted)
            for what in ("compared", "mismatched", "uncovered", "words")
        }
        lines.append(f"{kind}: " + ", ".join(f"{count} {what}" for what, count in sums.items()))
    return "\n".join(lines)


def main() -> int:
    """Compare one report; exit with 1 where a number differs."""
    parser = argparse.ArgumentParser(description="Recompute the numbers of a report from its runs.")
    parser.add_argument("results", type=Path)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--html", type=Path)
    parser.add_argument("--experiments", type=Path)
    given = parser.parse_args()
    tally = recompute(given.results, given.store, given.html, given.experiments)
    sys.stdout.write(summary(tally) + "\n")
    return 1 if tally.mismatches else 0


if __name__ == "__main__":
    sys.exit(main())
