"""Synthetic people: names by weight, identity numbers and phones from blocks kept for this generator.

Identity numbers have the lawful structure (province, century and sex, year, six digits: rule R9), but their
six digits are running numbers of one block per use, never taken from a real list. Phones use the prefix
``010``, which is assigned to nobody in Vietnam.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

_FAMILY = (
    "Nguyễn 315|Trần 109|Lê 89|Phạm 62|Hoàng 55|Vũ 49|Giáp 24|Thân 22|Bùi 21|Đặng 19|Đỗ 19|Ngô 17|Dương 17|"
    "Hà 15|Lý 12|Trịnh 11|Đinh 10|Nông 10|Vi 9|Lục 8|Lương 8|Đào 8|Cao 7|Chu 6|Đoàn 6|Mai 6|Phùng 5|Tạ 5|"
    "Hồ 5|Phan 5|Trương 5|Ong 2|Diêm 2|La 2|Leo 1|Đồng 1|Khổng 1|Lại 1|Thạch 1"
)
_MIDDLE = {
    1: "Văn 340|Đức 90|Minh 80|Quang 60|Ngọc 55|Xuân 50|Hữu 45|Thanh 40|Tuấn 30|Đình 30|Công 25|Quốc 25|Anh 20|"
    "Bảo 20|Gia 20|Duy 20|Trọng 18|Hoàng 18|Mạnh 16|Tiến 16|Việt 14|Thế 14|Khắc 8|Bá 8",
    2: "Thị 420|Ngọc 80|Thu 60|Thanh 55|Phương 50|Minh 40|Khánh 30|Bảo 28|Hồng 28|Kim 25|Thùy 25|Diệu 18|Mai 18|"
    "Hà 16|Quỳnh 16|Ánh 14|Bích 14|Lan 12|Tường 10|Thúy 10|Như 8|Yến 8",
}
_GIVEN = {
    1: "Anh 40|Tuấn 38|Hùng 34|Dũng 32|Nam 30|Minh 30|Hiếu 28|Thắng 28|Sơn 27|Cường 27|Hải 26|Long 25|Đức 25|"
    "Quân 24|Hoàng 24|Kiên 22|Khoa 18|Phúc 20|Phong 18|Bình 18|Tùng 20|Việt 18|Trường 16|Thành 22|Toàn 15|"
    "Huy 24|Khánh 16|Quang 18|Tú 12|Vinh 12|Đạt 20|Hưng 20|Khôi 12|Lâm 14|Thái 10|Tâm 8|Hòa 8|Mạnh 12|Nghĩa 10",
    2: "Hương 34|Lan 30|Hà 30|Linh 40|Trang 36|Hoa 26|Nga 24|Thảo 30|Yến 24|Mai 26|Phương 28|Hạnh 20|Hằng 24|"
    "Ngân 20|Nhung 20|Oanh 14|Quỳnh 18|Vân 20|Thủy 22|Loan 16|Huyền 22|Anh 40|Ngọc 22|Chi 22|Châu 14|Giang 16|"
    "Dung 18|Hiền 24|Hoà 10|Liên 16|Ly 14|My 14|Nhi 18|Tâm 14|Trinh 12|Thư 14|Tuyết 12|Uyên 12|Vy 16|Xuân 12",
}
_BIRTHPLACES = "024 700|027 60|001 60|019 40|022 25|020 25|030 20|033 15|026 15|034 15|031 15|038 10"


def _weighted(text: str) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.float64]]:
    pairs = [item.rsplit(" ", 1) for item in text.split("|")]
    weights = np.array([float(weight) for _, weight in pairs])
    return np.array([name for name, _ in pairs]), weights / weights.sum()


_FAMILY_TABLE = _weighted(_FAMILY)
_MIDDLE_TABLE = {sex: _weighted(text) for sex, text in _MIDDLE.items()}
_GIVEN_TABLE = {sex: _weighted(text) for sex, text in _GIVEN.items()}
_PLACE_TABLE = _weighted(_BIRTHPLACES)

Strings = npt.NDArray[np.str_]
Ints = npt.NDArray[np.int64]


def _draw(rng: np.random.Generator, table: tuple[Strings, npt.NDArray[np.float64]], size: int) -> Ints:
    edges = np.cumsum(table[1])
    return np.minimum(np.searchsorted(edges, rng.random(size)), len(edges) - 1).astype(np.int64)


def family_names(rng: np.random.Generator, size: int) -> Strings:
    """Family names by their weight in the north-east."""
    return np.asarray(_FAMILY_TABLE[0][_draw(rng, _FAMILY_TABLE, size)])


def given_names(rng: np.random.Generator, sex: Ints) -> pl.Series:
    """Middle and given name for each ``sex`` (1 male, 2 female)."""
    size = len(sex)
    parts = []
    for tables in (_MIDDLE_TABLE, _GIVEN_TABLE):
        male = tables[1][0][_draw(rng, tables[1], size)]
        female = tables[2][0][_draw(rng, tables[2], size)]
        parts.append(pl.Series(np.where(sex == 1, male, female)))
    return parts[0] + " " + parts[1]


def full_names(rng: np.random.Generator, sex: Ints, family: Strings | None = None) -> pl.Series:
    """Full names, family name first; ``family`` fixes the family names (children bear their father's)."""
    chosen = family_names(rng, len(sex)) if family is None else family
    return pl.Series(chosen) + " " + given_names(rng, sex)


def birth_provinces(rng: np.random.Generator, size: int) -> Strings:
    """Three-digit province codes of birth registration, mostly 024."""
    return np.asarray(_PLACE_TABLE[0][_draw(rng, _PLACE_TABLE, size)])


def identity_numbers(sex: Ints, year: Ints, province: Strings, block: int, skip: int = 0) -> pl.Series:
    """Twelve-digit numbers of structure R9, unique within ``block`` (leading digit of the last six).

    The running part counts within (province, century, sex, year); ``skip`` shifts it, so that several calls
    share a block. Raises ``ValueError`` when a block of 100 000 is used up.
    """
    frame = pl.DataFrame(
        {
            "tinh": province,
            "the_ky": (year - 1900) // 100 * 2 + np.where(sex == 2, 1, 0),
            "nam": year % 100,
        }
    ).with_columns(pl.int_range(pl.len()).over("tinh", "the_ky", "nam").alias("so") + skip)
    if frame.height and int(frame["so"].max()) >= 100_000:  # type: ignore[arg-type]
        raise ValueError("hết dải số định danh tổng hợp; giảm cỡ dữ liệu mẫu.")
    return frame.select(
        pl.format(
            "{}{}{}{}{}",
            pl.col("tinh"),
            pl.col("the_ky"),
            pl.col("nam").cast(pl.String).str.zfill(2),
            pl.lit(str(block)),
            pl.col("so").cast(pl.String).str.zfill(5),
        )
    ).to_series()


def phones(rng: np.random.Generator, size: int) -> pl.Series:
    """Ten-digit phone numbers under the unassigned prefix 010."""
    numbers = pl.Series(rng.integers(0, 10_000_000, size))
    return "010" + numbers.cast(pl.String).str.zfill(7)


def applicants(rng: np.random.Generator, size: int) -> pl.DataFrame:
    """A pool of people who hand in dossiers: ``chu_ho_so, so_dinh_danh, dien_thoai`` (one row a person).

    About 4 % still use the nine-digit number that came before (CMND), here always starting with 99.
    """
    sex = rng.integers(1, 3, size)
    year = rng.integers(1948, 2007, size)
    numbers = identity_numbers(sex, year, birth_provinces(rng, size), block=9)
    old = pl.Series(rng.random(size) < 0.04)
    old_numbers = "99" + pl.int_range(size, eager=True).cast(pl.String).str.zfill(7)
    return pl.DataFrame(
        {
            "chu_ho_so": full_names(rng, sex),
            "so_dinh_danh": pl.select(pl.when(old).then(old_numbers).otherwise(numbers)).to_series(),
            "dien_thoai": phones(rng, size),
        }
    )
