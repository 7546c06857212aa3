"""The closing summary of a run, and the same facts for ``kho status``."""

from __future__ import annotations

from pipelines.cli.terminal.console import count, say, table
from pipelines.contracts.loader import own_words
from pipelines.outcome import Outcome
from pipelines.quality.gate import PASSED, STATE_WORDS, State
from pipelines.warehouse import raw_gone
from pipelines.warehouse.journal import Entry


def show_outcome(outcome: Outcome) -> None:
    """Print files by feed, refused files, gates by mart group and where the result lies."""
    title = f"Lần chạy {outcome.run.number} — số liệu đến hết ngày {outcome.run.as_of:%d/%m/%Y}"
    if outcome.feeds:
        table(
            title,
            ["Nguồn", "Tệp mới", "Dòng đọc", "Nạp", "Cách ly", "Lặp", "Từ chối"],
            [
                [
                    f.feed,
                    f.files,
                    count(f.read),
                    count(f.loaded),
                    count(f.quarantined),
                    count(f.repeated),
                    f.refused or "",
                ]
                for f in outcome.feeds
            ],
            numbers=range(1, 7),
        )
    else:
        say(f"{title}: không có tệp mới.")
    show_gone(outcome)
    show_mended(outcome)
    show_unresolved(outcome)
    show_awaited(outcome)
    if outcome.remarks:
        table("Tệp đã nạp, có trang tính không nạp", ["Tệp", "Ghi chú"], outcome.remarks)
    if outcome.without_verdict:
        say(
            f"Không xét khi đối soát hai cổng: {count(outcome.without_verdict)} hồ sơ có dòng của tỉnh đang bị cách ly "
            "(doi_soat.hai_cong_khong_xet)."
        )
    if outcome.groups:
        show_groups(outcome)
    if outcome.published:
        show_publication(outcome)
        say("Chất lượng từng quy tắc: trang nêu bởi `kho quality docs` (mở bằng trình duyệt, không cần mạng)")
        say("Hỏi dữ liệu: kho sql \"SELECT * FROM tthc.bieu_giai_quyet('2025-01-01', '2025-06-30')\"")


def show_publication(outcome: Outcome) -> None:
    """Say what became of the publication: swapped in, nothing new, or kept beside the current one."""
    match outcome.how:
        case "giu_rieng":
            say(
                f"Ngày số liệu {outcome.run.as_of:%d/%m/%Y} cũ hơn bản đang công bố: đã giữ thành phiên bản riêng "
                f"{outcome.version}, BẢN ĐANG CÔNG BỐ GIỮ NGUYÊN."
            )
            say(
                f"Hỏi bản này: kho sql --phien-ban {outcome.version} …; muốn thay bản đang công bố: "
                f"kho run --as-of {outcome.run.as_of.isoformat()} --thay-ban-dang-dung"
            )
        case "khong_doi":
            say(f"Không có gì mới: bản đang công bố {outcome.marts_file} (phiên bản {outcome.version}) để nguyên.")
        case _:
            say(f"Đã công bố: {outcome.marts_file} (phiên bản {outcome.version})")


def show_remarks(entry: Entry | None) -> None:
    """Print what was mended on the way, one line each."""
    for text in entry.remarks if entry is not None else ():
        say(f"Lưu ý: {text}")


def show_gone(outcome: Outcome) -> None:
    """Say that ``raw/`` has lost what was loaded from it."""
    if outcome.gone:
        say(f"CHÚ Ý: {raw_gone.told(outcome.gone)} {raw_gone.REMEDY}")


def show_mended(outcome: Outcome) -> None:
    """Say which refused files of the run need nothing any more: a later file took their place."""
    if outcome.mended:
        say(
            f"{count(len(outcome.mended))} tệp bị từ chối đã có tệp thay thế, không phải làm gì: "
            f"{', '.join(outcome.mended)}."
        )


def show_broken_rules(outcome: Outcome) -> None:
    """Print the failing rules that block or warn, and how many are only watched, with the next command."""
    if not outcome.broken:
        return
    urgent = [rule for rule in outcome.broken if rule.severity != "theo_doi"]
    watched = len(outcome.broken) - len(urgent)
    table(
        "Quy tắc chất lượng không đạt",
        ["Mức độ", "Mã", "Quy tắc", "Dòng lỗi", "Dòng đã xét"],
        [
            [own_words("muc_do_quy_tac")[r.severity], r.code, r.description, count(r.failing), count(r.judged)]
            for r in urgent
        ],
        numbers=[3, 4],
    )
    if watched:
        say(f"Ngoài ra {count(watched)} quy tắc mức theo dõi không đạt: xem trang nêu bởi `kho quality docs`.")
    say("Từng dòng lỗi và cách sửa, theo đơn vị: kho defects --out THƯ_MỤC")


def show_set_apart(outcome: Outcome) -> None:
    """Say how many rows are quarantined, by feed, with the next command."""
    if outcome.set_apart:
        total = sum(number for _, number in outcome.set_apart)
        feeds = ", ".join(f"{feed} {count(number)}" for feed, number in outcome.set_apart)
        say(f"Dòng bị cách ly: {count(total)} ({feeds}). Xem: kho quarantine list")


def show_unresolved(outcome: Outcome) -> None:
    """Print the refused files that nothing has replaced, with what to do; nothing where there are none."""
    if outcome.unresolved:
        table("Tệp bị từ chối, chưa có tệp thay thế", ["Tệp", "Lý do và cách xử lý"], outcome.unresolved)


def show_awaited(outcome: Outcome) -> None:
    """Print the files left for the next run; nothing where there are none."""
    if outcome.awaited:
        table("Tệp chưa đọc, chờ lần chạy sau", ["Tệp", "Vì sao chờ"], outcome.awaited)


def show_groups(outcome: Outcome) -> None:
    """Print what became of each mart group and how the rules ended."""
    words = dict(STATE_WORDS)
    if outcome.how in {"giu_rieng", "khong_doi"}:
        words[State.NEW] = PASSED
    rows, first = [], {"": ""}
    for g in outcome.groups:
        reason = g.reason or ""
        told = f"như {first[reason]}" if first.get(reason) else reason
        first.setdefault(reason, g.group)
        rows.append([g.group, words.get(g.status, g.status), f"{g.as_of:%d/%m/%Y}" if g.as_of else "", told])
    table("Công bố", ["Nhóm", "Kết quả", "Số liệu đến", "Lý do"], rows)
    say(
        f"Quy tắc chất lượng: {outcome.rules_passed} đạt, {outcome.rules_failed} không đạt, "
        f"{outcome.rules_unjudged} chưa đánh giá được."
    )
