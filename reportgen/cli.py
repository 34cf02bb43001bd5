"""The command line: it parses, prints and exits; everything else is elsewhere."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from reportgen.errors import EXIT_DONE, EXIT_RUNS_FAILED, CheckFailed, ReportgenError, printable

if TYPE_CHECKING:
    from reportgen.build import Options
    from reportgen.outputs import Built
    from reportgen.workspace import Workspace

app = typer.Typer(
    name="reportgen",
    help="From one file of experiments to a lab report that compares them.\n\n"
    "Begin with `reportgen build`, then `reportgen open`. Add a row to experiments.toml and build again: "
    "only the new row runs.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
store_app = typer.Typer(help="Look after the finished runs.", no_args_is_help=True)
app.add_typer(store_app, name="store")

File = Annotated[Path, typer.Argument(help="The experiments file.", show_default=True)]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the report [default: output]")]
StoreDir = Annotated[Path | None, typer.Option("--store", help="Folder of finished runs, or REPORTGEN_STORE")]
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Your folder of data sets, or REPORTGEN_DATA_DIR")
]
Templates = Annotated[Path | None, typer.Option("--templates", help="Your own templates")]
Quick = Annotated[
    bool, typer.Option("--quick", help="2,000 images, 2 epochs, into output/quick: a look, no result")
]
Only = Annotated[list[str] | None, typer.Option("--only", help="Run only this row (may be repeated)")]
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, help="Runs at once; 0: one per core")]
Cold = Annotated[bool, typer.Option("--cold", help="Start a fresh kernel for every run")]
Data = Annotated[Literal["auto", "embedded"], typer.Option("--data", help="embedded: the stand-ins at once")]
StrictData = Annotated[bool, typer.Option("--strict-data", help="Fail rather than use an embedded stand-in")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 6 where the results contradict the prose")]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first failed run")]
Open = Annotated[bool, typer.Option("--open", help="Show the report when it is done")]
DEFAULT_FILE = Path("experiments.toml")


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
) -> None:
    """Run what is missing and write output/report.pdf and output/report.html."""
    from reportgen import build as line
    from reportgen.execution.signals import Stop

    work = _workspace(file, out, store, data_dir, templates, quick)
    options = line.Options(quick, tuple(only or ()), _jobs(jobs), cold, data_from, strict_data, fail_fast)
    built = line.build(work, options, os.environ, _say, _progress(), Stop(_say))
    _finish(work, options, built, open_, strict)


@app.command()
def plan(
    file: File = DEFAULT_FILE,
    quick: Quick = False,
    store: StoreDir = None,
    data_dir: DataDir = None,
    data_from: Data = "auto",
    strict_data: StrictData = False,
) -> None:
    """Say which rows would run, why, and how long it should take."""
    from reportgen import build as line
    from reportgen.progress import duration

    jobs = _jobs(0)
    work = _workspace(file, None, store, data_dir, None, quick)
    prepared = line.prepare(
        work, line.Options(quick=quick, jobs=jobs, data=data_from, strict_data=strict_data), os.environ, _say
    )
    for run in prepared.plan.runs:
        about = "stored" if run.stored else f"{run.reason} (about {duration(run.spec.estimate)})"
        rows = ", ".join(dict.fromkeys([run.spec.label, *(row.id for row in run.rows[1:])]))
        _say(f"   {rows}: {about}")
    to_do = prepared.plan.to_do
    if to_do:
        seconds = max(sum(r.spec.estimate for r in to_do) / jobs, max(r.spec.estimate for r in to_do))
        _say(f"{len(to_do)} to run, about {duration(seconds)} with {jobs} at once")


@app.command()
def check(file: File = DEFAULT_FILE, store: StoreDir = None, data_dir: DataDir = None) -> None:
    """Say whether the experiments file is right, and its prose in line with stored results; run nothing."""
    from reportgen.show import check_lines

    for text in check_lines(_workspace(file, None, store, data_dir, None), os.environ):
        _say(text)


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
) -> None:
    """Write the report from the stored runs; run nothing."""
    from reportgen import build as line

    work = _workspace(file, out, store, data_dir, templates, quick)
    options = line.Options(quick=quick, data=data_from)
    prepared = line.prepare(work, options, os.environ, _say)
    _finish(work, options, line.report(work, options, prepared, {}, os.environ, _say), open_)


@app.command()
def data(file: File = DEFAULT_FILE, data_dir: DataDir = None) -> None:
    """Say which data sets are here and where; fetch those that the file needs."""
    from reportgen.show import data_lines

    for text in data_lines(_workspace(file, None, None, data_dir, None), _say):
        _say(text)


@app.command()
def doctor(file: File = DEFAULT_FILE, data_dir: DataDir = None) -> None:
    """Say what this machine lacks, and the line that mends it."""
    from reportgen.doctor import examine

    faults = 0
    for finding in examine(_workspace(file, None, None, data_dir, None), os.environ):
        _say(f"{'ok  ' if finding.fine else 'FAIL'}  {finding.text}")
        if not finding.fine:
            faults += 1
            _say(f"      {finding.remedy}")
    if faults:
        raise typer.Exit(5)


@app.command("open")
def open_report(file: File = DEFAULT_FILE, out: Out = None) -> None:
    """Show the report: the PDF, or the HTML where there is no PDF."""
    work = _workspace(file, out, None, None, None)
    for name in ("report.pdf", "report.html"):
        if (work.out / name).is_file():
            typer.launch(str(work.out / name))
            return
    _complain(f"there is no report in {work.out}; make it with `reportgen build`")
    raise typer.Exit(2)


@store_app.command("ls")
def store_ls(file: File = DEFAULT_FILE, store: StoreDir = None) -> None:
    """List the finished runs."""
    from reportgen.show import store_lines

    for text in store_lines(_open_store(file, store)):
        _say(text)


@store_app.command("verify")
def store_verify(file: File = DEFAULT_FILE, store: StoreDir = None) -> None:
    """Read and check every finished run; damaged ones are set aside."""
    whole, damaged = _open_store(file, store).verify()
    _say(f"{whole} runs are whole, {len(damaged)} damaged")
    if damaged:
        raise CheckFailed(
            f"damaged: {', '.join(key[:12] for key in damaged)}; the next build makes them again"
        )


@store_app.command("gc")
def store_gc(
    file: File = DEFAULT_FILE,
    store: StoreDir = None,
    data_dir: DataDir = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go")] = False,
) -> None:
    """Remove runs that no row needs and that were not used for a day."""
    from reportgen.show import collect_garbage

    for text in collect_garbage(_workspace(file, None, store, data_dir, None), os.environ, _say, dry_run):
        _say(text)


def run() -> None:
    """Run the program and exit with the code of reportgen.errors."""
    from reportgen.execution.signals import Interrupted, ending_at_once

    try:
        with ending_at_once(_stopped):
            code = app(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else EXIT_DONE)
    except typer.Exit as end:
        sys.exit(end.exit_code)
    except Interrupted as end:
        _stopped()
        sys.exit(128 + end.signal)
    except ReportgenError as error:
        _complain(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_DONE)
    except Exception as error:
        sys.exit(_usage_or_bug(error))


def _stopped() -> None:
    _complain("stopped; finished runs are kept, build again to go on")


def _usage_or_bug(error: Exception) -> int:
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # click's usage errors
        _complain(str(error.format_message()))
        return int(error.exit_code) or 2
    if type(error).__name__ == "Abort":
        return 130
    log = Path(".reportgen") / "crash.log"
    text = "".join(traceback.format_exception(error))
    try:
        log.parent.mkdir(exist_ok=True)
        log.write_text(text, encoding="utf-8")
        where = f"the details are in {log}"
    except OSError:
        where = text
    _complain(f"this is a fault of reportgen, not yours: {type(error).__name__}: {error}\n{where}")
    return 1


def _workspace(
    file: Path,
    out: Path | None,
    store: Path | None,
    data_dir: Path | None,
    templates: Path | None,
    quick: bool = False,
) -> Workspace:
    from reportgen.workspace import find_workspace

    return find_workspace(
        file, os.environ, out=out, store=store, data_dir=data_dir, templates=templates, quick=quick
    )


def _open_store(file: Path, store: Path | None) -> Any:
    from reportgen.store.objects import Store

    return Store(_workspace(file, None, store, None, None).store, lambda text: _complain(f"warning: {text}"))


def _jobs(jobs: int) -> int:
    import shutil

    from reportgen.build import cores

    return jobs or (1 if shutil.which("nvidia-smi") else cores())


def _progress() -> Any:
    from reportgen.progress import Lines, Live

    if not sys.stdout.isatty() or os.environ.get("CI"):
        return Lines(_say)
    from rich.console import Console

    return Live(Console())


def _finish(work: Workspace, options: Options, built: Built, show: bool, strict: bool = False) -> None:
    for warning in built.warnings:
        _say(f"   warning: {warning}")
    for finding in built.findings:
        _complain(finding.said("error" if strict else "warning"))
    for run, failure in built.failed.items():
        _complain(f"{run}: failed [{failure.kind}]: {failure.message}")
        log = work.state / "failed" / run
        hints = (failure.remedy, f"see {log}" if log.is_dir() and failure.kind != "not-run" else "")
        for hint in filter(None, hints):
            _complain(f"  {hint}")
    _say(f"{built.pdf}{'  (quick: a look, no result)' if options.quick else ''}")
    if show:
        typer.launch(str(built.pdf))
    if built.failed:
        raise typer.Exit(EXIT_RUNS_FAILED)
    if strict and built.findings:
        raise CheckFailed(f"what the results do not bear out: {len(built.findings)}, listed above")


def _say(text: str) -> None:
    sys.stdout.write(printable(text) + "\n")  # one write: worker threads speak too
    sys.stdout.flush()


def _complain(text: str) -> None:
    sys.stderr.write(printable(text) + "\n")
    sys.stderr.flush()
