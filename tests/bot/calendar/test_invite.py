"""The invite line by line: as a file, as an invitation and as its withdrawal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from bot.calendar.invite import Invite, build
from bot.domain.language import Language

JUNE = datetime(2026, 6, 2, 8, tzinfo=UTC)
INVITE = Invite(
    uid="0123456789abcdef0123456789abcdef",
    sequence=0,
    starts_at=JUNE,
    ends_at=JUNE + timedelta(hours=1),
    stamped_at=datetime(2026, 5, 1, 9, 1, 2, 345, tzinfo=UTC),
    organizer="noreply@calendar.invalid",
    language=Language.NB,
)


def lines(content: bytes) -> list[str]:
    """Return the content lines, unfolded by RFC 5545, 3.1."""
    return content.decode().replace("\r\n ", "").split("\r\n")


def block(content: bytes, name: str) -> list[str]:
    every = lines(content)
    return every[every.index(f"BEGIN:{name}") + 1 : every.index(f"END:{name}")]


def test_the_event_holds_exactly_what_it_must_and_nothing_else() -> None:
    method, content = build(INVITE)
    assert method == "PUBLISH"
    assert sorted(lines(content)[: lines(content).index("BEGIN:VEVENT")]) == [
        "BEGIN:VCALENDAR",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "PRODID:-//calendar//NONSGML v1//EN",
        "VERSION:2.0",
    ]
    assert sorted(block(content, "VEVENT")) == [
        "CLASS:PRIVATE",
        "DESCRIPTION:Detaljene er i Slack. Ikke skriv noe annet enn svaret.",
        "DTEND:20260602T090000Z",
        "DTSTAMP:20260501T090102Z",
        "DTSTART:20260602T080000Z",
        "LOCATION:Se Slack",
        "ORGANIZER;CN=Møtekalender:mailto:noreply@calendar.invalid",
        "SEQUENCE:0",
        "STATUS:CONFIRMED",
        "SUMMARY:Møte",
        "UID:0123456789abcdef0123456789abcdef",
    ]


def test_the_place_is_named_in_every_language() -> None:
    said = [block(build(replace(INVITE, language=each))[1], "VEVENT") for each in Language]
    for event, place in zip(said, ("Se Slack", "Sjå Slack", "See Slack"), strict=True):
        assert f"LOCATION:{place}" in event


PLACE_CHARACTERS = st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"])


@given(st.text(PLACE_CHARACTERS, min_size=1, max_size=500).filter(str.strip))
@example("r" * 500)
def test_any_place_is_one_property_and_comes_back_whole(place: str) -> None:
    _, content = build(replace(INVITE, place=place))
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert len(block(content, "VEVENT")) == 11
    (event,) = Calendar.from_ical(content).events
    # icalendar reads a backslash and N as RFC 5545's line break, also in plain text.
    assert str(event["LOCATION"]) == place.replace("\\N", "\n")


WANTED = "UID DTSTAMP DTSTART DTEND ORGANIZER SUMMARY SEQUENCE ATTENDEE CLASS DESCRIPTION LOCATION STATUS"


def test_a_request_and_a_cancellation_have_what_the_tables_want() -> None:
    """RFC 5546, 3.2.2 and 3.2.5: one event, one attendee, who is asked only in a request."""
    asked = replace(INVITE, organizer="tot+0123456789abcdef0123@byen.example", attendee="kari@etat.example")
    for invite, method, status in (
        (asked, "REQUEST", "CONFIRMED"),
        (replace(asked, sequence=1, cancelled=True), "CANCEL", "CANCELLED"),
    ):
        told, made = build(invite)
        calendar = Calendar.from_ical(made)
        assert told == method
        assert (calendar["METHOD"], calendar["VERSION"], "UID" in calendar) == (method, "2.0", False)
        (event,) = (e for e in calendar.walk("VEVENT") if isinstance(e, Event))
        assert event["STATUS"] == status
        assert set(event) == set(WANTED.split())
        assert not isinstance(event["ATTENDEE"], list)
        answer = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"} if method == "REQUEST" else {}
        is_one = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}
        assert dict(event["ATTENDEE"].params) == {**is_one, **answer}
        assert made.replace(b"\r\n", b"").count(b"\n") == 0
        assert all(len(line) <= 75 for line in made.split(b"\r\n"))
