"""Numbers as Vietnamese offices print them: counts, money, decimals, shares.

One separator followed by exactly three digits groups thousands (``50.000`` is fifty thousand), except after a
leading zero (``0.375``), in shares (``97.925``), in cells that are numbers (``intake.fractions``), and where the
grouped reading would pass the field's ``lon_nhat`` (``7.958`` points of at most 100). Two different separators: the
last one is the decimal point.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from pipelines.contracts.normal_form import bare, either_spelling
from pipelines.intake.fractions import as_printed
from pipelines.intake.values.result import ParsedColumn, map_unique, unread
from pipelines.intake.values.text import clean_one

_INTEGER_LIMIT = 2**63 - 1
_MONEY = (18, 2)
_DECIMAL = (28, 6)
_SHARE = (18, 10)
_FAR_BEYOND = 1000
"""Times a field's ``lon_nhat``: a number as large is no value of it, and would burst the sums made of it."""
_A_CASE = (
    r"(?:\s*/\s*(?:0?1\s+)?(?:hồ sơ|trường hợp|lần|lượt|vụ việc|việc|thủ tục|giấy phép|giấy chứng nhận|giấy|thẻ))?"
)
_MONEY_WORDS = rf"(?:đồng|đ|₫|vnđ|vnd){_A_CASE}"
"""Amounts of one case (``50.000 đồng/trường hợp``); those of a page or a copy are no amount of the case."""
_UNITS = re.compile(
    either_spelling(
        rf"\s*\(?(?:{_MONEY_WORDS}|hồ sơ|ngày(?: làm việc)?|giờ(?: làm việc)?|tthc|thủ tục|người|trường hợp|điểm|quyển"
        r"|sổ|đơn vị|bản ghi|bản(?: sao)?|dòng|lượt|giao dịch|phiếu|công dân|dịch vụ|sao)\)?\.?$"
    ),
    re.IGNORECASE,
)
_CURRENCY_AFTER = re.compile(rf"{either_spelling(_MONEY_WORDS)}\s*\)?\.?$", re.IGNORECASE)
_CURRENCY_BEFORE = re.compile(r"^(?:₫|đ|vnđ|vnd)\s*(?=[\d+-])", re.IGNORECASE)
_SCALES = {"k": 10**3, "nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tr": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_SCALES |= {bare(word): scale for word, scale in _SCALES.items()}
_SCALED = re.compile(
    rf"^(?P<number>[\d.,\s]+?)\s*(?P<scale>{'|'.join(_SCALES)})\b\s*\(?(?:{either_spelling(_MONEY_WORDS)})?\)?\.?$",
    re.IGNORECASE,
)
"""Amounts in words of thousands (``50 nghìn``, ``1,5 triệu đồng``)."""
_TWO_WAYS = re.compile(r"^\d{1,3}[.,]\d{3}$")
"""``1.234`` of millions: 1,234 of them or 1.234."""
_FREE = re.compile(
    either_spelling(
        r"^(?:(?:được )?miễn|không)(?: (?:thu|mất|phải nộp|phải trả))?(?: (?:(?:phí(?:,| và) )?lệ phí|phí|tiền))?\.?$"
        r"|^không có (?:phí|lệ phí|phí, lệ phí)\.?$"
    ),
    re.IGNORECASE,
)
"""Words for an amount of nothing (``Miễn phí``, ``Không thu``, ``Không``)."""
_NO_CENTS = re.compile(r",-\s*(?=$|[₫đv])", re.IGNORECASE)
_NUMBER = re.compile(r"^(?P<sign>[-+]?)(?P<body>\d[\d.,]*)(?:e(?P<exp>[-+]?\d{1,3}))?$", re.IGNORECASE)


def parse_integers(name: str, text: pl.Series) -> ParsedColumn:
    """Whole numbers (BIGINT); ``389.0`` and ``1.204`` are 389 and 1204, a true fraction is unreadable."""
    plain = text.str.extract(r"^([0-9]{1,18})$").cast(pl.Int64)
    value = _rest(text, plain, _read_integer, pl.Int64())
    return ParsedColumn({name: value.alias(name)}, unread(text, value))


def parse_money(name: str, text: pl.Series, *, unit: int = 1) -> ParsedColumn:
    """Amounts in đồng (DECIMAL(18,2)); ``50 000 đ``, ``1.204.000 đồng``, ``50.000,00``, ``50.000,-``, ``50000.0``,
    ``50 nghìn``; ``Miễn phí`` is 0.

    ``unit``: đồng in one of the column's unit (``headers.units``); a cell that names its currency is in đồng.
    """
    return _decimals(name, text, _MONEY, lambda item: _read_money(item, unit))


def parse_decimals(name: str, text: pl.Series, *, maximum: float | None) -> ParsedColumn:
    """``name`` DECIMAL(28,6) and ``name_goc`` the text as printed (``98,80`` has two decimals)."""

    def read(item: str) -> Decimal | None:
        number = read_decimal(item, maximum=maximum, percent_sign=True)
        far_beyond = number is not None and maximum is not None and abs(number) > _FAR_BEYOND * Decimal(maximum)
        return None if far_beyond else number

    parsed = _decimals(name, text, _DECIMAL, read)
    parsed.columns[f"{name}_goc"] = as_printed(text).alias(f"{name}_goc")
    return parsed


def parse_shares(name: str, text: pl.Series) -> ParsedColumn:
    """Shares as fractions (DECIMAL(18,10)): ``97,92%`` and ``97.92`` are both 0.9792.

    A bare number is per cent, always: 0.5 is half a per cent. A spreadsheet cell formatted as per cent comes
    with its sign (``intake.read.formats.percent``), because a stored 0.5 cannot be told from the portal's 0.5.
    """
    return _decimals(name, text, _SHARE, _read_share)


def _decimals(name: str, text: pl.Series, size: tuple[int, int], read: Callable[[str], Decimal | None]) -> ParsedColumn:
    precision, scale = size
    quantum = Decimal(1).scaleb(-scale)
    limit = Decimal(10) ** (precision - scale)

    def scalar(item: str) -> Decimal | None:
        number = read(item)
        if number is None or abs(number) >= limit:
            return None
        return number.quantize(quantum, rounding=ROUND_HALF_UP)

    kind = pl.Decimal(precision, scale)
    value = map_unique(text, lambda item: (scalar(item), None), kind)[0]
    return ParsedColumn({name: value.alias(name)}, unread(text, value))


def _rest(text: pl.Series, value: pl.Series, read: Callable[[str], object], dtype: pl.DataType) -> pl.Series:
    rows = (text.is_not_null() & value.is_null()).arg_true()
    if rows.is_empty():
        return value
    more = map_unique(text.gather(rows), lambda item: (read(item), None), dtype)[0]
    return value.scatter(rows, more)


def _read_integer(text: str) -> int | None:
    number = read_decimal(text)
    if number is None or number != number.to_integral_value() or abs(number) > _INTEGER_LIMIT:
        return None
    return int(number)


def _read_money(text: str, unit: int) -> Decimal | None:
    cell = clean_one(text)
    if _FREE.match(cell):
        return Decimal(0)
    if scaled := _SCALED.match(cell):
        whole = None if _TWO_WAYS.match(scaled["number"]) else read_decimal(scaled["number"])
        return None if whole is None else whole * _SCALES[scaled["scale"].lower()]
    number = read_decimal(_NO_CENTS.sub("", cell))
    in_dong = unit == 1 or _CURRENCY_AFTER.search(cell) or _CURRENCY_BEFORE.match(cell)
    return number if number is None or in_dong else number * unit


def _read_share(text: str) -> Decimal | None:
    number = read_decimal(text, decimal_point=True, percent_sign=True)
    return None if number is None else number / 100


def read_decimal(
    text: str, *, maximum: float | None = None, decimal_point: bool = False, percent_sign: bool = False
) -> Decimal | None:
    """One printed number, or None for words, ranges and broken groupings.

    ``maximum`` and ``decimal_point`` settle the single separator before three digits, as the module says.
    ``percent_sign`` allows a closing ``%``; the number is not divided here.
    """
    cleaned = clean_one(text)
    if percent_sign and cleaned.endswith("%"):
        cleaned = cleaned[:-1].rstrip()
        decimal_point = True
    else:
        cleaned = _CURRENCY_BEFORE.sub("", _UNITS.sub("", cleaned))
    match = _NUMBER.match(_join_groups(cleaned.replace("−", "-")))
    if not match:
        return None
    body = _plain_body(match["body"], maximum=maximum, decimal_point=decimal_point or match["exp"] is not None)
    if body is None:
        return None
    number = Decimal(match["sign"] + body)
    return number.scaleb(int(match["exp"])) if match["exp"] else number


def _join_groups(text: str) -> str:
    """Thousands parted by spaces or apostrophes closed up: ``1 204 000``, ``-50 000,5``."""
    if re.fullmatch(r"[-+]?\s*\d{1,3}(?:[ '’]\d{3})+(?:[.,]\d+)?", text):
        return re.sub(r"[ '’]", "", text)
    return re.sub(r"^([-+])\s+", r"\1", text)


def _plain_body(body: str, *, maximum: float | None, decimal_point: bool) -> str | None:
    marks = [c for c in body if c in ".,"]
    if not marks:
        return body
    last = marks[-1]
    if len(set(marks)) == 2:
        whole, _, fraction = body.rpartition(last)
        other = "." if last == "," else ","
        return f"{whole.replace(other, '')}.{fraction}" if _grouped(whole, other) and fraction else None
    if len(marks) > 1:
        return body.replace(last, "") if _grouped(body, last) else None
    whole, fraction = body.split(last)
    if not fraction:
        return None
    thousands = len(fraction) == 3 and whole != "0" and len(whole) <= 3 and not decimal_point
    if thousands and (maximum is None or int(whole + fraction) <= maximum):
        return whole + fraction
    return f"{whole}.{fraction}"


def _grouped(text: str, mark: str) -> bool:
    return bool(re.fullmatch(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", text))
