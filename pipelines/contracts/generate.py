"""A contract is the one source of its feed: this writes all that follows from it.

``write`` (a part of ``make docs``) writes, for every contract of ``pipelines/contracts/feeds``: the page in
``docs/feeds``, dbt's source with columns, the staging model with its YAML, and the feed's place in the macro
``bang_tho``. What was generated for a feed that is gone is removed: a generated file is known by its first line.
``stale`` names what is not as it should be.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipelines.config.paths import PROJECT_ROOT
from pipelines.contracts.columns import Column, raw_columns, staging_columns, value_columns
from pipelines.contracts.describe import key_words, pages
from pipelines.contracts.loader import load_code_lists, load_contracts
from pipelines.contracts.model import CodeList, Contract, Sensitivity

SIGN = "do not edit: `make docs` writes this file from "
"""What the first line of every generated file of the dbt project says."""
FEEDS = "pipelines/contracts/feeds/"
SOURCES = "dbt_project/models/sources_tho.yml"
RAW_TABLES = "dbt_project/macros/bang_tho.sql"
LABELS = "dbt_project/macros/nhan_danh_muc.sql"
STAGING = "dbt_project/models/staging"
DOCS = "docs/feeds"
_LINE = 116


def generated(root: Path = PROJECT_ROOT) -> dict[str, str]:
    """Path below ``root`` → content of every file that the contracts in ``root`` make; raises ``ConfigError``."""
    base = root / "pipelines" / "contracts"
    lists = load_code_lists(base / "code_lists")
    contracts = load_contracts(base / "feeds", lists)
    files = {f"{DOCS}/{name}": text for name, text in pages(base).items()}
    files[SOURCES] = _sources(contracts.values())
    files[RAW_TABLES] = _raw_tables(contracts.values())
    files[LABELS] = _labels({**lists, **load_code_lists(base / "own_codes")})
    for contract in contracts.values():
        place = f"{STAGING}/{contract.feed.split('/')[0]}/stg_{contract.table}"
        files[f"{place}.sql"] = _staging_sql(contract)
        files[f"{place}.yml"] = _staging_yml(contract)
    return files


def stale(root: Path = PROJECT_ROOT) -> list[str]:
    """Paths whose content is not what the contracts say, and generated files that no contract makes any more."""
    files = generated(root)
    changed = [name for name, text in files.items() if _text_of(root / name) != text]
    return sorted({*changed, *(name for name in _present(root) if name not in files)})


def write(root: Path = PROJECT_ROOT) -> list[str]:
    """Make every stale path what it should be; gives these paths."""
    files = generated(root)
    touched = stale(root)
    for name in touched:
        path = root / name
        if name in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[name], encoding="utf-8")
        else:
            path.unlink()
    return touched


def _present(root: Path) -> Iterator[str]:
    """Generated files that lie there now."""
    for path in sorted((root / STAGING).rglob("*")):
        if path.is_file() and SIGN in path.read_text(encoding="utf-8").partition("\n")[0]:
            yield path.relative_to(root).as_posix()
    for path in sorted((root / DOCS).glob("*.md")):
        yield path.relative_to(root).as_posix()


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _signed(mark: str, source: str) -> str:
    return f"{mark} {SIGN}{source}"


def _sources(contracts: Iterable[Contract]) -> str:
    lines = [
        _signed("#", FEEDS),
        "version: 2",
        "",
        "sources:",
        "  - name: tho",
        "    schema: tho",
        "    description: >-",
        "      Lớp thô: một bảng một nguồn dữ liệu, mỗi dòng là một trạng thái khác nhau của một khóa, đúng như tệp",
        "      xuất đã đọc theo hợp đồng dữ liệu. Có dữ liệu cá nhân; không xuất bản.",
        "    tables:",
    ]
    for contract in contracts:
        lines += [
            f"      - name: {contract.table}",
            f"        description: {_quoted(f'{contract.title} (hợp đồng dữ liệu {contract.feed}).')}",
            "        columns:",
            *_column_lines(raw_columns(contract), "          "),
        ]
    return "\n".join(lines) + "\n"


def _raw_tables(contracts: Iterable[Contract]) -> str:
    names = [f"    '{contract.table}'," for contract in contracts]
    head = [
        f"{{#- {SIGN}{FEEDS} -#}}",
        "{#- Raw tables of all feeds (`<system>__<feed>`), for models that look at every feed. -#}",
        "{% macro bang_tho() -%}",
        "{{ return([",
    ]
    return "\n".join([*head, *names, "]) }}", "{%- endmacro %}"]) + "\n"


def _labels(lists: Mapping[str, CodeList]) -> str:
    """The macro that gives a code its name: one branch a list, so that a model names the list and nothing else."""
    lines = [
        f"{{#- {SIGN}pipelines/contracts/code_lists and own_codes -#}}",
        "{#- Name of the code `x` in the list `danh_muc`; null for a code that the list lacks. -#}",
        "{% macro nhan_danh_muc(danh_muc, x) -%}",
        "{%- set nhan = {",
    ]
    for name, codes in sorted(lists.items()):
        lines.append(f"    {_quoted(name)}: {{")
        lines += [f"        {_quoted(code.code)}: {_quoted(code.label)}," for code in codes.codes]
        lines.append("    },")
    return (
        "\n".join(
            [
                *lines,
                "} -%}",
                "case {{ x }}",
                "    {%- for ma, ten in nhan[danh_muc].items() %}",
                "    when '{{ ma }}' then '{{ ten | replace(\"'\", \"''\") }}'",
                "    {%- endfor %}",
                "end",
                "{%- endmacro %}",
            ]
        )
        + "\n"
    )


def _staging_sql(contract: Contract) -> str:
    names = [column.name for column in value_columns(contract)]
    head = _signed("--", f"{FEEDS}{contract.feed}.yaml")
    if contract.identity is None:
        return f"{head}\n{{{{ trang_thai_moi_nhat('{contract.table}', [\n{_wrapped(names)}\n]) }}}}\n"
    people, births = (", ".join(f"'{name}'" for name in part) for part in contract.identity)
    call = f"{{{{ ban_ghi_ho_tich('{contract.table}', cot, [{people}], [{births}]) }}}}"
    return f"{head}\n{{%- set cot = [\n{_wrapped(names)}\n] %}}\n{call}\n"


def _wrapped(names: Iterable[str]) -> str:
    """The names as Jinja strings, as many a line as fit."""
    lines = ["   "]
    for name in names:
        if len(lines[-1]) + len(name) > _LINE - 20:
            lines.append("   ")
        lines[-1] += f" '{name}',"
    return "\n".join(lines)


def _staging_yml(contract: Contract) -> str:
    lines = [
        _signed("#", f"{FEEDS}{contract.feed}.yaml"),
        "version: 2",
        "",
        "models:",
        f"  - name: stg_{contract.table}",
        f"    description: {_quoted(_staging_text(contract))}",
        "    config: {contract: {enforced: true}}",
    ]
    if contract.identity is not None:
        lines += [
            "    data_tests:",
            "      - khoa_duy_nhat:",
            "          arguments: {cot: [_khoa, _thu_tu_ban_ghi]}",
        ]
    lines.append("    columns:")
    tested = "not_null" if contract.identity is not None else "unique, not_null"
    tests = {} if contract.key_untested else {"_khoa": f"[{tested}]"}
    lines += _column_lines(staging_columns(contract), "      ", tests)
    return "\n".join(lines) + "\n"


def _staging_text(contract: Contract) -> str:
    personal = any(f.sensitivity in (Sensitivity.PERSONAL, Sensitivity.SENSITIVE) for f in contract.fields)
    what = (
        f"bản ghi (R10) ở trạng thái mới nhất của mỗi khóa ({key_words(contract)}); một khóa có nhiều bản ghi khi "
        "họ tên hoặc ngày sinh khác nhau"
        if contract.identity is not None
        else f"trạng thái mới nhất của mỗi khóa ({key_words(contract)}) theo R8"
    )
    text = f"{contract.title}: {what}, cột theo hợp đồng dữ liệu {contract.feed}."
    if contract.key_untested:
        text += f" Không kiểm khóa ở đây: {contract.key_untested}"
    return f"{text} Có dữ liệu cá nhân; không xuất bản." if personal else f"{text} Không xuất bản."


def _column_lines(columns: Iterable[Column], indent: str, tests: dict[str, str] | None = None) -> Iterator[str]:
    for column in columns:
        yield f"{indent}- name: {column.name}"
        yield f"{indent}  data_type: {column.sql_type.lower()}"
        yield f"{indent}  description: {_quoted(column.text)}"
        yield f"{indent}  config: {{meta: {{nhay_cam: {column.sensitivity.value}}}}}"
        if tests and column.name in tests:
            yield f"{indent}  data_tests: {tests[column.name]}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
