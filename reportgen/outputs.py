"""What a build leaves in the output folder, and knowing when there is nothing to write."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import Problem, RenderError, StorageError
from reportgen.execution.spec import run_label
from reportgen.experiments.schema import Experiments
from reportgen.provenance import Provenance
from reportgen.results import Failure, Result
from reportgen.summary import summary
from reportgen.workspace import Workspace

if TYPE_CHECKING:
    from reportgen.build import Options, Prepared

STAMP = ".build.json"
FILES = ("report.html", "report.pdf", "results.json")
_OURS = re.compile(r"[a-z0-9][a-z0-9._-]*\.ipynb")


LEFT_OUT = "left out by --only"
"""Message of a row that was not asked for: it is missing, but it has not failed."""


@dataclass(frozen=True)
class Built:
    """What a build made.

    Parameters
    ----------
    html, pdf : Path
    failed : mapping of str to Failure
        The runs that were asked for and have no result, by `run_label`.
    warnings : tuple of str
    findings : tuple of Problem
        Where the authors' words do not agree with the results.
    """

    html: Path
    pdf: Path
    failed: Mapping[str, Failure]
    warnings: tuple[str, ...] = ()
    findings: tuple[Problem, ...] = ()


def built(
    work: Workspace,
    failures: Mapping[str, Failure],
    warnings: tuple[str, ...] = (),
    findings: tuple[Problem, ...] | None = None,
) -> Built:
    """What a build made, given every run without a result; findings not given are those of the stamp."""
    failed = {run: failure for run, failure in failures.items() if failure.message != LEFT_OUT}
    if findings is None:
        stamp = json.loads((work.out / STAMP).read_text(encoding="utf-8"))
        findings = tuple(Problem(**finding) for finding in stamp["findings"])
    return Built(work.out / "report.html", work.out / "report.pdf", failed, warnings, findings)


def write(
    work: Workspace,
    options: Options,
    prepared: Prepared,
    results: tuple[Result, ...],
    env: Mapping[str, str],
    inputs: str,
    say: Callable[[str], None],
) -> Built:
    """Write report.html, report.pdf, results.json, summary.md and the executed notebooks.

    Raises
    ------
    RenderError
        The HTML or the PDF could not be made; the old one is kept.
    StorageError
        The output folder cannot be written.
    """
    provenance = _provenance(work, options, prepared, results, env)
    try:
        work.out.mkdir(parents=True, exist_ok=True)
        (work.out / STAMP).unlink(missing_ok=True)
        _write_notebooks(work.out / "notebooks", prepared, results)
        _replace(work.out / "summary.md", summary(prepared.experiments, results, provenance).encode())
    except OSError as error:
        raise StorageError(work.out, error.strerror or str(error)) from error
    say("5  drawing figures and writing report.html")
    say("6  writing report.pdf")
    warnings = _render(work, prepared.experiments, results, provenance, epoch(results, env))
    findings = _findings(prepared.experiments, results, options.quick)
    stamp = {
        "inputs": inputs,
        "files": {name: _digest(work.out / name) for name in FILES},
        "findings": [asdict(finding) for finding in findings],
    }
    _replace(work.out / STAMP, json.dumps(stamp, indent=1, sort_keys=True).encode())
    missing = {
        run_label(result.row.id, run.seed if len(result.runs) > 1 else None): run.failure
        for result in results
        for run in result.runs
        if run.failure is not None
    }
    return built(work, missing, warnings, findings)


def _findings(experiments: Experiments, results: Sequence[Result], quick: bool) -> tuple[Problem, ...]:
    """Where the authors' words disagree with the results; a quick build has none worth the name."""
    from reportgen.prose.findings import findings

    return () if quick else findings(experiments, results)


def epoch(results: Iterable[Result], env: Mapping[str, str]) -> int:
    """Seconds since 1970 that date the report: SOURCE_DATE_EPOCH, else the newest run's, never the clock."""
    given = env.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return int(given)
    started = [datetime.fromisoformat(record.times.started) for r in results for record in r.records]
    return int(max(started).timestamp()) if started else 315_532_800  # 1980, as in archives


def _provenance(
    work: Workspace, options: Options, prepared: Prepared, results: Sequence[Result], env: Mapping[str, str]
) -> Provenance:
    commit, clean = _revision(work.root)
    command = f"reportgen build {work.file.name}" + (" --quick" if options.quick else "")
    used = prepared.experiments.file.report.date
    return Provenance(
        version=version("reportgen"),
        command=command,
        date=used or _date(results, env),
        commit=commit,
        clean=clean,
        data=tuple(prepared.data.values()),
        quick=options.quick,
    )


def _date(results: Sequence[Result], env: Mapping[str, str]) -> date | None:
    if not any(result.record for result in results) and "SOURCE_DATE_EPOCH" not in env:
        return None
    return datetime.fromtimestamp(epoch(results, env), UTC).date()


def _revision(root: Path) -> tuple[str | None, bool | None]:
    """Commit of the project and whether its tree is clean; (None, None) outside git."""
    try:
        commit = _git(root, "rev-parse", "--short=7", "HEAD")
        clean = not _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None, None
    return commit, clean


def _git(root: Path, *words: str) -> str:
    answer = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, timeout=10, check=True
    )
    return answer.stdout.strip()


def inputs_digest(
    work: Workspace,
    options: Options,
    prepared: Prepared,
    failures: Mapping[str, object],
    env: Mapping[str, str],
) -> str:
    """Digest of everything the report is made from; reads headers, no records."""
    total = hashlib.sha256(f"{options.quick} {options.only} {env.get('SOURCE_DATE_EPOCH')}\n".encode())
    for planned in prepared.plan.runs:
        header = prepared.store.header(planned.key)
        rows = [row.id for row in planned.rows]
        total.update(
            f"{rows} {planned.spec.key} {planned.accepted} {planned.owner} "
            f"{header and header.files} {failures}\n".encode()
        )
    total.update(
        f"{prepared.experiments.digest} {_revision(work.root)} {tuple(prepared.data.items())}".encode()
    )
    for picture in _pictures(work.file, prepared.experiments):
        total.update(picture.read_bytes() if picture.is_file() else b"")
    package = Path(__file__).parent
    for path in sorted(
        [
            *package.rglob("*.py"),
            *package.rglob("*.po"),
            *(p for p in work.templates.rglob("*") if p.is_file()),
        ]
    ):
        total.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _pictures(file: Path, experiments: Experiments) -> list[Path]:
    """The files of the pictures in the authors' texts."""
    from reportgen.prose.images import targets
    from reportgen.prose.passages import passages

    texts = [passage.text for passage in passages(experiments.file.model_dump())]
    return [file.parent / target for text in texts if "![" in text for target in targets(text)]


def up_to_date(out: Path, inputs: str) -> bool:
    """Whether the report in `out` was made from these inputs and is untouched."""
    try:
        stamp = json.loads((out / STAMP).read_text(encoding="utf-8"))
        return bool(
            stamp["inputs"] == inputs
            and all(_digest(out / name) == stamp["files"][name] for name in FILES)
            and isinstance(stamp["findings"], list)
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _render(
    work: Workspace, experiments: Experiments, results: tuple[Result, ...], provenance: Provenance, when: int
) -> tuple[str, ...]:
    _import_drawing(work.state)
    from reportgen.report.render import render

    try:
        done = render(
            experiments,
            results,
            provenance,
            out=work.out,
            templates=work.templates,
            figure_cache=work.figures,
            epoch=when,
        )
    except OSError as error:
        raise RenderError(f"{work.out}: {error.strerror or error}") from error
    return tuple(done.warnings)


def _import_drawing(state: Path) -> None:
    """Import matplotlib from an empty folder: a ``matplotlibrc`` in the current one can run code."""
    empty, here = state / "empty", Path.cwd()
    empty.mkdir(parents=True, exist_ok=True)
    os.chdir(empty)
    try:
        import matplotlib  # noqa: F401
    finally:
        os.chdir(here)


def _write_notebooks(folder: Path, prepared: Prepared, results: Sequence[Result]) -> None:
    """Executed notebooks by row; those of rows that are gone leave."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = {
        f"{result.row.id}{f'-seed-{run.seed}' if run is not result.runs[0] else ''}.ipynb": run.key
        for result in results
        for run in result.runs
        if run.record is not None
    }
    for path in folder.glob("*.ipynb"):
        if path.name not in keys and _OURS.fullmatch(path.name):
            path.unlink()
    for name, key in keys.items():
        header = prepared.store.header(key)
        if header is None or "notebook.ipynb" not in header.files:
            continue  # a notebook that ran alone left a record only
        files = prepared.store.files(key, ("notebook.ipynb",))
        if files is not None:
            _replace(folder / name, files["notebook.ipynb"])


def _replace(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise StorageError(path, error.strerror or str(error)) from error


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
