"""What the quality pages tell, read from the ledger and the tables built on it: counts, dates and sentences, no value.

Only rule sentences, counts, agencies, mart groups and dates are read: no key, no file, no cell of the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import duckdb

from pipelines.quality.model import Dimension

RUNS_SHOWN = 12
DIMENSION = {"dung": "Đúng", "du": "Đủ", "sach": "Sạch", "song": "Sống"}


@dataclass(frozen=True)
class RuleFacts:
    """One rule in the last run; ``history``: outcomes of the last runs, oldest first, true, false or null each."""

    code: str
    dimension: str
    table: str
    columns: str
    sentence: str
    severity: str
    threshold: float
    indicator_groups: str
    mended_by: str
    basis: str
    mending: str
    loosening: str | None
    loose_since: date | None
    loose_until: date | None
    applicable: int
    judged: int
    failed: int
    passed: bool | None
    error: str | None
    open_defects: int
    remark: str
    runs: int
    changes: int
    last_failed: date | None
    groups: tuple[str, ...]
    history: tuple[bool | None, ...]

    @property
    def share(self) -> float | None:
        """Failed of judged; null where nothing could be judged."""
        return self.failed / self.judged if self.judged else None

    @property
    def coverage(self) -> float | None:
        """Judged of applicable; null where the rule applied to nothing."""
        return self.judged / self.applicable if self.applicable else None


@dataclass(frozen=True)
class GroupFacts:
    """What became of a mart group; ``as_of``: day of the version that readers see."""

    group: str
    status: str
    as_of: date | None
    reason: str | None


@dataclass(frozen=True)
class RunFacts:
    """How many rules passed, failed and could not be judged in one run, and groups held back by it."""

    number: int
    as_of: date
    passed: int
    failed: int
    unjudged: int
    held: int


@dataclass(frozen=True)
class ScoreFacts:
    """Scores 0–100 by dimension (null: nothing checked), with coverage 0–1, of a feed or an agency."""

    name: str
    label: str
    scores: Mapping[str, float | None]
    coverage: float | None
    rows: int
    faults: int


@dataclass(frozen=True)
class Facts:
    """Everything on the pages."""

    version: str
    as_of: date
    rules: Sequence[RuleFacts]
    groups: Sequence[GroupFacts]
    runs: Sequence[RunFacts]
    feeds: Sequence[ScoreFacts]
    agencies: Sequence[ScoreFacts]
    quarantined: int
    scale: tuple[float, float, float]
    engine: Mapping[str, Any] | None = None


def read_facts(
    connection: duckdb.DuckDBPyConnection,
    endangered: Mapping[str, Sequence[str]],
    engine: Mapping[str, Any] | None = None,
) -> Facts | None:
    """Facts of the last run whose rules were measured, null where there is none.

    ``endangered``: rule code → mart groups below its table; ``engine``: the validation result of Great Expectations.
    Raises ``duckdb.Error`` where the ledger or the tables built on it are missing.
    """
    rows = connection.execute(
        "select k.so_lan, any_value(k.phien_ban), any_value(l.ngay_so_lieu) from so_cai.ket_qua_kiem_tra k "
        "inner join so_cai.lan_chay l on l.so_lan = k.so_lan group by k.so_lan order by k.so_lan desc limit 1"
    ).fetchall()
    if not rows:
        return None
    number, version, as_of = rows[0]
    scale = connection.execute(
        "select diem_xanh, diem_vang, do_phu_toi_thieu from tham_chieu.nguong_diem_chat_luong limit 1"
    ).fetchall()
    return Facts(
        version=str(version),
        as_of=as_of,
        rules=_rules(connection, number, endangered),
        groups=[GroupFacts(*row) for row in connection.execute(_GROUPS, [number]).fetchall()],
        runs=[RunFacts(*row) for row in connection.execute(_RUNS, [number]).fetchall()][::-1],
        feeds=_scores(connection, "d.nguon_du_lieu", "d.nguon_du_lieu"),
        agencies=_scores(connection, "d.ma_don_vi", "n.ten"),
        quarantined=rows_set_apart(connection),
        scale=scale[0] if scale else (90, 75, 80),
        engine=engine,
    )


def rows_set_apart(connection: duckdb.DuckDBPyConnection) -> int:
    """Quarantined rows that nothing has mended: as the mart ``chat_luong.cach_ly`` has it, a row once."""
    rows = connection.execute(
        "select count(*) from "
        "(select distinct ma_tep, trang_tinh, dong from chat_luong.cach_ly where trang_thai = 'con')"
    ).fetchall()
    return int(rows[0][0])


_GROUPS = """
select nhom_mart, trang_thai, ngay_so_lieu, ly_do from so_cai.quyet_dinh where so_lan = ? order by nhom_mart
"""

_RUNS = f"""
select k.so_lan, any_value(l.ngay_so_lieu), count(*) filter (where k.dat), count(*) filter (where not k.dat),
    count(*) filter (where k.dat is null), any_value(coalesce(q.giu, 0))
from so_cai.ket_qua_kiem_tra k
inner join so_cai.lan_chay l on l.so_lan = k.so_lan
left join (select so_lan, count(*) filter (where trang_thai <> 'moi') as giu from so_cai.quyet_dinh group by so_lan) q
    on q.so_lan = k.so_lan
where k.so_lan <= ?
group by k.so_lan order by k.so_lan desc limit {RUNS_SHOWN}
"""

_RULES = """
select q.ma_quy_tac, q.chieu, q.bang, q.cot, q.mo_ta, q.muc_do, q.nguong, coalesce(q.nhom_chi_so, ''), q.noi_sua,
    q.can_cu, coalesce(q.cach_sua, ''), q.ly_do_noi_long, q.noi_long_tu, q.noi_long_den,
    k.so_ap_dung, k.so_dong, k.so_loi, k.dat, k.ly_do, coalesce(o.so, 0),
    coalesce(t.nhan_xet, 'chua_danh_gia'), coalesce(t.so_lan_chay, 0), coalesce(t.so_lan_doi, 0), t.khong_dat_cuoi
from so_cai.quy_tac q
inner join so_cai.ket_qua_kiem_tra k on k.ma_quy_tac = q.ma_quy_tac and k.so_lan = ?
left join chat_luong.theo_doi_quy_tac t on t.ma_quy_tac = q.ma_quy_tac
left join (select l.ma_quy_tac, count(*) as so from so_cai.loi l where l.dong_lan is null group by l.ma_quy_tac) o
    on o.ma_quy_tac = q.ma_quy_tac
order by q.ma_quy_tac
"""


def _rules(
    connection: duckdb.DuckDBPyConnection, number: int, endangered: Mapping[str, Sequence[str]]
) -> list[RuleFacts]:
    seen = connection.execute(
        "select ma_quy_tac, list(dat order by so_lan) from so_cai.ket_qua_kiem_tra where so_lan in "
        "(select distinct so_lan from so_cai.ket_qua_kiem_tra where so_lan <= ? "
        f"order by so_lan desc limit {RUNS_SHOWN}) "
        "group by ma_quy_tac",
        [number],
    ).fetchall()
    history: dict[str, tuple[bool | None, ...]] = {str(code): tuple(found) for code, found in seen}
    names = [field.name for field in fields(RuleFacts) if field.name not in {"groups", "history"}]
    found = []
    for row in connection.execute(_RULES, [number]).fetchall():
        known: dict[str, Any] = dict(zip(names, row, strict=True))
        groups = tuple(sorted(endangered.get(row[0], ())))
        found.append(RuleFacts(**known, groups=groups, history=history.get(row[0], ())))
    return found


def _scores(connection: duckdb.DuckDBPyConnection, key: str, label: str) -> list[ScoreFacts]:
    """Rows and faults of ``chat_luong.diem`` by feed or agency; a dimension's score is 100 × (1 − faults / rows)."""
    rows = connection.execute(
        f"select coalesce({key}, ''), any_value({label}), d.chieu, sum(d.so_ap_dung), sum(d.so_dong), sum(d.so_loi) "
        "from chat_luong.diem d left join (select ma_don_vi, arg_max(ten_don_vi, hieu_luc_tu) as ten "
        "from stg.stg_dvc__co_quan group by ma_don_vi) n on n.ma_don_vi = d.ma_don_vi group by 1, 3 order by 1, 3"
    ).fetchall()
    found: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        found.setdefault(str(row[0]), []).append(row)
    scores = []
    for name, parts in found.items():
        by_dimension = {p[2]: 100 * (1 - p[5] / p[4]) if p[4] else None for p in parts}
        applicable, judged = sum(p[3] for p in parts), sum(p[4] for p in parts)
        scores.append(
            ScoreFacts(
                name=name,
                label=str(parts[0][1] or ""),
                scores={d.value: by_dimension.get(d.value) for d in Dimension},
                coverage=judged / applicable if applicable else None,
                rows=int(judged),
                faults=int(sum(p[5] for p in parts)),
            )
        )
    return scores
