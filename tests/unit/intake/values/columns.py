"""Shorthand for the tests of this folder: one field, a list of cells, what comes out."""

from __future__ import annotations

from typing import Any

import polars as pl

from pipelines.contracts.model import Code, CodeList, Field, Kind, Sensitivity
from pipelines.intake.values.parse import parse_column
from pipelines.intake.values.result import ParsedColumn

SECRET = b"bi-mat-cua-phep-thu"
STATUS = CodeList(
    "trang_thai",
    "",
    (
        Code("moi_dang_ky", "Mới đăng ký", ("1",)),
        Code("qua_han", "Quá hạn", ("4",)),
        Code("da_tra_ket_qua", "Đã trả kết quả", ("10",)),
        Code("khai_sinh", "Khai sinh", ("2.002621",)),
    ),
    {"he_thong/rieng": {"xong": "da_tra_ket_qua"}},
)


def field_of(kind: Kind, **more: Any) -> Field:
    """A field ``f`` of one kind."""
    if kind is Kind.CODE_LIST:
        more.setdefault("code_list", STATUS.name)
    return Field("f", "F", kind, Sensitivity.INTERNAL, **more)


def parsed(cells: list[str | None], field: Field, *, feed: str = "x/y", **more: Any) -> ParsedColumn:
    """``parse_column`` with the test's code list and secret."""
    return parse_column(
        pl.Series("cot", cells, dtype=pl.String),
        field,
        feed=feed,
        code_list=STATUS if field.code_list else None,
        secret=SECRET,
        **more,
    )


def values(cells: list[str | None], kind: Kind, **more: Any) -> list[Any]:
    """Main column as Python values."""
    return parsed(cells, field_of(kind, **more)).columns["f"].to_list()


def value(cell: str | None, kind: Kind, **more: Any) -> Any:
    """Main value of one cell."""
    return values([cell], kind, **more)[0]


def fault(cell: str | None, kind: Kind, **more: Any) -> str | None:
    """Fault of one cell."""
    result: str | None = parsed([cell], field_of(kind, **more)).fault.to_list()[0]
    return result
