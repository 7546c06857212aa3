"""Rows checked and rows failing, by feed, month, agency and dimension: what the scorecard is made of.

A row fails a dimension when it fails at least one of its rules (docs/quality.md). One aggregation serves
all rules that read one relation; a feed's rules of one dimension share their relation, so that no row counts twice.
Rules about whole files (schema ``so_cai``) count files beside the rows, without an agency: a file counts once a
dimension, whatever the number of its rules, sheets and rows; rows read again in a later file add nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

import duckdb

from pipelines.quality.changed import NOTHING, Changes
from pipelines.quality.flags import flag, with_as_of
from pipelines.quality.measure import snapshots
from pipelines.quality.model import AS_OF, CountCheck, Dimension, Rule

UNKNOWN_MONTH = "khong_ro"


def enter_scores(
    connection: duckdb.DuckDBPyConnection,
    rules: Iterable[Rule],
    run_number: int,
    as_of: date,
    changes: Changes = NOTHING,
) -> None:
    """Bring ``so_cai.diem_do`` to the counts of this run; rules must be able to run. Raises ``duckdb.Error``.

    ``so_cai.diem_phan`` keeps the cells of each part apart (rules of one dimension that read one relation): one whose
    rules are all local gets what its changed rows add and take away; the others of a relation are counted anew at once.
    """
    kept = dict(connection.execute("select phan, lan from so_cai.diem_phan_lan").fetchall())
    parts = score_parts(rules)
    by_change = {
        name for name, group in parts if kept.get(name) == changes.base and _can_be_told(group, changes, as_of)
    }
    anew = _together([part for part in parts if part[0] not in by_change])
    queries = [(names, with_as_of(query_of(rules), as_of)) for names, rules in anew]
    connection.execute("delete from so_cai.diem_phan where not list_contains(?, phan)", [sorted(by_change)])
    with snapshots(connection, [sql for _, sql in queries]) as replaced:
        for names, sql in queries:
            _add_cells(connection, names, replaced(sql), "")
    moved = [part for part in parts if part[0] in by_change and not all(map(changes.is_same, part[1]))]
    for names, together in _together(moved):
        sides = changes.sides[together[0].relation]
        now, then = (sides.came, sides.asked_now, as_of, ""), (sides.gone, sides.asked_before, changes.before, "-")
        for table, asked, day, sign in (now, then):
            if table in sides.filled:
                _add_cells(connection, names, with_as_of(query_of([asked(r) for r in together]), day), sign)
    connection.execute("delete from so_cai.diem_phan_lan")
    if parts:
        connection.execute(
            "insert into so_cai.diem_phan_lan select unnest(?::varchar[]), ?", [[name for name, _ in parts], run_number]
        )
    connection.execute("delete from so_cai.diem_do")
    connection.execute(
        "insert into so_cai.diem_do (so_lan, nguon_du_lieu, ky, ma_don_vi, chieu, so_ap_dung, so_dong, so_loi) "
        "select ?, nguon_du_lieu, ky, ma_don_vi, chieu, sum(so_ap_dung), sum(so_dong), sum(so_loi) "
        "from so_cai.diem_phan group by nguon_du_lieu, ky, ma_don_vi, chieu having sum(so_ap_dung) > 0",
        [run_number],
    )


def _together(parts: Sequence[tuple[str, list[Rule]]]) -> list[tuple[dict[Dimension, str], list[Rule]]]:
    """Parts that one pass over their relation can count, with the name of each dimension's part."""
    passes: dict[object, tuple[dict[Dimension, str], list[Rule]]] = {}
    for name, group in parts:
        about = _cell(group[0]) if _about_files(group[0]) else _shared(group[0])
        names, rules = passes.setdefault(about, ({}, []))
        names[group[0].dimension] = name
        rules += group
    return list(passes.values())


def _add_cells(connection: duckdb.DuckDBPyConnection, names: Mapping[Dimension, str], sql: str, sign: str) -> None:
    connection.execute(
        "insert into so_cai.diem_phan (phan, nguon_du_lieu, ky, ma_don_vi, chieu, so_ap_dung, so_dong, so_loi) "
        "select p.phan, x.nguon_du_lieu, x.ky, x.ma_don_vi, x.chieu, "
        f"{sign}x.so_ap_dung, {sign}x.so_dong, {sign}x.so_loi from ({sql}) x "
        "inner join (select unnest(?::varchar[]) as chieu, unnest(?::varchar[]) as phan) p on p.chieu = x.chieu "
        "where x.so_ap_dung > 0",
        [[dimension.value for dimension in names], list(names.values())],
    )


def _can_be_told(group: Sequence[Rule], changes: Changes, as_of: date) -> bool:
    """All rules are local (or nothing of them changed), and no cell of the as-of month becomes one of another month."""
    same_month = (changes.before.year, changes.before.month) == (as_of.year, as_of.month)
    told = all(changes.is_local(rule) or changes.is_same(rule) for rule in group)
    return told and (same_month or (group[0].locator.month is not None and not _about_files(group[0])))


def score_parts(rules: Iterable[Rule]) -> list[tuple[str, list[Rule]]]:
    """Rules of one dimension over one relation, under a name that changes with the SQL that counts them."""
    scored = [rule for rule in rules if rule.locator.feed is not None]
    of_rows = sorted((rule for rule in scored if not _about_files(rule)), key=_part)
    of_files = sorted((rule for rule in scored if _about_files(rule)), key=_cell)
    groups = [list(group) for _, group in groupby(of_rows, key=_part)]
    groups += [list(group) for _, group in groupby(of_files, key=_cell)]
    return [(hashlib.sha256(query_of(group).encode()).hexdigest(), group) for group in groups]


def query_of(group: Sequence[Rule]) -> str:
    """The query of rules that read one relation: nguon_du_lieu, ky, ma_don_vi, chieu and the three counts."""
    return _file_query(group) if _about_files(group[0]) else _query(group)


def _about_files(rule: Rule) -> bool:
    return "so_cai." in rule.relation


def _cell(rule: Rule) -> tuple[str, str]:
    return rule.locator.feed or "", rule.dimension.value


def _file_query(rules: Sequence[Rule]) -> str:
    """Files (the feed itself where a rule names none) of one feed and dimension: each is as bad as its worst rule."""
    feed, word = _cell(rules[0])
    parts = " union all ".join(
        f"select coalesce({rule.locator.file}, cast({rule.locator.key} as varchar)) as tep, {_file_flag(rule)} as q "
        f"from {rule.relation} t"
        for rule in rules
    )
    return (
        f"select '{feed}' as nguon_du_lieu, strftime(${AS_OF}, '%Y-%m') as ky, cast(null as varchar) as ma_don_vi, "
        f"'{word}' as chieu, count(q) as so_ap_dung, count(*) filter (q < 2) as so_dong, "
        f"count(*) filter (q = 0) as so_loi from (select tep, min(q) as q from ({parts}) x group by tep) y"
    )


def _file_flag(rule: Rule) -> str:
    """0 failed, 1 passed, 2 not judged, null not applicable; a counted share fails above the tolerated one."""
    if not isinstance(rule.check, CountCheck):
        return flag(rule)
    applies = f"coalesce(({rule.applies}), false) and " if rule.applies is not None else ""
    return (
        f"case when {applies}({rule.check.total}) > 0 then "
        f"case when ({rule.check.failed}) > {rule.threshold!r} * ({rule.check.total}) then 0 else 1 end end"
    )


def _shared(rule: Rule) -> tuple[str, str, str, str]:
    where = rule.locator
    return where.feed or "", rule.relation, where.agency, where.month or ""


def _part(rule: Rule) -> tuple[tuple[str, str, str, str], str]:
    return _shared(rule), rule.dimension.value


def _query(rules: Sequence[Rule]) -> str:
    where = rules[0].locator
    inner = [f"{_month(rules[0])} as ky", f"cast({where.agency} as varchar) as ma_don_vi"]
    outer: list[str] = []
    cells: list[str] = []
    for dimension in Dimension:
        chosen = [(i, rule) for i, rule in enumerate(rules) if rule.dimension is dimension]
        if not chosen:
            continue
        word = dimension.value
        for i, rule in chosen:
            inner += _marks(i, rule)
        for name, counted in zip(("a", "b", "c"), _counts(chosen), strict=True):
            outer.append(f"{counted} as {word}_{name}")
        cells.append(
            f"select nguon_du_lieu, ky, ma_don_vi, '{word}' as chieu, {word}_a as so_ap_dung, {word}_b as so_dong, "
            f"{word}_c as so_loi from g"
        )
    grouped = (
        f"select '{where.feed}' as nguon_du_lieu, ky, ma_don_vi, {', '.join(outer)} "
        f"from (select {', '.join(inner)} from {rules[0].relation} t) x group by ky, ma_don_vi"
    )
    return f"with g as materialized ({grouped}) {' union all '.join(cells)}"


def _month(rule: Rule) -> str:
    if rule.locator.month is None:
        return f"strftime(${AS_OF}, '%Y-%m')"
    return f"coalesce(strftime(cast(({rule.locator.month}) as date), '%Y-%m'), '{UNKNOWN_MONTH}')"


def _marks(number: int, rule: Rule) -> list[str]:
    if isinstance(rule.check, CountCheck):
        applies = f"coalesce(({rule.applies}), false)" if rule.applies is not None else "true"
        return [
            f"case when {applies} then ({rule.check.total}) end as a{number}",
            f"case when {applies} then ({rule.check.failed}) end as b{number}",
        ]
    return [f"{flag(rule)} as q{number}"]


def _counts(chosen: Sequence[tuple[int, Rule]]) -> tuple[str, str, str]:
    """Applicable, judged and failed: rows with at least one such rule, and the things that count checks stand for."""
    flags = [f"q{i}" for i, rule in chosen if not isinstance(rule.check, CountCheck)]
    counted = [i for i, rule in chosen if isinstance(rule.check, CountCheck)]
    applicable = [f"coalesce(sum(a{i}), 0)" for i in counted]
    judged = list(applicable)
    failed = [f"coalesce(sum(b{i}), 0)" for i in counted]
    if flags:
        # Least of 0 failed, 1 passed, 2 not judged (nulls are passed over): what the row is in this dimension.
        worst = f"least({', '.join(flags)})" if len(flags) > 1 else flags[0]
        applicable.append(f"count({worst})")
        judged.append(f"count(*) filter ({worst} < 2)")
        failed.append(f"count(*) filter ({worst} = 0)")
    return " + ".join(applicable), " + ".join(judged), " + ".join(failed)
