"""``kho doctor``: is everything in order, and what does a feed's contract say."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pipelines.cli.doctor.dry_run import DryRun, unit_reference
from pipelines.cli.doctor.dry_run import FoundError as _FoundError
from pipelines.cli.doctor.dry_run import Remark as _Remark
from pipelines.cli.terminal.console import error, say, table
from pipelines.cli.terminal.records import FORMAT, records
from pipelines.cli.terminal.usage import suggestion
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.disk import sha256_of, why
from pipelines.config.orchestration import load_orchestration
from pipelines.config.paths import PROJECT_ROOT, DataPaths, data_paths
from pipelines.config.secret import VARIABLE, SecretError, key_file, secret_key
from pipelines.config.yaml_lines import ConfigError
from pipelines.contracts.generate import DOCS
from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.contracts.model import Contract
from pipelines.house.docs import stale
from pipelines.house.skeleton import MARK, unfinished
from pipelines.publish.query import QueryError, run_query
from pipelines.publish.swap import read_listing
from pipelines.quality.model import WAIVER_NOTICE
from pipelines.quality.rules import load_rules
from pipelines.warehouse import dbt
from pipelines.warehouse.calendar import SEEDS, read_announced_years, year_owed
from pipelines.warehouse.runs import now_in_vietnam


@click.command(
    "doctor", cls=VietnameseCommand, help="Kiểm tra cấu hình, hợp đồng dữ liệu, quyền tệp; in hợp đồng của một nguồn."
)
@click.option("--nguon", "feed", metavar="HỆ THỐNG/NGUỒN", help="In hợp đồng của nguồn này, ví dụ dvc/ho_so.")
@FORMAT
def command(feed: str | None, form: str) -> int:
    """Print the checks, a dry run that changes nothing; json: ``muc, ket_qua (dat/luu_y/sai), chi_tiet``.

    0 all in order or only remarks, 2 a file that must be mended, 3 something else is wrong.
    """
    if feed is not None:
        return _contract(feed, form)
    paths = data_paths()
    dry_run = DryRun(paths)
    checks: list[tuple[str, Callable[[], str]]] = [
        ("Hợp đồng dữ liệu", _contracts),
        ("orchestration.yaml", _orchestration),
        ("Bộ quy tắc chất lượng", lambda: f"{len(load_rules())} quy tắc trong expectations/"),
        ("Nới lỏng quy tắc", _waivers),
        ("Tệp sinh từ hợp đồng", _generated),
        ("Chỗ còn phải viết", _unfinished),
        ("Dự án dbt", dry_run.models),
        ("Quy tắc trên kho trống", dry_run.rules),
        ("Kho làm việc", dry_run.warehouse),
        ("Khóa bí mật", lambda: _secret(paths)),
        ("Quyền của raw/, lam_viec/, van_hanh/", lambda: _permissions(paths)),
        ("Dung lượng trống", lambda: _disk(paths)),
        ("Dữ liệu đã công bố", lambda: _published(paths)),
        ("Bản kê công bố", lambda: _listing(paths)),
        ("Lịch nghỉ", _calendar),
        ("Danh mục đơn vị hành chính", unit_reference),
        ("Danh sách cơ quan", lambda: _agencies(paths)),
    ]
    rows: list[tuple[str, str, str]] = []
    worst = 0
    for name, check in checks:
        verdict, told, code = _checked(check)
        worst = max(worst, code)
        rows.append((name, verdict, told))
    if form == "json":
        records({"muc": name, "ket_qua": verdict, "chi_tiet": told} for name, verdict, told in rows)
    else:
        shown = [[name, _VERDICTS[verdict], told] for name, verdict, told in rows]
        table(f"Kho 06 — thư mục dữ liệu {paths.root}", ["Mục", "Kết quả", "Chi tiết"], shown)
    return worst


_VERDICTS = {"dat": "đạt", "luu_y": "LƯU Ý", "sai": "SAI"}


def _checked(check: Callable[[], str]) -> tuple[str, str, int]:
    """Verdict, what is told and exit code of one check; one that fails unforeseen is a fault and ends no other."""
    try:
        return "dat", check(), 0
    except _Remark as remark:
        return "luu_y", str(remark), 0
    except ConfigError as mistake:
        return "sai", str(mistake), 2
    except (dbt.DbtError, QueryError, _FoundError) as mistake:
        return "sai", str(mistake), 3
    except OSError as failure:
        return "sai", f"không đọc được {failure.filename or 'tệp'} ({why(failure)}).", 3
    except Exception as failure:  # noqa: BLE001 - its text may quote data
        return "sai", f"không kiểm tra được ({type(failure).__name__}); xem `kho status`.", 3


def _contracts() -> str:
    lists = load_code_lists()
    contracts = load_contracts(code_lists=lists)
    return f"{len(contracts)} nguồn, {len(lists)} danh mục mã"


def _orchestration() -> str:
    settings = load_orchestration(feeds=set(load_contracts()))
    state = "bật" if settings.lich_chay.bat else "tắt"
    return f"chạy lúc {settings.lich_chay.gio:%H:%M} ({settings.mui_gio}), lịch đang {state}"


def _waivers() -> str:
    """Waivers of the rule book; one that has run out must be taken out, one that ends soon is named."""
    today = now_in_vietnam().date()
    loosened = [(rule, rule.loosening) for rule in load_rules() if rule.loosening is not None]
    expired = sorted(rule.code for rule, loose in loosened if loose.until < today)
    if expired:
        raise _FoundError(
            f"{len(expired)} nới lỏng đã hết hạn ({', '.join(expired[:5])}): bỏ khỏi expectations/ "
            "hoặc ghi lý do và hạn mới."
        )
    soon = sorted((loose.until, rule.code) for rule, loose in loosened if loose.until <= today + WAIVER_NOTICE)
    if soon:
        named = "; ".join(f"{code} hết hạn {until:%d/%m/%Y}" for until, code in soon)
        return f"{len(loosened)} nới lỏng, SẮP HẾT HẠN trong {WAIVER_NOTICE.days} ngày: {named}"
    return f"{len(loosened)} nới lỏng" if loosened else "không có"


def _generated() -> str:
    """What `make docs` writes is what the contracts say; an installed package brings no sources to compare."""
    if not (PROJECT_ROOT / DOCS).is_dir():
        return "bản cài đặt, không có gì phải sinh lại"
    found = stale()
    if found:
        raise _FoundError(f"{len(found)} tệp cũ, ví dụ {found[0]}; chạy `make docs`.")
    return "khớp"


def _unfinished() -> str:
    found = unfinished()
    if found:
        raise _FoundError(f"{len(found)} chỗ còn chữ “{MARK}”: {', '.join(found[:5])}; xem docs/thay_doi.")
    return "không có"


def _secret(paths: DataPaths) -> str:
    """The secret can be used; before the very first run there need not be one."""
    try:
        secret_key()
    except SecretError as mistake:
        fresh = not os.environ.get(VARIABLE) and not key_file().exists()
        if fresh and not paths.warehouse_file.exists() and not paths.marts_file.exists():
            return f"chưa có; `kho run` đầu tiên sẽ tạo tệp {key_file()}"
        raise _FoundError(str(mistake)) from None
    place = f"biến {VARIABLE}" if os.environ.get(VARIABLE) else f"tệp {key_file()}, quyền 0600"
    return f"{place}; nhớ giữ một bản sao lưu ngoài máy này"


def _permissions(paths: DataPaths) -> str:
    wrong: list[Path] = []
    for folder in (paths.raw, paths.working, paths.operations):
        if folder.exists():
            wrong += [p for p in (folder, *folder.rglob("*")) if not p.is_symlink() and _open_to_others(p)]
    if wrong:
        raise _FoundError(
            f"{len(wrong)} mục người khác đọc được, ví dụ {wrong[0]}; `kho run` sẽ đặt lại, hoặc chạy chmod go-rwx."
        )
    return "chỉ chủ thư mục đọc được"


def _open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _disk(paths: DataPaths) -> str:
    free = paths.free_bytes / 1e9
    if free < load_orchestration(feeds=None).giam_sat.dia_trong_gb:
        raise _FoundError(f"chỉ còn {free:.1f} GB; chạy `kho purge`, hoặc dọn bớt trước khi chạy.")
    return f"{free:.0f} GB"


def _published(paths: DataPaths) -> str:
    if not paths.marts_file.exists():
        return "chưa công bố lần nào"
    rows = run_query(paths, "SELECT count(*) FROM duckdb_tables()").rows
    return f"{rows[0][0]} bảng trong {paths.marts_file}"


def _listing(paths: DataPaths) -> str:
    """Every file that ``ban_ke.json`` lists is there with its size and SHA-256."""
    files: dict[str, dict[str, Any]] = read_listing(paths.marts).get("tep", {})
    if not files:
        if paths.marts_file.exists():
            raise _FoundError("thiếu hoặc hỏng ban_ke.json; `kho run` sẽ công bố lại.")
        return "chưa công bố lần nào"
    wrong = [
        name
        for name, facts in files.items()
        if not (paths.marts / name).is_file() or sha256_of(paths.marts / name) != facts.get("sha256")
    ]
    if wrong:
        raise _FoundError(
            f"{len(wrong)} tệp công bố thiếu hoặc khác bản kê, ví dụ {wrong[0]}; `kho run` sẽ công bố lại."
        )
    return f"{len(files)} tệp đúng SHA-256"


def _calendar() -> str:
    """The schedule of days off: of this year, and from 1 December of the next (R2)."""
    announced = read_announced_years(SEEDS / "lich_cong_bo.csv")
    wanted = year_owed(now_in_vietnam().date())
    if wanted not in announced:
        raise _Remark(f"chưa nạp lịch nghỉ chính thức năm {wanted}; làm theo docs/van_hanh/lich_nghi_nam_moi.md.")
    return f"đã nạp đến năm {max(announced)}"


_UNITS = {
    "chua_biet": "mã gặp trong hồ sơ mà danh sách cơ quan không có",
    "thieu_ke_thua": "đơn vị đã kết thúc mà không có một đơn vị kế thừa",
    "ma_dvhc_khong_hieu_luc": "mã đơn vị hành chính không có hiệu lực ở ngày của nó",
    "ke_thua_khac_danh_muc": "đơn vị kế thừa khác danh mục đơn vị hành chính",
    "chua_ghi_ma_dvhc": "chưa ghi mã đơn vị hành chính",
}


def _agencies(paths: DataPaths) -> str:
    """Agreement of the list of agencies with the reference of units (R6); raises ``_Remark`` where they differ."""
    if not paths.marts_file.exists():
        return "chưa công bố lần nào"
    listed = "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'tthc' AND table_name = 'don_vi'"
    if not run_query(paths, listed).rows:
        return "chưa công bố bảng tthc.don_vi"
    found = {
        str(verdict): (int(number), str(example))
        for verdict, number, example in run_query(
            paths, "SELECT doi_chieu, count(*), min(ma_don_vi) FROM tthc.don_vi GROUP BY doi_chieu"
        ).rows
    }
    total = sum(number for number, _ in found.values())
    wrong = [f"{found[v][0]} {words} (ví dụ {found[v][1]})" for v, words in _UNITS.items() if v in found]
    if wrong:
        raise _Remark(f"{total} dòng: {'; '.join(wrong)}. Xem cột goi_y của tthc.don_vi.")
    return f"{total} dòng, khớp danh mục đơn vị hành chính"


def _contract(feed: str, form: str) -> int:
    contracts = load_contracts()
    if feed not in contracts:
        error(f"Không có nguồn “{feed}”.{suggestion(feed, contracts)} Các nguồn: {', '.join(sorted(contracts))}.")
        return 2
    if form == "json":
        records(_fields(contracts[feed]))
    else:
        _show(contracts[feed])
    return 0


def _fields(contract: Contract) -> list[dict[str, Any]]:
    """The contract's fields, a record each."""
    return [
        {
            "truong": field.name,
            "nhan": field.label,
            "bat_buoc": field.required,
            "kieu": field.kind.value,
            "danh_muc": field.code_list,
            "nhay_cam": field.sensitivity.value,
            "tieu_de_khac": list(field.headers),
        }
        for field in contract.fields
    ]


def _show(contract: Contract) -> None:
    key = ", ".join(f"năm của {part.field}" if part.year_only else part.text for part in contract.key)
    say(f"{contract.feed} — {contract.title}\n{contract.description}\nKhóa: {key}")
    rows = [
        [
            field["truong"] + (" *" if field["bat_buoc"] else ""),
            field["nhan"],
            field["kieu"] + (f" ({field['danh_muc']})" if field["danh_muc"] else ""),
            field["nhay_cam"],
            ", ".join(field["tieu_de_khac"]),
        ]
        for field in _fields(contract)
    ]
    table("Trường (dấu * là bắt buộc)", ["Trường", "Nhãn", "Kiểu", "Nhạy cảm", "Tiêu đề khác"], rows)
