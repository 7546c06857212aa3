"""``kho watch``: is all well, seen from outside. One process, no Dagster, nothing written, no file locked.

It must tell when everything else is broken, so each look stands alone: what it cannot read is itself a finding.
The journal tells of runs; ``kho.duckdb`` and ``ban_ke.json`` of what is published; Dagster's SQLite, opened read-only,
of the daemon; the working warehouse is asked only where no run holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from pipelines.config.orchestration import Orchestration
from pipelines.config.paths import DataPaths
from pipelines.turn import STEPS
from pipelines.upkeep import watch_alerts, watch_contents, watch_machine
from pipelines.upkeep.finding import Finding, Level
from pipelines.warehouse import journal
from pipelines.warehouse.journal import Entry, RunState

_ENDED_ILL = {
    RunState.FAILED: "hỏng",
    RunState.STOPPED: "bị dừng theo yêu cầu",
    RunState.DEAD: "bị tắt ngang (mất điện, máy tắt hoặc bị kết thúc)",
}


@dataclass(frozen=True)
class Look:
    """What a look needs: where, the operator's settings, the moment (Vietnam wall clock), counts of the last look."""

    paths: DataPaths
    settings: Orchestration
    now: datetime
    before: Mapping[str, int]


def watch(look: Look) -> list[Finding]:
    """Every finding, the worst first; a look that fails in a way nobody foresaw is one, by its kind only."""
    looks: list[tuple[str, Callable[[Look], Iterator[Finding]]]] = [
        ("lần chạy", _runs),
        ("lần công bố", _publication),
        *watch_contents.LOOKS,
        *watch_alerts.LOOKS,
        *watch_machine.LOOKS,
    ]
    found: list[Finding] = []
    for name, one in looks:
        try:
            found += one(look)
        except Exception as error:  # noqa: BLE001 - one look must not silence the others; its text may quote data
            found.append(
                Finding(
                    f"khong_xem_duoc:{name}",
                    Level.ATTENTION,
                    f"Không xem được {name} ({type(error).__name__}).",
                    None,
                    "Chạy `kho doctor` và `kho status`.",
                )
            )
    return sorted(found, key=lambda finding: (-finding.level, finding.code))


def last_due(settings: Orchestration, now: datetime) -> datetime:
    """The newest moment at which a night should have begun (Vietnam wall clock)."""
    gio: time = settings.lich_chay.gio
    due = now.replace(hour=gio.hour, minute=gio.minute, second=0, microsecond=0)
    return due if due <= now else due - timedelta(days=1)


def _runs(look: Look) -> Iterator[Finding]:
    """The last run that ended, ended well; an expected night that did not happen is seen by its absence."""
    newest = journal.last_entry(look.paths)
    earlier = [entry for entry in journal.entries(look.paths) if newest is None or entry.key != newest.key]
    open_states = {RunState.RUNNING, RunState.WAITING}
    ended = [entry for entry in earlier if entry.state not in open_states]
    if newest is not None and newest.state not in open_states:
        ended.append(newest)
    if ended and ended[-1].state in _ENDED_ILL:
        yield _ill(ended)
    begun = newest.started if newest is not None else None
    if look.settings.lich_chay.bat:
        # A night has half an hour to begin; until then the one before it is the newest that is owed.
        due = last_due(look.settings, look.now - timedelta(minutes=30))
        if begun is None or begun < due - timedelta(hours=1):
            nights = 1 if begun is None else max(1, (due - begun).days)
            yield Finding(
                "dem_vang",
                Level.FAILED,
                "Chưa có lần chạy nào."
                if begun is None
                else f"Đêm {due:%d/%m/%Y} không có lần chạy nào bắt đầu "
                f"(lần cuối {begun:%H:%M %d/%m/%Y}, {nights} đêm).",
                due if begun is None else begun,
                "Xem bộ lập lịch (`systemctl status kho-ui`), rồi chạy bù bằng `kho run`.",
            )
    if newest is not None and newest.state in open_states and look.now - newest.started > timedelta(hours=12):
        yield Finding(
            "chay_lau",
            Level.ATTENTION,
            f"Lần chạy bắt đầu {newest.started:%H:%M %d/%m/%Y} chưa xong sau hơn 12 giờ.",
            newest.started,
            "Xem `kho status`; nếu tiến trình treo, dừng nó rồi chạy lại `kho run`.",
        )


def _ill(ended: list[Entry]) -> Finding:
    last = ended[-1]
    first = last
    for entry in reversed(ended):
        if entry.state not in _ENDED_ILL:
            break
        first = entry
    where = f" khi đang {STEPS[last.phase]}" if last.phase in STEPS else ""
    times = sum(1 for entry in ended if entry.started >= first.started)
    often = f" ({times} lần liền)" if times > 1 else ""
    reason = f" {last.reason}" if last.reason else ""
    return Finding(
        "lan_chay_hong",
        Level.FAILED,
        f"Lần chạy bắt đầu {last.started:%H:%M %d/%m/%Y} {_ENDED_ILL[last.state]}{where}{often}.{reason}",
        first.started,
        "Xem `kho status`, sửa theo câu báo lỗi rồi chạy `kho run`; bản đang công bố vẫn là bản cũ.",
    )


def _publication(look: Look) -> Iterator[Finding]:
    """The last publication is of the night that was due; ``kho.duckdb`` stands."""
    file = look.paths.marts_file
    if not file.exists():
        yield Finding("chua_cong_bo", Level.FAILED, "Chưa có bản công bố nào.", None, "Chạy `kho run`.")
        return
    published = datetime.fromtimestamp(file.stat().st_mtime, tz=watch_machine.ZONE).replace(tzinfo=None)
    if not look.settings.lich_chay.bat:
        return
    allowed = timedelta(hours=look.settings.giam_sat.tre_cong_bo_gio)
    due = last_due(look.settings, look.now - allowed)
    if published < due:
        yield Finding(
            "cong_bo_tre",
            Level.FAILED if due - published > timedelta(days=1) else Level.ATTENTION,
            f"Bản đang công bố là của {published:%H:%M %d/%m/%Y}; đêm {due:%d/%m/%Y} chưa công bố.",
            published.replace(microsecond=0),
            "Xem `kho status` để biết lần chạy dừng ở đâu.",
        )
