"""What the web UI says of an asset besides its key: whose it is, what it is made with, how fresh it must be, code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from dagster import AssetKey, AssetSpec, FreshnessPolicy, MetadataValue

from pipelines.job import Job
from pipelines.orchestrate.several.province import own_address
from pipelines.publishing import QUALITY_PAGE

_PACKAGE = Path(__file__).resolve().parents[1]


def spec(
    job: Job,
    key: AssetKey,
    *,
    group: str,
    description: str,
    kinds: Iterable[str],
    deps: Iterable[AssetKey] = (),
    owner: str = "kho",
    code_version: str | None = None,
    days: int | None = None,
    metadata: dict[str, Any] | None = None,
    tags: dict[str, str] | None = None,
) -> AssetSpec:
    """An asset of the night; ``days``: how many may pass between two materialisations (``nhip_ngay``)."""
    return AssetSpec(
        key,
        deps=sorted(set(deps)),
        group_name=group,
        description=description,
        kinds=set(kinds),
        owners=[job.settings.owner(owner)],
        code_version=code_version,
        freshness_policy=None if days is None else FreshnessPolicy.time_window(fail_window=timedelta(days=days)),
        metadata=metadata or {},
        tags=tags,
    )


def quality_link() -> dict[str, MetadataValue[Any]]:
    """The quality page: what is wrong, rule by rule, whose it is and what to do."""
    return {"trang_chat_luong": MetadataValue.url(quality_url())}


def quality_url() -> str:
    """Where the project's own web server shows the published quality page."""
    return f"{own_address()}/{QUALITY_PAGE}"


@cache
def code_of(*places: str) -> str:
    """Digest of files or folders of ``pipelines``: the code version of what they make."""
    digest = hashlib.sha256()
    for place in places:
        base = _PACKAGE / place
        for file in sorted(base.rglob("*") if base.is_dir() else [base]):
            if file.suffix in {".py", ".json", ".yaml", ".csv"}:
                digest.update(file.relative_to(_PACKAGE).as_posix().encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
