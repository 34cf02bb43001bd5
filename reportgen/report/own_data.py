"""What is said of data of the user's own: where they come from, how they were divided, what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen import language
from reportgen.analysis import numbers, words
from reportgen.datasets.dataset import Duplicates, Found, OwnFacts
from reportgen.experiments.own_data import OwnDataset
from reportgen.records import DataFacts

_MOST_FILES = 4
_MEGABYTE = 10**6


def origin(found: Found, facts: DataFacts) -> str:
    """Where a data set comes from: files with their sizes, or a known data set."""
    own, name = found.own, words.data_set(facts.name)
    if own is None:
        return ""
    if own.known:
        return language.text(
            "{data} is made of the {n} labelled images of {known}, its training and test sets put together.",
            data=name,
            n=numbers.thousands(own.n_labelled),
            known=words.data_set(own.known),
        )
    files = _files(found.files)
    kinds = {
        "csv": language.text("{data} was read from tables of numbers (CSV): {files}.",
                             data=name, files=files),
        "npz": language.text("{data} was read from arrays (NPZ): {files}.", data=name, files=files),
        "idx": language.text("{data} was read from files in the layout of MNIST (IDX): {files}.",
                             data=name, files=files),
        "images": language.text("{data} was read from image files, a folder for each class: {files}.",
                                data=name, files=files),
    }  # fmt: skip
    return kinds.get(own.kind, language.text("{data} was read from {files}.", data=name, files=files))


def _files(files: Sequence[tuple[str, int, str]]) -> str:
    named = [
        language.text("{file} ({size})", file=name, size=_size(size)) for name, size, _ in files[:_MOST_FILES]
    ]
    if len(files) > _MOST_FILES:
        left = len(files) - _MOST_FILES
        named.append(language.plural("{n} more", "{n} more", left, n=numbers.thousands(left)))
    return language.listed(named)


def _size(size: int) -> str:
    if size >= _MEGABYTE:
        amount, unit = numbers.decimal(size / _MEGABYTE, 1), language.text("MB")
    else:
        amount, unit = numbers.decimal(size / 1000, 1), language.text("kB")
    return f"{amount}{numbers.NO_BREAK_SPACE}{unit}"


def division(own: OwnFacts, unlabelled: int) -> str:
    """How the labelled images were divided before any run saw them."""
    used = own.n_train + own.n_test + (unlabelled if own.known else 0)
    left = own.n_labelled - used
    said = []
    facts = {
        "n": numbers.thousands(own.n_labelled),
        "train": numbers.thousands(own.n_train),
        "test": numbers.thousands(own.n_test),
        "seed": own.split_seed,
    }
    if own.split_seed is None:
        said.append(
            language.text(
                "Its {train} training images, which those of validation are taken from, and its {test} test"
                " images are divided as in the files.",
                **facts,
            )
        )
    elif own.test_drawn:
        said.append(
            language.text(
                "From these {n} images {test} were drawn to test on and {train} to train and validate on, of"
                " each class its share (stratified), with a seed that belongs to the data: {seed}.",
                **facts,
            )
            if own.known
            else language.text(
                "From its {n} labelled images {test} were drawn to test on and {train} to train and validate"
                " on, of each class its share (stratified), with a seed that belongs to the data: {seed}.",
                **facts,
            )
        )
    else:
        said.append(
            language.text(
                "Its {test} test images are files of their own; of the others {train} were drawn to train and"
                " validate on, of each class its share (stratified), with a seed that belongs to the data:"
                " {seed}.",
                **facts,
            )
        )
    if left > 0:
        said.append(
            language.plural(
                "{n} image is not used.", "{n} images are not used.", left, n=numbers.thousands(left)
            )
        )
    return " ".join(said)


def quick_part(runs: Sequence[DataFacts], whole: tuple[int, int] | None) -> Iterator[str]:
    """How much of the data quick runs saw, once for each amount; nothing of full runs.

    Parameters
    ----------
    runs : sequence of DataFacts
    whole : (int, int) or None
        Images of the whole set, to train and validate on and to test on; None where they are not at hand.
    """
    used = dict.fromkeys(
        (facts.n_train + (0 if facts.validated_on_test else facts.n_validation), facts.n_test)
        for facts in runs
        if facts.quick
    )
    for train, test in used:
        if (train, test) == whole:
            continue
        counts = {"train": numbers.thousands(train), "test": numbers.thousands(test)}
        if whole is None:
            yield language.text(
                "A quick run sees a part of the images only: {train} to train and validate on, {test} to test"
                " on.",
                **counts,
            )
        else:
            yield language.text(
                "A quick run sees a part of the images only: {train} of the {all} to train and validate on,"
                " {test} of the {every} to test on.",
                all=numbers.thousands(whole[0]),
                every=numbers.thousands(whole[1]),
                **counts,
            )


def checks(own: OwnFacts, table: OwnDataset, facts: DataFacts) -> Iterator[str]:
    """What was checked and what was changed; nothing of it in a known data set."""
    if own.known:
        return
    yield language.text(
        "Missing values, labels that name no class, and broken or odd files stop the program before anything"
        " is trained: there are none."
    )
    if own.resized:
        size = numbers.shape(facts.image_shape[:2])
        how = {
            "pad": language.plural(
                "{n} image was brought to {size} pixels, with margins where its shape is another.",
                "{n} images were brought to {size} pixels, with margins where their shape is another.",
                own.resized, n=numbers.thousands(own.resized), size=size,
            ),
            "stretch": language.plural(
                "{n} image was brought to {size} pixels, stretched where its shape is another.",
                "{n} images were brought to {size} pixels, stretched where their shape is another.",
                own.resized, n=numbers.thousands(own.resized), size=size,
            ),
            "crop": language.plural(
                "{n} image was brought to {size} pixels, cut at the edges where its shape is another.",
                "{n} images were brought to {size} pixels, cut at the edges where their shape is another.",
                own.resized, n=numbers.thousands(own.resized), size=size,
            ),
        }  # fmt: skip
        yield how[table.fit]
    if own.recoloured:
        yield (
            language.plural(
                "{n} image was turned from grey to colour.",
                "{n} images were turned from grey to colour.",
                own.recoloured,
                n=numbers.thousands(own.recoloured),
            )
            if facts.image_shape[-1] == 3
            else language.plural(
                "{n} image was turned from colour to grey.",
                "{n} images were turned from colour to grey.",
                own.recoloured,
                n=numbers.thousands(own.recoloured),
            )
        )


def order(own: OwnFacts, facts: DataFacts) -> str:
    """In which order the classes stand, and what their labels are where these are not their names."""
    orders = {
        "given": language.text("Its classes stand in the order that the experiments file gives them."),
        "values": language.text("Its classes are the labels that occur, in their order."),
        "folders": language.text("Its classes are the folders, in the order of their names."),
    }
    said = [orders[own.order]] if own.order in orders else []
    labels = tuple(own.labels)
    if labels and labels != tuple(facts.class_names) and not own.known:
        said.append(
            language.text("Their labels in the files are, in this order, {labels}.", labels=", ".join(labels))
        )
    return " ".join(said)


def duplicates(same: Duplicates) -> str:
    """How many images are the same to the last pixel, and what that means."""
    if not same.any:
        return language.text("No image is the same as another to the last pixel.")
    counted = [
        (same.between, _between(same.between)),
        (same.within_train, _within_train(same.within_train)),
        (same.within_test, _within_test(same.within_test)),
        (same.unlabelled, _unlabelled(same.unlabelled)),
    ]
    said = [
        language.text(
            "Compared to the last pixel, {counts}; nothing was removed.",
            counts=language.listed([text for count, text in counted if count]),
        )
    ]
    if same.between:
        said.append(language.text("What a network says of a test image that it was trained on is no test."))
    if same.conflicting:
        said.append(
            language.plural(
                "Copies of {n} image have several labels.",
                "{n} of these images have copies with another label, so that no network can be right on all.",
                same.conflicting,
                n=numbers.thousands(same.conflicting),
            )
        )
    if same.examples:
        one, other = same.examples[0]
        said.append(language.text("An example: {one} and {other}.", one=one, other=other))
    return " ".join(said)


def _between(n: int) -> str:
    return language.plural(
        "{n} test image is in the training set too", "{n} test images are in the training set too",
        n, n=numbers.thousands(n),
    )  # fmt: skip


def _within_train(n: int) -> str:
    return language.plural(
        "{n} training image is a copy of another", "{n} training images are copies of others",
        n, n=numbers.thousands(n),
    )  # fmt: skip


def _within_test(n: int) -> str:
    return language.plural(
        "{n} test image is a copy of another", "{n} test images are copies of others",
        n, n=numbers.thousands(n),
    )  # fmt: skip


def _unlabelled(n: int) -> str:
    return language.plural(
        "{n} image to be submitted is in the training set",
        "{n} images to be submitted are in the training set",
        n, n=numbers.thousands(n),
    )  # fmt: skip


def to_submit(found: Found) -> str:
    """How many images without labels wait to be predicted; empty without any."""
    aside = found.unlabelled
    if aside is None:
        return ""
    facts = {"n": numbers.thousands(aside.items), "first": aside.first_id, "file": aside.file}
    if found.own is not None and found.own.known:
        return language.plural(
            "{n} image more was put aside without its label, to be predicted and submitted; no run saw it. It"
            " has the number {first}.",
            "{n} images more were put aside without their labels, to be predicted and submitted; no run saw"
            " them. Their numbers begin with {first}.",
            aside.items,
            **facts,
        )
    return language.plural(
        "{n} image without a label, from {file}, is there to be predicted and submitted; no run saw it. It"
        " has the number {first}.",
        "{n} images without labels, from {file}, are there to be predicted and submitted; no run saw them."
        " Their numbers begin with {first}.",
        aside.items,
        **facts,
    )
