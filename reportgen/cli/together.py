"""Commands that take runs from elsewhere, and decide which run stands for a row."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportgen.cli.completing import row_ids
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

    from reportgen.build import Prepared
    from reportgen.store.merge import Merged
    from reportgen.store.objects import Store
    from reportgen.together import Decision, Served
    from reportgen.workspace import Workspace

app = typer.Typer()

FileOption = Annotated[Path, typer.Option("--file", help="The experiments file.")]
Owner = Annotated[str | None, typer.Option("--owner", help="Whose the runs are [default: the folder's name]")]
NOT_RUNS = ("not-an-archive", "unreadable", "no-runs")
"""Problems of a folder or archive that was named by mistake: nothing in it failed a check."""


@app.command()
def merge(
    sources: Annotated[
        list[Path],
        typer.Argument(metavar="DIR...", help="Folders, stores or ZIP archives with finished runs."),
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
    names = [(source, owner_name(owner) if owner is not None else known_as(source)) for source in sources]
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
    say(f"{len(done)} runs: {counts['taken']} taken, {there}, {counts['refused']} refused; in {mine.root}")


def _say_served(work: Workspace, mine: Store, done: Sequence[Merged], file: Path, data_from: Any) -> None:
    """Say what the runs do for the rows of the file, where there is one that can be read."""
    from reportgen.store.objects import Header
    from reportgen.together import served

    headers = [mine.header(each.key) for each in done if each.what != "refused"]
    if not headers or not file.is_file():
        return
    try:
        prepared = _prepared(work, data_from)
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
            {"key": header.key, "made_for": header.made.get("row"), "reason": why}
            for header, why in found.none
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
        lines += [f"   {header.key[:12]}  {header.made.get('row', '?')}: {why}" for header, why in found.none]
    return lines


def _prepared(work: Workspace, data_from: Any) -> Prepared:
    from reportgen import build as line

    def aside(text: str) -> None:
        if text.startswith(" "):  # what is said of the data; the steps are those of a build
            say(text)

    return line.prepare(work, line.Options(data=data_from), os.environ, aside)


@app.command()
def accept(
    rows: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ROW]...",
            help="Ids of rows [default: list what could be accepted]",
            autocompletion=row_ids,
        ),
    ] = None,
    file: FileOption = DEFAULT_FILE,
    named: Annotated[
        str | None, typer.Option("--from", metavar="KEY", help="The run to take, by the beginning of its key")
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option("--owner", help="Only runs of this owner; without a row, all that they can stand for"),
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Forget it: the row asks for its own run again")
    ] = False,
    store: StoreDir = None,
    data_dir: DataDir = None,
    data_from: Data = "auto",
    json_: Json = False,
) -> None:
    """Keep a result whose key differs in what cannot matter, such as a team mate's from another Python.

    What differs is shown, and the report says so. A run with other parameters, another seed or other data
    is another experiment and never accepted.
    """
    speak(json_)
    from reportgen import build as line
    from reportgen.together import decide

    work = workspace(file, None, store, data_dir, None)
    _check_words(rows, named, undo)
    prepared = _prepared(work, data_from)
    line.check_rows(work, prepared.experiments, rows or (), "ROW")
    if undo:
        _undo(prepared, rows or (), str(file))
        return
    if not rows and not owner:
        _list(prepared)
        return
    headers = tuple(prepared.store.headers())
    decisions, problems = decide(
        prepared.plan, headers, str(file), rows or (), named=named or "", owner=owner or ""
    )
    if not rows and not decisions and not problems:
        problems = (Problem("--owner", 0, "no-candidate", f"no run of {owner} could stand for a row",
                            "reportgen accept lists what could"),)  # fmt: skip
    if problems:
        raise InputError(problems)
    _keep(prepared, decisions, rows or ())


def _check_words(rows: Sequence[str] | None, named: str | None, undo: bool) -> None:
    if (named or undo) and not rows:
        option = "--from" if named else "--undo"
        raise InputError(
            [Problem(option, 0, "no-row", "it needs a row", f"reportgen accept ROW {option} ...")]
        )
    if named and rows and len(rows) > 1:
        raise InputError(
            [Problem("--from", 0, "two-rows", "it goes with one row", "accept the others by themselves")]
        )


def _keep(prepared: Prepared, decisions: Sequence[Decision], rows: Sequence[str]) -> None:
    from reportgen.analysis.elsewhere import differences_words
    from reportgen.store.accepted import accept as note
    from reportgen.together import decision_entry, label, standing

    kept = []
    for decision in decisions:
        chosen = decision.chosen
        note(prepared.store, decision.run.spec.key, chosen.header, chosen.differences)
        kept.append(decision_entry(decision))
        answer({"accepted": kept})
        whose = f"the run of {chosen.owner}" if chosen.owner else "an earlier run"
        say(f"{label(decision.run)}: {whose} stands for it now, {chosen.key[:12]}")
        say(f"   differs: {differences_words(chosen.differences)}")
        for text in _code_lines(prepared, decision):
            say(f"   {text}")
    decided = {decision.run.spec.key for decision in decisions}
    for run in prepared.plan.runs:
        if run.accepted is not None and run.spec.key not in decided and {r.id for r in run.rows} & set(rows):
            say(f"{label(run)}: {standing(run)}, as before")
    answer({"accepted": kept})
    if kept:
        say("the report will say so; `reportgen accept ROW --undo` takes it back")


def _code_lines(prepared: Prepared, decision: Decision) -> list[str]:
    """The code that differs, where it does and where theirs is known."""
    from reportgen.notebooks import read_notebook
    from reportgen.store.notebooks import code_of
    from reportgen.together import code_changes

    if "code" not in decision.chosen.parts:
        return []
    files = None
    if "notebook.ipynb" in decision.chosen.header.files:
        files = prepared.store.files(decision.chosen.key, ("notebook.ipynb",))
    theirs = code_of(files["notebook.ipynb"]) if files is not None else None
    if theirs is None:
        return ["its code is not kept: whether that matters, its maker must say"]
    ours = read_notebook(Path(decision.run.spec.notebook)).code
    return ["its code (-) and that of the notebook now (+):", *code_changes(theirs, ours)]


def _list(prepared: Prepared) -> None:
    """Say what could be accepted, and what was."""
    from reportgen.together import entry, label, offer, standing

    offered = [run for run in prepared.plan.to_do if run.candidates]
    decided = [run for run in prepared.plan.runs if run.accepted is not None]
    answer({
        "candidates": [{"run": run.spec.label, **entry(run)} for run in offered],
        "standing": [{"run": run.spec.label, **entry(run)} for run in decided],
    })  # fmt: skip
    for run in decided:
        say(f"{label(run)}: {standing(run)}")
    for run in offered:
        say(f"{label(run)}: {offer(run).removeprefix('or ')}")
    if not offered:
        say("no stored run could stand for a row that has none")


def _undo(prepared: Prepared, rows: Sequence[str], file: str) -> None:
    from reportgen.store.accepted import undo as forget
    from reportgen.together import label

    runs = [run for run in prepared.plan.runs if run.accepted is not None]
    own = {row: [run for run in runs if any(one.id == row for one in run.rows)] for row in rows}
    problems = [
        Problem(file, 0, "not-accepted", f"no run was accepted for {row}", "reportgen accept lists what was")
        for row, found in own.items()
        if not found
    ]
    if problems:
        raise InputError(problems)
    undone = {run.spec.key: run for found in own.values() for run in found}
    for key, run in undone.items():
        forget(prepared.store, key)
        say(f"{label(run)}: asks for its own run again")
    answer({"undone": [run.spec.label for run in undone.values()]})
