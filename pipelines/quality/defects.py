"""Failing rows in the ledger: a defect (one rule, one key) is kept as intervals of runs, not once a run.

``so_cai.loi`` grows only by what is new: an interval opens with the run that finds a defect and is closed by the
first run that judged the rule and no longer found it. A run in which the rule could not be judged (its SQL failed,
its look-up table was empty) neither opens nor closes anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

import duckdb

from pipelines.quality.changed import NOTHING, Changes, key_of_defect
from pipelines.quality.flags import flag, with_as_of
from pipelines.quality.model import CountCheck, Locator, Rule, UniqueCheck

PLACE = ("khoa", "ma_don_vi", "ma_tep", "trang_tinh", "dong")
# Judged: the rule ran, and either had rows to judge or applied to none.
JUDGED = "ly_do is null and (so_dong > 0 or so_ap_dung = 0)"
ASIDE = "so_lan in (select so_lan from so_cai.cong_bo where cach = 'giu_rieng')"
"""Runs of a day of the past, kept beside what is published: they say nothing of how defects stand now."""
_SAME = "l.ma_quy_tac = n.ma_quy_tac and l.khoa_loi = n.khoa_loi"


def enter_defects(  # noqa: PLR0917
    connection: duckdb.DuckDBPyConnection,
    failing: Sequence[Rule],
    run_number: int,
    as_of: date,
    changes: Changes = NOTHING,
    local: Sequence[Rule] = (),
) -> None:
    """Bring ``so_cai.loi`` up to the run's results (already in ``so_cai.ket_qua_kiem_tra``); repeatable.

    ``local``: all local rules; of these only defects of changed rows are looked at. Rows go from table to table inside
    DuckDB, by published key, agency, file, sheet and row only. Raises ``duckdb.Error``.
    """
    names = ", ".join(PLACE)
    connection.execute(
        "create or replace temp table loi_moi as "
        "select cast(null as varchar) as ma_quy_tac, cast(null as varchar) as khoa_loi, khoa, ma_don_vi, ma_tep, "
        "trang_tinh, dong from so_cai.loi limit 0"
    )
    touched = _touched(connection, changes, local)
    in_full = [r for r in failing if not (changes.is_local(r) or changes.is_same(r))]
    for sql in failing_rows([*in_full, *touched]):
        connection.execute(
            with_as_of(
                f"insert into loi_moi select ma, coalesce(khoa, concat(coalesce(ma_tep, ''), '/', "
                f"coalesce(trang_tinh, ''), '/', coalesce(cast(dong as varchar), ''))) as khoa_loi, {names} "
                f"from ({sql}) y qualify row_number() over (partition by ma, khoa_loi "
                "order by ma_tep nulls last, trang_tinh nulls last, dong nulls last, ma_don_vi nulls last) = 1",
                as_of,
            )
        )
    connection.execute("delete from so_cai.loi where tu_lan = ?", [run_number])
    connection.execute("update so_cai.loi set dong_lan = null where dong_lan = ?", [run_number])
    connection.execute(
        f"update so_cai.loi l set {', '.join(f'{c} = n.{c}' for c in PLACE[1:])} from loi_moi n "
        f"where {_SAME} and l.dong_lan is null "
        f"and ({', '.join(f'l.{c}' for c in PLACE[1:])}) is distinct from ({', '.join(f'n.{c}' for c in PLACE[1:])})"
    )
    connection.execute(
        "update so_cai.loi l set dong_lan = ? where l.dong_lan is null "
        f"and l.ma_quy_tac in (select ma_quy_tac from so_cai.ket_qua_kiem_tra where so_lan = ? and {JUDGED}) "
        f"and not exists (select 1 from loi_moi n where {_SAME}) "
        "and (l.ma_quy_tac not in (from loi_noi_bo) or exists (select 1 from loi_cham n "
        f"where {_SAME}))",
        [run_number, run_number],
    )
    connection.execute(
        f"insert into so_cai.loi (ma_quy_tac, khoa_loi, {names}, tu_lan) "
        f"select n.ma_quy_tac, n.khoa_loi, {', '.join(f'n.{c}' for c in PLACE)}, ? from loi_moi n "
        f"where not exists (select 1 from so_cai.loi l where {_SAME} and l.dong_lan is null)",
        [run_number],
    )
    for name in ("loi_moi", "loi_cham", "loi_noi_bo"):
        connection.execute(f"drop table {name}")


def take_back(connection: duckdb.DuckDBPyConnection, run_number: int) -> None:
    """Leave the defects as they were before a run that judged a day of the past for a version kept aside.

    What new files mended is found by the next night, which counts every row again. Raises ``duckdb.Error``.
    """
    connection.execute("delete from so_cai.loi where tu_lan = ?", [run_number])
    connection.execute("update so_cai.loi set dong_lan = null where dong_lan = ?", [run_number])
    connection.execute("delete from so_cai.quy_tac_dem")


def _touched(connection: duckdb.DuckDBPyConnection, changes: Changes, local: Sequence[Rule]) -> list[Rule]:
    """Local rules asked of the rows whose defects a changed row may have touched; ``loi_cham`` holds these defects."""
    apart = sorted({r.code for r in local} | changes.same)
    connection.execute("create or replace temp table loi_noi_bo as select unnest(?::varchar[]) as ma", [apart])
    connection.execute("create or replace temp table loi_cham (ma_quy_tac varchar, khoa_loi varchar)")
    asked = []
    for _, group in groupby(sorted(local, key=_shared_scan), key=_shared_scan):
        together = list(group)
        rule, sides = together[0], changes.sides[together[0].relation]
        if not sides.filled:
            continue
        # All rows of a defect's key are on the sides together (``kin``): none of them is judged elsewhere.
        key = key_of_defect(rule.locator)
        keys = " union ".join(f"select {key} as khoa_loi from {table} t" for table in sorted(sides.filled))
        connection.execute(
            f"insert into loi_cham select r.ma, c.khoa_loi from ({keys}) c, (select unnest(?::varchar[]) as ma) r",
            [[r.code for r in together]],
        )
        if sides.came in sides.filled:
            asked += [sides.asked_now(r) for r in together]
    return asked


def failing_rows(rules: Sequence[Rule]) -> list[str]:
    """Queries of the failing rows (ma and the columns of ``PLACE``).

    One scan serves all row rules of a relation; each uniqueness rule has its own.
    """
    queries: list[str] = []
    in_rows = [r for r in rules if not isinstance(r.check, UniqueCheck)]
    in_rows.sort(key=_shared_scan)
    for _, group in groupby(in_rows, key=_shared_scan):
        together = list(group)
        fails = [_fails(rule) for rule in together]
        codes = ", ".join(f"case when {f} then '{r.code}' end" for r, f in zip(together, fails, strict=True))
        inner = (
            f"select unnest([{codes}]) as ma, {place(together[0].locator)} "
            f"from {together[0].relation} t where {' or '.join(fails)}"
        )
        queries.append(f"select * from ({inner}) x where ma is not null")
    for rule in rules:
        if isinstance(rule.check, UniqueCheck):
            queries.append(_repeated(rule, rule.check))
    return queries


def _shared_scan(rule: Rule) -> tuple[str, str]:
    return rule.relation, repr(rule.locator)


def _repeated(rule: Rule, check: UniqueCheck) -> str:
    names = ", ".join(f"t.{c}" for c in check.columns)
    whole = " and ".join(f"t.{c} is not null" for c in check.columns)
    applies = f" and coalesce(({rule.applies}), false)" if rule.applies is not None else ""
    inner = (
        f"select '{rule.code}' as ma, {place(rule.locator)}, count(*) over (partition by {names}) as so_lan_lap "
        f"from {rule.relation} t where {whole}{applies}"
    )
    return f"select ma, {', '.join(PLACE)} from ({inner}) x where so_lan_lap > 1"


def _fails(rule: Rule) -> str:
    if isinstance(rule.check, CountCheck):
        applies = f"coalesce(({rule.applies}), false) and " if rule.applies is not None else ""
        return f"({applies}coalesce(({rule.check.failed}), 0) > 0)"
    return f"coalesce({flag(rule)} = 0, false)"


def place(where: Locator) -> str:
    """The place of a row as columns khoa, ma_don_vi, ma_tep, trang_tinh, dong."""
    return (
        f"cast({where.key} as varchar) as khoa, cast({where.agency} as varchar) as ma_don_vi, "
        f"cast({where.file} as varchar) as ma_tep, cast({where.sheet} as varchar) as trang_tinh, "
        f"cast({where.row} as bigint) as dong"
    )
