"""A draft of definitions against the one in force, for every agency of a month, on what is published.

Nothing is written: the draft lives in a temporary table of a read-only connection. Points come from the published
macro ``chi_so_766.cham_diem``, which dbt writes from the expressions that score every mart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.index766.draft import Definition, DraftError, read_draft
from pipelines.publish.query import QueryError, QueryLimits, explained, open_published, watched

_COLUMNS = (
    "ma_chi_so varchar, diem_toi_da decimal(9, 2), quy_tac varchar, nguong decimal(9, 4), "
    "mau_so_bang_0 varchar, cap_ap_dung varchar, cach_dem varchar"
)


@dataclass(frozen=True)
class Change:
    """Points and maximum (of what applies) of one line, in force and by the draft; None: not applicable."""

    code: str
    name: str
    points: Decimal | None
    maximum: Decimal | None
    draft_points: Decimal | None
    draft_maximum: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Draft − in force; None where either does not apply."""
        if self.points is None or self.draft_points is None:
            return None
        return self.draft_points - self.points


@dataclass(frozen=True)
class Simulation:
    """``agencies``: the province first, then every agency; ``components``: of the province, where they differ.

    ``unknown``: components of the draft that nothing published counts.
    """

    ky: str
    agencies: list[Change]
    components: list[Change]
    unknown: list[str]


def simulate(
    paths: DataPaths,
    file: Path,
    ky: str,
    limits: QueryLimits | None = None,
    stopped: Callable[[], object] = lambda: None,
) -> Simulation:
    """Score the month ``ky`` (YYYY-MM) by the draft in ``file``; components not in it stay as in force.

    ``stopped``: as of ``ask``. Raises ``DraftError`` for the draft or a month without points, ``QueryError`` where
    nothing is published or the limits do not suffice.
    """
    draft = read_draft(file, ky)
    limits = limits or QueryLimits()
    with open_published(paths, limits) as connection, explained(limits, stopped), watched(connection, limits, stopped):
        try:
            return _simulate(connection, draft, ky)
        except duckdb.CatalogException:
            raise QueryError("chưa công bố các bảng chi_so_766; chạy `kho run` trước.") from None


def _simulate(connection: duckdb.DuckDBPyConnection, draft: list[Definition], ky: str) -> Simulation:
    _counts(connection, ky)
    _definitions(connection, draft, ky)
    if connection.execute("select count(*) from so").fetchall()[0][0] == 0:
        raise DraftError(f"kỳ {ky} chưa có điểm trong số liệu đã công bố.")
    known = {str(row[0]) for row in connection.execute("select distinct ma_chi_so from so").fetchall()}
    unknown = sorted(d.code for d in draft if d.code not in known and d.counted_as not in known)
    connection.execute(
        "create temp table cham as "
        "select s.ma_don_vi, d.ma_chi_so, d.diem_toi_da, c.diem "
        "from so as s inner join du_thao as d on s.ma_chi_so = case "
        "when d.ma_chi_so in (select ma_chi_so from so) then d.ma_chi_so else d.cach_dem end, "
        "chi_so_766.cham_diem(d.quy_tac, d.nguong, d.mau_so_bang_0, d.diem_toi_da, s.tu_so, s.mau_so, "
        "d.cap_ap_dung, s.cap, s.la_toan_tinh) as c where c.ap_dung"
    )
    return Simulation(ky, _agencies(connection), _components(connection), unknown)


def _counts(connection: duckdb.DuckDBPyConnection, ky: str) -> None:
    tables = [
        str(row[0])
        for row in connection.execute(
            "select distinct bang from chi_so_766.dinh_nghia where bang is not null order by 1"
        ).fetchall()
    ]
    parts = " union all ".join(
        "select ma_don_vi, ten_don_vi, cap, ma_chi_so, tu_so, mau_so, diem, diem_toi_da, la_toan_tinh "
        f'from chi_so_766."{table}" where ky = $1'
        for table in tables
    )
    connection.execute(f"create temp table so as {parts or 'select 1 limit 0'}", [ky])


def _definitions(connection: duckdb.DuckDBPyConnection, draft: list[Definition], ky: str) -> None:
    connection.execute(f"create temp table du_thao ({_COLUMNS})")
    connection.execute(
        "insert into du_thao select ma_chi_so, diem_toi_da, quy_tac, nguong, mau_so_bang_0, cap_ap_dung, cach_dem "
        "from chi_so_766.dinh_nghia where hieu_luc_tu <= last_day(cast($1 || '-01' as date)) "
        "and (hieu_luc_den is null or hieu_luc_den >= last_day(cast($1 || '-01' as date)))",
        [ky],
    )
    for d in draft:
        old = connection.execute(
            "select mau_so_bang_0, cap_ap_dung, cach_dem from du_thao where ma_chi_so = ?", [d.code]
        ).fetchone() or ("null", "tinh huyen xa", None)
        connection.execute("delete from du_thao where ma_chi_so = ?", [d.code])
        connection.execute(
            "insert into du_thao values (?, ?, ?, ?, ?, ?, ?)",
            [
                d.code,
                d.maximum,
                d.rule,
                d.threshold,
                d.on_zero or old[0],
                d.levels or old[1],
                d.counted_as or old[2],
            ],
        )


def _agencies(connection: duckdb.DuckDBPyConnection) -> list[Change]:
    return _changes(
        connection,
        "with cu as (select ma_don_vi, max(ten_don_vi) as ten, bool_or(la_toan_tinh) as tinh, sum(diem) as diem, "
        "sum(case when diem is not null then diem_toi_da end) as toi_da from so group by ma_don_vi), "
        "moi as (select ma_don_vi, sum(diem) as diem, sum(case when diem is not null then diem_toi_da end) as toi_da "
        "from cham group by ma_don_vi) "
        "select cu.ma_don_vi, coalesce(cu.ten, ''), cu.diem, cu.toi_da, moi.diem, moi.toi_da "
        "from cu left join moi on cu.ma_don_vi = moi.ma_don_vi order by not cu.tinh, cu.ma_don_vi",
    )


def _components(connection: duckdb.DuckDBPyConnection) -> list[Change]:
    return _changes(
        connection,
        "with cu as (select ma_don_vi, ma_chi_so, diem, case when diem is not null then diem_toi_da end as toi_da "
        "from so where la_toan_tinh), moi as (select c.ma_don_vi, c.ma_chi_so, c.diem, "
        "case when c.diem is not null then c.diem_toi_da end as toi_da from cham as c "
        "where c.ma_don_vi in (select ma_don_vi from cu)) "
        "select coalesce(cu.ma_chi_so, moi.ma_chi_so), coalesce(cu.ma_don_vi, moi.ma_don_vi), cu.diem, cu.toi_da, "
        "moi.diem, moi.toi_da from cu full join moi on cu.ma_don_vi = moi.ma_don_vi and cu.ma_chi_so = moi.ma_chi_so "
        "where cu.diem is distinct from moi.diem or cu.toi_da is distinct from moi.toi_da order by 2, 1",
    )


def _changes(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Change]:
    return [Change(*row) for row in connection.execute(sql).fetchall()]
