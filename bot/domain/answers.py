"""The agencies' answers to a summons, and whether enough will come. Derived, never stored."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.case.entities import Answer, Duty
from bot.domain.case.file import CaseFile


class DutyState(StrEnum):
    MUST_BE_CALLED = "must_be_called"
    AWAITS_CONFIDENTIALITY = "awaits_confidentiality"
    AWAITS_ANSWER = "awaits_answer"
    CONFIRMED = "confirmed"
    DEPUTY_AWAITS_APPROVAL = "deputy_awaits_approval"
    DEPUTY_ASKED = "deputy_asked"
    DEPUTY_CONFIRMED = "deputy_confirmed"
    DECLINED = "declined"
    NOBODY_ASKED = "nobody_asked"


def duty_state(file: CaseFile, duty: Duty) -> DutyState:
    """The state of an agency's duty at one meeting. A deputy's answer counts for the agency.

    A deputy stands in also for somebody who has left since. While several of an agency are asked, it is the
    one who is nearest to an answer that counts.
    """
    asks = file.asks_of(duty.id)
    own = [a for a in asks if a.deputy_for is None]
    if any(a.answer is Answer.CONFIRMED for a in own):
        return DutyState.CONFIRMED
    deputies = [a for a in asks if a.deputy_for is not None]
    if any(d.answer is Answer.CONFIRMED for d in deputies):
        return DutyState.DEPUTY_CONFIRMED
    if any(d.open for d in deputies):
        called = any(file.must_be_called(d) for d in deputies)
        return DutyState.MUST_BE_CALLED if called else DutyState.DEPUTY_ASKED
    if any(d.awaits_approval for d in deputies):
        return DutyState.DEPUTY_AWAITS_APPROVAL
    if not own:
        return DutyState.NOBODY_ASKED
    if any(a.answer is Answer.DECLINED for a in own):
        return DutyState.DECLINED
    reached = [a for a in own if not file.must_be_called(a)]
    if not reached:
        return DutyState.MUST_BE_CALLED
    if all(file.awaits_confidentiality(a) for a in reached):
        return DutyState.AWAITS_CONFIDENTIALITY
    return DutyState.AWAITS_ANSWER


def quorum_reachable(file: CaseFile, meeting_id: str) -> bool:
    """Return whether quorum can be met when everyone who has not declined comes."""
    lost = (DutyState.DECLINED, DutyState.NOBODY_ASKED)
    kinds = [
        file.agency_of(d.involvement_id).kind
        for d in file.duties_of(meeting_id)
        if duty_state(file, d) not in lost
    ]
    quorum = file.team.rules.quorum
    return len(kinds) >= quorum.minimum and all(any(k in g for k in kinds) for g in quorum.any_of)
