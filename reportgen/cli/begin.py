"""Commands that begin a coursework and add to it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from reportgen.cli.completing import row_ids, template_names
from reportgen.cli.terminal import DEFAULT_FILE, File, Json, answer, complain, say, speak, workspace
from reportgen.errors import CheckFailed, InputError, Problem

if TYPE_CHECKING:
    from reportgen.begin import Begun

app = typer.Typer()

_Words = Annotated[
    list[str],
    typer.Argument(
        metavar="[FILE] NAME=VALUE...",
        help="What is different, `id` first of all: `id=mlp-400 'hidden_units=[400]' epochs=20`. "
        "FILE is experiments.toml where none is named.",
    ),
]


@app.command()
def init(
    folder: Annotated[Path | None, typer.Argument(help="Folder of the coursework; `.` for this one.")] = None,
    template: Annotated[
        str,
        typer.Option("--template", "-t", help="What it begins as, see --list", autocompletion=template_names),
    ] = "minimal",
    ci: Annotated[
        Literal["github", "gitlab", "none"], typer.Option("--ci", help="Whose workflow builds the report")
    ] = "github",
    list_: Annotated[bool, typer.Option("--list", help="Only say which templates there are")] = False,
    json_: Json = False,
) -> None:
    """Begin a coursework: a folder with everything in it, which builds at once. Nothing is overwritten."""
    from reportgen.begin import begin, courseworks
    from reportgen.installed import this_installation

    speak(json_)
    if list_:
        known = courseworks().values()
        answer({"templates": [{"name": t.name, "about": t.about, "rows": len(t.rows)} for t in known]})
        width = max(len(each.name) for each in known)
        for each in known:
            say(f"{each.name:{width}}  {each.about} ({_rows(len(each.rows))})")
        return
    if folder is None:
        remedy = "reportgen init mylab, or reportgen init . for this folder"
        raise InputError([Problem("reportgen init", 0, "usage", "it needs a folder", remedy)])
    begun = begin(folder, template, this_installation(), ci)
    following = _following(folder, begun)
    answer(
        {
            "folder": folder, "template": begun.template.name, "written": begun.written, "kept": begun.kept,
            "ignored": begun.ignored, "next": following,
        }
    )  # fmt: skip
    for text in _begun(folder, begun):
        say(text)
    say("Next:")
    for text in following:
        say(f"   {text}")


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _begun(folder: Path, begun: Begun) -> Iterator[str]:
    yield f'{folder}: begun from the template "{begun.template.name}"'
    tops: dict[str, int] = {}
    for name in begun.written:
        tops[name.partition("/")[0]] = tops.get(name.partition("/")[0], 0) + 1
    for top, count in tops.items():
        yield f"   {top}" if top in begun.written else f"   {top}/  ({count} file{'s' if count > 1 else ''})"
    for name in begun.kept:
        gained = f", with {' '.join(begun.ignored)}" if name == ".gitignore" and begun.ignored else ""
        yield f"   {name} was there and stays{gained}"
    if not begun.has_wheel:
        yield f"   wheels/ lacks {begun.wheel}, from which others and the workflow install;"
        yield "      `uv build --wheel` in a checkout of reportgen makes it"


def _following(folder: Path, begun: Begun) -> list[str]:
    """The commands that come next."""
    there = [] if folder.resolve() == Path.cwd() else [f"cd {shlex.quote(str(folder))}"]
    return [*there, "reportgen build", "reportgen open"]


@app.command()
def add(
    words: _Words,
    like: Annotated[
        str, typer.Option("--like", help="Id of the row that the new one is like", autocompletion=row_ids)
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added")] = False,
    json_: Json = False,
) -> None:
    """Add a row to the experiments file; every other line of it stays as it is.

    The new row takes over section, notebook, seed and parameters of the row that it is like. The file is
    checked before it is written: with a fault, it stays as it was.
    """
    from reportgen.adding import add_row
    from reportgen.experiments.add import settings

    speak(json_)
    file, given = _parted(words)
    added = add_row(
        workspace(file, None, None, None, None), like, settings(given, "reportgen add"), write=not dry_run
    )
    answer({"file": file, "added": not dry_run, **asdict(added)})
    did = "would get" if dry_run else "has"
    say(f'{file}:{added.line}: section "{added.section}" {did} the row "{added.id}"')
    for line in added.text.split("\n"):
        say(f"   {line}".rstrip())


def _parted(words: Sequence[str]) -> tuple[Path, Sequence[str]]:
    """The file, which may come first, and the settings."""
    first = words[0]
    named = "=" not in first and (first.endswith(".toml") or Path(first).exists())
    return (Path(first), words[1:]) if named else (DEFAULT_FILE, words)


@app.command()
def schema(
    file: File = DEFAULT_FILE,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 6 if it is out of step")
    ] = False,
    json_: Json = False,
) -> None:
    """Write experiments.schema.json beside the file: by it, an editor completes and checks what you type."""
    from reportgen.experiments.json_schema import DIRECTIVE
    from reportgen.schema_file import look, renew

    speak(json_)
    found = look(workspace(file, None, None, None, None))
    answer({"schema": found.path, "in_step": found.same, "written": not (check or found.same)})
    for problem in found.faults:
        complain(problem.said("warning"))
    if found.same:
        say(f"{found.path} is in step with the notebooks")
    elif check:
        state = "is out of step with the notebooks" if found.there else "is not there"
        raise CheckFailed(
            f"{found.path} {state}\nreportgen schema{'' if file == DEFAULT_FILE else f' {file}'}"
        )
    else:
        renew(found)
        say(f"{found.path} is written")
    if not found.named:
        say(f"an editor finds it by this first line of {file}:  {DIRECTIVE}")
