"""One publication: from the working warehouse, the manifest and the gate's decisions to ``data/marts/``."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.config.orchestration import ResourceLimits
from pipelines.config.paths import OWNER_DIR, DataPaths
from pipelines.publish import build, swap
from pipelines.quality.gate import GroupDecision, State
from pipelines.quality.manifest import Manifest, Mart, marts
from pipelines.warehouse.database import TIME_ZONE


class PublishError(Exception):
    """Nothing was published, the old publication stands; Vietnamese text without any value of the data."""


@dataclass(frozen=True)
class PublishReport:
    """What stands in ``data/marts/`` after a publication.

    ``rows``: rows by (schema, table), groups held back included. ``private_columns`` (``schema.table.column``) and
    ``undescribed`` (``schema.table``) were kept back by the allow-list; ``missing`` were decided for but are in no
    database (a model new in a group that is held back).
    """

    version: str
    as_of: date
    rows: dict[tuple[str, str], int]
    macros: tuple[str, ...]
    held: tuple[str, ...]
    private_columns: tuple[str, ...]
    undescribed: tuple[str, ...]
    missing: tuple[str, ...]


def publish(
    paths: DataPaths,
    manifest: Manifest,
    decisions: Iterable[GroupDecision],
    *,
    version: str,
    as_of: date,
    run_number: int | None = None,
    feeds: Mapping[str, int] | None = None,
    parquet: bool = True,
    limits: ResourceLimits | None = None,
    documents: Mapping[str, str] | None = None,
) -> PublishReport:
    """Write and swap in ``kho.duckdb``, with ``parquet`` also ``<schema>/<table>.parquet``, and ``documents``.

    ``run_number`` and ``feeds`` (states held of each feed) go into ``ban_ke.json``: the next run compares with them.
    ``documents``: texts by path below ``data/marts/``; like every published file they are listed in ``ban_ke.json``.

    A group decided ``moi`` comes from the working warehouse, ``giu_ban_cu`` from the current ``kho.duckdb``,
    ``chua_co`` is left out. Raises ``PublishError``; what was published before then stands untouched (see ``swap``).
    """
    status = {decision.group: decision.status for decision in decisions}
    staging = _begin(paths)
    try:
        content = _write(paths, staging, manifest, status, parquet=parquet, limits=limits)
        _write_documents(staging, documents or {})
        description = {
            "phien_ban": version,
            "so_lan": run_number,
            "nguon": dict(feeds or {}),
            "ngay_so_lieu": as_of.isoformat(),
            "nhom_mart": {group: state.value for group, state in sorted(status.items())},
            "so_dong": {f"{schema}.{table}": count for (schema, table), count in content.rows.items()},
        }
        swap.commit(staging, description)
    except OSError as error:
        decided = swap.is_pending(paths.marts)
        outcome = "Bản mới sẽ thay nốt ở lần chạy sau" if decided else "Bản đang công bố giữ nguyên"
        raise PublishError(
            f"không ghi được vào {paths.marts} ({error.strerror or type(error).__name__}); kiểm tra dung lượng đĩa "
            f"và quyền ghi. {outcome}."
        ) from None
    except duckdb.Error as error:
        raise PublishError(
            f"không dựng được tệp kho.duckdb mới ({type(error).__name__}); bản đang công bố giữ nguyên."
        ) from None
    finally:
        swap.abandon(staging)
    return PublishReport(
        version=version,
        as_of=as_of,
        rows=content.rows,
        macros=tuple(sorted({f"{schema}.{name}" for schema, name, _ in content.macros})),
        held=tuple(sorted(group for group, state in status.items() if state is not State.NEW)),
        private_columns=tuple(content.private_columns),
        undescribed=tuple(content.undescribed),
        missing=tuple(content.missing),
    )


def _write_documents(staging: swap.Staging, documents: Mapping[str, str]) -> None:
    for name, text in documents.items():
        place = staging.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


def _begin(paths: DataPaths) -> swap.Staging:
    try:
        return swap.begin(paths.marts)
    except OSError as error:
        raise PublishError(
            f"không dùng được thư mục {paths.marts} ({error.strerror or type(error).__name__}); kiểm tra quyền ghi."
        ) from None


def _write(
    paths: DataPaths,
    staging: swap.Staging,
    manifest: Manifest,
    status: dict[str, State],
    *,
    parquet: bool,
    limits: ResourceLimits | None,
) -> build.Content:
    scratch = paths.working / "tam_xuat_ban"
    scratch.mkdir(mode=OWNER_DIR, parents=True, exist_ok=True)
    try:
        with duckdb.connect(":memory:", config=_config(scratch, limits)) as connection:
            connection.execute(f"SET TimeZone = '{TIME_ZONE}'")
            connection.execute("SET enable_progress_bar = false")
            current = swap.usable_database(paths.marts)
            build.attach(connection, staging.database, paths.warehouse_file, current)
            content = build.write(
                connection, _sources(marts(manifest), status, current is not None), paths.warehouse_file.stem
            )
            _refuse_gaps(content, manifest, status)
            for schema, table in content.rows if parquet else ():
                build.write_parquet(connection, schema, table, staging.parquet(schema, table))
            connection.execute(f"CHECKPOINT {build.TARGET}")
            connection.execute("USE memory")
            connection.execute(f"DETACH {build.TARGET}")
        _prove(staging.database, content)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return content


def _config(scratch: Path, limits: ResourceLimits | None) -> dict[str, str | bool | int | float | list[str]]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(scratch),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    if limits is not None:
        config |= {"threads": limits.luong, "memory_limit": limits.bo_nho}
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
            place = f"{build.identifier(schema)}.{build.identifier(table)}"
            if connection.execute(f"SELECT count(*) FROM {place}").fetchall() != [(count,)]:
                raise PublishError(f"bảng {schema}.{table} ghi ra không đủ dòng; bản đang công bố giữ nguyên.")
        broken = build.check_macros(connection, content)
    if broken is not None:
        raise PublishError(
            f"biểu {broken} không chạy được trên tệp công bố (chỉ được đọc bảng đã công bố); "
            "bản đang công bố giữ nguyên."
        )
