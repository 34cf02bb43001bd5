"""French spaces in a whole page: between tags only, and in French only."""

from __future__ import annotations

import pytest

from reportgen import language
from reportgen.report.typography import unbroken

PAGE = (
    '<p title="a : b">Voici : « un <b>deux</b> » ? 12 345 images en 2048, 5 % {a} ; fin !</p>'
    "<code>a : b</code><pre>c ? d</pre><script>if (a ? b : c) d % e</script><svg><text>a : b</text></svg>"
)


def test_french_sentences_keep_their_spaces_together() -> None:
    with language.use("fr"):
        found = unbroken(PAGE).replace("\u00a0", "_")
    assert found == PAGE.replace(
        "Voici : « un <b>deux</b> » ? 12 345 images en 2048, 5 % {a} ; fin !",
        "Voici_: «_un <b>deux</b>_»_? 12_345 images en 2048, 5_% {a}_; fin_!",
    )


def test_other_languages_are_left_alone() -> None:
    assert unbroken(PAGE) == PAGE


@pytest.mark.parametrize("text", ["a :b", "50 %x", "a:b", "1 2", "12 3456"])
def test_what_is_no_french_space_is_left_alone(text: str) -> None:
    with language.use("fr"):
        assert unbroken(text) == text
