"""Where the built-in templates, notebooks and courseworks lie, in a checkout and in an installed wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from reportgen.errors import EnvironmentFault

_PACKAGE = Path(__file__).resolve().parents[1]

FRAME = frozenset(
    {"cover", "contents", "glance", "experiment", "references", "reproducibility", "row_appendix"}
)
"""Templates of ``sections/`` that are no chapter: what stands around the chapters, and the page of a row."""


def built_in(kind: Literal["templates", "notebooks", "courseworks"], package: Path = _PACKAGE) -> Path:
    """Return the folder of the built-in templates, notebooks or courseworks.

    Parameters
    ----------
    kind : str
        ``templates``, ``notebooks`` or ``courseworks``.
    package : Path
        The folder of the package. A wheel carries the assets inside it; in a checkout
        they lie beside it. The wheel's place is asked first: beside an installed
        package lie the folders of other packages.

    Raises
    ------
    EnvironmentFault
        The installation does not hold it.
    """
    for folder in (package / "_assets" / kind, package.parent / kind):
        if folder.is_dir():
            return folder
    raise EnvironmentFault(f"the built-in {kind} are missing from this installation; install reportgen again")


def template_file(templates: Path, name: str) -> Path:
    """Return a file or folder of `templates`, or the built-in one where they have none."""
    own = templates / name
    return own if own.exists() else built_in("templates") / name


def chapter_kinds(package: Path = _PACKAGE) -> tuple[str, ...]:
    """Kinds that a chapter can have, by the numbers of their templates ``sections/NN_<kind>.html.j2``."""
    found = sorted((built_in("templates", package) / "sections").glob("[0-9][0-9]_*.html.j2"))
    kinds = (path.name.removesuffix(".html.j2")[3:] for path in found)
    return tuple(kind for kind in kinds if kind not in FRAME)
