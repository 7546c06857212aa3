"""``kho purge --nguoi``: every record that holds a person's identity number, listed and then removed on request.

Looked for in every text column of every table of the working warehouse: the number (a passport too, which no column
holds but as it was read) as a number of its own, also within a text and in groups (``024 190 001 234``); as a whole
cell its keyed hash, and what a spreadsheet that took the number for a quantity makes of it (leading zeros gone, an
exponent). The latter within a text, or as a part of a longer number, is not looked for: it may be another's. So a
number of 9 digits that begins with a zero is looked for in full only; columns of numbers are left out. With the
person's dossiers goes what is told of them in words (``_mark_dossiers``). In quarantined rows the number is looked for
in their original cells; in files of ``raw/`` and in workbooks in their content, and files that could not be looked at
whole are listed. Of kept publications whole cells are tested.

The ledger keeps that a person was removed by the keyed hash, never by the number: records of an identity column, and
quarantined rows, stay removed when files of earlier nights are read again (``intake.removed``).
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.config.kept_name import place_of, without
from pipelines.config.paths import OWNER_FILE, DataPaths
from pipelines.contracts.loader import load_contracts
from pipelines.intake.found.fingerprint import normal_stem
from pipelines.intake.limits import Limits
from pipelines.intake.loaded.removed import bears_number, dossier_holders, dossier_texts
from pipelines.intake.values.identity import number_of_person
from pipelines.intake.values.text import clean_one
from pipelines.publish.forgetting import Places, Sought, places
from pipelines.publish.version_store import Store
from pipelines.upkeep import leftovers
from pipelines.upkeep.person_files import Place, holds, label, search_files
from pipelines.upkeep.person_number import Person
from pipelines.warehouse import archive, changes, safekeeping
from pipelines.warehouse.database import identifier, literal, raw_tables, transaction

_KEPT_TABLES = {("so_cai", name) for name in ("go_bo", "tep", "tep_cho", "tep_nen", "ten_hien")}
"""No rows of the person: requests, and what is said of files; a number in a file's name is masked (``_mask_names``)."""


@dataclass(frozen=True)
class Found:
    """``tables``: rows by (schema, table); ``files``: places in ``raw/`` that the operator has to mend himself;
    ``workbooks``: files that hold the number and are removed whole; ``unread``: of ``raw/`` and of the folders of
    workbooks, what could not be looked at whole; ``aside``: damaged warehouses, what kills left, and traces;
    ``versions``: rows of kept publications."""

    tables: dict[tuple[str, str], int]
    files: list[Place]
    workbooks: list[Path]
    unread: list[Path]
    aside: list[Path]
    versions: Places

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(self.tables.values())


def find(
    connection: duckdb.DuckDBPyConnection,
    paths: DataPaths,
    person: Person,
    limits: Limits,
    workbooks: Iterable[Path] = (),
) -> Found:
    """Where the person's records are; changes nothing but temporary tables of ``connection``.

    ``limits``: of what one file may unpack to; ``workbooks``: folders with workbooks of ``kho defects`` and
    ``kho quarantine export``.
    """
    _mark(connection, person)
    rows = connection.execute("SELECT luoc_do, bang, count(*) FROM nguoi_xoa GROUP BY 1, 2 ORDER BY 1, 2").fetchall()
    tables = {(str(schema), str(table)): int(count) for schema, table, count in rows}
    in_raw = search_files(paths.raw, person.number, person.eaten, limits)
    in_books = [search_files(folder, person.number, person.eaten, limits, only=(".xlsx",)) for folder in workbooks]
    raw = _merged(paths, _seen_places(connection), in_raw.places)
    books = [place.file for searched in in_books for place in searched.places]
    unread = [file for searched in (in_raw, *in_books) for file in searched.unread]
    versions = places(Store(paths.marts), _published(connection, person))
    known = bool(tables or raw or versions.tables)
    return Found(tables, raw, books, unread, _aside(paths, person, known=known), versions)


def remove(
    connection: duckdb.DuckDBPyConnection,
    paths: DataPaths,
    person: Person,
    found: Found,
    *,
    now: datetime,
) -> None:
    """Remove what ``find`` listed (it has just been called on the same connection) and enter the request.

    Publications are left as they are. Raises ``OSError``, ``duckdb.Error``.
    """
    with transaction(connection):
        _remove_marked(connection, found.tables)
        _mask_names(connection, person)
        changes.forget_base(connection)
        newest = connection.execute("SELECT coalesce(max(so_lan), 0) FROM so_cai.lan_chay").fetchall()[0][0]
        connection.execute("INSERT INTO so_cai.go_bo VALUES (?, ?, ?, ?)", [person.key, now, newest, found.rows])
    archive.write(connection, paths)
    safekeeping.keep(connection, paths)
    for place in [*found.workbooks, *found.aside]:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


def rewrite(paths: DataPaths) -> None:
    """Write the warehouse anew: deleted rows stay in the blocks of a DuckDB file until they are used again.

    Nobody may have it open. Raises ``OSError``, ``duckdb.Error``; the old file stands until the new one is whole.
    """
    fresh = paths.working / ".kho_lam_viec.moi"
    log = fresh.with_name(f"{fresh.name}.wal")
    try:
        for place in (fresh, log):
            place.unlink(missing_ok=True)
        with duckdb.connect(":memory:") as connection:
            name = paths.warehouse_file.stem
            connection.execute(f"ATTACH {literal(str(paths.warehouse_file))} AS {name} (READ_ONLY)")
            connection.execute(f"ATTACH {literal(str(fresh))} AS moi")
            connection.execute(f"COPY FROM DATABASE {name} TO moi")
            connection.execute("CHECKPOINT moi")
        fresh.chmod(OWNER_FILE)
        fresh.replace(paths.warehouse_file)
    finally:
        for place in (fresh, log):  # a half of it is a copy of persons, and fills a disk that is full
            place.unlink(missing_ok=True)


def _mark(connection: duckdb.DuckDBPyConnection, person: Person) -> None:
    """``nguoi_xoa``: schema, table and row id of every row that holds the person."""
    connection.execute("CREATE OR REPLACE TEMP TABLE nguoi_xoa (luoc_do VARCHAR, bang VARCHAR, so BIGINT)")
    columns: dict[tuple[str, str], list[str]] = {}
    for schema, table, column in connection.execute(
        "SELECT c.schema_name, c.table_name, c.column_name FROM duckdb_columns() c JOIN duckdb_tables() t "
        "USING (database_name, schema_name, table_name) WHERE c.data_type = 'VARCHAR' AND NOT t.temporary ORDER BY ALL"
    ).fetchall():
        columns.setdefault((str(schema), str(table)), []).append(str(column))
    for (schema, table), names in columns.items():
        if (schema, table) in _KEPT_TABLES or (schema, table) == ("so_cai", "dong_cach_ly"):
            continue
        # The number alone, not as a part of a longer one; what a spreadsheet makes of it as a whole cell.
        tests = " OR ".join(f"regexp_matches({n}, $rieng) OR list_contains($o, {n})" for n in map(identifier, names))
        connection.execute(
            f"INSERT INTO nguoi_xoa SELECT $luoc_do, $bang, rowid FROM {identifier(schema)}.{identifier(table)} "
            f"WHERE {tests}",
            {
                "luoc_do": schema,
                "bang": table,
                "rieng": person.alone,
                "o": list(person.cells),
            },
        )
    _mark_dossiers(connection, columns)
    _mark_quarantine(connection, person)
    _mark_places(connection)


def _mark_dossiers(connection: duckdb.DuckDBPyConnection, columns: Mapping[tuple[str, str], list[str]]) -> None:
    """Steps and opinions on the person's dossiers, and states of these without any number: they tell of the person.

    Not of a dossier that bears the number of somebody else in another state. ``nguoi_ma``: the codes of the dossiers.
    """
    connection.execute("CREATE OR REPLACE TEMP TABLE nguoi_ma (ma VARCHAR)")
    for holder, code, identity in dossier_holders(load_contracts().values()):
        if ("tho", holder) not in columns:
            continue
        marked = "SELECT so FROM nguoi_xoa WHERE luoc_do = 'tho' AND bang = ?"
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE nguoi_ho_so AS SELECT {code} AS ma FROM tho.{holder} GROUP BY 1 "
            f"HAVING bool_or(rowid IN ({marked})) "
            f"AND NOT bool_or({bears_number(identity)} AND rowid NOT IN ({marked}))",
            [holder, holder],
        )
        connection.execute("INSERT INTO nguoi_ma SELECT ma FROM nguoi_ho_so WHERE ma IS NOT NULL")
        told = {(f"{prefix}{table}", fields) for table, fields in dossier_texts(load_contracts().values(), code)
                for prefix in ("", "stg_")}  # fmt: skip
        for schema, table in columns:
            names = columns[schema, table]
            texts = next((fields for name, fields in told if name == table), ())
            if schema == "so_cai" or code not in names or not set(texts) & set(names):
                continue
            nobody = f"AND {identity} IS NULL" if identity in names else ""
            nobody = f"AND NOT {bears_number(identity)}" if f"{identity}_goc" in names else nobody
            connection.execute(
                f"INSERT INTO nguoi_xoa SELECT $s, $t, d.rowid FROM {identifier(schema)}.{identifier(table)} d "
                f"WHERE {code} IN (SELECT ma FROM nguoi_ho_so) {nobody} "
                "AND d.rowid NOT IN (SELECT so FROM nguoi_xoa WHERE luoc_do = $s AND bang = $t)",
                {"s": schema, "t": table},
            )


def _mark_quarantine(connection: duckdb.DuckDBPyConnection, person: Person) -> None:
    rows = connection.execute(
        "SELECT rowid, noi_dung FROM so_cai.dong_cach_ly "
        "WHERE contains(regexp_replace(noi_dung, '[^0-9]', '', 'g'), ?)",
        [person.digits],
    ).fetchall()
    hits = [[int(row)] for row, content in rows if _holds(str(content), person)]
    if hits:
        connection.executemany("INSERT INTO nguoi_xoa VALUES ('so_cai', 'dong_cach_ly', ?)", hits)


def _holds(content: str, person: Person) -> bool:
    """Whether a cell of the row is the number, or names it."""
    cells = [str(cell) for cell in json.loads(content).values() if cell is not None]
    alone = re.compile(person.alone)
    return any(alone.search(cell) or number_of_person(clean_one(cell)) == person.number for cell in cells)


_OF_A_ROW = ("cach_ly", "loi_gia_tri", "loi")
_OF_A_DOSSIER = {
    "loi": "khoa",
    "vong_doi_canh_bao": "split_part(ma_canh_bao, ':', 2)",
    "da_xem": "split_part(ma_canh_bao, ':', 2)",
}
"""Tables of the ledger that name a dossier by its code alone, as rules on marts and alerts do."""


def _mark_places(connection: duckdb.DuckDBPyConnection) -> None:
    """What the ledger says of the marked rows: by their place (file, sheet, row), and by the code of the dossier."""
    connection.execute("CREATE OR REPLACE TEMP TABLE nguoi_cho (ma_tep VARCHAR, trang_tinh VARCHAR, dong BIGINT)")
    for table in raw_tables(connection):
        connection.execute(
            f'INSERT INTO nguoi_cho SELECT _ma_tep, _trang_tinh, _dong FROM tho."{table}" WHERE rowid IN '
            "(SELECT so FROM nguoi_xoa WHERE luoc_do = 'tho' AND bang = ?)",
            [table],
        )
    connection.execute(
        "INSERT INTO nguoi_cho SELECT ma_tep, trang_tinh, dong FROM so_cai.dong_cach_ly WHERE rowid IN "
        "(SELECT so FROM nguoi_xoa WHERE bang = 'dong_cach_ly' AND luoc_do = 'so_cai')"
    )
    for table in _OF_A_ROW:
        connection.execute(
            f"INSERT INTO nguoi_xoa SELECT 'so_cai', '{table}', d.rowid FROM so_cai.{table} d WHERE EXISTS ("
            "SELECT 1 FROM nguoi_cho n WHERE n.ma_tep = d.ma_tep AND n.trang_tinh = d.trang_tinh AND n.dong = d.dong) "
            f"AND d.rowid NOT IN (SELECT so FROM nguoi_xoa WHERE luoc_do = 'so_cai' AND bang = '{table}')"
        )
    for table, code in _OF_A_DOSSIER.items():
        connection.execute(
            f"INSERT INTO nguoi_xoa SELECT 'so_cai', '{table}', d.rowid FROM so_cai.{table} d "
            f"WHERE {code} IN (SELECT ma FROM nguoi_ma) "
            f"AND d.rowid NOT IN (SELECT so FROM nguoi_xoa WHERE luoc_do = 'so_cai' AND bang = '{table}')"
        )
    # What an owner wrote of a defect may name the person without the number.
    connection.execute(
        "INSERT INTO nguoi_xoa SELECT 'so_cai', 'tra_loi', a.rowid FROM so_cai.tra_loi a WHERE a.ma_loi IN ("
        "SELECT md5(concat(l.ma_quy_tac, ':', l.khoa_loi)) FROM so_cai.loi l WHERE l.rowid IN ("
        "SELECT so FROM nguoi_xoa WHERE luoc_do = 'so_cai' AND bang = 'loi')) "
        "AND a.rowid NOT IN (SELECT so FROM nguoi_xoa WHERE luoc_do = 'so_cai' AND bang = 'tra_loi')"
    )


def _remove_marked(connection: duckdb.DuckDBPyConnection, tables: Iterable[tuple[str, str]]) -> None:
    for schema, table in tables:
        connection.execute(
            f'DELETE FROM "{schema}"."{table}" WHERE rowid IN '
            "(SELECT so FROM nguoi_xoa WHERE luoc_do = ? AND bang = ?)",
            [schema, table],
        )


def _mask_names(connection: duckdb.DuckDBPyConnection, person: Person) -> None:
    """The number out of the names of files; their rows stay, or the next run would read them as new files."""
    named = {"tep": ("ten_tep", "ly_do"), "tep_cho": ("ten_tep", "ly_do"), "tep_nen": ("ten_tep", "thanh_phan")}
    places = [(table, column) for table, columns in {**named, "ten_hien": ("goc",)}.items() for column in columns]
    for number in person.written:
        for table, column in places:
            texts = connection.execute(
                f"SELECT DISTINCT {column} FROM so_cai.{table} WHERE contains({column}, ?)", [number]
            ).fetchall()
            for (text,) in texts:
                connection.execute(
                    f"UPDATE so_cai.{table} SET {column} = ? WHERE {column} = ?", [without(number, text), text]
                )
        for (name,) in connection.execute(
            "SELECT DISTINCT ten_tep FROM so_cai.tep WHERE contains(goc_ten, ?)", [number]
        ).fetchall():
            connection.execute("UPDATE so_cai.tep SET goc_ten = ? WHERE ten_tep = ?", [normal_stem(name), name])


def _aside(paths: DataPaths, person: Person, *, known: bool) -> list[Path]:
    """Traces, damaged warehouses and what kills left that hold the person.

    Text in a warehouse may be compressed: where the person is known, it goes whether the number is seen or not.
    """
    needles = [text.encode("ascii") for text in person.cells]
    return [place for place in leftovers.copies(paths) if known or holds(place, needles)] + [
        place for place in leftovers.traces(paths) if holds(place, needles)
    ]


def _published(connection: duckdb.DuckDBPyConnection, person: Person) -> Sought:
    """By what rows of the person are known in publications, which hold no number: a key, dossiers, rows of files."""
    codes = connection.execute("SELECT DISTINCT ma FROM nguoi_ma ORDER BY 1").fetchall()
    rows = connection.execute(
        "SELECT DISTINCT ma_tep, coalesce(trang_tinh, ''), dong FROM nguoi_cho WHERE dong IS NOT NULL ORDER BY ALL"
    ).fetchall()
    return Sought(
        (*person.cells, *(str(code) for (code,) in codes)), tuple((str(f), str(s), int(r)) for f, s, r in rows)
    )


def _seen_places(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int]]:
    rows = connection.execute(
        "SELECT DISTINCT t.ten_tep, n.trang_tinh, n.dong FROM nguoi_cho n JOIN so_cai.tep t USING (ma_tep) ORDER BY ALL"
    ).fetchall()
    return [(str(name), str(sheet or ""), int(row)) for name, sheet, row in rows]


def _merged(paths: DataPaths, known: list[tuple[str, str, int]], searched: list[Place]) -> list[Place]:
    """Places that the ledger knows, and those that the search alone found, by file."""
    by_file: dict[Path, set[str]] = {}
    for name, sheet, row in known:
        place = place_of(paths.raw, name)
        # A member of a zip has no file of its own.
        file = next((path for path in (place, *place.parents) if path.is_file()), None)
        if file is not None:
            by_file.setdefault(file, set()).add(label(place.relative_to(file).as_posix(), sheet, row))
    for item in searched:
        by_file.setdefault(item.file, set()).update(item.rows)
    return [Place(file, tuple(sorted(rows, key=_row_order))) for file, rows in sorted(by_file.items())]


def _row_order(row: str) -> tuple[str, int]:
    sheet, _, number = row.rpartition("!")
    return sheet, int(number)
