"""The stored person of an entry in a partners file: found by Slack id or work mail, otherwise made.

A Slack id belongs to one human for good; a work mail may be handed on. A human with another Slack id and a
known mail is a new person: no seat, no confirmed taushetsplikt and no answer follows the mail.
"""

from __future__ import annotations

from typing import Any

from bot.domain.case.entities import Seat
from bot.domain.directory.entities import Contact, Coordinator, Person
from bot.usecases.directory.partners.reader import WrongFile
from bot.usecases.directory.partners.schema import PersonTable
from bot.usecases.ports import UnitOfWork

#: The fields that come with a Slack account: what is known of another one does not hold for it.
_NO_ACCOUNT = {"dm_channel": None, "home": False, "deactivated": False}


def name_of(uow: UnitOfWork, person_id: str) -> str:
    """A stored person's name for an operator: their ids."""
    person = uow.get(Person, person_id)
    return " / ".join(filter(None, (person.slack_id, person.work_mail))) if person is not None else ""


def person_of(uow: UnitOfWork, entry: PersonTable) -> str:
    """Return the id of the entry's person, who gets its Slack id and work mail; what it lacks stays."""
    known, mail = uow.find(Person), (entry.work_mail or "").casefold()
    person = next((p for p in known if entry.slack_id is not None and p.slack_id == entry.slack_id), None)
    other = next((p for p in known if mail and (p.work_mail or "").casefold() == mail), None)
    if other is not None and other != person:
        if person is None and None in (entry.slack_id, other.slack_id):
            person = other
        elif other.slack_id is not None or _is_bare(uow, other):
            uow.change(other, work_mail=None)
        elif person is not None and _is_bare(uow, person):
            uow.change(person, slack_id=None, **_NO_ACCOUNT)
            person = other
        else:
            why = "the bot knows the Slack id and the work mail as those of two people"
            raise WrongFile(f"{entry.slack_id} / {entry.work_mail}: {why}; give each an entry of their own")
    person = person or uow.add(Person(uow.ids.new()))
    facts: dict[str, Any] = {} if entry.work_mail is None else {"work_mail": entry.work_mail or None}
    if entry.slack_id not in (None, person.slack_id):
        facts |= {"slack_id": entry.slack_id, **_NO_ACCOUNT}
    return uow.change(person, **facts).id


def _is_bare(uow: UnitOfWork, person: Person) -> bool:
    """Return whether a person has no role and no seat, such as one who has only looked at the bot."""
    return not any(uow.find(kind, person_id=person.id) for kind in (Contact, Coordinator, Seat))
