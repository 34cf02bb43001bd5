"""Commands about runs from elsewhere: taking them, and accepting them for a row."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportgen.cli import accepting
from reportgen.cli.accepting import FileOption, prepared_for
from reportgen.cli.terminal import (
    DEFAULT_FILE,
    Data,
    DataDir,
    Json,
    StoreDir,
    answer,
    complain,
    say,
    speak,
    workspace,
)
from reportgen.errors import InputError, Problem, ReportgenError, RunsRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.store.merge import Merged
    from reportgen.store.objects import Store
    from reportgen.together import Served
    from reportgen.workspace import Workspace

app = typer.Typer()
app.add_typer(accepting.app)

Owner = Annotated[str | None, typer.Option("--owner", help="Whose the runs are [default: the folder's name]")]
IDLE = 12
"""Runs without a row that are named one by one."""
NOT_RUNS = ("not-an-archive", "unreadable", "no-runs")
"""Problems of a folder or archive that was named by mistake: nothing in it failed a check."""


@app.command()
def merge(
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="DIR", help="Folders, stores or ZIP archives with finished runs."),
    ],
    owner: Owner = None,
    file: FileOption = DEFAULT_FILE,
    store: StoreDir = None,
    data_dir: DataDir = None,
    data_from: Data = "auto",
    json_: Json = False,
) -> None:
    """Take finished runs from elsewhere: of a team mate, of Colab, of a CI machine.

    Each run is checked whole before it is taken; nothing of it is executed or unpickled. A folder may be
    a project, a store, an unpacked artifact or a notebook's reportgen-record. Exits with 6 where a run
    was refused: all others are taken.
    """
    speak(json_)
    from reportgen.store.objects import Store

    work = workspace(file, None, store, data_dir, None)
    named = _names(sources, owner, file, store)
    mine = Store(work.store, lambda text: complain(f"warning: {text}"))
    done: list[Merged] = []
    problems: list[Problem] = []
    for source, whose in named:
        say(f"{source}, as {whose}" + ("" if owner else " (--owner NAME gives another name)"))
        found, problem = _merge_one(mine, source, whose, bool(owner), done)
        problems += [Problem(m.place, 0, m.code, m.reason, m.remedy) for m in found if m.what == "refused"]
        problems += [problem] if problem else []
    _counted(done, mine)
    _say_served(work, mine, done, file, data_from)
    if problems and not done and all(problem.code in NOT_RUNS for problem in problems):
        raise InputError(problems)
    if any(problem.code != "no-runs" for problem in problems):
        raise RunsRefused(problems)


def _names(
    sources: Sequence[Path], owner: str | None, file: Path, store: Path | None
) -> list[tuple[Path, str]]:
    """Whose the runs of each folder are, or every reason why nothing can be merged."""
    from reportgen.store.merge import known_as, owner_name

    problems = []
    if store is None and "REPORTGEN_STORE" not in os.environ and not file.is_file():
        remedy = "go to the folder of your coursework, or name its file with --file"
        problems.append(Problem(str(file), 0, "no-file", "there is no such file to merge into", remedy))
    for source in sources:
        if not source.exists():
            problems.append(Problem(str(source), 0, "no-such-folder", "there is no such folder or archive"))
    names = [
        (source, owner_name(owner) if owner is not None else known_as(source, Path.home()))
        for source in sources
    ]
    if any(not name for _, name in names):
        remedy = "say whose the runs are, such as --owner Anna"
        problems.append(Problem("--owner", 0, "no-owner", "the owner has no name", remedy))
    if problems:
        raise InputError(problems)
    return names


def _merge_one(
    mine: Store, source: Path, whose: str, always: bool, done: list[Merged]
) -> tuple[list[Merged], Problem | None]:
    """Merge one folder, telling of each run as it comes; what was done before a full disk stays told."""
    from reportgen.store.merge import merge as take
    from reportgen.store.sources import Refused, archives_in

    found: list[Merged] = []
    try:
        for each in take(mine, source, whose, always=always):
            found.append(each)
            done.append(each)
            answer({"runs": [asdict(one) for one in done]})
            if each.what != "refused":
                say(f"   {each.what:7}{each.key[:12]}  {each.row}" + _other_owner(each, whose))
    except Refused as why:
        return found, Problem(str(source), 0, why.code, why.reason, why.remedy)
    if found:
        return found, None
    inside = archives_in(source) if source.is_dir() else ()
    remedy = f"did you mean {source / inside[0]}?" if inside else "it must hold a store: a folder objects/"
    return found, Problem(str(source), 0, "no-runs", "there are no finished runs in it", remedy)


def _other_owner(each: Merged, whose: str) -> str:
    if each.what == "there":
        return f"  ({each.owner}'s)" if each.owner else "  (your own)"
    return f"  (made by {each.owner})" if each.owner != whose else ""


def _counted(done: Sequence[Merged], mine: Store) -> None:
    counts = {what: sum(each.what == what for each in done) for what in ("taken", "there", "refused")}
    answer({"store": mine.root, **counts, "runs": [asdict(each) for each in done]})
    there = f"{counts['there']} there already"
    runs = "1 run" if len(done) == 1 else f"{len(done)} runs"
    say(f"{runs}: {counts['taken']} taken, {there}, {counts['refused']} refused; in {mine.root}")


def _say_served(work: Workspace, mine: Store, done: Sequence[Merged], file: Path, data_from: Any) -> None:
    """Say what the runs do for the rows of the file, where there is one that can be read."""
    from reportgen.store.objects import Header
    from reportgen.together import served

    headers = [mine.header(each.key) for each in done if each.what != "refused"]
    if not headers or not file.is_file():
        return
    try:
        prepared = prepared_for(work, data_from, fetch=False)
    except ReportgenError as error:
        say(f"which rows of {file} they serve is not known: {str(error).splitlines()[0]}")
        return
    found = served(prepared.plan, [header for header in headers if isinstance(header, Header)])
    answer({"rows": _served_entry(found)})
    for text in _served_lines(found, file):
        say(text)


def _served_entry(found: Served) -> dict[str, Any]:
    from reportgen.together import entry

    return {
        "at_once": [{"run": run.spec.label, **entry(run)} for run in found.at_once],
        "acceptable": [{"run": run.spec.label, **entry(run)} for run in found.acceptable],
        "none": [
            {"key": header.key, "made_for": header.made.get("row"), "reason": why, "add": command or None}
            for header, why, command in found.none
        ],
    }


def _served_lines(found: Served, file: Path) -> list[str]:
    from reportgen.analysis.elsewhere import differences_words
    from reportgen.together import label

    lines = []
    if found.at_once:
        lines.append(f"rows of {file} that have their runs now:")
        lines += [f"   {label(run)}" for run in found.at_once]
    if found.acceptable:
        lines.append("rows that they could stand for, and what differs:")
        lines += [
            f"   {label(run)}: {differences_words(run.candidates[0].differences)}" for run in found.acceptable
        ]
        rows = list(dict.fromkeys(run.spec.row for run in found.acceptable))
        lines.append(f"   to keep them: reportgen accept {' '.join(rows)}")
    if found.none:
        lines.append("runs that serve no row:")
        for header, why, command in found.none[:IDLE]:
            lines.append(f"   {header.key[:12]}  {header.made.get('row', '?')}: {why}")
            lines += [f"      to use it, add a row: {command}"] if command else []
        lines += [f"   ... and {len(found.none) - IDLE} more"] if len(found.none) > IDLE else []
    return lines
