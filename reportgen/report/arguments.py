"""What the arguments of optimisers and losses do, in English, and which of them change nothing."""

from __future__ import annotations

from reportgen import language

MEANINGS = {
    "learning_rate": language.message("Size of the steps."),
    "rho": language.message("Part of the running average that is kept at each step."),
    "momentum": language.message("Part of the last step that is carried into the next; 0 turns it off."),
    "epsilon": language.message("Small constant that keeps the divisor away from zero."),
    "centered": language.message("Whether the variance of the gradient takes the place of its mean square."),
    "nesterov": language.message("Whether the gradient is applied after a look ahead along the velocity."),
    "beta_1": language.message("Part of the average of the gradient that is kept at each step."),
    "beta_2": language.message("Part of the average of the squared gradient that is kept at each step."),
    "amsgrad": language.message("Whether the largest average of the squared gradient so far is used."),
    "initial_accumulator_value": language.message("What the sum of squared gradients starts from."),
    "learning_rate_power": language.message(
        "How the sum of squared gradients lowers the rate; −0.5: its root."
    ),
    "l1_regularization_strength": language.message("Penalty on the absolute values of the weights."),
    "l2_regularization_strength": language.message("Penalty on the squares of the weights."),
    "l2_shrinkage_regularization_strength": language.message(
        "Part of the weight that is added to the gradient."
    ),
    "beta": language.message("Constant that is added to the divisor."),
    "beta_2_decay": language.message("How fast the part of the averages that is kept grows."),
    "epsilon_1": language.message("Small constant that is added to the squared gradient."),
    "epsilon_2": language.message("Least size of the weights that a step is in proportion to."),
    "clip_threshold": language.message("Root mean square of a step above which it is made shorter."),
    "relative_step": language.message(
        "Changes nothing: the rate falls with the root of the steps either way."
    ),
    "muon_a": language.message("First coefficient of a round."),
    "muon_b": language.message("Second coefficient of a round."),
    "muon_c": language.message("Third coefficient of a round."),
    "ns_steps": language.message("Rounds that make a step orthogonal."),
    "rms_rate": language.message("Factor on the step, which makes it as long as one of Adam."),
    "adam_lr_ratio": language.message("Factor on the learning rate where Adam is used."),
    "adam_beta_1": language.message("As beta_1 of Adam, where Adam is used."),
    "adam_beta_2": language.message("As beta_2 of Adam, where Adam is used."),
    "adam_weight_decay": language.message("As the weight decay, where Adam is used."),
    "exclude_layers": language.message("Layers that are trained by Adam although they have a matrix."),
    "exclude_embeddings": language.message("Whether embeddings are trained by Adam."),
    "warmup_steps": language.message("Steps over which the learning rate rises from zero."),
    "weight_decay": language.message("Part of every weight that is taken off at each step."),
    "clipnorm": language.message("Largest norm of the gradient of one variable."),
    "clipvalue": language.message("Largest absolute value of one component of a gradient."),
    "global_clipnorm": language.message("Largest norm of the gradient of all variables together."),
    "use_ema": language.message("Whether the weights are replaced by their running average."),
    "ema_momentum": language.message("Part of that running average that is kept at each step."),
    "ema_overwrite_frequency": language.message("Steps between two such replacements."),
    "loss_scale_factor": language.message(
        "Factor on the loss before gradients are taken, and off again after."
    ),
    "gradient_accumulation_steps": language.message("Batches whose gradients are averaged before a step."),
    "from_logits": language.message("Whether the model gives scores before the softmax."),
    "label_smoothing": language.message("Part of each label that is spread over all classes."),
    "ignore_class": language.message("Class whose items do not count."),
    "gamma": language.message("How much less an item counts the surer the model is of it."),
    "alpha": language.message("Weight of the loss."),
    "apply_class_balancing": language.message("Whether what is true counts differently from what is not."),
    "delta": language.message("Distance up to which an error is squared."),
    "axis": language.message("Axis of the classes."),
    "reduction": language.message("How the losses of a batch become one number."),
}
"""By the name of the argument, those of an optimiser's own before those that all share."""

IGNORED = frozenset({"name", "dtype"})
"""Settings that change nothing in the computation."""

OUTSIDE = ("clipnorm", "clipvalue", "global_clipnorm", "use_ema", "gradient_accumulation_steps")
"""Settings that, where they are on, change the step beyond the equations."""
