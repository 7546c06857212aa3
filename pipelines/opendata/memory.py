"""What is open already: the tables of the last publication, on which every later one must rest.

Without them a month would be shown afresh, and its nights would no longer fit together. A damaged table comes back from
the store of kept publications. Where that is not possible, nothing is open until somebody decides: ``PAUSE`` says so.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.opendata.tables import FOLDER
from pipelines.publish.files import describe
from pipelines.publish.swap import read_listing
from pipelines.publish.version_store import Store, Version

PAUSE = f"{FOLDER}/TAM_DUNG.txt"


class LostError(Exception):
    """A table that was open is lost; the text is what ``PAUSE`` says, Vietnamese."""


def opened(marts: Path) -> dict[str, bytes]:
    """The Parquet file of each open table, by table; raises ``LostError``, ``OSError``."""
    listed = read_listing(marts).get("tep", {})
    store = Store(marts)
    versions = [version for version in store.versions() if not version.is_aside]
    if PAUSE in listed and (marts / PAUSE).is_file():
        raise LostError((marts / PAUSE).read_text(encoding="utf-8"))
    if not listed and versions:  # the listing is lost: the newest publication says what was open
        listed = {name: {"sha256": Path(facts["tep"]).stem} for name, facts in versions[0].facts["tai_lieu"].items()}
    found: dict[str, bytes] = {}
    for name, facts in listed.items():
        if name.startswith(f"{FOLDER}/") and name.endswith(".parquet"):
            found[Path(name).stem] = _content(marts, store, versions, name, facts)
    return found


def _content(marts: Path, store: Store, versions: list[Version], name: str, facts: dict[str, Any]) -> bytes:
    digest = str(facts["sha256"])
    file = marts / name
    if file.is_file() and describe(file)["sha256"] == digest:
        return file.read_bytes()
    for version in versions:
        kept = version.facts["tai_lieu"].get(name)
        if kept and Path(kept["tep"]).stem == digest and store.is_whole(kept["tep"]):
            return store.place(kept["tep"]).read_bytes()
    raise LostError(
        f"Tạm dừng dữ liệu mở: tệp {name} của lần công bố trước bị mất hoặc hỏng, không còn bản giữ, nên không bảo đảm "
        "được các đêm khớp nhau.\nKhôi phục data/marts từ bản sao lưu; hoặc xóa tệp này nếu chấp nhận mở lại từ đầu.\n"
    )
