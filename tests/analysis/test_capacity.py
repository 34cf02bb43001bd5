"""Sizes of named networks by hand, families, and sentences that may not say more than the pairs do."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.analysis.capacity import Network, Task, named, tasks
from reportgen.analysis.explain_capacity import explain_capacity
from reportgen.records import Features, Layer
from reportgen.results import Failure, Result
from tests import samples


def result(name: str, layers: tuple[Layer, ...], features: Features | None = None) -> Result:
    made = samples.record(layers=layers, features=features, n_test=10, n_validation=10, epochs=1)
    return samples.result(samples.row(name, title=name.upper()), name, 42, made)


def one_convolution(filters: int, units: int) -> tuple[Layer, ...]:
    """One convolution, one pooling, one hidden layer: a clothing network of the coursework."""
    return (
        samples.conv("c", 28, 1, filters, 3),
        samples.plain("p", "MaxPooling2D", (28, 28, filters), (14, 14, filters), pool_size=[2, 2]),
        samples.plain("f", "Flatten", (14, 14, filters), (196 * filters,)),
        samples.dense("d", 196 * filters, units, "relu"),
        samples.dense("o", units, 10, "softmax"),
    )


def labo04() -> list[Result]:
    """The kinds of networks that the coursework trained."""
    hog = Features("hog", 392, {"orientations": 8, "pixels_per_cell": 4, "cells_per_block": 1})
    return [
        result("raw-300", samples.mlp_layers(hidden=(300,))),
        result("raw-150", samples.mlp_layers(hidden=(150,))),
        result("hog-200", samples.mlp_layers(392, (200,)), hog),
        result("cnn-25", samples.cnn_layers(25)),
        result("cnn-5", samples.cnn_layers(5)),
        result("fashion-3", one_convolution(64, 100)),
        result("fashion-final", one_convolution(9, 100)),
    ]


def said(task: Task) -> str:
    return " ".join(explain_capacity(task)).replace("\u00a0", " ")


def test_labo04s_example() -> None:
    one, other = named("2-6-2"), named("2-2-2-2-2")
    assert (one.weights, one.biases, one.total) == (2 * 6 + 6 * 2, 6 + 2, 32) == (24, 8, 32)
    assert (other.weights, other.biases, other.total) == (4 * (2 * 2), 4 * 2, 24) == (16, 8, 24)
    assert (one.family, one.depth, one.hidden_units, one.widest) == ("shallow", 2, 6, 6)
    assert (other.family, other.depth, other.hidden_units, other.widest) == ("deep", 4, 6, 2)
    assert (one.largest, one.largest_layer.parameters) == ("Dense, 2\u00a0×\u00a06", 18)
    (task,) = tasks([], ["2-6-2", "2-2-2-2-2"])
    assert said(task) == (
        "From 2 values to 2 outputs, the shallow network has more weights. “2–2–2–2–2” (16) has fewer weights"
        " than “2–6–2” (24). “2–6–2” and “2–2–2–2–2” both have 6 hidden units: in one layer they take 24"
        " weights, in 3 layers 16."
    )


@given(st.lists(st.integers(1, 300), min_size=2, max_size=6))
def test_named_networks_count_every_pair_and_every_unit(sizes: list[int]) -> None:
    found = named("-".join(map(str, sizes)))
    assert found.weights == sum(before * after for before, after in pairwise(sizes))
    assert found.biases == sum(sizes[1:])
    assert found.depth == len(sizes) - 1
    assert found.family == ("none" if len(sizes) == 2 else "shallow" if len(sizes) == 3 else "deep")
    assert 0 < found.share <= 1


@pytest.mark.parametrize("text", ["7", "", "a-b", "3-0-2"])
def test_what_names_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected two positive|invalid literal"):
        named(text)


def test_trained_networks_count_all_of_their_layers() -> None:
    (task,) = tasks(labo04(), [])
    sizes = {network.label: (network.family, network.weights, network.biases) for network in task.networks}
    assert sizes == {
        "392–200–10": ("shallow", 80_400, 210),
        "784–150–10": ("shallow", 119_100, 160),
        "784–300–10": ("shallow", 238_200, 310),
        "9@5×5–9@5×5–16@3×3–5–10": ("deep", 225 + 2025 + 1296 + 144 * 5 + 50, 9 + 9 + 16 + 5 + 10),
        "9@5×5–9@5×5–16@3×3–25–10": ("deep", 7396, 69),
        "9@3×3–100–10": ("deep", 81 + 176_400 + 1000, 119),
        "64@3×3–100–10": ("deep", 576 + 1_254_400 + 1000, 174),
    }  # fmt: skip
    by_label = {network.label: network for network in task.networks}
    wide = by_label["64@3×3–100–10"]
    assert (wide.depth, wide.widest, wide.filters) == (3, 100, 64)
    assert wide.largest == "Dense, 12\u00a0544\u00a0×\u00a0100" and f"{wide.share:.3f}" == "0.999"
    assert wide.rows == (("fashion-3", "FASHION-3"),)
    assert [n.weights for n in task.family("deep")] == sorted(n.weights for n in task.family("deep"))


def test_the_claim_that_the_shallow_network_has_more_cannot_be_made_against_a_wide_deep_one() -> None:
    (task,) = tasks(labo04(), [])
    text = said(task)
    assert (
        "3 shallow networks and 4 deep ones make 12 pairs: the shallow network has more weights in 7, the deep"
        " one in 5. Neither kind has more in all of them." in text
    )
    assert "“64@3×3–100–10” (1 255 976) has more weights than each of the 3 shallow ones" in text
    assert "(4 316) and “9@5×5–9@5×5–16@3×3–25–10” (7 396) have fewer weights than each" in text
    assert (
        "“9@3×3–100–10” (177 481) has more weights than “392–200–10” and “784–150–10” and fewer than"
        " “784–300–10”." in text
    )
    assert "its largest layer (Dense, 12 544 × 100) holds 99.9 % of its parameters" in text


def test_without_the_wide_one_the_sentence_is_of_these_pairs_alone() -> None:
    rows = [found for found in labo04() if found.row.id in ("raw-300", "raw-150", "cnn-25")]
    (task,) = tasks(rows, [])
    assert "make 2 pairs, and in each of them the shallow network has more weights." in said(task)


SIZES = st.lists(st.integers(1, 9), min_size=1, max_size=4)


@given(st.lists(SIZES, min_size=1, max_size=8))
def test_sentences_never_say_more_than_the_pairs(hidden: list[list[int]]) -> None:
    names = ["-".join(map(str, [3, *sizes, 2])) for sizes in hidden]
    (task,) = tasks([], names)
    text, pairs = said(task), task.pairs
    if not pairs:
        assert "nothing can be said" in text
        return
    for_shallow = sum(one.weights > other.weights for one, other in pairs)
    for_deep = sum(one.weights < other.weights for one, other in pairs)
    if "in each of them the shallow" in text:
        assert for_shallow == len(pairs)
    if "in each of them the deep" in text:
        assert for_deep == len(pairs)
    counts = re.search(r"more weights in ([\d ]+), the deep one in ([\d ]+)", text)
    if counts:
        assert [int(part.replace(" ", "")) for part in counts.groups()] == [for_shallow, for_deep]
        assert "Neither kind" in text
    groups: dict[tuple[int, ...], list[Network]] = {}
    for network in task.family("deep"):
        signs = tuple(
            (network.weights > n.weights) - (network.weights < n.weights) for n in task.family("shallow")
        )
        groups.setdefault(signs, []).append(network)
    sentences = [
        one
        for one in explain_capacity(task)
        if re.match("(?!From ).*? (has|have) (more|as many|fewer) weights", one)
    ]
    assert len(sentences) == len(groups)
    found = sorted(sorted(subject(sentence)) for sentence in sentences)
    assert found == sorted(
        sorted([len(group), min(n.weights for n in group), max(n.weights for n in group)])
        for group in groups.values()
    )
    assert all(sentence.count("“") <= 3 + 2 * 3 for sentence in sentences)


def subject(sentence: str) -> list[int]:
    """How many networks a sentence is about, and the fewest and the most weights of them."""
    words = spaced(re.split(" (?:has|have) ", sentence)[0])
    counted = [int(n) for n in re.findall(r"(\d+) (?:networks|of the deep|deep ones)", words)]
    spans = [part.split(" to ") for part in re.findall(r"\(([\d ]+(?: to [\d ]+)?)\)", words)]
    sizes = [int(end.replace(" ", "")) for span in spans for end in span]
    alone = len(spans) - len(counted)
    return [alone + sum(counted), min(sizes), max(sizes)]


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_networks_that_share_what_is_said_of_them_stand_in_one_sentence_with_few_names() -> None:
    units = (5, 10, 25, 35)
    rows = [result(f"cnn-{n}", samples.cnn_layers(n)) for n in units] + [
        result("fashion-3", one_convolution(64, 100)),
        result("fashion-final", one_convolution(9, 100)),
        *(result(f"raw-{n}", samples.mlp_layers(hidden=(n,))) for n in (100, 150, 200, 250, 300)),
        result("two", samples.mlp_layers(hidden=(200, 200))),
    ]
    (task,) = tasks(rows, [])
    sentences = [spaced(one) for one in explain_capacity(task)]
    assert all(one.count("“") <= 6 for one in sentences)
    assert (
        "The 4 networks “9@5×5–9@5×5–16@3×3–…–10” (4 316 to 8 936) have fewer weights than each of the 5"
        " shallow ones (79 400 to 238 200)." in sentences
    )
    assert (
        "“9@3×3–100–10” (177 481) has more weights than 3 networks “784–…–10” (79 400 to 158 800) and fewer than"
        " “784–250–10” and “784–300–10”." in sentences
    )
    hog = {
        side: Features(
            "hog", side * side * 8, {"orientations": 8, "pixels_per_cell": 28 // side, "cells_per_block": 1}
        )
        for side in (4, 7)
    }
    mixed = [
        *rows[5:11],
        result("hog-7", samples.mlp_layers(392, (200,)), hog[7]),
        result("hog-4", samples.mlp_layers(128, (150,)), hog[4]),
    ]
    assert any(
        "has more weights than 5 of the shallow ones (20 700 to 158 800) and fewer than “784–250"
        in spaced(one)
        for one in explain_capacity(tasks(mixed, [])[0])
    )


def test_networks_stand_with_those_of_the_same_task() -> None:
    found = tasks(labo04()[:1], ["784-20-20-10", "2-6-2", "2-6-2"])
    assert [(task.values, task.outputs, len(task.networks)) for task in found] == [(784, 10, 2), (2, 2, 1)]
    assert "there is no deep network to set beside “2–6–2”" in said(found[1])


def test_normalisation_is_no_depth_and_a_failed_row_no_network() -> None:
    norm = Layer("n", "BatchNormalization", {}, (9,), (9,), samples.dense("d", 9, 9, "relu").variables[1:])
    layers = (samples.dense("a", 784, 9, "relu"), norm, samples.dense("o", 9, 10, "softmax"))
    lost = samples.result(samples.row("lost"), "lost", 42, failure=Failure("timeout", ""))
    (task,) = tasks([result("a", layers), lost], [])
    (network,) = task.networks
    assert (network.family, network.depth, network.biases) == ("shallow", 2, 9 + 9 + 10)
    assert tasks([lost], []) == ()


def test_ties_are_called_neither_more_nor_fewer() -> None:
    (task,) = tasks([], ["4-3-4", "4-2-2-2-4"])
    assert [network.weights for network in task.networks] == [4 * 3 + 3 * 4, 4 * 2 + 2 * 2 + 2 * 2 + 2 * 4]
    assert "the two networks have as many weights" in said(task)
    assert "has as many weights as “4–3–4”." in said(task)


def test_many_groups_are_capped_at_the_clearest_and_the_rest_is_counted() -> None:
    shallow = [f"10-{units}-10" for units in range(20, 400, 20)]
    deep = [f"10-{units}-{units}-10" for units in range(12, 60, 2)]
    (task,) = tasks([], [*shallow, *deep])
    sentences = explain_capacity(task)
    assert len(sentences) < 12 and len(" ".join(sentences)) < 2_500
    counted = re.search("For (\\d+) more of the deep ones", said(task))
    assert counted and 0 < int(counted[1]) < len(deep)
