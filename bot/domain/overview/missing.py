"""The things that a case lacks. Derived, never stored."""

from __future__ import annotations

from collections.abc import Iterator
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


def lacks(file: CaseFile, now: datetime) -> dict[Missing | DutyState, list[Involvement]]:
    """Return all present lacks, each with the agencies that it is about: none for one of the whole case."""
    if not file.open:
        return {}
    found: dict[Missing | DutyState, list[Involvement]] = {what: [] for what in _overall(file, now)}
    order = list(DutyState)
    for standing in sorted(filter(_lacks, standings(file, now)), key=lambda each: order.index(each.shown)):
        found.setdefault(standing.shown, []).append(standing.involvement)
    if unasked := without_consent(file):
        found[Missing.NO_CONSENT] = unasked
    return found


def without_consent(file: CaseFile) -> list[Involvement]:
    """Return the agencies for which nobody has asked for consent yet."""
    asked = (i for i in file.involvements if i.live and i.asked_at is not None)
    return [i for i in asked if i.ground is Ground.NOT_SETTLED and i.not_ours is None]


def _overall(file: CaseFile, now: datetime) -> Iterator[Missing]:
    if file.unconfirmed_coordinators():
        yield Missing.COORDINATOR_UNCONFIRMED
    if file.room.kick_refused:
        yield Missing.STRANGER_IN_ROOM
    if file.unregistered(now):
        yield Missing.REGISTER_MEETING
    meeting = file.next_meeting(now)
    if meeting is None and not file.waits(now):
        yield Missing.NO_MEETING
    elif meeting is not None and not quorum_reachable(file, meeting.id):
        yield Missing.BELOW_QUORUM


def _lacks(standing: AgencyStanding) -> bool:
    """Return whether somebody has to do something about an agency; not if it declined another meeting."""
    state = standing.state
    if standing.duty is None and state is DutyState.DECLINED:
        return False
    return not state.comes and state not in (DutyState.EXPECTED, DutyState.TAKES_PART)
