"""What a shell may offer after TAB: ids of rows, names of templates; never an error."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Any

import typer

_ID = re.compile(r"[A-Za-z0-9._-]+")
_UNSAFE = re.compile(r"[^\w .,;()%+*/=<>-]+")
"""What is left out of a title: some shells evaluate what they are offered, and a title is foreign text."""

LARGEST = 5_000_000
"""Bytes of a file that is read for this, at most: a shell waits for the answer."""


def row_ids(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Ids of rows that begin so, with their titles; none where the file cannot be read."""
    return [(name, title) for name, title in _rows(_file(context)) if name.startswith(incomplete)]


def row_and_stage_ids(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Ids of rows and of stages that begin so, with their titles."""
    found = _rows(_file(context), ("experiment", "sweep", "search"))
    return [(name, title) for name, title in found if name.startswith(incomplete)]


def template_names(incomplete: str) -> list[tuple[str, str]]:
    """Names of templates for `init` that begin so."""
    from reportgen.begin import courseworks

    with contextlib.suppress(Exception):  # a shell has no use for an error
        return [
            (each.name, each.about) for each in courseworks().values() if each.name.startswith(incomplete)
        ]
    return []


def _file(context: typer.Context) -> Path:
    """The experiments file of the command that is being typed."""
    unread = [word for word in context.args if word.endswith(".toml")]  # before an option without its value
    given: Any = unread[0] if unread else context.params.get("file")
    return Path(given) if isinstance(given, (str, Path)) else Path("experiments.toml")


def _rows(file: Path, kinds: tuple[str, ...] = ("experiment",)) -> list[tuple[str, str]]:
    import tomllib

    with contextlib.suppress(OSError, ValueError, RecursionError):
        if not file.is_file() or file.stat().st_size > LARGEST:
            return []
        tables = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        listed = [tables.get(kind) for kind in kinds]
        return [
            (row["id"], _UNSAFE.sub(" ", str(row.get("title", "")))[:60])
            for rows in listed
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict) and isinstance(row.get("id"), str) and _ID.fullmatch(row["id"])
        ]
    return []
