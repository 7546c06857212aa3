"""What a kept publication is made of, read from its ``kho.duckdb``.

A table is kept as one Parquet file named by its digest. ``ngay_so_lieu`` and ``phien_ban`` change every night while
the rest of a table stands still, so where they hold one value throughout they are kept in the listing instead of the
content (``hang``), and put on again when the table is read.

Facts of a table in a listing: ``tep`` (content file), ``kich_thuoc`` (bytes), ``so_dong``, ``hang`` (column → its one
value as text, null in an empty table), ``cot`` (name, type, description; in order), ``mo_ta``, ``khoa`` (key of a row,
empty where the model declares none), ``nhom`` (mart group), ``phu_thuoc`` (what it is made of, see ``causes``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipelines.publish.files import describe
from pipelines.publish.lineage import made_of
from pipelines.publish.signature import SigningKeyError, sign, signing_key
from pipelines.publish.swap import Staging
from pipelines.publish.version_store import CONTENT, Store, Version, write_listing
from pipelines.quality.manifest import UNGATED_GROUPS, Manifest, declared_keys, marts
from pipelines.warehouse.database import described_columns, described_tables, identifier, in_memory, literal
from pipelines.warehouse.runs import now_in_vietnam

STAMPS = ("ngay_so_lieu", "phien_ban")
_AS_TEXT = ("HUGEINT", "UHUGEINT", "INTERVAL", "BIT", "TIME WITH TIME ZONE", "VARINT", "BIGNUM", "ENUM", "TIMESTAMP_NS")
"""Types that Parquet gives back as something else."""
HISTORIES = frozenset(
    {
        "chat_luong.ket_qua",
        "chat_luong.theo_doi_quy_tac",
        "chat_luong.loi",
        "van_hanh.xuat_ban",
        "van_hanh.vong_doi_canh_bao",
    }
)
"""Tables that count runs: an equal run changes them, and nobody's figure with them."""


@dataclass(frozen=True)
class TableSource:
    """What the manifest says of a published table and its file does not: group, key and what it is made of."""

    group: str
    key: tuple[str, ...]
    made_of: Mapping[str, Any]


@dataclass(frozen=True)
class Night:
    """The run behind a publication: its number and start, and ``by``, where only files that had arrived by then count.

    ``origins``: digests of what besides the files decides the figures (``runs.origins``). ``scope``: the part of a
    night that the run made, in words; None: the whole.
    """

    number: int | None = None
    started: datetime | None = None
    by: datetime | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    scope: str | None = None


def keep(
    staging: Staging,
    manifest: Manifest,
    *,
    facts: Mapping[str, Any],
    night: Night,
    documents: Iterable[str],
) -> Version:
    """Stage the publication for the store; where one with this id and these figures is kept already, it stays.

    ``facts``: ``ma`` (publication id), ``ngay_so_lieu``, ``rieng``, ``nhom_mart``, ``nguon``, ``nguon_don``. Raises
    ``duckdb.Error``, ``OSError``.
    """
    store = Store(staging.marts)
    content = stage(staging, manifest, documents, store)
    by = night.by.isoformat() if night.by else None
    started = night.started.isoformat() if night.started else None
    told = {"so_lan": night.number, "bat_dau": started, "nhu_luc": by, "goc": dict(night.origins)}
    if night.scope is not None:
        told["pham_vi"] = night.scope
    return _enter(staging, store, {**facts, **content, **told})


def adopt(staging: Staging, version: Version, source: Store) -> Version:
    """Stage a publication of another store for this one, as ``keep`` does. Raises ``OSError``."""
    store = Store(staging.marts)
    for content in version.content:
        if not store.is_whole(content):
            place = staging.kept / CONTENT / content[:2] / content
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source.place(content), place)
    chained = ("phien_ban", "thu_tu", "truoc", "luc_cong_bo", "chu_ky")
    return _enter(staging, store, {name: fact for name, fact in version.facts.items() if name not in chained})


def _enter(staging: Staging, store: Store, facts: dict[str, Any]) -> Version:
    """Give a publication its name and its place in the chain, unless it is kept already."""
    for version in store.versions():
        if version.facts["ma"] == facts["ma"] and same_figures(version.facts, facts):
            # What is new in it tells of the run, and is not kept; what of it had been damaged is mended.
            _drop_unnamed(staging, version)
            return Version({**version.facts, **facts})
    number, before = store.last()
    version = Version(
        {
            **facts,
            "phien_ban": store.free_name(str(facts["ma"])),
            "thu_tu": number + 1,
            "truoc": before,
            "luc_cong_bo": now_in_vietnam().isoformat(),
        }
    )
    key = _key_or_none()
    signed = Version({**version.facts, "chu_ky": sign(key, version.digest)}) if key else version
    write_listing(signed, staging.kept)
    return signed


def _key_or_none() -> Ed25519PrivateKey | None:
    """A publication does not wait for its signature: that the key cannot be used is said when the run begins."""
    try:
        return signing_key()
    except SigningKeyError:
        return None


def _drop_unnamed(staging: Staging, version: Version) -> None:
    for file in (staging.kept / CONTENT).rglob("*"):
        if file.is_file() and file.name not in version.content:
            file.unlink()


def _sources(manifest: Manifest) -> dict[str, TableSource]:
    keys = declared_keys(manifest)
    return {
        mart.table: TableSource(mart.group, mart.key or keys.get(mart.unique_id, ()), made_of(manifest, mart))
        for mart in marts(manifest)
    }


def stage(staging: Staging, manifest: Manifest, documents: Iterable[str], store: Store) -> dict[str, Any]:
    """Put what ``store`` lacks of the new publication into ``staging.kept``; returns ``bang``, ``bieu``, ``tai_lieu``.

    Raises ``duckdb.Error``, ``OSError``.
    """
    sources = _sources(manifest)
    with in_memory() as connection:
        connection.execute(f"ATTACH {literal(str(staging.database))} AS moi (READ_ONLY)")
        connection.execute("USE moi")
        columns = described_columns(connection)
        return {
            "bang": {
                f"{schema}.{name}": _stage_table(
                    connection,
                    staging,
                    store,
                    sources.get(f"{schema}.{name}"),
                    (schema, name),
                    columns=columns[schema, name],
                    comment=comment,
                )
                for schema, name, comment in described_tables(connection)
            },
            "bieu": _macros(connection),
            "tai_lieu": {
                name: take(staging.folder / name, staging.kept, store, copy=True) for name in sorted(documents)
            },
        }


def _stage_table(
    connection: duckdb.DuckDBPyConnection,
    staging: Staging,
    store: Store,
    source: TableSource | None,
    table: tuple[str, str],
    *,
    columns: list[tuple[str, str, str | None]],
    comment: str | None,
) -> dict[str, Any]:
    schema, name = table
    place = f"{identifier(schema)}.{identifier(name)}"
    constants = _constants(connection, place, [column for column, _, _ in columns])
    kept = ", ".join(_stored(c, t) for c, t, _ in columns if c not in constants)
    fresh = staging.kept / "moi.bang"
    fresh.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"COPY (SELECT {kept} FROM {place}) TO {literal(str(fresh))} (FORMAT parquet, COMPRESSION zstd)")
    return {
        **take(fresh, staging.kept, store),
        "so_dong": int(connection.execute(f"SELECT count(*) FROM {place}").fetchall()[0][0]),
        "hang": constants,
        "cot": [list(column) for column in columns],
        "mo_ta": comment,
        "khoa": list(source.key) if source else [],
        "nhom": source.group if source else "",
        "phu_thuoc": dict(source.made_of) if source else {},
    }


def _constants(connection: duckdb.DuckDBPyConnection, place: str, columns: list[str]) -> dict[str, str | None]:
    """Stamps that hold one value in every row, as text; a table of stamps only keeps them as content."""
    constants: dict[str, str | None] = {}
    for name in STAMPS:
        if name not in columns:
            continue
        column = identifier(name)
        rows, filled, least, most = connection.execute(
            f"SELECT count(*), count({column}), min({column})::VARCHAR, max({column})::VARCHAR FROM {place}"
        ).fetchall()[0]
        if rows == filled and least == most:
            constants[name] = least
    return constants if len(constants) < len(columns) else {}


def _stored(column: str, sql_type: str) -> str:
    name = identifier(column)
    return f"{name}::VARCHAR AS {name}" if sql_type.startswith(_AS_TEXT) else name


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


def same_figures(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two listings hold the same figures: every gated table, macro and decision, whatever tells of the run."""
    return (
        one["bieu"] == other["bieu"]
        and one["nhom_mart"] == other["nhom_mart"]
        and _gated(one["bang"]) == _gated(other["bang"])
    )


def _gated(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        name: [facts["tep"], facts["hang"], facts["cot"], facts["mo_ta"]]
        for name, facts in tables.items()
        if facts["nhom"] not in UNGATED_GROUPS
    }


def fingerprint(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What ``ban_ke.json`` says of the current publication's content, to tell whether another one would change it."""
    tables = {name: [t["tep"], t["hang"]] for name, t in facts["bang"].items() if name not in HISTORIES}
    return {"bang": tables, "bieu": facts["bieu"]}
