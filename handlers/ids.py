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
    # needs and actions
    AGREE_ACTION = "agree_action"  # case id; opens a modal
    ACTIONS = "actions"  # case id; opens a modal
    ACTION_DONE = "action_done"  # action id
    END_ACTION = "end_action"  # action id; opens a modal
    NEEDS = "needs"  # case id; opens a modal
    TAKE_NEED = "take_need"  # need id; may open a modal
    # placements and other dates
    PLAN_MEETING = "plan_meeting"  # placement id; opens a modal
    END_PLACEMENT = "end_placement"  # placement id; opens a modal
    END_DEADLINE = "end_deadline"  # deadline id


class ViewId(StrEnum):
    """callback_id of every modal; beside it, what its private_metadata is."""

    OPEN_CASE = "open_case"  # team id
    CHOOSE_TEAM = "choose_team"  # what the team is for: «open_case» or «appoint»
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
    ACTION = "action"  # case id
    ACTION_REVIEW = "action_review"  # draft id
    ACTIONS = "actions"  # case id
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
