"""Writes the rule book, the results, the failing rows and the gate's decisions into the ledger ``so_cai``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import duckdb

from pipelines.quality.evaluate import RuleResult
from pipelines.quality.gate import GroupDecision, State
from pipelines.quality.measure import flag, with_as_of
from pipelines.quality.rules import CountCheck, Locator, Rule, UniqueCheck
from pipelines.quality.verdict import QualityError
from pipelines.warehouse.database import connect

_PLACE = ("khoa", "ma_don_vi", "ma_tep", "trang_tinh", "dong")


def write_results(
    warehouse_file: Path,
    rules: Sequence[Rule],
    results: Sequence[RuleResult],
    *,
    run_number: int,
    as_of: date,
) -> None:
    """Replace the rule book, and the results and failing rows of this run, in one transaction.

    Failing rows go from table to table inside DuckDB, by published key, agency, file, sheet and row only. Raises
    ``QualityError`` without any value of the data.
    """
    failing = {r.code for r in results if r.failed and r.error is None}
    try:
        with connect(warehouse_file) as connection:
            connection.begin()
            _write_rule_book(connection, rules, as_of)
            for table in ("ket_qua_kiem_tra", "loi"):
                connection.execute(f"delete from so_cai.{table} where so_lan = ?", [run_number])
            _write_outcomes(connection, results)
            for sql in defect_queries([r for r in rules if r.code in failing], run_number):
                connection.execute(with_as_of(sql, as_of))
            connection.commit()
    except duckdb.Error as error:
        raise QualityError(f"không ghi được kết quả kiểm tra vào sổ cái ({type(error).__name__}).") from None


def _write_rule_book(connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule], as_of: date) -> None:
    connection.execute("delete from so_cai.quy_tac")
    names = (
        "ma_quy_tac, chieu, bang, cot, mo_ta, muc_do, nguong, nhom_chi_so, noi_sua, can_cu, "
        "ly_do_noi_long, noi_long_tu, noi_long_den"
    )
    for rule in rules:
        loose = rule.loosening
        connection.execute(
            f"insert into so_cai.quy_tac ({names}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                rule.code,
                rule.dimension.value,
                rule.table,
                ", ".join(rule.columns),
                rule.description,
                rule.severity_on(as_of).value,
                rule.threshold_on(as_of),
                ", ".join(rule.indicator_groups) or None,
                rule.mended_by,
                rule.basis,
                loose.reason if loose else None,
                loose.since if loose else None,
                loose.until if loose else None,
            ],
        )


def _write_outcomes(connection: duckdb.DuckDBPyConnection, results: Iterable[RuleResult]) -> None:
    names = "so_lan, phien_ban, ma_quy_tac, so_ap_dung, so_dong, so_loi, ty_le_loi, dat, bat_dau, thoi_gian_ms, ly_do"
    for r in results:
        connection.execute(
            f"insert into so_cai.ket_qua_kiem_tra ({names}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                r.run_number,
                r.version,
                r.code,
                r.applicable,
                r.judged,
                r.failed,
                r.share,
                r.passed,
                r.started,
                r.milliseconds,
                r.error,
            ],
        )


def defect_queries(rules: Sequence[Rule], run_number: int) -> list[str]:
    """INSERTs of the failing rows: one scan for all row rules of a relation, one for each uniqueness rule."""
    queries: list[str] = []
    in_rows = [r for r in rules if not isinstance(r.check, UniqueCheck)]
    in_rows.sort(key=lambda r: (r.relation, repr(r.locator), r.code))
    for (relation, _), group in groupby(in_rows, key=lambda r: (r.relation, repr(r.locator))):
        together = list(group)
        fails = [_fails(rule) for rule in together]
        codes = ", ".join(
            f"case when {test} then '{rule.code}' end" for rule, test in zip(together, fails, strict=True)
        )
        inner = (
            f"select unnest([{codes}]) as ma, {_place(together[0].locator)} "
            f"from {relation} t where {' or '.join(fails)}"
        )
        queries.append(_insert(run_number, f"select * from ({inner}) x where ma is not null"))
    for rule in (r for r in rules if isinstance(r.check, UniqueCheck)):
        assert isinstance(rule.check, UniqueCheck)
        names = ", ".join(f"t.{c}" for c in rule.check.columns)
        whole = " and ".join(f"t.{c} is not null" for c in rule.check.columns)
        applies = f" and coalesce(({rule.applies}), false)" if rule.applies is not None else ""
        inner = (
            f"select '{rule.code}' as ma, {_place(rule.locator)}, count(*) over (partition by {names}) as so_lan_lap "
            f"from {rule.relation} t where {whole}{applies}"
        )
        queries.append(
            _insert(run_number, f"select ma, {', '.join(_PLACE)} from ({inner}) x where so_lan_lap > 1")
        )
    return queries


def _fails(rule: Rule) -> str:
    if isinstance(rule.check, CountCheck):
        applies = f"coalesce(({rule.applies}), false) and " if rule.applies is not None else ""
        return f"({applies}coalesce(({rule.check.failed}), 0) > 0)"
    return f"coalesce({flag(rule)} = 0, false)"


def _place(where: Locator) -> str:
    return (
        f"cast({where.key} as varchar) as khoa, cast({where.agency} as varchar) as ma_don_vi, "
        f"cast({where.file} as varchar) as ma_tep, cast({where.sheet} as varchar) as trang_tinh, "
        f"cast({where.row} as bigint) as dong"
    )


def _insert(run_number: int, query: str) -> str:
    return (
        f"insert into so_cai.loi (so_lan, ma_quy_tac, {', '.join(_PLACE)}) "
        f"select {int(run_number)}, y.* from ({query}) y"
    )


def write_decisions(
    warehouse_file: Path,
    decisions: Iterable[GroupDecision],
    *,
    run_number: int,
    version: str,
    as_of: date,
    previous: Mapping[str, date | None],
) -> None:
    """Put the decisions of this run into ``so_cai.quyet_dinh``, replacing those written before for the same run.

    ``previous``: group → as-of date of its published version; a group that keeps its old version is recorded with
    that date, a new one with ``as_of``, one that was never published with none.
    """
    try:
        with connect(warehouse_file) as connection:
            connection.begin()
            connection.execute("delete from so_cai.quyet_dinh where so_lan = ?", [run_number])
            for item in decisions:
                dated = {State.NEW: as_of, State.KEPT: previous.get(item.group)}.get(item.state)
                connection.execute(
                    "insert into so_cai.quyet_dinh (so_lan, phien_ban, nhom_mart, trang_thai, ngay_so_lieu, ly_do) "
                    "values (?, ?, ?, ?, ?, ?)",
                    [run_number, version, item.group, item.state.value, dated, item.reason or None],
                )
            connection.commit()
    except duckdb.Error as error:
        raise QualityError(
            f"không ghi được quyết định công bố vào sổ cái ({type(error).__name__})."
        ) from None
