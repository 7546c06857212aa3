"""Every known header of every feed, in the clothes that exports put on it; one spelling never means two fields."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.contracts.model import Kind
from pipelines.contracts.normal_form import normal_form
from tests.unit.intake.one_file import CONTRACTS, INDEXES, read, workbook


def _as_i(found: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", found[0]).replace("y", "i"))


CLOTHES: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "no diacritics": lambda text: "".join(
        c
        for c in unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
        if not unicodedata.combining(c)
    ),
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "eth": lambda text: text.replace("Đ", "Ð").replace("đ", "ð"),
    "snake case": lambda text: text.replace(" ", "_"),
    "no spaces": lambda text: text.title().replace(" ", ""),
    "dots": lambda text: f"{text} ...",
    "line break": lambda text: text.replace(" ", "\n", 1) + "\n(*)",
    "no-break and zero-width": lambda text: "\u200b" + text.replace(" ", "\u00a0") + "\ufeff",
    "unit": lambda text: f"{text} (%)",
    "number": lambda text: f"(3) {text}",
    "school spelling": lambda text: re.sub(r"(?<=[bhklmtBHKLMT])[yýỳỷỹỵ]\b", _as_i, text),
}


@pytest.mark.parametrize("clothes", CLOTHES)
@pytest.mark.parametrize("feed", sorted(CONTRACTS))
def test_known_header_is_known_in_any_clothes(feed: str, clothes: str) -> None:
    for field in CONTRACTS[feed].fields:
        if clothes == "unit" and field.kind is Kind.INTEGER:
            continue  # a share is no count
        for header in field.all_headers:
            match = INDEXES[feed].match([CLOTHES[clothes](header)])
            assert match is not None, (header, clothes)
            assert match.field == field.name, (header, clothes)


@pytest.mark.parametrize("feed", sorted(CONTRACTS))
def test_no_spelling_means_two_fields(feed: str) -> None:
    owner: dict[str, str] = {}
    for field in CONTRACTS[feed].fields:
        for header in field.all_headers:
            assert owner.setdefault(normal_form(header), field.name) == field.name, header


@pytest.mark.parametrize("feed", sorted(CONTRACTS))
def test_needed_columns_are_found_at_any_row_in_any_order_under_any_alias(feed: str, tmp_path: Path) -> None:
    chance = random.Random(feed)  # noqa: S311 - repeatable order of columns, no secret
    for attempt in range(3):
        contract = CONTRACTS[feed]
        headers = [chance.choice(field.all_headers) for field in contract.fields]
        chance.shuffle(headers)
        rows = [["SỞ TƯ PHÁP"], ["Danh sách kèm theo"], [None]][: attempt + 1]
        sheet = workbook(
            {"Bìa": [["Kính gửi: UBND tỉnh"]], "S": [*rows, ["STT", *headers], ["1", *["?"] * len(headers)]]}
        )
        found = read(tmp_path, feed, "a.xlsx", sheet)
        assert (len(found.rows), found.unknown) == (1, [])


@pytest.mark.parametrize(
    ("feed", "header", "field"),
    [
        ("dvc/ho_so", "Tình trạng HS", "trang_thai"),
        ("dvc/ho_so", "TG tiếp nhận HS", "ngay_tiep_nhan"),
        ("dvc/ho_so", "Hình thức trả KQ (*)", "hinh_thuc_tra"),
        ("dvc/ho_so", "HẠN_XL", "ngay_hen_tra"),
        ("dvc/van_ban", "SỐ VB", "so_van_ban"),
        ("dvc/thanh_toan", "Kết quả GD", "ket_qua"),
        ("dao_tao/ket_qua", "Số HV đăng ký", "dang_ky"),
        ("chi_dao/nhiem_vu", "Mã số NV", "ma_nhiem_vu"),
    ],
)
def test_abbreviations_are_their_words(feed: str, header: str, field: str) -> None:
    match = INDEXES[feed].match([header])
    assert match is not None
    assert match.field == field


@pytest.mark.parametrize(
    ("feed", "header", "field"),
    [
        ("dvc/ho_so", "Mã hồ sơ / Số biên nhận", "ma_ho_so"),
        ("dvc/ho_so", "Mã/Số hồ sơ", "ma_ho_so"),
        ("dvc/ho_so", "Chủ hồ sơ/Người nộp", "chu_ho_so"),
        ("dvc/ho_so", "Trạng thái (tình trạng) hoặc Tình trạng hồ sơ", "trang_thai"),
        ("dvc/ho_so", "Ngày tiếp nhận - Ngày nhận", "ngay_tiep_nhan"),
        ("dvc/ho_so", "Ngày hẹn trả / Ngày trả kết quả", None),
        ("dvc/ho_so", "Mã hồ sơ - Mã đơn vị", None),
        ("dvc/ho_so", "Mã hồ sơ / Ghi chú", None),
        ("ho_tich/ket_hon", "Họ tên chồng / Họ tên vợ", None),
    ],
)
def test_header_that_names_its_field_twice(feed: str, header: str, field: str | None) -> None:
    match = INDEXES[feed].match([header])
    assert (match.field if match else None) == field


@pytest.mark.parametrize(
    ("feed", "header"),
    [
        ("dvc/ho_so", "HS"),
        ("dvc/ho_so", "Ngày nộp hồ sơ"),
        ("dvc/ho_so", "Mã đơn vị tiếp nhận"),
        ("dvc/ho_so", "Thời hạn giải quyết"),
        ("dvc/ho_so", "Phí"),
        ("dvc/ho_so", "Họ và tên"),
        ("dvc/pakn", "Thời gian xử lý"),
        ("dvcqg/ho_so", "Ngày cập nhật"),
        ("bao_cao/so_lieu", "Đơn vị"),
        ("ho_tich/khai_sinh", "Ngày cấp giấy tờ mẹ"),
    ],
)
def test_header_that_could_mean_something_else_is_left_unknown(feed: str, header: str) -> None:
    assert INDEXES[feed].match([header]) is None


@pytest.mark.parametrize(
    ("feed", "header", "field"),
    [
        ("dvc/ho_so", "Ngày có kết quả (dự kiến)", None),
        ("dvc/ho_so", "Ngày hoàn thành (theo quy định)", None),
        ("dvc/ho_so", "Ngày trả kết quả (dự kiến)", "ngay_hen_tra"),
        ("dvc/ho_so", "Ngày hẹn trả (dự kiến)", "ngay_hen_tra"),
        ("dvc/ho_so", "Ngày có kết quả (thực tế)", "ngay_ket_thuc"),
        ("dvc/ho_so", "Ngày có kết quả (dd/mm/yyyy)", "ngay_ket_thuc"),
        ("chi_dao/nhiem_vu", "Ngày hoàn thành (kế hoạch)", None),
        ("dvc/pakn", "Ngày trả lời (chậm nhất)", None),
        ("ho_tich/so_hoa", "Đã nhập (%)", None),
        ("ho_tich/so_hoa", "Đã nhập %", None),
        ("ho_tich/so_hoa", "Đã phê duyệt (tỷ lệ)", None),
        ("dao_tao/ket_qua", "Hoàn thành (tỉ lệ %)", None),
        ("nganh_doc/tong_hop", "Tiếp nhận (lũy kế từ đầu năm)", None),
        ("nganh_doc/tong_hop", "Tiếp nhận (hồ sơ)", "tiep_nhan"),
        ("bo_chi_so_766/diem", "Tỷ lệ (%)", "ty_le"),
        ("dvc/tthc", "Thời hạn giải quyết (theo quy định)", "thoi_han"),
    ],
)
def test_brackets_that_make_a_header_another_thing(feed: str, header: str, field: str | None) -> None:
    match = INDEXES[feed].match([header])
    assert (match.field if match else None) == field


@pytest.mark.parametrize("order", [1, -1])
def test_former_value_counts_only_where_there_is_no_other(order: int, tmp_path: Path) -> None:
    head = ["Mã hồ sơ", "Ngày tiếp nhận", "Trạng thái", *["Mã đơn vị (cũ)", "Mã đơn vị (mới)"][::order]]
    cells = ["H02.16-240603-0001", "03/06/2024", "4", *["H02.99", "H02.16"][::order]]
    found = read(tmp_path, "dvc/ho_so", "a.csv", ";".join(head) + "\n" + ";".join(cells) + "\n")
    assert found.column("ma_don_vi") == ["H02.16"]
    alone = read(tmp_path, "dvc/ho_so", "a.csv", f"{';'.join(head[:3])};Mã đơn vị (cũ)\n{';'.join(cells[:3])};H02.99\n")
    assert alone.column("ma_don_vi") == ["H02.99"]


def test_group_over_the_day_foreseen_and_the_day_itself(tmp_path: Path) -> None:
    top = ["Mã hồ sơ", "Mã đơn vị", "Ngày tiếp nhận", "Trạng thái", "Ngày có kết quả", "", "Ngày trả kết quả", ""]
    below = ["", "", "", "", "Dự kiến", "Thực tế", "Dự kiến", "Thực tế"]
    cells = ["H02.16-240603-0001", "H02.16", "03/06/2024", "10", "10/06/2024", "09/06/2024", "12/06/2024", "11/06/2024"]
    found = read(tmp_path, "dvc/ho_so", "a.csv", "".join(";".join(row) + "\n" for row in (top, below, cells)))
    days = {name: str(found.column(name)[0])[:10] for name in ("ngay_ket_thuc", "ngay_hen_tra", "ngay_tra")}
    assert days == {"ngay_ket_thuc": "2024-06-09", "ngay_hen_tra": "2024-06-12", "ngay_tra": "2024-06-11"}


def test_code_and_name_of_the_agency_in_one_column(tmp_path: Path) -> None:
    text = "Mã hồ sơ;Mã - Tên đơn vị;Ngày tiếp nhận;Trạng thái\nH02.16-240603-0001;H02.16 - Sở Tư pháp;03/06/2024;4\n"
    assert read(tmp_path, "dvc/ho_so", "a.csv", text).column("ma_don_vi") == ["H02.16"]


@pytest.mark.parametrize("feed", sorted(CONTRACTS))
def test_label_with_the_name_of_its_field_in_brackets(feed: str) -> None:
    for field in CONTRACTS[feed].fields:
        for header in (f"{field.label} ({field.name})", f"{field.label}\n[{field.name}]"):
            found = INDEXES[feed].match([header])

            assert found is not None, header
            assert found.field == field.name, header
