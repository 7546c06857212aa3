"""Of which publication, day and unit a paper says its figures are."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.papers.writing import write
from tests.integration.papers.published import JULY
from tests.integration.papers.reading import words


def test_points_lost_through_an_agency_are_the_province_s(paths: DataPaths, tmp_path: Path) -> None:
    write(paths, "766", JULY, tmp_path / "f.docx")
    assert "Tổng điểm mất ở các chỉ số" in words(tmp_path / "f.docx")
    write(paths, "766", JULY, tmp_path / "f.docx", agency="H05.03")
    text = words(tmp_path / "f.docx")
    assert "Tổng điểm mất" not in text
    assert "Điểm của tỉnh mất qua đơn vị này" in text or "Không có điểm mất nào" in text


def test_what_stands_on_the_day_is_not_said_of_the_window(paths: DataPaths, tmp_path: Path) -> None:
    made = write(paths, "de-an-06", JULY, tmp_path / "f.xlsx").desk.figures
    of_today = {code: figure.window for code, figure in made.items() if code.startswith(("DA-TL.", "DA-NG."))}
    assert of_today
    assert set(of_today.values()) == {"đến ngày 31/07/2025"}


def test_the_head_names_the_publication_it_is_made_of_and_only_what_is_held_now(
    paths: DataPaths, tmp_path: Path
) -> None:
    assert write(paths, "kstthc", JULY, tmp_path / "f.docx").notes == []
    text = words(tmp_path / "f.docx")
    assert "31/07/2025" in text
    assert "2025-07-31.abc" in text
    assert "2025-06-30.cu" not in text
    held = "UPDATE van_hanh.xuat_ban SET trang_thai = 'giu_ban_cu', ly_do = 'Quy tắc X không đạt.' WHERE so_lan = 2"
    with duckdb.connect(str(paths.marts_file)) as db:
        db.execute(held)
    notes = write(paths, "766", JULY, tmp_path / "f.docx").notes
    assert not [note for note in notes if "ho_tich" in note or "Hộ tịch" in note]
    notes = write(paths, "kstthc", JULY, tmp_path / "f.docx").notes
    (note,) = [note for note in notes if "“Thủ tục hành chính”" in note]
    assert note.endswith(" còn là số liệu đến hết ngày 31/07/2025, không có bản mới: Quy tắc X không đạt.")


def test_what_is_held_says_up_to_which_day_and_whether_the_window_is_filled(paths: DataPaths, tmp_path: Path) -> None:
    with duckdb.connect(str(paths.marts_file)) as db:
        db.execute("DELETE FROM van_hanh.xuat_ban WHERE so_lan = 2")
        for group, day in (("tthc", 30), ("chi_so_766", 30), ("doi_soat", 31), ("ho_tich", None)):
            kept = "'moi', NULL" if day is None else "'giu_ban_cu', 'Quy tắc X không đạt.'"
            db.execute(
                f"INSERT INTO van_hanh.xuat_ban (nhom_mart, trang_thai, ly_do, so_lan, ngay_so_lieu, phien_ban) "
                f"VALUES ('{group}', {kept}, 2, DATE '2025-07-{day or 31}', '2025-07-31.abc')"
            )
    notes = write(paths, "kstthc", JULY, tmp_path / "f.docx").notes
    assert notes == [
        "Nhóm số liệu “Bộ chỉ số 766”, “Thủ tục hành chính” còn là số liệu đến hết ngày 30/07/2025, không có bản mới: "
        "Quy tắc X không đạt. Ngày ấy kỳ báo cáo chưa hết, các con số còn đổi.",
        "Nhóm số liệu “Đối soát” còn là số liệu đến hết ngày 31/07/2025, không có bản mới: Quy tắc X không đạt.",
    ]
