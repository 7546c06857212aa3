"""Looks into a workbook before anything opens it: a zip member by member, inflated within bounds.

Sizes in a zip's directory can lie, so every member is inflated here, with a stop; nothing is executed and
no link is followed. Parts are found as the readers find them, by relationships. What is learned on the way
(merged cells, date system, per-cent cells, lost values) is handed on.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.limits import Limits
from pipelines.intake.read.formats.cell_styles import CellStyles, cell_styles
from pipelines.intake.read.formats.inflate import inflate, too_big
from pipelines.intake.read.formats.package import Package, as_utf8, open_package, rewritten
from pipelines.intake.read.formats.sheet_facts import SheetFacts, sheet_facts
from pipelines.intake.read.formats.xml import BrokenXmlError

BROKEN = (
    "Tệp xlsx hỏng hoặc bị cắt giữa chừng, không mở được. Hãy tải lại hoặc xuất lại tệp từ hệ thống nguồn rồi gửi lại."
)


@dataclass(frozen=True)
class Worksheet:
    """One worksheet, in the order of the workbook."""

    name: str
    hidden: bool
    facts: SheetFacts


@dataclass(frozen=True)
class Workbook:
    """``data``: a package that holds exactly ``worksheets``, in their order, in the usual layout."""

    data: bytes
    worksheets: tuple[Worksheet, ...]
    date_1904: bool


def inspect_workbook(data: bytes, limits: Limits) -> Workbook:
    """Check every member of the package; raises ``FileRefusedError`` with the reason."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _inspect(archive, data, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, NotImplementedError, ValueError):
        raise FileRefusedError(BROKEN) from None
    except BrokenXmlError:
        raise FileRefusedError(BROKEN) from None
    except RecursionError:
        raise
    except RuntimeError:
        raise FileRefusedError("Tệp xlsx có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại.") from None


def _inspect(archive: zipfile.ZipFile, data: bytes, limits: Limits) -> Workbook:
    members = archive.infolist()
    if len(members) > limits.members:
        raise FileRefusedError(f"Tệp xlsx chứa quá nhiều phần ({len(members)} > {limits.members}); không mở.")
    package = open_package(archive, limits)
    part = inflate(archive, package.parts[package.styles], limits)[0] if package.styles else b""
    facts = _check_members(archive, package, cell_styles(part) if part else {}, limits)
    worksheets = tuple(
        Worksheet(sheet.name, sheet.hidden, facts[sheet.part]) for sheet in package.sheets if sheet.part is not None
    )
    if not worksheets:
        raise FileRefusedError("Tệp xlsx không có trang tính nào. Hãy lưu lại dạng .xlsx rồi gửi lại.")
    if not package.usual:
        data = rewritten(archive, package, limits)
    return Workbook(data, worksheets, package.date_1904)


def _check_members(
    archive: zipfile.ZipFile, package: Package, styles: CellStyles, limits: Limits
) -> dict[str, SheetFacts]:
    """Facts of every worksheet part; every member is inflated once, one after the other."""
    wanted = {sheet.part for sheet in package.sheets}
    facts: dict[str, SheetFacts] = {}
    total = 0
    for part, member in package.parts.items():
        body, size = inflate(archive, member, limits, keep=part in wanted or part == package.strings)
        total += size
        if total > limits.total_unpacked_bytes:
            raise FileRefusedError(too_big(total, limits.total_unpacked_bytes))
        if part in wanted:
            facts[part] = sheet_facts(as_utf8(body), styles, limits)
        elif part == package.strings:
            _check_strings(body, limits)
    return facts


def _check_strings(body: bytes, limits: Limits) -> None:
    """Refuse a shared text beyond the limit: it would be copied into every cell that uses it."""
    start, longest = 0, 0
    while start < len(body):
        end = body.find(b"si>", start)
        end = len(body) if end < 0 else end + 3
        longest = max(longest, end - start)
        start = end
    if longest > limits.cell_characters * 4:
        raise FileRefusedError(
            f"Tệp xlsx có ô dài quá mức cho phép ({limits.cell_characters} ký tự). Hãy rút gọn ô đó rồi gửi lại."
        )
