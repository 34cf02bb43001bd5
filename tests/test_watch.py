"""Watching a coursework: what counts as a change, what is served and to whom, and a real one in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reportgen.errors import EnvironmentFault
from reportgen.showing import no_screen, shown
from reportgen.watch.inputs import Follower, inputs_of, said
from reportgen.watch.server import PORT, address, host_is_ours, serve
from reportgen.watch.state import State
from reportgen.workspace import Workspace, find_workspace
from tests.conftest import needs_chromium
from tests.processes import marked, none_left
from tests.projects import ENDINGS, environment, notebook, project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")


# --- what counts as a change


@contextmanager
def followed(work: Callable[[], Workspace]) -> Iterator[list[str]]:
    """What is told of changes, as it comes."""
    stop, heard = threading.Event(), list[str]()
    follower = Follower(lambda: inputs_of(work()), stop)

    def listen() -> None:
        for changed in follower.changes():
            heard.append(changed)

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    time.sleep(0.4)  # the system's messages come from here on; what changes before is seen all the same
    yield heard
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def until(condition: Callable[[], object], within: float = 5.0) -> bool:
    """Whether something comes true in time."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def coursework(folder: Path, text: str = "", templates: Path | None = None) -> Callable[[], Workspace]:
    """A coursework with a notebook and a picture that its text shows; return what finds its folders."""
    (folder / "notebooks").mkdir()
    (folder / "images").mkdir()
    (folder / "notebooks" / "net.ipynb").write_text("{}", encoding="utf-8")
    (folder / "images" / "net.png").write_bytes(b"png")
    file = folder / "experiments.toml"
    file.write_text(text or 'text = "![a net](images/net.png)"\n', encoding="utf-8")
    return lambda: find_workspace(file, {"HOME": str(folder)}, templates=templates)


def renamed_over(path: Path, content: str) -> None:
    """Save as careful editors do."""
    aside = path.with_name(f"{path.name}.tmp12")
    aside.write_text(content, encoding="utf-8")
    aside.replace(path)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda at: renamed_over(at / "experiments.toml", "x = 1"), "experiments.toml"),
        (lambda at: (at / "notebooks" / "net.ipynb").write_text("{ }"), "net.ipynb"),
        (lambda at: renamed_over(at / "notebooks" / "new.ipynb", "{}"), "new.ipynb"),
        (lambda at: (at / "notebooks" / "net.ipynb").unlink(), "net.ipynb is gone"),
        (lambda at: (at / "images" / "net.png").write_bytes(b"another"), "net.png"),
        (lambda at: shutil.rmtree(at / "images"), "net.png is gone"),
        (lambda at: (at / "own" / "sections" / "99_x.html.j2").write_text("x"), "99_x.html.j2"),
    ],
)
def test_what_a_report_is_made_from_counts(tmp_path: Path, change: Callable[[Path], None], name: str) -> None:
    (tmp_path / "own" / "sections").mkdir(parents=True)
    with followed(coursework(tmp_path, templates=tmp_path / "own")) as heard:
        change(tmp_path)
        assert until(lambda: heard)
        assert heard[0].startswith(name)


def test_what_a_build_or_an_editor_leaves_beside_it_does_not_count(tmp_path: Path) -> None:
    work = coursework(tmp_path)
    with followed(work) as heard:
        for name in (
            "output/report.html", "output/notebooks/a.ipynb", ".reportgen/runs/a/notebook.ipynb",
            ".reportgen/store/objects/x.json", ".experiments.toml.swp", "experiments.toml~", "4913", "notes.md",
            "notebooks/.ipynb_checkpoints/net-checkpoint.ipynb", "notebooks/.net.ipynb.swp", "images/other.png",
            "notebooks/#net.ipynb#", "notebooks/.~net.ipynb",
        ):  # fmt: skip
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("x", encoding="utf-8")
        time.sleep(1.5)
        assert heard == []


def test_a_picture_counts_once_the_text_names_it_and_also_where_the_file_is_wrong(tmp_path: Path) -> None:
    with followed(coursework(tmp_path)) as heard:
        renamed_over(tmp_path / "experiments.toml", "this is [ no TOML ![x](later/on.png)")
        assert until(lambda: heard == ["experiments.toml changed"])
        (tmp_path / "later").mkdir()
        (tmp_path / "later" / "on.png").write_bytes(b"x")
        assert until(lambda: heard[1:] == ["on.png changed"])


def test_several_saves_in_quick_succession_and_the_last_is_told(tmp_path: Path) -> None:
    work = coursework(tmp_path)
    file = tmp_path / "experiments.toml"
    with followed(work) as heard:
        for number in range(30):
            renamed_over(file, f"x = {number}")
            time.sleep(0.01)
        assert until(lambda: heard)
        time.sleep(1)
        before = len(heard)
        assert before < 10
        file.write_text("x = 'last'", encoding="utf-8")
        assert until(lambda: len(heard) > before)


def test_a_file_that_is_away_for_a_moment_is_not_said_to_be_gone(tmp_path: Path) -> None:
    work = coursework(tmp_path)
    file = tmp_path / "experiments.toml"
    with followed(work) as heard:
        file.unlink()
        time.sleep(0.15)
        file.write_text("x = 2", encoding="utf-8")
        assert until(lambda: heard)
        file.unlink()
        assert until(lambda: heard[-1] == "experiments.toml is gone")
        file.write_text("x = 3", encoding="utf-8")
        assert until(lambda: heard[-1] == "experiments.toml changed")
        assert len(heard) == 3


def test_folders_that_are_replaced_or_come_later_are_followed(tmp_path: Path) -> None:
    """As when another branch is checked out."""
    work = coursework(tmp_path)
    with followed(work) as heard:
        shutil.rmtree(tmp_path / "notebooks")
        assert until(lambda: "net.ipynb is gone" in heard)
        (tmp_path / "notebooks").mkdir()
        for name in ("a", "b", "c"):
            (tmp_path / "notebooks" / f"{name}.ipynb").write_text("{}", encoding="utf-8")
        assert until(lambda: len(heard) > 1)
        time.sleep(1.2)
        heard.clear()
        (tmp_path / "notebooks" / "b.ipynb").write_text("{ }", encoding="utf-8")
        assert until(lambda: heard == ["b.ipynb changed"])


def test_a_change_before_the_first_look_is_told(tmp_path: Path) -> None:
    work = coursework(tmp_path)
    follower = Follower(lambda: inputs_of(work()), threading.Event())
    renamed_over(tmp_path / "experiments.toml", "x = 4")
    assert next(follower.changes()) == "experiments.toml changed"


def test_where_the_system_tells_nothing_the_files_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> Iterator[None]:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr("watchfiles.watch", full)
    with followed(coursework(tmp_path)) as heard:
        renamed_over(tmp_path / "experiments.toml", "x = 5")
        assert until(lambda: heard == ["experiments.toml changed"])


def test_changes_are_named() -> None:
    one, other = Path("a/one.ipynb"), Path("b/other.png")
    assert said({one: (1, 1, 1)}, {one: (1, 2, 1)}) == "one.ipynb changed"
    assert said({one: (1, 1, 1)}, {}) == "one.ipynb is gone"
    assert said({one: (1, 1, 1)}, {other: (1, 1, 2)}) == "one.ipynb and 1 more changed"


# --- what is served, and to whom


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8642", True), ("localhost:8642", True), ("LOCALHOST", True), ("localhost:9000", True),
        ("evil.example:8642", False), ("127.0.0.1.evil.example", False), ("localhost.evil.example:8642", False),
        ("", False), ("localhost:", False), ("localhost:x", False), ("[::1]:8642", False),
    ],
)  # fmt: skip
def test_only_this_machine_is_answered(host: str, ours: bool) -> None:
    assert host_is_ours(host) is ours


@contextmanager
def served(out: Path) -> Iterator[Callable[..., tuple[int, dict[str, str], bytes]]]:
    """What asks a server of `out` and returns status, headers and content."""
    server = serve(State(), out, b"<p>page</p>", 0)

    def ask(path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection("127.0.0.1", server.server_port, timeout=5)
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()

    try:
        yield ask
    finally:
        server.shutdown()
        server.server_close()


def test_four_addresses_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "output"
    out.mkdir()
    (tmp_path / "experiments.toml").write_text("secret", encoding="utf-8")
    (out / "results.json").write_text("secret", encoding="utf-8")
    with served(out) as ask:
        assert ask("/")[2] == b"<p>page</p>"
        assert b'"version": 0' in ask("/state")[2]
        assert ask("/report.html")[0] == 404
        (out / "report.html").write_text("<p>report</p>", encoding="utf-8")
        (out / "report.pdf").write_bytes(b"%PDF")
        assert ask("/report.html?7")[2] == b"<p>report</p>"
        assert ask("/report.pdf")[1]["Content-Type"] == "application/pdf"
        for path in (
            "/results.json", "/../experiments.toml", "/report.html/../../experiments.toml", "/.",
            "/%2e%2e/experiments.toml", "/..%2fexperiments.toml", str(tmp_path / "experiments.toml"), "/output/",
        ):  # fmt: skip
            status, _, content = ask(path)
            assert (status, b"secret" in content) == (404, False), path


def test_a_page_elsewhere_learns_nothing(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("secret", encoding="utf-8")
    with served(tmp_path) as ask:
        for path in ("/", "/state", "/report.html"):
            status, _, content = ask(path, Host="evil.example")
            assert status == 403
            assert b"secret" not in content
            headers = ask(path, Origin="https://evil.example")[1]
            assert not [name for name in headers if name.lower().startswith("access-control")]
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert headers["Cache-Control"] == "no-store"
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "HEAD"):
            assert ask("/state", method)[0] == 405


def test_the_port_is_always_the_same_unless_it_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", PORT))
        except OSError:
            pass  # something else has it: as good
        else:
            other.listen()
        server = serve(State(), tmp_path, b"", None)
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address(server))
        assert server.server_port != PORT
        with pytest.raises(EnvironmentFault, match="choose another with --port"):
            serve(State(), tmp_path, b"", server.server_port)
        server.shutdown()
        server.server_close()


# --- showing


@pytest.mark.parametrize(
    ("env", "system", "reason"),
    [
        ({"DISPLAY": ":0"}, "linux", ""),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", ""),
        ({}, "linux", "no screen"),
        ({"WSL_DISTRO_NAME": "Debian"}, "linux", ""),
        ({"CI": "true", "DISPLAY": ":0"}, "linux", "CI"),
        ({"SSH_CONNECTION": "1"}, "darwin", "ssh"),
        ({"SSH_CONNECTION": "1", "DISPLAY": "localhost:10.0"}, "linux", ""),
        ({"SSH_TTY": "/dev/pts/1", "BROWSER": "helper"}, "linux", ""),
        ({}, "darwin", ""),
        ({}, "win32", ""),
    ],
)
def test_where_nothing_can_be_shown(env: dict[str, str], system: str, reason: str) -> None:
    found = no_screen(env, system)
    assert reason in found
    assert bool(found) == bool(reason)


def test_a_program_that_fails_is_not_silent() -> None:
    calls: list[str] = []

    def launch(code: int) -> Callable[[str], int]:
        def launched(target: str) -> int:
            calls.append(target)
            return code

        return launched

    assert shown("a.pdf", {}, launch(0)) == "" if sys.platform != "linux" else "no screen here"
    env = {"DISPLAY": ":0", "BROWSER": "true"}
    assert shown("a.pdf", env, launch(0)) == ""
    assert shown("a.pdf", env, launch(3)) == "no program here shows it"
    assert calls[-2:] == ["a.pdf", "a.pdf"]


@pytest.mark.parametrize(("words", "name"), [((), "report.pdf"), (("--html",), "report.html")])
def test_open_says_where_the_report_lies(tmp_path: Path, words: tuple[str, ...], name: str) -> None:
    (tmp_path / "output").mkdir()
    none = reportgen(tmp_path, "open", *words)
    assert none.returncode == 2
    assert "error[no-report]" in none.stderr
    for each in ("report.pdf", "report.html"):
        (tmp_path / "output" / each).write_bytes(b"x")
    done = reportgen(tmp_path, "open", *words)
    assert done.returncode == 0
    assert str(tmp_path / "output" / name) in done.stdout
    assert "this is a CI job" in done.stdout


# --- a real one


EXPERIMENT = """
[[experiment]]
id = "{id}"
section = "only"
title = "Row {id}"
notebook = "{notebook}"
parameters = {{ units = {units} }}
"""


def reportgen(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        [sys.executable, "-m", "reportgen", *words], cwd=folder, env=environment(folder), text=True,
        capture_output=True, timeout=120,
    )  # fmt: skip


def picture(page: Page, name: str) -> None:
    """Keep a picture of the page where somebody wants to look at it: REPORTGEN_PICTURES names a folder."""
    folder = os.environ.get("REPORTGEN_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"watch-{name}.png")


class Watched:
    """`reportgen watch` on a coursework, as a person at a terminal starts it."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder, self.file = folder, folder / "experiments.toml"
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reportgen", "watch", "--no-open", "--cold", "--port", "0", *words],
            cwd=folder, env=environment(folder), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert until(lambda: "http://" in self.text, 30), self.text
        self.address = re.findall(r"http://\S+", self.text)[0]

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(iter(self.process.stdout.readline, ""))

    @property
    def text(self) -> str:
        return "".join(self.lines)

    def insert(self, id: str, notebook: str, units: int, before: str = "") -> None:
        """Add a row, at the end or before another, as an editor does."""
        text = self.file.read_text(encoding="utf-8")
        row = EXPERIMENT.format(id=id, notebook=notebook, units=units).lstrip()
        place = text.index(f'[[experiment]]\nid = "{before}"') if before else len(text)
        renamed_over(self.file, f"{text[:place]}{row}\n{text[place:]}")

    def replace(self, old: str, new: str) -> None:
        """Edit the file."""
        text = self.file.read_text(encoding="utf-8")
        assert old in text
        renamed_over(self.file, text.replace(old, new))

    def end(self, number: int = signal.SIGINT, group: bool = True) -> float:
        """Send a signal, as the terminal does to the whole group; return the seconds to the end."""
        began = time.monotonic()
        (os.killpg if group else os.kill)(self.process.pid, number)
        self.process.wait(15)
        self._reader.join(5)
        return time.monotonic() - began


@contextmanager
def watching(folder: Path, *words: str) -> Iterator[Watched]:
    """A watch that is over afterwards, whatever happens."""
    watched = Watched(folder, *words)
    try:
        yield watched
    finally:
        if watched.process.poll() is None:
            watched.end(signal.SIGTERM)


class Reader:
    """A person who reads the page; any complaint of the browser, and any request elsewhere, is noted."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.heard = page, list[str]()
        page.on("console", lambda message: self.heard.append(message.text))
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("request", lambda asked: self.heard.append(asked.url))
        page.goto(address)
        self.address = address
        page.evaluate("window.mine = 1")  # gone if the page itself were loaded anew

    def complaints(self) -> list[str]:
        """What the browser heard besides this page's own addresses and pictures within it."""
        return [text for text in self.heard if not text.startswith((self.address, "data:image/svg+xml"))]

    def wait(self, condition: str) -> None:
        """Wait for something to be true in the page; `report` is the one that is shown."""
        shown = "const report = document.querySelector('iframe:not(.next)')?.contentDocument;"
        self.page.wait_for_function(f"() => {{ {shown} return {condition}; }}")

    def report(self) -> Frame:
        """The report that is shown."""
        frame = self.page.query_selector("iframe:not(.next)")
        found = frame.content_frame() if frame else None
        assert found is not None
        return found

    def shows(self, text: str) -> None:
        """Wait until the report shows a text."""
        self.wait(f"report?.body?.textContent.includes({text!r})")


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window of a browser."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme="light")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


@needs_chromium
@linux
@pytest.mark.kernel
def test_a_row_is_added_and_the_page_shows_it(tmp_path: Path, page: Page) -> None:
    project(tmp_path, {"a": "fine units=50", "b": "fine units=60"})
    for ending in ("slow", "raises"):
        (tmp_path / "notebooks" / f"{ending}.ipynb").write_text(notebook(ENDINGS[ending]), encoding="utf-8")
    with watching(tmp_path) as watched:
        reader = Reader(page, watched.address)
        reader.wait("document.body.className === 'ready' && document.querySelector('#pdf a')")
        assert page.inner_text("#said").startswith("Up to date")
        reader.report().locator(".theme").click()
        top = "document.getElementById('row-b').getBoundingClientRect().top"
        # At once: what is measured while the page still glides there is not where it comes to rest.
        reader.report().evaluate("document.documentElement.style.scrollBehavior = 'auto'")
        reader.report().evaluate("location.hash = 'row-b'")
        reader.wait("Math.abs(report.getElementById('row-b').getBoundingClientRect().top) < 30")
        reader.report().evaluate("window.scrollBy({top: 40, behavior: 'instant'})")
        before, far = reader.report().evaluate(f"[{top}, window.scrollY]")

        watched.insert("new", "fine", 70, before="b")
        reader.shows("Row new")
        reader.wait("document.body.className === 'ready' && document.querySelector('#pdf a')")
        after, further = reader.report().evaluate(f"[{top}, window.scrollY]")
        assert further > far + 300  # a page of a row came in above what is read
        assert after == pytest.approx(before, abs=4)
        assert reader.report().evaluate("[document.documentElement.dataset.theme, location.hash]") == [
            "dark",
            "#row-b",
        ]
        assert page.evaluate("[window.mine, document.documentElement.dataset.theme]") == [1, "dark"]
        assert watched.text.count(": done") == 3
        picture(page, "ready-dark")

        told = page.evaluate("fetch('/state').then(answer => answer.json())")
        watched.replace("units = 70", "unist = 70")
        reader.wait("document.body.className === 'faults'")
        line = watched.file.read_text(encoding="utf-8").split("unist")[0].count("\n") + 1
        fault = page.inner_text("#faults")
        assert f"experiments.toml:{line}" in fault
        assert "unist" in fault and '"units"' in fault
        reader.shows("Row new")
        picture(page, "fault-dark")
        watched.replace("unist = 70", "units = 70")
        reader.wait("document.body.className === 'ready'")
        assert page.inner_text("#faults") == ""
        assert page.evaluate("fetch('/state').then(answer => answer.json())")["version"] == told["version"]
        one = reportgen(tmp_path, "render")
        assert "up to date" in one.stdout
        assert reportgen(tmp_path, "render", "--out", "other").returncode == 0
        assert (tmp_path / "other" / "report.pdf").read_bytes() == (
            tmp_path / "output" / "report.pdf"
        ).read_bytes()

        reader.report().locator(".theme").click()
        watched.insert("late", "slow", 80)
        reader.shows("this run is on its way")
        reader.wait("document.querySelector('#runs li')")
        assert "0 of 1 done" in page.inner_text("#progress")
        picture(page, "training-light")
        watched.replace('notebook = "slow"', 'notebook = "raises"')
        reader.wait("document.querySelector('#faults').textContent.includes('no such luck')")
        assert "late: stopped, it is no longer needed" in watched.text
        row = watched.file.read_text(encoding="utf-8").split('id = "late"')[0].count("\n")
        assert f"experiments.toml:{row}: late: failed [error] in cell 2" in page.inner_text("#faults")
        picture(page, "failed-light")
        tries = watched.text.count("late: failed")
        watched.replace("Row late", "Row too late")
        reader.shows("Row too late")
        reader.wait("document.querySelector('#pdf a')")
        assert watched.text.count("late: failed") == tries

        watched.replace('notebook = "raises"', 'notebook = "slow"')
        reader.wait("document.querySelector('#runs li')")
        assert marked(str(tmp_path))
        assert reader.complaints() == []
        assert watched.end() < 6
        reader.wait("document.body.className === 'gone'")
        picture(page, "gone-light")
    assert watched.process.returncode == 130
    assert none_left(str(tmp_path), within=2)
    assert "Traceback" not in watched.text
    assert not list((tmp_path / ".reportgen" / "runs").iterdir())


@linux
@pytest.mark.kernel
@pytest.mark.parametrize("moment", ["reading", "drawing", "setting"])
def test_a_signal_ends_it_at_once(tmp_path: Path, moment: str) -> None:
    project(tmp_path, {"a": "fine units=50"})
    with watching(tmp_path) as watched:
        if moment != "reading":
            assert until(lambda: (tmp_path / ".reportgen" / "figures").is_dir(), 60)
        if moment == "setting":
            assert until(lambda: "report.html written" in watched.text, 60)
        assert watched.end(signal.SIGTERM, group=moment == "drawing") < 5
        assert watched.process.returncode == 143
    assert none_left(str(tmp_path), within=2)
    assert "Traceback" not in watched.text
    assert "finished runs are kept" in watched.text


@linux
@pytest.mark.kernel
def test_it_waits_where_the_first_file_is_wrong_and_ends_where_there_is_none(tmp_path: Path) -> None:
    none = reportgen(tmp_path, "watch", "--no-open")
    assert none.returncode == 2
    file = project(tmp_path, {"a": "fine units=50"})
    file.write_text(file.read_text(encoding="utf-8").replace("units=50", "units=fifty"), encoding="utf-8")
    with watching(tmp_path) as watched:
        assert until(lambda: "error[" in watched.text, 30)
        watched.replace("fifty", "50")
        assert until(lambda: "report.html written" in watched.text, 60)
