"""What a calendar is told, in which order, with which SEQUENCE: RFC 5546's rules, one by one.

`TABLE` lists each rule that concerns us, its section, and the test that shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from bot.calendar.invite import Invite, build_cancel, build_request
from bot.domain.case.calendar import Asked, CalendarEntry, Trouble
from bot.domain.case.entities import Answer, DeclineReason, Via
from bot.domain.directory.entities import Person
from bot.domain.language import Language
from bot.domain.notifications import Kind
from bot.usecases.calendar.delivery import OutgoingInvite, invite_kept, invite_sent, next_invite
from bot.usecases.involvement.acknowledgement import RecordAcknowledgement, record_acknowledgement
from bot.usecases.involvement.agencies import ReleaseAgency, release_agency
from bot.usecases.lifecycle.closing import CloseCase, close_case, forget_case
from bot.usecases.meeting import CancelMeeting, MoveMeeting, cancel_meeting, move_meeting
from tests.bot.cast import HOUR
from tests.bot.usecases.town import Town
from tests.every import every

#: Rule of RFC 5546 (or of calendar.md, where it is stricter) → its section → the test that holds it.
TABLE = {
    "REQUEST has METHOD, one VEVENT, UID, DTSTAMP, DTSTART, ORGANIZER, SUMMARY, ATTENDEE": (
        "3.2.2",
        "test_a_request_and_a_cancellation_have_what_the_tables_want",
    ),
    "CANCEL has UID, DTSTAMP, ORGANIZER, SEQUENCE, STATUS:CANCELLED and its ATTENDEE": (
        "3.2.5",
        "test_a_request_and_a_cancellation_have_what_the_tables_want",
    ),
    "the first SEQUENCE of a UID is 0": ("2.1.4", "test_an_invite_begins_at_zero"),
    "a change of time raises SEQUENCE by one, keeps the UID": ("2.1.4", "test_a_move_updates"),
    "a text alone raises nothing, and here sends nothing": ("2.1.4", "test_another_note_is_no_news"),
    "a CANCEL raises SEQUENCE by one": ("2.1.4, 3.2.5", "test_calling_off_takes_it_away"),
    "an attendee who is no longer needed gets a CANCEL, the others nothing": (
        "3.2.5",
        "test_a_release_tells_that_one_alone",
    ),
    "a replaced attendee: REQUEST to the new one, CANCEL to the old": (
        "3.2.2.3",
        "test_a_deputy_gets_an_own",
    ),
    "a UID that was cancelled is never used again": ("3.2.5", "test_who_comes_anyway_gets_a_new_one"),
    "a time change resets PARTSTAT to NEEDS-ACTION": ("3.2.2.1", "test_a_move_updates"),
    "the same SEQUENCE is sent again with the same DTSTAMP": ("2.1.5", "test_after_a_crash_the_same_is_sent"),
    "SEQUENCE never falls": ("2.1.4", "test_sequences_rise_whatever_happens"),
    "nor from a mail to a file": ("2.1.4", "test_a_file_never_carries_the_uid_of_a_mail_that_was_before_it"),
    "nor from a file to a mail": (
        "2.1.4",
        "test_a_first_mail_never_carries_the_uid_of_a_file_that_was_moved",
    ),
}


def test_every_rule_of_the_table_has_its_test() -> None:
    assert all(name in globals() for _, name in TABLE.values())
    assert all(re.match(r"\d+\.\d+", section) for section, _ in TABLE.values())


@dataclass(frozen=True)
class Told:
    """One mail: to whom, which entry, which word."""

    person: str
    uid: str
    sequence: int
    cancelled: bool
    stamp: datetime


class PostRoom:
    """Sends what there is to send, as the deliverer would."""

    def __init__(self, town: Town, case_id: str) -> None:
        self.town = town
        self.case_id = case_id
        self.told: list[Told] = []

    async def take(self, ask_id: str) -> OutgoingInvite | None:
        return await self.town.run(lambda uow: next_invite(uow, self.case_id, ask_id))

    async def post(self) -> list[Told]:
        """Send all, for everybody; what was sent now."""
        before = len(self.told)
        file = await self.town.file(self.case_id)
        asked: list[Asked] = [*file.asks, *file.invitations]
        for ask in asked:
            while (letter := await self.take(ask.id)) is not None:
                entry = letter.entry
                self.told.append(
                    Told(ask.person_id, entry.uid, entry.sequence, entry.cancelled, entry.stamped_at)
                )
                await self.town.run(lambda uow, letter=letter: invite_sent(uow, letter))  # type: ignore[misc]
        return self.told[before:]


def brief(told: list[Told]) -> list[tuple[str, int, bool]]:
    return sorted((t.person, t.sequence, t.cancelled) for t in told)


async def opened(town: Town, *agencies: str, people: tuple[str, ...]) -> PostRoom:
    case = await town.open(*agencies)
    await town.confirm(case.id, *people)
    return PostRoom(town, case.id)


async def move(town: Town, case_id: str, by: timedelta = HOUR, **facts: Any) -> None:
    meeting = await town.meeting(case_id)
    plan = town.plan(meeting.starts_at - town.clock.now() + by, **facts)
    await town.do(move_meeting, "coordinator", MoveMeeting(meeting.id, plan))


async def test_nothing_goes_before_taushetsplikt_and_only_to_the_one_asked(town: Town) -> None:
    case = await town.open("police", "welfare", "counsel", "shelter")
    room = PostRoom(town, case.id)
    assert await room.post() == []
    await town.confirm(case.id, "officer")
    assert brief(await room.post()) == [("officer", 0, False)]
    assert await room.post() == []


async def test_an_invite_begins_at_zero(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    ask = await town.ask(room.case_id, "officer")
    (told,) = await room.post()
    assert (told.sequence, told.uid) == (0, ask.uid)


async def test_a_file_never_carries_the_uid_of_a_mail_that_was_before_it(town: Town) -> None:
    """Cancelled by mail with SEQUENCE 1, a file with SEQUENCE 0 would be out of date before it is read."""
    room = await opened(town, "police", people=("officer",))
    (first,) = await room.post()
    officer = await town.database.read(lambda uow: uow.get(Person, "officer"))
    await town.run(lambda uow: uow.change(officer, work_mail=None))
    (last,) = await room.post()
    assert (last.uid, last.sequence, last.cancelled) == (first.uid, 1, True)
    ask = await town.ask(room.case_id, "officer")
    assert (ask.sequence, ask.uid == first.uid) == (0, False)


async def test_a_first_mail_never_carries_the_uid_of_a_file_that_was_moved(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    await move(town, room.case_id)
    ask = await town.ask(room.case_id, "officer")
    assert ask.sequence == 1
    (told,) = await room.post()
    assert (told.sequence, told.uid == ask.uid) == (0, False)
    assert (await town.ask(room.case_id, "officer")).uid == ask.uid


async def test_a_shelter_and_a_closed_account_are_never_mailed(town: Town) -> None:
    room = await opened(town, "shelter", "police", people=("officer",))
    seat = await town.seat(room.case_id, "keeper")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    officer = await town.database.read(lambda uow: uow.get(Person, "officer"))
    await town.run(lambda uow: uow.change(officer, deactivated=True))
    assert await room.post() == []


async def test_a_move_updates(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    (first,) = await room.post()
    await town.answer(room.case_id, "officer", Answer.CONFIRMED)
    assert await room.post() == [], "nothing is mailed for an answer"
    await move(town, room.case_id)
    (second,) = await room.post()
    assert (second.uid, second.sequence, second.cancelled) == (first.uid, 1, False)
    assert second.stamp > first.stamp
    assert b"PARTSTAT=NEEDS-ACTION" in build_request(an_invite(sequence=1))


async def test_another_note_is_no_news(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    await room.post()
    await move(town, room.case_id, timedelta(0), note="Ta med kaffe")
    assert await room.post() == []


async def test_two_moves_while_nothing_leaves_are_one_update(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    await room.post()
    await move(town, room.case_id)
    await move(town, room.case_id)
    assert brief(await room.post()) == [("officer", 1, False)]


async def test_calling_off_takes_it_away(town: Town) -> None:
    room = await opened(town, "police", "welfare", people=("officer", "caseworker"))
    first = await room.post()
    meeting = await town.meeting(room.case_id)
    await town.do(cancel_meeting, "coordinator", CancelMeeting(meeting.id))
    assert town.told(Kind.MAIL_INVITE) == {"officer", "caseworker"}
    told = await room.post()
    assert brief(told) == [("caseworker", 1, True), ("officer", 1, True)]
    assert {t.uid for t in told} == {t.uid for t in first}
    assert await room.post() == []


async def test_a_release_tells_that_one_alone(town: Town) -> None:
    room = await opened(town, "police", "welfare", people=("officer", "caseworker"))
    await room.post()
    part = (await town.file(room.case_id)).involvement_of_agency("police")
    assert part is not None
    await town.do(release_agency, "coordinator", ReleaseAgency(part.id))
    assert town.told(Kind.MAIL_INVITE) == {"officer"}
    assert brief(await room.post()) == [("officer", 1, True)]


async def test_closing_takes_all_away_and_a_purge_forgets(town: Town) -> None:
    room = await opened(town, "police", "welfare", people=("officer", "caseworker"))
    await room.post()
    await town.do(close_case, "coordinator", CloseCase(room.case_id))
    assert brief(await room.post()) == [("caseworker", 1, True), ("officer", 1, True)]
    await town.run(lambda uow: forget_case(uow, room.case_id))
    assert await town.database.read(lambda uow: uow.find(CalendarEntry)) == []


async def test_what_is_past_is_left_alone(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    await room.post()
    town.clock.move(30 * HOUR)
    await town.register(room.case_id)
    await town.do(close_case, "coordinator", CloseCase(room.case_id))
    assert await room.post() == []


async def test_a_deputy_gets_an_own(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    (first,) = await room.post()
    how = {"reason": DeclineReason.COURT, "deputy": "police:sergeant"}
    await town.answer(room.case_id, "officer", Answer.DECLINED, **how)
    await town.confirm(room.case_id, "sergeant")
    told = await room.post()
    assert brief(told) == [("officer", 1, True), ("sergeant", 0, False)]
    assert len({t.uid for t in [first, *told]}) == 2


async def test_a_forfall_without_a_deputy_mails_nothing(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    await room.post()
    await town.answer(room.case_id, "officer", Answer.DECLINED, reason=DeclineReason.COURT)
    assert await room.post() == []


async def test_who_comes_anyway_gets_a_new_one(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    (first,) = await room.post()
    how = {"reason": DeclineReason.COURT, "deputy": "police:sergeant"}
    await town.answer(room.case_id, "officer", Answer.DECLINED, **how)
    await town.confirm(room.case_id, "sergeant")
    await room.post()
    await town.answer(room.case_id, "officer", Answer.CONFIRMED)
    told = sorted(await room.post(), key=lambda t: t.person)
    assert brief(told) == [("officer", 0, False), ("sergeant", 1, True)]
    assert told[0].uid != first.uid


async def test_a_new_address_gets_a_new_one_and_the_old_is_told(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    (first,) = await room.post()
    officer = await town.database.read(lambda uow: uow.get(Person, "officer"))
    await town.run(lambda uow: uow.change(officer, work_mail="new@work.example"))
    told = await room.post()
    assert brief(told) == [("officer", 0, False), ("officer", 1, True)]
    assert (told[0].uid == first.uid, told[1].uid == first.uid) == (True, False)


async def test_after_a_crash_the_same_is_sent(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    ask = await town.ask(room.case_id, "officer")
    begun = await room.take(ask.id)
    assert begun is not None
    assert begun.fresh
    town.clock.move(HOUR)  # the process ends here, and starts again
    again = await room.take(ask.id)
    assert again is not None
    assert (again.entry, again.fresh) == (begun.entry, False)


async def test_what_may_have_left_is_raised_what_has_not_is_changed_in_place(town: Town) -> None:
    room = await opened(town, "police", "welfare", people=("officer", "caseworker"))
    left, kept = [(await town.ask(room.case_id, p)).id for p in ("officer", "caseworker")]
    await room.take(left)
    letter = await room.take(kept)
    assert letter is not None
    await town.run(lambda uow: invite_kept(uow, letter, Trouble.UNREACHABLE))
    await move(town, room.case_id)
    assert brief(await room.post()) == [("caseworker", 0, False), ("officer", 1, False)]


async def test_what_never_left_is_dropped_in_silence(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    letter = await room.take((await town.ask(room.case_id, "officer")).id)
    assert letter is not None
    await town.run(lambda uow: invite_kept(uow, letter, Trouble.NO_TLS))
    assert town.told(Kind.MAIL_WAITS) == {"coordinator"}
    await town.do(cancel_meeting, "coordinator", CancelMeeting((await town.meeting(room.case_id)).id))
    assert await room.post() == []
    assert await town.database.read(lambda uow: uow.find(CalendarEntry)) == []


async def test_sequences_rise_whatever_happens(town: Town) -> None:
    room = await opened(town, "police", people=("officer",))
    for n in range(6):
        if n % 2:
            await room.take((await town.ask(room.case_id, "officer")).id)
        else:
            await room.post()
        await move(town, room.case_id)
    await room.post()
    await town.do(cancel_meeting, "coordinator", CancelMeeting((await town.meeting(room.case_id)).id))
    await room.post()
    sequences = [t.sequence for t in room.told]
    assert sequences == sorted(set(sequences))
    assert room.told[-1].cancelled


def an_invite(**facts: Any) -> Invite:
    start = datetime(2026, 12, 3, 9, tzinfo=UTC)
    return Invite(
        **{
            "uid": "0123456789abcdef0123456789abcdef",
            "sequence": 0,
            "starts_at": start,
            "ends_at": start + HOUR,
            "stamped_at": datetime(2026, 12, 1, tzinfo=UTC),
            "zone": ZoneInfo("Europe/Oslo"),
            "organizer": "tot+0123456789abcdef0123@kommune.example",
            "language": Language.NB,
            "attendee": "kari@etat.example",
            **facts,
        }
    )


@every(
    ("made", "method", "status"),
    [
        (build_request(an_invite()), "REQUEST", "CONFIRMED"),
        (build_cancel(an_invite(sequence=1)), "CANCEL", "CANCELLED"),
    ],
)
def test_a_request_and_a_cancellation_have_what_the_tables_want(
    made: bytes, method: str, status: str
) -> None:
    calendar = Calendar.from_ical(made)
    assert (calendar["METHOD"], calendar["VERSION"]) == (method, "2.0")
    assert "UID" not in calendar
    (event,) = (e for e in calendar.walk("VEVENT") if isinstance(e, Event))
    assert event["STATUS"] == status
    assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "ORGANIZER", "SUMMARY", "SEQUENCE"} <= set(event)
    assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "ORGANIZER", "SUMMARY", "SEQUENCE", "ATTENDEE"} | {
        *("CLASS", "DESCRIPTION", "LOCATION", "STATUS")
    } == set(event)
    assert not isinstance(event["ATTENDEE"], list)
    params = dict(event["ATTENDEE"].params)
    asked = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"} if method == "REQUEST" else {}
    assert params == {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", **asked}
    assert made.replace(b"\r\n", b"").count(b"\n") == 0
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
