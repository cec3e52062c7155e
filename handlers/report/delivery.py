"""The duty report on its way to the coordinator who has asked for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.domain.directory.entities import Person
from bot.domain.report.figures import Report
from bot.texts.words import Words
from bot.usecases.ports import Claim, Database, Posted, UnitOfWork
from bot.usecases.report import ordered, report_for
from handlers.delivery.posting import Place, Posting, Target
from handlers.report.messages import report_document


@dataclass(frozen=True, slots=True)
class _Found:
    person: Person
    report: Report | None
    words: Words
    posted: Posted | None


class Reports:
    """Counts in one transaction, then draws in a thread, so that nobody waits for the picture."""

    def __init__(
        self,
        database: Database,
        posting: Posting,
        words_of: Callable[[UnitOfWork, Person], Words],
    ) -> None:
        self._database = database
        self._posting = posting
        self._words_of = words_of

    async def reconcile(self, claim: Claim) -> None:
        """Post what is asked for. Who no longer coordinates the team, or has left Slack, gets nothing."""
        intent = claim.intent
        found = await self._database.read(lambda uow: self._found(uow, claim))
        if found is None:
            return
        wanted = None
        if found.report is not None:
            make = partial(report_document, intent.kind, found.words, found.report)
            wanted = await asyncio.to_thread(make, shared=ordered(intent.mark)[1])
        place = Place(found.person.dm_channel, found.person)
        await self._posting.reconcile(claim, Target(wanted, place, found.posted, intent.key))

    def _found(self, uow: UnitOfWork, claim: Claim) -> _Found | None:
        intent = claim.intent
        person = uow.get(Person, intent.recipient) if intent.recipient else None
        if person is None or person.slack_id is None or person.deactivated:
            return None
        posted = next(iter(uow.find(Posted, key=intent.key, case_id=None)), None)
        report = report_for(uow, person.id, intent.subject, ordered(intent.mark)[0])
        return _Found(person, report, self._words_of(uow, person), posted)
