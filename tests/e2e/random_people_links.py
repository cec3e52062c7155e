"""What people do with persons, links and liaisons, for the crowd of `tests.e2e.test_access`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.domain.case.file import CaseFile
from bot.domain.case.links import LinkKind
from bot.domain.case.pause import PauseReason
from bot.domain.directory.entities import Ground, Reason, Team
from bot.usecases.involvement.summons import AgencyChoice
from bot.usecases.lifecycle.phases import PauseCase, ResumeCase, pause_case, resume_case
from bot.usecases.links.liaisons import EndLiaison, NameLiaison, end_liaison, name_liaison
from bot.usecases.links.links import LinkCases, UnlinkCases, link_cases, unlink_cases
from bot.usecases.links.split import SplitOff, split_off
from bot.usecases.persons import AddPersons, ClosePerson, add_persons, close_person
from bot.usecases.ports import UnitOfWork
from bot.usecases.validation import MeetingPlan
from sandbox.cast import CAST
from tests.e2e import canaries
from tests.e2e.random_people import Crowd

PEOPLE = sorted(CAST)
KEYS = [
    "politi",
    "barnevern",
    "barnevernvakt",
    "sosialtjenesten",
    "bistandsadvokat",
    "udi",
    "botilbud",
    "helse",
]
NUMBERS = st.integers(0, 99)
#: Who acts where a right is needed: mostly the coordinator, who has it.
ACTORS = st.sampled_from([*["koordinator"] * 30, *["vara-koordinator"] * 6, *PEOPLE])
HOUR = timedelta(hours=1)


class LinkingCrowd(Crowd):
    """Cases that change their persons, are linked, take liaisons in, and wait."""

    def plan(self, after: timedelta, mark: str) -> MeetingPlan:
        """A meeting with a canary in its note and in its link."""
        starts_at = self.runner.sandbox.clock.now() + after
        link = f"{canaries.LINK}{mark}"
        return MeetingPlan(starts_at, starts_at + HOUR, "Møterom Nord", link, f"{canaries.NOTE}{mark}")

    def plan_for(self, file: CaseFile, after: timedelta) -> MeetingPlan:
        return self.plan(after, self.mark_of(self.files.index(file)))

    def choice(self, key: str, expected: bool = False) -> AgencyChoice:
        def find(uow: UnitOfWork) -> str:
            return next(a.id for a in uow.agencies(uow.teams()[0].id) if a.key == key)

        agency_id = self.run(self.rehearsal.bot.database.read(find))
        persons = "AB" if key in ("politi", "helse", "udi") else "A"
        return AgencyChoice(agency_id, persons, Reason.FOLLOW_UP, Ground.CONSENT, expected)

    def team(self) -> Team:
        return self.run(self.rehearsal.bot.database.read(lambda uow: uow.teams()[0]))

    def case(self, number: int) -> CaseFile | None:
        return self.pick(number, [*self.files, *(f for f in self.files if f.open for _ in range(5))])

    def case_of(self, thing: Any) -> CaseFile:
        return next(f for f in self.files if f.case.id == thing.case_id)

    def by(self, handle: str) -> str:
        return CAST[handle]

    @rule(number=NUMBERS, actor=ACTORS, letter=st.sampled_from("ABC"), parts=st.integers(0, 2))
    def persons(self, number: int, actor: str, letter: str, parts: int) -> None:
        """Close a case for one person, or take in one more."""
        file = self.case(number)
        if file is None:
            return
        if parts:
            self.attempt(close_person, self.by(actor), ClosePerson(file.case.id, letter))
            return
        chosen = tuple(i.id for i in file.involvements if i.ended_at is None and number % 2)
        self.attempt(add_persons, self.by(actor), AddPersons(file.case.id, 1, chosen))

    @rule(
        number=NUMBERS,
        actor=ACTORS,
        letter=st.sampled_from("ABC"),
        keys=st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True),
    )
    def split(self, number: int, actor: str, letter: str, keys: list[str]) -> None:
        """Split a person off, into the third case at most."""
        file = self.case(number)
        if file is None or len(self.files) >= 3:
            return
        meeting = self.plan(30 * HOUR, self.mark_of(len(self.files)))
        command = SplitOff(file.case.id, letter, tuple(self.choice(key) for key in keys), meeting)
        self.attempt(split_off, self.by(actor), command)

    @rule(number=NUMBERS, other=NUMBERS, actor=ACTORS, cut=st.booleans())
    def link(self, number: int, other: int, actor: str, cut: bool) -> None:
        """Link two cases in every way that there is, or undo a link; there is a second case then."""
        if len(self.files) == 1:
            self.split(number, "koordinator", "ABC"[number % 3], ["politi", "helse"])
        file = self.case(number)
        with_this = self.pick(other, (f for f in self.files if f is not file))
        if file is None or with_this is None:
            return
        if cut and file.links:
            undo = UnlinkCases(file.case.id, file.links[0].id)
            self.attempt(unlink_cases, self.by(actor), undo)
            return
        for kind in LinkKind:
            command = LinkCases(file.case.id, with_this.case.id, kind)
            self.attempt(link_cases, self.by(actor), command)

    @rule(
        number=NUMBERS,
        actor=ACTORS,
        handle=st.sampled_from(PEOPLE),
        days=st.integers(0, 3),
        ends=st.booleans(),
    )
    def liaison(self, number: int, actor: str, handle: str, days: int, ends: bool) -> None:
        """Take in a liaison, whoever that is, or end one's time; they leave by themselves as time passes."""
        file = self.case(number)
        if file is None:
            return
        live = file.live_liaisons()
        if ends and live:
            self.attempt(end_liaison, self.by(actor), EndLiaison(file.case.id, live[0].id))
            return
        until = self.runner.day(days).date()
        self.attempt(name_liaison, self.by(actor), NameLiaison(file.case.id, until, self.by(handle)))

    @rule(number=NUMBERS, actor=ACTORS, days=st.integers(1, 3))
    def wait_for_contact(self, number: int, actor: str, days: int) -> None:
        """Let a case wait, or go on."""
        file = self.case(number)
        part = self.pick(number, file.current()) if file is not None else None
        if file is None or part is None:
            return
        on = self.runner.day(days).date()
        self.attempt(pause_case, self.by(actor), PauseCase(file.case.id, PauseReason.NOT_NOW, on, part.id))
        if number % 3 == 0:
            self.attempt(resume_case, self.by(actor), ResumeCase(file.case.id))
