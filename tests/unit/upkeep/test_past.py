"""A past night made again stays apart: nobody outside is handed what it publishes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from pipelines import past
from pipelines.config.paths import DataPaths
from pipelines.job import Job, load_job
from pipelines.warehouse.runs import Run


class _EnoughError(Exception):
    """Stands where the replayed night would publish."""


def test_the_serving_copy_is_not_filled_with_it(data: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    data.prepare()
    job = load_job()
    handing_out = job.settings.model_copy(update={"bi": job.settings.bi.model_copy(update={"bat": True})})
    seen: list[Job] = []

    def published(there: Job, *_: object, **__: object) -> None:
        seen.append(there)
        raise _EnoughError

    monkeypatch.setattr(past, "_arrivals", lambda *_: [])
    for step in ("_lay_out", "_read_again"):
        monkeypatch.setattr(past, step, lambda *_: None)
    for step in ("link_or_hold", "build", "check"):
        monkeypatch.setattr(past.nightly, step, lambda *_: None)
    monkeypatch.setattr(past.publishing, "publish", published)
    run = Run(1, datetime(2025, 7, 1, 2), date(2025, 6, 30))
    with pytest.raises(_EnoughError), past.replayed(replace(job, settings=handing_out), run, by=run.started):
        pass
    assert [there.settings.bi.bat for there in seen] == [False]
    assert seen[0].paths.root != data.root
