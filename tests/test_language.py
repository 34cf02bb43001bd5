"""The languages of the program's own sentences: every one is translated, with the same values in it."""

from __future__ import annotations

import ast
import os
import re
import shutil
import string
import subprocess
import sys
import threading
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from reportgen import language
from tests.project.sources import ROOT, modules, tree

SPACE = "\u00a0"
OTHERS = language.LANGUAGES[1:]
FUNCTIONS = {"text": 1, "message": 1, "plural": 2}
each_language = pytest.mark.parametrize("code", OTHERS)


def calls() -> list[tuple[str, ast.Call, str]]:
    """Every place that says something: module, call, function of `reportgen.language`."""
    found = []
    for name in modules():
        for node in ast.walk(tree(name)):
            if not isinstance(node, ast.Call):
                continue
            function = node.func
            if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
                if function.value.id == "language" and function.attr in FUNCTIONS:
                    found.append((name, node, function.attr))
            elif name == "reportgen.language" and isinstance(function, ast.Name) and function.id in FUNCTIONS:
                found.append((name, node, function.id))
    return found


def in_templates() -> set[tuple[str, ...]]:
    """What the templates say, by the syntax tree of Jinja."""
    found = set()
    for path in sorted((ROOT / "templates").rglob("*.j2")):
        for call in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if not isinstance(call.node, nodes.Name) or call.node.name not in FUNCTIONS:
                continue
            if call.node.name == "plural" or not isinstance(call.args[0], (nodes.Name, nodes.Getattr)):
                found.add(tuple(str(each.as_const()) for each in call.args[: FUNCTIONS[call.node.name]]))
    return found


def messages() -> set[tuple[str, ...]]:
    """The English of everything that is said, with its plural where it has one."""
    return in_templates() | {
        tuple(str(ast.literal_eval(argument)) for argument in call.args[: FUNCTIONS[function]])
        for _, call, function in calls()
        if not marked_elsewhere(call, function)
    }


def marked_elsewhere(call: ast.Call, function: str) -> bool:
    """Whether a call translates what `language.message` marks: a constant by its name, never a sentence put together."""
    return function == "text" and isinstance(call.args[0], (ast.Name, ast.Attribute, ast.Subscript, ast.Call))


def catalogue(code: str) -> Catalog:
    """The translations as written."""
    source = (files("reportgen") / "languages" / f"{code}.po").read_bytes()
    return read_po(BytesIO(source), locale=code, abort_invalid=True)


def forms(code: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    """English and translation, each with its plural where it has one."""
    return {_forms(each.id): _forms(each.string) for each in catalogue(code) if each.id}


def _forms(written: object) -> tuple[str, ...]:
    many = written if isinstance(written, (tuple, list)) else (written,)
    return tuple(str(one) for one in many)


def places(message: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def test_what_is_said_is_a_literal_with_its_values_given() -> None:
    assert len(messages()) > 50
    for name, call, function in calls():
        if marked_elsewhere(call, function):
            continue
        english = [ast.literal_eval(argument) for argument in call.args[: FUNCTIONS[function]]]
        if function == "message" or any(keyword.arg is None for keyword in call.keywords):
            continue
        given = {keyword.arg for keyword in call.keywords}
        assert set().union(*map(places, english)) == given, f"{name}:{call.lineno}"


@each_language
def test_everything_is_translated_and_nothing_else(code: str) -> None:
    # Of a message that has a plural somewhere, the file has one entry for both.
    plurals = {said[0] for said in messages() if len(said) == 2}
    assert forms(code).keys() == {said for said in messages() if len(said) == 2 or said[0] not in plurals}
    assert all(all(translation) for translation in forms(code).values())
    assert not any(message.fuzzy for message in catalogue(code) if message.id)


@each_language
def test_translations_have_the_values_of_the_english(code: str) -> None:
    for english, translated in forms(code).items():
        assert {frozenset(places(one)) for one in english} == {frozenset(places(one)) for one in translated}


@each_language
def test_translations_use_the_marks_of_the_language(code: str) -> None:
    for english, translated in forms(code).items():
        for source, one in zip(english, translated, strict=True):
            assert not re.search(r"['\"“”\u202f]|\.\.\.", one), one
            # Between a number and its noun a space may be one that does not break, as it is in English.
            assert SPACE not in one or SPACE in source, one
            assert not re.search(rf"[^ {SPACE}][;:?!%»]|«[^ {SPACE}]", one), one


def test_english_is_the_source() -> None:
    assert language.current() == "en"
    assert language.text("Next: {classes}.", classes="{a}") == "Next: {a}."
    assert language.quoted("A") == "“A”"
    assert [language.listed(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip


def test_french_within_the_block_and_only_there() -> None:
    with language.use("fr"):
        assert language.text("Next: {classes}.", classes="x: y") == f"Viennent ensuite{SPACE}: x: y."
        assert language.quoted("A") == f"«{SPACE}A{SPACE}»"
        assert language.listed(["a", "b", "c"]) == "a, b et c"
        with language.use("en"):
            assert language.listed(["a", "b"]) == "a and b"
        assert language.current() == "fr"
    assert language.current() == "en"


def test_the_block_ends_with_an_error_too() -> None:
    with pytest.raises(ZeroDivisionError), language.use("fr"):
        _ = 1 / 0
    assert language.current() == "en"


def test_a_thread_of_its_own_speaks_the_source() -> None:
    heard = []
    with language.use("fr"):
        thread = threading.Thread(target=lambda: heard.append(language.current()))
        thread.start()
        thread.join()
    assert heard == ["en"]


@pytest.mark.parametrize(("n", "french"), [(0, "0 point"), (1, "1 point"), (2, "2 points")])
def test_numbers_are_divided_as_the_language_does(n: int, french: str) -> None:
    def said() -> str:
        return language.plural("{points} points", "{points} points", n, points=n)

    assert said() == f"{n} points"
    with language.use("fr"):
        assert said() == french


def test_what_has_no_translation_stays_english() -> None:
    with language.use("fr"):
        assert language.text("Nobody says {what}.", what="this") == "Nobody says this."


@pytest.mark.parametrize("code", ["de", "", "FR", "../fr"])
def test_an_unknown_language_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="no language"), language.use(code):
        pass


def test_english_needs_no_library() -> None:
    script = (
        "import sys\n"
        "from reportgen import language\n"
        "from reportgen.analysis import numbers, observations\n"
        "say = lambda: print(language.text('yes'), numbers.decimal(1.5, 1), 'babel' in sys.modules)\n"
        "say()\n"
        "with language.use('fr'): say()\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert done.stdout.split("\n")[:2] == ["yes 1.5 False", "oui 1,5 True"]


# ------------------------------------------------------------------------------ one more is one file


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with another language in it, begun by the script and with three sentences translated."""
    folder = tmp_path_factory.mktemp("german")
    leave = shutil.ignore_patterns("__pycache__", ".*_cache", "*.svg", "*.tex", "*.woff2")
    for name in ("reportgen", "templates", "scripts"):
        shutil.copytree(ROOT / name, folder / name, ignore=leave)
    begun = ran(folder, "scripts/messages.py", "de")
    assert re.search(r"de\.po: (\d+) messages, \1 without a translation", begun)
    (folder / "own.po").write_text(
        'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "yes"\nmsgstr "ja"\n\nmsgid "“{name}”"\nmsgstr "„{name}“"\n\n'
        'msgid "{n} image"\nmsgid_plural "{n} images"\nmsgstr[0] "{n} Bild"\nmsgstr[1] "{n} Bilder"\n',
        encoding="utf-8",
    )
    ran(folder, "scripts/messages.py", "de", "own.po")
    return folder


def ran(folder: Path, *arguments: str) -> str:
    """What a command of Python prints in a folder that holds the project."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, encoding="utf-8", timeout=120,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_another_language_is_a_file(german: Path) -> None:
    script = (
        "from reportgen import language\n"
        "from reportgen.analysis import numbers\n"
        "from reportgen.prose.telling import images_told\n"
        "with language.use('de'):\n"
        "    print(language.LANGUAGES, language.text('yes'), language.text('no'), language.quoted('A'))\n"
        "    print(images_told(1), images_told(12345), numbers.percentage(0.984, 1), sep='; ')\n"
    )
    first, second = ran(german, "-c", script).splitlines()
    # What the file lacks is said in English.
    assert first == "('en', 'de', 'fr') ja no „A“"
    assert second.replace(SPACE, " ") == "1 Bild; 12 345 Bilder; 98,4 %"


@pytest.mark.parametrize(("code", "right"), [("de", True), ("fr", True), ("xx", False)])
def test_a_file_of_experiments_may_be_in_any_language_there_is(german: Path, code: str, right: bool) -> None:
    script = (
        "from reportgen.experiments.schema import Language\n"
        "from pydantic import TypeAdapter, ValidationError\n"
        f"try: print(TypeAdapter(Language).validate_python({code!r}))\n"
        "except ValidationError: print('refused')\n"
    )
    assert ran(german, "-c", script).strip() == (code if right else "refused")


def test_every_translation_is_kept_when_messages_are_read_again(german: Path) -> None:
    path = german / "reportgen" / "languages" / "de.po"
    before = path.read_bytes()
    ran(german, "scripts/messages.py", "de")
    assert path.read_bytes() == before and b'msgstr "ja"' in before
