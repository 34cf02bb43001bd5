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


@pytest.mark.parametrize("validation", [0, 1.0, -0.1, "training"])
def test_another_validation_is_refused(validation: object) -> None:
    from reportgen.lab import load_dataset

    with pytest.raises(ValueError, match="validation must be"):
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
