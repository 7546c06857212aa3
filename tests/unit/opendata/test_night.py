"""Open data as a part of a publication: memory, what happens when it is lost, and the copy by command."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from pipelines.cli.main import run
from pipelines.config.orchestration import DEFAULT_FILE, Orchestration, load_orchestration
from pipelines.config.paths import DataPaths, data_paths
from pipelines.opendata.memory import PAUSE
from pipelines.opendata.night import files_of_night
from pipelines.opendata.package import stands
from pipelines.publish import swap
from tests.unit.opendata.publication import publish

AS_OF = date(2025, 12, 31)
TABLE = "mo/tiep_nhan_theo_don_vi.parquet"


class Kho:
    """A data folder whose publications hold open data only."""

    def __init__(self, root: Path) -> None:
        self.paths: DataPaths = data_paths(root / "data")
        self.remarks: list[str] = []
        self.root = root

    def night(self, *changes: str, settings: Orchestration | None = None) -> dict[str, bytes]:
        """Make the open data of the small publication, and swap it in."""
        database = publish(self.root, *changes)
        files = files_of_night(
            database,
            paths=self.paths,
            settings=settings or load_orchestration(DEFAULT_FILE, feeds=None),
            as_of=AS_OF,
            held=frozenset(),
            remark=self.remarks.append,
        )
        staging = swap.begin(self.paths.marts)
        for name, content in files.items():
            (staging.folder / name).parent.mkdir(exist_ok=True)
            (staging.folder / name).write_bytes(content)
        swap.commit(staging, {})
        return files


@pytest.fixture
def kho(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kho:
    monkeypatch.setenv("KHO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KHO_ORCHESTRATION", str(DEFAULT_FILE))
    return Kho(tmp_path)


def test_an_equal_table_keeps_its_file_and_its_time(kho: Kho) -> None:
    kho.night()
    before = {path: path.stat().st_mtime_ns for path in (kho.paths.marts / "mo").iterdir()}
    kho.night("UPDATE tthc.danh_muc SET ten_tthc = 'Khai sinh lại' WHERE ma_tthc = 'T1'")
    changed = {path.name for path, was in before.items() if path.stat().st_mtime_ns != was}
    assert changed == {"danh_muc_thu_tuc.csv", "danh_muc_thu_tuc.parquet", "datapackage.json", "catalog.jsonld"}
    assert kho.remarks == []


def test_where_a_table_of_the_last_night_is_lost_nothing_is_open_until_somebody_decides(kho: Kho) -> None:
    first = kho.night()
    (kho.paths.marts / TABLE).unlink()
    assert stands(kho.paths.marts)
    assert [*kho.night()] == [PAUSE]
    assert [*kho.night()] == [PAUSE]
    assert not stands(kho.paths.marts)  # what links to them asks this
    assert TABLE in kho.remarks[0]
    assert run(["opendata"]) == 3
    (kho.paths.marts / PAUSE).unlink()
    assert kho.night() == first


def test_a_failure_leaves_what_is_open_and_is_told_without_its_text(kho: Kho) -> None:
    first = kho.night()
    assert kho.night("ALTER TABLE tthc.giai_quyet_thang DROP COLUMN truc_tuyen") == first
    assert "BinderException" in kho.remarks[0]
    assert "truc_tuyen" not in kho.remarks[0]


def test_switched_off_the_folder_stays_as_it_is(kho: Kho) -> None:
    first = kho.night()
    loaded = load_orchestration(DEFAULT_FILE, feeds=None)
    off = loaded.model_copy(update={"du_lieu_mo": loaded.du_lieu_mo.model_copy(update={"bat": False})})
    assert kho.night("DELETE FROM tthc.danh_muc", settings=off) == first


def test_the_command_says_where_they_stand_and_writes_them_elsewhere(
    kho: Kho, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["opendata"]) == 3
    assert "Chưa có dữ liệu mở" in capsys.readouterr().err
    first = kho.night()
    assert run(["opendata"]) == 0
    assert "tháng 10/2025 đến 11/2025" in capsys.readouterr().out
    changed = tmp_path / "orchestration.yaml"
    changed.write_text(
        DEFAULT_FILE.read_text(encoding="utf-8").replace("ma: CC-BY-4.0", "ma: CC0-1.0"), encoding="utf-8"
    )
    monkeypatch.setenv("KHO_ORCHESTRATION", str(changed))
    out = tmp_path / "ra"
    assert run(["opendata", "--out", str(out)]) == 0
    assert run(["opendata", "--out", str(out)]) == 0
    written = {f"mo/{path.name}": path.read_bytes() for path in out.iterdir()}
    assert {name for name in first if written[name] != first[name]} == {"mo/datapackage.json"}
    package = json.loads(written["mo/datapackage.json"])
    assert package["licenses"][0]["name"] == "CC0-1.0"
    assert package["resources"] == json.loads(first["mo/datapackage.json"])["resources"]
    (out / "datapackage.json").write_text("{}")
    assert run(["opendata", "--out", str(out)]) == 2
    assert "đã có thứ khác" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"resources": [{"format": "csv"}]}', "\ud800"])
def test_a_damaged_description_is_told_and_the_copy_waits_for_the_next_night(
    kho: Kho, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kho.night()
    (kho.paths.marts / "mo" / "datapackage.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    assert run(["opendata", "--out", str(tmp_path / "ra")]) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert "datapackage.json" in told and "kho run" in told
    assert not (tmp_path / "ra").exists()
