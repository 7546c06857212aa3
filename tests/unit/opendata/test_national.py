"""Provinces side by side: only what packages vouch for, a hidden cell stays hidden, one bad folder stops no other."""

import hashlib
import json
from pathlib import Path

import duckdb
import pytest

from pipelines.config.disk import PlaceError
from pipelines.opendata.national import FILE, TABLES, Province, ProvinceError, write

ROWS = {
    "tiep_nhan_toan_tinh": "SELECT '2025-06' AS ky, {n} AS nhan_moi, {online} AS truc_tuyen,"
    " 10 AS truc_tiep, 0 AS buu_chinh, 0 AS khong_ro_kenh, 0.5::DOUBLE AS ty_le_truc_tuyen, 1 AS lan_chot",
    "giai_quyet_toan_tinh": "SELECT '2025-06' AS ky, 30 AS da_giai_quyet, 10 AS truoc_han, 10 AS dung_han,"
    " 10 AS qua_han, 0 AS khong_han, 0.75::DOUBLE AS ty_le_dung_va_truoc_han",
    "ho_tich_toan_tinh": "SELECT '2025-05' AS ky, 7 AS khai_sinh, 8 AS khai_tu, 9 AS ket_hon, 0 AS nhan_cha_me_con",
    "diem_766_nhom": "SELECT '2025-06' AS ky, unnest(['tong', 'so_hoa']) AS nhom, 'Tổng' AS ten_nhom,"
    " 81.25::DOUBLE AS diem, 100::DOUBLE AS diem_toi_da",
}


def province(folder: Path, n: int, online: str) -> Path:
    folder.mkdir()
    resources = []
    for table, query in ROWS.items():
        file = folder / f"{table}.parquet"
        duckdb.execute(f"COPY ({query.format(n=n, online=online)}) TO '{file}' (FORMAT parquet)")
        resources.append({"path": file.name, "hash": f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"})
    package = {
        "name": "kho06-du-lieu-mo",
        "version": "2025.12.31-abc",
        "created": "2025-12-31",
        "contributors": [{"title": f"UBND {folder.name}"}],
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture
def two(tmp_path: Path) -> list[Province]:
    return [
        Province("24", province(tmp_path / "Bắc Ninh", 100, "40")),
        Province("31", province(tmp_path / "Hải Phòng", 200, "NULL")),
    ]


def rows(out: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(out / FILE), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_two_provinces_stand_side_by_side(two: list[Province], tmp_path: Path) -> None:
    out = tmp_path / "ra"
    for _ in range(2):  # its own folder is replaced
        assert write(two, out) == []
    assert rows(out, "SELECT ma_tinh, chu_quan FROM quoc_gia.tinh ORDER BY 1") == [
        ("24", "UBND Bắc Ninh"),
        ("31", "UBND Hải Phòng"),
    ]
    compared = "ky, ma_tinh, nhan_moi, truc_tuyen, ty_le_dung_va_truoc_han, khai_sinh, diem_766"
    assert rows(out, f"SELECT {compared} FROM quoc_gia.so_sanh ORDER BY ky, ma_tinh") == [
        ("2025-05", "24", None, None, None, 7, None),
        ("2025-05", "31", None, None, None, 7, None),
        ("2025-06", "24", 100, 40, 0.75, None, 81.25),
        ("2025-06", "31", 200, None, 0.75, None, 81.25),
    ]


def test_a_hidden_cell_is_in_no_sum_and_the_sum_says_so(two: list[Province], tmp_path: Path) -> None:
    write(two, tmp_path / "ra")
    sums = "so_tinh, nhan_moi, nhan_moi_so_tinh, truc_tuyen, truc_tuyen_so_tinh"
    assert rows(tmp_path / "ra", f"SELECT {sums} FROM quoc_gia.ca_nuoc WHERE ky = '2025-06'") == [(2, 300, 2, 40, 1)]


def test_a_table_is_a_parquet_file_too(two: list[Province], tmp_path: Path) -> None:
    write(two, tmp_path / "ra")
    for table in ("tinh", "so_sanh", "ca_nuoc", *TABLES):
        file = tmp_path / "ra" / f"{table}.parquet"
        assert rows(tmp_path / "ra", f"SELECT * FROM quoc_gia.{table} EXCEPT ALL FROM '{file}'") == []


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "datapackage.json").unlink(), "không đọc được"),
        (lambda folder: (folder / "datapackage.json").write_text("[1]"), "không phải dữ liệu mở"),
        (lambda folder: (folder / "ho_tich_toan_tinh.parquet").unlink(), "không có"),
        (lambda folder: (folder / "ho_tich_toan_tinh.parquet").write_bytes(b"PAR1"), "khác mã băm"),
    ],
)
def test_a_folder_that_is_not_whole_is_left_out_and_the_others_go_on(
    two: list[Province], tmp_path: Path, spoil, said: str
) -> None:
    spoil(two[0].folder)
    (sentence,) = write(two, tmp_path / "ra")
    assert sentence.startswith("Tỉnh 24: ")
    assert said in sentence
    assert str(two[0].folder) in sentence
    assert rows(tmp_path / "ra", "SELECT DISTINCT ma_tinh FROM quoc_gia.so_sanh") == [("31",)]


def test_other_columns_take_a_province_out_whole(two: list[Province], tmp_path: Path) -> None:
    folder = two[0].folder
    file = folder / "diem_766_nhom.parquet"
    duckdb.execute(f"COPY (SELECT '2025-06' AS ky) TO '{file}' (FORMAT parquet)")
    package = json.loads((folder / "datapackage.json").read_text())
    for resource in package["resources"]:
        if resource["path"] == file.name:
            resource["hash"] = f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    (folder / "datapackage.json").write_text(json.dumps(package))
    (sentence,) = write(two, tmp_path / "ra")
    assert "không có đủ cột" in sentence
    assert rows(tmp_path / "ra", "SELECT count(*) FROM quoc_gia.tiep_nhan_toan_tinh WHERE ma_tinh = '24'") == [(0,)]


def test_nothing_is_written_over_somebody_elses_files(two: list[Province], tmp_path: Path) -> None:
    (tmp_path / "ra").mkdir()
    (tmp_path / "ra" / "bao_cao.docx").write_text("x")
    with pytest.raises(PlaceError, match="đã có thứ khác"):
        write(two, tmp_path / "ra")
    with pytest.raises(ProvinceError, match="hai lần"):
        write([two[0], two[0]], tmp_path / "moi")
    for taken in two:
        (taken.folder / "datapackage.json").unlink()
    with pytest.raises(ProvinceError, match="không tỉnh nào"):
        write(two, tmp_path / "moi")
    assert not (tmp_path / "moi").exists()
