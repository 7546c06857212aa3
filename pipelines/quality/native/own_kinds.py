"""Two kinds of expectation that Great Expectations lacks for DuckDB, each made of the one it has.

Import only where Great Expectations is wanted: it takes seconds.
"""

from __future__ import annotations

from typing import Any, ClassVar

import sqlalchemy
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.core.expect_column_values_to_match_regex import ExpectColumnValuesToMatchRegex
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from great_expectations.expectations.metrics.map_metric_provider.column_condition_partial import (
    column_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.column_map_metric_provider import (
    ColumnMapMetricProvider,
)
from great_expectations.expectations.metrics.query_metrics.query_row_count.query_row_count import QueryRowCount


class JudgedRowsQueryRowCount(QueryRowCount):
    """How many rows ``judged_rows_query`` returns."""

    metric_name = "judged_rows_query.row_count"
    value_keys = ("judged_rows_query",)
    query_param_name: ClassVar[str] = "judged_rows_query"


class ExpectFailingRowsWithinTolerance(UnexpectedRowsExpectation):
    """At least ``mostly`` of the rows of ``judged_rows_query`` are not rows of ``unexpected_rows_query``.

    The class as it comes fails on the first row and reads rows of the data to show them. Here two queries are counted,
    failing rows and judged rows, and only the counts enter the result.
    """

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
            "success": judged == 0 or failed / judged <= 1 - self.mostly,
            "result": {
                "element_count": judged,
                "unexpected_count": failed,
                "unexpected_percent": 100 * failed / judged if judged else None,
                "observed_value": failed,
            },
        }


class ColumnValuesMatchRegexDuckdb(ColumnMapMetricProvider):
    """The condition of a pattern in DuckDB's words: the dialects that Great Expectations knows do not include it."""

    condition_metric_name = "column_values.match_regex_duckdb"
    condition_value_keys = ("regex",)

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)
    def _sqlalchemy(cls, column: Any, regex: str, **_: Any) -> Any:  # noqa: N805 - the decorator makes it one of the class
        return sqlalchemy.func.regexp_matches(column, regex)


class ExpectColumnValuesToMatchRegexOnDuckdb(ExpectColumnValuesToMatchRegex):
    """``ExpectColumnValuesToMatchRegex`` with the condition above."""

    map_metric = "column_values.match_regex_duckdb"
