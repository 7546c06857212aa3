"""Writes the rule book, the results, the failing rows and the gate's decisions into the ledger ``so_cai``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

import duckdb

from pipelines.quality.changed import NOTHING, Changes, ledger_digests, rule_digest
from pipelines.quality.defects import enter_defects
from pipelines.quality.evaluate import RuleResult
from pipelines.quality.gate import GroupDecision, State
from pipelines.quality.model import Rule
from pipelines.quality.score import enter_scores
from pipelines.quality.verdict import QualityError
from pipelines.warehouse.database import insert

_RULE_BOOK = (
    "ma_quy_tac, chieu, bang, cot, mo_ta, muc_do, nguong, nhom_chi_so, noi_sua, can_cu, "
    "ly_do_noi_long, noi_long_tu, noi_long_den, cach_sua, so_ngay_sua"
)
_OUTCOME = "so_lan, phien_ban, ma_quy_tac, so_ap_dung, so_dong, so_loi, ty_le_loi, dat, bat_dau, thoi_gian_ms, ly_do"
_DECISION = "so_lan, phien_ban, nhom_mart, trang_thai, ngay_so_lieu, ly_do"


def store_results(
    connection: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule],
    results: Sequence[RuleResult],
    *,
    run_number: int,
    version: str,
    changes: Changes = NOTHING,
) -> None:
    """Replace the rule book and the results of this run, and bring the defects up to date, in one transaction.

    ``changes``: what the rules were counted on by; defects and scores are brought up to date by the same (``changed``,
    whose tables must be at hand).

    Failing rows go from table to table inside DuckDB, by published key, agency, file, sheet and row only. Raises
    ``QualityError`` without any value of the data.
    """
    outcomes = {result.rule: result for result in results}
    failing = [rule for rule in rules if outcomes[rule.code].failures and outcomes[rule.code].error is None]
    with _transaction(connection, "kết quả kiểm tra"):
        connection.execute("delete from so_cai.quy_tac")
        _insert(connection, "quy_tac", _RULE_BOOK, [_rule_row(r, outcomes[r.code]) for r in rules])
        connection.execute("delete from so_cai.ket_qua_kiem_tra where so_lan = ?", [run_number])
        rows = [_outcome_row(result, run_number, version) for result in results]
        _insert(connection, "ket_qua_kiem_tra", _OUTCOME, rows)
        if results:
            as_of = results[0].as_of
            sound = [rule for rule in rules if outcomes[rule.code].error is None]
            over = ledger_digests(connection, sound)
            local = [rule for rule in sound if changes.is_local(rule)]
            enter_defects(connection, failing, run_number, as_of, changes, local)
            enter_scores(connection, sound, run_number, as_of, changes)
            _keep_counts(connection, sound, outcomes, run_number)
            _keep_ledger(connection, over, run_number)


def _keep_counts(
    connection: duckdb.DuckDBPyConnection, rules: Sequence[Rule], outcomes: Mapping[str, RuleResult], run_number: int
) -> None:
    """What the next run counts on from: a rule that could not be run is counted in full then."""
    connection.execute("delete from so_cai.quy_tac_dem")
    rows = [
        [rule.code, run_number, rule_digest(rule), found.applicable, found.rows, found.failures]
        for rule in rules
        for found in [outcomes[rule.code]]
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    types = ("varchar", "bigint", "varchar", "bigint", "bigint", "bigint")
    marks = ", ".join(f"unnest(?::{kind}[])" for kind in types)
    connection.execute(f"insert into so_cai.quy_tac_dem select {marks}", columns)


def _keep_ledger(connection: duckdb.DuckDBPyConnection, digests: Mapping[str, str], run_number: int) -> None:
    """The ledger tables that were counted over: the next run counts anew what reads one that has changed."""
    connection.execute("delete from so_cai.bang_dem")
    connection.execute(
        "insert into so_cai.bang_dem select unnest(?::varchar[]), ?, unnest(?::varchar[])",
        [list(digests), run_number, list(digests.values())],
    )


def store_decisions(
    connection: duckdb.DuckDBPyConnection,
    decisions: Iterable[GroupDecision],
    *,
    run_number: int,
    version: str,
    as_of: date,
) -> None:
    """Put the decisions of this run into ``so_cai.quyet_dinh``, replacing those written before for the same run.

    A new group is dated ``as_of``; one that keeps its old version, with the as-of day of the newest earlier run
    that published it; one never published has no date.
    """
    kept = _last_published(connection, run_number)
    rows = []
    for item in decisions:
        dated = {State.NEW: as_of, State.KEPT: kept.get(item.group)}.get(item.status)
        rows.append([run_number, version, item.group, item.status.value, dated, item.reason or None])
    with _transaction(connection, "quyết định công bố"):
        connection.execute("delete from so_cai.quyet_dinh where so_lan = ?", [run_number])
        _insert(connection, "quyet_dinh", _DECISION, rows)


def _rule_row(rule: Rule, result: RuleResult) -> list[object]:
    loose = rule.loosening
    return [
        rule.code,
        rule.dimension.value,
        rule.table,
        ", ".join(rule.columns),
        rule.description,
        result.severity.value,
        result.threshold,
        ", ".join(rule.indicator_groups) or None,
        rule.mended_by,
        rule.basis,
        loose.reason if loose else None,
        loose.since if loose else None,
        loose.until if loose else None,
        rule.mending,
        rule.mend_days,
    ]


def _outcome_row(result: RuleResult, run_number: int, version: str) -> list[object]:
    return [
        run_number,
        version,
        result.rule,
        result.applicable,
        result.rows,
        result.failures,
        result.share,
        result.passed,
        result.started,
        result.milliseconds,
        result.error,
    ]


def _last_published(connection: duckdb.DuckDBPyConnection, run_number: int) -> Mapping[str, date | None]:
    rows = connection.execute(
        "select q.nhom_mart, max_by(q.ngay_so_lieu, q.so_lan) from so_cai.quyet_dinh q "
        "where q.so_lan < ? and q.trang_thai = 'moi' and q.so_lan in "
        "(select so_lan from so_cai.cong_bo where cach is distinct from 'giu_rieng') "
        "group by q.nhom_mart",
        [run_number],
    ).fetchall()
    return dict(rows)


def _insert(connection: duckdb.DuckDBPyConnection, table: str, names: str, rows: list[list[object]]) -> None:
    insert(connection, f"so_cai.{table}", names.split(", "), rows)


@contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection, what: str) -> Iterator[None]:
    try:
        connection.begin()
        yield
        connection.commit()
    except duckdb.Error as error:
        connection.rollback()
        raise QualityError(f"không ghi được {what} vào sổ cái ({type(error).__name__}).") from None
