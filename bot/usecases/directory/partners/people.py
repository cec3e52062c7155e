"""The stored person of each human in a partners file: found by Slack id or work mail, otherwise made.

A Slack id belongs to one human for good; a work mail may be handed on. A human with another Slack id and a
known mail is a new person: no seat, no confirmed taushetsplikt and no answer follows the mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.domain.case.entities import Seat
from bot.domain.directory.entities import Contact, Coordinator, Person
from bot.domain.errors import TotError
from bot.usecases.directory.partners.plan import Draft
from bot.usecases.directory.partners.reader import Human
from bot.usecases.ports import UnitOfWork


class TwoPeople(TotError):
    """The file gives a human one person's Slack id and the work mail of another, who has no Slack id.

    They may be one human or two.
    """

    def __init__(self, *humans: Human) -> None:
        why = "the bot knows the Slack id and the work mail as those of two people"
        super().__init__(
            "\n".join(f"{human.shown}: {why}; give each an entry of their own" for human in humans)
        )


def shown(person: Person) -> str:
    """A stored person's name for an operator: their ids."""
    return Human(person.slack_id, person.work_mail).shown


def people_of(draft: Draft, humans: Iterable[Human]) -> dict[Human, str]:
    """The stored person's id of each human; unknown humans are stored as new persons."""
    uow, humans = draft.uow, list(humans)
    known = uow.find(Person)
    by_slack = {p.slack_id: p for p in known if p.slack_id is not None}
    by_mail = {p.work_mail.casefold(): p for p in known if p.work_mail is not None}
    taken = {by_slack[human.slack_id].id for human in humans if human.slack_id in by_slack}
    found: dict[Human, str] = {}
    clashes = []
    for human in humans:
        person, other = by_slack.get(human.slack_id or ""), by_mail.get((human.work_mail or "").casefold())
        account = None
        if other is not None and other.id not in taken:
            if other.slack_id is not None or (person is not None and _is_bare(uow, other)):
                draft.change("person", shown(other), other, {"work_mail": None})
            elif person is None:
                person = other
            elif _is_bare(uow, person):
                draft.write(person, slack_id=None, work_mail=None, dm_channel=None, home=False)
                person, account = other, person
            else:
                clashes.append(human)
        if person is None:
            person = Person(uow.ids.new(), human.slack_id, human.work_mail)
            draft.store(person)
        else:
            facts = {"slack_id": human.slack_id, "work_mail": human.work_mail}
            draft.change("person", shown(person), person, facts)
        if person.slack_id != human.slack_id:
            draft.write(person, **_of_the_account(person, account or Person("")))
        found[human] = person.id
    if clashes:
        raise TwoPeople(*clashes)
    return found


def _is_bare(uow: UnitOfWork, person: Person) -> bool:
    """Return whether a person has no role and no seat, such as one who has only looked at the bot."""
    return not any(uow.find(kind, person_id=person.id) for kind in (Contact, Coordinator, Seat))


def _of_the_account(person: Person, account: Person) -> dict[str, Any]:
    """Return the fields that come with a Slack id: those of a bare duplicate's account, or of a new one."""
    speaks = account if person.language is None else person
    return {
        "dm_channel": account.dm_channel,
        "home": account.home,
        "deactivated": account.deactivated,
        "language": speaks.language,
        "language_on": speaks.language_on,
    }
