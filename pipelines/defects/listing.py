"""Open defects of the ledger, with the values as they stand in the working warehouse.

The list holds personal data. It lives in a temporary table of the connection and goes into workbooks only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import duckdb

from pipelines.contracts.model import CodeList, Contract
from pipelines.defects.answers import DEFECT, answered, state_of
from pipelines.defects.wording import MACROS, REGISTERS, Wording, quoted, register_table
from pipelines.quality.defects import ASIDE, JUDGED, place
from pipelines.quality.flags import with_as_of
from pipelines.quality.measure import snapshots
from pipelines.quality.model import CountCheck, ReferenceCheck, RowCheck, Rule, UniqueCheck

BATCH = 5_000


@dataclass(frozen=True)
class Agency:
    """Who gets a workbook; ``code`` null: the data owner, for defects whose agency is not known.

    ``set_apart``: faults of quarantined rows.
    """

    code: str | None
    name: str
    defects: int
    set_apart: int = 0


@dataclass(frozen=True)
class Defect:
    """One line of a workbook. ``value`` may hold personal data; ``due``: last day for mending; ``answer``: what came
    of an earlier answer (code list ``tra_loi``); ``code``: the defect, as published."""

    rule: str
    record: str
    fields: str
    fault: str
    value: str
    file: str
    sheet: str
    row: int | None
    found: date
    due: date
    state: str
    answer: str | None
    code: str


@dataclass(frozen=True)
class RuleCount:
    """Open defects of one rule at one agency; ``late``: past their last day on the as-of day; ``due``: the first last
    day that has not passed, else the last that has."""

    rule: str
    defects: int
    new: int
    again: int
    late: int
    due: date


class Listing:
    """Open defects in the temporary table ``loi_xuat`` of ``connection``; raises ``duckdb.Error``."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        rules: Iterable[Rule],
        contracts: Mapping[str, Contract],
        code_lists: Mapping[str, CodeList],
        as_of: date,
    ) -> None:
        self._connection = connection
        self._as_of = as_of
        for macro in MACROS:
            connection.execute(macro)
        state = state_of("a", "l.tu_lan", "n.so_lan", f"date '{as_of.isoformat()}'")
        connection.execute(_OPEN.format(answers=answered(connection), state=state))
        connection.execute(
            "create or replace temp table loi_gia_tri (ma_quy_tac varchar, khoa_loi varchar, ban_ghi varchar, "
            "truong varchar, sai varchar, gia_tri varchar)"
        )
        present = {str(row[0]) for row in connection.execute("select distinct ma_quy_tac from loi_mo").fetchall()}
        rules = sorted((r for r in rules if r.code in present), key=_shared)
        wording = Wording(contracts, code_lists)
        queries = [
            with_as_of(_values(list(group), wording, _types(connection, relation, as_of)), as_of)
            for relation, group in ((key[0], group) for key, group in groupby(rules, key=_shared))
        ]
        if any("so_bo" in sql for sql in queries):
            connection.execute(register_table([contracts[feed].table for feed in REGISTERS]))
        with snapshots(connection, queries) as replaced:
            for sql in queries:
                connection.execute(f"insert into loi_gia_tri {replaced(sql)}")
        connection.execute("create or replace temp table han_sua (ma_quy_tac varchar, so_ngay integer)")
        connection.executemany("insert into han_sua values (?, ?)", [["", 0], *([r.code, r.mend_days] for r in rules)])
        connection.execute(_LIST)

    def unit_today(self, code: str) -> str | None:
        """The unit that answers for ``code`` today; null where the list of agencies does not know the code."""
        rows = self._connection.execute(
            "select coalesce(ma_don_vi_hien_nay, ma_don_vi) from trung_gian.int_tthc__don_vi_hien_nay "
            "where ma_don_vi = ?",
            [code],
        ).fetchall()
        return str(rows[0][0]) if rows else None

    def units(self) -> list[str]:
        """Codes of all units that the list of agencies knows."""
        rows = self._connection.execute(
            "select distinct ma_don_vi from trung_gian.int_tthc__don_vi_hien_nay order by 1"
        ).fetchall()
        return [str(row[0]) for row in rows]

    def agencies(self, set_apart: Mapping[str | None, int]) -> list[Agency]:
        """Everyone with an open defect or a quarantined row, in the order of their codes; the data owner last."""
        rows = self._connection.execute("select don_vi, count(*) from loi_xuat group by don_vi").fetchall()
        defects: dict[str | None, int] = {code: int(number) for code, number in rows}
        named = self._connection.execute("select ma, ten from ten_don_vi").fetchall()
        names = {str(code): str(name) for code, name in named if name}
        return [
            Agency(
                code, names.get(code or "", code or "Chủ quản dữ liệu"), defects.get(code, 0), set_apart.get(code, 0)
            )
            for code in sorted(defects.keys() | set_apart.keys(), key=lambda code: (code is None, code or ""))
        ]

    def counts(self, agency: Agency) -> list[RuleCount]:
        """Counts by rule, the most frequent first."""
        rows = self._connection.execute(
            "select ma_quy_tac, count(*), count(*) filter (where trang_thai = 'moi'), "
            "count(*) filter (where trang_thai = 'tai_xuat'), count(*) filter (where han < $1), "
            "coalesce(min(han) filter (where han >= $1), max(han)) from loi_xuat "
            "where don_vi is not distinct from $2 group by 1 order by 2 desc, 1",
            [self._as_of, agency.code],
        ).fetchall()
        return [RuleCount(str(rule), defects, new, again, late, due) for rule, defects, new, again, late, due in rows]

    def defects(self, agency: Agency) -> Iterator[Defect]:
        """The lines of one workbook, by due day, rule and record."""
        found = self._connection.execute(
            "select ma_quy_tac, ban_ghi, truong, sai, gia_tri, tep, trang_tinh, dong, phat_hien, han, trang_thai, "
            "tra_loi, ma_loi from loi_xuat where don_vi is not distinct from ? "
            "order by han, ma_quy_tac, ban_ghi, khoa_loi",
            [agency.code],
        )
        while rows := found.fetchmany(BATCH):
            for row in rows:
                yield Defect(*row)


# The newest interval of each open defect, its agency as of today (null: unknown), its state as in chat_luong.loi.
# A waiver keeps it off the list while it lasts.
_OPEN = f"""
create or replace temp table loi_mo as
select * from (
select l.ma_quy_tac, l.khoa_loi, l.khoa, l.ma_tep, l.trang_tinh, l.dong, {DEFECT.format("l")} as ma_loi,
    case when u.ma_don_vi is not null then coalesce(u.ma_don_vi_hien_nay, u.ma_don_vi) end as don_vi,
    {{state}} as tra_loi,
    r.ngay_so_lieu as phat_hien,
    case when exists (
        select 1 from so_cai.loi c where c.ma_quy_tac = l.ma_quy_tac and c.khoa_loi = l.khoa_loi and c.tu_lan < l.tu_lan
    ) then 'tai_xuat' when l.tu_lan >= n.so_lan then 'moi' else 'con' end as trang_thai
from so_cai.loi l
inner join so_cai.lan_chay r on r.so_lan = l.tu_lan
left join {{answers}} a on a.ma_loi = {DEFECT.format("l")}
left join trung_gian.int_tthc__don_vi_hien_nay u
    on u.ma_don_vi = case when a.chuyen then a.chuyen_den else l.ma_don_vi end
left join (
    select ma_quy_tac, max(so_lan) as so_lan from so_cai.ket_qua_kiem_tra where {JUDGED} and not {ASIDE} group by 1
) n
    on n.ma_quy_tac = l.ma_quy_tac
where l.dong_lan is null and l.ma_quy_tac in (select ma_quy_tac from so_cai.quy_tac)
) x
where tra_loi is distinct from 'dang_mien'
"""

_LIST = """
create or replace temp table loi_xuat as
select m.don_vi, m.ma_quy_tac, m.khoa_loi, coalesce(g.ban_ghi, m.khoa, '') as ban_ghi,
    coalesce(g.truong, '') as truong, coalesce(g.sai, '') as sai, coalesce(g.gia_tri, '') as gia_tri,
    coalesce(f.ten_tep, '') as tep, coalesce(m.trang_tinh, '') as trang_tinh, m.dong, m.phat_hien,
    cast(m.phat_hien + h.so_ngay as date) as han, m.trang_thai, m.tra_loi, m.ma_loi
from loi_mo m
inner join han_sua h on h.ma_quy_tac = m.ma_quy_tac
left join loi_gia_tri g on g.ma_quy_tac = m.ma_quy_tac and g.khoa_loi = m.khoa_loi
left join so_cai.tep f on f.ma_tep = m.ma_tep
"""


def _shared(rule: Rule) -> tuple[str, str]:
    return rule.relation, repr(rule.locator)


def _types(connection: duckdb.DuckDBPyConnection, relation: str, as_of: date) -> dict[str, str]:
    """Column → SQL type of a relation, read without computing it."""
    rows = connection.execute(with_as_of(f"describe select * from {relation} t", as_of)).fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def _values(rules: Sequence[Rule], wording: Wording, types: Mapping[str, str]) -> str:
    """One query for the rules of a relation: record, fields, fault and values of every open defect."""
    locator = rules[0].locator
    inner = [place(locator), f"{wording.record(rules[0], types)} as ban_ghi"]
    outer: dict[str, list[str]] = {"truong": [], "sai": [], "gia_tri": []}
    for i, rule in enumerate(rules):
        names = _shown(rule, types)
        labels = ", ".join(wording.label(locator.feed, name) for name in names)
        inner += [f"{_fault(rule, types)} as sai_{i}", f"{_value(rule, names, wording, types)} as gia_tri_{i}"]
        outer["truong"].append(f"when '{rule.code}' then {_text(labels)}")
        outer["sai"].append(f"when '{rule.code}' then x.sai_{i}")
        outer["gia_tri"].append(f"when '{rule.code}' then x.gia_tri_{i}")
    codes = ", ".join(f"'{rule.code}'" for rule in rules)
    key = f"cast({locator.key} as varchar)"
    faulty = f"({key} is null or {key} in (select m.khoa from loi_mo m where m.ma_quy_tac in ({codes})))"
    columns = ", ".join(f"case l.ma_quy_tac {' '.join(lines)} end as {name}" for name, lines in outer.items())
    return (
        f"select l.ma_quy_tac, l.khoa_loi, x.ban_ghi, {columns} from loi_mo l "
        f"inner join (select {', '.join(inner)} from {rules[0].relation} t where {faulty}) x "
        "on l.khoa is not distinct from x.khoa and l.ma_tep is not distinct from x.ma_tep "
        "and l.trang_tinh is not distinct from x.trang_tinh and l.dong is not distinct from x.dong "
        f"where l.ma_quy_tac in ({codes}) "
        "qualify row_number() over (partition by l.ma_quy_tac, l.khoa_loi order by gia_tri nulls last) = 1"
    )


def _shown(rule: Rule, types: Mapping[str, str]) -> list[str]:
    """Columns worth showing: those the rule names and those its condition compares."""
    names = list(rule.columns)
    if isinstance(rule.check, RowCheck):
        names += re.findall(r"\bt\.([a-z][a-z0-9_]*)", rule.check.condition)
    derived = re.compile(r"_.*|.*_(khoa|tu|den)")
    kept = [n for n in dict.fromkeys(names) if n in types and not (derived.fullmatch(n) and n not in rule.columns)]
    return [n for n in kept if not n.startswith("_")]


def _fault(rule: Rule, types: Mapping[str, str]) -> str:
    match rule.check:
        case UniqueCheck():
            return _text("Giá trị lặp lại ở hơn một bản ghi.")
        case ReferenceCheck(day=None):
            return _text("Không tìm thấy giá trị này trong bảng tra cứu.")
        case ReferenceCheck():
            return _text("Không tìm thấy giá trị này, còn hiệu lực vào ngày đó, trong bảng tra cứu.")
        case CountCheck():
            return _text("Tệp có dòng lỗi.")
    names = [f"cast(t.{n} as varchar)" for n in rule.columns if n in types and not n.startswith("_")]
    if not names:
        return _text("Số liệu của tệp trái với quy tắc.")
    empty = f"coalesce({', '.join(names)}, null) is null"
    return f"case when {empty} then {_text('Chưa có giá trị.')} else {_text('Giá trị trái với quy tắc.')} end"


def _value(rule: Rule, names: Sequence[str], wording: Wording, types: Mapping[str, str]) -> str:
    if isinstance(rule.check, CountCheck):
        return f"concat(so_viet({rule.check.failed}), ' dòng lỗi trên ', so_viet({rule.check.total}), ' dòng')"
    if not names:
        return "''"
    shown = [
        f"concat({_text(wording.label(rule.locator.feed, name))}, ': ', "
        f"coalesce({wording.shown(rule.locator.feed, name, types)}, '(trống)'))"
        for name in names
    ]
    return f"concat_ws('; ', {', '.join(shown)})"


def _text(text: str) -> str:
    return f"'{quoted(text)}'"
