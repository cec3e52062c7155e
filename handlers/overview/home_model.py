"""The content of one person's Home, chosen from the cases by what they may see. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.domain.case.entities import Involvement, SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact, Person, Team
from bot.domain.joint import JointMeetingView
from bot.domain.links import Linked, linked_to
from bot.domain.on_record import own_parts
from bot.domain.worktime import OSLO
from bot.texts.words import Words
from bot.usecases.convening import ConveningView
from bot.usecases.guidance import GuidanceView
from bot.usecases.notifications import home_notification
from bot.usecases.ports import Draft
from handlers.blocks.context import RenderContext


@dataclass(frozen=True)
class HomeModel:
    """Everything that one person's Home shows, chosen from `files` by what they may see at `now` (aware UTC).

    `coordinated` are the teams that they coordinate now, with what is asked of them (`guidance`, `requests`);
    `contacts` are what they are in agencies; `all_teams` are the teams whose mandates are shown.
    """

    person: Person
    files: Sequence[CaseFile]
    coordinated: Sequence[Team] = ()
    _: KW_ONLY
    words: Words
    now: datetime
    zone: ZoneInfo = OSLO
    contacts: Sequence[Contact] = ()
    guidance: Sequence[GuidanceView] = ()
    requests: Sequence[ConveningView] = ()
    joint: Sequence[JointMeetingView] = ()
    all_teams: Sequence[Team] = ()
    unfinished: Draft | None = None

    def seen(self, file: CaseFile) -> RenderContext:
        """Return a case as the person sees it."""
        return RenderContext(file, home_notification(self.person.id), self.person, self.words, self.now)

    @property
    def known(self) -> bool:
        """Return whether they coordinate, are a contact, or are in a case; a stranger reads what TOT is."""
        return bool(self.coordinated or self.contacts or self.seated or self.to_record)

    @cached_property
    def seated(self) -> list[CaseFile]:
        return [f for f in self.files if f.seats_of(self.person.id)]

    @property
    def to_record(self) -> list[tuple[CaseFile, Involvement]]:
        return [(f, p) for f in self.files for p in own_parts(f, self.person.id) if not p.on_record]

    @cached_property
    def cases(self) -> list[CaseFile]:
        return [f for f in self.seated if f.open and _takes_part(self.person, f)]

    @cached_property
    def led(self) -> list[CaseFile]:
        """The cases that they coordinate, and for which they have confirmed taushetsplikt."""
        return [f for f in self.files if self.person.id in f.confirmed_coordinators()]

    def linked(self, file: CaseFile) -> list[Linked]:
        """Return a case's links to other cases for which the person is a confirmed coordinator."""
        return linked_to(file, self.led)


def _takes_part(person: Person, file: CaseFile) -> bool:
    """Return True if the person is in the room for an agency, whatever else they are."""
    return person.id in file.room_people() and any(
        s.confirmed and s.role is not SeatRole.COORDINATOR for s in file.seats_of(person.id)
    )
