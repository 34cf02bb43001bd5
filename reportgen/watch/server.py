"""The report on loopback: four addresses, read only, for a browser on this machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

from reportgen.errors import EnvironmentFault
from reportgen.watch.state import State

LOOPBACK = "127.0.0.1"
PORT = 8642
"""Where `watch` is found unless something else is there."""
_NAMES = (LOOPBACK, "localhost")
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
_POLICY = (
    "default-src 'none'; connect-src 'self'; frame-src 'self'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Of the page around the report, whose words are never HTML; the report has a policy of its own."""


def host_is_ours(host: str) -> bool:
    """Whether a request names this machine: a page elsewhere may point its own name at loopback.

    The port may be another one, as when it is forwarded.
    """
    name, _, port = host.partition(":")
    return name.lower() in _NAMES and (port.isdecimal() or ":" not in host)


def serve(state: State, out: Path, page: bytes, port: int | None) -> ThreadingHTTPServer:
    """Serve the report on loopback from threads of its own.

    Parameters
    ----------
    state : State
    out : Path
        Folder of the report.
    page : bytes
        The page around the report.
    port : int or None
        None: `PORT`, or any free one where that is taken; 0: any free one.

    Raises
    ------
    EnvironmentFault
        The port that was asked for cannot be used.
    """

    class Handler(_Handler):
        pages: ClassVar = {
            "/": (lambda: page, "text/html; charset=utf-8"),
            "/state": (state.said, "application/json"),
            "/report.html": ((out / "report.html").read_bytes, "text/html; charset=utf-8"),
            "/report.pdf": ((out / "report.pdf").read_bytes, "application/pdf"),
        }

    server = _bound(Handler, port)
    threading.Thread(target=server.serve_forever, name="server", daemon=True).start()
    return server


def address(server: ThreadingHTTPServer) -> str:
    """Where a browser finds it."""
    return f"http://{LOOPBACK}:{server.server_port}/"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = os.name == "posix"  # elsewhere it would take a port that another program uses

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser that goes away in the middle of an answer is no fault."""


class _Handler(BaseHTTPRequestHandler):
    server_version, sys_version = "reportgen", ""
    timeout = 30
    pages: ClassVar[Mapping[str, tuple[Callable[[], bytes], str]]] = {}
    """What makes the content of an address, and its type."""

    def do_GET(self) -> None:
        """Answer with one of the four."""
        if not host_is_ours(self.headers.get("Host") or ""):
            self._answer(HTTPStatus.FORBIDDEN, b"this address is not the machine's own\n", "text/plain")
            return
        found = self.pages.get(self.path.partition("?")[0])
        if found is None:
            self._answer(HTTPStatus.NOT_FOUND, b"there is no such page\n", "text/plain")
            return
        read, kind = found
        try:
            content = read()
        except OSError:
            self._answer(HTTPStatus.NOT_FOUND, b"there is no report yet\n", "text/plain")
            return
        self._answer(HTTPStatus.OK, content, kind)

    def _refuse(self) -> None:
        self._answer(
            HTTPStatus.METHOD_NOT_ALLOWED, b"this page can only be read\n", "text/plain", {"Allow": "GET"}
        )

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _refuse  # noqa: N815

    def _answer(
        self, status: HTTPStatus, content: bytes, kind: str, more: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.send_response(status)
        about = {"Content-Type": kind, "Content-Length": str(len(content))}
        for name, value in (_HEADERS | about | dict(more)).items():
            self.send_header(name, value)
        if self.path.partition("?")[0] == "/":
            self.send_header("Content-Security-Policy", _POLICY)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing: the terminal belongs to the builds."""


def _bound(handler: type[_Handler], port: int | None) -> ThreadingHTTPServer:
    try:
        return _Server((LOOPBACK, PORT if port is None else port), handler)
    except (OSError, OverflowError) as error:
        if port is None:
            return _Server((LOOPBACK, 0), handler)
        reason = getattr(error, "strerror", None) or error
        raise EnvironmentFault(
            f"port {port} cannot be used: {reason}\nchoose another with --port, or 0 for any free one"
        ) from error
