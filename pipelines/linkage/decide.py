"""From candidate pairs to duplicates: probability, vetoes, kinds of R10 by facts, clusters."""

from __future__ import annotations

import json
import math
from typing import Any

import duckdb

from pipelines.linkage.compare import EVIDENCE_FLOOR
from pipelines.linkage.model import Limits
from pipelines.linkage.names import REAL_WORDS
from pipelines.linkage.records import TABLE
from pipelines.linkage.register import Register

RESULT = "cap"
_LARGE = 100_000
"""Records from which on candidates without a chance are not kept."""
_ROUNDING = 0.01
"""Bits within which a probability of four decimals may lie on the other side of a limit."""

_REAL_WORDS = f"""
set variable {REAL_WORDS} = (
    select coalesce(list(chu), []) from (
        select chu from (select unnest(string_split(ten_khoa, ' ')) as chu from {TABLE})
        group by chu having count(*) >= greatest(20, $n / 2000)
    )
)
"""

_SQL = """
create or replace table cap as
with tan_suat as (
    select ten, count(*) / $n as tan_suat from ban_ghi where ten is not null group by ten
),
tan_suat_khoa as (
    select ten_khoa, count(*) / $n as tan_suat from ban_ghi where ten_khoa is not null group by ten_khoa
),
-- Given names that are names, not slips: borne by several people of the register.
ten_goi_that as (
    select ten_goi from ban_ghi group by ten_goi having count(*) >= greatest(5, $n / 20000)
),
ten_goi_hiem as (
    select ten_goi from ban_ghi group by ten_goi having count(*) <= $n / 100000 and $n >= 100000
),
-- In two steps: joined in one, a small register was paired with itself before the candidates were looked at.
mot as materialized (
    select p.*, a._khoa, a.gioi_tinh, a.ten, a.ten_khoa, t.tan_suat as tan_suat_ten, k.tan_suat as tan_suat_ten_khoa
    from ung_vien as p
    inner join ban_ghi as a on p.ma_ban_ghi_1 = a.ma_ban_ghi
    left join tan_suat as t on a.ten = t.ten
    left join tan_suat_khoa as k on a.ten_khoa = k.ten_khoa
),
-- Weighed on four columns: of a million candidate pairs a few in a hundred go on to be joined with whole records.
can as (
    select
        a.ma_ban_ghi_1, a.ma_ban_ghi_2,
        -- A rare name that agrees says more than a common one.
        a.chung_cu + case
            when a.ten = b.ten then log2($u_ca_dau / a.tan_suat_ten)
            when a.ten_khoa = b.ten_khoa then log2($u_bo_dau / a.tan_suat_ten_khoa)
            else 0 end + $tien_nghiem as trong_so
    from mot as a
    inner join ban_ghi as b on a.ma_ban_ghi_2 = b.ma_ban_ghi
    -- Records under one key are duplicates of an exact kind already; one person has one sex.
    where a._khoa <> b._khoa
        and (coalesce(a.gioi_tinh = b.gioi_tinh, true) or 'khong_xac_dinh' in (a.gioi_tinh, b.gioi_tinh))
),
cap_ban_ghi as (
    select
        c.ma_ban_ghi_1, c.ma_ban_ghi_2, c.trong_so, a, b,
        greatest(a.ngay_dang_ky_tu, b.ngay_dang_ky_tu) <= least(a.ngay_dang_ky_den, b.ngay_dang_ky_den) as cung_ngay_dk,
        coalesce(a.noi_dang_ky = b.noi_dang_ky, false) as cung_noi,
        coalesce(a.nguon, '') = coalesce(b.nguon, '') as cung_nguon,
        -- What the later registration is, or one of two whose order is not known, tells the kind.
        {sau_lai} as sau_lai,
        {sau_cap_ban_chinh} as sau_cap_ban_chinh
    from can as c
    inner join ban_ghi as a on c.ma_ban_ghi_1 = a.ma_ban_ghi
    inner join ban_ghi as b on c.ma_ban_ghi_2 = b.ma_ban_ghi
    where c.trong_so >= $it_nhat
),
xet as (
    select *,
        a.ten_goi = b.ten_goi or a.ten_xep = b.ten_xep or jaro_winkler_similarity(a.ten_goi, b.ten_goi) >= 0.75
            and not (a.ten_goi in (from ten_goi_that) and b.ten_goi in (from ten_goi_that)) as ten_goi_gan,
        a.ten_khoa = b.ten_khoa or a.ten_xep = b.ten_xep as cung_ten,
        {facts}
    from cap_ban_ghi
)
select
    ma_ban_ghi_1,
    ma_ban_ghi_2,
    case {kind} end as loai,
    round(1 / (1 + pow(2.0, -trong_so)), 4) as xac_suat,
    -- Of two valid records of one person the later registration is in force.
    case when sau_lai then
        case when a.ngay_dang_ky_tu > b.ngay_dang_ky_den then ma_ban_ghi_1
            when b.ngay_dang_ky_tu > a.ngay_dang_ky_den then ma_ban_ghi_2 end
    end as ma_ban_ghi_hieu_luc
from xet
where {accept}
order by 1, 2
"""

_LATER = """coalesce(case
            when a.ngay_dang_ky_tu > b.ngay_dang_ky_den then a.loai_dang_ky = '{0}'
            when b.ngay_dang_ky_tu > a.ngay_dang_ky_den then b.loai_dang_ky = '{0}'
            else coalesce(a.loai_dang_ky, '') <> coalesce(b.loai_dang_ky, '')
                and '{0}' in (a.loai_dang_ky, b.loai_dang_ky) end, false)"""


def decide(connection: duckdb.DuckDBPyConnection, register: Register, model: dict[str, Any], limits: Limits) -> int:
    """Table ``cap`` out of ``ung_vien`` and ``ban_ghi``; returns the number of pairs that are sure.

    Columns ``ma_ban_ghi_1 < ma_ban_ghi_2``, ``loai`` (R10), ``xac_suat``, ``ma_ban_ghi_hieu_luc``, ``chac_chan``.
    The prior is expected duplicates over all pairs of a register of this size, so that a probability means the
    same in a commune and in a province. Pairs below the doubtful limit are left out.
    """
    records = int(connection.execute(f"select count(*) from {TABLE}").fetchall()[0][0])
    limit = limits.for_size(records)
    exact, folded = _chances(model)
    connection.execute(_REAL_WORDS, {"n": records})
    connection.execute(
        _SQL.format(
            facts=register.facts,
            kind=register.kind,
            accept=register.accept,
            sau_lai=_LATER.format("dang_ky_lai"),
            sau_cap_ban_chinh=_LATER.format("cap_ban_chinh"),
        ),
        {
            "n": max(records, 1),
            "u_ca_dau": exact,
            "u_bo_dau": folded,
            "tien_nghiem": _prior(limits, records),
            "it_nhat": _bits(limit.doubtful) - _ROUNDING,
        },
    )
    connection.execute(f"delete from {RESULT} where xac_suat < ?", [limit.doubtful])
    connection.execute(f"alter table {RESULT} add column chac_chan boolean")
    connection.execute(
        f"update {RESULT} set chac_chan = xac_suat >= coalesce(cast(cast($of_kind as json) ->> loai as double), $sure)",
        {"of_kind": json.dumps(limit.by_kind), "sure": limit.sure},
    )
    return int(connection.execute(f"select count(*) from {RESULT} where chac_chan").fetchall()[0][0])


def evidence_floor(model: dict[str, Any], limits: Limits, records: int) -> float:
    """Evidence below which no pair passes, whatever its names, in a register of ``_LARGE`` records or more.

    What a name adds grows with the register and the prior falls as fast: with both, a pair weighs the less the larger
    the register is, so what cannot pass at ``_LARGE`` passes in no larger one. A smaller one keeps every candidate.
    """
    if records < _LARGE:
        return EVIDENCE_FLOOR
    rarest = max(math.log2(max(_chances(model)) * _LARGE), 0.0)
    doubtful = min(threshold.doubtful for threshold in limits.by_size)
    return max(EVIDENCE_FLOOR, _bits(doubtful) - 2 * _ROUNDING - rarest - _prior(limits, _LARGE))


def _chances(model: dict[str, Any]) -> tuple[float, float]:
    """How often the names of two people of the register agree by chance: with their tones, without."""
    name = next(c for c in model["comparisons"] if c["output_column_name"] == "ten")
    exact, folded = (
        next(float(x["u_probability"]) for x in name["comparison_levels"] if x["label_for_charts"] == label)
        for label in ("như nhau, cả dấu", "như nhau, bỏ dấu")
    )
    return exact, folded


def _prior(limits: Limits, records: int) -> float:
    """Bits for a pair of the register before anything is known of it."""
    return _bits(min(2 * limits.duplicate_share / max(records - 1, 1), 0.5))


def _bits(probability: float) -> float:
    return math.log2(probability / (1 - probability))


def clusters(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Record → its cluster, named after the smallest record of the cluster; records without a pair are absent."""
    parent: dict[str, str] = {}

    def root(record: str) -> str:
        while parent.setdefault(record, record) != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for one, other in pairs:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return {record: root(record) for record in parent}
