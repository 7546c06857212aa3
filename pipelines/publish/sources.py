"""What an answer rests on, in words: the question, the publication, and what each column means."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from pipelines.publish.formats import Sources
from pipelines.warehouse.database import literal
from pipelines.warehouse.decisions import PUBLICATION


def sources_of(connection: duckdb.DuckDBPyConnection, sql: str, columns: Sequence[str]) -> Sources:
    """Question, as-of day, publication, tables and macros asked, and the published meaning of every column.

    A column that the question made itself has no published meaning. Raises ``duckdb.Error``.
    """
    with connection.cursor() as cursor:
        asked = asked_of(cursor, sql)
        facts = [("Câu hỏi", sql.strip())]
        facts += [
            (label, text) for label, text in zip(("Ngày số liệu", "Phiên bản"), _publication(cursor), strict=False)
        ]
        facts += [("Bảng đã hỏi", ", ".join(f"{schema}.{name}" for schema, name in asked) or "(không có)")]
        return Sources(tuple(facts), tuple(_meanings(cursor, asked, columns)))


def asked_of(cursor: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[str, str]]:
    """Published tables and macros that the text of a question names, as (schema, name)."""
    known = cursor.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() UNION SELECT schema_name, function_name "
        "FROM duckdb_functions() WHERE function_type IN ('table_macro', 'macro') AND NOT internal ORDER BY ALL"
    ).fetchall()
    words = set(re.findall(r"\w+", sql.lower()))
    return [(str(schema), str(name)) for schema, name in known if {str(schema), str(name)} <= words]


def _publication(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """As-of day and publication id; nothing where the tables of operation are held back."""
    try:
        row = cursor.execute(PUBLICATION).fetchone()
    except duckdb.CatalogException:
        return []
    return [f"{row[0]:%d/%m/%Y}", str(row[1])] if row else []


def _meanings(
    cursor: duckdb.DuckDBPyConnection, asked: Sequence[tuple[str, str]], columns: Sequence[str]
) -> list[tuple[str, str]]:
    meanings = []
    places = ", ".join(f"({literal(schema)}, {literal(name)})" for schema, name in asked) or "('', '')"
    for column in dict.fromkeys(columns):
        rows = cursor.execute(
            "SELECT comment, string_agg(schema_name || '.' || table_name, ', ' ORDER BY ALL) FROM duckdb_columns() "
            f"WHERE column_name = ? AND (schema_name, table_name) IN ({places}) AND comment IS NOT NULL "
            "GROUP BY 1 ORDER BY 2",
            [column],
        ).fetchall()
        if len(rows) == 1:
            meanings.append((column, str(rows[0][0])))
        elif rows:
            meanings.append((column, " · ".join(f"{tables}: {comment}" for comment, tables in rows)))
        else:
            meanings.append((column, "(cột do câu hỏi tạo ra)"))
    return meanings
