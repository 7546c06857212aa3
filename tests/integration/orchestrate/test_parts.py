"""Parts of a night as the web UI starts them: one feed, one mart group, a day of the past; done to the real steps."""

from __future__ import annotations

import json
from datetime import date

import pytest
from dagster import AssetKey, DagsterInstance, Definitions, ExecuteInProcessResult

from pipelines.config.paths import DataPaths
from pipelines.job import Job, load_job
from pipelines.orchestrate.definitions import JOB_NAME, PAST_JOB, build_definitions, run_config
from pipelines.outcome import read_outcome
from pipelines.publish.version_store import Store
from pipelines.quality.manifest import UNGATED_GROUPS
from pipelines.warehouse.database import connect
from pipelines.warehouse.journal import RunState, last_entry

pytestmark = pytest.mark.cham

DOSSIERS = "Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Trạng thái\n"
AS_OF = "2025-06-30"


def dossiers(first: int, last: int) -> str:
    return DOSSIERS + "".join(
        f"H02.16-2506{day:02d}-000{n},H02.16,{day:02d}/06/2025,Đang xử lý\n"
        for day in range(first, last)
        for n in range(3)
    )


def put(job: Job, name: str, text: str) -> None:
    file = job.paths.raw / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    return load_job(tmp_path_factory.mktemp("phan") / "data")


@pytest.fixture(scope="module")
def definitions(job: Job) -> Definitions:
    """After one whole night with one file."""
    put(job, "dvc/ho_so/a.csv", dossiers(2, 10))
    made = build_definitions(job)
    assert execute(made).success
    return made


def execute(definitions: Definitions, *keys: str, as_of: str = AS_OF) -> ExecuteInProcessResult:
    with DagsterInstance.ephemeral() as instance:
        return definitions.resolve_job_def(JOB_NAME).execute_in_process(
            instance=instance,
            asset_selection=[AssetKey.from_user_string(key) for key in keys] or None,
            run_config=run_config(as_of),
            raise_on_error=False,
        )


def made(result: ExecuteInProcessResult) -> set[str]:
    return {event.asset_key.to_user_string() for event in result.get_asset_materialization_events() if event.asset_key}


def ask(job: Job, query: str, *, published: bool = False) -> list[tuple[object, ...]]:
    file = job.paths.marts_file if published else job.paths.warehouse_file
    with connect(file, read_only=True) as connection:
        return connection.execute(query).fetchall()


def state(paths: DataPaths) -> RunState | None:
    entry = last_entry(paths)
    return entry.state if entry else None


def _a_whole_night_makes_every_step_and_ends(job: Job, definitions: Definitions) -> None:
    assert state(job.paths) is RunState.DONE
    assert ask(job, "SELECT pham_vi FROM so_cai.lan_chay") == [(None,)]
    assert ask(job, "SELECT count(*) FROM tthc.ho_so", published=True) == [(24,)]


def _one_feed_is_read_alone(job: Job, definitions: Definitions) -> None:
    before = read_outcome(job.paths)
    put(job, "dvc/ho_so/b.csv", dossiers(10, 20))
    put(job, "dvc/co_quan/c.csv", "MaDonVi;TenDonVi;Cap;HieuLucTu\nH02.16;Sở Tư pháp;tinh;01/01/1990\n")
    result = execute(definitions, "tho/dvc__ho_so")
    assert result.success
    assert made(result) & {"tho/dvc__ho_so", "tho/dvc__co_quan"} == {"tho/dvc__ho_so"}
    assert ask(job, "SELECT ten_tep FROM so_cai.tep ORDER BY 1") == [("dvc/ho_so/a.csv",), ("dvc/ho_so/b.csv",)]
    assert ask(job, "SELECT pham_vi FROM so_cai.lan_chay WHERE so_lan = 2") == [("nguồn dvc/ho_so",)]
    noted = json.loads((job.paths.working / "tep_da_nap.json").read_text(encoding="utf-8"))
    assert len(noted) == 2, "what follows every intake was done"
    assert ask(job, "SELECT count(*) FROM tthc.ho_so", published=True) == [(24,)]
    # Nothing was to be published: how the last night ended stands.
    after = read_outcome(job.paths)
    assert before is not None
    assert after is not None
    assert after.run.number == before.run.number
    assert state(job.paths) is RunState.DONE


def _one_group_is_built_judged_and_published_alone(job: Job, definitions: Definitions) -> None:
    result = execute(definitions, "cong/tthc", as_of="2025-07-01")
    assert result.success
    assert made(result) >= {"cong/tthc", "kho/tthc/ho_so", "so_cai/cong_bo"}
    assert ask(job, "SELECT count(*), max(ngay_so_lieu) FROM tthc.ho_so", published=True) == [(54, date(2025, 7, 1))]
    assert ask(job, "SELECT max(ngay_so_lieu) FROM ho_tich.so_hoa", published=True) in (
        [(None,)],
        [(date(2025, 6, 30),)],
    )
    rows = ask(job, "SELECT nhom_mart, trang_thai, ly_do FROM so_cai.quyet_dinh WHERE so_lan = 3 ORDER BY 1")
    assert {str(group) for group, status, _ in rows if status == "moi"} == {"tthc"} | UNGATED_GROUPS
    assert all("chỉ làm tthc" in str(reason) for _, status, reason in rows if status != "moi")
    assert ask(job, "SELECT count(*) FROM so_cai.tep") == [(2,)], "no file is read for a group"


def _a_day_of_the_past_is_kept_aside(job: Job, definitions: Definitions) -> None:
    published = Store(job.paths.marts).versions()[-1].name
    with DagsterInstance.ephemeral() as instance:
        result = definitions.resolve_job_def(PAST_JOB).execute_in_process(instance=instance, partition_key="2025-06-15")
    assert result.success
    assert not [key for key in made(result) if key.startswith("kho/")]
    outcome = read_outcome(job.paths)
    assert outcome is not None
    assert (outcome.how, outcome.run.as_of) == ("giu_rieng", date(2025, 6, 15))
    assert published in {version.name for version in Store(job.paths.marts).versions()}
    assert ask(job, "SELECT max(ngay_so_lieu) FROM tthc.ho_so", published=True) == [(date(2025, 7, 1),)]


def _a_group_that_is_held_turns_its_run_red(job: Job, definitions: Definitions) -> None:
    late = "Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Ngày hẹn trả,Trạng thái\n" + "".join(
        f"H02.16-250621-{n:04d},H02.16,21/06/2025,20/06/2025,Đang xử lý\n" for n in range(30)
    )
    put(job, "dvc/ho_so/sai.csv", late)
    assert execute(definitions, "tho/dvc__ho_so", as_of="2025-07-02").success
    for chosen in ("cong/tthc", "kho/tthc/ho_so"):
        result = execute(definitions, chosen, as_of="2025-07-02")
        assert not result.success, chosen
        (failure,) = [event for event in result.all_events if event.is_step_failure]
        said = failure.step_failure_data.user_failure_data
        assert said is not None
        assert "1 nhóm không được công bố mới" in str(said.description)
        assert "kho/tthc/ho_so" not in made(result)
        assert state(job.paths) is RunState.DONE
    (job.paths.raw / "dvc/ho_so/sai.csv").unlink()


@pytest.mark.dai
def test_parts_of_a_night_one_after_the_other(job: Job, definitions: Definitions) -> None:
    """One test: each part rests on what the one before it left in the data folder."""
    _a_whole_night_makes_every_step_and_ends(job, definitions)
    _one_feed_is_read_alone(job, definitions)
    _one_group_is_built_judged_and_published_alone(job, definitions)
    _a_day_of_the_past_is_kept_aside(job, definitions)
    _a_group_that_is_held_turns_its_run_red(job, definitions)
