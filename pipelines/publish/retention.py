"""Which publications are kept, why, and the removal of the rest (``luu_giu`` of ``orchestration.yaml``).

Kept are: what somebody pinned (``ghim``); of each month that has ended the last publication, for the newest
``ban_cuoi_thang`` months (``cuoi_thang``); the newest ``ban_dem`` publications and the current one (``dem``). A month
is that of the as-of day; a publication kept aside never stands for it. A listing that cannot be read is left alone,
and as long as there is one no content is removed: it may name it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime

from pipelines.config.orchestration import Retention
from pipelines.config.paths import INTERNAL_FILE, DataPaths
from pipelines.publish.files import sync
from pipelines.publish.swap import read_listing
from pipelines.publish.version_store import CONTENT, LISTINGS, REMOVED, Store, Version

PINNED, MONTH_END, NIGHT = "ghim", "cuoi_thang", "dem"


@dataclass(frozen=True)
class Removed:
    """Something retention removed, or would: what it was, its path below the data folder, bytes, and why."""

    what: str
    path: str
    size: int
    reason: str


def reasons(store: Store, settings: Retention, current: str | None) -> dict[str, str]:
    """Publication → why it is kept; one that is not in it is past its time. ``current``: the one in use."""
    versions = store.versions()
    kept = {version.name: NIGHT for version in versions[: settings.ban_dem]}
    if current is not None:
        kept[current] = NIGHT
    kept |= dict.fromkeys(_month_ends(versions, settings.ban_cuoi_thang), MONTH_END)
    kept |= dict.fromkeys(store.pins(), PINNED)
    return {version.name: kept[version.name] for version in versions if version.name in kept}


def pinned_by(store: Store) -> datetime | None:
    """The moment by which every file had arrived that a pinned publication was built from; None without pins."""
    pins = store.pins()
    moments = [v.facts.get("nhu_luc") or v.facts.get("bat_dau") for v in store.versions() if v.name in pins]
    return max((datetime.fromisoformat(moment) for moment in moments if moment), default=None)


def _month_ends(versions: list[Version], months: int) -> list[str]:
    last: dict[str, Version] = {}
    for version in sorted(versions, key=lambda version: (version.as_of, version.number)):
        if not version.is_aside:
            last[f"{version.as_of:%Y-%m}"] = version
    ended = sorted(last)[:-1]
    return [last[month].name for month in ended[-months:]]


def retire(paths: DataPaths, settings: Retention, *, dry_run: bool) -> list[Removed]:
    """Remove publications past their time and content that no listing names; with ``dry_run`` only tell.

    Which publications stay depends on their order, not on the day. The caller holds the data folder. A removed
    listing's head goes to ``da_bo.jsonl`` first, so that a crash at any point leaves a chain that can be proved.
    Raises ``OSError``.
    """
    store = Store(paths.marts)
    kept = reasons(store, settings, read_listing(paths.marts).get("giu"))
    past = [version for version in store.versions() if version.name not in kept]
    removed = []
    for version in sorted(past, key=lambda version: version.number):
        listing = store.folder / LISTINGS / f"{version.name}.json"
        reason = f"quá {settings.ban_dem} bản mới nhất và không phải bản cuối tháng còn giữ"
        removed.append(Removed("phien_ban", _below(paths, listing), listing.stat().st_size, reason))
        if not dry_run:
            _remember(store, version)
            listing.unlink()
            sync(listing.parent)
    return removed + _content(paths, store, {version.name for version in past}, dry_run=dry_run)


def _remember(store: Store, version: Version) -> None:
    if any(head.get("phien_ban") == version.name for head in store.removed()):
        return
    place = store.folder / REMOVED
    # A line that a power cut left half written is ended first, so that it spoils no other.
    start = "" if not place.exists() or place.read_bytes().endswith(b"\n") or not place.stat().st_size else "\n"
    descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, INTERNAL_FILE)
    try:
        os.write(descriptor, f"{start}{json.dumps(version.head, ensure_ascii=False)}\n".encode())
        os.fchmod(descriptor, INTERNAL_FILE)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _content(paths: DataPaths, store: Store, past: set[str], *, dry_run: bool) -> list[Removed]:
    """Content files that no listing names (any more)."""
    if store.damaged_listings():
        return []
    named = {content for version in store.versions() if version.name not in past for content in version.content}
    removed = []
    for file in sorted(path for path in (store.folder / CONTENT).rglob("*") if path.is_file()):
        if file.name not in named:
            removed.append(
                Removed("noi_dung", _below(paths, file), file.stat().st_size, "không phiên bản nào còn dùng")
            )
            if not dry_run:
                file.unlink()
                if not any(file.parent.iterdir()):
                    file.parent.rmdir()
    return removed


def _below(paths: DataPaths, file: object) -> str:
    return os.path.relpath(str(file), paths.root)
