"""Feeds that fell silent for longer than their marts may be trusted: what rests on one keeps its last good version.

A feed past its promised rhythm is a warning (rule ``NGUON_SONG_01``). Where the operator sets ``chan_ngay`` for it,
more days without new data hold back every group below it: dossiers that nobody reported on would grow late by the day.
A feed that never came holds nothing back, nor does one on the first night, when there is no version to keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb

from pipelines.config.figures import day
from pipelines.config.orchestration import FeedRhythm

_NEWEST = """
    SELECT nguon_du_lieu, max(least(CAST(thoi_diem AS DATE), ?)) FROM so_cai.tep
    WHERE trang_thai = 'da_nap' GROUP BY ALL ORDER BY ALL
"""


def stale(
    connection: duckdb.DuckDBPyConnection, rhythms: Mapping[str, FeedRhythm], as_of: date, *, anything_published: bool
) -> dict[str, str]:
    """Node of the lineage (a raw table) → why everything below it is held back on the day ``as_of``."""
    limits = {feed: rhythm.chan_ngay for feed, rhythm in rhythms.items() if rhythm.chan_ngay is not None}
    if not limits or not anything_published:
        return {}
    found = {}
    for feed, newest in connection.execute(_NEWEST, [as_of]).fetchall():
        days = (as_of - newest).days
        if feed in limits and days > limits[feed]:
            found[f"source.kho06.tho.{feed.replace('/', '__')}"] = (
                f"Nguồn {feed} đã {days} ngày không có dữ liệu mới (đến {day(newest)}), quá {limits[feed]} ngày "
                "cho phép (chan_ngay trong orchestration.yaml). Gửi tệp mới của nguồn."
            )
    return found
