"""Approve or refuse a contact whom an agency's leader has added."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.access import Action
from bot.domain.directory import Contact, Person
from bot.domain.errors import NoLongerAsked
from bot.domain.intents import Intent, Kind
from bot.usecases.consequences import again, home
from bot.usecases.door import enter_agency
from bot.usecases.ports import Posted, UnitOfWork

APPROVED, REFUSED = "approved", "refused"


@dataclass(frozen=True, slots=True)
class DecideContact:
    """The contact who waits, and whether they may be asked from now on."""

    contact_id: str
    approve: bool


def decide_contact(uow: UnitOfWork, actor: Person, command: DecideContact) -> None:
    """Approve or refuse; the agency's leaders are told.

    Raises:
        NotAllowed: not a coordinator of the team, or no such contact.
        NoLongerAsked: it does not wait any more.
    """
    contact = uow.get(Contact, command.contact_id)
    agency_id = contact.agency_id if contact is not None else ""
    owner = contact.person_id if contact is not None else None
    enter_agency(uow, actor, Action.APPROVE_CONTACT, agency_id, owner=owner)
    if contact is None or contact.retired or not contact.waits:
        raise NoLongerAsked
    uow.change(contact, waits=False, retired=not command.approve)
    person = uow.get(Person, contact.person_id)
    if person is not None and person.home:
        uow.enqueue(home(person.id))
    outcome = APPROVED if command.approve else REFUSED
    mark = f"{outcome}.{int(uow.now.timestamp())}"
    leaders = [c for c in uow.contacts(agency_id) if c.leader and not c.waits and c.id != contact.id]
    uow.enqueue(
        *(again(p) for p in uow.find(Posted, subject=contact.id, case_id=None)),
        *(Intent(Kind.CONTACT_DECIDED, contact.id, recipient=c.person_id, mark=mark) for c in leaders),
    )
