"""docs/reference/prose.md names everything that a text can ask for."""

from __future__ import annotations

import re

from reportgen.prose.names import CALLS, NAMES
from reportgen.prose.vocabulary import CONTRAST, FILTERS, PAIR, ROW, SCORES
from tests.project.sources import ROOT

TEXT = (ROOT / "docs" / "reference" / "prose.md").read_text(encoding="utf-8").replace("```", "")


def test_every_name_attribute_and_filter_is_there() -> None:
    words = set(re.findall(r"[a-z][a-z0-9_]*", " ".join(re.findall(r"`([^`]+)`", TEXT))))
    around = {f"{end}_{name}" for end in ("sd", "low", "high") for name in SCORES}
    wanted = {*CALLS, *NAMES, *FILTERS, *PAIR, *CONTRAST, *(set(ROW) - around)}
    assert wanted - words == set()
    assert {"sd_test_accuracy", "low_test_accuracy", "high_test_accuracy"} <= words
