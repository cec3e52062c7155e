"""Say which of several times suit, or record what an agency said outside Slack."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.domain.access import Action
from bot.domain.case.entities import Involvement, Via
from bot.domain.case.polls import TimeAnswer, TimePoll, TimeReply
from bot.domain.directory.entities import Person
from bot.domain.errors import NoLongerAsked, TimesGone
from bot.domain.polls import answer_of, asked_in_slack, polled, times_ahead
from bot.usecases.authorization import CaseContext, enter_case, not_found
from bot.usecases.coordinating import note_acting
from bot.usecases.polls.proposing import enter_poll, still_standing
from bot.usecases.ports import UnitOfWork, case_files


def see_times(uow: UnitOfWork, actor: Person, poll_id: str) -> tuple[CaseContext, TimePoll]:
    """The poll, for the form in which a coordinator records what an agency has said."""
    return enter_poll(uow, actor, Action.ANSWER_ON_BEHALF, poll_id)


def answer_time(uow: UnitOfWork, actor: Person, poll_id: str, at: datetime, *, reply: TimeReply) -> None:
    """Say whether a time suits, for each agency for which one is asked: «Passer», «Med vara»."""
    _answer(uow, actor, poll_id, at, reply)


def answer_none(uow: UnitOfWork, actor: Person, poll_id: str) -> None:
    """Say that none of the times suits."""
    _answer(uow, actor, poll_id, None, TimeReply.NOT)


def _answer(uow: UnitOfWork, actor: Person, poll_id: str, at: datetime | None, reply: TimeReply) -> None:
    poll = uow.get(TimePoll, poll_id)
    if poll is None:
        raise TimesGone if _is_summoned(uow, actor) else not_found(uow, actor)
    file = uow.case_file(poll.case_id)
    theirs = asked_in_slack(file, poll, actor.id) if file is not None else []
    here = enter_case(
        uow,
        actor,
        Action.ANSWER_TIMES,
        poll.case_id,
        subject_owner=actor.id if theirs else None,
        subject_part=theirs[0].id if theirs else None,
    )
    poll = still_standing(here.file, poll)
    if at is not None and at not in times_ahead(poll, uow.now):
        raise NoLongerAsked
    for part in theirs:
        known = answer_of(here.file, poll, part, actor.id)
        of_each = dict.fromkeys(poll.starts, TimeReply.NOT)
        if at is not None:
            of_each |= {each: known.reply(each) for each in poll.starts} if known is not None else {}
            of_each[at] = reply
        _store(here, poll, part, actor.id, of_each)


def _is_summoned(uow: UnitOfWork, actor: Person) -> bool:
    """Return whether they have a summons to a meeting ahead; nobody else learns that there were times."""
    return any(
        ask.live and ask.person_id == actor.id and meeting.starts_at > uow.now and meeting.live
        for file in case_files(uow, uow.cases_with(actor.id))
        for ask in file.asks
        if (meeting := file.meeting(ask.meeting_id)) and not file.awaits_confidentiality(ask)
    )


def record_times(
    uow: UnitOfWork,
    actor: Person,
    poll_id: str,
    *,
    agency: str,
    via: Via,
    suits: tuple[datetime, ...] = (),
    with_deputy: tuple[datetime, ...] = (),
) -> None:
    """Record what an agency (by its part's id) said outside Slack, in the place of what it had answered.

    `suits` are the times at which they come, `with_deputy` those at which a deputy does.
    """
    here, poll = enter_poll(uow, actor, Action.ANSWER_ON_BEHALF, poll_id)
    asked = [(p, person) for p, person in polled(here.file, poll) if p.id == agency]
    if not asked or {*suits, *with_deputy} - set(poll.starts) or via is Via.SLACK:
        raise NoLongerAsked
    note_acting(here)
    of_each = dict.fromkeys(poll.starts, TimeReply.NOT)
    of_each |= dict.fromkeys(with_deputy, TimeReply.WITH_DEPUTY)
    of_each |= dict.fromkeys(suits, TimeReply.SUITS)
    _store(here, poll, *asked[0], of_each, via)


def _store(
    here: CaseContext,
    poll: TimePoll,
    part: Involvement,
    person_id: str,
    of_each: dict[datetime, TimeReply],
    via: Via | None = None,
) -> None:
    uow = here.uow
    said: dict[str, Any] = {
        "answered_at": uow.now,
        "answered_by": here.actor.id,
        "suits": _of(of_each, TimeReply.SUITS),
        "with_deputy": _of(of_each, TimeReply.WITH_DEPUTY),
        "via": via,
    }
    known = answer_of(here.file, poll, part, person_id)
    if known is not None:
        uow.change(known, **said)
    else:
        uow.add(TimeAnswer(uow.ids.new(), poll.case_id, poll.id, part.id, person_id, **said))


def _of(of_each: dict[datetime, TimeReply], wanted: TimeReply) -> tuple[datetime, ...]:
    return tuple(sorted(at for at, reply in of_each.items() if reply is wanted))
