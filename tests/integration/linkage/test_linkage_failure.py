"""A night whose linkage fails: the ledger knows why, what reads the pairs is held, the rest goes on."""

from __future__ import annotations

from datetime import date

import pytest

from pipelines import building, nightly
from pipelines.config.paths import DataPaths
from pipelines.job import Job, load_job
from pipelines.warehouse.runs import Run

PERSONAL = "Nguyễn Thửmộtz 024225000017"


@pytest.fixture
def started(data: DataPaths, monkeypatch: pytest.MonkeyPatch) -> tuple[Job, Run]:
    monkeypatch.setenv("KHO_KHOA_BI_MAT", "khoa-thu-nghiem-khong-phai-khoa-that-0123456789")
    job = load_job()
    return job, nightly.prepare(job, date(2025, 9, 30))


def ledger(job: Job, run: Run) -> tuple[set[str], dict[str, str]]:
    with job.warehouse(read_only=True) as connection:
        return building.failed_nodes(connection, run)


def fail(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def stub(job: Job, *, full: bool = False) -> None:
        raise error

    monkeypatch.setattr(nightly, "link", stub)


def test_known_failure_is_entered_with_its_sentence(started: tuple[Job, Run], monkeypatch: pytest.MonkeyPatch) -> None:
    job, run = started
    fail(monkeypatch, nightly.RunError("Tệp mô hình hỏng."))
    reason = nightly.link_or_hold(job, run)
    assert reason == "Liên kết bản ghi hộ tịch không xong: Tệp mô hình hỏng."
    assert ledger(job, run) == ({nightly.LINKED}, {nightly.LINKED: reason})


def test_unexpected_failure_does_not_stop_the_night_nor_quote_the_data(
    started: tuple[Job, Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    job, run = started
    fail(monkeypatch, ValueError(PERSONAL))
    reason = nightly.link_or_hold(job, run)
    assert reason is not None
    assert "Thửmộtz" not in reason
    assert "ValueError" in reason
    trace = job.paths.working / "loi_lien_ket.txt"
    assert PERSONAL in trace.read_text(encoding="utf-8")
    assert trace.stat().st_mode & 0o777 == 0o600


def test_linkage_that_works_again_clears_the_mark(started: tuple[Job, Run], monkeypatch: pytest.MonkeyPatch) -> None:
    job, run = started
    fail(monkeypatch, nightly.RunError("hỏng"))
    nightly.link_or_hold(job, run)
    monkeypatch.setattr(nightly, "link", lambda _job: None)
    assert nightly.link_or_hold(job, run) is None
    assert ledger(job, run) == (set(), {})
