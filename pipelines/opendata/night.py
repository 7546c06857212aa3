"""Open data as a part of a publication: what goes wrong in it is told and holds back no figure."""

from __future__ import annotations

from collections.abc import Callable, Set
from datetime import date
from pathlib import Path

from pipelines import stopping
from pipelines.config.orchestration import Orchestration
from pipelines.config.paths import DataPaths
from pipelines.config.traces import keep_trace
from pipelines.opendata.memory import PAUSE, LostError, opened
from pipelines.opendata.tables import FOLDER
from pipelines.publish.swap import read_listing


def files_of_night(
    database: Path,
    *,
    paths: DataPaths,
    settings: Orchestration,
    as_of: date,
    held: Set[str],
    remark: Callable[[str], None],
) -> dict[str, bytes]:
    """Files of ``data/marts/mo/`` that go with the new ``kho.duckdb``; those that stand where it fails.

    ``held``: marts of groups that are held back. ``remark`` is told what went wrong, in Vietnamese.
    """
    # Not before there is something to publish: it brings numpy, and scipy where something is hidden.
    from pipelines.opendata.opening import open_data

    try:
        before = opened(paths.marts)
        if not settings.du_lieu_mo.bat:
            return _standing(paths.marts)  # what is open cannot be taken back, and is the memory of what will be
        done = open_data(
            database,
            before,
            settings=settings.du_lieu_mo,
            as_of=as_of,
            held=held,
            threads=settings.gioi_han.luong,
            memory=settings.gioi_han.bo_nho,
        )
    except LostError as lost:
        remark(str(lost).splitlines()[0])
        return {PAUSE: str(lost).encode()}
    except Exception as error:  # noqa: BLE001 - whatever it is, the figures are published; its text may quote data
        stopping.raise_if_asked()
        file = keep_trace(paths, error, "loi_du_lieu_mo.txt")
        remark(
            f"Không làm được dữ liệu mở vì lỗi {type(error).__name__}; data/marts/mo giữ như cũ; chi tiết (chỉ chủ thư "
            f"mục đọc được) ở lam_viec/{file.name}."
        )
        return _standing(paths.marts)
    for text in done.remarks:
        remark(text)
    return done.files(settings.du_lieu_mo)


def _standing(marts: Path) -> dict[str, bytes]:
    """The published files as they stand."""
    names = [name for name in read_listing(marts).get("tep", {}) if name.startswith(f"{FOLDER}/")]
    return {name: (marts / name).read_bytes() for name in names if (marts / name).is_file()}
