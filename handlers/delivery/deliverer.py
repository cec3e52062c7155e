"""From an intent to Slack: what should stand is worked out from this moment's state, then brought about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import access
from bot.domain.access import Action
from bot.domain.audit import AuditEntry, Event
from bot.domain.case import rights
from bot.domain.case.entities import Room
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Contact, Person
from bot.domain.language import Language
from bot.domain.notifications import REMINDERS, REPORTS, Intent, Kind
from bot.domain.overview import reminder_plan
from bot.texts.words import Words, words
from bot.usecases.delivery import redeliver, report_undelivered
from bot.usecases.escalation import escalate
from bot.usecases.lifecycle.closing import forget_case
from bot.usecases.links.liaisons import liaison_over
from bot.usecases.notifications import refresh
from bot.usecases.outside import forget_item
from bot.usecases.ports import Claim, Clock, Database, Posted, UnitOfWork
from handlers.blocks.context import File, Message, RenderContext
from handlers.delivery.calls import NotReady, SlackRefused, call
from handlers.delivery.message_registry import MessageRegistry
from handlers.delivery.person_messages import MAKERS, PersonRenderContext, outside_of, zone_of
from handlers.delivery.posting import Place, Posting, Target
from handlers.delivery.rooms import Rooms
from handlers.mail.delivery import MailDelivery
from handlers.overview.home import home_view
from handlers.overview.home_model import home_model
from handlers.report.delivery import Reports


class Deliverer:
    """Delivers every kind of intent."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        database: Database,
        clock: Clock,
        *,
        organizer: str,
        language: Language,
        mail: MailDelivery | None = None,
    ) -> None:
        self._client = client
        self._database = database
        self._clock = clock
        self._language = language
        self._mail = mail
        self._organizer = organizer
        self._documents = MessageRegistry(organizer, by_mail=mail is not None)
        self._posting = Posting(client, session, database, clock)
        self._rooms = Rooms(client, database)
        self._reports = Reports(database, self._posting, self._words)
        #: Whatever is not a message of its own.
        self._ways: Mapping[Kind, Callable[[Claim], Awaitable[None]]] = {
            Kind.ROOM: self._room,
            Kind.HOME: self._home,
            Kind.PURGE: self._purge,
            Kind.ESCALATION: self._escalation,
            Kind.LIAISON_ENDS: self._liaison_ends,
            Kind.FORGET: self._forget,
            Kind.MAIL_INVITE: self._by_mail,
            Kind.MAIL_CALL: self._by_mail,
            Kind.JOINT_MAIL: self._by_mail,
            **dict.fromkeys(REPORTS, self._reports.reconcile),
        }

    async def deliver(self, claim: Claim) -> None:
        """Bring about what one claimed row asks for.

        Raises:
            Undelivered: in one of its forms; the dispatcher knows what to do with each.
            Overtaken: the state changed meanwhile; to be run again.
        """
        await self._ways.get(claim.intent.kind, self._message_in_time)(claim)

    async def _message_in_time(self, claim: Claim) -> None:
        """A message, or its place in a summary where it is of no more use."""
        if self._too_late(claim.intent):
            await self._database.write(lambda uow: uow.enqueue(_summary_of(claim.intent, uow)))
        else:
            await self._message(claim)

    async def _escalation(self, claim: Claim) -> None:
        """Take the step that has fallen due, if nobody has answered."""
        await self._database.write(lambda uow: escalate(uow, claim.intent.subject))

    async def _liaison_ends(self, claim: Claim) -> None:
        """The last day of a liaison is over."""
        await self._database.write(lambda uow: liaison_over(uow, claim.intent.subject))

    async def _message(self, claim: Claim) -> None:
        """Bring one message into line, and look again as long as something may have changed on its way."""
        again = True
        while again:
            target = await self._database.read(lambda uow: self._target(uow, claim.intent))
            again = await self._posting.reconcile(claim, target)

    async def gave_up(self, intent: Intent, code: str) -> None:
        """Tell the coordinators that something will not arrive."""
        await self._database.write(lambda uow: report_undelivered(uow, intent))

    async def on_lost_lease(self, claim: Claim) -> None:
        """Somebody else had the lease when this delivery ended: take away what it left, show what stands."""
        intent = claim.intent
        if intent.kind not in self._ways or intent.kind is Kind.ROOM:
            look = self._card if intent.kind is Kind.ROOM else self._target
            target = await self._database.read(lambda uow: look(uow, intent))
            await self._posting.delete_orphans(claim, target)
        await self._database.write(lambda uow: redeliver(uow, intent))

    def _too_late(self, intent: Intent) -> bool:
        return intent.once and intent.useful_until is not None and intent.useful_until < self._clock.now()

    async def _by_mail(self, claim: Claim) -> None:
        """Without a mail server nothing is wanted."""
        if self._mail is None:
            return
        if claim.intent.kind is Kind.MAIL_CALL:
            await self._mail.ask_to_ring(claim)
        elif claim.intent.kind is Kind.JOINT_MAIL:
            await self._mail.reconcile_joint(claim)
        else:
            await self._mail.reconcile(claim)

    # --- the room and its card -------------------------------------------------------------------------

    async def _room(self, claim: Claim) -> None:
        room = await self._rooms.reconcile(claim)
        if room is None or room.channel_id is None:
            return
        target = await self._database.read(lambda uow: self._card(uow, claim.intent))
        await self._posting.reconcile(claim, target)

    def _card(self, uow: UnitOfWork, intent: Intent) -> Target:
        file = uow.case_file(intent.subject)
        if file is None:
            raise NotReady
        key = f"card:{intent.subject}"
        ctx = RenderContext(file, intent, None, words(file.team.language), self._clock.now())
        return Target(self._documents.card(ctx), Place(file.room.channel_id), _posted(uow, intent, key), key)

    async def _purge(self, claim: Claim) -> None:
        intent = claim.intent
        posted = await self._database.read(lambda uow: uow.find(Posted, case_id=intent.subject))
        for each in posted:
            await self._posting.take_away(each)
        rooms = await self._database.read(lambda uow: uow.find(Room, case_id=intent.subject))
        for room in rooms:
            await self._rooms.archive(room)
        await self._database.write(lambda uow: forget_case(uow, intent.subject))

    async def _forget(self, claim: Claim) -> None:
        matter = claim.intent.matter or ""
        for each in await self._database.read(lambda uow: uow.find(Posted, matter=matter)):
            await self._posting.take_away(each)
        await self._database.write(lambda uow: forget_item(uow, matter))

    # --- Home --------------------------------------------------------------------------------------------

    async def _home(self, claim: Claim) -> None:
        view = await self._database.read(lambda uow: self._home_view(uow, claim.intent))
        if view is None:
            return
        slack_id, blocks = view
        try:
            await call(self._client.views_publish(user_id=slack_id, view=blocks))
        except SlackRefused as refusal:
            if refusal.code not in ("user_not_found", "not_enabled"):
                raise

    def _home_view(self, uow: UnitOfWork, intent: Intent) -> tuple[str, dict[str, object]] | None:
        person = uow.get(Person, intent.subject)
        if person is None or person.slack_id is None or person.deactivated or not person.home:
            return None
        teams = [t for t in uow.teams() if any(c.person_id == person.id for c in uow.coordinators(t.id))]
        ids = dict.fromkeys(
            [*uow.cases_with(person.id), *(c for t in teams for c in uow.cases_of_team(t.id))]
        )
        files = [f for f in map(uow.case_file, ids) if f is not None]
        uow.audit(*(_served(file, person) for file in files))
        zone = zone_of(uow, files)
        model = home_model(
            person,
            files,
            teams,
            words=self._words(uow, person),
            now=self._clock.now(),
            zone=zone,
            contact=bool(uow.find(Contact, person_id=person.id, retired=False, waits=False)),
            outside=outside_of(uow, person, teams),
        )
        return person.slack_id, home_view(model)

    # --- messages ----------------------------------------------------------------------------------------

    def _target(self, uow: UnitOfWork, intent: Intent) -> Target:
        file = uow.case_file(intent.case_id) if intent.case_id else None
        person = uow.get(Person, intent.recipient) if intent.recipient else None
        posted = _posted(uow, intent, intent.key)
        reachable = person is None or (person.slack_id is not None and not person.deactivated)
        wanted = self._wanted(uow, intent, person, file, posted) if reachable else None
        if person is not None:
            place = Place(person.dm_channel, person)
        else:
            place = Place(file.room.channel_id if file is not None else None)
            if wanted is not None and (place.channel is None or (file and file.room.archived)):
                raise NotReady
        return Target(wanted, place, posted, intent.key)

    def _wanted(
        self,
        uow: UnitOfWork,
        intent: Intent,
        person: Person | None,
        file: CaseFile | None,
        posted: Posted | None,
    ) -> Message | File | None:
        now = self._clock.now()
        make = MAKERS.get(intent.kind)
        if make is not None:
            if person is None:
                return None
            return make(
                PersonRenderContext(uow, intent, person, self._words(uow, person), now, self._organizer)
            )
        if file is None or file.case.purged_at is not None:
            return None
        if intent.kind in REMINDERS:
            if not reminder_plan.still_planned(file, intent):
                return None
            if posted is None and (reminder_plan.superseded(file, intent, now) or _told_already(uow, intent)):
                return None
        reader = words(file.team.language) if person is None else self._words(uow, person, file)
        return self._documents.render(RenderContext(file, intent, person, reader, now))

    def _words(self, uow: UnitOfWork, person: Person | None, file: CaseFile | None = None) -> Words:
        if person is not None and person.language is not None:
            return words(person.language)
        if file is not None:
            return words(file.team.language)
        languages = {t.language for t in uow.teams()}
        return words(languages.pop() if len(languages) == 1 else self._language)


def _served(file: CaseFile, person: Person) -> AuditEntry:
    right = access.under(Action.SEE_HOME, rights.rights_in_case(file, person.id))
    return AuditEntry(Event.SERVED, person.id, file.case.id, right)


def _posted(uow: UnitOfWork, intent: Intent, key: str) -> Posted | None:
    return next(iter(uow.find(Posted, key=key, case_id=intent.case_id, matter=intent.matter)), None)


def _told_already(uow: UnitOfWork, intent: Intent) -> bool:
    """Whether the same step of a reminder stands with the person, planned for another time before."""
    step = reminder_plan.step_of(intent)
    return any(
        posted.kind is intent.kind and reminder_plan.step_of(refresh(posted)) == step
        for posted in uow.find(
            Posted, subject=intent.subject, person_id=intent.recipient, case_id=intent.case_id
        )
    )


def _summary_of(intent: Intent, uow: UnitOfWork) -> Intent:
    """One summary a person and outage: those that are past their use within six hours share it."""
    mark = str(int(uow.now.timestamp()) // (6 * 3600))
    return replace(
        Intent(Kind.SUMMARY, intent.recipient or "", recipient=intent.recipient), once=True, mark=mark
    )
