"""Stages written out as rows: which rows, with which settings, in which order, and on which lines."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reportgen.errors import InputError
from reportgen.experiments.lines import locate
from reportgen.experiments.load import load
from reportgen.experiments.proposals import proposed
from reportgen.experiments.resolved import Experiments, Row
from reportgen.experiments.stage_tables import ids_in_order
from reportgen.experiments.staged import Search
from reportgen.experiments.stages import Axis, Origin, Standing
from reportgen.notebooks import discover
from tests.experiments.sources import CNN, DATASETS, MLP, notebook, write_notebook
from tests.experiments.test_row_calls import NETWORK

HEAD = '[report]\ntitle = "x"\n\n[[section]]\nid = "s"\nnotebook = "mlp"\nparameters = { epochs = 9 }\n\n'
SWEEP = '[[sweep]]\nid = "a"\nsection = "s"\ngrid = { hidden_units = [[5], [6, 7]], dropout = [0.0, 0.1] }\n'
NEXT = '\n[[sweep]]\nid = "b"\nsection = "s"\nfrom = "best:a"\ngrid = { activation = ["relu", "tanh"] }\n'
LAST = '\n[[sweep]]\nid = "c"\nsection = "s"\nfrom = "best:b"\ngrid = { batch_size = [32, 64, 128] }\n'
SEARCH = (
    '\n[[search]]\nid = "q"\nsection = "s"\nfrom = "best:a"\ntrials = 5\nbatch = 2\n'
    'parameters = { optimizer = "{name}" }\n'
    'space = { learning_rate = { low = 1e-4, high = 1e-2, log = true }, name = ["adam", "sgd", "nadam"] }\n'
)
FINAL = '\n[[experiment]]\nid = "final"\nsection = "s"\ntitle = "Again"\nfrom = "best:{}"\nrepeats = 3\n'


def loaded(folder: Path, text: str, standings: Mapping[str, Standing] | None = None) -> Experiments:
    """Load a text as ``experiments.toml``, given what has become of its stages."""
    for name, cell in {"mlp": MLP, "cnn": CNN, "network": NETWORK}.items():
        write_notebook(folder / "notebooks", name, notebook(cell))
    path = folder / "experiments.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, discover(folder / "notebooks", []), DATASETS, standings=standings)


def row(found: Experiments, name: str) -> Row:
    return next(each for each in found.rows if each.id == name)


def own(found: Experiments, name: str, *keys: str) -> dict[str, Any]:
    """Some settings of a row; all that were given, where none is named."""
    of = row(found, name)
    return {key: of.parameters[key] for key in keys or of.given}


def test_a_file_without_stages_is_left_alone(tmp_path: Path) -> None:
    found = loaded(tmp_path, HEAD + '[[experiment]]\nid = "e"\nsection = "s"\ntitle = "E"\n')
    assert found.stages == () and found.later == ()
    assert row(found, "e").origin is None


def test_a_grid_is_all_combinations_the_last_name_varied_first(tmp_path: Path) -> None:
    found = loaded(tmp_path, HEAD + SWEEP)
    assert [each.id for each in found.rows] == ["a-5-0.0", "a-5-0.1", "a-6-7-0.0", "a-6-7-0.1"]
    assert own(found, "a-6-7-0.1") == {"epochs": 9, "hidden_units": [6, 7], "dropout": 0.1}
    assert row(found, "a-6-7-0.1").title == "hidden units 6, 7, dropout 0.1"
    origin = Origin("a", {"hidden_units": [6, 7], "dropout": 0.1})
    assert row(found, "a-6-7-0.1").origin == origin
    (stage,) = found.stages
    assert (stage.kind, stage.size, stage.waiting, stage.kept, stage.number) == ("sweep", 4, 0, None, 0)
    assert stage.axes == (Axis("hidden_units", ([5], [6, 7])), Axis("dropout", (0.0, 0.1)))
    assert stage.line == 9 and {each.line for each in found.rows} == {12}


def test_cases_stand_beside_the_grid_or_say_more_of_a_point_of_it(tmp_path: Path) -> None:
    cases = (
        "[[sweep.case]]\nparameters = { dropout = 0.1, hidden_units = [5] }\n"
        'title = "as printed"\ncomment = "Good."\npublished = { test_accuracy = 0.9 }\n'
        '[[sweep.case]]\nparameters = { hidden_units = [8], activation = "relu" }\nid = "wide"\n'
    )
    found = loaded(tmp_path, HEAD + SWEEP + cases)
    assert [each.id for each in found.rows] == ["a-5-0.0", "a-5-0.1", "a-6-7-0.0", "a-6-7-0.1", "wide"]
    point = row(found, "a-5-0.1")
    assert (point.title, point.comment) == ("as printed", "Good.")
    assert point.published is not None and point.published.test_accuracy == 0.9
    assert own(found, "wide") == {"epochs": 9, "hidden_units": [8], "activation": "relu"}
    assert row(found, "wide").line == 19
    assert found.stages[0].axes[2] == Axis("activation", ("relu",)) and found.stages[0].size == 5


def test_rows_of_a_sweep_have_what_it_says(tmp_path: Path) -> None:
    more = 'parameters = { batch_size = 16 }\nseed = 5\nrepeats = 2\npages = "full"\nrow_title = "{dropout}: {hidden_units}"\n'
    of = row(loaded(tmp_path, HEAD + SWEEP + more), "a-6-7-0.1")
    assert (of.seeds, of.title, of.parameters["batch_size"]) == ((5, 6), "0.1: 6, 7", 16)
    assert of.origin is not None and of.origin.pages == "full"


def test_stages_wait_and_the_first_row_stands_in_for_the_kept_one(tmp_path: Path) -> None:
    found = loaded(tmp_path, HEAD + SWEEP + NEXT + LAST + FINAL.format("c"))
    assert [each.id for each in found.known] == ["a-5-0.0", "a-5-0.1", "a-6-7-0.0", "a-6-7-0.1"]
    waits = {each.id: each.waits_for for each in found.later}
    assert waits == {"b-relu": "a", "b-tanh": "a", "c-32": "b", "c-64": "b", "c-128": "b", "final": "c"}
    assert own(found, "c-64", "hidden_units", "dropout", "activation") == {
        "hidden_units": [5], "dropout": 0.0, "activation": "relu",
    }  # fmt: skip
    assert [(stage.id, stage.size, stage.waiting, stage.begins_with) for stage in found.stages] == [
        ("a", 4, 0, None), ("b", 2, 2, None), ("c", 3, 3, None),
    ]  # fmt: skip
    origin = row(found, "c-64").origin
    assert origin is not None and origin.source == "b"


def test_a_stage_begins_with_the_kept_row_of_its_source(tmp_path: Path) -> None:
    found = loaded(tmp_path, HEAD + SWEEP + NEXT + LAST + FINAL.format("b"), {"a": Standing("a-6-7-0.1")})
    assert own(found, "b-tanh") == {"epochs": 9, "hidden_units": [6, 7], "dropout": 0.1, "activation": "tanh"}
    assert row(found, "b-tanh").compared_with == "a-6-7-0.1"
    assert row(found, "b-tanh").origin == Origin("b", {"activation": "tanh"}, "a-6-7-0.1", "a")
    assert {each.waits_for for each in found.later} == {"b"}
    assert [(stage.kept, stage.begins_with) for stage in found.stages] == [("a-6-7-0.1", None), (None, "a-6-7-0.1"), (None, None)]  # fmt: skip


def test_a_kept_row_is_carried_through_all_stages_to_a_row_of_the_file(tmp_path: Path) -> None:
    standings = {"a": Standing("a-5-0.1"), "b": Standing("b-relu"), "c": Standing("c-128")}
    text = HEAD + SWEEP + NEXT + LAST + FINAL.format("c") + "parameters = { dropout = 0.3 }\n"
    found = loaded(tmp_path, text, standings)
    assert found.later == ()
    assert own(found, "final") == {
        "epochs": 9, "hidden_units": [5], "dropout": 0.3, "activation": "relu", "batch_size": 128,
    }  # fmt: skip
    final = row(found, "final")
    assert final.origin == Origin(None, {}, "c-128", "c", "full")
    assert (final.repeats, final.compared_with) == (3, "c-128")


def test_a_point_with_the_settings_of_the_kept_row_is_compared_as_any_row(tmp_path: Path) -> None:
    same = NEXT.replace('activation = ["relu", "tanh"]', "dropout = [0.0, 0.3]")
    found = loaded(tmp_path, HEAD + SWEEP + same, {"a": Standing("a-5-0.0")})
    assert row(found, "b-0.3").compared_with == "a-5-0.0"
    assert row(found, "b-0.0").compared_with == "a-6-7-0.1", "the row before"


def test_a_kept_row_that_is_not_among_the_known_ones_is_none(tmp_path: Path) -> None:
    found = loaded(tmp_path, HEAD + SWEEP + NEXT, {"a": Standing("a-77"), "b": Standing("b-relu")})
    assert [stage.kept for stage in found.stages] == [None, None]


def test_stages_may_stand_in_any_order(tmp_path: Path) -> None:
    text = HEAD + FINAL.format("c") + LAST + NEXT + SWEEP
    standings = {"a": Standing("a-5-0.1"), "b": Standing("b-relu")}
    found = loaded(tmp_path, text, standings)
    assert [each.id for each in found.rows] == [
        "final", "c-32", "c-64", "c-128", "b-relu", "b-tanh", "a-5-0.0", "a-5-0.1", "a-6-7-0.0", "a-6-7-0.1",
    ]  # fmt: skip
    assert own(found, "c-64", "dropout", "activation") == {"dropout": 0.1, "activation": "relu"}


def test_settings_of_another_section_are_carried_and_those_of_the_own_one_go_before(tmp_path: Path) -> None:
    other = '[[section]]\nid = "t"\nparameters = { batch_size = 8, shuffle = false }\n\n'
    text = HEAD.replace("epochs = 9", "epochs = 9, batch_size = 7") + other + SWEEP
    text += NEXT.replace('"s"', '"t"') + FINAL.format("b").replace('"s"', '"t"')
    found = loaded(tmp_path, text, {"a": Standing("a-6-7-0.1"), "b": Standing("b-relu")})
    wanted = {"epochs": 9, "batch_size": 8, "shuffle": False, "hidden_units": [6, 7], "dropout": 0.1, "activation": "relu"}  # fmt: skip
    assert own(found, "b-relu") == wanted == own(found, "final")
    assert {row(found, name).notebook for name in ("b-relu", "final")} == {"mlp"}


def test_a_notebook_of_a_stage_is_carried(tmp_path: Path) -> None:
    text = (
        HEAD + '[[sweep]]\nid = "a"\nsection = "s"\nnotebook = "cnn"\ngrid = { dense_units = [3, 4] }\n'
        '[[sweep]]\nid = "b"\nsection = "s"\nfrom = "best:a"\ngrid = { filters = [[1, 2], [3, 4]] }\n'
        + FINAL.format("b")
    )
    found = loaded(tmp_path, text.replace("parameters = { epochs = 9 }\n", ""), {"a": Standing("a-4"), "b": Standing("b-3-4")})  # fmt: skip
    assert {each.notebook for each in found.rows} == {"cnn"}
    assert own(found, "final") == {"dense_units": 4, "filters": [3, 4]}


def test_names_in_braces_are_filled_in_and_carried_as_they_are(tmp_path: Path) -> None:
    text = (
        HEAD + '[[sweep]]\nid = "a"\nsection = "s"\nparameters = { optimizer = "{name}", hidden_units = ["{n}", "{n}"] }\n'
        'grid = { name = ["adam", "sgd"], n = [5, 6] }\n' + NEXT
    )  # fmt: skip
    found = loaded(tmp_path, text, {"a": Standing("a-sgd-6")})
    assert own(found, "a-adam-5") == {"epochs": 9, "optimizer": "adam", "hidden_units": [5, 5]}
    assert own(found, "b-relu") == {"epochs": 9, "optimizer": "sgd", "hidden_units": [6, 6], "activation": "relu"}  # fmt: skip


def test_a_search_has_its_first_batch_and_stand_ins(tmp_path: Path) -> None:
    found = loaded(tmp_path, HEAD + SWEEP + SEARCH, {"a": Standing("a-6-7-0.1")})
    assert [each.id for each in found.known][4:] == ["q-01", "q-02"]
    assert {each.id: each.waits_for for each in found.later} == {"q-03": "q", "q-04": "q", "q-05": "q"}
    stage = found.stages[1]
    assert (stage.size, stage.waiting, stage.batch, stage.method) == (5, 3, 2, "tpe")
    assert stage.axes == (Axis("learning_rate", low=1e-4, high=1e-2, log=True), Axis("name", ("adam", "sgd", "nadam")))  # fmt: skip
    first = row(found, "q-01")
    assert first.origin is not None and set(first.origin.values) == {"learning_rate", "name"}
    assert first.parameters["optimizer"] == first.origin.values["name"]
    assert first.parameters["hidden_units"] == [6, 7]


def test_a_search_goes_on_as_far_as_it_was_measured(tmp_path: Path) -> None:
    kept = {"a": Standing("a-6-7-0.1")}
    text = HEAD + SWEEP + SEARCH + FINAL.format("q")
    counts = []
    for measured in ((), (0.1, None), (0.1, None, 0.3, 0.2), (0.1, None, 0.3, 0.2, 0.5)):
        found = loaded(tmp_path, text, {**kept, "q": Standing(None, measured)})
        counts.append((len(found.stages[1].rows), found.stages[1].waiting, row(found, "final").waits_for))
    assert counts == [(2, 3, "q"), (4, 1, "q"), (5, 0, "q"), (5, 0, "q")]
    done = loaded(tmp_path, text, {**kept, "q": Standing("q-03", (0.1, None, 0.3, 0.2, 0.5))})
    assert done.later == ()
    (raw,) = done.file.search
    values = proposed(Search.model_validate(raw.model_dump(by_alias=True)), (0.1, None, 0.3, 0.2))
    trials = [each.origin.values for each in done.rows if each.origin and each.origin.stage == "q"]
    assert trials == values and len(trials) == 5
    assert own(done, "final", "learning_rate") == {"learning_rate": values[2]["learning_rate"]}


def test_values_that_no_trial_asks_for_are_checked_and_make_no_rows(tmp_path: Path) -> None:
    text = (
        HEAD
        + '[[search]]\nid = "q"\nsection = "s"\ntrials = 1\nspace = { activation = ["relu", "tanh", "elu"] }\n'
    )
    found = loaded(tmp_path, text)
    assert [each.id for each in found.rows] == ["q-01"] and len(found.file.experiment) == 4
    with pytest.raises(InputError, match="elux"):
        loaded(tmp_path, text.replace('"elu"', '"elux"'))


def test_a_row_that_starts_from_the_weights_of_one_that_waits_waits_too(tmp_path: Path) -> None:
    text = HEAD + SWEEP + NEXT + FINAL.format("b").replace("repeats = 3\n", "")
    text += '[[experiment]]\nid = "on"\nsection = "s"\ntitle = "On"\nwarm_start = "final"\nparameters = { hidden_units = [5] }\n'
    text += '[[experiment]]\nid = "onward"\nsection = "s"\ntitle = "On"\nwarm_start = "on"\nparameters = { hidden_units = [5] }\n'
    waits = {each.id: each.waits_for for each in loaded(tmp_path, text).later}
    assert (waits["final"], waits["on"], waits["onward"]) == ("b", "b", "b")
    found = loaded(tmp_path, text, {"a": Standing("a-5-0.0"), "b": Standing("b-relu")})
    assert found.later == () and row(found, "onward").warm_start == "on"


def test_a_row_may_start_from_the_weights_of_a_row_of_a_stage(tmp_path: Path) -> None:
    text = (
        HEAD
        + SWEEP
        + '[[experiment]]\nid = "on"\nsection = "s"\ntitle = "On"\nwarm_start = "a-5-0.0"\nparameters = { hidden_units = [5] }\n'
    )
    assert row(loaded(tmp_path, text), "on").warm_start == "a-5-0.0"


LAYERS = (
    '[report]\ntitle = "x"\n\n[[section]]\nid = "s"\nnotebook = "network"\n\n[[sweep]]\nid = "a"\nsection = "s"\n'
    "grid = {{ units = [5, 6] }}\nparameters = {{ layers = [\n  'Flatten()',\n  \"{}\",\n  \"Dense(10, activation='softmax')\",\n] }}\n"
)  # fmt: skip


def test_a_fault_of_a_call_is_told_with_its_column_where_the_text_is_as_written(tmp_path: Path) -> None:
    text = LAYERS.format("Dense({units})").replace("activation='softmax'", "activtion='softmax'")
    with pytest.raises(InputError) as error:
        loaded(tmp_path, text)
    (found,) = error.value.problems
    assert (found.line, found.column) == (15, 14) and found.message.startswith('sweep "a": ')


def test_a_fault_of_a_text_that_was_filled_in_is_told_by_its_line(tmp_path: Path) -> None:
    text = LAYERS.format("Dense({units}, activtion='relu')")
    text += NEXT.replace('activation = ["relu", "tanh"]', "batch_size = [4, 5]")
    with pytest.raises(InputError) as error:
        loaded(tmp_path, text)
    assert {(each.line, each.column) for each in error.value.problems} == {(14, 0)}
    assert [each.message.partition(":")[0] for each in error.value.problems] == ['sweep "a"', 'sweep "b"']


def test_a_large_grid_is_written_out_in_seconds(tmp_path: Path) -> None:
    import time

    text = (
        HEAD
        + f'[[sweep]]\nid = "a"\nsection = "s"\ngrid = {{ epochs = {list(range(1, 41))}, batch_size = {list(range(1, 26))} }}\n'
    )
    text += f'[[sweep]]\nid = "b"\nsection = "s"\nfrom = "best:a"\ngrid = {{ dropout = {[n / 1000 for n in range(1000)]} }}\n'
    began = time.process_time()
    assert len(loaded(tmp_path, text).rows) == 2_000
    assert time.process_time() - began < 20


def test_the_names_of_all_rows_are_known_without_their_settings(tmp_path: Path) -> None:
    text = HEAD + FINAL.format("q") + NEXT + SWEEP + SEARCH
    assert ids_in_order(tomllib.loads(text), locate(text)) == tuple(
        each.id for each in loaded(tmp_path, text).rows
    )
