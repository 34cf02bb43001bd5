"""Commands that make the report, or say what making it would take."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer

from reportgen.cli.terminal import (
    DEFAULT_FILE,
    Cold,
    Data,
    DataDir,
    Dpi,
    FailFast,
    File,
    Formats,
    Jobs,
    Json,
    Only,
    Open,
    Out,
    Quick,
    Rows,
    StoreDir,
    Strict,
    StrictData,
    Templates,
    complain,
    progress,
    say,
    speak,
    workspace,
)
from reportgen.errors import EXIT_RUNS_FAILED, CheckFailed

if TYPE_CHECKING:
    from reportgen.account import Built
    from reportgen.build import Options
    from reportgen.workspace import Workspace

app = typer.Typer()


@app.command()
def build(
    file: File = DEFAULT_FILE,
    quick: Quick = False,
    only: Only = None,
    jobs: Jobs = 0,
    cold: Cold = False,
    data_from: Data = "auto",
    strict_data: StrictData = False,
    strict: Strict = False,
    fail_fast: FailFast = False,
    open_: Open = False,
    out: Out = None,
    store: StoreDir = None,
    data_dir: DataDir = None,
    templates: Templates = None,
    json_: Json = False,
) -> None:
    """Run what is missing and write output/report.pdf and output/report.html."""
    speak(json_)
    from reportgen import build as line
    from reportgen.execution.signals import Stop

    work = workspace(file, out, store, data_dir, templates, quick)
    options = line.Options(quick, tuple(only or ()), _jobs(jobs), cold, data_from, strict_data, fail_fast)
    built = line.build(work, options, os.environ, say, progress(), Stop(say))
    _finish(work, options, built, open_, strict)


@app.command()
def plan(
    file: File = DEFAULT_FILE,
    quick: Quick = False,
    store: StoreDir = None,
    data_dir: DataDir = None,
    data_from: Data = "auto",
    strict_data: StrictData = False,
    json_: Json = False,
) -> None:
    """Say which rows would run, why, and how long it should take."""
    speak(json_)
    from reportgen import build as line
    from reportgen.progress import duration

    jobs = _jobs(0)
    work = workspace(file, None, store, data_dir, None, quick)
    prepared = line.prepare(
        work, line.Options(quick=quick, jobs=jobs, data=data_from, strict_data=strict_data), os.environ, say
    )
    for run in prepared.plan.runs:
        about = "stored" if run.stored else f"{run.reason} (about {duration(run.spec.estimate)})"
        rows = ", ".join(dict.fromkeys([run.spec.label, *(row.id for row in run.rows[1:])]))
        say(f"   {rows}: {about}")
    to_do = prepared.plan.to_do
    if to_do:
        seconds = max(sum(r.spec.estimate for r in to_do) / jobs, max(r.spec.estimate for r in to_do))
        say(f"{len(to_do)} to run, about {duration(seconds)} with {jobs} at once")


@app.command()
def check(
    file: File = DEFAULT_FILE, store: StoreDir = None, data_dir: DataDir = None, json_: Json = False
) -> None:
    """Say whether the experiments file is right, and its prose in line with stored results; run nothing."""
    speak(json_)
    from reportgen.show import check_lines

    for text in check_lines(workspace(file, None, store, data_dir, None), os.environ):
        say(text)


@app.command()
def render(
    file: File = DEFAULT_FILE,
    quick: Quick = False,
    open_: Open = False,
    out: Out = None,
    store: StoreDir = None,
    data_dir: DataDir = None,
    data_from: Data = "auto",
    templates: Templates = None,
    json_: Json = False,
) -> None:
    """Write the report from the stored runs; run nothing."""
    speak(json_)
    from reportgen import build as line

    work = workspace(file, out, store, data_dir, templates, quick)
    options = line.Options(quick=quick, data=data_from)
    prepared = line.prepare(work, options, os.environ, say)
    _finish(work, options, line.report(work, options, prepared, {}, os.environ, say), open_)


@app.command()
def export(
    file: File = DEFAULT_FILE,
    formats: Formats = "",
    row: Rows = None,
    dpi: Dpi = 200,
    quick: Quick = False,
    out: Out = None,
    store: StoreDir = None,
    data_dir: DataDir = None,
    data_from: Data = "auto",
    templates: Templates = None,
    json_: Json = False,
) -> None:
    """Write every table and figure as a file of its own, from the stored runs; run nothing.

    Tables go to output/tables as CSV with raw values, Markdown and LaTeX; figures to output/figures as SVG
    and PNG, with a heat map of every confusion matrix. A build writes all but the PNG and the heat maps.
    """
    speak(json_)
    from reportgen import build as line
    from reportgen import export as files

    asked = files.wanted(formats, tuple(row or ()), dpi)
    work = workspace(file, out, store, data_dir, templates, quick)
    missing = files.export(work, line.Options(quick=quick, data=data_from), asked, os.environ, say)
    for run, failure in missing.items():
        complain(f"{run}: no result [{failure.kind}]: {failure.message}")
    if missing:
        raise typer.Exit(EXIT_RUNS_FAILED)


@app.command("open")
def open_report(file: File = DEFAULT_FILE, out: Out = None) -> None:
    """Show the report: the PDF, or the HTML where there is no PDF."""
    work = workspace(file, out, None, None, None)
    for name in ("report.pdf", "report.html"):
        if (work.out / name).is_file():
            typer.launch(str(work.out / name))
            return
    complain(f"there is no report in {work.out}; make it with `reportgen build`")
    raise typer.Exit(2)


def _jobs(jobs: int) -> int:
    import shutil

    from reportgen.build import cores

    return jobs or (1 if shutil.which("nvidia-smi") else cores())


def _finish(work: Workspace, options: Options, built: Built, show: bool, strict: bool = False) -> None:
    for warning in built.warnings:
        say(f"   warning: {warning}")
    for finding in built.findings:
        complain(finding.said("error" if strict else "warning"))
    for run, failure in built.failed.items():
        complain(f"{run}: failed [{failure.kind}]: {failure.message}")
        log = work.state / "failed" / run
        hints = (failure.remedy, f"see {log}" if log.is_dir() and failure.kind != "not-run" else "")
        for hint in filter(None, hints):
            complain(f"  {hint}")
    say(f"{built.pdf}{'  (quick: a look, no result)' if options.quick else ''}")
    if show:
        typer.launch(str(built.pdf))
    if built.failed:
        raise typer.Exit(EXIT_RUNS_FAILED)
    if strict and built.findings:
        raise CheckFailed(f"what the results do not bear out: {len(built.findings)}, listed above")
