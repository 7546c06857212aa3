"""A warehouse of a dozen dossiers on two portals and four short reports, from raw files through intake and dbt."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines import nightly
from pipelines.config.paths import PROJECT_ROOT
from pipelines.job import load_job
from pipelines.warehouse import dbt
from pipelines.warehouse.runs import set_parameters

AS_OF = date(2025, 9, 30)
Ask = Callable[[str], list[tuple[Any, ...]]]


def build(root: Path) -> duckdb.DuckDBPyConnection:
    """Load what lies in ``root/raw``, build the models of schema ``doi_soat``; the warehouse, read-only."""
    job = load_job(root)
    run = nightly.prepare(job, AS_OF)
    nightly.ingest(job, run)
    with job.warehouse() as connection:
        set_parameters(connection, run)
    # Tests that also read tables which this selection does not build.
    apart = ["giai_quyet_thang_can_doi", "chi_so_766__diem_mat_cong_dung"]
    nodes = dbt.build(job.paths, select=["+path:models/marts/doi_soat"], exclude=apart)
    assert [node.unique_id for node in nodes if not node.ok] == []
    return duckdb.connect(str(job.paths.warehouse_file), read_only=True)


def write(root: Path, files: dict[str, str]) -> None:
    """Raw files by their path below ``raw/``."""
    for name, text in files.items():
        path = root / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


AGENCIES = """ma_don_vi,ten_don_vi,cap,hieu_luc_tu
H02.03,Sở Tư pháp,tinh,2015-01-01
H02.21,UBND xã Tân An,xa,2015-01-01
"""
PROCEDURES = """ma_tthc,ma_tthc_qg,ten_tthc,cap,thoi_han,don_vi_thoi_han,hieu_luc_tu
BG.1,1.000001,Cấp bản sao trích lục,tinh,5,ngay_lam_viec,2020-01-01
BG.2,1.000009,Đăng ký khai sinh tại nhà,xa,5,ngay_lam_viec,2020-01-01
BG.3,,Xác nhận tình trạng nhà ở,xa,5,ngay_lam_viec,2020-01-01
"""
PORTAL_PROCEDURES = """ma_tthc_qg,ten_tthc,cap
1.000001,Cấp bản sao trích lục,tinh
1.000002,Đăng ký khai sinh tại nhà,xa
"""
_HEAD = "ma_ho_so,ma_tthc,ma_don_vi,kenh,ngay_tiep_nhan,ngay_hen_tra,ngay_ket_thuc,trang_thai\n"
_DONE = "da_tra_ket_qua"
DOSSIERS = _HEAD + "".join(
    f"H02.03-250303-00{number},BG.1,H02.03,{channel},2025-03-03 09:00,{due},{end},{status}\n"
    for number, channel, due, end, status in [
        ("01", "truc_tuyen", "2025-03-10 17:00", "2025-03-07 09:00", _DONE),
        ("02", "truc_tuyen", "2025-03-10 17:00", "2025-03-07 09:00", _DONE),
        ("03", "truc_tuyen", "2025-03-10 17:00", "2025-03-07 09:00", _DONE),
        ("04", "truc_tiep", "2025-03-10 17:00", "", "dang_xu_ly"),
        ("05", "truc_tiep", "2025-03-10 17:00", "2025-03-06 09:00", "cong_dan_rut"),
        ("06", "truc_tiep", "2025-03-10 17:00", "2025-03-10 09:00", _DONE),
        ("07", "truc_tuyen", "2025-03-10 17:00", "2025-03-10 09:00", _DONE),
        ("08", "truc_tuyen", "2025-03-10 17:00", "2025-03-12 09:00", _DONE),
        ("09", "truc_tuyen", "2025-03-10 17:00", "2025-03-07 09:00", "trạng thái lạ"),
    ]
)
_PORTAL_HEAD = "ma_ho_so,ma_don_vi,trang_thai,ngay_tiep_nhan,ngay_hen_tra,ngay_ket_thuc,ngay_dong_bo,danh_gia_han\n"
PORTAL_DOSSIERS = _PORTAL_HEAD + "".join(
    f"{code},H02.03,{status},2025-03-03 09:00,{due},{end},2025-03-08 08:00,{verdict}\n"
    for code, status, due, end, verdict in [
        ("000.00.03.H02-250303-0001", _DONE, "2025-03-10 00:00", "2025-03-07 09:00", "dung_han"),
        ("H02.03-250303-0002", "dang_xu_ly", "2025-03-10 17:00", "", ""),
        ("H02.03-250303-0004", _DONE, "2025-03-10 17:00", "2025-03-07 09:00", ""),
        ("H02.03-250303-0005", "dang_xu_ly", "2025-03-10 17:00", "", ""),
        ("H02.03-250303-0006", _DONE, "2025-03-10 17:00", "2025-03-13 09:00", "qua_han"),
        ("H02.03-250303-0007", _DONE, "2025-03-12 17:00", "2025-03-10 09:00", "dung_han"),
        ("H02.03-250303-0008", _DONE, "2025-03-10 17:00", "2025-03-12 09:00", ""),
        ("H02.03-250303-0009", _DONE, "2025-03-10 17:00", "2025-03-07 09:00", "dung_han"),
        ("H02.03-250303-9999", "dang_xu_ly", "2025-03-10 17:00", "", ""),
    ]
)
_REPORT_HEAD = "ma_bao_cao,ma_so_lieu,chi_tieu,tu_ngay,den_ngay,pham_vi,gia_tri,don_vi_tinh,tu_so,mau_so,thuoc_tong\n"
REPORTS = _REPORT_HEAD + "".join(
    line + "\n"
    for line in [
        # the warehouse's own month of March, one figure wrong
        "R-1,01,tiep_nhan,2025-03-01,2025-03-31,toan_tinh,8,hồ sơ,,,",
        "R-1,02,truc_tuyen,2025-03-01,2025-03-31,toan_tinh,6,hồ sơ,,,",
        "R-1,03,dang_giai_quyet,,2025-03-31,toan_tinh,1,hồ sơ,,,",
        "R-1,04,da_giai_quyet,2025-03-01,2025-03-31,H02.03,6,hồ sơ,,,",
        'R-1,05,ty_le_dung_va_truoc_han,2025-03-01,2025-03-31,tinh,"83,3",%,,,',
        "R-1,06,tiep_nhan,2024-12-15,2025-03-14,toan_tinh,8,hồ sơ,,,",
        "R-1,07,chi_tieu_chua_co,2025-03,2025-03,toan_tinh,8,hồ sơ,,,",
        # two partitions of one total, one of them wrong; a total that was never sent
        "R-2,01,tiep_nhan,2023-12-15,2024-06-30,toan_tinh,100,hồ sơ,,,",
        "R-2,011,truc_tuyen,2023-12-15,2024-06-30,toan_tinh,70,hồ sơ,,,01",
        "R-2,012,truc_tiep_buu_chinh,2023-12-15,2024-06-30,toan_tinh,20,hồ sơ,,,01",
        "R-2,013,ky_truoc,2023-12-15,2024-06-30,toan_tinh,10,hồ sơ,,,01",
        "R-2,021,tiep_nhan,2023-12-15,2024-06-30,tinh,50,hồ sơ,,,01",
        "R-2,022,tiep_nhan,2023-12-15,2024-06-30,huyen,30,hồ sơ,,,01",
        "R-2,023,tiep_nhan,2023-12-15,2024-06-30,xa,19,hồ sơ,,,01",
        "R-2,03,the_can_cuoc,2023-12-15,2024-06-30,toan_tinh,5,thẻ,,,99",
        # levels after the districts ended; a balance that holds only as the form folds it
        "R-3,01,da_giai_quyet,2025-07-01,2025-09-30,toan_tinh,90,hồ sơ,,,",
        "R-3,02,da_giai_quyet,2025-07-01,2025-09-30,tinh,60,hồ sơ,,,",
        "R-3,03,da_giai_quyet,2025-07-01,2025-09-30,xa,30,hồ sơ,,,",
        "R-3,04,tiep_nhan,2025-07-01,2025-09-30,toan_tinh,100,hồ sơ,,,",
        "R-3,05,tra_lai,2025-07-01,2025-09-30,toan_tinh,4,hồ sơ,,,",
        "R-3,06,dang_giai_quyet,,2025-09-30,toan_tinh,10,hồ sơ,,,",
        # totals whose parts add up, one of them outside what the relation declares; R-8: parts that do not
        *(
            f"{report},{line}"
            for report, finished in (("R-7", 820), ("R-8", 830))
            for line in (
                f"01,da_giai_quyet,2024-01-01,2024-03-31,toan_tinh,{finished},hồ sơ,,,",
                "011,truoc_han,2024-01-01,2024-03-31,toan_tinh,500,hồ sơ,,,01",
                "012,dung_han,2024-01-01,2024-03-31,toan_tinh,280,hồ sơ,,,01",
                "013,qua_han,2024-01-01,2024-03-31,toan_tinh,20,hồ sơ,,,01",
                "014,tra_lai,2024-01-01,2024-03-31,toan_tinh,20,hồ sơ,,,01",
            )
        ),
        "R-7,02,tiep_nhan,2024-01-01,2024-03-31,toan_tinh,200,hồ sơ,,,",
        "R-7,021,truc_tuyen,2024-01-01,2024-03-31,toan_tinh,100,hồ sơ,,,02",
        "R-7,022,truc_tiep_buu_chinh,2024-01-01,2024-03-31,toan_tinh,60,hồ sơ,,,02",
        "R-7,023,ma_khong_biet,2024-01-01,2024-03-31,toan_tinh,40,hồ sơ,,,02",
        # repeats, and a share without its numerator
        'R-4,01,satisfaction_tthc_rate,2024-07,2024-07,toan_tinh,"97,92",%,,,',
        'R-4,02,satisfaction_tthc_rate,2024-07,2024-07,toan_tinh,"97,9",%,,,',
        'R-4,03,satisfaction_tthc_rate,2024-07,2024-07,toan_tinh,"97,8",%,,,',
        "R-4,04,satisfaction_feedback_rate,2024-07,2024-07,toan_tinh,93,%,,400,",
    ]
)

# a title of other days than its figures; levels that leave other late dossiers; parts larger than their wholes.
# an undated dossier of the province, of which the levels say nothing.
_WINDOW = "2023-12-15,2024-06-30"
BOUNDS = "ma_bao_cao,ma_so_lieu,chi_tieu,tu_ngay,den_ngay,pham_vi,gia_tri,gia_tri_ngay,don_vi_tinh\n" + "".join(
    line + "\n"
    for line in [
        "R-5,01,reporting_window_months,2024-01,2024-06,X / toàn tỉnh,6,,tháng",
        f"R-5,02,data_window_start,{_WINDOW},X / toàn tỉnh,,15/12/2023,",
        f"R-5,03,data_window_end,{_WINDOW},X / toàn tỉnh,,30/6/2024,",
        *(
            line
            for report in ("R-5", "R-6")
            for line in (
                f"{report},10,qua_han,{_WINDOW},toan_tinh,30,,hồ sơ",
                f"{report},11,da_giai_quyet,{_WINDOW},tinh,500,,hồ sơ",
                f"{report},12,dung_va_truoc_han,{_WINDOW},tinh,490,,hồ sơ",
                f"{report},13,da_giai_quyet,{_WINDOW},huyen,400,,hồ sơ",
                f"{report},14,dung_va_truoc_han,{_WINDOW},huyen,396,,hồ sơ",
                f"{report},15,da_giai_quyet,{_WINDOW},xa,300,,hồ sơ",
                f"{report},16,dung_va_truoc_han,{_WINDOW},xa,294,,hồ sơ",
            )
        ),
        f"R-6,17,khong_han,{_WINDOW},toan_tinh,10,,hồ sơ",
        f"R-5,20,tiep_nhan,{_WINDOW},X / cấp huyện,40,,hồ sơ",
        f"R-5,21,tiep_nhan,{_WINDOW},X / cấp xã,60,,hồ sơ",
        "R-5,22,e_certified_copy_dossiers,,2024-06-30,X / cấp huyện / A,60,,hồ sơ",
        "R-5,23,e_certified_copy_dossiers,,2024-06-30,X / cấp huyện / B,50,,hồ sơ",
        'R-5,30,tthc_with_payment_transaction_rate,,2024-06,toan_tinh,"48,38",,%',
        'R-5,31,tthc_fee_on_national_portal_rate,,2024-06,toan_tinh,"48,38",,%',
        'R-5,40,index766_progress_rate,,2024-06,toan_tinh,"99,50",,%',
        'R-5,41,index766_online_on_time_rate,,2024-06,toan_tinh,"99,0",,%',
        "R-5,42,index766_online_submission_rate,,2024-06,toan_tinh,80,,%",
        "R-5,50,population_db_lookups,,2024-04-14,toan_tinh,163229,,lượt",
        "R-6,50,population_db_lookups,,2024-06-10,toan_tinh,192656,,lượt",
        "R-9,50,population_db_lookups,,2024-07-10,toan_tinh,190000,,lượt",
        "R-9,51,population_db_lookups,,2024-07-10,xa,5,,lượt",
        "R-9,52,population_db_lookups,2024-07-01,2024-07-31,toan_tinh,9000,,lượt",
    ]
)


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Rows of a query on the built warehouse."""
    root = tmp_path_factory.mktemp("doi_soat") / "data"
    write(
        root,
        {
            "dvc/co_quan/co_quan.csv": AGENCIES,
            "dvc/tthc/tthc.csv": PROCEDURES,
            "dvc/ho_so/ho_so.csv": DOSSIERS,
            "dvcqg/ho_so/cong.csv": PORTAL_DOSSIERS,
            "dvcqg/tthc/danh_muc.csv": PORTAL_PROCEDURES,
            "bao_cao/so_lieu/bao_cao.csv": REPORTS,
            "bao_cao/so_lieu/gioi_han.csv": BOUNDS,
        },
    )
    with build(root) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def founding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """The figures of four real reports, where they are at hand."""
    beside = PROJECT_ROOT.parent / "shared" / "data" / "figures_reports.csv"
    source = Path(os.environ.get("KHO_SO_LIEU_BAO_CAO", str(beside)))
    if not source.exists():
        pytest.skip("the figures of the founding reports are not on this machine")
    root = tmp_path_factory.mktemp("bao_cao_goc") / "data"
    write(root, {"bao_cao/so_lieu/so_lieu.csv": source.read_text(encoding="utf-8")})
    with build(root) as connection:
        yield lambda sql: connection.execute(sql).fetchall()
