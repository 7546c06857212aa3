"""Where a state that several files show has its place: the raw table, or beside it in schema ``lan_thay``.

Kept are the sightings that are the newest under some as-of day, and the files that are the first under some
(``warehouse.order``); what is kept does not depend on the order in which files arrived.
"""

from __future__ import annotations

from itertools import chain

import duckdb
import polars as pl

from pipelines.contracts.model import Contract
from pipelines.warehouse import changes, order


class Sightings:
    """Sightings of one file against those that the warehouse holds, within the caller's transaction."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, contract: Contract, file_id: str) -> None:
        self._connection = connection
        self._contract = contract
        self._file = file_id
        self._raw = f"tho.{contract.table}"
        self._kept = f"lan_thay.{contract.table}"

    def withdraw(self) -> pl.DataFrame:
        """Take this file's states out of the raw table; returns digests and first sighting of each.

        A state that another kept sighting shows stays, under that one.
        """
        execute = self._connection.execute
        self._note("x WHERE x._ma_tep = $tep OR x._tep_dau = $tep", changes.Cause.READ_AGAIN, {"tep": self._file})
        execute(f"DELETE FROM {self._kept} WHERE _ma_tep = ?", [self._file])
        execute("DELETE FROM so_cai.lan_dau WHERE bang = ? AND ma_tep = ?", [self._contract.table, self._file])
        held = f"SELECT _khoa, _gia_tri, _tep_dau FROM {self._raw} WHERE _ma_tep = ?"
        states = self._connection.sql(held, params=[self._file]).pl()
        execute(f"DELETE FROM {self._raw} WHERE _ma_tep = ?", [self._file])
        execute(f"UPDATE {self._raw} SET _tep_dau = _ma_tep WHERE _tep_dau = ?", [self._file])
        columns = ", ".join(f'"{name}"' for name, _ in self._contract.columns)
        execute(
            f"CREATE OR REPLACE TEMP TABLE nap_len AS SELECT k.* FROM {self._kept} k "
            f"ANTI JOIN {self._raw} r ON r._khoa = k._khoa AND r._gia_tri = k._gia_tri "
            "QUALIFY row_number() OVER (PARTITION BY k._khoa, k._gia_tri ORDER BY k._ma_tep) = 1"
        )
        execute(f"INSERT INTO {self._raw} ({columns}) SELECT {columns} FROM temp.nap_len")
        same = "x._khoa = l._khoa AND x._gia_tri = l._gia_tri AND x._ma_tep = l._ma_tep"
        execute(f"DELETE FROM {self._kept} x USING temp.nap_len l WHERE {same}")
        found = "x.ma_tep = l._ma_tep AND x.trang_tinh = l._trang_tinh AND x.dong = l._dong AND x.khoa = l._khoa"
        execute(f"INSERT INTO so_cai.loi_gia_tri SELECT x.* FROM so_cai.loi_lan_thay x JOIN temp.nap_len l ON {found}")
        execute(f"DELETE FROM so_cai.loi_lan_thay x USING temp.nap_len l WHERE {found}")
        execute("DROP TABLE temp.nap_len")
        return states

    def _note(self, rows: str, cause: changes.Cause, parameters: dict[str, str] | None = None) -> None:
        changes.note(self._connection, self._contract, f"{self._raw} {rows}", cause, parameters or {})

    def keep_first(self, before: pl.DataFrame) -> None:
        """States that stand where they stood before the file was read again began when they began before."""
        with_first = before.filter(pl.col("_tep_dau") != self._file)
        if with_first.height:
            self._connection.register("nap_dau_cu", with_first.to_arrow())
            self._connection.execute(
                f"UPDATE {self._raw} x SET _tep_dau = c._tep_dau FROM nap_dau_cu c "
                "WHERE x._khoa = c._khoa AND x._gia_tri = c._gia_tri AND x._ma_tep = ?",
                [self._file],
            )
            self._connection.unregister("nap_dau_cu")

    def place(self, profile: order.Profile) -> None:
        """Decide on the states of ``temp.nap_lan``; leaves ``temp.nap_cho_dat`` with ``viec``.

        ``chuyen``: the raw table shows this file's sighting from now on; ``giu``: it is kept beside. Sightings that
        this one outdoes under every as-of day are taken out, with their findings.
        """
        execute = self._connection.execute
        same = "l._khoa = x._khoa AND l._gia_tri = x._gia_tri"
        execute(
            "CREATE OR REPLACE TEMP TABLE nap_thay AS "
            "SELECT x._khoa, x._gia_tri, x._ma_tep, x._trang_tinh, x._dong, x._tep_dau, true AS chinh "
            f"FROM {self._raw} x "
            f"SEMI JOIN temp.nap_lan l ON {same} WHERE x._ma_tep <> $tep UNION ALL "
            f"SELECT x._khoa, x._gia_tri, x._ma_tep, x._trang_tinh, x._dong, NULL, false FROM {self._kept} x "
            f"SEMI JOIN temp.nap_lan l ON {same} WHERE x._ma_tep <> $tep",
            {"tep": self._file},
        )
        execute(
            "CREATE OR REPLACE TEMP TABLE nap_dau_tep AS "
            "SELECT _khoa, _gia_tri, coalesce(_tep_dau, _ma_tep) AS ma_tep, true AS chinh "
            "FROM temp.nap_thay WHERE chinh "
            "UNION ALL SELECT x.khoa, x.gia_tri, x.ma_tep, false FROM so_cai.lan_dau x "
            "SEMI JOIN temp.nap_lan l ON l._khoa = x.khoa AND l._gia_tri = x.gia_tri WHERE x.bang = ?",
            [self._contract.table],
        )
        self._compare(profile)
        execute("""
            CREATE OR REPLACE TEMP TABLE nap_cho_dat AS
            WITH xet AS (
                SELECT t._khoa, t._gia_tri, bool_or(q.quan_he = 'cu_hon') AS thua,
                    bool_or(t.chinh AND q.quan_he = 'moi_hon') AS thay_chinh
                FROM temp.nap_thay t JOIN temp.nap_quan_he q ON q.ma_tep = t._ma_tep GROUP BY ALL
            )
            SELECT l.*, CASE WHEN x.thua THEN 'bo' WHEN x.thay_chinh THEN 'chuyen' ELSE 'giu' END AS viec
            FROM temp.nap_lan l JOIN xet x ON x._khoa = l._khoa AND x._gia_tri = l._gia_tri
        """)
        execute(
            "CREATE OR REPLACE TEMP TABLE nap_bo AS SELECT t.* FROM temp.nap_thay t "
            "JOIN temp.nap_quan_he q ON q.ma_tep = t._ma_tep AND q.quan_he = 'moi_hon' "
            "SEMI JOIN temp.nap_cho_dat d ON d._khoa = t._khoa AND d._gia_tri = t._gia_tri AND d.viec <> 'bo'"
        )
        where = "x._khoa = b._khoa AND x._gia_tri = b._gia_tri AND x._ma_tep = b._ma_tep"
        for table, condition in ((self._raw, "b.chinh"), (self._kept, "NOT b.chinh")):
            execute(f"DELETE FROM {table} x USING temp.nap_bo b WHERE {condition} AND {where}")
        for table, condition in (("loi_gia_tri", "b.chinh"), ("loi_lan_thay", "NOT b.chinh")):
            execute(
                f"DELETE FROM so_cai.{table} x USING temp.nap_bo b WHERE {condition} AND x.ma_tep = b._ma_tep "
                "AND x.trang_tinh = b._trang_tinh AND x.dong = b._dong AND x.khoa = b._khoa"
            )

    def restore_first(self) -> None:
        """First sightings of the states just placed; drops what ``place`` left."""
        execute = self._connection.execute
        execute("""
            CREATE OR REPLACE TEMP TABLE nap_dau_moi AS
            SELECT t.*, q.quan_he, bool_or(q.quan_he = 'moi_hon') OVER s AS muon,
                bool_or(t.chinh AND q.quan_he = 'cu_hon') OVER s AS thay_chinh
            FROM temp.nap_dau_tep t JOIN temp.nap_quan_he q ON q.ma_tep = t.ma_tep
            WINDOW s AS (PARTITION BY t._khoa, t._gia_tri)
        """)
        self._note(
            "x JOIN temp.nap_dau_moi n ON n.chinh AND x._khoa = n._khoa AND x._gia_tri = n._gia_tri AND x._tep_dau "
            "IS DISTINCT FROM CASE WHEN n.thay_chinh AND NOT n.muon THEN $tep ELSE n.ma_tep END",
            changes.Cause.OTHER_SIGHTING,
            {"tep": self._file},
        )
        # A moved row carries this file as its first: what came before it holds, unless this file is the earlier one.
        execute(
            f"UPDATE {self._raw} x SET _tep_dau = CASE WHEN n.thay_chinh AND NOT n.muon THEN $tep ELSE n.ma_tep END "
            "FROM temp.nap_dau_moi n WHERE n.chinh AND x._khoa = n._khoa AND x._gia_tri = n._gia_tri",
            {"tep": self._file},
        )
        execute(
            "DELETE FROM so_cai.lan_dau x USING temp.nap_dau_moi n WHERE NOT n.chinh AND NOT n.muon "
            "AND n.quan_he = 'cu_hon' AND x.bang = $bang AND x.khoa = n._khoa AND x.gia_tri = n._gia_tri "
            "AND x.ma_tep = n.ma_tep",
            {"bang": self._contract.table},
        )
        execute(
            "INSERT INTO so_cai.lan_dau SELECT DISTINCT $bang, _khoa, _gia_tri, $tep FROM temp.nap_dau_moi "
            "WHERE NOT muon AND NOT thay_chinh",
            {"bang": self._contract.table, "tep": self._file},
        )
        for name in ("nap_lan", "nap_thay", "nap_dau_tep", "nap_quan_he", "nap_cho_dat", "nap_bo", "nap_dau_moi"):
            execute(f"DROP TABLE temp.{name}")

    def _compare(self, profile: order.Profile) -> None:
        """``temp.nap_quan_he``: how this file stands to every other file that is met."""
        execute = self._connection.execute
        met = execute("SELECT _ma_tep FROM temp.nap_thay UNION SELECT ma_tep FROM temp.nap_dau_tep").fetchall()
        others = order.profiles(self._connection, chain.from_iterable(met))
        rows = [(file_id, profile.against(other).value) for file_id, other in others.items() if file_id != self._file]
        table = pl.DataFrame(rows, schema={"ma_tep": pl.String, "quan_he": pl.String}, orient="row")
        self._connection.register("nap_so_sanh", table.to_arrow())
        execute("CREATE OR REPLACE TEMP TABLE nap_quan_he AS SELECT * FROM nap_so_sanh")
        self._connection.unregister("nap_so_sanh")
