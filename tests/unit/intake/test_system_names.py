"""One system under several spellings is one key in every feed that names systems; an unknown one keeps its code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.intake.one_file import read

FEEDS = {
    "he_thong/ket_noi": ("Mã hệ thống\tTên\tChủ quản\tTrạng thái\tHiệu lực từ", "\tA\tB\tĐã kết nối\t01/01/2024"),
    "he_thong/gian_doan": ("Mã hệ thống\tBắt đầu\tMức độ", "\t01/01/2024 08:00\tNgừng"),
    "nganh_doc/tong_hop": ("Mã hệ thống\tKỳ\tMã đơn vị\tLĩnh vực\tTiếp nhận", "\t2024-06\tH02.16\tĐất đai\t5"),
}


@pytest.mark.parametrize("feed", FEEDS)
def test_spellings_of_a_system_are_one_key(tmp_path: Path, feed: str) -> None:
    head, rest = FEEDS[feed]
    names = ["VBDLIS", "VBDLis", "VBDLiS", "Phần mềm VBDLIS", "HT-KHAC"]
    lines = "\n".join(name + rest for name in names)
    outcome = read(tmp_path, feed, "a.csv", f"{head}\n{lines}\n")
    assert outcome.column("ma_he_thong") == ["VBDLIS"] * 4 + ["HT-KHAC"]
    assert outcome.faults == []
