"""What is compared, and which pairs are looked at: comparisons and blocking rules of the births model (R10).

Mother and father are one comparison: two children of one couple share both, so as independent evidence they
would make siblings of one person. Dates are compared as intervals: a year alone agrees with every day of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PRIOR = 1e-6
"""Probability that two random records match, in the model file; the true one depends on the size (``decide``)."""

_OVERLAP = "tu_l <= den_r and tu_r <= den_l"


@dataclass(frozen=True)
class Level:
    """One level of a comparison: its meaning and its condition over ``<column>_l`` and ``<column>_r``."""

    label: str
    sql: str


@dataclass(frozen=True)
class Comparison:
    """Levels in order of strength; ``null`` says when there is nothing to compare; "else" closes it."""

    name: str
    null: str
    levels: tuple[Level, ...]


def _jaro(column: str, limit: float) -> str:
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {limit}"


_SAME_YEAR = "abs({0}_nam_l - {0}_nam_r) <= 1"

COMPARISONS = (
    Comparison(
        "ten",
        "ten_khoa_l is null or ten_khoa_r is null",
        (
            Level("như nhau, cả dấu", "ten_l = ten_r"),
            Level("như nhau, bỏ dấu", "ten_khoa_l = ten_khoa_r"),
            Level("cùng các chữ, khác thứ tự", "ten_xep_l = ten_xep_r"),
            Level("cùng họ và tên gọi", "ho_l = ho_r and ten_goi_l = ten_goi_r"),
            Level("rất gần", _jaro("ten_khoa", 0.92)),
            Level("gần", _jaro("ten_khoa", 0.85)),
        ),
    ),
    Comparison(
        "ngay_sinh",
        "tu_l is null or tu_r is null",
        (
            Level("cùng ngày", "ngay_l = ngay_r"),
            Level(
                "khoảng giao nhau trong một tháng",
                f"{_OVERLAP} and greatest(den_l - tu_l, den_r - tu_r) between 1 and 31",
            ),
            Level("khoảng giao nhau", _OVERLAP),
            Level("đảo ngày và tháng", "ngay_l = ngay_doi_r"),
            Level(
                "lệch 1 hoặc 10 năm",
                "abs(nam_l - nam_r) in (1, 10) and substr(ngay_l, 6) = substr(ngay_r, 6)",
            ),
            Level("lệch một chữ số hoặc một ngày", "damerau_levenshtein(ngay_l, ngay_r) <= 1 or abs(tu_l - tu_r) <= 1"),
            Level("cùng năm", "nam_l = nam_r"),
        ),
    ),
    Comparison(
        "gioi_tinh",
        "gioi_tinh_l is null or gioi_tinh_r is null or 'khong_xac_dinh' in (gioi_tinh_l, gioi_tinh_r)",
        (Level("cùng giới", "gioi_tinh_l = gioi_tinh_r"),),
    ),
    Comparison(
        "gia_dinh",
        "(me_l is null or me_r is null) and (cha_l is null or cha_r is null)",
        (
            Level("cùng cha mẹ", "me_l = me_r and cha_l = cha_r"),
            Level(
                "một người, người kia gần",
                f"(me_l = me_r and {_jaro('cha', 0.88)}) or (cha_l = cha_r and {_jaro('me', 0.88)})",
            ),
            Level("cả hai gần", f"{_jaro('me', 0.88)} and {_jaro('cha', 0.88)}"),
            Level(
                "một người, cùng năm sinh",
                f"(me_l = me_r and {_SAME_YEAR.format('me')}) or (cha_l = cha_r and {_SAME_YEAR.format('cha')})",
            ),
            Level("một người", "me_l = me_r or cha_l = cha_r"),
            Level("một người gần", f"{_jaro('me', 0.92)} or {_jaro('cha', 0.92)}"),
        ),
    ),
    Comparison(
        "noi", "noi_dang_ky_l is null or noi_dang_ky_r is null", (Level("cùng nơi", "noi_dang_ky_l = noi_dang_ky_r"),)
    ),
)

BLOCKS = (
    ("so_dinh_danh",),
    ("ten_khoa", "nam"),
    ("ngay", "ten_goi"),
    ("ngay", "me"),
    ("ngay", "cha"),
    ("me", "cha", "ten_goi"),
    ("ten_khoa", "me"),
    ("ten_khoa", "cha"),
)
"""A pair is compared when all columns of one rule are equal in both records."""

TRAINING_BLOCKS = (("ten_khoa", "me"), ("ten_khoa", "nam"), ("ngay", "noi_dang_ky"))
"""Each trains the comparisons that do not use its columns; together every comparison is trained."""


def build_settings() -> Any:
    """The untrained model as Splink's ``SettingsCreator``; records are known by ``ma_ban_ghi``."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    comparisons: list[Any] = [
        cl.CustomComparison(
            output_column_name=c.name,
            comparison_levels=[
                cll.CustomLevel(c.null, "thiếu").configure(is_null_level=True),
                *[cll.CustomLevel(level.sql, level.label) for level in c.levels],
                cll.ElseLevel(),
            ],
        )
        for c in COMPARISONS
    ]
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="ma_ban_ghi",
        probability_two_random_records_match=PRIOR,
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in BLOCKS],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
        max_iterations=30,
    )
