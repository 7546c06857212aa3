"""What changed between two kept publications: by table, or key by key with the cause.

Of a table that is kept in parts only those are read that the two do not share. Rows are known by the key; a table
without one, or whose key is not one row of what is read, is compared as a bag of rows. Stamps (``ngay_so_lieu``,
``phien_ban``) that are the same in all rows of a table are no content.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import duckdb

from pipelines.publish import causes
from pipelines.publish.materialise import content_of, select_list
from pipelines.publish.parts import STAMPS
from pipelines.publish.query import Result
from pipelines.publish.version_store import Store, UnknownVersionError, Version, VersionError, files_of, parts_in
from pipelines.warehouse.database import identifier, in_memory

SHAPE, ADDED, GONE, CHANGED = "luoc_do", "them", "bot", "doi"
BY_TABLE = ("bang", "loai", "so_dong")
BY_KEY = ("bang", "loai", "khoa", "cot", "truoc", "sau", "ma_chi_so", "ma_don_vi", "ky", "nguyen_nhan", "tep")
_FIGURE = ("ma_chi_so", "ma_don_vi", "ky")
CLOCKS = {"chat_luong.ket_qua": frozenset({"bat_dau", "thoi_gian_ms"})}
"""Columns that say when a run did something and how long it took: the same night made again has others."""
_A, _B = "truoc_day", "sau_nay"


@dataclass(frozen=True)
class _Pair:
    """One table in both publications, attached as the views ``truoc_day`` and ``sau_nay``."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    def without(self, columns: frozenset[str]) -> _Pair:
        """The same pair, blind to ``columns``."""
        return replace(self, columns=tuple(column for column in self.columns if column not in columns))

    @property
    def values(self) -> list[str]:
        return [column for column in self.columns if column not in self.key]

    def joined(self, kind: str) -> str:
        on = " AND ".join(f"a.{identifier(k)} IS NOT DISTINCT FROM b.{identifier(k)}" for k in self.key)
        return f"{_A} a {kind} JOIN {_B} b ON {on}"

    @property
    def differ(self) -> str:
        parts = [f"a.{identifier(c)} IS DISTINCT FROM b.{identifier(c)}" for c in self.values]
        return " OR ".join(parts) or "false"

    def only(self, side: str) -> str:
        """SQL of the rows that only ``side`` has."""
        columns = ", ".join(map(identifier, self.columns))
        here, there = (_A, _B) if side == _A else (_B, _A)
        if not self.key:
            return f"SELECT {columns} FROM {here} EXCEPT ALL SELECT {columns} FROM {there}"
        on = " AND ".join(f"h.{identifier(k)} IS NOT DISTINCT FROM t.{identifier(k)}" for k in self.key)
        own = ", ".join(f"h.{identifier(c)}" for c in self.columns)
        return f"SELECT {own} FROM {here} h ANTI JOIN {there} t ON {on}"


def by_table(store: Store, old: Version, new: Version, other: Store | None = None) -> Result:
    """``bang, loai, so_dong``: columns (``luoc_do``) or rows that differ; a table that stands still has no line.

    ``other``: the store that ``new`` lies in, where the two are one night made twice; clocks of the run do not count.
    Raises ``VersionError`` where content is gone or damaged.
    """
    lines: list[tuple[Any, ...]] = []
    with _connected() as connection:
        for name in sorted(old.tables.keys() | new.tables.keys()):
            before, after = old.tables.get(name), new.tables.get(name)
            if before is None or after is None:
                facts = before or after or {}
                lines.append((name, SHAPE, len(facts["cot"])))
                if facts["so_dong"]:
                    lines.append((name, ADDED if before is None else GONE, facts["so_dong"]))
                continue
            shape = _shape(before, after)
            if shape:
                lines.append((name, SHAPE, shape))
            if files_of(before) == files_of(after) and not shape and _stamps(before) == _stamps(after):
                continue
            pair = _pair(connection, name, (store, old), (other or store, new))
            if other is not None:
                pair = pair.without(CLOCKS.get(name, frozenset()))
            lines += [(name, kind, count) for kind, count in _counts(connection, pair) if count]
    return Result(BY_TABLE, lines)


def by_key(store: Store, old: Version, new: Version, name: str) -> Result:
    """Every key of table ``name`` that differs, with column, old and new value and the cause; columns ``BY_KEY``.

    ``ma_chi_so``, ``ma_don_vi`` and ``ky`` are filled where the table has them. Raises ``UnknownVersionError`` where
    neither publication has the table, ``VersionError`` where content is gone or damaged.
    """
    if name not in old.tables and name not in new.tables:
        raise UnknownVersionError(f"Cả hai phiên bản đều không có bảng “{name}”; xem tên bảng bằng `kho diff A B`.")
    if name not in old.tables or name not in new.tables:
        why = "ma_nguon" if old.facts["goc"] != new.facts["goc"] else None
        return Result(BY_KEY, [(name, SHAPE, *[None] * 7, why, None)])
    with _connected() as connection:
        for version, told in product((old, new), (causes.LEDGER, causes.LATE)):
            _prove(store, version, told, version.tables.get(told))
        # Asked backwards, the cause is the same: what the later of the two has and the earlier has not.
        earlier, later = sorted((old, new), key=lambda version: version.number)
        moved = causes.between(connection, store, earlier, later)
        pair = _pair(connection, name, (store, old), (store, new))
        lines = [*_rows_only_in(connection, pair, _A, GONE), *_rows_only_in(connection, pair, _B, ADDED)]
        lines += _changed_cells(connection, pair)
    facts = new.tables[name]
    done = []
    for kind, row, column, before, after in sorted(
        lines, key=lambda line: (line[0], _key_text(line[1]), line[2] or "")
    ):
        figure = [row.get(part) for part in _FIGURE]
        why, files = causes.cause(moved, facts, month=row.get("ky"), agency=row.get("ma_don_vi"))
        done.append(
            (name, kind, _key_text({k: row[k] for k in pair.key or row}), column, before, after, *figure, why, files)
        )
    return Result(BY_KEY, done)


@contextmanager
def _connected() -> Iterator[duckdb.DuckDBPyConnection]:
    try:
        with in_memory() as connection:
            yield connection
    except duckdb.Error as error:
        raise VersionError(
            f"không so được hai phiên bản ({type(error).__name__}); chạy `kho verify` để tìm tệp hỏng."
        ) from None


def _prove(store: Store, version: Version, name: str, facts: Mapping[str, Any] | None) -> None:
    if facts is not None and store.damaged(facts):
        raise VersionError(
            f"bảng {name} của phiên bản {version.name} hỏng hoặc mất tệp; khôi phục {store.folder} từ bản sao lưu."
        )


def _stamps(facts: Mapping[str, Any]) -> list[str]:
    return sorted(facts["hang"])


def _shape(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """Columns that only one of the two has, or that have another type."""
    one = {name: kind for name, kind, _ in before["cot"]}
    other = {name: kind for name, kind, _ in after["cot"]}
    return sum(one.get(name) != other.get(name) for name in one.keys() | other.keys())


def _pair(
    connection: duckdb.DuckDBPyConnection, name: str, one: tuple[Store, Version], other: tuple[Store, Version]
) -> _Pair:
    before, after = _apart(one[1].tables[name], other[1].tables[name])
    for side, (store, version), facts in ((_A, one, before), (_B, other, after)):
        _prove(store, version, name, facts)
        connection.execute(
            f"CREATE OR REPLACE VIEW {side} AS SELECT {select_list(facts)} FROM {content_of(store, facts)}"
        )
    shared = {column for column, _, _ in before["cot"]}
    # A stamp that is constant here and a column of values there is one only where it is constant in both.
    aside = {stamp for stamp in STAMPS if stamp in before["hang"] and stamp in after["hang"]}
    columns = tuple(column for column, _, _ in after["cot"] if column in shared - aside)
    key = tuple(column for column in after["khoa"] if column in columns)
    whole = bool(key) and set(after["khoa"]) <= {*key, *aside}
    unique = whole and all(_is_key(connection, side, key) for side in (_A, _B))
    return _Pair(name, columns, key if unique else ())


def _apart(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Facts of a table in both, without the parts of the same content; those have the same rows in both."""
    if _shape(before, after) or _stamps(before) != _stamps(after):
        return before, after
    shared = set(files_of(before)) & set(files_of(after))
    one, other = (
        {**facts, "phan": [part for part in parts_in(facts) if part["tep"] not in shared]} for facts in (before, after)
    )
    return one, other


def _is_key(connection: duckdb.DuckDBPyConnection, side: str, key: tuple[str, ...]) -> bool:
    columns = ", ".join(map(identifier, key))
    repeated = f"SELECT 1 FROM {side} GROUP BY {columns} HAVING count(*) > 1 LIMIT 1"
    return not connection.execute(repeated).fetchall()


def _counts(connection: duckdb.DuckDBPyConnection, pair: _Pair) -> list[tuple[str, int]]:
    def count(sql: str) -> int:
        return int(connection.execute(f"SELECT count(*) FROM ({sql})").fetchall()[0][0])

    changed = count(f"SELECT 1 FROM {pair.joined('INNER')} WHERE {pair.differ}") if pair.key else 0
    return [(ADDED, count(pair.only(_B))), (GONE, count(pair.only(_A))), (CHANGED, changed)]


_Line = tuple[str, dict[str, Any], str | None, Any, Any]


def _rows_only_in(connection: duckdb.DuckDBPyConnection, pair: _Pair, side: str, kind: str) -> Iterator[_Line]:
    for values in connection.execute(pair.only(side)).fetchall():
        yield kind, dict(zip(pair.columns, values, strict=True)), None, None, None


def _changed_cells(connection: duckdb.DuckDBPyConnection, pair: _Pair) -> Iterator[_Line]:
    """One line a cell: the row as it is now, the column, its old and its new value."""
    if not pair.key:
        return
    row = ", ".join(f"b.{identifier(column)}" for column in pair.columns)
    for column in pair.values:
        cell = identifier(column)
        for *values, before in connection.execute(
            f"SELECT {row}, a.{cell} FROM {pair.joined('INNER')} WHERE a.{cell} IS DISTINCT FROM b.{cell}"
        ).fetchall():
            now = dict(zip(pair.columns, values, strict=True))
            yield CHANGED, now, column, before, now[column]


def _key_text(row: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}={value}" for name, value in row.items() if value is not None)
