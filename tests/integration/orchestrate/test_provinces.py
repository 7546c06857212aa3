"""Two provinces in one deployment: Dagster's own loader, queue and launcher, a part of a night in each."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dagster import AssetKey, DagsterInstance, DagsterRunStatus
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.launcher import WorkerStatus
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from dagster._grpc.client import DagsterGrpcClient
from dagster_graphql.test.utils import execute_dagster_graphql

from pipelines.config.paths import DataPaths, data_paths
from pipelines.config.provinces import Provinces
from pipelines.orchestrate.alive import is_alive
from pipelines.orchestrate.definitions import JOB_NAME, run_config
from pipelines.orchestrate.home import shared_instance
from pipelines.orchestrate.several import code_servers
from pipelines.orchestrate.several.code_servers import CodeServers, ServedElsewhereError
from pipelines.orchestrate.several.home import common_environment, prepare_shared_home, socket_of, workspace_file
from pipelines.orchestrate.several.province import TAG
from pipelines.warehouse.database import connect

pytestmark = pytest.mark.cham

LAUNCH = """mutation($params: ExecutionParams!) {
  launchPipelineExecution(executionParams: $params) { __typename ... on LaunchRunSuccess { run { runId } } }
}"""
FEED = ["tho", "dvc__ho_so"]
DOSSIERS = "Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Trạng thái\n"
_SECONDS = 180.0


@dataclass
class Deployment:
    """As ``kho ui --cac-tinh`` has it, but for its web server and the loop of its daemon."""

    provinces: Provinces
    process: WorkspaceProcessContext
    servers: CodeServers
    told: list[str]

    @property
    def storage(self) -> DagsterInstance:
        return self.process.instance

    def launch(self, code: str) -> str:
        """What the button in the web UI does, for one feed of a province: a queued run."""
        params = {
            "selector": {
                "repositoryLocationName": f"tinh_{code}", "repositoryName": "__repository__", "pipelineName": JOB_NAME,
                "assetSelection": [{"path": [f"tinh_{code}", *FEED]}],
            },
            "runConfigData": run_config("2025-06-30"),
        }  # fmt: skip
        answer: Any = execute_dagster_graphql(self.process.create_request_context(), LAUNCH, {"params": params})
        return str(answer.data["launchPipelineExecution"]["run"]["runId"])

    def take_from_queue(self) -> None:
        """One look of the daemon at the queue."""
        list(QueuedRunCoordinatorDaemon(interval_seconds=1).run_iteration(self.process))

    def status(self, run_id: str) -> DagsterRunStatus:
        run = self.storage.get_run_by_id(run_id)
        assert run is not None
        return run.status

    def ended(self, run_id: str) -> DagsterRunStatus:
        end = time.monotonic() + _SECONDS
        while (run := self.storage.get_run_by_id(run_id)) is None or not run.is_finished:
            assert time.monotonic() < end, run
            self.servers.tend()
            time.sleep(0.3)
        return run.status

    def was_seen_alive(self, run_id: str) -> bool:
        """Before it ends. The daemon has no data folder: it must know a run of any province by its id alone."""
        while (run := self.storage.get_run_by_id(run_id)) is not None and not run.is_finished:
            if is_alive(data_paths(), run_id, None):
                return self.storage.run_launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING
            time.sleep(0.1)
        return False

    def made(self, code: str) -> set[str]:
        event = self.storage.get_latest_materialization_event(AssetKey([f"tinh_{code}", *FEED]))
        return {event.run_id} if event else set()


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    folder = tmp_path_factory.mktemp("t")
    provinces = Provinces.model_validate({
        "thu_muc": folder / "chung",
        "cung_luc": 3,
        "tinh": [
            {"ma": code, "ten": f"Tỉnh {code}", "du_lieu": folder / code, "tep_khoa": folder / f"khoa_{code}"}
            for code in ("24", "27", "30")
        ],
    })  # fmt: skip
    wrong = folder / "sai.yaml"
    wrong.write_text("mui_gio: Asia/Ho_Chi_Minh\nlich_chay: {bat: đúng}\n", encoding="utf-8")
    provinces.tinh[2] = provinces.tinh[2].model_copy(update={"cau_hinh": wrong})
    home = prepare_shared_home(provinces)
    for number, item in enumerate(provinces.tinh[:2]):
        paths = DataPaths(item.du_lieu)
        paths.prepare()
        file = paths.raw / "dvc" / "ho_so" / "a.csv"
        file.parent.mkdir(parents=True)
        rows = [f"H02.16-25060{1 + number}-000{n},H02.16,0{1 + number}/06/2025,Đang xử lý\n" for n in range(number + 2)]
        file.write_text(DOSSIERS + "".join(rows), encoding="utf-8")
    told: list[str] = []
    with (
        pytest.MonkeyPatch.context() as patch,
        CodeServers(provinces, told.append) as servers,
        shared_instance(home) as storage,
    ):
        for name in os.environ.keys() - common_environment(home).keys():
            patch.delenv(name)
        patch.setenv("DAGSTER_HOME", str(home))  # as the daemon has it
        target = WorkspaceFileTarget(paths=[str(workspace_file(provinces))])
        with WorkspaceProcessContext(storage, workspace_load_target=target) as process:
            yield Deployment(provinces, process, servers, told)


def test_both_load_and_share_no_key_and_a_mistake_is_its_provinces_own(deployment: Deployment) -> None:
    context = deployment.process.create_request_context()
    errors = {name: entry.load_error for name, entry in context.get_code_location_entries().items()}
    wrong = errors.pop("tinh_30")
    assert wrong is not None
    assert "sai.yaml:2: " in wrong.to_string()
    assert errors == {"tinh_24": None, "tinh_27": None}
    assert not deployment.told
    per_location, schedules = {}, set()
    for location in context.code_locations:
        (repository,) = location.get_repositories().values()
        per_location[location.name] = set(repository.asset_graph.get_all_asset_keys())
        (schedule,) = repository.get_schedules()
        assert schedule.name == f"{JOB_NAME}_01h00"
        schedules.add(schedule.get_remote_origin_id())
    assert {name: {key.path[0] for key in keys} for name, keys in per_location.items()} == {
        "tinh_24": {"tinh_24"},
        "tinh_27": {"tinh_27"},
    }
    assert len(schedules) == 2
    assert len(per_location["tinh_24"]) == len(per_location["tinh_27"]) > 100


def test_a_second_deployment_from_the_same_folder_is_refused(deployment: Deployment) -> None:
    with pytest.raises(ServedElsewhereError, match="đang phục vụ"), CodeServers(deployment.provinces, print):
        pass


def test_provinces_run_side_by_side_and_two_runs_of_one_after_another(deployment: Deployment) -> None:
    first, again, other = deployment.launch("24"), deployment.launch("24"), deployment.launch("27")
    deployment.take_from_queue()
    begun = {DagsterRunStatus.STARTING, DagsterRunStatus.STARTED, DagsterRunStatus.SUCCESS}
    assert deployment.status(first) in begun
    assert deployment.status(other) in begun
    assert deployment.status(again) is DagsterRunStatus.QUEUED
    run = deployment.storage.get_run_by_id(other)
    assert run is not None
    assert run.tags[TAG] == "tinh_27"
    assert deployment.was_seen_alive(other)
    assert deployment.ended(first) is DagsterRunStatus.SUCCESS
    assert deployment.ended(other) is DagsterRunStatus.SUCCESS
    assert (deployment.made("24"), deployment.made("27")) == ({first}, {other})
    deployment.take_from_queue()
    assert deployment.ended(again) is DagsterRunStatus.SUCCESS
    seen = {}
    for item in deployment.provinces.tinh[:2]:
        with connect(DataPaths(item.du_lieu).warehouse_file, read_only=True) as connection:
            keys = connection.execute("SELECT ma_ho_so FROM tho.dvc__ho_so ORDER BY 1").fetchall()
            mark = connection.execute("SELECT dau FROM so_cai.dau_khoa").fetchall()
            runs = connection.execute("SELECT count(*) FROM so_cai.lan_chay").fetchall()[0][0]
        seen[item.ma] = [key for (key,) in keys], mark, runs
    assert len(seen["24"][0]) == 2
    assert len(seen["27"][0]) == 3
    assert not set(seen["24"][0]) & set(seen["27"][0])
    assert seen["24"][1] != seen["27"][1]
    assert (seen["24"][2], seen["27"][2]) == (2, 1)


def test_a_server_that_was_killed_is_started_again(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_servers, "_AGAIN_SECONDS", 0.0)
    item = deployment.provinces.tinh[1]
    socket = str(socket_of(deployment.provinces, item))
    (before,) = pids_with(socket)
    os.kill(before, signal.SIGKILL)
    end = time.monotonic() + _SECONDS
    while pids_with(socket) in ([], [before]):  # asked once: it may die between two questions
        assert time.monotonic() < end
        deployment.servers.tend()
        time.sleep(0.2)
    assert len(deployment.told) == 1
    assert "Tỉnh 27 (Tỉnh 27): tiến trình đã dừng (mã -9)" in deployment.told[0]
    client = DagsterGrpcClient(socket=socket)
    while True:
        try:
            client.ping("còn")
        except DagsterUserCodeUnreachableError:
            assert time.monotonic() < end
            time.sleep(0.2)
        else:
            return


def test_a_server_that_nobody_tends_ends_by_itself(
    deployment: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_servers, "_UNTENDED_SECONDS", 3)
    alone = deployment.provinces.model_copy(
        update={"thu_muc": tmp_path / "c", "tinh": deployment.provinces.tinh[:1]},
    )
    prepare_shared_home(alone)
    socket = str(socket_of(alone, alone.tinh[0]))
    with CodeServers(alone, deployment.told.append):
        assert pids_with(socket)
        end = time.monotonic() + _SECONDS
        while pids_with(socket):
            assert time.monotonic() < end
            time.sleep(0.3)


def test_servers_end_at_once_where_they_ignore_signals(deployment: Deployment, tmp_path: Path) -> None:
    """As children of what a shell has started in its background do."""
    alone = deployment.provinces.model_copy(
        update={"thu_muc": tmp_path / "c", "tinh": deployment.provinces.tinh[:1]},
    )
    prepare_shared_home(alone)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with CodeServers(alone, deployment.told.append):
            signal.signal(signal.SIGINT, before)
            begun = time.monotonic()
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - begun < 40
    assert not pids_with(str(socket_of(alone, alone.tinh[0])))


def pids_with(argument: str) -> list[int]:
    """Processes that were started with this argument and are alive."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and argument.encode() in (entry / "cmdline").read_bytes().split(b"\0"):
                found.append(int(entry.name))
        except OSError:  # gone by now
            continue
    return found
