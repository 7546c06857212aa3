"""Kept publications: they give back what was published, cost only what changed, prove themselves, and end in time."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import tiny
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pipelines.cli.main import run as kho
from pipelines.config.orchestration import Retention
from pipelines.config.paths import DataPaths
from pipelines.publish import swap
from pipelines.publish.comparing import by_key, by_table
from pipelines.publish.forgetting import Sought, forget, places
from pipelines.publish.mend import lost_versions
from pipelines.publish.proving import prove
from pipelines.publish.publish import Outcome, is_aside, publish
from pipelines.publish.query import ask, run_query
from pipelines.publish.reopening import issue_again, reopened, restore_current
from pipelines.publish.retention import retire
from pipelines.publish.signature import VARIABLE, signing_key
from pipelines.publish.version_store import Store, UnknownVersionError, VersionError
from pipelines.quality.gate import State
from pipelines.warehouse.runs import Run

CATALOGUE = (
    "SELECT schema_name, table_name, comment FROM duckdb_tables() ORDER BY ALL",
    "SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal "
    "AND schema_name <> 'main' ORDER BY ALL",
    "SELECT schema_name, function_name, parameters, macro_definition, comment FROM duckdb_functions() "
    "WHERE function_type = 'table_macro' AND NOT internal AND schema_name <> 'main' ORDER BY ALL",
    "SELECT * FROM tthc.bieu('2025-01-01', '2025-12-31')",
)


def content(file: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything a reader can see of a publication."""
    with duckdb.connect(str(file), read_only=True) as connection:
        tables = connection.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() ORDER BY 1"
        ).fetchall()
        queries = [*CATALOGUE, *(f"SELECT * FROM {name}" for (name,) in tables)]
        return {query: connection.execute(query).fetchall() for query in queries}


def night(root: Path, version: str, amount: int, **changes: Any) -> DataPaths:
    paths = tiny.build(root, version, amount)
    publish(
        paths, tiny.manifest(), tiny.decisions(), version=version, as_of=changes.pop("as_of", tiny.AS_OF), **changes
    )
    return paths


def files(folder: Path) -> dict[str, int]:
    return {str(p.relative_to(folder)): p.stat().st_mtime_ns for p in folder.rglob("*") if p.is_file()}


def test_a_kept_publication_gives_back_all_that_was_published(tmp_path: Path) -> None:
    paths = night(tmp_path, "v1", 1)
    before = content(paths.marts_file)
    night(tmp_path, "v2", 2)
    with reopened(paths, "v1") as file:
        assert content(file) == before
        with ask(paths, "SELECT sum(so_tien) FROM tthc.ho_so", file=file) as answer:
            assert list(answer.rows) == [(1000,)]
        outside = "SELECT * FROM read_csv('/etc/hostname')"
        with pytest.raises(Exception, match="không được đọc tệp"), ask(paths, outside, file=file) as answer:
            list(answer.rows)
    assert run_query(paths, "SELECT sum(so_tien) FROM tthc.ho_so").rows == [(2000,)]


def test_a_held_group_is_kept_with_the_stamps_it_has(tmp_path: Path) -> None:
    night(tmp_path, "v1", 1)
    paths = tiny.build(tmp_path, "v2", 2)
    tiny.release(paths, "v2", tthc=State.KEPT)
    with reopened(paths, "v2") as file:
        assert content(file) == content(paths.marts_file)
    newest = Store(paths.marts).versions()[0]
    assert newest.held == ["tthc"]
    assert newest.tables["tthc.ho_so"]["hang"]["phien_ban"] == "v1"


def test_an_unchanged_table_costs_nothing(tmp_path: Path) -> None:
    paths = night(tmp_path, "v1", 1)
    store = Store(paths.marts).folder
    before = files(store / "noi_dung")
    night(tmp_path, "v2", 1)
    assert files(store / "noi_dung") == before
    assert [v.name for v in Store(paths.marts).versions()] == ["v2", "v1"]


def test_nothing_new_nothing_rewritten(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    tiny.release(paths, "v1")
    before = files(paths.marts)
    tiny.build(tmp_path, "v1", 1)
    report = tiny.release(paths, "v1")
    assert report.outcome is Outcome.UNCHANGED
    assert files(paths.marts) == before
    (paths.marts / "tthc" / "ho_so.parquet").write_bytes(b"x")
    assert tiny.release(paths, "v1").outcome is Outcome.SWAPPED


def test_other_figures_under_the_same_id_are_another_version(tmp_path: Path) -> None:
    paths = night(tmp_path, "v1", 1)
    night(tmp_path, "v1", 2)
    assert [v.name for v in Store(paths.marts).versions()] == ["v1-2", "v1"]
    assert content(paths.marts_file)["SELECT * FROM ho_tich.dang_ky"][0][1] == 2


def test_kept_aside_the_current_publication_stays(tmp_path: Path) -> None:
    paths = night(tmp_path, "v2", 2)
    before = content(paths.marts_file)
    tiny.build(tmp_path, "v1", 1)
    report = publish(paths, tiny.manifest(), tiny.decisions(), version="v1", as_of=date(2025, 6, 30), aside=True)
    assert report.outcome is Outcome.ASIDE
    assert content(paths.marts_file) == before
    with reopened(paths, "v1") as file:
        assert content(file)["SELECT * FROM ho_tich.dang_ky"][0][1] == 1


@pytest.mark.parametrize(("states", "beside"), [(7, True), (0, False)], ids=["data", "no file yet"])
def test_an_earlier_day_stands_beside_what_was_made_of_files(tmp_path: Path, states: int, beside: bool) -> None:
    """The first run on an empty folder is of today: the exports of last year that come then are what is published."""
    paths = tiny.build(tmp_path, "v2", 2)
    feeds = {"dvc__ho_so": states, "dvc__phi": 0}
    publish(paths, tiny.manifest(), tiny.decisions(), version="v2", as_of=tiny.AS_OF, feeds=feeds)
    assert is_aside(paths, Run(2, datetime(2025, 10, 1), date(2025, 6, 30))) is beside
    assert not is_aside(paths, Run(2, datetime(2025, 10, 1), tiny.AS_OF))


def test_difference_by_table_and_by_key(tmp_path: Path) -> None:
    paths = night(tmp_path, "v1", 1)
    tiny.build(tmp_path, "v2", 1)
    with duckdb.connect(str(paths.warehouse_file)) as connection:
        connection.execute("UPDATE tthc.ho_so SET so_tien = 7 WHERE ma_ho_so = 'H02-1500'")
        connection.execute("DELETE FROM tthc.ho_so WHERE ma_ho_so = 'H02-1501'")
        connection.execute("INSERT INTO tthc.ho_so SELECT * REPLACE ('H02-9' AS ma_ho_so) FROM tthc.ho_so LIMIT 1")
    tiny.release(paths, "v2")
    store = Store(paths.marts)
    old, new = store.get("v1"), store.get("v2")
    expected = [("tthc.ho_so", "them", 1), ("tthc.ho_so", "bot", 1), ("tthc.ho_so", "doi", 1)]
    assert by_table(store, old, new).rows == expected
    lines = [row[:6] for row in by_key(store, old, new, "tthc.ho_so").rows]
    assert lines == [
        ("tthc.ho_so", "bot", "ma_ho_so=H02-1501", None, None, None),
        ("tthc.ho_so", "doi", "ma_ho_so=H02-1500", "so_tien", 1, 7),
        ("tthc.ho_so", "them", "ma_ho_so=H02-9", None, None, None),
    ]
    assert by_table(store, old, old).rows == []
    with pytest.raises(UnknownVersionError):
        by_key(store, old, new, "tthc.khong_co")


def faults(paths: DataPaths) -> dict[str, str]:
    return {p.version: "; ".join(p.faults) for p in prove(Store(paths.marts), None, signing_key()) if p.faults}


@pytest.fixture
def three(tmp_path: Path) -> DataPaths:
    for number in (1, 2, 3):
        paths = night(tmp_path, f"v{number}", number, as_of=date(2025, 6 + number, 28))
    assert faults(paths) == {}
    return paths


def test_a_flipped_content_file_is_named_and_the_rest_works(three: DataPaths) -> None:
    store = Store(three.marts)
    place = store.place(store.get("v1").tables["tthc.ho_so"]["tep"])
    place.chmod(0o640)
    place.write_bytes(place.read_bytes()[:-9] + b"123456789")
    assert list(faults(three)) == ["v1"]
    assert "tthc.ho_so" in faults(three)["v1"]
    with pytest.raises(VersionError, match=r"tthc\.ho_so"), reopened(three, "v1"):
        pass
    with reopened(three, "v2") as file:
        assert content(file)
    night(three.root, "v4", 1)  # the same content again: the damaged file is made whole
    assert faults(three) == {}


def test_an_edited_listing_breaks_the_chain(three: DataPaths) -> None:
    place = Store(three.marts).folder / "ban_ke" / "v2.json"
    place.write_text(place.read_text(encoding="utf-8").replace('"so_dong": 1000', '"so_dong": 1001'), encoding="utf-8")
    assert list(faults(three)) == ["v3"]
    place.unlink()
    assert "chuỗi" in faults(three)["v3"]
    place.write_text("{", encoding="utf-8")
    assert {"v2", "v3"} == set(faults(three))
    assert [v.name for v in Store(three.marts).versions()] == ["v3", "v1"]


def test_signature(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = []
    for name in ("mot.pem", "hai.pem"):
        key = tmp_path / name
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        key.write_bytes(pem)
        key.chmod(0o600)
        keys.append(key)
    root = tmp_path / "data"
    night(root, "v0", 9)
    monkeypatch.setenv(VARIABLE, str(keys[0]))
    paths = night(root, "v1", 1)
    assert faults(paths) == {}
    monkeypatch.setenv(VARIABLE, str(keys[1]))
    assert faults(paths) == {"v1": "chữ ký không đúng"}
    monkeypatch.setenv(VARIABLE, str(tmp_path / "khong_co.pem"))
    night(root, "v2", 2)  # a publication does not wait for its signature
    monkeypatch.setenv(VARIABLE, str(keys[0]))
    assert "thiếu chữ ký" in faults(paths)["v2"]


def settings(nights: int, months: int) -> Retention:
    return Retention(tep_goc_thang=1, lich_su_thang=1, nhat_ky_ngay=1, ban_dem=nights, ban_cuoi_thang=months)


def test_retention_keeps_nights_month_ends_and_pins(tmp_path: Path) -> None:
    days = [date(2025, 6, 29), date(2025, 6, 30), date(2025, 7, 30), date(2025, 7, 31), date(2025, 8, 1)]
    for number, day in enumerate(days, start=1):
        paths = night(tmp_path, f"v{number}", number, as_of=day)
    store = Store(paths.marts)
    store.pin("v1", on=True)
    before = files(paths.marts)
    told = retire(paths, settings(1, 1), dry_run=True)
    assert files(paths.marts) == before
    assert [r.path for r in told if r.what == "phien_ban"] == [
        f"marts/phien_ban/ban_ke/{name}.json" for name in ("v2", "v3")
    ]
    assert retire(paths, settings(1, 1), dry_run=False) == told
    assert [v.name for v in store.versions()] == ["v5", "v4", "v1"]
    assert faults(paths) == {}  # the chain is proved across what was removed
    with pytest.raises(UnknownVersionError, match="hết hạn"):
        store.get("v2")
    assert retire(paths, settings(1, 1), dry_run=False) == []
    store.pin("v1", on=False)
    assert {r.what for r in retire(paths, settings(1, 1), dry_run=False)} == {"phien_ban", "noi_dung"}
    named = {name for version in store.versions() for name in version.content}
    assert {p.name for p in (store.folder / "noi_dung").rglob("*") if p.is_file()} == named
    night(tmp_path, "v2", 2)  # a name once given is not given again
    assert store.versions()[0].name == "v2-2"


def test_a_damaged_current_publication_comes_back(three: DataPaths) -> None:
    before = content(three.marts_file)
    three.marts_file.write_bytes(three.marts_file.read_bytes()[:4096])
    restored = restore_current(three, parquet=True)
    assert restored is not None
    assert restored.name == "v3"
    assert content(three.marts_file) == before
    assert swap.is_whole(three.marts)
    assert restore_current(three, parquet=True) is None


def test_commands(three: DataPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("KHO_DATA", str(three.root))
    assert kho(["versions", "--ghim", "v1"]) == 0
    assert kho(["versions", "--ghim", "../v1"]) == 2
    capsys.readouterr()
    assert kho(["versions", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["phien_ban"], row["ly_do_giu"]) for row in rows] == [
        ("v3", "dem"),
        ("v2", "cuoi_thang"),
        ("v1", "ghim"),
    ]
    assert rows[0]["ngay_so_lieu"] == "2025-09-28"
    assert kho(["sql", "--phien-ban", "v1", "--format", "json", "SELECT n FROM ho_tich.dang_ky"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"n": 1}]
    assert kho(["sql", "--phien-ban", "v9", "SELECT 1"]) == 2
    assert kho(["sql", "--phien-ban", "v1", "DROP TABLE ho_tich.dang_ky"]) == 2
    capsys.readouterr()
    assert kho(["diff", "v1", "v2", "--format", "json"]) == 0
    changed = json.loads(capsys.readouterr().out)
    assert {"bang": "tthc.ho_so", "loai": "doi", "so_dong": 1000} in changed
    assert kho(["diff", "v1", "v9"]) == 2
    assert kho(["diff", "v1", "v2", "--bang", "tthc.ho_so", "--out", str(three.root / "khac.xlsx")]) == 0
    assert (three.root / "khac.xlsx").stat().st_size > 0
    assert kho(["diff", "v1", "v2", "--out", "/khong/co/khac.xlsx"]) == 2
    assert kho(["verify"]) == 0
    assert kho(["verify", "v9"]) == 2
    three.marts_file.write_bytes(b"x")
    assert kho(["verify"]) == 3
    assert kho(["versions", "--bo-ghim", "v1"]) == 0


def test_what_to_do_about_a_kept_publication_that_is_damaged(
    three: DataPaths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KHO_DATA", str(three.root))
    assert kho(["verify"]) == 0
    assert "sao lưu" not in capsys.readouterr().err
    max((three.marts / "phien_ban" / "noi_dung").rglob("*.bang")).unlink()
    assert kho(["verify"]) == 3
    assert "lấy lại marts/phien_ban từ bản sao lưu" in capsys.readouterr().err


def test_lost_versions_are_told_of_where_there_were_any(three: DataPaths, tmp_path: Path) -> None:
    assert lost_versions(three, 3) is None
    assert lost_versions(DataPaths(tmp_path / "moi"), 0) is None
    shutil.rmtree(three.marts)
    assert "3 bản công bố" in str(lost_versions(three, 3))


def test_what_is_not_there_is_not_proved(
    three: DataPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KHO_DATA", str(tmp_path / "chua_co"))
    assert kho(["verify"]) == kho(["verify", "--chay-lai"]) == 3
    assert "Không có bản công bố nào" in capsys.readouterr().err
    assert not (tmp_path / "chua_co").exists()
    monkeypatch.setenv("KHO_DATA", str(three.root))
    listing = three.marts / "ban_ke.json"
    right = listing.read_bytes()
    listing.write_text("{", encoding="utf-8")
    assert kho(["verify"]) == 3  # nothing vouches for kho.duckdb
    listing.write_bytes(right)
    assert kho(["verify"]) == 0
    (three.marts / "phien_ban" / "ban_ke" / "v3.json").unlink()  # the newest: no link of the chain names it
    capsys.readouterr()
    assert kho(["verify"]) == 3
    assert "v3" in capsys.readouterr().err


def test_a_person_is_taken_out_of_every_kept_publication_and_the_chain_still_proves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    place = tmp_path / "khoa.pem"
    place.write_bytes(pem)
    place.chmod(0o600)
    monkeypatch.setenv(VARIABLE, str(place))
    root = tmp_path / "data"
    night(root, "v1", 1)
    paths = night(root, "v2", 2)
    store, who = Store(paths.marts), Sought(("H02-1500",))
    heads = [version.head for version in store.versions()]
    with_person = set(store.get("v1").content)
    found = places(store, who)
    assert dict(found.tables) == {("v1", "tthc.ho_so"): 1, ("v2", "tthc.ho_so"): 1}
    forget(store, found, datetime(2026, 1, 1))
    assert places(store, who).rows == 0
    assert len(with_person - {path.name for path in (store.folder / "noi_dung").rglob("*.bang")}) == 1
    for name in ("v1", "v2"):
        with reopened(paths, name) as file, duckdb.connect(str(file), read_only=True) as connection:
            assert connection.execute("SELECT count(*) FROM tthc.ho_so").fetchall() == [(999,)]
    assert [version.head for version in store.versions()] == heads
    assert [proof.faults for proof in prove(store, None, key)] == [(), ()]
    # A second person, then somebody's hand.
    forget(store, places(store, Sought(("H02-1501",))), datetime(2026, 1, 2))
    assert [proof.faults for proof in prove(store, None, key)] == [(), ()]
    listing = store.folder / "ban_ke" / "v1.json"
    listing.write_text(
        listing.read_text(encoding="utf-8").replace('"so_dong": 998', '"so_dong": 997'), encoding="utf-8"
    )
    assert ["bản kê đã bị sửa sau khi gỡ bản ghi của một người"] in [list(p.faults) for p in prove(store, None, key)]


def test_what_is_taken_out_of_the_current_publication_is_out_of_what_analysts_read(tmp_path: Path) -> None:
    """A step names the person by the code of the dossier alone; the next night holds its group back."""
    night(tmp_path, "v1", 1)
    paths = night(tmp_path, "v2", 2)
    store = Store(paths.marts)
    found = places(store, Sought(("H02-1500",)))
    forget(store, found, datetime(2026, 1, 1))
    assert not issue_again(paths, {"v1"})
    assert issue_again(paths, {name for name, _ in found.tables})
    gone = "SELECT count(*), count(*) FILTER (ma_ho_so = 'H02-1500') FROM "
    for place in ("tthc.ho_so", f"'{paths.marts / 'tthc' / 'ho_so.parquet'}'"):
        with duckdb.connect(str(paths.marts_file), read_only=True) as connection:
            assert connection.execute(gone + place).fetchall() == [(999, 0)]
    assert swap.is_whole(paths.marts)
    tiny.build(tmp_path, "v3", 3)
    tiny.release(paths, "v3", tthc=State.KEPT)
    assert run_query(paths, gone + "tthc.ho_so").rows == [(999, 0)]
