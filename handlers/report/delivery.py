"""The duty report on its way to the coordinator who has asked for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

from bot.domain.directory.entities import Person
from bot.domain.notification_params import ReportPeriod
from bot.domain.notifications import Kind, Notification
from bot.domain.report.figures import Period, Report
from bot.texts.words import Words
from bot.usecases.ports import Claim, Posted, UnitOfWork
from bot.usecases.report import report_for
from handlers.delivery.declarations import Job
from handlers.delivery.posting import Place, Target, find_posted
from handlers.delivery.services import DeliveryServices
from handlers.report.messages import report_document


@dataclass(frozen=True, slots=True)
class _Found:
    person: Person
    report: Report | None
    words: Words
    posted: Posted | None


async def deliver_report(services: DeliveryServices, claim: Claim) -> None:
    """Post what is asked for. Who no longer coordinates the team, or has left Slack, gets nothing.

    It is counted in one transaction, then drawn in a thread, so that nobody waits for the picture.
    """
    notification = claim.notification
    found = await services.database.read(lambda uow: _found(services, uow, notification))
    if found is None:
        return
    wanted = None
    if found.report is not None:
        make = partial(report_document, notification.kind, found.words, found.report)
        wanted = await asyncio.to_thread(make, shared=notification.params_as(ReportPeriod).shared)
    place = Place(found.person.dm_channel, found.person)
    await services.posting.reconcile(claim, Target(wanted, place, found.posted, notification.key))


def _found(services: DeliveryServices, uow: UnitOfWork, notification: Notification) -> _Found | None:
    person = uow.get(Person, notification.recipient) if notification.recipient else None
    if person is None or person.slack_id is None or person.deactivated:
        return None
    asked = notification.params_as(ReportPeriod)
    report = report_for(uow, person.id, notification.subject, Period(asked.first, asked.last))
    posted = find_posted(uow, notification, notification.key)
    return _Found(person, report, services.words(uow, person), posted)


NOTIFICATIONS = tuple(
    Job(kind, deliver_report) for kind in (Kind.REPORT, Kind.REPORT_PICTURE, Kind.REPORT_SHEET)
)
