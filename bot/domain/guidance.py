"""Guidance (veiledning): somebody asks the coordinators, without naming the person concerned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from bot.domain.case.entities import CaseQuestion
from bot.domain.case.file import CaseFile
from bot.domain.notifications import Kind, Notification, Reminder, Revision
from bot.domain.outside import AskedItem, AskedView, promised, reminded_at, reminders, to_each


class Theme(StrEnum):
    """The default themes, for a team without its own list."""

    SIGNS = "signs"
    DUTY_TO_REPORT = "duty_to_report"
    CONFIDENTIALITY = "confidentiality"
    PROTECTION = "protection"
    MINORS = "minors"
    RESIDENCE = "residence"
    WORK = "work"
    COOPERATION = "cooperation"
    OTHER = "other"


class GuidanceOutcome(StrEnum):
    ANSWERED = "answered"
    TALK = "talk"
    CASE = "case"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Guidance(AskedItem):
    """A question to the coordinators of a team.

    `theme` is a `Theme` or one of the team's own. `text`, `answer` and the people are encrypted with the
    question's own key, and lost when it is destroyed. A purged question keeps the theme, the month
    (`asked_at` is then its first day), the outcome, and whether it was answered in time.
    """

    word: ClassVar[str] = "guidance"
    theme: str
    text: str
    uid: str
    answer: str | None = None
    answers: int = 0
    answered_at: datetime | None = None
    answered_by: str | None = None
    talk_at: datetime | None = None
    talk_by: str | None = None
    talk_invited_at: datetime | None = None
    talk_sequence: int = 0
    in_time: bool | None = None
    outcome: GuidanceOutcome | None = None

    @property
    def people(self) -> tuple[str | None, ...]:
        return self.asker, self.answered_by, self.talk_by

    @property
    def unanswered(self) -> bool:
        """Return whether the asker has got neither an answer nor an invitation to talk."""
        return self.answered_at is None and self.talk_at is None

    @property
    def waits(self) -> bool:
        return self.open and self.unanswered

    @property
    def last_word(self) -> datetime:
        return max(filter(None, (self.answered_at, self.talk_at)), default=self.due_at)

    def in_time_at(self, now: datetime) -> bool | None:
        """Return whether a reply now is in time for the promise; only the first reply counts."""
        return now <= self.due_at if self.waits else self.in_time

    @property
    def reached(self) -> GuidanceOutcome:
        if self.answered_at is not None:
            return GuidanceOutcome.ANSWERED
        return GuidanceOutcome.TALK if self.talk_at is not None else GuidanceOutcome.CLOSED


def standing(now: AskedView[Guidance]) -> Iterator[Notification]:
    """Yield the messages that should be posted, and the reminders of the promised answer."""
    guidance, asker = now.asked, [now.asked.asker]
    yield from to_each(now.coordinators, Kind.GUIDANCE_ASKED, guidance)
    if guidance.answered_at is not None:
        yield from to_each(asker, Kind.GUIDANCE_ANSWER, guidance, Revision(guidance.answers))
    if guidance.unanswered and not guidance.open:
        yield from to_each(asker, Kind.GUIDANCE_ANSWER, guidance)
    if guidance.talk_by is not None:
        which = Revision(guidance.talk_sequence)
        both = dict.fromkeys((*asker, *(id for id in now.coordinators if id == guidance.talk_by)))
        yield from to_each(asker, Kind.GUIDANCE_TALK, guidance, which)
        yield from to_each(both, Kind.GUIDANCE_ENTRY, guidance, which)
    if guidance.waits:
        yield from to_each(asker, Kind.GUIDANCE_STANDS, guidance)
        at = reminded_at(guidance.asked_at, now.team, now.team.rules.guidance_days)
        yield from reminders(now.coordinators, Kind.GUIDANCE_WAITS, guidance, at, guidance.due_at)


def is_in_the_room(file: CaseFile, question: CaseQuestion) -> bool:
    """Return whether the asker still belongs in the room, and so may read an answer."""
    return question.asker in file.room_people()


def awaits_answer(file: CaseFile, question: CaseQuestion) -> bool:
    return question.answer is None and file.open and is_in_the_room(file, question)


def due_in_case(file: CaseFile, question: CaseQuestion) -> datetime:
    """Return when the team promises an answer: the same term as for guidance outside a case."""
    return promised(question.asked_at, file.team, file.team.rules.guidance_days)


def question_reminders(file: CaseFile) -> Iterator[Reminder]:
    """Yield one reminder to the coordinators for each question whose promised time runs out."""
    for question in file.questions:
        if awaits_answer(file, question):
            yield Reminder(Kind.CASE_QUESTION_WAITS, question, due_in_case(file, question), None, "end")
