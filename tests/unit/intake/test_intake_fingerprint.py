"""Stems under which a corrected copy of a file comes again."""

from __future__ import annotations

import time

import pytest

from pipelines.intake.found.fingerprint import file_id, normal_stem


@pytest.mark.parametrize(
    "name",
    [
        "dvc/ho_so/T4/Hồ sơ tháng 4.csv",
        "dvc/ho_so/ho so thang 4 (1).xlsx",
        "HO SO THANG 4 (2) (1).csv",
        "hồ sơ tháng 4 - Copy.csv",
        "hồ sơ tháng 4 - Copy (3).csv",
        "Copy of hồ sơ tháng 4.csv",
        "Bản sao của hồ sơ tháng 4.xlsx",
        "hồ sơ tháng 4 - Bản sao.csv",
        "ho_so_thang_4_v2.csv",
        "Hồ sơ tháng 4 - bản sửa (2).xlsx",
        "HoSoThang4 gửi lại lần 2.csv",
        "ho-so-thang-4_final.csv",
        "hồ sơ tháng 4 [2].csv",
    ],
)
def test_copies_have_one_stem(name):
    assert normal_stem(name) == "hosothang4"


@pytest.mark.parametrize(
    "name", ["ho so thang 5.csv", "ho so thang 4_2.csv", "ho so thang 42.csv", "ho so.csv", "(1).csv", "v2.csv"]
)
def test_other_files_have_another(name):
    assert normal_stem(name) != "hosothang4"
    assert normal_stem(name)


def test_ids_of_copies_differ_by_path():
    sha = "ab" * 32
    assert file_id(sha, "a", first=True) == sha[:16]
    assert len({file_id(sha, name, first=False) for name in "abc"}) == 3


@pytest.mark.parametrize("piece", ["__moi", " copy (1)", " v1.2", " lan 2", "(1)", " - ban sao", "_ (2) _"])
def test_hostile_names_take_no_time(piece):
    started = time.monotonic()
    normal_stem("a" + piece * 400 + "x.csv")
    assert time.monotonic() - started < 1
