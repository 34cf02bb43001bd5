"""Commands about this machine: its data sets, and what it lacks."""

from __future__ import annotations

import os
from dataclasses import asdict

import typer

from reportgen.cli.terminal import (
    DEFAULT_FILE,
    DataDir,
    File,
    Json,
    answer,
    say,
    speak,
    workspace,
)

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
def doctor(file: File = DEFAULT_FILE, data_dir: DataDir = None, json_: Json = False) -> None:
    """Say what this machine lacks, and the line that mends it."""
    from reportgen.doctor import examine

    speak(json_)
    faults = 0
    findings = []
    for finding in examine(workspace(file, None, None, data_dir, None), os.environ):
        findings.append(asdict(finding))
        answer({"findings": findings})
        say(f"{'ok  ' if finding.fine else 'FAIL'}  {finding.text}")
        if not finding.fine:
            faults += 1
            say(f"      {finding.remedy}")
    if faults:
        raise typer.Exit(5)
