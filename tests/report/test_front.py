"""Cover, contents, glance, the parts of the comparison and the appendix, as the view holds them."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from reportgen import language
from reportgen.datasets.dataset import Picture
from reportgen.datasets.pictures import Images
from reportgen.experiments.schema import Author, Claim, Section
from reportgen.figures.catalogue import FIGURES
from reportgen.prose.judging import Judged, Status
from reportgen.report.claim_words import NAMED, claims_outcome
from reportgen.report.cover import written_date
from reportgen.report.view import Report, report_view
from tests import samples, scale
from tests.report import invented
from tests.report.conftest import EPOCH, Written, write
from tests.report.invented import Triple
from tests.report.test_view import draw


def view(triple: Triple) -> Report:
    return report_view(*triple, draw=draw, epoch=EPOCH)


def below(report: Report, title: str) -> list[str]:
    """What the contents list under a chapter."""
    (entry,) = [entry for entry in report.contents if entry.place.title == title]
    return [each.place.title for each in entry.below]


def test_the_contents_list_every_part_with_a_number_of_its_own() -> None:
    report = view(invented.labo())
    networks = below(report, "Model complexity")
    assert networks[-1] == "Accuracy against cost" and len(networks) > 10
    assert below(report, "Comparison of all experiments") == [
        "Ranking", "MNIST: scores, curves and errors", "Fashion-MNIST: scores, curves and errors",
        "How sure the networks are", "Published figures beside ours",
    ]  # fmt: skip
    places = [each.place for entry in report.contents for each in (entry, *entry.below)]
    numbers = [place.number for place in places if place.number]
    assert len(set(numbers)) == len(numbers) and len({place.anchor for place in places}) == len(places)
    assert report.contents_style == "long"
    assert view(samples.coursework()).contents_style == ""


def test_the_headings_of_the_page_are_those_of_the_contents(coursework: Written) -> None:
    page = coursework.page
    ids = {element.attributes.get("id") for element in page.elements}
    links = [e.attributes["href"][1:] for e in page.all("a") if "nav" in e.path and "href" in e.attributes]
    assert len(links) > 10 and set(links) <= ids


def pages(path: Path) -> list[str]:
    """The running head of each page is the first text on it; here the headings in the outline by page."""
    with pikepdf.open(path) as pdf:
        places = {page.objgen: number for number, page in enumerate(pdf.pages)}
        found = [""] * len(pdf.pages)
        with pdf.open_outline() as outline:
            for item in outline.root:
                target = item.destination
                assert target is not None
                found[places[target[0].objgen]] = str(item.title)
    return found


def test_the_contents_of_120_rows_take_two_pages_and_the_glance_one(tmp_path: Path) -> None:
    experiments, results, provenance = scale.coursework(120)
    sections = [
        section.model_copy(update={"pages": "none"}) if section.kind == "experiments" else section
        for section in experiments.file.section
    ]
    file = experiments.file.model_copy(update={"section": sections})
    triple = (dataclasses.replace(experiments, file=file), results, provenance)
    heads = pages(write(triple, tmp_path).pdf)
    first, glance = heads.index("Contents"), heads.index("At a glance")
    following = next(number for number in range(glance + 1, len(heads)) if heads[number])
    assert first == 1 and 1 <= glance - first <= 2 and following == glance + 1


def test_a_data_set_with_one_row_is_not_set_beside_itself() -> None:
    report = view(invented.single(samples.record()))
    chapter = report.chapters[-1]
    assert chapter.comparison is not None and chapter.comparison.beside == ()
    assert report.glance.figure is None and report.chapters[1].costs is None
    assert below(report, "Comparison of all experiments") == ["Ranking", "How sure the networks are"]


def two_rows() -> Triple:
    rows = [samples.row("one"), samples.row("two", title="Another")]
    results = [
        samples.result(row, str(number) * 64, 42, samples.record(seed=number, accuracy=0.9 + number / 100))
        for number, row in enumerate(rows, 1)
    ]
    sections = [Section(id="raw"), Section(id="comparison", kind="comparison")]
    return invented.triple(sections, rows, results)


def test_two_rows_have_bars_curves_and_a_difference_and_a_word_for_missing_images() -> None:
    report = view(two_rows())
    assert report.chapters[1].comparison is not None
    (part,) = report.chapters[1].comparison.beside
    compared = [kind.name for kind in FIGURES if kind.caption is not None]
    assert compared[:2] == ["accuracy_bars", "top_curves"]
    assert [figure.drawing.name for figure in part.figures] == [*compared, "matrix_difference"]
    records = [result.record for result in two_rows()[1]]
    wrong = np.logical_and.reduce([r.test.y_pred != r.test.y_true for r in records if r is not None]).sum()
    assert wrong and f"{wrong} of " in part.sentences[2] and "by every one of 2 rows" in part.sentences[2]
    assert part.sentences[-1] == "The images of MNIST are not at hand, so that none is shown here."


def test_items_that_all_misread_are_shown_where_their_images_are_at_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def shown(images: Images, data: str, part: str, places: list[int]) -> tuple[Picture, ...]:
        blank = np.zeros((28, 28, 1), np.uint8)
        return tuple(Picture(data, "test", place, 0, blank) for place in places)

    monkeypatch.setattr(Images, "pictures", shown)
    comparison = view(two_rows()).chapters[1].comparison
    assert comparison is not None
    (part,) = comparison.beside
    assert part.figures[-1].drawing.name == "shared_mistakes"
    assert not any("not at hand" in sentence for sentence in part.sentences)


def test_captions_of_figures_take_three_lines_at_most() -> None:
    chapter = view(invented.labo()).chapters[6]
    assert chapter.comparison is not None and len(chapter.comparison.beside) == 2
    for part in chapter.comparison.beside:
        assert all(len(figure.caption) < 300 for figure in part.figures)
    assert chapter.comparison.ranking is not None and "below" in chapter.comparison.ranking.style


def judged(status: Status, number: int) -> Judged:
    claim = Claim(id=f"claim-{number}", text=f"Claim number {number} " + "long " * 60, expression="1 < 2")
    return Judged(claim, status, "", {})


def test_many_claims_are_counted_and_those_not_supported_quoted() -> None:
    statuses: tuple[tuple[Status, int], ...] = (
        ("supported", 30), ("not supported", 6), ("undecided", 1), ("no result", 1),
    )  # fmt: skip
    claims = [judged(status, n) for status, count in statuses for n in range(count)]
    counted, against = claims_outcome(claims)
    assert (
        counted == "Of 38 claims of the authors, 30 supported, 6 not supported, 1 undecided and 1 no result."
    )
    assert against.count("“Claim number") == NAMED and against.endswith("; 2 more.")
    assert len(against) < 600
    assert claims_outcome([judged("supported", 1)]) == ("The results support the one claim of the authors.",)


@pytest.mark.parametrize(
    ("code", "day", "written"),
    [
        ("en", 1, "1 November 2026"),
        ("en", 20, "20 November 2026"),
        ("fr", 20, "20 novembre 2026"),
        ("fr", 1, "1er novembre 2026"),
    ],
)
def test_dates_are_words_of_the_language(code: str, day: int, written: str) -> None:
    with language.use(code):
        assert written_date(datetime.date(2026, 11, day)) == written


@pytest.mark.parametrize(
    ("authors", "byline"), [([], "les auteurs"), ([Author(name="Ada"), Author(name="Bo")], "Ada et Bo")]
)
def test_the_byline_speaks_french(authors: list[Author], byline: str) -> None:
    triple = invented.triple(
        [Section(id="end", kind="prose", text="x")], [], [], authors=authors, language="fr"
    )
    with language.use("fr"):
        report = view(triple)
    assert report.chapters[0].byline == byline
    assert [entry.place.title for entry in report.contents] == ["En bref", "Remarques", "Reproductibilité"]


@pytest.mark.parametrize(("length", "size"), [(40, ""), (90, "long"), (190, "longer")])
def test_a_long_title_is_set_smaller(length: int, size: str) -> None:
    title = ("words " * 40)[:length].strip() + "x"
    assert view(invented.triple([Section(id="raw")], [], [], title=title)).cover.size == size


def test_facts_that_would_meet_the_title_follow_it() -> None:
    authors = [Author(name=f"Person number {n} with a name", id="e-mail@example.org") for n in range(60)]
    title = "A long title of the report " * 7
    assert view(invented.triple([Section(id="raw")], [], [], title=title, authors=authors)).cover.flowing
    assert not view(invented.labo()).cover.flowing


def test_no_author_leaves_no_gap() -> None:
    names = [name for name, _ in view(invented.triple([Section(id="raw")], [], [], authors=[])).cover.facts]
    assert names == ["Date", "Experiments", "Revision"]


SECRETS = ("/srv/ada", "ada-laptop", "canary", "s3cret")


def test_the_appendix_holds_no_path_no_host_and_no_variable() -> None:
    record = samples.record()
    planted = {"HOME": "/srv/ada", "hostname": "ada-laptop", "user": "ada-laptop", "TOKEN": "canary s3cret"}
    record = dataclasses.replace(record, environment={**record.environment, **planted})
    experiments, results, provenance = invented.single(record)
    found = tuple(dataclasses.replace(each, folder=Path("/srv/ada/data")) for each in provenance.data)
    report = view(
        (
            dataclasses.replace(experiments, name="/srv/ada/lab/experiments.toml"),
            results,
            dataclasses.replace(provenance, data=found),
        )
    )
    said = repr(report.appendix) + repr(report.cover)
    assert "experiments.toml" in said
    assert not [secret for secret in SECRETS if secret in said]


def test_the_appendix_says_when_runs_began_and_ended() -> None:
    record = samples.record()
    times = dataclasses.replace(record.times, started="2026-11-20T23:59:30+00:00", total=45.0)
    report = view(invented.single(dataclasses.replace(record, times=times)))
    assert report.appendix.runs is not None
    (line,) = report.appendix.runs.table.rows
    assert [cell.text for cell in line.cells[2:4]] == ["2026-11-20 23:59:30", "2026-11-21 00:00:15"]
    said = repr(report.appendix.project)
    assert "the first began on 2026-11-20 23:59, the last ended on 2026-11-21 00:00 (UTC)" in said


def test_the_data_are_named_by_their_digests() -> None:
    report = view(invented.labo())
    assert report.appendix.data is not None
    said = repr(report.appendix.data)
    assert "ab" * 32 in said and "MNIST, from a folder" in said


def test_claims_of_a_quick_run_are_not_judged() -> None:
    quick = [judged("not judged", n) for n in range(3)]
    assert claims_outcome(quick) == ("The 3 claims of the authors are not judged: a quick run is no result.",)
