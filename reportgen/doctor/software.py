"""Python, packages, reportgen's own files, and the libraries that draw the PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files, requires, version
from pathlib import Path

from reportgen.doctor import remedies
from reportgen.doctor.finding import Finding, found
from reportgen.installed import LIBRARIES

OLDEST, TOO_NEW = (3, 11), (3, 14)
_NAMED = (*LIBRARIES, "papermill", "weasyprint")


def python(here: tuple[int, ...], family: str) -> Finding:
    """Whether this Python is one that serves.

    Parameters
    ----------
    here : tuple of int
        Its version.
    family : str
        Of the system.
    """
    text = f"Python {'.'.join(map(str, here))}"
    fine = OLDEST <= here[:2] < TOO_NEW
    return found(fine, f"{text}{'' if fine else ': 3.11 to 3.13 are needed'}", remedies.python(family))


def declared() -> tuple[str, ...]:
    """What reportgen declares that it needs."""
    return tuple(requires("reportgen") or ())


def installed(name: str) -> str | None:
    """Version of a package; None where it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def packages(declared: Iterable[str], installed: Callable[[str], str | None]) -> Iterator[Finding]:
    """Hold what is installed against what is declared; what is right stands in one line.

    Parameters
    ----------
    declared : iterable of str
        Requirements, such as ``numpy>=2.1``.
    installed : callable
        Given the name of a package, returns its version or None.
    """
    from packaging.requirements import Requirement

    right = []
    for requirement in sorted(map(Requirement, declared), key=lambda r: r.name.lower()):
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        wanted = f"{requirement.name}{requirement.specifier}"
        here = installed(requirement.name)
        if here is None:
            yield Finding(False, f"{requirement.name} is not installed", remedies.install(wanted))
        elif not requirement.specifier.contains(here, prereleases=True):
            text = f"{requirement.name} {here} is installed, {wanted} is needed"
            yield Finding(False, text, remedies.install(wanted))
        else:
            right.append(f"{requirement.name} {here}")
    named = [each for each in right if each.split()[0] in _NAMED]
    yield Finding(
        True, f"{len(right)} packages are as declared, among them {', '.join(named) or 'none that compute'}"
    )


def listed_files() -> list[tuple[Path, int]] | None:
    """Every file that the installer says is reportgen's, with its bytes; None in a checkout."""
    own = [
        file for file in files("reportgen") or [] if file.parts[0] == "reportgen" and file.size is not None
    ]
    return [(Path(str(file.locate())), file.size or 0) for file in own] or None


def own_files(listed: list[tuple[Path, int]] | None) -> Finding:
    """Whether templates, fonts, notebooks and modules are whole.

    Parameters
    ----------
    listed : list of (Path, int) or None
        As the installer noted them; None where it noted none: then the fonts stand for all.
    """
    from reportgen.report.assets import built_in

    if listed is None:
        fonts = len(list((built_in("templates") / "fonts").glob("*.woff2")))
        return found(fonts > 0, f"reportgen from a checkout, {fonts} font files", "git restore templates")
    wrong = [path for path, size in listed if not path.is_file() or path.stat().st_size != size]
    if wrong:
        names = ", ".join(path.name for path in wrong[:4]) + (" ..." if len(wrong) > 4 else "")
        return Finding(
            False, f"{len(wrong)} files of reportgen are missing or cut short: {names}", remedies.again()
        )
    fonts = sum(path.suffix == ".woff2" for path, _ in listed)
    return Finding(True, f"reportgen's {len(listed)} files are whole, {fonts} of them fonts")


@dataclass(frozen=True)
class Pango:
    """How loading the libraries of the PDF went.

    Parameters
    ----------
    version : str
        Of Pango; empty where it could not be loaded.
    missing : str
        The first library that could not.
    subset : bool
        Whether letters are cut out of fonts the faster way.
    """

    version: str = ""
    missing: str = ""
    subset: bool = True


def pango_here() -> Pango:
    """Load the libraries of the PDF."""
    from reportgen.report.pdf import PangoMissing, import_weasyprint, this_system

    try:
        _, warned = import_weasyprint(this_system())
    except PangoMissing as error:
        library = re.search(r"library '([^']+)'", str(error.__cause__))
        return Pango(missing=library[1] if library else str(error.__cause__))
    from weasyprint.text.ffi import pango

    number = int(pango.pango_version())  # 15012 is 1.50.12
    here = f"{number // 10_000}.{number // 100 % 100}.{number % 100}"
    return Pango(here, subset=not any("harfbuzz" in text.lower() for text in warned))


def printing(here: Pango, family: str) -> Iterator[Finding]:
    """What the PDF needs.

    Parameters
    ----------
    here : Pango
    family : str
        Of the system.
    """
    if here.missing:
        text = f"{here.missing} is missing: the HTML report works, the PDF does not"
        yield Finding(False, text, remedies.pango(family))
        return
    yield Finding(True, f"Pango {here.version}, which lays out the PDF")
    if not here.subset:
        text = "libharfbuzz-subset is missing: the PDF is right, and takes a little longer"
        yield Finding(True, text, remedies.subset(family))
