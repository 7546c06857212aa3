"""Header cells to fields of a contract: by normal form, never by position (docs/mess.md)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from pipelines.contracts.model import DAYS, Contract, Field, Kind
from pipelines.contracts.normal_form import (
    header_forms,
    in_school_forms,
    is_enumerated,
    normal_form,
    plain,
    school_form,
)
from pipelines.intake.errors import ColumnsMissingError, printable
from pipelines.intake.masking import looks_like_header

ORDINALS = frozenset({"stt", "tt", "sott", "sothutu", "thutu", "no", "rownum", "rownumber"})
"""Headers of a running number: no field, and nothing that a row loses with it."""

_SUGGEST_FROM = 0.72
_MOST_LISTED = 30
_LONGEST_HEADER = 300
_REMEMBERED = 20_000
_OR = re.compile(r"\s*(?:[/|;\n]|\s[-–]\s|\bhoặc\b)\s*")
_MOST_NAMES = 4
_IN_TWO_NAMES = 9
"""Rank of a header that names its field twice: the least literal of one cell."""
_IN_BRACKETS = re.compile(r"[(\[].*$")
_WITH_NAME = re.compile(r"^(.*\S)\s*[(\[]\s*([a-z0-9_]+)\s*[)\]]$", re.DOTALL)
FORESEEN = re.compile(r"\b(?:du kien|theo quy dinh|theo ke hoach|ke hoach|cham nhat|muon nhat)\b")
_NO_COUNT = re.compile(r"\b(?:ty le|ti le|phan tram|luy ke|cong don)\b")
_FORMER = re.compile(r"\b(?:cu|truoc|lan dau|ban dau)\b")
_FORMER_VALUE = 8
_DUE = frozenset({"han", "hen", "hieu"})
"""Parts of the names of fields that are days to come: due days, days from which something holds."""
_WITHOUT_GROUP = 20
"""Rank from which on a header below a group is read without it (``headers.header.join_rows``)."""


@dataclass(frozen=True)
class Match:
    """A header cell that names a field; ``rank`` 0 is the most literal reading.

    ``own``: the whole cell is the field's own label or name, not one of its other spellings.
    """

    field: str
    rank: int
    own: bool = False


class HeaderIndex:
    """Every known header of one feed, by normal form."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._forms: dict[str, str] = {}
        self._own: set[str] = set()
        self._seen: dict[str, Match | None] = {}
        for field in contract.fields:
            for header in field.all_headers:
                self._forms.setdefault(normal_form(header), field.name)
            self._own |= {
                form for form in map(normal_form, (field.name, field.label)) if self._forms[form] == field.name
            }
        self._numbered = {form for form in self._forms if form[:1].isdigit()}
        self._school = in_school_forms(self._forms)
        self._own_school = {school_form(form) for form in self._own}

    def match(self, texts: Sequence[str]) -> Match | None:
        """The field named by the first of ``texts`` (readings of one header cell) that is known."""
        for position, text in enumerate(texts):
            found = self._match_one(text)
            if found is not None:
                return Match(found.field, position * 10 + found.rank, found.own and position == 0)
        return None

    def _match_one(self, text: str) -> Match | None:
        if len(text) > _LONGEST_HEADER or '":' in text:  # a pair of JSON is no header
            return None
        if text[:1].isdigit() and not is_enumerated(text) and not self._begins_so(text):
            return None
        if text not in self._seen:
            if len(self._seen) > _REMEMBERED:
                self._seen.clear()
            label = self._before_its_name(text)
            forms = (label,) if label else header_forms(text)
            found = _first(forms, self._forms, self._own) or _first(
                tuple(map(school_form, forms)), self._school, self._own_school
            )
            self._seen[text] = self._as_qualified(text, found) if found else self._in_two_names(text)
        return self._seen[text]

    def _before_its_name(self, text: str) -> str | None:
        """The normal form of a label with the name of its field in brackets (``Số (so)``, which is no ``Sổ số``)."""
        found = _WITH_NAME.match(text)
        form = normal_form(found[1]) if found else ""
        return form if found and self._forms.get(form) == found[2] else None

    def _as_qualified(self, text: str, found: Match) -> Match | None:
        """``found`` where what stands in brackets behind the name does not make it another thing.

        A day foreseen (``Ngày có kết quả (dự kiến)``) is not the day of an event, a share (``Đã nhập (%)``) or a
        cumulated number not the count of a period; a former value counts only where there is no other.
        """
        field = self.contract.by_name[found.field]
        if field.kind is Kind.INTEGER and "%" in text:
            return None
        hint = _IN_BRACKETS.search(plain(text)) if found.rank else None
        if hint is None:
            return found
        if field.kind is Kind.INTEGER and _NO_COUNT.search(hint[0]):
            return None
        if field.kind in DAYS and _DUE.isdisjoint(field.name.split("_")) and FORESEEN.search(hint[0]):
            return None
        return Match(found.field, _FORMER_VALUE) if _FORMER.search(hint[0]) else found

    def _in_two_names(self, text: str) -> Match | None:
        """The field that a header names more than once (``Mã hồ sơ / Số biên nhận``, ``Mã/Số hồ sơ``)."""
        names = [name.strip() for name in _OR.split(text)]
        if not 1 < len(names) <= _MOST_NAMES or not all(names):
            return None
        noun = names[-1].partition(" ")[2]
        names = [name if " " in name or not noun or self._match_one(name) else f"{name} {noun}" for name in names]
        fields = {match.field if (match := self._match_one(name)) else None for name in names}
        field = fields.pop()
        return Match(field, _IN_TWO_NAMES) if field is not None and not fields else None

    def _begins_so(self, text: str) -> bool:
        """Whether a header that is known begins with this very number (``5 bước``)."""
        return bool(self._numbered) and normal_form(text) in self._numbered

    def suggestion(self, header: str) -> str | None:
        """The field whose header is closest to ``header``, or None where none is close."""
        close = difflib.get_close_matches(normal_form(header), list(self._forms), n=1, cutoff=_SUGGEST_FROM)
        return self._forms[close[0]] if close else None


def _first(forms: Sequence[str], known: Mapping[str, str], own: Collection[str]) -> Match | None:
    hits = ((rank, form, known.get(form)) for rank, form in enumerate(forms))
    return next((Match(name, rank, form in own) for rank, form, name in hits if name is not None), None)


@dataclass(frozen=True)
class HeaderCell:
    """One header as it was put together: ``text`` as printed, ``match`` the field it names."""

    text: str
    match: Match | None


@dataclass(frozen=True)
class ColumnMap:
    """``fields``: field → column; ``unknown``: (column, header) kept beside; ``suggestions`` by header.

    ``rivals``: (field, column) of columns with values that name a field which another column was given.
    """

    fields: dict[str, int]
    unknown: tuple[tuple[int, str], ...]
    suggestions: dict[str, str | None]
    rivals: tuple[tuple[str, int], ...] = ()


def is_ordinal(text: str) -> bool:
    """Whether a header cell heads the running number."""
    return text.strip() == "#" or not ORDINALS.isdisjoint(header_forms(text))


def needed_fields(contract: Contract) -> tuple[Field, ...]:
    """Fields without whose column a file is refused: the required ones and every part of the key.

    A field that another one may stand for (``thay_bang``) is looked at by ``refuse_missing`` alone.
    """
    return tuple(f for f in contract.fields if (f.required and f.instead is None) or contract.is_key(f.name))


def map_columns(cells: Sequence[HeaderCell], index: HeaderIndex, has_values: Callable[[int], bool]) -> ColumnMap:
    """Give each field one column and list what is left.

    Of two columns of one field the one with values wins, then the field's own label before its other spellings,
    then the more literal header, then the left one; the other is kept as an unknown column, so that nothing of it
    is lost. A part of a group that names the field only without its group is no rival of a whole name. A column
    without header counts only where it has values.
    """
    claims: dict[str, list[tuple[bool, int, int]]] = {}
    for position, cell in enumerate(cells):
        if cell.match is not None:
            claims.setdefault(cell.match.field, []).append((not cell.match.own, cell.match.rank, position))
    fields: dict[str, int] = {}
    rivals: list[tuple[str, int]] = []
    for name, columns in claims.items():
        if len(columns) == 1:
            fields[name] = columns[0][2]
            continue
        ranked = sorted((not has_values(claim[2]), *claim) for claim in columns)
        fields[name] = ranked[0][3]
        literal = ranked[0][2] < _WITHOUT_GROUP
        rivals += [
            (name, position)
            for blank, _, rank, position in ranked[1:]
            if not blank and not (literal and rank >= _WITHOUT_GROUP)
        ]
    taken = set(fields.values())
    unknown: list[tuple[int, str]] = []
    suggestions: dict[str, str | None] = {}
    for position, cell in enumerate(cells):
        if position in taken or is_ordinal(cell.text):
            continue
        if not normal_form(cell.text) and not has_values(position):
            continue
        header = _unique(printable(cell.text, 120) or f"(cột {position + 1})", suggestions)
        unknown.append((position, header))
        suggestions[header] = cell.match.field if cell.match else index.suggestion(cell.text)
    return ColumnMap(fields, tuple(unknown), suggestions, tuple(rivals))


def refuse_missing(
    columns: ColumnMap, contract: Contract, sheet: str, row: int | None = None, cells: Sequence[HeaderCell] = ()
) -> None:
    """Raise ``ColumnsMissingError`` that names every missing column and every unknown one of the header ``cells``.

    ``row``: where the header stands, of a table below another one.
    """
    missing = [field for field in needed_fields(contract) if field.name not in columns.fields]
    missing += [f for f in contract.fields if f.instead is not None and not {f.name, f.instead} & columns.fields.keys()]
    if not missing:
        return
    places = [f"trang tính “{printable(sheet)}”"] if sheet else []
    places += [f"bảng có tiêu đề ở dòng {row}"] if row is not None else []
    where = f"{', '.join(places)}: thiếu" if places else "thiếu"
    where = where[0].upper() + where[1:]
    names = ", ".join(f"“{field.label}” ({field.name})" for field in missing)
    parts = [f"{where} cột bắt buộc: {names}."]
    if columns.unknown:
        parts.append(f"Cột lạ: {_list_unknown(columns, contract)}.")
        parts.append(
            f"Hãy sửa tiêu đề rồi gửi lại, hoặc thêm cách viết mới vào tệp quy ước {contract.feed}.yaml (tieu_de)."
        )
    else:
        parts.append(
            "Hãy thêm cột này, có giá trị ở từng dòng (giá trị ghi ở tên trang tính hay tiêu đề bảng không thay được "
            "cột), rồi gửi lại."
        )
    raise ColumnsMissingError(" ".join(parts), [cell.text for cell in cells])


def _list_unknown(columns: ColumnMap, contract: Contract) -> str:
    shown = []
    for position, header in columns.unknown[:_MOST_LISTED]:
        if not looks_like_header(header):
            shown.append(f"(cột {position + 1})")
            continue
        guess = columns.suggestions[header]
        label = contract.by_name[guess].label if guess else None
        shown.append(f"“{printable(header)}” (gần với “{label}”)" if label else f"“{printable(header)}”")
    more = len(columns.unknown) - _MOST_LISTED
    return ", ".join(shown) + (f" và {more} cột khác" if more > 0 else "")


def _unique(header: str, taken: dict[str, str | None]) -> str:
    name, number = header, 2
    while name in taken:
        name, number = f"{header} ({number})", number + 1
    return name
