"""The ids by which Slack tells the bot what was pressed or submitted. docs/interface.md lists them.

A button's value and a view's private_metadata are internal ids only, and are checked again.
"""

from __future__ import annotations

from enum import StrEnum


class ActionId(StrEnum):
    """action_id of every button, select and menu; beside it, what its value is."""

    ACKNOWLEDGE = "acknowledge"  # seat id
    PASS_ON = "send_on"  # seat id; opens a modal
    CONFIRM = "confirm"  # «ask id|its sequence»
    DECLINE = "decline"  # «ask id|its sequence»; opens a modal
    RECORD_ACKNOWLEDGEMENT = "record_acknowledgement"  # seat id; opens a modal
    RECORD_ANSWER = "record_answer"  # «ask id|its sequence»; opens a modal
    ATTENDANCE = "attendance"  # meeting id; opens a modal
    NEXT_MEETING = "next_meeting"  # case id; opens a modal
    INVOLVEMENT = "involvement"  # menu on the card: «change:ID», «release:ID», «ask:ID»; opens a modal
    PROPOSED_MEETING = "proposed_meeting"  # id of the last meeting; opens a modal
    WAIT = "wait"  # case id; opens a modal
    LEFT_OVER = "left_over"  # seat id
    LEFT_STAYS = "left_stays"  # seat id
    NAME_ATTENDEE = "name_attendee"  # step id; opens a modal
    NAME_DEPUTY = "name_deputy"  # ask id; opens a modal
    APPROVE_DEPUTY = "approve_deputy"  # ask id of the deputy
    REFUSE_DEPUTY = "refuse_deputy"  # ask id of the deputy; opens a modal
    APPROVE_CONTACT = "approve_contact"  # contact id
    REFUSE_CONTACT = "refuse_contact"  # contact id
    OPEN_CASE = "open_case"  # team id or empty; opens a modal
    HELP = "help"  # empty; opens a modal
    LANGUAGE = "language"  # select of nb, nn, en
    # the meeting as it is held, and its register
    ARRIVE = "arrive"  # meeting id
    RECORD_ARRIVALS = "record_arrivals"  # meeting id; opens a modal
    TICK = "tick"  # «meeting id|on or off|point»
    CHAIR = "chair"  # meeting id; opens a modal
    GO_ON = "go_on"  # meeting id; opens a modal
    POSTPONE = "postpone"  # select of «meeting id|UNIX seconds»; opens a modal
    CORRECT = "correct"  # meeting id; opens a modal
    EXPLAIN_ABSENCE = "explain_absence"  # duty id; opens a modal
    # outside a case
    PRINT_ROSTER = "print_roster"  # «print»
    ASK_GUIDANCE = "ask_guidance"  # «ask»; opens a modal
    ANSWER_GUIDANCE = "answer_guidance"  # guidance id; opens a modal
    INVITE_TO_TALK = "invite_to_talk"  # guidance id; opens a modal
    CLOSE_GUIDANCE = "close_guidance"  # guidance id; opens a modal
    DECLINE_CONVENING = "decline_convening"  # convening id; opens a modal
    JOINT_COMES = "joint_comes"  # «joint meeting id|asked sequence»
    JOINT_STAYS_AWAY = "joint_stays_away"  # «joint meeting id|asked sequence»
    JOINT_MOVE = "joint_move"  # joint meeting id; opens a modal
    JOINT_CANCEL = "joint_cancel"  # joint meeting id; opens a modal
    JOINT_REGISTER = "joint_register"  # joint meeting id; opens a modal
    OPEN_CASE_FROM = "open_case_from"  # «guidance/ID», «convening/ID»; opens a modal
    # needs and actions
    AGREE_ACTION = "agree_action"  # case id; opens a modal
    ACTIONS = "actions"  # case id; opens a modal
    ACTION_DONE = "action_done"  # action id
    CHANGE_ACTION = "change_action"  # action id; opens a modal
    END_ACTION = "end_action"  # action id; opens a modal
    NEEDS = "needs"  # case id; opens a modal
    TAKE_NEED = "take_need"  # need id; may open a modal
    # placements and other dates
    PLAN_MEETING = "plan_meeting"  # placement id; opens a modal
    END_PLACEMENT = "end_placement"  # placement id; opens a modal
    END_DEADLINE = "end_deadline"  # deadline id


class ViewId(StrEnum):
    """callback_id of every modal; beside it, what its private_metadata is."""

    OPEN_CASE = "open_case"  # team id; with «|guidance/ID» or «|convening/ID» what prompted it
    CHOOSE_TEAM = "choose_team"  # what the team is for: «open_case», «appoint» or «joint»
    OPEN_CASE_REVIEW = "open_case_review"  # draft id and what was shown, as in every review
    INVITE = "invite"  # case id
    INVITE_REVIEW = "invite_review"  # draft id
    RELEASE = "release"  # case id
    INVOLVEMENT = "involvement"  # involvement id
    MEETING = "meeting"  # case id
    MEETING_REVIEW = "meeting_review"  # draft id
    CHOOSE_MEETING = "choose_meeting"  # empty
    MOVE = "move"  # meeting id
    MOVE_REVIEW = "move_review"  # draft id
    CANCEL = "cancel"  # case id
    ATTENDANCE = "attendance"  # meeting id
    DECLINE = "decline"  # ask id
    PASS_ON = "send_on"  # seat id
    RECORD_ACKNOWLEDGEMENT = "record_acknowledgement"  # seat id
    RECORD_ANSWER = "record_answer"  # ask id
    NAME_ATTENDEE = "name_attendee"  # step id
    CHOOSE_ASK = "choose_ask"  # empty
    NAME_DEPUTY = "name_deputy"  # ask id
    REFUSE_DEPUTY = "refuse_deputy"  # ask id of the deputy
    CHOOSE_SEAT = "choose_seat"  # empty
    HAND_OVER = "hand_over"  # seat id
    CHOOSE_AGENCY = "choose_agency"  # empty
    AGENCY = "agency"  # agency id
    DUTY_LINE = "duty_line"  # agency id
    CONTACT = "contact"  # agency id and contact id, empty for a new one
    ABSENCE = "absence"  # contact id
    ABSENCE_DEPUTIES = "absence_deputies"  # empty
    PHASE = "phase"  # case id
    CLOSE = "close"  # case id
    WAIT = "wait"  # case id
    LINK_MENU = "link_menu"  # case id
    LINK = "link"  # kind of link and case id
    LIAISON = "liaison"  # case id
    SPLIT = "split"  # letter and case id
    SPLIT_REVIEW = "split_review"  # draft id
    ADD_PERSONS = "add_persons"  # case id
    APPOINT = "appoint"  # team id
    LANGUAGE = "language"  # empty
    ARRIVALS = "arrivals"  # meeting id
    CHAIR = "chair"  # meeting id
    GO_ON = "go_on"  # meeting id
    CORRECT = "correct"  # «meeting id|number of corrections seen»
    EXPLAIN_ABSENCE = "explain_absence"  # duty id
    REPORT = "report"  # team id, or empty when it is chosen in the form
    ASK_GUIDANCE = "ask_guidance"  # team id, empty where one is chosen in the form
    ANSWER_GUIDANCE = "answer_guidance"  # guidance id
    INVITE_TO_TALK = "invite_to_talk"  # guidance id
    CLOSE_GUIDANCE = "close_guidance"  # guidance id
    ASK_TO_CONVENE = "ask_to_convene"  # team id, empty where one is chosen in the form
    DECLINE_CONVENING = "decline_convening"  # convening id
    JOINT = "joint"  # team id
    JOINT_REVIEW = "joint_review"  # draft id
    JOINT_MOVE = "joint_move"  # joint meeting id
    JOINT_MOVE_REVIEW = "joint_move_review"  # draft id
    JOINT_CANCEL = "joint_cancel"  # joint meeting id
    JOINT_REGISTER = "joint_register"  # joint meeting id
    ACTION = "action"  # case id
    ACTION_REVIEW = "action_review"  # draft id
    ACTIONS = "actions"  # case id
    CHANGE_ACTION = "change_action"  # action id
    CHANGE_ACTION_REVIEW = "change_action_review"  # draft id
    END_ACTION = "end_action"  # action id
    NEEDS = "needs"  # case id
    OWNERS = "owners"  # case id
    TAKE_NEED = "take_need"  # need id
    CHOOSE_DATE = "choose_date"  # case id
    PLACEMENT = "placement"  # case id
    PLACEMENT_REVIEW = "placement_review"  # draft id
    END_PLACEMENT = "end_placement"  # placement id
    DEADLINE = "deadline"  # case id and kind
    DEADLINE_REVIEW = "deadline_review"  # draft id
    NOTICE = "notice"  # empty; says something, and can only be closed


def as_asked(id: str, sequence: int) -> str:
    """A value that also tells which time and place somebody was asked about; `payloads.asked` reads it."""
    return f"{id}|{sequence}"
