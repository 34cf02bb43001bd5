"""What the prepared equations say aloud: the titles of templates/equations/*.svg, marked for translation.

The drawings keep their English titles, which are the keys of the translations; a test holds that each
of them stands here, and nothing else.
"""

from __future__ import annotations

from reportgen import language
from reportgen.prose.spoken_optimisers import MORE

SPOKEN: tuple[str, ...] = (
    language.message(
        "accuracy equals one over N times the number of images i whose most probable class is the true one"
    ),
    language.message("G at t equals G at t minus one plus g at t squared"),
    language.message(
        "theta at t plus one equals theta at t minus eta times g at t divided by the square root of "
        "the sum of G at t and epsilon"
    ),
    language.message(
        "m at t equals beta one times m at t minus one, plus one minus beta one times g at t; v at "
        "t equals beta two times v at t minus one, plus one minus beta two times g at t squared"
    ),
    language.message(
        "theta at t plus one equals theta at t minus eta times the square root of one minus beta "
        "two to the power t, divided by one minus beta one to the power t, times m at t divided by "
        "the sum of the square root of v at t and epsilon"
    ),
    language.message("k h times k w times c times f times h prime times w prime"),
    language.message("k h times k w times c times f, plus f"),
    language.message("k h times k w times c times d, plus c times d times f, plus f"),
    language.message("k h times k w times c times d, plus c times d"),
    language.message("2 c plus 2 c, equals 4 c"),
    language.message(
        "L equals minus one over N times the sum over i from one to N of the sum over c from one to "
        "C of y i c times the natural logarithm of y hat i c"
    ),
    language.message("n times m"),
    language.message("n times m plus m"),
    language.message(
        "F one of class c equals two times precision c times recall c divided by the sum of "
        "precision c and recall c"
    ),
    language.message("macro F one equals one over C times the sum over c from one to C of F one of class c"),
    language.message(
        "precision of class c equals the true positives of c divided by the sum of the true and the "
        "false positives of c; recall of class c equals the true positives of c divided by the sum "
        "of the true positives and the false negatives of c"
    ),
    language.message(
        "the mean square of g at t equals rho times the mean square of g at t minus one, plus one "
        "minus rho times g at t squared"
    ),
    language.message(
        "the mean of g at t equals rho times the mean of g at t minus one, plus one minus rho times g at t"
    ),
    language.message(
        "theta at t plus one equals theta at t minus eta times g at t divided by the square root of "
        "the mean square of g at t minus the squared mean of g at t plus epsilon"
    ),
    language.message(
        "u at t equals mu times u at t minus one, plus eta times g at t divided by the square root "
        "of the sum of the mean square of g at t and epsilon; theta at t plus one equals theta at t "
        "minus u at t"
    ),
    language.message(
        "theta at t plus one equals theta at t minus eta times g at t divided by the square root of "
        "the sum of the mean square of g at t and epsilon"
    ),
    language.message(
        "v at t equals mu times v at t minus one, minus eta times g at t; theta at t plus one "
        "equals theta at t plus v at t"
    ),
    language.message(
        "v at t equals mu times v at t minus one, minus eta times g at t; theta at t plus one "
        "equals theta at t plus mu times v at t minus eta times g at t"
    ),
    language.message("theta at t plus one equals theta at t minus eta times g at t"),
    language.message("y hat c equals e to the z c divided by the sum over k from one to C of e to the z k"),
    language.message("the standard error equals the square root of a times one minus a, divided by N"),
    language.message("a"),
    language.message("alpha"),
    language.message("about"),
    language.message("beta one"),
    language.message("beta two"),
    language.message("beta"),
    language.message("c"),
    language.message("C"),
    language.message("G at zero"),
    language.message("G at t"),
    language.message("L"),
    language.message("N"),
    language.message("delta"),
    language.message("epsilon"),
    language.message("eta"),
    language.message("F one of class c"),
    language.message("F one"),
    language.message("f"),
    language.message("g at t"),
    language.message("g"),
    language.message("gamma"),
    language.message("at least"),
    language.message("h prime"),
    language.message("i"),
    language.message("infinity"),
    language.message("k h"),
    language.message("k w"),
    language.message("kappa"),
    language.message("lambda"),
    language.message("at most"),
    language.message("m at t"),
    language.message("m"),
    language.message("the mean square of g at t"),
    language.message("the mean of g at t"),
    language.message("mu"),
    language.message("n"),
    language.message("not equal to"),
    language.message("omega"),
    language.message("precision of class c"),
    language.message("phi"),
    language.message("plus or minus"),
    language.message("recall of class c"),
    language.message("rho"),
    language.message("sigma"),
    language.message("t"),
    language.message("tau"),
    language.message("theta at t plus one"),
    language.message("theta at t"),
    language.message("theta"),
    language.message("times"),
    language.message("to"),
    language.message("u at t"),
    language.message("v at t"),
    language.message("w prime"),
    language.message("y hat c"),
    language.message("y hat i c"),
    language.message("y i c"),
    language.message("y i"),
    language.message("z c"),
    language.message("z"),
    language.message(
        "a plus z squared over two N, plus or minus z times the square root of a times one minus a "
        "over N plus z squared over four N squared, all divided by one plus z squared over N"
    ),
    language.message(
        "L equals minus one over N C, times the sum over i from one to N of the sum over c from one "
        "to C of y i c times the natural logarithm of y hat i c, plus one minus y i c times the "
        "natural logarithm of one minus y hat i c"
    ),
    language.message("y i c becomes one minus alpha, times y i c, plus alpha over C"),
    language.message(
        "L equals one over N C, times the sum over i from one to N of the sum over c from one to C "
        "of the absolute value of y i c minus y hat i c"
    ),
    language.message(
        "L equals one over N C, times the sum over i from one to N of the sum over c from one to C "
        "of y i c minus y hat i c, squared"
    ),
    language.message("theta at t becomes theta at t minus eta times lambda times theta at t"),
    *MORE,
)


def said(title: str) -> str:
    """Return the title of a prepared drawing in the language in use."""
    return language.text(title) if title in SPOKEN else title
