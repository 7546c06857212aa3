"""Key ``giam_sat`` of ``orchestration.yaml``: when ``kho watch`` speaks up, and whom it tells."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from pipelines.config.checked import StrictModel

Address = Annotated[str, StringConstraints(pattern=r"^[^@\s,;<>]+@[^@\s,;<>]+$", max_length=254)]
Name = Annotated[str, StringConstraints(pattern=r"^[A-Z_][A-Z0-9_]*$")]
AgencyCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]+$", min_length=1)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]


class Mail(StrictModel):
    """Where messages go by e-mail. The password is never here: ``bien_mat_khau`` names the environment variable."""

    may_chu: Host
    cong: int = Field(default=587, ge=1, le=65535)
    ma_hoa: Literal["starttls", "tls", "khong"] = "starttls"
    tu: Address
    den: tuple[Address, ...] = Field(min_length=1)
    tai_khoan: str | None = None
    bien_mat_khau: Name = "KHO_MAT_KHAU_THU"

    @model_validator(mode="after")
    def _no_password_in_the_clear(self) -> Mail:
        if self.ma_hoa == "khong" and self.tai_khoan is not None:
            raise ValueError("không gửi mật khẩu qua kết nối không mã hóa; đặt ma_hoa: starttls hoặc tls.")
        return self


class Watching(StrictModel):
    """Thresholds of ``kho watch``; hours, days, minutes, shares, GB, MB as the key says.

    ``thu_don_vi``: agency code → address that the night writes to when the agency's list has grown; empty: nobody.
    """

    tre_cong_bo_gio: int = Field(default=6, ge=1, le=240)
    nhip_tim_phut: int = Field(default=10, ge=1, le=1440)
    giu_lai_ngay: int = Field(default=7, ge=0, le=400)
    ty_le_tang: float = Field(default=0.2, gt=0)
    dia_trong_gb: float = Field(default=5, ge=0)
    kho_su_kien_mb: int = Field(default=2000, ge=1)
    khoa_sao_luu: date | None = None
    khoa_sao_luu_ngay: int = Field(default=400, ge=1)
    thu: Mail | None = None
    webhook: Url | None = None
    thu_don_vi: dict[AgencyCode, Address] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _letters_need_a_server(self) -> Watching:
        if self.thu_don_vi and self.thu is None:
            raise ValueError("thu_don_vi cần máy chủ thư: đặt giam_sat.thu.")
        return self
