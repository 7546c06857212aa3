"""An ``UnexpectedRowsExpectation`` that tolerates a share of failing rows and fetches none of them.

The class as it comes fails on the first row and reads rows of the data to show them. Here two queries are counted,
failing rows and judged rows, and only the counts enter the result. Import only where Great Expectations is wanted: it
takes seconds.
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.expectations.core import UnexpectedRowsExpectation
from great_expectations.expectations.metrics.query_metrics.query_row_count.query_row_count import QueryRowCount


class JudgedRowsQueryRowCount(QueryRowCount):
    """How many rows ``judged_rows_query`` returns."""

    metric_name = "judged_rows_query.row_count"
    value_keys = ("judged_rows_query",)
    query_param_name: ClassVar[str] = "judged_rows_query"


class ExpectFailingRowsWithinTolerance(UnexpectedRowsExpectation):
    """At least ``mostly`` of the rows of ``judged_rows_query`` are not rows of ``unexpected_rows_query``."""

    judged_rows_query: str
    mostly: float = 1.0

    metric_dependencies: ClassVar[tuple[str, ...]] = (
        "unexpected_rows_query.row_count",
        "judged_rows_query.row_count",
    )
    success_keys: ClassVar[tuple[str, ...]] = ("unexpected_rows_query", "judged_rows_query", "mostly")

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,  # noqa: ARG002 - the signature is GX's
        execution_engine: Any = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        judged = metrics["judged_rows_query.row_count"]
        failed = metrics["unexpected_rows_query.row_count"]
        return {
            "success": failed <= (1 - self.mostly) * judged,
            "result": {
                "element_count": judged,
                "unexpected_count": failed,
                "unexpected_percent": 100 * failed / judged if judged else None,
                "observed_value": failed,
            },
        }
