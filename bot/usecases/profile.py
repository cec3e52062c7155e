"""A person's language and Home, and what has reached them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.access import Action
from bot.domain.audit import Event, Logged
from bot.domain.case.entities import Case, Seat, SeatEnd
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import Agency, Contact, Coordinator, Person, Team
from bot.domain.language import Language
from bot.domain.notifications import Kind, Notification, Occurrence
from bot.domain.on_record import own_parts
from bot.usecases import outside
from bot.usecases.authorization import enter_case, teams_of
from bot.usecases.notifications import home_notification, refresh
from bot.usecases.ports import Database, Draft, Posted, UnitOfWork


def set_language(uow: UnitOfWork, actor: Person, language: Language) -> Person:
    """Store the choice, and update the person's direct messages to that language."""
    person = stored(uow, actor)
    person = uow.change(person, language=language, language_on=uow.now.date())
    if person.home:
        uow.enqueue(home_notification(person.id))
    for posted in uow.find(Posted, person_id=person.id):
        uow.enqueue(refresh(posted))
    return person


def open_home(uow: UnitOfWork, actor: Person) -> Person:
    """Publish Home now, because the person opens it, and keep it current from here on."""
    person = stored(uow, actor)
    if not person.home:
        person = uow.change(person, home=True)
    uow.enqueue(home_notification(person.id))
    return person


def cases_at_home(uow: UnitOfWork, person: Person) -> list[CaseFile]:
    """Return the cases in a person's Home.

    Their own, closed ones that they have yet to put on record, and all cases of the teams they coordinate.
    """
    of_teams = (id for team in teams_of(uow, person) for id in uow.cases_of_team(team.id))
    files = map(uow.case_file, dict.fromkeys([*uow.cases_with(person.id), *of_teams]))
    found = [file for file in files if file is not None and not file.case.is_being_erased]
    known = {file.case.id for file in found}
    return [*found, *(file for file in cases_to_record(uow, person) if file.case.id not in known)]


def cases_to_record(uow: UnitOfWork, person: Person) -> list[CaseFile]:
    """Return the closed cases that the person was in until the closing, and can put on record."""
    left = {s.case_id for s in uow.find(Seat, person_id=person.id) if s.end is SeatEnd.CASE_CLOSED}
    files = (uow.case_file(id) for id in sorted(left))
    there = (file for file in files if file is not None and not file.case.is_being_erased)
    return [file for file in there if own_parts(file, person.id)]


def see_home(uow: UnitOfWork, actor: Person) -> None:
    """Log the cases that a person sees by opening Home; later updates of it are nobody's act.

    The transaction is not that of `open_home`, which writes the person: no entry lies next to a person's row.
    """
    for file in cases_at_home(uow, actor):
        enter_case(uow, actor, Action.SEE_HOME, file.case.id, closed_too=True)


def show_open_asks(uow: UnitOfWork, actor: Person, message: str) -> None:
    """Answer a person who writes to the bot with what waits for them and its buttons, or with the help.

    `message` identifies the message that is being answered.
    """
    person = stored(uow, actor)
    uow.enqueue(Notification(Kind.OPEN_ASKS, person.id, recipient=person.id, params=Occurrence(message)))


def stored(uow: UnitOfWork, actor: Person) -> Person:
    """The person as stored in the directory; a new person is added."""
    known = uow.get(Person, actor.id)
    if known is None:
        uow.add(actor)
        return actor
    return known


def live_references(uow: UnitOfWork) -> Iterator[tuple[type[object], frozenset[str | None]]]:
    """Yield the kind of everything that is not over (case, item outside cases, form), and whom it names."""
    for case in uow.find(Case, purged_at=None):
        file = uow.case_file(case.id)
        yield Case, file.named if file is not None else frozenset()
    for kind in outside.KINDS:
        for item in uow.find(kind, purged_at=None):
            yield kind, outside.named(uow, item)
    for draft in uow.find(Draft):
        yield Draft, frozenset((draft.person_id,))


#: The number of acts that fit into one answer in Slack, and of log entries searched for them.
NEWEST, LOOKED_AT = 25, 250


@dataclass(frozen=True, slots=True)
class Access:
    """All that has reached a person: the roles in which they are shown, and what they did.

    Being named by somebody changes nothing here, be it by a proposal or by a drill that has not come yet. The
    acts do not include views and refusals: how often a person has looked is not news to them.
    """

    zone: ZoneInfo
    contacts: Sequence[tuple[Contact, Agency]]
    coordinates: Sequence[tuple[Coordinator, Team]]
    acts: Sequence[Logged]


async def see_access(database: Database, person_id: str) -> Access:
    """Return what has reached a person, who may be unknown to the directory, and their newest acts."""
    logged = await database.log.of_person(person_id, LOOKED_AT, acts=True)
    acts = [entry for entry in logged if entry.event not in set(Event)][:NEWEST]

    def read(uow: UnitOfWork) -> Access:
        contacts, posts = roles_of(uow, person_id)
        standing = [
            (contact, agency)
            for contact, agency in contacts
            if not (contact.retired or contact.waits or agency.retired or agency.reached_by_coordinator)
        ]
        return Access(zone_of(uow), standing, [(c, team) for c, team in posts if c.until is None], acts)

    return await database.read(read)


def roles_of(
    uow: UnitOfWork, person_id: str
) -> tuple[list[tuple[Contact, Agency]], list[tuple[Coordinator, Team]]]:
    """Return a person's roles in the directory, including those that are over."""
    agencies = {a.id: a for a in uow.find(Agency)}
    teams = {t.id: t for t in uow.teams()}
    contacts = [(c, agencies[c.agency_id]) for c in uow.find(Contact, person_id=person_id)]
    return contacts, [(c, teams[c.team_id]) for c in uow.find(Coordinator, person_id=person_id)]


def language_of(
    uow: UnitOfWork, person: Person | None, file: CaseFile | None, otherwise: Language
) -> Language:
    """Return a reader's language: their own, else the case's, else the one that all teams share."""
    if person is not None and person.language is not None:
        return person.language
    if file is not None:
        return file.team.language
    languages = {team.language for team in uow.teams()}
    return languages.pop() if len(languages) == 1 else otherwise


def zone_of(uow: UnitOfWork) -> ZoneInfo:
    """Return the time zone for what belongs to no team: the first team's."""
    teams = uow.teams()
    return ZoneInfo(teams[0].zone if teams else "Europe/Oslo")
