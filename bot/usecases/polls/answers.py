"""Say which of several times suit, or record what an agency said outside Slack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.access import Action
from bot.domain.case.entities import Involvement, Via
from bot.domain.case.file import CaseFile
from bot.domain.case.polls import TimeAnswer, TimePoll, TimeReply
from bot.domain.directory.entities import Person
from bot.domain.errors import NoLongerAsked, TimesGone
from bot.domain.polls import answer_of, asked_in_slack, polled, times_ahead
from bot.usecases.authorization import CaseContext, enter_case, not_found
from bot.usecases.coordinating import note_acting
from bot.usecases.polls.proposing import enter_poll, still_standing
from bot.usecases.ports import UnitOfWork, case_files


def see_times(uow: UnitOfWork, actor: Person, poll_id: str) -> tuple[CaseFile, TimePoll]:
    """The poll, for the form in which a coordinator records what an agency has said."""
    here, poll = enter_poll(uow, actor, Action.ANSWER_ON_BEHALF, poll_id)
    return here.file, poll


@dataclass(frozen=True, slots=True)
class AnswerTime:
    """A person's own answer about one of the times; without `at` none of them suits."""

    poll_id: str
    at: datetime | None = None
    reply: TimeReply = TimeReply.NOT


def answer_time(uow: UnitOfWork, actor: Person, command: AnswerTime) -> None:
    """Record whether a time suits, for each agency for which the person is asked."""
    poll = uow.get(TimePoll, command.poll_id)
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
    if command.at is not None and command.at not in times_ahead(poll, uow.now):
        raise NoLongerAsked
    for part in theirs:
        known = answer_of(here.file, poll, part, actor.id)
        of_each = {at: known.reply(at) if known is not None else TimeReply.NOT for at in poll.starts}
        of_each = dict.fromkeys(of_each, TimeReply.NOT) if command.at is None else of_each
        if command.at is not None:
            of_each[command.at] = command.reply
        _store(here, poll, part, actor.id, of_each)


def _is_summoned(uow: UnitOfWork, actor: Person) -> bool:
    """Return whether they have a summons to a meeting ahead; nobody else learns that there were times."""
    return any(
        ask.live and ask.person_id == actor.id and meeting.starts_at > uow.now and meeting.live
        for file in case_files(uow, uow.cases_with(actor.id))
        for ask in file.asks
        if (meeting := file.meeting(ask.meeting_id)) and not file.awaits_confidentiality(ask)
    )


@dataclass(frozen=True, slots=True)
class RecordTimes:
    """Recorded by a coordinator: for which times somebody of an agency said that they, or a deputy, come."""

    poll_id: str
    involvement_id: str
    via: Via
    suits: tuple[datetime, ...] = ()
    with_deputy: tuple[datetime, ...] = ()


def record_times(uow: UnitOfWork, actor: Person, command: RecordTimes) -> None:
    """Record what an agency said outside Slack, in the place of what it had answered."""
    here, poll = enter_poll(uow, actor, Action.ANSWER_ON_BEHALF, command.poll_id)
    asked = [(p, person) for p, person in polled(here.file, poll) if p.id == command.involvement_id]
    if not asked or {*command.suits, *command.with_deputy} - set(poll.starts):
        raise NoLongerAsked
    note_acting(here)
    of_each = dict.fromkeys(poll.starts, TimeReply.NOT)
    of_each |= dict.fromkeys(command.with_deputy, TimeReply.WITH_DEPUTY)
    of_each |= dict.fromkeys(command.suits, TimeReply.SUITS)
    _store(here, poll, *asked[0], of_each, command.via)


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
