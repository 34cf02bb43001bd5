"""The page around a report that `watch` shows: what a reader did to the report stands when it is loaded anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from reportgen.report.assets import built_in
from reportgen.watch.server import address, serve
from reportgen.watch.state import State
from tests.conftest import needs_chromium
from tests.report.conftest import Written
from tests.report.test_browser import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

pytestmark = needs_chromium
SHOWN = "document.querySelector('iframe:not(.next)')"


@pytest.fixture
def state() -> State:
    """What the page is told."""
    return State(title="A report", version=1, phase="ready", text="Up to date", pdf="ready")


@pytest.fixture
def page(chromium: Browser, whole: Written, state: State) -> Iterator[Page]:
    """The page, with a report in it."""
    server = serve(state, whole.rendered.html.parent, (built_in("templates") / "watch.html").read_bytes(), 0)
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(address(server))
    page.wait_for_function(f"() => {SHOWN}")
    yield page
    assert heard == []
    context.close()
    server.shutdown()
    server.server_close()


def report(page: Page) -> Frame:
    """The report that is shown."""
    element = page.query_selector("iframe:not(.next)")
    frame = element.content_frame() if element else None
    assert frame is not None
    return frame


def anew(page: Page, state: State) -> Frame:
    """Tell that there is a new report and wait until it is shown."""
    page.evaluate(f"{SHOWN}.old = true")
    state.shown()
    page.wait_for_function(f"() => {SHOWN} && !{SHOWN}.old")
    return report(page)


def test_what_is_sorted_filtered_and_read_stands(page: Page, state: State) -> None:
    table = "table.sortable"
    report(page).locator(f"{table} th button").nth(2).click()
    report(page).locator(f"{table} th button").nth(2).click()
    report(page).locator(".tools input").first.fill("a")
    order = (
        f"Array.from(document.querySelectorAll('{table} tr[data-row]:not([hidden])'), row => row.dataset.row)"
    )
    before = report(page).evaluate(order)
    report(page).evaluate(f"document.querySelector('{table}').scrollIntoView({{behavior: 'instant'}})")
    top = f"document.querySelector('{table}').getBoundingClientRect().top"
    at = report(page).evaluate(top)

    after = anew(page, state)
    assert after.evaluate(order) == before
    assert after.locator(".tools input").first.input_value() == "a"
    assert after.evaluate(f"document.querySelector('{table} th[aria-sort]').ariaSort") == "descending"
    assert after.evaluate(top) == pytest.approx(at, abs=2)

    page.reload()  # by hand
    page.wait_for_function(f"() => {SHOWN}")
    assert report(page).evaluate(order) == before
    assert report(page).evaluate(top) == pytest.approx(at, abs=2)


def test_the_address_leads_to_a_part_of_the_report(page: Page) -> None:
    part = report(page).evaluate("document.querySelectorAll('section[id]')[3].id")
    report(page).evaluate(f"location.hash = '{part}'")
    page.wait_for_function(f"() => location.hash === '#{part}'")
    page.evaluate("sessionStorage.clear()")
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_function(f"() => {SHOWN}")
    top = f"{SHOWN}.contentDocument.getElementById('{part}').getBoundingClientRect().top"
    other.wait_for_function(f"() => Math.abs({top}) < 40 && {SHOWN}.contentWindow.scrollY > 100")


def test_words_from_files_are_never_markup(page: Page, state: State) -> None:
    state.tell(
        phase="faults", text="<b>No</b>", faults=["<img src=x onerror=alert(1)>"], warnings=["<i>w</i>"],
        progress="<u>p</u>", runs=(("<s>row</s>", 1, 2),), title="<t>",
    )  # fmt: skip
    page.wait_for_function("() => document.body.className === 'faults'")
    assert page.inner_text("#faults") == "<img src=x onerror=alert(1)>"
    assert page.locator("header b, header u, header s, #faults img, #hints i").count() == 0
    assert page.inner_text("#runs li").endswith("<s>row</s>, epoch 1/2")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, state: State, theme: str) -> None:
    from axe_playwright_python.base import AXE_SCRIPT

    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page.evaluate(AXE_SCRIPT)
    for phase in ("ready", "building", "training", "faults"):
        state.tell(
            phase=phase, text="Where it stands", faults=["a.toml:3: error[x]: y"] if phase == "faults" else (),
            warnings=["one", "two"], runs=(("row", 1, 2), ("other", 0, 0)) if phase == "training" else (),
            progress="0 of 2 done", pdf="ready" if phase == "ready" else "writing",
        )  # fmt: skip
        page.wait_for_function(f"() => document.body.className === '{phase}'")
        assert violations(page) == []
