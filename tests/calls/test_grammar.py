"""Short texts that hold a call: reading them, saying what is wrong, and their one form."""

from __future__ import annotations

import subprocess
import sys

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from reportgen.calls.argument_kinds import kind_of
from reportgen.calls.bound import Bound, canonical, read, read_all, text
from reportgen.calls.grammar import Call, CallFault, Fault, parse, written
from reportgen.calls.kinds import Refused
from reportgen.calls.labels import label
from reportgen.calls.named import PARAMETERS, applies
from reportgen.calls.named import canonical as canonical_parameter
from reportgen.calls.schema import schema
from reportgen.calls.signatures import REQUIRED, family
from tests.project.sources import ROOT

LAYERS = ("layers", "applications")
FAMILIES = (
    "layers", "applications", "optimizers", "losses", "callbacks", "schedules", "epoch_schedules",
    "regularizers", "initializers", "constraints",
)  # fmt: skip


def fault_of(source: str, families: tuple[str, ...] = LAYERS) -> Fault:
    """Return the only fault of a text."""
    found, faults = read(source, families)
    assert found is None
    assert len(faults) == 1, faults
    return faults[0]


def good(source: str, families: tuple[str, ...] = LAYERS) -> Bound:
    """Return what a right text says."""
    found, faults = read(source, families)
    assert faults == []
    assert found is not None
    return found


def test_a_call_with_literals_is_read() -> None:
    call = parse(" keras.layers.Conv2D(32, (3, 3),\n  padding='same', use_bias = False)")
    assert (call.name, call.at, call.called) == ("Conv2D", 1, True)
    assert [(each.name, each.value) for each in call.arguments] == [
        (None, 32), (None, (3, 3)), ("padding", "same"), ("use_bias", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("1/255", 1 / 255),
        ("1./255", 1 / 255),
        ("-0.5", -0.5),
        ("2**10", 1024),
        ("28*28", 784),
        ("7//2", 3),
        ("1e-4", 1e-4),
    ],
)
def test_numbers_may_be_simple_arithmetic(source: str, value: float) -> None:
    assert parse(f"A({source})").arguments[0].value == value


def test_calls_inside_calls_and_tables_are_read() -> None:
    call = parse("Dense(8, kernel_regularizer=regularizers.L2(1e-4), x={10: 1e-4})")
    inner = call.arguments[1].value
    assert isinstance(inner, Call)
    assert (inner.name, inner.arguments[0].value) == ("L2", 1e-4)
    assert call.arguments[2].value == {10: 1e-4}


def test_a_bare_name_is_a_name() -> None:
    assert parse("rmsprop") == Call("rmsprop", called=False)


@pytest.mark.parametrize(
    ("source", "at", "message", "remedy"),
    [
        ("Dense(10", 5, "never closed", "write a call such as"),
        ("Dense(10),", 0, "a comma stands after it", "remove the comma"),
        ("Dense(1), Dense(2)", 0, "it holds several", "quotes of its own"),
        ("x = Dense(1)", 0, "an assignment", "after the ="),
        ("model.add(Dense(1))", 0, "adds a layer", "inside add"),
        ("Dense(1)(x)", 0, "called twice", "leave out the brackets"),
        ("Dense(10, activation=relu)", 21, '"relu" is a name', "write it in quotes: 'relu'"),
        ("Dense(10, kernel_initializer=HeNormal)", 29, "is a name", "write HeNormal()"),
        ("Dense(10, activation=tf.nn.relu)", 21, "is a name", "'relu'"),
        ("Dense(10, use_bias=true)", 19, '"true" is no value', "Python writes True"),
        ("Dense(1/0)", 6, "has no value", ""),
        ("Dense(9**99)", 6, "no simple arithmetic", "write the number"),
        ("Dense('a' + 1)", 6, "is no number", ""),
        ("Dense(1e999)", 6, "not finite", ""),
        ("Dense(10**30)", 6, "64 bits", ""),
        ("Dense(lambda: 1)", 6, "no literal", ""),
        ("Dense(f'{1}')", 6, "no literal", ""),
        ("Dense([1 for _ in range(3)])", 6, "no literal", ""),
        ("Dense(*[1])", 6, "a star", ""),
        ("Dense(**{})", 8, "stars", ""),
        ("Dense({1: 2, 1: 3})", 13, "twice", ""),
        ("Dense({**{}})", 6, "stars", ""),
        ("foo.Dense(3)", 0, '"foo" is no module', "write Dense alone"),
        ("__import__('os').system('x')", 0, "is no name", ""),
        ("(Dense)[0](1)", 0, "is no name", ""),
        ("", 0, "it is empty", ""),
        ("3", 0, "it is no call", "write a call such as"),
        ("Dense(" + "1+" * 600 + "1)", 0, "characters", ""),
        ("Dense(" + "(" * 300 + ")" * 300 + ")", None, "cannot read it", ""),
        ("Dense([[[[[[[[1]]]]]]]])", None, "nested too deeply", ""),
        ("A(a(b(c(d(e(f(g(h()))))))))", None, "nested too deeply", ""),
        ("Dense(1\x00)", 0, "cannot read it", ""),
    ],
)  # fmt: skip
def test_what_is_no_call_is_refused_where_it_stands(
    source: str, at: int | None, message: str, remedy: str
) -> None:
    with pytest.raises(CallFault) as stop:
        parse(source)
    fault = stop.value.fault
    assert fault.code == "bad-call"
    assert message in fault.message
    assert remedy in fault.remedy
    assert at in (None, fault.at)


def test_places_are_counted_in_characters() -> None:
    fault = fault_of("Dense(10, name='é€😀', activation='relo')".replace("é€😀", "ee"))
    assert fault.at == len("Dense(10, name='ee', ")
    with pytest.raises(CallFault) as stop:
        parse("Dense('é€😀',\n relu)")
    assert stop.value.fault.at == len("Dense('é€😀',\n ")


@given(some.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_text_does_more_than_be_refused(source: str) -> None:
    try:
        call = parse(source)
    except CallFault as stop:
        assert 0 <= stop.fault.at <= len(source)
    else:
        assert parse(written(call)).name == call.name


def test_what_is_written_out_reads_as_the_same() -> None:
    call = parse("A(1, -0.5, (2,), [3, (4, 'x\"')], {1: None, 'b': True}, c=B(d=1e-7))")
    again = parse(written(call))
    assert written(again) == written(call)
    assert [each.value for each in again.arguments[:5]] == [each.value for each in call.arguments[:5]]


SAME = [
    ("layers", "Conv2D(32, 3, padding='same', activation='relu')", [
        'keras.layers.Conv2D( kernel_size = (3,3), filters=32, activation="relu", padding="same" )',
        "Conv2D(32, [3, 3], (1, 1), 'same', activation='relu', kernel_initializer='glorot_uniform')",
        "Convolution2D(32, 3, padding='same', activation='relu', bias_initializer=Zeros())".replace("Convolution2D", "Conv2D"),
    ]),
    ("layers", "MaxPooling2D(2)", ["MaxPool2D()", "MaxPool2D(2, 2)", "MaxPooling2D((2, 2), strides=(2, 2))", "MaxPool2D(strides=2)"]),
    ("layers", "MaxPooling2D(3, strides=2)", ["MaxPool2D(3, 2)", "layers.MaxPool2D(pool_size=[3, 3], strides=[2, 2])"]),
    ("layers", "Dense(10)", ["Dense(units=10, activation='linear')", "Dense(10, None)", "Dense(10, use_bias=True)"]),
    ("layers", "Dense(4, kernel_initializer='he_normal', kernel_regularizer=L2(0.01))", [
        "Dense(4, kernel_regularizer='l2', kernel_initializer=HeNormal())",
        "Dense(4, kernel_regularizer=keras.regularizers.l2(), kernel_initializer=initializers.he_normal())",
    ]),
    ("layers", "Rescaling(0.00392156862745098)", ["Rescaling(1/255)", "Rescaling(1./255)", "Rescaling(scale=1/255, offset=0)"]),
    ("layers", "ZeroPadding2D(padding=2)", ["ZeroPadding2D((2, 2))", "ZeroPadding2D(((2, 2), (2, 2)))"]),
    ("optimizers", "Nadam(0.0005)", ["Nadam(5e-4)", "optimizers.Nadam(learning_rate=0.0005)", "Nadam(5e-4, beta_1=0.9)"]),
    ("optimizers", "Adam(0.001)", ["Adam()", "Adam(1e-3)"]),
    ("optimizers", "rmsprop", ["rmsprop", "RMSprop"]),
    ("losses", "mean_squared_error", ["mse", "MSE", "MeanSquaredError()", "mean_squared_error"]),
    ("losses", "categorical_crossentropy", ["CategoricalCrossentropy(from_logits=False)"]),
    ("callbacks", "EarlyStopping(monitor='val_loss', patience=10, restore_best_weights=True)", [
        "EarlyStopping(patience=10, restore_best_weights=True, verbose=1)",
        "EarlyStopping('val_loss', 0, 10, restore_best_weights=True)",
    ]),
    ("epoch_schedules", "StepwisePerEpoch({10: 0.0001, 20: 1e-05})", ["StepwisePerEpoch(after={20: 1e-5, 10: 1e-4})"]),
]  # fmt: skip


@pytest.mark.parametrize(("of", "expected", "others"), SAME, ids=[each[1] for each in SAME])
def test_what_means_the_same_has_one_text(of: str, expected: str, others: list[str]) -> None:
    assert {canonical(each, (of,)) for each in others} == {expected}
    assert canonical(expected, (of,)) == expected


@pytest.mark.parametrize(
    ("of", "one", "other"),
    [
        ("layers", "Dense(10)", "Dense(11)"),
        ("layers", "MaxPooling2D(2)", "MaxPooling2D(2, padding='same')"),
        ("layers", "MaxPooling2D(2)", "MaxPooling2D(2, strides=1)"),
        ("layers", "Conv2D(8, (1, 3))", "Conv2D(8, (3, 1))"),
        ("optimizers", "Adam(1e-3)", "adam"),
        ("callbacks", "EarlyStopping(patience=3)", "EarlyStopping(patience=3, restore_best_weights=True)"),
    ],
)
def test_what_differs_has_two_texts(of: str, one: str, other: str) -> None:
    assert canonical(one, (of,)) != canonical(other, (of,))


@pytest.mark.parametrize(
    ("of", "source", "code", "message", "remedy"),
    [
        ("layers", "Con2D(3)", "unknown-layer", 'no layer "Con2D"', 'did you mean "Conv2D"?'),
        ("layers", "LSTM(3)", "unknown-layer", "though Keras has it", "notebook of your own"),
        ("layers", "Input((28, 28, 1))", "unknown-layer", "the data set gives the shape", "leave it out"),
        ("layers", "Lambda(lambda x: x)", "unknown-layer", "a function cannot be written", ""),
        ("layers", "Dense", "bad-call", "is not called", "write Dense(...)"),
        ("layers", "Flatten", "bad-call", "is not called", "write Flatten()"),
        ("layers", "Conv2D(32)", "missing-argument", "Conv2D needs kernel_size", "write Conv2D(32, 3)"),
        ("layers", "MobileNetV2()", "missing-argument", "include_top", "include_top=False"),
        ("layers", "MobileNetV2(include_top=True)", "bad-argument", "expected False", ""),
        ("layers", "Dense(3, unitz=3)", "unknown-argument", 'no argument "unitz"', 'did you mean "units"?'),
        ("layers", "Dense(3, input_shape=(4,))", "unknown-argument", "input_shape", "the data set gives"),
        ("layers", "LeakyReLU(alpha=0.1)", "unknown-argument", "alpha", "write negative_slope="),
        ("layers", "ELU(1, 2)", "too-many-arguments", "at most 1 argument by place", "by name"),
        ("layers", "Dense(3, units=3)", "bad-argument", "given units twice", "remove one"),
        ("layers", "Dense('3')", "bad-argument", "write 3", ""),
        ("layers", "Dense(3.0)", "bad-argument", "no decimal point: write 3", ""),
        ("layers", "Dense(True)", "bad-argument", "found True", ""),
        ("layers", "Dense(0)", "bad-argument", "at least 1", ""),
        ("layers", "Dropout(50)", "bad-argument", "write 0.5 for 50 %", ""),
        ("layers", "Dropout(1)", "bad-argument", "less than 1", ""),
        ("layers", "Dropout(0.2, seed=1)", "bad-argument", "the run's own seed", "leave seed out"),
        ("layers", "Dense(3, 'relo')", "bad-argument", "did you mean 'relu'?", ""),
        ("layers", "Conv2D(3, 3, padding='sames')", "bad-argument", "'valid' or 'same'", ""),
        ("layers", "Conv2D(3, (3, 3, 3))", "bad-argument", "(height, width)", ""),
        ("layers", "Conv2D(3, 3, data_format='channels_first')", "bad-argument", "(height, width, channels)", ""),
        ("layers", "Dense(3, kernel_initializer='he_norml')", "bad-argument", "did you mean 'he_normal'?", ""),
        ("layers", "Dense(3, kernel_regularizer=L3(1))", "unknown-regulariser", '"L3"', "known: L1"),
        ("layers", "Dense(3, kernel_regularizer=HeNormal())", "unknown-regulariser", '"HeNormal"', ""),
        ("layers", "Dense(3, kernel_regularizer=L2(-1))", "bad-argument", "at least 0", ""),
        ("layers", "Dense(3, kernel_regularizer=0.1)", "bad-argument", "L2(1e-4)", ""),
        ("layers", "Dense(3, kernel_initializer=None)", "bad-argument", "found None", ""),
        ("optimizers", "Adam(lr=1e-3)", "unknown-argument", '"lr"', "write learning_rate="),
        ("optimizers", "Adam(0)", "bad-argument", "more than 0", ""),
        ("optimizers", "Adam(CosineDekay(1, 2))", "unknown-schedule", "CosineDekay", "CosineDecay"),
        ("optimizers", "Adam('fast')", "bad-argument", "expected a number", ""),
        ("optimizers", "admm", "unknown-optimiser", '"admm"', 'did you mean "adam"?'),
        ("losses", "crossentropy", "unknown-loss", "Keras has several", "categorical_crossentropy"),
        ("losses", "ctc", "unknown-loss", "though Keras has it", ""),
        ("callbacks", "LearningRateScheduler(f)", "unknown-callback", "its function", "StepwisePerEpoch"),
        ("callbacks", "ModelCheckpoint('best.keras')", "unknown-callback", "keeps models", "restore_best_weights"),
        ("callbacks", "EarlyStopping(monitor='val_acc')", "bad-argument", "did you mean 'val_accuracy'?", ""),
        ("callbacks", "ReduceLROnPlateau(factor=2)", "bad-argument", "less than 1", ""),
        ("epoch_schedules", "CosineDecay(1e-3, 100)", "unknown-schedule", "counts steps", "learning rate: optimizer"),
        ("epoch_schedules", "StepwisePerEpoch({0: 1e-4})", "bad-argument", "{0: 1e-4}".replace("1e-4", "0.0001"), ""),
        ("augmentation", "Dense(3)", "unknown-augmentation-layer", "nothing at random", "layers = [Dense(...)"),
        ("augmentation", "RandomHue(0.1)", "unknown-augmentation-layer", "though Keras has it", ""),
    ],
)  # fmt: skip
def test_faults_say_what_is_wrong_and_what_mends_it(
    of: str, source: str, code: str, message: str, remedy: str
) -> None:
    fault = fault_of(source, LAYERS if of == "layers" else (of,))
    assert fault.code == code
    assert message in fault.message
    assert remedy in fault.remedy


def test_all_faults_of_a_stack_are_found_at_once_each_in_its_place() -> None:
    sources = [
        "Conv2D(32, 3, pading='same')",
        "Flatten()",
        "Dense(",
        "Dense('a', activation='b', use_bias=1)",
    ]
    bounds, faults = read_all(sources, LAYERS)
    assert [bound is None for bound in bounds] == [True, False, True, True]
    assert [(fault.entry, fault.at) for fault in faults] == [(0, 14), (2, 5), (3, 6), (3, 11), (3, 27)]


def test_a_keyword_fault_stands_where_the_argument_stands() -> None:
    assert good("Dense(3, activation='relu')").places == {"units": 6, "activation": 9}


def test_defaults_can_be_asked_for() -> None:
    layer = good("Conv2D(8, 3)")
    assert (layer["padding"], layer["strides"], layer["activation"], layer["use_bias"]) == (
        "valid",
        1,
        None,
        True,
    )
    assert text(layer["kernel_initializer"]) == "'glorot_uniform'"
    assert layer.get("rate", 7) == 7


@pytest.mark.parametrize(
    ("of", "source", "words"),
    [
        ("layers", "Conv2D(32, 3, padding='same', activation='relu')", "Conv2D 32, 3 × 3, same, relu"),
        ("layers", "MaxPool2D()", "MaxPooling2D 2 × 2"),
        ("layers", "Dense(64, kernel_regularizer=L2(1e-4), use_bias=False)", "Dense 64, no use_bias, kernel_regularizer L2 0.0001"),
        ("layers", "Rescaling(1/255)", "Rescaling scale 1/255"),
        ("layers", "BatchNormalization()", "BatchNormalization"),
        ("layers", "Dropout(0.25)", "Dropout 0.25"),
        ("optimizers", "Nadam(5e-4)", "Nadam 0.0005"),
        ("optimizers", "rmsprop", "rmsprop"),
        ("epoch_schedules", "StepwisePerEpoch({10: 1e-4})", "StepwisePerEpoch 10: 0.0001"),
    ],
)  # fmt: skip
def test_a_call_in_words(of: str, source: str, words: str) -> None:
    assert label(good(source, (of,))) == words


def test_every_argument_of_every_name_has_a_kind_and_a_default_of_that_kind() -> None:
    checked = 0
    for of in FAMILIES:
        for signature in family(of).values():
            for name, default in signature.defaults.items():
                kind = kind_of(of, signature.name, name)
                assert kind is not None, f"{signature.name}.{name}"
                if default is not REQUIRED and default is not None and not isinstance(kind, Refused):
                    assert kind.fault(default) is None, f"{signature.name}.{name}"
                checked += 1
    assert checked > 500


def test_parameters_that_hold_calls_are_known_by_name_and_type() -> None:
    assert applies("layers", "list[str]")
    assert applies("schedule", "str | None")
    assert not applies("layers", "list[int]")
    assert not applies("activation", "str")
    assert canonical_parameter("layers", ["MaxPool2D()", "Flatten( )"]) == ["MaxPooling2D(2)", "Flatten()"]
    assert canonical_parameter("schedule", None) is None


def test_reading_calls_imports_no_keras_and_no_numpy() -> None:
    code = (
        "import sys; from reportgen.calls import stack, schedules, training, named;"
        "stack.check(['Flatten()', \"Dense(10, activation='softmax')\"], (28, 28, 1), 10);"
        "print(sorted({'keras', 'tensorflow', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.stdout.strip() == "[]", done.stderr[-500:]


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_the_schema_takes_what_is_right_and_refuses_other_names(parameter: str) -> None:
    found = schema(parameter)
    families = PARAMETERS[parameter].families
    for example in found["anyOf"][0]["enum"]:
        assert good(example, families)
        jsonschema.validate(example, found)
    name = next(iter(family(families[0])))
    jsonschema.validate(f"keras.{name}( 3", found)
    for wrong in (f"No{name}(3)", f"{name}X(3)", "3", "print(1)"):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, found)
