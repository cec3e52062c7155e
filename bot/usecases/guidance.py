"""Guidance (veiledning): asked by anyone, answered by the coordinators, closed with a theme only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.access import Action
from bot.domain.case.entities import CaseQuestion
from bot.domain.directory.entities import Person, Team
from bot.domain.errors import Invalid, Problem, Refusal, Refused
from bot.domain.guidance import Guidance, GuidanceOutcome, Theme, awaits_answer, is_in_the_room
from bot.domain.notifications import Kind, Notification, Revision
from bot.domain.outside import MOST_OPEN, delete_on, lapses_at, promised, reminded_at, reminders, to_each
from bot.usecases import outside
from bot.usecases.authorization import CaseContext, enter, enter_case
from bot.usecases.ports import UnitOfWork, file_of_channel
from bot.usecases.profile import stored
from bot.usecases.validation import FreeText, check_time

GuidanceView = outside.AskedView[Guidance]


def enter_guidance(uow: UnitOfWork, actor: Person, action: Action, guidance_id: str) -> GuidanceView:
    return outside.enter_view(uow, actor, action, Guidance, guidance_id)


def enqueue_guidance_effects(uow: UnitOfWork, guidance_id: str) -> None:
    """Enqueue what follows from the current state of the guidance."""
    outside.follow(uow, Guidance, guidance_id, standing)


def refresh_guidance(uow: UnitOfWork, team_id: str) -> None:
    """Update the questions to a team after a change of its coordinators or their accounts.

    A coming talk with somebody who has left is off, and its question waits for an answer again.
    """
    ids, persons = outside.people_of(uow, team_id)
    there = {id for id in ids if persons[id].on_slack}
    for each in uow.find(Guidance, team_id=team_id, purged_at=None):
        if each.open and each.talk_at is not None and each.talk_at > uow.now and each.talk_by not in there:
            uow.change(each, talk_at=None, talk_sequence=each.talk_sequence + 1)
        enqueue_guidance_effects(uow, each.id)


def standing(now: GuidanceView) -> Iterator[Notification]:
    """Yield the messages that should be posted, and the reminders of the promised answer."""
    guidance, asker = now.asked, [now.asked.asker]
    yield from to_each(now.coordinators, Kind.GUIDANCE_ASKED, guidance)
    if guidance.answered_at is not None:
        yield from to_each(asker, Kind.GUIDANCE_ANSWER, guidance, Revision(guidance.answers))
    if guidance.closed_unanswered:
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


QUESTION = FreeText("guidance", 1500, several_lines=True, empty="invalid.nothing-written")
ANSWER = FreeText("its answers", 2500, several_lines=True, empty="invalid.nothing-written")


def themes_of(team: Team) -> tuple[str, ...]:
    """The themes to choose from: the team's own, otherwise the usual ones."""
    return team.rules.themes or tuple(theme.value for theme in Theme)


def see_askable(uow: UnitOfWork, actor: Person) -> list[Team]:
    return outside.askable_teams(uow, actor, Guidance)


def ask_guidance(uow: UnitOfWork, actor: Person, team_id: str, *, theme: str, text: str) -> Guidance:
    """Put a question to the team's coordinators, who have promised an answer."""
    team = outside.enter_asking(uow, actor, Action.ASK_GUIDANCE, team_id, Guidance)
    text = QUESTION.checked("text", text, uow.now)
    if theme not in themes_of(team):
        raise Invalid(Problem("theme", "invalid.theme"))
    guidance = Guidance(
        id=uow.ids.new(),
        team_id=team.id,
        theme=theme,
        asked_at=uow.now,
        due_at=promised(uow.now, team, team.rules.guidance_days),
        asker=stored(uow, actor).id,
        text=text,
        uid=uow.ids.uid(),
    )
    uow.add(guidance)
    enqueue_guidance_effects(uow, guidance.id)
    return guidance


def answer_guidance(uow: UnitOfWork, actor: Person, guidance_id: str, *, text: str) -> None:
    """Answer the one who asked. A second answer replaces the first."""
    guidance = enter_guidance(uow, actor, Action.ANSWER_GUIDANCE, guidance_id).asked
    uow.change(
        guidance,
        answer=ANSWER.checked("text", text, uow.now),
        answers=guidance.answers + 1,
        answered_at=uow.now,
        answered_by=actor.id,
        in_time=guidance.in_time_at(uow.now),
    )
    enqueue_guidance_effects(uow, guidance.id)


def invite_to_talk(uow: UnitOfWork, actor: Person, guidance_id: str, *, at: datetime) -> None:
    """Propose a time to the one who asked, with an entry for both calendars.

    A second proposal replaces the first.
    """
    found = enter_guidance(uow, actor, Action.INVITE_TO_TALK, guidance_id)
    guidance = found.asked
    check_time("at", found.team, at, uow.now)
    uow.change(
        guidance,
        talk_at=at,
        talk_by=actor.id,
        talk_invited_at=uow.now,
        talk_sequence=guidance.talk_sequence + (guidance.talk_by is not None),
        in_time=guidance.in_time_at(uow.now),
    )
    enqueue_guidance_effects(uow, guidance.id)


def close_guidance(uow: UnitOfWork, actor: Person, guidance_id: str, *, theme: str) -> None:
    """Close guidance, and count it under the theme that was asked about, or a better one.

    Its text is removed from the coordinators' messages at once, the rest on the date of deletion.
    """
    found = enter_guidance(uow, actor, Action.CLOSE_GUIDANCE, guidance_id)
    if theme not in {*themes_of(found.team), found.asked.theme}:
        raise Invalid(Problem("theme", "invalid.theme"))
    _close(uow, found.asked, found.team, found.asked.reached, theme)


def became_case(uow: UnitOfWork, guidance: Guidance, team: Team) -> None:
    """Close guidance because a case was opened from it; the two are not linked."""
    guidance = uow.change(guidance, in_time=guidance.in_time_at(uow.now))
    _close(uow, guidance, team, GuidanceOutcome.CASE, guidance.theme)


def no_case_after_all(uow: UnitOfWork, guidance: Guidance) -> None:
    """Let guidance go on, because the case that was opened from it is undone."""
    guidance = uow.change(guidance, outcome=None, closed_at=None, delete_on=None)
    uow.change(guidance, in_time=None if guidance.waits else guidance.in_time)
    enqueue_guidance_effects(uow, guidance.id)


def close_silent(uow: UnitOfWork, team: Team) -> None:
    """Close guidance when nothing has come since the answer, or since one was promised."""
    for guidance in uow.find(Guidance, team_id=team.id, closed_at=None):
        answered = [at for at in (guidance.answered_at, guidance.talk_at) if at is not None]
        if lapses_at(max(answered, default=guidance.due_at), team) < uow.now:
            _close(uow, guidance, team, guidance.reached, guidance.theme)


def _close(uow: UnitOfWork, guidance: Guidance, team: Team, outcome: GuidanceOutcome, theme: str) -> None:
    deletion = delete_on(team, uow.now)
    uow.change(guidance, theme=theme, outcome=outcome, closed_at=uow.now, delete_on=deletion)
    enqueue_guidance_effects(uow, guidance.id)


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
