"""Downloads, against real servers on this machine that behave and that do not."""

from __future__ import annotations

import gzip
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen.datasets.dataset import Found
from reportgen.datasets.download import fetch
from reportgen.datasets.find import find
from reportgen.datasets.patience import PATIENCE_SECONDS, Patience
from reportgen.datasets.readers import largest_idx
from reportgen.datasets.registry import DATASETS
from reportgen.errors import EnvironmentFault
from tests.datasets.files import idx, registry, tiny_arrays, tiny_files, tiny_npz, tiny_source

Answer = bytes | Callable[["Handler"], None]
TEST_IMAGES = "t10k-images-idx3-ubyte.gz"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with what the server holds under a name: bytes, or a way to misbehave."""

    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        answer = self.server.answers.get(self.path.lstrip("/"))
        if answer is None:
            self.send_error(404)
        elif isinstance(answer, bytes):
            self.begin(len(answer))
            self.wfile.write(answer)
        else:
            answer(self)

    def begin(self, length: int, **headers: str) -> None:
        """Send the status and the headers."""
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


class Server(http.server.ThreadingHTTPServer):
    """An HTTP server on a free port of this machine."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, answers: dict[str, Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.asked: list[str] = []
        self.stop = threading.Event()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up is part of the tests."""


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, Answer]], Server]]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    servers: list[Server] = []

    def start(answers: dict[str, Answer]) -> Server:
        server = Server(answers)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return server

    yield start
    for server in servers:
        server.stop.set()
        server.shutdown()
        server.server_close()


Serve = Callable[[dict[str, Answer]], Server]


class Downloads:
    """Calls `find` with nothing but mirrors to find things at."""

    def __init__(self, root: Path) -> None:
        self.cache = root / "cache"
        self.said: list[str] = []

    def __call__(self, *bases: str, npz: bool = False, **changes: Any) -> Found:
        settings: dict[str, Any] = {
            "data_dir": None, "keras_home": self.cache / "none", "cache": self.cache,
            "when_unavailable": "error", "say": self.said.append,
            "datasets": registry(tiny_source(*bases, npz=npz)),
        }  # fmt: skip
        return find("tiny", **{**settings, **changes})

    def refusal(self, *bases: str, **changes: Any) -> str:
        with pytest.raises(EnvironmentFault) as caught:
            self(*bases, **changes)
        return str(caught.value)


@pytest.fixture
def download(tmp_path: Path) -> Downloads:
    return Downloads(tmp_path)


def files(**changes: Answer) -> dict[str, Answer]:
    """Right answers for the four files, but for those given by the start of their names."""
    answers: dict[str, Answer] = dict(tiny_files())
    for start, answer in changes.items():
        (name,) = [name for name in answers if name.replace("-", "_").startswith(start)]
        answers[name] = answer
    return answers


def dead_address() -> str:
    """An address at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


def silent(handler: Handler) -> None:
    """Take the request and never answer."""
    handler.server.stop.wait(30)


def stalling(handler: Handler) -> None:
    """Promise everything, send a little, fall silent."""
    handler.begin(200)
    handler.wfile.write(b"\x1f\x8b\x08")
    handler.wfile.flush()
    handler.server.stop.wait(30)


def trickling(handler: Handler) -> None:
    """Send a byte now and then, so that no single read ever times out."""
    handler.begin(200)
    while not handler.server.stop.wait(0.1):
        handler.wfile.write(b"\0")
        handler.wfile.flush()


def test_four_files_are_fetched_checked_and_kept(serve: Serve, download: Downloads) -> None:
    server = serve(files())
    found = download(server.base)
    assert (found.name, found.source, found.digest) == ("tiny", "download", tiny_source().digest)
    assert {name: size for name, size, _ in found.files} == {n: len(c) for n, c in tiny_files().items()}
    assert len(server.asked) == 4
    assert download(server.base) == found
    assert len(server.asked) == 4  # the second time nothing was fetched
    assert any(server.base in line for line in download.said)


def test_a_keras_npz_is_fetched(serve: Serve, download: Downloads) -> None:
    server = serve({"tiny.npz": tiny_npz()})
    found = download(server.base, npz=True)
    assert (found.source, [name for name, *_ in found.files]) == ("download", ["tiny.npz"])


def test_a_server_that_unpacks_is_understood(serve: Serve, download: Downloads) -> None:
    def unpacked(handler: Handler) -> None:
        content = gzip.compress(idx(tiny_arrays()["x_test"]))
        handler.begin(len(content), Content_Encoding="gzip")
        handler.wfile.write(content)

    assert download(serve(files(t10k_images=unpacked)).base).source == "download"


def test_a_redirection_is_followed(serve: Serve, download: Downloads) -> None:
    target = serve(files())

    def moved(handler: Handler) -> None:
        handler.send_response(302)
        handler.send_header("Location", target.base + TEST_IMAGES)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    assert download(serve(files(t10k_images=moved)).base).source == "download"


def test_downloading_can_be_forbidden(serve: Serve, download: Downloads) -> None:
    server = serve(files())
    assert "not allowed" in download.refusal(server.base, download=False)
    assert server.asked == []


def test_mirrors_given_take_the_place_of_the_registrys(serve: Serve, download: Downloads) -> None:
    asked, ignored = serve(files()), serve(files())
    download(ignored.base, mirrors=tiny_source(asked.base).mirrors)
    assert (len(asked.asked), ignored.asked) == (4, [])


def test_the_next_mirror_goes_on_where_the_first_stopped(serve: Serve, download: Downloads) -> None:
    first, second = serve(files(train_images=b"<html>sorry</html>")), serve(files())
    found = download(first.base, second.base)
    assert found.digest == tiny_source().digest
    assert second.asked == ["/train-images-idx3-ubyte.gz"]
    assert any("bad-magic" in line or "magic number" in line for line in download.said)


def test_a_mirror_without_the_file_is_passed_over(serve: Serve, download: Downloads) -> None:
    found = download(serve({}).base, dead_address(), serve(files()).base)
    assert found.source == "download"
    assert any("HTTP status 404" in line for line in download.said)
    assert any("the connection failed" in line for line in download.said)


OTHER = tiny_arrays(seed=1)["x_test"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (gzip.compress(idx(OTHER)), "expected SHA-256"),
        (gzip.compress(idx(OTHER))[:-4], "ends too early"),
        (b"", "0 bytes"),
        (b"<!DOCTYPE html>", "magic number"),
        (bytes(1 << 20), "at most"),
    ],
    ids=["other pixels", "truncated", "empty", "web page", "too much"],
)
def test_wrong_bytes_are_refused(wrong: bytes, said: str, serve: Serve, download: Downloads) -> None:
    message = download.refusal(serve(files(t10k_images=wrong)).base)
    assert said in message
    assert TEST_IMAGES in message
    assert not download.cache.exists()
    found = download(when_unavailable="embedded")
    assert (found.name, found.stand_in) == ("digits", True)


def test_a_file_without_end_is_cut_off(serve: Serve, download: Downloads) -> None:
    sent = 0

    def endless(handler: Handler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.end_headers()
        while not handler.server.stop.is_set():
            sent += handler.wfile.write(bytes(1 << 16))

    assert "at most" in download.refusal(serve(files(t10k_images=endless)).base)
    most = largest_idx(tiny_source().shape("x_test"))
    assert sent < most + (16 << 20)  # what fits into the buffers of both sides


def test_a_connection_that_breaks_off_is_told(serve: Serve, download: Downloads) -> None:
    def broken(handler: Handler) -> None:
        handler.begin(60_000)
        handler.wfile.write(bytes(20_000))

    assert "broke off" in download.refusal(serve(files(t10k_images=broken)).base)


def test_a_dead_address_is_given_up_at_once(download: Downloads) -> None:
    began = time.monotonic()
    message = download.refusal(dead_address(), dead_address())
    assert message.count("the connection failed") == 2
    assert time.monotonic() - began < 5


def test_three_mirrors_that_never_answer_cost_less_than_ten_seconds(
    serve: Serve, download: Downloads
) -> None:
    answers: dict[str, Answer] = dict.fromkeys(tiny_files(), silent)
    bases = [serve(answers).base for _ in range(3)]
    began = time.monotonic()
    message = download.refusal(*bases)
    assert PATIENCE_SECONDS - 1 < time.monotonic() - began < 10
    assert all(base in message for base in bases)


@pytest.mark.parametrize("misbehaviour", [silent, stalling, trickling])
def test_a_mirror_that_falls_silent_is_left_for_the_next(
    misbehaviour: Answer, serve: Serve, download: Downloads
) -> None:
    first, second = serve(files(t10k_images=misbehaviour)), serve(files())
    began = time.monotonic()
    found = download(first.base, second.base, patience=Patience(2.0))
    assert found.source == "download"
    assert time.monotonic() - began < 2.0
    assert second.asked == [f"/{TEST_IMAGES}", "/train-images-idx3-ubyte.gz"]


def test_a_host_name_that_is_looked_up_for_ever_is_given_up(
    download: Downloads, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    real = socket.getaddrinfo

    def lookup(host: Any, *rest: Any, **more: Any) -> Any:
        if host == "data.invalid":
            released.wait(30)
        return real(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setenv("NO_PROXY", "data.invalid")
    began = time.monotonic()
    assert "silent" in download.refusal("http://data.invalid/", patience=Patience(0.5))
    assert time.monotonic() - began < 5
    released.set()


def test_patience_is_shared_between_data_sets(serve: Serve, download: Downloads) -> None:
    server = serve(dict.fromkeys(tiny_files(), silent))
    patience = Patience(0.4)
    assert "silent for" in download.refusal(server.base, patience=patience)
    assert "not asked" in download.refusal(server.base, patience=patience)
    assert len(server.asked) == 1


def test_a_success_restores_patience(serve: Serve) -> None:
    silent_server = serve(dict.fromkeys(tiny_files(), silent))
    patience = Patience(1.0)
    source = tiny_source(silent_server.base, serve(files()).base)
    assert fetch(source, source.mirrors, patience, lambda _: None, []) is not None
    assert patience.left == patience.seconds


def test_progress_is_told_while_bytes_come(serve: Serve, download: Downloads) -> None:
    whole = tiny_files()[TEST_IMAGES]

    def slow(handler: Handler) -> None:
        padded = whole + bytes(60_000)
        handler.begin(len(padded))
        for place in range(0, len(padded), 10_000):
            handler.wfile.write(padded[place : place + 10_000])
            handler.server.stop.wait(0.4)

    download(serve(files(t10k_images=slow)).base, patience=Patience(4.0))
    assert any(line.startswith(f"  {TEST_IMAGES}: 0.0 of 0.1 MB") for line in download.said)


def test_every_mirror_of_the_registry_ends_with_a_slash() -> None:
    bases = [mirror.base for source in DATASETS.values() for mirror in source.mirrors]
    assert bases
    assert all(base.startswith(("https://", "http://")) and base.endswith("/") for base in bases)
