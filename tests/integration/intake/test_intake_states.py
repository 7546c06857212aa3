"""Repeats, copies, corrections and order of arrival (rule R8); a run that is cut off loses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_exports import HEADERS, ROWS, csv_text, workbook

from pipelines.intake.loaded.ledger import Ledger
from pipelines.intake.loaded.load import Counts
from pipelines.warehouse import order

NEWEST = """
    SELECT t.ma_ho_so, t.trang_thai, f.ten_tep, t._dong FROM (
        SELECT t.*, row_number() OVER (
            PARTITION BY t._khoa ORDER BY coalesce(t._thoi_diem, f.thoi_diem) DESC, f.thoi_diem DESC,
            f.sha256 DESC, t._thu_tu DESC
        ) AS hang FROM tho.dvc__ho_so t JOIN so_cai.tep f ON f.ma_tep = t._ma_tep
    ) t JOIN so_cai.tep f ON f.ma_tep = t._ma_tep WHERE hang = 1 ORDER BY 1
"""
EVERYTHING = "SELECT * FROM tho.dvc__ho_so ORDER BY _khoa, _gia_tri"
FINDINGS = "SELECT * FROM so_cai.loi_gia_tri ORDER BY ALL"
CLEARED = (
    "tho.dvc__ho_so",
    "lan_thay.dvc__ho_so",
    *(f"so_cai.{name}" for name in ("tep", "lan_chay", "trang_tinh", "loi_gia_tri", "loi_lan_thay", "lan_dau")),
    "so_cai.ngay_su_kien",
)
LEDGER = "SELECT * FROM so_cai.tep ORDER BY ma_tep"


def state(status: str, exported: str | None, *, key: str = "H02.01-250203-0001") -> str:
    row: list[str | None] = [key, *ROWS[0][1:5], status, None]
    return csv_text([row], titles=[f"Thời điểm kết xuất: {exported}", ""] if exported else [])


def test_same_bytes_again_are_a_copy_and_load_nothing(warehouse):
    warehouse.put("dvc/ho_so", "T4/hoso.csv", csv_text())
    warehouse.put("dvc/ho_so", "T5/hoso (1).csv", csv_text())
    files = {item.path: item for item in warehouse.run().files}
    assert files["dvc/ho_so/T4/hoso.csv"].status == "da_nap"
    assert files["dvc/ho_so/T5/hoso (1).csv"].status == "trung"
    assert warehouse.sql("SELECT trang_thai, goc_ten, so_dong_doc, length(ma_tep) FROM so_cai.tep ORDER BY 1") == [
        ("da_nap", "hoso", 5, 16),
        ("trung", "hoso", None, 23),
    ]
    before = warehouse.sql(LEDGER), warehouse.sql(EVERYTHING)
    assert {item.status for item in warehouse.run().files} == {"da_biet"}
    assert (warehouse.sql(LEDGER), warehouse.sql(EVERYTHING)) == before


def test_same_bytes_in_another_feed_are_that_feeds_file(warehouse):
    text = csv_text(
        [["H02.01-250203-0001", "03/02/2025 07:22", "4", "H02.01", "05/02/2025"]],
        ["Mã hồ sơ", "Thời điểm", "Trạng thái", "Mã đơn vị", "Ngày đồng bộ"],
    )
    warehouse.put("dvc/qua_trinh", "a.csv", text)
    warehouse.put("dvcqg/ho_so", "a.csv", text)
    assert [item.status for item in warehouse.run().files] == ["da_nap", "da_nap"]
    assert warehouse.sql("SELECT count(DISTINCT ma_tep) FROM so_cai.tep") == [(2,)]


def test_a_copy_of_a_refused_file_is_a_copy_until_the_file_can_be_read(warehouse):
    bad = csv_text().replace("Trạng thái", "Tình hình lạ", 1)
    warehouse.put("dvc/ho_so", "a.csv", bad)
    warehouse.put("dvc/ho_so", "b/a (1).csv", bad)
    assert [item.status for item in warehouse.run().files] == ["tu_choi", "trung"]
    before = warehouse.sql(LEDGER)
    assert [item.status for item in warehouse.run().files] == ["tu_choi", "trung"]
    assert warehouse.sql(LEDGER) == before


def test_a_refused_file_is_read_once_its_contract_knows_it(warehouse):
    from dataclasses import replace

    bad = csv_text().replace("Trạng thái", "Tình hình lạ", 1)
    assert warehouse.run_one("dvc/ho_so", "a.csv", bad).status == "tu_choi"
    contract = warehouse.contracts["dvc/ho_so"]
    fields = tuple(
        replace(f, headers=(*f.headers, "Tình hình lạ")) if f.name == "trang_thai" else f for f in contract.fields
    )
    warehouse.contracts["dvc/ho_so"] = replace(contract, fields=fields)
    report = warehouse.run().files[0]
    assert (report.status, report.counts.loaded) == ("da_nap", 5)
    assert warehouse.sql("SELECT trang_thai, so_lan, nhan_luc, ly_do FROM so_cai.tep") == [
        ("da_nap", 2, datetime(2025, 10, 2, 6), None)
    ]


def test_repeats_in_a_file_and_across_files_are_counted_not_loaded(warehouse):
    assert warehouse.run_one("dvc/ho_so", "a.csv", csv_text([*ROWS, *ROWS[:2]])).counts == Counts(7, 5, 0, 2)
    other = workbook({"S": [HEADERS, *ROWS, ["H02.09-250301-0001", *ROWS[0][1:]]]})
    assert warehouse.run_one("dvc/ho_so", "b.xlsx", other).counts == Counts(6, 1, 0, 5)


def test_both_spellings_of_a_dossier_code_are_one_key(warehouse):
    warehouse.put("dvc/ho_so", "a.csv", state("Đang xử lý", "01/03/2025 08:00", key="H02.28-240614-0001"))
    warehouse.put("dvc/ho_so", "b.csv", state("Đã xử lý xong", "02/03/2025 08:00", key="000.00.28.H02-240614-0001"))
    warehouse.run()
    assert [row[:2] for row in warehouse.sql(NEWEST)] == [("H02.28-240614-0001", "da_xu_ly_xong")]
    assert warehouse.sql("SELECT count(*) FROM tho.dvc__ho_so") == [(2,)]


def _arrive(warehouse: Any, texts: dict[str, str], order: tuple[str, ...]) -> tuple[Any, ...]:
    for table in ("tho.dvc__ho_so", "so_cai.tep", "so_cai.trang_tinh", "so_cai.loi_gia_tri"):
        warehouse.sql(f"DELETE FROM {table}")
    for path in warehouse.paths.raw.rglob("*.csv"):
        path.unlink()
    for name in order:
        warehouse.put("dvc/ho_so", name, texts[name])
        warehouse.run()
    return (
        warehouse.sql(NEWEST),
        warehouse.sql(EVERYTHING),
        warehouse.sql("SELECT * FROM so_cai.loi_gia_tri ORDER BY ALL"),
    )


def test_order_of_arrival_does_not_matter(warehouse):
    texts = {
        "a.csv": state("Đang xử lý", "01/03/2025 08:00"),
        "b.csv": state("Yêu cầu bổ sung", "02/03/2025 08:00"),
        "c.csv": state("Đang xử lý", "03/03/2025 08:00").replace("024190001234", "24190001234"),
        "d.csv": state("Đã xử lý xong", "15/02/2025 08:00"),
    }
    results = [_arrive(warehouse, texts, order) for order in permutations(texts)]
    assert all(result == results[0] for result in results)
    assert results[0][0] == [("H02.01-250203-0001", "dang_xu_ly", "dvc/ho_so/c.csv", 4)]
    assert len(results[0][1]) == 3
    assert [row[4:] for row in results[0][2]] == [("so_dinh_danh", "da_khoi_phuc")]


def test_an_exact_repeat_moves_the_sighting_and_not_the_day_on_which_the_state_began(warehouse):
    for name, exported in (("b.csv", "10/03/2025 08:00"), ("c.csv", "20/03/2025 08:00"), ("a.csv", "01/03/2025 08:00")):
        warehouse.run_one("dvc/ho_so", name, state("Đang xử lý", exported))
    assert warehouse.sql(
        "SELECT n.ten_tep, d.ten_tep FROM tho.dvc__ho_so t JOIN so_cai.tep n ON n.ma_tep = t._ma_tep "
        "JOIN so_cai.tep d ON d.ma_tep = t._tep_dau"
    ) == [("dvc/ho_so/c.csv", "dvc/ho_so/a.csv")]


def test_window_then_latest_event_stand_in_for_the_export_time(warehouse):
    warehouse.put("dvc/ho_so", "a.csv", csv_text(titles=["Từ ngày 15/12/2024 đến ngày 14/03/2025"]))
    warehouse.put("dvc/ho_so", "b.csv", csv_text([*ROWS[:1], [*ROWS[1][:4], "01/01/2031", *ROWS[1][5:]]]))
    warehouse.run()
    assert warehouse.sql("SELECT xuat_luc, su_kien_cuoi, thoi_diem FROM so_cai.tep ORDER BY ten_tep") == [
        (datetime(2025, 3, 14, 23, 59, 59), datetime(2025, 2, 7, 16, 45), datetime(2025, 3, 14, 23, 59, 59)),
        (None, datetime(2025, 2, 3, 7, 22), datetime(2025, 2, 3, 7, 22)),
    ]


def test_the_days_that_a_title_states_are_kept_with_the_file_rows_or_not(warehouse):
    title = "Từ ngày 15/12/2024 đến ngày 14/03/2025"
    warehouse.put("dvc/ho_so", "a.csv", csv_text([], titles=[title, "Thời điểm kết xuất: 20/03/2025 08:00"]))
    warehouse.put("dvc/ho_so", "b.csv", csv_text())
    months = {end: [[f"Từ ngày 01/{end[3:]} đến ngày {end}/2025"], HEADERS, ROWS[0]] for end in ("31/01", "28/02")}
    warehouse.put("dvc/ho_so", "c.xlsx", workbook({end.replace("/", "."): rows for end, rows in months.items()}))
    warehouse.run()
    assert warehouse.sql("SELECT tu_ngay, den_ngay, xuat_luc FROM so_cai.tep ORDER BY ten_tep") == [
        (date(2024, 12, 15), date(2025, 3, 14), datetime(2025, 3, 20, 8)),
        (None, None, None),
        (date(2025, 1, 1), date(2025, 2, 28), datetime(2025, 2, 28, 23, 59, 59)),
    ]


@pytest.mark.parametrize("second", [["Từ ngày 01/03/2025 đến ngày 31/03/2025"], []], ids=["a gap", "one states none"])
def test_sheets_that_are_not_one_window_are_none(warehouse, second):
    january = [["Từ ngày 01/01/2025 đến ngày 31/01/2025"], HEADERS, ROWS[0]]
    rows = [second, HEADERS, ROWS[1]] if second else [HEADERS, ROWS[1]]
    warehouse.put("dvc/ho_so", "a.xlsx", workbook({"T1": january, "T3": rows}))
    warehouse.run()
    assert warehouse.sql("SELECT tu_ngay, den_ngay, so_dong_nap FROM so_cai.tep") == [(None, None, 2)]


def test_without_any_time_the_run_that_saw_the_file_first_counts(warehouse):
    text = csv_text([["H02.01", "Sở A", "tinh", "01/01/2020"]], ["Mã đơn vị", "Tên đơn vị", "Cấp", "Hiệu lực từ"])
    warehouse.run_one("dvc/co_quan", "a.csv", text)
    warehouse.run_one("dvc/co_quan", "b.csv", text.replace("Sở A", "Sở B"))
    # The end of the run's as-of day, told apart by the run's number: never the clock.
    assert warehouse.sql("SELECT thoi_diem FROM so_cai.tep ORDER BY ten_tep") == [
        (datetime(2025, 9, 30, 23, 59, 59, 1),),
        (datetime(2025, 9, 30, 23, 59, 59, 2),),
    ]


def test_a_day_ahead_of_the_as_of_day_counts_once_it_has_come(warehouse):
    slip = csv_text([ROWS[0], [*ROWS[1][:4], "01/01/2031", *ROWS[1][5:]]])
    warehouse.put("dvc/ho_so", "a.csv", slip)
    warehouse.run()
    assert warehouse.sql("SELECT thoi_diem FROM so_cai.tep") == [(datetime(2025, 2, 3, 7, 22),)]
    order.settle(warehouse.connection, warehouse.contracts.values(), date(2031, 6, 1))
    assert warehouse.sql("SELECT thoi_diem FROM so_cai.tep") == [(datetime(2031, 1, 1),)]


DAYS = ["03/02/2025 08:00", "10/02/2025 09:00", "20/03/2025 10:00", "05/10/2026 08:00", "01/01/2031"]
STATES = ["Đang xử lý", "Yêu cầu bổ sung", "Đã xử lý xong"]
rows_of_a_file = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, len(DAYS) - 1), st.integers(0, len(STATES) - 1), st.booleans()),
    min_size=1,
    max_size=6,
)


def _dossier(key: int, day: int, status: int, eaten: bool) -> list[str | None]:
    number = "24190001234" if eaten else "024190001234"
    return [f"H02.01-250203-000{key}", *ROWS[0][1:3], number, DAYS[day], STATES[status], None]


@settings(max_examples=7, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.lists(rows_of_a_file, min_size=2, max_size=5, unique_by=tuple),
    titled=st.integers(0, 4),
    data=st.data(),
)
def test_neither_the_clock_nor_the_order_of_arrival_decides(warehouse, files, titled, data):
    """R1, R8: the same files and as-of day give the same states, sightings and findings, in any order and year."""
    texts = {
        f"{number}.csv": csv_text(
            [_dossier(*row) for row in rows],
            titles=["Thời điểm kết xuất: 15/02/2025 08:00", ""] if number == titled else [],
        )
        for number, rows in enumerate(files)
    }
    found = []
    for year in (2025, 2028):
        names = data.draw(st.permutations(sorted(texts)))
        cut = data.draw(st.integers(0, len(names)))
        for path in warehouse.paths.raw.rglob("*.csv"):
            path.unlink()
        for table in CLEARED:
            warehouse.sql(f"DELETE FROM {table}")
        warehouse.runs, warehouse.clock = 0, datetime(year, 10, 1, 6)
        for batch in (names[:cut], names[cut:]):
            for name in batch:
                warehouse.put("dvc/ho_so", name, texts[name])
            warehouse.run()
        seen = []
        for day in (date(2025, 2, 12), warehouse.as_of, date(2026, 12, 31), date(2031, 2, 1), warehouse.as_of):
            order.settle(warehouse.connection, warehouse.contracts.values(), day)
            seen.append([warehouse.sql(query) for query in (NEWEST, EVERYTHING, FINDINGS)])
        assert seen[1] == seen[4]
        found.append(seen)
    assert found[0] == found[1]


@pytest.mark.parametrize("step", ["enter", "enter_sheets", "enter_unknown_columns"])
def test_a_run_cut_off_in_a_file_leaves_no_trace_of_it(warehouse, monkeypatch, step):
    warehouse.put("dvc/ho_so", "a.csv", csv_text([*ROWS, [None, *ROWS[0][1:]]]))

    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, step, stop)
        with pytest.raises(KeyboardInterrupt):
            warehouse.run()
    for table in ("tho.dvc__ho_so", "so_cai.tep", "so_cai.cach_ly", "so_cai.dong_cach_ly"):
        assert warehouse.sql(f"SELECT count(*) FROM {table}") == [(0,)]
    assert warehouse.run().files[0].counts == Counts(6, 5, 1, 0)
    assert warehouse.sql("SELECT count(*) FROM so_cai.cach_ly") == [(1,)]


def test_registry_keys_are_keyed_hashes(warehouse):
    headers = [
        "so",
        "quyenSo ",
        "ngayDangKy\n",
        "loaiDangKy \ni=[1,2,3]",
        "noiDangKy UBND xã",
        "nksHoTen",
        "nksNgaySinh",
    ]
    rows = [["1", "01/2012", "31.08.2012", "1", "H02.22.01", "Hoàng Thị Nga", "2012"]]
    content = workbook({"DL Import": [headers, *rows], "Ghi chu": [["Loại đăng ký", "Tên"], ["1", "Đúng hạn"]]})
    report = warehouse.run_one("ho_tich/khai_sinh", "158.xlsx", content)
    assert report.status == "da_nap", report.reason
    key = warehouse.sql("SELECT _khoa, nks_ngay_sinh_tu, nks_ngay_sinh_den FROM tho.ho_tich__khai_sinh")[0]
    assert len(key[0]) == 64
    import hashlib
    import hmac

    message = b"ho_tich/khai_sinh|9:H02.22.01|4:2012|1:1"
    assert key[0] == hmac.new("khóa thử dài hơn ba mươi hai byte".encode(), message, hashlib.sha256).hexdigest()


LOADED_TABLES = ("tho.dvc__ho_so", "so_cai.tep", "so_cai.loi_gia_tri", "so_cai.cach_ly", "so_cai.dong_cach_ly")


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    picks=st.lists(st.lists(st.integers(0, len(ROWS) + 2), min_size=1, max_size=9), min_size=1, max_size=3),
    batches=st.tuples(st.integers(1, 3), st.integers(1, 3)),
)
@pytest.mark.dai
def test_size_of_batches_leaves_no_trace(warehouse, picks, batches):
    faulty = [[*ROWS[0][:3], "không rõ", *ROWS[0][4:]], [*ROWS[1][:5], None, None]]
    rows = [*ROWS, *faulty, [*ROWS[2][:6], "Thiếu giấy tờ"]]
    for path in warehouse.paths.raw.rglob("*.xlsx"):
        path.unlink()
    for number, pick in enumerate(picks):
        texts = [rows[place] for place in pick]
        warehouse.put("dvc/ho_so", f"{number}.xlsx", workbook({"A": [HEADERS, *texts], "B": [HEADERS, *texts[:2]]}))
    found = []
    for size in (1_000, *batches):
        for table in LOADED_TABLES:
            warehouse.sql(f"DELETE FROM {table}")
        warehouse.limits, warehouse.runs = replace(warehouse.limits, batch_rows=size), 0
        warehouse.run()
        found.append([warehouse.sql(f"SELECT * FROM {table} ORDER BY ALL") for table in LOADED_TABLES])
    assert found[0][0] or found[0][3]
    assert found[0] == found[1] == found[2]
