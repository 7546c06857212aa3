"""Readers and crashes: at every instant one whole publication, and the next run is clean."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import tiny

from pipelines.config.paths import DataPaths, data_paths
from pipelines.publish import swap
from pipelines.publish.proving import prove
from pipelines.publish.swap import is_pending, recover
from pipelines.publish.version_store import Store

READ = (
    "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
    "print(c.execute('select sum(so_tien), min(phien_ban), max(phien_ban) from tthc.ho_so').fetchall()[0],"
    " c.execute('select n, phien_ban from ho_tich.dang_ky').fetchall()[0])"
)
OLD = "(1000, 'v1', 'v1') (1, 'v1')"
NEW = "(2000, 'v2', 'v2') (2, 'v2')"


def read(paths: DataPaths) -> str:
    done = subprocess.run(
        [sys.executable, "-c", READ, str(paths.marts_file)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def die(paths: DataPaths, call: int) -> subprocess.CompletedProcess[str]:
    program = Path(tiny.__file__)
    command = [sys.executable, str(program), str(paths.root), "v2", str(call), CALLS]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def in_process(paths: DataPaths) -> str:
    with duckdb.connect(str(paths.marts_file), read_only=True) as c:
        dossiers = c.execute("select sum(so_tien), min(phien_ban), max(phien_ban) from tthc.ho_so").fetchall()[0]
        return f"{dossiers} {c.execute('select n, phien_ban from ho_tich.dang_ky').fetchall()[0]}"


def parquet_versions(paths: DataPaths) -> set[str]:
    files = sorted(paths.marts.glob("[!.]*/*.parquet"))
    return {duckdb.sql(f"select any_value(phien_ban) from '{f}'").fetchall()[0][0] for f in files}


def test_reader_with_the_old_file_open_goes_on_and_a_new_process_sees_the_new_one(tmp_path: Path) -> None:
    tiny.release(tiny.build(tmp_path, "v1", 1), "v1")
    paths = tiny.build(tmp_path, "v2", 2)
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import duckdb, sys\nc = duckdb.connect(sys.argv[1], read_only=True)\n"
            "ask = lambda: print(c.execute('select sum(so_tien) from tthc.ho_so').fetchall(), flush=True)\n"
            "ask()\nfor _ in sys.stdin: ask()",
            str(paths.marts_file),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "[(1000,)]\n"
        tiny.release(paths, "v2")
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "[(1000,)]\n"
        assert read(paths) == NEW
        reader.stdin.close()


CALLS = "rename,replace,unlink,rmdir,fsync,chmod,mkdir"


@pytest.mark.cham
@pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.dai)])
def test_kill_at_every_step_leaves_one_whole_publication_and_a_clean_next_run(tmp_path: Path, stride: int) -> None:
    """SIGKILL before each file-system call of a publication, or before every fifth and the last; readers look, then
    the next run follows."""
    template = tmp_path / "mau"
    tiny.release(tiny.build(template, "v1", 1), "v1")
    tiny.build(template, "v2", 2)
    count = int(die(_copy(template, tmp_path / "dem"), 0).stdout)
    assert count >= 8
    seen = set()
    for call in sorted({*range(1, count + 1, stride), count}):
        paths = _copy(template, tmp_path / f"lan_{call}")
        done = die(paths, call)
        assert done.returncode == -signal.SIGKILL, (call, done.stderr[-500:])
        after_crash = in_process(paths)
        assert after_crash in {OLD, NEW}, call
        seen.add(after_crash)
        decided = is_pending(paths.marts)
        recover(paths.marts)
        assert in_process(paths) == (NEW if decided else after_crash), call
        assert len(parquet_versions(paths)) == 1, call
        assert not [p for p in paths.marts.iterdir() if p.name.startswith(".")], call
        tiny.release(paths, "v2")
        assert in_process(paths) == NEW
        assert parquet_versions(paths) == {"v2"}
        kept = prove(Store(paths.marts), None, None)
        assert [(proof.version, proof.faults) for proof in kept] == [("v2", ()), ("v1", ())], call
    assert seen == {OLD, NEW}


def _copy(template: Path, root: Path) -> DataPaths:
    shutil.copytree(template, root)
    return data_paths(root)


def test_next_publication_mends_a_crash_by_itself(tmp_path: Path) -> None:
    tiny.release(tiny.build(tmp_path, "v1", 1), "v1")
    paths = tiny.build(tmp_path, "v2", 2)
    (paths.marts / ".dang_ghi" / "tthc").mkdir(parents=True)
    (paths.marts / ".dang_ghi" / "kho.duckdb").write_bytes(b"half")
    (paths.marts / "kho.duckdb.wal").write_bytes(b"left by somebody")
    tiny.release(paths, "v2")
    assert read(paths) == NEW
    assert not (paths.marts / ".dang_ghi").exists()
    assert not (paths.marts / "kho.duckdb.wal").exists()


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "overwritten"])
def test_a_damaged_database_counts_as_absent_and_is_published_anew(tmp_path: Path, damage: str) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    tiny.release(paths, "v1")
    assert swap.usable_database(paths.marts) == paths.marts_file
    content = paths.marts_file.read_bytes()
    middle = len(content) // 2
    paths.marts_file.write_bytes(
        {
            "cut": content[:middle],
            "flipped": content[:middle]
            + bytes(b ^ 0xFF for b in content[middle : middle + 64])
            + content[middle + 64 :],
            "empty": b"",
            "overwritten": b"khong phai kho" * 1000,
        }[damage]
    )
    assert swap.usable_database(paths.marts) is None
    tiny.build(tmp_path, "v2", 2)
    tiny.release(paths, "v2")
    assert swap.usable_database(paths.marts) == paths.marts_file
    with duckdb.connect(str(paths.marts_file), read_only=True) as connection:
        assert connection.execute("SELECT DISTINCT phien_ban FROM tthc.ho_so").fetchall() == [("v2",)]


@pytest.mark.parametrize("text", ["", "{", '{"tep": 5}', "[]"])
def test_a_damaged_listing_is_made_again(tmp_path: Path, text: str) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    tiny.release(paths, "v1")
    (paths.marts / "ho_tich" / "bang_cu.parquet").write_bytes(b"x")
    (paths.marts / "ban_ke.json").write_text(text, encoding="utf-8")
    assert swap.usable_database(paths.marts) == paths.marts_file  # it can be read to its last row
    tiny.build(tmp_path, "v2", 2)
    tiny.release(paths, "v2")
    assert swap.read_listing(paths.marts)["phien_ban"] == "v2"
    assert not (paths.marts / "ho_tich" / "bang_cu.parquet").exists()


def test_without_a_listing_a_database_is_read_to_its_last_row(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    tiny.release(paths, "v1")
    (paths.marts / "ban_ke.json").unlink()
    content = paths.marts_file.read_bytes()
    paths.marts_file.write_bytes(content[: len(content) - 300_000])
    assert swap.usable_database(paths.marts) is None


def test_a_damaged_listing_of_what_is_pending_decides_nothing(tmp_path: Path) -> None:
    paths = tiny.build(tmp_path, "v1", 1)
    tiny.release(paths, "v1")
    pending = paths.marts / ".cho_thay"
    pending.mkdir()
    (pending / "ban_ke.json").write_text("{", encoding="utf-8")
    (pending / "kho.duckdb").write_bytes(b"x")
    assert swap.recover(paths.marts)
    assert not pending.exists()
    assert swap.usable_database(paths.marts) == paths.marts_file


def test_nested_folders_are_made_with_their_mode_and_what_is_gone_goes(tmp_path: Path) -> None:
    """Pages lie three folders deep: each folder is published whole, readable by the group, and without old pages."""
    for version, names in (("v1", ("a/b/c/1.html", "a/cu.html")), ("v2", ("a/b/c/1.html", "a/b/d/2.html"))):
        staging = swap.begin(tmp_path)
        (staging.folder / swap.DATABASE).write_bytes(version.encode())
        for name in names:
            place = staging.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(version, encoding="utf-8")
        swap.commit(staging, {"phien_ban": version})
    assert {str(f.relative_to(tmp_path)): f.read_text() for f in tmp_path.rglob("*.html")} == {
        "a/b/c/1.html": "v2",
        "a/b/d/2.html": "v2",
    }
    assert {folder.stat().st_mode & 0o777 for folder in (tmp_path / "a").rglob("*") if folder.is_dir()} == {0o750}
    assert (tmp_path / "a/b/d/2.html").stat().st_mode & 0o777 == 0o640
    assert not is_pending(tmp_path)


def test_a_publication_of_nested_folders_that_was_cut_off_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staging = swap.begin(tmp_path)
    (staging.folder / swap.DATABASE).write_bytes(b"v1")
    for name in ("a/b/1.html", "a/c/2.html", "a/c/3.html"):
        (staging.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (staging.folder / name).write_text(name, encoding="utf-8")
    real, seen = swap._swap_in, []

    def cut_off(source: Path, target: Path) -> None:
        seen.append(target)
        if len(seen) == 2:
            raise OSError("mất điện")
        real(source, target)

    monkeypatch.setattr(swap, "_swap_in", cut_off)
    with pytest.raises(OSError, match="mất điện"):
        swap.commit(staging, {"phien_ban": "v1"})
    monkeypatch.setattr(swap, "_swap_in", real)
    assert recover(tmp_path)
    assert {f.read_text() for f in tmp_path.rglob("*.html")} == {"a/b/1.html", "a/c/2.html", "a/c/3.html"}
    assert swap.is_whole(tmp_path)
