"""A required figure that a date may stand for: blank, unreadable, or given, and which of it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.intake.one_file import read

HEAD = "Mã báo cáo\tMã số liệu\tChỉ tiêu\tGiá trị\tGiá trị ngày\n"


@pytest.mark.parametrize(
    ("figure", "day", "reason"),
    [
        ("", "", ("gia_tri", "thieu_bat_buoc")),
        ("05/63", "", ("gia_tri", "khong_doc_duoc")),
        ("30/9/2024", "", ("gia_tri", "khong_doc_duoc")),
        ("", "cuối tháng", ("gia_tri_ngay", "khong_doc_duoc")),
    ],
)
def test_what_cannot_be_read_is_not_told_as_missing(
    tmp_path: Path, figure: str, day: str, reason: tuple[str, str]
) -> None:
    outcome = read(tmp_path, "bao_cao/so_lieu", "a.csv", f"{HEAD}BC1\tA1\tpar_index_rank\t{figure}\t{day}\n")
    assert [(field, why) for _, field, why, apart in outcome.faults if apart] == [reason]
    assert outcome.sound == []


@pytest.mark.parametrize(("figure", "day"), [("3235", ""), ("", "ngày 08 tháng 3 năm 2024"), ("", "30/9/2024")])
def test_either_is_enough(tmp_path: Path, figure: str, day: str) -> None:
    outcome = read(tmp_path, "bao_cao/so_lieu", "a.csv", f"{HEAD}BC1\tA1\tpar_index_rank\t{figure}\t{day}\n")
    assert outcome.faults == []
    assert len(outcome.sound) == 1
