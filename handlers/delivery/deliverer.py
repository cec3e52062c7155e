"""Delivery of notifications: a message is made from the current state, then reconciled with Slack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from bot.domain.coordinating import ONE_AT_A_TIME
from bot.domain.notifications import At, Kind, Notification
from bot.usecases.delivery import (
    look_for_copies,
    redeliver,
    report_set_aside,
    report_undelivered,
)
from bot.usecases.notifications import refresh
from bot.usecases.ports import Claim, Posted, SetAside, UnitOfWork, UpToDate
from handlers.delivery.declarations import Job, PersonMessage, Registry
from handlers.delivery.services import DeliveryServices
from handlers.delivery.wanted import Wanted

log = structlog.get_logger(__name__)
#: Most messages of a case that are checked in the transaction that claims its change.
MOST_CHECKED_AT_CLAIM = 40


class Deliverer:
    """Delivers every kind of notification, as it is declared."""

    def __init__(self, services: DeliveryServices, registry: Registry) -> None:
        self._services = services
        self._database = services.database
        self._clock = services.clock
        self._registry = {
            **registry,
            Kind.STANDING: Job(
                Kind.STANDING,
                lambda _, claim: self._check_case(claim),
                lambda _, uow, of: self._check_small_case(uow, of),
            ),
        }
        self._wanted = Wanted(services, self._registry)

    def prepare(self, uow: UnitOfWork, claim: Claim) -> Any:
        """Return what an entry needs, as far as that is known without Slack.

        UP_TO_DATE if Slack shows what it should. An error here comes again at delivery, and is reported then.
        """
        declared, notification = self._registry[claim.notification.kind], claim.notification
        try:
            if isinstance(declared, Job):
                prepare = declared.prepare
                return None if prepare is None else prepare(self._services, uow, notification)
            # A message to a person may be about all their cases, and other writers wait meanwhile.
            if isinstance(declared, PersonMessage) or self._too_late(notification):
                return None
            target = self._wanted.target(uow, notification)
        except Exception:
            return None
        return UpToDate.UP_TO_DATE if target.is_met else target

    def _check_small_case(self, uow: UnitOfWork, of: Notification) -> Any:
        """As `_check_case`, only if few messages are posted: other writers wait meanwhile."""
        if len(uow.find(Posted, case_id=of.subject)) > MOST_CHECKED_AT_CLAIM:
            return None
        uow.enqueue(*self._wanted.stale(uow, of))
        return UpToDate.UP_TO_DATE

    async def _check_case(self, claim: Claim) -> None:
        """Enqueue the posted messages of a case that are not current."""
        stale = await self._database.read(lambda uow: list(self._wanted.stale(uow, claim.notification)))

        def conclude(uow: UnitOfWork) -> None:
            uow.enqueue(*stale)
            uow.delivered(claim)

        await self._database.write(conclude)

    async def deliver(self, claim: Claim) -> bool:
        """Deliver one claimed entry; return whether something new was posted.

        Raises:
            Undelivered: one of its subclasses, each of which the dispatcher handles.
        """
        declared = self._registry[claim.notification.kind]
        if isinstance(declared, Job):
            await declared.run(self._services, claim)
            return False
        if self._too_late(claim.notification):
            await self._database.write(lambda uow: self._sum_up(uow, claim.notification))
            return False
        return await self._message(claim)

    def _sum_up(self, uow: UnitOfWork, late: Notification) -> None:
        """Tell a person once of all messages that are late in the same six hours and were still for them."""
        if self._wanted.was_wanted(uow, late):
            outage = uow.now.replace(hour=uow.now.hour // 6 * 6, minute=0, second=0)
            to = late.recipient or ""
            uow.enqueue(Notification(Kind.SUMMARY, to, recipient=to, params=At(outage)))

    async def _message(self, claim: Claim) -> bool:
        """Reconcile one message, and repeat that as long as something may have changed meanwhile."""
        posted_new, target, notification = False, claim.fresh_preparation(), claim.notification
        while True:
            if target is None:
                target = await self._database.read(lambda uow: self._wanted.target(uow, notification))
            new = target.wanted is not None and target.posted is None
            again = await self._services.posting.reconcile(claim, target, partial(self._conclude, claim))
            if again and target.wanted is None and target.posted is not None:
                # A change that wanted it again meanwhile saw it as still posted.
                look = partial(self._wanted.target, notification=notification, posted=target.posted)
                again = (await self._database.read(look)).wanted is not None
            posted_new, target = posted_new or new, None
            if not again:
                return posted_new
            # What Slack shows after this attempt is known.
            claim = replace(claim, attempts=1, inherited=False)

    def _conclude(self, claim: Claim, uow: UnitOfWork, new: bool) -> bool:
        """As `Conclude`.

        A change of the case meanwhile saw the earlier message, so the wanted one is made again here. A
        message of no case may be about several, and is not made here: a change enqueues it once it is
        remembered, so only a new one is checked again.
        """
        notification = claim.notification
        if new:
            uow.enqueue(*_updates_of_earlier(uow, notification))
        done = self._wanted.target(uow, notification).is_met if notification.case_id is not None else not new
        if done:
            uow.delivered(claim)
        return done

    async def give_up(self, claim: Claim, code: str) -> None:
        """Mark an entry as dead and tell the coordinators that it will not arrive, in one transaction."""

        def give_up(uow: UnitOfWork) -> None:
            report_undelivered(uow, claim.notification)
            uow.delivered(claim, given_up=code)

        await self._database.write(give_up)

    async def set_aside(self, rows: Sequence[SetAside]) -> None:
        """Tell the coordinators of unreadable entries, once per case; nobody if the case is unreadable."""
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
        """Return whether an entry's message is in Slack after all, though it was not remembered.

        Raises:
            Undelivered: that could not be found out.
        """
        notification = claim.notification
        if isinstance(self._registry[notification.kind], Job):
            return False
        target = await self._database.read(lambda uow: self._wanted.target_without_message(uow, notification))
        return await self._services.posting.stands(claim, target)

    async def leave_to_active(self, claim: Claim) -> None:
        """Have the process that is now active look for a copy and update what may be outdated."""
        notification = claim.notification
        declared = self._registry[notification.kind]

        def note(uow: UnitOfWork) -> None:
            if not isinstance(declared, Job) or notification.kind is Kind.ROOM:
                place = self._wanted.target_without_message(uow, notification).place
                if place.channel is not None or place.person is not None:
                    uow.enqueue(look_for_copies(claim, place.channel, uow.now))
            redeliver(uow, notification)

        await self._database.note(note)

    def _too_late(self, notification: Notification) -> bool:
        until = notification.useful_until
        return notification.once and until is not None and until < self._clock.now()


def _updates_of_earlier(uow: UnitOfWork, new: Notification) -> Iterator[Notification]:
    """Yield updates of the earlier messages that a new one changes.

    Earlier alerts named the time at which the person alerted now would be. Of the lists of what waits for a
    person only the newest stays.
    """
    if new.kind in ONE_AT_A_TIME or new.kind is Kind.OPEN_ASKS:
        for posted in uow.find(Posted, case_id=new.case_id, kind=new.kind, subject=new.subject):
            if posted.key != new.key:
                yield replace(refresh(posted), revives=False)
