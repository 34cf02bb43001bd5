"""The same figures give the same bytes, wherever, whenever and in whatever order they are drawn."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen import language
from reportgen.figures import cache
from reportgen.figures.catalogue import FIGURES, Kind
from tests.figures.artists import written
from tests.figures.conftest import FONTS
from tests.figures.test_draw import KINDS, SECTIONS, about, also, kept

ROOT = Path(__file__).parents[2]
DRAW = """
import hashlib, json, locale, sys
from pathlib import Path
from reportgen import language
from reportgen.figures import cache
from reportgen.figures.cache import drawn, exported
from reportgen.figures.catalogue import FIGURES
from tests.figures.test_draw import SECTIONS, about, also
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
folder, letters, backwards = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "backwards"
# Both processes read code and translations at once, before anybody changes them.
cache._code(), cache._translations("fr")
with language.use("fr"):
    language.text("yes")
found = {}
for code in ("fr", "en") if backwards else ("en", "fr"):
    for kind in reversed(FIGURES) if backwards else FIGURES:
        given = {"folder": folder, "fonts": letters, "language": code}
        one = drawn(kind, about(kind), SECTIONS, also(kind), **given)
        image = exported(kind, about(kind), SECTIONS, also(kind), dpi=40, **given) if code == "fr" else b""
        assert one.fresh
        found[f"{kind.name} {code}"] = [hashlib.sha256(part).hexdigest() for part in (
            one.svg.encode(), one.alt.encode(), image)]
print(json.dumps(found, sort_keys=True))
"""


def drawing(folder: Path, order: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", DRAW, str(folder), str(FONTS), order],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def drawn(started: subprocess.Popen[str]) -> dict[str, list[str]]:
    said, _ = started.communicate(timeout=300)
    assert started.returncode == 0
    found: dict[str, list[str]] = json.loads(said.splitlines()[-1])
    return found


def test_order_time_zone_locale_and_hash_seed_change_no_byte(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    both = (
        drawing(one, "forwards", TZ="UTC", LC_ALL="C", PYTHONHASHSEED="0"),
        drawing(other, "backwards", TZ="Asia/Kathmandu", LC_ALL="fr_CH.UTF-8", PYTHONHASHSEED="4242"),
    )
    here, there = map(drawn, both)
    assert here == there and len(here) == 2 * len(FIGURES)
    names = [sorted(path.name for path in folder.glob("*.*")) for folder in (one, other)]
    assert names[0] == names[1] and len(names[0]) == 3 * len(FIGURES)


@pytest.mark.parametrize("kind", FIGURES, ids=list(KINDS))
def test_a_figure_speaks_the_language_in_use(kind: Kind, tmp_path: Path) -> None:
    name = kind.name
    english = kept(tmp_path, name)
    with language.use("fr"):
        french = kept(tmp_path, name)
        # What it is about may hold words too, such as a verdict.
        found = also(kind)
    assert english.fresh and french.fresh
    assert english.alt != french.alt and english.svg != french.svg
    again = cache.drawn(kind, about(kind), SECTIONS, found, folder=tmp_path, fonts=FONTS, language="fr")
    assert not again.fresh and (again.svg, again.alt) == (french.svg, french.alt)


def test_a_changed_translation_draws_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(tmp_path), kept(tmp_path, language="fr")
    monkeypatch.setattr(cache, "_translations", lambda code: f"another file {code}" if code == "fr" else "")
    assert not kept(tmp_path).fresh
    assert kept(tmp_path, language="fr").fresh


def test_the_digest_of_translations_is_that_of_their_file() -> None:
    source = (ROOT / "reportgen" / "languages" / "fr.po").read_bytes()
    assert cache._translations("fr") == hashlib.sha256(source).hexdigest()
    assert cache._translations("en") == ""


def test_no_number_of_a_french_figure_has_a_decimal_point() -> None:
    for kind in FIGURES:
        with language.use("fr"):
            figure = kind.draw(about(kind), SECTIONS, also(kind))
            alt = kind.describe(about(kind), SECTIONS, also(kind))
        for text in [*written(figure), alt]:
            assert not re.search(r"\d\.\d", text), (kind.name, text)
