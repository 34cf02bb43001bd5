"""Every printed number of a report follows from its runs; a wrong one is found, whatever it is."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.independent import invented
from tests.independent.demanded import CELLS, MUST
from tests.independent.recompute import main, recompute, summary
from tests.independent.tally import Num, Tally, wrong_number

HERE = Path(__file__).resolve().parent
LEFT = {"Layer", "Pair, first less second", "Compared with the reference", "Network"}
"""Names: titles and layers, some with a digit."""
SHORT = {"Validation": "Valid.", "Parameters": "Param."}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report")
    invented.write(made)
    return made


@pytest.fixture(scope="module")
def tally(folder: Path) -> Tally:
    return compared(folder, folder / "results.json")


def compared(folder: Path, results: Path, page: bool = True) -> Tally:
    html = folder / "report.html" if page else None
    return recompute(results, folder / "store", html, folder / "experiments.toml")


def test_every_number_follows_from_the_runs(tally: Tally) -> None:
    assert tally.mismatches == []


@pytest.mark.parametrize("place", ["remarks", "said", "figures"])
def test_every_number_of_a_sentence_is_compared(tally: Tally, place: str) -> None:
    counts = {column: own for (name, column), own in tally.counts.items() if name == place}
    assert {column for column, own in counts.items() if own["uncovered"]} == set()
    assert sum(own["compared"] for own in counts.values()) > 50


@pytest.mark.parametrize("place", MUST)
def test_the_columns_are_compared_and_nothing_is_left_out(tally: Tally, place: str) -> None:
    counts = {column: own for (name, column), own in tally.counts.items() if name == place}
    assert [column for column in MUST[place] if not counts.get(column, Counter())["compared"]] == []
    left = {column for column, own in counts.items() if own["uncovered"]}
    assert left - LEFT - {"heading", "title", "Claim", "Numbers"} == set()


def tables(content: dict[str, Any], kind: str) -> Iterator[tuple[dict[str, Any], list[str]]]:
    for table in content["tables"]:
        if table["id"].partition("-")[0] == kind:
            yield table, [column["title"] for column in table["columns"]]


def cell(
    content: dict[str, Any], kind: str, title: str, holds: Callable[[str], bool] = bool
) -> dict[str, Any]:
    """The first cell of a column whose text is a number that `holds`."""
    for table, titles in tables(content, kind):
        for line in table["lines"]:
            if title in titles and len(line["cells"]) == len(titles):
                found: dict[str, Any] = line["cells"][titles.index(title)]
                if any(letter.isdigit() for letter in found["text"]) and holds(found["text"]):
                    return found
    raise AssertionError(f"no number under {title!r} in {kind}")


def next_digit(text: str) -> str:
    """The text with its last digit one higher: the smallest wrong number there is."""
    place = max(i for i, letter in enumerate(text) if letter.isdigit())
    return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]


def test_a_last_digit_is_found_in_every_column(folder: Path, tmp_path: Path, tally: Tally) -> None:
    content = read(folder)
    for kind, title in CELLS:
        wrong = cell(content, kind, title)
        wrong["text"] = next_digit(wrong["text"])
    found = planted(folder, tmp_path, content, tally)
    columns = {(place, column.rpartition(": ")[2].split(", %")[0].split(", points")[0])
               for place, column, _ in (each.split(" | ", 2) for each in found)}  # fmt: skip
    assert [
        each for each in CELLS if each not in columns and (each[0], SHORT.get(each[1])) not in columns
    ] == []
    assert len(found) == len(CELLS)


def read(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return content


def planted(folder: Path, tmp_path: Path, content: dict[str, Any], right: Tally) -> list[str]:
    """What is found in a changed results.json that was not there before."""
    changed = tmp_path / "results.json"
    changed.write_text(json.dumps(content), encoding="utf-8")
    return [each for each in compared(folder, changed, page=False).mismatches if each not in right.mismatches]


def a_sign(content: dict[str, Any]) -> None:
    found = cell(content, "contrast", "Difference", lambda text: text[0] in "+\u2212")
    found["text"] = found["text"].translate(str.maketrans("+\u2212", "\u2212+"))


def fewer_decimals(content: dict[str, Any]) -> None:
    found = cell(content, "comparison", "mean")
    found["text"] = found["text"][:-1]


def a_verdict(content: dict[str, Any]) -> None:
    for table, titles in tables(content, "contrast"):
        table["lines"][0]["cells"][titles.index("Verdict")]["text"] = "better"


def a_raw_value(content: dict[str, Any]) -> None:
    cell(content, "comparison", "Test loss")["value"] += 0.001


def a_raw_score(content: dict[str, Any]) -> None:
    content["rows"]["clothes-25"]["scores"]["macro_f1"]["interval"]["low"] -= 1e-4


def a_count(content: dict[str, Any]) -> None:
    matrix = content["pages"]["raw-150"]["matrix"]["true_in_rows"]
    matrix[0][0] = next_digit(matrix[0][0])


def a_recall(content: dict[str, Any]) -> None:
    recall = content["pages"]["hog-100"]["matrix"]["recall"]
    recall[3] = next_digit(recall[3])


def a_precision(content: dict[str, Any]) -> None:
    precision = content["pages"]["clothes-10"]["matrix"]["precision"]
    precision[-1] = next_digit(precision[-1])


def a_key_figure(content: dict[str, Any]) -> None:
    key = content["pages"]["hog-200"]["key_figures"][0]
    key["more"] = next_digit(key["more"])


def work_without_features(content: dict[str, Any]) -> None:
    content["pages"]["hog-200"]["key_figures"][4]["more"] = "80\u00a0400 multiply-adds with HOG"


def a_live_number(content: dict[str, Any]) -> None:
    content["prose"][0]["text"] = next_digit(content["prose"][0]["text"])


def a_claim(content: dict[str, Any]) -> None:
    name = next(name for name in content["claims"][0]["evidence"] if name.endswith(".p"))
    content["claims"][0]["evidence"][name] = 0.04


def a_lost_line(content: dict[str, Any]) -> None:
    table, _ = next(tables(content, "confused"))
    table["lines"].pop()


def a_remark(content: dict[str, Any]) -> None:
    remark = next(each for each in content["remarks"] if each["rule"] == "confused-pairs")
    errors = re.search("(?:of all|of the) (.+?) errors", remark["text"])
    assert errors is not None
    remark["text"] = remark["text"].replace(errors[0], next_digit(errors[0]))


def a_sentence_on_sizes(content: dict[str, Any]) -> None:
    said = next(
        each for each in content["said"] if "make" in each["text"] or "parameters take" in each["text"]
    )
    said["text"] = next_digit(said["text"])


def a_front(content: dict[str, Any]) -> None:
    said = next(each for each in content["said"] if "on the front" in each["text"])
    said["text"] = re.sub("\\d(?= of)", lambda m: str((int(m[0]) + 1) % 10), said["text"], count=1)


def a_figure(content: dict[str, Any]) -> None:
    figure = next(each for each in content["figures"] if "Pareto" in each["says"])
    figure["says"] = next_digit(figure["says"])


PLANTS = [a_sentence_on_sizes, a_front, a_figure, a_sign, fewer_decimals, a_verdict, a_raw_value, a_raw_score, a_count, a_recall, a_precision,
          a_key_figure, work_without_features, a_live_number, a_claim, a_lost_line, a_remark]  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: str(plant.__name__))
def test_other_wrong_numbers_are_found(
    folder: Path, tmp_path: Path, tally: Tally, plant: Callable[[dict[str, Any]], None]
) -> None:
    content = read(folder)
    plant(content)
    assert planted(folder, tmp_path, content, tally) != []


def test_a_last_digit_is_found_in_a_remark_of_every_rule(folder: Path, tmp_path: Path, tally: Tally) -> None:
    content = read(folder)
    for remark in (rules := {each["rule"]: each for each in content["remarks"]}).values():
        remark["text"] = next_digit(remark["text"])
    found = {each.split(" | ")[1] for each in planted(folder, tmp_path, content, tally)}
    assert found == set(rules)


def test_a_page_that_says_another_number_is_found(folder: Path, tmp_path: Path) -> None:
    content = read(folder)
    number = cell(content, "comparison", "Test loss")["text"]
    html = tmp_path / "report.html"
    text = (folder / "report.html").read_text(encoding="utf-8")
    html.write_text(text.replace(f">{number}<", f">{next_digit(number)}<"), encoding="utf-8")
    found = recompute(folder / "results.json", folder / "store", html, folder / "experiments.toml")
    assert any(each.startswith("page") for each in found.mismatches)


def test_a_wrong_number_in_a_sentence_of_the_page_is_found(folder: Path, tmp_path: Path) -> None:
    html, text = tmp_path / "report.html", (folder / "report.html").read_text(encoding="utf-8")
    said = re.search("One prediction takes .+? multiply-adds", text)
    assert said is not None
    html.write_text(text.replace(said[0], next_digit(said[0])), encoding="utf-8")
    found = recompute(folder / "results.json", folder / "store", html, folder / "experiments.toml")
    assert any(each.startswith("sentences of the page") for each in found.mismatches)


def test_a_run_with_other_answers_is_found(folder: Path, tmp_path: Path, tally: Tally) -> None:
    content = read(folder)
    rows = content["rows"]
    rows["raw-300"]["runs"][0]["key"] = rows["hog-100"]["runs"][0]["key"]
    assert len(planted(folder, tmp_path, content, tally)) > 10


@pytest.mark.parametrize(
    ("text", "value", "decimals", "right"),
    [
        ("97.36", 97.355, 2, True), ("97.35", 97.355, 2, True), ("97.36", 97.3549, 2, False),
        ("97.4", 97.36, 2, False), ("\u22120.10", -0.1, 2, True), ("0.10", -0.1, 2, False),
        ("12\u00a0345", 12345, 0, True), ("\u2013", None, 2, True), ("0.00", None, 2, False),
    ],
)  # fmt: skip
def test_what_counts_as_printed_right(text: str, value: float | None, decimals: int, right: bool) -> None:
    assert (wrong_number(text, Num(value, decimals)) == "") == right


def test_the_command_says_what_was_compared(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tally: Tally
) -> None:
    monkeypatch.setattr(
        "sys.argv", ["recompute", str(folder / "results.json"), "--store", str(folder / "store")]
    )
    code = main()
    said = capsys.readouterr().out
    assert code == 0, said
    assert not tally.mismatches
    assert "comparison | Test loss" in said
    assert "typed by the authors, and their file was not given" in said
    assert "printed: " in summary(tally)


def test_nothing_of_reportgen_is_imported() -> None:
    ours = {"invented.py", "test_recompute.py", "test_french.py"}
    for file in HERE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign = [n for n in names if n.startswith(("reportgen", "tests.independent.inv"))]
            assert file.name in ours or foreign == [], file.name
