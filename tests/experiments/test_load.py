"""Loading: rows resolved, and every fault of a file named with its line and remedy."""

from __future__ import annotations

import datetime
import hashlib
import re
import tomllib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.errors import InputError
from reportgen.experiments.load import load
from reportgen.experiments.problems import known_keys
from reportgen.experiments.resolved import Experiments
from reportgen.experiments.schema import KINDS
from reportgen.notebooks import Notebook, discover
from tests.experiments.sources import CNN, DATASETS, MLP, load_text, notebooks

ROOT = Path(__file__).resolve().parents[2]

GOOD = """\
[report]
title = "Digits"
date = 2026-11-20
authors = [
    { name = "First Last", id = "1" },
    { name = "Last First" },
]

[execution]
seed = 7

[[section]]
id = "algorithm"
kind = "algorithm"

[[section]]
id = "raw"
title = "Raw pixels"
notebook = "mlp"
parameters = { batch_size = 64 }

[[experiment]]
id = "a"
section = "raw"
title = "A"

[[experiment]]
id = "b"
section = "raw"
title = "B"
seed = 8
comment = "Markdown"
published = { test_accuracy = 0.5, total_params = 3 }
[experiment.parameters]
epochs = 30
learning_rate = 1
clip = "none"
validation = "test"
dataset = "mnist"

[[experiment]]
id = "c"
section = "raw"
notebook = "cnn"
title = "C"
parameters = { filters = [3], kernel_sizes = [3] }
"""


def faults(folder: Path, text: str | bytes) -> list[str]:
    """Every problem of a text as it is printed, without the folder's path."""
    with pytest.raises(InputError) as error:
        load_text(folder, text)
    assert all(problem.file == str(folder / "experiments.toml") for problem in error.value.problems)
    return [str(problem).removeprefix(f"{folder}/") for problem in error.value.problems]


class TestGoodFile:
    @pytest.fixture
    def loaded(self, tmp_path: Path) -> Experiments:
        return load_text(tmp_path, GOOD.replace("batch_size = 64", "dataset = 'digits'"))

    def test_rows_are_resolved_from_notebook_section_and_row(self, loaded: Experiments) -> None:
        a, b, c = loaded.rows
        assert (a.id, a.title, a.section, a.notebook, a.line) == ("a", "A", "raw", "mlp", 22)
        assert dict(a.given) == {"dataset": "digits"}
        assert (a.parameters["epochs"], a.parameters["batch_size"], a.parameters["dataset"]) == (
            150,
            4096,
            "digits",
        )
        assert (b.parameters["epochs"], b.parameters["dataset"]) == (30, "mnist")
        assert "seed" not in a.parameters
        assert (c.notebook, c.parameters["dataset"], c.parameters["filters"]) == ("cnn", "digits", [3])

    def test_values_are_settled(self, loaded: Experiments) -> None:
        b = loaded.rows[1]
        assert b.given["clip"] is None
        assert (b.given["learning_rate"], type(b.given["learning_rate"])) == (1.0, float)
        assert b.given["validation"] == "test"

    def test_seeds(self, loaded: Experiments) -> None:
        assert [row.seed for row in loaded.rows] == [7, 8, 7]

    def test_the_rest(self, loaded: Experiments, tmp_path: Path) -> None:
        assert loaded.name == str(tmp_path / "experiments.toml")
        assert loaded.digest == hashlib.sha256((tmp_path / "experiments.toml").read_bytes()).hexdigest()
        assert loaded.file.report.date == datetime.date(2026, 11, 20)
        published = loaded.rows[1].published
        assert published is not None
        assert (published.test_accuracy, published.total_params) == (0.5, 3)
        assert [row.id for row in loaded.rows_of("raw")] == ["a", "b", "c"]


def test_a_section_of_another_kind_needs_no_rows(tmp_path: Path) -> None:
    kinds = ("algorithm", "complexity", "comparison", "prose")
    text = '[report]\ntitle = "x"\n' + "".join(f'[[section]]\nid = "{k}"\nkind = "{k}"\n' for k in kinds)
    assert load_text(tmp_path, text).rows == ()


KINDS_SAID = " or ".join(f'"{kind}"' for kind in KINDS)
HEAD = """\
[report]
title = "T"
[[section]]
id = "raw"
notebook = "mlp"
[[section]]
id = "end"
kind = "prose"
"""
ROW = '[[experiment]]\nid = "a"\nsection = "raw"\ntitle = "A"\n'
KNOWN = (
    "known: activation, batch_size, clip, dataset, dropout, epochs, hidden_units, learning_rate, optimizer, "
    "shuffle, validation"
)

FAULTS = {
    "unknown key of a row, line 13": (
        HEAD + ROW + 'titel = "x"',
        'experiments.toml:13: error[unknown-key]: experiment "a": there is no key "titel"\n'
        '  did you mean "title"?   known: allow_parameters, comment, compared_with, from, id, keep_model, notebook, parameters, published, repeats, section, seed, title, warm_start',
    ),
    "a published epoch of no figure": (
        HEAD + ROW + "published = { best_validation_loss = 0.2, best_validation_accuracy_epoch = 3 }",
        'experiments.toml:13: error[missing-key]: experiment "a": published.best_validation_accuracy_epoch is the'
        " epoch of no figure: best_validation_accuracy is missing\n"
        "  give best_validation_accuracy, or leave the epoch out",
    ),
    "a published epoch before the first": (
        HEAD + ROW + "published = { best_validation_loss = 0.2, best_validation_loss_epoch = 0 }",
        'experiments.toml:13: error[bad-value]: experiment "a", published: best_validation_loss_epoch must be at least 1, found 0',
    ),
    "parameter beside parameters": (
        HEAD + ROW + "epochs = 3",
        'experiments.toml:13: error[unknown-key]: experiment "a": there is no key "epochs"\n'
        "  it is a parameter of the notebook: write parameters = { epochs = ... }",
    ),
    "key of the row inside its parameters": (
        HEAD + ROW + "[experiment.parameters]\nepochs = 3\ncomment = 'x'",
        'experiments.toml:15: error[unknown-parameter]: experiment "a": "comment" is not a parameter of mlp.ipynb\n'
        "  it is a key of [[experiment]]: move it above [experiment.parameters]",
    ),
    "unknown table": (
        HEAD + ROW + "[reprot]",
        'experiments.toml:13: error[unknown-key]: the file: there is no key "reprot"\n'
        '  did you mean "report"?   known: claim, contrast, data, dataset, execution, experiment, published, report, search, section, sweep',
    ),
    "plural": (
        HEAD + ROW + "[[sections]]",
        'experiments.toml:13: error[unknown-key]: the file: there is no key "sections"\n  write [[section]] above each one',
    ),
    "plural of all rows": (
        HEAD + ROW.replace("experiment", "experiments") * 2,
        'experiments.toml:9: error[unknown-key]: the file: there is no key "experiments"\n'
        "  write [[experiment]] above each one",
    ),
    "an id with a capital": (
        HEAD + ROW.replace('"a"', '"X7"'),
        'experiments.toml:10: error[bad-value]: experiment "X7": id must be small letters, digits, \'.\', \'_\' and '
        "'-', at most 64, the first a letter or digit, the last no '.'; found the text \"X7\"\n"
        '  write "x7"',
    ),
    "an id in German": (
        HEAD + ROW.replace('"a"', '"große Größe"'),
        'experiments.toml:10: error[bad-value]: experiment "große Größe": id must be small letters, digits, \'.\', '
        "'_' and '-', at most 64, the first a letter or digit, the last no '.'; found the text \"große Größe\"\n"
        '  write "grosse-groesse"',
    ),
    "an author without brackets": (
        HEAD.replace('"T"', '"T"\nauthors = "Me"') + ROW,
        'experiments.toml:3: error[wrong-type]: [report]: authors must be a list, found the text "Me"\n'
        '  write authors = [{ name = "Me" }]',
    ),
    "key before its table": (
        "time_limit = '2h'\n" + HEAD + ROW,
        'experiments.toml:1: error[unknown-key]: the file: there is no key "time_limit"\n  it is a key of [execution]',
    ),
    "seed of a section": (
        HEAD.replace('notebook = "mlp"', 'notebook = "mlp"\nseed = 3') + ROW,
        'experiments.toml:6: error[unknown-key]: section "raw": there is no key "seed"\n'
        "  write seed = N in [execution], or in each [[experiment]]",
    ),
    "unknown key of an author": (
        HEAD.replace('"T"', '"T"\nauthors = [\n  { nam = "x", name = "y" },\n]') + ROW,
        'experiments.toml:4: error[unknown-key]: [report.authors.1]: there is no key "nam"\n'
        '  did you mean "name"?   known: id, name',
    ),
    "missing key": (
        HEAD + ROW.replace('title = "A"\n', ""),
        'experiments.toml:9: error[missing-key]: experiment "a": title is missing\n  it needs: id, section, title',
    ),
    "missing id": (
        HEAD + ROW.replace('id = "a"\n', ""),
        "experiments.toml:9: error[missing-key]: experiment 1: id is missing\n  it needs: id, section, title",
    ),
    "missing report": (
        HEAD.replace('[report]\ntitle = "T"', "") + ROW,
        "experiments.toml: error[missing-key]: the file: report is missing\n"
        '  begin the file with [report] and a line title = "..."',
    ),
    "text for a number": (
        HEAD + ROW + 'parameters = { epochs = "32" }',
        'experiments.toml:13: error[bad-parameter]: experiment "a": parameter "epochs": expected an integer, '
        'found the text "32" (a number stands without quotes: write 32)\n'
        "  mlp.ipynb has: epochs: int = 150  # passes through the training set",
    ),
    "number for a text": (
        HEAD + ROW.replace('"A"', "3"),
        'experiments.toml:12: error[wrong-type]: experiment "a": title must be a text in quotes, found 3',
    ),
    "truth value for an integer": (
        HEAD + ROW + "seed = true",
        'experiments.toml:13: error[wrong-type]: experiment "a": seed must be an integer, found true',
    ),
    "float for an integer": (
        HEAD + ROW + "seed = 32.0",
        'experiments.toml:13: error[wrong-type]: experiment "a": seed must be an integer, found 32.0\n'
        "  an integer has no decimal point: write 32",
    ),
    "negative seed": (
        HEAD + ROW + "seed = -1",
        'experiments.toml:13: error[bad-value]: experiment "a": seed must be at least 0, found -1',
    ),
    "seed too large": (
        HEAD + ROW + "seed = 4294967296",
        'experiments.toml:13: error[bad-value]: experiment "a": seed must be at most 4294967295, found 4294967296',
    ),
    "time for a date": (
        HEAD.replace('"T"', '"T"\ndate = 2026-11-20T10:00:00') + ROW,
        "experiments.toml:3: error[wrong-type]: [report]: date must be a date such as 2026-11-20, without quotes, "
        "found the date and time 2026-11-20 10:00:00",
    ),
    "date as text": (
        HEAD.replace('"T"', '"T"\ndate = "2026-11-20"') + ROW,
        "experiments.toml:3: error[wrong-type]: [report]: date must be a date such as 2026-11-20, without quotes, "
        'found the text "2026-11-20"',
    ),
    "date as a parameter": (
        HEAD + ROW + "parameters = { activation = 2026-11-20 }",
        'experiments.toml:13: error[bad-parameter]: experiment "a": parameter "activation": expected a text, found '
        "the date 2026-11-20\n"
        "  mlp.ipynb has: activation: str = 'tanh'  # of the hidden layers",
    ),
    "not finite": (
        HEAD + ROW + "published = { test_loss = inf }",
        'experiments.toml:13: error[wrong-type]: experiment "a", published: test_loss must be a finite number, found inf',
    ),
    "not finite as a parameter": (
        HEAD + ROW + "parameters = { learning_rate = 1e999 }",
        'experiments.toml:13: error[bad-parameter]: experiment "a": parameter "learning_rate": expected a finite '
        "number, found inf\n  mlp.ipynb has: learning_rate: float = 0.001",
    ),
    "percent for a fraction": (
        HEAD + ROW + "published = { test_accuracy = 98.2 }",
        'experiments.toml:13: error[bad-value]: experiment "a", published: test_accuracy must be at most 1, found 98.2',
    ),
    "not a kind": (
        HEAD.replace('"prose"', '"pros"') + ROW,
        'experiments.toml:8: error[bad-value]: section "end": kind must be '
        f'{KINDS_SAID}, found the text "pros"\n  did you mean "prose"?',
    ),
    "not a kind, of a section with rows": (
        HEAD.replace('"mlp"', '"mlp"\nkind = "experiment"') + ROW,
        'experiments.toml:6: error[bad-value]: section "raw": kind must be '
        f'{KINDS_SAID}, found the text "experiment"\n  did you mean "experiments"?',
    ),
    "a kind that is a list": (
        HEAD.replace('"prose"', "[]") + ROW,
        'experiments.toml:8: error[bad-value]: section "end": kind must be '
        f'{KINDS_SAID}, found an empty list',
    ),
    "not a duration": (
        "execution = { time_limit = '2 hours' }\n" + HEAD + ROW,
        'experiments.toml:1: error[bad-value]: [execution]: time_limit must be a duration such as "90s", "30min" or '
        '"2h"; found the text "2 hours"',
    ),
    "single brackets": (
        HEAD + ROW.replace("[[experiment]]", "[experiment]"),
        "experiments.toml:3: error[empty-section]: section \"raw\": it has no experiments\n  add an [[experiment]] with "
        'its id as section, or give it another kind, such as "prose"',
        "experiments.toml:9: error[wrong-type]: the file: experiment must be a list, found a table\n"
        "  write [[experiment]], with two brackets, above each one",
    ),
    "double brackets": (
        HEAD.replace("[report]", "[[report]]") + ROW,
        "experiments.toml:1: error[wrong-type]: the file: report must be a table, found a list\n"
        "  write [report], with single brackets",
    ),
    "control character": (
        HEAD.replace('"T"', '"T\\u0000"') + ROW + 'comment = "a\\u001bb"',
        "experiments.toml:2: error[bad-value]: [report]: title must not hold control characters",
        'experiments.toml:13: error[bad-value]: experiment "a": comment must not hold control characters',
    ),
    "empty title": (
        HEAD + ROW.replace('"A"', '""'),
        'experiments.toml:12: error[bad-value]: experiment "a": title must not be empty',
    ),
    "long comment": (
        HEAD + ROW + f'comment = "{"x" * 4001}"',
        'experiments.toml:13: error[bad-value]: experiment "a": comment must have at most 4000 characters, found 4001',
    ),
    "duplicate id": (
        HEAD + ROW + ROW,
        'experiments.toml:14: error[duplicate-id]: experiment "a": its id is that of line 10 too\n'
        "  give each an id of its own",
    ),
    "duplicate section": (
        HEAD + '[[section]]\nid = "raw"\nkind = "prose"\n' + ROW,
        'experiments.toml:10: error[duplicate-id]: section "raw": its id is that of line 4 too\n'
        "  give each an id of its own",
    ),
    "a device of Windows": (
        HEAD + ROW.replace('"a"', '"con.1"'),
        'experiments.toml:10: error[bad-value]: experiment "con.1": its id is a name that Windows keeps for itself\n'
        "  choose another",
    ),
    "unknown section": (
        HEAD + ROW + ROW.replace('"a"', '"b"').replace('"raw"', '"row"'),
        'experiments.toml:15: error[unknown-section]: experiment "b": there is no section "row"\n'
        '  did you mean "raw"?   known: end, raw',
    ),
    "wrong section": (
        HEAD + ROW + ROW.replace('"a"', '"b"').replace('"raw"', '"end"') + 'notebook = "cnn"',
        'experiments.toml:15: error[wrong-section]: experiment "b": section "end" is of kind "prose", which holds no '
        "experiments",
    ),
    "empty section": (
        HEAD + '[[section]]\nid = "hog"\n' + ROW,
        'experiments.toml:9: error[empty-section]: section "hog": it has no experiments\n  add an [[experiment]] with '
        'its id as section, or give it another kind, such as "prose"',
    ),
    "unused key": (
        HEAD + 'notebook = "mlp"\nparameters = { x = 1 }\n' + ROW,
        'experiments.toml:9: error[unused-key]: section "end": notebook has no meaning in a section of kind "prose"\n'
        "  remove it",
        'experiments.toml:10: error[unused-key]: section "end": parameters has no meaning in a section of kind "prose"\n'
        "  remove it",
    ),
    "unknown notebook": (
        HEAD.replace('"mlp"', '"mpl"') + ROW,
        'experiments.toml:5: error[unknown-notebook]: section "raw": there is no notebook "mpl"\n'
        '  did you mean "mlp"?   known: cnn, mlp',
    ),
    "notebook with its ending": (
        HEAD + ROW + 'notebook = "notebooks/cnn.ipynb"',
        'experiments.toml:13: error[bad-value]: experiment "a": notebook must be the name of a notebook, without '
        '.ipynb; found the text "notebooks/cnn.ipynb"',
        'experiments.toml:13: error[unknown-notebook]: experiment "a": there is no notebook "notebooks/cnn.ipynb"\n'
        '  write "cnn"',
    ),
    "no notebook": (
        HEAD.replace('notebook = "mlp"\n', "") + ROW,
        'experiments.toml:8: error[no-notebook]: experiment "a": neither it nor its section names a notebook\n'
        "  known: cnn, mlp",
    ),
    "unknown parameter": (
        HEAD + ROW + "parameters = { hiden_units = [3] }",
        'experiments.toml:13: error[unknown-parameter]: experiment "a": "hiden_units" is not a parameter of mlp.ipynb\n'
        f'  did you mean "hidden_units"?   {KNOWN}',
    ),
    "code as a parameter": (
        HEAD + ROW + "[experiment.parameters]\n\"x = 1\\nimport os\" = 3",
        'experiments.toml:14: error[unknown-parameter]: experiment "a": "x = 1\\nimport os" is not a parameter of '
        f"mlp.ipynb\n  {KNOWN}",
    ),
    "parameter of the section that the row's notebook lacks": (
        HEAD.replace('"mlp"', '"mlp"\nparameters = { epochs = 3 }') + ROW + 'notebook = "cnn"',
        'experiments.toml:14: error[unknown-parameter]: experiment "a": its section sets "epochs", which is not a '
        "parameter of cnn.ipynb\n  set it in the rows that have it",
    ),
    "unknown parameter of a section": (
        HEAD.replace('"mlp"', '"mlp"\nparameters = { epoch = 3 }') + ROW + ROW.replace('"a"', '"b"'),
        'experiments.toml:6: error[unknown-parameter]: section "raw": "epoch" is not a parameter of mlp.ipynb\n'
        f'  did you mean "epochs"?   {KNOWN}',
    ),
    "seed among the parameters": (
        HEAD + ROW + "parameters = { seed = 3 }",
        'experiments.toml:13: error[seed-as-parameter]: experiment "a": seed is no parameter\n'
        "  write seed = N beside parameters, in the [[experiment]] table itself",
    ),
    "seed among the parameters of a section": (
        HEAD.replace('"mlp"', '"mlp"\nparameters = { seed = 3 }') + ROW,
        'experiments.toml:6: error[seed-as-parameter]: section "raw": seed is no parameter\n'
        "  write seed = N in [execution], or in each [[experiment]]",
    ),
    "unknown data set": (
        HEAD + ROW + 'parameters = { dataset = "mnits", epochs = 0 }',
        'experiments.toml:13: error[bad-parameter]: experiment "a": parameter "epochs": expected at least 1 and at '
        "most 100 000, found 0\n  mlp.ipynb has: epochs: int = 150  # passes through the training set",
        'experiments.toml:13: error[unknown-dataset]: experiment "a": there is no data set "mnits"\n'
        '  did you mean "mnist"?   known: digits, fashion_mnist, garments, mnist',
    ),
    "parameters that disagree": (
        HEAD + ROW + 'notebook = "cnn"\n[experiment.parameters]\nfilters = [3]',
        'experiments.toml:15: error[parameters-disagree]: experiment "a": filters and '
        "kernel_sizes differ in length: 1 and 2",
    ),
    "far too large": (
        HEAD + ROW + "parameters = { hidden_units = [1000000, 1000000], batch_size = 1000000000 }",
        'experiments.toml:13: error[bad-parameter]: experiment "a": parameter "batch_size": expected at least 1 and at '
        "most 1 000 000, found 1000000000\n  mlp.ipynb has: batch_size: int = 4096",
        'experiments.toml:13: error[bad-parameter]: experiment "a": parameter "hidden_units": entries 1 and 2 alone '
        "make 1 000 000 000 000 weights, too many for the memory\n"
        "  mlp.ipynb has: hidden_units: list[int] = [250]  # one hidden layer per entry",
    ),
    "an unknown activation": (
        HEAD + ROW + 'parameters = { activation = "rellu" }',
        'experiments.toml:13: error[bad-parameter]: experiment "a": parameter "activation": the text "rellu" is no '
        'activation that Keras knows; did you mean "relu"?\n'
        "  mlp.ipynb has: activation: str = 'tanh'  # of the hidden layers",
    ),
    "parameters that are no table": (
        HEAD + ROW + "parameters = [1]",
        'experiments.toml:13: error[wrong-type]: experiment "a": parameters must be a table, found a list',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_message(tmp_path: Path, name: str) -> None:
    text, *messages = FAULTS[name]
    tomllib.loads(text)
    assert faults(tmp_path, text) == list(messages)


def test_without_its_fault_the_file_is_right(tmp_path: Path) -> None:
    assert len(load_text(tmp_path, HEAD + ROW).rows) == 1


class TestIds:
    @pytest.mark.parametrize(
        "name",
        [
            "", "A", "a b", "..", ".", "-a", ".a", "_a", "a/b", "a\\\\b", "a.", "a" * 65, "é", "a\\u0000", "a\\n", "a:b", "a*", "ａ",
            "a\\u202e", "~", "$a", "%a", "a'", '\\"', "<a>", "a|b", "a?", "#", "a,b", "a;b", "{a}", "[a]", "日本", "😀",
        ],
    )  # fmt: skip
    def test_refused(self, tmp_path: Path, name: str) -> None:
        (message,) = faults(tmp_path, HEAD + ROW.replace('"a"', f'"{name}"'))
        assert message.startswith("experiments.toml:10: error[bad-value]: experiment")
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", message)

    @pytest.mark.parametrize("name", ["a", "0", "a-b_c.d", "raw-300", "a" * 64, "console", "a.con"])
    def test_accepted(self, tmp_path: Path, name: str) -> None:
        assert load_text(tmp_path, HEAD + ROW.replace('"a"', f'"{name}"')).rows[0].id == name

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("a", "A"),
            ("é", unicodedata.normalize("NFD", "é")),
            ("ß", "ss"),
            ("É", unicodedata.normalize("NFD", "é")),
        ],
    )
    def test_equal_but_for_the_way_they_are_written(self, tmp_path: Path, first: str, second: str) -> None:
        text = HEAD + ROW.replace('"a"', f'"{first}"') + ROW.replace('"a"', f'"{second}"')
        found = [message for message in faults(tmp_path, text) if "duplicate-id" in message]
        assert len(found) == 1
        assert found[0].startswith("experiments.toml:14:")
        assert f'differs from "{first}" on line 10 only in how it is written' in found[0]


def test_faults_of_all_tables_at_once(tmp_path: Path) -> None:
    text = (
        HEAD.replace('"T"', "3").replace('"mlp"', '"mpl"')
        + ROW
        + "x = 1\n"
        + ROW
        + "parameters = { a = 1 }\n"
    )
    found = [re.findall(r":(\d+): error\[([a-z-]+)\]", message)[0] for message in faults(tmp_path, text)]
    assert found == [
        ("2", "wrong-type"),
        ("5", "unknown-notebook"),
        ("13", "unknown-key"),
        ("15", "duplicate-id"),
    ]


def test_more_rows_than_anyone_means(tmp_path: Path) -> None:
    found = faults(tmp_path, HEAD + "[[experiment]]\n" * 10_001)
    assert "experiment must have at most 10000 entries" in found[0] + found[-1] + "".join(found)


TABLES = {
    (): "",
    ("report",): "[report]",
    ("report", "authors", 0): "[[report.authors]]",
    ("data",): "[data]",
    ("execution",): "[execution]",
    ("section", 0): "[[section]]",
    ("experiment", 0): "[[experiment]]",
    ("experiment", 0, "published"): "[[experiment]]\n[experiment.published]",
}


def typos(name: str) -> list[str]:
    """Slips of the keyboard: a letter left out, doubled, swapped with the next; another case; a hyphen."""
    slips = {name[:n] + name[n + 1 :] for n in range(len(name))}
    slips |= {name[: n + 1] + name[n:] for n in range(len(name))}
    slips |= {name[:n] + name[n + 1] + name[n] + name[n + 2 :] for n in range(len(name) - 1)}
    slips |= {name.title(), name.upper(), name.replace("_", "-")}
    return sorted(slips - {name, ""})


KEYS = [(path, key) for path in TABLES for key in known_keys(path) if len(key) > 3]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Notebook]:
    return notebooks(tmp_path_factory.mktemp("shelf") / "notebooks")


@pytest.fixture(scope="module")
def own() -> dict[str, Notebook]:
    return discover(ROOT / "notebooks")


class TestTypos:
    @pytest.mark.parametrize(
        ("path", "key"), KEYS, ids=lambda each: ".".join(map(str, each)) if isinstance(each, tuple) else each
    )
    def test_of_keys(
        self, tmp_path: Path, shelf: dict[str, Notebook], path: tuple[str | int, ...], key: str
    ) -> None:
        known = known_keys(path)
        for slip in typos(key):
            if slip in known or slip in ("sections", "experiments"):
                continue
            text = f"{TABLES[path]}\n\n{slip} = 1\n"
            file = tmp_path / "experiments.toml"
            file.write_text(text)
            with pytest.raises(InputError) as error:
                load(file, shelf, DATASETS)
            (problem,) = (each for each in error.value.problems if each.code == "unknown-key")
            assert problem.line == TABLES[path].count("\n") + 3
            assert problem.remedy.startswith(f'did you mean "{key}"?'), slip

    @pytest.mark.parametrize(
        ("notebook", "name"),
        [
            (book, line.split(":")[0])
            for book, cell in (("mlp", MLP), ("cnn", CNN))
            for line in cell.splitlines()
        ],
    )
    def test_of_parameters(
        self, tmp_path: Path, shelf: dict[str, Notebook], notebook: str, name: str
    ) -> None:
        for slip in typos(name) if name != "seed" else ():
            file = tmp_path / "experiments.toml"
            file.write_text(HEAD + ROW + f'notebook = "{notebook}"\n[experiment.parameters]\n{slip} = 1\n')
            with pytest.raises(InputError) as error:
                load(file, shelf, DATASETS)
            (problem,) = error.value.problems
            assert (problem.code, problem.line) == ("unknown-parameter", 15)
            assert problem.remedy.startswith(f'did you mean "{name}"?'), slip


class TestAnyFile:
    @given(st.binary(max_size=200))
    @settings(max_examples=100, deadline=None)
    def test_bytes(
        self, tmp_path_factory: pytest.TempPathFactory, shelf: dict[str, Notebook], content: bytes
    ) -> None:
        file = tmp_path_factory.mktemp("any") / "experiments.toml"
        file.write_bytes(content)
        with pytest.raises(InputError):
            load(file, shelf, DATASETS)

    @given(st.data())
    @settings(max_examples=100, deadline=None)
    def test_the_projects_own_file_with_a_line_changed(
        self, tmp_path_factory: pytest.TempPathFactory, own: dict[str, Notebook], data: st.DataObject
    ) -> None:
        """A line that is lost, doubled or replaced gives rows, or problems that lie inside the file."""
        lines = (ROOT / "experiments.toml").read_text().splitlines()
        values = st.sampled_from(
            ["", "x", "= 1", "seed = -1", "id = 3", "[[experiment]]", "[x]", "parameters = 3", "epochs = [nan]", "[experiment.x]",
             "section = []", 'kind = "prose"', "notebook = {}", "[[experiment.parameters]]", "section.id = 3", "a.b = {c = []}",
             "'''", '"""', "published = 'x'", 'dataset = ["x"]', "[section.parameters.epochs]"]
        )  # fmt: skip
        for _ in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.integers(0, len(lines) - 1))
            lines[at : at + data.draw(st.integers(0, 2))] = data.draw(st.lists(values, max_size=2))
        file = tmp_path_factory.mktemp("any") / "experiments.toml"
        file.write_text("\n".join(lines))
        try:
            load(file, own, DATASETS)
        except InputError as error:
            assert error.problems
            for problem in error.problems:
                assert 0 <= problem.line <= len(lines) + 1
                assert problem.message
