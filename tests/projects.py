"""Small courseworks on disk: notebooks that end in every way a notebook can, and files that use them."""

from __future__ import annotations

import json
import os
import textwrap
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]

RECORD = """
import json, os, pathlib, time
from reportgen.recordfile import to_files
from tests.samples import mlp_layers, record
run = json.loads(pathlib.Path(os.environ["REPORTGEN_RUN"]).read_text())
folder = pathlib.Path(run["folder"])
made = record(
    layers=mlp_layers(hidden=(units,)), accuracy=0.9 + units / 10_000, seed=seed, epochs=epochs,
    n_test=200, n_validation=100, dataset=dataset, parameters=run["parameters"],
)
for name, content in to_files(made).items():
    (folder / name).write_bytes(content)
"""
"""A run without training: it writes an invented record, so that a kernel test needs no TensorFlow."""

ENDINGS = {
    "fine": RECORD,
    "slow": "import time\ntime.sleep(60)\n" + RECORD,
    "raises": "x = 1\nraise ValueError('no such luck')",
    "exits": "import sys\nsys.exit(0)",
    "leaves": "import os\nos._exit(0)",
    "killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "loops": "while True:\n    pass",
    "stubborn": "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except KeyboardInterrupt:\n        pass",
    "asks": "input('name? ')",
    "silent": "x = 1",
    "wrong": RECORD.replace("write_bytes(content)", "write_bytes(content[:-9])"),
    "unlucky": "if seed == 43:\n    raise ValueError('not with this seed')\n" + RECORD,
    "parent": "import os, subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'],"
    " start_new_session=True)\n" + RECORD,
    "talks": "print('x' * 20_000_000)\n" + RECORD,
}


def notebook(code: str, parameters: str | None = None) -> str:
    """A notebook of a parameters cell, one cell of code and one that must be reached."""
    head = parameters or (
        'dataset: str = "digits"  # which data\nunits: int = 50  # hidden units\n'
        "epochs: int = 3  # passes\nseed: int = 42  # of everything"
    )
    cells = [(head, ["parameters"]), (textwrap.dedent(code), []), ("finished = True", [])]
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code", "execution_count": None, "id": f"cell-{number}", "outputs": [],
                    "metadata": {"tags": tags}, "source": source.splitlines(keepends=True),
                }
                for number, (source, tags) in enumerate(cells)
            ],
            "metadata": {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
            "nbformat": 4, "nbformat_minor": 5,
        }
    )  # fmt: skip


def project(folder: Path, rows: Mapping[str, str], extra: str = "", limit: str = "60s") -> Path:
    """Write a coursework whose rows use the named endings; return its experiments file.

    `rows` maps row ids to ``ending`` or ``ending key=value ...``.
    """
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    text = f'[report]\ntitle = "A small coursework"\n\n[execution]\ntime_limit = "{limit}"\n\n'
    text += '[[section]]\nid = "only"\ntitle = "The only chapter"\n\n'
    for id, what in rows.items():
        ending, *settings = what.split()
        (folder / "notebooks" / f"{ending}.ipynb").write_text(notebook(ENDINGS[ending]), encoding="utf-8")
        text += f'[[experiment]]\nid = "{id}"\nsection = "only"\ntitle = "Row {id}"\nnotebook = "{ending}"\n'
        text += f"parameters = {{ {', '.join(settings)} }}\n\n"
    file = folder / "experiments.toml"
    file.write_text(text + extra, encoding="utf-8")
    return file


def environment(folder: Path) -> dict[str, str]:
    """An environment for the command line and its kernels: no network, no data, a home of its own."""
    kept = ("PATH", "LD_LIBRARY_PATH", "LANG", "VIRTUAL_ENV", "SYSTEMROOT")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    return env | {"HOME": str(folder / "home"), "PYTHONPATH": str(ROOT), "CI": "true"}
