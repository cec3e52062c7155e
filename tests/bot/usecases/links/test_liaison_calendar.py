"""What is in a liaison's calendar: the meetings of their time, with no duty, and nothing after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from bot.domain.attendance import absent_duties, lack_now
from bot.domain.calendar.reply import Bounced, PartStat, Reply
from bot.domain.calendar.reply import IncomingMail as Mailed
from bot.domain.case.calendar import Post
from bot.domain.case.duty import Arrival
from bot.domain.case.entities import Case
from bot.domain.case.links import Liaison, LiaisonInvitation
from bot.domain.directory.entities import Contact
from bot.domain.notification_params import HeldAnswer, Revision
from bot.domain.notifications import Kind, Notification
from bot.scheduler import plan_case
from bot.texts.words import words
from bot.usecases.calendar.answers import answer_by_calendar
from bot.usecases.calendar.delivery import invite_refused
from bot.usecases.involvement.acknowledgement import Acknowledge, acknowledge
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.links.liaisons import EndLiaison, NameLiaison, end_liaison, liaison_over, name_liaison
from bot.usecases.meeting import (
    CallMeeting,
    CancelMeeting,
    MoveMeeting,
    call_meeting,
    cancel_meeting,
    move_meeting,
)
from handlers.blocks.context import File, RenderContext
from handlers.calendar import invite
from tests.bot import cast
from tests.bot.cast import DAY, HOUR, oslo
from tests.bot.usecases.post_room import PostRoom, brief, move
from tests.bot.usecases.town import Town

#: A liaison without a mail address that the bot knows, and one with.
BY_SLACK, BY_MAIL = "guest", "caseworker"
LAST_DAY = date(2026, 12, 4)


async def with_liaison(town: Town, who: str) -> tuple[Case, Liaison]:
    """Police alone, a meeting on Wednesday at noon, and a liaison until Friday of the next week."""
    case = await town.open("police")
    await town.confirm(case.id, "officer")
    liaison = await town.do(name_liaison, "coordinator", NameLiaison(case.id, LAST_DAY, cast.slack(who)))
    return case, liaison


async def confirmed(town: Town, who: str) -> tuple[Case, Liaison]:
    case, liaison = await with_liaison(town, who)
    await town.do(acknowledge, who, Acknowledge(liaison.seat_id or ""))
    return case, liaison


async def invitation(town: Town, case_id: str) -> LiaisonInvitation:
    (found,) = (await town.file(case_id)).invitations
    return found


async def calendar_file(town: Town, case_id: str, *, by_mail: bool = False) -> Calendar | None:
    file = await town.file(case_id)
    asked = await invitation(town, case_id)
    notification = Notification(
        *(Kind.INVITE, asked.id, case_id, asked.person_id), params=Revision(asked.sequence)
    )
    scene = RenderContext(
        file,
        notification,
        file.persons[asked.person_id],
        words(file.team.language),
        town.clock.now(),
        "noreply@calendar.invalid",
        by_mail,
    )
    made = invite(scene)
    assert made is None or isinstance(made, File)
    return Calendar.from_ical(made.content) if made is not None else None


async def test_nothing_is_in_their_calendar_before_taushetsplikt(town: Town) -> None:
    case, liaison = await with_liaison(town, BY_SLACK)
    assert (await town.file(case.id)).invitations == ()
    await town.do(acknowledge, BY_SLACK, Acknowledge(liaison.seat_id or ""))
    asked = await invitation(town, case.id)
    assert [(i.subject, i.recipient, i.params) for i in town.left if i.kind is Kind.INVITE] == [
        (asked.id, asked.person_id, Revision(0))
    ]
    calendar = await calendar_file(town, case.id)
    assert calendar is not None
    (event,) = calendar.walk("VEVENT")
    meeting = await town.meeting(case.id)
    assert (str(calendar["METHOD"]), str(event["UID"]), event["SEQUENCE"]) == ("PUBLISH", asked.uid, 0)
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (meeting.starts_at, meeting.ends_at)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == ("Møte", "Se Slack")
    assert case.code not in str(event["UID"])
    assert not {"ATTENDEE", "VALARM", "URL", "CATEGORIES", "ATTACH"} & set(event)


async def test_they_have_no_duty_and_count_nowhere(town: Town) -> None:
    case, _ = await confirmed(town, BY_SLACK)
    file = await town.file(case.id)
    asked = await invitation(town, case.id)
    assert asked.person_id not in {a.person_id for a in file.asks}
    assert {d.involvement_id for d in file.duties} == {i.id for i in file.involvements}
    meeting = file.meetings[0]
    arrived = Arrival("came", case.id, meeting.id, asked.person_id, meeting.starts_at)
    with_them = replace(file, arrivals=(arrived,))
    assert absent_duties(with_them, meeting) == file.duties_of(meeting.id)
    assert lack_now(with_them, meeting) == lack_now(file, meeting)
    await town.run(lambda uow: plan_case(uow, case.id))
    assert not town.told(Kind.INVITE), "what stands is not sent again"


async def test_a_move_raises_sequence_and_out_of_their_time_takes_it_away(town: Town) -> None:
    case, _ = await confirmed(town, BY_MAIL)
    room, asked = PostRoom(town, case.id), await invitation(town, case.id)
    first = await room.post()
    (mine,) = (t for t in first if t.person == BY_MAIL)
    assert (mine.sequence, mine.uid) == (0, asked.uid)
    await move(town, case.id)
    told = [t for t in await room.post() if t.person == BY_MAIL]
    assert [(t.uid, t.sequence, t.cancelled) for t in told] == [(mine.uid, 1, False)]
    assert (await invitation(town, case.id)).sequence == 1
    await move(town, case.id, timedelta(0), note="noe å ta med")
    assert await room.post() == [], "another note is no news"
    await move(town, case.id, 14 * DAY)
    told = [t for t in await room.post() if t.person == BY_MAIL]
    assert [(t.uid, t.sequence, t.cancelled) for t in told] == [(mine.uid, 2, True)]
    assert await calendar_file(town, case.id) is None
    await move(town, case.id, -14 * DAY)
    (again,) = (t for t in await room.post() if t.person == BY_MAIL)
    assert (again.sequence, again.cancelled) == (0, False)
    assert again.uid != mine.uid, "what was cancelled is never used again"


@pytest.mark.parametrize(
    ("starts", "theirs"),
    [
        ("2026-12-03 10:00", True),
        ("2026-12-04 15:30", True),
        ("2026-12-04 16:00", False),
        ("2026-12-07 10:00", False),
    ],
)
async def test_a_meeting_after_they_have_left_is_not_theirs(town: Town, starts: str, theirs: bool) -> None:
    case, liaison = await confirmed(town, BY_SLACK)
    at = oslo(starts)
    plan = town.plan(at - town.clock.now())
    meeting = await town.do(
        call_meeting, "coordinator", CallMeeting(case.id, replace(plan, starts_at=at, ends_at=at + HOUR))
    )
    file = await town.file(case.id)
    assert (meeting.id in {i.meeting_id for i in file.invitations}) is theirs
    soon = {
        i.subject
        for i in town.left
        if i.kind is Kind.MEETING_SOON and i.recipient == (await invited_person(town, liaison))
    }
    assert (meeting.id in soon) is theirs


async def invited_person(town: Town, liaison: Liaison) -> str:
    file = await town.file(liaison.case_id)
    seat = file.seat(liaison.seat_id or "")
    assert seat is not None
    return seat.person_id


@pytest.mark.parametrize("how", ["cancelled", "let go", "last day", "closed"])
async def test_it_is_withdrawn_when_it_is_no_longer_theirs(town: Town, how: str) -> None:
    case, liaison = await confirmed(town, BY_MAIL)
    if how == "last day":
        # Called for the last day's evening, it would not be theirs: it is moved there after they were told.
        await move(town, case.id, 2 * HOUR)
    room = PostRoom(town, case.id)
    await room.post()
    meeting = await town.meeting(case.id)
    if how == "cancelled":
        await town.do(cancel_meeting, "coordinator", CancelMeeting(meeting.id))
        assert BY_MAIL in town.told(Kind.MEETING_CANCELLED)
    elif how == "let go":
        await town.do(end_liaison, "coordinator", EndLiaison(case.id, liaison.id))
    elif how == "closed":
        await town.do(close_case, "coordinator", CloseCase(case.id))
    else:
        await town.do(
            move_meeting,
            "coordinator",
            MoveMeeting(meeting.id, town.plan(oslo("2026-12-04 18:00") - town.clock.now())),
        )
    assert {i.kind for i in town.left if i.recipient == BY_MAIL} >= {Kind.MAIL_INVITE}
    told = [(t.person, t.sequence, t.cancelled) for t in await room.post() if t.person == BY_MAIL]
    assert told == [(BY_MAIL, 1, True)]
    assert await calendar_file(town, case.id) is None
    await town.run(lambda uow: plan_case(uow, case.id))
    assert BY_MAIL not in {t.person for t in await room.post()}


async def test_a_meeting_that_goes_on_when_their_day_is_over_stays(town: Town) -> None:
    case, liaison = await confirmed(town, BY_MAIL)
    meeting = await town.meeting(case.id)
    at = oslo("2026-12-04 15:30")
    plan = replace(town.plan(), starts_at=at, ends_at=at + HOUR)
    await town.do(move_meeting, "coordinator", MoveMeeting(meeting.id, plan))
    room = PostRoom(town, case.id)
    assert (BY_MAIL, 0, False) in brief(await room.post())
    town.clock.time = oslo("2026-12-04 16:00")
    await town.run(lambda uow: liaison_over(uow, liaison.id))
    assert BY_MAIL not in (await town.file(case.id)).room_people()
    assert BY_MAIL not in {t.person for t in await room.post()}


async def test_by_mail_there_is_no_file_unless_the_address_is_refused(town: Town) -> None:
    case, _ = await confirmed(town, BY_MAIL)
    assert await calendar_file(town, case.id, by_mail=True) is None
    await PostRoom(town, case.id).post()
    entry = next(e for e in (await town.file(case.id)).entries if e.invitation_id is not None)
    assert entry.address == "caseworker@work.example"
    bounce = Mailed(entry.token, None, Bounced())
    assert await town.run(lambda uow: answer_by_calendar(uow, bounce))
    assert town.told(Kind.HELD_REPLY) == {"coordinator"}
    assert town.told(Kind.INVITE) == set(), "anybody can write that it did not arrive"
    await town.run(lambda uow: invite_refused(uow, entry.id, entry.sequence))
    assert town.told(Kind.INVITE) == {BY_MAIL}
    assert await calendar_file(town, case.id, by_mail=True) is not None
    (refused,) = (e for e in (await town.file(case.id)).entries if e.invitation_id is not None)
    assert refused.post is Post.REFUSED


async def test_their_answer_changes_nothing_and_a_strangers_is_held(town: Town) -> None:
    case, _ = await confirmed(town, BY_MAIL)
    await PostRoom(town, case.id).post()
    before = await town.dump()
    entry = next(e for e in (await town.file(case.id)).entries if e.invitation_id is not None)
    stamp = town.clock.now().replace(microsecond=0)
    for answer in PartStat:
        reply = Reply(entry.uid, entry.sequence, stamp, entry.address, answer)
        mine = Mailed(entry.token, entry.address, reply)
        assert await town.run(lambda uow, mine=mine: answer_by_calendar(uow, mine))  # type: ignore[misc]
        assert town.left == []
        forwarded = replace(reply, attendee="x@y.example")
        strange = Mailed(entry.token, "x@y.example", forwarded)
        assert await town.run(lambda uow, it=strange: answer_by_calendar(uow, it))  # type: ignore[misc]
        assert town.told(Kind.HELD_REPLY) == {"coordinator"}
        assert {i.params_as(HeldAnswer).doubt for i in town.left} == {"uninvited"}
    assert await town.dump() == before


async def test_a_sheltering_agencys_person_is_never_mailed(town: Town) -> None:
    """One who is that already cannot be named; here is somebody who has become one meanwhile."""
    case, _ = await confirmed(town, BY_MAIL)
    shelters = Contact(f"shelter:{BY_MAIL}", "shelter", BY_MAIL, 2)
    await town.run(lambda uow: uow.add(shelters))
    assert [t for t in await PostRoom(town, case.id).post() if t.person == BY_MAIL] == []
    assert await calendar_file(town, case.id, by_mail=True) is not None
