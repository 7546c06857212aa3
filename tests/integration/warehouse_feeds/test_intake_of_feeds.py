"""What becomes of the rows of a messy file of each feed: loaded with typed values, or set apart with a reason."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from .conftest import Ask

# feed → rows loaded, and (row, field, reason) of every row set apart.
EXPECTED = {
    "dvc/phi": (2, [(4, "kenh", "ngoai_danh_muc"), (5, "ma_tthc", "thieu_khoa"), (6, "muc_thu", "khong_doc_duoc")]),
    "dvc/buu_gui": (3, [(5, "loai", "ngoai_danh_muc"), (6, "ma_buu_gui", "thieu_khoa")]),
    "dvc/van_ban": (4, [(6, "ngay", "khong_doc_duoc"), (7, "loai", "ngoai_danh_muc")]),
    "nganh_doc/tong_hop": (3, [(5, "ky", "thieu_khoa"), (6, "tiep_nhan", "khong_doc_duoc")]),
    "he_thong/ket_noi": (3, [(5, "trang_thai", "ngoai_danh_muc"), (6, "ten", "thieu_bat_buoc")]),
    "he_thong/gian_doan": (
        3,
        [(5, "bat_dau", "khong_doc_duoc"), (6, "ma_he_thong", "thieu_khoa"), (7, "muc_do", "ngoai_danh_muc")],
    ),
    "chi_dao/nhiem_vu": (4, [(6, "trang_thai", "ngoai_danh_muc"), (7, "ke_hoach", "thieu_bat_buoc")]),
    "chi_dao/muc_tieu": (5, [(7, "chieu", "ngoai_danh_muc"), (8, "pham_vi", "thieu_khoa")]),
    "dao_tao/ket_qua": (4, [(6, "khoa_hoc", "thieu_khoa"), (7, "ngay", "thieu_khoa")]),
    "ho_tich/co_so_y_te": (
        3,
        [(5, "loai", "ngoai_danh_muc"), (6, "so_phat_hanh", "khong_doc_duoc"), (7, "ma_co_so", "thieu_khoa")],
    ),
}


@pytest.mark.parametrize("feed", EXPECTED)
def test_rows_are_loaded_or_set_apart_with_their_reason(ask: Ask, feed: str) -> None:
    loaded, faults = EXPECTED[feed]
    found = ask(
        "select c.dong, c.cot, c.ly_do from so_cai.cach_ly c join so_cai.tep t using (ma_tep) "
        f"where t.nguon_du_lieu = '{feed}' order by all"
    )
    assert found == faults
    counts = ask(
        f"select so_dong_doc, so_dong_nap, so_dong_cach_ly, so_dong_lap from so_cai.tep where nguon_du_lieu = '{feed}'"
    )
    assert counts == [(loaded + len(faults), loaded, len(faults), 0)]


def test_values_are_typed_under_headers_as_offices_write_them(ask: Ask) -> None:
    assert ask("select kenh, muc_thu, mien, hieu_luc_tu from stg.stg_dvc__phi order by hieu_luc_tu") == [
        (None, Decimal("10000.00"), None, date(2023, 1, 1)),
        ("truc_tuyen", Decimal("0.00"), True, date(2025, 3, 1)),
    ]
    assert ask("select ky, linh_vuc, tiep_nhan from stg.stg_nganh_doc__tong_hop order by all") == [
        ("2025-03", "CHỨNG THỰC", 4),
        ("2025-03", "Chứng thực", 2),
        ("2025-Q1", "Chứng thực", 99),
    ]
    assert ask("select so_phat_hanh from stg.stg_ho_tich__co_so_y_te where ky = '2025-01'") == [(1000,)]
    assert ask("select trang_thai from stg.stg_chi_dao__nhiem_vu where ma_nhiem_vu = 'NV2'") == [("xong",)]
    assert ask("select bat_dau from stg.stg_he_thong__gian_doan order by 1 desc limit 1") == [
        (datetime(2025, 9, 29, 16, 0),)
    ]


def test_a_value_that_cannot_be_read_loads_null_where_it_is_not_needed(ask: Ask) -> None:
    found = ask(
        "select f.cot, f.ly_do from so_cai.loi_gia_tri f join so_cai.tep t using (ma_tep) "
        "where t.nguon_du_lieu in ('dvc/ho_so', 'he_thong/ket_noi') order by all"
    )
    assert found == [
        ("loai", "ngoai_danh_muc"),
        ("so_ban_sao", "khong_doc_duoc"),
        ("tai_khoan", "ngoai_danh_muc"),
    ]


def test_a_printed_date_stands_for_a_figure_and_a_row_with_neither_is_set_apart(ask: Ask) -> None:
    assert ask(
        "select ma_bao_cao, ma_so_lieu, gia_tri, tu_so, mau_so, gia_tri_ngay, gia_tri_ngay_goc "
        "from doi_soat.so_lieu_bao_cao order by 1, 2"
    ) == [
        ("DATED", "1", None, None, None, date(2024, 12, 31), "2024-12-31"),
        ("OLD", "1", Decimal("5"), None, None, None, None),
        ("R", "1", Decimal("1234"), None, None, None, None),
        ("R", "2", Decimal("75.5"), Decimal("151"), Decimal("200"), None, None),
        ("R", "3", None, None, None, date(2024, 6, 30), "2024-06-30"),
        ("R", "4", None, None, None, date(2024, 11, 30), "2024-11"),
    ]
    assert ask(
        "select c.dong, c.cot, c.ly_do from so_cai.cach_ly c join so_cai.tep t using (ma_tep) "
        "where t.nguon_du_lieu = 'bao_cao/so_lieu'"
    ) == [(6, "gia_tri", "thieu_bat_buoc")]
    refused = ask("select ten_tep, ly_do from so_cai.tep where trang_thai = 'tu_choi'")
    assert [name for name, _ in refused] == ["bao_cao/so_lieu/none.csv"]
    assert "“Giá trị” (gia_tri)" in refused[0][1]


def test_keys_with_a_blank_part_or_another_field_tell_records_apart(ask: Ask) -> None:
    """A fee for all channels and one for a channel; counts of a procedure and of its field of work."""
    for table in ("dvc__phi", "nganh_doc__tong_hop"):
        assert ask(f"select count(*) = count(distinct _khoa) and count(_khoa) = count(*) from tho.{table}") == [(True,)]
