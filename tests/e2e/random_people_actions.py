"""What people do with needs, actions and own deadlines, for the crowd of `tests.e2e.test_access`."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.domain.case.actions import Outcome
from bot.domain.case.dates import DeadlineKind
from bot.domain.case.file import CaseFile
from bot.usecases.actions.actions import (
    AgreeAction,
    ChangeAction,
    EndAction,
    agree_action,
    change_action,
    end_action,
)
from bot.usecases.actions.needs import NoteNeeds, TakeNeed, note_needs, take_need
from bot.usecases.dates import SetDeadline, set_deadline
from tests.e2e import canaries
from tests.e2e.random_people_links import NUMBERS, PEOPLE, LinkingCrowd

#: Who acts where it is about a person's own question: mostly that person (None).
OWNERS = st.sampled_from([*[None] * 40, *PEOPLE])


class AgreedCrowd(LinkingCrowd):
    @rule(number=NUMBERS, actor=OWNERS, ended=st.sampled_from([None, None, *Outcome]))
    def do(self, number: int, actor: str | None, ended: Outcome | None) -> None:
        """An agency agrees an action, mostly by its own people, or one is ended."""
        part, action = self.some(number, "involvements"), self.some(number, "actions")
        if ended is not None and action is not None:
            by = self.one_of(number, actor, self.case_of(action), action.involvement_id)
            self.attempt(end_action, by, EndAction(action.id, ended))
        elif part is not None:
            file = self.case_of(part)
            text = f"{canaries.ACTION}{self.mark_of(self.files.index(file))}"
            day = (self.runner.now() + timedelta(days=number % 9)).date()
            command = AgreeAction(file.case.id, part.id, part.persons, day, None, text)
            self.attempt(agree_action, self.one_of(number, actor, file, part.id), command)

    @rule(number=NUMBERS, actor=OWNERS)
    def change(self, number: int, actor: str | None) -> None:
        """An action gets another owner and another day, mostly by those of the owner, or of the new one."""
        action = self.some(number, "actions")
        if action is None:
            return
        file = self.case_of(action)
        part = self.pick(number, file.involvements)
        if part is not None:
            day = (self.runner.now() + timedelta(days=number % 9)).date()
            by = self.one_of(number, actor, file, (action.involvement_id, part.id)[number % 2])
            self.attempt(change_action, by, ChangeAction(action.id, part.id, day))

    @rule(number=NUMBERS, actor=OWNERS, taken=st.booleans())
    def need(self, number: int, actor: str | None, taken: bool) -> None:
        """The coordinator notes needs, or an agency takes one."""
        file, need = self.case(number), self.some(number, "needs")
        if not taken and file is not None:
            noted = NoteNeeds(file.case.id, ("housing", "own_voice")[: 1 + number % 2])
            self.attempt(note_needs, self.by(actor or "koordinator"), noted)
        elif need is not None:
            part = self.pick(number, self.case_of(need).involvements)
            if part is not None:
                by = self.one_of(number, actor, self.case_of(need), part.id)
                self.attempt(take_need, by, TakeNeed(need.id, part.id))

    @rule(number=NUMBERS, actor=OWNERS)
    def own_deadline(self, number: int, actor: str | None) -> None:
        """An agency's people set a deadline of its own; on its day they are reminded."""
        part = self.some(number, "involvements")
        if part is None:
            return
        file = self.case_of(part)
        mark = self.mark_of(self.files.index(file))
        text = f"{canaries.OWN_DEADLINE}{mark}{file.agency_of(part.id).key}"
        day = (self.runner.now() + timedelta(days=1)).date()
        command = SetDeadline(file.case.id, DeadlineKind.OWN, day, part.id, text=text)
        self.attempt(set_deadline, self.one_of(number, actor, file, part.id), command)

    def one_of(self, number: int, actor: str | None, file: CaseFile, involvement_id: str) -> str | None:
        """The Slack id of somebody with a seat for an agency, or of somebody else."""
        if actor is not None:
            return self.by(actor)
        seat = self.pick(number, [s for s in file.seats if s.involvement_id == involvement_id])
        return self.slack_id(seat.person_id) if seat is not None else self.by("koordinator")
