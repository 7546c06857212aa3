"""Files by day: one run for a batch that has stood still, and none for what a night has read."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from dagster import DagsterInstance, Definitions, RunRequest, SkipReason, build_sensor_context

from pipelines.config.orchestration import FileSensor
from pipelines.config.paths import DataPaths
from pipelines.orchestrate.file_sensor import Listing, Seen, listing_of, look

RULES = FileSensor(bat=True, yen_phut=15, gom_phut=60, doi_nhieu_nhat_phut=180)
NOON = datetime(2026, 3, 2, 12, 0)
NIGHT = datetime(2026, 3, 2, 1, 0)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def asks(*looks: tuple[int, str], last_read: datetime | None = NIGHT, rules: FileSensor = RULES) -> list[int]:
    """Minutes after noon at which a run is asked for; each look: (minute, what lies in raw/)."""
    seen = Seen(taken="dem", shown="dem", still=NIGHT.isoformat())
    found = []
    for minute, digest in looks:
        made = look(seen, Listing(digest, at(minute)), at(minute), last_read, rules)
        seen = made.seen
        if made.ask:
            found.append(minute)
    return found


def test_one_run_for_a_batch_once_it_stands_still() -> None:
    files = [(0, "a"), (5, "ab"), (10, "abc"), (15, "abc"), (24, "abc"), (25, "abc"), (26, "abc"), (300, "abc")]
    assert asks(*files) == [25]


def test_what_never_stands_still_is_not_waited_for_for_ever() -> None:
    files = [(minute, str(minute)) for minute in range(0, 400, 10)]
    assert asks(*files) == [180, 370]


def test_not_again_so_soon_after_a_run() -> None:
    assert asks((0, "a"), (20, "a"), (44, "a"), (46, "a"), last_read=NOON - timedelta(minutes=15)) == [46]


def test_what_a_run_has_read_meanwhile_is_no_news() -> None:
    seen = Seen(taken="dem", shown="a", still=at(0).isoformat(), waiting=at(0).isoformat())
    assert not look(seen, Listing("a", at(0)), at(60), at(10), RULES).ask
    # The run began before the last file had come.
    seen = Seen(taken="dem", shown="a", still=at(0).isoformat(), waiting=at(0).isoformat())
    assert look(seen, Listing("a", at(0)), at(60), at(-10), RULES).ask


def test_switched_on_it_takes_the_last_night_as_read_and_nothing_later() -> None:
    assert not look(Seen(), Listing("a", NIGHT - timedelta(hours=3)), NOON, NIGHT, RULES).ask
    first = look(Seen(), Listing("a", NOON - timedelta(hours=1)), NOON, NIGHT, RULES)
    assert not first.ask
    assert look(first.seen, Listing("a", NOON - timedelta(hours=1)), at(20), NIGHT, RULES).ask


def test_an_empty_folder_asks_for_nothing() -> None:
    assert asks((0, ""), (200, "")) == []
    assert not look(Seen(), Listing(), NOON, None, RULES).ask


def test_the_listing_knows_names_sizes_and_times_and_skips_what_is_no_export(data: DataPaths) -> None:
    folder = data.raw / "dvc" / "ho_so"
    folder.mkdir(parents=True)
    assert listing_of(data, ["dvc/ho_so"]) == Listing()
    (folder / "a.csv").write_text("x", encoding="utf-8")
    first = listing_of(data, ["dvc/ho_so"])
    assert first.newest is not None
    (folder / "b.csv.part").write_text("x", encoding="utf-8")
    assert listing_of(data, ["dvc/ho_so"]) == first
    (folder / "a.csv").write_text("xy", encoding="utf-8")
    assert listing_of(data, ["dvc/ho_so"]).digest != first.digest


def test_the_sensor_is_off_by_default_and_keeps_what_it_has_seen(definitions: Definitions, tmp_path: Path) -> None:
    (sensor,) = definitions.sensors or []
    assert sensor.default_status.value == "STOPPED"
    with DagsterInstance.ephemeral() as instance:
        context = build_sensor_context(instance=instance)
        answer = sensor(context)
    assert isinstance(answer, SkipReason | RunRequest)
    assert context.cursor


@pytest.mark.parametrize("wrong", [{"yen_phut": 0}, {"gom_phut": 0}, {"phut": 1}])
def test_settings_are_checked(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        FileSensor.model_validate(wrong)
