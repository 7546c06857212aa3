"""What to mend first: the rows of ``chi_so_766.diem_mat`` with the most points, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from pipelines.config.figures import grouped, points
from pipelines.config.paths import DataPaths
from pipelines.publish.query import QueryError, QueryLimits, explained, open_published, watched


@dataclass(frozen=True)
class Loss:
    """Points that the province loses through one agency, procedure and component."""

    count: int
    fault: str
    agency: str
    procedure: str | None
    component: str
    points: Decimal

    @property
    def words(self) -> str:
        """One sentence, such as “213 hồ sơ quá hạn của UBND xã A, thủ tục “B” = 0,80 điểm (chỉ số 2.1)”."""
        subject = f"{grouped(self.count)} {self.fault}" if self.count else self.fault[:1].upper() + self.fault[1:]
        whose = "toàn tỉnh" if self.agency == "Toàn tỉnh" else self.agency
        procedure = f", thủ tục “{self.procedure}”" if self.procedure else ""
        return f"{subject} của {whose}{procedure} = {points(self.points)} điểm (chỉ số {self.component})"


@dataclass(frozen=True)
class Losses:
    """The largest losses of a month and the sum of all."""

    ky: str
    rows: list[Loss]
    total: Decimal


def lost_points(
    paths: DataPaths,
    top: int,
    ky: str | None = None,
    limits: QueryLimits | None = None,
    stopped: Callable[[], object] = lambda: None,
) -> Losses:
    """The ``top`` largest losses of ``ky`` (YYYY-MM; None: the newest month).

    ``stopped``: as of ``ask``. Raises ``QueryError`` where nothing is published, the month has no points or the limits
    do not suffice.
    """
    limits = limits or QueryLimits()
    with open_published(paths, limits) as connection, explained(limits, stopped), watched(connection, limits, stopped):
        try:
            return _lost_points(connection, top, ky)
        except duckdb.CatalogException:
            raise QueryError("chưa công bố bảng chi_so_766.diem_mat; chạy `kho run` trước.") from None


def _lost_points(connection: duckdb.DuckDBPyConnection, top: int, ky: str | None) -> Losses:
    month = ky or connection.execute("select max(ky) from chi_so_766.diem_mat").fetchall()[0][0]
    sums = connection.execute(
        "select count(*), sum(diem_mat) from chi_so_766.diem_mat where ky = ?", [month]
    ).fetchall()[0]
    if not sums[0]:
        raise QueryError(f"kỳ {month} chưa có điểm mất trong số liệu đã công bố." if month else "chưa có kỳ nào.")
    rows = connection.execute(
        "select so_ho_so_loi, loi, coalesce(ten_don_vi, ma_don_vi), ten_tthc, ma_chi_so, diem_mat "
        "from chi_so_766.diem_mat where ky = ? and diem_mat > 0 "
        "order by diem_mat desc, ma_chi_so, ma_don_vi, ma_tthc limit ?",
        [month, top],
    ).fetchall()
    return Losses(str(month), [Loss(int(r[0]), r[1] or "lỗi", r[2], r[3], r[4], r[5]) for r in rows], sums[1])
