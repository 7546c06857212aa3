"""Objects where a value should stand: their value, or a finding; never their text as it is."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.unit.intake.one_file import Outcome, read

FEED = "dvc/ho_so"
SOUND = {"maHoSo": "H02.16-240603-0001", "maDonVi": "H02.16", "ngayTiepNhan": "2024-06-03", "trangThai": "4"}


def _read(tmp_path: Path, **values: Any) -> Outcome:
    return read(tmp_path, FEED, "a.json", json.dumps([{**SOUND, **values}], ensure_ascii=False))


@pytest.mark.parametrize(
    ("key", "held", "field", "value"),
    [
        ("linhVuc", {"id": 12, "ten": "Hộ tịch"}, "linh_vuc", "Hộ tịch"),
        ("chuHoSo", {"hoTen": "Lê Văn An", "so": "1"}, "chu_ho_so", "Lê Văn An"),
        ("maDonVi", {"id": 7, "ma": "H02.28", "ten": "Sở Y tế"}, "ma_don_vi", "H02.28"),
        ("maTTHC", {"code": "1.001193", "name": "Khai sinh"}, "ma_tthc", "1.001193"),
        ("trangThai", {"id": 1, "ten": "Đã trả kết quả"}, "trang_thai", "da_tra_ket_qua"),
        ("trangThai", {"ma": 10}, "trang_thai", "da_tra_ket_qua"),
        ("ngayTiepNhan", {"$date": "2024-06-03T01:15:00Z"}, "ngay_tiep_nhan", datetime(2024, 6, 3, 8, 15)),
        ("ngayTiepNhan", {"$date": {"$numberLong": "1717377300000"}}, "ngay_tiep_nhan", datetime(2024, 6, 3, 8, 15)),
        ("lePhi", {"$numberDecimal": "20000"}, "phi_le_phi", 20_000),
        ("ngayHenTra", {}, "ngay_hen_tra", None),
        ("ngayHenTra", {"$date": None}, "ngay_hen_tra", None),
        ("maDonVi", ["H02.28"], "ma_don_vi", "H02.28"),
        ("trangThai", [{"id": 1, "ten": "Đã trả kết quả"}], "trang_thai", "da_tra_ket_qua"),
        ("linhVuc", {"ten": ["Hộ tịch"]}, "linh_vuc", "Hộ tịch"),
        ("ngayTiepNhan", ["2024-06-03T08:15:00"], "ngay_tiep_nhan", datetime(2024, 6, 3, 8, 15)),
        ("ngayTiepNhan", [2024, 6, 3, 8, 15], "ngay_tiep_nhan", datetime(2024, 6, 3, 8, 15)),
        ("ngayHenTra", [], "ngay_hen_tra", None),
    ],
)
def test_value_of_an_object(tmp_path: Path, key: str, held: Any, field: str, value: Any) -> None:
    found = _read(tmp_path, **{key: held})
    assert (found.column(field), found.faults) == ([value], [])


@pytest.mark.parametrize(
    "held", [{"a": 1, "b": 2}, {"ten": {"ten": {"ten": {"ten": "x"}}}}, {"ten": ["x", "y"]}, ["x", "y"]]
)
def test_object_without_a_value_is_a_finding(tmp_path: Path, held: Any) -> None:
    found = _read(tmp_path, linhVuc=held)
    assert (found.column("linh_vuc"), found.faults) == ([None], [(1, "linh_vuc", "khong_doc_duoc", False)])
    assert json.loads(found.column("_goc")[0]) == {"linh_vuc": json.dumps(held, separators=(",", ":"))}
    needed = _read(tmp_path, maDonVi=held)
    assert needed.faults == [(1, "ma_don_vi", "khong_doc_duoc", True)]


def test_text_in_braces_is_text(tmp_path: Path) -> None:
    for text in ("{đất đai}", "[đất đai]", "[1] đất đai [2]"):
        assert _read(tmp_path, linhVuc=text).column("linh_vuc") == [text]
    head = ";".join(SOUND) + ";linhVuc\n"
    text = head + ";".join(SOUND.values()) + ';{"ten": "x"}\n'
    assert read(tmp_path, FEED, "a.csv", text).column("linh_vuc") == ['{"ten": "x"}']


def test_columns_of_parquet_that_hold_objects_and_lists(tmp_path: Path) -> None:
    table = {key: [value] for key, value in SOUND.items()}
    table |= {"maDonVi": [{"code": "H02.28", "name": "Sở"}], "trangThai": [["4"]], "linhVuc": [["x", "y"]]}
    buffer = io.BytesIO()
    pl.DataFrame(table).write_parquet(buffer)
    found = read(tmp_path, FEED, "a.parquet", buffer.getvalue())
    assert (found.column("ma_don_vi"), found.column("trang_thai")) == (["H02.28"], ["dang_xu_ly"])
    assert found.faults == [(1, "linh_vuc", "khong_doc_duoc", False)]
    assert json.loads(found.column("_goc")[0]) == {"linh_vuc": '["x","y"]'}


def test_every_channel_is_no_channel_of_a_fee(tmp_path: Path) -> None:
    text = "Mã TTHC;Mức thu;Số văn bản;Hiệu lực từ;Kênh nộp\n1.001193;50.000;12/NQ;01/01/2024;Tất cả\n"
    found = read(tmp_path, "dvc/phi", "a.csv", text)
    assert (found.column("kenh"), found.sound) == ([None], [2])
