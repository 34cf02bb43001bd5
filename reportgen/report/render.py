"""The report of a set of results: one HTML file, and the PDF of the same document."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from reportgen import language
from reportgen.errors import StorageError, printable
from reportgen.experiments.schema import Experiments
from reportgen.figures.cache import Drawing, drawn
from reportgen.figures.catalogue import FIGURES
from reportgen.provenance import Provenance
from reportgen.report import results_file
from reportgen.report.assets import built_in, template_file
from reportgen.report.html import paper_document, screen_document
from reportgen.report.parts import Draw
from reportgen.report.pdf import pdf_bytes, this_system
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
    """

    html: Path
    pdf: Path | None
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
    """Write ``results.json``, ``report.html`` and ``report.pdf`` into `out`.

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
    with language.use(experiments.file.report.language):
        return _rendered(
            experiments, results, provenance, out, templates, figure_cache=figure_cache, epoch=epoch, pdf=pdf
        )


def _rendered(
    experiments: Experiments,
    results: Sequence[Result],
    provenance: Provenance,
    out: Path,
    templates: Path,
    *,
    figure_cache: Path,
    epoch: int,
    pdf: bool,
) -> Rendered:
    """What `render` does, in the report's language."""
    said: list[str] = []
    report = view(
        experiments,
        results,
        provenance,
        templates=templates,
        figure_cache=figure_cache,
        epoch=epoch,
        say=said.append,
    )
    sandboxed = templates.resolve() != built_in("templates").resolve()
    _write(out / results_file.NAME, results_file.results_file(report, results, provenance))
    html_path = _write(out / HTML_NAME, screen_document(report, templates, sandboxed).encode())
    if not pdf:
        return Rendered(html_path, None, tuple(said))
    paper = paper_document(report, templates, sandboxed)
    content, warnings = pdf_bytes(paper.html, paper.css, paper.assets, epoch=epoch, family=this_system())
    pdf_path = _write(out / PDF_NAME, content)
    if paper.missing:
        said.append(
            f"no font of the report has these characters, one of the system was used: {paper.missing}"
        )
    return Rendered(html_path, pdf_path, tuple(printable(text) for text in (*said, *warnings)))


def view(
    experiments: Experiments,
    results: Sequence[Result],
    provenance: Provenance,
    *,
    templates: Path,
    figure_cache: Path,
    epoch: int,
    say: Callable[[str], None] = lambda text: None,
) -> Report:
    """Return the view of a report, its figures drawn or taken from `figure_cache`; see `render`."""
    titles = {section.id: section.title or section.id for section in experiments.file.section}
    draw = _drawer(
        titles, figure_cache, template_file(templates, "fonts"), experiments.file.report.language, say
    )
    with language.use(experiments.file.report.language):
        return report_view(experiments, results, provenance, draw=draw, epoch=epoch)


def _drawer(
    titles: dict[str, str], folder: Path, fonts: Path, language: str, say: Callable[[str], None]
) -> Draw:
    kinds = {kind.name: kind for kind in FIGURES}

    def draw(name: str, results: Sequence[Result], about: object = None) -> Drawing:
        return drawn(
            kinds[name], results, titles, about, folder=folder, fonts=fonts, language=language, say=say
        )

    return draw


def _write(path: Path, content: bytes) -> Path:
    """Write a file beside its place, then rename it there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as temporary:
            temporary.write(content)
        name = Path(temporary.name)
        name.chmod(0o666 & ~_umask())
        name.replace(path)
    except OSError as error:
        raise StorageError(path, error.strerror or str(error)) from error
    return path


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
