"""From a notification to Slack: the message is made from this moment's state, then reconciled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from bot.domain.coordinating import IN_TURN
from bot.domain.notifications import At, Kind, Notification
from bot.usecases.delivery import (
    look_for_copies,
    redeliver,
    report_set_aside,
    report_undelivered,
)
from bot.usecases.notifications import refresh
from bot.usecases.ports import Claim, Nothing, Posted, SetAside, UnitOfWork
from handlers.delivery.declarations import Job, PersonMessage, Registry
from handlers.delivery.services import DeliveryServices
from handlers.delivery.wanted import Wanted

log = structlog.get_logger(__name__)
#: So many messages of a case are looked over in the transaction that takes its change in hand.
FEW = 40


class Deliverer:
    """Delivers every kind of notification, as it is declared."""

    def __init__(self, services: DeliveryServices, registry: Registry) -> None:
        self._services = services
        self._database = services.database
        self._clock = services.clock
        self._registry = {**registry, Kind.STANDING: Job(Kind.STANDING, self._look_over, self._look_at)}
        self._wanted = Wanted(services, self._registry)

    def prepare(self, uow: UnitOfWork, claim: Claim) -> Any:
        """Return what is to be done of an entry, as far as that is known without Slack.

        NOTHING where all stands as it should. What fails here fails again, and is told, as it is delivered.
        """
        declared, notification = self._registry[claim.notification.kind], claim.notification
        try:
            if isinstance(declared, Job):
                return declared.prepare and declared.prepare(self._services, uow, notification)
            # A person's may be about all their cases: others wait to write meanwhile.
            if isinstance(declared, PersonMessage) or self._too_late(notification):
                return None
            target = self._wanted.target(uow, notification)
        except Exception:
            return None
        return Nothing.NOTHING if target.is_met else target

    def _look_at(self, services: DeliveryServices, uow: UnitOfWork, of: Notification) -> Any:
        """As `_look_over` where few messages stand: others wait to write meanwhile."""
        if len(uow.find(Posted, case_id=of.subject)) > FEW:
            return None
        uow.enqueue(*self._wanted.stale(uow, of))
        return Nothing.NOTHING

    async def _look_over(self, services: DeliveryServices, claim: Claim) -> None:
        """Have what stands of a case made current where it is not."""
        stale = await self._database.read(lambda uow: list(self._wanted.stale(uow, claim.notification)))

        def conclude(uow: UnitOfWork) -> None:
            uow.enqueue(*stale)
            uow.delivered(claim)

        await self._database.write(conclude)

    async def deliver(self, claim: Claim) -> bool:
        """Deliver one claimed row; return whether something new was said.

        Raises:
            Undelivered: in one of its forms; the dispatcher knows what to do with each.
        """
        declared = self._registry[claim.notification.kind]
        if isinstance(declared, Job):
            await declared.run(self._services, claim)
            return False
        if self._too_late(claim.notification):
            await self._database.write(lambda uow: uow.enqueue(_summary_of(claim.notification, uow)))
            return False
        return await self._message(claim)

    async def _message(self, claim: Claim) -> bool:
        """Reconcile one message, and look again as long as something may have changed meanwhile."""
        said, target, notification = False, claim.ready, claim.notification
        while True:
            if target is None:
                target = await self._database.read(lambda uow: self._wanted.target(uow, notification))
            new = target.wanted is not None and target.posted is None
            again = await self._services.posting.reconcile(claim, target, partial(self._conclude, claim))
            said, target = said or new, None
            if not again:
                return said
            # What this very attempt has shown is known.
            claim = replace(claim, attempts=1, inherited=False)

    def _conclude(self, claim: Claim, uow: UnitOfWork, new: bool, deleted: Posted | None) -> bool:
        """Of what was shown just now: it is delivered if it still is what is wanted; whether it is.

        Whoever changed a case meanwhile saw what stood before. Of no case, whoever changes what is shown asks
        for it, once it is remembered: what is of a person may be about several.
        """
        if deleted is not None:
            return self._wanted.target(uow, claim.notification, deleted).wanted is None
        if new and claim.notification.kind in IN_TURN:
            uow.enqueue(*_of_those_before(claim.notification, uow))
        of_case = claim.notification.case_id is not None
        done = self._wanted.target(uow, claim.notification).is_met if of_case else not new
        if done:
            uow.delivered(claim)
        return done

    async def give_up(self, claim: Claim, code: str) -> None:
        """Mark it as dead, and tell the coordinators that it will not arrive: both, or neither."""

        def give_up(uow: UnitOfWork) -> None:
            report_undelivered(uow, claim.notification)
            uow.delivered(claim, given_up=code)

        await self._database.write(give_up)

    async def set_aside(self, rows: Sequence[SetAside]) -> None:
        """Tell the coordinators, once a case, of what cannot be read; of a case that cannot be, nobody."""
        first: dict[str, int] = {}
        for row in sorted(rows, key=lambda row: row.id):
            if row.case_id is not None:
                first.setdefault(row.case_id, row.id)
        for case_id, id in first.items():
            try:
                await self._database.write(partial(report_set_aside, case_id=case_id, row=id))
            except Exception as error:
                log.error("set-aside.untold", error=type(error).__name__, row=id)

    async def stands(self, claim: Claim) -> bool:
        """Return whether the message of a row stands after all, unremembered until now.

        Raises:
            Undelivered: it could not be found out.
        """
        notification = claim.notification
        if isinstance(self._registry[notification.kind], Job):
            return False
        target = await self._database.read(lambda uow: self._wanted.place(uow, notification))
        return await self._services.posting.stands(claim, target)

    async def overtaken(self, claim: Claim) -> None:
        """Have the process that works now look for a copy, and write over what may be too old."""
        notification = claim.notification
        declared = self._registry[notification.kind]

        def note(uow: UnitOfWork) -> None:
            if not isinstance(declared, Job) or notification.kind is Kind.ROOM:
                place = self._wanted.place(uow, notification).place
                if place.channel is not None or place.person is not None:
                    uow.enqueue(look_for_copies(claim, place.channel, uow.now))
            redeliver(uow, notification)

        await self._database.note(note)

    def _too_late(self, notification: Notification) -> bool:
        until = notification.useful_until
        return notification.once and until is not None and until < self._clock.now()


def _of_those_before(told: Notification, uow: UnitOfWork) -> Iterator[Notification]:
    """Yield the messages that say when the one who has now been told would be."""
    for posted in uow.find(Posted, case_id=told.case_id, kind=told.kind, subject=told.subject):
        if posted.person_id != told.recipient:
            yield replace(refresh(posted), revives=False)


def _summary_of(late: Notification, uow: UnitOfWork) -> Notification:
    """One summary a person and outage: those that are past their use within six hours share it."""
    outage = uow.now.replace(hour=uow.now.hour // 6 * 6, minute=0, second=0)
    return Notification(Kind.SUMMARY, late.recipient or "", recipient=late.recipient, params=At(outage))
