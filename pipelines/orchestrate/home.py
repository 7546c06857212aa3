"""Dagster's home inside the data folder: storage, retention, telemetry off."""

from __future__ import annotations

import os
from pathlib import Path

import yaml
from dagster import DagsterInstance

from pipelines.nightly import Job


def prepare_home(job: Job) -> Path:
    """Create ``DAGSTER_HOME`` with its ``dagster.yaml`` and point this process to it; returns the folder."""
    home = job.paths.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    keep = job.settings.luu_giu.nhat_ky_ngay
    settings = {
        "telemetry": {"enabled": False},
        "nux": {"enabled": False},
        "retention": {"schedule": {"purge_after_days": keep}, "sensor": {"purge_after_days": keep}},
    }
    text = yaml.safe_dump(settings, sort_keys=True)
    file = home / "dagster.yaml"
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    return home


def instance(job: Job) -> DagsterInstance:
    """The instance whose runs the web UI shows."""
    prepare_home(job)
    return DagsterInstance.get()
