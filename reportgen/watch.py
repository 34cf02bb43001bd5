"""Building again on every change, and showing the report in a browser that follows."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from reportgen.errors import EnvironmentFault, ReportgenError
from reportgen.report.assets import template_file
from reportgen.workspace import Workspace

LOOPBACK = "127.0.0.1"
SETTLED = 300
"""Milliseconds without a further change after which a build begins: editors write in several steps."""

_SUFFIXES = (".toml", ".ipynb", ".j2", ".css", ".js", ".svg", ".png", ".jpg", ".jpeg", ".gif")


@dataclass
class State:
    """What the browser is told: how the last build went, and which report is there.

    Parameters
    ----------
    version : int
        Counts the reports that were written; 0 before the first.
    state : str
    text : str
    """

    version: int = 0
    state: Literal["building", "ready", "faults"] = "building"
    text: str = "building"
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def tell(self, state: Literal["building", "ready", "faults"], text: str, written: bool = False) -> None:
        """Note what the browser shall say, and whether there is a new report."""
        with self.lock:
            self.version += written
            self.state, self.text = state, text

    def said(self) -> bytes:
        """The state as JSON."""
        with self.lock:
            return json.dumps({"version": self.version, "state": self.state, "text": self.text}).encode()


def watch(
    build: Callable[[], str],
    changes: Iterator[str],
    state: State,
    say: Callable[[str], None],
) -> None:
    """Build, then build again for every change, until `changes` ends; a fault waits for the next change.

    Parameters
    ----------
    build : callable
        Makes the report and returns what to say of it.
    changes : iterator of str
        What changed, in words.
    state : State
    say : callable
        Is told, line by line, what the user should know.
    """
    _build(build, state, say)
    for changed in changes:
        say(f"{changed} changed")
        _build(build, state, say)


def _build(build: Callable[[], str], state: State, say: Callable[[str], None]) -> None:
    state.tell("building", "building …")
    try:
        text = build()
    except ReportgenError as error:
        state.tell("faults", f"The report is the one before: \n{error}")
        say(str(error))
    else:
        state.tell("ready", text, written=True)
    say("waiting for a change (Ctrl-C ends)")


def changes(work: Workspace, own_templates: Path | None) -> Iterator[str]:
    """Yield what changed whenever the files settle that a report is made from.

    Parameters
    ----------
    work : Workspace
    own_templates : Path or None
        A folder of templates of the user's.
    """
    from watchfiles import watch as follow

    folders = [work.root, *([own_templates] if own_templates is not None else [])]
    for found in follow(*folders, watch_filter=_Relevant(work), debounce=SETTLED, raise_interrupt=True):
        names = sorted({Path(path).name for _, path in found})
        yield names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


class _Relevant:
    """Whether a change can change the report: what a build itself writes cannot."""

    def __init__(self, work: Workspace) -> None:
        self.root, self.ours = work.root, (work.out, work.state, work.store)

    def __call__(self, change: object, path: str) -> bool:
        place = Path(path)
        if any(place.is_relative_to(own) for own in self.ours):
            return False
        inside = place.relative_to(self.root).parts if place.is_relative_to(self.root) else (place.name,)
        hidden = any(part.startswith((".", "__pycache__")) for part in inside)
        return not hidden and place.suffix in _SUFFIXES


def serve(state: State, out: Path, templates: Path, port: int) -> ThreadingHTTPServer:
    """Serve the report on loopback from a thread of its own.

    Parameters
    ----------
    state : State
    out : Path
        Folder of the report.
    templates : Path
    port : int
        0: any free one.

    Raises
    ------
    EnvironmentFault
        The port is taken.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
            if host not in (LOOPBACK, "localhost"):  # a page elsewhere that points its name at this machine
                self.send_error(HTTPStatus.FORBIDDEN)
                return
            path = self.path.partition("?")[0]
            pages: dict[str, tuple[Callable[[], bytes], str]] = {
                "/": ((template_file(templates, "watch.html")).read_bytes, "text/html; charset=utf-8"),
                "/state": (state.said, "application/json"),
                "/report.html": ((out / "report.html").read_bytes, "text/html; charset=utf-8"),
                "/report.pdf": ((out / "report.pdf").read_bytes, "application/pdf"),
            }
            if path not in pages:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            read, kind = pages[path]
            try:
                content = read()
            except OSError:
                self.send_error(HTTPStatus.NOT_FOUND, "there is no report yet")
                return
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Say nothing: the terminal belongs to the builds."""

    try:
        server = ThreadingHTTPServer((LOOPBACK, port), Handler)
    except OSError as error:
        raise EnvironmentFault(
            f"port {port} cannot be used: {error.strerror}; choose another with --port"
        ) from error
    threading.Thread(target=server.serve_forever, name="watch", daemon=True).start()
    return server
