"""Commands about this machine: its data sets, and what it lacks."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli.terminal import (
    DEFAULT_FILE,
    DataDir,
    File,
    Json,
    Out,
    StoreDir,
    answer,
    say,
    speak,
    workspace,
)

if TYPE_CHECKING:
    from reportgen.doctor import Finding

app = typer.Typer()


@app.command()
def data(file: File = DEFAULT_FILE, data_dir: DataDir = None, json_: Json = False) -> None:
    """Say which data sets are here and where; fetch those that the file needs."""
    from reportgen.show import data_lines, found_data

    speak(json_)
    found = found_data(workspace(file, None, None, data_dir, None), say)
    answer({"data": [asdict(each) for each in found]})
    for text in data_lines(found):
        say(text)


@app.command()
def doctor(
    file: File = DEFAULT_FILE,
    no_trial: Annotated[
        bool, typer.Option("--no-trial", help="Start nothing: no kernel, no small run; done in a second")
    ] = False,
    store: StoreDir = None,
    out: Out = None,
    data_dir: DataDir = None,
    json_: Json = False,
) -> None:
    """Say what this machine lacks, and the line that mends it."""
    from reportgen.doctor import examine, try_out

    speak(json_)
    began = time.monotonic()
    findings = []
    for finding in examine(workspace(file, out, store, data_dir, None), os.environ):
        findings.append(finding)
        _tell(finding)
    if not no_trial:
        say("...   a kernel and one small run: about half a minute (--no-trial leaves it out)")
        for finding in try_out(os.environ):
            findings.append(finding)
            _tell(finding)
    answer({"findings": [{"state": each.state, **asdict(each)} for each in findings]})
    faults = sum(not finding.fine for finding in findings)
    spent = f"looked at in {time.monotonic() - began:.0f} s"
    if faults:
        say(f"{faults} fault{'s' if faults > 1 else ''}, each with the line that mends it; {spent}")
        raise typer.Exit(5)
    say(f"nothing is missing; {spent}")


def _tell(finding: Finding) -> None:
    say(f"{finding.state:4}  {finding.text}")
    if finding.remedy:
        say(f"      {finding.remedy}")
