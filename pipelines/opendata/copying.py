"""The open tables as they are published, written to another place with descriptions by the settings of now."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.config.disk import PlaceError, whole_folder, why
from pipelines.config.open_data import OpenData
from pipelines.opendata.memory import opened
from pipelines.opendata.opening import Opened
from pipelines.opendata.package import CATALOG, DATAPACKAGE, NAME, described_tables
from pipelines.opendata.tables import FOLDER, OpenTable


class CopyError(Exception):
    """There is nothing to copy; Vietnamese text."""


def published_tables(marts: Path) -> list[OpenTable]:
    """The open tables of the current publication, as its ``datapackage.json`` describes them.

    Raises ``CopyError``, ``LostError``, ``OSError``.
    """
    file = marts / FOLDER / DATAPACKAGE
    if not file.is_file():
        raise CopyError("Chưa có dữ liệu mở: được làm ở lần công bố đầu tiên (`kho run`) khi du_lieu_mo.bat là true.")
    parquet = opened(marts)
    text = file.read_bytes()
    try:
        return described_tables(json.loads(text), parquet)
    except (ValueError, LookupError, TypeError, AttributeError):  # no JSON, or not as the last publication wrote it
        raise CopyError(f"Tệp {file} bị hỏng; chạy `kho run` khi du_lieu_mo.bat là true để làm lại.") from None


def write_copy(tables: list[OpenTable], settings: OpenData, folder: Path) -> None:
    """Put them into ``folder``; one that holds something else is left alone. Raises ``PlaceError``."""
    try:
        if folder.exists() and any(folder.iterdir()) and not _is_ours(folder):
            raise PlaceError(f"{folder} đã có thứ khác; chọn thư mục trống hoặc chưa có.")
        with whole_folder(folder) as fresh:
            for name, content in Opened(tuple(tables), ()).files(settings).items():
                (fresh / Path(name).name).write_bytes(content)
    except OSError as failure:
        raise PlaceError(f"không ghi được {folder}: {why(failure)}.") from None


def _is_ours(folder: Path) -> bool:
    try:
        package = json.loads((folder / DATAPACKAGE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (folder / CATALOG).is_file() and isinstance(package, dict) and package.get("name") == NAME
