"""The pages as they were set: everything in its block, nothing on anything, nothing alone."""

from __future__ import annotations

from typing import Any

import pytest
from weasyprint import CSS, HTML

from tests.report.layout import Watched, faults


def test_the_pages_have_no_fault_of_form(pages: Watched) -> None:
    (document,) = pages.documents
    assert len(document.pages) > 20
    assert faults(document) == []


def document(body: str, css: str = "") -> Any:
    """A page of 100 mm with 60 mm to write on."""
    page = "@page{size:100mm;margin:20mm} body{margin:0;font:10pt/14pt monospace} h2,p,table{margin:0} tr{height:10mm}"
    return HTML(string=f"<html><body>{body}</body></html>").render(stylesheets=[CSS(string=page + css)])


PLAIN = "<p>one</p><p>two</p><p>three</p><p>four</p>"
WRONG = {
    "out of the block": '<p style="white-space:nowrap">' + "word " * 40 + "</p>" + PLAIN,
    "out of its cell": '<table style="table-layout:fixed;width:60mm"><tr><td style="white-space:nowrap">'
    + "word " * 9
    + "</td><td></td></tr></table>"
    + PLAIN,
    "lies on": '<div style="margin-bottom:-10mm">one<br>two</div><div>three<br>four</div>' + PLAIN,
    "only 1 lines": "<p>alone</p>",
    "nothing on the page": '<div style="break-after:page">' + PLAIN + '</div><div style="break-after:page"></div>' + PLAIN,
    "last line is a heading": PLAIN + '<h2 style="break-after:page">A heading</h2>' + PLAIN,
    "without a row": f'{PLAIN}<p style="height:24mm"></p><table><caption style="height:8mm">Caption</caption><tr><td>1</td></tr><tr><td>2</td></tr></table>{PLAIN}',
    "one row of a table is alone": "<table>" + "<tr><td>a</td></tr>" * 5 + "<tr><td>a<br>b<br>c</td></tr></table>",
}  # fmt: skip


def test_what_is_right_is_not_called_wrong() -> None:
    assert faults(document(PLAIN + "<table>" + "<tr><td>a</td></tr>" * 12 + "</table>")) == []


@pytest.mark.parametrize("fault", WRONG)
def test_what_is_wrong_is_found(fault: str) -> None:
    assert [found for found in faults(document(WRONG[fault])) if fault in found], faults(
        document(WRONG[fault])
    )
