"""Every ``kho …`` of the runbooks, page by page and in their order, on a data folder with two nights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import Kho
from tests.unit.upkeep.test_runbooks import DONE, ELSEWHERE, FOUND

pytestmark = [pytest.mark.cham, pytest.mark.dai]

DOSSIERS = "Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Trạng thái\n"


@pytest.fixture(scope="module")
def lived(kho: Kho) -> tuple[Kho, list[str]]:
    """Two published days, with a row set apart; the names of both publications, the older first."""
    folder = kho.paths.raw / "dvc" / "ho_so"
    folder.mkdir(parents=True)
    for day, month in (("2025-09-30", 9), ("2025-10-31", 10)):
        days = [f"{n:02d}/{month:02d}/2025" for n in range(1, 9)]
        rows = [f"H02.16-25{month:02d}{n:02d}-0001,H02.16,{when},Đang xử lý\n" for n, when in enumerate(days, 1)]
        without_key = f",H02.16,{days[0]},Đang xử lý\n"
        (folder / f"{month}.csv").write_text("".join([DOSSIERS, *rows, without_key]), "utf-8")
        done = kho("run", "--as-of", day)
        assert done.returncode in {0, 1}, done.stdout + done.stderr
    listed = json.loads(kho("versions", "--format", "json").stdout)
    return kho, [row["phien_ban"] for row in reversed(listed)]


def _each_once() -> list[tuple[str, list[str]]]:
    """Page and command, in the order of the pages, a command that several pages name at the first of them."""
    first: dict[tuple[str, ...], str] = {}
    for page, command in FOUND:
        first.setdefault(tuple(command), page)
    return [(page, list(command)) for command, page in first.items()]


@pytest.mark.timeout(3600)
def test_every_command_is_followed_to_its_end(lived: tuple[Kho, list[str]], tmp_path: Path) -> None:
    kho, (older, newer) = lived
    named = {"2025-09-30.0123456789ab": older, "2025-10-31.ba9876543210": newer}
    for page, command in _each_once():
        name = command[0]
        if name in ELSEWHERE:
            continue
        given = [named.get(part, part) for part in command]
        for number, part in enumerate(given):
            if part.startswith(("/mnt/", "/srv/")) or part == "khac.xlsx":
                given[number] = str(tmp_path / Path(part).name)
        if "--thu-muc" in given:
            (tmp_path / "so_loi").mkdir(exist_ok=True)
        where = {"KHO_DATA": str(tmp_path / "may_moi")} if name == "restore" else {}
        done = kho(*given, **where)
        shown = done.stdout + done.stderr
        assert done.returncode in DONE[name], f"{page}: kho {' '.join(given)}: {done.returncode}\n{shown}"
        assert "ngoài dự kiến" not in shown, page
