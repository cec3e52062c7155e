"""The ids by which Slack tells the bot what was pressed or submitted. docs/interface.md lists them.

A button's value and a view's private_metadata are internal ids only, and are checked again.
"""

from __future__ import annotations

from enum import StrEnum


class ActionId(StrEnum):
    """action_id of every button, select and menu; beside it, what its value is."""

    ACKNOWLEDGE = "acknowledge"  # seat id
    PASS_ON = "send_on"  # seat id; opens a modal
    CONFIRM = "confirm"  # ask id
    DECLINE = "decline"  # ask id; opens a modal
    RECORD_ACKNOWLEDGEMENT = "record_acknowledgement"  # seat id; opens a modal
    RECORD_ANSWER = "record_answer"  # ask id; opens a modal
    ATTENDANCE = "attendance"  # meeting id; opens a modal
    NEXT_MEETING = "next_meeting"  # case id; opens a modal
    INVOLVEMENT = "involvement"  # menu on the card: «change:ID», «release:ID», «ask:ID»; opens a modal
    LEFT_OVER = "left_over"  # seat id
    LEFT_STAYS = "left_stays"  # seat id
    OPEN_CASE = "open_case"  # team id or empty; opens a modal
    HELP = "help"  # empty; opens a modal
    LANGUAGE = "language"  # select of nb, nn, en
    # outside a case
    PRINT_ROSTER = "print_roster"  # «print»
    ASK_GUIDANCE = "ask_guidance"  # «ask»; opens a modal
    ANSWER_GUIDANCE = "answer_guidance"  # guidance id; opens a modal
    INVITE_TO_TALK = "invite_to_talk"  # guidance id; opens a modal
    CLOSE_GUIDANCE = "close_guidance"  # guidance id; opens a modal
    DECLINE_CONVENING = "decline_convening"  # convening id; opens a modal
    JOINT_COMES = "joint_comes"  # joint meeting id
    JOINT_STAYS_AWAY = "joint_stays_away"  # joint meeting id
    JOINT_CANCEL = "joint_cancel"  # joint meeting id; opens a modal
    JOINT_REGISTER = "joint_register"  # joint meeting id; opens a modal
    OPEN_CASE_FROM = "open_case_from"  # «guidance/ID», «convening/ID»; opens a modal


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
    PHASE = "phase"  # case id
    CLOSE = "close"  # case id
    APPOINT = "appoint"  # team id
    LANGUAGE = "language"  # empty
    ASK_GUIDANCE = "ask_guidance"  # team id, empty where one is chosen in the form
    ANSWER_GUIDANCE = "answer_guidance"  # guidance id
    INVITE_TO_TALK = "invite_to_talk"  # guidance id
    CLOSE_GUIDANCE = "close_guidance"  # guidance id
    ASK_TO_CONVENE = "ask_to_convene"  # team id, empty where one is chosen in the form
    DECLINE_CONVENING = "decline_convening"  # convening id
    JOINT = "joint"  # team id
    JOINT_REVIEW = "joint_review"  # draft id
    JOINT_CANCEL = "joint_cancel"  # joint meeting id
    JOINT_REGISTER = "joint_register"  # joint meeting id
    NOTICE = "notice"  # empty; says something, and can only be closed
