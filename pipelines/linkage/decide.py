"""From candidate pairs to duplicates: probability, vetoes, kinds of R10 by facts, clusters."""

from __future__ import annotations

import math
from typing import Any

import duckdb

from pipelines.linkage.model import Thresholds
from pipelines.linkage.records import TABLE

RESULT = "cap"

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
cap_ban_ghi as (
    select
        p.ma_ban_ghi_1, p.ma_ban_ghi_2, a, b,
        -- A rare name that agrees says more than a common one.
        p.chung_cu + case
            when a.ten = b.ten then log2($u_ca_dau / t.tan_suat)
            when a.ten_khoa = b.ten_khoa then log2($u_bo_dau / k.tan_suat)
            else 0 end + $tien_nghiem as trong_so,
        greatest(a.ngay_dang_ky_tu, b.ngay_dang_ky_tu) <= least(a.ngay_dang_ky_den, b.ngay_dang_ky_den) as cung_ngay_dk,
        coalesce(a.noi_dang_ky = b.noi_dang_ky, false) as cung_noi,
        coalesce(a.nguon, '') = coalesce(b.nguon, '') as cung_nguon
    from ung_vien as p
    inner join ban_ghi as a on p.ma_ban_ghi_1 = a.ma_ban_ghi
    inner join ban_ghi as b on p.ma_ban_ghi_2 = b.ma_ban_ghi
    left join tan_suat as t on a.ten = t.ten
    left join tan_suat_khoa as k on a.ten_khoa = k.ten_khoa
    -- Records under one key are duplicates of an exact kind already.
    where a._khoa <> b._khoa
),
xet as (
    select *,
        a.ten_goi = b.ten_goi or a.ten_xep = b.ten_xep or jaro_winkler_similarity(a.ten_goi, b.ten_goi) >= 0.75
            and not (a.ten_goi in (from ten_goi_that) and b.ten_goi in (from ten_goi_that)) as ten_goi_gan,
        a.ten_khoa = b.ten_khoa or a.ten_xep = b.ten_xep as cung_ten,
        -- Whether one slip turns one date of birth into the other.
        coalesce(a.tu <= b.den and b.tu <= a.den or a.ngay = b.ngay_doi
            or abs(a.nam - b.nam) in (1, 10) and substr(a.ngay, 6) = substr(b.ngay, 6)
            or damerau_levenshtein(a.ngay, b.ngay) <= 1 or abs(a.tu - b.tu) <= 1
            or date_trunc('month', a.tu) = date_trunc('month', b.tu), a.tu is null or b.tu is null) as ngay_gan,
        -- Twins are registered together, side by side, under two names that no slip makes one.
        cung_noi and cung_nguon and coalesce(cung_ngay_dk, false) and a.ten_khoa <> b.ten_khoa
            and a.ten_xep <> b.ten_xep and (a.ten_goi <> b.ten_goi or (
                len(string_split(a.ten_khoa, ' ')) = len(string_split(b.ten_khoa, ' '))
                and damerau_levenshtein(a.ten_khoa, b.ten_khoa) > 1)) as nhu_sinh_doi
    from cap_ban_ghi
)
select
    ma_ban_ghi_1,
    ma_ban_ghi_2,
    case
        when coalesce(a.loai_dang_ky = 'dang_ky_lai', false) or coalesce(b.loai_dang_ky = 'dang_ky_lai', false)
            then 'dang_ky_lai'
        when coalesce(a.loai_dang_ky = 'cap_ban_chinh', false) or coalesce(b.loai_dang_ky = 'cap_ban_chinh', false)
            then 'cap_lai_ban_chinh'
        when not cung_nguon and cung_noi and coalesce(cung_ngay_dk, false) then 'giay_va_dien_tu'
        when not cung_noi then 'hai_noi'
        else 'nghi_trung'
    end as loai,
    round(1 / (1 + pow(2.0, -trong_so)), 4) as xac_suat,
    -- Of two valid records of one person the later registration is in force.
    case when a.loai_dang_ky = 'dang_ky_lai' or b.loai_dang_ky = 'dang_ky_lai' then
        case when a.ngay_dang_ky_tu > b.ngay_dang_ky_den then ma_ban_ghi_1
            when b.ngay_dang_ky_tu > a.ngay_dang_ky_den then ma_ban_ghi_2 end
    end as ma_ban_ghi_hieu_luc
from xet
-- Brothers and sisters share their parents: another day of birth is another child, unless one slip explains it.
where ten_goi_gan and not nhu_sinh_doi and ngay_gan
    and (coalesce(a.ngay = b.ngay, false) or cung_ten or a.ten_goi = b.ten_goi and (
        len(string_split(a.ten_khoa, ' ')) <> len(string_split(b.ten_khoa, ' '))
        or damerau_levenshtein(a.ten_khoa, b.ten_khoa) <= 2))
    -- One name, one day, but other parents: a namesake. Where no parent is known there is nothing to say.
    and coalesce(greatest(jaro_winkler_similarity(a.me, b.me), jaro_winkler_similarity(a.cha, b.cha)) >= 0.85, true)
    and (coalesce(a.gioi_tinh = b.gioi_tinh, true) or 'khong_xac_dinh' in (a.gioi_tinh, b.gioi_tinh))
order by 1, 2
"""


def decide(connection: duckdb.DuckDBPyConnection, model: dict[str, Any], thresholds: Thresholds) -> int:
    """Table ``cap`` out of ``ung_vien`` and ``ban_ghi``; returns the number of pairs that are sure.

    Columns ``ma_ban_ghi_1 < ma_ban_ghi_2``, ``loai`` (R10), ``xac_suat``, ``ma_ban_ghi_hieu_luc``, ``chac_chan``.
    The prior is expected duplicates over all pairs of a register of this size, so that a probability means the
    same in a commune and in a province. Pairs below the doubtful limit are left out.
    """
    records = int(connection.execute(f"select count(*) from {TABLE}").fetchall()[0][0])
    prior = min(2 * thresholds.duplicate_share / max(records - 1, 1), 0.5)
    limit = thresholds.for_size(records)
    name = next(c for c in model["comparisons"] if c["output_column_name"] == "ten")
    exact, folded = (
        next(x["u_probability"] for x in name["comparison_levels"] if x["label_for_charts"] == label)
        for label in ("như nhau, cả dấu", "như nhau, bỏ dấu")
    )
    connection.execute(
        _SQL,
        {
            "n": max(records, 1),
            "u_ca_dau": exact,
            "u_bo_dau": folded,
            "tien_nghiem": math.log2(prior / (1 - prior)),
        },
    )
    connection.execute(f"delete from {RESULT} where xac_suat < ?", [limit.doubtful])
    connection.execute(f"alter table {RESULT} add column chac_chan boolean")
    connection.execute(f"update {RESULT} set chac_chan = xac_suat >= ?", [limit.sure])
    return int(connection.execute(f"select count(*) from {RESULT} where chac_chan").fetchall()[0][0])


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
