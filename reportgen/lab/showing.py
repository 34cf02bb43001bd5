"""What a notebook shows when it runs alone in Jupyter: scores, curves, confusion matrix."""

from __future__ import annotations

import numpy as np

from reportgen.records import Record


def show(record: Record) -> None:
    """Print the scores of a record and draw its curves and confusion matrix with pyplot."""
    import matplotlib.pyplot as plt
    import seaborn as sns

    for part in ("validation", "test"):
        scores = record.evaluation[part]
        print(f"{part:>10}: accuracy {scores['accuracy']:.4f}, loss {scores['loss']:.4f}")
    print(f"{record.total_params:,} parameters")
    epochs = np.arange(1, record.epochs + 1)
    figure, (losses, accuracies, cells) = plt.subplots(1, 3, figsize=(15, 4), width_ratios=(1, 1, 1.2))
    for axes, name in ((losses, "loss"), (accuracies, "accuracy")):
        axes.plot(epochs, record.history[name], label="training")
        axes.plot(epochs, record.history[f"val_{name}"], "--", label="validation")
        axes.set(xlabel="epoch", title=name)
        axes.legend()
    matrix = np.zeros((len(record.data.class_names),) * 2, dtype=int)
    np.add.at(matrix, (record.test.y_true, record.test.y_pred), 1)
    names = record.data.class_names
    sns.heatmap(matrix, annot=True, fmt="d", cbar=False, xticklabels=names, yticklabels=names, ax=cells)
    cells.set(xlabel="predicted", ylabel="true", title="confusion matrix of the test set")
    figure.tight_layout()
    plt.show()
