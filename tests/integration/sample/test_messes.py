"""The checklist of docs/mess.md: each mess occurs somewhere in the small sample."""

from __future__ import annotations

import json
import re
import unicodedata
import zipfile

import pytest

from pipelines.sample.files.charsets import encode
from tests.integration.sample.conftest import Made


def _all_text(made: Made, suffix: str, charset: str = "utf-8") -> str:
    texts = [p.read_bytes() for p in sorted(made.raw.rglob(f"*{suffix}"))]
    return "\n".join(text.decode(charset, "ignore") for text in texts)


def _sheets(made: Made) -> str:
    parts = []
    for path in sorted(made.raw.rglob("*.xlsx")):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                parts += [book.read(n).decode() for n in book.namelist() if n.endswith(".xml")]
    return "\n".join(parts)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv", ".json", ".jsonl", ".parquet"])
def test_every_format_occurs(small: Made, suffix: str) -> None:
    assert list(small.raw.rglob(f"*{suffix}"))


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "cp1258", "tcvn3", "vni"])
def test_every_charset_occurs(small: Made, charset: str) -> None:
    names = small.files.filter(small.files["bang_ma"] == charset)["tep"].to_list()
    assert names
    head = encode("Nguyễn" if charset in {"tcvn3", "vni", "cp1258"} else "", charset)
    assert any(head in small.bytes_of(name) for name in names)


def test_titles_footers_cover_numbering_and_merged_headers_occur(small: Made) -> None:
    sheets = _sheets(small)
    for words in ("dữ liệu tổng hợp", "Tổng số:", "NGƯỜI LẬP BIỂU", "(1)", "tiếp nhận", "Thời điểm kết xuất"):
        assert words in sheets
    assert "<mergeCell " in sheets
    assert 'name="Bìa"' in sheets


@pytest.mark.parametrize(
    "pattern",
    [
        r"\d\d/\d\d/20\d\d \d\d:\d\d",
        r"\d\d-\d\d-20\d\d \d\d:\d\d",
        r"20\d\d-\d\d-\d\dT\d\d:\d\d:00",
        r"[;\t,]\d{1,3}(\.\d{3})+,00[;\t,]",
        r"\d{1,3}( \d{3})+ đ",
        r"000\.00\.\d\d\.H0[25]-",
        r"1\.\d{6}\.000\.00\.00\.H0[25]",
        r"\d,\d\d%",
        r"\d\d\.\d{9}E\+10|\d\.\d{9,10}E\+\d+",
    ],
)
def test_spellings_of_dates_numbers_and_codes_occur(small: Made, pattern: str) -> None:
    everything = _all_text(small, ".csv") + _all_text(small, ".jsonl") + _sheets(small)
    everything += "\n".join(p.read_bytes().decode("latin-1") for p in small.raw.rglob("hs_vni.csv"))
    everything += _all_text(small, ".csv", "utf-16")
    assert re.search(pattern, everything)


def test_compact_timestamps_serials_and_date_cells_occur(small: Made) -> None:
    wide = small.bytes_of("dvc/ho_so/2025/T08/hs_unicode.csv").decode("utf-16")
    assert re.search(r"\t2025\d{10}\t", wide)
    for name in ("BC ngày 16.xlsx", "BC cuối tháng.xlsx"):
        with zipfile.ZipFile(small.raw / "dvc/ho_so/2025/T09" / name) as book:
            assert re.search(r"<v>459\d\d(\.\d+)?</v>", book.read("xl/worksheets/sheet1.xml").decode())


def test_partial_dates_occur_in_every_form(small: Made) -> None:
    sheets = _sheets(small)
    assert re.search(r">\d\d\.19\d\d<", sheets)
    assert re.search(r">__/__/\d{4}<", sheets)
    assert re.search(r">\d\d\.\d\d\.\d{4}<", sheets)


def test_damaged_unicode_occurs(small: Made) -> None:
    text = small.bytes_of("dvc/ho_so/2025/T04/hoso_thang4.csv").decode("utf-8-sig")
    assert text != unicodedata.normalize("NFC", text)
    for mark in ("\u200b", "\u00a0", "Ð"):
        assert mark in text
    assert re.search(r"[A-ZĐ]{2,} [A-ZĐÀ-Ỹ]{2,} [A-ZĐÀ-Ỹ]{2,}", unicodedata.normalize("NFC", text))


def test_both_registry_dialects_occur(small: Made) -> None:
    sheets = _sheets(small)
    for words in ("DL Import", "DL_GOC", "nksHoTen", "NKSHOTEN", "DC_DVNHAPXA", "19/11/1999", "01/04/5005", ", , , "):
        assert words in sheets
    assert "i=[1,2,3,4,5,6]" in sheets


def test_hostile_names_headers_and_cells_occur(small: Made) -> None:
    (name,) = [n for n in small.files["tep"] if "DROP TABLE" in n]
    text = small.bytes_of(name).decode("utf-8")
    assert '"); DROP TABLE' in text
    assert "=HYPERLINK(" in text
    assert 'Dòng một\nDòng hai, có dấu phẩy; và ""ngoặc kép""' in text
    assert "<f>HYPERLINK" in _sheets(small)


def test_the_same_file_comes_twice(small: Made) -> None:
    copies = small.files.filter(small.files["trang_thai"] == "trung")
    assert copies.height == 1
    assert small.files["sha256"].to_list().count(copies["sha256"][0]) == 2


def test_each_refused_file_is_sent_again_under_its_stem(small: Made) -> None:
    refused = small.files.filter(small.files["trang_thai"] == "tu_choi")["tep"].to_list()
    loaded = set(small.files.filter(small.files["trang_thai"] == "da_nap")["tep"])
    assert len(refused) == 2
    for name in refused:
        stem, suffix = name.rsplit(".", 1)
        assert f"{stem} (1).{suffix}" in loaded


def test_units_of_both_sides_of_the_merger_occur(small: Made) -> None:
    text = _all_text(small, ".jsonl")
    assert '"H02.' in text
    assert '"H05.' in text


def test_the_portal_answers_in_its_own_json(small: Made) -> None:
    answers = [json.loads(p.read_bytes()) for p in sorted((small.raw / "bo_chi_so_766").rglob("*.json"))]
    assert {"metrics" in answer or "children" in answer for answer in answers} == {True}
    assert all(answer["departmentCode"] == "H05" for answer in answers)


def test_progress_comes_in_two_snapshots(small: Made) -> None:
    assert small.files.filter(small.files["nguon_du_lieu"] == "ho_tich/so_hoa").height == 2
