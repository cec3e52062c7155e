"""Answer a question: in writing, or by an invitation to talk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.access import Action
from bot.domain.directory import Person
from bot.domain.errors import Invalid, Problem
from bot.usecases.guarded import check_text, check_time
from bot.usecases.guidance.standing import Standing, enter_guidance, settle
from bot.usecases.ports import UnitOfWork

LONGEST_ANSWER = 2500


@dataclass(frozen=True, slots=True)
class AnswerGuidance:
    """What the coordinator writes. A second answer takes the place of the first."""

    guidance_id: str
    text: str


@dataclass(frozen=True, slots=True)
class InviteToTalk:
    """When the coordinator proposes to talk (aware UTC). A second time takes the first's place."""

    guidance_id: str
    at: datetime


def see_guidance(uow: UnitOfWork, actor: Person, guidance_id: str) -> Standing:
    """The question, for the forms that answer it.

    Raises:
        NotAllowed, AlreadyClosed: as `enter_guidance`.
    """
    return enter_guidance(uow, actor, Action.ANSWER_GUIDANCE, guidance_id)


def answer_guidance(uow: UnitOfWork, actor: Person, command: AnswerGuidance) -> None:
    """Give the answer to the one who asked.

    Raises:
        NotAllowed, AlreadyClosed: as `enter_guidance`.
        Invalid: nothing is written, or something in the text may not be.
    """
    guidance = enter_guidance(uow, actor, Action.ANSWER_GUIDANCE, command.guidance_id).guidance
    text = check_text("text", command.text, uow.now, LONGEST_ANSWER, several_lines=True)
    if not text:
        raise Invalid(Problem("text", "invalid.nothing-written"))
    in_time = uow.now <= guidance.due_at if guidance.waits else guidance.in_time
    uow.change(
        guidance,
        answer=text,
        answers=guidance.answers + 1,
        answered_at=uow.now,
        answered_by=actor.id,
        in_time=in_time,
    )
    settle(uow, guidance.id)


def invite_to_talk(uow: UnitOfWork, actor: Person, command: InviteToTalk) -> None:
    """Propose a time to the one who asked, with an entry for both calendars.

    Raises:
        NotAllowed, AlreadyClosed: as `enter_guidance`.
        Invalid: the time cannot be.
    """
    found = enter_guidance(uow, actor, Action.INVITE_TO_TALK, command.guidance_id)
    guidance = found.guidance
    check_time("at", found.team, command.at, uow.now)
    in_time = uow.now <= guidance.due_at if guidance.waits else guidance.in_time
    uow.change(
        guidance,
        talk_at=command.at,
        talk_by=actor.id,
        talk_invited_at=uow.now,
        talk_sequence=guidance.talk_sequence + (guidance.talk_at is not None),
        in_time=in_time,
    )
    settle(uow, guidance.id)
