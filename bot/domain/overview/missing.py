"""The things that a case lacks. Derived, never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.answers import AgencyStanding, DutyState, standings
from bot.domain.attendance import quorum_reachable
from bot.domain.case.entities import Involvement
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Ground


class Missing(StrEnum):
    """The kinds of lacks, in the order in which the card lists them."""

    COORDINATOR_UNCONFIRMED = "coordinator_unconfirmed"
    STRANGER_IN_ROOM = "stranger_in_room"
    REGISTER_MEETING = "register_meeting"
    NO_MEETING = "no_meeting"
    NOBODY_TO_ASK = "nobody_to_ask"
    NOT_OURS = "not_ours"
    MUST_BE_CALLED = "must_be_called"
    NOBODY_ANSWERS = "nobody_answers"
    DEPUTY_AWAITS_APPROVAL = "deputy_awaits_approval"
    DEPUTY_NO_ANSWER = "deputy_no_answer"
    NO_CONFIDENTIALITY = "no_confidentiality"
    NO_ANSWER = "no_answer"
    DECLINED_WITHOUT_DEPUTY = "declined_without_deputy"
    BELOW_QUORUM = "below_quorum"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True)
class Lack:
    what: Missing
    involvement_id: str | None = None
    meeting_id: str | None = None


def lacks(file: CaseFile, now: datetime) -> list[Lack]:
    """Return all present lacks, in the order in which a coordinator would deal with them."""
    if not file.open:
        return []
    order = list(Missing)
    of_agencies = ((lack_of(standing), standing.involvement.id) for standing in standings(file, now))
    lacks = [*_overall(file, now), *(Lack(what, part) for what, part in of_agencies if what is not None)]
    lacks += [Lack(Missing.NO_CONSENT, part.id) for part in without_consent(file)]
    return sorted(lacks, key=lambda lack: order.index(lack.what))


def without_consent(file: CaseFile) -> list[Involvement]:
    """Return the agencies for which nobody has asked for consent yet."""
    asked = (i for i in file.involvements if i.live and i.asked_at is not None)
    return [i for i in asked if i.ground is Ground.NOT_SETTLED and i.not_ours is None]


def _overall(file: CaseFile, now: datetime) -> Iterable[Lack]:
    if file.unconfirmed_coordinators():
        yield Lack(Missing.COORDINATOR_UNCONFIRMED)
    if file.room.kick_refused:
        yield Lack(Missing.STRANGER_IN_ROOM)
    meeting = file.next_meeting(now)
    for held in file.unregistered(now):
        yield Lack(Missing.REGISTER_MEETING, meeting_id=held.id)
    if meeting is None and not file.waits(now):
        yield Lack(Missing.NO_MEETING)
    elif meeting is not None and not quorum_reachable(file, meeting.id):
        yield Lack(Missing.BELOW_QUORUM)


_LACKS = {
    DutyState.NOT_OURS: Missing.NOT_OURS,
    DutyState.NOBODY_ASKED: Missing.NOBODY_TO_ASK,
    DutyState.MUST_BE_CALLED: Missing.MUST_BE_CALLED,
    DutyState.DEPUTY_AWAITS_APPROVAL: Missing.DEPUTY_AWAITS_APPROVAL,
    DutyState.DEPUTY_ASKED: Missing.DEPUTY_NO_ANSWER,
    DutyState.AWAITS_CONFIDENTIALITY: Missing.NO_CONFIDENTIALITY,
    DutyState.AWAITS_ANSWER: Missing.NO_ANSWER,
    DutyState.DECLINED: Missing.DECLINED_WITHOUT_DEPUTY,
}


def lack_of(standing: AgencyStanding) -> Missing | None:
    """Return the lack of one agency; None if it lacks nothing, or has declined only another meeting."""
    if standing.duty is None and standing.state is DutyState.DECLINED:
        return None
    if standing.exhausted and standing.untold:
        return Missing.MUST_BE_CALLED
    if standing.exhausted and standing.state is not DutyState.DEPUTY_ASKED:
        return Missing.NOBODY_ANSWERS
    return _LACKS.get(standing.state)
