"""The first case, through the front door on both databases: whom it rings, and what is left of it."""

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
from tests.e2e.recorded_case import Played

OSLO = ZoneInfo("Europe/Oslo")
#: New messages to each, in direct messages, rooms and mail; what is edited rings no phone. Not counted is
#: that the case is closed, in the room: whoever is taken out at that moment may see it or not.
MOST_NEW = {"barnevern": 8, "bistandsadvokat": 8}


@pytest.fixture(scope="module", params=SQLITE_FIRST)
def played(request: pytest.FixtureRequest, first_case: FirstCase) -> Played:
    return first_case(request.param)


def test_few_messages_ring_a_phone(played: Played) -> None:
    """Every later change holds these limits, or lowers them."""
    new = kit.new_messages(m for m in played.moments if not m.text.startswith("*Saken er avsluttet.*"))
    assert {handle: new[handle] for handle in MOST_NEW if new[handle] > MOST_NEW[handle]} == {}
    assert kit.pin_lines(played.moments) == {"koordinator": 1}
    for outside in ("botilbud", "udi", "politi-leder", "barnevern-leder"):
        assert new[outside] == 0, outside


def test_nothing_about_the_case_is_left_after_the_deletion_date(played: Played) -> None:
    left = {place: texts for place, texts in played.end.items() if texts and "generelt" not in place}
    (nothing,) = left.pop("barnevernvakt in tot-bot")
    assert nothing.startswith("Ingenting venter på deg nå.")
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
    calls = rehearsal.runner.sandbox.workspace.calls
    before = len(calls)
    await kit.open_case(rehearsal.runner, *kit.SIX)
    assert Counter(c.method for c in calls[before:]) == {
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
