"""HTML to a tagged PDF by WeasyPrint, from memory and the package's fonts, nothing else."""

from __future__ import annotations

import base64
import binascii
import contextlib
import gc
import io
import logging
import os
import platform
import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.errors import EnvironmentFault, RenderError
from reportgen.report import tags

SCHEME = "mem:"
PICTURE = "data:image/png;base64,"
"""How images of the data sets stand within a figure: they lead nowhere."""
VARIANT = "pdf/ua-1"

_REMEDIES = {
    "debian": "sudo apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
    "fedora": "sudo dnf install pango",
    "darwin": "brew install pango",
    "windows": "winget install MSYS2.MSYS2, then in its window: pacman -S mingw-w64-ucrt-x86_64-pango",
}


class PangoMissing(EnvironmentFault):
    """WeasyPrint's system libraries are missing: the HTML is complete, the PDF is not."""

    exit_code = RenderError.exit_code


@dataclass(frozen=True)
class Asset:
    """A file that the document may refer to as ``mem:<name>``."""

    content: bytes
    mime_type: str


def system_family(system: str, os_release: Mapping[str, str]) -> str:
    """Return ``debian``, ``fedora``, ``darwin`` or ``windows``, or the system's own name.

    Parameters
    ----------
    system : str
        As `platform.system` gives it.
    os_release : mapping
        As `platform.freedesktop_os_release` gives it; empty where there is none.
    """
    if system != "Linux":
        return system.lower()
    names = f"{os_release.get('ID', '')} {os_release.get('ID_LIKE', '')}".lower().split()
    if {"fedora", "rhel", "centos"} & set(names):
        return "fedora"
    if {"debian", "ubuntu"} & set(names) or not names:
        return "debian"
    return names[0]


def this_system() -> str:
    """Return the family of the system that runs this."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    return system_family(platform.system(), release)


def pango_remedy(family: str) -> str:
    """Return the one line that brings WeasyPrint's libraries to a family of systems."""
    return _REMEDIES.get(family, "install Pango 1.44 or newer with your package manager")


def import_weasyprint(family: str) -> tuple[Any, tuple[str, ...]]:
    """Import WeasyPrint; return it and what it warned of.

    Raises
    ------
    PangoMissing
        Its system libraries cannot be loaded.
    """
    said = io.StringIO()
    try:
        with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(said):
            warnings.simplefilter("always")
            import weasyprint
    except OSError as error:
        raise PangoMissing(
            "no PDF: Pango, which lays out its text, is not on this system; the HTML is complete\n"
            f"  {pango_remedy(family)}"
        ) from error
    ours = ("weasyprint", "harfbuzz")
    texts = dict.fromkeys(
        str(w.message) for w in caught if any(name in str(w.message).lower() for name in ours)
    )
    return weasyprint, tuple(texts)


Again = Callable[[Sequence[Any]], "tuple[str, str, Mapping[str, Asset]] | None"]
"""Given the pages of a laid out document, a better document (HTML, CSS, assets), or None."""


def _as_it_is(pages: Sequence[Any]) -> None:
    """Nothing to better."""
    return


def pdf_bytes(
    html: str,
    css: str,
    assets: Mapping[str, Asset],
    *,
    epoch: int,
    family: str = "debian",
    again: Again = _as_it_is,
) -> tuple[bytes, tuple[str, ...]]:
    """Return the PDF of a document, and what WeasyPrint warned of.

    Parameters
    ----------
    html : str
        The document; its pictures are ``mem:<name>``.
    css : str
        The whole style, fonts declared as ``mem:<name>``.
    assets : mapping of str to Asset
        Everything that may be fetched, by name. Any other address stops the rendering.
    epoch : int
        Seconds since 1970 that stand for "now" in the file, so that equal input
        gives equal bytes.
    family : str
        Family of the operating system, for the remedy when Pango is missing.
    again : callable
        Is shown the pages before they are written.

    Raises
    ------
    PangoMissing
        WeasyPrint's system libraries cannot be loaded.
    RenderError
        The document could not be set, or refers to something that it may not.
    """
    weasyprint, said = import_weasyprint(family)
    fatal = _fatal_error()
    with _warnings_of_weasyprint() as messages, _source_date_epoch(epoch):
        try:
            document = _laid_out(weasyprint, html, css, assets)
            while (better := again(document.pages)) is not None:
                # A million boxes that refer to each other: they go before as many new ones come.
                del document
                gc.collect()
                document = _laid_out(weasyprint, *better)
            content = document.write_pdf(finisher=tags.finish, **_options(weasyprint))
            if document.url_fetcher.refused:
                # Inside a drawing even a fatal error is only logged.
                raise fatal(document.url_fetcher.refused[0])
        except fatal as error:
            raise RenderError(
                f"no PDF: the document refers to what it may not: {error.__cause__ or error}"
            ) from None
        except Exception as error:
            raise RenderError(f"no PDF: {type(error).__name__}: {error}") from error
    return content, tuple(dict.fromkeys((*said, *messages)))


def _laid_out(weasyprint: Any, html: str, css: str, assets: Mapping[str, Asset]) -> Any:
    """The document with its pages, not yet written."""
    fetcher, fonts = make_fetcher(assets), _font_configuration()
    style = weasyprint.CSS(string=css, url_fetcher=fetcher, font_config=fonts)
    source = weasyprint.HTML(string=html, url_fetcher=fetcher)
    return source.render(font_config=fonts, **_options(weasyprint, [style]))


def _options(weasyprint: Any, stylesheets: Sequence[Any] = ()) -> dict[str, Any]:
    return {**weasyprint.DEFAULT_OPTIONS, "pdf_variant": VARIANT, "stylesheets": list(stylesheets)}


def make_fetcher(assets: Mapping[str, Asset]) -> Any:
    """Return a WeasyPrint URL fetcher that serves `assets` and stops at everything else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class MemoryFetcher(URLFetcher):  # type: ignore[misc, valid-type, unused-ignore]
        """Serves from memory; anything else is fatal, not merely logged."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            asset = assets.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else _picture(url)
            if asset is None:
                self.refused.append(f"{url!r} is not part of the report")
                raise FatalURLFetchingError(self.refused[-1])
            return URLFetcherResponse(url, asset.content, {"Content-Type": asset.mime_type})

    return MemoryFetcher()


def _picture(url: str) -> Asset | None:
    """The image that stands in an address itself; None where it is no PNG."""
    if not url.startswith(PICTURE):
        return None
    try:
        content = base64.b64decode(re.sub(r"\s|%0A", "", url.removeprefix(PICTURE)), validate=True)
    except (binascii.Error, ValueError):
        return None
    return Asset(content, "image/png") if content.startswith(b"\x89PNG\r\n") else None


def _fatal_error() -> type[BaseException]:
    from weasyprint.urls import FatalURLFetchingError

    error: type[BaseException] = FatalURLFetchingError
    return error


def _font_configuration() -> Any:
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


class _Collector(logging.Handler):
    """Keeps the messages of a logger."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextlib.contextmanager
def _warnings_of_weasyprint() -> Iterator[list[str]]:
    """Collect what WeasyPrint logs above INFO, instead of printing it."""
    logger = logging.getLogger("weasyprint")
    collector = _Collector()
    propagate, level = logger.propagate, logger.level
    logger.addHandler(collector)
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    try:
        yield collector.messages
    finally:
        logger.removeHandler(collector)
        logger.propagate = propagate
        logger.setLevel(level)


@contextlib.contextmanager
def _source_date_epoch(epoch: int) -> Iterator[None]:
    """Set SOURCE_DATE_EPOCH: the font tools take their dates from the environment alone."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before
