"""A table of text into typed columns, with every fault told and every faulty row set apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.contracts.dialect import register_dialect
from pipelines.contracts.model import CodeList, Contract, Field, Kind
from pipelines.intake.fractions import as_fractions
from pipelines.intake.laid_out.layout import Table
from pipelines.intake.read.fonts import mark_odd
from pipelines.intake.read.formats.percent import as_shown
from pipelines.intake.sheet import LOST, Mark
from pipelines.intake.typed.date_order import is_spelt
from pipelines.intake.typed.nested_values import without_objects
from pipelines.intake.typed.time_limits import written_units
from pipelines.intake.values.clocks import read_clocks
from pipelines.intake.values.parse import parse_column
from pipelines.intake.values.plain import plain_columns
from pipelines.intake.values.result import DESTROYED, NOT_IN_LIST, UNREADABLE, ParsedColumn

NO_KEY = "thieu_khoa"
NO_REQUIRED = "thieu_bat_buoc"

_SHOWN_AS_PERCENT = (Kind.SHARE, Kind.DECIMAL)
_WITH_FRACTION = (Kind.DECIMAL, Kind.MONEY)
_NUMBERED_BY_YEAR = (Kind.CODE, Kind.REGISTER_NUMBER)
"""Kinds of numbers such as ``01/2018``, which a spreadsheet takes for a month."""
_REGISTER = r"[ ]*[/\-][ ]*(?:TL)?(?:KS|KT|KH|NCMC|CMC|NCN)(?:-[A-Z]{2,8})?$"
_UNIT_OF = {"gia_tri": "don_vi_tinh"}
_UNREAD = (UNREADABLE, NOT_IN_LIST, DESTROYED)
_TYPES: Mapping[str, pl.DataType] = {
    "VARCHAR": pl.String(),
    "DATE": pl.Date(),
    "TIMESTAMP": pl.Datetime("us"),
    "BIGINT": pl.Int64(),
    "BOOLEAN": pl.Boolean(),
    "DECIMAL(28,6)": pl.Decimal(28, 6),
    "DECIMAL(18,2)": pl.Decimal(18, 2),
    "DECIMAL(18,10)": pl.Decimal(18, 10),
}


@dataclass(frozen=True)
class Conformed:
    """``rows``: the contract's value columns, ``_dong``, ``_goc`` and ``_xau`` (row is quarantined).

    ``faults``: ``vi_tri`` (position in ``rows``), ``cot``, ``ly_do``, ``cach_ly`` (the fault quarantines).
    ``originals``: position → JSON of the original cells, of quarantined rows only.
    """

    rows: pl.DataFrame
    faults: pl.DataFrame
    originals: dict[int, str]


def conform(table: Table, contract: Contract, code_lists: Mapping[str, CodeList], secret: bytes) -> Conformed:
    """Parse every column of ``table`` by its contract (rule of quarantine: docs/mess.md).

    Quarantined: a blank part of the key, a blank or unreadable required field, a code outside its list in a
    required field, a destroyed identity number anywhere, a row of another width than the header (``row_shape``).
    Every other fault leaves the row in, value null.
    """
    height = table.cells.height
    written = written_units(table, contract, code_lists)
    plain = plain_columns(table.cells)
    dialect = register_dialect(table.sheet.name, [cell.text for cell in table.headers])
    columns: list[pl.Series] = []
    faults: list[pl.DataFrame] = []
    unread: list[tuple[str, pl.Series]] = []
    for field in contract.fields:
        position = table.columns.fields.get(field.name)
        raw, is_plain = _cells(field, table, written, plain)
        if raw is None:
            columns += [pl.repeat(None, height, dtype=_TYPES[t], eager=True).alias(n) for n, t in field.columns]
            continue
        spoilt = None if is_plain else _where(raw.is_in(sorted(LOST)))
        printed = is_spelt(raw, table.month_first[position]) if position in table.month_first else None
        blanked = spoilt if printed is None else printed if spoilt is None else spoilt | printed
        parsed = parse_column(
            raw if blanked is None else raw.set(blanked, None),
            field,
            feed=contract.feed,
            code_list=code_lists.get(field.code_list) if field.code_list else None,
            secret=secret,
            date_system_1904=table.sheet.date_system_1904,
            dialect=dialect,
            money_unit=table.money_units.get(position, 1) if position is not None else 1,
            plain=is_plain,
        )
        parsed = _without(_with_clock(parsed, field, table), spoilt)
        columns += [parsed.columns[name].alias(name) for name, _ in field.columns]
        if printed is not None:
            parsed = ParsedColumn(parsed.columns, parsed.fault.set(printed, UNREADABLE))
        if position in table.suspect:
            parsed = ParsedColumn(parsed.columns, mark_odd(raw, parsed.fault))
        found = _faults(parsed, field, contract)
        if found is not None:
            faults.append(found)
        if parsed.fault.null_count() == height:
            continue
        lost = _where(parsed.fault.is_in(_UNREAD))
        if lost is not None:
            sent = raw if position is None or table.sheet.header is None else table.cells.to_series(position)
            unread.append((field.name, sent.to_frame("x").select(pl.when(pl.lit(lost)).then("x")).to_series()))
    broken = _broken(table, contract)
    if broken is not None:
        faults.append(broken)
    all_faults = _with_neither(pl.concat([_no_faults(), *faults]), columns, contract)
    bad = all_faults.filter("cach_ly").get_column("vi_tri").unique().sort()
    quarantined = pl.repeat(False, height, dtype=pl.Boolean, eager=True)
    if len(bad):
        quarantined = quarantined.scatter(bad, True)
    frame = _numbers_of_their_year(pl.DataFrame(columns), contract)
    rows = frame.with_columns(table.rows.alias("_dong"), _rest(table, unread).alias("_goc"), quarantined.alias("_xau"))
    return Conformed(rows, all_faults, _originals(table, bad))


def _where(found: pl.Series) -> pl.Series | None:
    """A boolean column, false for null; None where it holds nowhere."""
    return found.fill_null(value=False) if found.any() else None


def _cells(
    field: Field, table: Table, written: Mapping[str, pl.Series], plain: frozenset[int]
) -> tuple[pl.Series | None, bool]:
    """The texts to read as ``field``, if any, and whether they are one of the ``plain`` columns as it is."""
    position = table.columns.fields.get(field.name)
    if position is None or field.name in written:
        return written.get(field.name), False
    raw = table.cells.to_series(position)
    if table.sheet.header is not None and position not in plain:
        raw = without_objects(raw, field)
    meant = _as_meant(raw, field, table)
    return meant, meant is raw and position in plain


def _as_meant(raw: pl.Series, field: Field, table: Table) -> pl.Series:
    """The cells of ``field``; numbers of which more is known than their text says in a spelling with one reading."""
    position = table.columns.fields[field.name]
    marked = {mark: table.sheet.marked(mark, position) for mark in Mark}
    if field.kind in _SHOWN_AS_PERCENT and marked[Mark.PERCENT]:
        raw = as_shown(raw, table.rows, marked[Mark.PERCENT])
    if field.kind in _WITH_FRACTION and marked[Mark.FRACTION]:
        raw = as_fractions(raw, table.rows.is_in(sorted(marked[Mark.FRACTION])))
    if field.kind is Kind.PARTIAL_DATE:
        months, years = marked[Mark.MONTH], marked[Mark.YEAR]
        raw = _without_first(raw, r"^([0-9]{4}-[0-9]{2})-01(?:[T ].*)?$", table.rows, months | years)
        raw = _without_first(raw, r"^([0-9]{4})-01$", table.rows, years)
    if field.kind in _NUMBERED_BY_YEAR and marked[Mark.MONTH]:
        typed = raw.str.replace(r"^([0-9]{4})-([0-9]{2})-01(?:[T ].*)?$", "$2/$1")
        raw = raw.zip_with(~table.rows.is_in(sorted(marked[Mark.MONTH])), typed)
    unit = table.columns.fields.get(_UNIT_OF.get(field.name, ""))
    if unit is not None:
        raw = as_fractions(raw, (table.cells.to_series(unit).str.strip_chars() == "%").fill_null(value=False))
    return raw


def _without_first(raw: pl.Series, first: str, rows: pl.Series, shown: frozenset[int]) -> pl.Series:
    """A day or month that a spreadsheet put first where none was typed, and does not show, taken off."""
    return raw.zip_with(~rows.is_in(sorted(shown)), raw.str.replace(first, "$1")) if shown else raw


def _numbers_of_their_year(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Numbers of registrations written with their year (``01/2018``, ``01/18``) without it, where it is the year of
    the key, and without the letters of their register (``01/2018/TLKS``)."""
    numbers = [f.name for f in contract.fields if f.kind is Kind.REGISTER_NUMBER and contract.is_key(f.name)]
    years = [part.field for part in contract.key if part.year_only]
    if not numbers or not years:
        return rows
    number = pl.col(numbers[0]).str.replace(_REGISTER, "")
    parts = number.str.extract_groups(r"^0*([0-9]+[A-Z]?)[ ]*[/\-][ ]*([0-9]{4}|[0-9]{2})$")
    year = pl.col(years[0]).cast(pl.String).str.head(4)
    printed = parts.struct.field("2")
    own = (printed == year) | (printed == year.str.tail(2))
    return rows.with_columns(pl.when(own).then(parts.struct.field("1")).otherwise(number).alias(numbers[0]))


def _broken(table: Table, contract: Contract) -> pl.DataFrame | None:
    """Faults of whole rows (``row_shape``); the field named is the last one of the header that the row reaches."""
    if table.broken is None or table.broken.null_count() == len(table.broken):
        return None
    names = {position: name for name, position in table.columns.fields.items()}
    frame = pl.DataFrame({"ly_do": table.broken}).with_row_index("vi_tri").filter(pl.col("ly_do").is_not_null())
    reached = []
    for position in frame["vi_tri"].to_list():
        filled = [column for column, cell in enumerate(table.cells.row(position)) if cell and column in names]
        reached.append(names[max(filled)] if filled else contract.key[0].field)
    return frame.select(
        pl.col("vi_tri").cast(pl.UInt32),
        pl.Series("cot", reached, dtype=pl.String),
        "ly_do",
        pl.lit(value=True).alias("cach_ly"),
    )


def _with_clock(parsed: ParsedColumn, field: Field, table: Table) -> ParsedColumn:
    """Days of ``field`` that come without a time of day with the one that stands in a column beside them."""
    position = table.clocks.get(field.name)
    if position is None:
        return parsed
    moment, clock = parsed.columns[field.name], read_clocks(table.cells.to_series(position))
    bare = (moment == moment.dt.truncate("1d")) & clock.is_not_null()
    timed = moment.zip_with(~bare.fill_null(value=False), moment + clock)
    return ParsedColumn({**parsed.columns, field.name: timed}, parsed.fault)


def _without(parsed: ParsedColumn, spoilt: pl.Series | None) -> ParsedColumn:
    """What a spreadsheet lost (an error cell, a formula without its value) is no value and a fault, never a blank."""
    if spoilt is None:
        return parsed
    columns = {
        name: column.zip_with(~spoilt, pl.Series([None], dtype=column.dtype).new_from_index(0, len(column)))
        for name, column in parsed.columns.items()
    }
    return ParsedColumn(columns, parsed.fault.set(spoilt, UNREADABLE))


def _no_faults() -> pl.DataFrame:
    return pl.DataFrame(schema={"vi_tri": pl.UInt32, "cot": pl.String, "ly_do": pl.String, "cach_ly": pl.Boolean})


def _faults(parsed: ParsedColumn, field: Field, contract: Contract) -> pl.DataFrame | None:
    value = parsed.columns[field.name]
    fault = parsed.fault
    key = contract.is_key(field.name)
    needed = key or (field.required and field.instead is None)
    if fault.null_count() == len(fault) and not (needed and value.null_count()):
        return None
    frame = pl.DataFrame({"value": value.is_null(), "ly_do": fault}).with_row_index("vi_tri")
    unread = pl.col("ly_do").is_in(_UNREAD).fill_null(False)
    blank = pl.lit(NO_KEY if key else NO_REQUIRED)
    stops = pl.col("value") if needed else pl.lit(False)
    if contract.is_key_if_filled(field.name):
        stops = pl.col("value") & unread
    if field.kind is Kind.IDENTITY:
        stops = stops | (pl.col("ly_do") == DESTROYED).fill_null(False)
    return (
        frame.filter(stops | pl.col("ly_do").is_not_null())
        .with_columns(stops.alias("cach_ly"))
        .with_columns(pl.when(pl.col("cach_ly") & ~unread).then(blank).otherwise("ly_do").alias("ly_do"))
        .select(pl.col("vi_tri").cast(pl.UInt32), pl.lit(field.name).alias("cot"), "ly_do", "cach_ly")
    )


def _with_neither(faults: pl.DataFrame, columns: list[pl.Series], contract: Contract) -> pl.DataFrame:
    """``faults`` with those of rows where a required field is null, and so is the field that may stand for it: what
    of the two cannot be read sets the row apart; where both are blank, the field is missing."""
    values = {series.name: series for series in columns}
    for field in contract.fields:
        if field.instead is None:
            continue
        blank = values[field.name].is_null() & values[field.instead].is_null()
        if not blank.any():
            continue
        rows = blank.arg_true()
        unread = (
            pl.col("vi_tri").is_in(rows.implode())
            & pl.col("cot").is_in([field.name, field.instead])
            & pl.col("ly_do").is_in(_UNREAD)
        )
        told = faults.filter(unread).get_column("vi_tri")
        missing = pl.DataFrame({"vi_tri": rows.filter(~rows.is_in(told.implode()))}).select(
            pl.col("vi_tri").cast(pl.UInt32),
            pl.lit(field.name).alias("cot"),
            pl.lit(NO_REQUIRED).alias("ly_do"),
            pl.lit(value=True).alias("cach_ly"),
        )
        faults = pl.concat([faults.with_columns(pl.col("cach_ly") | unread), missing])
    return faults


def _rest(table: Table, unread: list[tuple[str, pl.Series]]) -> pl.Series:
    """JSON of what the typed columns cannot hold: unknown columns, and the text of unreadable values."""
    parts = [(header, table.cells.to_series(position)) for position, header in table.columns.unknown]
    parts = [(name, series) for name, series in [*parts, *unread] if series.null_count() < len(series)]
    height = table.cells.height
    if not parts:
        return pl.repeat(None, height, dtype=pl.String, eager=True)
    frame = pl.DataFrame([series.alias(f"c{i}") for i, (_, series) in enumerate(parts)])
    pieces = [
        pl.when(pl.col(f"c{i}").is_not_null()).then(
            pl.struct(pl.col(f"c{i}").alias(name)).struct.json_encode().str.slice(1).str.strip_suffix("}")
        )
        for i, (name, _) in enumerate(parts)
    ]
    joined = pl.concat_str(pieces, separator=",", ignore_nulls=True)
    return frame.select(
        pl.when(pl.any_horizontal(pl.all().is_not_null())).then(pl.concat_str(pl.lit("{"), joined, pl.lit("}")))
    ).to_series()


def _originals(table: Table, bad: pl.Series) -> dict[int, str]:
    """Original header → original cell of the quarantined rows, blanks left out."""
    if not len(bad):
        return {}
    headers: list[str] = []
    for position in range(table.cells.width):
        text = table.headers[position].text if position < len(table.headers) else ""
        name = text or f"(cột {position + 1})"
        headers.append(name if name not in headers else f"{name} ({position + 1})")
    kept = table.cells[bad.to_list()]
    return {
        position: json.dumps({h: c for h, c in zip(headers, row, strict=True) if c is not None}, ensure_ascii=False)
        for position, row in zip(bad.to_list(), kept.iter_rows(), strict=True)
    }
