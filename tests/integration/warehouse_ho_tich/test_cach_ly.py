"""A quarantined row is cleared when its key loads later: in a later run, from a newer state, or further down."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.warehouse_ho_tich.conftest import Warehouse

FILES = [
    {"ma_tep": "cu", "nguon_du_lieu": "dvc/pakn", "sha256": "1", "so_lan": 1, "thoi_diem": "2025-05-01"},
    {"ma_tep": "moi", "nguon_du_lieu": "dvc/pakn", "sha256": "2", "so_lan": 1, "thoi_diem": "2025-06-01"},
    {"ma_tep": "sau", "nguon_du_lieu": "dvc/pakn", "sha256": "3", "so_lan": 2, "thoi_diem": "2025-04-01"},
    {"ma_tep": "khac", "nguon_du_lieu": "dvc/tthc", "sha256": "4", "so_lan": 2, "thoi_diem": "2025-09-01"},
]
QUARANTINED = [
    # file, row, key, expected state
    ("cu", 1, "moi_hon", "da_sua"),
    ("moi", 2, "cu_hon", "con"),
    ("moi", 3, "lan_sau", "da_sua"),
    ("moi", 4, "duoi_cung_trang", "da_sua"),
    ("moi", 9, "tren_cung_trang", "con"),
    ("moi", 5, "nguon_khac", "con"),
    ("moi", 6, None, "con"),
    ("moi", 7, "thoi_diem_rieng", "da_sua"),
    ("moi", 10, "doc_lai", "da_sua"),
]
READ_AGAIN = {"doc_lai": 2}
"""Key → run that read the very row sound, its contract having changed."""

LOADED = [
    ("dvc__pakn", "moi_hon", "moi", 20, None),
    ("dvc__pakn", "cu_hon", "cu", 20, None),
    ("dvc__pakn", "lan_sau", "sau", 1, None),
    ("dvc__pakn", "duoi_cung_trang", "moi", 8, None),
    ("dvc__pakn", "tren_cung_trang", "moi", 1, None),
    ("dvc__tthc", "nguon_khac", "khac", 1, None),
    ("dvc__pakn", "thoi_diem_rieng", "cu", 1, "2025-08-01"),
]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, workshop: Path) -> Warehouse:
    made = Warehouse(tmp_path_factory.mktemp("kho_cach_ly"), workshop)
    made.insert("so_cai.tep", [{**file, "trang_thai": "da_nap"} for file in FILES])
    made.insert(
        "so_cai.dong_cach_ly",
        [
            {"ma_tep": f, "trang_tinh": "S", "dong": d, "khoa": k, "noi_dung": "{}", "sua_lan": READ_AGAIN.get(k or "")}
            for f, d, k, _ in QUARANTINED
        ],
    )
    made.insert(
        "so_cai.cach_ly",
        [
            {"ma_tep": f, "trang_tinh": "S", "dong": d, "cot": "ma_pakn", "ly_do": "thieu_bat_buoc"}
            for f, d, _, _ in QUARANTINED
        ],
    )
    for table, key, file, row, moment in LOADED:
        state = {"_khoa": key, "_gia_tri": key, "_ma_tep": file, "_trang_tinh": "S", "_dong": row, "_thoi_diem": moment}
        made.insert(f"tho.{table}", [state])
    made.build("chat_luong__cach_ly")
    return made


def test_state_of_each_quarantined_row(warehouse: Warehouse) -> None:
    found = {
        (file, row): state
        for file, row, state in warehouse.ask("SELECT ma_tep, dong, trang_thai FROM chat_luong.cach_ly")
    }
    assert found == {(file, row): state for file, row, _, state in QUARANTINED}


def test_reason_is_told_in_words_and_no_cell_goes_along(warehouse: Warehouse) -> None:
    assert warehouse.ask("SELECT DISTINCT ly_do, ma_ly_do, nguon_du_lieu FROM chat_luong.cach_ly") == [
        ("Thiếu giá trị bắt buộc", "thieu_bat_buoc", "dvc/pakn")
    ]
    columns = warehouse.ask(
        "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'chat_luong' AND table_name = 'cach_ly'"
    )
    assert ("noi_dung",) not in columns
