"""Forms of JSON and parquet: envelopes, pages, spellings of keys, types. Elements count from 1 over all pages."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.intake.errors import FileRefusedError
from tests.unit.intake.one_file import read

FEED = "dvc/ho_so"
RECORDS = [
    {"MaHoSo": f"H02.28-24061{i}-000{i}", "MaDonVi": "H02.28", "NgayTiepNhan": f"2024-06-0{i}T08:00:00", "TrangThai": 4}
    for i in (1, 2, 3)
]
LINES = "\n".join(json.dumps({"trang": i, "data": RECORDS[i : i + 1]}) for i in range(3))


@pytest.mark.parametrize(
    "document",
    [
        {"data": RECORDS, "total": 3, "message": "ok"},
        {"Data": RECORDS},
        {"items": RECORDS, "total": 3},
        {"data": {"content": RECORDS, "pageable": {"pageNumber": 0, "sort": []}}},
        {"result": {"data": {"rows": RECORDS}}},
        [{"page": 1, "data": RECORDS[:2]}, {"page": 2, "data": RECORDS[2:]}],
        [{"page": 1, "data": RECORDS}, {"page": 2, "data": []}],
    ],
)
def test_records_are_found_in_their_envelope(tmp_path: Path, document: Any) -> None:
    found = read(tmp_path, FEED, "a.json", json.dumps(document))
    assert found.sound == [1, 2, 3]
    assert found.column("ma_ho_so") == [record["MaHoSo"] for record in RECORDS]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.txt"])
def test_pages_one_a_line_are_read_whatever_the_file_is_called(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, FEED, name, LINES).sound == [1, 2, 3]


def test_table_of_text_in_a_json_file_is_read_by_its_content(tmp_path: Path) -> None:
    text = "Mã hồ sơ;Mã đơn vị;Ngày tiếp nhận;Trạng thái\nH02.28-240611-0001;H02.28;01/06/2024;4\n"
    assert read(tmp_path, FEED, "a.json", text).sound == [2]


def test_a_record_with_a_list_of_its_own_is_a_record(tmp_path: Path) -> None:
    record = {**RECORDS[0], "DanhSachLePhi": [{"TenPhiLePhi": "x", "Gia": 0}]}
    found = read(tmp_path, FEED, "a.json", json.dumps(record))
    assert (found.sound, found.unknown) == ([1], ["DanhSachLePhi"])


@pytest.mark.parametrize("between", ["\n", "", ",\n", " \n\n "])
def test_objects_over_several_lines_one_after_another(tmp_path: Path, between: str) -> None:
    text = between.join(json.dumps(record, ensure_ascii=False, indent=2) for record in RECORDS)
    assert read(tmp_path, FEED, "a.jsonl", text).column("ma_ho_so") == [r["MaHoSo"] for r in RECORDS]
    for cut in (text[:-9], text + ",", text + "\n[]"):
        with pytest.raises(FileRefusedError, match="cú pháp"):
            read(tmp_path, FEED, "a.jsonl", cut)


@pytest.mark.parametrize(
    "document",
    [
        {"hits": {"total": 2, "hits": [{"_id": str(i), "_source": r} for i, r in enumerate(RECORDS)]}},
        {"data": {"hoSo": {"edges": [{"cursor": "x", "node": r} for r in RECORDS]}}},
        {"data": [{"type": "hoSo", "id": "1", "attributes": r, "links": {"self": "x"}} for r in RECORDS]},
        [{"hoSo": r} for r in RECORDS],
    ],
)
def test_records_are_taken_out_of_their_wrapping(tmp_path: Path, document: Any) -> None:
    found = read(tmp_path, FEED, "a.json", json.dumps(document, ensure_ascii=False))
    assert found.column("ma_ho_so") == [r["MaHoSo"] for r in RECORDS]
    assert found.sound == [1, 2, 3]


@pytest.mark.parametrize("text", ["[]", '{"data": []}', '{"data": null}', '{"items": [], "total": 0}'])
def test_export_without_a_record_is_read_as_none(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, FEED, "a.json", text).rows == []


def test_two_lists_of_objects_are_not_chosen_between(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="Thiếu cột bắt buộc"):
        read(tmp_path, FEED, "a.json", json.dumps({"moi": RECORDS[:1], "cu": RECORDS[1:]}))


def test_keys_of_one_field_in_two_spellings_are_one_column(tmp_path: Path) -> None:
    other = {"ma_ho_so": "H02.28-240614-0004", "ma_don_vi": "H02.28", "ngay_tiep_nhan": "2024-06-04", "trang_thai": 4}
    found = read(tmp_path, FEED, "a.json", json.dumps([*RECORDS, other]))
    assert (found.sound, found.unknown) == ([1, 2, 3, 4], [])


def test_spellings_that_disagree_in_a_record_stay_apart(tmp_path: Path) -> None:
    found = read(tmp_path, FEED, "a.json", json.dumps([{**RECORDS[0], "ma_ho_so": "H02.28-240619-0009"}]))
    assert (found.column("ma_ho_so"), found.unknown) == ([RECORDS[0]["MaHoSo"]], ["ma_ho_so"])


def test_broken_json_is_no_table_and_its_values_are_in_no_message(tmp_path: Path) -> None:
    text = 'cb([{"MaHoSo": "H02.28-240611-0001","ChuHoSo": "Lê Văn Mật"},{"MaHoSo": "H02.28-240611-0002"}]);'
    for name in ("a.json", "a.csv"):
        with pytest.raises(FileRefusedError) as refusal:
            read(tmp_path, FEED, name, text)
        assert "Mật" not in str(refusal.value)
        assert "240611" not in str(refusal.value)


def test_parquet_columns_of_every_type_read_as_printed(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "ma_ho_so": pl.Series(["H02.28-240611-0001"], dtype=pl.Categorical),
            "ma_don_vi": pl.Series(["H02.28"], dtype=pl.Enum(["H02.28"])),
            "ngay_tiep_nhan": pl.Series([datetime(2024, 6, 1, 1)]).dt.replace_time_zone("UTC"),
            "ngay_hen_tra": [date(2024, 6, 5)],
            "ngay_ket_thuc": [datetime(2024, 6, 4, 8, 0, 0, 250_000)],
            "trang_thai": pl.Series([4], dtype=pl.Int8),
            "phi_le_phi": pl.Series([Decimal("50000.00")], dtype=pl.Decimal(18, 2)),
            "so_dinh_danh": [24190001234.0],
            "ket_qua_dien_tu": [1.0],
            "ly_do_tra_lai": [b"thi\xe1\xba\xbfu"],
            "tep": [b"\xff\x00"],
            "gio": [time(8)],
            "khoang": [timedelta(days=1)],
            "ds": [[1, 2]],
        }
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    found = read(tmp_path, FEED, "a.parquet", buffer.getvalue())
    (row,) = found.rows
    assert found.sound == [1]
    assert found.unknown == ["tep", "gio", "khoang", "ds"]
    assert (row["ngay_tiep_nhan"], row["ngay_ket_thuc"]) == (
        datetime(2024, 6, 1, 8),
        datetime(2024, 6, 4, 8, 0, 0, 250_000),
    )
    assert (row["so_dinh_danh"], row["phi_le_phi"], row["ket_qua_dien_tu"], row["ly_do_tra_lai"]) == (
        "024190001234",
        Decimal("50000.00"),
        True,
        "thiếu",
    )
    assert json.loads(row["_goc"])["tep"] == "ff00"


ANSWERED = [
    {"maHoSo": f"H02.16-240603-000{i}", "maDonVi": "H02.16", "ngayTiepNhan": "2024-06-03", "trangThai": 4}
    for i in (1, 2)
]


@pytest.mark.parametrize(
    ("document", "stated"),
    [
        ({"total": 5, "data": ANSWERED}, 5),
        ({"data": ANSWERED, "totalCount": "5"}, 5),
        ({"status": 200, "result": {"items": ANSWERED, "total": 2}}, 2),
        ({"total": 5, "page": 1, "size": 2, "data": ANSWERED}, None),
        ({"total": 5, "count": 2, "data": ANSWERED}, None),
        ({"data": ANSWERED}, None),
        ({**ANSWERED[0], "total": 5, "tepDinhKem": ["x"]}, None),
        (ANSWERED, None),
    ],
)
def test_number_of_records_that_an_answer_states(tmp_path: Path, document: Any, stated: int | None) -> None:
    found = read(tmp_path, "dvc/ho_so", "a.json", json.dumps(document))
    assert found.totals == [stated]


def test_pages_one_a_line_state_no_number_of_the_file(tmp_path: Path) -> None:
    pages = [json.dumps({"total": 2, "data": [record]}) for record in ANSWERED]
    assert read(tmp_path, "dvc/ho_so", "a.jsonl", "\n".join(pages)).totals == [None]
