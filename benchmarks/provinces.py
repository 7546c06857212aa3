"""Several provinces in one ``kho ui --cac-tinh``: a first night of a small sample in each, started over its web server.

    python -m benchmarks.provinces                                  # two provinces, both at a time
    python -m benchmarks.provinces --provinces 3 --at-a-time 1

Wall seconds from the first request to the last run's end, CPU seconds of everything ``kho ui`` started, and memory of
each code server at the end. Then what was published and what Dagster kept of each is set against the other: no run,
no asset, no key of a person may be in two of them. Rows are invented.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.config.paths import OWN_DAGSTER
from pipelines.orchestrate.definitions import JOB_NAME, run_config

AS_OF = "2025-12-31"
KHO = Path(sys.executable).with_name("kho")
LAUNCH = """mutation($params: ExecutionParams!) {
  launchPipelineExecution(executionParams: $params) { ... on LaunchRunSuccess { run { runId } } }
}"""
STATE = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status startTime endTime } } }"
ASSETS = "{ assetNodes { assetKey { path } repository { location { name } } assetMaterializations { runId } } }"
_UP_SECONDS, _RUN_SECONDS = 300, 3600


def main() -> None:
    """The command; raises ``SystemExit`` where a night failed or two provinces share anything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--provinces", type=int, default=2)
    parser.add_argument("--at-a-time", type=int, default=2)
    parser.add_argument("--own-storage", type=Path, help="a dagster_rieng.yaml: Dagster's runs in another storage")
    options = parser.parse_args()
    codes = [f"{number:02d}" for number in range(1, options.provinces + 1)]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for code in codes:
            kho("sample", "--size", "small", "--seed", str(int(code)), KHO_DATA=str(folder / code))
        if options.own_storage is not None:
            (folder / "chung").mkdir()
            shutil.copyfile(options.own_storage, folder / "chung" / OWN_DAGSTER)
        runs, assets = nights(written(folder, codes, options.at_a_time), codes)
        faults = [*shared_runs(codes, runs, assets), *shared_people(folder, codes)]
    if faults:
        raise SystemExit("\n".join(faults))
    say(f"{len(codes)} tỉnh: không lần chạy, tài sản hay mã người nào có ở hai tỉnh")


def kho(*arguments: str, **variables: str) -> None:
    subprocess.run([KHO, *arguments], env=os.environ | variables, check=True, stdout=subprocess.DEVNULL)


def written(folder: Path, codes: list[str], at_a_time: int) -> Path:
    provinces = [{"ma": code, "ten": f"Tỉnh {code}", "du_lieu": code, "tep_khoa": f"khoa/{code}"} for code in codes]
    file = folder / "cac_tinh.yaml"
    file.write_text(yaml.safe_dump({"thu_muc": "chung", "cung_luc": at_a_time, "tinh": provinces}), encoding="utf-8")
    (folder / "khoa").mkdir()
    return file


def nights(file: Path, codes: list[str]) -> tuple[dict[str, str], list[Any]]:
    """A night in each; run by province, and Dagster's assets with their materialisations."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with (file.parent / "ui.log").open("wb") as log:
        ui = subprocess.Popen([KHO, "ui", "--port", str(port), "--cac-tinh", file], stdout=log, stderr=log)
        try:
            await_up(port, ui)
            begun = time.monotonic()
            runs = {code: launch(port, code) for code in codes}
            for code, run in runs.items():
                say(f"tỉnh {code}: {ended(port, run)}")
            say(f"giờ đồng hồ {time.monotonic() - begun:.0f} s")
            say(f"bộ nhớ của tiến trình mỗi tỉnh (RSS, PSS): {memory(ui.pid)}")
            assets = ask(port, ASSETS)["assetNodes"]
        finally:
            ui.send_signal(signal.SIGTERM)
            ui.wait(timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    say(f"CPU {after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.0f} s")
    return runs, assets


def ask(port: int, query: str, **variables: Any) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/graphql", body, {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 - the address is our own
        return json.load(answer)["data"]


def await_up(port: int, ui: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _UP_SECONDS
    while time.monotonic() < end and ui.poll() is None:
        try:
            ask(port, "{ version }")
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("kho ui không lên")


def launch(port: int, code: str) -> str:
    params = {
        "selector": {
            "repositoryLocationName": f"tinh_{code}", "repositoryName": "__repository__", "pipelineName": JOB_NAME,
        },
        "runConfigData": run_config(AS_OF),
    }  # fmt: skip
    return str(ask(port, LAUNCH, params=params)["launchPipelineExecution"]["run"]["runId"])


def ended(port: int, run: str) -> str:
    end = time.monotonic() + _RUN_SECONDS
    while time.monotonic() < end:
        state = ask(port, STATE, id=run)["runOrError"]
        if state["status"] == "SUCCESS":
            return f"xong, {state['endTime'] - state['startTime']:.0f} s"
        if state["status"] in {"FAILURE", "CANCELED"}:
            raise SystemExit(f"lần chạy {run}: {state['status']}")
        time.sleep(1)
    raise SystemExit(f"lần chạy {run} không xong")


def memory(parent: int) -> str:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            mine = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent
            if mine and b"grpc" in words:
                lines = (entry / "smaps_rollup").read_text().splitlines()
                sizes = {line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines[1:]}
                found.append(f"{sizes['Rss']}, {sizes['Pss']} MB")
        except (OSError, IndexError, ValueError):  # no process, or gone by now
            continue
    return "; ".join(found)


def shared_runs(codes: list[str], runs: dict[str, str], assets: list[Any]) -> list[str]:
    """What Dagster kept of one province under another's name."""
    faults = []
    for code in codes:
        mine = [node for node in assets if node["repository"]["location"]["name"] == f"tinh_{code}"]
        made = {event["runId"] for node in mine for event in node["assetMaterializations"]}
        say(f"tỉnh {code}: {len(mine)} tài sản, {sum(bool(node['assetMaterializations']) for node in mine)} đã dựng")
        if made != {runs[code]} or any(node["assetKey"]["path"][0] != f"tinh_{code}" for node in mine):
            faults.append(f"tỉnh {code}: có tài sản hoặc lần chạy của tỉnh khác")
    return faults


def shared_people(folder: Path, codes: list[str]) -> list[str]:
    """Keys of persons that two publications have in common; each is asked how many it has."""
    faults = []
    with duckdb.connect() as connection:
        for code in codes:
            connection.execute(f"ATTACH '{folder / code / 'marts' / 'kho.duckdb'}' AS t{code} (READ_ONLY)")
            found = connection.execute(f"SELECT count(*), count(DISTINCT ma_nguoi) FROM t{code}.tthc.ho_so").fetchall()
            say(f"tỉnh {code}: công bố {found[0][0]} hồ sơ của {found[0][1]} mã người")
            if not all(found[0]):
                faults.append(f"tỉnh {code}: chưa công bố")
        for one, other in combinations(codes, 2):
            same = connection.execute(
                f"SELECT count(*) FROM (SELECT ma_nguoi FROM t{one}.tthc.ho_so WHERE ma_nguoi IS NOT NULL "
                f"INTERSECT SELECT ma_nguoi FROM t{other}.tthc.ho_so)"
            ).fetchall()[0][0]
            if same:
                faults.append(f"{same} mã người có ở cả tỉnh {one} và {other}")
    return faults


def say(text: str) -> None:
    """A line of the result, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
