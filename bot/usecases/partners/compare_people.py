"""Finding the stored person behind each human of the file, by Slack id or work mail.

A Slack id is a human's own and stays for good; a work mail may be handed on. Whoever comes with another
Slack id and a known mail is somebody new: no seat, no confirmed taushetsplikt and no answer follows the mail.
"""

from __future__ import annotations

from typing import Any

from bot.domain.directory import Person
from bot.domain.errors import TotError
from bot.usecases.partners.entries import Human, PartnersFile
from bot.usecases.partners.known import Known
from bot.usecases.partners.plan import Difference, PersonStep, Verb, changes_between, described


class TwoPeople(TotError):
    """The file gives one human the Slack id of one person and the work mail of another, who has no Slack id:
    they may be one or two.
    """

    def __init__(self, *humans: Human) -> None:
        why = "the Slack id is one person's and the work mail another's, as the bot knows them"
        super().__init__("\n".join(f"{human.shown}: {why}; give each an entry" for human in humans))


def compare_people(file: PartnersFile, known: Known) -> tuple[tuple[PersonStep, ...], list[Difference]]:
    """A step per human, and the differences to show.

    Raises:
        TwoPeople: as it says.
    """
    search = _Search(file, known)
    steps = tuple(search.step(human) for human in file.humans)
    if search.clashes:
        raise TwoPeople(*search.clashes)
    return steps, search.differences


class _Search:
    def __init__(self, file: PartnersFile, known: Known) -> None:
        self._known = known
        self._by_slack = {p.slack_id: p for p in known.persons.values() if p.slack_id is not None}
        self._by_mail = {p.work_mail.casefold(): p for p in known.persons.values() if p.work_mail is not None}
        self._taken = {
            self._by_slack[human.slack_id].id for human in file.humans if human.slack_id in self._by_slack
        }
        self.clashes: list[Human] = []
        self.differences: list[Difference] = []

    def step(self, human: Human) -> PersonStep:
        """One human: the Slack id tells more than the mail, which may have been handed on."""
        by_slack = self._by_slack.get(human.slack_id or "")
        by_mail = self._by_mail.get((human.work_mail or "").casefold())
        if by_mail is not None and by_mail.id in self._taken:
            by_mail = None
        if by_slack is None:
            if by_mail is None or by_mail.slack_id is None:
                return self._step(human, by_mail)
            return self._step(human, None, mail_of=by_mail)
        if by_mail is None or by_mail.id == by_slack.id:
            return self._step(human, by_slack)
        if by_mail.slack_id is not None or self._is_bare(by_mail):
            return self._step(human, by_slack, mail_of=by_mail)
        if self._is_bare(by_slack):
            return self._step(human, by_mail, absorbs=by_slack)
        self.clashes.append(human)
        return PersonStep(human)

    def _is_bare(self, person: Person) -> bool:
        """Somebody who has only ever looked at the bot, say: nothing refers to their role."""
        return person.id not in self._known.with_a_part

    def _step(
        self,
        human: Human,
        person: Person | None,
        *,
        absorbs: Person | None = None,
        mail_of: Person | None = None,
    ) -> PersonStep:
        if mail_of is not None:
            self._note(mail_of, (("work_mail", None),))
        if person is None:
            return PersonStep(human, mail_of=mail_of)
        changes = dict(changes_between(person, human, ("slack_id", "work_mail")))
        if changes:
            self._note(person, tuple(changes.items()))
        if "slack_id" in changes:
            changes |= _of_the_account(person, absorbs)
        return PersonStep(human, person, tuple(changes.items()), absorbs, mail_of)

    def _note(self, person: Person, changes: tuple[tuple[str, Any], ...]) -> None:
        shown = self._known.human(person.id).shown
        self.differences.append(Difference(Verb.CHANGED, "person", shown, described(person, changes)))


def _of_the_account(person: Person, absorbed: Person | None) -> dict[str, Any]:
    """What belongs to a Slack account, and so comes with the Slack id."""
    return {
        "dm_channel": absorbed.dm_channel if absorbed else None,
        "home": absorbed.home if absorbed else False,
        "deactivated": absorbed.deactivated if absorbed else False,
        "language": person.language or (absorbed.language if absorbed else None),
    }
