"""The one door from raw cell text to typed columns: picks the reader of the field's kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from pipelines.contracts.dialect import DIALECTS, EMPTY_MARKS, NO_DAYS
from pipelines.contracts.model import CodeList, Field, Kind
from pipelines.intake.masking import without_contacts
from pipelines.intake.values.booleans import named_booleans, parse_booleans
from pipelines.intake.values.code_lists import canonical_where_listed, parse_codes
from pipelines.intake.values.code_shape import CODES, PERSONAL, misshapen
from pipelines.intake.values.codes import (
    parse_codes_as_text,
    parse_dossier_codes,
    parse_register_numbers,
    without_name,
    without_thousands,
)
from pipelines.intake.values.identity import parse_identities
from pipelines.intake.values.numbers import parse_decimals, parse_integers, parse_money, parse_shares
from pipelines.intake.values.partial_dates import parse_partial_dates, read_partial
from pipelines.intake.values.periods import parse_periods
from pipelines.intake.values.result import SENTINEL, UNREADABLE, ParsedColumn, map_unique, no_fault
from pipelines.intake.values.text import clean, is_sentinel
from pipelines.intake.values.timestamps import parse_dates, parse_timestamps

_SAMPLE = 1_000
_WORTH_IT = 5_000
_EMPTY = sorted({form for mark in EMPTY_MARKS for form in (mark, mark.lower(), mark.upper(), mark.title())})
_SPREADSHEET_ERROR = (
    r"^(?:(?i:#(?:REF!|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|N/A|SPILL!|CALC!|FIELD!|BLOCKED!|GETTING_DATA|ERROR!))"
    r"|Err:[0-9]{3}|#{3,})$"
)
_CONTACT = r"@|[0-9０-９](?:[^\p{L}]{0,3}[0-9０-９]){8}"
"""What every telephone or identity number and every mail address has."""
_DATE_KINDS = (Kind.DATE, Kind.PARTIAL_DATE, Kind.TIMESTAMP)


@dataclass(frozen=True)
class _Context:
    field: Field
    feed: str
    code_list: CodeList | None
    secret: bytes
    date_system_1904: bool
    money_unit: int
    plain: bool

    @property
    def required_list(self) -> CodeList:
        if self.code_list is None:
            raise ValueError(f"trường “{self.field.name}” cần danh mục “{self.field.code_list}”")
        return self.code_list


def parse_column(
    column: pl.Series,
    field: Field,
    *,
    feed: str,
    code_list: CodeList | None,
    secret: bytes,
    date_system_1904: bool = False,
    dialect: str | None = None,
    money_unit: int = 1,
    plain: bool = False,
) -> ParsedColumn:
    """Typed columns (exactly ``field.columns``) and faults of one field.

    ``column`` is raw cell text (String, null = blank); ``code_list`` is that of ``field.code_list``; ``secret``
    keys the hashes of identity numbers; ``dialect`` (see ``contracts.dialect``) says whose placeholders hold:
    unknown (None) means any; ``money_unit`` is what one of the column's amounts is in đồng; ``plain`` says that
    ``plain.plain_columns`` names the column. Raises ``ValueError`` where a field needs a code list and none is given;
    no cell text whatever raises.
    """
    text = column.cast(pl.String)
    context = _Context(field, feed, code_list, secret, date_system_1904, money_unit, plain)
    sentinels, days = _sentinels(field, dialect), _sentinel_days(field, dialect)
    groups = _distinct(text)
    if groups is None:
        return _parse(text, context, sentinels, days)
    distinct, places = groups
    parsed = _parse(distinct, context, sentinels, days)
    columns = {name: values.gather(places) for name, values in parsed.columns.items()}
    return ParsedColumn(columns, parsed.fault.gather(places))


def _distinct(text: pl.Series) -> tuple[pl.Series, pl.Series] | None:
    """(distinct texts, null among them; place of each row among them) of a column that repeats itself, else None.

    Codes, units, names of procedures: reading each spelling once is worth the look-up.
    """
    if len(text) < _WORTH_IT:
        return None
    sample = text.gather_every(max(1, len(text) // _SAMPLE))
    if sample.n_unique() * 3 > len(sample):
        return None
    distinct = text.unique()
    if len(distinct) * 3 > len(text):
        return None
    table = distinct.to_frame("text").with_row_index("place")
    joined = text.to_frame("text").join(table, on="text", how="left", maintain_order="left", nulls_equal=True)
    return distinct, joined["place"]


def _parse(text: pl.Series, context: _Context, sentinels: tuple[str, ...], days: frozenset[str]) -> ParsedColumn:
    if not context.plain:
        text = clean(text)
        if context.field.kind is not Kind.IDENTITY:
            text = _without_text_mark(text, formula_only=context.field.kind is Kind.TEXT)
    false_values = is_sentinel(text, sentinels, () if context.field.kind is Kind.TEXT else _EMPTY)
    if false_values is not None:
        text = text.set(false_values, None)
    errors = _either(None if context.plain else _spreadsheet_errors(text), _persons(text, context.field))
    if errors is not None:
        text = text.set(errors, None)
    parsed = _READERS[context.field.kind](text, context)
    if context.field.kind in CODES:
        value = parsed.columns[context.field.name]
        errors = _either(errors, _turned_into_persons(text, value, context.field))
        errors = _either(errors, _persons_outside_the_list(value, context))
    if errors is not None:
        columns = {name: column.clone().set(errors, None) for name, column in parsed.columns.items()}
        parsed = ParsedColumn(columns, parsed.fault.set(errors, UNREADABLE))
    if context.field.kind in _DATE_KINDS:
        false_values = _either(false_values, _placeholder_days(parsed.columns[context.field.name], context.field, days))
    if false_values is None:
        return parsed
    columns = {name: column.clone().set(false_values, None) for name, column in parsed.columns.items()}
    return ParsedColumn(columns, parsed.fault.set(false_values, SENTINEL))


def _persons(text: pl.Series, field: Field) -> pl.Series | None:
    """Cells that hold a person in the column of a code."""
    may_hold_any = field.code_list is not None or field.sensitivity in PERSONAL
    if field.kind not in CODES or may_hold_any:
        return None
    return misshapen(without_name(text) if field.kind is Kind.CODE else text, field)


def _persons_outside_the_list(value: pl.Series, context: _Context) -> pl.Series | None:
    """Persons among what no code list names; such codes stay as they are otherwise, in words too."""
    if context.field.code_list is None or context.field.sensitivity in PERSONAL:
        return None
    known = [code.code for code in context.required_list.codes]
    unlisted = ~value.is_in(known).fill_null(value=True)
    if not unlisted.any():
        return None
    return misshapen(value.clone().set(~unlisted, None), replace(context.field, code_in_words=True))


def _turned_into_persons(text: pl.Series, value: pl.Series, field: Field) -> pl.Series | None:
    """Codes that only as they are read look like a person's number: ``09 12 34 56 78``, ``9.12345678E+8``."""
    changed = value != text
    if not changed.any():
        return None
    return _persons(value.clone().set(~changed.fill_null(value=False), None), field)


def _either(one: pl.Series | None, other: pl.Series | None) -> pl.Series | None:
    return other if one is None else one if other is None else one | other


def _spreadsheet_errors(text: pl.Series) -> pl.Series | None:
    """Cells that show a spreadsheet's error or a column too narrow (``#REF!``, ``####``): no value of any kind."""
    if not text.str.starts_with("#").any() and not text.str.starts_with("Err:").any():
        return None
    found = text.str.contains(_SPREADSHEET_ERROR)
    return found.fill_null(value=False) if found.any() else None


def _placeholder_days(value: pl.Series, field: Field, days: frozenset[str]) -> pl.Series | None:
    """Values that are a day which stands for none, in whatever spelling, real date or serial it came; None: nowhere.

    A required date may begin a validity: there 1/1/1900 says since ever.
    """
    if field.kind is Kind.PARTIAL_DATE:
        found = value.is_in(sorted(days)) if days else None
    else:
        none = () if field.kind is Kind.DATE and field.required else NO_DAYS
        own = [date.fromisoformat(day) for day in (*days, *none)]
        found = value.cast(pl.Date).is_in(own) if own else None
    return found.fill_null(value=False) if found is not None and found.any() else None


def _without_text_mark(text: pl.Series, *, formula_only: bool) -> pl.Series:
    """Without what forces a spreadsheet to take a cell for text: ``="…"``, a leading apostrophe.

    ``formula_only``: a text may begin with an apostrophe of its own, never be such a formula.
    """
    starts = pl.col("t").str.starts_with('="')
    if not formula_only:
        starts |= pl.col("t").str.starts_with("'")
    marked = text.to_frame("t").select(starts.fill_null(value=False)).to_series()
    if not marked.any():
        return text
    plain = text if formula_only else text.str.replace(r"^'+\s*", "")
    plain = plain.str.replace(r'^="\s*([^"]*?)\s*"$', "$1")
    return text.zip_with(~marked, plain.set(plain == "", None))


def _sentinels(field: Field, dialect: str | None) -> tuple[str, ...]:
    if dialect is None:
        return (*field.sentinels, *(item for name in DIALECTS for item in field.dialect_sentinels.get(name, ())))
    own = field.dialect_sentinels.get(dialect, ())
    return (*field.sentinels, *own)


def _sentinel_days(field: Field, dialect: str | None) -> frozenset[str]:
    """Once the dialect is sure, the day itself is its placeholder, in every spelling."""
    if dialect is None or field.kind not in _DATE_KINDS:
        return frozenset()
    days = (read_partial(item) for item in field.dialect_sentinels.get(dialect, ()))
    return frozenset(day for day in days if day and len(day) == len("yyyy-mm-dd"))


def _text(text: pl.Series, context: _Context) -> ParsedColumn:
    """Texts as they are; of names of agencies, procedures and reports, which are published, nobody's number."""
    name = context.field.name
    if context.field.sensitivity not in PERSONAL:
        suspect = text.str.contains(_CONTACT)
        if suspect.any():
            suspect = suspect.fill_null(value=False)
            shown, _ = map_unique(text.set(~suspect, None), lambda item: (without_contacts(item), None), pl.String())
            text = text.zip_with(~suspect, shown)
    return ParsedColumn({name: text.alias(name)}, no_fault(len(text)))


def _code(text: pl.Series, context: _Context) -> ParsedColumn:
    name = context.field.name
    parsed = parse_codes_as_text(name, without_thousands(text) if context.field.numeric_code else text)
    if context.field.code_list is None:
        return parsed
    canonical = canonical_where_listed(parsed.columns[name], context.required_list, context.feed)
    return ParsedColumn({name: canonical.alias(name)}, parsed.fault)


def _code_list(text: pl.Series, context: _Context) -> ParsedColumn:
    return parse_codes(context.field.name, text, context.required_list, context.feed)


def _boolean(text: pl.Series, context: _Context) -> ParsedColumn:
    field = context.field
    words = {**named_booleans(field.all_headers), **field.own_booleans}
    return parse_booleans(field.name, text, blank_value=field.blank_value, extra=words)


_READERS: dict[Kind, Callable[[pl.Series, _Context], ParsedColumn]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.CODE_LIST: _code_list,
    Kind.BOOLEAN: _boolean,
    Kind.REGISTER_NUMBER: lambda text, c: parse_register_numbers(c.field.name, text),
    Kind.DOSSIER_CODE: lambda text, c: parse_dossier_codes(c.field.name, text),
    Kind.TIMESTAMP: lambda text, c: parse_timestamps(c.field.name, text, date_system_1904=c.date_system_1904),
    Kind.DATE: lambda text, c: parse_dates(c.field.name, text, date_system_1904=c.date_system_1904),
    Kind.PARTIAL_DATE: lambda text, c: parse_partial_dates(c.field.name, text, date_system_1904=c.date_system_1904),
    Kind.INTEGER: lambda text, c: parse_integers(c.field.name, text),
    Kind.DECIMAL: lambda text, c: parse_decimals(c.field.name, text, maximum=c.field.maximum),
    Kind.MONEY: lambda text, c: parse_money(c.field.name, text, unit=c.money_unit),
    Kind.SHARE: lambda text, c: parse_shares(c.field.name, text),
    Kind.IDENTITY: lambda text, c: parse_identities(c.field.name, text, secret=c.secret),
    Kind.PERIOD: lambda text, c: parse_periods(c.field.name, text),
}
