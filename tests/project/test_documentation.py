"""The documentation hangs together: links and anchors lead somewhere, tables are the program's, examples are right."""

from __future__ import annotations

import ast
import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import tomlkit

from reportgen.datasets.registry import DATASETS
from reportgen.experiments.load import load
from reportgen.notebooks import discover
from tests.project.documents import DOCS, Block, anchors, blocks, links, name, pages
from tests.project.sources import ROOT

each_page = pytest.mark.parametrize("page", pages(), ids=name)

NOT_RUN: dict[str, tuple[str, ...]] = {
    "README.md": ("make report", "make report DATA=embedded QUICK=1", "uv build", "make check"),
    "docs/howto/add-a-figure.md": (
        "uv run reportgen build courseworks/minimal.toml --data embedded",  # the test has its runs
        'make test ARGS="tests/figures/test_draw.py tests/test_language.py tests/independent"',
    ),
    "docs/howto/add-a-section.md": (
        'make test ARGS="tests/test_language.py tests/report/test_assets.py tests/independent"',
    ),
    "docs/howto/add-an-observation.md": ("uv run reportgen build courseworks/minimal.toml --data embedded",),
    "docs/howto/continuous-integration.md": ("git init",),
    "docs/howto/engine.md": (
        'make test ARGS="tests/execution/test_engines.py tests/execution/test_slurm.py"',
    ),
    "docs/howto/watch.md": ("reportgen watch",),
    "docs/tutorial.md": ("python -m venv .venv", "reportgen open"),
}
"""Blocks that no test runs, by page, each by its first line: they install, open a window, or need a network."""


def reference() -> ModuleType:
    """The script that writes the tables of docs/reference."""
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts" / "reference.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@each_page
def test_links_and_anchors_lead_somewhere(page: Path) -> None:
    lost = []
    for link in links(page):
        if re.match(r"https?:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and (target.suffix != ".md" or anchor not in anchors(target))):
            lost.append(link)
    assert lost == []


def test_every_page_is_named_by_the_index() -> None:
    index = DOCS / "README.md"
    named = {(DOCS / link.partition("#")[0]).resolve() for link in links(index)}
    assert set(pages()) - named - {index, ROOT / "README.md"} == set()
    assert "docs/README.md" in links(ROOT / "README.md")


def test_generated_tables_are_those_of_the_program() -> None:
    stale = [
        name(page) for page, text in reference().pages().items() if page.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "make reference"


@each_page
def test_examples_in_python_and_toml_parse(page: Path) -> None:
    for block in blocks(page, "python"):
        ast.parse(block.text, filename=f"{name(page)}:{block.line}")
    for block in blocks(page, "toml"):
        tomllib.loads(block.text)


@pytest.mark.parametrize("page", ["docs/reference/experiments.md", "docs/reference/prose.md"])
def test_examples_of_the_reference_load_in_a_coursework(page: str, tmp_path: Path) -> None:
    # Where another page tells its reader to put an example into a file, the file is checked with it.
    for block in blocks(ROOT / page, "toml"):
        written = tomlkit.parse((ROOT / "courseworks" / "minimal.toml").read_text(encoding="utf-8")).unwrap()
        for table_of, shown in tomllib.loads(block.text).items():
            if isinstance(shown, dict):
                written[table_of] = written.get(table_of, {}) | shown
                continue
            tables = {table["id"]: table for table in written.get(table_of, [])}
            written[table_of] = list(
                (tables | {t["id"]: tables.get(t["id"], {}) | t for t in shown}).values()
            )
        file = tmp_path / "experiments.toml"
        file.write_text(tomlkit.dumps(written), encoding="utf-8")
        assert load(file, discover(ROOT / "notebooks"), tuple(DATASETS)).rows, f"{page}:{block.line}"


def test_what_is_not_run_is_listed_and_the_rest_has_a_language_that_is_known() -> None:
    known = {"console", "toml", "python", "diff", "text", "json", "jinja", "html", "yaml", "gettext", "sh"}
    found: dict[str, tuple[str, ...]] = {}
    for page in pages():
        assert {block.language for block in blocks(page)} <= known, name(page)
        first = tuple(block.text.splitlines()[0] for block in blocks(page, "sh"))
        if first:
            found[name(page)] = first
    assert found == NOT_RUN


def test_instructions_stand_on_blocks_that_can_follow_them() -> None:
    def fits(block: Block) -> bool:
        return {"change": block.language == "diff", "cell": block.language == "python"}.get(
            block.doing, block.language != "console"
        )

    told = [block for page in pages() for block in blocks(page) if block.doing]
    assert told
    assert all(fits(block) for block in told)
    for page in pages():  # a comment with a blank line below it would tell nobody anything
        text = page.read_text(encoding="utf-8")
        comments = re.findall(r"^<!-- (?:file|append|change|cell): .+ -->$", text, re.M)
        assert len(comments) == sum(bool(block.doing) for block in blocks(page)), name(page)
