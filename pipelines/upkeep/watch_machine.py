"""Looks at the machine and the papers: daemon, disk, storage of events, secret key, calendar, waivers, damage."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipelines.config.secret import VARIABLE, SecretError, key_file, secret_key
from pipelines.quality.model import WAIVER_NOTICE
from pipelines.quality.rules import load_rules
from pipelines.upkeep.finding import Finding, Level
from pipelines.warehouse.calendar import SEEDS, read_announced_years, year_owed
from pipelines.warehouse.damage import is_flagged
from pipelines.warehouse.database import TIME_ZONE

if TYPE_CHECKING:
    from pipelines.upkeep.watch import Look

ZONE = ZoneInfo(TIME_ZONE)
_RUNBOOKS = "docs/van_hanh"


def _daemon(look: Look) -> Iterator[Finding]:
    """The scheduler's heartbeat: in Dagster's SQLite, read-only, or as ``kho ui`` notes it of another storage."""
    if not look.settings.lich_chay.bat:
        return
    file, noted = look.paths.dagster_home / "history" / "runs.db", look.paths.heartbeat_file
    if not file.exists() and not noted.exists() and not look.paths.own_dagster_file.exists():
        return
    try:
        beats = [beat for beat in (_stored(file), _noted(noted)) if beat is not None]
    except sqlite3.Error as error:
        yield Finding(
            "kho_dagster",
            Level.ATTENTION,
            f"Không đọc được kho lưu của Dagster ({type(error).__name__}).",
            None,
            "Lần `kho run` kế tiếp dời kho hỏng sang chỗ khác và lập kho mới; sau đó khởi động lại `kho ui`.",
        )
        return
    last = max(beats, default=None)
    allowed = timedelta(minutes=look.settings.giam_sat.nhip_tim_phut)
    if last is None or look.now - last > allowed:
        yield Finding(
            "bo_lap_lich",
            Level.ATTENTION,
            "Bộ lập lịch của Dagster không chạy." if last is None else f"Bộ lập lịch im từ {last:%H:%M %d/%m/%Y}.",
            last,
            "Khởi động lại: `systemctl restart kho-ui` (hoặc `kho ui`); đêm đã lỡ chạy bù bằng `kho run`.",
        )


def _stored(file: Path) -> datetime | None:
    """The newest beat in Dagster's SQLite, which writes UTC without a zone. Raises ``sqlite3.Error``."""
    if not file.exists():
        return None
    connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        beat = connection.execute(
            "SELECT max(timestamp) FROM daemon_heartbeats WHERE daemon_type = 'SCHEDULER'"
        ).fetchone()[0]
    finally:
        connection.close()
    return _local(datetime.fromisoformat(beat).replace(tzinfo=ZoneInfo("UTC"))) if beat else None


def _noted(file: Path) -> datetime | None:
    """The beat that ``kho ui`` noted; none where there is no such file, or not a number in it."""
    try:
        return _local(datetime.fromtimestamp(float(file.read_text(encoding="utf-8")), tz=ZoneInfo("UTC")))
    except (OSError, ValueError, OverflowError):
        return None


def _local(moment: datetime) -> datetime:
    """Vietnam wall clock."""
    return moment.astimezone(ZONE).replace(tzinfo=None, microsecond=0)


def _disk(look: Look) -> Iterator[Finding]:
    free = look.paths.free_bytes / 1e9
    if free < look.settings.giam_sat.dia_trong_gb:
        yield Finding(
            "dia_day",
            Level.ATTENTION,
            f"Đĩa chứa {look.paths.root} chỉ còn {free:.1f} GB.",
            None,
            "Chạy `kho purge --dry-run` rồi `kho purge`; nếu vẫn thiếu, thêm đĩa.",
        )
    events = look.paths.dagster_home
    size = sum(file.stat().st_size for file in events.rglob("*.db")) / 1e6 if events.is_dir() else 0.0
    if size > look.settings.giam_sat.kho_su_kien_mb:
        yield Finding(
            "kho_su_kien",
            Level.ATTENTION,
            f"Kho sự kiện của Dagster đã lớn {size:.0f} MB.",
            None,
            "Chạy `kho purge`; giảm luu_giu.nhat_ky_ngay nếu vẫn lớn.",
        )


def _key(look: Look) -> Iterator[Finding]:
    """Present, 0600, sound; and backed up on a day that the operator has stated."""
    try:
        secret_key()
    except SecretError as mistake:
        if look.paths.warehouse_file.exists() or look.paths.marts_file.exists():
            yield Finding("khoa", Level.FAILED, str(mistake), None, f"Xem {_RUNBOOKS}/mat_khoa_bi_mat.md.")
        return
    stated = look.settings.giam_sat.khoa_sao_luu
    remedy = "Sao lưu khóa (`kho backup THƯ_MỤC --kem-khoa`), cất ngoài máy, ghi ngày vào giam_sat.khoa_sao_luu."
    place = f"biến {VARIABLE}" if os.environ.get(VARIABLE) else str(key_file())
    if stated is None:
        yield Finding("khoa_chua_sao_luu", Level.ATTENTION, f"Khóa bí mật ({place}) chưa sao lưu.", None, remedy)
    elif (look.now.date() - stated).days > look.settings.giam_sat.khoa_sao_luu_ngay:
        begun = datetime.combine(stated, datetime.min.time())
        yield Finding(
            "khoa_sao_luu_cu", Level.ATTENTION, f"Bản sao lưu khóa bí mật là của {stated:%d/%m/%Y}.", begun, remedy
        )


def _calendar(look: Look) -> Iterator[Finding]:
    """From 1 December the schedule of days off of the next year must be loaded (rule R2)."""
    wanted = year_owed(look.now.date())
    if wanted not in read_announced_years(SEEDS / "lich_cong_bo.csv"):
        yield Finding(
            f"lich:{wanted}",
            Level.ATTENTION,
            f"Lịch nghỉ chính thức năm {wanted} chưa nạp; hạn giải quyết trong năm đó là tạm tính.",
            datetime(wanted - 1, 12, 1),
            f"Làm theo {_RUNBOOKS}/lich_nghi_nam_moi.md.",
        )


def _waivers(look: Look) -> Iterator[Finding]:
    today = look.now.date()
    for rule in load_rules():
        if rule.loosening is None or rule.loosening.until > today + WAIVER_NOTICE:
            continue
        over = rule.loosening.until < today
        yield Finding(
            f"noi_long:{rule.code}:{'het' if over else 'sap_het'}",
            Level.ATTENTION,
            f"Nới lỏng của quy tắc {rule.code} {'đã' if over else 'sẽ'} hết hạn {rule.loosening.until:%d/%m/%Y}.",
            datetime.combine(rule.loosening.until, datetime.min.time()),
            "Bỏ nới lỏng khỏi expectations/, hoặc ghi lý do và hạn mới.",
        )


def _damage(look: Look) -> Iterator[Finding]:
    """A warehouse that a run found damaged, and what was set aside and waits to be looked at."""
    if is_flagged(look.paths):
        yield Finding(
            "kho_lam_viec", Level.FAILED, "Kho làm việc hỏng.", None, "Chạy `kho run`: kho được dựng lại từ raw/."
        )
    aside = sorted((look.paths.working / "hong").glob("*.duckdb")) + sorted(_homes(look.paths.dagster_home))
    if aside:
        begun = datetime.fromtimestamp(aside[-1].stat().st_mtime, tz=ZONE).replace(tzinfo=None, microsecond=0)
        yield Finding(
            f"da_doi:{aside[-1].name}",
            Level.ATTENTION,
            f"{len(aside)} kho hỏng đã dời sang chỗ khác, mới nhất {aside[-1].name}.",
            begun,
            "Kiểm tra ổ đĩa (smartctl, dmesg); `kho purge` xóa khi quá luu_giu.tep_hong_ngay.",
        )


def _homes(home: Path) -> list[Path]:
    return [path for path in home.parent.glob(f"{home.name}.hong_*") if path.is_dir()]


LOOKS: list[tuple[str, Callable[[Look], Iterator[Finding]]]] = [
    ("bộ lập lịch", _daemon),
    ("dung lượng đĩa", _disk),
    ("khóa bí mật", _key),
    ("lịch nghỉ", _calendar),
    ("nới lỏng quy tắc", _waivers),
    ("kho làm việc", _damage),
]
