"""The mails of a case's meetings, sent as the deliverer would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.case.calendar import Asked
from bot.usecases.calendar.delivery import OutgoingInvite, invite_sent, next_invite
from bot.usecases.meeting import MoveMeeting, move_meeting
from tests.bot.cast import HOUR
from tests.bot.usecases.town import Town


@dataclass(frozen=True)
class Told:
    """One mail: to whom, which entry, which word."""

    person: str
    uid: str
    sequence: int
    cancelled: bool
    stamp: datetime


class PostRoom:
    """Sends what there is to send, as the deliverer would."""

    def __init__(self, town: Town, case_id: str) -> None:
        self.town = town
        self.case_id = case_id
        self.told: list[Told] = []

    async def take(self, ask_id: str) -> OutgoingInvite | None:
        return await self.town.run(lambda uow: next_invite(uow, self.case_id, ask_id))

    async def post(self) -> list[Told]:
        """Send all, for everybody; what was sent now."""
        before = len(self.told)
        file = await self.town.file(self.case_id)
        asked: list[Asked] = [*file.asks, *file.invitations]
        for ask in asked:
            while (letter := await self.take(ask.id)) is not None:
                entry = letter.entry
                self.told.append(
                    Told(ask.person_id, entry.uid, entry.sequence, entry.cancelled, entry.stamped_at)
                )
                await self.town.run(lambda uow, letter=letter: invite_sent(uow, letter))  # type: ignore[misc]
        return self.told[before:]


def brief(told: list[Told]) -> list[tuple[str, int, bool]]:
    return sorted((t.person, t.sequence, t.cancelled) for t in told)


async def opened(town: Town, *agencies: str, people: tuple[str, ...]) -> PostRoom:
    case = await town.open(*agencies)
    await town.confirm(case.id, *people)
    return PostRoom(town, case.id)


async def move(town: Town, case_id: str, by: timedelta = HOUR, **facts: Any) -> None:
    meeting = await town.meeting(case_id)
    plan = town.plan(meeting.starts_at - town.clock.now() + by, **facts)
    await town.do(move_meeting, "coordinator", MoveMeeting(meeting.id, plan))
