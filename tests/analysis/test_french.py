"""Sentences on sizes, costs and differences in French: whole, with decimal commas, with no English word."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from reportgen import language
from reportgen.analysis import complexity, costs, counts, lists, memory, words
from reportgen.analysis.capacity import tasks
from reportgen.analysis.complexity import distinct_architectures
from reportgen.analysis.contrasts import family
from reportgen.analysis.costs import Unlike
from reportgen.analysis.difference_words import KINSHIP, MEANING, PAIRS, WELCH
from reportgen.analysis.differences import difference
from reportgen.analysis.explain_capacity import explain_capacity
from reportgen.analysis.explain_costs import explain_costs
from reportgen.experiments.schema import Contrast, Protocol, Published
from reportgen.records import Features
from reportgen.results import Failure, Result
from reportgen.tables import agreement
from tests import samples
from tests.tables.french import decimal_points, english_words
from tests.tables.reading import repeated, result

HOG = Features("hog", 392, {"orientations": 8, "pixels_per_cell": 4, "cells_per_block": 1})
NETWORKS = (
    samples.mlp_layers(hidden=(300,)),
    samples.mlp_layers(hidden=(200, 300, 20)),
    samples.mlp_layers(hidden=()),
    samples.mlp_layers(hidden=(1,)),
    samples.mlp_layers(hidden=(2, 9000)),
    samples.cnn_layers(25),
    samples.cnn_layers(5),
    (samples.conv("c", 28, 1, 1, 5), samples.plain("f", "Flatten", (28, 28, 1), (784,))),
    (samples.plain("f", "Flatten", (28, 28, 1), (784,)),),
)


def is_french(text: str) -> None:
    assert text and not english_words(text, "Title of ", "elsewhere"), text
    assert not decimal_points(text), text


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize("layers", NETWORKS)
def test_what_explains_parameters_is_french(layers: Sequence[object]) -> None:
    record = samples.record(layers=tuple(layers), n_test=20, n_validation=20)  # type: ignore[arg-type]
    with language.use("fr"):
        text = complexity.explanation(record)
    is_french(text)
    assert text != complexity.explanation(record)


def test_an_explanation_is_of_the_language_in_which_it_is_asked_for() -> None:
    (found,) = distinct_architectures([result("a", layers=samples.mlp_layers(392, (200,)), features=HOG)])
    with language.use("fr"):
        french = spaced(found.explanation)
        names = [cost.name for cost in found.layers]
    assert names == ["Dense", "Sortie"] and [cost.name for cost in found.layers] == ["Dense", "Output"]
    assert french == (
        "Les 200 unités de la couche cachée contiennent 78 600 des 80 610 paramètres (97,5 %), car chacune lit les"
        " 392 valeurs HOG : 392 × 200 = 78 400 poids et 200 biais. Une prédiction demande 86 280"
        " multiplications-additions. Le calcul des 392 valeurs HOG en demande 5 880 et n’ajoute aucun paramètre."
    )
    assert found.explanation.startswith("The 200")


def test_memory_is_french() -> None:
    records = [samples.record(n_test=20, seed=seed) for seed in (1, 2)]
    grown = [dataclasses.replace(one, peak_memory=(1 + place) << 30) for place, one in enumerate(records)]
    for own in (records, grown):
        with language.use("fr"):
            is_french(memory.explain_memory(memory.memory(own)))
    with language.use("fr"):
        assert [memory.in_words(size) for size in (960, 29_900, 5_000_000)] == [
            "960\u00a0o", "29,9\u00a0ko", "5,0\u00a0Mo",
        ]  # fmt: skip


HIDDEN = (
    ["2-6-2", "2-2-2-2-2"],
    ["2-6-2"],
    ["2-3-3-2"],
    ["4-3-4", "4-2-2-2-4"],
    [f"9-{n}-2" for n in range(1, 9)] + [f"9-{n}-{m}-2" for n in range(1, 6) for m in (1, 7)],
    ["3-4-2", "3-5-2", "3-4-4-2"],
    ["3-9-2", "3-8-2", "3-1-1-2"],
    ["3-1-2", "3-2-2", "3-90-40-2"],
)


@pytest.mark.parametrize("names", HIDDEN)
def test_what_explains_capacity_is_french(names: list[str]) -> None:
    (task,) = tasks([], names)
    with language.use("fr"):
        french = explain_capacity(task)
    assert len(french) == len(explain_capacity(task)) > 0
    for sentence in french:
        is_french(sentence)
        assert sentence.endswith(".") and not sentence[0].islower()


def test_capacity_is_said_in_whole_sentences() -> None:
    (task,) = tasks([], ["2-6-2", "2-2-2-2-2"])
    with language.use("fr"):
        assert [spaced(one) for one in explain_capacity(task)] == [
            "De 2 valeurs vers 2 sorties, c’est le réseau peu profond qui a le plus de poids.",
            "« 2–2–2–2–2 » (16) a moins de poids que « 2–6–2 » (24).",
            "« 2–6–2 » et « 2–2–2–2–2 » ont tous deux 6 unités cachées : en une couche, cela demande 24 poids, en 3"
            " couches 16.",
        ]


def rows(*accuracies: float) -> list[Result]:
    made = []
    for place, accuracy in enumerate(accuracies):
        one = result(f"r{place}", accuracy=accuracy, layers=samples.mlp_layers(hidden=(10 + place,)))
        parameters = {**one.row.parameters, "hidden_units": [place]}
        made.append(dataclasses.replace(one, row=dataclasses.replace(one.row, parameters=parameters)))
    return made


def test_costs_are_french() -> None:
    seen = set()
    for accuracies in (
        (0.9, 0.97, 0.7),
        (0.95, 0.95),
        (0.6, 0.8, 0.9, 0.97),
        (0.97, 0.9, 0.8),
        (0.97, 0.969),
    ):
        with language.use("fr"):
            for sentence in explain_costs(rows(*accuracies)):
                is_french(sentence)
                seen.add(sentence.partition(": ")[2])
    assert len(seen) > 3
    reasons = [
        Unlike(("the processor", "the threads of a run"), ()), Unlike((), ("the number of cores",)),
        Unlike((), ("the processor", "the number of cores")), Unlike((), (), (0.4, 1.3)),
    ]  # fmt: skip
    with language.use("fr"):
        for text in (*(reason.sentence for reason in reasons), costs.order_words(), costs.order_words(3)):
            is_french(text)
        assert costs.span((0.42, 1.3)) == "0,4 à 1,3\u00a0s"


def test_what_differences_mean_is_french() -> None:
    with language.use("fr"):
        for said in (*MEANING.values(), *KINSHIP.values(), PAIRS, WELCH):
            is_french(language.text(said, set="-", sets="-", limit="-", level="-"))
        one, other, several = *rows(0.9, 0.95), repeated("s")
        for a, b in ((one, other), (several, one), (one, one)):
            for measure in ("test_accuracy", "validation_accuracy", "test_loss"):
                found = difference(a, b, measure)
                is_french(found.meaning)
                is_french(language.text(found.verdict))
    # A verdict itself is the same in every language: it is compared and exported.
    assert difference(one, other).verdict in ("lower", "higher", "not distinguishable")


def test_notes_of_a_family_are_french() -> None:
    clothes = result("cloth", dataset="fashion_mnist")
    on_test = result("t", validation="test")
    for found in ([*rows(0.9, 0.95), clothes, on_test], [on_test, result("u", validation="test", seed=3)]):
        for measure in ("test_accuracy", "validation_accuracy"):
            names = [one.row.id for one in found]
            declared = Contrast(id="c", title="T", rows=names, reference="best")
            with language.use("fr"):
                judged = family(declared.model_copy(update={"measure": measure}), found)
            assert judged.notes
            for note in (*judged.notes, *judged.meanings):
                is_french(note)


GIVEN, HELD = Published(test_accuracy=0.5), Published(best_validation_accuracy=0.5)


@pytest.mark.parametrize(
    "protocol",
    [
        Protocol(),
        Protocol(validation="test", test_items=10_000),
        Protocol(validation=0.2),
        Protocol(test_items=9),
        Protocol(test_items=9, validation_items=8),
    ],
)
@pytest.mark.parametrize(
    "found",
    [
        [result("a", published=GIVEN)],
        [result("a", accuracy=0.5, published=GIVEN)],
        [result("a", published=GIVEN), repeated("b", accuracy=0.5, published=GIVEN), result("n")],
        [repeated("b", published=GIVEN), repeated("c", runs=2, accuracy=0.3, published=GIVEN)],
        [result("s", name="digits", published=GIVEN), result("q", quick=True, published=GIVEN)],
        [result("q", quick=True, published=GIVEN), result("q2", quick=True, published=GIVEN)],
        [samples.result(samples.row(published=GIVEN), "k", 42, failure=Failure("timeout", ""))],
        [result("v", published=HELD)],
        [result("a", published=GIVEN), result("v", published=HELD), repeated("w", published=HELD)],
    ],
)
def test_agreement_is_french(found: list[Result], protocol: Protocol) -> None:
    with language.use("fr"):
        french = agreement(found, protocol)
    assert len(french) == len(agreement(found, protocol)) > 0
    for sentence in french:
        is_french(sentence)


def test_nouns_and_rows_of_words_follow_the_language() -> None:
    with language.use("fr"):
        assert [counts.items(n) for n in (0, 1, 2)] == ["0\u00a0exemple", "1\u00a0exemple", "2\u00a0exemples"]
        assert counts.cores(1200) == "1\u00a0200\u00a0cœurs"
        assert lists.series(["0,1", "0,2"]) == "0,1\u00a0; 0,2" and lists.series(["1", "2"]) == "1, 2"
        assert lists.either(["a", "b", "c"]) == "a, b ou c" and lists.between("1", "2") == "1 à 2"
        assert [words.data_set(name) for name in ("mnist", "garments", "own")] == [
            "MNIST", "Vêtements dessinés", "own",
        ]  # fmt: skip
        assert words.loss("categorical_crossentropy") == "entropie croisée catégorielle"
        assert words.failure("out-of-memory") == "mémoire insuffisante"
    assert lists.series(["0.1", "0.2"]) == "0.1, 0.2" and lists.clauses([]) == lists.either([]) == ""
    assert words.failure("some-thing") == "some thing" and words.loss("my_crossentropy") == "my cross-entropy"
