"""Figures of the newer marts computed by hand from the few rows of ``messy``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest

from .conftest import Ask

YEAR = "date '2025-01-01', date '2025-12-31'"
MARCH = "date '2025-03-01', date '2025-03-31'"


def test_dossiers_show_who_handed_in_how_it_went_back_and_due_dates_side_by_side(ask: Ask) -> None:
    assert ask(
        "select nop_ho, tai_khoan, hinh_thuc_tra, so_ban_sao, han_tinh_lai, han_khong_tam_dung, han_theo_ngay_lich "
        "from tthc.ho_so order by ma_ho_so desc limit 2"
    ) == [
        (None, None, "truc_tiep", 5, date(2025, 3, 11), date(2025, 3, 11), date(2025, 3, 9)),
        (True, "vneid", "buu_chinh", 3, date(2025, 3, 10), date(2025, 3, 10), date(2025, 3, 8)),
    ]


def test_the_catalogue_shows_its_new_marks(ask: Ask) -> None:
    assert ask(
        "select nam_buoc, khong_giay, noi_bo, lien_thong, chi_truc_tuyen from tthc.danh_muc "
        "where hieu_luc_den is null order by ma_tthc"
    ) == [(True, None, None, None, False), (None, True, None, "LTKS", None)]


def test_steps_have_their_class_and_working_hours(ask: Ask) -> None:
    assert ask("select loai_buoc, so_gio_den_buoc_sau, la_buoc_cuoi from tthc.buoc_ho_so order by thoi_diem") == [
        ("khac", 8.0, False),
        ("tham_dinh", 20.0, False),
        ("trinh_ky", None, True),
    ]


def test_payments_by_channel_result_and_error(ask: Ask) -> None:
    assert ask(
        "select ky, ma_don_vi, ma_tthc, kenh, ket_qua, ma_loi, so_giao_dich, so_ho_so, so_tien from tthc.thanh_toan "
        "order by so_tien, kenh"
    ) == [
        ("2025-04", None, None, "tinh", "that_bai", "E1", 1, 1, Decimal("5000.00")),
        ("2025-03", "H02.21", "BG.1", "dvcqg", "thanh_cong", None, 1, 1, Decimal("10000.00")),
        ("2025-03", "H02.21", "BG.1", "dvcqg", "that_bai", "E24", 1, 1, Decimal("20000.00")),
        ("2025-03", "H02.21", "BG.1", "quay", "thanh_cong", None, 1, 1, Decimal("20000.00")),
    ]


def test_fees_against_the_fee_in_force_that_day_for_that_channel(ask: Ask) -> None:
    assert ask("select ma_ho_so, phi_phai_thu, phi_da_thu, loai, so_van_ban from tthc.thu_sai_phi order by 1") == [
        ("H02.21-250303-0001", Decimal("0.00"), Decimal("10000.00"), "thu_khi_mien", "05/NQ-HĐND"),
        ("H02.21-250304-0002", Decimal("10000.00"), Decimal("20000.00"), "thu_cao_hon", "12/NQ-HĐND"),
    ]


def test_fees_through_time_with_those_in_force(ask: Ask) -> None:
    assert ask("select ma_tthc, kenh, phi_phai_thu, mien, so_van_ban, hien_hanh from tthc.phi order by 3") == [
        ("BG.1", "truc_tuyen", Decimal("0.00"), True, "05/NQ-HĐND", True),
        ("BG.1", None, Decimal("10000.00"), False, "12/NQ-HĐND", True),
    ]


def test_certified_copies_never_exceed_the_dossiers_of_the_unit(ask: Ask) -> None:
    assert ask("select ky, ma_don_vi, so_ho_so, so_ban_sao, tong_ho_so from tthc.chung_thuc order by 1, 2") == [
        ("2025-03", "H02.03", 0, None, 1),
        ("2025-03", "H02.21", 2, 8, 2),
        ("2025-04", "H02.03", 0, None, 1),
    ]


def test_post_counts_and_days(ask: Ask) -> None:
    assert ask("select ky, ma_don_vi, loai, so_luong, da_phat, hoan, trung_vi_ngay, p95_ngay from tthc.buu_gui") == [
        ("2025-03", "H02.21", "tra_ket_qua", 3, 2, 1, 1, 3)
    ]


def test_coverage_of_the_portal(ask: Ask) -> None:
    assert ask("select ky, ma_he_thong, tren_cong, ngoai_cong, ty_le_phu from tthc.do_phu") == [
        ("2025-03", "C06", 2, 6, 0.25)
    ]


def test_decisions_and_their_delay(ask: Ask) -> None:
    assert ask("select so_van_ban, ngay, so_tthc, so_ngay_cham, trung_so from tthc.cong_bo order by 1, 2") == [
        ("100/QĐ-UBND", date(2025, 3, 15), 1, 10, False),
        ("200/QĐ-UBND", date(2025, 3, 20), 2, None, True),
        ("200/QĐ-UBND", date(2025, 3, 21), 2, None, True),
    ]


def test_the_calendar_is_public(ask: Ask) -> None:
    assert ask(
        "select la_ngay_lam_viec, ten_ngay_nghi is not null, can_cu is not null from tthc.lich "
        "where ngay in (date '2025-09-02', date '2025-09-03', date '2025-09-06') order by ngay"
    ) == [(False, True, True), (True, False, False), (False, False, False)]


def test_systems_and_outages(ask: Ask) -> None:
    assert ask("select ma_he_thong, ten, trang_thai, qua, hien_hanh from he_thong.ket_noi order by 1, hieu_luc_tu") == [
        ("HT1", "Phần mềm chứng thực", "chua_ket_noi", "ndxp", False),
        ("HT1", "Phần mềm chứng thực", "da_ket_noi", "ndxp", True),
        ("HT2", "Phần mềm của ông •••", "da_ket_noi", "lgsp", True),
    ]
    # 10:00-14:00 with another within it: 240 minutes, of them 90 before noon and 30 after; 29/9 16:00 to the end of
    # 30/9: 32 hours, of them one hour and one whole day of seven.
    assert ask(
        "select ky, ma_he_thong, so_lan, so_phut, so_phut_gio_lam_viec, so_ho_so_dang_xu_ly, so_ho_so_den_han "
        "from he_thong.gian_doan order by 1"
    ) == [("2025-03", "HT1", 2, 240, 120, 1, 0), ("2025-09", "HT1", 1, 1920, 480, None, None)]


def test_tasks_are_late_or_not_and_name_nobody(ask: Ask) -> None:
    assert ask("select ma_nhiem_vu, ten_nhiem_vu, con_lai_ngay, qua_han from dieu_hanh.nhiem_vu order by 1") == [
        ("NV1", "Giao bà ••• số hóa sổ", 0, False),
        ("NV2", "Rà soát thủ tục", None, True),
        ("NV3", "Họp giao ban", None, None),
    ]
    assert ask("select ma_don_vi, trang_thai, so_nhiem_vu, qua_han from dieu_hanh.nhiem_vu_ke_hoach order by 1, 2") == [
        ("H02.03", "dang_lam", 1, 0),
        ("H02.03", "xong", 1, 1),
        ("H02.21", "dang_lam", 1, 0),
    ]


def test_training_takes_the_newest_totals_not_after_the_day(ask: Ask) -> None:
    assert ask(
        "select ma_don_vi, dang_ky, hoan_thanh, ty_le_dang_ky, ty_le_kich_hoat, ty_le_hoan_thanh, ty_le_chung_chi, "
        "chua_ro from dieu_hanh.dao_tao order by 1"
    ) == [("H02.03", None, None, None, None, None, None, None), ("H02.21", 20, 15, 0.5, 0.8, 0.75, 0.3, 3)]


def test_targets_by_scope(ask: Ask) -> None:
    found = ask(
        "select ma_chi_tieu, pham_vi, ky, muc_tieu, round(thuc_hien, 4), dat from dieu_hanh.chi_tieu order by 1, 2, 3"
    )
    assert found == [
        ("chi_tieu_chua_co", "toan_tinh", "2025-03", 5.0, None, None),
        ("qua_han", "H02.21", "2025-03", 0.0, 1.0, False),
        ("qua_han", "H02.21", "2025-04", 0.0, 1.0, False),
        ("tiep_nhan", "H02.77", "2025-03", 5.0, None, None),
        ("tiep_nhan", "xa", "2025-03", 2.0, 2.0, True),
        ("ty_le_truc_tuyen", "toan_tinh", "2025-03", 0.8, 0.3333, False),
    ]


def test_facilities_that_fell_silent(ask: Ask) -> None:
    assert ask(
        "select ma_co_so, ten_co_so, ky, so_gui, ty_le, im_lang_thang from ho_tich.co_so_y_te order by 1, 3"
    ) == [
        ("24001", "Bệnh viện tỉnh", "2025-01", 800, 0.8, 0),
        ("24001", "Bệnh viện tỉnh", "2025-02", None, None, 1),
        ("24001", "Bệnh viện tỉnh", "2025-03", 0, 0.0, 2),
        ("24002", "Phòng khám bác sĩ •••", "2025-02", 4, 1.0, 0),
        ("24002", "Phòng khám bác sĩ •••", "2025-03", None, None, 1),
    ]


def test_petitions_keep_their_sums_and_show_no_text_that_no_catalogue_has(ask: Ask) -> None:
    assert ask(
        "select ky, ma_don_vi, loai, linh_vuc, nganh_doc, tiep_nhan, dung_han, qua_han from tthc.pakn order by all"
    ) == [
        ("2025-02", "H02.21", "quy_dinh", "Hộ tịch", None, 1, 0, 1),
        ("2025-03", "H02.21", "quy_dinh", None, None, 1, 0, 0),
        ("2025-03", "H02.90", "hanh_vi", "(ngoài danh mục)", True, 1, 0, 1),
        ("2025-03", "H02.90", "hanh_vi", "Hộ tịch", True, 1, 1, 0),
    ]


def test_petitions_of_a_window_balance(ask: Ask) -> None:
    found = ask(
        "select pham_vi, tiep_nhan, ky_truoc, da_xu_ly, dung_han, qua_han, dang_xu_ly, dang_qua_han, ty_le_hai_long "
        f"from tthc.bieu_pakn({MARCH})"
    )
    assert found == [
        ("toan_tinh", 3, 1, 2, 1, 1, 2, 2, 0.5),
        ("tinh", 2, 0, 2, 1, 1, 0, 0, 0.5),
        ("huyen", 0, 0, 0, 0, 0, 0, 0, None),
        ("xa", 1, 1, 0, 0, 0, 2, 2, None),
    ]
    assert ask(f"select ma_don_vi, ten_don_vi, tiep_nhan from tthc.bieu_pakn_don_vi({MARCH})") == [
        ("H02.21", "UBND xã Tân An", 1),
        ("H02.90", "Công an tỉnh", 2),
    ]


def test_other_windows_by_province_and_agency(ask: Ask) -> None:
    assert ask(f"select pham_vi, ly_do, so_ho_so, cong_dan_rut from tthc.bieu_tra_lai({MARCH})") == [
        ("toan_tinh", "Thành phần hồ sơ chưa đầy đủ", 1, 1),
        ("tinh", "Thành phần hồ sơ chưa đầy đủ", 1, 1),
    ]
    assert ask(f"select ma_don_vi, ten_don_vi, so_ho_so from tthc.bieu_tra_lai_don_vi({MARCH})") == [
        ("H02.03", "Sở Tư pháp", 1)
    ]
    assert ask(f"select ma_tthc, ten_tthc, so_ho_so, truc_tuyen, ty_le from tthc.bieu_thiet_yeu({MARCH})") == [
        ("BG.1", "Chứng thực bản sao từ bản chính", 2, 1, 0.5),
        ("BG.2", "Đăng ký khai sinh", 1, 0, 0.0),
    ]
    assert ask(f"select ma_don_vi, so_ho_so, truc_tuyen from tthc.bieu_thiet_yeu_don_vi({YEAR})") == [
        ("H02.03", 2, 1),
        ("H02.21", 2, 1),
    ]
    assert ask(f"select pham_vi, tiep_nhan, so_hoa_ho_so, ty_le_so_hoa from tthc.bieu_so_hoa({MARCH})")[0] == (
        "toan_tinh", 3, 0, 0.0,
    )  # fmt: skip
    assert ask(
        "select pham_vi, so_giao_dich, thanh_cong, that_bai, thanh_cong_dvcqg, thanh_cong_quay, so_ho_so, so_tien "
        f"from tthc.bieu_thanh_toan({YEAR}) where pham_vi in ('toan_tinh', 'xa', 'khong_ro')"
    ) == [
        ("toan_tinh", 4, 2, 2, 1, 1, 2, Decimal("30000.00")),
        ("xa", 3, 2, 1, 1, 1, 2, Decimal("30000.00")),
        ("khong_ro", 1, 0, 1, 0, 0, 0, Decimal("0.00")),
    ]
    assert ask(f"select ma_don_vi, ten_don_vi, so_giao_dich from tthc.bieu_thanh_toan_don_vi({YEAR})") == [
        ("H02.21", "UBND xã Tân An", 3),
        (None, None, 1),
    ]


@pytest.mark.parametrize(
    ("macro", "window", "columns", "name"),
    [
        ("bieu_giai_quyet_don_vi", MARCH, "ma_don_vi, ten_don_vi", "Sở Tư pháp"),
        ("bieu_giai_quyet_don_vi", YEAR, "ma_don_vi, ten_don_vi", "Sở Tư pháp và Nội vụ"),
        ("bieu_giai_quyet_don_vi_hien_nay", YEAR, "ma_don_vi_hien_nay, ten_don_vi", "Sở Tư pháp và Nội vụ"),
        ("bieu_giai_quyet_phan_bo", YEAR, "ma_don_vi_hien_nay, ten_don_vi", "Sở Tư pháp và Nội vụ"),
        ("bieu_giai_quyet_tthc", MARCH, "ma_tthc, ten_tthc", "Đăng ký khai sinh"),
        ("bieu_giai_quyet_tthc", YEAR, "ma_tthc, ten_tthc", "Đăng ký khai sinh, cấp thẻ"),
    ],
)
def test_names_are_those_of_the_last_day_and_double_no_row(
    ask: Ask, macro: str, window: str, columns: str, name: str
) -> None:
    found = ask(f"select {columns}, tiep_nhan from tthc.{macro}({window})")
    assert name in [row[1] for row in found]
    assert len({row[0] for row in found}) == len(found)
    assert sum(row[2] for row in found) == ask(f"select tiep_nhan from tthc.bieu_giai_quyet({window}) limit 1")[0][0]


def test_a_window_that_runs_backwards_is_an_error_in_words(ask: Ask) -> None:
    macros = ask(
        "select distinct schema_name || '.' || function_name from duckdb_functions() where function_name like 'bieu%'"
    )
    assert len(macros) >= 18
    for (macro,) in macros:
        with pytest.raises(duckdb.Error, match=r"ngày đầu .* sau ngày cuối"):
            ask(f"from {macro}(date '2025-03-31', date '2025-03-01')")
