"""Commands that follow a coursework while it is written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from reportgen.cli.terminal import (
    DEFAULT_FILE,
    Cold,
    Data,
    DataDir,
    File,
    Jobs,
    Only,
    Out,
    Quick,
    StoreDir,
    StrictData,
    Templates,
    at_once,
    complain,
    progress,
    say,
    show_or_say,
    workspace,
)
from reportgen.errors import InputError, Problem

if TYPE_CHECKING:
    from reportgen.workspace import Workspace

app = typer.Typer()

Port = Annotated[
    int | None,
    typer.Option("--port", min=0, max=65535, help="Where the page is [default: 8642, or a free one]"),
]
NoOpen = Annotated[bool, typer.Option("--no-open", help="Only say where the page is")]
Html = Annotated[bool, typer.Option("--html", help="The HTML, also where there is a PDF")]


@app.command()
def watch(
    file: File = DEFAULT_FILE,
    port: Port = None,
    no_open: NoOpen = False,
    quick: Quick = False,
    only: Only = None,
    jobs: Jobs = 0,
    cold: Cold = False,
    data_from: Data = "auto",
    strict_data: StrictData = False,
    out: Out = None,
    store: StoreDir = None,
    data_dir: DataDir = None,
    templates: Templates = None,
) -> None:
    """Build whenever a file is saved, and show the report in a browser that follows.

    Runs what is missing, as `reportgen build` does; a run that the saved file no longer needs is stopped.
    The page is served to this machine only. Ctrl-C ends it.
    """
    from reportgen import build as line
    from reportgen.cli.fate import of
    from reportgen.execution.signals import clearing_up
    from reportgen.report.assets import template_file
    from reportgen.watch.conductor import Conductor
    from reportgen.watch.happenings import Terminal
    from reportgen.watch.server import address, serve
    from reportgen.watch.state import State

    options = line.Options(quick, tuple(only or ()), at_once(jobs), cold, data_from, strict_data)

    def find() -> Workspace:
        return workspace(file, out, store, data_dir, templates, quick)

    work, state = find(), State()
    state.version = int((work.out / "report.html").is_file())  # shown until there is a newer one
    if not work.file.is_file():
        line.read(work)  # a name that was mistyped is a fault at once, not something to wait for
    server = serve(state, work.out, template_file(work.templates, "watch.html").read_bytes(), port)
    say(f"the report is at {address(server)}  (Ctrl-C ends)")
    terminal = Terminal(say, complain, progress, lambda error: of(error, "watch").words)
    conductor = Conductor(find, options, os.environ, state, terminal)
    if not no_open:
        show_or_say(address(server))
    with clearing_up(conductor.end):
        conductor.conduct()


@app.command("open")
def open_report(file: File = DEFAULT_FILE, html: Html = False, quick: Quick = False, out: Out = None) -> None:
    """Show the report: the PDF, or the HTML where there is no PDF."""
    work = workspace(file, out, None, None, None, quick)
    names = ("report.html",) if html else ("report.pdf", "report.html")
    found = next((work.out / name for name in names if (work.out / name).is_file()), None)
    if found is None:
        raise InputError(
            [Problem(str(work.out), 0, "no-report", f"there is no {names[0]} here", "reportgen build")]
        )
    show_or_say(str(found))
