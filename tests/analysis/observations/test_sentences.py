"""Every sentence and every question, in every language."""

from __future__ import annotations

import re

import pytest

from reportgen import language
from reportgen.analysis.observations import Observation
from tests.analysis.observations import cases
from tests.analysis.observations.test_rules import told

SPACE = "\u00a0"
# Words of preference have no place where a rule may speak of what cannot be told apart.
PREFERENCE = {
    "en": r"\b(better|best|worse|worst|superior|inferior|equal|winner|wins?)\b",
    "fr": r"\b(meilleure?s?|mieux|pires?|supérieure?s?|égale?s?|gagne)\b",
}
ENGLISH = r"\b(the|of|and|with|is|are|this|that|row|rows|epochs?|seeds?|loss|validation loss|accuracy|between|points of)\b"
OVERFITTING = {"en": "overfit", "fr": "surapprentissage"}


def everything(code: str) -> list[Observation]:
    """What is said in all cases that make a rule speak, with one run and with several."""
    found: list[Observation] = []
    with language.use(code):
        for must, _ in cases.RULES.values():
            for case in must:
                found += told(case())
                found += told(cases.thrice(case()))
        for must, _ in cases.SECTION_RULES.values():
            for case in must:
                found += told(case(), section=True)
    return found


@pytest.fixture(scope="module")
def said() -> dict[str, list[Observation]]:
    return {code: everything(code) for code in language.LANGUAGES}


def texts(observations: list[Observation]) -> list[str]:
    return [text for each in observations for text in (each.text, each.question)]


def test_all_languages_say_the_same_things(said: dict[str, list[Observation]]) -> None:
    for code in language.LANGUAGES[1:]:
        for own, english in zip(said[code], said["en"], strict=True):
            assert (own.rule, own.row, own.evidence) == (english.rule, english.row, english.evidence)
            assert _numbers(own.text) == _numbers(english.text)


def _numbers(text: str) -> list[str]:
    """The numbers of a sentence, with a point, in order of size: languages put them in other places."""
    return sorted(found.replace(",", ".") for found in re.findall(r"[−+]?\d+(?:[.,]\d+)?", text))


def test_every_question_is_a_question_without_the_answer(said: dict[str, list[Observation]]) -> None:
    for each in (one for found in said.values() for one in found):
        assert "?" in each.question
        assert not re.search(r"\d", each.question), each.question


def test_no_english_is_left_in_french(said: dict[str, list[Observation]]) -> None:
    assert [text for text in texts(said["fr"]) if re.search(ENGLISH, text)] == []
    assert all(re.search(ENGLISH, text) for text in texts(said["en"]))  # the pattern finds what it is for


def test_french_is_set_as_french_is(said: dict[str, list[Observation]]) -> None:
    for text in texts(said["fr"]):
        assert not re.search(r"(?<![\d\u00a0])[;:?!%»]|« | [;:?!%»]|«(?!\u00a0)", text), text
        assert not re.search(r"\d\.\d|['\"“”]", text), text
    assert any(re.search(r"\d,\d", text) for text in texts(said["fr"]))


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_nothing_is_preferred(said: dict[str, list[Observation]], code: str) -> None:
    assert [text for text in texts(said[code]) if re.search(PREFERENCE[code], text, re.I)] == []


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_overfitting_is_said_with_both_numbers(said: dict[str, list[Observation]], code: str) -> None:
    found = [each.text for each in said[code] if OVERFITTING[code] in each.text.lower()]
    assert found
    assert all(len(re.findall(rf"\d[.,]\d\d{SPACE}%", text)) >= 2 for text in found)


LONGEST = {"en": 300, "fr": 360}
"""Letters of an observation: what is longer is not read, and finds no room on paper."""


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_sentences_are_short(said: dict[str, list[Observation]], code: str) -> None:
    assert [each.text for each in said[code] if len(each.text) > LONGEST[code]] == []


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_sentences_are_whole(said: dict[str, list[Observation]], code: str) -> None:
    for text in texts(said[code]):
        assert text == text.strip()
        assert text[-1] in ".?"
        assert "  " not in text
        assert not re.search(r"[{}]|\bnan\b|–\s|\binf\b", text), text
