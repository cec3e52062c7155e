"""Every listener, registered explicitly."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp

from handlers.actions import agency as of_agency
from handlers.actions import agreed as pressed_agreed
from handlers.actions import answers as asked
from handlers.actions import case as on_card
from handlers.actions import dates as pressed_dates
from handlers.actions import deputies as of_deputies
from handlers.actions import escalation as of_chain
from handlers.actions import joint, outside, profile
from handlers.actions import meeting as of_meeting
from handlers.actions import phases as of_phases
from handlers.commands import roster
from handlers.commands.table import COMMAND, tot
from handlers.encounters import Pressed, Submitted
from handlers.events import messages, people
from handlers.events.payloads import AccountEvent, HomeEvent, MemberEvent, MessageEvent
from handlers.ids import ActionId, ViewId
from handlers.listening import on_command, on_event, on_press, on_submission
from handlers.middlewares import people_of
from handlers.outsiders import guests_of
from handlers.refusals import error_handler
from handlers.services import Services
from handlers.views import (
    agency,
    answers,
    case,
    choose,
    deputies,
    escalation,
    invite,
    links,
    meeting,
    open_case,
    phases,
)
from handlers.views import agreed as of_agreed
from handlers.views import dates as of_dates
from handlers.views import joint as of_joint
from handlers.views import outside as of_outside
from handlers.views import people as of_people
from handlers.views import persons as of_persons
from handlers.views import register as in_register
from handlers.views import report as of_report
from handlers.views import unknown as unknown_form

_ANYTHING = re.compile("")

#: What a button, a select or a menu does.
PRESSED: Mapping[str, Callable[[Pressed], Awaitable[None]]] = {
    ActionId.ACKNOWLEDGE: asked.confirm_confidentiality,
    ActionId.PASS_ON: asked.send_on,
    ActionId.CONFIRM: asked.confirm,
    ActionId.DECLINE: asked.decline,
    ActionId.LEFT_OVER: asked.part_is_over,
    ActionId.LEFT_STAYS: asked.stays,
    ActionId.RECORD_ACKNOWLEDGEMENT: on_card.record_acknowledgement,
    ActionId.RECORD_ANSWER: on_card.record_answer,
    ActionId.ATTENDANCE: of_meeting.attendance,
    ActionId.NEXT_MEETING: on_card.next_meeting,
    ActionId.INVOLVEMENT: on_card.involvement,
    ActionId.NAME_ATTENDEE: of_chain.name_attendee,
    ActionId.NAME_DEPUTY: of_deputies.name,
    ActionId.APPROVE_DEPUTY: of_deputies.approve,
    ActionId.REFUSE_DEPUTY: of_deputies.refuse,
    ActionId.APPROVE_CONTACT: of_agency.approve_contact,
    ActionId.REFUSE_CONTACT: of_agency.refuse_contact,
    ActionId.PROPOSED_MEETING: of_phases.proposed_meeting,
    ActionId.WAIT: of_phases.wait,
    ActionId.OPEN_CASE: on_card.open_case,
    ActionId.HELP: profile.help,
    ActionId.LANGUAGE: profile.language,
    ActionId.ARRIVE: of_meeting.present,
    ActionId.RECORD_ARRIVALS: of_meeting.others,
    ActionId.TICK: of_meeting.tick,
    ActionId.CHAIR: of_meeting.chair,
    ActionId.GO_ON: of_meeting.go_on,
    ActionId.POSTPONE: of_meeting.postpone,
    ActionId.CORRECT: of_meeting.correct,
    ActionId.EXPLAIN_ABSENCE: of_meeting.explain_absence,
    ActionId.AGREE_ACTION: pressed_agreed.agree,
    ActionId.ACTIONS: pressed_agreed.see_all,
    ActionId.ACTION_DONE: pressed_agreed.done,
    ActionId.CHANGE_ACTION: pressed_agreed.change,
    ActionId.END_ACTION: pressed_agreed.end,
    ActionId.NEEDS: pressed_agreed.needs,
    ActionId.TAKE_NEED: pressed_agreed.take,
    ActionId.PLAN_MEETING: pressed_dates.plan_meeting,
    ActionId.END_PLACEMENT: pressed_dates.end_placement,
    ActionId.END_DEADLINE: pressed_dates.end_one,
    ActionId.PRINT_ROSTER: roster.page,
    ActionId.ASK_GUIDANCE: outside.ask_guidance,
    ActionId.ANSWER_GUIDANCE: outside.answer_guidance,
    ActionId.INVITE_TO_TALK: outside.invite_to_talk,
    ActionId.CLOSE_GUIDANCE: outside.close_guidance,
    ActionId.DECLINE_CONVENING: outside.decline_convening,
    ActionId.JOINT_COMES: joint.comes,
    ActionId.JOINT_STAYS_AWAY: joint.stays_away,
    ActionId.JOINT_MOVE: joint.move,
    ActionId.JOINT_CANCEL: joint.cancel,
    ActionId.JOINT_REGISTER: joint.register,
    ActionId.OPEN_CASE_FROM: outside.open_case,
}

#: What a form does when it is submitted.
SUBMITTED: Mapping[str, Callable[[Submitted], Awaitable[None]]] = {
    ViewId.CHOOSE_TEAM: choose.team,
    ViewId.OPEN_CASE: open_case.filled_in,
    ViewId.OPEN_CASE_REVIEW: open_case.sent,
    ViewId.INVITE: invite.filled_in,
    ViewId.INVITE_REVIEW: invite.sent,
    ViewId.RELEASE: case.release,
    ViewId.INVOLVEMENT: case.involvement,
    ViewId.MEETING: meeting.call_filled_in,
    ViewId.MEETING_REVIEW: meeting.call_sent,
    ViewId.CHOOSE_MEETING: choose.meeting,
    ViewId.MOVE: meeting.move_filled_in,
    ViewId.MOVE_REVIEW: meeting.move_sent,
    ViewId.CANCEL: meeting.cancelled,
    ViewId.ATTENDANCE: in_register.attendance,
    ViewId.DECLINE: answers.decline,
    ViewId.PASS_ON: answers.passed_on,
    ViewId.RECORD_ACKNOWLEDGEMENT: answers.acknowledgement,
    ViewId.RECORD_ANSWER: answers.answer,
    ViewId.NAME_ATTENDEE: escalation.attendee,
    ViewId.CHOOSE_ASK: deputies.chosen_ask,
    ViewId.NAME_DEPUTY: deputies.named,
    ViewId.REFUSE_DEPUTY: deputies.refused,
    ViewId.CHOOSE_SEAT: deputies.chosen_seat,
    ViewId.HAND_OVER: deputies.handed_over,
    ViewId.CHOOSE_AGENCY: agency.chosen,
    ViewId.AGENCY: agency.what,
    ViewId.DUTY_LINE: agency.duty_line,
    ViewId.CONTACT: agency.contact,
    ViewId.ABSENCE: agency.own_absence,
    ViewId.ABSENCE_DEPUTIES: agency.absence_deputies,
    ViewId.PHASE: phases.phase,
    ViewId.WAIT: phases.waits,
    ViewId.CLOSE: of_persons.close,
    ViewId.ADD_PERSONS: of_persons.added,
    ViewId.APPOINT: of_people.coordinators,
    ViewId.REPORT: of_report.ordered,
    ViewId.LANGUAGE: of_people.language,
    ViewId.ARRIVALS: in_register.arrivals,
    ViewId.CHAIR: in_register.chair,
    ViewId.GO_ON: in_register.goes_on,
    ViewId.CORRECT: in_register.correction,
    ViewId.EXPLAIN_ABSENCE: in_register.absence,
    ViewId.ACTION: of_agreed.filled_in,
    ViewId.ACTION_REVIEW: of_agreed.sent,
    ViewId.ACTIONS: of_agreed.one_ended,
    ViewId.CHANGE_ACTION: of_agreed.changed,
    ViewId.CHANGE_ACTION_REVIEW: of_agreed.change_sent,
    ViewId.END_ACTION: of_agreed.ended,
    ViewId.NEEDS: of_agreed.needs,
    ViewId.OWNERS: of_agreed.owners,
    ViewId.TAKE_NEED: of_agreed.taken,
    ViewId.CHOOSE_DATE: of_dates.chosen,
    ViewId.PLACEMENT: of_dates.placement_filled_in,
    ViewId.PLACEMENT_REVIEW: of_dates.placement_sent,
    ViewId.END_PLACEMENT: of_dates.placement_ended,
    ViewId.DEADLINE: of_dates.deadline_filled_in,
    ViewId.DEADLINE_REVIEW: of_dates.deadline_sent,
    ViewId.ASK_GUIDANCE: of_outside.guidance_asked,
    ViewId.ANSWER_GUIDANCE: of_outside.guidance_answered,
    ViewId.INVITE_TO_TALK: of_outside.talk_proposed,
    ViewId.CLOSE_GUIDANCE: of_outside.guidance_closed,
    ViewId.ASK_TO_CONVENE: of_outside.convening_asked,
    ViewId.DECLINE_CONVENING: of_outside.convening_declined,
    ViewId.JOINT: of_joint.filled_in,
    ViewId.JOINT_REVIEW: of_joint.sent,
    ViewId.JOINT_MOVE: of_joint.move_filled_in,
    ViewId.JOINT_MOVE_REVIEW: of_joint.move_sent,
    ViewId.JOINT_CANCEL: of_joint.cancelled,
    ViewId.JOINT_REGISTER: of_joint.registered,
    ViewId.LINK_MENU: links.chosen,
    ViewId.LINK: links.linked,
    ViewId.LIAISON: links.liaison,
    ViewId.SPLIT: links.split_filled_in,
    ViewId.SPLIT_REVIEW: links.split_sent,
}


def register(app: AsyncApp, services: Services) -> None:
    """Register every listener.

    Bolt asks one listener after the other whether a request is theirs, so buttons and forms have one each,
    which looks the id up.
    """
    app.error(error_handler(services))
    app.middleware(people_of(services.workspace_id))
    app.middleware(guests_of(services))
    app.command(COMMAND)(on_command(services, tot))
    app.action(_ANYTHING)(on_press(services, PRESSED, otherwise=profile.unknown))
    app.view(_ANYTHING)(on_submission(services, SUBMITTED, otherwise=unknown_form.unknown))
    on_event(app, services, "message", MessageEvent, messages.message)
    on_event(app, services, "member_joined_channel", MemberEvent, people.joined)
    on_event(app, services, "member_left_channel", MemberEvent, people.left)
    on_event(app, services, "user_change", AccountEvent, people.account)
    on_event(app, services, "app_home_opened", HomeEvent, people.home)
