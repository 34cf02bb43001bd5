"""What the chapters on complexity and capacity show beside the count of each network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen import language
from reportgen.analysis.costs import order_words
from reportgen.analysis.explain_costs import explain_costs
from reportgen.analysis.metrics import by_data_set, results_of
from reportgen.report.parts import Draw, NumberedFigure, NumberedTable, Numbering, Place
from reportgen.results import Result
from reportgen.tables.fronts import fronts_table

LINE = language.message(
    "The line joins the rows on the Pareto front: any row with a higher accuracy costs more, any that costs"
    " less has a lower one."
)
"""What the grey line of accuracy against cost says."""
CAPTION = language.message("Validation accuracy against what a row costs.")


@dataclass(frozen=True)
class CostPart:
    """Accuracy against cost: the figure, the rows on the fronts, what is not settled."""

    place: Place
    figure: NumberedFigure
    table: NumberedTable
    sentences: tuple[str, ...]


def cost_part(results: Sequence[Result], place: Place, numbering: Numbering, draw: Draw) -> CostPart | None:
    """Return the part; None where no data set has two rows with a record to set side by side."""
    table = fronts_table(results)
    if table is None or all(len(group) < 2 for group in by_data_set(results).values()):
        return None
    caption = f"{language.text(CAPTION)} {order_words()} {language.text(LINE)}"
    if any(record.data.validated_on_test for _, record in results_of(results)):
        caption += " " + language.text("Some rows were validated on the test set.")
    figure = numbering.figure(caption, draw("cost_panels", results))
    return CostPart(place, figure, numbering.table(table, "small tight"), explain_costs(results))
