"""One warehouse with a handful of dossiers, petitions and published scores, built by dbt once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.config.paths import DataPaths, data_paths
from pipelines.contracts.loader import load_contracts
from pipelines.warehouse import dbt
from pipelines.warehouse.schema import create_tables

AS_OF = date(2025, 8, 31)

# Published figures of one province, August 2026: component, numerator, denominator, share, points.
PUBLISHED: list[tuple[str, object, object, object, str]] = [
    ("cong_khai", None, None, None, "7.96"),
    ("1.3", 87, 89, None, "1.96"),
    ("1.4", 138744, 138744, None, "6"),
    ("2.1", 144625, 184513, None, "15.68"),
    ("truc_tuyen", None, None, None, "8.83"),
    ("3.1", 52, 56, None, "2"),
    ("3.2", 406, 1968, None, "0.83"),
    ("3.3", 150956, 152595, None, "6"),
    ("thanh_toan", None, None, None, "6.25"),
    ("3.5", 56, 310, None, "0.45"),
    ("3.5b", 93, 310, None, "0.75"),
    ("3.6", 82913, 98459, None, "5.05"),
    ("so_hoa", None, None, None, "8.22"),
    ("4.1", 133274, 184513, None, "4.33"),
    ("4.2", 21233, 184513, None, "0.46"),
    ("4.3", 3160, 184513, None, "0.04"),
    ("4.4", 0, 184513, None, "0"),
    ("4.5b", 85644, 184513, None, "0.93"),
    ("4.5a", 297, 1301, None, "0.46"),
    ("4.2c", None, None, 1, "2"),
    ("hai_long", None, None, None, "12.97"),
    ("5.4", 144574, 184513, None, "5.22"),
    ("5.2", 182, 247, None, "4.42"),
    ("5.3", 137, 247, None, "3.33"),
]


def _insert(connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: list[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * (len(rows[0]) + 3))
    connection.executemany(
        f"insert into tho.{table} ({columns}, _khoa, _gia_tri, _ma_tep) values ({marks})",
        [(*row, f"{table}{place}", "g", "t1") for place, row in enumerate(rows)],
    )


def _dossiers(connection: duckdb.DuckDBPyConnection) -> None:
    columns = (
        "ma_ho_so, ma_tthc, ma_don_vi, kenh, ngay_tiep_nhan, ngay_hen_tra, ngay_ket_thuc, trang_thai, phi_le_phi, "
        "thanh_toan_truc_tuyen, ket_qua_dien_tu, so_hoa_ho_so"
    )
    july, august = "2025-07-10 09:00:00", "2025-08-05 09:00:00"
    done, due = "2025-08-06 10:00:00", "2025-08-08 00:00:00"
    rows: list[tuple[object, ...]] = [
        ("A1", "T1", "H05.01", "truc_tuyen", august, due, done, "da_tra_ket_qua", 10, True, True, True),
        ("A2", "T1", "H05.01", "truc_tuyen", august, due, done, "da_tra_ket_qua", 10, False, None, True),
        ("A3", "T1", "H05.01", "truc_tiep", august, due, None, "dang_xu_ly", 0, None, None, None),
        ("A4", "T2", "H05.02", "truc_tuyen", august, None, None, "dang_xu_ly", None, None, False, None),
        ("A5", "T2", "H05.02", None, august, due, None, "moi_dang_ky", 10, None, None, None),
        ("A6", "T1", "H05.01", "truc_tuyen", july, due, done, "da_tra_ket_qua", 10, True, True, True),
    ]
    _insert(connection, "dvc__ho_so", columns, rows)
    _insert(
        connection,
        "dvcqg__ho_so",
        "ma_ho_so, ma_don_vi, trang_thai, ngay_tiep_nhan",
        [(code, "H05.01", "dang_xu_ly", august) for code in ("A1", "A3", "B1", "B2", "B3")],
    )
    _insert(connection, "dvc__danh_gia", "ma_ho_so, thoi_diem, diem", [("A1", done, 1), ("A1", done[:10], 2)])
    _insert(
        connection, "dvc__thanh_toan", "ma_giao_dich, ma_ho_so, thoi_diem, kenh, ket_qua",
        [("G1", "A2", done, "dvcqg", "thanh_cong"), ("G2", "A3", done, "quay", "thanh_cong")],
    )  # fmt: skip


def _reference(connection: duckdb.DuckDBPyConnection) -> None:
    _insert(
        connection,
        "dvc__co_quan",
        "ma_don_vi, ten_don_vi, cap, hieu_luc_tu, hieu_luc_den, thay_the_boi",
        [
            ("H02.01", "Sở A", "tinh", "2000-01-01", "2025-06-30", "H05.01"),
            ("H05.01", "Sở A", "tinh", "2025-07-01", None, None),
            ("H05.02", "UBND xã B", "xa", "2025-07-01", None, None),
        ],
    )
    columns = (
        "ma_tthc, ten_tthc, cap, co_quan, muc_do_dvc, co_phi, thanh_toan_truc_tuyen, ngay_hieu_luc_vb, "
        "ngay_tinh_cong_bo, ngay_cong_khai, du_bo_phan, hieu_luc_tu"
    )
    rows: list[tuple[object, ...]] = [
        ("T1", "Thủ tục một", "tinh", "Sở A", "toan_trinh", True, True, "2025-08-20", "2025-08-12", "2025-08-15", True),
        ("T2", "Thủ tục hai", "xa", None, "mot_phan", False, None, "2025-08-20", "2025-08-14", "2025-08-29", False),
        ("T3", "Thủ tục ba", "xa", None, "khong", None, None, None, None, None, None),
    ]
    _insert(connection, "dvc__tthc", columns, [(*row, "2025-01-01") for row in rows])
    _insert(
        connection,
        "dvc__pakn",
        "ma_pakn, ngay_tiep_nhan, loai, ma_don_vi, han_xu_ly, ngay_xu_ly, hai_long",
        [
            ("P1", "2025-08-01", "quy_dinh", "H05.02", "2025-08-20", "2025-08-20 16:00:00", "hai_long"),
            ("P2", "2025-08-01", "hanh_vi", "H05.02", "2025-08-20", None, None),
            ("P3", "2025-07-01", "hanh_vi", "H05.02", None, "2025-08-02", "khong_hai_long"),
        ],
    )


def _published(connection: duckdb.DuckDBPyConnection) -> None:
    _insert(
        connection,
        "bo_chi_so_766__diem",
        "ky, ma_don_vi, ma_chi_so, tu_so, mau_so, ty_le, diem, thoi_diem_lay",
        [("2026-08", "H44", code, tu, mau, share, points, "2026-09-27") for code, tu, mau, share, points in PUBLISHED],
    )


def _files(connection: duckdb.DuckDBPyConnection) -> None:
    """A loaded file of each feed, with events from July to the as-of day."""
    feeds = ["dvc/ho_so", "dvcqg/ho_so", "dvc/pakn", "dvc/danh_gia", "dvc/tthc", "dvc/co_quan"]
    for feed in feeds:
        connection.execute(
            "insert into so_cai.tep (ma_tep, nguon_du_lieu, sha256, thoi_diem, trang_thai) "
            "values (?, ?, ?, '2025-09-01', 'da_nap')",
            [feed, feed, feed],
        )
        for day in ("2025-07-01", "2025-08-30"):
            connection.execute("insert into so_cai.ngay_su_kien values (?, ?, ?)", [feed, day, day])


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> DataPaths:
    """Folder of a built warehouse."""
    paths = data_paths(tmp_path_factory.mktemp("chi_so"))
    paths.prepare()
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        create_tables(connection, load_contracts().values())
        connection.execute("insert into so_cai.tham_so values (?, 'v0')", [AS_OF])
        connection.execute("insert into so_cai.tep (ma_tep, sha256, thoi_diem) values ('t1', 'a', '2025-09-01')")
        for fill in (_dossiers, _reference, _published, _files):
            fill(connection)
    wanted = ["+path:models/marts/chi_so_766", "+doi_soat__diem_766"]
    nodes = dbt.build(paths, select=wanted, exclude=["giai_quyet_thang_can_doi"])
    failed = [node.unique_id for node in nodes if not node.ok]
    assert failed == []
    return paths


def compiled(paths: DataPaths, folder: str, model: str) -> str:
    """SQL of a model as dbt built it."""
    file: Path = paths.dbt_target / "compiled" / "kho06" / "models" / folder / f"{model}.sql"
    return file.read_text(encoding="utf-8")
