"""Commands about this machine: its data sets, and what it lacks."""

from __future__ import annotations

import os

import typer

from reportgen.cli.terminal import (
    DEFAULT_FILE,
    DataDir,
    File,
    say,
    workspace,
)

app = typer.Typer()


@app.command()
def data(file: File = DEFAULT_FILE, data_dir: DataDir = None) -> None:
    """Say which data sets are here and where; fetch those that the file needs."""
    from reportgen.show import data_lines

    for text in data_lines(workspace(file, None, None, data_dir, None), say):
        say(text)


@app.command()
def doctor(file: File = DEFAULT_FILE, data_dir: DataDir = None) -> None:
    """Say what this machine lacks, and the line that mends it."""
    from reportgen.doctor import examine

    faults = 0
    for finding in examine(workspace(file, None, None, data_dir, None), os.environ):
        say(f"{'ok  ' if finding.fine else 'FAIL'}  {finding.text}")
        if not finding.fine:
            faults += 1
            say(f"      {finding.remedy}")
    if faults:
        raise typer.Exit(5)
