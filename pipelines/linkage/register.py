"""What one register's linkage is made of: forms of its records, comparisons, blocks, and the decision on a pair."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.linkage.names import DATE_FORMS, NAME_FORMS, interval

PRIOR = 1e-6
"""Probability that two random records match, in the model file; the true one depends on the size (``decide``)."""


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


@dataclass(frozen=True)
class Register:
    """Linkage of one register.

    ``view``: dbt model of schema ``trung_gian`` with its records; ``features``: select from ``{source}`` that makes
    table ``ban_ghi``; ``blocks``: a pair is compared when all columns of one are equal in both records;
    ``training_blocks``: each trains the comparisons that do not use its columns, together they train all.
    ``facts``, ``kind``, ``accept``: SQL over records ``a`` and ``b`` of a pair (``decide``).
    """

    name: str
    view: str
    features: str
    comparisons: tuple[Comparison, ...]
    blocks: tuple[tuple[str, ...], ...]
    training_blocks: tuple[tuple[str, ...], ...]
    facts: str
    kind: str
    accept: str

    @property
    def default_file(self) -> Path:
        """The model that ships with the code."""
        return Path(__file__).with_name(f"mo_hinh_{self.name}.json")

    def own_file(self, working: Path) -> Path:
        """The province's own model, written by a full rebuild."""
        return working / f"mo_hinh_lien_ket_{self.name}.json"

    def settings(self) -> Any:
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
            for c in self.comparisons
        ]
        return SettingsCreator(
            link_type="dedupe_only",
            unique_id_column_name="ma_ban_ghi",
            probability_two_random_records_match=PRIOR,
            comparisons=comparisons,
            blocking_rules_to_generate_predictions=[block_on(*columns) for columns in self.blocks],
            retain_matching_columns=False,
            retain_intermediate_calculation_columns=False,
            max_iterations=30,
        )


def jaro(column: str, limit: float) -> str:
    """Condition: the column's two values are at least so alike."""
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {limit}"


NAMES = Comparison(
    "ten",
    "ten_khoa_l is null or ten_khoa_r is null",
    (
        Level("như nhau, cả dấu", "ten_l = ten_r"),
        Level("như nhau, bỏ dấu", "ten_khoa_l = ten_khoa_r"),
        Level("cùng các chữ, khác thứ tự", "ten_xep_l = ten_xep_r"),
        Level("cùng họ và tên gọi", "ho_l = ho_r and ten_goi_l = ten_goi_r"),
        Level("rất gần", jaro("ten_khoa", 0.92)),
        Level("gần", jaro("ten_khoa", 0.85)),
    ),
)
SEXES = Comparison(
    "gioi_tinh",
    "gioi_tinh_l is null or gioi_tinh_r is null or 'khong_xac_dinh' in (gioi_tinh_l, gioi_tinh_r)",
    (Level("cùng giới", "gioi_tinh_l = gioi_tinh_r"),),
)
PLACES = Comparison(
    "noi", "noi_dang_ky_l is null or noi_dang_ky_r is null", (Level("cùng nơi", "noi_dang_ky_l = noi_dang_ky_r"),)
)


def dates(name: str, prefix: str = "") -> Comparison:
    """A date as an interval ``<prefix>tu`` – ``<prefix>den``: a year alone agrees with every day of it."""
    overlap = f"{prefix}tu_l <= {prefix}den_r and {prefix}tu_r <= {prefix}den_l"
    p = prefix
    return Comparison(
        name,
        f"{p}tu_l is null or {p}tu_r is null",
        (
            Level("cùng ngày", f"{p}ngay_l = {p}ngay_r"),
            Level(
                "khoảng giao nhau trong một tháng",
                f"{overlap} and greatest({p}den_l - {p}tu_l, {p}den_r - {p}tu_r) between 1 and 31",
            ),
            Level("khoảng giao nhau", overlap),
            Level("đảo ngày và tháng", f"{p}ngay_l = {p}ngay_doi_r"),
            Level(
                "lệch 1 hoặc 10 năm",
                f"abs({p}nam_l - {p}nam_r) in (1, 10) and substr({p}ngay_l, 6) = substr({p}ngay_r, 6)",
            ),
            Level(
                "lệch một chữ số hoặc một ngày",
                f"damerau_levenshtein({p}ngay_l, {p}ngay_r) <= 1 or abs({p}tu_l - {p}tu_r) <= 1",
            ),
            Level("cùng năm", f"{p}nam_l = {p}nam_r"),
        ),
    )


def features(read: str, shown: str, mark: str) -> str:
    """Select from ``{source}`` of what every register is compared by, and of the columns of its own.

    ``read``: what is made of the view's own columns; ``shown``: what of it stands in ``ban_ghi``; ``mark``: the columns
    a record is compared by, in one order for ever: their digest ``dau`` tells whether a stored pair still holds.
    """
    return f"""
with sach as (
    select
        ma_ban_ghi, _khoa, noi_dang_ky, nguon, loai_dang_ky, so_dinh_danh,
        ngay_dang_ky_tu, ngay_dang_ky_den,
        gioi_tinh,
        {NAME_FORMS.format("ho_ten", "ten")},
        {interval("ngay_sinh", "sinh")},
        {read}
    from {{source}}
)
select
    ma_ban_ghi, _khoa, noi_dang_ky, nguon, loai_dang_ky, so_dinh_danh, ngay_dang_ky_tu, ngay_dang_ky_den,
    gioi_tinh,
    ten_sach as ten,
    ten_khoa,
    lk_xep(ten_khoa) as ten_xep,
    split_part(ten_khoa, ' ', 1) as ho,
    split_part(ten_khoa, ' ', -1) as ten_goi,
    sinh_tu as tu, sinh_den as den,
    {DATE_FORMS.format("sinh", "")},
    {shown},
    md5(cast(row({mark}) as varchar)) as dau
from sach
"""


KIND_BY_PLACE = """
        when not cung_nguon and cung_noi and coalesce(cung_ngay_dk, false) then 'giay_va_dien_tu'
        when not cung_noi then 'hai_noi'
        else 'nghi_trung'
"""
"""Kind of a pair neither of which says that it follows the other (R10)."""
