"""The models' SQL runs on two engines: what they do not share stands only in macros with a version for each.

No list of exceptions: a construct that is needed gets a macro. `make test-spark` compares what the engines make of it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.quality.measure import row_query, unique_query
from pipelines.quality.model import Rule, UniqueCheck
from pipelines.quality.rules import load_rules
from pipelines.warehouse.dbt import DBT_PROJECT

ENGINES = ("duckdb", "spark")

WORDS = {
    r"\bqualify\b": "QUALIFY: lọc ở truy vấn ngoài (where rn = 1)",
    r"\bexclude\b|\*\s*replace\b": "* EXCLUDE/REPLACE: name the columns",
    r"\b(group|order)\s+by\s+all\b": "GROUP BY ALL: name the columns",
    r"\bby\s+name\b": "UNION BY NAME: name the columns",
    r"\b(un)?pivot\b": "PIVOT: a loop of Jinja over FILTER",
    r"\basof\b|\bpositional\s+join\b|\b(semi|anti)\s+join\b": "joins that one engine has: exists, or a window",
    r"\btablesample\b|\busing\s+sample\b": "samples differ",
    r"\b(read_\w+|glob|\w+_scan)\s*\(": "files are sources, never read by a model",
    r"\b(list|array|map|struct)_\w+\s*\(|\b(unnest|struct|array|list|range|generate_series)\s*\(": "nested values",
    r"->": "JSON arrows and lambdas",
    r"\b(strftime|strptime|to_date|to_timestamp|date_format|date_diff|datediff|date_add|dateadd|date_sub|date_part|"
    r"datepart|last_day|make_date|epoch|age)\s*\(": "dates: macros of di_dong.sql",
    r"\b(dayofweek|weekday|isodow|dayofyear|weekofyear|dow|doy|week)\b": "days of the week: the calendar's columns",
    r"\bextract\s*\(\s*(?!year|month|day|hour|minute|second)\w+": "extract: only year to second",
    r"\b(now|getdate|today|random|rand|uuid)\s*\(|\bcurrent_(date|time|timestamp)\b": "the day is the run's, tham_so",
    r"\bregexp_\w+\s*\(|\bsimilar\s+to\b|\brlike\b|(?<![\w'])~": "patterns: khop_mau, thay_mau",
    r"\b(arg_max|arg_min|quantile\w*|median|mode|any_value|first|last|approx_\w+)\s*\(": "max_by, percentile_disc",
    r"\b(string_agg|group_concat|listagg|array_agg|collect_\w+)\s*\(": "lists of texts: noi_chuoi, noi_chuoi_theo",
    r"\bconcat\s*\(|\|\|": "concat and || differ where a part is null: concat_ws('', …)",
    r"\b(hash|sha1|sha256|sha2)\s*\(": "digests: md5",
    r"\b(strip_accents|nfc_normalize|starts_with|ends_with|prefix|suffix|contains|printf|format|string_split|strpos|"
    r"instr)\s*\(": "texts: bo_dau, khong_dau, like, split_part, position",
    r"\b[lr]?trim\s*\([^()]*,": "which of two arguments is trimmed: trim(trailing … from …)",
    r"::|//": "cast(… as …), chia_nguyen",
    r"\b(hugeint|uhugeint|u\w*bigint|utinyint|usmallint|uinteger|int128|float4|float8|timestamptz|text|string)"
    r"\s*[,)]": "types that one engine has: so_lon, so_nguyen_lon, varchar",
    r"\bcount\s*\(\s*distinct[^()]*\)\s*over\b": "count(distinct) over a window",
    r"\b(error|raise_error)\s*\(": "an error in words: cua_so_dung",
    r"\b(duckdb_\w+|pragma_\w+|information_schema)\b": "the engine's catalogue",
    r"\bmerge\s+into\b|\blateral\b": "MERGE, LATERAL",
}
"""Outside literals and comments, also in SQL that is passed to a macro."""

ONLY_IN_MACROS = {r"\b(round|trunc)\s*\(": "rounding is for exact numbers: diem_hien_thi, ty_le_766"}

SHAPES = {
    r"(?:\A|[(;])\s*from\b": "FROM-first",
    r"[\[\]]": "list literals",
    r"[\"`]": "quoted names",
    r"[^\x00-\x7f]": "names and keywords are ASCII",
}
"""In the SQL itself, Jinja taken out."""


@dataclass(frozen=True)
class Macro:
    """A macro or materialisation: ``engine`` where it is the version of one engine."""

    name: str
    engine: str | None
    text: str
    file: Path


def _macros() -> list[Macro]:
    found = []
    begin = re.compile(r"{%-?\s*(macro|materialization|test)\s+(\w+)[^%]*?(?:adapter='(\w+)'\s*)?-?%}")
    for file in sorted((DBT_PROJECT / "macros").glob("*.sql")):
        text = re.sub(r"{#.*?#}", "", file.read_text(encoding="utf-8"), flags=re.S)
        for start in begin.finditer(text):
            kind, name, adapter = start.groups()
            end = re.compile(rf"{{%-?\s*end{kind}\s*-?%}}").search(text, start.end())
            assert end, f"{file.name}: {name}"
            prefix = name.split("__")[0] if name.split("__")[0] in (*ENGINES, "default") else None
            found.append(Macro(name, adapter or prefix, text[start.end() : end.start()], file))
    return found


def _bare(text: str) -> str:
    """Without comments; literals of SQL are empty, those of Jinja (SQL on its way to a macro) stand."""
    text = re.sub(r"{#.*?#}", "", text, flags=re.S)
    parts = re.split(r"({{.*?}}|{%.*?%})", text, flags=re.S)
    # A literal of SQL may hold Jinja, so literals are looked for with the Jinja blanked.
    held = [part for part in parts if part[:2] in ("{{", "{%")]
    joined = "".join("\x01" if part[:2] in ("{{", "{%") else part for part in parts)
    joined = re.sub(r"--[^\n]*", "", joined)
    joined = re.sub(r"'(?:[^']|'')*'", lambda hit: "''" + "\x01" * hit.group().count("\x01"), joined)
    return re.sub("\x01", lambda _: held.pop(0), joined)


def _without_jinja(bare: str) -> str:
    return re.sub(r"{{.*?}}|{%.*?%}", " ", bare, flags=re.S)


def _passed(bare: str) -> str:
    """SQL, and what strings of Jinja hold of it; not Jinja's own operators."""
    return re.sub(
        r"{{.*?}}|{%.*?%}",
        lambda jinja: " ".join(re.findall(r"'[^']*'|\"[^\"]*\"", jinja.group())),
        bare,
        flags=re.S,
    )


def findings(text: str) -> list[str]:
    """What in a model's text is not portable, in words."""
    bare = _bare(text)
    sql, passed = _without_jinja(bare), _passed(bare)
    found = [f"{why} ({hit.group().strip()})" for rule, why in WORDS.items() for hit in re.finditer(rule, passed, re.I)]
    found += [f"{why} ({hit.group().strip()})" for rule, why in SHAPES.items() for hit in re.finditer(rule, sql, re.I)]
    found += [f"NULLS FIRST/LAST not said: order by {item}" for item in _orders_without_nulls(bare)]
    if "\\" in _without_jinja(re.sub(r"{#.*?#}", "", text, flags=re.S)):
        found.append("a backslash in a literal: the engines differ in what it escapes")
    return found


def _orders_without_nulls(bare: str) -> list[str]:
    """Items of ORDER BY that leave the place of nulls to the engine; a call of a macro says it itself, and the ordered
    sets of ``within group`` count no null."""
    sql = re.sub(r"{{.*?}}", "@", re.sub(r"{%.*?%}", " ", bare, flags=re.S), flags=re.S)
    found = []
    for start in re.finditer(r"(?<!within group \()\border\s+by\b", sql):
        items, depth = [""], 0
        for sign in sql[start.end() :]:
            depth += (sign == "(") - (sign == ")")
            if depth < 0:
                break
            if sign == "," and depth == 0:
                items.append("")
            else:
                items[-1] += sign
        items[-1] = re.split(r"\b(?:rows|range|limit|union)\b", items[-1])[0]
        found += [
            item.strip() for item in items if "@" not in item and not re.search(r"\bnulls\s+(first|last)\b", item)
        ]
    return found


MODELS = sorted(path for folder in ("models", "tests") for path in (DBT_PROJECT / folder).rglob("*.sql"))


def _findings_in_a_model(text: str) -> list[str]:
    passed = _passed(_bare(text))
    return findings(text) + [why for rule, why in ONLY_IN_MACROS.items() if re.search(rule, passed, re.I)]


def test_models_are_portable() -> None:
    wrong = [
        f"{path.relative_to(DBT_PROJECT)}: {finding}"
        for path in MODELS
        for finding in _findings_in_a_model(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, "\n".join(wrong)


_IN_RULES = [word for word, hint in WORDS.items() if hint.startswith(("dates:", "cast(", "QUALIFY", "GROUP BY ALL"))]
"""What a rule may not say either; text functions that Spark knows by another name are given it (tests/spark/ask.py)."""


def test_rules_are_portable() -> None:
    """`python -m tests.spark.rules` compares what the engines count."""
    said = [
        (rule.code, word) for rule in load_rules() for word in _IN_RULES if re.search(word, _bare(_query(rule)), re.I)
    ]
    assert said == []


def _query(rule: Rule) -> str:
    return unique_query(rule, rule.check) if isinstance(rule.check, UniqueCheck) else row_query([rule])


def _reached(macros: list[Macro]) -> set[str]:
    """Macros whose text stands in a model on the second engine: called by a model, not only by what is DuckDB's own."""
    texts = {macro.name: macro for macro in macros}
    waiting = [path.read_text(encoding="utf-8") for path in MODELS]
    waiting += [macro.text for macro in macros if macro.engine == "spark"]
    seen: set[str] = set()
    while waiting:
        for name in set(re.findall(r"\b(\w+)\s*\(", waiting.pop())) - seen:
            if name in texts and texts[name].engine not in ("duckdb", "default"):
                seen.add(name)
                waiting.append(texts[name].text)
    return seen


def test_macros_are_portable() -> None:
    macros = _macros()
    reached = _reached(macros)
    assert len(reached) > 40
    wrong = [
        f"{macro.file.name}: {macro.name}: {finding}"
        for macro in macros
        if macro.name in reached and macro.engine is None
        for finding in findings(macro.text)
    ]
    assert not wrong, "\n".join(wrong)


def test_what_is_dispatched_has_a_version_for_each_engine() -> None:
    macros = _macros()
    names = {macro.name for macro in macros}
    reached = _reached(macros)
    dispatched = {
        name
        for macro in macros
        for name in re.findall(r"adapter\.dispatch\('(\w+)'\)", macro.text)
        if macro.name in reached
    }
    assert len(dispatched) > 8
    missing = [
        f"{engine}__{name}" for name in sorted(dispatched) for engine in ENGINES if f"{engine}__{name}" not in names
    ]
    assert not missing
    assert not [macro.name for macro in macros if macro.engine == "default"], "an engine nobody thought of must fail"


@pytest.mark.parametrize(
    "text",
    [
        "select a from b qualify row_number() over (order by a asc nulls last) = 1",
        "select * exclude (a) from b",
        "select a from b group by all",
        "from b select a",
        "select a from (from b)",
        "select a from read_parquet('x')",
        "select [1, 2] as a",
        "select list_value(1) as a",
        "select j->>'x' as a from b",
        "select strftime(a, '%Y') as a from b",
        "select {{ dang_chuan('regexp_extract(a, 1)') }} as a from b",
        "select concat(a, b) as c from b",
        "select a || b as c from b",
        "select rtrim(a, '0') as a from b",
        "select a::integer as a from b",
        "select a // 2 as a from b",
        "select cast(a as hugeint) as a from b",
        'select "a" from b',
        "select tên from b",
        "select row_number() over (partition by a order by b) as c from d",
        "select row_number() over (partition by a order by b asc nulls last, coalesce(c, d) desc) as c from d",
        "select string_agg(a, ', ' order by a asc nulls last) as a from b",
        "select extract(dow from a) as a from b",
        "select current_date as a",
        "select count(distinct a) over (partition by b) as a from c",
        "select a from b where c like '%\\%'",
    ],
)
def test_the_rules_see(text: str) -> None:
    assert findings(text)


@pytest.mark.parametrize(
    "text",
    [
        "select 'qualify: tên [a] || \"b\" -> now()' as a -- group by all\nfrom b",
        "select extract(year from a) as a from b order by a asc nulls last",
        "{{ config(theo={'a': 'b'}, khoa=['x']) }} select {{ f([1]) }} as a from b",
        "select '{{ x }}' as a from b where c = 'it''s'",
        "select rank() over (partition by a order by {{ thu_tu('s') }}) as a from b",
        "select first_value(a) over (order by b desc nulls last rows between 1 preceding and current row) as a from c",
        "select percentile_disc(0.5) within group (order by a) as a from b",
        "{#- explains || and qualify -#} select concat_ws('', a, b) as a from c",
    ],
)
def test_the_rules_let_pass(text: str) -> None:
    assert not findings(text)
