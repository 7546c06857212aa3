"""Registers from files to marts: record identity does not depend on arrival, no personal value is published."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pipelines.config.paths import PROJECT_ROOT, DataPaths
from tests.integration.warehouse_ho_tich.conftest import Warehouse, upstream

HEADER = [
    "so",
    "quyenSo",
    "ngayDangKy",
    "loaiDangKy",
    "noiDangKy",
    "nguon",
    "trangThai",
    "ngayCapNhat",
    "nksHoTen",
    "nksGioiTinh",
    "nksNgaySinh",
    "nksSoDinhDanh",
    "ngayCapSoDinhDanh",
]
NAMES = ("Trần Thửmộtz Hoà", "TRẦN THỬMỘTZ HÒA", "Lê Thửhaiz An", "Lê Thửbaz Bình")


def birth(so: str, **fields: str) -> list[str]:
    """One row of the register of one commune in 2025; ``fields`` by header."""
    common = {"quyenSo": "01/2025", "loaiDangKy": "1", "noiDangKy": "H02.21.01", "trangThai": "da_duyet"}
    row = {"so": so, "ngayDangKy": "10/03/2025", **common, **fields}
    return [row.get(header, "") for header in HEADER]


MAI = {"nksGioiTinh": "2", "nksNgaySinh": "01/02/2025"}
BINH = {"ngayDangKy": "11/03/2025", "nksHoTen": NAMES[3], "nksGioiTinh": "1", "nksNgaySinh": "02/2025"}
FIRST = [
    # one number keyed twice, and a child still waiting for an identity number
    birth("1", nguon="so_hoa", ngayCapNhat="01/05/2025", nksHoTen=NAMES[0], **MAI),
    birth("1", nguon="so_hoa", ngayCapNhat="01/05/2025", nksHoTen=NAMES[2], nksGioiTinh="1", nksNgaySinh="05/01/2025"),
    birth("2", nguon="dien_tu", ngayCapNhat="01/05/2025", **BINH),
]
SECOND = [
    # the first child in the electronic register, and the identity number that has come
    birth("1", nguon="dien_tu", ngayCapNhat="02/05/2025", nksHoTen=NAMES[1], **MAI),
    birth(
        "2",
        nguon="dien_tu",
        ngayCapNhat="03/06/2025",
        nksSoDinhDanh="024225000017",
        ngayCapSoDinhDanh="15/03/2025",
        **BINH,
    ),
]
CASE = PROJECT_ROOT.parent / "shared" / "cases" / "vi_du"


def write(data: DataPaths, name: str, rows: list[list[str]]) -> None:
    folder = data.raw / "ho_tich" / "khai_sinh"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([HEADER, *rows])


def registrations(folder: Path, workshop: Path, *batches: dict[str, list[list[str]]]) -> list[tuple[Any, ...]]:
    """Rows of ``ho_tich.dang_ky`` after the batches have come one after another."""
    data = DataPaths(folder)
    data.prepare()
    warehouse = Warehouse(folder, workshop)
    for number, batch in enumerate(batches, 1):
        for name, rows in batch.items():
            write(data, name, rows)
        warehouse.ingest(data, number)
    warehouse.build(*upstream("ho_tich"))
    for (table,) in warehouse.ask("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'ho_tich'"):
        text = repr(warehouse.ask(f"SELECT * FROM ho_tich.{table}"))
        assert not [name for name in (*NAMES, "024225000017") if name in text], table
    return warehouse.ask(
        "SELECT ma_ban_ghi, ky, nguon, gioi_tinh, nam_sinh, so_ngay_cho, dung_han, co_so_dinh_danh, "
        "so_ngay_cho_so_dinh_danh, (SELECT string_agg(loai, ',') FROM ho_tich.trung_lap) "
        "FROM ho_tich.dang_ky ORDER BY ky, nam_sinh, so_ngay_cho"
    )


@pytest.mark.dai
def test_records_are_the_same_in_whatever_order_the_files_come(
    tmp_path: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHO_KHOA_BI_MAT", "khoa cua bai thu, du ba muoi hai byte")
    first, second = {"a.csv": FIRST}, {"b.csv": SECOND}
    together = registrations(tmp_path / "mot", workshop, {**first, **second})
    assert registrations(tmp_path / "hai", workshop, first, second) == together
    assert registrations(tmp_path / "ba", workshop, second, first) == together
    # one child in two registers is one record in its newest state; the other name under its number is a duplicate
    assert [row[1:] for row in together] == [
        ("2025-03", "dien_tu", "nu", 2025, 37, True, False, 151 + 53, "giay_va_dien_tu"),
        ("2025-03", "so_hoa", "nam", 2025, 64, False, False, None, "giay_va_dien_tu"),
        ("2025-03", "dien_tu", "nam", 2025, None, True, True, 4, "giay_va_dien_tu"),
    ]


def test_a_registration_known_to_its_month_or_year_counts_in_windows_that_hold_the_whole_of_it(
    tmp_path: Path, workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHO_KHOA_BI_MAT", "khoa cua bai thu, du ba muoi hai byte")
    data = DataPaths(tmp_path / "data")
    data.prepare()
    warehouse = Warehouse(tmp_path, workshop)
    days = ("10/03/2025", "03/2025", "2025")
    write(data, "a.csv", [birth(str(i), ngayDangKy=day, nksHoTen=f"Trẻ {i}", **MAI) for i, day in enumerate(days)])
    warehouse.ingest(data)
    warehouse.build(*upstream("ho_tich"))
    windows = {("2025-03-10", "2025-03-31"): 1, ("2025-03-01", "2025-03-31"): 2, ("2025-01-01", "2025-12-31"): 3}
    for (start, end), count in windows.items():
        for macro in ("bieu_dang_ky", "bieu_dang_ky_don_vi"):
            [(found,)] = warehouse.ask(f"SELECT sum(so_luong) FROM ho_tich.{macro}('{start}', '{end}')")
            assert found == count, (macro, start, end)


@pytest.mark.skipif(not CASE.exists(), reason="the worked case lies beside the project, not in it")
def test_registers_of_the_worked_case_equal_its_truth(tmp_path: Path, workshop: Path) -> None:
    data = DataPaths(tmp_path / "data")
    data.prepare()
    for folder in ("ho_tich", "dvc/co_quan"):
        for source in (CASE / "raw" / folder).rglob("*"):
            if source.is_file():
                target = data.raw / source.relative_to(CASE / "raw")
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(source.read_bytes())
    warehouse = Warehouse(tmp_path, workshop)
    warehouse.ingest(data)
    warehouse.build(*upstream("ho_tich"))
    truth = json.loads((CASE / "truth" / "ho_tich.json").read_text(encoding="utf-8"))
    columns = (
        *("loai_so", "ma_don_vi", "ma_don_vi_hien_nay", "ngay_dang_ky", "nguon"),
        *("nam_sinh", "so_ngay_cho", "dung_han", "so_ngay_cho_so_dinh_danh"),
    )
    places = [truth["cot"].index(name) for name in columns]
    expected = Counter(tuple(row[place] for place in places) for row in truth["dong"])
    picked = ", ".join(columns).replace("ngay_dang_ky", "cast(ngay_dang_ky AS varchar)")
    found = Counter(warehouse.ask(f"SELECT {picked} FROM ho_tich.dang_ky"))
    assert found == expected
