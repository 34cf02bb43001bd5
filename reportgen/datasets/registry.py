"""Every data set reportgen knows: its classes, its shape, where it comes from, its digests.

To add one, add an entry to `DATASETS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

PARTS = ("x_train", "y_train", "x_test", "y_test")
"""The four arrays of a data set, in the order in which they are hashed."""

IDX_FILES: Mapping[str, str] = MappingProxyType(
    {
        "x_train": "train-images-idx3-ubyte",
        "y_train": "train-labels-idx1-ubyte",
        "x_test": "t10k-images-idx3-ubyte",
        "y_test": "t10k-labels-idx1-ubyte",
    }
)
"""Names of the IDX files, as MNIST's authors chose them, without ``.gz``."""


@dataclass(frozen=True)
class Mirror:
    """An address that a data set can be fetched from.

    Parameters
    ----------
    base : str
        Ends with a slash.
    npz : str or None
        Name of the Keras ``.npz`` below `base`; None where it holds the four gzipped IDX files.
    """

    base: str
    npz: str | None = None


@dataclass(frozen=True)
class Source:
    """What is known of a data set before any of its bytes is read.

    Parameters
    ----------
    name, title : str
        Key in the registry, and the name as people write it.
    class_names : tuple of str
    n_train, n_test : int
    image_shape : tuple of int
        (height, width).
    folder : str
        Folder of its files below the data folder; empty for embedded ones.
    npz : str
        Name of its ``.npz``, if it may come as one.
    keras : str
        Place of its files below ``datasets`` of Keras's cache: one ``.npz`` or a folder; empty where
        Keras does not know it.
    mirrors : tuple of Mirror
    stand_in : str or None
        The embedded data set that takes its place when it cannot be had.
    digest : str or None
        SHA-256 of the decoded arrays (see `reportgen.datasets.decoded.digest_of`), as `reportgen data
        --json` prints it; None where it depends on the version of the library that draws it.
    parts : mapping of str to str
        SHA-256 of the bytes of each decoded array, so that a differing file can be named.
    """

    name: str
    title: str
    class_names: tuple[str, ...]
    n_train: int
    n_test: int
    image_shape: tuple[int, int] = (28, 28)
    folder: str = ""
    npz: str = ""
    keras: str = ""
    mirrors: tuple[Mirror, ...] = ()
    stand_in: str | None = None
    digest: str | None = None
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def embedded(self) -> bool:
        """True where the data set is made by reportgen and needs no file."""
        return not self.folder

    def shape(self, part: str) -> tuple[int, ...]:
        """Shape of the array `part` as files hold it, images without channel axis."""
        items = self.n_train if part.endswith("train") else self.n_test
        return (items, *self.image_shape) if part.startswith("x") else (items,)


_DIGITS = tuple("0123456789")
_CLOTHES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
_KERAS = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"

DATASETS: Mapping[str, Source] = MappingProxyType(
    {
        source.name: source
        for source in (
            Source(
                "mnist", "MNIST", _DIGITS, 60_000, 10_000,
                folder="mnist", npz="mnist.npz", keras="mnist.npz", stand_in="digits",
                digest="44ccfda5a3754f9b1661e6ff1e2fb49206ae6e256bc23c0c5f6b84ec73b6065c",
                parts={
                    "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
                    "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
                    "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
                    "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
                },
                mirrors=(
                    Mirror(_KERAS, npz="mnist.npz"),
                    Mirror("https://ossci-datasets.s3.amazonaws.com/mnist/"),
                    Mirror("https://storage.googleapis.com/cvdf-datasets/mnist/"),
                ),
            ),
            Source(
                "fashion_mnist", "Fashion-MNIST", _CLOTHES, 60_000, 10_000,
                folder="fashion-mnist", npz="fashion_mnist.npz", keras="fashion-mnist", stand_in="garments",
                digest="682ea38b24e85f5a05fe49a1e27dcf1f38052ea0ff1e1d7f7433f8947a920c3f",
                parts={
                    "x_train": "2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012",
                    "y_train": "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7",
                    "x_test": "c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a",
                    "y_test": "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9",
                },
                mirrors=(
                    Mirror(_KERAS),
                    Mirror("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
                ),
            ),
            Source(
                "digits", "the embedded scanned digits", _DIGITS, 1_437, 360,
                digest="07aa05253c33ef644b8838896d1a4a82886c2e5ac98314ddb457706e0eace0a4",
            ),
            Source("garments", "the embedded drawn garments", _CLOTHES, 2_000, 500),
        )
    }
)  # fmt: skip


def names() -> tuple[str, ...]:
    """Names of all data sets, for messages that offer near ones."""
    return tuple(DATASETS)


def class_names(name: str) -> tuple[str, ...]:
    """Names of the classes of the data set `name`, by class number.

    Raises
    ------
    KeyError
        There is no such data set.
    """
    return DATASETS[name].class_names
