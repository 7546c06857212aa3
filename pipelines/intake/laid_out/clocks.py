"""Columns of times beside the column of their days (``Ngày tiếp nhận``, ``Giờ tiếp nhận``): one moment in two cells."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipelines.contracts.model import Kind
from pipelines.contracts.normal_form import header_forms
from pipelines.intake.headers.columns import ColumnMap, HeaderIndex
from pipelines.intake.values.clocks import read_clocks

_HOUR, _DAY = "gio", "ngay"
_MOST, _SURE = 0.5, 0.99


def with_clocks(columns: ColumnMap, index: HeaderIndex, cells: pl.DataFrame) -> tuple[ColumnMap, dict[str, int]]:
    """``columns`` without those that hold nothing but the time of day of a field, and field → such a column.

    Told by the header (``Giờ …`` where ``Ngày …`` is the field, ``Giờ`` in the group of the field), or by being a
    second column of the field (``Thời gian tiếp nhận`` beside ``Ngày tiếp nhận``); in either case by its cells. One
    with other words among its times stays among the unknown ones too.
    """
    moments = {f.name for f in index.contract.fields if f.kind is Kind.TIMESTAMP} & columns.fields.keys()
    if not moments:
        return columns, {}
    claims = [(name, position) for name, position in columns.rivals if name in moments]
    claims += [
        (name, position) for position, header in columns.unknown for name in sorted(moments) if _of(header, name, index)
    ]
    clocks: dict[str, int] = {}
    fields = dict(columns.fields)
    for name, position in claims:
        if name in clocks:
            continue
        second = (name, position) in columns.rivals
        if _clocks(cells, position) > (_SURE if second else _MOST):
            clocks[name] = position
        elif second and _clocks(cells, fields[name]) == 1:
            clocks[name], fields[name] = fields[name], position
    taken = {*(column for column in clocks.values() if _clocks(cells, column) == 1), *fields.values()}
    rivals = tuple(item for item in columns.rivals if item[1] not in taken)
    unknown = tuple(item for item in columns.unknown if item[0] not in taken)
    return (replace(columns, fields=fields, rivals=rivals, unknown=unknown) if clocks else columns), clocks


def _of(header: str, name: str, index: HeaderIndex) -> bool:
    """Whether ``header`` is that of the hour of ``name``."""
    for form in header_forms(header):
        rest = form.removeprefix(_HOUR) if form.startswith(_HOUR) else form.removesuffix(_HOUR)
        if rest != form and rest:
            match = index.match([_DAY + rest, rest])
            if match is not None and match.field == name:
                return True
    return False


def _clocks(cells: pl.DataFrame, position: int) -> float:
    """The share of times of day among the cells with a value; 0 where there is none."""
    filled = cells.to_series(position).drop_nulls() if position < cells.width else pl.Series(dtype=pl.String)
    return 1 - read_clocks(filled).null_count() / len(filled) if len(filled) else 0
