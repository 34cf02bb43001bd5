"""Commands about this machine: its data sets, and what it lacks."""

from __future__ import annotations

import os
import sys
import textwrap
import time
from collections.abc import Iterator
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
    columns,
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
    for text in told(finding, columns() if sys.stdout.isatty() else 0):
        say(text)


def told(finding: Finding, width: int) -> Iterator[str]:
    """The lines of a finding; a remedy is to be copied, and never broken.

    Parameters
    ----------
    finding : Finding
    width : int
        Of the terminal; 0 where there is none.
    """
    lines = textwrap.wrap(
        finding.text, max(width - 6, 30), break_long_words=False, break_on_hyphens=False
    ) if width else [finding.text]  # fmt: skip
    for first, text in zip((True, *[False] * len(lines)), lines, strict=False):
        yield f"{finding.state if first else '':4}  {text}"
    if finding.remedy:
        yield f"      {finding.remedy}"
