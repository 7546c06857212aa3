"""Of which publication, day and unit a paper says its figures are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from pipelines.config.paths import DataPaths
from pipelines.papers.desk import Window
from pipelines.papers.writing import write
from tests.integration.papers.reading import words

JULY = Window(date(2025, 7, 1), date(2025, 7, 31))


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
    assert "Nhóm số liệu “Thủ tục hành chính” không có bản mới: Quy tắc X không đạt." in notes
