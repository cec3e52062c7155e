"""The lacks of a case. Derived, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.answers import DutyState, duty_state, quorum_reachable
from bot.domain.case.file import CaseFile, Standing
from bot.domain.escalation.chain import exhausted, head, unasked


class Missing(StrEnum):
    """In the order in which the card lists them."""

    COORDINATOR_UNCONFIRMED = "coordinator_unconfirmed"
    STRANGER_IN_ROOM = "stranger_in_room"
    REGISTER_MEETING = "register_meeting"
    NO_MEETING = "no_meeting"
    NOBODY_TO_ASK = "nobody_to_ask"
    MUST_BE_CALLED_NOW = "must_be_called_now"
    MUST_BE_CALLED = "must_be_called"
    NOBODY_ANSWERS = "nobody_answers"
    DEPUTY_AWAITS_APPROVAL = "deputy_awaits_approval"
    NO_CONFIDENTIALITY = "no_confidentiality"
    NO_ANSWER = "no_answer"
    DECLINED_WITHOUT_DEPUTY = "declined_without_deputy"
    BELOW_QUORUM = "below_quorum"


@dataclass(frozen=True, slots=True)
class Lack:
    what: Missing
    involvement_id: str | None = None


def lacks(file: CaseFile, now: datetime) -> list[Lack]:
    """All lacks now, in the order in which a coordinator would mend them."""
    if not file.open:
        return []
    order = list(Missing)
    lacks = [*_overall(file, now), *_per_agency(file, now)]
    return sorted(lacks, key=lambda lack: order.index(lack.what))


def _overall(file: CaseFile, now: datetime) -> Iterable[Lack]:
    if file.unconfirmed_coordinators():
        yield Lack(Missing.COORDINATOR_UNCONFIRMED)
    if file.room.kick_refused:
        yield Lack(Missing.STRANGER_IN_ROOM)
    meeting = file.next_meeting(now)
    if file.unregistered(now):
        yield Lack(Missing.REGISTER_MEETING)
    if meeting is None and not file.waits(now):
        yield Lack(Missing.NO_MEETING)
    elif meeting is not None and not quorum_reachable(file, meeting.id):
        yield Lack(Missing.BELOW_QUORUM)


def _per_agency(file: CaseFile, now: datetime) -> Iterable[Lack]:
    meeting = file.next_meeting(now)
    what = {
        DutyState.NOBODY_ASKED: Missing.NOBODY_TO_ASK,
        DutyState.MUST_BE_CALLED: Missing.MUST_BE_CALLED,
        DutyState.DEPUTY_AWAITS_APPROVAL: Missing.DEPUTY_AWAITS_APPROVAL,
        DutyState.AWAITS_CONFIDENTIALITY: Missing.NO_CONFIDENTIALITY,
        DutyState.AWAITS_ANSWER: Missing.NO_ANSWER,
        DutyState.DECLINED: Missing.DECLINED_WITHOUT_DEPUTY,
    }
    duties = {d.involvement_id: d for d in file.duties_of(meeting.id)} if meeting else {}
    for involvement in file.current():
        duty = duties.get(involvement.id)
        state = duty_state(file, duty) if duty else None
        if duty is not None and exhausted(file, duty):
            first = head(file, duty)
            rung = first is None or not unasked(file, first)
            yield Lack(Missing.NOBODY_ANSWERS if rung else Missing.MUST_BE_CALLED_NOW, involvement.id)
        elif state in what:
            yield Lack(what[state], involvement.id)
        elif state is None and file.standing(involvement) is Standing.ASKED:
            asked = file.seats_for(involvement.id)
            yield Lack(Missing.NO_CONFIDENTIALITY if asked else Missing.NOBODY_TO_ASK, involvement.id)
