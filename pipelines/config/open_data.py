"""Key ``du_lieu_mo`` of ``orchestration.yaml``: whether data are open, when a month is, and who answers for them."""

from __future__ import annotations

from pydantic import Field

from pipelines.config.checked import StrictModel
from pipelines.config.watching import Address, Url


class Licence(StrictModel):
    """``ma``: its name in the list of SPDX or of Open Definition."""

    ma: str = Field(default="CC-BY-4.0", min_length=1, max_length=100)
    ten: str = Field(default="Creative Commons Ghi công 4.0 Quốc tế", min_length=1, max_length=300)
    dia_chi: Url = "https://creativecommons.org/licenses/by/4.0/"


class OpenData(StrictModel):
    """A month is opened ``cho_ngay`` days after its end, if it ended in the last ``so_thang`` months.

    ``dia_chi``: the web address at which the folder is served, null where that is not known.
    """

    bat: bool = True
    cho_ngay: int = Field(default=31, ge=0, le=400)
    so_thang: int = Field(default=24, ge=1, le=240)
    chu_quan: str = Field(default="Ủy ban nhân dân tỉnh", min_length=1, max_length=300)
    lien_he: Address | None = None
    dia_chi: Url | None = None
    giay_phep: Licence = Licence()
