"""What is delivered to a person without being of one case: by kind, what makes it from the moment's state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.domain.case.entities import Ask, Seat
from bot.domain.case.file import CaseFile
from bot.domain.convening import Convening
from bot.domain.directory.entities import Agency, Contact, Person, Team
from bot.domain.guidance import Guidance
from bot.domain.joint import JointInvitation, JointMeeting
from bot.domain.notifications import Intent, Kind
from bot.domain.outside import HALF, superseded
from bot.texts.words import Words
from bot.usecases.convening import ConveningView, convening_view
from bot.usecases.directory.roster import page_day, rosters
from bot.usecases.guidance import GuidanceView, guidance_view
from bot.usecases.joint.view import JointMeetingView, invited_mark, joint_meeting_view, reminders
from bot.usecases.ports import UnitOfWork
from handlers.blocks.context import File, Message
from handlers.convening import messages as convening_messages
from handlers.directory.messages import appointed, contact_message
from handlers.directory.roster_page import roster_page
from handlers.guidance import messages as guidance_messages
from handlers.joint import messages as joint_messages
from handlers.overview.home_model import waiting_for
from handlers.overview.home_outside import Outside
from handlers.overview.waiting import open_asks, summary


@dataclass(frozen=True, slots=True)
class PersonRenderContext:
    """One delivery outside a case: what it is about, who reads it, in which words.

    `now` is aware UTC; `organizer` is the e-mail address of calendar entries.
    """

    uow: UnitOfWork
    intent: Intent
    person: Person
    words: Words
    now: datetime
    organizer: str


Maker = Callable[[PersonRenderContext], Message | File | None]


def zone_of(uow: UnitOfWork, files: Sequence[CaseFile] = ()) -> ZoneInfo:
    """The zone in which a person is told when: of their cases' team, else of the first team."""
    teams = [f.team for f in files] or uow.teams()
    return ZoneInfo(teams[0].zone if teams else "Europe/Oslo")


def outside_of(uow: UnitOfWork, person: Person, coordinated: Sequence[Team]) -> Outside:
    """What a person's Home shows outside cases: their own questions, the open ones of their teams."""
    ids = {t.id for t in coordinated}
    found = [g for g in uow.find(Guidance, purged_at=None) if g.asker == person.id or g.team_id in ids]
    standings = [s for s in (guidance_view(uow, g.id) for g in found) if s is not None]
    asked = [
        c
        for c in uow.find(Convening, purged_at=None)
        if c.asker == person.id or (c.open and c.team_id in ids)
    ]
    requests = [r for r in (convening_view(uow, c.id) for c in asked) if r is not None]
    meetings = [m for m in uow.find(JointMeeting, purged_at=None) if m.live and m.ends_at > uow.now]
    gatherings = [g for g in (joint_meeting_view(uow, m.id) for m in meetings) if g is not None]
    return Outside(
        joint=tuple(g for g in gatherings if g.team.id in ids or g.invitation_of(person.id) is not None),
        requests=tuple(r for r in reversed(requests) if r.convening.asker == person.id),
        to_decide=tuple(r for r in requests if r.convening.open and r.team.id in ids),
        asked=tuple(s for s in reversed(standings) if s.guidance.asker == person.id),
        to_answer=tuple(s for s in standings if s.guidance.open and s.team.id in ids),
    )


def _appointed(ctx: PersonRenderContext) -> Message | None:
    team = ctx.uow.get(Team, ctx.intent.subject)
    return appointed(ctx.words, team) if team is not None else None


def _of_contact(ctx: PersonRenderContext) -> Message | None:
    uow = ctx.uow
    contact = uow.get(Contact, ctx.intent.subject)
    agency = uow.get(Agency, contact.agency_id) if contact is not None else None
    person = uow.get(Person, contact.person_id) if contact is not None else None
    if contact is None or agency is None or person is None:
        return None
    return contact_message(ctx.words, ctx.intent, agency, contact, person)


def _what_waits(
    ctx: PersonRenderContext,
    build: Callable[[Words, ZoneInfo, datetime, list[tuple[CaseFile, Seat | Ask]]], Message | None],
) -> Message | None:
    uow, reader = ctx.uow, ctx.person
    files = [f for f in map(uow.case_file, uow.cases_with(reader.id)) if f is not None and f.open]
    items: list[tuple[CaseFile, Seat | Ask]] = []
    for file in files:
        items.extend((file, subject) for subject in waiting_for(reader.id, file, ctx.words, ctx.now))
    return build(ctx.words, zone_of(uow, files), ctx.now, items)


def _roster_page(ctx: PersonRenderContext) -> File | None:
    """Stands on the day of which it is: an older one is out of date, and goes."""
    day = page_day(ctx.uow)
    if ctx.intent.mark != day.isoformat():
        return None
    return roster_page(ctx.words, rosters(ctx.uow), date.fromisoformat(ctx.intent.mark))


def _of_guidance(make: Callable[[PersonRenderContext, GuidanceView], Message | File | None]) -> Maker:
    """Of a guidance as it stands; of one that is purged there is nothing."""

    def made(ctx: PersonRenderContext) -> Message | File | None:
        now = guidance_view(ctx.uow, ctx.intent.subject)
        return make(ctx, now) if now is not None else None

    return made


def _guidance_stands(ctx: PersonRenderContext, now: GuidanceView) -> Message | None:
    is_asker = ctx.person.id == now.guidance.asker
    return guidance_messages.stands(ctx.words, now) if is_asker else None


def _guidance_answer(ctx: PersonRenderContext, now: GuidanceView) -> Message | None:
    is_asker = ctx.person.id == now.guidance.asker
    return guidance_messages.answer(ctx.words, now, ctx.intent.mark) if is_asker else None


def _guidance_waits(ctx: PersonRenderContext, now: GuidanceView) -> Message | None:
    if superseded(ctx.intent, now.guidance.due_at, ctx.now):
        return None
    half = ctx.intent.mark.startswith(HALF)
    return guidance_messages.waits(ctx.words, now, ctx.person.id, half)


def _of_request(make: Callable[[PersonRenderContext, ConveningView], Message | None]) -> Maker:
    """Of a request to convene as it stands; of one that is purged there is nothing."""

    def made(ctx: PersonRenderContext) -> Message | None:
        now = convening_view(ctx.uow, ctx.intent.subject)
        return make(ctx, now) if now is not None else None

    return made


def _convene_waits(ctx: PersonRenderContext, now: ConveningView) -> Message | None:
    if superseded(ctx.intent, now.convening.due_at, ctx.now):
        return None
    half = ctx.intent.mark.startswith(HALF)
    return convening_messages.waits(ctx.words, now, ctx.person.id, half=half)


def _of_joint(make: Callable[[PersonRenderContext, JointMeetingView], Message | File | None]) -> Maker:
    """Of a joint meeting as it stands; of one that is purged there is nothing."""

    def made(ctx: PersonRenderContext) -> Message | File | None:
        now = joint_meeting_view(ctx.uow, ctx.intent.subject)
        return make(ctx, now) if now is not None else None

    return made


def _joint_held(ctx: PersonRenderContext) -> Message | None:
    invitation = ctx.uow.get(JointInvitation, ctx.intent.subject)
    now = joint_meeting_view(ctx.uow, invitation.joint_id) if invitation is not None else None
    if invitation is None or now is None:
        return None
    return joint_messages.held(ctx.words, now, invitation, ctx.person.id, ctx.intent.mark)


def _joint_invited(ctx: PersonRenderContext, now: JointMeetingView) -> Message | None:
    """The one that stands; those from before a move go."""
    stands = ctx.intent.mark == invited_mark(now.meeting)
    return joint_messages.invited(ctx.words, now, ctx.person.id) if stands else None


def _joint_soon(ctx: PersonRenderContext, now: JointMeetingView) -> Message | None:
    """The last that has fallen due, and none that was planned for another time."""
    due = [r for r in reminders(now) if r.due_at is not None and r.due_at <= ctx.now]
    own = [r for r in due if r.recipient == ctx.person.id and r.kind is Kind.JOINT_SOON]
    last = max(own, key=lambda r: r.due_at or ctx.now, default=None)
    return joint_messages.soon(ctx.words, now, ctx.person.id) if last and last.key == ctx.intent.key else None


def _joint_register(ctx: PersonRenderContext, now: JointMeetingView) -> Message | None:
    """None that was planned for another morning."""
    if all(r.key != ctx.intent.key for r in reminders(now)):
        return None
    return joint_messages.register(ctx.words, now, ctx.person.id)


MAKERS: Mapping[Kind, Maker] = MappingProxyType(
    {
        Kind.APPOINTED: _appointed,
        Kind.CONTACT_APPROVAL: _of_contact,
        Kind.CONTACT_DECIDED: _of_contact,
        Kind.OPEN_ASKS: partial(_what_waits, build=open_asks),
        Kind.SUMMARY: partial(_what_waits, build=summary),
        Kind.ROSTER_PAGE: _roster_page,
        Kind.GUIDANCE_ASKED: _of_guidance(lambda o, now: guidance_messages.asked(o.words, now, o.person.id)),
        Kind.GUIDANCE_STANDS: _of_guidance(_guidance_stands),
        Kind.GUIDANCE_ANSWER: _of_guidance(_guidance_answer),
        Kind.GUIDANCE_TALK: _of_guidance(
            lambda o, now: guidance_messages.talk(o.words, now, o.person.id, o.intent.mark, o.organizer)
        ),
        Kind.GUIDANCE_WAITS: _of_guidance(_guidance_waits),
        Kind.JOINT_CALLED: _of_joint(lambda o, now: joint_messages.called(o.words, now, o.person.id)),
        Kind.JOINT_INVITED: _of_joint(_joint_invited),
        Kind.JOINT_ENTRY: _of_joint(
            lambda o, now: joint_messages.entry(o.words, now, o.person.id, o.intent.mark, o.organizer)
        ),
        Kind.JOINT_POST: _of_joint(lambda o, now: joint_messages.undelivered(o.words, now, o.person.id)),
        Kind.JOINT_HELD: _joint_held,
        Kind.JOINT_SOON: _of_joint(_joint_soon),
        Kind.JOINT_REGISTER: _of_joint(_joint_register),
        Kind.CONVENE_ASKED: _of_request(lambda o, now: convening_messages.asked(o.words, now, o.person.id)),
        Kind.CONVENE_STANDS: _of_request(lambda o, now: convening_messages.stands(o.words, now, o.person.id)),
        Kind.CONVENE_DECIDED: _of_request(
            lambda o, now: convening_messages.decided(o.words, now, o.person.id)
        ),
        Kind.CONVENE_WAITS: _of_request(_convene_waits),
    }
)
