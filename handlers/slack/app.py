"""Every listener, registered explicitly."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp

from handlers.actions import actions as actions_actions
from handlers.actions import submissions as actions_submissions
from handlers.answers import actions as answers_actions
from handlers.answers import submissions as answers_submissions
from handlers.attendance import actions as attendance_actions
from handlers.attendance import submissions as attendance_submissions
from handlers.case import actions as case_actions
from handlers.case import submissions as case_submissions
from handlers.convening import actions as convening_actions
from handlers.convening import submissions as convening_submissions
from handlers.dates import actions as dates_actions
from handlers.dates import submissions as dates_submissions
from handlers.deputies import actions as deputies_actions
from handlers.deputies import submissions as deputies_submissions
from handlers.directory import actions as directory_actions
from handlers.directory import commands as directory_commands
from handlers.directory import submissions as directory_submissions
from handlers.escalation import actions as escalation_actions
from handlers.escalation import submissions as escalation_submissions
from handlers.guidance import actions as guidance_actions
from handlers.guidance import submissions as guidance_submissions
from handlers.involvement import actions as involvement_actions
from handlers.involvement import submissions as involvement_submissions
from handlers.joint import actions as joint_actions
from handlers.joint import submissions as joint_submissions
from handlers.lifecycle import actions as lifecycle_actions
from handlers.lifecycle import submissions as lifecycle_submissions
from handlers.links import submissions as links_submissions
from handlers.meeting import actions as meeting_actions
from handlers.meeting import submissions as meeting_submissions
from handlers.overview import actions as overview_actions
from handlers.overview import submissions as overview_submissions
from handlers.persons import submissions as persons_submissions
from handlers.profile import actions as profile_actions
from handlers.profile import submissions as profile_submissions
from handlers.report import submissions as report_submissions
from handlers.room import events as room_events
from handlers.slack.bolt_adapters import on_action, on_command, on_event, on_submission
from handlers.slack.commands import COMMAND, tot
from handlers.slack.error_replies import error_handler
from handlers.slack.events import AccountEvent, HomeEvent, MemberEvent, MessageEvent
from handlers.slack.guest_middleware import guest_middleware
from handlers.slack.ids import ActionId, ViewId
from handlers.slack.middleware import people_only
from handlers.slack.requests import ActionRequest, SubmissionRequest
from handlers.slack.services import Services

_ANYTHING = re.compile("")
#: What a button, a select or a menu does.
PRESSED: Mapping[str, Callable[[ActionRequest], Awaitable[None]]] = {
    ActionId.ACKNOWLEDGE: involvement_actions.confirm_confidentiality,
    ActionId.PASS_ON: involvement_actions.send_on,
    ActionId.CONFIRM: answers_actions.confirm,
    ActionId.DECLINE: answers_actions.decline,
    ActionId.LEFT_OVER: involvement_actions.part_is_over,
    ActionId.LEFT_STAYS: involvement_actions.stays,
    ActionId.RECORD_ACKNOWLEDGEMENT: involvement_actions.record_acknowledgement,
    ActionId.RECORD_ANSWER: answers_actions.record_answer,
    ActionId.ATTENDANCE: attendance_actions.attendance,
    ActionId.NEXT_MEETING: meeting_actions.next_meeting,
    ActionId.INVOLVEMENT: involvement_actions.involvement,
    ActionId.NAME_ATTENDEE: escalation_actions.name_attendee,
    ActionId.NAME_DEPUTY: deputies_actions.name,
    ActionId.APPROVE_DEPUTY: deputies_actions.approve,
    ActionId.REFUSE_DEPUTY: deputies_actions.refuse,
    ActionId.APPROVE_CONTACT: directory_actions.approve_contact,
    ActionId.REFUSE_CONTACT: directory_actions.refuse_contact,
    ActionId.PROPOSED_MEETING: meeting_actions.proposed_meeting,
    ActionId.WAIT: lifecycle_actions.wait,
    ActionId.OPEN_CASE: case_actions.open_case,
    ActionId.HELP: overview_actions.help,
    ActionId.LANGUAGE: profile_actions.language,
    ActionId.ARRIVE: attendance_actions.present,
    ActionId.RECORD_ARRIVALS: attendance_actions.others,
    ActionId.TICK: attendance_actions.tick,
    ActionId.CHAIR: attendance_actions.chair,
    ActionId.GO_ON: attendance_actions.go_on,
    ActionId.POSTPONE: attendance_actions.postpone,
    ActionId.CORRECT: attendance_actions.correct,
    ActionId.EXPLAIN_ABSENCE: attendance_actions.explain_absence,
    ActionId.AGREE_ACTION: actions_actions.agree,
    ActionId.ACTIONS: actions_actions.see_all,
    ActionId.ACTION_DONE: actions_actions.done,
    ActionId.CHANGE_ACTION: actions_actions.change,
    ActionId.END_ACTION: actions_actions.end,
    ActionId.NEEDS: actions_actions.needs,
    ActionId.TAKE_NEED: actions_actions.take,
    ActionId.PLAN_MEETING: dates_actions.plan_meeting,
    ActionId.END_PLACEMENT: dates_actions.end_placement,
    ActionId.END_DEADLINE: dates_actions.end_one,
    ActionId.PRINT_ROSTER: directory_commands.page,
    ActionId.ASK_GUIDANCE: guidance_actions.ask_guidance,
    ActionId.ANSWER_GUIDANCE: guidance_actions.answer_guidance,
    ActionId.INVITE_TO_TALK: guidance_actions.invite_to_talk,
    ActionId.CLOSE_GUIDANCE: guidance_actions.close_guidance,
    ActionId.DECLINE_CONVENING: convening_actions.decline_convening,
    ActionId.JOINT_COMES: joint_actions.comes,
    ActionId.JOINT_STAYS_AWAY: joint_actions.stays_away,
    ActionId.JOINT_MOVE: joint_actions.move,
    ActionId.JOINT_CANCEL: joint_actions.cancel,
    ActionId.JOINT_REGISTER: joint_actions.register,
    ActionId.OPEN_CASE_FROM: case_actions.open_case_from,
}
#: What a form does when it is submitted.
SUBMITTED: Mapping[str, Callable[[SubmissionRequest], Awaitable[None]]] = {
    ViewId.CHOOSE_TEAM: overview_submissions.team,
    ViewId.OPEN_CASE: case_submissions.filled_in,
    ViewId.OPEN_CASE_REVIEW: case_submissions.sent,
    ViewId.INVITE: involvement_submissions.filled_in,
    ViewId.INVITE_REVIEW: involvement_submissions.sent,
    ViewId.RELEASE: involvement_submissions.release,
    ViewId.INVOLVEMENT: involvement_submissions.involvement,
    ViewId.MEETING: meeting_submissions.call_filled_in,
    ViewId.MEETING_REVIEW: meeting_submissions.call_sent,
    ViewId.CHOOSE_MEETING: meeting_submissions.meeting,
    ViewId.MOVE: meeting_submissions.move_filled_in,
    ViewId.MOVE_REVIEW: meeting_submissions.move_sent,
    ViewId.CANCEL: meeting_submissions.cancelled,
    ViewId.ATTENDANCE: attendance_submissions.attendance,
    ViewId.DECLINE: answers_submissions.decline,
    ViewId.PASS_ON: involvement_submissions.passed_on,
    ViewId.RECORD_ACKNOWLEDGEMENT: involvement_submissions.acknowledgement,
    ViewId.RECORD_ANSWER: answers_submissions.answer,
    ViewId.NAME_ATTENDEE: escalation_submissions.attendee,
    ViewId.CHOOSE_ASK: deputies_submissions.chosen_ask,
    ViewId.NAME_DEPUTY: deputies_submissions.named,
    ViewId.REFUSE_DEPUTY: deputies_submissions.refused,
    ViewId.CHOOSE_SEAT: deputies_submissions.chosen_seat,
    ViewId.HAND_OVER: deputies_submissions.handed_over,
    ViewId.CHOOSE_AGENCY: directory_submissions.chosen,
    ViewId.AGENCY: directory_submissions.what,
    ViewId.DUTY_LINE: directory_submissions.duty_line,
    ViewId.CONTACT: directory_submissions.contact,
    ViewId.ABSENCE: directory_submissions.own_absence,
    ViewId.ABSENCE_DEPUTIES: directory_submissions.absence_deputies,
    ViewId.PHASE: lifecycle_submissions.phase,
    ViewId.WAIT: lifecycle_submissions.waits,
    ViewId.CLOSE: lifecycle_submissions.close,
    ViewId.ADD_PERSONS: persons_submissions.added,
    ViewId.APPOINT: directory_submissions.coordinators,
    ViewId.REPORT: report_submissions.ordered,
    ViewId.LANGUAGE: profile_submissions.language,
    ViewId.ARRIVALS: attendance_submissions.arrivals,
    ViewId.CHAIR: attendance_submissions.chair,
    ViewId.GO_ON: attendance_submissions.goes_on,
    ViewId.CORRECT: attendance_submissions.correction,
    ViewId.EXPLAIN_ABSENCE: attendance_submissions.absence,
    ViewId.ACTION: actions_submissions.filled_in,
    ViewId.ACTION_REVIEW: actions_submissions.sent,
    ViewId.ACTIONS: actions_submissions.one_ended,
    ViewId.CHANGE_ACTION: actions_submissions.changed,
    ViewId.CHANGE_ACTION_REVIEW: actions_submissions.change_sent,
    ViewId.END_ACTION: actions_submissions.ended,
    ViewId.NEEDS: actions_submissions.needs,
    ViewId.OWNERS: actions_submissions.owners,
    ViewId.TAKE_NEED: actions_submissions.taken,
    ViewId.CHOOSE_DATE: dates_submissions.chosen,
    ViewId.PLACEMENT: dates_submissions.placement_filled_in,
    ViewId.PLACEMENT_REVIEW: dates_submissions.placement_sent,
    ViewId.END_PLACEMENT: dates_submissions.placement_ended,
    ViewId.DEADLINE: dates_submissions.deadline_filled_in,
    ViewId.DEADLINE_REVIEW: dates_submissions.deadline_sent,
    ViewId.ASK_GUIDANCE: guidance_submissions.guidance_asked,
    ViewId.ANSWER_GUIDANCE: guidance_submissions.guidance_answered,
    ViewId.INVITE_TO_TALK: guidance_submissions.talk_proposed,
    ViewId.CLOSE_GUIDANCE: guidance_submissions.guidance_closed,
    ViewId.ASK_TO_CONVENE: convening_submissions.convening_asked,
    ViewId.DECLINE_CONVENING: convening_submissions.convening_declined,
    ViewId.JOINT: joint_submissions.filled_in,
    ViewId.JOINT_REVIEW: joint_submissions.sent,
    ViewId.JOINT_MOVE: joint_submissions.move_filled_in,
    ViewId.JOINT_MOVE_REVIEW: joint_submissions.move_sent,
    ViewId.JOINT_CANCEL: joint_submissions.cancelled,
    ViewId.JOINT_REGISTER: joint_submissions.registered,
    ViewId.LINK_MENU: links_submissions.chosen,
    ViewId.LINK: links_submissions.linked,
    ViewId.LIAISON: links_submissions.liaison,
    ViewId.SPLIT: links_submissions.split_filled_in,
    ViewId.SPLIT_REVIEW: links_submissions.split_sent,
}


def register(app: AsyncApp, services: Services) -> None:
    """Register every listener.

    Bolt asks one listener after the other whether a request is theirs, so buttons and forms have one each,
    which looks the id up.
    """
    app.error(error_handler(services))
    app.middleware(people_only(services.workspace_id))
    app.middleware(guest_middleware(services))
    app.command(COMMAND)(on_command(services, tot))
    app.action(_ANYTHING)(on_action(services, PRESSED, otherwise=overview_actions.unknown))
    app.view(_ANYTHING)(on_submission(services, SUBMITTED, otherwise=overview_submissions.unknown))
    on_event(app, services, "message", MessageEvent, room_events.message)
    on_event(app, services, "member_joined_channel", MemberEvent, room_events.joined)
    on_event(app, services, "member_left_channel", MemberEvent, room_events.left)
    on_event(app, services, "user_change", AccountEvent, room_events.account)
    on_event(app, services, "app_home_opened", HomeEvent, room_events.home)
