"""Rules about rows that borrow a network of `keras.applications`."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen import language
from reportgen.analysis import numbers
from reportgen.analysis.borrowed import Borrowed, borrowed
from reportgen.analysis.observations.rule import Everything, Said, rule
from reportgen.results import Result


@rule("borrowed-network", importance=93)
def borrowed_network(subject: Result, everything: Everything) -> Iterator[Said]:
    """What a borrowed network is given, where its weights come from, and how many of them were trained."""
    record = subject.records[0]
    for each in borrowed(record):
        evidence = {
            "trained": record.trainable_params,
            "parameters": record.total_params,
            "height": each.layer.input_shape[0],
            "width": each.layer.input_shape[1],
        }
        said = [_given(each), _weights_words(each, record.trainable_params, record.total_params)]
        if each.last_map == (1, 1):
            said.append(
                language.text(
                    "Its last feature map is {size}: of where things stand in the image nothing is left.",
                    size=numbers.shape((1, 1)),
                )
            )
        question = language.text(
            "Which images was the borrowed network made for, and what does it get here? Which of its weights"
            " has anybody trained?"
        )
        yield Said(" ".join(said), question, evidence)


def _given(each: Borrowed) -> str:
    size = numbers.shape(each.layer.input_shape)
    if each.values is None:
        return language.text("{network} gets images of {size}.", network=each.name, size=size)
    low, high = (numbers.plain(round(value, 6)) for value in each.values)
    return language.text(
        "{network} gets images of {size} with values from {low} to {high}.",
        network=each.name,
        size=size,
        low=low,
        high=high,
    )


def _weights_words(each: Borrowed, trained: int, total: int) -> str:
    facts = {
        "trained": numbers.thousands(trained),
        "all": numbers.thousands(total),
        "file": each.file,
    }
    if each.weights == "random" and not each.trained:
        return language.text(
            "Its weights were drawn at random and left so: of {all} parameters {trained} were trained, on"
            " features that nobody has learnt. This is no transfer.",
            **facts,
        )
    if each.weights == "random":
        return language.text(
            "Its weights were drawn at random and trained, {trained} of {all} parameters in all. This is no"
            " transfer.",
            **facts,
        )
    if each.weights == "imagenet" and not each.trained:
        return language.text(
            "It has the weights that were trained on ImageNet and keeps them: of {all} parameters {trained}"
            " were trained.",
            **facts,
        )
    if each.weights == "imagenet":
        return language.text(
            "It began with the weights that were trained on ImageNet: of {all} parameters {trained} were"
            " trained.",
            **facts,
        )
    if each.weights == "file" and not each.trained:
        return language.text(
            "It has the weights of {file} and keeps them: of {all} parameters {trained} were trained.",
            **facts,
        )
    if each.weights == "file":
        return language.text(
            "It began with the weights of {file}: of {all} parameters {trained} were trained.", **facts
        )
    return language.text("Of {all} parameters {trained} were trained.", **facts)
