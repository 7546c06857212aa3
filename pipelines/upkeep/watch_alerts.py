"""A look at the morning's list: open alerts that nobody has seen, one line a kind, never a dossier's code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import duckdb

from pipelines.config.figures import grouped
from pipelines.publish.query import open_published
from pipelines.upkeep.finding import Finding, Level
from pipelines.warehouse.agencies import agency_names, told_apart
from pipelines.warehouse.alerts import Mark, is_marked, marks

if TYPE_CHECKING:
    from pipelines.upkeep.watch import Look

_NAMED = 3
_OPEN = """
    SELECT c.ma_canh_bao, v.mo_lan, v.muc_do, c.loai, c.loai_ten, c.ma_don_vi, c.muc_do = 'do', c.mo_tu_ngay, c.so_viec
    FROM dieu_hanh.canh_bao c JOIN van_hanh.vong_doi_canh_bao v USING (ma_canh_bao)
    WHERE v.trang_thai = 'mo' ORDER BY c.loai, c.ma_canh_bao
"""
_REMEDY = (
    "Xem từng việc bằng `kho work --don-vi MÃ`; đã nhận việc thì ghi `kho work --da-xem … --vai …`: "
    "chỉ báo lại khi nặng thêm."
)


@dataclass(frozen=True)
class Open:
    """An alert that is open and not seen at the worst level of its life; ``part`` names both, so that it is told once,
    and once more when it gets worse."""

    part: str
    kind: str
    words: str
    agency: str | None
    red: bool
    since: date
    items: int


def unseen(connection: duckdb.DuckDBPyConnection, marks: Collection[Mark]) -> list[Open]:
    """Open alerts of a publication that nobody has seen at their level; none where it has no such list yet.

    ``marks``: those set since it was made. A list that is held back tells nothing new: its lives do not move. Raises
    ``duckdb.Error``.
    """
    try:
        rows = connection.execute(_OPEN).fetchall()
    except duckdb.CatalogException:
        return []
    return [
        Open(f"{code}@{run}@{level}", *of) for code, run, level, *of in rows if not is_marked((code, run, level), marks)
    ]


def look_at_alerts(look: Look) -> Iterator[Finding]:
    """How many of each kind, of how many agencies, those with most first; since the oldest opened."""
    if not look.paths.marts_file.exists():
        return
    with open_published(look.paths) as connection:
        alerts = unseen(connection, marks(look.paths))
        names = told_apart(agency_names(connection)) if alerts else {}
    yield from findings_of(alerts, names)


def findings_of(alerts: Sequence[Open], names: Mapping[str, str]) -> Iterator[Finding]:
    """One finding a kind; ``names``: code → name of agencies."""
    for kind in sorted({alert.kind for alert in alerts}):
        yield _finding([alert for alert in alerts if alert.kind == kind], names)


def _finding(alerts: list[Open], names: Mapping[str, str]) -> Finding:
    by_agency: Counter[str] = Counter()
    for alert in alerts:
        if alert.agency is not None:
            by_agency[alert.agency] += alert.items
    red = sum(alert.red for alert in alerts)
    where = f" ở {len(by_agency)} đơn vị" if by_agency else ""
    most = sorted(by_agency.items(), key=lambda item: (-item[1], item[0]))[:_NAMED]
    named = "; nhiều nhất " + ", ".join(f"{names.get(c, c)} ({grouped(n)})" for c, n in most) if most else ""
    return Finding(
        f"canh_bao:{alerts[0].kind}",
        Level.WORK,
        f"{alerts[0].words}: {grouped(len(alerts))} cảnh báo chưa ai xem{where}, {grouped(red)} mức đỏ{named}.",
        datetime.combine(min(alert.since for alert in alerts), time.min),
        _REMEDY,
        frozenset(alert.part for alert in alerts),
    )


LOOKS = [("cảnh báo điều hành", look_at_alerts)]
