"""One run made and kept: the same on this machine and on any other that sees the store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.errors import StorageError
from reportgen.execution.outcome import Outcome
from reportgen.execution.spec import RunSpec
from reportgen.recordfile import MODEL_FILE
from reportgen.results import Failure
from reportgen.store.key import code_digest
from reportgen.store.objects import Store

if TYPE_CHECKING:
    from reportgen.execution.run import Run
    from reportgen.execution.warm import WarmServer


def attempt(
    spec: RunSpec,
    store: Store,
    runs: Path,
    *,
    token: str,
    server: WarmServer | None,
    env: Mapping[str, str],
    memory: int,
    stopped: Callable[[], bool],
    began: Callable[[Run], None],
) -> Outcome:
    """Make a run, unless the store has it by now, and put its object into the store.

    Parameters
    ----------
    spec : RunSpec
    store : Store
    runs : Path
        Absolute folder for the runs in the making.
    token : str
        Part of the name of the run's folder below `runs` (see `folder_name`).
    server : WarmServer or None
        None for a cold kernel.
    env : mapping
        The environment that the kernel's is picked from.
    memory : int
        The machine's memory in bytes, 0 where unknown.
    stopped : callable
        Whether nothing may begin any more.
    began : callable
        Told of the run when it begins.

    Raises
    ------
    StorageError
        The store, or the folder for the runs, cannot be written.
    """
    from reportgen.execution.run import make

    with store.lock(spec.key, stopped) as held:
        if not held:
            return not_made(spec, "not-run", "the build was stopped before this run began")
        made = store.files(spec.key)  # another build may have made it while we waited
        if made is not None and (MODEL_FILE in made or not spec.keep_model):
            return Outcome(spec.key, spec.label, made, None, 0.0)
        if _code(spec.notebook) != spec.code:
            return not_made(spec, "error", "the notebook was edited during the build; build again")
        initial = None
        if spec.warm_start is not None:
            initial = _model(store, spec.warm_start)
            if initial is None:
                row = spec.warm_start_row or "the row it starts from"
                message = f"there is no trained model of {row} to take the first weights from"
                return not_made(spec, "no-start", message, "build again; that row is made first")
        try:
            outcome = make(spec, runs, server, env, memory, token, began, initial)
        except OSError as error:
            raise StorageError(runs, error.strerror or str(error)) from error
        if outcome.files is not None:
            epochs = spec.parameters.get("epochs")
            facts = {"row": spec.row, "seconds": round(outcome.seconds, 3), "epochs": epochs}
            store.put(spec.key, spec.parts, facts, outcome.files)
        return outcome


def not_made(spec: RunSpec, kind: str, message: str, remedy: str = "") -> Outcome:
    """The outcome of a run that never began, or left nothing that could be judged."""
    return Outcome(spec.key, spec.label, None, Failure(kind, message, remedy=remedy), 0.0)


def _model(store: Store, key: str) -> bytes | None:
    """The trained model that an object keeps, its bytes verified."""
    header = store.header(key)
    if header is None or MODEL_FILE not in header.files:
        return None
    files = store.files(key, (MODEL_FILE,))
    return None if files is None else files[MODEL_FILE]


def _code(notebook: str) -> str:
    from reportgen.notebooks import read_notebook

    return code_digest(read_notebook(Path(notebook)).code)
