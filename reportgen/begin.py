"""A new coursework: a folder that builds at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from reportgen.errors import InputError, Problem, StorageError
from reportgen.experiments.words import nearest
from reportgen.report.assets import built_in

WHOLE = "labo04"
"""The coursework that the project itself is: in a checkout it stands at the top."""


def courseworks() -> dict[str, Path]:
    """The experiments files that come along, by name."""
    folder = built_in("courseworks")
    found = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    own = folder.parent / "experiments.toml"
    return found if WHOLE in found or not own.is_file() else {WHOLE: own} | found


def begin(folder: Path, template: str, version: str) -> tuple[Path, ...]:
    """Write a coursework into a folder; nothing that is there is overwritten.

    Parameters
    ----------
    folder : Path
        Made where absent; it may hold other files.
    template : str
        A name that `courseworks` has.
    version : str
        Of reportgen, for the file that says what to install.

    Returns
    -------
    tuple of Path
        What was written.

    Raises
    ------
    InputError
        There is no such template, or a file that would be written is there already.
    StorageError
        The folder cannot be written.
    """
    known = courseworks()
    if template not in known:
        close = nearest(template, list(known))
        remedy = f'did you mean "{close}"?' if close else f"there are {', '.join(known)}"
        raise InputError([Problem("--template", 0, "unknown-template", f'there is no "{template}"', remedy)])
    files = _files(known[template], version)
    there = [folder / name for name in files if os.path.lexists(folder / name)]
    if there:
        remedy = "choose another folder, or move it away: nothing is overwritten"
        raise InputError([Problem(str(path), 0, "in-the-way", "is there already", remedy) for path in there])
    try:
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    except OSError as error:
        raise StorageError(folder, error.strerror or str(error)) from error
    return tuple(folder / name for name in files)


def _files(template: Path, version: str) -> Mapping[str, bytes]:
    """The files of a coursework, the one to open first."""
    from reportgen.datasets.registry import DATASETS
    from reportgen.experiments.json_schema import NAME, json_schema, written
    from reportgen.notebooks import discover

    notebooks, own = built_in("notebooks"), built_in("templates") / "coursework"
    schema = json_schema(discover(notebooks), tuple(DATASETS))
    return {
        "experiments.toml": template.read_bytes(),
        **{f"notebooks/{path.name}": path.read_bytes() for path in sorted(notebooks.glob("*.ipynb"))},
        NAME: written(schema).encode(),
        "requirements.txt": f"reportgen=={version}\n".encode(),
        ".gitignore": (own / "gitignore").read_bytes(),
        ".github/workflows/report.yml": (own / "report.yml").read_bytes(),
    }
