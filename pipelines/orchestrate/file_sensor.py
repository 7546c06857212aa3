"""Files by day: one run for a batch of new files, once ``raw/`` has stood still (``cam_bien_tep``; off by default)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dagster import (
    DefaultSensorStatus,
    RunRequest,
    SensorDefinition,
    SensorEvaluationContext,
    SkipReason,
    sensor,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from pipelines.config.orchestration import FileSensor
from pipelines.config.paths import DataPaths
from pipelines.intake.found.scan import scan
from pipelines.job import Job
from pipelines.turn import STEPS
from pipelines.warehouse.database import TIME_ZONE
from pipelines.warehouse.journal import Entry, entries
from pipelines.warehouse.runs import now_in_vietnam

SENSOR = "tep_moi"
_LOOK_SECONDS = 60
_PAST_INTAKE = frozenset(STEPS) - {"nap"}


@dataclass(frozen=True)
class Seen:
    """What the sensor remembers between two looks.

    ``taken``: listing of ``raw/`` that a run has read; ``shown``: the last one seen, unchanged since ``still``;
    ``waiting``: since when something is there that no run has read.
    """

    taken: str = ""
    shown: str = ""
    still: str = ""
    waiting: str = ""


@dataclass(frozen=True)
class Look:
    """One look: what to remember, and the run to ask for (``ask``) or why not."""

    seen: Seen
    ask: bool
    why: str


@dataclass(frozen=True)
class Listing:
    """What lies in ``raw/``: a digest of names, sizes and times ('' where nothing does), and the newest time."""

    digest: str = ""
    newest: datetime | None = None


def look(seen: Seen, files: Listing, now: datetime, last_read: datetime | None, rules: FileSensor) -> Look:
    """Whether to ask for a run now. ``last_read``: start of the last run that read the files of ``raw/`` to the end.

    Times are Vietnam's wall clock; nothing of it depends on how often one looks.
    """
    listing = files.digest
    if not seen.still and last_read is not None and files.newest is not None and files.newest < last_read:
        # Switched on just now, and nothing has come since the last night.
        seen = Seen(taken=listing, shown=listing, still=now.isoformat())
    if listing != seen.shown:
        seen = replace(seen, shown=listing, still=now.isoformat(), waiting=seen.waiting or now.isoformat())
    if listing != seen.taken and last_read is not None and last_read >= datetime.fromisoformat(seen.still):
        seen = replace(seen, taken=listing)
    if listing in {"", seen.taken}:
        return Look(replace(seen, waiting=""), False, "Không có tệp mới trong raw/.")
    quiet = now - datetime.fromisoformat(seen.still) >= timedelta(minutes=rules.yen_phut)
    long = now - datetime.fromisoformat(seen.waiting or seen.still) >= timedelta(minutes=rules.doi_nhieu_nhat_phut)
    if not quiet and not long:
        return Look(seen, False, f"Có tệp mới; đợi raw/ đứng yên {rules.yen_phut} phút.")
    if last_read is not None and now - last_read < timedelta(minutes=rules.gom_phut):
        return Look(seen, False, f"Có tệp mới; gộp đến khi cách lần chạy trước {rules.gom_phut} phút.")
    return Look(replace(seen, taken=listing, waiting=""), True, "Tệp mới đã đứng yên.")


def listing_of(paths: DataPaths, feeds: Collection[str]) -> Listing:
    """The files below ``raw/`` that the intake would look at."""
    found, _ = scan(paths.raw, feeds)
    digest = hashlib.sha256()
    newest = None
    for item in found:
        try:
            facts = item.path.stat()
        except OSError:  # gone or closed: the intake tells of it
            continue
        digest.update(f"{item.name}|{facts.st_size}|{facts.st_mtime_ns}\n".encode("utf-8", "backslashreplace"))
        changed = datetime.fromtimestamp(facts.st_mtime, ZoneInfo(TIME_ZONE)).replace(tzinfo=None)
        newest = max(newest, changed) if newest else changed
    return Listing(digest.hexdigest()[:32], newest) if newest else Listing()


def last_read(known: list[Entry]) -> datetime | None:
    """Start of the last run that came past the intake."""
    return max((entry.started for entry in known if entry.phase in _PAST_INTAKE), default=None)


def file_sensor(job: Job, target: UnresolvedAssetJobDefinition) -> SensorDefinition:
    """Sensor ``tep_moi`` for one data folder."""
    rules = job.settings.cam_bien_tep

    @sensor(
        name=SENSOR,
        job=target,
        minimum_interval_seconds=_LOOK_SECONDS,
        default_status=DefaultSensorStatus.RUNNING if rules.bat else DefaultSensorStatus.STOPPED,
        description=(
            "Tệp đến ban ngày: xin một lần chạy cho cả đợt tệp mới khi raw/ đã đứng yên (cam_bien_tep trong "
            "orchestration.yaml). Mặc định tắt."
        ),
    )
    def tep_moi(context: SensorEvaluationContext) -> RunRequest | SkipReason:
        seen = Seen(**json.loads(context.cursor)) if context.cursor else Seen()
        files = listing_of(job.paths, job.contracts)
        made = look(seen, files, now_in_vietnam(), last_read(entries(job.paths)), rules)
        context.update_cursor(json.dumps(asdict(made.seen)))
        return RunRequest(run_key=f"{files.digest}@{made.seen.still}") if made.ask else SkipReason(made.why)

    return tep_moi
