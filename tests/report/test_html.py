"""The HTML file: whole, safe, asks for nothing, in order."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from reportgen.errors import RenderError
from reportgen.experiments.schema import Author, Section
from reportgen.report.assets import built_in
from reportgen.report.render import render
from reportgen.results import Failure
from tests import samples
from tests.report import invented
from tests.report.conftest import EPOCH, Page, Written, write

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)> \' onmouseover="x" </title></style>{{ 7*7 }} & /*style*/'


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """A report whose every text tries to break out."""
    classes = [f"{HOSTILE[:18]}{n}" for n in range(3)]
    record = samples.record(layers=samples.mlp_layers(classes=3), class_names=classes, dataset=HOSTILE)
    record = replace(
        record,
        optimizer={"name": HOSTILE, "settings": {HOSTILE: HOSTILE}},
        loss={"name": HOSTILE, "settings": {}},
        environment={**record.environment, "cpu": HOSTILE},
    )
    rows = [samples.row("one", title=HOSTILE, comment=HOSTILE), samples.row("two", title=HOSTILE + "2")]
    failure = Failure("error", HOSTILE, 1, HOSTILE, 1.0, HOSTILE)
    merged = samples.result(rows[0], "a" * 64, 42, record)
    results = [
        replace(
            merged, runs=(replace(merged.runs[0], owner=HOSTILE, differences=(HOSTILE, f"code {HOSTILE}")),)
        ),
        samples.result(rows[1], "b" * 64, 42, failure=failure),
    ]
    sections = [
        Section(
            id=kind,
            kind=kind,
            title=HOSTILE,
            question=HOSTILE,
            text=HOSTILE,
            introduction=HOSTILE,
            conclusion=HOSTILE,
        )
        for kind in ("algorithm", "complexity", "comparison", "prose")
    ] + [Section(id="raw", title=HOSTILE, question=HOSTILE, introduction=HOSTILE, conclusion=HOSTILE)]
    triple = invented.triple(sections, rows, results, title=HOSTILE[:150], subtitle=HOSTILE, course=HOSTILE,
                             authors=[Author(name=HOSTILE, id=HOSTILE)])  # fmt: skip
    experiments, results_, provenance = triple
    provenance = replace(provenance, command=HOSTILE, commit=HOSTILE, version=HOSTILE)
    return write((experiments, results_, provenance), tmp_path_factory.mktemp("hostile"), pdf=False)


def test_foreign_text_is_only_ever_text(hostile: Written) -> None:
    page = hostile.page
    assert not page.unclosed
    assert len(page.all("script")) == 1
    assert not page.all("img")
    assert hostile.html.count("</title>") == 1 + len(re.findall(r"<svg", hostile.html))
    for element in page.elements:
        assert not [name for name in element.attributes if name.startswith("on")], element
    assert "49" not in page.text().split()
    assert "{{ 7*7 }}" in page.text()


def test_every_font_stands_once(hostile: Written) -> None:
    faces = re.findall(r"@font-face\{[^}]*\}", hostile.html)
    assert len(faces) == len(set(faces)) > 3


def test_tags_close_in_order(coursework: Written) -> None:
    assert not coursework.page.unclosed


def test_ids_are_unique_and_every_link_inside_leads_somewhere(coursework: Written) -> None:
    ids = [e.attributes["id"] for e in coursework.page.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    targets = {
        e.attributes["href"][1:] for e in coursework.page.all("a") if e.attributes["href"].startswith("#")
    }
    assert targets and targets <= set(ids)
    for attribute in ("aria-labelledby", "data-table"):
        assert {
            e.attributes[attribute] for e in coursework.page.elements if attribute in e.attributes
        } <= set(ids)


def test_one_h1_and_no_level_skipped(coursework: Written) -> None:
    levels = [int(e.tag[1]) for e in coursework.page.elements if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_headings_of_the_authors_fit_in(tmp_path: Path) -> None:
    text = "# One\n\n### Two\n\nwords"
    experiments, results, provenance = samples.coursework()
    sections = [
        s.model_copy(update={"question": text, "introduction": text, "text": text, "conclusion": text})
        for s in experiments.file.section
    ]
    rows = tuple(replace(row, comment=text) for row in experiments.rows)
    results = tuple(replace(r, row=row) for r, row in zip(results, rows, strict=True))
    file = experiments.file.model_copy(update={"section": sections})
    written = write((replace(experiments, file=file, rows=rows), results, provenance), tmp_path, pdf=False)
    levels = [int(e.tag[1]) for e in written.page.elements if re.fullmatch(r"h[1-6]", e.tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_nothing_is_asked_of_the_network(coursework: Written) -> None:
    for element in coursework.page.elements:
        assert element.tag not in (
            "link",
            "iframe",
            "object",
            "embed",
            "base",
            "form",
            "audio",
            "video",
            "source",
        )
        for name in ("src", "srcset", "data", "poster", "background", "xlink:href", "action"):
            assert element.attributes.get(name, "#").startswith("#"), element
    assert "src" not in coursework.page.all("script")[0].attributes
    style = "".join(text for path, text in coursework.page.texts if path and path[-1] == "style")
    assert "@import" not in style
    assert all(address.startswith("data:font/woff2") for address in re.findall(r"url\(([^)]*)\)", style))
    for address in re.findall(r"url\(([^)]*)\)", coursework.html.replace(style, "")):
        assert address.startswith("#")


def test_the_policy_allows_the_one_script_and_nothing_else(coursework: Written) -> None:
    (meta,) = [e for e in coursework.page.all("meta") if e.attributes.get("http-equiv")]
    policy = meta.attributes["content"]
    script = coursework.html.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe-eval" not in policy and "http" not in policy


def test_a_skip_link_a_main_and_named_navigation(coursework: Written) -> None:
    links = coursework.page.all("a")
    assert links[0].attributes["class"] == "skip" and links[0].attributes["href"] == "#main"
    assert [e.attributes["id"] for e in coursework.page.all("main")] == ["main"]
    navs = coursework.page.all("nav")
    assert len(navs) == 2
    assert all("aria-label" in nav.attributes or "aria-labelledby" in nav.attributes for nav in navs)
    assert coursework.page.all("html")[0].attributes["lang"] == "en"


def test_every_table_has_a_caption_and_scopes(coursework: Written) -> None:
    assert len(coursework.page.all("caption")) == len(coursework.page.all("table"))
    assert all(
        th.attributes.get("scope") in ("row", "col", "rowgroup", "colgroup")
        for th in coursework.page.all("th")
    )


def test_every_drawing_states_its_finding(coursework: Written) -> None:
    drawings = re.findall(r"<svg[^>]*>\s*<title id=\"[^\"]+\">([^<]*)</title>", coursework.html)
    assert len(drawings) == coursework.html.count("<svg")
    assert all(len(title) > 0 for title in drawings)


def test_a_filter_has_a_label_and_a_status(tmp_path: Path) -> None:
    page = write(invented.labo(), tmp_path, pdf=False).page
    assert [e.attributes["role"] for e in page.all("output")] == ["status"]
    assert any(path[-1:] == ("label",) and "Show only" in text for path, text in page.texts)
    rows = [e for e in page.all("tr") if "data-row" in e.attributes]
    assert len(rows) > 24


def test_a_filter_finds_a_row_by_its_chapter_notebook_data_and_id(coursework: Written) -> None:
    rows = {e.attributes["data-row"]: e for e in coursework.page.all("tr") if "data-words" in e.attributes}
    assert len(rows) == 6
    words = rows["fashion-25"].attributes["data-words"]
    assert words == "fashion-25 clothes Clothing fashion_cnn fashion_mnist Fashion-MNIST"
    assert "Raw pixels raw_mlp" in rows["raw-150"].attributes["data-words"]


def test_a_matrix_names_its_axes(coursework: Written) -> None:
    axes = [text for path, text in coursework.page.texts if "th" in path[-2:] and text == "Predicted class"]
    assert len(axes) == 5  # one for each page with a result


def test_a_caption_can_stay_in_view(coursework: Written) -> None:
    inside = [e for e in coursework.page.all("span") if e.path[-1:] == ("caption",)]
    assert len(inside) == sum(
        "hidden" not in e.attributes.get("class", "") for e in coursework.page.all("caption")
    )


def test_it_reads_without_the_script(coursework: Written) -> None:
    text = coursework.page.text()
    assert (
        "This run failed." in text
        and "the kernel was killed (SIGKILL)" in text
        and "try fewer --jobs" in text
    )
    assert "150 tanh units, no dropout" in text
    assert not [e for e in coursework.page.elements if "hidden" in e.attributes]


def test_records_decide_every_number(coursework: Written) -> None:
    _, results, _ = samples.coursework(failed=True)
    text = coursework.page.text()
    for result in results:
        if result.record is not None:
            assert f"{100 * result.record.evaluation['test']['accuracy']:.2f}" in text


def test_the_same_input_gives_the_same_bytes(coursework: Written, tmp_path: Path) -> None:
    again = write(samples.coursework(failed=True), tmp_path, pdf=False)
    assert again.html == coursework.html


def _templates(tmp_path: Path, name: str, old: str, new: str) -> Path:
    """The built-in templates with one change, as somebody else's."""
    folder = tmp_path / "templates"
    shutil.copytree(built_in("templates"), folder)
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def _render(templates: Path, out: Path, pdf: bool = False) -> str:
    rendered = render(
        *invented.single(samples.record()),
        out=out,
        templates=templates,
        figure_cache=out / "figures",
        epoch=EPOCH,
        pdf=pdf,
    )
    return rendered.html.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "attack",
    ["{{ report.__class__.__mro__ }}", "{{ m.__init__.__globals__ }}", "{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}"],
)  # fmt: skip
def test_templates_of_others_run_in_the_sandbox(tmp_path: Path, attack: str) -> None:
    folder = _templates(tmp_path, "sections/00_cover.html.j2", "</header>", attack + "</header>")
    with pytest.raises(RenderError, match="template"):
        _render(folder, tmp_path / "out")


def test_a_folder_of_templates_may_hold_only_what_it_changes(tmp_path: Path) -> None:
    folder = tmp_path / "own" / "sections"
    folder.mkdir(parents=True)
    (folder / "10_contents.html.j2").write_text("<p>{{ report.title }}, no contents</p>", encoding="utf-8")
    text = Page(_render(folder.parent, tmp_path / "out")).text()
    assert "classifiers, no contents" in text
    assert "Reproducibility" in text


def test_an_unknown_name_in_a_template_is_an_error(tmp_path: Path) -> None:
    folder = _templates(tmp_path, "sections/00_cover.html.j2", "</header>", "{{ nothing }}</header>")
    with pytest.raises(RenderError, match="nothing"):
        _render(folder, tmp_path / "out")


def test_an_old_pdf_is_kept_and_the_html_written_when_the_pdf_cannot_be(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.pdf").write_bytes(b"old")
    folder = _templates(
        tmp_path,
        "sections/00_cover.html.j2",
        "</header>",
        '<img src="file:///etc/hostname" alt="x"></header>',
    )
    with pytest.raises(RenderError, match="may not"):
        _render(folder, out, pdf=True)
    assert (out / "report.pdf").read_bytes() == b"old"
    assert "At a glance" in Page((out / "report.html").read_text(encoding="utf-8")).text()
    assert not list(out.glob(".report*"))


def test_a_note_does_not_run_on_from_the_number_of_its_table(tmp_path: Path) -> None:
    # So few errors that pairs of classes tie: the table of pairs has a note.
    made = write(invented.single(samples.record(n_test=60, accuracy=0.8)), tmp_path, pdf=False)
    captions = re.findall(r"<caption>(.*?)</caption>|<p class=\"note\">(.*?)</p>", made.html, re.S)
    texts = [" ".join(re.sub(r"<[^>]*>", " ", "".join(caption)).split()) for caption in captions]
    notes = re.findall(r'<p class="note">(.*?)</p>', made.html, re.S)
    assert any("As many as the last" in text for text in [*texts, *notes])
    assert [text for text in texts if re.search(r"Table \d+ \w", text)] == []


def test_tables_figures_and_equations_are_numbered_as_they_are_printed(whole: Written) -> None:
    found = {
        "table": re.findall(r'id="table-(\d+)"', whole.html),
        "figure": re.findall(r"<figcaption>(?:(?!</figcaption>).)*?Figure (\d+)", whole.html),
        "equation": re.findall(r'<span class="number">\((\d+)\)', whole.html),
    }
    for kind, numbers in found.items():
        assert list(map(int, numbers)) == list(range(1, len(numbers) + 1)), kind
