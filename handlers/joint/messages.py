"""Messages about joint meetings, in Slack and by mail."""

from __future__ import annotations

from collections.abc import Sequence

from bot.calendar.invite import Invite
from bot.domain.calendar.entry import is_sheltering
from bot.domain.calendar.reply import Doubt, newest_held
from bot.domain.case.calendar import Post
from bot.domain.joint import JointInvitation, JointMeetingView, standing
from bot.domain.notifications import HeldAnswer, Kind
from bot.texts.words import Words
from bot.usecases.joint import joint_invite_concluded, joint_meeting_view, next_joint_invite
from handlers.blocks.context import Block, File, Message, PersonRenderContext, calendar_file, escape
from handlers.blocks.elements import (
    ActionId,
    actions,
    as_asked,
    bullets,
    button,
    context,
    lines,
    quoted,
    section,
)
from handlers.blocks.formatting import where
from handlers.blocks.people import whom_to_write
from handlers.calendar import mails, what_now, why_held
from handlers.delivery.declarations import Declared, Job, PersonMessage, item_messages

JOINT_OF = ActionId("joint_of", "team and perhaps a time, parted by a bar")
JOINT_COMES = ActionId("joint_comes", "joint meeting, and which time was asked about")
JOINT_STAYS_AWAY = ActionId("joint_stays_away", "joint meeting, and which time was asked about")
JOINT_MOVE = ActionId("joint_move", "joint meeting")
JOINT_CANCEL = ActionId("joint_cancel", "joint meeting")
JOINT_REGISTER = ActionId("joint_register", "joint meeting")


def invited(ctx: PersonRenderContext, now: JointMeetingView) -> Message | None:
    """To somebody invited: what, when, where, and until it begins whether they come."""
    words, meeting, invitation = ctx.words, now.meeting, now.invitation_of(ctx.person.id)
    if invitation is None:
        return None
    facts = about(words, now)
    if meeting.cancelled_at is not None:
        return Message([section(words("joint.cancelled", **facts))])
    head = words("joint.head", **facts)
    if meeting.registered_at is not None or meeting.ends_at <= ctx.now:
        return Message([section(lines(head, words("joint.over"))), context(words("joint.deleted", **facts))])
    ahead = meeting.starts_at > ctx.now
    said = {True: "joint.you-come", False: "joint.you-stay-away", None: "joint.unanswered" if ahead else None}
    state = said[invitation.comes]
    changed = [words("summons.changed")] if meeting.sequence else []
    old_entry = [words("entry.moved-by-hand")] if meeting.asked_sequence else []
    blocks = [
        section(lines(*changed, head, words(state) if state else None)),
        *([section(quoted(meeting.agenda))] if meeting.agenda else []),
        *([answers(words, now, invitation)] if ahead else []),
        context(*old_entry, words("joint.no-case", who=whom_to_write(words, now.persons, now.coordinators))),
    ]
    return Message(blocks)


def answers(words: Words, now: JointMeetingView, invitation: JointInvitation) -> Block:
    """The buttons of somebody invited; they answer only for the time that is shown, not for a later one."""
    asked = as_asked(now.meeting.id, now.meeting.asked_sequence)
    comes = button(words("press.joint-comes"), JOINT_COMES, asked, primary=invitation.comes is None)
    away = button(words("press.joint-stays-away"), JOINT_STAYS_AWAY, asked)
    return actions(comes, away)


def entry(ctx: PersonRenderContext, now: JointMeetingView) -> File | None:
    """The calendar entry. It says «see Slack» for the place, so that a new place needs no new entry."""
    invitation, meeting = now.invitation_of(ctx.person.id), now.meeting
    if invitation is None or meeting.ends_at <= ctx.now:
        return None
    when = (meeting.starts_at, meeting.ends_at, invitation.invited_at, now.team.time_zone)
    to = (ctx.organizer, ctx.words.language)
    return calendar_file(Invite(invitation.uid, meeting.asked_sequence, *when, *to))


def called(ctx: PersonRenderContext, now: JointMeetingView) -> Message:
    """To a coordinator: who comes, who does not, and until it begins who has to be rung."""
    words, meeting, facts = ctx.words, now.meeting, about(ctx.words, now)
    deleted = context(words("joint.deleted", **facts))
    ahead, over = meeting.starts_at > ctx.now, meeting.ends_at <= ctx.now
    ring = now.to_ring if ahead else []
    numbers = bullets(list(dict.fromkeys(_to_ring(words, now, invitation) for invitation in ring)), 2500)
    waiting = _waiting(words, now) if ahead else []
    if meeting.cancelled_at is not None:
        untold = lines(words("joint.untold"), numbers) if ring else None
        return Message([section(lines(words("joint.cancelled", **facts), untold)), *waiting, deleted])
    head = words("joint.head", **facts)
    if meeting.registered_at is not None:
        came = words.count("joint.came", meeting.number_came or 0)
        return Message([section(lines(head, came)), deleted])
    mailed = [_mailed(words, now, i) for i in now.invited if now.mailed(i) is not None]
    presses = [] if ahead else [("press.joint-register", JOINT_REGISTER)]
    presses += [] if over else [("press.joint-move", JOINT_MOVE), ("press.joint-cancel", JOINT_CANCEL)]
    blocks = [
        section(head),
        *([section(quoted(meeting.agenda))] if meeting.agenda else []),
        section(lines(*_tally(words, now))),
        *([section(lines(words("joint.mailed"), bullets(mailed, 2500)))] if mailed else []),
        *waiting,
        *([section(lines(words("joint.ring"), numbers))] if ring else []),
        actions(*(button(words(key), id, meeting.id) for key, id in presses)),
        deleted,
    ]
    return Message(blocks)


def _waiting(words: Words, now: JointMeetingView) -> list[Block]:
    """The invitations by mail that wait for an operator, and why."""
    entries = ((i, now.entry_of(i)) for i in now.invited)
    waiting = [(i, entry.trouble) for i, entry in entries if entry is not None and entry.trouble is not None]
    why = dict.fromkeys(words(f"waits.trouble-{trouble}") for _, trouble in waiting)
    people = bullets([escape(named(words, now, i)) for i, _ in waiting], 2000)
    return [section(lines(words("joint.mail-waits"), *why, people))] if waiting else []


def _to_ring(words: Words, now: JointMeetingView, invitation: JointInvitation) -> str:
    who, entry = with_line(words, now, invitation), now.entry_of(invitation)
    refused = entry is not None and entry.post is Post.REFUSED
    return words("joint.mail-refused", who=who) if refused else who


def soon(ctx: PersonRenderContext, now: JointMeetingView) -> Message | None:
    """To somebody invited who has not said that they stay away: it is soon. Deleted once it has begun."""
    words, invitation = ctx.words, now.invitation_of(ctx.person.id)
    if invitation is None or now.meeting.starts_at <= ctx.now:
        return None
    head = lines(f"*{words('joint.soon-short')}*", words("joint.head", **about(words, now)))
    if invitation.comes is not None:
        return Message([section(head)])
    return Message([section(lines(head, words("joint.unanswered"))), answers(words, now, invitation)])


def register(ctx: PersonRenderContext, now: JointMeetingView) -> Message:
    """To a coordinator, afterwards: register who came."""
    text = ctx.words("joint.register", **about(ctx.words, now))
    press = button(ctx.words("press.joint-register"), JOINT_REGISTER, now.meeting.id)
    return Message([section(text), actions(press)])


def named(words: Words, now: JointMeetingView, invitation: JointInvitation) -> str:
    """«Politiet · Vakthavende», for a sheltering agency only its cover name; not escaped."""
    agency, title = now.agency_of(invitation).shown_name, now.title(invitation)
    return f"{agency} · {title}" if title else agency


def about(words: Words, now: JointMeetingView) -> dict[str, str]:
    """Return the values for texts about a joint meeting: «tirsdag 1. desember kl. 10–11» for when."""
    meeting = now.meeting
    return {
        "team": escape(now.team.name),
        "topic": escape(meeting.topic),
        "when": words.span(meeting.starts_at, meeting.ends_at, now.team.time_zone),
        "where": where(words, meeting),
        "day": words.day(meeting.delete_on) if meeting.delete_on is not None else "",
    }


def _tally(words: Words, now: JointMeetingView) -> list[str]:
    def people(comes: bool | None) -> Sequence[str]:
        return [escape(named(words, now, i)) for i in now.invited if i.comes is comes and now.reached(i)]

    coming, away, silent = people(True), people(False), people(None)
    return [
        *([words("joint.asked-again")] if now.meeting.asked_sequence else []),
        _counted(words, "joint.coming", coming),
        _counted(words, "joint.away", away),
        words("joint.silent", n=len(silent)),
    ]


def _counted(words: Words, key: str, people: Sequence[str]) -> str:
    """The number and the people: several in a list, since each is an agency and a title."""
    if len(people) < 2:
        return words(key, n=len(people), who=people[0] if people else "–")
    return lines(words(key, n=len(people), who="").rstrip(), bullets(people, 1200))


def _mailed(words: Words, now: JointMeetingView, invitation: JointInvitation) -> str:
    """Somebody invited by mail, and the state of the mail; their answer is listed with the others."""
    entry, name = now.mailed(invitation), escape(named(words, now, invitation))
    if entry is None or entry.post is not Post.SENT:
        return words("joint.mail-unsent", who=name)
    # Another time asks again, another place does not.
    asked_since = entry.replied_at is None or entry.replied_at < invitation.invited_at
    return words("joint.mail-tentative", who=name) if entry.tentative and not asked_since else name


def with_line(words: Words, now: JointMeetingView, invitation: JointInvitation) -> str:
    """Somebody invited, with the duty line, otherwise the work mail; never a sheltering agency's mail."""
    agency = now.agency_of(invitation)
    name = escape(named(words, now, invitation))
    person = now.persons.get(invitation.person_id)
    if agency.duty_line:
        return f"{name}: {escape(agency.duty_line)}"
    if person is not None and person.work_mail and not is_sheltering(person.id, now.contacts, now.agencies):
        return f"{name}: {escape(person.work_mail)}"
    return name


def held(ctx: PersonRenderContext) -> Message | None:
    """To a coordinator: an answer by mail, and why it was not used. Deleted if it is about another time."""
    invitation = ctx.uow.get(JointInvitation, ctx.notification.subject)
    now = joint_meeting_view(ctx.uow, invitation.joint_id) if invitation is not None else None
    if invitation is None or now is None or not now.meeting.live or ctx.person.id not in now.coordinators:
        return None
    answer = newest_held(now.entries_of(invitation), ctx.notification.params_as(HeldAnswer))
    if answer.sequence != now.meeting.asked_sequence:
        return None
    words = ctx.words
    key = "joint.held-bounced" if answer.doubt == Doubt.BOUNCED else "joint.held"
    title = words(key, who=escape(named(words, now, invitation)), **about(words, now))
    why = why_held(words, title, answer, now.team.time_zone)
    return Message([why, what_now(words, answer, with_line(words, now, invitation))])


NOTIFICATIONS: tuple[Declared, ...] = (
    *item_messages(
        joint_meeting_view,
        standing,
        {
            Kind.JOINT_CALLED: called,
            Kind.JOINT_INVITED: invited,
            Kind.JOINT_ENTRY: entry,
            Kind.JOINT_SOON: soon,
            Kind.JOINT_REGISTER: register,
        },
    ),
    Job(Kind.JOINT_MAIL, mails(next_joint_invite, joint_invite_concluded)),
    PersonMessage(Kind.JOINT_HELD, held),
)
