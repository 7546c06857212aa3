"""The figures three public reports of 2024 print, as rows of feed ``bao_cao/so_lieu``, contradictions and all.

``so_lieu_in.csv`` has one line a figure: report, code, section, number of the sentence it stands in, metric of the
dictionary, window, scope, the figure as printed (Vietnamese notation) or the printed date, unit, printed base. One
printed mark is neither number nor date (a grade) and is left out.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

_FIGURES = Path(__file__).with_name("so_lieu_in.csv")
_REPORTS = {
    "BG-DA06-2024-04": "Bắc Giang: kết quả 01 năm thực hiện chỉ đạo về Đề án 06 (tháng 4/2024)",
    "BD-DA06-2024": "Bình Định: tháo gỡ điểm nghẽn Đề án 06 (năm 2024)",
    "BG-KSTT-2024-6T": "Bắc Giang: báo cáo kiểm soát thủ tục hành chính 6 tháng đầu năm 2024",
}


def printed_figures() -> pl.DataFrame:
    """Rows of feed ``bao_cao/so_lieu``: what is printed; a sentence is told by section and number, not by its words."""
    figures = pl.read_csv(_FIGURES, infer_schema_length=0)
    return figures.select(
        "ma_bao_cao",
        "ma_so_lieu",
        pl.col("ma_bao_cao").replace_strict(_REPORTS, return_dtype=pl.String).alias("ten_bao_cao"),
        pl.format("{} – mục {}, câu {}", "ma_bao_cao", "muc", "cau").alias("trich_dan"),
        "chi_tieu",
        "tu_ngay",
        "den_ngay",
        "pham_vi",
        "gia_tri",
        "gia_tri_ngay",
        "don_vi_tinh",
        "mau_so",
    )
