"""Claims of a report against the warehouse (rule R13): what is confirmed is judged, what is not is only proposed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from pipelines.contracts.normal_form import plain
from pipelines.papers.claims import HEADS, RELATION, Claim
from pipelines.papers.figure import SHARE, Figure, number
from pipelines.papers.paper import Paper
from pipelines.sheets import OPTIONS, fitting, height, print_setup

AGREES, DIFFERS, UNTESTED, UNCONFIRMED = "khop", "lech", "khong_kiem_duoc", "cho_xac_nhan"
_PROPOSED = 3
_LIKE = 0.7
"""Share of a figure's words that stand around a number whose value is another, from which it may be meant."""
_FLOAT = Decimal("1e-9")
_SUMS = (
    ("tiep_nhan", ("truc_tuyen", "truc_tiep", "buu_chinh", "khong_ro_kenh", "ky_truoc")),
    ("da_giai_quyet", ("truoc_han", "dung_han", "qua_han", "khong_han")),
    ("dang_giai_quyet", ("dang_trong_han", "dang_qua_han", "dang_khong_han")),
    ("tiep_nhan", ("da_giai_quyet", "tra_lai", "dang_giai_quyet")),
)
_SCOPES = ("chung", "tinh", "huyen", "xa", "khong_ro")


@dataclass(frozen=True)
class Verdict:
    """A claim, judged. ``proposed``: figures that it may be of, for the person who confirms: those of the same value
    first, then those of the same words, whose value differs; of a confirmed one, its own."""

    claim: Claim
    verdict: str
    computed: str = ""
    apart: str = ""
    proposed: tuple[Figure, ...] = ()


def judge(paper: Paper, claims: list[Claim]) -> list[Verdict]:
    """Each claim against its figure, then the sums between confirmed claims of one scope."""
    verdicts = [_judged(paper, claim) for claim in claims]
    return verdicts + _sums(paper, claims)


def _judged(paper: Paper, claim: Claim) -> Verdict:
    if not claim.code:
        return Verdict(claim, UNCONFIRMED, proposed=_proposed(paper, claim))
    figure = paper.desk.figures.get(claim.code)
    if figure is None:
        return Verdict(claim, UNTESTED, "báo cáo này không có mã ấy")
    return judged(figure, claim)


def judged(figure: Figure, claim: Claim) -> Verdict:
    """A printed number against the figure it is of."""
    if figure.value is None:
        return Verdict(claim, UNTESTED, figure.reason, proposed=(figure,))
    apart, rounding = _apart(claim, figure)
    verdict = AGREES if abs(apart) <= rounding else DIFFERS
    shown = "" if verdict == AGREES else number(apart, 2 if apart % 1 else 0)
    return Verdict(claim, verdict, figure.shown, shown, (figure,))


def _printed(figure: Figure) -> Decimal:
    """The figure in the unit in which reports print it."""
    value = figure.value or Decimal(0)
    return value * 100 if figure.unit == SHARE else value


def _apart(claim: Claim, figure: Figure) -> tuple[Decimal, Decimal]:
    """Printed minus computed, and how much of that rounding explains: half a unit of the last printed digit, no finer
    than a spreadsheet keeps; nothing of a count. A cell of a spreadsheet that shows 98,74 % holds 0,9874: such a number
    without a unit is read as either, whichever is nearer."""
    rounding = max(claim.half, _FLOAT) if figure.unit in (SHARE, "điểm") else Decimal(0)
    readings = [(claim.value - _printed(figure), rounding)]
    if figure.unit == SHARE and not claim.unit and 0 <= claim.value <= 1:
        readings.append((claim.value * 100 - _printed(figure), rounding * 100))
    return min(readings, key=lambda reading: abs(reading[0]))


def _proposed(paper: Paper, claim: Claim) -> tuple[Figure, ...]:
    """The likeliest figures: of the same value, those that share most words first; then of nearly the same words."""
    said = _folded(_clause(claim))
    ranked = []
    for place, figure in enumerate(paper.desk.figures.values()):
        if figure.value is None or (claim.unit and claim.unit != figure.unit):
            continue
        apart, rounding = _apart(claim, figure)
        same = abs(apart) <= rounding
        meant = _folded(f"{figure.metric} {figure.scope}")
        common, share = len(said & meant), len(said & meant) / len(meant)
        if same or share >= _LIKE:
            ranked.append((not same, -common if same else -share, "." in figure.code, place, figure))
    return tuple(figure for *_, figure in sorted(ranked, key=lambda item: item[:4])[:_PROPOSED])


def _clause(claim: Claim) -> str:
    """The part of the sentence that the number stands in; of a table, its labels too."""
    if "|" in claim.words:
        return claim.words
    parts = [part for part in claim.words.split(";") if claim.printed in part]
    return parts[-1] if parts else claim.words


def _folded(text: str) -> frozenset[str]:
    """Words without marks and case; a number is none."""
    return frozenset(re.findall(r"[a-z]+", plain(text)))


def _sums(paper: Paper, claims: list[Claim]) -> list[Verdict]:
    """Parts against total among the confirmed counts of a scope; a term that is not printed is named."""
    printed = {claim.code: claim for claim in claims if claim.code}
    names = {f"{paper.desk.prefix}-{known.code}": name for name, known in paper.fields.items()}
    by_name = {names[code]: claim for code, claim in printed.items() if code in names}
    verdicts = []
    for scope in _SCOPES:
        for total, parts in _SUMS:
            whole = by_name.get(f"{scope}_{total}")
            if whole is None or not any(f"{scope}_{part}" in by_name for part in parts):
                continue
            lacking = [part for part in parts if f"{scope}_{part}" not in by_name]
            words = f"{total} = {' + '.join(parts)} ({scope})"
            claim = Claim(RELATION, words, whole.printed, whole.unit, whole.code)
            if lacking:
                verdicts.append(Verdict(claim, UNTESTED, "thiếu " + ", ".join(lacking)))
                continue
            summed = sum((by_name[f"{scope}_{part}"].value for part in parts), Decimal(0))
            apart = whole.value - summed
            verdicts.append(
                Verdict(claim, DIFFERS if apart else AGREES, number(summed), number(apart) if apart else "")
            )
    return verdicts


def _meant(figure: Figure) -> str:
    return f"{figure.code}: {figure.metric}; {figure.scope}; {figure.window}; kho tính {figure.shown}"


def write(verdicts: list[Verdict], place: Path) -> None:
    """The sheet a person confirms in (a code in the column “Mã xác nhận”) and gives back to ``--kiem``."""
    with xlsxwriter.Workbook(str(place), OPTIONS) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "border": 1})
        text = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        sheet = book.add_worksheet("Kiểm số liệu")
        widths = (26, 70, 18, 14, 14, 20, 60, 18, 18, 34, 14)
        for column, (words, width) in enumerate(zip(HEADS, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, words, head)
        for row, verdict in enumerate(verdicts, 1):
            claim = verdict.claim
            codes = "" if claim.code else "\n".join(figure.code for figure in verdict.proposed)
            meanings = "\n".join(map(_meant, verdict.proposed))
            cells = (claim.place, claim.words, claim.window, claim.printed, claim.unit, codes, meanings, claim.code,
                     verdict.verdict, verdict.computed, verdict.apart)  # fmt: skip
            sheet.set_row(row, height(cells, widths))
            for column, words in enumerate(cells):
                sheet.write_string(row, column, fitting(words), text)
        print_setup(sheet, "Kiểm số liệu", 0)
        sheet.autofilter(0, 0, len(verdicts), len(HEADS) - 1)
