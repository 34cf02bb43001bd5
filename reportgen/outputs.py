"""What a build leaves in the output folder."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen import account
from reportgen.account import Built, Told, scores
from reportgen.analysis.overlap import ends
from reportgen.errors import Problem, RenderError, ReportgenError, StorageError
from reportgen.estimates import drawing_seconds, drew
from reportgen.executed import executed_notebooks
from reportgen.execution.spec import run_label
from reportgen.experiments.resolved import Experiments
from reportgen.figures.importing import import_drawing
from reportgen.freshness import STAMP, digest, revision, stamp
from reportgen.progress import roughly
from reportgen.provenance import Provenance, again
from reportgen.results import Failure, Result
from reportgen.summary import summary
from reportgen.whole import write_whole
from reportgen.workspace import Workspace

if TYPE_CHECKING:
    from reportgen.build import Options, Prepared
    from reportgen.report.render import Exported, Screen

FILES = ("report.html", "report.pdf", "results.json", "summary.md")
_OURS = re.compile(r"[a-z0-9][a-z0-9._-]*\.ipynb")


@dataclass(frozen=True)
class Wanted:
    """What the command line asks of an export: formats, rows (all where empty), dots per inch."""

    formats: tuple[str, ...]
    rows: tuple[str, ...] = ()
    dpi: int = 200


@dataclass(frozen=True)
class Draft:
    """A report that stands in its folder but for its PDF.

    Parameters
    ----------
    work : Workspace
    inputs : str
        From `reportgen.freshness.inputs_digest`.
    screen : Screen
        What was written, and what the PDF is made of.
    built : Built
        What the build made, once its PDF stands too.
    began : float
        Reading of `time.monotonic` when drawing began.
    """

    work: Workspace
    inputs: str
    screen: Screen
    built: Built
    began: float


def draft(
    work: Workspace,
    options: Options,
    prepared: Prepared,
    results: tuple[Result, ...],
    env: Mapping[str, str],
    inputs: str,
    say: Callable[[str], None],
    shown: Callable[[], None] = lambda: None,
) -> Draft:
    """Write report.html, results.json, summary.md, tables, figures and the executed notebooks.

    Until `finish` the folder carries no stamp, so that the next build makes what is missing.

    Parameters
    ----------
    shown : callable
        Is called as soon as report.html stands.

    Raises
    ------
    RenderError
        The HTML could not be made; the old one is kept.
    StorageError
        The output folder cannot be written.
    """
    provenance = _provenance(work, options, prepared, results, env)
    began = time.monotonic()
    after = drawing_seconds(work.state, len(results))
    say(f"5  drawing figures and writing report.html ({roughly(after)}, the PDF included)")
    try:
        work.out.mkdir(parents=True, exist_ok=True)
        (work.out / STAMP).unlink(missing_ok=True)
        screen = _screen(work, prepared.experiments, results, provenance, epoch(results, env), shown)
        _write_notebooks(work.out / "notebooks", prepared, results)
        _replace(work.out / "summary.md", summary(prepared.experiments, results, provenance).encode())
    except OSError as error:
        raise StorageError(work.out, error.strerror or str(error)) from error
    missing = _missing(results)
    findings = _findings(prepared.experiments, results, options.quick)
    told = Told(tuple(screen.warnings), findings, scores(results))
    made = account.built(work.out, prepared.plan, prepared.data, missing, told)
    return Draft(work, inputs, screen, made, began)


def finish(drafted: Draft, content: bytes, warnings: tuple[str, ...]) -> Built:
    """Write report.pdf and the stamp beside the rest of the report.

    Parameters
    ----------
    drafted : Draft
    content : bytes
        The PDF, from `reportgen.report.render.paper`.
    warnings : tuple of str
        What must be said of it.

    Raises
    ------
    StorageError
        The output folder cannot be written.
    """
    work = drafted.work
    made = replace(drafted.built, warnings=(*drafted.built.warnings, *warnings))
    told = {"scores": [asdict(each) for each in made.scores], "warnings": made.warnings}
    _replace(work.out / "report.pdf", content)
    try:
        files = {name: digest(work.out / name) for name in FILES} | dict(drafted.screen.exports)
    except OSError as error:
        raise StorageError(work.out, error.strerror or str(error)) from error
    _replace(work.out / STAMP, stamp(drafted.inputs, files, made.findings, told))
    drew(work.state, len({row for run in made.runs for row in run.rows}), time.monotonic() - drafted.began)
    return made


def write(drafted: Draft, say: Callable[[str], None]) -> Built:
    """Set the PDF in this process and `finish`.

    Raises
    ------
    RenderError
        The PDF could not be made; the old one is kept.
    StorageError
        The output folder cannot be written.
    """
    from reportgen.report.render import paper

    say("6  writing report.pdf")
    try:
        content, warnings = paper(drafted.screen.manuscript)
    except OSError as error:
        raise RenderError(f"{drafted.work.out}: {error.strerror or error}") from error
    except ReportgenError as error:
        error.built = drafted.built
        raise
    return finish(drafted, content, warnings)


def _missing(results: Iterable[Result]) -> dict[str, Failure]:
    """The runs without a result, by `run_label`."""
    return {
        run_label(result.row.id, run.seed if len(result.runs) > 1 else None): run.failure
        for result in results
        for run in result.runs
        if run.failure is not None
    }


def export(
    work: Workspace,
    options: Options,
    prepared: Prepared,
    results: tuple[Result, ...],
    env: Mapping[str, str],
    wanted: Wanted,
) -> tuple[Exported, Mapping[str, Failure]]:
    """Write the tables and figures of the report as files, from the store; return also what has no result.

    Raises
    ------
    RenderError
        A figure or a table could not be made.
    StorageError
        The output folder cannot be written.
    """
    import_drawing(work.state / "empty")
    from reportgen.report import render

    provenance = _provenance(work, options, prepared, results, env)
    made = render.export(
        prepared.experiments,
        results,
        provenance,
        out=work.out,
        templates=work.templates,
        figure_cache=work.figures,
        epoch=epoch(results, env),
        formats=wanted.formats,
        rows=wanted.rows,
        dpi=wanted.dpi,
    )
    about = [result for result in results if not wanted.rows or result.row.id in wanted.rows]
    return made, _missing(about)


def _findings(experiments: Experiments, results: Sequence[Result], quick: bool) -> tuple[Problem, ...]:
    """Where the authors' words disagree with the results; a quick build has none worth the name."""
    from reportgen.prose.findings import findings

    return () if quick else findings(experiments, results)


def epoch(results: Iterable[Result], env: Mapping[str, str]) -> int:
    """Seconds since 1970 that date the report: SOURCE_DATE_EPOCH, else the end of the last run, never now."""
    given = env.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return int(given)
    spans = [ends(record) for result in results for record in result.records]
    last = max((span[1] for span in spans if span is not None), default=None)
    return int(last.timestamp()) if last is not None else 315_532_800  # 1980, as in archives


def _provenance(
    work: Workspace, options: Options, prepared: Prepared, results: Sequence[Result], env: Mapping[str, str]
) -> Provenance:
    commit, clean = revision(work.root)
    used = prepared.experiments.file.report.date
    return Provenance(
        version=version("reportgen"),
        command=again(work, options, prepared),
        date=used or _date(results, env),
        commit=commit,
        clean=clean,
        data=tuple(prepared.data.values()),
        quick=options.quick,
        weights=_weights(prepared),
    )


def _weights(prepared: Prepared) -> tuple[tuple[str, int, str], ...]:
    """The files of weights that are there, by their names alone: where they lie is nobody's business."""
    files = dict.fromkeys(
        file for row in prepared.weights.values() for file in row.values() if file is not None
    )
    return tuple(sorted((file.path.name, file.path.stat().st_size, file.digest) for file in files))


def _date(results: Sequence[Result], env: Mapping[str, str]) -> date | None:
    if not any(result.record for result in results) and "SOURCE_DATE_EPOCH" not in env:
        return None
    return datetime.fromtimestamp(epoch(results, env), UTC).date()


def _screen(
    work: Workspace,
    experiments: Experiments,
    results: tuple[Result, ...],
    provenance: Provenance,
    when: int,
    shown: Callable[[], None],
) -> Screen:
    import_drawing(work.state / "empty")
    from reportgen.report.render import screen

    try:
        return screen(
            experiments,
            results,
            provenance,
            out=work.out,
            templates=work.templates,
            figure_cache=work.figures,
            epoch=when,
            shown=shown,
        )
    except OSError as error:
        raise RenderError(f"{work.out}: {error.strerror or error}") from error


def _write_notebooks(folder: Path, prepared: Prepared, results: Sequence[Result]) -> None:
    """Executed notebooks by row; those of rows that are gone leave."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = set()
    for name, content in executed_notebooks(prepared.store, results):
        _replace(folder / name, content)
        kept.add(name)
    for path in folder.glob("*.ipynb"):
        if path.name not in kept and _OURS.fullmatch(path.name):
            path.unlink()


def _replace(path: Path, content: bytes) -> None:
    """Write a file where it differs: who looks at its date sees when it changed."""
    if not (path.is_file() and path.read_bytes() == content):
        write_whole(path, content)
