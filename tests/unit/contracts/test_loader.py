from pathlib import Path

import pytest

from pipelines.config.yaml_lines import ConfigError
from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.contracts.model import Code, CodeList

GOOD = """\
ten: Thử
mo_ta: Luồng thử.
khoa: [ma]
truong:
  - ten: ma
    nhan: Mã
    kieu: ma
    bat_buoc: true
    nhay_cam: noi_bo
  - ten: loai
    nhan: Loại
    tieu_de: [Phân loại]
    kieu: danh_muc
    danh_muc: loai
    nhay_cam: noi_bo
"""
LISTS = {"loai": CodeList("loai", "", (Code("a", "A"),))}


def mistakes(tmp_path: Path, text: str) -> list[tuple[int | None, str]]:
    folder = tmp_path / "he"
    folder.mkdir()
    (folder / "thu.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_contracts(tmp_path, LISTS)
    return caught.value.mistakes


def test_a_sound_contract_loads(tmp_path):
    (tmp_path / "he").mkdir()
    (tmp_path / "he" / "thu.yaml").write_text(GOOD, encoding="utf-8")
    contract = load_contracts(tmp_path, LISTS)["he/thu"]
    assert contract.table == "he__thu"
    assert [f.name for f in contract.required] == ["ma"]


def test_a_part_of_the_key_may_be_blank_or_another_field(tmp_path):
    (tmp_path / "he").mkdir()
    (tmp_path / "he" / "thu.yaml").write_text(GOOD.replace("[ma]", '["loai|ma", "loai?"]'), encoding="utf-8")
    contract = load_contracts(tmp_path, LISTS)["he/thu"]
    assert [part.text for part in contract.key] == ["loai|ma", "loai?"]
    assert not contract.is_key("loai")
    assert contract.is_key_if_filled("loai")


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("nhan: Loại", "nhan: MÃ", 11, "trùng với trường “ma”"),
        ("[Phân loại]", "['M_a']", 12, "trùng với trường “ma”"),
        ("[Phân loại]", "['***']", 12, "ít nhất một chữ"),
        ("danh_muc: loai", "danh_muc: khac", 10, "không có danh mục"),
        ("    danh_muc: loai\n", "", 10, "danh_muc"),
        ("khoa: [ma]", "khoa: [mo]", 3, "trường không có"),
        ("khoa: [ma]", "khoa: [ma]\nsu_kien: [x]", 4, "trường không có"),
        ("ten: loai", "ten: ma", 10, "khai báo hai lần"),
        ("kieu: ma", "kieu: chu", 7, "kieu"),
        ("bat_buoc: true", "bat_buoc: co the", 8, "true hoặc false"),
        ("    kieu: ma", "    lon_nhat: 5\n    kieu: ma", 5, "so_thap_phan"),
        ("    kieu: ma", "    cach_viet_rieng: {'2': true}\n    kieu: ma", 5, "kiểu logic"),
        ("    kieu: ma", "    gia_tri_gia_phuong_ngu: {xx: [a]}\n    kieu: ma", 5, "phương ngữ"),
        ("nhay_cam: noi_bo", "nhay_cam: noi_bo\n    la: 1", 10, "không có trong mẫu"),
        ("khoa: [ma]", "khoa: ['ma|mo']", 3, "trường không có"),
        ("khoa: [ma]", "khoa: ['ma|loai']", 3, "phải là trường bắt buộc"),
        ("    kieu: danh_muc", "    thay_bang: ma\n    kieu: danh_muc", 10, "trường bắt buộc"),
        ("    kieu: ma", "    che: true\n    kieu: ma", 5, "kiểu van_ban"),
    ],
)
def test_each_mistake_is_reported_with_its_line(tmp_path, old, new, line, word):
    found = mistakes(tmp_path, GOOD.replace(old, new, 1))
    assert any(at == line and word in text for at, text in found), found


def test_one_spelling_for_two_codes_is_refused_with_its_line(tmp_path):
    (tmp_path / "cap.yaml").write_text(
        "mo_ta: Cấp.\ngia_tri:\n  - {ma: tinh, nhan: Tỉnh}\n  - {ma: tinh_cu, nhan: TỈNH}\n", encoding="utf-8"
    )
    with pytest.raises(ConfigError, match=r"cap\.yaml:4: .*trùng với mã “tinh”"):
        load_code_lists(tmp_path)


def test_a_feed_spelling_of_an_unknown_code_is_refused_with_its_line(tmp_path):
    (tmp_path / "cap.yaml").write_text(
        "mo_ta: Cấp.\ngia_tri:\n  - {ma: tinh, nhan: Tỉnh}\ntheo_nguon:\n  dvc/tthc:\n    T: tinhh\n", encoding="utf-8"
    )
    with pytest.raises(ConfigError, match=r"cap\.yaml:6: .*“tinhh”"):
        load_code_lists(tmp_path)
