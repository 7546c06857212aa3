"""Versions on the real program: a late correction, the printed report asked again, the past made again."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.e2e.conftest import Kho

pytestmark = [pytest.mark.cham, pytest.mark.dai]

HEADER = "Mã hồ sơ,Mã đơn vị,Ngày tiếp nhận,Trạng thái\n"
FIRST = HEADER + "".join(
    f"H02.16-2506{day:02d}-000{n},H02.16,{day:02d}/06/2025,Đang xử lý\n" for day in range(2, 30) for n in range(3)
)
# States of the first file, sent once more without an export time: which of both shows them depends on the day (R8).
EXPORTED = "Thời điểm kết xuất: 20/06/2025 23:00\n\n"
ONCE_MORE = HEADER + "".join(line + "\n" for line in FIRST.splitlines()[1:31])
ONCE_MORE += "H02.16-250629-0009,H02.16,29/06/2025,Đang xử lý\n"
# The file is newer by what it tells (R8): it also holds a dossier of the last day.
CORRECTION = HEADER + "".join(f"H02.16-250610-000{n},H02.16,09/06/2025,Đang xử lý\n" for n in range(2))
CORRECTION += "H02.16-250630-0000,H02.16,30/06/2025,Đang xử lý\n"
FIGURES = "SELECT * FROM tthc.ho_so ORDER BY ma_ho_so"
HISTORY = "SELECT * EXCLUDE (bat_dau, thoi_gian_ms) FROM chat_luong.ket_qua ORDER BY ALL"


def answer(kho: Kho, *arguments: str, code: int = 0) -> list[dict[str, Any]]:
    done = kho(*arguments, "--format", "json")
    assert done.returncode == code, done.stdout + done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout)
    return rows


@pytest.mark.timeout(900)
def test_versions_of_two_nights(kho: Kho) -> None:
    folder = kho.paths.raw / "dvc" / "ho_so"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text(EXPORTED + FIRST, encoding="utf-8")
    (folder / "b.csv").write_text(ONCE_MORE, encoding="utf-8")
    time.sleep(2.5)
    assert kho("run", "--as-of", "2025-06-30").returncode in {0, 1}
    published = {query: kho.sql(query) for query in (FIGURES, HISTORY)}
    (folder / "sua.csv").write_text(CORRECTION, encoding="utf-8")
    time.sleep(2.5)
    assert kho("run", "--as-of", "2025-06-30").returncode in {0, 1}

    new, old = answer(kho, "versions")
    assert kho("verify").returncode == 0
    for query, rows in published.items():
        assert answer(kho, "sql", query, "--phien-ban", old["phien_ban"]) == rows
    changed = answer(kho, "diff", old["phien_ban"], new["phien_ban"], "--bang", "tthc.ho_so")
    days = [row for row in changed if row["cot"] == "ngay_tiep_nhan"]
    assert [row["khoa"] for row in days] == [f"ma_ho_so=H02.16-250610-000{n}" for n in range(2)]
    assert {(row["nguyen_nhan"], row["tep"]) for row in days} == {("sua_muon", "dvc/ho_so/sua.csv")}
    backwards = answer(kho, "diff", new["phien_ban"], old["phien_ban"], "--bang", "tthc.ho_so")
    assert {row["nguyen_nhan"] for row in backwards} == {"sua_muon"}

    again = kho("verify", old["phien_ban"], "--chay-lai")
    assert again.returncode == 0, again.stdout + again.stderr

    # The store loses the first night: it is made again from the files of its time, equal in every row.
    (kho.paths.marts / "phien_ban" / "ban_ke" / f"{old['phien_ban']}.json").unlink()
    done = kho("run", "--as-of", "2025-06-30", "--nhu-luc", old["luc_cong_bo"])
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    for query, rows in published.items():
        assert answer(kho, "sql", query, "--phien-ban", old["phien_ban"]) == rows
    assert kho.sql("SELECT DISTINCT phien_ban FROM tthc.ho_so") == [{"phien_ban": new["phien_ban"]}]

    # An earlier day stands beside what is published, and takes its place only when asked to.
    current = "SELECT DISTINCT ngay_so_lieu FROM tthc.ho_so"
    assert kho("run", "--as-of", "2025-06-20").returncode in {0, 1}
    assert [row["ngay_so_lieu"] for row in kho.sql(current)] == ["2025-06-30"]
    assert answer(kho, "versions")[0]["ngay_so_lieu"] == "2025-06-20"
    assert kho("run", "--as-of", "2025-06-20", "--thay-ban-dang-dung").returncode in {0, 1}
    assert [row["ngay_so_lieu"] for row in kho.sql(current)] == ["2025-06-20"]
