"""The SQL of a rule: its verdict on a row, and the as-of day put in."""

from __future__ import annotations

from datetime import date

from pipelines.quality.model import AS_OF, CountCheck, ReferenceCheck, RowCheck, Rule, UniqueCheck, fill


def flag(rule: Rule) -> str:
    """SQL over alias ``t``: 1 passes, 0 fails, 2 cannot be judged, null: the rule does not apply to the row."""
    applies = f"coalesce(({rule.applies}), false)" if rule.applies is not None else "true"
    match rule.check:
        case RowCheck(condition):
            verdict = condition
        case ReferenceCheck():
            verdict = _found(rule.check)
        case UniqueCheck():
            verdict = _alone(rule, rule.check)
        case CountCheck():
            raise TypeError("a count check has no flag a row")
    return f"case when {applies} then coalesce(cast(({verdict}) as tinyint), 2) end"


def _found(check: ReferenceCheck) -> str:
    in_force = ""
    if check.day is not None:
        in_force = (
            f" and d.hieu_luc_tu <= cast(({check.day}) as date)"
            f" and (d.hieu_luc_den is null or d.hieu_luc_den >= cast(({check.day}) as date))"
        )
    return (
        f"case when t.{check.column} is not null and (select count(*) from {check.whole or check.table}) > 0 then "
        f"exists (select 1 from {check.table} d where d.{check.target} = t.{check.column}{in_force}) end"
    )


def _alone(rule: Rule, check: UniqueCheck) -> str:
    names = ", ".join(f"t.{c}" for c in check.columns)
    whole = " and ".join(f"t.{c} is not null" for c in check.columns)
    applies = f" and coalesce(({rule.applies}), false)" if rule.applies is not None else ""
    repeated = f"select {names} from {rule.relation} t where {whole}{applies} group by {names} having count(*) > 1"
    return f"case when {whole} then ({names}) not in ({repeated}) end"


def with_as_of(sql: str, as_of: date) -> str:
    """Put the as-of date in; all other placeholders were filled when the rule book was read."""
    return fill(sql, {AS_OF: f"(DATE '{as_of.isoformat()}')"})
