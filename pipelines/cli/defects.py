"""``kho defects``: one workbook an agency with what is wrong and how to mend it; the owners' answers read back."""

from __future__ import annotations

from pathlib import Path

import click
import duckdb

from pipelines.cli.terminal.console import count, error, say, table
from pipelines.cli.terminal.usage import suggestion
from pipelines.cli.terminal.vietnamese import VietnameseCommand
from pipelines.config.paths import DataPaths, data_paths
from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.defects.answers import DEFECT, Entered, answered, enter
from pipelines.defects.export import DefectsError, Export, UnknownAgencyError, export_defects
from pipelines.defects.read_back import Agencies, ReadBack, ReadBackError, read_back
from pipelines.intake.errors import printable
from pipelines.job import load_job
from pipelines.quality.rules import load_rules
from pipelines.turn import TurnError, exclusive
from pipelines.warehouse import safekeeping
from pipelines.warehouse.database import HELD, connect, is_held, transaction
from pipelines.warehouse.runs import now_in_vietnam
from pipelines.warehouse.schema import create_tables


@click.command("defects", cls=VietnameseCommand)
@click.option("--don-vi", "agency", metavar="MÃ", help="Chỉ ghi sổ của đơn vị này (mã trong danh sách cơ quan).")
@click.option(
    "--out",
    "folder",
    metavar="THƯ_MỤC",
    type=click.Path(file_okay=False, path_type=Path),
    help="Thư mục nhận các sổ lỗi; chỉ chủ thư mục đọc được.",
)
@click.option(
    "--nhan",
    "returned",
    metavar="TỆP",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Nhận sổ lỗi mà đơn vị đã trả lời (xlsx, xls, ods); lặp lại được cho nhiều tệp.",
)
def command(agency: str | None, folder: Path | None, returned: tuple[Path, ...]) -> int:
    """Write the workbooks, or take answers; prints counts and file names only.

    0 done (also with nothing to write), 1 some lines were not taken, 2 unknown agency or wrong use, 3 failed.
    """
    if (folder is None) == (not returned):
        raise click.UsageError("cần đúng một trong --out THƯ_MỤC (ghi sổ) và --nhan TỆP (nhận trả lời).")
    if agency is not None and returned:
        raise click.UsageError("--don-vi chỉ dùng cùng --out THƯ_MỤC.")
    paths = data_paths()
    if not paths.warehouse_file.exists():
        error(f"Chưa có lần chạy nào trong {paths.root}. Chép tệp vào raw/ rồi chạy `kho run`.")
        return 3
    if folder is None:
        return _take(returned)
    return _write(paths, folder, agency)


def _write(paths: DataPaths, folder: Path, agency: str | None) -> int:
    code_lists = load_code_lists()
    contracts = load_contracts(code_lists=code_lists)
    try:
        with connect(paths.warehouse_file, read_only=True) as connection:
            export = export_defects(
                connection, folder, load_rules(feeds=contracts), contracts, code_lists, agency=agency
            )
    except UnknownAgencyError as mistake:
        raise click.UsageError(str(mistake) + suggestion(agency or "", mistake.known)) from None
    except DefectsError as mistake:
        error("Không ghi được sổ lỗi: " + str(mistake))
        return 3
    _tell(export, folder)
    return 0


def _take(files: tuple[Path, ...]) -> int:
    job = load_job()
    days = job.settings.cong_chat_luong.mien_ngay
    worst = 0
    try:
        with exclusive(job.paths, "kho defects --nhan"), job.warehouse() as connection:
            create_tables(connection, job.contracts.values())
            agencies, known = _known(connection)
            for file in files:
                try:
                    found = read_back(file, agencies, known)
                except ReadBackError as mistake:
                    error(f"{printable(file.name)}: {mistake}")
                    worst = max(worst, 1)
                    continue
                with transaction(connection):
                    entered = enter(connection, found.answers, sha256=found.sha256, days=days, now=now_in_vietnam())
                _tell_taken(file, found, entered, days)
                worst = max(worst, 1 if found.refused else 0)
            safekeeping.keep(connection, job.paths)
    except (TurnError, DefectsError) as mistake:
        error(str(mistake))
        return 3
    except duckdb.Error as failure:  # its text may quote a value
        lost = f"Không ghi được trả lời vào kho làm việc ({type(failure).__name__}); chưa nhận gì của tệp cuối."
        error(HELD if is_held(failure) else lost)
        return 3
    return worst


def _known(connection: duckdb.DuckDBPyConnection) -> tuple[Agencies, dict[str, str | None]]:
    """Agencies by code and name; every defect of the ledger and whose it is. Raises ``DefectsError``."""
    if not connection.execute("select 1 from so_cai.ket_qua_kiem_tra limit 1").fetchall():
        raise DefectsError("Chưa có lần chạy nào đã kiểm tra chất lượng; chạy `kho run`.")
    names = connection.execute(
        "select u.ma_don_vi, coalesce(arg_max(q.ten_don_vi, q.hieu_luc_tu), u.ma_don_vi), "
        "coalesce(max(u.ma_don_vi_hien_nay), u.ma_don_vi) "
        "from trung_gian.int_tthc__don_vi_hien_nay u left join stg.stg_dvc__co_quan q on q.ma_don_vi = u.ma_don_vi "
        "group by u.ma_don_vi"
    ).fetchall()
    defects = connection.execute(
        f"select {DEFECT.format('l')}, arg_max(case when not coalesce(a.chuyen, false) then l.ma_don_vi end, l.tu_lan) "
        f"from so_cai.loi l left join {answered(connection)} a on a.ma_loi = {DEFECT.format('l')} group by 1"
    ).fetchall()
    agencies = Agencies({code: name for code, name, _ in names}, {code: now for code, _, now in names})
    return agencies, dict(defects)


def _tell(export: Export, folder: Path) -> None:
    if not export.files:
        day = f"{export.as_of:%d/%m/%Y}"
        say(f"Không có lỗi nào đang mở, không có dòng nào bị cách ly (số liệu đến hết {day}); không ghi sổ nào.")
        return
    table(
        f"Sổ lỗi, số liệu đến hết {export.as_of:%d/%m/%Y}",
        ["Đơn vị", "Tên", "Lỗi", "Lỗi ở dòng cách ly", "Tệp"],
        [[a.code or "", a.name, count(a.defects), count(a.set_apart), file.name] for file, a in export.files],
        numbers=[2, 3],
    )
    say(f"Đã ghi {count(len(export.files))} sổ vào {folder}. Sổ có dữ liệu cá nhân: chỉ gửi cho đúng đơn vị.")
    say("Sổ đơn vị trả lời gửi lại: kho defects --nhan TỆP")
    if export.shared:
        say("Thư mục này có tệp khác nên quyền của nó giữ nguyên; từng sổ chỉ chủ thư mục đọc được.")


def _tell_taken(file: Path, found: ReadBack, entered: Entered, days: int) -> None:
    other = f" (trong đó {count(entered.replaced)} thay trả lời khác nhận trước đó)" if entered.replaced else ""
    say(
        f"{printable(file.name)}: nhận {count(entered.new)} trả lời mới{other}, {count(entered.known)} đã có trong "
        f"sổ cái, {count(entered.closed)} về lỗi đã hết; {count(found.unanswered)} lỗi chưa trả lời, "
        f"{count(len(found.refused))} dòng chưa nhận được."
    )
    if found.refused:
        table(
            "Dòng chưa nhận được, cần sửa trong sổ rồi nhận lại",
            ["Trang tính", "Dòng", "Cột", "Việc cần làm"],
            [[printable(r.sheet), r.row, r.column, printable(r.what, 300)] for r in found.refused],
            numbers=[1],
        )
    if entered.waived:
        say(
            f"Lỗi được trả lời “Không phải lỗi” ra khỏi sổ lỗi {days} ngày kể từ ngày số liệu; tỷ lệ lỗi và cổng chất "
            "lượng vẫn tính như đã đo."
        )
