"""R12 from raw files: one verdict a dossier, keys in the published spelling, quarantined rows left out."""

from __future__ import annotations

from tests.integration.doi_soat.conftest import Ask


def test_each_dossier_has_the_first_verdict_that_applies(ask: Ask) -> None:
    rows = dict(ask("select right(ma_ho_so, 4), loai_lech from doi_soat.hai_cong"))
    assert rows == {
        "0002": "tre_trang_thai",
        "0003": "chua_dong_bo",
        "0004": "som_trang_thai",
        "0005": "khac_trang_thai",
        "0006": "khac_ket_luan",
        "0007": "khac_han",
        "9999": "chi_co_tren_cong_qg",
    }


def test_causes_are_named_where_the_data_show_them(ask: Ask) -> None:
    rows = ask("select right(ma_ho_so, 4), nguyen_nhan, so_ngay_lech from doi_soat.hai_cong")
    found = {code: (cause, days) for code, cause, days in rows}
    assert found["0006"] == ("dong_bo_ket_qua_muon", 3)
    assert found["0007"] == (None, 2)


def test_a_dossier_whose_provincial_row_is_quarantined_is_only_counted(ask: Ask) -> None:
    assert ask("select count(*) from doi_soat.hai_cong where ma_ho_so like '%0009'") == [(0,)]
    assert ask("select co_tren_cong_qg, so_ho_so from doi_soat.hai_cong_khong_xet") == [(True, 1)]


def test_months_add_up_to_the_dossiers(ask: Ask) -> None:
    rows = dict(ask("select loai_lech, sum(so_ho_so) from doi_soat.hai_cong_thang group by 1"))
    assert rows.pop("khop") == 2
    assert sum(rows.values()) == 7


def test_shares_of_both_sides_follow_from_the_dossiers(ask: Ask) -> None:
    sums = ask(
        "select sum(tu_so_tinh), sum(mau_so_tinh), sum(tu_so_qg), sum(mau_so_qg)"
        " from doi_soat.hai_cong_ty_le where chi_tieu = 'dung_han'"
    )
    assert sums == [(5, 6, 3, 5)]


def test_catalogues_differ_code_by_code_with_the_likely_match(ask: Ask) -> None:
    rows = ask("select phia_thieu, ma_tthc, ma_tthc_qg, goi_y from doi_soat.danh_muc_tthc order by 1, 2, 3")
    assert rows == [
        ("cong_qg", "BG.2", "1.000009", "1.000002 – Đăng ký khai sinh tại nhà"),
        ("cong_qg", "BG.3", None, None),
        ("tinh", None, "1.000002", "BG.2 – Đăng ký khai sinh tại nhà"),
    ]
