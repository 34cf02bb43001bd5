"""Live numbers: what is printed, where it comes from, and that a template can do nothing else."""

from __future__ import annotations

import dataclasses
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen import language
from reportgen.experiments.schema import Contrast, Published
from reportgen.prose.live import Filled, fill
from reportgen.prose.names import Scope
from reportgen.prose.template import template_faults
from reportgen.prose.values import values_of
from reportgen.records import Stopped
from reportgen.report.markdown import plain, prose
from tests import samples
from tests.prose.courseworks import coursework, values

RAW = Scope(section="raw")
CONTRAST = Contrast(id="size", title="Does size matter?", rows=["raw-150", "raw-300"])


def printed(text: str, scope: Scope = RAW) -> str:
    return fill(text, values(), scope).plain.replace("\u00a0", " ")


def accuracy(row: str) -> float:
    """From the predictions themselves."""
    _, results = coursework()
    record = next(result.record for result in results if result.row.id == row)
    assert record is not None
    return float((record.test.y_true == record.test.y_pred).mean())


def test_a_text_without_templates_is_left_as_it_is() -> None:
    text = "100 % of $x_{1}$ and `{ {x} }`"
    assert fill(text, values(), RAW) == Filled(text)


def test_each_kind_of_number_has_its_own_rounding() -> None:
    assert printed("{{ row('raw-250').total_params }}") == "198 760"
    assert printed("{{ row('raw-250').test_accuracy }}") == f"{100 * accuracy('raw-250'):.2f} %"
    assert re.fullmatch(r"0\.\d{3}", printed("{{ row('raw-250').test_loss }}"))
    assert printed("{{ row('raw-250').epochs }}") == "20"
    assert printed("{{ row('raw-250').title }}") == "250 tanh units, no dropout"


def test_filters_change_the_rounding() -> None:
    share = 100 * accuracy("raw-250")
    assert printed("{{ row('raw-250').test_accuracy | percent(1) }}") == f"{share:.1f} %"
    assert printed("{{ row('raw-250').test_accuracy | decimal(4) }}") == f"{share / 100:.4f}"


def test_arithmetic_gives_points_and_ratios() -> None:
    gain = 100 * (accuracy("raw-300") - accuracy("raw-150"))
    text = "{{ row('raw-300').test_accuracy - row('raw-150').test_accuracy }}"
    assert printed(text) == f"{gain:+.2f} points"
    ratio = (784 * 300 + 300 + 3010) / (784 * 150 + 150 + 1510)
    text = "{{ (row('raw-300').total_params / row('raw-150').total_params) | times }}"
    assert printed(text) == f"{ratio:.1f}"


def test_this_is_the_row_of_the_comment() -> None:
    assert printed("{{ this.id }}", Scope("raw-150", "raw")) == "raw-150"


def test_best_is_best_by_validation_not_by_test() -> None:
    experiments, results = coursework()
    records = [result.record for result in results[:3]]
    by_validation = [float((r.validation.y_true == r.validation.y_pred).mean()) for r in records if r]
    place = by_validation.index(max(by_validation))
    best, other = records[place], records[(place + 1) % 3]
    assert best is not None and other is not None
    # The best row by validation becomes the worst on the test set.
    failing = dataclasses.replace(best.test, y_pred=(best.test.y_true + 1) % 10)
    moved = list(results)
    moved[place] = samples.with_record(results[place], dataclasses.replace(best, test=failing))
    numbers = values_of(experiments, moved)
    assert fill("{{ best.id }}", numbers, RAW).plain == results[place].row.id
    assert fill("{{ best.test_accuracy }}", numbers, RAW).plain.startswith("0.00")


def test_the_highest_on_test_says_that_it_is_optimistic() -> None:
    shown = printed("{{ highest_on_test.test_accuracy }}")
    assert "chosen among 3 by its test score: optimistic" in shown


def test_best_of_a_data_set() -> None:
    assert printed("{{ best_of('fashion_mnist').id }}").startswith("fashion-")


def test_a_contrast_can_be_asked_in_both_directions() -> None:
    numbers = values(contrasts=[CONTRAST])
    one = fill("{{ contrast('size', 'raw-150', 'raw-300').difference }}", numbers, RAW).plain
    other = fill("{{ contrast('size', 'raw-300', 'raw-150').difference }}", numbers, RAW).plain
    assert one.replace("−", "+") == other
    assert fill("{{ contrast('size').verdict }}", numbers, RAW).plain in ("lower", "not distinguishable")


def test_a_row_without_a_result_is_marked_and_breaks_nothing() -> None:
    filled = fill(
        "{{ row('raw-250').test_accuracy | percent }}, {{ row('raw-250').test_accuracy - best.test_accuracy }}"
        " {% if row('raw-250').test_accuracy > 0 %}yes{% else %}no{% endif %}",
        values(failed=True),
        RAW,
    )
    assert filled.plain == "[no result], [no result] no"
    assert [number.value for number in filled.numbers] == [None, None]
    assert 'class="live no-result"' in prose(filled)


def test_a_text_can_say_one_thing_of_a_quick_run_and_another_of_a_full_one() -> None:
    experiments, results = coursework()
    text = (
        "{% if row('raw-250').quick %}too short{% else %}long enough{% endif %}: {{ row('raw-250').quick }}"
    )
    assert fill(text, values_of(experiments, results), RAW).plain == "long enough: no"
    place = next(n for n, result in enumerate(results) if result.row.id == "raw-250")
    quick = samples.with_record(results[place], samples.record(quick=True))
    moved = (*results[:place], quick, *results[place + 1 :])
    assert fill(text, values_of(experiments, moved), RAW).plain == "too short: yes"


def test_a_row_tells_how_its_training_went_and_ended() -> None:
    experiments, results = coursework()
    record = samples.record(
        epochs=5,
        stopped=Stopped(planned=20, by="EarlyStopping", restored=3),
        rates=[1e-3, 1e-3, 1e-4, 1e-4, 1e-5],
    )
    record = dataclasses.replace(record, tested_epoch=3)
    numbers = values_of(experiments, (samples.with_record(results[0], record), *results[1:]))

    def said(attribute: str) -> str:
        return fill(f"{{{{ row('{results[0].row.id}').{attribute} }}}}", numbers, RAW).plain

    assert [said(name) for name in ("epochs", "planned_epochs", "tested_epoch", "rate_changes")] == [
        "5", "20", "3", "2",
    ]  # fmt: skip
    assert said("last_validation_loss") == f"{record.history['val_loss'][4]:.3f}"
    assert said("last_validation_accuracy") == f"{100 * record.history['val_accuracy'][4]:.2f}\u00a0%"


def test_what_no_formula_counts_is_not_counted_though_the_row_has_results() -> None:
    experiments, results = coursework()
    lstm = samples.with_record(results[1], samples.record(layers=samples.lstm_layers()))
    numbers = values_of(experiments, (results[0], lstm, *results[2:]))
    text = "{{ row('raw-250').multiply_adds }}, {{ row('raw-250').total_params }}, {{ row('raw-150').multiply_adds }}"
    work = 784 * 150 + 150 * 10
    counted = f"{work:,}".replace(",", " ")
    filled = fill(text, numbers, RAW)
    assert filled.plain.replace("\u00a0", " ") == f"[not counted], 8 138, {counted}"
    with language.use("fr"):
        assert fill(text, numbers, RAW).plain.startswith("[non compté], ")
    failed = fill("{{ row('raw-250').multiply_adds }}", values(failed=True), RAW)
    assert failed.plain == "[no result]"


def test_a_number_knows_where_it_comes_from() -> None:
    filled = fill("a\nb {{ row('raw-250').total_params }}", values(), RAW)
    (number,) = filled.numbers
    assert (number.source, number.value, number.line) == ("raw-250.total_params", 198_760, 2)
    assert number.runs == (f"{1:064x}",)


def test_in_html_a_number_is_a_span_that_names_its_source_and_no_markdown() -> None:
    html = prose(fill("**{{ best.test_accuracy | percent }}**, *{{ best.title }}*", values(), RAW))
    assert re.search(
        r'<strong><span class="live" data-source="raw-\d+\.test_accuracy">[\d.]+\u00a0%</span></strong>', html
    )
    assert plain(fill("*{{ best.id }}*", values(), RAW)).startswith("raw-")


def test_a_title_that_looks_like_markup_is_text() -> None:
    experiments, results = coursework()
    rows = tuple(dataclasses.replace(row, title="<b>*x*</b>") for row in experiments.rows)
    results = tuple(dataclasses.replace(r, row=row) for r, row in zip(results, rows, strict=True))
    html = prose(
        fill("{{ best.title }}", values_of(dataclasses.replace(experiments, rows=rows), results), RAW)
    )
    assert "&lt;b&gt;*x*&lt;/b&gt;" in html


def test_code_and_mathematics_are_left_alone() -> None:
    text = "`{{ best.id }}` $x_{{1}}$\n\n```\n{{ best.id }}\n{% for %}\n```\n\n{{ best.id }}"
    assert re.fullmatch(
        r"`\{\{ best.id \}\}` \$x_\{\{1\}\}\$\n\n```\n\{\{ best.id \}\}\n\{% for %\}\n```\n\nraw-\d+",
        printed(text),
    )


def test_authors_cannot_forge_our_marks() -> None:
    forged = "\ue0020\ue003 \ue0040\ue005 {{ best.id }}"
    html = prose(fill(forged, values(), RAW))
    assert html.count("raw-") == 2  # its source and its text, once
    assert "\ue002" not in html and "\ue004" not in prose("\ue0040\ue005 \ue0020\ue003")


HOSTILE = [
    "{% for i in [1] %}x{% endfor %}",
    "{{ ''.__class__.__mro__ }}",
    "{{ best.__class__ }}",
    "{{ row.__globals__ }}",
    "{{ self }}", "{{ lipsum() }}", "{{ cycler('a') }}", "{{ namespace() }}", "{{ range(9) }}", "{{ dict() }}",
    "{{ 9 ** 9 ** 9 }}", "{{ 'a' * 1000000000 }}", "{{ best.title * 1000000000 }}",
    "{% set x = 1 %}", "{% macro f() %}{{ f() }}{% endmacro %}", "{% include 'x' %}", "{% import 'x' as y %}",
    "{% extends 'x' %}", "{% block x %}{% endblock %}", "{% filter upper %}x{% endfilter %}",
    "{{ best.title.upper() }}", "{{ best['title'] }}", "{{ best | attr('title') }}", "{{ [1, 2] }}", "{{ {'a': 1} }}",
    "{{ row(*['raw-250']).id }}", "{{ row(id='raw-250').id }}", "{{ best.id ~ best.id }}", "{{ best.id is string }}",
    "{{" + "(" * 5000 + "1" + ")" * 5000 + "}}", "{{ " + "-" * 5000 + "best.epochs }}", "{{ 1" + "0" * 5000 + " }}",
    "{{ best.epochs", "{% if %}", "{{ }}", "{{ 'a' if best.epochs }}", "{{ 3 in best }}",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:40])
def test_what_a_template_cannot_do_is_refused_before_anything_runs(text: str) -> None:
    began = time.monotonic()
    faults = template_faults(text, values().names, RAW)
    assert faults
    assert time.monotonic() - began < 2
    with pytest.raises(ValueError, match="not checked"):
        fill(text, values(), RAW)


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="{}%#|.()'\"[]best row epochs if else end 19*-+/\n$`", max_size=40))
def test_any_text_is_refused_or_filled(text: str) -> None:
    numbers = values()
    if template_faults(text, numbers.names, RAW):
        return
    fill(text, numbers, RAW)


@pytest.mark.parametrize(
    ("text", "code", "remedy"),
    [
        ("{{ bets.test_accuracy }}", "unknown-name", 'did you mean "best"?'),
        ("{{ row('raw-25').epochs }}", "unknown-row", "raw-250"),
        ("{{ best.test_acuracy }}", "unknown-attribute", 'did you mean "test_accuracy"?'),
        ("{{ best.test_accuracy | percnt }}", "unknown-filter", 'did you mean "percent"?'),
        ("{{ best.total_params | percent }}", "bad-filter", "thousands"),
        ("{{ best.test_accuracy | percent(9) }}", "bad-filter", "percent(2)"),
        ("{{ section('rw').best.id }}", "unknown-section", 'did you mean "raw"?'),
        ("{{ contrast('x').p }}", "unknown-contrast", ""),
        ("{{ this.epochs }}", "unknown-name", "row('id')"),
        ("{{ 98.1 }}", "bad-template", "name what it is"),
        ("{{ 0.981 | percent }}", "bad-template", "name what it is"),
        ("{{ best }}", "bad-template", ".test_accuracy"),
        ("$x = {{ best.test_accuracy }}$", "bad-template", "close the $"),
    ],
)
def test_a_slip_is_named_with_its_remedy(text: str, code: str, remedy: str) -> None:
    faults = template_faults(f"one\ntwo {text}", values().names, RAW)
    assert [fault.code for fault in faults] == [code]
    assert remedy in faults[0].remedy
    assert faults[0].offset in (4, 8)  # the line, or the formula itself


def test_best_over_two_data_sets_is_refused() -> None:
    (fault,) = template_faults("{{ best.id }}", values().names, Scope(section="comparison"))
    assert "best_of('fashion_mnist') or best_of('mnist')" in fault.remedy


def test_numbers_are_printed_in_french_typography() -> None:
    share = f"{100 * accuracy('raw-250'):.2f}".replace(".", ",")
    gain = 100 * (accuracy("raw-300") - accuracy("raw-150"))
    with language.use("fr"):
        assert printed("{{ row('raw-250').test_accuracy }}") == f"{share} %"
        assert printed("{{ row('raw-250').total_params | thousands }}") == "198 760"
        assert re.fullmatch(r"0,\d{3}", printed("{{ row('raw-250').test_loss }}"))
        assert re.fullmatch(r"0,\d{4}", printed("{{ row('raw-250').test_accuracy | score }}"))
        text = printed("{{ row('raw-300').test_accuracy - row('raw-150').test_accuracy }}")
        unit = "point" if abs(gain) < 1.995 else "points"
        assert text == f"{gain:+.2f} {unit}".replace(".", ",").replace("-", "\u2212")
        assert printed("{{ row('raw-250').total_params > 3 }}") == "oui"
    assert "choisie parmi" not in printed("{{ highest_on_test.test_accuracy }}")
    with language.use("fr"):
        assert "choisie parmi 3 d’après son score de test : optimiste" in printed(
            "{{ highest_on_test.test_accuracy }}"
        )


def test_a_verdict_is_translated_in_print_and_compared_in_english() -> None:
    text = (
        "{{ contrast('size').verdict }}{% if contrast('size').verdict == 'not distinguishable' %}!{% endif %}"
    )
    filled = values(contrasts=[CONTRAST])
    english = fill(text, filled, RAW).plain
    with language.use("fr"):
        french = fill(text, filled, RAW).plain
    assert english.endswith("!") == french.endswith("!") and english != french


def test_what_is_missing_is_said_in_french() -> None:
    experiments, results = coursework(failed=True)
    lost = next(result.row.id for result in results if result.record is None)
    with language.use("fr"):
        filled = fill(f"{{{{ row('{lost}').test_loss }}}}", values_of(experiments, results), RAW)
    assert filled.plain == "[aucun résultat]"


def test_a_spread_over_seeds_has_no_sign_and_a_difference_of_two_has_one() -> None:
    experiments, results = coursework()
    rows = {result.row.id: result for result in results}
    record, other = rows["raw-250"].record, rows["raw-300"].record
    assert record is not None and other is not None
    accuracies = [float((each.test.y_true == each.test.y_pred).mean()) for each in (record, other)]
    assert accuracies[0] != accuracies[1]
    seeds = samples.repeated(rows["raw-250"].row, [record, dataclasses.replace(other, seed=43)])
    made = values_of(experiments, [seeds if each.row.id == "raw-250" else each for each in results])
    spread = (
        100 * abs(accuracies[0] - accuracies[1]) / 2**0.5
    )  # s.d. of two numbers, n - 1 in the denominator

    def told(text: str) -> str:
        return fill(text, made, RAW).plain.replace("\u00a0", " ")

    sd = "row('raw-250').sd_test_accuracy"
    assert told(f"{{{{ {sd} }}}}") == told(f"{{{{ {sd} | points }}}}") == f"{spread:.2f} points"
    assert told(f"{{{{ {sd} - {sd} }}}}") == "0.00 points"
    assert told(f"{{{{ {sd} - ({sd} + {sd}) }}}}") == f"\N{MINUS SIGN}{spread:.2f} points"


def test_best_validation_figures_of_others_are_live_numbers() -> None:
    given = Published(
        validation_accuracy=0.9921, best_validation_accuracy=0.9943, best_validation_accuracy_epoch=12,
        best_validation_loss=0.0211,
    )  # fmt: skip
    experiments, results = coursework()
    theirs = [
        dataclasses.replace(one, row=dataclasses.replace(one.row, published=given))
        if one.row.id == "raw-250"
        else one
        for one in results
    ]
    text = (
        "{{ row('raw-250').published_validation_accuracy }}"
        " {{ row('raw-250').published_best_validation_accuracy }}"
        " {{ row('raw-250').published_best_validation_accuracy_epoch }}"
        " {{ row('raw-250').published_best_validation_loss }}"
        " {{ row('raw-250').published_best_validation_loss_epoch }}"
    )
    said = fill(text, values_of(experiments, theirs), RAW).plain.replace("\u00a0", " ")
    assert said == "99.21 % 99.43 % 12 0.021 [no result]"
