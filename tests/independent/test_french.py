"""The French report prints the numbers of the English one: in tables, remarks, claims and live numbers."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.independent import invented

SPACES = "\u0020\u00a0\u202f"
NUMBER = re.compile(rf"\d{{1,3}}(?:[{SPACES}]\d{{3}})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?")
LETTERS = re.compile(r"[^\W\d_]{4,}")
VERSIONS = ("project", "environment", "origins")
"""Tables that hold versions, whose points are no decimal marks."""


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """What results.json holds, in English and in French."""
    made = []
    for language in ("en", "fr"):
        folder = tmp_path_factory.mktemp(language)
        invented.write(folder, language)
        made.append(json.loads((folder / "results.json").read_text(encoding="utf-8")))
    return made[0], made[1]


def numbers(text: str, mark: str) -> Counter[str]:
    """The numbers of a text, without their spaces and with a point."""
    found = (re.sub(f"[{SPACES}]", "", each) for each in NUMBER.findall(text))
    return Counter(each.replace(mark, ".").rstrip(".") for each in found)


def cells(content: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for table in content["tables"]:
        yield table["id"], [cell["text"] for line in table["lines"] for cell in line["cells"]]


def test_tables_hold_the_same_numbers(contents: tuple[dict[str, Any], dict[str, Any]]) -> None:
    english, french = (dict(cells(content)) for content in contents)
    assert list(english) == list(french) and len(english) > 10
    compared = 0
    for name, texts in english.items():
        mark = "." if name in VERSIONS else ","
        for ours, theirs in zip(texts, french[name], strict=True):
            assert numbers(ours, ".") == numbers(theirs, mark), (name, ours, theirs)
            compared += sum(numbers(ours, ".").values())
    assert compared > 500


def test_no_cell_keeps_a_decimal_point(contents: tuple[dict[str, Any], dict[str, Any]]) -> None:
    for name, texts in cells(contents[1]):
        kept = {each for text in texts for each in re.findall(r"\d+\.\d+", text)}
        if name in VERSIONS:
            continue
        # Experiments keep their numbers: chapter.place.
        assert kept <= {f"{chapter}.{place}" for chapter in range(1, 9) for place in range(1, 9)}, name


@pytest.mark.parametrize(("part", "key"), [("claims", "sentence"), ("prose", "text"), ("remarks", "text")])
def test_sentences_hold_the_same_numbers(
    contents: tuple[dict[str, Any], dict[str, Any]], part: str, key: str
) -> None:
    english, french = ([each[key] for each in content[part]] for content in contents)
    assert len(english) == len(french) > 1
    for ours, theirs in zip(english, french, strict=True):
        assert numbers(ours, ".") == numbers(theirs, ","), (ours, theirs)


@pytest.mark.parametrize("part", ["claims", "remarks"])
def test_sentences_are_translated(contents: tuple[dict[str, Any], dict[str, Any]], part: str) -> None:
    key = {"claims": "sentence", "remarks": "text"}[part]
    for ours, theirs in zip(*([each[key] for each in content[part]] for content in contents), strict=True):
        words = LETTERS.findall(ours)
        assert ours != theirs
        assert not {"the", "and", "with", "which"} & set(theirs.split()), theirs
        assert words
