"""The first case, through the front door on both databases: what each one sees, chapter by chapter."""

from __future__ import annotations

import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import tz  # type: ignore[import-untyped]
from icalendar import Calendar

from bot.cli.demo import Rehearsal, rehearse
from tests.databases import SQLITE_FIRST
from tests.e2e import kit
from tests.e2e.at_rest import readable
from tests.e2e.conftest import FirstCase
from tests.e2e.recorded_case import Played, Sight, posts

OSLO = ZoneInfo("Europe/Oslo")

OPENED = "Det er opprettet en sak i TOT Bergen"
KNOWS = "Du bekreftet taushetsplikten for sak KODE tirsdag 1. desember kl. 9."
LATER = "Du bekreftet taushetsplikten for denne saken onsdag 2. desember kl. 17:30."
CALENDAR = "En fil til kalenderen din."
SUMMONS = "Kommer du på møtet i sak KODE?"
NEW_TIME = "Ny tid i sak KODE: fredag 4. desember kl. 12 (flyttet fra torsdag 3. desember kl. 10). Kommer du?"
MOVED = "Sak KODE"
COMES = "Du kommer på møtet i sak KODE."
COMES_AS_DEPUTY = "Du kommer som vara på møtet i sak KODE."
DECLINED = "Du kommer ikke på møtet i sak KODE."
BEFORE = "Akutt: møte torsdag 3. desember kl. 10, fysisk"
BEFORE_ANEW = "Ny tid: fredag 4. desember kl. 12, fysisk (flyttet fra torsdag 3. desember kl. 10)"
RING = "Ring disse: sak KODE, møtet torsdag 3. desember kl. 10"
RUNG_ANEW = "Ringt til møtet fredag 4. desember kl. 12 i sak KODE"
RUNG = "Ringt til møtet torsdag 3. desember kl. 10 i sak KODE"
DECIDED = "Varaen for Politiet er godkjent"
WAITING = "Vi venter på svar fra deg"
SOON = "Møtet i sak KODE begynner kl. 12"
WHO_CAME = "Hvem kom til møtet i sak KODE?"
OUTSIDE = "Sak KODE er i arbeidsfasen. Si fra til UDI, som ikke leser rommet."
DELETED = (
    "Sak KODE slettes torsdag 14. januar. Barnevernvakten og UDI har ikke sagt at den er journalført. "
    "Hører jeg ikke fra dere, slettes den torsdag 28. januar."
)
LACKS = (
    "Sak KODE slettes om 13 dager, torsdag 28. januar. Den er ikke ført i eget system hos: Barnevernvakten."
)
CLOSED = "Sak KODE er avsluttet. Disse leser ikke saksrommet, og må få vite det av deg: UDI."
SPARED = (
    "Du trenger ikke å være vara i møtet i TOT Bergen fredag 4. desember kl. 12. "
    "Takk for at du var klar til å stille. Ligger møtet i kalenderen din, så slett det. "
    "Taushetsplikten gjelder fortsatt."
)
WITHDRAWN = (
    "Forespørselen fra TOT Bergen er trukket tilbake. Du trenger ikke å svare. "
    "Taushetsplikten gjelder også at du ble spurt."
)
AGREED = "Nytt tiltak for Politiet i sak KODE"
NOTHING = "Ingenting venter på deg nå. `/tot hjelp` viser hva du kan gjøre."
MINUTES = "Referat fra møtet i sak KODE"
OVER = "Sak KODE i TOT Bergen er avsluttet. Takk for at du var med."
OUT = "Dere er ferdige i sak KODE i TOT Bergen. Takk for at du var med."


def needs(agency: str) -> str:
    return f"trenger {agency} i en sak i TOT Bergen"


#: The summons stands where the question stood; once the meeting has moved it is a message of its own.
SEATED = [SUMMONS, CALENDAR]
ANSWERED = [COMES, CALENDAR]
MOVED_ANEW = [COMES, CALENDAR]

#: What has changed in people's direct messages when each chapter is over; an empty list: nothing is left.
CHANGES: list[tuple[str, Sight]] = [
    (
        "Koordinatoren oppretter",
        {
            "koordinator": [RING],
            "vara-koordinator": [OPENED],
            "politi-exit": [needs("Politiet")],
            "barnevern": [needs("Barneverntjenesten")],
            "sosialtjenesten": [needs("Sosialtjenesten")],
            "bistandsadvokat": [needs("Bistandsadvokaten")],
            "helse": [needs("Helsetjenesten")],
        },
    ),
    (
        "Hver av dem bekrefter",
        {
            "vara-koordinator": [KNOWS],
            **dict.fromkeys(("politi-exit", "barnevern", "bistandsadvokat", "helse"), SEATED),
        },
    ),
    (
        "De svarer",
        {
            "koordinator": [RING, DECIDED],
            **dict.fromkeys(("barnevern", "bistandsadvokat", "helse"), ANSWERED),
            "politi-exit": [DECLINED],
            "politi-vakt": [COMES_AS_DEPUTY, CALENDAR],
        },
    ),
    (
        "UDI er ikke på Slack",
        {
            "koordinator": [RUNG, DECIDED],
        },
    ),
    (
        "Sosialtjenesten svarer ikke",
        {
            "koordinator": [RING, DECIDED],
            # There is one place to answer: the reminder.
            "sosialtjenesten": [BEFORE, WAITING],
        },
    ),
    (
        "Møtet flyttes",
        {
            "koordinator": [RUNG_ANEW],
            "vara-koordinator": [KNOWS, MOVED],
            **dict.fromkeys(("politi-exit", "barnevern", "bistandsadvokat"), MOVED_ANEW),
            "helse": [NEW_TIME, CALENDAR],
            "politi-vakt": [SPARED],
            "sosialtjenesten": [needs("Sosialtjenesten")],
        },
    ),
    (
        "Barnevernvakten kommer inn",
        {
            "sosialtjenesten": [BEFORE_ANEW, WAITING],
            "barnevernvakt": [COMES, CALENDAR, NOTHING],
            "helse": [OUT],
        },
    ),
    (
        "Møtet, og morgenen etter",
        {
            # Who changed the phase has read in the form who has to be told.
            "koordinator": [MINUTES],
            "vara-koordinator": [KNOWS, OUTSIDE, MINUTES],
            "politi-exit": [],
            "politi-vakt": [],
            "barnevern": [],
            "bistandsadvokat": [],
            "barnevernvakt": [LATER, NOTHING],
            "sosialtjenesten": [needs("Sosialtjenesten")],
        },
    ),
    ("Hvem gjør hva", {"politi-exit": [AGREED]}),
    (
        "Saken avsluttes",
        {
            "koordinator": [MINUTES, CLOSED],
            "vara-koordinator": [MINUTES, CLOSED],
            "politi-exit": [OVER],
            "politi-vakt": [],
            "barnevern": [OVER],
            "bistandsadvokat": [OVER],
            "barnevernvakt": [NOTHING, OVER],
            "sosialtjenesten": [WITHDRAWN],
        },
    ),
    (
        "Noen har ikke ført saken",
        {
            "koordinator": [MINUTES, CLOSED, LACKS],
            "vara-koordinator": [MINUTES, CLOSED, LACKS],
            "helse": [],
        },
    ),
    (
        "Slettedatoen",
        {
            "koordinator": [],
            "vara-koordinator": [],
            "politi-exit": [],
            "barnevern": [],
            "bistandsadvokat": [],
            "barnevernvakt": [NOTHING],
            "sosialtjenesten": [],
        },
    ),
]

AT_FIRST = {"koordinator"}
CONFIRMERS = AT_FIRST | {"vara-koordinator", "politi-exit", "barnevern", "bistandsadvokat", "helse"}
WIDENED = (CONFIRMERS | {"barnevernvakt"}) - {"helse"}
ROOM: dict[str, set[str]] = {
    "Koordinatoren oppretter": AT_FIRST,
    "Hver av dem bekrefter": CONFIRMERS,
    "De svarer": CONFIRMERS | {"politi-vakt"},
    "UDI er ikke på Slack": CONFIRMERS | {"politi-vakt"},
    "Sosialtjenesten svarer ikke": CONFIRMERS | {"politi-vakt"},
    "Møtet flyttes": CONFIRMERS,
    "Barnevernvakten kommer inn": WIDENED,
    "Møtet, og morgenen etter": WIDENED,
    "Hvem gjør hva": WIDENED,
    "Saken avsluttes": {"koordinator", "vara-koordinator"},
    "Noen har ikke ført saken": {"koordinator", "vara-koordinator"},
    "Slettedatoen": set(),
}

COORDINATORS = ("koordinator", "vara-koordinator")
#: Every reminder: when (Oslo), to whom, its first line. At 11 the meeting was moved to 4.12 12:00.
#: Whom the coordinators have to ring stands in one list, which is posted anew for somebody new alone.
REMINDERS = sorted(
    [
        ("01.12 12:30", "sosialtjenesten", WAITING),
        ("02.12 13:00", "sosialtjenesten", WAITING),
        ("02.12 13:00", "helse", WAITING),
        *(
            ("04.12 11:00", who, SOON)
            for who in (*COORDINATORS, "politi-exit", "barnevern", "bistandsadvokat", "barnevernvakt")
        ),
        *(("04.12 13:00", who, WHO_CAME) for who in COORDINATORS),
        *(("11.01 08:00", who, DELETED) for who in COORDINATORS),
    ]
)

#: What Slack requires to open a case with six agencies, one of them reached by phone alone.
OPENING = Counter(
    {
        "auth.test": 1,  # who the bot is, before its first message of all
        "views.open": 1,  # the form
        "conversations.create": 1,  # the room
        "conversations.invite": 1,  # the coordinator who opened it
        # the card; five questions; the other coordinator's question; whom the coordinator must ring
        "chat.postMessage": 1 + 5 + 1 + 1,
        # not required: the card stays at hand; who of those about to be told cannot hear it; the receipt gets
        # its link when there is a room to go to
        "pins.add": 1,
        "dnd.info": 5,
        "views.update": 1,
    }
)


@pytest.fixture(scope="module", params=SQLITE_FIRST)
def played(request: pytest.FixtureRequest, first_case: FirstCase) -> Played:
    return first_case(request.param)


def test_everyone_sees_exactly_what_is_theirs_at_the_end_of_each_chapter(played: Played) -> None:
    expected: Sight = {}
    for (beginning, changes), chapter in zip(CHANGES, played.chapters, strict=True):
        assert chapter.title.startswith(beginning)
        expected |= {handle: sorted(lines) for handle, lines in changes.items()}
        assert chapter.sight == {handle: lines for handle, lines in expected.items() if lines}, beginning


def test_the_room_is_for_those_who_belong_in_it(played: Played) -> None:
    assert {c.title: c.members for c in played.chapters} == {
        played.chapter(title).title: people for title, people in ROOM.items()
    }


def test_those_who_stand_outside_see_nothing_but_their_own_refusals(played: Played) -> None:
    for handle in ("utenforstaende", "botilbud", "udi", "politi-leder", "barnevern-leder"):
        seen = [m for m in played.moments if handle in m.seen_by]
        assert {m.kind for m in seen} <= {"types", "ephemeral"}, handle
        assert all(m.seen_by == {handle} for m in seen)
        for chapter in played.chapters:
            held = [h for h in chapter.holdings if handle in h.audience]
            assert {h.place for h in held if h.text} <= {"generelt: name", "generelt: ephemeral"}
    typed, refused = [m for m in played.moments if "utenforstaende" in m.seen_by]
    assert typed.text == "/tot sak"
    assert refused.text.startswith("Dette er det koordinatoren som gjør.")


#: New messages to each, in direct messages, rooms and mail; what is edited rings no phone. Not counted is
#: that the case is closed, in the room: whoever is taken out at that moment may see it or not.
MOST_NEW = {"barnevern": 8, "bistandsadvokat": 8}


def test_few_messages_ring_a_phone(played: Played) -> None:
    """Every later change holds these limits, or lowers them."""
    new = kit.new_messages(m for m in played.moments if not m.text.startswith("*Saken er avsluttet.*"))
    assert {handle: new[handle] for handle in MOST_NEW if new[handle] > MOST_NEW[handle]} == {}
    assert kit.pin_lines(played.moments) == {"koordinator": 1}


def test_every_reminder_comes_once_and_in_time(played: Played) -> None:
    beginnings = (
        DELETED,
        "Vi venter på svar",
        "Møtet i sak",
        "Hvem kom",
        "Sak KODE mangler",
        "Saken har",
    )
    assert posts(played.moments, *beginnings) == REMINDERS


def test_nothing_about_the_case_is_left_after_the_deletion_date(played: Played) -> None:
    left = {place: texts for place, texts in played.end.items() if texts and "generelt" not in place}
    assert left.pop("barnevernvakt in tot-bot") == [f"{NOTHING}\n[ Be om at TOT samles ]"]
    home = "\n".join(left.pop("koordinator at home"))
    assert "KODE" not in home
    assert left == {}
    assert all(file.deleted for file in played.files)
    assert played.archived
    assert played.left_in_room == []


def test_no_call_to_slack_has_failed(played: Played) -> None:
    failed = [c for c in played.calls if c.status != 200 or (isinstance(c.answer, dict) and not c.ok)]
    assert failed == []


def test_nothing_can_be_read_at_rest(played: Played) -> None:
    """Not while the bot runs, not afterwards, and not in a backup."""
    assert len(played.at_rest) == 3
    assert [readable(data, played.secrets) for data in played.at_rest] == [[], [], []]


def test_every_calendar_file_is_sound(played: Played) -> None:
    assert len(played.invites) == len(played.files) == 11
    thursday = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
    friday = datetime(2026, 12, 4, 11, 0, tzinfo=UTC)
    starts = Counter((starts_at(content), sequence(content)) for content in played.invites)
    # Police, their deputy, child welfare, counsel and health; after the move all of them, then the emergency
    # service.
    assert starts == {(thursday, 0): 5, (friday, 1): 6}
    for content in played.invites:
        is_sound(content)


async def test_a_meeting_in_june_is_at_the_right_time_in_the_calendar(sqlite_database_url: str) -> None:
    june = datetime(2027, 6, 1, 9, 0, tzinfo=OSLO)
    async with rehearse(sqlite_database_url, starts=june, sandbox=kit.quick()) as rehearsal:
        await kit.open_case(rehearsal.runner, "Politiet", when="i morgen kl 12")
        await kit.confirm(rehearsal.runner, "politi-exit")
        (file,) = rehearsal.runner.sandbox.workspace.files.values()
    is_sound(file.content)
    assert starts_at(file.content) == datetime(2027, 6, 2, 10, 0, tzinfo=UTC)


def is_sound(content: bytes) -> None:
    """RFC 5545 in what programs stumble over, and nothing in it of who is asked or what it is about."""
    text = content.decode("utf-8")
    assert text.endswith("\r\n")
    assert not re.search(r"(?<!\r)\n|\r(?!\n)", text), "lines end by CRLF alone"
    assert all(len(line) <= 75 for line in content.split(b"\r\n")), "lines are folded at 75 octets"
    assert "ATTENDEE" not in text
    assert "RDATE" not in text
    assert re.search(r"^DTSTART;TZID=Europe/Oslo:\d{8}T\d{6}\r$", text, re.MULTILINE)
    assert {"RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"} <= set(
        text.split("\r\n")
    )
    calendar = Calendar.from_ical(content)
    assert calendar["METHOD"] == "PUBLISH"
    (event,) = calendar.walk("VEVENT")
    assert event["SUMMARY"] == "Møte"
    assert event["CLASS"] == "PRIVATE"
    assert event.decoded("DTEND") - event.decoded("DTSTART") == timedelta(hours=1)


def starts_at(content: bytes) -> datetime:
    """The start in UTC, by the rules of the file's own VTIMEZONE, as another program would read them."""
    text = content.decode("utf-8")
    wall = re.search(r"^DTSTART;TZID=Europe/Oslo:(\d{8}T\d{6})\r$", text, re.MULTILINE)
    assert wall is not None
    zone = tz.tzical(io.StringIO(text)).get("Europe/Oslo")
    return datetime.strptime(wall[1], "%Y%m%dT%H%M%S").replace(tzinfo=zone).astimezone(UTC)


def sequence(content: bytes) -> int:
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return int(str(event["SEQUENCE"]))


async def test_opening_a_case_with_six_agencies_makes_no_call_that_slack_does_not_require(
    rehearsal: Rehearsal,
) -> None:
    await rehearsal.runner.until_idle()
    calls = rehearsal.runner.sandbox.workspace.calls
    before = len(calls)
    await kit.open_case(rehearsal.runner, *kit.SIX)
    made = Counter(c.method for c in calls[before:])
    assert made == OPENING
