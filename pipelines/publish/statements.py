"""Which statements may be asked of what is published: those that read, as DuckDB's own parser tells them apart.

A read-only connection is not enough: DuckDB lets ``COPY … TO`` write over the very file it has open.
"""

from __future__ import annotations

import re

import duckdb

_EXPLAIN = re.compile(
    r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*explain(?:\s+analyze|\s*\([^)]*\))?\s+(?P<rest>.*)", re.IGNORECASE | re.DOTALL
)


def forbidden(sql: str) -> str | None:
    """The kind of the first statement that does more than read (``COPY``, ``DROP``, …), or None where all read.

    ``PRAGMA`` calls that read count as the ``SELECT`` the parser makes of them. Raises ``duckdb.ParserException``
    where the text is no SQL, ``ValueError`` where it holds no statement at all.
    """
    statements = duckdb.extract_statements(sql)
    if not statements:
        raise ValueError("no statement")
    for statement in statements:
        kind = statement.type.name
        if kind == "SELECT" or _is_pivot_type(statement):
            continue
        if kind == "EXPLAIN" and _explains_reading(statement.query):
            continue
        return kind
    return None


def _is_pivot_type(statement: duckdb.Statement) -> bool:
    """``PIVOT`` without a list of values becomes a temporary type and a ``SELECT``; only then is there no text."""
    return statement.type.name == "CREATE" and not statement.query


def _explains_reading(query: str) -> bool:
    """``EXPLAIN ANALYZE`` runs what it explains."""
    found = _EXPLAIN.fullmatch(query)
    if found is None:
        return False
    explained = duckdb.extract_statements(found["rest"])
    return bool(explained) and all(statement.type.name == "SELECT" for statement in explained)


def questions(sql: str) -> list[str]:
    """The statements of ``sql`` one by one, as they were written; all of it as one where they cannot be told apart.

    What is no SQL stays whole: asking it gives the reason.
    """
    try:
        found = [statement.query for statement in duckdb.extract_statements(sql)]
    except duckdb.Error:
        return [sql]
    return found if len(found) > 1 and all(found) else [sql]
