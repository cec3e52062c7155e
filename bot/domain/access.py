"""The access table, readable by a lawyer, by which every command, action and view is checked.

A right is relative to the thing acted upon: `OWN` means that the question, the seat or the agency is
the person's own, `OWN_PART` that they have a seat for the agency whose need, action or deadline it is,
`INVITED` that a calendar entry of theirs, which stands, is answered. A right that is not found is `ANYONE`.
Source: the TOT mandate and the rule of taushetsplikt per case.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Right(StrEnum):
    """A person's relation to one case and one subject in it."""

    ANYONE = "anyone"
    TEAM_COORDINATOR = "team_coordinator"
    CASE_COORDINATOR = "case_coordinator"
    SEAT_HOLDER = "seat_holder"
    DEPUTY = "deputy"
    CHAIR = "chair"
    LIAISON = "liaison"
    LEADER = "leader"
    ASKED = "asked"
    INVITED = "invited"
    OWN = "own"
    OWN_PART = "own_part"


class Action(StrEnum):
    """All that can be done. Each use case names exactly one, under whose name it stands in the audit log."""

    SEE_HELP = "see_help"
    SEE_HOME = "see_home"
    SET_LANGUAGE = "set_language"
    SEE_ROSTER = "see_roster"
    ASK_GUIDANCE = "ask_guidance"
    ANSWER_GUIDANCE = "answer_guidance"
    INVITE_TO_TALK = "invite_to_talk"
    CLOSE_GUIDANCE = "close_guidance"
    ASK_TO_CONVENE = "ask_to_convene"
    DECIDE_CONVENING = "decide_convening"
    CALL_JOINT = "call_joint"
    MOVE_JOINT = "move_joint"
    CANCEL_JOINT = "cancel_joint"
    REGISTER_JOINT = "register_joint"
    ANSWER_JOINT = "answer_joint"
    ANSWER_JOINT_BY_CALENDAR = "answer_joint_by_calendar"
    OPEN_CASE = "open_case"
    KEEP_COORDINATORS = "keep_coordinators"
    ACKNOWLEDGE_CASE = "acknowledge_case"
    SEE_ROOM = "see_room"
    SEE_OWN_ASKS = "see_own_asks"
    INVITE_AGENCY = "invite_agency"
    CHANGE_INVOLVEMENT = "change_involvement"
    RELEASE_AGENCY = "release_agency"
    CALL_MEETING = "call_meeting"
    MOVE_MEETING = "move_meeting"
    CANCEL_MEETING = "cancel_meeting"
    REGISTER_ATTENDANCE = "register_attendance"
    ANSWER_ON_BEHALF = "answer_on_behalf"
    CHANGE_PHASE = "change_phase"
    CLOSE_CASE = "close_case"
    ADD_PERSONS = "add_persons"
    CLOSE_PERSON = "close_person"
    SPLIT_OFF = "split_off"
    LINK_CASES = "link_cases"
    UNLINK_CASES = "unlink_cases"
    NAME_LIAISON = "name_liaison"
    END_LIAISON = "end_liaison"
    WAIT = "wait"
    ACKNOWLEDGE_SEAT = "acknowledge_seat"
    PASS_ON = "pass_on"
    ANSWER_SUMMONS = "answer_summons"
    ANSWER_BY_CALENDAR = "answer_by_calendar"
    NAME_DEPUTY = "name_deputy"
    NAME_ATTENDEE = "name_attendee"
    APPROVE_DEPUTY = "approve_deputy"
    HAND_OVER = "hand_over"
    KEEP_AGENCY = "keep_agency"
    APPROVE_CONTACT = "approve_contact"
    SET_ABSENCE = "set_absence"
    LEAVE = "leave"
    # the meeting as it is held
    ARRIVE = "arrive"
    LEAD_MEETING = "lead_meeting"
    NAME_CHAIR = "name_chair"
    POSTPONE_MEETING = "postpone_meeting"
    CORRECT_ATTENDANCE = "correct_attendance"
    EXPLAIN_ABSENCE = "explain_absence"
    SEE_REPORT = "see_report"
    SHARE_REPORT = "share_report"
    SEE_OWN_LOG = "see_own_log"
    SEE_ACTIONS = "see_actions"
    AGREE_ACTION = "agree_action"
    CHANGE_ACTION = "change_action"
    END_ACTION = "end_action"
    KEEP_NEEDS = "keep_needs"
    TAKE_NEED = "take_need"
    KEEP_PLACEMENT = "keep_placement"
    KEEP_REFLECTION = "keep_reflection"
    KEEP_OWN_DEADLINE = "keep_own_deadline"


_COORDINATOR = frozenset({Right.CASE_COORDINATOR})
#: Whoever leads a meeting: a coordinator, or the seat holder who was named.
_LEADS = frozenset({Right.CASE_COORDINATOR, Right.CHAIR})
_FOR_THE_AGENCY = frozenset({Right.OWN, Right.LEADER, Right.CASE_COORDINATOR})
TABLE: Mapping[Action, frozenset[Right]] = {
    Action.SEE_HELP: frozenset({Right.ANYONE}),
    Action.SEE_HOME: frozenset({Right.ANYONE}),
    Action.SET_LANGUAGE: frozenset({Right.ANYONE}),
    Action.SEE_OWN_ASKS: frozenset({Right.ANYONE}),
    # outside a case
    Action.SEE_ROSTER: frozenset({Right.ANYONE}),
    Action.ASK_GUIDANCE: frozenset({Right.ANYONE}),
    Action.ANSWER_GUIDANCE: frozenset({Right.TEAM_COORDINATOR}),
    Action.INVITE_TO_TALK: frozenset({Right.TEAM_COORDINATOR}),
    Action.CLOSE_GUIDANCE: frozenset({Right.TEAM_COORDINATOR}),
    Action.ASK_TO_CONVENE: frozenset({Right.ANYONE}),
    Action.DECIDE_CONVENING: frozenset({Right.TEAM_COORDINATOR}),
    Action.CALL_JOINT: frozenset({Right.TEAM_COORDINATOR}),
    Action.MOVE_JOINT: frozenset({Right.TEAM_COORDINATOR}),
    Action.CANCEL_JOINT: frozenset({Right.TEAM_COORDINATOR}),
    Action.REGISTER_JOINT: frozenset({Right.TEAM_COORDINATOR}),
    Action.ANSWER_JOINT: frozenset({Right.OWN}),
    Action.ANSWER_JOINT_BY_CALENDAR: frozenset({Right.INVITED}),
    Action.OPEN_CASE: frozenset({Right.TEAM_COORDINATOR}),
    Action.KEEP_COORDINATORS: frozenset({Right.TEAM_COORDINATOR}),
    Action.ACKNOWLEDGE_CASE: frozenset({Right.TEAM_COORDINATOR}),
    Action.SEE_ROOM: frozenset({Right.CASE_COORDINATOR, Right.SEAT_HOLDER, Right.DEPUTY, Right.LIAISON}),
    Action.INVITE_AGENCY: _COORDINATOR,
    Action.CHANGE_INVOLVEMENT: _COORDINATOR,
    Action.RELEASE_AGENCY: _COORDINATOR,
    Action.CALL_MEETING: _COORDINATOR,
    Action.MOVE_MEETING: _COORDINATOR,
    Action.CANCEL_MEETING: _COORDINATOR,
    Action.REGISTER_ATTENDANCE: _LEADS,
    Action.ANSWER_ON_BEHALF: _COORDINATOR,
    Action.CHANGE_PHASE: _COORDINATOR,
    Action.CLOSE_CASE: _COORDINATOR,
    Action.ADD_PERSONS: _COORDINATOR,
    Action.CLOSE_PERSON: _COORDINATOR,
    Action.SPLIT_OFF: _COORDINATOR,
    Action.LINK_CASES: _COORDINATOR,
    Action.UNLINK_CASES: _COORDINATOR,
    Action.NAME_LIAISON: _COORDINATOR,
    Action.END_LIAISON: _COORDINATOR,
    Action.WAIT: _COORDINATOR,
    Action.ACKNOWLEDGE_SEAT: frozenset({Right.OWN}),
    Action.PASS_ON: frozenset({Right.OWN}),
    Action.ANSWER_SUMMONS: frozenset({Right.OWN}),
    Action.ANSWER_BY_CALENDAR: frozenset({Right.INVITED}),
    Action.NAME_ATTENDEE: frozenset({Right.LEADER}),
    Action.NAME_DEPUTY: _FOR_THE_AGENCY,
    Action.APPROVE_DEPUTY: _COORDINATOR,
    Action.HAND_OVER: _FOR_THE_AGENCY,
    Action.KEEP_AGENCY: frozenset({Right.TEAM_COORDINATOR, Right.LEADER}),
    Action.APPROVE_CONTACT: frozenset({Right.TEAM_COORDINATOR}),
    Action.SET_ABSENCE: frozenset({Right.OWN}),
    Action.LEAVE: frozenset({Right.OWN}),
    Action.ARRIVE: frozenset({Right.CASE_COORDINATOR, Right.SEAT_HOLDER, Right.DEPUTY}),
    Action.LEAD_MEETING: _LEADS,
    Action.NAME_CHAIR: _COORDINATOR,
    Action.POSTPONE_MEETING: _LEADS,
    Action.CORRECT_ATTENDANCE: _LEADS,
    Action.EXPLAIN_ABSENCE: frozenset({Right.CASE_COORDINATOR, Right.OWN}),
    Action.SEE_REPORT: frozenset({Right.TEAM_COORDINATOR}),
    Action.SHARE_REPORT: frozenset({Right.TEAM_COORDINATOR}),
    Action.SEE_OWN_LOG: frozenset({Right.ANYONE}),
    Action.SEE_ACTIONS: frozenset({Right.CASE_COORDINATOR, Right.SEAT_HOLDER}),
    Action.AGREE_ACTION: frozenset({Right.CASE_COORDINATOR, Right.OWN_PART}),
    Action.CHANGE_ACTION: frozenset({Right.CASE_COORDINATOR, Right.OWN_PART}),
    Action.END_ACTION: frozenset({Right.CASE_COORDINATOR, Right.OWN_PART}),
    Action.KEEP_NEEDS: _COORDINATOR,
    Action.TAKE_NEED: frozenset({Right.OWN_PART}),
    Action.KEEP_PLACEMENT: _COORDINATOR,
    Action.KEEP_REFLECTION: _COORDINATOR,
    Action.KEEP_OWN_DEADLINE: frozenset({Right.OWN_PART}),
}


def allows(action: Action, rights: frozenset[Right]) -> bool:
    return bool(TABLE[action] & rights)


def allowed(rights: frozenset[Right]) -> frozenset[Action]:
    return frozenset(action for action in Action if allows(action, rights))


def under(action: Action, rights: frozenset[Right]) -> Right:
    """The right under which someone with these rights does this: the most particular one that counts.

    What anyone may see is shown to each by what they are.
    """
    counts = rights if Right.ANYONE in TABLE[action] else TABLE[action] & rights
    return max(counts, key=list(Right).index)


def rights_in_team(*, coordinates: bool) -> frozenset[Right]:
    """Rights outside any case."""
    return frozenset({Right.ANYONE, Right.TEAM_COORDINATOR} if coordinates else {Right.ANYONE})


def rights_in_agency(*, coordinates: bool, leads: bool, is_theirs: bool = False) -> frozenset[Right]:
    """Rights towards an agency outside any case; OWN is for the contact that is the person themself."""
    rights = {Right.LEADER} if leads else set()
    own = {Right.OWN} if is_theirs else set()
    return rights_in_team(coordinates=coordinates) | rights | own


def rights_by_joint_calendar(*, stands: bool) -> frozenset[Right]:
    """The same for an entry of a joint meeting, which `stands` while the mail is the person's invitation."""
    return frozenset({Right.ANYONE, Right.INVITED} if stands else {Right.ANYONE})
