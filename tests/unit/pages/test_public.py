"""The page for the web says what the open data say and nothing else; what is hidden there is hidden here."""

from __future__ import annotations

import posixpath
import re
from datetime import date

import pyarrow as pa
import pytest

from pipelines.cli.main import run
from pipelines.config.paths import DataPaths
from pipelines.opendata.tables import DAY, NUMBER, TEXT, WHOLE, Column, Described, OpenTable, arrow
from pipelines.pages.public import HIDDEN, public_site
from pipelines.pages.writing import write_site
from tests.unit.pages.published import publish

DAY_OPENED = date(2025, 12, 31)
AGENCY = '<b>H05.9"'
COUNTS = (Column("nhan_moi", "Tổng số hồ sơ nhận mới", WHOLE), Column("truc_tuyen", "Nộp trực tuyến", WHOLE))
SHARE = (Column("ty_le_truc_tuyen", "Tỷ lệ nộp trực tuyến (0 đến 1)", NUMBER),)
END = (Column("lan_chot", "Lần chốt", WHOLE), Column("ngay_chot", "Ngày chốt", DAY))


def _table(name: str, title: str, keys: tuple[Column, ...], rows: list[dict[str, object]]) -> OpenTable:
    columns = (Column("ky", "Tháng (YYYY-MM)", TEXT), *keys, *COUNTS, *SHARE, *END)
    what = Described(name, title, "Đếm gì.", ("ky", *(k.name for k in keys if k.name.startswith("ma_"))), columns, ())
    table: pa.Table = arrow(columns, [{"lan_chot": 1, "ngay_chot": DAY_OPENED, **row} for row in rows])
    return OpenTable(what, table, DAY_OPENED, DAY_OPENED, held=False, parquet=b"")


@pytest.fixture
def pages() -> dict[str, str]:
    agency = (
        Column("ma_don_vi", "Mã", TEXT),
        Column("ten_don_vi", "Tên đơn vị", TEXT),
        Column("cap", "Cấp: tinh, xa", TEXT),
    )
    procedure = (Column("ma_tthc", "Mã", TEXT), Column("ten_tthc", "Tên thủ tục", TEXT))
    months = ("2025-10", "2025-11")
    return public_site([
        _table("tiep_nhan_toan_tinh", "Nhận mới toàn tỉnh", (), [{"ky": ky, "nhan_moi": 1492} for ky in months]),
        _table("tiep_nhan_theo_don_vi", "Nhận mới theo đơn vị", agency, [
            {"ky": "2025-10", "ma_don_vi": AGENCY, "ten_don_vi": "Tên cũ", "cap": "xa", "nhan_moi": 0, "truc_tuyen": 0},
            {"ky": "2025-11", "ma_don_vi": AGENCY, "ten_don_vi": "Xã <i>A</i>", "cap": "xa", "nhan_moi": 20,
             "truc_tuyen": 15, "ty_le_truc_tuyen": 0.75},
            {"ky": "2025-11", "ma_don_vi": "khong_ro", "cap": "khong_ro", "nhan_moi": None, "truc_tuyen": 7},
        ]),
        _table("tiep_nhan_theo_thu_tuc", "Nhận mới theo thủ tục", procedure, [
            {"ky": "2025-11", "ma_tthc": "1.1", "ten_tthc": "Khai sinh", "nhan_moi": 9}
        ]),
    ])  # fmt: skip


def _cells(page: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", page)]


def test_a_month_shows_the_cells_of_the_open_tables_and_hides_what_they_hide(pages: dict[str, str]) -> None:
    cells = _cells(pages["thang/2025-11.html"])
    assert [c for c in cells if re.search(r"[\d…]", c)] == ["1.492", HIDDEN, "20", "15", "75,00 %", HIDDEN, "7"]
    assert "Không rõ" in cells and "khong_ro" not in pages["thang/2025-11.html"]
    assert _cells(pages["index.html"]) == cells


def test_an_agency_and_a_procedure_have_their_months_the_newest_first(pages: dict[str, str]) -> None:
    (agency,) = [text for name, text in pages.items() if name.startswith("don_vi/")]
    assert [c for c in _cells(agency) if re.match(r"\d\d/", c)] == ["11/2025", "10/2025"]
    assert "Xã &lt;i&gt;A&lt;/i&gt;" in agency and "<i>A" not in agency
    assert "9" in _cells(pages["tthc/1.1.html"]) and HIDDEN in _cells(pages["tthc/1.1.html"])


def test_every_link_leads_to_a_page(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        for link in re.findall(r'href="([^"#]+)"', text):
            assert posixpath.normpath(posixpath.join(posixpath.dirname(name), link)) in pages, (name, link)


def test_without_open_data_nothing_is_written_and_the_reason_is_said(
    data: DataPaths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["page", "--cong-khai", "--out", str(data.root / "mang")]) == 3
    assert "chỉ ghi số của dữ liệu mở" in capsys.readouterr().err
    assert not (data.root / "mang").exists()


def test_internal_pages_do_not_take_the_place_of_those_for_the_web(
    data: DataPaths, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(data.marts)
    web, inside = data.root / "mang", data.root / "noi_bo"
    write_site(public_site([]), web)
    before = (web / "index.html").read_bytes()
    assert run(["page", "--out", str(web)]) == 2
    assert "đang giữ trang cho mạng" in capsys.readouterr().err
    assert (web / "index.html").read_bytes() == before
    for _ in range(2):
        assert run(["page", "--out", str(inside)]) == 0
        write_site(public_site([]), web)
    write_site(public_site([]), inside)


def test_no_month_is_a_page_that_says_so() -> None:
    assert "Chưa có tháng nào được mở" in public_site([])["index.html"]
