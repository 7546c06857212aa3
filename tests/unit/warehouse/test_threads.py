"""How many threads DuckDB gets for a warehouse."""

from pathlib import Path

from pipelines.warehouse.database import connect, threads_for


def _sized(file: Path, size: int) -> Path:
    with file.open("wb") as opened:
        opened.truncate(size)
    return file


def test_a_small_warehouse_has_one_thread_a_large_or_a_new_one_what_is_set(tmp_path: Path) -> None:
    assert threads_for(_sized(tmp_path / "nho.duckdb", (1 << 30) - 1), 2) == 1
    assert threads_for(_sized(tmp_path / "lon.duckdb", 1 << 30), 2) == 2
    assert threads_for(tmp_path / "chua_co.duckdb", 3) == 3


def test_a_file_that_comes_or_grows_keeps_its_threads_until_the_process_ends(tmp_path: Path) -> None:
    """DuckDB refuses a second connection with other settings beside one that is open."""
    file = tmp_path / "kho.duckdb"
    with connect(file, threads=threads_for(file, 2)) as first:
        first.execute("CHECKPOINT")
        assert file.exists()
        with connect(file, threads=threads_for(file, 2)) as second:
            assert second.execute("SELECT current_setting('threads')").fetchone() == (2,)
