"""Reports that are rendered once for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest

from reportgen.report.assets import built_in
from reportgen.report.render import Rendered, render
from tests import samples
from tests.conftest import needs_chromium as needs_chromium
from tests.report.everything import everything
from tests.report.invented import Triple
from tests.report.layout import Watched, watched

EPOCH = 1_790_000_000
VOID = frozenset({"meta", "link", "br", "img", "input", "hr", "col"})


@dataclass(frozen=True)
class Element:
    """A start tag of a page with where it stands."""

    tag: str
    attributes: dict[str, str]
    path: tuple[str, ...]


class Page(HTMLParser):
    """An HTML page: its elements in order, and the text of each kind of element."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.unclosed: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.unclosed += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {k: v or "" for k, v in attrs}, tuple(self._open)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {k: v or "" for k, v in attrs}, tuple(self._open)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open[-1] != tag:
            self.unclosed.append(f"</{tag}> inside {self._open[-3:]}")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self.texts.append((tuple(self._open), data))

    def all(self, tag: str) -> list[Element]:
        """Every element of a kind."""
        return [element for element in self.elements if element.tag == tag]

    def text(self) -> str:
        """What a reader sees."""
        return " ".join(text for path, text in self.texts if not {"script", "style", "title"} & set(path))


@dataclass(frozen=True)
class Written:
    """A rendered report and its HTML, parsed."""

    rendered: Rendered
    html: str
    page: Page

    @property
    def pdf(self) -> Path:
        assert self.rendered.pdf is not None
        return self.rendered.pdf


def write(triple: Triple, folder: Path, pdf: bool = True) -> Written:
    """Render a report into a folder."""
    rendered = render(
        *triple,
        out=folder,
        templates=built_in("templates"),
        figure_cache=folder / "figures",
        epoch=EPOCH,
        pdf=pdf,
    )
    html = rendered.html.read_text(encoding="utf-8")
    return Written(rendered, html, Page(html))


@pytest.fixture(scope="session")
def coursework(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Six rows in two chapters; one failed."""
    return write(samples.coursework(failed=True), tmp_path_factory.mktemp("coursework"))


@pytest.fixture(scope="session")
def coursework_pdf(coursework: Written) -> Iterator[pikepdf.Pdf]:
    """Its PDF, opened."""
    with pikepdf.open(coursework.pdf) as pdf:
        yield pdf


@pytest.fixture(scope="session")
def whole_and_pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Written, Watched]:
    """A report with one of everything, and how it was set."""
    with watched() as seen:
        written = write(everything(), tmp_path_factory.mktemp("everything"))
    return written, seen


@pytest.fixture(scope="session")
def whole(whole_and_pages: tuple[Written, Watched]) -> Written:
    """A report with one of everything."""
    return whole_and_pages[0]


@pytest.fixture(scope="session")
def pages(whole_and_pages: tuple[Written, Watched]) -> Watched:
    """Its document for paper and its pages."""
    return whole_and_pages[1]


@pytest.fixture(scope="session")
def whole_pdf(whole: Written) -> Iterator[pikepdf.Pdf]:
    """Its PDF, opened."""
    with pikepdf.open(whole.pdf) as pdf:
        yield pdf
