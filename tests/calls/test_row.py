"""The calls of one row together, as the loader asks for them."""

from __future__ import annotations

from typing import Any

from reportgen.calls.row import Checked, Seen, check_row

DIGITS = Seen((28, 28, 1), 10, 48_000)
ROW: dict[str, Any] = {
    "layers": ["Conv2D(32, 3, padding='same', activation='relu')", "MaxPooling2D(2)", "Flatten()", "Dense(10, activation='softmax')"],
    "augmentation": ["RandomRotation(0.03, fill_mode='nearest')", "RandomZoom(0.1)"],
    "callbacks": ["EarlyStopping(patience=10, restore_best_weights=True)", "ReduceLROnPlateau(patience=3, factor=0.5)"],
    "optimizer": "Nadam(5e-4)",
    "loss": "categorical_crossentropy",
    "schedule": None,
    "epochs": 30,
    "batch_size": 32,
    "dataset": "mnist",
}  # fmt: skip


def checked(seen: Seen | None = DIGITS, **changes: Any) -> Checked:
    """Check the row with some other values."""
    return check_row(ROW | changes, seen, given=changes)


def codes(found: Checked) -> list[tuple[str, int | None, str]]:
    """Where the faults are, and which."""
    return [(each.parameter, each.fault.entry, each.fault.code) for each in found.faults]


def test_a_right_row_has_a_stack_and_rates_and_no_faults() -> None:
    found = checked()
    assert found.faults == ()
    assert found.stack is not None
    assert found.stack.parameters == 320 + 6272 * 10 + 10
    assert found.rates is not None
    assert len(found.rates) == 30


def test_faults_of_all_parameters_are_found_at_once() -> None:
    found = checked(
        layers=["Conv2D(32)", "Dense(9)"],
        augmentation=["RandomRotation(3)", "Flatten()"],
        callbacks=["EarlyStopping(patience=-1)"],
        optimizer="Adam(lr=1e-3)",
        loss="crossentropy",
        schedule="CosineDecay(1e-3, 10)",
    )
    assert sorted(codes(found), key=str) == [
        ("augmentation", 0, "bad-argument"),
        ("augmentation", 1, "unknown-augmentation-layer"),
        ("callbacks", 0, "bad-argument"),
        ("layers", 0, "missing-argument"),
        ("loss", None, "unknown-loss"),
        ("optimizer", None, "unknown-argument"),
        ("schedule", None, "unknown-schedule"),
    ]
    assert (found.stack, found.rates) == (None, None)


def test_without_the_data_the_texts_are_checked_all_the_same() -> None:
    found = checked(None, layers=["Dense('a')", "Dense(9)"])
    assert codes(found) == [("layers", 0, "bad-argument")]
    assert found.stack is None


def test_the_stack_follows_the_augmentation_and_the_loss() -> None:
    found = checked(augmentation=["RandomCrop(20, 20)"], loss="CategoricalCrossentropy(from_logits=True)")
    assert found.stack is not None
    assert found.stack.input_shape == (20, 20, 1)
    assert codes(found) == [("layers", 3, "bad-output")]
    features = checked(Seen((392,), 10, 48_000, None), layers=["Dense(10, activation='softmax')"])
    assert codes(features) == [("augmentation", 0, "bad-shape")]
    assert codes(checked(augmentation=["RandomBrightness(0.1)"])) == [("augmentation", 0, "pixel-range")]


def test_rates_are_planned_from_the_call_or_from_the_parameter() -> None:
    compounding = "MultiplyEachEpoch({11: 0.1, 21: 0.01})"
    for changes in ({"optimizer": "Adam(1e-3)"}, {"optimizer": "adam", "learning_rate": 1e-3}):
        found = checked(callbacks=[], schedule=compounding, **changes)
        assert found.rates is not None
        assert f"{found.rates[-1]:.0e}" == "1e-31"
        assert codes(found) == [("schedule", None, "dead-rate")]
    assert checked(optimizer="adam").rates is None
    by_step = checked(callbacks=[], optimizer="Adam(ExponentialDecay(1e-3, 100, 0.5))")
    assert codes(by_step) == [("optimizer", None, "dead-rate")]


def test_a_rate_is_given_in_one_place() -> None:
    assert codes(checked(learning_rate=1e-3)) == [("optimizer", None, "two-rates")]
    assert codes(check_row(ROW | {"learning_rate": 1e-3}, DIGITS)) == []  # the notebook's default


def test_parameters_of_other_types_are_not_looked_at() -> None:
    assert check_row({"layers": 3, "loss": None}, DIGITS).faults == ()
