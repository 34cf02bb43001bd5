"""The browser, which is started once for all tests, their order, and signals as at a terminal."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

for name in ("SIGINT", "SIGHUP"):
    number = getattr(signal, name, None)
    if number is not None and signal.getsignal(number) is signal.SIG_IGN:
        # Whoever starts the tests in the background or by nohup has them ignored, and what tests start would be
        # deaf to them as well.
        signal.signal(number, signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL)

CHROMIUM = next(
    filter(
        None, map(shutil.which, ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser"))
    ),
    None,
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


LONG = (
    "test_documentation_commands.py",
    "test_pdf.py",
    "test_build.py",
    "test_submit.py",
    "test_starter_notebooks.py",
    "test_browser.py",
    "test_staged_runs.py",
    "test_watch.py",
    "test_package.py",
    "test_together.py",
    "test_settings_as_calls.py",
)
"""The files that take longest, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files: the cores that share the tests then end at about the same time."""
    kernel = {item.path for item in items if item.get_closest_marker("kernel")}
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: (place.get(item.path.name, len(LONG)), item.path not in kernel))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's browser, without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # A container's root has no user namespaces, so the sandbox cannot start there.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()
