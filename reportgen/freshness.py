"""Knowing when there is nothing to write: what a report was made from, and what was written."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.account import Scored, Told
from reportgen.errors import Problem
from reportgen.experiments.resolved import Experiments
from reportgen.workspace import Workspace

if TYPE_CHECKING:
    from reportgen.build import Options, Prepared

STAMP = ".build.json"
"""Says what the report in a folder was made from; without it, or with another one, it is made again."""


def inputs_digest(
    work: Workspace,
    options: Options,
    prepared: Prepared,
    failures: Mapping[str, object],
    env: Mapping[str, str],
) -> str:
    """Digest of everything the report is made from; reads headers, no records."""
    total = hashlib.sha256(f"{options.quick} {options.only} {env.get('SOURCE_DATE_EPOCH')}\n".encode())
    for planned in prepared.plan.runs:
        header = prepared.store.header(planned.key)
        rows = [row.id for row in planned.rows]
        whose = f"{planned.spec.key} {planned.accepted} {planned.owner}"
        total.update(f"{rows} {whose} {header and header.files} {failures}\n".encode())
    total.update(f"{sorted(prepared.stages.items())}".encode())
    total.update(
        f"{prepared.experiments.digest} {revision(work.root)} {tuple(prepared.data.items())}".encode()
    )
    for picture in _pictures(work.file, prepared.experiments):
        total.update(picture.read_bytes() if picture.is_file() else b"")
    total.update(_code() + _content(path for path in work.templates.rglob("*") if path.is_file()))
    return total.hexdigest()


@cache
def _code() -> bytes:
    """Digest of this program: of what runs, however long, not of what replaced it on disk meanwhile."""
    package = Path(__file__).parent
    return _content([*package.rglob("*.py"), *package.rglob("*.po")])


def _content(paths: Iterable[Path]) -> bytes:
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.digest()


def _pictures(file: Path, experiments: Experiments) -> list[Path]:
    """The files of the pictures in the authors' texts."""
    from reportgen.prose.images import targets
    from reportgen.prose.passages import passages

    texts = [passage.text for passage in passages(experiments.file.model_dump())]
    return [file.parent / target for text in texts if "![" in text for target in targets(text)]


def stamp(
    inputs: str, files: Mapping[str, str], findings: Sequence[Problem], told: Mapping[str, Any] | None = None
) -> bytes:
    """Return the content of the stamp.

    Parameters
    ----------
    inputs : str
        From `inputs_digest`.
    files : mapping of str to str
        SHA-256 of everything that was written, by path below the output folder.
    findings : sequence of Problem
        Said again by a build that has nothing to do.
    told : mapping, optional
        What else such a build has to tell: ``scores`` and ``warnings``.
    """
    content = {
        "inputs": inputs,
        "files": dict(files),
        "findings": [asdict(finding) for finding in findings],
        "told": dict(told or {}),
    }
    return json.dumps(content, indent=1, sort_keys=True).encode()


def kept(out: Path) -> Told:
    """Return what the stamp of a folder holds to be told again; scores of another version are none."""
    content = json.loads((out / STAMP).read_text(encoding="utf-8"))
    findings = tuple(Problem(**finding) for finding in content["findings"])
    told = content.get("told", {})
    try:
        return Told(tuple(told["warnings"]), findings, tuple(Scored(**each) for each in told["scores"]))
    except (KeyError, TypeError):
        return Told((), findings, ())


def up_to_date(out: Path, inputs: str) -> bool:
    """Whether the report in `out` was made from these inputs, and all files of it are untouched."""
    try:
        content = json.loads((out / STAMP).read_text(encoding="utf-8"))
        return bool(
            content["inputs"] == inputs
            and content["files"]
            and all(digest(out / name) == known for name, known in content["files"].items())
            and isinstance(content["findings"], list)
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def revision(root: Path) -> tuple[str | None, bool | None]:
    """Commit of the project and whether its tree is clean; (None, None) outside git."""
    try:
        commit = _git(root, "rev-parse", "--short=7", "HEAD")
        clean = not _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None, None
    return commit, clean


def _git(root: Path, *words: str) -> str:
    answer = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, timeout=10, check=True
    )
    return answer.stdout.strip()
