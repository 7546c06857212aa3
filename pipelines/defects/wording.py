"""Vietnamese names of fields and SQL that shows a value as an official writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pipelines.config.checked import StrictModel, load_checked
from pipelines.contracts.loader import OWN_CODES, load_code_lists
from pipelines.contracts.model import CodeList, Contract, Field, Kind
from pipelines.quality.model import Rule

WORDS = Path(__file__).with_name("words.yaml")
MACROS = (
    "create or replace temp table ten_don_vi as select ma_don_vi as ma, arg_max(ten_don_vi, hieu_luc_tu) as ten "
    "from stg.stg_dvc__co_quan where ten_don_vi is not null and ma_don_vi is not null group by 1",
    # 1865.5 → 1.865,5; a share → 98,74 %; 2025-08 → 08/2025, 2025-08-31 → 31/08/2025, anything else as it is.
    "create or replace temp macro so_viet(x) as concat(case when x < 0 then '-' else '' end, "
    "replace(format('{:,}', cast(floor(cast(abs(x) as decimal(38, 8))) as bigint)), ',', '.'), "
    "nullif(concat(',', rtrim(split_part(cast(cast(abs(x) as decimal(38, 8)) as varchar), '.', 2), '0')), ','))",
    "create or replace temp macro ngay_viet(x) as regexp_replace(regexp_replace(x, "
    "'^([0-9]{4})-([0-9]{2})-([0-9]{2})$', '\\3/\\2/\\1'), '^([0-9]{4})-([0-9]{2})$', '\\2/\\1')",
    "create or replace temp macro ten_tep_viet(x) as "
    "coalesce((select max(f.ten_tep) from so_cai.tep f where f.ma_tep = x), x)",
    # A code alone tells an office little: its name with the code behind; what no list knows stays as it is.
    "create or replace temp macro don_vi_viet(x) as "
    "coalesce((select d.ten || ' (' || d.ma || ')' from ten_don_vi d where d.ma = x), x)",
)
"""Macros of the connection that the texts below call, and the table that one of them reads."""
REGISTERS = ("ho_tich/khai_sinh", "ho_tich/khai_tu", "ho_tich/ket_hon", "ho_tich/nhan_cha_me_con")
_IN_KEY = re.compile(r"\bt\.([a-z_][a-z0-9_]*)")
_IN_BOOK = ("so", "quyen_so", "trang_so")
_RECORD = re.compile(r"ma_ban_ghi(_.*)?")
_FILE = re.compile(r"_?ma_tep")
_AGENCY = re.compile(r"ma_don_vi(_[a-z_]+)?|noi_dang_ky")
_SHEET = re.compile(r"_?trang_tinh")
_PERIOD = re.compile(r"ky(_.*)?|thang_truoc")
_SHARE = re.compile(r"ty_le(_.*)?|xac_suat")
_YEAR = re.compile(r"nam(_.*)?")
_WHOLE = re.compile(r"[A-Z]*INT(EGER)?")


class _Words(StrictModel):
    cot: dict[str, str]
    ma: dict[str, dict[str, str]]
    danh_muc: dict[str, str]
    bang: dict[str, str]


@cache
def _words() -> _Words:
    return load_checked(WORDS, _Words)[0]


class Wording:
    """Looks fields up in the contracts; a mart's column bears the name of the field that it comes from."""

    def __init__(self, contracts: Mapping[str, Contract], code_lists: Mapping[str, CodeList]) -> None:
        self._contracts = contracts
        self._code_lists = {**load_code_lists(OWN_CODES), **code_lists}

    def label(self, feed: str | None, name: str) -> str:
        """Vietnamese name of a column; the column's own name where nothing names it.

        Fields of the rule's own feed first, then the words of ``words.yaml``, then any contract's.
        """
        own = self._contracts.get(feed or "")
        if own is not None and name in own.by_name:
            label = own.by_name[name].label
        else:
            field = self._field(feed, name)
            label = _words().cot.get(name) or (field.label if field is not None else name)
        if _AGENCY.fullmatch(name) and label.startswith("Mã "):
            return label[3].upper() + label[4:]  # its name stands there too
        return label

    def codes(self, feed: str | None, name: str) -> dict[str, str]:
        """Codes of a column with their words; empty where it has none."""
        field = self._field(feed, name)
        listed = (field.code_list if field is not None else None) or _words().danh_muc.get(name)
        if listed in self._code_lists:
            return {code.code: code.label for code in self._code_lists[listed].codes}
        return _words().ma.get(name, {}) if field is None else {}

    def shown(self, feed: str | None, name: str, types: Mapping[str, str]) -> str:
        """SQL text of column ``t.<name>``: days as dd/mm/yyyy, numbers as Vietnamese writes them, codes by their words,
        agencies by name and code, files and records of registers by what an office finds them by, what was read where
        it could not be typed."""
        kind = types[name]
        column = f"t.{name}"
        value = f"cast({column} as varchar)"
        if _FILE.fullmatch(name):
            return f"ten_tep_viet({column})"
        if _RECORD.fullmatch(name):
            return f"coalesce({in_register(column)}, {value})"
        if _AGENCY.fullmatch(name) and kind == "VARCHAR":
            value = f"don_vi_viet({column})"
        elif f"{name}_ten" in types:
            value = f"coalesce(t.{name}_ten, {value})"
        elif kind == "DATE":
            value = f"strftime({column}, '%d/%m/%Y')"
        elif kind.startswith("TIMESTAMP"):
            day, minute = f"strftime({column}, '%d/%m/%Y')", f"strftime({column}, '%d/%m/%Y %H:%M')"
            value = f"case when {column} = date_trunc('day', {column}) then {day} else {minute} end"
        elif kind == "BOOLEAN":
            value = f"case when {column} then 'có' when not {column} then 'không' end"
        elif _WHOLE.fullmatch(kind) and _YEAR.fullmatch(name):
            pass
        elif kind != "VARCHAR":
            scale = (f"round(100 * {column}, 2)", " || ' %'") if _SHARE.fullmatch(name) else (column, "")
            value = f"case when {column} is not null then so_viet({scale[0]}){scale[1]} end"
        elif labels := self.codes(feed, name):
            lines = " ".join(f"when '{quoted(c)}' then '{quoted(label)}'" for c, label in labels.items())
            value = f"case {column} {lines} else {column} end"
        elif self._is_day(feed, name):
            value = f"ngay_viet({column})"
        read = f"{name}_goc"
        return f"coalesce({value}, cast(t.{read} as varchar))" if read in types else value

    def record(self, rule: Rule, types: Mapping[str, str]) -> str:
        """SQL text that an office knows a record by: the fields of its key, the place in the book, the file's name."""
        key, feed = rule.locator.key, self._feed(rule)
        named = list(dict.fromkeys(_IN_KEY.findall(key)))
        if not named:
            return f"'{quoted(_words().bang.get(key.strip(chr(39)), rule.table))}'"
        if "_khoa" in named or (feed in REGISTERS and not _FILE.fullmatch(named[0])):
            contract = self._contracts[feed or ""]
            own = [part.field for part in contract.key]
            named = [*(_IN_BOOK if _IN_BOOK[-1] in contract.by_name else own), *own, *named]
        names = [n for n in dict.fromkeys(named) if n in types and (not n.startswith("_") or _FILE.fullmatch(n))]
        if len(names) == 1 and (names[0].startswith("ma_") or _FILE.fullmatch(names[0])):
            return self.shown(feed, names[0], types)
        parts = [self._part(feed, name, types) for name in names]
        return f"concat_ws('; ', {', '.join(parts)})" if parts else f"cast({key} as varchar)"

    def _part(self, feed: str | None, name: str, types: Mapping[str, str]) -> str:
        value = self.shown(feed, name, types)
        if name == "cot":  # a field by its name: by its label
            labels = {f.name: f.label for c in self._contracts.values() if c.feed == feed or not feed for f in c.fields}
            lines = " ".join(f"when '{quoted(n)}' then '{quoted(label)}'" for n, label in labels.items())
            value = f"case t.cot {lines} else t.cot end" if lines else "t.cot"
        if _SHEET.fullmatch(name):
            value = f"nullif({value}, '')"
        return f"'{quoted(self.label(feed, name.lstrip('_')))}: ' || {value}"

    def _feed(self, rule: Rule) -> str | None:
        if rule.locator.feed is not None:
            return rule.locator.feed
        table = rule.table.removeprefix("stg.stg_").removeprefix("tho.")
        return next((feed for feed, contract in self._contracts.items() if contract.table == table), None)

    def _is_day(self, feed: str | None, name: str) -> bool:
        field = self._field(feed, name)
        return _PERIOD.fullmatch(name) is not None or (
            field is not None and field.kind in {Kind.PARTIAL_DATE, Kind.PERIOD, Kind.DATE, Kind.TIMESTAMP}
        )

    def _field(self, feed: str | None, name: str) -> Field | None:
        own = self._contracts.get(feed or "dvc/ho_so")
        if feed is None and name in _words().ma:
            return None
        for contract in ([own] if own is not None else []) + list(self._contracts.values()):
            if name in contract.by_name:
                return contract.by_name[name]
        return None


def in_register(record: str) -> str:
    """SQL text for a record of the registers by its digest: kind, number, book, page, day, place (``so_bo``)."""
    return f"(select max(b.mo_ta) from so_bo b where b.ma_ban_ghi = {record})"


def register_table(contracts: Iterable[str]) -> str:
    """SQL that makes the temporary table ``so_bo``: what a clerk finds a record of the registers by.

    ``contracts``: tables of the registers' newest states.
    """
    pages = " union all ".join(
        f"select _ma_tep, _trang_tinh, _dong, trang_so from stg.stg_{table}" for table in contracts
    )
    return (
        "create or replace temp table so_bo as select b.ma_ban_ghi, concat_ws(', ', "
        "case b.loai_so when 'khai_sinh' then 'Khai sinh' when 'khai_tu' then 'Khai tử' when 'ket_hon' then 'Kết hôn' "
        "else 'Nhận cha, mẹ, con' end || coalesce(' số ' || b.so, ''), 'quyển số ' || b.quyen_so, "
        "'trang số ' || p.trang_so, 'đăng ký ngày ' || strftime(b.ngay_dang_ky, '%d/%m/%Y'), "
        "'nơi đăng ký ' || don_vi_viet(b.ma_don_vi)) as mo_ta from trung_gian.int_ho_tich__ban_ghi b "
        f"left join ({pages}) p on p._ma_tep = b._ma_tep and p._trang_tinh = b._trang_tinh and p._dong = b._dong"
    )


def quoted(text: str) -> str:
    """``text`` as it stands between the quotes of an SQL literal."""
    return text.replace("'", "''")
