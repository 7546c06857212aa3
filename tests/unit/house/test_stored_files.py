"""Which of a table's files a build left as they are (``tests/spark/stored.py``): by inode and time, not by name."""

from pathlib import Path

from tests.spark.stored import Kept, files, kept, report


def put(place: Path, table: str, month: str, text: str) -> Path:
    folder = place / "kho" / table / f"thang_luu={month}"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "part-0.parquet"
    fresh = folder / "moi"
    fresh.write_text(text)
    fresh.replace(file)
    return file


def test_a_file_written_again_under_its_name_is_new(tmp_path: Path) -> None:
    for month in ("2025-06", "2025-07", "2025-08"):
        put(tmp_path, "thang.db/stg__a", month, "x")
        put(tmp_path, "thang.db/stg__b", month, "x")
    put(tmp_path, "tthc.db/c", "2025-06", "x")
    before = files(tmp_path)
    put(tmp_path, "thang.db/stg__a", "2025-07", "x")
    (tmp_path / "kho/thang.db/stg__a/thang_luu=2025-08/part-0.parquet").unlink()
    put(tmp_path, "tthc.db/c", "2025-06", "x")
    put(tmp_path, "doi.db/stg__a", "2025-06", "x")
    after = kept(before, files(tmp_path))
    assert after == {"thang.stg__a": Kept(1, 1, 2), "thang.stg__b": Kept(3, 0, 0), "tthc.c": Kept(0, 1, 1)}
    assert [one.word for one in after.values()] == ["thay theo tháng", "giữ nguyên", "dựng lại"]
    assert report(after)[-2:] == [
        "Bảng lưu theo tháng: 1 giữ nguyên, 1 thay theo tháng; 4 tệp như cũ, 1 tệp mới",
        "Bảng khác: 1 dựng lại; 0 tệp như cũ, 1 tệp mới",
    ]
