"""``kho verify``: proof that kept publications are what was published."""

from __future__ import annotations

import click

from pipelines.cli.terminal.console import error, progress_bars
from pipelines.cli.terminal.records import FORMAT
from pipelines.cli.terminal.vietnamese import COMMANDS, VietnameseCommand
from pipelines.config.paths import DataPaths, data_paths
from pipelines.publish.mend import finish_swap
from pipelines.publish.proving import Proof, prove
from pipelines.publish.publish import PublishError
from pipelines.publish.query import Result, write_result
from pipelines.publish.signature import SigningKeyError, signing_key
from pipelines.publish.swap import LISTING, is_whole, read_listing
from pipelines.publish.version_store import Store, UnknownVersionError, Version, VersionError
from pipelines.warehouse.dbt import DbtError

_COLUMNS = ("phien_ban", "so_tep", "chu_ky", "dung_lai", "ket_qua", "loi")
_RESTORE = (
    "Phiên bản không đạt thì lấy lại marts/phien_ban từ bản sao lưu (`kho restore` vào thư mục trống, rồi chép tệp còn "
    "thiếu sang); `kho run` chỉ làm lại bản đang công bố."
)


@click.command("verify", cls=VietnameseCommand, help=COMMANDS["verify"])
@click.argument("name", required=False, metavar="[PHIÊN BẢN]")
@click.option("--chay-lai", "again", is_flag=True, help="Dựng lại từ các tệp đã nhận khi đó và so từng bảng.")
@FORMAT
def command(name: str | None, again: bool, form: str) -> int:
    """0 proved, 2 unknown publication, 3 not proved."""
    paths = data_paths()
    finish_swap(paths)
    store = Store(paths.marts)
    try:
        if name is not None and name not in store.damaged_listings():
            store.get(name)
        key = signing_key()
    except UnknownVersionError as mistake:
        error(str(mistake))
        return 2
    except (VersionError, SigningKeyError) as mistake:
        error(str(mistake))
        return 3
    proofs = prove(store, None if name is None else [name], key)
    rebuilt = _again(paths, [store.get(p.version) for p in proofs if not p.faults]) if again else {}
    rows = [_row(proof, rebuilt.get(proof.version)) for proof in proofs]
    write_result(Result(_COLUMNS, rows), form, None)
    faults = _of_the_current(paths, store) if name is None else []
    if any(proof.faults for proof in proofs):
        faults.append(_RESTORE)
    if not proofs:
        faults.append("Không có bản công bố nào được giữ để chứng minh; chạy `kho run`.")
    for fault in faults:
        error(fault)
    return 0 if not faults and all(row[4] == "dat" for row in rows) else 3


def _of_the_current(paths: DataPaths, store: Store) -> list[str]:
    """What is wrong with the publication in use; nothing where there is none."""
    listing = read_listing(paths.marts)
    stands = listing or paths.marts_file.exists() or (paths.marts / LISTING).exists()
    faults = []
    if stands and not is_whole(paths.marts):
        faults.append(
            "Bản đang công bố trong data/marts/ không khớp bản kê ban_ke.json; `kho run` sẽ lấy lại từ phiên bản giữ."
        )
    kept = listing.get("giu")
    if kept is not None and kept not in {version.name for version in store.versions()}:
        faults.append(
            f"Phiên bản giữ {kept} của bản đang công bố đã mất; `kho run` sẽ giữ lại lần nữa, hoặc khôi phục "
            "marts/phien_ban từ bản sao lưu."
        )
    return faults


def _row(proof: Proof, rebuilt: list[str] | None) -> tuple[object, ...]:
    faults = [*proof.faults, *(rebuilt or [])]
    again = None if rebuilt is None else "khac" if rebuilt else "bang_nhau"
    verdict = "khong_dat" if faults else "dat"
    return proof.version, proof.files, "co" if proof.signed else "khong", again, verdict, "; ".join(faults)


def _again(paths: DataPaths, versions: list[Version]) -> dict[str, list[str]]:
    """Make each publication again; version → what differs or what hinders it, empty where all is equal."""
    from pipelines.job import load_job
    from pipelines.nightly import RunError
    from pipelines.past import differences
    from pipelines.turn import TurnError, exclusive
    from pipelines.warehouse.runs import origins

    found: dict[str, list[str]] = {}
    for version in versions:
        try:
            with exclusive(paths, "kho verify --chay-lai"), progress_bars():
                lines = differences(load_job(), version).rows
        except (RunError, TurnError, VersionError, PublishError, DbtError) as mistake:
            found[version.name] = [str(mistake)]
            continue
        tables = [f"{table} ({kind} {count})" for table, kind, count in lines]
        found[version.name] = [f"dựng lại khác ở {', '.join(tables)}"] if tables else []
        other = [part for part, digest in origins().items() if version.facts["goc"].get(part) != digest]
        if tables and other:
            found[version.name].append(f"từ khi công bố đã đổi: {', '.join(other)}")
    return found
