"""Runs that were made elsewhere: whole stores, and ways to harm them as a forger would."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from reportgen.recordfile import SCHEMA_VERSION, to_files
from reportgen.records import Record
from reportgen.store.key import code_digest, run_key
from reportgen.store.objects import Store
from tests import samples

MADE = {"row": "one", "seconds": 3.5, "epochs": 3, "started": "2026-11-20T10:00:00+00:00"}
CODE = "x = 1"
LIBRARIES = ("tensorflow", "keras", "numpy", "scikit-image")


def silent(_: str) -> None:
    """Warnings are not what these tests are about."""


def record(python: str = "3.12.4", **facts: Any) -> Record:
    """A whole record of another machine."""
    made = samples.record(n_test=200, n_validation=100, **facts)
    return replace(
        made,
        parameters={**made.parameters, "seed": made.seed},
        environment={**made.environment, "python": python, "cpu": "Another CPU", "jobs": 2, "cores": 8},
    )


def notebook(code: str = CODE, **outputs: Any) -> bytes:
    """An executed notebook of one cell."""
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "<script>1</script>"},
        {"cell_type": "code", "id": "b", "metadata": {"tags": ["injected-parameters"]}, "source": "seed = 42",
         "outputs": [], "execution_count": 1},
        {"cell_type": "code", "id": "c", "metadata": {}, "source": code, "execution_count": 2,
         "outputs": [{"output_type": "stream", "name": "stdout", "text": "done\x1b[2J\n"},
                     {"output_type": "display_data", "metadata": {}, "data": {
                         "text/html": "<script>steal()</script>", "application/javascript": "steal()",
                         "text/plain": "a model"}}]},
    ]  # fmt: skip
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def parts_of(made: Record, **changed: Any) -> dict[str, Any]:
    """The parts of the key of a record."""
    found = made.environment
    python = ".".join(str(found["python"]).split(".")[:2])
    return {
        "schema": SCHEMA_VERSION,
        "code": code_digest([CODE]),
        "parameters": {k: v for k, v in made.parameters.items() if k != "seed"},
        "seed": made.seed,
        "data": {made.data.requested: made.data.digest},
        "quick": {"train": 2000, "test": 1000} if made.data.quick else None,
        "lab": "d" * 64,
        "versions": {"python": python, **{n: found[n] for n in LIBRARIES}, "scikit-learn": "1.7.2"},
        "machine": found["machine"],
        "threads": found["threads"],
        "onednn": found["onednn"],
        "deterministic": True,
        "split_seed": None if made.data.split_seed == made.seed else made.data.split_seed,
        "warm_start": made.initial.get("key"),
        "weights": {},
        **changed,
    }


def store_of(
    root: Path, made: Record | None = None, row: str = "one", **changed: Any
) -> tuple[str, dict[str, Any]]:
    """A store with one run; its key and the parts of it."""
    made = made or record()
    parts = parts_of(made, **changed)
    files = {**to_files(made), "notebook.ipynb": notebook(), "log.txt": b""}
    Store(root, silent).put(run_key(parts), parts, {**MADE, "row": row}, files)
    return run_key(parts), parts


def folder_of(root: Path, key: str) -> Path:
    """The folder of an object."""
    return root / "objects" / key[:2] / key


def open_up(root: Path) -> None:
    """Let a store be written to."""
    for path in (root, *root.rglob("*")):
        path.chmod(0o755)


def rewritten(folder: Path, new: Mapping[str, bytes], **header: Any) -> None:
    """Write files into an object, and a header that fits them: what a forger would do."""
    outer = json.loads((folder / "header.json").read_text())
    facts = outer["header"] | header
    for name, content in new.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_bytes(content)
        facts["files"][name] = [len(content), hashlib.sha256(content).hexdigest()]
    canonical = json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()
    (folder / "header.json").unlink()
    (folder / "header.json").write_text(
        json.dumps({"header": facts, "sha256": hashlib.sha256(canonical).hexdigest()})
    )


def rekeyed(folder: Path, parts: dict[str, Any], new: Mapping[str, bytes] | None = None) -> Path:
    """Give an object other parts, with the key and the folder that fit them."""
    key = run_key(parts)
    target = folder.parents[1] / key[:2] / key
    target.parent.mkdir(exist_ok=True)
    folder.rename(target)
    rewritten(target, new or {}, parts=parts, key=key)
    return target
