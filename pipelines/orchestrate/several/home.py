"""Dagster's home of several provinces: one storage, one queue, a code location a province.

Each location is a code server of its own (``code_servers``) with the environment of its province, and each run is a
process of that server: data folder, secret, settings and lock are the province's alone.
"""

from __future__ import annotations

import os
from pathlib import Path

import yaml

from pipelines.config.disk import write_whole
from pipelines.config.orchestration import load_orchestration, orchestration_file
from pipelines.config.paths import OWNER_DIR
from pipelines.config.provinces import Province, Provinces
from pipelines.config.secret import FILE_VARIABLE, VARIABLE
from pipelines.config.yaml_lines import ConfigError
from pipelines.orchestrate.home import WORKSPACE, own_settings, shared_settings, without_nulls
from pipelines.orchestrate.several import province

_LONGEST_SOCKET = 100
"""Bytes; the kernel takes 107."""


def workspace_file(provinces: Provinces) -> Path:
    """The code locations as Dagster reads them."""
    return provinces.thu_muc / WORKSPACE


def socket_of(provinces: Provinces, item: Province) -> Path:
    """Where a province's code server listens: only the owner of the folder reaches it."""
    return provinces.thu_muc / f"{province.location_name(item.ma)}.sock"


def prepare_shared_home(provinces: Provinces) -> Path:
    """Write ``dagster.yaml`` and ``workspace.yaml`` of all provinces; returns the folder. Raises ``ConfigError``."""
    home = provinces.thu_muc
    home.mkdir(mode=OWNER_DIR, parents=True, exist_ok=True)
    home.chmod(OWNER_DIR)
    locations = []
    for item in provinces.tinh:
        socket = str(socket_of(provinces, item))
        if len(socket.encode()) > _LONGEST_SOCKET:
            raise ConfigError(home, [(None, "đường dẫn của thu_muc quá dài (cần dưới 85 ký tự); chọn chỗ khác.")])
        locations.append({"grpc_server": {"socket": socket, "location_name": province.location_name(item.ma)}})
    write_whole(home / WORKSPACE, yaml.safe_dump({"load_from": locations}, sort_keys=True))
    keep_days = load_orchestration(feeds=None).luu_giu.nhat_ky_ngay
    queue = {
        "max_concurrent_runs": provinces.cung_luc,
        "tag_concurrency_limits": [{"key": province.TAG, "value": {"applyLimitPerUniqueValue": True}, "limit": 1}],
    }
    settings = shared_settings(home, keep_days) | {
        "concurrency": {"runs": queue},
        "run_coordinator": {"module": "pipelines.orchestrate.several.queue", "class": "ProvinceQueue"},
    }
    write_whole(home / "dagster.yaml", yaml.safe_dump(without_nulls(settings | own_settings(home)), sort_keys=True))
    return home


def common_environment(home: Path) -> dict[str, str]:
    """For Dagster's web server and daemon, which work on no province's data: no folder, no secret."""
    theirs = {"KHO_DATA", province.VARIABLE, VARIABLE, FILE_VARIABLE}
    environment = {name: value for name, value in os.environ.items() if name not in theirs}
    return environment | {
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "KHO_ORCHESTRATION": str(orchestration_file().resolve()),
    }


def environment_of(item: Province, home: Path) -> dict[str, str]:
    """For a province's code server and its runs."""
    own = {"KHO_DATA": str(item.du_lieu), FILE_VARIABLE: str(item.tep_khoa), province.VARIABLE: item.ma}
    if item.cau_hinh is not None:
        own["KHO_ORCHESTRATION"] = str(item.cau_hinh)
    return common_environment(home) | own
