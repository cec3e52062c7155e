"""Every kind of message, and what makes it: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from bot.domain.notifications import REPORTS, Kind
from handlers.actions import messages as actions_messages
from handlers.answers import messages as answers_messages
from handlers.answers.messages import summons
from handlers.attendance import messages as attendance_messages
from handlers.attendance import minutes
from handlers.blocks.context import File, Message, RenderContext
from handlers.calendar import messages as calendar_messages
from handlers.calendar.invite import invite
from handlers.dates import messages as dates_messages
from handlers.deputies import messages as deputies_messages
from handlers.escalation import messages as escalation_messages
from handlers.involvement import messages as involvement_messages
from handlers.lifecycle import messages as lifecycle_messages
from handlers.links import messages as links_messages
from handlers.meeting import messages as meeting_messages
from handlers.overview.card import card
from handlers.persons import messages as persons_messages
from handlers.room import messages as room_messages

Renderer = Callable[[RenderContext], Message | File | None]
#: Kinds that are not made of one case as one reader sees it.
NOT_OF_ONE_CASE = frozenset(
    {
        *(Kind.ROOM, Kind.HOME, Kind.PURGE, Kind.SUMMARY, Kind.OPEN_ASKS, Kind.APPOINTED),
        *(Kind.MAIL_INVITE, Kind.MAIL_CALL, Kind.ROSTER_PAGE),
        *(Kind.MAIL_INVITE, Kind.MAIL_CALL, Kind.ESCALATION),
        *(Kind.MAIL_INVITE, Kind.MAIL_CALL),
        *REPORTS,
        *(Kind.CONTACT_APPROVAL, Kind.CONTACT_DECIDED),
        *(Kind.MAIL_INVITE, Kind.MAIL_CALL, Kind.ROSTER_PAGE, Kind.FORGET),
        *(Kind.GUIDANCE_ASKED, Kind.GUIDANCE_STANDS, Kind.GUIDANCE_ANSWER),
        *(Kind.GUIDANCE_TALK, Kind.GUIDANCE_WAITS),
        *(Kind.JOINT_CALLED, Kind.JOINT_INVITED, Kind.JOINT_ENTRY, Kind.JOINT_SOON, Kind.JOINT_REGISTER),
        *(Kind.JOINT_MAIL, Kind.JOINT_POST, Kind.JOINT_HELD),
        *(Kind.CONVENE_ASKED, Kind.CONVENE_STANDS, Kind.CONVENE_DECIDED, Kind.CONVENE_WAITS),
        *(Kind.MAIL_INVITE, Kind.MAIL_CALL, Kind.LIAISON_ENDS),
    }
)


class MessageRegistry:
    """Makes every message that follows from one case.

    `organizer` is the calendar entries' e-mail address; `by_mail` tells whether a mail server is set.
    """

    def __init__(self, organizer: str, *, by_mail: bool = False) -> None:
        self.renderers: Mapping[Kind, Renderer] = MappingProxyType(
            {
                Kind.CASE_ACKNOWLEDGEMENT: involvement_messages.case_acknowledgement,
                Kind.ACKNOWLEDGEMENT: involvement_messages.acknowledgement,
                Kind.SUMMONS: summons,
                Kind.INVITE: partial(invite, organizer=organizer, by_mail=by_mail),
                Kind.CALL_LIST: answers_messages.call_list,
                Kind.CALENDAR_ANSWER: calendar_messages.calendar_answer,
                Kind.HELD_REPLY: calendar_messages.held_reply,
                Kind.MAIL_WAITS: calendar_messages.mail_waits,
                Kind.DECLINED_ALONE: answers_messages.declined_alone,
                Kind.DEPUTY_APPROVAL: deputies_messages.deputy_approval,
                Kind.DEPUTY_WAITS: deputies_messages.deputy_waits,
                Kind.DEPUTY_REFUSED: deputies_messages.deputy_refused,
                Kind.HANDED_OVER: deputies_messages.handed_over,
                Kind.SUCCESSOR_UNCONFIRMED: involvement_messages.successor_unconfirmed,
                Kind.SUCCESSOR_SILENT: deputies_messages.successor_silent,
                Kind.PART_OVER: involvement_messages.part_over,
                Kind.AGENCY_LEFT: involvement_messages.agency_left,
                Kind.MEETING_MOVED: meeting_messages.meeting_moved,
                Kind.MEETING_CANCELLED: meeting_messages.meeting_cancelled,
                Kind.PHASE_CHANGED: lifecycle_messages.phase_changed,
                Kind.PERSONS_CHANGED: persons_messages.persons_changed,
                Kind.LIAISON_UNCONFIRMED: links_messages.liaison_unconfirmed,
                Kind.LIAISON_SILENT: links_messages.liaison_silent,
                Kind.LIAISON_LEFT: links_messages.liaison_left,
                Kind.MEETING_PROPOSED: meeting_messages.meeting_proposed,
                Kind.CASE_WAITS: lifecycle_messages.case_waits,
                Kind.CASE_GOES_ON: lifecycle_messages.case_goes_on,
                Kind.RELEASE_OFFERED: lifecycle_messages.release_offered,
                Kind.CONTACT_DUE: lifecycle_messages.contact_due,
                Kind.CASE_CLOSED: lifecycle_messages.case_closed,
                Kind.DELETION_SOON: lifecycle_messages.deletion_soon,
                Kind.INTRUDER: room_messages.intruder,
                Kind.KICK_REFUSED: room_messages.kick_refused,
                Kind.SEAT_LEFT: involvement_messages.seat_left,
                Kind.NOT_DELIVERED: room_messages.not_delivered,
                Kind.ROLL_CALL: attendance_messages.roll_call,
                Kind.QUORUM: attendance_messages.quorum,
                Kind.MINUTES: minutes.minutes,
                Kind.ABSENCE_REASON: attendance_messages.absence_reason,
                Kind.ABSENCE_TOLD: attendance_messages.absence_told,
                Kind.ABSENCE: attendance_messages.absence,
                Kind.DIRECTOR_TEXT: attendance_messages.director_text,
                Kind.UNANSWERED: answers_messages.unanswered,
                Kind.LEADER_ASKED: escalation_messages.leader_asked,
                Kind.CHAIN_EXHAUSTED: escalation_messages.chain_exhausted,
                Kind.MEETING_SOON: meeting_messages.meeting_soon,
                Kind.REGISTER: attendance_messages.register,
                Kind.NO_MEETING_AHEAD: meeting_messages.no_meeting_ahead,
                Kind.ACTION_AGREED: actions_messages.action_agreed,
                Kind.ACTION_DUE: actions_messages.action_due,
                Kind.ACTION_CALL: actions_messages.action_call,
                Kind.ACTION_LEADER: actions_messages.action_leader,
                Kind.ACTION_OVERDUE: actions_messages.action_overdue,
                Kind.PLACEMENT_MEETING: dates_messages.placement_meeting,
                Kind.PLACEMENT_TOLD: dates_messages.placement_told,
                Kind.PLACEMENT_END: dates_messages.placement_end,
                Kind.DEADLINE_DUE: dates_messages.deadline_due,
            }
        )

    def render(self, ctx: RenderContext) -> Message | File | None:
        """The message or file as it should stand now; None when it must not stand, or is nothing of ours."""
        renderer = self.renderers.get(ctx.intent.kind)
        if renderer is None or ctx.file.case.purged_at is not None:
            return None
        return renderer(ctx)

    def card(self, ctx: RenderContext) -> Message:
        """The card of a case, for its room."""
        return card(ctx)
