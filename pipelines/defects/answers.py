"""What the owners of the data answered about their defects: in the ledger (``so_cai.tra_loi``), once, with an end.

An answer never changes what was measured: shares, scores and gates count the row as the rule found it. It says who is
to look at it and whether it stands in the workbooks (docs/quality.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import duckdb
from jinja2 import Environment

from pipelines.config.paths import PROJECT_ROOT
from pipelines.contracts.normal_form import normal_form

_STATE = PROJECT_ROOT / "dbt_project" / "macros" / "tra_loi.sql"
DEFECT = "md5(concat({0}.ma_quy_tac, ':', {0}.khoa_loi))"
"""SQL of the published id of a defect, for an alias of ``so_cai.loi``."""


class Kind(StrEnum):
    """What an owner can answer, as the ledger has it."""

    MENDED = "da_sua"
    NO_FAULT = "khong_phai_loi"
    NOT_OURS = "khong_thuoc"


WORDS = {Kind.MENDED: "Đã sửa", Kind.NO_FAULT: "Không phải lỗi", Kind.NOT_OURS: "Không thuộc đơn vị"}
"""The choices of the workbook."""
_FORMS = {normal_form(word): kind for kind, word in WORDS.items()}
_SHORT = {"sua": Kind.MENDED, "dasuaxong": Kind.MENDED, "dung": Kind.NO_FAULT, "khongloi": Kind.NO_FAULT} | {
    "khongsai": Kind.NO_FAULT,
    "khongthuoc": Kind.NOT_OURS,
    "donvikhac": Kind.NOT_OURS,
}


def read_kind(text: str) -> Kind | None:
    """The answer as typed, with or without signs; null for anything else."""
    form = normal_form(text)
    return _FORMS.get(form) or _SHORT.get(form)


def is_choice(text: str) -> bool:
    """Whether it is one of the workbook's own choices: “đúng” is also a value of many fields."""
    return normal_form(text) in _FORMS


@dataclass(frozen=True)
class Answer:
    """One answer: ``defect`` as in ``chat_luong.loi.ma_loi``; ``agency``: whose it is (null: nobody said)."""

    defect: str
    kind: Kind
    reason: str | None = None
    agency: str | None = None


@dataclass(frozen=True)
class Entered:
    """How many answers were new (of these how many took the place of another, how many are waivers), how many the
    ledger had, how many were about defects that are closed by now."""

    new: int = 0
    replaced: int = 0
    waived: int = 0
    known: int = 0
    closed: int = 0


def enter(
    connection: duckdb.DuckDBPyConnection, answers: Sequence[Answer], *, sha256: str, days: int, now: datetime
) -> Entered:
    """Enter what is new of ``answers`` (of the workbook ``sha256``); the caller holds transaction and folder.

    ``days``: how long a waiver lasts from the as-of day of the newest evaluation. What is entered later is newer,
    whatever the clock says (it counts in seconds and may be put back). Raises ``duckdb.Error``.
    """
    run, as_of = connection.execute(
        "select so_lan, ngay_so_lieu from so_cai.lan_chay "
        "where so_lan = (select max(so_lan) from so_cai.ket_qua_kiem_tra)"
    ).fetchall()[0]
    open_now = {
        row[0]
        for row in connection.execute(
            f"select {DEFECT.format('l')} from so_cai.loi l where l.dong_lan is null"
        ).fetchall()
    }
    have = {(row[0], row[1]) for row in connection.execute("select ma_loi, sha256 from so_cai.tra_loi").fetchall()}
    newest = {
        row[0]: tuple(row[1:])
        for row in connection.execute(
            "select ma_loi, tra_loi, ly_do, ma_don_vi, so_lan, den_ngay from so_cai.tra_loi "
            "qualify row_number() over (partition by ma_loi order by luc desc) = 1"
        ).fetchall()
    }
    (last,) = connection.execute("select max(luc) from so_cai.tra_loi").fetchall()[0]
    entered = max(now, last + timedelta(microseconds=1)) if last is not None else now
    new = replaced = waived = known = closed = 0
    for item in answers:
        if item.defect not in open_now:
            closed += 1
        elif (item.defect, sha256) in have or _stands(newest.get(item.defect), item, run, as_of):
            known += 1
        else:
            until = as_of + timedelta(days=days) if item.kind is Kind.NO_FAULT else None
            connection.execute(
                "insert into so_cai.tra_loi (ma_loi, tra_loi, ly_do, ma_don_vi, den_ngay, so_lan, luc, sha256) "
                "values (?, ?, ?, ?, ?, ?, ?, ?)",
                [item.defect, item.kind.value, item.reason, item.agency, until, run, entered, sha256],
            )
            new += 1
            replaced += _other(newest.get(item.defect), item, run)
            waived += item.kind is Kind.NO_FAULT
    return Entered(new, replaced, waived, known, closed)


def _other(newest: tuple[object, ...] | None, item: Answer, run: int) -> bool:
    """Whether the ledger holds another answer of the same evaluation: two people answered, the later one counts."""
    return newest is not None and newest[3] == run and newest[:3] != (item.kind.value, item.reason, item.agency)


def _stands(newest: tuple[object, ...] | None, item: Answer, run: int, as_of: date) -> bool:
    """Whether the ledger's newest answer says the same and still holds: another copy of one workbook."""
    if newest is None or newest[:3] != (item.kind.value, item.reason, item.agency):
        return False
    until = newest[4]
    return (isinstance(until, date) and until >= as_of) or newest[3] == run


def state_of(answer: str, opened: str, judged: str, day: str) -> str:
    """SQL of what has come of an answer (code list ``tra_loi``): the text that the mart ``chat_luong.loi`` is made of.

    Arguments are SQL: alias of the answer, run that opened the defect, last run that judged its rule, as-of day.
    """
    macros: Any = Environment().from_string(_STATE.read_text(encoding="utf-8")).module  # noqa: S701 - SQL, no markup
    return str(macros.tinh_trang_tra_loi(answer, opened, judged, day)).strip()


def answered(connection: duckdb.DuckDBPyConnection) -> str:
    """SQL of the answers by defect: the newest of each, and the newest that handed it on (``chuyen``, ``chuyen_den``).

    A warehouse of an earlier program has none.
    """
    have = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'so_cai' and table_name = 'tra_loi'"
    ).fetchall()
    if not have:
        return (
            "(select null::varchar as ma_loi, null::varchar as tra_loi, null::date as den_ngay, "
            "null::bigint as so_lan, false as chuyen, null::varchar as chuyen_den limit 0)"
        )
    return (
        "(select ma_loi, arg_max(tra_loi, luc) as tra_loi, "
        "case when arg_max(tra_loi, luc) = 'khong_phai_loi' then arg_max(den_ngay, luc) end as den_ngay, "
        "arg_max(so_lan, luc) as so_lan, bool_or(tra_loi = 'khong_thuoc') as chuyen, "
        "nullif(arg_max(coalesce(ma_don_vi, ''), luc) filter (where tra_loi = 'khong_thuoc'), '') as chuyen_den "
        "from so_cai.tra_loi group by ma_loi)"
    )
