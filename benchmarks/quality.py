"""The whole rule book on a province beside one SQL statement that counts the same failures.

    python -m benchmarks.quality                      # 2,000,000 dossiers, 2,000,000 registry records
    python -m benchmarks.quality --rows 200000

``single`` is one statement, composed from the conditions of the rules, that only counts failing rows; ``evaluate``
is the rule book as the gate runs it (applicable, judged and failed rows of every rule, verdicts of Great
Expectations); ``native`` is Great Expectations itself running the native suites, of which the night runs nothing
(``kho quality compare``); ``store`` enters results, defects and the counts of the scorecard into the ledger. One
process a measurement, two threads, the same limit of memory. Rows are invented.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from itertools import groupby
from pathlib import Path

from pipelines.config.orchestration import ResourceLimits, load_orchestration
from pipelines.contracts.loader import load_contracts
from pipelines.quality.evaluate import RuleResult, evaluate
from pipelines.quality.measure import with_as_of
from pipelines.quality.model import CountCheck, ReferenceCheck, RowCheck, Rule, UniqueCheck
from pipelines.quality.native.run import run_suites
from pipelines.quality.native.suites import suites
from pipelines.quality.rules import load_rules
from pipelines.quality.store import store_results
from pipelines.warehouse.database import connect
from tests.integration.quality.conftest import create_warehouse

AS_OF = date(2025, 12, 31)
THREADS, MEMORY = 2, "1500MB"
STEPS = ("single", "evaluate", "native", "store")


def main() -> None:
    """The parent writes the province and measures through children, so that peaks of memory are each one's own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--child", nargs=2, metavar=("STEP", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _child(options.child[0], Path(options.child[1]), options.rows)
        return
    with tempfile.TemporaryDirectory(prefix="kho_do_quy_tac_") as folder:
        file = Path(folder) / "kho_lam_viec.duckdb"
        _run("write", file, options.rows)
        print(f"{options.rows:,} dossiers, {options.rows:,} registry records, {len(load_rules())} rules")
        print(f"{'step':10} {'seconds':>8} {'CPU s':>8} {'peak MB':>8} {'x single':>9} {'failures':>10}")
        base = 0.0
        for step in STEPS:
            result = _run(step, file, options.rows)
            base = base or result["seconds"]
            ratio = result["seconds"] / base
            print(
                f"{step:10} {result['seconds']:8.1f} {result['cpu']:8.1f} {result['peak_mb']:8.0f} {ratio:9.2f} "
                f"{result['failures']:10,.0f}"
            )


def _run(step: str, file: Path, rows: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.quality", "--rows", str(rows), "--child", step, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _child(step: str, file: Path, rows: int) -> None:
    if step == "write":
        write_province(file, rows)
        print("{}")
        return
    seconds, failures = {"single": _single, "evaluate": _evaluate, "native": _native, "store": _store}[step](file)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime  # of the whole process, imports included
    print(json.dumps({"seconds": seconds, "cpu": cpu, "peak_mb": used.ru_maxrss / 1024, "failures": failures}))


def _single(file: Path) -> tuple[float, int]:
    sql = with_as_of(single_statement(load_rules()), AS_OF)
    with connect(file, read_only=True, threads=THREADS, memory_limit=MEMORY) as connection:
        started = time.perf_counter()
        row = connection.execute(sql).fetchall()[0]
        return time.perf_counter() - started, sum(int(n) for n in row)


def _limits() -> ResourceLimits:
    limits = load_orchestration(None, feeds=set(load_contracts())).gioi_han
    return limits.model_copy(update={"luong": THREADS, "bo_nho": MEMORY})


def _evaluated(file: Path) -> list[RuleResult]:
    return evaluate(file, load_rules(), run_number=1, version="v", as_of=AS_OF, limits=_limits())


def _native(file: Path) -> tuple[float, int]:
    started = time.perf_counter()
    results = run_suites(file, suites(load_rules(), AS_OF), _limits()).values()
    seconds = time.perf_counter() - started
    wrong = [result.code for result in results if result.error is not None]
    if wrong:
        raise RuntimeError(f"rules that do not run: {wrong}")
    return seconds, sum(result.failed for result in results)


def _evaluate(file: Path) -> tuple[float, int]:
    started = time.perf_counter()
    results = _evaluated(file)
    seconds = time.perf_counter() - started
    wrong = [result.rule for result in results if result.error is not None]
    if wrong:
        raise RuntimeError(f"rules that do not run: {wrong}")
    return seconds, sum(result.failures for result in results)


def _store(file: Path) -> tuple[float, int]:
    results = _evaluated(file)
    with connect(file, threads=THREADS, memory_limit=MEMORY) as connection:
        started = time.perf_counter()
        store_results(connection, load_rules(), results, run_number=1, version="v")
        seconds = time.perf_counter() - started
        return seconds, int(connection.execute("select count(*) from so_cai.loi").fetchall()[0][0])


def single_statement(rules: list[Rule]) -> str:
    """One statement, one row, one count of failures a rule; each relation is scanned once for its row rules."""
    scans, columns = [], []
    in_rows = sorted((r for r in rules if not isinstance(r.check, UniqueCheck)), key=lambda r: r.relation)
    for number, (relation, group) in enumerate(groupby(in_rows, key=lambda r: r.relation)):
        together = list(group)
        counts = ", ".join(f"{_failures(rule)} as {rule.code.lower()}" for rule in together)
        scans.append(f"(select {counts} from {relation} t) s{number}")
        columns += [f"coalesce({rule.code.lower()}, 0)" for rule in together]
    for rule in rules:
        if isinstance(rule.check, UniqueCheck):
            names = ", ".join(f"t.{name}" for name in rule.check.columns)
            whole = " and ".join(f"t.{name} is not null" for name in rule.check.columns)
            applies = f" and ({rule.applies})" if rule.applies else ""
            repeated = f"select count(*) as n from {rule.relation} t where {whole}{applies} group by {names}"
            columns.append(f"(select coalesce(sum(n), 0) from ({repeated} having count(*) > 1) u)")
    return f"select {', '.join(columns)} from {' cross join '.join(scans)}"


def _failures(rule: Rule) -> str:
    applies = f"({rule.applies}) and " if rule.applies else ""
    match rule.check:
        case RowCheck(condition):
            return f"count(*) filter (where {applies}not ({condition}))"
        case CountCheck():
            return f"sum({rule.check.failed})"
        case ReferenceCheck(column, table, target, day):
            force = (
                f" and d.hieu_luc_tu <= cast({day} as date) and coalesce(d.hieu_luc_den >= cast({day} as date), true)"
                if day
                else ""
            )
            there = f"exists (select 1 from {table} d where d.{target} = t.{column}{force})"
            full = f"(select count(*) from {table}) > 0"
            return f"count(*) filter (where {applies}t.{column} is not null and {full} and not {there})"
    raise TypeError(rule.code)


def write_province(file: Path, rows: int) -> None:
    """Tables shaped like the built warehouse: ``rows`` dossiers, three steps each, and ``rows`` registry records."""
    with connect(file, threads=THREADS, memory_limit="3GB") as connection:
        create_warehouse(connection)
        for statement in _PROVINCE:
            connection.execute(statement.replace("$n", str(rows)))


_DOSSIER = "concat('H02.', lpad(cast(i % 60 as varchar), 2, '0'), '-240614-', lpad(cast(i as varchar), 8, '0'))"
_UNIT = "concat('H02.', lpad(cast(i % 60 as varchar), 2, '0'))"
_DAY = "timestamp '2024-01-01' + to_minutes(cast((i * 7919) % 1000000 as integer))"
_PROVINCE = (
    "insert into stg.stg_dvc__co_quan (ma_don_vi, ten_don_vi, hieu_luc_tu) "
    "select concat('H02.', lpad(cast(i as varchar), 2, '0')), 'Đơn vị', date '2020-01-01' from range(60) r(i)",
    "insert into stg.stg_dvc__tthc (ma_tthc, ma_tthc_qg, hieu_luc_tu, thoi_han, don_vi_thoi_han, cap) "
    "select concat('BG.T', i), concat('1.', 100000 + i), date '2020-01-01', 5, 'ngay', 'tinh' from range(2000) r(i)",
    "insert into tham_chieu.ma_tinh_khai_sinh select lpad(cast(i as varchar), 3, '0') from range(1, 97) r(i)",
    "insert into tham_chieu.lich select d, isodow(d) <= 5 and strftime(d, '%m-%d') not in ('01-01', '04-30', "
    "'05-01', '09-02'), null, sum(case when isodow(d) <= 5 and strftime(d, '%m-%d') not in ('01-01', '04-30', "
    "'05-01', '09-02') then 1 else 0 end) "
    "over (order by d), false from (select cast(d as date) as d from range(date '2015-01-01', date '2031-01-01', "
    "interval 1 day) r(d)) x",
    "insert into stg.stg_dvcqg__tthc (ma_tthc_qg) select concat('1.', 100000 + i) from range(2000) r(i)",
    "insert into stg.stg_dvc__ho_so (ma_ho_so, ma_tthc, ten_tthc, ma_don_vi, kenh, so_dinh_danh, dien_thoai, "
    "ngay_tiep_nhan, "
    "ngay_hen_tra, ngay_ket_thuc, ngay_tra, trang_thai, phi_le_phi, _ma_tep, _trang_tinh, _dong) "
    f"select {_DOSSIER}, concat('BG.T', i % 2000), concat('Thủ tục số ', i % 2000), {_UNIT}, "
    "case when i % 1000 <> 7 then 'truc_tuyen' end, lpad(cast(24000000000 + i as varchar), 12, '0'), "
    f"concat('09', 10000000 + i), {_DAY}, {_DAY} + interval 7 day, "
    f"{_DAY} + to_days(case when i % 1000 = 1 then -2 else 5 end), "
    f"{_DAY} + interval 6 day, 'da_tra_ket_qua', case when i % 1000 = 2 then -1 else i % 50 * 1000 end, "
    "concat('tep', i % 40), '', i from range($n) r(i)",
    "insert into stg.stg_dvc__qua_trinh (ma_ho_so, trang_thai, thoi_diem, _ma_tep, _trang_tinh, _dong) "
    f"select {_DOSSIER}, (['duoc_tiep_nhan', 'dang_xu_ly', 'da_xu_ly_xong'])[b + 1], "
    f"{_DAY} + to_days(case when i % 1000 = 3 then -1 else cast(b as integer) end), concat('buoc', i % 40), "
    "'', i * 3 + b from range($n) r(i) cross join range(3) s(b)",
    "insert into stg.stg_dvcqg__ho_so (ma_ho_so, ma_don_vi, ma_tthc_qg, trang_thai, ngay_tiep_nhan, ngay_ket_thuc, "
    "ngay_dong_bo, "
    "_ma_tep, _trang_tinh, _dong) select ma_ho_so, ma_don_vi, concat('1.', 100000 + _dong % 2000), "
    "trang_thai, ngay_tiep_nhan, ngay_ket_thuc, "
    "ngay_ket_thuc + to_days(case when _dong % 1000 = 4 then 3 else 0 end), 'qg', '', _dong from stg.stg_dvc__ho_so "
    "where _dong % 1000 <> 5",
    "insert into tthc.ho_so (ma_ho_so, ma_tthc, ma_don_vi, ma_don_vi_hien_nay, trang_thai, ket_qua_han, "
    "ngay_tiep_nhan, ngay_hen_tra, han_tinh_lai, ngay_ket_thuc, ma_tep, dong) select ma_ho_so, ma_tthc, "
    "ma_don_vi, ma_don_vi, "
    "trang_thai, 'dung_han', ngay_tiep_nhan, ngay_hen_tra, cast(ngay_hen_tra as date) + cast(case "
    "isodow(ngay_hen_tra) when 6 then 2 when 7 then 1 else 0 end as integer), ngay_hen_tra, _ma_tep, _dong "
    "from stg.stg_dvc__ho_so",
    "insert into stg.stg_ho_tich__khai_sinh (_khoa, so, quyen_so, trang_so, nks_ho_ten, me_ho_ten, cha_ho_ten, "
    "nks_dan_toc, me_ngay_sinh, me_ngay_sinh_tu, me_ngay_sinh_den, cha_ngay_sinh, cha_ngay_sinh_tu, cha_ngay_sinh_den, "
    "me_so_giay_to_khoa, noi_dang_ky, nguon, trang_thai, loai_dang_ky, nks_gioi_tinh, "
    "nks_so_dinh_danh, nks_so_dinh_danh_khoa, nks_ngay_sinh_tu, nks_ngay_sinh_den, ngay_dang_ky_tu, ngay_dang_ky_den, "
    "ngay_cap_so_dinh_danh, _ma_tep, _trang_tinh, _dong, _thu_tu_ban_ghi) "
    "select md5(cast(i as varchar)), cast(i as varchar), '01/2024', cast(i // 20 as varchar), "
    "concat('Lê Văn ', chr(65 + cast(i % 26 as integer)), chr(97 + cast(i // 26 % 26 as integer))), "
    "concat('Trần Thị ', chr(65 + cast(i % 26 as integer)), i // 26), concat('Lê Hữu ', "
    "chr(65 + cast(i % 26 as integer))), "
    "'Kinh', '1995', date '1995-01-01', date '1995-12-31', '1993', date '1993-01-01', date '1993-12-31', "
    f"sha256(concat('me', i)), {_UNIT}, 'dien_tu', 'da_duyet', 'dung_han', "
    "case when (i // 1000) % 2 = 0 then 'nam' else 'nu' end, "
    "concat('024', case when (i // 1000) % 2 = 0 then '2' else '3' end, '24', "
    "lpad(cast(i % 1000000 as varchar), 6, '0')), "
    "sha256(cast(i - case when i % 2000 = 6 then 1 else 0 end as varchar)), "
    f"cast({_DAY} as date), cast({_DAY} as date), cast({_DAY} as date) + 20, cast({_DAY} as date) + 20, "
    f"cast({_DAY} as date) + 25, 'ks', '', i, 1 from range($n // 2) r(i)",
    "insert into stg.stg_ho_tich__khai_tu (_khoa, so, quyen_so, nkt_ho_ten, noi_dang_ky, trang_thai, "
    "nkt_so_dinh_danh, nkt_so_dinh_danh_khoa, "
    "nkt_ngay_chet_tu, nkt_ngay_chet_den, ngay_dang_ky_tu, ngay_dang_ky_den, _ma_tep, _trang_tinh, _dong, "
    "_thu_tu_ban_ghi) "
    f"select md5(cast(i as varchar)), cast(i as varchar), '01/2024', 'Lê Văn A', {_UNIT}, 'da_duyet', "
    f"lpad(cast(24000000000 + i as varchar), 12, '0'), "
    f"sha256(cast(i as varchar)), cast({_DAY} as date), cast({_DAY} as date), "
    f"cast({_DAY} as date) + case when i % 1000 = 8 then -3 else 3 end, "
    f"cast({_DAY} as date) + case when i % 1000 = 8 then -3 else 3 end, 'kt', '', i, 1 from range($n // 4) r(i)",
    "insert into stg.stg_ho_tich__ket_hon (_khoa, so, quyen_so, chong_ho_ten, vo_ho_ten, chong_so_giay_to_khoa, "
    "vo_so_giay_to_khoa, noi_dang_ky, chong_so_giay_to, vo_so_giay_to, ngay_dang_ky_tu, "
    "ngay_dang_ky_den, _ma_tep, _trang_tinh, _dong, _thu_tu_ban_ghi) "
    "select md5(cast(i as varchar)), cast(i as varchar), '01/2024', 'Lê Văn A', 'Trần Thị B', sha256(concat('c', i)), "
    f"sha256(concat('v', i)), {_UNIT}, lpad(cast(24095000000 + i as varchar), 12, '0'), "
    f"lpad(cast(24095000000 + i + case when i % 1000 = 9 then 0 else 1 end "
    f"as varchar), 12, '0'), cast({_DAY} as date), cast({_DAY} as date), 'kh', '', i, 1 from range($n // 4) r(i)",
    "insert into ho_tich.dang_ky (ma_ban_ghi, ma_don_vi, ma_tep, dong) "
    f"select concat(md5(cast(i as varchar)), '-', i % 2), {_UNIT}, 'ks', i from range($n) r(i)",
)


if __name__ == "__main__":
    main()
