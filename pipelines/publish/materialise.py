"""``kho.duckdb`` made again of a kept publication: the tables, comments and macros that its listing tells of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish.build import STORAGE_VERSION
from pipelines.publish.version_store import Store, Version, VersionError, files_of
from pipelines.warehouse.database import identifier, in_memory, literal


def materialise(store: Store, version: Version, target: Path) -> None:
    """Write ``target``, a ``kho.duckdb`` with the tables, comments and macros of a kept publication.

    Every content file is proved first. Raises ``VersionError`` where one is gone or damaged, or ``target`` cannot be
    written.
    """
    damaged = [name for name, facts in sorted(version.tables.items()) if store.damaged(facts)]
    if damaged:
        raise VersionError(
            f"phiên bản {version.name} có tệp hỏng hoặc mất (bảng {', '.join(damaged)}) trong {store.folder}; "
            "khôi phục thư mục này từ bản sao lưu. Các phiên bản khác và bản đang công bố không bị ảnh hưởng."
        )
    try:
        with in_memory() as connection:
            connection.execute(f"ATTACH {literal(str(target))} AS ban (STORAGE_VERSION {literal(STORAGE_VERSION)})")
            connection.execute("USE ban")
            for name, facts in sorted(version.tables.items()):
                _write_table(connection, name, facts, store)
            for macro in version.facts["bieu"]:
                _write_macro(connection, macro)
            connection.execute("CHECKPOINT ban")
            connection.execute("USE memory")
            connection.execute("DETACH ban")
    except (duckdb.Error, OSError) as error:
        raise VersionError(
            f"không dựng lại được phiên bản {version.name} ({type(error).__name__}); kiểm tra dung lượng đĩa của "
            f"{target.parent}."
        ) from None


def select_list(facts: Mapping[str, Any]) -> str:
    """The columns of a kept table in their order and types, over its content file."""
    parts = []
    for name, sql_type, _ in facts["cot"]:
        value = identifier(name)
        if name in facts["hang"]:
            constant = facts["hang"][name]
            value = "NULL" if constant is None else literal(constant)
        parts.append(f"CAST({value} AS {sql_type}) AS {identifier(name)}")
    return ", ".join(parts)


def content_of(store: Store, facts: Mapping[str, Any]) -> str:
    """The content of a kept table as SQL reads it; no row where ``facts`` names no file."""
    files = ", ".join(literal(str(store.place(name))) for name in files_of(facts))
    if files:
        return f"read_parquet([{files}])"
    return f"(SELECT {', '.join(f'NULL AS {identifier(name)}' for name, _, _ in facts['cot'])} WHERE false)"


def _write_table(connection: duckdb.DuckDBPyConnection, table: str, facts: Mapping[str, Any], store: Store) -> None:
    schema, name = table.split(".", maxsplit=1)
    place = f"{identifier(schema)}.{identifier(name)}"
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {identifier(schema)}")
    connection.execute(f"CREATE TABLE {place} AS SELECT {select_list(facts)} FROM {content_of(store, facts)}")
    if facts["mo_ta"]:
        connection.execute(f"COMMENT ON TABLE {place} IS {literal(facts['mo_ta'])}")
    for column, _, comment in facts["cot"]:
        if comment:
            connection.execute(f"COMMENT ON COLUMN {place}.{identifier(column)} IS {literal(comment)}")


def _write_macro(connection: duckdb.DuckDBPyConnection, macro: Mapping[str, Any]) -> None:
    place = f"{identifier(macro['luoc_do'])}.{identifier(macro['ten'])}"
    kind = "" if macro.get("ham") else "TABLE"
    forms = [f"({', '.join(map(identifier, f['tham_so']))}) AS {kind} {f['sql']}" for f in macro["dang"]]
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {identifier(macro['luoc_do'])}")
    connection.execute(f"CREATE MACRO {place} {', '.join(forms)}")
    if macro["mo_ta"]:
        connection.execute(f"COMMENT ON MACRO {kind} {place} IS {literal(macro['mo_ta'])}")
