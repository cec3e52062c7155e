"""The stored person of each human in a partners file: found by Slack id or work mail, else made.

A Slack id is a human's own and stays for good; a work mail may be handed on. Whoever comes with another
Slack id and a known mail is somebody new: no seat, no confirmed taushetsplikt and no answer follows the mail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.domain.case.entities import Seat
from bot.domain.directory.entities import Contact, Coordinator, Person
from bot.domain.errors import TotError
from bot.usecases.directory.partners.plan import Difference, Verb, changes_of, described
from bot.usecases.directory.partners.reader import Human
from bot.usecases.ports import UnitOfWork


class TwoPeople(TotError):
    """The file gives one human the Slack id of one person and the work mail of another, who has no Slack id:
    they may be one or two.
    """

    def __init__(self, *humans: Human) -> None:
        why = "the Slack id is one person's and the work mail another's, as the bot knows them"
        super().__init__("\n".join(f"{human.shown}: {why}; give each an entry" for human in humans))


def shown(person: Person) -> str:
    """The name by which an operator knows a stored person."""
    return Human(person.slack_id, person.work_mail).shown


class People:
    """Finds the person of each human, or makes one; nothing is written before `store`."""

    def __init__(self, uow: UnitOfWork, humans: Iterable[Human]) -> None:
        self._uow = uow
        self.id_of: dict[Human, str] = {}
        self.differences: list[Difference] = []
        self._new: list[Person] = []
        self._changes: list[tuple[Person, dict[str, Any]]] = []
        known, humans = uow.find(Person), list(humans)
        by_slack = {p.slack_id: p for p in known if p.slack_id is not None}
        by_mail = {p.work_mail.casefold(): p for p in known if p.work_mail is not None}
        taken = {by_slack[human.slack_id].id for human in humans if human.slack_id in by_slack}
        clashes = []
        for human in humans:
            own = by_slack.get(human.slack_id or "")
            other = by_mail.get((human.work_mail or "").casefold())
            if other is None or other.id in taken:
                self._found(human, own)
            elif other.slack_id is not None or (own is not None and self._is_bare(other)):
                self._change(other, {"work_mail": None})
                self._found(human, own)
            elif own is None:
                self._found(human, other)
            elif self._is_bare(own):
                gone = {"slack_id": None, "work_mail": None, "dm_channel": None, "home": False}
                self._changes.append((own, gone))
                self._found(human, other, account=own)
            else:
                clashes.append(human)
        if clashes:
            raise TwoPeople(*clashes)

    def store(self) -> None:
        """Write what is new or has changed. Slack ids and mails are given up before they are taken."""
        for person, changes in self._changes:
            self._uow.change(person, **_given_up(changes))
        self._uow.add(*self._new)
        for person, changes in self._changes:
            self._uow.change(replace(person, **_given_up(changes)), **changes)

    def _is_bare(self, person: Person) -> bool:
        """Somebody who has only ever looked at the bot, say: nothing refers to their role."""
        return not any(self._uow.find(kind, person_id=person.id) for kind in (Contact, Coordinator, Seat))

    def _found(self, human: Human, person: Person | None, *, account: Person | None = None) -> None:
        """Note whose human it is; `account` is a bare duplicate, whose account in Slack is theirs."""
        if person is None:
            person = Person(self._uow.ids.new(), human.slack_id, human.work_mail)
            self._new.append(person)
        self.id_of[human] = person.id
        changes = changes_of(person, {"slack_id": human.slack_id, "work_mail": human.work_mail})
        if changes:
            self._change(person, changes, _of_the_account(person, account) if "slack_id" in changes else {})

    def _change(self, person: Person, changes: dict[str, Any], more: dict[str, Any] | None = None) -> None:
        self.differences.append(Difference(Verb.CHANGED, "person", shown(person), described(person, changes)))
        self._changes.append((person, changes | (more or {})))


def _given_up(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: None for name in ("slack_id", "work_mail") if name in changes}


def _of_the_account(person: Person, account: Person | None) -> dict[str, Any]:
    """Return what belongs to a Slack account, and so comes with the Slack id."""
    account = account or Person("")
    speaks = account if person.language is None else person
    return {
        "dm_channel": account.dm_channel,
        "home": account.home,
        "deactivated": account.deactivated,
        "language": speaks.language,
        "language_on": speaks.language_on,
    }
