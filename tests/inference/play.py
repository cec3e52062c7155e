"""Overlapping cases as people play them, some answering and some not: the data to be stolen."""

from __future__ import annotations

from random import Random

from bot.cli.demo import rehearse
from bot.domain.case.entities import Case, SeatRole
from bot.domain.directory.entities import Contact
from bot.usecases.ports import UnitOfWork
from tests.e2e import kit
from tests.inference.attacker import Pair, take
from tests.stories.town import CONFIRM, Town, Townsperson

#: The people asked first, of any agency, and their deputies.
ASKED = ("politi-exit", "barnevern", "sosialtjenesten", "helse", "udi", "vara-koordinator")
DEPUTIES = {"politi-exit": "Vakthavende", "barnevern": "Leder"}


async def play(url: str, number: int, seed: int) -> tuple[set[Pair], list[str]]:
    """Play this many cases; return who has had a seat in which of those that stand, and all contacts."""
    chance = Random(seed)  # noqa: S311
    async with rehearse(url, starts=kit.STARTS, sandbox=kit.quick(), mail=True) as rehearsal:
        town = Town(rehearsal)
        await town.rest()
        for _ in range(number):
            await town.opens_case(*chance.sample(kit.SIX, chance.randint(3, 5)))
            # Pending asks of an earlier case are answered too.
            for handle in chance.sample(ASKED, len(ASKED)):
                await _answers(town.person(handle), chance)
            if "Godkjenn" in town.koordinator.offers("tot-bot"):
                await town.koordinator.presses("Godkjenn", in_="tot-bot")
            if chance.random() < 0.2:
                await town.koordinator.does("/tot avslutt", in_=town.room)
            await town.later(f"{chance.randint(20, 200)} s")
        await town.helse.is_deactivated()
        await rehearsal.bot.scheduler.tidy()
        take(url)
        return await rehearsal.bot.database.read(_seats), await rehearsal.bot.database.read(_contacts)


async def _answers(who: Townsperson, chance: Random) -> None:
    """Answer the newest ask, as most people do."""
    if CONFIRM in who.offers("tot-bot") and chance.random() < 0.8:
        await who.confirms()
    if "Jeg kommer" not in who.offers("tot-bot"):
        return
    if who.handle in DEPUTIES and chance.random() < 0.4:
        await who.does("Kan ikke", {"i stedet": DEPUTIES[who.handle]}, in_="tot-bot")
    elif chance.random() < 0.8:
        await who.presses("Jeg kommer", in_="tot-bot")


def _seats(uow: UnitOfWork) -> set[Pair]:
    files = [f for c in uow.find(Case, purged_at=None) if (f := uow.case_file(c.id)) is not None]
    return {(s.person_id, f.case.id) for f in files for s in f.seats if s.role is not SeatRole.COORDINATOR}


def _contacts(uow: UnitOfWork) -> list[str]:
    return list(dict.fromkeys(contact.person_id for contact in uow.find(Contact)))
