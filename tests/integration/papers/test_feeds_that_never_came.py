"""What a paper counts from a feed of which no file ever came is said to be unknown, never printed as zero."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config.paths import DataPaths
from pipelines.papers.writing import write
from tests.integration.papers.published import JULY, change_published


@pytest.mark.parametrize(
    ("kind", "feed", "unknown"),
    [
        (
            "kstthc",
            "dvc/tthc",
            {"tthc_tong", "tthc_cap_xa", "tthc_trung_uong", "tthc_mot_cua", "quyet_dinh_cong_bo", "tthc_cong_khai"},
        ),
        ("de-an-06", "ho_tich/khai_sinh", {"khai_sinh_dien_tu", "cho_so_dinh_danh", "cho_huy_so", "sai_cau_truc"}),
        ("de-an-06", "ho_tich/lien_thong", {"lien_thong", "lien_thong_xong", "lien_thong_khai_tu"}),
        ("de-an-06", "ho_tich/khai_sinh', 'ho_tich/khai_tu", {"trung_lap"}),
    ],
)
def test_what_a_feed_that_never_came_would_count_is_not_zero(
    paths: DataPaths, tmp_path: Path, kind: str, feed: str, unknown: set[str]
) -> None:
    for table in ("tthc.danh_muc", "ho_tich.so_dinh_danh", "ho_tich.lien_thong", "ho_tich.trung_lap"):
        change_published(paths, f"DELETE FROM {table}")
    change_published(paths, f"INSERT INTO van_hanh.nguon BY NAME SELECT unnest(['{feed}']) AS nguon_du_lieu")
    named = write(paths, kind, JULY, tmp_path / "f.docx").named
    feeds = feed.replace("', '", ", ")
    assert {name: named[name].reason for name in unknown} == dict.fromkeys(
        unknown, f"kho chưa nhận tệp nào của nguồn {feeds}"
    )
    change_published(paths, "UPDATE van_hanh.nguon SET tep_cuoi = 'x.csv'")
    assert not any(
        "chưa nhận tệp nào" in figure.reason for figure in write(paths, kind, JULY, tmp_path / "g.docx").named.values()
    )


def test_an_empty_catalogue_has_no_procedures_by_level(paths: DataPaths, tmp_path: Path) -> None:
    change_published(paths, "UPDATE tthc.danh_muc SET hieu_luc_den = DATE '2025-01-01'")
    named = write(paths, "kstthc", JULY, tmp_path / "f.docx").named
    assert {named[name].reason for name in ("tthc_tong", "tthc_cap_tinh", "tthc_dia_phuong")} == {
        "danh mục không có TTHC nào còn hiệu lực vào ngày này"
    }
