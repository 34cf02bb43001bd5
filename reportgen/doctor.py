"""What this machine lacks, and the line that mends it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from reportgen.workspace import Workspace

NEEDED = (
    "tensorflow", "keras", "numpy", "scikit-image", "scikit-learn", "papermill", "nbclient", "ipykernel",
    "matplotlib", "seaborn", "jinja2", "weasyprint",
)  # fmt: skip
FREE_BYTES = 2 << 30


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is fine, what was seen, what mends it."""

    fine: bool
    text: str
    remedy: str = ""


def examine(work: Workspace, env: Mapping[str, str]) -> Iterator[Finding]:
    """Look at Python, the packages, Pango, the disk and the data, one finding at a time."""
    yield Finding(
        (3, 11) <= sys.version_info[:2] < (3, 14),
        f"Python {sys.version.split()[0]}",
        "use Python 3.11 to 3.13",
    )
    yield from _packages()
    yield _pango()
    yield _writable(work)
    yield from _data(work)


def _packages() -> Iterator[Finding]:
    for name in NEEDED:
        try:
            yield Finding(True, f"{name} {version(name)}")
        except PackageNotFoundError:
            yield Finding(False, f"{name} is not installed", f"uv sync, or: pip install {name}")


def _pango() -> Finding:
    from reportgen.report.pdf import PangoMissing, import_weasyprint, pango_remedy, this_system

    family = this_system()
    try:
        weasyprint, _ = import_weasyprint(family)
    except PangoMissing:
        return Finding(
            False, "Pango is missing: the HTML report works, the PDF does not", pango_remedy(family)
        )
    return Finding(True, f"Pango, for WeasyPrint {weasyprint.__version__}")


def _writable(work: Workspace) -> Finding:
    place = next(folder for folder in (work.store, *work.store.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    fine = free > FREE_BYTES and _can_write(place)
    return Finding(
        fine, f"{place}: {free / 1e9:.1f} GB free", f"free some space, or use --store (now {work.store})"
    )


def _can_write(place: Path) -> bool:
    import os

    return os.access(place, os.W_OK)


def _data(work: Workspace) -> Iterator[Finding]:
    from reportgen.datasets.status import available

    for name in ("mnist", "fashion_mnist"):
        status = available(name, data_dir=work.data_dir, keras_home=work.keras_home, cache=work.data)
        where = status.source or f"would be downloaded, else {status.stand_in} take its place"
        yield Finding(True, f"{name}: {where}")
