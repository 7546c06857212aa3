"""What a crash or damage left of a publication, mended by whoever comes next and may write."""

from __future__ import annotations

import contextlib

from pipelines import turn
from pipelines.config.paths import DataPaths
from pipelines.publish.reopening import restore_current
from pipelines.publish.signature import SigningKeyError, signing_key
from pipelines.publish.swap import is_pending, recover
from pipelines.publish.version_store import Store
from pipelines.turn import TurnError, exclusive


def finish_swap(paths: DataPaths) -> None:
    """Bring the rest of a decided publication into place; nothing where none is pending or a run is at work.

    A reader (``kho status``, ``kho sql``) without the right to write leaves it to somebody who has it: what he sees is
    whole, table by table.
    """
    if is_pending(paths.marts):
        with contextlib.suppress(OSError, TurnError), exclusive(paths, "thay nốt bản công bố"):
            recover(paths.marts)


def lost_versions(paths: DataPaths, published: int) -> str | None:
    """What to say where the ledger knows of ``published`` publications and not one is kept any more."""
    store = Store(paths.marts)
    if not published or store.versions() or store.damaged_listings():
        return None
    return (
        f"{published} bản công bố của các đêm trước không còn trong {store.folder}: thư mục đã mất. Lần chạy này công "
        "bố lại từ kho làm việc; cần các bản cũ (báo cáo đã in, kho diff) thì khôi phục marts/phien_ban từ bản sao lưu."
    )


def mend_publication(paths: DataPaths, *, parquet: bool) -> None:
    """As a run begins: finish a swap that was cut off, put a damaged ``kho.duckdb`` back from the store of versions.

    What was done is said in the run's summary; so it is where the publication will go unsigned, because the signing
    key that is set cannot be used. Raises ``OSError``.
    """
    recover(paths.marts)
    restored = restore_current(paths, parquet=parquet)
    if restored is not None:
        turn.remark(paths, f"Tệp kho.duckdb đang công bố hỏng hoặc mất, đã lấy lại từ phiên bản giữ {restored.name}.")
    try:
        signing_key()
    except SigningKeyError as error:
        turn.remark(paths, f"Bản công bố của lần chạy này không ký được: {error}")
