"""What the dictionary tells, gathered from dbt's manifest, the contracts, the rule book and the built tables.

Only descriptions, definitions, counts and decisions: no row of a mart but those that define metrics and indicators.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from pipelines.config.official_rules import CODE
from pipelines.contracts.model import Contract
from pipelines.dictionary.lineage import Lineage, lineage_of
from pipelines.quality.gate import STATE_WORDS, GroupDecision
from pipelines.quality.manifest import Manifest, Mart, declared_keys, find_node, marts
from pipelines.quality.model import Rule
from pipelines.trace.declared import filled
from pipelines.warehouse.database import table_exists

_UNIT = re.compile(r"[Đđ]ơn vị(?: tính)?: ([^.;)]+)")
_METRICS = (
    "SELECT nguon_mart, chi_tieu, ten, cong_thuc, co_so, don_vi_tinh, hieu_luc_tu, hieu_luc_den "
    "FROM doi_soat.tu_dien_chi_tieu ORDER BY ALL"
)
_DEFINITIONS = (
    "SELECT bang, ma_chi_so, ten, diem_toi_da, tu_so, mau_so, quy_tac_diem, hieu_luc_tu, hieu_luc_den, can_cu "
    "FROM chi_so_766.dinh_nghia ORDER BY bang, ma_chi_so, hieu_luc_tu"
)
_OUTCOMES = (
    "SELECT k.ma_quy_tac, k.dat, k.so_loi FROM so_cai.ket_qua_kiem_tra AS k "
    "WHERE k.so_lan = (SELECT max(so_lan) FROM so_cai.ket_qua_kiem_tra)"
)


@dataclass(frozen=True)
class Column:
    """A published column; ``way``: how ``kho trace`` leads to its records, or why it does not."""

    name: str
    type: str
    meaning: str
    unit: str
    rules: tuple[str, ...]
    way: str


@dataclass(frozen=True)
class Metric:
    """A metric of printed reports that a table computes."""

    code: str
    name: str
    formula: str
    base: str
    unit: str
    since: date | None
    until: date | None


@dataclass(frozen=True)
class Definition:
    """A component of Bộ chỉ số 766 as defined between two days."""

    code: str
    name: str
    points: str
    numerator: str
    denominator: str
    scoring: str
    since: date | None
    until: date | None
    basis: str


@dataclass(frozen=True)
class Fault:
    """A rule above the table that failed in the last run."""

    code: str
    sentence: str
    failed: int


@dataclass(frozen=True)
class Entry:
    """A published table, or a table macro (``parameters`` and ``example`` are its own)."""

    table: str
    meaning: str
    unit: str
    group: str
    state: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rules: tuple[str, ...]
    feeds: tuple[tuple[str, str], ...]
    metrics: tuple[Metric, ...]
    definitions: tuple[Definition, ...]
    passed: int
    unjudged: int
    faults: tuple[Fault, ...]
    parameters: tuple[str, ...]
    example: str
    lineage: Lineage

    @property
    def page(self) -> str:
        """File name of its page."""
        return f"{self.table}.html"

    @property
    def is_macro(self) -> bool:
        """Whether it is called with parameters."""
        return bool(self.parameters)


@dataclass(frozen=True)
class Book:
    """The whole dictionary of one publication."""

    version: str
    as_of: date
    entries: tuple[Entry, ...]


def read_book(
    connection: duckdb.DuckDBPyConnection,
    manifest: Manifest,
    contracts: Mapping[str, Contract],
    rules: Iterable[Rule],
    decisions: Iterable[GroupDecision],
) -> Book:
    """Gather the dictionary from the working warehouse of a run. Raises ``duckdb.Error``."""
    rules = list(rules)
    row = connection.execute("SELECT phien_ban, ngay_so_lieu FROM so_cai.tham_so").fetchall()[0]
    metrics = _by_table(connection, "doi_soat", "tu_dien_chi_tieu", _METRICS)
    definitions = _by_table(connection, "chi_so_766", "dinh_nghia", _DEFINITIONS)
    outcomes = {code: (passed, failed) for code, passed, failed in connection.execute(_OUTCOMES).fetchall()}
    states = {decision.group: STATE_WORDS[decision.status] for decision in decisions}
    titles = {contract.table: (contract.feed, contract.title) for contract in contracts.values()}
    keys = declared_keys(manifest)
    entries = []
    for mart in marts(manifest):
        if not mart.description:
            continue
        lineage = lineage_of(manifest, mart.unique_id)
        about = [rule for rule in rules if rule.table in lineage.tables]
        judged = [(rule, *outcomes.get(rule.code, (None, 0))) for rule in about]
        entries.append(
            _entry(
                mart,
                find_node(manifest, mart.unique_id),
                lineage,
                key=keys.get(mart.unique_id, mart.key),
                feeds=tuple(titles[name] for name in lineage.raw if name in titles),
                metrics=tuple(_metric(*row) for row in metrics.get(mart.table, ())),
                definitions=tuple(_definition(*row) for row in definitions.get(_own_name(mart), ())),
                state=states.get(mart.group, "không xét"),
                judged=judged,
            )
        )
    return Book(str(row[0]), row[1], tuple(entries))


def _entry(
    mart: Mart,
    node: Mapping[str, Any],
    lineage: Lineage,
    *,
    key: tuple[str, ...],
    feeds: tuple[tuple[str, str], ...],
    metrics: tuple[Metric, ...],
    definitions: tuple[Definition, ...],
    state: str,
    judged: Sequence[tuple[Rule, bool | None, int]],
) -> Entry:
    config = node.get("config") or {}
    meta = config.get("meta") or {}
    described = node.get("columns") or {}
    return Entry(
        table=mart.table,
        meaning=mart.description,
        unit=_unit(mart.description),
        group=mart.group,
        state=state,
        key=key or tuple((meta.get("truy_vet") or {}).get("hat") or ()),
        columns=tuple(
            _column(c.name, str(described[c.name].get("data_type") or ""), c.description, meta)
            for c in mart.columns
            if c.published
        ),
        rules=rules_named(mart.description, str((meta.get("truy_vet") or {}).get("quy_tac", ""))),
        feeds=feeds,
        metrics=metrics,
        definitions=definitions,
        passed=sum(passed is True for _, passed, _ in judged),
        unjudged=sum(passed is None for _, passed, _ in judged),
        faults=tuple(Fault(r.code, r.description, failed) for r, passed, failed in judged if passed is False),
        parameters=tuple(config.get("tham_so") or ()),
        example=str(meta.get("vi_du", "")),
        lineage=lineage,
    )


def _column(name: str, data_type: str, meaning: str, meta: Mapping[str, Any]) -> Column:
    said = meta.get("truy_vet") or {}
    own = (said.get("cot") or {}).get(name)
    unit = "" if own is None else str({**said, **(own if isinstance(own, dict) else {})}.get("don_vi", ""))
    return Column(name, data_type, meaning, unit or _unit(meaning), rules_named(meaning), way(meta, name))


def way(meta: Mapping[str, Any], column: str) -> str:
    """How ``kho trace`` goes back from a column, in words; empty for a column that is no figure."""
    said = meta.get("truy_vet") or {}
    own = (said.get("cot") or {}).get(column)
    if own is None:
        return str((said.get("khong_truy") or {}).get(column, ""))
    relation = own.get("bang", said.get("bang")) if isinstance(own, dict) else said.get("bang")
    condition = own.get("dieu_kien", "true") if isinstance(own, dict) else own
    return f"từng bản ghi của {relation}" + ("" if condition == "true" else f" mà {filled(condition, said)}")


def rules_named(*texts: str) -> tuple[str, ...]:
    """Codes R1…R16 that texts name, in order."""
    found = {code for text in texts for code in CODE.findall(text)}
    return tuple(sorted(found, key=lambda code: (int(re.sub(r"\D", "", code)), code)))


def _unit(text: str) -> str:
    found = _UNIT.search(text)
    return found[1].strip() if found else ""


def _own_name(mart: Mart) -> str:
    """What the definitions of Bộ chỉ số 766 call the mart of their group."""
    return mart.name if mart.schema == "chi_so_766" else ""


def _metric(*row: Any) -> Metric:
    code, name, formula, base, unit, since, until = row
    return Metric(_text(code), _text(name), _text(formula), _text(base), _text(unit), since, until)


def _definition(*row: Any) -> Definition:
    code, name, points, numerator, denominator, scoring, since, until, basis = row
    return Definition(
        code=_text(code),
        name=_text(name),
        points=_text(points),
        numerator=_text(numerator),
        denominator=_text(denominator),
        scoring=_text(scoring),
        since=since,
        until=until,
        basis=_text(basis),
    )


def _by_table(
    connection: duckdb.DuckDBPyConnection, schema: str, table: str, sql: str
) -> dict[str, list[tuple[Any, ...]]]:
    """Rows by their first column, a table; none where the table could not be built."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    if table_exists(connection, schema, table):
        for name, *rest in connection.execute(sql).fetchall():
            found.setdefault(str(name or ""), []).append(tuple(rest))
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value)
