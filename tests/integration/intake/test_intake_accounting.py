"""Nothing is lost: rows read = loaded + quarantined + repeats; what is quarantined, where, and why."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_exports import HEADERS, ROWS, csv_text, workbook

from pipelines.intake.loaded.load import Counts

QUARANTINE = "SELECT dong, cot, ly_do FROM so_cai.cach_ly ORDER BY dong, cot"


def row(**changes: str | None) -> list[str | None]:
    base = dict(zip(HEADERS, ROWS[0], strict=True))
    return list((base | changes).values())


def test_each_reason_for_quarantine_with_field_and_line(warehouse):
    rows = [
        row(),
        row(**{"Mã hồ sơ": None}),
        row(**{"Mã đơn vị": "  \u00a0\u200b"}),
        row(**{"Ngày tiếp nhận": "32/13/2025"}),
        row(**{"Trạng thái": "Không rõ ràng"}),
        row(**{"Số CCCD/CMND": "2.4E+10"}),
        row(**{"Mã hồ sơ": None, "Ngày tiếp nhận": "??"}),
    ]
    report = warehouse.run_one("dvc/ho_so", "a.csv", csv_text(rows))
    assert report.counts == Counts(read=7, loaded=1, quarantined=6, repeated=0)
    assert warehouse.sql(QUARANTINE) == [
        (3, "ma_ho_so", "thieu_khoa"),
        (4, "ma_don_vi", "thieu_bat_buoc"),
        (5, "ngay_tiep_nhan", "khong_doc_duoc"),
        (6, "trang_thai", "ngoai_danh_muc"),
        (7, "so_dinh_danh", "so_bi_hong"),
        (8, "ma_ho_so", "thieu_khoa"),
        (8, "ngay_tiep_nhan", "khong_doc_duoc"),
    ]
    kept = warehouse.sql("SELECT khoa IS NULL, noi_dung FROM so_cai.dong_cach_ly WHERE dong IN (5, 8) ORDER BY dong")
    assert [row[0] for row in kept] == [False, True]
    assert json.loads(kept[0][1])["Ngày tiếp nhận"] == "32/13/2025"


def test_other_faults_load_the_row_and_are_findings(warehouse):
    headers = [*HEADERS, "Ngày hẹn trả", "Hình thức nộp"]
    rows = [[*row(), "không có", "Bồ câu đưa thư"]]
    report = warehouse.run_one("dvc/ho_so", "a.csv", csv_text(rows, headers))
    assert report.counts == Counts(1, 1, 0, 0)
    assert warehouse.sql("SELECT dong, cot, ly_do FROM so_cai.loi_gia_tri ORDER BY cot") == [
        (2, "kenh", "ngoai_danh_muc"),
        (2, "ngay_hen_tra", "khong_doc_duoc"),
    ]
    assert json.loads(warehouse.sql("SELECT _goc FROM tho.dvc__ho_so")[0][0]) == {
        "ngay_hen_tra": "không có",
        "kenh": "Bồ câu đưa thư",
    }


def test_lines_with_quoted_breaks_are_counted_from_their_first_line(warehouse):
    rows = [
        row(**{"Lý do trả lại": '"Bổ sung:\r\n- giấy tờ 1\r\n- giấy tờ 2"'}),
        row(**{"Mã hồ sơ": None, "Lý do trả lại": '"a\nb"'}),
        row(**{"Trạng thái": "?"}),
    ]
    warehouse.run_one("dvc/ho_so", "a.csv", csv_text(rows, titles=["DANH SÁCH", ""]))
    assert warehouse.sql(QUARANTINE) == [(7, "ma_ho_so", "thieu_khoa"), (9, "trang_thai", "ngoai_danh_muc")]


def test_sheet_rows_are_those_of_the_workbook(warehouse):
    content = workbook({"Sheet1": [HEADERS, row(), row(**{"Trạng thái": "?"})]}, first_row=4, first_column=2)
    warehouse.run_one("dvc/ho_so", "a.xlsx", content)
    assert warehouse.sql(QUARANTINE) == [(7, "trang_thai", "ngoai_danh_muc")]


def test_json_elements_count_from_one(warehouse):
    records = [dict(zip(HEADERS, r, strict=True)) for r in (row(), row(**{"Trạng thái": None}))]
    text = "\n\n\n".join(json.dumps(r, ensure_ascii=False) for r in records)
    warehouse.run_one("dvc/ho_so", "a.jsonl", text)
    assert warehouse.sql(QUARANTINE) == [(2, "trang_thai", "thieu_bat_buoc")]


def test_stray_quotes_lose_no_row(warehouse):
    rows = [row(**{"Mã hồ sơ": f"H02.01-250203-{i:04d}"}) for i in range(1, 9)]
    rows[2][2], rows[5][2] = '"Nhà số 5', 'Đường "Hùng Vương'
    report = warehouse.run_one("dvc/ho_so", "a.csv", csv_text(rows))
    assert report.status == "da_nap", report.reason
    assert report.counts == Counts(8, 8, 0, 0)


def test_a_row_with_cells_beyond_the_header_is_set_apart_with_all_its_cells(warehouse):
    text = csv_text([row(), [*row(**{"Mã hồ sơ": "H02.01-250203-0009"}), "thừa", *([None] * 9), "thừa nữa"]])
    report = warehouse.run_one("dvc/ho_so", "a.csv", text)
    assert report.counts == Counts(2, 1, 1, 0)
    assert "thừa nữa" in warehouse.sql("SELECT noi_dung FROM so_cai.dong_cach_ly WHERE dong = 3")[0][0]
    assert warehouse.sql("SELECT DISTINCT ly_do FROM so_cai.cach_ly") == [("thua_o",)]


def test_a_stated_total_that_is_wrong_is_kept_beside_the_rows_read(warehouse):
    warehouse.run_one("dvc/ho_so", "a.csv", csv_text(footer=["", "Tổng số: 1.204 hồ sơ", "Người lập biểu"]))
    assert warehouse.sql("SELECT so_dong_doc, tong_ghi FROM so_cai.trang_tinh") == [(5, 1204)]


def test_a_last_row_that_lacks_fields_is_data_not_footer(warehouse):
    rows = [
        *ROWS,
        ["H02.09-250203-0001", None, None, None, None, None, None],
        [None, "H02.01", None, None, None, "4", None],
    ]
    report = warehouse.run_one("dvc/ho_so", "a.csv", csv_text(rows, footer=["", "Tổng cộng: 7"]))
    assert report.counts == Counts(7, 5, 2, 0)


def test_section_rows_repeated_headers_and_blank_rows_are_no_data(warehouse):
    section: list[str | None] = ["I. Lĩnh vực đất đai", *([None] * 6)]
    rows = [section, *ROWS[:2], [None] * 7, list(HEADERS), ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"], *ROWS[2:]]
    report = warehouse.run_one("dvc/ho_so", "a.csv", csv_text(rows))
    assert report.counts == Counts(5, 5, 0, 0)


CELL = st.one_of(
    st.none(), st.text(alphabet='aăđ1"\n;,\t =\u00a0/', max_size=6), st.sampled_from([c for r in ROWS for c in r])
)
RANDOM_ROWS = st.lists(st.lists(CELL, min_size=7, max_size=7), min_size=1, max_size=12)


def _quoted(cell: str | None) -> str | None:
    return None if cell is None else '"' + cell.replace('"', '""') + '"'


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=RANDOM_ROWS, number=st.integers(0, 10**9))
def test_identity_holds_for_random_cells(warehouse, rows, number):
    name = f"{number}-{warehouse.runs}"
    sheets = {"S": [[*HEADERS, "Mã ngẫu nhiên"], *([*r, name] for r in rows)]}
    texts = csv_text([[*map(_quoted, r), name] for r in rows], [*HEADERS, "Mã ngẫu nhiên"])
    warehouse.put("dvc/ho_so", f"{name}.xlsx", workbook(sheets))
    warehouse.put("dvc/ho_so", f"{name}.csv", texts)
    reports = {f.path: f for f in warehouse.run().files}
    for suffix in ("xlsx", "csv"):
        count = reports[f"dvc/ho_so/{name}.{suffix}"].counts
        assert count.read == count.loaded + count.quarantined + count.repeated
    totals = warehouse.sql("SELECT sum(so_dong_nap) FROM so_cai.tep")[0][0]
    assert warehouse.sql("SELECT count(*) FROM tho.dvc__ho_so")[0][0] == totals


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_batches_change_nothing(warehouse, batch):
    from dataclasses import replace

    warehouse.limits = replace(warehouse.limits, batch_rows=batch)
    report = warehouse.run_one("dvc/ho_so", "a.csv", csv_text([*ROWS, ROWS[0], row(**{"Trạng thái": None})]))
    assert report.counts == Counts(7, 5, 1, 1)
    assert warehouse.sql("SELECT _dong, _thu_tu FROM tho.dvc__ho_so WHERE ma_ho_so LIKE '%0203-0001'") == [(7, 6)]
