"""A file that lies in the folder of another feed is told so; a missing column is asked for in the right words."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.headers.columns import needed_fields
from pipelines.intake.headers.misplaced import where_it_belongs
from tests.unit.intake.one_file import CONTRACTS, INDEXES, read, workbook


@pytest.mark.parametrize(
    ("feed", "folder"),
    [
        ("dvc/ho_so", "dvc/thanh_toan"),
        ("dvc/thanh_toan", "dvc/ho_so"),
        ("ho_tich/khai_sinh", "ho_tich/khai_tu"),
        ("dvc/co_quan", "dvc/tthc"),
    ],
)
def test_headers_of_another_feed_name_it(feed: str, folder: str) -> None:
    headers = [field.label for field in CONTRACTS[feed].fields]

    sentence = where_it_belongs(headers, INDEXES[folder], INDEXES.values())

    assert sentence is not None
    assert f"raw/{feed}/" in sentence


@pytest.mark.parametrize("feed", sorted(CONTRACTS))
def test_a_file_in_its_own_folder_is_not_sent_away(feed: str) -> None:
    contract = CONTRACTS[feed]
    key = needed_fields(contract)[0].name
    headers = [field.label for field in contract.fields if field.name != key]

    sentence = where_it_belongs(headers, INDEXES[feed], INDEXES.values())

    assert sentence is None


def test_period_in_the_name_of_the_sheet_only(tmp_path: Path) -> None:
    rows = [["Mã đơn vị", "Lĩnh vực", "Mã hệ thống", "Tiếp nhận"], ["H02.16", "Hộ tịch", "HTDT", 20]]

    with pytest.raises(FileRefusedError, match=r"“Tháng 6”: thiếu cột bắt buộc: “Kỳ” \(ky\)\. Hãy thêm cột này"):
        read(tmp_path, "nganh_doc/tong_hop", "a.xlsx", workbook({"Tháng 6": rows}))


@pytest.mark.parametrize("numbered", [False, True])
@pytest.mark.parametrize("feed", sorted(CONTRACTS))
def test_table_on_its_side_is_refused_in_the_right_words(feed: str, numbered: bool, tmp_path: Path) -> None:
    fields = CONTRACTS[feed].fields
    rows = [["DANH SÁCH"], *([*([str(i)] if numbered else []), f.label, "a", "b"] for i, f in enumerate(fields, 1))]

    with pytest.raises(FileRefusedError, match="“Ngang”: bảng đặt ngang"):
        read(tmp_path, feed, "a.xlsx", workbook({"Ngang": rows}))
