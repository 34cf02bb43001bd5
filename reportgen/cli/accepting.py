"""The command that decides which run of the store stands for a row."""

from __future__ import annotations

import os
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
    say,
    speak,
    workspace,
)
from reportgen.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.build import Prepared
    from reportgen.together import Decision
    from reportgen.workspace import Workspace

app = typer.Typer()

FileOption = Annotated[Path, typer.Option("--file", help="The experiments file.")]


def prepared_for(work: Workspace, data_from: Any, fetch: bool = True) -> Prepared:
    """The plan of a file, told of nothing but its data."""
    from reportgen import build as line

    def aside(text: str) -> None:
        if text.startswith(" "):  # what is said of the data; the steps are those of a build
            say(text)

    return line.prepare(work, line.Options(data=data_from, fetch=fetch), os.environ, aside)


@app.command()
def accept(
    rows: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ROW",
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
    from reportgen.asked import check_rows
    from reportgen.together import decide

    work = workspace(file, None, store, data_dir, None)
    _check_words(rows, named, undo)
    prepared = prepared_for(work, data_from)
    check_rows(work, prepared.experiments, rows or (), "ROW")
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
        say("nothing to accept: no stored run is like a row that lacks one")


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
