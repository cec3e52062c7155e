"""Every kind of message, and what makes it: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

from bot.domain.directory import Team
from bot.domain.intents import REPORTS, Kind
from bot.texts import Words
from handlers.blocks import (
    absences,
    acknowledgements,
    action_messages,
    by_calendar,
    calls,
    date_messages,
    deputies,
    escalation,
    liaisons,
    minutes,
    notices,
    persons,
    phases,
    reminders,
    roll_call,
)
from handlers.blocks.card import card
from handlers.blocks.elements import section
from handlers.blocks.invite import invite
from handlers.blocks.scene import File, Message, Scene, escape
from handlers.blocks.summons import open_asks, summary, summons

__all__ = ["NOT_OF_A_SCENE", "Documents", "Renderer", "appointed", "open_asks", "summary"]

Renderer = Callable[[Scene], Message | File | None]

#: Kinds that are not made of one case as one reader sees it.
NOT_OF_A_SCENE = frozenset(
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


class Documents:
    """Makes every message that follows from one case.

    `organizer` is the calendar entries' e-mail address; `by_mail` tells whether a mail server is set.
    """

    def __init__(self, organizer: str, *, by_mail: bool = False) -> None:
        self.renderers: Mapping[Kind, Renderer] = MappingProxyType(
            {
                Kind.CASE_ACKNOWLEDGEMENT: acknowledgements.case_acknowledgement,
                Kind.ACKNOWLEDGEMENT: acknowledgements.acknowledgement,
                Kind.SUMMONS: summons,
                Kind.INVITE: partial(invite, organizer=organizer, by_mail=by_mail),
                Kind.CALL_LIST: calls.call_list,
                Kind.CALENDAR_ANSWER: by_calendar.calendar_answer,
                Kind.HELD_REPLY: by_calendar.held_reply,
                Kind.MAIL_WAITS: by_calendar.mail_waits,
                Kind.DECLINED_ALONE: notices.declined_alone,
                Kind.DEPUTY_APPROVAL: deputies.deputy_approval,
                Kind.DEPUTY_WAITS: deputies.deputy_waits,
                Kind.DEPUTY_REFUSED: deputies.deputy_refused,
                Kind.HANDED_OVER: deputies.handed_over,
                Kind.SUCCESSOR_UNCONFIRMED: acknowledgements.successor_unconfirmed,
                Kind.SUCCESSOR_SILENT: deputies.successor_silent,
                Kind.PART_OVER: notices.part_over,
                Kind.AGENCY_LEFT: notices.agency_left,
                Kind.MEETING_MOVED: notices.meeting_moved,
                Kind.MEETING_CANCELLED: notices.meeting_cancelled,
                Kind.PHASE_CHANGED: phases.phase_changed,
                Kind.PERSONS_CHANGED: persons.persons_changed,
                Kind.LIAISON_UNCONFIRMED: liaisons.liaison_unconfirmed,
                Kind.LIAISON_SILENT: liaisons.liaison_silent,
                Kind.LIAISON_LEFT: liaisons.liaison_left,
                Kind.MEETING_PROPOSED: phases.meeting_proposed,
                Kind.CASE_WAITS: phases.case_waits,
                Kind.CASE_GOES_ON: phases.case_goes_on,
                Kind.RELEASE_OFFERED: phases.release_offered,
                Kind.CONTACT_DUE: phases.contact_due,
                Kind.CASE_CLOSED: notices.case_closed,
                Kind.DELETION_SOON: notices.deletion_soon,
                Kind.INTRUDER: notices.intruder,
                Kind.KICK_REFUSED: notices.kick_refused,
                Kind.SEAT_LEFT: notices.seat_left,
                Kind.NOT_DELIVERED: notices.not_delivered,
                Kind.ROLL_CALL: roll_call.roll_call,
                Kind.QUORUM: roll_call.quorum,
                Kind.MINUTES: minutes.minutes,
                Kind.ABSENCE_REASON: absences.absence_reason,
                Kind.ABSENCE_TOLD: absences.absence_told,
                Kind.ABSENCE: absences.absence,
                Kind.DIRECTOR_TEXT: absences.director_text,
                Kind.UNANSWERED: reminders.unanswered,
                Kind.LEADER_ASKED: escalation.leader_asked,
                Kind.CHAIN_EXHAUSTED: escalation.chain_exhausted,
                Kind.MEETING_SOON: reminders.meeting_soon,
                Kind.REGISTER: reminders.register,
                Kind.NO_MEETING_AHEAD: reminders.no_meeting_ahead,
                Kind.ACTION_AGREED: action_messages.action_agreed,
                Kind.ACTION_DUE: action_messages.action_due,
                Kind.ACTION_CALL: action_messages.action_call,
                Kind.ACTION_LEADER: action_messages.action_leader,
                Kind.ACTION_OVERDUE: action_messages.action_overdue,
                Kind.PLACEMENT_MEETING: date_messages.placement_meeting,
                Kind.PLACEMENT_TOLD: date_messages.placement_told,
                Kind.PLACEMENT_END: date_messages.placement_end,
                Kind.DEADLINE_DUE: date_messages.deadline_due,
            }
        )

    def render(self, scene: Scene) -> Message | File | None:
        """The message or file as it should stand now; None when it must not stand, or is nothing of ours."""
        renderer = self.renderers.get(scene.intent.kind)
        if renderer is None or scene.file.case.purged_at is not None:
            return None
        return renderer(scene)

    def card(self, scene: Scene) -> Message:
        """The card of a case, for its room."""
        return card(scene)


def appointed(words: Words, team: Team) -> Message:
    """To a new coordinator: what they can do now."""
    name = escape(team.name)
    text = words("appointed.text", team=name)
    return Message(words("appointed.notice", team=name), [section(text)])
