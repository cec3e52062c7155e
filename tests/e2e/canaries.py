"""Canaries in every field, and who may see each, from the facts of a case and not by the code under test."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path

from bot.cli.demo import PARTNERS
from bot.domain.case.entities import SeatRole
from bot.domain.case.file import CaseFile
from bot.domain.directory.entities import SHELTERING, Agency
from sandbox.content_audit import VisibleText, visible_texts
from sandbox.server import Sandbox
from tests.bot.usecases.invariants import entitled

#: In place of what the example says of the institution; nobody may ever see any of these.
SHELTER = {
    'name = "Institusjonen"': 'name = "Kanariinstitusjonen"',
    'title = "Ansvarshavende"': 'title = "Kanaritittel"',
    "vakt@botilbud.example": "vakt@kanaribotilbud.example",
}
NOBODY_SEES = re.compile("kanari(?:institusjonen|tittel|botilbud)", re.IGNORECASE)
LINK = "https://meet.example.no/kanarilenke"
NOTE = "Kanarimerknad"
QUESTION, ANSWER, REQUEST = "Kanarispørsmål", "Kanarisvaret", "Kanariønske"
TOPIC, AGENDA = "Kanariemne", "Kanaridagsorden"
ACTION = "kanaritiltak"
OWN_DEADLINE = "kanarifrist"


def partners(folder: Path, *, numbered: bool = False) -> Path:
    """The example's partners, with canaries at the institution; `numbered` tells all titles apart."""
    text = PARTNERS.read_text("utf-8")
    for old, new in SHELTER.items():
        assert old in text
        text = text.replace(old, new)
    if numbered:
        numbers = count(11)
        text = re.sub(r'(title = "[^"]+)"', lambda m: f'{m[1]} nr. {next(numbers)}"', text)
    path = folder / "partners.toml"
    path.write_text(text, "utf-8")
    return path


@dataclass(frozen=True)
class Canary:
    """Something that only some may see."""

    what: str
    pattern: re.Pattern[str]
    handles: frozenset[str]


@lru_cache(1 << 16)
def _says(pattern: re.Pattern[str], text: str) -> bool:
    """Return whether it stands there; cached, for most texts are the same when they are looked at again."""
    return pattern.search(text) is not None


def outside(words: str, handles: frozenset[str]) -> Canary:
    """Words that were written outside every case."""
    return Canary(words, re.compile(words), handles)


def handles_of(sandbox: Sandbox, file: CaseFile, person_ids: Iterable[str]) -> frozenset[str]:
    ids = [file.persons[p].slack_id for p in person_ids if p in file.persons]
    return frozenset(sandbox.workspace.handle(slack_id) for slack_id in ids if slack_id)


def of_case(sandbox: Sandbox, file: CaseFile, mark: str) -> Iterator[Canary]:
    """Canaries for those who belong in the room; the place also for those who are being asked."""
    inside = handles_of(sandbox, file, entitled(file))
    code = re.escape(file.case.code)
    # Who has confirmed taushetsplikt is told of which case they are out, and nothing else of it (0115).
    known = {s.person_id for s in file.seats if s.acknowledged_at is not None}
    was_in = inside | handles_of(sandbox, file, known)
    is_over = (
        rf" (?:i|of|in) {re.escape(file.team.name)}(?: er avslutta| er avsluttet| is closed| has ended)?\.\*"
    )
    yield Canary(
        "code of what is over", re.compile(rf"\b(?:sak|case) {code}{is_over}", re.IGNORECASE), was_in
    )
    elsewhere = rf"\b(?:sak|case|rom)[ -]\*?{code}\b(?!{is_over})"
    yield Canary("code", re.compile(elsewhere, re.IGNORECASE), inside)
    for field in (NOTE, LINK, ACTION):
        yield Canary(field, re.compile(f"{field}{mark}"), inside)
    linked = rf"(?:Koblet til|Gjentakelse av|Kommet igjen som) (?:sak|sakene) .*\b{code}\b"
    yield Canary("link", re.compile(linked), handles_of(sandbox, file, file.confirmed_coordinators()))
    for part in file.involvements:
        own = {s.person_id for s in file.seats if s.involvement_id == part.id and s.role is SeatRole.AGENCY}
        theirs = handles_of(sandbox, file, own & entitled(file))
        key = file.agencies[part.agency_id].key
        yield Canary(f"{OWN_DEADLINE} {key}", re.compile(f"{OWN_DEADLINE}{mark}{key}"), theirs)
    if file.room.channel_id is not None:
        yield Canary("room", re.compile(file.room.channel_id), inside)


def being_asked(file: CaseFile) -> set[str]:
    if file.case.closed_at is not None:
        return set()
    parts = {
        i.id
        for i in file.involvements
        if i.ended_at is None and file.agencies[i.agency_id].kind not in SHELTERING
    }
    return {
        s.person_id
        for s in file.seats
        if s.ended_at is None and s.role is not SeatRole.COORDINATOR and s.involvement_id in parts
    }


def of_agency(
    sandbox: Sandbox, files: list[CaseFile], agency: Agency, team: frozenset[str]
) -> Iterator[Canary]:
    """An agency's part and its people's titles: for its own people, those who sit with it, and the team."""
    file = files[0]
    own = handles_of(sandbox, file, (c.person_id for c in file.contacts if c.agency_id == agency.id))
    beside = frozenset(
        handle
        for f in files
        if any(i.agency_id == agency.id for i in f.involvements) or f.case.asked_by == agency.id
        for handle in handles_of(sandbox, f, entitled(f))
    )
    may = own | beside | team
    name = re.compile(rf"\b{re.escape(agency.shown_name)}\b")
    yield Canary(f"{agency.key}: name", name, may)
    if agency.kind in SHELTERING:
        return
    for contact in file.contacts:
        if contact.agency_id == agency.id and contact.title:
            yield Canary(f"{agency.key}: title", re.compile(re.escape(contact.title)), may)


def _directory(held_text: VisibleText) -> bool:
    """An answer to `/tot hvem`, its page, or the form of `/tot kalle`: agencies, of no case, for anyone."""
    of_no_case = re.compile(r"sak \w{4}\b|rom-|Kanari", re.IGNORECASE)
    asked = held_text.place.endswith(": ephemeral") or held_text.place.startswith("file ")
    shown = (asked and "Hvem kan hva" in held_text.text) or (
        held_text.place.startswith("modal of ") and "Kall TOT sammen" in held_text.text
    )
    return shown and not of_no_case.search(held_text.text)


def escaped(sandbox: Sandbox, canaries: Iterable[Canary], rooms: Iterable[str]) -> list[str]:
    """Every canary outside the rooms that somebody can see who may not; never the text itself."""
    inside = tuple(f"{room}: " for room in rooms)
    outside = [
        h for h in visible_texts(sandbox.workspace) if not h.place.startswith(inside) and not _directory(h)
    ]
    blind = {"tot-bot", *(u.handle for u in sandbox.workspace.users.values() if u.deleted)}
    found = [
        f"{canary.what} in {held_text.place}, seen by {sorted(held_text.audience - canary.handles - blind)}"
        for canary in canaries
        for held_text in outside
        if held_text.audience - canary.handles - blind and _says(canary.pattern, held_text.text)
    ]
    return [*found, *(f"shelter in {h.place}" for h in outside if _says(NOBODY_SEES, h.text))]
