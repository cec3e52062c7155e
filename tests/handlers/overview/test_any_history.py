"""Over any sequence of use cases no two places say different things of an agency, nor does the chain tell
anybody of a case whom a step does not allow. `TOT_LONG_SEQUENCES=2000` tries more.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from bot.domain.case.duty import StepKind
from bot.domain.case.entities import Answer, Ask, PauseReason, Via
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import SHELTERING
from bot.domain.language import Language
from bot.domain.notifications import Notification
from bot.texts.words import words
from bot.usecases.answers import RecordAnswer, SayCannot, record_answer, say_cannot
from bot.usecases.deputies.naming import ApproveDeputy, approve_deputy
from bot.usecases.escalation import escalate
from bot.usecases.involvement.not_ours import TakeBackNotOurs, take_back_not_ours
from bot.usecases.lifecycle.phases import PauseCase, ResumeCase, pause_case, resume_case
from bot.usecases.ports import UnitOfWork
from handlers.blocks.context import RenderContext
from tests.bot import cast
from tests.bot.usecases.any_sequence import ACTORS, NUMBERS, OWNERS, PEOPLE, AnySequence
from tests.bot.usecases.attempts import LONG, PHASES
from tests.handlers.cases import render
from tests.handlers.overview.agreement import contradictions
from tests.handlers.reading import shown

#: A number for each agency, to be looked for where it must not stand.
LINES = {agency: f"55 00 00 {60 + n}" for n, agency in enumerate(cast.AGENCIES)}


def give_numbers(uow: UnitOfWork) -> None:
    for agency_id, line in LINES.items():
        uow.change(cast.AGENCIES[agency_id], duty_line=line)


class AnyHistory(AnySequence):
    muted: frozenset[str] = frozenset()

    def __init__(self) -> None:
        super().__init__()
        self.run(self.town.run(give_numbers))

    @rule(number=NUMBERS, actor=ACTORS, via=st.sampled_from(Via), confirms=st.booleans())
    def only_tell(self, number: int, actor: str, via: Via, confirms: bool) -> None:
        """Somebody is told on the telephone, and does not say whether they come."""
        ask = self.some(number, "asks")
        if ask is not None:
            command = RecordAnswer(ask.id, via, sequence=ask.sequence, acknowledged=confirms)
            self.attempt(record_answer, actor, command, self.coordinators(ask.case_id))

    @rule(number=NUMBERS, actor=OWNERS)
    def say_cannot(self, number: int, actor: str | None) -> None:
        seat = self.some(number, "seats")
        if seat is not None:
            self.attempt(say_cannot, actor or seat.person_id, SayCannot(seat.id), {seat.person_id})

    @rule(number=NUMBERS, actor=OWNERS)
    def take_back_not_ours(self, number: int, actor: str | None) -> None:
        parts = {i.id for f in self.files for i in f.involvements if i.not_ours is not None}
        seat = self.pick(number, [s for f in self.files for s in f.seats if s.involvement_id in parts])
        if seat is not None:
            who = actor or seat.person_id
            self.attempt(take_back_not_ours, who, TakeBackNotOurs(seat.id), {seat.person_id})

    @rule(number=NUMBERS, actor=ACTORS, days=st.integers(1, 5), goes_on=st.booleans())
    def pause(self, number: int, actor: str, days: int, goes_on: bool) -> None:
        """A case is put on hold, or goes on."""
        file = self.a_case(number)
        part = self.pick(number, file.current()) if file is not None else None
        if file is None or part is None:
            return
        on = file.team.day_of(self.town.clock.now()) + timedelta(days=days)
        paused = PauseCase(file.case.id, PauseReason.NOT_NOW, on, part.id)
        may = self.coordinators(file.case.id)
        if goes_on:
            self.attempt(resume_case, actor, ResumeCase(file.case.id), may)
        else:
            self.attempt(pause_case, actor, paused, may)

    @rule(number=NUMBERS, some=st.integers(1, 3))
    def deputies_come(self, number: int, some: int) -> None:
        """Deputies are approved, and some of those who are asked say on the telephone that they come."""
        file = self.a_case(number)
        for ask in file.asks if file is not None else ():
            if ask.awaits_approval:
                self.attempt(approve_deputy, "coordinator", ApproveDeputy(ask.id), {"coordinator"})
        asked = [a for a in file.asks if not a.answer] if file is not None else []
        for ask in asked[::-some]:
            came = RecordAnswer(ask.id, Via.PHONE, Answer.CONFIRMED, sequence=ask.sequence, acknowledged=True)
            self.attempt(record_answer, "coordinator", came, {"coordinator"})

    @rule(steps=st.integers(2, 4))
    def evening(self, steps: int) -> None:
        """Nobody answers for hours."""
        for _ in range(steps):
            self.silence(31, late=False)

    @rule(people=st.sets(st.sampled_from(PEOPLE), max_size=4).map(frozenset))
    def mute(self, people: frozenset[str]) -> None:
        """From now on these have muted Slack, and nobody else."""
        self.muted = people

    def take_step(self, ask_id: str) -> None:
        case_id = next(f.case.id for f in self.files if f.ask(ask_id) is not None)
        before = self._file(case_id)
        self.run(self.town.run(partial(escalate, ask_id=ask_id, muted=self.muted)))
        tells_only_whom_a_step_allows(before, self._file(case_id), self.muted)
        for left in self.town.left:
            self._tells_no_more_than_the_role(left)

    def _file(self, case_id: str) -> CaseFile:
        return next(f for f in self.files if f.case.id == case_id)

    def _tells_no_more_than_the_role(self, left: Notification) -> None:
        """Messages of the chain to who has not confirmed have neither the code nor another agency."""
        if left.recipient is None or left.case_id is None:
            return
        file = self._file(left.case_id)
        if any(s.confirmed for s in file.seats_of(left.recipient)):
            return
        assert left.recipient in who_knows(file), left
        now = self.town.clock.now()
        reader = file.persons[left.recipient]
        text = shown(render(RenderContext(file, left, reader, words(Language.NB).read_at(now), now)))
        own = {c.agency_id for c in file.contacts if c.person_id == left.recipient}
        others = [a.shown_name for a in file.agencies.values() if a.id not in own]
        hidden = [file.case.code, *others, *LINES.values()]
        found = [word for word in hidden if re.search(rf"\b{re.escape(word)}\b", text)]
        assert not found, f"{left.kind} tells {left.recipient} {found}: {text}"

    @invariant()
    def what_always_holds(self) -> None:
        now = self.town.clock.now()
        for file in self.files:
            found = contradictions(file, now) if file.case.purged_at is None else []
            assert not found, "\n".join([f"{now:%d.%m. %H:%M} UTC, {file.case.phase}:", *found])


def who_knows(file: CaseFile) -> set[str]:
    """The people who have been told anything of a case: they were asked, or turned to in a step."""
    asked = (a.person_id for a in file.asks if not a.awaits_approval)
    return {*(s.person_id for s in file.seats), *asked, *(s.person_id for s in file.steps if s.person_id)}


def tells_only_whom_a_step_allows(before: CaseFile, after: CaseFile, muted: frozenset[str]) -> None:
    """Each who is new to a case is the one whom a step of their own agency turned to."""
    taken = [s for s in after.steps if s not in before.steps]
    allowed = {s.person_id: s for s in taken if s.person_id is not None}
    asked = {a.id: a for a in after.asks}
    for person_id in who_knows(after) - who_knows(before):
        assert person_id in allowed, f"{person_id} learns of it, and no step turned to them"
        step = allowed[person_id]
        assert step.kind in (StepKind.NEXT_CONTACT, StepKind.LEADER), f"{step.kind} turns to {person_id}"
        assert person_id not in muted, f"{person_id} is muted, and was asked by {step.kind}"
        ask: Ask = asked[step.ask_id]
        assert ask.deputy_for is None, f"of a deputy nobody new is told, and {person_id} was"
        agency = after.agency_of_ask(ask)
        roles = [c for c in cast.CONTACTS if (c.agency_id, c.person_id) == (agency.id, person_id)]
        assert roles, f"{person_id} is no contact of {agency.key}"
        assert any(c.leader for c in roles) is (step.kind is StepKind.LEADER), f"{step.kind}: {person_id}"
        assert agency.kind not in SHELTERING, f"{agency.key} is reached by the coordinator"
        person = after.persons[person_id]
        assert person.slack_id is not None, f"{person_id} is not on Slack"
        assert not person.deactivated, f"the account of {person_id} is gone"
    turned_to = [(s.duty_id, s.kind) for s in taken]
    assert len(turned_to) == len(set(turned_to)), "a step told several people"


@pytest.mark.long
@pytest.mark.parametrize("plays", [3, pytest.param(12, marks=pytest.mark.slow)])
def test_any_history(migrated_sqlite: Path, plays: int) -> None:
    AnyHistory.play(migrated_sqlite, plays, 60 if LONG else 30, phases=PHASES)
