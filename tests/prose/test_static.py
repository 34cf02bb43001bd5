"""What `load` refuses in texts, contrasts and claims: each fault with the line it stands on."""

from __future__ import annotations

import struct
import time
import zlib
from pathlib import Path

import pytest

from reportgen.errors import InputError, Problem
from reportgen.prose.citations import citation_faults
from reportgen.prose.images import image_faults
from reportgen.prose.mathematics import formula_faults
from reportgen.prose.names import Names, Scope
from reportgen.prose.template import template_faults
from reportgen.prose.typed import typed_numbers
from tests.experiments.sources import load_text

BASE = '''\
[report]
title = "Digits"
references = [
    { key = "lecun1998", text = "Y. LeCun and others, 1998." },
]

[[section]]
id = "raw"
title = "Raw pixels"
notebook = "mlp"

[[experiment]]
id = "a"
section = "raw"
title = "A"
comment = """
One line.
MARK
"""

[[experiment]]
id = "b"
section = "raw"
title = "B"

[[experiment]]
id = "f"
section = "raw"
title = "F"
parameters = { dataset = "fashion_mnist" }

[[section]]
id = "end"
kind = "prose"

[[section]]
id = "all"
kind = "comparison"
'''


def problems(folder: Path, text: str) -> list[Problem]:
    try:
        load_text(folder, text)
    except InputError as error:
        return list(error.problems)
    return []


def line_of(text: str, mark: str) -> int:
    return text[: text.index(mark)].count("\n") + 1


def png(width: int = 2, height: int = 2) -> bytes:
    """A whole PNG of one grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x80" * width for _ in range(min(height, 4)))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


FAULTS = {
    "{{ this.test_acuracy }}": "unknown-attribute",
    "{{ row('c').epochs }}": "unknown-row",
    "{{ this.test_accuracy | percnt }}": "unknown-filter",
    "{{ thi.epochs }}": "unknown-name",
    "{{ this.epochs": "bad-template",
    "{% for x in y %}{% endfor %}": "bad-template",
    "as [@lecun1989] says": "unknown-reference",
    "$\\\\fracc{1}{2}$": "bad-formula",
    "$\\\\frac{1}$": "bad-formula",
    "$98 %$": "bad-formula",
    "![a picture](images/none.png)": "bad-picture",
    "![a picture](https://example.org/a.png)": "bad-picture",
    "![](images/good.png)": "no-alternative",
}


@pytest.mark.parametrize("mark", FAULTS)
def test_a_fault_inside_a_text_has_its_own_line(mark: str, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "good.png").write_bytes(png())
    text = BASE.replace("MARK", mark)
    (problem,) = problems(tmp_path, text)
    assert (problem.code, problem.line) == (FAULTS[mark], line_of(text, mark))
    assert problem.message.startswith('experiment "a": comment: ')


def test_what_is_right_is_right(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "good.png").write_bytes(png())
    mark = "{{ this.test_accuracy | percent }} [@lecun1998] $\\\\eta$ ![a](images/good.png) `{{ x }}` `![](y)` `[@z]`"
    claim = (
        '\n[[claim]]\nid = "c"\ntext = "x"\nexpression = "row(\'a\').test_accuracy > row(\'b\').test_accuracy"\n'
        '\n[[contrast]]\nid = "k"\ntitle = "K"\nrows = ["a", "b"]\nreference = "best"\n'
    )
    assert problems(tmp_path, BASE.replace("MARK", mark) + claim) == []


def test_everything_is_said_at_once(tmp_path: Path) -> None:
    text = (
        BASE.replace("MARK", "{{ thi.epochs }} [@x]\n$\\\\foo$")
        + '\n[[claim]]\nid = "c"\ntext = "x"\nexpression = "1"\n'
    )
    assert {problem.code for problem in problems(tmp_path, text)} == {
        "unknown-name", "unknown-reference", "bad-formula", "bad-claim"
    }  # fmt: skip


TABLES = {
    '[[contrast]]\nid = "k"\ntitle = "K"\nrows = [\n  "a",\n  "c",\n]\n': ("unknown-row", '"c"'),
    '[[contrast]]\nid = "k"\ntitle = "K"\nrows = ["a", "b", "a"]\n': ("duplicate-row", "rows ="),
    '[[contrast]]\nid = "k"\ntitle = "K"\nrows = ["a", "f"]\n': ("different-data", "rows ="),
    '[[contrast]]\nid = "k"\ntitle = "K"\nrows = ["a", "b"]\n\nreference = "f"\n': ("bad-reference", "reference ="),
    '[[contrast]]\nid = "k"\ntitle = "K"\nrows = ["a", "b"]\n[[contrast]]\ntitle = "K"\nrows = ["a", "b"]\nid = "k"  # 2\n': (
        "duplicate-id", '"k"  # 2',
    ),
    '[[claim]]\nid = "k"\ntext = "x"\nexpression = "row(\'a\').epochs > 1"\n[[claim]]\ntext = "x"\nid = "k"  # 2\nexpression = "row(\'a\').epochs > 1"\n': (
        "duplicate-id", '"k"  # 2',
    ),
    '[[claim]]\nid = "k"\ntext = "x"\nexpression = "row(\'c\').epochs > 1"\n': ("unknown-row", "expression ="),
    '[[claim]]\nid = "k"\ntext = "x"\nexpression = "row(\'a\').epoch > 1"\n': ("unknown-attribute", "expression ="),
    '[[claim]]\nid = "k"\ntext = "x"\nexpression = "best"\n': ("bad-claim", "expression ="),
    '[[claim]]\nid = "k"\ntext = "x"\nexpression = """\nrow(\'a\').epochs > 1 and\nrow(\'a\').test_loss == 1\n"""\n': (
        "bad-claim", "row('a').test_loss",
    ),
    '[[claim]]\nid = "k"\ntext = "x"\nexpression = "row(\'a\').epochs > 1"\nsection = "ed"\n': ("unknown-section", 'section = "ed"'),
    '[[claim]]\nid = "k"\ntext = "{{ besd.epochs }}"\nexpression = "row(\'a\').epochs > 1"\n': ("unknown-name", "text ="),
    '[[experiment]]\nid = "g"\nsection = "raw"\ntitle = "G"\ncompared_with = "h"\n': ("unknown-row", "compared_with ="),
    '[[experiment]]\nid = "g"\nsection = "raw"\ntitle = "G"\ncompared_with = "g"\n': ("bad-reference", "compared_with ="),
    '[[section]]\nid = "s"\nkind = "prose"\narchitectures = ["2-6-2"]\n': ("unused-key", "architectures ="),
    '[[section]]\nid = "s"\nkind = "capacity"\nrepeats = 3\n': ("unused-key", "repeats ="),
}  # fmt: skip


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.replace("\n", " ")[:60])
def test_faults_of_contrasts_and_claims(table: str, tmp_path: Path) -> None:
    text = f"{BASE}\n{table}"
    (problem,) = problems(tmp_path, text)
    code, mark = TABLES[table]
    place = len(BASE) + 1 + table.index(mark)
    assert (problem.code, problem.line) == (code, text[:place].count("\n") + 1)


def test_a_capacity_chapter_may_name_networks(tmp_path: Path) -> None:
    assert (
        problems(tmp_path, BASE + '\n[[section]]\nid = "s"\nkind = "capacity"\narchitectures = ["2-6-2"]\n')
        == []
    )


def test_a_reference_may_stand_in_the_list_once(tmp_path: Path) -> None:
    text = BASE.replace("\n]\n", '\n    { key = "lecun1998", text = "Again." },\n]\n', 1)
    (problem,) = problems(tmp_path, text)
    assert (problem.code, problem.line) == ("duplicate-id", 5)


@pytest.mark.parametrize("piece", ["{{", "{%", "$a ", "`a``b", "![", "[@a;", "1,", "123 456 ", "$$a"])
def test_a_text_made_to_be_slow_is_not(piece: str) -> None:
    text = (piece * 4_000)[:4_000]
    began = time.monotonic()
    template_faults(text, Names({"a": "mnist"}), Scope())
    formula_faults(text)
    image_faults(text, Path())
    citation_faults(text, ())
    typed_numbers(text)
    assert time.monotonic() - began < 2


def test_what_no_chapter_would_print_is_refused(tmp_path: Path) -> None:
    declared = """
[[contrast]]
id = "k"
title = "K"
rows = ["a", "b"]

[[claim]]
id = "l"
text = "L."
expression = "row('a').epochs > 1"

[[claim]]
id = "m"
text = "M."
expression = "row('a').epochs > 1"
section = "end"
"""
    assert problems(tmp_path, BASE.replace("MARK", "") + declared) == []
    text = BASE.replace("MARK", "").replace('kind = "comparison"', 'kind = "prose"') + declared
    found = problems(tmp_path, text)
    assert [problem.code for problem in found] == ["no-comparison"] * 2
    lines = text.splitlines()
    assert [lines[problem.line - 1] for problem in found] == ["[[contrast]]", "[[claim]]"]
    assert 'kind = "comparison"' in found[0].remedy


def test_a_row_of_an_unknown_chapter_is_one_fault_and_no_other_data_set(tmp_path: Path) -> None:
    declared = """
[[contrast]]
id = "c"
title = "C"
rows = ["a", "b"]

[[claim]]
id = "d"
text = "A is better."
expression = "row('a').test_accuracy > row('b').test_accuracy"
"""
    text = (
        BASE.replace('id = "b"\nsection = "raw"', 'id = "b"\nsection = "rwa"').replace("MARK", "") + declared
    )
    text = text.replace("One line.", "The best has {{ best.epochs }}.").replace('"fashion_mnist"', '"mnist"')
    assert [problem.code for problem in problems(tmp_path, text)] == ["unknown-section"]
