"""The morning's list in the web UI: a check a level on ``dieu_hanh/canh_bao``, with counts and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from dagster import AssetCheckResult, AssetCheckSeverity, AssetCheckSpec, AssetKey

from pipelines.config.figures import grouped
from pipelines.job import Job
from pipelines.orchestrate.keys import key
from pipelines.warehouse import alerts

_WORDS = {"do": "đỏ", "vang": "vàng"}
_REMEDY = "Danh sách từng đơn vị: kho work --don-vi MÃ; việc đã nhận thì đánh dấu bằng kho work --da-xem."


def list_key() -> AssetKey:
    """The mart of the list."""
    return key("dieu_hanh", "canh_bao")


def alert_specs() -> list[AssetCheckSpec]:
    """``muc_do`` and ``muc_vang``."""
    return [
        AssetCheckSpec(
            f"muc_{level}", asset=list_key(), description=f"Không còn cảnh báo mức {words} nào đang mở mà chưa ai xem."
        )
        for level, words in _WORDS.items()
    ]


def alert_results(job: Job) -> Iterator[AssetCheckResult]:
    """How many are open, of how many nobody has seen, by kind; a warning, it does not turn the run red."""
    with job.warehouse(read_only=True) as connection:
        rows = connection.execute(
            "SELECT muc_do, loai, count(*), count(*) FILTER (NOT da_xem) "
            f"FROM ({alerts.OPEN}) GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
    for level, words in _WORDS.items():
        mine = [row for row in rows if row[0] == level]
        opened, unseen = sum(row[2] for row in mine), sum(row[3] for row in mine)
        said = f"{grouped(opened)} cảnh báo mức {words} đang mở, {grouped(unseen)} chưa ai xem."
        yield AssetCheckResult(
            check_name=f"muc_{level}",
            asset_key=list_key(),
            passed=unseen == 0,
            severity=AssetCheckSeverity.WARN,
            description=f"{said} {_REMEDY}" if unseen else said,
            metadata={"dang_mo": opened, "chua_xem": unseen, **{f"dang_mo_{kind}": n for _, kind, n, _ in mine}},
        )
