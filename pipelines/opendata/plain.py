"""Open tables that count nobody: points of Bộ chỉ số 766 of the whole province, and catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.opendata.block_tables import KY, SINCE
from pipelines.opendata.declared import Catalogue, Points
from pipelines.opendata.figures import OpenDataError, place
from pipelines.opendata.tables import DAY, NUMBER, TEXT, TRUTH, WHOLE, Column, Described
from pipelines.warehouse.database import identifier, records

_HIDDEN = "Ô trống: chưa tính được, hoặc có số đếm dưới ngưỡng nên bị che."
_TOP = Column("diem_toi_da", "Điểm tối đa", NUMBER)
_GROUP = Column("nhom", "Mã nhóm chỉ số; tong: cả bộ chỉ số", TEXT)
_ALL = "tong"


def described_points(points: Points) -> tuple[Described, Described]:
    """What the tables of components and of groups are."""
    components = Described(
        "diem_766_thanh_phan",
        "Điểm thành phần Bộ chỉ số 766 của toàn tỉnh, theo tháng",
        "Điểm kho tính lại theo Quyết định 766/QĐ-TTg, làm tròn hai chữ số.",
        ("ky", "ma_chi_so"),
        (
            KY, Column("ma_chi_so", "Mã chỉ số thành phần", TEXT), Column("ten", "Tên chỉ số", TEXT), _GROUP,
            Column("diem", "Điểm kho tính lại", NUMBER, _HIDDEN), _TOP, SINCE,
        ),
        (*points.thanh_phan, points.dinh_nghia),
    )  # fmt: skip
    groups = Described(
        "diem_766_nhom",
        "Điểm sáu nhóm và tổng điểm Bộ chỉ số 766 của toàn tỉnh, theo tháng",
        "Điểm kho tính lại, bên cạnh điểm và bình quân cả nước mà Cổng Dịch vụ công quốc gia công bố.",
        ("ky", "nhom"),
        (
            KY, _GROUP, Column("ten_nhom", "Tên nhóm", TEXT), Column("diem", "Điểm kho tính lại", NUMBER, _HIDDEN),
            _TOP, Column("diem_cong_qg", "Điểm Cổng Dịch vụ công quốc gia công bố", NUMBER),
            Column("binh_quan_ca_nuoc", "Bình quân cả nước do Cổng công bố", NUMBER), SINCE,
        ),
        (points.nhom, *points.thanh_phan, points.dinh_nghia),
    )  # fmt: skip
    return components, groups


@dataclass(frozen=True)
class Totals:
    """Of a block: what is shown of the whole province's total by month, None where it is hidden.

    ``made``: tonight, so that a month without a row counts nothing; else such a month is not open yet.
    """

    by_month: Mapping[str, int | None]
    made: bool

    def is_open(self, ky: str) -> bool:
        """Whether all is known that will be shown of the month."""
        return self.made or ky in self.by_month

    def is_hidden(self, ky: str) -> bool:
        """Whether the month's total must not be known."""
        return self.by_month.get(ky, 0) is None


def points_rows(
    connection: duckdb.DuckDBPyConnection,
    points: Points,
    months: tuple[str, str],
    totals: Mapping[str, Totals],
    *,
    limit: int,
    as_of: date,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of components and of groups of these months (first, last). Raises ``duckdb.Error``.

    A component is shown where numerator, denominator and their difference are each 0 or at least ``limit``, and the
    total of its block (``totals``, by block) is shown: several shares of one hidden count give it back, as does one of
    a few dozen. A group is shown where all its components are, the total where all groups are. A month waits until
    all blocks are open.
    """
    first, last = months
    union = " UNION ALL ".join(
        f"SELECT ky, ma_chi_so, tu_so, mau_so, diem_hien_thi, diem_toi_da, tinh_trang FROM {place(table)} "
        f"WHERE la_toan_tinh AND ky BETWEEN '{first}' AND '{last}'"
        for table in points.thanh_phan
    )
    components = records(
        connection,
        "SELECT m.ky, m.ma_chi_so, n.ten, n.nhom, m.diem_hien_thi::DOUBLE AS diem, "
        "m.diem_toi_da::DOUBLE AS diem_toi_da, m.tu_so, m.mau_so "
        f"FROM ({union}) AS m LEFT JOIN (SELECT ma_chi_so, arg_max(ten, hieu_luc_tu) AS ten, "
        f"arg_max(nhom, hieu_luc_tu) AS nhom FROM {place(points.dinh_nghia)} GROUP BY 1) AS n USING (ma_chi_so) "
        "ORDER BY 1, 2",
    )
    small: set[tuple[str, str]] = set()
    for row in components:
        above, below = row.pop("tu_so") or 0, row.pop("mau_so") or 0
        of_people = row["ma_chi_so"] not in points.khong_dem_viec
        few = any(0 < count < limit for count in (above, below, abs(below - above)))
        if of_people and (few or any(t.is_hidden(row["ky"]) for t in _of_component(row["ma_chi_so"], points, totals))):
            row["diem"] = None
            small |= {(row["ky"], str(row["nhom"])), (row["ky"], _ALL)}
        row[SINCE.name] = as_of
    groups = records(
        connection,
        "SELECT ky, nhom, any_value(ten_nhom) AS ten_nhom, any_value(diem_hien_thi)::DOUBLE AS diem, "
        "any_value(diem_toi_da)::DOUBLE AS diem_toi_da, any_value(diem_cong_qg)::DOUBLE AS diem_cong_qg, "
        f"any_value(binh_quan_ca_nuoc)::DOUBLE AS binh_quan_ca_nuoc FROM {place(points.nhom)} "
        f"WHERE la_toan_tinh AND loai_ky = 'thang' AND ky BETWEEN '{first}' AND '{last}' "
        "GROUP BY 1, 2 HAVING count(*) = 1 ORDER BY 1, 2",
    )
    for row in groups:
        if (row["ky"], str(row["nhom"])) in small:
            row["diem"] = None
        row[SINCE.name] = as_of
    ready = {row["ky"] for row in [*components, *groups] if all(total.is_open(row["ky"]) for total in totals.values())}
    return [row for row in components if row["ky"] in ready], [row for row in groups if row["ky"] in ready]


def _of_component(code: str, points: Points, totals: Mapping[str, Totals]) -> list[Totals]:
    """Of the block that the component is declared to be a share of; of all where none is declared."""
    named = [block for block, codes in points.theo_khoi.items() if code in codes]
    return [totals[block] for block in named or totals]


def standing(old: pa.Table | None, fresh: list[dict[str, Any]], key: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows of the months shown before as they were, with the rows of other months."""
    kept: list[dict[str, Any]] = old.to_pylist() if old is not None else []
    months = {row["ky"] for row in kept}
    return sorted(
        [*kept, *(row for row in fresh if row["ky"] not in months)], key=lambda row: [row[name] for name in key]
    )


_KINDS = {"VARCHAR": TEXT, "BIGINT": WHOLE, "INTEGER": WHOLE, "DOUBLE": NUMBER, "BOOLEAN": TRUTH, "DATE": DAY}


def described_catalogue(
    connection: duckdb.DuckDBPyConnection, catalogue: Catalogue, texts: Mapping[tuple[str, str], str]
) -> Described:
    """What the table of a catalogue is: titles and types are the mart's. Raises ``duckdb.Error``."""
    columns = ", ".join(map(identifier, catalogue.cot))
    kinds = connection.execute(f"DESCRIBE SELECT {columns} FROM {place(catalogue.nguon)}").fetchall()
    return Described(
        catalogue.ma,
        catalogue.ten,
        catalogue.mo_ta,
        tuple(catalogue.khoa),
        tuple(
            Column(str(name), texts.get((catalogue.nguon, str(name)), str(name)), _KINDS[str(kind)])
            for name, kind, *_ in kinds
        ),
        (catalogue.nguon,),
    )


def catalogue_as_it_was(catalogue: Catalogue, old: pa.Table) -> Described:
    """The same where the mart is gone: of the columns that are open, the types; their titles went with the mart."""
    columns = tuple(Column(field.name, field.name, field.type) for field in old.schema)
    return Described(catalogue.ma, catalogue.ten, catalogue.mo_ta, tuple(catalogue.khoa), columns, (catalogue.nguon,))


def catalogue_rows(connection: duckdb.DuckDBPyConnection, catalogue: Catalogue) -> list[dict[str, Any]]:
    """Its open rows, by key. Raises ``OpenDataError`` where the key is none, ``duckdb.Error``."""
    wanted = [*(f"{identifier(name)}" for name in catalogue.chi)]
    wanted += [f"NOT coalesce({identifier(name)}, false)" for name in catalogue.tru]
    wanted += [f"{identifier(name)} IS NOT NULL" for name in catalogue.khoa]
    rows = records(
        connection,
        f"SELECT {', '.join(map(identifier, catalogue.cot))} FROM {place(catalogue.nguon)} "
        f"WHERE {' AND '.join(wanted)} ORDER BY {', '.join(map(identifier, catalogue.khoa))}",
    )
    keys = {tuple(row[name] for name in catalogue.khoa) for row in rows}
    if len(keys) != len(rows):
        raise OpenDataError(f"bảng {catalogue.ma}: khóa {', '.join(catalogue.khoa)} không duy nhất.")
    return rows
