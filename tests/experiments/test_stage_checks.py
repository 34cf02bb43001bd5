"""Faults of sweeps and searches: each told once, on the line it stands on; nothing makes the check crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reportgen.errors import InputError, Problem
from reportgen.experiments.load import load
from tests.experiments.sources import DATASETS, load_text, notebooks

HEAD = '[report]\ntitle = "x"\n\n[[section]]\nid = "s"\nnotebook = "mlp"\n\n'
SWEEP = '[[sweep]]\nid = "a"\nsection = "s"\n'
SEARCH = '[[search]]\nid = "q"\nsection = "s"\ntrials = 2\n'
OTHER = '\n[[sweep]]\nid = "b"\nsection = "s"\n'
ROW = '\n[[experiment]]\nid = "e"\nsection = "s"\ntitle = "E"\n'


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as error:
        load_text(folder, HEAD + text)
    return tuple(error.value.problems)


def faults(folder: Path, text: str) -> list[str]:
    """Line within the stages, code, message and remedy of every fault."""
    return [
        f"{each.line - HEAD.count(chr(10))} {each.code} {each.message} | {each.remedy.splitlines()[0] if each.remedy else ''}"
        for each in problems(folder, text)
    ]


KNOWN = (
    "known: activation, batch_size, clip, dataset, dropout, epochs, hidden_units, learning_rate, optimizer, "
    "shuffle, validation"
)
DROPOUT = "mlp.ipynb has: dropout: float = 0.5  # share of units switched off"
KEYS_OF_A_SWEEP = (
    "known: allow_parameters, case, choose, comment, from, grid, id, notebook, pages, parameters, repeats, "
    "row_title, section, seed, title"
)

FAULTS = {
    "a value of a grid, on its line": (
        SWEEP + "[sweep.grid]\nactivation = [\n  'relu',\n  'rellu',\n]\ndropout = [0.1, 2.0]\n",
        """7 bad-parameter sweep "a": parameter "activation": the text "rellu" is no activation that Keras knows; did """
        """you mean "relu"? | mlp.ipynb has: activation: str = 'tanh'  # of the hidden layers""",
        f'9 bad-parameter sweep "a": parameter "dropout": expected at least 0 and less than 1, found 2.0 | {DROPOUT}',
    ),
    "a value that one row alone has": (
        SWEEP + "grid = { dropout = [0.1, 2.0] }\n",
        f'4 bad-parameter experiment "a-2.0": parameter "dropout": expected at least 0 and less than 1, found 2.0 | {DROPOUT}',
    ),
    "a name that is no parameter": (
        SWEEP + "grid = { dropot = [0.1, 0.2] }\n",
        f'4 unknown-parameter sweep "a": "dropot" is not a parameter of mlp.ipynb | did you mean "dropout"?   {KNOWN}',
    ),
    "a parameter for all rows": (
        SWEEP + "grid = { dropout = [0.1, 0.2] }\nparameters = { epochs = 0 }\n",
        '5 bad-parameter sweep "a": parameter "epochs": expected at least 1 and at most 100 000, found 0 | '
        "mlp.ipynb has: epochs: int = 150  # passes through the training set",
    ),
    "a value of a space that no trial has asked for": (
        SEARCH + "space = { dropout = [0.1, 0.2, 0.3,\n0.4, 2.0] }\n",
        f'6 bad-parameter search "q": parameter "dropout": expected at least 0 and less than 1, found 2.0 | {DROPOUT}',
    ),
    "a bound of a range": (
        SEARCH + "space = { dropout = { low = 0.1, high = 1.5 } }\n",
        f'5 bad-parameter search "q": parameter "dropout": expected at least 0 and less than 1, found 1.5 | {DROPOUT}',
    ),
    "a range the wrong way round": (
        SEARCH + "space = { dropout = { low = 0.5, high = 0.1 } }\n",
        '5 bad-value search "q": dropout: low must be less than high | exchange them',
    ),
    "a range of nothing": (
        SEARCH + "space = { dropout = { low = 0.1, high = 0.1 } }\n",
        '5 bad-value search "q": dropout: low must be less than high | exchange them',
    ),
    "ratios to nought": (
        SEARCH + "space = { learning_rate = { low = 0, high = 0.1, log = true } }\n",
        '5 bad-value search "q": learning_rate: log needs a low above 0: ratios to it must have a meaning | '
        "give a low above 0, or leave log out",
    ),
    "a range beyond all numbers": (
        SEARCH + "space = { learning_rate = { low = -1e300, high = 1e308 } }\n",
        '5 bad-value search "q": learning_rate: its bounds must be within 1e+15 of zero | give nearer ones',
    ),
    "a range that is infinite": (
        SEARCH + "space = { learning_rate = { low = 0.1, high = inf } }\n",
        '5 wrong-type search "q", space, learning_rate: high must be a finite number, found inf | ',
    ),
    "neither list nor range": (
        SEARCH + "space = { dropout = 3 }\n",
        '5 wrong-type search "q", space: dropout must be a list of values, or a range, found 3 | '
        "write dropout = [0.1, 0.2], or dropout = { low = 0.1, high = 0.5 }",
    ),
    "a bound that is no number": (
        SEARCH + 'space = { dropout = { low = "a", high = true } }\n',
        '5 wrong-type search "q", space, dropout: high must be a number, found true | ',
        '5 wrong-type search "q", space, dropout: low must be a number, found the text "a" | ',
    ),
    "a bound misspelt": (
        SEARCH + "space = { dropout = { low = 0.1, hig = 0.2 } }\n",
        '5 missing-key search "q", space, dropout: high is missing | it needs: low, high',
        '5 unknown-key search "q", space, dropout: there is no key "hig" | did you mean "high"?   known: high, log, low',
    ),
    "an empty list in a space": (
        SEARCH + "space = { dropout = [] }\n",
        '5 bad-value search "q", space: dropout must have at least 1 entries, found 0 | ',
    ),
    "a space without names": (
        SEARCH + "space = {}\n",
        '5 empty-stage search "q": its space is empty | write space = { dropout = [0.1, 0.2], units = { low = 16, high = 256 } }',
    ),
    "nothing varied": (
        SWEEP,
        '1 empty-stage sweep "a": it varies nothing: it has neither grid nor case | write grid = { hidden_units = [[50], [100]] }',
    ),
    "nothing varied, and a stage that begins with it": (
        SWEEP + OTHER + 'from = "best:a"\ngrid = { dropout = [0.1] }\n',
        '1 empty-stage sweep "a": it varies nothing: it has neither grid nor case | write grid = { hidden_units = [[50], [100]] }',
    ),
    "a parameter where a key should stand": (
        SWEEP + "dropout = [0.1, 0.2]\n",
        '4 unknown-key sweep "a": there is no key "dropout" | it is a parameter of the notebook: write parameters = { dropout '
        "= ... }, or grid = { dropout = [...] } to vary it",
    ),
    "a key that is misspelt": (
        SWEEP + "grid = { dropout = [0.1] }\nchose = 'best'\n",
        f'5 unknown-key sweep "a": there is no key "chose" | did you mean "choose"?   {KEYS_OF_A_SWEEP}',
    ),
    "repeats of a search": (
        SEARCH + "space = { dropout = [0.1, 0.2] }\nrepeats = 3\n",
        '6 unknown-key search "q": there is no key "repeats" | a trial is one run; let an [[experiment]] with from = '
        '"best:..." repeat the one that it keeps',
    ),
    "a rule that there is not": (
        SWEEP + 'grid = { dropout = [0.1] }\nchoose = "test"\n',
        '5 bad-value sweep "a": choose must be "best" or "one-standard-error", found the text "test" | did you mean "best"?',
    ),
    "a stage that is not there": (
        SWEEP + 'grid = { dropout = [0.1] }\nfrom = "best:c"\n' + OTHER + "grid = { dropout = [0.1] }\n",
        '5 unknown-stage sweep "a": there is no sweep or search "c" | known: a, b',
    ),
    "a row where a stage should be named": (
        SWEEP + 'grid = { dropout = [0.1] }\nfrom = "best:e"\n' + ROW,
        '5 unknown-stage sweep "a": "best:e": "e" is a row; only sweeps and searches keep one | '
        "write its settings, or warm_start to begin with its weights",
    ),
    "a row that begins with a stage that is not there": (
        SWEEP + "grid = { dropout = [0.1] }\n" + ROW + 'from = "best:b"\n',
        '10 unknown-stage experiment "e": there is no sweep or search "b" | known: a',
    ),
    "a stage without best": (
        SWEEP + 'grid = { dropout = [0.1] }\nfrom = "b"\n',
        '5 bad-value sweep "a": from must be "best:" and the id of a sweep or a search; found the text "b" | ',
    ),
    "from that is no text": (
        SWEEP + "grid = { dropout = [0.1] }\n" + ROW + "from = 5\n",
        '10 wrong-type experiment "e": from must be a text in quotes, found 5 | ',
    ),
    "a stage that begins with itself": (
        SWEEP + 'grid = { dropout = [0.1] }\nfrom = "best:a"\n',
        '5 circle sweep "a": it begins with the row that it keeps itself | let one of them begin with the section',
    ),
    "a circle, and a stage behind it": (
        SWEEP + 'grid = { dropout = [0.1] }\nfrom = "best:b"\n' + OTHER + 'grid = { dropout = [0.1] }\nfrom = "best:a"\n'
        + '[[sweep]]\nid = "c"\nsection = "s"\nfrom = "best:a"\ngrid = { dropout = [0.1] }\n',
        '5 circle sweep "a": it waits for itself: "a" waits for "b" waits for "a" | let one of them begin with the section',
    ),
    "a value twice": (
        SWEEP + "grid = { dropout = [0.1, 0.2, 0.1], learning_rate = [1, 1.0] }\n",
        '4 bad-value sweep "a": learning_rate: 1.0 stands there twice | remove one',
        '4 bad-value sweep "a": dropout: 0.1 stands there twice | remove one',
    ),
    "a case twice": (
        SWEEP + "[[sweep.case]]\nparameters = { dropout = 0.1 }\n[[sweep.case]]\nparameters = { dropout = 0.1 }\n",
        '6 bad-value sweep "a": case 2 has the parameters of case 1 | remove one',
    ),
    "a name both varied and given": (
        SWEEP + "grid = { dropout = [0.1, 0.2] }\nparameters = { dropout = 0.5 }\n",
        '4 without-effect sweep "a": "dropout" is varied, and has a value in parameters too | leave one of them out',
    ),
    "too many points": (
        SWEEP + f"grid = {{ epochs = {list(range(1, 60))}, batch_size = {list(range(1, 60))} }}\n",
        '4 too-many-rows sweep "a": its grid has 3,481 points, more than 2,000 | write a [[search]], or fewer values',
    ),
    "more trials than there are different ones": (
        SEARCH.replace("2", "5") + "space = { dropout = [0.1, 0.2], epochs = [1, 2] }\n",
        '4 too-many-trials search "q": it asks for 5 trials, and its space has 4 different ones | '
        "write trials = 4, or a [[sweep]] with this space as grid",
    ),
    "far too many trials": (
        SEARCH.replace("2", "1001") + "space = { dropout = { low = 0.1, high = 0.2 } }\n",
        '4 bad-value search "q": trials must be at most 1000, found 1001 | ',
    ),
    "an id with capitals": (
        SWEEP.replace('"a"', '"Depth & width"') + "grid = { dropout = [0.1] }\n",
        """2 bad-value sweep "Depth & width": id must be small letters, digits, '.', '_' and '-', at most 40, the first a """
        """letter or digit, the last no '.'; found the text "Depth & width" | write "depth-width\"""",
    ),
    "two stages of one id": (
        SWEEP + "grid = { dropout = [0.1] }\n" + SEARCH.replace('"q"', '"a"') + "space = { dropout = [0.1, 0.2] }\n",
        '6 duplicate-id search "a": its id is that of the sweep of line 9 too | give each an id of its own',
    ),
    "a row called as a row of a sweep": (
        SWEEP + "grid = { dropout = [0.1, 0.2] }\n" + ROW.replace('"e"', '"a-0.2"') + "parameters = 3\n",
        '4 duplicate-id experiment "a-0.2": its id is that of line 14 too | give each an id of its own',
        '10 wrong-type experiment "a-0.2": parameters must be a table, found 3 | ',
    ),
    "a section that is not there": (
        ROW + SWEEP.replace('"s"', '"t"') + "grid = { dropout = [0.1, 0.2] }\n",
        '8 unknown-section sweep "a": there is no section "t" | known: s',
    ),
    "a notebook that is not there": (
        SWEEP + 'notebook = "mpl"\ngrid = { dropout = [0.1, 0.2] }\n',
        '4 unknown-notebook sweep "a": there is no notebook "mpl" | did you mean "mlp"?   known: cnn, mlp',
    ),
    "a figure that nobody prints, of a case": (
        SWEEP + "[[sweep.case]]\nparameters = { dropout = 0.1 }\npublished = { test_acuracy = 0.9 }\n",
        '6 unknown-key sweep "a", case, 1, published: there is no key "test_acuracy" | did you mean "test_accuracy"?   '
        "known: best_validation_accuracy, best_validation_accuracy_epoch, best_validation_loss, "
        "best_validation_loss_epoch, f1, test_accuracy, test_loss, total_params, validation_accuracy",
    ),
    "one bracket too few": (
        ROW + '[sweep]\nid = "a"\nsection = "s"\n',
        "6 wrong-type the file: sweep must be a list, found a table | write [[sweep]], with two brackets, above each one",
    ),
    "the plural": (
        ROW + '[[searches]]\nid = "a"\n',
        '6 unknown-key the file: there is no key "searches" | did you mean "search"?   known: claim, contrast, data, dataset, '
        "execution, experiment, published, report, search, section, sweep",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_message(name: str, tmp_path: Path) -> None:
    text, *messages = FAULTS[name]
    assert sorted(faults(tmp_path, text)) == sorted(messages)


def test_a_comment_of_a_case_is_told_on_its_line(tmp_path: Path) -> None:
    text = (
        SWEEP + "grid = { dropout = [0.1, 0.2] }\n[[sweep.case]]\nparameters = { dropout = 0.2 }\n"
        'comment = """Good:\nreached {{ this.accuracy_of_nothing }}."""\n'
    )
    (found,) = problems(tmp_path, text)
    assert found.line - HEAD.count("\n") == 8
    assert found.message.startswith('experiment "a-0.2": comment: ')


WRONG: tuple[Any, ...] = (
    None, 0, -3, 2**70, 0.5, float("nan"), float("inf"), True, "", "best:a", "best:b", "best:", "a", "x" * 300, "ü\n\x00",
    [], [1], [[50], [50, 50]], ["relu", 3, [2.5, {}]], {}, {"low": 1, "high": 2}, {"low": 2, "high": 1, "log": True},
    {"dropout": [0.1, 0.2]}, {"dropout": 0.1}, {"hidden_units": [[5], [6, 7]], "rate": [0.1]}, {"optimizer": "Adam({rate})"},
    {"rate": {"low": 0.1, "high": 0.2}}, {"rate": {"low": "a"}}, {"": []}, [{"parameters": {"dropout": 0.1}}, 3],
    [{"parameters": {"dropout": 0.3}, "id": "a", "published": {"f1": 0.1}}],
)  # fmt: skip
_KEYS = (
    "id", "section", "title", "notebook", "from", "parameters", "row_title", "seed", "allow_parameters", "pages", "comment",
    "grid", "case", "choose", "repeats", "space", "trials", "method", "batch", "search_seed", "measure", "nonsense",
)  # fmt: skip
GOOD = {"id": "a", "section": "s", "grid": {"dropout": [0.1]}}
GOOD_SEARCH = {"id": "b", "section": "s", "trials": 3, "space": {"rate": {"low": 0.1, "high": 0.2}}}
GOOD_ROW = {"id": "e", "section": "s", "title": "E"}


def _tables(good: dict[str, Any]) -> st.SearchStrategy[Any]:
    changed = st.dictionaries(st.sampled_from(_KEYS), st.sampled_from(WRONG), max_size=4)
    left_out = st.sampled_from([*good, ""])
    table = st.builds(lambda key, new: {k: v for k, v in good.items() if k != key} | new, left_out, changed)
    return st.lists(table | st.just(good) | st.sampled_from(WRONG), max_size=3) | st.sampled_from(WRONG)


FILES = st.fixed_dictionaries(
    {},
    optional={
        "sweep": _tables(GOOD), "search": _tables(GOOD_SEARCH), "experiment": _tables(GOOD_ROW),
        "section": st.just([{"id": "s", "notebook": "mlp"}]) | _tables({"id": "s", "notebook": "mlp"}),
    },
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(raw=FILES)
def test_no_table_makes_the_check_crash(
    raw: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What `tomllib` may return is given as it is; a fault must be told, in words, once."""
    from unittest.mock import patch

    from reportgen.experiments import syntax
    from reportgen.experiments.lines import Lines

    folder = tmp_path_factory.getbasetemp()
    known = notebooks(folder / "notebooks")
    whole = {"report": {"title": "x"}, **_without_none(raw)}
    with patch.object(syntax, "read", lambda path, content: (b"", whole, Lines())):
        try:
            loaded = load(folder / "experiments.toml", known, DATASETS)
        except InputError as error:
            told = [(each.message, each.code) for each in error.problems]
            assert told and len(set(told)) == len(told)
            return
    for stage in loaded.stages:
        assert len(stage.rows) <= stage.size and stage.waiting == stage.size - len(stage.rows)
    assert len({row.id for row in loaded.rows}) == len(loaded.rows)


def _without_none(value: Any) -> Any:
    """TOML has no null."""
    if isinstance(value, dict):
        return {key: _without_none(each) for key, each in value.items() if each is not None}
    return [_without_none(each) for each in value if each is not None] if isinstance(value, list) else value
