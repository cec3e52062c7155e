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
    """A lack of a case as a whole. What an agency lacks is its state."""

    COORDINATOR_UNCONFIRMED = "coordinator_unconfirmed"
    STRANGER_IN_ROOM = "stranger_in_room"
    REGISTER_MEETING = "register_meeting"
    NO_MEETING = "no_meeting"
    BELOW_QUORUM = "below_quorum"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True)
class Lack:
    what: Missing | DutyState
    involvement_id: str | None = None
    meeting_id: str | None = None


def lacks(file: CaseFile, now: datetime) -> list[Lack]:
    """Return all present lacks: of the case, of each agency by its state, and the consent not asked for."""
    if not file.open:
        return []
    order = list(DutyState)
    lacking = sorted(filter(_lacks, standings(file, now)), key=lambda standing: order.index(standing.shown))
    return [
        *_overall(file, now),
        *(Lack(standing.shown, standing.involvement.id) for standing in lacking),
        *(Lack(Missing.NO_CONSENT, part.id) for part in without_consent(file)),
    ]


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


def _lacks(standing: AgencyStanding) -> bool:
    """Return whether somebody has to do something about an agency; not if it declined another meeting."""
    state = standing.state
    if standing.duty is None and state is DutyState.DECLINED:
        return False
    return not state.comes and state not in (DutyState.EXPECTED, DutyState.TAKES_PART)
