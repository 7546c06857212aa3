"""How values are spelled in exports: dates, numbers, booleans, code words, and damage to Unicode text.

``spell`` turns a typed frame (columns named by canonical field) into what a file of one style prints. What a
field is comes from its contract (``pipelines.contracts``): the same contract that readers use.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.contracts.model import CodeList, Contract, Field, Kind

_DATE = {"gach_cheo": "%d/%m/%Y", "gach_ngang": "%d-%m-%Y", "iso": "%Y-%m-%d", "lien": "%Y%m%d", "cham": "%d.%m.%Y"}
_CLOCK = {"gach_cheo": " %H:%M", "gach_ngang": " %H:%M", "iso": "T%H:%M:%S", "lien": "%H%M%S", "cham": " %H:%M"}
_EXCEL_EPOCH_DAYS = 25569
_DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Spelling:
    """One system's habits. ``dates``: gach_cheo, gach_ngang, iso, lien, cham, so_excel (serial number),
    o_ngay (real date cell); ``numbers``: tron, cham (50.000), phay (50,000), day_du (50.000,00), dong (50 000 đ);
    ``booleans``: co_khong, x, so, chu (true/false); ``codes``: nhan (label), chuan (word), so (number);
    ``headers``: nhan, bi_danh, camel, khong_dau, hoa, chuan; ``typed``: numbers and booleans stay typed."""

    headers: str = "nhan"
    dates: str = "gach_cheo"
    numbers: str = "cham"
    booleans: str = "co_khong"
    codes: str = "nhan"
    partial: str = "gach_cheo"
    shares: str = "phan_tram"
    typed: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """Contracts and code lists, read once."""

    contracts: Mapping[str, Contract]
    code_lists: Mapping[str, CodeList]

    @classmethod
    def load(cls) -> Vocabulary:
        """Read them from the package; raises ``ConfigError`` where they are wrong."""
        lists = load_code_lists()
        return cls(load_contracts(code_lists=lists), lists)


def strip_marks(text: str) -> str:
    """``Mã hồ sơ`` → ``Ma ho so``."""
    plain = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))


def camel(name: str, *, first_upper: bool = True) -> str:
    """``ma_ho_so`` → ``MaHoSo`` (or ``maHoSo``)."""
    text = "".join(part.capitalize() for part in name.split("_"))
    return text if first_upper else text[0].lower() + text[1:]


def header(field: Field, style: str, pick: int = 0) -> str:
    """The header of ``field`` in a style; ``pick`` chooses among its aliases for ``bi_danh``."""
    if style == "bi_danh" and field.headers:
        return field.headers[pick % len(field.headers)]
    styles: dict[str, Callable[[], str]] = {
        "camel": lambda: camel(field.name),
        "camel_nho": lambda: camel(field.name, first_upper=False),
        "khong_dau": lambda: strip_marks(field.label),
        "hoa": field.label.upper,
        "hoa_lien": lambda: camel(field.name).upper(),
        "chuan": lambda: field.name,
    }
    return styles.get(style, lambda: field.label)()


def _timestamp(column: str, style: str) -> pl.Expr:
    value = pl.col(column)
    if style == "o_ngay":
        return value
    if style == "so_excel":
        return (value.cast(pl.Int64) / _DAY_US + _EXCEL_EPOCH_DAYS).round(4).cast(pl.String)
    alone = value.dt.time() == pl.time(0, 0, 0)
    return (
        pl.when(alone).then(value.dt.strftime(_DATE[style])).otherwise(value.dt.strftime(_DATE[style] + _CLOCK[style]))
    )


def _date(column: str, style: str) -> pl.Expr:
    value = pl.col(column)
    if style == "o_ngay":
        return value.cast(pl.Datetime("us"))
    if style == "so_excel":
        return (value.cast(pl.Int32) + _EXCEL_EPOCH_DAYS).cast(pl.String)
    return value.dt.strftime(_DATE[style])


def partial_date(column: str, style: str) -> pl.Expr:
    """Canonical ``YYYY[-MM[-DD]]`` → printed: cham ``dd.mm.yyyy``, gach_cheo, gach_duoi ``__/__/yyyy``, chuan."""
    value = pl.col(column)
    if style == "chuan":
        return value
    mark = "." if style == "cham" else "/"
    parts = value.str.split("-")
    blank = "__" + mark
    day = parts.list.get(2, null_on_oob=True) + mark
    month = parts.list.get(1, null_on_oob=True) + mark
    filler = pl.lit(blank if style == "gach_duoi" else "")
    return day.fill_null(filler) + month.fill_null(filler) + parts.list.first()


def _grouped(value: pl.Expr, mark: str) -> pl.Expr:
    text = value.cast(pl.Int64).cast(pl.String)
    return text.str.reverse().str.replace_all(r"(\d{3})", "${1}" + mark).str.reverse().str.strip_chars_start(mark)


def _number(column: str, style: str) -> pl.Expr:
    value = pl.col(column)
    forms = {
        "cham": lambda: _grouped(value, "."),
        "phay": lambda: _grouped(value, ","),
        "day_du": lambda: _grouped(value, ".") + ",00",
        "dong": lambda: _grouped(value, " ") + " đ",
    }
    return forms[style]() if style in forms else value.cast(pl.String)


def _boolean(column: str, style: str) -> pl.Expr:
    words = {"co_khong": ("Có", "Không"), "x": ("x", None), "so": ("1", "0"), "chu": ("true", "false")}[style]
    value = pl.col(column)
    return pl.when(value).then(pl.lit(words[0])).when(~value).then(pl.lit(words[1], pl.String))


def _code(column: str, words: CodeList, style: str) -> pl.Expr:
    if style == "chuan":
        return pl.col(column)
    mapping = {}
    for code in words.codes:
        numeric = next((alias for alias in code.aliases if alias.isdigit()), code.label)
        mapping[code.code] = numeric if style == "so" else code.label
    return pl.col(column).replace(mapping)


def _share(column: str, style: str) -> pl.Expr:
    text = (pl.col(column) * 100).round(2).cast(pl.String)
    return text.str.replace(".", ",", literal=True) + "%" if style == "phan_tram" else text


def _expression(field: Field, dtype: pl.DataType, spelling: Spelling, lists: Mapping[str, CodeList]) -> pl.Expr:
    name = field.name
    if field.kind is Kind.PARTIAL_DATE and dtype == pl.String:
        return partial_date(name, spelling.partial)
    if dtype == pl.Datetime:
        return _timestamp(name, spelling.dates)
    if dtype == pl.Date:
        return _date(name, spelling.dates)
    if dtype == pl.Boolean:
        return pl.col(name) if spelling.typed else _boolean(name, spelling.booleans)
    if field.kind is Kind.SHARE:
        return (pl.col(name) * 100).round(2) if spelling.typed else _share(name, spelling.shares)
    if dtype.is_numeric():
        grouped = field.kind is Kind.MONEY
        return pl.col(name) if spelling.typed else _number(name, spelling.numbers if grouped else "tron")
    if field.code_list is not None and dtype == pl.String:
        return _code(name, lists[field.code_list], spelling.codes)
    return pl.col(name)


def spell(frame: pl.DataFrame, contract: Contract, spelling: Spelling, lists: Mapping[str, CodeList]) -> pl.DataFrame:
    """``frame`` in the words of ``spelling``; columns that the contract does not know pass unchanged.

    All columns become text, except real date cells (``o_ngay``) and, where ``typed``, numbers and booleans.
    """
    expressions = []
    for name, dtype in frame.schema.items():
        field = contract.by_name.get(name)
        expression = pl.col(name) if field is None else _expression(field, dtype, spelling, lists)
        expressions.append(expression.alias(name))
    return frame.select(expressions)


def headers(contract: Contract, columns: Sequence[str], style: str) -> list[str]:
    """Headers of ``columns`` in one style; unknown columns keep their own name as header."""
    return [
        header(contract.by_name[name], style, index) if name in contract.by_name else name
        for index, name in enumerate(columns)
    ]


_ETH = str.maketrans({"Đ": "Ð", "đ": "ð"})
_DAMAGES: dict[str, Callable[[str], str]] = {
    "nfd": lambda text: unicodedata.normalize("NFD", text),
    "khong_rong": lambda text: "\u200b" + text[: len(text) // 2] + "\u200b" + text[len(text) // 2 :],
    "khong_ngat": lambda text: text.replace(" ", "\u00a0") + "\u00a0",
    "hoa": str.upper,
    "eth": lambda text: text.translate(_ETH),
}


def damage(frame: pl.DataFrame, column: str, kind: str, every: int, start: int = 0) -> pl.DataFrame:
    """Damages every ``every``-th value of a text column: nfd, khong_rong (zero width), khong_ngat (no-break
    spaces), hoa (capitals), eth (Ð for Đ). The readers must see the same value as before."""
    change = _DAMAGES[kind]
    values = frame[column].to_list()
    for index in range(start, len(values), every):
        if values[index] is not None:
            values[index] = change(values[index])
    return frame.with_columns(pl.Series(column, values, dtype=pl.String))
