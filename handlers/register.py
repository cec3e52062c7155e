"""Every listener, registered explicitly."""

from __future__ import annotations

import re

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


def register(app: AsyncApp, services: Services) -> None:
    """Register every listener."""
    app.error(error_handler(services))
    app.middleware(people_of(services.workspace_id))
    app.middleware(guests_of(services))
    app.command(COMMAND)(on_command(services, tot))
    _actions(app, services)
    _views(app, services)
    _events(app, services)


def _actions(app: AsyncApp, services: Services) -> None:
    app.action(ActionId.ACKNOWLEDGE)(on_press(services, asked.confirm_confidentiality))
    app.action(ActionId.PASS_ON)(on_press(services, asked.send_on))
    app.action(ActionId.CONFIRM)(on_press(services, asked.confirm))
    app.action(ActionId.DECLINE)(on_press(services, asked.decline))
    app.action(ActionId.LEFT_OVER)(on_press(services, asked.part_is_over))
    app.action(ActionId.LEFT_STAYS)(on_press(services, asked.stays))
    app.action(ActionId.RECORD_ACKNOWLEDGEMENT)(on_press(services, on_card.record_acknowledgement))
    app.action(ActionId.RECORD_ANSWER)(on_press(services, on_card.record_answer))
    app.action(ActionId.ATTENDANCE)(on_press(services, of_meeting.attendance))
    app.action(ActionId.NEXT_MEETING)(on_press(services, on_card.next_meeting))
    app.action(ActionId.INVOLVEMENT)(on_press(services, on_card.involvement))
    app.action(ActionId.NAME_ATTENDEE)(on_press(services, of_chain.name_attendee))
    app.action(ActionId.NAME_DEPUTY)(on_press(services, of_deputies.name))
    app.action(ActionId.APPROVE_DEPUTY)(on_press(services, of_deputies.approve))
    app.action(ActionId.REFUSE_DEPUTY)(on_press(services, of_deputies.refuse))
    app.action(ActionId.APPROVE_CONTACT)(on_press(services, of_agency.approve_contact))
    app.action(ActionId.REFUSE_CONTACT)(on_press(services, of_agency.refuse_contact))
    app.action(ActionId.PROPOSED_MEETING)(on_press(services, of_phases.proposed_meeting))
    app.action(ActionId.WAIT)(on_press(services, of_phases.wait))
    app.action(ActionId.OPEN_CASE)(on_press(services, on_card.open_case))
    app.action(ActionId.HELP)(on_press(services, profile.help))
    app.action(ActionId.LANGUAGE)(on_press(services, profile.language))
    app.action(ActionId.ARRIVE)(on_press(services, of_meeting.present))
    app.action(ActionId.RECORD_ARRIVALS)(on_press(services, of_meeting.others))
    app.action(ActionId.TICK)(on_press(services, of_meeting.tick))
    app.action(ActionId.CHAIR)(on_press(services, of_meeting.chair))
    app.action(ActionId.GO_ON)(on_press(services, of_meeting.go_on))
    app.action(ActionId.POSTPONE)(on_press(services, of_meeting.postpone))
    app.action(ActionId.CORRECT)(on_press(services, of_meeting.correct))
    app.action(ActionId.EXPLAIN_ABSENCE)(on_press(services, of_meeting.explain_absence))
    _outside_actions(app, services)
    app.action(ActionId.AGREE_ACTION)(on_press(services, pressed_agreed.agree))
    app.action(ActionId.ACTIONS)(on_press(services, pressed_agreed.see_all))
    app.action(ActionId.ACTION_DONE)(on_press(services, pressed_agreed.done))
    app.action(ActionId.CHANGE_ACTION)(on_press(services, pressed_agreed.change))
    app.action(ActionId.END_ACTION)(on_press(services, pressed_agreed.end))
    app.action(ActionId.NEEDS)(on_press(services, pressed_agreed.needs))
    app.action(ActionId.TAKE_NEED)(on_press(services, pressed_agreed.take))
    app.action(ActionId.PLAN_MEETING)(on_press(services, pressed_dates.plan_meeting))
    app.action(ActionId.END_PLACEMENT)(on_press(services, pressed_dates.end_placement))
    app.action(ActionId.END_DEADLINE)(on_press(services, pressed_dates.end_one))
    app.action(_ANYTHING)(on_press(services, profile.unknown))


def _outside_actions(app: AsyncApp, services: Services) -> None:
    app.action(ActionId.PRINT_ROSTER)(on_press(services, roster.page))
    app.action(ActionId.ASK_GUIDANCE)(on_press(services, outside.ask_guidance))
    app.action(ActionId.ANSWER_GUIDANCE)(on_press(services, outside.answer_guidance))
    app.action(ActionId.INVITE_TO_TALK)(on_press(services, outside.invite_to_talk))
    app.action(ActionId.CLOSE_GUIDANCE)(on_press(services, outside.close_guidance))
    app.action(ActionId.DECLINE_CONVENING)(on_press(services, outside.decline_convening))
    app.action(ActionId.JOINT_COMES)(on_press(services, joint.comes))
    app.action(ActionId.JOINT_STAYS_AWAY)(on_press(services, joint.stays_away))
    app.action(ActionId.JOINT_MOVE)(on_press(services, joint.move))
    app.action(ActionId.JOINT_CANCEL)(on_press(services, joint.cancel))
    app.action(ActionId.JOINT_REGISTER)(on_press(services, joint.register))
    app.action(ActionId.OPEN_CASE_FROM)(on_press(services, outside.open_case))


def _views(app: AsyncApp, services: Services) -> None:
    app.view(ViewId.CHOOSE_TEAM)(on_submission(services, choose.team))
    app.view(ViewId.OPEN_CASE)(on_submission(services, open_case.filled_in))
    app.view(ViewId.OPEN_CASE_REVIEW)(on_submission(services, open_case.sent))
    app.view(ViewId.INVITE)(on_submission(services, invite.filled_in))
    app.view(ViewId.INVITE_REVIEW)(on_submission(services, invite.sent))
    app.view(ViewId.RELEASE)(on_submission(services, case.release))
    app.view(ViewId.INVOLVEMENT)(on_submission(services, case.involvement))
    app.view(ViewId.MEETING)(on_submission(services, meeting.call_filled_in))
    app.view(ViewId.MEETING_REVIEW)(on_submission(services, meeting.call_sent))
    app.view(ViewId.CHOOSE_MEETING)(on_submission(services, choose.meeting))
    app.view(ViewId.MOVE)(on_submission(services, meeting.move_filled_in))
    app.view(ViewId.MOVE_REVIEW)(on_submission(services, meeting.move_sent))
    app.view(ViewId.CANCEL)(on_submission(services, meeting.cancelled))
    app.view(ViewId.ATTENDANCE)(on_submission(services, in_register.attendance))
    app.view(ViewId.DECLINE)(on_submission(services, answers.decline))
    app.view(ViewId.PASS_ON)(on_submission(services, answers.passed_on))
    app.view(ViewId.RECORD_ACKNOWLEDGEMENT)(on_submission(services, answers.acknowledgement))
    app.view(ViewId.RECORD_ANSWER)(on_submission(services, answers.answer))
    app.view(ViewId.NAME_ATTENDEE)(on_submission(services, escalation.attendee))
    app.view(ViewId.CHOOSE_ASK)(on_submission(services, deputies.chosen_ask))
    app.view(ViewId.NAME_DEPUTY)(on_submission(services, deputies.named))
    app.view(ViewId.REFUSE_DEPUTY)(on_submission(services, deputies.refused))
    app.view(ViewId.CHOOSE_SEAT)(on_submission(services, deputies.chosen_seat))
    app.view(ViewId.HAND_OVER)(on_submission(services, deputies.handed_over))
    app.view(ViewId.CHOOSE_AGENCY)(on_submission(services, agency.chosen))
    app.view(ViewId.AGENCY)(on_submission(services, agency.what))
    app.view(ViewId.DUTY_LINE)(on_submission(services, agency.duty_line))
    app.view(ViewId.CONTACT)(on_submission(services, agency.contact))
    app.view(ViewId.ABSENCE)(on_submission(services, agency.own_absence))
    app.view(ViewId.ABSENCE_DEPUTIES)(on_submission(services, agency.absence_deputies))
    app.view(ViewId.PHASE)(on_submission(services, phases.phase))
    app.view(ViewId.WAIT)(on_submission(services, phases.waits))
    app.view(ViewId.CLOSE)(on_submission(services, of_persons.close))
    app.view(ViewId.ADD_PERSONS)(on_submission(services, of_persons.added))
    app.view(ViewId.APPOINT)(on_submission(services, of_people.coordinators))
    app.view(ViewId.REPORT)(on_submission(services, of_report.ordered))
    app.view(ViewId.LANGUAGE)(on_submission(services, of_people.language))
    app.view(ViewId.ARRIVALS)(on_submission(services, in_register.arrivals))
    app.view(ViewId.CHAIR)(on_submission(services, in_register.chair))
    app.view(ViewId.GO_ON)(on_submission(services, in_register.goes_on))
    app.view(ViewId.CORRECT)(on_submission(services, in_register.correction))
    app.view(ViewId.EXPLAIN_ABSENCE)(on_submission(services, in_register.absence))
    _outside_views(app, services)
    for view_id, listener in links.VIEWS.items():
        app.view(view_id)(on_submission(services, listener))
    app.view(ViewId.ACTION)(on_submission(services, of_agreed.filled_in))
    app.view(ViewId.ACTION_REVIEW)(on_submission(services, of_agreed.sent))
    app.view(ViewId.ACTIONS)(on_submission(services, of_agreed.one_ended))
    app.view(ViewId.CHANGE_ACTION)(on_submission(services, of_agreed.changed))
    app.view(ViewId.CHANGE_ACTION_REVIEW)(on_submission(services, of_agreed.change_sent))
    app.view(ViewId.END_ACTION)(on_submission(services, of_agreed.ended))
    app.view(ViewId.NEEDS)(on_submission(services, of_agreed.needs))
    app.view(ViewId.OWNERS)(on_submission(services, of_agreed.owners))
    app.view(ViewId.TAKE_NEED)(on_submission(services, of_agreed.taken))
    app.view(ViewId.CHOOSE_DATE)(on_submission(services, of_dates.chosen))
    app.view(ViewId.PLACEMENT)(on_submission(services, of_dates.placement_filled_in))
    app.view(ViewId.PLACEMENT_REVIEW)(on_submission(services, of_dates.placement_sent))
    app.view(ViewId.END_PLACEMENT)(on_submission(services, of_dates.placement_ended))
    app.view(ViewId.DEADLINE)(on_submission(services, of_dates.deadline_filled_in))
    app.view(ViewId.DEADLINE_REVIEW)(on_submission(services, of_dates.deadline_sent))
    app.view(_ANYTHING)(on_submission(services, unknown_form.unknown))


def _outside_views(app: AsyncApp, services: Services) -> None:
    app.view(ViewId.ASK_GUIDANCE)(on_submission(services, of_outside.guidance_asked))
    app.view(ViewId.ANSWER_GUIDANCE)(on_submission(services, of_outside.guidance_answered))
    app.view(ViewId.INVITE_TO_TALK)(on_submission(services, of_outside.talk_proposed))
    app.view(ViewId.CLOSE_GUIDANCE)(on_submission(services, of_outside.guidance_closed))
    app.view(ViewId.ASK_TO_CONVENE)(on_submission(services, of_outside.convening_asked))
    app.view(ViewId.DECLINE_CONVENING)(on_submission(services, of_outside.convening_declined))
    app.view(ViewId.JOINT)(on_submission(services, of_joint.filled_in))
    app.view(ViewId.JOINT_REVIEW)(on_submission(services, of_joint.sent))
    app.view(ViewId.JOINT_MOVE)(on_submission(services, of_joint.move_filled_in))
    app.view(ViewId.JOINT_MOVE_REVIEW)(on_submission(services, of_joint.move_sent))
    app.view(ViewId.JOINT_CANCEL)(on_submission(services, of_joint.cancelled))
    app.view(ViewId.JOINT_REGISTER)(on_submission(services, of_joint.registered))


def _events(app: AsyncApp, services: Services) -> None:
    on_event(app, services, "message", MessageEvent, messages.message)
    on_event(app, services, "member_joined_channel", MemberEvent, people.joined)
    on_event(app, services, "member_left_channel", MemberEvent, people.left)
    on_event(app, services, "user_change", AccountEvent, people.account)
    on_event(app, services, "app_home_opened", HomeEvent, people.home)
