"""Reply mails as Exchange, Outlook, Google and Apple send them, or broken, each with its expected result."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from bot.domain.calendar.reply import Bounced, Doubt, HeldReply, IncomingMail, PartStat, Reply, Trust
from sandbox.mail import clients
from sandbox.mail.calendar import Entry
from sandbox.mail.calendar import PartStat as Pressed

BOT = "tot@kommune.example"
SERVER = "mx.kommune.example"
TOKEN = "0123456789abcdef0123"
TO = f"tot+{TOKEN}@kommune.example"
KARI = "kari.nordmann@etat.example"
UID = "0123456789abcdef0123456789abcdef"
STAMP = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
START = datetime(2026, 12, 3, 9, tzinfo=UTC)
ENTRY = Entry(
    uid=UID,
    sequence=0,
    stamp=datetime(2026, 12, 1, 9, tzinfo=UTC),
    starts_at=START,
    ends_at=datetime(2026, 12, 3, 10, tzinfo=UTC),
    summary="Møte",
    location="Se Slack",
    organizer=TO,
    attendee=KARI,
)
#: Text that a person wrote and that must never be found again.
SECRET = "Kråkeslottet 41234567 migrene"
ACCEPTED, DECLINED = PartStat.ACCEPTED, PartStat.DECLINED


@dataclass(frozen=True)
class Case:
    name: str
    raw: bytes
    content: Reply | HeldReply | Bounced | None
    token: str | None = TOKEN
    sender: str | None = KARI
    trust: Trust = Trust.DISOWNED

    @property
    def arrival(self) -> IncomingMail:
        return IncomingMail(self.token, self.sender, self.content, self.trust)


def answer(partstat: PartStat = ACCEPTED, sequence: int = 0, **facts: object) -> Reply:
    return replace(Reply(UID, sequence, STAMP, KARI, partstat), **facts)  # type: ignore[arg-type]


def held(doubt: Doubt, proposed: PartStat | None = None, **facts: object) -> HeldReply:
    """Return a held reply about Kari's entry."""
    return replace(HeldReply(doubt, proposed, uid=UID), **facts)  # type: ignore[arg-type]


def delivered(raw: bytes, to: str = TO) -> bytes:
    return f"Delivered-To: {to}\r\nReceived: from mx.example by kommune.example\r\n".encode() + raw


def ics(
    *more: str,
    attendee: str | None = f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{KARI}",
    method: str = "REPLY",
    events: int = 1,
    without: str = "",
    **properties: str,
) -> bytes:
    """Return a calendar object, property by property."""
    lines = {
        "uid": f"UID:{UID}",
        "sequence": "SEQUENCE:0",
        "dtstamp": f"DTSTAMP:{STAMP:%Y%m%dT%H%M%SZ}",
        "dtstart": f"DTSTART:{START:%Y%m%dT%H%M%SZ}",
        "organizer": f"ORGANIZER:mailto:{TO}",
        **properties,
    }
    event = [line for name, line in lines.items() if name not in without.split()]
    event.extend([*([attendee] if attendee else []), *more])
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", f"METHOD:{method}"]
    for _ in range(events):
        whole.extend(["BEGIN:VEVENT", *event, "END:VEVENT"])
    return "\r\n".join([*whole, "END:VCALENDAR", ""]).encode()


def mail(
    *calendars: bytes,
    sender: str = KARI,
    to: str = TO,
    kind: str = "text/calendar",
    params: str = "; method=REPLY; charset=utf-8",
    text: str = "",
    **headers: str,
) -> bytes:
    head = [f"From: {sender}", f"To: {to}", "Subject: =?utf-8?q?Godtatt?=", "MIME-Version: 1.0"]
    head.extend(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())
    body = ['Content-Type: multipart/mixed; boundary="b"', "", "--b", "Content-Type: text/plain", "", text]
    for calendar in calendars:
        coded = base64.encodebytes(calendar).decode().replace("\n", "\r\n")
        body.extend(["--b", f"Content-Type: {kind}{params}", "Content-Transfer-Encoding: base64", "", coded])
    return delivered("\r\n".join([*head, *body, "--b--", ""]).encode(), to)


def words(text: str, **headers: str) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Subject"] = KARI, TO, "Re: Møte"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return delivered(made.as_bytes())


def bounce(action: str, report: str = "delivery-status") -> bytes:
    return delivered(
        "\r\n".join(
            [
                *("From: Mail Delivery System <MAILER-DAEMON@etat.example>", f"To: {TO}"),
                *("Subject: Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied"),
                *("MIME-Version: 1.0", f'Content-Type: multipart/report; report-type={report}; boundary="b"'),
                *("", "--b", "Content-Type: text/plain", "", "This is the mail system."),
                *("--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; etat.example"),
                *("", f"Final-Recipient: rfc822; {KARI}", f"Action: {action}", "Status: 5.1.1", ""),
                *("--b", "Content-Type: message/rfc822", "", f"From: {TO}", f"To: {KARI}"),
                *(f"Message-ID: <{UID[:20]}.0@kommune.example>", "", "x"),
                *("--b--", ""),
            ]
        ).encode()
    )


def client(name: clients.Client, pressed: Pressed, entry: Entry = ENTRY, **how: str) -> bytes:
    return delivered(clients.reply(name, entry, pressed, STAMP, **how))


def _plain() -> Iterator[Case]:
    for name in ("outlook", "google", "apple"):
        for pressed in ("ACCEPTED", "DECLINED", "TENTATIVE"):
            raw = client(name, pressed, comment=SECRET)
            yield Case(f"{name} {pressed.lower()}", raw, answer(PartStat(pressed.lower())))
    moved = replace(ENTRY, sequence=3)
    yield Case("a later version", client("google", "DECLINED", moved), answer(DECLINED, 3))


def _yes() -> dict[str, bytes]:
    """Return every way of writing yes."""
    alarm = ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT10M", "DESCRIPTION:x", "END:VALARM")
    shouting = f"ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:{KARI.upper()}"
    latin = ics(summary="SUMMARY:Møte").decode().encode("latin-1")
    failed = {"Authentication_Results": f"{SERVER}; spf=fail; dmarc=fail (p=REJECT)"}
    return {
        "Exchange without ORGANIZER": mail(ics(without="organizer")),
        "with a VALARM": mail(ics(*alarm)),
        "a COMMENT": mail(ics(f"COMMENT:{SECRET}"), text=SECRET),
        "the same object twice": mail(ics(), ics()),
        "as an attached .ics alone": mail(ics(), kind="application/ics", params=""),
        "an unnamed part of no type": mail(ics(), kind="application/octet-stream", params=""),
        "a named part": mail(ics(), kind="application/octet-stream", params='; name="reply.ics"'),
        "capitals in addresses": mail(ics(attendee=shouting), sender=KARI.title()),
        "a token in capitals": mail(ics(), to=TO.upper()),
        "a name beside the address": mail(ics(), sender=f'"Nordmann, Kari" <{KARI}>'),
        "without SEQUENCE it is the first": mail(ics(without="sequence")),
        "a charset that there is not": mail(ics(), params="; method=REPLY; charset=x-klingon"),
        "Latin-1 that says UTF-8": mail(latin),
        "lines ended by LF alone": mail(ics().replace(b"\r\n", b"\n")),
        "the method in the object alone": mail(ics(), params="; charset=utf-8"),
        "the method in small letters": mail(ics(method="reply"), params="; method=reply"),
        "ORGANIZER without the token": mail(ics(organizer=f"ORGANIZER:mailto:{BOT}")),
        "no Delivered-To, but To": mail(ics()).partition(b"\r\n")[2],
        "disowned by its domain": mail(ics(), **failed),
        "a part of almost 200 kB": mail(ics(*(f"X-PAD:{'x' * 900}" for _ in range(200)))),
        "Delivered-To is believed before To": mail(ics()).replace(
            b"\r\nTo: ", f"\r\nTo: tot+{'e' * 20}@kommune.example, ".encode()
        ),
    }


def _well_formed() -> Iterator[Case]:
    for name, raw in _yes().items():
        yield Case(name, raw, answer())
    for written, read in (("7", 7), ("-4", -1), ("99999999999", 2**31 - 1)):
        raw = mail(ics(sequence=f"SEQUENCE:{written}"))
        yield Case(f"SEQUENCE {written}", raw, answer(sequence=read))
    passed = {"Authentication_Results": f"{SERVER}; dkim=pass; dmarc=pass header.from=etat.example"}
    yield Case("vouched for", mail(ics(), **passed), answer(), trust=Trust.VOUCHED)


def _held() -> Iterator[Case]:
    counter = mail(ics(method="COUNTER"), params="; method=COUNTER")
    yield Case("COUNTER", counter, held(Doubt.COUNTER, start=START))
    for method in ("REQUEST", "CANCEL", "REFRESH", "PUBLISH", "ADD", "DECLINECOUNTER", "NONSENSE"):
        raw = mail(ics(method=method), params=f"; method={method}")
        yield Case(f"method {method}", raw, held(Doubt.NO_ANSWER))
    away_to = f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:x@etat.example":mailto:{KARI}'
    taken = f'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:{KARI}":mailto:x@etat.example'
    other = "sekretaer@etat.example"
    by = f'ATTENDEE;PARTSTAT=DECLINED;SENT-BY="mailto:{other}":mailto:{KARI}'
    two = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:x@etat.example"
    undecided = f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{KARI}"
    doubts: dict[str, tuple[bytes, Doubt, PartStat | None]] = {
        "delegated away": (ics(attendee=away_to), Doubt.NO_ANSWER, None),
        "both of a delegation": (ics(taken, attendee=away_to), Doubt.NO_ANSWER, None),
        "sent on behalf": (ics(attendee=by), Doubt.SENDER, DECLINED),
        "another organizer": (ics(organizer="ORGANIZER:mailto:x@else.example"), Doubt.SENDER, ACCEPTED),
        "two events": (ics(events=2), Doubt.NO_ANSWER, None),
        "two attendees": (ics(two), Doubt.NO_ANSWER, None),
        "one of a series": (ics("RECURRENCE-ID:20261203T090000Z"), Doubt.NO_ANSWER, None),
        "no attendee": (ics(attendee=None), Doubt.NO_ANSWER, None),
        "no answer in it": (ics(attendee=undecided), Doubt.NO_ANSWER, None),
        "no PARTSTAT": (ics(attendee=f"ATTENDEE:mailto:{KARI}"), Doubt.NO_ANSWER, None),
        "no DTSTAMP": (ics(without="dtstamp"), Doubt.NO_ANSWER, None),
        "a DTSTAMP without a zone": (ics(dtstamp="DTSTAMP:20261201T093000"), Doubt.NO_ANSWER, None),
        "a SEQUENCE in words": (ics(sequence="SEQUENCE:two"), Doubt.NO_ANSWER, None),
    }
    for name, (calendar, doubt, proposed) in doubts.items():
        yield Case(name, mail(calendar), held(doubt, proposed))
    colleague = "x@etat.example"
    content = held(Doubt.NO_ANSWER, ACCEPTED)
    yield Case("delegated to me", mail(ics(attendee=taken), sender=colleague), content, sender=colleague)
    content = held(Doubt.SENDER, ACCEPTED)
    yield Case("sent by somebody else", mail(ics(), sender=other), content, sender=other)
    yield Case("two senders", mail(ics(), sender=f"{KARI}, {other}"), content, sender=None)


def _of_nobodys_entry() -> Iterator[Case]:
    no = f"ATTENDEE;PARTSTAT=DECLINED:mailto:{KARI}"
    forwarded = words("Se vedlagt.").replace(b"Content-Type: text/plain", b"Content-Type: message/rfc822")
    doubts = {
        "«jeg kommer»": (words("Jeg kommer."), Doubt.TEXT),
        "case data in words": (words(SECRET), Doubt.TEXT),
        "somebody else's mail attached": (forwarded, Doubt.TEXT),
        "out of office": (words("Jeg er på ferie.", Auto_Submitted="auto-replied"), Doubt.NO_ANSWER),
        "out of office by Exchange": (words("Borte", X_Auto_Response_Suppress="All"), Doubt.NO_ANSWER),
        "yes and no at once": (mail(ics(), ics(attendee=no)), Doubt.NO_ANSWER),
        "no UID": (mail(ics(without="uid")), Doubt.NO_ANSWER),
        "no event": (mail(ics(events=0)), Doubt.NO_ANSWER),
        "not a calendar": (mail(b"hello"), Doubt.NO_ANSWER),
        "empty": (mail(b""), Doubt.NO_ANSWER),
        "cut off": (mail(ics()[:120]), Doubt.NO_ANSWER),
        "two methods": (mail(ics(), params="; method=COUNTER"), Doubt.NO_ANSWER),
        "a part of more than 200 kB": (mail(ics(f"DESCRIPTION:{'x' * 200_001}")), Doubt.NO_ANSWER),
        "a mail of more than 2 MB": (mail(ics(), text="x" * 2_100_000), Doubt.NO_ANSWER),
    }
    for name, (raw, doubt) in doubts.items():
        yield Case(name, raw, HeldReply(doubt))


def _addressed() -> Iterator[Case]:
    for name, to in (
        ("no token", BOT),
        ("a token that is too short", "tot+0123@kommune.example"),
        ("a token with a tail", f"tot+{TOKEN}ff@kommune.example"),
        ("a token at another domain", f"tot+{TOKEN}@kommune.example.evil.example"),
        ("a token of somebody else's", f"x-tot+{TOKEN}@kommune.example"),
    ):
        yield Case(name, mail(ics(), to=to), answer(), token=None)
    other = mail(ics(), to="tot+ffffffffffffffffffff@kommune.example")
    yield Case("another token", other, answer(), token="f" * 20)
    mixed = mail(ics(), to=f"{TO}, tot+{'e' * 20}@kommune.example").partition(b"\r\n")[2]
    yield Case("two tokens", mixed, answer(), token=None)


def _reports() -> Iterator[Case]:
    daemon = "mailer-daemon@etat.example"
    yield Case("a bounce", bounce("failed"), Bounced("0123456789abcdef0123"), sender=daemon)
    nameless = bounce("failed").replace(b"Message-ID:", b"X-Was:")
    yield Case("a bounce that does not say of what", nameless, Bounced(), sender=daemon)
    yield Case("a delay", bounce("delayed"), None, sender=daemon)
    receipt = bounce("displayed", "disposition-notification").replace(b"delivery-status", b"disposition")
    yield Case("a read receipt", receipt, None, sender=daemon)


_MAKERS = (_plain, _well_formed, _held, _of_nobodys_entry, _addressed, _reports)
CORPUS: tuple[Case, ...] = tuple(case for make in _MAKERS for case in make())
