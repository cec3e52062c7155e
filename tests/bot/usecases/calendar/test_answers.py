"""Answers from calendars, applied or held: by the state at that moment, and never by chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.domain.calendar.entry import is_tentative
from bot.domain.calendar.reply import Bounced, Doubt, HeldReply, Ignored, IncomingMail, PartStat, Reply, Trust
from bot.domain.case.calendar import CalendarEntry, Post
from bot.domain.case.entities import Answer, DeclineReason, Via
from bot.domain.language import Language
from bot.domain.notification_params import HeldAnswer
from bot.domain.notifications import Kind, Notification
from bot.texts.words import words
from bot.usecases.calendar.answers import answer_by_calendar
from bot.usecases.involvement.acknowledgement import RecordAcknowledgement, record_acknowledgement
from bot.usecases.lifecycle.closing import CloseCase, close_case
from bot.usecases.meeting import CancelMeeting, MoveMeeting, cancel_meeting, move_meeting
from handlers.blocks.context import Message, RenderContext
from handlers.calendar import held_reply
from handlers.mail.inbox import answered
from tests.bot import cast
from tests.bot.cast import HOUR
from tests.bot.usecases.calendar.test_delivery import PostRoom, move
from tests.bot.usecases.town import Town

SECOND = timedelta(seconds=1)


class MailDesk:
    """A case with two agencies, invited by mail; one of them, or the lawyer, answers."""

    def __init__(self, town: Town, case_id: str) -> None:
        self.town = town
        self.case_id = case_id
        self.room = PostRoom(town, case_id)

    async def entry(self, person: str = "officer") -> CalendarEntry:
        file = await self.town.file(self.case_id)
        ask = await self.town.ask(self.case_id, person)
        return [e for e in file.entries if e.ask_id == ask.id][-1]

    async def reply(self, answer: PartStat, person: str = "officer", **facts: Any) -> Reply:
        entry = await self.entry(person)
        stamp = self.town.clock.now().replace(microsecond=0)
        return replace(Reply(entry.uid, entry.sequence, stamp, entry.address, answer), **facts)

    async def arrives(self, content: Any, person: str = "officer", **facts: Any) -> bool:
        entry = await self.entry(person)
        arrival = replace(IncomingMail(entry.token, entry.address, content, Trust.VOUCHED), **facts)
        return await self.town.run(lambda uow: answered(uow, arrival))

    async def answers(self, answer: PartStat, person: str = "officer", **facts: Any) -> None:
        assert await self.arrives(await self.reply(answer, person, **facts), person)

    async def answered(self, person: str = "officer") -> Answer | None:
        return (await self.town.ask(self.case_id, person)).answer

    def doubts(self) -> set[str]:
        return {i.params_as(HeldAnswer).doubt for i in self.town.left if i.kind is Kind.HELD_REPLY}


@pytest.fixture
async def desk(town: Town) -> MailDesk:
    case = await town.open("police", "welfare", "counsel")
    await town.confirm(case.id, "officer", "caseworker")
    seat = await town.seat(case.id, "lawyer")
    await town.do(record_acknowledgement, "coordinator", RecordAcknowledgement(seat.id, Via.PHONE))
    desk = MailDesk(town, case.id)
    await desk.room.post()
    return desk


async def test_accepted_is_confirmed(desk: MailDesk) -> None:
    await desk.answers(PartStat.ACCEPTED)
    ask = await desk.town.ask(desk.case_id, "officer")
    assert (ask.answer, ask.answered_by, ask.reason) == (Answer.CONFIRMED, "officer", None)
    assert desk.doubts() == set()
    assert desk.town.told(Kind.MAIL_INVITE) <= {"officer"}
    assert await desk.room.post() == []


async def test_declined_is_a_forfall_whose_reason_is_asked_for_in_slack(desk: MailDesk) -> None:
    await desk.answers(PartStat.DECLINED)
    ask = await desk.town.ask(desk.case_id, "officer")
    assert (ask.answer, ask.reason) == (Answer.DECLINED, None)
    assert desk.town.told(Kind.CALENDAR_ANSWER) == {"officer"}
    assert desk.town.told(Kind.CALL_LIST) == {"coordinator"}
    assert desk.town.told(Kind.MAIL_CALL) == set()
    how = {"reason": DeclineReason.COURT, "deputy": "police:sergeant"}
    await desk.town.answer(desk.case_id, "officer", Answer.DECLINED, **how)
    assert (await desk.town.ask(desk.case_id, "officer")).reason is DeclineReason.COURT


async def test_declined_again_keeps_the_reason_that_was_given(desk: MailDesk) -> None:
    await desk.town.answer(desk.case_id, "officer", Answer.DECLINED, reason=DeclineReason.AWAY)
    await desk.answers(PartStat.DECLINED)
    assert (await desk.town.ask(desk.case_id, "officer")).reason is DeclineReason.AWAY


async def test_tentative_is_no_answer_and_takes_the_old_one_back(desk: MailDesk) -> None:
    await desk.answers(PartStat.ACCEPTED)
    await desk.answers(PartStat.TENTATIVE)
    file, ask = await desk.town.file(desk.case_id), await desk.town.ask(desk.case_id, "officer")
    assert ask.open
    assert is_tentative(file, ask)
    assert desk.town.told(Kind.CALENDAR_ANSWER) == {"officer"}
    await desk.town.answer(desk.case_id, "officer", Answer.CONFIRMED)
    assert not is_tentative(await desk.town.file(desk.case_id), await desk.town.ask(desk.case_id, "officer"))


async def test_the_latest_answer_stands_from_either_side(desk: MailDesk) -> None:
    await desk.answers(PartStat.ACCEPTED)
    await desk.town.answer(desk.case_id, "officer", Answer.DECLINED, reason=DeclineReason.AWAY)
    assert await desk.answered() is Answer.DECLINED
    await desk.answers(PartStat.ACCEPTED)
    assert await desk.answered() is Answer.CONFIRMED


async def test_an_answer_older_than_the_one_in_slack_is_held(desk: MailDesk) -> None:
    early = await desk.reply(PartStat.DECLINED)
    desk.town.clock.move(HOUR)
    await desk.town.answer(desk.case_id, "officer", Answer.CONFIRMED)
    await desk.arrives(early)
    assert desk.doubts() == {Doubt.STALE}
    assert await desk.answered() is Answer.CONFIRMED


async def test_mails_that_come_late_but_in_order_are_all_applied(desk: MailDesk) -> None:
    first = await desk.reply(PartStat.ACCEPTED)
    second = replace(first, stamp=first.stamp + SECOND, answer=PartStat.DECLINED)
    desk.town.clock.move(HOUR)
    await desk.arrives(first)
    await desk.arrives(second)
    assert await desk.answered() is Answer.DECLINED
    await desk.arrives(replace(first, stamp=first.stamp + SECOND / 2))
    assert desk.doubts() == {Doubt.STALE}


async def test_replayed(desk: MailDesk) -> None:
    reply = await desk.reply(PartStat.ACCEPTED)
    await desk.arrives(reply)
    await desk.town.answer(desk.case_id, "officer", Answer.DECLINED, reason=DeclineReason.AWAY)
    await desk.arrives(reply)
    assert desk.doubts() == {Doubt.REPLAYED}
    assert await desk.answered() is Answer.DECLINED


async def test_an_answer_to_the_time_before_a_move_is_stale_also_before_the_update_has_left(
    desk: MailDesk,
) -> None:
    old = await desk.reply(PartStat.ACCEPTED)
    await move(desk.town, desk.case_id)
    await desk.arrives(old)
    assert desk.doubts() == {Doubt.STALE}
    await desk.room.post()
    await desk.arrives(replace(old, stamp=old.stamp + SECOND))
    assert desk.doubts() == set(), "of one hour the same is told once"
    assert await desk.answered() is None
    await desk.answers(PartStat.ACCEPTED)
    assert await desk.answered() is Answer.CONFIRMED


async def test_no_longer_asked_too_late_closed(desk: MailDesk) -> None:
    late = await desk.reply(PartStat.ACCEPTED)
    meeting = await desk.town.meeting(desk.case_id)
    now = desk.town.clock.time
    desk.town.clock.time = meeting.starts_at
    await desk.arrives(replace(late, stamp=meeting.starts_at))
    assert desk.doubts() == {Doubt.TOO_LATE}
    desk.town.clock.time = now
    await desk.town.do(cancel_meeting, "coordinator", CancelMeeting(meeting.id))
    await desk.arrives(late)
    assert desk.doubts() == {Doubt.NO_LONGER_ASKED}
    await desk.town.do(close_case, "coordinator", CloseCase(desk.case_id))
    assert await desk.arrives(replace(late, stamp=late.stamp + SECOND))
    assert desk.doubts() == set()
    assert await desk.answered() is None


async def test_the_stamp_of_a_clock_that_runs_ahead_cannot_block_later_answers(desk: MailDesk) -> None:
    stamp = desk.town.clock.now() + 2 * HOUR
    await desk.answers(PartStat.ACCEPTED, stamp=stamp)
    assert desk.doubts() == {Doubt.BROKEN}
    assert await desk.answered() is None


async def test_only_what_is_right_in_every_way_is_applied(desk: MailDesk) -> None:
    """Every combination of right and wrong; one of them is applied."""
    entry, other = await desk.entry(), await desk.entry("caseworker")
    reply = await desk.reply(PartStat.ACCEPTED)
    tokens = (entry.token, other.token, None)
    uids = (entry.uid, other.uid)
    addresses = (entry.address, other.address, "mallory@evil.example")
    senders = (entry.address, other.address, None)
    applied = []
    every = product(tokens, uids, addresses, senders, (0, 1), Trust)
    for token, uid, attendee, sender, sequence, trust in every:
        content = replace(reply, uid=uid, attendee=attendee, sequence=sequence)
        before = await desk.town.file(desk.case_id)
        arrival = IncomingMail(token, sender, content, trust)
        await desk.town.run(lambda uow, arrival=arrival: answer_by_calendar(uow, arrival))  # type: ignore[misc]
        after = await desk.town.file(desk.case_id)
        if after.asks != before.asks:
            applied.append((token, uid, attendee, sender, sequence, trust))
    right = [(e.token, e.uid, e.address, e.address, 0, Trust.VOUCHED) for e in (entry, other)]
    assert sorted(applied) == sorted(right)


@pytest.mark.parametrize("doubt", [Doubt.TEXT, Doubt.COUNTER, Doubt.DELEGATED, Doubt.AUTOMATIC])
async def test_what_was_held_changes_nothing_and_is_told_once(desk: MailDesk, doubt: Doubt) -> None:
    before = await desk.town.dump()
    held = HeldReply(doubt, PartStat.DECLINED, (await desk.town.meeting(desk.case_id)).starts_at)
    assert await desk.arrives(held)
    assert desk.town.told(Kind.HELD_REPLY) == {"coordinator"}
    await desk.arrives(held)
    assert desk.town.left == []
    assert await desk.town.dump() == before


async def test_whoever_has_a_forwarded_invitation_cannot_flood_the_coordinators(desk: MailDesk) -> None:
    mallory, told = "mallory@evil.example", set()
    reply = await desk.reply(PartStat.ACCEPTED, attendee=mallory)
    desk.town.clock.time = desk.town.clock.time.replace(minute=5)
    for sent in range(30):
        own = replace(reply, stamp=reply.stamp - sent * SECOND)
        counter = HeldReply(Doubt.COUNTER, None, reply.stamp + sent * HOUR, f"{sent}@evil.example")
        for content in (own, counter):
            await desk.arrives(content, sender=mallory)
            told |= {i.key for i in desk.town.left if i.kind is Kind.HELD_REPLY}
    assert len(told) == 1, "one for the entry in the hour"
    desk.town.clock.move(HOUR)
    await desk.arrives(reply, sender=mallory)
    assert not {i.key for i in desk.town.left if i.kind is Kind.HELD_REPLY} <= told


async def test_a_flood_of_their_own_proposals_is_one_message_which_shows_the_newest(desk: MailDesk) -> None:
    desk.town.clock.time = desk.town.clock.time.replace(minute=5)
    at, told = desk.town.clock.now().replace(microsecond=0), []
    for sent in range(40):
        await desk.arrives(HeldReply(Doubt.COUNTER, None, at + sent * HOUR))
        told += [i for i in desk.town.left if i.kind is Kind.HELD_REPLY]
    assert len({i.key for i in told}) == 1
    assert told[0].due_at is None
    assert all(i.due_at is not None for i in told[1:]), "what stands is shown anew a minute later"
    (held,) = (await desk.entry()).held or ()
    assert held.start == at + 39 * HOUR
    shown = repr(await shown_to_coordinator(desk, told[0]))
    said = words(Language.NB).read_at(desk.town.clock.now())
    assert said.when(at + 39 * HOUR, ZoneInfo("Europe/Oslo")) in shown
    for _ in range(30):
        desk.town.clock.move(HOUR)
        await desk.arrives(HeldReply(Doubt.COUNTER, None, at))
    assert len((await desk.entry()).held or ()) == 24, "of no more hours than are of use"


@pytest.mark.parametrize("trust", [Trust.DISOWNED, Trust.UNCHECKED])
async def test_a_proposal_in_their_name_is_not_shown_as_theirs(desk: MailDesk, trust: Trust) -> None:
    await desk.arrives(HeldReply(Doubt.COUNTER, None, desk.town.clock.now()), trust=trust)
    (held,) = (await desk.entry()).held or ()
    assert held.doubt == {Trust.DISOWNED: Doubt.FORGED, Trust.UNCHECKED: Doubt.UNCHECKED}[trust]
    assert held.start is None


async def shown_to_coordinator(desk: MailDesk, held: Notification) -> Message | None:
    file, coordinator = await desk.town.file(desk.case_id), cast.PERSONS["coordinator"]
    now = desk.town.clock.now()
    return held_reply(RenderContext(file, held, coordinator, words(Language.NB).read_at(now), now))


async def test_an_answer_that_was_not_used_goes_when_the_meeting_moves(desk: MailDesk) -> None:
    await desk.arrives(HeldReply(Doubt.TEXT))
    (held,) = (i for i in desk.town.left if i.kind is Kind.HELD_REPLY)
    assert await shown_to_coordinator(desk, held) is not None
    await desk.town.posted(desk.case_id, Kind.HELD_REPLY, held.subject, "coordinator", held.params)
    meeting = await desk.town.meeting(desk.case_id)
    await desk.town.do(move_meeting, "coordinator", MoveMeeting(meeting.id, desk.town.plan()))
    assert held.key in {i.key for i in desk.town.left if not i.once}, "what stands is looked at again"
    assert await shown_to_coordinator(desk, held) is None
    await desk.arrives(HeldReply(Doubt.TEXT))
    (held,) = (i for i in desk.town.left if i.kind is Kind.HELD_REPLY)
    assert await shown_to_coordinator(desk, held) is not None, "one that comes after the move stands"


async def test_what_is_not_about_anything_of_ours_is_left(desk: MailDesk) -> None:
    text = HeldReply(Doubt.TEXT)
    assert not await desk.arrives(text, token=None)
    assert await desk.arrives(text, token="f" * 20), "to an address that the bot has given out once"
    assert await desk.arrives(Ignored())
    assert desk.town.left == []


@pytest.mark.parametrize("ours", [True, None])
async def test_a_bounce_leaves_the_address_as_it_is_and_says_that_it_is_uncertain(
    desk: MailDesk, ours: bool | None
) -> None:
    entry = await desk.entry()
    before = await desk.town.dump()
    await desk.arrives(Bounced(entry.message_name if ours else None), sender="mailer-daemon@x.example")
    assert desk.doubts() == {Doubt.BOUNCED}
    assert desk.town.told(Kind.NOT_DELIVERED) == set()
    (held,) = (i for i in desk.town.left if i.kind is Kind.HELD_REPLY)
    assert "usikkert om invitasjonen kom fram" in repr(await shown_to_coordinator(desk, held))
    assert (await desk.entry()).post is Post.SENT
    assert await desk.town.dump() == before


async def test_a_bounce_of_another_mail_is_nothing(desk: MailDesk) -> None:
    await desk.arrives(Bounced((await desk.entry("caseworker")).message_name))
    assert desk.town.left == []


async def test_by_mail_alone_a_forfall_asks_for_a_call(desk: MailDesk) -> None:
    assert (await desk.town.ask(desk.case_id, "lawyer")).told_via is Via.MAIL
    await desk.answers(PartStat.DECLINED, "lawyer")
    assert desk.town.told(Kind.MAIL_CALL) == {"lawyer"}
    assert desk.town.told(Kind.CALENDAR_ANSWER) == set()
    assert desk.town.told(Kind.CALL_LIST) == {"coordinator"}
    await desk.answers(PartStat.DECLINED, "lawyer")
    assert desk.town.told(Kind.MAIL_CALL) == set(), "one is enough"
    await desk.answers(PartStat.ACCEPTED, "lawyer")
    assert await desk.answered("lawyer") is Answer.CONFIRMED
    await desk.answers(PartStat.TENTATIVE, "lawyer")
    assert await desk.answered("lawyer") is None
    assert desk.town.told(Kind.CALENDAR_ANSWER) == set()
