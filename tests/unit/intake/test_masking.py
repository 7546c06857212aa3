"""Names of files, sheets and headers as they may be published."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.contracts.loader import load_contracts
from pipelines.intake.masking import looks_like_header, masked, refresh
from pipelines.warehouse.schema import create_tables


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("dvc/ho_so/Nguyễn Văn An 024190001234.xlsx", "dvc/ho_so/••• •••.xlsx"),
        ("NGUYEN_VAN_AN_0912345678.csv", "•••_•••.csv"),
        ("ho so nguyen van an.csv", "ho so •••.csv"),
        ("Hồ Thị Mai", "•••"),
        ("LÊ THỊ HOA", "•••"),
        ("lê thị hoa.xlsx", "•••.xlsx"),
        ("Dương Thị Ngọc Ánh - bản sửa.csv", "••• - bản sửa.csv"),
        ("cccd 024 190 001 234.csv", "cccd •••.csv"),
        ("Lê Lợi", "•••"),
        ("Giáp Văn Markj 0987-654-361.csv", "••• •••.csv"),
        ("VI THI LAN", "•••"),
        ("SĐT 09.12.34.56.78 (chị B)", "SĐT ••• (chị B)"),
        ("024-190-001-234 sửa", "••• sửa"),
        ("Nguyễn\u00a0Văn\u00a0An.xlsx", "•••.xlsx"),
        ("Ng\u200buyễn V\u2060ăn An.xlsx", "•••.xlsx"),
        ("０２４１９０００１２３４.csv", "•••.csv"),
        ("024\u200b190\u200b001\u200b234.csv", "•••.csv"),
        ("NguyenVanAn.xlsx", "•••.xlsx"),
        ("HoSo_NguyenThiBinh_2024.csv", "HoSo_•••_2024.csv"),
        ("0987_654_361.csv", "•••.csv"),
        ("an.nguyen@gmail.com.xlsx", "•••"),
        ("gửi an@example.vn", "gửi •••"),
        ("ho_chieu_C1234567.xlsx", "ho_chieu_•••.xlsx"),
        ("hộ chiếu P01234567 bản 2.xlsx", "hộ chiếu ••• bản 2.xlsx"),
        ("TK 19033457701079.xlsx", "TK •••.xlsx"),
        ("xe 98A-123.45.xlsx", "xe •••.xlsx"),
        ("Giàng A Páo.xlsx", "•••.xlsx"),
        ("SÙNG SEO DÍN.xlsx", "•••.xlsx"),
        ("Giáp Ngọc Anh", "•••"),
        ("H'Blim Ayun.csv", "•••.csv"),
        ("Y Thông Niê", "•••"),
        ("Rơ Châm Tuyết", "•••"),
        ("đơn của ông Lò Pháy", "đơn của ông •••"),
    ],
)
def test_persons_and_numbers_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "dvc/ho_so/ho_so_T6.csv",
        "DANH SÁCH HỒ SƠ",
        "UBND phường Trần Phú.xlsx",
        "Hà Nội",
        "Cao Bằng",
        "Đoàn Thanh niên",
        "DL_GOC",
        "H02.16-240603-1215001",
        "ho_tich/khai_sinh/302_so_nam.csv",
        "baocao_20240605.csv",
        "xuat_T20240605.csv",
        "20240605143000.csv",
        "Thiếu cột bắt buộc: “Mã đơn vị” (ma_don_vi).",
        "05/06/2024 08:30 ho so",
        "H02.28-240614-0001",
        "Huyện Văn Bàn",
        "Công Văn Đến",
        "KỲ THI TUYỂN",
        "1.004887.000.00.00.H02",
        "Người dân tộc H'Mông",
        "DangKyKhaiSinh",
        "DanhSachHoSo_T6.xlsx",
        "bao_cao_03_05_2024_12.csv",
        "HoSoThanhToan",
        "Xã A Lưới",
        "Xã Cư A Mung",
        "Huyện Ea H'leo",
        "Ma trận A Lưới",
        "Bà Rịa Vũng Tàu",
        "Sở Nông nghiệp và Môi trường",
        "20240605143000123.csv",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "Mẫu A Danh mục",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize("text", ["Ghi chú 2", "Số biên nhận", "thừa", "(2) Lý do khác", "Cột 15"])
def test_headers(text: str) -> None:
    assert looks_like_header(text)


@pytest.mark.parametrize(
    "text", ["", "Lê Văn Mẫu", "03/06/2024", "0912345678", "a@b.vn", "H02.16-240603-0001", "x" * 90]
)
def test_data_in_the_place_of_a_header(text: str) -> None:
    assert not looks_like_header(text)


def test_table_of_what_is_shown_follows_the_ledger() -> None:
    connection = duckdb.connect(":memory:")
    create_tables(connection, [])
    connection.execute("INSERT INTO so_cai.tep (ten_tep, ly_do) VALUES ('a/Lê Văn An.csv', 'x'), ('b.csv', NULL)")
    connection.execute("INSERT INTO so_cai.trang_tinh (trang_tinh) VALUES ('Trần Thị Bình'), ('')")
    for _ in range(2):
        refresh(connection)
    rows = connection.execute("SELECT goc, hien FROM so_cai.ten_hien ORDER BY 1").fetchall()
    assert rows == [("Trần Thị Bình", "•••"), ("a/Lê Văn An.csv", "a/•••.csv")]


def test_texts_that_a_contract_publishes_masked_are_masked_too() -> None:
    contract = load_contracts()["chi_dao/nhiem_vu"]
    with duckdb.connect() as connection:
        create_tables(connection, [contract])
        connection.execute(
            "INSERT INTO tho.chi_dao__nhiem_vu (noi_dung, ke_hoach) "
            "VALUES ('Giao bà Trần Thị Bình', 'KH 1'), (NULL, 'KH 1')"
        )
        refresh(connection, [contract])
        rows = connection.execute("SELECT goc, hien FROM so_cai.ten_hien").fetchall()
    assert rows == [("Giao bà Trần Thị Bình", "Giao bà •••")]
