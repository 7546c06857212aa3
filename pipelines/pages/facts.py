"""What the leaders' page says, read from one publication; a table that is not there is a reason, no failure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import duckdb

from pipelines.warehouse.agencies import AGENCY_NAMES, told_apart
from pipelines.warehouse.database import literal, records
from pipelines.warehouse.decisions import DECISIONS

Row = Mapping[str, Any]
COUNTS = (
    "tiep_nhan", "truc_tuyen", "ky_truoc", "da_giai_quyet", "truoc_han", "dung_han", "qua_han", "khong_han",
    "dang_giai_quyet", "dang_qua_han",
)  # fmt: skip
MOST_CODES = 100
"""Codes shown of one cell of lost points; the rest is counted and named by ``kho trace``."""


@dataclass(frozen=True)
class Held:
    """A group that is not of last night: ``since`` is the day its figures are of, null where there are none."""

    group: str
    since: date | None
    why: str


@dataclass(frozen=True)
class Facts:
    """All rows of the page. Months are ``YYYY-MM``, oldest first; ``current`` is the newest that is whole."""

    as_of: date
    version: str
    months: tuple[str, ...]
    held: Mapping[str, Held]
    tables: Mapping[str, list[Row]]
    missing: Mapping[str, str]
    faulty: Mapping[tuple[str, str, str], list[str]] = field(default_factory=dict)

    @property
    def current(self) -> str | None:
        """The newest whole month; the newest of all where none is whole."""
        whole = tuple(ky for ky in self.months if month_end(ky) <= self.as_of)
        return next(reversed(whole or self.months), None)

    def before(self, ky: str) -> str | None:
        """The month before ``ky``, where the publication has it."""
        year, month = int(ky[:4]), int(ky[5:])
        earlier = f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02d}"
        return earlier if earlier in self.months else None

    @cached_property
    def agencies(self) -> dict[str, str]:
        """Code → name of every agency with dossiers, alerts or lost points."""
        names = {row["ma_don_vi"]: row["ten_don_vi"] or row["ma_don_vi"] for row in self.tables["mat"]}
        names |= {row["ma_don_vi"]: row["ten_don_vi"] for row in self.tables["don_vi"]}
        used = {row["ma_don_vi"] for name in ("thang", "viec", "mat") for row in self.tables[name]}
        return told_apart({code: names.get(code, code) for code in sorted(used - {None})})

    @cached_property
    def procedures(self) -> dict[str, str]:
        """Code → name of every procedure with dossiers or lost points."""
        names = {row["ma_tthc"]: row["ten_tthc"] or row["ma_tthc"] for row in self.tables["tthc"]}
        used = {row["ma_tthc"] for name in ("thang", "mat") for row in self.tables[name]}
        return {c: names.get(c, c) for c in sorted(used - {None, "chua_anh_xa", "khong_theo_tthc"})}

    @cached_property
    def _sums(self) -> dict[tuple[str, str, str], dict[str, int]]:
        sums: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
        for row in self.tables["thang"]:
            for key in (
                ("tinh", "", row["ky"]),
                ("don_vi", row["ma_don_vi"], row["ky"]),
                ("tthc", row["ma_tthc"], row["ky"]),
            ):
                kept = sums[key]
                for name in COUNTS:
                    kept[name] += row[name] or 0
        return dict(sums)

    def counted(self, kind: str, code: str, ky: str | None) -> Row:
        """R5 of a month: kind ``tinh``, ``don_vi`` or ``tthc``; with both shares, null on an empty base."""
        counts: dict[str, Any] = dict(self._sums.get((kind, code, ky or ""), dict.fromkeys(COUNTS, 0)))
        counts["ky"] = ky
        counts["dung"], counts["xong"] = (
            counts["truoc_han"] + counts["dung_han"],
            counts["da_giai_quyet"] - counts["khong_han"],
        )
        counts["nhan_moi"] = counts["tiep_nhan"] - counts["ky_truoc"]
        counts["ty_le_dung"] = counts["dung"] / counts["xong"] if counts["xong"] > 0 else None
        counts["ty_le_truc_tuyen"] = counts["truc_tuyen"] / counts["nhan_moi"] if counts["nhan_moi"] > 0 else None
        return counts

    def months_of(self, kind: str, code: str = "") -> list[Row]:
        """``counted`` for each month."""
        return [self.counted(kind, code, ky) for ky in self.months]

    def groups(self, ky: str | None) -> list[Row]:
        """Points of the whole province in a month, the total last."""
        rows = [row for row in self.tables["nhom"] if row["ky"] == ky]
        return sorted(rows, key=lambda row: (row["nhom"] == "tong", row["thu_tu"] or 0))

    def lost(self, ky: str | None, **where: str) -> list[Row]:
        """Rows of lost points of a month, the most first."""
        return self.rows("mat", ky=ky, **where)

    def alerts(self, code: str) -> list[Row]:
        """Open alerts of an agency, the worst first."""
        return self.rows("canh_bao", ma_don_vi=code)

    @cached_property
    def _grouped(self) -> dict[tuple[str, ...], dict[tuple[Any, ...], list[Row]]]:
        return {}

    def rows(self, table: str, **where: Any) -> list[Row]:
        """Rows of a table with these values, in its order; sorted out once, since every page asks for its own."""
        names = tuple(sorted(where))
        if (table, *names) not in self._grouped:
            found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
            for row in self.tables[table]:
                found[tuple(row[name] for name in names)].append(row)
            self._grouped[table, *names] = dict(found)
        return self._grouped[table, *names].get(tuple(where[name] for name in names), [])

    def work(self, kind: str) -> list[Row]:
        """Agencies with open work of a kind, the most first."""
        rows = [row for row in self.tables["viec"] if row["loai"] == kind and row["so_luong"]]
        return sorted(rows, key=lambda row: (-row["so_luong"], row["ma_don_vi"]))


def month_end(ky: str) -> date:
    """Last day of ``YYYY-MM``."""
    year, month = int(ky[:4]), int(ky[5:])
    return date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)


_SQL: dict[str, tuple[str, str]] = {
    "thang": (
        "tthc",
        f"SELECT ky, ma_don_vi, ma_tthc, {', '.join(COUNTS)} FROM tthc.giai_quyet_thang ORDER BY ALL",
    ),
    "don_vi": ("tthc", f"SELECT * FROM {AGENCY_NAMES} ORDER BY 1"),
    "tthc": (
        "tthc",
        "SELECT ma_tthc, arg_max(ten_tthc, hieu_luc_tu) AS ten_tthc FROM tthc.danh_muc GROUP BY 1 ORDER BY 1",
    ),
    "nhom": (
        "chi_so_766",
        "SELECT t.ky, t.nhom, t.ten_nhom, t.diem_hien_thi AS diem, t.diem_toi_da, t.diem_cong_qg, t.binh_quan_ca_nuoc, "
        "t.xep_hang_cong_qg, t.so_don_vi_xep_hang, t.thay_doi_so_voi_ky_truoc, t.duoi_binh_quan, t.nguon_thieu, "
        "(SELECT min(d.ma_chi_so) FROM chi_so_766.dinh_nghia AS d WHERE d.nhom = t.nhom) AS thu_tu "
        "FROM chi_so_766.tong_hop AS t WHERE t.la_toan_tinh AND t.loai_ky = 'thang' ORDER BY t.ky, t.nhom",
    ),
    "mat": (
        "chi_so_766",
        "SELECT ky, ma_don_vi, ten_don_vi, ma_tthc, ten_tthc, ma_chi_so, so_ho_so_loi, diem_mat, loi, loai_doi_tuong "
        "FROM chi_so_766.diem_mat WHERE diem_mat > 0 ORDER BY ky, diem_mat DESC, ma_chi_so, ma_don_vi, ma_tthc",
    ),
    "canh_bao": (
        "canh_bao",
        "SELECT loai, loai_ten, muc_do, doi_tuong, loai_doi_tuong, ma_don_vi, mo_ta, so_ngay, mo_tu_ngay "
        "FROM dieu_hanh.canh_bao ORDER BY muc_do, loai, so_ngay DESC, doi_tuong",
    ),
    "viec": (
        "canh_bao",
        "SELECT * EXCLUDE (ngay_so_lieu, phien_ban) FROM dieu_hanh.viec_don_vi ORDER BY ma_don_vi, loai",
    ),
    "so_dinh_danh": (
        "ho_tich",
        "SELECT sum(so_khai_sinh) AS so_khai_sinh, sum(chua_co) AS chua_co, sum(cho_huy) AS cho_huy, "
        "sum(sai_cau_truc) AS sai_cau_truc FROM ho_tich.so_dinh_danh",
    ),
    "so_hoa": (
        "ho_tich",
        "SELECT loai_so_ten, sum(so_truong_hop) AS so_truong_hop, sum(da_nhap) AS da_nhap, "
        "sum(da_phe_duyet) AS da_phe_duyet "
        "FROM ho_tich.so_hoa GROUP BY loai_so, loai_so_ten ORDER BY loai_so",
    ),
    "nguon": (
        "van_hanh",
        "SELECT n.nguon_du_lieu, n.ngay_du_lieu_cuoi, n.so_ngay_tre, n.trong_han FROM van_hanh.nguon AS n "
        "ORDER BY n.trong_han NULLS FIRST, n.so_ngay_tre DESC, n.nguon_du_lieu",
    ),
    "diem_nguon": ("chat_luong", "SELECT nguon_du_lieu, diem FROM chat_luong.diem_nguon ORDER BY diem, nguon_du_lieu"),
    "chi_tieu": (
        "dieu_hanh",
        "SELECT ten_chi_tieu, pham_vi, ky, chieu, la_ty_le, muc_tieu, thuc_hien, dat FROM dieu_hanh.chi_tieu "
        "WHERE tron_ky ORDER BY ky, ten_chi_tieu, pham_vi",
    ),
}


def read_facts(connection: duckdb.DuckDBPyConnection) -> Facts:
    """Read the page's facts, codes of the dossiers behind the points lost in the newest month among them."""
    tables: dict[str, list[Row]] = {}
    missing: dict[str, str] = {}
    for name, (group, sql) in _SQL.items():
        try:
            tables[name] = [*records(connection, sql)]
        except (duckdb.CatalogException, duckdb.BinderException):  # a held group without a publication, or an older one
            tables[name], missing[name] = [], group
    groups = records(
        connection,
        f"SELECT nhom_mart, trang_thai, ngay_so_lieu, ly_do, phien_ban FROM {DECISIONS}",
    )
    held = {
        row["nhom_mart"]: Held(
            row["nhom_mart"], row["ngay_so_lieu"] if row["trang_thai"] == "giu_ban_cu" else None, row["ly_do"] or ""
        )
        for row in groups
        if row["trang_thai"] != "moi"
    }
    newest = next((row for row in groups if row["trang_thai"] == "moi"), groups[0])
    months = sorted({row["ky"] for row in tables["thang"]})
    facts = Facts(newest["ngay_so_lieu"], str(newest["phien_ban"]), tuple(months), held, tables, missing)
    return replace(facts, faulty=_faulty(connection, facts)) if facts.current else facts


def _faulty(connection: duckdb.DuckDBPyConnection, facts: Facts) -> dict[tuple[str, str, str], list[str]]:
    """Codes behind each cell (component, agency, procedure) of lost points of the newest whole month."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    components = {row["ma_chi_so"] for row in facts.lost(facts.current) if row["loai_doi_tuong"] == "ho_so"}
    for component in sorted(components):
        sql = (
            "SELECT coalesce(ma_don_vi, '') AS ma_don_vi, coalesce(ma_tthc, 'khong_theo_tthc') AS ma_tthc, "
            "ma_doi_tuong "
            f"FROM chi_so_766.thanh_phan({literal(str(facts.current))}, {literal(component)}) "
            "WHERE vai_tro = 'mau_so' AND pham_vi IN ('chung', 'tinh') AND loai_doi_tuong = 'ho_so' ORDER BY ALL"
        )
        try:
            rows = records(connection, sql)
        except (duckdb.CatalogException, duckdb.BinderException):  # the group of this component is held
            continue
        for row in rows:
            found[component, row["ma_don_vi"], row["ma_tthc"]].append(row["ma_doi_tuong"])
    return dict(found)
