"""A night in a namespace without a network, under strace: no connection is tried but to itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.config.paths import DataPaths
from tests.endurance.kills import NIGHT, dossiers
from tests.endurance.no_network import is_possible, spoken_to, traced
from tests.endurance.program import ENDED

pytestmark = [pytest.mark.cham, pytest.mark.dai]


@pytest.mark.timeout(900)
def test_a_night_and_its_readers_speak_to_nobody(tmp_path: Path) -> None:
    if not is_possible():
        pytest.skip("strace (Debian package), or a network namespace, is not to be had here")
    paths = DataPaths(tmp_path / "data")
    dossiers(paths.raw / "dvc" / "ho_so" / "a.csv", 6, "Đang xử lý")
    for command in (("run", *NIGHT), ("status",), ("watch",), ("sql", "SELECT count(*) FROM tthc.ho_so")):
        code, found = traced(paths, tmp_path / "vet.txt", *command)
        assert set(found) <= {"unix", "loopback"}, command
        assert code in ENDED, command


def test_a_foreign_address_would_be_seen() -> None:
    trace = """
1 connect(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("93.184.216.34")}, 16) = -1 ENETUNREACH
1 connect(4, {sa_family=AF_INET6, sin6_port=htons(80), inet_pton(AF_INET6, "2606:2800::1", &sin6_addr)}, 28) = -1
1 sendto(5, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.1")}, 16) = 1
1 connect(6, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0
1 connect(7, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
1 connect(8, {sa_family=AF_INET6, sin6_port=htons(80), inet_pton(AF_INET6, "::1", &sin6_addr)}, 28) = 0
"""
    assert set(spoken_to(trace)) == {"93.184.216.34", "2606:2800::1", "10.0.0.1", "unix", "loopback"}
