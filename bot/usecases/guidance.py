"""Guidance (veiledning): asked by anyone, answered by the coordinators, closed with a theme only."""

from __future__ import annotations

from datetime import datetime

from bot.domain.access import Action
from bot.domain.case.entities import CaseQuestion
from bot.domain.directory.entities import Person, Team
from bot.domain.errors import Invalid, Problem, Refusal, Refused
from bot.domain.guidance import Guidance, Theme, awaits_answer, is_in_the_room
from bot.domain.outside import MOST_OPEN, AskedView, promised
from bot.usecases import outside
from bot.usecases.authorization import CaseContext, enter, enter_case
from bot.usecases.ports import UnitOfWork, file_of_channel
from bot.usecases.profile import stored
from bot.usecases.validation import FreeText, check_time

GuidanceView = AskedView[Guidance]


def enter_guidance(uow: UnitOfWork, actor: Person, action: Action, guidance_id: str) -> GuidanceView:
    return outside.enter_view(uow, actor, action, Guidance, guidance_id)


QUESTION = FreeText("guidance", 1500, several_lines=True, empty="invalid.nothing-written")
ANSWER = FreeText("its answers", 2500, several_lines=True, empty="invalid.nothing-written")


def themes_of(team: Team) -> tuple[str, ...]:
    """The themes to choose from: the team's own, otherwise the usual ones."""
    return team.rules.themes or tuple(theme.value for theme in Theme)


def ask_guidance(uow: UnitOfWork, actor: Person, team_id: str, *, theme: str, text: str) -> Guidance:
    """Put a question to the team's coordinators, who have promised an answer."""
    team = outside.enter_asking(uow, actor, Action.ASK_GUIDANCE, team_id, Guidance)
    text = QUESTION.checked("text", text, uow.now)
    if theme not in themes_of(team):
        raise Invalid(Problem("theme", "invalid.theme"))
    asked = Guidance(
        id=uow.ids.new(),
        team_id=team.id,
        theme=theme,
        asked_at=uow.now,
        due_at=promised(uow.now, team, team.rules.guidance_days),
        asker=stored(uow, actor).id,
        text=text,
        uid=uow.ids.uid(),
    )
    return outside.follow(uow, uow.add(asked))


def answer_guidance(uow: UnitOfWork, actor: Person, guidance_id: str, *, text: str) -> None:
    """Answer the one who asked. A second answer replaces the first."""
    guidance = enter_guidance(uow, actor, Action.ANSWER_GUIDANCE, guidance_id).asked
    outside.change_asked(
        uow,
        guidance,
        answer=ANSWER.checked("text", text, uow.now),
        answers=guidance.answers + 1,
        answered_at=uow.now,
        answered_by=actor.id,
        in_time=guidance.in_time_at(uow.now),
    )


def invite_to_talk(uow: UnitOfWork, actor: Person, guidance_id: str, *, at: datetime) -> None:
    """Propose a time to the one who asked, with an entry for both calendars.

    A second proposal replaces the first.
    """
    found = enter_guidance(uow, actor, Action.INVITE_TO_TALK, guidance_id)
    guidance = found.asked
    check_time("at", found.team, at, uow.now)
    outside.change_asked(
        uow,
        guidance,
        talk_at=at,
        talk_by=actor.id,
        talk_invited_at=uow.now,
        talk_sequence=guidance.talk_sequence + (guidance.talk_by is not None),
        in_time=guidance.in_time_at(uow.now),
    )


def close_guidance(uow: UnitOfWork, actor: Person, guidance_id: str, *, theme: str) -> None:
    """Close guidance, and count it under the theme that was asked about, or a better one.

    Its text is removed from the coordinators' messages at once, the rest on the date of deletion.
    """
    found = enter_guidance(uow, actor, Action.CLOSE_GUIDANCE, guidance_id)
    if theme not in {*themes_of(found.team), found.asked.theme}:
        raise Invalid(Problem("theme", "invalid.theme"))
    outside.close_asked(uow, found.asked, found.team, outcome=found.asked.reached, theme=theme)


def see_askable_here(uow: UnitOfWork, actor: Person, channel_id: str) -> CaseContext | None:
    """The case in whose room the person asks; None elsewhere, and for those who do not belong there."""
    file = file_of_channel(uow, channel_id)
    if file is None or actor.id not in file.room_people():
        return None
    return _enter_to_ask(uow, actor, file.case.id)


def _enter_to_ask(uow: UnitOfWork, actor: Person, case_id: str) -> CaseContext:
    here = enter_case(uow, actor, Action.ASK_IN_CASE, case_id)
    waiting = sum(q.asker == actor.id and awaits_answer(here.file(), q) for q in here.file().questions)
    if waiting >= MOST_OPEN:
        raise Refused(Refusal.TOO_MANY_ASKED, n=waiting)
    return here


def ask_in_case(uow: UnitOfWork, actor: Person, case_id: str, *, text: str) -> None:
    """Put a question to the coordinators of the case. It is stored in the case, and nowhere outside it."""
    here = _enter_to_ask(uow, actor, case_id)
    text = QUESTION.checked("text", text, uow.now)
    uow.add(CaseQuestion(uow.ids.new(), here.file().case.id, uow.now, actor.id, text))


def see_question(uow: UnitOfWork, actor: Person, question_id: str) -> tuple[CaseContext, CaseQuestion]:
    here, question = enter(uow, actor, Action.ANSWER_IN_CASE, CaseQuestion, question_id)
    if not is_in_the_room(here.file(), question):
        raise Refused(Refusal.NO_LONGER_ASKED)
    return here, question


def answer_in_case(uow: UnitOfWork, actor: Person, question_id: str, *, text: str) -> None:
    """Answer the one who asked, and nobody else in the room.

    A second answer replaces the first.
    """
    _, question = see_question(uow, actor, question_id)
    text = ANSWER.checked("text", text, uow.now)
    uow.change(question, answer=text, answers=question.answers + 1, answered_by=actor.id)
