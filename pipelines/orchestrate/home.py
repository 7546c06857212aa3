"""Dagster's home inside the data folder: storage, one run at a time, dead runs noticed, telemetry off.

Several provinces have one home outside their data folders (``provinces``).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from dagster import DagsterInstance

from pipelines.config.disk import write_whole
from pipelines.config.paths import OWN_DAGSTER
from pipelines.config.space import is_spent
from pipelines.config.yaml_lines import ConfigError
from pipelines.job import Job
from pipelines.warehouse.runs import now_in_vietnam

WORKSPACE = "workspace.yaml"
"""Only a home of several provinces holds it."""
_NOT_BROKEN = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
}


def prepare_home(job: Job) -> Path:
    """Create ``DAGSTER_HOME`` with its ``dagster.yaml`` and point this process to it; returns the folder.

    Raises ``ConfigError``, for one where the folder is the home of several provinces: its queue is not one province's.
    """
    home = job.paths.dagster_home
    if (home / WORKSPACE).exists():
        raise ConfigError(home / WORKSPACE, [(None, _OF_SEVERAL)])
    home.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(without_nulls(_settings(job) | own_settings(home)), sort_keys=True)
    file = home / "dagster.yaml"
    if not file.exists() or file.read_text(encoding="utf-8", errors="replace") != text:
        write_whole(file, text)
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["KHO_DATA"] = str(job.paths.root)
    return home


def own_settings(home: Path) -> dict[str, Any]:
    """The operator's own keys of ``dagster_rieng.yaml`` (another storage); null takes a key of ours out."""
    file = home / OWN_DAGSTER
    if not file.exists():
        return {}
    try:
        own = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConfigError(file, [(None, f"không đọc được ({type(error).__name__}).")]) from None
    if not isinstance(own, dict):
        raise ConfigError(file, [(1, "cần một bảng khóa: giá trị ở mức ngoài cùng.")])
    return own


def without_nulls(settings: dict[str, Any]) -> dict[str, Any]:
    """As they are for Dagster: null in the operator's keys takes a key of ours out."""
    return {key: value for key, value in settings.items() if value is not None}


def _settings(job: Job) -> dict[str, Any]:
    settings = shared_settings(job.paths.dagster_home, job.settings.luu_giu.nhat_ky_ngay)
    return settings | {"concurrency": {"runs": {"max_concurrent_runs": 1}}}


def shared_settings(home: Path, keep: int) -> dict[str, Any]:
    """``dagster.yaml`` of ``home`` but for its queue; ``keep``: days for which ticks are kept."""
    return {
        "telemetry": {"enabled": False},
        "nux": {"enabled": False},
        "retention": {"schedule": {"purge_after_days": keep}, "sensor": {"purge_after_days": keep}},
        "run_launcher": {"module": "pipelines.orchestrate.launcher", "class": "WatchedRunLauncher"},
        "event_log_storage": {
            "module": "pipelines.orchestrate.event_storage",
            "class": "OpenSqliteEventLogStorage",
            "config": {"base_dir": str(home / "history" / "runs")},
        },
        "freshness": {"enabled": True},
        "run_monitoring": {"enabled": True, "poll_interval_seconds": 60, "start_timeout_seconds": 900},
    }


_OF_SEVERAL = (
    "DAGSTER_HOME là thư mục chung của nhiều tỉnh, do `kho ui --cac-tinh` giữ. Bỏ biến DAGSTER_HOME rồi chạy lại: lần "
    "chạy bằng lệnh của một tỉnh được giữ trong thư mục dữ liệu của tỉnh ấy."
)


class StorageAwayError(Exception):
    """The operator's own storage (``dagster_rieng.yaml``) does not answer, or its settings are wrong."""


def instance(job: Job) -> DagsterInstance:
    """The instance whose runs the web UI shows.

    Raises ``StorageAwayError`` where the operator's own storage is away.
    """
    home = prepare_home(job)
    return _opened(home, DagsterInstance.get)


def _opened(home: Path, how: Callable[[], DagsterInstance]) -> DagsterInstance:
    try:
        return how()
    except Exception as error:
        if not has_own_storage(home):
            raise
        raise StorageAwayError(type(error).__name__) from error


def shared_instance(home: Path) -> DagsterInstance:
    """The instance of several provinces; this process is not pointed to it. Raises ``StorageAwayError``."""
    return _opened(home, lambda: DagsterInstance.from_config(str(home)))


def has_own_storage(home: Path) -> bool:
    """Whether the operator keeps Dagster's runs elsewhere than in this folder."""
    return bool(own_settings(home).get("storage"))


def set_aside_if_broken(job: Job) -> Path | None:
    """Move a storage that SQLite cannot read out of the way; returns where it went, or None where all is well.

    What the web UI showed of earlier runs goes with it; nothing of the warehouse does.
    """
    home = job.paths.dagster_home
    if (home / WORKSPACE).exists():  # of several provinces: not this one's to move
        return None
    if not any(_is_broken(file) for file in sorted(home.rglob("*.db"))):
        return None
    aside = home.with_name(f"{home.name}.hong_{now_in_vietnam():%Y%m%d_%H%M%S}")
    home.rename(aside)
    return aside


def _is_broken(file: Path) -> bool:
    try:
        connection = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        # Held for a moment by another process, or on a disk that takes nothing more, is not broken.
        code = error.sqlite_errorcode & 0xFF
        return code not in _NOT_BROKEN and not (code == sqlite3.SQLITE_CANTOPEN and is_spent(file.parent))
    except sqlite3.DatabaseError:
        return True
