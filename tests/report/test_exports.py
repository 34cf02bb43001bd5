"""The files beside a report: what they hold, how they are called, and which of them leave."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from reportgen.report.assets import built_in
from reportgen.report.exports import OURS, file_name
from reportgen.report.render import Exported, export
from tests import samples
from tests.report.conftest import EPOCH, Written, write
from tests.report.invented import Triple


def exported(triple: Triple, folder: Path, formats: Collection[str], **more: Any) -> Exported:
    """Export into a folder, with the cache of figures beside it."""
    return export(
        *triple,
        out=folder,
        templates=built_in("templates"),
        figure_cache=folder.parent / "cache",
        epoch=EPOCH,
        formats=formats,
        **more,
    )


def without(triple: Triple, row_id: str) -> Triple:
    """A coursework without one of its rows."""
    experiments, results, provenance = triple
    rows = tuple(row for row in experiments.rows if row.id != row_id)
    return (
        replace(experiments, rows=rows),
        tuple(result for result in results if result.row.id != row_id),
        provenance,
    )


def titled(triple: Triple, row_id: str, title: str) -> Triple:
    """A coursework with another title of a row."""
    experiments, results, provenance = triple
    made = tuple(
        replace(result, row=replace(result.row, title=title)) if result.row.id == row_id else result
        for result in results
    )
    return replace(experiments, rows=tuple(result.row for result in made)), made, provenance


def files(folder: Path) -> set[str]:
    """Every visible file below the two folders."""
    return {
        f"{part}/{path.name}"
        for part in ("tables", "figures")
        for path in (folder / part).glob("*.*")
        if path.is_file() and not re.search(r"-[0-9a-f]{32}[.]", path.name)
    }


def stems(names: Collection[str], end: str) -> set[str]:
    return {name.removesuffix(f".{end}") for name in names if name.endswith(f".{end}")}


def test_every_table_of_the_page_is_there_in_three_forms(coursework: Written) -> None:
    folder = coursework.rendered.html.parent
    content = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    ids = {f"tables/{table['id']}" for table in content["tables"]}
    assert len(ids) > 20
    names = files(folder)
    assert names == set(coursework.rendered.exports)
    for end in ("csv", "md", "tex"):
        assert ids <= stems(names, end)
    for table in content["tables"]:
        text = (folder / "tables" / f"{table['id']}.csv").read_text(encoding="utf-8")
        lines = list(csv.reader(io.StringIO(text)))
        assert len(lines) == 1 + sum(line["style"] != "group" for line in table["lines"])
        assert len({len(line) for line in lines}) == 1


def test_every_figure_of_the_page_is_there_and_says_what_it_shows(coursework: Written) -> None:
    folder = coursework.rendered.html.parent
    content = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    said = set()
    for name in sorted(stems(files(folder), "svg")):
        root = ElementTree.fromstring((folder / f"{name}.svg").read_bytes())
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert root.attrib["width"].endswith("pt")
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert title is not None
        said.add(title.text)
        for text in root.iter("{http://www.w3.org/2000/svg}text"):
            if "font" in text.attrib.get("style", ""):
                assert "'DejaVu Sans', Arial, sans-serif" in text.attrib["style"]
    assert {figure["says"] for figure in content["figures"]} == said
    assert "figures/learning_curves-fashion-25" in stems(files(folder), "svg")
    assert "figures/small_multiples-raw" in stems(files(folder), "svg")


def test_tables_of_a_page_name_their_row(coursework: Written) -> None:
    text = (coursework.rendered.html.parent / "tables" / "settings-fashion-25.md").read_text("utf-8")
    assert text.startswith("**25 units after three convolutions: ")


def test_the_indices_lead_to_files_that_are_there(coursework: Written) -> None:
    folder = coursework.rendered.html.parent
    for part in ("tables", "figures"):
        links = re.findall(r"\]\(([^)]+)\)", (folder / part / "index.md").read_text(encoding="utf-8"))
        assert len(links) > 10
        assert all((folder / part / link).is_file() for link in links)


def test_all_formats_without_a_report(tmp_path: Path) -> None:
    triple = samples.coursework(failed=True)
    made = exported(triple, tmp_path / "out", ("csv", "svg", "png", "json"), dpi=50)
    names = files(tmp_path / "out")
    assert set(made.files) == names | {"results.json"}
    assert not (tmp_path / "out" / "report.html").exists()
    assert stems(names, "png") == stems(names, "svg") > {"figures/confusion-raw-150"}
    assert "figures/confusion-raw-250" not in stems(names, "svg")  # this one failed
    content = (tmp_path / "out" / "figures" / "cover_strip.png").read_bytes()
    width, _ = struct.unpack(">II", content[16:24])
    assert width == 468 * 50 // 72
    matrix = list(csv.reader((tmp_path / "out" / "tables" / "confusion-raw-150.csv").open(encoding="utf-8")))
    assert matrix[0][1:] == [line[0] for line in matrix[1:]] == list(samples.DIGITS)
    assert sum(int(cell) for line in matrix[1:] for cell in line[1:]) == 2000


def test_png_stands_on_white(tmp_path: Path) -> None:
    from matplotlib.image import imread

    exported(samples.coursework(), tmp_path / "out", ("png",), rows=("raw-150",), dpi=40)
    pictures = list((tmp_path / "out" / "figures").glob("*.png"))
    assert {path.name for path in pictures} >= {"confusion-raw-150.png", "learning_curves-raw-150.png"}
    for path in pictures:
        assert imread(path)[0, 0, :3].tolist() == [1.0, 1.0, 1.0]


def test_a_row_alone(tmp_path: Path) -> None:
    made = exported(samples.coursework(), tmp_path / "out", ("csv", "svg"), rows=("raw-150",))
    assert made.files
    assert all("raw-150" in name for name in made.files)
    assert {"tables/confusion-raw-150.csv", "figures/learning_curves-raw-150.svg"} <= set(made.files)


def test_files_of_a_row_that_is_gone_leave_and_no_others(tmp_path: Path) -> None:
    triple, out = samples.coursework(), tmp_path / "out"
    exported(triple, out, ("csv", "png"), dpi=40)
    mine = out / "tables" / "confusion-raw-999.csv"
    mine.write_text("my own", encoding="utf-8")
    altered = out / "tables" / "settings-raw-150.csv"
    altered.write_text("with my remarks", encoding="utf-8")
    exported(without(triple, "raw-150"), out, ("csv",))
    left = {name for name in files(out) if "raw-150" in name}
    assert left == {"tables/settings-raw-150.csv"}
    assert mine.read_text(encoding="utf-8") == "my own"
    assert "figures/confusion-raw-250.png" in files(out)


def test_a_picture_that_shows_something_else_now_leaves(tmp_path: Path) -> None:
    triple, out = samples.coursework(), tmp_path / "out"
    exported(triple, out, ("png",), dpi=40)
    assert {"figures/small_multiples-raw.png", "figures/learning_curves-raw-150.png"} <= files(out)
    exported(titled(triple, "raw-150", "Another title"), out, ("svg",))
    assert "figures/small_multiples-raw.png" not in files(out)
    assert "figures/learning_curves-raw-150.png" in files(out)


def test_a_list_of_files_that_names_others_is_not_believed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "tables").mkdir(parents=True)
    secret = tmp_path / "secret.csv"
    secret.write_text("x", encoding="utf-8")
    digest = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    for name in ("tables/../../secret.csv", "../secret.csv", "report.csv", str(secret)):
        assert not OURS.fullmatch(name)
        (out / ".exports.json").write_text(json.dumps({name: {"digest": digest, "made_of": ""}}), "utf-8")
        exported(samples.coursework(), out, ("md",), rows=("raw-150",))
        assert secret.exists()
    (out / ".exports.json").write_text("[1", encoding="utf-8")
    exported(samples.coursework(), out, ("md",), rows=("raw-150",))


def test_the_same_bytes_again(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / name / "out"
        made = exported(samples.coursework(), folder, ("csv", "md", "tex", "svg", "png", "json"), dpi=40)
    for name in made.files:
        assert (tmp_path / "one" / "out" / name).read_bytes() == (folder / name).read_bytes(), name


def test_heads_and_captions_are_in_the_report_s_language_and_values_are_not(tmp_path: Path) -> None:
    experiments, results, provenance = samples.coursework()
    report = experiments.file.report.model_copy(update={"language": "fr"})
    french = replace(experiments, file=experiments.file.model_copy(update={"report": report}))
    exported((french, results, provenance), tmp_path / "fr", ("csv", "tex"))
    exported((experiments, results, provenance), tmp_path / "en", ("csv", "tex"))
    both = [
        list(csv.reader((tmp_path / code / "tables" / "comparison.csv").open(encoding="utf-8")))
        for code in ("en", "fr")
    ]
    numbers = [
        [[cell for cell in line if re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", cell)] for line in lines]
        for lines in both
    ]
    assert numbers[0] == numbers[1]
    assert sum(map(len, numbers[0])) > 20
    table = tmp_path / "fr" / "tables" / "confusion-raw-150"
    assert table.with_suffix(".csv").read_text(encoding="utf-8").startswith("Classe vraie,0,1,")
    assert r"\caption{Matrice de confusion" in table.with_suffix(".tex").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "safe"),
    [("settings-a.b_c-1", "settings-a.b_c-1"), ("cover_strip", "cover_strip")],
)
def test_names_that_are_safe_stay(name: str, safe: str) -> None:
    assert file_name(name) == safe


def test_other_names_become_safe_and_stay_apart() -> None:
    names = ["a/b", "a b", "A", "../x", "Ёлка", "été", "x" * 400, "x" * 401, "."]
    made = [file_name(name) for name in names]
    assert len(set(made)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_][a-z0-9._-]{0,199}", name) for name in made)


def test_a_report_writes_what_an_export_writes(coursework: Written, tmp_path: Path) -> None:
    exported(samples.coursework(failed=True), tmp_path / "out", ("csv", "md", "tex", "svg"))
    folder = coursework.rendered.html.parent
    for name in sorted(coursework.rendered.exports):
        assert (tmp_path / "out" / name).read_bytes() == (folder / name).read_bytes(), name


def test_a_report_with_no_result_has_tables_all_the_same(tmp_path: Path) -> None:
    experiments, results, provenance = samples.coursework(failed=True)
    failed = results[1]
    only = without((experiments, (failed,), provenance), "")
    only = (replace(only[0], rows=(failed.row,)), only[1], provenance)
    written = write(only, tmp_path / "out", pdf=False)
    assert "tables/comparison.csv" in written.rendered.exports
    assert not [name for name in written.rendered.exports if name.endswith(".svg")]
