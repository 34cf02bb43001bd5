"""Data as a notebook gets them: scaled, split per class, always the same way."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytestmark = pytest.mark.kernel


@pytest.fixture(scope="module", autouse=True)
def here(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A folder of its own, as in plain Jupyter, without a run's settings."""
    patch = pytest.MonkeyPatch()
    patch.chdir(tmp_path_factory.mktemp("lab"))
    patch.delenv("REPORTGEN_RUN", raising=False)


def test_a_tenth_of_every_class_is_held_out() -> None:
    from reportgen.lab import load_dataset

    data = load_dataset("digits", seed=3)
    everything = data.facts.class_counts["train"], data.facts.class_counts["validation"]
    for trained, held in zip(*everything, strict=True):
        assert held / (trained + held) == pytest.approx(0.1, abs=0.005)
    assert not set(data.train.index) & set(data.validation.index)
    assert data.facts.n_train + data.facts.n_validation == len(
        set(data.train.index) | set(data.validation.index)
    )


def test_the_split_depends_on_the_seed_alone() -> None:
    from reportgen.lab import load_dataset

    one, again, other = (load_dataset("digits", seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.validation.index, again.validation.index)
    assert one.facts.split_digest == again.facts.split_digest != other.facts.split_digest
    assert np.array_equal(one.test.index, other.test.index)


def test_pixels_are_scaled_and_labels_one_hot() -> None:
    from reportgen.lab import load_dataset

    data = load_dataset("garments")
    assert data.train.x.dtype == np.float32
    assert (data.train.x.min(), data.train.x.max()) == (0.0, 1.0)
    assert data.train.x.shape[1:] == data.input_shape == (28, 28, 1)
    assert (data.train.y.sum(axis=1) == 1).all()
    assert data.facts.pixel_range == (0.0, 255.0)


def test_validating_on_the_test_set_trains_on_everything_and_is_noted() -> None:
    from reportgen.lab import load_dataset

    data = load_dataset("digits", validation="test")
    assert data.facts.validated_on_test
    assert data.facts.n_train == len(load_dataset("digits").train.index) + len(
        load_dataset("digits").validation.index
    )
    assert np.array_equal(data.validation.x, data.test.x)


def test_a_number_of_items_is_held_out_from_every_class_by_its_share() -> None:
    from reportgen.lab import load_dataset

    whole = load_dataset("digits", validation="test").facts.class_counts["train"]
    data = load_dataset("digits", validation=200, seed=3)
    assert data.facts.n_validation == 200 == data.facts.validation
    for held, trained in zip(data.facts.class_counts["validation"], whole, strict=True):
        assert held == pytest.approx(200 * trained / sum(whole), abs=1)


def test_a_seed_for_the_splits_of_all_runs_wins_over_the_runs_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen.lab import load_dataset
    from reportgen.lab.session import Session

    own = load_dataset("digits", seed=5)
    monkeypatch.setattr("reportgen.lab.session._session", Session(split_seed=5))
    shared = [load_dataset("digits", seed=seed) for seed in (1, 2)]
    assert {each.facts.split_digest for each in shared} == {own.facts.split_digest}
    assert {each.facts.split_seed for each in shared} == {5}


@pytest.mark.parametrize("place", [".", "notebooks"])
def test_a_data_set_of_ones_own_is_found_by_a_notebook_alone(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportgen.lab import load_dataset

    lines = ["label," + ",".join(f"pixel{n}" for n in range(16))]
    lines += [f"{3 + n % 2}," + ",".join(str((n * 7 + k) % 256) for k in range(16)) for n in range(40)]
    (tmp_path / "train.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "notes.toml").write_text("[dataset", encoding="utf-8")
    (tmp_path / "experiments.toml").write_text(
        '[dataset.mine]\nkind = "csv"\ntrain = "train.csv"\ntest_items = 10\nlabels = [3, 4]\n'
        '[dataset.wrong]\nkind = "tsv"\n',
        encoding="utf-8",
    )
    (tmp_path / place).mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path / place)
    data = load_dataset("mine", validation=6)
    assert (data.facts.source, data.input_shape, data.classes) == ("own", (4, 4, 1), 2)
    assert (data.facts.n_train, data.facts.n_validation, data.facts.n_test) == (24, 6, 10)
    with pytest.raises(Exception, match=r"\[dataset.wrong\] is not right\n`reportgen check"):
        load_dataset("wrong")
    with pytest.raises(Exception, match="nowhere"):
        load_dataset("nowhere")


@pytest.mark.parametrize("validation", [0, 1, 9, 1428, 10**9, True, 1.0, -0.1, "training"])
def test_another_validation_is_refused(validation: object) -> None:
    from reportgen.lab import load_dataset

    with pytest.raises(ValueError, match="validation must"):
        load_dataset("digits", validation=validation)  # type: ignore[arg-type]


def test_features_are_those_of_scikit_image_and_are_kept() -> None:
    from skimage.feature import hog

    from reportgen.lab import hog_features, load_dataset

    images = load_dataset("digits", seed=5)
    data = hog_features(images, orientations=8, pixels_per_cell=7, cells_per_block=1)
    for place in (0, 17, 300):
        expected = hog(
            np.rint(images.train.x[place, :, :, 0] * 255).astype(np.uint8) / 255.0,
            orientations=8,
            pixels_per_cell=(7, 7),
            cells_per_block=(1, 1),
        )
        assert np.allclose(data.train.x[place], expected, atol=1e-6)
    assert data.features.length == 4 * 4 * 8 == data.input_shape[0]
    (kept,) = Path(".reportgen/features").glob("*.npz")
    stamp = kept.stat().st_mtime_ns
    again = hog_features(images, orientations=8, pixels_per_cell=7, cells_per_block=1)
    assert kept.stat().st_mtime_ns == stamp
    assert np.array_equal(again.test.x, data.test.x)
    assert again.features.seconds == data.features.seconds > 0


def test_a_block_larger_than_the_image_is_refused() -> None:
    from reportgen.lab import hog_features, load_dataset

    with pytest.raises(ValueError, match="no 32 x 32 block"):
        hog_features(load_dataset("digits"), pixels_per_cell=8, cells_per_block=4)
