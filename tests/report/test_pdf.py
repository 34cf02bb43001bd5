"""The PDF: tagged, complete, ours alone, the same each time."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pikepdf
import pytest

from reportgen.errors import EnvironmentFault, RenderError
from reportgen.report.pdf import (
    Asset,
    PangoMissing,
    make_fetcher,
    pango_remedy,
    pdf_bytes,
    system_family,
)
from tests import samples
from tests.report import invented
from tests.report.conftest import EPOCH, Written, write

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler's pdftotext is not here"
)


def structure(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    """Every element of the structure tree with its kind."""
    waiting = list(pdf.Root.StructTreeRoot.K)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, pikepdf.Dictionary) or "/S" not in node:
            continue
        yield str(node.S), node
        below = node.get("/K")
        waiting += list(below) if isinstance(below, pikepdf.Array) else [below] if below is not None else []


def attributes(node: Any) -> list[Any]:
    found = node.get("/A")
    if found is None:
        return []
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def test_it_is_tagged_titled_and_in_a_language(coursework_pdf: pikepdf.Pdf) -> None:
    root = coursework_pdf.Root
    assert root.Lang == "en"
    assert root.MarkInfo.Marked
    assert root.ViewerPreferences.DisplayDocTitle
    assert coursework_pdf.docinfo["/Title"] == "Digits and clothing: six classifiers"
    assert coursework_pdf.open_metadata().get("pdfuaid:part") == "1"


def test_every_figure_has_words_and_every_cell_its_heads(coursework_pdf: pikepdf.Pdf) -> None:
    kinds: Counter[str] = Counter()
    for kind, node in structure(coursework_pdf):
        kinds[kind] += 1
        if kind == "/Figure":
            assert str(node.get("/Alt", "")).strip()
        if kind == "/TD":
            assert any(len(a.get("/Headers", [])) for a in attributes(node))
    assert kinds["/Figure"] > 20 and kinds["/TD"] > 500 and kinds["/H1"] == 1
    assert kinds["/H2"] >= 8 and kinds["/H3"] >= 6


def test_the_outline_is_the_contents(coursework_pdf: pikepdf.Pdf) -> None:
    with coursework_pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        below = {item.title: [child.title for child in item.children] for item in outline.root}
    assert titles == ["Contents", "At a glance", "1 Learning algorithm", "2 Model complexity", "3 Raw pixels",
                      "4 Clothing", "5 Comparison", "6 Conclusions", "A Reproducibility"]  # fmt: skip
    assert below["3 Raw pixels"][1] == "3.2 250 tanh units, no dropout"


def fonts(pdf: pikepdf.Pdf) -> set[tuple[str, bool]]:
    """Name of every font and whether it is embedded."""
    found = set()
    for page in pdf.pages:
        for font in page.resources.get("/Font", {}).values():
            for descendant in font.get("/DescendantFonts", [font]):
                descriptor = descendant.get("/FontDescriptor", {})
                embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
                found.add((str(font.BaseFont).partition("+")[2], embedded))
    return found


def test_fonts_are_ours_and_embedded(coursework_pdf: pikepdf.Pdf) -> None:
    found = fonts(coursework_pdf)
    assert len(found) >= 5
    for name, embedded in found:
        assert name.startswith(("Source-Sans-3", "Source-Serif-4", "Source-Code-Pro")), name
        assert embedded, name


def test_every_script_of_the_report_is_in_our_fonts(whole: Written, whole_pdf: pikepdf.Pdf) -> None:
    found = fonts(whole_pdf)
    assert all(embedded for _, embedded in found)
    assert {name.partition("-")[0] for name, _ in found} == {"Source"}
    for subset in ("greek", "cyrillic", "latin-ext"):
        for family in ("Source-Sans-3", "Source-Serif-4"):
            assert any(name.startswith(f"{family}-{subset}") for name, _ in found), (family, subset)
    assert whole.rendered.warnings == ()


@dataclass(frozen=True)
class Word:
    """A word of a page with its box, in points from the top left."""

    page: int
    text: str
    box: tuple[float, float, float, float]


def words(path: Path) -> tuple[list[Word], list[tuple[float, float]]]:
    """The words of a PDF, and the sizes of its pages."""
    text = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True, text=True
    ).stdout
    found: list[Word] = []
    sizes: list[tuple[float, float]] = []
    for line in text.splitlines():
        page = re.search(r'<page width="([\d.]+)" height="([\d.]+)"', line)
        if page:
            sizes.append((float(page[1]), float(page[2])))
        word = re.search(r'xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*)</word>', line)
        if word:
            box = (float(word[1]), float(word[2]), float(word[3]), float(word[4]))
            found.append(Word(len(sizes), word[5], box))
    return found, sizes


def outside(found: Sequence[Word], sizes: Sequence[tuple[float, float]]) -> list[Word]:
    """Words that leave the page, or come nearer to its edge than 10 mm."""
    near = 28.0
    return [
        word
        for word in found
        for width, height in [sizes[word.page - 1]]
        if word.box[0] < near
        or word.box[1] < near
        or word.box[2] > width - near
        or word.box[3] > height - near
    ]


def overlaps(found: Sequence[Word]) -> list[tuple[Word, Word]]:
    """Pairs of words on a page whose cores lie on each other."""
    pairs = []
    by_page: dict[int, list[Word]] = {}
    for word in found:
        by_page.setdefault(word.page, []).append(word)
    for group in by_page.values():
        cores = [(w, *_core(w.box)) for w in group]
        for place, (one, left, top, right, bottom) in enumerate(cores):
            for other, left2, top2, right2, bottom2 in cores[place + 1 :]:
                if left < right2 and left2 < right and top < bottom2 and top2 < bottom:
                    pairs.append((one, other))
    return pairs


def _core(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The middle half of a box in height, nearly all of its width."""
    left, top, right, bottom = box
    inset = min(0.5, (right - left) / 4)
    return left + inset, top + (bottom - top) / 4, right - inset, bottom - (bottom - top) / 4


@needs_poppler
def test_no_text_leaves_the_page_or_lies_on_other_text(tmp_path: Path) -> None:
    written = write(invented.single(samples.record(), title="A title of some length, " * 8), tmp_path)
    found, sizes = words(written.pdf)
    assert len(found) > 500
    assert not outside(found, sizes)
    assert not overlaps(found)


@needs_poppler
@pytest.mark.parametrize("classes", [2, 26])
def test_few_and_many_classes_fit_on_letter_paper(tmp_path: Path, classes: int) -> None:
    written = write(invented.single(invented.letters(classes), paper="letter"), tmp_path)
    found, sizes = words(written.pdf)
    assert set(sizes) == {(612.0, 792.0)}
    assert not outside(found, sizes)
    assert not overlaps(found)


@needs_poppler
def test_the_text_can_be_found(coursework: Written) -> None:
    text = subprocess.run(
        ["pdftotext", str(coursework.pdf), "-"], capture_output=True, check=True, text=True
    ).stdout
    flat = " ".join(text.split())
    _, results, _ = samples.coursework(failed=True)
    for result in results:
        assert result.row.title in flat
        if result.record is not None:
            assert f"{100 * result.record.evaluation['test']['accuracy']:.2f}" in flat
    assert "This run failed." in flat
    assert f"2 of {len(pikepdf.open(coursework.pdf).pages)}" in flat


@needs_poppler
def test_an_experiment_takes_one_page(coursework: Written) -> None:
    found = words(coursework.pdf)[0]
    pages = {
        word: [w.page for w in found if w.text == word] for word in ("Hyper-parameters", "Learning", "Most")
    }
    assert len(pages["Hyper-parameters"]) == 5
    assert set(pages["Hyper-parameters"]) <= set(pages["Most"]) & set(pages["Learning"])


@needs_poppler
def test_a_comment_of_sixty_words_stays_on_the_page(tmp_path: Path) -> None:
    written = write(invented.single(samples.record()), tmp_path)
    found = words(written.pdf)[0]
    (start,) = [w.page for w in found if w.text == "Hyper-parameters"]
    assert [w.page for w in found if w.text == "Comment"] == [start]
    assert [w.page for w in found if w.text == "once."][-1] == start


def test_nothing_was_warned_of(coursework: Written) -> None:
    ours = [text for text in coursework.rendered.warnings if "harfbuzz" not in text.lower()]
    assert ours == []


def test_letters_of_every_subset_keep_their_font(tmp_path: Path) -> None:
    written = write(invented.single(samples.record(), title="Łódź, αβγ, Жук"), tmp_path)
    with pikepdf.open(written.pdf) as pdf:
        names = {name for name, _ in fonts(pdf)}
    for subset in ("latin-ext", "greek", "cyrillic"):
        assert any(subset in name for name in names), (subset, names)
    assert not [text for text in written.rendered.warnings if "characters" in text]


def test_another_script_is_set_with_a_warning(tmp_path: Path) -> None:
    written = write(invented.single(samples.record(), title="漢字"), tmp_path)
    assert any("字漢" in text or "漢字" in text for text in written.rendered.warnings)


def test_two_renders_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    one = write(invented.single(samples.record()), tmp_path / "one")
    monkeypatch.chdir(tmp_path)
    two = write(invented.single(samples.record()), tmp_path / "two")
    assert one.pdf.read_bytes() == two.pdf.read_bytes()
    assert one.html == two.html
    import os

    assert "SOURCE_DATE_EPOCH" not in os.environ


def test_its_date_is_the_epoch(coursework_pdf: pikepdf.Pdf) -> None:
    assert coursework_pdf.docinfo["/CreationDate"] == "D:20260921141320Z"


DOCUMENT = '<html lang="en"><head><title>t</title>{head}</head><body>{body}</body></html>'
WAYS_TO_FETCH = [
    ("", '<img src="http://127.0.0.1:9/x.png" alt="x">'),
    ("", '<img src="file:///etc/hostname" alt="x">'),
    ("", '<img src="FILE:///etc/hostname" alt="x">'),
    ("", '<img src="mem:unknown" alt="x">'),
    ("", '<img src="mem:../../etc/hostname" alt="x">'),
    ("", '<img src="data:image/svg+xml,%3Csvg%3E%3C/svg%3E" alt="x">'),
    ("", '<object data="http://127.0.0.1:9/x">x</object>'),
    ('<link rel="stylesheet" href="http://127.0.0.1:9/x.css">', "x"),
    ("<style>@import url(http://127.0.0.1:9/x.css)</style>", "x"),
    (
        "<style>@font-face{font-family:a;src:url(http://127.0.0.1:9/x.woff2)}p{font-family:a}</style>",
        "<p>x</p>",
    ),
    ("<style>body{background:url(http://127.0.0.1:9/x.png)}</style>", "x"),
    ('<link rel="attachment" href="file:///etc/hostname">', "x"),
    ("", '<img src="mem:nested.svg" alt="x">'),
]


@pytest.mark.parametrize(("head", "body"), WAYS_TO_FETCH)
def test_nothing_but_the_report_s_own_files_is_fetched(head: str, body: str) -> None:
    nested = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="http://127.0.0.1:9/x.png" width="9" height="9"/></svg>'
    with pytest.raises(RenderError):
        pdf_bytes(
            DOCUMENT.format(head=head, body=body),
            "",
            {"nested.svg": Asset(nested, "image/svg+xml")},
            epoch=EPOCH,
        )


def test_its_own_files_are_served() -> None:
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    )
    content, _ = pdf_bytes(
        DOCUMENT.format(head="", body='<img src="mem:a.svg" alt="a square">'),
        "",
        {"a.svg": Asset(drawing, "image/svg+xml")},
        epoch=EPOCH,
    )
    assert content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://example.org/",
        "mem:b",
        "data:,x",
        "a.svg",
        "",
        "data:image/png;base64,AAAA",
        "data:image/png;base64,=",
        "data:image/svg+xml;base64,iVBORw0KGgo=",
    ],
)
def test_the_fetcher_refuses_whatever_is_not_in_its_table(address: str) -> None:
    from weasyprint.urls import FatalURLFetchingError

    fetcher = make_fetcher({"a.svg": Asset(b"<svg/>", "image/svg+xml")})
    assert fetcher("mem:a.svg").read() == b"<svg/>"
    with pytest.raises(FatalURLFetchingError):
        fetcher(address)


def test_a_picture_within_a_figure_is_served() -> None:
    assert make_fetcher({})("data:image/png;base64,\niVBORw0K\nGgo=").read() == b"\x89PNG\r\n\x1a\n"


class _NoPango(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Lets the import of WeasyPrint fail as it does where Pango is missing."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return importlib.machinery.ModuleSpec(name, self) if name == "weasyprint" else None

    def create_module(self, spec: Any) -> ModuleType:
        print("WeasyPrint could not import some external libraries.")
        raise OSError("cannot load library 'libgobject-2.0-0'")

    def exec_module(self, module: ModuleType) -> None: ...


def test_without_pango_the_html_is_whole_and_one_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [_NoPango(), *sys.meta_path])
    with pytest.raises(PangoMissing) as caught:
        write(invented.single(samples.record()), tmp_path)
    assert isinstance(caught.value, EnvironmentFault) and caught.value.exit_code == 4
    assert len(str(caught.value).splitlines()) == 2
    assert (tmp_path / "report.html").read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert not (tmp_path / "report.pdf").exists()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("system", "release", "word"),
    [
        ("Linux", {"ID": "ubuntu", "ID_LIKE": "debian"}, "apt"),
        ("Linux", {"ID": "debian"}, "apt"),
        ("Linux", {"ID": "rocky", "ID_LIKE": "rhel centos fedora"}, "dnf"),
        ("Linux", {"ID": "arch"}, "package manager"),
        ("Darwin", {}, "brew"),
        ("Windows", {}, "winget"),
    ],
)
def test_the_remedy_is_that_of_the_system(system: str, release: dict[str, str], word: str) -> None:
    assert word in pango_remedy(system_family(system, release))
