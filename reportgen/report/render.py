"""The report of a set of results: one HTML file, the PDF of the same document, and its parts as files."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen import language
from reportgen.analysis import words
from reportgen.errors import printable
from reportgen.experiments.resolved import Experiments
from reportgen.provenance import Provenance
from reportgen.report import results_file
from reportgen.report.assets import built_in, template_file
from reportgen.report.beside import write, write_exports
from reportgen.report.drawer import Drawer
from reportgen.report.exports import exports
from reportgen.report.fitting import ROUNDS, closer, run_over
from reportgen.report.html import paper_document, screen_document
from reportgen.report.pdf import Again, Asset, pdf_bytes, this_system
from reportgen.report.view import Report, report_view
from reportgen.results import Result

HTML_NAME, PDF_NAME = "report.html", "report.pdf"


@dataclass(frozen=True)
class Rendered:
    """What was written.

    Parameters
    ----------
    html : Path
    pdf : Path or None
        None where no PDF was asked for.
    warnings : tuple of str
    exports : mapping of str to str
        SHA-256 of the tables and figures beside them, by path below the folder.
    """

    html: Path
    pdf: Path | None
    warnings: tuple[str, ...] = ()
    exports: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Manuscript:
    """What the PDF is made of; it can be pickled, so that another process sets it.

    Parameters
    ----------
    report : Report
    templates : Path
    sandboxed : bool
        True for templates that are not ours.
    epoch : int
        Seconds since 1970: the date of the file.
    language : str
    """

    report: Report
    templates: Path
    sandboxed: bool
    epoch: int
    language: str


@dataclass(frozen=True)
class Screen:
    """The report for the screen, which is written, and what its PDF is made of.

    Parameters
    ----------
    html : Path
    manuscript : Manuscript
    warnings : tuple of str
    exports : mapping of str to str
        As in `Rendered`.
    """

    html: Path
    manuscript: Manuscript
    warnings: tuple[str, ...]
    exports: Mapping[str, str]


@dataclass(frozen=True)
class Exported:
    """The files that were exported, by path below the folder, and what must be said of them."""

    files: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def render(
    experiments: Experiments,
    results: Sequence[Result],
    provenance: Provenance,
    *,
    out: Path,
    templates: Path,
    figure_cache: Path,
    epoch: int,
    pdf: bool = True,
) -> Rendered:
    """Write ``report.html``, ``results.json``, ``tables/``, ``figures/`` and ``report.pdf`` into `out`.

    The HTML is complete before the PDF is tried; each file is written beside its place and
    then renamed, so that an old report stays whole until the new one is.

    Parameters
    ----------
    experiments : Experiments
    results : sequence of Result
        One for each row, in the file's order.
    provenance : Provenance
    out : Path
        Made where absent.
    templates : Path
        The built-in templates (`reportgen.report.assets.built_in`), or others: those run in
        Jinja's sandbox.
    figure_cache : Path
        Folder of the drawn figures.
    epoch : int
        Seconds since 1970: the date of the files.
    pdf : bool

    Raises
    ------
    RenderError
        A template is wrong, or the PDF could not be set; an old PDF is kept.
    PangoMissing
        The HTML is written, but this system lacks what a PDF needs.
    StorageError
        `out` cannot be written to.
    """
    made = screen(
        experiments, results, provenance, out=out, templates=templates, figure_cache=figure_cache, epoch=epoch
    )
    if not pdf:
        return Rendered(made.html, None, made.warnings, made.exports)
    content, warnings = paper(made.manuscript)
    write(out / PDF_NAME, content)
    return Rendered(made.html, out / PDF_NAME, (*made.warnings, *warnings), made.exports)


def screen(
    experiments: Experiments,
    results: Sequence[Result],
    provenance: Provenance,
    *,
    out: Path,
    templates: Path,
    figure_cache: Path,
    epoch: int,
    shown: Callable[[], None] = lambda: None,
) -> Screen:
    """Write all of a report but its PDF, the HTML first; see `render`.

    Parameters
    ----------
    shown : callable
        Is called as soon as the HTML stands in its place.
    """
    said: list[str] = []
    with _speaking(experiments):
        report, drawer = _seen(experiments, results, provenance, templates, figure_cache, epoch, said.append)
        sandboxed = templates.resolve() != built_in("templates").resolve()
        write(out / HTML_NAME, screen_document(report, templates, sandboxed).encode())
        shown()
        write(out / results_file.NAME, results_file.results_file(report, results, provenance))
        every = exports(report, results, drawer)
        beside = write_exports(out, every, [export for export in every if not export.drawn])
    manuscript = Manuscript(report, templates, sandboxed, epoch, experiments.file.report.language)
    return Screen(out / HTML_NAME, manuscript, tuple(printable(text) for text in said), beside)


@contextmanager
def _speaking(experiments: Experiments) -> Iterator[None]:
    """In the file's language, with the titles that it gives its own data sets."""
    titles = {name: table.title or name for name, table in experiments.file.dataset.items()}
    with language.use(experiments.file.report.language), words.naming(titles):
        yield


def paper(manuscript: Manuscript) -> tuple[bytes, tuple[str, ...]]:
    """Return the PDF, and what must be said of it; nothing is written.

    Raises
    ------
    RenderError, PangoMissing
        As `render`.
    """
    report, templates, sandboxed = manuscript.report, manuscript.templates, manuscript.sandboxed
    with language.use(manuscript.language):
        document = paper_document(report, templates, sandboxed)
        again = _closer(report, templates, sandboxed)
        with _not_collecting():
            content, warnings = pdf_bytes(
                document.html,
                document.css,
                document.assets,
                epoch=manuscript.epoch,
                family=this_system(),
                again=again,
            )
    said = []
    if document.missing:
        said.append(
            f"no font of the report has these characters, one of the system was used: {document.missing}"
        )
    return content, tuple(printable(text) for text in (*said, *warnings))


def _closer(report: Report, templates: Path, sandboxed: bool) -> Again:
    """What betters a laid out report: the parts of it that ran over are set more closely, in a few rounds."""
    tried = [report]

    def again(pages: Sequence[Any]) -> tuple[str, str, Mapping[str, Asset]] | None:
        over = run_over(pages)
        better = closer(tried[-1], over) if over and len(tried) <= ROUNDS else None
        if better is None:
            return None
        tried.append(better)
        paper = paper_document(better, templates, sandboxed)
        return paper.html, paper.css, paper.assets

    return again


@contextmanager
def _not_collecting() -> Iterator[None]:
    """Leave rubbish where it is: layout makes a million objects that stay, and looking through them time
    and again takes a fifth of the whole, for a fortieth of the memory."""
    collecting = gc.isenabled()
    gc.collect()  # figures that were drawn go first: they are large
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def export(
    experiments: Experiments,
    results: Sequence[Result],
    provenance: Provenance,
    *,
    out: Path,
    templates: Path,
    figure_cache: Path,
    epoch: int,
    formats: Collection[str],
    rows: Collection[str] = (),
    dpi: int = 200,
) -> Exported:
    """Write the tables and figures of a report as files into `out`, without the report; see `render`.

    Parameters
    ----------
    formats : collection of str
        Some of `reportgen.report.exports.FORMATS`.
    rows : collection of str
        Ids of the rows whose files are written; all files where empty.
    dpi : int
        Of the PNG files.

    Raises
    ------
    StorageError
        `out` cannot be written to.
    """
    said: list[str] = []
    with _speaking(experiments):
        report, drawer = _seen(experiments, results, provenance, templates, figure_cache, epoch, said.append)
        every = exports(report, results, drawer, dpi)
        chosen = [
            each
            for each in every
            if each.format in formats and (not rows or any(row in rows for row in each.rows))
        ]
        written = tuple(write_exports(out, every, chosen))
        if "json" in formats and not rows:
            write(out / results_file.NAME, results_file.results_file(report, results, provenance))
            written = (*written, results_file.NAME)
    return Exported(written, tuple(printable(text) for text in said))


def _seen(
    experiments: Experiments,
    results: Sequence[Result],
    provenance: Provenance,
    templates: Path,
    figure_cache: Path,
    epoch: int,
    say: Callable[[str], None],
) -> tuple[Report, Drawer]:
    """The view of a report, and who drew its figures, or took them from `figure_cache`."""
    # Chapters of rows have each a colour and a shape, by their order.
    titles = {
        section.id: section.title or section.id
        for section in experiments.file.section
        if section.kind == "experiments"
    }
    drawer = Drawer(titles, figure_cache, template_file(templates, "fonts"), say)
    return report_view(experiments, results, provenance, draw=drawer, epoch=epoch), drawer
