"""Words for a data set that cannot be had, with everything that would mend it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportgen.datasets.registry import IDX_FILES, Source
from reportgen.errors import Problem


def no_folder(source: Source) -> Problem:
    """Say that an entry names no place for its files."""
    message = f'data set "{source.name}": its entry names no folder, and reportgen cannot draw it'
    return Problem("reportgen/datasets/registry.py", 0, "no-folder", message, f'add folder="{source.name}"')


def not_in_folder(source: Source, data_dir: Path) -> Problem:
    """That a data set that has no mirror is not in the user's folder either."""
    place = data_dir / source.folder
    there = f"{source.folder} has no file of {source.title}"
    message = there if place.is_dir() else f"there is no folder {source.folder} in {data_dir}"
    wanted = f"the four IDX files, or {source.npz}," if source.npz else "the four IDX files"
    remedy = f"put {wanted} into {place}, or name another folder with --data-dir"
    return Problem(str(data_dir), 0, "missing-data", message, remedy)


def unavailable(source: Source, reasons: Sequence[str], data_dir: Path | None, *, download: bool) -> str:
    """The message for a data set that cannot be had, with everything that would mend it."""
    lines = [f"{source.title} could be neither found nor downloaded."]
    lines += [f"  {reason}" for reason in (reasons if download else ["downloading was not allowed"])]
    place = (data_dir or Path("DIR")) / source.folder
    npz = f" (or {source.npz})" if source.npz else ""
    end = "," if source.mirrors or source.stand_in else "."
    names = ", ".join(f"{name}.gz" for name in IDX_FILES.values())
    lines.append(f"  Put {names}{npz} into {place}")
    lines.append(
        f"  and name the folder above it with --data-dir {data_dir or 'DIR'} or REPORTGEN_DATA_DIR{end}"
    )
    if source.mirrors:
        lines.append(
            f"  or fetch it where there is a network: reportgen data{',' if source.stand_in else '.'}"
        )
    if source.stand_in:
        lines.append(f'  or let {source.stand_in} stand in: [data] when_unavailable = "embedded".')
    return "\n".join(lines)
