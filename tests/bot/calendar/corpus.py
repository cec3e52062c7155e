"""Mails that come back, well-formed and broken, each with what has to become of it.

Payloads follow what Exchange and Outlook, Google Calendar, and Apple's programs send; the headers are what
a mail server with plus-addresses writes on top.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from bot.domain.calendar.reply import Bounced, Doubt, HeldReply, Ignored, IncomingMail, PartStat, Reply, Trust
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
#: What a person wrote and nobody may ever find again.
SECRET = "Kråkeslottet 41234567 migrene"
ACCEPTED, DECLINED, TENTATIVE = PartStat.ACCEPTED, PartStat.DECLINED, PartStat.TENTATIVE


@dataclass(frozen=True)
class Case:
    name: str
    raw: bytes
    content: Reply | HeldReply | Bounced | Ignored
    token: str | None = TOKEN
    sender: str | None = KARI
    trust: Trust = Trust.DISOWNED

    @property
    def arrival(self) -> IncomingMail:
        return IncomingMail(self.token, self.sender, self.content, self.trust)


def answer(partstat: PartStat = ACCEPTED, sequence: int = 0, **facts: object) -> Reply:
    return replace(Reply(UID, sequence, STAMP, KARI, partstat), **facts)  # type: ignore[arg-type]


def held(doubt: Doubt, proposed: PartStat | None = None, **facts: object) -> HeldReply:
    """Held, about Kari's entry."""
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
    """A calendar object, property by property."""
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
        encoded = base64.encodebytes(calendar).decode().replace("\n", "\r\n")
        body.extend(
            ["--b", f"Content-Type: {kind}{params}", "Content-Transfer-Encoding: base64", "", encoded]
        )
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


def _well_formed() -> Iterator[Case]:
    exchange = mail(ics(without="organizer"))
    yield Case("Exchange without ORGANIZER", exchange, answer())
    alarm = ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT10M", "DESCRIPTION:x", "END:VALARM")
    yield Case("with a VALARM", mail(ics(*alarm)), answer())
    yield Case("a COMMENT", mail(ics(f"COMMENT:{SECRET}"), text=SECRET), answer())
    yield Case("the same object twice", mail(ics(), ics()), answer())
    yield Case("as an attached .ics alone", mail(ics(), kind="application/ics", params=""), answer())
    unnamed = mail(ics(), kind="application/octet-stream", params="")
    yield Case("an unnamed part of no type", unnamed, answer())
    named = mail(ics(), kind="application/octet-stream", params='; name="reply.ics"')
    yield Case("a named part of no type", named, answer())
    shouting = f"ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:{KARI.upper()}"
    yield Case("capitals in addresses", mail(ics(attendee=shouting), sender=KARI.title()), answer())
    yield Case("a token in capitals", mail(ics(), to=TO.upper()), answer())
    yield Case("a name beside the address", mail(ics(), sender=f'"Nordmann, Kari" <{KARI}>'), answer())
    yield Case("without SEQUENCE it is the first", mail(ics(without="sequence")), answer())
    yield Case(
        "a charset that there is not", mail(ics(), params="; method=REPLY; charset=x-klingon"), answer()
    )
    latin = ics(summary="SUMMARY:Møte").decode().encode("latin-1")
    yield Case("Latin-1 that says UTF-8", mail(latin), answer())
    yield Case("lines ended by LF alone", mail(ics().replace(b"\r\n", b"\n")), answer())
    no_method = mail(ics(), params="; charset=utf-8")
    yield Case("the method in the object alone", no_method, answer())
    lower = mail(ics(method="reply"), params="; method=reply")
    yield Case("the method in small letters", lower, answer())
    yield Case("the other bot's version of SEQUENCE", mail(ics(sequence="SEQUENCE:7")), answer(sequence=7))
    yield Case("negative SEQUENCE", mail(ics(sequence="SEQUENCE:-4")), answer(sequence=-1))
    huge = mail(ics(sequence="SEQUENCE:99999999999"))
    yield Case("a SEQUENCE of eleven digits", huge, answer(sequence=2**31 - 1))
    base = mail(ics(organizer=f"ORGANIZER:mailto:{BOT}"))
    yield Case("ORGANIZER without the token", base, answer())
    passed = {"Authentication_Results": f"{SERVER}; dkim=pass; dmarc=pass header.from=etat.example"}
    yield Case("vouched for", mail(ics(), **passed), answer(), trust=Trust.VOUCHED)
    to_only = mail(ics()).partition(b"\r\n")[2]
    yield Case("no Delivered-To, but To", to_only, answer())


def _held() -> Iterator[Case]:
    yield Case("«jeg kommer»", words("Jeg kommer."), HeldReply(Doubt.TEXT))
    yield Case("case data in words", words(SECRET), HeldReply(Doubt.TEXT))
    away = words("Jeg er på ferie.", Auto_Submitted="auto-replied")
    yield Case("out of office", away, HeldReply(Doubt.AUTOMATIC))
    outlook_away = words("Borte", X_Auto_Response_Suppress="All")
    yield Case("out of office by Exchange", outlook_away, HeldReply(Doubt.AUTOMATIC))
    counter = mail(ics(method="COUNTER"), params="; method=COUNTER")
    yield Case("COUNTER", counter, held(Doubt.COUNTER, start=START))
    for method in ("REQUEST", "CANCEL", "REFRESH", "PUBLISH", "ADD", "DECLINECOUNTER", "NONSENSE"):
        raw = mail(ics(method=method), params=f"; method={method}")
        yield Case(f"method {method}", raw, held(Doubt.BROKEN))
    away_to = f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:x@etat.example":mailto:{KARI}'
    yield Case("delegated away", mail(ics(attendee=away_to)), held(Doubt.DELEGATED))
    taken = f'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:{KARI}":mailto:x@etat.example'
    yield Case(
        "delegated to me",
        mail(ics(attendee=taken), sender="x@etat.example"),
        held(Doubt.DELEGATED, ACCEPTED),
        sender="x@etat.example",
    )
    both = mail(ics(taken, attendee=away_to))
    yield Case("both of a delegation", both, held(Doubt.DELEGATED))
    other = "sekretaer@etat.example"
    yield Case(
        "sent by somebody else", mail(ics(), sender=other), held(Doubt.OTHER_SENDER, ACCEPTED), sender=other
    )
    by = f'ATTENDEE;PARTSTAT=DECLINED;SENT-BY="mailto:{other}":mailto:{KARI}'
    yield Case("sent on behalf", mail(ics(attendee=by)), held(Doubt.OTHER_SENDER, DECLINED))
    two_froms = mail(ics(), sender=f"{KARI}, {other}")
    yield Case("two senders", two_froms, held(Doubt.OTHER_SENDER, ACCEPTED), sender=None)
    failed = {"Authentication_Results": f"{SERVER}; spf=fail; dmarc=fail (p=REJECT)"}
    yield Case("disowned by its domain", mail(ics(), **failed), answer())
    elsewhere = mail(ics(organizer="ORGANIZER:mailto:boss@elsewhere.example"))
    yield Case("another organizer", elsewhere, held(Doubt.FORGED, ACCEPTED))
    no = f"ATTENDEE;PARTSTAT=DECLINED:mailto:{KARI}"
    yield Case("yes and no at once", mail(ics(), ics(attendee=no)), HeldReply(Doubt.AMBIGUOUS))
    yield Case("two events", mail(ics(events=2)), held(Doubt.AMBIGUOUS))
    two = mail(ics("ATTENDEE;PARTSTAT=ACCEPTED:mailto:x@etat.example"))
    yield Case("two attendees", two, held(Doubt.AMBIGUOUS))
    instance = mail(ics("RECURRENCE-ID:20261203T090000Z"))
    yield Case("one of a series", instance, held(Doubt.AMBIGUOUS))


def _broken() -> Iterator[Case]:
    yield Case("no attendee", mail(ics(attendee=None)), held(Doubt.BROKEN))
    undecided = f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{KARI}"
    yield Case("no answer in it", mail(ics(attendee=undecided)), held(Doubt.BROKEN))
    bare = f"ATTENDEE:mailto:{KARI}"
    yield Case("no PARTSTAT", mail(ics(attendee=bare)), held(Doubt.BROKEN))
    yield Case("no UID", mail(ics(without="uid")), HeldReply(Doubt.BROKEN))
    yield Case("no DTSTAMP", mail(ics(without="dtstamp")), held(Doubt.BROKEN))
    local = mail(ics(dtstamp="DTSTAMP:20261201T093000"))
    yield Case("a DTSTAMP without a zone", local, held(Doubt.BROKEN))
    odd = mail(ics(sequence="SEQUENCE:two"))
    yield Case("a SEQUENCE in words", odd, held(Doubt.BROKEN))
    yield Case("no event", mail(ics(events=0)), HeldReply(Doubt.BROKEN))
    yield Case("not a calendar", mail(b"hello"), HeldReply(Doubt.BROKEN))
    yield Case("empty", mail(b""), HeldReply(Doubt.BROKEN))
    yield Case("cut off", mail(ics()[:120]), HeldReply(Doubt.BROKEN))
    mismatch = mail(ics(), params="; method=COUNTER")
    yield Case("two methods", mismatch, HeldReply(Doubt.BROKEN))
    stuffed = mail(ics(f"DESCRIPTION:{'x' * 200_001}"))
    yield Case("a part of more than 200 kB", stuffed, HeldReply(Doubt.TOO_LARGE))
    almost = mail(ics(*(f"X-PAD:{'x' * 900}" for _ in range(200))))
    yield Case("a part of almost 200 kB", almost, answer())
    yield Case("a mail of more than 2 MB", mail(ics(), text="x" * 2_100_000), HeldReply(Doubt.TOO_LARGE))
    forwarded = words("Se vedlagt.").replace(b"Content-Type: text/plain", b"Content-Type: message/rfc822")
    yield Case("somebody else's mail attached", forwarded, HeldReply(Doubt.TEXT))


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
    forged = mail(ics()).replace(b"\r\nTo: ", f"\r\nTo: tot+{'e' * 20}@kommune.example, ".encode())
    yield Case("Delivered-To is believed before To", forged, answer())
    mixed = mail(ics(), to=f"{TO}, tot+{'e' * 20}@kommune.example").partition(b"\r\n")[2]
    yield Case("two tokens", mixed, answer(), token=None)


def _reports() -> Iterator[Case]:
    daemon = "mailer-daemon@etat.example"
    yield Case("a bounce", bounce("failed"), Bounced("0123456789abcdef0123"), sender=daemon)
    nameless = bounce("failed").replace(b"Message-ID:", b"X-Was:")
    yield Case("a bounce that does not say of what", nameless, Bounced(), sender=daemon)
    yield Case("a delay", bounce("delayed"), Ignored(), sender=daemon)
    receipt = bounce("displayed", "disposition-notification").replace(b"delivery-status", b"disposition")
    yield Case("a read receipt", receipt, Ignored(), sender=daemon)


MAKERS: tuple[Callable[[], Iterator[Case]], ...] = (
    *(_plain, _well_formed, _held, _broken, _addressed, _reports),
)
CORPUS: tuple[Case, ...] = tuple(case for make in MAKERS for case in make())
