"""The HTML file in a browser: for the eye in both themes, for the keyboard, for a screen reader, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pikepdf
import pytest

from tests.report import invented
from tests.report.conftest import Written, needs_chromium, write
from tests.report.test_style import contrast

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_chromium

Theme = Literal["light", "dark"]
WIDE, NARROW = 1280, 390
OTHER: dict[Theme, Theme] = {"light": "dark", "dark": "light"}
RANKING = "table.filtered"
OF_THE_LOOK = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
"""The rules of axe that a theme or a width can break; all others see the same document."""


@contextmanager
def opened(browser: Browser, written: Written, width: int = WIDE, **options: Any) -> Iterator[Page]:
    """The report in a window of its own; any complaint of the browser and any request is an error."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)
    context.set_default_timeout(20_000)
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: heard.append(request.url))
    address = written.rendered.html.as_uri()
    page.goto(address)
    yield page
    context.close()
    assert [text for text in heard if text.partition("#")[0] != address] == []


def violations(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe-core finds wrong, one line for each element."""
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = rules
    # The inside of a drawing is one picture with one title; its colours are looked at below.
    found = page.evaluate("options => axe.run({exclude: ['svg > *']}, options)", options)
    return [
        f"{rule['id']}: {node['target']} {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(("theme", "width"), [("light", WIDE), ("dark", NARROW)])
def test_axe_finds_nothing(chromium: Browser, whole: Written, theme: Theme, width: int) -> None:
    from axe_playwright_python.base import AXE_SCRIPT

    other = OTHER[theme]
    with opened(chromium, whole, width, color_scheme=theme) as page:
        page.evaluate(AXE_SCRIPT)
        assert violations(page) == []
        page.emulate_media(color_scheme=other)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor != 'rgb(255, 255, 255)'") == (
            other == "dark"
        )
        assert violations(page, OF_THE_LOOK) == []


COLOURS_OF_DRAWINGS = """() => {
  const solid = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 && m[3] === 0 ? null : m; };
  const over = (top, alpha, below) => below.map((b, i) => Math.round(alpha * top[i] + (1 - alpha) * b));
  const paper = solid(getComputedStyle(document.body).backgroundColor).slice(0, 3);
  const found = {};
  const seen = (svg, element) => {  // what a clip leaves of it
    const {left, right, top, bottom, width} = element.getBoundingClientRect(), clipped = element.closest("[clip-path]");
    if (!clipped) return {left, right, top, bottom, width};
    const id = clipped.getAttribute("clip-path").match(/#([^)"]+)/)[1], m = svg.getScreenCTM();
    const r = document.getElementById(id).querySelector("rect").getBBox();
    return {left: Math.max(left, m.a * r.x + m.e), right: Math.min(right, m.a * (r.x + r.width) + m.e), width,
            top: Math.max(top, m.d * r.y + m.f), bottom: Math.min(bottom, m.d * (r.y + r.height) + m.f)};
  };
  const filled = (shape, x, y) => {
    const at = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
    return shape.isPointInFill(at);
  };
  document.querySelectorAll("main svg").forEach(svg => {
    const shapes = [];
    svg.querySelectorAll("path, rect, circle, ellipse, polygon, text").forEach(element => {
      if (element.closest("defs, clipPath")) return;
      const style = getComputedStyle(element), box = seen(svg, element);
      if (style.fill === "none" || !box.width) return;
      let alpha = Number(style.fillOpacity);
      for (let at = element; at !== svg.parentNode; at = at.parentNode) alpha *= Number(getComputedStyle(at).opacity);
      const fill = solid(style.fill);
      if (!fill || !alpha) return;
      if (element.tagName !== "text") { shapes.push({fill, alpha, box, element}); return; }
      const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
      const ground = shapes.reduce((below, s) =>
        s.box.left <= x && x <= s.box.right && s.box.top <= y && y <= s.box.bottom && filled(s.element, x, y)
          ? over(s.fill, s.alpha, below) : below, paper);
      if (element.textContent.trim()) found[over(fill, alpha, ground) + " on " + ground] = element.textContent.trim();
    });
  });
  return found;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_in_drawings_can_be_read(chromium: Browser, whole: Written, theme: str) -> None:
    with opened(chromium, whole, color_scheme=theme) as page:
        found: dict[str, str] = page.evaluate(COLOURS_OF_DRAWINGS)
    assert len(found) >= 3
    weak = {}
    for pair, words in found.items():
        one, other = (
            "#" + "".join(f"{int(channel):02x}" for channel in colour.split(",")[:3])
            for colour in pair.split(" on ")
        )
        if contrast(one, other) < 4.5:
            weak[words] = f"{one} on {other}: {contrast(one, other):.2f}"
    assert weak == {}


def test_a_head_sorts_by_mouse_and_keyboard(chromium: Browser, whole: Written) -> None:
    with opened(chromium, whole) as page:
        heads = page.locator(f"{RANKING} thead tr:last-child th")
        names = heads.all_inner_texts()
        column = next(place for place, name in enumerate(names) if name.startswith("Param"))
        page.locator(".tools input").focus()
        reached = ""
        for _ in range(column + 3):
            page.keyboard.press("Tab")
            reached = page.evaluate("document.activeElement.textContent")
            if reached == names[column]:
                break
        assert reached == names[column]
        for key, direction in (("Enter", "ascending"), ("Space", "descending"), ("Enter", "ascending")):
            page.keyboard.press(key)
            assert heads.nth(column).get_attribute("aria-sort") == direction
            groups = numbers(page, column)
            assert max(map(len, groups)) >= 3
            for group in groups:
                assert group == sorted(group, reverse=direction == "descending")
        heads.nth(1).locator("button").click()
        assert page.locator("th[aria-sort]").count() == 1
        assert heads.nth(1).get_attribute("aria-sort") == "ascending"
        titles = page.locator(f"{RANKING} tbody").nth(1).locator("tr[data-row] th").all_inner_texts()
        assert len(titles) == 3 and titles == sorted(titles)
        # A data set's name stays above its rows.
        for body in page.locator(f"{RANKING} tbody").all():
            assert body.locator("tr").first.get_attribute("class") == "group"


def numbers(page: Page, column: int) -> list[list[float]]:
    """The numbers of a column of the ranking, data set by data set."""
    bodies = page.evaluate(
        "([table, column]) => [...document.querySelector(table).tBodies].map(body => [...body.rows]"
        ".filter(row => row.dataset.row !== undefined).map(row => row.cells[column].dataset.value))",
        [RANKING, column],
    )
    return [[float(value) for value in body if value is not None] for body in bodies]


def test_the_filter_hides_rows_and_says_how_many_are_left(chromium: Browser, whole: Written) -> None:
    with opened(chromium, whole) as page:
        box, status = page.get_by_label("Show only"), page.locator(".tools [role=status]")
        rows = page.locator(f"{RANKING} tr[data-row]")
        assert rows.count() == 7
        box.press_sequentially("clothing clothes-2")
        assert status.inner_text() == "1 of 7 experiments"
        assert [row.get_attribute("data-row") for row in rows.all() if row.is_visible()] == ["clothes-2"]
        box.fill("FASHION_CNN")
        assert status.inner_text() == "3 of 7 experiments"
        box.fill("nothing has this")
        assert status.inner_text() == "0 of 7 experiments"
        box.fill("")
        assert status.inner_text() == ""
        assert all(row.is_visible() for row in rows.all())


def test_the_theme_is_the_system_s_until_the_button_is_pressed(chromium: Browser, whole: Written) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with opened(chromium, whole, color_scheme="dark") as page:
        button = page.locator("button.theme")
        dark = page.evaluate(ground)
        assert button.inner_text() == "Light theme"
        button.focus()
        page.keyboard.press("Enter")
        assert button.inner_text() == "Dark theme"
        assert page.evaluate(ground) == "rgb(255, 255, 255)" != dark
        page.reload()
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        page.locator("button.theme").click()
        assert page.evaluate(ground) == dark


def test_the_first_key_leads_past_the_contents(chromium: Browser, whole: Written) -> None:
    with opened(chromium, whole) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        box = page.locator(".skip").bounding_box()
        assert box is not None and box["x"] >= 0 and box["y"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_what_has_the_focus_shows_it(chromium: Browser, whole: Written) -> None:
    with opened(chromium, whole, NARROW) as page:
        seen: dict[str, str] = {}
        for _ in range(60):
            page.keyboard.press("Tab")
            tag, outline = page.evaluate(
                "(() => { const e = document.activeElement, s = getComputedStyle(e);"
                " return [e.tagName, s.outlineStyle + ' ' + s.outlineWidth]; })()"
            )
            assert seen.setdefault(tag, outline) == outline == "solid 3px", tag
        page.locator(".tools input").focus()
        for _ in range(2):
            page.keyboard.press("Tab")
            seen[page.evaluate("document.activeElement.tagName")] = ""
        assert {"A", "BUTTON", "DIV"} <= set(seen)


def test_contents_lead_to_their_place_and_mark_it(chromium: Browser, whole: Written) -> None:
    with opened(chromium, whole, reduced_motion="reduce") as page:
        links = page.locator(".side a")
        assert links.count() > 15
        for anchor in ("row-raw-3", "section-comparison", "glance"):
            page.locator(f".side a[href='#{anchor}']").click()
            top = page.evaluate("id => document.getElementById(id).getBoundingClientRect().top", anchor)
            assert -2 <= top < 140
            current = page.locator(".side a[aria-current]")
            page.locator(f".side a[aria-current][href='#{anchor}']").wait_for()
            assert current.count() == 1
        assert page.locator(".side").evaluate("e => getComputedStyle(e).position") == "sticky"
        box = page.locator(".side").bounding_box()
        assert box is not None and box["y"] == 0


def test_the_mark_stays_in_view_in_long_contents(chromium: Browser, whole: Written) -> None:
    with opened(chromium, whole, reduced_motion="reduce") as page:
        page.set_viewport_size({"width": WIDE, "height": 300})
        for anchor in ("reproducibility", "glance"):
            page.evaluate("id => document.getElementById(id).scrollIntoView()", anchor)
            current = page.locator(f".side a[aria-current][href='#{anchor}']")
            current.wait_for()
            box = current.bounding_box()
            assert box is not None and 0 <= box["y"] <= 300 - box["height"]


def test_on_paper_a_browser_leaves_out_the_remarks_that_the_pdf_leaves_out(
    chromium: Browser, tmp_path: Path
) -> None:
    with opened(chromium, write(invented.labo(), tmp_path, pdf=False)) as page:
        more, note = page.locator("li.beyond"), page.locator(".voice .print-only")
        assert more.count() >= note.count() > 0
        assert more.first.is_visible() and not note.first.is_visible()
        page.emulate_media(media="print")
        assert not more.first.is_visible() and note.first.is_visible()


@pytest.mark.parametrize("width", [320, NARROW, 768, 1024, WIDE])
def test_the_page_never_scrolls_sideways(chromium: Browser, whole: Written, width: int) -> None:
    with opened(chromium, whole, width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width == NARROW:
            scrolls = "e => e.scrollWidth > e.clientWidth + 1"
            wide = [frame for frame in page.locator("main .wrap").all() if frame.evaluate(scrolls)]
            assert wide and all(frame.get_attribute("tabindex") == "0" for frame in wide)
            wide[0].focus()
            page.keyboard.press("ArrowRight")
            for _ in range(200):
                page.wait_for_timeout(10)
                if moved := page.evaluate("document.activeElement.scrollLeft"):
                    break
            assert moved > 0


def test_nothing_is_lost_without_scripts(chromium: Browser, whole: Written) -> None:
    with opened(chromium, whole, java_script_enabled=False) as page:
        assert not page.locator("button.theme").is_visible() and not page.locator(".tools").first.is_visible()
        tables, rows = page.locator("main table:visible"), page.locator("main tbody tr:visible")
        assert tables.count() == len(whole.page.all("table"))
        assert rows.count() == len([e for e in whole.page.all("tr") if "tbody" in e.path])
        assert page.locator("main svg:visible").count() == whole.html.count("<svg")
        assert page.locator("th button").count() == 0
        page.locator(".side a[href='#row-raw-3']").click()
        assert page.url.endswith("#row-raw-3")


@pytest.mark.parametrize(("wish", "behaviour"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_motion_is_for_those_who_want_it(
    chromium: Browser, whole: Written, wish: str, behaviour: str
) -> None:
    with opened(chromium, whole, reduced_motion=wish) as page:
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == behaviour


def test_a_browser_prints_the_report_and_not_its_tools(
    chromium: Browser, whole: Written, tmp_path: Path
) -> None:
    with opened(chromium, whole, 624, color_scheme="dark") as page:  # 624 px: the 165 mm of the block
        page.emulate_media(media="print", color_scheme="dark")
        for hidden in (".side", ".skip", ".theme", ".tools"):
            assert not page.locator(hidden).first.is_visible(), hidden
        # What is wider than the block would make the browser print everything smaller.
        assert page.evaluate("document.documentElement.scrollWidth") <= 624
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True, print_background=True)
    with pikepdf.open(tmp_path / "printed.pdf") as pdf, pikepdf.open(whole.pdf) as ours:
        width, height = (float(value) for value in pdf.pages[0].mediabox[2:])
        assert abs(width - 595.3) < 1 and abs(height - 841.9) < 1
        assert abs(len(pdf.pages) - len(ours.pages)) <= 5


def test_its_words_are_those_of_the_page(chromium: Browser, whole: Written) -> None:
    """What the script writes comes from the page, so that a French report has no English button."""
    script = whole.html.split("<script>")[1].split("</script>")[0]
    words = re.findall(r'"([A-Z][a-z]+ [a-z]+[^"]*)"', script)
    assert words == []
    (button,) = whole.page.all("button")
    assert (button.attributes["data-light"], button.attributes["data-dark"]) == ("Light theme", "Dark theme")
