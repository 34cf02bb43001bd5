"""Executed notebooks from elsewhere: what code they hold, and what of them may be shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from reportgen.store.mistyped import UNFIT

MOST_JSON = 32 << 20
"""Bytes of a record or of an executed notebook."""


def code_of(content: bytes) -> tuple[str, ...] | None:
    """The code cells of an executed notebook but its parameters; None where it is no notebook."""
    notebook = _notebook(content)
    if notebook is None:
        return None
    return tuple(
        _text(cell.get("source"))
        for cell in notebook["cells"]
        if cell.get("cell_type") == "code" and not {"parameters", "injected-parameters"} & _tags(cell)
    )


def plain_notebook(content: bytes, origin: str) -> bytes | None:
    """Return an executed notebook with its code and what it printed, and nothing that a browser would run.

    Parameters
    ----------
    content : bytes
    origin : str
        Goes before the first cell.

    Returns
    -------
    bytes or None
        None where it is no notebook.
    """
    notebook = _notebook(content)
    if notebook is None:
        return None
    said = {"cell_type": "raw", "id": "origin", "metadata": {}, "source": origin}
    cells = [_plain_cell(cell, number) for number, cell in enumerate(notebook["cells"])]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made = {"cells": [said, *cells], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made, indent=1, ensure_ascii=False).encode() + b"\n"


def _plain_cell(cell: Mapping[str, Any], number: int) -> dict[str, Any]:
    tags = sorted({"parameters", "injected-parameters"} & _tags(cell))
    plain = {
        "id": f"cell-{number}",
        "metadata": {"tags": tags} if tags else {},
        "source": _text(cell.get("source")),
    }
    if cell.get("cell_type") != "code":
        return {"cell_type": "raw", **plain}  # text of others may be markup
    texts = [_printed(output) for output in cell.get("outputs", ()) if isinstance(output, dict)]
    outputs = [{"output_type": "stream", "name": "stdout", "text": text} for text in texts if text]
    return {"cell_type": "code", "execution_count": None, "outputs": outputs, **plain}


def _printed(output: Mapping[str, Any]) -> str:
    data = output.get("data")
    return _text(output.get("text") or (data.get("text/plain") if isinstance(data, dict) else ""))


def _notebook(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content) if len(content) <= MOST_JSON else None
    except (ValueError, RecursionError):
        return None
    cells = found.get("cells") if isinstance(found, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return None
    return {"cells": cells}


def _text(source: Any) -> str:
    """A cell's text, without what steers a terminal."""
    lines = source if isinstance(source, list) else [source]
    return UNFIT.sub("", "".join(line for line in lines if isinstance(line, str)))


def _tags(cell: Mapping[str, Any]) -> set[str]:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return {tag for tag in tags if isinstance(tag, str)} if isinstance(tags, list) else set()
