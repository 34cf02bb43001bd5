"""Titles of drawings of equations, marked for translation, continued: optimisers, losses, rates."""

from __future__ import annotations

from reportgen import language

MORE: tuple[str, ...] = (
    language.message(
        "u at t equals mu times u at t minus one, plus eta times g at t divided by the square root "
        "of the mean square of g at t minus the squared mean of g at t plus epsilon; theta at t "
        "plus one equals theta at t minus u at t"
    ),
    language.message(
        "v hat at t equals the larger of v hat at t minus one and v at t; theta at t plus one "
        "equals theta at t minus eta times the square root of one minus beta two to the power t, "
        "divided by one minus beta one to the power t, times m at t divided by the sum of the "
        "square root of v hat at t and epsilon"
    ),
    language.message(
        "m at t equals beta one times m at t minus one, plus one minus beta one times g at t; u at "
        "t equals the larger of beta two times u at t minus one and the absolute value of g at t"
    ),
    language.message(
        "theta at t plus one equals theta at t minus eta divided by one minus beta one to the power"
        " t, times m at t divided by the sum of u at t and epsilon"
    ),
    language.message(
        "mu at t equals beta one times one minus one half of zero point nine six to the power t; U "
        "at t equals the product of mu at one to mu at t"
    ),
    language.message(
        "m hat at t equals mu at t plus one times m at t divided by one minus U at t plus one, plus"
        " one minus mu at t times g at t divided by one minus U at t; v hat at t equals v at t "
        "divided by one minus beta two to the power t"
    ),
    language.message(
        "theta at t plus one equals theta at t minus eta times m hat at t divided by the sum of the"
        " square root of v hat at t and epsilon"
    ),
    language.message(
        "delta at t equals minus the square root of the sum of the mean square of delta at t minus "
        "one and epsilon, divided by the square root of the sum of the mean square of g at t and "
        "epsilon, times g at t; the mean square of delta at t equals rho times the mean square of "
        "delta at t minus one, plus one minus rho times delta at t squared; theta at t plus one "
        "equals theta at t plus eta times delta at t"
    ),
    language.message(
        "n at t equals n at t minus one plus g at t squared; z at t equals z at t minus one, plus g"
        " at t, plus two lambda s times theta at t, minus n at t to the power minus p minus n at t "
        "minus one to the power minus p, divided by eta, times theta at t"
    ),
    language.message(
        "theta at t plus one equals z at t, limited to between minus lambda one and lambda one, "
        "minus z at t, divided by the sum of beta plus n at t to the power minus p, divided by eta,"
        " and two lambda two"
    ),
    language.message(
        "theta at t plus one equals theta at t minus eta times the sign of beta one times m at t "
        "minus one plus one minus beta one times g at t; m at t equals beta two times m at t minus "
        "one, plus one minus beta two times g at t"
    ),
    language.message(
        "r at t equals m at t divided by one minus beta one to the power t, divided by the sum of "
        "the square root of v at t divided by one minus beta two to the power t, and epsilon; theta"
        " at t plus one equals theta at t minus eta times the norm of theta at t divided by the "
        "norm of r at t, times r at t"
    ),
    language.message(
        "b at t equals one minus t to the power d; alpha at t equals the larger of epsilon two and "
        "the root mean square of theta at t, times the smaller of eta and one over the square root "
        "of t"
    ),
    language.message(
        "R of row i at t equals b at t times R of row i at t minus one, plus one minus b at t times"
        " the mean over j of g i j at t squared plus epsilon one; C of column j at t equals b at t "
        "times C of column j at t minus one, plus one minus b at t times the mean over i of g i j "
        "at t squared plus epsilon one; v i j at t equals R of row i times C of column j divided by"
        " the mean of R over the rows"
    ),
    language.message(
        "v at t equals b at t times v at t minus one, plus one minus b at t times the sum of g at t"
        " squared and epsilon one"
    ),
    language.message(
        "u at t equals g at t divided by the square root of v at t; theta at t plus one equals "
        "theta at t minus alpha at t times u at t divided by the larger of one and the root mean "
        "square of u at t over c"
    ),
    language.message("m at t equals mu times m at t minus one, plus g at t; d at t equals m at t"),
    language.message(
        "m at t equals mu times m at t minus one, plus g at t; d at t equals g at t plus mu times m at t"
    ),
    language.message(
        "X at zero equals d at t divided by its norm; X at k plus one equals a times X at k plus "
        "the sum of b times A at k and c times A at k squared, times X at k, where A at k equals X "
        "at k times its transpose"
    ),
    language.message(
        "theta at t plus one equals theta at t minus eta times s times the square root of the "
        "longer side, times X at K"
    ),
    language.message("theta at t plus one equals theta at t minus eta times X at K"),
    language.message(
        "v at t equals beta two times v at t minus one, plus one minus beta two times g at t "
        "squared; z at t plus one equals z at t minus eta times g at t divided by the sum of the "
        "square root of v at t divided by one minus beta two to the power t, and epsilon"
    ),
    language.message(
        "x at t plus one equals one minus one over t, times theta at t minus one minus beta one times z "
        "at t plus one, divided by beta one, plus one over t times z at t plus one; theta at t plus one "
        "equals one minus beta one, times z at t plus one, plus beta one times x at t plus one"
    ),
    language.message("eta at t equals eta times the smaller of one and t over w"),
    language.message("v hat at t"),
    language.message("m hat at t"),
    language.message("mu at t"),
    language.message("U at t"),
    language.message("delta at t"),
    language.message("the mean square of delta at t"),
    language.message("n at t"),
    language.message("n at zero"),
    language.message("z at t"),
    language.message("p"),
    language.message("lambda one"),
    language.message("lambda two"),
    language.message("lambda s"),
    language.message("r at t"),
    language.message("the norm of theta at t"),
    language.message("b at t"),
    language.message("alpha at t"),
    language.message("d"),
    language.message("epsilon one"),
    language.message("epsilon two"),
    language.message("R of row i at t"),
    language.message("C of column j at t"),
    language.message("the root mean square"),
    language.message("d at t"),
    language.message("X at k"),
    language.message("K"),
    language.message("b"),
    language.message("s"),
    language.message("h"),
    language.message("x at t"),
    language.message("w"),
    language.message("y i c becomes one minus alpha, times y i c, plus alpha over two"),
    language.message(
        "L equals minus one over N times the sum over i from one to N of the sum over c from one to"
        " C of a times one minus y hat i c, to the power gamma, times y i c times the natural "
        "logarithm of y hat i c"
    ),
    language.message(
        "L equals minus one over N C, times the sum over i from one to N of the sum over c from one"
        " to C of one minus p i c, to the power gamma, times the natural logarithm of p i c, where "
        "p i c equals y i c times y hat i c plus one minus y i c times one minus y hat i c"
    ),
    language.message(
        "L equals one over N C, times the sum over i from one to N of the sum over c from one to C "
        "of the larger of zero and one minus two y i c minus one, times y hat i c"
    ),
    language.message(
        "L equals one over N C, times the sum over i from one to N of the sum over c from one to C "
        "of the square of the larger of zero and one minus two y i c minus one, times y hat i c"
    ),
    language.message(
        "L equals one over N times the sum over i from one to N of the larger of zero and one plus "
        "the largest over c of one minus y i c, times y hat i c, minus the sum over c of y i c "
        "times y hat i c"
    ),
    language.message(
        "L equals minus one over N times the sum over i from one to N of the sum over c from one to"
        " C of y i c times y hat i c, divided by the norm of y i times the norm of y hat i"
    ),
    language.message(
        "L equals one minus twice the sum over i and c of y i c times y hat i c, divided by the sum"
        " over i and c of y i c plus y hat i c"
    ),
    language.message(
        "L equals one minus S divided by the sum of S, a times the sum over i and c of y i c times "
        "one minus y hat i c, and b times the sum over i and c of one minus y i c times y hat i c, "
        "where S is the sum over i and c of y i c times y hat i c"
    ),
    language.message(
        "L equals one over N C, times the sum over i from one to N of the sum over c from one to C "
        "of h of y hat i c minus y i c, where h of e equals one half of e squared where the "
        "absolute value of e is at most delta, and delta times the absolute value of e minus one "
        "half of delta squared elsewhere"
    ),
    language.message(
        "L equals one over N times the sum over i from one to N of the sum over c from one to C of "
        "y i c times the natural logarithm of y i c over y hat i c"
    ),
    language.message(
        "L equals one over N C, times the sum over i from one to N of the sum over c from one to C "
        "of the natural logarithm of the hyperbolic cosine of y hat i c minus y i c"
    ),
    language.message(
        "L equals one hundred over N C, times the sum over i from one to N of the sum over c from "
        "one to C of the absolute value of y i c minus y hat i c, divided by the larger of the "
        "absolute value of y i c and ten to the power minus seven"
    ),
    language.message(
        "L equals one over N C, times the sum over i from one to N of the sum over c from one to C "
        "of the square of the natural logarithm of one plus y hat i c minus the natural logarithm "
        "of one plus y i c"
    ),
    language.message(
        "L equals one over N C, times the sum over i from one to N of the sum over c from one to C "
        "of y hat i c minus y i c times the natural logarithm of y hat i c"
    ),
    language.message("y hat c equals one divided by one plus e to the minus z c"),
    language.message("P equals lambda one times the sum over j of the absolute value of w j"),
    language.message("P equals lambda two times the sum over j of w j squared"),
    language.message(
        "P equals lambda one times the sum over j of the absolute value of w j, plus lambda two "
        "times the sum over j of w j squared"
    ),
    language.message(
        "P equals lambda one over N times the sum over i from one to N of the sum over k of the "
        "absolute value of a i k"
    ),
    language.message(
        "P equals lambda two over N times the sum over i from one to N of the sum over k of a i k squared"
    ),
    language.message(
        "P equals one over N times the sum over i from one to N of the sum over k of lambda one "
        "times the absolute value of a i k plus lambda two times a i k squared"
    ),
    language.message("w j"),
    language.message("a i k"),
    language.message("P"),
    language.message("eta at e equals r k for n k less than e and e at most n k plus one"),
    language.message(
        "eta at e equals f at e times eta at e minus one, with f at e equal to f k for n k less "
        "than e and e at most n k plus one"
    ),
    language.message("eta at e equals eta at one times f to the power of the larger of zero and e minus n"),
    language.message(
        "eta at e equals eta at one times alpha plus one minus alpha times one half of one plus the"
        " cosine of pi times the smaller of one and e minus one over D"
    ),
    language.message("eta at t equals eta at zero times r to the power t over D"),
    language.message("eta at t equals eta at zero times r to the power of t over D, rounded down"),
    language.message("eta at t equals eta at zero divided by one plus r times t over D"),
    language.message("eta at t equals eta at zero divided by one plus r times t over D, rounded down"),
    language.message("eta at t equals v k for b k minus one less than t and t at most b k"),
    language.message(
        "eta at t equals eta at zero minus eta at the end, times one minus the smaller of t and D "
        "over D, to the power p, plus eta at the end"
    ),
    language.message(
        "eta at t equals eta at zero times alpha plus one minus alpha times one half of one plus "
        "the cosine of pi times the smaller of t and D over D"
    ),
    language.message(
        "eta at t equals eta at zero plus eta at W minus eta at zero, times t over W, for t less "
        "than W, and eta at W times alpha plus one minus alpha times one half of one plus the "
        "cosine of pi times the smaller of t minus W and D over D elsewhere"
    ),
    language.message(
        "eta at t equals eta at zero times alpha plus one minus alpha times m to the power k over "
        "two, times one plus the cosine of pi times t minus T k over D times q to the power k"
    ),
    language.message("eta at t"),
    language.message("eta at e"),
    language.message("eta at one"),
    language.message("eta at zero"),
    language.message("eta at D"),
    language.message("eta at W"),
    language.message("e"),
    language.message("n k"),
    language.message("r k"),
    language.message("f k"),
    language.message("D"),
    language.message("r"),
    language.message("b k"),
    language.message("v k"),
    language.message("W"),
    language.message("q"),
    language.message("k"),
    language.message("T k"),
)
"""In the order of their sources: optimisers, losses, penalties, learning rates."""
