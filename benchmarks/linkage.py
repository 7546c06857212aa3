"""Linkage of a labelled synthetic register: precision and recall by kind, time, memory.

    python -m benchmarks.linkage [--register khai_tu] --records 200000 --seed 20251

Prints a Markdown table for docs/benchmarks.md. Models and limits were made with seed 6 (``--save-model``,
``--tune``), so what is reported is measured with another seed.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.linkage_deaths import register as deaths_register
from benchmarks.linkage_register import register as births_register
from pipelines.linkage.births import BIRTHS
from pipelines.linkage.compare import compare_all, compare_new, train
from pipelines.linkage.deaths import DEATHS
from pipelines.linkage.decide import decide
from pipelines.linkage.model import load_limits, load_model, save_model
from pipelines.linkage.records import load_records

TUNED_ON = 6
REGISTERS = {"khai_sinh": (BIRTHS, births_register), "khai_tu": (DEATHS, deaths_register)}


def main() -> None:
    """Train, compare, judge against the labels."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--register", choices=list(REGISTERS), default="khai_sinh")
    options.add_argument("--records", type=int, default=200_000)
    options.add_argument("--seed", type=int, default=TUNED_ON)
    options.add_argument("--memory", default="6GB")
    options.add_argument("--default-model", action="store_true", help="use the default model instead of training")
    options.add_argument("--save-model", action="store_true", help="write the trained model as the default one")
    options.add_argument("--tune", action="store_true", help="also print what other limits would give, and the misses")
    options.add_argument(
        "--repeat", type=int, default=1, help="small registers: pool so many, with the seeds that follow"
    )
    options.add_argument("--new", type=int, default=3_000, help="records of the incremental run")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="linkage") as folder:
        pool(chosen) if chosen.repeat > 1 else run(chosen, Path(folder))


def pool(chosen: argparse.Namespace) -> None:
    """Quality over several small registers with the default model, each linked alone."""
    register, generate = REGISTERS[chosen.register]
    model = load_model(register.default_file, register)
    whole = duckdb.connect()
    whole.execute("create table dung (ma_ban_ghi_1 varchar, ma_ban_ghi_2 varchar, loai varchar)")
    whole.execute("create table tim (ma_ban_ghi_1 varchar, ma_ban_ghi_2 varchar, loai varchar, xac_suat double)")
    for seed in range(chosen.seed, chosen.seed + chosen.repeat):
        frame = generate(chosen.records, seed).with_columns(
            pl.format("{}-{}", pl.lit(seed), "ma_ban_ghi").alias("ma_ban_ghi")
        )
        connection = duckdb.connect(config={"threads": 2})
        connection.register("so", frame.to_arrow())
        load_records(connection, "so", register)
        compare_all(connection, model)
        decide(connection, register, model, load_limits(register))
        connection.register("dap_an", frame.select("ma_ban_ghi", "ma_nguoi", "loai_trung", "_khoa").to_arrow())
        connection.execute(_TRUTH)
        for table in ("dung", "tim"):
            whole.register("phan", connection.execute(f"from {table}").to_arrow_table())
            whole.execute(f"insert into {table} from phan")
    print(f"{chosen.repeat} sổ, mỗi sổ {chosen.records} bản ghi, hạt từ {chosen.seed}\n")
    print_quality(whole)


def run(chosen: argparse.Namespace, folder: Path) -> None:
    """One benchmark in ``folder``."""
    register, generate = REGISTERS[chosen.register]
    frame = generate(chosen.records, chosen.seed)
    file = folder / "so.parquet"
    frame.write_parquet(file)
    persons = frame.select("ma_ban_ghi", "ma_nguoi", "loai_trung", "_khoa")
    del frame
    config = {"memory_limit": chosen.memory, "threads": 2, "temp_directory": str(folder / "spill")}
    connection = duckdb.connect(config=config)
    clock = Clock()
    records = load_records(connection, f"(from read_parquet('{file}'))", register)
    clock.lap("chuẩn bị")
    if chosen.default_model:
        model = load_model(register.default_file, register)
    else:
        model = train(connection, register, lambda *_: None)
        if chosen.save_model:
            save_model(model, register, register.default_file)
    clock.lap("huấn luyện")
    candidates = compare_all(connection, model)
    clock.lap("so toàn bộ")
    decide(connection, register, model, load_limits(register))
    clock.lap("kết luận")
    persons = persons.with_columns(pl.col("ma_ban_ghi").cast(pl.String))
    connection.register("dap_an", persons.to_arrow())
    print(f"{records} bản ghi, {candidates} cặp ứng viên, hạt {chosen.seed}\n")
    connection.execute(_TRUTH)
    print_quality(connection)
    if chosen.tune:
        print_thresholds(connection)
        print_false_pairs(connection)
    connection.execute(
        f"create table moi as select ma_ban_ghi from ban_ghi order by md5(ma_ban_ghi || 'm') limit {chosen.new}"
    )
    clock.lap("chấm điểm")
    compare_new(connection, model, "moi")
    clock.lap(f"so {chosen.new} bản ghi mới với toàn sổ")
    print("\n| bước | giây |\n|---|---|")
    for name, seconds in clock.laps:
        print(f"| {name} | {seconds:.1f} |")
    print(f"\nBộ nhớ đỉnh: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024:.1f} GB")


class Clock:
    """Laps in wall seconds."""

    def __init__(self) -> None:
        self.laps: list[tuple[str, float]] = []
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """The step that ended now."""
        now = time.perf_counter()
        self.laps.append((name, now - self._last))
        self._last = now


_TRUTH = """
create or replace temp table dung as
select least(a.ma_ban_ghi, b.ma_ban_ghi) as ma_ban_ghi_1,
    greatest(a.ma_ban_ghi, b.ma_ban_ghi) as ma_ban_ghi_2,
    b.loai_trung as loai
from dap_an as a inner join dap_an as b
    on a.ma_nguoi = b.ma_nguoi and a.loai_trung is null and b.loai_trung is not null;
create or replace temp table tim as
select ma_ban_ghi_1, ma_ban_ghi_2, loai, xac_suat from cap where chac_chan
union all
select least(a.ma_ban_ghi, b.ma_ban_ghi), greatest(a.ma_ban_ghi, b.ma_ban_ghi), 'nhap_lai', 1
from dap_an as a inner join dap_an as b on a._khoa = b._khoa and a.ma_ban_ghi < b.ma_ban_ghi;
"""


def print_quality(connection: duckdb.DuckDBPyConnection) -> None:
    """Recall by the true kind, precision by the kind named, and both overall (exact and probable together)."""
    rows = connection.execute(
        """with r as (select d.loai, count(*) n, count(t.ma_ban_ghi_1) tim from dung d
            left join tim t using (ma_ban_ghi_1, ma_ban_ghi_2) group by 1),
        p as (select t.loai, count(*) n, count(d.ma_ban_ghi_1) dung, count(*) filter (d.loai = t.loai) cung_loai
            from tim t left join dung d using (ma_ban_ghi_1, ma_ban_ghi_2) group by 1)
        select loai, r.n, r.tim / r.n, p.dung / p.n, p.cung_loai / p.n from r full join p using (loai) order by 1"""
    ).fetchall()
    total = connection.execute(
        """select 'tất cả', (select count(*) from dung),
            count(d.ma_ban_ghi_1) / (select count(*) from dung), count(d.ma_ban_ghi_1) / count(*),
            count(*) filter (d.loai = t.loai) / count(*)
        from tim t left join dung d using (ma_ban_ghi_1, ma_ban_ghi_2)"""
    ).fetchall()
    print("| loại | cặp thật | recall | precision | đúng loại |\n|---|---|---|---|---|")
    for kind, count, recall, precision, same in [*rows, *total]:
        print(f"| {kind} | {count} | {recall or 0:.4f} | {precision or 0:.4f} | {same or 0:.4f} |")


def print_thresholds(connection: duckdb.DuckDBPyConnection) -> None:
    """Precision and recall of exact and probable pairs together, were the sure limit elsewhere."""
    for limit in (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999):
        row = connection.execute(
            """with t as (select ma_ban_ghi_1, ma_ban_ghi_2 from cap where xac_suat >= ?
                union all select ma_ban_ghi_1, ma_ban_ghi_2 from tim where loai = 'nhap_lai')
            select count(d.ma_ban_ghi_1) / count(*), count(d.ma_ban_ghi_1) / (select count(*) from dung)
            from t left join dung d using (ma_ban_ghi_1, ma_ban_ghi_2)""",
            [limit],
        ).fetchall()[0]
        kinds = connection.execute(
            """with t as (select * from cap where xac_suat >= ?),
            p as (select t.loai, count(d.ma_ban_ghi_1) / count(*) p
                from t left join dung d using (ma_ban_ghi_1, ma_ban_ghi_2) group by 1),
            r as (select d.loai, count(t.ma_ban_ghi_1) / count(*) r
                from dung d left join t using (ma_ban_ghi_1, ma_ban_ghi_2) group by 1)
            select loai, round(p, 3), round(r, 3) from p join r using (loai) order by 1""",
            [limit],
        ).fetchall()
        by_kind = "; ".join(f"{kind} {precision}/{recall}" for kind, precision, recall in kinds)
        print(f"ngưỡng {limit}: precision {row[0]:.4f} recall {row[1]:.4f} ({by_kind})")


def print_false_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    """What the false pairs are, by kind and by what they share."""
    rows = connection.execute(
        """select loai, a.ten_khoa = b.ten_khoa as cung_ten, a.ngay = b.ngay as cung_ngay,
            a.noi_dang_ky = b.noi_dang_ky as cung_noi, count(*)
        from tim t join ban_ghi a on a.ma_ban_ghi = ma_ban_ghi_1 join ban_ghi b on b.ma_ban_ghi = ma_ban_ghi_2
            anti join dung using (ma_ban_ghi_1, ma_ban_ghi_2) group by all order by all"""
    ).fetchall()
    print("cặp sai (loại, cùng tên, cùng ngày, cùng nơi, số cặp):", rows)


if __name__ == "__main__":
    main()
