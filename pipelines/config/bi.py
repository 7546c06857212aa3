"""Key ``bi`` of ``orchestration.yaml``: the serving copy in PostgreSQL."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from pipelines.config.checked import StrictModel

Role = Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]{0,62}$")]
_PASSWORD = re.compile(r"password|://[^/@]*:[^/@]*@", re.IGNORECASE)


class Serving(StrictModel):
    """``ket_noi``: how libpq finds the server, without a password. ``nap_giay``: the longest a statement may
    take, and the filling as a whole."""

    bat: bool = False
    ket_noi: str | None = Field(default=None, max_length=1000)
    vai_tro_doc: Role = "kho_doc"
    nap_giay: int = Field(default=1800, ge=10, le=86_400)

    @field_validator("ket_noi")
    @classmethod
    def _no_password(cls, value: str | None) -> str | None:
        if value is not None and _PASSWORD.search(value):
            raise ValueError("không ghi mật khẩu ở đây; để trong tệp ~/.pgpass (0600) của người chạy kho.")
        return value
