"""The leaders' page: it says what SQL says; text escaped; every link leads somewhere; nothing from a network."""

from __future__ import annotations

import posixpath
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipelines.config.figures import points
from pipelines.config.paths import PROJECT_ROOT
from pipelines.pages.answers import answers
from pipelines.pages.charts import bars, line
from pipelines.pages.facts import Facts, read_facts
from pipelines.pages.site import site
from pipelines.pages.words import change, file_name, order
from pipelines.pages.work import WorkError, work_of
from pipelines.pages.writing import PageError, write_site, write_work
from pipelines.warehouse.agencies import UnknownAgencyError
from tests.unit.pages.published import CODE, HELD, publish

FRAME = PROJECT_ROOT / "pipelines" / "pages" / "templates" / "khung.html.j2"
VOID = {"meta", "link", "br", "input", "rect", "path", "circle"}


class Reader(HTMLParser):
    """Links, ids and open tags of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.open: list[str] = []
        self.sources: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self.links += [str(value) for name, value in attrs if name == "href"]
        self.sources += [str(value) for name, value in attrs if name in {"src", "srcset", "action"}]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def facts_of(file: Path) -> Facts:
    with duckdb.connect(str(file), read_only=True) as connection:
        return read_facts(connection)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    return facts_of(publish(tmp_path_factory.mktemp("cong_bo")))


@pytest.fixture(scope="module")
def pages(facts: Facts) -> dict[str, str]:
    return site(facts, beside=False)


def test_every_page_is_whole_escaped_and_offline(pages: dict[str, str]) -> None:
    assert {"index.html", "tra_cuu.html", "thang/2025-10.html", "don_vi/H05.03.html"} <= pages.keys()
    for name, text in pages.items():
        page = Reader(text)
        assert page.open == []
        assert page.sources == []
        assert '<html lang="vi">' in text
        assert "<script>alert" not in text
        assert "<b>im</b>" not in text
        assert not re.search(r"https?://|url\(|@import", text)
        for link in page.links:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), link.partition("#")[0]))
            assert link == "#noi-dung" or target in pages, (name, link)


def test_captions_of_wide_tables_are_read_whole_on_a_phone(pages: dict[str, str]) -> None:
    """A table scrolls sideways in its frame; the words above it are no wider than the window."""
    assert "caption span { display: block; position: sticky; left: 0; max-width:" in pages["index.html"]
    for page in pages.values():
        assert page.count("<caption>") == page.count("<caption><span>") == page.count("</span></caption>")


def test_the_newest_whole_month_is_the_front_and_others_are_chosen_by_hand(facts: Facts, pages: dict[str, str]) -> None:
    assert facts.current == "2025-11"  # December is not over
    assert '<strong aria-current="page">11/2025</strong>' in pages["index.html"]
    assert 'href="thang/2025-10.html"' in pages["index.html"]
    assert 'href="../index.html">11/2025' in pages["thang/2025-10.html"]


def test_the_front_answers_three_questions_with_the_figures(facts: Facts) -> None:
    better, lost, late = answers(facts, "2025-11")
    assert better.short == "Kém tháng trước 0,50 điểm"
    assert better.lines[1] == "Đúng và trước hạn 80,00 % (80/100 hồ sơ), giảm 15,00 điểm phần trăm so với 10/2025."
    assert lost.short == "Chỉ số 4.1: 0,75 điểm"
    assert lost.lines[-1] == "Cả tháng mất 1,00 điểm ở 2 chỉ số."
    assert late.short == "1 hồ sơ ở 1 đơn vị"
    assert "So với hôm trước: giảm 2." in late.lines


def test_two_maxima_are_not_compared_and_a_first_month_has_nothing_before(tmp_path: Path) -> None:
    file = publish(tmp_path)
    with duckdb.connect(str(file)) as db:
        db.execute("UPDATE chi_so_766.tong_hop SET diem_toi_da = 90 WHERE ky = '2025-10'")
    facts = facts_of(file)
    assert answers(facts, "2025-11")[0].short == "Không so được với tháng trước"
    assert answers(facts, "2025-10")[0].short == "Không so được với tháng trước"
    assert "so với" not in " ".join(answers(facts, "2025-10")[0].lines)


def test_a_held_group_is_said_at_its_figure_with_since_when_and_why(tmp_path: Path) -> None:
    pages = site(facts_of(publish(tmp_path, held="tthc")), beside=False)
    said = f"là số của ngày 14/12/2025, chưa cập nhật.</p><details><summary>Vì sao</summary><p>{HELD}"
    part = pages["index.html"].split("<h2>Giải quyết hồ sơ đúng hạn</h2>")[1][:400]
    assert said in part
    assert said in pages["don_vi/H05.03.html"]
    assert said not in pages["index.html"].split("<h2>Hộ tịch và số hóa</h2>")[1].split("<h2>")[0]


def test_a_group_never_published_is_a_reason_and_no_failure(tmp_path: Path) -> None:
    without = ("chi_so_766.tong_hop", "chi_so_766.diem_mat")
    facts = facts_of(publish(tmp_path, held="chi_so_766", without=without))
    better, lost, _ = answers(facts, facts.current)
    assert better.short == "Chưa đủ số liệu"
    assert "Bảng chưa được công bố." in lost.lines
    assert (
        f"chưa được công bố.</p><details><summary>Vì sao</summary><p>{HELD}" in site(facts, beside=False)["index.html"]
    )


def test_an_empty_publication_has_a_page(tmp_path: Path) -> None:
    file = publish(tmp_path)
    with duckdb.connect(str(file)) as db:
        for table in ("tthc.giai_quyet_thang", "chi_so_766.tong_hop", "chi_so_766.diem_mat", "dieu_hanh.canh_bao",
                      "dieu_hanh.viec_don_vi"):  # fmt: skip
            db.execute(f"DELETE FROM {table}")
    facts = facts_of(file)
    assert facts.current is None
    assert "Không hồ sơ nào quá hẹn" in site(facts, beside=False)["index.html"]


def test_from_a_point_lost_to_its_dossiers(pages: dict[str, str]) -> None:
    assert CODE in pages["don_vi/H05.03.html"].split("Điểm mất qua đơn vị")[1]
    assert CODE in pages[f"tthc/{file_name('../T1')}"]


def test_counts_of_a_page_are_those_of_sql(facts: Facts, pages: dict[str, str]) -> None:
    rows = [row for row in facts.tables["thang"] if row["ky"] == "2025-11"]
    late = sum(row["dang_qua_han"] for row in rows)
    first = pages["index.html"].split("<caption><span>Hồ sơ theo tháng")[1].split("</tr>")
    cells = re.findall(r'<td class="so">(.*?)</td>', first[2])
    assert cells == ["100", "80,00 %", "100", "80,00 % <small>80/100</small>", "20", "13", str(late)]


def test_a_target_in_points_keeps_its_fraction(pages: dict[str, str]) -> None:
    assert '<td class="so">13,60</td><td class="so">ít nhất 14</td>' in pages["index.html"]


def test_one_name_under_two_codes_is_told_apart(facts: Facts) -> None:
    assert [facts.agencies[c] for c in ("H05.121", "H05.122", "H05.123")] == [
        "UBND phường Đa Mai", "Sở Y (H05.122)", "Sở Y (H05.123)",
    ]  # fmt: skip


def test_words_and_names_of_files() -> None:
    assert (points(0.001), points(None), change(-0.0), change(None)) == ("dưới 0,01", "–", "không đổi", "")
    assert file_name("H05.03") == "H05.03.html"
    for hostile in ("../x", ".an", "a/b", "", "a\x00", "é"):
        assert re.fullmatch(r"x-[0-9a-f]{16}\.html", file_name(hostile))
    assert sorted(["Đông", "Ân", "Bắc", "Dương"], key=order) == ["Ân", "Bắc", "Đông", "Dương"]


def test_the_figures_of_an_axis_are_whole_on_a_phone() -> None:
    letters = int(re.findall(r"svg text \{ font-size: (\d+)px", FRAME.read_text(encoding="utf-8"))[0])
    drawn = str(line([("11/2025", 1.0), ("12/2025", 0.0)], "Tỷ lệ"))
    figures = re.findall(r'<text x="([0-9.]+)" y="[0-9.]+" class="phai">([^<]*%)</text>', drawn)
    assert [text for _, text in figures] == ["0,0%", "50,0%", "100,0%"]
    assert all(float(x) > 0.58 * letters * len(text) for x, text in figures)


def test_charts_escape_and_break_at_a_gap() -> None:
    drawn = str(bars([("<i>", 2.0, None, "1/2"), ("b", None, 0.5, "–")], '"><x'))
    assert "<i>" not in drawn
    assert '"><x' not in drawn
    assert drawn.count('class="cot"') == 1
    assert 'width="640"' in drawn  # more than all is drawn as all
    path = re.search(r'class="duong" d="(.*?)"', str(line([("1", 0.5), ("2", None), ("3", 0.6), ("4", 0.7)], "x")))
    assert path is not None
    assert path[1].count("M") == 2
    assert str(line([("1", 0.5)], "x")) == ""


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "trang"
    write_site({"index.html": "Bảng điều hành Kho 06", "cu/a.html": "a"}, own)
    write_site({"index.html": "Bảng điều hành Kho 06 mới"}, own)
    assert [file.name for file in own.iterdir()] == ["index.html"]
    other = tmp_path / "khac"
    other.mkdir()
    (other / "thu.txt").write_text("của người khác", encoding="utf-8")
    with pytest.raises(PageError, match="thứ khác"):
        write_site({"index.html": "x"}, other)
    assert [file.name for file in other.iterdir()] == ["thu.txt"]
    with pytest.raises(PageError, match="không ghi được"):
        write_site({"index.html": "x"}, tmp_path / "khac" / "thu.txt" / "a")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["khac", "trang"]


def test_the_list_of_an_agency_is_read_back_equal(tmp_path: Path) -> None:
    with duckdb.connect(str(publish(tmp_path)), read_only=True) as connection:
        everything, one = work_of(connection, None), work_of(connection, "h05.03")
        for asked, near in (("H05.3", "H05.03"), ("ubnd phuong da may", "H05.121"), ("zzz", None)):
            with pytest.raises(UnknownAgencyError, match=asked) as said:
                work_of(connection, asked)
            assert near is None or near in str(said.value)
    assert [row["doi_tuong"] for row in one.rows] == [CODE]
    assert len(one.counts) == 1
    out = tmp_path / "viec.xlsx"
    write_work(everything.rows, "Việc", out)
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None
    read = list(sheet.iter_rows(min_row=4, values_only=True))
    assert {(row[4], row[5], row[6]) for row in read} == {
        (r["doi_tuong"], r["mo_ta"], r["so_ngay"]) for r in everything.rows
    }
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    with pytest.raises(PageError, match="không ghi được"):
        write_work([], "Việc", tmp_path / "khong" / "co.xlsx")


def test_who_takes_over_an_agency_takes_over_its_work(tmp_path: Path) -> None:
    file = publish(tmp_path)
    with duckdb.connect(str(file)) as db:
        for of in ("H05.121", "H05.122", "H05.123"):
            db.execute(
                "INSERT INTO dieu_hanh.canh_bao SELECT * REPLACE (? AS ma_canh_bao, ? AS ma_don_vi) "
                "FROM dieu_hanh.canh_bao WHERE ma_don_vi = 'H05.03'",
                [f"qua_han:{of}", of],
            )
            db.execute(
                "INSERT INTO dieu_hanh.viec_don_vi SELECT * REPLACE (? AS ma_don_vi, 1 AS so_luong) FROM "
                "dieu_hanh.viec_don_vi WHERE ma_don_vi = 'H05.03'",
                [of],
            )
        taken, ended = work_of(db, "H05.121"), work_of(db, "H05.122")
        assert [row["ma_canh_bao"] for row in taken.rows] == ["qua_han:H05.121", "qua_han:H05.122"]
        assert [name for name, *_ in taken.counts] == ["UBND phường Đa Mai", "Sở Y (H05.122)"]
        assert taken.of == {"H05.121", "H05.122"}
        assert [row["ma_canh_bao"] for row in ended.rows] == ["qua_han:H05.122"]
        db.execute("ALTER TABLE tthc.don_vi DROP COLUMN ma_don_vi_hien_nay")
        assert work_of(db, "H05.121").of == {"H05.121"}


def test_a_day_without_work_is_the_day_of_the_publication_in_force(tmp_path: Path) -> None:
    """An earlier publication of a later day was replaced (``kho run --as-of … --thay-ban-dang-dung``)."""
    file = publish(tmp_path)
    with duckdb.connect(str(file)) as db:
        db.execute("DELETE FROM dieu_hanh.canh_bao")
        db.execute(
            "INSERT INTO van_hanh.xuat_ban BY NAME SELECT * REPLACE (0 AS so_lan, DATE '2025-12-20' AS ngay_so_lieu, "
            "'2025-12-20.abc' AS phien_ban) FROM van_hanh.xuat_ban"
        )
        assert work_of(db, None).as_of == date(2025, 12, 15)


def test_no_list_before_it_is_published(tmp_path: Path) -> None:
    file = publish(tmp_path, without=("dieu_hanh.canh_bao",))
    with (
        duckdb.connect(str(file), read_only=True) as connection,
        pytest.raises(WorkError, match="chưa được công bố"),
    ):
        work_of(connection, None)
