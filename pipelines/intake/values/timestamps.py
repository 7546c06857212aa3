"""Dates and times in every spelling seen, as Asia/Ho_Chi_Minh wall clock; the day always comes first.

Nothing is guessed: what is no date of the calendar, or could be two, is unreadable (docs/mess.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache, partial

import polars as pl

from pipelines.contracts.normal_form import bare, either_spelling
from pipelines.intake.values.result import ParsedColumn, map_unique, try_in_turn, unread
from pipelines.intake.values.text import clean_one

_TYPE = pl.Datetime("us")
_FIRST_YEAR, _LAST_YEAR = 1000, 9999
_SERIAL_EPOCH = datetime(1899, 12, 30)
_DAYS_1904 = 1462
_SERIAL_MIN, _SERIAL_MAX = 10_000, 80_000
_VIETNAM_HOURS = 7
_SAMPLE_ROWS = 100

_DATETIME_FORMATS = (
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d-%m-%Y %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%H:%M %d/%m/%Y",
    "%H:%M:%S %d/%m/%Y",
)
_DATE_FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d")
_SHAPE_OF_FORMAT = {"d": "9", "m": "9", "Y": "9999", "H": "9", "M": "9", "S": "9"}


def parse_timestamps(name: str, text: pl.Series, *, date_system_1904: bool) -> ParsedColumn:
    """Timestamps ``name`` (TIMESTAMP); a printed date alone is 00:00:00."""
    value = read_timestamps(text, date_system_1904=date_system_1904)
    return ParsedColumn({name: value.alias(name)}, unread(text, value))


def parse_dates(name: str, text: pl.Series, *, date_system_1904: bool) -> ParsedColumn:
    """Dates ``name`` (DATE) from the same spellings; a time of day is dropped."""
    value = read_timestamps(text, date_system_1904=date_system_1904)
    return ParsedColumn({name: value.cast(pl.Date).alias(name)}, unread(text, value))


def read_timestamps(text: pl.Series, *, date_system_1904: bool) -> pl.Series:
    """Timestamps of cleaned text, null where unreadable; the usual formats first, over whole columns."""
    attempts: list[Callable[[pl.Series], pl.Series]] = [partial(_strptime, fmt=f) for f in _likely(_sample(text))]
    attempts += [
        partial(_serials, date_system_1904=date_system_1904),
        _compact,
        _half_days,
        _utc,
        _usual,
        _with_zone,
        _one_by_one,
    ]
    return try_in_turn(text, attempts)


def _sample(text: pl.Series) -> pl.Series:
    """A few rows from all over the column; enough to see its main format."""
    filled = text.drop_nulls()
    return filled.gather_every(max(1, len(filled) // _SAMPLE_ROWS))


def _usual(text: pl.Series) -> pl.Series:
    """Every usual format whose shape occurs in what the sampled formats left over."""
    return try_in_turn(text, [partial(_strptime, fmt=f) for f in _likely(text)] or [_nothing])


def _nothing(text: pl.Series) -> pl.Series:
    return pl.Series([None], dtype=_TYPE).new_from_index(0, len(text))


def _likely(text: pl.Series) -> list[str]:
    """Formats whose shape (digits as ``9``) occurs in the column, most frequent first."""
    shape = (
        pl.col("shape")
        .str.replace_all(r"[0-9]{3,}", "9999")
        .str.replace_all(r"[0-9]{1,2}", "9")
        .str.replace_all("99+", "9999")
    )
    found = text.to_frame("shape").select(shape).to_series().value_counts(sort=True)["shape"].to_list()[:32]
    by_shape = _formats_by_shape()
    return [fmt for item in found for fmt in by_shape.get(item, [])]


@cache
def _formats_by_shape() -> dict[str, list[str]]:
    by_shape: dict[str, list[str]] = {}
    for fmt in (*_DATETIME_FORMATS, *_DATE_FORMATS):
        shape = re.sub(r"%\.f", ".9999", fmt)
        shape = re.sub(r"%(.)", lambda match: _SHAPE_OF_FORMAT[match[1]], shape)
        by_shape.setdefault(shape, []).append(fmt)
    return by_shape


def _strptime(text: pl.Series, fmt: str) -> pl.Series:
    cell = pl.col("t")
    if ":%M" not in fmt:
        return _in_range(text.to_frame("t").select(cell.str.to_date(fmt, strict=False, exact=True).cast(_TYPE)))
    # strptime takes a blank in the format for optional and second 60 for a leap second; here neither is a date.
    sound = ~cell.str.contains(":60", literal=True)
    if " " in fmt:
        sound &= cell.str.contains(" ", literal=True)
    value = pl.when(sound).then(cell.str.to_datetime(fmt, strict=False, exact=True, time_unit="us"))
    read = text.to_frame("t").select(value.alias("t"))
    return _in_range(_whole_seconds(read.to_series()).to_frame("t") if "%.f" in fmt else read)


def _in_range(value: pl.DataFrame) -> pl.Series:
    """The one column, null outside years 1000–9999: a year of two or three digits is none strptime may decide."""
    in_range = pl.all().dt.year().is_between(_FIRST_YEAR, _LAST_YEAR)
    return value.select(pl.when(in_range).then(pl.all())).to_series()


def _whole_seconds(value: pl.Series) -> pl.Series:
    """Round where a spreadsheet's day fraction left the second short or over by less than 5 ms.

    Never into the next day: ``23:59:59.999`` is how databases write the end of this one (R4).
    """
    off = value.dt.microsecond()
    near = (off < 5_000) | (off > 995_000)
    moment, rounded = pl.col("v"), pl.col("v").dt.round("1s")
    same_day = rounded.dt.date() == moment.dt.date()
    whole = pl.when(same_day).then(rounded).otherwise(moment.dt.truncate("1s"))
    return value.to_frame("v").select(pl.when(pl.lit(near)).then(whole).otherwise(moment)).to_series()


def _serials(text: pl.Series, date_system_1904: bool) -> pl.Series:
    number = text.str.extract(r"^([0-9]{5}(?:[.,][0-9]+)?)$").str.replace(",", ".").cast(pl.Float64)
    return serial_timestamps(number, date_system_1904=date_system_1904)


def serial_timestamps(days: pl.Series, *, date_system_1904: bool = False) -> pl.Series:
    """Spreadsheet day numbers → timestamps: nearest second, within 5 s of a full minute that minute.

    Day numbers outside 10,000–80,000 (1927–2119) are null: they may be plain numbers or years.
    """
    kept = days.set((days < _SERIAL_MIN) | (days >= _SERIAL_MAX), None)
    shift = _DAYS_1904 if date_system_1904 else 0
    seconds = ((kept + shift) * 86_400).round().cast(pl.Int64)
    rest = seconds % 60
    frame = pl.DataFrame({"s": seconds, "r": rest})
    snapped = frame.select(
        pl.when(pl.col("r") <= 5)
        .then(pl.col("s") - pl.col("r"))
        .when(pl.col("r") >= 55)
        .then(pl.col("s") + 60 - pl.col("r"))
        .otherwise(pl.col("s"))
    ).to_series()
    return (pl.select(pl.lit(_SERIAL_EPOCH).cast(_TYPE)).to_series() + snapped.cast(pl.Duration("ms")) * 1000).cast(
        _TYPE
    )


def _compact(text: pl.Series) -> pl.Series:
    """``yyyymmddHHMMSS``, ``yyyymmddHHMM`` and ``yyyymmdd`` of the years 1900–2099."""
    digits = text.str.extract(r"^((?:19|20)[0-9]{6}(?:[0-9]{4}(?:[0-9]{2})?)?)$")
    return digits.str.pad_end(14, "0").str.to_datetime("%Y%m%d%H%M%S", strict=False, time_unit="us")


def _half_days(text: pl.Series) -> pl.Series:
    """12-hour clocks, ``2:30 CH`` and ``2:30:00 PM``."""
    if not text.str.contains(r"(?i)(?:sa|ch|am|pm)$").any():
        return _nothing(text)
    english = text.str.to_uppercase().str.replace(r" ?(?:SA|AM)$", " AM").str.replace(r" ?(?:CH|PM)$", " PM")
    return try_in_turn(english, [partial(_strptime, fmt=f"%d/%m/%Y %I:%M{tail} %p") for tail in (":%S", "")])


def _utc(text: pl.Series) -> pl.Series:
    """ISO of UTC, ``…Z``: seven hours behind Vietnam."""
    if not text.str.ends_with("Z").any():
        return _nothing(text)
    local = text.set(~text.str.ends_with("Z"), None).str.strip_suffix("Z")
    return _in_range(_strptime(local, "%Y-%m-%dT%H:%M:%S%.f").dt.offset_by(f"{_VIETNAM_HOURS}h").to_frame())


_ZONED = (
    r"^(?<d>[0-9]{4}-[0-9]{2}-[0-9]{2})[T ](?<t>[0-9]{2}:[0-9]{2})(?<s>:[0-9]{2}(?:\.[0-9]{1,9})?)? ?"
    r"(?:(?<z>[Zz])|(?<g>[+-])(?<h>[0-9]{2}):?(?<m>[0-9]{2})?)$"
)


def _with_zone(text: pl.Series) -> pl.Series:
    """ISO with ``Z`` or an offset, turned to Vietnam's wall clock (UTC+7, no summer time)."""
    parts = text.str.extract_groups(_ZONED).struct.unnest()
    moment = pl.concat_str("d", pl.lit("T"), "t", pl.col("s").fill_null(":00"))
    minutes = pl.col("h").cast(pl.Int64) * 60 + pl.col("m").cast(pl.Int64).fill_null(0)
    signed = pl.when(pl.col("z").is_not_null()).then(0).when(pl.col("g") == "-").then(-minutes).otherwise(minutes)
    local = moment.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit="us")
    shifted = local + pl.duration(minutes=_VIETNAM_HOURS * 60 - signed)
    return _whole_seconds(_in_range(parts.select(shifted.cast(_TYPE))))


def _one_by_one(text: pl.Series) -> pl.Series:
    return _whole_seconds(map_unique(text, lambda item: (read_one(item), None), _TYPE)[0])


_DAY_FIRST = r"(?P<d>\d{1,2})\s*[/.\-]\s*(?P<m>\d{1,2})\s*[/.\-]\s*(?P<y>\d{4}|\d{2})"
_YEAR_FIRST = r"(?P<y>\d{4})\s*[/.\-]\s*(?P<m>\d{1,2})\s*[/.\-]\s*(?P<d>\d{1,2})"
_IN_WORDS = r"(?:ngày\s*)?(?P<d>\d{1,2})[\s,\-]*(?:tháng|thg\.?)\s*(?P<m>\d{1,2})[\s\-]*(?:năm|,)?\s*(?P<y>\d{4})"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = rf"(?P<b>{'|'.join(_MONTHS)})[a-z]*"
_ENGLISH = rf"(?P<d>\d{{1,2}})[\s\-/]+{_NAMED}[\s\-/.,]+(?P<y>\d{{4}}|\d{{2}})"
_AMERICAN = rf"{_NAMED}\.?\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})"
_DAYS = (_DAY_FIRST, _YEAR_FIRST, _IN_WORDS, _ENGLISH, _AMERICAN)
_CLOCK = (
    r"(?P<H>\d{1,2})\s*(?:[:hg]|giờ)\s*(?:(?P<M>\d{1,2})(?:\s*phút|p)?)?(?:\s*:\s*(?P<S>\d{1,2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s*(?P<half>am|pm|a\.m\.|p\.m\.|sa|ch|sáng|chiều|tối)?"
)
_JOIN = r"(?:\s+|\s*[,\-t]\s*|\s*lúc\s*)"
_AT = r"(?:(?:vào\s+)?(?:lúc|hồi|khoảng)\s+)?"
_OF_JAVA = (
    rf"^{_NAMED}\s+(?P<d>\d{{1,2}})\s+(?P<H>\d{{2}}):(?P<M>\d{{2}}):(?P<S>\d{{2}})\s+(?:ict|\+07)\s+(?P<y>\d{{4}})$"
)
_OF_FIELDS = (
    r"^\[(?P<y>\d{4}), ?(?P<m>\d{1,2}), ?(?P<d>\d{1,2})"
    r"(?:, ?(?P<H>\d{1,2}), ?(?P<M>\d{1,2})(?:, ?(?P<S>\d{1,2})(?:, ?\d{1,9})?)?)?\]$"
)
_BASIC = r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})t(?P<H>\d{2})(?P<M>\d{2})(?P<S>\d{2})?$"
"""How languages print a moment: ``Mon Jun 03 08:15:00 ICT 2024``, ``[2024,6,3,8,15]``, ISO without its marks."""
_OWN_ZONE = re.compile(
    r"(?<=\d)(?: ?(?:gmt|utc)? ?\+0?7(?::?00)?)?"
    r"(?: ?\[asia/(?:ho_chi_minh|saigon|bangkok)\]| ?\((?:indochina time|giờ đông dương|gmt\+0?7)\))?$"
)
_OF_WEEK = re.compile(either_spelling(r" ?\((?:thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|t[2-7]|cn)\)$"))
_EPOCH = re.compile(r"^(?:/date\((1[0-9]{12})(?:[+-]\d{4})?\)/|(1[0-9]{12}))$")
_WEEKDAY = re.compile(
    "^"
    + "(?:"
    + either_spelling(r"thứ\s+(?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật")
    + r"|t[2-7]|cn|mon|tue|wed|thu|fri|sat|sun)\s*,?\s+"
)
_MONTH_WORDS = {
    "giêng": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
    "mười": 10, "mười một": 11, "mười hai": 12, "chạp": 12,
}  # fmt: skip
_MONTH_IN_WORDS = re.compile(
    rf"(?<=\btháng )(?!năm \d)(?:{'|'.join(sorted(_MONTH_WORDS, key=len, reverse=True))})(?=$|[\s,])"
)
"""``tháng Sáu``; ``tháng năm 2024`` may lack its month and is none."""
_PATTERNS = tuple(
    re.compile(spelling)
    for pattern in (
        *(f"^(?:ngày\\s+)?{day}(?:{_JOIN}{_CLOCK})?$" for day in _DAYS),
        *(f"^{_AT}{_CLOCK}{_JOIN}(?:ngày\\s+)?{day}$" for day in _DAYS),
        _OF_JAVA,
        _OF_FIELDS,
        _BASIC,
    )
    for spelling in dict.fromkeys((pattern, bare(pattern)))
)
_AFTERNOON = {"pm", "p.m.", "ch", "chiều", "tối", "chieu", "toi"}


def _in_numbers(day: str) -> str:
    """``day`` in every place where ``read_one`` takes it, for columns; whatever follows its clock is of no matter."""
    weekday, clock = (re.sub(r"\?P<\w+>", "?:", part) for part in (_WEEKDAY.pattern[1:], _CLOCK))
    whole = rf"(?i)^[\s'=\"]*(?:{weekday})?(?:{_AT}{clock}{_JOIN})?(?:ng[àa]y\s+)?{day}(?:(?:{_JOIN}|\").*)?$"
    return whole.replace(r"\d", "[0-9]")


DAY_FIRST, YEAR_FIRST = _in_numbers(_DAY_FIRST), _in_numbers(_YEAR_FIRST)
"""Patterns (groups ``d``, ``m``, ``y``) of the dates in numbers that are read in the order of their name."""


def read_one(text: str) -> datetime | None:
    """One date or timestamp in a rare spelling, or None.

    12-hour clocks (AM/PM, SA/CH), ``14h30``, English month names, Unix milliseconds (13 digits, ``/Date(…)/``),
    ``24:00`` (23:59:59 of the printed day, so that the day stays), weekday names, Vietnam's own zone behind it,
    words (``ngày 5 tháng 6 năm 2024``, ``5 thg 6, 2024``, ``vào hồi 14 giờ …``) and two-digit years: 00–39 are 20xx,
    70–99 are 19xx, others could be either and are not read.
    """
    lowered = _WEEKDAY.sub("", clean_one(text).lower())
    epoch = _EPOCH.match(lowered)
    if epoch:
        return datetime(1970, 1, 1, _VIETNAM_HOURS) + timedelta(milliseconds=int(epoch[1] or epoch[2]))
    lowered = _MONTH_IN_WORDS.sub(lambda found: str(_MONTH_WORDS[found[0]]), lowered)
    lowered = _OWN_ZONE.sub("", _OF_WEEK.sub("", lowered))
    for pattern in _PATTERNS:
        match = pattern.match(lowered)
        if match:
            return _build(match.groupdict())
    return None


def _build(parts: dict[str, str | None]) -> datetime | None:
    year = full_year(parts["y"] or "")
    clock = _clock(parts)
    if year is None or clock is None:
        return None
    try:
        named = parts.get("b")
        month = _MONTHS.index(named) + 1 if named else int(parts["m"] or 0)
        day = date(year, month, int(parts["d"] or 0))
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day) + clock


def full_year(text: str) -> int | None:
    """Four digits as they are (1000 and later); two digits where one century is plausible, else None."""
    year = int(text)
    if len(text) == 4:
        return year if year >= _FIRST_YEAR else None
    if year <= 39:
        return 2000 + year
    return 1900 + year if year >= 70 else None


def _clock(parts: dict[str, str | None]) -> timedelta | None:
    if parts.get("H") is None:
        return timedelta()
    hour, minute, second = (int(parts.get(key) or 0) for key in ("H", "M", "S"))
    micro = int((parts.get("f") or "0").ljust(6, "0")[:6])
    half = parts.get("half")
    if hour == 24 and minute == second == micro == 0 and half is None:
        return timedelta(hours=23, minutes=59, seconds=59)
    if half is not None and hour <= 12:
        hour = hour % 12 + (12 if half in _AFTERNOON else 0)
    elif half is not None and half not in _AFTERNOON:
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=micro)
