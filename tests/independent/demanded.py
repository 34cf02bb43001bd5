"""What the tests demand of the comparison: the columns, and one cell of each to falsify."""

MUST = {
    "comparison": ("Rank", "Test loss", "Macro F1", "Test accuracy, %: mean", "Test accuracy, %: s.d. over seeds",
                   "Test accuracy, %: s.e. of test set", "Test accuracy, %: 95 % interval", "Seeds"),
    "section": ("Rank", "Test loss", "Seeds", "Test accuracy, %: mean"),
    "best": ("Validation, %", "Test, %", "95 % interval, %", "Parameters"),
    "fronts": ("Multiply-adds", "Parameters", "On the front by"),
    "calibration": ("Negative log-likelihood: mean over seeds", "Brier score: mean over seeds", "Confidence, %", "Accuracy, %", "Difference, points", "Errors per run"),
    "contrast": ("Difference, points", "95 % interval", "By seed, points", "Only one right", "p", "p, Holm",
                 "Verdict", "Detectable from, points"),
    "confused": ("Errors", "Share, %", "By seed"),
    "seeds": ("Validation, %", "Test, %", "Test loss", "Best epoch by loss"),
    "complexity": ("Weights", "Biases", "Total", "Share, %", "Multiply-adds", "Weights, computed as"),
    "capacity": ("Weights", "Biases", "Total", "Its share, %"),
    "published": ("Accuracy, %: published", "Accuracy, %: ours", "Difference, points: ours − published",
                  "Difference, points: 95 % interval", "Loss: difference", "F1: ours", "Parameters: ours"),
    "matrix": ("counts", "recall", "precision"),
    "key figures": ("Test accuracy", "Test accuracy: below", "Test loss", "Macro F1", "Parameters",
                    "Parameters: below", "Rank"),
    "live numbers": ("test_accuracy", "low_test_accuracy", "test_loss", "total_params", "multiply_adds"),
    "sentences of the page": ("One prediction takes # multiply-adds",),
    "claims": ("difference", "difference low", "difference p", "macro_f1", "macro_f1 low", "sentence"),
}  # fmt: skip
"""Columns that have to be compared, and where nothing with a digit may be left out."""
CELLS = [
    ("comparison", "mean"), ("comparison", "s.d. over seeds"), ("comparison", "s.e. of test set"),
    ("comparison", "95 % interval"), ("comparison", "Test loss"), ("comparison", "Macro F1"),
    ("comparison", "Rank"), ("comparison", "Seeds"), ("section", "mean"), ("section", "Rank"),
    ("best", "Test"), ("best", "Parameters"), ("fronts", "Multiply-adds"), ("calibration", "mean over seeds"),
    ("calibration", "Confidence"), ("calibration", "Difference"), ("calibration", "Errors per run"), ("seeds", "Test"), ("seeds", "Test loss"),
    ("seeds", "Best epoch by loss"), ("confused", "Errors"), ("confused", "Share"), ("confused", "By seed"),
    ("contrast", "Difference"), ("contrast", "95 % interval"), ("contrast", "By seed"),
    ("contrast", "Only one right"), ("contrast", "p"), ("contrast", "p, Holm"),
    ("contrast", "Detectable from"), ("complexity", "Weights"), ("complexity", "Multiply-adds"),
    ("complexity", "Share"), ("complexity", "Weights, computed as"), ("capacity", "Total"),
    ("published", "published"), ("published", "ours"), ("published", "difference"),
    ("published", "ours \u2212 published"),
]  # fmt: skip
