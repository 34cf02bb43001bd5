"""Bring reportgen/languages/*.po in step with what the program says, keeping every translation.

python scripts/messages.py              after a sentence was changed: new ones stand there untranslated
python scripts/messages.py de           begins another language
python scripts/messages.py fr NEW.po    takes the translations of a file, too
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ROOT / "reportgen" / "languages"
KEYWORDS = {"text": None, "message": None, "plural": (1, 2)}
TEMPLATE_OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}

HEAD = """\
# {name} of the sentences that reportgen writes itself.
# The English sentence is the key; names in braces stay as they are. Spaces before ; : ? ! % and
# inside « » are made no-break ones when a sentence is read: type ordinary ones.
msgid ""
msgstr ""
"Project-Id-Version: reportgen\\n"
"Language: {code}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""

Message = str | tuple[str, ...]


def said(root: Path = ROOT) -> Iterator[Message]:
    """Everything that the modules and the templates say, in English."""
    for path in sorted((root / "reportgen").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield from _called(node, path.name == "language.py")
    method, options = [("**.j2", "jinja2")], {"**.j2": TEMPLATE_OPTIONS}
    for found in extract_from_dir(root / "templates", method, options, keywords=KEYWORDS, comment_tags=()):
        yield found[2]


def _called(node: ast.AST, at_home: bool) -> Iterator[Message]:
    """What a call of `reportgen.language` says; calls inside f-strings count, which Babel does not see."""
    if not isinstance(node, ast.Call):
        return
    called = ast.unparse(node.func)
    name = called.removeprefix("language.")
    if name not in KEYWORDS or (name == called and not at_home):
        return
    wanted = 2 if name == "plural" else 1
    said = [each.value for each in node.args[:wanted] if isinstance(each, ast.Constant)]
    if len(said) == wanted:
        yield said[0] if wanted == 1 else tuple(said)


def catalogue(path: Path, code: str) -> Catalog:
    """The translations of a file; empty where there is none."""
    if not path.is_file():
        return Catalog(locale=code)
    return read_po(BytesIO(path.read_bytes()), locale=code, abort_invalid=True)


def renewed(code: str, messages: list[Message], sources: list[Path]) -> Catalog:
    """A catalogue of these messages, translated as the sources do; the later one wins."""
    known: dict[Message, str | tuple[str, ...]] = {}
    for path in sources:
        for message in catalogue(path, code):
            if message.id and any(message.string if isinstance(message.string, tuple) else [message.string]):
                known[message.id if isinstance(message.id, str) else tuple(message.id)] = message.string
    made = Catalog(locale=code)
    for message in sorted(set(messages), key=str):
        made.add(message, known.get(message, ""))
    return made


def main(arguments: list[str]) -> None:
    """Write the files of all languages, or of the one that is named."""
    codes = arguments[:1] or sorted(path.stem for path in LANGUAGES.glob("*.po"))
    messages = list(said())
    for code in codes:
        path = LANGUAGES / f"{code}.po"
        made = renewed(code, messages, [path, *map(Path, arguments[1:])])
        text = BytesIO()
        write_po(text, made, width=100, omit_header=True)
        head = HEAD.format(code=code, name=Locale.parse(code).english_name, plurals=made.plural_forms)
        path.write_text(head + text.getvalue().decode().lstrip(), encoding="utf-8")
        missing = sum(1 for message in made if message.id and not any(message.string))
        print(f"{path.relative_to(ROOT)}: {len(made)} messages, {missing} without a translation")


if __name__ == "__main__":
    main(sys.argv[1:])
