"""Commands that make the report, or say what making it would take."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from reportgen.cli.terminal import (
    DEFAULT_FILE,
    Cold,
    Data,
    DataDir,
    Dpi,
    Engine,
    FailFast,
    File,
    Formats,
    Jobs,
    Json,
    Only,
    Open,
    Out,
    Quick,
    Quiet,
    Rows,
    Steps,
    StoreDir,
    Strict,
    StrictData,
    Templates,
    answer,
    at_once,
    columns,
    complain,
    conclude,
    open_store,
    progress,
    say,
    show_or_say,
    speak,
    speaks_json,
    workspace,
)
from reportgen.errors import EXIT_RUNS_FAILED, CheckFailed, ReportgenError

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
    engine: Engine = "local",
    open_: Open = False,
    quiet: Quiet = False,
    out: Out = None,
    store: StoreDir = None,
    data_dir: DataDir = None,
    templates: Templates = None,
    json_: Json = False,
) -> None:
    """Run what is missing and write output/report.pdf and output/report.html."""
    speak(json_, quiet)
    from reportgen import build as line
    from reportgen.execution.signals import Stop

    began = time.monotonic()
    work = workspace(file, out, store, data_dir, templates, quick)
    options = line.Options(
        quick, tuple(only or ()), at_once(jobs, engine), cold, data_from, strict_data, fail_fast, engine
    )
    steps = Steps()
    with _told_anyway(work, options, began):
        built = line.build(work, options, os.environ, steps, progress(), Stop(say))
    steps.end()
    _finish(work, options, built, time.monotonic() - began, open_, strict)


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
    from reportgen.cli.documents import of_plan
    from reportgen.planning import plan_lines

    jobs = at_once(0)
    work = workspace(file, None, store, data_dir, None, quick)
    options = line.Options(quick=quick, jobs=jobs, data=data_from, strict_data=strict_data)
    steps = Steps()
    prepared = line.prepare(work, options, os.environ, steps)
    steps.say_all()
    told = of_plan(prepared, work, jobs)
    answer(told)
    seconds, after = told["seconds"], told["report_seconds"]
    for text in plan_lines(prepared.plan, jobs, seconds, after, prepared.experiments):
        say(text)


@app.command()
def check(
    file: File = DEFAULT_FILE,
    store: StoreDir = None,
    data_dir: DataDir = None,
    data_from: Data = "auto",
    json_: Json = False,
) -> None:
    """Say whether file and own data are right, and the prose in line with stored results; run nothing."""
    speak(json_)
    from reportgen.checking import check_lines, checked
    from reportgen.cli.documents import problems
    from reportgen.cli.shapes import CheckShape

    work = workspace(file, None, store, data_dir, None)
    found = checked(work, os.environ, embedded=data_from == "embedded", say=say)
    warnings = problems(found.warnings)
    answer(
        CheckShape(
            rows=found.rows,
            sections=found.sections,
            stages=found.stages,
            checked_rows=found.with_result,
            warnings=warnings,
        )
    )
    for text in check_lines(file, found):
        say(text)


@app.command()
def render(
    file: File = DEFAULT_FILE,
    quick: Quick = False,
    open_: Open = False,
    quiet: Quiet = False,
    out: Out = None,
    store: StoreDir = None,
    data_dir: DataDir = None,
    data_from: Data = "auto",
    templates: Templates = None,
    json_: Json = False,
) -> None:
    """Write the report from the stored runs; run nothing."""
    speak(json_, quiet)
    from reportgen import build as line

    began = time.monotonic()
    work = workspace(file, out, store, data_dir, templates, quick)
    options = line.Options(quick=quick, data=data_from)
    steps = Steps()
    prepared = line.prepare(work, options, os.environ, steps)
    with _told_anyway(work, options, began):
        built = line.report(work, options, prepared, {}, os.environ, steps)
    steps.end()
    _finish(work, options, built, time.monotonic() - began, open_)


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
    from reportgen.cli.documents import failures
    from reportgen.cli.shapes import ExportShape

    asked = files.wanted(formats, tuple(row or ()), dpi)
    work = workspace(file, out, store, data_dir, templates, quick)
    made, missing = files.export(work, line.Options(quick=quick, data=data_from), asked, os.environ, Steps())
    lacking = failures(missing, work.state / "failed")
    answer(ExportShape(files=list(made.files), warnings=list(made.warnings), failures=lacking))
    for run, failure in missing.items():
        complain(f"{run}: no result [{failure.kind}]: {failure.message}")
        if failure.remedy:
            complain(f"  {failure.remedy}")
    if missing:
        raise typer.Exit(EXIT_RUNS_FAILED)


@contextmanager
def _told_anyway(work: Workspace, options: Options, began: float) -> Iterator[None]:
    """Tell what a build made also where its PDF fails: the runs and the HTML are there."""
    from reportgen.account import Built

    try:
        yield
    except ReportgenError as error:
        if isinstance(error.built, Built):
            _tell(work, options, error.built, time.monotonic() - began, strict=False, pdf=False)
        raise


def _finish(
    work: Workspace, options: Options, built: Built, seconds: float, show: bool, strict: bool = False
) -> None:
    """Say how a build ended, and exit as it should."""
    from reportgen import closing

    _tell(work, options, built, seconds, strict)
    conclude(closing.place(built, options.quick))
    if show:
        show_or_say(str(built.pdf))
    if built.failed:
        raise typer.Exit(EXIT_RUNS_FAILED)
    if strict and built.findings:
        raise CheckFailed(f"what the results do not bear out: {len(built.findings)}, listed above")


def _tell(
    work: Workspace, options: Options, built: Built, seconds: float, strict: bool, pdf: bool = True
) -> None:
    """Say what a build made, to a person and to a machine."""
    from reportgen import closing

    if speaks_json():
        from reportgen.cli.documents import of_build

        document = of_build(built, work, open_store(work.file, work.store), options.quick, seconds)
        answer(document if pdf else {**document, "pdf": None})
    for text in closing.outcome(built, seconds, columns()):
        say(text)
    for text in closing.complaints(built, work.state / "failed", strict):
        complain(text)
    for text in closing.remarks(built):
        say(text)
