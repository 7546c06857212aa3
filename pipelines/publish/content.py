"""Content of a kept publication, from its ``kho.duckdb``: what the store lacks is written, the rest is named.

A large table is kept in parts (``parts``): of one whose mark the publication before had, its file is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish import parquet_files
from pipelines.publish.build import order_of
from pipelines.publish.files import describe
from pipelines.publish.lineage import made_of
from pipelines.publish.parts import Parts, stamps_of
from pipelines.publish.swap import Staging
from pipelines.publish.version_store import CONTENT, Store, files_of, parts_in
from pipelines.quality.manifest import Manifest, declared_keys, marts
from pipelines.warehouse.database import (
    described_columns,
    described_tables,
    identifier,
    in_memory,
    literal,
    row_count,
)

_AS_TEXT = ("HUGEINT", "UHUGEINT", "INTERVAL", "BIT", "TIME WITH TIME ZONE", "VARINT", "BIGNUM", "ENUM", "TIMESTAMP_NS")
"""Types that Parquet gives back as something else."""


@dataclass(frozen=True)
class TableSource:
    """What the manifest says of a published table and its file does not: group, key and what it is made of."""

    group: str = ""
    key: tuple[str, ...] = ()
    made_of: Mapping[str, Any] | None = None


def _sources(manifest: Manifest) -> dict[str, TableSource]:
    keys = declared_keys(manifest)
    return {
        mart.table: TableSource(mart.group, mart.key or keys.get(mart.unique_id, ()), made_of(manifest, mart))
        for mart in marts(manifest)
    }


def stage(
    staging: Staging,
    manifest: Manifest,
    documents: Iterable[str],
    store: Store,
    *,
    parts: Mapping[tuple[str, str], Parts],
    before: Mapping[str, Mapping[str, Any]],
    parquet: bool = False,
) -> dict[str, Any]:
    """Put what ``store`` lacks of the new publication into ``staging.kept``; returns ``bang``, ``bieu``, ``tai_lieu``.

    ``parts`` of the large tables, as they are; ``before``: facts of the tables of the publication before;
    ``parquet``: its tables are published as Parquet too. Raises ``duckdb.Error``, ``OSError``.
    """
    sources, fresh = _sources(manifest), Store(staging.folder)
    with in_memory() as connection:
        connection.execute(f"ATTACH {literal(str(staging.database))} AS moi (READ_ONLY)")
        connection.execute("USE moi")
        columns = described_columns(connection)
        tables = {}
        for schema, table_name, comment in described_tables(connection):
            full = f"{schema}.{table_name}"
            source = sources.get(full, TableSource())
            table = _Table(connection, staging, store, (schema, table_name), columns[schema, table_name], source)
            tables[full] = table.facts(comment, parts.get((schema, table_name)), before.get(full))
            if parquet:
                names = files_of(tables[full])
                contents = [fresh.place(n) if fresh.place(n).exists() else store.place(n) for n in names]
                write_parquet(connection, table.place, tables[full], contents, staging.parquet(*table.table))
        return {
            "bang": tables,
            "bieu": _macros(connection),
            "tai_lieu": {
                name: take(staging.folder / name, staging.kept, store, copy=True) for name in sorted(documents)
            },
        }


@dataclass(frozen=True)
class _Table:
    """A table of the new publication."""

    connection: duckdb.DuckDBPyConnection
    staging: Staging
    store: Store
    table: tuple[str, str]
    columns: list[tuple[str, str, str | None]]
    source: TableSource

    @property
    def place(self) -> str:
        return ".".join(map(identifier, self.table))

    def facts(self, comment: str | None, parts: Parts | None, before: Mapping[str, Any] | None) -> dict[str, Any]:
        """What a listing says of it; its content is in the store or staged for it."""
        if parts is not None:
            stamps, content = parts.stamps, self._in_parts(parts, before or {})
        else:
            stamps = stamps_of(self.connection, self.place, [column for column, _, _ in self.columns])
            content = self._write(stamps, self.place)
        return {
            **content,
            "so_dong": row_count(self.connection, self.place),
            "hang": dict(stamps),
            "cot": [list(column) for column in self.columns],
            "mo_ta": comment,
            "khoa": list(self.source.key),
            "nhom": self.source.group,
            "phu_thuoc": dict(self.source.made_of or {}),
        }

    def _in_parts(self, parts: Parts, before: Mapping[str, Any]) -> dict[str, Any]:
        kept = {part.get("dau"): part for part in parts_in(before)} if before else {}
        order = order_of(self.source.key, [name for name, _, _ in self.columns if name not in parts.stamps])
        found = []
        for name, mark in parts.marks.items():
            old = kept.get(mark)
            if old is not None and self.store.is_whole(str(old["tep"])):
                content = {"tep": old["tep"], "kich_thuoc": old["kich_thuoc"]}
            else:
                content = self._write(parts.stamps, f"(FROM {self.place} WHERE {parts.among([name])} ORDER BY {order})")
            found.append({"ten": name, "dau": mark, **content, "so_dong": parts.rows[name]})
        return {"phan": found}

    def _write(self, stamps: Mapping[str, Any], rows: str) -> dict[str, Any]:
        kept = ", ".join(_stored(column, sql_type) for column, sql_type, _ in self.columns if column not in stamps)
        fresh = self.staging.kept / "moi.bang"
        fresh.parent.mkdir(parents=True, exist_ok=True)
        self.connection.execute(
            f"COPY (SELECT {kept} FROM {rows}) TO {literal(str(fresh))} (FORMAT parquet, COMPRESSION zstd)"
        )
        return take(fresh, self.staging.kept, self.store)


def _stored(column: str, sql_type: str) -> str:
    name = identifier(column)
    return f"{name}::VARCHAR AS {name}" if _is_text_there(sql_type) else name


def _is_text_there(sql_type: str) -> bool:
    return sql_type.startswith(_AS_TEXT)


def write_parquet(
    connection: duckdb.DuckDBPyConnection, place: str, facts: Mapping[str, Any], contents: Sequence[Path], target: Path
) -> None:
    """The Parquet file of a published table: made of its content files, or of its rows where those do not lend it.

    ``place``: the table as SQL; ``facts``: what its listing says. Raises ``duckdb.Error``, ``OSError``.
    """
    columns = [(str(name), str(sql_type)) for name, sql_type, _ in facts["cot"]]
    if not any(_is_text_there(sql_type) for _, sql_type in columns):
        try:
            parquet_files.write(target, contents, columns, facts["hang"])
        except parquet_files.NotAlikeError:
            pass
        else:
            return
    connection.execute(f"COPY {place} TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd)")


def take(file: Path, kept: Path, store: Store, *, copy: bool = False) -> dict[str, Any]:
    """Give a staged file the name of its content below ``kept``; one that the store holds whole is not kept again.

    Returns what a listing says of it (``tep``, ``kich_thuoc``). Raises ``OSError``.
    """
    facts = describe(file)
    name = f"{facts['sha256']}{file.suffix}"
    target = kept / CONTENT / name[:2] / name
    if store.is_whole(name):
        if not copy:
            file.unlink()
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        if copy:
            target.write_bytes(file.read_bytes())
        else:
            file.replace(target)
    return {"tep": name, "kich_thuoc": facts["kich_thuoc"]}


def _macros(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Macros, one entry a name with a form for each number of parameters; ``ham``: it gives a value, not a table."""
    rows = connection.execute(
        "SELECT schema_name, function_name, parameters, macro_definition, comment, function_type "
        "FROM duckdb_functions() "
        "WHERE database_name = current_database() AND function_type IN ('table_macro', 'macro') AND NOT internal "
        "ORDER BY schema_name, function_name, len(parameters)"
    ).fetchall()
    macros: dict[tuple[str, str], dict[str, Any]] = {}
    for schema, name, parameters, definition, comment, kind in rows:
        entry: dict[str, Any] = {"luoc_do": str(schema), "ten": str(name), "mo_ta": comment, "dang": []}
        if kind == "macro":
            entry["ham"] = True
        form = {"tham_so": [str(parameter) for parameter in parameters], "sql": str(definition)}
        macros.setdefault((str(schema), str(name)), entry)["dang"].append(form)
    return list(macros.values())
