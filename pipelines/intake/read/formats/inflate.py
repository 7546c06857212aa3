"""One member of a zip, inflated within bounds: the sizes that its directory states can lie."""

from __future__ import annotations

import io
import zipfile

from pipelines.intake.errors import FileRefusedError
from pipelines.intake.limits import Limits

_CHUNK = 1 << 20


def inflate(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits, *, keep: bool = True
) -> tuple[bytes, int]:
    """The member's bytes (empty unless ``keep``) and true size; raises ``FileRefusedError`` at the first bound."""
    kept = io.BytesIO()
    size = 0
    packed = max(member.compress_size, 1)
    with archive.open(member) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            if size > limits.member_bytes:
                raise FileRefusedError(too_big(size, limits.member_bytes))
            if size > limits.ratio_from_bytes and size > packed * limits.ratio:
                raise FileRefusedError(
                    f"Tệp nén bất thường (bung ra hơn {limits.ratio} lần); có thể là tệp độc hại. "
                    "Hãy xuất lại tệp từ hệ thống nguồn, hoặc dạng .csv."
                )
            if keep:
                kept.write(piece)
    return kept.getvalue(), size


def too_big(size: int, bound: int) -> str:
    """Why something that unpacks to ``size`` bytes is refused."""
    return (
        f"Tệp bung ra quá lớn (hơn {size // 1_000_000} MB, giới hạn {bound // 1_000_000} MB mỗi phần); "
        "có thể là tệp độc hại. Hãy chia nhỏ tệp hoặc xuất lại dạng .csv."
    )
