"""Every column of a feed with its type, text and class: raw table, dbt source, staging and pages agree on these."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contracts.model import PROVENANCE, Contract, Field, Kind, Sensitivity


@dataclass(frozen=True)
class Column:
    """One column: DuckDB type, Vietnamese text, class of the data in it."""

    name: str
    sql_type: str
    text: str
    sensitivity: Sensitivity


_SUFFIX_TEXTS: dict[tuple[Kind, str], str] = {
    (Kind.PARTIAL_DATE, "_tu"): "Ngày đầu của khoảng có thể có.",
    (Kind.PARTIAL_DATE, "_den"): "Ngày cuối của khoảng có thể có.",
    (Kind.DECIMAL, "_goc"): "Con số như in trong tệp.",
    (Kind.IDENTITY, "_goc"): "Văn bản như trong tệp, khi khác.",
    (Kind.IDENTITY, "_khoa"): "Khóa băm có bí mật.",
}
_PROVENANCE_TEXTS: dict[str, tuple[str, Sensitivity]] = {
    "_khoa": ("Mã băm của khóa.", Sensitivity.INTERNAL),
    "_gia_tri": ("Mã băm của mọi giá trị: cùng _khoa là một trạng thái.", Sensitivity.INTERNAL),
    "_ma_tep": ("Tệp có dòng này, ở lần thấy gần nhất.", Sensitivity.INTERNAL),
    "_trang_tinh": ("Trang tính của dòng.", Sensitivity.INTERNAL),
    "_dong": ("Số dòng trong tệp, đếm từ 1.", Sensitivity.INTERNAL),
    "_thu_tu": ("Thứ tự của dòng trong cả tệp.", Sensitivity.INTERNAL),
    "_thoi_diem": ("Thời điểm của trạng thái (R8); trống thì theo tệp.", Sensitivity.INTERNAL),
    "_goc": ("Cột lạ và giá trị không đọc được, dạng JSON.", Sensitivity.PERSONAL),
    "_tep_dau": ("Tệp thấy trạng thái này lần đầu.", Sensitivity.INTERNAL),
}
STAGED_PROVENANCE = ("_khoa", "_ma_tep", "_trang_tinh", "_dong")
"""Where a row stands; of the provenance, only this goes on to staging."""

RECORD_COLUMNS: tuple[Column, ...] = (
    Column(
        "_thu_tu_ban_ghi", "BIGINT", "Số thứ tự bản ghi trong khóa, theo ngày sinh và họ tên.", Sensitivity.INTERNAL
    ),
    Column("_ten", "VARCHAR", "Họ tên ở dạng so sánh.", Sensitivity.PERSONAL),
    Column("_ngay_sinh", "VARCHAR", "Ngày sinh ở dạng so sánh.", Sensitivity.PERSONAL),
)
"""What the staging model of a register adds: one key can hold several records (R10)."""


def field_columns(field: Field) -> tuple[Column, ...]:
    """Columns of one field; the text of a further column says what it adds to the field's own."""
    return tuple(
        Column(name, sql_type, _text(field, name.removeprefix(field.name)), field.sensitivity)
        for name, sql_type in field.columns
    )


def value_columns(contract: Contract) -> tuple[Column, ...]:
    """Columns of all fields in contract order."""
    return tuple(column for field in contract.fields for column in field_columns(field))


def raw_columns(contract: Contract) -> tuple[Column, ...]:
    """Columns of the raw table ``tho.<table>``."""
    return (*value_columns(contract), *(_provenance(name) for name, _ in PROVENANCE))


def staging_columns(contract: Contract) -> tuple[Column, ...]:
    """Columns of the staging view ``stg.stg_<table>``."""
    record = RECORD_COLUMNS if contract.identity is not None else ()
    return (*value_columns(contract), *record, *(_provenance(name) for name in STAGED_PROVENANCE))


def _text(field: Field, suffix: str) -> str:
    own = field.description if field.description.endswith(".") else f"{field.description}."
    return f"{own} {_SUFFIX_TEXTS[field.kind, suffix]}" if suffix else own


def _provenance(name: str) -> Column:
    text, sensitivity = _PROVENANCE_TEXTS[name]
    return Column(name, dict(PROVENANCE)[name], text, sensitivity)
