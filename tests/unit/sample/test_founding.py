"""What stands beside the dossiers of the founding report counts up to its printed figures."""

from __future__ import annotations

import csv
from datetime import date, datetime

import polars as pl
import pytest

from pipelines.config.paths import PROJECT_ROOT
from pipelines.sample.founding import around
from pipelines.sample.founding.catalogue import INTERNAL_FIELD, FoundingCatalogue, founding_catalogue
from pipelines.sample.founding.portal import PRINTED, portal_rows
from pipelines.sample.founding.printed import printed_figures
from pipelines.sample.world.catalogue import on_day, procedures
from pipelines.sample.world.geography import agencies

AS_OF = date(2024, 6, 30)


@pytest.fixture(scope="module")
def listed() -> FoundingCatalogue:
    return founding_catalogue(procedures())


def in_force(listed: FoundingCatalogue, day: date) -> pl.DataFrame:
    """Own and made-up procedures in force on ``day``, internal ones apart."""
    both = pl.concat([procedures(), listed.procedures], how="diagonal_relaxed")
    return on_day(both, day).filter(~pl.col("noi_bo").fill_null(value=False))


def test_printed_figures_have_one_code_each_and_known_metrics() -> None:
    figures = printed_figures()
    assert figures.height == figures["ma_so_lieu"].n_unique() == 302
    with (PROJECT_ROOT / "dbt_project" / "seeds" / "chi_tieu.csv").open(encoding="utf-8") as seed:
        known = {row["chi_tieu"] for row in csv.DictReader(seed)}
    assert set(figures["chi_tieu"]) <= known
    assert figures.filter(pl.col("gia_tri").is_null() & pl.col("gia_tri_ngay").is_null()).is_empty()


def test_the_catalogue_adds_up_to_the_report(listed: FoundingCatalogue) -> None:
    now = in_force(listed, AS_OF)
    assert now.height == now["ma_tthc"].n_unique() == 1_907
    assert dict(now["cap"].value_counts().iter_rows()) == {"tinh": 1_501, "huyen": 277, "xa": 129}
    assert dict(now["nguon"].value_counts().iter_rows()) == {"trung_uong": 1_877, "dia_phuong": 30}
    assert (now["mot_cua"].sum(), now["nam_buoc"].sum(), now["khong_giay"].sum()) == (1_759, 240, 36)
    fee = now.filter("co_phi")
    assert round(100 * fee["thanh_toan_truc_tuyen"].sum() / fee.height, 2) == 48.38
    assert listed.procedures.filter(pl.col("noi_bo")).height == 112


def test_online_services_are_those_of_their_day(listed: FoundingCatalogue) -> None:
    kinds = in_force(listed, date(2023, 12, 7)).group_by("cap", "muc_do_dvc").len().rows()
    counts = {(level, kind): count for level, kind, count in kinds if kind != "khong"}
    assert counts == {
        ("tinh", "toan_trinh"): 273, ("tinh", "mot_phan"): 209, ("huyen", "toan_trinh"): 41, ("huyen", "mot_phan"): 106,
        ("xa", "toan_trinh"): 27, ("xa", "mot_phan"): 52,
    }  # fmt: skip
    portal = dict(listed.portal["muc_do_dvc"].value_counts().iter_rows())
    assert listed.portal.height == listed.portal["ma_tthc_qg"].n_unique() == 1_934
    assert (portal["toan_trinh"], portal["mot_phan"]) == (627, 789)


def test_decisions_publish_as_many_procedures_as_printed(listed: FoundingCatalogue) -> None:
    plain = listed.documents.filter(pl.col("linh_vuc") != INTERNAL_FIELD)
    assert (plain.height, plain["so_tthc"].sum()) == (64, 417)
    assert plain["ngay"].is_between(date(2023, 12, 15), AS_OF).all()
    twice = listed.documents.filter(pl.col("so_van_ban") == "469/QĐ-UBND")
    assert sorted(twice["ngay"]) == [date(2023, 3, 31), date(2024, 3, 31)]


def test_books_petitions_courses_tasks_and_scores_are_the_printed_ones() -> None:
    world = agencies()
    books = around.books(world)
    assert (books.height, books["so_truong_hop"].sum()) == (12_791, 1_668_311)
    assert books.select("ma_don_vi", "loai_so", "quyen_so").is_duplicated().sum() == 0
    fresh = around.petitions(world).filter(pl.col("ngay_tiep_nhan") >= date(2023, 12, 15))
    assert dict(fresh["loai"].value_counts().iter_rows()) == {"quy_dinh": 14, "hanh_vi": 12}
    assert fresh["ngay_xu_ly"].count() == fresh["ngay_cong_khai"].count() == 25
    mooc = around.training().filter(pl.col("khoa_hoc").str.contains("MOOC")).row(0, named=True)
    assert mooc["dang_ky"] - mooc["hoan_thanh"] - mooc["giam_tru"] == 30
    plans = around.tasks(world).group_by("ke_hoach").len().sort("len")["len"].to_list()
    assert plans[-2:] == [42, 51]
    june = around.scores().filter((pl.col("ky") == "2024-06") & pl.col("ma_chi_so").is_in(["tong"]))
    assert june.row(0, named=True)["diem"] == 83.7
    assert around.systems().filter(pl.col("trang_thai") == "chua_ket_noi").height == 5


def test_the_portal_judges_as_many_late_as_the_report_prints() -> None:
    size, late = 10_000, 75
    received = datetime(2024, 3, 4, 8)
    ended = [datetime(2024, 3, 8, 15) if n < late else datetime(2024, 3, 6, 15) for n in range(size)]
    state = pl.DataFrame(
        {
            "ma_ho_so": [f"H02.03-240304-{n:05d}" for n in range(size)] + ["dang"],
            "ma_don_vi": "H02.03",
            "trang_thai": ["da_tra_ket_qua"] * size + ["dang_xu_ly"],
            "ngay_tiep_nhan": received,
            "ngay_hen_tra": datetime(2024, 3, 7, 17),
            "ngay_ket_thuc": [*ended, None],
            "ngay_tra": [*ended, None],
        },
        schema_overrides={"ngay_ket_thuc": pl.Datetime("us"), "ngay_tra": pl.Datetime("us")},
    )
    rows = portal_rows(state, pl.Series(["1.1"] * (size + 1)))
    assert rows.filter(pl.col("danh_gia_han") == "qua_han").height == round(size * (1 - PRINTED))
    assert rows.filter(pl.col("danh_gia_han").is_null())["ma_ho_so"].to_list() == ["dang"]
    moved = rows.filter(pl.col("ngay_hen_tra") != pl.lit(datetime(2024, 3, 7, 17)))
    assert moved.height == 36
    assert (moved["ngay_hen_tra"] < moved["ngay_ket_thuc"]).all()
    assert (rows["ngay_dong_bo"] >= rows["ngay_tiep_nhan"]).all()
