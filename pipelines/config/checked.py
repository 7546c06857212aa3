"""Validation of operator-edited YAML with pydantic: each mistake in Vietnamese, with its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from pipelines.config.yaml_lines import ConfigError, LocatedYaml, load_yaml


class StrictModel(BaseModel):
    """A mapping that knows all its keys; an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


ModelT = TypeVar("ModelT", bound=BaseModel)


def load_checked(path: Path, model: type[ModelT]) -> tuple[ModelT, LocatedYaml]:
    """Read ``path`` into ``model``; raises ``ConfigError`` that lists every mistake with its line."""
    located = load_yaml(path)
    if not isinstance(located.data, dict):
        raise ConfigError(path, [(1, "cần một bảng khóa: giá trị ở mức ngoài cùng.")])
    try:
        return model.model_validate(located.data), located
    except ValidationError as error:
        mistakes = [(located.line(item["loc"]), _explain(dict(item))) for item in error.errors()]
        raise ConfigError(path, mistakes) from None


def _explain(item: dict[str, Any]) -> str:
    where = ".".join(str(part) for part in item["loc"]) or "(gốc)"
    kind = item["type"]
    context = item.get("ctx") or {}
    if kind == "missing":
        return f"thiếu khóa “{where}”; thêm khóa này."
    if kind == "extra_forbidden":
        return f"khóa “{where}” không có trong mẫu; xóa đi hoặc sửa lại tên."
    if kind in {"enum", "literal_error"}:
        return f"“{where}” phải là một trong: {context.get('expected', '')}."
    if kind == "value_error":
        return f"“{where}”: {context.get('error', item['msg'])}"
    expected = _EXPECTED.get(kind.split("_")[0])
    if kind == "string_pattern_mismatch":
        expected = f"chuỗi theo mẫu {context.get('pattern', '')}"
    if kind.startswith(("greater", "less")):
        bound = next(iter(context.values()), "")
        expected = f"một số {'lớn' if kind.startswith('greater') else 'nhỏ'} hơn hoặc bằng {bound}"
    return f"“{where}” có giá trị không hợp lệ; cần {expected or 'giá trị đúng kiểu'}."


_EXPECTED = {
    "int": "số nguyên",
    "float": "số",
    "string": "chuỗi ký tự",
    "bool": "true hoặc false",
    "list": "danh sách (mỗi dòng bắt đầu bằng “- ”)",
    "tuple": "danh sách (mỗi dòng bắt đầu bằng “- ”)",
    "dict": "bảng khóa: giá trị",
    "model": "bảng khóa: giá trị",
    "time": "giờ dạng HH:MM",
    "date": "ngày dạng YYYY-MM-DD",
    "decimal": "số",
}
