"""Keys: what changes them, and what must not."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.store.key import OF_CALLS, _tree, changes, code_digest, lab_digest, run_key
from tests.project.sources import ROOT, imports, modules, within

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_the_order_of_names_does_not_count(parts: dict[str, object]) -> None:
    assert run_key(parts) == run_key(dict(reversed(parts.items())))


@pytest.mark.parametrize(
    ("one", "other"), [(1, 1.0), (1, True), (0, False), ("1", 1), (None, "none"), ([1], [1, 1])]
)
def test_values_of_different_type_have_different_keys(one: object, other: object) -> None:
    assert run_key({"x": one}) != run_key({"x": other})


def test_two_spellings_of_one_letter_have_one_key() -> None:
    assert run_key({"caf\u00e9": "\u00e9"}) == run_key({"cafe\u0301": "e\u0301"})


def test_a_key_is_the_same_in_another_process_with_another_hash_seed() -> None:
    parts = {"b": [1, 2.5, "é"], "a": {"y": None, "x": True}}
    program = f"from reportgen.store.key import run_key; print(run_key({parts!r}))"
    for seed in ("1", "2"):
        answer = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert answer.stdout.strip() == run_key(parts)


def test_an_infinite_number_has_no_key() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        run_key({"x": float("inf")})


@pytest.mark.parametrize(
    "same",
    ["x = 1 + 2  # a comment", "x = (1 +\n     2)", "x=1+2\n\n\n", "# first\nx = 1 + 2"],
)
def test_layout_and_comments_do_not_change_code(same: str) -> None:
    assert code_digest([same]) == code_digest(["x = 1 + 2"])


@pytest.mark.parametrize(
    "other", ["x = 2 + 1", "x = 1 + 2\ny = 1", "y = 1 + 2", "x = 1.0 + 2", "'text'\nx = 3"]
)
def test_other_code_is_other_code(other: str) -> None:
    assert code_digest([other]) != code_digest(["x = 1 + 2"])


def test_docstrings_do_not_count() -> None:
    with_text = 'def f():\n    """Say what."""\n    return 1'
    assert code_digest([with_text]) == code_digest(["def f():\n    return 1"])


def test_cells_do_not_run_together() -> None:
    assert code_digest(["x = 1", "y = 2"]) != code_digest(["x = 1\ny = 2"])


def test_magic_is_compared_by_its_text() -> None:
    assert code_digest(["%matplotlib inline"]) != code_digest(["%matplotlib notebook"])


def test_the_lab_counts_but_not_what_only_shows(tmp_path: Path) -> None:
    lab, calls = tmp_path / "lab", tmp_path / "calls"
    for folder in (lab, calls):
        folder.mkdir()
    for path in (lab / "data.py", *(calls / name for name in OF_CALLS)):
        path.write_text("x = 1")
    before = lab_digest(lab)
    for path in (lab / "showing.py", calls / "hints.py"):
        path.write_text("y = 1")
    assert lab_digest(lab) == before
    for path in (lab / "data.py", *(calls / name for name in OF_CALLS)):
        path.write_text("x = 2")
        assert lab_digest(lab) != before
        path.write_text("x = 1")


def test_what_the_lab_takes_from_elsewhere_to_read_calls_counts_too() -> None:
    lab = [name for name in modules() if within(name, "reportgen.lab")]
    taken = {one for name in lab for one in imports(name) if within(one, "reportgen.calls")}
    assert taken == {f"reportgen.calls.{name.removesuffix('.py')}" for name in OF_CALLS}


def test_changes_names_the_parts_that_differ() -> None:
    old = json.loads('{"parameters": {"epochs": 50, "units": [3]}, "seed": 1}')
    new = json.loads('{"parameters": {"epochs": 60, "units": [3]}, "seed": 1, "threads": 1}')
    assert changes(old, new) == ("parameters.epochs 50 -> 60", "threads null -> 1")


def test_the_digest_of_code_is_the_same_in_every_python() -> None:
    # Made with Python 3.11, and checked with 3.12 and 3.13, whose syntax trees are written otherwise.
    source = """
class A(B, metaclass=C):
    x: int = 1
    def f(self, /, a, *b, c=None, **d) -> None:
        with a as e, b: return lambda: {**d, 1: f"{a!r:>{c}} {b:.2f}" f"{e}" "x"}
async def g(): return [i async for i in g() if i] or None
"""
    assert code_digest([source])[:16] == "da2b19f0185f0f46"


def test_keys_are_made_while_other_threads_read_code_and_leave_garbage() -> None:
    """Python 3.11 mixes up the depths of trees that are made at the same time, and says SystemError."""
    sources = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "reportgen" / "lab").glob("*.py"))]
    alone = code_digest(sources)
    end, faults, digests = time.monotonic() + 3, [], set()

    def digest() -> None:
        while time.monotonic() < end:
            _tree.cache_clear()
            try:
                digests.add(code_digest(sources))
            except SystemError as error:
                faults.append(error)

    def leave_garbage() -> None:
        while time.monotonic() < end:
            for _ in range(50):
                lost = Lost()
                lost.itself = lost
            time.sleep(0)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=work) for work in (digest, digest, leave_garbage)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert faults == []
    assert digests == {alone}


class Lost:
    """Takes its time to go, in which another thread may go on."""

    itself: Lost

    def __del__(self) -> None:
        for _ in range(2_000):
            pass
