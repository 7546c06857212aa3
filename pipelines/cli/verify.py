"""``kho verify``: proof that kept publications are what was published."""

from __future__ import annotations

import click

from pipelines.cli.console import error, progress_bars, say
from pipelines.cli.vietnamese import COMMANDS, VietnameseCommand
from pipelines.config.paths import DataPaths, data_paths
from pipelines.publish.mend import finish_swap
from pipelines.publish.proving import prove
from pipelines.publish.query import Result, write_result
from pipelines.publish.signature import SigningKeyError, signing_key
from pipelines.publish.swap import is_whole, read_listing
from pipelines.publish.version_store import Store, UnknownVersionError, Version, VersionError

_COLUMNS = ("phien_ban", "so_tep", "chu_ky", "ket_qua", "loi")


@click.command("verify", cls=VietnameseCommand, help=COMMANDS["verify"])
@click.argument("name", required=False, metavar="[PHIÊN BẢN]")
@click.option("--chay-lai", "again", is_flag=True, help="Dựng lại từ các tệp đã nhận khi đó và so từng bảng.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="Dạng kết quả."
)
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
    rows = [
        (p.version, p.files, "co" if p.signed else "khong", "dat" if not p.faults else "khong_dat", "; ".join(p.faults))
        for p in proofs
    ]
    write_result(Result(_COLUMNS, rows), form, None)
    sound = all(not proof.faults for proof in proofs)
    if name is None and read_listing(paths.marts) and not is_whole(paths.marts):
        error(
            "Bản đang công bố trong data/marts/ không khớp bản kê ban_ke.json; `kho run` sẽ lấy lại từ phiên bản giữ."
        )
        sound = False
    if again and sound:
        sound = _again(paths, [version for version in store.versions() if name in {None, version.name}])
    return 0 if sound else 3


def _again(paths: DataPaths, versions: list[Version]) -> bool:
    """Make each publication again; what differs is said by table."""
    from pipelines.nightly import RunError, load_job
    from pipelines.past import differences
    from pipelines.turn import TurnError, exclusive
    from pipelines.warehouse.runs import origins

    sound = True
    for version in versions:
        try:
            with exclusive(paths, "kho verify --chay-lai"), progress_bars():
                found = differences(load_job(), version)
        except (RunError, TurnError, VersionError) as mistake:
            error(str(mistake))
            sound = False
            continue
        if not found.rows:
            say(f"Phiên bản {version.name}: dựng lại từ tệp gốc, mọi bảng bằng nhau.")
            continue
        sound = False
        other = [part for part, digest in origins().items() if version.facts["goc"].get(part) != digest]
        why = f" (từ khi công bố đã đổi: {', '.join(other)})" if other else ""
        error(f"Phiên bản {version.name}: dựng lại không bằng{why}:")
        for table, kind, count in found.rows:
            error(f"  • {table}: {kind} {count}")
    return sound
