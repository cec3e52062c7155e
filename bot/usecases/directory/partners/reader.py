"""Reading a partners file: TOML in, checked entries out, or every fault with its place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from bot.domain.language import Language
from bot.domain.validators import check_work_mail
from bot.usecases.directory.partners.across import Found, Humans, faults_across
from bot.usecases.directory.partners.entries import Fault, PartnersFile, TeamEntry, WrongFile, made_from
from bot.usecases.directory.partners.lines import Lines, Place, shown
from bot.usecases.directory.partners.schema import AgencyTable, FileTable, TeamTable, known_keys


def read_partners(text: str, *, today: date | None = None) -> PartnersFile:
    """The file, checked; WrongFile tells everything that is wrong, in the order of the file.

    `today` is for the guard.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongFile([Fault("", f"this is not TOML: {error}")]) from None
    humans = Humans(raw)
    table, found = _validated(raw, today or datetime.now(UTC).date())
    found.extend(faults_across(raw, humans))
    lines = Lines(text)
    faults = [Fault(shown(place), message, lines.of(place)) for place, message in dict.fromkeys(found)]
    if table is None or faults:
        raise WrongFile(sorted(faults, key=lambda f: f.line or 0))
    teams = tuple(_team(team, humans) for team in table.teams)
    warnings = (Fault(shown(p), message, lines.of(p)) for p, message in _warnings(table))
    return PartnersFile(teams, tuple(warnings))


def _validated(raw: dict[str, Any], today: date) -> tuple[FileTable | None, list[Found]]:
    try:
        return FileTable.model_validate(raw, context={"today": today}), []
    except ValidationError as error:
        return None, [
            (e["loc"], _in_words(e["type"], e["msg"], e["loc"])) for e in error.errors(include_input=False)
        ]


_IN_WORDS = {
    "missing": "is missing",
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "list_type": "must be a list in brackets",
    "model_type": "must be a table",
}


def _in_words(kind: str, message: str, place: Place) -> str:
    if kind in _IN_WORDS:
        return _IN_WORDS[kind]
    if kind == "extra_forbidden":
        known = known_keys(place[:-1])
        near = get_close_matches(str(place[-1]), known, n=1)
        hint = f"; did you mean {near[0]}?" if near else f" ({', '.join(known)})"
        return f"is not known here{hint}"
    # Pydantic's own words: «Input should be less than or equal to 23».
    for beginning in ("Input should", "List should", "Value should"):
        message = message.replace(beginning, "must", 1)
    return message


def _warnings(table: FileTable) -> Iterator[Found]:
    for t, team in enumerate(table.teams):
        for n, coordinator in enumerate(team.coordinators):
            yield from _of_mail(("teams", t, "coordinators", n), coordinator.work_mail)
        for a, agency in enumerate(team.agencies):
            place: Place = ("teams", t, "agencies", a)
            if not agency.contacts:
                yield place, "has no contacts: there will be nobody to ask"
            elif all(contact.leader for contact in agency.contacts):
                yield place, "has only leaders: they will be asked to come themselves"
            for n, contact in enumerate(agency.contacts):
                yield from _of_mail((*place, "contacts", n), contact.work_mail)


def _of_mail(place: Place, mail: str | None) -> Iterator[Found]:
    if mail is not None and check_work_mail(mail).private_webmail:
        yield (*place, "work_mail"), "is at a private mail provider, not a work mail"


def _team(team: TeamTable, humans: Humans) -> TeamEntry:
    return made_from(
        team,
        TeamEntry,
        language=team.language or Language.NB,
        zone=team.zone or "Europe/Oslo",
        rules=team.team_rules(),
        coordinators=tuple(humans.human(c.slack_id, c.work_mail) for c in team.coordinators),
        agencies=tuple(_agency(agency, humans) for agency in team.agencies),
    )


def _agency(agency: AgencyTable, humans: Humans) -> AgencyTable:
    contacts = []
    for number, contact in enumerate(agency.contacts, start=1):
        human = humans.human(contact.slack_id, contact.work_mail)
        known = {"slack_id": human.slack_id, "work_mail": human.work_mail}
        contacts.append(contact.model_copy(update={**known, "position": contact.position or number}))
    return agency.model_copy(update={"contacts": sorted(contacts, key=lambda c: c.position or 0)})
