"""Live numbers and claims that name the row a stage keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from reportgen.errors import InputError
from reportgen.experiments.resolved import Row
from reportgen.prose.judging import judge_all
from reportgen.prose.live import fill
from reportgen.prose.names import Scope
from reportgen.prose.values import values_of
from reportgen.records import Record
from reportgen.results import Failure
from tests.staged import made, staged

FILE = """\
[report]
title = "x"
[[section]]
id = "rows"
notebook = "mlp"
conclusion = '''{text}'''
[[section]]
id = "comparison"
kind = "comparison"
[[sweep]]
id = "width"
section = "rows"
grid = {{ hidden_units = [[50], [100]] }}
[[sweep]]
id = "size"
section = "rows"
from = "best:width"
grid = {{ batch_size = [16, 64] }}
[[claim]]
id = "says"
text = "It does."
expression = "{claim}"
"""
CLAIM = "row('width-50').total_params > 1000"


def make(row: Row, seed: int) -> Record | Failure:
    """The narrower the better by validation, the worse by test; the second stage is not made."""
    if row.parameters["batch_size"] == 16:
        return Failure("not-run", "later")
    wide = row.parameters["hidden_units"] == [100]
    return made(row, range(120 if wide else 10), range(10 if wide else 120), seed)


def printed(text: str, folder: Path) -> str:
    experiments, results, _ = staged(FILE.format(text=text, claim=CLAIM), make, folder)
    return fill(text, values_of(experiments, results), Scope(section="rows")).plain.replace("\u00a0", " ")


def test_best_of_a_stage_is_the_row_that_it_keeps(tmp_path: Path) -> None:
    text = "{{ best('width').title }}: {{ best('width').validation_accuracy }}, {{ best('width').test_accuracy }}"
    assert printed(text, tmp_path) == "hidden units 50: 97.50 %, 70.00 %"
    by_id = text.replace("best('width')", "row('width-50')")
    assert printed(by_id, tmp_path) == printed(text, tmp_path)


def test_best_alone_stays_the_best_of_the_chapter(tmp_path: Path) -> None:
    assert (
        printed("{{ best.title }} {{ section('rows').best.total_params }}", tmp_path)
        == "hidden units 50 39 760"
    )


def test_an_undecided_stage_is_a_dash_and_no_condition_on_it_holds(tmp_path: Path) -> None:
    text = "{{ best('size').title }} {{ best('size').test_accuracy | percent(1) }}"
    assert printed(text, tmp_path) == "– –"
    condition = "{% if best('size').test_accuracy > 0.5 %}yes{% else %}no{% endif %}"
    assert printed(condition, tmp_path) == "no"


@pytest.mark.parametrize(
    ("text", "said", "remedy"),
    [
        ("{{ best('widht').title }}", 'there is no stage "widht"', 'did you mean "width"?'),
        ("{{ best('rows').title }}", 'there is no stage "rows"', "write section('rows').best"),
        ("{{ best('width').titel }}", 'has no "titel"', 'did you mean "title"?'),
        ("{{ best('width') }}", "is no number", "ask for one"),
        ("{{ best('width', 'size').title }}", "has too many ids", "write best('...')"),
    ],
)
def test_what_no_stage_has_is_refused_with_its_line(
    text: str, said: str, remedy: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as caught:
        staged(FILE.format(text=text, claim=CLAIM), make, tmp_path)
    (problem,) = caught.value.problems
    assert said in problem.message and remedy in problem.remedy and problem.line == 6


def test_the_comment_of_a_stage_is_checked_and_may_name_the_chapters_best(tmp_path: Path) -> None:
    text = FILE.format(text="x", claim=CLAIM).replace(
        'id = "width"', 'id = "width"\ncomment = "{{ this.title }}"'
    )
    with pytest.raises(InputError) as caught:
        staged(text, make, tmp_path)
    assert '"this" is the row of a comment' in caught.value.problems[0].message
    staged(text.replace("this.title", "best.title"), make, tmp_path)


def test_a_claim_on_the_row_kept_is_judged_as_on_that_row(tmp_path: Path) -> None:
    claim = "best('width').validation_accuracy > row('width-100').validation_accuracy"
    experiments, results, _ = staged(FILE.format(text="x", claim=claim), make, tmp_path)
    assert [judged.status for judged in judge_all(experiments, results)] == ["supported"]
    other = claim.replace("'width'", "'size'")
    experiments, results, _ = staged(FILE.format(text="x", claim=other), make, tmp_path)
    assert [judged.status for judged in judge_all(experiments, results)] == ["no result"]
