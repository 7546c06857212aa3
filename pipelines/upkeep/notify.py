"""What is new since the last message, by e-mail and webhook: to the places that ``giam_sat`` names, nowhere else."""

from __future__ import annotations

import functools
import json
import os
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.client import HTTPException

from pipelines.config.disk import write_whole
from pipelines.config.paths import DataPaths
from pipelines.config.watching import Mail, Watching
from pipelines.upkeep.finding import Finding, Level

STATE = "giam_sat.json"
MARKS = {Level.WORK: "việc", Level.ATTENTION: "chú ý", Level.FAILED: "HỎNG"}
_SECONDS = 30


class SendError(Exception):
    """A message did not go out; Vietnamese sentence without the password."""


@dataclass(frozen=True)
class Told:
    """What has been told: codes of findings and of their parts."""

    codes: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Told:
        """All of ``findings``."""
        listed = list(findings)
        return cls(frozenset(f.code for f in listed), frozenset().union(*(f.parts for f in listed)))

    def __and__(self, other: Told) -> Told:
        return Told(self.codes & other.codes, self.parts & other.parts)

    def is_new(self, finding: Finding) -> bool:
        """Whether it was not told, or stands for something that was not."""
        return finding.code not in self.codes or bool(finding.parts - self.parts)


@dataclass(frozen=True)
class State:
    """What every way has told, what each of them has, and the counts that growth is measured against.

    A finding that goes away and comes back is new again.
    """

    told: Told = Told()
    counts: Mapping[str, int] = field(default_factory=dict)
    ways: Mapping[str, Told] = field(default_factory=dict)

    def of(self, way: str) -> Told:
        """What has been told by ``way``; one that was not set then begins with what all had."""
        return self.ways.get(way, self.told)


def read_state(paths: DataPaths) -> State:
    """The state file of ``van_hanh/``; one that is absent or damaged is as if nothing had been told."""
    try:
        said = json.loads((paths.operations / STATE).read_text(encoding="utf-8"))
        counts = {str(name): int(value) for name, value in said["so_dem"].items()}
        return State(_told(said), counts, {str(way): _told(one) for way, one in said.get("kenh", {}).items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return State()


def _told(said: Mapping[str, Iterable[str]]) -> Told:
    return Told(*(frozenset(str(code) for code in said.get(key, ())) for key in ("da_bao", "phan")))


def write_state(paths: DataPaths, state: State) -> None:
    """Remember it. Raises ``OSError``.

    A version that knows of no ways reads what all of them have told, and so tells again rather than not at all.
    """
    paths.operations.mkdir(parents=True, exist_ok=True)
    ways = {way: _listed(told) for way, told in sorted(state.ways.items())}
    said = {**_listed(state.told), "so_dem": dict(state.counts), "kenh": ways}
    write_whole(paths.operations / STATE, json.dumps(said, ensure_ascii=False))


def _listed(told: Told) -> dict[str, list[str]]:
    return {"da_bao": sorted(told.codes), "phan": sorted(told.parts)}


def message(fresh: list[Finding], gone: int, told: frozenset[str] = frozenset()) -> str:
    """The text: what to do first comes first, a line a finding. ``told``: parts of findings that were told before."""
    lines = [f"Kho 06: {len(fresh)} việc mới cần chú ý.", ""]
    for number, finding in enumerate(sorted(fresh, key=lambda f: -f.level), start=1):
        mark = MARKS[finding.level]
        since = f" (từ {finding.since:%H:%M %d/%m/%Y})" if finding.since else ""
        new = f" {len(finding.parts - told)} cảnh báo mới hoặc nặng thêm từ lần báo trước." if finding.parts else ""
        lines += [f"{number}. [{mark}] {finding.what}{since}{new}", f"   Việc cần làm: {finding.remedy}"]
    if gone:
        lines += ["", f"{gone} việc báo lần trước đã hết."]
    lines += ["", "Xem đầy đủ trên máy chủ: kho watch"]
    return "\n".join(lines)


def ways_of(settings: Watching) -> list[str]:
    """The ways that are set."""
    return [way for way, place in (("thu", settings.thu), ("webhook", settings.webhook)) if place is not None]


def send(settings: Watching, findings: list[Finding], state: State) -> tuple[State, list[str]]:
    """Tell by every way that is set what it has not told yet.

    Returns what has been told now, and a sentence for each way that failed. Growth stays measured against the counts
    of before: a way that failed has it still to tell.
    """
    all_told = Told.of(findings)
    ways: dict[str, Told] = {}
    failed = []
    for way in ways_of(settings):
        told = state.of(way)
        fresh = [finding for finding in findings if told.is_new(finding)]
        ways[way] = all_told
        if not fresh:
            continue
        text = message(fresh, len(told.codes - all_told.codes), told.parts)
        try:
            _WAYS[way](settings, fresh, text)
        except SendError as error:
            failed.append(str(error))
            ways[way] = told & all_told
    return State(functools.reduce(Told.__and__, ways.values(), all_told), state.counts, ways), failed


def _mail(settings: Watching, fresh: list[Finding], text: str) -> None:
    mail = settings.thu
    if mail is None:
        return
    worst = MARKS[max(f.level for f in fresh)]
    with mail_server(mail) as post:
        post(mail.den, f"[Kho 06] {worst}: {len(fresh)} việc mới", text)


Post = Callable[[Collection[str], str, str], None]
"""Sends one letter: addresses, subject, text. Raises ``SendError``."""


@contextmanager
def mail_server(mail: Mail) -> Iterator[Post]:
    """The mail server of ``giam_sat``, one connection for all letters. Raises ``SendError`` without the password."""
    password = os.environ.get(mail.bien_mat_khau)
    if mail.tai_khoan and not password:
        raise SendError(f"Không gửi được thư: chưa đặt mật khẩu trong biến {mail.bien_mat_khau}.")
    context = ssl.create_default_context()
    try:
        opened = (
            smtplib.SMTP_SSL(mail.may_chu, mail.cong, timeout=_SECONDS, context=context)
            if mail.ma_hoa == "tls"
            else smtplib.SMTP(mail.may_chu, mail.cong, timeout=_SECONDS)
        )
        with opened as server:
            if mail.ma_hoa == "starttls":
                server.starttls(context=context)
            if mail.tai_khoan and password:
                server.login(mail.tai_khoan, password)

            def post(to: Collection[str], subject: str, text: str) -> None:
                letter = EmailMessage()
                letter["From"], letter["To"], letter["Subject"] = mail.tu, ", ".join(to), subject
                letter.set_content(text)
                try:
                    server.send_message(letter)
                except smtplib.SMTPResponseException as refused:
                    raise SendError(f"Không gửi được thư: máy chủ từ chối (mã {refused.smtp_code}).") from None
                except smtplib.SMTPRecipientsRefused:
                    raise SendError("Không gửi được thư: máy chủ từ chối địa chỉ nhận.") from None

            yield post
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise SendError(f"Không gửi được thư qua {mail.may_chu}:{mail.cong} ({type(error).__name__}).") from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A webhook that sends us elsewhere is refused: nothing is told to an address that ``giam_sat`` does not name."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Never."""
        return


def _webhook(settings: Watching, fresh: list[Finding], text: str) -> None:
    url = settings.webhook
    if url is None:
        return
    body = {
        "text": text,
        "viec": [
            {
                "ma": f.code,
                "muc": f.level.name.lower(),
                "noi_dung": f.what,
                "tu_luc": f.since.isoformat() if f.since else None,
                "can_lam": f.remedy,
            }
            for f in fresh
        ],
    }
    request = urllib.request.Request(  # noqa: S310 - http or https by the contract of giam_sat
        url, data=json.dumps(body, ensure_ascii=False).encode("utf-8"), headers={"Content-Type": "application/json"}
    )
    # No proxy of the environment either: only the named place is spoken to.
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=_SECONDS):
            pass
    except (OSError, HTTPException, ValueError) as error:
        raise SendError(f"Không gửi được đến webhook ({type(error).__name__}).") from None


_WAYS: Mapping[str, Callable[[Watching, list[Finding], str], None]] = {"thu": _mail, "webhook": _webhook}
