"""Writes the new ``kho.duckdb``: allow-listed columns of the tables that passed, the old tables of groups held back.

SECURITY.md: publication is an allow-list per column. A column without a class, or without a
description, stays private, and so does a table without a description.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipelines.config.official_rules import in_words
from pipelines.publish.parts import Parts, parts_of_large
from pipelines.publish.renewing import New, drop_empty_schemas, renew
from pipelines.quality.manifest import Mart
from pipelines.warehouse.database import any_cell_is, identifier, literal, row_count

NEW, OLD, TARGET = "kho_lam_viec", "dang_cong_bo", "ban_moi"
# The oldest storage format: any DuckDB client from 1.0 on opens the file.
STORAGE_VERSION = "v1.0.0"


@dataclass
class Content:
    """What a build put into the file, and what it kept back."""

    rows: dict[tuple[str, str], int] = field(default_factory=dict)
    macros: list[tuple[str, str, int]] = field(default_factory=list)
    functions: list[tuple[str, str, int]] = field(default_factory=list)
    private_columns: list[str] = field(default_factory=list)
    undescribed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    parts: dict[tuple[str, str], Parts] = field(default_factory=dict)
    """Of the large tables."""
    own: bool = True
    """Nothing was copied from a file that this one could not be made of by renewing it."""


@dataclass(frozen=True)
class Given:
    """What a new file begins with.

    ``standing``: large tables that it holds as they were published last (``renewing``), with the marks of their parts;
    ``forgotten``: keyed hashes of people removed on request, whose rows are not taken over from the former publication.
    """

    standing: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    forgotten: Sequence[str] = ()


def attach(connection: duckdb.DuckDBPyConnection, target: Path, new: Path, old: Path | None) -> None:
    """Attach the file to be written, the working warehouse and the current publication, both read-only."""
    connection.execute(f"ATTACH {literal(str(target))} AS {TARGET} (STORAGE_VERSION {literal(STORAGE_VERSION)})")
    connection.execute(f"ATTACH {literal(str(new))} AS {NEW} (READ_ONLY)")
    if old is not None:
        connection.execute(f"ATTACH {literal(str(old))} AS {OLD} (READ_ONLY)")
    connection.execute(f"USE {TARGET}")


def write(
    connection: duckdb.DuckDBPyConnection,
    sources: Sequence[tuple[Mart, str]],
    working_catalog: str,
    given: Given,
) -> Content:
    """Create every mart of ``sources`` (mart, attached database it comes from) with its comments.

    ``working_catalog``: name under which macros of the working warehouse may call their own database. Tables come
    before macros, since a macro reads them. Raises ``duckdb.Error``.
    """
    content = Content()
    columns, forms = _columns(connection), _forms(connection)
    for mart, source in sources:
        if not mart.description:
            content.undescribed.append(mart.table)
        elif not mart.is_macro:
            _write_table(connection, mart, source, columns, given, content)
    for mart, source in sources:
        if mart.is_macro and mart.description:
            _write_macro(connection, mart, forms.get((source, mart.schema, mart.name), []), working_catalog, content)
    if given.standing:
        _drop_rest(connection, columns, content)
    return content


_Place = tuple[str, str, str]
"""Database, schema and name."""


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[_Place, dict[str, str]]:
    """Columns of every attached table in order, with types: DuckDB reads its whole catalogue for each question."""
    rows = connection.execute(
        "SELECT database_name, schema_name, table_name, list(column_name ORDER BY column_index), "
        "list(data_type ORDER BY column_index) FROM duckdb_columns() GROUP BY ALL"
    ).fetchall()
    return {
        (str(database), str(schema), str(name)): dict(zip(columns, types, strict=True))
        for database, schema, name, columns, types in rows
    }


def _forms(connection: duckdb.DuckDBPyConnection) -> dict[_Place, list[tuple[list[str], str, str]]]:
    """Parameters, definition and type of every form of every attached macro, those with fewer parameters first."""
    rows = connection.execute(
        "SELECT database_name, schema_name, function_name, parameters, macro_definition, function_type "
        "FROM duckdb_functions() WHERE function_type IN ('table_macro', 'macro') AND NOT internal "
        "ORDER BY len(parameters)"
    ).fetchall()
    forms: dict[_Place, list[tuple[list[str], str, str]]] = {}
    for database, schema, name, parameters, definition, kind in rows:
        forms.setdefault((str(database), str(schema), str(name)), []).append((parameters, definition, kind))
    return forms


def _write_table(  # noqa: PLR0917
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    source: str,
    columns: Mapping[_Place, Mapping[str, str]],
    given: Given,
    content: Content,
) -> None:
    have = columns.get((source, mart.schema, mart.name), {})
    if not have:
        content.missing.append(mart.table)
        return
    described = {column.name: column for column in mart.columns if column.published and column.description}
    allowed = {name: sql_type for name, sql_type in have.items() if name.lower() in described}
    content.private_columns += [f"{mart.table}.{name}" for name in have if name.lower() not in described]
    if not allowed:
        return
    place = f"{identifier(mart.schema)}.{identifier(mart.name)}"
    rows = _without(f"{source}.{place}", have, given.forgotten) if source == OLD else f"{source}.{place}"
    new = New(rows, place, allowed, order_of(mart.key, allowed))
    parts = None if mart.computed else parts_of_large(connection, new.source, allowed, mart.month_of)
    if parts is not None:
        content.parts[mart.schema, mart.name] = parts
    there, marks = columns.get((TARGET, mart.schema, mart.name)), given.standing.get(mart.table, {})
    if there is None or parts is None or not renew(connection, new, parts, there, marks):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {identifier(mart.schema)}")
        connection.execute(f"CREATE OR REPLACE TABLE {place} AS {new.select} ORDER BY {new.order}")
    connection.execute(f"COMMENT ON TABLE {place} IS {literal(in_words(mart.description))}")
    for name in allowed:
        text = literal(in_words(described[name.lower()].description))
        connection.execute(f"COMMENT ON COLUMN {place}.{identifier(name)} IS {text}")
    content.rows[mart.schema, mart.name] = row_count(connection, place)


def _without(place: str, columns: Mapping[str, str], forgotten: Sequence[str]) -> str:
    """The rows of a table of the former publication but those of people removed since, as SQL."""
    texts = [name for name, sql_type in columns.items() if sql_type == "VARCHAR"]
    return f"(FROM {place} WHERE NOT ({any_cell_is(texts, forgotten)}))" if forgotten else place


def _drop_rest(
    connection: duckdb.DuckDBPyConnection, columns: Mapping[_Place, Mapping[str, str]], content: Content
) -> None:
    """Tables that the file held and that are published no more."""
    for database, schema, name in columns:
        if database == TARGET and (schema, name) not in content.rows:
            connection.execute(f"DROP TABLE {identifier(schema)}.{identifier(name)}")
    drop_empty_schemas(connection)


def order_of(key: Sequence[str], columns: Iterable[str]) -> str:
    """The key where all of it is published, else every column: equal input gives equal order (R1)."""
    names = {name.lower(): name for name in columns}
    chosen = key if key and set(key) <= names.keys() else names.values()
    return ", ".join(f"{identifier(name)} NULLS LAST" for name in chosen)


def _write_macro(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    rows: list[tuple[list[str], str, str]],
    working_catalog: str,
    content: Content,
) -> None:
    if not rows:
        content.missing.append(mart.table)
        return
    bodies, kind = [], "TABLE" if rows[0][2] == "table_macro" else ""
    for parameters, definition, _ in rows:
        names = ", ".join(identifier(str(name)) for name in parameters)
        bodies.append(f"({names}) AS {kind} {_two_part(str(definition), working_catalog)}")
        known = content.macros if kind else content.functions
        known.append((mart.schema, mart.name, len(parameters)))
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {identifier(mart.schema)}")
    place = f"{identifier(mart.schema)}.{identifier(mart.name)}"
    connection.execute(f"CREATE MACRO {place} {', '.join(bodies)}")
    connection.execute(f"COMMENT ON MACRO {kind} {place} IS {literal(in_words(mart.description))}")


def _two_part(definition: str, working_catalog: str) -> str:
    """The body with ``catalog.schema.table`` cut to ``schema.table``: the file has another name once published."""
    name = re.escape(working_catalog)
    catalog = re.compile(rf'(?<![\w".])("{name}"|{name})\.(?=["\w])')
    # Odd pieces are string literals, which are data.
    pieces = re.split(r"('(?:[^']|'')*')", definition)
    return "".join(piece if i % 2 else catalog.sub("", piece) for i, piece in enumerate(pieces))


def check_macros(connection: duckdb.DuckDBPyConnection, content: Content) -> str | None:
    """``schema.name`` of the first macro that the published file alone cannot run, or None."""
    calls = [("SELECT * FROM", macro) for macro in content.macros] + [("SELECT", macro) for macro in content.functions]
    for verb, (schema, name, count) in calls:
        nulls = ", ".join(["NULL"] * count)
        try:
            connection.execute(f"{verb} {identifier(schema)}.{identifier(name)}({nulls}) LIMIT 0").fetchall()
        except duckdb.Error:
            return f"{schema}.{name}"
    return None
