"""This installation of reportgen: what somebody else needs to get the same."""

from __future__ import annotations

import io
import json
import platform
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import Distribution, PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from reportgen.errors import EnvironmentFault

NAME = "reportgen"
LIBRARIES = ("tensorflow", "keras", "numpy", "scikit-image", "scikit-learn")
"""Libraries that compute: their versions are part of a run's key."""


@dataclass(frozen=True)
class Installed:
    """An installation.

    Parameters
    ----------
    version : str
    python : str
        Such as ``3.12``.
    libraries : mapping of str to str
        Versions of those that compute, as far as they are here.
    wheel : bytes or None
        The file that reportgen was installed from, where it still lies there unchanged.
    """

    version: str
    python: str
    libraries: Mapping[str, str] = field(default_factory=dict)
    wheel: bytes | None = None

    @property
    def wheel_name(self) -> str:
        """File name of the wheel, whether or not it is at hand."""
        return f"{NAME}-{self.version}-py3-none-any.whl"


def this_installation() -> Installed:
    """Look at the installation that runs this.

    Raises
    ------
    EnvironmentFault
        It is none: the files of reportgen are here, but no installer has put them here.
    """
    try:
        own = Distribution.from_name(NAME)
    except PackageNotFoundError as error:
        raise EnvironmentFault(f"{NAME} is not installed\npip install -e . in its checkout") from error
    python = ".".join(platform.python_version_tuple()[:2])
    return Installed(own.version, python, _versions(LIBRARIES), wheel_of(own))


def _versions(names: Iterable[str]) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def wheel_of(own: Distribution) -> bytes | None:
    """The wheel that an installation comes from, if that is a file of this machine and still the same."""
    from urllib.request import url2pathname

    origin = json.loads(own.read_text("direct_url.json") or "{}")  # PEP 610: where an installer took it from
    url = urlsplit(str(origin.get("url", "")))
    if url.scheme != "file" or not url.path.endswith(".whl"):
        return None
    try:
        content = Path(url2pathname(url.path)).read_bytes()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.read(f"{NAME}-{own.version}.dist-info/RECORD").decode()
    except (OSError, KeyError, zipfile.BadZipFile):
        return None
    here = set((own.read_text("RECORD") or "").splitlines())
    return content if set(listed.splitlines()) <= here else None
