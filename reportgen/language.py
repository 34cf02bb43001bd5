"""The language of the program's own sentences: English in the source, others in languages/*.po.

A sentence is written where it is said, in English, with its values as names in braces::

    language.text("The loss is {loss} after {epochs}.", loss="0.080", epochs="12 epochs")

The English text is the key of its translation. A file that lacks one gives the English sentence;
a test holds that no file lacks one. Babel is imported only where another language is in use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO

SOURCE = "en"


def _translated() -> tuple[str, ...]:
    """Codes of the files languages/CODE.po: one more file is one more language."""
    names = (entry.name for entry in (files(__package__) / "languages").iterdir())
    return tuple(sorted(name.removesuffix(".po") for name in names if name.endswith(".po")))


LANGUAGES = (SOURCE, *_translated())
"""Codes of the languages, the one of the source first; each other one has a file languages/CODE.po."""

NO_BREAK_SPACE = "\u00a0"
"""U+00A0: the narrow one, U+202F, is in none of the report's fonts."""

_FRENCH_SPACES = re.compile(r" (?=[;:?!%»])|(?<=«) ")
_current: ContextVar[str] = ContextVar("language", default=SOURCE)


@contextmanager
def use(code: str) -> Iterator[None]:
    """Speak another language within a ``with`` block.

    Parameters
    ----------
    code : str
        One of `LANGUAGES`.

    Raises
    ------
    ValueError
        There is no such language.
    """
    if code not in LANGUAGES:
        raise ValueError(f"no language {code!r}: there are {', '.join(LANGUAGES)}")
    token = _current.set(code)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> str:
    """Return the code of the language in use."""
    return _current.get()


def text(message: str, /, **values: object) -> str:
    """Translate a message, then put the values into its braces.

    Parameters
    ----------
    message : str
        In English; a literal, so that the tests find it (or one that `message` marked).
    **values
        By name, as `str.format` takes them; braces within a value stay as they are.
    """
    code = _current.get()
    found = message if code == SOURCE else _translations(code).gettext(message)
    return _spaced(code, found).format(**values)


def plural(one: str, many: str, n: int, /, **values: object) -> str:
    """Translate the form of a message that fits a number, then put the values into its braces.

    Parameters
    ----------
    one, many : str
        In English, for 1 and for any other number; other languages divide the numbers their own way.
    n : int
    **values
        `n` is among them only if it is given, in the form it shall be printed in.
    """
    code = _current.get()
    if code == SOURCE:
        return (one if n == 1 else many).format(**values)
    return _spaced(code, _translations(code).ngettext(one, many, n)).format(**values)


def message(source: str, /) -> str:
    """Mark a literal that is translated elsewhere, where it is printed; return it as it is."""
    return source


def listed(items: Sequence[str]) -> str:
    """Return the items in a row: ``a, b and c``; empty without any."""
    if len(items) < 2:
        return "".join(items)
    return text("{first} and {last}", first=", ".join(items[:-1]), last=items[-1])


def quoted(name: str) -> str:
    """Return a name in the quotation marks of the language."""
    return text("“{name}”", name=name)


def decimal_mark() -> str:
    """Return what stands before the decimals: a point, or what the language has instead."""
    return _decimal_mark(_current.get())


@cache
def _decimal_mark(code: str) -> str:
    if code == SOURCE:
        return "."
    from babel.numbers import get_decimal_symbol

    return str(get_decimal_symbol(code))


def _spaced(code: str, message: str) -> str:
    """French sets a space before ; : ? ! % and inside its quotation marks, where no line may break."""
    return _FRENCH_SPACES.sub(NO_BREAK_SPACE, message) if code == "fr" else message


@cache
def _translations(code: str) -> GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    source = (files(__package__) / "languages" / f"{code}.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source), locale=code, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
