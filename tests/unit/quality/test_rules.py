"""Reading the rule book: every mistake is named with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipelines.config.official_rules import titles
from pipelines.config.orchestration import Gates
from pipelines.config.yaml_lines import ConfigError
from pipelines.quality.model import CountCheck, LookUp, Severity, UniqueCheck
from pipelines.quality.rules import load_rules

HEAD = """\
mo_ta: Thử
bang: stg.stg_dvc__ho_so
noi_sua: Đơn vị
quy_tac:
  - ma_quy_tac: HS_DUNG_01
    chieu: dung
    cot: [ngay_tra]
    mo_ta: Câu.
    muc_do: chan
    can_cu: Luật
"""


def write(folder: Path, text: str, name: str = "a.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def mistakes(folder: Path, feeds: tuple[str, ...] = ("dvc/ho_so",)) -> list[tuple[int | None, str]]:
    with pytest.raises(ConfigError) as caught:
        load_rules(folder, feeds)
    return caught.value.mistakes


def test_thresholds_default_to_the_operators_gates_and_to_zero_on_keys(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "    dieu_kien: t.a > 0\n")
    write(tmp_path, HEAD.replace("_01", "_02") + "    la_khoa: true\n    duy_nhat: [ma_ho_so]\n", "b.yaml")
    write(tmp_path, HEAD.replace("_01", "_03") + "    nguong: nguong_cach_ly\n    dieu_kien: t.a > 0\n", "c.yaml")
    rules = load_rules(tmp_path, (), Gates(nguong_chan=0.07, nguong_cach_ly=0.02))
    assert [(r.code, r.threshold) for r in rules] == [("HS_DUNG_01", 0.07), ("HS_DUNG_02", 0.0), ("HS_DUNG_03", 0.02)]


def test_two_ways_to_check_or_none_are_refused_with_the_line(tmp_path: Path) -> None:
    write(tmp_path, HEAD)
    assert [line for line, _ in mistakes(tmp_path)] == [5]
    write(tmp_path, HEAD + "    dieu_kien: t.a > 0\n    duy_nhat: [a]\n")
    assert "đúng một trong bốn cách kiểm" in mistakes(tmp_path)[0][1]


def test_unknown_dimension_is_refused_with_the_line(tmp_path: Path) -> None:
    write(tmp_path, HEAD.replace("chieu: dung", "chieu: nhanh") + "    dieu_kien: t.a > 0\n")
    ((line, text),) = mistakes(tmp_path)
    assert line == 6
    assert "phải là một trong" in text


def test_unknown_key_is_refused_with_the_line(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "    dieu_kien: t.a > 0\n    muc: 3\n")
    assert mistakes(tmp_path)[0][0] == 12


def test_what_a_condition_looks_up_is_a_table_that_it_asks(tmp_path: Path) -> None:
    asked = "    dieu_kien: exists (select 1 from stg.b x where x.k = t.a)\n"
    write(tmp_path, HEAD + asked + "    tra_cuu:\n      - {bang: stg.b, khoa: d.k, cua_dong: [t.a]}\n")
    assert load_rules(tmp_path, ())[0].look_ups == (LookUp("stg.b", "d.k", ("t.a",)),)
    write(tmp_path, HEAD + asked + "    tra_cuu:\n      - {bang: stg.c, khoa: d.k, cua_dong: [t.a]}\n")
    assert "không hỏi bảng “stg.c”" in mistakes(tmp_path)[0][1]


def test_a_code_used_twice_is_refused(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "    dieu_kien: t.a > 0\n")
    write(tmp_path, HEAD + "    dieu_kien: t.a > 0\n", "b.yaml")
    assert "đã dùng ở quy tắc khác" in mistakes(tmp_path)[0][1]


def test_a_placeholder_without_a_value_is_refused_with_the_line(tmp_path: Path) -> None:
    write(tmp_path, HEAD + "    dieu_kien: t.a > $hom_nay\n")
    ((line, text),) = mistakes(tmp_path)
    assert (line, "$hom_nay" in text) == (11, True)


def test_loosening_needs_an_order_of_days_and_something_to_loosen(tmp_path: Path) -> None:
    loose = "    noi_long: {ly_do: Chờ, tu_ngay: 2025-02-01, het_han: 2025-01-01}\n"
    write(tmp_path, HEAD + "    dieu_kien: t.a > 0\n" + loose)
    assert len(mistakes(tmp_path)) == 2


def test_loosening_needs_a_reason(tmp_path: Path) -> None:
    loose = "    noi_long: {tu_ngay: 2025-01-01, het_han: 2025-02-01, nguong: 0.2}\n"
    write(tmp_path, HEAD + "    dieu_kien: t.a > 0\n" + loose)
    assert "ly_do" in mistakes(tmp_path)[0][1]


def test_loosened_severity_holds_until_its_last_day(tmp_path: Path) -> None:
    loose = "    noi_long: {ly_do: Chờ, tu_ngay: 2025-01-01, het_han: 2025-01-31, muc_do: canh_bao}\n"
    (rule,) = load_rules(write(tmp_path, HEAD + "    dieu_kien: t.a > 0\n" + loose), ())
    assert rule.severity_on(date(2025, 1, 31)) is Severity.WARN
    assert rule.severity_on(date(2025, 2, 1)) is Severity.BLOCK


def test_rule_repeated_per_feed_becomes_one_rule_a_feed(tmp_path: Path) -> None:
    text = HEAD.replace("cot:", "bang: tho.$bang_tho\n    cot:") + (
        "    lap_theo_nguon: tat_ca\n"
        "    tu: select * from so_cai.tep where nguon_du_lieu = '$nguon'\n"
        "    dem: {so_dong: t.so_dong_doc, so_loi: t.so_dong_cach_ly}\n"
    )
    rules = load_rules(write(tmp_path, text), ("dvc/ho_so", "dvcqg/tthc"))
    assert [r.code for r in rules] == ["HS_DUNG_01__DVCQG__TTHC", "HS_DUNG_01__DVC__HO_SO"]
    assert rules[1].table == "tho.dvc__ho_so"
    assert rules[1].relation == "(select * from so_cai.tep where nguon_du_lieu = 'dvc/ho_so')"
    assert isinstance(rules[1].check, CountCheck)


def test_parameters_of_a_feed_fill_the_rule_and_an_unknown_feed_is_refused(tmp_path: Path) -> None:
    text = HEAD + "    dieu_kien: t.a > $so_ngay\n    lap_theo_nguon: {dvc/ho_so: {so_ngay: 3}}\n"
    (rule,) = load_rules(write(tmp_path, text), ("dvc/ho_so",))
    assert "t.a > 3" in str(rule.check)
    ((line, message),) = mistakes(tmp_path, ("dvcqg/tthc",))
    assert (line, "dvc/ho_so" in message) == (12, True)


def test_the_rule_book_of_the_project_is_whole() -> None:
    rules = load_rules()
    assert len(rules) >= 120
    assert {r.dimension.value for r in rules} == {"dung", "du", "sach", "song"}
    assert all(r.description.endswith(".") and r.basis and r.mended_by for r in rules)


def test_no_waiver_of_the_rule_book_has_expired() -> None:
    waived = [rule for rule in load_rules() if rule.loosening is not None]
    expired = [(r.code, r.loosening.until) for r in waived if r.loosening and r.loosening.until < date.today()]
    assert expired == [], "nới lỏng đã hết hạn: sửa quy tắc, hoặc gia hạn kèm lý do mới"


def test_every_rule_says_how_to_mend_in_a_sentence_of_its_own() -> None:
    rules = load_rules()
    assert [r.code for r in rules if not r.mending.endswith(".") or not 1 <= r.mend_days <= 60] == []
    templates = {r.code.split("__")[0] for r in rules}
    assert len({r.mending for r in rules}) > 0.8 * len(templates)


def test_mending_defaults_by_kind_and_severity(tmp_path: Path) -> None:
    (rule,) = load_rules(write(tmp_path, HEAD + "    dieu_kien: t.a > 0\n"), ())
    assert rule.mending.startswith("Đối chiếu bản gốc")
    assert rule.mend_days == 3
    own = HEAD + "    cach_sua: Sửa thế này.\n    han_sua: 7\n    dieu_kien: t.a > 0\n"
    (rule,) = load_rules(write(tmp_path, own), ())
    assert (rule.mending, rule.mend_days) == ("Sửa thế này.", 7)


def test_the_book_is_large_enough_and_cites_every_business_rule_about_data() -> None:
    rules = load_rules()
    assert len({rule.code.split("__")[0] for rule in rules}) >= 120
    cited = {code for rule in rules for code, title in titles().items() if f"“{title}”" in rule.basis}
    assert {f"R{n}" for n in range(2, 14)} <= cited


BALANCES = {
    *("MTH_DUNG_01", "MTH_DUNG_02", "MTH_DUNG_03", "MTH_DUNG_04", "MTH_DUNG_06", "MTH_DUNG_07", "MHS_DU_03"),
    *("MDS_DUNG_01", "MHT_DUNG_02", "MHT_DU_03", "MDM_DUNG_01", "MCS_DUNG_02", "MCS_DUNG_03"),
}


def test_keys_and_balances_tolerate_nothing_other_blocking_rules_the_default_share() -> None:
    """``chan`` blocks at 5 %, on keys at any; so does a sum that does not add up."""
    rules = load_rules()
    assert {rule.code for rule in rules} >= BALANCES
    assert [r.code for r in rules if r.code in BALANCES and (r.threshold or r.severity is not Severity.BLOCK)] == []
    unique = [
        r
        for r in rules
        if r.severity is Severity.BLOCK and isinstance(r.check, UniqueCheck) and not r.table.startswith("stg.")
    ]
    assert len(unique) > 5
    assert [r.code for r in unique if r.threshold] == []
    assert next(r for r in rules if r.code == "HS_DUNG_01").threshold == 0.05
