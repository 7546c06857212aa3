"""One publication: from the working warehouse, the manifest and the gate's decisions to ``data/marts/``."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import duckdb

from pipelines.config.disk import why
from pipelines.config.orchestration import ResourceLimits
from pipelines.config.paths import OWNER_DIR, DataPaths
from pipelines.config.space import told
from pipelines.publish import build, renewing, swap
from pipelines.publish.keeping import Night, keep, staged
from pipelines.publish.renewing import renewable, written_under
from pipelines.publish.reopening import description
from pipelines.publish.version_store import Store, Version, settle
from pipelines.quality.gate import GroupDecision, State
from pipelines.quality.manifest import Manifest, Mart, marts
from pipelines.warehouse.database import Config, identifier, in_memory, threads_for
from pipelines.warehouse.runs import Run


class PublishError(Exception):
    """Nothing was published, the old publication stands; Vietnamese text without any value of the data."""


def is_aside(paths: DataPaths, run: Run) -> bool:
    """Whether the run's as-of day is before that of what is published: then it is kept beside it, not in its place.

    A group the gate holds is then left out: the published one is of another day. A publication of no file, as the
    first run on an empty folder makes one of today, gives way to any day.
    """
    listing = swap.read_listing(paths.marts)
    feeds = listing.get("nguon")
    if run.replace or (feeds and not any(feeds.values())):
        return False
    published = str(listing.get("ngay_so_lieu", ""))
    return published > run.as_of.isoformat() and swap.usable_database(paths.marts) is not None


class Outcome(StrEnum):
    """What a publication did: took the old one's place, found nothing new to write, or was kept beside it."""

    SWAPPED = "thay"
    UNCHANGED = "khong_doi"
    ASIDE = "giu_rieng"


@dataclass(frozen=True)
class PublishReport:
    """What stands in ``data/marts/`` after a publication.

    ``rows``: rows by (schema, table), groups held back included. ``private_columns`` (``schema.table.column``) and
    ``undescribed`` (``schema.table``) were kept back by the allow-list; ``missing`` were decided for but are in no
    database (a model new in a group that is held back). ``kept``: its name in the store of versions.
    """

    version: str
    as_of: date
    rows: dict[tuple[str, str], int]
    macros: tuple[str, ...]
    held: tuple[str, ...]
    private_columns: tuple[str, ...]
    undescribed: tuple[str, ...]
    missing: tuple[str, ...]
    outcome: Outcome
    kept: str


_UNKNOWN = Night()


def publish(
    paths: DataPaths,
    manifest: Manifest,
    decisions: Iterable[GroupDecision],
    *,
    version: str,
    as_of: date,
    night: Night = _UNKNOWN,
    feeds: Mapping[str, int] | None = None,
    removed: Mapping[str, int] | None = None,
    forgotten: Sequence[str] = (),
    parquet: bool = True,
    limits: ResourceLimits | None = None,
    documents: Callable[[Path], Mapping[str, str | bytes]] | None = None,
    pages: Callable[[Path], Mapping[str, str | bytes]] | None = None,
    open_data: Callable[[Path], Mapping[str, bytes]] | None = None,
    aside: bool = False,
    ledger: str | None = None,
) -> PublishReport:
    """Write and swap in ``kho.duckdb``, with ``parquet`` also ``<schema>/<table>.parquet``, and ``documents``.

    ``feeds`` (states held of each feed), ``removed`` (those that retention removed) and ``ledger`` (see ``unchanged``)
    go into ``ban_ke.json`` for the next run. ``forgotten``: see ``build.Given``. ``documents``: texts and files by path
    below ``data/marts/``. ``pages``: more of them, which the store of versions leaves out since they can be made again.
    ``open_data``: likewise, but kept, since the next ones rest on them; made first, since the others link to them.
    ``aside``: only kept there; the current one stays. Where no figure would change, nothing is written.

    A group decided ``moi`` comes from the working warehouse, ``giu_ban_cu`` from the current ``kho.duckdb``,
    ``chua_co`` is left out. Raises ``PublishError``; what was published before then stands untouched (see ``swap``).
    """
    status = {decision.group: decision.status for decision in decisions}
    staging = _begin(paths)
    try:
        under = written_under(as_of, night.origins, forgotten)
        given = build.Given({} if aside else renewable(swap.read_listing(paths.marts), under), forgotten)
        content = _write(paths, staging, manifest, status, given, limits)
        lasting = {**_written(staging, None if aside else open_data), **_written(staging, documents)}
        _written(staging, pages)
        facts = {"ma": version, "rieng": aside, "so_cai": ledger, "viet_lai": under if content.own else None}
        facts |= _facts(as_of, status, feeds, removed)
        told = staged(staging, manifest, documents=lasting, parts=content.parts, parquet=parquet and not aside)
        kept = keep(staging, told, facts=facts, night=night)
        outcome = _bring_in(staging, kept, aside=aside, parquet=parquet)
    except (OSError, duckdb.Error) as error:
        raise PublishError(_not_written(paths, error)) from None
    finally:
        swap.abandon(staging)
    return PublishReport(
        version=version,
        as_of=as_of,
        rows=content.rows,
        macros=tuple(sorted({f"{schema}.{name}" for schema, name, _ in content.macros + content.functions})),
        held=tuple(sorted(group for group, state in status.items() if state is not State.NEW)),
        private_columns=tuple(content.private_columns),
        undescribed=tuple(content.undescribed),
        missing=tuple(content.missing),
        outcome=outcome,
        kept=kept.name,
    )


def _facts(
    as_of: date, status: Mapping[str, State], feeds: Mapping[str, int] | None, removed: Mapping[str, int] | None
) -> dict[str, Any]:
    return {
        "ngay_so_lieu": as_of.isoformat(),
        "nhom_mart": {group: state.value for group, state in sorted(status.items())},
        "nguon": dict(feeds or {}),
        "nguon_don": dict(removed or {}),
    }


def unchanged(
    paths: DataPaths,
    decisions: Iterable[GroupDecision],
    *,
    version: str,
    feeds: Mapping[str, int],
    ledger: str,
    parquet: bool,
) -> PublishReport | None:
    """The report of a publication that would change nothing, without writing it; None where it might, or one is due.

    For a night whose build made what the last one made. What is published was made of the same inputs (``version``),
    the same states (``feeds``) and the same ``ledger``, by the same decisions, and is whole on disk, and kept.
    """
    listing = swap.read_listing(paths.marts)
    status = {decision.group: decision.status.value for decision in decisions}
    said = [listing.get(name) for name in ("phien_ban", "nhom_mart", "nguon", "so_cai")]
    if said != [version, status, dict(feeds), ledger]:
        return None
    if swap.has_parquet(paths.marts) != parquet or not swap.is_whole(paths.marts):
        return None
    if not Store(paths.marts).stands(str(listing["giu"])):
        return None
    macros = listing["noi_dung"]["bieu"]
    return PublishReport(
        version=version,
        as_of=date.fromisoformat(listing["ngay_so_lieu"]),
        rows={_place(name): int(count) for name, count in listing["so_dong"].items()},
        macros=tuple(sorted(f"{macro['luoc_do']}.{macro['ten']}" for macro in macros)),
        held=tuple(sorted(group for group, state in status.items() if state != State.NEW.value)),
        private_columns=(),
        undescribed=(),
        missing=(),
        outcome=Outcome.UNCHANGED,
        kept=str(listing["giu"]),
    )


def _place(name: str) -> tuple[str, str]:
    schema, table = name.split(".", maxsplit=1)
    return schema, table


def _not_written(paths: DataPaths, error: OSError | duckdb.Error) -> str:
    lack = told(paths, error)
    if lack is not None:
        return f"{lack} {_what_stands(paths)}."
    if isinstance(error, duckdb.Error):
        return f"không dựng được tệp kho.duckdb mới ({type(error).__name__}); bản đang công bố giữ nguyên."
    return (
        f"không ghi được vào {paths.marts} ({why(error)}); kiểm tra dung lượng đĩa và quyền ghi. {_what_stands(paths)}."
    )


def _what_stands(paths: DataPaths) -> str:
    decided = swap.is_pending(paths.marts)
    return "Bản mới sẽ thay nốt ở lần chạy sau" if decided else "Bản đang công bố giữ nguyên"


def _bring_in(staging: swap.Staging, kept: Version, *, aside: bool, parquet: bool) -> Outcome:
    """Put what was staged where it belongs."""
    if aside:
        settle(staging.kept, staging.marts)
        return Outcome.ASIDE
    if _is_current(staging.marts, kept, parquet=parquet):
        settle(staging.kept, staging.marts)
        return Outcome.UNCHANGED
    swap.commit(staging, description(kept))
    return Outcome.SWAPPED


_SAID = ("phien_ban", "giu", "nhom_mart", "nguon", "noi_dung", "viet_lai")


def _is_current(marts: Path, kept: Version, *, parquet: bool) -> bool:
    """Whether what is published is this publication, whole: then a swap would change nothing but when it was done."""
    listing = swap.read_listing(marts)
    said = description(kept)
    return (
        all(listing.get(name) == said[name] for name in _SAID)
        and swap.has_parquet(marts) == parquet
        and swap.is_whole(marts)
    )


def _written(
    staging: swap.Staging, make: Callable[[Path], Mapping[str, str | bytes]] | None
) -> Mapping[str, str | bytes]:
    """What ``make`` makes beside the new ``kho.duckdb``, written there."""
    documents = make(staging.database) if make is not None else {}
    for name, content in documents.items():
        place = staging.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    return documents


def _begin(paths: DataPaths) -> swap.Staging:
    try:
        return swap.begin(paths.marts)
    except OSError as error:
        raise PublishError(f"không dùng được thư mục {paths.marts} ({why(error)}); kiểm tra quyền ghi.") from None


def _write(  # noqa: PLR0917
    paths: DataPaths,
    staging: swap.Staging,
    manifest: Manifest,
    status: dict[str, State],
    given: build.Given,
    limits: ResourceLimits | None,
) -> build.Content:
    scratch = paths.working / "tam_xuat_ban"
    scratch.mkdir(mode=OWNER_DIR, parents=True, exist_ok=True)
    try:
        with in_memory(_config(paths, scratch, limits)) as connection:
            current = swap.usable_database(paths.marts)
            renewed = current is not None and bool(given.standing) and renewing.copy(current, staging.database)
            if not renewed:
                given = replace(given, standing={})
            build.attach(connection, staging.database, paths.warehouse_file, current)
            renewing.clear(connection, given.standing)
            sources = _sources(marts(manifest), status, current is not None)
            content = build.write(connection, sources, paths.warehouse_file.stem, given)
            content.own = renewed or State.KEPT not in status.values()
            _refuse_gaps(content, manifest, status)
            connection.execute(f"CHECKPOINT {build.TARGET}")
            connection.execute("USE memory")
            connection.execute(f"DETACH {build.TARGET}")
        _prove(staging.database, content)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return content


def _config(paths: DataPaths, scratch: Path, limits: ResourceLimits | None) -> Config:
    config: Config = {
        "temp_directory": str(scratch),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if limits is not None:
        config |= {"threads": threads_for(paths.warehouse_file, limits.luong), "memory_limit": limits.bo_nho}
    return config


def _sources(found: Iterable[Mart], status: dict[str, State], has_current: bool) -> list[tuple[Mart, str]]:
    sources = []
    for mart in found:
        state = status.get(mart.group, State.NEVER)
        if state is State.NEW:
            sources.append((mart, build.NEW))
        elif state is State.KEPT and has_current:
            sources.append((mart, build.OLD))
    return sources


def _refuse_gaps(content: build.Content, manifest: Manifest, status: dict[str, State]) -> None:
    """A group decided ``moi`` is published whole or the publication fails: no reader may miss a table silently."""
    group_of = {mart.table: mart.group for mart in marts(manifest)}
    gaps = [table for table in content.missing if status[group_of[table]] is State.NEW]
    if gaps:
        raise PublishError(
            f"kho làm việc thiếu bảng {', '.join(sorted(gaps))} của nhóm đã qua cổng; bản đang công bố giữ nguyên."
        )


def _prove(file: Path, content: build.Content) -> None:
    """Open the new file as a reader will, alone: no log left behind, the same rows, macros that run."""
    if file.with_name(f"{file.name}.wal").exists():
        raise PublishError("tệp kho.duckdb mới còn nhật ký chưa ghi hết; bản đang công bố giữ nguyên.")
    with duckdb.connect(str(file), read_only=True) as connection:
        for (schema, table), count in content.rows.items():
            place = f"{identifier(schema)}.{identifier(table)}"
            if connection.execute(f"SELECT count(*) FROM {place}").fetchall() != [(count,)]:
                raise PublishError(f"bảng {schema}.{table} ghi ra không đủ dòng; bản đang công bố giữ nguyên.")
        broken = build.check_macros(connection, content)
    if broken is not None:
        raise PublishError(
            f"biểu {broken} không chạy được trên tệp công bố (chỉ được đọc bảng đã công bố); "
            "bản đang công bố giữ nguyên."
        )
