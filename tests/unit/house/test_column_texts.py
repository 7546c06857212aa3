"""One wording a meaning: a text of a column that stands twice is a block of ``dbt_project/models/_tu_dien``."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"
DICTIONARY = PROJECT / "models" / "_tu_dien"
BLOCK = re.compile(r"{% docs (\w+) %}\n(.*?)\n{% enddocs %}", re.DOTALL)
CALL = re.compile(r"""{{ doc\("(\w+)"\) }}""")

# (model, column) → why a column means something else here than its name does elsewhere.
OTHER_MEANING: dict[tuple[str, str], str] = {
    ("chi_tieu", "phien_ban"): "version of a definition, not of the publication",
    ("tthc__ky_bao_cao", "ky"): "code of a reporting period, half years included",
    ("tthc__chua_anh_xa", "ma_tthc"): "the code as exported, since it could not be mapped",
    ("tthc__don_vi_chia", "ma_don_vi_hien_nay"): "one of several successors that share a unit",
    ("van_hanh__tep", "ma_tep"): "the key of the table of files",
    ("van_hanh__thay_doi_tre", "ma_tep"): "the file that first brought the new state",
}


# Column → why its name stands for several things, each with a wording of its own. A new one needs a reason here.
SEVERAL_MEANINGS: dict[str, str] = {
    "bi_ket": "a count of dossiers in the summary, a fact of one dossier in the list",
    "chenh_lech": "a difference of points, of printed values, or of recomputed points: the text is the formula",
    "chi_tieu": "a metric of the two portals' shares, or a term of a declared relation",
    "co_giay_dien_tu": "a count of dossiers in the summary, a fact of one dossier in the list",
    "cot": "a field at fault, or a column that a rule reads",
    "dang_xu_ly": "state of a dossier against its due date, or a count of petitions",
    "diem": "a score of data quality, of a feed, of a component, of a group",
    "diem_toi_da": "maximum of a component, of a group, or of what applies",
    "do_phu": "coverage of early registrations, or of recorded sexes: the text is the formula",
    "dung_han": "a verdict on a dossier (R4b), a count of records (R11), a count of petitions",
    "gia_tri": "a printed figure, or the value of a parameter",
    "giai_doan": "stage of a gap in a book, or the list of stages itself",
    "goi_y": "successors of a unit, a procedure of similar name, a unit for an unknown code",
    "ket_luan": "verdict on a relation, or on a book",
    "loai": "kind of a text, a relation, a succession, a petition, a day",
    "loai_ky": "half years exist for reports only",
    "ly_do": "of a quarantined row, a rule, a role, a file, a publication, a returned dossier",
    "ma": "code of a unit, or name of a parameter",
    "ma_quan_he": "a relation as tested, or as declared",
    "ma_tep": "see OTHER_MEANING",
    "ma_tinh": "province of the period, or the three digits of an identity number",
    "mau_so": "in words in a definition, a count elsewhere",
    "mo_ta": "of a rule, a parameter, a stage",
    "nam": "of birth or death, of a period, of a calendar",
    "ngay": "of a succession, or of an adjusted day",
    "ngay_dau": "of a first state, or of a first receipt",
    "nguong": "tolerated share of a rule, or threshold of a scoring rule",
    "pham_vi": "scope of a role, of a ratio, of a table of results",
    "so_ap_dung": "rows of a dimension, or of one rule",
    "so_dong": "rows of a dimension, of one rule, of a code",
    "so_ho_so": "dossiers of an interlinked service, a unit, a procedure, a change",
    "so_lan": "which run: that judged, saw, decided",
    "so_loi": "rows of a dimension, or of one rule",
    "loai_doi_tuong": "of an object that 766 counts, or of an alert",
    "muc_do": "of a rule, or of an alert",
    "so_luong": "registrations, parcels, open work",
    "so_ngay": "days of a pause, an age, a wait, a calendar, a limit",
    "ten": "of a component, a unit, a representative agency",
    "thanh_toan_truc_tuyen": "can a procedure be paid online, was a dossier paid online",
    "thay_doi_so_voi_ky_truoc": "of points, or of dossiers",
    "thu_tu": "order of steps, pauses, levels, groups, keywords",
    "trang_thai": "of a step, a quarantined row, a defect, a dossier, a file, a publication",
    "trung_vi_ngay": "of an interlinked service, or of the issue of a number",
    "tu_ngay": "of a mapping, or of standing at a step",
    "tu_so": "in words in a definition, a count elsewhere",
    "ty_le": "the text is the formula",
}


def described() -> list[tuple[str, str, str]]:
    """(model or seed, column, text) of every column written by hand."""
    rows = []
    for path in sorted(PROJECT.rglob("*.yml")):
        if path.parent == PROJECT or not {"models", "seeds"} & set(path.parts) or "staging" in path.parts:
            continue
        if path.name.startswith("sources"):
            continue
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for model in [*(content.get("models") or ()), *(content.get("seeds") or ())]:
            for column in model.get("columns") or ():
                rows.append((model["name"], column["name"], " ".join(column.get("description", "").split())))
    return rows


DESCRIBED = described()
BLOCKS = {
    name: text for path in DICTIONARY.glob("*.md") for name, text in BLOCK.findall(path.read_text(encoding="utf-8"))
}


def test_a_block_is_defined_once_used_and_named_after_a_column() -> None:
    names = [n for path in DICTIONARY.glob("*.md") for n, _ in BLOCK.findall(path.read_text(encoding="utf-8"))]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert set(names) == {name for _, _, text in DESCRIBED for name in CALL.findall(text)}
    for _, column, text in DESCRIBED:
        for name in CALL.findall(text):
            assert name == column or name.startswith(f"{column}__"), (column, name)


def test_no_two_blocks_say_the_same() -> None:
    said = Counter((name.split("__")[0], text.strip().rstrip(".")) for name, text in BLOCKS.items())
    assert [key for key, count in said.items() if count > 1] == []


def test_a_column_whose_name_has_a_block_is_not_described_otherwise() -> None:
    found = {(m, c) for m, c, text in DESCRIBED if c in BLOCKS and not CALL.search(text)}
    assert found == set(OTHER_MEANING)


def test_no_text_of_a_column_is_written_twice() -> None:
    written = Counter((column, text.rstrip(".")) for _, column, text in DESCRIBED if text and not CALL.search(text))
    assert [key for key, count in written.items() if count > 1] == []


@pytest.mark.parametrize(
    "name", ["ngay_so_lieu", "phien_ban", "ma_don_vi", "ky", "ma_tthc", "ma_ho_so", "ma_tep", "dong"]
)
def test_the_names_that_stand_everywhere_have_a_block(name: str) -> None:
    assert name in BLOCKS


def test_no_column_has_two_wordings_but_for_several_meanings() -> None:
    wordings: dict[str, set[str]] = {}
    for _, column, text in DESCRIBED:
        if text and not CALL.search(text):
            wordings.setdefault(column, set()).add(text.rstrip("."))
    several = {column for column, texts in wordings.items() if len(texts) > 1}
    assert several == set(SEVERAL_MEANINGS)
