"""Rendering of each message as Slack should show it now; nothing is changed here."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace
from datetime import datetime

from bot.domain import coordinating
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Person
from bot.domain.notifications import Kind, Notification, Origin, Undeleted
from bot.domain.overview import reminder_plan
from bot.domain.worktime import OSLO
from bot.usecases.delivery import outlived
from bot.usecases.notifications import refresh
from bot.usecases.ports import Posted, UnitOfWork, case_files
from handlers.blocks.context import File, Message, PersonRenderContext, RenderContext
from handlers.blocks.lock_screen import lock_screen
from handlers.delivery.calls import NotYet
from handlers.delivery.declarations import ItemMessage, Job, PersonMessage, Registry
from handlers.delivery.services import RenderServices
from handlers.delivery.target import Place, Target, find_posted, room_place


class Wanted:
    """Tells for each kind of message what Slack should show, as declared."""

    def __init__(self, services: RenderServices, registry: Registry) -> None:
        self._services = services
        self._registry = registry

    def stale(self, uow: UnitOfWork, of: Notification) -> Iterator[Notification]:
        """Yield the posted messages of a case that are not as they should be, or that cannot be made."""
        for posted, current in self._standing(uow, of.subject):
            try:
                target = self.target(uow, replace(current, due_at=of.due_at), posted)
                # The text of an event stays as it was told; only its removal matters.
                met = target.is_met or (target.wanted is not None and current.kind.origin is Origin.EVENT)
            except Exception:
                met = False
            if not met:
                yield replace(current, revives=False)

    def unwanted(self, uow: UnitOfWork, busy: Container[str]) -> Iterator[Kind]:
        """Yield the kind of each posted message that should be gone or cannot be made.

        There are none while one version runs: each change of a case checks all its messages. So what is found
        here is what a new version would remove. Closed cases are left out,
        and so are `busy` ones («case/<id>»), in which something is due or could not be done.
        """
        cases = (id for team in uow.teams() for id in uow.cases_of_team(team.id) if f"case/{id}" not in busy)
        for file in case_files(uow, cases):
            stands = [*self._standing(uow, file.case.id)]
            # Slack lets the bot delete nothing there, and the coordinators have been told.
            for_good = {p.params.recipient for p, _ in stands if isinstance(p.params, Undeleted)}
            for posted, current in stands:
                try:
                    wanted = self.target(uow, current, posted).wanted
                except Exception:
                    wanted = None
                if wanted is None and posted.person_id not in for_good:
                    yield posted.kind

    def _standing(self, uow: UnitOfWork, case_id: str) -> Iterator[tuple[Posted, Notification]]:
        """Yield the posted messages of a case, each with the notification that makes it current.

        Without the card, which the room's job updates, and without messages that have been replaced.
        """
        for posted in uow.find(Posted, case_id=case_id):
            current = refresh(posted)
            if posted.kind is not Kind.ROOM and posted.key == current.key:
                yield posted, current

    def target_without_message(self, uow: UnitOfWork, notification: Notification) -> Target:
        """Return the target without making the message, which may be what fails."""
        file, person = _file_and_person(uow, notification)
        posted = find_posted(uow, notification, notification.key)
        return Target(None, self._place(file, person, None), posted, notification.key, "")

    def target(self, uow: UnitOfWork, notification: Notification, posted: Posted | None = None) -> Target:
        file, person = _file_and_person(uow, notification)
        posted = posted or find_posted(uow, notification, notification.key)
        now = self._services.clock.now()
        # A claimed entry is due by the database's clock; our clock may have been put back since.
        at = now if notification.due_at is None else max(now, notification.due_at)
        wanted = self._wanted(uow, notification, person, file, posted, at)
        place = self._place(file, person, wanted)
        said = ""
        if wanted is not None:
            reader = self._services.words(uow, person, file)
            zone = file.team.time_zone if file is not None else OSLO
            said = lock_screen(reader, notification.kind, wanted, now, zone)
        return Target(wanted, place, posted, notification.key, said)

    def was_wanted(self, uow: UnitOfWork, late: Notification) -> bool:
        """Return whether a reminder would have been shown when it was due, with the state as it is now."""
        file, person = _file_and_person(uow, late)
        return late.due_at is not None and (
            self._wanted(uow, late, person, file, None, late.due_at) is not None
        )

    def _place(self, file: CaseFile | None, person: Person | None, wanted: Message | File | None) -> Place:
        if person is not None:
            return Place(person.dm_channel, person)
        return room_place(file, wanted, self._services.clock.now())

    def _wanted(
        self,
        uow: UnitOfWork,
        notification: Notification,
        person: Person | None,
        file: CaseFile | None,
        posted: Posted | None,
        now: datetime,
    ) -> Message | File | None:
        declared, services = self._registry[notification.kind], self._services
        if isinstance(declared, Job) or (person is not None and not person.on_slack):
            return None
        if posted is not None and outlived(file, posted, now):
            return None
        if isinstance(declared, PersonMessage | ItemMessage):
            if person is None:
                return None
            reader = services.words(uow, person)
            ctx = PersonRenderContext(uow, notification, person, reader, now, services.organizer)
            return declared.shown(ctx) if isinstance(declared, ItemMessage) else declared.show(ctx)
        if file is None or (file.case.is_being_erased and notification.kind is not Kind.NOT_DELETED):
            return None
        if notification.kind.origin is Origin.PLAN:
            if not reminder_plan.still_planned(file, notification):
                return None
            if posted is None and reminder_plan.superseded(file, notification, now):
                return None
        if posted is None and notification.kind in coordinating.ONE_AT_A_TIME:
            turn = coordinating.alerted_at(
                file, notification.kind, notification.subject, notification.recipient or ""
            )
            if turn is None:
                return None
            if turn > now:
                raise NotYet(turn - now)
        reader = services.words(uow, person, file)
        organizer, by_mail, stands = services.organizer, services.by_mail, posted is not None
        return declared.shown(
            RenderContext(file, notification, person, reader, now, organizer, by_mail, stands)
        )


def _file_and_person(uow: UnitOfWork, of: Notification) -> tuple[CaseFile | None, Person | None]:
    file = uow.case_file(of.case_id) if of.case_id else None
    return file, uow.get(Person, of.recipient) if of.recipient else None
