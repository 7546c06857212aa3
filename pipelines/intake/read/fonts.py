"""Text typed in a font of an old character set and stored as Unicode: ``NguyÔn V¨n`` for ``Nguyễn Văn``; also
UTF-8 that was read as windows-1252 (``Nguyá»…n VÄƒn``).

A spreadsheet keeps the characters of the font's places, and so does a csv exported from it as UTF-8. It is told
for a whole sheet by its header, or for one column by its words, never for one cell (docs/mess.md);
where neither is sure the text stays as it is and the column is listed. So is one whose letters another program put
question marks for (``Nguy?n V?n``), or the sign of bytes it could not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import polars as pl

from pipelines.intake.headers.columns import HeaderIndex
from pipelines.intake.headers.header import find_header
from pipelines.intake.limits import Limits
from pipelines.intake.read.charsets import LEGACY
from pipelines.intake.read.encoding import judge
from pipelines.intake.read.twice_encoded import MARKS, undone
from pipelines.intake.sheet import RawSheet
from pipelines.intake.values.result import ODD_TEXT, map_unique

_TWICE = "UTF-8 hai lần"
_FONTS = ("TCVN3", "VNI", _TWICE)
_ODD = "[\u00a1-\u00bfÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñö÷øûüþÿ]"
_LOST_LETTER = r"\p{L}\?+\p{L}"
_UNREAD_BYTES = "\ufffd"
_ADDRESS = "://"
_LOST_SHARE = 0.2
_HEAD_ROWS = 60
_SAMPLE_ROWS = 2_000
_SAMPLE_TEXTS = 5_000
_BAD_SHARE = 0.05
_BAD_BEFORE = 0.2
_LEAST_KNOWN = 2


def recode_sheet(sheet: RawSheet, index: HeaderIndex, limits: Limits) -> RawSheet:
    """``sheet`` turned into Unicode (NFC) where its header shows that all of it was typed in such a font."""
    if not _odd_columns(sheet.cells) and not any(re.search(_ODD, text) for text in sheet.header or ()):
        return sheet
    charset = _charset_of_header(sheet, index, limits)
    if charset is None:
        return sheet
    cells = sheet.cells.with_columns(_recoded(column, charset) for column in sheet.cells.get_columns())
    header = tuple(_decode(text, charset) or text for text in sheet.header) if sheet.header else None
    return replace(sheet, cells=cells, header=header)


def recode_columns(cells: pl.DataFrame) -> tuple[pl.DataFrame, tuple[int, ...]]:
    """Every column recoded whose words show its font, and the places of those where they show it in part."""
    suspect = []
    for name in _odd_columns(cells):
        column = cells.get_column(name)
        charset, doubtful = _charset_of_column(column)
        if charset is not None:
            cells = cells.with_columns(_recoded(column, charset))
        elif doubtful:
            suspect.append(cells.columns.index(name))
    if cells.height and cells.width:
        may_be = cells.select(pl.all().str.contains(f"\\?|{_UNREAD_BYTES}").any()).row(0)
        suspect += [place for place, found in enumerate(may_be) if found and _lost_letters(cells.to_series(place))]
    return cells, tuple(dict.fromkeys(suspect))


def _lost_letters(column: pl.Series) -> bool:
    """Whether letters of a column were lost: none of the sets gives them back."""
    if column.str.contains(_UNREAD_BYTES, literal=True).any():
        return True
    words = column.drop_nulls().unique()
    lost = words.str.contains(_LOST_LETTER) & ~words.str.contains(_ADDRESS, literal=True)
    return bool(lost.sum() >= max(1, _LOST_SHARE * len(words)))


def mark_odd(text: pl.Series, fault: pl.Series) -> pl.Series:
    """``fault`` with ``nghi_sai_bang_ma`` where a cell of a suspect column holds odd characters."""
    odd = (text.str.contains(f"{_ODD}|{_UNREAD_BYTES}|{_LOST_LETTER}") & fault.is_null()).fill_null(value=False)
    return fault.set(odd, ODD_TEXT)


def _odd_columns(cells: pl.DataFrame) -> list[str]:
    """Columns where characters show up that Vietnamese does not use and old fonts do; a sample shows it."""
    if cells.height == 0 or cells.width == 0:
        return []
    every = max(1, cells.height // _SAMPLE_ROWS)
    sample = cells if every == 1 else pl.concat([cells.head(_HEAD_ROWS), cells.gather_every(every)])
    found = sample.select(pl.all().str.join("|").str.contains(_ODD).fill_null(value=False)).row(0, named=True)
    return [name for name, odd in found.items() if odd]


def _charset_of_header(sheet: RawSheet, index: HeaderIndex, limits: Limits) -> str | None:
    """The one set under which the header names more fields than as it stands."""
    if sheet.header is not None:
        rows: Sequence[Sequence[str | None]] = [sheet.header]
    else:
        rows = sheet.cells.head(limits.header_search_rows).rows()

    def fields(decode: Callable[[str], str | None]) -> int:
        header = find_header([[decode(cell) or cell if cell else cell for cell in row] for row in rows], index)
        return header.matched if header else 0

    plain = fields(lambda text: text)
    scores = {charset: fields(lambda text, c=charset: _decode(text, c)) for charset in _FONTS}  # type: ignore[misc]
    best = max(scores, key=lambda charset: scores[charset])
    others = [score for charset, score in scores.items() if charset != best]
    return best if scores[best] > plain and scores[best] > max(others) else None


def _charset_of_column(column: pl.Series) -> tuple[str | None, bool]:
    """(set the column is written in, whether it looks like font text that cannot be told)."""
    texts = [text for text in column.drop_nulls().unique().head(_SAMPLE_TEXTS).to_list() if not text.isascii()]
    known_before, bad_before = judge("\n".join(texts))
    scores: dict[str, int] = {}
    partial = False
    for charset in _FONTS:
        decoded = [_decode(text, charset) for text in texts]
        sound = [text for text in decoded if text is not None]
        known, bad = judge("\n".join(sound))
        better = bad <= _BAD_SHARE and known >= 2 * known_before + _LEAST_KNOWN
        if better and len(sound) == len(texts):
            scores[charset] = known
        partial |= known >= known_before + _LEAST_KNOWN and bad <= _BAD_SHARE
    ranked = sorted(scores, key=lambda charset: -scores[charset])
    if ranked and (len(ranked) == 1 or scores[ranked[0]] >= 2 * scores[ranked[1]] + _LEAST_KNOWN):
        return ranked[0], False
    twice = any(mark in text for text in texts for mark in MARKS)
    return None, bool(ranked) or twice or (partial and bad_before >= _BAD_BEFORE)


def _recoded(column: pl.Series, charset: str) -> pl.Series:
    """Cells of the set decoded; those that hold other characters were not typed in the font and stay."""
    odd = (column.str.len_bytes() != column.str.len_chars()).fill_null(value=False).arg_true()
    if odd.is_empty():
        return column
    part = column.gather(odd)
    return column.scatter(odd, map_unique(part, lambda text: (_decode(text, charset) or text, None), pl.String())[0])


def _decode(text: str, charset: str) -> str | None:
    """``text`` taken for the bytes of its characters, decoded; None where that cannot be."""
    if charset == _TWICE:
        return undone(text)
    for places in ("cp1252", "latin-1"):
        try:
            return LEGACY[charset](text.encode(places))
        except UnicodeError:
            continue
    return None
