"""Every listener, registered explicitly."""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp

from handlers.actions import agreed as pressed_agreed
from handlers.actions import answers as asked
from handlers.actions import case as on_card
from handlers.actions import dates as pressed_dates
from handlers.actions import profile
from handlers.commands.table import COMMAND, tot
from handlers.events import messages, people
from handlers.events.payloads import AccountEvent, HomeEvent, MemberEvent, MessageEvent
from handlers.ids import ActionId, ViewId
from handlers.listening import on_command, on_event, on_press, on_submission
from handlers.middlewares import people_of
from handlers.refusals import error_handler
from handlers.services import Services
from handlers.views import agreed as of_agreed
from handlers.views import answers, case, choose, invite, meeting, open_case
from handlers.views import dates as of_dates
from handlers.views import people as of_people
from handlers.views import unknown as unknown_form

_ANYTHING = re.compile("")


def register(app: AsyncApp, services: Services, workspace_id: str | None = None) -> None:
    """Register every listener. `workspace_id` is the installed one's: what comes from others is refused."""
    app.error(error_handler(services))
    app.middleware(people_of(workspace_id))
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
    app.action(ActionId.ATTENDANCE)(on_press(services, on_card.attendance))
    app.action(ActionId.NEXT_MEETING)(on_press(services, on_card.next_meeting))
    app.action(ActionId.INVOLVEMENT)(on_press(services, on_card.involvement))
    app.action(ActionId.OPEN_CASE)(on_press(services, on_card.open_case))
    app.action(ActionId.HELP)(on_press(services, profile.help))
    app.action(ActionId.LANGUAGE)(on_press(services, profile.language))
    app.action(ActionId.AGREE_ACTION)(on_press(services, pressed_agreed.agree))
    app.action(ActionId.ACTIONS)(on_press(services, pressed_agreed.see_all))
    app.action(ActionId.ACTION_DONE)(on_press(services, pressed_agreed.done))
    app.action(ActionId.END_ACTION)(on_press(services, pressed_agreed.end))
    app.action(ActionId.NEEDS)(on_press(services, pressed_agreed.needs))
    app.action(ActionId.TAKE_NEED)(on_press(services, pressed_agreed.take))
    app.action(ActionId.PLAN_MEETING)(on_press(services, pressed_dates.plan_meeting))
    app.action(ActionId.END_PLACEMENT)(on_press(services, pressed_dates.end_placement))
    app.action(ActionId.END_DEADLINE)(on_press(services, pressed_dates.end_one))
    app.action(_ANYTHING)(on_press(services, profile.unknown))


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
    app.view(ViewId.ATTENDANCE)(on_submission(services, case.attendance))
    app.view(ViewId.DECLINE)(on_submission(services, answers.decline))
    app.view(ViewId.PASS_ON)(on_submission(services, answers.passed_on))
    app.view(ViewId.RECORD_ACKNOWLEDGEMENT)(on_submission(services, answers.acknowledgement))
    app.view(ViewId.RECORD_ANSWER)(on_submission(services, answers.answer))
    app.view(ViewId.PHASE)(on_submission(services, case.phase))
    app.view(ViewId.CLOSE)(on_submission(services, case.close))
    app.view(ViewId.APPOINT)(on_submission(services, of_people.coordinators))
    app.view(ViewId.LANGUAGE)(on_submission(services, of_people.language))
    app.view(ViewId.ACTION)(on_submission(services, of_agreed.filled_in))
    app.view(ViewId.ACTION_REVIEW)(on_submission(services, of_agreed.sent))
    app.view(ViewId.ACTIONS)(on_submission(services, of_agreed.one_ended))
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


def _events(app: AsyncApp, services: Services) -> None:
    on_event(app, services, "message", MessageEvent, messages.message)
    on_event(app, services, "member_joined_channel", MemberEvent, people.joined)
    on_event(app, services, "member_left_channel", MemberEvent, people.left)
    on_event(app, services, "user_change", AccountEvent, people.account)
    on_event(app, services, "app_home_opened", HomeEvent, people.home)
