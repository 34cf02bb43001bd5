"""How long a build should take, from headers of earlier runs as the store keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.estimates import drawing_seconds, drew, makespan, run_seconds
from reportgen.execution.spec import RunSpec
from reportgen.store.key import changes
from reportgen.store.objects import Header
from reportgen.training_cost import image_seconds

PARTS: dict[str, Any] = {
    "code": "c0de",
    "data": {"mnist": "d1"},
    "parameters": {"units": 300, "epochs": 100, "dataset": "mnist"},
    "seed": 42,
    "quick": None,
}


def parts(seed: int = 42, code: str = "c0de", data: str = "d1", **parameters: Any) -> dict[str, Any]:
    given = PARTS["parameters"] | parameters
    return PARTS | {"seed": seed, "code": code, "data": {"mnist": data}, "parameters": given}


def header(seconds: float | None, **other: Any) -> Header:
    own = parts(**other)
    return Header("k", own, {"row": "a", "seconds": seconds, "epochs": own["parameters"]["epochs"]}, {})


def spec(folder: Path = Path("/nowhere"), quick: dict[str, int] | None = None, **other: Any) -> RunSpec:
    own = parts(**other)
    return RunSpec(
        key="s", row="a", notebook="n", code=own["code"], given={}, parameters=own["parameters"], parts=own,
        datasets={"mnist": {"folder": str(folder)}}, features="", threads=1, quick=quick, time_limit=60,
        facts={},
    )  # fmt: skip


def seconds(one: RunSpec, *stored: Header) -> float:
    alike = sorted(((changes(o.parts, one.parts), o) for o in stored), key=lambda pair: len(pair[0]))
    return run_seconds(one, alike)


def test_a_rerun_takes_as_long_as_the_median_of_its_seeds() -> None:
    runs = [header(103.0, seed=43), header(203.0, seed=44), header(107.0, seed=45)]
    assert seconds(spec(), *runs) == pytest.approx(107.0)


def test_the_nearest_run_counts_and_its_start_is_not_multiplied() -> None:
    near, far = header(53.0, epochs=50), header(9.0, epochs=50, units=10)
    assert seconds(spec(), far, near) == pytest.approx(3 + 50 * 2)
    assert seconds(spec(epochs=200), far, near) == pytest.approx(3 + 50 * 4)


def test_a_short_run_is_all_start() -> None:
    assert seconds(spec(epochs=50), header(2.0, epochs=5)) == pytest.approx(2.0)


def test_an_edited_notebook_keeps_its_times() -> None:
    edited = header(93.0, code="other")
    assert seconds(spec(), edited) == pytest.approx(93.0)
    same = header(43.0, units=10)
    assert seconds(spec(), edited, same) == pytest.approx(43.0), "the same code says more"


@pytest.mark.parametrize(
    "other",
    [header(93.0, data="d2"), header(None), header(93.0, code="other", depth=3)],
    ids=["other data", "no time", "other notebook"],
)
def test_what_says_nothing_leaves_a_guess_from_the_images(tmp_path: Path, other: Header) -> None:
    (tmp_path / "y_train.npy").write_bytes(np.zeros(60_000, dtype=np.uint8).tobytes())
    assert seconds(spec(tmp_path), other) == pytest.approx(3 + 100 * 60_000 * 4e-5)
    quick = spec(tmp_path, quick={"train": 2_000, "test": 1_000})
    assert seconds(quick) == pytest.approx(3 + 100 * 2_000 * 4e-5)


SMALL = ["Flatten()", "Dense(10, activation='softmax')"]
LARGE = ["Conv2D(32, 3, activation='relu')", "Conv2D(32, 3, activation='relu')", *SMALL]


def images(folder: Path, count: int) -> Path:
    np.save(folder / "x_train.npy", np.zeros((count, 28, 28, 1), np.uint8))
    (folder / "y_train.npy").write_bytes(bytes(count))
    return folder


def test_layers_that_cost_more_take_longer(tmp_path: Path) -> None:
    folder = images(tmp_path, 60)
    small, large = (seconds(spec(folder, layers=each, batch_size=32)) for each in (SMALL, LARGE))
    assert small - 3 == pytest.approx(100 * 60 * (image_seconds(tuple(SMALL), (28, 28, 1), 32) or 0))
    # 28 x 28 images: 26 x 26 positions of 32 x 9 weights, then 24 x 24 of 32 x 32 x 9, and a wider last layer
    multiply_adds = 26**2 * 32 * 9 + 24**2 * 32 * 32 * 9 + 24**2 * 32 * 10
    assert multiply_adds * 3e-11 < (large - 3) / (100 * 60) < multiply_adds * 1e-10
    whole = [*LARGE[:2], "MobileNetV2(include_top=False, weights=None)"]
    guessed = seconds(spec(folder, layers=whole, batch_size=32))
    assert guessed == pytest.approx(3 + 100 * 60 * 4e-5), "of a whole network nothing is told"


def test_an_earlier_run_of_other_layers_is_scaled_by_what_they_cost(tmp_path: Path) -> None:
    folder = images(tmp_path, 60)
    earlier = header(103.0, layers=SMALL, batch_size=32)
    same = spec(folder, layers=SMALL, batch_size=32, units=10)
    assert seconds(same, earlier) == pytest.approx(103.0)
    costs = [image_seconds(tuple(each), (28, 28, 1), 32) for each in (SMALL, LARGE)]
    assert costs[0] is not None and costs[1] is not None
    other = spec(folder, layers=LARGE, batch_size=32)
    assert seconds(other, earlier) == pytest.approx(3 + 100 * costs[1] / costs[0])


@pytest.mark.parametrize(
    ("running", "waiting", "jobs", "expected"),
    [
        ([], [], 2, 0),
        ([], [10, 10, 10], 1, 30),
        ([], [30, 10, 10, 10], 2, 30),
        ([], [10, 10, 10], 2, 20),
        ([25, 5], [10, 10], 2, 25),
        ([5], [10], 2, 10),
        ([], [7], 8, 7),
    ],
)
def test_runs_side_by_side(running: list[float], waiting: list[float], jobs: int, expected: float) -> None:
    assert makespan(running, waiting, jobs) == expected


def test_drawing_takes_as_long_as_the_last_time_for_as_many_rows(tmp_path: Path) -> None:
    first = drawing_seconds(tmp_path, 10)
    assert first == pytest.approx(16)
    drew(tmp_path, 10, 20.0)
    assert drawing_seconds(tmp_path, 10) == pytest.approx(20)
    assert drawing_seconds(tmp_path, 5) == pytest.approx(10)
    (tmp_path / "drawing.json").write_text('{"rows": null}')
    assert drawing_seconds(tmp_path, 10) == first, "a broken note is as none"
    drew(tmp_path / "not there", 1, 1.0)  # no fault
