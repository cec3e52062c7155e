"""The access table, readable by a lawyer. Every command, action and view is checked against it.

A right is relative to its object: `OWN` means that the question, the seat or the agency is the person's own,
`OWN_PART` that they have a seat for the agency that owns the need, action or deadline, `LEFT_AT_CLOSING` that
they had such a seat until the case was closed, `INVITED` that they answer a valid calendar entry of their own
or a mail to them. Without any other right a person has `ANYONE`.
Source: the TOT mandate and the rule of taushetsplikt per case.
"""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """A person's relation to a case and an object in it. The most particular rights come last (`under`)."""

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
    LEFT_AT_CLOSING = "left_at_closing"


#: The people who lead a meeting: a coordinator, or the person in the room who was named.
_LEADS = (Right.CASE_COORDINATOR, Right.CHAIR)
_RECORDS = (Right.CASE_COORDINATOR, Right.LEFT_AT_CLOSING)
_FOR_THE_AGENCY = (Right.OWN, Right.LEADER, Right.CASE_COORDINATOR)


class Action(StrEnum):
    """The access table: everything that can be done, and the rights each of which is enough to do it.

    Each use case names exactly one row, and is recorded under its name in the audit log.
    """

    rights: frozenset[Right]

    def __new__(cls, name: str, *rights: Right) -> Action:
        action = str.__new__(cls, name)
        action._value_ = name
        action.rights = frozenset(rights)
        return action

    SEE_HELP = "see_help", Right.ANYONE
    SEE_HOME = "see_home", Right.ANYONE
    SET_LANGUAGE = "set_language", Right.ANYONE
    # outside a case
    SEE_ROSTER = "see_roster", Right.ANYONE
    ASK_GUIDANCE = "ask_guidance", Right.ANYONE
    ANSWER_GUIDANCE = "answer_guidance", Right.TEAM_COORDINATOR
    INVITE_TO_TALK = "invite_to_talk", Right.TEAM_COORDINATOR
    CLOSE_GUIDANCE = "close_guidance", Right.TEAM_COORDINATOR
    ASK_TO_CONVENE = "ask_to_convene", Right.ANYONE
    DECIDE_CONVENING = "decide_convening", Right.TEAM_COORDINATOR
    CALL_JOINT = "call_joint", Right.TEAM_COORDINATOR
    MOVE_JOINT = "move_joint", Right.TEAM_COORDINATOR
    CANCEL_JOINT = "cancel_joint", Right.TEAM_COORDINATOR
    REGISTER_JOINT = "register_joint", Right.TEAM_COORDINATOR
    ANSWER_JOINT = "answer_joint", Right.OWN, Right.INVITED
    BEGIN_DRILL = "begin_drill", Right.TEAM_COORDINATOR
    ANSWER_DRILL = "answer_drill", Right.OWN, Right.INVITED
    CONFIRM_LINE = "confirm_line", Right.LEADER
    CLEAR_LEFTOVERS = "clear_leftovers", Right.TEAM_COORDINATOR
    # cases
    OPEN_CASE = "open_case", Right.TEAM_COORDINATOR
    KEEP_COORDINATORS = "keep_coordinators", Right.TEAM_COORDINATOR
    ACKNOWLEDGE_CASE = "acknowledge_case", Right.TEAM_COORDINATOR
    SEE_ROOM = "see_room", Right.CASE_COORDINATOR, Right.SEAT_HOLDER, Right.DEPUTY, Right.LIAISON
    ASK_IN_CASE = "ask_in_case", Right.CASE_COORDINATOR, Right.SEAT_HOLDER, Right.DEPUTY, Right.LIAISON
    ANSWER_IN_CASE = "answer_in_case", Right.CASE_COORDINATOR
    SEE_OWN_ASKS = "see_own_asks", Right.ANYONE
    INVITE_AGENCY = "invite_agency", Right.CASE_COORDINATOR
    CHANGE_INVOLVEMENT = "change_involvement", Right.CASE_COORDINATOR
    RELEASE_AGENCY = "release_agency", Right.CASE_COORDINATOR
    ASK_AGAIN = "ask_again", Right.CASE_COORDINATOR
    CALL_MEETING = "call_meeting", Right.CASE_COORDINATOR
    MOVE_MEETING = "move_meeting", Right.CASE_COORDINATOR
    CANCEL_MEETING = "cancel_meeting", Right.CASE_COORDINATOR
    PROPOSE_TIMES = "propose_times", Right.CASE_COORDINATOR
    REGISTER_ATTENDANCE = "register_attendance", *_LEADS
    ANSWER_ON_BEHALF = "answer_on_behalf", Right.CASE_COORDINATOR
    ACKNOWLEDGE_ON_BEHALF = "acknowledge_on_behalf", Right.CASE_COORDINATOR
    CHANGE_PHASE = "change_phase", Right.CASE_COORDINATOR
    CLOSE_CASE = "close_case", Right.CASE_COORDINATOR
    REOPEN_CASE = "reopen_case", Right.CASE_COORDINATOR
    PUT_ON_RECORD = "put_on_record", *_RECORDS
    TAKE_OFF_RECORD = "take_off_record", *_RECORDS
    UNDO_OPENING = "undo_opening", Right.CASE_COORDINATOR
    ADD_PERSONS = "add_persons", Right.CASE_COORDINATOR
    CLOSE_PERSON = "close_person", Right.CASE_COORDINATOR
    SPLIT_OFF = "split_off", Right.CASE_COORDINATOR
    LINK_CASES = "link_cases", Right.CASE_COORDINATOR
    UNLINK_CASES = "unlink_cases", Right.CASE_COORDINATOR
    NAME_LIAISON = "name_liaison", Right.CASE_COORDINATOR
    END_LIAISON = "end_liaison", Right.CASE_COORDINATOR
    WAIT = "wait", Right.CASE_COORDINATOR
    NEW_ROOM = "new_room", Right.CASE_COORDINATOR
    TAKE_CASE = "take_case", Right.CASE_COORDINATOR
    GIVE_CASE = "give_case", Right.CASE_COORDINATOR
    ACKNOWLEDGE_SEAT = "acknowledge_seat", Right.OWN
    PASS_ON = "pass_on", Right.OWN
    SAY_NOT_OURS = "say_not_ours", Right.OWN
    ANSWER_SUMMONS = "answer_summons", Right.OWN
    ANSWER_TIMES = "answer_times", Right.OWN
    ANSWER_BY_CALENDAR = "answer_by_calendar", Right.INVITED
    NAME_DEPUTY = "name_deputy", *_FOR_THE_AGENCY
    NAME_ATTENDEE = "name_attendee", Right.LEADER
    APPROVE_DEPUTY = "approve_deputy", Right.CASE_COORDINATOR
    HAND_OVER = "hand_over", *_FOR_THE_AGENCY
    KEEP_AGENCY = "keep_agency", Right.TEAM_COORDINATOR, Right.LEADER
    ADD_AGENCY = "add_agency", Right.TEAM_COORDINATOR
    APPROVE_CONTACT = "approve_contact", Right.TEAM_COORDINATOR
    SET_ABSENCE = "set_absence", Right.OWN
    LEAVE = "leave", Right.OWN
    # the meeting as it is held
    ARRIVE = "arrive", Right.CASE_COORDINATOR, Right.SEAT_HOLDER, Right.DEPUTY
    NAME_CHAIR = "name_chair", Right.CASE_COORDINATOR
    POSTPONE_MEETING = "postpone_meeting", *_LEADS
    EXPLAIN_ABSENCE = "explain_absence", Right.CASE_COORDINATOR, Right.OWN
    # reports and logs
    SEE_REPORT = "see_report", Right.TEAM_COORDINATOR
    SHARE_REPORT = "share_report", Right.TEAM_COORDINATOR
    SEE_OWN_LOG = "see_own_log", Right.ANYONE
    # needs, actions, placements and deadlines
    SEE_ACTIONS = "see_actions", Right.CASE_COORDINATOR, Right.SEAT_HOLDER
    AGREE_ACTION = "agree_action", Right.CASE_COORDINATOR, Right.OWN_PART
    CHANGE_ACTION = "change_action", Right.CASE_COORDINATOR, Right.OWN_PART
    END_ACTION = "end_action", Right.CASE_COORDINATOR, Right.OWN_PART
    KEEP_NEEDS = "keep_needs", Right.CASE_COORDINATOR
    TAKE_NEED = "take_need", Right.OWN_PART
    KEEP_PLACEMENT = "keep_placement", Right.CASE_COORDINATOR
    KEEP_REFLECTION = "keep_reflection", Right.CASE_COORDINATOR
    KEEP_OWN_DEADLINE = "keep_own_deadline", Right.OWN_PART


def allows(action: Action, rights: frozenset[Right]) -> bool:
    return bool(action.rights & rights)


def allowed(rights: frozenset[Right]) -> frozenset[Action]:
    return frozenset(action for action in Action if allows(action, rights))


def under(action: Action, rights: frozenset[Right]) -> Right:
    """Return the right under which somebody with these rights does this: the most particular that applies.

    For what anyone may see, all the person's rights apply.
    """
    counts = rights if Right.ANYONE in action.rights else action.rights & rights
    return max(counts, key=list(Right).index)


def rights_outside(
    *, coordinates: bool = False, leads: bool = False, own: bool = False, invited: bool = False
) -> frozenset[Right]:
    """Return the rights outside any case, and those of somebody who answers a mail, if still `invited`."""
    held = {
        Right.TEAM_COORDINATOR: coordinates,
        Right.LEADER: leads,
        Right.OWN: own,
        Right.INVITED: invited,
    }
    return frozenset({Right.ANYONE, *(right for right, has in held.items() if has)})
