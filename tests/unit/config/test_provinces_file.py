"""``cac_tinh.yaml``: what two provinces of one deployment must never share is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config.provinces import load_provinces
from pipelines.config.yaml_lines import ConfigError

GOOD = """thu_muc: chung
cung_luc: 2
tinh:
  - ma: "24"
    ten: Bắc Ninh
    du_lieu: bac_ninh/data
    tep_khoa: khoa/24
  - ma: "27"
    ten: Tỉnh khác
    du_lieu: tinh_khac/data
    tep_khoa: khoa/27
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "cac_tinh.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_places_count_from_the_file(tmp_path: Path) -> None:
    found = load_provinces(written(tmp_path, GOOD))
    assert found.thu_muc == tmp_path / "chung"
    assert [(item.ma, item.du_lieu) for item in found.tinh] == [
        ("24", tmp_path / "bac_ninh" / "data"),
        ("27", tmp_path / "tinh_khac" / "data"),
    ]
    assert found.tinh[1].tep_khoa == tmp_path / "khoa" / "27"


@pytest.mark.parametrize(
    ("was", "becomes", "line", "said"),
    [
        ('ma: "27"', 'ma: "24"', 8, "mã tỉnh 24 đã có"),
        ('ma: "27"', "ma: 27", 8, "cần chuỗi"),
        ("tinh_khac/data", "bac_ninh/data", 10, "trùng hoặc nằm trong"),
        ("tinh_khac/data", "bac_ninh/data/con", 10, "trùng hoặc nằm trong"),
        ("tinh_khac/data", "bac_ninh", 10, "trùng hoặc nằm trong"),
        ("khoa/27", "khoa/24", 11, "mỗi tỉnh một khóa"),
        ("khoa/27", "tinh_khac/data/khoa", 11, "ngoài thư mục dữ liệu"),
        ("khoa/27", "bac_ninh/data/khoa", 11, "ngoài thư mục dữ liệu của tỉnh 24"),
        ("khoa/24", "tinh_khac/data/con/khoa", 7, "ngoài thư mục dữ liệu của tỉnh 27"),
        ("khoa/27", "chung/khoa", 11, "ngoài thư mục chung"),
        ("thu_muc: chung", "thu_muc: bac_ninh/data/chung", 1, "thư mục chung"),
        ("cung_luc: 2", "cung_luc: 0", 2, "cung_luc"),
        ("    tep_khoa: khoa/27\n", "    tep_khoa: khoa/27\n    cau_hinh: khong_co.yaml\n", 12, "không có tệp"),
    ],
)
def test_what_two_provinces_must_not_share(tmp_path: Path, was: str, becomes: str, line: int, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_provinces(written(tmp_path, GOOD.replace(was, becomes)))
    assert said in str(refused.value)
    assert f"cac_tinh.yaml:{line}: " in str(refused.value)
