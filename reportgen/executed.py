"""The executed notebooks that lie beside a report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen.results import Result
from reportgen.store.accepted import owner_of
from reportgen.store.notebooks import plain_notebook
from reportgen.store.objects import Store


def executed_notebooks(store: Store, results: Sequence[Result]) -> Iterator[tuple[str, bytes]]:
    """Give the name and the content of the notebook of every run; a notebook that ran alone left none.

    Of a run from elsewhere there is the code and what it printed, and nothing that a browser would run.
    """
    for result in results:
        for run in result.runs:
            content = _notebook(store, run.key) if run.record is not None else None
            if content is not None:
                seed = "" if run is result.runs[0] else f"-seed-{run.seed}"
                yield f"{result.row.id}{seed}.ipynb", content


def _notebook(store: Store, key: str) -> bytes | None:
    header = store.header(key)
    if header is None or "notebook.ipynb" not in header.files:
        return None
    files = store.files(key, ("notebook.ipynb",))
    if files is None or not owner_of(header):
        return None if files is None else files["notebook.ipynb"]
    told = f"Merged from {owner_of(header)}: the code that was run and what it printed; all else is left out."
    return plain_notebook(files["notebook.ipynb"], told)
