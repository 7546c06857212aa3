"""Vietnamese names of fields and SQL that shows a value as an official writes it."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.contracts.model import CodeList, Contract, Field
from pipelines.quality.model import Locator

# Columns of marts and of the ledger, which no contract names.
_OTHERS = {
    "tong_ghi": "Tổng số ghi ở cuối tệp",
    "so_dong_doc": "Số dòng đọc được",
    "so_dong_nap": "Số dòng nạp",
    "so_dong_cach_ly": "Số dòng cách ly",
    "so_dong_lap": "Số dòng lặp",
    "moi_nhat": "Thời điểm của dữ liệu mới nhất",
    "so_ngay": "Số ngày giữa hai lần gửi đã cam kết",
    "buoc_cuoi": "Bước xử lý cuối",
    "ke_tiep": "Ngày bắt đầu giai đoạn kế tiếp",
    "dang_xu_ly": "Tình trạng đang xử lý",
    "ket_qua_han": "Kết luận về hạn",
    "tra_lai": "Trả lại",
    "han_tinh_lai": "Hạn tính lại",
    "ma_don_vi_hien_nay": "Đơn vị hiện nay",
    "ma_ban_ghi": "Mã bản ghi",
    "tiep_nhan": "Tiếp nhận",
    "da_giai_quyet": "Đã giải quyết",
    "dang_giai_quyet": "Đang giải quyết",
    "truoc_han": "Trước hạn",
    "dung_han": "Đúng hạn",
    "qua_han": "Quá hạn",
    "khong_han": "Không có hạn",
    "diem_cong_qg": "Điểm trên Cổng quốc gia",
}


class Wording:
    """Looks fields up in the contracts; a mart's column bears the name of the field that it comes from."""

    def __init__(self, contracts: Mapping[str, Contract], code_lists: Mapping[str, CodeList]) -> None:
        self._contracts = contracts
        self._code_lists = code_lists

    def label(self, feed: str | None, name: str) -> str:
        """Vietnamese name of a column; the column's own name where nothing names it."""
        field = self._field(feed, name)
        return field.label if field is not None else _OTHERS.get(name, name)

    def shown(self, feed: str | None, name: str, types: Mapping[str, str]) -> str:
        """SQL text of column ``t.<name>``: days as dd/mm/yyyy, codes by labels, what was read where unreadable."""
        kind = types[name]
        field = self._field(feed, name)
        value = f"cast(t.{name} as varchar)"
        if kind == "DATE":
            value = f"strftime(t.{name}, '%d/%m/%Y')"
        elif kind.startswith("TIMESTAMP"):
            day, minute = f"strftime(t.{name}, '%d/%m/%Y')", f"strftime(t.{name}, '%d/%m/%Y %H:%M')"
            value = f"case when t.{name} = date_trunc('day', t.{name}) then {day} else {minute} end"
        elif kind == "BOOLEAN":
            value = f"case when t.{name} then 'có' when not t.{name} then 'không' end"
        elif field is not None and (codes := self._code_lists.get(field.code_list or "")) is not None:
            labels = {code.code: code.label for code in codes.codes}
            lines = " ".join(f"when '{quoted(c)}' then '{quoted(label)}'" for c, label in labels.items())
            value = f"case t.{name} {lines} else t.{name} end" if lines else value
        read = f"{name}_goc"
        return f"coalesce({value}, cast(t.{read} as varchar))" if read in types else value

    def record(self, locator: Locator, types: Mapping[str, str]) -> str:
        """SQL text that an office knows a record by: the key's fields where the published key is a digest."""
        contract = self._contracts.get(locator.feed or "")
        if "_khoa" not in locator.key or contract is None:
            return f"cast({locator.key} as varchar)"
        names = [part.field for part in contract.key if part.field in types]
        parts = [
            f"concat('{quoted(self.label(locator.feed, n))}: ', {self.shown(locator.feed, n, types)})" for n in names
        ]
        return f"concat_ws('; ', {', '.join(parts)})" if parts else f"cast({locator.key} as varchar)"

    def _field(self, feed: str | None, name: str) -> Field | None:
        own = self._contracts.get(feed or "dvc/ho_so")
        for contract in ([own] if own is not None else []) + list(self._contracts.values()):
            if name in contract.by_name:
                return contract.by_name[name]
        return None


def quoted(text: str) -> str:
    """``text`` as it stands between the quotes of an SQL literal."""
    return text.replace("'", "''")
