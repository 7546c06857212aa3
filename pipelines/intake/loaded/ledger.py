"""The ledger of files: what is known, and what became of a file in this run (schema ``so_cai``)."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import duckdb

from pipelines.config.kept_name import same_place, within
from pipelines.intake.found.fingerprint import file_id, normal_stem
from pipelines.intake.found.source import Member
from pipelines.intake.laid_out.layout import Table
from pipelines.intake.loaded.load import Counts, Times

LOADED = "da_nap"
REFUSED = "tu_choi"
COPY = "trung"


def copied(entry: Entry, loaded: Entry) -> Entry:
    """``entry`` as a copy of ``loaded``, a file with the same bytes."""
    return replace(entry, status=COPY, reason=copied_from(loaded.name))


def copied_from(name: str) -> str:
    """The reason of a copy of the loaded file ``name``."""
    return f"Trùng từng byte với tệp “{name}” đã nạp."


@dataclass(frozen=True)
class Entry:
    """A row of ``so_cai.tep``; counts are null unless the file was loaded.

    ``contract`` is the digest it was loaded with, '' where an earlier release read less of its titles; ``faulty``: it
    has values that could not be read.
    """

    file_id: str
    feed: str | None
    name: str
    sha256: str | None
    size: int | None
    first_seen: datetime
    run_number: int
    status: str
    reason: str | None = None
    counts: Counts | None = None
    times: Times | None = None
    contract: str | None = None
    unknown_columns: int | None = None
    faulty: bool = False

    @property
    def open(self) -> bool:
        """Whether a changed contract, code list or release could read more of the file than was read."""
        return (
            self.contract == ""
            or self.faulty
            or bool(self.unknown_columns)
            or bool(self.counts and self.counts.quarantined)
        )


_COLUMNS = (
    "ma_tep, nguon_du_lieu, ten_tep, goc_ten, sha256, kich_thuoc, nhan_luc, so_lan, so_dong_doc, so_dong_nap, "
    "so_dong_cach_ly, so_dong_lap, trang_thai, ly_do, xuat_luc, su_kien_cuoi, thoi_diem, dau_quy_uoc, so_cot_la, "
    "tu_ngay, den_ngay"
)


def _entry(row: tuple[Any, ...]) -> Entry:
    file_id, feed, name, sha256, size, first_seen, run_number, status, reason = row[:9]
    counts = Counts(*(number or 0 for number in row[9:13])) if status == LOADED else None
    entry = Entry(file_id, feed, name, sha256, size, first_seen, run_number, status, reason, counts)
    return replace(entry, contract=row[13], unknown_columns=row[14], faulty=row[15])


def enter_awaited(
    connection: duckdb.DuckDBPyConnection, run_number: int, files: Iterable[tuple[str, str | None]]
) -> None:
    """The files that wait for the next run, with the reason; those of earlier runs are forgotten."""
    connection.execute("DELETE FROM so_cai.tep_cho")
    for name, reason in files:
        connection.execute(
            "INSERT INTO so_cai.tep_cho (so_lan, ten_tep, ly_do) VALUES (?, ?, ?)", [run_number, name, reason]
        )


class Ledger:
    """Files known so far, kept in step with ``so_cai.tep``."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        rows = connection.execute(
            "SELECT t.ma_tep, nguon_du_lieu, ten_tep, sha256, kich_thuoc, nhan_luc, so_lan, trang_thai, t.ly_do, "
            "so_dong_doc, so_dong_nap, so_dong_cach_ly, so_dong_lap, dau_quy_uoc, so_cot_la, l.ma_tep IS NOT NULL "
            "FROM so_cai.tep t LEFT JOIN (SELECT DISTINCT ma_tep FROM so_cai.loi_gia_tri "
            "WHERE ly_do IN ('khong_doc_duoc', 'ngoai_danh_muc')) l ON l.ma_tep = t.ma_tep"
        ).fetchall()
        self._entries = [_entry(row) for row in rows]
        self._renew_stems()

    def _renew_stems(self) -> None:
        """Stems as today's rule has them: an earlier version of the intake may have written others."""
        rows = self._connection.execute("SELECT ma_tep, ten_tep, goc_ten FROM so_cai.tep").fetchall()
        for identity, name, stem in rows:
            if normal_stem(name) != stem:
                self._connection.execute(
                    "UPDATE so_cai.tep SET goc_ten = ? WHERE ma_tep = ?", [normal_stem(name), identity]
                )

    def known(self, name: str, sha256: str | None) -> Entry | None:
        """The entry of this path with these bytes, or None."""
        return next((e for e in self._entries if e.sha256 == sha256 and same_place(e.name, name)), None)

    def not_loaded(self, name: str) -> Entry | None:
        """The refused file of this path, or the copy that it has become, or None; the newest where bytes changed."""
        newest = reversed(self._entries)
        return next((e for e in newest if e.status in (REFUSED, COPY) and same_place(e.name, name)), None)

    def loaded(self, name: str) -> list[Entry]:
        """Loaded files of this path or of the zip there, one for each time its bytes changed."""
        return [e for e in self._entries if e.status == LOADED and within(e.name, name)]

    def loaded_copy(self, feed: str | None, sha256: str) -> Entry | None:
        """The loaded file of the same feed with the same bytes, or None."""
        return next((e for e in self._entries if e.status == LOADED and e.feed == feed and e.sha256 == sha256), None)

    def refused_copy(self, feed: str | None, name: str, sha256: str) -> Entry | None:
        """A refused file of the same feed with the same bytes under another path, or None."""
        return next(
            (
                e
                for e in self._entries
                if e.status == REFUSED and e.feed == feed and e.sha256 == sha256 and e.name != name
            ),
            None,
        )

    def id_is_free(self, identity: str) -> bool:
        """Whether no file has ``identity`` yet."""
        return all(entry.file_id != identity for entry in self._entries)

    def members(self, name: str, sha256: str) -> tuple[Member, ...] | None:
        """The files in the zip of this path with these bytes; None where it was not opened yet."""
        rows = self._connection.execute(
            "SELECT ten_tep, thanh_phan FROM so_cai.tep_nen WHERE sha256 = ?", [sha256]
        ).fetchall()
        return next((_members(listed) for kept, listed in rows if same_place(kept, name)), None)

    def enter_members(self, name: str, sha256: str, members: tuple[Member, ...]) -> None:
        """Remember what is in a zip, so that it is not opened again for what is known; under the name that is kept."""
        places = self._connection.execute("SELECT ten_tep FROM so_cai.tep_nen").fetchall()
        name = next((kept for (kept,) in places if same_place(kept, name)), name)
        self._connection.execute("DELETE FROM so_cai.tep_nen WHERE ten_tep = ?", [name])
        listed = json.dumps([dataclasses.astuple(member) for member in members], ensure_ascii=False)
        self._connection.execute("INSERT INTO so_cai.tep_nen VALUES (?, ?, ?)", [name, sha256, listed])

    def forget(self, name: str) -> None:
        """Take out what was said of a place that could not be read, once it can be."""
        gone = {e.file_id for e in self._entries if e.name == name and e.sha256 is None and e.status == REFUSED}
        for identity in gone:
            self._connection.execute("DELETE FROM so_cai.tep WHERE ma_tep = ?", [identity])
        self._entries = [e for e in self._entries if e.file_id not in gone]

    def closed_folders(self) -> list[str]:
        """Names of folders that could not be read."""
        return [e.name for e in self._entries if e.sha256 is None and e.name.endswith("/")]

    def enter(self, entry: Entry) -> None:
        """Write ``entry``, in place of the former one of the same id."""
        counts = entry.counts
        times = entry.times
        self._connection.execute("DELETE FROM so_cai.tep WHERE ma_tep = ?", [entry.file_id])
        self._connection.execute(
            f"INSERT INTO so_cai.tep ({_COLUMNS}) VALUES ({', '.join('?' * 21)})",
            [
                entry.file_id,
                entry.feed,
                entry.name,
                normal_stem(entry.name),
                entry.sha256,
                entry.size,
                entry.first_seen,
                entry.run_number,
                counts.read if counts else None,
                counts.loaded if counts else None,
                counts.quarantined if counts else None,
                counts.repeated if counts else None,
                entry.status,
                entry.reason,
                times.exported if times else None,
                times.last_event if times else None,
                times.valid if times else None,
                entry.contract,
                entry.unknown_columns,
                times.window.start if times and times.window else None,
                times.window.end if times and times.window else None,
            ],
        )

    def remember(self, *entries: Entry) -> None:
        """Count ``entries`` among the known files, once their transaction is through."""
        for entry in entries:
            same = (entry.name, entry.sha256)
            self._entries = [e for e in self._entries if e.file_id != entry.file_id and (e.name, e.sha256) != same]
            self._entries.append(replace(entry, times=None))

    def take_name_of_bytes(self, entry: Entry) -> tuple[Entry, Entry | None]:
        """Of files with the same bytes the loaded one bears their plain id, whatever came first.

        ``entry`` as it is loaded now, and the file that bore the id until now under its new one. Of one feed the
        bytes count as seen when the first of them came. To be called in the transaction of the load.
        """
        plain = file_id(entry.sha256 or "", entry.name, first=True)
        holder = next((e for e in self._entries if e.file_id == plain), None)
        if entry.file_id == plain or holder is None or holder.status == LOADED:
            return entry, None
        renamed = replace(holder, file_id=file_id(entry.sha256 or "", holder.name, first=False))
        taken = replace(entry, file_id=plain)
        if holder.feed == entry.feed:
            renamed = copied(renamed, entry)
            taken = replace(taken, first_seen=min(holder.first_seen, entry.first_seen))
        self._connection.execute("DELETE FROM so_cai.tep WHERE ma_tep IN (?, ?)", [entry.file_id, plain])
        self.enter(renamed)
        return taken, renamed

    def was_a_copy(self, name: str) -> bool:
        """Whether this path, or a file in this zip, was a copy of another file when it was last seen."""
        return any(e.status == COPY and within(e.name, name) for e in self._entries)

    def sharing_states(self, feed: str, table: str, file_id: str) -> set[str]:
        """Other loaded files of the feed with rows that the raw table shows under a later sighting, or not at all."""
        rows = self._connection.execute(
            "SELECT f.ma_tep FROM so_cai.tep f "
            f"LEFT JOIN (SELECT _ma_tep, count(*) AS n FROM tho.{table} GROUP BY 1) h "
            "ON h._ma_tep = f.ma_tep WHERE f.nguon_du_lieu = ? AND f.trang_thai = ? AND f.ma_tep <> ? "
            "AND f.so_dong_nap + f.so_dong_lap > coalesce(h.n, 0)",
            [feed, LOADED, file_id],
        ).fetchall()
        return {row[0] for row in rows}

    def withdraw(self, file_id: str) -> None:
        """Take out what the ledger says of a file's rows, its quarantine apart; they are about to be read again."""
        for table in ("trang_tinh", "loi_gia_tri", "loi_lan_thay", "cot_la", "cot_nghi"):
            self._connection.execute(f"DELETE FROM so_cai.{table} WHERE ma_tep = ?", [file_id])

    def enter_sheets(self, file_id: str, tables: list[Table]) -> None:
        """One row a data sheet: header row, rows read, stated total.

        Of tables one below the other the rows are added up, and so are their totals where each states one; where
        not all do, the last one stands for all of them.
        """
        by_sheet: dict[str, list[Table]] = {}
        for table in tables:
            by_sheet.setdefault(table.sheet.name, []).append(table)
        for name, stacked in by_sheet.items():
            stated = [table.stated_total for table in stacked if table.stated_total is not None]
            total = sum(stated) if len(stated) == len(stacked) else next(reversed(stated), None)
            rows = sum(table.cells.height for table in stacked)
            self._connection.execute(
                "INSERT INTO so_cai.trang_tinh (ma_tep, trang_tinh, dong_tieu_de, so_dong_doc, tong_ghi) "
                "VALUES (?, ?, ?, ?, ?)",
                [file_id, name, stacked[0].header_row, rows, total],
            )

    def enter_doubts(self, file_id: str, tables: list[Table]) -> None:
        """One row a column that is a finding as a whole: its field, the reason, where its header stands."""
        found = {(t.sheet.name, name, reason): t.header_row for t in tables for name, reason in t.doubts}
        for (sheet, name, reason), row in found.items():
            self._connection.execute(
                "INSERT INTO so_cai.cot_nghi (ma_tep, trang_tinh, dong_tieu_de, cot, ly_do) VALUES (?, ?, ?, ?, ?)",
                [file_id, sheet, row, name, reason],
            )

    def enter_unknown_columns(self, feed: str, file_id: str, tables: list[Table]) -> list[str]:
        """List each unknown column of the feed once, with the closest field; returns those of this file."""
        found: dict[str, str | None] = {}
        for table in tables:
            for _, header in table.columns.unknown:
                found.setdefault(header, table.columns.suggestions[header])
        for header, guess in found.items():
            self._connection.execute(
                "INSERT INTO so_cai.cot_la (nguon_du_lieu, cot, ma_tep, goi_y) SELECT ?, ?, ?, ? WHERE NOT EXISTS "
                "(SELECT 1 FROM so_cai.cot_la WHERE nguon_du_lieu = ? AND cot = ?)",
                [feed, header, file_id, guess, feed, header],
            )
        return list(found)


def zips(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, tuple[Member, ...]]]:
    """Path below ``raw/``, SHA-256 and files of every zip that was opened. Raises ``duckdb.Error``."""
    rows = connection.execute("SELECT ten_tep, sha256, thanh_phan FROM so_cai.tep_nen").fetchall()
    return [(str(name), str(sha256), _members(listed)) for name, sha256, listed in rows]


def _members(listed: str) -> tuple[Member, ...]:
    return tuple(Member(*item) for item in json.loads(listed))
