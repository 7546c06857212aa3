"""The answer key says what the files hold: rows, positions, treatments."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections import Counter

import openpyxl
import polars as pl
import pytest

from pipelines.contracts.loader import load_contracts
from pipelines.sample.files.csv_writer import physical_rows
from tests.integration.sample.conftest import Made

_KINDS = """
bat_buoc_trong buoc_mo_coi cach_ly_da_sua chua_anh_xa cot_la dia_chi_gia dinh_danh_hong dinh_danh_mat_so_0
dinh_danh_so_mu dinh_danh_trai_gioi_tinh dinh_danh_trai_nam_sinh dong_lap don_vi_la don_vi_khong_ke_thua khoa_trong
logic_khong_doc_duoc nam_5xxx ngay_gia ngay_khong_doc_duoc ngoai_danh_muc o_cong_thuc quan_he_lech
so_khong_doc_duoc tep_gui_lai tep_hong thanh_toan_mo_coi thieu_cot_bat_buoc thu_tu_ngay_sai
thu_tuc_chua_anh_xa tien_khong_doc_duoc tong_ghi_sai
"""


def test_every_file_is_in_the_key_with_its_hash(small: Made) -> None:
    on_disk = {str(p.relative_to(small.raw)) for p in small.raw.rglob("*") if p.is_file()}
    assert set(small.files["tep"]) == on_disk
    for name, digest in small.files.select("tep", "sha256").iter_rows():
        assert hashlib.sha256(small.bytes_of(name)).hexdigest() == digest


def test_treatments_columns_and_files_are_known(small: Made) -> None:
    contracts = load_contracts()
    known = {"cach_ly", "phat_hien", "khoi_phuc", "tu_choi", "trung", "bo_qua"}
    assert set(small.defects["xu_ly"]) == known
    for feed, column, kind in small.defects.select("nguon_du_lieu", "cot", "loai").iter_rows():
        assert feed in contracts
        if column and kind != "cot_la":
            assert column in contracts[feed].by_name
    named = small.defects.filter(pl.col("tep").is_not_null() & (pl.col("tep") != ""))
    assert set(named["tep"]) <= set(small.files["tep"])


def test_the_parts_of_real_life_are_all_planted(small: Made) -> None:
    kinds = Counter(small.defects["loai"])
    wanted = _KINDS.split()
    assert set(wanted) <= set(kinds)


def test_quarantined_rows_are_few(small: Made) -> None:
    loaded = small.files.filter(pl.col("so_dong_doc").is_not_null()).group_by("nguon_du_lieu").agg(
        pl.col("so_dong_doc").sum(), pl.col("so_dong_cach_ly").sum()
    )  # fmt: skip
    assert loaded.filter(pl.col("so_dong_cach_ly") > 0.03 * pl.col("so_dong_doc")).is_empty()


def _cell(made: Made, name: str, sheet: str, row: int, header: str) -> str:
    """The cell of a physical row under ``header``, read with another library than the one that wrote it."""
    page = openpyxl.load_workbook(made.raw / name)[sheet]
    (column,) = [c.column for line in page.iter_rows(max_row=12) for c in line if c.value == header]
    return str(page.cell(row=row, column=column).value)


def test_blank_keys_lie_where_the_key_says_in_csv(small: Made) -> None:
    blank = small.defects.filter((pl.col("loai") == "khoa_trong") & pl.col("tep").str.ends_with(".csv"))
    assert blank.height >= 2
    charsets = {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig", "utf-16": "utf-16", "tcvn3": "latin-1"}
    for name, row in blank.select("tep", "dong").iter_rows():
        charset = small.files.filter(pl.col("tep") == name)["bang_ma"][0]
        text = small.bytes_of(name).decode(charsets[charset])
        line = io.StringIO(text, newline="").read().split("\r\n")[row - 1]
        mark = max(";,\t", key=line.count)
        assert next(csv.reader([line], delimiter=mark))[0] == ""


def test_unreadable_cells_lie_where_the_key_says_in_workbooks(small: Made) -> None:
    row = _row(small, "so_khong_doc_duoc", "so_hoa")
    assert _cell(small, "ho_tich/so_hoa/a_tiến độ mới.xlsx", "Sheet1", row, "Số trường hợp") == "nhiều"
    row = _row(small, "ngoai_danh_muc", "pakn")
    assert _cell(small, "dvc/pakn/pakn.xlsx", "Sheet1", row, "Loại") == "khác"


def _row(made: Made, kind: str, feed: str) -> int:
    found = made.defects.filter((pl.col("loai") == kind) & pl.col("nguon_du_lieu").str.ends_with(feed))
    return int(found["dong"][0])


def test_rows_after_a_quoted_line_break_are_counted_by_physical_line() -> None:

    frame = pl.DataFrame({"a": ["x", "y\nz", "w"], "b": ["1", "2\n3", "4"]})
    assert physical_rows(frame, 5).tolist() == [5, 6, 9]


def test_the_truncated_workbook_is_no_zip_and_the_resend_is(small: Made) -> None:
    (name,) = small.defects.filter(pl.col("loai") == "tep_hong")["tep"]
    assert not zipfile.is_zipfile(small.raw / name)
    assert zipfile.is_zipfile(small.raw / name.replace(".xlsx", " (1).xlsx"))


def test_truth_has_one_row_a_dossier_and_people_with_more_than_one_record(small: Made) -> None:
    dossiers = pl.read_parquet(small.report.answer_key / "dap_an_ho_so.parquet")
    assert dossiers["ma_ho_so"].is_unique().all()
    assert dossiers.filter(pl.col("ma_don_vi").is_not_null()).height == 5_000
    records = pl.read_parquet(small.report.answer_key / "dap_an_ho_tich.parquet")
    kinds = set(records["loai_trung"].drop_nulls())
    duplicate = {"nhap_lai", "giay_va_dien_tu", "dang_ky_lai", "hai_noi", "cap_lai_ban_chinh", "cai_chinh"}
    assert kinds == duplicate | {"sinh_doi", "anh_chi_em"}
    shared = records.filter(pl.col("ma_nguoi").is_duplicated())
    assert duplicate <= set(shared["loai_trung"].drop_nulls())
    assert not {"sinh_doi", "anh_chi_em"} & set(shared["loai_trung"].drop_nulls())


@pytest.mark.parametrize(
    "verdict", ["khop", "chua_dong_bo", "chi_co_tren_cong_qg", "tre_trang_thai", "khac_ket_luan", "khac_han"]
)
def test_the_two_portals_disagree_in_every_way(small: Made, verdict: str) -> None:
    dossiers = pl.read_parquet(small.report.answer_key / "dap_an_ho_so.parquet")
    assert verdict in set(dossiers["hai_cong"])


def test_a_page_keyed_twice_lies_in_one_file(small: Made) -> None:
    records = pl.read_parquet(small.report.answer_key / "dap_an_ho_tich.parquet")
    twice = records.filter(pl.col("loai_trung") == "nhap_lai").select("noi_dang_ky", "nam", "so")
    pages = []
    for name, sheet, mark in (("nhập từ sổ giấy.xlsx", "DL Import", "."), ("DU_LIEU_CA.xlsx", "DL_GOC", "/")):
        page = openpyxl.load_workbook(small.raw / "ho_tich/khai_sinh/số hóa" / name)[sheet]
        heads = [str(cell.value).split()[0].lower() for cell in page[1]]
        at = [heads.index(head) for head in ("noidangky", "ngaydangky", "so")]
        rows = [[str(row[i]) for i in at] for row in page.iter_rows(min_row=2, values_only=True)]
        pages.append(Counter((unit, day.split(mark)[-1], number) for unit, day, number in rows))
    assert twice.height == 8
    assert all(any(page[row] == 2 for page in pages) for row in twice.iter_rows())
