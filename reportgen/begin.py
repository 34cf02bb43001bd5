"""A new coursework: a folder that builds at once."""

from __future__ import annotations

import contextlib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reportgen.errors import InputError, Problem, StorageError
from reportgen.experiments.lines import locate
from reportgen.experiments.stage_tables import ids_in_order
from reportgen.experiments.words import listed, nearest
from reportgen.installed import Installed
from reportgen.report.assets import built_in

WHOLE = "labo04"
"""The coursework that the project itself is: in a checkout it stands at the top."""

FIRST = "minimal"
"""The template for those who name none: small enough to read whole, and done in minutes."""

Service = Literal["github", "gitlab", "none"]
_WORKFLOWS = {"github": (".github/workflows/report.yml", "report.yml"), "gitlab": (".gitlab-ci.yml",) * 2}
_IGNORED = ".gitignore"
_MAY_BE_THERE = (_IGNORED, "README.md")
"""Files that a repository has before a coursework comes into it: they stay; the first gains lines."""


@dataclass(frozen=True)
class Template:
    """An experiments file that comes along.

    Parameters
    ----------
    name : str
    path : Path
    about : str
        One sentence: the first of the file's own comment.
    title : str
        Of its report.
    rows : tuple of str
        Ids of its rows.
    """

    name: str
    path: Path
    about: str
    title: str
    rows: tuple[str, ...]


@dataclass(frozen=True)
class Begun:
    """What was made of a folder.

    Parameters
    ----------
    template : Template
    written, kept : tuple of str
        Files that are new, and files that were there before and stay.
    ignored : tuple of str
        Lines that a `.gitignore` gained.
    wheel : str
        File name of reportgen's own wheel.
    has_wheel : bool
        Whether it was put into the folder.
    """

    template: Template
    written: tuple[str, ...]
    kept: tuple[str, ...]
    ignored: tuple[str, ...]
    wheel: str
    has_wheel: bool


def courseworks() -> dict[str, Template]:
    """The experiments files that come along, by name, the smaller ones first."""
    folder = built_in("courseworks")
    paths = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    own = folder.parent / "experiments.toml"
    if WHOLE not in paths and own.is_file():
        paths[WHOLE] = own
    found = [_template(name, path) for name, path in paths.items()]
    return {each.name: each for each in sorted(found, key=lambda t: (t.name != FIRST, len(t.rows), t.name))}


def _template(name: str, path: Path) -> Template:
    text = path.read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    words = (line.removeprefix("#").strip() for line in text.splitlines() if not line.startswith("#:"))
    about = next(word for word in words if word)
    rows = ids_in_order(raw, locate(text))
    return Template(name, path, about, str(raw["report"]["title"]), rows)


def begin(folder: Path, template: str, installed: Installed, service: Service = "github") -> Begun:
    """Write a coursework into a folder; nothing that is there is overwritten.

    Parameters
    ----------
    folder : Path
        Made where absent; it may hold other files, such as a repository's.
    template : str
        A name that `courseworks` has.
    installed : Installed
        This program, so that others can get the same.
    service : {"github", "gitlab", "none"}
        Whose workflow is written.

    Raises
    ------
    InputError
        There is no such template, or a file that would be written is there already.
    StorageError
        The folder cannot be written; what was written before that is gone again.
    """
    known = courseworks()
    if template not in known:
        close = nearest(template, list(known))
        remedy = f'did you mean "{close}"?' if close else f"there are: {', '.join(known)}"
        raise InputError([Problem("--template", 0, "unknown-template", f'there is no "{template}"', remedy)])
    files = _files(known[template], installed, service)
    kept = tuple(name for name in _MAY_BE_THERE if os.path.lexists(folder / name))
    new = {name: content for name, content in files.items() if name not in kept}
    _check_free(folder, new)
    try:
        lines = _missing_lines(folder / _IGNORED, files[_IGNORED]) if _IGNORED in kept else b""
        _write(folder, new)
        if lines:
            with (folder / _IGNORED).open("ab") as stream:
                stream.write(lines)
    except OSError as error:
        raise StorageError(Path(error.filename or folder), error.strerror or str(error)) from error
    return Begun(
        known[template], tuple(new), kept, tuple(lines.decode().split()),
        installed.wheel_name, installed.wheel is not None,
    )  # fmt: skip


def _check_free(folder: Path, files: Mapping[str, bytes]) -> None:
    """Refuse where a file would be overwritten, or where a file stands that should be a folder."""
    remedy = "nothing is overwritten: choose another folder, or move it away"
    for place in (folder, *folder.parents):
        if os.path.lexists(place) and not place.is_dir():
            raise InputError(
                [Problem(str(place), 0, "in-the-way", "is there already, and no folder", remedy)]
            )
    wanted = [folder / name for name in files]
    there = [path for path in wanted if os.path.lexists(path)]
    inner = {parent for path in wanted for parent in path.parents if parent.is_relative_to(folder)}
    there += [path for path in sorted(inner) if os.path.lexists(path) and not path.is_dir()]
    if there:
        names = listed([path.relative_to(folder).as_posix() for path in there])
        verb = "is" if len(there) == 1 else "are"
        raise InputError([Problem(str(folder), 0, "in-the-way", f"{names} {verb} there already", remedy)])


def _missing_lines(file: Path, wanted: bytes) -> bytes:
    """What a `.gitignore` lacks, to be put at its end."""
    there = file.read_bytes()
    lines = [line for line in wanted.splitlines() if line not in [old.strip() for old in there.splitlines()]]
    before = b"\n" if lines and there and not there.endswith(b"\n") else b""
    return before + b"".join(line + b"\n" for line in lines)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write new files, all or none."""
    made: list[Path] = []
    try:
        for name, content in files.items():
            path = folder / name
            for parent in reversed([path, *path.parents][1:]):
                if not parent.exists():
                    parent.mkdir()
                    made.append(parent)
            with path.open("xb") as stream:  # never over a file that came in between
                made.append(path)
                stream.write(content)
    except OSError:
        for path in reversed(made):
            with contextlib.suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def _files(template: Template, installed: Installed, service: Service) -> dict[str, bytes]:
    """The files of a coursework, the one to open first."""
    from reportgen.datasets.registry import DATASETS
    from reportgen.experiments.json_schema import NAME, json_schema, written
    from reportgen.experiments.own_checks import own_names
    from reportgen.notebooks import discover

    notebooks, own = built_in("notebooks"), built_in("templates") / "coursework"
    marks = _marks(template, installed)
    datasets = (*DATASETS, *own_names(template.path.read_text(encoding="utf-8")))
    files = {
        "experiments.toml": _beside_its_schema(template.path.read_bytes()),
        **{f"notebooks/{path.name}": path.read_bytes() for path in sorted(notebooks.glob("*.ipynb"))},
        "README.md": _filled(own / "README.md", marks),
        "requirements.txt": _filled(own / "requirements.txt", marks),
        "wheels/README.md": _filled(own / "wheels.md", marks),
        NAME: written(json_schema(discover(notebooks), datasets)).encode(),
        _IGNORED: (own / "gitignore").read_bytes(),
    }
    if installed.wheel is not None:
        files[f"wheels/{installed.wheel_name}"] = installed.wheel
    if service != "none":
        name, source = _WORKFLOWS[service]
        files[name] = _filled(own / source.removeprefix("."), marks)
    return files


def _beside_its_schema(content: bytes) -> bytes:
    """An experiments file that names the schema beside it, wherever that lay before."""
    from reportgen.experiments.json_schema import DIRECTIVE

    first, end, rest = content.partition(b"\n")
    ending = b"\r" if first.endswith(b"\r") else b""
    return DIRECTIVE.encode() + ending + end + rest if first.startswith(b"#:schema ") else content


def _marks(template: Template, installed: Installed) -> dict[str, str]:
    """What the texts of a coursework leave open."""
    todo = "Still to do: put it here; `uv build --wheel` in a checkout of reportgen writes it to `dist/`."
    state = "It is there." if installed.wheel is not None else todo
    pins = "\n".join(f"{name}=={version}" for name, version in installed.libraries.items())
    row = template.rows[0] if template.rows else "ROW"
    return {
        "TITLE": template.title, "ROW": row, "WHEEL": installed.wheel_name, "STATE": state,
        "PINS": pins, "PYTHON": installed.python,
    }  # fmt: skip


def _filled(path: Path, marks: Mapping[str, str]) -> bytes:
    text = path.read_text(encoding="utf-8")
    for name, value in marks.items():
        text = text.replace(f"@{name}@", value)
    return text.encode()
